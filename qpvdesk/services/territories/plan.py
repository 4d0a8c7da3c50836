"""What an official file would bring to a contract, and what it leaves out, each by its reason."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from qpvdesk.domain import french

ELSEWHERE = "hors du contrat"


class OfficialPlan(Struct, frozen=True):
    """What a file would bring. Nothing is written where it has `refusals`."""

    kind: str
    """What the file was recognised as: « Liste de quartiers »."""
    noun: tuple[str, str]
    """What it counts: « quartier », « quartiers »."""
    put: tuple[Any, ...] = ()
    """The things to write, owners first."""
    removed: tuple[Any, ...] = ()
    new: int = 0
    changed: int = 0
    same: int = 0
    left_out: tuple[tuple[str, int], ...] = ()
    """Why lines were left out, and how many."""
    malformed: tuple[str, ...] = ()
    """What stands for a code in lines that are not read."""
    refusals: tuple[str, ...] = ()
    """Why nothing of it can be written, a complete sentence each."""

    @property
    def elsewhere(self) -> int:
        """How many lie outside the contract."""
        return sum(count for reason, count in self.left_out if reason == ELSEWHERE)

    @property
    def brings(self) -> bool:
        return bool(self.put or self.removed) and not self.refusals

    @property
    def sentence(self) -> str:
        """« 12 quartiers à ajouter, 1 à corriger, 3 déjà là ; 1 346 autres hors du contrat. »"""
        if self.refusals:
            more = len(self.refusals) - 3
            rest = f" Et {french.plural(more, 'autre faute', 'autres fautes')}." if more > 0 else ""
            return " ".join(self.refusals[:3]) + rest
        counts = [
            f"{french.plural(self.new, *self.noun)} à ajouter",
            f"{french.format_number(self.changed)} à corriger",
            f"{french.format_number(self.same)} déjà là",
        ]
        outside = [
            f"{french.plural(count, 'autre', 'autres')} {reason}" for reason, count in self.left_out if count
        ]
        told = f"{', '.join(counts)}\u202f; {', '.join(outside) or 'aucun autre'}."
        if not self.malformed:
            return told
        lines = french.plural(len(self.malformed), "code mal formé", "codes mal formés")
        return f"{told} Lignes non lues pour {lines}\u202f: {french.enumerate_words(self.malformed, 3)}."
