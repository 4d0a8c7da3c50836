"""Random contracts, each from its seed: what an officer may hold, and most of what goes wrong with it.

An invention is the plain document of a whole contract, in the JSON that the product imports, and what is done to it
afterwards, in order: figures recorded and corrected, things withdrawn, committees held and their data frozen.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

PLACES = (
    ("FR", "France", "nation", None),
    ("R32", "Hauts-de-France", "region", "FR"),
    ("D59", "Nord", "departement", "R32"),
    ("D60", "Oise", "departement", "R32"),
    ("D62", "Pas-de-Calais", "departement", "R32"),
    ("246200364", "Agglomération de l’invention", "epci", "D62"),
    ("62065", "Avion", "commune", "246200364"),
    ("62498", "Lens", "commune", "246200364"),
    ("62510", "Liévin", "commune", "246200364"),
    ("QN06201M", "Cité du Nord", "qpv", "62498"),
    ("QN06202M", "Cité du Sud", "qpv", "62510"),
)
PARTS = {
    "R32": ("D59", "D60", "D62"),
    "246200364": ("62065", "62498", "62510"),
    "62498": ("QN06201M",),
    "D62": ("246200364",),
}
OWN = ("FR", "R32", "D62", "246200364", "62498", "QN06201M")
"""The places above and below the contract's own, and its own."""
THEMES = ("emploi", "entrepreneuriat", "education", "sante", "cadre_de_vie", "participation")
UNITS = ("postes", "personnes", "bus", "heures", "M€", "%")
AGGREGATIONS = ("somme", "moyenne_ponderee", "part", "aucun")


@dataclass(frozen=True)
class Act:
    """One thing done after the import: what, on which code, and with what."""

    what: str
    today: date
    code: str = ""
    day: date | None = None
    value: Decimal | None = None
    text: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """What is changed of an objective behind the checks, as in a base that was filled before there were any."""


@dataclass
class Invention:
    """A contract to be made, what is done to it, and the day on which it is looked at."""

    seed: int
    document: dict[str, Any]
    acts: list[Act]
    day: date
    today: date
    against: date | None
    """A day that the situation is compared with as well, beside what it is compared with by itself."""
    titles: dict[str, str] = field(default_factory=dict)
    """By code of objective, what kind of case it is."""


def invent(seed: int, size: int = 22) -> Invention:
    """Invent the contract of a seed: always the same."""
    return _Inventor(seed, size).invent()


