"""« Comités »: the meetings of a year, what each prepares, decides and freezes, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from qpvdesk.domain import meetings
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date, plural
from qpvdesk.domain.meetings import meeting_code
from qpvdesk.domain.model import MEETING_LABELS, DecisionState, Dossier, Meeting, MeetingKind, Snapshot
from qpvdesk.domain.situation import Situation
from qpvdesk.services import journals
from qpvdesk.services.committees import committee, freezing
from qpvdesk.services.journals import HistoryEntry
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.kit.master_detail import side_by_side
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.committee_decisions import DecisionsPanel, rows_of
from qpvdesk.ui.pages.committee_dialogs import CommitteeDialogs
from qpvdesk.ui.pages.committee_frozen import Choosable, FrozenPanel
from qpvdesk.ui.pages.page import ASSESSED, Page, Place, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Act, Session
from qpvdesk.ui.terms import explain
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.lines_editor import LinesEditor
from qpvdesk.ui.widgets.year_strip import Chip, Due, YearStrip

_SHORT = {
    MeetingKind.COPIL: "COPIL",
    MeetingKind.COTECH: "CoTech",
    MeetingKind.REVUE: "Revue",
    MeetingKind.BILATERALE: "Bilat.",
}
_LOW = 520
"""Height of the page, at a zoom of 100 %, under which the calendar is cut short."""
_SEANCE, _DECISIONS, _SUITES, _DONNEES = range(4)


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting as the list shows it."""

    meeting: Meeting
    decided: int
    open: int
    frozen: bool
    coming: bool

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


if TYPE_CHECKING:
    from qpvdesk.ui.dialogs.waiting import WaitingDialog


