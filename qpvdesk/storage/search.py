"""The words of a base, kept in two full-text indexes by triggers: in the act that writes them, by whatever road.

`search_letters` cuts texts in threes of letters, for any part of a word; `search_words` has whole words, whose vocabulary
says which a slip of the hand was meant for. Neither keeps a text: `searched` says whose words a row holds. They are derived,
as `latest` is: no part of the journal, made anew by each migration, by a repair and where a name is erased.
A bare figure writes nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from msgspec import Struct

from qpvdesk.domain.kinds import Type
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.tables import BY_KIND, TABLES, Table, TableField

FILE = "file"
"""The kind of a page of a joined file; its key is the digest of the file."""
_PREFIX = "search_"
_INDEXES = ("search_letters", "search_words")
_TITLES = ("name", "title", "label", "text")
_UNSEARCHED = frozenset({"contract", "correspondence", "paper", "snapshot", "population"})
_UNSEARCHED_FIELDS = frozenset({("measurement", "source")})
"""A hundred thousand figures of one file bear its name: it would be the one word of the index."""
SAID = {"condition": "sous réserve"}
"""How a thing is looked for, where its words do not say what it is."""
_PLAIN = (
    ("œ", "oe"),
    ("Œ", "oe"),
    ("æ", "ae"),
    ("Æ", "ae"),
    ("’", "''"),
    ("‘", "''"),
    ("‐", "-"),
    ("‑", "-"),
)
"""What SQLite's tokenizers do not fold as `fold` does."""
GRAM = 3
"""Letters of the shortest part of a word that is found."""


class Tier(Struct, frozen=True):
    """Where words stand: the columns of the indexes, the best first."""

    columns: str


NAMES, TEXTS, PAGES = Tier("name"), Tier("name text"), Tier("pages")
TIERS = (NAMES, TEXTS, PAGES)


class Hit(Struct, frozen=True):
    """A thing whose words were found: its kind, its key, the page where it is a file (from 1, else 0)."""

    kind: str
    key: str
    page: int = 0


# Questions


class Words(Struct, frozen=True):
    """What is looked for, folded: whole words, beginnings of words, and parts of words of three letters at least."""

    whole: Sequence[str] = ()
    begun: Sequence[str] = ()
    parts: Sequence[str] = ()

    def among(self, tier: Tier) -> tuple[str, str]:
        """What is asked of the index of the words, and of that of the letters; empty where nothing is."""
        words = [*map(_quoted, self.whole), *(f"{_quoted(word)}*" for word in self.begun)]
        return _all_of(words, tier), _all_of(map(_quoted, self.parts), tier)


class Scope(Struct, frozen=True):
    """Whose things are looked for: those of a contract (its key), of one kind alone where it is named."""

    contract: str
    kind: str = ""


def holding(
    connection: sqlite3.Connection, scope: Scope, words: Words, tier: Tier, *, most: int
) -> list[Hit]:
    whole, parts = words.among(tier)
    if not parts:
        return _hits(connection, "search_words", whole, scope, most=most) if whole else []
    return _hits(connection, "search_letters", parts, scope, most=most, also=whole)


def holding_words(
    connection: sqlite3.Connection, scope: Scope, words: Sequence[Sequence[str]], tier: Tier, *, most: int
) -> list[Hit]:
    """Those that hold one whole word of each choice."""
    wanted = _all_of((f"({' OR '.join(map(_quoted, choice))})" for choice in words), tier)
    return _hits(connection, "search_words", wanted, scope, most=most)


def is_word(connection: sqlite3.Connection, word: str) -> bool:
    """Whether a word, folded, stands somewhere in the base as it is."""
    asked = "SELECT 1 FROM search_words WHERE search_words MATCH ? LIMIT 1"
    return connection.execute(asked, (_quoted(word),)).fetchone() is not None


def vocabulary(connection: sqlite3.Connection, start: str, shortest: int) -> list[str]:
    """The words of the base that begin with some letters, folded."""
    rows = connection.execute(
        "SELECT term FROM search_vocabulary WHERE term >= ? AND term < ?", (start, start + "\U0010ffff")
    )
    return [term for (term,) in rows if len(term) >= shortest]


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _all_of(words: Iterable[str], tier: Tier) -> str:
    wanted = " AND ".join(words)
    return f"{{{tier.columns}}} : ({wanted})" if wanted else ""


def _hits(
    connection: sqlite3.Connection, index: str, wanted: str, scope: Scope, *, most: int, also: str = ""
) -> list[Hit]:
    """`also`: what they hold in the index of the words besides."""
    # « + »: the letters are asked once, not for each row that holds the words.
    within = " AND +i.rowid IN (SELECT rowid FROM search_words WHERE search_words MATCH ?)" if also else ""
    rows = connection.execute(
        f"SELECT s.kind, s.key, s.page FROM {index} i CROSS JOIN searched s ON s.id = i.rowid WHERE {index} MATCH ?"
        f" AND (s.contract = ? OR s.contract IS NULL) AND ? IN ('', s.kind){within} LIMIT ?",
        (wanted, scope.contract, scope.kind, *([also] if also else []), most),
    )
    return [Hit(*row) for row in rows]


