"""The file of the comité de pilotage: its sections in order, written as one PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, NextPageTemplate, PageBreak

from qpvdesk.domain.french import format_date, typeset
from qpvdesk.reports.document import Bar, Contents, Entry, Heading, Identity, Progress, write_document
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.sections import (
    agenda,
    essential,
    funding,
    method,
    notes,
    partner,
    points,
    sources,
    territories,
)
from qpvdesk.reports.sections.cover import draw_cover
from qpvdesk.reports.style import H1_STYLE, load_fonts
from qpvdesk.reports.text import line

__all__ = ["CopilData", "write"]


def write(
    path: Path,
    data: CopilData,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> int:
    """Write the file to `path` and return its number of pages. The same data give the same bytes.

    `progress` is told (done, whole); `cancelled` is asked as the pages are laid out. Raises `UserError` where the file
    cannot be written and `CancelledError` where the officer stopped it; either leaves what was at `path` untouched.
    """
    load_fonts()
    return write_document(
        path,
        identity(data),
        _entries(data),
        _story(data),
        cover=lambda canvas: _cover(canvas, data),
        progress=progress,
        cancelled=cancelled,
    )


def identity(data: CopilData) -> Identity:
    """What stands on every page."""
    name = line(data.situation.dossier.contract.name)
    day = format_date(data.day)
    return Identity(
        title=f"{name} – comité de pilotage",
        subject=typeset(f"Dossier du comité de pilotage, données au {day}"),
        author="Délégué du préfet",
        contract=name,
        data_of=day,
        fingerprint=data.fingerprint,
        day=data.day,
    )


def _cover(canvas: Canvas, data: CopilData) -> None:
    draw_cover(canvas, data)


def _entries(data: CopilData) -> list[Entry]:
    entries = [essential.ENTRY]
    if agenda.wanted(data):
        entries.append(agenda.ENTRY)
    for summary in data.situation.partners:
        entries += [partner.entry_of(summary), *partner.sub_entries(data, summary)]
    entries += [funding.ENTRY, territories.ENTRY, points.ENTRY, points.ALERTS, points.FINDINGS]
    return [*entries, method.ENTRY, sources.ENTRY, notes.ENTRY]


def _story(data: CopilData) -> list[Flowable]:
    story: list[Flowable] = [NextPageTemplate("body"), PageBreak()]
    chapters: list[list[Flowable]] = [essential.essential(data), _contents(data)]
    if agenda.wanted(data):
        chapters.append(agenda.agenda(data))
    chapters += [partner.partner_chapter(data, summary) for summary in data.situation.partners]
    chapters += [
        funding.funding(data),
        territories.territories(data),
        points.points(data),
        method.method(data),
        sources.sources(data),
        notes.notes(),
    ]
    for index, chapter in enumerate(chapters):
        if index:
            story.append(PageBreak())
        story += chapter
    return story


def _contents(data: CopilData) -> list[Flowable]:
    return [Heading("Sommaire", H1_STYLE, None), Bar(), Contents(_entries(data))]
