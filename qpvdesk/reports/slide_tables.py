"""The tables of slides: as many rows and letters as are read from the end of a room, in points as they are laid out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain.french import NBSP, NNBSP, UNKNOWN
from qpvdesk.domain.how_far import HowFar, how_far, untold_unit
from qpvdesk.domain.meetings import decided_already, is_late
from qpvdesk.domain.moves import Move, is_provisional, renewed_day
from qpvdesk.domain.progress import Assessment, day_words
from qpvdesk.domain.scales import is_beyond_home, place_word, scale_word
from qpvdesk.domain.statuses import STATUT_LABELS, Statut
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.objectives import current_cell, read_alone, read_words, target_cell
from qpvdesk.reports.sections.decision_names import Naming
from qpvdesk.reports.sections.decisions import APART, expected_decisions, whose_left_out, with_names
from qpvdesk.reports.sections.essential import TOLD
from qpvdesk.reports.signs import sign_before
from qpvdesk.reports.style import BODY_STYLE, BOLD, REGULAR, TABLE, text_width
from qpvdesk.reports.tables import PAD
from qpvdesk.reports.text import clean, shorten_words
from qpvdesk.reports.text_cell import PLAIN, break_lines

_PARTNER_ROWS = 4
"""Of a partner, at least; more where their names leave room."""
ROWS_MAX = 6
"""Rows that are read from the end of a room."""
SCALE = 2.25
"""What makes 18 points, the least that is read from six metres, of the 8 of a table."""
ROOM, COLUMN = 960 / SCALE - 38, 540 / SCALE - 42
"""Points that the pages of the slides are wide and high, as they are laid out, with air above the rule of their foot."""
ALONE, _BESIDE, _BARRED, LEADING = 40.0, 62.5, 13.0, 9.6
"""Points of that height for a title and the head of a table; with a bar and a line under the table; for the bar; for such
a line."""
_ROW_AIR, MARK_ROOM = 4.0, 11.0
"""Above and below the words of a row; before those of a status, for its mark."""
_UNBOUND = 1e4
"""Points that hold any figure."""
_WHOSE = re.compile(rf"{NNBSP}:| \(")
"""Where a sentence begins to say of whom, or of what, it is."""
_LABEL_MAX, _GAP_MAX = 52, 9
_CUT, _SCALE_MAX, _NAME_MIN = 8, 58, 12
"""Letters by which a name is cut, those of a code, a scale and what is decided after it, those that it keeps before
them."""
_PARITY, _OLD, _LOWERED = "parité", "valeur ancienne", "ramener\nà"
SHARES = (0.305, 0.165, 0.175, 0.165, 0.19)
"""Of a slide, for the names of objectives at least, then for each of the other columns at most."""
_SLACK = 2.0
"""Points of a column beside its words, which another type replaces."""

TITLE_MAX = 46
"""Letters of a title that stand on one line."""
MESSAGE_STYLE = BODY_STYLE.clone("slide-message", fontSize=8.6, leading=11.6, spaceAfter=4)


class SlideTable(Struct, frozen=True):
    """Cells in words; `widths` are shares of the slide."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    right: tuple[int, ...] = ()
    """Columns of figures, set to the right."""
    statuses: tuple[Statut, ...] = ()
    """Of each row, the status whose mark stands before the words of the last column."""


class Slide(Struct, frozen=True):
    """One slide. Its parts stand one under the other."""

    title: str
    message: str = ""
    table: SlideTable | None = None
    left_out: str = ""
    """What its table does not show or leaves to others to settle, said under it."""
    bars: tuple[tuple[str, Mapping[Statut, int]], ...] = ()
    """A bar for each name, by status."""
    whole: int = 0
    """How many objectives a bar as wide as its room counts, on all the slides of a series; else those of the longest."""
    lines: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    """Sentences under all that, each where the slide still has room for it."""
    small: str = ""
    """Sources, in the letters of the foot: for who has the file."""
    map_of: CopilData | None = None
    """Whose map it shows."""
    scale: float = 1.0
    """How much larger than the least its letters are, but those of its title, its small ones and its foot."""
    notes: str = ""
    """What the speaker has under the eyes: sources, what is left out."""


