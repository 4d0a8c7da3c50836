"""An area that is filled anew is scrolled back to where it was: Qt would leave it at its top."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractScrollArea

from qpvdesk.ui.kit.controls import rest

_FILLED_MS = 1000
"""How long what is made anew takes to be shown and laid out, at most: a sheet of hundreds of lines, half of it."""


class ScrollKeeper(QObject):
    """Brings an area back to where it was scrolled to: empty for a moment while it is filled anew, it goes to its top.

    Until the next turn of the loop it is brought back whatever scrolled it (Qt does to what is selected again, or has the
    hand next); then, while it grows, unless something else does.
    """

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__(area)
        self._bar = area.verticalScrollBar()
        self._value: int | None = None
        """Where the area was; None where it is not held."""
        self._follow: Callable[[], object] | None = None
        self._own = False
        self._soon = rest(self, 0, self.bring_back)
        self._end = rest(self, _FILLED_MS, self.let_go)
        self._bar.rangeChanged.connect(lambda *_: self.bring_back())
        self._bar.valueChanged.connect(lambda _: self._hear())

    @property
    def is_on(self) -> bool:
        return self._value is not None

    def hold(self, follow: Callable[[], object] | None = None) -> None:
        """Note where the area is, before it is filled anew. `follow`: brings into view what must stay there."""
        if self._value is None:
            self._value, self._follow = self._bar.value(), follow
        self._soon.start()
        self._end.start()

    def bring_back(self) -> None:
        """Scroll to where the area was, as far as it goes by now; nothing where it is not held."""
        if self._value is None or self._own:
            return
        self._own = True
        self._bar.setValue(self._value)
        if self._follow is not None:
            self._follow()
        self._own = False

    def let_go(self) -> None:
        """Leave the area where it is: something else is to be seen."""
        self._value = self._follow = None

    def _hear(self) -> None:
        if not self._own and not self._soon.isActive():
            self.let_go()
