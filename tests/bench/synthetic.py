"""Synthetic contracts: seeded, realistic, of any size. Every later measure is taken on them.

A contract has seven partners with their themes, engagements, objectives of every `sens` in the proportions of the
real one, five communes with three quartiers each, and measurements that drift towards the target with noise,
plateaus, gaps and the odd correction of the same day. The same seed gives the same contract, to the key.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from qpvdesk.domain.model import (
    Aggregation,
    Citation,
    Contract,
    Document,
    Dossier,
    Engagement,
    Frequency,
    Level,
    Measurement,
    Mesure,
    Meteo,
    Milestone,
    Nature,
    Objective,
    Partner,
    Population,
    Sens,
    Territory,
    Weather,
)

PARTNERS = (
    ("REGION", "Région", ("transition_ecologique", "cadre_de_vie", "participation")),
    ("CD", "Département", ("solidarites", "culture_sport", "cadre_de_vie")),
    ("ARS", "Agence régionale de santé", ("sante",)),
    ("EN", "Éducation nationale", ("education",)),
    ("FT", "France Travail", ("emploi",)),
    ("BPI", "Bpifrance", ("entrepreneuriat",)),
    ("EPCI", "Communauté d’agglomération", ("participation", "culture_sport")),
)
UNITS = ("postes", "habitants", "actions", "entreprises", "élèves", "logements", "séances", "k€")
THINGS = (
    "Médiateurs en poste", "Habitants accompagnés", "Ateliers tenus dans l’année", "Créations d’entreprise",
    "Élèves suivis", "Logements rénovés", "Séances de dépistage", "Crédits mobilisés", "Jeunes en parcours",
    "Clubs sportifs ouverts", "Conseils citoyens actifs", "Places en crèche",
)  # fmt: skip
SENS = (
    *[Sens.HAUSSE] * 10, *[Sens.BAISSE] * 2, *[Sens.PLANCHER] * 2, Sens.PLAFOND, *[Sens.PARITE] * 2, Sens.JALON,
    *[Sens.SUIVI] * 4,
)  # fmt: skip
START = date(2023, 12, 31)
TARGET = date(2027, 12, 31)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a base is: contracts, objectives in each, measurements of each objective (on average)."""

    name: str
    contracts: int
    objectives: int
    measurements: int


ONE_CONTRACT = Size("un contrat", 1, 300, 33)
DEPARTEMENT = Size("un département", 60, 300, 33)
FRANCE = Size("toute la France", 450, 300, 37)


def dossiers(size: Size, seed: int = 2030) -> Iterator[Dossier]:
    """Yield the contracts of a base of that size, one at a time."""
    for number in range(size.contracts):
        yield dossier(number, size.objectives, size.measurements, seed)


def dossier(number: int, objectives: int, measurements: int, seed: int = 2030) -> Dossier:
    """Make one contract. Keys sort in the order of creation, as real ones do."""
    return _Maker(random.Random(f"{seed}/{number}"), number).make(objectives, measurements)


