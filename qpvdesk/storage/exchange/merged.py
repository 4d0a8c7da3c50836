"""What a merge brought, and who writes what it decides by itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec import Struct

from qpvdesk.storage.chain import Sign
from qpvdesk.storage.exchange.consent import Stranger
from qpvdesk.storage.exchange.disagreements import Disagreement
from qpvdesk.storage.exchange.removals import ProposedRemoval


class Renumbered(Struct, frozen=True):
    """A thing whose code was taken by another, made before it elsewhere."""

    kind: str
    code: str
    now: str


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
    renumbered: list[Renumbered] = field(default_factory=list)
    """What both sides had made under one code: the later made has another now."""
    joined: int = 0
    """Figures that both sides had recorded for one objective, place and day: one is left of each two."""
    erased: int = 0
    """Operations whose text somebody took out for good."""
    veiled: int = 0
    """Operations of other contracts than those that were sent, of which the digest alone came."""
    completed: int = 0
    """Operations that were here already, and are otherwise now: unveiled, or as their author signed them."""
    returned: int = 0
    """Texts that stand again as their author signed them, where a relay had erased them before they came."""
    proposals: tuple[ProposedRemoval, ...] = ()
    """What somebody would remove, or erase for good, here, or bring back of what was erased."""
    unsigned: int = 0
    """Acts that nobody signed, among those that were new here."""
    stripped: Counter[str] = field(default_factory=Counter)
    """Acts without the signature of their author, who signs: of a base that was repaired, by the author's name."""
    days_ahead: int = 0
    """By how many days the clock of whoever wrote the latest of it is ahead of ours; 0 within two."""
    lost: Counter[str] = field(default_factory=Counter)
    """Operations that no salvage could find, by their author's name, where that is news here."""
    strangers: tuple[Stranger, ...] = ()
    """Who signed what is new here, or the package, and was never accepted."""
    disagreements: tuple[Disagreement, ...] = ()
    """Those of the whole base, once merged."""
    rows: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        """Whether the officer has something to accept, or not."""
        told = self.strangers or self.unsigned or self.lost or self.stripped or self._is_proposed
        return bool(told or self.days_ahead)

    @property
    def is_news(self) -> bool:
        return bool(self.operations or self.erased or self.returned or self._is_proposed)

    @property
    def _is_proposed(self) -> bool:
        return any(not proposal.declined for proposal in self.proposals)

    @property
    def operations(self) -> int:
        """How many operations were new here."""
        return self.by_author.total()


@dataclass(frozen=True, slots=True)
class MergeAuthor:
    """Who writes what the merging itself decides: a local author's number, the key and words of the act, its moment."""

    author: int
    act_key: str
    label: str
    now: datetime
    sign: Sign
