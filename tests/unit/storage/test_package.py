"""A package is a file from elsewhere: what is not one, or not whole, is refused in one sentence."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace as replace_limits
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk import archives
from qpvdesk.domain.errors import UserError
from qpvdesk.durable import sha256
from qpvdesk.storage import journal, maintenance
from qpvdesk.storage.base import Database
from qpvdesk.storage.exchange import ledger, package, packages
from tests.unit.storage import samples

Members = dict[str, bytes]
_ENGAGEMENT, _PARTNER = samples.dossier().engagements[0], samples.dossier().partners[0]


def unpacked(content: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: Members, *, sign: bool = True) -> bytes:
    """Put members into a package, with the fingerprints they have by now."""
    if sign:
        manifest = json.loads(members[package.MANIFEST])
        manifest["empreintes"] = {
            name: sha256(content) for name, content in members.items() if name != package.MANIFEST
        }
        members = members | {package.MANIFEST: json.dumps(manifest).encode()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_operation(change: Callable[[list[Any]], object], place: int = 0) -> Callable[[Members], Members]:
    def changed(members: Members) -> Members:
        lines = [json.loads(line) for line in members[package.OPERATIONS].decode().splitlines()]
        change(lines[place])
        return members | {package.OPERATIONS: "\n".join(json.dumps(line) for line in lines).encode()}

    return changed


def with_manifest(**changes: Any) -> Callable[[Members], Members]:
    def changed(members: Members) -> Members:
        manifest = json.loads(members[package.MANIFEST]) | changes
        return members | {package.MANIFEST: json.dumps(manifest).encode()}

    return changed


AUTHOR, SEQ, HLC, ACT, KIND, KEY, FIELD, VALUE, PARENT, PARENT_SEQ = range(10)


def cell_of(members: Members, field: str) -> int:
    lines = [json.loads(line) for line in members[package.OPERATIONS].decode().splitlines()]
    return next(at for at, line in enumerate(lines) if field in json.loads(line[VALUE]))


def with_cell(field: str, value: Any, *, beside: str = "") -> Callable[[Members], Members]:
    """Have the first new thing that has such a cell, or the one `beside`, be made with another value."""

    def change(line: list[Any]) -> None:
        line[VALUE] = json.dumps(json.loads(line[VALUE]) | {field: value})

    return lambda members: with_operation(change, cell_of(members, beside or field))(members)


@pytest.fixture
def content(base: Database) -> bytes:
    return packages.write(base)[0]


HOSTILE: dict[str, Callable[[Members], Members]] = {
    "an unknown author": with_operation(lambda line: line.__setitem__(AUTHOR, "qui")),
    "a sequence of zero": with_operation(lambda line: line.__setitem__(SEQ, 0)),
    "a sequence that is a truth": with_operation(lambda line: line.__setitem__(SEQ, True)),
    "a sequence beyond the base's": with_operation(lambda line: line.__setitem__(SEQ, 2**70)),
    "a clock below zero": with_operation(lambda line: line.__setitem__(HLC, -1)),
    "an act that is nowhere": with_operation(lambda line: line.__setitem__(ACT, "acte")),
    "a kind that is none": with_operation(lambda line: line.__setitem__(KIND, "sqlite_schema")),
    "a key with a quote": with_operation(lambda line: line.__setitem__(KEY, "'; DROP TABLE act; --")),
    "a key of another type": with_operation(lambda line: line.__setitem__(KEY, 3)),
    "a field that is none": with_operation(lambda line: line.__setitem__(FIELD, "rowid")),
    "the key as a cell": with_operation(lambda line: line.__setitem__(FIELD, "key")),
    "an existence that is none": with_operation(
        lambda line: (line.__setitem__(FIELD, ""), line.__setitem__(VALUE, "2"))
    ),
    "half a parent": with_operation(lambda line: line.__setitem__(PARENT_SEQ, 3)),
    "a line too short": with_operation(lambda line: line.pop()),
    "an operation twice": lambda members: (
        members
        | {
            package.OPERATIONS: members[package.OPERATIONS]
            + members[package.OPERATIONS].splitlines(keepends=True)[0]
        }
    ),
    "an act twice, in other words": lambda members: (
        members
        | {
            package.ACTS: members[package.ACTS].splitlines(keepends=True)[0].replace(b"Contrat", b"Faux")
            + members[package.ACTS]
        }
    ),
    "an author twice": lambda members: with_manifest(
        auteurs=[*json.loads(members[package.MANIFEST])["auteurs"]] * 2
    )(members),
    "a new thing that is a list": with_operation(lambda line: line.__setitem__(VALUE, "[]")),
    "a new thing that is broken off": with_operation(lambda line: line.__setitem__(VALUE, '{"code":')),
    "a new thing whose cell is a number": with_cell("name", 3),
    "a new thing with a cell that no table has": with_cell("rowid", "1", beside="name"),
    "a new thing with another key": with_cell("key", "autre", beside="name"),
    "a new thing that does not exist": with_cell("", None, beside="name"),
    "a number that is none": with_cell("target_value", "NaN"),
    "a number of a thousand million digits": with_cell("target_value", "1e999999999"),
    "a whole number that no column holds": with_cell("rank", "9" * 39, beside="short_name"),
    "a date that cannot be": with_cell("start", "2026-02-31"),
    "a word that is none": with_cell("sens", "en_panne"),
    "a text with a hidden zero": with_cell("name", "a\0b"),
    "half a character": with_cell("name", "\ud800"),
    "nothing where something must be": with_cell("name", None),
    "a citation that is none": with_cell("citation", '["doc"]'),
    "no manifest": lambda members: {name: held for name, held in members.items() if name != package.MANIFEST},
    "a manifest that is a list": lambda members: members | {package.MANIFEST: b"[]"},
    "a manifest that nests without end": lambda members: members | {package.MANIFEST: b"[" * 100_000},
    "an act of the year one": lambda members: (
        members | {package.ACTS: members[package.ACTS].replace(b'"2026-', b'"0001-')}
    ),
    "an act whose name has no end": lambda members: (
        members | {package.ACTS: members[package.ACTS].replace(b'"Contrat', b'"' + b"a" * 5000 + b"Contrat")}
    ),
    "a package of the year ten thousand": with_manifest(fait_le="9999-12-31T23:59:59+00:00"),
    "an act that reverses nothing": lambda members: (
        members | {package.ACTS: members[package.ACTS].replace(b'"do"', b'"undo"')}
    ),
    "a file that is not of its name": lambda members: members | {"fichiers/" + "0" * 64: b"autre"},
    "frozen data not of their name": lambda members: members | {f"arretes/{'0' * 64}.json": b"{}"},
    "a name that climbs": lambda members: members | {"fichiers/../../x": b"autre"},
}


def test_a_package_comes_back_as_it_was_written(base: Database) -> None:
    content, count = packages.write(base)
    held = package.read(content, "p")
    assert len(held.operations) == count > 20
    assert held.known == package.vector(base.connection)
    rows = list(ledger.operations(base, {}))
    assert len(rows) == count
    assert list(ledger.operations(base, held.known)) == []
    again = package.read(packages.write(base)[0], "p")
    assert (again.acts, again.operations) == (held.acts, held.operations)


@pytest.mark.parametrize("width", [1, 4])
def test_whatever_a_base_takes_a_package_takes_too(base: Database, width: int) -> None:
    """Else one act keeps all that its author wrote, before and after, from every colleague."""
    letter = "\x01" if width == 1 else "\U0001f3d8"
    with base.unit("Désaccord tranché : " + "un long texte, " * 700) as unit:
        unit.put(replace(_ENGAGEMENT, label=letter * journal.VALUE_CHARACTERS_MAX))
        unit.put(replace(_PARTNER, rank=2**63 - 1))
        unit.put(replace(samples.MEASUREMENT, value=Decimal("9" * 40)))
        unit.put(replace(samples.MEASUREMENT, key="petit", day=date(2025, 1, 1), value=Decimal(10) ** -40))
    base.undo()
    assert package.read(packages.write(base)[0], "p").acts[-1].label.startswith("Annulation\u202f: Désaccord")


def test_two_words_of_a_signature_that_a_tab_parts_stay_two(base: Database) -> None:
    for signature in (
        "Sous-préfecture\tde Lens",
        "Sous-préfecture \r\nde Lens\n",
        "Sous-préfecture de\0 Lens",
    ):
        base.sign(signature)
        assert base.authors.name == "Sous-préfecture de Lens"
    base.sign("Déléguée  du préfet ")
    assert base.authors.name == "Déléguée  du préfet "


@pytest.mark.parametrize(
    "signature",
    [
        "Délé\0gué",
        "x" * 5_000,
        "Sous-préfecture\nde Lens",
        "Sous-préfecture\t de Lens",
        "Déléguée\u202f: Lens",
    ],
)
def test_whatever_the_officer_signs_with_a_package_carries(base: Database, signature: str) -> None:
    """The file of the settings may have been written by another program; a base may have been signed in before."""
    base.sign(signature)
    with base.unit("Un acte") as unit:
        unit.put(replace(samples.MEASUREMENT, comment="Un autre"))
    again = package.read(packages.write(base)[0], "p")
    assert again.sender_label.startswith(signature[:4])
    assert [author.label for author in again.authors if author.uid == again.sender] == [base.authors.name]
    with base.guard.everything():
        base.connection.execute("UPDATE author SET label = ? WHERE uid = ?", (signature, again.sender))
    assert package.read(packages.write(base)[0], "p").authors == again.authors


@pytest.mark.parametrize(
    "thing",
    [
        replace(_ENGAGEMENT, label="a" * 2_500_001),
        replace(_ENGAGEMENT, key="nouveau", code="BPI-E99", label="a" * 1_500_000, detail="b" * 1_500_000),
        replace(samples.MEASUREMENT, value=Decimal(10) ** 40),
        replace(samples.MEASUREMENT, value=Decimal(10) ** -41),
    ],
)
def test_what_no_package_takes_no_base_takes(base: Database, thing: Any) -> None:
    with (
        pytest.raises(UserError, match=r"ne peut pas être enregistré|trop long pour être enregistré"),
        base.unit("x") as unit,
    ):
        unit.put(thing)


@pytest.mark.parametrize("year", [1969, 2999, 9999])
def test_a_clock_that_no_package_may_bear_writes_nothing(base: Database, year: int) -> None:
    sound, base.clock = base.clock, lambda: datetime(year, 12, 31, 12, tzinfo=UTC)
    with pytest.raises(UserError, match=f"se croit en {year}"), base.unit("x") as unit:
        unit.put(replace(_ENGAGEMENT, label="Autre"))
    base.clock = sound
    package.read(packages.write(base)[0], "p")


@pytest.mark.parametrize("bound", [{"total": 2_000}, {"member": 2_000}, {"members": 2}])
def test_more_than_a_package_may_hold_is_said_by_who_prepares_it(
    base: Database, monkeypatch: pytest.MonkeyPatch, bound: dict[str, int]
) -> None:
    monkeypatch.setattr(archives, "PACKAGE", replace_limits(archives.PACKAGE, **bound))
    with pytest.raises(UserError, match="trop lourd pour un paquet"):
        packages.write(base)


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_in_no_form_is_refused_and_nothing_is_merged(base: Database, kind: str) -> None:
    members = HOSTILE[kind](unpacked(packages.write(base)[0]))
    with pytest.raises(UserError, match="n’est pas un paquet de qpvdesk") as refused:
        packages.merge(
            base,
            package.read(
                packed(members, sign=package.MANIFEST in members and kind[:10] != "a manifest"), "lot"
            ),
        )
    assert refused.value.remedy
    assert maintenance.check(base) == []


def test_a_name_draws_nothing_but_itself(base: Database) -> None:
    sender = {"uid": None, "nom": "Camille\x1b[2J\nEmpreinte acceptée\u202e\u200b"}
    brought = package.read(packed(with_manifest(expediteur=sender)(unpacked(packages.write(base)[0]))), "lot")
    assert brought.sender_label == "Camille [2J Empreinte acceptée"


def test_what_changed_on_the_way_is_told(base: Database) -> None:
    members = unpacked(packages.write(base)[0])
    members[package.OPERATIONS] = members[package.OPERATIONS].replace(b"Bus", b"Car")
    with pytest.raises(UserError, match="n’a plus son empreinte"):
        package.read(packed(members, sign=False), "lot")


@pytest.mark.parametrize("change", [{"format": 3}, {"schema": 999}])
def test_a_later_release_is_told(base: Database, change: dict[str, int]) -> None:
    members = with_manifest(**change)(unpacked(packages.write(base)[0]))
    with pytest.raises(UserError, match="plus récente"):
        package.read(packed(members), "lot")


def test_a_bomb_is_refused_before_it_is_unpacked(base: Database) -> None:
    members = unpacked(packages.write(base)[0]) | {"fichiers/" + "a" * 64: b"\0" * 60_000_000}
    with pytest.raises(UserError, match="n’est pas un paquet"):
        package.read(packed(members), "lot")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_byte_that_changes_is_refused_or_changes_nothing(content: bytes, data: st.DataObject) -> None:
    whole = package.read(content, "lot")
    changed = bytearray(content)
    place = data.draw(st.integers(0, len(content) - 1))
    changed[place] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.booleans())
    try:
        found = package.read(bytes(changed[:place] if cut else changed), "lot")
    except UserError:
        return
    assert found == whole


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_packed_in_another_way_is_refused_in_words(content: bytes, way: int) -> None:
    # Its own errors are none of those of a zip that is broken.
    changed = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = changed.index(mark) + place
        changed[at : at + 2] = way.to_bytes(2, "little")
    with pytest.raises(UserError, match="n’est pas un paquet de qpvdesk"):
        package.read(bytes(changed), "lot")
