"""What the window can write, the shell can: the same acts, in the journal, taken back by `annuler`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qpvdesk import cli, paths
from qpvdesk.domain.expected import Asked
from qpvdesk.services.desk import opened

Run = Callable[..., str]


def dossier_of(base: Path):  # type: ignore[no-untyped-def]
    with opened(base, read_only=True) as desk:
        return desk.dossier(desk.contract(None).code)


def test_a_counter_value_is_noted_corrected_and_removed(base: Path, run: Run) -> None:
    words = ("--date", "30/06/2026", "--motif", "Autre périmètre", "--source", "DDETS")
    run("contrevaleur", "BPI-O01", "25", *words)
    (value,) = dossier_of(base).counter_values
    assert (value.value, value.reason, value.source) == (25, "Autre périmètre", "DDETS")
    run("contrevaleur", "BPI-O01", "26", *words)
    (value,) = dossier_of(base).counter_values
    assert value.value == 26
    run("contrevaleur", "BPI-O01", "--date", "30/06/2026", "--retirer")
    assert dossier_of(base).counter_values == ()
    run("annuler")
    assert dossier_of(base).counter_values == (value,)


@pytest.mark.logs
def test_a_key_that_cannot_be_kept_is_said_of_what_is_written(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The folder of the officer, where a file stands in the place of the key's.
    paths.user_folder().mkdir(parents=True, exist_ok=True)
    (paths.user_folder() / "identite").write_bytes(b"")
    assert cli.run(["reunions", "--base", str(base)]) == 0
    assert capsys.readouterr().err == ""
    assert cli.run(["reunion", "ajouter", "--date", "30/06/2026", "--base", str(base)]) == 0
    assert "Le dossier de votre clé de signature" in capsys.readouterr().err


def test_the_message_asks_for_what_its_workbook_lists(run: Run, tmp_path: Path) -> None:
    words = (
        f"exporter --date 30/06/2026 --modele remontee --partenaire FT --sortie {tmp_path}/r.xlsx --message"
    )
    told = set()
    for which in Asked:
        printed = run(*words.split(), "--chiffres", which)
        (lines,) = re.findall(r"r\.xlsx \((\d+) lignes\)", printed)
        assert f"nous avons besoin de {lines} chiffres" in printed
        told.add(lines)
    assert len(told) > 1


def test_what_changes_nothing_is_not_said_modified(base: Path, run: Run) -> None:
    kept = dossier_of(base)
    unchanged = "Rien n’a été modifié"
    assert unchanged in run("objectif", "modifier", "BPI-O01", "--valeur-cible", "40")
    # What an objective of that kind has none of is not kept.
    assert unchanged in run("objectif", "modifier", "BPI-O01", "--reference", "FT-O01")
    assert dossier_of(base) == kept
    assert "modifié." in run("objectif", "modifier", "BPI-O01", "--valeur-cible", "41")
    words = ("meteo", "BPI-E01", "nuage", "--date", "01/11/2026")
    assert unchanged not in run(*words)
    assert unchanged in run(*words)


def test_a_counter_value_wants_its_motive(refused: Run) -> None:
    assert "--motif" in refused("contrevaleur", "BPI-O01", "25", "--date", "30/06/2026")
    assert "pas d’autre chiffre" in refused("contrevaleur", "BPI-O01", "--date", "1/1/2026", "--retirer")


def test_steps_are_added_changed_done_and_removed(
    base: Path, run: Run, document: Callable[..., list]
) -> None:
    run("etape", "ajouter", "--engagement", "BPI-E01", "--libelle", "Choisir les étapes du bus")
    run(
        "etape", "ajouter", "--engagement", "BPI-E01", "--libelle", "Faire rouler", "--echeance", "01/12/2026"
    )
    assert [row["code"] for row in document("etape", "lister")] == ["BPI-E01-1", "BPI-E01-2"]
    run(
        "etape",
        "modifier",
        "BPI-E01-2",
        "--responsable",
        "Chargé de mission",
        "--date-de-realisation",
        "2/11/2026",
    )
    step = dossier_of(base).steps[1]
    assert (step.label, step.who, step.done_on.isoformat()) == (
        "Faire rouler",
        "Chargé de mission",
        "2026-11-02",
    )
    run("etape", "retirer", "BPI-E01-1")
    assert [item.label for item in dossier_of(base).steps] == ["Faire rouler"]
    run("annuler")
    assert len(dossier_of(base).steps) == 2


def test_the_weather_of_an_engagement(base: Path, run: Run) -> None:
    run("meteo", "BPI-E01", "nuage", "--date", "01/11/2026", "--freins", "Aucun chauffeur")
    run("meteo", "bpi-e01", "couvert", "--date", "01/11/2026", "--suites", "Recruter")
    (meteo,) = dossier_of(base).meteos
    assert (meteo.weather.value, meteo.obstacles, meteo.next_steps) == ("couvert", "", "Recruter")


def test_a_meeting_and_its_decisions(base: Path, run: Run) -> None:
    run(
        "reunion",
        "ajouter",
        "--date",
        "30/06/2026",
        "--lieu",
        "Lens",
        "--ordre-du-jour",
        "Bilan",
        "--ordre-du-jour",
        "Suites",
    )
    run("reunion", "modifier", "COPIL-2026-06-30", "--titre", "COPIL d’été")
    run("decision", "ajouter", "COPIL-2026-06-30", "--libelle", "Réunir les bailleurs", "--porteur", "CALL")
    run("decision", "modifier", "COPIL-2026-06-30-D1", "--etat", "en_cours", "--echeance", "01/12/2026")
    dossier = dossier_of(base)
    (meeting,), (decision,) = dossier.meetings, dossier.decisions
    assert (meeting.title, meeting.place, meeting.agenda) == ("COPIL d’été", "Lens", "Bilan\nSuites")
    assert (decision.carrier, decision.state.value, decision.due.isoformat()) == (
        "CALL",
        "en_cours",
        "2026-12-01",
    )
    run("reunion", "dupliquer", "COPIL-2026-06-30", "--date", "15/12/2026")
    run("decision", "retirer", "COPIL-2026-06-30-D1")
    run(
        "visite",
        "ajouter",
        "--date",
        "01/02/2026",
        "--lieu",
        "Marché",
        "--suite",
        "Écrire",
        "--besoins",
        "Un banc",
    )
    assert "suite donnée" in run("visite", "suite", "VISITE-2026-02-01")
    assert "attendue de nouveau" in run("visite", "suite", "VISITE-2026-02-01", "--attendue")
    run("visite", "retirer", "VISITE-2026-02-01")
    run("reunion", "retirer", "COPIL-2026-12-15")
    dossier = dossier_of(base)
    assert (len(dossier.meetings), dossier.decisions) == (1, ())


def test_means_are_added_changed_and_removed(base: Path, run: Run) -> None:
    run("moyens", "ajouter", "--partenaire", "BPI", "--code", "BPI-F90", "--libelle", "Bus", "--montant", "2,5 M€",
        "--annee-debut", "2026", "--annee-fin", "2027", "--stade", "engage")  # fmt: skip
    run("moyens", "modifier", "BPI-F90", "--montant", "3 M€")
    funding = next(item for item in dossier_of(base).fundings if item.code == "BPI-F90")
    assert (funding.amount, funding.stage.value, funding.first_year) == (3_000_000, "engage", 2026)
    run("moyens", "retirer", "BPI-F90")
    assert all(item.code != "BPI-F90" for item in dossier_of(base).fundings)


def test_an_objective_is_made_with_its_lines_and_retired(base: Path, run: Run) -> None:
    run("objectif", "ajouter", "--partenaire", "CALL", "--code", "CALL-O90", "--libelle", "Places de crèche",
        "--territoire", "62498", "--unite", "places", "--sens", "hausse", "--valeur-initiale", "10",
        "--date-initiale", "01/01/2024", "--valeur-cible", "40", "--date-cible", "31/12/2027",
        "--jalons", "31/12/2025 20", "--jalons", "31/12/2026 30", "--poids", "2")  # fmt: skip
    dossier = dossier_of(base)
    objective = next(item for item in dossier.objectives if item.code == "CALL-O90")
    assert (objective.weight, objective.target_value) == (2, 40)
    assert [item.value for item in dossier.milestones if item.objective == objective.key] == [20, 30]
    run("objectif", "retirer", "CALL-O90")
    assert next(item for item in dossier_of(base).objectives if item.code == "CALL-O90").retired
    run("objectif", "retablir", "CALL-O90")
    run("objectif", "modifier", "CALL-O90", "--valeur-cible", "50")
    objective = next(item for item in dossier_of(base).objectives if item.code == "CALL-O90")
    assert (objective.target_value, objective.start_value, objective.retired) == (50, 10, False)


def test_a_contract_is_changed_and_another_added(base: Path, run: Run) -> None:
    run("contrat", "modifier", "lens-lievin", "--note", "Relu", "--surveiller", "-20")
    contract = dossier_of(base).contract
    assert (contract.note, float(contract.thresholds.watch)) == ("Relu", -0.2)
    run("contrat", "ajouter", "--code", "douai", "--nom", "Douaisis", "--comme", "lens-lievin")
    with opened(base, read_only=True) as desk:
        assert len(desk.dossier("douai").partners) == len(desk.dossier("lens-lievin").partners)


def test_a_point_is_acknowledged_and_reopened(run: Run, document: Callable[..., dict]) -> None:
    point = document("etat")["alertes"][0]["point"]
    run("acquitter", point, "--motif", "Vu en comité")
    assert "ajoutée\u202f: Vu en comité" in run("journal", "--limite", "1")
    run("acquitter", point, "--rouvrir")
    assert "prise en compte" in run("journal", "--limite", "1")


def test_what_is_undone_is_done_again(base: Path, run: Run, refused: Run) -> None:
    assert "rien à annuler" in refused("annuler")
    run("meteo", "BPI-E01", "soleil", "--date", "01/11/2026")
    run("annuler")
    assert dossier_of(base).meteos == ()
    run("refaire")
    assert len(dossier_of(base).meteos) == 1
    assert "rien à refaire" in refused("refaire")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("etape", "ajouter", "--engagement", "BPI-E99", "--libelle", "x"), "Vouliez-vous dire"),
        (("etape", "modifier", "BPI-E01-7", "--libelle", "x"), "Aucune étape"),
        (
            ("etape", "ajouter", "--engagement", "BPI-E01", "--libelle", "x", "--echeance", "31/02/2026"),
            "--echeance",
        ),
        (("partenaire", "retirer", "BPI"), "sert encore"),
        (("partenaire", "modifier", "BPI"), "Aucun champ n’est nommé"),
        (("moyens", "modifier", "BPI-F01", "--montant", "beaucoup"), "--montant"),
        (("meteo", "BPI-E99", "soleil"), "Aucun engagement"),
        (("reunion", "ajouter", "--date", "hier"), "hier"),
        (("reunion", "ajouter", "--date", "01/06/2026", "--genre", "Visite"), "n’est pas un genre"),
        (("reunion", "retirer", "COPIL-2020-01-01"), "Aucune réunion"),
        (("decision", "modifier", "COPIL-2020-01-01-D1", "--etat", "faite"), "Aucune décision"),
        (("acquitter", "rien:du-tout", "--motif", "x"), "Aucun point d’attention"),
        (("acquitter", "sans_releve:EN-O05"), "motif"),
    ],
)
def test_what_cannot_be_is_refused(refused: Run, words: tuple[str, ...], answer: str) -> None:
    assert answer in refused(*words)


def test_an_act_on_a_thing_without_code_says_whose_it_is(run: Run) -> None:
    words = ("--date", "30/06/2026", "--motif", "Autre périmètre")
    assert run("contrevaleur", "BPI-O01", "25", *words) == (
        "Contre-valeur de «\u202fBus de l’Entrepreneuriat en service\u202f» (BPI-O01) du 30/06/2026 créée.\n"
    )
    assert run("etape", "ajouter", "--engagement", "BPI-E01", "--libelle", "Faire rouler") == (
        "Étape «\u202fFaire rouler\u202f» de «\u202fDéployer des Bus de l’Entrepreneuriat\u202f» (BPI-E01) créée.\n"
    )


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("engagement", "retablir", "BPI-E01"), "n’est pas retiré"),
        (("reunion", "modifier", "COPIL-2026-06-30"), "Aucun champ n’est nommé"),
        (("decision", "modifier", "COPIL-2026-06-30-D1"), "Aucun champ n’est nommé"),
        (("meteo", "BPI-E01", "soleil", "--date", "31/12/2099"), "pas encore passé"),
        (("contrevaleur", "BPI-O01", "25", "--date", "30/06/2026"), "--motif\u202f:"),
        (("objectif", "modifier", "BPI-O01", "--valeur-cible", "douze"), "--valeur-cible\u202f:"),
    ],
)
def test_a_refusal_speaks_the_words_of_the_shell(refused: Run, words: tuple[str, ...], answer: str) -> None:
    assert answer in refused(*words)


@pytest.mark.parametrize("verb", ["ajouter", "modifier", "retirer"])
@pytest.mark.parametrize("group", ["reunion", "decision", "etape", "moyens"])
def test_each_command_says_what_it_does(group: str, verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([group, "--help"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.split()[:1] == [verb])
    assert len(line.split()) > 2
