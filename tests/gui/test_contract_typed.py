"""A contract typed in the window alone: a thématique of its own, then one form after another, by what differs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from qpvdesk.ui.dialogs.entity import EntityDialog
from tests.gui.conftest import Bench
from tests.gui.test_editing import CONTROL, SHIFT, choose, field, form, press, type_in


def follow(qtbot: QtBot, bench: Bench) -> EntityDialog:
    """Save the form and return the next one."""
    before = form(bench)
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(before, Qt.Key.Key_Return, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: form(bench).isVisible() and not field(form(bench), "Libellé").toPlainText())  # type: ignore[attr-defined]
    return form(bench)


def test_a_thematique_of_its_own_is_made_in_the_window_and_offered(qtbot: QtBot, bench: Bench) -> None:
    bench.window.findChild(QAction, "nouvelle_thematique").trigger()
    dialog = form(bench)
    type_in(qtbot, dialog, "Code", "mobilite")
    type_in(qtbot, dialog, "Nom", "Transports")
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    assert [item.name for item in bench.desk.held.themes if item.code == "mobilite"] == ["Transports"]
    engagement = press(qtbot, bench, Qt.Key.Key_E, CONTROL | SHIFT)
    choose(engagement, "Thématique", "Transports")


def test_the_next_objective_keeps_what_was_chosen_and_asks_for_what_differs(
    qtbot: QtBot, bench: Bench
) -> None:
    first = press(qtbot, bench, Qt.Key.Key_O, CONTROL | SHIFT)
    choose(first, "Partenaire", "Banque")
    tabs = 0
    for label in ("Clubs", "Bus"):
        dialog = form(bench)
        focus = dialog.focusWidget()
        assert focus is not None
        assert focus.accessibleName() == "Libellé"
        typed = {
            "Libellé": label,
            "Unité": "clubs",
            "Valeur de départ": "12",
            "Cible": "30",
            "Échéance": "31/12/2027",
        }
        for name, words in typed.items():
            control = field(dialog, name)
            while dialog.focusWidget() is not control:
                tabs += 1
                qtbot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Tab)
            qtbot.keyClicks(control, words)
        follow(qtbot, bench)
    partner = field(form(bench), "Partenaire")
    assert isinstance(partner, QComboBox)
    assert partner.currentText().startswith("Banque")
    made = [item for item in bench.desk.held.objectives if item.label in {"Clubs", "Bus"}]
    assert [item.target_value for item in made] == [30, 30]
    assert len({item.partner for item in made}) == 1
    assert tabs <= 28, "each objective costs some fourteen keys beside its words and figures"


@pytest.mark.parametrize(
    ("word", "typed", "things", "called"),
    [
        (
            "nouvelle_version",
            {"Code": "AV1", "Libellé": "Avenant n° 1", "Date": "01/06/2025"},
            "versions",
            "AV1",
        ),
        ("nouveau_niveau", {"Code": "BASSIN", "Nom": "Bassin de vie"}, "place_levels", "BASSIN"),
    ],
)
def test_a_version_and_a_level_of_places_are_made_in_the_window(
    qtbot: QtBot, bench: Bench, word: str, typed: dict[str, str], things: str, called: str
) -> None:
    bench.window.findChild(QAction, word).trigger()
    dialog = form(bench)
    for name, words in typed.items():
        type_in(qtbot, dialog, name, words)
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    assert [item.code for item in getattr(bench.desk.held, things)] == [called]
