"""The territories: who lives there, and what is promised there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.french import fold, format_number
from qpvdesk.domain.model import Establishment, Territory
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, title
from qpvdesk.reports.style import NOTE_STYLE, code_width, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph

ENTRY = Entry("territoires", "Territoires", 0)
KINDS = {"college": "Collège", "lycee": "Lycée", "ecole": "École"}


def territories(data: CopilData) -> list[Flowable]:
    """The blocks of the section."""
    blocks = title(ENTRY)
    situation = data.situation
    dossier = situation.dossier
    objectives = Counter(item.territory for item in situation.promises)
    names = {item.key: item.name for item in dossier.territories}
    widths = fill(50, None, 140, 54, 54, 46, 60)
    rows: list[list[Any]] = []
    groups: list[int] = []
    levels = situation.places.levels
    level = ""
    within = ""
    for item in sorted(dossier.territories, key=lambda place: (levels.rank(place.level), place.code)):
        if item.level != level:
            level, within = item.level, ""
            groups.append(len(rows))
            rows.append([levels.name(level), *[""] * 6])
        # Said once for the territories that follow: twelve communes of one agglomération read as a list.
        repeated, within = within == _within(item, names), _within(item, names)
        rows.append(
            [
                cell(item.code, widths[0] - 4),
                cell(item.name, widths[1] - 8),
                "" if repeated else cell(within, widths[2] - 8),
                _inhabitants(data, item, "totale"),
                _inhabitants(data, item, "qpv"),
                format_number(objectives[item.key]),
                format_number(len(situation.engagements_naming(item.key))),
            ]
        )
    if not rows:
        blocks.append(paragraph("Aucun territoire n’est enregistré.", NOTE_STYLE))
        return blocks
    blocks.append(
        paragraph(
            "Un objectif est compté sur le seul territoire où il se mesure ; les objectifs d’échelles différentes ne "
            "s’additionnent pas.",
            NOTE_STYLE,
        )
    )
    blocks += data_table(
        ("Code", "Territoire", "Dans", "Habitants", "Habitants\nen QPV", "Objectifs", "Engagements"),
        rows,
        widths,
        right=(3, 4, 5, 6),
        groups=groups,
        optional=(3, 4),
    )
    return [*blocks, *establishments(data, dossier.establishments)]


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
        *heading("Collèges et autres établissements"),
        *data_table(("Code", "Établissement", "Territoire", "Nature"), rows, widths),
    ]


def _within(item: Territory, names: dict[str, str]) -> str:
    return names.get(item.parent, "–") if item.parent is not None else "–"


def _inhabitants(data: CopilData, item: Territory, perimeter: str) -> str:
    value = data.situation.population(item.key, perimeter)
    return "–" if value is None else format_number(value)
