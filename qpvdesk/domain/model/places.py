"""Places beside their tree: levels of a contract's own, what lies in what and for how much, contours, layers of figures."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from qpvdesk.domain.model.words import Basis, Level


class PlaceLevel(Struct, frozen=True):
    """A level of places beside the usual ones (a *bassin*, a *cité éducative*), and the scale that it counts in."""

    key: str
    contract: str
    code: str
    name: str
    scale: Level = Level.AUTRE


class TerritoryLink(Struct, frozen=True):
    """One place lies in another, wholly or for a share of it."""

    key: str
    part: str
    """Key of the territory that lies in the other."""
    whole: str
    share: Decimal | None = None
    """Fraction of the part that lies in the whole; None where nobody knows it."""
    basis: Basis = Basis.INCONNUE
    """What the share is of."""


class Contour(Struct, frozen=True):
    """The outline of a place: polygons of rings of points in degrees, as compact JSON (see `charts.map.shapes`)."""

    key: str
    territory: str
    vintage: str
    """The geography that it belongs to (`2024`)."""
    geometry: str
    source: str = ""


class Layer(Struct, frozen=True):
    """A series of reference figures by place. Read-only: it is replaced or removed whole."""

    key: str
    contract: str
    code: str
    name: str
    source: str
    vintage: str
    unit: str = ""
    note: str = ""


class LayerFigure(Struct, frozen=True):
    """The figure of one place in a layer."""

    key: str
    layer: str
    territory: str
    value: Decimal | None = None
    """None where the source gives none."""
    secret: bool = False
    """Whether the source has it and keeps it secret (`s`)."""
