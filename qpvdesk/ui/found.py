"""Where what the search found is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qpvdesk.ui.pages.page import Place

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


def place_of(found: Found) -> Place:
    """Return the place of what was found; the points d’attention and their words for what has no page."""
    page = _PAGES.get(found.shown)
    if found.shown in ("axis", "theme"):
        return Place("engagements", "", (("texte", found.title),))
    if page is None:
        return Place("points", "", (("texte", found.focus),))
    return Place(page, found.focus, (("repere", found.mark),) if found.mark else ())
