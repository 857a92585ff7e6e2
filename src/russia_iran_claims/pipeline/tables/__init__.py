"""From rows to files: derived columns, Arrow, CSV, Parquet, descriptors, and the check of what was written."""
