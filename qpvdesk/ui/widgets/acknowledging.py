"""Taking points d'attention into account: a reason, and the button that its absence keeps closed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.tokens import GAP
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import label


class Acknowledging(QWidget):
    """Says the reason once; the page knows of which points."""

    submitted = Signal(str)

    def __init__(self, theme: Theme, title: str, name: str, parent: QWidget | None = None) -> None:
        """`name`: the accessible name of the reason."""
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self._title = label(title, "subheading")
        column.addWidget(self._title)
        self._reason = QPlainTextEdit()
        self._reason.setPlaceholderText("Le motif\u202f: ce qui est déjà su, décidé ou en cours")
        self._reason.setAccessibleName(name)
        self._reason.setTabChangesFocus(True)
        self._reason.setFixedHeight(theme.px(70))
        self._reason.textChanged.connect(self._allow)
        column.addWidget(self._reason)
        self._button = button(
            title, lambda: self.submitted.emit(self._reason.toPlainText().strip()), role="primary"
        )
        column.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignLeft)
        self._writable = False
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self._reason)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self._button.click)

    def begin(self, words: str, *, writable: bool) -> None:
        """Ask for another reason; `words`: what the button says."""
        self._writable = writable
        self._button.setText(words)
        self._reason.setEnabled(writable)
        self._reason.clear()
        self._allow()

    def _allow(self) -> None:
        self._button.setEnabled(self._writable and bool(self._reason.toPlainText().strip()))
