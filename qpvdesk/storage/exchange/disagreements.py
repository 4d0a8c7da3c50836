"""Disagreements: cells that two wrote without knowing of each other. Both values are kept until the officer decides.

The *heads* of a cell are the operations that no other replaces: none names one of them as its parent, nor did their
author write the cell again. One head is the rule. Several that say the same are no disagreement, which is how a
decision settles one: it replaces each head by an operation that says what was decided. What the program wrote of
itself, and nobody's words led to, yields to whatever anybody wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from msgspec import Struct

from qpvdesk.storage import chain, journal
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.history import HistoryReader
from qpvdesk.storage.journal import EXISTENCE, Cell, Head
from qpvdesk.storage.tables import BY_KIND


class Version(Struct, frozen=True):
    """What one wrote in a cell, when, and as the officer reads it."""

    author: str
    when: datetime
    cell: Cell
    shown: str


class Disagreement(Struct, frozen=True):
    """A cell with several values. `versions`: the one that is shown first, then the later before the earlier."""

    kind: str
    key: str
    field: str
    code: str
    """What people know the thing by."""
    title: str
    """The field, in French; « existence » for whether it is there at all."""
    versions: tuple[Version, ...]

    @property
    def words(self) -> str:
        """`BPI-O01, cible`: what is in dispute."""
        return f"{self.code}, {self.title}" if self.code else self.title


class _Written(NamedTuple):
    """One value of one cell, and who wrote it in the place of what."""

    value: Cell
    author: int
    seq: int
    done_at: str
    label: str
    parent: tuple[int, int] | None
    programme: bool
    act: str
    """What an act keeps that is signed anew: the key of its author, and its own."""


_OURS = "SELECT id FROM author WHERE " + journal.IS_PROGRAMME
_SHARED = (
    f"SELECT kind, key FROM operation WHERE author NOT IN ({_OURS}) AND kind <> '{journal.VEILED}'"
    " GROUP BY kind, key HAVING min(author) <> max(author)"
)
_WRITTEN = (
    "SELECT o.kind, o.key, o.field, o.value, o.author, o.seq, coalesce(u.done_at, t.done_at),"
    " coalesce(w.label, a.label), o.parent_author, o.parent_seq,"
    f" a.id IN ({_OURS}), substr(a.uid, 1, {chain.DIGEST_DIGITS + 1}) || t.key"
    " FROM operation o JOIN author a ON a.id = o.author JOIN act t ON t.id = o.act"
    # What a merge wrote of a figure that both had recorded is in the name of whoever recorded it.
    " LEFT JOIN operation p ON p.author = o.parent_author AND p.seq = o.parent_seq AND p.key <> o.key"
    " LEFT JOIN author w ON w.id = p.author LEFT JOIN act u ON u.id = p.act"
)
_LATEST_LAST = " ORDER BY o.key, o.kind, o.hlc, a.uid, o.seq"


def heads(connection: sqlite3.Connection, kind: str, key: str, field: str) -> list[Head]:
    """Return the operations of a cell that no other replaces, the one that is shown first."""
    rows = connection.execute(f"{_WRITTEN} WHERE o.key = ? AND o.kind = ?{_LATEST_LAST}", (key, kind))
    return [
        Head(head.value, head.author, head.seq) for head in _heads(_by_cell(rows.fetchall()).get(field, []))
    ]


def disagreements(connection: sqlite3.Connection) -> tuple[Disagreement, ...]:
    """Return the cells on which the authors of a base disagree, by code."""
    others = (
        f"SELECT count(*) FROM author a WHERE a.id NOT IN ({_OURS})"
        " AND EXISTS (SELECT 1 FROM operation o WHERE o.author = a.id)"
    )
    if connection.execute(others).fetchone()[0] < 2:
        return ()
    disputed_cells: list[Disagreement] = []
    history = HistoryReader(connection)
    rows = connection.execute(f"{_WRITTEN} WHERE (o.kind, o.key) IN ({_SHARED}){_LATEST_LAST}").fetchall()
    for (key, kind), entity in groupby(rows, lambda row: (row[1], row[0])):
        for name, written in _by_cell(list(entity)).items():
            found = _heads(written)
            if len({head.value for head in found}) < 2:
                continue
            table = BY_KIND[kind]
            alive = connection.execute(f"SELECT 1 FROM {kind} WHERE key = ?", (key,)).fetchone()
            if alive is None and name != EXISTENCE:
                # What is gone for both has no values to choose from.
                continue
            field = table.by_name.get(name)
            # Both sides may have noted the same of two figures that they made one.
            latest = {(head.label, head.value): head for head in reversed(found)}
            versions = tuple(
                Version(
                    head.label,
                    journal.moment(head.done_at),
                    head.value,
                    _shown(history, kind, name, head.value),
                )
                for head in found
                if latest[head.label, head.value] is head
            )
            title = f"{table.french}\u202f: existence" if field is None else field.french
            disputed_cells.append(Disagreement(kind, key, name, history.name(kind, key), title, versions))
    return tuple(sorted(disputed_cells, key=lambda row: (row.code, row.title, row.key)))


def _by_cell(rows: Sequence[tuple[object, ...]]) -> dict[str, list[_Written]]:
    """Tell the cells of one entity apart, each with what was written in it, the latest last."""
    cells: dict[str, list[_Written]] = {}
    for _, _, field, value, author, seq, done_at, label, parent, parent_seq, programme, act in rows:
        replaced = None if parent is None else (parent, parent_seq)
        for name, cell in journal.unfolded(field, value):  # type: ignore[arg-type]
            cells.setdefault(name, []).append(
                _Written(cell, author, seq, done_at, label, replaced, bool(programme), act)  # type: ignore[arg-type]
            )
    return cells


def _heads(written: list[_Written]) -> list[_Written]:
    """Return what nothing replaces, the latest first."""
    if len(written) < 2:
        return written
    replaced = {item.parent for item in written}
    last = {item.author: item.seq for item in sorted(written, key=lambda item: item.seq)}
    found = [
        item
        for item in reversed(written)
        if (item.author, item.seq) not in replaced and last[item.author] == item.seq
    ]
    if len(found) > 1:
        authors = _authors_of_replaced(written, set(found))
        # Where an act stands once more, signed anew on another chain (see `parting`), what is replaced there is replaced.
        found = [
            item
            for item in found
            if all(author == item.author for author in authors.get((item.act, item.value), ()))
        ] or found[:1]
    by_place = {(item.author, item.seq): item for item in written}
    authored = [item for item in found if _is_said(item, by_place)]
    return authored or found[:1]


def _authors_of_replaced(written: list[_Written], heads: set[_Written]) -> dict[tuple[str, Cell], set[int]]:
    """Return who wrote what is replaced, by act and value."""
    authors: dict[tuple[str, Cell], set[int]] = {}
    for item in written:
        if item not in heads:
            authors.setdefault((item.act, item.value), set()).add(item.author)
    return authors


def _is_said(item: _Written, by_place: dict[tuple[int, int], _Written]) -> bool:
    """Tell whether anybody's words led to a value: the program alone, its own, or what it made of them."""
    seen: set[tuple[int, int]] = set()
    while item.programme:
        seen.add((item.author, item.seq))
        before = by_place.get(item.parent) if item.parent is not None else None
        if before is None or item.parent in seen:
            return False
        item = before
    return True


def _shown(history: HistoryReader, kind: str, name: str, cell: Cell) -> str:
    table = BY_KIND[kind]
    if name == EXISTENCE:
        accord = "e" if table.feminine else ""
        return f"gardé{accord}" if cell else f"retiré{accord}"
    return history.shown(table.by_name[name], cell) or "(vide)"
