"""The left navigation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from qpvdesk.domain.statuses import Statut, to_handle
from qpvdesk.ui.kit.tokens import GAP, HAIR, ROOM, stacked
from qpvdesk.ui.pages.registry import MANY
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.nav_button import NavButton

if TYPE_CHECKING:
    from qpvdesk.ui.picture import Picture


class Sidebar(QFrame):
    """One button a page, counters on those that ask for attention."""

    chosen = Signal(str)

    def __init__(
        self, theme: Theme, entries: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        """`entries`: word of the page (its icon has the same name) and title."""
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("sidebar")
        self.setAccessibleName("Navigation")
        layout = stacked(on=self, spacing=HAIR, margins=(GAP, ROOM, GAP, ROOM))
        self._narrow = self._showing = self._again = False
        self._brand = label("qpvdesk", "brand")
        self._brand.setContentsMargins(GAP, 0, 0, 0)
        layout.addWidget(self._brand)
        self._subtitle = label("Contrats de ville 2024-2030", "mention")
        self._subtitle.setContentsMargins(GAP, 0, 0, GAP)
        layout.addWidget(self._subtitle)
        self._buttons: dict[str, NavButton] = {}
        for word, title in entries:
            button = NavButton(theme, word, title)
            button.toggled.connect(lambda checked, word=word: self._choose(word, checked))
            button.pressed.connect(lambda word=word: self._press(word))
            button.released.connect(lambda word=word: self._choose(word, self._again))
            layout.addWidget(button)
            self._buttons[word] = button
        self._buttons[MANY].hide()
        layout.addStretch(1)
        theme.changed.connect(self._fit)
        self._fit()

    def set_narrow(self, narrow: bool) -> None:
        """Keep the icons alone where the window is narrow."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._brand.setVisible(not narrow)
            self._subtitle.setVisible(not narrow)
            for button in self._buttons.values():
                button.set_narrow(narrow)
            self._fit()

    def check(self, word: str) -> None:
        button = self._buttons.get(word)
        if button is not None and not button.isChecked():
            self._showing = True
            button.setChecked(True)
            self._showing = False

    def show_picture(self, picture: Picture) -> None:
        self.show_counts(picture.situation.counts, several=len(picture.contracts) > 1)
        if not picture.complete:
            return
        # Not on the way to the first paint, which has no points yet.
        from qpvdesk.ui.models.points import waiting  # noqa: PLC0415 - 4 ms, after the first sight

        lines = waiting(picture.review.points, picture.situation)
        self._buttons["points"].set_count(lines, "choses à faire")

    def show_counts(self, counts: Mapping[Statut, int], *, several: bool) -> None:
        """Show how many objectives are to be handled, and the page of contracts where the base holds several."""
        self._buttons[MANY].setVisible(several)
        self._buttons["objectifs"].set_count(to_handle(counts), "à traiter", grave=True)

    def _press(self, word: str) -> None:
        """Note whether that page is the one shown: pressed again, it comes back without its filters."""
        self._again = self._buttons[word].isChecked()

    def _choose(self, word: str, checked: bool) -> None:
        if checked and not self._showing:
            self.chosen.emit(word)

    def _fit(self) -> None:
        self.setFixedWidth(self._theme.px(62 if self._narrow else 214))
