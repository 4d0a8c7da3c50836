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
from tests.reference.reckoning import NON_ATTEINT, SANS_TRAJECTOIRE, is_context
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


def _path(one: Disagreement, known: Reckoned) -> bool:
    if not _of(one, known, "plancher", "plafond"):
        return False
    row = known.rows[one.about]
    start = 0 if row["mesure"] == "cumul" else row["start_value"]
    target = row["target_value"]
    if start is None or target is None or row["target_date"] is None:
        return False
    return bool(start < target if row["sens"] == "plancher" else start > target)


def _inverted(one: Disagreement, known: Reckoned) -> bool:
    if not _of(one, known, "hausse", "baisse"):
        return False
    row = known.rows[one.about]
    start, target = row["start_value"], row["target_value"]
    if start is None or target is None:
        return False
    return bool(start > target if row["sens"] == "hausse" else start < target)


def _dated_parity(one: Disagreement, known: Reckoned) -> bool:
    return _of(one, known, "parite") and known.rows[one.about]["target_date"] is not None and (
        {one.product, one.reckoned} == {NON_ATTEINT, SANS_TRAJECTOIRE} or one.question == "ligne"
    )  # fmt: skip


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
            "tenu", "mieux", "échelle", "âge", "raison", "autres chiffres", "évolution depuis", "compare_a",
            "taux moyen, nombre", "taux moyen, échelle",
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
        "a floor by a date is a path",
        "figures: « with a start on the wrong side of its bound and a date is a path until that date »",
        _path,
    ),
    Fault(
        "a target on the wrong side has no rate",
        "figures: « rate null with its reason, sans_trajectoire, a fault told »",
        _inverted,
    ),
    Fault(
        "a parity by a date",
        "figures: « before it, kept is atteint, not kept is sans_trajectoire with its gap »",
        _dated_parity,
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
    Fault(
        "flags are not rates",
        "figures: « no table, csv, workbook, tooltip, spoken name or paper prints 0 % or 100 % for them »",
        lambda one, known: one.question == "taux en mots" and known.now.standings[one.about].kept is not None,
    ),
    Fault(
        "a parent and its parts are one thing",
        "figures: « A parent and its children are one thing in every count, tile, bar and mean: the parent counts »",
        _asks("statuts", "objectifs promis", "thématique", "thématique, nombre"),
    ),
    Fault(
        "the mean of a partner",
        "figures: « over its objectives with a way to go, of one scale, and says how many »",
        _asks("taux moyen"),
    ),
    Fault(
        "no mean rate of a contract",
        "figures: « No mean rate of a contract. »",
        _asks("taux moyen du contrat"),
    ),
    Fault(
        "what is looked at first",
        "figures: « One order, everywhere »: by lack",
        _asks("premiers", "à arbitrer"),
    ),
)  # fmt: skip


def explained(one: Disagreement, known: Reckoned) -> str | None:
    """The name of the first fault that covers a disagreement; None where none does."""
    return next((fault.name for fault in OPEN if fault.covers(one, known)), None)
