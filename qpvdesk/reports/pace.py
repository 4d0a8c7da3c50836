"""What statuses do not say by themselves: that they rest on values of before the contract, that what goes well today
would miss its target at the pace seen so far."""

from __future__ import annotations

from collections.abc import Iterable

from qpvdesk.charts.bars import counts_sentence
from qpvdesk.domain.counts import PartnerSummary
from qpvdesk.domain.french import NNBSP, enumerate_words, format_edge
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.projection import misses_target, short_words
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import GROUPS, Group, Statut
from qpvdesk.domain.told import quoted
from qpvdesk.reports.text import shorten_words

_SHORT_MAX, _LABEL_MAX = 4, 32
"""How many are named, and by how many letters."""
_ON_THEIR_WAY = GROUPS[Group.VA_BIEN][1:]
"""What goes well and is not there yet."""


def standing_words(situation: Situation, summary: PartnerSummary) -> str:
    """How the objectives of a partner stand, and how old that is; empty where it promised none."""
    own = [item for item in situation.counted if item.objective.partner == summary.partner.key]
    told = [counts_sentence(summary.counts), *before_the_contract(situation, own)]
    return " ".join(told) if summary.objectives else ""


def before_the_contract(situation: Situation, items: Iterable[Assessment] | None = None) -> list[str]:
    """How many of the values that these statuses rest on are older than the contract itself; of all that is promised, or
    of `items`."""
    start = situation.dossier.contract.start
    among = situation.counted if items is None else items
    known = [item.value_day for item in among if item.status is not Statut.SUIVI and item.value_day]
    before = sum(day < start for day in known) if start is not None else 0
    if not before:
        return []
    if before == len(known):
        told = "La seule valeur connue" if before == 1 else f"Les {before} valeurs connues"
    else:
        told = f"{before} des {len(known)} valeurs connues"
    told += f"{' des objectifs promis' if items is None else ''} {'date' if before == 1 else 'datent'}"
    return [f"{told} d’avant le contrat ({format_edge(start)})."]


def too_slow_words(situation: Situation) -> list[str]:
    """How many of those that go well would all the same miss their target, and which."""
    well = [item for item in situation.counted if item.status in _ON_THEIR_WAY]
    late = too_slow(situation)
    if not late:
        return []
    names = enumerate_words([_short(situation, item) for item in late], limit=_SHORT_MAX)
    who = f"{len(late)} des {len(well)} objectifs conformes" if len(well) > 1 else "l’objectif conforme"
    verb = "manquerait sa cible" if len(late) == 1 else "manqueraient leur cible"
    return [f"Au rythme médian depuis le départ, {who} ou en avance {verb}{NNBSP}: {names}."]


def _short(situation: Situation, item: Assessment) -> str:
    """« Prêts accordés » (192 pour 200 M€)."""
    projection = situation.projection(item.objective.key)
    told = f" ({short_words(item.objective, projection)})" if projection is not None else ""
    return f"{quoted(shorten_words(item.objective.label, _LABEL_MAX))}{told}"


def too_slow(situation: Situation) -> list[Assessment]:
    """Those that are on their way today and would miss their target at the pace seen so far."""
    found = []
    for item in situation.counted:
        if item.status in _ON_THEIR_WAY:
            projection = situation.projection(item.objective.key)
            if projection is not None and misses_target(item.objective, projection):
                found.append(item)
    return found