# Upkeep


def make(connection: sqlite3.Connection) -> None:
    """Keep the words of every table from now on, and take in those that are there."""
    drop(connection)
    for statement in triggers():
        connection.execute(statement)
    rebuild(connection)


def renew(connection: sqlite3.Connection) -> None:
    """Have the triggers of the search be ours, whatever a base brought under their names (the door wide open)."""
    rows = connection.execute(
        "SELECT CAST(sql AS BLOB) FROM sqlite_schema WHERE type = 'trigger' AND name GLOB ?", (f"{_PREFIX}*",)
    )
    if {declared for (declared,) in rows} != {declared.encode() for declared in triggers()}:
        make(connection)


@cache
def triggers() -> tuple[str, ...]:
    """Return what has the indexes follow each table."""
    return (*(statement for table in _searched() for statement in _triggers(table)), *_FILE_TRIGGERS)


def drop(connection: sqlite3.Connection) -> None:
    """Keep no words any more: a table is about to change its form."""
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB ?", (f"{_PREFIX}*",)
    ).fetchall()
    for (name,) in names:
        connection.execute(f"DROP TRIGGER {_quoted(name)}")


def rebuild(connection: sqlite3.Connection) -> None:
    """Make the indexes anew from the tables: nothing is left in them of what was erased."""
    for index in _INDEXES:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('delete-all')")
    connection.execute("DELETE FROM searched")
    for table in _searched():
        connection.execute(_noted(table, f"FROM {table.kind} t WHERE {_worded(table, 't')}", "t"))
        for index in _INDEXES:
            connection.execute(
                f"INSERT INTO {index} (rowid, name, text) SELECT s.id, {_name(table, 't')}, {_text(table, 't')}"
                f" FROM {table.kind} t JOIN searched s ON s.kind = '{table.kind}' AND s.key = t.key"
            )
    connection.execute(f"{_NOTED_PAGES} FROM file t, {_pages('t')} p")
    for index in _INDEXES:
        connection.execute(f"{_add_pages(index)} FROM file t, {_pages('t')} p JOIN {_PAGE_ROW.format('t')}")


def faults(connection: sqlite3.Connection) -> list[str]:
    """Return a French sentence where the indexes are not of the things that have words."""
    expected = " UNION ALL ".join(
        f"SELECT '{table.kind}', t.key, 0 FROM {table.kind} t WHERE {_worded(table, 't')}"
        for table in _searched()
    )
    expected += f" UNION ALL SELECT '{FILE}', t.digest, p.key + 1 FROM file t, {_pages('t')} p"
    kept = "SELECT kind, key, page FROM searched"
    for query, other in ((kept, expected), (expected, kept)):
        lost = f"SELECT * FROM ({query}) EXCEPT SELECT * FROM ({other})"
        if connection.execute(f"SELECT 1 FROM ({lost}) LIMIT 1").fetchone() is not None:
            return ["L’index de la recherche ne correspond pas au contrat."]
    return []


def _searched() -> Iterator[Table]:
    for table in TABLES:
        if table.kind not in _UNSEARCHED and (_title_of(table) or _text_columns(table)):
            yield table


def _title_of(table: Table) -> TableField | None:
    return next((table.by_name[name] for name in _TITLES if name in table.by_name), None)


def _name_columns(table: Table) -> list[str]:
    title = _title_of(table)
    names = ["code"] if table.has_code else []
    return names + ([title.name] if title is not None else [])


def _text_columns(table: Table) -> list[str]:
    """Every column where one writes what one likes, but those of its name; of a citation, the section and the mark."""
    known, found = _name_columns(table), []
    for field in table.fields:
        if field.declared.type is Type.CITATION:
            found += [f"{field.name}_section", f"{field.name}_mark"]
        elif field.declared.free and field.declared.type in (Type.TEXT, Type.FILE_NAME):
            found += [field.name]
    return [name for name in found if name not in known and (table.kind, name) not in _UNSEARCHED_FIELDS]


def _joined(columns: Sequence[str], row: str, noun: str = "") -> str:
    """The expression of some columns of a row as one text, folded as far as SQLite's own tokenizers do not."""
    parts = [f"coalesce({row}.\"{name}\", '')" for name in columns]
    whole = " || ' ' || ".join([f"'{noun}'", *parts] if noun else parts) or "''"
    for letter, plain in _PLAIN:
        whole = f"replace({whole}, '{letter}', '{plain}')"
    return whole


def _name(table: Table, row: str) -> str:
    return _joined(_name_columns(table), row, SAID.get(table.kind, ""))


