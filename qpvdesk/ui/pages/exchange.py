"""« Échanges »: send a workbook to a partner, export, and take figures back, previewed before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from qpvdesk.domain import file_names
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.expected import ASKED_LABELS, Asked
from qpvdesk.domain.french import DUE_DAYS, plural
from qpvdesk.domain.situation import Situation
from qpvdesk.services.contracts.contract_preview import ContractDraft
from qpvdesk.services.contracts.marked_book import write_marked
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import exports
from qpvdesk.services.figures.covering import Covering, cover
from qpvdesk.services.figures.imports import Plan, ReadBook
from qpvdesk.services.figures.refused_book import write_refused
from qpvdesk.ui.folders import Folders
from qpvdesk.ui.jobs import ProgressCard
from qpvdesk.ui.kit.controls import button, typed_in
from qpvdesk.ui.kit.form_dialog import Form, FormDialog
from qpvdesk.ui.kit.tips import tell, tip
from qpvdesk.ui.kit.tokens import EDGE, GAP, ROOM, SNUG, WIDE, fill, in_row, scrolled, stacked
from qpvdesk.ui.notify import Notifier
from qpvdesk.ui.pages.exchange_in import IncomingPane
from qpvdesk.ui.pages.page import Address, Page, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.day_edit import DayLine
from qpvdesk.ui.widgets.labels import aside, label


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


BOOKS = "Classeur Excel (*.xlsx);;Classeur OpenDocument (*.ods)"
_TABLES = f"{BOOKS};;Texte CSV (*.csv);;JSON (*.json)"
_WHOLE = f"{BOOKS};;JSON (*.json)"
_CONTENTS: tuple[tuple[str, str, str], ...] = (
    ("État des objectifs", "etat", _TABLES),
    ("Relevés", "releves", _TABLES),
    ("Engagements", "engagements", _TABLES),
    ("Journal", "journal", _TABLES),
    ("Contrat entier", "contrat", _WHOLE),
    ("Gabarit d’un nouveau contrat", "gabarit", BOOKS),
)
_OF_A_PARTNER = {"etat", "releves", "engagements"}


class OutgoingPane(QWidget):
    """Asks what is to go out, and of whom; writes it."""

    exported = Signal(object, str)
    """The `Path` of a file that was written, and how much it holds."""

    def __init__(self, theme: Theme, session: Session, notifier: Notifier, folders: Folders) -> None:
        super().__init__()
        self._theme, self._session, self._notifier, self._folders = theme, session, notifier, folders
        self._picture: Picture | None = None
        outer = stacked(on=self)
        area, column = scrolled("Ce qui sort", spacing=SNUG, margins=(0, 0, SNUG, 0))
        outer.addWidget(area)
        self._asked, self._of = ElidedCombo(), ElidedCombo()
        self._content = ElidedCombo("", ((words, word) for words, word, _ in _CONTENTS))
        self._content.currentIndexChanged.connect(lambda _: self._choose())
        column.addWidget(label("Demander des chiffres", "heading"))
        column.addWidget(
            aside(
                "Le classeur liste les chiffres à demander à un partenaire\u202f; il le remplit et vous le renvoie. Le"
                " message qui l’accompagne est écrit aussi."
            )
        )
        _add(column, "Partenaire", self._asked)
        self._figures = ElidedCombo("", ((words, which) for which, words in ASKED_LABELS.items()))
        _add(column, "Chiffres", self._figures)
        ask = button("Classeur à remplir…", self._ask)
        column.addWidget(ask)
        column.addSpacing(WIDE)
        column.addWidget(label("Exporter", "heading"))
        _add(column, "Ce qui est exporté", self._content)
        self._of_words = _add(column, "De qui", self._of)
        export = button("Exporter…", self.export)
        fill(column, export, 1)
        self._choose()
        theme.changed.connect(self._fit)
        self._fit()

    def show_picture(self, picture: Picture) -> None:
        self._picture = picture
        partners = [(partner.short_name, partner.code) for partner in picture.situation.dossier.partners]
        for combo, first in ((self._asked, []), (self._of, [("Tous les partenaires", None)])):
            combo.show_choices([*first, *partners])

    def choose_partner(self, code: str) -> None:
        self._asked.setCurrentIndex(max(0, self._asked.findData(code)))

    def export(self) -> None:
        """Ask where what is chosen is to be written, and write it."""
        content = str(self._content.currentData())
        partner = self._of.currentData() if content in _OF_A_PARTNER else None
        kinds = next(kinds for _, word, kinds in _CONTENTS if word == content)
        self._save(content, partner, "-".join(filter(None, (content, partner))), kinds)

    def _ask(self) -> None:
        partner = self._asked.currentData()
        if partner is not None:
            self._save("remontee", str(partner), f"remontee-{partner}", BOOKS)

    def _choose(self) -> None:
        of_one = self._content.currentData() in _OF_A_PARTNER
        self._of.setEnabled(of_one)
        self._of_words.setEnabled(of_one)

    def _fit(self) -> None:
        self.setFixedWidth(self._theme.px(206))

    def _save(self, content: str, partner: str | None, name: str, kinds: str) -> None:
        picture = self._picture
        if picture is None:
            return
        contract, day = picture.contract.code, picture.situation.day
        stem = f"{name}-{contract}-{picture.day.isoformat()}".lower()
        path = self._notifier.save_path(
            "Exporter", self._folders.suggestion("echanges", f"{stem}.xlsx"), kinds
        )
        if path is None:
            return
        self._folders.keep("echanges", path)

        asked = Asked(self._figures.currentData())

        def write(desk: Desk, _: Callable[[], bool]) -> str:
            review = desk.review(contract, day)
            return exports.export(desk, review, path, content=content, partner=partner, asked=asked)

        def tell(extent: str) -> None:
            self.exported.emit(path, extent)
            if content == "remontee":
                self._cover(picture.situation, str(partner), path.name, asked)

        job = self._session.read("Export", write, tell)
        card = ProgressCard(f"Export\u202f: {file_names.shown(path.name)}", job, self)
        self._session.print_over.connect(card.finish)

    def _cover(self, now: Situation, partner: str, file_name: str, asked: Asked) -> None:
        """Show the message that goes with a workbook."""
        CoveringDialog(
            self._theme,
            lambda due: cover(now, partner, file_name, asked, due=due),
            self._session.today,
            self,
        ).show()


def _add(column: QVBoxLayout, name: str, combo: ElidedCombo) -> QWidget:
    words = label(name)
    words.setBuddy(combo)
    combo.setAccessibleName(name)
    combo.need(10)
    fill(column, words, combo)
    return words


_LOW = 600
"""Below this height, at a zoom of 100 %, a file in hand takes the place of the head of the page."""
_MARGIN, _LOW_MARGIN = ROOM, GAP
_READ = "Tableaux et contrats (*.xlsx *.xlsm *.xls *.ods *.csv *.txt *.tsv *.json);;Tous les fichiers (*)"


class ExchangePage(Page):
    """What goes out at the left, what comes in at the right."""

    previewed = Signal()
    """What a file would change is shown, or why it cannot be told."""
    exported = Signal(object)
    """The `Path` of a file that was written."""

    word = "echanges"
    title = "Échanges"

    def __init__(self, theme: Theme, session: Session, notifier: Notifier, folder: Path) -> None:
        super().__init__()
        self._notifier, self._session = notifier, session
        self._folders = Folders(folder)
        self._theme, self._filled = theme, False
        outer = self._outer = stacked(on=self, spacing=GAP, margins=(EDGE, _MARGIN, EDGE, _MARGIN))
        head, self._mention = page_head(self.title)
        self._head = QWidget()
        self._head.setLayout(head)
        self._open = button("Importer un fichier…", self.choose, role="primary")
        head.addWidget(self._open)
        outer.addWidget(self._head)
        body = in_row(spacing=ROOM)
        self.outgoing = OutgoingPane(theme, session, notifier, self._folders)
        self.outgoing.exported.connect(self._tell_export)
        # It scrolls within itself.
        self.outgoing.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self._incoming = IncomingPane(theme, session, notifier)
        self._incoming.file_asked.connect(self.choose)
        self._incoming.previewed.connect(self.previewed)
        self._incoming.refused_asked.connect(self._send_back)
        self._incoming.told.connect(self._mention.setText)
        self._incoming.filled.connect(self._fill)
        fill(body, self.outgoing, (self._incoming, 1))
        outer.addLayout(body, 1)
        self.file_given.connect(self.read)
        theme.changed.connect(self._fold)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window, a file in hand has all of it."""
        super().resizeEvent(event)
        self._fold()

    def _fill(self, filled: bool) -> None:
        self._filled = filled
        self.outgoing.setHidden(filled)
        self._fold()

    def _fold(self) -> None:
        low = self.height() < self._theme.px(_LOW)
        self._head.setHidden(low and self._filled)
        margin = _LOW_MARGIN if low and self._filled else _MARGIN
        self._outer.setContentsMargins(EDGE, margin, EDGE, margin)
        self._incoming.set_low(low)

    def show_picture(self, picture: Picture) -> None:
        """Take the partners of the contract; reckon again what the file in hand would change."""
        self.outgoing.show_picture(picture)
        self._open.setEnabled(picture.editable)
        self._incoming.show_picture(picture)

    def arrive(self, address: Address) -> None:
        """Choose the partner whose code is the focus."""
        if address.focus:
            self.outgoing.choose_partner(address.focus)
        self._open.setFocus()

    def choose(self) -> None:
        path = self._notifier.open_path("Importer un fichier", self._folders.of("echanges"), _READ)
        if path is not None:
            self._folders.keep("echanges", path)
            self.read(path)

    def read(self, path: Path, book: ReadBook | None = None) -> None:
        """Show what a file would change, read in a process of its own where it was not yet."""
        self._incoming.read(path, book)

    def typed(self) -> list[tuple[str, str]]:
        """What was typed for a file that is no longer in hand is of no more use."""
        shown = self._incoming.currentWidget()
        return typed_in(shown) if shown is not None else []

    def leave(self) -> None:
        """Give up the reading under way."""
        self._incoming.leave()

    def _send_back(self, read: Plan | ContractDraft) -> None:
        """Save what of a file is not taken, for whoever filled it in: its lines, or the workbook with its cells marked."""
        lines = isinstance(read, Plan)
        title = "Lignes à renvoyer" if lines else "Copie à corriger"
        stem = f"{Path(read.file).stem}-{'a-renvoyer' if lines else 'a-corriger'}"
        path = self._notifier.save_path(title, self._folders.suggestion("echanges", f"{stem}.xlsx"), BOOKS)
        if path is None:
            return
        self._folders.keep("echanges", path)
        self._session.read(
            title,
            lambda *_: (
                plural(write_refused(read, path), "ligne", "lignes")
                if isinstance(read, Plan)
                else plural(write_marked(read, path), "case marquée", "cases marquées")
            ),
            lambda extent: self._tell_export(path, extent),
        )

    def _tell_export(self, path: Path, extent: str) -> None:
        tell(self._mention, f"Écrit\u202f: {file_names.shown(path.name)} ({extent})")
        tip(self._mention, str(path))
        self.exported.emit(path)
