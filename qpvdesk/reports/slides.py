"""What is projected at a committee, as data: a message a slide, a table or a chart that can be taken up and changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from qpvdesk.charts.bars import counts_sentence
from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.primitives import Chart
from qpvdesk.domain import attention, counts
from qpvdesk.domain.attention import nothing_shown
from qpvdesk.domain.french import NBSP, NNBSP, format_date, plural
from qpvdesk.domain.gatherings import PARTNERS, gatherings
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.meetings import is_late, is_open, state_words
from qpvdesk.domain.model import MEETING_LABELS
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.scales import is_beyond_home, scale_word
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.told import called
from qpvdesk.reports import map_file
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.left_out import to_treat_words
from qpvdesk.reports.objectives import current_cell, target_cell
from qpvdesk.reports.sections.decisions import expected_decisions
from qpvdesk.reports.sections.essential import (
    ARBITRATED,
    ENTRY,
    TOLD,
    before_the_contract,
    nothing_promised,
    other_bars_words,
    secretariat_sentence,
    standings,
    summary_sentence,
    to_settle,
)
from qpvdesk.reports.text import line, shorten_words

_PARTNER_ROWS = 4
ROWS_MAX = 6
"""Rows that are read from the end of a room."""
_UNBOUND = 1e4
"""Points that hold any figure."""
_LABEL_MAX, _LINE_MAX, _GAP_MAX = 60, 120, 9
_ARBITRATED_MAX = 52
"""Letters of a name on two lines, so that what is settled where has its own under the table."""
_BARS_MAX, _DECISIONS_MAX = 8, 6
TITLE_MAX = 46
_PARITY = "parité"
"""Letters of a title that stand on one line."""
_MAP_WORDS = f"Sous un nom{NNBSP}: combien d’objectifs et d’engagements nomment ce lieu."
MAP_SIZE = (388.0, 151.0)
"""Points that the map takes, as the pages of the slides are laid out."""


class SlideTable(Struct, frozen=True):
    """Cells in words; `widths` are shares of the slide."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


class Slide(Struct, frozen=True):
    """One slide. Its parts stand one under the other."""

    title: str
    message: str = ""
    table: SlideTable | None = None
    left_out: str = ""
    """What its table does not show or leaves to others to settle, said under it."""
    bars: tuple[tuple[str, Mapping[Statut, int]], ...] = ()
    """A bar for each name, by status."""
    lines: tuple[str, ...] = ()
    map_of: CopilData | None = None
    """Whose map it shows."""
    notes: str = ""
    """What the speaker has under the eyes: sources, what is left out."""


def slides(data: CopilData) -> tuple[Slide, ...]:
    """The cover, page one, what stands where, what changed, a slide a partner (a thématique, an axis: as the chapters
    of the file are chosen), the decisions that are open, those to take."""
    return (
        _cover(data),
        _essential(data),
        _standings(data),
        *_changes(data),
        *_map(data),
        *_chapters(data),
        _decisions(data),
        _to_take(data),
    )


def _cover(data: CopilData) -> Slide:
    meeting, contract = data.copil, data.situation.dossier.contract
    when = f"{MEETING_LABELS[meeting.kind]}, le {format_date(meeting.day)}" if meeting is not None else ""
    place = f", {meeting.place}" if meeting is not None and meeting.place else ""
    words = [f"{when}{place}", data.review.data_words, "Données fictives" if contract.fictitious else ""]
    return Slide(line(contract.name), lines=tuple(text for text in words if text), notes=_source(data))


def _source(data: CopilData) -> str:
    documents = "\n".join(f"– {item.title}" for item in data.situation.dossier.documents)
    return f"{data.review.data_words}, empreinte {data.fingerprint}.\nSources{NNBSP}:\n{documents}"


def _assessed(
    data: CopilData, items: Sequence[Assessment], *, scales: bool, label_max: int = _LABEL_MAX
) -> SlideTable:
    rows = []
    for item in items:
        far, objective = how_far(item), item.objective
        scale = f" ({scale_word(data.situation, item.objective)})" if scales else ""
        label = shorten_words(objective.label, label_max - len(scale))
        rows.append(
            (
                f"{label}{scale}",
                # Without the words of its unit, which the name of the objective tells.
                f"{current_cell(item, _UNBOUND).texts[0]}{_dated(item)}",
                target_cell(objective, item, _UNBOUND).texts[0]
                + (f"\n{_PARITY}" if objective.aim.compared else ""),
                # A unit in words would be cut at any letter.
                far.short if len(far.gap) <= _GAP_MAX else far.narrow,
                STATUS_MARKS[item.status].word,
            )
        )
    header = ("Objectif", "Valeur", "Cible", "Avancement", "Statut")
    return SlideTable(header, tuple(rows), (0.36, 0.17, 0.15, 0.17, 0.15))


