"""What the forms of the other kinds mean beyond their fields, and what cannot be together in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.engagements import carried
from qpvdesk.domain.faults.units import funding_amount
from qpvdesk.domain.model import (
    Axis,
    Condition,
    Dossier,
    Engagement,
    EngagementPartner,
    EngagementTerritory,
    EngagementTheme,
    Funding,
    FundingPartner,
    FundingYear,
    Involvement,
    Partner,
    Population,
    Step,
    Territory,
    Theme,
)
from qpvdesk.domain.themes import theme_users
from qpvdesk.services.editing import lying, objectives, statements
from qpvdesk.services.editing.draft import FormDraft, FormReader
from qpvdesk.storage.keys import new_key


def _partner(reader: FormReader, draft: FormDraft, old: Partner | None) -> None:
    if old is None:
        last = max((item.rank for item in reader.dossier.partners), default=0)
        draft.main = replace(draft.main, rank=last + 1)


def _step(reader: FormReader, draft: FormDraft, old: Step | None) -> None:
    if old is None:
        own = [item.rank for item in reader.dossier.steps if item.engagement == draft.main.engagement]
        draft.main = replace(draft.main, rank=max(own, default=0) + 1)


def _axis(reader: FormReader, draft: FormDraft, old: Axis | None) -> None:
    if old is None:
        last = max((item.rank for item in reader.dossier.axes), default=0)
        draft.main = replace(draft.main, rank=last + 1)


def _theme(reader: FormReader, draft: FormDraft, old: Theme | None) -> None:
    if old is None:
        last = max((item.rank for item in reader.dossier.themes), default=0)
        draft.main = replace(draft.main, rank=last + 1)
    elif old.code != draft.main.code and theme_users(reader.dossier, old.code):
        reader.fault("code", "Des engagements ou des objectifs portent ce code\u202f: changez plutôt le nom.")


def _engagement(reader: FormReader, draft: FormDraft, old: Engagement | None) -> None:
    engagement: Engagement = draft.main
    known = {item.key: item for item in reader.dossier.engagements} | {engagement.key: engagement}
    part_codes = [item.code for item in known.values() if item.parent == engagement.key]
    if old is not None and old.partner != engagement.partner and part_codes:
        reader.fault("partner", f"Détachez d’abord ses précisions\u202f: {', '.join(part_codes[:5])}.")
    places = {
        item.territory: item
        for item in reader.dossier.engagement_territories
        if item.engagement == engagement.key
    }
    wanted = reader.keys("territories", "territory")
    _link(draft, places, wanted, EngagementTerritory, of=engagement.key)
    _partners(reader, draft, engagement)
    _themes(reader, draft, engagement)
    conditions = [item for item in reader.dossier.conditions if item.engagement == engagement.key]
    texts = reader.lines("conditions")
    draft.removed += conditions[len(texts) :]
    draft.put += [
        replace(condition, partner=engagement.partner, text=text)
        for condition, text in zip(conditions, texts, strict=False)
    ]
    draft.put += [
        Condition(
            key=new_key(),
            contract=engagement.contract,
            partner=engagement.partner,
            text=text,
            engagement=engagement.key,
            citation=engagement.citation,
        )
        for text in texts[len(conditions) :]
    ]
    if engagement.parent is not None and "parent" not in draft.faults:
        _carry(reader, draft, engagement)


_INVOLVED = {
    "copilots": Involvement.COPILOTE,
    "associates": Involvement.ASSOCIE,
    "funders": Involvement.FINANCEUR,
}


def _partners(reader: FormReader, draft: FormDraft, engagement: Engagement) -> None:
    """Keep the partners that are in an engagement beside its pilot."""
    own = [item for item in reader.dossier.engagement_partners if item.engagement == engagement.key]
    for entry, role in _INVOLVED.items():
        links = {item.partner: item for item in own if item.role is role}
        wanted = reader.keys(entry, "partner")
        _link(draft, links, wanted, partial(EngagementPartner, role=role), of=engagement.key)


def _themes(reader: FormReader, draft: FormDraft, engagement: Engagement) -> None:
    """Keep the thématiques that an engagement touches beside its own."""
    touched = {
        item.theme: item for item in reader.dossier.engagement_themes if item.engagement == engagement.key
    }
    keys = set(reader.keys("themes", "theme"))
    wanted = [
        item.code for item in reader.dossier.themes if item.key in keys and item.code != engagement.theme
    ]
    _link(draft, touched, wanted, EngagementTheme, of=engagement.key)


def _link(
    draft: FormDraft, links: Mapping[str, Any], wanted: Sequence[str], kind: Callable[..., Any], *, of: str
) -> None:
    """Link a thing, by its key, to what is wanted, as `links` do now, and to nothing else."""
    draft.put += [kind(new_key(), of, key) for key in wanted if key not in links]
    draft.removed += [link for key, link in links.items() if key not in wanted]


def _carry(reader: FormReader, draft: FormDraft, engagement: Engagement) -> None:
    """Give to the engagement what belongs to what precises it, the reserves that were just typed included."""
    parent = str(engagement.parent)
    gone = {item.key for item in draft.removed}
    draft.put = [
        replace(item, engagement=parent) if isinstance(item, Condition) else item for item in draft.put
    ]
    put = {item.key for item in draft.put}
    draft.put += [
        item
        for item in carried(reader.dossier, engagement.key, parent)
        if item.key not in gone and item.key not in put
    ]


def _territory(reader: FormReader, draft: FormDraft, _old: Territory | None) -> None:
    place: Territory = draft.main
    lying.complete(reader, draft, place)
    people = reader.number("inhabitants")
    known = _population(reader.dossier, place.key)
    if people is not None:
        vintage = reader.day("vintage")
        draft.put.append(
            Population(new_key(), place.key, "qpv", people, vintage=vintage)
            if known is None
            else replace(known, value=people, vintage=vintage)
        )
    elif known is not None and not reader.text("inhabitants"):
        draft.removed.append(known)


def _population(dossier: Dossier, territory: str) -> Population | None:
    known = [item for item in dossier.populations if item.territory == territory and item.perimeter == "qpv"]
    return max(known, key=lambda item: (item.vintage or date.min, item.key), default=None)


def _funding(reader: FormReader, draft: FormDraft, _: Funding | None) -> None:
    typed: Funding = draft.main
    amount, unit = funding_amount(typed.amount, typed.unit)
    funding = draft.main = replace(typed, amount=amount, unit=unit)
    links = {item.partner: item for item in reader.dossier.funding_partners if item.funding == funding.key}
    _link(draft, links, reader.keys("cofunders", "partner"), FundingPartner, of=funding.key)
    _years(reader, draft, typed, funding)


def _years(reader: FormReader, draft: FormDraft, typed: Funding, funding: Funding) -> None:
    """Keep what an amount is worth in each year, in the unit that the amount was typed in."""
    funding_years = {item.year: item for item in reader.dossier.funding_years if item.funding == funding.key}
    unit = {"EUR": "€"}.get(typed.unit, typed.unit)
    found = set()
    for line in reader.lines("years"):
        year, *values = (part.strip() for part in line.replace("\u202f;", ";").split(";"))
        if not (year.isascii() and year.isdigit() and len(year) == 4) or not 0 < len(values) <= 2:
            reader.fault(
                "years",
                "Une ligne dit l’année, les AE, les CP\u202f: «\u202f2025\u202f; 1,2 M€\u202f; 900 k€\u202f».",
            )
            return
        ae, cp = (
            funding_amount(number, typed.unit)[0]
            if text and (number := reader.number_of("years", text, unit)) is not None
            else None
            for text in (*values, "")[:2]
        )
        old = funding_years.get(int(year)) if int(year) not in found else None
        found.add(int(year))
        draft.put.append(
            replace(old, ae=ae, cp=cp) if old else FundingYear(new_key(), funding.key, int(year), ae, cp=cp)
        )
    draft.removed += [item for year, item in funding_years.items() if year not in found]


def _funding_shown(dossier: Dossier, funding: Funding) -> dict[str, str]:
    partners = [item.partner for item in dossier.funding_partners if item.funding == funding.key]
    years = sorted(
        (item for item in dossier.funding_years if item.funding == funding.key), key=lambda item: item.year
    )
    lines = [
        f"{item.year} ; "
        + " ; ".join("" if value is None else french.format_number(value) for value in (item.ae, item.cp))
        for item in years
    ]
    return {"cofunders": "\n".join(partners), "years": "\n".join(lines)}


def _engagement_shown(dossier: Dossier, engagement: Engagement) -> dict[str, str]:
    places = [item.territory for item in dossier.engagement_territories if item.engagement == engagement.key]
    texts = [item.text for item in dossier.conditions if item.engagement == engagement.key]
    touched = {item.theme for item in dossier.engagement_themes if item.engagement == engagement.key}
    themes = [item.key for item in dossier.themes if item.code in touched]
    own = [item for item in dossier.engagement_partners if item.engagement == engagement.key]
    partners = {
        entry: "\n".join(item.partner for item in own if item.role is role)
        for entry, role in _INVOLVED.items()
    }
    return partners | {
        "themes": "\n".join(themes),
        "territories": "\n".join(places),
        "conditions": "\n".join(texts),
    }


def _territory_shown(dossier: Dossier, place: Territory) -> dict[str, str]:
    shown = {"links": lying.shown(dossier, place)}
    known = _population(dossier, place.key)
    if known is None:
        return shown
    vintage = french.format_date(known.vintage) if known.vintage else ""
    return shown | {"inhabitants": french.format_number(known.value), "vintage": vintage}


COMPLETE: dict[str, Callable[[FormReader, FormDraft, Any], None]] = {
    "axis": _axis,
    "theme": _theme,
    "partner": _partner,
    "engagement": _engagement,
    "objective": objectives.complete,
    "territory": _territory,
    "funding": _funding,
    "statement": statements.complete,
    "step": _step,
}
"""By kind: adds to the draft of a thing what belongs to it, and notes its faults."""

SHOWN: dict[str, Callable[[Dossier, Any], dict[str, str]]] = {
    "engagement": _engagement_shown,
    "funding": _funding_shown,
    "objective": objectives.shown,
    "territory": _territory_shown,
    "statement": statements.shown,
}
"""By kind: what belongs to a thing, as its form shows it."""
