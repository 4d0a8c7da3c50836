"""What a chapter does not tell one by one: how many, the first by name, the others by their codes or where to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.french import NNBSP, code_ranges, plural
from qpvdesk.domain.model import Engagement, Objective
from qpvdesk.domain.told import called
from qpvdesk.reports.lists import first_of
from qpvdesk.reports.style import NOTE_STYLE
from qpvdesk.reports.text import whole_paragraph

COUNTS_STYLE = NOTE_STYLE.clone("counts", spaceBefore=4)
NAMED_MAX = 4


def folded_words(
    words: str,
    items: Sequence[Engagement] | Sequence[Objective],
    noun: str,
    *,
    where: str,
    more: Callable[[Any], str] = lambda _: "",
    most: int = NAMED_MAX,
) -> str:
    """How many are not told one by one, with the first names; where to read the others, where there are more, or which;
    empty for none.

    `more`: what follows the name of each; `most`: how many are named.
    """
    if not items:
        return ""
    count = plural(len(items), noun, " ".join(f"{word}s" for word in noun.split()))
    return _counted_names(words, items, count, where, more=more, most=most)


def _counted_names(
    words: str,
    items: Sequence[Engagement] | Sequence[Objective],
    count: str,
    where: str,
    *,
    more: Callable[[Any], str],
    most: int,
) -> str:
    shown: Sequence[Engagement | Objective] = first_of(items, most)
    names = f"{NNBSP}; ".join(f"{called(item)}{more(item)}" for item in shown)
    rest = len(items) - len(shown)
    more_of_them = f"à lire {where}" if where else code_ranges([item.code for item in items[len(shown) :]])
    others = f" et {plural(rest, 'autre', 'autres')} ({more_of_them})" if rest > 0 else ""
    return f"{words} ({count}){NNBSP}: {names}{others}."


def folded_as(
    words: str,
    items: Sequence[Objective],
    count: str,
    *,
    where: str,
    more: Callable[[Any], str] = lambda _: "",
    most: int = NAMED_MAX,
) -> list[Flowable]:
    """The same as a line of a chapter, their `count` told by who knows how many of them are counted elsewhere; nothing for
    none."""
    told = _counted_names(words, items, count, where, more=more, most=most)
    return [whole_paragraph(told, COUNTS_STYLE)] if items else []
