"""A chart in a file: a PNG at three times its size, or an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QPainter

from qpvdesk import durable
from qpvdesk.charts.metrics import text_width
from qpvdesk.charts.primitives import Chart, Text
from qpvdesk.charts.svg import svg
from qpvdesk.ui.theme import LIGHT
from qpvdesk.ui.widgets.chart_painter import paint_chart

_ZOOM = 3.0
_TITLE_POINTS = 9.0


def save(chart: Chart, path: Path) -> None:
    """Write a chart, whole or not at all. Raises `UserError`."""
    durable.save(svg(chart).encode() if path.suffix.lower() == ".svg" else _png(chart), path)


def image(chart: Chart, titles: Sequence[str] = ()) -> QImage:
    """Return a chart on white, under what it has to say: a line for each title, the first in bold."""
    lines = [words for words in titles if words]
    width = (
        max(chart.width, *(text_width(words, _TITLE_POINTS, bold=True) for words in lines))
        if lines
        else chart.width
    )
    head = len(lines) * _TITLE_POINTS * 1.4 + (_TITLE_POINTS / 2 if lines else 0)
    drawn = QImage(round(width * _ZOOM), round((head + chart.height) * _ZOOM), QImage.Format.Format_RGB32)
    drawn.fill(0xFFFFFFFF)
    painter = QPainter(drawn)
    painter.scale(_ZOOM, _ZOOM)
    texts = tuple(
        Text(0, (line + 1) * _TITLE_POINTS * 1.4 - 3, words, _TITLE_POINTS, bold=not line)
        for line, words in enumerate(lines)
    )
    paint_chart(painter, Chart(width, head, texts), LIGHT)
    painter.translate(0, head)
    paint_chart(painter, chart, LIGHT)
    painter.end()
    return drawn


def _png(chart: Chart) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image(chart).save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
