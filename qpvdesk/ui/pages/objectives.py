"""Objectifs: the table that sorts and filters, and beside it the objective."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton

from qpvdesk.domain.french import plural
from qpvdesk.services import measurements
from qpvdesk.services.journals import HistoryEntry
from qpvdesk.ui.kit.master_detail import Master, fill_page, side_by_side
from qpvdesk.ui.kit.table import type_to_filter
from qpvdesk.ui.kit.table_menu import RowAct
from qpvdesk.ui.kit.tips import tell
from qpvdesk.ui.kit.tokens import fill
from qpvdesk.ui.pages.objective_detail import ObjectiveDetail
from qpvdesk.ui.pages.objective_filters import CONTEXT, ObjectiveFilters
from qpvdesk.ui.pages.objective_table import ObjectiveRow, ObjectivesTable, objective_rows
from qpvdesk.ui.pages.page import ASSESSED, Address, Page, page_head
from qpvdesk.ui.pages.things import Things
from qpvdesk.ui.picture import POINTS, Picture
from qpvdesk.ui.theme import Theme

_LOW = 440
"""A page of less height, in pixels at a zoom of 100 %, has no room for all its filters."""


class ObjectivesPage(Page):
    """Filters, table, detail."""

    kinds = ASSESSED | {"engagement", "condition", "meteo", "document", "attachment", "meeting", POINTS}
    word = "objectifs"
    title = "Objectifs"

    history_asked = Signal(str)
    """Code of the objective; the answer comes by `show_history`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._picture: Picture | None = None
        self._promises = 0
        self._counted: frozenset[str] = frozenset()
        left = Master()
        column = left.column
        head, self._mention = page_head(self.title)
        self._reset = QPushButton("Tout afficher")
        self._reset.setProperty("role", "quiet")
        head.addWidget(self._reset)
        self._filters = ObjectiveFilters(theme)
        self._filters.changed.connect(self._apply)
        self._list = ObjectivesTable(theme)
        self._table, self._model = self._list.table, self._list.model
        self._things = Things(self, self._table, "objective", new="Nouvel objectif…", more=self._acts)
        self._things.add_to(head)
        self._table.menu.narrowed.connect(self._apply)
        fill(column, head, self._filters, self._things.chips)
        self._table.row_selected.connect(self._select)
        self._table.row_opened.connect(lambda row: self.entering.emit(row.assessment.objective.key, ""))
        type_to_filter(self._table, self._filters.field)
        self._reset.clicked.connect(self._show_all)
        self._list.all_asked.connect(self._show_all)
        self._list.first_asked.connect(self._things.make)
        column.addWidget(self._list, 1)
        self._detail = ObjectiveDetail(theme)
        self._detail.enter_asked.connect(lambda key: self.entering.emit(key, ""))
        self._detail.correct_asked.connect(self.entering)
        self._detail.remove_asked.connect(self._remove)
        self._detail.objective_asked.connect(lambda code: self.go("objectifs", code))
        self._detail.partner_asked.connect(lambda code: self.go("partenaires", code))
        self._detail.history_asked.connect(self.history_asked)
        self._detail.address_asked.connect(self.going)
        self._detail.files_asked.connect(lambda key, title: self.attaching.emit("measurement", key, title))
        fill_page(self, side_by_side(theme, (left, 690, 3), (self._detail, 450, 2)))
        self._apply()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the filters where they would leave the list two rows, and on a projector, where nobody filters."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        projected = self._picture is not None and self._picture.projected
        self._filters.fold(projected or self.height() < self._theme.px(_LOW))

    @property
    def objective(self) -> str:
        """Key of the objective shown; empty where there is none."""
        return self._detail.key

    def show_picture(self, picture: Picture) -> None:
        """Show another picture; filters and selection stay."""
        self._picture = picture
        self._fold()
        situation = picture.situation
        self._things.show_picture(picture)
        self._filters.show_situation(
            situation, frozenset(move.objective.key for move in picture.review.moves)
        )
        self._promises = len(situation.promises)
        self._counted = frozenset(assessment.objective.key for assessment in situation.counted)
        self._model.set_rows(objective_rows(situation))
        key = self._detail.key
        self._detail.show_objective(picture, key if key in situation.assessments else "")
        self._count()

    def show_history(self, entries: tuple[HistoryEntry, ...]) -> None:
        self._detail.show_history(entries)

    def arrive(self, address: Address) -> None:
        """Filter as the place says, and select its objective."""
        filters = dict(address.filters)
        if filters or not address.focus:
            self.filter_by(filters)
        if address.focus and self._picture is not None:
            key = self._key_of(address.focus)
            if key and not self._table.select_identity(key):
                context = self._picture.situation.objective(key).is_context
                declined = {} if key in self._counted else {"declinaisons": "oui"}
                self._filters.set_filters({"pret": CONTEXT} if context else declined)
                self._table.select_identity(key)
        if self._table.current_row() is None:
            self._table.select_first()
        self._table.setFocus()

    def address(self) -> Address:
        """Return the filters in force and the objective shown."""
        code = ""
        if self._picture is not None and self._detail.key:
            code = self._picture.situation.objective(self._detail.key).code
        return Address(self.word, code, tuple(sorted(self._filters.filters.items())))

    def filter_by(self, filters: Mapping[str, str]) -> None:
        """Filter as a place says; what it does not name is not filtered."""
        self._filters.set_filters(dict(filters))

    def filters_in_words(self) -> Sequence[str]:
        """Return what the page filters on, in words."""
        return self._filters.in_words()

    def _show_all(self) -> None:
        self._table.menu.choose({})
        self.filter_by({})

    def _acts(self, rows: Sequence[ObjectiveRow]) -> Sequence[RowAct | None]:
        """What is done with objectives, from their rows."""
        if len(rows) != 1 or self._picture is None:
            return ()
        objective, situation = rows[0].assessment.objective, self._picture.situation
        engagement = situation.engagement(objective.engagement) if objective.engagement else None
        able = self._picture.editable
        return (
            RowAct(
                "Saisir un relevé…", lambda: self.entering.emit(objective.key, ""), "Return", enabled=able
            ),
            RowAct("Nouvelle contre-valeur…", lambda: self.making.emit("counter_value", {}), enabled=able),
            RowAct("Décliner sur des lieux…", lambda: self.declining.emit(objective.key), enabled=able),
            None,
            RowAct(
                "Voir l’engagement",
                lambda: self.go("engagements", engagement.code if engagement else ""),
                enabled=engagement is not None,
            ),
            RowAct("Voir le partenaire", lambda: self.go("partenaires", rows[0].partner.code)),
            RowAct("Voir le lieu", lambda: self.go("territoires", rows[0].territory.code)),
        )

    def _apply(self) -> None:
        self._model.set_filter(self._filters.words, self._filters.keep())
        if self._table.current_row() is None:
            self._table.select_first()
        self._count()

    def _count(self) -> None:
        shown, usual = self._model.rowCount(), len(self._counted)
        context = self._filters.context
        total = usual if shown <= usual and not self._filters.declined else self._promises
        words = plural(total, "objectif", "objectifs")
        if context:
            total = self._model.total - self._promises
            words = plural(total, "chiffre de contexte", "chiffres de contexte")
        tell(self._mention, words if shown == total else f"{shown} sur {words}{self._filters.due}")
        narrowed = bool(self._table.menu.values)
        if shown or narrowed:
            self._list.setCurrentIndex(0)
        else:
            self._list.show_none(filtered=bool(self.filters_in_words() or self._model.total))
        self._reset.setVisible(shown != usual or context or narrowed)

    def _select(self, row: ObjectiveRow | None) -> None:
        if self._picture is not None:
            self._detail.show_objective(self._picture, row.assessment.objective.key if row else "")

    def _key_of(self, code: str) -> str:
        assert self._picture is not None
        try:
            return self._picture.situation.objective_by_code(code).key
        except KeyError:
            return ""

    def _remove(self, key: str) -> None:
        if self._picture is None:
            return
        contract = self._picture.contract.code
        self.acting.emit("Suppression du relevé", lambda desk: measurements.remove(desk, contract, key))