def assessed_table(
    data: CopilData, items: Sequence[Assessment], room: float, kept: int | None = None
) -> SlideTable:
    """Objectives in so many points: where they do not hold, the longest name but the first is cut, then the longest of all
    again; what room that leaves goes to the first that holds whole. `kept`: how many of the first this committee settles,
    which keep their whole name, on a slide that says their scale and how targets are read beside it."""
    whole = [len(item.objective.label) + _SCALE_MAX for item in items]
    most, free = [*whole], max(1, kept or 0)
    named = _named(data, items, kept=kept)
    table = _cut(data, items, named, most)
    while tall(table) > room:
        longest = max(most[free:], default=0)
        if longest <= _LABEL_MAX and (kept or most[0] <= _LABEL_MAX):
            break
        most[most.index(longest, free) if longest > _LABEL_MAX else 0] -= _CUT
        table = _cut(data, items, named, most)
    for index in range(len(items)):
        better = [*most[:index], whole[index], *most[index + 1 :]]
        if tall(longer := _cut(data, items, named, better)) <= room:
            most, table = better, longer
    return table


def _cut(data: CopilData, items: Sequence[Assessment], named: SlideTable, most: Sequence[int]) -> SlideTable:
    """The same table with `most` letters of each name, its scale among them; one that is cut has its code."""
    rows, labels = [], [item.label for item in data.situation.promises]
    for item, letters, (first, *others) in zip(items, most, named.rows, strict=True):
        label = item.objective.label
        under = first.removeprefix(label)
        scale = under.partition("\n")[0]
        room = letters - len(scale)
        if room < len(label) and item.objective.code not in scale:
            told = f" ({item.objective.code}{f', {scale[2:]}' if scale else ')'}"
            under = told + under.removeprefix(scale)
            room -= len(told) - len(scale)
        rows.append((shorten_words(label, max(room, _NAME_MIN), labels) + under, *others))
    return replace(named, rows=tuple(rows))


def _named(
    data: CopilData, items: Sequence[Assessment], *, kept: int | None = None, read: int = 0
) -> SlideTable:
    """Objectives by their whole names; `kept`: as of `assessed_table`. The place of all is said once, over them, where their
    title holds it. `read`: of how many it is told how the contract words the target, whether or not its figure can stand
    alone."""
    places = {place_word(data.situation, item.objective) for item in items}
    if len(places) == 1:
        table = _rows_named(data, items, f" ({clean(places.pop())})", kept=kept, read=read)
        if holds_head(table):
            return table
    return _rows_named(data, items, "", kept=kept, read=read)


def _rows_named(
    data: CopilData, items: Sequence[Assessment], above: str, *, kept: int | None, read: int
) -> SlideTable:
    """The same, each with its place where none stands `above` them."""
    rows, labels = [], [item.label for item in data.situation.promises]
    for rank, item in enumerate(items):
        far, objective = how_far(item), item.objective
        # Two of one name are told apart by their codes.
        told = [objective.code] * (labels.count(objective.label) > 1)
        place = place_word(data.situation, objective)
        # The slide says the scale of what this committee settles, of which sixty quartiers are.
        scaled = above or (rank < (kept or 0) and place == scale_word(data.situation, objective))
        told += [] if scaled else [place]
        told += [decided] if kept is not None and (decided := _decided(data, item)) else []
        told += filter(None, [untold_unit(objective)])
        scale = f" ({', '.join(told)})" if told else ""
        worded = read_words(objective) if rank < read else read_alone(objective)
        rows.append(
            (
                "\n".join((f"{objective.label}{scale}", *(worded if kept is None else ()))),
                # Without the words of its unit, which the name of the objective tells, or what stands after it.
                f"{current_cell(item, _UNBOUND).texts[0]}{dated(item)}",
                _against(item),
                _advance(far),
                # Its day stands under the value.
                "\n".join(
                    (
                        STATUT_LABELS[item.status],
                        *[_OLD] * item.outdated,
                        *_told(data, item, kept, len(items)),
                    )
                ),
            )
        )
    return fitted(
        SlideTable(
            (f"Objectif{above}", "Valeur", "Cible", "Avancement", "Statut"),
            tuple(rows),
            SHARES,
            right=(1, 2),
            statuses=tuple(item.status for item in items),
        )
    )


