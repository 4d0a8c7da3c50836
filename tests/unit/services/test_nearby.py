"""The file of a document, found by its name where the officer keeps files."""

from __future__ import annotations

from pathlib import Path

from qpvdesk.domain.model import Document
from qpvdesk.services.nearby import file_of

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
    found = file_of(ANNEXES, [tmp_path / "absent", tmp_path])
    assert found == tmp_path / "CDV_annexes contrat LENS.pdf"


def test_a_title_of_one_word_is_found_by_it_and_one_of_none_by_nothing(tmp_path: Path) -> None:
    for name in ("Avenant.pdf", "bus.pdf"):
        (tmp_path / name).touch()
    one, none = (Document("d1", "c", "A1", title) for title in ("L’avenant", "PV"))
    assert file_of(one, [tmp_path]) == tmp_path / "Avenant.pdf"
    assert file_of(none, [tmp_path]) is None


def test_one_word_alone_is_no_likeness(tmp_path: Path) -> None:
    for name in ("contrat.pdf", "Devis bus.pdf"):
        (tmp_path / name).touch()
    assert file_of(ANNEXES, [tmp_path]) is None
