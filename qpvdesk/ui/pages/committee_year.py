"""The meetings of a year in the page of the committees: their list, their places and deadlines in the calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from qpvdesk.domain import meetings
from qpvdesk.domain.french import format_date, plural
from qpvdesk.domain.model import Dossier, Meeting, MeetingKind
from qpvdesk.domain.situation import Situation
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.table_menu import Offer
from qpvdesk.ui.kit.tokens import GAP, ROOM, stacked
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.year_strip import Chip, Due

_SHORT: Mapping[str, str] = {
    MeetingKind.COPIL: "COPIL",
    MeetingKind.COTECH: "CoTech",
    MeetingKind.REVUE: "Revue",
    MeetingKind.BILATERALE: "Bilat.",
}


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting as the list shows it."""

    meeting: Meeting
    decided: int
    open: int
    frozen: bool
    coming: bool

    @property
    def name(self) -> str:
        """Its title, or what it is."""
        return self.meeting.name

    @property
    def decisions(self) -> str:
        """How many decisions, and how many are open."""
        if not self.decided:
            return "–"
        return f"{self.decided} dont {self.open} en cours" if self.open else f"{self.decided}, toutes closes"

    @property
    def stage(self) -> str:
        """Where the meeting stands: to come, held, its data frozen."""
        if self.frozen:
            return "Données arrêtées"
        return "À venir" if self.coming else "Tenue"

    @property
    def chip(self) -> Chip:
        kind, day = self.meeting.kind, self.meeting.day
        words = f"{self.name}, le {format_date(day)} ({self.stage.lower()})"
        short = f"{_SHORT.get(kind) or kind.split()[0]} {day.day}"
        return Chip(self.meeting.key, day, short, words, kind == MeetingKind.COPIL, self.frozen)


def meeting_rows(dossier: Dossier, year: int, today: date) -> list[MeetingRow]:
    """Return the meetings of a year, by day."""
    frozen = {snapshot.meeting for snapshot in dossier.snapshots}
    rows = []
    for meeting in meetings.in_order(dossier.meetings):
        if meeting.day.year == year:
            decided = meetings.decisions_of(dossier, meeting.key)
            left = (
                sum(meetings.is_open(decision, today) for decision in decided) if meeting.day <= today else 0
            )
            rows.append(MeetingRow(meeting, len(decided), left, meeting.key in frozen, meeting.day >= today))
    return rows


def deadlines(situation: Situation, year: int, today: date) -> list[Due]:
    return [
        Due(
            decision.due,
            f"{situation.decision_code(decision)}\u202f: {decision.label}, pour le {format_date(decision.due)}",
            meetings.is_late(decision, today),
        )
        for decision in meetings.decided_by(situation.dossier, today)
        if decision.due is not None and decision.due.year == year and meetings.is_open(decision, today)
    ]


def year_words(
    situation: Situation, year: int, rows: Sequence[MeetingRow], dues: Sequence[Due], *, today: date
) -> str:
    """Say how many meetings a year has, how many decisions are open, and what the diamonds of its calendar are."""
    words = [f"{plural(len(rows), 'réunion', 'réunions')} en {year}"]
    taken = meetings.decided_by(situation.dossier, today)
    ongoing = sum(meetings.is_open(decision, today) for decision in taken)
    if ongoing:
        own = sum(row.open for row in rows)
        parts = [f"{own} de {year}"] if own else []
        parts += [f"{ongoing - own} d’autres années"] if ongoing > own else []
        words.append(f"{plural(ongoing, 'décision', 'décisions')} en cours ({', '.join(parts)})")
    late = sum(due.late for due in dues)
    marks = [f"◆ {plural(late, 'dépassée', 'dépassées')}"] if late else []
    marks += [f"◇ {len(dues) - late} à venir"] if len(dues) > late else []
    words += [f"échéances de {year}\u202f: {', '.join(marks)}"] if marks else []
    return " · ".join(words)


def first_shown(among: Iterable[Meeting], today: date) -> Meeting | None:
    """The next meeting, else the last one."""
    ordered = meetings.in_order(among)
    coming = [meeting for meeting in ordered if meeting.day >= today]
    return coming[0] if coming else ordered[-1] if ordered else None


class MeetingList(QWidget):
    """The meetings of a year, line by line."""

    chosen = Signal(str)
    """Key of a meeting."""

    def __init__(self, theme: Theme, opened: Callable[[], None], offer: Offer) -> None:
        """`opened`: a line is opened, whose meeting is shown already; `offer`: what is done with lines."""
        super().__init__()
        px = theme.px
        column = stacked(on=self, margins=(0, 0, GAP, ROOM))
        self._model: TableModel[MeetingRow] = TableModel(
            (
                Column(
                    "Date",
                    lambda row: format_date(row.meeting.day),
                    lambda row: row.meeting.day,
                    width=px(88),
                ),
                Column("Réunion", lambda row: row.name, width=0),
                Column("Étape", lambda row: row.stage, width=px(118), lesser=True),
                Column(
                    "Décisions", lambda row: row.decisions, lambda row: row.open, width=px(128), lesser=True
                ),
            ),
            lambda row: row.meeting.key,
            parent=self,
        )
        self._table = Table(self._model, "Réunions de l’année", wrapped=True, stretched=px(110))
        self._table.menu.offer = offer
        self._table.row_selected.connect(self._choose)
        self._table.row_opened.connect(lambda _: opened())
        column.addWidget(self._table)
        self.setMinimumWidth(px(230))
        self.setFocusProxy(self._table)

    def show_year(self, year: int, rows: Sequence[MeetingRow], key: str) -> None:
        """Show the meetings of a year, one of them selected."""
        self._model.set_rows(rows)
        self._table.empty_words = f"Aucune réunion en {year}."
        self._table.select_identity(key)

    def select(self, key: str) -> None:
        row = self._table.current_row()
        if row is None or row.meeting.key != key:
            self._table.select_identity(key)

    def _choose(self, row: MeetingRow | None) -> None:
        if row is not None:
            self.chosen.emit(row.meeting.key)
