"""A table of the window as data (title, columns, rows, filters in words), which is written to a file without the window."""

from __future__ import annotations

from msgspec import Struct


class ShownTable(Struct, frozen=True):
    """What is seen of a table."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    filters: tuple[str, ...] = ()
    """What is filtered on, in words."""
