"""Backups in the window, and a base that does not open: each way out with its sentence, and what comes of it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.domain.errors import UserError
from qpvdesk.services import measurements
from qpvdesk.services.opening import Opening
from qpvdesk.storage import lock, maintenance, opening, suspicion
from qpvdesk.storage.care import backup
from qpvdesk.storage.engine import sqlite3
from qpvdesk.ui.dialogs.backups import BackupsDialog
from qpvdesk.ui.dialogs.passphrase import PassphraseDialog
from qpvdesk.ui.dialogs.privacy import PrivacyDialog
from qpvdesk.ui.dialogs.sealing import SealingDialog
from qpvdesk.ui.jobs import Lane
from qpvdesk.ui.main_window import MainWindow
from qpvdesk.ui.rescue import Rescue
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from tests.gui.conftest import Bench, RecordingNotifier
from tests.helpers import invented, keys, paper_text
from tests.helpers.watched_desk import WatchedBase

Launch = Callable[[], MainWindow]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A base with one backup, and one act more."""
    made = tmp_path / "base.db"
    WatchedBase(made, invented.dossier(), invented.TODAY)
    with opening.open_base(made) as base:
        maintenance.backup(base)
        measurement = base.dossier(base.contracts()[0].key).measurements[0]
        with base.unit("Relevé corrigé") as unit:
            unit.put(replace(measurement, value=Decimal(7)))
    return made


@pytest.fixture
def launch(qtbot: QtBot, theme: Theme, notifier: RecordingNotifier, path: Path) -> Iterator[Launch]:
    windows: list[MainWindow] = []

    def make() -> MainWindow:
        opening = Opening(path, today=lambda: invented.TODAY)
        session = Session(
            Lane(opening.desk),
            lambda: Lane(opening.reading),
            lambda: invented.TODAY,
            lambda error: pytest.fail(str(error)),
        )
        window = MainWindow(session, theme, notifier, path.parent / "f.ini")
        window.rescue = Rescue(opening, notifier)
        windows.append(window)
        qtbot.addWidget(window)
        window.show()
        return window

    yield make
    for window in windows:
        if window.isVisible():
            window.close()


def hurt(path: Path, table: str = "document") -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
    content = bytearray(path.read_bytes())
    content[(root - 1) * 4096 : root * 4096] = b"\x55" * 4096
    path.write_bytes(content)
    return bytes(content)


def sound(path: Path) -> bool:
    with opening.open_base(path, read_only=True) as base:
        return not maintenance.check(base)


@pytest.mark.parametrize("way", ["restaurer", "recuperer"])
def test_a_damaged_base_opens_by_either_way_and_is_kept(
    qtbot: QtBot, launch: Launch, notifier: RecordingNotifier, path: Path, way: str
) -> None:
    content = hurt(path)
    notifier.answers = [way]
    window = launch()
    with qtbot.waitSignal(window.painted):
        window.start()
    asked, told = notifier.notices
    assert [one.word for one in asked.choices] == ["restaurer", "recuperer", "quitter"]
    assert "endommagée" in asked.message
    assert "relevé" in asked.remedy
    assert told.title == "La base est ouverte"
    assert any(one.read_bytes() == content for one in path.parent.glob("*.db") if one != path)
    window.close()
    assert sound(path)


def test_quitting_leaves_a_damaged_base_as_it_was(
    qtbot: QtBot, launch: Launch, notifier: RecordingNotifier, path: Path
) -> None:
    content = hurt(path)
    notifier.answers = ["quitter"]
    window = launch()
    with qtbot.waitSignal(window.opening_refused):
        window.start()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert len(notifier.notices) == 1
    assert path.read_bytes() == content


def test_a_missing_base_is_restored_or_looked_for_never_made(
    qtbot: QtBot, launch: Launch, notifier: RecordingNotifier, path: Path
) -> None:
    elsewhere = path.parent / "déplacée.db"
    path.rename(elsewhere)
    notifier.answers, notifier.opened = ["chercher"], elsewhere
    window = launch()
    with qtbot.waitSignal(window.painted):
        window.start()
    assert [one.word for one in notifier.notices[0].choices] == ["restaurer", "chercher", "quitter"]
    assert not path.exists()


def test_a_base_held_by_another_opens_read_only(
    qtbot: QtBot, launch: Launch, notifier: RecordingNotifier, path: Path
) -> None:
    held = lock.acquire(path)
    notifier.answers = ["lire"]
    window = launch()
    with qtbot.waitSignal(window.painted):
        window.start()
    assert [one.word for one in notifier.notices[0].choices] == ["lire", "reessayer", "quitter"]
    picture = window.session.picture
    assert picture is not None
    assert picture.read_only
    held.release()


