"""A base under a passphrase: nothing of it can be read without, nothing of it is lost with."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk import cli, durable, paths
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier
from qpvdesk.services.care import leftovers, veil
from qpvdesk.services.care import sealing as sealing_service
from qpvdesk.services.opening import Opening
from qpvdesk.storage import lock, maintenance, opening, rescue, starter
from qpvdesk.storage.care import backup, resealing, restore, sealing, travel
from qpvdesk.storage.care.sealing import Key, SealedError
from qpvdesk.storage.identity import Identity
from qpvdesk.ui.drafts import Drafts
from tests.faults import disk
from tests.helpers import paper_text
from tests.helpers.keys import forget
from tests.helpers.second_reader import second_reader
from tests.unit.storage import samples

PHRASE = "quatre mots sans rapport"
NOW = datetime(2026, 6, 30, 12, 0, 0)
PAGE = 4096


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    """Each test is a process of its own, as far as keys go."""
    forget()
    yield
    forget()


def fill(path: Path, count: int = 150) -> Dossier:
    with samples.new_base(path) as base:
        with base.unit("Relevés") as unit:
            for number in range(count):
                day = samples.DAY + timedelta(days=number)
                unit.put(replace(samples.MEASUREMENT, key=f"k{number:03}", day=day, value=Decimal(number)))
        return base.dossier("contract1")


@pytest.fixture
def sealed(path: Path) -> Path:
    fill(path)
    resealing.reseal(path, sealing.fresh_key(PHRASE))
    forget()
    return path


def held(path: Path) -> Dossier:
    with opening.open_base(path) as base:
        assert maintenance.check(base) == []
        return base.dossier("contract1")


def test_a_sealed_base_opens_with_its_passphrase_alone(path: Path) -> None:
    before = fill(path)
    assert samples.OBJECTIVE.label.encode() in path.read_bytes()
    resealing.reseal(path, sealing.fresh_key(PHRASE))
    forget()
    content = path.read_bytes()
    assert samples.OBJECTIVE.label.encode() not in content
    assert b"CREATE TABLE" not in content
    with pytest.raises(SealedError, match="phrase secrète"):
        opening.open_base(path)
    with pytest.raises(UserError, match="n’ouvrent"):
        sealing.unlock(path, PHRASE + "s")
    with pytest.raises(SealedError):
        opening.open_base(path)
    assert path.read_bytes() == content
    sealing.unlock(path, f" {PHRASE} ")
    assert held(path) == before
    with opening.open_base(path) as base, second_reader(base) as reader:
        with base.unit("Un de plus") as unit:
            unit.put(replace(samples.MEASUREMENT, key="more"))
        assert len(reader.dossier("contract1").measurements) == len(before.measurements) + 1


def test_the_key_written_down_opens_it_too(path: Path) -> None:
    before = fill(path)
    key = sealing.fresh_key(PHRASE)
    resealing.reseal(path, key)
    forget()
    with pytest.raises(UserError, match="n’ouvrent"):
        sealing.unlock(path, sealing.fresh_key(PHRASE).recovery)
    sealing.unlock(path, key.recovery.lower().replace("o", "0"))
    assert held(path) == before
    sealing_service.write_sheet(path.with_name("cle.pdf"), key.recovery, path.name, samples.DAY)
    if os.name != "nt":
        assert path.with_name("cle.pdf").stat().st_mode & 0o077 == 0, "whoever reads it opens the base"
    words = " ".join(paper_text.pages(path.with_name("cle.pdf"))).split()
    assert [word for word in words if word in key.recovery.split()] == key.recovery.split()
    assert [word for word in words if word in ("0.", "1.", "2.", "3.", "4.")] == ["1.", "2.", "3."]


@given(
    raw=st.binary(min_size=32, max_size=32), place=st.integers(0, 55), letter=st.sampled_from("ABCXYZ234567")
)
def test_a_key_written_down_is_read_back_and_a_slip_is_seen(raw: bytes, place: int, letter: str) -> None:
    text = Key(b"", raw).recovery
    assert sealing._written(text.replace(" ", "-").lower()) == raw
    letters = text.replace(" ", "")
    slip = letters[:place] + letter + letters[place + 1 :]
    assert sealing._written(slip) in ({raw} if slip == letters else {None})


def test_accents_open_it_however_they_are_composed(path: Path) -> None:
    fill(path, 1)
    resealing.reseal(path, sealing.fresh_key("été à Liévin, forêt"))
    forget()
    sealing.unlock(path, "e\u0301te\u0301 a\u0300 Lie\u0301vin, fore\u0302t")
    held(path)


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(UserError, match="trop courte"):
        sealing.fresh_key("court   ")


def test_backups_follow_and_new_ones_are_sealed(path: Path) -> None:
    fill(path)
    plain = backup.make(path, now=NOW, reason="manuelle")
    other = path.parent / "ailleurs"
    backup.make(path, now=NOW, folder=other)
    broken = backup.make(path, now=NOW + timedelta(days=1))
    broken.path.write_bytes(broken.path.read_bytes()[:-1] + b"x")
    done = resealing.reseal(path, sealing.fresh_key(PHRASE), folders=(other,))
    assert (done.backups, done.left) == (2, (broken.path,))
    assert not plain.path.exists()
    with opening.open_base(path) as base:
        maintenance.backup(base)
    made = [one for one in backup.backups(path) if one.path != broken.path] + list(
        backup.backups(path, other)
    )
    assert len(made) == 3
    for one in made:
        assert backup.verify(one.path)
        assert sealing.is_sealed(one.path)
        assert b"CREATE TABLE" not in one.path.read_bytes()
    assert {one.reason for one in made} == {"manuelle", "auto"} | {made[0].reason}
    forget()
    assert restore.contents_or_none(made[0].path) is None
    sealing.unlock(path, PHRASE)
    assert restore.contents_or_none(made[0].path) is not None


def test_a_sealed_backup_is_put_back(sealed: Path) -> None:
    sealing.unlock(sealed, PHRASE)
    before = held(sealed)
    one = backup.make(sealed, now=NOW)
    with opening.open_base(sealed) as base, base.unit("Perdu") as unit:
        unit.put(replace(samples.MEASUREMENT, key="lost"))
    assert restore.preview(sealed, one.path).lost == ("Perdu",)
    restore.restore(sealed, one.path, now=NOW)
    assert held(sealed) == before
    assert sealing.is_sealed(sealed)


def test_another_passphrase_and_back_in_clear(sealed: Path) -> None:
    sealing.unlock(sealed, PHRASE)
    before = held(sealed)
    resealing.reseal(sealed, sealing.fresh_key("une tout autre phrase"))
    forget()
    with pytest.raises(UserError, match="n’ouvrent"):
        sealing.unlock(sealed, PHRASE)
    sealing.unlock(sealed, "une tout autre phrase")
    assert held(sealed) == before
    resealing.reseal(sealed, None)
    forget()
    assert not sealing.is_sealed(sealed)
    assert held(sealed) == before


def test_a_local_copy_is_sealed_and_comes_back(sealed: Path, tmp_path: Path) -> None:
    sealing.unlock(sealed, PHRASE)
    copy = travel.take(sealed, tmp_path / "local")
    assert sealing.is_sealed(copy)
    with opening.open_base(copy) as base, base.unit("En route") as unit:
        unit.put(replace(samples.MEASUREMENT, key="road"))
    travel.bring_back(copy, now=NOW)
    assert any(one.key == "road" for one in held(sealed).measurements)


def test_any_bit_that_flips_is_seen_and_never_taken_for_a_wrong_passphrase(sealed: Path) -> None:
    sealing.unlock(sealed, PHRASE)
    whole = sealed.read_bytes()
    chance = random.Random(2030)
    for _ in range(60):
        place = chance.randrange(16, len(whole))
        hurt = bytearray(whole)
        hurt[place] ^= 1 << chance.randrange(8)
        sealed.write_bytes(hurt)
        assert not sealing.is_locked(sealed)
        try:
            with opening.open_base(sealed, read_only=True) as base:
                assert maintenance.check(base) != []
        except opening.DamagedError:
            pass


def test_the_pages_that_were_altered_behind_an_open_base_are_counted(sealed: Path) -> None:
    sealing.unlock(sealed, PHRASE)
    last = len(sealed.read_bytes()) // PAGE - 1
    with opening.open_base(sealed, read_only=True) as base:
        for pages, said in ((1, "page du fichier a été altérée."), (2, "pages du fichier ont été altérées.")):
            with sealed.open("r+b") as file:
                file.seek((last - pages) * PAGE + 100)
                file.write(b"autre")
            assert any(line.endswith(said) for line in maintenance.check(base))


def test_what_is_left_of_a_damaged_one_is_saved_under_the_same_key(sealed: Path) -> None:
    sealing.unlock(sealed, PHRASE)
    before = {one.key for one in held(sealed).measurements}
    whole = sealed.read_bytes()
    refused = tried = 0
    pages = len(whole) // PAGE
    # A few pages, spread over the file: each one costs several openings of a sealed base.
    for number in range(2, pages, max(5, pages // 7)):
        tried += 1
        sealed.write_bytes(whole[: number * PAGE] + bytes(PAGE) + whole[(number + 1) * PAGE :])
        try:
            report = rescue.repair(sealed, now=NOW.replace(tzinfo=UTC)).report
        except UserError:
            # One of the pages that say where the tables are.
            refused += 1
            continue
        assert sealing.is_sealed(sealed)
        after = {one.key for one in held(sealed).measurements}
        lost = {loss.name for loss in report.lost if loss.kind == "measurement"}
        assert len(before - after) <= len(lost) + report.gaps
    assert refused < tried / 3


def test_where_there_is_no_room_the_base_stays_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path, 3)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(durable, "flush", full)
    with pytest.raises(UserError, match="reste telle qu’elle était"):
        resealing.reseal(path, sealing.fresh_key(PHRASE))
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.chiffrement*"))


def test_a_disk_that_fills_up_while_a_base_is_sealed_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What SQLCipher copies with is a function of SQL: its errors have the code of any error."""
    fill(path)
    before, honest = path.read_bytes(), resealing.connect

    class Narrow:
        def __init__(self, file: Path, mode: str) -> None:
            self._connection = honest(file, mode)
            self.close = self._connection.close

        def execute(self, words: str, *values: Any) -> Any:
            if "sqlcipher_export" in words:
                self._connection.execute("PRAGMA made.max_page_count = 20")
            return self._connection.execute(words, *values)

    monkeypatch.setattr(resealing, "connect", Narrow)
    with pytest.raises(UserError, match="disque est plein"):
        resealing.reseal(path, sealing.fresh_key(PHRASE))
    assert path.read_bytes() == before
    assert list(path.parent.glob(f"{path.name}?*")) == []


