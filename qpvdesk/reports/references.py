"""What shares are compared with: its name, its value, its day, said where « parité » is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from reportlab.platypus import Flowable

from qpvdesk.domain.evolution import counted_on
from qpvdesk.domain.french import NNBSP, code_ranges, format_date, format_value, lowered
from qpvdesk.domain.model import Mesure, Objective
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.targets import by_reference
from qpvdesk.domain.wording import called
from qpvdesk.reports.lists import first_of
from qpvdesk.reports.style import NOTE_STYLE
from qpvdesk.reports.text import paragraph

_NAMED_MAX = 3
"""Of more references than that, the others go without their values."""
_DAYS_MAX = 2
"""Of more days than that, the first and the last of the values of a reference are told."""


def reference_on(situation: Situation, assessment: Assessment) -> str:
    """`au 31/12/2025`, `en 2025` of what is counted by year: of when the value is that a share is compared with; empty where
    none is known."""
    key, day = assessment.objective.reference, assessment.reference_day
    if key is None or day is None:
        return ""
    found = next((item for item in situation.measurements_of(key) if item.day == day), None)
    return counted_on(situation.objective(key), day, found, "au ")


def compared_with(
    situation: Situation, objectives: Sequence[Objective], *, dated: bool = True, whose: bool = False
) -> str:
    """What the shares among those are compared with, by name, and which with which of several; empty for none. `dated`:
    with its value and the day of it; `whose`: which of the objectives are compared, where some are not."""
    shares = by_reference(objectives)
    some = len(shares) > 1 or (whose and sum(map(len, shares.values())) < len(objectives))
    codes = {key: code_ranges(sorted(item.code for item in items)) for key, items in shares.items()}
    told = []
    for key, items in shares.items():
        values = _values(situation, items) if dated else ""
        # After the value of the reference, which would be read of them.
        own = f"{',' if values else ''} pour {codes[key]}" if some else ""
        if dated and len(_by_day(situation, items)) == _DAYS_MAX:
            # Of two values each share has its own.
            values, own = _values_each(situation, items), ""
        told.append(f"{called(situation.objective(key))}{values}{own}")
    shown = first_of(told, _NAMED_MAX)
    # The row of each has the value that it is compared with.
    rest = [f"{called(situation.objective(key))} pour {codes[key]}" for key in [*shares][len(shown) :]]
    return f"{NNBSP}; ".join([*shown, *rest])


def _values(situation: Situation, shares: Sequence[Objective]) -> str:
    """`, 15,9 % au 31/12/2025`: what the one reference of those shares was on the days that they are compared on."""
    by_day = _by_day(situation, shares)
    if len(by_day) > _DAYS_MAX:
        first, *_, last = by_day
        return f", du {format_date(first)} au {format_date(last)}"
    return "".join(f", {_value(situation, found)}" for found in by_day.values())


def _value(situation: Situation, share: Assessment) -> str:
    value = format_value(share.reference_value, share.objective.unit)
    return f"{value} {reference_on(situation, share)}{', provisoire' * share.reference_provisional}"


def _values_each(situation: Situation, shares: Sequence[Objective]) -> str:
    """`, 12,4 % au 18/01/2025, pour REGION-O028, et 12,8 % au 05/08/2026, pour CD-O028`: the same of two days, of whom."""
    told = []
    for day, found in _by_day(situation, shares).items():
        own = [item.code for item in shares if situation.assessments[item.key].reference_day == day]
        told.append(f"{_value(situation, found)}, pour {code_ranges(sorted(own))}")
    return f", {', et '.join(told)}"


def _by_day(situation: Situation, shares: Iterable[Objective]) -> dict[date, Assessment]:
    """One of those shares for each day on which their reference is read."""
    known = (situation.assessments.get(item.key) for item in shares)
    days = {found.reference_day: found for found in known if found is not None}
    return {day: days[day] for day in sorted(day for day in days if day is not None)}


def year_against_day(situation: Situation, objectives: Iterable[Objective]) -> str:
    """What is to be known of shares of a year that are compared with a state on one day; empty where none is. In one form,
    whether or not that day is told beside."""
    shares = by_reference(objectives)
    on_a_day = [items for key, items in shares.items() if situation.objective(key).mesure is Mesure.STOCK]
    unlike = sorted(item.code for items in on_a_day for item in items if item.mesure is Mesure.FLUX)
    # The reference is a share too, and is named just before: « chaque part » would be read of it.
    whose = "Toute part comparée" if len(unlike) > 1 else "La part comparée"
    if len(unlike) < sum(map(len, shares.values())):
        whose = f"Pour {code_ranges(unlike)}, {lowered(whose)}"
    return f"{whose} porte sur un an, la référence sur un jour." if unlike else ""


def parity_words(
    situation: Situation,
    objectives: Sequence[Objective],
    *,
    dated: bool = True,
    whose: bool = False,
) -> str:
    """What « parité » is with, and how like the two are. `dated`, `whose`: as in `compared_with`."""
    names = compared_with(situation, objectives, dated=dated, whose=whose)
    told = f"Référence{NNBSP}: {names}." if names else ""
    return " ".join(filter(None, (told, year_against_day(situation, objectives))))


def parity_note(
    situation: Situation, objectives: Sequence[Objective], *, dated: bool = True
) -> list[Flowable]:
    """The same as a sentence, under what is said of them."""
    told = parity_words(situation, objectives, dated=dated)
    return [paragraph(told, NOTE_STYLE)] if told else []


def parity_above(situation: Situation, objectives: Sequence[Objective]) -> list[Flowable]:
    """The same over the rows that say « parité », for their table may end on another page: before they are read, it says
    which they are."""
    told = parity_words(situation, objectives, whose=True)
    return [paragraph(told, NOTE_STYLE)] if told else []


def reference_words(
    now: Situation, earlier: Mapping[str, Assessment], objectives: Sequence[Objective]
) -> list[str]:
    """What the one reference of the shares among those was on the days of their first values, of those of `earlier` and of
    today's; nothing where it stands in the table whole."""
    if len(compared := by_reference(objectives)) != 1:
        return []
    ((key, shares),) = compared.items()
    known = (states.get(item.key) for states in (earlier, now.assessments) for item in shares)
    days = {found.value_day for found in known if found is not None}
    days |= {found.day for item in shares for found in now.measurements_of(item.key)[:1]}
    reference = now.objective(key)
    values = {found.day: found for found in now.measurements_of(reference.key) if found.day in days}
    told = f"{NNBSP}; ".join(
        f"{format_value(found.value, reference.unit)} au {format_date(day)}{', provisoire' * found.provisional}"
        for day, found in values.items()
    )
    return [f"Valeurs de la référence aux dates de ces relevés{NNBSP}: {told}."] if len(values) > 1 else []
