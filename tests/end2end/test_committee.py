"""A committee from the shell: its data frozen, printed again after the base moved on."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from qpvdesk.domain.model import MeetingKind
from qpvdesk.services.committees import committee
from qpvdesk.services.committees.committee import MeetingEntry
from qpvdesk.storage.opening import open_base
from tests.helpers import demo, paper_text
from tests.helpers.process import qpvdesk
from tests.helpers.reviews import desk_on

CODE = "COPIL-2026-06-30"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "base.db"
    demo.make(path)
    with open_base(path) as opened:
        committee.create(
            desk_on(opened, demo.DAY),
            "lens-lievin",
            MeetingEntry(MeetingKind.COPIL, date(2026, 6, 30), "Lens"),
        )
    return path


def test_a_committee_frozen_in_the_shell_prints_the_same_after_a_figure(base: Path, tmp_path: Path) -> None:
    def printed(name: str, *options: str) -> Path:
        paper = tmp_path / name
        ran = qpvdesk("rapport", "--base", str(base), "--sortie", str(paper), "--reunion", CODE, *options)
        assert ran.returncode == 0, ran.stderr
        return paper

    moving = printed("avant-arrete.pdf").read_bytes()
    frozen = qpvdesk("arreter", "--base", str(base), "--reunion", CODE)
    assert frozen.returncode == 0, frozen.stderr
    assert frozen.stdout.startswith(f"Données arrêtées au 30/06/2026 pour {CODE} (empreinte ")
    listed = json.loads(qpvdesk("reunions", "--base", str(base), "--format", "json").stdout)
    digits = listed[0]["arretes"][0]["empreinte"]
    assert (listed[0]["code"], listed[0]["arretes"][0]["date_etat"]) == (CODE, "2026-06-30")

    first = printed("un.pdf")
    foot = paper_text.pages(first)[1]
    # Frozen data keep their names and targets: what is said of a past day is of one whose data nobody froze.
    told = " ".join(" ".join(paper_text.pages(first)).split())
    assert "À une date passée sans données arrêtées, libellés, cibles" in told
    assert " ".join(digits[start : start + 4] for start in range(0, 16, 4)) in foot
    ran = qpvdesk("relever", "BPI-O01", "12", "--base", str(base), "--date", "30/06/2026")
    assert ran.returncode == 0, ran.stderr
    assert printed("deux.pdf").read_bytes() == first.read_bytes() != moving
    assert printed("trois.pdf", "--arrete", digits[:16]).read_bytes() == first.read_bytes()

    again = qpvdesk("arreter", "--base", str(base), "--reunion", CODE)
    assert (again.returncode, again.stdout) == (1, "")
    assert "--remplacer MOTIF" in again.stderr
    again = qpvdesk("arreter", "--base", str(base), "--reunion", CODE, "--remplacer", "Bus recomptés")
    assert again.returncode == 0, again.stderr
    assert "arrêté n°\u00a02 du" in again.stdout
    assert "Bus recomptés" in qpvdesk("journal", "--base", str(base)).stdout
    assert printed("quatre.pdf").read_bytes() != first.read_bytes()
    assert printed("cinq.pdf", "--arrete", digits).read_bytes() == first.read_bytes()
    assert qpvdesk("verifier", "--base", str(base)).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("arreter", "--reunion", "COPIL-2031-01-01"), "Aucune réunion"),
        (("arreter", "--reunion", CODE, "--date", "01/07/2026"), "au plus tard"),
        (("rapport", "--reunion", CODE, "--arrete", "ffff", "--sortie", "f.pdf"), "trop courte"),
        (("rapport", "--arrete", "0123456789", "--sortie", "f.pdf"), "Aucun arrêté"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    base: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    ran = qpvdesk(*arguments, "--base", str(base), folder=tmp_path)
    assert ran.returncode == 1
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "f.pdf").exists()


def test_the_meetings_are_listed_the_latest_first(base: Path) -> None:
    ran = qpvdesk("reunions", "--base", str(base))
    assert [line.split()[0] for line in ran.stdout.splitlines()[2:]] == [CODE, "COPIL-2025-12-10"]


def test_two_committees_are_compared_in_the_shell(base: Path) -> None:
    assert "ne sont pas arrêtées" in qpvdesk("comparer", CODE, "--base", str(base)).stderr
    for code in (CODE, "COPIL-2025-12-10"):
        assert qpvdesk("arreter", "--base", str(base), "--reunion", code).returncode == 0
    ran = qpvdesk("comparer", CODE, "COPIL-2025-12-10", "--base", str(base), "--format", "json")
    assert ran.returncode == 0, ran.stderr
    document = json.loads(ran.stdout)
    assert (document["avant"], document["apres"]) == ("2025-12-10", "2026-06-30")
    by_code = {item["code"]: item for item in document["objectifs"]}
    # 25 at the end of June 2025, 27 at the end of the year and 29 in May 2026 (see the demonstration's figures).
    bus = by_code["BPI-O01"]
    assert (bus["avant"]["valeur"], bus["apres"]["valeur"]) == (25, 29)
    assert bus["avant"]["taux_avancement"] == round(4 / 19, 4)
    assert bus["apres"]["taux_avancement"] == round(8 / 19, 4)
    told = qpvdesk("comparer", CODE, "COPIL-2025-12-10", "--base", str(base)).stdout
    assert "Du 10/12/2025 au 30/06/2026" in told
    moved = [item["code"] for item in document["objectifs"] if item["evolution"] != "inchange"]
    assert sorted(line.split()[0] for line in told.splitlines()[2 : 2 + len(moved)]) == sorted(moved)


def test_a_report_printed_for_a_meeting_is_noted_among_its_papers(tmp_path: Path) -> None:
    base, paper = tmp_path / "base.db", tmp_path / "dossier.pdf"
    demo.make(base)
    said = ["rapport", "--base", str(base), "--sortie", str(paper)]
    assert qpvdesk(*said, "--reunion", "COPIL-2025-12-10").returncode == 0
    assert qpvdesk(*said).returncode == 0
    with open_base(base, read_only=True) as opened:
        (noted,) = opened.dossier(opened.contracts()[0].key).papers
    assert (noted.model, noted.name) == ("copil", "dossier.pdf")
