"""Figures that cannot be: recorded on a day to come, about another place, a share beyond its whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from qpvdesk.domain.faults.known import YEARS_BEFORE_MAX, Found, Known
from qpvdesk.domain.faults.units import is_share, share_fault
from qpvdesk.domain.french import enumerate_words, fold, format_date
from qpvdesk.domain.model import Breakdown, CounterValue, Measurement, Objective
from qpvdesk.domain.wording import called


def measurement_faults(known: Known, item: Measurement) -> Iterator[Found]:
    """A measurement. An objective that is not in the contract has nothing to say of it."""
    owner = known.objectives.get(item.objective)
    if owner is None:
        return
    yield from _value_faults(known, owner, item)
    if item.territory not in known.places(owner):
        yield _elsewhere(known, owner, item)
    numerator, denominator = item.numerator, item.denominator
    if (numerator is None) is not (denominator is None):
        yield (
            "numerator" if numerator is None else "denominator",
            "l’un ne va pas sans l’autre, numérateur et dénominateur",
        )
    elif denominator is not None and denominator <= 0:
        yield "denominator", "un dénominateur n’est ni zéro ni négatif"


def suspects(known: Known, items: Iterable[Measurement]) -> Iterator[Measurement]:
    """Yield the measurements of which `measurement_faults` may find something, in a quarter of its time.

    Most are without quotient, of a place of their objective, of a day and of a value that may be: a contract has them by
    the ten thousand.
    """
    bounds: dict[str, tuple[frozenset[str], int | None, int]] = {}
    first, today = known.oldest or date.min, known.today
    for item in items:
        if item.objective not in bounds:
            owner = known.objectives.get(item.objective)
            if owner is None or owner.aim.yes_or_no:
                bounds[item.objective] = (frozenset(), None, 0)
            else:
                bounds[item.objective] = (known.places(owner), 0 if is_share(owner.unit) else None, 100)
        places, least, most = bounds[item.objective]
        if (
            item.territory not in places
            or item.numerator is not None
            or item.denominator is not None
            or not first <= item.day <= (today or item.entered_on or date.max)
            or (least is not None and not least <= item.value <= most)
        ):
            yield item


def counter_value_faults(known: Known, item: CounterValue) -> Iterator[Found]:
    """Another figure for the same objective."""
    owner = known.objectives.get(item.objective)
    if owner is not None:
        yield from _value_faults(known, owner, item)


def breakdown_faults(known: Known, item: Breakdown) -> Iterator[Found]:
    """What one category counts, once a day."""
    owner = known.objectives.get(item.objective)
    if owner is None:
        return
    yield from _value_faults(known, owner, item)
    if not item.category.strip():
        yield "category", "indiquez la catégorie"
    if known.breakdowns[item.objective, item.day, fold(item.list_name), fold(item.category)] > 1:
        yield "category", f"«\u202f{item.category}\u202f» y est deux fois au {format_date(item.day)}"


def _value_faults(
    known: Known, owner: Objective, item: Measurement | CounterValue | Breakdown
) -> Iterator[Found]:
    if owner.aim.yes_or_no and item.value not in (0, 1):
        yield ("value", "un jalon est réalisé ou ne l’est pas", "Saisissez 1 (réalisé) ou 0 (non réalisé).")
    elif is_share(owner.unit):
        for field, why in share_fault("value", item.value):
            yield (
                field,
                why,
                "Vérifiez la virgule et le signe\u202f%\u202f; une unité comme «\u202f% de 2019\u202f» peut, elle,"
                " dépasser 100.",
            )
    # Without a clock, the day a figure was entered tells that it was of a day to come.
    last = known.today or (item.entered_on if isinstance(item, Measurement) else None)
    if last is not None and item.day > last:
        yield (
            "day",
            f"le {format_date(item.day)} n’est pas encore passé\u202f: aucune valeur ne peut y être relevée",
            f"Indiquez une date jusqu’au {format_date(last)}.",
        )
    oldest = known.oldest
    if oldest is not None and item.day < oldest:
        yield (
            "day",
            f"le {format_date(item.day)} précède de plus de {YEARS_BEFORE_MAX} ans le début du contrat",
            f"Indiquez une date à partir du {format_date(oldest)}.",
        )


def _elsewhere(known: Known, owner: Objective, item: Measurement) -> Found:
    place = known.territories.get(item.territory)
    if place is None:
        return (
            "territory",
            f"le territoire de cette valeur de {called(owner)} n’existe plus",
            "Rechargez la page pour voir le contrat tel qu’il est.",
        )
    names = sorted(known.territories[key].name for key in known.places(owner) if key in known.territories)
    return (
        "territory",
        f"cet objectif se compte sur {enumerate_words(names, limit=4)}, pas sur {place.name}\u202f:"
        " cette valeur n’y compterait nulle part",
        "Corrigez le territoire, ou déclinez l’objectif sur ce lieu.",
    )
