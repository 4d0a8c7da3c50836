"""Keys grow, and two processes never make the same one, were one the child of the other."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from qpvdesk.storage.keys import derived, later_key, new_act_key, new_key

_FORKED = """
import os
from qpvdesk.storage.keys import derived, new_act_key, new_key
new_key()
into, out = os.pipe()
if os.fork() == 0:
    os.write(out, new_key().encode())
    os._exit(0)
print(new_key()[24:], os.read(into, 99).decode()[24:])
"""


def test_keys_grow_and_are_of_version_seven() -> None:
    keys = [new_key() for _ in range(2000)]
    assert keys == sorted(set(keys))
    assert {(len(key), key[14], key[19] in "89ab") for key in keys} == {(36, "7", True)}
    assert len({key[24:] for key in keys}) == 2000, "each has chance of its own"


@pytest.mark.parametrize(
    "other",
    [
        "01a22e2e-7d13-70c2-83a6-567e076f37c5",
        "0fffffff-ffff-7fff-bfff-ffffffffffff",
        "",
        "zone",
        "2d04a32d-f0c7",
    ],
)
def test_a_later_key_sorts_after_another_and_moves_no_other(other: str) -> None:
    later = later_key(other)
    assert (len(later), later[14], later[19] in "89ab") == (36, "7", True)
    assert later > other or other[14:15] != "7"
    assert later_key(later) > later
    assert new_key() < "0f"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="le système ne dédouble pas les processus")
def test_a_forked_process_draws_its_own_chance() -> None:
    asked = subprocess.run([sys.executable, "-c", _FORKED], capture_output=True, text=True, check=True)
    mine, theirs = asked.stdout.split()
    assert mine != theirs


def test_keys_that_are_derived_are_the_same_everywhere_and_grow() -> None:
    def some(seed: str) -> list[str]:
        with derived(datetime(2026, 3, 12, tzinfo=UTC), seed):
            return [new_key() for _ in range(50)]

    assert some("exemple") == some("exemple") == sorted(set(some("exemple")))
    assert not set(some("exemple")) & set(some("autre"))
    with derived(datetime(2026, 3, 12, tzinfo=UTC), "exemple"):
        assert new_act_key() > new_key(), "an act is of one author: its key is of chance"
    assert new_key() != new_key()
