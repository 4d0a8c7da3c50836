"""Each refusal says what, why and what to do, in the words of who reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from qpvdesk import cli
from qpvdesk.services.care import safety
from tests.helpers import paper_text
from tests.unit.cli.conftest import Run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["relever", "", "3", "--date", "01/03/2026"], "Aucun code d’objectif n’est donné."),
        (
            ["exporter", "--sortie", "rien"],
            "Le nom «\u202frien\u202f» ne dit pas dans quel format écrire. Choisissez un nom qui finit par .xlsx",
        ),
        (["exporter", "--sortie", "f.txt"], "Le format «\u202f.txt\u202f» n’est pas connu."),
        (
            ["rapport", "--modele", "territoire", "--sortie", "f.pdf"],
            "Ce modèle demande un territoire. Codes connus\u202f: 246200364 (",
        ),
        (
            ["journal", "--objet", "NOPE"],
            "Rien ne porte le code «\u202fNOPE\u202f», et le journal n’en garde aucune trace. La commande",
        ),
        (
            ["relever", "BPI-E01", "3", "--date", "01/03/2026"],
            "Déployer des Bus de l’Entrepreneuriat (BPI-E01) est un engagement\u202f: une valeur se relève sur un objectif.",
        ),
        (
            ["importer", "rien.xlsx"],
            "Le fichier «\u202frien.xlsx\u202f» ne peut pas être ouvert\u202f: il n’existe pas. Rien n’a été importé.",
        ),
        (
            ["importer", "liste.csv", "--nouveau-contrat", "neuf"],
            "Ce fichier ne dit pas de quel contrat il s’agit\u202f: sa feuille «\u202fContrat\u202f» manque ou est vide.",
        ),
        (
            ["etat", "--compare-a", "hier"],
            "«\u202fhier\u202f» n’est pas une date. Écrivez une date comme 31/12/2027, ou le code d’une réunion comme",
        ),
        (
            ["rapport", "--modele", "note", "--sections", "points", "--sortie", "f.pdf"],
            "L’option «\u202f--sections\u202f» ne s’applique pas au modèle «\u202fnote\u202f». Elle s’applique au modèle "
            "«\u202fcopil\u202f».",
        ),
        (
            ["rapport", "--seulement-retards", "--sortie", "f.pptx"],
            "L’option «\u202f--seulement-retards\u202f» ne s’applique pas au modèle «\u202fdiapositives\u202f». Elle "
            "s’applique aux modèles «\u202fcopil\u202f», «\u202fcourt\u202f» et «\u202fpartenaire\u202f».",
        ),
        (
            ["rapport", "--modele", "annuel", "--chapitres", "axes", "--sortie", "f.pdf"],
            "L’option «\u202f--chapitres\u202f» ne s’applique pas",
        ),
        (
            ["rapport", "--modele", "annuel", "--mots", "liste.csv", "--sortie", "f.pdf"],
            "L’option «\u202f--mots\u202f» ne s’applique pas",
        ),
        (
            ["rapport", "--modele", "decisions", "--compare-a", "31/12/2025", "--sortie", "f.pdf"],
            "L’option «\u202f--compare-a\u202f» ne s’applique pas",
        ),
        (
            ["rapport", "--modele", "note", "--partenaire", "BPI", "--sortie", "f.pdf"],
            "L’option «\u202f--partenaire\u202f» ne s’applique pas au modèle «\u202fnote\u202f». Elle s’applique",
        ),
        (
            ["rapport", "--modele", "note", "--territoire", "62498", "--sortie", "f.pdf"],
            "L’option «\u202f--territoire\u202f» ne s’applique pas",
        ),
        (["chiffrer"], "Aucune phrase secrète n’est donnée. Tapez-la dans un terminal, ou donnez-la"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_do(
    base: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(base.parent)
    Path("liste.csv").write_text("Code;Nom\n", encoding="utf-8")
    monkeypatch.delenv("QPVDESK_NOUVELLE_PHRASE", raising=False)
    assert cli.run([*words, "--base", str(base)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(said)
    assert len(told.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said", "printed"),
    [
        (
            ["--modele", "note"],
            "Ces mots ne sont pas imprimés (seule la première page en a)\u202f: partenaire-FT.",
            True,
        ),
        (
            ["--sections", "points"],
            "Ces mots ne sont pas imprimés (leur section n’est pas dans ce dossier)\u202f: essentiel, partenaire-FT.",
            False,
        ),
        (["--sections", "essentiel,partenaire-FT"], "", True),
    ],
)
def test_words_that_a_paper_has_no_place_for_are_named(
    base: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    words: list[str],
    said: str,
    printed: bool,
) -> None:
    """They were lost without a word, and the sentence of page one was asked for just after it was given."""
    given, paper = tmp_path / "mots.toml", tmp_path / "f.pdf"
    given.write_text('essentiel = "Les PARPAINGS."\npartenaire-FT = "Un mot."\n', encoding="utf-8")
    at = ["rapport", "--base", str(base), "--sortie", str(paper), "--mots", str(given)]
    assert cli.run([*at, *words]) == 0
    told = capsys.readouterr().err
    assert told.strip() == said
    assert ("PARPAINGS" in paper_text.text(paper)) is printed


def test_a_doubt_agrees_with_what_it_names(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.run(["relever", "BPI-O01", "-0,4", "--date", "01/03/2026", "--base", str(base)])
    told = capsys.readouterr().err
    assert "un dixième du départ ou moins" in told
    assert "de le " not in told


@pytest.mark.parametrize(("day", "read"), [("T3 2025", "30/09/2025"), ("oct-25", "31/10/2025")])
def test_a_figure_is_dated_by_its_period_as_in_the_window(
    base: Path, capsys: pytest.CaptureFixture[str], day: str, read: str
) -> None:
    assert cli.run(["relever", "BPI-O01", "25", "--date", day, "--base", str(base)]) == 0
    assert read in capsys.readouterr().out


def test_a_name_in_a_shared_folder_turns_nothing_round(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "partage"
    folder.mkdir()
    (folder / "faux\u202etuqap\n\x1b[2Jvert.paquet").write_bytes(b"rien")
    printed = run("paquet", "partager", str(folder))
    assert "En attente\u202f: faux tuqap  [2Jvert.paquet, " in printed
    assert not {"\u202e", "\x1b"} & set(printed)


def test_a_package_that_a_shared_folder_does_not_take_is_not_said_to_be_there(
    base: Path, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "partage"
    folder.mkdir()
    assert "Votre paquet y est écrit." in run("paquet", "partager", str(folder))
    assert "Votre paquet y est à jour." in run("paquet", "partager", str(folder))
    (own,) = folder.iterdir()
    own.unlink()
    # Nothing can take the place of a folder, as nothing can be written on a full disk.
    own.mkdir()
    assert cli.run(["paquet", "partager", str(folder), "--base", str(base)]) == 1
    told = capsys.readouterr()
    assert f"En attente\u202f: {own.name}, Le fichier" in told.out
    assert "y est" not in told.out
    assert told.err.startswith("Votre paquet n’est pas laissé dans ce dossier")


def test_a_base_that_says_it_was_repaired_is_not_called_sound_without_a_word(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("verifier").startswith("Base saine.\n")
    monkeypatch.setattr(safety, "repairs", lambda _base: ["Il manque 1 modification de Camille."])
    assert run("verifier").startswith(
        "Base saine, qui dit avoir été réparée\u202f:\n- Il manque 1 modification de Camille.\n"
    )
