"""The meeting chosen in the page of the committees: what it is, its papers, its four tabs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QTabWidget, QWidget

from qpvdesk.domain import meetings
from qpvdesk.domain.french import format_date, plural
from qpvdesk.domain.meetings import meeting_code
from qpvdesk.domain.model import Dossier, Meeting, Snapshot
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.wording import of
from qpvdesk.ui.kit.controls import leaves, tabs
from qpvdesk.ui.kit.table_menu import RowAct
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import GAP, HAIR, SNUG, TIGHT, WIDE, fill, in_row, stacked
from qpvdesk.ui.pages.committee_decisions import DecisionsPanel, decision_rows
from qpvdesk.ui.pages.committee_dialogs import carriers
from qpvdesk.ui.pages.committee_frozen import Choosable, FrozenPanel
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.terms import explain
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.labels import aside, label
from qpvdesk.ui.widgets.lines_editor import LinesEditor

SEANCE, DECISIONS, SUITES, DONNEES = range(4)
"""The tabs."""


class MeetingPanel(QFrame):
    """Shows a meeting; says what is asked of it. The panels of its tabs speak for themselves."""

    new_asked = Signal()
    edit_asked = Signal()
    copy_asked = Signal()
    remove_asked = Signal()
    freeze_asked = Signal()
    file_asked = Signal()
    """The file of the meeting is to be printed."""
    minutes_asked = Signal()

    def __init__(self, theme: Theme, today: Callable[[], date]) -> None:
        super().__init__()
        self._theme, self._today = theme, today
        self._before: tuple[str, ...] = ()
        self._changing: list[QPushButton] = []
        self._able = False
        self.setProperty("role", "panel")
        self.setMinimumWidth(theme.px(512))
        body = QWidget()
        body.setObjectName("panelbody")
        nothing = EmptyState(
            "Aucune réunion cette année-là",
            "Changez d’année avec les flèches en haut de la page, ou inscrivez une réunion.",
        )
        self._stack = leaves(body, nothing)
        stacked(self._stack, on=self)
        column = stacked(self._make_head(), on=body, spacing=SNUG, margins=(WIDE, GAP, WIDE, GAP))
        self._where = aside("", select=True)
        column.addWidget(self._where)
        self._papers = aside("", select=True, name="Papiers imprimés pour cette réunion")
        fill(column, self._papers, self._make_papers(), (self._make_tabs(), 1))

    def offer(self, rows: Sequence[object]) -> Sequence[RowAct]:
        """Return what is done with meetings listed, by the keys of any other list."""
        is_single = self._able and len(rows) == 1
        return (
            RowAct("Modifier…", self.edit_asked.emit, "F2", is_single),
            RowAct("Retirer", self.remove_asked.emit, "Del", is_single),
            RowAct("Nouvelle réunion…", self.new_asked.emit, "Ins", self._able),
        )

    def show_meeting(self, picture: Picture, meeting: Meeting | None, today: date) -> None:
        """Show a meeting; None: there is none in the year."""
        self._stack.setCurrentIndex(0 if meeting is not None else 1)
        self._able = picture.editable
        for button in self._changing:
            button.setVisible(not picture.projected)
            button.setEnabled(picture.editable)
        if meeting is None:
            return
        dossier = picture.situation.dossier
        self._heading.setText(meeting.name)
        facts = [meeting_code(meeting), format_date(meeting.day), meeting.place or "lieu à préciser"]
        if meeting.title:
            facts.insert(1, meeting.kind_name)
        self._where.setText(" · ".join(facts))
        kept = meetings.snapshots_of(dossier, meeting.key)
        self._freezing.setText("Arrêter de nouveau les données…" if kept else "Arrêter les données…")
        self._say_papers(dossier, meeting)
        editable, shown = picture.editable, not picture.projected
        for editor, text in ((self.agenda, meeting.agenda), (self.people, meeting.participants)):
            editor.set_editable(editable, shown=shown)
            editor.show_lines(meetings.lines(text), meeting.key)
        self.people.suggest(
            function for other in dossier.meetings for function in meetings.lines(other.participants)
        )
        last = meetings.last_with_participants(dossier, meeting)
        self._before = tuple(meetings.lines(last.participants)) if last is not None else ()
        proposed = last is not None and not meetings.lines(meeting.participants)
        self._same.setVisible(proposed and shown)
        self._same.setEnabled(editable)
        if last is not None:
            functions = plural(len(self._before), "fonction", "fonctions")
            self._same.setText(f"Reprendre ceux{of(meeting_code(last))} ({functions})")
        if self.own.line is not None:
            self.own.line.suggest(carriers(dossier), dossier.partners)
            coming = ", à venir" if meeting.day > today else ""
            self.own.line.say_meeting(f"{meeting.kind_name} du {format_date(meeting.day)}{coming}")
        self._show_decisions(picture, meeting)
        self.frozen.show_meeting(
            kept,
            [Choosable(snapshot, _words_of(snapshot, picture.situation)) for snapshot in dossier.snapshots],
            f"Aujourd’hui ({format_date(picture.day)})"
            if picture.day == today
            else f"Le {format_date(picture.day)}",
            meetings.arrete_words(dossier, kept[-1]) if kept else "",
            editable=editable,
            shown=shown,
        )

    def _show_decisions(self, picture: Picture, meeting: Meeting) -> None:
        situation, day = picture.situation, picture.day
        own = meetings.decisions_of(situation.dossier, meeting.key)
        earlier = meetings.earlier_decisions(situation.dossier, meeting, day)
        for panel, rows in (
            (self.own, decision_rows(own, lambda decision: f"D{decision.rank}", day)),
            (self.earlier, decision_rows(earlier, situation.decision_code, day)),
        ):
            panel.show_rows(rows, editable=picture.editable, shown=not picture.projected)
        left = sum(meetings.is_open(decision, day) for decision in earlier)
        self.tabs.setTabText(DECISIONS, f"Décisions ({len(own)})" if own else "Décisions")
        self.tabs.setTabText(SUITES, f"Suites ({left})" if left else "Suites")
        ongoing = plural(left, "décision prise avant reste", "décisions prises avant restent")
        self.tabs.setTabToolTip(SUITES, f"{ongoing} en cours le {format_date(day)}" if left else "")

    def _say_papers(self, dossier: Dossier, meeting: Meeting) -> None:
        """The last paper printed for the meeting; the others where one points at it."""
        lines: list[str] = []
        if dossier.papers:
            # Not on the way to the first paint.
            from qpvdesk.services.committees import papers  # noqa: PLC0415 - 12 ms, a meeting with papers alone needs it

            lines = [papers.sentence(paper) for paper in papers.of_meeting(dossier, meeting.key)]
        self._papers.setVisible(bool(lines))
        rest = (
            f" · {plural(len(lines) - 1, 'autre papier', 'autres papiers')} avant" if len(lines) > 1 else ""
        )
        self._papers.setText(f"Imprimé\u202f: {lines[0]}{rest}" if lines else "")
        tip(self._papers, "\n".join(lines[1:]))

    def _make_head(self) -> QHBoxLayout:
        self._heading = label("", "heading", wrap=True, select=True)
        row = in_row((self._heading, 1), spacing=HAIR)
        for button in (
            self._button("Modifier…", "Date, lieu, titre", self.edit_asked.emit, changes=True),
            self._button(
                "Dupliquer…",
                "Même lieu, même ordre du jour, mêmes participants, à une autre date",
                self.copy_asked.emit,
                changes=True,
            ),
            self._button(
                "Retirer", "Retirer la réunion et ses décisions", self.remove_asked.emit, changes=True
            ),
        ):
            button.setProperty("role", "quiet")
            row.addWidget(button)
        return row

    def _make_papers(self) -> QHBoxLayout:
        row = in_row(spacing=SNUG)
        self._freezing = self._button(
            "Arrêter les données…",
            "Garder le contrat tel qu’il est pour cette réunion",
            self.freeze_asked.emit,
            changes=True,
        )
        for button in (
            self._button(
                "Imprimer le dossier",
                "Le dossier de la réunion, avec ses données arrêtées",
                self.file_asked.emit,
            ),
            self._button(
                "Relevé de décisions", "Les décisions et la feuille de présence", self.minutes_asked.emit
            ),
            self._freezing,
        ):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _make_tabs(self) -> QTabWidget:
        self.tabs = tabs("La réunion choisie")
        self.own = DecisionsPanel(
            self._theme,
            "Décisions de la réunion",
            "Aucune décision n’est notée",
            "Notez chaque décision pendant la séance\u202f: ce qui est décidé, à qui c’est confié, pour quand. "
            "Celles qui tardent se rappellent parmi les points d’attention.",
            own=self._today,
        )
        self.earlier = DecisionsPanel(
            self._theme,
            "Suites des réunions précédentes",
            "Rien n’est attendu des réunions précédentes",
            "Les décisions prises avant cette réunion apparaissent ici, celles qui restent à faire en premier.",
            own=None,
        )
        self.frozen = FrozenPanel(self._theme)
        self.frozen.freeze_asked.connect(self.freeze_asked)
        for tab, words in (
            (self._make_seance(), "Séance"),
            (self.own, "Décisions"),
            (self.earlier, "Suites"),
            (self.frozen, "Données arrêtées"),
        ):
            self.tabs.addTab(tab, words)
        return self.tabs

    def _make_seance(self) -> QWidget:
        seance = QWidget()
        row = in_row(on=seance, spacing=WIDE, margins=(0, GAP, 0, 0))
        self.agenda = LinesEditor(
            self._theme,
            "Ordre du jour",
            adding="Ajouter un point",
            teaching="Un point par ligne\u202f; Alt+↑ et Alt+↓ les ordonnent. Ils s’impriment dans le dossier.",
            numbered=True,
        )
        self.people = LinesEditor(
            self._theme,
            "Participants, par fonction",
            adding="Ajouter une fonction",
            teaching="Une fonction par ligne (sous-préfète, directeur territorial…), jamais un nom\u202f: la feuille de "
            "présence en vient.",
        )
        row.addWidget(self.agenda, 3)
        side = stacked((self.people, 1), spacing=TIGHT)
        self._same = QPushButton("Reprendre ceux de la dernière réunion")
        tip(self._same, "Les mêmes fonctions que la dernière fois\u202f; chacune peut ensuite être retirée")
        self._same.clicked.connect(lambda: self.people.changed.emit(self._before))
        side.addWidget(self._same)
        row.addLayout(side, 2)
        return seance

    def _button(
        self, text: str, words: str, act: Callable[[], object], *, changes: bool = False
    ) -> QPushButton:
        """`changes`: it is out of reach where nothing can be changed."""
        button = QPushButton(text)
        tip(button, words)
        explain(button)
        button.clicked.connect(lambda _=False: act())
        if changes:
            self._changing.append(button)
        return button


def _words_of(snapshot: Snapshot, situation: Situation) -> str:
    owner = next((meeting for meeting in situation.dossier.meetings if meeting.key == snapshot.meeting), None)
    code = meeting_code(owner) if owner is not None else "?"
    several = len(meetings.snapshots_of(situation.dossier, snapshot.meeting)) > 1
    words = f"{code} (au {format_date(snapshot.day)})"
    return f"{words}, {snapshot.fingerprint[:4]}" if several else words
