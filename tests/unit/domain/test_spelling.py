"""A slip of the hand still means the word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qpvdesk.domain.spelling import nearness, one_slip

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
        assert nearness(slip, word)


@given(WORDS, WORDS)
def test_a_slip_is_the_same_both_ways(one: str, other: str) -> None:
    assert one_slip(one, other) == one_slip(other, one)


def test_a_whole_word_is_nearer_than_one_that_begins_so() -> None:
    assert nearness("bus", "bus") > nearness("buss", "bus") > nearness("buss", "business") > 0
    assert 0.66 < nearness("creation", "recreation") < 0.67
    assert nearness("bu", "bus") == nearness("xqzwk", "mediateur") == 0
