"""What can still be had of a damaged base: its rows and its journal, each mending the other, in a new base.

Nothing is ever deleted: the damaged file stays beside, to the byte. An entity whose row is lost is rebuilt from the
journal; one whose operations are lost is kept from its row and journalled anew. Where both were read and disagree, the
journal is believed when it is whole, else the row, which is the later of the two to have been written.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from qpvdesk import durable
from qpvdesk.domain import model
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import REQUIRED
from qpvdesk.storage import clock, files, journal, lock, migrations, snapshots
from qpvdesk.storage.care import backup, sealing
from qpvdesk.storage.connection import connect, explained
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.journal import ALIVE, EXISTENCE, Cell
from qpvdesk.storage.keys import new_key
from qpvdesk.storage.rescue import pages, sealed_rows
from qpvdesk.storage.tables import BY_KIND, TABLES, Table

_LABEL = "Récupération d’une base endommagée"
_LOST_ACT = "Acte dont l’intitulé est perdu"
_LOST_AUTHOR = "auteur perdu"
_TEMPORARY = ".recuperation"
_JOURNAL_TABLES = ("meta", "author", "act", "operation", "frozen", "file")
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


@dataclass(frozen=True, slots=True)
class Repaired:
    """A base that was mended in its place, and where the one before it is kept."""

    report: Report
    kept: Path


def set_aside(path: Path) -> Path:
    """Copy a damaged base beside itself, once, with the journal it may have left; return the copy. Raises `OSError`."""
    aside = path.parent / f"{path.stem}.endommagee-{durable.sha256_of(path)[:12]}{path.suffix}"
    if not aside.exists():
        hot = _journal_of(path)
        if hot.exists() and hot.stat().st_size:
            durable.copy(hot, _journal_of(aside))
        durable.copy(path, aside)
    return aside


def repair(base: Path, *, now: datetime) -> Repaired:
    """Put what can be saved of a closed base in its place. `now` bears its zone.

    Raises `UserError` where it is open elsewhere, there is no room, or no contract can be read any more; the base is
    then untouched.
    """
    base = base.absolute()
    work, made = (base.parent / (base.name + _TEMPORARY + end) for end in ("-lue", ""))
    try:
        held = lock.acquire(base)
    except OSError as error:
        raise _no_room(base, error) from error
    try:
        shutil.copyfile(base, work)
        hot = _journal_of(base)
        if hot.exists():
            # What a killed process left half-way is rolled back first, in the copy; it names no other file.
            shutil.copyfile(hot, _journal_of(work))
            with contextlib.suppress(sqlite3.Error), contextlib.closing(connect(work, "rw")) as connection:
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        made.unlink(missing_ok=True)
        report = salvage(work, made, now=now)
        kept = _saved(base, now)
        hot.unlink(missing_ok=True)
        durable.flush(base.parent)
        durable.place(made, base)
        return Repaired(report, kept)
    except sqlite3.Error as error:
        raise explained(error, base) or error from error
    except OSError as error:
        raise _no_room(base, error) from error
    finally:
        for left in (work, made, _journal_of(work), _journal_of(made)):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
        held.release()


def readable(damaged: Path) -> bool:
    """Tell whether a file holds a contract of ours, even where its header no longer says that it is a base."""
    try:
        content = damaged.read_bytes()
    except OSError:
        return False
    found = pages.read(content, _forms(pages.version(content)))
    return bool(found.rows["contract"]) or any("contract" in fitting for _, fitting in found.strays)


def salvage(damaged: Path, target: Path, *, now: datetime) -> Report:
    """Read all that can be of a file and make a sound base of it, in a new file; the first is only read.

    Raises `UserError` where no contract is left in it.
    """
    if sealing.is_sealed(damaged):
        try:
            found, forms = sealed_rows.read(damaged, _forms)
        except sqlite3.Error as error:
            raise UserError(
                "Rien n’a pu être récupéré de cette base : la page qui dit où sont ses tables est abîmée, et le reste est"
                " chiffré.",
                "Restaurez la dernière sauvegarde.",
            ) from error
    else:
        content = damaged.read_bytes()
        forms = _forms(pages.version(content))
        found = pages.read(content, forms)
    target.touch(exist_ok=False)
    with contextlib.closing(connect(target, "rw", like=damaged)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN IMMEDIATE")
        migrations.apply(connection)
        connection.execute("PRAGMA defer_foreign_keys = ON")
        report = _Salvage(connection, found, forms, now).run()
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
        now: datetime,
    ) -> None:
        self._connection, self._found, self._forms, self._now = connection, found, forms, now
        self._rows: dict[str, dict[int, pages.Row]] = {name: dict(rows) for name, rows in found.rows.items()}
        self._lost: list[Loss] = []
        self._operations = self._gaps = 0

    def run(self) -> Report:
        self._claim_strays(_JOURNAL_TABLES)
        self._keep_journal()
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
                said = _told(table, key, cells)
                if cells is not None and EXISTENCE in cells and cells[EXISTENCE][0] != ALIVE:
                    continue
                if row is None and said is None:
                    self._lost.append(Loss(table.kind, _name(cells or {}, key)))
                    continue
                if row is None:
                    from_journal += 1
                elif said is None:
                    from_rows += 1
                elif row != said:
                    differing.append(_name(cells or {}, key))
                kept = said if row is None or (trusted and said is not None) else row
                wanted[table.kind][key] = kept
        self._insert(wanted)
        self._journal_again(wanted, heads)
        kept_counts = {kind: len(entities) for kind, entities in wanted.items() if entities}
        return Report(
            self._found.pages, self._found.bad, kept_counts, from_journal, from_rows, tuple(differing),
            tuple(self._lost), self._operations, self._gaps,
        )  # fmt: skip

    def _claim_strays(self, names: tuple[str, ...], kinds: Mapping[str, str] | None = None) -> None:
        """Give the rows no table leads to any more to the one they fit; the journal tells apart those that fit several."""
        for number, fitting in self._found.strays:
            chosen = [name for name in fitting if name in names]
            if kinds is not None and any(name in _JOURNAL_TABLES for name in fitting):
                continue
            if kinds is not None:
                told = {name for name in chosen if str(fitting[name][0]) in kinds}
                chosen = [name for name in chosen if name not in told or kinds[str(fitting[name][0])] == name]
            if len(chosen) == 1:
                self._rows[chosen[0]].setdefault(number, fitting[chosen[0]])

    def _keep_journal(self) -> None:
        """Copy authors, acts and operations, with a stand-in for each that is named and lost."""
        authors = {row[0]: row for row in self._rows["author"].values()}
        acts = {row[0]: row for row in self._rows["act"].values() if row[5] in ("do", "undo", "redo")}
        operations = []
        for row in self._rows["operation"].values():
            table = BY_KIND.get(str(row[5]))
            if table is None or not (row[7] == EXISTENCE or row[7] in table.by_name):
                continue
            operations.append(row)
            acts.setdefault(row[4], (row[4], new_key(), row[1], _LOST_ACT, _moment(row[3]), "do", None))
        for act in acts.values():
            authors.setdefault(act[2], (act[2], new_key(), _LOST_AUTHOR))
        for operation in operations:
            for number in (operation[1], operation[9]):
                if number is not None:
                    authors.setdefault(number, (number, new_key(), _LOST_AUTHOR))
        add_author = "INSERT INTO author (id, uid, label) VALUES (?, ?, ?)"
        for number, uid, label in authors.values():
            if not self._one(add_author, (number, uid, label)):
                self._one(add_author, (number, new_key(), label))
        add_act = (
            "INSERT INTO act (id, key, author, label, done_at, mode, reverses) VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        for number, key, owner, label, done_at, mode, reverses in sorted(acts.values(), key=_first):
            known = reverses in acts and mode != "do"
            turn = (mode, reverses) if known else ("do", None)
            if not self._one(add_act, (number, key, owner, label, done_at, *turn)):
                self._one(add_act, (number, new_key(), owner, label, done_at, *turn))
        for operation in sorted(operations, key=_first):
            self._operations += self._one(
                "INSERT INTO operation (id, author, seq, hlc, act, kind, key, field, value, parent_author, parent_seq)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                operation,
            )
        for name, value in self._rows["meta"].values():
            # Whoever writes next is another author: this is no longer the file that author wrote.
            if name not in ("author", "place"):
                self._one("INSERT INTO meta (name, value) VALUES (?, ?)", (name, value))
        for uid, missing in self._connection.execute(
            "SELECT a.uid, max(o.seq) - count(*) FROM operation o JOIN author a ON a.id = o.author"
            " GROUP BY o.author HAVING max(o.seq) <> count(*)"
        ).fetchall():
            self._gaps += missing
            self._connection.execute(
                "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (journal.LOST + uid, str(missing)),
            )
        for fingerprint, content in self._rows["frozen"].values():
            if snapshots.STORE.is_whole(fingerprint, content):
                self._one("INSERT INTO frozen (fingerprint, content) VALUES (?, ?)", (fingerprint, content))
        for digest, content, text in self._rows.get("file", {}).values():
            if files.STORE.is_whole(digest, content):
                self._one(
                    "INSERT INTO file (digest, content, text) VALUES (?, ?, ?)", (digest, content, text)
                )

    def _one(self, statement: str, row: tuple[Any, ...]) -> bool:
        try:
            self._connection.execute(statement, row)
        except sqlite3.IntegrityError:
            return False
        return True

    def _heads(self) -> dict[tuple[str, str], dict[str, tuple[Cell, int, int]]]:
        """Return the last value of each cell with the operation that set it: author number and its sequence."""
        made: dict[tuple[str, str], dict[str, tuple[Cell, int, int]]] = {}
        for kind, key, field, value, author, seq in self._connection.execute(
            "SELECT o.kind, o.key, o.field, o.value, o.author, o.seq FROM operation o JOIN author a ON a.id = o.author"
            " ORDER BY o.hlc, a.uid, o.seq"
        ):
            made.setdefault((kind, key), {})[field] = (value, author, seq)
        return made

    def _entities(self, table: Table) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if table.kind not in self._forms:
            return made
        names = self._forms[table.kind].names
        # What a column of a later version holds where nobody wrote it.
        absent = {
            name: value
            for one in table.fields
            if one.default is not REQUIRED
            for name, value in zip(one.columns, one.encode(one.default), strict=True)
        }
        for row in self._rows[table.kind].values():
            held = absent | dict(zip(names, row, strict=True))
            with contextlib.suppress(*_UNREADABLE):
                one = table.entities([[held[name] for name in table.columns]])[0]
                # What cannot be written again was not read rightly.
                table.row(one)
                made.setdefault(one.key, one)
        return made

    def _insert(self, wanted: dict[str, dict[str, Any]]) -> None:
        """Add the rows; leave out, by name, those that refer to something lost or that the base refuses."""
        while True:
            self._mend_references(wanted)
            self._connection.execute("SAVEPOINT rows")
            refused = [
                (table, entity)
                for table in TABLES
                for entity in wanted[table.kind].values()
                if not self._one(table.insert, table.row(entity))
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
                    for one in table.fields:
                        value = getattr(entity, one.name)
                        if isinstance(value, model.Citation):
                            missing = value.document not in wanted["document"]
                        else:
                            missing = (
                                one.ref is not None and value is not None and value not in wanted[one.ref]
                            )
                        if missing and one.nullable:
                            cleared[one.name] = None
                        elif missing:
                            orphan = True
                    if orphan:
                        del wanted[table.kind][key]
                        self._lost.append(Loss(table.kind, _name_of(table, entity)))
                        again = True
                    elif cleared:
                        wanted[table.kind][key] = replace(entity, **cleared)

    def _journal_again(
        self,
        wanted: dict[str, dict[str, Any]],
        heads: Mapping[tuple[str, str], Mapping[str, tuple[Cell, int, int]]],
    ) -> None:
        """Bring the journal to what the tables hold, in one act of an author of its own that undo does not offer."""
        cells: list[tuple[str, str, str, Cell, int | None, int | None]] = []
        for table in TABLES:
            for key, entity in wanted[table.kind].items():
                held = heads.get((table.kind, key), {})
                if EXISTENCE not in held:
                    cells.append((table.kind, key, EXISTENCE, ALIVE, None, None))
                for one in table.fields[1:]:
                    cell = one.write(getattr(entity, one.name))
                    head = held.get(one.name)
                    if (head is None and cell != one.default_cell) or (head is not None and head[0] != cell):
                        cells.append((table.kind, key, one.name, cell, *(head[1:] if head else (None, None))))
        for (kind, key), held in heads.items():
            existence = held.get(EXISTENCE)
            if key in wanted[kind] or (existence is not None and existence[0] != ALIVE):
                continue
            parent = existence[1:] if existence else (None, None)
            cells.append((kind, key, EXISTENCE, None, *parent))
        if not cells:
            return
        author = journal.author_number(self._connection, new_key(), "récupération")
        hlc = clock.tick(self._now, journal.last_hlc(self._connection))
        act = journal.add_act(self._connection, key=new_key(), author=author, label=_LABEL, done_at=self._now)
        journal.add_operations(
            self._connection,
            [
                (author, seq, hlc, act, kind, key, field, value, parent_author, parent_seq)
                for seq, (kind, key, field, value, parent_author, parent_seq) in enumerate(cells, 1)
            ],
        )


def _told(table: Table, key: str, cells: Mapping[str, tuple[Cell, int, int]] | None) -> Any:
    """Return the entity as the journal alone has it, None where it has not enough."""
    if cells is None or EXISTENCE not in cells:
        return None
    try:
        made = journal.rebuilt(table, key, {name: cell[0] for name, cell in cells.items()})
        table.row(made)
    except _UNREADABLE:
        return None
    return made


def _name(cells: Mapping[str, tuple[Cell, int, int]], key: str) -> str:
    for name in ("code", "name", "title", "label", "day", "text"):
        if cells.get(name, (None,))[0]:
            return " ".join(str(cells[name][0]).split())[:60]
    return key


def _name_of(table: Table, entity: Any) -> str:
    cells = {one.name: (one.write(getattr(entity, one.name)), 0, 0) for one in table.fields}
    return _name(cells, entity.key)


def _first(row: pages.Row) -> int:
    return int(str(row[0]))


def _moment(hlc: object) -> str:
    """Return when an operation was made, from its clock."""
    with contextlib.suppress(ValueError, OverflowError, OSError, TypeError):
        return clock.moment(int(str(hlc))).isoformat(timespec="seconds")
    return clock.moment(0).isoformat(timespec="seconds")


def _forms(version: int) -> Mapping[str, pages.Form]:
    """Return how the tables looked in that version; in ours where the header does not say or cannot be believed."""
    known = version if 1 <= version <= migrations.version() else migrations.version()
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("BEGIN")
        migrations.apply(connection, known)
        held = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        made = {}
        for name in (*_JOURNAL_TABLES, *BY_KIND):
            # A table that this version had not yet simply has no rows.
            if name not in held:
                continue
            columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
            defaults = [
                connection.execute(f"SELECT {one[4]}").fetchone()[0] if one[4] is not None else None
                for one in columns
            ]
            rowid = next((place for place, one in enumerate(columns) if one[5] and one[2] == "INTEGER"), None)
            made[name] = pages.Form(
                tuple(str(one[1]) for one in columns),
                tuple(str(one[2]) for one in columns),
                tuple(not one[3] and place != rowid for place, one in enumerate(columns)),
                tuple(defaults),
                rowid,
            )
    return made


def _journal_of(path: Path) -> Path:
    return path.parent / (path.name + "-journal")


def _saved(base: Path, now: datetime) -> Path:
    """Keep the base as it is before it is mended: a checked backup where it can be had, else a copy to the byte."""
    with contextlib.suppress(UserError, sqlite3.Error):
        return backup.make(base, now=now.astimezone().replace(tzinfo=None), reason="reparation").path
    return set_aside(base)


def _no_room(base: Path, error: Exception) -> UserError:
    return UserError(
        f"La récupération n’a pas pu être écrite dans «\u202f{base.parent}\u202f»\u202f: la base est restée telle quelle.",
        durable.remedy(
            error, "Libérez de la place, ou copiez la base dans un dossier où vous pouvez écrire."
        ),
    )
