"""One file with everything about a version, for people with any program."""
