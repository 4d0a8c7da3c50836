"""Each thing that PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) ask, read back from the files by pikepdf.

The clauses are named; what cannot be in our files is checked to be absent. No validator is among the libraries of the
project: these tests hold what one would look for.
"""

from __future__ import annotations

import io
import itertools
import re
import struct
from collections.abc import Iterator
from datetime import date
from typing import Any

import pikepdf
import pytest
from msgspec.structs import replace
from PIL import Image, ImageCms

from qpvdesk.domain.letterhead import Letterhead
from qpvdesk.services import guide, printing
from tests.helpers import invented
from tests.helpers.reviews import invented_review
from tests.unit.reports.test_letterhead import WANTED, png
from tests.unit.reports.test_tagging import elements

PAINTS = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "Tj", "TJ", "'", '"', "INLINE IMAGE"}
COLOURS = {"rg", "RG", "g", "G"}
FOREIGN_COLOURS = {"k", "K", "cs", "CS", "sc", "scn", "SC", "SCN"}
STANDARD = {
    "/Document", "/P", "/H1", "/H2", "/H3", "/H4", "/L", "/LI", "/LBody", "/TOC", "/TOCI", "/Reference", "/Link", "/Figure",
    "/Table", "/TR", "/TH", "/TD",
}  # fmt: skip
HOLDERS = {
    "/TR": "/Table",
    "/TH": "/TR",
    "/TD": "/TR",
    "/LI": "/L",
    "/LBody": "/LI",
    "/TOCI": "/TOC",
    "/Reference": "/TOCI",
    "/Link": "/Reference",
}


