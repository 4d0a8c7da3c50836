"""The points d’attention: what time calls for, and what figures do not agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable, Paragraph

from qpvdesk.domain.french import NNBSP, format_date, plural
from qpvdesk.domain.points import Point
from qpvdesk.reports.document import Entry, heading, title
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.sections.partner import under
from qpvdesk.reports.style import BODY_STYLE, CELL_STYLE, NOTE_STYLE, code_width, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, markup, paragraph

ENTRY = Entry("points", "Points d’attention", 0)
ALERTS = Entry("points-alertes", "Alertes", 1)
FINDINGS = Entry("points-coherence", "Chiffres à rapprocher", 1)


def points(data: CopilData) -> list[Flowable]:
    """The blocks of the section."""
    blocks = title(ENTRY)
    blocks.append(
        paragraph(
            f"{plural(len(data.alerts), 'alerte', 'alertes')} et "
            f"{plural(len(data.findings), 'rapprochement de chiffres', 'rapprochements de chiffres')} au "
            f"{format_date(data.day)}. Rien n’est corrigé en silence : chaque point dit son calcul.",
            BODY_STYLE,
        )
    )
    blocks += heading("Alertes", ALERTS)
    blocks += _table(data, data.alerts, "Aucune alerte à cette date.")
    blocks += heading("Chiffres à rapprocher", FINDINGS)
    blocks += _table(data, data.findings, "Aucun écart de chiffres n’est relevé.")
    return blocks


def _table(data: CopilData, items: Sequence[Point], nothing: str) -> list[Flowable]:
    if not items:
        return [paragraph(nothing, NOTE_STYLE)]
    seen = {item.point: item for item in data.situation.dossier.acknowledgements}
    titles = {item.key: item.title for item in data.situation.dossier.documents}
    widths = fill(code_width(point.object for point in items), 96, None)
    rows: list[list[Any]] = []
    for point in items:
        more = [point.remedy] if point.remedy else []
        if point.citation is not None:
            source = titles.get(point.citation.document, "")
            said = ", ".join(part for part in (source, point.citation.section) if part)
            mark = f" «{NNBSP}{point.citation.mark}{NNBSP}»" if point.citation.mark else ""
            more.append(f"Source{NNBSP}: {said}{mark}")
        known = seen.get(point.ident)
        if known is not None:
            more.append(f"Vu le {format_date(known.day)}{NNBSP}: {known.reason}")
        message = point.message[:1].upper() + point.message[1:]
        rows.append(
            [
                cell(point.object, widths[0] - 4, CELL_STYLE),
                cell(point.title, widths[1] - 8, CELL_STYLE),
                Paragraph(markup(message) + under(more), CELL_STYLE),
            ]
        )
    return data_table(("Objet", "Nature", "Constat et suite possible"), rows, widths)
