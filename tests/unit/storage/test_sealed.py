"""Sealed packages: whoever sealed one chose all of what it holds, and may not be who they seem."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.services import colleagues, package_in, sharing
from qpvdesk.storage.base import Database
from qpvdesk.storage.exchange import packages, sealed
from tests.helpers.reviews import desk_on
from tests.unit.storage import samples

PHRASE = "quatre mots sans rapport"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with samples.new_base(tmp_path_factory.mktemp("scelle") / "base.db") as opened:
        yield opened


def sealed_with(path: Path, *statements: str, content: bytes = b"") -> Path:
    with contextlib.closing(sealed._opened(path, PHRASE)) as connection:
        for statement in statements:
            connection.execute(statement, (content,) if "?" in statement else ())
    return path


def test_a_package_is_opened_in_the_bounded_process_alone(
    base: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A schema that its sender chose ran here without bounds, and what was sealed lay in clear in a folder of all."""
    path, whole = tmp_path / "lot.paquet", packages.write(base)[0]
    path.write_bytes(sealed.seal(whole, PHRASE))
    monkeypatch.delattr(sealed, "_opened")
    monkeypatch.setattr("tempfile.TemporaryDirectory", None)
    clear = tmp_path / "clair.paquet"
    clear.write_bytes(whole)
    assert colleagues.read(path, passphrase=PHRASE).operations == colleagues.read(clear).operations


def test_a_view_in_the_place_of_the_table_is_no_package(base: Database, tmp_path: Path) -> None:
    path = sealed_with(
        tmp_path / "vue.paquet",
        "CREATE TABLE autre (contenu BLOB)",
        "INSERT INTO autre VALUES (?)",
        "CREATE VIEW paquet AS SELECT contenu FROM autre",
        content=packages.write(base)[0],
    )
    with pytest.raises(UserError, match="n’est pas un paquet"):
        colleagues.read(path, passphrase=PHRASE)


@pytest.mark.parametrize(
    "table", ["paquet (contenu BLOB NOT NULL)", "paquet (contenu BLOB)", "paquet (contenu BLOB NOT NULL, z)"]
)
def test_a_table_that_is_another_by_one_word_is_no_package(
    base: Database, tmp_path: Path, table: str
) -> None:
    """What it holds is whole: the schema alone tells them apart, whether it is before ours in the alphabet or after."""
    path = sealed_with(
        tmp_path / "lot.paquet",
        f"CREATE TABLE {table}",
        "INSERT INTO paquet (contenu) VALUES (?)",
        content=packages.write(base)[0],
    )
    with (
        contextlib.nullcontext()
        if table == "paquet (contenu BLOB NOT NULL)"
        else pytest.raises(UserError, match="n’est pas un paquet")
    ):
        assert colleagues.read(path, passphrase=PHRASE).operations


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE VIEW paquet AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t)"
         " SELECT x'00' contenu FROM t WHERE n < 0"],
        ["CREATE VIEW paquet AS SELECT zeroblob(990000000) contenu"],
        ["CREATE TABLE paquet (contenu BLOB, double AS (zeroblob(990000000)))"],
        ["CREATE TABLE paquet (contenu BLOB NOT NULL)", "CREATE TABLE autre (contenu)"],
        ["CREATE TABLE paquet (contenu BLOB NOT NULL)", "INSERT INTO paquet VALUES ('texte')"],
        ["CREATE TABLE paquet (contenu BLOB NOT NULL)", "INSERT INTO paquet VALUES (x'00'), (x'01')"],
        ["CREATE TABLE paquet (contenu BLOB NOT NULL)", "INSERT INTO paquet VALUES (zeroblob(210000000))"],
        ["CREATE TABLE paquet (contenu BLOB NOT NULL)"],
        ["CREATE TABLE autre (contenu)"],
    ],
)  # fmt: skip
def test_another_schema_or_content_is_refused(tmp_path: Path, statements: list[str]) -> None:
    path = sealed_with(tmp_path / "lot.paquet", *statements)
    with pytest.raises(UserError, match=r"n’est pas un paquet|trop lourd"):
        package_in.read(path, PHRASE)


@pytest.mark.parametrize("content", [b"%PDF-1.7\n" * 500, b"%PDF-1.7".ljust(8192), bytes(4096), b"texte" * 4])
def test_what_is_no_package_is_not_called_sealed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lettre.paquet"
    path.write_bytes(content)
    with pytest.raises(UserError, match="n’est pas un paquet") as told:
        colleagues.read(path, passphrase=PHRASE)
    assert not isinstance(told.value, colleagues.SealedPackageError)


def test_what_is_too_heavy_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "lourd.paquet"
    path.touch()
    os.truncate(path, 200_000_001)
    with pytest.raises(UserError, match="trop lourd pour un paquet"):
        package_in.read(path, PHRASE)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such file")
def test_a_pipe_is_never_waited_for(base: Database, tmp_path: Path) -> None:
    path = tmp_path / "sans-fin.paquet"
    os.mkfifo(path)
    with pytest.raises(UserError, match=r"pas un fichier ordinaire.*Rien n’a été fusionné"):
        colleagues.read(path, passphrase=PHRASE)
    assert sharing.exchange(desk_on(base, samples.DAY), tmp_path).waiting == ()


@pytest.mark.parametrize(("seconds", "opens"), [(600, True), (-1, False)])
def test_a_package_is_read_for_as_long_as_is_given_and_no_longer(
    base: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: int, *, opens: bool
) -> None:
    path, whole = tmp_path / "lot.paquet", packages.write(base)[0]
    path.write_bytes(sealed.seal(whole, PHRASE))
    monkeypatch.setattr(sealed, "_SECONDS", seconds)
    monkeypatch.setattr(sealed, "_STEPS", 1)
    assert (sealed.unsealed(path, PHRASE) == whole) is opens
