"""A meeting: its kind, its day, its place and its title. Agenda and participants are written in the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date, parse_date
from qpvdesk.domain.model import MEETING_LABELS, MeetingKind
from qpvdesk.services.committee import MeetingEntry
from qpvdesk.ui.dialogs.waiting import WaitingDialog
from qpvdesk.ui.forms import Form, answer_buttons, grow
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import label


class MeetingDialog(WaitingDialog):
    """One meeting; Enter saves. Submits a checked `MeetingEntry`."""

    chapter = "comites"
    """Where F1 opens the guide."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        entry: MeetingEntry,
        check: Callable[[MeetingEntry], object],
        today: date,
        parent: QWidget | None = None,
    ) -> None:
        """`check` raises `UserError` for what cannot be."""
        super().__init__(parent)
        self._entry = entry
        self._check = check
        self._today = today
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(480))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 18)
        layout.setSpacing(12)
        layout.addWidget(label(title, "heading"))
        form = Form()
        self._kind = QComboBox()
        for kind, words in MEETING_LABELS.items():
            self._kind.addItem(words, kind)
        self._kind.setCurrentIndex(self._kind.findData(entry.kind))
        self._day = QLineEdit(format_date(entry.day))
        self._place = QLineEdit(entry.place)
        self._title = QLineEdit(entry.title)
        form.add("&Réunion", self._kind)
        self._day_field = form.add("&Date", self._day, "Passée ou à venir")
        form.add("&Lieu", self._place)
        form.add(
            "&Titre",
            self._title,
            "Facultatif\u202f: ce qui la distingue, comme «\u202fCOPIL de lancement\u202f»",
        )
        layout.addLayout(form)
        form.chain()
        layout.addWidget(self._trouble)
        layout.addLayout(answer_buttons(self, self._submit, "Enregistrer"))
        self._day.setFocus()
        self._day.selectAll()

    def _submit(self) -> None:
        try:
            entry = MeetingEntry(
                MeetingKind(self._kind.currentData()),
                parse_date(self._day.text(), today=self._today),
                self._place.text(),
                self._title.text(),
                self._entry.agenda,
                self._entry.participants,
            )
            self._check(entry)
        except UserError as error:
            self._day_field.set_error(f"{error.message} {error.remedy}".strip())
            self._day.setFocus()
            grow(self)
            return
        self.submitted.emit(entry)
