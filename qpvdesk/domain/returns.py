"""What came back from a partner: its figures as they were entered together, one line a return."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from qpvdesk.domain.model import Dossier


class Return(Struct, frozen=True):
    """Figures of one partner entered on the same day from the same source."""

    entered_on: date
    source: str
    """Empty where none was said."""
    codes: tuple[str, ...]
    """The objectives, in the order of their codes."""
    last: date
    """The latest day the figures are of."""


def returns_of(dossier: Dossier, partner: str) -> tuple[Return, ...]:
    """Return what came back from a partner (by key), the latest first.

    Figures that came with the contract itself have no day of entry, and are not among them.
    """
    codes = {one.key: one.code for one in dossier.objectives if one.partner == partner}
    held: dict[tuple[date, str], list[tuple[str, date]]] = {}
    for one in dossier.measurements:
        if one.objective in codes and one.entered_on is not None:
            held.setdefault((one.entered_on, one.source), []).append((codes[one.objective], one.day))
    made = [
        Return(day, source, tuple(sorted({code for code, _ in figures})), max(of for _, of in figures))
        for (day, source), figures in held.items()
    ]
    return tuple(sorted(made, key=lambda one: (one.entered_on, one.last, one.source), reverse=True))