def test_what_a_killed_program_left_of_drafts_put_in_clear_is_purged(
    sealed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QPVDESK_DOSSIER", str(tmp_path / "dossier"))
    sealing.unlock(sealed, PHRASE)
    folder = paths.drafts_folder(sealed)
    folder.mkdir(parents=True, exist_ok=True)
    veil.hide_drafts(sealed, {folder / "a.json": b'{"mot": 1}'})
    with veil.drafts_following(sealed, None):
        (left,) = [path for path in folder.iterdir() if path.suffix != ".json"]
        assert b"mot" in left.read_bytes()
        os.utime(left, (0, 0))
        durable.purge(folder)
        assert [path.name for path in folder.iterdir()] == ["a.json"]
        durable.write(left, b'{"mot": 1}')


def test_a_draft_that_cannot_be_hidden_is_removed_and_the_others_are_hidden(
    sealed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QPVDESK_DOSSIER", str(tmp_path / "dossier"))
    sealing.unlock(sealed, PHRASE)
    folder = paths.drafts_folder(sealed)
    folder.mkdir(parents=True, exist_ok=True)
    drafts = {folder / f"{name}.json": b'{"mot": 1}' for name in ("a", "b", "c")}
    for path, content in drafts.items():
        path.write_bytes(content)
    writing = durable.write

    def failing(path: Path, content: bytes, **how: bool) -> None:
        if path.stem == "b":
            raise OSError(28, "No space left on device")
        writing(path, content, **how)

    monkeypatch.setattr(durable, "write", failing)
    # A folder in its place cannot even be removed: the others are hidden all the same.
    (folder / "b.json").unlink()
    (folder / "b.json").mkdir()
    veil.hide_drafts(sealed, drafts)
    (folder / "b.json").rmdir()
    (folder / "b.json").write_bytes(b'{"mot": 1}')
    veil.hide_drafts(sealed, drafts)
    assert sorted(path.name for path in folder.iterdir()) == ["a.json", "c.json"]
    assert all(b"mot" not in path.read_bytes() for path in folder.iterdir())
    assert veil.shown_drafts(sealed) == {path: text for path, text in drafts.items() if path.stem != "b"}


@pytest.mark.parametrize(
    ("code", "words"), [(disk.FULL, "disque est plein"), (8, "lecture seule"), (3, "lecture seule")]
)
@pytest.mark.parametrize("after", [0, 7, 40])
def test_a_file_that_turns_read_only_while_a_base_is_put_in_clear_is_said(
    sealed: Path, code: int, words: str, after: int
) -> None:
    sealing.unlock(sealed, PHRASE)
    before = sealed.read_bytes()
    with disk.watched(sealed.parent) as seen:
        seen.refuse("write", after, code)
        with pytest.raises(UserError, match=words):
            sealing_service.unseal(sealed)
        seen.allow()
    assert sealed.read_bytes() == before
    assert list(sealed.parent.glob(f"{sealed.name}?*")) == []


@pytest.mark.parametrize("act", ["seal", "unseal"])
def test_a_full_disk_loses_nothing_of_what_is_typed_and_leaves_the_base_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, act: str
) -> None:
    monkeypatch.setenv("QPVDESK_DOSSIER", str(tmp_path / "dossier"))
    fill(path, 3)
    if act == "unseal":
        sealing_service.seal(path, PHRASE)
    drafts = Drafts(paths.drafts_folder(path), path)
    for name in ("a", "b"):
        drafts.keep(name, {"texte": f"tapé {name}"})
    drafts.flush()
    before, writing = path.read_bytes(), durable.write
    folder, ready = paths.drafts_folder(path), set[Path]()

    def failing(target: Path, content: bytes, **how: bool) -> None:
        if target.parent == folder and ready:
            raise OSError(errno.ENOSPC, "No space left on device")
        ready.add(target)
        writing(target, content, **how)

    with monkeypatch.context() as full:
        full.setattr(durable, "write", failing)
        with pytest.raises(UserError, match=r"tapé.*le disque est plein.*reste telle qu’elle était"):
            sealing_service.seal(path, PHRASE) if act == "seal" else sealing_service.unseal(path)
    assert path.read_bytes() == before
    assert {name: drafts.read(name) for name in drafts.names()} == {n: {"texte": f"tapé {n}"} for n in "ab"}
    assert sorted(left.name for left in paths.drafts_folder(path).iterdir()) == ["a.json", "b.json"]


def test_an_open_base_is_left_alone(path: Path) -> None:
    fill(path, 1)
    with opening.open_base(path), pytest.raises(lock.AlreadyOpenError):
        resealing.reseal(path, sealing.fresh_key(PHRASE))
    assert not sealing.is_sealed(path)


def test_the_live_file_is_read_once(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To close it again would drop the locks that SQLite holds on it."""
    sealing.unlock(sealed, PHRASE)
    with opening.open_base(sealed) as base:
        reading = sealing._read
        monkeypatch.setattr(
            sealing, "_read", lambda file: pytest.fail("read") if file == sealed.resolve() else reading(file)
        )
        with second_reader(base) as reader, base.unit("Un acte") as unit:
            unit.put(replace(samples.MEASUREMENT, key="more"))
            reader.dossier("contract1")
    monkeypatch.undo()
    assert sealed.resolve() not in sealing._open_files, "once closed, a file is read again"


@settings(max_examples=5)
@given(content=st.binary(max_size=200))
def test_another_file_is_not_taken_for_a_sealed_base(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("x") / "x.db"
    file.write_bytes(content)
    assert sealing.is_sealed(file) == (content[:4] == b"QPVC" and len(content) >= 16)


def test_what_stays_in_clear_beside_a_sealed_base_is_named_and_removed_on_request(path: Path) -> None:
    with opening.create(path, now=samples.NOON) as made:
        starter.import_starter(made, samples.dossier())
    aside = path.with_name(f"{path.stem}.remplacee{path.suffix}")
    hurt = path.with_name(f"{path.stem}.endommagee-0123456789ab{path.suffix}")
    # A program that was killed while it copied the base leaves these.
    killed = [path.with_name(f"{path.name}{end}") for end in (".restauration", ".en-cours")]
    for copy in (aside, hurt, *killed):
        copy.write_bytes(path.read_bytes())
    (path.parent / "envoi.paquet").write_bytes(b"PK\3\4")
    done = sealing_service.seal(path, "quatre mots sans rapport")
    assert {copy.name for copy in done.clear} == {copy.name for copy in (aside, hurt, *killed)} | {
        "envoi.paquet"
    }
    assert aside.name in done.sentences[-1]
    assert leftovers.remove(done.clear) == ()
    assert leftovers.clear_copies(path) == ()
    assert path.exists()


@pytest.mark.parametrize("name", ["base.db", "Contrat [2026].db"])
def test_what_sqlite_keeps_beside_a_copy_in_clear_is_named_with_it(tmp_path: Path, name: str) -> None:
    """The journal of a copy holds pages of it as they were; the file that a copy is made in holds all that came so far."""
    path = tmp_path / name
    with opening.create(path, now=samples.NOON) as base:
        starter.import_starter(base, samples.dossier())
    copies = [
        path.with_name(f"{path.stem}.endommagee-0123456789ab.db"),
        *(
            path.with_name(f"{path.name}{end}")
            for end in (".avant-reprise", ".recuperation-lue", ".recuperation")
        ),
    ]
    in_clear = [
        *copies,
        *(copy.with_name(copy.name + end) for copy in copies for end in ("-journal", "-wal")),
    ]
    in_clear.append(path.with_name(f"{path.stem}.remplacee.db-journal"))
    in_clear.append(durable.beside(path))
    for copy in in_clear:
        copy.write_bytes(path.read_bytes())
    os.utime(in_clear[-1], (0, 0))
    durable.beside(path).write_bytes(b"being written")
    done = sealing_service.seal(path, PHRASE)
    assert set(done.clear) == set(in_clear)
    # A journal is as its base is: that of a sealed copy holds sealed pages.
    copies[0].write_bytes(path.read_bytes())
    assert set(leftovers.clear_copies(path)) == {
        copy for copy in in_clear if not copy.name.startswith(copies[0].name)
    }
    assert leftovers.remove(leftovers.set_aside(path)) == ()
    assert leftovers.set_aside(path) == ()


def test_what_is_typed_and_not_saved_is_sealed_as_the_base_is(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QPVDESK_DOSSIER", str(tmp_path / "dossier"))
    with opening.create(path, now=samples.NOON) as made:
        starter.import_starter(made, samples.dossier())
    drafts = Drafts(paths.drafts_folder(path), path)
    drafts.keep("grille", {"valeur": "Nom Fictif"})
    drafts.flush()
    assert b"Nom Fictif" in drafts.path("grille").read_bytes()
    # What was typed before is sealed with the base, what is typed after too; a new phrase takes both along.
    for phrase in ("quatre mots sans rapport", "quatre autres mots encore"):
        sealing_service.seal(path, phrase)
        assert b"Nom Fictif" not in drafts.path("grille").read_bytes()
        assert drafts.read("grille") == {"valeur": "Nom Fictif"}
        drafts.keep("autre", {"texte": "Nom Fictif"})
        drafts.flush()
        assert b"Nom Fictif" not in drafts.path("autre").read_bytes()
        assert drafts.read("autre") == {"texte": "Nom Fictif"}
    monkeypatch.setattr(sealing, "_given", {})
    assert drafts.read("grille") is None
    drafts.keep("grille", {"valeur": "autre"})
    drafts.flush()
    assert drafts.trouble is not None
    assert b"autre" not in drafts.path("grille").read_bytes()
    left = tmp_path / "en-clair.json"
    left.write_bytes(b"{}")
    veil.hide_drafts(path, {left: b"{}"})
    assert not left.exists(), "what cannot be hidden is not left in clear"
    sealing.unlock(path, "quatre autres mots encore")
    sealing_service.unseal(path)
    assert b"Nom Fictif" in drafts.path("grille").read_bytes()


def test_of_a_portable_program_the_keys_lie_as_the_officer_s_own_base_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "donnees"
    monkeypatch.setenv("QPVDESK_DOSSIER", str(folder))
    monkeypatch.setattr(paths, "portable_folder", lambda: folder)
    folder.mkdir()
    with opening.create(paths.user_base(), now=samples.NOON) as made:
        starter.import_starter(made, samples.dossier())
        public, seal = made.authors.identity.public, made.authors.identity.sealing
    files = [folder / "identite" / name for name in ("cle.json", "scellement.json")]
    for phrase in ("quatre mots sans rapport", "quatre autres mots encore"):
        sealing_service.seal(paths.user_base(), phrase)
        assert not any(public.encode() in file.read_bytes() or b"AGE" in file.read_bytes() for file in files)
        assert (Identity().public, Identity().sealing) == (public, seal)
    # Another program holds the file at the first reading.
    held = iter((True,))
    read = Path.read_bytes

    def once(path: Path) -> bytes:
        if path == files[0] and next(held, False):
            raise PermissionError(errno.EACCES, "held")
        return read(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", once)
        assert Identity().public == public
    # Altered, it is put aside, and said so, once.
    whole = files[0].read_bytes()
    files[0].write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert "ne se lisait plus" in Identity().fault()
    assert Identity().fault() == ""
    assert Identity().public != public
    files[0].write_bytes(whole)
    # Who has the stick and not the passphrase signs nothing, and no key is put in the place of that one.
    forget()
    kept = [file.read_bytes() for file in files]
    assert Identity().known is None
    for ask in (lambda: Identity().public, lambda: Identity().unsealing, Identity().fault):
        with pytest.raises(sealing.SealedError, match="Votre clé de signature"):
            ask()
    assert [file.read_bytes() for file in files] == kept
    with opening.create(tmp_path / "autre.db", now=samples.NOON) as other:
        asked = Opening(other.path, today=date.today)
    with pytest.raises(sealing.SealedError) as told:
        asked.desk()
    # Who has lost both is told the way out where the words are asked for.
    assert str(Identity().folder) in told.value.message
    asked.unlock(told.value, "quatre autres mots encore")
    with asked.desk().base as again:
        assert again.authors.identity.public == public
    forget()
    monkeypatch.setenv("QPVDESK_PHRASE", "quatre autres mots encore")
    assert cli.run(["paquet", "empreinte", "--base", str(tmp_path / "autre.db")]) == 0
    sealing_service.unseal(paths.user_base())
    assert public.encode() in files[0].read_bytes()
    assert Identity().sealing == seal


def test_keys_that_stay_in_clear_beside_a_sealed_base_are_named_and_no_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "donnees"
    monkeypatch.setenv("QPVDESK_DOSSIER", str(folder))
    monkeypatch.setattr(paths, "portable_folder", lambda: folder)
    folder.mkdir()
    with opening.create(paths.user_base(), now=samples.NOON) as made:
        starter.import_starter(made, samples.dossier())
        assert made.authors.identity.public
        assert made.authors.identity.sealing
    files = [folder / "identite" / name for name in ("cle.json", "scellement.json")]

    def held(_: Path, *__: object, **___: object) -> None:
        raise PermissionError(errno.EACCES, "held")

    def as_they_were(contents: list[bytes]) -> tuple[Path, ...]:
        """What the next opening settles, where another program holds files that lie otherwise than the base."""
        for file, content in zip(files, contents, strict=True):
            file.write_bytes(content)
        with monkeypatch.context() as patch:
            patch.setattr(durable, "write", held)
            return Identity().settle()

    clear = [file.read_bytes() for file in files]
    sealing_service.seal(paths.user_base(), "quatre mots sans rapport")
    hidden = [file.read_bytes() for file in files]
    assert as_they_were(clear) == tuple(files)
    assert Identity().settle() == ()
    assert not {file.read_bytes() for file in files} & set(clear)
    sealing_service.unseal(paths.user_base())
    assert as_they_were(hidden) == (), "what is hidden beside a base in clear shows nothing"


def test_the_officer_s_files_are_for_their_own_eyes(path: Path) -> None:
    with opening.create(path, now=samples.NOON) as made:
        starter.import_starter(made, samples.dossier())
        copy = maintenance.backup(made).path
    for file in (path, copy):
        assert file.stat().st_mode & 0o077 == 0


def test_what_a_killed_program_left_of_its_pages_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, pathlib; from qpvdesk.services.care import leftovers; made = leftovers.scratch()\n"
            "pathlib.Path(made.name, '1.pdf').write_bytes(b'%PDF'); os._exit(9)",
        ],
        cwd=Path(__file__).parents[3],
        env=os.environ | {"TMPDIR": str(tmp_path)},
        check=False,
    )
    assert killed.returncode == 9
    (left,) = tmp_path.iterdir()
    assert list(left.iterdir())
    with leftovers.scratch() as own, leftovers.scratch() as other:
        # What is in use stays, of this program as of another that runs.
        assert {str(folder) for folder in tmp_path.iterdir()} == {own, other}
