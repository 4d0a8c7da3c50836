"""Where the mention of a person is said to be: drafts and files set aside too, each in its sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk import paths
from qpvdesk.services.care import privacy
from qpvdesk.services.care.privacy import Trace
from qpvdesk.services.desk import Desk
from qpvdesk.storage import maintenance, opening
from qpvdesk.storage.care import backup
from qpvdesk.storage.care.backup import Backup
from qpvdesk.storage.care.purging import Mentions
from tests.helpers.reviews import desk_on
from tests.unit.storage import samples

NAME = "Mme Dupont-Léger"
NOWHERE = Mentions((), 0, ())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    samples.new_base(tmp_path / "base.db").close()
    with opening.open_base(tmp_path / "base.db") as base:
        yield desk_on(base, date(2026, 6, 30))


def test_a_draft_that_names_someone_is_found_and_a_broken_one_hides_none(desk: Desk) -> None:
    folder = paths.drafts_folder(desk.base.path)
    folder.mkdir(parents=True)
    (folder / "abime.json").write_text("{", encoding="utf-8")
    (folder / "autre.json").write_text('{"note": "rien"}', encoding="utf-8")
    assert privacy.trace(desk, NAME).none
    named = folder / "nomme.json"
    # As JSON may be written: the accent is no letter of the file.
    named.write_text(json.dumps({"note": f"vu avec {NAME}"}), encoding="utf-8")
    found = privacy.trace(desk, NAME)
    assert (found.drafts, found.none, found.erasable) == ((named,), False, False)
    assert privacy.sentences(found) == (
        "Dans un brouillon\u202f: il y reste jusqu’à ce que vous l’enregistriez ou l’abandonniez.",
    )


@pytest.mark.parametrize("middle", ["endommagee", "remplacee"])
def test_a_file_set_aside_is_named_where_it_holds_the_text(desk: Desk, middle: str) -> None:
    (desk.base.path.parent / f"base.{middle}-1.db").write_bytes(NAME.encode())
    # A sound one that says nothing of it is not named; one that cannot be read is, to be sure.
    samples.new_base(desk.base.path.parent / f"base.{middle}-2.db").close()
    found = privacy.trace(desk, NAME)
    assert [path.name for path in found.aside] == [f"base.{middle}-1.db"]
    assert not found.none
    assert privacy.sentences(found) == (
        f"Dans un fichier gardé à côté\u202f: «\u202fbase.{middle}-1.db\u202f», à supprimer vous-même.",
    )


def test_an_erasure_takes_the_copies_where_it_is_told_to(desk: Desk) -> None:
    def write(comment: str) -> None:
        with desk.base.unit("Relevé") as unit:
            unit.put(replace(samples.MEASUREMENT, comment=comment))

    write(f"Vu avec {NAME}")
    maintenance.backup(desk.base)
    assert not privacy.is_unswept(privacy.erase(desk, NAME))
    assert len(privacy.trace(desk, NAME).copies) == 1
    write(f"Vu encore avec {NAME}")
    # The desk reads anew what was erased.
    assert NAME in desk.dossier("contrat-1").measurements[0].comment
    privacy.erase(desk, NAME, copies=True)
    assert NAME not in desk.dossier("contrat-1").measurements[0].comment
    assert privacy.trace(desk, NAME).none
    assert [item.reason for item in backup.backups(desk.base.path)] == ["effacement"]


def test_each_place_has_its_sentence_and_the_fields_come_most_first() -> None:
    fields = tuple(("measurement", f"champ {number}", number) for number in range(1, 8))
    copy = Backup(Path("a.db"), datetime(2026, 6, 30), "fermeture", 1)
    found = Trace(
        Mentions(fields, 2, (date(2026, 6, 30),), ("pv.txt", "pv.txt"), 0, 1),
        (copy, copy),
        (),
        colleagues=("Ada", "Alan"),
    )
    said = privacy.sentences(found)
    assert said[0] == "Dans la base\u202f:"
    assert [words.split("\u202f")[0] for words in said[1:6]] == [
        f"- relevé, champ {number}" for number in range(7, 2, -1)
    ]
    assert said[6] == "- et dans 2 autres champs"
    assert [words[:34] for words in said[7:]] == [
        "Dans le journal\u202f: 2 inscriptions.",
        "Dans le nom d’un auteur d’actes.",
        "Dans la pièce jointe «\u202fpv.txt\u202f»\u202f: "[:34],
        "Dans les données arrêtées au 30/06",
        "Dans 2 sauvegardes, qui le gardent",
        "Peut-être chez vos collègues (Ada,",
    ]
    assert "Dans 1 sauvegarde, qui le garde jusqu" in privacy.sentences(Trace(NOWHERE, (copy,), ()))[0]
    assert privacy.sentences(Trace(NOWHERE, (), ())) == (
        "Ce texte n’est ni dans la base, ni dans son journal, ni dans ses sauvegardes.",
    )
