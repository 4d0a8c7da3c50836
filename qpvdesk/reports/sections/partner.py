"""A chapter of promises: engagements, objectives, trajectories to talk about, shares against their reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from math import inf

from msgspec import Struct
from reportlab.platypus import Flowable

from qpvdesk.charts.bars import BAR_ORDER, status_bar, statuses_words
from qpvdesk.domain.counts import PartnerSummary, promised_count
from qpvdesk.domain.declined import (
    objectives_words,
    uncounted_words,
    with_rows,
)
from qpvdesk.domain.french import NNBSP, plural
from qpvdesk.domain.model import Engagement, Objective
from qpvdesk.domain.scales import listed
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import GROUPS, Group, Statut
from qpvdesk.domain.wording import is_reading, reserve_words
from qpvdesk.reports.ending import laid_out
from qpvdesk.reports.folding import COUNTS_STYLE, NAMED_MAX, FoldedList, folded, list_paragraphs
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, small_heading, title
from qpvdesk.reports.left_out import late_words
from qpvdesk.reports.objectives import (
    FOLLOWED_RULE,
    followed_table,
    promised_table,
)
from qpvdesk.reports.pace import before_the_contract, too_slow_words
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.references import parity_words
from qpvdesk.reports.sections.drawings import parity, trajectories
from qpvdesk.reports.sections.engagements import (
    Detail,
    annexed,
    has_news,
    is_worrying,
    told_engagements,
)
from qpvdesk.reports.sections.essential import tells_ticks
from qpvdesk.reports.sections.headline import lead_words
from qpvdesk.reports.sections.reserves import is_reserve, on_engagements, reserved
from qpvdesk.reports.style import BODY_STYLE, CONDITION_STYLE, HEIGHT, NOTE_STYLE, SMALL, WIDTH
from qpvdesk.reports.text import paragraph
from qpvdesk.reports.valued import followed_pairs, value_words

_GROUP_WORDS = (
    ("À surveiller", (Statut.A_SURVEILLER,)),
    ("Sans valeur ou sans trajectoire", GROUPS[Group.A_RENSEIGNER]),
    ("Atteints, en avance ou conformes", GROUPS[Group.VA_BIEN]),
)
_VALUED_MAX = 8
"""Of so many that have no row, each is told with its value; of fewer, where chapters and objectives are many."""
Bounds = tuple[float, float]
"""Pages beyond which a chapter says less line by line, and beyond which it draws no trajectory."""
_ROW = 25.0
"""Points of the least row of an objective: its name, what is under it, its air."""
MANY = 80
"""Objectives, of which more are not told within what a committee reads."""
_CHAPTERS = 7
"""More chapters than that share the pages of so many."""
_UNDER_BAR = 4.0
_SPARE = 0.15
"""Of a page, that a chapter may take beyond its room, lest its table of what is followed cost a row of what is promised."""


class PromiseChapter(Struct, frozen=True):
    """What a chapter tells: the promises of a partner, of a thématique or of an axis."""

    word: str
    """Names its part of the contents: `partenaire-ARS`, `thematique-emploi`."""
    name: str
    kicker: str
    lead: str
    """How much is promised, and how far it is."""
    counts: Mapping[Statut, int]
    """Of what is counted as promised, by status."""
    notes: tuple[str, ...]
    """Who to speak to, and the reserves made of the whole."""
    objectives: tuple[Objective, ...]
    engagements: tuple[Engagement, ...]
    running: str = ""
    """Its name at the head of its pages, where it has a short one."""

    @property
    def entry(self) -> Entry:
        return Entry(self.word, self.name, 0, self.running)

    @property
    def has_promises(self) -> bool:
        """Whether something is counted: what is only followed is not."""
        return promised_count(self.counts) > 0


def of_partner(data: CopilData, summary: PartnerSummary) -> PromiseChapter:
    situation, own = data.situation, summary.partner
    engagements = situation.engagements_of_partner(own.key)
    spoken_to = [f"Interlocuteur{NNBSP}: {own.contact_function}."] if own.contact_function else []
    general = map(reserve_words, reserved(situation, own.key))
    return PromiseChapter(
        f"partenaire-{own.code}",
        own.name,
        f"Partenaire · {own.code}",
        lead_words(len(engagements), summary.objectives),
        summary.counts,
        (*spoken_to, *general, *on_engagements(situation, engagements)),
        situation.objectives_of_partner(own.key),
        engagements,
        own.short_name,
    )


def is_silent(data: CopilData, objectives: Sequence[Objective], engagements: Sequence[Engagement]) -> bool:
    """Whether lateness alone is asked for, and nothing of these is late, to be watched, missed or compromised."""
    return data.composition.late_only and not (
        any(is_worrying(data.situation, item) for item in engagements)
        or _shown(data, objectives, Detail.WHOLE)
    )


def sub_entries(data: CopilData, chapter: PromiseChapter) -> list[Entry]:
    """The lines of the contents under a chapter."""
    code = chapter.word.removeprefix("partenaire-")
    entries = []
    promised = any(item.aim.promised for item in chapter.objectives)
    # Figures of context alone are counted in a line, which needs no title.
    followed = any(not item.is_context for item in chapter.objectives)
    if (promised or followed) and not is_silent(data, chapter.objectives, ()):
        name = "Objectifs chiffrés" if promised else "Chiffres suivis"
        entries.append(Entry(f"objectifs-{code}", name, 1))
    if any(has_news(data.situation, item) for item in chapter.engagements) and not is_silent(
        data, (), chapter.engagements
    ):
        entries.append(Entry(f"engagements-{code}", "Engagements", 1))
    return entries


def promise_chapter(
    data: CopilData, chapter: PromiseChapter, chapters: int, bounds: Bounds = (1.8, inf)
) -> list[Flowable]:
    """The blocks of the chapter: where what it gathers stands, objectives, their drawings, what is said of engagements;
    with as much detail as a few pages hold. What it folds is counted, and stands whole in the annex.

    `chapters`: how many such chapters the paper has.
    """
    room = bounds[0] * min(1.0, _CHAPTERS / chapters)
    roomy = chapters <= _CHAPTERS or len(data.situation.promised) <= MANY
    figures = _Figures(data, chapter, _VALUED_MAX if roomy else NAMED_MAX)
    for detail in Detail:
        if detail < Detail.WORST and len(_shown(data, chapter.objectives, detail)) * _ROW > room * HEIGHT:
            # Its rows alone would not fit.
            continue
        blocks = _chapter(data, chapter, detail, figures)
        pages, filled = laid_out(blocks)
        if pages - 1 + filled <= room + _SPARE * (detail > Detail.WHOLE):
            break
    if pages - 1 + filled > bounds[1]:
        return _chapter(data, chapter, detail, figures, drawn=False)
    return blocks


class _Figures:
    """The rows and drawings of a chapter, made once for the details that tell them alike."""

    def __init__(self, data: CopilData, chapter: PromiseChapter, valued: int) -> None:
        objectives = chapter.objectives
        self._followed = cache(partial(_followed, data, chapter))
        self._trajectories = cache(partial(trajectories, data.situation, objectives))
        shown = _shown(data, objectives, Detail.WHOLE) if data.composition.late_only else objectives
        promised = [item for item in shown if item.aim.promised]
        # Over the table, which may end on the next page, as the drawing may.
        sentence = parity_words(data.situation, promised, whose=True)
        told = partial(promised_blocks, data, objectives, valued=valued, sentence=sentence)
        self._promised = cache(partial(told, ticks=not tells_ticks(data)))
        self._parity = cache(partial(parity, data.situation, shown, named=bool(sentence)))
        self._drawn = data.composition.trajectories

    def told(self, detail: Detail, *, drawn: bool) -> list[Flowable]:
        """What a detail tells of them."""
        blocks = list(self._promised(max(detail, Detail.NEWS)))
        if self._drawn and drawn:
            blocks += self._trajectories()
        if detail < Detail.LEAST:
            blocks += self._parity()
        return blocks + self._followed(min(detail, Detail.NEWS))


def _chapter(
    data: CopilData,
    chapter: PromiseChapter,
    detail: Detail,
    figures: _Figures,
    *,
    drawn: bool = True,
) -> list[Flowable]:
    engagements = chapter.engagements
    subs = {entry.key.partition("-")[0]: entry for entry in sub_entries(data, chapter)}
    blocks = title(chapter.entry, chapter.kicker)
    under = [text for text in chapter.notes if not is_reserve(text)]
    promised = [item for item in chapter.objectives if item.aim.promised]
    uncounted = uncounted_words(data.situation, promised)
    if chapter.has_promises:
        lead = f"{chapter.lead.rstrip('.')}{NNBSP}: {statuses_words(chapter.counts)}."
        own = {item.key for item in chapter.objectives}
        counted = [item for item in data.situation.counted if item.objective.key in own]
        more = [*before_the_contract(data.situation, counted), *too_slow_words(data.situation, counted)]
        blocks.append(paragraph(" ".join([lead, *uncounted, *more]), BODY_STYLE))
        if sum(bool(chapter.counts.get(status)) for status in BAR_ORDER) > 1:
            # Of one status the bar says nothing: an empty frame, or all of it hatched.
            bar = ChartFlowable(status_bar(chapter.counts, WIDTH, 11, text_size=SMALL))
            bar.spaceAfter = _UNDER_BAR
            blocks.append(bar)
    else:
        blocks.append(paragraph(" ".join([chapter.lead, *uncounted]), BODY_STYLE))
    if under:
        blocks.append(paragraph(" ".join(under), COUNTS_STYLE))
    for block in blocks:
        # A chapter does not begin on a page that holds nothing of it but its head.
        block.keepWithNext = 1
    if "objectifs" in subs:
        blocks += heading(subs["objectifs"].title, subs["objectifs"])
    blocks += figures.told(detail, drawn=drawn)
    # What counts comes first: how it stands, then the objectives, then what they are promised under.
    blocks += [paragraph(text, CONDITION_STYLE) for text in chapter.notes if text.startswith("Réserve")]
    if "engagements" in subs:
        blocks += heading("Engagements", subs["engagements"])
    return blocks + told_engagements(data, engagements, detail)


def promised_blocks(
    data: CopilData,
    objectives: Sequence[Objective],
    detail: Detail,
    *,
    valued: int,
    sentence: str = "",
    ticks: bool = True,
) -> list[Flowable]:
    """The rows of the promised objectives that a detail shows, under the `sentence` on them, and the others in lines."""
    rows = promised_rows(data, objectives, detail, sentence=sentence, ticks=ticks)
    return rows + promised_lists(data, objectives, detail, valued=valued)


def promised_rows(
    data: CopilData,
    objectives: Sequence[Objective],
    detail: Detail,
    *,
    sentence: str = "",
    ticks: bool = True,
) -> list[Flowable]:
    """The rows of the promised objectives that a detail shows, under the `sentence` on them."""
    situation = data.situation
    promised = [item for item in objectives if item.aim.promised]
    shown = _shown(data, objectives, detail)
    above = [sentence] if sentence else []
    if data.composition.late_only and shown:
        counted = sum(item.key in situation.promised_keys for item in promised)
        above.insert(0, late_words(situation, shown, counted, annexed(data) or data.in_whole))
    blocks: list[Flowable] = [paragraph(" ".join(above), NOTE_STYLE)] if above else []
    return blocks + promised_table(data, shown, every=data.composition.late_only, ticks=ticks)


def promised_lists(
    data: CopilData, objectives: Sequence[Objective], detail: Detail, *, valued: int, terse: bool = False
) -> list[Flowable]:
    """Those that a detail gives no row, named in lines: so many `valued` each with its value, as `value_words` has it, the
    others by their codes."""
    if data.composition.late_only:
        return []
    situation = data.situation
    shown_keys = {item.key for item in _shown(data, objectives, detail)}
    promised = [item for item in objectives if item.aim.promised]
    left_out = [item for item in listed(situation, promised) if item.key not in shown_keys]
    lists: list[FoldedList] = []
    for words, statuses in _GROUP_WORDS:
        alike = [item for item in left_out if _status(situation, item) in statuses]
        more = partial(value_words, situation, review=data.review, terse=terse)
        lists += folded(words, alike, objectives_words(situation, alike), more=more, most=valued)
    return list_paragraphs(lists, whole=True)


def _shown(data: CopilData, objectives: Sequence[Objective], detail: Detail) -> list[Objective]:
    situation = data.situation
    promised = [item for item in objectives if item.aim.promised]
    late = [item for item in promised if _status(situation, item) in GROUPS[Group.A_TRAITER]]
    if data.composition.late_only:
        return with_rows(situation, late)
    if detail < Detail.LATE:
        return promised
    if detail is Detail.LATE:
        return [item for item in promised if _status(situation, item) not in GROUPS[Group.VA_BIEN]]
    return (
        late
        if detail is Detail.LEAST
        else [item for item in late if _status(situation, item) is not Statut.A_SURVEILLER]
    )


def _status(situation: Situation, item: Objective) -> Statut:
    return situation.assessments[item.key].status


def _followed(data: CopilData, chapter: PromiseChapter, detail: Detail) -> list[Flowable]:
    """The figures that are awaited without a target; those of context are counted, and stand in the annex. How what is
    promised is read goes on from that: it would begin a page alone."""
    told, objectives = [text for text in chapter.notes if is_reading(text)], chapter.objectives
    if data.composition.late_only:
        return [paragraph(text, COUNTS_STYLE) for text in told]
    followed = [item for item in objectives if not item.aim.promised and not item.is_context]
    shown = followed if detail is Detail.WHOLE else []
    blocks: list[Flowable] = []
    if followed and any(item.aim.promised for item in objectives):
        # Else the chapter bears this title already.
        blocks += small_heading("Chiffres suivis")
    if shown:
        blocks.append(paragraph(FOLLOWED_RULE, NOTE_STYLE))
        blocks += followed_table(data.situation, shown, data.review)
    left_out = [item for item in listed(data.situation, followed) if item not in shown]
    blocks += followed_pairs(data.situation, left_out)
    context = sum(item.is_counted_context and not item.aim.promised for item in objectives)
    if context:
        words = plural(context, "chiffre de contexte", "chiffres de contexte")
        where = f"{NNBSP}: {where}" if (where := annexed(data)) else ""
        told.insert(0, f"{words}, que personne n’a promis{where}.")
    return [*blocks, paragraph(" ".join(told), COUNTS_STYLE)] if told else blocks
