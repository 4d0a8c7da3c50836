"""What became of each objective between two days."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from qpvdesk.domain.counts import SEVERITY
from qpvdesk.domain.french import NNBSP, format_date, format_rate
from qpvdesk.domain.model import Objective
from qpvdesk.domain.progress import STATUT_LABELS, Assessment, value_words
from qpvdesk.domain.situation import Situation


class Move(Struct, frozen=True):
    """What became of an objective between two days."""

    objective: Objective
    before: Assessment
    after: Assessment
    sentence: str

    @property
    def status_changed(self) -> bool:
        return self.before.status is not self.after.status


def moves_between(earlier: Situation, later: Situation) -> tuple[Move, ...]:
    """What moved: changes of status first, for the worse before the better, then moves of the rate or the value, the
    widest first."""
    moves: list[Move] = []
    for objective in later.promises:
        before, after = earlier.assessments.get(objective.key), later.assessments[objective.key]
        if before is not None and (before.status is not after.status or before.value != after.value):
            moves.append(Move(objective, before, after, _sentence(objective, before, after)))
    return tuple(sorted(moves, key=lambda move: _rank(move.before, move.after)))


def _rank(before: Assessment, after: Assessment) -> tuple[int, int, Fraction]:
    width = -abs((after.rate or Fraction(0)) - (before.rate or Fraction(0)))
    if before.status is after.status:
        return 1, 0, width
    worse = SEVERITY.get(after.status, 0) - SEVERITY.get(before.status, 0)
    return 0, -worse, width


def _sentence(objective: Objective, before: Assessment, after: Assessment) -> str:
    head = f"{objective.code}{NNBSP}: "
    value = value_words(after)
    if before.value is None and after.value is not None:
        text = f"première valeur connue, {value}"
    elif after.value is None:
        text = "plus de valeur connue"
    elif objective.aim.yes_or_no:
        text = value
    elif before.value == after.value:
        text = f"valeur inchangée, {value}"
    else:
        text = f"de {value_words(before)} à {value}"
    if after.value_day is not None:
        text += f" au {format_date(after.value_day)}"
    if before.rate is not None and after.rate is not None and before.rate != after.rate and not after.flagged:
        text += f" (taux de {format_rate(before.rate)} à {format_rate(after.rate)})"
    if before.status is after.status:
        return f"{head}{text}, toujours «{NNBSP}{STATUT_LABELS[after.status]}{NNBSP}»."
    was, now = STATUT_LABELS[before.status], STATUT_LABELS[after.status]
    return f"{head}{text}, de «{NNBSP}{was}{NNBSP}» à «{NNBSP}{now}{NNBSP}»."
