"""What a file would change, line by line, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QWidget

from qpvdesk.domain.french import format_date, format_number, format_value, raised
from qpvdesk.domain.how_far import figure_words
from qpvdesk.domain.model import Measurement, Objective
from qpvdesk.domain.wording import called
from qpvdesk.services.figures.imports import STATE_LABELS, Plan
from qpvdesk.services.figures.line import Line, LineState
from qpvdesk.ui.kit.controls import button, literal, rest
from qpvdesk.ui.kit.table import LINES, Table, set_lines
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import GAP, TIGHT, fill, stacked
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import ElidedLabel, aside, label
from qpvdesk.ui.widgets.line_settler import LineSettler

Row = tuple[int, Line]

_MARKS: dict[LineState, str] = {
    LineState.NEW: "+",
    LineState.SAME: "=",
    LineState.CHANGED: "→",
    LineState.REFUSED: "✕",
    LineState.UNKNOWN: "?",
    LineState.DOUBTFUL: "!",
    LineState.ASIDE: "–",
}
_ORDER = list(_MARKS)
_REFUSED = {LineState.REFUSED, LineState.UNKNOWN}
_FILTERS: tuple[tuple[str, Callable[[Row], bool]], ...] = (
    ("Toutes les lignes", lambda _: True),
    ("À corriger", lambda row: row[1].state in _REFUSED),
    ("À accepter", lambda row: row[1].state is LineState.DOUBTFUL and not row[1].accepted),
    ("Ce qui sera écrit", lambda row: row[1].written),
    ("Avec une remarque", lambda row: bool(row[1].warnings or row[1].remarks)),
)

_MOST = 2_000
"""Lines shown at most: nobody reads more, and each row's height has to be reckoned."""
_PLACE = re.compile(r"^Feuille «.*?», cellule [A-Z]+[0-9]+\u202f: ")
"""What the last column says already."""
_CHIP, _CHIP_LOW = 38, 20
"""Letters of a name on its button, and in a low window."""
_BEFORE = 3
"""The place of the column « Avant »."""
_VALUE_WIDTH = 144
"""Pixels at 100 %: the longest word of a unit (« accompagnements ») is never cut."""


