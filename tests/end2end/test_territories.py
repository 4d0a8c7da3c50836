"""Places from the shell: a point found, an official file read, a map drawn, a layer in and out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from qpvdesk import cli
from qpvdesk.services import bases
from qpvdesk.services.territories.whereabouts import point_of

SERIES = "codgeo;libgeo;TP60\nQN06226M;Cité 2;54,3\nQN06230M;Blum;s\n246200364;CALL;24,1\n"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "base.db"
    bases.create(path, "lens-lievin", now=datetime(2026, 11, 28, 9).astimezone())
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: object, status: int = 0) -> str:
    assert cli.run([str(argument) for argument in arguments]) == status
    captured = capsys.readouterr()
    return captured.err if status else captured.out


def test_a_point_is_in_its_quartier_and_its_commune(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "territoire", "ou", "50.3985, 2.8355", "--base", base)
    assert out.index("QN06219M") < out.index("62065")
    assert "62498" not in out


def test_a_commune_has_the_quartiers_that_lie_partly_in_it(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = told(capsys, "territoire", "ou", "billy montigny", "--base", base)
    assert "Quartier du 3/15" in out
    assert "Cité du Transvaal" in out


@pytest.mark.parametrize("asked", ["0, 0", "Marseille"])
def test_what_is_nowhere_is_said(base: Path, capsys: pytest.CaptureFixture[str], asked: str) -> None:
    assert "Aucun lieu" in told(capsys, "territoire", "ou", asked, "--base", base, status=1)


def test_a_layer_comes_in_is_drawn_goes_out_with_its_source_and_is_removed(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, drawing, out = tmp_path / "insee_2021.csv", tmp_path / "carte.svg", tmp_path / "couche.csv"
    file.write_text(SERIES, encoding="utf-8")
    simulated = told(capsys, "territoire", "importer", file, "--simuler", "--base", base)
    assert "1 couche à ajouter" in simulated
    assert "aucune couche" in told(capsys, "couche", "lister", "--base", base)
    told(capsys, "territoire", "importer", file, "--source", "INSEE", "--base", base)
    assert "Taux de bas revenus" in told(capsys, "couche", "lister", "--base", base)
    told(capsys, "territoire", "carte", "--couche", "pauvrete", "--sortie", drawing, "--base", base)
    text = drawing.read_text(encoding="utf-8")
    assert "INSEE, 2021" in text
    assert "Secret ou inconnu" in text
    told(capsys, "couche", "exporter", "pauvrete", "--sortie", out, "--base", base)
    assert "QN06226M;Cité 2;54,3;;%;2021;INSEE" in out.read_text(encoding="utf-8-sig")
    told(capsys, "couche", "retirer", "pauvrete", "--base", base)
    assert "aucune couche" in told(capsys, "couche", "lister", "--base", base)


def test_a_level_of_the_contract_s_own_is_made_and_used(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "niveau", "ajouter", "--code", "erbm", "--nom", "Territoire ERBM", "--base", base)
    told(
        capsys, "territoire", "ajouter", "--niveau", "erbm", "--code", "ERBM", "--nom", "Bassin minier",
        "--base", base,
    )  # fmt: skip
    assert "Territoire ERBM" in told(capsys, "territoire", "ou", "Bassin minier", "--base", base)


def test_a_point_is_read_as_maps_write_it() -> None:
    for text in ("50.43, 2.82", "(50.43, 2.82)", "50,43 ; 2,82", "50.43 2.82"):
        assert point_of(text) == (2.82, 50.43)
    for text in ("Lens", "50.43", "95, 2", "2, 3, 4"):
        assert point_of(text) is None
