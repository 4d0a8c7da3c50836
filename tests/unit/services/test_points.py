"""Points d'attention: taken into account for a reason, opened again one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.services import points
from tests.helpers import invented
from tests.helpers.watched_desk import WatchedBase

CODE = "essai"


def test_a_point_that_is_opened_again_leaves_the_others(tmp_path: Path) -> None:
    base = WatchedBase(tmp_path / "essai.db", invented.dossier(), invented.TODAY)
    desk = base.open()
    points.acknowledge(desk, CODE, ("retard:BPI-O01", "retard:BPI-O02", "retard:BPI-O03"), "Vus en réunion.")
    points.reopen(desk, CODE, "retard:BPI-O02")
    assert {item.point for item in base.held.acknowledgements} == {"retard:BPI-O01", "retard:BPI-O03"}
    with pytest.raises(UserError, match="n’est pas pris en compte"):
        points.reopen(desk, CODE, "retard:BPI-O02")
    desk.undo()
    assert len(base.held.acknowledgements) == 3
    desk.close()
