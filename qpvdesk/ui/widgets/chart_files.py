"""A chart in a file: a PNG at three times its size, or an SVG."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QPainter

from qpvdesk import durable
from qpvdesk.charts.primitives import Chart
from qpvdesk.charts.svg import svg
from qpvdesk.ui.theme import LIGHT
from qpvdesk.ui.widgets.chart_painter import paint_chart

_ZOOM = 3.0


def save(chart: Chart, path: Path) -> None:
    """Write a chart, whole or not at all. Raises `UserError`."""
    durable.save(svg(chart).encode() if path.suffix.lower() == ".svg" else _png(chart), path)


def _png(chart: Chart) -> bytes:
    image = QImage(round(chart.width * _ZOOM), round(chart.height * _ZOOM), QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    painter.scale(_ZOOM, _ZOOM)
    paint_chart(painter, chart, LIGHT)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
