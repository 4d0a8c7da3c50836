"""What is no table is said for what it is."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.spreadsheets import reading

CASES = Path(__file__).parents[2] / "reference" / "imports"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def _zip(path: Path, *names: str, mimetype: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "<a/>")
    return path


@pytest.mark.parametrize(
    ("name", "content", "words", "remedy"),
    [
        ("a.pdf", b"%PDF-1.7\n1 0 obj", "un PDF", "Documents"),
        ("tableau.xlsx", b"%PDF-1.7\n1 0 obj", "un PDF", "Documents"),
        ("a.csv", b"\n%PDF-1.4\n", "un PDF", "Documents"),
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n", "une image", "Relevés"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "une image", "Relevés"),
        ("note.doc", OLE + "WordDocument".encode("utf-16-le") + bytes(100), "Word", "tableur"),
        ("mail.msg", OLE + "__properties_version1.0".encode("utf-16-le") + bytes(100), "courriel", "pièce jointe"),
        ("note.rtf", b"{\\rtf1 x}", "RTF", "tableur"),
        ("base.db", b"SQLite format 3\0" + bytes(range(200)), "base de données", "paquet"),
    ],
)  # fmt: skip
def test_a_file_is_known_by_its_first_bytes(
    tmp_path: Path, name: str, content: bytes, words: str, remedy: str
) -> None:
    (tmp_path / name).write_bytes(content)
    _said(tmp_path / name, words, remedy)


@pytest.mark.parametrize(
    ("name", "parts", "mimetype", "words", "remedy"),
    [
        ("a.xlsb", ("[Content_Types].xml", "xl/workbook.bin"), "", ".xlsb", ".xlsx"),
        ("a.xlsx", ("[Content_Types].xml", "word/document.xml"), "", "Word", "tableur"),
        ("a.pptx", ("[Content_Types].xml", "ppt/presentation.xml"), "", "présentation", "tableau"),
        ("a.odt", ("content.xml",), "application/vnd.oasis.opendocument.text", "texte (OpenDocument)", "tableur"),
        ("a.numbers", ("Index/Document.iwa",), "", "Numbers", ".xlsx"),
        ("a.zip", ("donnees.csv",), "", "archive", "Ouvrez-la"),
        ("lot.paquet", ("manifeste.json", "actes.jsonl"), "", "paquet de qpvdesk", "Échanger avec un collègue"),
    ],
)  # fmt: skip
def test_a_zip_is_known_by_its_parts(
    tmp_path: Path, name: str, parts: tuple[str, ...], mimetype: str, words: str, remedy: str
) -> None:
    _said(_zip(tmp_path / name, *parts, mimetype=mimetype), words, remedy)


def _said(path: Path, words: str, remedy: str) -> None:
    with pytest.raises(UserError) as told:
        reading.read(path)
    assert words in told.value.message
    assert "Rien n’a été importé." in told.value.message
    assert remedy in told.value.remedy


def test_an_old_workbook_is_read_whatever_its_name(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.xls", "a"):
        path = shutil.copy(CASES / "xls-nomme-xlsx" / "a.xlsx", tmp_path / name)
        assert reading.read(Path(path)).sheets[0].cells[0].text == "Code"
