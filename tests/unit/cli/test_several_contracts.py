"""In a base of several contracts each command asks which is meant, and says of which it speaks."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import click
import openpyxl
import pytest
from msgspec.structs import replace

from qpvdesk import cli
from qpvdesk.cli import cli as program
from qpvdesk.services import colleagues
from qpvdesk.services.contracts import contract_export, contract_import
from qpvdesk.services.desk import Desk
from qpvdesk.storage.base import Database
from tests.unit.services.test_one_checker import TODAY, base_of, contract

COMMANDS = """
etat
relever ARS-O01 150 --date 31/12/2025
partenaire ajouter --code CAF --nom Caisse --nom-court Caisse
partenaire modifier CAF --nom-court CAF
partenaire retirer CAF
partenaire lister
version ajouter --code AV1 --libelle Avenant --genre avenant --date 01/06/2025
version modifier AV1 --libelle "Avenant 1"
version retirer AV1
version lister
thematique ajouter --code mobilite --nom Mobilité
thematique modifier mobilite --nom Déplacements
thematique retirer mobilite
thematique lister
axe ajouter --code A --nom Premier
axe modifier A --nom Deuxième
axe retirer A
axe lister
engagement ajouter --partenaire ARS --code ARS-E02 --libelle Former --thematique sante --nature droit_commun
engagement modifier ARS-E02 --libelle "Former tôt"
engagement retirer ARS-E02
engagement retablir ARS-E02
engagement regrouper ARS-E01 ARS-E02
engagement detacher ARS-E02
engagement lister
etape ajouter --engagement ARS-E01 --libelle Publier
etape modifier ARS-E01-1 --libelle "Publier l’appel"
etape retirer ARS-E01-1
etape lister
meteo ARS-E01 soleil --date 01/11/2026
objectif ajouter --partenaire ARS --code ARS-O09 --libelle Postes --territoire 62498 --unite postes --sens suivi
objectif modifier ARS-O09 --libelle "Postes pourvus"
objectif retirer ARS-O09
objectif retablir ARS-O09
objectif lister
contrevaleur ARS-O01 149 --date 31/12/2025 --motif "Autre périmètre"
moyens ajouter --partenaire ARS --code ARS-F02 --libelle Bus --montant "2 M€" --annee-debut 2026 --annee-fin 2027
moyens modifier ARS-F02 --montant "3 M€"
moyens retirer ARS-F02
moyens lister
territoire ajouter --niveau commune --code 62427 --nom Hénin --parent 246200364
territoire modifier 62427 --nom Hénin-Beaumont
territoire retirer 62427
territoire lister
niveau ajouter --code bassin --nom Bassin --echelle epci
niveau modifier bassin --nom "Bassin de vie"
niveau retirer bassin
niveau lister
territoire importer {folder}/insee_2021.csv --source INSEE
territoire importer {folder}/contours.geojson --millesime 2024
territoire ou Lens
territoire carte --sortie {folder}/carte.svg
couche lister
couche exporter pauvrete --sortie {folder}/couche.csv
couche retirer pauvrete
etablissement ajouter --code 0620001A --nom "Collège Zola" --genre college --territoire 62498
etablissement modifier 0620001A --nom "Collège Émile Zola"
etablissement retirer 0620001A
etablissement lister
reserve ajouter --partenaire ARS --texte "Sous réserve des crédits"
reserve modifier ARS-1 --texte "Sous réserve"
reserve retirer ARS-1
reserve lister
reference ajouter --code LOI --libelle "Loi de 2014"
reference modifier LOI --libelle "Loi du 21 février 2014"
reference retirer LOI
reference lister
enonce ajouter --code N01 --genre total --libelle Sacs --valeur 5 --chiffres-compares "a ; 2" --chiffres-compares "b ; 3"
enonce modifier N01 --libelle "Sacs ramassés"
enonce retirer N01
enonce lister
document ajouter --code ANNEXE --titre Annexe
document modifier ANNEXE --titre "Annexe 1"
document retirer ANNEXE
document lister
acquitter sans_releve:ARS-O03 --motif Vu
reunion ajouter --date 30/06/2026
reunion modifier COPIL-2026-06-30 --lieu Lens
reunion dupliquer COPIL-2026-06-30 --date 30/09/2026
reunion retirer COPIL-2026-09-30
decision ajouter COPIL-2026-06-30 --libelle Réunir
decision modifier COPIL-2026-06-30-D1 --etat faite
decision retirer COPIL-2026-06-30-D1
visite ajouter --date 01/06/2026 --suite Rappeler --lieu Marché
visite modifier VISITE-2026-06-01 --lieu Halle
visite suite VISITE-2026-06-01
visite retirer VISITE-2026-06-01
visite lister
rapport --modele decisions --reunion COPIL-2026-06-30 --sortie {folder}/r.pdf
reunions
agenda --sortie {folder}/a.ics
arreter --reunion COPIL-2026-06-30
comparer COPIL-2026-06-30
exporter --sortie {folder}/e.csv
importer {folder}/releves.xlsx
retenus
actions {folder}/actions.xlsx --partenaire ARS
verifier
chercher Recruter
journal
paquet desaccords
paquet trancher ARS-O01 "valeur cible" --garder 250
"""
NAMELESS = {
    "annuler",
    "refaire",
}
"""What names the contract of the act that it takes back or does again."""
ELSEWHERE = {"init", "paquet creer", "paquet partager"}
"""What has no base yet, and what sends all the contracts of a base where none is named."""
OF_ALL = (["journal"], ["paquet", "desaccords"])
"""What speaks of all the contracts of a base where none is named."""
SERIES = "codgeo;libgeo;TP60\n62498;Lens;24,1\n"
SQUARE = [[[2.8, 50.4], [2.9, 50.4], [2.9, 50.5], [2.8, 50.5], [2.8, 50.4]]]
OUTLINE = {
    "type": "Feature",
    "properties": {"code": "62498"},
    "geometry": {"type": "Polygon", "coordinates": SQUARE},
}


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from leaves(below, (*path, name))
    else:
        yield " ".join(path), command


def disagree(ours: Database, theirs: Database, file: Path) -> None:
    """Have two officers write each another target of the same objective, in each contract."""

    def send(sender: Database, receiver: Database) -> None:
        colleagues.prepare(Desk(sender, today=lambda: TODAY), file)
        colleagues.receive(Desk(receiver, today=lambda: TODAY), colleagues.read(file))

    send(ours, theirs)
    for base, target in ((ours, 250), (theirs, 260)):
        for item in base.contracts():
            objectives = base.dossier(item.key).objectives
            objective = next(one for one in objectives if one.code == "ARS-O01")
            with base.unit("Cible") as unit:
                unit.put(replace(objective, target_value=Decimal(target)))
    send(theirs, ours)


@pytest.mark.heavy
def test_each_command_says_of_which_contract_it_speaks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base, sound = tmp_path / "b.db", contract(tmp_path / "sain")
    contract_export.write(sound, tmp_path / "c.xlsx")
    with base_of(base, sound) as opened:
        desk = Desk(opened, today=lambda: TODAY)
        contract_import.apply(desk, contract_import.preview(tmp_path / "c.xlsx", code="autre", today=TODAY))
        with base_of(tmp_path / "ailleurs.db", sound) as theirs:
            disagree(opened, theirs, tmp_path / "lot.paquet")
    (tmp_path / "insee_2021.csv").write_text(SERIES, encoding="utf-8")
    outlines = {"type": "FeatureCollection", "features": [OUTLINE]}
    (tmp_path / "contours.geojson").write_text(json.dumps(outlines), encoding="utf-8")
    for name, rows in {
        "releves": [["code", "date", "valeur"], ["ARS-O01", "30/06/2025", 170]],
        "actions": [["Action", "Pilote", "Échéance"], ["Recruter deux médiateurs", "ARS", "31/12/2026"]],
    }.items():
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / f"{name}.xlsx")
    tried, commands = set(), dict(leaves(program))
    for line in COMMANDS.strip().splitlines():
        words = shlex.split(line.format(folder=tmp_path))
        assert cli.run([*words, "--base", str(base)]) == (0 if words in OF_ALL else 1), line
        told = capsys.readouterr().err
        assert {"essai", "autre"} <= set(re.findall(r"\w+", told)), line
        assert cli.run([*words, "--contrat", "essai", "--base", str(base)]) == 0, (
            line,
            capsys.readouterr().err,
        )
        out, told = capsys.readouterr()
        assert "Contrat\u202f: Contrat d’essai (essai)" in told, line
        assert words[:2] != ["paquet", "desaccords"] or out.startswith(
            "essai\u202f: ARS-O01, valeur cible\u202f: "
        ), out
        tried |= {name for name in commands if line.startswith(name)}
    written = re.findall(r"--sortie \{folder\}/(\S+)", COMMANDS)
    assert "carte.svg" in written
    assert all((tmp_path / name).stat().st_size for name in written)
    asking = {
        name for name, command in commands.items() if any(param.name == "contrat" for param in command.params)
    }
    assert asking - tried == ELSEWHERE
    assert cli.run(["contrat", "lister", "--base", str(base)]) == 0
    assert {"essai", "autre"} <= set(re.findall(r"\w+", capsys.readouterr().out))
    assert cli.run(["contrat", "lister", "--format", "json", "--base", str(base)]) == 0
    assert [item["code"] for item in json.loads(capsys.readouterr().out)] == ["autre", "essai"]
    for word in sorted(NAMELESS):
        assert cli.run([word, "--base", str(base)]) == 0
        assert "(essai)" in capsys.readouterr().err


def test_a_base_of_one_contract_says_no_more_than_what_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with base_of(tmp_path / "b.db", contract(tmp_path / "sain")):
        pass
    assert cli.run(["etat", "--base", str(tmp_path / "b.db")]) == 0
    assert capsys.readouterr().err == ""
