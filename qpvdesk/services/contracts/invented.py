"""Invented years of follow-up on any contract, as those of the example: to discover with one's own, and to train.

Nothing is left to chance: each figure follows from the code of what it is of. The contract bears keys of its own (see
`Contract.fictitious`), so that it never lies in one base with a real one.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.calendar import add_months
from qpvdesk.domain.engagements import followed
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import EXAMPLE, Dossier, MeetingKind, Meteo, Objective, Weather
from qpvdesk.services import measurements
from qpvdesk.services.committees import committee, freezing
from qpvdesk.services.contracts.contract_import import under_keys
from qpvdesk.services.contracts.example import Act, lived
from qpvdesk.services.desk import Desk
from qpvdesk.storage.keys import new_key, starter_key

_SOURCE = "Chiffre inventé pour l’exemple"
_NOTE = (
    "Base d’exemple\u202f: les promesses sont celles du contrat\u202f; tous les relevés, les météos, les réunions et les"
    " décisions sont inventés. Rien n’est à citer."
)
_KEPT = (
    "documents", "territories", "place_levels", "territory_links", "populations", "establishments", "legal_references",
    "partners", "versions", "themes", "axes", "engagements", "engagement_partners", "engagement_themes",
    "engagement_territories", "conditions", "objectives", "milestones", "fundings", "funding_years", "funding_partners",
)  # fmt: skip
"""What an example takes of a contract: what it promises, nothing of what was followed."""
_WEATHERS = (Weather.SOLEIL, Weather.COUVERT, Weather.SOLEIL, Weather.NUAGE, Weather.COUVERT, Weather.ORAGE)
_MONTHS_AGO = (18, 12, 6, 1)
_PACES = 14
"""An objective is at 3 to 16 tenths of the pace that its time asks for."""


def create(path: Path, dossier: Dossier, *, now: datetime) -> Dossier:
    """Make a base of an example on a contract as of `now` (aware); return what it holds.

    Raises `UserError` where the file exists or the folder cannot be written; nothing is left behind then.
    """
    contract = dossier.contract
    shown = Dossier(
        replace(
            contract, code=f"exemple-{contract.code}", name=f"EXEMPLE FICTIF – {contract.name}", note=_NOTE
        ),
        **{name: getattr(dossier, name) for name in _KEPT},
    )
    shown = under_keys(shown, lambda key: EXAMPLE + starter_key(f"{EXAMPLE}{key}"))
    return lived(path, shown, _acts(now.date()), now=now)


def _acts(today: date) -> Iterator[Act]:
    """Yield four returns, a météo of most engagements, a COPIL that was held and one that is to come."""
    held_on, coming = today - timedelta(days=170), today + timedelta(days=30)
    for number, months in enumerate(_MONTHS_AGO):
        yield Act(add_months(today, -months), _returned, number)
    yield Act(today - timedelta(days=200), _told, 10)
    yield Act(today - timedelta(days=190), _entered(held_on), 11)
    yield Act(held_on, _frozen, 12)
    yield Act(held_on + timedelta(days=1), _decided(held_on + timedelta(days=120)), 13)
    yield Act(today, _entered(coming), 14)


def _returned(desk: Desk, contract: str) -> None:
    """What the partners return on a day, of what their contract promises by then."""
    dossier, day = desk.dossier(contract), desk.today()
    entries: list[measurements.Entry] = []
    for objective in dossier.objectives:
        value = _value(objective, day)
        if value is None:
            continue
        entry = measurements.Entry(objective=objective.key, day=day, value=value, source=_SOURCE)
        try:
            measurements.checked(dossier, entry, today=day)
        except UserError:
            # What its contract does not admit nobody would have returned.
            continue
        entries.append(entry)
    if entries:
        measurements.record_all(desk, contract, entries)


def _value(objective: Objective, day: date) -> Decimal | None:
    """An invented value on a day; None where nobody returned one: one objective in six, and what its parts make."""
    chance = zlib.crc32(objective.code.encode())
    if chance % 6 == 0 or objective.retired or objective.aggregation.value != "aucun" or objective.is_context:
        return None
    if objective.aim.yes_or_no:
        return Decimal(chance % 2)
    start, target = objective.start_value, objective.target_value
    if start is None or target is None:
        middle = target if target is not None else Decimal(10 + chance % 20)
        return _rounded(middle * (80 + (chance + day.month) % 30) / 100, objective)
    begun, ends = objective.start_date, objective.target_date
    if begun is None or day < begun:
        return None
    gone = Fraction(1) if ends is None or ends <= begun else Fraction((day - begun).days, (ends - begun).days)
    pace = Fraction(3 + chance % _PACES, 10)
    way = Fraction(target - start) * min(gone, Fraction(1)) * pace
    return _rounded(start + Decimal(way.numerator) / Decimal(way.denominator), objective)


def _rounded(value: Decimal, objective: Objective) -> Decimal:
    return value.quantize(Decimal("0.1") if objective.unit.startswith("%") else Decimal(1))


def _told(desk: Desk, contract: str) -> None:
    """The météo of four engagements in five."""
    day = desk.today()
    with desk.act(f"Météo des engagements au {french.format_date(day)}") as unit:
        for item in followed(desk.dossier(contract)):
            chance = zlib.crc32(item.code.encode())
            if chance % 5:
                weather = _WEATHERS[chance % len(_WEATHERS)]
                unit.put(
                    Meteo(new_key(), item.key, day, weather, results="Avancement inventé pour l’exemple.")
                )


def _entered(day: date) -> Callable[[Desk, str], None]:
    def do(desk: Desk, contract: str) -> None:
        committee.create(desk, contract, committee.MeetingEntry(MeetingKind.COPIL, day))

    return do


def _frozen(desk: Desk, contract: str) -> None:
    freezing.freeze(desk, contract, desk.dossier(contract).meetings[0].key)


def _decided(due: date) -> Callable[[Desk, str], None]:
    def do(desk: Desk, contract: str) -> None:
        dossier = desk.dossier(contract)
        carrier = dossier.partners[0].short_name if dossier.partners else ""
        entry = committee.DecisionEntry("Réunir les pilotes des objectifs en retard", carrier, due)
        committee.decide(desk, contract, dossier.meetings[0].key, entry)

    return do
