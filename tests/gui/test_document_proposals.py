"""What a document proposes, taken, corrected or refused with the keyboard; the next thing, and a copy of one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from qpvdesk.domain.model import Citation, Nature
from qpvdesk.ui.dialogs.document_proposals import DocumentProposalsDialog
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.pages.page import Address
from tests.gui.conftest import Bench
from tests.gui.test_editing import CONTROL, SHIFT, field, form, objective
from tests.unit.cli.test_proposals import TEXT


def test_each_proposal_is_taken_or_refused_by_a_key(qtbot: QtBot, bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "cadre.txt"
    path.write_text(TEXT, encoding="utf-8")
    bench.notifier.opened = path
    before = bench.desk.held
    bench.window.actions_by_word["proposer"].trigger()
    qtbot.waitUntil(lambda: bench.window.findChild(DocumentProposalsDialog) is not None)
    dialog = bench.window.findChild(DocumentProposalsDialog)
    assert dialog is not None
    proposed = dialog.findChild(ItemList)
    assert proposed is not None
    count = proposed.count()
    assert count == 3
    with qtbot.waitSignal(bench.session.changed):
        dialog._begin.click()
    assert "document source" not in dialog._begin.text()
    # The text does not say its nature: nothing is written before somebody does.
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    asked = dialog.findChild(EntityDialog)
    assert asked is not None
    nature = field(asked, "Nature")
    assert asked.focusWidget() is nature
    assert nature.currentText() == "À préciser"  # type: ignore[attr-defined]
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    assert set(bench.desk.held.engagements) == set(before.engagements)
    qtbot.keyClick(nature, Qt.Key.Key_C)
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: proposed.count() == count - 1)
    (engagement,) = set(bench.desk.held.engagements) - set(before.engagements)
    (document,) = set(bench.desk.held.documents) - set(before.documents)
    assert (engagement.code, engagement.nature) == ("V-01", Nature.CREDITS_SPECIFIQUES)
    assert engagement.citation == Citation(
        document.key, "ENGAGEMENTS : VILLE", "Fiche-action V-01. Ouvrir deux maisons de santé."
    )
    qtbot.keyClick(dialog, Qt.Key.Key_F2)
    corrected = next(item for item in dialog.findChildren(EntityDialog) if item.isVisible())
    field(corrected, "Libellé").setPlainText("Maisons de santé ouvertes")  # type: ignore[attr-defined]
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(corrected, Qt.Key.Key_Return, CONTROL)
    (made,) = set(bench.desk.held.objectives) - set(before.objectives)
    assert (made.label, made.target_value, made.engagement) == (
        "Maisons de santé ouvertes",
        2,
        engagement.key,
    )
    qtbot.waitUntil(lambda: proposed.count() == count - 2)
    qtbot.keyClick(dialog, Qt.Key.Key_Delete)
    assert proposed.count() == 0
    assert bench.desk.held.statements == before.statements
    dialog.reject()


def test_saving_and_going_on_opens_the_next_form_with_what_was_chosen(qtbot: QtBot, bench: Bench) -> None:
    dialog = objective(qtbot, bench)
    code = field(dialog, "Code").text()  # type: ignore[attr-defined]
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL | SHIFT)
    assert code in {item.code for item in bench.desk.held.objectives}
    following = next(item for item in bench.window.findChildren(EntityDialog) if item.isVisible())
    following_code = field(following, "Code")
    assert isinstance(following_code, QLineEdit)
    assert following_code.text().startswith("BPI-O")
    assert following_code.text() != code
    assert field(following, "Libellé").toPlainText() == ""  # type: ignore[attr-defined]
    following.reject()


def test_a_copy_of_what_is_in_view_has_its_words_and_another_code(bench: Bench) -> None:
    held = bench.desk.held.objectives[0]
    bench.window.go(Address("objectifs", held.code))
    bench.window.actions_by_word["dupliquer"].trigger()
    dialog = form(bench)
    assert field(dialog, "Libellé").toPlainText() == held.label  # type: ignore[attr-defined]
    assert field(dialog, "Code").text() not in ("", held.code)  # type: ignore[attr-defined]
    dialog.reject()
