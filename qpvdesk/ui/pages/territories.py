"""Territoires: a map and the tree of places with their populations, and what concerns each."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QHeaderView, QPushButton, QSizePolicy, QSplitter, QTreeWidgetItem, QWidget

from qpvdesk.charts import map_subjects
from qpvdesk.charts.map import scene
from qpvdesk.charts.primitives import Chart
from qpvdesk.domain.atlas import Atlas
from qpvdesk.domain.french import format_number, plural
from qpvdesk.domain.model import Territory
from qpvdesk.domain.situation import Situation
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.master_detail import Master, Wrapped, fill_page, side_by_side
from qpvdesk.ui.kit.scroll_keeper import ScrollKeeper
from qpvdesk.ui.kit.selection import ItemTree
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import stacked
from qpvdesk.ui.pages.page import ASSESSED, Address, Page, page_head
from qpvdesk.ui.pages.territory_detail import TerritoryDetail
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ChoiceCombo
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import aside
from qpvdesk.ui.widgets.map_view import MapView

_ZOOM = 1.5
_CHOICE_LETTERS = 17
"""« Quartiers et communes » is read whole: the buttons beside it go down to the next line instead."""
_NO_OUTLINE = (
    "Aucun contour\u202f: importez celui des quartiers (ANCT) ou des communes (IGN) pour voir la carte. "
    "La liste, elle, est complète."
)
_NO_PLACE = (
    "Aucun territoire\u202f: «\u202fImporter un fichier officiel…\u202f» reprend la liste des quartiers (ANCT), leurs "
    "contours et leurs communes\u202f; «\u202fNouveau territoire…\u202f» en inscrit un."
)


class MapPanel(Wrapped):
    """A map with its tools."""

    chosen = Signal(str)
    """Code of the place that was asked for on the map."""
    saving = Signal()
    """The map is to be written to a file."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._situation: Situation | None = None
        self._atlas: Atlas | None = None
        self._selected = self._sources = ""
        self.view = MapView(theme)
        self.view.chosen.connect(self.chosen)
        self._shown = ChoiceCombo("Ce que montre la carte")
        self._shown.activated.connect(self._draw)
        self._tools = QWidget()
        row = Flow()
        self._tools.setLayout(row)
        self._shown.setMinimumContentsLength(_CHOICE_LETTERS)
        self._shown.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row.addWidget(self._shown)
        for sign, words, more, act in (
            ("+", "Agrandir la carte", "Touche +", lambda: self.view.zoom(_ZOOM)),
            ("−", "Réduire la carte", "Touche −", lambda: self.view.zoom(1 / _ZOOM)),
            ("Tout voir", "Voir toute la carte", "Touche 0", self.view.show_all),
            ("Copier", "Copier la carte", "Comme image, à coller où vous voulez", self._copy),
            ("Enregistrer…", "Enregistrer la carte", "En PNG ou en SVG", self.saving.emit),
        ):
            button = QPushButton(sign)
            button.setAccessibleName(words)
            tip(button, words, more)
            button.clicked.connect(act)
            row.addWidget(button)
        self._foot = aside("")
        self._unnamed = 0
        self.view.left_unnamed.connect(self._count_unnamed)
        self._none = aside(_NO_OUTLINE)
        stacked(self._tools, (self.view, 1), self._foot, self._none, on=self)

    def show_atlas(self, situation: Situation | None, atlas: Atlas | None) -> None:
        """Show the outlines of a contract; what was chosen to be shown stays. `atlas`: None until it is read, and whether
        there are outlines is not said before."""
        self._situation, self._atlas = situation, atlas
        choices = (
            map_subjects.choices(situation, atlas) if situation is not None and atlas is not None else []
        )
        self._shown.show_choices((name, word) for word, name in choices)
        known = atlas is not None and bool(atlas.contours)
        for part in (self._tools, self.view, self._foot):
            part.setVisible(known)
        places = situation is None or bool(situation.dossier.territories)
        self._none.setVisible(not known and (atlas is not None or not places))
        self._none.setText(_NO_OUTLINE if places else _NO_PLACE)
        self._draw()

    def select(self, code: str) -> None:
        self._selected = code
        self.view.select(code)

    def _draw(self) -> None:
        if self._situation is None or self._atlas is None or not self._atlas.contours:
            return
        shown = str(self._shown.currentData() or map_subjects.OUTLINES)
        places, subject = map_subjects.drawn(self._situation, self._atlas, shown)
        self._sources = subject.sources
        self.view.show_scene(scene(places), subject, self._selected)
        self._tell()

    def _count_unnamed(self, count: int) -> None:
        self._unnamed = count
        self._tell()

    def _tell(self) -> None:
        """Say how many names the map leaves out, and whose outlines it draws."""
        names = plural(self._unnamed, "nom n’a pas", "noms n’ont pas")
        words = f"{names} de place à cette échelle\u202f: agrandissez pour les lire." if self._unnamed else ""
        self._foot.setText(" ".join(filter(None, (words, self._sources))))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setImage(self.view.picture())


PLACES = ("territory", "territory_link", "place_level", "contour", "layer", "layer_figure")
_KEY = int(Qt.ItemDataRole.UserRole)


