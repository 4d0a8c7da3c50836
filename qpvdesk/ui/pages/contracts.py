"""Contrats: those of the base side by side, the latest first; who has not answered; what they follow in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from qpvdesk.domain.french import UNKNOWN, enumerate_words, format_date, plural
from qpvdesk.domain.how_far import bound_words, value_words
from qpvdesk.domain.model import Partner
from qpvdesk.domain.overview import (
    NO_SUM,
    ContractLine,
    Followed,
    common_sentence,
    counted_words,
    line_of,
    median_sentence,
    overview,
)
from qpvdesk.domain.progress import status_words
from qpvdesk.domain.statuses import STATUT_ORDER
from qpvdesk.services.contracts import side_by_side
from qpvdesk.ui.folders import Folders
from qpvdesk.ui.kit.controls import button, leaves, rest
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.tokens import EDGE, GAP, ROOM, fill, stacked
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.notify import Notifier
from qpvdesk.ui.pages.page import Address, Page, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.cell_delegate import Cell, CellDelegate
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.labels import aside, label

STATUS = "Statut"
_TITLE_LETTERS_MAX = 9
"""Beyond, a partner is told by its code."""


def contract_columns(
    theme: Theme, partners: Sequence[Partner], names: Mapping[str, str]
) -> tuple[Column[ContractLine], ...]:
    """What is told of each contract, then a column for each partner: how many *à traiter*, of how many promised.

    `names`: see `Overview.names`; sixty that begin alike would be cut to what they have in common.
    """
    px = theme.px
    return (
        Column("Contrat de ville", lambda row: names[row.contract.key], width=0, tooltip=_first),
        Column(
            "À traiter",
            lambda row: counted_words(row.counts),
            lambda row: row.late_share,
            True,
            px(104),
            help="Objectifs promis en retard, à surveiller ou non atteints, sur ceux qui sont promis",
        ),
        Column(
            "Dont propres",
            lambda row: counted_words(row.own_counts),
            lambda row: row.own_share,
            True,
            px(98),
            help="À l’échelle du contrat et en dessous\u202f: sans ce qui est promis plus largement",
        ),
        Column(
            "Sans réponse",
            _silences,
            lambda row: -sum(item.figures for item in row.silences),
            width=px(160),
            tooltip=_silences_whole,
            help="Partenaires dont un chiffre n’a jamais été donné, ou est trop ancien, et combien",
        ),
        Column(
            "Décisions échues",
            lambda row: str(row.late_decisions),
            lambda row: -row.late_decisions,
            True,
            px(118),
        ),
        *(_partner_column(partner, px(74)) for partner in partners),
    )


def common_columns(theme: Theme, names: Mapping[str, str]) -> tuple[Column[Followed], ...]:
    """What is told of an objective that several contracts follow, a line a contract. `names`: as for `contract_columns`."""
    px = theme.px
    return (
        Column("Objectif commun", lambda row: row.assessment.objective.label, width=0),
        Column(
            "Partenaire", lambda row: _short(row.partner), width=px(104), tooltip=lambda row: row.partner.name
        ),
        Column("Échelle", lambda row: row.scale, width=px(96)),
        Column(
            "Contrat de ville",
            lambda row: names[row.contract.key],
            width=px(174),
            tooltip=lambda row: row.contract.name,
        ),
        Column(
            "Valeur", lambda row: value_words(row.assessment), lambda row: row.assessment.value, True, px(124)
        ),
        Column(
            "Au",
            lambda row: format_date(row.assessment.value_day),
            lambda row: row.assessment.value_day,
            width=px(96),
        ),
        Column("Cible", lambda row: bound_words(row.assessment) or UNKNOWN, right=True, width=px(100)),
        Column(
            STATUS,
            lambda row: status_words(row.assessment),
            lambda row: STATUT_ORDER.index(row.assessment.status),
            width=px(150),
        ),
    )


def _partner_column(partner: Partner, width: int) -> Column[ContractLine]:
    code = partner.code

    def words(row: ContractLine) -> str:
        summary = row.summary_of(code)
        return counted_words(summary.counts) if summary is not None else UNKNOWN

    def whole(row: ContractLine) -> str:
        return f"{partner.name}, {row.contract.name}\u202f: {words(row)}"

    return Column(_short(partner), words, lambda row: row.share_of(code), True, width, tooltip=whole)


def _short(partner: Partner) -> str:
    """The usual name of a partner, or the code where a narrow column would cut it."""
    return partner.short_name if 0 < len(partner.short_name) <= _TITLE_LETTERS_MAX else partner.code


def _silences(row: ContractLine) -> str:
    """Who has the most to give first; of more than two, how many the others are: a list that is cut hides whom it cuts."""
    ordered = sorted(row.silences, key=lambda item: -item.figures)
    shown = [f"{_short(item.partner)} {item.figures}" for item in ordered[: 2 if len(ordered) == 2 else 1]]
    left = len(ordered) - len(shown)
    others = f" et {plural(left, 'autre', 'autres')}" if left else ""
    return f"{', '.join(shown)}{others}" if shown else UNKNOWN


def _silences_whole(row: ContractLine) -> str:
    lines = [
        f"{item.partner.name}\u202f: {plural(item.figures, 'chiffre à demander', 'chiffres à demander')}"
        for item in row.silences
    ]
    return "\n".join(lines)


def _first(row: ContractLine) -> str:
    """The contract, and what is to be looked at first in it."""
    return row.contract.name + (f"\nD’abord\u202f: {enumerate_words(row.first)}" if row.first else "")


_PURPOSE = "impressions"
_KINDS = "PDF (*.pdf);;Diapositives (*.pptx);;Document Word (*.docx);;Document OpenDocument (*.odt);;Tableaux CSV (*.zip)"
_REST_MS = 500
"""Contracts that are read within are shown together."""


class ContractsPage(Page):
    """The contract in view is told at once; the others are read beside, one after the other."""

    kinds: ClassVar[frozenset[str] | None] = None
    word = "contrats"
    title = "Contrats"

    def __init__(self, theme: Theme, session: Session, notifier: Notifier, folder: Path) -> None:
        super().__init__()
        self._theme, self._session, self._notifier = theme, session, notifier
        self._folders = Folders(folder)
        self._lines: dict[str, ContractLine] = {}
        self._names: dict[str, str] = {}
        self._columns: tuple[str, ...] = ()
        self._reading = self._left = 0
        self._picture: Picture | None = None
        self._rest = rest(self, _REST_MS, self._show)
        layout = stacked(on=self, spacing=GAP, margins=(EDGE, ROOM, EDGE, ROOM))
        head, self._mention = page_head(self.title)
        self._print = button("Note départementale…", self._save_note)
        head.addWidget(self._print)
        layout.addLayout(head)
        self._alone = EmptyState(
            "Un seul contrat dans cette base",
            "Les contrats d’une base qui en contient plusieurs se lisent ici côte à côte.",
            "Nouveau contrat…",
            lambda: self.making.emit("contract", None),
        )
        self._stack = leaves(self._make_tables(), self._alone)
        layout.addWidget(self._stack, 1)

    def _make_tables(self) -> QWidget:
        tables = QWidget()
        layout = stacked(on=tables, spacing=GAP)
        theme = self._theme
        self._model: TableModel[ContractLine] = TableModel(
            contract_columns(theme, (), self._names), lambda row: row.contract.code, parent=self
        )
        self._table = Table(self._model, self.title, stretched=theme.px(200))
        self._table.set_row_height(theme.px(30))
        self._table.row_opened.connect(self._open)
        layout.addWidget(self._table, 3)
        self._median = label("", "strong", wrap=True)
        fill(layout, self._median, aside(NO_SUM))
        self._common_words = label("", "heading", wrap=True)
        layout.addWidget(self._common_words)
        self._common: TableModel[Followed] = TableModel(
            common_columns(theme, self._names), lambda row: (row.promise, row.contract.key), parent=self
        )
        self._common_table = Table(self._common, "Objectifs communs", stretched=theme.px(220))
        self._common_table.set_row_height(theme.px(30))
        place = [column.title for column in self._common.columns].index(STATUS)
        self._common_table.setItemDelegateForColumn(
            place, CellDelegate(theme, Cell.STATUS, self._common_table)
        )
        self._common_table.row_opened.connect(self._open_objective)
        layout.addWidget(self._common_table, 2)
        return tables

    def show_picture(self, picture: Picture) -> None:
        """Show another picture: what is known already at once, then every contract as it is read again."""
        codes = [contract.code for contract in picture.contracts]
        several = len(codes) > 1
        self._stack.setCurrentIndex(0 if several else 1)
        self._print.setVisible(several)
        self._alone.set_able(picture.editable)
        self._lines = {
            code: line for code, line in self._lines.items() if code in codes and line.day == picture.day
        }
        self._lines[picture.contract.code] = line_of(picture.review)
        self._picture = picture
        self._reading += 1
        others = [code for code in codes if code != picture.contract.code] if several else []
        self._left = len(others)
        self._show()
        for code in others:
            self._read(picture, code)

    def arrive(self, address: Address) -> None:
        """Take the focus, on the contract of the place."""
        if address.focus:
            self._table.select_identity(address.focus)
        self._table.setFocus()

    def address(self) -> Address:
        row = self._table.current_row()
        return Address(self.word, row.contract.code if row else "")

    def _read(self, picture: Picture, code: str) -> None:
        """Read one contract beside the entries; what was asked for before another picture is dropped."""
        reading = self._reading

        def take(line: ContractLine | None) -> None:
            if reading != self._reading:
                return
            self._left -= 1
            if line is not None:
                self._lines[code] = line
            if not self._left:
                self._show()
            elif not self._rest.isActive():
                self._rest.start()

        self._session.read(
            "Lecture des contrats",
            lambda desk, _: side_by_side.line(desk, code, picture.day) if reading == self._reading else None,
            take,
            lambda _: take(None),
        )

    def _show(self) -> None:
        picture = self._picture
        if picture is None:
            return
        view = overview(picture.day, self._lines.values())
        self._names.clear()
        self._names.update(view.names)
        partners = view.partners
        titles = tuple(partner.code for partner in partners)
        if titles != self._columns:
            self._columns = titles
            self._table.set_columns(contract_columns(self._theme, partners, self._names))
        self._model.set_rows(view.lines)
        common = view.common
        self._common.set_rows([item for group in common for item in group])
        self._common_table.setVisible(bool(common))
        self._common_words.setText(common_sentence(common))
        self._median.setText(median_sentence(view))
        self._median.setVisible(bool(self._median.text()))
        count = plural(len(picture.contracts), "contrat", "contrats")
        self._mention.setText(f"{count}, encore {self._left} à lire…" if self._left else count)

    def _open(self, row: ContractLine) -> None:
        """Show a contract whole."""
        self._session.show_contract(row.contract.code)
        self.go("tableau")

    def _open_objective(self, row: Followed) -> None:
        self._session.show_contract(row.contract.code)
        self.go("objectifs", row.assessment.objective.code)

    def _save_note(self) -> None:
        """Write the note or its slides where the officer says."""
        picture = self._picture
        if picture is None:
            return
        day = picture.day
        path = self._notifier.save_path(
            "Enregistrer\u202f: note départementale",
            self._folders.suggestion(_PURPOSE, f"note-departementale-{day.isoformat()}.pdf"),
            _KINDS,
        )
        if path is None:
            return
        self._folders.keep(_PURPOSE, path)
        self._session.read(
            "Impression de la note",
            lambda desk, stop: side_by_side.print_note(desk, day, path, cancelled=stop),
            self._session.printed.emit,
        )
