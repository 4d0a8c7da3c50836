"""What several short papers show alike: promises with their météo, means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.french import NNBSP
from qpvdesk.domain.model import WEATHER_LABELS, Engagement, Weather
from qpvdesk.reports.cells import WeatherCell
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.style import NOTE_STYLE, code_width, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph, stacked


def weather_of(data: CopilData, item: Engagement) -> Weather:
    """The last météo of a promise."""
    meteo = data.situation.meteo_of(item.key)
    return meteo.weather if meteo is not None else Weather.NON_RENSEIGNEE


def said_of(data: CopilData, item: Engagement) -> list[str]:
    """What the last météo tells: results and obstacles."""
    meteo = data.situation.meteo_of(item.key)
    if meteo is None:
        return []
    told = (("Résultats", meteo.results), ("Freins", meteo.obstacles))
    return [f"{name}{NNBSP}: {text}" for name, text in told if text.strip()]


def engagements_table(
    data: CopilData, items: Sequence[Engagement], more: Callable[[Engagement], Sequence[str]] = lambda _: ()
) -> list[Flowable]:
    """The promises with their météo, and under each what `more` tells of it."""
    if not items:
        return [paragraph("Aucun.", NOTE_STYLE)]
    widths = fill(code_width(item.code for item in items), None, 120)
    rows: list[list[Any]] = []
    for item in items:
        under = more(item)
        weather = weather_of(data, item)
        rows.append(
            [
                cell(item.code, widths[0] - 4),
                stacked(item.label, under) if under else cell(item.label, widths[1] - 8),
                WeatherCell(weather, [WEATHER_LABELS[weather]], widths[2] - 4),
            ]
        )
    return data_table(("Code", "Engagement", "Météo"), rows, widths)
