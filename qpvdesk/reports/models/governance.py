"""The year of those who steer the contract: meetings, what they closed, visits, and the part of the inhabitants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.french import NNBSP, UNKNOWN, enumerate_words, format_date, format_number, plural
from qpvdesk.domain.meetings import decided_by, decisions_of, in_order, is_open, lines
from qpvdesk.domain.model import DECISION_LABELS, Engagement, Nature, Weather
from qpvdesk.domain.themes import PARTICIPATION
from qpvdesk.domain.visits import visits_between
from qpvdesk.domain.wording import called, quoted
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import heading, small_heading
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.models.parts import BY_WEATHER, participation_figures
from qpvdesk.reports.style import BODY_STYLE, NOTE_STYLE, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph

_NAMED_MAX = 4


def governance(data: CopilData, live: Sequence[Engagement], start: date) -> list[Flowable]:
    """The meetings of the year, what it closed and saw, and what is promised and known of the inhabitants' part.

    `live`: the promises that stand; `start`: the day before the year.
    """
    return [
        *heading("Participation et gouvernance"),
        *_meetings(data, start),
        *_closed(data, start),
        *_visits(data, start),
        *small_heading("Participation des habitants"),
        *_inhabitants(data, live),
    ]


def _meetings(data: CopilData, start: date) -> list[Flowable]:
    now = data.situation
    of_the_year = [item for item in in_order(now.dossier.meetings) if start < item.day <= data.day]
    if not of_the_year:
        return [paragraph("Aucune réunion n’est enregistrée dans l’année.", NOTE_STYLE)]
    widths = fill(54, None, None, 62, 54)
    rows: list[list[Any]] = [
        [
            format_date(item.day),
            cell(item.name, widths[1] - 8),
            cell(item.place or "–", widths[2] - 8),
            format_number(len(lines(item.participants))) if item.participants.strip() else UNKNOWN,
            format_number(len(decisions_of(now.dossier, item.key))),
        ]
        for item in of_the_year
    ]
    header = ("Date", "Réunion", "Lieu", "Fonctions\nconviées", "Décisions")
    return data_table(header, rows, widths, right=(3, 4))


def _closed(data: CopilData, start: date) -> list[Flowable]:
    """The decisions done or given up in the year: those still to be done stand with what comes."""
    told = [
        f"{quoted(item.label.rstrip(' .'))} ({item.carrier or 'sans porteur'}), {DECISION_LABELS[item.state].lower()}"
        f" le {format_date(item.state_on)}."
        for item in sorted(
            decided_by(data.situation.dossier, data.day), key=lambda item: item.state_on or start
        )
        if item.state_on is not None and start < item.state_on <= data.day and not is_open(item, data.day)
    ]
    words = plural(len(told), "décision close dans l’année", "décisions closes dans l’année")
    return [*small_heading(words), *bullets(told)] if told else []


def _visits(data: CopilData, start: date) -> list[Flowable]:
    visits = visits_between(data.situation.dossier, start, data.day)
    words = plural(len(visits), "visite dans l’année", "visites dans l’année")
    told = f"{NNBSP}; ".join(f"{format_date(item.day)}, {item.place}" for item in visits)
    return [paragraph(f"{words}{NNBSP}: {told}.", BODY_STYLE)] if visits else []


def _inhabitants(data: CopilData, live: Sequence[Engagement]) -> list[Flowable]:
    promises = [item for item in live if item.theme == PARTICIPATION or item.nature is Nature.PARTICIPATION]
    if not promises:
        return [paragraph("Aucun engagement ne porte sur la participation.", NOTE_STYLE)]
    words = plural(len(promises), "engagement porte", "engagements portent")
    elsewhere = [called(item) for item in promises if item.theme != PARTICIPATION]
    ranged = plural(len(elsewhere), "d’entre eux est rangé", "d’entre eux sont rangés")
    ranged = "il est rangé" if len(promises) == 1 else ranged
    names = enumerate_words(elsewhere, _NAMED_MAX)
    apart = f"{NNBSP}; {ranged} sous une autre thématique{NNBSP}: {names}" if elsewhere else ""
    words += " sur la participation"
    if all(data.situation.weather_of(item.key) is Weather.NON_RENSEIGNEE for item in promises):
        untold = "sans météo" if len(promises) == 1 else "tous sans météo"
        return [paragraph(f"{words}, {untold}{apart}.", BODY_STYLE), *participation_figures(data)]
    blocks: list[Flowable] = [paragraph(f"{words}{f'{apart}.' if apart else f'{NNBSP}:'}", BODY_STYLE)]
    # Its list overleaf, the sentence would answer nothing.
    blocks[0].keepWithNext = True
    groups = [
        (single, several, [item for item in promises if data.situation.weather_of(item.key) in weathers])
        for single, several, weathers in BY_WEATHER
    ]
    sentences = [
        f"{plural(len(group), single, several)}{NNBSP}: {enumerate_words([*map(called, group)], _NAMED_MAX)}."
        for single, several, group in groups
        if group
    ]
    for weather, named in (
        (Weather.NON_RENSEIGNEE, "sans météo"),
        (Weather.NON_NECESSAIRE, "dont la météo n’est pas nécessaire"),
    ):
        if rest := sum(data.situation.weather_of(item.key) is weather for item in promises):
            sentences.append(f"{rest} {named}.")
    return [*blocks, *bullets(sentences), *participation_figures(data)]
