"""Outlines with fewer points: none farther from the true one than it may, closed as before."""

from __future__ import annotations

import itertools
import math

import pytest

from qpvdesk.charts.simplified import _from_line, simplified

RING = [
    (math.cos(step / 40 * math.tau) * (100 + step % 3), math.sin(step / 40 * math.tau) * (100 - step % 5))
    for step in range(40)
]
RING.append(RING[0])


@pytest.mark.parametrize("tolerance", [0.5, 3.0, 25.0, 1e6])
def test_no_point_is_farther_from_the_simpler_outline_than_it_may(tolerance: float) -> None:
    found = simplified(RING, tolerance)
    assert found[0] == found[-1] == RING[0]
    assert len(set(found)) >= 3
    for point in RING:
        near = min(_from_line(point, start, end) for start, end in itertools.pairwise(found))
        assert near <= tolerance**2 + 1e-9


def test_a_coarser_outline_has_fewer_points_and_a_fine_one_all_that_count() -> None:
    counts = [len(simplified(RING, tolerance)) for tolerance in (0.0, 3.0, 25.0)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == len(RING) > counts[2]


def test_a_triangle_and_a_ring_of_one_point_come_back() -> None:
    triangle = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0))
    assert simplified(triangle, 100.0) == triangle
    assert len(simplified([(2.0, 2.0)] * 9, 1.0)) >= 2