class TerritoriesPage(Page):
    """Tree at the left, place at the right."""

    list_asked = Signal()
    """A list of quartiers is to be taken in."""

    atlas_asked = Signal()
    """The outlines and the reference layers are to be read; `show_atlas` takes them."""
    map_saving = Signal()
    """The map is to be written to a file, as `map_picture` has it."""

    kinds = ASSESSED | {"establishment", "engagement", "engagement_territory", "population", "visit", *PLACES}
    word = "territoires"
    title = "Territoires"

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._picture: Picture | None = None
        self._items: dict[str, QTreeWidgetItem] = {}
        self._atlas: Atlas | None = None
        left = Master()
        column = left.column
        head, self._mention = page_head(self.title)
        self._list = button(
            "Importer un fichier officiel…",
            self.list_asked.emit,
            hint="Liste des quartiers, contours, populations ou séries que publient l’ANCT, l’IGN ou l’INSEE",
        )
        acts = (
            ("Nouveau territoire…", "Inser, sur une ligne", self._make),
            ("Modifier…", "F2, sur une ligne", self._change),
            ("Supprimer", "Suppr, sur une ligne", self._remove),
        )
        self._acts = tuple(button(words, act, role="quiet", hint=hint) for words, hint, act in acts)
        for part in (*self._acts, self._list):
            head.addWidget(part)
        column.addLayout(head)
        self._tree = ItemTree(self.title, ["Territoire", "Niveau", "Habitants en QPV"])
        self._tree_keeper = ScrollKeeper(self._tree)
        self._tree.setIndentation(theme.px(14))
        self._tree.headerItem().setData(
            2, Qt.ItemDataRole.ToolTipRole, "Habitants des quartiers prioritaires de la politique de la ville"
        )
        self._tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._tree.header().setStretchLastSection(False)
        self._tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._tree.header().setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self._tree.currentItemChanged.connect(lambda item, _: self._select(item))
        for (words, _, act), key in zip(acts, ("Ins", "F2", "Del"), strict=True):
            action = QAction(words, self._tree)
            action.setShortcut(key)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(act)
            self._tree.addAction(action)
        self._tree.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._map = MapPanel(theme)
        self._map.chosen.connect(self._go_to)
        self._map.saving.connect(self.map_saving)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(theme.px(8))
        parts.addWidget(self._map)
        parts.addWidget(self._tree)
        # A map that is lower is a stamp; the page scrolls rather than that.
        self._map.view.setMinimumHeight(theme.px(220))
        self._tree.setMinimumHeight(theme.px(120))
        parts.setSizes([theme.px(520), theme.px(200)])
        column.addWidget(parts, 1)
        self._detail = TerritoryDetail(theme, self._follow)
        fill_page(self, side_by_side(theme, (left, 640, 0), (self._detail, 500, 0)))

    def show_picture(self, picture: Picture) -> None:
        """Show another picture; the place stays."""
        self._list.setEnabled(picture.editable)
        for part in (*self._acts, self._list):
            part.setHidden(picture.projected)
        before, self._picture = self._picture, picture
        kept = self._current()
        if before is None or before.contract != picture.contract:
            self._atlas = None
        self._map.show_atlas(picture.situation, self._atlas)
        self.atlas_asked.emit()
        territories = picture.situation.dossier.territories
        self._mention.setText(plural(len(territories), "territoire", "territoires"))
        if before is not None:
            self._tree_keeper.hold()
        self._tree.blockSignals(True)
        self._tree.clear()
        self._items = {territory.key: self._item(territory) for territory in territories}
        for territory in territories:
            parent = self._items.get(territory.parent or "")
            item = self._items[territory.key]
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

    def arrive(self, address: Address) -> None:
        """Select the territory of the place (its code)."""
        if address.focus and self._picture is not None:
            for territory in self._picture.situation.dossier.territories:
                if territory.code == address.focus:
                    self._tree.setCurrentItem(self._items[territory.key])
        self._tree.setFocus()

    def map_picture(self) -> Chart:
        return self._map.view.chart()

    def address(self) -> Address:
        key = self._current()
        code = self._picture.situation.territory(key).code if self._picture is not None and key else ""
        return Address(self.word, code)

    def _make(self) -> None:
        if self._acts[0].isEnabled():
            self.making.emit("territory", {})

    def _change(self) -> None:
        if self._acts[1].isEnabled():
            self.changing.emit("territory", [self._current()])

    def _remove(self) -> None:
        if self._acts[2].isEnabled():
            self.removing.emit("territory", [self._current()])

    def _allow(self) -> None:
        able = self._picture is not None and self._picture.editable
        for place, (part, action) in enumerate(zip(self._acts, self._tree.actions(), strict=True)):
            part.setEnabled(able and (not place or bool(self._current())))
            action.setEnabled(part.isEnabled())

    def _follow(self, page: str, code: str) -> None:
        if page == self.word:
            self._go_to(code)
        else:
            self.go(page, code)

    def _current(self) -> str:
        item = self._tree.currentItem()
        return str(item.data(0, _KEY)) if item is not None else ""

    def _item(self, territory: Territory) -> QTreeWidgetItem:
        assert self._picture is not None
        people = self._picture.situation.population(territory.key)
        item = QTreeWidgetItem(
            [
                territory.name,
                self._picture.situation.places.levels.name(territory.level),
                format_number(people) if people else "–",
            ]
        )
        item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setData(0, _KEY, territory.key)
        return item

    def _select(self, item: QTreeWidgetItem | None) -> None:
        self._allow()
        if item is None or self._picture is None:
            self._detail.show_nothing()
            return
        situation = self._picture.situation
        place = situation.territory(str(item.data(0, _KEY)))
        self._map.select(place.code)
        self._detail.show_place(situation, self._atlas or Atlas(), place)

    def show_atlas(self, atlas: Atlas) -> None:
        """Show the outlines and the reference layers, once they are read."""
        self._atlas = atlas
        self._map.show_atlas(self._picture.situation if self._picture else None, atlas)
        self._select(self._tree.currentItem())

    def _go_to(self, code: str) -> None:
        for key, item in self._items.items():
            if self._picture is not None and self._picture.situation.territory(key).code == code:
                self._tree.setCurrentItem(item)
