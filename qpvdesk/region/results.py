"""The rows of one contract, made from the review that `etat` prints: no status and no rate is reckoned here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from qpvdesk.domain.calendar import iso
from qpvdesk.domain.expected import to_ask
from qpvdesk.domain.index import Index
from qpvdesk.domain.meetings import is_late, meeting_code
from qpvdesk.domain.model import Dossier, Level
from qpvdesk.domain.review import Review
from qpvdesk.domain.scales import home_of
from qpvdesk.domain.statuses import GROUPS, Group
from qpvdesk.region import tables
from qpvdesk.region.tables import Results, Row, Table, Value
from qpvdesk.services import state
from qpvdesk.services.desk import Desk

_UNKNOWN_REGION, _UNKNOWN_DEPARTMENT = "inconnue", "inconnu"
_GROUP_OF = {
    status: group.name.lower()
    for group, statuses in GROUPS.items()
    if group is not Group.SUIVI
    for status in statuses
}
"""What each status of a promise asks for."""


def results(desk: Desk, contract: str, days: Collection[date]) -> Results:
    """Return every table of the contract of that code; the dated ones hold each of `days`, the earliest first.

    What is not dated is as the last of the days has it. Raises `UserError` where there is no such contract.
    """
    dossier = desk.dossier(contract)
    index = Index(dossier)
    key, last = dossier.contract.key, max(days)
    found: Results = {table.name: [] for table in tables.TABLES}
    for day in sorted(set(days)):
        review = desk.review(contract, day)
        now = review.situation
        standings = [state.standing_as_json(review, now.assessments[item.key]) for item in now.objectives]
        found[tables.ASSESSMENTS.name] += _assessments(review, standings)
        found[tables.POINTS.name] += _points(review)
        if day == last:
            found[tables.OBJECTIVES.name] = [
                (key, *(line[column.name] for column in tables.OBJECTIVES.columns[1:])) for line in standings
            ]
    found[tables.CONTRACTS.name] = [_contract(index)]
    found[tables.PARTNERS.name] = [
        (key, item.code, item.name, item.short_name, item.rank) for item in dossier.partners
    ]
    found[tables.PLACES.name] = list(_places(dossier, desk.base.atlas(key).get("contours", ())))
    found[tables.FUNDINGS.name] = list(_fundings(index))
    found[tables.DECISIONS.name] = list(_decisions(dossier, last))
    found[tables.MEASUREMENTS.name] = list(_measurements(dossier))
    return found


def month_ends(start: date, end: date) -> tuple[date, ...]:
    """Return the last day of each month from that of `start` to before `end`, then `end`."""
    found: list[date] = []
    month = start.replace(day=1)
    while True:
        month = (month + timedelta(days=32)).replace(day=1)
        last = month - timedelta(days=1)
        if last >= end:
            return (*found, end)
        found.append(last)


def _contract(index: Index) -> Row:
    contract = index.dossier.contract
    region, department = _seat(index)
    return (
        contract.key,
        contract.code,
        contract.name,
        contract.epci,
        region,
        department,
        _iso(contract.start),
        _iso(contract.end),
        _iso(contract.signed_on),
        contract.fictitious,
    )


def _seat(index: Index) -> tuple[str, str]:
    """Return the codes of the région and the département that the contract's own place lies in (`R32`, `D62`)."""
    home = home_of(index)
    above = [index.territory(key) for key in index.places.above(home.key)] if home is not None else []
    by_scale = {index.places.levels.scale(item.level): item.code for item in reversed(above)}
    return (by_scale.get(Level.REGION, _UNKNOWN_REGION), by_scale.get(Level.DEPARTEMENT, _UNKNOWN_DEPARTMENT))


def _picked(table: Table, contract: str, day: str, line: dict[str, Any]) -> Row:
    """The columns of a dated table, from a line of the document of `etat` whose names they bear."""
    return (contract, day, *(line[column.name] for column in table.columns[2:]))


def _assessments(review: Review, standings: Iterable[dict[str, Any]]) -> Iterator[Row]:
    now = review.situation
    groups = {item.objective.code: _GROUP_OF[item.status] for item in now.counted if item.status in _GROUP_OF}
    asked = {item.objective.code for item in to_ask(now)}
    for line in standings:
        code = line["code"]
        named = {**line, "objectif": code, "groupe": groups.get(code), "a_demander": code in asked}
        yield _picked(tables.ASSESSMENTS, now.dossier.contract.key, review.day.isoformat(), named)


def _points(review: Review) -> Iterator[Row]:
    contract = review.situation.dossier.contract.key
    for view in review.points:
        line = {"nature": None, **state.view_as_json(view)}
        yield _picked(tables.POINTS, contract, review.day.isoformat(), line)


def _places(dossier: Dossier, contours: Iterable[Any]) -> Iterator[Row]:
    shapes = {item.territory: item.geometry for item in contours}
    codes = {item.key: item.code for item in dossier.territories}
    for item in dossier.territories:
        above, shape = codes.get(item.parent or ""), shapes.get(item.key)
        yield (dossier.contract.key, item.code, item.name, item.level, above, shape)


def _fundings(index: Index) -> Iterator[Row]:
    for item in index.dossier.fundings:
        yield (
            item.contract,
            item.code,
            index.partner(item.partner).code,
            item.label,
            item.first_year,
            item.last_year,
            _number(item.amount),
            item.unit,
            item.stage.value,
            item.budget.value,
            item.credit.value,
        )


def _decisions(dossier: Dossier, day: date) -> Iterator[Row]:
    meetings = {item.key: item for item in dossier.meetings}
    for item in dossier.decisions:
        meeting = meetings[item.meeting]
        yield (
            dossier.contract.key,
            meeting_code(meeting),
            _iso(meeting.day),
            item.rank,
            item.label,
            item.carrier,
            _iso(item.due),
            item.state.value,
            is_late(item, day),
        )


def _measurements(dossier: Dossier) -> Iterator[Row]:
    codes = {item.key: item.code for item in dossier.objectives}
    for item in dossier.measurements:
        yield (
            dossier.contract.key,
            codes[item.objective],
            _iso(item.day),
            _number(item.value),
            item.provisional,
            item.source,
        )


@lru_cache(maxsize=4096)
def _number(value: Decimal) -> Value:
    return state.json_number(value)


_iso = lru_cache(maxsize=4096)(iso)
