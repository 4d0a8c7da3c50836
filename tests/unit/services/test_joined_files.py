"""Where a joined file is put beside a workbook: never over another, whatever capitals its name has."""

from __future__ import annotations

from pathlib import Path

from qpvdesk.domain.file_names import NAME_BYTES_MAX
from qpvdesk.services.contracts.joined_files import _free


def test_a_file_takes_the_first_name_that_is_free(tmp_path: Path) -> None:
    for expected in ("lettre.pdf", "lettre (2).pdf", "lettre (3).pdf"):
        free = _free(tmp_path, "lettre.pdf")
        assert free == tmp_path / expected
        free.touch()
    assert _free(tmp_path, "LETTRE.PDF") == tmp_path / "LETTRE (4).PDF"
    assert _free(tmp_path, "lettre") == tmp_path / "lettre"


def test_a_long_name_keeps_its_ending_and_its_number(tmp_path: Path) -> None:
    name = "é" * NAME_BYTES_MAX + ".pdf"
    first = _free(tmp_path, name)
    first.touch()
    second = _free(tmp_path, name)
    assert second.name.endswith(" (2).pdf")
    assert len(first.name.encode()) <= NAME_BYTES_MAX
    assert NAME_BYTES_MAX - 2 <= len(second.name.encode()) <= NAME_BYTES_MAX
