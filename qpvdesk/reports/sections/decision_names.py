"""How the decisions of a committee count objectives, and name them."""

from __future__ import annotations

from collections.abc import Sequence

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
"""More objectives than that in one sentence are told by their codes, and more than this by whose they are: how many of
each partner may be those of another list."""


def behind_words(items: Sequence[Assessment]) -> tuple[str, str]:
    """What those are called, one and several: by their status, by both where they have not the same."""
    statuses = {item.status for item in items}
    if statuses == {Statut.EN_RETARD}:
        return "en retard", "en retard"
    both = "en retard ou " if len(statuses) > 1 else ""
    return f"{both}non atteint", f"{both}non atteints"


def count_words(items: Sequence[Assessment], singular: str = "", many: str = "") -> str:
    """`l’objectif non atteint`, `3 objectifs non atteints`: one alone is named after it, and is no number."""
    if len(items) == 1:
        return f"l’objectif {singular}".rstrip()
    return f"{plural(len(items), 'objectif', 'objectifs')} {many}".rstrip()


def named_words(
    data: CopilData, items: Sequence[Assessment], label_max: int, mark: str = f"{NNBSP}: "
) -> str:
    """What follows their count: after `mark` their names where they are few; else their codes, or, of many, whose
    they are."""
    if len(items) > CODES_MAX:
        return f" ({of_whom(data, [item.objective.partner for item in items])})"
    if len(items) > NAMED_MAX:
        return f" ({_codes_of(data, [item.objective for item in items])})"
    names = [
        f"{quoted(shorten_words(label, label_max) if label_max else label)} ({item.objective.code})"
        for item in items
        for label in (item.objective.label,)
    ]
    return f"{mark}{enumerate_words(names)}"


def _codes_of(data: CopilData, objectives: Sequence[Objective]) -> str:
    """`Bpifrance : BPI-O06, O10 ; ARS-O05`: the codes of a few, after whose they are where they do not say it."""
    names = data.situation.dossier.partner_names
    codes: dict[str, list[str]] = {}
    for objective in objectives:
        codes.setdefault(names.get(objective.partner, NO_PARTNER), []).append(objective.code)
    told = (
        f"{'' if found[0].startswith(f'{name}-') else f'{name}{NNBSP}: '}{code_ranges(found)}"
        for name, found in codes.items()
    )
    return f"{NNBSP}; ".join(told)
