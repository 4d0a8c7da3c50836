"""The one scale of space and of type: what stands between parts and about them, how large the letters are; the rows and
columns in which parts stand.

A page, a dialog or a widget takes them from here (`tests/architecture/test_widgets.py`). Spaces are in pixels, sizes of type
in points, at a zoom of 100 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

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

Part: TypeAlias = "QWidget | QLayout | int | tuple[QWidget | QLayout, int]"
"""A widget or a layout, alone or with its share of the room that is left; a number: such a share, left empty."""
Margins: TypeAlias = tuple[int, int, int, int]


def fill(box: QBoxLayout, *parts: Part) -> None:
    """Add parts at the end of a row or a column."""
    for part in parts:
        shown, share = part if isinstance(part, tuple) else (part, 0)
        if isinstance(shown, int):
            box.addStretch(shown)
        elif isinstance(shown, QWidget):
            box.addWidget(shown, share)
        else:
            box.addLayout(shown, share)


_Box = TypeVar("_Box", bound=QBoxLayout)
_WAITING: ContextVar[dict[QWidget, QBoxLayout] | None] = ContextVar("waiting", default=None)
"""What is to fill each part of the page that is being made there; None where each part is filled at once."""


@contextmanager
def filled_later() -> Iterator[dict[QWidget, QBoxLayout]]:
    """Fill no part meanwhile; yield, by part, what is to fill it: `focus.fill_inwards` does.

    Qt styles all that a part holds anew each time that the part is put in another: from the inside out, a page is styled
    once for each of its floors, which takes four times as long as to make it.
    """
    waiting: dict[QWidget, QBoxLayout] = {}
    token = _WAITING.set(waiting)
    try:
        yield waiting
    finally:
        _WAITING.reset(token)


def stacked(
    *parts: Part, on: QWidget | None = None, spacing: int | None = None, margins: Margins | None = None
) -> QVBoxLayout:
    """Return a column of parts. `on`: the widget that it fills, to its edges unless `margins` are given; `spacing`: between
    the parts, the style's where it is None."""
    return _lay(QVBoxLayout(), parts, on, spacing=spacing, margins=margins)


def in_row(
    *parts: Part, on: QWidget | None = None, spacing: int | None = None, margins: Margins | None = None
) -> QHBoxLayout:
    """Return a row of parts, as `stacked` returns a column."""
    return _lay(QHBoxLayout(), parts, on, spacing=spacing, margins=margins)


def scrolled(
    name: str, ground: str = "scrolled", *, read: bool = False, spacing: int | None = None, margins: Margins
) -> tuple[QScrollArea, QVBoxLayout]:
    """Return an area that scrolls, sideways too where nothing else shows the whole, and the column that it holds.

    `ground`: the name by which the style colours it; `read`: the keyboard comes to it, where no field of it would.
    """
    area, content = QScrollArea(), QWidget()
    area.setAccessibleName(name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    content.setObjectName(ground)
    column = stacked(on=content if read else None, spacing=spacing, margins=margins)
    if read:
        area.setProperty("role", "read")
    else:
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # At once: a page shows and hides parts of it as it is made, and what is shown in nothing is a window.
        content.setLayout(column)
    area.setWidget(content)
    return area, column


def _lay(
    box: _Box, parts: tuple[Part, ...], on: QWidget | None, *, spacing: int | None, margins: Margins | None
) -> _Box:
    if margins is not None or on is not None:
        box.setContentsMargins(*(margins or (0, 0, 0, 0)))
    if spacing is not None:
        box.setSpacing(spacing)
    waiting = _WAITING.get()
    if on is not None and waiting is not None:
        waiting[on] = box
    elif on is not None:
        on.setLayout(box)
    fill(box, *parts)
    return box