class CommitteesPage(Page):
    """The year, its meetings, and the one chosen in four tabs."""

    kinds = ASSESSED | {
        "engagement",
        "meteo",
        "funding",
        "meeting",
        "decision",
        "snapshot",
        "paper",
        "attachment",
    }
    word = "comites"
    title = "Comités"

    def __init__(self, theme: Theme, session: Session, drafts: Drafts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._session = session
        self._picture: Picture | None = None
        self._year = 0
        self._key = ""
        self._dialogs = CommitteeDialogs(theme, lambda: session.today, drafts, self)
        self._dialogs.answering.connect(self._answer)
        self._dialogs.making.connect(self._make)
        self._dialogs.freezing.connect(self._freeze)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 14, 0, 0)
        outer.setSpacing(8)
        top = QVBoxLayout()
        top.setContentsMargins(0, 0, 20, 0)
        top.setSpacing(8)
        top.addLayout(self._make_head())
        self._strip = YearStrip(theme)
        self._strip.chosen.connect(self._choose)
        top.addWidget(self._strip)
        outer.addLayout(top)
        self._body = QStackedWidget()
        self._body.addWidget(side_by_side(theme, (self._make_list(), 280, 1), (self._make_detail(), 860, 4)))
        empty = EmptyState(
            "Aucune réunion n’est inscrite",
            "Un contrat de ville se suit en deux comités de pilotage par an au moins, préparés en comité technique. "
            "Inscrivez le prochain\u202f: son ordre du jour, ses décisions et ses données arrêtées se tiennent ici.",
            "Inscrire une réunion…",
        )
        empty.asked.connect(self._dialogs.ask_new)
        self._nothing = empty
        self._body.addWidget(empty)
        outer.addWidget(self._body, 1)

    def show_picture(self, picture: Picture) -> None:
        """Show another picture."""
        self._picture = picture
        held = picture.situation.dossier.meetings
        known = {one.key for one in held}
        if self._key not in known:
            first = self._first(held)
            self._key = first.key if first else ""
            self._year = first.day.year if first else self._session.today.year
        self._body.setCurrentIndex(0 if held else 1)
        for part in self._acting:
            part.setVisible(not picture.projected)
            part.setEnabled(picture.editable)
        for button in self._nothing.findChildren(QPushButton):
            button.setVisible(not picture.projected)
            button.setEnabled(picture.editable)
        self._show_year()

    def arrive(self, place: Place) -> None:
        """Show the meeting or the decision of a code (`COPIL-2026-06-30`, `COPIL-2026-06-30-D2`)."""
        if self._picture is None:
            return
        situation = self._picture.situation
        aim: QWidget = self._table
        if place.focus:
            for one in situation.dossier.decisions:
                if situation.decision_code(one) == place.focus:
                    self._choose(one.meeting)
                    self._tabs.setCurrentIndex(_DECISIONS)
                    self._own.select(one.key)
                    aim = self._own
            for meeting in situation.dossier.meetings:
                if meeting_code(meeting) == place.focus:
                    self._choose(meeting.key)
        tab = dict(place.filters).get("volet", "")
        if tab.isdigit():
            self._tabs.setCurrentIndex(int(tab))
        aim.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the page is low, give the room of the calendar's second line to what is below."""
        super().resizeEvent(event)
        self._strip.set_compact(self.height() < self._theme.px(_LOW))

    def place(self) -> Place:
        """Return the meeting and the tab shown."""
        meeting = self._meeting()
        return Place(
            self.word,
            meeting_code(meeting) if meeting else "",
            (("volet", str(self._tabs.currentIndex())),),
        )

    def _make_head(self) -> QHBoxLayout:
        head, self._mention = page_head(self.title)
        self._acting: list[QPushButton] = []
        for text, name, step in (("‹", "Année précédente", -1), ("›", "Année suivante", 1)):
            button = QPushButton(text)
            button.setProperty("role", "quiet")
            button.setAccessibleName(name)
            tip(button, name)
            button.clicked.connect(lambda _=False, step=step: self._turn(step))
            if step > 0:
                self._year_words: QLabel = label("", "heading")
                head.addWidget(self._year_words)
            head.addWidget(button)
        new = QPushButton("Nouvelle réunion…")
        new.setProperty("role", "primary")
        new.clicked.connect(self._dialogs.ask_new)
        head.addWidget(new)
        self._acting.append(new)
        return head

    def _make_list(self) -> QWidget:
        px = self._theme.px
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 8, 12)
        self._model: TableModel[MeetingRow] = TableModel(
            (
                Column(
                    "Date",
                    lambda row: format_date(row.meeting.day),
                    lambda row: row.meeting.day,
                    width=px(88),
                ),
                Column("Réunion", lambda row: row.meeting.title or MEETING_LABELS[row.meeting.kind], width=0),
                Column("Étape", lambda row: row.stage, width=px(118)),
                Column("Décisions", lambda row: row.decisions, lambda row: row.open, width=px(128)),
            ),
            lambda row: row.meeting.key,
            parent=self,
        )
        self._table = Table(self._model, "Réunions de l’année", stretched=px(110))
        self._table.set_row_height(px(29))
        self._table.row_selected.connect(self._choose_row)
        self._table.row_opened.connect(lambda _: self._tabs.setFocus())
        column.addWidget(self._table)
        held.setMinimumWidth(px(230))
        return held

    def _make_detail(self) -> QFrame:
        panel = QFrame()
        panel.setProperty("role", "panel")
        panel.setMinimumWidth(self._theme.px(512))
        outer = QVBoxLayout(panel)
        outer.setContentsMargins(0, 0, 0, 0)
        self._detail = QStackedWidget()
        outer.addWidget(self._detail)
        held = QWidget()
        held.setObjectName("panelbody")
        self._detail.addWidget(held)
        self._detail.addWidget(
            EmptyState(
                "Aucune réunion cette année-là",
                "Changez d’année avec les flèches en haut de la page, ou inscrivez une réunion.",
            )
        )
        column = QVBoxLayout(held)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(6)
        self._heading = label("", "heading", wrap=True, select=True)
        self._where = label("", "mention", wrap=True, select=True)
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self._heading, 1)
        for text, words, act in (
            ("Modifier…", "Date, lieu, titre", self._dialogs.ask_edit),
            (
                "Dupliquer…",
                "Même lieu, même ordre du jour, mêmes participants, à une autre date",
                self._dialogs.ask_copy,
            ),
            ("Retirer", "Retirer la réunion et ses décisions", self._remove),
        ):
            button = self._button(text, words, act, changes=True)
            button.setProperty("role", "quiet")
            top.addWidget(button)
        column.addLayout(top)
        column.addWidget(self._where)
        self._papers = label("", "mention", wrap=True, select=True)
        self._papers.setAccessibleName("Papiers imprimés pour cette réunion")
        column.addWidget(self._papers)
        papers = QHBoxLayout()
        papers.setSpacing(6)
        for text, words, act, changes in (
            (
                "Imprimer le dossier",
                "Le dossier de la réunion, avec ses données arrêtées",
                self._print_file,
                False,
            ),
            ("Relevé de décisions", "Les décisions et la feuille de présence", self._print_minutes, False),
            (
                "Arrêter les données…",
                "Garder le contrat tel qu’il est pour cette réunion",
                self._dialogs.ask_freeze,
                True,
            ),
        ):
            button = self._button(text, words, act, changes=changes)
            papers.addWidget(button)
        self._freezing = button
        papers.addStretch(1)
        column.addLayout(papers)
        self._tabs = QTabWidget()
        self._tabs.setAccessibleName("La réunion choisie")
        self._tabs.addTab(self._make_seance(), "Séance")
        self._own = DecisionsPanel(
            self._theme,
            "Décisions de la réunion",
            "Aucune décision n’est notée",
            "Notez chaque décision pendant la séance\u202f: ce qui est décidé, à qui c’est confié, pour quand. "
            "Celles qui tardent se rappellent parmi les points d’attention.",
            own=True,
        )
        self._earlier = DecisionsPanel(
            self._theme,
            "Suites des réunions précédentes",
            "Rien n’est attendu des réunions précédentes",
            "Les décisions prises avant cette réunion apparaissent ici, celles qui restent à faire en premier.",
            own=False,
        )
        for panel_of in (self._own, self._earlier):
            panel_of.state_chosen.connect(self._set_state)
            panel_of.edit_asked.connect(self._dialogs.ask_decision)
            panel_of.files_asked.connect(lambda key, title: self.attaching.emit("decision", key, title))
            panel_of.remove_asked.connect(self._remove_decision)
            panel_of.history_asked.connect(self._read_history)
        self._own.new_asked.connect(lambda: self._dialogs.ask_decision(""))
        self._tabs.addTab(self._own, "Décisions")
        self._tabs.addTab(self._earlier, "Suites")
        self._frozen = FrozenPanel(self._theme)
        self._frozen.freeze_asked.connect(self._dialogs.ask_freeze)
        self._frozen.compare_asked.connect(self._compare)
        self._frozen.objective_asked.connect(lambda code: self.go("objectifs", code))
        self._tabs.addTab(self._frozen, "Données arrêtées")
        column.addWidget(self._tabs, 1)
        return panel

    def _button(self, text: str, words: str, act: Callable[[], None], *, changes: bool) -> QPushButton:
        button = QPushButton(text)
        tip(button, words)
        explain(button)
        button.clicked.connect(lambda _=False: act())
        if changes:
            self._acting.append(button)
        return button

    def _make_seance(self) -> QWidget:
        held = QWidget()
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(16)
        self._agenda = LinesEditor(
            self._theme,
            "Ordre du jour",
            adding="Ajouter un point",
            teaching="Un point par ligne\u202f; Alt+↑ et Alt+↓ les ordonnent. Ils s’impriment dans le dossier.",
            numbered=True,
        )
        self._people = LinesEditor(
            self._theme,
            "Participants, par fonction",
            adding="Ajouter une fonction",
            teaching="Une fonction par ligne (sous-préfète, directeur territorial…), jamais un nom\u202f: la feuille de "
            "présence en vient.",
        )
        self._agenda.changed.connect(self._set_agenda)
        self._people.changed.connect(self._set_participants)
        row.addWidget(self._agenda, 3)
        row.addWidget(self._people, 2)
        return held

    def _meeting(self) -> Meeting | None:
        if self._picture is None:
            return None
        held = self._picture.situation.dossier.meetings
        return next((one for one in held if one.key == self._key), None)

    def _first(self, held: tuple[Meeting, ...]) -> Meeting | None:
        """The next meeting, else the last one."""
        ordered = meetings.in_order(held)
        coming = [one for one in ordered if one.day >= self._session.today]
        return coming[0] if coming else ordered[-1] if ordered else None

    def _turn(self, step: int) -> None:
        self._year += step
        assert self._picture is not None
        held = [one for one in self._picture.situation.dossier.meetings if one.day.year == self._year]
        first = self._first(tuple(held))
        self._key = first.key if first else ""
        self._show_year()

    def _choose(self, key: str) -> None:
        if self._picture is None or key == self._key:
            return
        self._key = key
        meeting = self._meeting()
        if meeting is not None and meeting.day.year != self._year:
            self._year = meeting.day.year
            self._show_year()
        else:
            self._strip.select(key)
            if self._table.current_row() is None or self._table.current_row().meeting.key != key:
                self._table.select_identity(key)
            self._show_meeting()

    def _choose_row(self, row: MeetingRow | None) -> None:
        if row is not None:
            self._choose(row.meeting.key)

    def _show_year(self) -> None:
        if self._picture is None:
            return
        situation, today = self._picture.situation, self._session.today
        dossier = situation.dossier
        frozen = {one.meeting for one in dossier.snapshots}
        held = [one for one in meetings.in_order(dossier.meetings) if one.day.year == self._year]
        rows, chips = [], []
        for one in held:
            decided = meetings.decisions_of(dossier, one.key)
            left = sum(meetings.is_open(item, today) for item in decided)
            row = MeetingRow(one, len(decided), left, one.key in frozen, one.day >= today)
            rows.append(row)
            said = f"{one.title or MEETING_LABELS[one.kind]}, le {format_date(one.day)} ({row.stage.lower()})"
            chips.append(
                Chip(
                    one.key,
                    one.day,
                    f"{_SHORT[one.kind]} {one.day.day}",
                    said,
                    one.kind is MeetingKind.COPIL,
                    row.frozen,
                )
            )
        dues = [
            Due(
                one.due,
                f"{situation.decision_code(one)}\u202f: {one.label}, pour le {format_date(one.due)}",
                meetings.is_late(one, today),
            )
            for one in dossier.decisions
            if one.due is not None and one.due.year == self._year and meetings.is_open(one, today)
        ]
        self._year_words.setText(str(self._year))
        self._year_words.setAccessibleName(f"Année {self._year}")
        words = plural(len(rows), "réunion", "réunions")
        left = sum(row.open for row in rows)
        still = f", {plural(left, 'décision en cours', 'décisions en cours')}" if left else ""
        self._mention.setText(f"{words} en {self._year}{still}")
        self._strip.show_year(self._year, today, chips, dues)
        self._strip.select(self._key)
        self._model.set_rows(rows)
        self._table.empty_words = f"Aucune réunion en {self._year}."
        self._table.select_identity(self._key)
        self._show_meeting()

    def _show_meeting(self) -> None:
        meeting, picture = self._meeting(), self._picture
        self._detail.setCurrentIndex(0 if meeting is not None else 1)
        if picture is not None:
            self._dialogs.show(picture.situation, meeting)
        if meeting is None or picture is None:
            return
        situation, today = picture.situation, self._session.today
        dossier = situation.dossier
        editable, shown = picture.editable, not picture.projected
        self._heading.setText(meeting.title or MEETING_LABELS[meeting.kind])
        said = [meeting_code(meeting), format_date(meeting.day)]
        if meeting.title:
            said.insert(1, MEETING_LABELS[meeting.kind])
        said.append(meeting.place or "lieu à préciser")
        kept = meetings.snapshots_of(dossier, meeting.key)
        self._freezing.setText("Remplacer l’arrêté…" if kept else "Arrêter les données…")
        self._where.setText(" · ".join(said))
        self._say_papers(dossier, meeting)
        for editor, text in ((self._agenda, meeting.agenda), (self._people, meeting.participants)):
            editor.set_editable(editable, shown=shown)
            editor.show_lines(meetings.lines(text))
        self._people.suggest(line for one in dossier.meetings for line in meetings.lines(one.participants))
        own = meetings.decisions_of(dossier, meeting.key)
        earlier = meetings.earlier_decisions(dossier, meeting, today)
        self._own.show_rows(rows_of(own, lambda one: f"D{one.rank}", today), editable=editable, shown=shown)
        self._earlier.show_rows(
            rows_of(earlier, situation.decision_code, today), editable=editable, shown=shown
        )
        left = sum(meetings.is_open(one, today) for one in earlier)
        self._tabs.setTabText(_DECISIONS, f"Décisions ({len(own)})" if own else "Décisions")
        self._tabs.setTabText(_SUITES, f"Suites ({left})" if left else "Suites")
        self._frozen.show_meeting(
            kept,
            [Choosable(one, self._words_of(one, situation)) for one in dossier.snapshots],
            f"Aujourd’hui ({format_date(picture.day)})"
            if picture.day == today
            else f"Le {format_date(picture.day)}",
            meetings.arrete_words(dossier, kept[-1]) if kept else "",
            editable=editable,
            shown=shown,
        )

    def _say_papers(self, dossier: Dossier, meeting: Meeting) -> None:
        """The last paper printed for the meeting; the others where one points at it."""
        lines: list[str] = []
        if dossier.papers:
            # Not on the way to the first paint.
            from qpvdesk.services.committees import papers

            lines = [papers.sentence(one) for one in papers.of_meeting(dossier, meeting.key)]
        self._papers.setVisible(bool(lines))
        rest = (
            f" · {plural(len(lines) - 1, 'autre papier', 'autres papiers')} avant" if len(lines) > 1 else ""
        )
        self._papers.setText(f"Imprimé\u202f: {lines[0]}{rest}" if lines else "")
        tip(self._papers, "\n".join(lines[1:]))

    def _words_of(self, snapshot: Snapshot, situation: Situation) -> str:
        owner = next((one for one in situation.dossier.meetings if one.key == snapshot.meeting), None)
        code = meeting_code(owner) if owner is not None else "?"
        several = len(meetings.snapshots_of(situation.dossier, snapshot.meeting)) > 1
        words = f"{code} (au {format_date(snapshot.day)})"
        return f"{words}, {snapshot.fingerprint[:4]}" if several else words

    def _act(self, doing: str, act: Act) -> None:
        """Change something; what is refused is told, and the page shows what is kept."""

        def refused(error: UserError) -> None:
            self._session.refused.emit(doing, error)
            self._show_meeting()

        self._session.change(doing, act, failed=refused)

    def _answer(self, doing: str, act: Act, form: WaitingDialog) -> None:
        """Make the change that a form asks for, and tell it what came of it."""
        self._session.change(doing, act, lambda _: form.saved(), form.refuse)

    def _make(self, doing: str, act: Act, kind: MeetingKind, day: date, form: WaitingDialog | None) -> None:
        def made(_: object) -> None:
            if form is not None:
                form.saved()
            self._go_to(kind, day)

        self._session.change(doing, act, made, form.refuse if form is not None else None)

    def _go_to(self, kind: MeetingKind, day: date) -> None:
        """Show the meeting that was just made."""
        assert self._picture is not None
        made = [one for one in self._picture.situation.dossier.meetings if (one.kind, one.day) == (kind, day)]
        if made:
            self._choose(max(made, key=lambda one: one.key).key)
            self._tabs.setCurrentIndex(_SEANCE)

    def _remove(self) -> None:
        key, contract = self._key, self._session.contract
        self._act("Retirer la réunion", lambda desk: committee.remove(desk, contract, key))

    def _set_agenda(self, items: tuple[str, ...]) -> None:
        key, contract = self._key, self._session.contract
        self._act("Ordre du jour", lambda desk: committee.set_agenda(desk, contract, key, items))

    def _set_participants(self, functions: tuple[str, ...]) -> None:
        key, contract = self._key, self._session.contract
        self._act("Participants", lambda desk: committee.set_participants(desk, contract, key, functions))

    def _freeze(self, day: date, reason: str) -> None:
        key, contract = self._key, self._session.contract
        self._act(
            "Arrêter les données", lambda desk: freezing.freeze(desk, contract, key, day, replacing=reason)
        )
        self._tabs.setCurrentIndex(_DONNEES)

    def _set_state(self, key: str, state: DecisionState) -> None:
        contract = self._session.contract
        self._act("État de la décision", lambda desk: committee.set_state(desk, contract, key, state))

    def _remove_decision(self, key: str) -> None:
        contract = self._session.contract
        self._act("Retirer la décision", lambda desk: committee.remove_decision(desk, contract, key))

    def _read_history(self, key: str) -> None:
        def show(entries: tuple[HistoryEntry, ...]) -> None:
            for panel in (self._own, self._earlier):
                panel.show_history(key, entries)

        self._session.preview(lambda desk, _: journals.history_of(desk, key), show, lambda _: None)

    def _compare(self, before: Snapshot, after: Snapshot | None) -> None:
        if self._picture is None:
            return
        now = self._picture.situation
        self._session.read(
            "Comparaison",
            lambda desk, _: freezing.compared_snapshots(desk, now, before, after),
            lambda made: self._frozen.show_comparison(made, before, after),
            lambda error: self._frozen.show_trouble(f"{error.message} {error.remedy}".strip()),
        )

    def _print_file(self) -> None:
        self._print("copil")

    def _print_minutes(self) -> None:
        self._print("decisions")

    def _print(self, model: str) -> None:
        meeting = self._meeting()
        if meeting is not None:
            self.go("impressions", "", modele=model, reunion=meeting_code(meeting))
