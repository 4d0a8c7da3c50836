"""Meetings, their frozen data, and what changed between two of them."""

from __future__ import annotations

from pathlib import Path

import click

from qpvdesk.cli.options import (
    base_option,
    contract_option,
    date_option,
    day_of,
    format_option,
    in_contract,
    output_option,
)
from qpvdesk.cli.output import print_json, print_table
from qpvdesk.cli.table import command
from qpvdesk.domain import french
from qpvdesk.domain.meetings import meeting_coded
from qpvdesk.services import calendars
from qpvdesk.services.committees import freezing


@command("reunions")
@base_option
@contract_option
@format_option("table", "json")
def reunions(base_path: Path | None, contrat: str | None, form: str) -> None:
    with in_contract(base_path, contrat, read_only=True) as (desk, contract):
        dossier = desk.dossier(contract)
    if form == "json":
        print_json(freezing.as_json(dossier))
    elif dossier.meetings:
        print_table(*freezing.as_rows(dossier))
    else:
        click.echo(
            "Aucune réunion n’est inscrite\u202f: «\u202fqpvdesk reunion ajouter\u202f» en ajoute une."
        )


@command("agenda")
@base_option
@contract_option
@date_option
@output_option("F.ics", "Le fichier à écrire, à ouvrir dans votre agenda.")
def agenda(base_path: Path | None, contrat: str | None, day: str | None, sortie: Path) -> None:
    with in_contract(base_path, contrat, read_only=True) as (desk, contract):
        count = calendars.write(desk, contract, day_of(day), sortie)
    click.echo(f"Agenda écrit\u202f: {sortie}. {french.plural(count, 'date', 'dates')}.")


@command("comparer")
@click.argument("avant", metavar="REUNION")
@click.argument("apres", metavar="[REUNION]", required=False)
@base_option
@contract_option
@format_option("table", "json")
def comparer(
    *, avant: str, apres: str | None, base_path: Path | None, contrat: str | None, form: str
) -> None:
    with in_contract(base_path, contrat, read_only=True) as (desk, contract):
        comparison = freezing.compared(desk, contract, avant, apres)
    if form == "json":
        print_json(freezing.comparison_as_json(comparison))
        return
    headers, rows = freezing.comparison_as_rows(comparison)
    if rows:
        print_table(headers, rows)
        click.echo()
    click.echo(freezing.comparison_sentence(comparison))


@command("arreter")
@base_option
@contract_option
@click.option("--reunion", required=True, metavar="CODE", help="La réunion (COPIL-2026-06-30).")
@click.option(
    "--date",
    "day",
    metavar="JJ/MM/AAAA",
    help="La date des données (par défaut, celle de la réunion si elle est passée, sinon aujourd’hui).",
)
@click.option(
    "--remplacer",
    "motif",
    default="",
    metavar="MOTIF",
    help="Pourquoi les données, arrêtées déjà, le sont de nouveau.",
)
def arreter(
    *, base_path: Path | None, contrat: str | None, reunion: str, day: str | None, motif: str
) -> None:
    with in_contract(base_path, contrat) as (desk, contract):
        meeting = meeting_coded(desk.dossier(contract), reunion)
        chosen = french.parse_date(day) if day else None
        change = freezing.freeze(desk, contract, meeting.key, chosen, replacing=motif)
        snapshots = desk.dossier(contract).snapshots
    fresh = max(snapshots, key=lambda item: item.key)
    click.echo(f"{change.label} (empreinte {fresh.fingerprint[:16]}).")
