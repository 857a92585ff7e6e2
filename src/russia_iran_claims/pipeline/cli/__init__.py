"""The command line, and how problems are printed."""
