"""What comes in by the page « Échanges »: a file read in a process of its own, understood, previewed, then written."""

from __future__ import annotations

from dataclasses import replace as replace_field
from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from qpvdesk.domain import file_names
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import plural
from qpvdesk.domain.situation import Situation
from qpvdesk.services.contracts import contract_import, retitling
from qpvdesk.services.contracts.contract_import import ContractDraft, holds_contract, stated_code
from qpvdesk.services.contracts.retitling import LooseColumn, Titles
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import imports
from qpvdesk.services.figures.imports import Answers, Plan, ReadBook
from qpvdesk.services.figures.line import Decision, LineState
from qpvdesk.ui.jobs import Job, ProgressCard
from qpvdesk.ui.kit.master_detail import PaneStack
from qpvdesk.ui.notify import CANCEL, Choice, Gravity, Notice, Notifier
from qpvdesk.ui.pages.exchange_actions import ActionsPane
from qpvdesk.ui.pages.exchange_plan import PlanPane
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.contract_preview import ContractPreview
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.mapping_form import MappingForm

_GIVE_UP = Choice("renoncer", "Renoncer")


class IncomingPane(PaneStack):
    """Nothing, the columns to be said, what a file would change, a whole contract, or why it cannot be told."""

    file_asked = Signal()
    """Another file is to be chosen."""
    refused_asked = Signal(object)
    """The `Plan` whose lines that are not taken, the `ContractDraft` whose refused cells are to be saved."""
    previewed = Signal()
    """What a file would change is shown, or why it cannot be told."""
    told = Signal(str)
    """What is in hand, in words."""
    filled = Signal(bool)
    """Whether a file is in hand, which takes the whole width."""

    def __init__(self, theme: Theme, session: Session, notifier: Notifier) -> None:
        super().__init__()
        self._session, self._notifier = session, notifier
        self._picture: Picture | None = None
        self._job: Job | None = None
        self._forget()
        self._empty = EmptyState(
            "Aucun fichier n’est ouvert",
            "Déposez ici le classeur qu’un partenaire vous a renvoyé, ou tout autre tableau (xlsx, xls, ods, csv),"
            " ou un contrat entier."
            " Rien n’est écrit avant que vous ayez vu ce qui changerait.",
            "Choisir un fichier…",
            self.file_asked.emit,
        )
        self._shown = PlanPane(theme)
        self._mapping = MappingForm(theme)
        self._mapping.columns_chosen.connect(lambda columns: self._answer(tables=(columns,)))
        self._mapping.given_up.connect(
            lambda: self._switch(self._shown) if self._plan is not None else self._give_up()
        )
        self._trouble = EmptyState(
            "Ce fichier ne peut pas être importé", "", "Choisir un autre fichier…", self.file_asked.emit
        )
        self._whole = ContractPreview(theme)
        self._whole.coded.connect(self._draw_up)
        self._whole.retitled.connect(self._retitle)
        self._whole.wanted.connect(self._make_contract)
        self._whole.marked_asked.connect(lambda: self.refused_asked.emit(self._draft))
        self._whole.given_up.connect(self._give_up)
        self._shown.preview.named.connect(self._call)
        self._shown.preview.settled.connect(self._settle)
        self._shown.columns.tables_chosen.connect(lambda tables: self._answer(tables=tables))
        self._shown.columns.partnered.connect(lambda partner: self._answer(partner=partner))
        self._shown.columns.sheet_set_aside.connect(self._set_sheet_aside)
        self._shown.dated.connect(lambda day: self._set_return(day, self._answers.source))
        self._shown.sourced.connect(lambda source: self._set_return(self._answers.day, source))
        self._shown.columns_asked.connect(self._map)
        self._shown.refused_asked.connect(lambda: self.refused_asked.emit(self._plan))
        self._shown.given_up.connect(lambda: self._give_up(asking=True))
        self._shown.confirmed.connect(self._write)
        self._actions = ActionsPane(theme, session)
        self._actions.given_up.connect(self._give_up)
        self._actions.created.connect(self._leave_with)
        self._actions.proposed.connect(self._show_actions)
        for pane in (self._empty, self._mapping, self._shown, self._trouble, self._whole, self._actions):
            self.addWidget(pane)

    def show_picture(self, picture: Picture) -> None:
        """Reckon again what the file in hand would change; another contract has none."""
        moved = self._picture is not None and picture.contract.key != self._picture.contract.key
        self._picture = picture
        self._empty.set_able(picture.editable)
        self._trouble.set_able(picture.editable)
        if moved:
            self._give_up()
        elif self._plan is not None:
            self._reckon()

    def set_low(self, low: bool) -> None:
        """Take less room, in a low window."""
        self._shown.set_low(low)

    def read(self, path: Path, book: ReadBook | None = None) -> None:
        """Read a file that was not yet, then show what it would change."""
        if self._picture is None or not self._picture.editable:
            return
        if not _may_forget(self._notifier, self._plan, self._answers):
            return
        self.leave()
        self._forget()
        self._name, self._path = file_names.shown(path.name), path
        if path.suffix.lower() == ".paquet":
            where = "Recevez-le par Fichier, «\u202fÉchanger avec un collègue…\u202f»."
            self._cannot(UserError("C’est le paquet d’un collègue.", where))
            return
        if book is not None:
            self._take(book)
            return
        self.told.emit(f"Lecture de «\u202f{self._name}\u202f»…")
        job = self._job = self._session.read(
            "Lecture du fichier",
            lambda _, cancelled: imports.read(path, cancelled=cancelled),
            self._take,
            self._cannot,
        )
        card = ProgressCard(f"Lecture de «\u202f{self._name}\u202f»", job, self)
        self._session.print_over.connect(card.finish)

    def leave(self) -> None:
        """Give up the reading under way."""
        if self._job is not None:
            self._job.cancel()

    def _forget(self) -> None:
        self._book: ReadBook | None = None
        self._draft: ContractDraft | None = None
        self._titles: Titles = {}
        self._plan: Plan | None = None
        self._name = self._code = ""
        self._path = Path()
        self._answers: Answers = Answers()

    def _switch(self, pane: QWidget) -> None:
        self.filled.emit(pane not in (self._empty, self._trouble))
        for other in (self._empty, self._mapping, self._shown, self._trouble, self._whole, self._actions):
            # A pane that is not seen would else make the page as high as it would like to be itself.
            policy = QSizePolicy.Policy.Preferred if other is pane else QSizePolicy.Policy.Ignored
            other.setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self.setCurrentWidget(pane)

    def _take(self, book: ReadBook) -> None:
        self._job = None
        self._book = book
        if holds_contract(book):
            self._draw_up(stated_code(book))
        else:
            self._reckon()

    def _cannot(self, error: UserError) -> None:
        """The file was refused, or its reader hung or died."""
        self._job = None
        self.told.emit(self._name)
        self._trouble.say("Ce fichier ne peut pas être importé", str(error))
        self._switch(self._trouble)
        self.previewed.emit()

    def _draw_up(self, code: str) -> None:
        """Read the whole contract that the file holds, under a code."""
        book, path, picture = self._book, self._path, self._picture
        if book is None or picture is None or (self._draft is not None and code == self._code):
            return
        # Nothing is made of what was read under another code while this one is read.
        self._code, self._draft = code, None
        titles = self._titles

        def show(found: tuple[ContractDraft, tuple[LooseColumn, ...], str]) -> None:
            draft, columns, why = found
            if book is not self._book or (code, titles) != (self._code, self._titles):
                return
            self._draft = draft
            self.told.emit(self._name)
            self._whole.show_loose(columns, titles)
            known = {contract.code for contract in picture.contracts}
            self._whole.show_draft(draft, code, taken=code in known, why=why)
            self._switch(self._whole)
            self.previewed.emit()

        def draw_up(desk: Desk, _: Situation) -> tuple[ContractDraft, tuple[LooseColumn, ...], str]:
            read = retitling.retitled(book, titles)
            draft, why = contract_import.draft(read, path, code=code, today=desk.today()), ""
            try:
                if draft.dossier is not None:
                    contract_import.refuse_nature(desk.base, draft.dossier)
            except UserError as error:
                why = str(error)
            # A copy to be put right is the file as it is.
            return replace_field(draft, book=book), retitling.loose_columns(book), why

        self._session.preview(draw_up, show, self._cannot)

    def _retitle(self, column: LooseColumn, title: str | None) -> None:
        """Read the contract again, what was just said of a column of its file known."""
        self._titles = {**self._titles, (column.sheet, column.column): title or ""}
        self._draft = None
        self._draw_up(self._code)

    def _make_contract(self) -> None:
        draft, code = self._draft, self._code
        if draft is None:
            return

        def done(change: Change) -> None:
            self._give_up()
            self.told.emit(change.label)
            self._session.show_contract(code)

        self._session.change(
            "Nouveau contrat",
            lambda desk: contract_import.apply(desk, draft),
            done,
            lambda error: self._whole.say(str(error)),
            faults=True,
        )

    def _reckon(self) -> None:
        book = self._book
        if book is None:
            return
        name, answers = self._name, self._answers

        def work(desk: Desk, situation: Situation) -> Plan:
            contract = situation.dossier.contract.code
            return imports.plan(desk, contract, book, name, answers=answers)

        self._session.preview(work, self._show, self._not_understood)

    def _show(self, plan: Plan) -> None:
        if self._book is None:
            return
        # What would replace a value is shown with it: the button accepts it.
        plan = self._plan = imports.accepted(plan, LineState.CHANGED)
        self.told.emit(plan.file)
        self._shown.show_plan(plan, self._session.today)
        first = self.currentWidget() is not self._shown
        self._switch(self._shown)
        if first:
            self._shown.preview.take_hand()
        self.previewed.emit()

    def _not_understood(self, error: UserError) -> None:
        """No table was recognised: the officer says where the figures are."""
        self._plan = None
        self.told.emit(self._name)
        if self._book is None or not any(sheet.cells for sheet in self._book.sheets):
            self._cannot(error)
            return
        if self._answers.tables and self.currentWidget() is self._shown:
            self._shown.cannot(error)
            self.previewed.emit()
            return
        if self._picture is not None and self._actions.propose(self._book, self._name, self._picture):
            return
        self._map(str(error))

    def _map(self, why: str = "") -> None:
        book = self._book
        if book is None:
            return
        tables = self._answers.tables or (self._plan.tables if self._plan is not None else ())
        self._mapping.show_book(
            book, columns=tables[0] if tables else None, why=why, today=self._session.today
        )
        self._switch(self._mapping)
        self.previewed.emit()

    def _answer(self, **answers: Any) -> None:
        """Reckon again with what was just said of the file."""
        self._answers = replace(self._answers, **answers)
        self._reckon()

    def _set_sheet_aside(self, sheet: str, aside: bool) -> None:
        chosen = {name: code for name, code in self._answers.chosen.items() if name != sheet}
        self._answers = replace(self._answers, chosen=chosen | {sheet: ""} if aside else chosen)

    def _call(self, name: str, code: str) -> None:
        partner = self._answers.partner
        if self._plan is not None and self._plan.proposal is not None:
            # Its files are remembered already: so is what a name stands for.
            partner = _code_of(self._plan, self._plan.proposal.partner)
        self._answer(chosen={**self._answers.chosen, name: code}, partner=partner)

    def _settle(self, place: str, decision: Decision | None) -> None:
        decisions = dict(self._answers.decisions)
        old = decisions.pop(place, decision)
        if decision is not None and old is not None:
            # What was put right before stays so, whatever is said next of the line.
            decisions[place] = replace(
                decision,
                value=decision.value or old.value,
                day=decision.day or old.day,
                territory=decision.territory or old.territory,
            )
        self._answer(decisions=decisions)

    def _set_return(self, day: date | None, source: str | None) -> None:
        if (day, source) != (self._answers.day, self._answers.source):
            self._answer(day=day, source=source)

    def _give_up(self, *, asking: bool = False) -> None:
        if asking and not _may_forget(self._notifier, self._plan, self._answers):
            return
        self._forget()
        self._shown.forget_day()
        self.told.emit("")
        self._switch(self._empty)

    def _leave_with(self, words: str) -> None:
        self._give_up()
        self.told.emit(words)

    def _show_actions(self) -> None:
        self._switch(self._actions)
        self.previewed.emit()

    def _write(self) -> None:
        plan = self._plan
        if plan is None:
            return
        self._shown.wait()
        self._plan = None

        def failed(error: UserError) -> None:
            self._plan = plan
            self._shown.refuse(error)

        def done(change: Change) -> None:
            if not plan.unsettled:
                self._leave_with(change.label)
                return
            # What is not taken stays in hand, to be put right or sent back.
            self._reckon()

        self._session.change(
            "Import", lambda desk: imports.apply(desk, plan, settled_only=True), done, failed, faults=True
        )


def _code_of(plan: Plan, key: str) -> str | None:
    return next((partner.code for partner in plan.dossier.partners if partner.key == key), None)


def _may_forget(notifier: Notifier, plan: Plan | None, answers: Answers) -> bool:
    """Whether what was put right in the file in hand may be lost: the officer is asked where something was."""
    lines = () if plan is None else plan.lines
    settled = [line for line in lines if line.place in answers.decisions]
    settled_count = len(answers.chosen) + sum(line.state is not LineState.SAME for line in settled)
    if plan is None or not settled_count:
        return True
    count = plural(settled_count, "ligne ou nom réglé serait perdu", "lignes ou noms réglés seraient perdus")
    asked = Notice(
        "Renoncer à ce fichier",
        f"Renoncer à importer «\u202f{plan.file}\u202f»\u202f?",
        f"{count}\u202f: rien n’en est encore écrit.",
        Gravity.WARNING,
        (_GIVE_UP, CANCEL),
        careful=True,
    )
    return notifier.ask(asked) == _GIVE_UP.word
