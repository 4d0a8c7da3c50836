"""What changed since the committee before: before and after, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.domain.counts import promised_count
from qpvdesk.domain.declined import last_day, objectives_words
from qpvdesk.domain.french import NBSP, NNBSP, enumerate_words, format_date, lowered
from qpvdesk.domain.how_far import how_far, untold_unit
from qpvdesk.domain.moves import Move, Outcome, is_provisional, references_words, renewed_day
from qpvdesk.domain.progress import Assessment, after_value, day_words
from qpvdesk.domain.review import Baseline
from qpvdesk.domain.scales import common_scale, place_word
from qpvdesk.domain.statuses import GROUPS, Group
from qpvdesk.domain.wording import called, quoted
from qpvdesk.reports.cells import Figure, StatusCell
from qpvdesk.reports.composition import IN_WHOLE
from qpvdesk.reports.ending import height_of, tightened
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, small_heading, title
from qpvdesk.reports.left_out import IN_FILE, compared, others_words
from qpvdesk.reports.lists import bullets, first_of
from qpvdesk.reports.objectives import current_cell
from qpvdesk.reports.references import parity_note
from qpvdesk.reports.sections.essential import ENTRY as PAGE_ONE
from qpvdesk.reports.style import BODY_STYLE, CELL_NOTE_STYLE, NOTE_STYLE, REGULAR, WIDTH, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, clean, paragraph, stacked

ENTRY = Entry("evolutions", "Ce qui a changé", 0)
_WORTH_A_SECTION = 8
"""Page one has so many."""
_SHOWN = 10
_TOLD = 3
"""Moves that a sentence names."""
_PROVISIONAL = "provisoire"
NAMED, COUNTED = -1, -2
"""In place of how many moves have a row: none, and the first by their names alone, or by none."""
VALUED = 106.0
"""Points for a value and its day: « 15 800 accompagnements » on a line; what none needs goes to the names."""

_LINE = (150.0, 110.0, 108.0)
"""Points at most, where all that is said of a move stands on one line."""


def wanted(data: CopilData) -> bool:
    """Whether page one leaves moves out."""
    return len(data.review.moves) > _WORTH_A_SECTION


def moves(data: CopilData, valued: Sequence[Move] = ()) -> list[Flowable]:
    """The section of the committee's file: the first moves by name, before and after. `valued`: those that page one tells
    as well."""
    shown = _shown(data)
    nothing = [paragraph("Rien de ce qui est à traiter n’a bougé.", NOTE_STYLE)]
    return [
        *title(ENTRY),
        *(moves_by_outcome(data, shown, every=data.review.moves) or nothing),
        *_rest(data, shown, valued),
    ]


def valued_moves(data: CopilData, most: int) -> Sequence[Move]:
    """Those of which page one tells the values, in rows and in the sentence under these, where `most` have a row."""
    return data.review.moves[: most + _TOLD] if most >= 0 else ()


def further_on(data: CopilData, left: Sequence[Move]) -> str:
    """Where page one of the file sends for the moves that it leaves out: to its own section first, if that is printed and
    shows some of them."""
    usual, shown = data.composition.choices is None, _shown(data)
    place = data.composition.place_of(ENTRY.key, beside=PAGE_ONE.key)
    there = sum(move in shown for move in left)
    if place == IN_WHOLE or (usual and not wanted(data)) or not there:
        return compared(data)
    if there == len(left):
        return place
    first, treated = ("la première", "celle") if there == 1 else ("les premières", "celles")
    which = f"{treated} de ce qui est à traiter" if data.composition.late_only else first
    return f"{which} {place}, toutes {compared(data)}"


def _shown(data: CopilData) -> Sequence[Move]:
    """The moves that have a row in the section: the first, or all of what is to be treated where that alone is asked for."""
    if data.composition.late_only:
        return [move for move in data.review.moves if move.after.status in GROUPS[Group.A_TRAITER]]
    return data.review.moves[:_SHOWN]


def comparison(data: CopilData) -> list[Flowable]:
    """The paper: every move since what it is compared with, those of status first, for the worse before the better."""
    baseline = data.review.baseline
    blocks = title(Entry("comparaison", "Comparaison", 0), data.review.data_words)
    if baseline is None:
        return [*blocks, *_to_come(data)]
    moved = [move.objective for move in data.review.moves]
    words = objectives_words(data.situation, moved, "objectif promis", "objectifs promis")
    words += " ont changé" if len(moved) > 1 else " a changé"
    words = words if moved else "Aucun objectif promis, aucun chiffre suivi n’a changé"
    blocks.append(
        paragraph(
            f"{words} de valeur ou de statut {baseline.since}{_same(data)}. {baseline.note_after_since}",
            BODY_STYLE,
        )
    )
    return [*blocks, *moves_by_outcome(data, data.review.moves)]


def _to_come(data: CopilData) -> list[Flowable]:
    """Where there is nothing yet to compare with: how there will be, and what the next paper sets beside its own."""
    nothing = (
        f"Il n’y a encore rien à quoi se comparer{NNBSP}: aucun comité de pilotage antérieur n’est enregistré, et aucune "
        "date n’est donnée. Ce papier mettra côte à côte, par objectif, la valeur et le statut du comité d’avant et ceux "
        "du jour."
    )
    blocks = [paragraph(nothing, BODY_STYLE), *small_heading("Pour qu’il compare")]
    blocks += bullets(
        [
            "Un comité s’est tenu : enregistrez-le à la page Comités et arrêtez ses données ; le papier s’y compare de "
            "lui-même.",
            "Aucun ne s’est tenu : donnez une date, et ce qui était connu ce jour-là tient lieu de comité d’avant.",
        ]
    )
    known = [
        item for item in data.situation.counted if item.objective.aim.promised and item.value is not None
    ]
    promised = promised_count(data.situation.counts)
    if not known:
        return blocks
    whose = f"{len(known)} des {promised} objectifs promis ou proposés"
    whose = whose if promised > 1 else "le seul objectif promis ou proposé"
    blocks += small_heading(f"Ce qui servira de point de départ ({whose})")
    widths = fill(None, VALUED, 108)
    shown = first_of(known, _SHOWN)
    rows: list[list[Any]] = [
        [
            stacked(
                item.objective.label,
                [f"{item.objective.code} · {place_word(data.situation, item.objective)}"],
            ),
            value_cell(item, widths[1] - 8),
            StatusCell(item, None, widths[2] - 4, ""),
        ]
        for item in shown
    ]
    blocks += data_table(("Objectif", f"Au {format_date(data.day)}", "Statut"), rows, widths, right=(1,))
    blocks += parity_note(data.situation, [item.objective for item in shown])
    left = [item.objective.partner for item in known[len(shown) :]]
    words = others_words(data, left, "autre objectif", "autres objectifs", where=IN_FILE)
    return [*blocks, *([paragraph(words, NOTE_STYLE)] if words else [])]


def _same(data: CopilData) -> str:
    """Which others were measured again and are as they were: they are not told from those that nobody measured."""
    moved = {move.objective.key for move in data.review.moves}
    again = [after for _, after in measured_again(data) if after.objective.key not in moved]
    if not again:
        return ""
    others = [item.objective for item in again]
    words = objectives_words(data.situation, others, "autre objectif promis", "autres objectifs promis")
    words += " ont" if len(again) > 1 else " a"
    names = enumerate_words([data.situation.names.called(item.objective) for item in again], limit=_TOLD)
    return f"{NNBSP}; {words} un relevé nouveau, à valeur égale{NNBSP}: {names}"


def measured_again(data: CopilData) -> list[tuple[Assessment, Assessment]]:
    """What counts, promised or followed, and has a newer value than then, moved or not: as it stood, as it stands."""
    now = data.situation.assessments
    then = data.review.previous.assessments if data.review.previous is not None else {}
    return [
        (before, after)
        for after in data.situation.counted
        if (before := then.get(after.objective.key)) is not None
        and (last_day(now, after) or date.min) > (last_day(then, before) or date.min)
    ]


def _rest(data: CopilData, shown: Sequence[Move], valued: Sequence[Move]) -> list[Flowable]:
    others = [move for move in data.review.moves if move not in shown]
    left = [move.objective.partner for move in others]
    told = f"{'nommée' if len(others) == 1 else 'nommées'} à {quoted(PAGE_ONE.title)}"
    where = told if all(move in valued for move in others) else compared(data)
    which = ", de ce qui n’est pas à traiter" if data.composition.late_only else ""
    names = (
        (f"autre évolution{which}", f"autres évolutions{which}")
        if shown
        else (f"évolution{which}", f"évolutions{which}")
    )
    words = others_words(data, left, *names, where=where)
    return [paragraph(words if shown else words.removeprefix("Et "), NOTE_STYLE)] if words else []


def moves_by_outcome(
    data: CopilData,
    moves: Sequence[Move],
    days: tuple[str, str] | None = None,
    *,
    every: Sequence[Move] = (),
) -> list[Flowable]:
    """The moves in one table, for the worse before the better: opposite meanings do not stand in one list.

    `days`: what stands over the values before and after, where these are not of the days compared; `every`: all that
    moved, where `moves` are some of them.
    """
    groups = {outcome: [move for move in moves if move.outcome is outcome] for outcome in Outcome}
    named = [
        (f"{outcome} ({_count(data, group, [move for move in every if move.outcome is outcome])})", group)
        for outcome, group in groups.items()
        if group
    ]
    table = _table(data, named, days)
    shares = [move for move in moves if move.objective.aim.compared]
    # Where each row says what its reference was and is, on which days, its name is enough.
    untold = not all(references_words(move.before, move.after) for move in shares)
    parity = parity_note(data.situation, [move.objective for move in shares], dated=untold)
    return [*table, *parity] if moves else []


def _count(data: CopilData, moves: Sequence[Move], every: Sequence[Move]) -> str:
    """`10`, `9 objectifs et 1 déclinaison`: a part is told apart where what it is counted with says nothing of it, and a
    number that stands beside another has its noun. `10, dont 7 ici` of `every` move of the group, where some are shown."""
    objectives = [move.objective for move in every or moves]
    alone = objectives_words(data.situation, objectives, "", "")
    words = alone if alone.isdecimal() else objectives_words(data.situation, objectives)
    return f"{words}, dont {len(moves)} ici" if len(moves) < len(objectives) else words


def moved_section(
    data: CopilData, most: int, where: Callable[[CopilData, Sequence[Move]], str] | None = None
) -> list[Flowable]:
    """What changed: before and after, by name; of those that the list leaves out, of whom they are.

    `most`: how many have a row, the next being told in a sentence; `NAMED` where the first are named alone, `COUNTED` where
    all are counted. Where few have a row, all of these have one of a line if that takes less room. `where`: says of those
    left out where they are read; in the comparison without it.
    """
    baseline, moves = data.review.baseline, data.review.moves
    if baseline is None:
        nothing = "Aucun comité de pilotage antérieur n’est enregistré."
        return [*small_heading("Ce qui a changé"), paragraph(nothing, CELL_NOTE_STYLE)]
    told = moves[max(most, 0) : max(most, 0) + _TOLD] if most > COUNTED else ()
    named = f"{NNBSP}; ".join(_named(move) if most == NAMED else _told(move) for move in told)
    left = moves[max(most, 0) + len(told) :]
    words = ("autre évolution", "autres évolutions") if told else ("évolution", "évolutions")
    partners = [move.objective.partner for move in left]
    rest = others_words(data, partners, *words, where=where(data, left) if where else compared(data))
    more = lowered(rest) if told else rest.removeprefix("Et ")
    if named:
        also = f"Et aussi{NNBSP}: " if most > 0 else ""
        read = f" ({where(data, moves) if where else compared(data)})" * (most == NAMED)
        more = f"{also}{named}{f'{NNBSP}; {more}' if more else f'{read}.'}"
    nothing = "" if moves else "Aucune valeur nouvelle depuis cette date."
    shown = moves_table(data, moves[:most]) if moves and most > 0 else []
    forms = [_changed(baseline, shown, more, nothing)]
    if told and 0 < most < _TOLD:
        forms.append(_changed(baseline, _line_table(data, moves[: most + len(told)]), rest))
    return min(forms, key=lambda blocks: height_of(tightened(blocks)))


def _changed(baseline: Baseline, table: Sequence[Flowable], *told: str) -> list[Flowable]:
    """The moves under their title: what is compared is told there where nothing else stands under them."""
    words = " ".join(filter(None, told))
    if table and not words and baseline.since_whole:
        return [*small_heading(f"Ce qui a changé {baseline.since_whole}"), *table]
    under = paragraph(" ".join(filter(None, (words, baseline.note))), CELL_NOTE_STYLE)
    return [*small_heading(f"Ce qui a changé {baseline.since}"), *table, under]


def _named(move: Move) -> str:
    """A move by its name, and how it stands; of a figure that nobody promised, that it has a value of since."""
    if not move.objective.aim.promised:
        return f"{move.name}, valeur nouvelle"
    now = STATUS_MARKS[move.after.status].word.lower()
    return f"{move.name}, {'désormais' if move.status_changed else 'toujours'} {now}"


def _told(move: Move) -> str:
    """A move in a sentence: its name, then its value before and after, each provisional where it was given for that."""
    before, after = (how_far(item).value for item in (move.before, move.after))
    unsure = [_PROVISIONAL * is_provisional(item) for item in (move.before, move.after)]
    was, now = (STATUS_MARKS[item.status].word.lower() for item in (move.before, move.after))
    renewed = renewed_day(move.before, move.after)
    if move.before.value == move.after.value:
        told = f"{after} comme avant, de {quoted(was)} à {quoted(now)}"
    else:
        # The day of before, as the table has it.
        dated = move.before.value_day is not None and not renewed
        before += _in_brackets(unsure[0], day_words(move.before, "") if dated else "")
        told = f"de {before} à {after}" if move.before.value is not None else f"première valeur {after}"
    day = f" {after_value(move.after)}" if move.after.value_day is not None else ""
    told += _in_brackets(renewed, unsure[1]) if renewed else f"{day}{_in_brackets(unsure[1])}"
    if move.status_changed and move.before.value != move.after.value:
        told += f"{NNBSP}: {now}, au lieu de {quoted(was)}"
    elif move.objective.aim.promised and not move.status_changed:
        # A rise of what is late is read as good news where its status is not said.
        told += f", toujours {now}"
    return f"{move.name}, {told}"


def _in_brackets(*words: str) -> str:
    """` (provisoire, en 2024)`: what is said of a value just after it, in one pair of brackets; empty of nothing."""
    told = ", ".join(filter(None, words))
    return f"{NBSP if told == _PROVISIONAL else ' '}({told})" if told else ""


def moves_table(data: CopilData, moves: Sequence[Move]) -> list[Flowable]:
    """Each move by name: its value then and now, with their dates, and its status where that changed."""
    return _table(data, [("", moves)])


def _line_table(data: CopilData, moves: Sequence[Move]) -> list[Flowable]:
    """The same, each with its days on its line, without the words of a unit that its name tells; the scale once where all
    are of one."""
    header = [name.removeprefix("Connu ").capitalize() for name in _header(data)]
    alike = common_scale(move.scale for move in moves)
    header[0] += f" ({clean(alike)})" * bool(alike)
    widths = fill(None, *_LINE)
    rows: list[list[Any]] = [
        [
            cell(called(move.objective) if alike else move.name, widths[0] - 4),
            Figure(f"{_was(move)}{_on_line(move.before)}", "", widths[1] - 8, REGULAR),
            Figure(_on_line(move.after, renewed_day(move.before, move.after)), "", widths[2] - 8),
            StatusCell(move.after, None, widths[3] - 4, ""),
        ]
        for move in moves
    ]
    return data_table(header, rows, widths, right=(1, 2))


def _was(move: Move) -> str:
    """The status of before, where it changed, ahead of the value."""
    return f"{STATUS_MARKS[move.before.status].word.lower()}, " if move.status_changed else ""


def _on_line(assessment: Assessment, renewed: str = "") -> str:
    """A value, when it was so, and whether it was provisional. `renewed`: as of `value_cell`."""
    value = current_cell(assessment, WIDTH).texts[0]
    if untold_unit(assessment.objective):
        value = how_far(assessment).value
    if assessment.value_day is None:
        return value
    unsure = "provisoire, " * is_provisional(assessment)
    return f"{value} ({unsure}{renewed or day_words(assessment, '')})"


def _table(
    data: CopilData, groups: Sequence[tuple[str, Sequence[Move]]], days: tuple[str, str] | None = None
) -> list[Flowable]:
    """Under the name of each group, where it has one, its moves."""
    header = _header(data, days)
    widths = fill(None, VALUED, VALUED, 108)
    rows: list[list[Any]] = []
    named: list[int] = []
    for name, moves in groups:
        if name:
            named.append(len(rows))
            rows.append([name, "", "", ""])
        rows += [_row(move, widths) for move in moves]
    return data_table(header, rows, widths, right=(1, 2), groups=named)


def _header(data: CopilData, days: tuple[str, str] | None = None) -> tuple[str, ...]:
    baseline = data.review.baseline
    # What was known of a thing done may be less than what it was on that day.
    # Not « relevé au »: under it stands the day of the reading, another.
    before = f"Connu au {format_date(baseline.day)}" if baseline is not None else "Avant"
    return ("Objectif", *(days or (before, f"Connu au {format_date(data.day)}")), "Statut")


def _row(move: Move, widths: Sequence[float]) -> list[Any]:
    objective, was = move.objective, STATUS_MARKS[move.before.status].word.lower()
    under = [f"{objective.code} · {move.scale}", *references_words(move.before, move.after)]
    told = f"était «{NNBSP}{was}{NNBSP}»" if move.status_changed else "comme avant"
    return [
        stacked(objective.label, under),
        value_cell(move.before, widths[1] - 8),
        value_cell(move.after, widths[2] - 8, renewed_day(move.before, move.after)),
        StatusCell(move.after, None, widths[3] - 4, told),
    ]


def value_cell(assessment: Assessment, width: float, renewed: str = "") -> Figure:
    """A value with its day under it, and whether it was provisional. `renewed`: what stands for a day that did not move."""
    unsure, far = is_provisional(assessment), how_far(assessment)
    day = renewed or (day_words(assessment, "" if unsure else "relevé du ") if assessment.value_day else "")
    return Figure(far.value, f"provisoire, {day}" if unsure else day, width)
