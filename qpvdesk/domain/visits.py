"""Visits: how people say them, what was said in a period, what is still to be done of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from qpvdesk.domain.model import Dossier, Visit

WORDS = (
    ("mood", "Ambiance"),
    ("needs", "Besoins"),
    ("difficulties", "Difficultés"),
    ("proposals", "Propositions"),
)
"""What is said of a visit: the field, the head under which it is read."""


def visit_codes(visits: Iterable[Visit]) -> dict[str, str]:
    """Return by key the codes of visits, in the order of the dossier: « VISITE-2026-03-12 », then « …-2 » on one day."""
    counts: Counter[date] = Counter()
    codes = {}
    for visit in visits:
        counts[visit.day] += 1
        number = counts[visit.day]
        codes[visit.key] = f"VISITE-{visit.day.isoformat()}{f'-{number}' if number > 1 else ''}"
    return codes


def visits_between(dossier: Dossier, after: date, until: date) -> tuple[Visit, ...]:
    """Return the visits made after a day and up to another."""
    return tuple(visit for visit in dossier.visits if after < visit.day <= until)


def awaited(dossier: Dossier, day: date) -> Iterator[Visit]:
    """Yield the visits made by that day whose follow-up was not given by then, the first due first."""
    open_ones = (
        visit
        for visit in dossier.visits
        if visit.follow_up and visit.day <= day and (visit.done_on is None or visit.done_on > day)
    )
    return iter(sorted(open_ones, key=lambda visit: (visit.due or date.max, visit.day, visit.key)))
