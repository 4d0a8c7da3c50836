"""Beginning: a base of one's own, the program in the menu of the desktop."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from qpvdesk import paths
from qpvdesk.cli.options import base_at, base_option, in_folder, output_option
from qpvdesk.cli.table import command
from qpvdesk.domain import french
from qpvdesk.services import bases, integration
from qpvdesk.services import guide as manual


@command("init")
@base_option
@click.option("--contrat", metavar="CODE", help="Le contrat de départ (par défaut, lens-lievin).")
@click.option(
    "--exemple",
    is_flag=True,
    help="Une base d’exemple à part, aux données fictives, pour découvrir et pour former.",
)
def init(base_path: Path | None, contrat: str | None, exemple: bool) -> None:
    now = datetime.now().astimezone()
    if exemple:
        if contrat is not None:
            raise click.UsageError("--exemple and --contrat")
        # The officer's own base is for the real contract: an example never takes its place.
        path = in_folder(base_path) if base_path is not None else paths.user_folder() / "exemple.db"
        summary = bases.create_example(path, now=now)
    else:
        path = base_at(in_folder(base_path) if base_path is not None else None)
        summary = bases.create(path, contrat or "lens-lievin", now=now)
    click.echo(
        f"Base créée\u202f: {path}\n{summary.name}\u202f: {french.plural(summary.partners, 'partenaire', 'partenaires')}, "
        f"{french.plural(summary.engagements, 'engagement', 'engagements')}, "
        f"{french.plural(summary.objectives, 'objectif ou indicateur', 'objectifs et indicateurs')}."
    )


@command("bureau")
@click.option("--retirer", is_flag=True, help="Retire ce que cette commande a inscrit.")
def bureau(retirer: bool) -> None:
    click.echo(integration.uninstall() if retirer else integration.install(integration.command()))


@command("guide")
@output_option("F.pdf", "Le PDF à écrire.")
@click.option("--rapide", is_flag=True, help="Le démarrage rapide seul, deux pages.")
def guide(sortie: Path, rapide: bool) -> None:
    pages = manual.write(sortie, quick=rapide, now=date.today())
    click.echo(f"Guide écrit\u202f: {sortie} ({french.plural(pages, 'page', 'pages')})")
