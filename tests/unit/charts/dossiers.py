"""Small contracts made by hand for the tests of charts and reports."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from qpvdesk.domain.model import (
    Citation,
    Contract,
    Document,
    Dossier,
    Engagement,
    Level,
    Measurement,
    Meeting,
    MeetingKind,
    Meteo,
    Milestone,
    Nature,
    Objective,
    Partner,
    Sens,
    Territory,
    Weather,
)

DAY = date(2026, 6, 30)
SOURCE = Citation("doc", "Partie 1", "40 bus")


def objective(number: int, sens: Sens = Sens.HAUSSE, **changes: object) -> Objective:
    """An objective from 10 to 40 between the ends of 2023 and 2027."""
    made = Objective(
        key=f"o{number:03}",
        contract="c",
        partner="p1",
        code=f"P1-O{number:02}",
        label=f"Bus en service, ligne {number}",
        theme="emploi",
        territory="t1",
        unit="bus",
        sens=sens,
        engagement="e1",
        start_value=Decimal(10),
        start_date=date(2023, 12, 31),
        target_value=Decimal(40),
        target_date=date(2027, 12, 31),
        citation=SOURCE,
    )
    return replace(made, **changes)


def measurement(number: int, day: date, value: str, **changes: object) -> Measurement:
    """A value of objective `number`."""
    made = Measurement(f"m{number:03}-{day:%Y%m%d}", f"o{number:03}", "t1", day, Decimal(value), "Courriel")
    return replace(made, **changes)


def share(number: int, code: str) -> Objective:
    """A share set against that of objective 90."""
    return objective(
        number, Sens.PARITE, code=code, unit="%", start_value=None, target_value=None, reference="o090"
    )


def reference() -> Objective:
    return objective(
        90, Sens.SUIVI, code="P1-O90", label="Part des QPV", unit="%", start_value=None, target_value=None
    )


def contract(*objectives: Objective, **changes: object) -> Dossier:
    """A contract of one partner with these objectives."""
    made = Dossier(
        contract=Contract(
            "c", "essai", "Contrat de ville d’essai", start=date(2024, 1, 1), end=date(2030, 12, 31)
        ),
        documents=(Document("doc", "c", "ANNEXES", "Annexes du contrat"),),
        territories=(Territory("t1", "c", "62498", "Lens", Level.COMMUNE),),
        partners=(Partner("p1", "c", "P1", "Premier partenaire", "Premier"),),
        engagements=(
            Engagement("e1", "c", "p1", "P1-E01", "Ouvrir des lignes", "emploi", Nature.DROIT_COMMUN),
        ),
        objectives=tuple(objectives),
        meteos=(Meteo("w1", "e1", date(2026, 1, 15), Weather.NUAGE, results="Deux lignes ouvertes."),),
        meetings=(
            Meeting("r1", "c", MeetingKind.COPIL, date(2025, 12, 4)),
            Meeting(
                "r2", "c", MeetingKind.COPIL, date(2026, 9, 17), "Sous-préfecture", agenda="Bilan\nSuites"
            ),
        ),
    )
    return replace(made, **changes)


def busy() -> Dossier:
    """A contract with one objective of each kind of story."""
    objectives = (
        objective(1),
        objective(2, Sens.BAISSE, start_value=Decimal(40), target_value=Decimal(10)),
        objective(3, Sens.PLANCHER, start_value=None, target_value=Decimal(80), unit="%"),
        objective(4, start_value=None, start_date=None),
        objective(5, Sens.SUIVI, start_value=None, target_value=None, target_date=None),
        objective(6, Sens.JALON, start_value=None, target_value=None),
        share(7, "P1-O07"),
        share(8, "P1-O08"),
        reference(),
    )
    values = (
        *[measurement(1, date(2024 + n // 2, 6 if n % 2 else 12, 28), f"{11 + 2 * n}") for n in range(5)],
        measurement(2, date(2025, 12, 31), "38"),
        measurement(3, date(2025, 12, 31), "83.5"),
        measurement(4, date(2025, 6, 30), "22"),
        measurement(5, date(2025, 6, 30), "19072"),
        measurement(7, date(2025, 12, 31), "12.1"),
        measurement(8, date(2025, 12, 31), "18.4"),
        measurement(90, date(2025, 12, 31), "16.4"),
    )
    milestones = (Milestone("j1", "o001", date(2025, 12, 31), Decimal(30)),)
    return contract(
        *objectives,
        measurements=tuple(sorted(values, key=lambda m: (m.objective, m.day))),
        milestones=milestones,
    )
