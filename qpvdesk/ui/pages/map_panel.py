"""The map of a page: what it shows is chosen above it; it is enlarged, copied and saved there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from qpvdesk.charts import map_subjects
from qpvdesk.charts.map import scene
from qpvdesk.domain.atlas import Atlas
from qpvdesk.domain.french import plural
from qpvdesk.domain.situation import Situation
from qpvdesk.ui.kit.master_detail import Wrapped
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import stacked
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ChoiceCombo
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import label
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

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._situation: Situation | None = None
        self._atlas = Atlas()
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
        self._foot = label("", "mention", wrap=True)
        self._unnamed = 0
        self.view.left_unnamed.connect(self._count_unnamed)
        self._none = label(_NO_OUTLINE, "mention", wrap=True)
        stacked(self._tools, (self.view, 1), self._foot, self._none, on=self)

    def show_atlas(self, situation: Situation | None, atlas: Atlas) -> None:
        """Show the outlines of a contract; what was chosen to be shown stays."""
        self._situation, self._atlas = situation, atlas
        choices = map_subjects.choices(situation, atlas) if situation is not None else []
        self._shown.show_choices((name, word) for word, name in choices)
        known = bool(atlas.contours)
        for part in (self._tools, self.view, self._foot):
            part.setVisible(known)
        self._none.setVisible(not known)
        places = situation is None or bool(situation.dossier.territories)
        self._none.setText(_NO_OUTLINE if places else _NO_PLACE)
        self._draw()

    def select(self, code: str) -> None:
        self._selected = code
        self.view.select(code)

    def _draw(self) -> None:
        if self._situation is None or not self._atlas.contours:
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
