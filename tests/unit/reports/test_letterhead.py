"""The service's own header, on the paper and in its editable copy."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import odfdo
import pytest
from docx import Document
from PIL import Image
from pypdf import PdfReader

from qpvdesk.domain.letterhead import Letterhead
from qpvdesk.reports.letterhead import picture_of
from qpvdesk.services import printing
from tests.helpers import paper_text
from tests.helpers.reviews import invented_review

LINES = ("Sous-préfecture inventée", "Mission <b>politique de la ville</b>")
WANTED = {"partenaire": {"partner": "ARS"}, "territoire": {"territory": "D62"}}


def png(size: tuple[int, int] = (240, 120), mode: str = "RGBA") -> bytes:
    kept = io.BytesIO()
    Image.new(mode, size, (20, 60, 160, 128) if mode == "RGBA" else (20, 60, 160)).save(kept, "PNG")
    return kept.getvalue()


def write(model: str, path: Path, head: Letterhead) -> None:
    picture = invented_review()
    printing.write_report(printing.Request(model, **WANTED.get(model, {})), picture, path, letterhead=head)


@pytest.mark.parametrize("model", printing.MODELS)
def test_each_paper_bears_it_on_its_first_page(model: str, tmp_path: Path) -> None:
    write(model, tmp_path / "a.pdf", Letterhead(LINES, png()))
    first, *others = paper_text.pages(tmp_path / "a.pdf")
    assert all(line in first for line in LINES)
    assert len(PdfReader(tmp_path / "a.pdf").pages[0].images) == 1
    assert not any(LINES[0] in page for page in others)
    if model == "mensuel":
        assert not others


def test_the_editable_copy_bears_it_too(tmp_path: Path) -> None:
    write("copil", tmp_path / "a.docx", Letterhead(LINES, png()))
    word = Document(str(tmp_path / "a.docx"))
    assert [item.text for item in word.paragraphs[1:3]] == list(LINES)
    with zipfile.ZipFile(tmp_path / "a.docx") as archive:
        assert any(name.startswith("word/media/") for name in archive.namelist())


@pytest.mark.parametrize("model", ["copil", "mensuel"])
def test_copies_bear_it_once_with_its_image_within_the_page(model: str, tmp_path: Path) -> None:
    banner = Letterhead(LINES, png((1200, 30)))
    write(model, tmp_path / "a.docx", banner)
    word = Document(str(tmp_path / "a.docx"))
    assert sum(LINES[0] in item.text for item in word.paragraphs) == 1
    assert word.inline_shapes[0].width < word.sections[0].page_width / 2
    write(model, tmp_path / "a.odt", banner)
    text = odfdo.Document(str(tmp_path / "a.odt"))
    pictured, *paragraphs = text.body.get_paragraphs()
    assert sum(LINES[0] in str(item) for item in paragraphs) == 1
    (image,) = pictured.get_frames()
    assert image.svg_title == ", ".join(LINES)
    assert float(image.width.removesuffix("cm")) < 10


def test_an_image_is_thinned_and_laid_on_white() -> None:
    held = picture_of(png((3000, 1000)))
    assert held is not None
    assert (held.width, held.height) == (1200, 400)
    with Image.open(io.BytesIO(held.content)) as shown:
        assert shown.mode == "RGB"
        assert shown.getpixel((5, 5)) == pytest.approx((137, 157, 207), abs=2)


def test_what_is_no_image_or_stands_for_too_many_pixels_leaves_the_lines(tmp_path: Path) -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    vast = (60_000).to_bytes(4, "big") * 2 + bytes((8, 2, 0, 0, 0))
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", vast) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )
    for image in (b"\xff\xd8\xffnot a picture", png()[:60], bomb):
        assert picture_of(image) is None
        write("mensuel", tmp_path / "a.pdf", Letterhead(LINES, image))
        assert LINES[0] in paper_text.pages(tmp_path / "a.pdf")[0]
