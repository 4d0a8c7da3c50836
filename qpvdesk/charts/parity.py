"""Shares set against their reference: each row a share, the reference as a bar to reach, the gap in points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import takewhile

from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.metrics import shorten_within, text_width
from qpvdesk.charts.primitives import Anchor, Chart, Hit, Ink, Line, Mark, Primitive, Text
from qpvdesk.charts.ticks import ValueTick, broken_axis, value_ticks
from qpvdesk.domain.french import format_date, format_value, raised
from qpvdesk.domain.how_far import gap_words
from qpvdesk.domain.progress import Assessment

_COLUMNS = ("Code", "Part", "Valeur", "Référence", "Écart")
_NAMES_WIDTH_MAX = 0.56
"""The share of the width that the names may take, before they are cut."""
_BREAK, _SIGN = 13.0, 12.0
"""Points that a broken axis begins before its first graduation."""


def parity_rows(assessments: Sequence[Assessment]) -> tuple[Assessment, ...]:
    """Those that compare a known share with a known reference, the furthest below it first."""
    known = [
        item
        for item in assessments
        if item.objective.aim.compared and item.value is not None and item.reference_value is not None
    ]
    return tuple(sorted(known, key=lambda item: (item.gap or Fraction(0), item.objective.code)))


def parity_ticks(rows: Sequence[Assessment]) -> tuple[ValueTick, ...]:
    """The graduations of those rows, one at least: from zero where the shares are near it."""
    values = [value for item in rows for value in (item.value, item.reference_value) if value is not None]
    low, high = min(values), max(values)
    reach = high - low
    return value_ticks(
        max(Fraction(0), low - reach / 6) if low >= 0 else low, high, 5, rows[0].objective.unit
    )


def reference_day_words(item: Assessment) -> str:
    """` au 31/12/2023`: when the reference was measured, where that is another day than the share's; empty on the same."""
    day = item.reference_day
    return "" if day is None or day == item.value_day else f" au {format_date(day)}"


def parity_chart(
    assessments: Sequence[Assessment],
    width: float,
    scales: Mapping[str, str],
    *,
    row: float = 17.0,
    text_size: float = 8.0,
) -> Chart:
    """Draw the parity objectives among `assessments`; an empty chart (height 0) where there is none to compare.

    `scales`: by objective, the word of its scale or place, which stands before its name, or once over all if it is the same.
    """
    rows = parity_rows(assessments)
    if not rows:
        return Chart(width, 0.0, ())
    ticks = parity_ticks(rows)
    gaps = [gap_words(item) for item in rows]
    titles = [f"{raised(scales[item.objective.key])} · {item.objective.label}" for item in rows]
    names, shared = _names(rows, titles, width, text_size)
    first, last = float(ticks[0].value), float(ticks[-1].value)
    broken = first > 0 or last < 0
    # The sign of a broken axis stands under the end of the last name.
    beside = [8.0] * (len(rows) - 1) + [8.0 + _SIGN * broken]
    left = _names_width(rows, names, width, text_size, last=beside[-1])
    right = width - max(text_width(text, text_size, bold=True) for text in gaps) - 8

    def place(value: Fraction) -> float:
        return left + (float(value) - first) / (last - first) * (right - left)

    head, bottom = text_size * 1.8, text_size * 1.8 + len(rows) * row
    graduations = [(place(tick.value), tick.label) for tick in ticks]
    items = _axis(graduations, head, bottom, size=text_size, scale=shared)
    items.append(Line(left - (_BREAK if broken else 0), bottom, right, bottom, Ink.AXIS, 0.7))
    if broken:
        # At its foot: at its head it would cover the words of the first graduation.
        items.append(broken_axis(left - _BREAK, bottom, text_size, level=True))
    hits: list[Hit] = []
    for index, (item, gap, name) in enumerate(zip(rows, gaps, names, strict=True)):
        assert item.value is not None
        assert item.reference_value is not None
        assert item.value_day is not None
        middle = head + index * row + row / 2
        base = middle + text_size * 0.34
        code = item.objective.code
        items.append(Text(0, base, code, text_size, Ink.MENTION))
        indent = text_width(code, text_size) + 5
        items.append(
            Text(indent, base, shorten_within(name, text_size, left - indent - beside[index]), text_size)
        )
        x, at, look = place(item.value), place(item.reference_value), STATUS_MARKS[item.status]
        items.append(Line(at, middle, x, middle, look.ink, 2.2))
        items.append(Line(at, middle - row * 0.34, at, middle + row * 0.34, Ink.TEXT, 1.6))
        items.append(Mark(x, middle, 11, look.shape, Ink.PAPER))
        items.append(Mark(x, middle, 9, look.shape, look.ink))
        items.append(Text(width, base, gap, text_size, Ink.TEXT, Anchor.END, bold=True))
        reference = format_value(item.reference_value, item.objective.unit)
        note = f", référence {reference}{reference_day_words(item)}, écart {gap} ({code})"
        hits.append(Hit(x, middle, item.objective.key, item.value_day, item.value, item.objective.unit, note))
    figures = partial(_figures, rows, titles)
    return Chart(width, bottom + 4, tuple(items), tuple(hits), _summary(rows), _COLUMNS, figures)


