"""Forms that wait: what was typed is still there after a refusal, after Escape, and after a killed process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMenu, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Decision, Weather
from qpvdesk.ui.dialogs.measurement import MeasurementDialog
from qpvdesk.ui.dialogs.waiting import WaitingDialog
from qpvdesk.ui.dialogs.weather import WeatherDialog
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.pages.committees import CommitteesPage
from qpvdesk.ui.pages.engagements import EngagementsPage
from qpvdesk.ui.pages.page import FORM, Address
from tests.gui.conftest import Bench
from tests.helpers import invented

FULL = UserError("Le disque est plein.", "Libérez de la place.")
LONG = "Le cofinancement tarde. " * 160


def weather(qtbot: QtBot, bench: Bench, *, chosen: bool = True) -> WeatherDialog:
    """The form of a météo; `chosen`: which one is said."""
    bench.window.go(Address("engagements", "BPI-E01"))
    page = bench.window.findChild(EngagementsPage)
    giving = next(one for one in page.findChildren(QPushButton) if one.text() == "Donner la météo")
    qtbot.mouseClick(giving, Qt.MouseButton.LeftButton)
    dialog = page.findChild(WeatherDialog)
    assert isinstance(dialog, WeatherDialog)
    choice = dialog.findChild(QComboBox)
    if chosen and choice.currentIndex() < 0:
        choice.setCurrentIndex(0)
    return dialog


def words(dialog: WaitingDialog) -> str:
    return " ".join(one.text() for one in dialog.findChildren(QLabel) if one.isVisible())


def test_a_full_disk_takes_nothing_away_from_a_long_text(qtbot: QtBot, bench: Bench) -> None:
    dialog = weather(qtbot, bench)
    text = dialog.findChildren(QPlainTextEdit)[1]
    text.setPlainText(LONG)
    bench.desk.failing["act"] = FULL
    day = dialog.findChild(QLineEdit)
    qtbot.keyClick(day, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "plein" in words(dialog))
    assert dialog.isVisible()
    assert text.toPlainText() == LONG
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(day, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert any(one.obstacles == LONG.strip() for one in bench.desk.held.meteos)


def test_a_day_to_come_is_refused_at_its_field(qtbot: QtBot, bench: Bench) -> None:
    """It was told at the foot alone, and the hand stayed in the text that it was in."""
    dialog = weather(qtbot, bench)
    results, day = dialog.findChildren(QPlainTextEdit)[0], dialog.findChild(QLineEdit)
    day.setText("01/01/2037")
    results.setFocus()
    qtbot.keyClick(results, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "Le 01/01/2037 n’est pas encore passé" in words(dialog))
    assert dialog.focusWidget() is day
    assert day.property("invalid")
    day.setText("01/01/2026")
    qtbot.keyClick(day, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bench.window.findChild(WeatherDialog) is None)


def test_a_first_meteo_is_the_one_that_is_chosen(qtbot: QtBot, open_window: Callable[..., Bench]) -> None:
    """« Objectifs sécurisés », the best of them, stood there: Enter alone wrote it."""
    bench = open_window(replace(invented.dossier(), meteos=()))
    dialog = weather(qtbot, bench, chosen=False)
    choice, day = dialog.findChild(QComboBox), dialog.findChild(QLineEdit)
    assert choice.currentText() == ""
    qtbot.keyClick(day, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Choisissez dans la liste." in words(dialog))
    assert dialog.focusWidget() is choice
    assert not bench.desk.held.meteos
    choice.setCurrentIndex(choice.findText("Appuis nécessaires"))
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(day, Qt.Key.Key_Return)
    assert [meteo.weather for meteo in bench.desk.held.meteos] == [Weather.NUAGE]


def test_what_was_typed_comes_back_after_escape_and_goes_once_saved(qtbot: QtBot, bench: Bench) -> None:
    dialog = weather(qtbot, bench)
    dialog.findChildren(QPlainTextEdit)[0].setPlainText(LONG)
    dialog.reject()
    qtbot.waitUntil(lambda: bench.window.findChild(WeatherDialog) is None)
    again = weather(qtbot, bench)
    assert again.findChildren(QPlainTextEdit)[0].toPlainText() == LONG
    assert "Brouillon retrouvé" in words(again)
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(again.findChild(QLineEdit), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bench.window.findChild(WeatherDialog) is None)
    assert "Brouillon retrouvé" not in words(weather(qtbot, bench))


@pytest.mark.parametrize("kind", ["Météo", "Réunion", "Nouvelle réunion", "Décision", "Décision modifiée"])
def test_a_form_of_a_page_is_opened_again_from_the_foot(
    qtbot: QtBot, open_window: Callable[..., Bench], kind: str
) -> None:
    """« Reprendre » showed the page alone: what was typed was found again by whoever thought of its own button."""
    bench = open_window(replace(invented.dossier(), decisions=(Decision("d1", "g1", "Relancer la Région"),)))
    bench.window.go(Address("comites", "COPIL-2025-10-14"))
    asking = bench.window.findChild(CommitteesPage)._dialogs
    ask: Callable[[], object] = {
        "Météo": lambda: weather(qtbot, bench),
        "Réunion": asking.ask_edit,
        "Nouvelle réunion": asking.ask_new,
        "Décision": lambda: asking.ask_decision(""),
        "Décision modifiée": lambda: asking.ask_decision("d1"),
    }[kind]
    ask()
    (dialog,) = bench.window.findChildren(WaitingDialog)
    title = dialog.windowTitle()
    field = (dialog.findChildren(QPlainTextEdit) or dialog.findChildren(QLineEdit))[-1]
    qtbot.keyClicks(field, "Ce qui attend")
    typed = dialog._values()
    dialog.reject()
    qtbot.waitUntil(lambda: bench.window.findChild(WaitingDialog) is None)
    bench.window.go(Address("tableau"))
    resume = bench.window._announcer._resume
    qtbot.waitUntil(resume.isVisible)
    qtbot.keyClick(resume, Qt.Key.Key_Return)
    menu = resume.findChild(QMenu)
    again = next(act for act in menu.actions() if act.text().startswith("Reprendre"))
    assert kind.split()[0] in again.text()
    again.trigger()
    menu.close()
    (dialog,) = bench.window.findChildren(WaitingDialog)
    assert dialog.isVisible()
    assert dialog.windowTitle() == title
    assert dialog._values() == typed


def test_the_form_of_an_engagement_withdrawn_since_opens_of_no_other(
    open_window: Callable[..., Bench],
) -> None:
    dossier = invented.dossier()
    gone, *others = dossier.engagements
    bench = open_window(replace(dossier, engagements=(replace(gone, retired=True), *others)))
    bench.window.go(Address("engagements", others[0].code, ((FORM, "meteo"),)))
    (dialog,) = bench.window.findChildren(WeatherDialog)
    dialog.reject()
    bench.window.go(Address("engagements", gone.code, ((FORM, "meteo"),)))
    assert not [form for form in bench.window.findChildren(WeatherDialog) if form.isVisible()]


def test_a_comment_survives_a_process_that_is_killed(qtbot: QtBot, bench: Bench) -> None:
    bench.window.go(Address("objectifs", "BPI-O01"))
    key = bench.window.findChild(QAction, "saisir_detail")
    qtbot.waitUntil(key.isEnabled)
    key.trigger()
    dialog = bench.window.findChild(MeasurementDialog)
    assert isinstance(dialog, MeasurementDialog)
    dialog.findChild(QPlainTextEdit).setPlainText(LONG)
    # Nothing is closed: what another process would find is what is on the disk now.
    other = Drafts(bench.settings.parent / "brouillons")
    objective = next(one for one in bench.desk.held.objectives if one.code == "BPI-O01")
    name = f"{bench.desk.held.contract.code}-releve-{objective.key}"
    qtbot.waitUntil(lambda: other.read(name) is not None)
    assert LONG in other.read(name)["champs"]
    bench.notifier.answers = ["abandonner"]
    dialog.reject()
    qtbot.waitUntil(lambda: other.read(name) is None)


def test_the_folder_of_drafts_is_never_read_in_the_thread_of_the_window(
    qtbot: QtBot, open_window: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of a slow disk was listed at the start, once a page, and at each pause in typing."""
    listed: list[str] = []
    list_files = Path.glob

    def listing(folder: Path, pattern: str) -> Iterator[Path]:
        if folder.name == "brouillons":
            listed.append(threading.current_thread().name)
        return list_files(folder, pattern)

    monkeypatch.setattr(Path, "glob", listing)
    bench = open_window()
    for word in ("releves", "engagements", "comites", "impressions"):
        bench.window.go(Address(word))
    dialog = weather(qtbot, bench)
    dialog.findChildren(QPlainTextEdit)[0].setPlainText(LONG)
    dialog.reject()
    qtbot.waitUntil(
        lambda: "brouillon gardé" in " ".join(one.text() for one in bench.window.findChildren(QLabel))
    )
    assert listed
    assert threading.main_thread().name not in listed


