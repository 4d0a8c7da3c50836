"""The way back and forth between places, as in a browser."""

from __future__ import annotations

from qpvdesk.ui.pages.page import Place

_LONGEST = 200


class Trail:
    """Places been to, and where one stands among them."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._at = -1

    def leave(self, place: Place) -> None:
        """Note how the current place looks when it is left (its selection, its filters)."""
        if self._at >= 0:
            self._places[self._at] = place

    def visit(self, place: Place) -> None:
        """Go to a new place; what was ahead is forgotten."""
        del self._places[self._at + 1 :]
        if not self._places or self._places[-1] != place:
            self._places.append(place)
        del self._places[:-_LONGEST]
        self._at = len(self._places) - 1

    @property
    def can_back(self) -> bool:
        return self._at > 0

    @property
    def can_forward(self) -> bool:
        return self._at < len(self._places) - 1

    def back(self) -> Place | None:
        """Step back; None at the beginning."""
        if not self.can_back:
            return None
        self._at -= 1
        return self._places[self._at]

    def forward(self) -> Place | None:
        """Step forth; None at the end."""
        if not self.can_forward:
            return None
        self._at += 1
        return self._places[self._at]
