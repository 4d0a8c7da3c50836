"""The pages of the window: made when first asked for, drawn again where something they show changed, gone back to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QSizePolicy, QStackedWidget

from qpvdesk.ui import layouts
from qpvdesk.ui.kit.tips import describe_lists
from qpvdesk.ui.pages.page import Page, Place
from qpvdesk.ui.pages.registry import PAGES, Surroundings
from qpvdesk.ui.trail import Trail
from qpvdesk.ui.widgets.labels import label

if TYPE_CHECKING:
    from qpvdesk.ui.picture import Picture


class Navigator(QScrollArea):
    """Holds one page at a time. A laptop at 150 % leaves less height than some pages need: they scroll here."""

    made = Signal(object)
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

    def here(self) -> Place | None:
        """Return where one is."""
        page = self.current
        return page.place() if page is not None else None

    def show_picture(self, picture: Picture) -> None:
        """Take a new picture: the page in view shows it now, the others that it concerns when they are next seen."""
        self._picture = picture
        self._stale |= {word for word, page in self.pages.items() if page.concerns(picture.change)}
        self._refresh(self.current)

    def go(self, place: Place) -> None:
        """Go to a place and remember where one was."""
        self._leave()
        self.trail.visit(place)
        self._show(place)

    def back(self) -> None:
        """Go back to the place before."""
        self._step(self.trail.back)

    def forward(self) -> None:
        """Go forth again."""
        self._step(self.trail.forward)

    def save(self) -> None:
        """Save what is typed in the page in view."""
        page = self.current
        if page is not None:
            page.save()

    def page(self, word: str) -> Page:
        """Return a page, made where it was not yet."""
        page = self.pages.get(word)
        if page is None:
            page = self.pages[word] = self._makers[word](self._given)
            self.made.emit(page)
            self._stack.addWidget(page)
            layouts.restore(page, self._settings)
            for tools in page.table_tools():
                tools.kept.connect(lambda page=page: layouts.keep(page, self._settings))
            self._stale.add(word)
        return page

    def leave(self) -> None:
        """The window closes: put in safety what is typed, and remember how the pages are laid out."""
        for page in self.pages.values():
            page.leave()
            layouts.keep(page, self._settings)

    def end(self) -> None:
        """The base is closed: let the pages give back what they held."""
        for page in self.pages.values():
            page.end()

    def _leave(self) -> None:
        here = self.here()
        if here is not None:
            self.trail.leave(here)

    def _step(self, step: Callable[[], Place | None]) -> None:
        self._leave()
        place = step()
        if place is not None:
            self._show(place)

    def show_first(self, word: str) -> Page:
        """Put a page in view before there is a picture: it is shown one when it comes."""
        page = self.page(word)
        self._put(page)
        return page

    def _show(self, place: Place) -> None:
        if self._picture is None:
            return
        page = self.page(place.page)
        self._put(page)
        self._refresh(page)
        describe_lists(page)
        page.arrive(place)
        self.shown.emit(place.page)
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
