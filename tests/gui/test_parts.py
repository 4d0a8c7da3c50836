"""The parts under the window, each alone."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import fold
from qpvdesk.domain.gatherings import AXES, PARTNERS, THEMES
from qpvdesk.domain.model import Axis
from qpvdesk.domain.review import glance
from qpvdesk.domain.sighting import first_sight
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.services import measurements
from qpvdesk.ui.announcer import Toast
from qpvdesk.ui.excepthook import Excepthook
from qpvdesk.ui.jobs import Lane, ProgressCard
from qpvdesk.ui.models.table import SORT_ROLE, Column, TableModel
from qpvdesk.ui.navigator import Trail
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.widgets import labels
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.labels import ElidedLabel
from qpvdesk.ui.widgets.theme_matrix import MatrixModel
from tests.gui.conftest import Bench, RecordingNotifier
from tests.helpers import invented
from tests.helpers.watched_desk import WatchedBase


@dataclass(frozen=True)
class Town:
    name: str
    people: int | None


TOWNS = (Town("Étaples", 11), Town("avion", 17), Town("Lens", None), Town("Béthune", 3))


@pytest.fixture
def towns() -> TableModel[Town]:
    model: TableModel[Town] = TableModel(
        (
            Column("Nom", lambda row: row.name),
            Column("Habitants", lambda row: str(row.people or "–"), lambda row: row.people, right=True),
        ),
        lambda row: row.name,
    )
    model.set_rows(TOWNS)
    return model


def names(model: TableModel[Town]) -> list[str]:
    return [row.name for row in model.shown]


def test_the_table_keeps_qt_s_rules(towns: TableModel[Town], qtmodeltester: ModelTester) -> None:
    towns.sort(1)
    towns.set_filter("e")
    qtmodeltester.check(towns)


def show(model: MatrixModel, now: Situation, by: str) -> None:
    sight = first_sight(glance(now, None), (now.dossier.contract,))
    model.set_grid(sight.grids[AXES if by == AXES else THEMES], sight.partners, by)


@pytest.mark.parametrize("by", [THEMES, AXES, PARTNERS])
def test_the_matrix_keeps_qt_s_rules(qtmodeltester: ModelTester, by: str) -> None:
    model = MatrixModel()
    dossier = replace(invented.dossier(), axes=(Axis("a", "k", "A", "Vivre mieux"),))
    show(model, situation(dossier, invented.TODAY), by)
    partners = model.rowCount() if by == PARTNERS else model.columnCount()
    assert partners == len(dossier.partners)
    assert model.index(0, 0).data(int(Qt.ItemDataRole.AccessibleTextRole)).startswith("Bpifrance, ")
    assert isinstance(model, QAbstractItemModel)
    qtmodeltester.check(model)


def test_a_cell_of_the_matrix_says_how_many_are_to_be_handled_of_how_many_promised() -> None:
    model = MatrixModel()
    now = situation(invented.dossier(), invented.TODAY)
    show(model, now, THEMES)
    said = {
        str(model.index(row, column).data() or "").replace("\u00a0", " ")
        for row in range(model.rowCount())
        for column in range(model.columnCount())
    } - {""}
    assert all(re.fullmatch(r"\d+ / \d+", words) for words in said)
    assert sum(int(words.split(" / ")[0]) for words in said) > 0


def test_a_passing_message_keeps_to_its_corner_and_opens_what_was_written(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = QWidget()
    qtbot.addWidget(room)
    room.resize(900, 500)
    room.show()
    foot = QWidget(room)
    foot.show()
    toast = Toast(room, foot)
    opened: list[str] = []
    toast.say("Enregistré\u202f: copil.pdf", "Ouvrir", lambda: opened.append("copil.pdf"))
    assert toast.geometry().right() < 900
    assert toast.geometry().left() > 450, "what is done next stands at the left and in the middle"
    room.resize(1200, 600)
    qtbot.waitUntil(lambda: toast.geometry().left() > 750)
    button = toast.findChild(QPushButton)
    assert button.text() == "Ouvrir"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert opened == ["copil.pdf"]
    assert not toast.isVisible()
    toast.say("Réglages enregistrés")
    words = toast.findChild(ElidedLabel)
    qtbot.waitUntil(lambda: toast.width() - words.geometry().right() > 8)
    # A pointer that was left there, and does not move, does not keep it.
    monkeypatch.setattr(Toast, "underMouse", lambda _: True)
    toast._timer.timeout.emit()
    assert not toast.isVisible()
    # Without a status bar it would lie on the rows of the page, or on the names of the pages: the bar comes with it.
    foot.hide()
    toast.say("Mode projection")
    assert foot.isVisible()
    assert toast.geometry().right() > 1190, "the names of the pages stand at the left, the date at the top"
    assert toast.geometry().bottom() > 590
    toast.say("Enregistré\u202f: copil.pdf")
    monkeypatch.undo()
    toast._timer.timeout.emit()
    assert not toast.isVisible()
    assert not foot.isVisible(), "the page has all the room again"


def test_a_title_that_is_cut_keeps_whole_words(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(labels, "tip", lambda *_: None)

    class Painter(QPainter):
        def drawText(self, *given: object) -> None:  # type: ignore[override]  # noqa: N802
            said.append(str(given[-1]))

    monkeypatch.setattr(labels, "QPainter", Painter)
    title = ElidedLabel("EXEMPLE FICTIF – Contrat de ville de Lens-Liévin", mode=Qt.TextElideMode.ElideMiddle)
    qtbot.addWidget(title)
    for width in range(120, 320, 7):
        title.resize(width, 20)
        title.grab()
    assert len(set(said)) > 3
    whole = set(title.text().split()) | {"…"}
    assert all(set(words.split()) <= whole for words in said), said


def test_an_empty_state_opens_no_window_of_its_own(qtbot: QtBot, qapp: QApplication) -> None:
    class Watcher(QObject):
        shown: ClassVar[list[str]] = []

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Show and isinstance(watched, QPushButton) and watched.isWindow():
                self.shown.append(watched.text())
            return False

    watcher = Watcher()
    qapp.installEventFilter(watcher)
    empty = EmptyState("Rien", "Encore rien.", "Nouveau…")
    qapp.removeEventFilter(watcher)
    qtbot.addWidget(empty)
    assert watcher.shown == []
    empty.show()
    button = empty.findChild(QPushButton)
    assert button.isVisible()
    empty.say("Rien", "Rien de plus.", "")
    assert not button.isVisible()


def test_names_sort_without_accents_or_case(towns: TableModel[Town]) -> None:
    towns.sort(0)
    assert names(towns) == ["avion", "Béthune", "Étaples", "Lens"]


def test_the_unknown_comes_last_both_ways(towns: TableModel[Town]) -> None:
    towns.sort(1)
    assert names(towns) == ["Béthune", "Étaples", "avion", "Lens"]
    towns.sort(1, Qt.SortOrder.DescendingOrder)
    assert names(towns) == ["avion", "Étaples", "Béthune", "Lens"]
    towns.sort(-1)
    assert names(towns) == [town.name for town in TOWNS]


def test_every_word_must_be_found(towns: TableModel[Town]) -> None:
    towns.set_filter("ETA 11")
    assert names(towns) == ["Étaples"]
    towns.set_filter("", lambda row: row.people is not None)
    assert "Lens" not in names(towns)
    assert towns.total == 4


@given(
    rows=st.lists(st.text("abé1 ", max_size=6), max_size=12),
    typed=st.lists(
        st.one_of(
            st.text("abée1 ", max_size=6),
            st.sampled_from(["trier", "retourner", "garder", "tout garder", "autres"]),
        ),
        max_size=12,
    ),
)
def test_whatever_is_typed_the_rows_are_those_that_hold_every_word(rows: list[str], typed: list[str]) -> None:
    held = [Town(f"{name}{number}", number) for number, name in enumerate(rows)]
    model: TableModel[Town] = TableModel((Column("Nom", lambda row: row.name),), lambda row: row.name)
    model.set_rows(held)
    words, keep, order = "", lambda _: True, held
    for one in typed:
        match one:
            case "trier" | "retourner":
                down = one == "retourner"
                model.sort(0, Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder)
                order = sorted(held, key=lambda row: fold(row.name), reverse=down)
            case "garder" | "tout garder":
                keep = (lambda row: row.people % 2 == 0) if one == "garder" else lambda _: True
                model.set_filter(words, keep)
            case "autres":
                held = held[1:]
                order = [row for row in order if row in held]
                model.set_rows(held)
            case _:
                words = one
                model.set_filter(words)
        assert names(model) == [
            row.name
            for row in order
            if keep(row) and all(word in fold(row.name) for word in fold(words).split())
        ]


def test_a_persistent_index_follows_its_row(towns: TableModel[Town]) -> None:
    from PySide6.QtCore import QPersistentModelIndex

    kept = QPersistentModelIndex(towns.index(0, 0))
    towns.sort(0)
    assert kept.data() == "Étaples"
    assert kept.row() == 2
    assert kept.data(SORT_ROLE) == "etaples"


def test_the_trail_goes_back_and_forth_and_forgets_what_was_ahead() -> None:
    trail = Trail()
    for word in ("a", "b", "c"):
        trail.visit(Address(word))
    trail.leave(Address("c", "x"))
    assert trail.back() == Address("b")
    assert trail.forward() == Address("c", "x")
    trail.back()
    trail.back()
    assert not trail.can_back
    assert trail.back() is None
    trail.visit(Address("d"))
    assert not trail.can_forward
    assert trail.back() == Address("a")


@pytest.fixture
def lane(tmp_path: Path) -> Iterator[Lane]:
    made = Lane(WatchedBase(tmp_path / "essai.db", invented.dossier(), invented.TODAY).open)
    yield made
    made.close()


def test_the_lane_works_off_the_gui_thread_and_answers_in_it(qtbot: QtBot, lane: Lane) -> None:
    gui = threading.get_ident()
    threads: list[int] = []
    with qtbot.waitSignal(lane.idle):
        lane.submit(
            lambda _: threads.append(threading.get_ident()),
            lambda _: threads.append(threading.get_ident()),
            lambda _: None,
        )
    assert threads[0] != gui
    assert threads[1] == gui


def test_the_lane_keeps_the_order_and_survives_a_failure(qtbot: QtBot, lane: Lane) -> None:
    done: list[object] = []

    def fail(_: object) -> None:
        raise UserError("Non.", "")

    with qtbot.waitSignal(lane.idle):
        lane.submit(lambda _: 1, done.append, done.append)
        lane.submit(fail, done.append, done.append)
        lane.submit(lambda _: 3, done.append, done.append)
    assert done[0] == 1
    assert isinstance(done[1], UserError)
    assert done[2] == 3


def test_a_cancelled_job_that_has_not_begun_is_not_begun(qtbot: QtBot, lane: Lane) -> None:
    gate = threading.Event()
    ran: list[str] = []
    with qtbot.waitSignal(lane.idle):
        lane.submit(lambda _: gate.wait(60), lambda _: None, lambda _: None)
        job = lane.submit(lambda _: ran.append("ran"), lambda _: ran.append("done"), lambda _: None)
        job.cancel()
        gate.set()
    assert ran == []


def test_nothing_is_called_back_once_the_lane_is_closed(qapp: QApplication, tmp_path: Path) -> None:
    lane = Lane(WatchedBase(tmp_path / "fin.db", invented.dossier(), invented.TODAY).open)
    done: list[object] = []
    begun = threading.Event()
    lane.submit(lambda _: 1, done.append, done.append)
    # Once the second has begun, the first has come back and waits its turn in this thread.
    lane.submit(lambda _: begun.set(), done.append, done.append)
    assert begun.wait(60)
    lane.close()
    qapp.processEvents()
    assert done == []


def test_the_progress_card_shows_only_once_the_work_lasts(qtbot: QtBot, lane: Lane) -> None:
    gate = threading.Event()
    job = lane.submit(lambda _: gate.wait(60), lambda _: None, lambda _: None)
    card = ProgressCard("Impression", job)
    assert not card.isVisible()
    qtbot.waitUntil(card.isVisible)
    qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert job.cancelled()
    assert card.isVisible()
    with qtbot.waitSignal(lane.idle):
        gate.set()
    card.finish()
    assert not card.isVisible()


@pytest.mark.logs
def test_a_bug_is_logged_told_once_and_the_window_recovers(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    notifier = RecordingNotifier()
    recovered: list[int] = []
    hook = Excepthook(notifier, lambda: recovered.append(1))

    def break_down() -> None:
        raise ZeroDivisionError("bogue")

    for _ in range(3):
        try:
            break_down()
        except ZeroDivisionError:
            kind, error, trace = sys.exc_info()
            assert kind is not None
            assert error is not None
            hook.handle(kind, error, trace)
    qtbot.waitUntil(lambda: bool(notifier.notices))
    assert len(notifier.notices) == 1
    assert recovered == [1]
    assert sum("uncaught" in one.message for one in caplog.records) == 3


def test_an_exception_in_a_slot_leaves_the_window_alive(qtbot: QtBot, bench: Bench) -> None:
    bench.desk.failing["act"] = KeyError("bogue")
    bench.session.change(
        "Essai",
        lambda desk: measurements.record(
            desk, bench.session.contract, measurements.Entry(objective="o1", day=invented.TODAY, value=1)
        ),
    )
    qtbot.waitUntil(lambda: bool(bench.bugs))
    assert isinstance(bench.bugs[0], KeyError)
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.load()