class _Inventor:
    def __init__(self, seed: int, size: int) -> None:
        self.draw = random.Random(f"contrat {seed}")
        self.seed, self.size = seed, size
        self.day = date(2024, 9, 1) + timedelta(days=self.draw.randrange(0, 1300))
        self.today = self.day + timedelta(days=self.draw.choice((0, 0, 1, 25, 90)))
        self.objectives: list[dict[str, Any]] = []
        self.jalons: list[dict[str, Any]] = []
        self.figures: list[dict[str, Any]] = []
        self.counters: list[dict[str, Any]] = []
        self.titles: dict[str, str] = {}
        self.old: dict[str, dict[str, Any]] = {}
        """By code, what no check lets in any more and a base of before may hold."""
        self.partners = self.draw.sample(
            ("ARS", "BPI", "CALL", "CD62", "EN", "FT", "REGION"), self.draw.randint(2, 4)
        )
        self.numbers = dict.fromkeys(self.partners, 0)

    def invent(self) -> Invention:
        draw = self.draw
        engagements = [
            {
                "partenaire": partner, "code": f"{partner}-E{number:02}", "libelle": f"Engagement {number} de {partner}",
                "thematique": draw.choice(THEMES), "nature": draw.choice(("droit_commun", "gouvernance")),
                "retrait": "oui" if number == 3 else None,
            }
            for partner in self.partners
            for number in (1, 2, 3)
        ]  # fmt: skip
        cases = (
            self.way, self.way, self.way, self.way, self.edge, self.flat, self.inverted, self.holes, self.total, self.total,
            self.yearly, self.bound, self.bound, self.path, self.path, self.parity, self.parity, self.deed, self.followed,
            self.followed, self.declined, self.declined, self.interval, self.part_of_start,
        )  # fmt: skip
        for case in draw.choices(cases, k=self.size):
            case()
        for objective in self.objectives:
            if draw.random() < 0.05:
                # What declines it is withdrawn with it, as the product's own act does.
                within = f"{objective['code']}-"
                for other in self.objectives:
                    if other is objective or other["code"].startswith(within):
                        other["retrait"] = "oui"
        for objective in self.objectives:
            if draw.random() < 0.2 and objective["sens"] == "suivi" and not objective.get("objectif_decline"):
                objective["role"] = "contexte"
                self.titles[objective["code"]] += ", de contexte"
        draw.shuffle(self.figures)
        code = f"essai-{self.seed}"
        document = {
            "format": 1,
            "contrat": code,
            "fiche": [self.sheet(code)],
            "territoires": [
                {"code": code, "nom": name, "niveau": level, "territoire_englobant": above}
                for code, name, level, above in PLACES
            ],
            "populations": list(self.populations()),
            "partenaires": [
                {"code": one, "nom": f"Partenaire {one}", "nom_court": one.title(), "rang": rank}
                for rank, one in enumerate(self.partners, 1)
            ],
            "engagements": engagements,
            "objectifs": self.objectives,
            "jalons": self.jalons,
            "releves": self.figures,
            "contre_valeurs": self.counters,
        }
        acts = list(self.acts())
        against = self.day - timedelta(days=draw.randint(20, 500)) if draw.random() < 0.5 else None
        return Invention(self.seed, document, acts, self.day, self.today, against, self.titles)

    def sheet(self, code: str) -> dict[str, Any]:
        sheet: dict[str, Any] = {
            "code": code, "nom": f"Contrat de ville inventé n° {self.seed}", "code_de_l_epci": "246200364",
            "debut": "2024-01-01", "fin": "2030-12-31",
        }  # fmt: skip
        if self.draw.random() < 0.3:
            sheet |= {"seuil_en_avance": "0,05", "seuil_conforme": "-0,10", "seuil_a_surveiller": "-0,25"}
        return sheet

    def populations(self) -> list[dict[str, Any]]:
        rows = []
        for code, *_ in PLACES:
            for vintage in ("2018-01-01", "2021-01-01"):
                if self.draw.random() < 0.75:
                    people = self.draw.randrange(900, 90_000)
                    rows.append(
                        {"territoire": code, "perimetre": "qpv", "valeur": people, "millesime": vintage}
                    )
                    if self.draw.random() < 0.4:
                        rows.append(
                            {
                                "territoire": code,
                                "perimetre": "totale",
                                "valeur": people * 3,
                                "millesime": vintage,
                            }
                        )
        return rows

    # What is drawn

    def number(self, low: int, high: int) -> Decimal:
        """A number with none, one or two decimals."""
        digits = self.draw.choice((0, 0, 0, 1, 2))
        return Decimal(self.draw.randint(low * 10**digits, high * 10**digits)).scaleb(-digits)

    def start_day(self) -> date:
        return self.draw.choice((date(2023, 12, 31), date(2024, 1, 1), date(2022, 6, 30), date(2023, 9, 1)))

    def due(self) -> date:
        """A due date: years ahead, or just before, on or after the day looked at."""
        near = [self.day + timedelta(days=step) for step in (-1, 0, 1, -200, 150)]
        far = [date(2027, 12, 31), date(2029, 1, 1), date(2030, 12, 31), date(2027, 12, 31)]
        return max(self.draw.choice(near + far * 2), date(2024, 3, 1))

    def when(self, since: date = date(2023, 6, 1)) -> date:
        """The day of a figure: any, or the very day looked at, or just after it."""
        latest = self.today
        if self.draw.random() < 0.15:
            return min(self.day + timedelta(days=self.draw.choice((-1, 0, 1))), latest)
        return since + timedelta(days=self.draw.randrange(0, max((latest - since).days, 1)))

    def objective(self, title: str, sens: str, **more: Any) -> dict[str, Any]:
        partner = more.pop("partenaire", None) or self.draw.choice(self.partners)
        code = more.pop("code", None)
        if code is None:
            self.numbers[partner] += 1
            code = f"{partner}-O{self.numbers[partner]:02}"
        row: dict[str, Any] = {
            "partenaire": partner, "code": code, "libelle": f"Chose {code} à suivre", "thematique": self.draw.choice(THEMES),
            "territoire": self.draw.choice(OWN), "unite": self.draw.choice(UNITS), "sens": sens, "mode_de_mesure": "stock",
            "engagement": f"{partner}-E0{self.draw.randint(1, 2)}" if self.draw.random() < 0.7 else None,
            "valeur_de_depart": None, "date_de_depart": None, "valeur_cible": None, "date_cible": None,
            "mode_de_calcul": "aucun", "frequence": self.draw.choice(("annuelle", "annuelle", "unique")),
            "poids": self.draw.choice(("1", "1", "1", "2", "0,5", "0")),
        }  # fmt: skip
        row |= more
        self.objectives.append(row)
        self.titles[code] = title
        return row

    def figure(self, objective: Mapping[str, Any], value: Decimal, day: date, **more: Any) -> None:
        taken = {(row["objectif"], row["date"]) for row in self.figures}
        if (objective["code"], day.isoformat()) in taken or day > self.today:
            return
        row = {
            "objectif": objective["code"], "territoire": objective["territoire"], "date": day.isoformat(),
            "valeur": _number(value), "source": "Comité technique",
            "caractere_provisoire": "oui" if self.draw.random() < 0.1 else None,
        }  # fmt: skip
        self.figures.append(row | more)

    def measure(self, objective: Mapping[str, Any], low: Decimal, high: Decimal, least: int = 0) -> None:
        """A few figures around the way, sometimes none, sometimes beyond or behind."""
        spread = max(abs(high - low) * Decimal("0.4"), Decimal(1))
        share = objective["unite"] == "%"
        bottom, top = int(min(low, high) - spread), int(max(low, high) + spread)
        value = Decimal(0)
        for _ in range(max(least, self.draw.choice((0, 1, 1, 2, 3, 4)))):
            drawn = self.number(bottom, top)
            drawn = min(max(drawn, Decimal(0)), Decimal(100)) if share else drawn
            if objective["mode_de_mesure"] == "cumul":
                drawn = value = value + abs(drawn) / 4
            self.figure(objective, drawn.quantize(Decimal("0.01")), self.when())
        if self.draw.random() < 0.08:
            self.counters.append(
                {
                    "objectif": objective["code"], "date": self.when().isoformat(),
                    "valeur": _number(self.number(bottom, top)),
                    "motif": "Périmètre plus large", "source": "Le partenaire",
                }
            )  # fmt: skip

    def ends(self, unit: str, sens: str) -> tuple[Decimal, Decimal]:
        """A start and a target on the right sides of each other."""
        top = 100 if unit == "%" else self.draw.choice((20, 300, 40_000))
        low = self.number(0 if unit == "%" else -5, top // 2)
        high = low + abs(self.number(1, top // 2)) or low + 1
        return (low, high) if sens in ("hausse", "plancher") else (high, low)

    # The cases

    def way(self) -> None:
        """From a start to a target, with or without jalons."""
        sens, unit = self.draw.choice(("hausse", "hausse", "baisse")), self.draw.choice(UNITS)
        start, target = self.ends(unit, sens)
        begun, due = self.start_day(), self.due()
        row = self.objective(
            f"{sens}", sens, unite=unit, valeur_de_depart=_number(start), date_de_depart=begun.isoformat(),
            valeur_cible=_number(target), date_cible=due.isoformat(),
        )  # fmt: skip
        self.pass_by(row, start, target, begun, due)
        self.measure(row, start, target)

    def pass_by(
        self, row: Mapping[str, Any], start: Decimal, target: Decimal, begun: date, due: date
    ) -> None:
        """Add jalons, strictly between the start and the due date."""
        length = (due - begun).days
        if length < 30 or self.draw.random() < 0.6:
            return
        for step in sorted(self.draw.sample(range(1, length), self.draw.randint(1, 3))):
            share = Decimal(self.draw.randint(-10, 110)) / 100
            value = (start + (target - start) * share).quantize(Decimal("0.01"))
            self.jalons.append(
                {
                    "objectif": row["code"],
                    "date": (begun + timedelta(days=step)).isoformat(),
                    "valeur": _number(value),
                }
            )

    def edge(self) -> None:
        """Exactly on a threshold, or a hundred-thousandth below."""
        begun = self.start_day()
        row = self.objective(
            "seuil", "hausse", unite="postes", valeur_de_depart=0, date_de_depart=begun.isoformat(),
            valeur_cible=1000, date_cible=(begun + timedelta(days=2000)).isoformat(),
        )  # fmt: skip
        lead = self.draw.choice(("0.10", "-0.05", "-0.15", "0.05", "-0.10", "-0.25"))
        day = begun + timedelta(days=self.draw.randrange(400, 700))
        expected = Decimal((day - begun).days) / 2000
        value = (expected + Decimal(lead)) * 1000 - self.draw.choice((Decimal(0), Decimal("0.01")))
        if day <= self.today:
            self.figure(row, value, day)

    def flat(self) -> None:
        """The start is the target."""
        bound = self.number(1, 90)
        row = self.objective(
            "départ égal à la cible", self.draw.choice(("hausse", "baisse")), valeur_de_depart=_number(bound),
            date_de_depart=self.start_day().isoformat(), date_cible=self.due().isoformat(),
        )  # fmt: skip
        row["valeur_cible"] = _number(bound + 1 if row["sens"] == "hausse" else bound - 1)
        self.old[row["code"]] = {"target_value": bound}
        self.measure(row, bound - 2, bound + 2)
        if self.draw.random() < 0.3:
            self.figure(row, bound, self.when())

    def inverted(self) -> None:
        """The target is on the wrong side of the start."""
        sens = self.draw.choice(("hausse", "baisse"))
        target, start = self.ends("postes", sens)
        other = "baisse" if sens == "hausse" else "hausse"
        row = self.objective(
            "cible à rebours", other, unite="postes", valeur_de_depart=_number(start),
            date_de_depart=self.start_day().isoformat(), valeur_cible=_number(target), date_cible=self.due().isoformat(),
        )  # fmt: skip
        self.old[row["code"]] = {"sens": sens}
        self.measure(row, start, target)

    def holes(self) -> None:
        """A way of which something is not known."""
        sens, unit = self.draw.choice(("hausse", "baisse")), self.draw.choice(UNITS)
        start, target = self.ends(unit, sens)
        known = {
            "valeur_de_depart": _number(start), "date_de_depart": self.start_day().isoformat(),
            "valeur_cible": _number(target), "date_cible": self.due().isoformat(),
        }  # fmt: skip
        lost = self.draw.choice(
            (("valeur_de_depart", "date_de_depart"), ("date_de_depart",), ("date_cible",), ("valeur_cible",),
             ("valeur_cible", "date_cible"), ("valeur_de_depart",))
        )  # fmt: skip
        row = self.objective(
            "sans " + ", ".join(lost),
            sens,
            unite=unit,
            **{k: None if k in lost else v for k, v in known.items()},
        )
        if "valeur_cible" in lost:
            row["valeur_cible"] = _number(target)
            self.old[row["code"]] = {"target_value": None}
        self.measure(row, start, target)

    def total(self) -> None:
        """A running total, promised or not, from a declared day or not."""
        sens = self.draw.choice(("hausse", "hausse", "plancher", "suivi"))
        target = self.number(50, 3000)
        row = self.objective(
            f"cumul, {sens}", sens, unite=self.draw.choice(("personnes", "M€")), mode_de_mesure="cumul",
            date_de_depart=self.start_day().isoformat() if self.draw.random() < 0.7 else None,
        )  # fmt: skip
        if row["date_de_depart"] is not None and self.draw.random() < 0.5:
            row["valeur_de_depart"] = 0
        if sens != "suivi":
            row |= {"valeur_cible": _number(target), "date_cible": self.due().isoformat()}
        self.measure(row, Decimal(0), target)

    def yearly(self) -> None:
        """An amount a year."""
        sens = self.draw.choice(("hausse", "plancher", "plafond", "suivi"))
        start, target = self.ends("M€", sens)
        row = self.objective(f"par an, {sens}", sens, unite="M€", mode_de_mesure="flux")
        if sens != "suivi":
            row |= {"valeur_cible": _number(target)}
        if sens == "hausse":
            row |= {
                "valeur_de_depart": _number(start), "date_de_depart": self.start_day().isoformat(),
                "date_cible": self.due().isoformat(),
            }  # fmt: skip
        self.measure(row, start, target)

    def bound(self) -> None:
        """A floor or a ceiling from now on: no start, no date, or a start on the right side."""
        sens, unit = self.draw.choice(("plancher", "plafond")), self.draw.choice(UNITS)
        start, target = self.ends(unit, sens)
        what = self.draw.choice(("nu", "daté", "départ sans date", "départ du bon côté", "zéro"))
        target = Decimal(0) if what == "zéro" else target
        row = self.objective(f"{sens} {what}", sens, unite=unit, valeur_cible=_number(target))
        if what in ("daté", "départ du bon côté"):
            row["date_cible"] = self.due().isoformat()
        if what in ("départ sans date", "départ du bon côté"):
            row["valeur_de_depart"] = _number(
                start if what == "départ sans date" else target + (target - start) / 2
            )
            row["date_de_depart"] = self.start_day().isoformat()
        self.measure(row, target - 3, target + 3)
        if self.draw.random() < 0.2:
            self.figure(row, target, self.when())

    def path(self) -> None:
        """A floor or a ceiling by a date, from the wrong side."""
        sens, unit = self.draw.choice(("plancher", "plafond")), self.draw.choice(UNITS)
        start, target = self.ends(unit, sens)
        begun, due = self.start_day(), self.due()
        row = self.objective(
            f"{sens} d’ici une date", sens, unite=unit, valeur_de_depart=_number(start), date_de_depart=begun.isoformat(),
            valeur_cible=_number(target), date_cible=due.isoformat(),
        )  # fmt: skip
        if self.draw.random() < 0.1:
            row["date_de_depart"] = None
        else:
            self.pass_by(row, start, target, begun, due)
        self.measure(row, start, target)

    def interval(self) -> None:
        """Between two bounds, by a date or from now on."""
        low = self.number(10, 40)
        high = low + self.number(1, 20)
        row = self.objective(
            "intervalle", "intervalle", valeur_cible=_number(low), valeur_cible_haute=_number(high),
            date_cible=self.due().isoformat() if self.draw.random() < 0.5 else None,
        )  # fmt: skip
        self.measure(row, low, high, self.draw.choice((0, 1, 2)))
        if self.draw.random() < 0.2:
            self.figure(row, self.draw.choice((low, high)), self.when())

    def part_of_start(self) -> None:
        """A target written as a part of the start, reckoned by whoever reads it."""
        less = self.draw.random() < 0.6
        part, start = self.draw.randint(1, 60), self.number(20, 90)
        begun, due = self.start_day(), self.due()
        row = self.objective(
            "part du départ", "baisse" if less else "hausse", unite=self.draw.choice(("tonnes", "postes")),
            valeur_de_depart=_number(start), date_de_depart=begun.isoformat(), date_cible=due.isoformat(),
            cible_telle_qu_ecrite=f"{'−' if less else '+'}{part} %",
        )  # fmt: skip
        target = start * (100 - part if less else 100 + part) / 100
        self.pass_by(row, start, target, begun, due)
        self.measure(row, start, target)

    def parity(self) -> None:
        """A share against the share of another objective."""
        known = [row for row in self.objectives if row["sens"] == "suivi" and row["unite"] == "%"]
        if known and self.draw.random() < 0.7:
            reference = self.draw.choice(known)
        else:
            reference = self.objective("référence", "suivi", unite="%", territoire="D62")
            self.measure(reference, Decimal(14), Decimal(18), self.draw.choice((0, 1, 2, 2)))
        row = self.objective(
            "parité", "parite", unite="%", mode_de_mesure="flux", territoire=reference["territoire"],
            objectif_de_reference=reference["code"],
            date_cible=self.due().isoformat() if self.draw.random() < 0.4 else None,
        )  # fmt: skip
        if self.draw.random() < 0.05:
            self.old[row["code"]] = {"reference": None}
        self.measure(row, Decimal(12), Decimal(20))

    def deed(self) -> None:
        """A thing done or not by a date."""
        row = self.objective(
            "jalon", "jalon", unite="étape", valeur_cible=1,
            date_cible=self.due().isoformat() if self.draw.random() < 0.8 else None,
        )  # fmt: skip
        for value in self.draw.choice(((), (0,), (1,), (0, 1), (0, 0, 1))):
            self.figure(row, Decimal(value), self.when())

    def followed(self) -> None:
        """Followed, promised by nobody."""
        row = self.objective("suivi", "suivi")
        if self.draw.random() < 0.3:
            row |= {
                "valeur_de_depart": _number(self.number(5, 60)),
                "date_de_depart": self.start_day().isoformat(),
            }
        self.measure(row, Decimal(10), Decimal(60))

    def declined(self) -> None:
        """A parent and its parts, sometimes with a figure of its own beside, sometimes on two levels."""
        above = self.draw.choice(tuple(PARTS))
        how = self.draw.choice(AGGREGATIONS)
        sens = self.draw.choice(("hausse", "hausse", "suivi", "plancher", "baisse"))
        unit = "%" if how in ("part", "moyenne_ponderee") else "postes"
        start, target = self.ends(unit, sens)
        promised = sens != "suivi"
        ends: dict[str, Any] = {}
        if promised:
            ends = {
                "valeur_de_depart": _number(start), "date_de_depart": self.start_day().isoformat(),
                "valeur_cible": _number(target), "date_cible": self.due().isoformat(),
            }  # fmt: skip
        parent = self.objective(
            f"décliné, {how}", sens, unite=unit, territoire=above, mode_de_calcul=how, **ends
        )
        self.parts(parent, sens, ends, start, target)
        own = self.draw.random()
        if how == "aucun" or own < 0.25:
            self.measure(parent, start, target, 1)

    def parts(
        self, parent: dict[str, Any], sens: str, ends: Mapping[str, Any], start: Decimal, target: Decimal
    ) -> None:
        whole = self.draw.random() < 0.75
        for place in PARTS[parent["territoire"]]:
            row = self.objective(
                "déclinaison", sens, partenaire=parent["partenaire"], code=f"{parent['code']}-{place}", territoire=place,
                unite=parent["unite"], thematique=parent["thematique"], objectif_decline=parent["code"],
                engagement=parent["engagement"], **ends,
            )  # fmt: skip
            deeper = place in PARTS and self.draw.random() < 0.4
            if deeper:
                row["mode_de_calcul"] = parent["mode_de_calcul"]
                self.parts(row, sens, ends, start, target)
                continue
            for _ in range(self.draw.choice((1, 1, 2, 3)) if whole or self.draw.random() < 0.5 else 0):
                self.share(row, parent["mode_de_calcul"], start, target)

    def share(self, row: Mapping[str, Any], how: str, start: Decimal, target: Decimal) -> None:
        if how != "part":
            value = self.number(int(min(start, target)), int(max(start, target)) + 2)
            self.figure(row, min(value, Decimal(100)) if row["unite"] == "%" else value, self.when())
            return
        whole = self.draw.choice((20, 40, 50, 200))
        part = self.draw.randint(0, whole)
        more = {} if self.draw.random() < 0.1 else {"numerateur": part, "denominateur": whole}
        self.figure(row, Decimal(part) * 100 / whole, self.when(), **more)

    # What is done afterwards

    def acts(self) -> Sequence[Act]:
        draw = self.draw
        live = [row for row in self.objectives if row.get("retrait") is None and row["sens"] != "jalon"]
        acts = [Act("old", self.today, code, fields=fields) for code, fields in self.old.items()]
        first = self.day - timedelta(days=draw.randint(250, 420))
        last = self.day - timedelta(days=draw.choice((0, 1, 40, 120, 200)))
        for copil in (first, last):
            if draw.random() < 0.75:
                acts.append(Act("copil", copil, day=copil))
                if draw.random() < 0.55:
                    acts.append(Act("freeze", copil, day=copil))
        if draw.random() < 0.3:
            acts.append(Act("technical", last, day=self.day - timedelta(days=10)))
        acts.append(Act("copil", self.today, day=self.today + timedelta(days=60)))
        for row in draw.sample(live, min(len(live), 6)):
            what = draw.choice(("record", "record", "record", "correct", "remove", "counter", "again"))
            low = 0 if row["unite"] == "%" else -3
            acts.append(
                Act(what, self.today, row["code"], self.when(), self.number(low, 100), "Relevé au téléphone")
            )
        alone = [row for row in live if not row.get("objectif_decline")]
        for row in draw.sample(alone, min(len(alone), draw.choice((0, 0, 1)))):
            acts.append(Act("retire", self.today, row["code"]))
            if draw.random() < 0.3:
                acts.append(Act("restore", self.today, row["code"]))
        return acts


def _number(value: Decimal) -> str:
    """As a cell of a contract has it: every digit kept."""
    return format(value, "f").replace(".", ",")
