"""The drawings of our pages as SVG, by their own painters: what they ask of ReportLab's canvas, lines, dots and labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

from reportlab.lib.colors import black
from reportlab.pdfgen.canvas import FILL_EVEN_ODD

from qpvdesk.reports.style import BOLD, ITALIC, MEDIUM, REGULAR, text_width

FAMILIES = {
    REGULAR: "IBM Plex Sans",
    ITALIC: "IBM Plex Sans",
    MEDIUM: "IBM Plex Sans Medm",
    BOLD: "IBM Plex Sans SmBld",
}
"""The type of the paper, as other tools call it."""


class Outline(list[str]):
    """A path."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self._height = height

    def moveTo(self, x: float, y: float) -> None:  # noqa: N802 - ReportLab's name
        self.append(f"M{_short(x)} {_short(self._height - y)}")

    def lineTo(self, x: float, y: float) -> None:  # noqa: N802 - ReportLab's name
        self.append(f"L{_short(x)} {_short(self._height - y)}")

    def rect(self, x: float, y: float, width: float, height: float) -> None:
        self.moveTo(x, y)
        self.append(f"h{_short(width)}v{_short(-height)}h{_short(-width)}Z")

    def close(self) -> None:
        self.append("Z")


class Sketch:
    """As much of a canvas as the painters use, in points that count upwards."""

    def __init__(self, width: float, height: float) -> None:
        self._width, self._height, self._body = width, height, list[str]()
        self.words: list[str] = []
        """Its texts, in the order in which they were drawn."""
        self._look: dict[str, Any] = {"StrokeColor": black, "FillColor": black, "Dash": (), "LineCap": 0}
        self._kept: list[tuple[dict[str, Any], int]] = []
        self._clips = self._open = 0

    def __getattr__(self, name: str) -> Callable[..., None]:
        """What sets the colours, the font and the lines; the rest moves nothing here."""

        def put(*value: Any) -> None:
            self._look[name.removeprefix("set")] = value if name == "setFont" else value[0]

        return put

    def svg(self) -> str:
        size = f'viewBox="0 0 {_short(self._width)} {_short(self._height)}"'
        size += f' width="{_short(self._width)}pt" height="{_short(self._height)}pt"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(self._body)}</svg>'

    def saveState(self) -> None:  # noqa: N802 - ReportLab's name
        self._kept.append((dict(self._look), self._open))

    def restoreState(self) -> None:  # noqa: N802 - ReportLab's name
        self._look, left = self._kept.pop()
        self._body.append("</g>" * (self._open - left))
        self._open = left

    def beginPath(self) -> Outline:  # noqa: N802 - ReportLab's name
        return Outline(self._height)

    def clipPath(self, path: Outline, **_drawn: int) -> None:  # noqa: N802 - ReportLab's name
        self._clips, self._open = self._clips + 1, self._open + 1
        clip = f'<clipPath id="c{self._clips}"><path d="{"".join(path)}" clip-rule="evenodd"/></clipPath>'
        self._body.append(f'{clip}<g clip-path="url(#c{self._clips})">')

    def drawPath(self, path: Outline, stroke: int = 1, fill: int = 0, fillMode: int = 1) -> None:  # noqa: N802, N803
        rule = ' fill-rule="evenodd"' if fillMode == FILL_EVEN_ODD else ""
        self._put("path", f'd="{"".join(path)}"{rule}', stroke=bool(stroke), fill=bool(fill))

    def line(self, *ends: float) -> None:
        self.lines([ends])

    def lines(self, lines: Iterable[Sequence[float]]) -> None:
        path = self.beginPath()
        for x, y, right, top in lines:
            path.moveTo(x, y)
            path.lineTo(right, top)
        self.drawPath(path)

    def rect(self, *place: float, stroke: int = 1, fill: int = 0) -> None:
        path = self.beginPath()
        path.rect(*place)
        self.drawPath(path, stroke, fill)

    def circle(self, x: float, y: float, radius: float, stroke: int = 1, fill: int = 0) -> None:
        place = f'cx="{_short(x)}" cy="{_short(self._height - y)}" r="{_short(radius)}"'
        self._put("circle", place, stroke=bool(stroke), fill=bool(fill))

    def drawString(self, x: float, y: float, text: str, mode: int = 0) -> None:  # noqa: N802 - ReportLab's name
        font, size = self._look["Font"]
        self.words += [] if mode else [text]
        place = f'x="{_short(x)}" y="{_short(self._height - y)}" font-size="{_short(size)}" font-family="{FAMILIES[font]}"'
        self._put("text", place, stroke=bool(mode), fill=not mode, words=escape(text, quote=False))

    def drawRightString(self, x: float, y: float, text: str) -> None:  # noqa: N802 - ReportLab's name
        self.drawString(x - text_width(text, *self._look["Font"]), y, text)

    def _put(self, name: str, place: str, *, stroke: bool, fill: bool, words: str = "") -> None:
        look, edge = self._look, ""
        if stroke:
            edge = f' stroke="#{look["StrokeColor"].hexval()[2:]}" stroke-width="{_short(look["LineWidth"])}"'
            edge += ' stroke-linecap="round" stroke-linejoin="round"' if look["LineCap"] else ""
            edge += f' stroke-dasharray="{" ".join(map(_short, look["Dash"]))}"' if look["Dash"] else ""
        ground = f"#{look['FillColor'].hexval()[2:]}" if fill else "none"
        self._body.append(f'<{name} {place} fill="{ground}"{edge}>{words}</{name}>')


def _short(number: float) -> str:
    return f"{round(number, 2):g}"
