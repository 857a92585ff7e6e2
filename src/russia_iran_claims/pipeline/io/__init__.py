"""What goes in and out: problems, files, JSON, and how large anything may be."""
