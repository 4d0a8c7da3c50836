"""Workbooks and tables of figures, in and out."""
