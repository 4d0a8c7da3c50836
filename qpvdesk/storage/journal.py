"""The journal: every change of a cell, once and for ever. History, undo and audit are read from it.

An *operation* sets one cell (an entity's field) to one value and names the operation whose value it replaces. The
field with the empty name says whether the entity exists (`1`) or was removed (None). A new entity is one operation on
that field, whose value is all its cells as a JSON object: `unfolded` tells them apart, and each is replaced, disputed
and undone by itself from then on. Bases of before version 6 hold new entities cell by cell, which reads the same.
Operations are grouped in *acts*, which is what the officer did. The tables of the entities are a projection of the
journal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import REQUIRED
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.tables import BY_KIND, Table, UnreadableRowError

EXISTENCE = ""
ALIVE = "1"
STARTER = "starter:"
PROGRAMME = "programme:"
"""Begin the uid of whom the program writes under: a contract that ships with it, a change of model."""
IS_PROGRAMME = (
    f"(substr(uid, 1, {len(STARTER)}) = '{STARTER}' OR substr(uid, 1, {len(PROGRAMME)}) = '{PROGRAMME}')"
)
VEILED = "voile"
"""The kind, and the field, of an operation of which its digest alone is here (see `exchange.veils`)."""
LOST = "lost:"
"""Rows of `meta` whose name begins so say how many operations of an author no salvage could find; 0: signatures alone."""

LABEL_CHARACTERS_MAX = 2_000
"""How long the words of an act are kept: they may name what they are about, which has no bound of its own."""
VALUE_CHARACTERS_MAX = 2_500_000
"""How long a value may be. One control character takes six bytes of a line of a package, which holds 16 million."""

Cell = str | None

_CELLS = msgspec.json.Decoder(dict[str, str | None])
_encode = msgspec.json.Encoder().encode


class Head(Struct, frozen=True):
    """The present value of a cell and the operation that set it (local author number and its sequence)."""

    value: Cell
    author: int
    seq: int


class Reversal(Struct, frozen=True):
    """What brings one cell back: from the act's last value to the value before the act."""

    kind: str
    key: str
    field: str
    after: Cell
    before: Cell
    had_before: bool


class Act(Struct, frozen=True):
    """What an officer does at once: who, in what words, when. `mode` is `do`, `undo` or `redo`."""

    key: str
    author: int
    """Local number of the author."""
    label: str
    done_at: datetime
    mode: str = "do"
    reverses: int | None = None
    """Local number of the act that is undone or done again."""


_HEADS = (
    "WITH RECURSIVE cell (field) AS (SELECT min(field) FROM operation WHERE key = :key UNION ALL"
    " SELECT (SELECT min(field) FROM operation WHERE key = :key AND field > cell.field) FROM cell"
    "  WHERE cell.field IS NOT NULL)"
    " SELECT o.field, o.value, o.author, o.seq FROM cell CROSS JOIN operation o ON o.key = :key AND o.field = cell.field"
    # What makes an entity sets all its cells: of its existence everything is read, which is little.
    "  AND o.hlc >= CASE cell.field WHEN '' THEN 0 ELSE"
    "   (SELECT max(hlc) FROM operation WHERE key = :key AND field = cell.field AND hlc <= :until) END"
    "  AND o.hlc <= :until"
    " CROSS JOIN author a ON a.id = o.author WHERE o.kind = :kind AND cell.field IS NOT NULL ORDER BY o.hlc, a.uid, o.seq"
)
"""By its key, its kind and a clock, the operations that say the cells of an entity then, in the order in which they
count."""
NOW = 2**63 - 1
"""A clock that no operation has reached."""


def moment(written: str) -> datetime:
    """Return the moment of an act, on the clock of this place. Raises `UnreadableRowError` where it is none."""
    try:
        return datetime.fromisoformat(written).astimezone()
    except ValueError as error:
        raise UnreadableRowError(f"act: {error}") from error


def veiled_place(uid: str, seq: int) -> tuple[str, str]:
    """Return the key and the field of a veiled operation of an author: those of nothing else."""
    return f"{uid}.{seq}", VEILED


def is_programme(uid: str) -> bool:
    """Tell whether the program wrote under that uid."""
    return uid.startswith((STARTER, PROGRAMME))


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


def written_moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


_ADD_ACT = "INSERT INTO act (id, key, author, label, done_at, mode, reverses) VALUES (?, ?, ?, ?, ?, ?, ?)"


