"""What a document could put in a contract, for whoever accepts it, corrects it or refuses it."""

from __future__ import annotations

from pathlib import Path

import click

from qpvdesk.cli.options import format_option
from qpvdesk.cli.output import print_json
from qpvdesk.cli.table import command
from qpvdesk.services import proposals


@command("proposer")
@click.argument("fichier", metavar="F", type=click.Path(path_type=Path))
@format_option("json", "table")
def proposer(fichier: Path, form: str) -> None:
    found = proposals.read(fichier).found
    if form == "json":
        print_json(proposals.as_json(fichier, found))
        if not found:
            click.echo(proposals.sentence(found), err=True)
        return
    for item in found:
        values = ", ".join(text.replace("\n", " / ") for text in item.values.values() if text)
        click.echo(f"{item.reason} {values}")
        if item.doubt:
            click.echo(f"  À vérifier\u202f: {item.doubt}")
    click.echo(proposals.sentence(found))
