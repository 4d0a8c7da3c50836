"""Taking points d'attention into account: a reason, and the button that its absence keeps closed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.tokens import GAP, stacked
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import label


class Acknowledging(QWidget):
    """Says the reason once; the page knows of which points."""

    submitted = Signal(str)

    def __init__(self, theme: Theme, title: str, name: str, parent: QWidget | None = None) -> None:
        """`name`: the accessible name of the reason."""
        super().__init__(parent)
        column = stacked(on=self, spacing=GAP)
        self._title = label(title, "subheading")
        column.addWidget(self._title)
        self._reason = QPlainTextEdit()
        self._reason.setPlaceholderText("Le motif\u202f: ce qui est déjà su, décidé ou en cours")
        self._reason.setAccessibleName(name)
        self._reason.setTabChangesFocus(True)
        self._reason.setFixedHeight(theme.px(70))
        self._reason.textChanged.connect(self._allow)
        column.addWidget(self._reason)
        self._button = button(title, self._submit, role="primary")
        column.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignLeft)
        self._writable = False
        self._of, self._given = "", ""
        """The line that the reason is typed for; the reason that was given last."""
        self.left: dict[str, str] = {}
        """Reasons begun for other lines: they come back with them."""
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self._reason)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self._button.click)

    def begin(self, of: str, words: str, *, writable: bool) -> None:
        """Ask for the reason of a line, where it was left; `words`: what the button says."""
        self._writable = writable
        self._button.setText(words)
        self._reason.setEnabled(writable)
        typed = self._reason.toPlainText()
        if typed.strip() == self._given:
            typed = ""
        if self._given or of != self._of:
            self.left = {line: told for line, told in {**self.left, self._of: typed}.items() if told.strip()}
            self._reason.setPlainText(self.left.pop(of, ""))
            # What a hand typed before is no less typed by hand.
            self._reason.document().setModified(True)
        self._of, self._given = of, ""
        self._allow()

    def _submit(self) -> None:
        self._given = self._reason.toPlainText().strip()
        self.submitted.emit(self._given)

    def _allow(self) -> None:
        self._button.setEnabled(self._writable and bool(self._reason.toPlainText().strip()))
