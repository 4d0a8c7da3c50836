"""Where everything stands, and who changed what."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import click

from qpvdesk.cli.options import (
    base_at,
    base_option,
    compare_option,
    contract_option,
    date_option,
    day_of,
    format_option,
    in_contract,
    opened,
    say_contracts,
)
from qpvdesk.cli.output import print_json, print_table
from qpvdesk.cli.table import command
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.inert import inert
from qpvdesk.domain.model import FICTITIOUS
from qpvdesk.services import journals, state


@command("etat")
@base_option
@contract_option
@date_option
@compare_option
@click.option("--partenaire", metavar="CODE", help="Un seul partenaire (REGION, ARS, FT, BPI…).")
@format_option("table", "json", "csv")
def etat(
    *,
    base_path: Path | None,
    contrat: str | None,
    day: str | None,
    against: date | str | None,
    partenaire: str | None,
    form: str,
) -> None:
    with in_contract(base_path, contrat, read_only=True) as (desk, contract):
        review = desk.review(contract, day_of(day), against)
    if form == "json":
        print_json(state.as_json(review, partenaire))
        return
    headers, rows = state.as_rows(review, partenaire)
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\n")
        writer.writerows([headers, *([inert(cell) for cell in row] for row in rows)])
        click.echo(out.getvalue(), nl=False)
        return
    print_table(headers, rows)
    click.echo()
    if review.situation.dossier.contract.fictitious:
        click.echo(f"{FICTITIOUS}\u202f: cette base est un exemple, rien n’est à citer.")
    for sentence in (
        state.summary_sentence(review, partenaire),
        *state.moves_sentences(review, partenaire),
    ):
        click.echo(sentence)


@command("journal")
@base_option
@contract_option
@click.option("--objet", metavar="CODE", help="Un seul objet (BPI-O01, FT-E03…).")
@click.option(
    "--limite", type=click.IntRange(min=1), default=200, metavar="N", help="Combien de lignes au plus."
)
@format_option("table", "json")
def journal(
    *, base_path: Path | None, contrat: str | None, objet: str | None, limite: int, form: str
) -> None:
    with opened(base_at(base_path), read_only=True) as desk:
        entries = journals.history(desk, objet, limite, contract=contrat)
        told = [item for item in desk.contracts() if contrat in (None, item.code)]
        say_contracts(desk, *told)
        # What exists was added or taken up one day: the journal has it.
        if objet is not None and not entries:
            raise UserError(
                f"Rien ne porte le code «\u202f{objet}\u202f», et le journal n’en garde aucune trace.",
                "La commande «\u202fqpvdesk etat\u202f» donne la liste des codes.",
            )
    if form == "json":
        print_json([state.entry_as_json(entry) for entry in entries])
        return
    if not entries:
        click.echo("Le journal est vide.")
    for entry in entries:
        click.echo(
            f"{french.format_date(entry.when.date())} {entry.when:%H:%M}  {entry.author}  {entry.sentence}"
        )
