"""The one scale of space and of type: what stands between parts and about them, how large the letters are.

A page, a dialog or a widget takes them from here (`tests/architecture/test_widgets.py`). Spaces are in pixels, sizes of type
in points, at a zoom of 100 %.
"""

HAIR = 2
"""Between lines of one thing."""
TIGHT = 4
"""Between a thing and what explains it."""
SNUG = 6
"""Between fields of one row."""
GAP = 8
"""Between rows."""
ROOM = 12
"""Between groups, and inside a card."""
WIDE = 16
"""Inside a panel."""
EDGE = 20
"""Between a page, or a dialog, and its content."""

MENTION_PT = 8.5
"""What is said under a name."""
LABEL_PT = 9
"""Codes, dates, what an axis says."""
CELL_PT = 9.5
"""What stands in a row."""
BODY_PT = 10
LEAD_PT = 10.5
"""What one reads first in a row or a tile."""
TITLE_PT = 15
"""The figure of a tile."""
