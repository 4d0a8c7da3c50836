"""Python's cycles are collected in the GUI thread only, by the event loop."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qpvdesk.ui.collector import Collector


class _Cycle:
    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def by_hand(qapp: QApplication) -> Iterator[Collector]:
    threshold = gc.get_threshold()
    # Python's own, not that of the tests.
    gc.set_threshold(700, 10, 10)
    made = Collector(qapp, every=5)
    yield made
    made.deleteLater()
    gc.set_threshold(*threshold)


def test_what_another_thread_left_is_collected_in_the_gui_thread(qtbot: QtBot, by_hand: Collector) -> None:
    where: list[threading.Thread] = []

    def work() -> None:
        for _ in range(5):
            weakref.finalize(_Cycle(), lambda: where.append(threading.current_thread()))
        # As much as would make Python collect here and now.
        kept = [[place] for place in range(50_000)]
        assert len(kept) == 50_000

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert where == []
    by_hand.start()
    # The first generation is due again once something was made.
    held: list[list[int]] = []
    weakref.finalize(_Cycle(), lambda: where.append(threading.current_thread()))
    held += [[place] for place in range(5_000)]
    qtbot.waitUntil(lambda: where != [])
    assert set(where) == {threading.main_thread()}


def test_nothing_is_collected_before_its_time(by_hand: Collector) -> None:
    gc.collect()
    by_hand.look()
    assert gc.get_count()[0] <= gc.get_threshold()[0]
    assert not gc.isenabled()
