"""The cover: what the file is, of which data, for which meeting, with which agenda."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from reportlab.pdfgen.canvas import Canvas

from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.counts import promised_count
from qpvdesk.domain.french import NNBSP, format_date, plural
from qpvdesk.domain.meetings import lines
from qpvdesk.domain.statuses import Statut
from qpvdesk.reports import letterhead
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.style import (
    BLUE,
    BOLD,
    MARGIN_X,
    MEDIUM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    REGULAR,
    WIDTH,
    colour,
    ink,
    span,
    text_width,
)
from qpvdesk.reports.text import entitled, line, shorten

_FIELD = PAGE_HEIGHT * 0.48
"""Height of the blue field."""
_BAND = 104.0
"""Height of the white band of the service's header, where it has one."""
_AGENDA_MAX = 6
"""Lines of the agenda that the cover has room for."""


def draw_cover(canvas: Canvas, data: CopilData) -> None:
    """Fill the first page."""
    bottom = PAGE_HEIGHT - _FIELD
    # A service's image is made for white paper: its header stands above the field, which gives way.
    band = _BAND if data.letterhead else 0.0
    canvas.saveState()
    canvas.setFillColor(colour(BLUE))
    canvas.rect(0, bottom, PAGE_WIDTH, _FIELD - band, stroke=0, fill=1)
    if data.letterhead:
        letterhead.draw(canvas, data.letterhead, (MARGIN_X, PAGE_HEIGHT - 20), (WIDTH, _BAND - 40))
    white = ink(Ink.PAPER)
    canvas.setFillColor(white)
    canvas.setFont(MEDIUM, 10)
    canvas.drawString(MARGIN_X, PAGE_HEIGHT - band * 0.75 - 62, "Politique de la ville · dossier de séance")
    canvas.setFont(BOLD, 38)
    y = PAGE_HEIGHT - band * 0.6 - 150
    for words in ("Comité", "de pilotage"):
        canvas.drawString(MARGIN_X, y, words)
        y -= 44
    y -= 8
    for text in _lines(entitled(data.situation.dossier.contract.name), 17, WIDTH - span(2), 3):
        canvas.setFont(REGULAR, 17)
        canvas.drawString(MARGIN_X, y, text)
        y -= 23
    _facts(canvas, data, bottom - 52)
    canvas.restoreState()


def cover_words(data: CopilData) -> tuple[str, ...]:
    """What the cover shows beside its titles, in sentences."""
    facts = [f"{name}{NNBSP}: {value}{f', {under}' if under else ''}." for name, value, under in _dates(data)]
    counts = f"{NNBSP}; ".join(" ".join(filter(None, pair)) for pair in _counts(data))
    agenda = [f"Ordre du jour{NNBSP}: {', '.join(_agenda_lines(data))}."] if _agenda_lines(data) else []
    # A copy sets each fact beside its name.
    return tuple(line(text) for text in [*facts, f"Contenu{NNBSP}: {counts}.", *agenda])


def _dates(data: CopilData) -> list[tuple[str, str, str]]:
    """What stands in the first row: a name, a value, and what is under it."""
    meeting = data.copil
    contract = data.situation.dossier.contract
    years = f"{contract.start.year}–{contract.end.year}" if contract.start and contract.end else "–"
    return [
        (
            "Données arrêtées au" if data.review.snapshot is not None else "Données au",
            format_date(data.day),
            data.review.data_note,
        ),
        (
            "Réunion",
            format_date(meeting.day) if meeting is not None else "Date à fixer",
            ", ".join(part for part in (meeting.kind_name, meeting.place) if part)
            if meeting is not None
            else "Lieu à préciser",
        ),
        ("Durée du contrat", years, ""),
    ]


