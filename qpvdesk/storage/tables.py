"""Which table holds which kind of thing, as its declaration says: columns, rows, statements."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, Protocol

from qpvdesk.domain.kinds import KINDS, REQUIRED, Field, Kind, Type
from qpvdesk.storage.codecs import codec_of
from qpvdesk.storage.engine import sqlite3


class Entity(Protocol):
    """Whatever has a key."""

    @property
    def key(self) -> str: ...


class UnreadableRowError(sqlite3.DatabaseError, ValueError):
    """A row holds what no release writes there: the base is damaged, or another program changed it."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


UNREADABLE = (ValueError, KeyError, TypeError, ArithmeticError)
"""What is raised where the cells of a row are no values of their fields."""


class TableField:
    """One field of a kind in its table and in the journal."""

    __slots__ = ("codec", "columns", "declared", "default", "feminine", "french", "name", "ref", "refers_to")

    def __init__(self, declared: Field) -> None:
        self.declared = declared
        self.name = declared.name
        self.french = declared.french
        self.feminine = declared.feminine
        self.default = declared.default
        self.ref = declared.ref
        self.refers_to = "document" if declared.type is Type.CITATION else declared.ref
        """Kind of the thing whose key the first column holds."""
        self.codec = codec_of(declared)
        self.columns = tuple(self.name + suffix for suffix, _ in self.codec.columns)

    def encode(self, value: Any) -> tuple[Any, ...]:
        """Turn a value into what its columns hold."""
        return (None,) * len(self.codec.columns) if value is None else self.codec.encode(value)

    def write(self, value: Any) -> str | None:
        """Turn a value into the text of its journal cell."""
        return None if value is None else self.codec.write(value)

    def read(self, cell: str | None) -> Any:
        """Turn the text of a journal cell into the value. Raises `ValueError` or `KeyError` on nonsense."""
        return None if cell is None else self.codec.read(cell)

    @property
    def nullable(self) -> bool:
        return self.default is None

    @property
    def default_cell(self) -> str | None:
        """The journal cell of a field nobody wrote."""
        return None if self.default is REQUIRED else self.write(self.default)


class Table:
    """The table of one kind. `columns`: one a field, in order, then the further ones of the fields that take several."""

    def __init__(self, declared: Kind) -> None:
        self.declared = declared
        self.kind = declared.name
        self.entity = declared.entity
        self.french = declared.word
        self.feminine = declared.feminine
        self.dossier = declared.dossier
        self.apart = declared.apart
        self.order = declared.order
        self.owner = declared.owner
        self.fields = tuple(map(TableField, declared.fields))
        self.by_name = {field.name: field for field in self.fields}
        written = sorted(self.fields[1:], key=lambda field: field.name)
        self.cells = tuple((field.name, field.default, field.codec.write) for field in written)
        """Name, default and writer of each field but the key, by name."""
        self.read_cells = tuple((field.name, field.default, field.codec.read) for field in self.fields[1:])
        """Name, default and reader of each field but the key, in order."""
        self.values: Callable[[Any], tuple[Any, ...]] = operator.attrgetter(
            *(field.name for field in written)
        )
        """The values of an entity, in the order of `cells`."""
        self._single: list[tuple[int, Callable[[Any], Any]]] = []
        self._several: list[tuple[int, range, Callable[..., Any]]] = []
        further: list[str] = []
        for index, field in enumerate(self.fields):
            start = len(self.fields) + len(further)
            further += field.columns[1:]
            if field.codec.decode is None:
                continue
            if len(field.columns) == 1:
                self._single.append((index, field.codec.decode))
            else:
                others = range(start, start + len(field.columns) - 1)
                self._several.append((index, others, field.codec.decode))
        self.columns = (*(field.columns[0] for field in self.fields), *further)

    @property
    def has_code(self) -> bool:
        """Whether its rows have a code, unique in their contract."""
        return self.declared.has_code

    def row(self, entity: Any) -> tuple[Any, ...]:
        """Return the columns of an entity, in the order of `columns`."""
        first: list[Any] = []
        further: list[Any] = []
        for field in self.fields:
            parts = field.encode(getattr(entity, field.name))
            first.append(parts[0])
            further += parts[1:]
        return (*first, *further)

    def entities(self, rows: Iterable[Sequence[Any]]) -> list[Any]:
        """Turn rows of `columns` into entities. Raises `UnreadableRowError` for what no release writes."""
        entities = []
        entity, single, several, count = self.entity, self._single, self._several, len(self.fields)
        try:
            for row in rows:
                values = list(row)
                for index, decode in single:
                    value = values[index]
                    if value is not None:
                        values[index] = decode(value)
                for index, others, build in several:
                    value = values[index]
                    if value is not None:
                        values[index] = build(value, *[values[other] for other in others])
                entities.append(entity(*values[:count]))
        except UNREADABLE as error:
            raise UnreadableRowError(f"{self.kind}: {error}") from error
        return entities

    def select(self, where: str, *after: str, before: Iterable[str] = ()) -> str:
        """Return the query of `columns`, and of what is asked before and after them, for a condition."""
        return f"SELECT {', '.join((*before, self._quoted, *after))} FROM {self.kind} WHERE {where}"

    @cached_property
    def insert(self) -> str:
        marks = ", ".join("?" * len(self.columns))
        return f"INSERT INTO {self.kind} ({self._quoted}) VALUES ({marks})"

    @cached_property
    def _quoted(self) -> str:
        # `end` is a word of SQL.
        return ", ".join(f'"{name}"' for name in self.columns)

    @cached_property
    def upsert(self) -> str:
        """Return the statement that adds a row or changes it in place; never deletes, as REPLACE would."""
        changed = ", ".join(f'"{name}" = excluded."{name}"' for name in self.columns[1:])
        return f"{self.insert} ON CONFLICT (key) DO UPDATE SET {changed}"


TABLES: tuple[Table, ...] = tuple(map(Table, KINDS))
"""Parents before their children: the order in which rows can be added."""

BY_KIND: dict[str, Table] = {table.kind: table for table in TABLES}
BY_ENTITY: dict[Any, Table] = {table.entity: table for table in TABLES}
DOSSIER_TABLES = tuple(table for table in TABLES if not table.apart)
"""Those that make a dossier; the others are read when they are asked for."""
RANK: dict[str, int] = {table.kind: rank for rank, table in enumerate(TABLES)}


def of_contract(table: Table) -> str:
    """Return the condition that keeps the rows of one contract (one `?`)."""
    if table.kind == "contract":
        return "key = ?"
    if table.owner is None:
        return "contract = ?"
    owner = table.by_name[table.owner].ref
    return f"{table.owner} IN (SELECT key FROM {owner} WHERE contract = ?)"
