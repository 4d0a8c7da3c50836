"""The pictograms of the météo; their words always stand beside them."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from qpvdesk.charts.marks import WEATHER_INKS
from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.model import Weather
from qpvdesk.reports.style import ink

_RAYS = ((0, 1), (0.71, 0.71), (1, 0), (0.71, -0.71), (0, -1), (-0.71, -0.71), (-1, 0), (-0.71, 0.71))


def paint_weather(canvas: Canvas, centre: tuple[float, float], size: float, weather: Weather) -> None:
    """Draw the pictogram in a square of `size`."""
    x, y = centre
    canvas.saveState()
    canvas.translate(x - size / 2, y - size / 2)
    canvas.scale(size / 20, size / 20)
    tone = ink(WEATHER_INKS[weather])
    canvas.setLineCap(1)
    if weather in (Weather.SOLEIL, Weather.COUVERT):
        # Behind its cloud it rises no higher than the clouds that stand alone.
        cx, cy, part = (10.0, 10.0, 1.0) if weather is Weather.SOLEIL else (13.0, 11.6, 0.72)
        canvas.setStrokeColor(tone)
        canvas.setFillColor(tone)
        canvas.setLineWidth(1.6)
        for dx, dy in _RAYS:
            near, far = 5.6 * part, 7.4 * part
            canvas.line(cx + dx * near, cy + dy * near, cx + dx * far, cy + dy * far)
        canvas.circle(cx, cy, 3.9 * part, stroke=0, fill=1)
    if weather is Weather.COUVERT:
        # The grown cloud in the line's colour, then the cloud itself in paper: an outline without inner arcs.
        canvas.setFillColor(tone)
        _cloud(canvas, -1.4, 1.3)
        canvas.setFillColor(ink(Ink.PAPER))
        _cloud(canvas, -1.4, 0)
    elif weather in (Weather.NUAGE, Weather.ORAGE):
        canvas.setFillColor(tone)
        _cloud(canvas, 1.5 if weather is Weather.NUAGE else 3, 0.5)
    if weather is Weather.ORAGE:
        canvas.setStrokeColor(tone)
        canvas.setLineWidth(1.7)
        path = canvas.beginPath()
        path.moveTo(11, 6.6)
        path.lineTo(8.4, 3.6)
        path.lineTo(11.4, 3.6)
        path.lineTo(9, 0.6)
        canvas.drawPath(path, stroke=1, fill=0)
    elif weather is Weather.NON_RENSEIGNEE:
        canvas.setStrokeColor(tone)
        canvas.setLineWidth(1.4)
        canvas.setDash([2.4, 2.6])
        canvas.circle(10, 10, 6.6, stroke=1, fill=0)
    elif weather is Weather.NON_NECESSAIRE:
        canvas.setStrokeColor(tone)
        canvas.setLineWidth(1.6)
        canvas.line(5, 10, 15, 10)
    canvas.restoreState()


def _cloud(canvas: Canvas, shift: float, grow: float) -> None:
    for cx, cy, radius in ((6, 7, 3.4), (10, 9.4, 4.4), (14.2, 7, 3.4)):
        canvas.circle(cx, cy + shift, radius + grow, stroke=0, fill=1)
    canvas.rect(6, 3.6 + shift - grow, 8.2, 4.4 + grow, stroke=0, fill=1)
