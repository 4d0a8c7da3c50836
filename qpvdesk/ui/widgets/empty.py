"""What a page says when there is nothing to show: what would stand here, and how to bring it about."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.tokens import EDGE, SNUG, stacked
from qpvdesk.ui.widgets.labels import aside, label


class EmptyState(QWidget):
    """A heading, a sentence and, where something can be done, the button that does it."""

    def __init__(
        self, heading: str, sentence: str, action: str = "", act: Callable[[], object] = lambda: None
    ) -> None:
        """`action`, `act`: the words of the button, and what it does."""
        super().__init__()
        self.setObjectName("emptystate")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = stacked(1, on=self, spacing=SNUG, margins=(EDGE, EDGE, EDGE, EDGE))
        self._heading = label(heading, "heading", wrap=True)
        self._sentence = aside(sentence)
        for part in (self._heading, self._sentence):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(part)
        self._act = button(action, act)
        layout.addWidget(self._act, alignment=Qt.AlignmentFlag.AlignHCenter)
        # Shown before it stands in something, it would for a moment be a window that takes the keyboard.
        self._act.setParent(self)
        self._act.setHidden(not action)
        layout.addStretch(2)

    def set_able(self, able: bool) -> None:
        self._act.setEnabled(able)

    def say(self, heading: str, sentence: str, action: str | None = None) -> None:
        """Change the words; `action`: those of its button (empty: there is none), None for the same as before."""
        self._heading.setText(heading)
        self._sentence.setText(sentence)
        if action is not None:
            self._act.setText(action)
            self._act.setVisible(bool(action))
