"""The territories: who lives there, and what is promised there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from fractions import Fraction
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.declined import whole_of
from qpvdesk.domain.french import NNBSP, UNKNOWN, fold, format_date, format_number, plural
from qpvdesk.domain.model import Establishment, Territory
from qpvdesk.domain.statuses import GROUPS, Group
from qpvdesk.reports.cells import Figure
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, title
from qpvdesk.reports.maps import map_of
from qpvdesk.reports.style import NOTE_STYLE, code_width, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, clean, paragraph, stacked

ENTRY = Entry("territoires", "Territoires", 0)
_WIDTHS = fill(50, None, 80, 55, 116, 46, 66)
_ENGAGEMENTS = 6
"""The column of the engagements, empty where none names a place."""
_MAP_HEIGHT = 216.0
KINDS = {"college": "Collège", "lycee": "Lycée", "ecole": "École"}


def territories(data: CopilData) -> list[Flowable]:
    blocks = title(ENTRY)
    rows, groups, without = _rows(data)
    declined = {
        item.territory
        for item in data.situation.promises
        if item.aim.promised and whole_of(data.situation, item) is not None
    }
    bare = {level: [item for item in places if item.key not in declined] for level, places in without.items()}
    drawn = {contour.territory for contour in data.review.atlas.contours}
    named = [_told(level, places, drawn) for level, places in bare.items() if places]
    parts = [item.name for places in without.values() for item in places if item.key in declined]
    if not rows and not without:
        nothing = (
            "Aucun objectif n’est à traiter."
            if data.composition.late_only
            else "Aucun territoire n’est enregistré."
        )
        blocks.append(paragraph(nothing, NOTE_STYLE))
        return blocks
    # First the map: it stays with the title, and the table fills what is left of the page.
    blocks += map_of(data, _MAP_HEIGHT)
    told = "Un objectif promis est compté une fois, au territoire pour lequel il est promis, même s’il se relève dans"
    told += " plusieurs"
    if any(row[_ENGAGEMENTS] for row in rows):
        # Where the table has their column.
        told += f"{NNBSP}; un engagement l’est à chaque échelle où il est pris"
    if rows:
        blocks.append(
            paragraph(f"{told}. Les objectifs d’échelles différentes ne s’additionnent pas.", NOTE_STYLE)
        )
        # It says how the table is read.
        blocks[-1].keepWithNext = 1
    header = (
        "Code",
        "Territoire",
        "Dans",
        "Habitants",
        "Habitants\nen QPV",
        "Objectifs\nà traiter" if data.composition.late_only else "Objectifs\npromis",
        "Engagements\nà cette échelle",
    )
    blocks += data_table(header, rows, _WIDTHS, right=(3, 4, 5, 6), groups=groups, optional=(3, 4, 6))
    if alone := _late_alone(data, rows):
        blocks.append(paragraph(alone, NOTE_STYLE))
    if unplaced := _unplaced_words(data):
        blocks.append(paragraph(unplaced, NOTE_STYLE))
    if named:
        blocks.append(paragraph(f"Sans objectif promis en propre. {' '.join(named)}", NOTE_STYLE))
    if parts:
        # A place that has a promise of its own too stands in the table.
        told = f"Déclinaisons seules, comptées avec leur objectif{NNBSP}: {', '.join(parts)}."
        blocks.append(paragraph(told, NOTE_STYLE))
    return blocks


def _late_alone(data: CopilData, rows: Sequence[Sequence[Any]]) -> str:
    """How many places have a row, of those where something is promised, where lateness alone is asked for."""
    every = len({item.territory for item in data.situation.promised} - {None})
    shown = sum(bool(row[_ENGAGEMENTS - 1]) for row in rows)
    if not data.composition.late_only or shown == every:
        return ""
    which = (
        "Ne sont au tableau que les territoires qui ont"
        if shown > 1
        else "N’est au tableau que le territoire qui a"
    )
    others = "les autres sont" if every - shown > 1 else "l’autre est"
    return f"{which} un objectif à traiter, {shown} sur {every}{NNBSP}: {others} au dossier entier."


def _unplaced_words(data: CopilData) -> str:
    """How many engagements name no place: beside a cover that counts them all, they would be taken for lost."""
    situation = data.situation
    placed = {
        engagement.key
        for place in situation.dossier.territories
        for engagement in situation.engagements_naming(place.key)
    }
    count = sum(item.key not in placed for item in situation.engagements)
    singular, many = "engagement ne dit pas pour quel", "engagements ne disent pas pour quel"
    words = f"{plural(count, singular, many)} territoire {'il est' if count == 1 else 'ils sont'}"
    return f"{words}." if count else ""


def _told(level: str, places: Sequence[Territory], drawn: Container[str]) -> str:
    """« Commune : Lens, Liévin. »; those of the map are named on it or beneath it, once."""
    off = [item.name for item in places if item.key not in drawn]
    on = f"{len(places) - len(off)} sur la carte" if len(off) < len(places) else ""
    if off == [level] and not on:
        # « France : France » says no more.
        return f"{level}."
    return f"{level}{NNBSP}: {', '.join(filter(None, (*off, on)))}."


def _rows(data: CopilData) -> tuple[list[list[Any]], list[int], dict[str, list[Territory]]]:
    """The rows, those that are titles, and by level the places where nothing is promised."""
    situation = data.situation
    dossier = situation.dossier
    late = data.composition.late_only
    objectives = Counter(
        item.territory
        for item in situation.promised
        if not late or situation.assessments[item.key].status in GROUPS[Group.A_TRAITER]
    )
    names = {item.key: item.name for item in dossier.territories}
    naming = {item.key: len(situation.engagements_naming(item.key)) for item in dossier.territories}
    # Where none names a place, the column says no more than the line under the table.
    engagements = {key: format_number(count) if any(naming.values()) else "" for key, count in naming.items()}
    rows: list[list[Any]] = []
    groups: list[int] = []
    levels = situation.places.levels
    alike = Counter(item.level for item in dossier.territories if objectives[item.key])
    level = ""
    within = ""
    bare: dict[str, list[Territory]] = {}
    for item in sorted(dossier.territories, key=lambda place: (levels.rank(place.level), place.code)):
        people = [
            _inhabitants(data, item, kind, width - 8)
            for kind, width in zip(("totale", "qpv"), _WIDTHS[3:5], strict=True)
        ]
        if not objectives[item.key]:
            if late:
                continue
            bare.setdefault(levels.name(item.level), []).append(item)
            continue
        if item.level != level:
            level, within = item.level, ""
            if alike[level] > 1:
                groups.append(len(rows))
                rows.append([clean(levels.name(level)), *[""] * 6])
        # Said once for the territories that follow: twelve communes of one agglomération read as a list.
        repeated, within = within == _within(item, names), _within(item, names)
        rows.append(
            [
                cell(item.code, _WIDTHS[0] - 4),
                # A title over one row takes the room of it.
                cell(item.name, _WIDTHS[1] - 8)
                if alike[level] > 1 or item.name == levels.name(level)
                else stacked(item.name, [levels.name(level)]),
                "" if repeated else cell(within, _WIDTHS[2] - 8),
                *people,
                format_number(objectives[item.key]),
                engagements[item.key],
            ]
        )
    return rows, groups, bare


def establishments(data: CopilData, items: Sequence[Establishment]) -> list[Flowable]:
    """The schools, under the place where they stand."""
    if not items:
        return []
    names = {item.key: item.name for item in data.situation.dossier.territories}
    widths = fill(code_width((item.code for item in items), most=134), None, 110, 92)
    rows: list[list[Any]] = [
        [
            cell(item.code, widths[0] - 4),
            cell(item.name, widths[1] - 8),
            cell(names.get(item.territory, "–"), widths[2] - 8),
            cell(
                " · ".join(part for part in (KINDS.get(item.kind, item.kind), item.label) if part),
                widths[3] - 8,
            ),
        ]
        for item in sorted(items, key=lambda place: (fold(names.get(place.territory, "")), fold(place.name)))
    ]
    return [
        *heading("Établissements"),
        *data_table(("Code", "Établissement", "Territoire", "Nature"), rows, widths),
    ]


def _within(item: Territory, names: dict[str, str]) -> str:
    return names.get(item.parent, "–") if item.parent is not None else "–"


def _inhabitants(data: CopilData, item: Territory, perimeter: str, width: float) -> Figure | str:
    """How many, and of when: an undated count is told as such, and so is the sum that we made of all that lies in it."""
    populations = data.situation.populations
    value, ours = populations.latest(item.key, perimeter), ""
    vintage = populations.latest_vintage(item.key, perimeter)
    if value is None and perimeter == "qpv":
        parts = [place.key for place in data.situation.dossier.territories if place.parent == item.key]
        if len(parts) > 1 and (known := populations.together(parts, perimeter)) is not None:
            vintage, values = known
            value, ours = sum(values, Fraction(0)), f"notre somme de {len(parts)}, "
    if value is None:
        return UNKNOWN
    return Figure(
        format_number(value), f"{ours}{'non daté' if vintage is None else format_date(vintage)}", width
    )
