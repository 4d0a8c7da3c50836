"""A base that does not open: the ways out that are offered, the best first, and what each of them does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.services import opening as services
from qpvdesk.services.base_medium import MediumError
from qpvdesk.services.care import keeping, safety
from qpvdesk.services.opening import Opening
from qpvdesk.storage import lock, opening
from qpvdesk.storage.base import Database
from qpvdesk.storage.care import backup
from qpvdesk.storage.care.medium import Medium
from tests.unit.storage import samples

DAY = date(2026, 6, 30)
NOW = datetime(2026, 6, 30, 12)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "cle").mkdir()
    path = tmp_path / "cle" / "contrat.db"
    samples.new_base(path).close()
    return path


@pytest.fixture
def opened(base: Path, tmp_path: Path) -> Callable[..., Opening]:
    """Make an opening of the base; on a stick where `stick` is given."""

    def make(*, stick: bool = False, path: Path = base) -> Opening:
        def medium(where: Path) -> Medium:
            return Medium.REMOVABLE if stick and where.is_relative_to(base.parent) else Medium.DISK

        return Opening(path, today=lambda: DAY, now=lambda: NOW, local=tmp_path / "ici", medium=medium)

    return make


def words(ways: tuple[services.Way, ...]) -> list[str]:
    return [way.word for way in ways]


def refusal(chosen: Opening) -> UserError:
    with pytest.raises(UserError) as caught:
        chosen.desk()
    return caught.value


def record(base: Database) -> None:
    with base.unit("Relevé") as unit:
        unit.put(replace(samples.MEASUREMENT, key="m3", day=date(2026, 5, 31), value=Decimal(33)))


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:20480] = bytes(16384)
    path.write_bytes(content)


def test_a_base_on_a_disk_opens_and_is_read_beside(opened: Callable[..., Opening]) -> None:
    chosen = opened()
    desk, beside = chosen.desk(), chosen.reading()
    assert desk.situation("contrat-1", DAY).assessments == beside.situation("contrat-1", DAY).assessments
    desk.close()
    beside.close()
    assert chosen.sentences == ()
    assert chosen.luggage() is None


def test_a_base_on_a_stick_is_asked_about_until_it_is_accepted_there(opened: Callable[..., Opening]) -> None:
    chosen = opened(stick=True)
    error = refusal(chosen)
    assert isinstance(error, MediumError)
    assert chosen.base.name in error.message
    assert error.remedy
    assert words(chosen.ways(error)) == [services.COPY, services.STAY]
    chosen.choose(services.STAY)
    chosen.desk().close()
    # Another day it is not asked again, of this base alone.
    opened(stick=True).desk().close()
    other = chosen.base.with_name("autre.db")
    samples.new_base(other).close()
    assert isinstance(refusal(opened(stick=True, path=other)), MediumError)


def test_a_local_copy_is_worked_on_and_brought_back(base: Path, opened: Callable[..., Opening]) -> None:
    chosen = opened(stick=True)
    chosen.choose(services.COPY)
    chosen.desk().close()
    assert chosen.base != base
    assert len(chosen.sentences) == 2
    with opening.open_base(chosen.base) as copy:
        record(copy)
    luggage = chosen.luggage()
    assert luggage is not None
    assert list(luggage.news) == ["Relevé"]
    # It is found again from the base itself, with what is to be brought back.
    again = opened(stick=True)
    ways = again.ways(refusal(again))
    # A new copy would take the place of that work.
    assert words(ways) == [services.RESUME, services.STAY]
    assert "1 acte" in ways[0].sentence
    again.choose(services.RESUME)
    again.desk().close()
    assert again.base == chosen.base
    said = again.bring_back()
    assert str(base) in said[0]
    with opening.open_base(base, read_only=True) as home:
        assert "m3" in {item.key for item in home.dossier("contract1").measurements}
    assert not chosen.base.exists()
    third = opened(stick=True)
    assert services.RESUME not in words(third.ways(refusal(third)))


def test_the_origin_that_came_beside_a_base_is_nobody_s(base: Path, opened: Callable[..., Opening]) -> None:
    """A stick may say that its base is the copy of any other: nothing of that is looked at, replaced or removed."""
    base.with_name("contrat.db.origine").write_text(str(base))
    chosen = opened()
    chosen.desk().close()
    assert chosen.luggage() is None
    assert base.exists()


def test_a_copy_with_nothing_new_is_forgotten(opened: Callable[..., Opening]) -> None:
    chosen = opened(stick=True)
    chosen.choose(services.COPY)
    chosen.desk().close()
    luggage = chosen.luggage()
    assert luggage is not None
    assert not luggage.news
    chosen.forget()
    assert not chosen.base.exists()


def test_of_a_damaged_base_the_backup_is_offered_first_then_what_is_left(
    base: Path, opened: Callable[..., Opening]
) -> None:
    # One evening the clock was in 2050: that backup, of before the second figure, is not the last one.
    backup.make(base, now=NOW.replace(year=2050))
    with opening.open_base(base) as filled:
        record(filled)
    backup.make(base, now=NOW)
    damage(base)
    chosen = opened()
    error = refusal(chosen)
    ways = chosen.ways(error)
    assert words(ways) == [services.RESTORE, services.REPAIR]
    assert ways[0].sentence.startswith("Celle du 30/06/2026")
    assert "3 relevés" in ways[0].sentence
    chosen.choose(services.RESTORE)
    chosen.desk().close()
    assert any("a pris la place" in line for line in chosen.sentences)
    # What was chosen is done once.
    chosen.desk().close()
    assert safety.faults(base) == []


def test_what_can_be_read_of_a_damaged_base_is_taken(base: Path, opened: Callable[..., Opening]) -> None:
    damage(base)
    chosen = opened()
    assert words(chosen.ways(refusal(chosen))) == [services.REPAIR]
    chosen.choose(services.REPAIR)
    chosen.desk().close()
    assert chosen.sentences[0].startswith("Récupéré")
    assert "est gardé" in chosen.sentences[-1]
    assert safety.faults(base) == []


def test_a_base_that_is_gone_is_looked_for(
    base: Path, tmp_path: Path, opened: Callable[..., Opening]
) -> None:
    moved = base.rename(tmp_path / "ailleurs.db")
    chosen = opened()
    assert words(chosen.ways(refusal(chosen))) == [services.LOOK]
    chosen.choose(services.LOOK, moved)
    chosen.desk().close()
    chosen.base = base
    chosen.choose(services.RESTORE)
    assert "Aucune sauvegarde" in refusal(chosen).message


def test_a_file_that_is_no_base_is_neither_mended_nor_opened(
    base: Path, opened: Callable[..., Opening]
) -> None:
    base.write_bytes(b"un texte, pas une base" * 500)
    chosen = opened()
    assert words(chosen.ways(refusal(chosen))) == [services.LOOK]


def test_a_base_that_is_open_may_be_read_and_taken_from_another_machine_alone(
    base: Path, opened: Callable[..., Opening]
) -> None:
    chosen = opened()
    with opening.open_base(base):
        error = refusal(chosen)
        assert isinstance(error, lock.AlreadyOpenError)
        assert words(chosen.ways(error)) == [services.READ, services.RETRY]
        chosen.choose(services.READ)
        desk = chosen.desk()
        assert desk.base.read_only
        with pytest.raises(UserError, match="ne peut pas être protégée"):
            keeping.seal(desk, "une phrase assez longue")
        assert desk.base.held_by == str(error.holder)
        desk.close()
    chosen.choose(services.READ)
    desk = chosen.desk()
    assert desk.base.held_by == "", "nobody holds it any more"
    desk.close()
    for host, offered in (("un-autre-poste", True), (lock.host_name(), False), ("", False)):
        error.holder = replace(error.holder, host=host)
        assert (services.FORCE in words(chosen.ways(error))) is offered


def test_other_refusals_have_no_way_out(opened: Callable[..., Opening]) -> None:
    assert opened().ways(UserError("Autre chose.")) == ()


def test_an_older_copy_says_what_it_lacks_and_goes_on_as_another_author(
    opened: Callable[..., Opening], base: Path
) -> None:
    old = base.read_bytes()
    for _ in range(2):
        desk = opened().desk()
        with desk.act("Note") as unit:
            objective = desk.dossier("contrat-1").objectives[0]
            unit.put(replace(objective, note=f"{objective.note}!"))
        desk.close()
    newest = base.read_bytes()
    base.write_bytes(old)
    chosen = opened()
    error = refusal(chosen)
    assert (
        error.message
        == "La base «\u202fcontrat.db\u202f» est une copie plus ancienne\u202f: il y manque 2 actes que vous avez faits."
    )
    assert words(chosen.ways(error)) == ["chercher", "continuer", "lire"]
    chosen.choose("lire")
    chosen.desk().close()
    chosen.choose("continuer")
    chosen.desk().close()
    # Asked once; the newer one, found again, is opened without a word too.
    opened().desk().close()
    base.write_bytes(newest)
    opened().desk().close()


def test_a_backup_put_back_knowingly_is_not_asked_about(opened: Callable[..., Opening]) -> None:
    desk = opened().desk()
    backup = keeping.back_up(desk)
    record(desk.base)
    keeping.restore(desk, backup.path)
    desk.close()
    opened().desk().close()


def test_a_base_that_another_program_takes_while_it_is_closed_goes_on_being_read(
    opened: Callable[..., Opening], base: Path
) -> None:
    desk = opened().desk()
    taken = desk.while_closed(lock.acquire)
    assert desk.base.read_only
    assert desk.base.held_by == str(lock.holder(base))
    assert desk.dossier("contrat-1").objectives
    with pytest.raises(UserError, match="ouverte en lecture seule"):
        record(desk.base)
    taken.release()
    desk.close()
