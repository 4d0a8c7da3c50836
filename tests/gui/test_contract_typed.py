"""A contract typed in the window alone: a thématique of its own, then one form after another, by what differs."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QListWidget, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk.domain.model import Mesure, Sens
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
    """Ten objectives of one engagement, key by key: beside its words and figures each costs a Tab a figure and its save."""
    first = press(qtbot, bench, Qt.Key.Key_O, CONTROL | SHIFT)
    choose(first, "Partenaire", "Banque")
    choose(first, "Mesure", "Un niveau")
    keys = 0
    wanted = {
        f"Clubs {rank}": (str(rank), str(rank + 10 if rank % 2 else rank - 10)) for rank in range(20, 30)
    }
    for number, (label, (start, target)) in enumerate(wanted.items()):
        dialog = form(bench)
        typed = {"Libellé": label, "Valeur de départ": start, "Cible": target}
        typed |= (
            {} if number else {"Unité": "clubs", "Date de départ": "31/12/2023", "Échéance": "31/12/2027"}
        )
        order = ("Libellé", "Unité", "Valeur de départ", "Date de départ", "Cible", "Échéance")
        focus = dialog.focusWidget()
        assert focus is not None
        assert focus.accessibleName() == "Libellé"
        for name in sorted(typed, key=order.index):
            control = field(dialog, name)
            while dialog.focusWidget() is not control:
                keys += 1
                qtbot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Tab)
            qtbot.keyClicks(control, typed[name])
        keys += 1
        follow(qtbot, bench)
    partner = field(form(bench), "Partenaire")
    assert isinstance(partner, QComboBox)
    assert partner.currentText().startswith("Bpifrance")
    made = {item.label: item for item in bench.desk.held.objectives if item.label in wanted}
    assert {
        label: (str(item.start_value), str(item.target_value), item.unit, item.target_date)
        for label, item in made.items()
    } == {label: (*figures, "clubs", date(2027, 12, 31)) for label, figures in wanted.items()}
    # Which way each is to go is read from its figures, not kept from the one before.
    assert [item.sens for item in made.values()] == [Sens.BAISSE, Sens.HAUSSE] * 5
    assert {(item.mesure, item.partner, item.engagement) for item in made.values()} == {
        (Mesure.STOCK, *next((item.partner, item.engagement) for item in made.values()))
    }
    assert keys / len(wanted) <= 5.2, "a Tab to each figure, and the save"


def test_what_a_new_one_does_not_always_have_is_folded(qtbot: QtBot, bench: Bench) -> None:
    dialog = press(qtbot, bench, Qt.Key.Key_O, CONTROL | SHIFT)
    kinds = (QLineEdit, QPlainTextEdit, QComboBox, QListWidget)
    fields = [item for item in dialog.findChildren(QWidget) if isinstance(item, kinds)]
    shown = [item.accessibleName() for item in fields if item.isVisibleTo(dialog)]
    assert {"Libellé", "Unité", "Valeur de départ", "Cible", "Échéance", "Sens", "Mesure"} <= set(shown)
    assert not {"Jalons", "Poids", "Note", "Telle qu’écrite", "Rôle"} & set(shown)
    assert field(dialog, "Mesure").currentText() == "À préciser"  # type: ignore[attr-defined]
    type_in(qtbot, dialog, "Libellé", "Clubs")
    type_in(qtbot, dialog, "Unité", "clubs")
    type_in(qtbot, dialog, "Cible", "12")
    before = set(bench.desk.held.objectives)
    for name, chosen in (("Partenaire", "Banque"), ("Mesure", "")):
        # Nobody is guessed, and the hand goes to what is to be chosen.
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
        assert dialog.focusWidget() is field(dialog, name)
        if chosen:
            choose(dialog, name, chosen)
    assert set(bench.desk.held.objectives) == before
    next(item for item in dialog.findChildren(QPushButton) if "Autres champs" in item.text()).click()
    assert not field(dialog, "Jalons").isHidden()
    # What is changed is seen whole.
    dialog.reject()
    held = bench.desk.held.objectives[0]
    bench.window.editor.change_one("objective", held.key)
    qtbot.waitUntil(lambda: any(item.isVisible() for item in bench.window.findChildren(EntityDialog)))
    changed = next(item for item in bench.window.findChildren(EntityDialog) if item.isVisible())
    assert not field(changed, "Poids").isHidden()
    changed.reject()


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


def test_no_form_of_a_new_thing_stands_on_what_nobody_said(bench: Bench) -> None:
    """A means of no nature is none of investment; a place is of no level until somebody says which."""
    bench.window.findChild(QAction, "nouveau_moyen").trigger()
    dialog = form(bench)
    standing = {name: field(dialog, name).currentText() for name in ("Nature", "Crédits", "Stade")}  # type: ignore[attr-defined]
    assert standing == {"Nature": "Non précisé", "Crédits": "Non précisé", "Stade": "Prévu"}
    dialog.reject()


def test_a_new_place_is_of_no_level_before_somebody_says_which(bench: Bench) -> None:
    bench.window.findChild(QAction, "nouveau_territoire").trigger()
    dialog = form(bench)
    assert field(dialog, "Niveau").currentText() == "À préciser"  # type: ignore[attr-defined]
    assert not any("n’est pas un code" in words.text() for words in dialog.findChildren(QLabel))
    dialog.reject()
