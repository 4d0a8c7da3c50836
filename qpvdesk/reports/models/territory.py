"""The sheet of a commune or a quartier, for a visit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

from reportlab.platypus import Flowable, Spacer

from qpvdesk.charts.bars import BAR_ORDER, agreed, counts_sentence, status_bar
from qpvdesk.domain.concerns import Concern, Concerns, concerns, holds, lies_in, people_words, quartiers_title
from qpvdesk.domain.declined import objectives_words, uncounted_words, whole_of
from qpvdesk.domain.french import NNBSP, code_ranges, enumerate_words, format_date, plural, raised
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.model import Objective, Territory
from qpvdesk.domain.review import Review
from qpvdesk.domain.shares import quote_part
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import GROUPS, Group
from qpvdesk.domain.visits import told_of, visits_in
from qpvdesk.domain.wording import called
from qpvdesk.reports import sheets
from qpvdesk.reports.ending import laid_out
from qpvdesk.reports.folding import NAMED_MAX, folded, list_paragraphs
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, small_heading, title
from qpvdesk.reports.layout import Watch
from qpvdesk.reports.left_out import RANKED, of_whom
from qpvdesk.reports.lists import ListItem, bullets
from qpvdesk.reports.maps import map_of
from qpvdesk.reports.models.parts import engagements_told
from qpvdesk.reports.objectives import followed_table, promised_table
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.references import parity_above
from qpvdesk.reports.sections.notes import Ruling
from qpvdesk.reports.sections.territories import establishments
from qpvdesk.reports.signs import has_ticks
from qpvdesk.reports.style import BODY_STYLE, NOTE_STYLE, SMALL, WIDTH
from qpvdesk.reports.text import led, paragraph
from qpvdesk.reports.valued import followed_pairs, value_words

_MAP_HEIGHT = 200.0
_FIGURES_MAX = 12
_VISITS_MAX = 3
_PAGES_MAX = 2
_VALUED = (70, 50, 30, 15, 0)
"""Objectives of one status that are told with their values: the first of these that so many pages hold."""
_ELSEWHERE = "Les valeurs des objectifs nommés par leur seul code se lisent dans la fiche de leur partenaire."
_ROWS_MAX, _COUNTED_MIN = 16, 8
"""Objectives of a place that have a row each; more than that are counted by status."""
_WELL, _WELL_WORDS = GROUPS[Group.VA_BIEN], "Atteints, en avance ou conformes"
_BAR = 11.0
_APART = 8.0
"""Points between two tables."""
_WHOSE_STYLE = NOTE_STYLE.clone("whose", spaceAfter=3)


def territory_sheet(data: CopilData, place: Territory) -> list[Flowable]:
    """What concerns one place: its people, what it lies in and holds, what is promised here, then what is above. Of many
    promises, as many have their value without a row as two pages hold."""
    for valued in _VALUED[:-1]:
        blocks = _sheet(data, place, valued)
        if not _is_long(data, place) or laid_out(blocks)[0] <= _PAGES_MAX:
            return blocks
    return _sheet(data, place, _VALUED[-1])


def _is_long(data: CopilData, place: Territory) -> bool:
    """Whether not all that is promised in a place has a row."""
    here = concerns(data.situation, place).here
    return any(sum(item.aim.promised for item in concern.objectives) > _ROWS_MAX for concern in here)


def _sheet(data: CopilData, place: Territory, valued: int) -> list[Flowable]:
    situation = data.situation
    blocks = title(Entry("territoire", place.name, 0), f"Territoire · {place.code}")
    blocks += [paragraph(words, BODY_STYLE) for words in people_words(situation, place)]
    if place.note:
        blocks.append(paragraph(place.note, NOTE_STYLE))
    for words, links in (
        ("S’étend sur", lies_in(situation, place)),
        (quartiers_title(situation, place), holds(situation, place)),
    ):
        if links:
            names = [f"{other.name} ({share})" if share else other.name for other, share in links]
            blocks.append(paragraph(f"{words}{NNBSP}: {', '.join(names)}.", BODY_STYLE))
    blocks += map_of(data, _MAP_HEIGHT, place)
    blocks += _figures(data, place)
    own = [item for item in situation.dossier.establishments if item.territory == place.key]
    blocks += establishments(data, own)
    found = concerns(situation, place)
    blocks += heading(f"Ici{NNBSP}: {place.name}")
    if not found.here:
        blocks.append(paragraph("Rien n’est promis pour ce seul lieu.", NOTE_STYLE))
    ticks = True
    for concern in found.here:
        named = concern.place.key != place.key
        blocks += _told_here(data, concern, valued, named=named, ticks=ticks)
        # What the first table says of its bars is said of those of the others.
        ticks = ticks and not _tells_ticks(situation, concern)
    blocks += _above(data, found, place)
    blocks += _visits(data, place)
    blocks += heading("Notes de visite")
    blocks.append(Ruling())
    return blocks


def _visits(data: CopilData, place: Territory) -> list[Flowable]:
    """What was seen and heard here, the last visits first."""
    visits = visits_in(data.situation.dossier, place.key, data.day)
    blocks: list[Flowable] = heading("Dernières visites") if visits else []
    for visit in visits[:_VISITS_MAX]:
        blocks += small_heading(f"{format_date(visit.day)}, {visit.place}")
        blocks += bullets(told_of(visit, data.day)) or [paragraph("Rien n’en a été noté.", NOTE_STYLE)]
    if (rest := len(visits) - _VISITS_MAX) > 0:
        words = plural(rest, "visite plus ancienne", "visites plus anciennes")
        blocks.append(paragraph(f"{words} dans la base.", NOTE_STYLE))
    return blocks


def _figures(data: CopilData, place: Territory) -> list[Flowable]:
    """The reference figures of a place with their gap to the wider ones, then who publishes them."""
    situation = data.situation
    found = data.review.atlas.indicators(place.key, situation.places, situation.dossier.territories)
    if not found:
        return []
    shown = found[:_FIGURES_MAX]
    sources = dict.fromkeys(f"{item.layer.source}, {item.layer.vintage}" for item in shown)
    told = f"Sources{NNBSP}: {f'{NNBSP}; '.join(sources)}."
    if rest := len(found) - len(shown):
        told += f" {plural(rest, 'autre chiffre', 'autres chiffres')} dans les couches du contrat."
    return [
        *heading("Chiffres de référence"),
        *bullets([item.words for item in shown]),
        paragraph(told, NOTE_STYLE),
    ]


def _tells_ticks(situation: Situation, concern: Concern) -> bool:
    """Whether the table of what is promised in a place says what the ticks of its bars are."""
    promised = [situation.assessments[item.key] for item in concern.objectives if item.aim.promised]
    return len(promised) <= _ROWS_MAX and has_ticks(promised)


def _told_here(data: CopilData, concern: Concern, valued: int, *, named: bool, ticks: bool) -> list[Flowable]:
    """All that is promised in a place, line by line. `named`: under its name; `ticks`: say what those of its bars are."""
    # Partners are in one order in the two lists, that of the other papers.
    rank = {item.partner.key: at for at, item in enumerate(data.situation.partners)}
    engagements = sorted(concern.engagements, key=lambda item: rank.get(item.partner, len(rank)))
    objectives = sorted(concern.objectives, key=lambda item: rank.get(item.partner, len(rank)))
    promised = [item for item in objectives if item.aim.promised]
    followed = [item for item in objectives if not item.aim.promised]
    blocks = small_heading(concern.place.name) if named else []
    blocks += engagements_told(data, engagements)
    kinds = {item.is_context for item in followed}
    names = ["objectifs"] if promised else []
    names += ["chiffres suivis"] if False in kinds else []
    names += ["de contexte" if False in kinds else "chiffres de contexte"] if True in kinds else []
    if names and not (named and names == ["objectifs"] and not concern.engagements):
        # The name of a place is title enough of its objectives alone.
        blocks += small_heading(raised(enumerate_words(names)))
    if promised:
        blocks += [*_promised(data, promised, valued, ticks=ticks), Spacer(0, _APART)]
    if len(followed) > _ROWS_MAX:
        blocks += [*followed_pairs(data.situation, followed, brief=True), Spacer(0, _APART)]
    elif followed:
        table = followed_table(data.situation, followed, data.review, every=True)
        blocks += [*table, Spacer(0, _APART)]
    return blocks


def _promised(data: CopilData, promised: Sequence[Objective], valued: int, *, ticks: bool) -> list[Flowable]:
    """How many stand where, then what is promised in a place; of many, a row for the first that are to be treated, the
    others by their status, `valued` of each with their value: a visit reads two pages."""
    situation = data.situation
    found = {item.key: situation.assessments[item.key].status for item in promised}
    blocks: list[Flowable] = []
    if len(promised) > _COUNTED_MIN:
        counts = Counter(found[item.key] for item in promised if whole_of(situation, item) is None)
        told = [counts_sentence(counts)] if counts else []
        told += uncounted_words(situation, promised)
        blocks.append(paragraph(" ".join(told), BODY_STYLE))
        if len(counts) > 1:
            blocks.append(ChartFlowable(status_bar(counts, WIDTH, _BAR, text_size=SMALL)))
            blocks[-1].spaceAfter = _APART
    if len(promised) <= _ROWS_MAX:
        table = promised_table(data, promised, every=True, ticks=ticks)
        return [*blocks, *parity_above(situation, promised), *table]
    rank = {item.objective.key: at for at, item in enumerate(situation.to_treat)}
    ordered = sorted(
        promised, key=lambda item: (BAR_ORDER.index(found[item.key]), rank.get(item.key, len(rank)))
    )
    shown = [item for item in ordered if found[item.key] in GROUPS[Group.A_TRAITER]][:_ROWS_MAX]
    blocks += [*parity_above(situation, shown), *promised_table(data, shown, every=True, ticks=ticks)]
    return [*blocks, *_without_row(data.review, promised, shown, valued)]


def _without_row(
    review: Review, promised: Sequence[Objective], shown: Sequence[Objective], valued: int
) -> list[Flowable]:
    """What is promised in a place beside what is `shown` in rows, by status; the values of a longer list than `valued` are
    said to be elsewhere."""
    situation = review.situation
    found = {item.key: situation.assessments[item.key].status for item in promised}
    rows = {item.key for item in shown}
    blocks: list[Flowable] = []
    cut = False
    values = partial(value_words, situation, review=review)
    for statuses in (*((status,) for status in BAR_ORDER if status not in _WELL), _WELL):
        alike = [item for item in promised if found[item.key] in statuses and item.key not in rows]
        words = _WELL_WORDS if statuses is _WELL else raised(agreed(statuses[0], len(alike)))
        nouns = "objectif", "objectifs"
        if any(found[item.key] in statuses for item in shown):
            nouns = "autre objectif", "autres objectifs"
        count = objectives_words(situation, alike, *nouns)
        most = valued if len(alike) <= valued else NAMED_MAX
        cut = cut or len(alike) > max(most, valued)
        blocks += list_paragraphs(folded(words, alike, count, more=values, most=most), whole=True)
    of_more = any(found[item.key] in GROUPS[Group.A_TRAITER] and item.key not in rows for item in promised)
    first = " d’abord" if of_more else ""
    ranked = f", {RANKED}" if len(shown) > 1 else ""
    to_treat = plural(len(shown), "objectif à traiter", "objectifs à traiter")
    above = [paragraph(f"{to_treat}{first} au tableau{ranked}.", NOTE_STYLE)] if shown else []
    return [*above, *blocks, *([paragraph(_ELSEWHERE, NOTE_STYLE)] if cut else [])]


def _above(data: CopilData, found: Concerns, place: Territory) -> list[Flowable]:
    """What is promised wider, from the nearest: a line for each place, which together are one list."""
    parts, people = _parts(data, found.above, place)
    declined = _declined(data, found.here)
    told = [block for concern in found.above for block in _told_above(data, concern, declined, parts)]
    if not told:
        return []
    listed = any(isinstance(block, ListItem) for block in told)
    for block, after in pairwise(told):
        # One of a few lines, at the head of a page, is read as one of no list; a name goes with what it is over.
        block.keepWithNext = not listed or (isinstance(after, ListItem) and not isinstance(block, ListItem))
    whose: list[Flowable] = []
    if parts:
        # « Ici », in the line of another place, was read of that one.
        counted = f" ({people})" if people else ""
        words = (
            f"La quote-part{counted} est celle"
            if len(parts) == 1
            else f"Les quote-parts{counted} sont celles"
        )
        whose = [paragraph(f"{words} de ce lieu, {place.name}.", _WHOSE_STYLE)]
        whose[0].keepWithNext = 1
    return [*heading("Au-dessus"), *whose, *told]


def _parts(data: CopilData, wider: Sequence[Concern], place: Territory) -> tuple[dict[str, str], str]:
    """By key, the part in words of each promise of which a part falls to the place; and the people that they are reckoned
    from, where several are from the same, which is then told once."""
    promised = (item for concern in wider for item in concern.objectives if item.aim.promised)
    found = [
        (item, part) for item in promised if (part := quote_part(data.situation, item, place)) is not None
    ]
    known = [(item, part) for item, part in found if part.value is not None]
    people = {part.counted_by for _, part in known}
    once = people.pop() if len(known) > 1 and len(people) == 1 else ""
    return {item.key: part.amount(item.unit) if once else part.words(item.unit) for item, part in known}, once


def _told_above(
    data: CopilData, concern: Concern, declined: Collection[str], parts: Mapping[str, str]
) -> list[Flowable]:
    """What is promised wider, counted: context figures of the whole country would bury the place of the visit; only what
    can be told of the place has a line, `parts` by its key. What declines another objective is counted with it: its lines
    stand in the part of the place. `declined`: the keys of those that have a part here."""
    promised = [item for item in concern.objectives if item.aim.promised]
    if not (promised or concern.engagements):
        return []
    # The words of engagements stand in the sheets of the partners.
    whose = of_whom(data, [item.partner for item in concern.engagements])
    counted = [f"{plural(len(concern.engagements), 'engagement', 'engagements')} ({whose})"] if whose else []
    told = [item for item in promised if item.key in parts]
    untold = _untold(data, concern, parts)
    here = [item.code for item in untold if item.key in declined]
    if rest := len(untold) - len(here):
        counted.append(f"{plural(rest, 'objectif promis', 'objectifs promis')} sans quote-part")
    if here:
        # Of one there may be several parts: they are not counted here, but sent to.
        words = plural(len(here), "objectif promis, décliné", "objectifs promis, déclinés")
        counted.append(f"{words} plus haut ({code_ranges(here)})")
    lines = [
        f"{called(item)}, {how_far(data.situation.assessments[item.key]).bound or 'cible manquante'}{NNBSP}:"
        f" quote-part indicative {parts[item.key]}."
        for item in told
    ]
    if not (counted or lines):
        # All that is promised there declines what is promised wider, and is told of that.
        return []
    named = f" {f'{NNBSP}; '.join(counted)}." if counted else ""
    return [led(f"{concern.place.name}{NNBSP}:", named, BODY_STYLE), *bullets(lines)]


def _untold(data: CopilData, concern: Concern, parts: Mapping[str, str]) -> list[Objective]:
    """What is promised there, once, of which no part is told."""
    once = data.situation.promised_keys
    return [
        item
        for item in concern.objectives
        if item.aim.promised and item.key in once and item.key not in parts
    ]


def _declined(data: CopilData, here: Sequence[Concern]) -> set[str]:
    """The keys of the objectives that have a part in a place, with its own target, or in its quartiers."""
    promised = (item for concern in here for item in concern.objectives if item.aim.promised)
    wholes = (whole_of(data.situation, item) for item in promised)
    return {whole.key for whole in wholes if whole is not None}


def write(path: Path, data: CopilData, watch: Watch) -> int:
    """Write the paper and return its number of pages."""
    place = data.territory
    assert place is not None
    return sheets.paper(f"fiche {place.name}", lambda shown: territory_sheet(shown, place))(path, data, watch)
