"""What is read aloud: the structure of a document (titles, paragraphs, tables, described charts) beside its drawing.

ReportLab draws without structure. Each block marks what it draws with a number of its page; when the file is whole,
`structure.py` adds the tree of elements that those numbers belong to (ISO 32000-1, 14.7 and 14.8). What belongs to the page
rather than to the text, such as its head and foot, is marked as an artifact.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import Struct
from reportlab.pdfgen.canvas import Canvas

_TITLES = ("H1", "H2", "H3", "H4", "H5", "H6")


class Mark(Struct, frozen=True):
    """Something drawn: its page, from 0, and its number in it."""

    page: int
    number: int


class Element(Struct, eq=False):
    """A node of the structure. `tag` is a standard one (`H1`, `P`, `Table`…)."""

    tag: str
    alt: str = ""
    """What a picture shows, in a sentence."""
    text: str = ""
    """What is read in the place of what is drawn."""
    box: tuple[float, float, float, float] | None = None
    """Where a picture stands on its page, in points from its lower left corner."""
    columns: int = 1
    """How many columns a cell spans."""
    link: Mark | None = None
    """The link that lies over it: its page, and its place among the links of that page."""
    kids: list[Element | Mark] = []


class Tags:
    """The structure of one document, filled in as its canvas draws."""

    def __init__(self) -> None:
        self.root = Element("Document")
        self._page = 0
        self._number = 0
        self._links = 0
        self._inside = False
        self._rank = 0
        self._open: Element | None = None
        self._shared: dict[object, Element] = {}

    @property
    def inside(self) -> bool:
        """Whether something marked is being drawn."""
        return self._inside

    def turn_page(self) -> None:
        """Begin the numbers of another page."""
        self._page += 1
        self._number = self._links = 0

    def shared(self, whole: object, tag: str, into: Element | None = None) -> Element:
        """Return the element of a block that goes on over several pages, adding it at its first part."""
        found = self._shared.get(whole)
        if found is None:
            found = self._shared[whole] = Element(tag)
            (into or self.root).kids.append(found)
        return found

    def linked(self, element: Element) -> None:
        """Say that the next link of the page lies over an element."""
        element.link = Mark(self._page, self._links)
        self._links += 1

    def add_link(self, words: str) -> bool:
        """Say that the next link of the page lies over a part of what is being drawn; False outside of any element. `words`:
        what the link says to who listens."""
        if self._open is None:
            return False
        link = Element("Link", alt=words)
        self._open.kids.append(link)
        self.linked(link)
        return True

    def begin(self, canvas: Canvas, element: Element, into: Element | None = None) -> bool:
        """Begin to draw an element, or more of it; False, and nothing is to be ended, inside another one."""
        if self._inside:
            return False
        self._inside = True
        if element.tag in _TITLES:
            # Those who listen go from title to title by their rank, which must not jump.
            self._rank = min(_TITLES.index(element.tag) + 1, self._rank + 1)
            element.tag = _TITLES[self._rank - 1]
        if not element.kids:
            (into or self.root).kids.append(element)
        self._mark(canvas, element)
        return True

    def _mark(self, canvas: Canvas, element: Element) -> None:
        self._open = element
        canvas._code.append(f"/{element.tag} <</MCID {self._number}>> BDC")
        element.kids.append(Mark(self._page, self._number))
        self._number += 1

    def begin_within(self, canvas: Canvas, element: Element) -> Element | None:
        """Begin an element within the one that is being drawn, and return that one, for `resume`; None outside of any."""
        outer = self._open
        if outer is None:
            return None
        canvas._code.append("EMC")
        outer.kids.append(element)
        self._mark(canvas, element)
        return outer

    def resume(self, canvas: Canvas, outer: Element) -> None:
        """End what `begin_within` began, and go on with what it stands in."""
        canvas._code.append("EMC")
        self._mark(canvas, outer)

    def begin_artifact(self, canvas: Canvas) -> bool:
        """Begin to draw what is not of the text; False inside an element."""
        if self._inside:
            return False
        self._inside = True
        canvas._code.append("/Artifact BMC")
        return True

    def end(self, canvas: Canvas) -> None:
        """End what `begin` or `begin_artifact` began."""
        self._inside = False
        self._open = None
        canvas._code.append("EMC")


def tags_of(canvas: Canvas) -> Tags | None:
    """Return the structure that a canvas fills in; None for one that has none."""
    found: Tags | None = getattr(canvas, "tags", None)
    return found


@contextmanager
def tagged(
    canvas: Canvas, tag: str, *, alt: str = "", text: str = "", size: tuple[float, float] | None = None
) -> Iterator[None]:
    """Mark what is drawn in the block as an element, unless it is part of one already.

    `size`: the width and height of a picture, whose lower left corner is the origin.
    """
    tags = tags_of(canvas)
    box = None
    if size is not None:
        left, bottom = canvas.absolutePosition(0, 0)
        # Where the page is drawn larger than it was laid out, so is the picture.
        box = (left, bottom, *canvas.absolutePosition(*size))
    if tags is None or not tags.begin(canvas, Element(tag, alt, text, box)):
        yield
        return
    yield
    tags.end(canvas)


@contextmanager
def contents_line(canvas: Canvas, whole: object, words: str) -> Iterator[None]:
    """Mark what is drawn in the block, one link over it, as a line of the contents that `whole` stands for.

    `words`: what the link says to who listens.
    """
    tags = tags_of(canvas)
    if tags is None:
        yield
        return
    item, place, link = Element("TOCI"), Element("Reference"), Element("Link", alt=words)
    if not tags.begin(canvas, link, place):
        yield
        return
    item.kids.append(place)
    tags.shared(whole, "TOC").kids.append(item)
    yield
    tags.end(canvas)
    tags.linked(link)


@contextmanager
def link_within(canvas: Canvas, words: str) -> Iterator[bool]:
    """Mark what is drawn in the block, one link over it, as a link of the element that is being drawn; yields whether it
    can be one. `words`: what the link says to who listens."""
    tags = tags_of(canvas)
    link = Element("Link", alt=words)
    outer = tags.begin_within(canvas, link) if tags is not None else None
    yield outer is not None
    if tags is not None and outer is not None:
        tags.linked(link)
        tags.resume(canvas, outer)


@contextmanager
def list_item(canvas: Canvas, whole: object, item: object) -> Iterator[None]:
    """Mark what is drawn in the block as a line of the list that `whole` stands for, or as more of that line."""
    tags = tags_of(canvas)
    if tags is None or tags.inside:
        yield
        return
    line = tags.shared(item, "LI", tags.shared(whole, "L"))
    body = next((kid for kid in line.kids if isinstance(kid, Element)), None) or Element("LBody")
    tags.begin(canvas, body, line)
    yield
    tags.end(canvas)


@contextmanager
def artifact(canvas: Canvas) -> Iterator[None]:
    """Mark what is drawn in the block as not of the text."""
    tags = tags_of(canvas)
    if tags is None or not tags.begin_artifact(canvas):
        yield
        return
    yield
    tags.end(canvas)


class TableTags:
    """Marks the rows and cells of a ReportLab table as they are drawn; its `renderCB`.

    `whole` is the same object for every part of one table. The header of a part that goes on is not read again.
    """

    def __init__(self, whole: object, groups: frozenset[int], columns: int, *, goes_on: bool) -> None:
        self._whole = whole
        self._groups = groups
        self._columns = columns
        self._goes_on = goes_on
        self._row = Element("TR")
        self._open = False

    def __call__(self, table: Any, what: str, *arguments: Any) -> None:
        canvas = table.canv
        tags = tags_of(canvas)
        if tags is None:
            return
        if what in ("startBG", "startLines"):
            self._open = tags.begin_artifact(canvas)
        elif what == "startRow":
            self._begin_row(tags, int(arguments[0]))
        elif what == "startCell":
            self._begin_cell(tags, canvas, int(arguments[0]))
        elif what in ("endBG", "endLines", "endCell") and self._open:
            tags.end(canvas)
            self._open = False

    def _begin_row(self, tags: Tags, row: int) -> None:
        self._row = Element("TR")
        if row or not self._goes_on:
            tags.shared(self._whole, "Table").kids.append(self._row)

    def _begin_cell(self, tags: Tags, canvas: Canvas, row: int) -> None:
        if not row and self._goes_on:
            self._open = tags.begin_artifact(canvas)
            return
        group = row - 1 in self._groups
        cell = Element("TH" if not row or group else "TD", columns=self._columns if group else 1)
        self._open = tags.begin(canvas, cell, self._row)
