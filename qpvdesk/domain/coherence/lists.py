"""Rules on what is counted and listed: a number announced beside its list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from qpvdesk.domain.coherence.checks import Checked
from qpvdesk.domain.coherence.structure import about
from qpvdesk.domain.french import fold, format_value, unit_of
from qpvdesk.domain.points import Finding


def listed_places(checked: Checked) -> Iterator[Finding]:
    """A stated number of establishments against those that the contract lists."""
    places = {item.key: item for item in checked.dossier.territories}
    for objective in checked.objectives:
        counted = _singular(objective.unit)
        kinds = [
            item
            for item in checked.dossier.establishments
            if _singular(item.kind) == counted
            and checked.situation.is_within(places[item.territory], objective.territory)
        ]
        labels = {
            item.label
            for item in kinds
            if item.label and item.label in re.findall(r"[\w+]+", objective.label)
        }
        # « REP+ » holds « REP »: the longest label that the objective names is the one it counts.
        if labels:
            kinds = [item for item in kinds if item.label == max(labels, key=len)]
        stated = objective.target_value or checked.situation.assessments[objective.key].value
        named = any(objective.label.startswith(item.kind.capitalize()) for item in kinds)
        whole = bool(labels) or not _others_named(objective.label)
        if named and whole and len(kinds) > 1 and stated and stated != len(kinds):
            names, noun = " ; ".join(item.name for item in kinds), unit_of(objective.unit)
            announced = f"{format_value(stated, objective.unit)} {noun.participle('annoncé', stated)}"
            yield about(
                objective,
                f"{objective.label} : {announced}, {len(kinds)} {noun.participle('énuméré', len(kinds))} ({names}).",
                "Demandez au partenaire ce qui manque à la liste, ou comment il compte.",
            )


@lru_cache(maxsize=1024)
def _singular(word: str) -> str:
    return fold(word).rstrip("sx")


def _others_named(label: str) -> bool:
    """Whether a label narrows what it counts, so that the whole list is not what it is about."""
    return bool(re.search(r"\bdont\b|\bhors\b|\bsans\b|\bayant\b", fold(label)))


_COUNTED = re.compile(
    r"\b(deux|trois|quatre|cinq|six|sept|huit|neuf|dix|[0-9]{1,2}) (\w+s)(?: \w+s)?[ \u00a0\u202f]?: ([^.:]+)",
    re.IGNORECASE,
)
_WORDS = ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")


def listed_items(checked: Checked) -> Iterator[Finding]:
    """A number announced in a sentence against what that sentence lists after it (« trois axes : a, b et c »)."""
    for engagement in checked.dossier.engagements:
        for text in (engagement.label, engagement.detail) if not engagement.retired else ():
            for match in _COUNTED.finditer(text):
                word = match[1].lower()
                stated = _WORDS.index(word) + 2 if word in _WORDS else int(word)
                apart = ";" if ";" in match[3] else r",| et "
                items = [item.strip() for item in re.split(apart, match[3]) if item.strip()]
                if len(items) > 1 and stated != len(items):
                    noun, count = unit_of(match[2]), len(items)
                    announced = f"{match[1]} {match[2]} {noun.participle('annoncé', stated)}"
                    yield Finding(
                        engagement.code,
                        engagement.partner,
                        f"{engagement.label} : {announced}, {count} {noun.participle('énuméré', count)}"
                        f" ({' ; '.join(items)}).",
                        "Demandez au partenaire ce qui manque à la liste, ou comment il compte.",
                        engagement.citation,
                        match[2],
                    )
