"""The disagreements that are known and not mended yet, each by its name, what the rule says, and which it covers.

None loosens the comparison: a disagreement that none of them names fails, and so does a fault that no longer shows in the
fixed contracts of the tests. Whoever mends one takes it out of here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.reference.answers import Reckoned
from tests.reference.comparison import Disagreement
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


def _not_summed(one: Disagreement, known: Reckoned) -> bool:
    row = known.rows.get(one.about)
    return row is not None and row["aggregation"] == "aucun" and " inside: " in str(one.reckoned)


OPEN: Sequence[Fault] = (
    _absent("mieux"),
    Fault(
        "the trend of the document",
        "figures: « Change and trend »: by the measurements, against the one named day, of every sens",
        _asks("tendance"),
    ),
    Fault(
        "the parts of a parent that does not add them up show inside it too",
        "figures: « Places that are neither above nor below … show inside their parent only »; « A recorded figure never"
        " disappears from view »",
        _not_summed,
    ),
)


def explained(one: Disagreement, known: Reckoned) -> str | None:
    """The name of the first fault that covers a disagreement; None where none does."""
    return next((fault.name for fault in OPEN if fault.covers(one, known)), None)
