"""What the names of a file or of a paste stand for."""

from __future__ import annotations

import pytest

from qpvdesk.services.figures.names import Names
from tests.unit.domain import builders

LABELS = (
    "Part des QPV parmi les immersions professionnelles",
    "Bénéficiaires de « Prépacompétences »",
    "Bus en service",
)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Immersion", "FT-O0"),
        ("Immersions", "FT-O0"),
        ("Prépacompétence", "FT-O1"),
        ("Prépa compétences", "FT-O1"),
        ("prepa-competences", "FT-O1"),
        ("Zèbres", ""),
    ],
)
def test_a_short_or_singular_name_proposes_the_figure_that_a_search_finds(name: str, code: str) -> None:
    """The paste said that no figure had the name, which Ctrl+N found."""
    names = Names([builders.objective(f"FT-O{at}", label=label) for at, label in enumerate(LABELS)], {})
    assert [item.code for item in names.nearest(name)] == [code] * bool(code)
