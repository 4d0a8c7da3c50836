"""The sheet of shortcuts: by menu, what is done and its keys."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from qpvdesk.ui.kit.controls import answers, button
from qpvdesk.ui.kit.form_dialog import Fitted, FormDialog
from qpvdesk.ui.kit.tokens import GAP, ROOM, fill, stacked
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import label

_EVERYWHERE = (
    (
        "Dans un tableau",
        (
            ("Ouvrir la ligne", "Entrée"),
            ("Modifier la ligne, ou toutes celles qui sont choisies", "F2"),
            ("Retirer ou supprimer", "Suppr"),
            ("Nouveau", "Inser"),
            ("Choisir plusieurs lignes", "Maj+↓, Ctrl+clic"),
            ("Filtrer la colonne", "Alt+↓"),
            ("Tout ce que l’on peut faire de la ligne", "Menu, Maj+F10"),
            ("Copier les lignes", "Ctrl+C"),
            ("Copier le tableau", "Ctrl+Maj+C"),
            ("Filtrer par mots", "taper des lettres"),
        ),
    ),
    (
        "Dans une fiche",
        (
            ("Enregistrer, d’où que l’on soit", "Ctrl+Entrée"),
            ("Enregistrer et en commencer une autre", "Ctrl+Maj+Entrée"),
            ("Fermer\u202f: ce qui est tapé reste en brouillon", "Échap"),
        ),
    ),
)
"""What the keys do in any table, in any form."""


class ShortcutsDialog(FormDialog):
    """Groups side by side, as many as the screen has room for."""

    def __init__(
        self,
        theme: Theme,
        groups: Iterable[tuple[str, Iterable[tuple[str, str]]]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Raccourcis clavier", parent, width=theme.px(420))
        row = Flow(theme.px(24))
        for title, lines in (*groups, *_EVERYWHERE):
            group = QWidget()
            column = stacked(label(title, "subheading"), on=group, margins=(0, 0, 0, GAP))
            grid = QGridLayout()
            grid.setHorizontalSpacing(theme.px(ROOM))
            for place, (what, keys) in enumerate(lines):
                grid.addWidget(label(keys, "strong"), place, 0)
                grid.addWidget(label(what), place, 1)
            fill(column, grid, 1)
            row.addWidget(group)
        area = Fitted("Raccourcis", row)
        area.setProperty("role", "read")
        # It holds words alone: the keys that read on are its own.
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        fill(self.column, (area, 1), answers(button("Fermer", self.accept), None))
        self.fit(theme.px(900), theme.px(620))
        area.setFocus()
