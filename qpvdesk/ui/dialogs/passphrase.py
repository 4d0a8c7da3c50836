"""The passphrase of a base, asked for when it opens."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.ui.forms import Form, grow
from qpvdesk.ui.widgets.labels import label

_WIDE = 460


class PassphraseDialog(QDialog):
    """Accepted once `take` has taken the words; what it refuses is said under the field, and nothing is lost."""

    chapter = "phrase-secrete"
    """Where F1 opens the guide."""

    def __init__(self, said: str, take: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._take = take
        self.setWindowTitle("Phrase secrète")
        self.setMinimumWidth(_WIDE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 18)
        layout.setSpacing(12)
        layout.addWidget(label("Cette base est protégée", "heading"))
        layout.addWidget(label(said, wrap=True))
        form = Form()
        self._words = QLineEdit()
        self._field = form.add(
            "&Phrase secrète", self._words, "Ou la clé de secours imprimée quand elle a été choisie."
        )
        layout.addLayout(form)
        layout.addWidget(showing(self._words))
        buttons = QHBoxLayout()
        leave = QPushButton("Quitter")
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        opening = QPushButton("Ouvrir")
        opening.setProperty("role", "primary")
        opening.setDefault(True)
        opening.clicked.connect(self._try)
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(opening)
        layout.addLayout(buttons)
        self._words.textEdited.connect(lambda _: self._field.set_error(""))
        self._words.setFocus()

    def _try(self) -> None:
        try:
            self._take(self._words.text())
        except UserError as error:
            self._field.set_error(f"{error.message} {error.remedy}".strip())
            self._words.selectAll()
            self._words.setFocus()
            grow(self)
        else:
            self.accept()


def showing(*fields: QLineEdit) -> QCheckBox:
    """Return a box that shows what is typed in those fields, hidden until then."""
    box = QCheckBox("&Montrer ce qui est tapé")

    def follow(shown: bool) -> None:
        for field in fields:
            field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    box.toggled.connect(follow)
    follow(False)
    return box
