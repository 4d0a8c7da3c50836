"""A slip of the hand still finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpvdesk.domain.situation import situation
from qpvdesk.domain.spelling import one_slip
from qpvdesk.ui.search import SearchIndex
from qpvdesk.ui.spelling import Spelling
from tests.helpers import invented

INDEX = SearchIndex(situation(invented.dossier(), invented.TODAY))


@pytest.mark.parametrize("typed", ["mediatuers", "médiateur nrd", "mediatteurs", "mdiateurs", "mediateirs"])
def test_a_slip_finds_what_was_meant(typed: str) -> None:
    found = INDEX.find(typed.split()[0])
    assert any("édiateur" in one.words for one in found)


def test_what_is_written_well_is_never_taken_for_something_near() -> None:
    assert not any(one.near for one in INDEX.find("mediateurs"))
    assert all(one.near for one in INDEX.find("mediatuers"))


def test_a_letter_too_many_leads_to_the_whole_word_before_any_beginning() -> None:
    assert "Bus de l" in INDEX.find("buss")[0].words


def test_nonsense_finds_nothing() -> None:
    assert INDEX.find("xqzwk") == ()
    assert INDEX.find("zz") == ()


WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=14)


@given(WORDS, st.data())
def test_every_single_slip_is_forgiven(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 2))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    slips = {
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + letter + word[place + 1 :],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    }
    for slip in slips:
        assert one_slip(slip, word)
        assert one_slip(word, slip)
        assert word in Spelling([word]).near(slip) or len(slip) < 4


@given(WORDS, WORDS)
def test_a_slip_is_the_same_both_ways(one: str, other: str) -> None:
    assert one_slip(one, other) == one_slip(other, one)


@pytest.mark.parametrize("typed", ["bus entreprenariat", "bus entreprenneuriat", "entreprenariat bus"])
def test_a_short_word_beside_a_misspelt_one_is_taken_as_it_stands(typed: str) -> None:
    index = SearchIndex(situation(invented.dossier(), invented.TODAY))
    assert "BPI-O01" in {one.code for one in index.find(typed)}
