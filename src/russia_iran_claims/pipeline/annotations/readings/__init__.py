"""Two readings of the same articles: which rows are the same, which cells agree, and how far readings agree."""
