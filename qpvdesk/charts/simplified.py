"""An outline with fewer points that goes nowhere farther from the true one than it may (Douglas and Peucker, 1973)."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]


def simplified(ring: Sequence[Point], tolerance: float) -> tuple[Point, ...]:
    """Return a closed ring without the points that lie within `tolerance` of the line between those that are kept.

    Three different points are always kept: what is smaller than a point of the page is still drawn.
    """
    if len(ring) <= 4:
        return tuple(ring)
    # A closed ring has no ends: it is cut at its first point and at the one farthest from it.
    far = max(range(len(ring)), key=lambda at: _square(ring[at], ring[0]))
    kept = {0, far, len(ring) - 1}
    open_parts = [(0, far), (far, len(ring) - 1)]
    limit = tolerance * tolerance
    while open_parts:
        start, end = open_parts.pop()
        if end - start < 2:
            continue
        at = max(range(start + 1, end), key=lambda index: _from_line(ring[index], ring[start], ring[end]))
        if len(kept) < 4 or _from_line(ring[at], ring[start], ring[end]) > limit:
            kept.add(at)
            open_parts += [(start, at), (at, end)]
    return tuple(ring[at] for at in sorted(kept))


def _square(a: Point, b: Point) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _from_line(point: Point, start: Point, end: Point) -> float:
    """The square of the distance from a point to a segment."""
    wide, high = end[0] - start[0], end[1] - start[1]
    length = wide * wide + high * high
    part = ((point[0] - start[0]) * wide + (point[1] - start[1]) * high) / length if length else 0.0
    part = min(max(part, 0.0), 1.0)
    return _square(point, (start[0] + part * wide, start[1] + part * high))
