"""Rules that need only the rows."""
