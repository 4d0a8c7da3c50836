"""Exchange by a shared folder: each officer keeps one package there, and takes the others'.

A file an officer and a base, named by their key and its identifier: whoever joins late finds everything, and one that
is lost is made again. What
asks nothing is merged by itself; what asks something (a new key, a removal, an unsigned act) waits for the officer.
Our own is read too where this base did not leave it so: an older copy that is put back takes again what it lacks, and
writes no name back that was erased since.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from qpvdesk import durable
from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.services import colleagues
from qpvdesk.services.desk import Desk
from qpvdesk.storage.exchange import packages, sealed

_DIGITS = 16, 8
"""Of a public key and of the identifier of a base, in the name of a package."""


class Waiting(Struct, frozen=True):
    """A package that is not merged by itself, and why (a sentence)."""

    path: Path
    why: str
    asks: bool = False
    """Whether it waits for the officer's word alone."""
    ours: bool = False
    """Whether it is what this base leaves there."""


class Shared(Struct, frozen=True):
    """What a look at the folder did: whose packages were merged, what waits, whether ours was written."""

    merged: tuple[str, ...]
    waiting: tuple[Waiting, ...]
    written: bool
    change: Change

    @property
    def is_left(self) -> bool:
        """Whether what this base has lies there: it was written now, or lay there already."""
        return not any(package.ours for package in self.waiting)


def exchange(desk: Desk, folder: Path, *, passphrase: str = "", contract: str | None = None) -> Shared:
    """Take what is new in a shared folder, then leave there what we have. `passphrase`: seals, and opens what is sealed.

    `contract`: the key of the one that is left there alone; None: all are. Raises `UserError` where the folder cannot be
    read; where it cannot be written, or that contract is no more, what is new is taken and ours waits.
    """
    merged: list[str] = []
    changes: list[Change] = []
    waiting: list[Waiting] = []
    own = own_file(desk, folder)
    # Ours last: what a colleague has comes with theirs.
    for path in sorted(_packages(folder), key=lambda path: path == own):
        mark = _mark(path)
        if packages.taken(desk.base, _name(path)) == mark:
            continue
        try:
            package = colleagues.read(path, passphrase=passphrase, identity=desk.base.authors.identity)
        except UserError as error:
            if path != own:
                waiting.append(Waiting(path, error.message))
            continue
        is_own_key = package.public == desk.base.authors.identity.known
        # A newer state of this base may be by authors that an older copy of it has not.
        ours = is_own_key and (path == own or packages.is_of(desk.base, package))
        if is_own_key and not ours:
            # Of another base of the same officer: another, unless it changes.
            packages.note_taken(desk.base, _name(path), mark)
            continue
        try:
            arrival = colleagues.preview(desk, package)
            if arrival.is_new and arrival.merged.asks:
                whose = "votre propre paquet" if ours else f"le paquet de {package.sender_label}"
                why = f"{whose} demande votre accord\u202f: recevez-le."
                waiting.append(Waiting(path, why, asks=True, ours=path == own))
                continue
            if arrival.is_new or not ours:
                changes.append(colleagues.receive(desk, package)[1])
            if arrival.is_new:
                merged.append(arrival.sender)
        except UserError as error:
            waiting.append(Waiting(path, error.message, ours=path == own))
            continue
        packages.note_taken(desk.base, _name(path), mark)
    label = f"Dossier partagé\u202f: {french.enumerate_words(merged)}" if merged else "Dossier partagé"
    kinds = frozenset().union(*(change.kinds for change in changes))
    touched = tuple(row for change in changes for row in change.touched)
    try:
        # What ours has and this base has not would be lost.
        written = not any(package.ours for package in waiting) and _leave(desk, folder, passphrase, contract)
    except UserError as error:
        waiting.append(Waiting(own, str(error), ours=True))
        written = False
    return Shared(tuple(merged), tuple(waiting), written, Change(label, kinds, None, touched))


def own_file(desk: Desk, folder: Path) -> Path:
    """Return where our own package of this base lies in a shared folder."""
    authors = desk.base.authors
    who, base = authors.identity.public[: _DIGITS[0]], authors.identifier[: _DIGITS[1]]
    return folder / f"{who}-{base}{colleagues.SUFFIX}"


def signature(folder: Path) -> tuple[tuple[str, str], ...] | None:
    """Return what changes when anything of the folder does; cheap. None where it cannot be read."""
    with contextlib.suppress(OSError):
        found = sorted(path for path in folder.iterdir() if path.suffix == colleagues.SUFFIX)
        return tuple((path.name, _mark(path)) for path in found)
    return None


