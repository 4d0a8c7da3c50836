"""What was written is opened from where it is told; nothing else ever is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from qpvdesk.ui.opening_written import open_written


def test_only_what_the_program_writes_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    for name in ("copil.pdf", "tableau.XLSX", "piege.exe", "piege.desktop", "sans"):
        (tmp_path / name).write_text("x")
        open_written(tmp_path / name)
    open_written(tmp_path / "absent.pdf")
    assert [Path(url.toLocalFile()).name for url in opened] == ["copil.pdf", "tableau.XLSX"]
