"""Targets as people write them: « −20 % » of the start, « 1 pour 1 500 habitants », « entre 20 et 22 ».

The text is kept as it is written; the value that follows from it is kept too, because it is what was promised: a start or
a population that changes afterwards makes a fault that is told, never another target in silence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import fold, format_value, parse_number
from qpvdesk.domain.model import Dossier, Objective, Population
from qpvdesk.domain.sens import AIMS

_NUMBER = r"[0-9][0-9 \u00a0\u202f]*(?:[.,][0-9]+)?"
_PART = re.compile(
    r"(?:(?P<sign>[+\-\u2212\u2013])"
    r"|(?P<verb>baisse|reduction|diminution|reduire|diminuer|hausse|augmentation|augmenter) de)"
    rf" ?(?P<value>{_NUMBER}) ?%(?: (?:du depart|de la valeur de depart|par rapport au depart))?"
)
_OF_START = re.compile(r"\bdepart$")
_PER_INHABITANTS = re.compile(
    rf"(?P<one>une?|{_NUMBER})(?: [\w’'-]+){{0,4}} (?:pour|par|/) (?P<people>{_NUMBER}) hab(?:itants|\.)?"
)
_BETWEEN = re.compile(
    rf"(?:(?:entre|de) )?(?P<low>{_NUMBER}) ?%? (?:et|a) (?P<high>{_NUMBER})(?: ?%| [^0-9]+)?"
)
_WITH_TWO_BOUNDS = frozenset(word for word, aim in AIMS.items() if aim.between)
_WORD, _VALUE = "(?P<word>plus de|moins de|près de|environ|jusqu’à)", f"(?P<value>{_NUMBER})"
_WORDED = re.compile(f"{_WORD} {_VALUE}", re.IGNORECASE)
_QUOTED = re.compile(rf"{_WORD}[\s»]+{_VALUE}", re.IGNORECASE)
"""The same in a remark, where the word or all of it may stand between quotes: `« Près de » 3 800, en 2022.`"""
_DOWN = ("baisse", "reduction", "diminution", "reduire", "diminuer")


class TargetRule(Struct, frozen=True):
    """How a target follows from something else: a part of the start to add, or one thing for so many inhabitants."""

    part: Fraction | None = None
    """−1/5 for « −20 % »."""
    people: Fraction | None = None
    """How many inhabitants there are to one thing."""


def rule_of(text: str) -> TargetRule | None:
    """Return the rule that a target as written is; None where it is no rule."""
    words = " ".join(fold(text).split())
    if found := _PART.fullmatch(words):
        down = found["verb"] in _DOWN if found["verb"] else found["sign"] != "+"
        part = Fraction(_number(found["value"])) / 100
        return TargetRule(part=-part if down else part)
    if found := _PER_INHABITANTS.fullmatch(words):
        things = Decimal(1) if found["one"] in ("un", "une") else _number(found["one"])
        people = _number(found["people"])
        # « 1 pour 0 habitants » gives nothing.
        return TargetRule(people=Fraction(people) / Fraction(things)) if things and people else None
    return None


def target_word(objective: Objective) -> str:
    """Return the word that the contract puts before the figure of a target, with its space (« plus de »); empty where it
    puts none, or where the target is another figure since."""
    found = _WORDED.match(objective.target_text)
    return f"{found['word'].lower()} " if found and _number(found["value"]) == objective.target_value else ""


def word_before(remark: str, value: Fraction) -> str:
    """Return the word that a remark on a measurement quotes before its figure, with its space; empty where it has none."""
    found = _QUOTED.search(remark)
    return f"{found['word'].lower()} " if found and _number(found["value"]) == value else ""


def written(text: str, unit: str, sens: str) -> dict[str, str] | None:
    """Return what the fields of an objective are, as typed, where its target is written as people write it; None where it
    is a plain number.

    In an objective counted in %, « −20 % » may be points: it is taken for a part where it says so (« −20 % du départ »), or
    where it stands in the field of the target as written.
    Raises `UserError` for two bounds where one is asked.
    """
    found = _BETWEEN.fullmatch(" ".join(fold(text).split()))
    if found is not None:
        if sens not in _WITH_TWO_BOUNDS:
            raise UserError(
                f"«\u202f{text.strip()}\u202f» a deux bornes.",
                "Choisissez le sens «\u202fEntre deux bornes\u202f».",
            )
        return {"target_value": found["low"].strip(), "target_max": found["high"].strip()}
    return None if rule_typed(text, unit) is None else {"target_value": "", "target_text": text.strip()}


def rule_typed(text: str, unit: str) -> TargetRule | None:
    """Return the rule that a target is, as it is typed in the cell of its figure beside that unit; None where it is no rule,
    or may be points of an objective counted in %."""
    rule = rule_of(text)
    points = rule is not None and rule.part is not None and unit.startswith("%")
    return None if points and _OF_START.search(fold(text)) is None else rule


def value_of(objective: Objective, populations: Iterable[Population]) -> Decimal | None:
    """Return the target that follows from the text of an objective; None where it is no rule, or its base is not known."""
    rule = rule_of(objective.target_text)
    if rule is None:
        return None
    if rule.part is not None:
        start = objective.start_value
        return None if start is None else _decimal(Fraction(start) * (1 + rule.part))
    people = _population(objective.territory, populations)
    if people is None or rule.people is None:
        return None
    return Decimal(math.ceil(Fraction(people.value) / rule.people))


def settled(objective: Objective, populations: Iterable[Population]) -> Objective:
    """Return an objective with the target that its text gives, where it has none of its own."""
    value = value_of(objective, populations) if objective.target_value is None else None
    return objective if value is None else replace(objective, target_value=value)


def all_settled(dossier: Dossier) -> Dossier:
    """Return a contract whose objectives have the targets that their texts give."""
    if not any(item.target_text for item in dossier.objectives):
        return dossier
    return replace(
        dossier, objectives=tuple(settled(item, dossier.populations) for item in dossier.objectives)
    )


def reckoned_words(objective: Objective, dossier: Dossier) -> str:
    """Say how a target is reckoned: « −20 % du départ (185 tonnes) », « 1 pour 1 500 habitants » of whom; empty where no
    rule gives it."""
    rule, text = rule_of(objective.target_text), objective.target_text
    if rule is None:
        return ""
    if rule.part is not None:
        start = format_value(objective.start_value, objective.start_unit or objective.unit)
        share_words = (
            f"«\u202f{text}\u202f»" if _OF_START.search(fold(text)) else f"«\u202f{text}\u202f» du départ"
        )
        return f"{share_words} ({start})"
    people = _population(objective.territory, dossier.populations)
    if people is None:
        return text
    place = next((f", {item.name}" for item in dossier.territories if item.key == objective.territory), "")
    whose = " en QPV" if people.perimeter == "qpv" else ""
    year = f" ({people.vintage.year})" if people.vintage else ""
    return f"«\u202f{text}\u202f» pour {format_value(people.value, 'habitants')}{whose}{place}{year}"


def base_missing(objective: Objective) -> str:
    """What a rule lacks to be reckoned."""
    rule = rule_of(objective.target_text)
    if rule is not None and rule.part is not None:
        return "indiquez la valeur de départ, dont la cible se calcule"
    return "la population de ce territoire n’est pas connue\u202f: la cible ne s’en calcule pas"


def _population(territory: str, populations: Iterable[Population]) -> Population | None:
    """Who lives in the quartiers of a place, else in the place, of the latest vintage; a quartier is all in itself."""
    known = [item for item in populations if item.territory == territory]
    return max(known, key=lambda item: (item.perimeter == "qpv", item.vintage or date.min), default=None)


def _number(text: str) -> Decimal:
    return parse_number(text.strip())


def _decimal(value: Fraction) -> Decimal:
    """A part in percent of an exact decimal is one."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).normalize() + 0
