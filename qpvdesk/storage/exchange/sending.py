"""Writing a package (see `package`): what a base holds beyond what a colleague knows already."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
import zlib
from collections.abc import Container, Iterator, Mapping, Set
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from qpvdesk import archives, durable
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import chain, files, journal, migrations, snapshots
from qpvdesk.storage.authors import bare_name, public_of
from qpvdesk.storage.blobs import AlteredError
from qpvdesk.storage.care.purging import ERASED
from qpvdesk.storage.chain import Sign
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange import veils
from qpvdesk.storage.exchange.erasures import VEILED_WORDS, carried_label
from qpvdesk.storage.exchange.package import (
    ACTS,
    FILES,
    FORMAT,
    FROZEN,
    MANIFEST,
    OPERATIONS,
    SIGNATURE,
    TEXTS,
    Author,
    Vector,
    signed_message,
    vector,
)  # fmt: skip

_encode = msgspec.json.Encoder().encode


class Sender(Struct, frozen=True):
    """Who makes a package: their author here (None: they never wrote), name, public key, signature."""

    uid: str | None
    label: str
    public: str
    sign: Sign
    sealing: str
    """What seals a package for them; empty: they have nothing that would open it."""


def write(
    connection: sqlite3.Connection,
    *,
    sender: Sender,
    now: datetime,
    beyond: Vector,
    contract: str | None = None,
) -> tuple[bytes, int]:
    """Return a package of what the base holds beyond what is known already, and how many changes it bears: the
    operations beyond, and those of which a text was erased, which keep their number. `contract`: the key of the one that
    it is of; what is of another is veiled.
    """
    scope = veils.SentScope(connection, contract)
    new = 0
    operations: list[bytes] = []
    digests: set[str] = set()
    fingerprints: set[str] = set()
    seen: set[int] = set()
    open_acts: set[int] = set()
    rows = connection.execute(
        "SELECT a.uid, o.seq, o.hlc, t.id, t.key, o.kind, o.key, o.field, o.value, p.uid, o.parent_seq"
        " FROM operation o JOIN author a ON a.id = o.author JOIN act t ON t.id = o.act"
        " LEFT JOIN author p ON p.id = o.parent_author ORDER BY a.uid, o.seq"
    )
    for row in rows:
        sent = row if row[1] > beyond.get(row[0], 0) or ERASED in (row[8] or "") else None
        # What was erased since goes along: it has not changed its number.
        sent = sent and scope.narrow(sent)
        if sent is None:
            continue
        uid, seq, hlc, number, act, kind, key, name, value, parent, parent_seq = sent
        new += kind != journal.VEILED
        seen.add(number)
        if kind != journal.VEILED:
            open_acts.add(number)
        operations.append(_line([uid, seq, hlc, act, kind, key, name, value, parent, parent_seq]))
        if value and kind == "attachment" and (digest := journal.cell_of(name, value, "digest")):
            digests.add(digest)
        if value and kind == "snapshot" and (digest := journal.cell_of(name, value, "fingerprint")):
            fingerprints.add(digest)
    acts, others = _acts(connection, seen, scope.veiled, open_acts)
    new += others
    members: dict[str, bytes] = {ACTS: b"".join(acts), OPERATIONS: b"".join(operations)}
    members |= dict(_contents(connection, digests, fingerprints))
    manifest = {
        "format": FORMAT,
        "schema": migrations.version(),
        "fait_le": now.isoformat(timespec="seconds"),
        "expediteur": {"uid": sender.uid, "nom": bare_name(sender.label)},
        "cle": sender.public,
        "scellement": sender.sealing or None,
        "connus": _known(connection),
        "suites": _tails(connection),
        "auteurs": [[author.uid, author.label, author.lost] for author in _authors(connection)],
        "empreintes": {name: durable.sha256(content) for name, content in members.items()},
    }
    head = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    signature = sender.sign(signed_message(head)).hex().encode()
    return _packed({MANIFEST: head, SIGNATURE: signature, **members}), new


def _acts(
    connection: sqlite3.Connection,
    sent: Container[int],
    veiled: Set[tuple[int, int]],
    open_acts: Container[int],
) -> tuple[list[bytes], int]:
    """Return the lines of the acts that are sent and of those whose words were erased since, and how many of these.

    `sent`: numbers of acts; `veiled`: number of act and sequence of what goes along as a digest, erased or not;
    `open_acts`: of those sent, the ones of which something goes along as it is. The words of the others are veiled.
    """
    closed = {number for number, _ in veiled if number not in open_acts}
    erased = {act for (act,) in connection.execute("SELECT DISTINCT act FROM withheld")}
    lines, others = [], 0
    for number, *act_row, first, previous, signature in connection.execute(
        "SELECT t.id, t.key, a.uid, t.label, t.done_at, t.mode, r.key, coalesce(c.first, 0), c.previous, c.signature"
        " FROM act t JOIN author a ON a.id = t.author LEFT JOIN act r ON r.id = t.reverses"
        " LEFT JOIN chain c ON c.act = t.id ORDER BY t.id"
    ):
        if number in sent or (ERASED in act_row[2] and act_row[2] != VEILED_WORDS):
            others += number not in sent
            proof = [None if part is None else bytes(part).hex() for part in (previous, signature)]
            withheld = chain.withheld(connection, number) if number in erased else {}
            told = {
                seq: {name: digest.hex() for name, digest in some.items()}
                for seq, some in withheld.items()
                if (number, seq) not in veiled
            }
            words = carried_label(act_row[2])
            # What nobody signed has nothing that would prove the words once they come.
            if number in closed and signature is not None and not journal.is_programme(act_row[1]):
                words = VEILED_WORDS
            if words != act_row[2] and signature is not None:
                told.setdefault(chain.LABEL, {chain.LABEL_CELL: chain.label_digest(act_row[2]).hex()})
            act_row[2] = words
            lines.append(_line([*act_row, first, *proof, told]))
    return lines, others


def _known(connection: sqlite3.Connection) -> Vector:
    """Return up to where all is known of each author: what is veiled is to be sent again."""
    first = veils.first_veiled(connection)
    known = {uid: min(seq, first.get(uid, seq + 1) - 1) for uid, seq in vector(connection).items()}
    return {uid: seq for uid, seq in known.items() if seq}


def _tails(connection: sqlite3.Connection) -> dict[str, tuple[int, str]]:
    rows = connection.execute(
        "SELECT a.uid, c.digest, max(c.last) FROM chain c JOIN author a ON a.id = c.author GROUP BY a.id"
    )
    return {uid: (last, bytes(digest).hex()) for uid, digest, last in rows}


def _line(values: list[Any]) -> bytes:
    return _encode(values) + b"\n"


def _authors(connection: sqlite3.Connection) -> Iterator[Author]:
    for uid, label, lost, unproven in connection.execute(
        "SELECT a.uid, a.label, coalesce(CAST(m.value AS INTEGER), 0),"
        " EXISTS (SELECT 1 FROM act t WHERE t.author = a.id AND t.id NOT IN (SELECT act FROM chain))"
        " FROM author a LEFT JOIN meta m ON m.name = ? || a.uid ORDER BY a.id",
        (journal.LOST,),
    ):
        # A repair may find every operation and not every signature: the officer who receives them is asked all the same.
        yield Author(uid, bare_name(label), max(lost, 1) if unproven and public_of(uid) is not None else lost)


def _contents(
    connection: sqlite3.Connection, digests: set[str], fingerprints: set[str]
) -> Iterator[tuple[str, bytes]]:
    # A file that was let go of is no longer anywhere; an altered one is told by the check of the base.
    for digest in sorted(digests):
        with contextlib.suppress(AlteredError):
            content = files.STORE.find(connection, digest)
            if content is not None:
                yield FILES + digest, content
                (text,) = connection.execute("SELECT text FROM file WHERE digest = ?", (digest,)).fetchone()
                if text is not None:
                    yield f"{TEXTS}{digest}.json", text.encode()
    for fingerprint in sorted(fingerprints):
        with contextlib.suppress(AlteredError):
            frozen = snapshots.STORE.find(connection, fingerprint)
            if frozen is not None:
                yield f"{FROZEN}{fingerprint}.json", frozen


def _packed(members: Mapping[str, bytes]) -> bytes:
    """Pack members. Raises `UserError` where nobody could read them: where they are too many, or too large."""
    bound, sizes = archives.PACKAGE, [len(content) for content in members.values()]
    if len(sizes) > bound.members or max(sizes) > bound.member or sum(sizes) > bound.total:
        raise UserError(
            "Ce que contient cette base est trop lourd pour un paquet (plus de 400 Mo de pièces jointes, 20 000 fichiers, ou"
            " un journal de plus de 300 Mo). Rien n’a été préparé.",
            "Remettez à votre collègue une copie de la base (une sauvegarde)\u202f: les paquets suivants ne porteront que"
            " le nouveau.",
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            # A date of its own would make two packages of the same operations differ.
            archive.writestr(zipfile.ZipInfo(name), content, _way(content))
    return out.getvalue()


def _way(content: bytes) -> int:
    """How a member is packed: as it is where packing it would swell like a bomb (the scan of a blank page)."""
    # The quickest way to pack leaves up to twice as much.
    bomb = len(content) > archives.SMALL and 2 * len(content) > archives.PACKAGE.ratio * len(
        zlib.compress(content, 1)
    )
    return zipfile.ZIP_STORED if bomb else zipfile.ZIP_DEFLATED
