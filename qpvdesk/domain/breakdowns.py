"""Figures by category (women and men, ages) in words: beside the whole, never added up."""

from __future__ import annotations

from datetime import date

from qpvdesk.domain.french import format_value
from qpvdesk.domain.model import Dossier, Objective


def breakdown_words(dossier: Dossier, objective: Objective, day: date) -> list[tuple[date, str]]:
    """The last breakdown by each list known on `day`, with its own day: `sexe – femmes 120, hommes 96`."""
    latest: dict[str, date] = {}
    known = [item for item in dossier.breakdowns if item.objective == objective.key and item.day <= day]
    for item in known:
        latest[item.list_name] = max(item.day, latest.get(item.list_name, item.day))
    unit = objective.unit if objective.unit.startswith("%") else ""
    told = []
    for name, on in latest.items():
        parts = [
            f"{item.category} {format_value(item.value, unit)}"
            for item in known
            if (item.list_name, item.day) == (name, on)
        ]
        told.append((on, (f"{name} – " if name else "") + ", ".join(parts)))
    return told
