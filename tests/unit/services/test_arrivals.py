"""What a package brings, in words."""

from __future__ import annotations

from qpvdesk.services import arrivals


def test_two_long_versions_that_begin_alike_have_two_buttons_that_differ() -> None:
    said = [f"Permanence emploi ouverte chaque mardi à {town}" for town in ("Lens", "Avion")]
    assert arrivals.told_apart(said) == ["…Lens", "…Avion"]
    assert arrivals.told_apart(["12", "14"]) == ["12", "14"]
    assert len({*arrivals.told_apart([said[0], f"{said[0]} et ailleurs"])}) == 2
