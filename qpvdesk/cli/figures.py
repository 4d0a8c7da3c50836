"""Figures typed one by one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click
from msgspec.structs import replace

from qpvdesk.cli.codes import named
from qpvdesk.cli.french_click import Misused, gathered
from qpvdesk.cli.options import base_option, contract_option, in_contract
from qpvdesk.cli.saving import saved
from qpvdesk.cli.table import command
from qpvdesk.domain import french, periods
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Weather
from qpvdesk.domain.wording import called
from qpvdesk.services import measurements, weather
from qpvdesk.services.editing import acts


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
    corriger: bool


@command("relever")
@click.argument("objectif", metavar="OBJECTIF")
@click.argument("valeur", metavar="VALEUR")
@base_option
@contract_option
@click.option(
    "--date",
    "day",
    required=True,
    metavar="JJ/MM/AAAA",
    help="La date de la valeur\u202f; « T3 2025 » ou « octobre 2025 »\u202f: leur dernier jour.",
)
@click.option("--territoire", metavar="CODE", help="Le territoire, si ce n’est pas celui de l’objectif.")
@click.option("--source", default="", metavar="TEXTE", help="D’où vient ce chiffre.")
@click.option("--commentaire", default="", metavar="TEXTE", help="Une remarque à garder avec la valeur.")
@click.option("--provisoire", is_flag=True, help="La valeur sera confirmée plus tard.")
@click.option(
    "--corriger", is_flag=True, help="Remplace l’autre valeur relevée ce jour-là, au lieu d’en ajouter une."
)
@gathered(_Typed)
def relever(typed: _Typed) -> None:
    with in_contract(typed.base_path, typed.contrat) as (desk, contract):
        dossier = desk.dossier(contract)
        objective = measurements.objective_coded(dossier, typed.objectif)
        place = measurements.territory_coded(dossier, typed.territoire) if typed.territoire else None
        entry = measurements.Entry(
            objective=objective.key,
            day=periods.typed(typed.day, today=desk.today()),
            value=french.parse_number(typed.valeur, objective.unit),
            territory=place.key if place is not None else None,
            source=typed.source,
            comment=typed.commentaire,
            provisional=typed.provisoire,
        )
        if typed.corriger:
            entry = replace(entry, replacing=measurements.same_day(dossier, entry).key)
        doubts = measurements.doubts(dossier, entry, today=desk.today())
        change = measurements.record(desk, contract, entry)
    click.echo(change.label)
    for doubt in doubts if change.kinds else ():
        click.echo(f"Attention\u202f: {doubt}", err=True)


@dataclass(frozen=True, slots=True)
class _Counter:
    objectif: str
    valeur: str | None
    base_path: Path | None
    contrat: str | None
    day: str
    motif: str
    source: str
    retirer: bool


_COUNTER_OPTIONS = {"day": "date", "reason": "motif", "source": "source"}


@command("contrevaleur")
@click.argument("objectif", metavar="OBJECTIF")
@click.argument("valeur", metavar="[VALEUR]", required=False)
@base_option
@contract_option
@click.option("--date", "day", required=True, metavar="JJ/MM/AAAA", help="La date de l’autre chiffre.")
@click.option("--motif", default="", metavar="TEXTE", help="Pourquoi ce chiffre diffère.")
@click.option("--source", default="", metavar="TEXTE", help="Qui le donne, et où.")
@click.option("--retirer", is_flag=True, help="Retire celui de cette date.")
@gathered(_Counter)
def contrevaleur(typed: _Counter) -> Change:
    if (typed.valeur is None) != typed.retirer:
        raise Misused("Il faut la valeur de l’autre chiffre, ou «\u202f--retirer\u202f», et non les deux.")
    day = french.parse_date(typed.day)
    with in_contract(typed.base_path, typed.contrat) as (desk, contract):
        dossier = desk.dossier(contract)
        objective = measurements.objective_coded(dossier, typed.objectif)
        same_day = [
            item for item in dossier.counter_values if (item.objective, item.day) == (objective.key, day)
        ]
        key = same_day[-1].key if same_day else None
        if not typed.retirer:
            form = {
                "objective": objective.key,
                "day": typed.day,
                "value": typed.valeur or "",
                "reason": typed.motif,
                "source": typed.source,
            }
            change = saved(desk, contract, "counter_value", form, key=key, options=_COUNTER_OPTIONS)
        elif key is not None:
            change = acts.remove(desk, contract, "counter_value", key)
        else:
            raise UserError(
                f"{called(objective)} n’a pas d’autre chiffre au {french.format_date(day)}.",
                "Vérifiez la date.",
            )
    return change


@dataclass(frozen=True, slots=True)
class _Weather:
    engagement: str
    meteo: str
    base_path: Path | None
    contrat: str | None
    day: str | None
    resultats: str
    freins: str
    suites: str


@command("meteo")
@click.argument("engagement", metavar="ENGAGEMENT")
@click.argument("meteo", metavar="|".join(Weather), type=click.Choice([item.value for item in Weather]))
@base_option
@contract_option
@click.option("--date", "day", metavar="JJ/MM/AAAA", help="Le jour de cette météo (par défaut, aujourd’hui).")
@click.option("--resultats", default="", metavar="TEXTE", help="Ce qui est obtenu.")
@click.option("--freins", default="", metavar="TEXTE", help="Ce qui retient.")
@click.option("--suites", default="", metavar="TEXTE", help="Ce qui vient.")
@gathered(_Weather)
def meteo(typed: _Weather) -> Change:
    with in_contract(typed.base_path, typed.contrat) as (desk, contract):
        entry = weather.WeatherEntry(
            engagement=named(desk.dossier(contract), "engagement", typed.engagement).key,
            day=french.parse_date(typed.day) if typed.day else desk.today(),
            weather=Weather(typed.meteo),
            results=typed.resultats,
            obstacles=typed.freins,
            next_steps=typed.suites,
        )
        return weather.record(desk, contract, entry)
