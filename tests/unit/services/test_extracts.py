"""The piece of a text that shows what was looked for: whole words, one line, the piece that holds the most of them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qpvdesk.services.extracts import extract_of, folded_words

ROOM = 140
LONG = "début " * 20 + "les médiateurs recrutés " + "suite " * 40


@pytest.mark.parametrize(
    ("texts", "parts", "shown"),
    [
        (["Un poste. Deux postes de médiateurs."], ["poste", "mediat"], "Deux postes de médiateurs."),
        (["Un poste ici. Un autre poste."], ["poste"], "Un poste ici."),
        (["Rien.", "Un\n\nposte"], ["poste"], "poste"),
        (["L’agglomération  s'engage"], [folded_words("l'agglo")], "L’agglomération s'engage"),
        (["Rien"], ["poste"], ""),
        ([], ["poste"], ""),
    ],
)
def test_the_piece_that_holds_the_most_words_is_shown(texts: list[str], parts: list[str], shown: str) -> None:
    assert extract_of(texts, parts) == shown


def test_a_long_piece_is_cut_round_the_first_word_that_was_looked_for() -> None:
    shown = extract_of([LONG], ["mediat"])
    assert shown.startswith("…début début début début début les médiateurs recrutés suite")
    assert shown.endswith("suite…")
    assert ROOM - 6 < len(shown.strip("…")) <= ROOM
    assert extract_of([LONG.removeprefix("début " * 15)], ["mediat"]).startswith("début début")
    assert extract_of(["x" * ROOM], ["x"]) == "x" * ROOM
    just = f"x {'y' * (ROOM - 2)}"
    assert extract_of([f"{just} b"], ["x"]) == f"{just}…"
    assert extract_of(["a" + "x" * ROOM + " b"], ["x"]) == "a" + "x" * ROOM + "…"


@given(st.lists(st.text("ab é.\n", max_size=400), max_size=3), st.sampled_from(["a", "b", "e"]))
@example([LONG], "e")
def test_an_extract_is_of_the_text_and_holds_the_word(texts: list[str], part: str) -> None:
    shown = extract_of(texts, [part])
    assert bool(shown) == any(part in folded_words(text) for text in texts)
    assert not shown or part in folded_words(shown)
    for word in shown.strip("…").split():
        assert any(word in text for text in texts)
