"""The whole contract that a file holds, before it is made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from qpvdesk.domain.french import format_number
from qpvdesk.services.contracts.contract_import import ContractDraft, asked
from qpvdesk.services.contracts.retitling import LooseColumn, Titles
from qpvdesk.ui.kit.controls import button, text_line
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.tokens import GAP, fill, stacked
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.column_choices import COLUMNS_MAX, UNSAID, ColumnChoices, PlacedColumn
from qpvdesk.ui.widgets.labels import aside, label

Row = tuple[str, str]
"""What is counted and how many, or the number of a refusal and its sentence."""
_MOST = 500


class ContractPreview(QWidget):
    """Its code, what it holds sheet by sheet, or every cell that is refused."""

    coded = Signal(str)
    """Another code is given to it."""
    wanted = Signal()
    given_up = Signal()
    retitled = Signal(object, object)
    """The `LooseColumn` that gives something from now on, and the title of ours; None where it is not read."""
    marked_asked = Signal()
    """A copy of the workbook where its refused cells are marked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        layout = stacked(label("Ce fichier contient un contrat entier", "heading"), on=self, spacing=GAP)
        self._sum = label("", wrap=True)
        layout.addWidget(self._sum)
        self._notes = aside("")
        layout.addWidget(self._notes)
        self._model: TableModel[Row] = TableModel(
            (
                Column("Feuille", lambda row: row[0], width=theme.px(220)),
                Column("Lignes lues, puis ce que demande chaque objectif", lambda row: row[1], width=0),
            ),
            lambda row: row,
            parent=self,
        )
        self._refusals: TableModel[Row] = TableModel(
            (
                Column("N°", lambda row: row[0], lambda row: int(row[0]), width=theme.px(60)),
                Column("Case refusée", lambda row: row[1], width=0),
            ),
            lambda row: row[0],
            parent=self,
        )
        self._counts = Table(self._model, "Ce que contient le fichier")
        self._faults = Table(self._refusals, "Cases refusées", wrapped=True)
        self._loose: Sequence[LooseColumn] = ()
        self._asked = aside(
            "Les titres de ces colonnes ne sont pas prévus\u202f: choisissez ce qu’elles donnent."
        )
        self._asked.hide()
        layout.addWidget(self._asked)
        self._columns = ColumnChoices()
        self._columns.aimed.connect(lambda place, title: self.retitled.emit(self._loose[place], title))
        fill(layout, self._columns, (self._counts, 1), (self._faults, 1))
        self._stuck = label("", "error", wrap=True)
        layout.addWidget(self._stuck)
        self._make = button("Créer le contrat", self.wanted.emit, role="primary")
        foot = QHBoxLayout()
        words = label("Code du nouveau contrat")
        self._code = text_line("Code du nouveau contrat")
        self._code.setMinimumWidth(theme.px(170))
        self._code.editingFinished.connect(lambda: self.coded.emit(self._code.text().strip()))
        words.setBuddy(self._code)
        fill(foot, words, self._code, 1)
        self._mark = button(
            "Copie à corriger…",
            self.marked_asked.emit,
            hint="Le classeur tel qu’il est, les cases refusées en rouge et la raison en commentaire.",
        )
        fill(foot, self._mark, button("Renoncer", self.given_up.emit), self._make)
        layout.addLayout(foot)

    def show_draft(self, draft: ContractDraft, code: str, *, taken: bool, why: str = "") -> None:
        """Show what the file holds; `taken`: a contract of the base has that code; `why`: why none of it can enter."""
        self._code.setText(code)
        self._sum.setText(draft.sentence)
        self._notes.setText(" ".join(draft.notes))
        self._notes.setVisible(bool(draft.notes))
        counts = [(name, format_number(count)) for name, count in draft.counts.items()]
        self._model.set_rows([*counts, *(("Objectif", words) for words in asked(draft))])
        self._refusals.set_rows([(str(at), problem) for at, problem in enumerate(draft.problems[:_MOST], 1)])
        self._mark.setVisible(bool(draft.problems) and not draft.file.lower().endswith(".json"))
        self._counts.setVisible(not draft.problems)
        self._faults.setVisible(bool(draft.problems))
        self._make.setEnabled(draft.dossier is not None and not (taken or why) and bool(code))
        if taken:
            why = why or (
                f"La base contient déjà un contrat «\u202f{code}\u202f»\u202f: donnez un autre code au nouveau."
            )
        self.say(why or ("" if code else "Donnez un code au contrat."))

    def show_loose(self, columns: Sequence[LooseColumn], titles: Titles) -> None:
        """Ask what the columns give that no title of ours places. `titles`: what was said of them."""
        self._loose = columns
        self._asked.setVisible(bool(columns))
        several = len({column.sheet for column in columns}) > 1
        placed = [
            PlacedColumn(
                place,
                f"{column.sheet}\u202f: {column.title}" if several else column.title,
                titles[key] or None if (key := (column.sheet, column.column)) in titles else UNSAID,
                [(title, title) for title in column.free],
            )
            for place, column in enumerate(columns)
        ]
        # Of more than are shown at once, those of which nothing is said yet come first.
        few = len(placed) <= COLUMNS_MAX
        self._columns.show_columns(
            placed if few else sorted(placed, key=lambda column: column.target is not UNSAID)
        )

    def say(self, words: str) -> None:
        self._stuck.setText(words)
        self._stuck.setVisible(bool(words))
