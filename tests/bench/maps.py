"""Line 20: a map of as many outlines as the country has quartiers, dragged at full extent, drawn off screen."""

from __future__ import annotations

import math
import random
import statistics
import time
from collections.abc import Iterator

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication

from qpvdesk.charts.map import MapPlace, Scene, Subject, scene
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.map_view import MapView
from tests.bench.measure import Cost, Line, Pair

OUTLINES, POINTS = 1_600, 50
_SIZE = (900, 640)
_FRAMES = 60
_FRAME_S = 0.016


def lines() -> Iterator[Line]:
    """Yield the lines: processor time of a frame against the sixteen milliseconds that one may take."""
    application = QApplication.instance() or QApplication(["qpvdesk-bench"])
    assert isinstance(application, QApplication)
    view = MapView(Theme(application))
    view.resize(*_SIZE)
    view.show_scene(invented(), Subject())
    for act, frames in (("dragged", sorted(drag(view))), ("enlarged", sorted(enlarge(view)))):
        for what, seconds in (("median", statistics.median(frames)), ("slowest but three", frames[-4])):
            yield Line(
                "20",
                f"a frame of a map {act}, {OUTLINES} outlines in sight, {what} of {len(frames)}",
                "16 ms, one frame",
                Pair(Cost(seconds, seconds), Cost(_FRAME_S, _FRAME_S), seconds / _FRAME_S),
                1.0,
            )


def invented(seed: int = 2030) -> Scene:
    """Outlines of places strewn over 180 km, each with a name."""
    chance = random.Random(seed)
    places = []
    for number in range(OUTLINES):
        x, y = 2.0 + chance.random() * 2.2, 49.2 + chance.random() * 1.6
        ring = []
        for step in range(POINTS):
            far, turn = 0.006 * (0.6 + 0.4 * chance.random()), 2 * math.pi * step / POINTS
            ring.append((x + far * math.cos(turn) * 1.5, y + far * math.sin(turn)))
        places.append(
            MapPlace(f"QN{number:05}A", f"Cité inventée {number}", "quartier", (((*ring, ring[0]),),))
        )
    return scene(places)


def drag(view: MapView) -> list[float]:
    """Seconds of processor of each frame: what the hand's move asks for, and its painting."""
    image = QImage(view.size(), QImage.Format.Format_ARGB32_Premultiplied)
    view.render(image)
    at = QPoint(_SIZE[0] // 2, _SIZE[1] // 2)
    _send(view, QMouseEvent.Type.MouseButtonPress, at)
    spent = []
    for frame in range(_FRAMES):
        at += QPoint(3 if frame % 20 < 10 else -2, 2 if frame % 14 < 7 else -3)
        start = time.process_time()
        _send(view, QMouseEvent.Type.MouseMove, at)
        view.render(image)
        spent.append(time.process_time() - start)
    _send(view, QMouseEvent.Type.MouseButtonRelease, at)
    return spent


def enlarge(view: MapView) -> list[float]:
    """Seconds of processor of each frame of a wheel that turns: what it asks for, and its painting."""
    image = QImage(view.size(), QImage.Format.Format_ARGB32_Premultiplied)
    view.show_all()
    view.render(image)
    spent = []
    for frame in range(_FRAMES):
        start = time.process_time()
        view.zoom(1.25 if frame % 12 < 6 else 0.8, QPointF(_SIZE[0] / 3, _SIZE[1] / 2))
        view.render(image)
        spent.append(time.process_time() - start)
    return spent


def _send(view: MapView, kind: QMouseEvent.Type, at: QPoint) -> None:
    button = Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind is QMouseEvent.Type.MouseButtonRelease else button
    place = QPointF(at)
    event = QMouseEvent(kind, place, place, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view, event)
