"""What Qt itself says is French too."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from qpvdesk.ui.qt_words import QtWords
from tests.gui.conftest import Bench


def test_the_choice_of_a_file_is_in_french(qtbot: QtBot) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    words, french = QtWords(application), QTranslator(application)
    assert french.load("qtbase_fr", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    try:
        application.installTranslator(words)
        application.installTranslator(french)
        dialog = QFileDialog(None, "Enregistrer", "", "PDF (*.pdf)")
        qtbot.addWidget(dialog)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.show()
        labels = {label.text().replace("&", "") for label in dialog.findChildren(QLabel)}
    finally:
        application.removeTranslator(french)
        application.removeTranslator(words)
    assert labels >= {"Dossier\u202f:", "Type de fichier\u202f:"}


def test_keys_are_heard_as_a_french_keyboard_has_them(bench: Bench) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    french = QTranslator(application)
    assert french.load("qtbase_fr", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    application.installTranslator(french)
    try:
        for word in ("precedent", "retablir"):
            action = bench.window.actions_by_word[word]
            action.setText(f"{action.text()} ")
        told = {one.accessibleDescription() for one in bench.window.topbar.findChildren(QToolButton)}
    finally:
        application.removeTranslator(french)
    assert told >= {"Alt+Gauche", "Ctrl+Maj+Z"}
