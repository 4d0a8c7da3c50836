"""The sheet of a commune or a quartier, for a visit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportlab.platypus import Flowable

from qpvdesk.domain.french import NNBSP, format_number, plural
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.model import Engagement, Objective, Territory
from qpvdesk.domain.shares import quote_part
from qpvdesk.reports import sheets
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, title
from qpvdesk.reports.layout import Watch
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.models.parts import engagements_table, said_of
from qpvdesk.reports.objectives import followed_table, promised_table
from qpvdesk.reports.sections.notes import Ruling
from qpvdesk.reports.sections.territories import establishments
from qpvdesk.reports.style import BODY_STYLE, NOTE_STYLE
from qpvdesk.reports.text import paragraph


def territory_sheet(data: CopilData, place: Territory) -> list[Flowable]:
    """What concerns one place: its people, its schools, promises naming it or a wider place, by scale."""
    situation = data.situation
    dossier = situation.dossier
    blocks = title(Entry("territoire", place.name, 0), f"Territoire · {place.code}")
    for perimeter, word in (("totale", "habitants"), ("qpv", "habitants en QPV")):
        people = situation.population(place.key, perimeter)
        if people is not None:
            blocks.append(paragraph(f"{format_number(people)} {word}.", BODY_STYLE))
    if place.note:
        blocks.append(paragraph(place.note, NOTE_STYLE))
    blocks += establishments(data, [item for item in dossier.establishments if item.territory == place.key])
    shown = False
    for scale in _scales(data, place):
        own = scale.key == place.key
        engagements = situation.engagements_naming(scale.key)
        objectives = [item for item in situation.objectives if item.territory == scale.key]
        promised = [item for item in objectives if item.aim.promised]
        # Context figures of the whole country would bury the place the visit is about.
        followed = [item for item in objectives if own and not item.aim.promised]
        if not (engagements or promised or followed):
            continue
        shown = True
        blocks += heading(f"À l’échelle{NNBSP}: {scale.name}")
        if engagements and own:
            blocks += engagements_table(data, engagements, lambda item: said_of(data, item))
        elif engagements:
            blocks += _told_by_partner(data, engagements)
        if own:
            blocks += promised_table(data, promised)
        else:
            blocks += _told_from_above(data, promised, place)
        blocks += followed_table(situation, followed)
    if not shown:
        blocks.append(
            paragraph("Aucun engagement ni objectif ne nomme ce territoire ou plus large.", NOTE_STYLE)
        )
    blocks += heading("Notes de visite")
    blocks.append(Ruling())
    return blocks


def _told_from_above(data: CopilData, promised: Sequence[Objective], place: Territory) -> list[Flowable]:
    """Of what is promised wider, only what can be told of the place; the rest is counted: its lines stand elsewhere."""
    parts = {item.key: quote_part(data.situation, item, place) for item in promised}
    told = [item for item in promised if (part := parts[item.key]) is not None and part.value is not None]
    lines = [
        f"{item.label} ({item.code}), {how_far(data.situation.assessments[item.key]).bound or 'sans cible'}{NNBSP}:"
        f" quote-part indicative {parts[item.key].words(item.unit)}."  # type: ignore[union-attr]
        for item in told
    ]
    blocks = bullets(lines)
    if rest := len(promised) - len(told):
        words = plural(rest, "objectif promis", "objectifs promis")
        blocks.append(paragraph(f"{words} à cette échelle, sans quote-part pour {place.name}.", NOTE_STYLE))
    return blocks


def _told_by_partner(data: CopilData, engagements: Sequence[Engagement]) -> list[Flowable]:
    """How many promises each partner made on a wider scale: their words stand in its own sheet."""
    told: list[Flowable] = []
    for summary in data.situation.partners:
        own = sum(item.partner == summary.partner.key for item in engagements)
        if own:
            count = plural(own, "engagement", "engagements")
            words = f"{summary.partner.short_name or summary.partner.name}{NNBSP}: {count}."
            told.append(paragraph(words, BODY_STYLE))
    return told


def _scales(data: CopilData, place: Territory) -> list[Territory]:
    by_key = {item.key: item for item in data.situation.dossier.territories}
    found: list[Territory] = []
    current: Territory | None = place
    while current is not None and current not in found:
        found.append(current)
        current = by_key.get(current.parent or "")
    return found


def write(path: Path, data: CopilData, watch: Watch) -> int:
    """Write the paper and return its number of pages."""
    place = data.territory
    assert place is not None
    return sheets.write(
        path, data, f"fiche {place.name}", lambda shown: territory_sheet(shown, place), watch=watch
    )
