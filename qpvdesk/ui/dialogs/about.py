"""What the program is, its version, and the licences of all it is made of."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from qpvdesk import __version__, paths
from qpvdesk.services import licences
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import label

_ICON = 64


class AboutDialog(QDialog):
    """The notice is one file, made when the program was built."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("À propos et licences")
        room = self.screen().availableGeometry()
        self.resize(min(theme.px(720), 1200), min(theme.px(520), 640, int(room.height() * 0.86)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 18)
        layout.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(16)
        layout.addLayout(head)
        picture = label("")
        icon = QIcon(str(paths.resource("icons/qpvdesk.png")))
        picture.setPixmap(icon.pixmap(QSize(_ICON, _ICON), self.devicePixelRatioF()))
        head.addWidget(picture)
        words = QVBoxLayout()
        head.addLayout(words, 1)
        words.addWidget(label(f"qpvdesk {__version__}", "heading"))
        words.addWidget(
            label(
                "Suit un contrat de ville\u202f: ce qui a été promis, où cela en est, d’où vient chaque chiffre."
                " Sans réseau\u202f: rien ne sort de cet ordinateur. Logiciel libre, sous la licence publique de"
                " l’Union européenne (EUPL 1.2).",
                wrap=True,
            )
        )
        notice = QPlainTextEdit(licences.text())
        notice.setReadOnly(True)
        notice.setUndoRedoEnabled(False)
        notice.setAccessibleName("Licences des composants")
        layout.addWidget(notice, 1)
        row = QHBoxLayout()
        layout.addLayout(row)
        row.addStretch(1)
        close = QPushButton("Fermer")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        close.setFocus()
