"""Every released form of the base must still open, with what it holds and its history."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.storage import maintenance, opening, readers
from tests.unit.storage import samples

REFERENCE = Path(__file__).parents[2] / "reference"
BASES = sorted(REFERENCE.glob("base-v*.db"))


@pytest.mark.parametrize("reference", BASES, ids=lambda path: path.stem)
def test_a_base_of_an_old_release_opens_and_goes_on(reference: Path, tmp_path: Path) -> None:
    path = tmp_path / reference.name
    shutil.copyfile(reference, path)
    with opening.open_base(path, clock=samples.Ticking()) as base:
        assert maintenance.check(base) == []
        held = base.dossier("contract1")
        assert replace(samples.MEASUREMENT, value=Decimal(29)) in held.measurements
        assert samples.OBJECTIVE in held.objectives
        done = ["Annulation\u202f: Note", "Note", "Correction"]
        # What the program itself did since, to bring the base along, is in the journal as well.
        acts = [entry.act for entry in readers.history(base, None, 200)]
        assert [act for act in acts if act in done][:3] == done
        with base.unit("Relevé") as unit:
            unit.put(replace(samples.MEASUREMENT, value=Decimal(30)))
        assert maintenance.check(base) == []


def test_there_is_a_reference_of_the_first_form() -> None:
    assert [path.name for path in BASES][:1] == ["base-v1.db"]
