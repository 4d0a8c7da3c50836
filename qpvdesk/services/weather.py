"""The météo of an engagement: how its carrier sees it, on a day."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.engagements import holders
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Meteo, Weather
from qpvdesk.services.desk import Desk
from qpvdesk.storage.keys import new_key


class WeatherEntry(Struct, frozen=True, kw_only=True):
    """A météo as the officer gives it. `engagement` is a key."""

    engagement: str
    day: date
    weather: Weather
    results: str = ""
    obstacles: str = ""
    next_steps: str = ""


def record(desk: Desk, contract: str, entry: WeatherEntry) -> Change:
    """Record the météo of an engagement; one of the same day is replaced. Raises `UserError`."""
    dossier = desk.dossier(contract)
    # What is said of a précision is said of its engagement.
    key = holders(dossier.engagements).get(entry.engagement)
    engagement = next((item for item in dossier.engagements if item.key == key), None)
    if engagement is None:
        raise UserError(
            "Cet engagement n’existe plus.", "S’il a été retiré, «\u202fAnnuler\u202f» le fait revenir."
        )
    if entry.day > desk.today():
        raise UserError(
            f"Le {french.format_date(entry.day)} n’est pas encore passé\u202f: la météo n’est pas notée.",
            "Donnez le jour où elle a été dite.",
        )
    same_day = [item for item in dossier.meteos if (item.engagement, item.day) == (engagement.key, entry.day)]
    meteo = Meteo(
        key=same_day[-1].key if same_day else new_key(),
        engagement=engagement.key,
        day=entry.day,
        weather=entry.weather,
        results=entry.results.strip(),
        obstacles=entry.obstacles.strip(),
        next_steps=entry.next_steps.strip(),
    )
    with desk.act(f"{engagement.code}\u202f: météo au {french.format_date(entry.day)}") as unit:
        unit.put(meteo)
    return unit.change
