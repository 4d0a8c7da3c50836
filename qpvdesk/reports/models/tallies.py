"""What became of the promises, counted by partner: the tables at the head of the halfway report."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct
from reportlab.platypus import Flowable

from qpvdesk.domain.engagements import holders
from qpvdesk.domain.french import NNBSP, format_number
from qpvdesk.domain.model import Engagement, Objective, Weather
from qpvdesk.domain.statuses import Statut
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import heading
from qpvdesk.reports.models.parts import BY_WEATHER, WEATHER_RULE, unknown
from qpvdesk.reports.sections.asking import FAR
from qpvdesk.reports.style import NOTE_STYLE, REGULAR, TABLE, fill, header_widths, text_width
from qpvdesk.reports.tables import Total, data_table
from qpvdesk.reports.text import cell, paragraph

DONE = (Statut.ATTEINT,)
_WEATHERS = (*(weathers for *_, weathers in BY_WEATHER), (Weather.NON_NECESSAIRE,))
SECURED, _, AT_RISK, _ = _WEATHERS
_BY_WEATHER = (
    "En tout",
    "Sécurisés",
    "En cours",
    "Compromis",
    "Météo non\nnécessaire",
    "Abandonnés",
    "Sans\nmétéo",
)
_STATUSES = (
    DONE,
    (Statut.EN_AVANCE, Statut.CONFORME),
    (Statut.A_SURVEILLER,),
    FAR,
    (Statut.SANS_TRAJECTOIRE,),
)
_BY_STATUS = (
    "En tout",
    "Atteints",
    "En avance,\nconformes",
    "À surveiller",
    "En retard,\nnon atteints",
    "Sans\ntrajectoire",
    "Abandonnés",
    "Non\nrenseignés",
)


class Tally(Struct, frozen=True):
    """What became of the promises of one partner: each promise is counted once."""

    name: str
    counts: tuple[int, ...]
    """How many were promised; of these how many are in each column; last, those of which nothing is said."""


def tally_tables(data: CopilData) -> list[Flowable]:
    """The engagements by météo, then the objectives by status, a partner a row."""
    blocks: list[Flowable] = []
    names = _names(data, min(fill(None, *header_widths(words))[0] for words in (_BY_WEATHER, _BY_STATUS)) - 4)
    for name, words, note, tallies, thing in (
        (
            "Engagements, selon leur météo",
            _BY_WEATHER,
            WEATHER_RULE,
            of_engagements(data),
            ("engagement", "n’a de météo"),
        ),
        (
            "Objectifs promis, selon leur statut",
            _BY_STATUS,
            "",
            of_objectives(data),
            ("objectif promis", "n’est renseigné"),
        ),
    ):
        widths = fill(None, *header_widths(words))
        rows: list[list[Any]] = [
            [
                cell(names[tally.name], widths[0] - 4),
                *map(format_number, tally.counts),
            ]
            for tally in tallies
            if tally.counts[0]
        ]
        blocks += heading(name)
        totals = [sum(column) for column in zip(*(tally.counts for tally in tallies), strict=True)]
        if rows and totals[0] == totals[-1]:
            blocks.append(paragraph(unknown(totals[0], *thing), NOTE_STYLE))
        elif rows:
            blocks += [paragraph(note, NOTE_STYLE)] if note else []
            rows.append(Total(["Ensemble", *map(format_number, totals)]))
            blocks += data_table(("Partenaire", *words), rows, widths, right=range(1, len(words) + 1))
            if without := [names[tally.name] for tally in tallies if not tally.counts[0]]:
                blocks.append(paragraph(f"Sans {thing[0]}{NNBSP}: {', '.join(without)}.", NOTE_STYLE))
        else:
            blocks.append(paragraph("Aucun.", NOTE_STYLE))
    return blocks


def statuses_named(data: CopilData) -> frozenset[Statut]:
    """The statuses that the heads of the second table name; none where it is not drawn."""
    totals = [sum(column) for column in zip(*(tally.counts for tally in of_objectives(data)), strict=True)]
    is_drawn = bool(totals) and totals[0] != totals[-1]
    return frozenset(status for alike in _STATUSES for status in alike) if is_drawn else frozenset()


def _names(data: CopilData, room: float) -> dict[str, str]:
    """What each partner is called in both tables and under them: whole, or short where a line does not hold one of them."""
    names = {item.partner.name: item.partner.short_name for item in data.situation.partners}
    are_whole = all(text_width(name, REGULAR, TABLE) <= room for name in names)
    return {name: name if are_whole or not short else short for name, short in names.items()}


def of_engagements(data: CopilData) -> list[Tally]:
    """By partner. A promise is of what it was followed under; a précision is not counted beside it."""
    given_up = retired_engagements(data)
    tallies = []
    for summary in data.situation.partners:
        own = [
            data.situation.weather_of(item.key)
            for item in data.situation.engagements_of_partner(summary.partner.key)
        ]
        gone = sum(item.partner == summary.partner.key for item in given_up)
        tallies.append(_tally(summary.partner.name, own, _WEATHERS, gone))
    return tallies


def of_objectives(data: CopilData) -> list[Tally]:
    now, gone = data.situation, retired_objectives(data)
    tallies = []
    for summary in now.partners:
        own = [
            item.status
            for item in now.counted
            if item.objective.partner == summary.partner.key and item.status is not Statut.SUIVI
        ]
        given_up = sum(item.partner == summary.partner.key for item in gone)
        tallies.append(_tally(summary.partner.name, own, _STATUSES, given_up))
    return tallies


def _tally(name: str, own: Sequence[StrEnum], columns: Sequence[Sequence[StrEnum]], given_up: int) -> Tally:
    """Those of one partner, by column; the last holds what none of the others does."""
    found = [sum(item in group for item in own) for group in columns]
    return Tally(name, (len(own) + given_up, *found, given_up, len(own) - sum(found)))


def retired_engagements(data: CopilData) -> list[Engagement]:
    """The promises that were given up: retired, and followed for themselves when they were."""
    dossier = data.situation.dossier
    held_by = holders(dossier.engagements)
    return [item for item in dossier.engagements if item.retired and held_by[item.key] == item.key]


def retired_objectives(data: CopilData) -> list[Objective]:
    """The promised objectives that were given up; a part goes with what it is a part of."""
    return [
        item
        for item in data.situation.dossier.objectives
        if item.retired and item.aim.promised and item.parent is None
    ]
