"""What Qt itself says is French too."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from qpvdesk.ui.qt_words import QtWords


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
