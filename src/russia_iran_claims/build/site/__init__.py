"""The page that shows the published releases: read, arranged for reading, drawn, and rendered as one HTML file."""
