"""Rules that hold rows against the articles' texts."""
