"""From rows to files: derived columns, Arrow, CSV, Parquet, descriptors, and a check of the written files."""
