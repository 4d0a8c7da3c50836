"""Dialogs: what Enter and Escape answer."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from qpvdesk.ui.notify import CANCEL, OK, BoxNotifier, Notice


@pytest.mark.usefixtures("qtbot")
@pytest.mark.parametrize(("careful", "answer"), [(False, "ok"), (True, "annuler")])
def test_enter_answers_the_first_or_where_care_is_due_the_last(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, *, careful: bool, answer: str
) -> None:
    def entered(box: QMessageBox) -> int:
        box.show()
        qtbot.addWidget(box)
        box.defaultButton().click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", entered)
    notice = Notice("Un collègue", "Accepter sa clé ?", choices=(OK, CANCEL), careful=careful)
    assert BoxNotifier().ask(notice) == answer
