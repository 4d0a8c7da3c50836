"""A visit is typed by its form, kept, found, followed up; its photo says nothing of where it was taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from qpvdesk.documents import photos
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier, Visit
from qpvdesk.domain.visits import awaited, told_of, visit_codes, visits_between
from qpvdesk.services import documents, search, visits
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts
from tests.unit.storage import samples

TYPED = {
    "day": "12/02/2026",
    "place": "Marché de la Grande Résidence",
    "territory": "R32",
    "functions": "Adulte-relais\nGardien d’immeuble",
    "mood": "Tendue depuis l’été",
    "needs": "Une aire de jeux",
    "difficulties": "L’ascenseur en panne",
    "proposals": "Un diagnostic en marchant",
    "follow_up": "Saisir le bailleur",
    "carrier": "Sous-préfecture",
    "due": "15/03/2026",
}
CONTRACT = "contrat-1"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with samples.new_base(tmp_path / "base.db") as base:
        yield Desk(base, today=lambda: date(2026, 3, 12))


def _typed(desk: Desk) -> Visit:
    return next(visit for visit in desk.dossier(CONTRACT).visits if visit.place.startswith("Marché"))


def test_a_visit_is_typed_kept_found_and_followed_up(desk: Desk) -> None:
    change = acts.save(desk, CONTRACT, "visit", TYPED)
    assert change.label.startswith("Visite")
    assert "visit" in change.kinds
    visit = _typed(desk)
    assert (visit.day, visit.functions, visit.due) == (
        date(2026, 2, 12), "Adulte-relais\nGardien d’immeuble", date(2026, 3, 15),
    )  # fmt: skip
    (found, *_) = search.find(desk, CONTRACT, "ascenseur")
    assert (found.kind, found.code, found.shown) == ("visite", "VISITE-2026-02-12", "visit")
    assert found.title == "Marché de la Grande Résidence, 12/02/2026"
    due = [item.key for item in awaited(desk.dossier(CONTRACT), date(2026, 3, 12))]
    assert due == [visit.key, "visit"]
    visits.set_done(desk, CONTRACT, visit.key, done=True)
    assert _typed(desk).done_on == date(2026, 3, 12)
    dossier = desk.dossier(CONTRACT)
    assert [item.key for item in awaited(dossier, date(2026, 3, 12))] == ["visit"]
    assert [item.key for item in awaited(dossier, date(2026, 3, 11))] == [visit.key, "visit"], (
        "as it was then"
    )
    desk.undo()
    assert _typed(desk).done_on is None


def test_two_visits_of_a_day_have_codes_of_their_own(desk: Desk) -> None:
    for place in ("Marché du matin", "Marché du soir"):
        acts.save(desk, CONTRACT, "visit", TYPED | {"place": place})
    codes = visit_codes(desk.dossier(CONTRACT).visits)
    assert sorted(codes.values()) == ["VISITE-2026-02-12", "VISITE-2026-02-12-2", "VISITE-2026-02-20"]
    assert len(visits_between(desk.dossier(CONTRACT), date(2026, 2, 12), date(2026, 2, 20))) == 1


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("place", "", "manque"),
        ("functions", "a.b@c.fr", "aucun nom n’est gardé"),
        ("due", "01/02/2026", "échéance de la suite, le 01/02/2026, précède la visite"),
        ("done_on", "01/02/2026", "suite, dite faite le 01/02/2026, précède la visite"),
        ("day", "13/03/2026", "n’est pas encore passé\u202f: une visite"),
        ("done_on", "13/03/2026", "n’est pas encore passé\u202f: une suite"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(desk: Desk, field: str, text: str, words: str) -> None:
    with pytest.raises(acts.FieldError) as refused:
        acts.save(desk, CONTRACT, "visit", TYPED | {field: text})
    assert refused.value.field == field
    assert field == "place" or words in refused.value.words


def test_nothing_to_do_is_not_done(desk: Desk) -> None:
    acts.save(desk, CONTRACT, "visit", TYPED | {"follow_up": ""})
    assert (_typed(desk).carrier, _typed(desk).due) == ("", None), "they have no meaning alone"
    with pytest.raises(UserError, match="Rien n’est à faire"):
        visits.set_done(desk, CONTRACT, _typed(desk).key, done=True)
    with pytest.raises(UserError, match="n’existe plus"):
        visits.set_done(desk, CONTRACT, "gone", done=True)


def _photo(form: str, size: tuple[int, int] = (64, 48)) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 25.0, 48.0), 3: "E", 4: (2.0, 49.0, 12.0)})
    target = BytesIO()
    Image.new("RGB", size, "grey").save(target, form, exif=exif)
    return target.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_photo_is_kept_without_its_position_and_decoded_elsewhere(
    desk: Desk, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decoded_here(*_: object) -> bytes:
        raise AssertionError("a photo is decoded in a reading process")

    monkeypatch.setattr(photos, "_redrawn", decoded_here)
    path = tmp_path / f"photo.{form.lower()}"
    path.write_bytes(_photo(form))
    with Image.open(path) as before:
        assert before.getexif().get_ifd(0x8825), "the position is there"
    incoming = documents.take_in(path, read=False)
    assert b"Maker" not in incoming.content
    assert b"Exif" not in incoming.content
    with Image.open(BytesIO(incoming.content)) as after:
        assert not after.getexif()
        assert after.size == (48, 64), "turned as it was to be shown"
    documents.attach(desk, CONTRACT, "visit", "visit", incoming=incoming)
    dossier: Dossier = desk.dossier(CONTRACT)
    (joined,) = dossier.joined("visit")
    target = documents.save_copy(desk, joined, tmp_path / "copie")
    assert target.read_bytes() == incoming.content
    acts.remove(desk, CONTRACT, "visit", "visit")
    assert not desk.dossier(CONTRACT).attachments
    assert not desk.dossier(CONTRACT).visits


def test_a_large_photo_is_brought_to_what_a_page_needs_and_others_stay_as_they_are() -> None:
    with Image.open(BytesIO(photos.cleaned(_photo("JPEG", (3000, 1500)), "x"))) as photo:
        assert max(photo.size) == 2000
    assert photos.cleaned(b"%PDF-1.7 x", "x.pdf") == b"%PDF-1.7 x"
    for content in (b"\x00\x00\x00\x18ftypheic0000", b"RIFF0000WEBPVP8 "):
        with pytest.raises(UserError, match="position"):
            photos.cleaned(content, "photo")
    film = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"heic"
    assert photos.cleaned(film, "film.mp4") == film, "what follows its box is none of its brands"
    with pytest.raises(UserError, match="ne peut pas être lue"):
        photos.cleaned(b"\xff\xd8\xff\xe0broken", "photo.jpg")


@pytest.mark.parametrize(
    "place",
    [
        b"\xa9xyz\x00\x12\x15\xc7+50.4292+002.8319/",
        b"com.apple.quicktime.location.ISO6709",
        b"loci\x00\x00\x00\x00\x15\xc7",
    ],
)
@pytest.mark.parametrize(
    "start",
    [
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
        b"\x00\x00\x00\x18ftypqt  ",
        b"\x00\x00\x10\x00moov",
    ],
)
def test_a_video_that_says_where_it_was_filmed_is_refused(start: bytes, place: bytes) -> None:
    with pytest.raises(UserError, match="où elle a été tournée") as refused:
        photos.cleaned(start + bytes(64) + place, "visite.mp4")
    assert "Position" in refused.value.remedy
    plain = start + bytes(64) + place[:4]
    assert photos.cleaned(plain, "visite.mp4") == plain
    text = b"On lit dans un texte : " + place
    assert photos.cleaned(text, "note.txt") == text


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x00\x00\x18ftyphevc\x00\x00\x00\x00mp41heic",
        b"\x00\x00\x00\x18ftypmp41\x00\x00\x00\x00mp41heim",
        b"\x00\x00\x00\x0cjP  \r\n\x87\n\x00\x00\x00\x14ftypjp2 \x00\x00\x00\x00jp2 ",
        b"\x00\x00\x00\x0cJXL \r\n\x87\n\x00\x00\x00\x14ftypjxl \x00\x00\x00\x00jxl ",
        b"\xff\x4f\xff\x51\x00",
        b"\xff\x0a\x00",
    ],
)
def test_no_photo_that_is_not_ours_to_clean_is_kept_with_its_position(content: bytes) -> None:
    with pytest.raises(UserError, match="position"):
        photos.cleaned(content, "photo")


@pytest.mark.parametrize(
    ("due", "done", "words"),
    [
        (None, None, "à faire"),
        (date(2026, 9, 30), None, "à faire pour le 30/09/2026"),
        (date(2026, 3, 31), None, "en retard depuis le 31/03/2026"),
        (date(2026, 3, 31), date(2026, 5, 2), "donnée le 02/05/2026"),
        (date(2026, 3, 31), date(2026, 7, 2), "en retard depuis le 31/03/2026"),
    ],
)
def test_what_is_to_be_done_of_a_visit_stands_as_on_the_day(
    due: date | None, done: date | None, words: str
) -> None:
    visit = Visit(
        "v", "k", date(2026, 3, 2), "Marché", follow_up="Réunir les agences.", due=due, done_on=done
    )
    assert told_of(visit, date(2026, 6, 30)) == (f"Suite ({words})\u202f: Réunir les agences.",)
