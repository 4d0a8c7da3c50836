"""The *entrepôt*: what was gathered from many officers, one base a family of contracts, by the gate of any package.

A package is merged as an officer would merge it: signatures verified, unknown keys accepted by their fingerprints only.
What was removed or erased by whoever wrote it, or by an act that somebody signed, is removed and erased here too: the
entrepôt follows, it does not judge. What a relay alone left out stays as its author signed it.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from itertools import islice
from pathlib import Path

import msgspec
from msgspec import Struct

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.region import contents, pool
from qpvdesk.region.contents import Contents
from qpvdesk.region.met import EntrepotIdentity, Met
from qpvdesk.services import colleagues
from qpvdesk.services.desk import Desk
from qpvdesk.storage import lock, opening
from qpvdesk.storage.authors import public_of
from qpvdesk.storage.care import sealing
from qpvdesk.storage.care.backup import FOLDER_SUFFIX
from qpvdesk.storage.connection import journal_of
from qpvdesk.storage.exchange import ledger, packages, sealed
from qpvdesk.storage.exchange.ledger import OperationLine
from qpvdesk.storage.identity import key_fingerprint
from qpvdesk.storage.journal import EXISTENCE, is_programme
from qpvdesk.storage.opening import NewerBaseError
from qpvdesk.storage.refusals import explaining
from qpvdesk.storage.tables import BY_KIND

BASE, _FRESH = ".db", ".neuve"
_NAMED = re.compile(rf"[0-9a-f]{{16}}{re.escape(BASE)}")
_ALIVE = (None, BY_KIND["contract"].by_name["retired"].default_cell)
"""What a journal notes of a contract that was not removed."""
_IDENTITY, _CONTENTS = "identite", "contenu.json"


class Arrival(Struct, frozen=True):
    """A package that was read and is not merged yet."""

    source: Path
    contracts: frozenset[str]
    """Keys of the contracts that are whole in it."""
    living: frozenset[str]
    """Those of them that were not removed. The one that the program ships bears the same key at every officer's, and most
    remove it for their own."""
    authors: frozenset[str]
    """Uids of those who wrote in it, the program apart."""
    content: bytes
    """The package, as one process hands it to another."""

    @property
    def related(self) -> frozenset[str]:
        """What another may share, and must then wait for it."""
        return (self.living or self.contracts) | self.authors


class ClosedBaseError(UserError):
    """A base of the entrepôt that does not open, or cannot be read, though its file looks as it did."""


class Phrases(Struct, frozen=True):
    """The passphrases that the data officer was told: of the bases, and of the packages; empty where there is none."""

    bases: str = ""
    packages: str = ""


NO_PHRASE = Phrases()


class Entrepot:
    """The folder of gathered bases. `accepted`: fingerprints that the data officer compared; `unsigned`: see `Consent`;
    `phrases`: what opens those that are sealed."""

    def __init__(
        self,
        folder: Path,
        *,
        accepted: Collection[str] = (),
        unsigned: bool = False,
        phrases: Phrases = NO_PHRASE,
    ) -> None:
        self._folder = folder
        self._phrases = phrases
        self._accepted = accepted
        self._unsigned = unsigned
        self._known = contents.read(folder / _CONTENTS)
        self.identity = EntrepotIdentity(folder / _IDENTITY)
        """The key of the entrepôt, and those that it has accepted."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"L’entrepôt ne peut pas être gardé dans «\u202f{folder}\u202f»\u202f: {durable.reason(error)}.",
                "Choisissez un dossier où vous pouvez écrire, avec de la place libre.",
            ) from error

    def __getstate__(self) -> dict[str, object]:
        # What is known of nine hundred bases does not follow each task to another process.
        return self.__dict__ | {"_known": {}}

    def bases(self) -> tuple[Path, ...]:
        """Return the gathered bases. A copy that was set aside of a damaged one, and an empty file, are none."""
        found = self._folder.glob(f"*{BASE}")
        return tuple(sorted(path for path in found if _NAMED.fullmatch(path.name) and _stands(path)))

    def opened_all(self) -> tuple[dict[Path, Contents], dict[Path, UserError]]:
        """Return what each base holds, and why those that cannot be opened cannot."""
        found: dict[Path, Contents] = {}
        refused: dict[Path, UserError] = {}
        for path in self.bases():
            try:
                found[path] = self.contents(path)
            except UserError as error:
                refused[path] = closed(error)
        return found, refused

    def contents(self, path: Path) -> Contents:
        """Return what one of them holds. Raises `UserError` where it has to be opened and cannot be."""
        known = self._known.get(path.name)
        if known is None or known.stamp != contents.stamp_of(path):
            with self.opened(path, read_only=True) as desk:
                known = self._known[path.name] = contents.contents_of(desk, path)
        return known

    def note(self) -> None:
        """Keep what is known of the bases for the next run; where the disk refuses, that run opens them again."""
        with suppress(OSError):
            contents.keep(self._folder / _CONTENTS, self._known)

    @contextmanager
    def opened(self, path: Path, *, read_only: bool = False) -> Iterator[Desk]:
        """Open one of them. Raises `UserError`."""
        with opening.open_base(path, read_only=read_only, identity=self.identity) as base:
            yield Desk(base, today=date.today)

    def operations(self, path: Path, known: dict[str, int]) -> Iterator[OperationLine]:
        """Yield the journal of one of them beyond what is known; see `ledger.operations`.

        Raises `ClosedBaseError`.
        """
        try:
            with explaining(path), self.opened(path, read_only=True) as desk:
                yield from ledger.operations(desk.base, known)
        except UserError as error:
            raise closed(error) from error

    def take(self, source: Path) -> None:
        """Take a package or a base in. Raises `UserError`; nothing of it is kept then."""
        arrival = self.read(source)
        self.merge(self.home(arrival), arrival)

    def take_all(self, sources: Sequence[Path]) -> dict[Path, UserError]:
        """Take them in on all processors, as if one by one in that order; return why those that were refused were.

        Those that share a contract or an author wait for each other.
        """
        refused: dict[Path, UserError] = {}
        # Two processes would each make a key of their own.
        _ = self.identity.public, self.identity.sealing
        coming = iter(dict.fromkeys(sources))
        while chunk := list(islice(coming, 2 * pool.AHEAD)):
            waiting: list[Arrival] = []
            for source, read in zip(chunk, pool.in_order(self._read_apart, chunk), strict=True):
                if isinstance(read, UserError):
                    refused[source] = read
                else:
                    waiting.append(read)
            while waiting:
                jobs, waiting = self._apart(waiting, refused)
                for (path, arrival), found in zip(jobs, pool.in_order(self._merge_apart, jobs), strict=True):
                    if isinstance(found, UserError):
                        refused[arrival.source] = found
                    else:
                        self._known[path.name], met = found
                        self.identity.note(met)
        return {source: refused[source] for source in sources if source in refused}

    def _read_apart(self, source: Path) -> Arrival | UserError:
        try:
            return self.read(source)
        except UserError as error:
            return error

    def _merge_apart(self, job: tuple[Path, Arrival]) -> tuple[Contents, Sequence[Met]] | UserError:
        path, arrival = job
        met: list[Met] = []
        self.identity.met = met
        try:
            self.merge(path, arrival)
            with self.opened(path, read_only=True) as desk:
                return contents.contents_of(desk, path), met
        except UserError as error:
            return error
        finally:
            self.identity.met = None

    def _apart(
        self, waiting: Sequence[Arrival], refused: dict[Path, UserError]
    ) -> tuple[list[tuple[Path, Arrival]], list[Arrival]]:
        """Part those that nothing before them has to do with, each with its base, from those that wait for them."""
        jobs: list[tuple[Path, Arrival]] = []
        later: list[Arrival] = []
        taken: set[str] = set()
        for arrival in waiting:
            related = set(arrival.related)
            if related & taken:
                later.append(arrival)
            else:
                try:
                    path = self.home(arrival)
                except UserError as error:
                    refused[arrival.source] = error
                    continue
                jobs.append((path, arrival))
                if _stands(path):
                    found = self.contents(path)
                    related |= {item.key for item in found.contracts} | found.writers
            taken |= related
        return jobs, later

    def read(self, source: Path) -> Arrival:
        """Read a package or a base. Raises `UserError`."""
        package = self._read(source)
        named = {
            item.key for item in package.operations if item.kind == "contract" and item.field == EXISTENCE
        }
        removals = (
            item for item in package.operations if item.kind == "contract" and item.field == "retired"
        )
        last = {item.key: item.value for item in sorted(removals, key=lambda item: item.hlc)}
        living = frozenset(key for key in named if last.get(key) in _ALIVE)
        authors = frozenset(item.uid for item in package.authors if not is_programme(item.uid))
        return Arrival(source, frozenset(named), living, authors, msgspec.msgpack.encode(package))

    def merge(self, path: Path, arrival: Arrival) -> None:
        """Merge what arrived into that base. Raises `UserError`; nothing of it is kept then."""
        package = msgspec.msgpack.decode(arrival.content, type=colleagues.Package)
        if not _stands(path):
            self._begin(path, package)
            return
        with self.opened(path) as desk:
            self._merge(desk, package)

    def _begin(self, path: Path, package: colleagues.Package) -> None:
        """Make a base of its own, beside where it will stand: a run that is killed leaves nothing that another reads."""
        base_lock: lock.Lock | None = None
        try:
            base_lock = lock.acquire(path)
            if _stands(path):
                # Another run has just made it: the next one merges into it.
                raise lock.AlreadyOpenError(path, lock.Holder("", 0))
            fresh = path.with_suffix(_FRESH)
            for left in (fresh, journal_of(fresh), journal_of(path)):
                left.unlink(missing_ok=True)
            with opening.create(fresh, identity=self.identity) as base:
                # What holds nothing needs no backup first, and so no trial.
                packages.merge(base, package, checked=True, consent=self._consent(package))
            durable.place(fresh, path)
        except OSError as error:
            raise UserError(
                f"L’entrepôt ne peut pas être gardé dans «\u202f{self._folder}\u202f»\u202f: {durable.reason(error)}.",
                "Choisissez un dossier où vous pouvez écrire, avec de la place libre.",
            ) from error
        finally:
            if base_lock is not None:
                base_lock.release()

    def _consent(self, package: colleagues.Package) -> packages.Consent:
        """What is taken of a package: all that it proposes, of the authors whose fingerprints were accepted."""
        wanted = {_digits(item) for item in self._accepted}
        keys = {public_of(author.uid) for author in package.authors} | {package.public}
        accepted = frozenset(key for key in keys if key and _digits(key_fingerprint(key)) in wanted)
        return packages.Consent(accepted, unsigned=self._unsigned, proposals=None)

    def _merge(self, desk: Desk, package: colleagues.Package) -> None:
        colleagues.receive(
            desk,
            package,
            accepted=self._fingerprints(desk, package),
            proposals=(colleagues.REMOVALS, colleagues.SAID_ERASURES),
            consent=colleagues.Consent(unsigned=self._unsigned),
        )
        # It is made again from what was sent; the copy of before a merge would keep what an officer erases.
        shutil.rmtree(f"{desk.base.path}{FOLDER_SUFFIX}", ignore_errors=True)

    def _fingerprints(self, desk: Desk, package: colleagues.Package) -> list[str]:
        """Those of the accepted ones that this package asks about: a run takes in what many have signed."""
        wanted = {_digits(item) for item in self._accepted}
        strangers = colleagues.preview(desk, package).merged.strangers
        return [item.fingerprint for item in strangers if _digits(item.fingerprint) in wanted]

    def _read(self, source: Path) -> colleagues.Package:
        if source.suffix.lower() != BASE:
            return colleagues.read(source, passphrase=self._phrases.packages)
        if self._phrases.bases and sealing.is_locked(source):
            sealing.unlock(source, self._phrases.bases)
        with opening.open_base(source, read_only=True, identity=self.identity) as base:
            content, _ = packages.write(base)
        # Nothing of it lies in clear on the disk: what reads it, in a process of its own, has the key.
        content = sealed.seal_for(content, [self.identity.sealing]) if self.identity.sealing else content
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder) / f"{source.stem}{colleagues.SUFFIX}"
            durable.write(package, content, private=True, flushed=False)
            return colleagues.read(package, identity=self.identity)

    def home(self, arrival: Arrival) -> Path:
        """Return the base that holds its contracts; a new one where none does. Raises `UserError`."""
        contracts, authors, source = arrival.contracts, arrival.authors, arrival.source
        homes: list[Path] = []
        for path in self.bases():
            try:
                found = self.contents(path)
            except UserError as error:
                self._refuse_beside(path, arrival, error)
                continue
            keys = {item.key for item in found.contracts}
            living = {item.key for item in found.contracts if not item.retired}
            related = authors & found.writers
            # A package of what a colleague lacked names no contract: its authors say where it belongs. Strangers who both
            # removed the contract that is shipped share nothing.
            if not (living & arrival.living or (related and (keys & contracts or not contracts))):
                continue
            if authors and found.writers and not related:
                raise UserError(
                    f"«\u202f{source.name}\u202f» parle d’un contrat déjà consolidé, et aucun de ses auteurs n’y a"
                    " écrit\u202f: ces deux bases n’ont pas d’histoire commune. Rien n’en a été repris.",
                    "Faites échanger leurs paquets aux deux agents, puis consolidez à nouveau.",
                )
            homes.append(path)
        if len(homes) > 1:
            raise UserError(
                f"«\u202f{source.name}\u202f» réunit des contrats consolidés à part. Rien n’en a été repris.",
                "Consolidez-les dans un entrepôt neuf.",
            )
        if homes:
            return homes[0]
        if not contracts:
            raise UserError(
                f"«\u202f{source.name}\u202f» ne contient pas de contrat entier. Rien n’en a été repris.",
                "Demandez un paquet de toute l’histoire.",
            )
        path = self._named(min(arrival.living or contracts))
        # Another officer, who has nothing in common with these any more, may have come under that name.
        return self._named(f"{min(contracts)}{min(authors, default='')}") if _stands(path) else path

    def _refuse_beside(self, path: Path, arrival: Arrival, error: UserError) -> None:
        """Raise `UserError` where what arrived may belong in a base that cannot be opened: it would be made twice."""
        known = self._known.get(path.name)
        if known is not None and not (
            arrival.authors & known.writers or arrival.contracts & {item.key for item in known.contracts}
        ):
            return
        raise UserError(
            f"«\u202f{arrival.source.name}\u202f» peut aller dans une base de l’entrepôt qui ne s’ouvre pas."
            f" {error.message} Rien n’en a été repris.",
            _remedy(error),
        ) from error

    def _named(self, word: str) -> Path:
        return self._folder / f"{durable.sha256(word.encode())[:16]}{BASE}"


def _stands(path: Path) -> bool:
    """Tell whether a base is there: a run of before that was killed while it made one left an empty file."""
    return path.exists() and path.stat().st_size > 0


def closed(error: UserError) -> ClosedBaseError:
    """Say that of a base of the entrepôt, with what to do."""
    return ClosedBaseError(error.message, _remedy(error))


def _remedy(error: UserError) -> str:
    """What to do with a base of the entrepôt that cannot be opened: what it holds can be gathered again."""
    if isinstance(error, (NewerBaseError, lock.AlreadyOpenError)):
        return error.remedy
    return (
        "Retirez cette base de l’entrepôt, puis consolidez à nouveau tous les paquets et bases de ses agents."
    )


def _digits(fingerprint: str) -> str:
    return "".join(filter(str.isdigit, fingerprint))
