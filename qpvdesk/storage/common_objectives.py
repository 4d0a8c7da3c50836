"""Objectives that the contracts of one base have in common (of one partner, for one place), and the figures of each, read
from the base."""

from __future__ import annotations

from qpvdesk.domain.model import Measurement, Objective
from qpvdesk.storage import measurements
from qpvdesk.storage.base import Database
from qpvdesk.storage.tables import BY_KIND

_OBJECTIVE, _MEASUREMENT = BY_KIND["objective"], BY_KIND["measurement"]
_ALIKE = _OBJECTIVE.select(
    "partner IN (SELECT key FROM partner WHERE upper(code) = ?) AND contract <> ?"
    " AND territory IN (SELECT key FROM territory WHERE upper(code) = ?) ORDER BY contract, code"
)
_FIGURES = _MEASUREMENT.select("objective = ?")


def objectives(base: Database, contract: str, partner: str, place: str) -> tuple[Objective, ...]:
    """Return the objectives that other contracts have of the partner of that code, for the place of that code.

    `contract`: the key of the one that is left out.
    """
    with base.reading() as connection:
        return tuple(_OBJECTIVE.entities(connection.execute(_ALIKE, (partner, contract, place))))


def figures(base: Database, objective: str) -> tuple[Measurement, ...]:
    """Return the figures of the objective of that key, the oldest first."""
    with base.reading() as connection:
        return tuple(measurements.entities(connection.execute(_FIGURES, (objective,))))


def has_file(base: Database, measurement: str) -> bool:
    with base.reading() as connection:
        query = "SELECT EXISTS (SELECT 1 FROM attachment WHERE measurement = ?)"
        return bool(connection.execute(query, (measurement,)).fetchone()[0])
