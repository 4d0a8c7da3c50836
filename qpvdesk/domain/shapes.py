"""Outlines of places: read from GeoJSON, checked, kept as compact text; what lies in them. Degrees, WGS84."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count, pairwise
from typing import Any

from qpvdesk.domain.errors import UserError

Point = tuple[float, float]
"""Longitude, latitude."""
Ring = tuple[Point, ...]
"""Closed: the last point is the first."""
Polygon = tuple[Ring, ...]
"""The outer ring, then its holes."""
Shape = tuple[Polygon, ...]
Box = tuple[float, float, float, float]
"""West, south, east, north."""

_DECIMALS = 5
"""One metre."""
_RING_POINTS_MIN = 4
_WEB_MERCATOR_MAX = 20_037_509
_PAIRS_MAX = 20_000_000
"""Pairs of sides that are looked at before an outline is given up, three seconds; that of a région has 400 000."""


class ShapeError(UserError):
    """An outline that cannot be taken."""


def shape_of(geometry: Any) -> Shape:
    """Return the polygons of a GeoJSON geometry, rounded to a metre. Raises `ShapeError` saying what is wrong."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon") or not coordinates:
        raise ShapeError(
            "ce contour est vide"
            if kind in (None, "Polygon", "MultiPolygon")
            else f"« {kind} » n’est pas un contour"
        )
    polygons = [coordinates] if kind == "Polygon" else coordinates
    try:
        shape = tuple(tuple(_ring(ring) for ring in polygon) for polygon in polygons if polygon)
    except (TypeError, ValueError, IndexError):
        raise ShapeError("ce contour n’a pas la forme attendue") from None
    if not shape:
        raise ShapeError("ce contour est vide")
    return shape


def _ring(points: Iterable[Sequence[float]]) -> Ring:
    rounded: list[Point] = []
    for place in points:
        x, y = float(place[0]), float(place[1])
        if not (math.isfinite(x) and math.isfinite(y)):
            raise ShapeError("une coordonnée n’est pas un nombre")
        if not (-180 <= x <= 180 and -90 <= y <= 90):
            raise ShapeError(_projection(x, y))
        point = (round(x, _DECIMALS), round(y, _DECIMALS))
        if not rounded or rounded[-1] != point:
            rounded.append(point)
    if rounded and rounded[0] != rounded[-1]:
        rounded.append(rounded[0])
    if len(rounded) < _RING_POINTS_MIN:
        raise ShapeError("un anneau n’a pas trois points")
    return tuple(rounded)


def _projection(x: float, y: float) -> str:
    if 0 <= x <= 1_300_000 and 6_000_000 <= y <= 7_200_000:
        return "ces coordonnées sont en Lambert 93 ; il les faut en degrés (WGS84)"
    if max(abs(x), abs(y)) <= _WEB_MERCATOR_MAX:
        return "ces coordonnées sont dans une projection en mètres ; il les faut en degrés (WGS84)"
    return "ces coordonnées ne sont pas des degrés (WGS84)"


def crossing(shape: Shape) -> Point | None:
    """Return where a ring of the outline crosses itself; None where none does. A ring may touch itself.

    Raises `ShapeError` for an outline whose sides lie beside each other by the million.
    """
    pairs = count(1)
    for polygon in shape:
        for ring in polygon:
            found = _crossing(ring, pairs)
            if found is not None:
                return found
    return None


def _crossing(ring: Ring, pairs: Iterator[int]) -> Point | None:
    # Sides by their west end: those that begin east of another's east end cannot meet it.
    sides = sorted(
        (min(a[0], b[0]), max(a[0], b[0]), min(a[1], b[1]), max(a[1], b[1]), a, b) for a, b in pairwise(ring)
    )
    for index, (_, east, south, north, a, b) in enumerate(sides):
        # A slice would copy, at each side, all those that follow.
        for at in range(index + 1, len(sides)):
            other = sides[at]
            if other[0] > east:
                break
            if next(pairs) > _PAIRS_MAX:
                raise ShapeError(
                    "ce contour a trop de détails pour être vérifié\u202f; il faut le simplifier"
                )
            if other[2] > north or other[3] < south:
                continue
            if _cross(a, b, other[4], other[5]):
                return other[4]
    return None


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two segments cross within both: ends that touch do not count."""
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def geometry_text(shape: Shape) -> str:
    return json.dumps(shape, separators=(",", ":"))


def shape_from(text: str) -> Shape:
    """Return the outline that a kept text holds. Raises `ShapeError` where it holds none."""
    try:
        polygons = json.loads(text)
    except ValueError:
        raise ShapeError("ce contour est illisible") from None
    return shape_of({"type": "MultiPolygon", "coordinates": polygons})


def box_of(shape: Shape) -> Box:
    points = [point for polygon in shape for point in polygon[0]]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def united(boxes: Iterable[Box]) -> Box | None:
    """Return the box that holds some others; None of none."""
    every = list(boxes)
    if not every:
        return None
    return (
        min(box[0] for box in every),
        min(box[1] for box in every),
        max(box[2] for box in every),
        max(box[3] for box in every),
    )


def contains(shape: Shape, point: Point) -> bool:
    """Tell whether a point lies in an outline, holes taken out."""
    return surround(chain.from_iterable(shape), *point)


def surround(rings: Iterable[Ring], x: float, y: float) -> bool:
    """Tell whether a point lies in an odd number of rings: so many of their sides stand east of it."""
    inside = False
    for ring in rings:
        for a, b in pairwise(ring):
            if (a[1] > y) != (b[1] > y) and x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]:
                inside = not inside
    return inside
