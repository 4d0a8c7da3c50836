"""Whose acts these are: the key pair of an officer, kept in their own folder, never in a base.

The public key is the author; the private one signs. What is known of colleagues and how far the own chain in each base
had come stand beside it, so that a forged package and an older copy of a base are seen whatever the base itself says.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from qpvdesk import durable, paths
from qpvdesk.domain.errors import UserError
from qpvdesk.storage.care import sealing

_KEY, _COLLEAGUES, _CHAINS, _SHARES = "cle.json", "collegues.json", "suites", "partages.json"
_SEALING, _TRIED = "scellement.json", "essai"
_GROUPS, _DIGITS = 5, 5
NOBODY = "ce poste"
"""The name of whoever has not said theirs, in their own base."""
_UNNAMED = "collègue sans nom"
_GLANCE = len("12345 12345")
"""Of a fingerprint, what tells one key from another at a glance."""
_BASE_ID = re.compile(r"[0-9a-f]{32}")
_HALF_KEY = re.compile(r"[0-9a-f]{64}")
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class _Pair(Struct, frozen=True):
    """The key that signs (Ed25519, 32 bytes each, in hexadecimal), or the one that seals (as age writes them)."""

    public: str
    private: str


class Colleague(Struct, frozen=True):
    """Who was accepted once: the name, or function, that their acts stood under then, and the day."""

    name: str
    accepted_on: str
    follows: str | None = None
    """The public key that the same name signed with before: lost, or of another laptop."""
    sealing: str = ""
    """What seals a package for them, which they announced under their signature; empty: not known yet."""


_Count = Annotated[int, Meta(ge=0, lt=2**62)]


class Tail(Struct, frozen=True):
    """How far a chain had come: its last sequence, the digest of its last act, how many acts."""

    seq: _Count
    digest: str
    acts: _Count


class Chains(Struct):
    """What the officer wrote in one base. `uid`: the author of their acts; `former`: those of before keys were.

    `tails`: the end of each own chain, by author; `sent`: the last sequence of each author that a package bore.
    """

    uid: str | None = None
    former: list[str] = []
    tails: dict[str, Tail] = {}
    sent: dict[str, _Count] = {}


class Identity:
    """The officer's key, their colleagues' and the ends of their chains, in one folder. Nothing is read before need."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: where it is kept; None: in the officer's own folder."""
        self._folder = folder
        self._pair: _Pair | None = None
        self._aside: Path | None = None
        """Where a key that read as none is put aside."""
        self._unkept: dict[str, Chains] = {}
        """What could not be written, by base: of use to this session alone."""

    @property
    def folder(self) -> Path:
        """Where the key is."""
        return self._folder or paths.user_folder() / "identite"

    @property
    def public(self) -> str:
        """The public key, 64 hexadecimal digits; the pair is made at first use."""
        return self._keys().public

    @property
    def known(self) -> str | None:
        """The public key where there is one already, and it can be read."""
        with contextlib.suppress(sealing.SealedError):
            return self.public if self._pair is not None or self.place.exists() else None
        return None

    @property
    def place(self) -> Path:
        """The file of the key that signs."""
        return self.folder / _KEY

    def sign(self, message: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric import (  # noqa: PLC0415 - 42 ms, the first act alone needs it
            ed25519,
        )

        private_key = ed25519.Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self._keys().private))
        if private_key.public_key().public_bytes_raw().hex() != self._keys().public:
            # Nothing would prove what it signs; where it cannot be moved, another signs for this session.
            try:
                self._put_aside()
            except OSError:
                self._pair = self._new(kept=False)
            spoilt = "Votre clé de signature est abîmée\u202f: rien n’a été enregistré."
            raise UserError(spoilt, "Recommencez\u202f: une nouvelle signera vos actes.")
        return private_key.sign(message)

    def _put_aside(self) -> None:
        aside = self.place.with_name(f"{self.place.stem}.illisible-{new_branch()}{self.place.suffix}")
        durable.place(self.place, aside)
        self._pair, self._aside = None, aside

    def fault(self) -> str:
        """Say what keeps the key, or what is noted beside it, from being kept, and the way out; empty where nothing does.

        A key that reads as none is put aside, for a new one that is kept. Raises `SealedError`.
        """
        self.settle()
        folder, sentence = self.folder, ""
        try:
            if self.place.exists():
                self.place.read_bytes()
                self._keys()
            if folder.exists():
                # A disk that is full takes a name, and no content.
                durable.write(folder / _TRIED, bytes(4096), private=True, flushed=False)
                (folder / _TRIED).unlink(missing_ok=True)
        except OSError as error:
            sentence = (
                f"Le dossier de votre clé de signature, «\u202f{folder}\u202f», ne peut pas être lu ou écrit\u202f:"
                f" {durable.reason(error)}. Ce que vous faites sera d’un autre auteur à la prochaine ouverture, et ne"
                f" pourra plus être annulé. {durable.remedy(error)} Puis rouvrez la base."
            )
        if self._aside is not None:
            sentence = (
                f"Votre clé de signature ne se lisait plus\u202f: elle est mise de côté («\u202f{self._aside}\u202f»), une"
                " nouvelle signe vos actes. Si vous avez une copie de l’ancienne, remettez-la à sa place\u202f; sinon vos"
                " collègues compareront une fois la nouvelle avec vous, par téléphone."
            )
        return sentence

    def _keys(self) -> _Pair:
        if self._pair is None:
            self._pair = self._kept_pair() or self._new()
        return self._pair

    def settle(self) -> tuple[Path, ...]:
        """Of a portable program, have the keys lie as the officer's own base does: under its passphrase, or in clear.

        Return those that lie in clear beside a base that does not; the next opening tries again.
        """
        base = paths.user_base()
        portable = self._folder is None and paths.portable_folder() is not None
        if not portable or not base.exists() or sealing.is_locked(base):
            return ()
        key, left = sealing.key_of(base, sealing.header_of(base)), list[Path]()
        for path in (self.place, self.folder / _SEALING):
            # What is under another passphrase, or cannot be read or written, stays as it is.
            try:
                if sealing.header_in(path.read_bytes()) == (b"" if key is None else key.header):
                    continue
                content = _shown(path)
                hidden = content if key is None else key.header + sealing.token(content, key)
                durable.write(path, hidden, private=True)
            except (FileNotFoundError, sealing.SealedError, msgspec.MsgspecError):
                continue
            except OSError:
                left += [path] if key is not None else []
        return tuple(left)

    def _kept_pair(self) -> _Pair | None:
        """Return the pair that signs; None where what is there reads as none."""
        pair = _read_pair(self.place)
        return pair if pair and all(map(_HALF_KEY.fullmatch, (pair.public, pair.private))) else None

    def _new(self, *, kept: bool = True) -> _Pair:
        from cryptography.hazmat.primitives.asymmetric import (  # noqa: PLC0415 - 42 ms, the first act alone needs it
            ed25519,
        )

        private_key = ed25519.Ed25519PrivateKey.generate()
        pair = _Pair(private_key.public_key().public_bytes_raw().hex(), private_key.private_bytes_raw().hex())
        path = self.place
        try:
            if kept and path.exists():
                # It may have been held by another program for a moment.
                path.read_bytes()
                if found := self._kept_pair():
                    return found
                self._put_aside()
            if kept:
                durable.write(path, msgspec.json.encode(pair), private=True)
                self.settle()
        except OSError as error:
            # The acts of this session are signed all the same; those of the next will be another author's.
            _log.warning("the signing key cannot be kept: %s", error)
        return pair

    @property
    def sealing(self) -> str:
        """What seals a package for this officer (age's X25519); empty where its secret cannot be kept."""
        pair = self._sealing_pair()
        return pair.public if pair else ""

    @property
    def unsealing(self) -> str:
        """The secret that opens what is sealed for this officer; empty where there is none."""
        pair = _read_pair(self.folder / _SEALING)
        return pair.private if pair else ""

    def _sealing_pair(self) -> _Pair | None:
        path = self.folder / _SEALING
        if (pair := _read_pair(path)) is not None:
            return pair
        from pyrage import x25519  # noqa: PLC0415 - 31 ms, the first package alone needs it

        sealing_identity = x25519.Identity.generate()
        pair = _Pair(str(sealing_identity.to_public()), str(sealing_identity))
        try:
            if path.exists():
                raise OSError("it cannot be read, and is left as it is")
            durable.write(path, msgspec.json.encode(pair), private=True)
            self.settle()
        except OSError as error:
            _log.warning("the sealing key cannot be kept: %s", error)
            return None
        return pair

    def colleagues(self) -> dict[str, Colleague]:
        """Return who was accepted, by public key."""
        kept = _read(self.folder / _COLLEAGUES, dict[str, Colleague]) or {}
        return {
            public: replace(colleague, name=called(colleague.name, public))
            for public, colleague in kept.items()
        }

    def accept(self, names: dict[str, str], day: str) -> None:
        """Keep whose packages are taken from now on: public key → name. Raises `OSError`."""
        kept = self.colleagues()
        for public, name in names.items():
            before = [
                key
                for key, known in kept.items()
                if key != public and known.name.casefold() == name.casefold()
            ]
            sealing = kept[public].sealing if public in kept else ""
            kept[public] = Colleague(name, day, before[-1] if before else None, sealing)
        durable.write(self.folder / _COLLEAGUES, msgspec.json.encode(kept), private=True)

    def refuse(self, public: str) -> None:
        """Take back that a colleague's key is known, as where it was lost or stolen. Raises `OSError`."""
        kept = self.colleagues()
        kept.pop(public, None)
        durable.write(self.folder / _COLLEAGUES, msgspec.json.encode(kept), private=True)

    def note_sealing(self, public: str, sealing: str) -> None:
        """Keep what seals a package for a colleague who was accepted, as they announced it. Raises `OSError`."""
        kept = self.colleagues()
        if public in kept and kept[public].sealing != sealing:
            kept[public] = replace(kept[public], sealing=sealing)
            durable.write(self.folder / _COLLEAGUES, msgspec.json.encode(kept), private=True)

    def seen(self, place: str) -> str:
        """Return what was noted of a file of a shared folder; empty where nothing was."""
        return (_read(self.folder / _SHARES, dict[str, str]) or {}).get(place, "")

    def note_seen(self, place: str, mark: str) -> None:
        """Note that what a file of a shared folder holds, by that mark, is known. Raises `OSError`."""
        kept = (_read(self.folder / _SHARES, dict[str, str]) or {}) | {place: mark}
        durable.write(self.folder / _SHARES, msgspec.json.encode(kept), private=True, flushed=False)

    # Own chains

    def chains(self, base: str) -> Chains:
        """Return what the officer wrote in the base of that identifier."""
        path = self._chains_of(base)
        return self._unkept.get(base) or _read(path, Chains) or Chains()

    def remember(self, base: str, chains: Chains) -> None:
        """Keep what the officer wrote in a base; for this session alone where the folder cannot be written. No other file
        is replaced.
        """
        path = self._chains_of(base)
        found = _read(path, object)
        if found is not None and not (isinstance(found, dict) and "tails" in found):
            _log.warning(
                "the ends of the chains of %s are not kept: a file of another kind bears its name", base
            )
            return
        self._unkept[base] = chains
        with contextlib.suppress(OSError):
            durable.write(path, msgspec.json.encode(chains), private=True, flushed=False)
            del self._unkept[base]

    def _chains_of(self, base: str) -> Path:
        # It comes from a base, which may come from anywhere: nothing else may be part of a path.
        if not is_base_id(base):
            raise ValueError("no identifier of a base")
        return self.folder / _CHAINS / f"{base}.json"


