"""Where a partner stands beside its figures: what it made a condition of, what it says hinders it."""

from __future__ import annotations

from qpvdesk.domain.ages import is_old_meteo
from qpvdesk.domain.french import NNBSP, format_date, plural
from qpvdesk.domain.model import Engagement, Meteo, Weather
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.wording import is_reading, quoted, quoted_name, reserve_words
from qpvdesk.reports.sections.reserves import reserved
from qpvdesk.reports.text import shorten_words

_QUOTED_MAX, _RESERVE_MAX = 120, 170
_BAD = (Weather.ORAGE, Weather.NUAGE)
"""Of several of one day, the worst is told."""
_OTHERS = ("autre frein signalé", "autres freins signalés")


def positions(situation: Situation, partner: str) -> tuple[str, ...]:
    """Its first reserve of all that it promises and how many others, empty where it made none, then what hinders it."""
    first = reserved(situation, partner)[:1]
    told = [reserve_words(ended(text)) for text in first]
    living = {None, *(item.key for item in situation.engagements)}
    reserves = {
        (item.engagement, item.text)
        for item in situation.dossier.conditions
        if item.partner == partner and item.engagement in living and not is_reading(item.text)
    }
    if rest := len(reserves - {(None, text) for text in first}):
        others = ("autre réserve", "autres réserves") if told else ("réserve", "réserves")
        # The whole name of the file would cost a row, or the name of one.
        told.append(f"{plural(rest, *others)}, au dossier.")
    return (" ".join(told), *(" ".join(words) for words in [hindrances(situation, partner)] if words))


def hindrances(situation: Situation, partner: str) -> list[str]:
    """The last hindrance that was noted on one of its engagements, first of all on one at risk, and how many others were."""
    hindered = _hindered(situation, partner)
    if not hindered:
        return []
    item, last = max(
        hindered,
        key=lambda pair: (
            _is_at_risk(situation, pair[1]),
            pair[1].day,
            pair[1].weather in _BAD,
            pair[1].weather is _BAD[0],
        ),
    )
    words = shorten_words(last.obstacles, _QUOTED_MAX).rstrip(".")
    # What hinders one engagement is not said of its partner.
    old = " (ancien)" if is_old_meteo(last.day, situation.day) else ""
    told = [f"Frein signalé le {format_date(last.day)}{old} sur {quoted_name(item)}{NNBSP}: {quoted(words)}."]
    if more := len(hindered) - 1:
        told.append(f"{plural(more, *_OTHERS)}.")
    return told


def is_at_risk(situation: Situation, partner: str) -> bool:
    """Whether what `hindrances` quotes is of an engagement at risk."""
    return any(_is_at_risk(situation, meteo) for _, meteo in _hindered(situation, partner))


def hindrances_briefly(situation: Situation, partner: str) -> tuple[str, ...]:
    """The same in fewer words, then without how many others were, then their count alone: a partner of whom nothing is said
    passes for one that nothing hinders. Empty where nothing does."""
    hindered = len(_hindered(situation, partner))
    if not hindered:
        return ()
    quote, *_ = hindrances(situation, partner)
    others = f"{NNBSP}; {plural(hindered - 1, 'autre', 'autres')}" if hindered > 1 else ""
    return (
        f"{quote[:-1]}{others}.",
        quote,
        f"{plural(hindered, 'frein signalé', 'freins signalés')}, au dossier.",
    )


def counted_beside(situation: Situation, partner: str) -> str:
    """How many they are, where one of them alone is quoted on the page: it is not told twice."""
    return f"{plural(len(_hindered(situation, partner)), 'frein signalé', 'freins signalés')}, dont 1 cité ci-dessous."


def _hindered(situation: Situation, partner: str) -> list[tuple[Engagement, Meteo]]:
    return [
        (item, meteo)
        for item in situation.engagements_of_partner(partner)
        if (meteo := situation.meteo_of(item.key)) is not None and meteo.obstacles.strip()
    ]


def _is_at_risk(situation: Situation, meteo: Meteo) -> bool:
    """Whether it says so, and lately."""
    return meteo.weather is _BAD[0] and not is_old_meteo(meteo.day, situation.day)


def ended(text: str) -> str:
    """A reserve as one sentence, cut where it is long."""
    shown = shorten_words(text, _RESERVE_MAX).rstrip(".")
    return shown if shown.endswith("…") else f"{shown}."
