"""Rules that compare rows with the articles' texts."""
