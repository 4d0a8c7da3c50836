"""A package: operations of a journal in one file, on their way to another base.

A zip of `manifeste.json` (who made it, what it holds, the SHA-256 of every other member), `actes.jsonl` and
`operations.jsonl` (one JSON array a line), `fichiers/`, `textes/` and `arretes/` (what joined files and frozen data
hold, by fingerprint), and `signature.txt` (the sender's, of the manifest). It comes from elsewhere: whatever is not in
that form, or not of its fingerprint, is refused before anything is merged.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from qpvdesk import archives, durable
from qpvdesk.domain import file_names, lookalikes
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import Type
from qpvdesk.storage import clock, journal, migrations, snapshots
from qpvdesk.storage.authors import public_of
from qpvdesk.storage.codecs import DIGITS_MAX
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.identity import called
from qpvdesk.storage.journal import ALIVE, EXISTENCE, Cell
from qpvdesk.storage.tables import BY_KIND

FORMAT = 2
MANIFEST, ACTS, OPERATIONS, SIGNATURE = "manifeste.json", "actes.jsonl", "operations.jsonl", "signature.txt"
FILES, TEXTS, FROZEN = "fichiers/", "textes/", "arretes/"

_LINE_BYTES_MAX = 16_000_000
_OPERATIONS_MAX = 1_500_000
_HIGHEST = 2**62

Key = Annotated[str, Meta(pattern=r"\A[0-9A-Za-z_.:-]{1,200}\Z")]
Digest = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Label = Annotated[str, Meta(max_length=2_000)]
ActLabel = Annotated[str, Meta(max_length=5_000)]  # some were signed before their words were cut
Text = Annotated[str, Meta(max_length=5_000_000)]
Signature = Annotated[str, Meta(pattern=r"\A[0-9a-f]{128}\Z")]
SealingKey = Annotated[str, Meta(pattern=r"\Aage1[0-9a-z]{58}\Z")]
SequenceText = Annotated[str, Meta(pattern=r"\A[0-9]{1,18}\Z")]
Sequence = Annotated[int, Meta(ge=1, lt=_HIGHEST)]
Count = Annotated[int, Meta(ge=0, lt=_HIGHEST)]
Number = Annotated[str, Meta(pattern=rf"\A-?[0-9]{{1,{DIGITS_MAX}}}(\.[0-9]{{1,{DIGITS_MAX}}})?\Z")]
# Decimal itself would take 1e999999999, and int what no memory holds.
_FORMS = {Type.INTEGER: Annotated[str, Meta(pattern=r"\A-?[0-9]{1,19}\Z")], Type.NUMBER: Number}

_NOT_OURS = (
    msgspec.MsgspecError, zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError,
    RuntimeError, OverflowError, ValueError, KeyError, IndexError, TypeError, AttributeError,
)  # fmt: skip
"""What reading raises where the bytes are in no form that we write."""

_T = TypeVar("_T")

Vector = dict[Key, Sequence]
"""The last sequence known of each author, by uid."""
ActName = tuple[str, str]
"""The uid of its author and its key: nobody keeps an act of another's out by writing under its key."""


