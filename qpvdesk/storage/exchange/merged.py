"""What a merge brought, and who writes what it decides by itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qpvdesk.storage.chain import Sign
from qpvdesk.storage.exchange.disagreements import Disagreement
from qpvdesk.storage.exchange.trust import Stranger


@dataclass(slots=True)
class Merged:
    """What a package brought. `rows`: kind, key and entity of each row that changed, None where it is gone."""

    by_author: Counter[str] = field(default_factory=Counter)
    """Operations that were new here, by the name of their author."""
    acts: Counter[str] = field(default_factory=Counter)
    """Acts that were new here, by the name of their author."""
    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    """Rows, by kind."""
    revived: list[tuple[str, str]] = field(default_factory=list)
    """Kind and code of what had been removed while somebody worked on it: it is kept."""
    erased: int = 0
    """Operations whose text somebody took out for good."""
    unsigned: int = 0
    """Acts that nobody signed, among those that were new here."""
    strangers: tuple[Stranger, ...] = ()
    """Who signed what is new here, or the package, and was never accepted."""
    disagreements: tuple[Disagreement, ...] = ()
    """Those of the whole base, once merged."""
    rows: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def operations(self) -> int:
        """How many operations were new here."""
        return self.by_author.total()


@dataclass(frozen=True, slots=True)
class MergeAuthor:
    """Who writes what the merging itself decides: a local author's number, the key of the act, its moment."""

    author: int
    act_key: str
    now: datetime
    sign: Sign
