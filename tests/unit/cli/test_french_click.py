"""What click finds wrong, in French, with status 2 and the way to the help."""

from __future__ import annotations

import re

import pytest

from qpvdesk import cli


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["etat", "--inconnue"], "L’option «\u202f--inconnue\u202f» n’existe pas."),
        (["relever", "BPI-O01", "3"], "Il manque l’option «\u202f--date\u202f»."),
        (["relever", "BPI-O01"], "Il manque l’argument VALEUR."),
        (["meteo", "BPI-E01", "neige"], "La valeur donnée à «\u202fMETEO\u202f» ne convient pas (choix\u202f: soleil,"),
        (["etat", "--format", "xml"], "La valeur donnée à «\u202f--format\u202f» ne convient pas (choix\u202f: table,"),
        (
            ["journal", "--limite", "-3"],
            "La valeur donnée à «\u202f--limite\u202f» ne convient pas\u202f: un nombre entier est attendu, au moins 1.",
        ),
        (
            ["init", "--classeur", "/absent.xlsx"],
            "La valeur donnée à «\u202f--classeur\u202f» ne convient pas\u202f: ce fichier n’existe pas, ou ne peut pas",
        ),
        (
            ["verifier-papier", "/"],
            "La valeur donnée à «\u202fFICHIER\u202f» ne convient pas\u202f: un fichier que l’on peut lire est attendu, non",
        ),
        (["etat", "--date"], "L’option «\u202f--date\u202f» attend une valeur."),
        (["contrevaleur", "BPI-O01", "--date", "1/1/2026"], "Il faut la valeur de l’autre chiffre, ou"),
        (["init", "--exemple", "--contrat", "x"], "Cette commande n’est pas comprise."),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert cli.run(words) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(sentence)
    assert told.err.rstrip().endswith(f"Voir «\u202fqpvdesk {words[0]} --help\u202f».")
    assert len(told.err.splitlines()) == 1


@pytest.mark.parametrize("words", [["inconnue"], ["etape", "inconnue"]])
def test_an_unknown_command_is_told_with_those_there_are(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert cli.run(words) == 2
    told = capsys.readouterr().err
    assert "La commande «\u202finconnue\u202f» n’existe pas. Commandes\u202f: " in told
    assert ("ajouter" if len(words) == 2 else "relever") in told


@pytest.mark.parametrize("words", [["--help"], ["paquet", "--help"], ["objectif", "ajouter", "--help"]])
def test_help_is_in_french(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert cli.run(words) == 0
    text = capsys.readouterr().out
    assert text.startswith("Usage\u202f: qpvdesk")
    assert "Affiche cette aide." in text
    assert "[required]" not in text
    assert "Show this" not in text
    # Click's own words, and a sentence cut in its middle.
    assert not re.search(r"OPTIONS|COMMAND |ARGS|Options:|\.\.\.", text)
    assert "Options\u202f:" in text