class Author(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Who did acts. `lost`: how many of the operations no salvage could find, 1 where it could find no signature alone."""

    uid: Key
    label: Label
    lost: Count = 0


class PackagedAct(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What was done; `author` is a uid, `reverses` the key of the act that it took back or did again.

    The rest is its place in its author's chain (see `chain`), absent where there is none: the sequence of its first
    operation, the digest of the act before, the signature, the digests of what was erased by sequence and name of cell.
    """

    key: Key
    author: Key
    label: ActLabel
    done_at: str
    mode: str
    reverses: Key | None
    first: Count = 0
    previous: Digest | None = None
    signature: Signature | None = None
    withheld: dict[SequenceText, dict[Key, Digest]] = {}

    @property
    def name(self) -> ActName:
        """What it is known by."""
        return self.author, self.key


class Operation(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One change of one cell; `author` and `parent` are uids, `act` a key.

    `parent` and `parent_seq` are the operation whose value this one replaces, None where there was none.
    """

    author: Key
    seq: Sequence
    hlc: Count
    act: Key
    kind: str
    key: Key
    field: str
    value: Text | None
    parent: Key | None
    parent_seq: Sequence | None

    @property
    def act_name(self) -> ActName:
        """What its act is known by."""
        return self.author, self.act

    def columns(self, numbers: Mapping[str, int]) -> tuple[str, str, str, Cell, int | None, int | None]:
        """What the journal writes of it but for its place: cell, value, what it replaces. `numbers`: of authors, by uid."""
        parent = None if self.parent is None else numbers[self.parent]
        return self.kind, self.key, self.field, self.value, parent, self.parent_seq


class Package(Struct, frozen=True):
    """What a package holds, checked. `sender`: a uid, None where nobody wrote; `sealing`: what seals one for them."""

    sender: Key | None
    sender_label: Label
    public: Digest | None
    """The sender's public key; None for a package of before keys were."""
    signature: bytes  # of `signed`, by the sender
    signed: bytes
    schema: int
    made_at: datetime
    known: Vector
    """What the sender's base held when the package was made."""
    tails: dict[Key, tuple[Sequence, Digest]]
    """The last sequence of each chain it held then, and the digest of that act."""
    authors: tuple[Author, ...]
    acts: tuple[PackagedAct, ...]
    operations: tuple[Operation, ...]
    contents: dict[Digest, tuple[bytes, tuple[Text, ...] | None]]
    """What joined files hold, and their text by page where they have one, by fingerprint."""
    frozen: dict[Digest, str]
    """What frozen data hold, by fingerprint."""
    sealing: SealingKey | None = None


class _Sender(Struct, frozen=True):
    uid: Key | None
    nom: Label


class _Release(Struct, frozen=True):
    format: int  # what of a manifest no release changes
    schema: int


class _Manifest(Struct, frozen=True):
    fait_le: str
    expediteur: _Sender
    connus: Vector
    auteurs: tuple[Author, ...]
    empreintes: dict[str, Digest]
    cle: Digest | None = None
    suites: dict[Key, tuple[Sequence, Digest]] = {}
    scellement: SealingKey | None = None


def signed_message(manifest: bytes) -> bytes:
    """Return what the sender signs, which nothing else that is signed can be mistaken for."""
    return b"qpvdesk paquet 2\n" + bytes.fromhex(durable.sha256(manifest))


def vector(connection: sqlite3.Connection) -> Vector:
    """Return the last sequence of each author of a base."""
    last = "SELECT a.uid, max(o.seq) FROM operation o JOIN author a ON a.id = o.author GROUP BY a.id"
    return dict(connection.execute(last))


def read(content: bytes, name: str) -> Package:
    """Read a package and check all of it. Raises `UserError`."""
    try:
        with archives.opened(io.BytesIO(content), archives.PACKAGE) as archive:
            return _Reader(archive, name).package()
    except _NOT_OURS as error:
        raise refusal(name) from error


class _Reader:
    """Reads one package; what is not in its form raises `ValueError` or its like."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive, self._name = archive, name
        self._signed = manifest = archive.read(MANIFEST)
        self._release = release = msgspec.json.decode(manifest, type=_Release)
        if release.format > FORMAT or release.schema > migrations.version():
            raise UserError(
                f"«\u202f{name}\u202f» vient d’une version plus récente de qpvdesk. Rien n’a été fusionné.",
                "Mettez qpvdesk à jour, puis recommencez.",
            )
        self._manifest = msgspec.json.decode(manifest, type=_Manifest)
        if (release.format > 1) is (self._manifest.cle is None):
            raise ValueError("a package is signed from its second form on")
        # A name that stands in a thousand operations is in memory once.
        self._names: dict[str, str] = {}

    def package(self) -> Package:
        """Return the whole, checked."""
        manifest = self._manifest
        self._check_fingerprints()
        authors = {author.uid for author in manifest.auteurs}
        acts = tuple(_checked_act(act, authors) for act in self._lines(ACTS, PackagedAct))
        if len(authors) < len(manifest.auteurs) or len({act.name for act in acts}) < len(acts):
            # The one that is checked would not be the one that is kept.
            raise ValueError("an author or an act is there twice")
        return Package(
            manifest.expediteur.uid,
            _called(manifest.expediteur.nom, manifest.cle),
            manifest.cle,
            self._signature(),
            signed_message(self._signed),
            self._release.schema,
            _moment(manifest.fait_le),
            manifest.connus,
            manifest.suites,
            tuple(
                Author(author.uid, _called(author.label, public_of(author.uid)), author.lost)
                for author in manifest.auteurs
            ),
            acts,
            self._operations(authors, {act.key for act in acts}),
            dict(self._joined()),
            dict(self._frozen()),
            manifest.scellement,
        )

    def _signature(self) -> bytes:
        signed = self._archive.read(SIGNATURE).decode() if self._manifest.cle is not None else None
        return b"" if signed is None else bytes.fromhex(msgspec.convert(signed, Signature))

    def _check_fingerprints(self) -> None:
        for name, expected in self._manifest.empreintes.items():
            with self._archive.open(name) as member:
                digest = hashlib.file_digest(member, "sha256")  # type: ignore[arg-type]
            if digest.hexdigest() != expected:
                raise UserError(
                    f"«\u202f{self._name}\u202f» a été abîmé en chemin\u202f: «\u202f{name}\u202f» n’a plus son"
                    " empreinte. Rien n’a été fusionné.",
                    "Demandez à votre collègue de l’envoyer à nouveau.",
                )

    def _lines(self, name: str, shape: type[_T]) -> Iterator[_T]:
        """Yield what each line holds; the whole is never in memory."""
        if name not in self._manifest.empreintes:
            raise ValueError(f"{name} has no fingerprint")
        decoder = msgspec.json.Decoder(shape)
        with self._archive.open(name) as member:
            while line := member.readline(_LINE_BYTES_MAX):
                yield decoder.decode(line)

    def _operations(self, authors: set[str], acts: set[str]) -> tuple[Operation, ...]:
        kept: list[Operation] = []
        seqs: dict[str, set[int]] = {author: set() for author in authors}
        for operation in self._lines(OPERATIONS, Operation):
            _check_operation(operation, authors, acts)
            if operation.seq in seqs[operation.author]:
                raise ValueError("an operation is there twice")
            if len(kept) == _OPERATIONS_MAX:
                raise ValueError("too many operations")
            seqs[operation.author].add(operation.seq)
            kept.append(self._shared(operation))
        return tuple(kept)

    def _shared(self, operation: Operation) -> Operation:
        once, parent = self._names.setdefault, operation.parent
        return replace(
            operation,
            author=once(operation.author, operation.author),
            act=once(operation.act, operation.act),
            kind=once(operation.kind, operation.kind),
            key=once(operation.key, operation.key),
            field=once(operation.field, operation.field),
            parent=None if parent is None else once(parent, parent),
        )

    def _joined(self) -> Iterator[tuple[str, tuple[bytes, tuple[str, ...] | None]]]:
        for name in (name for name in self._manifest.empreintes if name.startswith(FILES)):
            digest, content = name.removeprefix(FILES), self._archive.read(name)
            if durable.sha256(content) != digest:
                raise ValueError(name)
            text, pages = f"{TEXTS}{digest}.json", None
            if text in self._manifest.empreintes:
                read = msgspec.json.decode(self._archive.read(text), type=tuple[Text, ...])
                pages = tuple(map(_written, read))
            yield digest, (content, pages)

    def _frozen(self) -> Iterator[tuple[str, str]]:
        for name in (name for name in self._manifest.empreintes if name.startswith(FROZEN)):
            fingerprint = name.removeprefix(FROZEN).removesuffix(".json")
            text = self._archive.read(name).decode()
            if snapshots.fingerprint(text) != fingerprint:
                raise ValueError(name)
            yield fingerprint, text


def _checked_act(act: PackagedAct, authors: set[str]) -> PackagedAct:
    is_known = act.author in authors and act.mode in {"do", "undo", "redo"}
    if not is_known or (act.mode == "do") is not (act.reverses is None):
        raise ValueError(f"act {act.key}")
    if _moment(act.done_at).isoformat(timespec="seconds") != act.done_at:
        raise ValueError(f"moment of {act.key}")
    if (act.first > 0) is (act.signature is None) or "\0" in act.label:
        raise ValueError(f"chain of {act.key}")
    return act


def _check_operation(operation: Operation, authors: set[str], acts: set[str]) -> None:
    """Raise `ValueError` or `KeyError` for an operation of nobody, of no act, or on a cell that no table can hold."""
    parent, parent_seq = operation.parent, operation.parent_seq
    if operation.author not in authors or operation.act not in acts:
        raise ValueError(f"operation {operation.author} {operation.seq}")
    lonely = (parent is None) is not (parent_seq is None) or (parent is not None and parent not in authors)
    if lonely or operation.hlc > clock.LATEST + clock.COUNTED_MAX:
        raise ValueError(f"parent {parent}, clock {operation.hlc}")
    if operation.kind == journal.VEILED:
        msgspec.convert(operation.value, Digest)
        if (operation.key, operation.field) != journal.veiled_place(operation.author, operation.seq):
            raise ValueError(f"veiled {operation.key}")
    else:
        _check_cell(operation.kind, operation.field, operation.value)


def _check_cell(kind: str, name: str, value: Cell) -> None:
    table = BY_KIND[kind]
    if name == EXISTENCE:
        existence, *cells = journal.unfolded(name, value)
        if existence[1] not in (None, ALIVE):
            raise ValueError("existence")
        for part, cell in cells:
            if part == EXISTENCE:
                raise ValueError("existence twice")
            _check_cell(kind, part, cell)
        return
    field = table.by_name[name]
    if field is table.fields[0]:
        raise ValueError("a key is no cell")
    if value is None:
        if field.default is not None:
            raise ValueError(f"{kind} {name}: empty")
        return
    _written(value)
    if field.declared.type in _FORMS:
        msgspec.convert(value, _FORMS[field.declared.type])
    if field.declared.type is Type.FILE_NAME and value:
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


def _moment(value: str) -> datetime:
    # The ends of the calendar cannot be told in another zone.
    if not 1970 <= (moment := datetime.fromisoformat(value)).year <= 2999:
        raise ValueError("moment")
    return moment


def _written(text: str) -> str:
    if "\0" in text:
        raise ValueError("text")
    return text


def _called(name: str, public: str | None) -> str:
    return called(lookalikes.seen(_written(name)), public)


def refusal(name: str) -> UserError:
    return UserError(
        f"«\u202f{name}\u202f» n’est pas un paquet de qpvdesk, ou il a été abîmé. Rien n’a été fusionné.",
        "Demandez à votre collègue de le préparer et de l’envoyer à nouveau.",
    )
