"""The file of a document, found by its name where the officer keeps files."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from qpvdesk.domain.model import Contract, Document, Dossier, Territory
from qpvdesk.services.nearby import file_of

DOSSIER = Dossier(
    Contract("c", "call", "Contrat de ville de la CALL"),
    territories=(
        Territory("t1", "c", "62498", "Lens", "commune"),
        Territory("t2", "c", "62510", "Liévin", "commune"),
    ),
)
ANNEXES = Document("d1", "c", "CDV-ANNEXES", "Annexes du contrat de ville de Lens-Liévin")


def test_the_name_that_holds_most_words_of_the_title_is_offered(tmp_path: Path) -> None:
    for name in (
        "contrat.pdf",
        "CDV_annexes contrat LENS.pdf",
        "annexes contrat.docx",
        "annexes contrat ville.txt",
    ):
        (tmp_path / name).touch()
    (tmp_path / "annexes du contrat de ville de lens-lievin.pdf").mkdir()
    found = file_of(DOSSIER, ANNEXES, [tmp_path / "absent", tmp_path])
    assert found == tmp_path / "CDV_annexes contrat LENS.pdf"


def test_a_title_of_one_word_is_found_by_it_and_one_of_none_by_nothing(tmp_path: Path) -> None:
    for name in ("Avenant.pdf", "bus.pdf"):
        (tmp_path / name).touch()
    one, none = (Document("d1", "c", "A1", title) for title in ("L’avenant", "PV"))
    assert file_of(DOSSIER, one, [tmp_path]) == tmp_path / "Avenant.pdf"
    assert file_of(DOSSIER, none, [tmp_path]) is None


def test_one_word_alone_is_no_likeness(tmp_path: Path) -> None:
    for name in ("contrat.pdf", "Devis bus.pdf"):
        (tmp_path / name).touch()
    assert file_of(DOSSIER, ANNEXES, [tmp_path]) is None


def test_the_places_of_the_contract_make_no_file_alike(tmp_path: Path) -> None:
    (tmp_path / "Devis bus Lens-Liévin.pdf").touch()
    for document in (ANNEXES, Document("d1", "c", "D1", "Lens-Liévin")):
        assert file_of(DOSSIER, document, [tmp_path]) is None


def test_a_paper_of_ours_leaves_its_place_to_the_next_file(tmp_path: Path) -> None:
    for name in ("copil-annexes contrat ville lens-call-2026-06-30.pdf", "annexes contrat.pdf"):
        (tmp_path / name).touch()
    assert file_of(DOSSIER, ANNEXES, [tmp_path]) == tmp_path / "annexes contrat.pdf"


def test_a_paper_of_ours_is_known_under_any_name(tmp_path: Path) -> None:
    """Its name was changed since, or given by hand: what it bears in itself says who printed it."""
    (tmp_path / "annexes du contrat de ville.pdf").write_bytes(
        b"%PDF-1.7\n<xmp:CreatorTool>qpvdesk 1</xmp:CreatorTool>"
    )
    for name, part in (
        ("contrat de ville annexes.docx", "word/footer1.xml"),
        ("ville contrat annexes.odt", "styles.xml"),
    ):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(part, "<w>qpvdesk</w>")
    assert file_of(DOSSIER, ANNEXES, [tmp_path]) is None
    (tmp_path / "annexes contrat.pdf").write_bytes(b"%PDF-1.7\n")
    assert file_of(DOSSIER, ANNEXES, [tmp_path]) == tmp_path / "annexes contrat.pdf"


@pytest.mark.parametrize("spoilt", ["locked", "broken", "swollen"])
def test_a_file_that_cannot_be_unpacked_is_offered_as_it_is(spoilt: str, tmp_path: Path) -> None:
    """Whoever sent it, the page opens: what is wrong with it is said when it is read."""
    path = tmp_path / "annexes du contrat de ville.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/footer1.xml", b"\0" * 2_000_000 + b"qpvdesk" if spoilt == "swollen" else "<w/>"
        )
    content = bytearray(path.read_bytes())
    if spoilt == "locked":
        content[content.rfind(b"PK\x01\x02") + 8] |= 1
    elif spoilt == "broken":
        content[content.find(b"footer1.xml") + len("footer1.xml")] = 0xFF
    path.write_bytes(content)
    assert file_of(DOSSIER, ANNEXES, [tmp_path]) == path
