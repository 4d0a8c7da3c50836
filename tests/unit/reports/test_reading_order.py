"""What is read aloud, element by element of the structure, comes in the order in which another reader (PDFium) finds it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from msgspec.structs import replace
from pypdfium2 import raw

from qpvdesk.services import printing
from tests.helpers import invented
from tests.helpers.reviews import invented_review
from tests.unit.reports.test_hostile import WANTED


@pytest.fixture(scope="module", params=printing.MODELS)
def paper(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("order") / "a.pdf"
    picture = replace(invented_review(), atlas=invented.atlas())
    printing.write_report(printing.Request(request.param, **WANTED.get(request.param, {})), picture, path)
    return path


def read_aloud(document: pikepdf.Pdf) -> list[tuple[int, int]]:
    """Each marked sequence (its page, its number) in the order of the structure."""
    pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}

    def walk(node: Any, page: Any) -> Iterator[tuple[int, int]]:
        page = node.get("/Pg", page)
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if not isinstance(kid, pikepdf.Dictionary):
                yield pages[page.objgen], int(kid)
            elif kid.get("/Type") == "/MCR":
                yield pages[kid.get("/Pg", page).objgen], int(kid.MCID)
            elif "/S" in kid:
                yield from walk(kid, page)

    return list(walk(document.Root.StructTreeRoot, None))


def text_of(item: pypdfium2.PdfObject, page: pypdfium2.PdfTextPage) -> str:
    length = raw.FPDFTextObj_GetText(item.raw, page.raw, None, 0)
    buffer = ctypes.create_string_buffer(length * 2)
    raw.FPDFTextObj_GetText(item.raw, page.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return squeezed(buffer.raw[:length].decode("utf-16-le").rstrip("\0"))


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_structure_is_read_in_the_order_of_another_reader(paper: Path) -> None:
    with pikepdf.open(paper) as document:
        order = read_aloud(document)
    assert [page for page, _ in order] == sorted(page for page, _ in order), "page after page"
    reader = pypdfium2.PdfDocument(paper)
    compared = 0
    for number in range(len(reader)):
        drawn = reader[number]
        page = drawn.get_textpage()
        words: dict[int, list[str]] = {}
        for item in drawn.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=1):
            mark = raw.FPDFPageObj_GetMarkedContentID(item.raw)
            words.setdefault(mark, []).append(text_of(item, page))
        whole, place = squeezed(page.get_text_range()), 0
        for text in (text for where, mark in order if where == number for text in words.get(mark, ())):
            found = whole.find(text, place)
            assert found >= 0, f"page {number + 1}: « {text} » is read out of its turn"
            place = found + len(text)
            compared += len(text)
    assert compared > 50
