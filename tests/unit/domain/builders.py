"""Small contracts to reckon with, built in one line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from qpvdesk.domain.model import (
    Contract,
    Dossier,
    Engagement,
    Level,
    Measurement,
    Mesure,
    Milestone,
    Nature,
    Objective,
    Partner,
    Population,
    Sens,
    Territory,
)
from qpvdesk.domain.progress import rate_of
from qpvdesk.domain.projection import Projection, project_series
from qpvdesk.domain.targets import course_of, expected_on, trajectory

FRANCE = Territory("t-fr", "c", "FR", "France", Level.NATION)
NORD = Territory("t-59", "c", "D59", "Nord", Level.DEPARTEMENT, parent="t-fr")
PAS_DE_CALAIS = Territory("t-62", "c", "D62", "Pas-de-Calais", Level.DEPARTEMENT, parent="t-fr")
BPI = Partner("p-bpi", "c", "BPI", "Bpifrance", "Bpifrance", rank=1)
FT = Partner("p-ft", "c", "FT", "France Travail", "France Travail", rank=2)
CONTRACT = Contract("c", "essai", "Contrat d’essai", start=date(2024, 1, 1), end=date(2030, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


def number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def objective(
    code: str = "BPI-O01",
    sens: Sens = Sens.HAUSSE,
    start: tuple[object, str | None] | None = None,
    target: tuple[object, str | None] | None = None,
    **fields: Any,
) -> Objective:
    """An objective of Bpifrance in France; `start` and `target` are (value, ISO day)."""
    start_value, start_day = start or (None, None)
    target_value, target_day = target or (None, None)
    values: dict[str, Any] = {
        "key": code,
        "contract": "c",
        "partner": BPI.key,
        "code": code,
        "label": f"Objectif {code}",
        "theme": "entrepreneuriat",
        "territory": FRANCE.key,
        "unit": "bus",
        "sens": sens,
        "mesure": Mesure.STOCK,
        "start_value": number(start_value),
        "start_date": day(start_day) if start_day else None,
        "target_value": number(target_value),
        "target_date": day(target_day) if target_day else None,
    }
    return Objective(**(values | fields))


def measurement(of: Objective | str, value: object, on: str, **fields: Any) -> Measurement:
    owner = of if isinstance(of, str) else of.key
    values: dict[str, Any] = {
        "key": f"m-{owner}-{on}-{value}",
        "objective": owner,
        "territory": FRANCE.key if isinstance(of, str) else of.territory,
        "day": day(on),
        "value": Decimal(str(value)),
    }
    return Measurement(**(values | fields))


def milestone(of: Objective, value: object, on: str) -> Milestone:
    return Milestone(f"j-{of.key}-{on}", of.key, day(on), Decimal(str(value)))


def engagement(code: str = "BPI-E01", **fields: Any) -> Engagement:
    values: dict[str, Any] = {
        "key": code,
        "contract": "c",
        "partner": BPI.key,
        "code": code,
        "label": f"Engagement {code}",
        "theme": "entrepreneuriat",
        "nature": Nature.DROIT_COMMUN,
    }
    return Engagement(**(values | fields))


def population(territory: Territory, value: object, perimeter: str = "qpv", **fields: Any) -> Population:
    key = f"pop-{territory.key}-{perimeter}-{value}"
    return Population(key, territory.key, perimeter, Decimal(str(value)), **fields)


def dossier(*objectives: Objective, measurements: tuple[Measurement, ...] = (), **fields: Any) -> Dossier:
    ordered = sorted(measurements, key=lambda item: (item.objective, item.day, item.key))
    values: dict[str, Any] = {
        "contract": CONTRACT,
        "territories": (FRANCE, NORD, PAS_DE_CALAIS),
        "partners": (BPI, FT),
        "objectives": tuple(sorted(objectives, key=lambda item: item.code)),
        "measurements": tuple(ordered),
    }
    return Dossier(**(values | fields))


def rate(item: Objective, value: object, reference: object = None) -> Fraction | None:
    """The rate of a value as soon as it is known."""
    return rate_of(item, course_of(item), Fraction(str(value)), reference)  # type: ignore[arg-type]


def project(item: Objective, measured: Sequence[Measurement], on: date) -> Projection | None:
    """Where the figures of an objective lead, up to a day."""
    return project_series(item, [(one.day, one.value) for one in measured if one.day <= on], on)


def expected_value(item: Objective, marks: Sequence[Milestone], on: date) -> Fraction | None:
    """What the trajectory wants on a day."""
    return expected_on(trajectory(item, marks), on, item.mesure)
