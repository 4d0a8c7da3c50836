"""What the program is, its version, and the licences of all it is made of."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from qpvdesk import __version__, paths
from qpvdesk.services import licences
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import label

_ICON = 64


class AboutDialog(QDialog):
    """The notice is long: it is read in the lane, and comes a moment after the window."""

    def __init__(self, theme: Theme, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = False
        self.setWindowTitle("À propos et licences")
        self.resize(min(theme.px(720), 1200), min(theme.px(520), 640))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 18)
        layout.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(16)
        picture = QLabel()
        icon = QIcon(str(paths.resource("icons/qpvdesk.png")))
        picture.setPixmap(icon.pixmap(QSize(_ICON, _ICON), self.devicePixelRatioF()))
        head.addWidget(picture)
        words = QVBoxLayout()
        words.addWidget(label(f"qpvdesk {__version__}", "heading"))
        words.addWidget(
            label(
                "Suit un contrat de ville\u202f: ce qui a été promis, où cela en est, d’où vient chaque chiffre."
                " Sans réseau\u202f: rien ne sort de cet ordinateur. Logiciel libre, sous la licence publique de"
                " l’Union européenne (EUPL 1.2).",
                wrap=True,
            )
        )
        head.addLayout(words, 1)
        layout.addLayout(head)
        self._notice = QPlainTextEdit()
        self._notice.setReadOnly(True)
        self._notice.setAccessibleName("Licences des composants")
        self._notice.setPlaceholderText("Lecture des licences…")
        layout.addWidget(self._notice, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        close = QPushButton("Fermer")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        layout.addLayout(row)
        close.setFocus()
        session.ask("Licences", lambda _desk: licences.text(), self._show)

    def done(self, result: int) -> None:
        """Close; a notice that comes later is dropped."""
        self._over = True
        super().done(result)

    def _show(self, text: str) -> None:
        if not self._over:
            self._notice.setPlainText(text)
