"""What is about to be pasted into the entry grid: where each column goes, what each line puts, before it is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.french import plural
from qpvdesk.domain.told import called
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.tokens import fill, in_row
from qpvdesk.ui.models.entry_paste import PastedLine, Pasting
from qpvdesk.ui.models.entry_rows import EntryColumn, Typed
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ChoiceCombo
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import label

_TARGETS = (
    (None, "Non lue"),
    (EntryColumn.OBJECTIVE, "Nom du chiffre"),
    (EntryColumn.VALUE, "Nouvelle valeur"),
    (EntryColumn.DAY, "Date"),
    (EntryColumn.SOURCE, "Source"),
    (EntryColumn.COMMENT, "Commentaire"),
    (EntryColumn.PROVISIONAL, "Provisoire"),
)
_COLUMNS_MAX = 12
"""Columns that are offered a place; those beyond are not read, and it is said."""

_UNNAMED = (
    "Rien ne nomme les chiffres\u202f: ils suivent l’ordre de la grille\u202f; comparez au dernier relevé."
)


class PastingDialog(FormDialog):
    """Enter takes everything that can be taken, as one step of the grid."""

    taken = Signal(object)
    """What is then typed, by key of the objective (a mapping of `Typed`)."""

    def __init__(
        self, theme: Theme, pasting: Pasting, today: Callable[[], date], parent: QWidget | None = None
    ) -> None:
        super().__init__("Coller dans la grille", parent, heading="Ce qui va être collé")
        self._pasting = pasting
        self._today = today
        self._lines: Sequence[PastedLine] = ()
        self._typed: Mapping[str, Typed] = {}
        self._words = self.say("", "mention")
        self._words.setAccessibleName("Ce qui sera pris")
        choice = QWidget()
        row = Flow(10)
        choice.setLayout(row)
        self._combos = [self._combo(place, row) for place in range(min(pasting.width, _COLUMNS_MAX))]
        self.column.addWidget(choice)
        self._model: TableModel[PastedLine] = TableModel(_columns(), id, parent=self)
        table = self._table = Table(self._model, "Lignes à coller", wrapped=True)
        table.row_selected.connect(lambda _: self._offer())
        self._accept = button("Accepter le nom &proposé", lambda: self._take_near(alone=True))
        self._accept_all = button("", self._take_near)
        fill(self.column, (table, 1), in_row(self._accept, self._accept_all, 1))
        self._take = self.foot("Coller", self._submit)
        self.fit(theme.px(940), theme.px(520))
        self._show()
        self._take.setFocus()

    def _combo(self, place: int, row: Flow) -> ChoiceCombo:
        title = self._pasting.titles[place] if self._pasting.titles else f"Colonne {place + 1}"
        group = QWidget()
        line = in_row(on=group)
        words = label(title if len(title) <= 24 else f"{title[:23]}…", "mention")
        combo = ChoiceCombo(f"Ce que donne la colonne «\u202f{title}\u202f»")
        combo.setAccessibleDescription(combo.accessibleName())
        for _, name in _TARGETS:
            combo.addItem(name)
        combo.activated.connect(lambda chosen, place=place: self._aim(place, chosen))
        words.setBuddy(combo)
        fill(line, words, combo)
        row.addWidget(group)
        return combo

    def _take_near(self, *, alone: bool = False) -> None:
        """Take the name that is proposed for the line in hand, or for each of them."""
        row = self._table.current_row()
        self._pasting.accept((row,) if alone and row is not None else self._lines)
        self._show()

    def _offer(self) -> None:
        row, count = self._table.current_row(), sum(line.near is not None for line in self._lines)
        self._accept.setVisible(count > 0)
        self._accept.setEnabled(row is not None and row.near is not None)
        self._accept_all.setVisible(count > 1)
        self._accept_all.setText(f"Accepter les {count} noms proposés")

    def _aim(self, place: int, chosen: int) -> None:
        self._pasting.aim(place, _TARGETS[chosen][0])
        self._show()

    def _show(self) -> None:
        places = {target: place for place, (target, _) in enumerate(_TARGETS)}
        for place, combo in enumerate(self._combos):
            combo.setCurrentIndex(places[self._pasting.targets[place]])
        lines = self._lines = self._pasting.lines(self._today())
        self._model.set_rows(lines)
        self._typed = {
            line.row.objective.key: line.typed
            for line in lines
            if line.row is not None and line.typed is not None
        }
        over = sum(
            line.typed is not None and line.row is not None and bool(line.row.typed.value) for line in lines
        )
        left = len(lines) - len(self._typed) + self._pasting.cut
        words = [f"{plural(len(self._typed), 'ligne sera prise', 'lignes seront prises')}"]
        if over:
            words.append(f"dont {over} par-dessus ce qui était tapé")
        if left:
            words.append(plural(left, "ligne est laissée", "lignes sont laissées"))
        named = EntryColumn.OBJECTIVE in self._pasting.targets
        unnamed = "" if named else f"{_UNNAMED} "
        more = self._pasting.width - _COLUMNS_MAX
        if more > 0:
            words.append(plural(more, "colonne de trop n’est pas lue", "colonnes de trop ne sont pas lues"))
        self._words.setText(
            f"{', '.join(words)}. {unnamed}Rien n’est enregistré\u202f: Ctrl+Z défait le collage en une fois."
        )
        self._take.setText(f"Coller {plural(len(self._typed), 'ligne', 'lignes')}")
        self._take.setEnabled(bool(self._typed))
        self._offer()

    def _submit(self) -> None:
        self.taken.emit(self._typed)
        self.accept()


def _columns() -> tuple[Column[PastedLine], ...]:
    return (
        Column("Chiffre", _named, width=0, kept=True),
        Column(
            "Dernier relevé",
            lambda line: line.row.text(EntryColumn.LAST, "") if line.row else "",
            right=True,
            width=130,
        ),
        Column("Nouvelle valeur", lambda line: line.typed.value if line.typed else "", right=True, width=110),
        Column("Date", lambda line: line.typed.day if line.typed else "", width=92),
        Column("Source", lambda line: line.typed.source if line.typed else "", width=120),
        Column("Ce qu’il en est", _fate, width=200),
    )


def _named(line: PastedLine) -> str:
    if line.row is None:
        return " · ".join(cell for cell in line.cells if cell)
    return called(line.row.objective)


def _fate(line: PastedLine) -> str:
    if line.typed is None:
        return f"Laissée\u202f: {line.fault}"
    if line.fault:
        return f"Prise, {line.fault}"
    if line.row is not None and line.row.typed.value and line.row.typed.value != line.typed.value:
        return f"Prise, à la place de {line.row.typed.value}"
    return f"Prise, pour «\u202f{line.name}\u202f»" if line.name else "Prise"
