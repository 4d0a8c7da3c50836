"""The left navigation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy

from qpvdesk.domain.statuses import Statut, to_handle
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import GAP, HAIR, MENTION_PT, ROOM, stacked
from qpvdesk.ui.pages.registry import MANY
from qpvdesk.ui.theme import Theme, colour
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.marks import icon

if TYPE_CHECKING:
    from qpvdesk.ui.picture import Picture

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}

_ICON_LEFT = 12
"""Its border and its padding, as the style sheet has them, in pixels."""


class NavButton(QPushButton):
    """A page of the window; the counter says how many things there ask for attention."""

    def __init__(self, theme: Theme, drawing: str, title: str) -> None:
        super().__init__(title)
        self._theme = theme
        self._drawing = drawing
        self._title = title
        self._count = 0
        self._what = ""
        self._grave = False
        self._narrow = False
        self.setProperty("role", "nav")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        theme.changed.connect(self._tint)
        self.toggled.connect(self._show_checked)
        self._show_checked(False)

    def sizeHint(self) -> QSize:
        """As its words ask, and no more where there is room."""
        return QSize(super().sizeHint().width(), self._theme.px(34))

    def minimumSizeHint(self) -> QSize:
        """All of them hold in the lowest window."""
        return QSize(super().minimumSizeHint().width(), self._theme.px(25))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from name to name and open nothing (WCAG 3.2.2); Enter and the space bar open."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            own = self.parentWidget()
            buttons = [item for item in own.findChildren(NavButton) if item.isVisible()] if own else [self]
            buttons[(buttons.index(self) + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def set_count(self, count: int, what: str, *, grave: bool = False) -> None:
        """Show a counter; `what` says of what (« objectifs en retard »)."""
        self._count = count
        self._grave = grave
        self._what = what
        self._say()

    def set_narrow(self, narrow: bool) -> None:
        """Show the icon alone where there is no room for the name, which goes to the tooltip."""
        if narrow != self._narrow:
            self._narrow = narrow
            self.setText("" if narrow else self._title)
            self._say()

    def _say(self) -> None:
        counted = f"{self._count} {self._what}" if self._count else ""
        self.setAccessibleName(", ".join(part for part in (self._title, counted) if part))
        parts = (self._title if self._narrow else "", counted)
        tip(self, ", ".join(part for part in parts if part))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button, then the counter at its right."""
        super().paintEvent(event)
        if not self._count:
            return
        look, px = self._theme.look, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(MENTION_PT, QFont.Weight.DemiBold))
        text = str(self._count)
        wide = max(px(20), painter.fontMetrics().horizontalAdvance(text) + px(11))
        pill = QRectF(self.width() - wide - px(7), self.height() / 2 - px(9), wide, px(18))
        painter.setPen(Qt.PenStyle.NoPen)
        if self._narrow:
            # Over the corner of the icon, and cut out of it: the figure is told there too, not by the colour alone.
            wide = painter.fontMetrics().horizontalAdvance(text) + px(6)
            left = min(_ICON_LEFT + self.iconSize().width() - px(5), self.width() - wide - 1)
            pill = QRectF(left, max(0, self.height() / 2 - px(15)), wide, px(15))
            painter.setPen(QPen(colour(look.selected if self.isChecked() else look.surface), 1.5))
        painter.setBrush(colour(look.error if self._grave else look.neutral_tint))
        painter.drawRoundedRect(pill, px(9), px(9))
        painter.setPen(colour(look.on_status if self._grave else look.text))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), text)

    def _show_checked(self, checked: bool) -> None:
        """Tab comes to the page that is shown: Qt keeps the entry that had the focus last, or the first."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if checked else Qt.FocusPolicy.ClickFocus)
        self._tint()

    def _tint(self) -> None:
        look, side = self._theme.look, self._theme.px(18)
        self.setIconSize(QSize(side, side))
        self.setIcon(icon(self._drawing, look.accent if self.isChecked() else look.mention, size=side))


class Sidebar(QFrame):
    """One button a page, counters on those that ask for attention."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, entries: Sequence[tuple[str, str]]) -> None:
        """`entries`: word of the page (its icon has the same name) and title."""
        super().__init__()
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
        # The points themselves, as the papers count them: the lines that they fold in grow where a fold breaks.
        count = picture.review.to_do
        self._buttons["points"].set_count(count, "chose à faire" if count == 1 else "choses à faire")

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
