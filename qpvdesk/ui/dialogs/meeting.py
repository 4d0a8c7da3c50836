"""A meeting: its kind, its day, its place and its title. Agenda and participants are written in the page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import AROUND_DAYS
from qpvdesk.domain.meetings import meeting_kind
from qpvdesk.domain.model import MEETING_LABELS
from qpvdesk.services.committees.committee import MeetingEntry
from qpvdesk.ui.dialogs.waiting import WaitingDialog
from qpvdesk.ui.kit.form_dialog import Form, Rules
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.day_edit import DayLine


class MeetingDialog(WaitingDialog):
    """One meeting; Enter saves. Submits a checked `MeetingEntry`."""

    chapter = "comites"
    """Where F1 opens the guide."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        entry: MeetingEntry,
        rules: Rules[MeetingEntry],
        *,
        kinds: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        """`kinds`: the contract's list."""
        super().__init__(title, parent, width=theme.px(480))
        self._entry, self._rules, self._kinds = entry, rules, kinds
        form = Form()
        self._kind = ElidedCombo()
        for kind in kinds:
            self._kind.addItem(MEETING_LABELS.get(kind, kind), kind)
        self._kind.setCurrentIndex(self._kind.findData(entry.kind))
        # A contract has kinds of its own: their names are typed in.
        self._kind.setEditable(True)
        self._kind.setInsertPolicy(ElidedCombo.InsertPolicy.NoInsert)
        typed = self._kind.lineEdit()
        assert typed is not None
        typed.setAccessibleName("Réunion")
        self._day = DayLine(lambda: rules.today, entry.day, ahead=AROUND_DAYS)
        self._place = QLineEdit(entry.place)
        self._title = QLineEdit(entry.title)
        self._kind_field = form.add(
            "&Réunion",
            self._kind,
            "Une de la liste, ou le nom d’une autre\u202f: Conseil citoyen, Comité TFPB…",
        )
        self._day_field = form.add("&Date", self._day, "Passée ou à venir")
        form.add("&Lieu", self._place)
        form.add(
            "&Titre",
            self._title,
            "Facultatif\u202f: ce qui la distingue, comme «\u202fCOPIL de lancement\u202f»",
        )
        self.end(form, self._submit)
        self._day.setFocus()
        self._day.selectAll()

    def _submit(self) -> None:
        try:
            kind = meeting_kind(self._kind.currentText(), self._kinds)
        except UserError as error:
            self._kind_field.refuse(error)
            return
        try:
            entry = MeetingEntry(
                kind,
                self._day.day(),
                self._place.text(),
                self._title.text(),
                self._entry.agenda,
                self._entry.participants,
            )
            self._rules.check(entry)
        except UserError as error:
            self._day_field.refuse(error)
            return
        self.submitted.emit(entry)
