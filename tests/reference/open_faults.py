"""The disagreements that are known and not mended yet, each by its name, what the rule says, and which it covers.

None loosens the comparison: a disagreement that none of them names fails, and so does a fault that no longer shows in the
fixed contracts of the tests. Whoever mends one takes it out of here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.reference.answers import Reckoned
from tests.reference.comparison import Disagreement

Covers = Callable[[Disagreement, Reckoned], bool]


@dataclass(frozen=True)
class Fault:
    """One fault of the product, the sentence that it goes against, and what it explains."""

    name: str
    rule: str
    covers: Covers


OPEN: Sequence[Fault] = ()


def explained(one: Disagreement, known: Reckoned) -> str | None:
    """The name of the first fault that covers a disagreement; None where none does."""
    return next((fault.name for fault in OPEN if fault.covers(one, known)), None)
