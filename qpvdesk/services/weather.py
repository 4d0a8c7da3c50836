"""The météo of an engagement: how its carrier sees it, on a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from msgspec import Struct

from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.engagements import holders
from qpvdesk.domain.errors import UserError, gone
from qpvdesk.domain.model import Dossier, Meteo, Weather
from qpvdesk.domain.wording import called
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


def record(desk: Desk, contract: str, entry: WeatherEntry, *, also: Collection[str] = ()) -> Change:
    """Record the météo of an engagement; one of the same day is replaced. Raises `UserError`.

    `also`: the keys of others of which the same is said, in the same act.
    """
    dossier = desk.dossier(contract)
    # What is said of a précision is said of its engagement.
    holder = holders(dossier.engagements)
    keys = {holder.get(key) for key in (entry.engagement, *also)}
    told = [item for item in dossier.engagements if item.key in keys]
    if len(told) < len(keys):
        raise gone("Cet engagement")
    check_told(entry.day, desk.today())
    whose = called(told[0]) if len(told) == 1 else french.plural(len(told), "engagement", "engagements")
    with desk.act(f"{whose}\u202f: météo au {french.format_date(entry.day)}") as unit:
        for engagement in told:
            unit.put(_meteo(dossier, engagement.key, entry))
    return unit.change


def check_told(day: date, today: date) -> None:
    """Raise `UserError` where no météo can have been told on a day: it is to come."""
    if day > today:
        raise UserError(
            f"Le {french.format_date(day)} n’est pas encore passé\u202f: la météo n’est pas notée.",
            "Donnez le jour où elle a été dite.",
        )


def _meteo(dossier: Dossier, engagement: str, entry: WeatherEntry) -> Meteo:
    same_day = [item for item in dossier.meteos if (item.engagement, item.day) == (engagement, entry.day)]
    return Meteo(
        key=same_day[-1].key if same_day else new_key(),
        engagement=engagement,
        day=entry.day,
        weather=entry.weather,
        results=entry.results.strip(),
        obstacles=entry.obstacles.strip(),
        next_steps=entry.next_steps.strip(),
    )
