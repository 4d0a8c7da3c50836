"""Counts by status as one bar, and a bar for each partner, hatched so that grey tells them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qpvdesk.charts.labels import Box
from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.metrics import shorten, text_width
from qpvdesk.charts.primitives import Anchor, Chart, Hatch, Ink, Line, Primitive, Text
from qpvdesk.domain.counts import promised_count
from qpvdesk.domain.french import format_number, plural
from qpvdesk.domain.statuses import STATUT_ORDER, Statut

BAR_ORDER: tuple[Statut, ...] = tuple(status for status in STATUT_ORDER if status is not Statut.SUIVI)
"""Statuses of promised objectives, worst first; context figures are promised by nobody and take no room."""
_SEGMENT_GAP = 1.0
_NAMES_SHARE = 0.46
"""The most of the width that names take: a long one stands whole, the bars keep half."""
_BAR_SHARE = 0.68
"""Of its row that a bar takes: a count stands on it, and between two bars belongs to neither."""
_COUNT_AIR, _COUNT_GROUND = 3.0, 3.0
"""Points of a segment that are seen beside its count; what the ground of paper under that and the gap take more."""


def bar_items(counts: Mapping[Statut, int], box: Box, whole: int | None = None) -> list[Primitive]:
    """The segments of one bar in a box. `whole` objectives would fill its width; by default those counted."""
    total = sum(counts.get(status, 0) for status in BAR_ORDER)
    if not total:
        return []
    scale = (box.right - box.left) / max(whole or total, total)
    x = box.left
    items: list[Primitive] = []
    for status in BAR_ORDER:
        count = counts.get(status, 0)
        if not count:
            continue
        look = STATUS_MARKS[status]
        room = count * scale
        items.append(look.rect(x, box.top, max(room - _SEGMENT_GAP, 0.6), box.bottom - box.top))
        x += room
    return items


def status_bar(counts: Mapping[Statut, int], width: float, height: float, *, text_size: float = 0) -> Chart:
    """One bar of all promised objectives by status, filling the width; `text_size`: of the counts on it, 0 for none."""
    box = Box(0, 0, width, height)
    items = bar_items(counts, box)
    items += counts_on(counts, box, size=text_size) if items and text_size else []
    return Chart(width, height, tuple(items), summary=counts_sentence(counts))


def counts_sentence(counts: Mapping[Statut, int]) -> str:
    """`12 objectifs : 3 en retard, 9 conformes.`"""
    head = plural(promised_count(counts), "objectif", "objectifs")
    words = statuses_words(counts)
    return f"{head}\u202f: {words}." if words else f"{head}."


def statuses_words(counts: Mapping[Statut, int]) -> str:
    """`3 en retard, 9 conformes`; empty where nothing is promised."""
    return ", ".join(_counted(counts[status], status) for status in BAR_ORDER if counts.get(status))


def agreed(status: Statut, count: int) -> str:
    """`non atteint`, `non atteints`, `en retard`: the word of a status, said of so many."""
    word = STATUS_MARKS[status].word.lower()
    return f"{word}s" if count > 1 and status in _ADJECTIVES else word


def _counted(count: int, status: Statut) -> str:
    """`1 conforme`, `3 conformes`, `2 en retard`: adjectives agree, adverbs do not."""
    # « 2 non » ended a line.
    return plural(count, agreed(status, 1), agreed(status, 2)).replace(" ", "\u00a0")


_ADJECTIVES = frozenset(
    {Statut.NON_ATTEINT, Statut.NON_RENSEIGNE, Statut.CONFORME, Statut.ATTEINT, Statut.SUIVI}
)


def named_bars(
    rows: Sequence[tuple[str, Mapping[Statut, int]]],
    width: float,
    *,
    row: float = 20.0,
    text_size: float = 8.5,
    whole: int = 0,
) -> Chart:
    """A row for each name and its counts: name, bar on a common scale, how many it counts in all.

    The count of a segment stands on it where there is room, on a ground of paper unless it is solid. `whole`: how many the
    whole width counts, those of the longest row unless it is told.
    """
    names = [name for name, _ in rows]
    left = min(width * _NAMES_SHARE, max((text_width(name, text_size) for name in names), default=0.0) + 10)
    right = text_width("000", text_size) + 6
    whole = whole or max((promised_count(counts) for _, counts in rows), default=1) or 1
    items: list[Primitive] = []
    bar_width = width - left - right
    height = row * _BAR_SHARE
    for index, (name, counts) in enumerate(rows):
        top = index * row + (row - height) / 2
        base = top + height / 2 + text_size * 0.34
        items.append(Text(0, base, _shortened(name, text_size, left - 6), text_size))
        total = promised_count(counts)
        if not total:
            items.append(Text(left, base, "aucun objectif promis", text_size, Ink.MENTION))
            continue
        box = Box(left, top, left + bar_width, top + height)
        items += bar_items(counts, box, whole)
        items += counts_on(counts, box, whole, size=text_size)
        end = left + bar_width * total / whole + 4
        items.append(Text(end, base, format_number(total), text_size, Ink.TEXT, Anchor.START, bold=True))
    items.append(Line(left - 3, row * 0.1, left - 3, len(names) * row - row * 0.1, Ink.AXIS, 0.6))
    summary_text = " ".join(f"{name}\u202f: {counts_sentence(counts)}" for name, counts in rows)
    return Chart(width, len(names) * row, tuple(items), summary=summary_text)


def _shortened(name: str, size: float, room: float) -> str:
    """« Communauté d’agglo… · département »: two bars of one partner are told apart by what follows its name."""
    head, dot, scale = name.rpartition(" · ")
    end = f"{dot}{scale}"
    return shorten(head, size, room - text_width(end, size)) + end if dot else shorten(name, size, room)


def counts_on(
    counts: Mapping[Statut, int], box: Box, whole: int | None = None, *, size: float
) -> list[Primitive]:
    """The count of each segment of a bar, in its middle. `whole`: as of `bar_items`."""
    scale = (box.right - box.left) / (whole or promised_count(counts))
    base, x = (box.top + box.bottom) / 2 + size * 0.34, box.left
    items: list[Primitive] = []
    for status in BAR_ORDER:
        room = counts.get(status, 0) * scale
        text = format_number(counts.get(status, 0))
        # A ground of paper leaves of one filled whole an empty frame: the worst would be the least seen.
        solid = STATUS_MARKS[status].hatch is Hatch.SOLID
        if room and text_width(text, size) + _COUNT_AIR + (0 if solid else _COUNT_GROUND) <= room:
            look = Ink.PAPER if solid else Ink.TEXT
            middle = x + room / 2 - 0.5
            items.append(Text(middle, base, text, size, look, Anchor.MIDDLE, bold=solid, halo=not solid))
        x += room
    return items