def _text(table: Table, row: str) -> str:
    return _joined(_text_columns(table), row, table.declared.noun or table.declared.french)


def _worded(table: Table, row: str) -> str:
    """The condition that a row has words: a code, a title, or a text that is not empty."""
    if _name_columns(table):
        return "1"
    return "(" + " OR ".join(f"coalesce({row}.\"{name}\", '') <> ''" for name in _text_columns(table)) + ")"


def _contract(table: Table, row: str) -> str:
    """Null where its owner is not there yet: it is looked for in every contract then."""
    if table.owner is None:
        return f"{row}.contract"
    return f"(SELECT o.contract FROM {table.by_name[table.owner].ref} o WHERE o.key = {row}.{table.owner})"


def _noted(table: Table, rest: str, row: str) -> str:
    return f"INSERT INTO searched (contract, kind, key) SELECT {_contract(table, row)}, '{table.kind}', {row}.key {rest}"


def _triggers(table: Table) -> Iterator[str]:
    columns = [*_name_columns(table), *_text_columns(table)]
    listed = ", ".join(f'"{name}"' for name in columns)
    before, after = (", ".join(f'{row}."{name}"' for name in columns) for row in ("old", "new"))
    worded, kind = _worded(table, "new"), table.kind
    found = f"(SELECT id FROM searched WHERE kind = '{kind}' AND key = {{}}.key AND page = 0)"
    added = "".join(
        f"INSERT INTO {index} (rowid, name, text) SELECT {found.format('new')}, {_name(table, 'new')},"
        f" {_text(table, 'new')} WHERE {worded};"
        for index in _INDEXES
    )
    gone = "".join(f"DELETE FROM {index} WHERE rowid = {found.format('old')};" for index in _INDEXES)
    gone += f"DELETE FROM searched WHERE kind = '{kind}' AND key = old.key;"
    noted = f"{_noted(table, f'WHERE {worded}', 'new')};"
    when = f"WHEN {worded} " if worded != "1" else ""
    yield f"CREATE TRIGGER {_PREFIX}{kind}_added AFTER INSERT ON {kind} {when}BEGIN {noted}{added} END"
    yield (
        f"CREATE TRIGGER {_PREFIX}{kind}_changed AFTER UPDATE OF {listed} ON {kind}"
        f" WHEN ({before}) IS NOT ({after}) BEGIN {gone}{noted}{added} END"
    )
    had = f"WHEN {_worded(table, 'old')} " if worded != "1" else ""
    yield f"CREATE TRIGGER {_PREFIX}{kind}_removed AFTER DELETE ON {kind} {had}BEGIN {gone} END"


def _pages(row: str) -> str:
    """The pages of the text of a file; none where it has none, or it cannot be read."""
    return f"json_each(CASE WHEN json_valid({row}.text) THEN {row}.text ELSE '[]' END)"


_NOTED_PAGES = f"INSERT INTO searched (kind, key, page) SELECT '{FILE}', t.digest, p.key + 1"
_PAGE_ROW = f"searched s ON s.kind = '{FILE}' AND s.key = {{}}.digest AND s.page = p.key + 1"
_PAGE_WORDS = _joined(["value"], "p")


def _add_pages(index: str) -> str:
    return f"INSERT INTO {index} (rowid, pages) SELECT s.id, {_PAGE_WORDS}"


_OF_FILE = f"(SELECT id FROM searched WHERE kind = '{FILE}' AND key = old.digest)"
_FILE_TRIGGERS = (
    f"CREATE TRIGGER {_PREFIX}file_added AFTER INSERT ON file BEGIN"
    f" {_NOTED_PAGES.replace('t.digest', 'new.digest')} FROM {_pages('new')} p;"
    + "".join(
        f"{_add_pages(index)} FROM {_pages('new')} p JOIN {_PAGE_ROW.format('new')};" for index in _INDEXES
    )
    + " END",
    f"CREATE TRIGGER {_PREFIX}file_removed AFTER DELETE ON file BEGIN "
    + "".join(f"DELETE FROM {index} WHERE rowid IN {_OF_FILE};" for index in _INDEXES)
    + f"DELETE FROM searched WHERE kind = '{FILE}' AND key = old.digest; END",
)


def words_of(kind: str, entity: object) -> tuple[str, list[str]]:
    """What names a thing, and its other texts, each apart: those that the indexes have of it."""
    table = BY_KIND[kind]
    title = _title_of(table)
    name = getattr(entity, title.name) if title is not None else ""
    texts = []
    for field in table.fields:
        value = getattr(entity, field.name)
        if value is None or field is title or (kind, field.name) in _UNSEARCHED_FIELDS:
            continue
        if field.declared.type is Type.CITATION:
            texts += [value.section, value.mark]
        elif field.declared.free and field.declared.type in (Type.TEXT, Type.FILE_NAME):
            texts.append(value)
    return name or "", [text for text in texts if text]
