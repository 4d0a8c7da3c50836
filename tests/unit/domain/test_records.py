"""What records are made of: frozen, compared by what they hold, and cheap at the start of the program."""

from __future__ import annotations

import subprocess
import sys

import pytest
from msgspec import Struct, StructMeta
from msgspec.structs import replace

from qpvdesk.domain import model
from tests.unit.domain import builders

_ABSENT = """
import sys
from qpvdesk.domain import model, progress, situation, alerts, points
print({"typing_extensions", "dataclasses", "inspect"} & set(sys.modules))
"""


def test_every_entity_is_frozen() -> None:
    kinds = [kind for kind in vars(model).values() if isinstance(kind, StructMeta) and kind is not Struct]
    assert len(kinds) > 25
    assert all(kind.__struct_config__.frozen for kind in kinds)
    with pytest.raises(AttributeError):
        builders.BPI.name = "autre"  # type: ignore[misc]


def test_two_that_hold_the_same_are_equal() -> None:
    assert replace(builders.BPI, name=builders.BPI.name) == builders.BPI
    assert hash(replace(builders.BPI)) == hash(builders.BPI)
    assert replace(builders.BPI, name="autre") != builders.BPI


def test_the_records_bring_no_slow_module() -> None:
    done = subprocess.run([sys.executable, "-c", _ABSENT], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("first", ["qpvdesk.__main__", "qpvdesk.bounded", "qpvdesk.cli"])
def test_whatever_is_imported_first_brings_no_slow_module(first: str) -> None:
    code = f"import sys, {first}; print('typing_extensions' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