class ImportPreview(QWidget):
    """A table of the lines; an unknown name is given its objective, or passed over, under it."""

    named = Signal(str, str)
    """A name of the file stands for the objective of that code; an empty code: for none."""
    settled = Signal(str, object)
    """What somebody says of a line, by its place (see `LineSettler`)."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.px
        layout = stacked(on=self, spacing=GAP)
        bar = self.bar = QHBoxLayout()
        """What is said above the lines, and what is done there."""
        self._sum = aside("")
        bar.addWidget(self._sum, 1)
        self._filter = ElidedCombo("Lignes montrées", _FILTERS)
        self._filter.currentIndexChanged.connect(lambda _: self._apply())
        bar.addWidget(self._filter, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(bar)
        self._model: TableModel[Row] = TableModel(
            (
                Column(
                    "État",
                    _state,
                    lambda row: _ORDER.index(row[1].state),
                    width=px(92),
                    help="+ nouveau, → modifié, = identique, ! douteux, ✓ accepté, – écarté, ✕ refusé, ? inconnu",
                ),
                Column("Objectif", _named, width=0, tooltip=_whole),
                Column("Date", lambda row: format_date(row[1].day), lambda row: row[1].day, width=px(94)),
                Column("Avant", _before, right=True, width=px(_VALUE_WIDTH)),
                Column("Après", _after, right=True, width=px(_VALUE_WIDTH)),
                Column("Remarque", _remark, width=0),
                Column(
                    "Cellule",
                    self._cell,
                    lambda row: row[0],
                    width=px(62),
                    help="Sa place dans le fichier",
                ),
            ),
            lambda row: row[0],
            parent=self,
        )
        self._table = Table(self._model, "Aperçu de l’import", wrapped=True, stretched=px(132))
        self._table.empty_words = "Aucune ligne ne répond à ce filtre."
        self._table.setMinimumHeight(px(72))
        self._table.row_selected.connect(self._choose)
        layout.addWidget(self._table, 1)
        self._detail = aside("", select=True)
        fill(layout, self._detail, self._make_namer())
        self._settler = LineSettler(theme)
        self._settler.settled.connect(self.settled)
        self._settler.kind_set_aside.connect(lambda kind: self.named.emit(kind, ""))
        layout.addWidget(self._settler)
        self._today = date.min
        self._low = False
        # What is said under the lines may leave them less room than they had.
        self._reveal = rest(self, 0, lambda: self._table.scrollTo(self._table.currentIndex()))
        self._plan: Plan | None = None
        self._sheeted = False
        self._territories: dict[str, str] = {}

    def _cell(self, row: Row) -> str:
        """Where a line stands; with its sheet, where the file has several."""
        return f"{row[1].sheet} {row[1].cell}" if self._sheeted else row[1].cell

    def show_plan(self, plan: Plan, codes: Sequence[tuple[str, str]], today: date) -> None:
        """Show a plan; `codes` are the objectives (words, code) that a name can stand for."""
        same = self._plan is not None and plan.book is self._plan.book
        self._today, self._plan = today, plan
        self._territories = {place.key: place.name for place in plan.dossier.territories}
        kept = self._table.current_row() if same else None
        self._say_sum(plan)
        self._sheeted = len({line.sheet for line in plan.lines}) > 1
        self._table.want_column(_BEFORE, any(line.old is not None for line in plan.lines))
        if [self._code.itemData(at) for at in range(self._code.count())] != [code for _, code in codes]:
            self._code.show_choices(codes)
        self._code.setCurrentIndex(-1)
        waiting = set(map(id, plan.unsettled))
        # What stands in the way comes first, the rest as in the file.
        rows = sorted(
            enumerate(plan.lines), key=lambda row: (row[1].state not in _REFUSED, id(row[1]) not in waiting)
        )
        self._model.set_rows(rows[:_MOST])
        if self._filter.currentIndex() == 1 and not plan.refused:
            self._filter.setCurrentIndex(0)
        self._apply()
        first = next((at for at, line in rows if line.state is LineState.UNKNOWN), None)
        if first is None:
            first = (
                kept[0] if kept is not None else next((at for at, line in rows if id(line) in waiting), None)
            )
        if first is None or not self._table.select_identity(first):
            self._table.select_first()
        self._choose(self._table.current_row())

    def set_low(self, low: bool) -> None:
        """In a low window a line is one row high: more of them are seen, and the one in hand is whole under them."""
        if low != self._low:
            self._low = low
            set_lines(self._table, 1 if low else LINES)
            if self._plan is not None:
                self._say_sum(self._plan)

    def _say_sum(self, plan: Plan) -> None:
        cut = f"Les {format_number(_MOST)} premières lignes sont montrées." if len(plan.lines) > _MOST else ""
        # The head of the page, which says the name of the file, is folded in a low window.
        name = f"«\u202f{plan.file}\u202f»\u202f:" if self._low else ""
        self._sum.setText(" ".join(filter(None, (name, plan.sentence, *plan.notes, cut))))

    def take_hand(self) -> None:
        self._table.setFocus()

    def _make_namer(self) -> QWidget:
        self._namer = QWidget()
        column = stacked(on=self._namer, spacing=TIGHT)
        row, chips = QHBoxLayout(), Flow(8)
        row.setSpacing(GAP)
        self._nearest = label("Les plus proches\u202f:", "mention")
        chips.addWidget(self._nearest)
        self._near = [button("", partial(self._take_near, place), role="chip") for place in range(3)]
        for chip in self._near:
            chips.addWidget(chip)
        fill(column, row, chips)
        self._name = ElidedLabel()
        row.addWidget(self._name, 1)
        self._code = ElidedCombo()
        self._code.setEditable(True)
        self._code.need(12)
        self._code.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._code.setAccessibleName("Objectif que désigne ce nom")
        field = self._code.lineEdit()
        if field is not None:
            field.setPlaceholderText("Nom ou code de l’objectif")
            field.setAccessibleName("Objectif que désigne ce nom")
        completer = self._code.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        row.addWidget(self._code, 1)
        give = button("Associer", self._give)
        row.addWidget(give)
        skip = button("Ignorer ce nom", lambda: self._say(""))
        row.addWidget(skip)
        self._namer.hide()
        return self._namer

    def _take_near(self, place: int) -> None:
        self._say(str(self._near[place].property("code")))

    def _apply(self) -> None:
        self._model.set_filter("", self._filter.currentData())

    def _choose(self, row: Row | None) -> None:
        unknown = row is not None and bool(row[1].full_name)
        self._settler.show_line(
            row[1] if row is not None and not unknown else None, self._today, self._territories
        )
        self._namer.setVisible(unknown)
        self._reveal.start()
        detail = "" if row is None or unknown else " – ".join(filter(None, (_whole(row), _remark(row))))
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        if row is not None and unknown:
            self._name.setText(f"«\u202f{row[1].full_name}\u202f» désigne")
            near = self._plan.near(row[1].full_name) if self._plan is not None else []
            self._nearest.setVisible(bool(near))
            for place, chip in enumerate(self._near):
                chip.setVisible(place < len(near))
                if place < len(near):
                    name, most = near[place].label, _CHIP_LOW if self._low else _CHIP
                    cut = name if len(name) <= most else f"{name[:most].rstrip()}…"
                    chip.setText(literal(f"{cut} ({near[place].code})"))
                    tip(chip, name)
                    chip.setProperty("code", near[place].code)

    def _give(self) -> None:
        at = self._code.findText(self._code.currentText())
        if at >= 0:
            self._say(str(self._code.itemData(at)))

    def _say(self, code: str) -> None:
        row = self._table.current_row()
        if row is not None:
            self.named.emit(row[1].full_name, code)


def _state(row: Row) -> str:
    line = row[1]
    accepted = line.accepted and line.state is LineState.DOUBTFUL
    return "✓  Accepté" if accepted else f"{_MARKS[line.state]}  {STATE_LABELS[line.state]}"


def _named(row: Row) -> str:
    """The objective by its name, its code after it."""
    line = row[1]
    return called(line.objective) if line.objective is not None else line.name or "–"


def _whole(row: Row) -> str:
    line = row[1]
    return line.objective.label if line.objective is not None else line.full_name or line.name


def _before(row: Row) -> str:
    line = row[1]
    return _wrapping(_value(line.old, line.objective)) if line.old is not None else ""


def _after(row: Row) -> str:
    line = row[1]
    return _wrapping(_value(line.measurement, line.objective)) if line.measurement is not None else ""


def _value(told: Measurement, objective: Objective | None) -> str:
    return format_value(told.value, "") if objective is None else figure_words(told.value, objective)


def _wrapping(value: str) -> str:
    """The value with its unit on a line of its own where both do not fit on one: none of it is cut."""
    return value.replace("\u00a0", " ")


def _remark(row: Row) -> str:
    sentence = _PLACE.sub("", row[1].sentence)
    return " ".join((raised(sentence), *row[1].warnings, *row[1].remarks)).strip()
