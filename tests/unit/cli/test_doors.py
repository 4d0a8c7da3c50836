"""What the shell lets in and refuses, whatever the command."""

from __future__ import annotations

import errno
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qpvdesk import cli
from qpvdesk.services import base_medium
from qpvdesk.storage import opening

Run = Callable[..., str]


@pytest.mark.parametrize(
    ("words", "ending"),
    [
        (("rapport", "--sortie", "x.txt"), ".pdf, .docx, .odt, .zip ou .pptx"),
        (("incident", "--sortie", "x.txt"), ".zip"),
        (("exporter", "--sortie", "x.txt"), ".xlsx, .ods, .csv ou .json"),
        (("paquet", "creer", "--sortie", "x.txt"), ".paquet"),
        (("chiffrer", "--fiche", "x.txt"), ".pdf"),
    ],
)
def test_an_unknown_ending_is_refused(
    refused: Callable[..., str], words: tuple[str, ...], ending: str, tmp_path: Path
) -> None:
    assert ending in refused(*words[:-1], str(tmp_path / words[-1]))
    assert not (tmp_path / "x.txt").exists()


def test_the_guide_is_a_pdf(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["guide", "--sortie", str(tmp_path / "guide.txt")]) == 1
    assert "finit par .pdf" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("rapport", "--sortie", "absent/c.pdf"),
        ("exporter", "--sortie", "absent/e.xlsx"),
        ("incident", "--sortie", "absent/i.zip"),
        ("paquet", "creer", "--sortie", "absent/p.paquet"),
        ("sauvegarder", "--sortie", "absent/s.db"),
        ("init", "--base", "absent/b.db"),
        ("init", "--exemple", "--base", "absent/b.db"),
    ],
)
def test_a_missing_folder_is_refused_and_not_made(
    refused: Callable[..., str], words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "Le dossier «\u202fabsent\u202f» n’existe pas." in refused(*words)
    assert not (tmp_path / "absent").exists()


def test_a_folder_is_no_base(refused: Callable[..., str], tmp_path: Path) -> None:
    assert "est un dossier" in refused("etat", "--base", str(tmp_path))


def test_what_the_system_refuses_is_said_in_one_sentence(refused: Callable[..., str], tmp_path: Path) -> None:
    assert "le nom est trop long. Vérifiez" in refused("etat", "--base", str(tmp_path / ("a" * 300)))
    full = base_medium.refusal(OSError(errno.ENOSPC, "No space left on device"))
    assert full == "Le disque est plein. Vérifiez la place libre et que ce dossier peut être modifié."
    named = base_medium.refusal(OSError(errno.ENOSPC, "No space left on device", "b.db"))
    assert named.startswith("«\u202fb.db\u202f» ne peut pas être ouvert\u202f: le disque est plein. ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="ce système n’a pas de disque plein à lui")
def test_what_cannot_be_printed_is_not_said_of_what_was_recorded(
    base: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = ["relever", "BPI-O01", "25", "--date", "30/06/2025", "--base", str(base)]
    with monkeypatch.context() as full:
        full.setattr(sys, "stdout", io.TextIOWrapper(io.FileIO("/dev/full", "w"), write_through=True))
        assert cli.run(entry) == 1
    told = capsys.readouterr().err
    assert told.startswith("Ce que la commande affiche n’a pas pu être écrit\u202f: le disque est plein.")
    assert "qpvdesk journal" in told
    assert cli.run(entry) == 0
    assert "déjà enregistrés" in capsys.readouterr().out


@pytest.mark.parametrize("limit", ["-3", "0", "peu"])
def test_the_journal_takes_a_positive_limit(
    base: Path, capsys: pytest.CaptureFixture[str], limit: str
) -> None:
    assert cli.run(["journal", "--limite", limit, "--base", str(base)]) == 2
    assert "--limite" in capsys.readouterr().err


def test_a_value_may_begin_with_a_hyphen(run: Callable[..., str], document: Callable[..., dict]) -> None:
    run("relever", "EN-O06", "-0,4", "--date", "01/09/2026")
    state = document("etat", "--date", "28/11/2026")
    assert next(item for item in state["objectifs"] if item["code"] == "EN-O06")["valeur_actuelle"] == -0.4


def test_the_doubts_of_the_window_are_told_on_standard_error(
    base: Path, run: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    run("relever", "BPI-O01", "22", "--date", "01/03/2026")
    assert cli.run(["relever", "BPI-O01", "39", "--date", "01/06/2026", "--base", str(base)]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "Bus de l’Entrepreneuriat en service (BPI-O01)\u202f: 39\u00a0bus relevés au 01/06/2026"
    ]
    assert told.err.startswith("Attention\u202f: La valeur s’écarte beaucoup de la précédente")


def test_a_figure_of_an_engagement_is_sent_to_its_objectives(refused: Callable[..., str]) -> None:
    answer = refused("relever", "BPI-E01", "3", "--date", "01/06/2026")
    assert "(BPI-E01) est un engagement" in answer
    assert "BPI-O01" in answer


def test_what_the_system_says_is_told_in_french(refused: Callable[..., str], tmp_path: Path) -> None:
    answer = refused("importer", str(tmp_path / "absent.csv"))
    assert "«\u202fabsent.csv\u202f» ne peut pas être ouvert\u202f: il n’existe pas." in answer
    assert "ouvert\u202f: c’est un dossier." in refused("importer", str(tmp_path))
    assert "il n’existe pas" in refused("paquet", "appliquer", str(tmp_path / "absent.paquet"))


def test_nothing_says_what_the_system_says_in_its_own_language() -> None:
    package = Path(cli.__file__).parents[1]
    assert [path for path in package.rglob("*.py") if "strerror" in path.read_text(encoding="utf-8")] == []


def test_two_figures_of_one_day_are_told_and_one_may_correct_the_other(
    base: Path, run: Run, refused: Run, document: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    day = ("--date", "30/06/2025")
    assert "rien à corriger" in refused("relever", "BPI-O01", "25", *day, "--corriger")
    run("relever", "BPI-O01", "25", *day)
    assert cli.run(["relever", "BPI-O01", "26", *day, "--base", str(base)]) == 0
    assert "Une autre valeur est déjà relevée ce jour-là (25" in capsys.readouterr().err
    found = [point for point in document("verifier")["coherence"] if point["genre"] == "deux_chiffres"]
    assert [point["objet"] for point in found] == ["BPI-O01"]
    run("annuler")
    run("relever", "BPI-O01", "26", *day, "--corriger")
    assert not [point for point in document("verifier")["coherence"] if point["genre"] == "deux_chiffres"]


def test_of_two_figures_of_one_day_what_is_corrected_is_the_one_that_is_read(
    run: Run, document: Callable[..., Any], tmp_path: Path
) -> None:
    """The key of a figure of the starter contract may sort after that of any that is typed."""

    def read() -> float:
        (line,) = [item for item in document("etat")["objectifs"] if item["code"] == "CD62-O01"]
        assert line["date_valeur"] == "2022-12-31"
        return float(line["valeur_actuelle"])

    day = ("--date", "31/12/2022")
    assert read() == 3
    run("relever", "CD62-O01", "4", *day)
    assert read() == 4
    assert "de 4\xa0pactes à 5\xa0pactes" in run("relever", "CD62-O01", "5", *day, "--corriger")
    assert read() == 5
    file = tmp_path / "retour.csv"
    file.write_text("code;valeur;date\nCD62-O01;7;31/12/2022\n", encoding="utf-8")
    run("importer", str(file), "--accepter")
    assert read() == 7


def test_a_doubtful_figure_is_told_on_standard_error_and_stays_until_confirmed(
    base: Path, run: Run, document: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["relever", "BPI-O01", "25,5", "--date", "30/06/2025", "--base", str(base)]) == 0
    assert "un nombre entier est attendu" in capsys.readouterr().err
    (point,) = [one for one in document("verifier")["coherence"] if one["genre"] == "valeur_douteuse"]
    assert (point["nature"], point["objets"]) == ("doute", ["BPI-O01"])
    run("acquitter", point["point"], "--motif", "Un demi-poste")
    with opening.open_base(base, read_only=True) as held:
        seen = held.dossier(held.contracts()[0].key).acknowledgements
    assert [item.point for item in seen] == [point["point"]]
