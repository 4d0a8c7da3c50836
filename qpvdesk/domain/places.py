"""What lies in what, for which share, and how many people that makes: each quartier once, whoever is missing named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from msgspec import Struct

from qpvdesk.domain.levels import Levels
from qpvdesk.domain.model import Dossier, Level, Territory, TerritoryLink
from qpvdesk.domain.populations import Populations, Vintage

_WHOLE = Fraction(9995, 10000)
"""From this sum on, rounded shares are the whole."""

Share = Fraction | None
"""None where a place lies in another for a share that nobody knows; 0 where it does not."""


class Headcount(Struct, frozen=True):
    """The inhabitants of the quartiers of a place, summed."""

    value: Fraction | None
    """None where no quartier has a known number in the vintage."""
    vintage: Vintage
    counted: tuple[Territory, ...]
    missing: tuple[Territory, ...]
    """Quartiers without a number in that vintage, or without a share in the place."""
    shared: bool
    """Whether a quartier counts for a share of it: the value is then an estimate."""


class Places:
    """The places of a contract and the links between them. A tree is the case where no place has two links."""

    def __init__(self, dossier: Dossier) -> None:
        self.levels = Levels(dossier.place_levels)
        code = dossier.contract.epci
        self.home = next((item for item in dossier.territories if code and item.code == code), None)
        """The contract's own place; None where the contract does not name one that it holds."""
        self._by_key = {item.key: item for item in dossier.territories}
        self._populations = Populations(dossier.populations)
        self._links: dict[str, list[TerritoryLink]] = {}
        for link in dossier.territory_links:
            if link.part in self._by_key and link.whole in self._by_key and link.part != link.whole:
                self._links.setdefault(link.part, []).append(link)
        self._edges = {item.key: self._edges_of(item) for item in dossier.territories}
        self._above: dict[str, tuple[str, ...]] = {}
        self._shares: dict[tuple[str, str], Share] = {}

    def _edges_of(self, place: Territory) -> dict[str, list[tuple[str, Share]]]:
        """Return the places just above, by level. The parent is one where no link says more of its level."""
        edges: dict[str, list[tuple[str, Share]]] = {}
        for link in self._links.get(place.key, ()):
            share = None if link.share is None else Fraction(link.share)
            edges.setdefault(self._by_key[link.whole].level, []).append((link.whole, share))
        parent = self._by_key.get(place.parent or "")
        if parent is not None and parent.key != place.key and parent.level not in edges:
            edges[parent.level] = [(parent.key, Fraction(1))]
        return edges

    def links_of(self, key: str) -> tuple[TerritoryLink, ...]:
        """The links of a place to those that it lies in, the largest share first."""
        links = self._links.get(key, ())
        return tuple(sorted(links, key=lambda item: (-(item.share or 0), self._by_key[item.whole].code)))

    def linked_to(self, key: str) -> tuple[TerritoryLink, ...]:
        """The links of the places that lie in a place, in the order of their codes."""
        found = [link for links in self._links.values() for link in links if link.whole == key]
        return tuple(sorted(found, key=lambda item: self._by_key[item.part].code))

    def above(self, key: str) -> tuple[str, ...]:
        """The keys of all the places that a place lies in, the nearest first; of those as near, the largest share."""
        if key not in self._above:
            found: dict[str, None] = {}
            near = [key]
            while near:
                following: list[str] = []
                for item in near:
                    for edges in self._edges.get(item, {}).values():
                        ordered = sorted(edges, key=lambda edge: -(edge[1] or 0))
                        following += [whole for whole, _ in ordered if whole not in found and whole != key]
                found |= dict.fromkeys(following)
                near = list(dict.fromkeys(following))
            self._above[key] = tuple(found)
        return self._above[key]

    def is_within(self, key: str, whole: str) -> bool:
        """Tell whether a place is another, or lies in it, even for a part."""
        return key == whole or whole in self.above(key)

    def share(self, part: str, whole: str) -> Share:
        """Return the share of a place that lies in another, by whichever way says it."""
        if part == whole:
            return Fraction(1)
        if whole not in self.above(part):
            return Fraction(0)
        if (part, whole) not in self._shares:
            # A circle of links finds nothing of itself.
            self._shares[part, whole] = Fraction(0)
            self._shares[part, whole] = _best(
                self._through(edges, whole) for edges in self._edges[part].values()
            )
        return self._shares[part, whole]

    def _through(self, edges: list[tuple[str, Share]], whole: str) -> Share:
        """The share that the places of one level make together: each part of a place is in one of them."""
        inner = [(share, self.share(key, whole)) for key, share in edges]
        if all(of_whole == 1 for _, of_whole in inner) and any(share is None for share, _ in inner):
            # Wherever it lies, it lies in the whole.
            return Fraction(1)
        total = Fraction(0)
        for share, of_whole in inner:
            if of_whole == 0:
                continue
            if share is None or of_whole is None:
                return None
            total += share * of_whole
        return Fraction(1) if total >= _WHOLE else total

    def quartiers_in(self, key: str) -> tuple[Territory, ...]:
        """The quartiers prioritaires of today's geography that lie in a place, even for a part; itself left out."""
        return tuple(
            item
            for item in self._by_key.values()
            if item.level == Level.QPV and item.key != key and key in self.above(item.key)
        )

    def headcount(self, key: str) -> Headcount | None:
        """Sum the inhabitants of the quartiers of a place, each for its share and once; None where it has none.

        Of one vintage: the one that most of them have, the latest of those.
        """
        quartiers = self.quartiers_in(key)
        if not quartiers:
            return None
        known = {item.key: self._populations.by_vintage(item.key, "qpv") for item in quartiers}
        vintages: Counter[Vintage] = Counter(vintage for values in known.values() for vintage in values)
        if not vintages:
            return Headcount(None, None, (), quartiers, shared=False)
        vintage = max(vintages, key=lambda item: (vintages[item], item or date.min))
        total, shared = Fraction(0), False
        counted: list[Territory] = []
        for item in quartiers:
            share, people = self.share(item.key, key), known[item.key].get(vintage)
            if share is not None and people is not None:
                counted.append(item)
                total += share * people
                shared = shared or share != 1
        missing = tuple(item for item in quartiers if item not in counted)
        return Headcount(total if counted else None, vintage, tuple(counted), missing, shared=shared)


def _best(shares: Iterator[Share] | Iterable[Share]) -> Share:
    """Return what the ways up say together: the largest that is known, else that it is unknown, else nothing."""
    every = list(shares)
    known = [share for share in every if share]
    return max(known) if known else None if None in every else Fraction(0)
