"""Dialogs as data: code says what it has to ask or tell, one place shows it, tests give a recording fake."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from PySide6 import QtWidgets
from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from shiboken6 import delete

from qpvdesk.domain.errors import UserError
from qpvdesk.ui.kit.controls import literal
from qpvdesk.ui.kit.tips import fill_box

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter


class Gravity(StrEnum):
    """How serious a notice is."""

    INFORMATION = "information"
    QUESTION = "question"
    WARNING = "avertissement"
    ERROR = "erreur"


class Choice(Struct, frozen=True):
    """A button: a stable word for the code, the French label for the officer."""

    word: str
    label: str


OK = Choice("ok", "D’accord")
CANCEL = Choice("annuler", "Annuler")


class Notice(Struct, frozen=True):
    """What a dialog says, and its buttons; the last one is what Escape answers, the first what Enter does.

    Enter answers the last one too where the notice is `careful`: what cannot be taken back is not accepted by habit.
    """

    title: str
    message: str
    remedy: str = ""
    gravity: Gravity = Gravity.INFORMATION
    choices: tuple[Choice, ...] = (OK,)
    careful: bool = False


class Notifier(Protocol):
    """Shows notices and asks for file names."""

    def ask(self, notice: Notice) -> str:
        """Show the notice and return the `word` of the choice made."""

    def save_path(self, title: str, suggestion: Path, pattern: str) -> Path | None:
        """Ask where to save a file; None where the officer gave up. `pattern` is Qt's (`PDF (*.pdf)`)."""

    def open_path(self, title: str, folder: Path, pattern: str) -> Path | None:
        """Ask which file to open; None where the officer gave up."""

    def folder(self, title: str, start: Path) -> Path | None:
        """Ask for a folder; None where the officer gave up."""

    def secret(self, reason: str, take: Callable[[str], None]) -> bool:
        """Ask for a passphrase until `take` takes it; False where the officer gave up. `reason`: why it is asked."""

    def printer(self, pages: int, name: str) -> QPrinter | None:
        """Ask which printer, which of the pages, one or two sides; None where the officer gave up.

        `name`: of the paper, and of the file that it is printed to where it is one.
        """


def refusal(title: str, error: UserError) -> Notice:
    return Notice(title, error.message, error.remedy, Gravity.WARNING)


_ICONS = {
    Gravity.INFORMATION: "Information",
    Gravity.QUESTION: "Question",
    Gravity.WARNING: "Warning",
    Gravity.ERROR: "Critical",
}
"""By their names: the box of Qt, and its enums, are made when first asked for, as are the dialogs of files."""


_TITLE_SPARE_PX = 160
"""Pixels of a title bar beside its words: its icon, its buttons, and what its characters are larger by."""


def _leave_room(box: QtWidgets.QMessageBox, title: str) -> None:
    """Have a box be as wide as its title is, whatever it says: a title bar cuts it else (« Rétablir un acte…stré »)."""
    grid, wide = box.layout(), box.fontMetrics().horizontalAdvance(title) + _TITLE_SPARE_PX
    if isinstance(grid, QtWidgets.QGridLayout):
        grid.addItem(QtWidgets.QSpacerItem(wide, 0), grid.rowCount(), 0, 1, grid.columnCount())


class BoxNotifier:
    """The real one, over Qt's message boxes; `parent` is set once the window exists."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.parent = parent

    def ask(self, notice: Notice) -> str:
        box = QtWidgets.QMessageBox(self.parent)
        box.setWindowTitle(notice.title)
        box.setIcon(QtWidgets.QMessageBox.Icon[_ICONS[notice.gravity]])
        fill_box(box, notice.message, notice.remedy)
        _leave_room(box, notice.title)
        buttons: dict[QPushButton, str] = {}
        for index, choice in enumerate(notice.choices):
            last = index == len(notice.choices) - 1
            roles = QtWidgets.QMessageBox.ButtonRole
            role = roles.RejectRole if last else roles.AcceptRole
            button = box.addButton(literal(choice.label), role)
            buttons[button] = choice.word
            if last if notice.careful else index == 0:
                box.setDefaultButton(button)
            if last:
                box.setEscapeButton(button)
        box.exec()
        pressed = box.clickedButton()
        box.deleteLater()
        return next((word for button, word in buttons.items() if button is pressed), notice.choices[-1].word)

    def save_path(self, title: str, suggestion: Path, pattern: str) -> Path | None:
        """Show the system's file dialog."""
        name, chosen = QtWidgets.QFileDialog.getSaveFileName(self.parent, title, str(suggestion), pattern)
        if not name:
            return None
        # Choosing another kind does not change the name that was typed.
        suffix = chosen.rpartition("*")[2].rstrip(")")
        path = Path(name)
        kinds = {kind_pattern.rpartition("*")[2].rstrip(")") for kind_pattern in pattern.split(";;")}
        return path.with_suffix(suffix) if suffix and path.suffix in kinds | {""} else path

    def open_path(self, title: str, folder: Path, pattern: str) -> Path | None:
        """Show the system's file dialog."""
        name, _ = QtWidgets.QFileDialog.getOpenFileName(self.parent, title, str(folder), pattern)
        return Path(name) if name else None

    def folder(self, title: str, start: Path) -> Path | None:
        """Show the system's file dialog."""
        name = QtWidgets.QFileDialog.getExistingDirectory(self.parent, title, str(start))
        return Path(name) if name else None

    def secret(self, reason: str, take: Callable[[str], None]) -> bool:
        from qpvdesk.ui.dialogs.passphrase import PassphraseDialog  # noqa: PLC0415 - 13 ms, a sealed base alone needs it

        dialog = PassphraseDialog(reason, take, self.parent)
        given = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return given

    def printer(self, pages: int, name: str) -> QPrinter | None:
        """Show the system's dialog."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # noqa: PLC0415 - 3 ms, a printer alone needs it

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        # Qt's own dialog offers to print to the file that the work is named after, else to « print.pdf ».
        printer.setDocName(name)
        dialog = QPrintDialog(printer, self.parent)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintCurrentPage, False)
        dialog.setMinMax(1, pages)
        accepted = dialog.exec() == QPrintDialog.DialogCode.Accepted
        # Now: it holds the printer, which goes where the officer gave up.
        delete(dialog)
        return printer if accepted else None
