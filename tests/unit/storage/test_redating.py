"""A clock that was wrong is asked about; what nobody has received is redated, in its order."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.storage import clock, freshness, maintenance, opening, starter
from qpvdesk.storage.base import Database
from qpvdesk.storage.exchange import package, packages
from qpvdesk.storage.exchange.consent import Consent
from qpvdesk.storage.identity import Identity
from tests.unit.storage import samples

FAR = samples.NOON.replace(year=2050)


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def opened(folder: Path, name: str, at: Clock) -> Database:
    path = folder / f"{name}.db"
    who = Identity(folder / f"{name}.id")
    if path.exists():
        base = opening.open_base(path, clock=at, identity=who)
    else:
        base = opening.create(path, now=samples.NOON, clock=at, identity=who)
        starter.import_starter(base, samples.dossier())
    base.sign(name)
    return base


def record(base: Database, key: str, value: int) -> None:
    day = samples.DAY - timedelta(days=value)
    with base.unit(f"Relevé {key}") as unit:
        unit.put(replace(samples.MEASUREMENT, key=key, value=Decimal(value), day=day))


def moments(base: Database) -> dict[str, tuple[int, int]]:
    """Return the years of each act: of its words, and of its clock."""
    rows = base.connection.execute(
        "SELECT t.label, t.done_at, max(o.hlc) FROM act t JOIN operation o ON o.act = t.id GROUP BY t.id"
    )
    return {label: (int(done_at[:4]), clock.moment(hlc).year) for label, done_at, hlc in rows}


def test_one_evening_in_2050_is_asked_about_and_repaired(tmp_path: Path) -> None:
    at = Clock(samples.NOON)
    with opened(tmp_path, "Camille", at) as base, opened(tmp_path, "Alix", at) as other:
        # What is noted of a package stands on a chain of its own, and what was done on the eve is no act to come.
        alix = other.authors.identity.public
        with other.unit("Relevé n8") as unit:
            unit.remove(samples.MEASUREMENT)
        record(base, "m1", 7)
        brought = package.read(packages.write(other)[0], "paquet")
        packages.merge(base, brought, consent=Consent(frozenset({alix})))
        record(base, "n9", 9)
        at.now = FAR
        record(base, "n1", 1)
        record(base, "n2", 2)
    at.now = samples.NOON + timedelta(days=1)
    with opened(tmp_path, "Camille", at) as base:
        with pytest.raises(freshness.ClockError, match="est du 12/03/2050"):
            freshness.check_clock(base)
        assert maintenance.trust_clock(base) == 2
        freshness.check_clock(base)
        record(base, "n3", 3)
        assert {label: years for label, years in moments(base).items() if label.startswith("Relevé")} == {
            f"Relevé {key}": (2026, 2026) for key in ("m1", "n1", "n2", "n3", "n8", "n9")
        }
        assert maintenance.check(base) == []
    with opened(tmp_path, "Camille", at) as base:
        # What is remembered outside the base follows: it is no older copy.
        freshness.check_newest(base)
        freshness.check_clock(base)
        with opened(tmp_path, "Dominique", Clock(samples.NOON)) as other:
            brought = package.read(packages.write(base)[0], "paquet")
            accepted = frozenset({alix, base.authors.identity.public})
            assert packages.merge(other, brought, consent=Consent(accepted)).days_ahead == 0
            assert maintenance.check(other) == []


def test_what_was_sent_is_left_as_it_is_and_asked_about_once(tmp_path: Path) -> None:
    at = Clock(FAR)
    with opened(tmp_path, "Camille", at) as base:
        record(base, "n1", 1)
        sent = package.read(packages.write(base)[0], "paquet")
        record(base, "n2", 2)
    at.now = samples.NOON
    with opened(tmp_path, "Camille", at) as base:
        assert maintenance.trust_clock(base) == 1
        freshness.check_clock(base)
        assert moments(base)["Relevé n1"][0] == 2050
        assert moments(base)["Relevé n2"][0] == 2026
        assert maintenance.check(base) == []
        assert packages.merge(base, sent).operations == 0
    at.now = FAR
    with opened(tmp_path, "Camille", at) as base:
        record(base, "n3", 3)
        packages.write(base)
    at.now = samples.NOON
    with opened(tmp_path, "Camille", at) as base:
        # That it was sent is remembered once the program is closed.
        assert maintenance.trust_clock(base) == 0


def test_a_year_typed_wrong_is_asked_about_before_anything_bears_it(tmp_path: Path) -> None:
    at = Clock(datetime.now().astimezone())
    with opened(tmp_path, "Camille", at) as base:
        record(base, "n1", 1)
    at.now += timedelta(days=730)
    with opened(tmp_path, "Camille", at) as base, pytest.raises(freshness.ClockError):
        freshness.check_clock(base)
