"""The text of documents from elsewhere: every encoding, every page, and a sentence for what is not one."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from qpvdesk.documents import reading
from qpvdesk.domain.errors import UserError

TEXT = "Priorité à l’emploi : 16,4 % des demandeurs.\nDeuxième ligne."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_read_in_the_encodings_people_have(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "annexes.txt"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    assert reading.pages(path) == (TEXT,)


def test_a_pdf_is_read_page_by_page_and_a_scan_is_an_empty_page(tmp_path: Path) -> None:
    path = tmp_path / "annexes.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(72, 700, "Engagements de la Région")
    canvas.showPage()
    canvas.rect(72, 400, 200, 200)
    canvas.showPage()
    canvas.drawString(72, 700, "600 000 euros par an")
    canvas.save()
    assert [page.strip() for page in reading.pages(path)] == [
        "Engagements de la Région", "", "600 000 euros par an",
    ]  # fmt: skip


def test_a_locked_pdf_says_so(tmp_path: Path) -> None:
    path = tmp_path / "secret.pdf"
    canvas = Canvas(str(path), encrypt="motdepasse")
    canvas.drawString(72, 700, "caché")
    canvas.save()
    with pytest.raises(UserError, match="mot de passe"):
        reading.pages(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"  \n ", "vide"),
        (b"%PDF-1.7\nabim", "abîmé"),
        (b"PK\x03\x04\0\0\0", "ni un document Word"),
        (b"garbage", "ni un PDF"),
        (b"x" * 10_000_001, "trop lourd"),
    ],
)
def test_what_is_no_document_is_refused_in_a_sentence(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "piece.pdf"
    path.write_bytes(content)
    with pytest.raises(UserError, match=words) as told:
        reading.pages(path)
    assert told.value.remedy


def test_the_marks_of_bold_in_a_typed_text_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("- **1 339 emplois francs**, 2 * 3 ** 4\n")
    assert reading.pages(path) == ("- 1 339 emplois francs, 2 * 3 ** 4\n",)


def test_what_no_eye_sees_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Avant\x07 \x1b[31maprès\x85".encode())
    assert reading.pages(path) == ("Avant [31maprès",)


def test_the_columns_of_a_table_of_a_pdf_stand_apart(tmp_path: Path) -> None:
    """Where cells stand tells the columns, a row that fills them included; a sentence is no table, nor is a title whose line
    is justified."""
    path = tmp_path / "cadre.pdf"
    canvas = Canvas(str(path))
    rows = (
        ("Code", "Quartier", "Commune", "Habitants (2019)"),
        ("QN07191M", "Les Tilleuls", "Saint-Maurin", "4 210"),
        ("QN07195M", "Les Acacias - Le Parc", "Montclair, Ruelle-le-Bois", "2 120"),
        ("QN07194M", "La Forge-Basse", "La Forge", "1 540"),
    )
    canvas.setFont("Helvetica", 9)
    for left, word in ((72, "Tableau 1."), (124, "Quartiers et"), (216, "habitants"), (322, "du contrat 5")):
        canvas.drawString(left, 716, word)
    for line, row in enumerate(rows):
        for left, cell in zip((72, 124, 216, 322), row, strict=True):
            canvas.drawString(left, 700 - 16 * line, cell)
    canvas.drawString(72, 600, "Les adultes-relais sont aujourd hui 24 dans les cinq quartiers, soit 16")
    canvas.drawString(72, 584, "de plus que les 8 de 2023 et 4")
    canvas.save()
    (page,) = reading.pages(path)
    title, *lines = page.splitlines()
    assert title == "Tableau 1. Quartiers et habitants du contrat 5"
    assert [tuple(line.split("\t")) for line in lines[:4]] == list(rows)
    assert "\t" not in "".join(lines[4:])
