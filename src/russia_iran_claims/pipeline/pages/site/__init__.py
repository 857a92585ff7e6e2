"""The page that shows the published versions, as one HTML file."""
