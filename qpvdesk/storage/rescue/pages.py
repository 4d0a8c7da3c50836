"""The rows of a damaged base, read page by page without SQLite, which gives up where it meets the first bad one.

SQLite's own recovery (`sqlite3_recover`) is not in Python's library: what it does is done here for the one form that
our bases have (UTF-8, rowid tables). The layout is that of https://www.sqlite.org/fileformat2.html. Every number read is
distrusted: nothing outside the file is followed, and no chain twice.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qpvdesk.storage.suspicion import VERSION

Value = None | int | float | str | bytes
Row = tuple[Value, ...]

_INTERIOR, _LEAF = 0x05, 0x0D
_INDEX_PAGES = frozenset({0x02, 0x0A})
_SCHEMA_TYPES = ("table", "index", "trigger", "view")
"""What a row of `sqlite_schema` begins with."""
_MAGIC = b"SQLite format 3\0"
_WIDTHS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


@dataclass(frozen=True, slots=True)
class Form:
    """How the rows of a table look: name, SQL type, whether it may be NULL, and its default, one a column.

    `rowid` is the place of the column that stands for the row's number, None where there is none.
    """

    names: tuple[str, ...]
    types: tuple[str, ...]
    nullable: tuple[bool, ...]
    defaults: Row
    rowid: int | None

    def read(self, number: int, values: Row) -> Row | None:
        """Return the whole row, None where the values are not of this form."""
        # A column that was added later is not in the rows written before.
        row = [*values, *self.defaults[len(values) :]]
        if len(row) != len(self.types):
            return None
        if self.rowid is not None:
            if row[self.rowid] is not None:
                return None
            row[self.rowid] = number
        for value, wanted, nullable in zip(row, self.types, self.nullable, strict=True):
            if not _fits(value, wanted, nullable):
                return None
        return tuple(row)


@dataclass(frozen=True, slots=True)
class Found:
    """What could be read. `rows`: table → row number → row. `strays` are rows of pages that no table claims any
    more, each with the tables it may belong to. `bad` counts the pages that could not be read in full, of `pages`."""

    rows: Mapping[str, Mapping[int, Row]]
    strays: tuple[tuple[int, Mapping[str, Row]], ...]
    pages: int
    bad: int


class _BadPageError(Exception):
    """Nothing of this page, or of this cell, can be believed."""


def version(content: bytes) -> int:
    """Return the `user_version` that the header says, 0 where the header is gone."""
    if len(content) < 100 or content[:16] != _MAGIC:
        return 0
    return int.from_bytes(content[VERSION], "big")


def read(content: bytes, forms: Mapping[str, Form]) -> Found:
    """Read every row of those tables that the content of a file still holds."""
    return _Reader(content, forms).found()


class _Reader:
    def __init__(self, content: bytes, forms: Mapping[str, Form]) -> None:
        self._content, self._forms = content, forms
        size = struct.unpack_from(">H", content, 16)[0] if len(content) >= 100 else 0
        size = 65536 if size == 1 else size
        self._size = size if size >= 512 and size & size - 1 == 0 else 4096
        reserved = content[20] if len(content) >= 100 else 0
        self._usable = self._size - (reserved if reserved <= 32 else 0)
        self._count = -(-len(content) // self._size)
        header_count = struct.unpack_from(">I", content, 28)[0] if len(content) >= 100 else 0
        # A truncated file says itself how long it was, as far as its header can be believed.
        self._expected = header_count if self._count <= header_count <= self._count * 64 + 64 else self._count
        self._bad: set[int] = set(range(len(content) // self._size + 1, self._expected + 1))
        self._seen: set[int] = set()
        self._rows: dict[str, dict[int, Row]] = {name: {} for name in forms}

    def found(self) -> Found:
        self._free()
        for name, root in self._roots():
            for page in self._leaves(root):
                for number, values in self._cells(page):
                    row = self._forms[name].read(number, values)
                    if row is None:
                        self._bad.add(page)
                    else:
                        self._rows[name].setdefault(number, row)
        strays = tuple(self._strays())
        return Found(self._rows, strays, max(self._count, self._expected), len(self._bad))

    def _page(self, number: int) -> memoryview:
        if not 1 <= number <= self._count:
            raise _BadPageError
        page = memoryview(self._content)[(number - 1) * self._size : number * self._size]
        if len(page) < self._size:
            raise _BadPageError
        return page

    def _free(self) -> None:
        """Note the free pages: what lies there was removed."""
        if len(self._content) < 100:
            return
        trunk = struct.unpack_from(">I", self._content, 32)[0]
        while trunk and trunk not in self._seen:
            try:
                page = self._page(trunk)
            except _BadPageError:
                return
            self._seen.add(trunk)
            following, count = struct.unpack_from(">II", page)
            if count > self._usable // 4 - 2:
                return
            self._seen.update(struct.unpack_from(f">{count}I", page, 8))
            trunk = following

    def _roots(self) -> Iterator[tuple[str, int]]:
        for page in self._leaves(1):
            yield from self._schema(page)
        # Where the first page is gone, the list of the tables may still lie on those it led to.
        for number in range(2, self._count + 1):
            if number not in self._seen and self._content[(number - 1) * self._size] == _LEAF:
                with contextlib.suppress(_BadPageError):
                    yield from self._schema(number)

    def _schema(self, page: int) -> Iterator[tuple[str, int]]:
        for _, values in self._cells(page):
            match values:
                case ("table", str() as name, str() as same, int() as root, str() as sql) if (
                    name == same and name in self._forms and sql.startswith("CREATE TABLE")
                ):
                    yield name, root

    def _leaves(self, root: int) -> Iterator[int]:
        """Yield the leaves below a page of a table, as far as they can be reached."""
        pending = [root]
        while pending:
            number = pending.pop()
            if number in self._seen:
                continue
            self._seen.add(number)
            try:
                page = self._page(number)
                start = 100 if number == 1 else 0
                kind, count = page[start], int.from_bytes(page[start + 3 : start + 5])
                if kind == _LEAF:
                    yield number
                    continue
                if kind != _INTERIOR or start + 12 + 2 * count > self._usable:
                    raise _BadPageError
                pending.append(int.from_bytes(page[start + 8 : start + 12]))
                for cell in struct.unpack_from(f">{count}H", page, start + 12):
                    if cell + 4 > self._usable:
                        self._bad.add(number)
                        continue
                    pending.append(int.from_bytes(page[cell : cell + 4]))
            except _BadPageError:
                self._bad.add(number)

    def _cells(self, number: int) -> Iterator[tuple[int, Row]]:
        """Yield the rows of a leaf: number and values. A cell that cannot be read is left out, the page noted."""
        page = self._page(number)
        start = 100 if number == 1 else 0
        count = int.from_bytes(page[start + 3 : start + 5])
        if start + 8 + 2 * count > self._usable:
            self._bad.add(number)
            return
        for place in struct.unpack_from(f">{count}H", page, start + 8):
            try:
                yield self._cell(page, place)
            except (_BadPageError, UnicodeDecodeError, struct.error, IndexError):
                self._bad.add(number)

    def _cell(self, page: memoryview, place: int) -> tuple[int, Row]:
        length, place = _varint(page, place)
        number, place = _varint(page, place)
        if length > len(self._content):
            raise _BadPageError
        usable = self._usable
        local = length
        if length > usable - 35:
            least = (usable - 12) * 32 // 255 - 23
            local = least + (length - least) % (usable - 4)
            local = local if local <= usable - 35 else least
        if place + local > usable:
            raise _BadPageError
        payload = bytearray(page[place : place + local])
        if local < length:
            following = int.from_bytes(page[place + local : place + local + 4])
            walked: set[int] = set()
            while len(payload) < length:
                if following in walked:
                    raise _BadPageError
                walked.add(following)
                part = self._page(following)
                payload += part[4 : 4 + min(usable - 4, length - len(payload))]
                following = int.from_bytes(part[:4])
            self._seen |= walked
        return number - (1 << 64) if number >= 1 << 63 else number, _record(bytes(payload))

    def _strays(self) -> Iterator[tuple[int, Mapping[str, Row]]]:
        """Yield the rows of the leaves that no table leads to any more."""
        for number in range(1, self._count + 1):
            if number in self._seen:
                continue
            try:
                page = self._page(number)
            except _BadPageError:
                continue
            if page[0] != _LEAF:
                if page[0] not in _INDEX_PAGES and page[0] != _INTERIOR and any(page):
                    # Either damaged, or the tail of a long value whose row is gone: something was lost with it.
                    self._bad.add(number)
                continue
            for row_number, values in self._cells(number):
                if values[:1] and values[0] in _SCHEMA_TYPES:
                    # What the file says of its own tables: it goes on in leaves of its own where they are many.
                    continue
                fitting = {
                    name: row
                    for name, form in self._forms.items()
                    if row_number not in self._rows[name]
                    and (row := form.read(row_number, values)) is not None
                }
                if fitting:
                    yield row_number, fitting


def _varint(page: Sequence[int] | memoryview, place: int) -> tuple[int, int]:
    value = 0
    for step in range(9):
        byte = page[place + step]
        if step == 8:
            return value << 8 | byte, place + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + step + 1
    raise _BadPageError


def _record(payload: bytes) -> Row:
    end, place = _varint(payload, 0)
    if end > len(payload):
        raise _BadPageError
    kinds = []
    while place < end:
        kind, place = _varint(payload, place)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        if kind in (8, 9):
            values.append(kind - 8)
            continue
        if kind in (10, 11):
            raise _BadPageError
        width = _WIDTHS.get(kind, 8 if kind == 7 else (kind - 12) // 2 if kind >= 12 else 0)
        part = payload[place : place + width]
        if len(part) < width:
            raise _BadPageError
        place += width
        if kind == 0:
            values.append(None)
        elif kind <= 6:
            values.append(int.from_bytes(part, signed=True))
        elif kind == 7:
            values.append(float(struct.unpack(">d", part)[0]))
        else:
            values.append(part.decode() if kind % 2 else part)
    if place != len(payload):
        raise _BadPageError
    return tuple(values)


def _fits(value: Value, wanted: str, nullable: bool) -> bool:
    match value:
        case None:
            return nullable
        case bytes():
            return wanted == "BLOB"
        case str():
            # A text of ours never holds one: zeros are what a lost sector reads as.
            return wanted == "TEXT" and "\0" not in value
        case int():
            return wanted == "INTEGER"
    return wanted == "REAL"
