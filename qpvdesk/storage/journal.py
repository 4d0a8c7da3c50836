"""The journal: every change of a cell, once and for ever. History, undo and audit are read from it.

An *operation* sets one cell (an entity's field) to one value and names the operation whose value it replaces. The
field with the empty name says whether the entity exists (`1`) or was removed (None). Operations are grouped in
*acts*, which is what the officer did. The tables of the entities are a projection of the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qpvdesk.domain import french, model
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.schema import BY_KIND, REQUIRED, Field, Table

EXISTENCE = ""
ALIVE = "1"
STARTER = "starter:"
LOST = "lost:"
"""Rows of `meta` whose name begins so say how many operations of an author no salvage could find."""

Cell = str | None


@dataclass(frozen=True, slots=True)
class Head:
    """The present value of a cell and the operation that set it (local author number and its sequence)."""

    value: Cell
    author: int
    seq: int


@dataclass(frozen=True, slots=True)
class Reversal:
    """What brings one cell back: from the act's last value to the value before the act."""

    kind: str
    key: str
    field: str
    after: Cell
    before: Cell
    had_before: bool


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the history. `kind` is a table name; `field` is French, empty for an addition or a removal."""

    when: datetime
    author: str
    act: str
    kind: str
    code: str
    field: str
    before: str
    after: str
    sentence: str


def author_number(connection: sqlite3.Connection, uid: str, label: str) -> int:
    """Return the local number of an author, adding it where it is new (inside a unit)."""
    row = connection.execute("SELECT id FROM author WHERE uid = ?", (uid,)).fetchone()
    if row is not None:
        return int(row[0])
    cursor = connection.execute("INSERT INTO author (uid, label) VALUES (?, ?)", (uid, label))
    return int(cursor.lastrowid or 0)


def author_label(connection: sqlite3.Connection, uid: str) -> str | None:
    """Return the name an author's acts stand under; None where it has none yet."""
    row = connection.execute("SELECT label FROM author WHERE uid = ?", (uid,)).fetchone()
    return None if row is None else str(row[0])


def last_seq(connection: sqlite3.Connection, author: int) -> int:
    """Return the sequence of an author's last operation; 0 before the first."""
    row = connection.execute("SELECT max(seq) FROM operation WHERE author = ?", (author,)).fetchone()
    return int(row[0] or 0)


def last_hlc(connection: sqlite3.Connection) -> int:
    """Return the greatest clock of the journal, 0 when it is empty."""
    # The last arrived is the greatest but after an exchange: the greatest of each author's last is.
    rows = connection.execute(
        "SELECT (SELECT hlc FROM operation o WHERE o.author = a.id ORDER BY seq DESC LIMIT 1) FROM author a"
    )
    return max((int(row[0]) for row in rows if row[0] is not None), default=0)


def add_act(
    connection: sqlite3.Connection,
    *,
    key: str,
    author: int,
    label: str,
    done_at: datetime,
    mode: str = "do",
    reverses: int | None = None,
) -> int:
    """Add an act and return its local number."""
    cursor = connection.execute(
        "INSERT INTO act (key, author, label, done_at, mode, reverses) VALUES (?, ?, ?, ?, ?, ?)",
        (key, author, label, done_at.isoformat(timespec="seconds"), mode, reverses),
    )
    return int(cursor.lastrowid or 0)


OperationRow = tuple[int, int, int, int, str, str, str, Cell, int | None, int | None]
"""author, seq, hlc, act, kind, key, field, value, parent's author, parent's seq."""


