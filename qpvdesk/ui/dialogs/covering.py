"""The message that goes with a return workbook: its due date may be changed, it is copied into a mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import DUE_DAYS
from qpvdesk.services.figures.covering import Covering
from qpvdesk.ui.kit.form_dialog import Form, FormDialog
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.day_edit import DayLine


class CoveringDialog(FormDialog):
    """Beside the window: it keeps nobody from going on."""

    def __init__(
        self,
        theme: Theme,
        write: Callable[[date | None], Covering],
        today: date,
        parent: QWidget | None = None,
    ) -> None:
        """`write`: the message for an answer by that day; None: by the day that is proposed."""
        super().__init__("Message au partenaire", parent, heading="Le message qui accompagne le classeur")
        self._write, self._today = write, today
        letter = write(None)
        form = Form()
        self._due = DayLine(lambda: today, letter.due, ahead=DUE_DAYS)
        self._due_field = form.add("&Réponse avant le", self._due, "Le jour s’écrit aussi dans le message.")
        self._subject = QLineEdit(letter.subject)
        form.add("&Objet", self._subject)
        self._body = QPlainTextEdit(letter.body)
        form.add("&Message", self._body)
        form.setRowStretch(form.rowCount() - 1, 1)
        self.column.addLayout(form, 1)
        form.chain()
        self._due.textChanged.connect(lambda _: self._rewrite())
        self.foot("Copier le message", self._copy, leave="Fermer")
        self.fit(theme.px(640), theme.px(520))

    def _rewrite(self) -> None:
        """Say the new day in the message; what was changed in it by hand stays as long as the day is not understood."""
        try:
            due = self._due.day()
        except UserError as error:
            self._due_field.set_error(str(error))
            return
        late = (
            ""
            if due > self._today
            else "Ce jour est passé\u202f: le partenaire ne pourrait pas répondre à temps."
        )
        self._due_field.set_error(late)
        letter = self._write(due)
        self._subject.setText(letter.subject)
        self._body.setPlainText(letter.body)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._subject.text()}\n\n{self._body.toPlainText()}")
        self.accept()
