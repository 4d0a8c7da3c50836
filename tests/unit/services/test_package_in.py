"""A package comes from elsewhere: read whole in the bounded process, what is hostile in it is one sentence."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.letterhead import PNG, Letterhead
from qpvdesk.services import colleagues, package_in
from qpvdesk.storage import snapshots
from qpvdesk.storage.base import Database
from qpvdesk.storage.exchange import package, packages
from tests.unit.services.test_settings import HOSTILE_IMAGES, image
from tests.unit.storage import samples
from tests.unit.storage.test_package import Members, packed, unpacked


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Database]:
    with samples.new_base(tmp_path / "base.db") as opened:
        yield opened


def sent(base: Database, tmp_path: Path, changes: Members) -> Path:
    path = tmp_path / "lot.paquet"
    path.write_bytes(packed(unpacked(packages.write(base)[0]) | changes))
    return path


def frozen(text: str) -> Members:
    return {f"arretes/{snapshots.fingerprint(text)}.json": text.encode()}


def frozen_with(content: bytes) -> Members:
    return frozen(snapshots.canonical(samples.dossier(), "m", samples.DAY, Letterhead(("DDETS",), content)))


def with_members(count: int) -> bytes:
    """Return a zip that names that many members and holds none of them."""
    names = (f"{number:x}".encode() for number in range(count))
    directory = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0)
        + name
        for name in names
    )
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, min(count, 65_535), min(count, 65_535), len(directory), 0, 0
    )
    return directory + end


DEEP = "[" * 5_000_000

HOSTILE: dict[str, Callable[[], Members]] = {
    "a bomb": lambda: {"fichiers/" + "a" * 64: b"\0" * 60_000_000},
    "an operation that nests without end": lambda: {package.OPERATIONS: DEEP.encode()},
    "an act that nests without end": lambda: {package.ACTS: DEEP.encode()},
    "a line without an end": lambda: {package.OPERATIONS: b'["' + bytes(range(65, 91)) * 1_000_000},
    "numbers of a million digits": lambda: {package.OPERATIONS: b"[" + b"9" * 1_000_000 + b"]"},
    "half a character": lambda: {package.ACTS: b'["a","b","\\ud800","2026-01-01T00:00:00+00:00","do",null]'},
    "a text that is a tree": lambda: {"fichiers/" + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855": b"",
        "textes/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.json": DEEP.encode()},
    "frozen data that nest without end": lambda: frozen(DEEP),
    "frozen data of no contract": lambda: frozen('{"form": 1, "tables": {}}'),
    "frozen data that are none": lambda: frozen('{"form": 1}'),
    "frozen data of no contract under a header": lambda: frozen(
        json.dumps(
            json.loads(snapshots.canonical(samples.dossier(), "m", samples.DAY, Letterhead())) | {"tables": {}}
        )
    ),
    "frozen data whose header is none": lambda: frozen('{"form": 1, "tables": {}, "letterhead": 3}'),
}  # fmt: skip
"""Each is made where it is tried: every process of the tests reads this file."""


def test_a_package_comes_back_through_the_bounded_process_as_it_was_written(
    base: Database, tmp_path: Path
) -> None:
    path = sent(base, tmp_path, frozen_with(image(600, 300)))
    read = colleagues.read(path)
    assert read == package.read(path.read_bytes(), path.name)
    assert len(read.operations) > 20
    assert snapshots.letterhead_of(next(iter(read.frozen.values()))).image == image(600, 300)
    # Its frozen data are not what its sender signed.
    with pytest.raises(UserError, match="La signature de ce paquet ne correspond pas à son contenu"):
        packages.merge(base, read)


def test_a_file_too_heavy_for_a_package_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lot.paquet"
    path.write_bytes(b"1234")
    for most, words in ((3, "est trop lourd pour un paquet"), (4, "n’est pas un paquet")):
        monkeypatch.setattr(package_in, "_FILE_BYTES_MAX", most)
        with pytest.raises(UserError, match=words):
            package_in.read(path)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_package_is_one_sentence(base: Database, tmp_path: Path, kind: str) -> None:
    with pytest.raises(UserError, match=r"n’est pas un paquet de qpvdesk.*Rien n’a été fusionné") as refused:
        colleagues.read(sent(base, tmp_path, HOSTILE[kind]()))
    assert refused.value.remedy


@pytest.mark.parametrize("kind", HOSTILE_IMAGES)
def test_the_header_of_frozen_data_passes_the_check_of_the_officer_s_own(
    base: Database, tmp_path: Path, kind: str
) -> None:
    with pytest.raises(UserError, match=r"[Ii]mage|n’est pas un paquet") as refused:
        colleagues.read(sent(base, tmp_path, frozen_with(HOSTILE_IMAGES[kind])))
    assert refused.value.remedy


def test_a_header_of_a_base_from_elsewhere_passes_it_too() -> None:
    for content in (b"GIF89a", PNG + b"x" * 1_000_000):
        (text,) = frozen_with(content).values()
        with pytest.raises(UserError, match="image"):
            snapshots.letterhead_of(text.decode())


def test_a_million_members_are_refused_before_they_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "lot.paquet"
    path.write_bytes(with_members(1_000_000))
    with pytest.raises(UserError, match="n’est pas un paquet"):
        colleagues.read(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_package_that_is_cut_is_one_sentence(base: Database, tmp_path: Path, share: float) -> None:
    path = sent(base, tmp_path, {})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(UserError, match="n’est pas un paquet"):
        colleagues.read(path)


def test_a_package_of_too_many_operations_is_refused(base: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "_OPERATIONS_MAX", 10)
    with pytest.raises(UserError, match="n’est pas un paquet"):
        package.read(packages.write(base)[0], "lot.paquet")


def test_a_reading_that_is_no_longer_wanted_is_stopped(base: Database, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a été arrêtée\. Rien n’a été fusionné"):
        colleagues.read(sent(base, tmp_path, {}), cancelled=lambda: True)


def test_lines_are_read_one_by_one(base: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    # The whole of the operations is never decoded at once: a line that is wrong stops the reading there.
    members = unpacked(packages.write(base)[0])
    lines = members[package.OPERATIONS].splitlines(keepends=True)
    members[package.OPERATIONS] = lines[0] + b"[]\n" + b"".join(lines[1:]) * 50
    checked = []
    true_check = package._check_operation
    monkeypatch.setattr(
        package,
        "_check_operation",
        lambda operation, *known: (checked.append(operation), true_check(operation, *known)),
    )
    with pytest.raises(UserError):
        package.read(packed(members), "lot.paquet")
    assert len(checked) == 1
    assert json.loads(lines[0])[1] == checked[0].seq