@pytest.mark.parametrize("change", [lambda held: {"champs": held["champs"][:-1]}, lambda _: {"autre": 1}])
def test_a_draft_of_another_form_is_left_alone(
    qtbot: QtBot, bench: Bench, change: Callable[[dict[str, object]], dict[str, object]]
) -> None:
    dialog = weather(qtbot, bench)
    dialog.findChildren(QPlainTextEdit)[0].setPlainText("Essai")
    dialog.reject()
    drafts = Drafts(bench.settings.parent / "brouillons")
    engagement = next(one for one in bench.desk.held.engagements if one.code == "BPI-E01")
    name = f"{bench.desk.held.contract.code}-meteo-{engagement.key}"
    qtbot.waitUntil(lambda: drafts.read(name) is not None)
    drafts.keep(name, change(drafts.read(name) or {}))
    drafts.flush()
    qtbot.waitUntil(lambda: bench.window.findChild(WeatherDialog) is None)
    assert "Brouillon" not in words(weather(qtbot, bench))


def test_a_window_opened_to_be_read_leaves_the_drafts_of_the_one_that_writes(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    """It took up the lines typed in the other, and its own stale copy took their place when it was left."""
    writing = open_window()
    contract = writing.desk.held.contract.code
    drafts = Drafts(writing.settings.parent / "brouillons")
    typed: dict[str, dict[str, object]] = {
        f"releves-{contract}": {"lignes": {"o1": {"valeur": "31"}}},
        f"{contract}-engagement-nouveau": {"label": "Un engagement commencé"},
        f"{contract}-decision-ligne": {"Décision": "Relancer Bpifrance"},
        f"impressions-{contract}": {"synthese": "Ce que dit le préfet"},
    }
    for name, words in typed.items():
        drafts.keep(name, words)
    drafts.flush()
    reading = open_window(read_only=True)
    said = [one for one in reading.window.findChildren(QLabel) if one.isVisible()]
    assert not [one.text() for one in said if "attend" in one.text() and "Relevés" in one.text()]
    for page in ("comites", "impressions", "releves"):
        reading.window.go(Address(page))
    qtbot.waitUntil(lambda: reading.window.navigator.current.word == "releves")
    page = reading.window.navigator.current
    assert not [one for one in page.findChildren(QPushButton) if one.text() == "Effacer" and one.isVisible()]
    assert not [one for one in page.findChildren(QLabel) if "retrouvé" in one.text() and one.isVisible()]
    assert not reading.window._announcer._resume.isVisible(), "« Oublier » took a form away from the other"
    typed[f"releves-{contract}"] = {"lignes": {"o1": {"valeur": "31"}, "o2": {"valeur": "51"}}}
    drafts.keep(f"releves-{contract}", typed[f"releves-{contract}"])
    drafts.flush()
    reading.window.close()
    reading.window._given.drafts.flush()
    assert {name: drafts.read(name) for name in typed} == typed


@pytest.mark.parametrize("key", [Qt.Key.Key_N, Qt.Key.Key_J, Qt.Key.Key_L])
def test_the_keys_of_a_command_say_why_nothing_comes_of_them(
    qtbot: QtBot, open_window: Callable[..., Bench], key: Qt.Key
) -> None:
    """Ctrl+N did nothing at all."""
    bench = open_window(read_only=True)
    shift = Qt.KeyboardModifier.ShiftModifier if key == Qt.Key.Key_L else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(bench.window, key, Qt.KeyboardModifier.ControlModifier | shift)
    assert "lecture seule" in bench.window.statusBar().currentMessage()


def test_in_a_projected_meeting_a_form_is_refused_for_what_it_is(bench: Bench) -> None:
    bench.window.actions_by_word["projection"].trigger()
    bench.window.actions_by_word["nouvel_engagement"].trigger()
    assert "mode projection" in bench.window.statusBar().currentMessage()
    assert "lecture seule" not in bench.window.statusBar().currentMessage()
