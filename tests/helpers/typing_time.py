"""How long a person takes to fill in a workbook: a model of keystrokes, cell by cell, set by a filling that was timed.

Card, Moran and Newell's operators: 0.28 s a key of an average typist, 1.35 s to find what is to be typed. A cell like the
one above, or the next of a series, is filled down; a long text is copied from the document; a word that stands in a list,
or above in its column, takes its first letters. A review reckoned 165 minutes for the invented contract as it was first
filled in, with 207 lines of instructions read and 70 cells refused in three files: that sets the scale of the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import openpyxl

_KEY, _FIND, _FILL_DOWN, _COPY, _SHEET = 0.28, 1.35, 0.6, 6.7, 5.0
_LINE_READ, _REFUSAL, _ROUND = 2.5, 30.0, 120.0
_WORDS_A_SECOND = 4.0
_CHOSEN = {
    "Partenaire", "Thématique", "Nature", "Territoire", "Sens", "Mode de mesure", "Fréquence", "Niveau", "Section",
    "Territoire englobant", "Nature des crédits", "Avancement", "Périmètre", "Objectif décliné", "Mode de calcul",
    "Objectif de référence",
}  # fmt: skip
_REVIEWED_MINUTES = 165.0
_NUMBERED = re.compile(r"(.*?\D)(\d+)")


def minutes(book: Path, *, reviewed: Path, lines_read: int, refusals: int, rounds: int) -> float:
    """Return the minutes of a filling, on the scale of the one that was reviewed."""
    scale = _REVIEWED_MINUTES / _minutes(reviewed, 207, 70, 3)
    return scale * _minutes(book, lines_read, refusals, rounds)


def accepting(text: str, *, accepted: int, answered: int, reviewed: Path) -> float:
    """Return the minutes in which somebody reads a text once, accepts what it proposes with a key each, and answers what it
    does not say (the form, the choice, its save), on the same scale."""
    scale = _REVIEWED_MINUTES / _minutes(reviewed, 207, 70, 3)
    keys = accepted * (_FIND + _KEY) + answered * (_FIND + 4 * _KEY)
    return scale * (len(text.split()) / _WORDS_A_SECOND + keys) / 60


def forms(things: Iterable[Mapping[str, object]], order: Sequence[str], reviewed: Path) -> float:
    """Return the minutes in which somebody types things one after another in a form that keeps what was chosen: a Tab from
    field to field down to the last that differs, and the save. `order`: its fields; the hand begins in
    « Libellé », else in the first."""
    scale = _REVIEWED_MINUTES / _minutes(reviewed, 207, 70, 3)
    spent, before, words = 0.0, dict[str, str](), order.index("Libellé") if "Libellé" in order else 0
    for thing in things:
        texts = {name: _text(thing.get(name)) for name in order}
        differing = [
            at for at, name in enumerate(order) if texts[name] != before.get(name, "") and texts[name]
        ]
        # The hand begins in the words: what stands above is gone back to, what stands below is gone down to.
        tabs = 2 * max(0, words - min(differing)) + max(0, max(differing) - words)
        for name in (order[at] for at in differing):
            typed = name not in _CHOSEN and name != "Engagement"
            spent += min(_FIND + _KEY * (len(texts[name]) + 1), _COPY) if typed else _FIND + 4 * _KEY
        spent += (tabs + 3) * _KEY
        before = texts
    return scale * spent / 60


def _text(value: object) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, datetime) else str(value or "")


def cells(book: Path) -> int:
    """Return how many cells are filled in."""
    return sum(value is not None for _, column in _columns(book) for value in column)


def _minutes(book: Path, lines_read: int, refusals: int, rounds: int) -> float:
    columns = list(_columns(book))
    sheets = len([sheet for sheet in openpyxl.load_workbook(book) if sheet.max_row > 1])
    typed = sum(_seconds(title, column) for title, column in columns)
    return (typed + sheets * _SHEET + lines_read * _LINE_READ + refusals * _REFUSAL + rounds * _ROUND) / 60


def _columns(book: Path) -> Iterable[tuple[str, list[object]]]:
    for sheet in openpyxl.load_workbook(book):
        if sheet.title != "Mode d’emploi":
            for title, *column in sheet.iter_cols(values_only=True):
                yield str(title), column


def _seconds(title: str, column: list[object]) -> float:
    spent, above, seen = 0.0, "", set[str]()
    for value in column:
        if value is None:
            continue
        text = f"{value:%d/%m/%Y}" if isinstance(value, datetime) else str(value)
        now, before = _NUMBERED.fullmatch(text), _NUMBERED.fullmatch(above)
        next_one = now and before and now[1] == before[1] and int(now[2]) == int(before[2]) + 1
        if text == above or (isinstance(value, str) and next_one):
            spent += _FILL_DOWN
        elif title in _CHOSEN or (isinstance(value, str) and text in seen):
            spent += _FIND + 4 * _KEY
        else:
            spent += min(_FIND + _KEY * (len(text) + 1), _COPY)
        above = text
        seen.add(text)
    return spent
