"""Where a joined file is put beside a workbook: never over another, whatever capitals its name has."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.file_names import NAME_BYTES_MAX
from qpvdesk.domain.model import Attachment
from qpvdesk.durable import sha256
from qpvdesk.services.contracts import joined_files
from qpvdesk.services.contracts.joined_files import _free


def test_a_file_takes_the_first_name_that_is_free(tmp_path: Path) -> None:
    for expected in ("lettre.pdf", "lettre (2).pdf", "lettre (3).pdf"):
        free = _free(tmp_path, "lettre.pdf")
        assert free == tmp_path / expected
        free.touch()
    assert _free(tmp_path, "LETTRE.PDF") == tmp_path / "LETTRE (4).PDF"
    assert _free(tmp_path, "lettre") == tmp_path / "lettre"


def attachment(number: int) -> Attachment:
    content = f"Pièce {number}".encode()
    day = date(2026, 6, 30)
    name = f"pièce {number}.txt"
    return Attachment(f"a{number}", "k", name, sha256(content), len(content), day, engagement="e")


def content(item: Attachment) -> bytes:
    return f"Pièce {item.key[1:]}".encode()


def test_files_are_written_once_each_and_what_is_there_stays(tmp_path: Path) -> None:
    book = tmp_path / "contrat.xlsx"
    one, two = attachment(1), attachment(2)
    joined_files.write((one, replace(one, key="b1")), book, content)
    folder = joined_files.folder_of(book)
    assert [path.name for path in folder.iterdir()] == ["pièce 1.txt"]
    (folder / "pièce 1.txt").rename(folder / "autre nom.txt")
    joined_files.write((one, two), book, content)
    assert {path.name for path in folder.iterdir()} == {"autre nom.txt", "pièce 2.txt"}
    assert joined_files.found(book).keys() == {one.digest, two.digest}
    assert joined_files.found(tmp_path / "absent.xlsx") == {}


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), UserError("Illisible.")])
@pytest.mark.parametrize("was_there", [False, True])
@pytest.mark.parametrize("gone", [False, True])
def test_a_writing_that_fails_takes_its_files_back(
    tmp_path: Path, error: Exception, was_there: bool, gone: bool
) -> None:
    """`gone`: somebody removed what was just written; the reason is told all the same."""
    book = tmp_path / "contrat.xlsx"
    folder = joined_files.folder_of(book)
    if was_there:
        folder.mkdir()
        (folder / "à moi.txt").write_text("à moi")

    def failing(item: Attachment) -> bytes:
        if item.key == "a3":
            if gone:
                (folder / "pièce 1.txt").unlink()
            raise error
        return content(item)

    with pytest.raises(UserError, match=r"Illisible\.|ne peut pas être écrit"):
        joined_files.write(tuple(map(attachment, (1, 2, 3))), book, failing)
    assert folder.exists() == was_there
    assert [path.name for path in tmp_path.rglob("*.txt")] == ["à moi.txt"] * was_there


def test_a_long_name_keeps_its_ending_and_its_number(tmp_path: Path) -> None:
    name = "é" * NAME_BYTES_MAX + ".pdf"
    first = _free(tmp_path, name)
    first.touch()
    second = _free(tmp_path, name)
    assert second.name.endswith(" (2).pdf")
    assert len(first.name.encode()) <= NAME_BYTES_MAX
    assert NAME_BYTES_MAX - 2 <= len(second.name.encode()) <= NAME_BYTES_MAX