def _dated(item: Assessment) -> str:
    """The day of a value, without which it would pass for one of the day of the slide."""
    return f"\nau{NBSP}{format_date(item.value_day)}" if item.value_day is not None else ""


def _essential(data: CopilData) -> Slide:
    situation, words = data.situation, data.composition.comment(ENTRY.key)
    chosen = situation.to_look_at(ARBITRATED)
    left = chosen.left_out if chosen.shown else 0
    # How many on the slide; of whom each is, in the notes. The officer's own words take the room of the sentence.
    others = f"Et {plural(left, 'autre objectif à traiter', 'autres objectifs à traiter')}." if left else ""
    settled = to_settle(situation, named=1) if chosen.shown and not words else ""
    rest = to_treat_words(data, chosen) if left else ""
    told = (
        to_settle(situation),
        f"{rest[:1].upper()}{rest[1:]}",
        f"Secrétariat{NNBSP}: {secretariat_sentence(data)}",
        _source(data),
    )
    return Slide(
        "À arbitrer",
        words,
        _arbitrated(data, chosen.shown) if chosen.shown else None,
        left_out=" ".join(filter(None, (settled, others))),
        lines=() if chosen.shown else (nothing_shown(chosen),),
        notes="\n".join(filter(None, told)),
    )


def _arbitrated(data: CopilData, items: Sequence[Assessment]) -> SlideTable:
    """What is looked at first; under its status, what this committee is told and does not settle."""
    table = _assessed(data, items, scales=True, label_max=_ARBITRATED_MAX)
    rows = tuple(
        (*row[:-1], f"{row[-1]}\n{TOLD}" if is_beyond_home(data.situation, item.objective) else row[-1])
        for row, item in zip(table.rows, items, strict=True)
    )
    return SlideTable(table.header, rows, (0.36, 0.17, 0.13, 0.15, 0.19))


def _standings(data: CopilData) -> Slide:
    bars = standings(data)
    return Slide(
        "Où en est chaque partenaire, à chaque échelle",
        " ".join([*before_the_contract(data.situation), *nothing_promised(data.situation)]),
        left_out=f"Et, {rest}." if (rest := other_bars_words(bars[_BARS_MAX:])) else "",
        bars=tuple(bars[:_BARS_MAX]),
        notes=f"{summary_sentence(data.situation)}\n{_source(data)}",
    )


def _changes(data: CopilData) -> list[Slide]:
    baseline, moves = data.review.baseline, data.review.moves
    if baseline is None or not moves:
        return []
    rows = tuple(
        (
            f"{shorten_words(move.objective.label, _LABEL_MAX)} ({move.scale})",
            f"{how_far(move.before).value}{_dated(move.before)}",
            f"{how_far(move.after).value}{_dated(move.after)}",
            STATUS_MARKS[move.after.status].word,
        )
        for move in moves[: ROWS_MAX - 1]
    )
    header = ("Objectif", f"Au {format_date(baseline.day)}", f"Au {format_date(data.day)}", "Statut")
    left = len(moves) - len(rows)
    return [
        Slide(
            f"Ce qui a changé depuis le {format_date(baseline.day)}",
            table=SlideTable(header, rows, (0.45, 0.2, 0.2, 0.15)),
            left_out=f"Et {plural(left, 'autre évolution', 'autres évolutions')}." if left else "",
            notes=f"{baseline.note}\n{_source(data)}",
        )
    ]


def _map(data: CopilData) -> list[Slide]:
    """What is promised in each place; nothing where no outline is known."""
    atlas = data.review.atlas
    if not atlas.contours:
        return []
    _, sources = map_file.chart_of(data.situation, atlas, MAP_SIZE, shown=map_file.PROMISES, place=None)
    notes = f"Contours{NNBSP}: {sources}\n{_source(data)}"
    return [Slide("Ce qui est promis, lieu par lieu", _MAP_WORDS, map_of=data, notes=notes)]