def add_act(connection: sqlite3.Connection, act: Act) -> int:
    return int(connection.execute(_ADD_ACT, _row_of(None, act)).lastrowid or 0)


def add_acts(connection: sqlite3.Connection, acts: Mapping[int, Act]) -> None:
    """Add acts under the local numbers that `next_act` counts on from."""
    connection.executemany(_ADD_ACT, [_row_of(number, act) for number, act in acts.items()])


def next_act(connection: sqlite3.Connection) -> int:
    """Return the local number that the next act gets."""
    return int(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM act").fetchone()[0])


def _row_of(number: int | None, act: Act) -> tuple[int | str | None, ...]:
    return (number, act.key, act.author, act.label, written_moment(act.done_at), act.mode, act.reverses)


def act_numbers(
    connection: sqlite3.Connection, names: Collection[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """Return the local numbers of those of the acts (uid of the author, key) that are here."""
    keys = [key for _, key in names]
    found: dict[tuple[str, str], int] = {}
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        rows = connection.execute(
            "SELECT a.uid, t.key, t.id FROM act t JOIN author a ON a.id = t.author"
            f" WHERE t.key IN ({', '.join('?' * len(some))})",
            some,
        )
        found |= {(uid, key): number for uid, key, number in rows if (uid, key) in names}
    return found


OperationRow = tuple[int, int, int, int, str, str, str, Cell, int | None, int | None]
"""author, seq, hlc, act, kind, key, field, value, parent's author, parent's seq."""


def add_operations(connection: sqlite3.Connection, rows: Iterable[OperationRow]) -> None:
    connection.executemany(
        "INSERT INTO operation (author, seq, hlc, act, kind, key, field, value, parent_author, parent_seq)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def heads(connection: sqlite3.Connection, kind: str, key: str, until: int = NOW) -> dict[str, Head]:
    """Return the cells of an entity, removed or not, as they were at a clock. The later wins; authors part a tie.

    What is read does not grow with the number of corrections: of each cell, the operations of its latest clock.
    """
    found: dict[str, Head] = {}
    for field, value, author, seq in connection.execute(_HEADS, {"key": key, "kind": kind, "until": until}):
        for name, cell in unfolded(field, value):
            found[name] = Head(cell, author, seq)
    return found


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
            for name, cell in unfolded(field, value):
                found[key][name] = Head(cell, author, seq)
    return found


def is_written_since(
    connection: sqlite3.Connection, kind: str, key: str, field: str | None = None, *, programme: bool = True
) -> bool:
    """Tell whether anybody wrote a cell, or any of a thing, after the contract that shipped with the program came in.

    What the program itself brought to bases of before counts where `programme` says so.
    """
    cells = "" if field is None else "AND o.field = ?"
    ours = (STARTER,) if programme else (STARTER, PROGRAMME)
    found = connection.execute(
        "SELECT 1 FROM operation o JOIN author a ON a.id = o.author"
        f" WHERE o.kind = ? AND o.key = ? {cells}{' AND substr(a.uid, 1, ?) <> ?' * len(ours)} LIMIT 1",
        (
            kind, key, *(() if field is None else (field,)),
            *(part for prefix in ours for part in (len(prefix), prefix)),
        ),
    ).fetchone()  # fmt: skip
    return found is not None


def known(connection: sqlite3.Connection, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        marks = ", ".join("?" * len(some))
        rows = connection.execute(f"SELECT DISTINCT key FROM operation WHERE key IN ({marks})", some)
        found.update(row[0] for row in rows)
    return found


def check_length(value: Cell) -> None:
    """Raise `UserError` for a value that no package could take to a colleague: it would keep all others back with it."""
    if value is not None and len(value) > VALUE_CHARACTERS_MAX:
        raise UserError(
            "Un texte est trop long pour être enregistré (plus de deux millions de signes).",
            "Joignez-le plutôt comme fichier.",
        )


def creation(table: Table, entity: Any) -> str:
    """Return the value of the operation that makes an entity: each cell that is not the default, by name."""
    cells: dict[str, Cell] = {}
    for (name, default, write), value in zip(table.cells, table.values(entity), strict=True):
        if value is not default and value != default:
            cells[name] = None if value is None else write(value)
    return _encode(cells).decode()


def folded(cells: Mapping[str, Cell]) -> str:
    """Return the value of the operation that makes an entity of these cells; what `unfolded` undoes."""
    return _encode({name: cells[name] for name in sorted(cells) if name != EXISTENCE}).decode()


def unfolded(field: str, value: Cell) -> Iterable[tuple[str, Cell]]:
    """Return the cells that an operation sets: its own or, of a new entity, its existence and all that it has.

    Raises `ValueError` where the value of a new entity is no object of texts.
    """
    if field != EXISTENCE or value is None or value == ALIVE:
        return ((field, value),)
    return ((EXISTENCE, ALIVE), *_CELLS.decode(value).items())


def says_the_same(field: str, value: Cell, other: Cell) -> bool:
    """Tell whether two values of an operation set the same cells, in whatever order these are written."""
    try:
        return value == other or dict(unfolded(field, value)) == dict(unfolded(field, other))
    except ValueError:
        return False


def cell_of(field: str, value: Cell, name: str) -> Cell:
    """Return what an operation on `field` sets the cell `name` to; None where it does not set it."""
    return value if field == name != EXISTENCE else dict(unfolded(field, value)).get(name)


def rebuilt(table: Table, key: str, cells: dict[str, Cell]) -> Any:
    """Make an entity from its cells. Raises `KeyError` or `ValueError` where they do not make one."""
    values: list[Any] = [key]
    for name, default, read in table.read_cells:
        if name in cells:
            cell = cells[name]
            values.append(None if cell is None else read(cell))
        elif default is REQUIRED:
            raise KeyError(f"{table.kind} {key}: {name}")
        else:
            values.append(default)
    return table.entity(*values)


def replay(connection: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """Rebuild every entity from the journal alone: kind → key → entity."""
    cells: dict[tuple[str, str], dict[str, Cell]] = {}
    rows = connection.execute(
        "SELECT o.kind, o.key, o.field, o.value FROM operation o JOIN author a ON a.id = o.author"
        " ORDER BY o.hlc, a.uid, o.seq"
    )
    for kind, key, field, value in rows:
        cells.setdefault((kind, key), {}).update(unfolded(field, value))
    entities: dict[str, dict[str, Any]] = {}
    for (kind, key), known_cells in cells.items():
        if known_cells.get(EXISTENCE) == ALIVE:
            entities.setdefault(kind, {})[key] = rebuilt(BY_KIND[kind], key, known_cells)
    return entities


def reversals(connection: sqlite3.Connection, act: int) -> tuple[Reversal, ...]:
    """Return what would bring back the cells that an act changed, one a cell."""
    rows = connection.execute(
        "SELECT o.kind, o.key, o.field, o.value, o.parent_seq IS NOT NULL, p.field, p.value"
        " FROM operation o"
        " LEFT JOIN operation p ON p.author = o.parent_author AND p.seq = o.parent_seq"
        " WHERE o.act = ? AND o.kind <> ? ORDER BY o.seq",
        (act, VEILED),
    )
    by_cell: dict[tuple[str, str, str], Reversal] = {}
    for kind, key, field, value, had_parent, parent_field, parent_value in rows:
        for name, cell in unfolded(field, value):
            first = by_cell.get((kind, key, name))
            if first is not None:
                before, had_before = first.before, first.had_before
            else:
                had_before = bool(had_parent)
                before = cell_of(parent_field, parent_value, name) if parent_field is not None else None
            by_cell[kind, key, name] = Reversal(kind, key, name, cell, before, had_before)
    return tuple(by_cell.values())


def differences(connection: sqlite3.Connection, tables: Sequence[Table]) -> list[str]:
    """Compare the tables with a replay of the journal; return one French sentence a kind that differs."""
    try:
        expected = replay(connection)
    except (KeyError, ValueError) as error:
        return [f"Le journal ne peut pas être relu\u202f: {error}."]
    problems = []
    for table in tables:
        stored = {
            item.key: item for item in table.entities(connection.execute(table.select("TRUE")).fetchall())
        }
        if stored != expected.get(table.kind, {}):
            wanted = expected.get(table.kind, {})
            keys = [key for key in stored.keys() | wanted.keys() if stored.get(key) != wanted.get(key)]
            verb = "ne correspond pas" if len(keys) == 1 else "ne correspondent pas"
            problems.append(
                f"{french.plural(len(keys), 'ligne', 'lignes')} de la table «\u202f{table.kind}\u202f»"
                f" {verb} au journal."
            )
    return problems


def noted(connection: sqlite3.Connection, name: str) -> str | None:
    """What the row of `meta` of that name holds; None where there is none."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def note(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Write the row of `meta` of that name, inside a transaction."""
    connection.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )
