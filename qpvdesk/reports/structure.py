"""The structure tree of a finished document, written beside its drawing with pikepdf."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from qpvdesk.reports.conformity import conform
from qpvdesk.reports.tagging import Element, Mark


def write_tagged(pdf: bytes, root: Element, title: str, file: BinaryIO) -> None:
    """Write the document with its structure to `file`. The same document gives the same bytes."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        _Tree(document).grow(root)
        document.Root.MarkInfo = Dictionary(Marked=True)
        conform(document, _readable(title))
        document.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


class _Tree:
    """The structure tree of a document that has none yet."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self._document = document
        self._pages = [page.obj for page in document.pages]
        # Of each page, the element that each number of it belongs to; then the elements that links lie over.
        self._parents: list[dict[int, Any]] = [{} for _ in self._pages]
        self._links: list[Any] = []

    def grow(self, root: Element) -> None:
        """Write the tree, and for each page and link what leads back into it."""
        tree = self._document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        tree.K = Array([self._add(root, tree)])
        numbers = Array()
        for index, (page, parents) in enumerate(zip(self._pages, self._parents, strict=True)):
            page.StructParents = index
            page.Tabs = Name.S
            numbers.append(index)
            elements = Array([parents[number] for number in sorted(parents)])
            numbers.append(self._document.make_indirect(elements))
        for index, link in enumerate(self._links, len(self._pages)):
            numbers.append(index)
            numbers.append(link)
        tree.ParentTree = self._document.make_indirect(Dictionary(Nums=numbers))
        tree.ParentTreeNextKey = len(self._pages) + len(self._links)
        self._document.Root.StructTreeRoot = tree

    def _add(self, element: Element, parent: Any) -> Any:
        node = self._document.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(f"/{element.tag}"), P=parent)
        )
        _describe(node, element)
        kids = Array()
        for kid in element.kids:
            kids.append(self._add(kid, node) if isinstance(kid, Element) else self._drawn(kid, node))
        if element.link is not None:
            kids.append(self._link(element.link, element.alt, node))
        node.K = kids
        return node

    def _drawn(self, mark: Mark, node: Any) -> Any:
        """Return what stands in a node for something drawn: its number, and its page where that is another one."""
        page = self._pages[mark.page]
        if Name.Pg not in node:
            node.Pg = page
        self._parents[mark.page][mark.number] = node
        if node.Pg.objgen == page.objgen:
            return mark.number
        return Dictionary(Type=Name.MCR, Pg=page, MCID=mark.number)

    def _link(self, link: Mark, words: str, node: Any) -> Any:
        page = self._pages[link.page]
        over = page.Annots[link.number]
        over.StructParent = len(self._pages) + len(self._links)
        over.Contents = String(_readable(words))
        self._links.append(node)
        return Dictionary(Type=Name.OBJR, Obj=over, Pg=page)


def _describe(node: Any, element: Element) -> None:
    """Say of an element what is read, where it stands, and what a cell is the header of."""
    if element.alt:
        node.Alt = String(_readable(element.alt))
    if element.said:
        node.ActualText = String(_readable(element.said))
    if element.box is not None:
        node.A = Dictionary(O=Name.Layout, Placement=Name.Block, BBox=Array([*map(_rounded, element.box)]))
    if element.tag == "TH" and element.columns == 1:
        node.A = Dictionary(O=Name.Table, Scope=Name.Column)
    elif element.columns > 1:
        node.A = Dictionary(O=Name.Table, Scope=Name.Row, ColSpan=element.columns)


def _rounded(value: float) -> Decimal:
    return Decimal(f"{value:.2f}")


def _readable(text: str) -> str:
    """`text` without the halves of characters, which no encoding holds."""
    return text.encode("utf-8", "replace").decode("utf-8")