def _summary(rows: Sequence[Assessment]) -> str:
    """How many shares are below what they are compared with, for who listens."""
    below = sum((item.gap or 0) < 0 for item in rows)
    if len(rows) == 1:
        where = "au-dessous" if below else "à son niveau ou au-dessus"
        return f"Une part comparée à sa référence, {where}."
    return f"{len(rows)} parts comparées à leur référence, dont {below} au-dessous."


def _names(
    rows: Sequence[Assessment], titles: list[str], width: float, text_size: float
) -> tuple[list[str], str]:
    """The names as they are written and, where these would be cut with it, what all begin with: their scale, their first
    words."""
    shared = {title.partition(" · ")[0] for title in titles}
    if len(shared) > 1 or _names_width(rows, titles, width, text_size) < width * _NAMES_WIDTH_MAX:
        return titles, ""
    labels, scale = [item.objective.label for item in rows], shared.pop()
    words = zip(*(label.split() for label in labels), strict=False)
    head = [alike[0] for alike in takewhile(lambda alike: len({*alike}) == 1, words)]
    if not head or len(rows) == 1 or _names_width(rows, labels, width, text_size) < width * _NAMES_WIDTH_MAX:
        return labels, scale
    return [" ".join(label.split()[len(head) :]) or label for label in labels], f"{scale} · {' '.join(head)}…"


def _axis(
    graduations: Sequence[tuple[float, str]], head: float, bottom: float, *, size: float, scale: str
) -> list[Primitive]:
    # First what stands first on its line: drawings are read aloud in their order.
    items: list[Primitive] = [Text(0, head - 5, scale, size, Ink.MENTION)] if scale else []
    for x, words in graduations:
        items.append(Line(x, head - 2, x, bottom, Ink.GRID, 0.5))
        items.append(Text(x, head - 5, words, size, Ink.MENTION, Anchor.MIDDLE))
    return items


def _figures(rows: Sequence[Assessment], titles: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            item.objective.code,
            title,
            format_value(item.value, item.objective.unit),
            f"{format_value(item.reference_value, item.objective.unit)}{reference_day_words(item)}",
            gap_words(item),
        )
        for item, title in zip(rows, titles, strict=True)
    )


def _names_width(
    rows: Sequence[Assessment], names: Sequence[str], width: float, text_size: float, *, last: float = 8.0
) -> float:
    """The column of the names; `last`: the points that the last leaves free after it."""
    needed = (
        text_width(item.objective.code, text_size)
        + 5
        + text_width(name, text_size)
        + (last if item is rows[-1] else 8.0)
        for item, name in zip(rows, names, strict=True)
    )
    return min(max(width * 0.4, *needed), width * _NAMES_WIDTH_MAX)
