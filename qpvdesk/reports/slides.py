"""What is projected at a committee, as data: a message a slide, a table or a chart that can be taken up and changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product

from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.primitives import Chart
from qpvdesk.domain.attention import nothing_shown
from qpvdesk.domain.counts import partner_counts, promised_count
from qpvdesk.domain.french import NBSP, NNBSP, format_date, lowered, plural
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.meetings import is_late, is_open
from qpvdesk.domain.model import Decision
from qpvdesk.domain.moves import Move
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.scales import common_scale, is_beyond_home
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.wording import quoted, reserve_words
from qpvdesk.reports import map_file
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.left_out import (
    IN_FILE,
    compared,
    kept_words,
    near_left,
    slide_order,
    to_treat_brief,
    to_treat_words,
)
from qpvdesk.reports.map_file import names_words
from qpvdesk.reports.maps import MAP_TITLE
from qpvdesk.reports.objectives import read_alone
from qpvdesk.reports.pace import ages, too_slow_words
from qpvdesk.reports.references import parity_words
from qpvdesk.reports.sections.agenda import decisions_before, own_title, state_told
from qpvdesk.reports.sections.decisions import expected_decisions, own_reserve
from qpvdesk.reports.sections.essential import (
    ARBITRATED,
    ENTRY,
    TOLD,
    other_bars_words,
    secretariat_sentence,
    standings,
    to_settle,
)
from qpvdesk.reports.sections.headline import nothing_promised, summary_sentence
from qpvdesk.reports.slide_chapters import chapter_slides
from qpvdesk.reports.slide_scale import enlarged
from qpvdesk.reports.slide_tables import (
    ALONE,
    COLUMN,
    LEADING,
    ROOM,
    ROWS_MAX,
    Slide,
    SlideTable,
    assessed_table,
    dated,
    fitted,
    holds_head,
    redated,
    said_height,
    source_words,
    tall,
    to_take_table,
)
from qpvdesk.reports.style import REGULAR, TABLE
from qpvdesk.reports.text import LONGEST_TEXT, clean, entitled, line, shorten_words
from qpvdesk.reports.text_cell import break_lines

_LABEL_MAX, _READ_MAX, _LINE_MAX = 52, 32, 120
_BARS_MAX = 7
_NAME_MAX = 160
"""Letters of the name of a contract: a longer one ran over the slide, and left the first one blank."""
_WIDER = f"Ce qui est {quoted(TOLD)} se décide à une échelle plus large."
MAP_WIDTH = 388.0
"""Points that the map takes, as the pages of the slides are laid out."""


def slides(data: CopilData) -> tuple[Slide, ...]:
    """The cover, page one, what stands where, what changed, a slide a partner (a thématique, an axis: as the chapters
    of the file are chosen), the decisions that are open, those to take."""
    alone = [_changes(data), _map(data), *([slide] for slide in chapter_slides(data)), _decisions(data)]
    series = [_essential(data), _standings(data), *alone, [_to_take(data)]]
    return (_cover(data), *(slide for together in series for slide in enlarged(together)))


def _cover(data: CopilData) -> Slide:
    meeting, contract = data.copil, data.situation.dossier.contract
    when = f"{meeting.kind_name}, le {format_date(meeting.day)}" if meeting is not None else ""
    place = f", {meeting.place}" if meeting is not None and meeting.place else ""
    words = [f"{when}{place}", data.review.data_words, "Données fictives" if contract.fictitious else ""]
    # Whose it is stands with its « de ».
    name = entitled(shorten_words(line(contract.name), _NAME_MAX))
    return Slide(name, lines=tuple(text for text in words if text), notes=source_words(data))


def _essential(data: CopilData) -> list[Slide]:
    """What is to be settled; where nothing is and the officer says nothing, the next slide tells it."""
    situation, words = data.situation, data.composition.comment(ENTRY.key)
    chosen = situation.to_look_at(ARBITRATED)
    left = chosen.left_out if chosen.shown else 0
    near = [item for item in chosen.shown if not is_beyond_home(situation, item.objective)]
    # Where the committee settles none of them, the title tells it.
    wider = _WIDER if 0 < len(near) < len(chosen.shown) and not words else ""
    named = len(near_left(situation, near))
    # The officer's own words take the room of the sentence.
    settled = "" if words else to_settle(situation, named=1, told=near)
    reserve = _reserves(situation, near)
    read = _readings(situation, near)
    told = (
        to_settle(situation),
        f"{'En tout,' if named else 'Et'} {to_treat_words(data, chosen).removeprefix('Et ')}" if left else "",
        kept_words(situation, chosen),
        reserve,
        f"Secrétariat{NNBSP}: {secretariat_sentence(data)}",
        source_words(data),
    )
    if not chosen.shown and not words:
        return []
    # As in the file: first what this committee settles.
    near_first = sorted(chosen.shown, key=lambda item: is_beyond_home(situation, item.objective))
    # The day of a reference gives way where it would go over the foot of the slide, then that each status has its line; then
    # the speaker has the reserves under the eyes, then the last objectives.
    kept_word = kept_words(situation, chosen, named=False)
    manners = product((reserve, ""), ((True, kept_word), (False, kept_word), (False, "")))
    for count, (foot, (valued, statuses)) in product(range(len(near_first), -1, -1), manners):
        # How many on the slide; of whom each is, in the notes.
        rest_count = left + len(near_first) - count
        others = to_treat_brief(situation, near_first[:count], rest_count, named=0 if words else named)
        parity = parity_words(situation, [item.objective for item in near_first[:count]], dated=valued)
        others += f" {statuses}" * (bool(statuses) and count == len(near_first))
        under = " ".join(filter(None, (settled, others.strip(), wider, read, parity, foot)))
        lines = len(break_lines(clean(under), REGULAR, TABLE, ROOM))
        room = COLUMN - ALONE - said_height(words) - LEADING * lines
        kept = min(count, len(near))
        table = assessed_table(data, near_first[:count], room, kept=kept) if count else None
        if table is None or tall(table) <= room:
            break
    if table is not None:
        most = lines + int((room - tall(table)) / LEADING)
        brief = _readings(situation, near, _READ_MAX)
        under = with_carriers(data, near_first[:count], [under, under.replace(read, brief)], most)
    ranked = slide_order(situation, near_first[:count])
    slide = Slide(
        f"À arbitrer{ranked}" if near or not chosen.shown else "Pour information, à une échelle plus large",
        words,
        table,
        left_out=under,
        lines=() if chosen.shown else (nothing_shown(chosen),),
        more=(reserve,) if reserve and not foot else (),
        notes="\n".join(filter(None, told)),
    )
    return [slide]


def _reserves(situation: Situation, near: Sequence[Assessment]) -> str:
    """What partners made a condition of, each said once with whose it is."""
    names = situation.dossier.partner_names
    told_of = (
        reserve_words(f"{text}.", f" ({names[item.objective.partner]})")
        for item in near
        for text in own_reserve(situation, item.objective)
    )
    return " ".join(dict.fromkeys(told_of))


def _readings(situation: Situation, near: Sequence[Assessment], label_max: int = LONGEST_TEXT) -> str:
    """How the targets are read that cannot stand alone, each after so many letters of its name and its code."""
    labels = [item.label for item in situation.promises]
    return " ".join(
        f"{shorten_words(item.objective.label, label_max, labels)} ({item.objective.code}), {lowered(text)}."
        for item in near
        for text in read_alone(item.objective)
    )


def with_carriers(
    data: CopilData, items: Sequence[Assessment], manners: Sequence[str], lines_max: int
) -> str:
    """What stands under a table, and who is to be asked: in the first of the `manners` that leaves it the room, else the
    first alone."""
    whom = partner_counts(data.situation.dossier, [item.objective.partner for item in items])
    # After how many others there are, « les » would be these.
    which = "le porte" if len(items) == 1 else "les porte"
    if len(items) > 1 and "autre" in manners[0]:
        which = f"porte les {len(items)} du tableau"
    asked = f"Qui {which}{NNBSP}: {whom}."
    for under in manners:
        longer = f"{under} {asked}".strip()
        if len(break_lines(clean(longer), REGULAR, TABLE, ROOM)) <= lines_max:
            return longer
    return manners[0]


def _standings(data: CopilData) -> list[Slide]:
    """As many bars on each of two slides as are read; the others are counted."""
    bars, chosen = standings(data), data.situation.to_look_at(ARBITRATED)
    comment = data.composition.comment(ENTRY.key)
    message = " ".join(
        [
            *([] if chosen.shown or comment else [nothing_shown(chosen)]),
            *ages(data.situation),
            *too_slow_words(data.situation, named=False),
            *(nothing_promised(data.situation) if bars or comment else []),
        ]
    )
    half = len(bars) if len(bars) <= _BARS_MAX else min(_BARS_MAX, -(-len(bars) // 2))
    parts = [bars[:half], bars[half : 2 * half]] if bars[half:] else [bars]
    rest = other_bars_words(bars[2 * half :])
    most = max((promised_count(by_status) for _, by_status in bars), default=0)
    return [
        Slide(
            f"Où en est chaque partenaire, à chaque échelle{' (suite)' if at else ''}",
            "" if at else message,
            left_out=f"Et, {rest}." if rest and part is parts[-1] else "",
            bars=tuple(part),
            whole=most,
            notes=f"{summary_sentence(data.situation)}\n{source_words(data)}",
        )
        for at, part in enumerate(parts)
    ]


def _changes(data: CopilData) -> list[Slide]:
    baseline, moves = data.review.baseline, data.review.moves
    if baseline is None or not moves:
        return []
    for label_max in (LONGEST_TEXT, _LABEL_MAX):
        table = _moved(data, moves[: ROWS_MAX - 1], baseline.day, label_max)
        if tall(table) <= COLUMN - ALONE - LEADING:
            break
    left = len(moves) - len(table.rows)
    return [
        Slide(
            f"Ce qui a changé depuis le {format_date(baseline.day)}",
            table=table,
            more=(baseline.note,),
            left_out=f"Et {plural(left, 'autre évolution', 'autres évolutions')}, {compared(data)}."
            if left
            else "",
            notes=f"{baseline.note}\n{source_words(data)}",
        )
    ]


def _moved(data: CopilData, moves: Sequence[Move], since: date, label_max: int) -> SlideTable:
    """What moved, before and after; a scale that all share is said once over them, where their title holds it."""
    if alike := common_scale(move.scale for move in moves):
        table = _rows_moved(data, moves, since, label_max=label_max, above=f" ({clean(alike)})")
        if holds_head(table):
            return table
    return _rows_moved(data, moves, since, label_max=label_max, above="")


def _rows_moved(
    data: CopilData, moves: Sequence[Move], since: date, *, label_max: int, above: str
) -> SlideTable:
    """The same, each with its scale where none stands `above` them."""
    labels = [item.label for item in data.situation.promises]
    return fitted(
        SlideTable(
            (f"Objectif{above}", f"Au {format_date(since)}", f"Au {format_date(data.day)}", "Statut"),
            tuple(
                (
                    shorten_words(move.objective.label, label_max, labels)
                    + _told_apart(move, labels, "" if above else move.scale),
                    f"{how_far(move.before).value}{dated(move.before)}",
                    f"{how_far(move.after).value}{redated(move)}",
                    STATUS_MARKS[move.after.status].word + _was(move),
                )
                for move in moves
            ),
            (0.38, 0.2, 0.2, 0.22),
            right=(1, 2),
            statuses=tuple(move.after.status for move in moves),
        )
    )


def _told_apart(move: Move, labels: Sequence[str], scale: str) -> str:
    """` (CAF-O03, commune)`: after the name of an objective, its code where another is called the same, then the scale."""
    code = move.objective.code if labels.count(move.objective.label) > 1 else ""
    told = ", ".join(filter(None, (code, scale)))
    return f" ({told})" if told else ""


def _was(move: Move) -> str:
    """Under the status, the one of before where it is another."""
    was = STATUS_MARKS[move.before.status].word.lower()
    return f"\nétait {was.replace(' ', NBSP)}" if move.status_changed else ""


def _map(data: CopilData) -> list[Slide]:
    """What is promised in each place; nothing where no outline is known."""
    atlas = data.review.atlas
    if not atlas.contours:
        return []
    return [
        Slide(
            MAP_TITLE,
            names_words(data.situation, atlas),
            small=f"Sources{NNBSP}: {f'{NNBSP}; '.join(atlas.sources)}",
            map_of=data,
            notes=source_words(data),
        )
    ]


def map_chart(data: CopilData, height: float) -> tuple[Chart, str]:
    """The map of a slide, and what the speaker says of it: who publishes its outlines, what it has no room to name."""
    size = (MAP_WIDTH, height)
    chart, sources = map_file.chart_of(
        data.situation, data.review.atlas, size, shown=map_file.PROMISES, place=None, far=True
    )
    return chart, f"Contours{NNBSP}: {sources}"


def _to_take(data: CopilData) -> Slide:
    expected = expected_decisions(data)
    decisions, _ = decisions_before(data)
    none = f"Aucune décision antérieure n’est {'ouverte' if decisions else 'enregistrée'}."
    message = "" if any(is_open(item, data.day) for item in decisions) else none
    room = COLUMN - ALONE - LEADING - said_height(message)
    table = to_take_table(data, room)
    left = len(expected) - len(table.rows)
    return Slide(
        "Décisions à prendre",
        message,
        table=table,
        left_out=f"Et {plural(left, 'autre', 'autres')}, {IN_FILE}." if left else "",
        notes="\n".join([*expected, source_words(data)]),
    )


def _decisions(data: CopilData) -> list[Slide]:
    """Those that are open, of the meetings before, then of the meeting itself; where there is none of before the next slide
    says so."""
    titles = ("Suites des décisions antérieures", own_title(data))
    return [
        _open_decisions(data, name, found)
        for name, decisions in zip(titles, decisions_before(data), strict=True)
        if (found := [item for item in decisions if is_open(item, data.day)])
    ]


def _open_decisions(data: CopilData, name: str, late: list[Decision]) -> Slide:
    late.sort(key=lambda item: (not is_late(item, data.day), item.due is None, item.due, item.key))
    rows = tuple(
        (
            shorten_words(item.label, _LINE_MAX),
            item.carrier or "–",
            format_date(item.due),
            state_told(data, item, data.day),
        )
        for item in late[:ROWS_MAX]
    )
    header = ("Décision", "Confiée à", "Échéance", "État")
    left = len(late) - len(rows)
    others = f"Et {plural(left, 'autre décision ouverte', 'autres décisions ouvertes')}, {IN_FILE}."
    return Slide(
        name,
        table=SlideTable(header, rows, (0.46, 0.22, 0.14, 0.18), right=(2,)),
        left_out=others if left else "",
        notes=source_words(data),
    )
