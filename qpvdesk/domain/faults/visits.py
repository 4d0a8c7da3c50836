"""Visits: days in order, functions and no address."""

from __future__ import annotations

from collections.abc import Iterator

from qpvdesk.domain.faults.known import Found, Known
from qpvdesk.domain.french import format_date
from qpvdesk.domain.model import Visit


def visit_faults(known: Known, item: Visit) -> Iterator[Found]:
    """A visit, and what is to be done of it."""
    for field in ("functions", "carrier"):
        if "@" in getattr(item, field):
            yield field, "c’est une adresse\u202f: inscrivez une fonction, aucun nom n’est gardé"
    for field, what in (
        ("day", "une visite s’inscrit une fois faite"),
        ("done_on", "une suite est dite faite quand elle l’est"),
    ):
        day = getattr(item, field)
        if known.today is not None and day is not None and day > known.today:
            yield field, f"le {format_date(day)} n’est pas encore passé\u202f: {what}"
    if item.follow_up:
        # A point of coherence names the visit alone, and no field.
        for field, words in (("due", "l’échéance de la suite, le"), ("done_on", "la suite, dite faite le")):
            day = getattr(item, field)
            if day is not None and day < item.day:
                yield field, f"{words} {format_date(day)}, précède la visite du {format_date(item.day)}"
    else:
        for field in ("carrier", "due", "done_on"):
            if getattr(item, field):
                yield field, "la suite à donner manque\u202f: dites ce qu’il faut faire"
