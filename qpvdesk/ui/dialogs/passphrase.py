"""The passphrase of a base, asked for when it opens."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.ui.kit.form_dialog import Form, FormDialog

_WIDE = 460


class PassphraseDialog(FormDialog):
    """Accepted once `take` has taken the words; what it refuses is said under the field, and nothing is lost."""

    chapter = "phrase-secrete"
    """Where F1 opens the guide."""

    def __init__(self, reason: str, take: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__("Phrase secrète", parent, heading="Votre phrase secrète est demandée", width=_WIDE)
        # Its answer is waited for: `exec` returns it, and the notifier lets the dialog go.
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self._take = take
        self.say(reason)
        form = Form()
        self._words = QLineEdit()
        self._field = form.add(
            "&Phrase secrète", self._words, "Ou la clé de secours imprimée quand elle a été choisie."
        )
        self.column.addLayout(form)
        self.column.addWidget(showing(self._words))
        self.foot("Ouvrir", self._try, leave="Quitter")
        self._words.textChanged.connect(lambda _: self._field.set_error(""))
        self._words.setFocus()

    def _try(self) -> None:
        try:
            self._take(self._words.text())
        except UserError as error:
            self._field.refuse(error)
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