def who_has_what(desk: Desk) -> tuple[str, ...]:
    """Say of each colleague up to when they have what was done here, one sentence each; first, of several contracts,
    that a package bears them all unless one is chosen.
    """
    codes = [contract.code for contract in desk.contracts()]
    listed_codes = french.enumerate_words(codes)
    scope = (
        f"Un paquet porte les {len(codes)} contrats de la base ({listed_codes}), sauf si vous en choisissez un.",
    )
    known = map(french.raised, _known(desk))
    return (*(scope if len(codes) > 1 else ()), *known)


def _known(desk: Desk) -> Iterator[str]:
    for name, vector in sorted(packages.peers(desk.base).values(), key=lambda peer: french.fold(peer[0])):
        first = packages.first_missing(desk.base, vector)
        if first is None:
            yield f"{name} a tout."
        else:
            count, moment = first
            acts = french.plural(count, "acte", "actes")
            yield f"{name} a tout jusqu’au {french.format_date(moment.astimezone().date())}\u202f; lui manquent {acts}."


def _packages(folder: Path) -> list[Path]:
    try:
        # A pipe or a device may never end.
        return [
            path for path in sorted(folder.iterdir()) if path.suffix == colleagues.SUFFIX and path.is_file()
        ]
    except OSError as error:
        raise UserError(
            f"Le dossier partagé «\u202f{folder.name}\u202f» ne peut pas être lu\u202f: {durable.reason(error)}.",
            "Vérifiez que le partage ou la clé est toujours là.",
        ) from error


def _leave(desk: Desk, folder: Path, passphrase: str, contract: str | None) -> bool:
    """Write our own package where it lacks something; tell whether it did. Raises `UserError`.

    What a base under a passphrase holds never lies there in clear: it is sealed for the keys of the colleagues.
    """
    path = own_file(desk, folder)
    codes = {item.key: item.code for item in desk.contracts()}
    if contract is not None and contract not in codes:
        raise UserError(
            "le contrat que vous y laissiez seul n’est plus dans votre base\u202f: votre paquet n’y est plus écrit.",
            "Choisissez de nouveau le dossier, et ce que vous y laissez.",
        )
    readers = colleagues.keyed_colleagues(desk) if colleagues.is_secret(desk) and not passphrase else ()
    if colleagues.is_secret(desk) and not passphrase and not readers:
        gone = _withdraw(path)
        raise UserError(
            "votre base est protégée par une phrase secrète, et aucune clé de collègue n’est encore connue\u202f:"
            f" votre paquet n’y est pas laissé en clair{gone}.",
            "Recevez d’abord un paquet d’un collègue.",
        )
    code = None if contract is None else codes[contract]
    known = durable.sha256(repr((packages.state(desk.base), readers, code)).encode())
    who = desk.base.authors.identity
    place = str(path.absolute())
    # Whoever damages or replaces it, it is made again; where nobody touched it, it is not read.
    noted, now = who.seen(place), _mark(path)
    if now and noted.startswith(f"{known} ") and noted.endswith(f" {now}"):
        return False
    digest = _digest(path)
    same = digest != "" and noted.startswith(f"{known} {digest}")
    if not same:
        colleagues.prepare(desk, path, passphrase=passphrase, readers=readers, contract=code)
    with contextlib.suppress(OSError):
        who.note_seen(place, f"{known} {_digest(path)} {_mark(path)}")
    if not desk.base.read_only:
        packages.note_taken(desk.base, _name(path), _mark(path))
    return not same


def _withdraw(path: Path) -> str:
    """Take back what we left in clear, or sealed for keys that are accepted no more; return what to say of it."""
    if not path.is_file() or sealed.form(path) is sealed.SealForm.PHRASE:
        return ""
    try:
        path.unlink()
    except OSError as error:
        return f" (celui d’avant y est encore, et ne peut être retiré\u202f: {durable.reason(error)})"
    return ", et celui d’avant en est retiré"


def _digest(path: Path) -> str:
    """Return the fingerprint of our own package as it lies there: a synchroniser may have touched its times alone."""
    with contextlib.suppress(OSError):
        if path.is_file():
            return durable.sha256_of(path)
    return ""


def _name(path: Path) -> str:
    """Return a file's name as the base can keep it, whatever its bytes are."""
    return os.fsencode(path.name).decode(errors="replace")


def _mark(path: Path) -> str:
    with contextlib.suppress(OSError):
        found = path.stat()
        return f"{found.st_size}:{found.st_mtime_ns}"
    return ""
