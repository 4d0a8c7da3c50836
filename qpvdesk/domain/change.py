"""What an act changed, so that the pages know what to refresh and the officer what was done."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Change(Struct, frozen=True):
    """The outcome of one act. `kinds` are the names of the tables whose rows changed (`measurement`…)."""

    label: str
    """What was done, in French (« Relevé de BPI-O01 »)."""
    kinds: frozenset[str]
    act: str | None = None
    """Key of the act in the journal; None when nothing was written."""
    touched: tuple[tuple[str, str, Any], ...] = ()
    """Kind, key and entity of each row that changed, as it is now: None where it is gone."""

    def touches(self, *kinds: str) -> bool:
        """Whether any of `kinds` changed."""
        return not self.kinds.isdisjoint(kinds)

    def __bool__(self) -> bool:
        return bool(self.kinds)
