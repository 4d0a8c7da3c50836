"""Tables in copies that can be taken up elsewhere: their widths, and the whole of them in a Word document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import lru_cache, partial
from math import ceil
from typing import Any, NamedTuple

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from qpvdesk.charts.marks import PRINT, STATUS_MARKS, WEATHER_INKS, WEATHER_SIGNS
from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.french import hold_codes
from qpvdesk.reports.cells import EntryBox, Figure, StatusCell, WeatherCell
from qpvdesk.reports.legend import Swatch
from qpvdesk.reports.signs import SAID, TICKED
from qpvdesk.reports.style import BOLD, REGULAR, TABLE, WIDTH, text_width
from qpvdesk.reports.tables import DataTable, Total, cell_texts
from qpvdesk.reports.text_cell import weighed

_WORDS, _LINES = re.compile(r"[^ \n]+"), re.compile(r"[^\n]+")
"""What no line ends within; what stands on one where there is room."""
_WIDER, _TITLE_WIDER = 1.15, 1.25
"""How much wider than the paper's the type may be that a machine puts in its place, and its heavy letters: a word that it
cuts is not read."""
_LINE_WIDER = 1.0
"""The same of a line of values, which too wide a type breaks between two words: that of copies is narrower."""
_SIDE = 4.0
"""Air on each side of a cell, in points."""
_MARK = 10.0
"""Points of a mark before its word."""
_NAMES = 0.24
"""Of the width, for the names at least, before statuses and values stand on a line."""
COPY_TYPE = "Arial"
"""The letters of copies, about as wide as those of the paper: every machine has them, or others as wide; where one is not
known a word processor takes any, and a list of several is one name to it."""
CELL_RULE = "A6A6AB"
UNDER, LEAST = 4.0, 1.0
"""Points of the line that follows each table; the one that nothing follows."""
_SAVED = 3
"""Lines of a table, for which « sans échéance » is broken on two."""
_LOWER = 0.95
"""Of its height on paper: a copy has its rules, and a line more over its title, in the same page."""
KEPT_WHOLE, _HEADER = "w:cantSplit", "w:tblHeader"


class CellLook(NamedTuple):
    """How a cell is set."""

    right: bool = False
    """To the right."""
    bold: bool = False
    kept: bool = False
    """On the page of the row after."""


def add_table(word: Any, table: DataTable) -> None:
    """A table as wide as the text, whose header stands again on each page."""
    rows = table.text_rows()
    grid = word.add_table(rows=1 + len(rows), cols=len(table.columns.header))
    grid._tbl.tblStyle_val = style_id(word, "Table Grid")
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    grid.autofit = False
    _rule(grid)
    widths = [Pt(width) for width in copy_widths(table)]
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    lines = list(grid.rows)
    set_row(lines[0], _HEADER)
    right = table.columns.right
    for index, (cell, title) in enumerate(zip(lines[0].cells, table.columns.header, strict=True)):
        cell.width = widths[index]
        _fill(cell, (copied_title(title),), CellLook(index in right, bold=True, kept=True))
    kept = kept_rows(table)
    for at, (row, (is_group, cells), signs) in enumerate(zip(lines[1:], rows, row_signs(table), strict=True)):
        set_row(row, KEPT_WHOLE)
        if height := height_to_write(table, at):
            row.height = Pt(height)
        targets = row.cells
        if is_group:
            _fill(targets[0].merge(targets[-1]), cells[0], CellLook(bold=True, kept=at in kept))
        else:
            for index, (cell, texts, sign) in enumerate(zip(targets, cells, signs, strict=True)):
                cell.width = widths[index]
                _fill(cell, texts, CellLook(index in right, is_total(table, at), at in kept), sign)
    end_table(word)


def copied_title(title: str) -> str:
    """The title of a column; where a bar has a tick on paper, its cell says what is expected."""
    return title.replace(f"\n{TICKED}", SAID).replace(f" {TICKED}", SAID).replace("\n", " ")


def end_table(word: Any) -> None:
    """Part a table from what follows: two that touch are one, and a higher line would turn a page that it fills."""
    under = word.add_paragraph().paragraph_format
    under.line_spacing, under.space_after = Pt(UNDER), Pt(0)


def end_copy(word: Any) -> None:
    """Leave the least line under a table that ends the document, where Word asks for one: a higher turns a page."""
    last = word.paragraphs[-1]
    if not last.text and last._p.getprevious() is not None and last._p.getprevious().tag == qn("w:tbl"):
        last.paragraph_format.line_spacing = Pt(LEAST)
        # Its own letters, where a word processor reckons with them.
        last.add_run().font.size = Pt(LEAST)


def bare_grid(word: Any, rows: int, columns: int) -> Any:
    """A table without rules nor air, for what stands side by side."""
    grid = word.add_table(rows=rows, cols=columns)
    grid.autofit = False
    _set_air(grid, {"left": 0, "right": 0})
    for row in grid.rows:
        set_row(row, KEPT_WHOLE)
    return grid


def is_total(table: DataTable, row: int) -> bool:
    """Whether a row counts all those above it."""
    return isinstance(table.cells[row], Total)


def kept_rows(table: DataTable) -> frozenset[int]:
    """The rows that stay on the page of the one after: the titles of groups; all but the last of a short table; the first
    few; the last two, and with what is said under them."""
    rows = table.text_rows()
    last = len(rows) - 1
    ends = {*range(table.few - 1), last - 1}
    return frozenset(
        at
        for at, (is_group, _) in enumerate(rows)
        if (table.noted if at == last else is_group or table.is_short or at in ends)
    )


def _sign(value: Any) -> tuple[str, Ink] | None:
    """The mark of a cell as a letter in its ink, for a copy that draws none."""
    if isinstance(value, (StatusCell, Swatch)):
        look = STATUS_MARKS[value.status]
        return look.sign, look.ink
    if isinstance(value, WeatherCell) and value.weather in WEATHER_SIGNS:
        return WEATHER_SIGNS[value.weather], WEATHER_INKS[value.weather]
    return None


def row_signs(table: DataTable) -> list[tuple[tuple[str, Ink] | None, ...]]:
    """Of each cell, row by row, the letter that stands for its mark."""
    return [tuple(map(_sign, row)) for row in table.cells]


def height_to_write(table: DataTable, row: int) -> float:
    """The height that a row keeps: one to write in, or that holds as many lines as on paper; else 0."""
    asked = any(isinstance(value, EntryBox) for value in table.cells[row])
    lines = any("\n" in words for value in table.cells[row] for words in cell_texts(value))
    return table.row_heights[row] * _LOWER if asked or lines else 0.0


def copy_widths(table: DataTable) -> list[float]:
    """The widths of the paper's columns, in points, each at least as wide as its longest word in a wider type, and as its
    statuses and its values where that leaves room to names: those that have room to spare give it. The day of a value has
    two lines where that saves many to all, were it set in the least room: beside names of many it costs none."""
    *wholes, parted = (
        _widths(table, lines, wider) for lines, wider in ((2, _WIDER), (2, _LINE_WIDER), (1, _WIDER))
    )
    least = _lines_of(table, parted) + _SAVED
    # In too wide a type, a column that has no room for all of a value has none of it.
    wholes.sort(key=partial(_broken, table))
    return next((whole for whole in wholes if _lines_of(table, whole) < least), parted)


def _broken(table: DataTable, widths: Sequence[float]) -> int:
    """How many lines of values columns so wide break."""
    return sum(
        text_width(text, REGULAR, TABLE) + 2 * _SIDE > width
        for row in table.cells
        for value, width in zip(row, widths, strict=True)
        if isinstance(value, Figure)
        for text in value.texts[:2]
    )


def _widths(table: DataTable, whole_lines: int, wider: float) -> list[float]:
    """The same; `whole_lines`: of a value and what stands under it, those that are not broken; `wider`: how much wider than
    the paper's their type may be."""
    least = _least_widths(table, values_wider=wider)
    named = table.columns.widths.index(max(table.columns.widths))
    # Not the room of the words of other columns: a name of two lines is read, a word cut before its last letter is not.
    others = sum(least) - least[named]
    asked = max(
        (_line_width(cells[named][:1]) for is_group, cells in table.text_rows() if not is_group), default=0.0
    )
    least[named] = max(least[named], min(WIDTH * _NAMES, WIDTH - others, asked))
    for kind, lines in ((StatusCell, 1), (Figure, 1), (Figure, whole_lines), (str, 0)):
        whole = _least_widths(table, kind, lines, wider)
        for more, index in sorted((whole[index] - width, index) for index, width in enumerate(least)):
            if 0 < more <= WIDTH - sum(least):
                least[index] = whole[index]
    widths = [max(pair) for pair in zip(table.columns.widths, least, strict=True)]
    spare = [width - room for width, room in zip(widths, least, strict=True)]
    beyond = sum(widths) - WIDTH
    given = min(1.0, beyond / sum(spare)) if sum(spare) > 0 else 0.0
    widths = [width - given * room for width, room in zip(widths, spare, strict=True)]
    widths = [width * WIDTH / sum(widths) for width in widths]
    _let_names_run(table, named, widths, least)
    return widths


