"""Visits: how people say them, what was said in a period, what is still to be done of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from qpvdesk.domain.french import NNBSP
from qpvdesk.domain.model import Dossier, Visit
from qpvdesk.domain.tasks import is_pending, standing_words

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
        codes[visit.key] = visit_code(visit.day, counts[visit.day])
    return codes


def visit_code(day: date, number: int) -> str:
    return f"VISITE-{day.isoformat()}{f'-{number}' if number > 1 else ''}"


def visits_between(dossier: Dossier, after: date, until: date) -> tuple[Visit, ...]:
    """Return the visits made after a day and up to another."""
    return tuple(visit for visit in dossier.visits if after < visit.day <= until)


def visits_in(dossier: Dossier, place: str, day: date) -> tuple[Visit, ...]:
    """Return the visits made by a day in the place of that key, the last first."""
    return tuple(visit for visit in reversed(dossier.visits) if visit.territory == place and visit.day <= day)


def follow_up_words(visit: Visit, day: date) -> str:
    """Say where what is to be done of a visit stands on a day: « donnée le 12/05/2026 »; empty where nothing is."""
    return standing_words(visit, day, "donnée") if visit.follow_up else ""


def told_of(visit: Visit, day: date) -> tuple[str, ...]:
    """Say what was seen and heard, head by head: « Besoins : un médecin. », then what was to be done of it by that day."""
    heads = [(head, getattr(visit, name)) for name, head in WORDS]
    if visit.follow_up:
        heads.append((f"Suite ({follow_up_words(visit, day)})", visit.follow_up))
    told = (f"{head}{NNBSP}: {' '.join(text.split())}" for head, text in heads if text.strip())
    return tuple(line if line.endswith((".", "!", "?", "…")) else f"{line}." for line in told)


def awaited(dossier: Dossier, day: date) -> Iterator[Visit]:
    """Yield the visits made by that day whose follow-up was not given by then, the first due first."""
    waiting = (
        visit for visit in dossier.visits if visit.follow_up and visit.day <= day and is_pending(visit, day)
    )
    return iter(sorted(waiting, key=lambda visit: (visit.due or date.max, visit.day, visit.key)))
