"""Taking a text about a person out of a base for good: out of the rows, of the journal, and of the file itself.

It is the one exception to a journal that is never rewritten. Each cell that held the text says « [effacé] » in its
stead, at every moment of its history; a new operation says so too, so that a package carries it to the other laptops.
"""

from __future__ import annotations

import contextlib
import functools
import json
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import Type
from qpvdesk.storage import chain, files, journal
from qpvdesk.storage.blobs import AlteredError
from qpvdesk.storage.chain import Link
from qpvdesk.storage.connection import UNREADABLE, connect
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange import peers
from qpvdesk.storage.journal import ALIVE, EXISTENCE, Cell
from qpvdesk.storage.tables import BY_KIND, TABLES, Table, TableField, UnreadableRowError

ERASED = "[effacé]"
_LAYOUT = ("correspondence", "layout")
ERASED_LETTERS_MIN = 3
"""Letters that a text must have: a shorter one is in half of the words."""

_ALIKE = ("'\u2019", "-\u2010\u2011")
"""Apostrophes, and hyphens: which one was typed is nobody's choice."""
_BETWEEN = r"(?:\s|\\[nrt])+"
"""What stands between two words, as it is typed or as JSON writes it."""
_ESCAPED = '"\\'
_NO_ACCENT = "(?![\u0300-\u036f])"
"""A last letter that bears an accent of its own is another letter."""


class Mentions(Struct, frozen=True):
    """Where a text is. `fields`: kind and French name of the field → how many rows; `past`: how many operations of the
    journal, those of the rows among them; `frozen`: the days of the frozen data that hold it, which cannot change;
    `files`: the names of the joined files whose text, or whose very bytes, hold it; `names`: how many names of authors and
    colleagues hold it."""

    fields: tuple[tuple[str, str, int], ...]
    past: int
    frozen: tuple[date, ...]
    files: tuple[str, ...] = ()
    texts: int = 0
    names: int = 0

    @property
    def erasable(self) -> bool:
        """Whether an erasure would change anything."""
        return bool(self.fields or self.past or self.texts or self.names)

    @property
    def none(self) -> bool:
        """Whether the text is nowhere in the base."""
        return not (self.erasable or self.files or self.frozen)


def pattern(text: str) -> re.Pattern[str]:
    """Return what finds a text whatever its capitals, spaces, apostrophes, hyphens, its accents apart or not; in JSON too.

    Raises `UserError` where it is too short.
    """
    words = text.split()
    if sum(len(word) for word in words) < ERASED_LETTERS_MIN:
        raise UserError(
            "Ce texte est trop court pour être effacé partout.",
            f"Écrivez au moins {ERASED_LETTERS_MIN} lettres, par exemple le nom entier.",
        )
    parts = ["".join(map(_letter, unicodedata.normalize("NFC", word))) for word in words]
    wanted = re.compile(f"{_BETWEEN.join(parts)}{_NO_ACCENT}", re.IGNORECASE)
    if wanted.search(ERASED):
        raise UserError(
            f"Ce texte est dans la mention «\u202f{ERASED}\u202f» elle-même\u202f: il ne peut pas être effacé partout.",
            "Écrivez-le avec les mots qui l’entourent.",
        )
    return wanted


def _letter(letter: str) -> str:
    """Return what finds a letter: macOS and PDF write an accent as a sign of its own, after its letter; JSON, a backslash
    before a quote or another.
    """
    if letter in _ESCAPED:
        return rf"\\?{re.escape(letter)}"
    for alike in _ALIKE:
        if letter in alike:
            return f"[{re.escape(alike)}]"
    apart = unicodedata.normalize("NFD", letter)
    return re.escape(letter) if apart == letter else f"(?:{re.escape(letter)}|{re.escape(apart)})"


