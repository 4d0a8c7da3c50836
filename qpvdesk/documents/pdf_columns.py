"""The columns of the tables of a PDF, which its plain text tells by one space alike: seen by where its words stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any, NamedTuple

_FIGURES = re.compile(r".*\S [\d][\d \u00a0\u202f.,%€]*$|Q[NP]\d")
"""How a line of a table reads: it ends with a figure, or begins with the code of a quartier."""
_TITLES = ("Tableau", "Figure")
_LINES_MIN = 2
"""Lines that agree on where a column begins; one alone is a sentence with a wide space."""
_GAP, _NEAR = 0.8, 2.5
"""How wide the room before a column is, in heights of a line; how far apart two lefts of one column are, in points."""


class _Word(NamedTuple):
    text: str
    left: float
    right: float
    height: float


def with_columns(page: Any, text: str) -> str:
    """Return the text of a page of pypdfium2 with a tabulation between the cells of its tables; unchanged without any."""
    lines = text.splitlines()
    if sum(_FIGURES.match(line) is not None for line in lines) < _LINES_MIN:
        return text
    told = {"".join(cells).replace(" ", ""): "\t".join(cells) for cells in _rows(list(_lines(page)))}
    return "\n".join(told.get(re.sub(r"\s", "", line), line) for line in lines) if told else text


def _lines(page: Any) -> Iterator[list[_Word]]:
    """Yield the words of each line, in the order of the text."""
    letters: list[tuple[str, tuple[float, float, float, float]]] = []
    text = page.get_text_range()
    if len(text) != page.count_chars():
        # A sign of two code units: the places of the letters after it would be those of others.
        return
    for at, letter in enumerate(text):
        if letter in "\r\n":
            if letters:
                yield list(_words(letters))
            letters = []
        else:
            letters.append((letter, page.get_charbox(at, loose=True) if letter.strip() else (0, 0, 0, 0)))
    if letters:
        yield list(_words(letters))


def _words(letters: Sequence[tuple[str, tuple[float, float, float, float]]]) -> Iterator[_Word]:
    for written, group in groupby(letters, key=lambda letter: bool(letter[0].strip())):
        if written:
            word = list(group)
            boxes = [box for _, box in word]
            height = max(top - bottom for _, bottom, _, top in boxes)
            yield _Word("".join(letter for letter, _ in word), boxes[0][0], boxes[-1][2], height)


def _rows(lines: Sequence[Sequence[_Word]]) -> Iterator[list[str]]:
    """Yield the cells of each line of a table."""
    # The title above a table is a sentence, whose spaces are wide where its lines are justified.
    wide = [
        [at for at, (before, word) in enumerate(pairwise(line), start=1) if _apart(before, word)]
        if line and line[0].text not in _TITLES
        else []
        for line in lines
    ]
    block: list[int] = []
    for at in range(len(lines) + 1):
        # One line whose cells fill their columns may stand among the others of its table.
        if at < len(lines) and (
            wide[at] or (block and wide[at - 1] and at + 1 < len(lines) and wide[at + 1])
        ):
            block.append(at)
        elif block:
            yield from _cells([lines[place] for place in block], [wide[place] for place in block])
            block = []


def _cells(lines: Sequence[Sequence[_Word]], wide: Sequence[Sequence[int]]) -> Iterator[list[str]]:
    """Yield the cells of the lines of one block, where two of them or more agree on where a column begins."""
    lefts = [line[at].left for line, places in zip(lines, wide, strict=True) for at in places]
    words = [word.left for line in lines for word in line[1:]]
    begins = [left for left in lefts if sum(abs(left - other) <= _NEAR for other in words) >= _LINES_MIN]
    columns = max(map(len, wide))
    for line, places in zip(lines, wide, strict=True):
        met = [
            at
            for at, word in enumerate(line)
            if at and any(abs(word.left - left) <= _NEAR for left in begins)
        ]
        cuts = sorted({*places, *met}) if places else met if len(met) == columns else []
        if begins and cuts:
            yield [
                " ".join(word.text for word in line[start:end])
                for start, end in pairwise([0, *cuts, len(line)])
            ]


def _apart(before: _Word, word: _Word) -> bool:
    return word.left - before.right > _GAP * max(before.height, word.height)