def _lines_of(table: DataTable, widths: Sequence[float]) -> int:
    """How many lines the rows take in columns so wide."""
    return sum(
        max(
            sum(ceil(_line_width((text,)) / width) for text in texts)
            for texts, width in zip(cells, widths, strict=True)
        )
        for is_group, cells in table.text_rows()
        if not is_group
    )


def _let_names_run(table: DataTable, named: int, widths: list[float], least: Sequence[float]) -> None:
    """Give the names what columns of values do not need: nothing runs under a neighbour in a copy, as on paper."""
    told = [
        (row, cells)
        for (is_group, cells), row in zip(table.text_rows(), table.cells, strict=True)
        if not is_group
    ]
    asked = max((_line_width(cells[named]) for _, cells in told), default=0.0) - widths[named]
    spare = {
        index: widths[index] - room
        for index, room in enumerate(least)
        if index != named and widths[index] > room and all(isinstance(row[index], Figure) for row, _ in told)
    }
    given = min(1.0, asked / sum(spare.values())) if spare and asked > 0 else 0.0
    for index, room in spare.items():
        widths[index] -= given * room
        widths[named] += given * room


def _least_widths(
    table: DataTable, kind: type = Figure, lines: int = 0, values_wider: float = _WIDER
) -> list[float]:
    """Of each column, the points that its longest word asks for. `lines`: the first of cells of that kind that are not
    broken; of `str`, those of the titles. `values_wider`: how much wider the type of values may be."""
    parts = _LINES if kind is str else _WORDS
    least = [
        max(text_width(word, BOLD, TABLE) for word in parts.findall(title) or ("",)) * _TITLE_WIDER
        for title in table.columns.header
    ]
    for at, ((is_group, cells), row) in enumerate(zip(table.text_rows(), table.cells, strict=True)):
        heavy = is_total(table, at)
        face, wider = (BOLD, _TITLE_WIDER) if heavy else (REGULAR, _WIDER)
        for index, (value, texts) in enumerate(zip(row, cells, strict=True) if not is_group else ()):
            glanced = lines if isinstance(value, kind) else 0
            for rank, text in enumerate(texts):
                parts = _LINES if rank < glanced else _WORDS
                mark = _MARK if isinstance(value, StatusCell) and not rank else 0.0
                words = (text_width(word, face, TABLE) for word in parts.findall(text))
                ample = values_wider if isinstance(value, Figure) and not heavy else wider
                least[index] = max(least[index], max(words, default=0.0) * ample + mark)
    return [min(width + 2 * _SIDE, WIDTH / 2) for width in least]


