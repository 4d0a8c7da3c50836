"""Every form is filled by what assistive technology can do: write in a field, select in a list, press."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk.services.editing import FORMS, reading
from qpvdesk.ui.dialogs.entity import EntityDialog, EntitySubject
from qpvdesk.ui.dialogs.entity_controls import LinksControl, value_of
from qpvdesk.ui.kit import accessible_roles
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.lines_editor import LinesEditor
from tests.gui.test_accessible_actions import act
from tests.unit.storage import samples


@pytest.fixture(autouse=True)
def hearing(qapp: QApplication) -> None:
    del qapp
    accessible_roles.install(QWidget())


def told(widget: QWidget) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(widget)


def write(field: QWidget, words: str) -> None:
    told(field).setText(QAccessible.Text.Value, words)


def select(items: QAccessibleInterface, row: int) -> None:
    # The bus tells of the list before anything is selected in it.
    QApplication.processEvents()
    assert items.selectionInterface().select(items.child(row))
    QApplication.processEvents()


def items_of(combo: QComboBox) -> QAccessibleInterface:
    parts = [told(combo).child(place) for place in range(told(combo).childCount())]
    return next(part for part in parts if part.role() is QAccessible.Role.List)


def press(qtbot: QtBot, key: QPushButton) -> None:
    """Qt shows the button go down, then does what it does."""
    with qtbot.waitSignal(key.clicked):
        act(key, "Press")


def filled(qtbot: QtBot, control: QWidget) -> bool:
    """Give a control something else than it holds; False where there is nothing else to choose."""
    if isinstance(control, (QLineEdit, QPlainTextEdit)):
        write(control, "12")
    elif isinstance(control, QComboBox):
        others = [row for row in range(control.count()) if row != control.currentIndex()]
        if not others:
            return False
        select(items_of(control), others[-1])
    else:
        assert isinstance(control, LinksControl)
        if not control.list.count():
            return False
        select(told(control.list), control.list.count() - 1)
        press(qtbot, control.findChild(QPushButton))
    return True


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_each_field_of_a_form_is_filled(qtbot: QtBot, theme: Theme, kind: str) -> None:
    dossier = samples.dossier()
    dialog = EntityDialog(
        theme,
        EntitySubject(FORMS[kind], dossier, {}, lambda now: reading.read(dossier, kind, now, None), new=True),
        title="Nouveau",
    )
    qtbot.addWidget(dialog)
    dialog.show()
    # The code first: it would follow the name, and be there already.
    for name, control in sorted(dialog._controls.items(), key=lambda pair: pair[0] != "code"):
        before = value_of(control)
        if filled(qtbot, control):
            assert value_of(control) not in ("", before), name


def test_what_the_keys_pass_over_in_a_list_is_not_chosen(qtbot: QtBot) -> None:
    combo = QComboBox()
    qtbot.addWidget(combo)
    combo.addItems(["un", "deux", "trois"])
    chosen: list[int] = []
    combo.activated.connect(chosen.append)
    combo.show()
    items = items_of(combo)
    QApplication.processEvents()
    combo.showPopup()
    combo.view().setCurrentIndex(combo.model().index(1, 0))
    QApplication.processEvents()
    assert (combo.currentText(), chosen) == ("un", [])
    combo.hidePopup()
    select(items, 2)
    assert (combo.currentText(), chosen) == ("trois", [2])


def test_a_list_that_is_filled_and_set_chooses_nothing(qtbot: QtBot) -> None:
    combo = QComboBox()
    qtbot.addWidget(combo)
    combo.addItems(["un", "deux", "trois"])
    chosen: list[int] = []
    combo.activated.connect(chosen.append)
    combo.show()
    items_of(combo)
    QApplication.processEvents()
    for row in (1, 0, 2, 0):
        combo.clear()
        combo.addItems(["un", "deux", "trois"])
        combo.setCurrentIndex(row)
        combo.setCurrentIndex(2)
    QApplication.processEvents()
    assert (combo.currentText(), chosen) == ("trois", [])


def test_a_name_written_is_ticked_with_its_target(qtbot: QtBot) -> None:
    control = LinksControl("Décliné sur", 100, targets=True)
    qtbot.addWidget(control)
    for words, key in (("Avion", "a"), ("Lens", "l")):
        control.add(words, key)
    control.show()
    key = control.findChild(QPushButton)
    press(qtbot, key)
    assert control.value() == ""
    write(control.findChild(QLineEdit), "len 12")
    press(qtbot, key)
    assert control.value() == "l\t12"


def test_a_line_written_is_added(qtbot: QtBot, theme: Theme) -> None:
    lines = LinesEditor(theme, "Ordre du jour", adding="Ajouter un point", teaching="Rien")
    qtbot.addWidget(lines)
    lines.show()
    write(lines.findChild(QLineEdit), "Le bilan")
    press(qtbot, next(one for one in lines.findChildren(QPushButton) if one.text() == "Ajouter"))
    assert lines.lines == ("Le bilan",)
