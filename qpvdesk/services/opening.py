"""How a base comes open in the window, and the ways out where it does not.

Everything that touches the file happens where the desk is made, in the thread that will use it: the officer's choice
is only noted here, and done at the next opening.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from qpvdesk import durable
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.services.base_medium import MediumError
from qpvdesk.services.desk import Desk
from qpvdesk.services.settings import Settings
from qpvdesk.storage import freshness, lock, maintenance, opening
from qpvdesk.storage.authors import ForeignBaseError
from qpvdesk.storage.base import Database
from qpvdesk.storage.base_file import FileTroubleError as FileTroubleError
from qpvdesk.storage.base_file import MovedError as MovedError
from qpvdesk.storage.base_file import MovedOnError as MovedOnError
from qpvdesk.storage.care import medium
from qpvdesk.storage.care.medium import Medium
from qpvdesk.storage.care.sealing import SealedError as SealedError
from qpvdesk.storage.freshness import OlderCopyError as OlderCopyError

if TYPE_CHECKING:
    from qpvdesk.services.care.safety import Copy
    from qpvdesk.storage.care.travel import Luggage


class Way(Struct, frozen=True):
    """A way out: a stable word, what its button says, and one sentence on what it does."""

    word: str
    label: str
    sentence: str


RESTORE, REPAIR, LOOK, READ, RETRY, FORCE, COPY, RESUME, STAY, PART, CLOCK = (
    "restaurer",
    "recuperer",
    "chercher",
    "lire",
    "reessayer",
    "forcer",
    "copier",
    "reprendre",
    "sur_place",
    "continuer",
    "horloge",
)
_ACCEPTED = "supports-acceptes.txt"


class Opening:
    """A base to open, and what is to be done first. `sentences` are what the officer is told once it is open."""

    def __init__(
        self,
        base: Path,
        *,
        today: Callable[[], date],
        now: Callable[[], datetime] = datetime.now,
        settings: Callable[[], Settings] = Settings,
        local: Path | None = None,
        medium: Callable[[Path], Medium] = medium.of,
    ) -> None:
        """`local`: the folder for local copies of bases that stand elsewhere; None: they are opened where they are."""
        self.base = base
        self.sentences: tuple[str, ...] = ()
        self._local, self._medium, self._settled = local, medium, False
        self._today, self._now, self._settings = today, now, settings
        self._way = self._held_by = ""

    def desk(self) -> Desk:
        """Do what was chosen, once, then open the base for writing. Raises `UserError`."""
        (way, self._way), (held_by, self._held_by) = (self._way, ""), (self._held_by, "")
        if way in (COPY, RESUME, STAY):
            self._settle(way)
        self._check_medium()
        if way in (RESTORE, REPAIR):
            try:
                self._rescue(way)
            except SealedError:
                # Asked again once the passphrase of the backup is given.
                self._way = way
                raise
        try:
            base = opening.open_base(self.base, read_only=way == READ, override_lock=way == FORCE)
        except lock.AlreadyOpenError as error:
            self._held_by = str(error.holder)
            raise
        base.held_by = held_by if way == READ else ""
        try:
            self._check_whole(base, way)
            fault = "" if base.read_only else base.authors.identity.fault()
        except BaseException:
            base.close()
            raise
        self.sentences = (*self.sentences, *([fault] if fault else []))
        return Desk(base, today=self._today, settings=self._settings())

    def unlock(self, error: SealedError, words: str) -> None:
        """Take the passphrase, or the recovery key, of the file that asked for it. Raises `UserError`."""
        from qpvdesk.services.care import sealing  # noqa: PLC0415 - 8 ms, a sealed base alone needs it

        sealing.unlock(error.path, words)

    def reading(self) -> Desk:
        """Open the base a second time, to read at length. Raises `UserError`."""
        return Desk(opening.open_base(self.base, read_only=True), today=self._today)

    def ways(self, error: UserError) -> tuple[Way, ...]:
        """Return the ways out of what kept the base from opening, the best first; none where there is none."""
        from qpvdesk.services.care import safety  # noqa: PLC0415 - 56 ms, a base that does not open alone needs it

        ways: list[Way] = []
        match error:
            case MediumError():
                left = self._left()
                # What is in the copy alone would be written over.
                ways += [*_resume_way(left), *([] if left and left.news else [_COPY]), _STAY]
            case opening.DamagedError():
                ways += [*self._backup_way(), _REPAIR]
            case opening.BaseMissingError():
                ways += [*_resume_way(self._left()), *self._backup_way(), _LOOK]
            case opening.NotOursError() | ForeignBaseError():
                if safety.readable(self.base):
                    ways.append(_REPAIR)
                ways += [*self._backup_way(), _LOOK]
            case OlderCopyError():
                ways += [_LOOK, _PART, _READ]
            case freshness.ClockError():
                ways += [_RETRY_CLOCK, _CLOCK, _READ]
            case lock.AlreadyOpenError():
                ways += [_READ, _RETRY]
                if error.holder.host not in ("", lock.host_name()):
                    ways.append(_FORCE)
        return tuple(ways)

    def choose(self, word: str, base: Path | None = None) -> None:
        """Note the way to take at the next opening; `base` is the file that was looked for."""
        self._way = word
        if base is not None:
            self.base = base

    def luggage(self) -> Luggage | None:
        """Return what was done in a local copy, once it is closed; None for any other base."""
        from qpvdesk.storage.care import travel  # noqa: PLC0415 - 4 ms, a local copy alone needs it

        # Elsewhere, what stands beside a base came with it: the place that it names is nobody's.
        return travel.luggage(self.base) if self.base.absolute().parent == self._local else None

    def bring_back(self) -> tuple[str, ...]:
        """Put the closed local copy back where it came from; return what was done. Raises `UserError`."""
        from qpvdesk.storage.care import travel  # noqa: PLC0415 - 4 ms, a local copy alone needs it

        origin = travel.origin_of(self.base)
        done = travel.bring_back(self.base, now=self._now())
        kept = [f"Celle d’avant est gardée\u202f: «\u202f{done.kept}\u202f»."] if done.kept else []
        kept += [
            f"Gardée aussi, pour les actes qui ne sont qu’en elle\u202f: «\u202f{path}\u202f»."
            for path in travel.forget(self.base)
        ]
        return (f"La base est remise à sa place, vérifiée\u202f: «\u202f{origin}\u202f».", *kept)

    def merge_back(self) -> tuple[str, ...]:
        """Merge the closed local copy into its origin, which moved on meanwhile; return what was done. See `backing`."""
        from qpvdesk.services import backing  # noqa: PLC0415 - 40 ms, a copy whose origin moved on alone needs it

        return backing.merge(self.base)

    def forget(self) -> None:
        """Remove a local copy that holds nothing new."""
        from qpvdesk.storage.care import travel  # noqa: PLC0415 - 4 ms, a local copy alone needs it

        travel.forget(self.base)

    @staticmethod
    def _check_whole(base: Database, way: str) -> None:
        """Raise `OlderCopyError` where the officer did more in a base than it holds, unless they know of it."""
        if way in (RESTORE, REPAIR, PART):
            base.authors.part()
        freshness.check_newest(base)
        if way == CLOCK:
            maintenance.trust_clock(base)
        freshness.check_clock(base)

    def _check_medium(self) -> None:
        """Raise `MediumError` where the base stands on a stick or a network, and a local folder does not."""
        if self._settled or self._local is None or not self.base.exists():
            return
        found = self._medium(self.base)
        if found is Medium.DISK or self._medium(self._local) is not Medium.DISK:
            return
        if str(self.base.absolute()) in self._accepted():
            return
        raise MediumError(self.base, found)

    def _settle(self, way: str) -> None:
        from qpvdesk.storage.care import travel  # noqa: PLC0415 - 4 ms, a local copy alone needs it

        if self._local is None:
            return
        if way == STAY:
            self._accept()
        else:
            copy = (
                travel.place(self.base, self._local) if way == RESUME else travel.take(self.base, self._local)
            )
            self.sentences = (
                f"Vous travaillez sur une copie locale\u202f: «\u202f{copy}\u202f».",
                "En fermant la fenêtre, vous pourrez la remettre à sa place.",
            )
            self.base = copy
        self._settled = True

    def _accepted(self) -> tuple[str, ...]:
        try:
            return tuple(self._accepted_file().read_text(encoding="utf-8").splitlines())
        except OSError:
            return ()

    def _accept(self) -> None:
        """Remember that a base is worked on where it is: it is not asked about again."""
        with contextlib.suppress(OSError):
            lines = [*self._accepted(), str(self.base.absolute())]
            durable.write(
                self._accepted_file(), "".join(f"{line}\n" for line in lines).encode(), private=True
            )

    def _accepted_file(self) -> Path:
        return (self._local or Path()) / _ACCEPTED

    def _left(self) -> Luggage | None:
        """Return what was done in the local copy of this base, where there is one."""
        from qpvdesk.storage.care import travel  # noqa: PLC0415 - 4 ms, a local copy alone needs it

        copy = travel.place(self.base, self._local) if self._local is not None else None
        return travel.luggage(copy) if copy is not None and copy.exists() else None

    def _backup_way(self) -> list[Way]:
        from qpvdesk.services.care import safety  # noqa: PLC0415 - 56 ms, a base that does not open alone needs it

        copy = self._best_backup()
        if copy is None:
            return []
        made_at = copy.backup.made_at
        contents = (
            f"avec {safety.contents_sentence(copy.contents)}"
            if copy.contents is not None
            else "protégée par votre phrase secrète, qui vous sera demandée."
        )
        sentence = f"Celle du {french.format_date(made_at.date())} à {made_at:%H:%M}, {contents}"
        return [Way(RESTORE, "Ouvrir la dernière sauvegarde", sentence)]

    def _best_backup(self) -> Copy | None:
        """Return the latest backup that can be read, or could be with its passphrase.

        One of a day to come is of a clock that was wrong: it comes after all the others.
        """
        from qpvdesk.services.care import safety, sealing  # noqa: PLC0415 - 56 ms, a base that does not open alone needs it

        return next(
            (
                copy
                for copy in sorted(
                    safety.copies(self.base), key=lambda copy: copy.backup.made_at > self._now()
                )
                if copy.contents is not None or sealing.is_locked(copy.backup.path)
            ),
            None,
        )

    def _rescue(self, way: str) -> None:
        # None of it is on the way to the first paint of a base that opens.
        from qpvdesk.services.care import safety  # noqa: PLC0415 - 56 ms, a base that does not open alone needs it

        if way == RESTORE:
            self._restore()
            return
        done = safety.repair(self.base, now=self._now().astimezone())
        self.sentences = (
            *safety.repair_sentences(done.report),
            f"L’ancien fichier est gardé\u202f: «\u202f{done.kept.name}\u202f».",
        )

    def _restore(self) -> None:
        from qpvdesk.services.care import safety  # noqa: PLC0415 - 56 ms, a base that does not open alone needs it

        found = self._best_backup()
        if found is None:
            raise UserError("Aucune sauvegarde n’a été trouvée à côté de la base.", "Cherchez-en une copie.")
        backup = found.backup
        done = safety.restore(self.base, backup.path, now=self._now())
        self.sentences = (
            f"La sauvegarde du {french.format_date(backup.made_at.date())} à {backup.made_at:%H:%M} a pris la place de la"
            " base.",
            *([f"L’ancien fichier est gardé\u202f: «\u202f{done.kept.name}\u202f»."] if done.kept else []),
        )


def _resume_way(luggage: Luggage | None) -> list[Way]:
    if luggage is None:
        return []
    done = french.plural(len(luggage.news), "acte", "actes") if luggage.news else ""
    words = f"avec {done} à remettre à sa place." if done else "telle que vous l’avez laissée."
    return [Way(RESUME, "Reprendre la copie locale", f"Celle qui est sur cet ordinateur, {words}")]


_COPY = Way(
    COPY,
    "Travailler sur une copie locale",
    "La base est copiée sur cet ordinateur et vérifiée\u202f; en fermant, vous pourrez la remettre à sa place.",
)
_STAY = Way(
    STAY, "Ouvrir quand même", "Là où elle est\u202f; la question ne sera plus posée pour cette base."
)
_REPAIR = Way(
    REPAIR,
    "Récupérer ce qui peut l’être",
    "Tout ce qui se lit encore est repris dans une base saine, et vous saurez ce qui manque\u202f; l’ancien fichier est"
    " gardé à côté.",
)
_LOOK = Way(LOOK, "Choisir un autre fichier…", "Cherchez la base là où elle a été déplacée ou copiée.")
_READ = Way(READ, "Ouvrir en lecture seule", "Vous pouvez tout consulter et imprimer, sans rien modifier.")
_PART = Way(
    PART,
    "Continuer avec celle-ci",
    "Ce que vous ferez sera d’un nouvel auteur, sous la même clé\u202f: rien ne se mélange, et ce qui manque peut revenir.",
)
_RETRY = Way(RETRY, "Réessayer", "Une fois la base fermée là-bas.")
_RETRY_CLOCK = Way(RETRY, "Réessayer", "Une fois la date de l’ordinateur réglée.")
_CLOCK = Way(
    CLOCK,
    "La date est juste",
    "Vos actes datés de l’avenir que personne n’a encore reçus prennent la date d’aujourd’hui, dans leur ordre.",
)
_FORCE = Way(
    FORCE,
    "Ouvrir quand même",
    "Seulement si vous êtes certain que personne ne s’en sert\u202f: par exemple après un arrêt brutal de l’autre poste.",
)
