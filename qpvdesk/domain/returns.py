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
    codes = {item.key: item.code for item in dossier.objectives if item.partner == partner}
    by_delivery: dict[tuple[date, str], list[tuple[str, date]]] = {}
    for item in dossier.measurements:
        if item.objective in codes and item.entered_on is not None:
            by_delivery.setdefault((item.entered_on, item.source), []).append(
                (codes[item.objective], item.day)
            )
    returns = [
        Return(day, source, tuple(sorted({code for code, _ in figures})), max(of for _, of in figures))
        for (day, source), figures in by_delivery.items()
    ]
    return tuple(sorted(returns, key=lambda item: (item.entered_on, item.last, item.source), reverse=True))
