"""The slides of what is promised: one for each partner, thématique or axis, as the chapters of the file are chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from qpvdesk.charts.bars import BAR_ORDER, counts_sentence
from qpvdesk.domain import attention, counts
from qpvdesk.domain.counts import promised_count
from qpvdesk.domain.french import NNBSP
from qpvdesk.domain.gatherings import PARTNERS, gatherings
from qpvdesk.domain.model import Engagement
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.wording import called
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.left_out import untold_words
from qpvdesk.reports.pace import before_the_contract, too_slow_words
from qpvdesk.reports.references import parity_words
from qpvdesk.reports.sections.asking import FAR
from qpvdesk.reports.sections.positions import counted_beside, hindrances_briefly, is_at_risk, positions
from qpvdesk.reports.slide_tables import (
    ROWS_MAX,
    TITLE_MAX,
    Slide,
    SlideTable,
    first_rows,
    is_cramped,
    source_words,
)

_Laid = tuple[Sequence[Assessment], SlideTable]
"""Those that have a row, and their table."""
_ROWS_KEPT = 2
"""Rows that a hindrance leaves, at least."""


def chapter_slides(data: CopilData) -> list[Slide]:
    """One for each partner, thématique or axis that promised something."""
    situation, by = data.situation, data.composition.chapters
    if by == PARTNERS:
        return [
            _chapter(
                data,
                (item.partner.name, item.partner.usual_name),
                item.counts,
                [told for told in situation.counted if told.objective.partner == item.partner.key],
                engagements=situation.engagements_of_partner(item.partner.key),
            )
            for item in situation.partners
            if item.objectives
        ]
    told = []
    for gathering in gatherings(situation, by):
        keys = {item.key for item in gathering.objectives}
        own = [item for item in situation.counted if item.objective.key in keys]
        by_status = counts.count(own)
        if promised_count(by_status):
            names = (gathering.name, gathering.name)
            told.append(_chapter(data, names, by_status, own, engagements=gathering.engagements))
    return told


def _chapter(
    data: CopilData,
    names: tuple[str, str],
    by_status: Mapping[Statut, int],
    own: Sequence[Assessment],
    *,
    engagements: Sequence[Engagement],
) -> Slide:
    """What is promised of one partner, thématique or axis: what is to be treated first. `names`: whole, then short;
    `engagements`: its own, of whose reserves and hindrances it speaks."""
    situation, (name, short) = data.situation, names
    promised = [item for item in own if item.status is not Statut.SUIVI]
    keys = {item.objective.key for item in promised}
    to_treat = [item for item in situation.to_treat if item.objective.key in keys]
    first = attention.first(to_treat, ROWS_MAX, unranked=0).shown
    looked_at = {item.objective.key for item in first}
    ordered = [*first, *(item for item in promised if item.objective.key not in looked_at)]
    message = " ".join([counts_sentence(by_status), *before_the_contract(situation, own)])
    partners = {item.objective.partner for item in own} | {item.partner for item in engagements}
    reserve, *hindered = positions(situation, engagements, sorted(partners))
    # A reproach without the reserve that was made of it, or what goes well without what it leads to, is half told.
    under = " ".join([*filter(None, [reserve]), *too_slow_words(situation, own, named=False)])
    others = untold_words(situation, promised, (), to_treat)
    shown, table = first_rows(data, ordered, message, others=others, under=under)
    compared = [item.objective for item in shown]
    if parity_words(situation, compared):
        # The day of a reference costs no row.
        parities = (f"{parity_words(situation, compared, dated=valued)} {under}" for valued in (True, False))
        laid = {text: first_rows(data, ordered, message, others=others, under=text) for text in parities}
        under = max(laid, key=lambda text: len(laid[text][0]))
        shown, table = laid[under]
    # One status fills a bar that compares nothing.
    barred = sum(1 for status in BAR_ORDER if by_status.get(status)) > 1
    if barred and is_cramped(shown, table, len(ordered)):
        # The sentence over a bar says it whole: it makes room for a name.
        free = first_rows(data, ordered, message, others=others, under=under, barred=False)
        if not is_cramped(*free, len(ordered)):
            barred, (shown, table) = False, free
    lay = partial(first_rows, data, ordered, message, others=others, barred=barred)
    at_risk = bool(hindered) and is_at_risk(situation, engagements)
    told = [*hindered, *hindrances_briefly(situation, engagements)] if hindered else []
    hindrance, under, (shown, table) = _with_hindrance(lay, (shown, table), under, told, at_risk=at_risk)
    if told and (not hindrance or (hindrance == told[-2] != told[0])):
        # The last line of the sentence on top has room for how many they are where those under the table have none.
        counted = f"{message} {counted_beside(situation, engagements) if hindrance else told[-1]}"
        again = first_rows(data, ordered, counted, others=others, under=under, barred=barred)
        message, (shown, table) = (counted, again) if again == (shown, table) else (message, (shown, table))
    left = len(promised) - len(shown)
    others = untold_words(situation, promised, shown, to_treat) if left else ""
    return Slide(
        short if len(name) > TITLE_MAX else name,
        message,
        table,
        " ".join(filter(None, (others, under))),
        bars=((short, by_status),) if barred else (),
        notes="\n".join(filter(None, (_unshown(promised, shown), *hindered, source_words(data)))),
    )


def _with_hindrance(
    lay: Callable[..., _Laid], laid: _Laid, under: str, hindrances: Sequence[str], *, at_risk: bool
) -> tuple[str, str, _Laid]:
    """What is said of it, what stands under the table, and the table: with what hinders them, ahead of the rest and
    were it for a row where it is of what is `at_risk`, but of nothing that is late, else where it costs nothing.
    `hindrances`: the same in fewer and fewer words. What PowerPoint opens says the same as the pages."""
    rows = len(laid[0])
    late = [item for item in laid[0] if item.status in FAR]
    for hindrance in hindrances:
        text = " ".join(filter(None, (hindrance, under) if at_risk else (under, hindrance)))
        shown, table = lay(under=text)
        enough = len(shown) >= max(rows - 1, min(rows, _ROWS_KEPT)) and all(item in shown for item in late)
        kept = enough if at_risk else table == laid[1]
        if kept and (not is_cramped(shown, table, rows) or is_cramped(*laid, rows)):
            return hindrance, text, (shown, table)
    return "", under, laid


def _unshown(promised: Sequence[Assessment], shown: Sequence[Assessment]) -> str:
    """By name, those that the table leaves out: whoever speaks is asked for them."""
    names = [called(item.objective) for item in promised if item not in shown]
    return f"Non montrés{NNBSP}: {f'{NNBSP}; '.join(names)}." if names else ""
