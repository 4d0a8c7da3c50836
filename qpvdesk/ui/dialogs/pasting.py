"""What is about to be pasted into the entry grid: where each column goes, what each line puts, before it is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from qpvdesk.domain.french import plural
from qpvdesk.domain.wording import called
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.tips import tell
from qpvdesk.ui.kit.tokens import fill, in_row
from qpvdesk.ui.models.entry_paste import PastedLine, Pasting, Target
from qpvdesk.ui.models.entry_rows import EntryColumn, Typed
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ChoiceCombo
from qpvdesk.ui.widgets.column_choices import COLUMNS_MAX, ColumnChoices, PlacedColumn
from qpvdesk.ui.widgets.labels import label

_TARGETS = (
    (EntryColumn.OBJECTIVE, "Nom du chiffre"),
    (EntryColumn.VALUE, "Nouvelle valeur"),
    (EntryColumn.DAY, "Date"),
    (EntryColumn.SOURCE, "Source"),
    (EntryColumn.COMMENT, "Commentaire"),
    (EntryColumn.PROVISIONAL, "Provisoire"),
)

_ORDERS = "l’ordre de la grille", "l’ordre du document (codes)"
"""What lines that nothing names follow."""

_LETTERS = 30
"""Of the name of a figure, what is always seen."""

Doubts = Mapping[str, str]
"""What is to be looked at, by key of the objective."""


class PastingDialog(FormDialog):
    """Enter takes everything that can be taken, as one step of the grid."""

    taken = Signal(object, object)
    """What is then typed, by key of the objective (a mapping of `Typed`); what the lines that are left say."""

    def __init__(
        self,
        theme: Theme,
        pasting: Pasting,
        today: Callable[[], date],
        doubt: Callable[[Mapping[str, Typed], Callable[[Doubts], None]], None],
        *,
        parent: QWidget | None = None,
    ) -> None:
        """`doubt`: asks what is to be looked at in what would be typed, and is answered later."""
        super().__init__("Coller dans la grille", parent, heading="Ce qui va être collé")
        self._pasting = pasting
        self._today, self._doubt = today, doubt
        self._doubts: Doubts = {}
        self._lines: Sequence[PastedLine] = ()
        self._typed: Mapping[str, Typed] = {}
        self._words = self.say("", "mention", name="Ce qui sera pris")
        self._columns = ColumnChoices(_TARGETS)
        self._columns.aimed.connect(self._aim)
        self._order = button("", self._turn)
        fill(self.column, self._columns, in_row(self._order, 1))
        self._model: TableModel[PastedLine] = TableModel(_columns(self._fate, pasting.day), id, parent=self)
        table = self._table = Table(self._model, "Lignes à coller", wrapped=True)
        table.row_selected.connect(lambda _: self._offer())
        self._accept = button("Accepter celui de la &ligne choisie", lambda: self._take_near(alone=True))
        self._accept_all = button("", self._take_near, role="primary")
        self._which = ChoiceCombo("Chiffre de la ligne choisie")
        self._which.need(_LETTERS)
        self._which.activated.connect(lambda _: self._mean())
        self._which_words = label("C&hiffre de la ligne choisie", "mention")
        self._which_words.setBuddy(self._which)
        choices = ((called(row.objective), row.objective) for row in pasting.rows)
        self._which.show_choices((("À choisir", None), *choices))
        fill(
            self.column,
            (table, 1),
            in_row(self._accept_all, self._accept, self._which_words, self._which, 1),
        )
        self._take = self.foot("Coller", self._submit)
        self._leave = next(
            foot_button for foot_button in self.findChildren(QPushButton) if foot_button.text() == "Annuler"
        )
        self.fit(theme.px(1180), theme.px(680))
        self._show()

    def _take_near(self, *, alone: bool = False) -> None:
        """Take the name that is proposed for the line in hand, or for each of them."""
        row = self._table.current_row()
        self._pasting.accept((row,) if alone and row is not None else self._lines)
        self._show()

    def _turn(self) -> None:
        """Have the lines that nothing names follow the other order."""
        self._pasting.by_code = not self._pasting.by_code
        self._show()

    def _mean(self) -> None:
        """Send the line in hand to the figure that is chosen."""
        row, objective = self._table.current_row(), self._which.currentData()
        if row is not None and objective is not None:
            self._pasting.mean(row, objective)
            self._show()

    def _offer(self) -> None:
        row, count = self._table.current_row(), sum(line.near is not None for line in self._lines)
        self._accept.setVisible(count > 1)
        self._accept.setEnabled(row is not None and row.near is not None)
        self._accept_all.setVisible(count > 0)
        several = f"A&ccepter les {count} rapprochements proposés"
        astray = row is not None and row.is_left and bool(self._pasting.name_of(row))
        for part in (self._which_words, self._which):
            part.setVisible(astray)
        self._which.setCurrentIndex(0)
        self._accept_all.setText(several if count > 1 else "A&ccepter le rapprochement proposé")

    def _aim(self, place: int, target: Target) -> None:
        self._pasting.aim(place, target)
        self._show()

    def _show(self) -> None:
        titles = self._pasting.titles or ("",) * self._pasting.width
        self._columns.show_columns(
            [
                PlacedColumn(place, title or f"Colonne {place + 1}", target)
                for place, (title, target) in enumerate(zip(titles, self._pasting.targets, strict=True))
            ]
        )
        lines = self._lines = self._pasting.lines(self._today())
        self._doubts = {}
        self._model.set_rows(lines)
        self._typed = {
            line.row.objective.key: line.typed
            for line in lines
            if line.is_taken and line.row is not None and line.typed is not None
        }
        typed = self._typed

        def answer(doubts: Doubts) -> None:
            if typed is self._typed:
                self._doubts = doubts
                self._model.set_rows(lines)
                self._say()

        if typed:
            self._doubt(typed, self.while_open(answer))
        order = self._pasting.reorderable
        self._order.setVisible(order)
        self._order.setText(f"&Suivre plutôt {_ORDERS[not self._pasting.by_code]}")
        self._say()
        self._offer()
        # What is proposed is settled first, and Enter does it; then Enter pastes.
        waiting = not self._accept_all.isHidden()
        if waiting or any(line.is_taken and not line.fault for line in lines):
            self.press_on_enter(self._accept_all if waiting else self._take)
            (self._accept_all if waiting else self._take).setFocus()
        else:
            # What was copied by mistake is not pasted by Enter: where its columns go is said first.
            self.press_on_enter(self._leave)
            self._columns.take_hand()

    def _say(self) -> None:
        """Say what will be taken, what is left and why, and in which order lines without a name come."""
        lines, pasting = self._lines, self._pasting
        over = sum(line.is_taken and line.row is not None and bool(line.row.typed.value) for line in lines)
        waiting = sum(line.near is not None for line in lines)
        left = len(lines) - len(self._typed) - waiting + pasting.cut
        doubtful = sum(bool(self._to_verify(line)) for line in lines)
        words = [f"{plural(len(self._typed), 'ligne sera prise', 'lignes seront prises')}"]
        if doubtful:
            words.append(f"dont {doubtful} à vérifier")
        if over:
            words.append(f"dont {over} par-dessus ce qui était tapé")
        if waiting:
            words.append(plural(waiting, "nom est à accepter", "noms sont à accepter"))
        if left:
            words.append(plural(left, "ligne est laissée", "lignes sont laissées"))
        more = pasting.width - COLUMNS_MAX
        if more > 0:
            words.append(plural(more, "colonne de trop n’est pas lue", "colonnes de trop ne sont pas lues"))
        order = _ORDERS[pasting.by_code]
        unnamed = (
            f"Rien ne nomme les chiffres\u202f: ils suivent {order}, de haut en bas\u202f; comparez chaque valeur au"
            " dernier relevé. "
        )
        tell(
            self._words,
            f"{', '.join(words)}. {unnamed if pasting.unnamed else ''}Rien n’est enregistré\u202f: Ctrl+Z défait le"
            " collage en une fois.",
        )
        self._take.setText(f"Coller {plural(len(self._typed), 'ligne', 'lignes')}")
        self._take.setEnabled(bool(self._typed))

    def _to_verify(self, line: PastedLine) -> str:
        """What is to be looked at in a line that will be taken; empty where nothing is."""
        if line.row is None or line.fault or not line.is_taken:
            return ""
        far = (
            "loin du dernier relevé\u202f; est-ce la bonne ligne\u202f?" if line.unnamed and line.far else ""
        )
        return self._doubts.get(line.row.objective.key, "") or far

    def _fate(self, line: PastedLine) -> str:
        """What becomes of a line; « Prise » alone where nothing is to be looked at."""
        if line.typed is None or line.row is None:
            return f"Laissée\u202f: {line.fault}"
        if line.near is not None:
            return "À accepter\u202f: est-ce ce chiffre\u202f?"
        if line.fault:
            return f"Prise, {line.fault}"
        before = line.row.typed.value
        over = f", à la place de {before}" if before not in ("", line.typed.value) else ""
        if doubt := self._to_verify(line):
            return f"À vérifier{over}\u202f: {doubt}"
        if over:
            return f"Prise{over}"
        if line.unnamed:
            return "Prise, par son rang"
        return "Prise, nom accepté" if line.name else "Prise"

    def _submit(self) -> None:
        self.taken.emit(self._typed, tuple(_line_words(line) for line in self._lines if line.is_left))
        self.accept()


def _columns(fate: Callable[[PastedLine], str], day: str) -> tuple[Column[PastedLine], ...]:
    return (
        Column("Chiffre", _named, width=0, kept=True),
        Column(
            "Dernier relevé",
            lambda line: line.row.text(EntryColumn.LAST, "") if line.row else "",
            right=True,
            width=172,
        ),
        Column("Nouvelle valeur", lambda line: line.typed.value if line.typed else "", right=True, width=110),
        Column("Date", lambda line: line.typed.day or day if line.typed else "", width=92),
        Column("Source", lambda line: line.typed.source if line.typed else "", width=80),
        Column("Ce qu’il en est", fate, width=0),
    )


def _line_words(line: PastedLine) -> str:
    """What a line says, as it stands."""
    return " · ".join(cell for cell in line.cells if cell)


def _named(line: PastedLine) -> str:
    if line.row is None:
        return _line_words(line)
    named = called(line.row.objective)
    return f"«\u202f{line.name}\u202f»\u202f: {named}" if line.name else named
