"""The disagreements that are known and not mended yet, each by its name, what the rule says, and which it covers.

None loosens the comparison: a disagreement that none of them names fails, and so does a fault that no longer shows in the
fixed contracts of the tests. Whoever mends one takes it out of here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.reference.answers import Reckoned
from tests.reference.comparison import Disagreement
from tests.reference.reckoning import is_context
from tests.reference.views import ABSENT

Covers = Callable[[Disagreement, Reckoned], bool]


@dataclass(frozen=True)
class Fault:
    """One fault of the product, the sentence that it goes against, and what it explains."""

    name: str
    rule: str
    covers: Covers


def _asks(*questions: str) -> Covers:
    return lambda one, _: one.question in questions


def _absent(question: str) -> Fault:
    return Fault(
        f"absent: {question}",
        "cli: what `etat --format json` adds",
        lambda one, _: one.question == question and one.product == ABSENT,
    )


def _of(one: Disagreement, known: Reckoned, *sens: str) -> bool:
    row = known.rows.get(one.about)
    return row is not None and row["sens"] in sens


def _made_of_parts(one: Disagreement, known: Reckoned) -> bool:
    row = known.rows.get(one.about)
    return row is not None and row["aggregation"] != "aucun"


def _context(one: Disagreement, known: Reckoned) -> bool:
    row = known.rows.get(one.about)
    return row is not None and is_context(row)


def _small_rate(one: Disagreement, known: Reckoned) -> bool:
    if one.question not in ("taux en mots", "ligne") or one.about not in known.rows:
        return False
    rate = known.now.standings[one.about].rate
    return rate is not None and rate != 0 and abs(rate) < Fraction(1, 200)


OPEN: Sequence[Fault] = (
    *map(
        _absent,
        (
            "mieux",
        ),
    ),
    Fault(
        "a figure of context has a value, an evolution and an age only",
        "model, B: « Context is outside every count, rate, status tile, alert »",
        _context,
    ),
    Fault(
        "the trend of the document",
        "figures: « Change and trend »: by the measurements, against the one named day, of every sens",
        _asks("tendance"),
    ),
    Fault(
        "what parts make",
        "figures: « the aggregate (or which parts are missing) as the value »; « One vintage of population in a quotient »",
        _made_of_parts,
    ),
    Fault(
        "a rate that is not zero is not printed 0 %",
        "figures: « A known quantity that is not zero is never printed as 0 »",
        _small_rate,
    ),
)  # fmt: skip


def explained(one: Disagreement, known: Reckoned) -> str | None:
    """The name of the first fault that covers a disagreement; None where none does."""
    return next((fault.name for fault in OPEN if fault.covers(one, known)), None)
