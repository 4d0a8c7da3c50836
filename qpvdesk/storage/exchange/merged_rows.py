"""The rows of a base whose journal was just joined by another's operations: what of them cannot stand is put right.

What is decided here is written by an act of the merge's own: so it travels, and both sides come to the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import chain, clock, journal, latest, measurements
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.merged import MergeAuthor, Merged, Renumbered
from qpvdesk.storage.exchange.removals import Answer
from qpvdesk.storage.journal import ALIVE, EXISTENCE, Cell, Head
from qpvdesk.storage.tables import BY_KIND, RANK, TABLES, Table

Cells = dict[str, set[str]]
"""Keys by kind."""


class MergedRows:
    """The rows that follow from a merge, inside its transaction."""

    def __init__(
        self, connection: sqlite3.Connection, author: MergeAuthor, merged: Merged, answer: Answer
    ) -> None:
        self._connection, self._author, self._answer = connection, author, answer
        self.merged = merged
        self._link: chain.Link | None = None

    def close(self) -> None:
        """Sign what the merge decided."""
        if self._link is not None:
            self._link.close(self._author.sign)

    def write(self, kind: str, key: str, field: str, cell: Cell, *, parent: tuple[int, int] | None) -> None:
        """Set a cell by an operation of our own. `parent`: author and sequence of what it replaces."""
        author = self._author
        if self._link is None:
            self._link = chain.Link(
                self._connection, journal.Act(author.act_key, author.author, author.label, author.now)
            )
        act, hlc = self._link.begin(), clock.tick(author.now, journal.last_hlc(self._connection))
        row = (author.author, self._link.seq + 1, hlc, act, kind, key, field, cell, *(parent or (None, None)))
        self._link.add([row])

    def project(self, touched: Mapping[str, Iterable[str]]) -> None:
        """Make the rows of entities what the journal says of them."""
        gone: list[tuple[Table, str]] = []
        for kind in sorted(touched, key=RANK.__getitem__):
            table, keys = BY_KIND[kind], sorted(touched[kind])
            heads = journal.heads_of(self._connection, kind, keys)
            for key in keys:
                if heads[key][EXISTENCE].value == ALIVE:
                    continue
                if self._is_kept(table, key, heads[key][EXISTENCE]):
                    self._revive(kind, key, heads[key][EXISTENCE])
                else:
                    gone.append((table, key))
            dead = {key for other, key in gone if other is table}
            self._save(
                table,
                [
                    journal.rebuilt(table, key, {name: head.value for name, head in heads[key].items()})
                    for key in keys
                    if key not in dead
                ],
            )
        # What belongs to something goes before it.
        for table, key in reversed(gone):
            if self._connection.execute(f"DELETE FROM {table.kind} WHERE key = ?", (key,)).rowcount:
                self.merged.removed[table.kind] += 1
                self.merged.rows[table.kind, key] = None

    def _is_kept(self, table: Table, key: str, removal: Head) -> bool:
        """Tell whether what was removed there stays here: written since by somebody who did not know, or for our answer."""
        is_here = self._connection.execute(f"SELECT 1 FROM {table.kind} WHERE key = ?", (key,)).fetchone()
        if self._worked_on_since(table, key, removal):
            return True
        if is_here is None or removal.author == self._author.author:
            return False
        return not self._answer.removal(table.kind, key, removal.author)

    def _save(self, table: Table, entities: list[Any]) -> None:
        if table.has_code:
            entities = self._renumber(table, entities)
        stored: dict[str, Any] = {}
        keys = [entity.key for entity in entities]
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            marks = ", ".join("?" * len(some))
            found = self._connection.execute(table.select(f"key IN ({marks})"), some).fetchall()
            stored |= {entity.key: entity for entity in table.entities(found)}
        changed = [entity for entity in entities if stored.get(entity.key) != entity]
        if table.has_code:
            # Two that exchange their codes would be refused one by one.
            self._connection.executemany(
                f"UPDATE {table.kind} SET code = key WHERE key = ?",
                [
                    (entity.key,)
                    for entity in changed
                    if entity.key in stored and stored[entity.key].code != entity.code
                ],
            )
        rows = measurements.rows(changed) if table.kind == "measurement" else map(table.row, changed)
        self._connection.executemany(table.upsert, rows)
        for entity in changed:
            (self.merged.changed if entity.key in stored else self.merged.added)[table.kind] += 1
            self.merged.rows[table.kind, entity.key] = entity

    def _renumber(self, table: Table, entities: list[Any]) -> list[Any]:
        """Give another code to what both sides made under one: the first made keeps it, on every side."""
        rows = {entity.key: entity for entity in table.entities(self._rows_of_codes(table, entities))}
        rows |= {entity.key: entity for entity in entities}
        by_code: dict[tuple[str | None, str], list[Any]] = {}
        for entity in rows.values():
            by_code.setdefault((getattr(entity, "contract", None), entity.code), []).append(entity)
        renamed: dict[str, Any] = {}
        for (contract, code), rivals in by_code.items():
            if len(rivals) < 2:
                continue
            taken = self._codes(table, contract) | {other for owner, other in by_code if owner == contract}
            numbers = itertools.count(2)
            for entity in sorted(rivals, key=lambda entity: self._made_at(table.kind, entity.key))[1:]:
                free = next(other for number in numbers if (other := f"{code}-{number}") not in taken)
                taken.add(free)
                renamed[entity.key] = self._renamed(table, entity, free)
        return [renamed.pop(entity.key, entity) for entity in entities] + list(renamed.values())

    def _renamed(self, table: Table, entity: Any, code: str) -> Any:
        heads = journal.heads(self._connection, table.kind, entity.key)
        head = heads.get("code")
        self.write(
            table.kind, entity.key, "code", code, parent=None if head is None else (head.author, head.seq)
        )
        self.merged.renumbered.append(Renumbered(table.kind, entity.code, code))
        cells = {name: head.value for name, head in heads.items()} | {"code": code}
        return journal.rebuilt(table, entity.key, cells)

    def _rows_of_codes(self, table: Table, entities: list[Any]) -> list[tuple[Any, ...]]:
        codes = sorted({entity.code for entity in entities})
        rows: list[tuple[Any, ...]] = []
        for start in range(0, len(codes), 500):
            some = codes[start : start + 500]
            marks = ", ".join("?" * len(some))
            rows += self._connection.execute(table.select(f"code IN ({marks})"), some).fetchall()
        return rows

    def _codes(self, table: Table, contract: str | None) -> set[str]:
        where, values = ("TRUE", ()) if contract is None else ("contract = ?", (contract,))
        rows = self._connection.execute(f"SELECT code FROM {table.kind} WHERE {where}", values)
        return {code for (code,) in rows}

    def _made_at(self, kind: str, key: str) -> tuple[int, str, str]:
        """Return what puts things in the order in which they were made, on every side alike."""
        row = self._connection.execute(
            "SELECT o.hlc, a.uid FROM operation o JOIN author a ON a.id = o.author"
            " WHERE o.key = ? AND o.kind = ? ORDER BY o.hlc, a.uid LIMIT 1",
            (key, kind),
        ).fetchone()
        return row[0], row[1], key

    def _worked_on_since(self, table: Table, key: str, removal: Head) -> bool:
        """Tell whether an entity was written after its removal: by somebody who did not know of it."""
        row = self._connection.execute(
            "SELECT max(hlc) > (SELECT hlc FROM operation WHERE author = ? AND seq = ?) FROM operation"
            " WHERE key = ? AND kind = ? AND (field <> '' OR value > '1')",
            (removal.author, removal.seq, key, table.kind),
        ).fetchone()
        return bool(row[0])

    def _revive(self, kind: str, key: str, removal: Head) -> None:
        """Take a removal back, by an operation of our own."""
        self.write(kind, key, EXISTENCE, ALIVE, parent=(removal.author, removal.seq))
        self.merged.revived.append((kind, key))

    def revive_what_is_used(self) -> None:
        """Bring back what was removed on one side and is referred to on the other, until nothing is missing."""
        while missing := self._missing():
            for kind, keys in missing.items():
                heads = journal.heads_of(self._connection, kind, sorted(keys))
                for key, cells in heads.items():
                    if EXISTENCE not in cells or cells[EXISTENCE].value == ALIVE:
                        raise ValueError(f"{kind} {key} is referred to and is nowhere")
                    self._revive(kind, key, cells[EXISTENCE])
            self.project(missing)
            if "objective" in missing:
                # A measurement inserted before its objective has no contract yet, so the trigger skipped it.
                latest.rebuild(self._connection)

    def _missing(self) -> Cells:
        found: Cells = {}
        for table in TABLES:
            for field in table.fields:
                ref = field.refers_to
                if ref is None:
                    continue
                column = field.columns[0]
                rows = self._connection.execute(
                    f'SELECT DISTINCT "{column}" FROM {table.kind} t WHERE "{column}" IS NOT NULL'
                    f' AND NOT EXISTS (SELECT 1 FROM {ref} r WHERE r.key = t."{column}")'
                ).fetchall()
                if rows:
                    found.setdefault(ref, set()).update(key for (key,) in rows)
        return found

    def check_circles(self) -> None:
        """Raise `UserError` where, put together, things contain each other."""
        for table in TABLES:
            if "parent" not in table.by_name or table.kind not in {kind for kind, _ in self.merged.rows}:
                continue
            above = dict(self._connection.execute(f"SELECT key, parent FROM {table.kind}").fetchall())
            sound: set[str | None] = {None}
            for key in above:
                seen, at = set[str | None](), key
                while at not in sound and at not in seen:
                    seen.add(at)
                    at = above.get(at)
                sound |= seen
                if at in seen:
                    raise UserError(
                        f"Une fois réunies, des lignes de type «\u202f{table.french}\u202f» se contiendraient les"
                        " unes les autres. Rien n’a été fusionné.",
                        "Convenez avec votre collègue de ce qui contient quoi, corrigez, puis refaites un paquet.",
                    )
