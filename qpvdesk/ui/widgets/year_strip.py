"""A year at a glance: its meetings as chips on their day, what falls due below, today as a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from qpvdesk.ui.kit.tips import show_tip
from qpvdesk.ui.kit.tokens import CELL_PT, MENTION_PT
from qpvdesk.ui.theme import Theme, colour
from qpvdesk.ui.widgets.marks import paint_icon

_MONTHS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


@dataclass(frozen=True, slots=True)
class Chip:
    """A meeting on the strip. `word` is shown (« COPIL 30 »), `sentence` is said; `solid` for the COPIL."""

    key: str
    day: date
    word: str
    sentence: str
    solid: bool
    frozen: bool


@dataclass(frozen=True, slots=True)
class Due:
    """Something to be carried out by a day."""

    day: date
    sentence: str
    late: bool


class YearStrip(QWidget):
    """Twelve months; a click or the arrows choose a meeting."""

    chosen = Signal(str)
    """Key of the meeting."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "drawing")
        self._theme = theme
        self._year = 2026
        self._today: date | None = None
        self._chips: tuple[Chip, ...] = ()
        self._dues: tuple[Due, ...] = ()
        self._selected = ""
        self._rects: dict[str, QRectF] = {}
        self._compact = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        theme.changed.connect(self._resize)

    def show_year(self, year: int, today: date, chips: Sequence[Chip], dues: Sequence[Due]) -> None:
        self._year, self._today = year, today
        self._chips = tuple(sorted(chips, key=lambda chip: (chip.day, chip.key)))
        self._dues = tuple(sorted(dues, key=lambda due: due.day))
        self._rects.clear()
        sentences = "\u202f; ".join(chip.sentence for chip in self._chips) or "aucune réunion"
        self.setAccessibleName(f"Calendrier {year}\u202f: {sentences}")
        self.setAccessibleDescription("Flèches gauche et droite\u202f: réunion précédente ou suivante")
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Keep one line of meetings and leave out what falls due, or show all."""
        if compact != self._compact:
            self._compact = compact
            self._resize()

    def select(self, key: str) -> None:
        """Mark the meeting that is shown below."""
        self._selected = key
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room, three lines high, or two."""
        return QSize(self._theme.px(600), self._theme.px(54 if self._compact else 92))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(480), self.sizeHint().height())

    def rect_of(self, key: str) -> QRectF:
        """Return where a meeting's chip is."""
        self._place()
        return self._rects.get(key, QRectF())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for chip in self._chips:
            if self.rect_of(chip.key).contains(event.position()):
                self.chosen.emit(chip.key)
                return

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = any(self.rect_of(chip.key).contains(event.position()) for chip in self._chips)
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from meeting to meeting with the arrows."""
        keys = [chip.key for chip in self._chips]
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not keys or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
            return
        end = 0 if step > 0 else len(keys) - 1
        place = keys.index(self._selected) + step if self._selected in keys else end
        if 0 <= place < len(keys):
            self.chosen.emit(keys[place])

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            where = QPointF(event.pos())
            words = [chip.sentence for chip in self._chips if self.rect_of(chip.key).contains(where)]
            words = words or [
                due.sentence
                for due in self._dues
                if abs(self._x(due.day) - where.x()) < self._theme.px(7) and where.y() > self._base()
            ]
            show_tip(event.globalPos(), self, "\n".join(words))
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw months, today, chips and what falls due."""
        del event
        look, px = self._theme.look, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(colour(look.surface))
        painter.setPen(
            QPen(colour(look.focus if self.hasFocus() else look.border), 2 if self.hasFocus() else 1)
        )
        painter.drawRoundedRect(frame, 6, 6)
        base = self._base()
        for month, word in enumerate(_MONTHS, 1):
            left = self._x(date(self._year, month, 1))
            right = self._x(date(self._year, month + 1, 1)) if month < 12 else self.width() - px(12)
            if month > 1:
                painter.setPen(QPen(colour(look.border), 1))
                painter.drawLine(QPointF(left, px(6)), QPointF(left, base))
            now = self._today is not None and (self._today.year, self._today.month) == (self._year, month)
            painter.setPen(colour(look.text if now else look.mention))
            painter.setFont(
                self._theme.font(MENTION_PT, QFont.Weight.DemiBold if now else QFont.Weight.Normal)
            )
            room = QRectF(left, px(5), right - left, px(16))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), word)
        painter.setPen(QPen(colour(look.strong), 1))
        painter.drawLine(QPointF(px(12), base), QPointF(self.width() - px(12), base))
        if self._today is not None and self._today.year == self._year:
            x = self._x(self._today)
            painter.setPen(QPen(colour(look.accent), 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, px(22)), QPointF(x, self.height() - px(5)))
        if not self._compact:
            self._paint_dues(painter, base)
        self._place()
        for chip in self._chips:
            self._paint_chip(painter, chip)
        if not self._chips:
            painter.setPen(colour(look.mention))
            painter.setFont(self._theme.font(CELL_PT))
            room, middle = QRectF(0, px(24), self.width(), base - px(26)), int(Qt.AlignmentFlag.AlignCenter)
            words = f"Aucune réunion en {self._year}"
            # The lines of the months and of today would strike the words through.
            under = painter.boundingRect(room, middle, words).adjusted(-px(6), 0, px(6), 0)
            painter.fillRect(under, colour(look.surface))
            painter.drawText(room, middle, words)

    def _paint_chip(self, painter: QPainter, chip: Chip) -> None:
        look, px = self._theme.look, self._theme.px
        rect = self._rects[chip.key]
        here = chip.key == self._selected
        x = self._x(chip.day)
        painter.setPen(QPen(colour(look.accent), 1))
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x, self._base()))
        painter.setPen(QPen(colour(look.accent), 2 if here else 1))
        painter.setBrush(colour(look.accent if here else look.info_tint if chip.solid else look.surface))
        painter.drawRoundedRect(rect, px(4), px(4))
        ink = look.on_accent if here else look.text
        painter.setPen(colour(ink))
        painter.setFont(
            self._theme.font(MENTION_PT, QFont.Weight.DemiBold if chip.solid else QFont.Weight.Normal)
        )
        words = rect.adjusted(px(6), 0, -px(20) if chip.frozen else -px(6), 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), chip.word)
        if chip.frozen:
            side = px(13)
            corner = QRectF(rect.right() - side - px(4), rect.center().y() - side / 2, side, side)
            paint_icon(painter, "arrete", corner, colour(ink))

    def _paint_dues(self, painter: QPainter, base: float) -> None:
        look, px = self._theme.look, self._theme.px
        half = px(4)
        for due in self._dues:
            x, y = self._x(due.day), base + px(11)
            diamond = QPolygonF(
                [QPointF(x, y - half), QPointF(x + half, y), QPointF(x, y + half), QPointF(x - half, y)]
            )
            painter.setPen(QPen(colour(look.error if due.late else look.strong), 1.5))
            painter.setBrush(colour(look.error if due.late else look.surface))
            painter.drawPolygon(diamond)

    def _base(self) -> float:
        return float(self.height() - self._theme.px(4 if self._compact else 21))

    def _x(self, day: date) -> float:
        margin = self._theme.px(12)
        first = date(self._year, 1, 1).toordinal()
        days = date(self._year + 1, 1, 1).toordinal() - first
        return margin + (self.width() - 2 * margin) * (day.toordinal() - first + 0.5) / days

    def _place(self) -> None:
        """Give each chip the higher or the lower line, so that neighbours do not cover each other."""
        px = self._theme.px
        metrics = QFontMetrics(self._theme.font(MENTION_PT, QFont.Weight.DemiBold))
        ends = [float("-inf"), float("-inf")]
        for chip in self._chips:
            wide = metrics.horizontalAdvance(chip.word) + px(14) + (px(14) if chip.frozen else 0)
            left = min(max(px(6), self._x(chip.day) - wide / 2), self.width() - wide - px(6))
            line = 0 if left > ends[0] or self._compact else 1 if left > ends[1] else int(ends[1] < ends[0])
            left = max(left, ends[line])
            left = min(left, self.width() - wide - px(6))
            self._rects[chip.key] = QRectF(left, px(24) + line * px(22), wide, px(19))
            ends[line] = left + wide + px(3)

    def _resize(self) -> None:
        self.updateGeometry()
        self.update()
