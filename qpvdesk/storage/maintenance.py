"""Looking after an open base: checking it, forgetting for good, backing it up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import chain, clock, files, journal, latest, lock, proof, search, snapshots, suspicion
from qpvdesk.storage.authors import ForeignBaseError
from qpvdesk.storage.base import Database
from qpvdesk.storage.care import backup as backups
from qpvdesk.storage.care import redating, sealing
from qpvdesk.storage.care.backup import Backup
from qpvdesk.storage.connection import BESIDE
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.keys import new_key
from qpvdesk.storage.tables import TABLES, UNREADABLE

if TYPE_CHECKING:
    from qpvdesk.storage.care.purging import Mentions

SWEPT_LATER = (
    "le disque n’a pas la place de resserrer le fichier\u202f: ce sera fait à une prochaine ouverture"
)
_ENDINGS = (*BESIDE, lock.SUFFIX, suspicion.MARK, *backups.HALFWAY)
"""What ends the names of files that SQLite or the program keeps beside a base, and removes."""
_PAGES_ALTERED = "PRAGMA cipher_integrity_check"


def check(base: Database) -> list[str]:
    """Check everything that can be: the file, the references, the journal against the tables, the latest values.

    Returns French sentences, none when all is well. Takes seconds on a large base.
    """
    from qpvdesk.storage.exchange import peers  # noqa: PLC0415 - 5 ms, a check alone needs it

    problems = []
    try:
        found = [str(row[0]) for row in base.connection.execute("PRAGMA integrity_check(20)")]
        if found != ["ok"]:
            problems += [f"Le fichier est endommagé\u202f: {line}." for line in found]
        if sealing.is_sealed(base.path) and (bad := base.connection.execute(_PAGES_ALTERED).fetchall()):
            verb = "a été altérée" if len(bad) == 1 else "ont été altérées"
            problems.append(f"{french.plural(len(bad), 'page', 'pages')} du fichier {verb}.")
        lost = base.connection.execute("PRAGMA foreign_key_check").fetchall()
        problems += [
            f"Une ligne de «\u202f{table}\u202f» renvoie à une ligne de «\u202f{target}\u202f» qui n’existe pas."
            for table, _, target, _ in lost[:20]
        ]
        with base.at_one_moment() as connection:
            problems += journal.differences(connection, TABLES)
            cut = base.authors.cut()
            problems += _gaps(connection, cut)
            problems += proof.faults(connection, cut)
            problems += latest.faults(connection)
            problems += snapshots.faults(connection)
            problems += files.faults(connection)
            problems += search.faults(connection)
            peers.check_noted(connection.execute("SELECT name, value FROM meta"))
    except ForeignBaseError as error:
        problems.append(error.message)
    except (sqlite3.DatabaseError, *UNREADABLE) as error:
        problems.append(f"Le fichier ne peut pas être relu en entier\u202f: {error}.")
    return problems


def repairs(base: Database) -> list[str]:
    """Say what `check` lets pass because the base says that it was repaired, in French sentences; none where it was not."""
    with base.at_one_moment() as connection:
        return proof.excused(connection)


def was_checked(base: Database) -> bool:
    """Tell whether the opening read the whole file; false for a large one, that `quick_check` is for."""
    return base.path.stat().st_size <= suspicion.CHECKED_WHOLE_BYTES_MAX


def quick_check(base: Database) -> bool:
    """Read the whole file; tell whether it is sound. Where it is not, the next opening will refuse it."""
    try:
        sound = str(base.connection.execute("PRAGMA quick_check(1)").fetchone()[0]) == "ok"
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        suspicion.suspect(base.path)
    return sound


def mentions(base: Database, text: str) -> Mentions:
    """Look for a text about a person everywhere in the base. Raises `UserError` where it is too short."""
    from qpvdesk.storage.care import purging  # noqa: PLC0415 - 4 ms, an erasure alone needs it

    with base.at_one_moment() as connection:
        return purging.mentions(connection, text)


def erase(base: Database, text: str) -> Change:
    """Replace a text everywhere by « [effacé] », its history included. Undo neither offers nor needs it.

    Raises `UserError`; then nothing was erased. Where the file could not be tightened after it, the label says so.
    """
    from qpvdesk.storage.care import purging  # noqa: PLC0415 - 4 ms, an erasure alone needs it

    label = "Effacement d’un texte personnel"
    found = mentions(base, text)
    if not (found.erasable or base.read_only):
        return Change(label, frozenset(), None, ())
    with base.writing() as connection, base.forgetting():
        now, key = base.clock(), new_key()
        link = chain.Link(connection, journal.Act(key, base.authors.note_author(), label, now))
        kinds = purging.erase(connection, text, link, clock.tick(now, journal.last_hlc(connection)))
        link.close(base.authors.identity.sign)
        search.rebuild(connection)
    # Read again: the words of an act may have held the text.
    base.forget_undo()
    later = "" if base.sweep() else f"\u202f; {SWEPT_LATER}"
    return Change(f"{label}{later}", frozenset(kinds), key if kinds else None, ())


def trust_clock(base: Database) -> int:
    """Take the clock of this computer for right, knowingly: acts to come that nobody has yet are redated; return how many.

    Raises `UserError`.
    """
    from qpvdesk.storage.exchange import peers  # noqa: PLC0415 - 5 ms, a clock that is mended alone needs it

    with base.writing() as connection, base.forgetting():
        received: dict[str, int] = dict(base.authors.sent())
        for _, known in peers.peers(connection).values():
            for uid, seq in known.items():
                received[uid] = max(seq, received.get(uid, 0))
        redated = redating.redate(
            connection, received, base.authors.rechain(), now=base.clock(), sign=base.authors.identity.sign
        )
        redating.note_seen(connection)
    base.forget_undo()
    return redated


def moment_to_come(base: Database) -> datetime | None:
    """Return the greatest moment of the journal, whoever wrote it, where the clock is far before it; None otherwise."""
    with base.reading() as connection:
        moment = clock.moment(journal.last_hlc(connection))
    return moment if moment > base.clock() + redating.TOLERATED else None


def release_files(base: Database) -> int:
    """Remove for good the files that nothing names any more; return how many. Raises `UserError`."""
    with base.writing() as connection, base.forgetting():
        released = files.release(connection)
    base.sweep()
    return released


def backup(base: Database, *, reason: str = "manuelle") -> Backup:
    """Back the base up now, checked. Raises `UserError`."""
    base.refuse_inside_unit()
    return backups.make(base.path, now=_local_now(base), reason=reason)


def stop_writing(base: Database, why: str) -> None:
    """Refuse every act from now on; what is open goes on being read. `why`: the end of a sentence."""
    base.read_only, base.why_read_only = True, why


def backup_to(base: Database, target: Path) -> None:
    """Write a checked copy of the base to a file of the officer's choice. Raises `UserError`."""
    base.refuse_inside_unit()
    if target.name.endswith(_ENDINGS):
        raise UserError(
            f"«\u202f{target.name}\u202f» est le nom de ce qui accompagne une base le temps d’un acte\u202f: une copie y"
            " serait effacée.",
            "Choisissez un nom qui finit par .db.",
        )
    with base.guard.everything():
        backups.write(base.path, target, source=base.connection)


