"""The head of the entry grid: which figures are asked for, on which day, and who gives them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.expected import is_expected
from qpvdesk.domain.french import format_date
from qpvdesk.domain.situation import Situation
from qpvdesk.ui.kit.controls import chip_button
from qpvdesk.ui.kit.tips import blame, tip
from qpvdesk.ui.kit.tokens import SNUG, fill, in_row
from qpvdesk.ui.models.entry_rows import EntryRow, usual_day
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.theme import Theme as Look
from qpvdesk.ui.widgets.choice_combo import NameCombo
from qpvdesk.ui.widgets.day_edit import FigureDayLine
from qpvdesk.ui.widgets.labels import label


class EntryHead(QWidget):
    """The choice of the figures, then the day and the source of the return."""

    filtered = Signal()
    """Other figures are asked for."""
    returned = Signal()
    """Another day or source of the return was typed."""
    entered = Signal()
    """Enter: the hand goes on to the grid."""
    figured = Signal(object)
    """A figure was typed where a name is chosen (its `QKeyEvent`): it is the first value of the grid."""

    pasted = Signal()
    """What was copied is to be pasted where Enter would lead."""

    def __init__(self, look: Look, today: Callable[[], date]) -> None:
        super().__init__()
        self._codes: dict[str, str] = {}
        self._kept: frozenset[str] = frozenset()
        """What was in view since the choice was made, by key of the objective."""
        self._proposed = ""
        self._usual = False
        self._none_due = False
        """Whether what is in view is all up to date: nothing of that partner is late."""
        row = in_row(on=self, spacing=SNUG)
        self.partner = NameCombo("Partenaire")
        self._theme = NameCombo("Thématique")
        # The words that stand for all of them are whole in a narrow window too.
        self.partner.setMinimumContentsLength(15)
        for combo in (self.partner, self._theme):
            combo.currentIndexChanged.connect(lambda _: self._ask())
            combo.entered.connect(self._go_on)
            combo.figured.connect(self.figured)
            combo.pasted.connect(self._go_on)
            combo.pasted.connect(self.pasted)
            row.addWidget(combo, 2)
        self.due = chip_button(
            "À relever",
            lambda _: self._ask(),
            "Les chiffres jamais relevés, ou depuis plus longtemps que leur fréquence",
        )
        self.more = chip_button(
            "Contexte",
            lambda _: self._ask(),
            "Aussi les chiffres de contexte, et ceux qui ne changeront plus\u202f: personne ne les attend",
        )
        self.due.setChecked(True)
        fill(row, self.due, self.more, 1)
        self._return: list[QWidget] = []
        self._day = FigureDayLine(today)
        self._look = look
        look.changed.connect(self._fit)
        self._fit()
        tip(self._day, "Le jour auquel se rapportent les valeurs\u202f; une ligne peut avoir le sien")
        self._source = QLineEdit()
        self._source.setPlaceholderText("le partenaire de la ligne")
        tip(self._source, "Qui a donné les valeurs\u202f; sans rien ici, le partenaire de chaque ligne")
        self._source.setMinimumWidth(look.px(84))
        self._source.setMaximumWidth(look.px(220))
        for words, name, control in (
            ("&Relevés au", "Date de la remontée", self._day),
            ("S&ource", "Source de la remontée", self._source),
        ):
            title = label(words)
            title.setBuddy(control)
            control.setAccessibleName(name)
            control.textChanged.connect(lambda _: self.returned.emit())
            control.returnPressed.connect(self._go_on)
            fill(row, title, (control, 2 if control is self._source else 0))
            self._return += (title, control)

    @property
    def day_text(self) -> str:
        """The day of the return, as it was typed."""
        return self._day.text()

    @property
    def source(self) -> str:
        return self._source.text()

    @property
    def usual_day(self) -> str:
        """The end of a month that is proposed for the figures, as their last ones are; empty where another day is given."""
        return self._proposed if self._usual and self.day_text == self._proposed else ""

    def propose(self, rows: Sequence[EntryRow], last: date) -> bool:
        """Propose the usual day of the partner asked for, `last` at the latest; False where the day stays, which is that one
        or was typed."""
        if self.day_text != self._proposed:
            return False
        partner = self.partner.currentData()
        usual = usual_day([row for row in rows if row.objective.partner == partner], last)
        self._proposed, self._usual = format_date(usual), usual != last
        if self.day_text == self._proposed:
            return False
        self.set_return(self._proposed, self.source)
        return True

    @property
    def code(self) -> str:
        """The code of the partner asked for; empty: all of them."""
        return self._codes.get(self.partner.currentData() or "", "")

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """What is asked for beside the partner, for the way back."""
        filters = {
            "thematique": str(self._theme.currentData() or ""),
            "pret": "a_relever" if self.due.isChecked() else "",
        }
        return tuple(sorted((name, value) for name, value in filters.items() if value))

    @property
    def noun(self) -> tuple[str, str]:
        """What the figures asked for are called, one and several."""
        if self._none_due:
            return "chiffre, à jour", "chiffres, tous à jour"
        if self.due.isChecked():
            return "chiffre à relever", "chiffres à relever"
        return ("chiffre", "chiffres") if self.more.isChecked() else ("chiffre attendu", "chiffres attendus")

    def show_situation(self, situation: Situation, rows: Sequence[EntryRow]) -> None:
        """Offer the partners of a contract and the themes of what can be entered."""
        self._codes = {item.key: item.code for item in situation.dossier.partners}
        self.partner.fill(
            "Tous les partenaires", [(item.short_name, item.key) for item in situation.dossier.partners]
        )
        used = {row.objective.theme for row in rows}
        themes = [(situation.theme_names[code], code) for code in situation.theme_names.in_order(used)]
        self._theme.fill("Thématiques", themes)

    def choose(self, code: str, address: Address | None = None) -> None:
        """Ask for the figures of a partner (by code; empty: all), filtered as a place says where one is given."""
        self.partner.choose(next((key for key, known in self._codes.items() if known == code), ""))
        if address is not None:
            filters = dict(address.filters)
            self._theme.choose(filters.get("thematique", ""))
            with QSignalBlocker(self.due):
                self.due.setChecked(filters.get("pret") == "a_relever")
        self._ask()

    def widen(self) -> None:
        """Ask for what is up to date too; for every partner where that was asked already."""
        if self.due.isChecked():
            self.due.setChecked(False)
        else:
            self.choose("", Address(""))

    def asked(self, rows: Sequence[EntryRow]) -> list[EntryRow]:
        """Return the rows that are asked for.

        A figure that was just saved is no longer to be given: it stays under the eyes until another choice is made. Of a
        partner who is up to date all that is awaited is shown, for there is nothing else to be typed.
        """
        due = self.due.isChecked() and not self._none_due
        found = [row for row in rows if row.objective.key in self._kept or self._admits(row, due=due)]
        if due and self.partner.currentData() and not (self._kept or any(row.due for row in found)):
            found = [row for row in rows if self._admits(row, due=False)]
            self._none_due = bool(found)
        self._kept = frozenset(row.objective.key for row in found)
        return found

    def _go_on(self) -> None:
        """Go on to the grid; where nothing is late, to what is up to date."""
        if not self._kept:
            self.widen()
        self.entered.emit()

    def _ask(self) -> None:
        self._kept, self._none_due = frozenset(), False
        self.filtered.emit()

    def _admits(self, row: EntryRow, *, due: bool) -> bool:
        """Whether a row is asked for; one in which something was typed is, of the right partner and theme."""
        partner, theme = self.partner.currentData(), self._theme.currentData()
        if (partner and row.objective.partner != partner) or (theme and row.objective.theme != theme):
            return False
        if not row.typed.is_empty:
            return True
        return (self.more.isChecked() or is_expected(row.now)) and (row.due or not due)

    def set_writable(self, writable: bool) -> None:
        """Ask for the day and the source of a return where one can be typed in."""
        for part in self._return:
            part.setVisible(writable)

    def begin(self, day: date) -> None:
        """Begin a return, of a day that is proposed."""
        self._proposed, self._usual = format_date(day), False
        self.set_return(self._proposed, "")

    def set_return(self, day_text: str, source: str) -> None:
        with QSignalBlocker(self._day), QSignalBlocker(self._source):
            self._day.setText(day_text)
            self._source.setText(source)

    def check_day(self) -> None:
        try:
            self._day.day()
            trouble = ""
        except UserError as error:
            trouble = str(error)
        blame(self._day, trouble)

    def _fit(self) -> None:
        self._day.setFixedWidth(self._look.px(104))
        for combo in (self.partner, self._theme):
            combo.setMaximumWidth(self._look.px(200))
