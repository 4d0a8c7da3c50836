"""Every model of report, made by the real process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.process import qpvdesk


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("rapports") / "base.db"
    assert qpvdesk("init", "--base", str(base)).returncode == 0
    return base


@pytest.mark.parametrize(
    "options",
    [
        ["partenaire", "--partenaire", "BPI"],
        ["territoire", "--territoire", "62498"],
        ["saisie"],
        ["decisions"],
        ["mensuel"],
        ["annuel"],
    ],
    ids=lambda options: options[0],
)
def test_each_model_is_written(options: list[str], starter: Path, tmp_path: Path) -> None:
    paper = tmp_path / "f.pdf"
    ran = qpvdesk("rapport", "--base", str(starter), "--sortie", str(paper), "--modele", *options)
    assert ran.returncode == 0, ran.stderr
    assert paper.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("options", [["partenaire"], ["territoire"], ["partenaire", "--partenaire", "XX"]])
def test_what_is_not_named_or_known_is_said_with_the_codes(
    options: list[str], starter: Path, tmp_path: Path
) -> None:
    paper = tmp_path / "f.pdf"
    ran = qpvdesk("rapport", "--base", str(starter), "--sortie", str(paper), "--modele", *options)
    assert ran.returncode == 1
    assert "Codes connus" in ran.stderr
    assert not paper.exists()
