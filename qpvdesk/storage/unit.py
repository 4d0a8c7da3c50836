"""The unit of work: one act of the officer, one transaction, rows and journal together or neither."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Concatenate, ParamSpec

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Attachment, Snapshot
from qpvdesk.storage import chain, files, journal, measurements, snapshots
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.journal import ALIVE, EXISTENCE, Act, Cell, Head, OperationRow
from qpvdesk.storage.refusals import is_code_taken, natures, refuse_mixture
from qpvdesk.storage.tables import BY_ENTITY, BY_KIND, RANK, TABLES, Entity, Table

Arguments = ParamSpec("Arguments")

_ROWS_WRITTEN_ONE_BY_ONE_MAX = 100


def _all_or_nothing(
    step: Callable[Concatenate[Unit, Arguments], None],
) -> Callable[Concatenate[Unit, Arguments], None]:
    """Remember that a step failed, whatever becomes of its exception."""

    @functools.wraps(step)
    def watched(unit: Unit, /, *arguments: Arguments.args, **named: Arguments.kwargs) -> None:
        try:
            step(unit, *arguments, **named)
        except BaseException as error:
            unit._failure = error
            raise

    return watched


class Unit:
    """What an act may do. Made by `Database.unit`; of no use once its `with` block is left."""

    def __init__(
        self, connection: sqlite3.Connection, header: Act, hlc: int, *, undone_by: Iterable[int] = ()
    ) -> None:
        """`undone_by`: authors whose values the act may take back, beside its own."""
        self._connection = connection
        self._header = header
        self._author = header.author
        self._own = {header.author, *undone_by}
        self._hlc = hlc
        self._link = chain.Link(connection, header)
        self._seq = self._link.seq
        self._kinds: set[str] = set()
        self._touched: dict[tuple[str, str], Any] = {}
        self._over = False
        self._failure: BaseException | None = None

    @property
    def change(self) -> Change:
        """What the act changed so far; all of it once the block is left."""
        return Change(
            self._header.label,
            frozenset(self._kinds),
            self._header.key if self._kinds else None,
            tuple((kind, key, entity) for (kind, key), entity in self._touched.items()),
        )

    @property
    def act(self) -> int | None:
        """Local number of the act, None while nothing changed."""
        return self._link.number

    @_all_or_nothing
    def put(self, entity: Entity) -> None:
        """Add an entity or change it. Only the cells that differ are written; none, nothing is.

        Raises `UserError` where the code is taken.
        """
        self._check_open()
        table = BY_ENTITY[type(entity)]
        found = table.entities(self._connection.execute(table.select("key = ?"), (entity.key,)).fetchall())
        if not found:
            self._add(table, [entity])
            return
        old = found[0]
        changed = [field for field in table.fields if getattr(old, field.name) != getattr(entity, field.name)]
        if not changed:
            return
        if any(field.name == "contract" for field in changed):
            raise ValueError("an entity cannot move to another contract")
        heads = journal.heads(self._connection, table.kind, entity.key)
        self._write(
            table,
            entity.key,
            [(field.name, field.write(getattr(entity, field.name))) for field in changed],
            heads,
        )
        self._save(table, entity)

    @_all_or_nothing
    def put_all(self, entities: Iterable[Entity]) -> None:
        """Do what `put` does for each, fast where they are new. Owners come before what they own."""
        self._check_open()
        groups: dict[str, list[Any]] = {}
        for entity in entities:
            groups.setdefault(BY_ENTITY[type(entity)].kind, []).append(entity)
        for kind in sorted(groups, key=RANK.__getitem__):
            table = BY_KIND[kind]
            stored = self._stored_keys(table, [entity.key for entity in groups[kind]])
            self._add(table, [entity for entity in groups[kind] if entity.key not in stored])
            for entity in groups[kind]:
                if entity.key in stored:
                    self.put(entity)

    @_all_or_nothing
    def freeze(self, snapshot: Snapshot, text: str) -> None:
        """Add a snapshot with what it freezes: the canonical text whose fingerprint it bears."""
        self._check_open()
        snapshots.keep(self._connection, snapshot.fingerprint, text)
        self.put(snapshot)

    @_all_or_nothing
    def attach(self, attachment: Attachment, content: bytes, pages: Sequence[str] | None) -> None:
        """Join a file: the attachment that bears its fingerprint, its bytes, its text by page where it has one."""
        self._check_open()
        files.keep(self._connection, attachment.digest, content, pages)
        self.put(attachment)

    @_all_or_nothing
    def remove(self, entity: Entity) -> None:
        """Remove an entity. The journal keeps all of it; `undo` brings it back.

        Raises `UserError` where it is gone already or where something still refers to it.
        """
        self._check_open()
        table = BY_ENTITY[type(entity)]
        if not self._stored_keys(table, [entity.key]):
            raise UserError(
                "Ce qui devait être retiré n’existe plus.",
                "Rechargez la page pour voir le contrat tel qu’il est.",
            )
        self._refuse_if_used(table, entity.key)
        self._remove(table, entity.key)

    @_all_or_nothing
    def reverse(self, reversals: Iterable[journal.Reversal]) -> None:
        """Bring cells back to what they were (undo, redo).

        Raises `UserError` where somebody else has changed one of them since.
        """
        self._check_open()
        cells: dict[tuple[str, str], list[journal.Reversal]] = {}
        for reversal in reversals:
            cells.setdefault((reversal.kind, reversal.key), []).append(reversal)
        keys: dict[str, list[str]] = {}
        for kind, key in cells:
            keys.setdefault(kind, []).append(key)
        found = {kind: journal.heads_of(self._connection, kind, some) for kind, some in keys.items()}
        rows: list[OperationRow] = []
        saved: list[tuple[Table, Any]] = []
        removed: list[tuple[Table, str]] = []
        for kind, key in sorted(cells, key=lambda cell: RANK[cell[0]]):
            table = BY_KIND[kind]
            heads = found[kind][key]
            wanted: list[tuple[str, Cell]] = []
            for reversal in cells[kind, key]:
                head = heads.get(reversal.field)
                if head is None or head.author not in self._own or head.value != reversal.after:
                    raise UserError(
                        f"«\u202f{self._header.label}\u202f» n’est pas possible\u202f:"
                        " quelqu’un d’autre a changé la même valeur depuis.",
                        "Corrigez la valeur à la main\u202f; son histoire est dans le journal.",
                    )
                before = reversal.before
                if not reversal.had_before and reversal.field != EXISTENCE:
                    before = table.by_name[reversal.field].default_cell
                wanted.append((reversal.field, before))
            existence = dict(wanted).get(EXISTENCE, heads[EXISTENCE].value)
            if existence != ALIVE:
                # Where it had been removed before, it is left as it was then; where it is undone from its very
                # beginning, its cells stay, so that it comes back whole.
                was = next(
                    (reversal.had_before for reversal in cells[kind, key] if reversal.field == EXISTENCE),
                    True,
                )
                if was:
                    kept = [cell for cell in wanted if cell[0] != EXISTENCE]
                    rows += self._operations(table, key, kept, heads)
                removed.append((table, key))
                continue
            rows += self._operations(table, key, wanted, heads)
            cells_now = {name: head.value for name, head in heads.items()} | dict(wanted)
            saved.append((table, journal.rebuilt(table, key, cells_now)))
        removed.reverse()
        for table, key in removed:
            rows += self._operations(table, key, [(EXISTENCE, None)], found[table.kind][key])
        # Said in the journal first: what a table lets go of depends on it.
        self._link.add(rows)
        self._free_codes([reversal for some in cells.values() for reversal in some])
        for table, entities in _by_table(saved):
            self._save_all(table, entities)
        for table, gone in _by_table(removed):
            self._connection.executemany(f"DELETE FROM {table.kind} WHERE key = ?", [(key,) for key in gone])
            self._touched.update(((table.kind, key), None) for key in gone)

    @_all_or_nothing
    def settle(self, kind: str, key: str, field: str, cell: Cell) -> None:
        """End a disagreement on a cell: each of its heads is replaced by what was decided.

        Raises `UserError` where there is none any more, or what was to be removed is still referred to.
        """
        from qpvdesk.storage.exchange import disagreements  # noqa: PLC0415 - 9 ms, a disagreement alone needs it

        self._check_open()
        table = BY_KIND[kind]
        rivals = disagreements.heads(self._connection, kind, key, field)
        if len({head.value for head in rivals}) < 2:
            raise UserError("Ce désaccord est déjà tranché.", "Rechargez la page.")
        removing = field == EXISTENCE and cell != ALIVE
        if removing:
            self._refuse_if_used(table, key)
        rows: list[OperationRow] = []
        # The first replaces the value that is shown: undone, that one is back.
        for head in rivals:
            rows += self._operations(table, key, [(field, cell)], {field: head})
        self._link.add(rows)
        if removing:
            self._connection.execute(f"DELETE FROM {kind} WHERE key = ?", (key,))
            self._touched[kind, key] = None
            return
        now = journal.heads(self._connection, kind, key)
        if now[EXISTENCE].value == ALIVE:
            self._save(table, journal.rebuilt(table, key, {name: head.value for name, head in now.items()}))

    def close(self) -> None:
        """End the unit: nothing more goes through it."""
        self._over = True

    def finish(self, sign: chain.Sign) -> None:
        """Sign the act.

        Raises again what a caller swallowed: rows and journal may disagree by half a step, so nothing is kept.
        """
        if self._failure is not None:
            raise self._failure
        self._link.close(sign)

    def _check_open(self) -> None:
        if self._over:
            raise RuntimeError("the unit of work is over")

    def _stored_keys(self, table: Table, keys: list[str]) -> set[str]:
        stored: set[str] = set()
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            marks = ", ".join("?" * len(some))
            rows = self._connection.execute(f"SELECT key FROM {table.kind} WHERE key IN ({marks})", some)
            stored.update(row[0] for row in rows)
        return stored

    def _add(self, table: Table, entities: list[Any]) -> None:
        if not entities:
            return
        if table.kind == "contract":
            refuse_mixture(natures(self._connection), {contract.fictitious for contract in entities})
        act = self._link.begin()
        author, hlc, kind, seq = self._author, self._hlc, table.kind, self._seq
        rows: list[OperationRow] = []
        once = journal.known(self._connection, [entity.key for entity in entities])
        fresh = entities
        if once:
            fresh = [entity for entity in entities if entity.key not in once]
            for entity in entities:
                if entity.key in once:
                    self._revive(table, entity)
        seq = self._seq
        for entity in fresh:
            seq += 1
            cells = journal.creation(table, entity)
            journal.check_length(cells)
            rows.append((author, seq, hlc, act, kind, entity.key, EXISTENCE, cells, None, None))
        self._seq = seq
        self._kinds.add(kind)
        try:
            self._link.add(rows)
            table_rows = measurements.rows(fresh) if kind == "measurement" else map(table.row, fresh)
            self._connection.executemany(table.insert, table_rows)
            self._touched.update(((kind, entity.key), entity) for entity in fresh)
        except sqlite3.IntegrityError as error:
            raise _taken(table, error, fresh) from error

    def _revive(self, table: Table, entity: Any) -> None:
        """Add an entity that once was and was removed: its cells take the new values."""
        heads = journal.heads(self._connection, table.kind, entity.key)
        wanted: list[tuple[str, Cell]] = [(EXISTENCE, ALIVE)]
        for field in table.fields[1:]:
            cell = field.write(getattr(entity, field.name))
            head = heads.get(field.name)
            if cell != (head.value if head else field.default_cell):
                wanted.append((field.name, cell))
        self._write(table, entity.key, wanted, heads)
        self._save(table, entity)

    def _remove(self, table: Table, key: str) -> None:
        heads = journal.heads(self._connection, table.kind, key)
        self._write(table, key, [(EXISTENCE, None)], heads)
        self._connection.execute(f"DELETE FROM {table.kind} WHERE key = ?", (key,))
        self._touched[table.kind, key] = None

    def _refuse_if_used(self, table: Table, key: str) -> None:
        for other in TABLES:
            for field in other.fields:
                if field.refers_to != table.kind:
                    continue
                query = f"SELECT 1 FROM {other.kind} WHERE {field.columns[0]} = ? AND key <> ? LIMIT 1"
                if self._connection.execute(query, (key, key)).fetchone():
                    raise UserError(
                        f"Ce {table.french} sert encore\u202f: au moins un élément de type"
                        f" «\u202f{other.french}\u202f» s’y rattache."
                        if not table.feminine
                        else f"Cette {table.french} sert encore\u202f: au moins un élément de type"
                        f" «\u202f{other.french}\u202f» s’y rattache.",
                        "Retirez d’abord ce qui s’y rattache.",
                    )

    def _write(self, table: Table, key: str, cells: list[tuple[str, Cell]], heads: dict[str, Head]) -> None:
        for _, cell in cells:
            journal.check_length(cell)
        self._link.add(self._operations(table, key, cells, heads))

    def _operations(
        self, table: Table, key: str, cells: list[tuple[str, Cell]], heads: dict[str, Head]
    ) -> list[OperationRow]:
        """Number the operations that give cells other values; they are still to be added to the journal."""
        act = self._link.begin()
        rows: list[OperationRow] = []
        for name, cell in cells:
            self._seq += 1
            head = heads.get(name)
            parent = (head.author, head.seq) if head else (None, None)
            rows.append((self._author, self._seq, self._hlc, act, table.kind, key, name, cell, *parent))
        self._kinds.add(table.kind)
        return rows

    def _free_codes(self, reversals: list[journal.Reversal]) -> None:
        """Let rows exchange their codes, or take that of what goes: one by one, they would be refused."""
        for reversal in reversals:
            if reversal.field in ("code", EXISTENCE) and BY_KIND[reversal.kind].has_code:
                self._connection.execute(
                    f"UPDATE {reversal.kind} SET code = key WHERE key = ?", (reversal.key,)
                )

    def _save(self, table: Table, entity: Any) -> None:
        try:
            self._connection.execute(table.upsert, table.row(entity))
            self._touched[table.kind, entity.key] = entity
        except sqlite3.IntegrityError as error:
            raise _taken(table, error, [entity]) from error

    def _save_all(self, table: Table, entities: list[Any]) -> None:
        if len(entities) <= _ROWS_WRITTEN_ONE_BY_ONE_MAX:
            # One by one, so that the one at fault can be named.
            for entity in entities:
                self._save(table, entity)
            return
        try:
            self._connection.executemany(table.upsert, map(table.row, entities))
            self._touched.update(((table.kind, entity.key), entity) for entity in entities)
        except sqlite3.IntegrityError as error:
            raise _taken(table, error, entities) from error


def _by_table(pairs: list[tuple[Table, Any]]) -> Iterator[tuple[Table, list[Any]]]:
    """Yield the runs of pairs of one table, in order."""
    for _, run in groupby(pairs, key=lambda pair: pair[0].kind):
        some = list(run)
        yield some[0][0], [thing for _, thing in some]


def _taken(table: Table, error: sqlite3.IntegrityError, entities: list[Any]) -> Exception:
    """Return what to raise for a refused row: the officer's mistake where it is one, else the bug."""
    if is_code_taken(table, error):
        codes = f" «\u202f{entities[0].code}\u202f»" if len(entities) == 1 else ""
        return UserError(
            f"Le code{codes} est déjà pris par un autre élément de type «\u202f{table.french}\u202f».",
            "Choisissez un autre code.",
        )
    return error
