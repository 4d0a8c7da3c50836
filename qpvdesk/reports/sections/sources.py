"""Where promises and figures come from."""

from __future__ import annotations

from datetime import date
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.french import NNBSP, format_date, format_number, plural
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, small_heading, title
from qpvdesk.reports.style import NOTE_STYLE, code_width, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, line, paragraph, stacked

_DATED = "Une valeur que son document ne date pas l’est par convention, dite avec elle."
ENTRY = Entry("sources", "Sources", 0)


def sources(data: CopilData) -> list[Flowable]:
    blocks = title(ENTRY)
    blocks += _documents(data)
    blocks += _measurements(data)
    return blocks


def _documents(data: CopilData) -> list[Flowable]:
    documents = data.situation.dossier.documents
    if not documents:
        return [paragraph("Aucun document n’est enregistré.", NOTE_STYLE)]
    widths = fill(code_width(item.code for item in documents), None, 54)
    rows: list[list[Any]] = [
        [
            cell(item.code, widths[0] - 4),
            stacked(item.title, [item.note] if item.note else []),
            format_date(item.issued_on),
        ]
        for item in documents
    ]
    return data_table(("Code", "Document", "Date"), rows, widths, right=(2,))


def legal_texts(data: CopilData) -> list[Flowable]:
    references = data.situation.dossier.legal_references
    if not references:
        return []
    widths = fill(None, 54)
    rows: list[list[Any]] = [
        [
            stacked(item.label, [f"Vote{NNBSP}: {item.vote}"])
            if item.vote
            else cell(item.label, widths[0] - 4),
            format_date(item.dated),
        ]
        for item in references
    ]
    return [*heading("Textes et délibérations"), *data_table(("Texte", "Date"), rows, widths, right=(1,))]


def _counted_words(count: int, last: date) -> str:
    """`3 relevés, datés jusqu’au 31/05/2026`; a single one is of its day."""
    return f"{plural(count, 'relevé, daté du', 'relevés, datés jusqu’au')} {format_date(last)}"


def _measurements(data: CopilData) -> list[Flowable]:
    """The sources of the values shown: how many each gave, and until when."""
    counts: dict[str, tuple[int, date]] = {}
    for objective in data.situation.objectives:
        for item in data.situation.measurements_of(objective.key):
            name = line(item.source) or (
                "Document cité" if item.citation is not None else "Source non précisée"
            )
            count, last = counts.get(name, (0, item.day))
            counts[name] = (count + 1, max(last, item.day))
    if not counts:
        return [paragraph("Aucun relevé n’est enregistré.", NOTE_STYLE)]
    if len(counts) == 1:
        ((name, (count, last)),) = counts.items()
        told = f"{name}{NNBSP}: {_counted_words(count, last)}. {_DATED}"
        return [paragraph(told, NOTE_STYLE)]
    widths = fill(None, 70, 90)
    rows: list[list[Any]] = [
        [cell(name, widths[0] - 4), format_number(count), format_date(last)]
        for name, (count, last) in sorted(counts.items(), key=lambda item: (-item[1][0], item[0]))
    ]
    return [
        *small_heading("Relevés, par source"),
        *data_table(("Source", "Relevés", "Datés jusqu’au"), rows, widths, right=(1, 2)),
        paragraph(_DATED, NOTE_STYLE),
    ]
