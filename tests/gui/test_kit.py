"""What every page and dialog is made of: the frame, the buttons, the painted button, the parts side by side."""

from __future__ import annotations

from contextvars import Context
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QStyle,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from qpvdesk.domain.errors import UserError
from qpvdesk.ui.dialogs.entity_controls import LinksControl
from qpvdesk.ui.kit import accessible_roles, focus
from qpvdesk.ui.kit.controls import _WordsOnly, button, rest
from qpvdesk.ui.kit.focus import fill_inwards
from qpvdesk.ui.kit.form_dialog import Fitted, Form, FormDialog
from qpvdesk.ui.kit.master_detail import Master, fill_page, side_by_side
from qpvdesk.ui.kit.painted import PaintedButton
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.kit.tips import warn
from qpvdesk.ui.kit.tokens import filled_later, stacked
from qpvdesk.ui.theme import Mode, Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo, ElidedLine, TypedCombo
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.told_chart import ChartView
from tests.helpers.turns import turn


def test_enter_does_what_the_dialog_is_for_and_escape_leaves_it(qtbot: QtBot) -> None:
    dialog = FormDialog("Essai")
    qtbot.addWidget(dialog)
    done: list[str] = []
    line = QLineEdit()
    dialog.column.addWidget(line)
    other = button("Autre…", lambda: done.append("autre"))
    do = dialog.foot("Faire", lambda: done.append("faire"), other)
    dialog.show()
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Return)
    other.setFocus()
    qtbot.keyClick(other, Qt.Key.Key_Space)
    assert done == ["faire", "autre"]
    assert do.isDefault()
    box = dialog.findChild(QDialogButtonBox)
    assert [one.text() for one in box.buttons() if box.buttonRole(one) is box.ButtonRole.RejectRole] == [
        "Annuler"
    ]
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not isValid(dialog))


def test_titles_are_headings_for_who_listens_those_heard_before_too(qtbot: QtBot) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    qtbot.addWidget(page)
    words = {
        role: label(f"Mots {role}", role, select=role == "heading")
        for role in ("title", "heading", "subheading", "mention", "")
    }
    for one in words.values():
        column.addWidget(one)

    def told() -> dict[str, tuple[bool, str]]:
        known = {role: QAccessible.queryAccessibleInterface(one) for role, one in words.items()}
        return {
            role: (one.role() is QAccessible.Role.Heading, one.text(QAccessible.Text.Name))
            for role, one in known.items()
        }

    QAccessible.setActive(True)
    told()
    accessible_roles.install(page)
    QAccessible.setActive(False)
    assert told() == {role: (role not in ("mention", ""), f"Mots {role}") for role in words}
    words["title"].setText("Autre titre")
    words["heading"].setAccessibleName("Dit autrement")
    assert [said for _, said in told().values()][:2] == ["Autre titre", "Dit autrement"]
    later = label("Venu ensuite", "heading")
    column.addWidget(later)
    assert QAccessible.queryAccessibleInterface(later).role() is QAccessible.Role.Heading


@pytest.mark.parametrize("late", [False, True])
def test_a_label_with_a_name_is_heard_with_its_words(qtbot: QtBot, late: bool) -> None:
    """Qt says the name in their place: of « Effet du relevé » nothing else was heard."""
    page = QWidget()
    qtbot.addWidget(page)
    if not late:
        accessible_roles.install(page)
    QAccessible.setActive(True)
    effect = label("Le statut reste « Suivi ».", "mention", name="Effet du relevé")
    effect.setParent(page)
    if late:
        QAccessible.queryAccessibleInterface(effect)
        accessible_roles.install(page)
    QAccessible.setActive(False)
    known = QAccessible.queryAccessibleInterface(effect)
    assert known.text(QAccessible.Text.Name) == "Effet du relevé\u202f: Le statut reste « Suivi »."
    effect.setText("")
    assert known.text(QAccessible.Text.Name) == "Effet du relevé"


def test_a_drawing_is_an_image_that_has_its_words(qtbot: QtBot, theme: Theme) -> None:
    view = ChartView(theme, "Écarts à la parité")
    qtbot.addWidget(view)
    accessible_roles.install(view)
    known = QAccessible.queryAccessibleInterface(view)
    assert known.role() is QAccessible.Role.Graphic
    assert known.text(QAccessible.Text.Name) == "Écarts à la parité"


def test_a_heading_is_the_title_another_one_or_none(qtbot: QtBot) -> None:
    for heading, said in ((None, ["Essai"]), ("Autre", ["Autre"]), ("", [])):
        dialog = FormDialog("Essai", heading=heading)
        qtbot.addWidget(dialog)
        assert [one.text() for one in dialog.findChildren(QLabel)] == said
        assert dialog.windowTitle() == "Essai"


