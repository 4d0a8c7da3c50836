"""What a line says beside what is read of it is asked about: the code of another contract, a second day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from qpvdesk.services.figures import imports
from qpvdesk.services.figures.line import Line, LineState
from qpvdesk.storage.base import Database
from tests.helpers import shipped
from tests.helpers.previewing import preview
from tests.helpers.reviews import desk_on

TODAY = date(2026, 11, 2)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("base") / "base.db"
    with shipped.new_base(path, datetime(2026, 1, 5, 9).astimezone()) as opened:
        yield opened


def read(base: Database, folder: Path, text: str) -> Line:
    path = folder / "retour.csv"
    path.write_text(text, encoding="utf-8")
    (line,) = preview(desk_on(base, TODAY), base.contracts()[0].code, path, imports.Answers()).lines
    return line


@pytest.mark.parametrize("title", ["Indicateur", "Libellé", "Nom de l’objectif", "Intitulé de l’indicateur"])
@pytest.mark.parametrize(
    "label",
    ["Médiateurs en santé", "Accueils de loisirs ouverts le soir", "Médiateurs", "Natation", "Crèches 2024"],
)
def test_a_code_beside_the_name_of_something_else_is_asked_about(
    title: str, label: str, base: Database, tmp_path: Path
) -> None:
    line = read(base, tmp_path, f"Code;{title};Date;Valeur\nBPI-O01;{label};31/12/2024;27\n")
    assert line.state is LineState.DOUBTFUL
    assert line.warnings == (f"La ligne dit «\u202f{label}\u202f», en B2\u202f: est-ce bien lui\u202f?",)


@pytest.mark.parametrize(
    "label",
    [
        "",
        "Bus de l’Entrepreneuriat",
        "Nombre de bus en service",
        "bus",
        "BPI O01",
        "Bénéficiaires",
        "Effectifs",
        "Taux",
        "bus.",
        "BUS ENTREPRENEURIAT",
        "12",
    ],
)
def test_the_same_in_other_words_is_not(label: str, base: Database, tmp_path: Path) -> None:
    line = read(base, tmp_path, f"Code;Indicateur;Date;Valeur\nBPI-O01;{label};31/12/2024;27\n")
    assert line.warnings == ()


def test_the_name_of_an_action_is_not_that_of_the_figure(base: Database, tmp_path: Path) -> None:
    line = read(base, tmp_path, "Code;Action;Date;Valeur\nBPI-O01;Tournée des quartiers;31/12/2024;27\n")
    assert line.warnings == ()


def test_two_days_under_one_title_are_asked_about(base: Database, tmp_path: Path) -> None:
    line = read(base, tmp_path, "Code;Date;Date ;Valeur\nBPI-O01;31/12/2024;30/06/2024;27\n")
    assert line.state is LineState.DOUBTFUL
    assert line.warnings == ("La ligne dit aussi «\u202f30/06/2024\u202f» sous le même titre, en C2.",)
    assert read(base, tmp_path, "Code;Date;Date;Valeur\nBPI-O01;31/12/2024;31/12/2024;27\n").warnings == ()


def test_a_place_told_twice_is_one_place(base: Database, tmp_path: Path) -> None:
    said = "Code;Territoire;Territoire;Date;Valeur\nBPI-O01;{};{};31/12/2024;27\n"
    assert read(base, tmp_path, said.format("FR", "France")).warnings == ()
    assert "sous le même titre, en C2" in "".join(read(base, tmp_path, said.format("FR", "Lens")).warnings)
