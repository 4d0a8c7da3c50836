"""What attachments hold: each file once, compressed, under the SHA-256 of its bytes, with its text where it has one.

The journal says that a file was joined and its fingerprint, never what is in it: ten megabytes are no cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from qpvdesk.domain import file_names
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Attachment
from qpvdesk.storage.blobs import AlteredError, Store
from qpvdesk.storage.engine import sqlite3

STORE = Store("file", "digest", bytes_max=64 * 1024 * 1024, level=6)


def keep(connection: sqlite3.Connection, digest: str, content: bytes, pages: Sequence[str] | None) -> None:
    """Keep a file under its fingerprint, once, with its text by page. Raises `ValueError` as `Store.keep`."""
    text = None if pages is None else json.dumps(list(pages), ensure_ascii=False)
    STORE.keep(connection, digest, content, text=text)


def content(connection: sqlite3.Connection, attachment: Attachment) -> bytes:
    """Return what a file holds. Raises `UserError` where it is absent, or not what was joined."""
    try:
        stored = STORE.find(connection, attachment.digest)
    except AlteredError as error:
        raise UserError(
            f"«\u202f{attachment.name}\u202f» ne correspond plus à son empreinte\u202f: il a été altéré.",
            "Joignez le fichier à nouveau, ou restaurez une sauvegarde où il est intact.",
        ) from error
    if stored is None:
        raise UserError(
            f"«\u202f{attachment.name}\u202f» est annoncé, mais son contenu n’est plus dans cette base.",
            "Joignez le fichier à nouveau, ou restaurez une sauvegarde où il est.",
        )
    return stored


def pages(connection: sqlite3.Connection, digest: str) -> tuple[str, ...] | None:
    """Return the text of a file, one string a page; None where it has none or is not there."""
    row = connection.execute("SELECT text FROM file WHERE digest = ?", (digest,)).fetchone()
    if row is None or row[0] is None:
        return None
    try:
        texts = json.loads(row[0])
    except ValueError:
        return None
    return tuple(str(page) for page in texts) if isinstance(texts, list) else None


def some_pages(connection: sqlite3.Connection, digest: str, numbers: Sequence[int]) -> list[str | None]:
    """Return the text of some pages of a file (from 1), read at once; None for each that is not there."""
    asked = ", ".join(["json_extract(text, ?)"] * len(numbers))
    row = connection.execute(
        f"SELECT {asked} FROM file WHERE digest = ? AND json_valid(text)",
        (*(f"$[{number - 1}]" for number in numbers), digest),
    ).fetchone()
    return [None if page is None else str(page) for page in row or [None] * len(numbers)]


def total(connection: sqlite3.Connection) -> int:
    """Return how many bytes the files take in the base."""
    return int(
        connection.execute(
            "SELECT coalesce(sum(length(content) + length(coalesce(text, ''))), 0) FROM file"
        ).fetchone()[0]
    )


def release(connection: sqlite3.Connection) -> int:
    """Remove the files that no attachment names any more (inside a unit); return how many."""
    return connection.execute("DELETE FROM file WHERE digest NOT IN (SELECT digest FROM attachment)").rowcount


def faults(connection: sqlite3.Connection) -> list[str]:
    """Return one French sentence for each attachment whose file is absent or altered, or whose name is no bare name."""
    rows = connection.execute(
        "SELECT a.name, a.digest, f.content FROM attachment a LEFT JOIN file f USING (digest) ORDER BY a.name"
    )
    return [
        f"La pièce jointe «\u202f{file_names.clean(name)}\u202f» {fault}"
        for name, digest, packed in rows
        for fault in _faults(name, digest, packed)
    ]


def _faults(name: str, digest: str, packed: bytes | None) -> Iterator[str]:
    yield from STORE.fault(digest, packed)
    if name and file_names.clean(name) != name:
        yield "portait un nom qui n’est pas celui d’un fichier\u202f: elle n’est écrite que sous celui-ci."
