"""What is seen of a table on the screen."""

from __future__ import annotations

from msgspec import Struct


class Seen(Struct, frozen=True):
    """What is seen of a table."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    filters: tuple[str, ...] = ()
    """What is filtered on, in words."""
