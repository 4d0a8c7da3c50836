"""Places from official files: quartiers, outlines, populations, reference figures; and what is asked of them."""
