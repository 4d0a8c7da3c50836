"""Files of figures, out and in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from qpvdesk import paths
from qpvdesk.cli.french_click import gathered
from qpvdesk.cli.options import (
    OutputPath,
    base_at,
    base_option,
    compare_option,
    contract_of,
    contract_option,
    date_option,
    day_of,
    format_option,
    in_contract,
    in_folder,
    opened,
    output_option,
)
from qpvdesk.cli.output import print_json, print_table
from qpvdesk.cli.table import command
from qpvdesk.domain import file_names, french, periods
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.expected import Asked
from qpvdesk.services import bases
from qpvdesk.services.contracts import contract_export, contract_import
from qpvdesk.services.contracts.marked_book import write_marked
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import exports, import_plans, imports
from qpvdesk.services.figures.covering import cover
from qpvdesk.services.figures.refused_book import not_taken, write_refused


@dataclass(frozen=True, slots=True)
class _Export:
    base_path: Path | None
    contrat: str | None
    day: str | None
    against: date | str | None
    sortie: Path
    partenaire: str | None
    modele: str
    chiffres: str
    message: bool


@command("exporter")
@base_option
@contract_option
@date_option
@compare_option
@output_option("F.(xlsx|ods|csv|json)", "Le fichier à écrire.")
@click.option("--partenaire", metavar="CODE", help="Un seul partenaire.")
@click.option(
    "--modele",
    type=click.Choice(exports.CONTENTS),
    default="etat",
    metavar="|".join(exports.CONTENTS),
    help="Ce qui est exporté\u202f; «\u202fremontee\u202f»\u202f: le classeur qu’un partenaire remplit\u202f;"
    " «\u202fcontrat\u202f»\u202f: tout le contrat, à reprendre ailleurs\u202f; «\u202fgabarit\u202f»\u202f: le même, vide.",
)
@click.option(
    "--chiffres",
    type=click.Choice([which.value for which in Asked]),
    default=Asked.TO_ASK.value,
    metavar="|".join(Asked),
    help="Les chiffres qu’un classeur de remontée demande.",
)
@click.option(
    "--message", is_flag=True, help="Écrit aussi le message qui accompagne le classeur de remontée."
)
@gathered(_Export)
def exporter(asked: _Export) -> None:
    if asked.modele == "gabarit":
        # What is to be filled in needs no base: it is how one is made.
        contract_export.write_blank(asked.sortie)
        click.echo(f"Fichier écrit\u202f: {asked.sortie}.")
        return
    with in_contract(asked.base_path, asked.contrat, read_only=True) as (desk, contract):
        review, which = desk.review(contract, day_of(asked.day), asked.against), Asked(asked.chiffres)
        extent = exports.export(
            desk, review, asked.sortie, content=asked.modele, partner=asked.partenaire, asked=which
        )
        covering = asked.message and asked.modele == "remontee" and asked.partenaire
        letter = (
            cover(review.situation, str(asked.partenaire), asked.sortie.name, which) if covering else None
        )
    click.echo(f"Fichier écrit\u202f: {asked.sortie} ({extent}).")
    if letter is not None:
        click.echo(f"\nObjet\u202f: {letter.subject}\n\n{letter.body}")


@dataclass(frozen=True, slots=True)
class _Import:
    fichier: Path
    base_path: Path | None
    contrat: str | None
    day: str | None
    source: str | None
    simulation: bool
    correspondance: str | None
    retenir: str | None
    associer: tuple[str, ...]
    plan: Path | None
    proposer: Path | None
    partiel: bool
    accepter: bool
    refuses: Path | None
    nouveau: str | None
    form: str


@command("importer")
@click.argument("fichier", metavar="F", type=click.Path(path_type=Path))
@base_option
@contract_option
@click.option(
    "--date", "day", metavar="JJ/MM/AAAA", help="La date des valeurs, si le fichier ne la donne pas."
)
@click.option(
    "--source",
    metavar="TEXTE",
    help="D’où viennent les valeurs dont le fichier ne le dit pas\u202f; sans elle, le partenaire, le fichier et le jour"
    " de la lecture.",
)
@click.option("--simulation", is_flag=True, help="Dit seulement ce qui changerait.")
@click.option(
    "--correspondance",
    metavar="TEXTE",
    help="Où sont les chiffres d’un fichier inconnu\u202f:"
    " «\u202ffeuille=Données; titres=3-4; indicateur=B; valeur=D; date=E; territoire=C\u202f».",
)
@click.option(
    "--retenir", metavar="CODE", help="Retient ces colonnes pour les prochains fichiers de ce partenaire."
)
@click.option(
    "--associer",
    multiple=True,
    metavar="NOM=CODE",
    help="L’objectif que désigne un nom inconnu du fichier (peut se répéter)\u202f; sans CODE, la ligne est ignorée.",
)
@click.option(
    "--plan",
    metavar="F.json",
    type=click.Path(path_type=Path),
    help="Ce qui est décidé\u202f: tableaux lus, rôle de chaque colonne, noms, et chaque ligne à écrire, écarter, corriger.",
)
@click.option(
    "--proposer",
    metavar="F.json",
    type=OutputPath(),
    help="Écrit ce plan, à compléter, sans rien importer.",
)
@click.option("--accepter", is_flag=True, help="Accepte les lignes douteuses et modifiées, une fois vues.")
@click.option("--partiel", is_flag=True, help="Importe ce qui est sûr et laisse le reste.")
@click.option(
    "--refuses",
    metavar="F.(xlsx|ods)",
    type=OutputPath(),
    help="Écrit aussi les lignes qui ne sont pas prises, avec leur raison et le remède, à renvoyer au partenaire\u202f;"
    " d’un contrat entier, une copie du classeur où les cases refusées sont en rouge.",
)
@click.option(
    "--nouveau-contrat",
    "nouveau",
    metavar="CODE",
    help="Crée sous ce code le contrat entier que contient le fichier (xlsx, ods, json).",
)
@format_option("table", "json")
@gathered(_Import)
def importer(asked: _Import) -> None:
    _check_outputs(asked)
    if asked.nouveau is not None:
        _import_contract(asked, asked.nouveau)
        return
    with opened(base_at(asked.base_path), read_only=asked.simulation) as desk:
        plan = _plan(desk, asked)
        plan = imports.accepted(plan) if asked.accepter else plan
        if asked.form == "json":
            print_json(import_plans.as_json(plan, simulation=asked.simulation))
        else:
            print_table(*import_plans.as_rows(plan))
            click.echo()
            for note in plan.notes:
                click.echo(note)
            click.echo(plan.sentence)
        if asked.proposer is not None:
            import_plans.propose(plan, asked.proposer)
        refused = write_refused(plan, asked.refuses) if asked.refuses is not None and not_taken(plan) else 0
        only_told = asked.simulation or asked.proposer is not None
        change = None if only_told else imports.apply(desk, plan, settled_only=asked.partiel)
    if refused:
        lines = french.plural(refused, "ligne", "lignes")
        click.echo(f"À renvoyer\u202f: {asked.refuses} ({lines}).", err=asked.form == "json")
    if asked.form == "table":
        click.echo("Rien n’a été modifié." if change is None else f"{change.label}.")
    if asked.simulation and plan.refused:
        click.get_current_context().exit(1)


def _check_outputs(asked: _Import) -> None:
    """Raise `UserError` where what is written would take the place of the file that is read, or of the base."""
    kept = (
        (asked.fichier, "est le fichier à lire\u202f: il n’est pas remplacé"),
        (asked.base_path or paths.user_base(), "est la base\u202f: elle n’est pas remplacée"),
    )
    for output in filter(None, (asked.proposer, asked.refuses)):
        for path, words in kept:
            if output.exists() and path.exists() and output.samefile(path):
                raise UserError(f"«\u202f{output.name}\u202f» {words}.", "Choisissez un autre nom.")


def _plan(desk: Desk, asked: _Import) -> imports.Plan:
    """Read the file, then settle its lines as the plan says where there is one."""
    contract = contract_of(desk, asked.contrat).code
    answers = imports.Answers(
        day=periods.typed(asked.day, today=desk.today()) if asked.day else None,
        chosen=_chosen(asked.associer),
        described=asked.correspondance,
        partner=asked.retenir,
        source=asked.source,
    )
    book, name = imports.read(asked.fichier), file_names.told(asked.fichier.name)
    if asked.plan is None:
        return imports.plan(desk, contract, book, name, answers=answers)
    return import_plans.follow(desk, contract, book, name, answers=answers, path=asked.plan)


def _chosen(pairs: Sequence[str]) -> dict[str, str]:
    codes = {}
    for pair in pairs:
        name, equals, code = pair.rpartition("=")
        if not equals or not name.strip():
            raise UserError(
                f"«\u202f{pair}\u202f» n’est pas compris.",
                'Écrivez «\u202f--associer "Nom lu=BPI-O01"\u202f».',
            )
        codes[name.strip()] = code.strip()
    return codes


def _import_contract(asked: _Import, code: str) -> None:
    """Add the contract of a file to a base, made for it where there is none."""
    path = base_at(in_folder(asked.base_path) if asked.base_path is not None else None)
    now = datetime.now().astimezone()
    draft = contract_import.preview(asked.fichier, code=code, today=now.date())
    if asked.refuses is not None and draft.refused:
        marked = french.plural(write_marked(draft, asked.refuses), "case marquée", "cases marquées")
        click.echo(f"À corriger\u202f: {asked.refuses} ({marked}).", err=asked.form == "json")
    change = None if asked.simulation else bases.add_contract(path, draft, now=now)
    if asked.form == "json":
        print_json(contract_import.as_json(draft, simulation=asked.simulation))
    else:
        told = contract_import.asked(draft) if asked.simulation else ()
        for sentence in (*draft.notes, *draft.problems, *told):
            click.echo(sentence)
        click.echo(draft.sentence)
        click.echo("Rien n’a été modifié." if change is None else f"{change.label}.")
    if draft.dossier is None:
        click.get_current_context().exit(1)
