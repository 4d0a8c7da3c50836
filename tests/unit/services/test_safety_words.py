"""What is said of a backup, of a repair and of where a base stands: all that matters, and no more than a few lines."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.services import base_medium
from qpvdesk.services.care import safety
from qpvdesk.storage.care import restore
from qpvdesk.storage.care.medium import Medium
from qpvdesk.storage.rescue.salvage import Loss, Report
from tests.unit.storage import samples


def test_what_a_restore_would_lose_is_listed_up_to_five_acts() -> None:
    held, now = restore.Contents(3, "Relevé", None), restore.Contents(1339, "", None)
    said = safety.sentences(restore.Preview(held, now, ()))
    assert said[0].startswith("La sauvegarde contient 3 relevés, dernier acte")
    assert said[1:] == ("La base actuelle en contient 1\u202f339.", "Aucun acte ne serait perdu.")
    five = safety.sentences(restore.Preview(held, now, tuple("abcde")))
    assert five[-5:] == ("- a", "- b", "- c", "- d", "- e")
    seven = safety.sentences(restore.Preview(held, now, tuple("abcdefg")))
    assert seven[-2:] == ("- e", "- et 2 de plus.")
    assert "ne peut plus être lue" in safety.sentences(restore.Preview(held, None, ()))[1]


def test_what_a_base_holds_ends_with_its_last_act() -> None:
    moment = datetime(2026, 3, 12, tzinfo=UTC)
    assert safety.contents_sentence(restore.Contents(1, "Relevé", moment)).endswith(
        "12/03/2026\u202f: Relevé."
    )
    assert safety.contents_sentence(restore.Contents(0, "", None)) == "0 relevé."


def report(**changed: object) -> Report:
    values: dict[str, object] = {
        "pages": 40, "bad_pages": 0, "kept": {"objective": 2, "measurement": 1, "meeting": 4, "step": 1},
        "from_journal": 0, "from_rows": 0, "differing": (), "lost": (), "operations": 9, "gaps": 0,
    }  # fmt: skip
    return Report(**(values | changed))  # type: ignore[arg-type]


def test_a_repair_says_what_it_saved_and_what_it_could_not() -> None:
    said = safety.repair_sentences(report())
    assert "2 objectifs et indicateurs, 1 relevé et 5 autres éléments" in said[0]
    assert said[1:] == ("Rien n’est perdu.",)
    damaged = safety.repair_sentences(report(bad_pages=3))
    assert "3 pages du fichier sur 40" in damaged[1]
    assert "comparez" in damaged[-1]
    lost = safety.repair_sentences(report(lost=(Loss("measurement", "BPI-O01"),), differing=("FT-O02",)))
    assert "FT-O02." in lost[1]
    assert lost[-1] == "Perdu, à ressaisir\u202f: relevé BPI-O01."


def test_of_many_losses_twenty_are_named() -> None:
    many = tuple(Loss("measurement", f"n{number}") for number in range(23))
    said = safety.repair_sentences(report(lost=many))[-1]
    assert "n19 et 3 de plus." in said
    assert "n20" not in said


def test_faults_are_told_of_a_base_of_ours_alone(tmp_path: Path) -> None:
    path = tmp_path / "base.db"
    samples.new_base(path).close()
    assert safety.faults(path) == []
    assert safety.faults(safety.back_up(path, tmp_path / "copie.db")) == []
    other = tmp_path / "autre.db"
    other.write_bytes(b"rien d'une base" * 1000)
    with pytest.raises(UserError):
        safety.faults(other)
    content = bytearray(path.read_bytes())
    content[4096:20480] = bytes(16384)
    path.write_bytes(content)
    assert len(safety.faults(path)) == 1


def test_a_base_on_a_disk_needs_no_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = tmp_path / "contrat.db"
    for kind, said in (
        (Medium.DISK, ""),
        (Medium.NETWORK, "dossier de réseau"),
        (Medium.REMOVABLE, "amovible"),
        (Medium.SYNCED, "dossier synchronisé"),
    ):
        monkeypatch.setattr(base_medium.medium, "of", lambda _, kind=kind: kind)
        assert said in base_medium.warning(base)
        assert bool(base_medium.warning(base)) is bool(said)
        if said:
            assert "contrat.db" in str(base_medium.MediumError(base, kind))


@pytest.mark.parametrize(
    ("field", "one", "two"),
    [
        (
            "bad_pages",
            "1 page du fichier sur 40 n’a pas pu être lue en entier.",
            "2 pages du fichier sur 40 n’ont pas pu être lues en entier.",
        ),
        (
            "from_journal",
            "1 élément a été rebâti d’après le journal des modifications.",
            "2 éléments ont été rebâtis d’après le journal des modifications.",
        ),
        (
            "from_rows",
            "1 élément a été gardé sans son histoire, perdue.",
            "2 éléments ont été gardés sans leur histoire, perdue.",
        ),
        (
            "gaps",
            "1 modification manque à l’histoire et ne peut être retrouvée.",
            "2 modifications manquent à l’histoire et ne peuvent être retrouvées.",
        ),
    ],
)
def test_what_a_repair_counts_agrees_in_number(field: str, one: str, two: str) -> None:
    assert [safety.repair_sentences(report(**{field: count}))[1] for count in (1, 2)] == [one, two]


def test_a_repair_names_twenty_things_and_counts_the_others() -> None:
    names = tuple(f"FT-O{number:02}" for number in range(safety._NAMES + 2))
    (said,) = [words for words in safety.repair_sentences(report(differing=names)) if "À relire" in words]
    assert said.endswith(f"{names[safety._NAMES - 1]} et 2 de plus.")
    assert names[-1] not in said
    twenty = safety.repair_sentences(report(differing=names[: safety._NAMES]))[1]
    assert twenty.endswith(f", {names[safety._NAMES - 1]}.")
