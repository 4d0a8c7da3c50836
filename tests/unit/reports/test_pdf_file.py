"""The objects of a paper in its file, and what is put off until a paper needs it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from reportlab.platypus import Paragraph as PlainParagraph

from qpvdesk.reports.style import BODY_STYLE, COMMENT_STYLE, load_fonts
from qpvdesk.reports.text import Paragraph, markup
from qpvdesk.services import printing
from tests.bench.measure import ROOT
from tests.helpers.reviews import invented_review


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("file") / "a.pdf"
    printing.write_report(printing.Request("copil"), invented_review(), path)
    return path.read_bytes()


def test_the_file_is_read_without_a_fault_and_its_small_objects_are_packed(
    content: bytes, tmp_path: Path
) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    with pikepdf.open(tmp_path / "a.pdf") as document:
        assert document.check_pdf_syntax() == []
        held = list(document.objects)
        packed = [
            item for item in held if isinstance(item, pikepdf.Stream) and item.get("/Type") == "/ObjStm"
        ]
        alone = [item for item in held if isinstance(item, pikepdf.Stream)]
        assert sum(int(item.N) for item in packed) == len(held) - len(alone)


def test_each_stream_ends_on_a_line_of_its_own_and_is_as_long_as_it_says(content: bytes) -> None:
    """ISO 19005-2, 6.1.7.1."""
    starts = [found.end() for found in re.finditer(rb"\nstream\n", content)]
    assert len(starts) > 10
    for start in starts:
        said = int(re.findall(rb"/Length (\d+)", content[content.rindex(b" obj\n", 0, start) : start])[-1])
        assert re.match(rb"\n?endstream\n", content[start + said :])
        assert content[: content.index(b"endstream", start + said)].endswith(b"\n")


@pytest.mark.parametrize(
    "text", ["", "a", "  deux   mots ", "l’État\u202f: 16\u202f%", "1 < 2 & 3", "a\nb\n\nc"]
)
def test_words_without_markup_are_what_the_parser_makes_of_them(text: str) -> None:
    load_fonts()
    for style in (BODY_STYLE, COMMENT_STYLE):
        ours, parsed = (kind(markup(text), style).frags for kind in (Paragraph, PlainParagraph))
        assert [vars(item) for item in ours] == [vars(item) for item in parsed]


def test_what_is_put_off_comes_when_it_is_asked_for() -> None:
    code = """
import sys
from qpvdesk.reports import style, text, text_cell
from PIL import Image
assert not getattr(sys.modules["PIL.Image"], "__file__", None)
assert Image.new("RGB", (2, 3)).size == (2, 3)
assert sys.modules["PIL.Image"].__file__
import urllib.request
assert urllib.request.Request("http://a.b").host == "a.b"
from reportlab.platypus import paragraph
assert type(paragraph.uri_pat).__name__ == "_Pattern"
assert paragraph._uri_split_pairs("http://www.service-public.fr/c")[-1][0] == "http://"
assert paragraph._uri_split_pairs("ab") is None
from reportlab.lib import textsplit
assert type(textsplit.rx).__name__ == "_Pattern"
assert textsplit.rx.split("a\u65e5b") == ["a", "\u65e5", "b"]
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
