"""Values in lines: after the name of what has no row, and two figures a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.declined import (
    missing_words,
    own_words,
    whole_of,
)
from qpvdesk.domain.evolution import counted_in
from qpvdesk.domain.french import NBSP, NNBSP, format_value
from qpvdesk.domain.how_far import against_aloud, how_far, untold_unit
from qpvdesk.domain.model import Mesure, Objective
from qpvdesk.domain.progress import Assessment, after_value, day_words
from qpvdesk.domain.review import Review
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.targets import set_against
from qpvdesk.domain.wording import called
from qpvdesk.reports.cells import Figure
from qpvdesk.reports.ending import paired
from qpvdesk.reports.objectives import (
    OTHER,
    contradicted,
    counter_values,
    current_cell,
    evolution_words,
    read_words,
    start_words,
)
from qpvdesk.reports.style import WIDTH, fill
from qpvdesk.reports.text import cell


def value_words(
    situation: Situation, item: Objective, review: Review | None = None, *, terse: bool = False
) -> str:
    """`, 172 au 31/05/2026 pour 200 (« près de »)`: what follows the name of an objective that has no row. `terse`: without
    the unit that its name does not say."""
    found = situation.assessments[item.key]
    told = "" if item.aim.promised or found.value is not None else ", aucune valeur"
    if found.value is not None:
        # Of a sum its parts are told with their unit, which it would seem to lack.
        with_unit = found.spread is not None or (not terse and bool(untold_unit(item)))
        value = how_far(found).value if with_unit else current_cell(found, WIDTH).texts[0]
        told = f", {value} {after_value(found, _when(item, found))}{set_against(against_aloud(found, brief=True))}"
    remarks, moved = _beside_value(situation, item, brief=False)
    if review is not None:
        remarks = f"{NNBSP}; ".join(filter(None, (remarks, *contradicted(review, found))))
    whole = whole_of(situation, item)
    counted = f", compris dans {whole.code}" if whole else ""
    return counted + told + (f" ({remarks})" if remarks else "") + (f", {moved}" if moved else "")


def _beside_value(situation: Situation, item: Objective, *, brief: bool) -> tuple[str, str]:
    """What there is to know of a value, which stands before the year before; and how far it moved."""
    found = situation.assessments[item.key]
    unmoved = brief or item.aim.promised or found.value is None
    remarks = f"{NNBSP}; ".join(_value_remarks(situation, item, found))
    return remarks, "" if unmoved else evolution_words(situation, found)


def _when(item: Objective, found: Assessment) -> str:
    """Of which year a yearly amount is, unless that is a convention, else on which day a value stood."""
    at = f"{'par an, ' if item.mesure is Mesure.FLUX else ''}au{NBSP}"
    return day_words(found, at)


def _value_remarks(situation: Situation, item: Objective, found: Assessment) -> list[str]:
    """Of whom the figure is, how its start is counted, whether it is provisional, the remark of its measurement, and what
    else was recorded of it, as its row would tell them."""
    # A name that says of whom needs it said once.
    apart = not item.aim.promised and item.population not in item.label
    told = [item.population] if item.population and apart else []
    told += [text.rstrip(".") for text in start_words(item, rated=found.rate is not None)]
    told += [] if item.aim.promised else read_words(item)
    told += filter(None, [own_words(situation, found), missing_words(found)])
    if found.measurement is not None:
        told += ["provisoire"] * found.measurement.provisional
        told += filter(None, [found.measurement.comment.strip().rstrip(" .")])
    others = (format_value(other.value, item.unit) for other in counter_values(situation, found))
    year = counted_in(item, found.value_day, found.measurement).removeprefix("en ")
    other = f"Autre chiffre de {year}" if year else OTHER
    told += [f"{other}{NNBSP}: {value}" for value in others]
    return [*map(situation.names.lowered, told)]


def _noun(items: Sequence[Objective]) -> str:
    """What heads their names: of those that nobody asks for, « suivi » would say that somebody does."""
    return "Indicateur" if any(item.is_context for item in items) else "Chiffre suivi"


def followed_pairs(
    situation: Situation, items: Sequence[Objective], *, brief: bool = False
) -> list[Flowable]:
    """Figures without a target, two a row, after what they were, of when over them. `brief`: without how far they moved."""
    found = [situation.assessments[item.key] for item in items]
    times = ["" if known.value is None else _when(known.objective, known) for known in found]
    day = f"\n{times[0]}" if len({*times}) == 1 else ""
    widths = fill(None, 64, None, 64)
    halves: list[list[Any]] = []
    for item, known, when in zip(items, found, times, strict=True):
        value = current_cell(known, widths[1] - 8).texts[0]
        remarks, moved = _beside_value(situation, item, brief=brief)
        beside = f"{NNBSP}; ".join(filter(None, [remarks, moved.removeprefix("contre ")]))
        unit = "" if known.value is None else untold_unit(item)
        name = ", ".join(filter(None, [called(item), unit, beside]))
        halves.append([cell(name, widths[0] - 8), Figure(value, "" if day else when, widths[1] - 8)])
    return paired((_noun(items), f"Valeur{day}"), halves, widths, right=(1, 3))
