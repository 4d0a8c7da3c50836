"""Committees: meetings and their decisions, the data frozen for them, the papers printed for them."""
