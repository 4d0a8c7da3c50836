"""What the officer looked at lately, to be gone back to from the search."""

from __future__ import annotations

from qpvdesk.domain.progress import Statut
from qpvdesk.ui.found_list import Offered
from qpvdesk.ui.pages.page import Place
from qpvdesk.ui.search import SearchIndex
from qpvdesk.ui.session import Session

_SHOWN = 8


class Recent:
    """Places with something chosen in them, the latest first."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._places: list[tuple[str, str]] = []

    def visit(self, place: Place) -> None:
        """Note a place."""
        if place.focus:
            known = (place.page, place.focus)
            self._places = [known, *(other for other in self._places if other != known)][: 2 * _SHOWN]

    def offered(self) -> list[Offered]:
        """Return the places seen lately, as the search offers them."""
        picture = self._session.picture
        if picture is None or not self._places:
            return []
        told = SearchIndex(picture.situation).by_place()
        lines = []
        for known in self._places:
            found = told.get(known)
            if found is not None:
                words = f"{found.code}  {found.words}"
                lines.append(
                    Offered(
                        words, f"{found.kind}, vu récemment", known[0], found.place, self.status(found.place)
                    )
                )
        return lines[:_SHOWN]

    def status(self, place: Place) -> Statut | None:
        """Return the status of the objective of a place; None where it is of another thing."""
        picture = self._session.picture
        if picture is None or place.page != "objectifs" or not place.focus:
            return None
        situation = picture.situation
        try:
            return situation.assessments[situation.objective_by_code(place.focus).key].status
        except KeyError:
            return None
