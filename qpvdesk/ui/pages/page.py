"""What every page is: it is shown a picture, and says where the officer wants to go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from msgspec import Struct
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from qpvdesk.ui.kit.controls import typed_in
from qpvdesk.ui.kit.tokens import SNUG
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import label

if TYPE_CHECKING:
    from qpvdesk.domain.change import Change
    from qpvdesk.ui.kit.table import Table
    from qpvdesk.ui.kit.table_tools import TableTools
    from qpvdesk.ui.picture import Picture

_MENTION_LETTERS = 32
"""A longer mention goes on in the next line rather than push the controls of its page there."""


FORM = "fiche"
"""The field of an address that says which form of its page is to be open there."""


class Address(Struct, frozen=True):
    """Where one can go: a page, what is selected in it, and how it is filtered (`champ=valeur`)."""

    page: str
    focus: str = ""
    filters: tuple[tuple[str, str], ...] = ()


ASSESSED = frozenset(
    {
        "contract",
        "territory",
        "partner",
        "theme",
        "population",
        "objective",
        "milestone",
        "measurement",
        "counter_value",
        "breakdown",
    }
)
"""The kinds that the words of an objective are made of: its place, its partner, its status, its figures."""


class Page(QWidget):
    """A page of the window. It keeps nothing but widgets: the picture is given anew after each change."""

    going = Signal(object)
    """An `Address` is asked for."""
    entering = Signal(str, str)
    """A measurement is to be entered (key of the objective, "") or corrected (…, key of the measurement)."""
    acting = Signal(str, object)
    """A change to make: what it does, in words, and the function of the desk."""
    answering = Signal(str, object, object)
    """The same, asked for by a form (`WaitingDialog`) that waits for the answer."""
    making = Signal(str, object)
    """A new thing is to be made: its kind, and what is known of it, by field of its form."""
    changing = Signal(str, object)
    """Things are to be changed by their form, several in the same fields: their kind, their keys."""
    file_given = Signal(object, object)
    """The `Path` of a file that was dropped on the window and belongs to this page, and what was read of it (a `ReadBook`,
    or None): it is previewed."""
    declining = Signal(str)
    """The objective of that key is to be declined on places: its form, at their list."""
    removing = Signal(str, object)
    """Things are to be retired, or removed: their kind, their keys."""
    attaching = Signal(str, str, str)
    """The files joined to a thing are asked for: its kind, its key, what it is called."""
    unsaved = Signal(int)
    """How many lines are typed in the page and not saved."""

    kinds: ClassVar[frozenset[str] | None] = None
    """The kinds of thing that the page shows, `POINTS` among them: it is drawn again where one of them changed. None:
    all of them."""
    typing: QUndoStack | None = None
    """What is typed in the page and not saved, step by step; undone before anything that is saved."""
    word = ""
    """The stable name of the page in places and settings."""
    title = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.waiting: Callable[[], Sequence[str]] = lambda: ()
        """What is typed in the whole window and not saved, in words; given by the window."""
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.title)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def heightForWidth(self, width: int) -> int:
        """Ask for no height while out of view: a stack is as high as what asks for most, seen or not. In view, ask for what
        the page cannot do without: what it would like counts its own sheets out of view too, and a page that holds in its
        place would scroll there, its lists as high as such a sheet."""
        layout = self.layout()
        if self.isHidden() or layout is None or not layout.hasHeightForWidth():
            return -1
        return layout.minimumHeightForWidth(width)

    def concerns(self, change: Change | None) -> bool:
        """Tell whether the page shows something of what changed; None: anything may have."""
        return change is None or self.kinds is None or change.touches(*self.kinds)

    def show_picture(self, picture: Picture) -> None:
        raise NotImplementedError

    def arrive(self, address: Address) -> None:
        """Show what an address asks for, and take the focus."""
        del address
        self.setFocus()

    def address(self) -> Address:
        """Return where the page stands, for the way back."""
        return Address(self.word)

    def filter_by(self, filters: Mapping[str, str]) -> None:
        """Filter as an address says; what it does not name is not filtered."""

    def filters_in_words(self) -> Sequence[str]:
        """Return what the page filters on, in words, for who reads its table elsewhere."""
        return ()

    def tables(self) -> list[Table]:
        """Return its tables, found by their name: a page without any does not import them."""
        return cast("list[Table]", self.findChildren(QWidget, "table"))

    def table_tools(self) -> list[TableTools]:
        """Return the tools of its tables, found alike."""
        return cast("list[TableTools]", self.findChildren(QWidget, "table tools"))

    def habits(self) -> Mapping[str, str]:
        """Return what the officer chose in the page, to find it again at the next start."""
        return {}

    def take_habits(self, habits: Mapping[str, str]) -> None:
        """Take back what `habits` returned, before the first picture."""

    def save(self) -> None:
        """Save what is typed in the page (Ctrl+S), where a page has something to save."""

    def typed(self) -> list[tuple[str, str]]:
        """Return what is typed and would be lost with the window: where, and its words. All of its fields, whichever they
        are: one that is kept at each letter says so itself."""
        return typed_in(self)

    def leave(self) -> None:
        """The window closes: put in safety what is typed and not saved."""

    def end(self) -> None:
        """The base is closed and nothing runs any more: give back what was held."""

    def go(self, page: str, focus: str = "", **filters: str) -> None:
        self.going.emit(Address(page, focus, tuple(sorted(filters.items()))))


class _Mention(QLabel):
    """What a page holds, beside its title: on one line where that is short, else on the lines that its room takes."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "mention")
        self.setWordWrap(True)

    def minimumSizeHint(self) -> QSize:
        """Its words on one line, or as many of them as leave room for the controls."""
        whole = self.fontMetrics().horizontalAdvance(self.text())
        most = self.fontMetrics().averageCharWidth() * _MENTION_LETTERS
        return QSize(min(whole + 2, most), self.fontMetrics().height())


def page_head(title: str) -> tuple[Flow, QLabel]:
    """Return the head of a page (title, mention) and the label of its mention; controls are added after them: they
    stand at the right, and in the next line where the page is narrow."""
    head = Flow(8)
    head.addWidget(label(title, "title"))
    words = _Mention()
    words.setContentsMargins(0, SNUG, 0, 0)
    words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    head.addWidget(words)
    return head, words
