"""Rules that look at rows alone."""
