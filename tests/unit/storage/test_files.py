"""A joined file comes back to the bit, is kept once, and is told where it is gone or altered."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Attachment
from qpvdesk.storage import files, maintenance, opening, readers, rescue
from qpvdesk.storage.base import Database
from qpvdesk.storage.engine import sqlite3
from tests.unit.storage import samples

CONTENT = b"%PDF-1.7 une lettre"
LETTER = Attachment(
    "piece", "contract1", "lettre.pdf", durable.sha256(CONTENT), len(CONTENT), samples.DAY, measurement="m1"
)


def join(base: Database, attachment: Attachment = LETTER, content: bytes = CONTENT) -> None:
    with base.unit("Pièce jointe") as unit:
        unit.attach(attachment, content, ("Une lettre",))


@given(content=st.binary(max_size=2000), pages=st.none() | st.lists(st.text(max_size=30), max_size=3))
@settings(max_examples=40)
def test_what_is_kept_comes_back_to_the_bit(content: bytes, pages: list[str] | None) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE file (digest TEXT PRIMARY KEY, content BLOB, text TEXT)")
    held = replace(LETTER, digest=durable.sha256(content))
    for _ in range(2):
        files.keep(connection, held.digest, content, pages)
    assert files.content(connection, held) == content
    assert files.pages(connection, held.digest) == (None if pages is None else tuple(pages))
    assert connection.execute("SELECT count(*) FROM file").fetchone() == (1,)


def test_a_file_is_joined_undone_and_joined_again(base: Database) -> None:
    join(base)
    assert base.dossier("contract1").attachments == (LETTER,)
    assert readers.file(base, LETTER) == CONTENT
    assert readers.pages(base, LETTER) == ("Une lettre",)
    assert "lettre.pdf" in readers.history(base, None, 1)[0].sentence
    base.undo()
    assert base.dossier("contract1").attachments == ()
    base.redo()
    assert readers.file(base, LETTER) == CONTENT
    assert maintenance.check(base) == []


def test_the_same_bytes_joined_twice_take_their_place_once(base: Database) -> None:
    join(base)
    size = readers.files_size(base)
    join(base, replace(LETTER, key="autre", measurement=None, decision="dec"))
    assert readers.files_size(base) == size
    assert len(base.dossier("contract1").attachments) == 2


def test_what_it_is_joined_to_is_not_removed_under_it(base: Database) -> None:
    join(base)
    with pytest.raises(UserError, match="pièce jointe"), base.unit("Retrait") as unit:
        unit.remove(samples.MEASUREMENT)


def test_a_file_no_one_names_is_let_go_of_and_its_undo_says_so(base: Database) -> None:
    join(base)
    with base.unit("Pièce retirée") as unit:
        unit.remove(LETTER)
    assert readers.files_size(base) > 0
    assert maintenance.release_files(base) == 1
    assert readers.files_size(base) == 0
    base.undo()
    with pytest.raises(UserError, match="n’est plus dans cette base"):
        readers.file(base, LETTER)
    assert maintenance.check(base) == ["La pièce jointe «\u202flettre.pdf\u202f» n’a pas son contenu."]


def test_an_altered_file_is_told_and_never_given(base: Database) -> None:
    join(base)
    path = base.path
    base.close()
    with sqlite3.connect(path) as connection:
        (guard,) = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE name = 'file_kept_as_it_is'"
        ).fetchone()
        connection.execute("DROP TRIGGER file_kept_as_it_is")
        connection.execute("UPDATE file SET content = ?", (zlib.compress(b"autre chose"),))
        connection.execute(guard)
    connection.close()
    with opening.open_base(path) as again:
        with pytest.raises(UserError, match="altéré"):
            readers.file(again, LETTER)
        assert maintenance.check(again) == [
            "La pièce jointe «\u202flettre.pdf\u202f» ne correspond plus à son empreinte."
        ]


def test_a_fingerprint_that_is_not_the_files_is_refused(base: Database) -> None:
    with pytest.raises(ValueError, match="fingerprint"), base.unit("Pièce jointe") as unit:
        unit.attach(LETTER, b"autre", None)
    assert readers.files_size(base) == 0


def test_nothing_that_is_kept_can_be_changed(base: Database) -> None:
    join(base)
    with pytest.raises(sqlite3.IntegrityError, match="never changed"), base.unit("Triche") as unit:
        unit._connection.execute("UPDATE file SET text = ''")


def test_a_salvage_brings_the_files_too(base: Database, tmp_path: Path) -> None:
    join(base)
    path = base.path
    base.close()
    target = tmp_path / "repare.db"
    report = rescue.salvage(path, target, now=datetime(2026, 3, 1, tzinfo=UTC))
    assert report.whole
    with opening.open_base(target) as again:
        assert readers.file(again, LETTER) == CONTENT
        assert readers.pages(again, LETTER) == ("Une lettre",)
        assert maintenance.check(again) == []
