"""The points d’attention: what time calls for, and what figures do not agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.french import NNBSP, code_ranges, format_date, plural
from qpvdesk.domain.points import NATURE_LABELS, Point
from qpvdesk.domain.review import PointView
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, title
from qpvdesk.reports.style import BODY_STYLE, MEDIUM, NOTE_STYLE, TABLE, WIDTH, code_width, fill, text_width
from qpvdesk.reports.tables import PAD, data_table
from qpvdesk.reports.text import cell, paragraph, stacked

ENTRY = Entry("points", "Points d’attention", 0)
ALERTS = Entry("points-alertes", "Alertes", 1)
FINDINGS = Entry("points-coherence", "Chiffres à rapprocher", 1)


def points(data: CopilData) -> list[Flowable]:
    """The blocks of the section."""
    blocks = title(ENTRY)
    others = len(data.review.findings) - data.review.contradictions
    blocks.append(
        paragraph(
            f"{plural(len(data.review.alerts), 'alerte', 'alertes')}, "
            f"{plural(data.review.contradictions, 'contradiction', 'contradictions')} et "
            f"{plural(others, 'autre rapprochement de chiffres', 'autres rapprochements de chiffres')} au "
            f"{format_date(data.day)}. Rien n’est corrigé en silence : chaque point dit son calcul.",
            BODY_STYLE,
        )
    )
    blocks += heading("Alertes", ALERTS)
    blocks += _table(data, _points(data.review.alerts), "Aucune alerte à cette date.")
    blocks += heading("Chiffres à rapprocher", FINDINGS)
    blocks += _table(data, _points(data.review.findings), "Aucun écart de chiffres n’est relevé.")
    return blocks


def _points(views: Sequence[PointView]) -> list[Point]:
    return [view.point for view in views]


def _table(data: CopilData, items: Sequence[Point], nothing: str) -> list[Flowable]:
    if not items:
        return [paragraph(nothing, NOTE_STYLE)]
    widths = fill(code_width(point.object for point in items), None)
    rows: list[list[Any]] = []
    groups: list[int] = []
    kinds: dict[str, list[Point]] = {}
    for point in items:
        kinds.setdefault(point.kind, []).append(point)
    for alike in kinds.values():
        groups.append(len(rows))
        advice = _shared_advice(alike)
        nature = NATURE_LABELS[alike[0].nature] + NNBSP + ": " if alike[0].nature else ""
        head = f"{nature}{alike[0].title} ({len(alike)})"
        rows.append([f"{head} · {advice}" if advice else head, ""])
        for same in _said_alike(data, alike):
            rows.append(_row(data, same, widths, advised=bool(advice)))
    return data_table(("Objet", "Constat et suite possible"), rows, widths, groups=groups)


def _shared_advice(alike: Sequence[Point]) -> str:
    """What to do about all the points of a kind, said once over them; empty where it differs or takes too much room."""
    advice = {point.remedy for point in alike}
    if len(alike) == 1 or len(advice) > 1:
        return ""
    (remedy,) = advice
    nature = NATURE_LABELS[alike[0].nature] + NNBSP + ": " if alike[0].nature else ""
    head = f"{nature}{alike[0].title} ({len(alike)}) · {remedy} (suite)"
    return remedy if text_width(head, MEDIUM, TABLE) <= WIDTH - 2 * PAD else ""


def _said_alike(data: CopilData, items: Sequence[Point]) -> list[list[Point]]:
    """Points that say the same thing of several objects, together; those the officer has seen stand alone."""
    seen = {item.point for item in data.situation.dossier.acknowledgements}
    groups: dict[tuple[str, ...], list[Point]] = {}
    for point in items:
        key = (point.ident,) if point.ident in seen else (_message(point), point.remedy)
        groups.setdefault(key, []).append(point)
    return list(groups.values())


def _message(point: Point) -> str:
    """What the point says, without the code that stands beside it."""
    text = point.message.removeprefix(point.object).lstrip(" \u202f\u00a0:") or point.message
    return text[:1].upper() + text[1:]


def _row(data: CopilData, same: Sequence[Point], widths: Sequence[float], *, advised: bool) -> list[Any]:
    """`advised`: what to do is said over the group already."""
    point = same[0]
    more = [point.remedy] if point.remedy and not advised else []
    if len(same) > 1:
        codes = code_ranges([item.object for item in same])
        return [_times(len(same)), stacked(f"{_message(point)} {codes}.", more)]
    if point.citation is not None:
        documents = data.situation.dossier.documents
        # Where there is one document alone, naming it under each point tells nothing; « Sources » does.
        titles = {item.key: item.title for item in documents} if len(documents) > 1 else {}
        source = titles.get(point.citation.document, "")
        place = ", ".join(part for part in (source, point.citation.section) if part)
        mark = f", «{NNBSP}{point.citation.mark}{NNBSP}»" if point.citation.mark else ""
        more.append(f"Source{NNBSP}: {place}{mark}")
    for known in data.situation.dossier.acknowledgements:
        if known.point == point.ident:
            more.append(f"Vu le {format_date(known.day)}{NNBSP}: {known.reason}")
    code = cell(point.object, widths[0] - 4)
    return [code, stacked(_message(point), more)]


def _times(count: int) -> str:
    return f"{count}\u00a0objets"
