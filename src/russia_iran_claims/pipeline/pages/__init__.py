"""What people read about the data: codebook, generated parts of the docs, and the page."""