def mentions(connection: sqlite3.Connection, text: str) -> Mentions:
    """Look for a text in every free field, in the whole journal and in the frozen data. Raises `UserError`."""
    wanted = pattern(text)
    counted: Counter[tuple[str, str]] = Counter()
    for table in TABLES:
        for field in _free(table):
            for (value,) in connection.execute(f'SELECT "{field.name}" FROM {table.kind}'):
                counted[table.kind, field.french] += bool(value and wanted.search(value))
    past = sum(1 for _ in _operations(connection, wanted))
    past += sum(1 for (label,) in connection.execute("SELECT label FROM act") if wanted.search(label))
    frozen = []
    for day, content in connection.execute(
        "SELECT s.day, f.content FROM snapshot s JOIN frozen f USING (fingerprint) ORDER BY s.day"
    ):
        with contextlib.suppress(zlib.error):
            if wanted.search(zlib.decompress(content).decode("utf-8", "replace")):
                frozen.append(date.fromisoformat(day))
    fields = tuple((kind, name, count) for (kind, name), count in counted.items() if count)
    labels = {label for (label,) in connection.execute("SELECT label FROM author")} | peers.names(connection)
    names = sum(1 for label in labels if wanted.search(label))
    texts = connection.execute("SELECT text FROM file WHERE text IS NOT NULL")
    told = sum(1 for (text,) in texts if any(map(wanted.search, _pages(text))))
    return Mentions(fields, past, tuple(frozen), tuple(_files(connection, wanted)), told, names)


def erase(connection: sqlite3.Connection, text: str, link: Link, hlc: int) -> set[str]:
    """Replace a text everywhere but in frozen data (inside a transaction, the door wide open); return the kinds touched.

    `link`: the act of the erasing, which has no operation yet.
    """
    wanted = pattern(text)
    for number, label in connection.execute("SELECT id, label FROM act").fetchall():
        if wanted.search(label):
            chain.withhold_label(connection, number)
            connection.execute("UPDATE act SET label = ? WHERE id = ?", (wanted.sub(ERASED, label), number))
    for number, erased in list(_operations(connection, wanted)):
        chain.withhold(connection, number, erased)
        connection.execute("UPDATE operation SET value = ? WHERE id = ?", (erased, number))
    _erase_beside(connection, wanted)
    kinds, author, seq = set(), link.header.author, link.seq
    for table in TABLES:
        free = _free(table)
        if not free:
            continue
        for entity in table.entities(connection.execute(table.select("TRUE")).fetchall()):
            changed: dict[str, Cell] = {
                field.name: wanted.sub(ERASED, value)
                for field in free
                if (value := getattr(entity, field.name)) and wanted.search(value)
            }
            if not changed:
                continue
            kinds.add(table.kind)
            connection.execute(table.upsert, table.row(replace(entity, **changed)))
            heads = journal.heads(connection, table.kind, entity.key)
            rows: list[Any] = []
            for name, cell in changed.items():
                seq += 1
                parent = (heads[name].author, heads[name].seq) if name in heads else (None, None)
                rows.append((author, seq, hlc, link.begin(), table.kind, entity.key, name, cell, *parent))
            link.add(rows)
    return kinds


def _erase_beside(connection: sqlite3.Connection, wanted: re.Pattern[str]) -> None:
    """Erase a text where the journal says nothing: text of joined files, names of authors and colleagues, layouts."""
    for digest, text in connection.execute("SELECT digest, text FROM file WHERE text IS NOT NULL").fetchall():
        pages = _pages(text)
        if any(map(wanted.search, pages)):
            erased = json.dumps([wanted.sub(ERASED, page) for page in pages], ensure_ascii=False)
            # A trigger forbids to change a file: what it holds is its name.
            (content,) = connection.execute("SELECT content FROM file WHERE digest = ?", (digest,)).fetchone()
            connection.execute("DELETE FROM file WHERE digest = ?", (digest,))
            connection.execute(
                "INSERT INTO file (digest, content, text) VALUES (?, ?, ?)", (digest, content, erased)
            )
    for number, label in connection.execute("SELECT id, label FROM author").fetchall():
        if wanted.search(label):
            connection.execute(
                "UPDATE author SET label = ? WHERE id = ?", (wanted.sub(ERASED, label), number)
            )
    peers.erase(connection, functools.partial(wanted.sub, ERASED))


