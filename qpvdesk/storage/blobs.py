"""What is kept under its fingerprint: each content once, compressed, under the SHA-256 of its bytes.

The fingerprint is of the content, not of its compressed form, which another release may make differently.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from msgspec import Struct

from qpvdesk import durable
from qpvdesk.storage.engine import sqlite3


class AlteredError(Exception):
    """What is kept is not the content of its fingerprint."""


class Store(Struct, frozen=True):
    """A table whose column `digest` names what `content` holds."""

    table: str
    digest: str
    bytes_max: int
    """Bytes of one content, once unpacked: a crafted base is not to fill the memory."""
    level: int
    """How hard it is compressed."""

    def keep(self, connection: sqlite3.Connection, digest: str, content: bytes, **beside: str | None) -> None:
        """Keep a content, once, with what other columns hold. Raises `ValueError` where the fingerprint is another's."""
        if durable.sha256(content) != digest:
            raise ValueError("the fingerprint is not the content's")
        row = {self.digest: digest, "content": zlib.compress(content, self.level), **beside}
        marks = ", ".join(f":{name}" for name in row)
        connection.execute(
            f"INSERT INTO {self.table} ({', '.join(row)}) VALUES ({marks}) ON CONFLICT DO NOTHING", row
        )

    def find(self, connection: sqlite3.Connection, digest: str) -> bytes | None:
        """Return a content; None where it is not there. Raises `AlteredError`."""
        row = connection.execute(
            f"SELECT content FROM {self.table} WHERE {self.digest} = ?", (digest,)
        ).fetchone()
        return None if row is None else self.unpacked(digest, row[0])

    def unpacked(self, digest: str, packed: object) -> bytes:
        """Return what a column holds, checked. Raises `AlteredError`."""
        unpacker = zlib.decompressobj()
        try:
            content = unpacker.decompress(packed, self.bytes_max)  # type: ignore[arg-type]
        except (zlib.error, TypeError) as error:
            raise AlteredError(digest) from error
        if not unpacker.eof or unpacker.unused_data or durable.sha256(content) != digest:
            raise AlteredError(digest)
        return content

    def is_whole(self, digest: object, packed: object) -> bool:
        """Tell whether what a column holds is the content of its fingerprint."""
        try:
            self.unpacked(str(digest), packed)
        except AlteredError:
            return False
        return True

    def fault(self, digest: str, packed: bytes | None) -> Iterator[str]:
        """Yield what is wrong with a content that something names; None where it is not there."""
        if packed is None:
            yield "n’a pas son contenu."
        elif not self.is_whole(digest, packed):
            yield "ne correspond plus à son empreinte."
