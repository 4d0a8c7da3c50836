"""Frozen data in the page of the committees: what was frozen, and what differs today or at another COPIL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from qpvdesk.domain.comparison import FATE_LABELS, Comparison, Fate, Pair, comparison_sentence
from qpvdesk.domain.french import format_date, format_number, format_value
from qpvdesk.domain.how_far import how_far, step_words
from qpvdesk.domain.model import Snapshot
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.statuses import STATUT_LABELS
from qpvdesk.ui.kit.controls import leaves
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import GAP, SNUG, fill, in_row, stacked
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.cell_delegate import Cell, CellDelegate
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.labels import aside, label

_FATES = tuple(Fate)
_SHORT_UNIT = 3
NOW = "aujourdhui"
"""The picture in force, among what a snapshot is compared with."""


@dataclass(frozen=True, slots=True)
class Choosable:
    """A snapshot that can be compared, in words (« COPIL-2026-06-30, données au 30/06/2026 »)."""

    snapshot: Snapshot
    words: str


class FrozenPanel(QWidget):
    """The arrêté of the meeting shown, set beside today or another arrêté, objective by objective."""

    freeze_asked = Signal()
    compare_asked = Signal(object, object)
    """The earlier `Snapshot`, and the later one or None for the picture in force."""
    objective_asked = Signal(str)
    """Code of an objective to open."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._comparison: Comparison | None = None
        self._asked: tuple[Snapshot, Snapshot | None] | None = None
        self._snapshots: dict[str, Snapshot] = {}
        self._waiting = False
        column = stacked(on=self, spacing=SNUG, margins=(0, GAP, 0, 0))
        self._empty = EmptyState(
            "Les données de cette réunion ne sont pas arrêtées",
            "Les arrêter garde le contrat tel qu’il est\u202f: le dossier se réimprime ensuite à l’identique, et cette "
            "page dit ce qui a changé depuis. Rien n’empêche de continuer à saisir.",
            "Arrêter les données…",
            self.freeze_asked.emit,
        )
        self._stack = leaves(self._empty, self._make_comparison(theme))
        column.addWidget(self._stack)

    def _make_comparison(self, theme: Theme) -> QWidget:
        comparison = QWidget()
        column = stacked(on=comparison, spacing=SNUG)
        self._frozen_words = label("", wrap=True, select=True)
        fill(column, self._frozen_words, self._make_choice())
        self._summary = aside("", select=True)
        fill(column, self._summary, (self._make_table(theme), 1))
        return comparison

    def _make_choice(self) -> QHBoxLayout:
        row = in_row(spacing=SNUG)
        self._before, self._after = ElidedCombo(), ElidedCombo()
        for combo, words, name in (
            (self._before, "Comparer", "Comparer les données arrêtées"),
            (self._after, "avec", "Avec des données arrêtées ou avec aujourd’hui"),
        ):
            row.addWidget(label(words, "mention"))
            combo.setAccessibleName(name)
            combo.need(16)
            combo.activated.connect(lambda _: self._ask())
            row.addWidget(combo, 2)
        self._all = QCheckBox("Tous")
        self._all.setAccessibleName("Montrer aussi les objectifs inchangés")
        tip(self._all, "Montrer aussi les objectifs inchangés")
        self._all.toggled.connect(lambda _: self._fill())
        row.addWidget(self._all)
        return row

    def _make_table(self, theme: Theme) -> Table:
        px = theme.px
        self._model: TableModel[Pair] = TableModel(
            (
                Column("Code", lambda pair: pair.objective.code, width=px(90)),
                Column("Objectif", lambda pair: pair.objective.label, width=0),
                Column(
                    "Évolution",
                    lambda pair: FATE_LABELS[pair.fate],
                    lambda pair: _FATES.index(pair.fate),
                    width=px(94),
                ),
                Column(
                    "Avant",
                    lambda pair: _status(pair.before),
                    lambda pair: _status(pair.before),
                    width=px(112),
                ),
                Column(
                    "Après", lambda pair: _status(pair.after), lambda pair: _status(pair.after), width=px(112)
                ),
                Column("Valeur", _values, right=True, width=px(112), tooltip=_values_told),
                Column("Taux", _rates, lambda pair: pair.rate_step, True, px(128), help=_RATE_HELP),
            ),
            lambda pair: pair.objective.key,
            parent=self,
        )
        self._table = Table(self._model, "Objectifs comparés", stretched=px(100))
        self._table.set_row_height(px(29))
        for place, of in ((3, lambda pair: pair.before), (4, lambda pair: pair.after)):
            self._table.setItemDelegateForColumn(place, CellDelegate(theme, Cell.STATUS, self._table, of=of))
        self._table.row_opened.connect(lambda pair: self.objective_asked.emit(pair.objective.code))
        self._table.empty_words = "Aucun objectif n’a bougé entre les deux."
        return self._table

    def show_meeting(
        self,
        own: Sequence[Snapshot],
        everything: Sequence[Choosable],
        now: str,
        words: str,
        *,
        editable: bool,
        shown: bool,
    ) -> None:
        """Show the arrêtés of a meeting, the last one counting; `everything`: those of the contract, by day.

        `now`: how the picture in force is called; `words`: which arrêté the last one is; `shown`: whether the controls
        are seen at all.
        """
        for button in self._empty.findChildren(QPushButton):
            button.setEnabled(editable)
            button.setVisible(shown)
        self._stack.setCurrentIndex(1 if own else 0)
        if not own:
            self._asked, self._comparison = None, None
            return
        last = own[-1]
        digits = " ".join(last.fingerprint[start : start + 4] for start in range(0, 16, 4))
        self._frozen_words.setText(
            f"Données arrêtées au {format_date(last.day)}, {words}. Empreinte\u202f: {digits}"
            " (change dès qu’un chiffre change)."
        )
        keys = [choosable.snapshot.key for choosable in everything]
        kept = (self._before.currentData(), self._after.currentData())
        if self._asked is None or self._asked[0].meeting != last.meeting or kept[0] not in keys:
            kept = (last.key, NOW)
        choices = [(choosable.words, choosable.snapshot.key) for choosable in everything]
        self._before.show_choices(choices)
        self._after.show_choices([*choices, (now, NOW)])
        for combo, chosen in zip((self._before, self._after), kept, strict=True):
            combo.setCurrentIndex(max(0, combo.findData(chosen)))
        self._snapshots = {choosable.snapshot.key: choosable.snapshot for choosable in everything}
        self._ask()

    def show_comparison(self, comparison: Comparison, before: Snapshot, after: Snapshot | None) -> None:
        """Show a comparison, if it is still the one wanted."""
        if self._asked == (before, after):
            self._comparison = comparison
            self._fill()

    def show_trouble(self, words: str) -> None:
        self._comparison = None
        self._model.set_rows([])
        self._summary.setText(words)

    def showEvent(self, event: QShowEvent) -> None:
        """Compare now that it is looked at."""
        super().showEvent(event)
        if self._waiting and self._asked is not None:
            self._waiting = False
            self.compare_asked.emit(*self._asked)

    def _ask(self) -> None:
        before = self._snapshots.get(str(self._before.currentData()))
        after = self._snapshots.get(str(self._after.currentData()))
        if before is None:
            return
        if after is not None and (after.day, after.key) < (before.day, before.key):
            before, after = after, before
        self._asked = (before, after)
        # Reckoned when it is looked at: the page is shown anew after each act.
        self._waiting = not self.isVisible()
        if not self._waiting:
            self.compare_asked.emit(before, after)

    def _fill(self) -> None:
        comparison = self._comparison
        if comparison is None:
            return
        rows = comparison.pairs if self._all.isChecked() else comparison.moved
        self._model.set_rows(rows)
        self._summary.setText(comparison_sentence(comparison))


_RATE_HELP = "Le taux d’avancement avant et après\u202f; l’écart se compte en points"


def _status(assessment: Assessment | None) -> str:
    return STATUT_LABELS[assessment.status] if assessment is not None else "–"


def _values(pair: Pair) -> str:
    """Return both values; a unit that is a word is left to the tooltip."""
    unit = pair.objective.unit
    return _both(pair, unit if len(unit) <= _SHORT_UNIT else "")


def _values_told(pair: Pair) -> str:
    return _both(pair, pair.objective.unit)


def _both(pair: Pair, unit: str) -> str:
    before, after = (
        assessment.value if assessment is not None else None for assessment in (pair.before, pair.after)
    )
    after_words = format_value(after, unit)
    if before == after:
        return after_words
    return f"{format_number(before) if before is not None else '–'} → {after_words}"


def _rates(pair: Pair) -> str:
    step = pair.rate_step
    after = how_far(pair.after).short if pair.after is not None else "–"
    return f"{after} ({step_words(step)})" if step else after
