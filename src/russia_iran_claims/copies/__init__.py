"""A reader's own copy of an article: where its rows are in it, and how they are shown on it."""
