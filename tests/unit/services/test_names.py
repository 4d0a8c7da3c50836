"""What the names of a file or of a paste stand for."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpvdesk.domain.model import Objective
from qpvdesk.services.figures import names as names_module
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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Clubs d’entreprises", "FT-O1"),
        ("Clubs d’entreprises (FT-O1)", "FT-O1"),
        ("Clubs d’entreprises (ZZ-O1)", "FT-O1"),
        ("Clubs d’entreprises (tous secteurs)", "FT-O1"),
        ("Clubs (FT-O1)", "FT-O1"),
        ("Autre chose (FT-O1)", "FT-O1"),
        # Its name is that of one, its code that of another.
        ("Clubs d’entreprises (FT-O2)", ""),
        ("FT-O2 Clubs d’entreprises", ""),
        # Two of one name: the code alone tells them apart.
        ("Bus de l’emploi", ""),
        ("Bus de l’emploi (FT-O3)", "FT-O3"),
        ("Bus de l’emploi (FT-O2)", "FT-O2"),
        ("Bus de l’emploi (FT-O1)", ""),
        ("Bus de l’emploi (tous secteurs)", ""),
        # What is no measurement is nobody's, whatever its code.
        ("Clubs d’entreprises (cible)", ""),
        ("Cible (FT-O1)", ""),
        ("FT-O1 Cible", ""),
        # Unless its own label says so.
        ("Part du total (FT-O4)", "FT-O4"),
        ("FT-O4 Part du total", "FT-O4"),
    ],
)
def test_a_name_with_a_parenthesis_is_read_where_both_agree(text: str, code: str) -> None:
    labels = ("Clubs d’entreprises", "Bus de l’emploi", "Bus de l’emploi", "Part du total des bus")
    names = Names([builders.objective(f"FT-O{at}", label=label) for at, label in enumerate(labels, 1)], {})
    found = names.find(text)
    assert (found.code if found else "") == code


def _likeness(text: str, item: Objective) -> float:
    """How like its label a text is, from nothing that is kept of another text."""
    words, label = set(names_module._words(text)), names_module._label(item.label)
    own, whole = label.split(), names_module._label(text)
    common = max(
        sum(names_module._nearest_of(word, own) for word in words) / max(1, len(words)),
        names_module._nearest_of("".join(names_module._words(text)), own),
    )
    letters = SequenceMatcher(None, whole, label).ratio()
    return max(common * 0.9, letters)


WORDS = st.sampled_from(
    (
        "part",
        "des",
        "qpv",
        "parmi",
        "les",
        "immersion",
        "immersions",
        "bus",
        "bis",
        "en",
        "service",
        "zebres",
        "12",
        "prepa",
    )
)


@given(st.lists(st.lists(WORDS, max_size=6).map(" ".join), min_size=1, max_size=8))
def test_names_looked_for_one_after_the_other_are_those_of_each_alone(texts: list[str]) -> None:
    objectives = [builders.objective(f"FT-O{at}", label=label) for at, label in enumerate(LABELS)]
    names = Names(objectives, {})
    for text in texts:
        scored = sorted(((_likeness(text, item), item.code) for item in objectives), key=lambda one: -one[0])
        assert [item.code for item in names.near(text)] == [code for score, code in scored if score >= 0.45]
        assert names.nearest(text) == Names(objectives, {}).nearest(text)