def _advance(far: HowFar) -> str:
    """A rate over what is expected, which a bar would show; kept or not, by how much."""
    if far.rate and far.expected:
        return f"{far.rate}\nattendu{NBSP}{far.expected}"
    # A unit in words would be cut at any letter.
    return (far.short if len(far.gap) <= _GAP_MAX else far.narrow).replace("écart ", f"écart{NBSP}")


def _against(item: Assessment) -> str:
    bound = target_cell(item.objective, item, _UNBOUND).texts[0]
    aim = item.objective.aim
    sign, word = aim.sign.strip(), sign_before(item.objective)
    # Over their figure words take no room from the names.
    if aim.at_most and bound.startswith(sign):
        # No slide has room to tell what « ≤ » is, beside a ceiling in words.
        bound = f"{_LOWERED}{NBSP}{bound.removeprefix(sign).strip()}"
    elif word[:1].isalpha():
        bound = f"{word.strip()}\n{bound.removeprefix(word)}"
    if not aim.compared:
        return bound
    return _PARITY if bound == UNKNOWN else f"{bound}\n{_PARITY}"


def _told(data: CopilData, item: Assessment, near: int | None, count: int) -> list[str]:
    """Under the status of what is looked at first: whether this committee settles the first `near` of so many and is told
    of the others; nothing where the title tells it of all."""
    if not near:
        return []
    scale = scale_word(data.situation, item.objective)
    return [TOLD] if is_beyond_home(data.situation, item.objective) else [scale] * (near < count)


def _decided(data: CopilData, item: Assessment) -> str:
    """What is decided already of what is looked at first; empty where nothing is."""
    decision = decided_already(data.situation.dossier, item.objective, data.day)
    if decision is None:
        return ""
    return "décision échue" if is_late(decision, data.day) else "décision à exécuter"


