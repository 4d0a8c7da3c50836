"""« L’essentiel »: where the contract stands, what moved, what is to be settled, on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from reportlab.platypus import Flowable, Spacer

from qpvdesk.charts.bars import partner_bars
from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.primitives import Ink, Mark, Rect
from qpvdesk.domain.french import NNBSP, format_date, format_number, plural
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.meetings import is_late
from qpvdesk.domain.points import Point
from qpvdesk.domain.progress import STATUT_ORDER, Assessment, Statut
from qpvdesk.domain.scales import scale_word
from qpvdesk.domain.situation import Situation
from qpvdesk.reports.cells import Legend
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, title
from qpvdesk.reports.lists import list_of
from qpvdesk.reports.painter import ChartFlowable, paint_mark, paint_rect
from qpvdesk.reports.style import (
    BLUE,
    BOLD,
    CELL_NOTE_STYLE,
    CELL_STYLE,
    COMMENT_STYLE,
    GUTTER,
    HAIR,
    HEIGHT,
    MEDIUM,
    REGULAR,
    WIDTH,
    colour,
    ink,
)
from qpvdesk.reports.tagging import artifact, tagged
from qpvdesk.reports.text import paragraph

ENTRY = Entry("essentiel", "L’essentiel", 0)
_ROWS = (31.0, 27.0, 23.0)
ALIKE = 3
"""More points of one kind than this are told in one line."""
_BUDGETS = (10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
"""How many lines a list may have, tried until all stands on one page."""


def essential(data: CopilData) -> list[Flowable]:
    """The blocks of the page; as many lines in its lists as the page holds."""
    partners = max(1, len(data.situation.partners))
    row = min(_ROWS[-1], 190.0 / partners)
    words = data.composition.comment(ENTRY.key)
    above = [paragraph(words, COMMENT_STYLE)] if words else []
    budget = next((lines for lines in _BUDGETS if _fits([*above, *_blocks(data, lines, row)])), 0)
    # What room is left goes to the chart.
    for taller in _ROWS if partners <= 9 else ():
        blocks = _blocks(data, budget, taller)
        if _fits([*above, *blocks]):
            return blocks
    return _blocks(data, budget, row)


def _fits(blocks: Sequence[Flowable]) -> bool:
    return _height(blocks) <= HEIGHT - 4


def _height(blocks: Sequence[Flowable]) -> float:
    total = 0.0
    for index, block in enumerate(blocks):
        total += block.wrap(WIDTH, HEIGHT)[1] + block.getSpaceAfter()
        total += block.getSpaceBefore() if index else 0
    return total


def _blocks(data: CopilData, budget: int, row: float) -> list[Flowable]:
    situation = data.situation
    blocks: list[Flowable] = [*title(ENTRY, data.review.data_words)]
    blocks.append(Tiles(situation, WIDTH))
    blocks.append(paragraph(summary_sentence(situation), SENTENCE_STYLE))
    chart = partner_bars(situation.partners, WIDTH, row=row, text_size=8.5 if row < 26 else 9.5)
    blocks.append(ChartFlowable(chart))
    blocks.append(Legend(WIDTH))
    blocks.append(Spacer(0, 8))
    moves, points = Column(*_moves(data, budget)), Column(*_arbitrations(data, budget))
    if moves.blocks:
        blocks.append(Columns([moves, points]))
    else:
        # Half a page of nothing helps nobody: each takes the whole width.
        blocks += [Columns([moves]), Columns([points])]
    blocks.append(Columns([Column("Décisions attendues", expected_decisions(data)[: max(2, budget)], "")]))
    return blocks


def summary_sentence(situation: Situation) -> str:
    """How many objectives are promised, and how many of them have a value."""
    promised = _promised(situation)
    known = promised - situation.counts[Statut.NON_RENSEIGNE]
    text = f"{plural(promised, 'objectif chiffré promis', 'objectifs chiffrés promis')}, dont {format_number(known)} "
    text += "renseigné. " if known < 2 else "renseignés. "
    followed = situation.counts[Statut.SUIVI]
    if followed:
        text += f"S’y ajoutent {plural(followed, 'chiffre suivi', 'chiffres suivis')} sans cible."
    return text


def _promised(situation: Situation) -> int:
    return sum(count for status, count in situation.counts.items() if status is not Statut.SUIVI)


def _moves(data: CopilData, budget: int) -> tuple[str, list[str], str]:
    baseline, moves = data.review.baseline, data.review.moves
    if baseline is None:
        return "Ce qui a changé", [], "Aucun comité de pilotage antérieur n’est enregistré."
    name = f"Ce qui a changé {baseline.since}"
    if not moves:
        return name, [], f"Aucune valeur nouvelle depuis cette date. {baseline.note}"
    rest = len(moves) - budget
    more = (
        f"et {plural(rest, 'autre évolution', 'autres évolutions')}, au fil des chapitres."
        if rest > 0
        else ""
    )
    return name, [move.sentence for move in moves[:budget]], f"{more} {baseline.note}".strip()


def _arbitrations(data: CopilData, budget: int) -> tuple[str, list[str], str]:
    chosen = data.situation.to_look_at(min(5, (budget + 1) // 2))
    lines = [to_treat_line(data.situation, item) for item in chosen.shown]
    if lines and chosen.left_out:
        others = plural(chosen.left_out, "autre objectif", "autres objectifs")
        lines.append(f"et {others} à traiter, dans les chapitres des partenaires.")
    kinds: dict[str, list[Point]] = {}
    for point in unseen(data):
        kinds.setdefault(point.kind, []).append(point)
    for alike in kinds.values():
        if len(alike) > ALIKE:
            lines.append(together(data, alike))
        else:
            lines += [point.message[:1].upper() + point.message[1:] for point in alike]
    if not lines:
        return "Points à arbitrer", [], "Aucune alerte à cette date."
    rest = len(lines) - budget
    more = (
        f"et {plural(rest, 'autre point', 'autres points')}, voir « Points d’attention »." if rest > 0 else ""
    )
    return "Points à arbitrer", lines[:budget], more


def to_treat_line(situation: Situation, item: Assessment) -> str:
    """One objective to treat: its name, its scale, where it stands against what."""
    objective, far = item.objective, how_far(item)
    # The day is that of the value, not of the target.
    dated = f" au {format_date(item.value_day)}" if item.value_day else ""
    against = f", pour {far.bound}" if far.bound else ""
    word = STATUS_MARKS[item.status].word.lower()
    return (
        f"{objective.code}{NNBSP}: {objective.label} ({scale_word(situation, objective)}), {word}"
        f" ({far.value}{dated}{against})."
    )


def together(data: CopilData, alike: Sequence[Point]) -> str:
    """Many points of one kind in one line, by partner."""
    names = {item.key: item.short_name or item.name for item in data.situation.dossier.partners}
    by_partner = Counter(names.get(point.partner or "", "hors partenaire") for point in alike)
    cases = plural(len(alike), "cas", "cas")
    if not any(point.partner for point in alike):
        return f"{alike[0].title}{NNBSP}: {cases}."
    shares = ", ".join(f"{name} {count}" for name, count in by_partner.most_common())
    return f"{alike[0].title}{NNBSP}: {cases} ({shares})."


def unseen(data: CopilData) -> list[Point]:
    """The alerts that the officer has not set aside."""
    return [view.point for view in data.review.alerts if not view.acknowledged]


def expected_decisions(data: CopilData, where: str = "") -> list[str]:
    """What the committee can decide, from the state of the data alone. `where`: the paper that has the points told of,
    where it is another one."""
    situation = data.situation
    found: list[str] = []
    late = [item for item in situation.dossier.decisions if is_late(item, data.day)]
    if late:
        found.append(
            f"Relancer ou clore {plural(len(late), 'décision échue', 'décisions échues')} d’une réunion antérieure."
        )
    missing = [
        (summary.partner.short_name or summary.partner.name, summary.counts[Statut.NON_RENSEIGNE])
        for summary in situation.partners
        if summary.counts[Statut.NON_RENSEIGNE]
    ]
    if missing:
        total = sum(count for _, count in missing)
        names = ", ".join(f"{name} ({count})" for name, count in sorted(missing, key=lambda item: -item[1]))
        found.append(
            f"Fixer la date de remise d’une première valeur pour {plural(total, 'objectif', 'objectifs')}{NNBSP}: {names}."
        )
    behind = situation.counts[Statut.EN_RETARD] + situation.counts[Statut.NON_ATTEINT]
    if behind:
        found.append(
            f"Pour {plural(behind, 'objectif en retard ou non atteint', 'objectifs en retard ou non atteints')}, convenir "
            "d’une mesure de rattrapage ou d’une cible révisée et motivée."
        )
    loose = situation.counts[Statut.SANS_TRAJECTOIRE]
    if loose:
        found.append(
            f"Préciser le départ ou l’échéance de {plural(loose, 'objectif', 'objectifs')} sans trajectoire."
        )
    if data.review.contradictions:
        gaps = plural(data.review.contradictions, "contradiction de chiffres", "contradictions de chiffres")
        found.append(f"Faire lever par leurs auteurs {gaps} (voir « Points d’attention »{where}).")
    return found or ["Aucune décision ne ressort des données à cette date."]


class Tiles(Flowable):  # type: ignore[misc]
    """A tile for each status: its hatching, how many, its mark and its word."""

    def __init__(self, situation: Situation, width: float) -> None:
        super().__init__()
        self.width, self.height = width, 64.0
        self._counts = situation.counts

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says: how many in each status."""
        return tuple(
            f"{STATUS_MARKS[status].word}{NNBSP}: {format_number(self._counts.get(status, 0))}"
            for status in STATUT_ORDER
        )

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        with tagged(self.canv, "P", said="\n".join(self.texts)):
            self._draw()

    def _draw(self) -> None:
        canvas = self.canv
        gap = 6.0
        room = (self.width - gap * (len(STATUT_ORDER) - 1)) / len(STATUT_ORDER)
        for index, status in enumerate(STATUT_ORDER):
            look = STATUS_MARKS[status]
            x = index * (room + gap)
            count = self._counts.get(status, 0)
            paint_rect(canvas, Rect(x, self.height - 5, room, 5, look.ink, look.hatch))
            canvas.setFont(BOLD, 21)
            canvas.setFillColor(ink(Ink.TEXT if count else Ink.AXIS))
            canvas.drawString(x, self.height - 29, format_number(count))
            paint_mark(canvas, Mark(x + room - 6, self.height - 21.5, 9, look.shape, look.ink))
            canvas.setFont(REGULAR, 7.4)
            canvas.setFillColor(ink(Ink.TEXT))
            for row, word in enumerate(_two_lines(look.word)):
                canvas.drawString(x, self.height - 41 - row * 9, word)