def test_a_refusal_is_said_at_its_field_and_heard_there(qtbot: QtBot) -> None:
    dialog = FormDialog("Essai")
    qtbot.addWidget(dialog)
    form, line = Form(), QLineEdit("31 février")
    field = form.add("&Date", line, "Le jour dit")
    dialog.column.addLayout(form)
    dialog.show()
    assert line.accessibleDescription() == "Le jour dit"
    field.refuse(UserError("Ce jour n’existe pas.", "Tapez-en un autre."))
    assert field.error == "Ce jour n’existe pas. Tapez-en un autre."
    assert line.accessibleDescription() == field.error
    assert line.selectedText() == "31 février"
    field.set_error("")
    assert line.accessibleDescription() == "Le jour dit"


def test_a_clock_does_its_act_once_after_the_last_start(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    done: list[int] = []
    clock = rest(holder, 30, lambda: done.append(1))
    clock.start()
    clock.start()
    qtbot.waitUntil(lambda: bool(done))
    qtbot.wait(60)
    assert done == [1]


class Square(PaintedButton):
    def draw(self, painter: QPainter, frame: QRectF) -> None:
        self.pen(painter, 9.5, "text")
        self.write(painter, frame, "Un mot " * 20)


@pytest.mark.parametrize("boxed", [False, True])
def test_a_painted_button_shows_its_focus_and_says_its_name_once(
    qtbot: QtBot, theme: Theme, boxed: bool
) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    painted, other = Square(theme), QPushButton("Autre")
    painted.boxed = boxed  # type: ignore[misc]
    column.addWidget(painted)
    column.addWidget(other)
    painted.call("Un mot", "Ce qu’il veut dire.", hint="Cliquez.")
    holder.show()
    holder.activateWindow()
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    before = painted.grab().toImage()
    painted.setFocus()
    assert painted.grab().toImage() != before
    assert painted.accessibleName() == "Un mot"
    assert painted.accessibleDescription() == "Ce qu’il veut dire."
    assert painted.sizeHint().height() == theme.px(28)
    other.setFocus()
    assert painted.grab().toImage() == before


def test_parts_stand_side_by_side_and_cannot_be_closed(qtbot: QtBot, theme: Theme) -> None:
    page, left = QWidget(), Master()
    qtbot.addWidget(page)
    left.column.addWidget(QPushButton("À gauche"))
    panes = side_by_side(theme, (left, 300, 1), (QPushButton("À droite"), 200, 3))
    fill_page(page, panes)
    page.resize(1000, 300)
    page.show()
    assert panes.count() == 2
    assert not panes.childrenCollapsible()
    assert panes.sizes()[1] > 200
    panes.setSizes([420, 580])
    left_at = panes.sizes()
    theme.set_zoom(1.3)
    theme.set_zoom(1.0)
    qtbot.waitUntil(lambda: panes.sizes() == left_at)


def test_controls_are_chained_as_one_reads_whatever_came_first(qtbot: QtBot) -> None:
    window, page = QWidget(), QWidget()
    qtbot.addWidget(window)
    outer, column = QVBoxLayout(window), QVBoxLayout(page)
    outer.addWidget(page)
    first, second, last = QPushButton("Premier"), QLineEdit(), QPushButton("Dernier")
    for control in (last, second, first):
        column.insertWidget(0, control)
    outer.addWidget(QPushButton("Ailleurs"))
    assert list(focus.controls(page)) == [first, second, last]
    assert first.nextInFocusChain() is not second
    focus.order(page)
    assert first.nextInFocusChain() is second
    assert second.nextInFocusChain() is last


def test_a_name_that_is_nothing_is_said_and_keeps_from_saving(qtbot: QtBot) -> None:
    control = LinksControl("Décliné sur", 100, targets=True)
    qtbot.addWidget(control)
    control.add("Avion", "a")
    control.show()
    control.activateWindow()
    field = control.findChild(QLineEdit)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "aven 3")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    (trouble,) = [one for one in control.findChildren(QLabel) if one.isVisible()]
    assert "«\u202faven\u202f»" in trouble.text()
    qtbot.keyClicks(field, "x")
    assert not trouble.isVisible()
    field.clear()
    qtbot.keyClicks(field, "avi 3")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert control.value() == "a\t3"


