"""Forms that wait: what was typed is still there after a refusal, after Escape, and after a killed process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.domain.errors import UserError
from qpvdesk.ui.dialogs.measurement import MeasurementDialog
from qpvdesk.ui.dialogs.waiting import WaitingDialog
from qpvdesk.ui.dialogs.weather import WeatherDialog
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.pages.engagements import EngagementsPage
from qpvdesk.ui.pages.page import Place
from tests.gui.conftest import Bench

FULL = UserError("Le disque est plein.", "Libérez de la place.")
LONG = "Le cofinancement tarde. " * 160


def weather(qtbot: QtBot, bench: Bench) -> WeatherDialog:
    bench.window.go(Place("engagements", "BPI-E01"))
    page = bench.window.findChild(EngagementsPage)
    giving = next(one for one in page.findChildren(QPushButton) if one.text() == "Donner la météo")
    qtbot.mouseClick(giving, Qt.MouseButton.LeftButton)
    dialog = page.findChild(WeatherDialog)
    assert isinstance(dialog, WeatherDialog)
    return dialog


def words(dialog: WaitingDialog) -> str:
    return " ".join(one.text() for one in dialog.findChildren(QLabel) if one.isVisible())


def test_a_full_disk_takes_nothing_away_from_a_long_text(qtbot: QtBot, bench: Bench) -> None:
    dialog = weather(qtbot, bench)
    text = dialog.findChildren(QPlainTextEdit)[1]
    text.setPlainText(LONG)
    bench.desk.failing["act"] = FULL
    day = dialog.findChild(QLineEdit)
    qtbot.keyClick(day, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "plein" in words(dialog))
    assert dialog.isVisible()
    assert text.toPlainText() == LONG
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(day, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert any(one.obstacles == LONG.strip() for one in bench.desk.held.meteos)


def test_what_was_typed_comes_back_after_escape_and_goes_once_saved(qtbot: QtBot, bench: Bench) -> None:
    dialog = weather(qtbot, bench)
    dialog.findChildren(QPlainTextEdit)[0].setPlainText(LONG)
    dialog.reject()
    qtbot.waitUntil(lambda: bench.window.findChild(WeatherDialog) is None)
    again = weather(qtbot, bench)
    assert again.findChildren(QPlainTextEdit)[0].toPlainText() == LONG
    assert "Brouillon retrouvé" in words(again)
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(again.findChild(QLineEdit), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bench.window.findChild(WeatherDialog) is None)
    assert "Brouillon retrouvé" not in words(weather(qtbot, bench))


def test_a_comment_survives_a_process_that_is_killed(qtbot: QtBot, bench: Bench) -> None:
    bench.window.go(Place("objectifs", "BPI-O01"))
    key = bench.window.findChild(QAction, "saisir_detail")
    qtbot.waitUntil(key.isEnabled)
    key.trigger()
    dialog = bench.window.findChild(MeasurementDialog)
    assert isinstance(dialog, MeasurementDialog)
    dialog.findChild(QPlainTextEdit).setPlainText(LONG)
    # Nothing is closed: what another process would find is what is on the disk now.
    other = Drafts(bench.settings.parent / "brouillons")
    objective = next(one for one in bench.desk.held.objectives if one.code == "BPI-O01")
    name = f"{bench.desk.held.contract.code}-releve-{objective.key}"
    qtbot.waitUntil(lambda: other.read(name) is not None)
    assert LONG in other.read(name)["champs"]
    bench.notifier.answers = ["abandonner"]
    dialog.reject()
    qtbot.waitUntil(lambda: other.read(name) is None)


def test_the_folder_of_drafts_is_never_read_in_the_thread_of_the_window(
    qtbot: QtBot, open_window: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of a slow disk was listed at the start, once a page, and at each pause in typing."""
    listed: list[str] = []
    list_files = Path.glob

    def listing(folder: Path, pattern: str) -> Iterator[Path]:
        if folder.name == "brouillons":
            listed.append(threading.current_thread().name)
        return list_files(folder, pattern)

    monkeypatch.setattr(Path, "glob", listing)
    bench = open_window()
    for word in ("releves", "engagements", "comites", "impressions"):
        bench.window.go(Place(word))
    dialog = weather(qtbot, bench)
    dialog.findChildren(QPlainTextEdit)[0].setPlainText(LONG)
    dialog.reject()
    qtbot.waitUntil(
        lambda: "brouillon gardé" in " ".join(one.text() for one in bench.window.findChildren(QLabel))
    )
    assert listed
    assert threading.main_thread().name not in listed


@pytest.mark.parametrize("change", [lambda held: {"champs": held["champs"][:-1]}, lambda _: {"autre": 1}])
def test_a_draft_of_another_form_is_left_alone(
    qtbot: QtBot, bench: Bench, change: Callable[[dict[str, object]], dict[str, object]]
) -> None:
    dialog = weather(qtbot, bench)
    dialog.findChildren(QPlainTextEdit)[0].setPlainText("Essai")
    dialog.reject()
    drafts = Drafts(bench.settings.parent / "brouillons")
    engagement = next(one for one in bench.desk.held.engagements if one.code == "BPI-E01")
    name = f"{bench.desk.held.contract.code}-meteo-{engagement.key}"
    qtbot.waitUntil(lambda: drafts.read(name) is not None)
    drafts.keep(name, change(drafts.read(name) or {}))
    drafts.flush()
    qtbot.waitUntil(lambda: bench.window.findChild(WeatherDialog) is None)
    assert "Brouillon" not in words(weather(qtbot, bench))
