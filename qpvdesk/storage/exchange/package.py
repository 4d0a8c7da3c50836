"""A package: operations of a journal in one file, on their way to another base.

A zip of `manifeste.json` (who made it, what it holds, the SHA-256 of every other member), `actes.jsonl` and
`operations.jsonl` (one JSON array a line), `fichiers/`, `textes/` and `arretes/` (what joined files and frozen data
hold, by fingerprint). It comes from elsewhere: whatever is not in that form, or not of its fingerprint, is refused
before anything is merged.
"""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qpvdesk.domain import file_names
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import files, journal, migrations, snapshots
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.journal import ALIVE, EXISTENCE, Cell
from qpvdesk.storage.schema import BY_KIND, DECIMAL, FILE_NAME

FORMAT = 1
MANIFEST, ACTS, OPERATIONS = "manifeste.json", "actes.jsonl", "operations.jsonl"
_FILES, _TEXTS, _FROZEN = "fichiers/", "textes/", "arretes/"

_MOST_MEMBERS = 20_000
_LARGEST = 400_000_000
"""Bytes of all members together, once unpacked: a crafted package is not to fill the memory."""
_MOST_TIMES = 200
"""How many times its packed size a member may be, beyond its first megabyte."""
_TRUST = 1_000_000
_KEY = re.compile(r"[0-9A-Za-z_.:-]{1,200}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
_HIGHEST = 2**62
_LABEL, _TEXT = 2_000, 5_000_000
"""Characters of a name or of what an act is called, and of any other text."""

_NOT_OURS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, OverflowError,
    ValueError, KeyError, IndexError, TypeError, AttributeError,
)  # fmt: skip
"""What reading raises where the bytes are in no form that we write."""

Vector = dict[str, int]
"""The last sequence known of each author, by uid."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who did acts. `lost`: how many of the operations no salvage could find."""

    uid: str
    label: str
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Act:
    """What was done; `author` is a uid, `reverses` the key of the act that it took back or did again."""

    key: str
    author: str
    label: str
    done_at: str
    mode: str
    reverses: str | None


@dataclass(frozen=True, slots=True)
class Operation:
    """One change of one cell; `author` and the author of `parent` are uids, `act` a key."""

    author: str
    seq: int
    hlc: int
    act: str
    kind: str
    key: str
    field: str
    value: Cell
    parent: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Package:
    """What a package holds, checked. `sender` is a uid, None for a base that nobody has written in."""

    sender: str | None
    sender_label: str
    made_at: datetime
    known: Vector
    """What the sender's base held when the package was made."""
    authors: tuple[Author, ...]
    acts: tuple[Act, ...]
    operations: tuple[Operation, ...]
    contents: Mapping[str, tuple[bytes, tuple[str, ...] | None]]
    """What joined files hold, and their text by page where they have one, by fingerprint."""
    frozen: Mapping[str, str]
    """What frozen data hold, by fingerprint."""


def vector(connection: sqlite3.Connection) -> Vector:
    """Return the last sequence of each author of a base."""
    return dict(
        connection.execute(
            "SELECT a.uid, max(o.seq) FROM operation o JOIN author a ON a.id = o.author GROUP BY a.id"
        )
    )


def write(
    connection: sqlite3.Connection, *, sender: str | None, label: str, now: datetime, beyond: Vector
) -> tuple[bytes, int]:
    """Return a package of what the base holds beyond what is known already, and its number of operations."""
    held = vector(connection)
    acts: list[str] = []
    operations: list[str] = []
    digests: set[str] = set()
    fingerprints: set[str] = set()
    seen: set[int] = set()
    rows = connection.execute(
        "SELECT a.uid, o.seq, o.hlc, t.id, t.key, o.kind, o.key, o.field, o.value, p.uid, o.parent_seq"
        " FROM operation o JOIN author a ON a.id = o.author JOIN act t ON t.id = o.act"
        " LEFT JOIN author p ON p.id = o.parent_author ORDER BY a.uid, o.seq"
    )
    for uid, seq, hlc, number, act, kind, key, name, value, parent, parent_seq in rows:
        if seq <= beyond.get(uid, 0):
            continue
        seen.add(number)
        operations.append(_line([uid, seq, hlc, act, kind, key, name, value, parent, parent_seq]))
        if value and (kind, name) == ("attachment", "digest"):
            digests.add(value)
        if value and (kind, name) == ("snapshot", "fingerprint"):
            fingerprints.add(value)
    for number, *act_row in connection.execute(
        "SELECT t.id, t.key, a.uid, t.label, t.done_at, t.mode, r.key FROM act t JOIN author a ON a.id = t.author"
        " LEFT JOIN act r ON r.id = t.reverses ORDER BY t.id"
    ):
        if number in seen:
            acts.append(_line(act_row))
    members: dict[str, bytes] = {ACTS: "".join(acts).encode(), OPERATIONS: "".join(operations).encode()}
    members |= dict(_contents(connection, digests, fingerprints))
    manifest = {
        "format": FORMAT,
        "schema": migrations.version(),
        "fait_le": now.isoformat(timespec="seconds"),
        "expediteur": {"uid": sender, "nom": label},
        "connus": held,
        "auteurs": [[author.uid, author.label, author.lost] for author in _authors(connection)],
        "empreintes": {name: files.digest_of(content) for name, content in members.items()},
    }
    return _packed({MANIFEST: json.dumps(manifest, ensure_ascii=False, indent=1).encode(), **members}), len(
        operations
    )