def backup_if_due(base: Database) -> Backup | None:
    """Back the base up where the last backup is half an hour old, and thin out. Raises `UserError`."""
    base.refuse_inside_unit()
    now = _local_now(base)
    if not backups.due(base.path, now=now):
        return None
    new_backup = backups.make(base.path, now=now)
    backups.thin(base.path, now=now)
    return new_backup


def backup_into(base: Database, folder: Path) -> Backup:
    """Make an automatic backup in another folder too, and thin out there. Raises `UserError`."""
    base.refuse_inside_unit()
    now = _local_now(base)
    new_backup = backups.make(base.path, now=now, folder=folder)
    backups.thin(base.path, now=now, folder=folder)
    return new_backup


def _local_now(base: Database) -> datetime:
    return base.clock().astimezone().replace(tzinfo=None)


def _gaps(connection: sqlite3.Connection, cut: Collection[str]) -> list[str]:
    """`cut`: see `proof.faults`."""
    rows = connection.execute(
        "SELECT a.label, max(o.seq) - count(*), a.uid, coalesce(CAST(max(m.value) AS INTEGER), 0)"
        " FROM operation o JOIN author a ON a.id = o.author"
        # What a salvage could not find was said once, and cannot be mended.
        " LEFT JOIN meta m ON m.name = ? || a.uid"
        " GROUP BY o.author HAVING max(o.seq) > count(*)",
        (journal.LOST,),
    )
    return [
        f"Il manque {french.plural(missing, 'opération', 'opérations')} de «\u202f{label}\u202f» dans le journal."
        for label, missing, uid, lost in rows
        if missing > (0 if uid in cut else lost)
    ]
