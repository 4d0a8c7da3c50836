"""A small contract, whole enough to touch every table."""

from __future__ import annotations

import functools
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from qpvdesk.domain.model import (
    Acknowledgement,
    Axis,
    Citation,
    Condition,
    Contract,
    Correspondence,
    CounterValue,
    Decision,
    Document,
    Dossier,
    Engagement,
    EngagementPartner,
    EngagementTerritory,
    EngagementTheme,
    Establishment,
    Funding,
    FundingPartner,
    FundingYear,
    Involvement,
    LegalReference,
    Level,
    Measurement,
    Meeting,
    MeetingKind,
    Meteo,
    Milestone,
    Nature,
    Objective,
    Operand,
    Partner,
    Population,
    Sens,
    Statement,
    StatementKind,
    Step,
    Territory,
    Theme,
    Version,
    VersionKind,
    Visit,
    Weather,
)
from qpvdesk.storage import opening, starter
from qpvdesk.storage.base import Database

NOON = datetime(2026, 3, 12, 12).astimezone()
DAY = date(2026, 3, 12)
SOURCE = Citation("doc", "Bpifrance, axe 1", "Objectif 2027 : 40 bus")


class Ticking:
    """A clock that goes on by one second each time it is read."""

    def __init__(self, start: datetime = NOON) -> None:
        self.moment = start

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


def contract(number: int = 1) -> Contract:
    return Contract(f"contract{number}", f"contrat-{number}", "Contrat d’essai", start=date(2024, 1, 1))


OBJECTIVE = Objective(
    "obj1", "contract1", "bpi", "BPI-O01", "Bus de l’entrepreneuriat", "entrepreneuriat", "fr", "bus", Sens.HAUSSE,
    engagement="eng1", start_value=Decimal(21), start_date=date(2023, 12, 31), target_value=Decimal(40),
    target_date=date(2027, 12, 31), citation=SOURCE,
)  # fmt: skip
OTHER = replace(OBJECTIVE, key="obj2", code="BPI-O02", sens=Sens.SUIVI, target_value=None, citation=None)
MEASUREMENT = Measurement("m1", "obj1", "fr", date(2025, 6, 30), Decimal(27), source="Courriel")


@functools.cache
def dossier() -> Dossier:
    return Dossier(
        contract(),
        documents=(Document("doc", "contract1", "ANNEXES", "Annexes"),),
        territories=(
            Territory("fr", "contract1", "FR", "France", Level.NATION),
            Territory("r32", "contract1", "R32", "Hauts-de-France", Level.REGION, parent="fr"),
        ),
        populations=(Population("pop", "r32", "qpv", Decimal(149827), date(2023, 12, 31), SOURCE),),
        establishments=(
            Establishment("est", "contract1", "COL-1", "Collège", "r32", "college", "REP+", SOURCE),
        ),
        legal_references=(LegalReference("law", "contract1", "LOI-1", "Loi", "bpi", date(2023, 10, 5), "unanime"),),
        partners=(
            Partner("bpi", "contract1", "BPI", "Bpifrance", "Bpifrance", rank=1),
            Partner("ars", "contract1", "ARS", "Agence régionale de santé", "ARS", rank=2),
        ),
        versions=(Version("v1", "contract1", "AV1", "Avenant n° 1", VersionKind.AVENANT, day=DAY),),
        themes=(
            Theme("theme1", "contract1", "entrepreneuriat", "Entrepreneuriat", rank=1),
            Theme("theme2", "contract1", "mobilite", "Mobilité", rank=2),
        ),
        axes=(
            Axis("top", "contract1", "P", "Économie", 1),
            Axis("axis", "contract1", "P1", "Entrepreneuriat", 2, parent="top"),
        ),
        engagements=(
            Engagement(
                "eng1", "contract1", "bpi", "BPI-E01", "Déployer les bus", "entrepreneuriat", Nature.DROIT_COMMUN,
                due=date(2027, 12, 31), territory="fr", citation=SOURCE, axis="axis",
            ),
            Engagement(
                "eng2", "contract1", "bpi", "BPI-E02", "Choisir les opérateurs", "entrepreneuriat",
                Nature.DROIT_COMMUN, citation=SOURCE, parent="eng1", since="v1",
            ),
        ),
        engagement_partners=(EngagementPartner("ep", "eng1", "ars", Involvement.FINANCEUR),),
        engagement_themes=(EngagementTheme("eth", "eng1", "mobilite"),),
        engagement_territories=(EngagementTerritory("et", "eng1", "r32"),),
        conditions=(Condition("cond", "contract1", "bpi", "Sous réserve des crédits", "eng1", SOURCE),),
        objectives=(OBJECTIVE, OTHER),
        milestones=(Milestone("mile", "obj1", date(2025, 12, 31), Decimal("30.5")),),
        measurements=(MEASUREMENT, replace(MEASUREMENT, key="m2", day=date(2025, 12, 31), value=Decimal("28.50"))),
        counter_values=(CounterValue("cv", "obj1", date(2025, 6, 30), Decimal(25), "Autre périmètre"),),
        meteos=(Meteo("met", "eng1", date(2026, 1, 5), Weather.COUVERT, results="Deux bus de plus"),),
        steps=(Step("step", "eng1", "Choisir les communes", 1, "DDETS", date(2026, 2, 1)),),
        fundings=(
            Funding("fund", "contract1", "bpi", "BPI-F01", "Bus", 2024, 2027, Decimal("2500000"), "EUR", citation=SOURCE),
        ),
        funding_years=(FundingYear("fy", "fund", 2025, Decimal("1200000"), cp=Decimal("900000.50")),),
        funding_partners=(FundingPartner("fp", "fund", "ars"),),
        meetings=(Meeting("meet", "contract1", MeetingKind.COPIL, date(2026, 2, 2), agenda="Bilan\nSuites"),),
        decisions=(Decision("dec", "meet", "Écrire à Bpifrance", 1, "Sous-préfecture", date(2026, 4, 1)),),
        statements=(
            Statement("stat", "contract1", "BPI-S01", StatementKind.TOTAL, "Total", "bpi", Decimal(40), objective="obj1"),
        ),
        operands=(Operand("op", "stat", 1, "a", Decimal(40)), Operand("op2", "stat", 2, "b", Decimal(2))),
        acknowledgements=(Acknowledgement("ack", "contract1", "total:BPI-S01", "Vu avec le partenaire", DAY),),
        visits=(
            Visit(
                "visit", "contract1", date(2026, 2, 20), "Centre social", territory="r32",
                functions="Directrice du centre social\nAdulte-relais", mood="Calme", needs="Une ligne de bus",
                difficulties="Le soir", proposals="Une permanence", follow_up="Écrire au syndicat des transports",
                carrier="Sous-préfecture", due=date(2026, 4, 1),
            ),
        ),
        correspondences=(Correspondence("cor", "contract1", "bpi", '{"titres": 1}'),),
    )  # fmt: skip


def new_base(path: Path) -> Database:
    """Make a base that holds the contract as a starter."""
    base = opening.create(path, now=NOON, clock=Ticking())
    starter.import_starter(base, dossier())
    return base
