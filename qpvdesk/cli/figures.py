"""Figures typed one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from qpvdesk.cli.french_click import gathered
from qpvdesk.cli.options import base_at, base_option, contract_option
from qpvdesk.cli.table import command
from qpvdesk.domain import french
from qpvdesk.services import bases, measurements


@dataclass(frozen=True, slots=True)
class _Typed:
    objectif: str
    valeur: str
    base_path: Path | None
    contrat: str | None
    day: str
    territoire: str | None
    source: str
    commentaire: str
    provisoire: bool


@command("relever")
@click.argument("objectif", metavar="OBJECTIF")
@click.argument("valeur", metavar="VALEUR")
@base_option
@contract_option
@click.option("--date", "day", required=True, metavar="JJ/MM/AAAA", help="La date de la valeur.")
@click.option("--territoire", metavar="CODE", help="Le territoire, si ce n’est pas celui de l’objectif.")
@click.option("--source", default="", metavar="TEXTE", help="D’où vient ce chiffre.")
@click.option("--commentaire", default="", metavar="TEXTE", help="Une remarque à garder avec la valeur.")
@click.option("--provisoire", is_flag=True, help="La valeur sera confirmée plus tard.")
@gathered(_Typed)
def relever(typed: _Typed) -> None:
    with bases.opened(base_at(typed.base_path)) as base:
        dossier = base.dossier(bases.contract_named(base, typed.contrat).key)
        objective = measurements.objective_coded(dossier, typed.objectif)
        place = measurements.territory_coded(dossier, typed.territoire) if typed.territoire else None
        entry = measurements.Entry(
            objective=objective.key,
            day=french.parse_date(typed.day),
            value=french.parse_number(typed.valeur, objective.unit),
            territory=place.key if place is not None else None,
            source=typed.source,
            comment=typed.commentaire,
            provisional=typed.provisoire,
        )
        doubts = measurements.doubts(dossier, entry, today=date.today())
        change = measurements.record(base, dossier, entry, today=date.today())
    click.echo(change.label)
    for doubt in doubts:
        click.echo(f"Attention\u202f: {doubt}", err=True)
