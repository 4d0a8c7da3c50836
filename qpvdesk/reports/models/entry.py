"""The entry form: each expected figure, and boxes to write in by hand."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from reportlab.platypus import Flowable, PageBreak

from qpvdesk.domain.evolution import counted_of, counted_on
from qpvdesk.domain.expected import Asked, asked_of
from qpvdesk.domain.french import NNBSP, format_date, format_edge, format_number
from qpvdesk.domain.model import Measurement, Mesure, Objective, Partner
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.targets import is_multiple, start_of
from qpvdesk.reports import sheets
from qpvdesk.reports.cells import EntryBox, Figure
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, small_heading, title
from qpvdesk.reports.models.parts import provisional_values
from qpvdesk.reports.objectives import current_cell, number_of, place_in_row, read_words, start_words
from qpvdesk.reports.style import BODY_STYLE, code_width, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph, stacked

_ROOM = 23.0
"""Points to write a value, its day and its source in by hand: 8 mm."""
_BOXES = (62.0, 64.0, 64.0, 80.0)
"""The last value; a value, its date, its source, to be written by hand."""
_HEADER = ("Valeur", "Date", "Source")
_LAST = "Dernière\nvaleur"
_TO_RETURN = "À rendre à ……………………………………, avant le ……………………"


def entry_form(data: CopilData, partner: Partner | None) -> list[Flowable]:
    """Each expected figure, its last value, and room to write the next and its source.

    Those that are followed without a target stand apart on short lines; figures of context are asked of nobody.
    """
    situation = data.situation
    entry = Entry("saisie", "Bordereau de saisie", 0)
    # The sheets of a partner bear its name themselves.
    blocks = title(entry)
    blocks.append(
        paragraph("Valeur relevée, date et source : ce qui n’est pas connu reste vide.", BODY_STYLE)
    )
    asked = False
    for summary in situation.partners:
        if partner is not None and summary.partner.key != partner.key:
            continue
        expected = [item.objective for item in asked_of(situation, summary.partner.key)]
        provisional = provisional_values(data, summary.partner.key)
        if not expected and not provisional:
            continue
        # Each partner is handed its own sheets.
        blocks += [PageBreak()] if asked else []
        asked = True
        name = summary.partner.name
        blocks += heading(name, Entry(f"saisie-{summary.partner.code}", name, 0))
        blocks.append(paragraph(_TO_RETURN, BODY_STYLE))
        if promised := [item for item in expected if item.aim.promised]:
            blocks += _boxes(data, promised)
        followed = [item for item in expected if not item.aim.promised]
        if followed:
            blocks += small_heading("Chiffres suivis, sans cible")
            blocks += _lines(data, followed)
        if provisional:
            blocks += small_heading("Valeurs provisoires, à confirmer ou à remplacer")
            blocks += _to_confirm(data, provisional)
    if asked:
        return blocks
    return [
        *title(entry, partner.name if partner else ""),
        paragraph(_nothing_due(situation, partner), BODY_STYLE),
    ]


def _nothing_due(situation: Situation, partner: Partner | None) -> str:
    """Why nothing is asked: a form that only denied it would be set against the papers that count what is followed."""
    asked = [item.partner.key for item in situation.partners if partner in (None, item.partner)]
    known = [item for key in asked for item in asked_of(situation, key, Asked.EXPECTED)]
    valued = [
        (item.value_day, item.objective, item.measurement)
        for item in known
        if item.value_day is not None and item.measurement is not None
    ]
    if not valued:
        return "Aucun chiffre n’est attendu, ni promis ni suivi."
    day, objective, measurement = min(valued, key=itemgetter(0))
    oldest = counted_of(objective, day, measurement)
    known_words = f"les {len(known)} valeurs attendues sont à jour, la plus ancienne {oldest}"
    if len(known) == 1:
        known_words = f"la valeur attendue est à jour, {oldest}"
    return f"Rien n’est dû au {format_date(situation.day)}{NNBSP}: {known_words}."


def _boxes(data: CopilData, items: Sequence[Objective]) -> list[Flowable]:
    widths = fill(code_width(item.code for item in items), None, *_BOXES)
    rows: list[list[Any]] = []
    for item in items:
        rows.append(
            [
                cell(item.code, widths[0] - 4),
                _named(
                    data,
                    item,
                    [*_counted(data.situation, item), *read_words(item), *start_words(item)],
                    widths[1] - 8,
                ),
                current_cell(data.situation.assessments[item.key], widths[2] - 8),
                *_to_fill("fait / non fait" if item.aim.yes_or_no else "", widths),
            ]
        )
    return data_table(("Code", "Chiffre attendu", _LAST, *_HEADER), rows, widths, right=(2,))


def _to_fill(caption: str, widths: Sequence[float]) -> list[EntryBox]:
    """The boxes of a figure: its value, its date, its source."""
    captions = (caption, "jj / mm / aaaa", "")
    return [EntryBox(words, width - 8, _ROOM) for words, width in zip(captions, widths[3:], strict=True)]


def _counted(situation: Situation, item: Objective) -> list[str]:
    """The unit, of whom, whether a total is asked or what was done in the year, and where: who counts would give the one
    for the other; a multiple of what is not known cannot be reckoned by who counts."""
    total = "total à ce jour" if item.start_date is None else f"total depuis {format_edge(item.start_date)}"
    how = {Mesure.CUMUL: total, Mesure.FLUX: "compté sur l’année"}.get(item.mesure, "")
    unit = f"en {item.unit}" if len(item.unit) == 1 else item.unit
    of_whom = "" if item.population in item.label else item.population
    counted = ", ".join(filter(None, ("" if item.aim.yes_or_no else unit, of_whom, how)))
    # Without its place, who fills it in gives the figure of the whole.
    words = " · ".join(filter(None, (counted, place_in_row(situation, item))))
    unknown = is_multiple(item) and start_of(item)[0] is None
    default = f"À défaut{NNBSP}: le nombre compté, et celui du départ" if unknown else ""
    return list(filter(None, (words, default)))


def _named(data: CopilData, item: Objective, more: Sequence[str], width: float) -> Any:
    """A figure by its name, with what is said of its last value, which is not given without it."""
    last = data.situation.assessments[item.key].measurement
    comments = [last.comment.strip()] if last is not None and last.comment.strip() else []
    under = [*more, *comments, *_terms(data, item)]
    return _stacked(item.label, under, width)


def _stacked(name: str, under: Sequence[str], width: float) -> Any:
    return stacked(name, under) if under else cell(name, width)


def _terms(data: CopilData, item: Objective) -> list[str]:
    """That the two numbers of a share are asked with it, where it was given with them before."""
    given = [found for found in data.situation.measurements_of(item.key) if found.denominator is not None]
    if not given:
        return []
    last = given[-1]
    terms = f"{format_number(last.numerator or 0)} sur {format_number(last.denominator or 0)}"
    return [f"Avec ses deux nombres, comme au {format_date(last.day)} ({terms})"]


def _lines(data: CopilData, items: Sequence[Objective]) -> list[Flowable]:
    widths = fill(code_width(item.code for item in items), None, *_BOXES)
    rows: list[list[Any]] = [
        [
            cell(item.code, widths[0] - 4),
            _named(data, item, _counted(data.situation, item), widths[1] - 8),
            current_cell(data.situation.assessments[item.key], widths[2] - 8),
            *_to_fill("", widths),
        ]
        for item in items
    ]
    return data_table(("Code", "Chiffre", _LAST, *_HEADER), rows, widths, right=(2,))


def _to_confirm(data: CopilData, items: Sequence[tuple[Objective, Measurement]]) -> list[Flowable]:
    """The value that was given for provisional, with its day or its year, and a box for the definitive one."""
    widths = fill(code_width(item.code for item, _ in items), None, *_BOXES)
    rows: list[list[Any]] = [
        [
            cell(item.code, widths[0] - 4),
            _stacked(item.label, [*_counted(data.situation, item), *_terms(data, item)], widths[1] - 8),
            Figure(number_of(found.value, item), counted_on(item, found.day, found), widths[2] - 8),
            *_to_fill("", widths),
        ]
        for item, found in items
    ]
    header = ("Code", "Chiffre", "Valeur\nprovisoire", "Valeur\ndéfinitive", *_HEADER[1:])
    return data_table(header, rows, widths, right=(2,))


write = sheets.paper(
    "bordereau de saisie", lambda data: entry_form(data, data.partner.partner if data.partner else None)
)
