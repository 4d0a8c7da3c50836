"""What a contract keeps of outlines and layers, as it is told."""

from __future__ import annotations

from qpvdesk.domain.atlas import Atlas
from qpvdesk.domain.model import Contour


def test_a_source_is_told_with_its_year_once() -> None:
    said = [("ANCT, 2024", "2024"), ("IGN", "2024"), ("IGN", "2024"), ("IGN", "2021"), ("", "2024")]
    contours = [
        Contour(f"c{number}", f"t{number}", vintage, "[]", source=source)
        for number, (source, vintage) in enumerate(said)
    ]
    assert Atlas(tuple(contours)).sources == ("ANCT, 2024", "IGN, 2021", "IGN, 2024")
