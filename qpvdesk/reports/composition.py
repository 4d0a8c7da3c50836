"""What the officer chose to print in a committee's file: which sections, in which order, with which words."""

from __future__ import annotations

from msgspec import Struct

from qpvdesk.domain.gatherings import PARTNERS


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


WHOLE = Composition()
"""Everything, in the usual order."""
