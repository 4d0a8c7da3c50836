"""From page to page, and back: pages are made when they are first seen; the way, and how each is arranged, are kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QSizePolicy, QSplitter, QStackedWidget

from qpvdesk.ui.kit.focus import fill_inwards
from qpvdesk.ui.kit.tips import describe_lists
from qpvdesk.ui.kit.tokens import filled_later
from qpvdesk.ui.pages.page import Address, Page
from qpvdesk.ui.pages.registry import PAGES, Surroundings
from qpvdesk.ui.widgets.labels import label

if TYPE_CHECKING:
    from qpvdesk.ui.picture import Picture


def _keep(page: Page, settings: QSettings) -> None:
    """Remember how a page is arranged."""
    settings.beginGroup(f"pages/{page.word}")
    for number, splitter in enumerate(page.findChildren(QSplitter)):
        settings.setValue(f"panneaux-{number}", splitter.saveState())
    for number, table in enumerate(page.tables()):
        settings.setValue(f"tableau-{number}", json.dumps(table.layout_state()))
    for number, tools in enumerate(page.table_tools()):
        settings.setValue(f"vues-{number}", tools.state())
    for word, value in page.habits().items():
        settings.setValue(f"choix-{word}", value)
    settings.endGroup()


def _restore(page: Page, settings: QSettings) -> None:
    """Arrange a page as it was; what was kept by another release, or spoilt, is left aside."""
    settings.beginGroup(f"pages/{page.word}")
    for number, splitter in enumerate(page.findChildren(QSplitter)):
        state = settings.value(f"panneaux-{number}")
        if isinstance(state, QtCore.QByteArray):
            splitter.restoreState(state)
    for number, table in enumerate(page.tables()):
        layout = _kept(str(settings.value(f"tableau-{number}", "")))
        if layout:
            table.restore_layout(layout)
    for number, tools in enumerate(page.table_tools()):
        tools.restore(str(settings.value(f"vues-{number}", "")))
    words = [name.removeprefix("choix-") for name in settings.childKeys() if name.startswith("choix-")]
    page.take_habits({word: str(settings.value(f"choix-{word}", "")) for word in words})
    settings.endGroup()


def _kept(text: str) -> Mapping[str, list[int]]:
    try:
        layout = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(layout, dict):
        return {}
    return {
        name: value
        for name, value in layout.items()
        if isinstance(value, list) and all(isinstance(number, int) for number in value)
    }


_LONGEST = 200


class Trail:
    """Addresses been to, and where one stands among them."""

    def __init__(self) -> None:
        self._addresses: list[Address] = []
        self._at = -1

    def leave(self, address: Address) -> None:
        """Note how the current place looks when it is left (its selection, its filters)."""
        if self._at >= 0:
            self._addresses[self._at] = address

    def visit(self, address: Address) -> None:
        """Go to a new place; what was ahead is forgotten."""
        del self._addresses[self._at + 1 :]
        if not self._addresses or self._addresses[-1] != address:
            self._addresses.append(address)
        del self._addresses[:-_LONGEST]
        self._at = len(self._addresses) - 1

    @property
    def can_back(self) -> bool:
        return self._at > 0

    @property
    def can_forward(self) -> bool:
        return self._at < len(self._addresses) - 1

    def back(self) -> Address | None:
        """Step back; None at the beginning."""
        if not self.can_back:
            return None
        self._at -= 1
        return self._addresses[self._at]

    def forward(self) -> Address | None:
        """Step forth; None at the end."""
        if not self.can_forward:
            return None
        self._at += 1
        return self._addresses[self._at]


class Navigator(QScrollArea):
    """Holds one page at a time. A laptop at 150 % leaves less height than some pages need: they scroll here."""

    page_made = Signal(object)
    """A `Page` was made: what it asks for is to be connected."""
    shown = Signal(str)
    """The page of that word is in view."""

    def __init__(self, given: Surroundings, settings: QSettings) -> None:
        super().__init__()
        self._given, self._settings = given, settings
        self._makers = {spec.word: spec.make for spec in PAGES}
        self._picture: Picture | None = None
        self._stale: set[str] = set()
        self.trail = Trail()
        self.pages: dict[str, Page] = {}
        """The pages that were made, by their word."""
        self.setAccessibleName("Page")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._stack = QStackedWidget()
        self.setWidget(self._stack)
        waiting = label("Ouverture du contrat…", "mention")
        waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(waiting)

    @property
    def current(self) -> Page | None:
        """The page in view; None before the first picture."""
        widget = self._stack.currentWidget()
        return widget if isinstance(widget, Page) else None

    def here(self) -> Address | None:
        """Return where one is."""
        page = self.current
        return page.address() if page is not None else None

    def show_picture(self, picture: Picture) -> None:
        """Take a new picture: the page in view shows it now, the others that it concerns when they are next seen."""
        self._picture = picture
        self._stale |= {word for word, page in self.pages.items() if page.concerns(picture.change)}
        self._refresh(self.current)

    def go(self, address: Address) -> None:
        """Go to a place and remember where one was."""
        self._leave()
        self.trail.visit(address)
        self._show(address)

    def back(self) -> None:
        self._step(self.trail.back)

    def forward(self) -> None:
        self._step(self.trail.forward)

    def save(self) -> None:
        page = self.current
        if page is not None:
            page.save()

    def page(self, word: str) -> Page:
        """Return a page, made where it was not yet."""
        page = self.pages.get(word)
        if page is None:
            page = self.pages[word] = self._make(word)
            self.page_made.emit(page)
            _restore(page, self._settings)
            for tools in page.table_tools():
                tools.kept.connect(lambda page=page: _keep(page, self._settings))
            self._stale.add(word)
        return page

    def _make(self, word: str) -> Page:
        """Make a page and put it in its place."""
        if not self.isVisible():
            # A first sight is laid out with its window: filled later, it would be so a turn of the loop too late.
            page = self._makers[word](self._given)
            self._stack.addWidget(page)
            return page
        with filled_later() as waiting:
            page = self._makers[word](self._given)
        self._stack.addWidget(page)
        fill_inwards(page, waiting)
        return page

    def leave(self) -> None:
        """The window closes: put in safety what is typed, and remember how the pages are laid out."""
        for page in self.pages.values():
            page.leave()
            _keep(page, self._settings)

    def end(self) -> None:
        """The base is closed: let the pages give back what they held."""
        for page in self.pages.values():
            page.end()

    def lay_out(self) -> None:
        """Give what is stacked its room anew, in characters of another size: a leaf out of view tells nobody of its own, and
        the page would stay as high as it was."""
        for stack in self.findChildren(QStackedWidget):
            stack.updateGeometry()

    def _leave(self) -> None:
        here = self.here()
        if here is not None:
            self.trail.leave(here)

    def _step(self, step: Callable[[], Address | None]) -> None:
        self._leave()
        place = step()
        if place is not None:
            self._show(place)

    def show_first(self, word: str) -> Page:
        """Put a page in view before there is a picture: it is shown one when it comes."""
        page = self.page(word)
        self._put(page)
        return page

    def _show(self, address: Address) -> None:
        if self._picture is None:
            return
        page = self.page(address.page)
        self._put(page)
        self._refresh(page)
        describe_lists(page)
        page.arrive(address)
        self.shown.emit(address.page)
        # Once it is laid out: in a low window the field that has the hand may stand below the edge.
        QTimer.singleShot(0, self, self._reveal)

    def _reveal(self) -> None:
        reached = self.window().focusWidget()
        if isinstance(reached, QLineEdit) and self._stack.isAncestorOf(reached):
            self.ensureWidgetVisible(reached, 0, 12)

    def _put(self, page: Page) -> None:
        self._stack.setCurrentWidget(page)
        for other in self.pages.values():
            # Only the page in view asks for room.
            policy = QSizePolicy.Policy.Preferred if other is page else QSizePolicy.Policy.Ignored
            other.setSizePolicy(policy, policy)
        self.verticalScrollBar().setValue(0)

    def _refresh(self, page: Page | None) -> None:
        if page is not None and self._picture is not None and page.word in self._stale:
            self._stale.discard(page.word)
            page.show_picture(self._picture)
