"""What the quick entry offers for a name or a code, whether the first of it may be taken unread, and what it says of the
objective taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from qpvdesk.domain.codes import code_typed, is_typed_as_code
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.model import Objective
from qpvdesk.domain.progress import after_value
from qpvdesk.domain.wording import called

if TYPE_CHECKING:
    from qpvdesk.domain.progress import Assessment
    from qpvdesk.services.search import Found
    from qpvdesk.ui.kit.selection import ItemList

_NOTHING = "Aucun objectif ne porte ces mots\u202f: essayez un autre mot de son libellé, ou son code."


def offer_objectives(
    found_list: ItemList, sought: str, hits: Sequence[Found], objectives: Iterable[Objective]
) -> str:
    """Show the objectives that may be meant, the likeliest first. Return why none is taken unless it is chosen; empty where
    the first is proposed."""
    told = {objective.code: objective for objective in objectives}
    codes, doubt = candidates(sought, [hit.code for hit in hits if hit.code in told], told)
    found_list.clear()
    for code in codes:
        found_list.add(called(told[code]), code, hint=called(told[code]))
    found_list.setCurrentRow(-1 if doubt else 0)
    found_list.setVisible(bool(codes))
    return doubt


def candidates(sought: str, found: Sequence[str], codes: Collection[str]) -> tuple[Sequence[str], str]:
    """Return which of some codes are offered for what was typed, and why none of them is taken unread. `found`: those that
    the search gave. A code that no objective bears was mistyped: the figure would be kept on another that begins alike."""
    if meant := code_typed(sought, codes):
        return tuple(dict.fromkeys((meant, *found))), ""
    if not is_typed_as_code(sought, codes):
        return found, "" if found or not sought else _NOTHING
    near = found or get_close_matches(sought.upper(), codes)
    what_to_do = "choisissez dans la liste" if near else "essayez un mot de son libellé"
    return near, f"Aucun objectif ne porte le code «\u202f{sought}\u202f»\u202f: {what_to_do}."


def last_told(assessment: Assessment) -> str:
    """« Dernier relevé : 21 bus au 31 décembre 2024. »"""
    last = (
        f"{how_far(assessment).value} {after_value(assessment)}" if assessment.value_day else "aucun encore"
    )
    return f"Dernier relevé\u202f: {last}."
