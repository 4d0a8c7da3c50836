"""What an objective asks, as a text says it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from qpvdesk.domain.proposing.figures import ADDED, SEVERAL
from qpvdesk.domain.sens import Sens


class ProposedTarget(Struct, frozen=True):
    """What an objective asks, as it was read; None or empty where the text does not say."""

    target: Decimal | None
    due: date | None
    unit: str = ""
    start: Decimal | None = None
    since: date | None = None
    counted: str = ""
    """All the words after its number."""
    doubt: str = ""
    """What is said of the figures and not read: nobody knows then which way the objective goes."""
    written: Mapping[str, str] = {}
    """The fields that the words of the document fill in: a target that is no plain number, a day to be asked."""
    sens: Sens | None = None
    """Which way its words say that it goes."""


def unread_in(sentence: str) -> str:
    """The words of a sentence that make its figures unsure: two of them, a dot, or what is added to a start unsaid."""
    found = SEVERAL.search(sentence) or ADDED.search(sentence)
    return found[0] if found else ""