def fitted(table: SlideTable) -> SlideTable:
    """The same table without the columns in which nothing is known; what the others leave goes to the names."""
    kept = [at for at in range(len(table.header)) if any(row[at] != UNKNOWN for row in table.rows)]
    widths = [min(table.widths[at], _asked(table, at) / ROOM) for at in kept[1:]]
    return replace(
        table,
        header=tuple(table.header[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in table.rows),
        widths=(1 - sum(widths), *widths),
        right=tuple(kept.index(at) for at in table.right if at in kept),
    )


def _asked(table: SlideTable, at: int) -> float:
    """The points in which a column holds its longest line, and its title."""
    mark = MARK_ROOM if at == len(table.header) - 1 else 0
    told = [
        text_width(part, REGULAR, TABLE) + (0 if rank else mark)
        for row in table.rows
        for rank, part in enumerate(clean(row[at]).split("\n"))
    ]
    return max(text_width(table.header[at], BOLD, TABLE), *told) + 2 * PAD + _SLACK


def holds_head(table: SlideTable, room: float = ROOM) -> bool:
    """Whether the title of the names stands on its line, in a table so wide; the other columns are measured with theirs."""
    return text_width(table.header[0], BOLD, TABLE) + PAD <= room * table.widths[0]


@lru_cache(maxsize=512)
def lines_of(text: str, width: float) -> int:
    """On how many lines a text stands in the cell of a table, in points as they are laid out."""
    return max(1, len(break_lines(clean(text), REGULAR, TABLE, width - 2 * PAD)))


def tall(table: SlideTable, room: float = ROOM) -> float:
    """The height of the rows of a table so wide, in points as they are laid out."""
    first, *others = (room * share for share in table.widths)
    # Names stand flush with the title.
    widths = (first + PAD, *others)
    return sum(
        max(lines_of(text, width) for text, width in zip(row, widths, strict=True)) * PLAIN.leading + _ROW_AIR
        for row in table.rows
    )


def dated(item: Assessment) -> str:
    """The day of a value, without which it would pass for one of the day of the slide."""
    when = day_words(item, "")
    firm = "provisoire, " if is_provisional(item) else ""
    return f"\n{firm}{when}" if item.value_day is not None else ""


def redated(move: Move) -> str:
    """The same of the value after a move, or what it owes it to where its day is that of the value before."""
    renewed = renewed_day(move.before, move.after, brief=True)
    return f"\n{renewed}" if renewed else dated(move.after)


def first_rows(
    data: CopilData,
    ordered: Sequence[Assessment],
    message: str,
    *,
    others: str,
    under: str,
    barred: bool = True,
) -> tuple[Sequence[Assessment], SlideTable]:
    """As many as the slide holds under its message by their whole names; the least of them are cut where they must be.
    `under`: what is said beneath them, on a line or on several, which is not left out for a row more; `others`: before it,
    how many have no row, which nothing says where all have one; `barred`: a bar stands over them."""
    free = COLUMN - _BESIDE - said_height(message) + _BARRED * (not barred)
    for count in range(min(ROWS_MAX, len(ordered)), 0, -1):
        sentence = under if count == len(ordered) else f"{others} {under}"
        lines = len(break_lines(clean(sentence), REGULAR, TABLE, ROOM)) if sentence else 0
        room = free - LEADING * (lines - 1)
        table = (_named if count > _PARTNER_ROWS else partial(assessed_table, room=room))(
            data, ordered[:count]
        )
        if tall(table) <= room:
            break
    # How a target is read stands beside it where that costs no row, and no name a letter.
    shown = ordered[:count]
    wordings = (_named(data, shown, read=most) for most in range(count, 0, -1))
    worded = next((told for told in wordings if tall(told) <= room), table)
    return shown, worded


def is_cramped(shown: Sequence[Assessment], table: SlideTable, count: int) -> bool:
    """Whether the name of one of those shown is not whole in its row, or one alone is shown of that `count`."""
    names = (item.objective.label for item in shown)
    whole = all(row[0].startswith(name) for name, row in zip(names, table.rows, strict=True))
    return not whole or len(shown) == 1 < count


def said_height(message: str, room: float = ROOM) -> float:
    """The points that the sentence under a title takes in so wide a room; none where there is none."""
    lines = break_lines(clean(message), REGULAR, MESSAGE_STYLE.fontSize, room)
    return float(MESSAGE_STYLE.leading * len(lines) + MESSAGE_STYLE.spaceAfter) if lines else 0.0


def to_take_table(data: CopilData, room: float) -> SlideTable:
    """What the committee can decide: whole where it holds, with the names of a few or else without, then by names cut short,
    then as on page one, which leaves out of how many of whom they are, then by counts alone."""
    whole = with_names(data, lambda expected: tall(_table_of(expected)) <= room)
    cut = expected_decisions(data, Naming(label_max=_LABEL_MAX))
    brief = [whose_left_out(data, texts) for texts in (whole, cut)]
    for lines in (whole, cut, *brief, [_counted(text) for text in cut]):
        table = _table_of(lines)
        if tall(table) <= room:
            break
    while tall(table) > room and len(table.rows) > 1:
        table = replace(table, rows=table.rows[:-1])
    return table


def _table_of(lines: Sequence[str]) -> SlideTable:
    return SlideTable(("Ce que le comité peut décider",), tuple((text,) for text in lines), (1.0,))


def _counted(text: str) -> str:
    """What is to be decided without of whom it is; what stands apart of it stays."""
    sentence, apart, rest = text.partition(APART)
    head, *whose = _WHOSE.split(sentence, maxsplit=1)
    return f"{head}{apart}{rest}" if apart else f"{head}." if whose else text


def source_words(data: CopilData) -> str:
    """Of when and of what the figures are, for who speaks."""
    documents = "\n".join(f"– {item.title}" for item in data.situation.dossier.documents)
    return f"{data.review.data_words}, empreinte {data.fingerprint}.\nSources{NNBSP}:\n{documents}"
