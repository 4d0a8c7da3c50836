"""Editing the contract in the window, with the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qpvdesk.domain.french import format_date, format_number
from qpvdesk.domain.model import Dossier
from qpvdesk.ui.dialogs.choosing import ChoosingDialog
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.dialogs.entity_controls import LinksControl
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.pages.objectives import ObjectivesPage
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.points import PointsPage
from qpvdesk.ui.widgets.first_steps import FirstSteps
from tests.gui.conftest import Bench
from tests.helpers import invented

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(qtbot: QtBot, bench: Bench, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> EntityDialog:
    # Off screen nobody gives the focus back to the window once a form has closed.
    bench.window.activateWindow()
    qtbot.waitUntil(bench.window.isActiveWindow)
    qtbot.keyClick(bench.window, key, modifiers)
    return form(bench)


def form(bench: Bench) -> EntityDialog:
    found: EntityDialog | None = bench.window.findChild(EntityDialog)
    assert found is not None
    return found


def field(dialog: EntityDialog, name: str) -> QWidget:
    kinds = (QLineEdit, QPlainTextEdit, QComboBox, QListWidget)
    return next(
        one for one in dialog.findChildren(QWidget) if isinstance(one, kinds) and one.accessibleName() == name
    )


def choose(dialog: EntityDialog, name: str, words: str) -> None:
    combo = field(dialog, name)
    assert isinstance(combo, QComboBox)
    combo.setCurrentIndex(next(row for row in range(combo.count()) if words in combo.itemText(row)))


def type_in(qtbot: QtBot, dialog: EntityDialog, name: str, words: str) -> None:
    control = field(dialog, name)
    control.setFocus()
    getattr(control, "selectAll")()  # noqa: B009 (both kinds have it)
    qtbot.keyClicks(control, words)


def said(dialog: EntityDialog) -> str:
    return "\n".join(one.text() for one in dialog.findChildren(QLabel) if not one.isHidden())


def objective(qtbot: QtBot, bench: Bench) -> EntityDialog:
    dialog = press(qtbot, bench, Qt.Key.Key_O, CONTROL | SHIFT)
    choose(dialog, "Partenaire", "Banque")
    type_in(qtbot, dialog, "Libellé", "Clubs")
    type_in(qtbot, dialog, "Unité", "clubs")
    type_in(qtbot, dialog, "Valeur de départ", "12")
    type_in(qtbot, dialog, "Cible", "30")
    type_in(qtbot, dialog, "Échéance", "31/12/2027")
    choose(dialog, "Mesure", "Un niveau")
    return dialog


def test_a_new_objective_is_made_with_the_next_code_and_shown(qtbot: QtBot, bench: Bench) -> None:
    dialog = objective(qtbot, bench)
    code = field(dialog, "Code").text()  # type: ignore[attr-defined]
    assert code.startswith("BPI-O")
    assert "18\u00a0clubs de plus" in said(dialog)
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    made = next(one for one in bench.desk.held.objectives if one.code == code)
    assert made.label == "Clubs"
    page = bench.window.findChild(ObjectivesPage)
    row = next(one for one in page.findChildren(Table) if one.accessibleName() == "Objectifs").current_row()
    assert row.assessment.objective.code == code
    with qtbot.waitSignal(bench.session.changed):
        bench.session.undo()
    assert code not in {one.code for one in bench.desk.held.objectives}


def test_the_keyboard_brings_each_field_whole_into_view(qtbot: QtBot, bench: Bench) -> None:
    dialog = objective(qtbot, bench)
    area = dialog.findChild(QScrollArea)
    for _ in range(40):
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        reached = dialog.focusWidget()
        if area.isAncestorOf(reached) and reached.height() < area.viewport().height():
            corner = reached.mapTo(area.viewport(), QPoint(0, 0))
            assert area.viewport().rect().contains(QRect(corner, reached.size())), reached.accessibleName()


def test_a_target_is_read_as_its_hint_writes_it(qtbot: QtBot, bench: Bench) -> None:
    """In percent « −20 % du départ » was refused for words too many, « +20 % du départ » for its sign."""
    dialog = objective(qtbot, bench)
    type_in(qtbot, dialog, "Unité", "%")
    type_in(qtbot, dialog, "Valeur de départ", "40")
    assert "−20\u00a0% du départ" in said(dialog)
    for target, value in (("+20 % du départ", "48"), ("-20 % du départ", "32")):
        aim = field(dialog, "Cible")
        assert isinstance(aim, QLineEdit)
        aim.setText(target)
        assert "peut se lire" not in said(dialog)
        assert "contient autre chose" not in said(dialog)
        assert f"{value}\u202f%" in said(dialog).replace("\u00a0", "\u202f"), target
    # In another unit « −20 % » is a part too: the way follows it.
    for unit, sens in (("%", "À réduire"), ("apprentis", "À augmenter")):
        type_in(qtbot, dialog, "Unité", unit)
        aim.setText("+20 %" if unit != "%" else "-20 %")
        assert field(dialog, "Sens").currentText() == sens  # type: ignore[attr-defined]


def test_a_target_of_a_place_may_have_its_unit(qtbot: QtBot, bench: Bench) -> None:
    """« Lens 16 % » was said to begin no name of the list."""
    dialog = objective(qtbot, bench)
    type_in(qtbot, dialog, "Unité", "%")
    places = dialog._controls["declined"]
    assert isinstance(places, LinksControl)
    name = places.list.item(0).text()
    for words, target in (("16 %", "16 %"), ("16,5", "16,5"), ("1 339", "1 339"), ("12 bus", "12 bus")):
        places._field.setText(f"{name[:4]} {words}")
        places._tick()
        assert places.value().partition("\t")[2] == target
    places._field.setText(name)
    places._tick()
    assert places.value() == ""


def test_a_day_that_no_calendar_has_is_blamed_for_the_day(qtbot: QtBot, bench: Bench) -> None:
    """« 32/1/27 » was refused for a year of two digits, which « 31/1/27 » has too."""
    dialog = objective(qtbot, bench)
    for day in ("32/1/27", "12/13/27"):
        type_in(qtbot, dialog, "Échéance", day)
        assert "n’existe pas dans le calendrier" in said(dialog)
        assert "deux chiffres" not in said(dialog)


def test_a_choice_is_typed_with_its_spaces(qtbot: QtBot, bench: Bench) -> None:
    """The space of « france t » opened the list, and what was typed next went there."""
    dialog = objective(qtbot, bench)
    partner = field(dialog, "Partenaire")
    assert isinstance(partner, QComboBox)
    partner.setCurrentIndex(0)
    qtbot.keyClicks(partner, "france t")
    assert not partner.view().isVisible()
    assert partner.currentText().startswith("France Travail")


def test_a_key_of_no_label_writes_no_letter(qtbot: QtBot, bench: Bench) -> None:
    """« Alt+S », tried for « Enregistrer », made « Clubs » of « Club »."""
    dialog = objective(qtbot, bench)
    code = field(dialog, "Code")
    assert isinstance(code, QLineEdit)
    for control in (code, field(dialog, "Libellé")):
        control.setFocus()
        before = dialog.typed()
        qtbot.keyClick(control, Qt.Key.Key_Y, Qt.KeyboardModifier.AltModifier)
        assert dialog.typed() == before
        qtbot.keyClicks(control, "y")
        assert dialog.typed() != before


def test_the_sheet_of_an_engagement_offers_its_first_step(qtbot: QtBot, bench: Bench) -> None:
    """It stood in the menu of its row alone."""
    bench.window.go(Address("engagements", "BPI-E01"))
    page = bench.window.navigator.current
    assert page is not None
    adding = next(one for one in page.findChildren(QPushButton) if one.text() == "Ajouter une étape…")
    qtbot.mouseClick(adding, Qt.MouseButton.LeftButton)
    dialog = form(bench)
    engagement = next(one for one in bench.desk.held.engagements if one.code == "BPI-E01")
    assert dialog.typed()["engagement"] == engagement.key
    dialog.reject()


def test_only_the_fields_of_the_sense_are_shown(qtbot: QtBot, bench: Bench) -> None:
    dialog = press(qtbot, bench, Qt.Key.Key_O, CONTROL | SHIFT)
    assert not field(dialog, "Cible").isHidden()
    assert field(dialog, "Comparé à").isHidden()
    # What cannot be saved empty bears its star, as long as the sense asks for it.
    assert {"Cible\u00a0*", "Unité\u00a0*"} <= set(said(dialog).replace("&", "").split("\n"))
    assert "Valeur de départ\u00a0*" not in said(dialog).replace("&", "")
    choose(dialog, "Sens", "À parité")
    assert "Cible\u00a0*" not in said(dialog).replace("&", "")
    assert field(dialog, "Cible").isHidden()
    assert not field(dialog, "Comparé à").isHidden()
    choose(dialog, "Sens", "Suivi")
    assert field(dialog, "Valeur de départ").isHidden()
    assert "sans cible ni statut" not in said(dialog)


def test_a_wrong_combination_is_explained_while_typing_and_saves_nothing(qtbot: QtBot, bench: Bench) -> None:
    dialog = objective(qtbot, bench)
    before = len(bench.desk.held.objectives)
    # Chosen by the officer, the way follows the figures no more.
    for way in ("Au moins", "À augmenter"):
        choose(dialog, "Sens", way)
    type_in(qtbot, dialog, "Cible", "10")
    assert "est en dessous du départ" in said(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    assert "Corrigez les champs signalés" in said(dialog)
    assert len(bench.desk.held.objectives) == before
    assert dialog.isVisible()


def test_what_is_missing_is_told_only_once_one_tries_to_save(qtbot: QtBot, bench: Bench) -> None:
    dialog = press(qtbot, bench, Qt.Key.Key_E, CONTROL | SHIFT)
    assert "À remplir." not in said(dialog)
    qtbot.keyClick(field(dialog, "Code"), Qt.Key.Key_Return)
    assert QToolTip.text() == "Ctrl+Entrée enregistre."
    assert "À remplir." not in said(dialog)
    # On the button itself, Enter is meant.
    save = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Enregistrer")
    qtbot.keyClick(save, Qt.Key.Key_Return)
    assert "À remplir." in said(dialog)


def test_what_was_typed_comes_back_after_escape(qtbot: QtBot, bench: Bench) -> None:
    dialog = objective(qtbot, bench)
    type_in(qtbot, dialog, "Libellé", "Clubs neufs")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)  # at once: the last letters too
    qtbot.waitUntil(lambda: bench.window.findChild(EntityDialog) is None)
    again = press(qtbot, bench, Qt.Key.Key_O, CONTROL | SHIFT)
    assert "Brouillon retrouvé" in said(again)
    assert field(again, "Libellé").toPlainText() == "Clubs neufs"  # type: ignore[attr-defined]
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(again, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: bench.window.findChild(EntityDialog) is None)
    third = press(qtbot, bench, Qt.Key.Key_O, CONTROL | SHIFT)
    assert "Brouillon retrouvé" not in said(third)


def test_a_form_that_was_left_is_told_and_opened_again_from_beside(
    qtbot: QtBot, bench: Bench, open_window: Callable[..., Bench]
) -> None:
    """« Tout est enregistré » stood over it: after a passing message, after a start."""
    state = bench.window._announcer._state
    dialog = objective(qtbot, bench)
    type_in(qtbot, dialog, "Libellé", "Clubs neufs")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: state.text() == "1 brouillon gardé\u202f: Nouvel objectif")
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.load()
    assert state.text() == "1 brouillon gardé\u202f: Nouvel objectif"
    bench.window.close()
    again = open_window()
    state, resume = again.window._announcer._state, again.window._announcer._resume
    qtbot.waitUntil(lambda: state.text() == "1 brouillon gardé\u202f: Nouvel objectif")

    def choose_beside(place: int) -> None:
        qtbot.keyClick(resume, Qt.Key.Key_Return)
        menu = resume.findChild(QMenu)
        acts = [act for act in menu.actions() if not act.isSeparator()]
        assert [act.text().partition("\u202f")[0] for act in acts] == ["Reprendre", "Oublier"]
        acts[place].trigger()
        menu.close()

    choose_beside(0)
    dialog = again.window.findChild(EntityDialog)
    assert field(dialog, "Libellé").toPlainText() == "Clubs neufs"  # type: ignore[attr-defined]
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: again.window.findChild(EntityDialog) is None)
    choose_beside(1)
    qtbot.waitUntil(lambda: state.text() == "Tout est enregistré")
    assert resume.isHidden()
    qtbot.mouseClick(again.window._announcer._toast._button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: state.text().startswith("1 brouillon gardé"))


@pytest.mark.parametrize(
    ("kind", "field", "name", "code"),
    [
        ("partner", "name", "Banque des Territoires", "BDT"),
        ("partner", "name", "CD", "CD"),
        ("territory", "name", "Quartier du Grand Rocade", "GRAND-ROCADE"),
        ("theme", "name", "Tranquillité publique", "tranquillite_publique"),
        ("document", "title", "Avenant n° 1", "AVENANT-N-1"),
        ("version", "label", "Avenant n° 1", "AVENANT-N-1"),
        ("establishment", "name", "École Jules-Ferry", "ECOLE-JULES-FERRY"),
        ("place_level", "name", "Bassin d’emploi", "bassin_d_emploi"),
        ("contract", "name", "Contrat de ville de Saint-Maurin", "saint-maurin"),
    ],
)
def test_a_code_follows_the_name_until_the_hand_writes_one(
    qtbot: QtBot, bench: Bench, kind: str, field: str, name: str, code: str
) -> None:
    """A code was asked for first, with no word of what it may be."""
    if kind == "contract":
        bench.window.editor.new_contract()
    else:
        bench.window.editor.make(kind, None)
    dialog = bench.window.findChild(EntityDialog)
    names = [item.name for item in dialog._form_spec.fields]
    assert names.index(field) < names.index("code")
    control, code_line = dialog._controls[field], dialog._controls["code"]
    qtbot.waitUntil(lambda: dialog.focusWidget() is control)
    assert isinstance(control, QLineEdit)
    assert isinstance(code_line, QLineEdit)
    control.insert(name)
    assert dialog.typed()["code"] == code
    control.selectAll()
    control.del_()
    assert dialog.typed()["code"] == ""
    control.insert(name)
    code_line.selectAll()
    qtbot.keyClicks(code_line, "ZZ")
    control.insert(" Nord")
    assert dialog.typed()["code"] == "ZZ"
    dialog.reject()


def test_the_code_of_a_place_is_held_against_the_level_that_is_chosen(bench: Bench) -> None:
    """Before one was, « GRAND-ROCADE » was refused: « attendu FR »."""
    bench.window.editor.make("territory", None)
    dialog = bench.window.findChild(EntityDialog)
    name = dialog._controls["name"]
    assert isinstance(name, QLineEdit)
    name.insert("Grand Rocade")
    assert dialog.typed()["code"] == "GRAND-ROCADE"
    assert dialog._fields["code"].error == ""
    choose(dialog, "Niveau", "Quartier prioritaire")
    assert (dialog.typed()["code"], dialog._fields["code"].error) == ("GRAND-ROCADE", "")
    # No words stand for the code of a département.
    choose(dialog, "Niveau", "Département")
    assert dialog.typed()["code"] == ""
    dialog.reject()


@pytest.mark.parametrize("kind", ["engagement", "objective", "funding", "statement"])
def test_a_code_that_is_proposed_is_asked_after_the_name(qtbot: QtBot, bench: Bench, kind: str) -> None:
    """The hand began in the code of a new means, which follows from the partner that was not chosen yet."""
    bench.window.editor.make(kind, None)
    dialog = bench.window.findChild(EntityDialog)
    names = [item.name for item in dialog._form_spec.fields]
    assert names.index("label") < names.index("code")
    qtbot.waitUntil(lambda: dialog.focusWidget() is dialog._controls["label"])
    choose(dialog, "Partenaire", "Banque")
    letter = {"engagement": "E", "objective": "O", "funding": "F", "statement": "S"}[kind]
    assert dialog.typed()["code"].startswith(f"BPI-{letter}")
    dialog.reject()


def test_ctrl_m_changes_what_is_in_view_and_retires_it(qtbot: QtBot, bench: Bench) -> None:
    bench.window.go(Address("objectifs", "BPI-O01"))
    dialog = press(qtbot, bench, Qt.Key.Key_M, CONTROL)
    assert field(dialog, "Code").text() == "BPI-O01"  # type: ignore[attr-defined]
    type_in(qtbot, dialog, "Cible", "50")
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    assert next(one for one in bench.desk.held.objectives if one.code == "BPI-O01").target_value == 50
    qtbot.waitUntil(lambda: bench.window.findChild(EntityDialog) is None)
    dialog = press(qtbot, bench, Qt.Key.Key_M, CONTROL)
    away = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Retirer")
    with qtbot.waitSignal(bench.session.changed):
        qtbot.mouseClick(away, Qt.MouseButton.LeftButton)
    assert next(one for one in bench.desk.held.objectives if one.code == "BPI-O01").retired
    bench.window.findChild(QAction, "retablir_retire").trigger()
    back = bench.window.findChild(ChoosingDialog)
    qtbot.keyClicks(back.findChild(QLineEdit), "BPI-O01")
    with qtbot.waitSignal(bench.session.changed):
        next(one for one in back.findChildren(QPushButton) if one.text() == "Rétablir").click()
    assert not next(one for one in bench.desk.held.objectives if one.code == "BPI-O01").retired


def test_ctrl_m_on_a_point_opens_what_is_at_fault(qtbot: QtBot, bench: Bench) -> None:
    bench.window.go(Address("points"))
    page = bench.window.findChild(PointsPage)
    table = page.findChild(Table)
    # All of them: what is to be done is shown first.
    page._state.setCurrentIndex(page._state.findData(""))
    place = next(at for at in range(table.model().rowCount()) if ":BPI-O" in table._rows.row_at(at).ident)
    table.selectRow(place)
    code = table.current_row().ident.split(":")[1]
    dialog = press(qtbot, bench, Qt.Key.Key_M, CONTROL)
    assert field(dialog, "Code").text() == code  # type: ignore[attr-defined]


def test_ctrl_m_without_anything_in_view_says_what_to_do(qtbot: QtBot, bench: Bench) -> None:
    qtbot.keyClick(bench.window, Qt.Key.Key_M, CONTROL)
    assert bench.window.findChild(EntityDialog) is None
    assert "Choisissez d’abord" in bench.window.statusBar().currentMessage()


@pytest.mark.parametrize(("answer", "copied"), [("copie", True), ("vide", False)])
def test_a_second_contract(qtbot: QtBot, bench: Bench, answer: str, copied: bool) -> None:
    bench.window.findChild(QAction, "nouveau_contrat").trigger()
    dialog = form(bench)
    type_in(qtbot, dialog, "Code", "douai")
    type_in(qtbot, dialog, "Nom", "Contrat de Douai")
    bench.notifier.answers.append(answer)
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(
        lambda: bench.session.picture is not None and bench.session.picture.contract.code == "douai"
    )
    picture = bench.session.picture
    assert picture is not None
    assert bool(picture.situation.objectives) is copied
    # Of the figures, those alone of an objective that both contracts have in common.
    codes = {item.key: item.code for item in picture.situation.dossier.objectives}
    figures = {
        (codes[item.objective], item.day, item.value) for item in picture.situation.dossier.measurements
    }
    known = {item.key: item.code for item in bench.desk.held.objectives}
    entered = {(known.get(item.objective, ""), item.day, item.value) for item in bench.desk.held.measurements}
    assert figures <= entered if copied else not figures


@pytest.mark.parametrize("answer", ["retirer", "garder"])
def test_the_contract_of_before_may_leave_where_nothing_was_followed(
    qtbot: QtBot, open_window: Callable[..., Bench], answer: str
) -> None:
    bench = open_window(replace(invented.dossier(), meteos=(), meetings=()))
    bench.window.findChild(QAction, "nouveau_contrat").trigger()
    dialog = form(bench)
    type_in(qtbot, dialog, "Code", "douai")
    type_in(qtbot, dialog, "Nom", "Contrat de Douai")
    bench.notifier.answers += ["vide", answer]
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    left = ["douai"] if answer == "retirer" else ["douai", "essai"]
    qtbot.waitUntil(
        lambda: (
            bench.session.picture is not None
            and sorted(item.code for item in bench.session.picture.contracts) == left
        )
    )


def test_a_read_only_base_offers_no_form(qtbot: QtBot, open_window: object) -> None:
    bench: Bench = open_window(read_only=True)  # type: ignore[operator]
    qtbot.keyClick(bench.window, Qt.Key.Key_O, CONTROL | SHIFT)
    assert bench.window.findChild(EntityDialog) is None
    assert "lecture seule" in bench.window.statusBar().currentMessage()


def test_a_list_of_quartiers_is_shown_then_taken_in(qtbot: QtBot, bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("code_qp;lib_qp;insee_com\nQN06299M;Cite neuve;62498\n", encoding="utf-8")
    bench.notifier.opened = path
    bench.notifier.answers.append("importer")
    bench.window.go(Address("territoires"))
    button = next(
        one
        for one in bench.window.findChildren(QPushButton)
        if one.text().startswith("Importer un fichier officiel")
    )
    with qtbot.waitSignal(bench.session.changed):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert bench.notifier.notices[-1].message.startswith("1 quartier à ajouter")
    assert "QN06299M" in {one.code for one in bench.desk.held.territories}


def test_anything_of_the_contract_is_found_and_opened(bench: Bench, qtbot: QtBot) -> None:
    action = bench.window.findChild(QAction, "modifier_autre")
    assert action is not None
    action.trigger()
    dialog = bench.window.findChild(ChoosingDialog)
    assert dialog is not None
    field = dialog.findChild(QLineEdit)
    things = dialog.findChild(QListWidget)
    everything = things.count()
    document = bench.desk.held.documents[0]
    field.setText(f"document {document.code}")
    assert 0 < things.count() < everything
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    opened = form(bench)
    assert opened.typed()["code"] == document.code
    opened.reject()


def test_a_step_and_a_counter_figure_are_made_from_the_menu_and_shown(qtbot: QtBot, bench: Bench) -> None:
    """What only a file could write has a form: made, seen beside its engagement or objective, undone."""
    before = bench.desk.held
    engagement, goal = before.engagements[0], before.objectives[0]
    bench.window.go(Address("engagements", engagement.code))
    bench.window.findChild(QAction, "nouvelle_etape").trigger()
    dialog = form(bench)
    type_in(qtbot, dialog, "Libellé", "Signer la convention")
    type_in(qtbot, dialog, "Qui", "Direction")
    type_in(qtbot, dialog, "Échéance", "31/03/2026")
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    (step,) = set(bench.desk.held.steps) - set(before.steps)
    assert (step.engagement, step.label, step.who) == (engagement.key, "Signer la convention", "Direction")
    texts = [one.text() for one in bench.window.findChildren(QLabel)]
    assert "Signer la convention · Direction · en retard depuis le 31/03/2026" in texts
    bench.window.go(Address("objectifs", goal.code))
    qtbot.waitUntil(lambda: bench.window.findChild(EntityDialog) is None)
    bench.window.findChild(QAction, "nouvelle_contrevaleur").trigger()
    dialog = form(bench)
    type_in(qtbot, dialog, "Date", "31/12/2025")
    type_in(qtbot, dialog, "Valeur", "18")
    type_in(qtbot, dialog, "Motif", "Le rapport dit autrement")
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    (counter,) = set(bench.desk.held.counter_values) - set(before.counter_values)
    assert (counter.objective, counter.reason) == (goal.key, "Le rapport dit autrement")
    for _ in range(2):
        with qtbot.waitSignal(bench.session.changed):
            bench.session.undo()
    assert bench.desk.held == before


def test_a_figure_of_the_objective_in_view_takes_its_two_numbers(qtbot: QtBot, bench: Bench) -> None:
    held = bench.desk.held
    shares = {one.key: one for one in held.objectives if one.unit == "%"}
    share = next(one for one in held.measurements if one.objective in shares)
    bench.window.go(Address("objectifs", shares[share.objective].code))
    bench.window.findChild(QAction, "completer_releve").trigger()
    choosing = bench.window.findChild(ChoosingDialog)
    own = [one for one in held.measurements if one.objective == share.objective]
    assert choosing.findChild(QListWidget).count() == len(own)
    choosing.findChild(QLineEdit).setText(format_date(share.day))
    qtbot.keyClick(choosing, Qt.Key.Key_Return)
    dialog = form(bench)
    type_in(qtbot, dialog, "Numérateur", format_number(share.value * 10))
    type_in(qtbot, dialog, "Dénominateur", "1000")
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    made = next(one for one in bench.desk.held.measurements if one.key == share.key)
    assert (made.numerator, made.denominator) == (share.value * 10, 1000)


def test_a_new_form_opens_on_the_partner_served_last(qtbot: QtBot, bench: Bench) -> None:
    """From a page that shows nobody: never the first of the list, under whom things were filed unseen."""
    bench.window.go(Address("tableau"))
    first = press(qtbot, bench, Qt.Key.Key_E, CONTROL | SHIFT)
    names = [f"{item.short_name} – {item.name}" for item in bench.desk.held.partners]
    assert field(first, "Partenaire").currentText() == "À préciser"  # type: ignore[attr-defined]
    choose(first, "Nature", "Droit")
    type_in(qtbot, first, "Libellé", "Ouvrir un guichet")
    qtbot.keyClick(first, Qt.Key.Key_Return, CONTROL)
    assert "Choisissez dans la liste." in said(first)
    choose(first, "Partenaire", names[1])
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(first, Qt.Key.Key_Return, CONTROL)
    bench.window.go(Address("tableau"))
    second = press(qtbot, bench, Qt.Key.Key_O, CONTROL | SHIFT)
    assert field(second, "Partenaire").currentText() == names[1]  # type: ignore[attr-defined]


@pytest.mark.parametrize("epci", ["200039299", None])
def test_the_first_objective_of_a_contract_without_places_brings_its_perimeter(
    qtbot: QtBot, open_window: Callable[..., Bench], epci: str | None
) -> None:
    """Its territory had to be chosen in an empty list: « À remplir. », and no way to."""
    full = invented.dossier()
    contract = replace(full.contract, epci=epci, name="Contrat de ville de l’Île-d’Abeau")
    bench = open_window(Dossier(contract=contract, partners=full.partners[:1]))
    steps = bench.window.findChild(FirstSteps)
    next(one for one in steps.findChildren(QPushButton) if one.text() == "Nouvel objectif…").click()
    dialog = form(bench)
    offered = field(dialog, "Territoire")
    assert isinstance(offered, QComboBox)
    assert [offered.itemText(at) for at in range(offered.count())] == [
        f"Île-d’Abeau ({'agglomération' if epci else 'autre périmètre'})"
    ]
    assert any("le périmètre du contrat, est créé avec" in one.text() for one in dialog.findChildren(QLabel))
    for name, words in (("Libellé", "Postes pourvus"), ("Unité", "postes"), ("Cible", "22")):
        type_in(qtbot, dialog, name, words)
    choose(dialog, "Partenaire", full.partners[0].name)
    choose(dialog, "Sens", "Au moins")
    choose(dialog, "Mesure", "Un niveau")
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    (place,), (objective,) = bench.desk.held.territories, bench.desk.held.objectives
    assert (place.name, place.code) == ("Île-d’Abeau", epci or "CONTRAT")
    assert objective.territory == place.key
    with qtbot.waitSignal(bench.session.changed):
        bench.session.undo()
    assert (bench.desk.held.territories, bench.desk.held.objectives) == ((), ())