def test_ctrl_enter_does_what_enter_does(qtbot: QtBot) -> None:
    """In the form of a meeting it did nothing, where the guide says that it saves everywhere."""
    dialog = FormDialog("Essai")
    qtbot.addWidget(dialog)
    pressed: list[str] = []
    save = button("Enregistrer", lambda: pressed.append("oui"))
    save.setDefault(True)
    dialog.column.addWidget(save)
    dialog.show()
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pressed == ["oui"]
    dialog.close()


def test_what_is_wrapped_is_laid_out_again_once_it_is_seen(qtbot: QtBot, theme: Theme) -> None:
    """A list that was hidden while the look changed drew each thing over the next."""
    pages, names = QStackedWidget(), ItemList("Documents", wrapped=True)
    qtbot.addWidget(pages)
    pages.addWidget(names)
    pages.addWidget(QWidget())
    names.addItems([f"{'mot ' * count}\nPas encore de fichier" for count in range(14, 30)])
    pages.resize(196, 200)
    pages.show()

    def over() -> set[int]:
        rects = [names.visualItemRect(names.item(row)) for row in range(names.count())]
        return {upper.bottom() - lower.top() + 1 for upper, lower in pairwise(rects)}

    qtbot.waitUntil(lambda: over() == {0})
    for _ in range(2):
        pages.setCurrentIndex(1)
        for mode in (Mode.DARK, Mode.LIGHT):
            theme.set_mode(mode)
            QApplication.processEvents()
        turn(qtbot)
        pages.setCurrentIndex(0)
        turn(qtbot)
        qtbot.waitUntil(lambda: over() == {0})


def test_no_line_of_what_is_wrapped_is_left_out(qtbot: QtBot, theme: Theme) -> None:
    """« Pas encore de fichier » had no room where the words above it just filled theirs."""
    del theme
    names = ItemList("Documents", wrapped=True)
    qtbot.addWidget(names)
    names.addItem("Annexes du contrat de ville de la communauté d’agglomération\nPas encore de fichier")
    names.show()
    cut = []
    for wide in range(180, 300):
        names.resize(wide, 240)
        names.doItemsLayout()
        room = QRect(0, 0, names.viewport().width() - 14, 9999)
        flags = int(Qt.TextFlag.TextWordWrap)
        needed = names.fontMetrics().boundingRect(room, flags, names.item(0).text()).height()
        cut += [wide] * (names.visualItemRect(names.item(0)).height() < needed)
    assert cut == []


def test_what_is_wrapped_is_never_wider_than_its_list(qtbot: QtBot, theme: Theme) -> None:
    """At 150 % « Maires des communes qui ont un quartier » just filled its line: it was cut, for want of a second one."""
    del theme
    names = ItemList("Participants", wrapped=True)
    qtbot.addWidget(names)
    names.addItem("Maires des communes qui ont un quartier")
    names.show()
    longest = names.fontMetrics().horizontalAdvance(names.item(0).text())
    wider = []
    for wide in range(longest - 20, longest + 40):
        names.resize(wide, 240)
        names.doItemsLayout()
        wider += [wide] * (names.visualItemRect(names.item(0)).width() > names.viewport().width())
    assert wider == []


def test_a_list_asks_for_the_room_of_its_longest_choice_and_a_part_of_a_pixel(
    qtbot: QtBot, theme: Theme
) -> None:
    """A screen of 150 % gives a word a part of a pixel more than is counted: « Prévu, engagé, pa… »."""
    del theme
    for words in ("Prévu, engagé, payé", "Non scellé", "thématique", "En euros"):
        combo = ElidedCombo()
        qtbot.addWidget(combo)
        combo.addItem(words)
        combo.resize(combo.sizeHint())
        option = QStyleOptionComboBox()
        combo.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = combo.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, combo)
        assert option.currentText == words
        assert room.width() - 2 >= combo.fontMetrics().horizontalAdvance(words) + 2


def test_a_field_that_grows_under_the_hand_is_shown_whole(qtbot: QtBot) -> None:
    """What a list of places says that it holds was cut by the lower edge of its form."""
    dialog, form = FormDialog("Essai"), Form()
    qtbot.addWidget(dialog)
    for number in range(8):
        form.add(f"Champ {number}", QLineEdit(), "")
    control, line, told = QWidget(), QLineEdit(), QLabel("Avion\nHarnes\nLens")
    column = QVBoxLayout(control)
    column.addWidget(line)
    column.addWidget(told)
    told.hide()
    form.add("Décliné sur", control, "")
    dialog.column.addWidget(Fitted("Champs", form))
    dialog.setFixedSize(400, 240)
    dialog.show()
    dialog.activateWindow()
    line.setFocus()
    qtbot.waitUntil(lambda: line.hasFocus() and line.visibleRegion().boundingRect() == line.rect())
    told.show()
    qtbot.waitUntil(lambda: control.height() > line.height() + told.sizeHint().height())
    qtbot.waitUntil(lambda: told.visibleRegion().boundingRect() == told.rect())


