"""The reserves that a partner made of what it promises: of the whole, and of one engagement."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable

from qpvdesk.domain.model import Engagement
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.wording import is_reading, quoted_name, reserve_words
from qpvdesk.reports.sections.engagements import has_news
from qpvdesk.reports.style import CONDITION_STYLE
from qpvdesk.reports.text import paragraph


def reserved(situation: Situation, partner: str) -> list[str]:
    """The reserves that a partner made of the whole of its promises."""
    conditions = situation.dossier.conditions
    return [item.text for item in conditions if item.partner == partner and item.engagement is None]


def reserves(situation: Situation, partner: str) -> list[Flowable]:
    """Those reserves on a paper of the partner alone."""
    return [paragraph(reserve_words(text), CONDITION_STYLE) for text in reserved(situation, partner)]


def reserves_by_engagement(situation: Situation, engagements: Sequence[Engagement]) -> dict[str, list[str]]:
    """By code, the reserves made of some engagements of which no chapter says more: they stand beside the others."""
    own = {item.key: item for item in engagements}
    told: dict[str, list[str]] = {}
    for item in situation.dossier.conditions:
        engagement = own.get(situation.followed_by(item.engagement)) if item.engagement else None
        if engagement is None or has_news(situation, engagement):
            continue
        if item.text not in told.setdefault(engagement.code, []):
            told[engagement.code].append(item.text)
    return dict(sorted(told.items()))


def on_engagements(situation: Situation, engagements: Sequence[Engagement]) -> list[str]:
    """Those reserves, under the name of their engagement."""
    found = reserves_by_engagement(situation, engagements)
    names = {item.code: quoted_name(item) for item in situation.engagements if item.code in found}
    return [reserve_words(text, f" sur {names[code]}") for code, texts in found.items() for text in texts]


def engagement_reserves(situation: Situation, engagements: Sequence[Engagement]) -> list[Flowable]:
    """The same on a paper of one partner alone."""
    return [paragraph(text, CONDITION_STYLE) for text in on_engagements(situation, engagements)]


def is_reserve(note: str) -> bool:
    """Whether a sentence under the name of a partner tells a reserve, or a reading."""
    return note.startswith("Réserve") or is_reading(note)
