"""The articles' texts: read, searched, and asked what in them must be coded."""
