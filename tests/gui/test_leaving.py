"""Nothing that is typed in the window goes with it in silence: it is kept, or asked about."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk.ui.dialogs.lines import LinesDialog
from qpvdesk.ui.dialogs.measurement import MeasurementDialog
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.pages.committee_meeting import DECISIONS, SEANCE
from qpvdesk.ui.pages.page import Address, Page
from qpvdesk.ui.pages.points import PointsPage
from qpvdesk.ui.pages.registry import PAGES
from qpvdesk.ui.quick_entry import QuickEntry
from qpvdesk.ui.widgets.day_edit import DayLine
from tests.gui.conftest import Bench
from tests.gui.test_window import child

_SEEKING = ("Filtrer", "Chercher")
"""How the fields that only look for something are called."""


def fields(page: Page) -> list[QLineEdit | QPlainTextEdit]:
    """The fields of text in view in a page, but for those that look for something, or say a day."""
    found = [*page.findChildren(QLineEdit), *page.findChildren(QPlainTextEdit)]
    seen = [one for one in found if one.isVisibleTo(page) and one.isEnabledTo(page) and not one.isReadOnly()]
    return [
        one for one in seen if not (one.accessibleName().startswith(_SEEKING) or isinstance(one, DayLine))
    ]


def held(field: QWidget) -> str:
    assert isinstance(field, QLineEdit | QPlainTextEdit)
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def test_no_word_typed_in_a_page_goes_with_the_window_in_silence(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    bench = open_window()
    typed: dict[str, str] = {}
    tabs = [Address("comites", "", (("volet", str(tab)),)) for tab in (SEANCE, DECISIONS)]
    for place in (*(Address(spec.word) for spec in PAGES), *tabs):
        bench.window.go(place)
        page = bench.window.navigator.pages[place.page]
        for field in fields(page):
            words = f"mot{len(typed)}x"
            qtbot.keyClicks(field, words)
            typed[words] = f"{place.page}, {field.accessibleName()}"
    assert {name.partition(",")[0] for name in typed.values()} >= {
        "comites",
        "points",
        "impressions",
        "releves",
    }
    bench.notifier.answers.append("rester")
    bench.window.close()
    assert bench.window.isVisible()
    asked = bench.notifier.notices[-1].message
    told = f"{asked.count('«')} textes tapés, à enregistrer"
    qtbot.waitUntil(lambda: told in bench.window._announcer._state.text())
    bench.window.close()
    assert not bench.window.isVisible()
    again = open_window()
    found = ""
    for word in ("comites", "impressions"):
        again.window.go(Address(word))
        page = again.window.navigator.pages[word]
        found += " ".join(map(held, [*page.findChildren(QLineEdit), *page.findChildren(QPlainTextEdit)]))
    assert [name for words, name in typed.items() if words not in asked and words not in found] == []


def test_what_looks_for_something_or_was_kept_is_not_asked_about(qtbot: QtBot, bench: Bench) -> None:
    for spec in PAGES:
        bench.window.go(Address(spec.word))
        for field in bench.window.navigator.pages[spec.word].findChildren(QLineEdit):
            if field.accessibleName().startswith(_SEEKING):
                qtbot.keyClicks(field, "emploi")
    bench.window.close()
    assert bench.notifier.notices == []


def test_a_reason_begun_for_a_line_waits_for_it_and_is_asked_about(qtbot: QtBot, bench: Bench) -> None:
    bench.window.go(Address("points"))
    page = child(bench.window, PointsPage)
    table = child(page, Table)
    table.select_first()
    reason = next(one for one in page.findChildren(QPlainTextEdit) if one.isVisible())
    state = bench.window._announcer._state
    reason.setFocus()
    qtbot.keyClicks(reason, "Su depuis mai")
    qtbot.waitUntil(lambda: state.text() == "1 texte tapé, à enregistrer")
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.load()
    assert reason.toPlainText() == "Su depuis mai", "another picture is no other line"
    table.select_place(1)
    assert not any(one.toPlainText() for one in page.findChildren(QPlainTextEdit) if one.isVisible())
    bench.notifier.answers.append("rester")
    bench.window.close()
    assert "Su depuis mai" in bench.notifier.notices[-1].message
    table.select_first()
    assert reason.toPlainText() == "Su depuis mai"
    reason.setFocus()
    with qtbot.waitSignal(bench.session.pictured):
        qtbot.keyClick(reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: state.text() == "Tout est enregistré")
    bench.window.close()
    assert len(bench.notifier.notices) == 1, "it is given"


def test_a_form_begun_is_not_said_to_be_saved(qtbot: QtBot, bench: Bench) -> None:
    bench.window.actions_by_word["nouvelle_visite"].trigger()
    form = bench.window.findChild(FormDialog)
    state = bench.window._announcer._state
    field = next(
        one for one in form.findChildren(QLineEdit) if one.isVisible() and not isinstance(one, DayLine)
    )
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    field.setFocus()
    qtbot.keyClicks(field, "Lens")
    qtbot.waitUntil(lambda: state.text() == "1 texte tapé, à enregistrer")
    # The window cannot be left over it: said, where nothing happened.
    qtbot.keyClick(field, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QToolTip.text() == "Fermez d’abord cette fenêtre (Échap), puis quittez.")
    assert form.isVisible()
    form.reject()
    kept = "1 brouillon gardé\u202f: Nouvelle visite"
    qtbot.waitUntil(lambda: state.text() == kept)
    # The name of a file, typed in a dialog of Qt over the window, is nothing to save.
    asked = QDialog(bench.window)
    name = QLineEdit(asked)
    asked.show()
    asked.activateWindow()
    qtbot.waitUntil(asked.isActiveWindow)
    name.setFocus()
    qtbot.keyClicks(name, "papier.pdf")
    qtbot.waitUntil(lambda: not bench.window._equipment._typing.isActive())
    assert state.text() == kept


def test_one_text_typed_in_a_form_over_its_page_is_one(qtbot: QtBot, bench: Bench) -> None:
    bench.window.go(Address("comites"))
    page = bench.window.navigator.pages["comites"]
    form = FormDialog("Modifier la décision", page)
    field = QPlainTextEdit()
    form.column.addWidget(field)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    field.setFocus()
    qtbot.keyClicks(field, "La CALL")
    state = bench.window._announcer._state
    qtbot.waitUntil(lambda: "tapé" in state.text())
    assert state.text() == "1 texte tapé, à enregistrer"
    # By a button, which has the hand when it goes.
    form.setFocus()
    qtbot.waitUntil(lambda: not bench.window._equipment._typing.isActive())
    form.close()
    qtbot.waitUntil(lambda: state.text() == "Tout est enregistré")


def test_lines_typed_down_a_grid_are_not_said_to_be_saved(qtbot: QtBot, bench: Bench) -> None:
    """Four rows were typed, and the foot of the window said « Tout est enregistré »."""
    bench.window.editor.many_of("objective")
    grid = bench.window.findChild(LinesDialog)
    state = bench.window._announcer._state
    grid.table.typed.change("collage", 0, 1, [["Bus"], ["Cars"], [""], ["Trains"]])
    qtbot.waitUntil(lambda: state.text() == "3 lignes tapées, à enregistrer")
    grid.reject()
    qtbot.waitUntil(lambda: state.text().startswith("1 brouillon gardé\u202f: Plusieurs lignes"))


def test_what_a_form_took_over_is_not_said_to_be_saved(qtbot: QtBot, bench: Bench) -> None:
    """The band said « 1 chiffre tapé »; once its form was open on it, nothing was left to save."""
    tray = bench.window.findChild(QuickEntry)
    tray.open_on(bench.desk.held.objectives[0].key)
    tray._value.setFocus()
    qtbot.keyClicks(tray._value, "11")
    qtbot.keyClick(tray._value, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    form = bench.window.findChild(MeasurementDialog)
    assert form._value.text() == "11"
    state = bench.window._announcer._state
    qtbot.waitUntil(lambda: "texte tapé" in state.text() or "textes tapés" in state.text())


def test_what_is_typed_is_left_to_the_program_that_took_the_base(bench: Bench) -> None:
    """A window that another took the base from, while it was restored, went on writing over the drafts of that one."""
    drafts = bench.window._given.drafts
    drafts.keep("essai", {"champs": ["du nôtre"]})
    drafts.flush()
    picture = bench.session.picture
    assert picture is not None
    # One that can no longer write its base keeps it from any other.
    for held_by, kept in (("", "encore du nôtre"), ("la machine d’à côté", "encore du nôtre")):
        bench.session._take(replace(picture, read_only=True, held_by=held_by))
        drafts.keep("essai", {"champs": [kept if not held_by else "par-dessus"]})
        drafts.flush()
        assert drafts.read("essai") == {"champs": [kept]}
    assert drafts.take_up("essai") is None
