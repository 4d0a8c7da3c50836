"""A desk of long readings, beside the one that changes the base, always tells of the base as it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.services.desk import Desk
from qpvdesk.storage import opening
from tests.unit.storage import samples

TODAY = date(2026, 6, 30)


def test_what_another_connection_wrote_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "base.db"
    with samples.new_base(path) as base, opening.open_base(path, read_only=True) as beside:
        desk = Desk(beside, today=lambda: TODAY)
        before = desk.situation("contrat-1", TODAY)
        assert desk.situation("contrat-1", TODAY).dossier is before.dossier
        with base.unit("Relevé") as unit:
            unit.put(replace(samples.MEASUREMENT, key="m3", day=date(2026, 5, 31), value=Decimal(33)))
        after = desk.situation("contrat-1", TODAY)
        assert after.assessments["obj1"].value == 33
        assert before.assessments["obj1"].value == Decimal("28.50")


def test_of_a_base_that_is_only_read_undo_says_that_and_not_that_there_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "base.db"
    with samples.new_base(path) as base, base.unit("Un acte") as unit:
        unit.put(replace(samples.MEASUREMENT, comment="Un autre"))
    with opening.open_base(path, read_only=True) as base:
        desk = Desk(base, today=lambda: TODAY)
        for turn in (desk.undo, desk.redo):
            with pytest.raises(UserError, match="lecture seule"):
                turn()
