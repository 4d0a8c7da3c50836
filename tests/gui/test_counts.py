"""The jobs of every day, counted in keys from the dashboard, in the real window: issue by issue the counts only go down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk.domain.meetings import meeting_code
from qpvdesk.domain.model import Dossier, Measurement
from qpvdesk.domain.statuses import GROUPS, Group
from qpvdesk.storage import opening
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.dialogs.pasting import PastingDialog
from qpvdesk.ui.pages.page import Address
from tests.gui.conftest import Bench
from tests.helpers import demo

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
SHARES = ("22,6", "17", "18,4", "21,1", "18,4", "20,6", "16,8", "17", "20,3", "15,8", "19,2")
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    """The contract that ships, with invented figures."""
    path: Path = tmp_path_factory.mktemp("touches") / "exemple.db"
    demo.make(path)
    with opening.open_base(path, read_only=True) as base:
        return base.dossier(base.contracts()[0].key)


class Hand:
    """Presses keys where the keyboard is, and counts them."""

    def __init__(self, qtbot: QtBot, bench: Bench) -> None:
        self._qtbot, self._window = qtbot, bench.window
        self.keys = 0

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, times: int = 1) -> None:
        for _ in range(times):
            if modifiers & CONTROL and QGuiApplication.modalWindow() is None:
                self._window.activateWindow()
                self._qtbot.waitUntil(self._window.isActiveWindow)
            self._qtbot.keyClick(self._here(), key, modifiers)
            self.keys += 1

    def type(self, words: str) -> None:
        for letter in words:
            self._qtbot.keyClicks(self._here(), letter)
            self.keys += 1

    def _here(self) -> object:
        return QGuiApplication.focusObject() or self._window


@pytest.mark.parametrize("day", ["", "15/11", "151125"])
def test_a_figure_by_phone_in_fifteen_keys_beyond_the_name_of_what_it_is_of(
    qtbot: QtBot, open_window: Callable[..., Bench], contract: Dossier, day: str
) -> None:
    bench = open_window(contract)
    hand = Hand(qtbot, bench)
    known = {item.key for item in contract.measurements}
    hand.press(Qt.Key.Key_N, CONTROL)
    hand.type("cie je")
    hand.press(Qt.Key.Key_Return)
    hand.type("13,1")
    hand.press(Qt.Key.Key_Tab, times=bool(day))
    hand.type(day)
    with qtbot.waitSignal(bench.session.changed):
        hand.press(Qt.Key.Key_Return)
    new = [item for item in bench.desk.held.measurements if item.key not in known]
    assert [str(item.value) for item in new] == ["13.1"]
    assert (new[0].day.month, new[0].day.day) == (
        (11, 15) if day else (bench.session.today.month, bench.session.today.day)
    )
    assert hand.keys - len("cie je") * bool(day) <= 15


@pytest.mark.parametrize(("name", "enters", "late"), [("fr", 1, True), ("fra", 0, True), ("fra", 0, False)])
def test_eleven_shares_in_fifty_five_keys(
    qtbot: QtBot, open_window: Callable[..., Bench], contract: Dossier, name: str, enters: int, late: bool
) -> None:
    """Of a partner who gave nothing yet, or whose figures are up to date: as these are of the end of a month, so is the day
    that is proposed. The first value goes on from the name to the grid."""
    partner = next(item.key for item in contract.partners if item.code == "FT")
    own = {item.key: item.territory for item in contract.objectives if item.partner == partner}
    before = tuple(item for item in contract.measurements if item.objective not in own)
    if not late:
        before += tuple(
            Measurement(f"m-{key}", key, territory, date(2026, 6, 30), Decimal(16))
            for key, territory in own.items()
        )
    bench = open_window(replace(contract, measurements=before), today=date(2026, 8, 17))
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_4, CONTROL)
    hand.type(name)
    hand.press(Qt.Key.Key_Return, times=enters)
    for place, share in enumerate(SHARES):
        hand.press(Qt.Key.Key_Return, times=int(place > 0))
        hand.type(share)
    with qtbot.waitSignal(bench.session.changed):
        hand.press(Qt.Key.Key_S, CONTROL)
    known = {item.key for item in before}
    new = [item for item in bench.desk.held.measurements if item.key not in known]
    assert sorted(str(item.value) for item in new) == sorted(share.replace(",", ".") for share in SHARES)
    assert {item.day for item in new} == {date(2026, 8, 17) if late else date(2026, 7, 31)}
    assert hand.keys <= 55


def test_eleven_shares_that_a_mail_names_in_short_are_pasted_in_nine_keys(
    qtbot: QtBot, open_window: Callable[..., Bench], contract: Dossier
) -> None:
    """Short names, decimals and the day of them all: the guesses are seen with their last figures, then accepted."""
    names = {
        "FT-O01": "Demande d’emploi cat. A, B, C", "FT-O02": "Accompagnement intensif", "FT-O03": "CEJ",
        "FT-O04": "Entrées en formation", "FT-O05": "Valoriser son image pro", "FT-O06": "Prépacompétences",
        "FT-O07": "PEC", "FT-O08": "Immersions professionnelles", "FT-O10": "CIE jeunes", "FT-O11": "POE",
        "FT-O12": "Formation préalable au recrutement",
    }  # fmt: skip
    values = {code: f"{15 + place},{place % 9 + 1}" for place, code in enumerate(names)}
    mail = "".join(f"{name} : {values[code]} %\n" for code, name in names.items())
    bench = open_window(replace(contract), today=date(2026, 11, 29))
    known = {item.key for item in contract.measurements}
    QGuiApplication.clipboard().setText(f"Bonjour,\nVoici nos chiffres au 31/10/2026 :\n{mail}Cordialement\n")
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_R, CONTROL)
    hand.type("fra")
    hand.press(Qt.Key.Key_V, CONTROL)
    dialog = bench.window.findChild(PastingDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    hand.press(Qt.Key.Key_Return, times=2)
    with qtbot.waitSignal(bench.session.changed):
        hand.press(Qt.Key.Key_S, CONTROL)
    codes = {item.key: item.code for item in bench.desk.held.objectives}
    new = [item for item in bench.desk.held.measurements if item.key not in known]
    written = {codes[item.objective]: (item.value, item.day) for item in new}
    assert written == {
        code: (Decimal(value.replace(",", ".")), date(2026, 10, 31)) for code, value in values.items()
    }
    assert hand.keys <= 9


def test_all_that_is_late_is_listed_and_copied_in_six_keys(
    qtbot: QtBot, open_window: Callable[..., Bench], contract: Dossier
) -> None:
    bench = open_window(contract)
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_L, CONTROL)
    page = bench.window.navigator.current
    assert page is not None
    assert page.word == "objectifs"
    hand.press(Qt.Key.Key_C, CONTROL | SHIFT)
    lines = QGuiApplication.clipboard().text().split("\n")[1:]
    qtbot.waitUntil(
        lambda: bench.window.statusBar().currentMessage().startswith(f"{len(lines)} lignes copiées")
    )
    picture = bench.session.picture
    assert picture is not None
    late = [item for item in picture.situation.counted if item.status in GROUPS[Group.A_TRAITER]]
    assert len(lines) == len(late) > 0
    assert hand.keys <= 6


def test_a_decision_in_a_meeting_in_four_keys_beyond_its_text_and_the_next_at_once(
    qtbot: QtBot, bench: Bench
) -> None:
    hand = Hand(qtbot, bench)
    texts = "Relancer Bpifrance", "CALL", "31/12/2026"
    before = {item.key for item in bench.desk.held.decisions}
    hand.press(Qt.Key.Key_J, CONTROL)
    for place, words in enumerate(texts):
        hand.press(Qt.Key.Key_Tab, times=int(place > 0))
        hand.type(words)
    with qtbot.waitSignal(bench.session.changed):
        hand.press(Qt.Key.Key_Return)
    assert hand.keys - sum(map(len, texts)) <= 4
    # The next one: nothing but its text and Enter.
    hand.type("Inviter la CAF")
    with qtbot.waitSignal(bench.session.changed):
        hand.press(Qt.Key.Key_Return)
    noted = [item for item in bench.desk.held.decisions if item.key not in before]
    assert [(item.label, item.carrier, item.due) for item in noted] == [
        ("Relancer Bpifrance", "CALL", date(2026, 12, 31)),
        ("Inviter la CAF", "", None),
    ]


@pytest.mark.parametrize("day", ["31122025", "31/12/25", "31/12"])
def test_the_situation_at_a_date_in_eleven_keys(qtbot: QtBot, bench: Bench, day: str) -> None:
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_D, CONTROL)
    hand.type(day)
    hand.press(Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: bench.session.picture is not None and bench.session.picture.day == date(2025, 12, 31)
    )
    assert hand.keys <= 11


def test_an_objective_declined_on_three_communes_with_targets_in_forty_keys_beyond_its_words(
    qtbot: QtBot, open_window: Callable[..., Bench], contract: Dossier
) -> None:
    bench = open_window(contract)
    hand = Hand(qtbot, bench)
    # Whichever engagement comes first: the objective is one of its own.
    hand.press(Qt.Key.Key_5, CONTROL)
    words = "Permanences tenues", "permanences"
    hand.press(Qt.Key.Key_O, CONTROL | SHIFT)
    form = bench.window.findChild(EntityDialog)
    code = form.typed()["code"]
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    assert form._controls["label"].hasFocus()
    places = ("avi", "12"), ("harn", "10"), ("lens", "14")

    def reach(name: str) -> None:
        control = form._controls[name]
        for _ in range(30):
            focused = QGuiApplication.focusObject()
            if isinstance(focused, QWidget) and (focused is control or control.isAncestorOf(focused)):
                return
            hand.press(Qt.Key.Key_Tab)
        pytest.fail(f"{name} is not reached")

    reach("label")
    hand.type(words[0])
    reach("unit")
    hand.type(words[1])
    reach("target_value")
    hand.type("36")
    reach("target_date")
    hand.type("31122027")
    reach("mesure")
    hand.type("U")
    reach("declined")
    for name, target in places:
        hand.type(f"{name} {target}")
        hand.press(Qt.Key.Key_Return)
    with qtbot.waitSignal(bench.session.changed):
        hand.press(Qt.Key.Key_Return, CONTROL)
    made = {item.code: item for item in bench.desk.held.objectives if item.code.startswith(code)}
    parent = made.pop(code)
    assert parent.target_value == 36
    assert sorted(int(item.target_value or 0) for item in made.values()) == [10, 12, 14]
    assert {item.parent for item in made.values()} == {parent.key}
    assert {item.sens for item in made.values()} == {parent.sens}
    assert hand.keys - sum(map(len, words)) - sum(len(name) for name, _ in places) <= 40


def test_the_participants_of_the_last_meeting_are_proposed_to_the_next(
    qtbot: QtBot, open_window: Callable[..., Bench], contract: Dossier
) -> None:
    last = replace(contract.meetings[0], participants="Sous-préfète\nDirecteur territorial")
    blank = replace(last, key="m-vide", day=last.day.replace(year=last.day.year + 1), participants="")
    bench = open_window(replace(contract, meetings=(last, blank), decisions=(), snapshots=(), papers=()))
    bench.window.go(Address("comites", meeting_code(blank), (("volet", "0"),)))
    same = next(
        one
        for one in bench.window.findChildren(QPushButton)
        if one.text().startswith("Reprendre ceux de") and one.isVisible()
    )
    with qtbot.waitSignal(bench.session.changed):
        qtbot.mouseClick(same, Qt.MouseButton.LeftButton)
    held = {item.key: item.participants for item in bench.desk.held.meetings}
    assert held["m-vide"] == last.participants
    assert not same.isVisible()
