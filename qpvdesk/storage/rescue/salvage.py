"""What can still be had of a damaged base: its rows and its journal, each mending the other, in a new base.

Nothing is ever deleted: the damaged file stays beside, to the byte. An entity whose row is lost is rebuilt from the
journal; one whose operations are lost is kept from its row and journalled anew. Where both were read and disagree, the
journal is believed when it is whole, else the row, which is the later of the two to have been written.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from qpvdesk.domain import model
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import REQUIRED
from qpvdesk.storage import chain, clock, journal, migrations
from qpvdesk.storage.care import sealing
from qpvdesk.storage.connection import connect
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.identity import Identity, new_branch
from qpvdesk.storage.journal import ALIVE, EXISTENCE, Cell
from qpvdesk.storage.keys import new_key
from qpvdesk.storage.rescue import pages, sealed_rows
from qpvdesk.storage.rescue.forms import JOURNAL_TABLES, forms_of
from qpvdesk.storage.rescue.salvaged_journal import SalvagedJournal, added
from qpvdesk.storage.tables import BY_KIND, TABLES, Table

_LABEL = "Récupération d’une base endommagée"
_UNREADABLE = (ValueError, KeyError, TypeError, ArithmeticError, UserError)


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that was in the base and is not any more: its kind, and the code or the words it is known by."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a salvage saved and did not.

    `kept` counts by kind; `from_journal` those of them whose row was lost, `from_rows` those whose journal was;
    `differing` names what row and journal told differently. `gaps` counts the operations known to be missing.
    """

    pages: int
    bad_pages: int
    kept: Mapping[str, int]
    from_journal: int
    from_rows: int
    differing: tuple[str, ...]
    lost: tuple[Loss, ...]
    operations: int
    gaps: int

    @property
    def whole(self) -> bool:
        """Whether nothing at all is known to be lost."""
        return not (self.lost or self.gaps or self.bad_pages)


