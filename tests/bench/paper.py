"""The COPIL file of a base as other tools are given it: its own blocks, in their order, as HTML and as typst markup.

Same words, tables with their header rows, groups, rules and tints, links, lists, drawings (vectors, by the painters of our
pages), alternative texts, type, colours, contents, running head and foot. Its cover is plainer: its words alone.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import pypdfium2
from reportlab.platypus import PageBreak, Table

from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.primitives import Mark
from qpvdesk.domain.french import NNBSP
from qpvdesk.domain.model import FICTITIOUS
from qpvdesk.reports import copil, opendocument
from qpvdesk.reports.cells import CodeCell, Figure, Gauge, Kept, StatusCell, WeatherCell
from qpvdesk.reports.copied_drawings import Drawing, drawing_of
from qpvdesk.reports.ending import Apart
from qpvdesk.reports.headings import Bar, Contents, Heading
from qpvdesk.reports.layout import Manuscript
from qpvdesk.reports.legend import Legend, Swatch
from qpvdesk.reports.lists import ListItem
from qpvdesk.reports.painter import ChartFlowable, paint, paint_mark
from qpvdesk.reports.seal import SIDE, draw_code
from qpvdesk.reports.style import MARGIN_BOTTOM, MARGIN_TOP, MARGIN_X
from qpvdesk.reports.tables import DataTable, Total, cell_texts
from qpvdesk.reports.text import Paragraph, line
from qpvdesk.reports.text_cell import TextCell
from qpvdesk.reports.weather import paint_weather
from qpvdesk.services import printing
from qpvdesk.services.desk import opened
from tests.bench.sketch import Sketch

_MARKUP = re.compile(r'(<b>)?(?:<link href="#@([^"]+)">)?([^<]*)(</link>)?(</b>)?(<br/>)?')
_CODE = re.compile(r"(?<![\w-])([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+)(?![\w-])")
COVER = "Comité de pilotage"
"""Its large words."""
MARGINS = (MARGIN_TOP, MARGIN_X, MARGIN_BOTTOM, MARGIN_X)


class Run(NamedTuple):
    """Words set alike. `code`: of the row that they lead to."""

    words: str
    code: str = ""
    weight: int = 400
    pale: bool = False


class Picture(NamedTuple):
    """A drawing in its file; of ornament where it says nothing."""

    file: str
    width: float
    alt: str = ""


class Cell(NamedTuple):
    """The lines of a cell and its picture, `under` them or before."""

    lines: Sequence[Sequence[Run]]
    picture: Picture | None = None
    under: bool = False
    code: str = ""
    """Where it is the place that links lead to."""


def manuscript_of(base: Path) -> Manuscript:
    """The file as our page is given it, just before it is laid out."""
    request = printing.Request("copil")
    with opened(base, read_only=True) as desk:
        review = printing.subject(desk, desk.contracts()[0].code, request)
    with patch.object(copil, "write_document", return_value=0) as caught:
        printing.write_report(request, review, base.with_name("copil.pdf"))
    found: Manuscript = caught.call_args.args[1]
    return found


def shared_words(paper: Path, other: Path) -> float:
    """The share of the words of a paper that another holds, each as often as it does."""
    told, found = (Counter(re.findall(r"\w+", " ".join(_pages(file)))) for file in (paper, other))
    return (told & found).total() / told.total()


def _pages(file: Path) -> Iterator[str]:
    with pypdfium2.PdfDocument(file) as document:
        for page in document:
            yield page.get_textpage().get_text_range()


def open_document(manuscript: Manuscript, markup: Markup, target: Path) -> None:
    """The OpenDocument copy that the product writes of it, its drawings as vectors: what LibreOffice is given."""

    def vector(block: ChartFlowable | Legend) -> Drawing:
        drawn = drawing_of(block)
        return drawn._replace(content=(target.parent / markup.drawing(block).file).read_bytes())

    with patch.object(opendocument, "drawing_of", vector), target.open("wb") as file:
        opendocument.write_open(file, manuscript.identity, manuscript.story)


class Markup(ABC):
    """What the languages have in common. The drawings are written into `folder`."""

    turn = bar = apart = ""
    """The end of a page, the bar under the title of a chapter, the room before one."""

    def __init__(self, manuscript: Manuscript, folder: Path) -> None:
        self.identity, self.story, self._folder = manuscript.identity, manuscript.story, folder
        self._files: dict[str, str] = {}
        self.codes = {code for block in self.story if isinstance(block, DataTable) for code in block.codes}
        self._placed: set[str] = set()
        self.styles: dict[str, Any] = {}
        code = Sketch(SIDE, SIDE)
        draw_code(code, self.identity.fingerprint, (0, 0))
        self.seal = self._drawn(code, SIDE)
        fictitious = FICTITIOUS if self.identity.fictitious else ""
        self.foot = " · ".join(filter(None, (fictitious, self.identity.foot_words)))

    @abstractmethod
    def words(self, runs: Sequence[Run]) -> str: ...
    @abstractmethod
    def paragraph(self, style: str, words: str, level: int, key: str) -> str: ...
    @abstractmethod
    def listed(self, lines: Sequence[str], *, numbered: bool) -> str: ...
    @abstractmethod
    def contents(self, entries: Sequence[tuple[str, str]]) -> str: ...
    @abstractmethod
    def picture(self, picture: Picture) -> str: ...
    @abstractmethod
    def beside(self, columns: Sequence[Sequence[str]]) -> str: ...
    @abstractmethod
    def table(self, table: DataTable) -> str: ...

    def body(self, story: Sequence[Any]) -> Iterator[str]:
        """Every block of a story, what goes together in one list as one."""
        rank = 0
        for _, items in groupby(story, lambda block: getattr(block, "whole", None) or block):
            block = next(items)
            match block:
                case ListItem():
                    lines = [self.words(self.runs(item)) for item in (block, *items)]
                    yield self.listed(lines, numbered=block.bulletText[0].isdigit())
                case PageBreak():
                    yield self.turn
                case Bar():
                    yield self.bar
                case Apart():
                    yield self.apart
                case Contents():
                    yield self.contents([(entry.key, entry.title) for entry in block.entries])
                case Heading() | Paragraph():
                    self.styles[block.style.name] = block.style
                    # As in our structure, no level is skipped.
                    level = min(block.level, rank + 1) if isinstance(block, Heading) else 0
                    rank = level or rank
                    key = block.entry.key if isinstance(block, Heading) and block.entry else ""
                    yield self.paragraph(block.style.name, self.words(self.runs(block)), level, key)
                case DataTable():
                    yield self.table(block)
                case ChartFlowable() | Legend():
                    yield self.picture(self.drawing(block))
                case Table():
                    yield self.beside([list(self.body(part)) for row in block._cellvalues for part in row])

    def runs(self, block: Any) -> list[Run]:
        """The words of a paragraph."""
        found, code, weight = list[Run](), "", 0
        for heavy, linked, words, unlinked, light, broken in _MARKUP.findall(block._source):
            code, weight = linked or code, 600 if heavy else weight
            if words:
                found.append(Run(unescape(words), code if code in self.codes else "", weight))
            code, weight = "" if unlinked else code, 0 if light else weight
            found += [Run("\n")] if broken else []
        return found

    def cell(self, value: Any) -> Cell:
        """What stands in a cell."""
        first, *under = cell_texts(value) or ("",)
        match value:
            case CodeCell() if value.code not in self._placed:
                self._placed.add(value.code)
                return Cell([[Run(first)]], code=value.code)
            case Gauge() | Swatch():
                sketch = Sketch(value.width, 9)
                value.canv = sketch
                value.draw()
                lines = [[Run(words, pale=not value._rate)] for words in sketch.words]
                bar = self._drawn(sketch, value.width) if isinstance(value, Swatch) or value._rate else None
                return Cell(lines, bar, under=True)
            case StatusCell():
                sketch, look = Sketch(8, 8), STATUS_MARKS[value.status]
                paint_mark(sketch, Mark(4, 4, 8, look.shape, look.ink))
                return Cell(_lines(first, under, 500), self._drawn(sketch, 8))
            case WeatherCell():
                sketch = Sketch(20, 20)
                paint_weather(sketch, (10, 10), 20, value.weather)
                return Cell(_lines(first, under), self._drawn(sketch, 14))
            case TextCell() | CodeCell():
                return Cell([self._linked(words, pale=bool(at)) for at, words in enumerate((first, *under))])
        return Cell(_lines(first, under, 500 if isinstance(value, Figure | Kept) else 400))

    def rows(self, table: DataTable) -> Iterator[tuple[bool, bool, list[Cell]]]:
        """Each row: whether it is the title of those that follow, whether it counts those above; its cells."""
        for (is_group, _), row in zip(table.text_rows(), table.cells, strict=True):
            yield (
                is_group,
                isinstance(row, Total),
                [self.cell(value) for value in row[: 1 if is_group else None]],
            )

    def _linked(self, words: str, *, pale: bool) -> list[Run]:
        return [
            Run(piece, piece if piece in self.codes else "", pale=pale)
            for piece in _CODE.split(words)
            if piece
        ]

    def drawing(self, block: ChartFlowable | Legend) -> Picture:
        """A chart, or the key of one."""
        sketch = Sketch(block.width, block.height)
        if isinstance(block, ChartFlowable):
            paint(sketch, block.chart)
            return self._drawn(sketch, block.width, line(block.chart.summary))
        block.canv = sketch
        block._draw()
        return self._drawn(sketch, block.width, f"Légende{NNBSP}: {', '.join(block.words)}")

    def _drawn(self, sketch: Sketch, width: float, alt: str = "") -> Picture:
        """A drawing in its file: one for all that are alike."""
        drawn = sketch.svg()
        name = self._files.setdefault(drawn, f"{len(self._files)}.svg")
        (self._folder / name).write_text(drawn, encoding="utf-8")
        return Picture(name, width, alt)


def _lines(first: str, under: Sequence[str], weight: int = 0) -> list[list[Run]]:
    return [[Run(first, weight=weight)], *([Run(words, pale=True)] for words in under)]


def colour_of(style: Any) -> str:
    return f"#{style.textColor.hexval()[2:]}"
