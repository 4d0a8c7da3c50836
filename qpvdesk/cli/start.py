"""Beginning: a base of one's own, the program in the menu of the desktop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from qpvdesk import paths
from qpvdesk.cli.french_click import gathered
from qpvdesk.cli.options import base_at, base_option, in_folder, output_option
from qpvdesk.cli.table import command
from qpvdesk.domain import french
from qpvdesk.domain.counts import OBJECTIVE_NOUNS
from qpvdesk.domain.errors import UserError
from qpvdesk.services import bases, integration
from qpvdesk.services import guide as manual

_FILE = click.Path(path_type=Path, exists=True)


@dataclass(frozen=True, slots=True)
class _Init:
    """What a new base begins with."""

    base_path: Path | None
    contrat: str | None
    exemple: bool
    vide: bool
    nom: str | None
    epci: str | None
    code: str | None
    lieux: Path | None
    classeur: Path | None
    dossier: Path | None

    def check(self) -> None:
        """Refuse two beginnings at once, and what belongs to another. Raises `click.UsageError` or `UserError`."""
        ways = {
            "--contrat": self.contrat, "--exemple": self.exemple, "--vide": self.vide, "--classeur": self.classeur,
            "--dossier": self.dossier,
        }  # fmt: skip
        chosen = [name for name, value in ways.items() if value]
        on_any = self.exemple and bool(self.classeur) is not bool(self.dossier)
        if len(chosen) > (2 if on_any else 1):
            raise click.UsageError(" and ".join(chosen[:2]))
        if self.vide and not self.nom:
            raise UserError("Un contrat vide a un nom.", "Ajoutez --nom «\u202fContrat de ville de…\u202f».")
        if not self.vide and (self.nom or self.epci or self.code or self.lieux):
            raise UserError(
                "--nom, --epci, --code et --lieux sont ceux d’un contrat vide.", "Ajoutez --vide."
            )

    def make(self, path: Path, now: datetime) -> bases.Summary:
        if self.vide:
            typed = {"name": self.nom, "epci": self.epci, "code": self.code}
            told = {name: text for name, text in typed.items() if text}
            return bases.create_blank(path, told, now=now, places=self.lieux)
        if self.classeur is not None:
            return bases.create_from_book(path, self.classeur, now=now, example=self.exemple)
        if self.dossier is not None:
            return bases.create_from_folder(path, self.dossier, now=now, example=self.exemple)
        if self.exemple:
            return bases.create_example(path, now=now)
        return bases.create(path, self.contrat or "lens-lievin", now=now)


@command("init")
@base_option
@click.option("--contrat", metavar="CODE", help="Le contrat de départ (par défaut, lens-lievin).")
@click.option(
    "--exemple",
    is_flag=True,
    help="Une base d’exemple à part, aux données fictives, pour découvrir et pour former\u202f; sur le contrat que disent"
    " --classeur ou --dossier.",
)
@click.option(
    "--vide", is_flag=True, help="Un contrat vide, à remplir\u202f; avec --nom, --epci, --code et --lieux."
)
@click.option("--nom", metavar="NOM", help="Le nom du contrat vide.")
@click.option("--epci", metavar="SIREN", help="Le numéro de son EPCI, neuf chiffres.")
@click.option("--code", metavar="CODE", help="Son code (par défaut, tiré du nom).")
@click.option(
    "--lieux", type=_FILE, metavar="F.csv", help="La liste officielle de ses communes ou de ses quartiers."
)
@click.option("--classeur", type=_FILE, metavar="F.xlsx", help="Le contrat d’un classeur rempli.")
@click.option("--dossier", type=_FILE, metavar="DOSSIER", help="Le contrat d’un dossier de fichiers TOML.")
@gathered(_Init)
def init(asked: _Init) -> None:
    now, base_path = datetime.now().astimezone(), asked.base_path
    asked.check()
    if asked.exemple:
        # The officer's own base is for the real contract: an example never takes its place.
        path = in_folder(base_path) if base_path is not None else paths.user_folder() / "exemple.db"
    else:
        path = base_at(in_folder(base_path) if base_path is not None else None)
    summary = asked.make(path, now)
    click.echo(
        f"Base créée\u202f: {path}\n{summary.name}\u202f: {french.plural(summary.partners, 'partenaire', 'partenaires')}, "
        f"{french.plural(summary.engagements, 'engagement', 'engagements')}, "
        f"{french.plural(summary.objectives, *OBJECTIVE_NOUNS)}."
    )
    for note in summary.notes:
        click.echo(note)


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
