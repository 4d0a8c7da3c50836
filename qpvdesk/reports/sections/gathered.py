"""A chapter for each thématique, or for each axis of the contract, in the place of one for each partner."""

from __future__ import annotations

from collections.abc import Iterator

from qpvdesk.domain import counts
from qpvdesk.domain.french import NNBSP, enumerate_words
from qpvdesk.domain.gatherings import AXES, Gathering, gatherings, ways
from qpvdesk.domain.model import Partner
from qpvdesk.domain.wording import quoted, reserve_words
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.sections.headline import lead_words
from qpvdesk.reports.sections.partner import PromiseChapter, is_silent
from qpvdesk.reports.sections.reserves import on_engagements, reserved

_WORDS = {AXES: "axe"}


def of_gatherings(data: CopilData) -> list[PromiseChapter]:
    """Those chapters. What a partner reserves of the whole of its promises stands in the first that is printed of those
    where it promises something; the others say where."""
    told = {_word(item): item for item in gatherings(data.situation, data.composition.chapters)}
    choices = data.composition.choices
    printed = told if choices is None else [choice.word for choice in choices if choice.word in told]
    first: dict[str, str] = {}
    for word in printed:
        if not is_silent(data, told[word].objectives, told[word].engagements):
            for partner in _partners(data, told[word]):
                first.setdefault(partner.key, word)
    names = {word: item.name for word, item in told.items()}
    return [_chapter(data, item, _notes(data, item, first, names)) for item in told.values()]


def _word(gathering: Gathering) -> str:
    return f"{_WORDS.get(gathering.by, 'thematique')}-{gathering.code or 'sans'}"


def _partners(data: CopilData, gathering: Gathering) -> list[Partner]:
    partner_keys = {item.partner for item in gathering.engagements} | {
        item.partner for item in gathering.objectives
    }
    return [partner for partner in data.situation.dossier.partners if partner.key in partner_keys]


def _notes(
    data: CopilData, gathering: Gathering, first: dict[str, str], names: dict[str, str]
) -> Iterator[str]:
    elsewhere: dict[str, list[str]] = {}
    for partner in _partners(data, gathering):
        short, word = partner.usual_name, first.get(partner.key, _word(gathering))
        texts = [reserve_words(text, f", {short}") for text in reserved(data.situation, partner.key)]
        if word == _word(gathering):
            yield from texts
        elif any(text.startswith("Réserve") for text in texts):
            elsewhere.setdefault(word, []).append(short)
    yield from on_engagements(data.situation, gathering.engagements)
    if elsewhere:
        told = f"{NNBSP}; ".join(
            f"{enumerate_words(shorts)}, au chapitre {quoted(names[word])}"
            for word, shorts in elsewhere.items()
        )
        yield f"Réserves générales{NNBSP}: {told}."


def _chapter(data: CopilData, gathering: Gathering, notes: Iterator[str]) -> PromiseChapter:
    """What the chapter tells: what is promised of it, whoever promised it."""
    keys = {item.key for item in gathering.objectives}
    own = counts.count(item for item in data.situation.counted if item.objective.key in keys)
    return PromiseChapter(
        _word(gathering),
        gathering.name,
        ways(data.situation.dossier)[gathering.by],
        lead_words(len(gathering.engagements), counts.promised_count(own)),
        own,
        tuple(notes),
        gathering.objectives,
        gathering.engagements,
    )
