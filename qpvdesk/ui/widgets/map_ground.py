"""What a map on screen is drawn on: the outlines of a scene, as simple as the scale allows, in a picture that is kept.

A map that is dragged is shifted, and only what comes into sight is drawn: the rest was drawn a frame before. One that is
enlarged is stretched as it was, until the hand rests.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPixmap, QTransform

from qpvdesk.charts.labels import Box
from qpvdesk.charts.map import OUTSIDE, SELECTED, Scene, View, style_of
from qpvdesk.charts.marks import Palette, mixed
from qpvdesk.charts.primitives import Ink
from qpvdesk.charts.simplified import simplified
from qpvdesk.ui.theme import colour
from qpvdesk.ui.widgets.chart_painter import paint_region, path_of

_FINENESS = 0.4
"""Points of the page by which an outline may be drawn beside where it is."""
_EDGE = 3.0
"""Points about a place that its edge may cover."""
_SNAP = 0.02
"""Pixels: a shift is of whole ones, or all is drawn anew."""


class MapGround:
    """The outlines of one scene."""

    def __init__(self, scene: Scene, *, outside: bool = False) -> None:
        """`outside`: whether the land beyond all communes is told from them."""
        self._scene = scene
        self._outside = outside
        self._styles = [style_of(item.place) for item in scene.places]
        self._paths: dict[int, list[QPainterPath | None]] = {}
        self._kept: tuple[View, tuple[object, ...], QPixmap] | None = None

    def picture(self, view: View, size: QSize, zoom: float, *, inks: Palette, selected: str) -> QPixmap:
        """Return the ground at a view, `size` pixels large, `zoom` pixels a point."""
        about = (size, zoom, inks[Ink.PAPER], inks[Ink.ACCENT], selected, view.scale, view.width, view.height)
        if self._kept is not None and self._kept[1] == about:
            before, _, pixmap = self._kept
            right, down = (before.x - view.x) * view.scale * zoom, (before.y - view.y) * view.scale * zoom
            shift = round(right), round(down)
            if max(abs(right - shift[0]), abs(down - shift[1])) < _SNAP:
                self._shift(pixmap, shift, view, zoom, inks=inks, selected=selected)
                self._kept = (view, about, pixmap)
                return pixmap
        pixmap = QPixmap(size)
        self._paint(pixmap, pixmap.rect(), view, zoom, inks=inks, selected=selected)
        self._kept = (view, about, pixmap)
        return pixmap

    def stretched(self, view: View) -> tuple[QPixmap, QRectF] | None:
        """Return what was drawn last, and the rectangle of the page that it covers at a view; None where nothing was."""
        if self._kept is None:
            return None
        before, _, pixmap = self._kept
        left, top = view.page(*before.ground(0, 0))
        right, bottom = view.page(*before.ground(before.width, before.height))
        return pixmap, QRectF(left, top, right - left, bottom - top)

    def beyond(self, inks: Palette) -> str:
        """Return the colour of what no commune covers."""
        tint = OUTSIDE.tint if self._outside else 0.0
        return mixed(inks[OUTSIDE.ink], inks[Ink.PAPER], tint)

    def _shift(
        self,
        pixmap: QPixmap,
        shift: tuple[int, int],
        view: View,
        zoom: float,
        *,
        inks: Palette,
        selected: str,
    ) -> None:
        """Move what was drawn, and draw the two strips that have come into sight."""
        right, down = shift
        width, height = pixmap.width(), pixmap.height()
        if right or down:
            pixmap.scroll(right, down, pixmap.rect())
        strips = (
            QRect(0 if right > 0 else width + right, 0, abs(right), height),
            QRect(0, 0 if down > 0 else height + down, width, abs(down)),
        )
        for strip in strips:
            exposed = strip.intersected(pixmap.rect())
            if not exposed.isEmpty():
                self._paint(pixmap, exposed, view, zoom, inks=inks, selected=selected)

    def _paint(
        self, pixmap: QPixmap, room: QRect, view: View, zoom: float, *, inks: Palette, selected: str
    ) -> None:
        """Draw the part of the ground that a rectangle of the picture shows."""
        painter = QPainter(pixmap)
        painter.setClipRect(room)
        painter.fillRect(room, colour(self.beyond(inks)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(zoom, zoom)
        left, top = view.ground(room.left() / zoom - _EDGE, room.top() / zoom - _EDGE)
        right, bottom = view.ground((room.right() + 1) / zoom + _EDGE, (room.bottom() + 1) / zoom + _EDGE)
        frame = Box(left, top, right, bottom)
        ground = QTransform(view.scale, 0, 0, view.scale, *view.page(0, 0))
        chosen: QPainterPath | None = None
        for index, item in enumerate(self._scene.places):
            if not item.box.overlaps(frame):
                continue
            path = ground.map(self._path(index, view.scale))
            paint_region(painter, self._styles[index], path, inks)
            if item.place.code == selected:
                chosen = path
        if chosen is not None:
            paint_region(painter, SELECTED, chosen, inks)
        painter.end()

    def _path(self, index: int, scale: float) -> QPainterPath:
        """The outline of a place, made once for each doubling of the scale."""
        level = math.ceil(math.log2(scale))
        paths = self._paths.setdefault(level, [None] * len(self._scene.places))
        found = paths[index]
        if found is None:
            rings = self._scene.places[index].rings
            found = paths[index] = path_of(simplified(ring, _FINENESS / 2.0**level) for ring in rings)
        return found
