"""What the program writes of itself: contracts that ship with it, changes of model in the data of a base.

Two laptops that hold the same write the same: author, keys, order, clocks and values follow from the data alone, and
the author's name ends with the digest of all that is written. So their packages agree, and nobody is asked about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from qpvdesk.storage import chain, clock, journal, place_links
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.journal import ALIVE, EXISTENCE, Act, Cell, Head, OperationRow
from qpvdesk.storage.keys import starter_key
from qpvdesk.storage.tables import BY_KIND, RANK
from qpvdesk.storage.written import Written as Written
from qpvdesk.storage.written import changed as changed
from qpvdesk.storage.written import new as new
from qpvdesk.storage.written import removed as removed

NAME = "qpvdesk"
EPOCH = clock.stamp(datetime(2024, 1, 1, tzinfo=UTC))
"""The clock of what replaces nothing: before whatever anybody wrote."""
_DIGITS = 64


class DataMigration(Struct, frozen=True):
    """A change of model in the data of a base that was made before version `version` (a count of `migrations.STEPS`).

    `changes` reads the rows, as the steps left them, and returns what is to be written; it is asked again when a package
    of before comes in, so it must find nothing to do where all is done. No other clock, key or chance than the data's.
    """

    version: int
    name: str
    """A word without accent, in the name of the author."""
    label: str
    """What the history says."""
    changes: Callable[[sqlite3.Connection], Iterable[Written]]
    may_write: Callable[[Written], bool]
    """Whether `changes` could write that in some base. What a package brings in its name is believed so far alone."""
    own_only: bool = False
    """Whether it replaces what the program itself wrote alone, never the word of an officer."""


def _levels(connection: sqlite3.Connection) -> Iterable[Written]:
    from qpvdesk.storage import levels  # noqa: PLC0415 - 7 ms, a base of before alone needs it

    return levels.changes(connection)


def _may_write_levels(change: Written) -> bool:
    from qpvdesk.storage import levels  # noqa: PLC0415 - 7 ms, a base of before alone needs it

    return levels.may_write(change)


def _themes(connection: sqlite3.Connection) -> Iterable[Written]:
    from qpvdesk.storage import themes  # noqa: PLC0415 - 7 ms, a base of before alone needs it

    return themes.changes(connection)


def _may_write_themes(change: Written) -> bool:
    from qpvdesk.storage import themes  # noqa: PLC0415 - 7 ms, a base of before alone needs it

    return themes.may_write(change)


def _mending(
    name: str,
) -> tuple[Callable[[sqlite3.Connection], Iterable[Written]], Callable[[Written], bool]]:
    """What mends the words of a list of `mends_data`, and whether it may write a change."""

    def changes(connection: sqlite3.Connection) -> Iterable[Written]:
        from qpvdesk.storage import mends, mends_data  # noqa: PLC0415 - 7 ms, a base of before alone needs it

        return mends.changes(connection, getattr(mends_data, name))

    def may_write(change: Written) -> bool:
        from qpvdesk.storage import mends, mends_data  # noqa: PLC0415 - 7 ms, a base of before alone needs it

        return mends.may_write(change, getattr(mends_data, name))

    return changes, may_write


MIGRATIONS: tuple[DataMigration, ...] = (
    DataMigration(
        9,
        "niveaux",
        "Engagements regroupés, promesses et chiffres de contexte séparés",
        _levels,
        _may_write_levels,
    ),
    DataMigration(
        10, "thematiques", "Thématiques gardées parmi les données du contrat", _themes, _may_write_themes
    ),
    DataMigration(
        11,
        "lieux",
        "Quartiers reliés à la commune sous laquelle ils étaient rangés",
        place_links.changes,
        place_links.may_write,
    ),
    DataMigration(
        15,
        "unites",
        "Contrats de ville comptés en contrats, non en faits",
        *_mending("UNITS"),
        own_only=True,
    ),
    DataMigration(
        19,
        "lectures",
        "Contrat relu sur son document, à voix haute",
        *_mending("READINGS"),
        own_only=True,
    ),
    DataMigration(
        20,
        "relectures",
        "Contrat relu sur son document\u202f: parts suivies sans comparaison, mots du document",
        *_mending("REREADINGS"),
        own_only=True,
    ),
)
"""In the order of their versions; append only."""


def migrate(connection: sqlite3.Connection, version: int) -> set[tuple[str, str]]:
    """Do to the data of a base, or of a package just merged, what was decided after `version`; return what moved.

    Inside a transaction that may write anything; the rows follow.
    """
    touched: set[tuple[str, str]] = set()
    for migration in MIGRATIONS:
        if migration.version > version:
            touched |= apply(connection, migration.name, migration.label, migration.changes(connection))
    return touched


def apply(
    connection: sqlite3.Connection, name: str, label: str, changes: Iterable[Written]
) -> set[tuple[str, str]]:
    """Write in the program's name, inside a transaction; return the kinds and keys of what moved.

    Given in any order; the same changes of the same data make the same author and operations anywhere.
    """
    numbered = _operations(connection, sorted(set(changes), key=_order))
    if not numbered:
        return set()
    statements = [(seq, *rest) for seq, (rest, _) in enumerate(numbered, 1)]
    uid = f"{journal.PROGRAMME}{name}:{digest(chain.label_digest(label), map(chain.digest_of, statements))}"
    known = connection.execute("SELECT 1 FROM author WHERE uid = ?", (uid,)).fetchone()
    if known is not None:
        # It was done already, here or by whoever sent it.
        return set()
    author = journal.author_number(connection, uid, NAME)
    moment = datetime.fromtimestamp((EPOCH >> 16) / 1000, UTC)
    act = journal.add_act(connection, Act(starter_key(uid), author, label, moment))
    rows: list[OperationRow] = []
    for (seq, hlc, kind, key, field, value, _, _), (_, head) in zip(statements, numbered, strict=True):
        parent = (None, None) if head is None else (head.author, head.seq)
        rows.append((author, seq, hlc, act, kind, key, field, value, *parent))
    journal.add_operations(connection, rows)
    touched = {(row[4], row[5]) for row in rows}
    project(connection, touched)
    return touched


def is_written_by(uid: str, label: str, written: Sequence[Written]) -> bool:
    """Tell whether the program writes that under such a name: a contract that is new, or what a migration may.

    The digest in a name proves that all is there; anybody could have made it.
    """
    if uid.startswith(journal.STARTER):
        return written[0].kind == "contract" and all(
            change.field == EXISTENCE and change.value is not None for change in written
        )
    migration = _migration_of(uid)
    return migration is not None and migration.label == label and all(map(migration.may_write, written))


def may_stand(uid: str, hlc: int, parent: tuple[str, int] | None) -> bool:
    """Tell whether an operation in the program's name stands where `apply` and the contracts that ship put theirs.

    `parent`: author and clock of what it replaces, None where it replaces nothing. A later clock would outrank whatever
    officers wrote meanwhile, and a migration that mends the program's own words replaces no other.
    """
    if parent is None:
        return hlc == EPOCH
    migration = _migration_of(uid)
    if migration is None or hlc != parent[1] + 1:
        return False
    return not migration.own_only or parent[0].startswith((journal.STARTER, journal.PROGRAMME))


def _migration_of(uid: str) -> DataMigration | None:
    """Return the migration that an author of the program names, None where that is a contract that ships."""
    if not uid.startswith(journal.PROGRAMME):
        return None
    name = uid.removeprefix(journal.PROGRAMME).partition(":")[0]
    return next((one for one in MIGRATIONS if one.name == name), None)


def digest(label: bytes, operations: Iterable[bytes]) -> str:
    """Return what the name of an author of the program ends with, of the digests of what they wrote."""
    return chain.sha256()(b"".join((label, *operations))).hexdigest()


def is_recognisable(uid: str) -> bool:
    """Tell whether the name of an author of the program holds the digest of all that they wrote."""
    return len(uid.rpartition(":")[2]) == _DIGITS


def project(connection: sqlite3.Connection, touched: Iterable[tuple[str, str]]) -> None:
    """Make the rows of entities what the journal says of them."""
    gone: list[tuple[str, str]] = []
    for kind, key in sorted(touched, key=lambda one: (RANK[one[0]], one[1])):
        table, heads = BY_KIND[kind], journal.heads(connection, kind, key)
        if heads[EXISTENCE].value == ALIVE:
            entity = journal.rebuilt(table, key, {name: head.value for name, head in heads.items()})
            connection.execute(table.upsert, table.row(entity))
        else:
            gone.append((kind, key))
    for kind, key in reversed(gone):
        connection.execute(f"DELETE FROM {kind} WHERE key = ?", (key,))


_Rest = tuple[int, str, str, str, Cell, str | None, int | None]
"""What an operation says, but for its sequence."""


def _operations(
    connection: sqlite3.Connection, changes: Sequence[Written]
) -> list[tuple[_Rest, Head | None]]:
    """Return what is not so yet, each with the head that it replaces."""
    keys: dict[str, list[str]] = {}
    for change in changes:
        keys.setdefault(change.kind, []).append(change.key)
    heads = {
        kind: journal.heads_of(connection, kind, list(dict.fromkeys(some))) for kind, some in keys.items()
    }
    made: list[tuple[_Rest, Head | None]] = []
    for change in changes:
        cells = heads[change.kind][change.key]
        is_new = change.field == EXISTENCE and change.value is not None
        head = cells.get(change.field)
        if is_new and cells:
            continue
        default = (
            None if change.field == EXISTENCE else BY_KIND[change.kind].by_name[change.field].default_cell
        )
        if not is_new and change.value == (head.value if head is not None else default):
            continue
        hlc, uid = EPOCH, None
        if head is not None:
            (before, uid) = connection.execute(
                "SELECT o.hlc, a.uid FROM operation o JOIN author a ON a.id = o.author"
                " WHERE o.author = ? AND o.seq = ?",
                (head.author, head.seq),
            ).fetchone()
            hlc = int(before) + 1
        rest = (
            hlc,
            change.kind,
            change.key,
            change.field,
            change.value,
            uid,
            None if head is None else head.seq,
        )
        made.append((rest, head))
    return made


def _order(change: Written) -> tuple[int, str, str, str]:
    return RANK[change.kind], change.key, change.field, change.value or ""