def map_chart(data: CopilData) -> Chart:
    """The map of a slide."""
    chart, _ = map_file.chart_of(
        data.situation, data.review.atlas, MAP_SIZE, shown=map_file.PROMISES, place=None
    )
    return chart


def _chapters(data: CopilData) -> list[Slide]:
    situation, by = data.situation, data.composition.chapters
    if by == PARTNERS:
        return [
            _chapter(
                data,
                (item.partner.name, item.partner.short_name or item.partner.name),
                item.counts,
                [told for told in situation.counted if told.objective.partner == item.partner.key],
            )
            for item in situation.partners
            if item.objectives
        ]
    told = []
    for gathering in gatherings(situation, by):
        keys = {item.key for item in gathering.objectives}
        own = [item for item in situation.counted if item.objective.key in keys]
        by_status = counts.count(own)
        if counts.promised_count(by_status):
            told.append(_chapter(data, (gathering.name, gathering.name), by_status, own))
    return told


def _chapter(
    data: CopilData, names: tuple[str, str], by_status: Mapping[Statut, int], own: Sequence[Assessment]
) -> Slide:
    """What is promised of one partner, thématique or axis: what is to be treated first. `names`: whole, then short."""
    situation, (name, short) = data.situation, names
    promised = [item for item in own if item.status is not Statut.SUIVI]
    keys = {item.objective.key for item in promised}
    to_treat = [item for item in situation.to_treat if item.objective.key in keys]
    first = attention.first(to_treat, _PARTNER_ROWS, unranked=0).shown
    looked_at = {item.objective.key for item in first}
    others = [item for item in promised if item.objective.key not in looked_at]
    shown = [*first, *others][:_PARTNER_ROWS]
    left = len(promised) - len(shown)
    scales = {scale_word(situation, item.objective) for item in shown}
    return Slide(
        short if len(name) > TITLE_MAX else name,
        f"{counts_sentence(by_status)} {'Échelle' if len(scales) == 1 else 'Échelles'}{NNBSP}:"
        f" {', '.join(sorted(scales))}.",
        _assessed(data, shown, scales=len(scales) > 1),
        f"{plural(left, 'autre n’est pas montré', 'autres ne sont pas montrés')}." if left else "",
        bars=((short, by_status),),
        notes=f"{_unshown(promised, shown)}{_source(data)}",
    )


def _unshown(promised: Sequence[Assessment], shown: Sequence[Assessment]) -> str:
    """By name, those that the table leaves out: whoever speaks is asked for them."""
    names = [called(item.objective) for item in promised if item not in shown]
    return f"Non montrés{NNBSP}: {f'{NNBSP}; '.join(names)}.\n" if names else ""


def _to_take(data: CopilData) -> Slide:
    """What the committee can decide: a line too long to be read from the end of the room without its names."""
    expected = expected_decisions(data)
    rows = [
        text if len(text) <= _LINE_MAX else f"{text.partition(f'{NNBSP}:')[0]}."
        for text in expected[:_DECISIONS_MAX]
    ]
    left = len(expected) - len(rows)
    return Slide(
        "Décisions à prendre",
        table=SlideTable(("Ce que le comité peut décider",), tuple((text,) for text in rows), (1.0,)),
        left_out=f"Et {plural(left, 'autre', 'autres')}." if left else "",
        notes="\n".join([*expected, _source(data)]),
    )


def _decisions(data: CopilData) -> Slide:
    late = [item for item in data.situation.dossier.decisions if is_open(item, data.day)]
    late.sort(key=lambda item: (not is_late(item, data.day), item.due is None, item.due, item.key))
    rows = tuple(
        (
            shorten_words(item.label, _LINE_MAX),
            item.carrier or "–",
            format_date(item.due),
            state_words(item, data.day),
        )
        for item in late[:ROWS_MAX]
    )
    header = ("Décision", "Confiée à", "Échéance", "État")
    left = len(late) - len(rows)
    return Slide(
        "Suites des décisions antérieures",
        table=SlideTable(header, rows, (0.5, 0.22, 0.14, 0.14)) if rows else None,
        lines=() if rows else ("Aucune décision antérieure n’est ouverte.",),
        left_out=f"Et {plural(left, 'autre décision ouverte', 'autres décisions ouvertes')}." if left else "",
        notes=_source(data),
    )
