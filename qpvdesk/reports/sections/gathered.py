"""A chapter for each thématique, or for each axis of the contract, in the place of one for each partner."""

from __future__ import annotations

from qpvdesk.domain import counts
from qpvdesk.domain.gatherings import AXES, Gathering, ways
from qpvdesk.domain.told import reserve_words
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.sections.partner import PromiseChapter, lead_words
from qpvdesk.reports.sections.reserves import reserved

_WORDS = {AXES: "axe"}


def of_gathering(data: CopilData, gathering: Gathering) -> PromiseChapter:
    """What the chapter tells: what is promised of it, whoever promised it, with the reserves of each of them."""
    situation = data.situation
    keys = {item.key for item in gathering.objectives}
    own = counts.count(item for item in situation.counted if item.objective.key in keys)
    promised = counts.promised_count(own)
    held = {item.partner for item in gathering.engagements} | {item.partner for item in gathering.objectives}
    notes = [
        reserve_words(text, f", {partner.short_name or partner.name}")
        for partner in situation.dossier.partners
        if partner.key in held
        for text in reserved(situation, partner.key)
    ]
    return PromiseChapter(
        f"{_WORDS.get(gathering.by, 'thematique')}-{gathering.code or 'sans'}",
        gathering.name,
        ways(situation.dossier)[gathering.by],
        lead_words(len(gathering.engagements), promised),
        own,
        tuple(notes),
        gathering.objectives,
        gathering.engagements,
    )
