"""The officer's settings: kept, refused in words, carried to another laptop without its folders."""

from __future__ import annotations

import io
import json
import struct
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.letterhead import MAX_IMAGE, PNG, Letterhead
from qpvdesk.services import image_in
from qpvdesk.services.care import keeping
from qpvdesk.services.desk import Desk
from qpvdesk.services.settings import Settings, SettingsFile, Stored, read_image
from qpvdesk.services.templates import Templates
from qpvdesk.storage import maintenance, opening, readers
from qpvdesk.storage.care import backup
from tests.unit.storage import samples


def image(width: int, height: int, form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, form)
    return out.getvalue()


OURS = Settings(
    Letterhead(("Préfecture du Pas-de-Calais", "Délégué du préfet – Lens-Liévin"), image(60, 30)),
    "Délégué du préfet",
    Path("/papiers"),
    Path("/copies"),
)


def test_settings_come_back_as_they_were_kept(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "dossier")
    assert file.read() == Settings()
    file.write(OURS)
    assert file.read() == OURS
    assert [path.name for path in (tmp_path / "dossier").iterdir()] == ["reglages.json"]


def test_a_letterhead_is_one_by_its_lines_or_its_image_alone() -> None:
    assert [bool(Letterhead(*given)) for given in (((),), (("Préfecture",),), ((), PNG))] == [
        False,
        True,
        True,
    ]


def test_another_laptop_takes_them_and_keeps_its_own_folders(tmp_path: Path) -> None:
    here, there = SettingsFile(tmp_path / "ici"), SettingsFile(tmp_path / "la")
    here.write(OURS)
    there.write(Settings(folder=Path("/autre")))
    here.export(tmp_path / "envoi.json", here.read())
    taken = there.take(tmp_path / "envoi.json")
    assert taken == Settings(OURS.letterhead, OURS.author, Path("/autre"), None)
    assert there.read() == Settings(folder=Path("/autre"))


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"genre": "autre"}', json.dumps({"genre": "qpvdesk-reglages", "image": "§"}), '{"genre":'],
)
def test_a_file_that_is_not_ours_is_refused_and_a_spoilt_one_of_ours_does_no_harm(
    content: str, tmp_path: Path
) -> None:
    source = tmp_path / "reglages.json"
    source.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match="n’est pas un fichier de réglages") as refused:
        SettingsFile(tmp_path / "ailleurs").take(source)
    assert refused.value.remedy
    assert SettingsFile(tmp_path).read() == Settings()


@pytest.mark.parametrize(
    "wrong",
    [
        Settings(Letterhead(("ligne",) * 6)),
        Settings(Letterhead(("l" * 121,))),
        Settings(Letterhead((), b"GIF89a")),
        Settings(Letterhead((), PNG + b"x" * MAX_IMAGE)),
        Settings(author="deux\nlignes"),
    ],
)
def test_what_could_not_be_printed_is_refused_and_the_old_settings_stay(
    wrong: Settings, tmp_path: Path
) -> None:
    file = SettingsFile(tmp_path)
    file.write(OURS)
    with pytest.raises(UserError) as refused:
        file.write(wrong)
    assert refused.value.remedy
    sent = tmp_path / "envoi.json"
    sent.write_bytes(
        msgspec.json.encode(
            Stored("qpvdesk-reglages", wrong.letterhead.lines, wrong.letterhead.image, wrong.author)
        )
    )
    with pytest.raises(UserError):
        file.take(sent)
    assert file.read() == OURS


HOSTILE_IMAGES = {
    "no image": b"pas une image",
    "a name only": PNG + b"fond",
    "cut": image(600, 300)[:60],
    "of a hundred million pixels": image(10_000, 10_000),
    "of a billion pixels": image(1, 1).replace(struct.pack(">II", 1, 1), struct.pack(">II", 32_000, 32_000)),
    "of another form": image(10, 10, "GIF"),
    "too heavy": image(10, 10) + b"x" * MAX_IMAGE,
}


