"""What curators write: YAML read into rows, words anchored, new articles begun."""
