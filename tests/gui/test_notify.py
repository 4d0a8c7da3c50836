"""Dialogs: what Enter and Escape answer."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from qpvdesk.ui.notify import CANCEL, OK, BoxNotifier, Choice, Notice


@pytest.mark.usefixtures("qtbot")
@pytest.mark.parametrize(("careful", "answer"), [(False, "ok"), (True, "annuler")])
def test_enter_answers_the_first_or_where_care_is_due_the_last(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, *, careful: bool, answer: str
) -> None:
    shown: list[str] = []

    def entered(box: QMessageBox) -> int:
        shown[:] = [box.defaultButton().text()]
        box.show()
        qtbot.addWidget(box)
        box.defaultButton().click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", entered)
    notice = Notice("Un collègue", "Accepter sa clé ?", choices=(OK, CANCEL), careful=careful)
    assert BoxNotifier().ask(notice) == answer
    # An answer may be the words of a contract: their « & » is no key.
    notice = replace(
        notice, choices=(Choice("a", "Garder «\u202fÉlus & agents\u202f»"), CANCEL), careful=False
    )
    assert BoxNotifier().ask(notice) == "a"
    assert shown == ["Garder «\u202fÉlus && agents\u202f»"]
