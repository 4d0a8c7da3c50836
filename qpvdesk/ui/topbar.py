"""The top of the window: the contract, the date of the picture, search, back and forth, undo and redo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolButton

from qpvdesk.domain.french import fold, unquoted
from qpvdesk.domain.statuses import Statut
from qpvdesk.ui.found import GUIDE, Offered, address_of
from qpvdesk.ui.kit.controls import Hand, button, text_line
from qpvdesk.ui.kit.tips import NO_DESCRIPTION, tip
from qpvdesk.ui.kit.tokens import GAP, ROOM, SNUG, in_row
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.day_edit import DayEdit
from qpvdesk.ui.widgets.labels import ElidedLabel, label

if TYPE_CHECKING:
    from qpvdesk.services.search import Found
    from qpvdesk.ui.found_list import FoundList
    from qpvdesk.ui.picture import Picture

_COMMANDS_MAX, _LINES_MAX = 4, 14
"""Commands that stand before what was found; lines in all."""


class Topbar(QFrame):
    """Shows the picture's contract and date; says what is asked for."""

    contract_chosen = Signal(str)
    day_chosen = Signal(object)
    """The day the picture is to be set to; None: today."""
    sought = Signal(str)
    """Words to look for: `show_found` takes the answer."""
    found = Signal(object)
    """An `Address` chosen in the search."""

    def __init__(self, theme: Theme, actions: dict[str, QAction], today: Callable[[], date]) -> None:
        """`actions`: `precedent`, `suivant`, `annuler`, `retablir`."""
        super().__init__()
        self._theme = theme
        self.setObjectName("topbar")
        self.setAccessibleName("Contrat, date et recherche")
        layout = in_row(on=self, spacing=SNUG, margins=(ROOM, SNUG, ROOM, SNUG))
        for word in ("precedent", "suivant"):
            layout.addWidget(self._tool(actions[word]))
        self._name = ElidedLabel("", "heading", mode=Qt.TextElideMode.ElideMiddle)
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout.addWidget(self._name, 8)
        self._contract = ElidedCombo("Contrat de ville")
        self._contract.activated.connect(
            lambda place: self.contract_chosen.emit(self._contract.itemData(place))
        )
        self._contract.hide()
        layout.addWidget(self._contract, 8)
        layout.addSpacing(GAP)
        words = label("S&ituation au")
        self._day = DayEdit("Situation au", today)
        tip(self._day, "Toutes les pages montrent le contrat tel qu’il était à cette date")
        self._day.chosen.connect(self.day_chosen)
        words.setBuddy(self._day)
        self._today = button(
            "Aujourd’hui", lambda: self.day_chosen.emit(None), role="quiet", hint="Revenir à la date du jour"
        )
        self._dated = (words, self._day)
        for part in (*self._dated, self._today):
            layout.addWidget(part)
            # Of no day before the first picture.
            part.hide()
        layout.addSpacing(SNUG)
        self.search = text_line(
            "Rechercher dans tout le contrat, ses documents et le guide", "Rechercher (Ctrl+K)", clear=True
        )
        self._fit()
        theme.changed.connect(self._fit)
        self.search.installEventFilter(self)
        words.installEventFilter(self)
        self.search.textChanged.connect(self._look)
        layout.addWidget(self.search, 1)
        self._changing = [self._tool(actions[word]) for word in ("annuler", "retablir")]
        for tool in self._changing:
            layout.addWidget(tool)
        self._leave = button(
            "Quitter la projection", actions["projection"].trigger, role="quiet", hint="F11 ou Échap"
        )
        self._leave.hide()
        layout.addWidget(self._leave)
        self._hand = Hand()
        self._offer_nothing()
        self._answered = self._entered = ""
        """The words of the answer that is shown; those that Enter was pressed on before their answer came."""
        self._hide_later = QTimer(self)
        self._hide_later.setSingleShot(True)
        self._hide_later.timeout.connect(lambda: self.results.hide())

    def _offer_nothing(self) -> None:
        """The search offers nothing yet; who has the commands and what was seen gives them."""
        self.commands: Callable[[str], Sequence[Offered]] = lambda _text: ()
        """The pages and the commands that hold some words."""
        self.recent: Callable[[], Sequence[Offered]] = tuple
        """What was seen lately."""
        self.status: Callable[[Address], Statut | None] = lambda _address: None
        """The status of the objective of a place."""

    @cached_property
    def results(self) -> FoundList:
        from qpvdesk.ui.found_list import FoundList  # noqa: PLC0415 - 5 ms, a first sight does without

        found_list = FoundList(self._theme, self.search)
        found_list.itemClicked.connect(lambda _: self._take())
        return found_list

    def show_picture(self, picture: Picture, today: date) -> None:
        self.show_contract([(item.code, item.name) for item in picture.contracts], picture.contract.code)
        self.show_day(picture.day, today)
        for tool in self._changing:
            tool.setHidden(picture.projected)
        self._leave.setVisible(picture.projected)

    def show_contract(self, contracts: Sequence[tuple[str, str]], code: str) -> None:
        """Show the contract of a code, among those of the base: their codes and their names."""
        several, name = len(contracts) > 1, dict(contracts)[code]
        self._name.setVisible(not several)
        self._contract.setVisible(several)
        self._name.setText(name)
        self._name.set_shorter(unquoted(name))
        if several:
            self._contract.show_choices((title, known) for known, title in contracts)
            self._contract.setCurrentIndex(self._contract.findData(code))

    def show_day(self, day: date, today: date) -> None:
        self._day.show_day(day, last=today)
        for part in self._dated:
            part.show()
        self._today.setHidden(day == today)

    def focus_search(self) -> None:
        if not self.search.hasFocus():
            self._hand.note()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()
        if not self.search.text():
            self._look("")

    def _fit(self) -> None:
        self.search.setMinimumWidth(self._theme.px(168))

    def focus_day(self) -> None:
        self._day.begin()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move through the results from the search field; begin the date anew each time that its letter is typed."""
        if watched is self._dated[0] and event.type() is QEvent.Type.Shortcut:
            self.focus_day()
            return True
        if watched is self.search and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event) or super().eventFilter(watched, event)
        if watched is self.search and event.type() is QEvent.Type.FocusOut:
            self._hide_later.start(150)
        return super().eventFilter(watched, event)

    def _tool(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

        def name() -> None:
            button.setAccessibleName(action.text().replace("&", ""))
            # The tooltip of the action repeats its words; its keys are heard as a French keyboard has them.
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            button.setAccessibleDescription(keys or NO_DESCRIPTION)

        name()
        action.changed.connect(name)
        return button

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        shown = self.results.isVisible()
        if key == Qt.Key.Key_Escape:
            self.search.clear()
            self.results.hide()
            self._hand.give_back()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.search.text().strip():
            if shown and self._answered == self.search.text():
                self._take()
            else:
                # The hand is faster than the answer, and the one shown is of other words: it is taken when it comes.
                self._entered = self.search.text()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and shown:
            self._take()
            return True
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if shown:
                self.results.step(1 if key == Qt.Key.Key_Down else -1)
            else:
                self._look(self.search.text())
            return True
        return False

    def _look(self, text: str) -> None:
        self._entered = ""
        if text.strip():
            self.sought.emit(text)
            return
        lines = self.recent()
        self.results.offer(lines, "")
        if lines:
            self.results.unfold(self.search)
        else:
            self.results.hide()

    def show_found(self, text: str, hits: Sequence[Found]) -> None:
        """Show what was found for words, unless others were typed since."""
        if text != self.search.text():
            return
        self._answered = text
        commands = list(self.commands(text))
        first = [line for line in commands if _spaced(line.words).startswith(_spaced(text))]
        # What holds the words themselves comes before what holds some that are nearly the same.
        found, near = ([self._line(hit) for hit in hits if hit.near is wanted] for wanted in (False, True))
        lines = [*first[:_COMMANDS_MAX], *found, *(line for line in commands if line not in first), *near]
        # A code mistyped is near to several, and the first of them is seldom the one that is meant.
        mistyped = bool(near) and not (found or commands) and _mistyped(text)
        self.results.offer(
            lines[:_LINES_MAX],
            "Rien ne porte ces mots. Essayez un code (BPI-O01), ou un mot de moins.",
            doubt=f"Rien ne porte le code «\u202f{text.strip()}\u202f»\u202f: choisissez dans la liste."
            if mistyped
            else "",
        )
        if self._entered == text and not mistyped:
            self._take()
            return
        self.results.unfold(self.search)

    def _line(self, found: Found) -> Offered:
        address = address_of(found)
        near = "proche\u202f: " if found.near else ""
        words = "  ".join(part for part in (found.code, found.title) if part)
        return Offered(
            f"{near}{words}",
            found.kind,
            address.page if address.page != GUIDE else "documents",
            address,
            self.status(address),
            found.extract or found.title,
        )

    def _take(self) -> None:
        line = self.results.chosen()
        if line is None and self.results.count() > 1:
            # Nothing is chosen of what is offered: it stays in view.
            return
        self._entered = ""
        if line is not None:
            self.search.clear()
        self.results.hide()
        if line is None:
            return
        if isinstance(line.goal, QAction):
            # A command acts on what was in hand before it was looked for.
            self._hand.give_back()
            line.goal.trigger()
        else:
            self.found.emit(line.goal)


def _spaced(words: str) -> str:
    """A key of words in which an apostrophe may be missing."""
    return fold(words.replace("’", " ").replace("'", " "))


def _mistyped(text: str) -> bool:
    """Whether what nothing bears was typed as a code is."""
    from qpvdesk.domain.codes import is_typed_as_code  # noqa: PLC0415 - 7 ms, who looks for what is not there alone needs it

    return is_typed_as_code(text)
