"""The reserves that a partner made of what it promises: of the whole, and of one engagement."""

from __future__ import annotations

from reportlab.platypus import Flowable

from qpvdesk.domain.french import NNBSP, enumerate_words
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.told import called
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.sections.engagements import annex_words, has_news
from qpvdesk.reports.style import NOTE_STYLE
from qpvdesk.reports.text import paragraph


def reserved(situation: Situation, partner: str) -> list[str]:
    """The reserves that a partner made of the whole of its promises."""
    conditions = situation.dossier.conditions
    return [item.text for item in conditions if item.partner == partner and item.engagement is None]


def reserves(situation: Situation, partner: str) -> list[Flowable]:
    """Those reserves on a paper of the partner alone."""
    texts = reserved(situation, partner)
    return [paragraph(f"Réserve du partenaire{NNBSP}: {text}", CONDITION_STYLE) for text in texts]


def reserves_by_engagement(situation: Situation, partner: str) -> dict[str, list[str]]:
    """By code, the reserves that a partner made of one engagement of which no chapter says more: they stand beside it
    otherwise."""
    silent = {
        item.key: item for item in situation.engagements_of_partner(partner) if not has_news(situation, item)
    }
    told: dict[str, list[str]] = {}
    for item in situation.dossier.conditions:
        engagement = silent.get(situation.followed_by(item.engagement)) if item.engagement else None
        if engagement is not None and item.text not in told.setdefault(engagement.code, []):
            told[engagement.code].append(item.text)
    return dict(sorted(told.items()))


def engagement_reserves(situation: Situation, partner: str) -> list[Flowable]:
    """Those reserves in their words."""
    found = reserves_by_engagement(situation, partner)
    names = {item.code: called(item) for item in situation.engagements}
    return [
        paragraph(f"Réserve sur {names[code]}{NNBSP}: {text}", CONDITION_STYLE)
        for code, texts in found.items()
        for text in texts
    ]


def on_engagements(data: CopilData, partner: str) -> list[str]:
    """Where those reserves are read, for a chapter that does not tell them."""
    codes = list(reserves_by_engagement(data.situation, partner))
    if not codes:
        return []
    one = len(codes) == 1
    words = f"Réserve sur {codes[0]}" if one else f"Réserves sur {enumerate_words(codes)}"
    return [f"{words}{NNBSP}: à lire {annex_words(data)}."]


CONDITION_STYLE = NOTE_STYLE.clone("condition", leftIndent=8, spaceBefore=2)
