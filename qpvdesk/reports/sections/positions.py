"""Where those who promised stand beside their figures: what they made a condition of, what they say hinders them."""

from __future__ import annotations

from collections.abc import Sequence

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


def positions(
    situation: Situation, engagements: Sequence[Engagement], partners: Sequence[str]
) -> tuple[str, ...]:
    """Of one partner its first reserve of all that it promises, then how many others were made, of several how many were,
    empty where none was; then what hinders `engagements`, those that are told of."""
    first = reserved(situation, partners[0])[:1] if len(partners) == 1 else []
    told = [reserve_words(ended(text)) for text in first]
    keys = {item.key for item in engagements}
    reserves = {
        (item.engagement, item.text)
        for item in situation.dossier.conditions
        if (
            item.partner in partners
            if item.engagement is None
            else situation.followed_by(item.engagement) in keys
        )
        and not is_reading(item.text)
    }
    if rest := len(reserves - {(None, text) for text in first}):
        others = ("autre réserve", "autres réserves") if told else ("réserve", "réserves")
        # The whole name of the file would cost a row, or the name of one.
        told.append(f"{plural(rest, *others)}, au dossier.")
    return (" ".join(told), *(" ".join(words) for words in [hindrances(situation, engagements)] if words))


def hindrances(situation: Situation, engagements: Sequence[Engagement]) -> list[str]:
    """The last hindrance that was noted on one of them, first of all on one at risk, and how many others were."""
    hindered = _hindered(situation, engagements)
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


def is_at_risk(situation: Situation, engagements: Sequence[Engagement]) -> bool:
    """Whether what `hindrances` quotes is of an engagement at risk."""
    return any(_is_at_risk(situation, meteo) for _, meteo in _hindered(situation, engagements))


def hindrances_briefly(situation: Situation, engagements: Sequence[Engagement]) -> tuple[str, ...]:
    """The same in fewer words, then without how many others were, then their count alone: what nothing is said of
    passes for what that nothing hinders. Empty where nothing does."""
    hindered = len(_hindered(situation, engagements))
    if not hindered:
        return ()
    quote, *_ = hindrances(situation, engagements)
    others = f"{NNBSP}; {plural(hindered - 1, 'autre', 'autres')}" if hindered > 1 else ""
    return (
        f"{quote[:-1]}{others}.",
        quote,
        f"{plural(hindered, 'frein signalé', 'freins signalés')}, au dossier.",
    )


def counted_beside(situation: Situation, engagements: Sequence[Engagement]) -> str:
    """How many they are, where one of them alone is quoted on the page: it is not told twice."""
    hindered = len(_hindered(situation, engagements))
    return f"{plural(hindered, 'frein signalé', 'freins signalés')}, dont 1 cité ci-dessous."


def _hindered(situation: Situation, engagements: Sequence[Engagement]) -> list[tuple[Engagement, Meteo]]:
    return [
        (item, meteo)
        for item in engagements
        if (meteo := situation.meteo_of(item.key)) is not None and meteo.obstacles.strip()
    ]


def _is_at_risk(situation: Situation, meteo: Meteo) -> bool:
    """Whether it says so, and lately."""
    return meteo.weather is _BAD[0] and not is_old_meteo(meteo.day, situation.day)


def ended(text: str) -> str:
    """A reserve as one sentence, cut where it is long."""
    shown = shorten_words(text, _RESERVE_MAX).rstrip(".")
    return shown if shown.endswith("…") else f"{shown}."
