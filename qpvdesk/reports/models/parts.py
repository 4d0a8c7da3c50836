"""What several short papers show alike: promises with their météo, means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from msgspec.structs import replace
from reportlab.platypus import Flowable

from qpvdesk.domain.agenda import NextDate, late_dates, past_engagements
from qpvdesk.domain.alerts import VALEUR_PROVISOIRE
from qpvdesk.domain.announced import announced_on
from qpvdesk.domain.expected import is_to_ask
from qpvdesk.domain.french import (
    NNBSP,
    code_ranges,
    format_date,
    format_number,
    format_on,
    lowered,
    plural,
    raised,
)
from qpvdesk.domain.how_far import value_words
from qpvdesk.domain.meetings import decided_already, is_entrusted, is_named, overdue
from qpvdesk.domain.model import WEATHER_LABELS, Engagement, Measurement, Meteo, Objective, Weather
from qpvdesk.domain.moves import Move, moves_between
from qpvdesk.domain.points import ident_of
from qpvdesk.domain.progress import day_words
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.themes import PARTICIPATION
from qpvdesk.domain.wording import called, of, quoted
from qpvdesk.reports.cells import WeatherBoxes, WeatherCell
from qpvdesk.reports.ending import paired, tightened
from qpvdesk.reports.folding import COUNTS_STYLE
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.left_out import of_whom
from qpvdesk.reports.lists import titled
from qpvdesk.reports.sections.engagements import (
    STRUCK,
    awaits_weather,
    has_news,
    is_decided,
    is_old,
    named_since,
    news_table,
    weather_asked,
)
from qpvdesk.reports.sections.essential import unseen
from qpvdesk.reports.style import NOTE_STYLE, code_width, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph, stacked

_TICKED = (
    f"Dans l’ordre{NNBSP}: {', '.join(WEATHER_LABELS[item].lower() for item in WeatherBoxes.ASKED)}. {STRUCK}"
)
_FIGURES_MAX, _RUN_ON_MAX = 12, 6
_DUE_MAX, _ANNOUNCED_MAX = 10, 8
"""Questions of one kind: of eighty engagements, what is late or was announced ran over four pages."""
_OF_ENGAGEMENTS = ("engagement", "etape")
"""The kinds of dates that are of an engagement."""
_LATE = {"etape": "Étapes en retard", "visite": "Suites de visites en retard"}


def live(data: CopilData) -> list[Engagement]:
    """The promises that stand, by partner."""
    now = data.situation
    return [item for summary in now.partners for item in now.engagements_of_partner(summary.partner.key)]


def announced(situation: Situation, own: Sequence[Engagement]) -> list[tuple[Engagement, Meteo]]:
    """Those promises with their last météo, where it announces something; what a meeting decided of it since is told in
    its stead."""
    return [
        (item, meteo)
        for item in own
        if (meteo := situation.meteo_of(item.key)) is not None
        and meteo.next_steps.strip()
        and not is_decided(situation, item, meteo)
    ]


def due_words(item: NextDate) -> str:
    """« Le 15/12/2026, étape : Évaluer la première année (CALL-E01, …). »"""
    when = format_on(item.day)
    return f"{raised(when)}, {lowered(item.told)}."


def coming_words(item: NextDate) -> str:
    """`étape le 15/12/2026, « Évaluer la première année » (CALL-E01, …)`: who reads the note has no file beside it."""
    kind = re.split(f"{NNBSP}: | \\(", item.label)[0]
    what = item.task.strip("«» \u00a0\u202f")
    return f"{lowered(kind)} {format_on(item.day)}{f', {quoted(what)}{item.whose}' if what else ''}"


def to_ask(data: CopilData, key: str, looked_at_max: int) -> list[str]:
    """What to ask a partner of what should be done: decisions entrusted, steps and visits past due, visits that name it,
    what was announced with a météo.

    A decision of one of the first objectives that are looked at, `looked_at_max`, is asked of with it. Of many, the first
    are named and the others told by the codes of their engagements.
    """
    situation, dossier = data.situation, data.situation.dossier
    partner = next(item for item in dossier.partners if item.key == key)
    looked_at = [item.objective for item in situation.to_look_at(looked_at_max, key).shown]
    asked_of = [decided_already(dossier, item, data.day) for item in looked_at]
    # The talk is before the committee: what falls due until then is asked of too.
    late = [
        (item.due, quoted(item.label.rstrip(" .")), "")
        for item in overdue(dossier, data.day, data.read_on)
        if is_entrusted(item.carrier, partner) and item not in asked_of
    ]
    own = situation.engagements_of_partner(key)
    codes = {item.code for item in own}
    coming = [item for item in data.review.agenda if item.day < data.read_on]
    dated = [*late_dates(situation), *past_engagements(situation), *coming]
    visits = [item for item in dated if item.kind == "visite"]
    carried = [item for item in visits if is_entrusted(item.who, partner)]
    # The engagement has its name below.
    late += [
        (item.day, f"{quoted(item.task)} ({item.code})", item.code)
        for item in dated
        if item.kind in _OF_ENGAGEMENTS and item.code in codes
    ]
    late += [(item.day, quoted(item.task), "") for item in carried]
    due = [
        (f"Où en est {label}, attendu pour le {format_date(day)}{NNBSP}?", code) for day, label, code in late
    ]
    told = _first_asked(due, _DUE_MAX, "Où en sont les {} autres échéances")
    told += [
        f"Quelle part prenez-vous à {quoted(item.task)}, suite de visite attendue pour le {format_date(item.day)}"
        f"{f' ({item.who})' if item.who else ''}{NNBSP}?"
        for item in visits
        if item not in carried and is_named(item.task, partner)
    ]
    followed = [
        (
            f"Que devient ce qui était annoncé {announced_on(situation, meteo)}, "
            f"{quoted(meteo.next_steps.strip().rstrip('.'))} ({item.code}){NNBSP}?",
            item.code,
        )
        for item, meteo in announced(situation, own)
    ]
    return told + _first_asked(followed, _ANNOUNCED_MAX, "Que deviennent les {} autres suites annoncées")


def _first_asked(asked: Sequence[tuple[str, str]], most: int, others: str) -> list[str]:
    """The first questions, then one of the others with the codes that they are of; one more is asked as soon. `asked`: each
    with the code that it is of, empty for none."""
    if len(asked) <= most + 1:
        return [question for question, _ in asked]
    left = [code for _, code in asked[most:]]
    coded = [code for code in left if code]
    codes = code_ranges(sorted(set(coded)))
    named = f" ({codes})" if codes else ""
    if 0 < len(coded) < len(left):
        # « les 12 autres échéances (E10, E11) » would be of these two alone.
        named = f", dont {'une' if len(coded) == 1 else len(coded)}{of(codes)}"
    return [*(question for question, _ in asked[:most]), f"{others.format(len(left))}{named}{NNBSP}?"]


def provisional_values(data: CopilData, partner: str) -> list[tuple[Objective, Measurement]]:
    """The values of a partner (its key) that were given for provisional and wait too long for the last word, unless the
    officer set the alert aside."""
    situation = data.situation
    waiting = {
        point.ident for point in unseen(data) if point.kind == VALEUR_PROVISOIRE and point.partner == partner
    }
    return [
        (objective, item)
        for objective in situation.objectives_of_partner(partner)
        for item in {item.day: item for item in situation.measurements_of(objective.key)}.values()
        if ident_of(VALEUR_PROVISOIRE, objective.code, item.day.isoformat()) in waiting
    ]


def awaited_words(data: CopilData, awaited: Sequence[Objective]) -> str:
    """How many figures have no value of the year, by partner, which of them are to be asked for now, and of which a value
    given for provisional is to be confirmed: the form asks for no other."""
    due = [item.partner for item in awaited if is_to_ask(data.situation.assessments[item.key])]
    everyone, rest = of_whom(data, [item.partner for item in awaited]), len(awaited) - len(due)
    if not rest:
        words = plural(len(due), "chiffre suivi, à demander", "chiffres suivis, à demander")
        return f"{words}{NNBSP}: {everyone}." if due else ""
    told = f"{plural(len(awaited), 'chiffre suivi', 'chiffres suivis')}{NNBSP}: {everyone}"
    asked = (
        [f"{len(due)} {'est' if len(due) == 1 else 'sont'} à demander ({of_whom(data, due)})"] if due else []
    )
    unsure = {
        item.key for key in {item.partner for item in awaited} for item, _ in provisional_values(data, key)
    }
    confirmed = [
        item.partner
        for item in awaited
        if item.key in unsure and not is_to_ask(data.situation.assessments[item.key])
    ]
    if confirmed:
        singular, many = ("autre a", "autres ont") if due else ("a", "ont")
        words = plural(len(confirmed), f"{singular} une valeur provisoire", f"{many} une valeur provisoire")
        asked.append(f"{words} à confirmer ({of_whom(data, confirmed)})")
        if rest := rest - len(confirmed):
            others = "l’autre" if rest == 1 else f"les {rest} autres"
            asked.append(f"rien n’est à demander pour {others}")
    elif due:
        asked.append("l’autre n’a pas à l’être" if rest == 1 else f"les {rest} autres n’ont pas à l’être")
    else:
        asked.append("il n’est pas à demander" if rest == 1 else "aucun n’est à demander")
    return f"{told}{NNBSP}; {', '.join(asked)} à ce jour."


BY_WEATHER: tuple[tuple[str, str, tuple[Weather, ...]], ...] = (
    ("sécurisé", "sécurisés", (Weather.SOLEIL,)),
    ("en cours", "en cours", (Weather.COUVERT, Weather.NUAGE)),
    ("compromis", "compromis", (Weather.ORAGE,)),
)
"""What a météo says of an engagement is confidence: none is called kept or done, and none is called late."""


WEATHER_RULE = (
    f"D’après la dernière météo de chaque engagement. Sécurisé{NNBSP}: «{NNBSP}objectifs sécurisés{NNBSP}». En cours"
    f"{NNBSP}: «{NNBSP}objectifs atteignables{NNBSP}» ou «{NNBSP}appuis nécessaires{NNBSP}». Compromis{NNBSP}: «{NNBSP}"
    f"objectifs compromis{NNBSP}». Une météo dit la confiance, non ce qui est fait."
)


def engagements_table(
    data: CopilData,
    items: Sequence[Engagement],
    more: Callable[[Engagement], Sequence[str]] = lambda _: (),
    nothing: str = "Aucun.",
) -> list[Flowable]:
    """The promises with their météo, and under each what `more` tells of it; `nothing` where there are none."""
    if not items:
        return [paragraph(nothing, NOTE_STYLE)]
    widths = fill(code_width(item.code for item in items), None, 120)
    rows: list[list[Any]] = []
    for item in items:
        under = more(item)
        weather = data.situation.weather_of(item.key)
        rows.append(
            [
                cell(item.code, widths[0] - 4),
                stacked(item.label, under) if under else cell(item.label, widths[1] - 8),
                WeatherCell(weather, [WEATHER_LABELS[weather]], _dated(data, item), widths[2] - 4),
            ]
        )
    return data_table(("Code", "Engagement", "Météo"), rows, widths)


def engagements_told(
    data: CopilData, engagements: Sequence[Engagement], *, asked: bool = False
) -> list[Flowable]:
    """The engagements with news; the names of those that wait for a météo, many of them two a row, each with its boxes
    where it is `asked`, as are those whose météo has grown old."""
    situation = data.situation
    silent = [item for item in engagements if awaits_weather(situation, item)]
    blocks = news_table(situation, [item for item in engagements if has_news(situation, item)])
    old = [item for item in engagements if asked and is_old(situation, item)]
    if asked and (silent or old):
        blocks += weather_asked(silent, old, _TICKED)
        widths = fill(code_width(item.code for item in (*silent, *old)), None, 118)
        rows = [
            [
                cell(item.code, widths[0] - 4),
                cell(named_since(situation, item, item.label), widths[1] - 8),
                WeatherBoxes(),
            ]
            for item in (*silent, *old)
        ]
        blocks += tightened(data_table(("Code", "Engagement", "À cocher"), rows, widths))
    elif len(silent) > _RUN_ON_MAX:
        widths = fill(*(code_width(item.code for item in silent), None) * 2)
        halves = [(cell(item.code, widths[0] - 4), cell(item.label, widths[1] - 10)) for item in silent]
        blocks += weather_asked(silent, (), "Ni météo, ni étape.")
        blocks += paired(("Code", "Engagement"), halves, widths)
    elif silent:
        words = plural(len(silent), "engagement sans météo ni étape", "engagements sans météo ni étape")
        names = f"{NNBSP}; ".join(f"{item.label.rstrip('.')} ({item.code})" for item in silent)
        blocks.append(paragraph(f"{words}, dont la météo est à demander{NNBSP}: {names}.", COUNTS_STYLE))
    return blocks


def unknown(count: int, thing: str, lacking: str) -> str:
    """What stands for a table where nothing is said of any of them: `Inconnu : aucun des 146 engagements n’a de météo.`"""
    if count > 1:
        things = " ".join(word if word.endswith("s") else f"{word}s" for word in thing.split())
        return f"Inconnu{NNBSP}: aucun des {format_number(count)} {things} {lacking}."
    verb, rest = lacking.split(" ", 1)
    return f"Inconnu{NNBSP}: le seul {thing} {verb} pas {rest}."


def learnt_moves(data: CopilData, until: date = date.max) -> tuple[Move, ...]:
    """What values entered after the day compared with, and dated of that day or before, changed at that day: what people
    knew then against what is known of it now, or was `until` a day. Nothing where what people saw then was frozen: it is
    told as a move."""
    baseline, dossier = data.review.baseline, data.situation.dossier
    if baseline is None or baseline.snapshot is not None:
        return ()
    received = tuple(
        item for item in dossier.measurements if item.entered_on is None or item.entered_on <= until
    )
    known = tuple(
        item
        for item in received
        if item.day > baseline.day or item.entered_on is None or item.entered_on <= baseline.day
    )
    if len(known) == len(received):
        return ()
    then = Situation(replace(dossier, measurements=known), baseline.day)
    return moves_between(then, Situation(replace(dossier, measurements=received), baseline.day))


def no_move(data: CopilData, words: str) -> str:
    """What is said where nothing moved: `words`, unless no value came since then."""
    if data.review.previous is None or learnt_moves(data):
        return words
    earlier = data.review.previous.assessments
    for key, after in data.situation.assessments.items():
        before = earlier.get(key)
        if after.value_day is not None and (
            before is None or (before.value, before.value_day) != (after.value, after.value_day)
        ):
            return words
    return "Aucun relevé daté de la période."


def _dated(data: CopilData, item: Engagement) -> str:
    """The day of its météo: an old one is no news."""
    meteo = data.situation.meteo_of(item.key)
    old = ", ancienne" if is_old(data.situation, item) else ""
    return f"au {format_date(meteo.day)}{old}" if meteo is not None else ""


def participation_figures(data: CopilData) -> list[Flowable]:
    """What is measured of the inhabitants' part, the first by name."""
    now = data.situation
    figures = [
        item
        for item in now.objectives
        if item.theme == PARTICIPATION and now.assessments[item.key].value is not None
    ]
    told = [_figure(data, item) for item in figures]
    where = ", dans les tableaux des partenaires"
    return (
        titled("Chiffres de la participation", told, "", most=_FIGURES_MAX, rest=where, small=True)
        if told
        else []
    )


def _figure(data: CopilData, item: Objective) -> str:
    found = data.situation.assessments[item.key]
    value = value_words(found)
    of_the_day = [same for same in data.situation.measurements_of(item.key) if same.day == found.value_day]
    comment = of_the_day[-1].comment if of_the_day else ""
    day = format_date(found.value_day)
    dated = day_words(found, "relevé du ")
    # What its remark says of when is said once.
    told = f"{called(item)}{NNBSP}: {value}{'' if day in comment else f', {dated}'}."
    return f"{told} {comment}".rstrip()


def late_title(late: Iterable[NextDate]) -> str:
    """The title over what is late: it names the kinds that are there alone."""
    kinds = {item.kind for item in late}
    return _LATE[kinds.pop()] if len(kinds) == 1 else "Étapes et suites de visites en retard"
