"""What the program writes of itself: contracts that ship with it, changes of model in the data of a base.

Two laptops that hold the same write the same: author, keys, order, clocks and values follow from the data alone, and
the author's name ends with the digest of all that is written. So their packages agree, and nobody is asked about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from qpvdesk.storage import (
    chain,
    clock,
    fourth_readings,
    journal,
    mends,
    mends_data,
    place_links,
    second_edition,
    themes,
)
from qpvdesk.storage.care.redating import TOLERATED
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.journal import ALIVE, EXISTENCE, Act, Cell, Head, OperationRow
from qpvdesk.storage.keys import starter_key
from qpvdesk.storage.mends_data import Mend
from qpvdesk.storage.tables import BY_KIND, RANK
from qpvdesk.storage.written import Written

_NAME, _STARTER_NAME = "qpvdesk", "contrat de départ"
_BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
EPOCH = clock.stamp(_BEGINNING)
"""The clock of what replaces nothing: before whatever anybody wrote."""
_DIGITS = 64
SHIPPED = frozenset(
    {
        "exemple-lens-lievin:0d4609f9e57f647597620db4eb2dc56fd0a4987824c8c44bfdb7e5565e75a2ac",
        "exemple-lens-lievin:0e0241690302d6d953aa89d5043c7125cd5c8eb934da6880b4b7832a026b3599",
        "exemple-lens-lievin:25881617335b817503b9edaee358b5fe520fc73a09cacd9fefb273c1e5582745",
        "exemple-lens-lievin:51af3f388a5bc3d9760780cb5aca1a0c15103c875582f1b783d199c9a6b4d57a",
        "exemple-lens-lievin:57be9a9260f14204ee304764d2696229fcdfe3b4c845c16892a6edc78ed72fde",
        "exemple-lens-lievin:6295e534760678d52531557ab89dd0be8421338acccb373e3a1788045e2aa043",
        "exemple-lens-lievin:d8881972b9eada11c40b661b24e2fc3ba3058c424d3cb559903f0115c6f7d182",
        "exemple-lens-lievin:72b41174dad47207c8631f42c689a89fa02f9b034da8f45e2c1a3dc0312cc074",
        "exemple-lens-lievin:78e40e1855aa4c93ebc0c235989de2f3a76ce9a49eb7c38e9acf21da975c1bfd",
        "exemple-lens-lievin:8994b0f416b2deca058cc8c730ecea4129acd6b88e4a08200a71a553ff02da80",
        "exemple-lens-lievin:928af6fdf5b63bd75d8ca26a7358308d250abf7ed6d6df943da6085faad2ef0f",
        "exemple-lens-lievin:a1cd55ef5713b0119c6fb4f4a330b8ef9cab5cc72fef2d71765e661ac9b577ac",
        "exemple-lens-lievin:da42e9cd0ddd82d7a43b3b8543c9c03bf9c62e9e81de171c4a8f913a4c2ebcc4",
        "exemple-lens-lievin:dbe0aa96614dc67373cc520451ee16b6023fae355608011ebc1df828211b7238",
        "exemple-lens-lievin:8d86ac31f7a7794fca1b3c01d3d0d1e66adfebc603bdaa7f22f4d061cc3f96fa",
        "lens-lievin:491b0b2bbfa92d591cc9d2a47f94b13e5d149f962528eec404c862b2c6edbb66",
        "lens-lievin:17e73f8e36009b1669ae8b7eada039e25abb5dee4a92e81570c4a0764b50fc5d",
        "lens-lievin:45d18b7cf866b3eba382b612d84de71d1aacd00d2c7e2d28b70aeb72854ab744",
        "lens-lievin:4b44b25c2b13b8f6ee350f38470c4549d9b8bc90435036c824eca80b11fd8161",
        "lens-lievin:52d3fad90bab24b8ec012ee98ca3cb3131e5119be23b5921d8bca62cba078192",
        "lens-lievin:6afbbedd4a855634058da5ca89ac2ab7a06257897d54c846d2cb9a2512901d9f",
        "lens-lievin:790d8e29e49299062ec15fb976ff47e7e2d87aeac6ce077050e1e54d0e1fb55d",
        "lens-lievin:953b72df5592cdc911e581d699b3ca6c20363626686b8ebddf5a3a0bda564510",
        "lens-lievin:a2077b4e5feadc9328a924407811b227e6930f5ffc1be7aa14f906ffd6a2c652",
        "lens-lievin:a7ca566cc17c514a5957f1ec0b4b42d4b48fa4dec76711edd75d62d8622e109f",
        "lens-lievin:ad95cfa435ece073ec275066b8a58c840f821554d2392b803ae8b1c04b8a5ecf",
        "lens-lievin:da1c5779d008754ad21553519a1e5a26fad3e216c14d5003f37d5b5d630a6dc4",
        "lens-lievin:e639d7a44e364a04a492c493c96563e2e8072cfd64c3b456b14f658809123673",
        "lens-lievin:eb8774ee0f8b5319a1092a2e236e54bfc109576dcd8b0515b6348d56e1d8f0b2",
        "lens-lievin:6d633f1e38214ec3cd0acc557d172806cd5e63642893fda44dfe41ebeb3b6902",
        "exemple-lens-lievin:29ea7861ae52ca1de7f331080508f581faaaf68ddbfb3e8d8d05bf19bccb5ddb",
        "lens-lievin:5a5a8577240fc4636a00dbbde0051a2493aec6b1fbdbaedc2378f95b0ec2669b",
        "exemple-lens-lievin:a8cc686ce8f12d034511948b20085daa59405e4d324ee4f2a41174cb2748a0b9",
        "lens-lievin:5f51f60a8bd2f42bc37f6e0f022c8e6d88e557dfe73edc025f0df76befddde48",
        "exemple-lens-lievin:ba3141213d2d69fb89678bea0607a653bbed640a4e83d2f1f1b32f1ea1b3a83a",
        "lens-lievin:9ad2659afe1817487fae7445da215557887dc0e4163e827e58e42e78353aeb8b",
    }
)
"""The contracts that a release brought, and the examples made of them: code and digest of all that was written. Another
edition adds its line, which `tests/architecture/test_shipped.py` says; the lines of before stay."""


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


def _mending(
    readings: Sequence[Mend],
) -> tuple[Callable[[sqlite3.Connection], Iterable[Written]], Callable[[Written], bool]]:
    """What mends the words of a list of readings, and whether it may write a change."""
    return (
        lambda connection: mends.changes(connection, readings),
        lambda change: mends.may_write(change, readings),
    )


MIGRATIONS: tuple[DataMigration, ...] = (
    DataMigration(
        9,
        "niveaux",
        "Engagements regroupés, promesses et chiffres de contexte séparés",
        second_edition.changes,
        second_edition.may_write,
    ),
    DataMigration(
        10,
        "thematiques",
        "Thématiques gardées parmi les données du contrat",
        themes.changes,
        themes.may_write,
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
        *_mending(mends_data.UNITS),
        own_only=True,
    ),
    DataMigration(
        19,
        "lectures",
        "Contrat relu sur son document, à voix haute",
        *_mending(mends_data.READINGS),
        own_only=True,
    ),
    DataMigration(
        20,
        "relectures",
        "Contrat relu sur son document\u202f: parts suivies sans comparaison, mots du document",
        *_mending(mends_data.REREADINGS),
        own_only=True,
    ),
    DataMigration(
        21,
        "attendus",
        "Contrat relu sur son document\u202f: ce qui est attendu d’autrui ou proposé, date que personne n’a dite",
        *_mending(mends_data.THIRD_READINGS),
        own_only=True,
    ),
    DataMigration(
        23,
        "conventions",
        "Contrat relu sur son document\u202f: deux comptes qui ne se comparent pas, faits, dates de convention",
        *_mending(fourth_readings.READINGS),
        own_only=True,
    ),
    DataMigration(
        24,
        "bases",
        "Contrat relu sur son document\u202f: base que la règle des 10\u202f000 habitants ne dit pas, lecture qui n’est "
        "pas une réserve",
        *_mending(fourth_readings.BASES),
        own_only=True,
    ),
    DataMigration(
        25,
        "doubles",
        "Contrat relu sur son document\u202f: une phrase qui se lit de deux façons, un départ dit comme tel",
        *_mending(fourth_readings.DOUBLE),
        own_only=True,
    ),
    DataMigration(
        26,
        "sommes",
        "Contrat relu sur son document\u202f: sommes et lectures dites nôtres, sigles développés",
        *_mending(fourth_readings.SUMS),
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
    author = journal.author_number(connection, uid, author_name(uid))
    act = journal.add_act(connection, Act(starter_key(uid), author, label, _BEGINNING))
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
    try:
        return migration is not None and migration.label == label and all(map(migration.may_write, written))
    except (ValueError, KeyError):
        # The cells of what it would have made make nothing.
        return False


def is_shipped(uid: str) -> bool:
    """Tell whether a release made what an author of the program wrote: their name holds the digest of it all.

    Anybody can put a contract of their own under such a name; what a migration wrote is told by `is_written_by`.
    """
    return not uid.startswith(journal.STARTER) or uid.removeprefix(journal.STARTER) in SHIPPED


def author_name(uid: str) -> str:
    """Return the name that an author of the program bears, whatever a package says of them."""
    return _STARTER_NAME if uid.startswith(journal.STARTER) else _NAME


def may_be_done_at(uid: str, moment: datetime, now: datetime) -> bool:
    """Tell whether an act in the program's name bears a moment that the program gives.

    A migration's is always the same; a contract's is when an officer brought it in, which cannot be yet to come.
    """
    return moment == _BEGINNING or (
        uid.startswith(journal.STARTER) and _BEGINNING < moment <= now + TOLERATED
    )


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
    return next((migration for migration in MIGRATIONS if migration.name == name), None)


def digest(label: bytes, operations: Iterable[bytes]) -> str:
    """Return what the name of an author of the program ends with, of the digests of what they wrote."""
    return chain.sha256()(b"".join((label, *operations))).hexdigest()


def is_recognisable(uid: str) -> bool:
    """Tell whether the name of an author of the program holds the digest of all that they wrote."""
    return len(uid.rpartition(":")[2]) == _DIGITS


def project(connection: sqlite3.Connection, touched: Iterable[tuple[str, str]]) -> None:
    """Make the rows of entities what the journal says of them."""
    gone: list[tuple[str, str]] = []
    for kind, key in sorted(touched, key=lambda place: (RANK[place[0]], place[1])):
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
    operations: list[tuple[_Rest, Head | None]] = []
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
        operations.append((rest, head))
    return operations


def _order(change: Written) -> tuple[int, str, str, str]:
    return RANK[change.kind], change.key, change.field, change.value or ""
