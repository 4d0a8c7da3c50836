"""« Comités »: the meetings of a year, what each prepares, decides and freezes, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.meetings import meeting_code
from qpvdesk.domain.model import Meeting, MeetingKind, Snapshot
from qpvdesk.services import journals
from qpvdesk.services.committees import committee, freezing
from qpvdesk.services.committees.committee import DecisionEntry
from qpvdesk.services.journals import HistoryEntry
from qpvdesk.ui.drafts import Drafts, decision_draft
from qpvdesk.ui.kit.controls import button, leaves
from qpvdesk.ui.kit.master_detail import side_by_side
from qpvdesk.ui.kit.tokens import EDGE, GAP, ROOM, stacked
from qpvdesk.ui.pages.committee_dialogs import CommitteeDialogs, carriers
from qpvdesk.ui.pages.committee_meeting import DECISIONS, DONNEES, SEANCE, MeetingPanel
from qpvdesk.ui.pages.committee_year import MeetingList, deadlines, first_shown, meeting_rows, year_words
from qpvdesk.ui.pages.page import ASSESSED, FORM, Address, Page, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Act, Session, once_answered
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.decision_line import DecisionLine, await_answers
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.lines_editor import LinesEditor
from qpvdesk.ui.widgets.year_strip import YearStrip

_LOW = 520
"""Height of the page, at a zoom of 100 %, under which the calendar is cut short."""
_NONE = "Aucune réunion n’est inscrite"
_TWO_A_YEAR = (
    "Un contrat de ville se suit en deux comités de pilotage par an au moins, préparés en comité technique."
)
_BEGIN = (
    f"{_TWO_A_YEAR} Inscrivez le prochain\u202f: son ordre du jour, ses décisions et ses données arrêtées se tiennent "
    "ici. Une décision se note aussi ci-dessous\u202f: la réunion qui l’a prise vous est alors demandée."
)


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

    def __init__(self, theme: Theme, session: Session, drafts: Drafts) -> None:
        super().__init__()
        self._theme = theme
        self._session = session
        self._picture: Picture | None = None
        self._year = 0
        self._key = ""
        self._drafts = drafts
        self._waiting: DecisionEntry | None = None
        """A decision typed before the meeting that takes it is inscribed."""
        self._dialogs = CommitteeDialogs(theme, lambda: session.today, drafts, self)
        self._dialogs.answering.connect(self._answer)
        self._dialogs.making.connect(self._make)
        self._dialogs.freezing.connect(self._freeze)
        outer = stacked(on=self, spacing=GAP, margins=(EDGE, ROOM, 0, 0))
        top = stacked(self._make_head(), spacing=GAP, margins=(0, 0, EDGE, 0))
        self._strip = YearStrip(theme)
        self._strip.chosen.connect(self._choose)
        top.addWidget(self._strip)
        outer.addLayout(top)
        self._panel = MeetingPanel(theme, lambda: session.today)
        self._list = MeetingList(theme, opened=self._panel.tabs.setFocus, offer=self._panel.offer)
        self._list.chosen.connect(self._choose)
        self._listen()
        self._nothing = EmptyState(_NONE, _BEGIN, "Inscrire une réunion…", self._dialogs.ask_new)
        self._body = leaves(
            side_by_side(theme, (self._list, 280, 1), (self._panel, 860, 4)), self._make_bare()
        )
        outer.addWidget(self._body, 1)

    def show_picture(self, picture: Picture) -> None:
        self._picture = picture
        meetings = picture.situation.dossier.meetings
        if self._key not in {meeting.key for meeting in meetings}:
            first = first_shown(meetings, picture.day)
            self._key = first.key if first else ""
            self._year = first.day.year if first else picture.day.year
        self._body.setCurrentIndex(0 if meetings else 1)
        self._nothing.say(_NONE, _TWO_A_YEAR if picture.projected else _BEGIN)
        for act in (self._new, *self._nothing.findChildren(QPushButton)):
            act.setVisible(not picture.projected)
            act.setEnabled(picture.editable)
        self._line.set_editable(picture.editable, shown=not picture.projected)
        self._line.suggest(carriers(picture.situation.dossier), picture.situation.dossier.partners)
        lines = self._panel.own.line, self._line
        _hand_over(lines if meetings else lines[::-1], self._drafts, decision_draft(picture.contract.code))
        self._show_year()

    def arrive(self, address: Address) -> None:
        """Show the meeting or the decision of a code (`COPIL-2026-06-30`, `COPIL-2026-06-30-D2`)."""
        if self._picture is None:
            return
        situation = self._picture.situation
        aim: QWidget = self._list
        if address.focus:
            for decision in situation.dossier.decisions:
                if situation.decision_code(decision) == address.focus:
                    self._choose(decision.meeting)
                    self._panel.tabs.setCurrentIndex(DECISIONS)
                    self._panel.own.select(decision.key)
                    aim = self._panel.own
            for meeting in situation.dossier.meetings:
                if meeting_code(meeting) == address.focus:
                    self._choose(meeting.key)
        filters = dict(address.filters)
        tab = filters.get("volet", "")
        if tab.isdigit():
            self._panel.tabs.setCurrentIndex(int(tab))
            if int(tab) == DECISIONS and not address.focus and self._panel.own.line is not None:
                if (first := first_shown(situation.dossier.meetings, self._picture.day)) and not self._key:
                    self._choose(first.key)
                aim = self._panel.own.line if self._key else self._line
        aim.setFocus()
        if FORM in filters and self._picture.editable:
            self._dialogs.reopen(filters[FORM])

    def leave(self) -> None:
        """The window closes: a decision that is not noted waits on disk, once it is known of the last whether it is."""
        if self._panel.own.line is not None:
            await_answers(self._panel.own.line)
        self._drafts.flush()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the page is low, give the room of the calendar's second line to what is below."""
        super().resizeEvent(event)
        self._strip.set_compact(self.height() < self._theme.px(_LOW))

    def address(self) -> Address:
        """Return the meeting and the tab shown."""
        meeting = self._meeting()
        return Address(
            self.word,
            meeting_code(meeting) if meeting else "",
            (("volet", str(self._panel.tabs.currentIndex())),),
        )

    def _make_head(self) -> Flow:
        head, self._mention = page_head(self.title)
        for text, name, step in (("‹", "Année précédente", -1), ("›", "Année suivante", 1)):
            turn = button(text, partial(self._turn, step), role="quiet", name=name, hint=name)
            if step > 0:
                self._year_words: QLabel = label("", "heading")
                head.addWidget(self._year_words)
            head.addWidget(turn)
        self._new = button("Nouvelle réunion…", self._dialogs.ask_new, role="primary")
        head.addWidget(self._new)
        return head

    def _make_bare(self) -> QWidget:
        """What stands where no meeting is inscribed: how to begin, and the line of a decision all the same."""
        bare = QWidget()
        column = stacked((self._nothing, 1), on=bare, margins=(0, 0, EDGE, ROOM))
        self._line = DecisionLine(self._theme, lambda: self._session.today)
        self._line.typed.connect(self.unsaved)
        self._line.noted.connect(self._inscribe_for)
        column.addWidget(self._line)
        return bare

    def _inscribe_for(self, entry: DecisionEntry) -> None:
        """Ask for the meeting that a decision was taken in; what is typed stays until it is noted there."""
        dialog = self._dialogs.ask_new("La réunion qui a pris cette décision")
        if dialog is not None:
            self._waiting = entry
            dialog.rejected.connect(self._wait_no_more)

    def _wait_no_more(self) -> None:
        self._waiting = None

    def _listen(self) -> None:
        """Hear what is asked of the meeting shown."""
        panel, dialogs = self._panel, self._dialogs
        panel.new_asked.connect(dialogs.ask_new)
        panel.edit_asked.connect(dialogs.ask_edit)
        panel.copy_asked.connect(dialogs.ask_copy)
        panel.freeze_asked.connect(lambda: dialogs.ask_freeze(self.waiting()))
        panel.remove_asked.connect(lambda: self._act("Retirer la réunion", committee.remove, self._key))
        panel.file_asked.connect(lambda: self._print("copil"))
        panel.minutes_asked.connect(lambda: self._print("decisions"))
        for lines, doing, act in (
            (panel.agenda, "Ordre du jour", committee.set_agenda),
            (panel.people, "Participants", committee.set_participants),
        ):
            lines.changed.connect(partial(_set_lines, self, lines, (doing, act)))
        for decisions in (panel.own, panel.earlier):
            decisions.state_chosen.connect(
                lambda key, state: self._act("État de la décision", committee.set_state, key, state)
            )
            decisions.states_chosen.connect(
                lambda keys, state: self._act("État des décisions", committee.set_states, keys, state)
            )
            decisions.remove_asked.connect(
                lambda key: self._act("Retirer la décision", committee.remove_decision, key)
            )
            decisions.edit_asked.connect(dialogs.ask_decision)
            decisions.files_asked.connect(lambda key, title: self.attaching.emit("decision", key, title))
            decisions.history_asked.connect(self._read_history)
        panel.own.new_asked.connect(lambda: dialogs.ask_decision(""))
        if panel.own.line is not None:
            panel.own.line.noted.connect(self._note)
            panel.own.line.typed.connect(self.unsaved)
        panel.frozen.compare_asked.connect(self._compare)
        panel.frozen.objective_asked.connect(lambda code: self.go("objectifs", code))

    def _note(self, entry: DecisionEntry) -> None:
        """Keep a decision typed in the line; the hand stays there."""
        line, contract, key = self._panel.own.line, self._session.contract, self._key
        if line is None:
            return
        number = line.send()

        def written(change: Change) -> None:
            _select_decision(self._panel, change)
            line.written(number)

        self._session.change(
            "Décision",
            lambda desk: committee.decide(desk, contract, key, entry),
            written,
            lambda error: line.give_back(number, error),
        )
        # After the answer, whatever it was: what a fault of the program kept from being noted is not lost.
        once_answered(self._session, lambda: line.give_back(number))

    def _meeting(self) -> Meeting | None:
        meetings = self._picture.situation.dossier.meetings if self._picture is not None else ()
        return next((meeting for meeting in meetings if meeting.key == self._key), None)

    def _turn(self, step: int) -> None:
        self._year += step
        assert self._picture is not None
        meetings = self._picture.situation.dossier.meetings
        first = first_shown(
            (meeting for meeting in meetings if meeting.day.year == self._year), self._picture.day
        )
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
            self._list.select(key)
            self._show_meeting()

    def _show_year(self) -> None:
        if self._picture is None:
            return
        situation, day, year = self._picture.situation, self._picture.day, self._year
        rows = meeting_rows(situation.dossier, year, day)
        self._year_words.setText(str(year))
        self._year_words.setAccessibleName(f"Année {year}")
        dues = deadlines(situation, year, day)
        self._mention.setText(year_words(situation, year, rows, dues, today=day))
        self._strip.show_year(year, day, [row.chip for row in rows], dues)
        self._strip.select(self._key)
        self._list.show_year(year, rows, self._key)
        self._show_meeting()

    def _show_meeting(self) -> None:
        if self._picture is not None:
            meeting = self._meeting()
            self._dialogs.show(self._picture.situation, meeting)
            self._panel.show_meeting(self._picture, meeting, self._session.today)

    def _act(self, doing: str, act: Callable[..., Change], *arguments: Any) -> None:
        """Change something of the contract; what is refused is told, and the page shows what is kept."""
        contract = self._session.contract

        def refused(error: UserError) -> None:
            self._session.refused.emit(doing, error)
            self._show_meeting()

        self._session.change(doing, lambda desk: act(desk, contract, *arguments), failed=refused)

    def _answer(self, doing: str, act: Act, form: WaitingDialog) -> None:
        """Make the change that a form asks for, and tell it what came of it."""

        def done(change: Change) -> None:
            form.saved()
            _select_decision(self._panel, change)

        self._session.change(doing, act, done, form.refuse, faults=True)
        once_answered(self._session, form.answered)

    def _make(self, doing: str, act: Act, aim: tuple[MeetingKind, date], form: WaitingDialog | None) -> None:
        def show_meeting(_: object) -> None:
            if form is not None:
                form.saved()
            self._go_to(*aim)
            entry, self._waiting = self._waiting, None
            if entry is not None and self._panel.own.line is not None:
                self._panel.tabs.setCurrentIndex(DECISIONS)
                self._line.kept()
                self._panel.own.line.take(entry)

        refuse = form.refuse if form is not None else None
        self._session.change(doing, act, show_meeting, refuse, faults=True)
        if form is not None:
            once_answered(self._session, form.answered)

    def _go_to(self, kind: MeetingKind, day: date) -> None:
        assert self._picture is not None
        meetings = self._picture.situation.dossier.meetings
        keys = [meeting.key for meeting in meetings if (meeting.kind, meeting.day) == (kind, day)]
        if keys:
            self._choose(max(keys))
            self._panel.tabs.setCurrentIndex(SEANCE)

    def _freeze(self, day: date, reason: str) -> None:
        act = partial(freezing.freeze, replacing=reason)
        self._act("Arrêter les données", act, self._key, day)
        self._panel.tabs.setCurrentIndex(DONNEES)

    def _read_history(self, key: str) -> None:
        def show(entries: tuple[HistoryEntry, ...]) -> None:
            for decisions in (self._panel.own, self._panel.earlier):
                decisions.show_history(key, entries)

        self._session.preview(lambda desk, _: journals.history_of(desk, key), show, lambda _: None)

    def _compare(self, before: Snapshot, after: Snapshot | None) -> None:
        if self._picture is None:
            return
        now, frozen = self._picture.situation, self._panel.frozen
        self._session.read(
            "Comparaison",
            lambda desk, _: freezing.compared_snapshots(desk, now, before, after),
            lambda comparison: frozen.show_comparison(comparison, before, after),
            lambda error: frozen.show_trouble(str(error)),
        )

    def _print(self, model: str) -> None:
        meeting = self._meeting()
        if meeting is not None:
            self.go("impressions", "", modele=model, reunion=meeting_code(meeting))


def _set_lines(
    page: CommitteesPage,
    editor: LinesEditor,
    doing: tuple[str, Callable[..., Change]],
    lines: tuple[str, ...],
) -> None:
    """Keep the lines of the meeting shown; a picture of before the last of them takes none away."""
    label, act = doing
    page._act(label, act, page._key, lines)
    number = editor.hold()
    once_answered(page._session, lambda: editor.release(number))


def _hand_over(lines: tuple[DecisionLine | None, DecisionLine | None], drafts: Drafts, name: str) -> None:
    """Have the first of two lines, the one in view, go on with a draft; the other holds it no more."""
    line, other = lines
    if other is not None:
        other.let_go()
    if line is not None:
        line.keep_in(drafts, name)


def _select_decision(panel: MeetingPanel, change: Change) -> None:
    """Choose the decision that was made or amended, where it is of this list."""
    for kind, key, _ in change.touched:
        if kind == "decision":
            panel.own.select(key)
