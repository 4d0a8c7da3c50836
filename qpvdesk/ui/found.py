"""What the search offers, and where what it found is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtGui import QAction

from qpvdesk.domain.statuses import STATUT_LABELS, Statut
from qpvdesk.ui.pages.page import Address

if TYPE_CHECKING:
    from qpvdesk.services.search import Found

GUIDE = "guide"
"""The page of a place that is in the guide."""
_PAGES = {
    "partner": "partenaires",
    "objective": "objectifs",
    "engagement": "engagements",
    "funding": "moyens",
    "territory": "territoires",
    "place_level": "territoires",
    "layer": "territoires",
    "visit": "visites",
    "meeting": "comites",
    "decision": "comites",
    "document": "documents",
    "guide": GUIDE,
}


class Offered(Struct, frozen=True):
    """One line of the list."""

    words: str
    kind: str
    """What it is, and what goes with it: « Objectif », « Commande, Ctrl+P »."""
    icon: str
    goal: Address | QAction
    """Where it is, or what it does."""
    status: Statut | None = None
    tip: str = ""

    @property
    def heard(self) -> str:
        """All that the line shows, as a screen reader says it."""
        status = f", {STATUT_LABELS[self.status]}" if self.status is not None else ""
        return f"{self.words} ({self.kind}{status})"


def address_of(found: Found) -> Address:
    """Return the place of what was found; the points d’attention and their words for what has no page."""
    page = _PAGES.get(found.shown)
    if found.shown in ("axis", "theme"):
        return Address("engagements", "", (("texte", found.title),))
    if page is None:
        return Address("points", "", (("texte", found.focus),))
    return Address(page, found.focus, (("repere", found.mark),) if found.mark else ())
