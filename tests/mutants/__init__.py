"""`make mutants`: bends the code a line at a time and counts how often a test sees it."""