def _facts(canvas: Canvas, data: CopilData, top: float) -> None:
    room = span(4)
    for index, (name, value, under) in enumerate(_dates(data)):
        x = MARGIN_X + index * (room + WIDTH - 3 * room - (WIDTH - 3 * room) / 2) if index else MARGIN_X
        canvas.setFillColor(ink(Ink.MENTION))
        canvas.setFont(REGULAR, 8.5)
        canvas.drawString(x, top, name)
        canvas.setFillColor(ink(Ink.TEXT))
        canvas.setFont(BOLD, 17)
        canvas.drawString(x, top - 24, value)
        canvas.setFillColor(ink(Ink.MENTION))
        canvas.setFont(REGULAR, 9)
        for row, text in enumerate(_lines(under, 9, room, 4)):
            canvas.drawString(x, top - 40 - row * 12, text)
    _figures(canvas, data, top - 92)


def _counts(data: CopilData) -> tuple[tuple[str, str], ...]:
    situation = data.situation
    promised = promised_count(situation.counts)
    known = promised - situation.counts[Statut.NON_RENSEIGNE]
    share = Fraction(known, promised) if promised else None
    return (
        (plural(len(situation.partners), "partenaire", "partenaires"), ""),
        (plural(len(situation.engagements), "engagement", "engagements"), ""),
        (
            plural(promised, "objectif", "objectifs"),
            ""
            if share is None
            else f"{'promis ou proposé' if promised < 2 else 'promis ou proposés'}, "
            f"{known} {'renseigné' if known < 2 else 'renseignés'}",
        ),
    )


def _figures(canvas: Canvas, data: CopilData, top: float) -> None:
    canvas.setStrokeColor(colour(BLUE))
    canvas.setLineWidth(1.2)
    canvas.line(MARGIN_X, top + 18, MARGIN_X + WIDTH, top + 18)
    room = span(4)
    for index, (text, under) in enumerate(_counts(data)):
        x = MARGIN_X + index * (room + (WIDTH - 3 * room) / 2)
        canvas.setFillColor(ink(Ink.TEXT))
        canvas.setFont(MEDIUM, 10.5)
        canvas.drawString(x, top, text)
        canvas.setFillColor(ink(Ink.MENTION))
        canvas.setFont(REGULAR, 9)
        for row, words in enumerate(_lines(under, 9, room, 2)):
            canvas.drawString(x, top - 13 - row * 11, words)
    _agenda(canvas, _agenda_lines(data), top - 50)


def _agenda_lines(data: CopilData) -> tuple[str, ...]:
    return lines(data.copil.agenda) if data.copil is not None else ()


def _agenda(canvas: Canvas, agenda: Sequence[str], top: float) -> None:
    if not agenda:
        return
    canvas.setFillColor(ink(Ink.MENTION))
    canvas.setFont(REGULAR, 8.5)
    canvas.drawString(MARGIN_X, top, "Ordre du jour")
    canvas.setFillColor(ink(Ink.TEXT))
    canvas.setFont(REGULAR, 10.5)
    shown = list(agenda[:_AGENDA_MAX])
    if len(agenda) > len(shown):
        # The letter has the whole of it.
        rest = plural(len(agenda) - len(shown) + 1, "autre point", "autres points")
        shown[-1] = f"et {rest}, dans la convocation"
    for row, text in enumerate(shown, 1):
        canvas.drawString(MARGIN_X, top - 3 - row * 15, shorten(f"{row}. {text}", REGULAR, 10.5, WIDTH))


def _lines(text: str, size: float, room: float, most: int) -> list[str]:
    """`text` broken in at most `most` lines no wider than `room`."""
    words = line(text).split(" ")
    lines: list[str] = []
    while words and len(lines) < most:
        if len(lines) == most - 1:
            lines.append(shorten(" ".join(words), REGULAR, size, room))
            break
        taken = [words.pop(0)]
        while words and text_width(" ".join([*taken, words[0]]), REGULAR, size) <= room:
            taken.append(words.pop(0))
        lines.append(shorten(" ".join(taken), REGULAR, size, room))
    return lines
