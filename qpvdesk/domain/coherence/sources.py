"""Rules on what the contract stands on: texts, periods, years, places of its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from qpvdesk.domain.coherence.checks import Checked
from qpvdesk.domain.coherence.structure import about
from qpvdesk.domain.french import enumerate_words, fold, format_date, format_value
from qpvdesk.domain.model import LegalReference, Level, StatementKind
from qpvdesk.domain.points import Finding

_NUMBER = re.compile(r"\bn° ?([0-9]{2,4}[-./][0-9]{2,6}|[0-9]{6,10})\b")
_PERIOD = re.compile(r"\b(20[0-9]{2})[-–](20[0-9]{2})\b")
_YEAR = re.compile(r"\b20[0-9]{2}\b")
_LAW = re.compile(r"(?:loi|ordonnance|decret|arrete|circulaire|instruction)\b")
"""How the name of a text begins that speaks of programmes and is none."""
_DATED = re.compile(
    r"\bdu ([0-9]{1,2})(?:er)? (janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)"
    r" ([0-9]{4})\b"
)
_MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
    "decembre",
)  # fmt: skip
_OLD_YEARS = 5
"""How many years before the contract a figure or a list is of another time."""


def legal_numbers(checked: Checked) -> Iterator[Finding]:
    """One text under two writings of its number, or cited twice under one."""
    by_digits: dict[str, list[tuple[LegalReference, str]]] = {}
    for reference in checked.dossier.legal_references:
        texts = (reference.label, reference.citation.mark if reference.citation else "")
        written = dict.fromkeys(match[1] for text in texts for match in _NUMBER.finditer(text))
        for number in written:
            by_digits.setdefault(re.sub(r"\D", "", number), []).append((reference, number))
    for found in by_digits.values():
        numbers = list(dict.fromkeys(number for _, number in found))
        owners = list({reference.key: reference for reference, _ in found}.values())
        if len(numbers) > 1:
            what = f"est écrit {enumerate_words([f'n° {number}' for number in numbers])}"
        elif len(owners) > 1:
            what = f"est cité {len(owners)} fois"
        else:
            continue
        names = enumerate_words([f"«\u202f{owner.label}\u202f»" for owner in owners])
        yield Finding(
            owners[0].code,
            owners[0].partner,
            f"Un même numéro de texte {what} : {names}.",
            "Relevez le numéro sur le texte lui-même et ne gardez qu’une référence.",
            owners[0].citation,
            instances=tuple(owner.code for owner in owners) if len(owners) > 1 else (),
        )


def legal_dates(checked: Checked) -> Iterator[Finding]:
    """A text whose name bears another date, or another year, than the one it is given."""
    for reference in checked.dossier.legal_references:
        if reference.dated is None:
            continue
        named = _named_day(reference.label)
        number = re.search(r"\b(?:loi|decret) n° ?((?:19|20)[0-9]{2})-", fold(reference.label))
        if named is not None and named != reference.dated:
            other = format_date(named)
        elif number and int(number[1]) != reference.dated.year:
            other = number[1]
        else:
            continue
        yield Finding(
            reference.code,
            reference.partner,
            f"{reference.label} : son nom dit {other}, sa date le {format_date(reference.dated)}.",
            "Relevez la date sur le texte lui-même.",
            reference.citation,
        )


def _named_day(text: str) -> date | None:
    match = _DATED.search(fold(text))
    try:
        return date(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1])) if match else None
    except ValueError:
        return None


def old_lists(checked: Checked) -> Iterator[Finding]:
    """A text that lists quartiers, of long before the contract that speaks of its own."""
    start = checked.dossier.contract.start
    for reference in checked.dossier.legal_references:
        words = fold(reference.label)
        if start is None or reference.dated is None or reference.dated.year > start.year - _OLD_YEARS:
            continue
        if "liste" in words and "quartiers" in words:
            yield Finding(
                reference.code,
                reference.partner,
                f"{reference.label} ({format_date(reference.dated)}) : cette liste précède de plusieurs années les"
                f" quartiers du contrat ({start.year}).",
                "Faites préciser quelle carte des quartiers vaut pour chaque chiffre.",
                reference.citation,
                cause="Ces listes de quartiers précèdent le contrat de plusieurs années",
                gist=f"{reference.label} ({format_date(reference.dated)})",
            )


def ending_programmes(checked: Checked) -> Iterator[Finding]:
    """A programme that the contract stands on and that ends before it; one that was over when it began is of another."""
    start, end = checked.dossier.contract.start, checked.dossier.contract.end
    # What the contract says itself of a partner: each of the years that it compares.
    told = {
        (statement.partner, year)
        for statement in checked.statements(StatementKind.COMPARAISON)
        for operand in checked.operands(statement)
        for year in _YEAR.findall(operand.label)
    }
    for reference in checked.dossier.legal_references:
        match = None if _LAW.match(fold(reference.label)) else _PERIOD.search(reference.label)
        if end is None or match is None or (start is not None and int(match[2]) < start.year):
            continue
        if {(reference.partner, match[2]), (reference.partner, str(end.year))} <= told:
            continue
        if int(match[1]) < int(match[2]) < end.year:
            yield Finding(
                reference.code,
                reference.partner,
                f"{reference.label} : ce programme finit en {match[2]}, le contrat en {end.year}.",
                "Demandez ce qui prendra la suite.",
                reference.citation,
                cause=f"Ces programmes finissent avant la fin du contrat ({end.year})",
                gist=f"{reference.label} ({match[2]})",
            )


def mixed_vintages(checked: Checked) -> Iterator[Finding]:
    """Inhabitants of two vintages in one quotient: a place and the one that contains it."""
    places = {item.key: item for item in checked.dossier.territories}
    latest = {
        (item.territory, item.perimeter): item
        for item in sorted(checked.dossier.populations, key=lambda item: item.vintage or date.min)
    }
    for (key, perimeter), part in latest.items():
        whole = latest.get((places[key].parent or "", perimeter))
        if whole is None or part.vintage is None or whole.vintage is None:
            continue
        if part.vintage.year != whole.vintage.year:
            above = places[whole.territory]
            gist = f"{places[key].name} ({part.vintage.year})"
            yield Finding(
                places[key].code,
                None,
                f"{gist} et {above.name} ({whole.vintage.year}) : les deux populations n’ont pas le même millésime,"
                " leur quotient mêle deux années.",
                "Retenez le même millésime des deux côtés, ou aucun.",
                part.citation,
                perimeter,
                cause=f"Ces populations n’ont pas le millésime de {above.name} ({whole.vintage.year}), qui les contient",
                gist=gist,
            )


def old_values(checked: Checked) -> Iterator[Finding]:
    """A figure in force that was counted years before the contract."""
    start = checked.dossier.contract.start
    for objective in checked.objectives:
        measurement = checked.situation.assessments[objective.key].measurement
        if start is None or measurement is None or measurement.day.year > start.year - _OLD_YEARS:
            continue
        shown = f"{objective.label} ({format_value(measurement.value, objective.unit)})"
        yield about(
            objective,
            f"{shown} : ce chiffre est du {format_date(measurement.day)}, le contrat de {start.year}.",
            "Demandez le chiffre d’aujourd’hui avant de le présenter comme la situation.",
            cause=f"Ces chiffres sont du {format_date(measurement.day)}, le contrat de {start.year}",
            gist=shown,
        )


def overlapping_amounts(checked: Checked) -> Iterator[Finding]:
    """Amounts of one partner over the same years, of one stage: nothing says whether one is part of the other."""
    for partner in checked.dossier.partners:
        money = [
            item
            for item in checked.dossier.fundings
            if item.partner == partner.key and item.unit == "EUR" and item.first_year < item.last_year
        ]
        for funding, other in combinations(money, 2):
            overlap = funding.first_year <= other.last_year and other.first_year <= funding.last_year
            if overlap and funding.stage is other.stage and funding.amount != other.amount:
                yield Finding(
                    funding.code,
                    partner.key,
                    f"{funding.label} ({funding.amount_words}, {funding.years}) et {other.label} ({other.amount_words},"
                    f" {other.years}) portent sur les mêmes années : rien ne dit si l’un est une part de l’autre.",
                    "Ne les additionnez pas ; demandez au partenaire comment ils se rapportent l’un à l’autre.",
                    funding.citation,
                    other.code,
                )


def amounts_before(checked: Checked) -> Iterator[Finding]:
    """Amounts of years that were over before the contract began."""
    start = checked.dossier.contract.start
    for funding in checked.dossier.fundings:
        if start is not None and funding.last_year < start.year:
            shown = f"{funding.label} ({funding.amount_words}, {funding.years})"
            yield Finding(
                funding.code,
                funding.partner,
                f"{shown} : ces années précèdent le contrat ({start.year}).",
                "Ne les présentez pas comme des moyens du contrat.",
                funding.citation,
                cause=f"Ces montants portent sur des années d’avant le contrat ({start.year})",
                gist=shown,
            )


def no_local_figure(checked: Checked) -> Iterator[Finding]:
    """Partners none of whose figures is counted at the scale of the contract or below."""
    own = next((item for item in checked.dossier.territories if item.level == Level.EPCI), None)
    if own is None or (checked.dossier.contract.epci not in (None, own.code)):
        return
    places = {item.key: item for item in checked.dossier.territories}
    for partner in checked.dossier.partners:
        mine = [item for item in checked.objectives if item.partner == partner.key]
        scales = dict.fromkeys(places[item.territory].name for item in mine if item.parent is None)
        if mine and not any(checked.situation.is_within(places[item.territory], own.key) for item in mine):
            names = enumerate_words(list(scales))
            yield Finding(
                partner.code,
                partner.key,
                f"{partner.name} : aucun de ses chiffres ne porte sur l’agglomération ({own.name})"
                f" ni sur ses quartiers ({names}).",
                "Demandez la part de l’agglomération avant d’en tirer quoi que ce soit pour elle.",
                cause=f"Aucun chiffre de ces partenaires ne porte sur l’agglomération ({own.name}) ni sur ses quartiers",
                gist=f"{partner.name} ({names})",
            )
