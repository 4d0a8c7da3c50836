"""The signs of a table of objectives, and what is said of them over or under it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qpvdesk.domain.french import NBSP, NNBSP
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.model import Objective
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.target_rules import target_word
from qpvdesk.domain.targets import target_of
from qpvdesk.reports.style import MEDIUM, SMALL, text_width
from qpvdesk.reports.tables import PAD

TICKED = f"|{NBSP}attendu"
TICK = f"{TICKED}{NNBSP}: l’avancement attendu à la date de la valeur."
SAID = ", attendu"
"""What stands over the figures of a copy in its place: nothing is drawn there."""
TO_LOWER = "un chiffre à faire baisser jusqu’à sa cible"
_AT_MOST = f"≤{NNBSP}: {TO_LOWER.removeprefix('un ')}."
_OLD = f"Sous un statut, une date{NNBSP}: celle d’une valeur ancienne."
_GAUGE_MIN = 60.0


def sign_before(objective: Objective) -> str:
    """What stands before the figure of a target: the word that the contract puts there, else its sign. A ceiling has its
    word: « ≤ » stands before what is to come down."""
    aim = objective.aim
    return target_word(objective) or ("plafond " if aim.at_most and aim.is_bound else aim.sign)


def bound_told(objective: Objective, bound: str) -> str:
    """What a value is set against, `≤ 143 prêts`, with what stands before it in a table."""
    sign = objective.aim.sign
    return f"{sign_before(objective)}{bound.removeprefix(sign)}" if sign and bound.startswith(sign) else bound


def gauge_title(found: Sequence[Assessment], *, apart: str = "\n") -> str:
    """What heads their bars: where one has a tick, with what that is, which would be read as the target. `apart`: what parts
    the two, a new line unless it is given."""
    return f"Avancement{apart}{TICKED}" if has_ticks(found) else "Avancement"


def gauge_width(head: str) -> float:
    """The column of their bars: as wide as the longest line of its title."""
    return max(_GAUGE_MIN, *(text_width(text, MEDIUM, SMALL) + 2 * PAD for text in head.split("\n")))


def signs_words(found: Sequence[Assessment], *, ticks: bool = True) -> str:
    """What the tick of their bars and « ≤ » before their targets stand for; empty where they bear neither. `ticks`: whether
    the tick, which the first table of a paper tells, is told too."""
    lowered = any(_is_lowered(item.objective) for item in found)
    return " ".join([*[TICK] * (ticks and has_ticks(found)), *[_AT_MOST] * lowered])


def old_words(found: Iterable[Assessment]) -> str:
    """What a day under a status is, behind a dial that copies do not draw; empty where no status has one."""
    return _OLD if any(item.outdated and item.spread is None for item in found) else ""


def _is_lowered(objective: Objective) -> bool:
    aim = objective.aim
    return aim.at_most and target_of(objective) is not None and sign_before(objective) == aim.sign


def has_ticks(found: Sequence[Assessment]) -> bool:
    """Whether one of their bars is drawn, with where it should be."""
    expected = (how_far(item) for item in found if item.expected_rate is not None)
    return any(far.rate and not far.kept for far in expected)
