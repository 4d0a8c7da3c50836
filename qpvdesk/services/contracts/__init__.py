"""Whole contracts: read from files, written to files, made as an example."""