def test_an_image_is_read_whole(tmp_path: Path) -> None:
    good = tmp_path / "a.png"
    good.write_bytes(image(60, 30))
    assert read_image(good) == image(60, 30)
    with pytest.raises(UserError, match="ne peut pas être lue"):
        read_image(tmp_path / "absent.png")
    with pytest.raises(UserError, match=r"a été arrêtée\. Rien n’a été changé"):
        read_image(good, cancelled=lambda: True)


@pytest.mark.parametrize("kind", HOSTILE_IMAGES)
def test_a_hostile_image_is_one_sentence_wherever_it_comes_from(kind: str, tmp_path: Path) -> None:
    alone, sent = tmp_path / "a.png", tmp_path / "envoi.json"
    alone.write_bytes(HOSTILE_IMAGES[kind])
    sent.write_bytes(msgspec.json.encode(Stored("qpvdesk-reglages", image=HOSTILE_IMAGES[kind])))
    with pytest.raises(UserError, match=r"[Ii]mage") as refused:
        read_image(alone)
    assert refused.value.remedy
    file = SettingsFile(tmp_path / "ici")
    file.write(OURS)
    with pytest.raises(UserError) as refused:
        file.take(sent)
    assert refused.value.remedy
    assert file.read() == OURS


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("of another form", "ne peut pas être reprise"),
        ("too heavy", "trop lourde"),
        ("cut", "abîmée ou démesurée"),
        ("of a hundred million pixels", "abîmée ou démesurée"),
    ],
)
def test_an_image_is_refused_for_what_is_wrong_with_it(kind: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        image_in.check(HOSTILE_IMAGES[kind])


@pytest.mark.parametrize(
    "content", ["[" * 2_000_000, '{"genre": "qpvdesk-reglages", "entete": ' + "[" * 2_000_000]
)
def test_settings_that_nest_without_end_are_none(content: str, tmp_path: Path) -> None:
    source = tmp_path / "reglages.json"
    source.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match="n’est pas un fichier de réglages"):
        SettingsFile(tmp_path / "ailleurs").take(source)
    assert SettingsFile(tmp_path).read() == Settings()
    source.rename(tmp_path / "modeles.json")
    assert Templates(tmp_path).names() == ()


def test_acts_stand_in_the_journal_under_the_function_that_signs_and_undo_is_each_ones_own(
    tmp_path: Path,
) -> None:
    path = tmp_path / "base.db"
    samples.new_base(path).close()

    def record(author: str, key: str, value: int) -> None:
        desk = Desk(opening.open_base(path), today=lambda: samples.DAY, settings=Settings(author=author))
        with desk.base.unit(f"Relevé {key}") as unit:
            unit.put(samples.MEASUREMENT.__class__(key, "obj1", "fr", samples.DAY, Decimal(value)))
        desk.close()

    record("Délégué du préfet", "k1", 3)
    record("Adjoint", "k2", 4)
    with opening.open_base(path) as base:
        base.sign("Adjoint")
        assert base.stacks.undo_labels == ("Relevé k2",)
        assert {entry.author for entry in readers.history(base, None, 50)} >= {"Délégué du préfet", "Adjoint"}
        base.sign("Délégué du préfet")
        # The last to write was the other: nothing of theirs is undone in passing.
        assert base.stacks.undo_labels == ()
        assert base.undo() is None
        assert maintenance.check(base) == []


def test_the_second_folder_gets_its_own_checked_copy(tmp_path: Path) -> None:
    path, second = tmp_path / "base.db", tmp_path / "cle"
    samples.new_base(path).close()
    start = datetime(2026, 3, 12, 12, tzinfo=UTC)
    desk = Desk(
        opening.open_base(path, clock=lambda: start),
        today=lambda: start.date(),
        settings=Settings(copies=second),
    )
    assert keeping.keep_safe(desk)
    assert not keeping.keep_safe(desk)
    desk.close()
    assert [backup.verify(one.path) for one in backup.backups(path, second)] == [True]