def test_a_lock_left_by_another_computer_can_be_overridden_knowingly(
    qtbot: QtBot, launch: Launch, notifier: RecordingNotifier, path: Path
) -> None:
    left = path.parent / (path.name + lock.SUFFIX)
    left.write_text(json.dumps({"poste": "POSTE-B12", "processus": 4}))
    notifier.answers = ["forcer"]
    window = launch()
    with qtbot.waitSignal(window.painted):
        window.start()
    assert "POSTE-B12" in notifier.notices[0].message
    assert "forcer" in [one.word for one in notifier.notices[0].choices]


def test_another_file_is_offered_where_this_one_is_no_base(
    qtbot: QtBot, launch: Launch, notifier: RecordingNotifier, path: Path
) -> None:
    path.write_text("bonjour")
    window = launch()
    with qtbot.waitSignal(window.opening_refused):
        window.start()
    assert [one.word for one in notifier.notices[0].choices] == ["restaurer", "chercher", "quitter"]


def opened(qtbot: QtBot, bench: Bench) -> BackupsDialog:
    bench.window.actions_by_word["sauvegardes"].trigger()
    dialog = next(
        one for one in QApplication.topLevelWidgets() if isinstance(one, BackupsDialog) and one.isVisible()
    )
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    return dialog


def test_backups_are_listed_with_what_they_hold_and_one_is_put_back_and_again(
    qtbot: QtBot, bench: Bench
) -> None:
    dialog = opened(qtbot, bench)
    assert dialog._stack.currentIndex() == 1
    qtbot.mouseClick(dialog._save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog._model.total == 1)
    # On the disk of the base, and nowhere else: it is said, with the way out.
    assert "donnez un second dossier dans les réglages" in dialog._summary.text()
    figures = len(bench.desk.held.measurements)
    assert dialog._model.columns[2].text(dialog._model.row_at(0)) == str(figures)
    with qtbot.waitSignal(bench.session.changed):
        bench.session.change(
            "Essai",
            lambda desk: measurements.record(
                desk,
                bench.session.contract,
                measurements.Entry(objective="o1", day=invented.TODAY, value=Decimal(40)),
            ),
        )
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    assert len(bench.desk.held.measurements) == figures + 1

    bench.notifier.answers = ["restaurer", "ok"]
    with qtbot.waitSignal(bench.session.pictured):
        qtbot.mouseClick(dialog._restore, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog._model.total >= 2)
    assert "1 acte ne figure pas dans la sauvegarde" in bench.notifier.notices[0].remedy
    assert len(bench.desk.held.measurements) == figures

    # The base that was replaced heads the list; putting it back undoes the restore.
    newest = next(one for one in dialog._model.shown if one.backup.reason == "restauration")
    dialog._table.select_identity(newest.backup.path)
    bench.notifier.answers = ["restaurer", "ok"]
    with qtbot.waitSignal(bench.session.pictured):
        qtbot.mouseClick(dialog._restore, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    assert len(bench.desk.held.measurements) == figures + 1
    assert bench.bugs == []
    dialog.close()


def test_a_restore_given_up_changes_nothing(qtbot: QtBot, bench: Bench) -> None:
    dialog = opened(qtbot, bench)
    qtbot.mouseClick(dialog._save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog._model.total == 1)
    bench.notifier.answers = ["annuler"]
    qtbot.mouseClick(dialog._restore, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(bench.notifier.notices))
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    assert len(backup.backups(bench.desk.path)) == 1
    dialog.close()


def test_a_backup_that_went_bad_is_refused_in_words(qtbot: QtBot, bench: Bench) -> None:
    dialog = opened(qtbot, bench)
    qtbot.mouseClick(dialog._save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog._model.total == 1)
    chosen = backup.backups(bench.desk.path)[0].path
    content = bytearray(chosen.read_bytes())
    content[len(content) // 2] ^= 1
    chosen.write_bytes(content)
    qtbot.mouseClick(dialog._restore, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(bench.notifier.notices))
    assert "abîmée" in bench.notifier.notices[0].message
    dialog.close()


def test_nothing_is_restored_into_a_base_open_for_reading(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    bench = open_window(read_only=True)
    dialog = opened(qtbot, bench)
    qtbot.mouseClick(dialog._save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog._model.total == 1)
    assert not dialog._restore.isEnabled()
    dialog.close()


def test_the_report_of_an_incident_is_written_where_the_officer_says(
    qtbot: QtBot, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QPVDESK_DOSSIER", str(tmp_path / "dossier"))
    bench.notifier.path = tmp_path / "incident.zip"
    bench.window.actions_by_word["incident"].trigger()
    qtbot.waitUntil(lambda: bool(bench.notifier.notices))
    assert "Aucune de vos saisies" in bench.notifier.notices[0].remedy
    with zipfile.ZipFile(bench.notifier.path) as archive:
        assert "versions.txt" in archive.namelist()


def test_a_name_is_looked_for_then_erased_from_the_base_the_journal_and_the_backups(
    qtbot: QtBot, bench: Bench
) -> None:
    with qtbot.waitSignal(bench.session.changed):
        bench.session.change(
            "Essai",
            lambda desk: measurements.record(
                desk,
                bench.session.contract,
                measurements.Entry(
                    objective="o1", day=invented.TODAY, value=Decimal(40), comment="Vu avec Mme Dupont"
                ),
            ),
        )
    # The automatic backup that follows an entry holds it too.
    qtbot.waitUntil(lambda: bool(backup.backups(bench.desk.path)))
    bench.window.actions_by_word["personnes"].trigger()
    dialog = next(
        one for one in QApplication.topLevelWidgets() if isinstance(one, PrivacyDialog) and one.isVisible()
    )
    assert not dialog._erase.isEnabled()
    dialog._text.setText("Du")
    qtbot.mouseClick(dialog._seek, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    assert not dialog._erase.isEnabled()

    area = dialog.screen().availableGeometry()
    dialog.move(0, area.bottom() - dialog.height())
    dialog._text.setText("mme dupont")
    qtbot.mouseClick(dialog._seek, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog._erase.isEnabled)
    assert "commentaire" in dialog._trace_words.text()
    assert dialog.frameGeometry().bottom() <= area.bottom(), "what grows keeps its buttons on the screen"
    assert dialog._copies.isVisible()
    dialog._copies.setChecked(True)
    bench.notifier.answers = ["annuler"]
    qtbot.mouseClick(dialog._erase, Qt.MouseButton.LeftButton)
    assert "ne s’annule pas" in bench.notifier.notices[0].remedy
    assert any(one.comment == "Vu avec Mme Dupont" for one in bench.desk.held.measurements)

    bench.notifier.answers = ["effacer"]
    qtbot.mouseClick(dialog._erase, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "ni dans la base" in dialog._trace_words.text())
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    assert any(one.comment == "Vu avec [effacé]" for one in bench.desk.held.measurements)
    assert [one.reason for one in backup.backups(bench.desk.path)] == ["effacement"]
    assert bench.bugs == []
    dialog.close()


def test_a_large_base_is_read_whole_behind_the_window_and_its_damage_is_known_at_the_next_opening(
    qtbot: QtBot, launch: Launch, notifier: RecordingNotifier, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suspicion, "CHECKED_WHOLE_BYTES_MAX", 4096)
    # A page that no dashboard needs: nothing but reading the whole file would find it.
    hurt(path, "acknowledgement")
    window = launch()
    with qtbot.waitSignal(window.painted):
        window.start()
    qtbot.waitUntil(lambda: bool(notifier.notices))
    assert "ne peut plus être lue" in notifier.notices[0].message
    window.close()

    notifier.answers = ["recuperer"]
    again = launch()
    with qtbot.waitSignal(again.painted):
        again.start()
    assert [one.word for one in notifier.notices[1].choices] == ["restaurer", "recuperer", "quitter"]
    again.close()
    assert sound(path)
    assert not list(path.parent.glob("*.a-verifier"))


def test_a_portable_program_explains_itself_once_and_always_says_so(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    def banner(bench: Bench) -> str:
        return " ".join(
            one.text() for one in bench.window.findChildren(QLabel) if one.isVisibleTo(bench.window)
        )

    def reopened() -> Bench:
        bench = open_window()
        bench.window.portable = True
        with qtbot.waitSignal(bench.session.pictured):
            bench.session.load()
        return bench

    first = reopened()
    assert "gardez-en une sauvegarde ailleurs" in banner(first)
    assert "Mode portable · Tout est enregistré" in banner(first)
    with qtbot.waitSignal(first.session.pictured):
        first.session.load()
    assert "gardez-en une sauvegarde ailleurs" in banner(first)
    first.window.close()
    second = reopened()
    assert "gardez-en une sauvegarde ailleurs" not in banner(second)
    assert "Mode portable · Tout est enregistré" in banner(second)
    assert second.notifier.notices == []


PHRASE = "quatre mots sans rapport"


def seal_in_window(qtbot: QtBot, window: MainWindow, notifier: RecordingNotifier, words: str = PHRASE) -> str:
    """Choose a passphrase as a hand does, save the sheet; return the recovery key that was shown."""
    window.findChild(QAction, "phrase").trigger()
    qtbot.waitUntil(lambda: window.findChild(SealingDialog) is not None)
    dialog = window.findChild(SealingDialog)
    first, again = dialog.findChildren(QLineEdit)
    qtbot.keyClicks(first, "court")
    qtbot.keyClick(first, Qt.Key.Key_Return)
    assert "trop courte" in first.accessibleDescription()
    first.selectAll()
    qtbot.keyClicks(first, words)
    qtbot.keyClicks(again, "autre chose")
    qtbot.keyClick(again, Qt.Key.Key_Return)
    assert "pas les mêmes" in again.accessibleDescription()
    qtbot.keyClicks(again, words)
    qtbot.keyClick(again, Qt.Key.Key_Return)
    # The key comes to this dialog alone: Escape, while the base is being written, would have it shown to nobody.
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(
        lambda: any(one.accessibleName() == "Clé de secours" for one in dialog.findChildren(QLabel))
    )
    shown = next(one for one in dialog.findChildren(QLabel) if one.accessibleName() == "Clé de secours")
    recovery = shown.text()
    saving = next(one for one in dialog.findChildren(QPushButton) if "fiche" in one.text())
    qtbot.mouseClick(saving, Qt.MouseButton.LeftButton)
    assert notifier.path is not None
    words_of_sheet = "".join(paper_text.pages(notifier.path))
    assert recovery.split()[0] in words_of_sheet
    # What is shown this once does not go by a reflex: Escape asks, and the answer of habit keeps it.
    notifier.answers.append("annuler")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "lieu sûr" in notifier.notices[-1].message
    dialog.accept()
    return recovery


def test_a_passphrase_is_chosen_asked_for_and_taken_away(
    qtbot: QtBot, launch: Launch, notifier: RecordingNotifier, path: Path, tmp_path: Path
) -> None:
    notifier.path = tmp_path / "cle.pdf"
    window = launch()
    with qtbot.waitSignal(window.painted):
        window.start()
    before = backup.backups(path)
    recovery = seal_in_window(qtbot, window, notifier)
    # The same acts can still be taken back.
    with qtbot.waitSignal(window.session.pictured):
        window.findChild(QAction, "annuler").trigger()
    window.close()
    assert b"CREATE TABLE" not in path.read_bytes()
    assert len(backup.backups(path)) == len(before)
    assert all(b"CREATE TABLE" not in one.path.read_bytes() for one in backup.backups(path))

    for answer in (f"  {PHRASE}", recovery.lower().replace("\n", " ")):
        keys.forget()
        notifier.secrets = [answer]
        window = launch()
        with qtbot.waitSignal(window.painted):
            window.start()
        assert "phrase secrète" in notifier.asked[-1]
        window.close()

    keys.forget()
    notifier.secrets = []
    window = launch()
    with qtbot.waitSignal(window.opening_refused):
        window.start()
    qtbot.waitUntil(lambda: not window.isVisible())

    notifier.secrets = [PHRASE]
    window = launch()
    with qtbot.waitSignal(window.painted):
        window.start()
    window.findChild(QAction, "phrase").trigger()
    qtbot.waitUntil(lambda: window.findChild(SealingDialog) is not None)
    dialog = window.findChild(SealingDialog)
    notifier.answers = ["oter"]
    clear = next(one for one in dialog.findChildren(QPushButton) if "Ôter" in one.text())
    qtbot.mouseClick(clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "n’est plus protégée" in notifier.notices[-1].message)
    window.close()
    keys.forget()
    assert sound(path)


def test_a_wrong_passphrase_is_told_and_asked_again(qtbot: QtBot, theme: Theme) -> None:
    del theme
    taken: list[str] = []

    def take(words: str) -> None:
        if words != PHRASE:
            raise UserError("Ni cette phrase ni cette clé n’ouvrent la base.", "Vérifiez les majuscules.")
        taken.append(words)

    dialog = PassphraseDialog("La base est protégée.", take)
    qtbot.addWidget(dialog)
    dialog.show()
    field = dialog.findChild(QLineEdit)
    assert field.echoMode() is QLineEdit.EchoMode.Password
    qtbot.keyClicks(field, "autre")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert "n’ouvrent" in field.accessibleDescription()
    qtbot.keyClicks(field, PHRASE)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert taken == [PHRASE]