def _line_width(texts: Sequence[str]) -> float:
    """The points that those ask for, each on its lines."""
    lines = (text for words in texts for text in _LINES.findall(words))
    return max((text_width(text, REGULAR, TABLE) * _WIDER for text in lines), default=0.0) + 2 * _SIDE


def _rule(grid: Any) -> None:
    """Pale rules about the cells and a little air in them."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        border = OxmlElement(f"w:{side}")
        border.set(qn("w:val"), "single")
        border.set(qn("w:sz"), "4")
        border.set(qn("w:color"), CELL_RULE)
        borders.append(border)
    grid._tbl.tblPr.find(qn("w:tblLayout")).addprevious(borders)
    _set_air(grid, {"top": 20, "left": 60, "bottom": 20, "right": 60})


def _set_air(grid: Any, air: Mapping[str, int]) -> None:
    """`air`: in the cells on each of their sides, in twentieths of a point."""
    margins = OxmlElement("w:tblCellMar")
    for side, width in air.items():
        part = OxmlElement(f"w:{side}")
        part.set(qn("w:w"), str(width))
        part.set(qn("w:type"), "dxa")
        margins.append(part)
    grid._tbl.tblPr.find(qn("w:tblLayout")).addnext(margins)


def style_id(word: Any, name: str) -> str:
    """What a style is called in the file: given its name, python-docx looks through all of them for the usual one."""
    found: str = word.part.styles[name].style_id
    return found


def _fill(cell: Any, texts: Sequence[str], look: CellLook, sign: tuple[str, Ink] | None = None) -> None:
    for number, text in enumerate(texts or ("",)):
        paragraph = cell._tc.p_lst[0] if number == 0 else cell._tc.add_p()
        paragraph.append(deepcopy(_paragraph_look(look)))
        if sign is not None and number == 0:
            _add_run(paragraph, f"{sign[0]} ", sign[1], None)
        # What stands under the first line of a cell is paler, and as large, for a photocopy.
        for part, weighs in weighed(text):
            pale = number and not weighs
            _add_run(paragraph, part, Ink.MENTION if pale else None, look.bold or weighs)


def _add_run(paragraph: Any, text: str, ink: Ink | None, bold: bool | None) -> None:
    run = deepcopy(_run_look(ink, bold))
    paragraph.append(run)
    Run(run, paragraph).text = hold_codes(text)


@lru_cache(maxsize=8)
def _paragraph_look(look: CellLook) -> Any:
    """How a paragraph of a cell is set; copied, which is twenty times as quick as setting it again."""
    paragraph = Paragraph(OxmlElement("w:p"), None)  # type: ignore[arg-type]
    paragraph.paragraph_format.space_after = Pt(0)
    if look.right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if look.kept:
        paragraph.paragraph_format.keep_with_next = True
    return paragraph._p.pPr


@lru_cache(maxsize=64)
def _run_look(ink: Ink | None, bold: bool | None) -> Any:
    """How the words of such a paragraph are set; copied too."""
    run = Run(OxmlElement("w:r"), None)  # type: ignore[arg-type]
    run.font.size = Pt(TABLE)
    if ink is not None:
        run.font.color.rgb = rgb(ink)
    run.bold = bold
    return run._r


def rgb(ink: Ink) -> RGBColor:
    """An ink of the paper."""
    return RGBColor.from_string(PRINT[ink][1:].upper())


def set_row(row: Any, mark: str) -> None:
    """Keep a row whole, or let it stand again on each page: `KEPT_WHOLE` or `_HEADER`."""
    setting = OxmlElement(mark)
    setting.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(setting)
