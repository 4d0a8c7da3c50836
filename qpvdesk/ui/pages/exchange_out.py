"""What goes out of the page « Échanges »: the workbook that a partner fills in, and the exports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.expected import ASKED_LABELS, Asked
from qpvdesk.domain.french import DUE_DAYS
from qpvdesk.domain.situation import Situation
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import exports
from qpvdesk.services.figures.covering import Covering, cover
from qpvdesk.ui.folders import Folders
from qpvdesk.ui.jobs import ProgressCard
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.form_dialog import Form, FormDialog
from qpvdesk.ui.kit.tokens import SNUG, WIDE, stacked
from qpvdesk.ui.notify import Notifier
from qpvdesk.ui.pages.page import scrolled
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.day_edit import DayLine
from qpvdesk.ui.widgets.labels import label


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
        area, column = scrolled("Ce qui sort")
        outer.addWidget(area)
        column.setContentsMargins(0, 0, SNUG, 0)
        column.setSpacing(SNUG)
        self._asked, self._of, self._content = ElidedCombo(), ElidedCombo(), ElidedCombo()
        for words, word, _ in _CONTENTS:
            self._content.addItem(words, word)
        self._content.currentIndexChanged.connect(lambda _: self._choose())
        column.addWidget(label("Demander des chiffres", "heading"))
        column.addWidget(
            label(
                "Le classeur liste les chiffres à demander à un partenaire\u202f; il le remplit et vous le renvoie. Le"
                " message qui l’accompagne est écrit aussi.",
                "mention",
                wrap=True,
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
        column.addWidget(export)
        column.addStretch(1)
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
        card = ProgressCard(f"Export\u202f: {path.name}", job, self)
        self._session.print_over.connect(card.finish)

    def _cover(self, now: Situation, partner: str, file_name: str, asked: Asked) -> None:
        """Show the message that goes with a workbook."""
        CoveringDialog(
            self._theme,
            lambda due: cover(now, partner, file_name, asked=asked, due=due),
            self._session.today,
            self,
        ).show()


def _add(column: QVBoxLayout, name: str, combo: ElidedCombo) -> QWidget:
    words = label(name)
    words.setBuddy(combo)
    combo.setAccessibleName(name)
    combo.need(10)
    column.addWidget(words)
    column.addWidget(combo)
    return words