class Styled(QWidget):
    """Counts how often it is styled."""

    times = 0

    def changeEvent(self, event: QEvent) -> None:
        self.times += event.type() is QEvent.Type.StyleChange
        super().changeEvent(event)


def test_what_stands_on_many_floors_is_styled_once(qtbot: QtBot, theme: Theme) -> None:
    assert theme.application.styleSheet()
    window, leaf, bare = QWidget(), Styled(), QWidget()
    qtbot.addWidget(window)
    column = stacked(on=window)
    with filled_later() as waiting:
        floor: QWidget = leaf
        for _ in range(5):
            part, floor = floor, QWidget()
            stacked(part, on=floor)
        within = stacked(on=bare)
        elsewhere = QWidget()
        box = Context().run(stacked, on=elsewhere)
        assert elsewhere.layout() is box, "what is made apart from the page is filled at once"
    column.addWidget(floor)
    fill_inwards(floor, waiting)
    assert floor.isAncestorOf(leaf)
    assert leaf.times == 1
    assert bare.layout() is within, "what stands nowhere yet is filled too"
    other = QWidget()
    assert stacked(on=other) is other.layout(), "what is made later is filled at once"


def test_a_dialog_shown_again_hears_its_fields_once(qtbot: QtBot) -> None:
    """One filter more was installed at each show; a field made since is heard too."""
    dialog = FormDialog("Essai")
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    dialog.show()
    late = QLineEdit()
    dialog.column.addWidget(late)
    for _ in range(3):
        dialog.hide()
        dialog.show()
    assert len(dialog.findChildren(_WordsOnly)) == 1
    qtbot.keyClick(late, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    assert late.text() == ""


def test_a_form_grows_with_the_words_beside_its_fields(qtbot: QtBot) -> None:
    """A refusal took the room of the last field, which a bar had to be scrolled to; what a hand makes lower stays so."""
    form = Form()
    for number in range(9):
        form.add(f"Champ {number}", QLineEdit())
    dialog = FormDialog("Essai")
    qtbot.addWidget(dialog)
    area = Fitted("Champs", form)
    dialog.column.addWidget(area, 1)
    trouble = dialog.trouble()
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.resize(dialog.width(), dialog.layout().totalHeightForWidth(dialog.width()))
    QApplication.processEvents()
    assert area.verticalScrollBar().maximum() == 0
    before = dialog.height()
    warn(trouble, "Corrigez les champs signalés, puis enregistrez.")
    qtbot.waitUntil(lambda: dialog.height() > before and area.height() >= area.sizeHint().height())
    lower = dialog.height() - 40
    dialog.resize(dialog.width(), lower)
    QApplication.processEvents()
    QApplication.processEvents()
    assert dialog.height() == lower


def test_the_end_of_a_long_choice_that_can_be_typed_in_is_left_out_by_a_sign(
    qtbot: QtBot,
) -> None:
    """« …prévention et » was cut with nothing to say that more follows; under the hand all of it is there to be typed in."""
    combo = TypedCombo("Engagement", letters=10)
    qtbot.addWidget(combo)
    combo.addItem("ETAT-E01 Proposer des actions de prévention et de médiation dans les quartiers")
    combo.setEditable(True)
    combo.setFixedWidth(260)
    other = QLineEdit()
    qtbot.addWidget(other)
    combo.show()
    line = combo.lineEdit()
    assert isinstance(line, ElidedLine)
    assert line.drawn().endswith("…")
    assert combo.currentText().startswith(line.drawn()[:-1])
    combo.setFixedWidth(900)
    QApplication.processEvents()
    assert line.drawn() == combo.currentText()


def test_a_dialog_is_as_high_as_its_words_at_its_width(qtbot: QtBot, theme: Theme) -> None:
    """« Arrêter les données »: its height was that of its words at the width of its field, parted as white round them."""
    dialog = FormDialog("Arrêter les données du COPIL", width=theme.px(480))
    qtbot.addWidget(dialog)
    dialog.say("Tout le contrat est gardé tel qu’il est maintenant, avec tout ce qui en est dit. " * 3)
    dialog.column.addWidget(QLineEdit())
    dialog.foot("Arrêter", dialog.accept)
    dialog.show()
    assert dialog.height() == dialog.column.totalHeightForWidth(dialog.width())