def is_base_id(value: object) -> bool:
    """Tell whether that is the identifier of a base in the one form that we give it."""
    return isinstance(value, str) and _BASE_ID.fullmatch(value) is not None


def verify_signature(public: str, signature: bytes, message: bytes) -> bool:
    """Tell whether the owner of a key signed a message."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - 42 ms, a package alone needs it
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - the same 42 ms

    try:
        ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_fingerprint(public: str) -> str:
    """Return five groups of five digits, to be compared by telephone."""
    number = int(durable.sha256(bytes.fromhex(public)), 16) % 10 ** (_GROUPS * _DIGITS)
    digits = f"{number:0{_GROUPS * _DIGITS}d}"
    return " ".join(digits[at : at + _DIGITS] for at in range(0, len(digits), _DIGITS))


def called(name: str, public: str | None) -> str:
    """Return how everybody but its owner calls a name: who said none, by the beginning of the fingerprint of their key."""
    if not is_unnamed(name):
        return name
    return _UNNAMED if public is None else f"{_UNNAMED} ({key_fingerprint(public)[:_GLANCE]}…)"


def is_unnamed(name: str) -> bool:
    """Tell whether that is what somebody is called who said no name."""
    return name == NOBODY or name.startswith(_UNNAMED)


def new_branch() -> str:
    """Return what tells one chain of an author from their others: another base, a copy that went its own way."""
    return os.urandom(8).hex()


def _read(path: Path, shape: type[_T]) -> _T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=shape)
    except (OSError, msgspec.MsgspecError):
        return None


def _read_pair(path: Path) -> _Pair | None:
    """Return a pair of keys; None where it reads as none. Raises `SealedError`."""
    try:
        return msgspec.json.decode(_shown(path), type=_Pair)
    except (OSError, msgspec.MsgspecError):
        return None


def _shown(path: Path) -> bytes:
    """Return what a file of keys holds, sealed or not: then its header, as that of a base, comes before a token.

    Raises `SealedError`, `OSError`, `MsgspecError` where it was altered.
    """
    # Read once: what another program holds for a moment would be in clear for one reading, and sealed for the next.
    content = path.read_bytes()
    header = sealing.header_in(content)
    try:
        key = sealing.key_of(path, header)
    except sealing.SealedError as error:
        raise sealing.SealedError(
            path,
            "Votre clé de signature est protégée par la phrase secrète de la base qui était à côté d’elle. Si cette"
            f" phrase et la clé de secours sont perdues, mettez de côté le dossier «\u202f{path.parent}\u202f»\u202f: une"
            " nouvelle clé signera vos actes, que vos collègues compareront une fois avec vous.",
        ) from error
    try:
        return content if key is None else sealing.of_token(content[len(header) :], key)
    except OSError as error:
        # It was read whole: no other program holds it, it was altered.
        raise msgspec.DecodeError("altered") from error