@pytest.fixture(scope="module", params=[*printing.MODELS, "guide"])
def paper(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[pikepdf.Pdf]:
    """Each model, with the header of a service whose image is half transparent; and the guide, with its pictures."""
    path = tmp_path_factory.mktemp("conform") / "a.pdf"
    if request.param == "guide":
        guide.write(path, quick=False, now=date(2026, 11, 23))
        with pikepdf.open(path) as document:
            yield document
        return
    picture = replace(invented_review(), atlas=invented.atlas())
    head = Letterhead(("Sous-préfecture <inventée> & Cie",), png())
    asked = printing.Request(request.param, **WANTED.get(request.param, {}))
    printing.write_report(asked, picture, path, letterhead=head)
    with pikepdf.open(path) as document:
        yield document


TABLELESS = {"convocation"}
PICTURELESS = {"comparaison", "convocation", "decisions", "emargement", "note", "saisie", "visite"}


@pytest.fixture
def model(request: pytest.FixtureRequest) -> str:
    """The word of the model that `paper` is of."""
    return str(request.node.callspec.params["paper"])


def streams(document: pikepdf.Pdf) -> Iterator[tuple[Any, Any]]:
    """Each page and each form, with the resources it draws from."""
    seen = set()
    for page in document.pages:
        yield page, page.obj.Resources
        for form in page.obj.Resources.get("/XObject", {}).values():
            if form.objgen not in seen and form.Subtype == "/Form":
                seen.add(form.objgen)
                yield form, form.get("/Resources", pikepdf.Dictionary())


def operators(document: pikepdf.Pdf) -> Iterator[tuple[str, list[Any]]]:
    for drawn, _ in streams(document):
        for operands, operator in pikepdf.parse_content_stream(drawn):
            yield str(operator), list(operands)


def true_type(content: bytes) -> tuple[dict[int, int], list[float]]:
    """The glyph of each code in the one character map of a font, and the width of each glyph in thousandths of an em."""
    tables = {}
    for index in range(struct.unpack_from(">H", content, 4)[0]):
        tag, _, start, length = struct.unpack_from(">4s3I", content, 12 + 16 * index)
        tables[tag] = content[start : start + length]
    count, _, _, start = struct.unpack_from(">3HI", tables[b"cmap"], 2)
    assert count == 1
    form, _, _, first, entries = struct.unpack_from(">5H", tables[b"cmap"], start)
    assert form == 6
    held = struct.unpack_from(f">{entries}H", tables[b"cmap"], start + 10)
    (em,) = struct.unpack_from(">H", tables[b"head"], 18)
    (known,) = struct.unpack_from(">H", tables[b"hhea"], 34)
    (glyphs,) = struct.unpack_from(">H", tables[b"maxp"], 4)
    widths = [struct.unpack_from(">H", tables[b"hmtx"], 4 * index)[0] * 1000 / em for index in range(known)]
    return dict(enumerate(held, first)), [*widths, *widths[-1:] * (glyphs - known)]


def test_the_file_is_plain_and_names_itself(paper: pikepdf.Pdf) -> None:
    # 6.1.2, 6.1.3: the version, an identifier, no encryption; 6.1.7.2: no LZW, nothing fetched from elsewhere.
    assert "1.3" < paper.pdf_version <= "1.7"
    assert len(paper.trailer.ID) == 2
    assert not paper.is_encrypted
    for one in paper.objects:
        if isinstance(one, pikepdf.Stream):
            assert str(one.get("/Filter", "/FlateDecode")) in ("/FlateDecode", "/DCTDecode")
            assert not {"/F", "/FFilter", "/FDecodeParms"} & set(one.keys())


def test_nothing_runs_and_nothing_is_hidden(paper: pikepdf.Pdf) -> None:
    # 6.4, 6.5, 6.8, 6.9: no form, script, action, attachment, layer.
    assert not {"/AcroForm", "/OpenAction", "/AA", "/OCProperties", "/Names", "/Requirements"} & set(
        paper.Root
    )
    forbidden = {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/URI", "/Named"}
    for one in paper.objects:
        if isinstance(one, pikepdf.Dictionary):
            assert str(one.get("/S", "")) not in forbidden
            assert "/JS" not in one
    for page in paper.pages:
        assert not {"/AA", "/PresSteps", "/Trans"} & set(page.obj.keys())


def test_colours_mean_the_same_everywhere(paper: pikepdf.Pdf) -> None:
    # 6.2.3, 6.2.4: one output intent with its profile; colours of red, green and blue or of grey alone.
    (intent,) = paper.Root.OutputIntents
    assert (str(intent.Type), str(intent.S)) == ("/OutputIntent", "/GTS_PDFA1")
    assert str(intent.OutputConditionIdentifier)
    content = intent.DestOutputProfile.read_bytes()
    assert int(intent.DestOutputProfile.N) == 3
    assert content[36:40] == b"acsp"
    assert (content[12:16], content[16:20]) == (b"mntr", b"RGB ")
    assert content[8] in (2, 4)
    assert int.from_bytes(content[:4], "big") == len(content)
    used = {name for name, _ in operators(paper)}
    assert used & COLOURS
    assert not used & FOREIGN_COLOURS
    for _, resources in streams(paper):
        for image in resources.get("/XObject", {}).values():
            if image.Subtype == "/Image":
                assert str(image.ColorSpace) in ("/DeviceRGB", "/DeviceGray")
                assert not bool(image.get("/Interpolate", False))
                assert not {"/Alternates", "/OPI"} & set(image.keys())


def test_the_profile_is_that_of_screens(paper: pikepdf.Pdf) -> None:
    ours = ImageCms.ImageCmsProfile(io.BytesIO(paper.Root.OutputIntents[0].DestOutputProfile.read_bytes()))
    tones = Image.new("RGB", (256, 3))
    tones.putdata([(v, 255 - v, v // 2) for v in range(256)] + [(v, v, v) for v in range(256)] * 2)  # type: ignore[no-untyped-call]
    same = ImageCms.profileToProfile(tones, ours, ImageCms.createProfile("sRGB"))
    assert same is not None
    pairs = zip(tones.tobytes(), same.tobytes(), strict=True)
    assert max(abs(before - after) for before, after in pairs) <= 1


def test_nothing_shows_through(paper: pikepdf.Pdf) -> None:
    # 6.2.10: transparency is allowed on conditions; there is none.
    assert "gs" not in {name for name, _ in operators(paper)}
    for _, resources in streams(paper):
        assert "/ExtGState" not in resources
        for one in resources.get("/XObject", {}).values():
            assert not {"/SMask", "/Mask", "/Group"} & set(one.keys())
    assert not any("/Group" in page.obj for page in paper.pages)


def test_each_letter_drawn_is_in_its_font_and_has_a_name(paper: pikepdf.Pdf) -> None:
    # 6.2.11: embedded, one encoding for a symbolic font, true widths, no missing glyph, a character for each code.
    drawn: dict[tuple[int, int], tuple[Any, set[int]]] = {}
    for stream, resources in streams(paper):
        font: Any = None
        for operands, operator in pikepdf.parse_content_stream(stream):
            if str(operator) == "Tf":
                font = resources.Font[str(operands[0])]
            elif str(operator) == "Tj":
                drawn.setdefault(font.objgen, (font, set()))[1].update(bytes(operands[0]))
            # Filled, or edged on a map: no letter is drawn that nobody sees.
            assert str(operator) != "Tr" or int(operands[0]) in (0, 1)
            assert str(operator) not in ("TJ", "'", '"')
    assert drawn
    for font, codes in drawn.values():
        assert font.Subtype == "/TrueType"
        assert re.fullmatch(r"/[A-Z]{6}\+\S+", str(font.BaseFont))
        assert int(font.FontDescriptor.Flags) & 4
        assert not int(font.FontDescriptor.Flags) & 32
        assert "/Encoding" not in font
        glyphs, widths = true_type(font.FontDescriptor.FontFile2.read_bytes())
        assert int(font.FirstChar) <= min(codes)
        assert max(codes) <= int(font.LastChar)
        named = {
            int(code, 16): int(letter, 16)
            for code, letter in re.findall(
                rb"^<([0-9A-F]{2})> <([0-9A-F]{4})>$", font.ToUnicode.read_bytes(), re.MULTILINE
            )
        }
        assert not {0, 0xFEFF, 0xFFFE} & set(named.values())
        assert not any(0xE000 <= letter <= 0xF8FF for letter in named.values())
        for code in codes:
            assert glyphs[code]
            assert code in named
            assert abs(widths[glyphs[code]] - float(font.Widths[code - int(font.FirstChar)])) <= 1


def test_a_character_map_counts_what_it_holds(paper: pikepdf.Pdf) -> None:
    for _, resources in streams(paper):
        for font in resources.get("/Font", {}).values():
            blocks = re.findall(rb"(\d+) beginbfchar\n(.*?)endbfchar", font.ToUnicode.read_bytes(), re.DOTALL)
            assert blocks
            assert all(int(count) == body.count(b"\n") <= 100 for count, body in blocks)


def test_the_metadata_say_what_the_file_is(paper: pikepdf.Pdf) -> None:
    # 6.6.2 to 6.6.4 and ISO 14289-1, 5 and 7.1: unpacked XMP, both names, the schema of the one that is not listed.
    stream = paper.Root.Metadata
    assert (str(stream.Type), str(stream.Subtype)) == ("/Metadata", "/XML")
    packet = stream.read_bytes()
    assert "/Filter" not in stream
    assert packet.startswith('<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'.encode())
    with paper.open_metadata(strict=True) as metadata:
        assert metadata.pdfa_status == "2A"
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert metadata["dc:title"] == str(paper.docinfo.Title)
        assert metadata["dc:creator"] == [str(paper.docinfo.Author)]
        assert metadata["dc:description"] == str(paper.docinfo.Subject)
        assert metadata["xmp:CreatorTool"] == str(paper.docinfo.Creator)
        assert metadata["pdf:Producer"] == str(paper.docinfo.Producer)
        assert metadata.get("pdf:Keywords", "") == str(paper.docinfo.get("/Keywords", ""))
        for name, old in (("xmp:CreateDate", "CreationDate"), ("xmp:ModifyDate", "ModDate")):
            digits = re.sub(r"\D", "", metadata[name])
            assert digits == re.sub(r"\D", "", str(paper.docinfo[f"/{old}"]))
    assert packet.count(b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/<") == 1
    assert b"<pdfaProperty:name>part</pdfaProperty:name>" in packet
    assert b"<pdfaProperty:valueType>Integer</pdfaProperty:valueType>" in packet
    assert set(map(str, paper.docinfo)) <= {
        "/Title", "/Author", "/Subject", "/Creator", "/Producer", "/CreationDate", "/ModDate", "/Keywords",
    }  # fmt: skip


def test_links_are_printed_told_and_in_reading_order(paper: pikepdf.Pdf) -> None:
    # 6.3; ISO 14289-1, 7.18: nothing but links, shown on paper, described, in the structure.
    for page in paper.pages:
        for one in page.obj.get("/Annots", []):
            assert one.Subtype == "/Link"
            assert int(one.F) & 0b100111 == 4
            assert str(one.Contents)
            assert "/StructParent" in one
            assert not {"/A", "/AA"} & set(one.keys())
        assert page.obj.Tabs == "/S"


def test_all_that_is_painted_is_of_the_text_or_said_not_to_be(paper: pikepdf.Pdf) -> None:
    # ISO 14289-1, 7.1: no content outside both, and neither within the other.
    for page in paper.pages:
        depth = 0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                assert name == "BDC" or str(operands[0]) == "/Artifact"
                depth += 1
            elif name == "EMC":
                depth -= 1
            assert depth in (0, 1)
            assert depth == 1 or name not in PAINTS
        assert depth == 0


def test_forms_are_drawn_within_marks_and_hold_none(paper: pikepdf.Pdf) -> None:
    # ISO 14289-1, 7.21: a form used on several pages holds no numbers of its own.
    for stream, _ in list(streams(paper)):
        if isinstance(stream, pikepdf.Page):
            continue
        assert "/StructParents" not in stream
        assert not {"BDC", "BMC"} & {str(operator) for _, operator in pikepdf.parse_content_stream(stream)}


def test_the_structure_is_of_known_elements_each_in_its_place(paper: pikepdf.Pdf) -> None:
    # 6.7.3; ISO 32000-1, 14.8.4.
    assert bool(paper.Root.MarkInfo.Marked)
    assert not bool(paper.Root.MarkInfo.get("/Suspects", False))
    assert str(paper.Root.Lang) == "fr-FR"
    assert bool(paper.Root.ViewerPreferences.DisplayDocTitle)
    for one in elements(paper.Root.StructTreeRoot):
        assert str(one.S) in STANDARD
        holder = str(one.P.get("/S", ""))
        if one.S == "/Link" and holder in ("/TD", "/P", "/LBody"):
            # 14.8.4.4.2: a code within the text of a cell, of a paragraph, of a line of a list.
            continue
        assert holder == HOLDERS.get(str(one.S), "/Document" if one.S != "/Document" else "")
        assert len(one.K) or one.S in ("/TD", "/TR", "/TH")


def test_titles_begin_at_the_first_rank_and_never_jump(paper: pikepdf.Pdf) -> None:
    # ISO 14289-1, 7.4.2.
    ranks = [int(str(one.S)[2:]) for one in elements(paper.Root.StructTreeRoot) if str(one.S)[:2] == "/H"]
    assert ranks[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(ranks))


def test_tables_say_which_cells_are_titles_and_of_what(paper: pikepdf.Pdf, model: str) -> None:
    # ISO 14289-1, 7.5.
    tables = [element for element in elements(paper.Root.StructTreeRoot) if element.S == "/Table"]
    assert bool(tables) is (model not in TABLELESS)
    for table in tables:
        head = table.K[0].K
        assert len(table.K) > 1
        assert {str(cell.S) for cell in head} == {"/TH"}
        assert {str(cell.A.Scope) for cell in head} == {"/Column"}
        for row in list(table.K)[1:]:
            for cell in row.K:
                if cell.S == "/TH":
                    assert str(cell.A.Scope) == "/Row"


def test_pictures_are_described_and_say_where_they_stand(paper: pikepdf.Pdf, model: str) -> None:
    # ISO 14289-1, 7.3; ISO 32000-1, 14.8.5.4.3.
    _, _, width, height = (float(side) for side in paper.pages[0].mediabox)
    figures = [element for element in elements(paper.Root.StructTreeRoot) if element.S == "/Figure"]
    assert bool(figures) is (model not in PICTURELESS)
    for figure in figures:
        assert str(figure.Alt).strip()
        left, bottom, right, top = map(float, figure.A.BBox)
        assert 0 <= left < right <= width + 1
        assert 0 <= bottom < top <= height + 1


def test_no_word_is_cut_in_halves_of_characters(paper: pikepdf.Pdf) -> None:
    # 6.1.13: strings that every reader can hold.
    strings = [
        element[key]
        for element in elements(paper.Root.StructTreeRoot)
        for key in ("/Alt", "/ActualText")
        if key in element
    ]
    assert strings
    for string in strings:
        assert 0 < len(bytes(string)) < 32_767
        assert "\x00" not in str(string)


def test_a_page_is_of_a_size_that_readers_hold(paper: pikepdf.Pdf) -> None:
    assert all(3 <= float(side) <= 14_400 for page in paper.pages for side in page.mediabox[2:])


def test_states_are_nested_no_deeper_than_readers_hold(paper: pikepdf.Pdf) -> None:
    for stream, _ in streams(paper):
        depth = deepest = 0
        for _, operator in pikepdf.parse_content_stream(stream):
            depth += {"q": 1, "Q": -1}.get(str(operator), 0)
            deepest = max(deepest, depth)
        assert depth == 0
        assert deepest <= 28
