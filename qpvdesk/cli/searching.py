"""Search over everything."""

from __future__ import annotations

from pathlib import Path

import click

from qpvdesk.cli.options import base_option, contract_option, format_option, in_contract
from qpvdesk.cli.output import print_json
from qpvdesk.cli.table import command
from qpvdesk.domain.errors import UserError
from qpvdesk.services import search


@command("chercher")
@click.argument("mots", nargs=-1, required=True, metavar="MOTS")
@click.option(
    "--limite", type=click.IntRange(min=1), default=search.FOUND_MAX, metavar="N", help="Combien au plus."
)
@base_option
@contract_option
@format_option("table", "json")
def chercher(
    *, mots: tuple[str, ...], limite: int, base_path: Path | None, contrat: str | None, form: str
) -> None:
    words = " ".join(mots)
    with in_contract(base_path, contrat, read_only=True) as (desk, contract):
        found = search.find(desk, contract, words, limite)
    if form == "json":
        print_json(
            [
                {
                    "genre": item.kind,
                    "code": item.code or None,
                    "titre": item.title,
                    "extrait": item.extract or None,
                    "proche": item.near,
                }
                for item in found
            ]
        )
        return
    if not found:
        raise UserError(
            f"Rien ne porte «\u202f{words}\u202f», ni dans le contrat, ni dans ses documents, ni dans le guide.",
            "Essayez un mot de moins, ou un autre mot.",
        )
    for item in found:
        near = "proche\u202f: " if item.near else ""
        click.echo(f"{near}{'  '.join(part for part in (item.code, item.title) if part)} ({item.kind})")
        if item.extract:
            click.echo(f"    {item.extract}")
