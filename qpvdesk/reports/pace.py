"""What goes well today and would miss its target all the same, at the pace seen so far."""

from __future__ import annotations

from qpvdesk.domain.french import NNBSP, enumerate_words
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.projection import misses_target, short_words
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import GROUPS, Group
from qpvdesk.domain.told import quoted
from qpvdesk.reports.text import shorten_words

_SHORT_MAX, _LABEL_MAX = 4, 40
"""How many are named, and by how many letters."""
_ON_THEIR_WAY = GROUPS[Group.VA_BIEN][1:]
"""What goes well and is not there yet."""


def too_slow_words(situation: Situation, *, figures: bool) -> list[str]:
    """How many of those that go well would all the same miss their target, and which."""
    well = [item for item in situation.counted if item.status in _ON_THEIR_WAY]
    late = too_slow(situation)
    if not late:
        return []
    told = [_short(situation, item) if figures else _shortened(item) for item in late]
    names = enumerate_words(told, limit=_SHORT_MAX)
    who = f"{len(late)} des {len(well)} objectifs conformes" if len(well) > 1 else "l’objectif conforme"
    verb = "manquerait sa cible" if len(late) == 1 else "manqueraient leur cible"
    return [f"Au rythme constaté, {who} ou en avance {verb}{NNBSP}: {names}."]


def _short(situation: Situation, item: Assessment) -> str:
    """« Prêts accordés » (192 pour 200 M€)."""
    projection = situation.projection(item.objective.key)
    told = f" ({short_words(item.objective, projection)})" if projection is not None else ""
    return f"{_shortened(item)}{told}"


def _shortened(item: Assessment) -> str:
    return quoted(shorten_words(item.objective.label, _LABEL_MAX))


def too_slow(situation: Situation) -> list[Assessment]:
    """Those that are on their way today and would miss their target at the pace seen so far."""
    found = []
    for item in situation.counted:
        if item.status in _ON_THEIR_WAY:
            projection = situation.projection(item.objective.key)
            if projection is not None and misses_target(item.objective, projection):
                found.append(item)
    return found
