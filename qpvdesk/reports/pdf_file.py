"""The objects of a finished document as a file: what is no stream lies packed with others, as PDF allows since 1.5.

ReportLab's own writer knows no packed objects, and the structure that is read aloud is a thousand small ones. Another
library would do it, at a tenth of the time that a paper takes (`README.md`, « Measures »).
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from reportlab import rl_config
from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObject, format

_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_PACKED = 200
"""Objects in one stream of them."""
_END = b"endstream\n"
# Bytes as they are: as letters they would be a quarter longer, which PDF/A takes as well.
rl_config.useA85 = 0
_FILTERS = re.compile(rb"/Filter \[ (/\w+) \]")


class Raw(PDFObject):  # type: ignore[misc]
    """An object that is written as it is said here."""

    __RefOnly__ = 1

    def __init__(self, document: PDFDocument, body: bytes = b"") -> None:
        self.body = body
        name = document.Reference(self).name
        self.reference: bytes = b"%d 0 R" % document.idToObjectNumberAndVersion[name][0]
        """How others name it."""

    def format(self, _document: PDFDocument) -> bytes:
        """As ReportLab asks for it."""
        return self.body


def stream(head: bytes, content: bytes, *, packed: bool = True) -> bytes:
    """Return a stream as an object; `head`: the entries of its dictionary beside the usual ones."""
    if packed:
        head, content = head + b"/Filter/FlateDecode", zlib.compress(content)
    return b"<<%b/Length %d>>\nstream\n%b\n%b" % (head, len(content), content, _END)


def write_file(document: PDFDocument, file: BinaryIO) -> None:
    """Write a document to which nothing is added any more. The same document gives the same bytes."""
    root, info = (document.Reference(item).format(document) for item in (document.Catalog, document.info))
    parts, places, packed = [_HEAD], {}, list[tuple[int, bytes]]()
    at = len(_HEAD)

    def put(number: int, body: bytes) -> None:
        nonlocal at
        places[number] = (1, at, 0)
        parts.append(b"%d 0 obj\n%bendobj\n" % (number, body))
        at += len(parts[-1])

    for number, body in enumerate(_bodies(document), 1):
        if body.endswith(_END):
            put(number, _ended(body))
        else:
            packed.append((number, body))
    count = len(packed) + len(places)
    for start in range(0, len(packed), _PACKED):
        count += 1
        some = packed[start : start + _PACKED]
        for index, (number, _) in enumerate(some):
            places[number] = (2, count, index)
        put(count, _together(some))
    count += 1
    places[count] = (1, at, 0)
    table = b"".join(
        b"%c%b%b" % (kind, first.to_bytes(4, "big"), second.to_bytes(2, "big"))
        for kind, first, second in [(0, 0, 0xFFFF), *(places[number] for number in range(1, count + 1))]
    )
    name = hashlib.sha256(b"".join(parts)).hexdigest()[:32].encode()
    head = b"/Type/XRef/W[1 4 2]/Size %d/Root %b/Info %b/ID[<%b><%b>]" % (count + 1, root, info, name, name)
    parts.append(b"%d 0 obj\n%bendobj\nstartxref\n%d\n%%%%EOF\n" % (count, stream(head, table), at))
    file.write(b"".join(parts))


def _bodies(document: PDFDocument) -> Iterator[bytes]:
    """Each object in the order of its number; writing one may add others."""
    number = 1
    while number in document.numberToId:
        item: Any = document.idToObject[document.numberToId[number]]
        yield format(item, document, toplevel=1)
        number += 1


def _ended(body: bytes) -> bytes:
    """A stream of ReportLab's as PDF/A wants it: one filter named alone, its end on a line of its own."""
    start = body.index(b"stream\n")
    end = len(body) - len(_END)
    line = b"" if body[end - 1 : end] == b"\n" else b"\n"
    return _FILTERS.sub(rb"/Filter \1", body[:start]) + body[start:end] + line + _END


def _together(some: list[tuple[int, bytes]]) -> bytes:
    """Objects in one stream, after their numbers and where each begins."""
    table, at = list[bytes](), 0
    for number, body in some:
        table.append(b"%d %d" % (number, at))
        at += len(body) + 1
    head = b" ".join(table) + b"\n"
    entries = b"/Type/ObjStm/N %d/First %d" % (len(some), len(head))
    return stream(entries, head + b"\n".join(body for _, body in some))
