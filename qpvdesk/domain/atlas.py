"""Outlines and reference layers of a contract, as they are asked for; the gap of a place to the wider ones."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from qpvdesk.domain.french import format_number, format_value
from qpvdesk.domain.model import Contour, Layer, LayerFigure, Level, Territory
from qpvdesk.domain.places import Places
from qpvdesk.domain.shapes import Shape, shape_from

_COMPARED = (Level.EPCI, Level.DEPARTEMENT, Level.REGION, Level.NATION)


class Gap(Struct, frozen=True):
    """How far a figure is from that of a wider place, of the same layer and so of the same vintage."""

    place: Territory
    value: Decimal
    difference: Decimal


class Indicator(Struct, frozen=True):
    """The figure of a place in a layer, and its gaps."""

    layer: Layer
    figure: LayerFigure
    gaps: tuple[Gap, ...] = ()

    @property
    def value_words(self) -> str:
        """« 54,3 % », « secret », « inconnu »."""
        value, unit = self.figure.value, self.layer.unit
        if value is None:
            return "secret" if self.figure.secret else "inconnu"
        return format_value(value, unit) if unit else format_number(value)

    @property
    def words(self) -> str:
        """« Taux de bas revenus : 54,3 % (2021) ; Lens-Liévin 24,1 % (+30,2 points) »."""
        told = f"{self.layer.name}\u202f: {self.value_words} ({self.layer.vintage})"
        gaps = [
            f"{gap.place.name} {format_value(gap.value, self.layer.unit)} ({self.gap_words(gap)})"
            for gap in self.gaps
        ]
        return f"{told}\u202f; {', '.join(gaps)}" if gaps else told

    def gap_words(self, gap: Gap) -> str:
        """« +30,2 points », « −4 500 € »."""
        unit = "points" if self.layer.unit == "%" else self.layer.unit
        sign = "+" if gap.difference > 0 else "−" if gap.difference < 0 else ""
        return f"{sign}{format_number(abs(gap.difference))}\u00a0{unit}"


class Atlas(Struct, frozen=True, dict=True):
    """What a contract keeps apart."""

    contours: tuple[Contour, ...] = ()
    layers: tuple[Layer, ...] = ()
    layer_figures: tuple[LayerFigure, ...] = ()

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """The outline of each place that has one, the latest vintage."""
        return {
            item.territory: shape_from(item.geometry)
            for item in sorted(self.contours, key=lambda c: c.vintage)
        }

    @property
    def sources(self) -> tuple[str, ...]:
        """Who publishes the outlines, and of which year, each once."""
        told = (
            item.source if item.vintage in item.source else f"{item.source}, {item.vintage}"
            for item in self.contours
            if item.source
        )
        return tuple(sorted(set(told)))

    @cached_property
    def _figures(self) -> dict[tuple[str, str], LayerFigure]:
        return {(item.layer, item.territory): item for item in self.layer_figures}

    def figure(self, layer: str, territory: str) -> LayerFigure | None:
        """The figure of a place in a layer; None where the layer has no line of it."""
        return self._figures.get((layer, territory))

    def figures_of(self, layer: str) -> tuple[LayerFigure, ...]:
        return tuple(item for item in self.layer_figures if item.layer == layer)

    def indicators(self, territory: str, places: Places, territories: Sequence[Territory]) -> list[Indicator]:
        """The figures of a place in each layer that has one, with the gap to the wider places that it lies in."""
        by_key = {item.key: item for item in territories}
        wider = [by_key[key] for key in places.above(territory) if by_key[key].level in _COMPARED]
        found = []
        for layer in self.layers:
            figure = self.figure(layer.key, territory)
            if figure is None:
                continue
            gaps = []
            for place in wider:
                other = self.figure(layer.key, place.key)
                if (
                    figure.value is not None
                    and other is not None
                    and other.value is not None
                    # A share or a median: a count of people is set against no other.
                    and layer.unit in ("%", "€")
                ):
                    gaps.append(Gap(place, other.value, figure.value - other.value))
            found.append(Indicator(layer, figure, tuple(gaps)))
        return found


NO_ATLAS = Atlas()