def add_operations(connection: sqlite3.Connection, rows: Iterable[OperationRow]) -> None:
    """Append operations."""
    connection.executemany(
        "INSERT INTO operation (author, seq, hlc, act, kind, key, field, value, parent_author, parent_seq)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def heads(connection: sqlite3.Connection, kind: str, key: str) -> dict[str, Head]:
    """Return the present cells of an entity, removed or not. The later clock wins; authors part a tie."""
    rows = connection.execute(
        "SELECT o.field, o.value, o.author, o.seq FROM operation o JOIN author a ON a.id = o.author"
        " WHERE o.key = ? AND o.kind = ? ORDER BY o.hlc, a.uid, o.seq",
        (key, kind),
    )
    return {field: Head(value, author, seq) for field, value, author, seq in rows}


def heads_of(connection: sqlite3.Connection, kind: str, keys: Sequence[str]) -> dict[str, dict[str, Head]]:
    """Return the present cells of many entities of a kind, by key; see `heads`."""
    found: dict[str, dict[str, Head]] = {key: {} for key in keys}
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        marks = ", ".join("?" * len(some))
        rows = connection.execute(
            "SELECT o.key, o.field, o.value, o.author, o.seq FROM operation o JOIN author a ON a.id = o.author"
            f" WHERE o.key IN ({marks}) AND o.kind = ? ORDER BY o.hlc, a.uid, o.seq",
            (*some, kind),
        )
        for key, field, value, author, seq in rows:
            found[key][field] = Head(value, author, seq)
    return found


def known(connection: sqlite3.Connection, keys: Sequence[str]) -> set[str]:
    """Return which of the keys the journal ever heard of."""
    found: set[str] = set()
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        marks = ", ".join("?" * len(some))
        rows = connection.execute(f"SELECT DISTINCT key FROM operation WHERE key IN ({marks})", some)
        found.update(row[0] for row in rows)
    return found


def creation(table: Table, entity: Any) -> Iterator[tuple[str, Cell]]:
    """Yield the cells that make a new entity: its existence, then whatever is not the default."""
    yield EXISTENCE, ALIVE
    for field in table.fields[1:]:
        value = getattr(entity, field.name)
        if field.default is REQUIRED or value != field.default:
            yield field.name, field.write(value)


def rebuilt(table: Table, key: str, cells: dict[str, Cell]) -> Any:
    """Make an entity from its cells. Raises `KeyError` or `ValueError` where they do not make one."""
    values = [key]
    for field in table.fields[1:]:
        if field.name in cells:
            values.append(field.read(cells[field.name]))
        elif field.default is REQUIRED:
            raise KeyError(f"{table.kind} {key}: {field.name}")
        else:
            values.append(field.default)
    return table.entity(*values)


def replay(connection: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """Rebuild every entity from the journal alone: kind → key → entity."""
    cells: dict[tuple[str, str], dict[str, Cell]] = {}
    rows = connection.execute(
        "SELECT o.kind, o.key, o.field, o.value FROM operation o JOIN author a ON a.id = o.author"
        " ORDER BY o.hlc, a.uid, o.seq"
    )
    for kind, key, field, value in rows:
        cells.setdefault((kind, key), {})[field] = value
    made: dict[str, dict[str, Any]] = {}
    for (kind, key), known_cells in cells.items():
        if known_cells.get(EXISTENCE) == ALIVE:
            made.setdefault(kind, {})[key] = rebuilt(BY_KIND[kind], key, known_cells)
    return made


def reversals(connection: sqlite3.Connection, act: int) -> tuple[Reversal, ...]:
    """Return what would bring back the cells that an act changed, one a cell."""
    rows = connection.execute(
        "SELECT o.kind, o.key, o.field, o.value, o.parent_seq IS NOT NULL, p.value"
        " FROM operation o"
        " LEFT JOIN operation p ON p.author = o.parent_author AND p.seq = o.parent_seq"
        " WHERE o.act = ? ORDER BY o.seq",
        (act,),
    )
    made: dict[tuple[str, str, str], Reversal] = {}
    for kind, key, field, value, had_parent, parent_value in rows:
        first = made.get((kind, key, field))
        made[kind, key, field] = (
            Reversal(kind, key, field, value, parent_value, bool(had_parent))
            if first is None
            else Reversal(kind, key, field, value, first.before, first.had_before)
        )
    return tuple(made.values())


@dataclass(slots=True)
class Stacks:
    """What can be undone and done again: local act numbers with the label of what was first done."""

    undo: list[tuple[int, str]]
    redo: list[tuple[int, str]]

    def done(self, act: int, label: str) -> None:
        """Note a new act: what was undone before can no longer be done again."""
        self.undo.append((act, label))
        self.redo.clear()

    def undone(self, act: int) -> None:
        """Note that the last act was undone by another."""
        self.redo.append((act, self.undo.pop()[1]))

    def redone(self, act: int) -> None:
        """Note that the last undone act was done again by another."""
        self.undo.append((act, self.redo.pop()[1]))


def stacks(connection: sqlite3.Connection, author: int) -> Stacks:
    """Read an author's stacks from the journal."""
    made = Stacks([], [])
    for act, label, mode in connection.execute(
        "SELECT id, label, mode FROM act WHERE author = ? ORDER BY id", (author,)
    ):
        if mode == "undo":
            made.undone(act)
        elif mode == "redo":
            made.redone(act)
        else:
            made.done(act, label)
    return made


_SHOWN = 60
_LABELS: dict[str, dict[Any, str]] = {
    "Theme": dict(model.THEME_LABELS),
    "Nature": dict(model.NATURE_LABELS),
    "Sens": dict(model.SENS_LABELS),
    "Level": dict(model.LEVEL_LABELS),
    "Weather": dict(model.WEATHER_LABELS),
    "Frequency": dict(model.FREQUENCY_LABELS),
    "MeetingKind": dict(model.MEETING_LABELS),
    "DecisionState": dict(model.DECISION_LABELS),
}


class Historian:
    """Turns operations into sentences. One a question: it remembers the names it looked up."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._names: dict[tuple[str, str], str] = {}
        self._cells: dict[tuple[str, str], dict[str, Cell]] = {}

    def entries(self, code: str | None, limit: int) -> tuple[HistoryEntry, ...]:
        """Return the latest changes first, of one object or of all.

        A new or removed entity is one entry; a starter contract is one entry in the history of everything.
        """
        return self._entries(None if code is None else self._keys_of(code), limit)

    def entries_of(self, key: str, limit: int) -> tuple[HistoryEntry, ...]:
        """Return the latest changes first, of the one entity of that key."""
        return self._entries((key,), limit)

    def _entries(self, keys: tuple[str, ...] | None, limit: int) -> tuple[HistoryEntry, ...]:
        if keys is None:
            where = "(substr(a.uid, 1, 8) <> 'starter:' OR (o.kind = 'contract' AND o.field = ''))"
            parameters: tuple[Any, ...] = ()
            # From the latest act down: CROSS JOIN forbids SQLite to begin elsewhere.
            source = "act t CROSS JOIN operation o ON o.act = t.id"
        else:
            where = f"o.key IN ({', '.join('?' * len(keys))})"
            parameters = keys
            source = "operation o CROSS JOIN act t ON t.id = o.act"
        rows = self._connection.execute(
            "SELECT t.done_at, a.label, t.label, substr(a.uid, 1, 8) = 'starter:', o.act, o.kind, o.key, o.field,"
            " o.value, p.value"
            f" FROM {source} CROSS JOIN author a ON a.id = o.author"
            " LEFT JOIN operation p ON p.author = o.parent_author AND p.seq = o.parent_seq"
            # The cells of a new entity are told by the line of its creation; the `+` keeps the search on its key.
            f" WHERE {where} AND (o.field = '' OR NOT EXISTS (SELECT 1 FROM operation n"
            "   WHERE n.key = o.key AND n.field = '' AND +n.act = o.act))"
            " ORDER BY o.act DESC, o.id DESC LIMIT ?",
            (*parameters, limit),
        )
        return tuple(self._entry(*row) for row in rows.fetchall())

    def _keys_of(self, code: str) -> tuple[str, ...]:
        """Return the keys of what bears the code, now or formerly, and of what belongs to it."""
        linked = (
            "SELECT DISTINCT key, kind, field FROM operation"
            " WHERE field IN ('code', 'objective', 'engagement') AND value = ?"
        )
        found = dict.fromkeys(
            str(key)
            for spelt in dict.fromkeys((code, code.upper()))
            for key, _, field in self._connection.execute(linked, (spelt,))
            if field == "code"
        )
        belonging = [
            str(key)
            for owner in found
            for key, kind, field in self._connection.execute(linked, (owner,))
            if BY_KIND[kind].owner == field or (kind, field) == ("condition", "engagement")
        ]
        return tuple(dict.fromkeys([*found, *belonging]))

    def _entry(
        self,
        done_at: str,
        author: str,
        act: str,
        starter: int,
        number: int,
        kind: str,
        key: str,
        name: str,
        value: Cell,
        parent: Cell,
    ) -> HistoryEntry:
        when = datetime.fromisoformat(done_at).astimezone()
        table = BY_KIND[kind]
        said = french.format_date(when.date())
        code = self.name(kind, key)
        if name == EXISTENCE:
            accord = "e" if table.feminine else ""
            if starter:
                done = f"repris{accord} du contrat de départ" if kind != "contract" else "de départ repris"
            else:
                done = f"ajouté{accord}" if value else f"retiré{accord}"
            sentence = f"Le {said}, {table.french} {done}{self._about(table, key, code, number)}"
            return HistoryEntry(when, author, act, kind, code, "", "", "", sentence)
        field = table.by_name[name]
        if parent is None and not field.nullable:
            parent = field.default_cell
        before, after = (self.shown(field, cell) for cell in (parent, value))
        accord = "e" if field.feminine else ""
        if not after:
            change = f"effacé{accord}" + (f" (était {before})" if before else "")
        elif not before:
            change = f"renseigné{accord}\u202f: {after}"
        else:
            change = f"corrigé{accord} de {before} à {after}"
        sentence = f"Le {said}, {field.french} {change}"
        return HistoryEntry(when, author, act, kind, code, field.french, before, after, sentence)

    def _about(self, table: Table, key: str, code: str, act: int) -> str:
        """Say what was added or removed, with the values it had at that moment."""
        cells = self._cells_of(table.kind, key) | dict(
            self._connection.execute(
                "SELECT field, value FROM operation WHERE key = ? AND +act = ? ORDER BY id", (key, act)
            )
        )
        parts = [
            self.shown(table.by_name[name], cells.get(name))
            for name in ("value", "weather")
            if name in table.by_name and name in cells
        ]
        if "day" in table.by_name and "day" in cells:
            parts.append(f"au {self.shown(table.by_name['day'], cells.get('day'))}")
        if not parts:
            label = next(
                (cells[name] for name in ("label", "name", "title", "text") if cells.get(name)), None
            )
            parts = [part for part in (code, f"({_short(label)})" if label else "") if part]
        return f"\u202f: {' '.join(parts)}" if parts else ""

    def name(self, kind: str, key: str) -> str:
        """Return the code people know an entity by: its own, or that of what it belongs to."""
        if (kind, key) not in self._names:
            table = BY_KIND[kind]
            cells = self._cells_of(kind, key)
            owner = table.by_name.get(table.owner or "")
            if "code" in table.by_name:
                said = cells.get("code") or ""
            elif owner is not None and owner.ref and cells.get(owner.name):
                said = self.name(owner.ref, cells[owner.name] or "")
            elif kind == "correspondence":
                said = self.name("partner", cells.get("partner") or "")
            elif kind == "acknowledgement":
                said = (cells.get("point") or "").partition(":")[2].partition(":")[0]
            else:
                said = ""
            self._names[kind, key] = said
        return self._names[kind, key]

    def _cells_of(self, kind: str, key: str) -> dict[str, Cell]:
        if (kind, key) not in self._cells:
            self._cells[kind, key] = {
                name: head.value for name, head in heads(self._connection, kind, key).items()
            }
        return self._cells[kind, key]

    def shown(self, field: Field, cell: Cell) -> str:
        """Return a value as the officer reads it; empty where there is none."""
        if cell is None or cell == "":
            return ""
        if field.ref is not None:
            return self.name(field.ref, cell) or "?"
        value = field.read(cell)
        match value:
            case bool():
                return "oui" if value else "non"
            case Decimal():
                return french.format_number(value)
            case date():
                return french.format_date(value)
            case model.Citation():
                return _short(", ".join(part for part in (value.section, value.mark) if part))
            case model.Thresholds():
                return " / ".join(
                    french.format_number(part) for part in (value.ahead, value.on_track, value.watch)
                )
        if field.codec.name in _LABELS:
            return _LABELS[field.codec.name][value]
        return _short(str(value).replace("_", " ") if field.codec.name[0].isupper() else str(value))


def _short(text: str | None) -> str:
    line = " ".join((text or "").split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1].rstrip() + "…"


def differences(connection: sqlite3.Connection, tables: Sequence[Table]) -> list[str]:
    """Compare the tables with a replay of the journal; return one French sentence a kind that differs."""
    try:
        expected = replay(connection)
    except (KeyError, ValueError) as error:
        return [f"Le journal ne peut pas être relu\u202f: {error}."]
    problems = []
    for table in tables:
        held = {
            item.key: item for item in table.entities(connection.execute(table.select("TRUE")).fetchall())
        }
        if held != expected.get(table.kind, {}):
            wanted = expected.get(table.kind, {})
            keys = [key for key in held.keys() | wanted.keys() if held.get(key) != wanted.get(key)]
            verb = "ne correspond pas" if len(keys) == 1 else "ne correspondent pas"
            problems.append(
                f"{french.plural(len(keys), 'ligne', 'lignes')} de la table «\u202f{table.kind}\u202f»"
                f" {verb} au journal."
            )
    return problems
