"""What is kept under its fingerprint comes back as it was, or is said to be altered."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpvdesk.durable import sha256
from qpvdesk.storage.blobs import AlteredError, Store
from qpvdesk.storage.engine import sqlite3

STORE = Store("blob", "digest", bytes_max=5000, level=6)


def connected() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE blob (digest TEXT PRIMARY KEY, content BLOB)")
    return connection


@given(st.binary(max_size=5000))
def test_a_content_comes_back_and_takes_its_place_once(content: bytes) -> None:
    connection = connected()
    for _ in range(2):
        STORE.keep(connection, sha256(content), content)
    assert STORE.find(connection, sha256(content)) == content
    assert connection.execute("SELECT count(*) FROM blob").fetchone() == (1,)


def test_what_is_not_there_is_none_and_said_so() -> None:
    assert STORE.find(connected(), "0" * 64) is None
    assert list(STORE.fault("0" * 64, None)) == ["n’a pas son contenu."]


def test_a_fingerprint_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="fingerprint"):
        STORE.keep(connected(), "0" * 64, b"x")


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"no zlib",
        zlib.compress(b"other"),
        zlib.compress(b"right")[:-1],
        zlib.compress(b"right") + b"more",
        zlib.compress(b"right" * 2000),
        None,
        "a text",
    ],
)
def test_whatever_else_is_kept_is_altered(packed: object) -> None:
    connection = connected()
    digest = sha256(b"right")
    connection.execute("INSERT INTO blob VALUES (?, ?)", (digest, packed))
    with pytest.raises(AlteredError):
        STORE.find(connection, digest)
    assert not STORE.is_whole(digest, packed)
    assert STORE.is_whole(digest, zlib.compress(b"right"))