def salvage(damaged: Path, target: Path, *, now: datetime, identity: Identity | None = None) -> Report:
    """Read all that can be of a file and make a sound base of it, in a new file; the first is only read.

    `identity`: who signs what is written to mend the journal; None: the officer whose folder this is.

    Raises `UserError` where no contract is left in it.
    """
    if sealing.is_sealed(damaged):
        try:
            found, forms = sealed_rows.read(damaged, forms_of)
        except sqlite3.Error as error:
            raise UserError(
                "Rien n’a pu être récupéré de cette base : la page qui dit où sont ses tables est abîmée, et le reste est"
                " chiffré.",
                "Restaurez la dernière sauvegarde.",
            ) from error
    else:
        content = damaged.read_bytes()
        forms = forms_of(pages.version(content))
        found = pages.read(content, forms)
    target.touch(mode=0o600, exist_ok=False)
    with contextlib.closing(connect(target, "rw", like=damaged)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN IMMEDIATE")
        migrations.apply(connection)
        connection.execute("PRAGMA defer_foreign_keys = ON")
        report = _Salvage(connection, found, forms, now=now, identity=identity or Identity()).run()
        if not report.kept.get("contract"):
            raise UserError(
                "Rien n’a pu être récupéré de cette base\u202f: aucun contrat n’y est encore lisible.",
                "Restaurez la dernière sauvegarde.",
            )
        connection.execute("COMMIT")
        if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("the salvaged base is not sound")
    return report


class _Salvage:
    def __init__(
        self,
        connection: sqlite3.Connection,
        found: pages.Found,
        forms: Mapping[str, pages.Form],
        *,
        now: datetime,
        identity: Identity,
    ) -> None:
        self._identity = identity
        self._connection, self._found, self._forms, self._now = connection, found, forms, now
        self._rows: dict[str, dict[int, pages.Row]] = {name: dict(rows) for name, rows in found.rows.items()}
        self._lost: list[Loss] = []
        self._operations = self._gaps = 0

    def run(self) -> Report:
        self._claim_strays(JOURNAL_TABLES)
        kept_journal = SalvagedJournal(self._connection, self._rows)
        kept_journal.keep()
        self._operations, self._gaps = kept_journal.operations, kept_journal.gaps
        heads = self._heads()
        self._claim_strays(tuple(BY_KIND), {key: kind for kind, key in heads})
        trusted = not (self._gaps or self._found.bad)
        wanted: dict[str, dict[str, Any]] = {table.kind: {} for table in TABLES}
        from_journal = from_rows = 0
        differing = []
        for table in TABLES:
            rows = self._entities(table)
            for key in sorted(rows.keys() | {key for kind, key in heads if kind == table.kind}):
                row, cells = rows.get(key), heads.get((table.kind, key))
                replayed = _told(table, key, cells)
                if cells is not None and EXISTENCE in cells and cells[EXISTENCE][0] != ALIVE:
                    continue
                if row is None and replayed is None:
                    self._lost.append(Loss(table.kind, _name(cells or {}, key)))
                    continue
                if row is None:
                    from_journal += 1
                elif replayed is None:
                    from_rows += 1
                elif row != replayed:
                    differing.append(_name(cells or {}, key))
                kept = replayed if row is None or (trusted and replayed is not None) else row
                wanted[table.kind][key] = kept
        self._insert(wanted)
        self._mend_journal(wanted, heads)
        kept_counts = {kind: len(entities) for kind, entities in wanted.items() if entities}
        return Report(
            self._found.pages, self._found.bad, kept_counts, from_journal, from_rows, tuple(differing),
            tuple(self._lost), self._operations, self._gaps,
        )  # fmt: skip

    def _claim_strays(self, names: tuple[str, ...], kinds: Mapping[str, str] | None = None) -> None:
        """Give the rows no table leads to any more to the one they fit; the journal tells apart those that fit several."""
        for number, fitting in self._found.strays:
            chosen = [name for name in fitting if name in names]
            if kinds is not None and any(name in JOURNAL_TABLES for name in fitting):
                continue
            if kinds is not None:
                told = {name for name in chosen if str(fitting[name][0]) in kinds}
                chosen = [name for name in chosen if name not in told or kinds[str(fitting[name][0])] == name]
            if len(chosen) == 1:
                self._rows[chosen[0]].setdefault(number, fitting[chosen[0]])

    def _heads(self) -> dict[tuple[str, str], dict[str, tuple[Cell, int, int]]]:
        """Return the last value of each cell with the operation that set it: author number and its sequence."""
        heads: dict[tuple[str, str], dict[str, tuple[Cell, int, int]]] = {}
        for kind, key, field, value, author, seq in self._connection.execute(
            "SELECT o.kind, o.key, o.field, o.value, o.author, o.seq FROM operation o JOIN author a ON a.id = o.author"
            " WHERE o.kind <> ? ORDER BY o.hlc, a.uid, o.seq",
            (journal.VEILED,),
        ):
            heads.setdefault((kind, key), {}).update(
                (name, (cell, author, seq)) for name, cell in journal.unfolded(field, value)
            )
        return heads

    def _entities(self, table: Table) -> dict[str, Any]:
        entities: dict[str, Any] = {}
        if table.kind not in self._forms:
            return entities
        names = self._forms[table.kind].names
        # What a column of a later version holds where nobody wrote it.
        absent = {
            name: value
            for field in table.fields
            if field.default is not REQUIRED
            for name, value in zip(field.columns, field.encode(field.default), strict=True)
        }
        for row in self._rows[table.kind].values():
            values = absent | dict(zip(names, row, strict=True))
            with contextlib.suppress(*_UNREADABLE):
                entity = table.entities([[values[name] for name in table.columns]])[0]
                # What cannot be written again was not read rightly.
                table.row(entity)
                entities.setdefault(entity.key, entity)
        return entities

    def _insert(self, wanted: dict[str, dict[str, Any]]) -> None:
        """Add the rows; leave out, by name, those that refer to something lost or that the base refuses."""
        while True:
            self._mend_references(wanted)
            self._connection.execute("SAVEPOINT rows")
            refused = [
                (table, entity)
                for table in TABLES
                for entity in wanted[table.kind].values()
                if not added(self._connection, table.insert, table.row(entity))
            ]
            if not refused:
                self._connection.execute("RELEASE rows")
                return
            self._connection.execute("ROLLBACK TO rows")
            self._connection.execute("RELEASE rows")
            for table, entity in refused:
                del wanted[table.kind][entity.key]
                self._lost.append(Loss(table.kind, _name_of(table, entity)))

    def _mend_references(self, wanted: dict[str, dict[str, Any]]) -> None:
        again = True
        while again:
            again = False
            for table in TABLES:
                for key, entity in list(wanted[table.kind].items()):
                    cleared: dict[str, None] = {}
                    orphan = False
                    for field in table.fields:
                        value = getattr(entity, field.name)
                        if isinstance(value, model.Citation):
                            missing = value.document not in wanted["document"]
                        else:
                            missing = (
                                field.ref is not None and value is not None and value not in wanted[field.ref]
                            )
                        if missing and field.nullable:
                            cleared[field.name] = None
                        elif missing:
                            orphan = True
                    if orphan:
                        del wanted[table.kind][key]
                        self._lost.append(Loss(table.kind, _name_of(table, entity)))
                        again = True
                    elif cleared:
                        wanted[table.kind][key] = replace(entity, **cleared)

    def _mend_journal(
        self,
        wanted: dict[str, dict[str, Any]],
        heads: Mapping[tuple[str, str], Mapping[str, tuple[Cell, int, int]]],
    ) -> None:
        """Bring the journal to what the tables hold, in one act of an author of its own that undo does not offer."""
        cells: list[tuple[str, str, str, Cell, int | None, int | None]] = []
        for table in TABLES:
            for key, entity in wanted[table.kind].items():
                own_heads = heads.get((table.kind, key), {})
                if not own_heads:
                    cells.append((table.kind, key, EXISTENCE, journal.creation(table, entity), None, None))
                    continue
                if EXISTENCE not in own_heads:
                    cells.append((table.kind, key, EXISTENCE, ALIVE, None, None))
                for field in table.fields[1:]:
                    cell = field.write(getattr(entity, field.name))
                    head = own_heads.get(field.name)
                    if (head is None and cell != field.default_cell) or (
                        head is not None and head[0] != cell
                    ):
                        cells.append(
                            (table.kind, key, field.name, cell, *(head[1:] if head else (None, None)))
                        )
        for (kind, key), own_heads in heads.items():
            existence = own_heads.get(EXISTENCE)
            if key in wanted[kind] or (existence is not None and existence[0] != ALIVE):
                continue
            parent = existence[1:] if existence else (None, None)
            cells.append((kind, key, EXISTENCE, None, *parent))
        if not cells:
            return
        uid = f"{self._identity.public}.{new_branch()}"
        author = journal.author_number(self._connection, uid, "récupération")
        hlc = clock.tick(self._now, journal.last_hlc(self._connection))
        link = chain.Link(self._connection, journal.Act(new_key(), author, _LABEL, self._now))
        act = link.begin()
        link.add([(author, seq, hlc, act, *cell) for seq, cell in enumerate(cells, 1)])
        link.close(self._identity.sign)


def _told(table: Table, key: str, cells: Mapping[str, tuple[Cell, int, int]] | None) -> Any:
    """Return the entity as the journal alone has it, None where it has not enough."""
    if cells is None or EXISTENCE not in cells:
        return None
    try:
        entity = journal.rebuilt(table, key, {name: cell[0] for name, cell in cells.items()})
        table.row(entity)
    except _UNREADABLE:
        return None
    return entity


def _name(cells: Mapping[str, tuple[Cell, int, int]], key: str) -> str:
    for name in ("code", "name", "title", "label", "day", "text"):
        if cells.get(name, (None,))[0]:
            return " ".join(str(cells[name][0]).split())[:60]
    return key


def _name_of(table: Table, entity: Any) -> str:
    cells = {field.name: (field.write(getattr(entity, field.name)), 0, 0) for field in table.fields}
    return _name(cells, entity.key)
