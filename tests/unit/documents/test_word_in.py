"""Word and OpenDocument texts: what one reads, in its order; what is hostile ends with a sentence."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement

from qpvdesk.documents import reading
from qpvdesk.domain.errors import UserError

_ODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b"><office:body><office:text>
<text:tracked-changes><text:p>Retiré du texte</text:p></text:tracked-changes>
<text:h>Engagements de la Région</text:h>
<text:p>600 000<text:s/>euros<text:line-break/>par an</text:p>
<table:table><table:table-row><table:table-cell><text:p>Axe 1</text:p></table:table-cell>
<table:table-cell><text:p>Emploi</text:p></table:table-cell></table:table-row></table:table>
<text:p><text:soft-page-break/>Deuxième page</text:p>
</office:text></office:body></office:document-content>"""


def odt(path: Path, content: str = _ODT) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
    return path


def test_a_word_document_is_read_in_its_order(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Engagements de la Région", 1)
    document.add_paragraph("Priorité à l’emploi : ").add_run("16,4 % des demandeurs.").bold = True
    cells = document.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = "Axe 1", "Emploi"
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    # A hyphen that holds: « Deuxièmepage » was read.
    code = document.add_paragraph("Deuxième").runs[0]
    code._r.append(OxmlElement("w:noBreakHyphen"))
    code.add_text("page")
    document.save(tmp_path / "a.docx")
    assert reading.pages(tmp_path / "a.docx") == (
        "Engagements de la Région\nPriorité à l’emploi : 16,4 % des demandeurs.\nAxe 1\tEmploi",
        "Deuxième-page",
    )


def test_an_opendocument_is_read_without_what_was_removed(tmp_path: Path) -> None:
    assert reading.pages(odt(tmp_path / "a.odt")) == (
        "Engagements de la Région\n600 000 euros\npar an\nAxe 1\tEmploi", "Deuxième page",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "une déclaration"),
        ("<a>" * 2000 + "</a>" * 2000, "s’emboîte sans fin"),
        ("<a><b></a>", "abîmé ou incomplet"),
        ("<a>" + " " * 30_000_000 + "</a>", "serait démesuré"),
    ],
)
def test_a_hostile_document_ends_with_a_sentence(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        reading.pages(odt(tmp_path / "piege.odt", content))
    assert "piege.odt" in caught.value.message


def test_a_document_that_is_packed_as_none_is_said_to_be_damaged(tmp_path: Path) -> None:
    """What fails to unpack it otherwise is the error of no zip, which was told as a file too heavy."""
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("word/document.xml", "<w>mot</w>" * 1000)
    content = bytearray(path.read_bytes())
    start = content.find(b"document.xml") + len("document.xml")
    content[start + 5 : start + 17] = bytes(12)
    path.write_bytes(content)
    with pytest.raises(UserError, match="abîmé ou incomplet"):
        reading.pages(path)


def test_a_document_that_is_cut_is_said(tmp_path: Path) -> None:
    whole = odt(tmp_path / "a.odt").read_bytes()
    names = io.BytesIO(whole)
    assert zipfile.is_zipfile(names)
    (tmp_path / "b.odt").write_bytes(whole[:200])
    with pytest.raises(UserError, match="ni un document Word"):
        reading.pages(tmp_path / "b.odt")


def test_a_cell_is_one_whatever_its_paragraphs_and_an_empty_one_keeps_its_place(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(2, 3)
    told = (("Code", "Quartier", "Habitants"), ("QN07191M", "", "4 210"))
    for row, texts in zip(table.rows, told, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.rows[0].cells[2].add_paragraph("(2019)")
    document.save(tmp_path / "a.docx")
    assert reading.pages(tmp_path / "a.docx") == ("Code\tQuartier\tHabitants (2019)\nQN07191M\t\t4 210",)
