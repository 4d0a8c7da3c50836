"""Rebuilding a damaged base from what its pages, its rows and its journal still tell."""