def read(content: bytes, name: str) -> Package:
    """Read a package and check all of it. Raises `UserError`."""
    try:
        return _Reader(content, name).package()
    except _NOT_OURS as error:
        raise _refused(name) from error


def _line(values: list[Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


def _authors(connection: sqlite3.Connection) -> Iterator[Author]:
    for uid, label, lost in connection.execute(
        "SELECT a.uid, a.label, coalesce(CAST(m.value AS INTEGER), 0) FROM author a"
        " LEFT JOIN meta m ON m.name = ? || a.uid ORDER BY a.id",
        (journal.LOST,),
    ):
        yield Author(uid, label, lost)


def _contents(
    connection: sqlite3.Connection, digests: set[str], fingerprints: set[str]
) -> Iterator[tuple[str, bytes]]:
    for digest in sorted(digests):
        row = connection.execute("SELECT content, text FROM file WHERE digest = ?", (digest,)).fetchone()
        # A file that was let go of is no longer anywhere; an altered one is told by the check of the base.
        if row is not None and files.is_whole(digest, row[0]):
            yield _FILES + digest, zlib.decompress(row[0])
            if row[1] is not None:
                yield f"{_TEXTS}{digest}.json", row[1].encode()
    for fingerprint in sorted(fingerprints):
        row = connection.execute(
            "SELECT content FROM frozen WHERE fingerprint = ?", (fingerprint,)
        ).fetchone()
        if row is not None and snapshots.is_whole(fingerprint, row[0]):
            yield f"{_FROZEN}{fingerprint}.json", zlib.decompress(row[0])


def _packed(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            # A date of its own would make two packages of the same operations differ.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


class _Reader:
    """Reads one package; what is not in its form raises `ValueError` or its like."""

    def __init__(self, content: bytes, name: str) -> None:
        self.name = name
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        self._check_sizes()
        self.manifest = json.loads(self.archive.read(MANIFEST))
        if self.manifest["format"] > FORMAT or self.manifest["schema"] > migrations.version():
            raise UserError(
                f"«\u202f{name}\u202f» vient d’une version plus récente de qpvdesk. Rien n’a été fusionné.",
                "Mettez qpvdesk à jour, puis recommencez.",
            )

    def _check_sizes(self) -> None:
        members = self.archive.infolist()
        if len(members) > _MOST_MEMBERS or sum(one.file_size for one in members) > _LARGEST:
            raise ValueError("too large")
        if len({one.filename for one in members}) != len(members):
            raise ValueError("a member is there twice")
        for one in members:
            if one.file_size > _TRUST + _MOST_TIMES * one.compress_size:
                raise ValueError(f"{one.filename}: too large for its packed size")
            if one.flag_bits & 1 or one.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise ValueError(f"{one.filename}: locked, or packed otherwise than we do")

    def package(self) -> Package:
        """Return the whole, checked."""
        members = {name: self._member(name) for name in self.manifest["empreintes"]}
        authors = tuple(
            Author(_key(uid), _text(label, _LABEL), _whole(lost, 0))
            for uid, label, lost in self.manifest["auteurs"]
        )
        uids = {one.uid for one in authors}
        acts = tuple(_act(line, uids) for line in _lines(members[ACTS]))
        keys = {one.key for one in acts}
        operations = tuple(_operation(line, uids, keys) for line in _lines(members[OPERATIONS]))
        if len({(one.author, one.seq) for one in operations}) != len(operations):
            raise ValueError("an operation is there twice")
        sender = self.manifest["expediteur"]
        return Package(
            None if sender["uid"] is None else _key(sender["uid"]),
            _text(sender["nom"], _LABEL),
            _moment(self.manifest["fait_le"]),
            {_key(uid): _whole(seq, 1) for uid, seq in self.manifest["connus"].items()},
            authors,
            acts,
            operations,
            dict(_joined(members)),
            dict(_frozen(members)),
        )

    def _member(self, name: str) -> bytes:
        content = self.archive.read(name)
        if files.digest_of(content) != self.manifest["empreintes"][name]:
            raise UserError(
                f"«\u202f{self.name}\u202f» a été abîmé en chemin\u202f: «\u202f{name}\u202f» n’a plus son empreinte."
                " Rien n’a été fusionné.",
                "Demandez à votre collègue de l’envoyer à nouveau.",
            )
        return content


def _lines(content: bytes) -> Iterator[list[Any]]:
    for line in content.decode().splitlines():
        yield json.loads(line)


def _joined(members: Mapping[str, bytes]) -> Iterator[tuple[str, tuple[bytes, tuple[str, ...] | None]]]:
    for name, content in members.items():
        if name.startswith(_FILES):
            digest = name.removeprefix(_FILES)
            if not _DIGEST.fullmatch(digest) or files.digest_of(content) != digest:
                raise ValueError(name)
            text = members.get(f"{_TEXTS}{digest}.json")
            yield digest, (content, None if text is None else tuple(_text(page) for page in json.loads(text)))


def _frozen(members: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for name, content in members.items():
        if name.startswith(_FROZEN):
            fingerprint, text = name.removeprefix(_FROZEN).removesuffix(".json"), content.decode()
            if not _DIGEST.fullmatch(fingerprint) or snapshots.fingerprint(text) != fingerprint:
                raise ValueError(name)
            yield fingerprint, text


def _act(line: list[Any], uids: set[str]) -> Act:
    key, author, label, done_at, mode, reverses = line
    if author not in uids or mode not in {"do", "undo", "redo"} or (mode == "do") is not (reverses is None):
        raise ValueError(f"act {key!r}")
    _moment(done_at)
    return Act(
        _key(key), author, _text(label, _LABEL), done_at, mode, None if reverses is None else _key(reverses)
    )


def _operation(line: list[Any], uids: set[str], acts: set[str]) -> Operation:
    author, seq, hlc, act, kind, key, name, value, parent, parent_seq = line
    if author not in uids or act not in acts or (parent is None) is not (parent_seq is None):
        raise ValueError(f"operation {author!r} {seq!r}")
    if parent is not None and parent not in uids:
        raise ValueError(f"parent {parent!r}")
    _check_cell(kind, name, value)
    return Operation(
        author,
        _whole(seq, 1),
        _whole(hlc, 0),
        act,
        kind,
        _key(key),
        name,
        value,
        None if parent is None else (parent, _whole(parent_seq, 1)),
    )


def _check_cell(kind: Any, name: Any, value: Any) -> None:
    """Raise `ValueError` or `KeyError` for a cell that no table can hold."""
    table = BY_KIND[kind]
    if name == EXISTENCE:
        if value not in (None, ALIVE):
            raise ValueError("existence")
        return
    field = table.by_name[name]
    if field is table.fields[0]:
        raise ValueError("a key is no cell")
    if value is None:
        if field.default is not None:
            raise ValueError(f"{kind} {name}: empty")
        return
    _text(value)
    # Decimal itself would take 1e999999999.
    if field.codec is DECIMAL and not _NUMBER.fullmatch(value):
        raise ValueError(f"{kind} {name}: {value[:40]}")
    if field.codec is FILE_NAME and value:
        _check_file_name(value)
    field.encode(field.read(value))


def _check_file_name(name: str) -> None:
    """Raise `UserError` for what would be written elsewhere than in the folder that the officer chooses."""
    try:
        file_names.check(name)
    except UserError as error:
        raise UserError(
            f"Ce paquet est refusé : {error.message} Rien n’a été fusionné.",
            "Ne l’acceptez que refait par votre collègue, après avoir vérifié avec lui d’où il vient.",
        ) from error


def _key(value: Any) -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise ValueError("key")
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    # The ends of the calendar cannot be told in another zone.
    if not 1970 <= moment.year <= 2999:
        raise ValueError("moment")
    return moment


def _text(value: Any, most: int = _TEXT) -> str:
    if not isinstance(value, str) or "\0" in value or len(value) > most:
        raise ValueError("text")
    value.encode()
    return value


def _whole(value: Any, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value < _HIGHEST:
        raise ValueError("number")
    return value


def _refused(name: str) -> UserError:
    return UserError(
        f"«\u202f{name}\u202f» n’est pas un paquet de qpvdesk, ou il a été abîmé. Rien n’a été fusionné.",
        "Demandez à votre collègue de le préparer et de l’envoyer à nouveau.",
    )