def _two_lines(word: str) -> tuple[str, ...]:
    head, _, tail = word.partition(" ")
    return (head, tail) if tail and len(word) > 10 else (word,)


class Column:
    """A short list under a title, with a closing remark."""

    def __init__(self, name: str, lines: Iterable[str], remark: str) -> None:
        self.name = name
        self.blocks = list_of([(text, None) for text in lines], CELL_STYLE)
        self.remark = paragraph(remark, CELL_NOTE_STYLE) if remark else None


class Columns(Flowable):  # type: ignore[misc]
    """Lists side by side, each line after a square."""

    _INDENT = 10.0
    _HEAD = 22.0

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self._columns = tuple(columns)

    @property
    def lists(self) -> tuple[tuple[str, tuple[str, ...], str], ...]:
        """The title of each list, its lines and its closing remark."""
        return tuple(
            (
                column.name,
                tuple(block.getPlainText(identify=1) for block in column.blocks),
                column.remark.getPlainText(identify=1) if column.remark is not None else "",
            )
            for column in self._columns
        )

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width = width
        self._room = (width - GUTTER * (len(self._columns) - 1)) / len(self._columns)
        self.height = max(self._column_height(column) for column in self._columns) + 8
        return self.width, self.height

    def _column_height(self, column: Column) -> float:
        height = self._HEAD
        for block in column.blocks:
            height += block.wrap(self._room - self._INDENT, HEIGHT)[1] + 3
        if column.remark is not None:
            height += column.remark.wrap(self._room, HEIGHT)[1] + 2
        return height

    def draw(self) -> None:
        canvas = self.canv
        for index, column in enumerate(self._columns):
            x = index * (self._room + GUTTER)
            y = self.height - 16
            with tagged(canvas, "H2"):
                canvas.setFont(MEDIUM, 10)
                canvas.setFillColor(colour(BLUE))
                canvas.drawString(x, y, column.name)
            with artifact(canvas):
                canvas.setStrokeColor(colour(HAIR))
                canvas.setLineWidth(0.6)
                canvas.line(x, y - 4, x + self._room, y - 4)
            y -= 6
            for block in column.blocks:
                _, height = block.wrap(self._room - self._INDENT, HEIGHT)
                y -= height + 3
                with artifact(canvas):
                    canvas.setFillColor(colour(BLUE))
                    canvas.rect(x, y + height - 6.6, 3, 3, stroke=0, fill=1)
                block.drawOn(canvas, x + self._INDENT, y)
            if column.remark is not None:
                _, height = column.remark.wrap(self._room, HEIGHT)
                column.remark.drawOn(canvas, x, y - height - 2)


SENTENCE_STYLE = CELL_STYLE.clone("essential-sentence", spaceBefore=2, spaceAfter=8)
