"""Rules on what a figure is reckoned from, and that the contract does not give."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qpvdesk.domain.coherence.checks import Checked
from qpvdesk.domain.coherence.structure import about
from qpvdesk.domain.faults.units import is_share
from qpvdesk.domain.french import format_date, format_number, format_value
from qpvdesk.domain.model import Frequency, Mesure, StatementKind
from qpvdesk.domain.points import Finding

_SHARES_MIN = 3
"""How many shares of one partner without their two numbers are worth a finding: one alone is often only quoted."""


_YEARS = re.compile(r"\b(?:de|entre|depuis) (?:\w+ )?\d{4}\b", re.IGNORECASE)


def no_origin(checked: Checked) -> Iterator[Finding]:
    """A running total that does not say from when it runs: neither its start date, nor its name, nor what is noted of it."""
    explained = checked.explained(StatementKind.BASE_ABSENTE)
    for objective in checked.objectives:
        if objective.mesure is not Mesure.CUMUL or objective.start_date or objective.key in explained:
            continue
        if " depuis " in f" {objective.label} " or _YEARS.search(objective.note):
            continue
        last = checked.situation.assessments[objective.key]
        figure = format_value(
            objective.target_value if objective.target_value is not None else last.value, objective.unit
        )
        who = checked.partner(objective.partner)
        yield about(
            objective,
            f"{objective.label} : ce cumul ({figure}) ne dit pas depuis quand il court.",
            "Demandez au partenaire la date à partir de laquelle il compte.",
            cause=f"Ces cumuls ne disent pas depuis quand ils courent ({who})",
            gist=f"{objective.label} ({figure})",
        )


def bare_shares(checked: Checked) -> Iterator[Finding]:
    """Shares given without their two numbers: they can be neither checked, nor put together, nor brought to a place."""
    explained = checked.explained(StatementKind.BASE_ABSENTE)
    bare: dict[str, list[Finding]] = {}
    for objective in checked.objectives:
        measurement = checked.situation.assessments[objective.key].measurement
        if not is_share(objective.unit) or measurement is None or measurement.denominator is not None:
            continue
        # A rate that a text fixes once (a ceiling, a quota) is no part of a whole that somebody counts.
        if objective.key in explained or objective.frequency is Frequency.UNIQUE:
            continue
        who = checked.partner(objective.partner)
        shown = (
            f"{objective.label} ({format_value(measurement.value, '%')} au {format_date(measurement.day)})"
        )
        bare.setdefault(objective.partner, []).append(
            about(
                objective,
                f"{shown} : la part est donnée sans ses deux nombres.",
                "Demandez les effectifs : sans eux, ces parts ne se vérifient ni ne se regroupent.",
                cause=f"Ces parts sont données sans leurs deux nombres ({who})",
                gist=shown,
            )
        )
    for group in bare.values():
        if len(group) >= _SHARES_MIN:
            yield from group


def undated_populations(checked: Checked) -> Iterator[Finding]:
    """Inhabitants without a vintage, of which the contract does not say so itself: no quotient of theirs can be dated."""
    places = {item.key: item for item in checked.dossier.territories}
    told = {
        operand.value
        for statement in checked.statements(StatementKind.BASE_ABSENTE)
        for operand in checked.operands(statement)
    }
    for population in checked.dossier.populations:
        if population.vintage is None and population.value not in told:
            place = places[population.territory]
            shown = f"{place.name} ({format_number(population.value)})"
            yield Finding(
                place.code, None, f"{shown} : la population n’a pas de millésime.",
                "Faites préciser l’année et, en quartier prioritaire, la carte des quartiers.",
                population.citation, population.perimeter,
                cause="Ces populations n’ont pas de millésime", gist=shown,
            )  # fmt: skip
