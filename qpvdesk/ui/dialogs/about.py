"""What the program is, its version, and the licences of all it is made of."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from qpvdesk import __version__, paths
from qpvdesk.services import licences
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.tokens import WIDE, in_row
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import label

_ICON = 64


class AboutDialog(FormDialog):
    """The notice is one file, made when the program was built."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("À propos et licences", parent, heading="")
        self.fit(min(theme.px(720), 1200), min(theme.px(520), 640))
        head = in_row(spacing=WIDE)
        self.column.addLayout(head)
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
        self.column.addWidget(notice, 1)
        self.foot("Fermer", self.accept, leave="").setFocus()
