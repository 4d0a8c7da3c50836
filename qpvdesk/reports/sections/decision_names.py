"""How the decisions of a committee count objectives, and name them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qpvdesk.domain.counts import NO_PARTNER
from qpvdesk.domain.french import NNBSP, code_ranges, enumerate_words, plural
from qpvdesk.domain.model import Objective
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.wording import quoted
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.left_out import of_whom
from qpvdesk.reports.text import shorten_words

NAMED_MAX, CODES_MAX = 2, 5
"""More objectives than that in one sentence are told by their codes, with a name each where there is room, and more than
this by whose they are: how many of each partner may be those of another list."""


class Naming(NamedTuple):
    """How the objectives of a decision are named."""

    label_max: int = 0
    """Letters of a name, 0 for all."""
    titled: bool = False
    """Whether three to five have their names beside their codes: who reads a code alone looks it up."""


CODED, TITLED = Naming(), Naming(titled=True)


def behind_words(items: Sequence[Assessment]) -> tuple[str, str]:
    """What those are called, one and several: by their status, by both where they have not the same."""
    statuses = {item.status for item in items}
    if statuses == {Statut.EN_RETARD}:
        return "en retard", "en retard"
    both = "en retard ou " if len(statuses) > 1 else ""
    return f"{both}non atteint", f"{both}non atteints"


def count_words(items: Sequence[Assessment], singular: str = "", many: str = "", *, only: bool = True) -> str:
    """`l’objectif non atteint`, `3 objectifs non atteints`: one alone is named after it, and is no number. `only`: none but
    it is so; `un objectif non atteint` else."""
    if len(items) == 1:
        return f"{'l’' if only else 'un '}objectif {singular}".rstrip()
    return f"{plural(len(items), 'objectif', 'objectifs')} {many}".rstrip()


def named_words(
    data: CopilData, items: Sequence[Assessment], naming: Naming, mark: str = f"{NNBSP}: "
) -> str:
    """What follows their count: after `mark` their names where they are few; else their codes, or, of many, whose
    they are."""
    if len(items) > CODES_MAX:
        return f" ({of_whom(data, [item.objective.partner for item in items])})"
    if len(items) > NAMED_MAX:
        return f" ({few_words(data, [item.objective for item in items], naming)})"
    return f"{mark}{enumerate_words([name_words(data, item.objective, naming.label_max) for item in items])}"


def few_words(data: CopilData, objectives: Sequence[Objective], naming: Naming) -> str:
    """`Bpifrance : BPI-O06, O10 ; ARS : ARS-O05`: a few by their codes, with their names where there is room, after whose
    they are."""
    names = data.situation.dossier.partner_names
    theirs: dict[str, list[Objective]] = {}
    for objective in objectives:
        theirs.setdefault(names.get(objective.partner, NO_PARTNER), []).append(objective)
    told = (
        f"{name}{NNBSP}: "
        + (
            ", ".join(name_words(data, item, naming.label_max) for item in found)
            if naming.titled
            else code_ranges(item.code for item in found)
        )
        for name, found in theirs.items()
    )
    return f"{NNBSP}; ".join(told)


def name_words(data: CopilData, objective: Objective, label_max: int) -> str:
    label = shorten_words(objective.label, label_max) if label_max else objective.label
    return f"{quoted(label)} ({data.situation.names.apart(objective)})"
