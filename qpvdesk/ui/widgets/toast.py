"""A passing message over the status bar, with one thing that can be done about it: it never lies on a page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.tips import announce
from qpvdesk.ui.kit.tokens import ROOM, in_row
from qpvdesk.ui.widgets.labels import ElidedLabel

_STAY_MS = 8000
EDGE = 1
"""Pixels that it keeps from the right and from the foot of the window."""


class Toast(QFrame):
    """One message at a time; stays while the mouse is on it or its button has the focus."""

    def __init__(self, parent: QWidget, foot: QWidget) -> None:
        """`foot`: the bar at the foot of the window, over which it lies."""
        super().__init__(parent)
        self.setObjectName("toast")
        self._room, self._foot = parent, foot
        layout = self._row = in_row(on=self, spacing=ROOM, margins=(ROOM, 0, 0, 0))
        self._words = ElidedLabel()
        # As long as its words where there is room for them; `ElidedLabel` alone asks for none.
        self._words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._words.setAccessibleName("Message")
        layout.addWidget(self._words)
        self._button = button("Annuler", self._do)
        layout.addWidget(self._button)
        self._action: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._leave)
        parent.installEventFilter(self)
        self.hide()

    def say(self, words: str, action: str = "", do: Callable[[], object] | None = None) -> None:
        """Show a message, and a button that does something where `do` is given."""
        self._words.setText(words)
        self._action = do
        self._button.setVisible(do is not None)
        self._row.setContentsMargins(ROOM, 0, ROOM if do is None else 0, 0)
        self._button.setText(action)
        self._button.setAccessibleName(f"{action}\u202f: {words}" if action else "Aucune action")
        self._place()
        self.show()
        self.raise_()
        self._timer.start(_STAY_MS)
        announce(self._words, words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        room, wanted = self._room.size(), self.sizeHint()
        self.resize(min(wanted.width(), room.width() - 2 * EDGE), wanted.height())
        if self._foot.isHidden():
            # As on a projector, where the pages reach down to the foot: over the name of the contract, not over the date.
            self.move(EDGE, EDGE)
        else:
            self.move(room.width() - self.width() - EDGE, room.height() - self.height() - EDGE)

    def _do(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def _leave(self) -> None:
        if self.underMouse() or self._button.hasFocus():
            self._timer.start(_STAY_MS)
        else:
            self.hide()
