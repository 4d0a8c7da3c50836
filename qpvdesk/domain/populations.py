"""The inhabitants of the territories of a contract, by perimeter and by vintage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from qpvdesk.domain.model import Population

Vintage = date | None
"""None where nobody noted it."""


def _age(vintage: Vintage) -> date:
    return vintage or date.min


class Populations:
    """Numbers of inhabitants; a perimeter is `qpv` or `totale`."""

    def __init__(self, populations: Iterable[Population]) -> None:
        self._known: dict[tuple[str, str], dict[Vintage, Fraction]] = {}
        for item in populations:
            self._known.setdefault((item.territory, item.perimeter), {})[item.vintage] = Fraction(item.value)

    def _of(self, territory: str, perimeter: str) -> dict[Vintage, Fraction]:
        return self._known.get((territory, perimeter), {})

    def by_vintage(self, territory: str, perimeter: str) -> dict[Vintage, Fraction]:
        return dict(self._of(territory, perimeter))

    def latest(self, territory: str, perimeter: str) -> Fraction | None:
        """Inhabitants of the territory, of the latest vintage; None where none is known."""
        known = self._of(territory, perimeter)
        return known[max(known, key=_age)] if known else None

    def latest_vintage(self, territory: str, perimeter: str) -> Vintage:
        """The vintage of `latest`."""
        return max(self._of(territory, perimeter), key=_age, default=None)

    def together(
        self, territories: Sequence[str], perimeter: str
    ) -> tuple[Vintage, tuple[Fraction, ...]] | None:
        """Inhabitants of each of these territories in one vintage, the latest that all of them have.

        None where they have none in common: figures of two vintages make no quotient.
        """
        known = [self._of(territory, perimeter) for territory in territories]
        common = set(known[0]).intersection(*known[1:]) if known else set()
        if not common:
            return None
        vintage = max(common, key=_age)
        return vintage, tuple(values[vintage] for values in known)