def is_erasure(kind: str, field: str, before: Cell, after: Cell) -> bool:
    """Tell whether what an operation says differs by what was erased of its free texts, and by nothing else."""
    if before is None or after is None:
        return False
    try:
        old, new = dict(journal.unfolded(field, before)), dict(journal.unfolded(field, after))
    except ValueError:
        return False
    free = free_names(kind)
    changed = [name for name in old.keys() | new.keys() if old.get(name) != new.get(name)]
    return bool(changed) and all(
        name in free and is_erased_text(old.get(name) or "", new.get(name) or "") for name in changed
    )


def erased_texts(field: str, before: Cell, after: Cell) -> list[tuple[str, str, str]]:
    """Return the cells whose text an erasure of an operation changes: name, text as it is and as it would be."""
    old, new = dict(journal.unfolded(field, before)), dict(journal.unfolded(field, after))
    return [(name, old.get(name) or "", new[name] or "") for name in new if old.get(name) != new[name]]


@functools.cache
def free_names(kind: str) -> frozenset[str]:
    """Return the names of the fields of a kind where one writes what one likes: what may be erased."""
    return frozenset(field.name for field in _free(BY_KIND[kind]))


def is_erased_text(before: str, after: str) -> bool:
    """Tell whether `after` is `before` with some of its words erased."""
    first, *parts = after.split(ERASED)
    if not parts or not before.startswith(first):
        return False
    *middle, last = parts
    at = len(first)
    for part in middle:
        found = before.find(part, at + ERASED_LETTERS_MIN)
        if found < 0:
            return False
        at = found + len(part)
    return before.endswith(last) and len(before) - len(last) >= at + ERASED_LETTERS_MIN


def holds(path: Path, text: str) -> bool:
    """Tell whether a backup, of whatever version, holds a text; True too where it cannot be read, to be sure."""
    wanted = pattern(text)
    try:
        with contextlib.closing(connect(path, "ro")) as connection:
            tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            for (name,) in tables:
                for row in connection.execute(f'SELECT * FROM "{name}"'):
                    if any(isinstance(value, str) and wanted.search(value) for value in row):
                        return True
                    if name == "frozen" and wanted.search(zlib.decompress(row[1]).decode("utf-8", "replace")):
                        return True
    except (*UNREADABLE, zlib.error):
        return True
    return False


def _files(connection: sqlite3.Connection, wanted: re.Pattern[str]) -> Iterator[str]:
    """Yield the names of the joined files whose text, or whose very bytes, hold a text."""
    rows = connection.execute("SELECT a.name, a.digest, f.text FROM attachment a JOIN file f USING (digest)")
    for name, digest, text in rows.fetchall():
        content = b""
        with contextlib.suppress(AlteredError):
            content = files.STORE.find(connection, digest) or b""
        words = (*_pages(text or "[]"), *(content.decode(code, "replace") for code in ("utf-8", "cp1252")))
        if any(map(wanted.search, words)):
            yield str(name)


def _pages(text: str) -> list[str]:
    with contextlib.suppress(ValueError):
        pages = json.loads(text)
        return [str(page) for page in pages] if isinstance(pages, list) else []
    return []


def _free(table: Table) -> tuple[TableField, ...]:
    """Return the fields where one writes what one likes, and the titles of a partner's table."""
    return tuple(
        field
        for field in table.fields
        if (field.declared.free or (table.kind, field.name) == _LAYOUT)
        and (field.declared.open or field.declared.type in (Type.TEXT, Type.FILE_NAME))
    )


def _operations(connection: sqlite3.Connection, wanted: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Yield the operations that hold a text in a free field: their number, and their value without it.

    Raises `UnreadableRowError` for what no release writes.
    """
    free = {table.kind: free_names(table.kind) for table in TABLES}
    rows = connection.execute("SELECT id, kind, field, value FROM operation WHERE value IS NOT NULL")
    for number, kind, field, value in rows:
        names = free.get(kind, frozenset())
        if field in names and wanted.search(value):
            yield number, wanted.sub(ERASED, value)
        elif field == EXISTENCE and value != ALIVE:
            try:
                cells = dict(journal.unfolded(field, value))
            except ValueError as error:
                raise UnreadableRowError(f"operation {number}: {error}") from error
            found = {
                name: wanted.sub(ERASED, cell)
                for name, cell in cells.items()
                if name in names and cell and wanted.search(cell)
            }
            if found:
                yield number, journal.folded(cells | found)
