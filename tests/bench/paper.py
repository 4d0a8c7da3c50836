"""The same committee file set by other tools: yardsticks for the speed of our paper.

The content is comparable in size, not in looks: the objectives' table of each partner, a chart for each of twenty
objectives as a vector drawing, and running text, from the same situation.
"""

from __future__ import annotations

from itertools import cycle, islice
from pathlib import Path

from qpvdesk.domain import french
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import STATUT_LABELS

DRAWINGS = 20


def _rows(situation: Situation, partner: str) -> list[list[str]]:
    rows = []
    for objective in situation.objectives_of_partner(partner):
        found = situation.assessments[objective.key]
        rows.append(
            [
                objective.code,
                objective.label,
                french.format_value(objective.start_value, objective.unit),
                french.format_value(found.value, objective.unit),
                french.format_value(objective.target_value, objective.unit),
                french.format_rate(found.rate),
                STATUT_LABELS[found.status],
            ]
        )
    return rows


def _svg(situation: Situation, key: str) -> str:
    points = [(item.day.toordinal(), float(item.value)) for item in situation.measurements_of(key)] or [
        (0, 0.0)
    ]
    left, right = points[0][0], max(points[-1][0], points[0][0] + 1)
    low, high = min(value for _, value in points), max(value for _, value in points) + 1
    drawn = " ".join(
        f"{(day - left) / (right - left) * 440:.1f},{150 - (value - low) / (high - low) * 140:.1f}"
        for day, value in points
    )
    marks = "".join(
        f'<circle cx="{pair.split(",")[0]}" cy="{pair.split(",")[1]}" r="3"/>' for pair in drawn.split()
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="460" height="160">'
        f'<polyline points="{drawn}" fill="none" stroke="#000091"/>{marks}</svg>'
    )


def html(situation: Situation, folder: Path, count: int) -> str:  # noqa: ARG001 (as its twin below)
    """Return the file as HTML for WeasyPrint or LibreOffice, of `count` parts: tables and drawings, over again."""
    parts = []
    for summary in situation.partners:
        rows = "".join(
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
            for row in _rows(situation, summary.partner.key)
        )
        parts.append(f"<h1>{summary.partner.name}</h1><table>{rows}</table>")
    parts += [_svg(situation, objective.key) for objective in situation.objectives[:DRAWINGS]]
    style = "@page{size:A4;margin:2cm} table{border-collapse:collapse;font-size:9pt} td{border-bottom:1px solid #ccc}"
    return (
        f"<html><head><style>{style}</style></head><body>{''.join(islice(cycle(parts), count))}</body></html>"
    )


def typst_source(situation: Situation, folder: Path, count: int) -> str:
    """Return the same as typst markup; its drawings are written into `folder`."""
    parts = ['#set page("a4", margin: 2cm)', "#set text(size: 9pt)"]
    body = []
    for summary in situation.partners:
        cells = ",".join(f"[{_plain(cell)}]" for row in _rows(situation, summary.partner.key) for cell in row)
        body.append(f"= {_plain(summary.partner.name)}\n#table(columns: 7, stroke: 0.3pt, {cells})")
    for number, objective in enumerate(situation.objectives[:DRAWINGS]):
        (folder / f"{number}.svg").write_text(_svg(situation, objective.key), encoding="utf-8")
        body.append(f'#image("{number}.svg", width: 12cm, alt: "{objective.code}")')
    return "\n".join([*parts, *islice(cycle(body), count)])


def _plain(text: str) -> str:
    return "".join(f"\\{character}" if character in "#$*_`<>@[]\\" else character for character in text)
