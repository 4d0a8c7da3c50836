"""Places: official files in, a point found, a map drawn; reference layers listed, written out, removed."""

from __future__ import annotations

from pathlib import Path

import click

from qpvdesk.cli.french_click import Command
from qpvdesk.cli.options import base_option, contract_option, in_contract, output_option
from qpvdesk.cli.output import print_table
from qpvdesk.cli.table import group
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.services.territories import drawing, layers, official, whereabouts


@click.command(
    "importer", cls=Command, help="Reprend un fichier officiel\u202f: liste, contours, populations, séries."
)
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path))
@click.option(
    "--millesime", default="", metavar="ANNÉE", help="Celui du fichier\u202f; par défaut, ce que dit son nom."
)
@click.option("--source", default="", metavar="TEXTE", help="Qui publie ces chiffres.")
@click.option("--simuler", is_flag=True, help="Dit ce qui serait écrit, sans rien écrire.")
@base_option
@contract_option
def importer(
    *, file: Path, millesime: str, source: str, simuler: bool, base_path: Path | None, contrat: str | None
) -> None:
    with in_contract(base_path, contrat, read_only=simuler) as (desk, contract):
        plan = official.read(desk, contract, file, vintage=millesime, source=source)
        if not simuler:
            official.take(desk, plan)
    if plan.refusals:
        raise UserError(plan.sentence, "Corrigez le fichier, puis recommencez.")
    click.echo(f"{plan.kind}\u202f: {plan.sentence}")


@click.command(
    "ou",
    cls=Command,
    help="Dit dans quels quartiers et communes est un point, ou les quartiers d’une commune.",
)
@click.argument("asked", metavar="POINT|COMMUNE")
@base_option
@contract_option
def where(*, asked: str, base_path: Path | None, contrat: str | None) -> None:
    with in_contract(base_path, contrat, read_only=True) as (desk, contract):
        found = whereabouts.find(desk, contract, asked)
        levels = desk.situation(contract, desk.today()).places.levels
    print_table(
        ["Code", "Lieu", "Niveau"], [[item.code, item.name, levels.name(item.level)] for item in found]
    )


@click.command("carte", cls=Command, help="Dessine la carte du contrat dans un fichier SVG.")
@output_option("FICHIER.svg", "Le dessin à écrire.")
@click.option("--lieu", default="", metavar="CODE", help="Le lieu à montrer de près.")
@click.option(
    "--couche",
    "layer",
    default="",
    metavar="CODE",
    help="La couche de référence à montrer\u202f; « promesses ».",
)
@base_option
@contract_option
def draw(*, sortie: Path, lieu: str, layer: str, base_path: Path | None, contrat: str | None) -> None:
    with in_contract(base_path, contrat, read_only=True) as (desk, contract):
        drawing.write(desk, contract, sortie, layer=layer, place=lieu)
    click.echo(f"Carte écrite\u202f: {sortie.name}.")


@group("couche")
def couche() -> None:
    """Reference layers."""


@couche.command("lister", cls=Command, help="Dit les couches de référence, leur source et leur millésime.")
@base_option
@contract_option
def listed(*, base_path: Path | None, contrat: str | None) -> None:
    with in_contract(base_path, contrat, read_only=True) as (desk, contract):
        atlas = layers.atlas_of(desk, contract)
    rows = [
        [item.code, item.name, item.unit, item.vintage, item.source, str(len(atlas.figures_of(item.key)))]
        for item in atlas.layers
    ]
    if rows:
        print_table(["Code", "Couche", "Unité", "Millésime", "Source", "Lieux"], rows)
    else:
        click.echo("Ce contrat n’a aucune couche de référence.")


@couche.command("exporter", cls=Command, help="Écrit une couche et sa source dans un fichier CSV.")
@click.argument("code", metavar="CODE")
@output_option("FICHIER.csv", "Le fichier à écrire.")
@base_option
@contract_option
def written(*, code: str, sortie: Path, base_path: Path | None, contrat: str | None) -> None:
    with in_contract(base_path, contrat, read_only=True) as (desk, contract):
        count = layers.write(desk, contract, code, sortie)
    click.echo(f"Couche écrite\u202f: {count} lieux.")


@couche.command("retirer", cls=Command, help="Retire une couche et ses chiffres\u202f; s’annule.")
@click.argument("code", metavar="CODE")
@base_option
@contract_option
def removed(*, code: str, base_path: Path | None, contrat: str | None) -> Change:
    with in_contract(base_path, contrat) as (desk, contract):
        return layers.remove(desk, contract, code)
