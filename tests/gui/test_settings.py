"""The settings: tried, kept, refused, put back, carried elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.domain.letterhead import Letterhead
from qpvdesk.services.settings import Settings, SettingsFile
from qpvdesk.ui.dialogs.settings import SettingsDialog
from qpvdesk.ui.theme import Mode, Theme
from tests.gui.conftest import Bench


@pytest.fixture
def dialog(bench: Bench, qtbot: QtBot) -> SettingsDialog:
    bench.window.activateWindow()
    qtbot.waitUntil(bench.window.isActiveWindow)
    QTest.keyClick(bench.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    made = bench.window.findChild(SettingsDialog)
    assert made is not None
    return made


def _control(dialog: SettingsDialog, kind: type, name: str) -> object:
    return next(one for one in dialog.findChildren(kind) if one.accessibleName() == name)


def _press(dialog: SettingsDialog, words: str) -> None:
    button = next(one for one in dialog.findChildren(QPushButton) if one.text().replace("&", "") == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _image(path: Path) -> bytes:
    image = QImage(60, 30, QImage.Format.Format_RGB32)
    image.fill(0x224488)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    path.write_bytes(bytes(buffer.data().data()))
    return path.read_bytes()


def test_what_is_typed_is_kept_and_signs_from_then_on(
    bench: Bench, dialog: SettingsDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    image = _image(tmp_path / "logo.png")
    lines = _control(dialog, QPlainTextEdit, "Service")
    assert isinstance(lines, QPlainTextEdit)
    lines.setPlainText("Préfecture du Pas-de-Calais\n\nDélégué du préfet")
    author = _control(dialog, QLineEdit, "Signature")
    assert isinstance(author, QLineEdit)
    author.setText("Délégué du préfet")
    bench.notifier.opened = tmp_path / "logo.png"
    with qtbot.waitSignal(bench.session.print_over):
        _press(dialog, "Choisir une image…")
    with qtbot.waitSignal(bench.session.pictured):
        _press(dialog, "Enregistrer")
    kept = SettingsFile(bench.settings.parent).read()
    assert kept == Settings(
        Letterhead(("Préfecture du Pas-de-Calais", "Délégué du préfet"), image), "Délégué du préfet"
    )
    assert "apply_settings" in bench.desk.calls


def test_a_wrong_one_is_said_and_the_dialog_stays(
    bench: Bench, dialog: SettingsDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = _control(dialog, QLineEdit, "Documents")
    assert isinstance(folder, QLineEdit)
    folder.setText(str(tmp_path / "absent"))
    _press(dialog, "Enregistrer")
    assert dialog.isVisible()
    assert not (bench.settings.parent / "reglages.json").exists()
    (tmp_path / "faux.png").write_bytes(b"rien")
    bench.notifier.opened = tmp_path / "faux.png"
    with qtbot.waitSignal(bench.session.print_over):
        _press(dialog, "Choisir une image…")
    assert any("PNG ou JPEG" in one.text() for one in dialog.findChildren(QLabel) if one.isVisible())
    assert folder.text() == str(tmp_path / "absent")


def test_a_look_is_tried_at_once_and_put_back_on_escape(dialog: SettingsDialog, theme: Theme) -> None:
    mode = _control(dialog, QComboBox, "Couleurs")
    assert isinstance(mode, QComboBox)
    mode.setCurrentIndex(mode.findData(Mode.DARK.value))
    mode.activated.emit(mode.currentIndex())
    assert theme.mode is Mode.DARK
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert theme.mode is Mode.LIGHT


def test_settings_go_out_and_come_in(
    bench: Bench, dialog: SettingsDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    other = SettingsFile(tmp_path / "autre")
    sent = tmp_path / "envoi.json"
    other.export(sent, Settings(Letterhead(("DDETS du Nord",)), "Chargée de mission"))
    bench.notifier.opened = sent
    with qtbot.waitSignal(bench.session.print_over):
        _press(dialog, "Importer…")
    assert dialog.settings().letterhead.lines == ("DDETS du Nord",)
    bench.notifier.path = tmp_path / "sortie.json"
    _press(dialog, "Exporter…")
    assert SettingsFile(tmp_path / "tiers").take(tmp_path / "sortie.json").author == "Chargée de mission"


def test_the_thresholds_lead_to_the_form_of_the_contract(bench: Bench, dialog: SettingsDialog) -> None:
    _press(dialog, "Les seuils du contrat affiché…")
    assert not dialog.isVisible()
    names = {one.accessibleName() for one in bench.window.findChildren(QLineEdit)}
    assert "En avance à partir de" in names
