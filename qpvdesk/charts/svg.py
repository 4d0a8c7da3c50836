"""A chart as SVG: what a page of text, a slide or another program takes. Colours are those of paper."""

from __future__ import annotations

from html import escape

from qpvdesk.charts.marks import LIGHT, mixed
from qpvdesk.charts.primitives import (
    Anchor,
    Area,
    Chart,
    Hatch,
    Ink,
    Line,
    Polyline,
    Primitive,
    Rect,
    Region,
    Text,
)

_FONT = "'IBM Plex Sans', 'Segoe UI', Arial, sans-serif"
_STRIPES: dict[Hatch, tuple[str, ...]] = {
    Hatch.RISING: ("M0 6L6 0",),
    Hatch.FALLING: ("M0 0L6 6",),
    Hatch.CROSSED: ("M0 6L6 0", "M0 0L6 6"),
    Hatch.DOTS: ("M1.5 3H3",),
    Hatch.ACROSS: ("M0 3H6",),
    Hatch.UPRIGHT: ("M3 0V6",),
    Hatch.DASHES: ("M0 3H3",),
}


def svg(chart: Chart) -> str:
    """Return a chart as an SVG document, its summary as the title that a reader says. Marks are left out."""
    used = {item.hatch for item in chart.items if isinstance(item, Region | Rect)} & _STRIPES.keys()
    body = "\n".join(_drawn(item) for item in chart.items)
    size = f'width="{chart.width:.0f}pt" height="{chart.height:.0f}pt" viewBox="0 0 {chart.width:.1f} {chart.height:.1f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n<title>{escape(chart.summary, quote=False)}</title>\n'
        f"<defs>{''.join(_pattern(hatch) for hatch in sorted(used))}</defs>\n"
        f'<rect width="100%" height="100%" fill="{LIGHT[Ink.PAPER]}"/>\n'
        f'<g font-family="{_FONT}" stroke-linejoin="round">\n{body}\n</g>\n</svg>\n'
    )


def _pattern(hatch: Hatch) -> str:
    lines = "".join(
        f'<path d="{path}" stroke="{LIGHT[Ink.PAPER]}" stroke-width="1.2"/>' for path in _STRIPES[hatch]
    )
    return f'<pattern id="{hatch.value}" width="6" height="6" patternUnits="userSpaceOnUse">{lines}</pattern>'


def _drawn(item: Primitive) -> str:
    match item:
        case Region():
            return _region(item)
        case Text():
            return _text(item)
        case Line():
            place = f'x1="{item.x1:.1f}" y1="{item.y1:.1f}" x2="{item.x2:.1f}" y2="{item.y2:.1f}"'
            return f"<line {place}{_stroke(item.ink, item.width, item.dash)}/>"
        case Polyline():
            return f'<path d="{_path(item.points)}" fill="none"{_stroke(item.ink, item.width, item.dash)}/>'
        case Area():
            return f'<path d="{_path(item.points)}Z" fill="{LIGHT[item.ink]}"/>'
        case Rect():
            place = f'x="{item.x:.1f}" y="{item.y:.1f}" width="{item.width:.1f}" height="{item.height:.1f}"'
            return f'<rect {place} fill="{mixed(LIGHT[item.ink], LIGHT[Ink.PAPER], item.tint)}"/>'
    return ""


def _region(item: Region) -> str:
    path = "".join(f"{_path(ring)}Z" for ring in item.rings)
    fill = mixed(LIGHT[item.ink], LIGHT[Ink.PAPER], item.tint) if item.tint else "none"
    edge = _stroke(item.edge, item.width, item.dash) if item.width else ""
    drawn = f'<path d="{path}" fill-rule="evenodd" fill="{fill}"{edge}/>'
    if item.tint and item.hatch in _STRIPES:
        drawn += f'<path d="{path}" fill-rule="evenodd" fill="url(#{item.hatch.value})"/>'
    return drawn


def _text(item: Text) -> str:
    anchor = {Anchor.START: "start", Anchor.MIDDLE: "middle", Anchor.END: "end"}[item.anchor]
    halo = (
        f' stroke="{LIGHT[Ink.PAPER]}" stroke-width="2" paint-order="stroke"'
        if item.halo or item.glow
        else ""
    )
    weight = ' font-weight="600"' if item.bold else ""
    return (
        f'<text x="{item.x:.1f}" y="{item.y:.1f}" font-size="{item.size:g}" text-anchor="{anchor}"'
        f' fill="{LIGHT[item.ink]}"{weight}{halo}>{escape(item.text, quote=False)}</text>'
    )


def _path(points: tuple[tuple[float, float], ...]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _stroke(ink: Ink, width: float, dash: tuple[float, ...]) -> str:
    dashes = f' stroke-dasharray="{" ".join(f"{length:g}" for length in dash)}"' if dash else ""
    return f' stroke="{LIGHT[ink]}" stroke-width="{width:g}"{dashes}'
