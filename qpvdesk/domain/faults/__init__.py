"""What cannot be, whichever road it came by: form, workbook, JSON, TOML, package, shell and coherence ask here.

`faults` goes through things of a contract and yields what is wrong with each, at its field; `refusal` says it of one
figure about to be recorded; `doubts.Doubts` says what is possible and yet unlikely.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from datetime import date
from typing import Any

from msgspec import Struct

from qpvdesk.domain.codes import is_stand_in
from qpvdesk.domain.faults import contract, figures, promises, statements, visits
from qpvdesk.domain.faults.known import Found, Known
from qpvdesk.domain.french import enumerate_words, raised
from qpvdesk.domain.kinds import KINDS
from qpvdesk.domain.model import Dossier, Level, Measurement

_RULES: dict[str, Callable[[Known, Any], Iterator[Found]]] = {
    "contract": contract.contract_faults,
    "place_level": contract.place_level_faults,
    "territory": contract.territory_faults,
    "territory_link": contract.link_faults,
    "population": contract.population_faults,
    "axis": promises.axis_faults,
    "engagement": promises.engagement_faults,
    "engagement_partner": promises.engagement_partner_faults,
    "engagement_theme": promises.theme_faults,
    "condition": promises.condition_faults,
    "objective": promises.objective_faults,
    "milestone": promises.milestone_faults,
    "funding": promises.funding_faults,
    "funding_year": promises.funding_year_faults,
    "statement": statements.statement_faults,
    "operand": statements.operand_faults,
    "measurement": figures.measurement_faults,
    "counter_value": figures.counter_value_faults,
    "visit": visits.visit_faults,
    "breakdown": figures.breakdown_faults,
}


class Fault(Struct, frozen=True):
    """What is wrong with one field of one thing."""

    kind: str
    """Name of its kind (`objective`…)."""
    key: str
    field: str
    """The field at fault as its kind or its form names it (`target_value`, `operands`)."""
    words: str
    """Why, in French without capital or stop."""
    remedy: str = ""
    """What to do, a complete sentence; empty where the words say it."""

    @property
    def sentence(self) -> str:
        """Why, as a complete sentence."""
        stop = "" if self.words.endswith("?") else "."
        return f"{raised(self.words)}{stop}"


def faults(
    dossier: Dossier, *, today: date | None = None, among: Container[str] | None = None
) -> Iterator[Fault]:
    """Yield what cannot be in a contract, kind by kind. `among`: only the things of those keys.

    `today`: a value of a later day is at fault; without it, no day is to come.
    """
    known = Known(dossier, today)
    for kind in KINDS:
        rule = _RULES.get(kind.name)
        if rule is None or kind.apart:
            continue
        things = (dossier.contract,) if kind.name == "contract" else getattr(dossier, kind.dossier)
        for thing in figures.suspects(known, dossier.measurements) if kind.name == "measurement" else things:
            if among is None or thing.key in among:
                for found in rule(known, thing):
                    yield Fault(kind.name, thing.key, *found)


def doubtful_codes(dossier: Dossier, *, among: Container[str] | None = None) -> Iterator[Fault]:
    """Yield what codes are to be checked, or wait for the official one. `among`: only of the things of those keys."""
    yield from doubtful_numbers(dossier, among=among)
    yield from waiting_codes(dossier, among=among)


def doubtful_numbers(dossier: Dossier, *, among: Container[str] | None = None) -> Iterator[Fault]:
    """Yield the SIREN numbers whose key is false: possible to write down, to be checked. Of one number, once."""
    numbers = [("contract", dossier.contract.key, "epci", dossier.contract.epci)]
    numbers += [
        ("territory", item.key, "code", item.code) for item in dossier.territories if item.level == Level.EPCI
    ]
    seen: set[str] = set()
    for kind, key, field, code in numbers:
        if (
            code
            and code not in seen
            and (among is None or key in among)
            and (why := contract.siren_doubt(code))
        ):
            seen.add(code)
            yield Fault(
                kind, key, field, why, "Vérifiez ce numéro, puis corrigez-le ou prenez ce point en compte."
            )


def waiting_codes(dossier: Dossier, *, among: Container[str] | None = None) -> Iterator[Fault]:
    """Yield the places of which nobody gave the official code, all at once: the first of them bears it."""
    waiting = sorted(
        (item for item in dossier.territories if is_stand_in(item) and (among is None or item.key in among)),
        key=lambda item: item.code,
    )
    if waiting:
        names = enumerate_words([item.name for item in waiting])
        lack = (
            "n’a pas encore son code officiel" if len(waiting) == 1 else "n’ont pas encore leur code officiel"
        )
        remedy = "Donnez-le dans la page « Territoires » ; d’ici là, le nom du lieu en tient lieu."
        yield Fault("territory", waiting[0].key, "code", f"{names} {lack}", remedy)


def refusal(known: Known, measurement: Measurement) -> Fault | None:
    """Return why a figure cannot be recorded in a contract; None where it can. `known` serves a whole file."""
    found = next(figures.measurement_faults(known, measurement), None)
    return None if found is None else Fault("measurement", measurement.key, *found)


__all__ = ["Fault", "Known", "doubtful_codes", "doubtful_numbers", "faults", "refusal", "waiting_codes"]