class _Maker:
    def __init__(self, chance: random.Random, number: int) -> None:
        self.chance = chance
        self.number = number
        self.made = 0

    def key(self) -> str:
        self.made += 1
        return f"{self.number:08x}-0000-7000-8000-{self.made:012x}"

    def make(self, objectives: int, measurements: int) -> Dossier:
        contract = Contract(
            self.key(), f"contrat-{self.number:03}", f"Contrat de ville n° {self.number + 1}",
            start=date(2024, 1, 1), end=date(2030, 12, 31),
        )  # fmt: skip
        document = Document(self.key(), contract.key, "ANNEXES", "Annexes du contrat de ville")
        territories, populations = self.places(contract)
        partners = tuple(
            Partner(self.key(), contract.key, code, name, name, rank)
            for rank, (code, name, _) in enumerate(PARTNERS, start=1)
        )
        engagements = self.engagements(contract, document, partners, max(7, objectives // 2))
        made = self.objectives(contract, document, territories, engagements, objectives)
        return Dossier(
            contract=contract,
            documents=(document,),
            territories=territories,
            populations=populations,
            partners=partners,
            engagements=engagements,
            objectives=made,
            milestones=self.milestones(made),
            measurements=tuple(
                sorted(
                    (item for objective in made for item in self.measurements(objective, measurements)),
                    key=lambda item: (item.objective, item.day, item.key),
                )
            ),
            meteos=self.meteos(engagements),
        )

    def places(self, contract: Contract) -> tuple[tuple[Territory, ...], tuple[Population, ...]]:
        department = Territory(self.key(), contract.key, "D62", "Pas-de-Calais", Level.DEPARTEMENT)
        epci = Territory(
            self.key(), contract.key, f"2{self.number:08}", "Agglomération", Level.EPCI, department.key
        )
        places = [department, epci]
        populations = []
        for town in range(5):
            commune = Territory(
                self.key(), contract.key, f"62{town:03}", f"Commune {town + 1}", Level.COMMUNE, epci.key
            )
            places.append(commune)
            for quarter in range(3):
                place = Territory(
                    self.key(), contract.key, f"QN062{town}{quarter}M", f"Quartier {town + 1}.{quarter + 1}",
                    Level.QPV, commune.key,
                )  # fmt: skip
                places.append(place)
                populations.append(
                    Population(
                        self.key(),
                        place.key,
                        "qpv",
                        Decimal(self.chance.randint(900, 6000)),
                        date(2024, 1, 1),
                    )
                )
        return tuple(places), tuple(populations)

    def engagements(
        self, contract: Contract, document: Document, partners: tuple[Partner, ...], count: int
    ) -> tuple[Engagement, ...]:
        made = []
        for number in range(count):
            rank = number % len(partners)
            partner = partners[rank]
            made.append(
                Engagement(
                    self.key(), contract.key, partner.key, f"{partner.code}-E{number // len(partners) + 1:02}",
                    f"{self.chance.choice(('Renforcer', 'Déployer', 'Soutenir', 'Ouvrir'))} l’action n° {number + 1}",
                    self.chance.choice(PARTNERS[rank][2]), self.chance.choice(tuple(Nature)),
                    citation=Citation(document.key, f"Partie {number % 9 + 1}", f"action {number + 1}"),
                )
            )  # fmt: skip
        return tuple(made)

    def objectives(
        self,
        contract: Contract,
        document: Document,
        territories: tuple[Territory, ...],
        engagements: tuple[Engagement, ...],
        count: int,
    ) -> tuple[Objective, ...]:
        made: list[Objective] = []
        reference: Objective | None = None
        parent: Objective | None = None
        codes: dict[str, int] = {}
        quarters = [place for place in territories if place.level == Level.QPV]
        for number in range(count):
            engagement = engagements[number % len(engagements)]
            prefix = engagement.code.partition("-")[0]
            codes[prefix] = codes.get(prefix, 0) + 1
            sens = self.chance.choice(SENS)
            common = {
                "key": self.key(),
                "contract": contract.key,
                "partner": engagement.partner,
                "code": f"{prefix}-O{codes[prefix]:03}",
                "label": self.chance.choice(THINGS),
                "theme": engagement.theme,
                "engagement": engagement.key,
                "citation": Citation(document.key, f"Partie {number % 9 + 1}", f"objectif {number + 1}"),
                "frequency": self.chance.choice((Frequency.ANNUELLE, Frequency.TRIMESTRIELLE)),
            }
            if sens is Sens.PARITE and reference is not None:
                objective = Objective(
                    **common, territory=territories[0].key, unit="%", sens=sens, reference=reference.key
                )
            elif sens in (Sens.PARITE, Sens.SUIVI):
                objective = Objective(**common, territory=territories[0].key, unit="%", sens=Sens.SUIVI)
                reference = objective
            else:
                objective = self.towards(common, sens, territories, quarters, parent)
                if objective.aggregation is Aggregation.SOMME:
                    parent = objective
            made.append(objective)
        return tuple(made)

    def towards(
        self,
        common: dict[str, object],
        sens: Sens,
        territories: tuple[Territory, ...],
        quarters: list[Territory],
        parent: Objective | None,
    ) -> Objective:
        low = Decimal(self.chance.randint(5, 400))
        high = low + Decimal(self.chance.randint(10, 800))
        start, target = (high, low) if sens in (Sens.BAISSE, Sens.PLAFOND) else (low, high)
        declined = sens is Sens.HAUSSE and parent is not None and self.chance.random() < 0.2
        cumul = sens is Sens.HAUSSE and not declined and self.chance.random() < 0.25
        if sens is Sens.JALON:
            start, target = Decimal(0), Decimal(1)
        return Objective(
            **common,  # type: ignore[arg-type]
            territory=self.chance.choice(quarters).key if declined else territories[1].key,
            unit="fait" if sens is Sens.JALON else self.chance.choice(UNITS),
            sens=sens,
            mesure=Mesure.CUMUL if cumul else Mesure.STOCK,
            start_value=Decimal(0) if cumul else start,
            start_date=START,
            target_value=target,
            target_date=TARGET,
            parent=parent.key if declined and parent else None,
            aggregation=Aggregation.SOMME
            if sens is Sens.HAUSSE and not declined and not cumul and self.chance.random() < 0.05
            else Aggregation.AUCUN,
        )

    def milestones(self, objectives: tuple[Objective, ...]) -> tuple[Milestone, ...]:
        return tuple(
            Milestone(
                self.key(),
                objective.key,
                date(2025, 12, 31),
                (objective.start_value + objective.target_value) / 2,
            )
            for objective in objectives
            if objective.sens in (Sens.HAUSSE, Sens.BAISSE)
            and objective.start_value is not None
            and objective.target_value is not None
            and self.chance.random() < 0.2
        )

    def measurements(self, objective: Objective, count: int) -> Iterator[Measurement]:
        """Yield a drift with noise; one objective in twelve has none, one in six stops early."""
        if self.chance.random() < 1 / 12:
            return
        count = self.chance.randint(count // 2, count * 3 // 2)
        span = 1000 if self.chance.random() > 1 / 6 else 400
        start = float(objective.start_value if objective.start_value is not None else 12)
        target = float(objective.target_value if objective.target_value is not None else 22)
        pace = self.chance.uniform(-0.1, 1.3)
        value = start
        for number in range(count):
            day = START + timedelta(days=number * span // count)
            share = (day - START).days / (TARGET - START).days
            drawn = start + (target - start) * share * pace + self.chance.gauss(0, abs(target - start) * 0.02)
            value = max(value, drawn) if objective.mesure is Mesure.CUMUL else drawn
            shown = (
                Decimal(round(value, 1)).quantize(Decimal("0.1"))
                if objective.unit == "%"
                else Decimal(round(value))
            )
            if objective.sens is Sens.JALON:
                shown = Decimal(1 if share * pace > 0.5 else 0)
            yield Measurement(
                self.key(),
                objective.key,
                objective.territory,
                day,
                max(shown, Decimal(0)),
                source="Courriel du partenaire",
            )

    def meteos(self, engagements: tuple[Engagement, ...]) -> tuple[Meteo, ...]:
        return tuple(
            Meteo(
                self.key(), engagement.key, START + timedelta(days=200 * turn), self.chance.choice(tuple(Weather)),
                results="Les premières actions ont commencé.", obstacles="Les recrutements restent difficiles.",
            )
            for engagement in engagements
            for turn in range(3)
        )  # fmt: skip
