"""What a plain sentence promises: « le taux sera ramené de 7,8 % à 4 % en 2027 ». What is not read for sure is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from qpvdesk.domain import periods
from qpvdesk.domain.french import fold, raised
from qpvdesk.domain.french.dates import MONTHS
from qpvdesk.domain.proposing.figures import noun_or_sign, unsure
from qpvdesk.domain.proposing.proposal import NUMBER, day_in, proposed_number
from qpvdesk.domain.proposing.target import ProposedTarget, unread_in
from qpvdesk.domain.sens import Sens

_FIGURE = rf"(?!(?:19|20)\d\d\b){NUMBER}"
_WORDS = r"%|M€|k€|€|[^\W\d][^,.;:()]*"
_WILL = re.compile(
    r"\bs[’']engage(?:nt)?\b|\b(?:est|sont) visée?s?\b|\b(?:sera|seront|passera|passeront)\b"
    r"|\b[a-zà-ÿ]{3,}(?:era|eront|ira|iront|dra|dront)\b"
)
"""What tells that a sentence promises, and does not tell what is."""
_WAS = re.compile(rf"(?:\(|,? ?contre )(?P<start>{_FIGURE})\s?(?P<words>[^()\d]*?)\s?en (?P<year>20\d\d)\)?")
_FROM_TO = re.compile(
    rf"\bde (?P<start>{_FIGURE})\s?(?P<from>%|[^\W\d][\w’'-]*)??(?: \(?(?:fin|en|au) (?P<since>(?:\d\d/\d\d/)?20\d\d)\)?)?"
    " à "
    rf"(?:(?:moins|plus) de |au (?:moins|plus) )?(?P<value>{_FIGURE})(?:\s(?P<words>{_WORDS}))?"
)
_SHIFTS = re.compile(
    r"\b(?:pass|port|ramen|rédui|augment|baiss|abaiss|diminu|mont|relev|élev|descend)\w*\b", re.IGNORECASE
)
"""Without a verb that moves, « de 20 à 22 » is two bounds, ages or hours."""
_HOURS = re.compile(r"\bde \d+ ?(?:h\d*|heures|ans|mois)? à \d+ ?(?:h\d*|heures|ans|mois)\b")
_PART = re.compile(
    rf"\b(?P<way>baisse|réduction|diminution|hausse|augmentation) de (?P<part>{NUMBER})\s?% "
    r"(?:du |de la |de l[’']|des |de )(?P<what>[^,.;:()]+?) (?:est|sont|sera|seront)\b",
    re.IGNORECASE,
)
_TIMES = re.compile(r"\b(?P<word>doubl|tripl|quadrupl)(?:ée?s?|era|eront)\b")
_TIMES_OF = {"doubl": 2, "tripl": 3, "quadrupl": 4}
_SHARE = re.compile(r"\b(?:un (?:tiers|quart|cinquième)|la moitié|deux tiers|trois quarts)\b", re.IGNORECASE)
_ACTIVE = re.compile(
    rf"\b[a-zà-ÿ]{{3,}}(?:era|eront|ira|iront|dra|dront)\b(?: [a-zà-ÿ’']+){{0,3}}? (?P<value>{_FIGURE}) (?P<words>{_WORDS})"
)
_PASSIVE = re.compile(rf"\b(?P<value>{_FIGURE}) (?P<words>[^\W\d][^,.;:()]*?) (?:sera|seront)\b")
_WHAT = re.compile(
    r"\b(?P<what>(?:nombre|taux|délai|part|durée|proportion)\b[^,;:()\d]*?) "
    r"(?=(?:sera|seront|passera|passeront)\b|de \d|à \d)",
    re.IGNORECASE,
)
_NOUN = re.compile(r"nombre (?:de |d[’'])([\w’'-]+)", re.IGNORECASE)
_ALL_YEARS = re.compile(r"\bentre (?P<since>20\d\d) et (?P<until>20\d\d)\b")
_LONG_DAY = re.compile(r"\b\d{1,2}(?:er)? [a-zéû]+ 20\d\d\b")
_YEARLY = re.compile(r"\bchaque année\b|\bpar an\b")
_MONTHS = frozenset(map(fold, MONTHS))
_TIMES_OF_DAY = ("an", "ans", "annee", "annees", "mois", "semaine", "semaines", "jours", "h", "er")
_DAY_HOURS = 24
_NO_NOUN = ("fin", "en", "au", "d", "à", "par", "pour", "dès", "avant", "entre")
"""What follows a number and is no unit."""


def is_shift(sentence: str) -> bool:
    """Whether a sentence, in whatever tense, moves a figure from one value to another: « passer de 12 à 60 places »."""
    return bool(_SHIFTS.search(sentence) and _FROM_TO.search(sentence))


def promised(sentence: str) -> Iterator[tuple[ProposedTarget, str, str]]:
    """Yield what a sentence promises, its label, and the rule that tells."""
    if not _WILL.search(sentence):
        return
    was = _WAS.search(sentence)
    rest = sentence.replace(was[0], "") if was else sentence
    if not _SHIFTS.search(rest):
        rest = _HOURS.sub("", rest)
    named = _WHAT.search(rest)
    label = named["what"] if named else sentence.strip().rstrip(".")
    label = raised(label)
    for asked, reason in _asked(rest, was, _NOUN.search(label)):
        yield asked, label, reason


def _asked(
    rest: str, was: re.Match[str] | None, counted: re.Match[str] | None
) -> Iterator[tuple[ProposedTarget, str]]:
    start = proposed_number(was["start"]) if was else None
    since = date(int(was["year"]), 12, 31) if was else None
    noun = counted[1] if counted else ""
    before = _unit(was["words"]) if was else ""
    if (found := _FROM_TO.search(rest)) and is_shift(rest):
        unit = _unit(found["words"] or "") or _unit(found["from"] or "") or noun
        told = found["since"]
        begun = (periods.end_of(told) if told else None) or since
        due = _due(rest[found.start("value") :])
        yield (
            ProposedTarget(
                proposed_number(found["value"]), due, unit, start=proposed_number(found["start"]), since=begun
            ),
            "« de x à y »",
        )
    elif found := _PART.search(rest):
        down = found["way"].lower() not in ("hausse", "augmentation")
        written = {"target_value": f"{'−' if down else '+'}{found['part']} %"}
        sens = Sens.BAISSE if down else Sens.HAUSSE
        asked = ProposedTarget(None, _due(rest), before, start=start, since=since, written=written, sens=sens)
        yield (asked, "une part du départ") if before != "%" else (
            ProposedTarget(None, _due(rest), doubt=unsure(found[0])), "une part d’une part",
        )  # fmt: skip
    elif found := _TIMES.search(rest):
        times = Decimal(_TIMES_OF[found["word"].lower()])
        if start is None:
            yield ProposedTarget(times, _due(rest), "fois le départ"), "« doublé » ou plus"
        else:
            yield (
                ProposedTarget(start * times, _due(rest), before or noun, start=start, since=since),
                "« doublé » ou plus, et son départ",
            )
    elif several := unread_in(rest) or ((share := _SHARE.search(rest)) and share[0]):
        yield ProposedTarget(None, _due(rest), doubt=unsure(several)), "un futur et des chiffres"
    elif (found := _ACTIVE.search(rest) or _PASSIVE.search(rest)) and not _is_time(found):
        unit = _unit(found["words"]) or noun
        counted_words = f"{found['words']} par an" if _YEARLY.search(rest) else found["words"]
        if before and before != unit:
            start = since = None
        yield (
            ProposedTarget(
                proposed_number(found["value"]),
                _due(rest),
                unit,
                start=start,
                since=since,
                counted=counted_words,
            ),
            "un futur, un chiffre et un terme",
        )


def _is_time(found: re.Match[str]) -> bool:
    """Whether a number is of a day, an hour or a delay: it counts nothing."""
    noun = fold(noun_or_sign(found["words"]))
    return (
        noun in _TIMES_OF_DAY
        or noun in _MONTHS
        or (noun in ("heures", "heure") and int(found["value"][:2]) <= _DAY_HOURS)
    )


def _unit(words: str) -> str:
    unit = noun_or_sign(words)
    return "" if unit.split("’")[0].split("'")[0].lower() in _NO_NOUN else unit


def _due(text: str) -> date | None:
    if found := _ALL_YEARS.search(text):
        return date(int(found["until"]), 12, 31)
    if (long_day := _LONG_DAY.search(text)) and (period := periods.read(long_day[0])):
        return period.day
    return day_in(text)
