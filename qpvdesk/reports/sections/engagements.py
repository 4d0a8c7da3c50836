"""What is said of engagements: those with news, those that are folded, all of them in the annex."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import IntEnum
from functools import partial
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.ages import is_old_meteo
from qpvdesk.domain.announced import announced_on
from qpvdesk.domain.engagements import axis_words, precision_words
from qpvdesk.domain.french import NNBSP, code_ranges, enumerate_words, format_date, plural
from qpvdesk.domain.gatherings import PARTNERS
from qpvdesk.domain.meetings import decided_since
from qpvdesk.domain.model import NATURE_LABELS, WEATHER_LABELS, Engagement, Meteo, Weather
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.tasks import is_past_due, is_pending
from qpvdesk.domain.wording import called, reserve_words
from qpvdesk.reports import folding
from qpvdesk.reports.cells import EntryBox, WeatherBoxes, WeatherCell
from qpvdesk.reports.ending import paired
from qpvdesk.reports.folding import (
    COUNTS_STYLE,
    NAMED_MAX,
    FoldedList,
    folded_engagements,
    is_hindered,
    told_on,
)
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, small_heading
from qpvdesk.reports.left_out import late_engagements_words
from qpvdesk.reports.style import NOTE_STYLE, REGULAR, SMALL, code_width, fill, text_width
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, group_title, led, paragraph, stacked
from qpvdesk.reports.text_cell import TextCell

ANNEX = Entry("annexe", "Annexe", 0)
"""Everything; printed where it is asked for."""

_LETTERS = ", ".join(
    f"{letter} ({WEATHER_LABELS[weather].lower()})"
    for letter, weather in zip("SANC", WeatherBoxes.ASKED, strict=True)
)
STRUCK = "Barrez le nom d’un engagement pour lequel une météo n’est pas nécessaire."
_WRITTEN = f"Dans chaque case{NNBSP}: {_LETTERS}. {STRUCK}"
_WORRYING = 3
_WORRIES = ("Compromis", "Appuis nécessaires", "Échéance ou étape passée")
"""What goes badly, the gravest first."""
_WELL = ("Sécurisé ou atteignable", "Sécurisés ou atteignables")
"""Of those that go well: one, several."""
_NOUNS = ("engagement", "autre engagement")
"""Of those that are folded: whether some that go as they do have a row."""
_GOES_WELL = (Weather.SOLEIL, Weather.COUVERT)
_WEATHER_WIDTH = 104.0
"""Of its column: the day of an old météo and its word stand on one line."""


class Detail(IntEnum):
    """How much a chapter says line by line; what it folds stands in the annex."""

    WHOLE = 0
    NEWS = 1
    """Of what is followed, what has a new value; of the engagements, those that go badly."""
    LATE = 2
    """Of the objectives as well, those to be treated or to be filled in."""
    LEAST = 3
    """Of the objectives those to be treated alone, without the drawing of the parities; of the engagements, the first."""
    WORST = 4
    """Of the objectives those that are late or missed: those to be watched are named under them."""


def told_engagements(
    data: CopilData, engagements: Sequence[Engagement], detail: Detail, *, alone: int = 0
) -> list[Flowable]:
    """The engagements of which something is said; the others are counted. `alone`: on a paper that no annex goes with, how
    many alike are named before the others are told by their codes; the météo is asked for that lacks or has grown old."""
    situation = data.situation
    told = [item for item in engagements if has_news(situation, item)]
    only_bad = data.composition.late_only or detail > Detail.WHOLE
    worrying = sorted(
        (item for item in told if is_worrying(situation, item)),
        key=lambda item: _gravity(situation, item),
    )
    first = worrying
    if not data.composition.late_only:
        # What hinders an engagement is read beside it, however well it is said to go.
        first = worrying + [item for item in told if item not in worrying and is_hindered(situation, item)]
    if detail >= Detail.LEAST and not data.composition.late_only:
        first = first[:_WORRYING]
    rows = first if only_bad else told
    blocks = news_table(situation, rows)
    if data.composition.late_only:
        words = late_engagements_words(len(rows), len(engagements), annexed(data) or data.in_whole)
        return [*([paragraph(words, NOTE_STYLE)] if words else []), *blocks]
    tight = detail >= Detail.LEAST and alone <= 1
    line = partial(folded_engagements, situation, most=alone or (1 if tight else NAMED_MAX))
    awaited = [item for item in engagements if awaits_weather(situation, item)]
    old = [item for item in engagements if is_old(situation, item)]
    # What is asked for below need not be said to lack, unless its date is past.
    asked = [item for item in awaited if alone and item not in worrying]
    left = [item for item in told if item not in rows and item not in asked]
    lists = [*_folded_lists(situation, rows, left, line)]
    if alone == 1:
        # Those whose météo is old are above, with their names and what hinders them.
        lists += _to_renew(old)
        # Where there is no room for boxes they are named.
        lists += line("Météo à donner", awaited)
    lists = folding.elsewhere(lists, "" if alone else annexed(data))
    blocks += folding.joined(lists) if tight else folding.list_paragraphs(lists)
    if alone:
        return blocks + (_to_write(situation, awaited, old) if alone > 1 else [])
    return blocks + _silent(data, [item for item in engagements if item not in told])


def _folded_lists(
    situation: Situation,
    rows: Sequence[Engagement],
    left: Sequence[Engagement],
    line: Callable[..., list[FoldedList]],
) -> Iterator[FoldedList]:
    """What those that have no row are told by, the gravest first, each by its own météo. `rows`: those that have one."""
    worrying = [item for item in left if is_worrying(situation, item)]
    for rank, words in enumerate(_WORRIES):
        alike = [item for item in worrying if _gravity(situation, item) == rank]
        shown = any(is_worrying(situation, item) and _gravity(situation, item) == rank for item in rows)
        # Of a date that is past it is not the météo that tells.
        yield from line(words, alike, _NOUNS[shown], dated=rank < 2)
    well, unneeded, untold = _apart(situation, [item for item in left if item not in worrying])
    others = any(situation.weather_of(item.key) in _GOES_WELL for item in rows)
    yield from line(_WELL[len(well) > 1], well, _NOUNS[others], dated=True)
    yield from line("Météo non nécessaire", unneeded)
    # That all are hindered is told by what is noted of them.
    of_all = all(is_hindered(situation, item) for item in untold)
    of_some = {"is_hindered": lambda _: False} if of_all else {}
    yield from line(f"Sans météo, mais {_noted_words(situation, untold)}", untold, **of_some)


def _to_renew(old: Sequence[Engagement]) -> list[FoldedList]:
    """Those whose météo has grown old, of which the lines above tell: the names of several are there."""
    if not old:
        return []
    words = plural(len(old), "engagement", "engagements")
    head = f"Météo à redonner, parmi ceux qui précèdent ({words}){NNBSP}:"
    return [FoldedList(head, code_ranges([item.code for item in old]) if old[1:] else called(old[0]))]


def _noted_words(situation: Situation, engagements: Sequence[Engagement]) -> str:
    """`étapes et résultats notés`: what is known of those whose météo says nothing."""
    meteos = [meteo for item in engagements if (meteo := situation.meteo_of(item.key)) is not None]
    known = (
        ("étapes", any(steps_words(situation, item) for item in engagements)),
        ("résultats", any(meteo.results.strip() for meteo in meteos)),
        ("freins", any(meteo.obstacles.strip() for meteo in meteos)),
        ("suites", any(meteo.next_steps.strip() for meteo in meteos)),
    )
    kinds = [name for name, is_known in known if is_known]
    return f"{enumerate_words(kinds)} {'signalées' if set(kinds) <= {'étapes', 'suites'} else 'signalés'}"


def _gravity(situation: Situation, engagement: Engagement) -> int:
    """The rank in `_WORRIES` of one that goes badly."""
    weather = situation.weather_of(engagement.key)
    return 0 if weather is Weather.ORAGE else 1 if weather is Weather.NUAGE else 2


def _apart(situation: Situation, items: Sequence[Engagement]) -> tuple[list[Engagement], ...]:
    """Those that are said to go well, those that need no météo, those that have none."""
    by_weather: tuple[list[Engagement], ...] = ([], [], [])
    for item in items:
        weather = situation.weather_of(item.key)
        by_weather[0 if weather in _GOES_WELL else 1 if weather is Weather.NON_NECESSAIRE else 2].append(item)
    return by_weather


def news_table(situation: Situation, engagements: Sequence[Engagement]) -> list[Flowable]:
    """Engagements with what is said of each and its météo; nothing for none."""
    if not engagements:
        return []
    widths = fill(code_width(item.code for item in engagements), None, _WEATHER_WIDTH)
    rows: list[list[Any]] = [
        [
            cell(item.code, widths[0] - 4),
            _engagement_text(situation, item, news_of(situation, item), widths[1] - 8),
            _weather(situation, item, widths[2] - 4),
        ]
        for item in engagements
    ]
    return data_table(("Code", "Engagement", "Météo"), rows, widths)


def weather_asked(silent: Sequence[Engagement], old: Sequence[Engagement], how: str) -> list[Flowable]:
    """The title of what is asked of those without a météo, and of those whose météo has grown old; `how` to answer."""
    counts = [
        f"{words} ({len(items)})" for words, items in (("à donner", silent), ("à redonner", old)) if items
    ]
    return [*small_heading(f"Météo {' et '.join(counts)}"), paragraph(how, NOTE_STYLE)]


def named_since(situation: Situation, engagement: Engagement, name: str) -> str:
    """Its name, with the day of the météo that it has."""
    return f"{name}{told_on(situation, engagement)}"


def _to_write(
    situation: Situation, silent: Sequence[Engagement], old: Sequence[Engagement]
) -> list[Flowable]:
    """Those of which a météo is asked, two a row, each with a box to write it in; the day of the one that they have is
    under the name of those whose météo is old."""
    if not silent and not old:
        return []
    widths = fill(None, 30, None, 30)
    halves: list[list[Any]] = []
    for item in (*silent, *old):
        named = f"{named_since(situation, item, item.label)} ({item.code})"
        halves.append([cell(named, widths[0] - 10), EntryBox("", 20, 12)])
    table = paired(("Engagement", "Météo"), halves, widths)
    return [*weather_asked(silent, old, _WRITTEN), *table]


def _silent(data: CopilData, items: Sequence[Engagement]) -> list[Flowable]:
    """The engagements of which nothing is said, counted by thématique, or by partner in a chapter that is not of one; the
    annex has their names."""
    if not items:
        return []
    names = data.situation.theme_names
    if data.composition.chapters == PARTNERS:
        ordered = sorted(items, key=lambda item: names.rank(item.theme))
        counts = Counter(names[item.theme].lower() for item in ordered)
    else:
        partners = [data.situation.partner(item.partner) for item in items]
        counts = Counter(partner.usual_name for partner in partners)
    told = f"{NNBSP}; ".join(f"{name} {count}" for name, count in counts.items())
    words = plural(len(items), "engagement", "engagements")
    named = f", nommé{'s' * (len(items) > 1)} {where}" if (where := annexed(data)) else ""
    return [
        led(f"Ni météo, ni étape, ni échéance passée ({words}{named}){NNBSP}:", f" {told}.", COUNTS_STYLE)
    ]


def has_annex(data: CopilData) -> bool:
    return any(choice.word == ANNEX.key for choice in data.composition.choices or ())


def annexed(data: CopilData) -> str:
    """Where to read what is folded; empty where that is not joined."""
    return "en annexe du dossier" if has_annex(data) else ""


def awaits_weather(situation: Situation, engagement: Engagement) -> bool:
    """Whether a météo is asked for: nothing says how the engagement goes, not even its steps."""
    untold = situation.weather_of(engagement.key) is Weather.NON_RENSEIGNEE
    return untold and not steps_words(situation, engagement)


def has_news(situation: Situation, engagement: Engagement) -> bool:
    """Whether something is said of an engagement: a météo, steps, a date gone by."""
    told = situation.weather_of(engagement.key) is not Weather.NON_RENSEIGNEE
    return told or bool(news_of(situation, engagement))


def is_old(situation: Situation, engagement: Engagement) -> bool:
    """Whether the last météo of an engagement is too old to be called recent; one that is not needed never is."""
    meteo = situation.meteo_of(engagement.key)
    if meteo is None or meteo.weather in (Weather.NON_RENSEIGNEE, Weather.NON_NECESSAIRE):
        return False
    return is_old_meteo(meteo.day, situation.day)


def is_worrying(situation: Situation, engagement: Engagement) -> bool:
    """Whether an engagement is said to need support or to be at risk, or is late."""
    bad = situation.weather_of(engagement.key) in (Weather.NUAGE, Weather.ORAGE)
    return (
        bad
        or (engagement.due is not None and engagement.due < situation.day)
        or _has_late_step(situation, engagement)
    )


def _has_late_step(situation: Situation, engagement: Engagement) -> bool:
    """Whether a step of an engagement is due and not done."""
    return any(is_past_due(item, situation.day) for item in situation.steps.get(engagement.key, ()))


def news_of(situation: Situation, engagement: Engagement) -> list[str]:
    """What is said of an engagement: its date where that is gone, its results, what hinders it, its steps."""
    told: list[str] = []
    if engagement.due is not None and engagement.due < situation.day:
        told.append(f"Échéance{NNBSP}: {format_date(engagement.due)} (passée).")
    told += said_of(situation, engagement)
    meteo = situation.meteo_of(engagement.key)
    if meteo is not None and meteo.next_steps.strip():
        # « En septembre » of a météo of May is read in November: its day stands beside it.
        decided = f"{NNBSP}; décision prise depuis." if is_decided(situation, engagement, meteo) else "."
        steps = meteo.next_steps.strip().rstrip(".")
        told.append(f"Suites annoncées {announced_on(situation, meteo)}{NNBSP}: {steps}{decided}")
    return told + steps_words(situation, engagement)


def is_decided(situation: Situation, engagement: Engagement, meteo: Meteo) -> bool:
    """Whether a meeting decided since of what that météo announces."""
    words = f"{meteo.next_steps} {engagement.label}"
    partner = situation.partner(engagement.partner)
    return decided_since(situation.dossier, partner, words, since=meteo.day, day=situation.day)


def said_of(situation: Situation, engagement: Engagement) -> list[str]:
    """What the last météo tells, results and obstacles; what was so when an old one was given is dated."""
    meteo = situation.meteo_of(engagement.key)
    if meteo is None:
        return []
    dated = f" au {format_date(meteo.day)}" if is_old_meteo(meteo.day, situation.day) else ""
    told = ((f"Résultats{dated}", meteo.results), ("Freins", meteo.obstacles))
    return [f"{name}{NNBSP}: {text}" for name, text in told if text.strip()]


def whole_engagements(situation: Situation, engagements: Sequence[Engagement]) -> list[Flowable]:
    """Each engagement with everything that is known of it, by thématique."""
    widths = fill(code_width(item.code for item in engagements), None, _WEATHER_WIDTH)
    rows: list[list[Any]] = []
    groups: list[int] = []
    theme: str | None = None
    names = situation.theme_names
    for engagement in sorted(engagements, key=lambda item: names.rank(item.theme)):
        if engagement.theme != theme:
            theme = engagement.theme
            groups.append(len(rows))
            rows.append([group_title(names[theme]), "", ""])
        rows.append(
            [
                cell(engagement.code, widths[0] - 4),
                _engagement_text(situation, engagement, _whole_text(situation, engagement), widths[1] - 8),
                _weather(situation, engagement, widths[2] - 4),
            ]
        )
    return data_table(("Code", "Engagement", "Météo"), rows, widths, groups=groups)


def _engagement_text(
    situation: Situation, engagement: Engagement, more: Sequence[str], width: float
) -> str | TextCell:
    """The label of an engagement, its reserves and what else is said of it."""
    own = [
        item.text
        for item in situation.dossier.conditions
        if item.engagement is not None and situation.followed_by(item.engagement) == engagement.key
    ]
    told = [*map(reserve_words, dict.fromkeys(own)), *more]
    return stacked(engagement.label, told) if told else cell(engagement.label, width)


def _whole_text(situation: Situation, engagement: Engagement) -> list[str]:
    """Everything that is known of an engagement: whose columns would hold the same on each row, in a line under it."""
    ahead = engagement.due is not None and engagement.due >= situation.day
    due = f"échéance{NNBSP}: {format_date(engagement.due)}" if ahead else ""
    axis = axis_words(situation.dossier, engagement)
    more = [" · ".join(filter(None, [NATURE_LABELS[engagement.nature], due, axis, engagement.detail]))]
    more += news_of(situation, engagement)
    return more + [f"– {precision_words(item)}" for item in situation.precisions_of(engagement.key)]


def steps_words(situation: Situation, engagement: Engagement) -> list[str]:
    """How many of the steps of an engagement are done, and which comes next or is late; nothing where it has none."""
    steps = situation.steps.get(engagement.key)
    if not steps:
        return []
    to_do = [item for item in steps if is_pending(item, situation.day)]
    done = len(steps) - len(to_do)
    text = f"Étapes{NNBSP}: {plural(done, 'faite', 'faites')} sur {len(steps)}"
    if to_do:
        coming = min(to_do, key=lambda item: (item.due or date.max, item.rank, item.key))
        who = f", {coming.who}" if coming.who else ""
        when = f", prévue le {format_date(coming.due)}" if coming.due is not None else ""
        late = ", en retard" if is_past_due(coming, situation.day) else ""
        word = "à faire" if len(to_do) == 1 else "à faire d’abord" if late else "prochaine"
        text += f"{NNBSP}; {word}{NNBSP}: {coming.label.rstrip('.')}{who}{when}{late}"
    return [f"{text}."]


def _weather(situation: Situation, engagement: Engagement, width: float) -> WeatherCell:
    meteo, weather = situation.meteo_of(engagement.key), situation.weather_of(engagement.key)
    word = WEATHER_LABELS[weather]
    whole = text_width(word, REGULAR, SMALL) <= width - WeatherCell.INDENT
    words = [word] if whole else word.split(" ", 1)
    old = ", ancienne" if is_old(situation, engagement) else ""
    # The day on which nothing was said would be read as that of the words above it.
    told = meteo is not None and weather is not Weather.NON_RENSEIGNEE
    day = f"{format_date(meteo.day)}{old}" if meteo is not None and told else ""
    return WeatherCell(weather, words, day, width)
