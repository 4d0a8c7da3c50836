"""The window survives the file of its base: the truth, and a copy of what it shows."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from qpvdesk.domain.change import Change
from qpvdesk.services.desk import Desk
from qpvdesk.storage import opening
from tests.gui.conftest import Bench


def retarget(desk: Desk) -> Change:
    objective = desk.base.dossier(desk.base.contracts()[0].key).objectives[0]
    with desk.act("Cible") as unit:
        unit.put(replace(objective, target_value=Decimal(77)))
    return unit.change


def test_a_base_whose_file_is_gone_offers_to_save_a_copy(qtbot: QtBot, bench: Bench, tmp_path: Path) -> None:
    objectives = len(bench.desk.held.objectives)
    bench.desk.path.rename(tmp_path / "rangee-ailleurs.db")
    bench.notifier.answers = ["copie"]
    bench.notifier.path = tmp_path / "copie.db"
    bench.session.change("Cible", retarget)
    qtbot.waitUntil(lambda: (tmp_path / "copie.db").exists())
    (notice,) = bench.notifier.notices
    assert "a été déplacé ou supprimé pendant que la base était ouverte" in notice.message
    assert [choice.word for choice in notice.choices] == ["copie", "chercher", "plus_tard"]
    with opening.open_base(tmp_path / "copie.db", read_only=True) as base:
        assert len(base.dossier(base.contracts()[0].key).objectives) == objectives
