"""What the forms of the other kinds mean beyond their fields, and what cannot be together in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
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
    EngagementTerritory,
    EngagementTheme,
    Funding,
    Partner,
    Population,
    Step,
    Territory,
    Theme,
)
from qpvdesk.domain.themes import theme_users
from qpvdesk.services.editing import lying, objectives, statements
from qpvdesk.services.editing.draft import Draft, Reader
from qpvdesk.storage.keys import new_key


def _partner(reader: Reader, draft: Draft, old: Partner | None) -> None:
    if old is None:
        last = max((item.rank for item in reader.dossier.partners), default=0)
        draft.main = replace(draft.main, rank=last + 1)


def _step(reader: Reader, draft: Draft, old: Step | None) -> None:
    if old is None:
        own = [item.rank for item in reader.dossier.steps if item.engagement == draft.main.engagement]
        draft.main = replace(draft.main, rank=max(own, default=0) + 1)


def _axis(reader: Reader, draft: Draft, old: Axis | None) -> None:
    if old is None:
        last = max((item.rank for item in reader.dossier.axes), default=0)
        draft.main = replace(draft.main, rank=last + 1)


def _theme(reader: Reader, draft: Draft, old: Theme | None) -> None:
    if old is None:
        last = max((item.rank for item in reader.dossier.themes), default=0)
        draft.main = replace(draft.main, rank=last + 1)
    elif old.code != draft.main.code and theme_users(reader.dossier, old.code):
        reader.fault("code", "Des engagements ou des objectifs portent ce code\u202f: changez plutôt le nom.")


def _engagement(reader: Reader, draft: Draft, old: Engagement | None) -> None:
    engagement: Engagement = draft.main
    known = {item.key: item for item in reader.dossier.engagements} | {engagement.key: engagement}
    held = [item.code for item in known.values() if item.parent == engagement.key]
    if old is not None and old.partner != engagement.partner and held:
        reader.fault("partner", f"Détachez d’abord ses précisions\u202f: {', '.join(held[:5])}.")
    places = {
        item.territory: item
        for item in reader.dossier.engagement_territories
        if item.engagement == engagement.key
    }
    wanted = reader.keys("territories", "territory")
    draft.put += [
        EngagementTerritory(new_key(), engagement.key, place) for place in wanted if place not in places
    ]
    draft.removed += [item for place, item in places.items() if place not in wanted]
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


def _themes(reader: Reader, draft: Draft, engagement: Engagement) -> None:
    """Keep the thématiques that an engagement touches beside its own."""
    touched = {
        item.theme: item for item in reader.dossier.engagement_themes if item.engagement == engagement.key
    }
    keys = set(reader.keys("themes", "theme"))
    wanted = [
        item.code for item in reader.dossier.themes if item.key in keys and item.code != engagement.theme
    ]
    draft.put += [EngagementTheme(new_key(), engagement.key, code) for code in wanted if code not in touched]
    draft.removed += [item for code, item in touched.items() if code not in wanted]


def _carry(reader: Reader, draft: Draft, engagement: Engagement) -> None:
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


def _territory(reader: Reader, draft: Draft, _old: Territory | None) -> None:
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


def _funding(_: Reader, draft: Draft, __: Funding | None) -> None:
    funding: Funding = draft.main
    amount, unit = funding_amount(funding.amount, funding.unit)
    draft.main = replace(funding, amount=amount, unit=unit)


def _engagement_shown(dossier: Dossier, engagement: Engagement) -> dict[str, str]:
    places = [item.territory for item in dossier.engagement_territories if item.engagement == engagement.key]
    texts = [item.text for item in dossier.conditions if item.engagement == engagement.key]
    touched = {item.theme for item in dossier.engagement_themes if item.engagement == engagement.key}
    themes = [item.key for item in dossier.themes if item.code in touched]
    return {"themes": "\n".join(themes), "territories": "\n".join(places), "conditions": "\n".join(texts)}


def _territory_shown(dossier: Dossier, place: Territory) -> dict[str, str]:
    shown = {"links": lying.shown(dossier, place)}
    known = _population(dossier, place.key)
    if known is None:
        return shown
    vintage = french.format_date(known.vintage) if known.vintage else ""
    return shown | {"inhabitants": french.format_number(known.value), "vintage": vintage}


COMPLETE: dict[str, Callable[[Reader, Draft, Any], None]] = {
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
    "objective": objectives.shown,
    "territory": _territory_shown,
    "statement": statements.shown,
}
"""By kind: what belongs to a thing, as its form shows it."""
