"""The columns of a table that comes in, each with what it gives, to be said by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from qpvdesk.ui.kit.controls import literal
from qpvdesk.ui.kit.focus import order_soon
from qpvdesk.ui.kit.tokens import fill, in_row
from qpvdesk.ui.widgets.choice_combo import ChoiceCombo
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import label

COLUMNS_MAX = 12
"""Columns that are offered a place."""
_TITLE_LETTERS_MAX = 24
_NOT_READ: tuple[object, str] = (None, "Non lue")


UNSAID = object()
"""What a column gives that is still to be said."""


class PlacedColumn(NamedTuple):
    """A column, by its place in what came in, and what it gives."""

    place: int
    title: str
    target: object
    """None: it is not read; `UNSAID`: nobody said it yet."""
    targets: Sequence[tuple[object, str]] = ()
    """What it may give, where that is not what every other may."""


class ColumnChoices(QWidget):
    """A list for each column: what it may give, « Non lue » first. Hidden where there is no column to be said."""

    aimed = Signal(int, object)
    """The place of a column, and what it gives from now on; None where it is not read."""

    def __init__(self, targets: Sequence[tuple[object, str]] = ()) -> None:
        super().__init__()
        self._shown: list[tuple[int, str, tuple[tuple[object, str], ...]]] = []
        self._combos: list[ChoiceCombo] = []
        self._groups: list[QWidget] = []
        self._row = Flow(10)
        self.setLayout(self._row)
        self.hide()
        self.offer(targets)

    def offer(self, targets: Sequence[tuple[object, str]]) -> None:
        """Say what a column may give, and how that is called."""
        self._targets: tuple[tuple[object, str], ...] = (_NOT_READ, *targets)
        self.show_columns(())

    def show_columns(self, columns: Sequence[PlacedColumn]) -> None:
        columns = columns[:COLUMNS_MAX]
        shown = [(column.place, column.title, self._of(column)) for column in columns]
        if shown != self._shown:
            hands = (
                place for (place, *_), box in zip(self._shown, self._combos, strict=True) if box.hasFocus()
            )
            hand = next(hands, None)
            self._shown = shown
            self._lay(columns)
            for (place, *_), box in zip(shown, self._combos, strict=True):
                if place == hand:
                    box.setFocus()
        for combo, column in zip(self._combos, columns, strict=True):
            targets = [target for target, _ in self._of(column)]
            combo.setCurrentIndex(targets.index(column.target) if column.target in targets else -1)
        self.setVisible(bool(columns))

    def take_hand(self) -> None:
        self._combos[0].setFocus()

    def _of(self, column: PlacedColumn) -> tuple[tuple[object, str], ...]:
        return (_NOT_READ, *column.targets) if column.targets else self._targets

    def _lay(self, columns: Sequence[PlacedColumn]) -> None:
        while self._row.takeAt(0) is not None:
            pass
        for group in self._groups:
            group.hide()
            group.deleteLater()
        self._groups, self._combos = [], []
        for column in columns:
            place, title, targets = column.place, column.title, self._of(column)
            group = QWidget()
            line = in_row(on=group)
            short = title if len(title) <= _TITLE_LETTERS_MAX else f"{title[: _TITLE_LETTERS_MAX - 1]}…"
            words = label(literal(short), "mention")
            combo = ChoiceCombo(f"Ce que donne la colonne «\u202f{title}\u202f»")
            combo.setAccessibleDescription(combo.accessibleName())
            combo.setPlaceholderText("À choisir")
            combo.show_choices([(name, target) for target, name in targets])
            combo.activated.connect(
                lambda chosen, place=place, targets=targets: self.aimed.emit(place, targets[chosen][0])
            )
            words.setBuddy(combo)
            fill(line, words, combo)
            self._row.addWidget(group)
            # Qt would show it later: the hand cannot stay in what is not shown.
            group.show()
            self._groups.append(group)
            self._combos.append(combo)
        order_soon(self)
