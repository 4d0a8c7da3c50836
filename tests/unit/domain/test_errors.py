"""An error meant for the officer goes from one process to another as it is."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import base_file, lock, opening
from qpvdesk.storage.care import sealing
from qpvdesk.storage.exchange import consent

KNOWN = (lock.AlreadyOpenError, opening.DamagedError, base_file.FileTroubleError, sealing.SealedError)


def kinds(above: type[UserError]) -> Iterator[type[UserError]]:
    for kind in above.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_the_kinds_that_ask_for_more_than_two_sentences_are_here() -> None:
    assert {*KNOWN, consent.UnknownSignersError} <= set(kinds(UserError))


@pytest.mark.parametrize("kind", sorted(kinds(UserError), key=lambda kind: kind.__qualname__))
def test_each_kind_comes_out_of_another_process_whole(kind: type[UserError]) -> None:
    error = kind.__new__(kind, "Rien n’a été enregistré. Recommencez.")
    error.message, error.remedy, error.shell = "Rien n’a été enregistré.", "Recommencez.", "« qpvdesk aide »."
    there = pickle.loads(pickle.dumps(error))
    assert type(there) is kind
    assert (str(there), vars(there)) == (str(error), vars(error))


def test_a_name_from_elsewhere_turns_no_sentence_backwards() -> None:
    marks = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
    name = f"rapport{''.join(marks)}xcod.xlsx"
    told = UserError(
        f"«\u202f{name}\u202f» n’est pas un paquet.",
        f"Renommez «\u202f{name}\u202f».",
        shell=f"Ou «\u202fqpvdesk importer {name}\u202f».",
    )
    assert "«\u202frapport·········xcod.xlsx\u202f» n’est pas" in told.message
    for text in (told.message, told.remedy, told.shell, str(told)):
        assert not set(marks) & set(text)
