"""A map on screen: drag and wheel, + and − and the arrows, Tab from place to place, each spoken; a picture of it."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from qpvdesk.charts.map import Drawn, Scene, Subject, View, fitted
from qpvdesk.charts.map_legend import furniture, keyed
from qpvdesk.charts.map_writing import map_chart, names_of, summary, written
from qpvdesk.charts.primitives import Chart, Ink
from qpvdesk.ui.kit.tips import show_tip
from qpvdesk.ui.theme import Theme, colour
from qpvdesk.ui.widgets.chart_painter import paint_chart, palette_of
from qpvdesk.ui.widgets.map_ground import MapGround

_UNIT = 96 / 72
_ZOOM_STEP = 1.25
_PAN_POINTS = 40.0
_SCALE_MAX = 4.0
"""Points for a metre: nothing is drawn finer than a house."""
_CLICK_PIXELS = 4
_REST_MS = 120
"""After so long without a move, names are laid out anew."""


class MapView(QWidget):
    """One scene; what is written on it is laid out anew at each view, and as soon as a hand that drags it rests."""

    chosen = Signal(str)
    """Code of the place that was clicked, or asked for with Enter."""
    left_unnamed = Signal(int)
    """So many places in view have no room for their name."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "drawing")
        self._theme = theme
        self._scene = Scene((), (0.0, 0.0))
        self._subject = Subject()
        self._ground = MapGround(self._scene)
        self._view: View | None = None
        self._moved = False
        self._selected = ""
        self._grip: QPointF | None = None
        self._dragged = False
        self._stretched = False
        """Whether the map was enlarged since it was last drawn."""
        self._written: Chart | None = None
        self._names = Chart(0, 0, ())
        self._named_at = (0.0, 0.0)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._relay)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Carte des territoires")
        theme.changed.connect(self._relay)

    def show_scene(self, scene: Scene, subject: Subject, selected: str = "") -> None:
        """Show other places; where the view was moved it stays, if the places are where they were."""
        same = self._view is not None and self._moved and scene.middle == self._scene.middle
        self._scene, self._subject, self._selected = scene, subject, selected
        self._ground = MapGround(scene, outside=bool(subject.outside))
        if not same:
            self._view, self._moved = None, False
        self._relay()

    def select(self, code: str) -> None:
        """Outline another place, and bring it into view."""
        if code == self._selected:
            return
        self._selected = code
        found = next((item for item in self._scene.places if item.place.code == code), None)
        if found is not None and self._view is not None and not self._view.shows(found.box):
            x, y = found.anchor
            self._look(x, y, self._view.scale)
        self._relay()

    def show_all(self) -> None:
        """Fit the whole map in the window."""
        self._view, self._moved = None, False
        self._relay()

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Enlarge by a factor, about a point of the widget."""
        if self._view is None:
            return
        at = None if about is None else (about.x() / self._unit(), about.y() / self._unit())
        if self._view.scale * factor <= _SCALE_MAX:
            self._view, self._moved = self._view.zoomed(factor, at), True
            self._stretched = True
            self._slide()

    def chart(self) -> Chart:
        """Return the map as it is seen, for a picture."""
        view = self._view or fitted(self._scene, 400.0, 300.0)
        subject = keyed(self._scene, view, self._subject, self._selected)
        return map_chart(self._scene, view, subject, self._selected)

    def picture(self, zoom: float = 3.0) -> QImage:
        """Return the map as an image, on paper."""
        chart = self.chart()
        image = QImage(round(chart.width * zoom), round(chart.height * zoom), QImage.Format.Format_RGB32)
        look = self._theme.look
        image.fill(colour(palette_of(look)[Ink.PAPER]))
        painter = QPainter(image)
        painter.scale(zoom, zoom)
        paint_chart(painter, chart, look)
        painter.end()
        return image

    def sizeHint(self) -> QSize:
        """As wide as a page of text, and four fifths as high."""
        return QSize(self._theme.px(520), self._theme.px(380))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(240), self._theme.px(180))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is in the middle there."""
        super().resizeEvent(event)
        self._relay()

    def event(self, event: QEvent) -> bool:
        """Let Tab go from place to place, and out of the map at its ends."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}.get(Qt.Key(event.key()), 0)
            if step and self._walk(step):
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, enlarge with + and −, see all with 0, open a place with Enter."""
        moves = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
        }  # fmt: skip
        key = Qt.Key(event.key())
        if key in moves and self._view is not None:
            x, y = moves[key]
            pixels = self._unit() * self.devicePixelRatio()
            step = round(_PAN_POINTS * pixels) / pixels / self._view.scale
            self._look(self._view.x + x * step, self._view.y + y * step, self._view.scale)
            self._slide()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(_ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / _ZOOM_STEP)
        elif key == Qt.Key.Key_0:
            self.show_all()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selected:
            self.chosen.emit(self._selected)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
            self.zoom(_ZOOM_STEP if event.angleDelta().y() > 0 else 1 / _ZOOM_STEP, event.position())
            event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the map in hand."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the map in hand; else say the place under the pointer."""
        if self._grip is not None:
            moved = event.position() - self._grip
            self._dragged = self._dragged or moved.manhattanLength() > _CLICK_PIXELS
            if self._view is not None and self._dragged:
                # By whole pixels: what is drawn already is then shifted, and not drawn again.
                pixels = self.devicePixelRatio()
                moved = QPointF(round(moved.x() * pixels) / pixels, round(moved.y() * pixels) / pixels)
                scale = self._view.scale * self._unit()
                self._look(
                    self._view.x - moved.x() / scale, self._view.y - moved.y() / scale, self._view.scale
                )
                self._grip += moved
                self._slide()
            return
        found = self._under(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor)
        show_tip(event.globalPosition().toPoint(), self, _place_words(found) if found else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the place under the pointer, unless the map was moved."""
        grip, self._grip = self._grip, None
        if self._rest.isActive():
            self._relay()
        if event.button() != Qt.MouseButton.LeftButton or grip is None:
            return
        found = self._under(event.position())
        if found is not None and not self._dragged:
            self._say(found)
            self.chosen.emit(found.place.code)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the focus is."""
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the places that the view shows, then what is written on them."""
        del event
        view = self._view
        if view is None or self._written is None:
            return
        look = self._theme.look
        painter = QPainter(self)
        if self._stretched and (drawn := self._ground.stretched(view)) is not None:
            # Neither names nor a scale: those of before would be false.
            painter.fillRect(self.rect(), colour(self._ground.beyond(palette_of(look))))
            painter.scale(self._unit(), self._unit())
            picture, room = drawn
            painter.drawPixmap(room, picture, QRectF(picture.rect()))
            return
        pixels = self.devicePixelRatio()
        ground = self._ground.picture(
            view, self.size() * pixels, self._unit() * pixels, inks=palette_of(look), selected=self._selected
        )
        painter.drawPixmap(self.rect(), ground)
        painter.scale(self._unit(), self._unit())
        painter.save()
        # Names follow the hand at once; they are laid out anew as soon as it rests.
        painter.translate(*view.page(*self._named_at))
        painter.translate(-view.width / 2, -view.height / 2)
        paint_chart(painter, self._names, look)
        painter.restore()
        paint_chart(painter, self._written, look)
        painter.resetTransform()
        if self.hasFocus():
            painter.setPen(QPen(colour(look.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _unit(self) -> float:
        return _UNIT * self._theme.chart_zoom

    def _slide(self) -> None:
        """Show the view that was moved; its names as they were, until the hand rests."""
        self._rest.start()
        self.update()

    def _look(self, x: float, y: float, scale: float) -> None:
        view = self._view
        if view is not None:
            self._view = View(x=x, y=y, scale=scale, width=view.width, height=view.height)
            self._moved = True

    def _relay(self) -> None:
        width, height = self.width() / self._unit(), self.height() / self._unit()
        if width < 40 or height < 40:
            return
        view = self._view
        if view is None or not self._moved:
            self._view = fitted(self._scene, width, height)
        else:
            self._view = View(x=view.x, y=view.y, scale=view.scale, width=width, height=height)
        # The sources are told beneath the map.
        bare = keyed(self._scene, self._view, replace(self._subject, sources=""), self._selected)
        names = names_of(self._scene, self._view, bare, self._selected)
        beside, _ = furniture(self._view, bare)
        self._names = Chart(width, height, tuple(written(self._scene, self._view, names)))
        in_view = [item for item in self._scene.places if self._view.shows(item.box)]
        self.left_unnamed.emit(len(in_view) - len(names))
        self._named_at = (self._view.x, self._view.y)
        self._written = Chart(width, height, tuple(beside))
        self._rest.stop()
        self._stretched = False
        self.setAccessibleDescription(summary(self._scene, self._subject, self._selected))
        self.update()

    def _under(self, where: QPointF) -> Drawn | None:
        if self._view is None:
            return None
        return self._scene.at(*self._view.ground(where.x() / self._unit(), where.y() / self._unit()))

    def _walk(self, step: int) -> bool:
        """Go to the next place, in reading order; False beyond the last one."""
        codes = [item.place.code for item in self._scene.places]
        at = (
            codes.index(self._selected) + step
            if self._selected in codes
            else (0 if step > 0 else len(codes) - 1)
        )
        if not codes or not 0 <= at < len(codes):
            return False
        self._say(self._scene.places[at])
        return True

    def _say(self, item: Drawn) -> None:
        """Outline a place, and speak its name with its figure."""
        self.select(item.place.code)
        self.setAccessibleDescription(_place_words(item))
        if self._view is not None:
            x, y = self._view.page(*item.anchor)
            corner = self.mapToGlobal(QPointF(x * self._unit(), y * self._unit())).toPoint()
            show_tip(corner, self, _place_words(item))


def _place_words(item: Drawn) -> str:
    place = item.place
    return f"{place.name}\u202f: {place.sentence}" if place.sentence else place.name
