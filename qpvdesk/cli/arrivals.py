"""What is remembered of the files of partners, and their action plans."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from qpvdesk.cli.french_click import Misused, gathered
from qpvdesk.cli.options import base_option, contract_option, in_contract
from qpvdesk.cli.output import print_table
from qpvdesk.cli.table import command
from qpvdesk.domain import file_names
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Nature
from qpvdesk.services.figures import action_plans, correspondences, imports
from qpvdesk.services.figures.correspondences import Remembered


@dataclass(frozen=True, slots=True)
class _Actions:
    fichier: Path
    base_path: Path | None
    contrat: str | None
    partenaire: str
    nature: str | None
    lignes: str | None
    toutes: bool


@command("actions")
@click.argument("fichier", metavar="F", type=click.Path(path_type=Path))
@base_option
@contract_option
@click.option("--partenaire", required=True, metavar="CODE", help="De qui sont ces actions.")
@click.option(
    "--nature",
    type=click.Choice([item.value for item in Nature]),
    help="Leur nature, qu’un plan d’actions ne dit pas\u202f; il la faut pour créer.",
)
@click.option("--lignes", metavar="B2,B5", help="Les actions à créer, par leur cellule.")
@click.option("--toutes", is_flag=True, help="Crée toutes celles qui ne sont pas encore des engagements.")
@gathered(_Actions)
def actions(asked: _Actions) -> None:
    book = imports.read(asked.fichier)
    plan = action_plans.found(book, file_names.told(asked.fichier.name))
    if plan is None:
        raise UserError(
            f"«\u202f{asked.fichier.name}\u202f» n’a pas la forme d’un plan d’actions. Rien n’a été importé.",
            "Il faut une ligne de titres\u202f: «\u202fAction\u202f», puis «\u202fPilote\u202f», «\u202fÉchéance\u202f» ou"
            " «\u202fStatut\u202f».",
        )
    writes, nature = asked.toutes or asked.lignes is not None, Nature(asked.nature) if asked.nature else None
    if writes and nature is None:
        raise Misused("La nature des engagements n’est pas donnée\u202f: ajoutez «\u202f--nature\u202f».")
    with in_contract(asked.base_path, asked.contrat, read_only=not writes) as (desk, contract):
        plan = action_plans.proposed(desk, contract, plan, asked.partenaire)
        print_table(*action_plans.as_rows(plan))
        click.echo()
        cells = [cell.strip().upper() for cell in (asked.lignes or "").split(",") if cell.strip()]
        if asked.toutes:
            cells += [item.cell for item in plan.actions if not item.known]
        change = None
        if nature is not None and writes:
            change = action_plans.take(desk, contract, plan, asked.partenaire, cells=cells, nature=nature)
    click.echo("Rien n’a été modifié." if change is None else f"{change.label}.")


@dataclass(frozen=True, slots=True)
class _Remembered:
    base_path: Path | None
    contrat: str | None
    numero: int | None
    oublier: bool
    nom: str | None
    code: str | None


@command("retenus")
@base_option
@contract_option
@click.option(
    "--numero", type=click.IntRange(1), metavar="N", help="Ce dont il s’agit, par son numéro dans la liste."
)
@click.option("--oublier", is_flag=True, help="Oublie ce numéro\u202f; avec --nom, ce nom seulement.")
@click.option("--nom", metavar="NOM", help="Un nom que portent ces fichiers.")
@click.option(
    "--code", metavar="CODE", help="L’objectif que ce nom désigne\u202f; vide\u202f: il est mis de côté."
)
@gathered(_Remembered)
def retenus(asked: _Remembered) -> None:
    writes = asked.oublier or asked.code is not None
    with in_contract(asked.base_path, asked.contrat, read_only=not writes) as (desk, contract):
        items = correspondences.remembered(desk, contract)
        if not writes:
            print_table(["N°", "Partenaire", "Dans ses fichiers", "Est lu comme"], _rows(items))
            return
        item = _numbered(items, asked.numero)
        if asked.nom is None and asked.oublier:
            change = correspondences.forget(desk, contract, item.key)
        elif asked.nom is not None:
            code = None if asked.oublier else asked.code
            change = correspondences.associate(desk, contract, item.key, asked.nom, code=code)
        else:
            raise UserError("Le nom à changer n’est pas donné.", 'Ajoutez «\u202f--nom "Nom lu"\u202f».')
    click.echo(f"{change.label}.")


def _rows(items: tuple[Remembered, ...]) -> list[list[str]]:
    rows = []
    for number, item in enumerate(items, 1):
        rows.append([str(number), item.partner.short_name, item.sentence, "Colonnes d’un fichier"])
        rows += [
            [str(number), item.partner.short_name, f"«\u202f{name}\u202f»", code or "mis de côté"]
            for name, code in item.chosen.items()
        ]
    return rows


def _numbered(items: tuple[Remembered, ...], number: int | None) -> Remembered:
    if number is None or number > len(items):
        raise UserError(
            "Ce numéro n’est pas dans la liste.", "La commande «\u202fqpvdesk retenus\u202f» la donne."
        )
    return items[number - 1]
