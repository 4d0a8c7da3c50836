"""What a chapter does not tell one by one: how many, the first by name, the others by their codes or where to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from reportlab.platypus import Flowable

from qpvdesk.domain.ages import is_old_meteo
from qpvdesk.domain.french import NNBSP, code_ranges, format_date, plural
from qpvdesk.domain.model import Engagement, Objective, Weather
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.wording import called
from qpvdesk.reports.ending import laid_out, tightened
from qpvdesk.reports.lists import first_of
from qpvdesk.reports.style import NOTE_STYLE
from qpvdesk.reports.text import Paragraph, clean, led, led_markup, whole_led

COUNTS_STYLE = NOTE_STYLE.clone("counts", spaceBefore=4)
_CLOSE_STYLE = COUNTS_STYLE.clone("close-counts", spaceBefore=0, spaceAfter=1)
NAMED_MAX = 4
_HINDERED, _HINDERED_MANY = "frein signalé", "freins signalés"
_UNNAMED = "Ceux qui ne sont pas nommés"


class FoldedList(Struct, frozen=True):
    """A line of what has no row."""

    head: str
    """What those are and how many, printed in bold."""
    names: str
    others: str = ""
    """How many have no name; empty where all have."""
    codes: str = ""
    """Which those are."""
    where: str = ""
    """Where to read those; empty where their codes stand in the line."""
    more: str = ""
    """What is to be known of some of those."""

    @property
    def told(self) -> str:
        """What follows the head."""
        which = f" ({self.where or self.codes})" if self.where or self.codes else ""
        return f" {self.names}{self.others}{which}{self.more}."


def folded(
    words: str,
    items: Sequence[Engagement] | Sequence[Objective],
    count: str,
    *,
    more: Callable[[Any], str] = lambda _: "",
    most: int = NAMED_MAX,
    is_hindered: Callable[[Any], bool] = lambda _: False,
) -> list[FoldedList]:
    """How many are not told one by one, with the first names; nothing for none.

    `count`: told by who knows how many of them are counted elsewhere; `more`: what follows the name of each; `most`: how
    many are named; `is_hindered`: said once in the head where it is true of all, else beside those that it is true of.
    """
    if not items:
        return []
    hindered = [item for item in items if is_hindered(item)]
    marked = hindered if len(hindered) < len(items) else []
    told_of_all = f", {_HINDERED if len(items) == 1 else _HINDERED_MANY}" if hindered and not marked else ""
    shown: Sequence[Engagement | Objective] = first_of(items, most)
    left = items[len(shown) :]
    names = [f"{called(item)}{more(item)}{f', {_HINDERED}' * (item in marked)}" for item in shown]
    # After « , 16 % au 13/08/2026 » a bare « et » would go on with the value.
    comma = "," * (names[-1] != called(shown[-1]))
    marked_left = sum(item in marked for item in left)
    with_hindrance = plural(marked_left, f"avec {_HINDERED}", f"avec {_HINDERED_MANY}")
    return [
        FoldedList(
            f"{words} ({count}{told_of_all}){NNBSP}:",
            f"{NNBSP}; ".join(names),
            f"{comma} et {plural(len(left), 'autre', 'autres')}" if left else "",
            code_ranges([item.code for item in left]),
            more=f", dont {with_hindrance}" if marked_left else "",
        )
    ]


def folded_engagements(
    situation: Situation,
    words: str,
    items: Sequence[Engagement],
    noun: str = "engagement",
    *,
    dated: bool = False,
    **more: Any,
) -> list[FoldedList]:
    """What `folded` makes of engagements, with what is said to hinder them. `dated`: with the day of their météo, in the
    head where all are of one day, else beside each name. `more`: other options of `folded`."""
    count = plural(len(items), noun, " ".join(f"{word}s" for word in noun.split()))
    options = {"is_hindered": partial(is_hindered, situation), **more}
    days = {meteo.day if (meteo := situation.meteo_of(item.key)) is not None else None for item in items}
    day = days.pop() if len(days) == 1 < len(items) else None
    if dated and day is None:
        options["more"] = partial(told_on, situation)
    elif dated and day is not None:
        of_all = all(map(options["is_hindered"], items))
        old = f", {'anciens' if of_all else 'anciennes'}" * is_old_meteo(day, situation.day)
        count += f", météos{' et freins' * of_all} du {format_date(day)}{old}"
        options |= {"is_hindered": lambda _: False} if of_all else {}
    return folded(words, items, count, **options)


def told_on(situation: Situation, engagement: Engagement) -> str:
    """« , météo du 11/05/2026 »: how old is what is said of it; nothing of a record of another thing than its weather."""
    meteo, weather = situation.meteo_of(engagement.key), situation.weather_of(engagement.key)
    told = meteo is not None and weather is not Weather.NON_RENSEIGNEE
    return f", météo du {format_date(meteo.day)}" if meteo is not None and told else ""


def is_hindered(situation: Situation, engagement: Engagement) -> bool:
    """Whether its météo says that something hinders it."""
    meteo = situation.meteo_of(engagement.key)
    return meteo is not None and bool(meteo.obstacles.strip())


def elsewhere(lists: Sequence[FoldedList], where: str) -> list[FoldedList]:
    """The lists of one chapter, the others of which are read there, and not by their codes: it is said once, after the
    last; as they are where it is empty."""
    cut = [item for item in lists if item.others]
    if not where or not cut:
        return [*lists]
    if len(cut) == 1:
        return [replace(item, where=f"à lire {where}") if item.others else item for item in lists]
    *first, last = (replace(item, codes="") for item in lists)
    return [*first, replace(last, more=f"{last.more}. {_UNNAMED}{NNBSP}: à lire {where}")]


def list_paragraphs(
    lists: Iterable[FoldedList], *, whole: bool = False, close: bool = False
) -> list[Flowable]:
    """A paragraph for each. `whole`: it may begin a page, and goes there whole; `close`: with less air between them."""
    build = whole_led if whole else led
    return [build(item.head, item.told, _CLOSE_STYLE if close else COUNTS_STYLE) for item in lists]


class JoinedLists(Paragraph):
    """Lists that run on in one paragraph, for a paper whose pages would not hold one for each."""

    lists: tuple[FoldedList, ...] = ()


def joined(lists: Sequence[FoldedList]) -> list[Flowable]:
    """The lists in one paragraph, which `parted` may part; nothing for none."""
    if not lists:
        return []
    block = JoinedLists(" ".join(led_markup(item.head, item.told) for item in lists), COUNTS_STYLE)
    block.lead, block.lists = clean(lists[0].head), (*lists,)
    return [block]


def parted(blocks: list[Flowable]) -> list[Flowable]:
    """The blocks of a paper, of its joined lists each that it costs no page in a paragraph a list, with less air if need be
    in them, then in its tables: all together, else from the last."""
    found = [block for block in blocks if isinstance(block, JoinedLists)]
    if not found:
        return blocks
    pages = laid_out(blocks)[0]
    tighter = tightened(blocks)
    for body, close in ((blocks, False), (blocks, True), (tighter, False), (tighter, True)):
        longer = _parted(body, found, close=close)
        if laid_out(longer)[0] == pages:
            return longer
    for block in reversed(found):
        for close in (False, True):
            longer = _parted(blocks, [block], close=close)
            if laid_out(longer)[0] == pages:
                blocks = longer
                break
    return blocks


def _parted(blocks: Sequence[Flowable], lists: Sequence[JoinedLists], *, close: bool) -> list[Flowable]:
    """The blocks, those lists in a paragraph each."""
    return [
        part
        for block in blocks
        for part in (list_paragraphs(block.lists, close=close) if block in lists else [block])
    ]
