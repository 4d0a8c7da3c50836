"""« Échanges »: send a workbook to a partner, export, and take figures back, previewed before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from qpvdesk.domain import periods
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import plural
from qpvdesk.domain.situation import Situation
from qpvdesk.services.contracts import contract_import
from qpvdesk.services.contracts.contract_import import Draft, holds_contract, said_code
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import exports, imports
from qpvdesk.services.figures.imports import Columns, Plan, ReadBook
from qpvdesk.services.figures.line import Decision, LineState
from qpvdesk.ui.folders import Folders
from qpvdesk.ui.jobs import Job, ProgressCard
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.notify import Notifier
from qpvdesk.ui.pages.page import Page, Place, page_head, scrolled
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.contract_preview import ContractPreview
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.import_preview import ImportPreview
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.mapping_form import MappingForm, Said

_READ = "Tableaux et contrats (*.xlsx *.xlsm *.xls *.ods *.csv *.txt *.tsv *.json);;Tous les fichiers (*)"
_BOOKS = "Classeur Excel (*.xlsx);;Classeur OpenDocument (*.ods)"
_TABLES = f"{_BOOKS};;Texte CSV (*.csv);;JSON (*.json)"
_WHOLE = f"{_BOOKS};;JSON (*.json)"
_CONTENTS: tuple[tuple[str, str, str], ...] = (
    ("État des objectifs", "etat", _TABLES),
    ("Relevés", "releves", _TABLES),
    ("Engagements", "engagements", _TABLES),
    ("Journal", "journal", _TABLES),
    ("Contrat entier", "contrat", _WHOLE),
    ("Gabarit d’un nouveau contrat", "gabarit", _BOOKS),
)
_OF_A_PARTNER = {"etat", "releves", "engagements"}


class ExchangePage(Page):
    """What goes out at the left, what comes in at the right."""

    previewed = Signal()
    """What a file would change is shown, or why it cannot be told."""
    exported = Signal(object)
    """The `Path` of a file that was written."""

    word = "echanges"
    title = "Échanges"

    def __init__(
        self, theme: Theme, session: Session, notifier: Notifier, folder: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._session, self._notifier = theme, session, notifier
        self._folders = Folders(folder)
        self._picture: Picture | None = None
        self._job: Job | None = None
        self._forget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 14, 20, 14)
        outer.setSpacing(10)
        head, self._mention = page_head(self.title)
        self._open = QPushButton("Importer un fichier…")
        self._open.setProperty("role", "primary")
        self._open.clicked.connect(lambda: self.choose())
        head.addWidget(self._open)
        outer.addLayout(head)
        body = QHBoxLayout()
        body.setSpacing(14)
        self._out = self._make_out()
        body.addWidget(self._out)
        body.addWidget(self._make_in(theme), 1)
        outer.addLayout(body, 1)
        self.setAcceptDrops(True)
        self._export_changed()
        theme.changed.connect(self._fit)
        self._fit()

    def show_picture(self, picture: Picture) -> None:
        """Take the partners of the contract; reckon again what the file in hand would change."""
        moved = self._picture is not None and picture.contract.key != self._picture.contract.key
        self._picture = picture
        partners = [(one.short_name, one.code) for one in picture.situation.dossier.partners]
        for combo, first in ((self._asked, []), (self._of, [("Tous les partenaires", None)])):
            kept = combo.currentData()
            combo.clear()
            for words, code in [*first, *partners]:
                combo.addItem(words, code)
            combo.setCurrentIndex(max(0, combo.findData(kept)))
        self._open.setEnabled(picture.editable)
        if moved:
            self._give_up()
        elif self._plan is not None:
            self._reckon()

    def arrive(self, place: Place) -> None:
        """Choose the partner whose code is the focus."""
        if place.focus:
            self._asked.setCurrentIndex(max(0, self._asked.findData(place.focus)))
        self._open.setFocus()

    def choose(self) -> None:
        """Ask for a file and read it."""
        path = self._notifier.open_path("Importer un fichier", self._folders.of("echanges"), _READ)
        if path is not None:
            self._folders.keep("echanges", path)
            self.read(path)

    def read(self, path: Path) -> None:
        """Read a file in a process of its own, then show what it would change."""
        if self._picture is None or not self._picture.editable:
            return
        self.leave()
        self._forget()
        self._name, self._path = path.name, path
        if path.suffix.lower() == ".paquet":
            where = "Recevez-le par Fichier, «\u202fÉchanger avec un collègue…\u202f»."
            self._cannot(UserError("C’est le paquet d’un collègue.", where))
            return
        self._mention.setText(f"Lecture de «\u202f{path.name}\u202f»…")
        job = self._job = self._session.read(
            "Lecture du fichier",
            lambda _, cancelled: imports.read(path, cancelled=cancelled),
            self._take,
            self._cannot,
        )
        card = ProgressCard(f"Lecture de «\u202f{path.name}\u202f»", job, self)
        self._session.print_over.connect(card.finish)

    def leave(self) -> None:
        """Give up the reading under way."""
        if self._job is not None:
            self._job.cancel()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file that is dropped."""
        if self._open.isEnabled() and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the file that is dropped."""
        files = [url for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.read(Path(QUrl.toLocalFile(files[0])))

    def _fit(self) -> None:
        self._out.setFixedWidth(self._theme.px(206))

    def _forget(self) -> None:
        self._book: ReadBook | None = None
        self._draft: Draft | None = None
        self._plan: Plan | None = None
        self._name = self._code = ""
        self._path = Path()
        self._said: Columns | None = None
        self._day: date | None = None
        self._remember: str | None = None
        self._chosen: dict[str, str] = {}
        self._decisions: dict[str, Decision] = {}

    def _make_out(self) -> QWidget:
        area, column = scrolled("Ce qui sort")
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(6)
        self._asked, self._of, self._content = QComboBox(), QComboBox(), QComboBox()
        for words, word, _ in _CONTENTS:
            self._content.addItem(words, word)
        self._content.currentIndexChanged.connect(lambda _: self._export_changed())
        column.addWidget(label("Demander des chiffres", "heading"))
        column.addWidget(
            label(
                "Le classeur liste les chiffres attendus d’un partenaire\u202f; il le remplit et vous le renvoie.",
                "mention",
                wrap=True,
            )
        )
        self._add(column, "Partenaire", self._asked)
        ask = QPushButton("Classeur à remplir…")
        ask.clicked.connect(self._ask)
        column.addWidget(ask)
        column.addSpacing(18)
        column.addWidget(label("Exporter", "heading"))
        self._add(column, "Ce qui est exporté", self._content)
        self._of_words = self._add(column, "De qui", self._of)
        export = QPushButton("Exporter…")
        export.clicked.connect(self._export)
        column.addWidget(export)
        column.addStretch(1)
        return area

    def _add(self, column: QVBoxLayout, name: str, combo: QComboBox) -> QWidget:
        words = label(name)
        words.setBuddy(combo)
        combo.setAccessibleName(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(10)
        column.addWidget(words)
        column.addWidget(combo)
        return words

    def _make_in(self, theme: Theme) -> QWidget:
        self._stack = QStackedWidget()
        self._empty = EmptyState(
            "Aucun fichier n’est ouvert",
            "Déposez ici le classeur qu’un partenaire vous a renvoyé, ou tout autre tableau (xlsx, xls, ods, csv),"
            " ou un contrat entier."
            " Rien n’est écrit avant que vous ayez vu ce qui changerait.",
            "Choisir un fichier…",
        )
        self._empty.asked.connect(self.choose)
        self._mapping = MappingForm(theme)
        self._mapping.said.connect(self._hear)
        self._mapping.given_up.connect(self._back)
        self._trouble = EmptyState("Ce fichier ne peut pas être importé", "", "Choisir un autre fichier…")
        self._trouble.asked.connect(self.choose)
        self._whole = ContractPreview(theme)
        self._whole.coded.connect(self._draw_up)
        self._whole.wanted.connect(self._make_contract)
        self._whole.given_up.connect(self._give_up)
        self._preview = ImportPreview(theme)
        self._preview.named.connect(self._call)
        self._preview.settled.connect(self._settle)
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._preview, 1)
        self._stuck = label("", "error", wrap=True)
        column.addWidget(self._stuck)
        foot = QHBoxLayout()
        words = label("Date des valeurs")
        self._date = QLineEdit()
        self._date.setPlaceholderText("si le fichier n’en a pas")
        self._date.setAccessibleName("Date des valeurs que le fichier ne date pas")
        self._date.setMinimumWidth(theme.px(170))
        self._date.editingFinished.connect(self._set_day)
        words.setBuddy(self._date)
        foot.addWidget(words)
        foot.addWidget(self._date)
        foot.addStretch(1)
        for text, act in (("Colonnes…", self._map), ("Renoncer", self._give_up)):
            button = QPushButton(text)
            button.clicked.connect(lambda _=False, act=act: act())
            foot.addWidget(button)
        self._import = QPushButton("Importer")
        self._import.setProperty("role", "primary")
        self._import.clicked.connect(self._write)
        foot.addWidget(self._import)
        column.addLayout(foot)
        for page in (self._empty, self._mapping, shown, self._trouble, self._whole):
            self._stack.addWidget(page)
        self._shown = shown
        return self._stack

    # What goes out

    def _ask(self) -> None:
        partner = self._asked.currentData()
        if partner is not None:
            self._save("remontee", str(partner), f"remontee-{partner}", _BOOKS)

    def _export(self) -> None:
        content = str(self._content.currentData())
        partner = self._of.currentData() if content in _OF_A_PARTNER else None
        kinds = next(kinds for _, word, kinds in _CONTENTS if word == content)
        self._save(content, partner, "-".join(filter(None, (content, partner))), kinds)

    def _export_changed(self) -> None:
        of_one = self._content.currentData() in _OF_A_PARTNER
        self._of.setEnabled(of_one)
        self._of_words.setEnabled(of_one)

    def _save(self, content: str, partner: str | None, name: str, kinds: str) -> None:
        picture = self._picture
        if picture is None:
            return
        stem = f"{name}-{picture.contract.code}-{picture.day.isoformat()}".lower()
        path = self._notifier.save_path(
            "Exporter", self._folders.suggestion("echanges", f"{stem}.xlsx"), kinds
        )
        if path is None:
            return
        self._folders.keep("echanges", path)
        situation = picture.situation

        def done(extent: str) -> None:
            self._mention.setText(f"Écrit\u202f: {path.name} ({extent})")
            tip(self._mention, str(path))
            self.exported.emit(path)

        contract, day = situation.dossier.contract.code, situation.day

        def write(desk: Desk, _: Callable[[], bool]) -> str:
            review = desk.review(contract, day)
            return exports.export(desk, review, path, content=content, partner=partner)

        job = self._session.read("Export", write, done)
        card = ProgressCard(f"Export\u202f: {path.name}", job, self)
        self._session.print_over.connect(card.finish)

    # What comes in

    def _switch(self, page: QWidget) -> None:
        """Show a part; a file in hand takes the whole width."""
        self._out.setVisible(page in (self._empty, self._trouble))
        self._stack.setCurrentWidget(page)

    def _take(self, book: ReadBook) -> None:
        self._job = None
        self._book = book
        if holds_contract(book):
            self._draw_up(said_code(book))
        else:
            self._reckon()

    def _cannot(self, error: UserError) -> None:
        """The file was refused, or its reader hung or died."""
        self._job = None
        self._mention.setText(self._name)
        self._trouble.say("Ce fichier ne peut pas être importé", f"{error.message} {error.remedy}")
        self._switch(self._trouble)
        self.previewed.emit()

    def _draw_up(self, code: str) -> None:
        """Read the whole contract that the file holds, under a code."""
        book, path, picture = self._book, self._path, self._picture
        if book is None or picture is None or (self._draft is not None and code == self._code):
            return
        self._code = code

        def show(made: Draft) -> None:
            self._draft = made
            self._mention.setText(path.name)
            self._whole.show_draft(made, code, taken=code in {one.code for one in picture.contracts})
            self._switch(self._whole)
            self.previewed.emit()

        def draw_up(desk: Desk, _: Situation) -> Draft:
            return contract_import.draft(book, path, code=code, today=desk.today())

        self._session.preview(draw_up, show, self._cannot)

    def _make_contract(self) -> None:
        made, code = self._draft, self._code
        if made is None:
            return

        def done(change: Change) -> None:
            self._give_up()
            self._mention.setText(change.label)
            self._session.show_contract(code)

        self._session.change(
            "Nouveau contrat",
            lambda desk: contract_import.apply(desk, made),
            done,
            lambda error: self._whole.say(f"{error.message} {error.remedy}"),
        )

    def _reckon(self) -> None:
        book = self._book
        if book is None:
            return
        name = self._name
        answers = imports.Answers(
            columns=self._said, day=self._day, chosen=dict(self._chosen), partner=self._remember,
            decisions=dict(self._decisions),
        )  # fmt: skip

        def work(desk: Desk, situation: Situation) -> Plan:
            contract = situation.dossier.contract.code
            return imports.plan(desk, contract, book, name, answers=answers)

        self._session.preview(work, self._show, self._not_understood)

    def _show(self, plan: Plan) -> None:
        if self._book is None:
            return
        # What would replace a value is shown with it: the button accepts it.
        plan = self._plan = imports.accepted(plan, LineState.CHANGED)
        self._mention.setText(plan.file)
        codes = [
            (f"{one.code} – {one.label}", one.code) for one in plan.dossier.objectives if not one.retired
        ]
        self._preview.show_plan(plan, codes, self._session.today)
        count, stuck, asked = len(plan.written), len(plan.refused), len(plan.unsettled) - len(plan.refused)
        words = plural(count, "valeur", "valeurs")
        self._import.setText(f"Importer {words}" if count else "Importer")
        self._import.setEnabled(count > 0 or (not plan.unsettled and plan.remember is not None))
        told = (
            [plural(stuck, "ligne à corriger ou à associer", "lignes à corriger ou à associer")]
            if stuck
            else []
        )
        told += [plural(asked, "ligne douteuse à accepter", "lignes douteuses à accepter")] if asked else []
        self._stuck.setText(f"{', '.join(told)}\u202f: elles ne seront pas importées avant." if told else "")
        self._stuck.setVisible(bool(told))
        self._switch(self._shown)
        self.previewed.emit()

    def _not_understood(self, error: UserError) -> None:
        """No table was recognised: the officer says where the figures are."""
        self._plan = None
        self._mention.setText(self._name)
        if self._book is None or not any(sheet.cells for sheet in self._book.sheets):
            self._cannot(error)
            return
        self._map(f"{error.message} {error.remedy}")

    def _map(self, why: str = "") -> None:
        picture, book = self._picture, self._book
        if picture is None or book is None:
            return
        columns = self._said or (self._plan.columns if self._plan is not None else None)
        partner = self._remember
        partners = picture.situation.dossier.partners
        if partner is None and self._plan is not None and self._plan.proposal is not None:
            partner = self._owner(self._plan.proposal.known.partner)
        self._mapping.show_book(
            book,
            [(one.short_name, one.code) for one in partners],
            columns=columns,
            partner=partner,
            why=why,
            today=self._session.today,
        )
        self._switch(self._mapping)
        self.previewed.emit()

    def _hear(self, said: Said) -> None:
        self._said, self._remember = said.columns, said.partner
        self._reckon()

    def _call(self, name: str, code: str) -> None:
        self._chosen[name] = code
        if self._plan is not None and self._plan.proposal is not None:
            # Its files are remembered already: so is what a name stands for.
            self._remember = self._owner(self._plan.proposal.known.partner)
        self._reckon()

    def _settle(self, place: str, decision: Decision | None) -> None:
        if decision is None:
            self._decisions.pop(place, None)
        else:
            self._decisions[place] = decision
        self._reckon()

    def _owner(self, key: str) -> str | None:
        partners = self._picture.situation.dossier.partners if self._picture is not None else ()
        return next((one.code for one in partners if one.key == key), None)

    def _set_day(self) -> None:
        text = self._date.text().strip()
        try:
            day = periods.typed(text, today=self._session.today) if text else None
        except UserError as error:
            self._stuck.setText(f"{error.message} {error.remedy}")
            self._stuck.setVisible(True)
            return
        if day != self._day:
            self._day = day
            self._reckon()

    def _back(self) -> None:
        if self._plan is not None:
            self._switch(self._shown)
        else:
            self._give_up()

    def _give_up(self) -> None:
        self._forget()
        self._date.clear()
        self._mention.clear()
        self._switch(self._empty)

    def _write(self) -> None:
        plan = self._plan
        if plan is None:
            return
        self._import.setEnabled(False)

        def done(change: Change) -> None:
            self._give_up()
            self._mention.setText(change.label)

        def failed(error: UserError) -> None:
            self._plan = plan
            self._stuck.setText(f"{error.message} {error.remedy}")
            self._stuck.setVisible(True)
            self._import.setEnabled(True)

        act: Callable[[Desk], Change] = lambda desk: imports.apply(desk, plan, settled_only=True)  # noqa: E731
        self._plan = None
        self._session.change("Import", act, done, failed)
