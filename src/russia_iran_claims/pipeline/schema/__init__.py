"""What the tables are: `schema/*.json` read, and what a cell may hold."""
