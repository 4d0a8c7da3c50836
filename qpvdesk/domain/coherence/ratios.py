"""Rules on figures that follow from one another: one for so many inhabitants, one thing counted under two names."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from qpvdesk.domain.coherence.checks import Checked
from qpvdesk.domain.coherence.statements import ASK, BASED, IF_FULL, RULED
from qpvdesk.domain.coherence.structure import about
from qpvdesk.domain.french import NBSP, fold, format_number, format_value
from qpvdesk.domain.model import Aggregation, Objective, StatementKind
from qpvdesk.domain.points import Finding

_RATIO = re.compile(r"\bpour ([0-9][0-9 \u00a0\u202f]*) habitants\b")
_QUOTED = re.compile(r"\b(une?|[0-9]+) (?:\w+ ){1,3}pour [0-9][0-9 ]* habitants\b")
_ONE = {"un": "1", "une": "1"}
_ACRONYM = re.compile(r"\(([A-Z]{3,})s?\)")
_UNCOVERED = re.compile(r"\bnon couverts?\b|\bsans \w+")


def per_inhabitants(checked: Checked) -> Iterator[Finding]:
    """The targets of a table that fall short of the rule that the same partner states (one for so many inhabitants)."""
    for rule, whole, part, told in _against_the_rule(checked, short=True):
        yield _told(whole, part, told, remedy=RULED, cause=f"contre {_quoted_rule(rule)}")


def beyond(checked: Checked) -> Iterator[Finding]:
    """The targets that go beyond that rule: each may cover fewer inhabitants than it counts for one."""
    for rule, whole, part, told in _against_the_rule(checked, short=False):
        yield _told(whole, part, told, remedy=BASED, cause=f"et {_quoted_rule(rule)}")


def _told(whole: Objective, part: Objective, gist: str, *, remedy: str, cause: str) -> Finding:
    return about(
        part, f"{whole.label} : {gist}.", remedy, whole.code, cause=f"{whole.label}, {cause}", gist=gist
    )


def _quoted_rule(rule: Objective) -> str:
    return f"la règle «\u202f{rule.label}\u202f»"


def _against_the_rule(
    checked: Checked, *, short: bool
) -> Iterator[tuple[Objective, Objective, Objective, str]]:
    """The rule, the whole, its part whose target is not what the rule gives, and the arithmetic of it."""
    for rule, ratio in _stated_ratios(checked):
        for whole, parts in _families(checked, rule.partner):
            if whole.unit == "habitants" or _explained(checked, whole, parts):
                continue
            for part in parts:
                people = _inhabitants(checked, part)
                if people is None or part.target_value is None:
                    continue
                reckoned = math.ceil(people / ratio)
                if part.target_value < reckoned if short else part.target_value > reckoned:
                    sum_words = f"{format_number(people)} ÷ {format_number(ratio)} = {format_value(reckoned, part.unit)}"
                    apart = "et non" if short else "pour une cible de"
                    yield (
                        rule,
                        whole,
                        part,
                        f"{_place(checked, part)}, {sum_words}, {apart} {format_number(part.target_value)}",
                    )


def uncovered(checked: Checked) -> Iterator[Finding]:
    """Inhabitants said not to be covered, where those that are there would cover others by the rule of one for so many: the
    document does not say how many each of them covers."""
    for objective, ratio in _stated_ratios(checked):
        families = _families(checked, objective.partner)
        posts = [(whole, parts) for whole, parts in families if whole.unit != "habitants"]
        for whole, parts in families:
            if whole.unit != "habitants" or not _UNCOVERED.search(fold(whole.label)) or len(posts) != 1:
                continue
            if _explained(checked, whole, parts):
                continue
            posts_by_place = {part.territory: part.start_value for part in posts[0][1]}
            for part in parts:
                people, open_posts = _inhabitants(checked, part), posts_by_place.get(part.territory)
                stated = checked.situation.assessments[part.key].value
                if people is None or open_posts is None or stated is None:
                    continue
                left = max(Fraction(0), people - ratio * Fraction(open_posts))
                if left != stated:
                    how = f"{format_number(people)} − {format_number(ratio)} × {format_number(open_posts)}"
                    given = format_number(left) if left else f"aucun{NBSP}habitant"
                    gist = (
                        f"{_place(checked, part)}, {format_number(stated)}, contre {given} ({how}) {IF_FULL}"
                    )
                    yield _told(whole, part, gist, remedy=BASED, cause=f"et {_quoted_rule(objective)}")


def counted_twice(checked: Checked) -> Iterator[Finding]:
    """One thing under its name and under its acronym, with two figures for one place and day."""
    explained = checked.explained(StatementKind.TOTAL, StatementKind.EGALITE, StatementKind.COMPARAISON)
    named = {
        (match[1], item.territory): item
        for item in checked.objectives
        if (match := _ACRONYM.search(item.label)) and item.parent is None
    }
    for objective in checked.objectives:
        other = named.get((objective.unit, objective.territory))
        if other is None or other is objective or {objective.key, other.key} & explained:
            continue
        mine, theirs = _figures(checked, objective), _figures(checked, other)
        for day in sorted(mine.keys() & theirs.keys()):
            if mine[day] != theirs[day]:
                yield about(
                    objective,
                    f"«\u202f{objective.label}\u202f» : {format_value(mine[day], objective.unit)} ;"
                    f" «\u202f{other.label}\u202f» : {format_value(theirs[day], other.unit)} le même jour.",
                    ASK,
                    other.code,
                )


def _figures(checked: Checked, objective: Objective) -> dict[date, Decimal]:
    """The figures of an objective by day, its start among them."""
    figures = {item.day: item.value for item in checked.situation.measurements_of(objective.key)}
    if objective.start_date is not None and objective.start_value is not None:
        figures.setdefault(objective.start_date, objective.start_value)
    return figures


def _stated_ratios(checked: Checked) -> Iterator[tuple[Objective, Fraction]]:
    """The objectives that state one thing for so many inhabitants, and how many inhabitants that makes for one."""
    for objective in checked.objectives:
        match = _RATIO.search(objective.unit)
        stated = objective.target_value or objective.start_value or _quoted(objective)
        if match and stated:
            yield objective, Fraction(int(re.sub(r"\D", "", match[1]))) / Fraction(stated)


def _quoted(objective: Objective) -> Decimal | None:
    """How many things the passage itself gives for so many inhabitants (« 1 médiateur pour 10 000 habitants »)."""
    match = _QUOTED.search(fold(objective.citation.mark)) if objective.citation is not None else None
    return Decimal(_ONE.get(match[1], match[1])) if match else None


def _families(checked: Checked, partner: str) -> list[tuple[Objective, list[Objective]]]:
    """The objectives of a partner that are the sum of others, with these."""
    return [
        (item, parts)
        for item in checked.objectives
        if item.partner == partner and item.aggregation is Aggregation.SOMME
        if (parts := [part for part in checked.objectives if part.parent == item.key])
    ]


def _explained(checked: Checked, whole: Objective, parts: list[Objective]) -> bool:
    """Whether a statement reckons the same figures already."""
    return bool(checked.explained(StatementKind.FORMULE) & {whole.key, *(part.key for part in parts)})


def _inhabitants(checked: Checked, objective: Objective) -> Fraction | None:
    return checked.situation.population(objective.territory)


def _place(checked: Checked, objective: Objective) -> str:
    return next(item.name for item in checked.dossier.territories if item.key == objective.territory)
