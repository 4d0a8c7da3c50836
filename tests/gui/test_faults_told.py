"""A fault of the program, which refuses nothing: who waits for an answer is told, and its button saves again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from qpvdesk import app
from qpvdesk.services import measurements
from qpvdesk.services.editing import acts
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.dialogs.lines import LinesDialog
from qpvdesk.ui.dialogs.measurement import MeasurementDialog
from qpvdesk.ui.pages.page import Address
from tests.gui.conftest import Bench
from tests.gui.test_editing import CONTROL, SHIFT, objective
from tests.gui.test_entry_grid import open_grid, press, type_in

TOLD = "Une erreur du programme a arrêté l’opération."


def words(widget: QWidget) -> str:
    return "\n".join(item.text() for item in widget.findChildren(QLabel) if item.isVisible())


@contextmanager
def faulty(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> Iterator[None]:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("faute")

    with monkeypatch.context() as patch:
        patch.setattr(module, name, fail)
        yield


def test_the_form_of_a_thing(qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """« Enregistrer » stayed grey until the form was opened again."""
    dialog = objective(qtbot, bench)
    with faulty(monkeypatch, acts, "save"):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
        qtbot.waitUntil(lambda: TOLD in words(dialog))
    assert dialog._save.isEnabled()
    assert [type(bug) for bug in bench.bugs] == [KeyError]
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: bench.window.findChild(EntityDialog) is None)


def test_the_grid_of_lines(qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.window.go(Address("partenaires"))
    qtbot.keyClick(bench.window, Qt.Key.Key_L, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: bench.window.findChild(LinesDialog) is not None)
    dialog = bench.window.findChild(LinesDialog)
    dialog.table.typed.put([{"name": "Mission locale", "code": "ML"}])
    qtbot.waitUntil(lambda: dialog._ready)
    with faulty(monkeypatch, acts, "make_together"):
        dialog._save.click()
        qtbot.waitUntil(lambda: TOLD in words(dialog))
    assert dialog._save.isEnabled()
    with qtbot.waitSignal(bench.session.changed):
        dialog._save.click()
    assert "ML" in {partner.code for partner in bench.desk.held.partners}


def test_the_grid_of_figures(qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """No figure of the grid was saved any more before the program was started again."""
    page, _ = open_grid(qtbot, bench, "BPI")
    type_in(qtbot, bench, "34")
    press(qtbot, bench, Qt.Key.Key_Return)
    with faulty(monkeypatch, measurements, "record_all"):
        page.save()
        qtbot.waitUntil(lambda: TOLD in words(page))
    with qtbot.waitSignal(bench.session.changed):
        page.save()
    assert [str(item.value) for item in bench.desk.held.measurements if item.entered_on] == ["34"]


def test_the_form_of_a_figure(qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could be saved anew, and said nothing of what had happened."""
    bench.window.go(Address("objectifs", "BPI-O01"))
    bench.window.actions_by_word["saisir_detail"].trigger()
    dialog = bench.window.findChild(MeasurementDialog)
    qtbot.keyClicks(dialog._value, "34")
    with faulty(monkeypatch, measurements, "record"):
        dialog._submit()
        qtbot.waitUntil(lambda: TOLD in words(dialog))
    assert dialog._value.text() == "34"
    with qtbot.waitSignal(bench.session.changed):
        dialog._submit()


def test_who_puts_another_base_in_its_place(
    qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dialog of the passphrase waited for ever, and did not close."""
    del monkeypatch
    told: list[str] = []

    def fail(_: object) -> None:
        raise KeyError("faute")

    bench.session.replace_base(fail, lambda _: None, lambda error: told.append(error.message))
    qtbot.waitUntil(lambda: bool(told))
    assert told == [TOLD]


def test_who_waits_in_the_program_itself(qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program raises the fault, for its hook to show it; that went past whoever waited."""
    monkeypatch.setattr(bench.session, "_raise_bug", app._raise)
    told: list[str] = []

    def fail(_: object) -> None:
        raise KeyError("faute")

    with capture_exceptions() as raised:
        bench.session.change("Essai", fail, failed=lambda error: told.append(error.message), faults=True)
        qtbot.waitUntil(lambda: bench.lane.pending == 0)
    assert told == [TOLD]
    assert [kind for kind, *_ in raised] == [KeyError]
