"""What the officer chose to print in a committee's file: which sections, in which order, with which words."""

from __future__ import annotations

from msgspec import Struct

from qpvdesk.domain.gatherings import PARTNERS

FIRST = "essentiel"
"""The section that is the first page."""
IN_WHOLE = "au dossier entier"
"""Where what the officer did not choose is read."""


class Choice(Struct, frozen=True):
    """One section that is printed, and what the officer says at its head."""

    word: str
    comment: str = ""


class Composition(Struct, frozen=True):
    """The sections in the order they are printed; None: all of them, in the usual order."""

    choices: tuple[Choice, ...] | None = None
    late_only: bool = False
    """Of the promised objectives, only those that are late, to be watched or missed."""
    trajectories: bool = True
    """Whether the chapters of what is promised show trajectories."""
    chapters: str = PARTNERS
    """What those chapters are of: a word of `domain.gatherings`."""

    def comment(self, word: str) -> str:
        """Return the officer's words on a section; empty where there are none."""
        return next((choice.comment.strip() for choice in self.choices or () if choice.word == word), "")

    def place_of(self, *words: str, beside: str) -> str:
        """Where sections are, told in another, `beside` which they may come: `plus loin`, `plus haut`; `IN_WHOLE` where one
        of them is not printed."""
        if self.choices is None or not words:
            return "plus loin"
        ranks = {choice.word: rank for rank, choice in reversed([*enumerate(self.choices)])}
        if not ranks.keys() >= {*words}:
            return IN_WHOLE
        later = {ranks[word] > ranks.get(beside, -1) for word in words}
        return "dans ce dossier" if len(later) > 1 else "plus loin" if later.pop() else "plus haut"


WHOLE = Composition()
"""Everything, in the usual order."""
