"""Whether a base that was just opened is the newest there is, and the clock what it may be: asked before any act."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import clock
from qpvdesk.storage.base import Database
from qpvdesk.storage.care import redating


class OlderCopyError(UserError):
    """The officer did acts in this base that it does not hold: it is an older copy, put back."""

    def __init__(self, path: Path, missing: int) -> None:
        acts = french.plural(missing, "acte que vous avez fait", "actes que vous avez faits")
        super().__init__(
            f"La base «\u202f{path.name}\u202f» est une copie plus ancienne\u202f: il y manque {acts}.",
            "Cherchez la plus récente. Sinon, continuez avec celle-ci\u202f: ce qui manque reviendra avec le paquet d’un"
            " collègue qui l’a reçu.",
            shell="Pour continuer\u202f: «\u202fqpvdesk paquet continuer\u202f».",
        )
        self.missing = missing


class ClockError(UserError):
    """The clock of this computer is far from the last act, or from the last writing of the file."""

    def __init__(self, path: Path, now: datetime, other: datetime) -> None:
        shown, last = (french.format_date(moment.astimezone().date()) for moment in (now, other))
        super().__init__(
            f"L’horloge de cet ordinateur dit {shown}, et votre dernier acte dans «\u202f{path.name}\u202f» est du {last}.",
            "Réglez la date de l’ordinateur si elle est fausse, puis réessayez. Si elle est juste, dites-le\u202f: vos actes"
            " datés de l’avenir que personne n’a encore reçus prendront la date d’aujourd’hui.",
            shell="Pour le dire\u202f: «\u202fqpvdesk horloge --juste\u202f».",
        )


def check_newest(base: Database) -> None:
    """Raise `OlderCopyError` where the officer did more in a base than it holds; never for one that is only read."""
    missing = 0 if base.read_only else base.authors.missing()
    if missing:
        raise OlderCopyError(base.path, missing)


def check_clock(base: Database) -> None:
    """Raise `ClockError` where what is done now would bear a moment that cannot be; never for what is only read."""
    if base.read_only:
        return
    now = base.clock().astimezone()
    written = datetime.fromtimestamp(base.opened_on).astimezone()
    # No own act bears a moment after its author's last clock: usually nothing more has to be read of a long journal.
    latest = base.authors.latest_clock()
    if clock.stamp(now + redating.TOLERATED) >= latest and now <= written + redating.AHEAD_OF_FILE:
        return
    last = redating.last_moment(base.connection, base.authors.undone_by())
    if last is not None and now < last - redating.TOLERATED:
        raise ClockError(base.path, now, last)
    if last is not None and now > written + redating.AHEAD_OF_FILE and now > last + redating.AHEAD_OF_FILE:
        raise ClockError(base.path, now, last)
