"""What the tables are: reads `schema/*.json`, and validates cells."""
