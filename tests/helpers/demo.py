"""Invented measurements on the starter contract, so that pictures and sample reports show every status.

They are told as invented in their source; nothing here is shipped.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from qpvdesk.domain.model import Meeting, MeetingKind, Meteo, Weather
from qpvdesk.services import bases, measurements
from qpvdesk.storage.base import Database
from qpvdesk.storage.keys import new_key
from qpvdesk.storage.opening import open_base
from tests.helpers.reviews import desk_on

DAY = date(2026, 6, 30)
"""The day of the pictures."""

SOURCE = "Chiffre inventé pour l’exemple"
FIGURES: dict[str, tuple[tuple[str, str], ...]] = {
    "BPI-O01": (("2024-12-31", "23"), ("2025-06-30", "25"), ("2025-12-31", "27"), ("2026-05-31", "29")),
    "BPI-O02": (("2024-12-31", "131"), ("2025-12-31", "160"), ("2026-04-30", "172")),
    "BPI-O03": (("2024-12-31", "12"), ("2025-12-31", "14"), ("2026-03-31", "16")),
    "BPI-O04": (("2024-12-31", "9000"), ("2025-12-31", "23500"), ("2026-05-31", "29800")),
    "BPI-O05": (("2024-12-31", "2100"), ("2025-12-31", "9000"), ("2026-05-31", "10400")),
    "BPI-O07": (("2025-12-31", "1900"), ("2026-05-31", "2450")),
    "BPI-O08": (("2025-12-31", "61,5"), ("2026-05-31", "78")),
    "BPI-O11": (("2025-12-31", "204"), ("2026-05-31", "246")),
    "BPI-O12": (("2025-12-31", "3100"), ("2026-05-31", "4300")),
    "ARS-O01-D62": (("2025-01-01", "17"), ("2026-01-01", "18"), ("2026-06-01", "19")),
    "ARS-O01-D59": (("2025-01-01", "27"), ("2026-01-01", "29"), ("2026-06-01", "30")),
    "ARS-O01-D60": (("2025-01-01", "2"), ("2026-01-01", "5"), ("2026-06-01", "6")),
    "ARS-O01-D80": (("2025-01-01", "3"), ("2026-01-01", "4"), ("2026-06-01", "4")),
    "ARS-O01-D02": (("2025-01-01", "6"), ("2026-01-01", "7"), ("2026-06-01", "7")),
    "FT-O01": (("2024-12-31", "16,1"), ("2025-12-31", "15,9")),
    "FT-O02": (("2024-12-31", "22,1"), ("2025-12-31", "21,4")),
    "FT-O03": (("2024-12-31", "17,4"), ("2025-12-31", "18,2")),
    "FT-O04": (("2024-12-31", "17,9"), ("2025-12-31", "18,1")),
    "FT-O07": (("2024-12-31", "19,2"), ("2025-12-31", "15,4")),
    "FT-O10": (("2024-12-31", "6,8"), ("2025-12-31", "9,1")),
    "FT-O12": (("2024-12-31", "16,3"), ("2025-12-31", "16,6")),
}
WEATHERS = (
    (
        "BPI-E01",
        Weather.COUVERT,
        "Quatre bus de plus en deux ans.",
        "Deux appels à projets sans candidat dans le bassin.",
    ),
    ("BPI-E02", Weather.SOLEIL, "Le réseau se déploie au rythme prévu.", ""),
    (
        "ARS-E01",
        Weather.NUAGE,
        "Trois postes ouverts dans le Pas-de-Calais.",
        "Les cofinancements tardent à être confirmés.",
    ),
    (
        "FT-E01",
        Weather.COUVERT,
        "La parité est tenue pour neuf services sur onze.",
        "Les CIE jeunes restent loin.",
    ),
)


def make(path: Path) -> None:
    """Make a base with the starter contract, the invented measurements, a COPIL and a few weathers."""
    bases.create(path, "lens-lievin", now=datetime(2026, 6, 30, 9, 0).astimezone())
    with open_base(path) as base:
        fill(base)


def fill(base: Database) -> None:
    """Put the invented figures into a base of the starter contract."""
    contract = base.contracts()[0]
    desk = desk_on(base, DAY)
    dossier = desk.dossier(contract.code)
    objectives = {objective.code: objective for objective in dossier.objectives}
    for code, figures in FIGURES.items():
        for day, value in figures:
            entry = measurements.Entry(
                objective=objectives[code].key,
                day=date.fromisoformat(day),
                value=Decimal(value.replace(",", ".")),
                source=SOURCE,
            )
            measurements.record(desk, contract.code, entry)
    engagements = {engagement.code: engagement for engagement in dossier.engagements}
    with base.unit("Comité de pilotage et météo inventés pour l’exemple") as unit:
        unit.put(
            Meeting(
                new_key(),
                contract.key,
                MeetingKind.COPIL,
                date(2025, 12, 10),
                "Sous-préfecture de Lens",
                "COPIL",
            )
        )
        for code, weather, results, obstacles in WEATHERS:
            unit.put(Meteo(new_key(), engagements[code].key, date(2026, 5, 15), weather, results, obstacles))
