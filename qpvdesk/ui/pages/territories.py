"""Territoires: the tree of places with their populations, and what concerns each."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QPushButton,
    QTreeWidgetItem,
    QWidget,
)

from qpvdesk.domain.french import format_date, format_number, format_value, plural
from qpvdesk.domain.model import Territory
from qpvdesk.domain.shares import quote_part
from qpvdesk.ui.kit.master_detail import Master, fill_page, side_by_side
from qpvdesk.ui.kit.selection import ItemTree
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.pages.page import ASSESSED, Page, Place, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.terms import explain
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import clear
from qpvdesk.ui.widgets.detail_panel import DetailPanel
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.line_button import LineButton

_KEY = int(Qt.ItemDataRole.UserRole)


class TerritoriesPage(Page):
    """Tree at the left, place at the right."""

    list_asked = Signal()
    """A list of quartiers is to be taken in."""

    kinds = ASSESSED | {"establishment", "engagement", "engagement_territory"}
    word = "territoires"
    title = "Territoires"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture: Picture | None = None
        self._items: dict[str, QTreeWidgetItem] = {}
        left = Master()
        column = left.column
        head, self._mention = page_head(self.title)
        self._list = QPushButton("Importer une liste de quartiers…")
        tip(self._list, "La liste des quartiers prioritaires que publie l’ANCT ou l’INSEE")
        self._list.clicked.connect(self.list_asked)
        head.addWidget(self._list)
        column.addLayout(head)
        self._tree = ItemTree(self.title, ["Territoire", "Niveau", "Habitants en QPV"])
        self._tree.setIndentation(theme.px(14))
        self._tree.headerItem().setData(
            2, Qt.ItemDataRole.ToolTipRole, "Habitants des quartiers prioritaires de la politique de la ville"
        )
        self._tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._tree.header().setStretchLastSection(False)
        self._tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._tree.header().setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self._tree.currentItemChanged.connect(lambda item, _: self._select(item))
        column.addWidget(self._tree, 1)
        fill_page(self, side_by_side(theme, (left, 640, 0), (self._make_detail(), 500, 0)))

    def show_picture(self, picture: Picture) -> None:
        """Show another picture; the place stays."""
        self._list.setEnabled(picture.editable)
        self._list.setHidden(picture.projected)
        self._picture = picture
        kept = self._current()
        territories = picture.situation.dossier.territories
        self._mention.setText(plural(len(territories), "territoire", "territoires"))
        self._tree.blockSignals(True)
        self._tree.clear()
        self._items = {one.key: self._item(one) for one in territories}
        for one in territories:
            parent = self._items.get(one.parent or "")
            item = self._items[one.key]
            if parent is not None and parent is not item:
                parent.addChild(item)
            else:
                self._tree.addTopLevelItem(item)
        self._tree.expandAll()
        self._tree.blockSignals(False)
        key = kept if kept in self._items else next(iter(self._items), "")
        if key:
            self._tree.setCurrentItem(self._items[key])
        else:
            self._select(None)

    def arrive(self, place: Place) -> None:
        """Select the territory of the place (its code)."""
        if place.focus and self._picture is not None:
            for one in self._picture.situation.dossier.territories:
                if one.code == place.focus:
                    self._tree.setCurrentItem(self._items[one.key])
        self._tree.setFocus()

    def place(self) -> Place:
        """Return the territory shown."""
        key = self._current()
        code = self._picture.situation.territory(key).code if self._picture is not None and key else ""
        return Place(self.word, code)

    def _current(self) -> str:
        item = self._tree.currentItem()
        return str(item.data(0, _KEY)) if item is not None else ""

    def _item(self, one: Territory) -> QTreeWidgetItem:
        assert self._picture is not None
        people = self._picture.situation.population(one.key)
        item = QTreeWidgetItem(
            [
                one.name,
                self._picture.situation.places.levels.name(one.level),
                format_number(people) if people else "–",
            ]
        )
        item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setData(0, _KEY, one.key)
        return item

    def _make_detail(self) -> DetailPanel:
        panel = DetailPanel("Détail du territoire", self._theme.px(360))
        self._body = panel.column
        return panel

    def _select(self, item: QTreeWidgetItem | None) -> None:
        clear(self._body)
        if item is None or self._picture is None:
            words = "Choisissez un territoire\u202f: sa population et ce qui le concerne se lisent ici."
            self._body.addWidget(label(words, "mention", wrap=True))
            self._body.addStretch(1)
            return
        situation = self._picture.situation
        dossier = situation.dossier
        one = situation.territory(str(item.data(0, _KEY)))
        add = self._body.addWidget
        add(label(f"{one.code} · {situation.places.levels.name(one.level)}", "code", select=True))
        add(label(one.name, "heading", wrap=True, select=True))
        if one.note:
            add(label(one.note, "mention", wrap=True, select=True))
        add(label("Population", "subheading"))
        populations = [item for item in dossier.populations if item.territory == one.key]
        for population in populations:
            what = "en quartier prioritaire" if population.perimeter == "qpv" else "au total"
            vintage = (
                f" (au {format_date(population.vintage)})" if population.vintage else " (date non précisée)"
            )
            add(
                label(
                    f"{format_value(population.value, 'habitants')} {what}{vintage}", wrap=True, select=True
                )
            )
        if not populations:
            add(label("Aucune population n’est connue pour ce territoire.", "mention", wrap=True))
        self._add_places(one)
        objectives = [item for item in situation.objectives if item.territory == one.key]
        if objectives:
            add(label(f"Objectifs suivis à cette échelle ({len(objectives)})", "subheading"))
        for objective in objectives:
            line = LineButton(
                self._theme, objective.code, objective.label, situation.assessments[objective.key].status
            )
            line.clicked.connect(lambda _=False, code=objective.code: self.go("objectifs", code))
            add(line)
        self._add_shares(one)
        self._body.addStretch(1)

    def _add_places(self, one: Territory) -> None:
        assert self._picture is not None
        situation = self._picture.situation
        dossier = situation.dossier
        add = self._body.addWidget
        establishments = [item for item in dossier.establishments if item.territory == one.key]
        if establishments:
            add(label("Établissements", "subheading"))
        for place in establishments:
            mark = f" ({place.label})" if place.label else ""
            add(label(f"{place.name}{mark}", wrap=True, select=True))
        engagements = situation.engagements_naming(one.key)
        if engagements:
            add(label(f"Engagements qui le nomment ({len(engagements)})", "subheading"))
        for engagement in engagements:
            line = LineButton(self._theme, engagement.code, engagement.label, None)
            line.clicked.connect(lambda _=False, code=engagement.code: self.go("engagements", code))
            add(line)

    def _add_shares(self, one: Territory) -> None:
        assert self._picture is not None
        situation = self._picture.situation
        shares = [
            (objective, share)
            for objective in situation.objectives
            if (share := quote_part(situation, objective, one)) is not None
        ]
        if not shares:
            return
        self._body.addWidget(explain(label("Quote-part indicative", "subheading")))
        words = (
            "La part d’une cible plus large au prorata des habitants en quartier\u202f: "
            "un ordre de grandeur, jamais un objectif."
        )
        self._body.addWidget(label(words, "mention", wrap=True))
        for objective, share in shares:
            said = f"{share.words(objective.unit)} · {objective.label}"
            line = LineButton(self._theme, objective.code, said, None)
            line.clicked.connect(lambda _=False, code=objective.code: self.go("objectifs", code))
            self._body.addWidget(line)
