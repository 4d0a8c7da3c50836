"""What Qt itself says is French too."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QObject, QTimer, QTranslator
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from qpvdesk.ui.qt_words import QtWords
from tests.gui.conftest import Bench


class _Asked(QtWords):
    """Notes what no translation knows."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.unknown: set[str] = set()

    def translate(self, context: str, text: str, *rest: object) -> str:
        said = super().translate(context, text, *rest)
        if said == text and any(letter.islower() for letter in text):
            self.unknown.add(text)
        return said


def test_the_choice_of_a_file_or_a_printer_is_in_french(qtbot: QtBot) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    words, french = _Asked(application), QTranslator(application)
    assert french.load("qtbase_fr", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    try:
        application.installTranslator(words)
        application.installTranslator(french)
        dialog = QFileDialog(None, "Enregistrer", "", "PDF (*.pdf)")
        qtbot.addWidget(dialog)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.show()
        printer = QPrinter()
        printing = QPrintDialog(printer)
        qtbot.addWidget(printing)
        printing.show()

        def leave_properties() -> None:
            shown = QApplication.activeModalWidget()
            assert shown is not None
            shown.close()

        QTimer.singleShot(0, leave_properties)
        next(one for one in printing.findChildren(QPushButton) if "ropriété" in one.text()).click()
        labels = {label.text().replace("&", "") for label in dialog.findChildren(QLabel)}
    finally:
        application.removeTranslator(french)
        application.removeTranslator(words)
    assert labels >= {"Dossier\u202f:", "Type de fichier\u202f:"}
    assert words.unknown == set()


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
