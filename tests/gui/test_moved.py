"""The window survives the file of its base: the truth, and a copy of what it shows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.services.desk import Desk
from qpvdesk.storage import opening
from qpvdesk.storage.engine import sqlite3
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
    assert [choice.word for choice in notice.choices] == ["copie", "chercher", "lecture_seule", "plus_tard"]
    with opening.open_base(tmp_path / "copie.db", read_only=True) as base:
        assert len(base.dossier(base.contracts()[0].key).objectives) == objectives


def do_nothing(desk: Desk) -> Change:
    with desk.act("Rien") as unit:
        pass
    return unit.change


def move(path: Path) -> None:
    path.rename(path.with_name("rangee-ailleurs.db"))


def write_over(path: Path) -> None:
    path.with_name("autre.db").write_bytes(path.read_bytes())
    path.with_name("autre.db").replace(path)


def truncate(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(4096)


def hold(path: Path) -> None:
    """Lock it as a synchroniser would, for as long as the process lives."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    _HELD.append(connection)


_HELD: list[sqlite3.Connection] = []
TROUBLES = {
    move: "son fichier a été déplacé ou supprimé",
    write_over: "son fichier a été remplacé par un autre",
    truncate: "son fichier est endommagé",
    hold: "un autre programme l’occupe",
}


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_whatever_becomes_of_the_file_the_window_goes_on_for_reading(
    qtbot: QtBot, bench: Bench, trouble: Callable[[Path], None]
) -> None:
    objectives = bench.session.picture.situation.dossier.objectives
    trouble(bench.desk.path)
    bench.notifier.answers = ["lecture_seule"]
    bench.session.change("Cible", retarget)
    qtbot.waitUntil(lambda: bench.session.picture.read_only)
    (notice,) = bench.notifier.notices
    assert [choice.word for choice in notice.choices] == ["copie", "chercher", "lecture_seule", "plus_tard"]
    assert TROUBLES[trouble] in bench.session.picture.why_read_only
    assert bench.session.picture.situation.dossier.objectives == objectives
    # Nothing is tried any more: the file that is there now is left as it is.
    refused: list[UserError] = []
    bench.session.change("Cible", do_nothing, None, refused.append)
    qtbot.waitUntil(lambda: bool(refused))
    assert "lecture seule" in refused[0].message, refused
    while _HELD:
        _HELD.pop().close()
