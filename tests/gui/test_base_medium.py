"""A base on a stick: what the window offers, and what it says when it closes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from qpvdesk.services.opening import Opening
from qpvdesk.storage import opening
from qpvdesk.storage.care.medium import Medium
from qpvdesk.ui.jobs import Lane
from qpvdesk.ui.main_window import MainWindow
from qpvdesk.ui.rescue import Rescue
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from tests.gui.conftest import RecordingNotifier
from tests.helpers import invented
from tests.helpers.watched_desk import WatchedBase

Launch = Callable[[], tuple[MainWindow, Opening]]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "cle").mkdir()
    base = tmp_path / "cle" / "base.db"
    WatchedBase(base, invented.dossier(), invented.TODAY)
    return base


@pytest.fixture
def launch(
    qtbot: QtBot, theme: Theme, notifier: RecordingNotifier, stick: Path, tmp_path: Path
) -> Iterator[Launch]:
    windows: list[MainWindow] = []

    def medium(path: Path) -> Medium:
        return Medium.REMOVABLE if path.is_relative_to(stick.parent) else Medium.DISK

    def make() -> tuple[MainWindow, Opening]:
        opening = Opening(
            stick,
            today=lambda: invented.TODAY,
            now=lambda: datetime(2026, 6, 30, 9, 0),
            local=tmp_path / "local",
            medium=medium,
        )
        session = Session(
            Lane(opening.desk),
            lambda: Lane(opening.reading),
            lambda: invented.TODAY,
            lambda error: pytest.fail(str(error)),
        )
        window = MainWindow(session, theme, notifier, tmp_path / "f.ini")
        window.rescue = Rescue(opening, notifier)
        windows.append(window)
        qtbot.addWidget(window)
        window.show()
        return window, opening

    yield make
    for window in windows:
        if window.isVisible():
            window.close()


def started(qtbot: QtBot, launch: Launch) -> tuple[MainWindow, Opening]:
    window, opening = launch()
    with qtbot.waitSignal(window.painted):
        window.start()
    return window, opening


def work(window: MainWindow, path: Path) -> None:
    """Close the window and do one act in what it had opened, as it would have."""
    window.close()
    with opening.open_base(path) as base:
        measurement = base.dossier(base.contracts()[0].key).measurements[0]
        with base.unit("Relevé corrigé") as unit:
            unit.put(replace(measurement, value=Decimal(33)))


def value(path: Path) -> Decimal:
    with opening.open_base(path, read_only=True) as base:
        return base.dossier(base.contracts()[0].key).measurements[0].value


def test_a_local_copy_is_worked_on_and_brought_back(
    qtbot: QtBot, launch: Launch, notifier: RecordingNotifier, stick: Path
) -> None:
    notifier.answers = ["copier"]
    window, opening = started(qtbot, launch)
    asked, told = notifier.notices
    assert [one.word for one in asked.choices] == ["copier", "sur_place", "quitter"]
    assert asked.title == "Où travailler\u202f?"
    assert "support amovible" in asked.message
    assert str(opening.base) in told.message
    assert not opening.base.is_relative_to(stick.parent)
    before = value(stick)
    work(window, opening.base)
    assert value(stick) == before
    notifier.answers = ["remettre"]
    assert window.rescue is not None
    window.rescue.part()
    question, done = notifier.notices[2:]
    assert str(opening.base) in question.remedy
    assert "1 acte" in question.message
    assert "gardée" in done.message
    assert value(stick) == 33
    assert not opening.base.exists()


def test_a_copy_that_was_kept_is_taken_up_again(
    qtbot: QtBot, launch: Launch, notifier: RecordingNotifier
) -> None:
    notifier.answers = ["copier"]
    window, first = started(qtbot, launch)
    work(window, first.base)
    notifier.answers = ["garder"]
    assert window.rescue is not None
    window.rescue.part()
    notifier.notices.clear()
    notifier.answers = ["reprendre"]
    _, second = started(qtbot, launch)
    offered = [one.word for one in notifier.notices[0].choices]
    assert offered == ["reprendre", "sur_place", "quitter"], (
        "a second copy would be written over the act of the first"
    )
    assert "1 acte" in notifier.notices[0].remedy
    assert second.base == first.base
    assert value(second.base) == 33


def test_a_stick_pulled_out_leaves_the_work_in_the_copy(
    qtbot: QtBot, launch: Launch, notifier: RecordingNotifier, stick: Path
) -> None:
    notifier.answers = ["copier"]
    window, opening = started(qtbot, launch)
    work(window, opening.base)
    stick.parent.rename(stick.parent.parent / "partie")
    assert window.rescue is not None
    window.rescue.part()
    assert "n’est plus là" in notifier.notices[-1].message
    assert str(opening.base) in notifier.notices[-1].remedy
    assert value(opening.base) == 33
    # The next start, still without the stick, leads to the copy as well.
    notifier.notices.clear()
    notifier.answers = ["reprendre"]
    started(qtbot, launch)
    assert notifier.notices[0].choices[0].word == "reprendre"


def test_nothing_done_leaves_no_copy_and_asks_nothing(
    qtbot: QtBot, launch: Launch, notifier: RecordingNotifier
) -> None:
    notifier.answers = ["copier"]
    window, opening = started(qtbot, launch)
    window.close()
    notifier.notices.clear()
    assert window.rescue is not None
    window.rescue.part()
    assert notifier.notices == []
    assert not opening.base.exists()


def test_opened_where_it_is_it_is_not_asked_about_again(
    qtbot: QtBot, launch: Launch, notifier: RecordingNotifier, stick: Path
) -> None:
    notifier.answers = ["sur_place"]
    window, opening = started(qtbot, launch)
    assert opening.base == stick
    window.close()
    assert len(notifier.notices) == 1
    started(qtbot, launch)
    assert len(notifier.notices) == 1
