"""The articles' texts: read them, search them, and list what in them must be coded."""
