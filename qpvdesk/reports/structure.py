"""The structure tree of a finished document, written beside its drawing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfgen.canvas import Canvas

from qpvdesk.reports.conformity import conform
from qpvdesk.reports.pdf_file import Raw, write_file
from qpvdesk.reports.tagging import Element, Mark


def write_tagged(canvas: Canvas, root: Element, title: str, file: BinaryIO) -> None:
    """Write what a canvas has drawn, with its structure, to `file`. The same document gives the same bytes."""
    document = canvas._doc
    for font in document.delayedFonts:
        font.addObjects(document)
    document.Outlines.prepare(document, canvas)
    if document.Outlines.ready < 0:
        document.Catalog.Outlines = None
    _Tree(document).grow(root)
    conform(document, _readable(title))
    write_file(document, file)


class _Tree:
    """The structure tree of a document that has none yet."""

    def __init__(self, document: PDFDocument) -> None:
        self._document = document
        self._pages = document.Pages.pages
        self._page_names = [document.Reference(page).format(document) for page in self._pages]
        # Of each page, the element that each number of it belongs to; then the elements that links lie over.
        self._parents: list[dict[int, bytes]] = [{} for _ in self._pages]
        self._links: list[bytes] = []

    def grow(self, root: Element) -> None:
        """Write the tree, and for each page and link what leads back into it."""
        document = self._document
        tree = Raw(document)
        top = self._add(root, tree.reference)
        numbers = []
        for index, (page, parents) in enumerate(zip(self._pages, self._parents, strict=True)):
            page.StructParents, page.Tabs = index, "/S"
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            elements = b" ".join(parents[number] for number in sorted(parents))
            numbers.append(Raw(document, b"[%b]" % elements).reference)
        numbers += self._links
        pairs = b" ".join(b"%d %b" % pair for pair in enumerate(numbers))
        parent_tree = Raw(document, b"<</Nums[%b]>>" % pairs)
        tree.body = b"<</Type/StructTreeRoot/K[%b]/ParentTree %b/ParentTreeNextKey %d>>" % (
            top,
            parent_tree.reference,
            len(numbers),
        )
        document.Catalog.StructTreeRoot = tree
        document.Catalog.MarkInfo = Raw(document, b"<</Marked true>>")

    def _add(self, element: Element, parent: bytes) -> bytes:
        node = Raw(self._document)
        first = next((kid.page for kid in element.kids if isinstance(kid, Mark)), None)
        kids = [
            self._add(kid, node.reference)
            if isinstance(kid, Element)
            else self._drawn(kid, node.reference, first)
            for kid in element.kids
        ]
        if element.link is not None:
            kids.append(self._link(element.link, element.alt, node.reference))
        node.body = b"<</Type/StructElem/S/%b/P %b%b%b/K[%b]>>" % (
            element.tag.encode(),
            parent,
            b"" if first is None else b"/Pg %b" % self._page_names[first],
            b"".join(_described(element)),
            b" ".join(kids),
        )
        return node.reference

    def _drawn(self, mark: Mark, node: bytes, first: int | None) -> bytes:
        """Return what stands in a node for something drawn: its number, and its page where that is not the node's own."""
        self._parents[mark.page][mark.number] = node
        if mark.page == first:
            return b"%d" % mark.number
        return b"<</Type/MCR/Pg %b/MCID %d>>" % (self._page_names[mark.page], mark.number)

    def _link(self, link: Mark, words: str, node: bytes) -> bytes:
        name = self._pages[link.page].Annots[link.number]
        over = self._document.idToObject[name.name]
        over.Contents = _readable(words)
        # Shown on paper as well, and not hidden (ISO 32000-1, table 165).
        over.otherkw |= {"F": 4, "StructParent": len(self._pages) + len(self._links)}
        over.permitted = (*over.permitted, "StructParent")
        self._links.append(node)
        return b"<</Type/OBJR/Obj %b/Pg %b>>" % (name.format(self._document), self._page_names[link.page])


def _described(element: Element) -> Iterator[bytes]:
    """What is read of an element, where it stands, and what a cell is the header of."""
    if element.alt:
        yield b"/Alt" + _string(element.alt)
    if element.text:
        yield b"/ActualText" + _string(element.text)
    if element.tag == "TH" and element.columns == 1:
        yield b"/A<</O/Table/Scope/Column>>"
    elif element.columns > 1:
        yield b"/A<</O/Table/Scope/Row/ColSpan %d>>" % element.columns
    elif element.box is not None:
        yield b"/A<</O/Layout/Placement/Block/BBox[%.2f %.2f %.2f %.2f]>>" % element.box


def _string(text: str) -> bytes:
    return b"<feff%b>" % _readable(text).encode("utf-16-be").hex().encode()


def _readable(text: str) -> str:
    """`text` without the halves of characters, which no encoding holds."""
    return text.encode("utf-8", "replace").decode("utf-8")
