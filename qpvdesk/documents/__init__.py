"""Source documents in: the text of a file that came from elsewhere, page by page."""
