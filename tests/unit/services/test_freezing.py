"""Data frozen for a meeting: printed again to the byte, whatever happened since."""

from __future__ import annotations

import lzma
import random
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec.structs import replace

from qpvdesk import __version__
from qpvdesk.domain import meetings
from qpvdesk.domain.comparison import Fate, compare
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.letterhead import Letterhead
from qpvdesk.domain.meetings import meeting_code, meeting_coded
from qpvdesk.domain.model import DecisionState, Dossier, MeetingKind, Weather
from qpvdesk.domain.situation import situation
from qpvdesk.services import measurements, printing
from qpvdesk.services.committees import committee, freezing
from qpvdesk.services.committees.committee import DecisionEntry, MeetingEntry
from qpvdesk.services.desk import Desk
from qpvdesk.services.settings import Settings
from qpvdesk.storage import maintenance, readers
from qpvdesk.storage.base import Database
from qpvdesk.storage.opening import open_base
from tests.helpers import demo, paper_text
from tests.helpers.reviews import desk_on
from tests.unit.storage import samples

TODAY = date(2026, 6, 30)
CODE = "contrat-1"
REFERENCE = Path(__file__).parents[2] / "reference"


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Database]:
    with samples.new_base(tmp_path / "base.db") as made:
        yield made


def held(base: Database) -> Dossier:
    return base.dossier(base.contracts()[0].key)


def test_freezing_takes_the_meeting_s_day_and_says_so(base: Database) -> None:
    change = freezing.freeze(desk_on(base, TODAY), CODE, "meet")
    assert change.label == "Données arrêtées au 02/02/2026 pour COPIL-2026-02-02"
    assert change.kinds == {"snapshot"}
    made = held(base).snapshots[0]
    assert (made.day, made.frozen_on, made.meeting) == (date(2026, 2, 2), TODAY, "meet")
    assert desk_on(base, TODAY).thawed(made).day == made.day


def test_data_cannot_be_frozen_ahead_or_after_the_meeting(base: Database) -> None:
    with pytest.raises(UserError, match="n’est pas encore passé"):
        freezing.freeze(desk_on(base, date(2026, 1, 31)), CODE, "meet", date(2026, 2, 1))
    with pytest.raises(UserError, match="au plus tard"):
        freezing.freeze(desk_on(base, TODAY), CODE, "meet", date(2026, 2, 3))
    freezing.freeze(desk_on(base, date(2026, 1, 20)), CODE, "meet")
    assert held(base).snapshots[0].day == date(2026, 1, 20)


def test_nothing_new_is_not_frozen_twice_and_the_last_one_counts(base: Database) -> None:
    freezing.freeze(desk_on(base, TODAY), CODE, "meet")
    with pytest.raises(UserError, match=r"Rien n’a changé depuis .* arrêtées, le 30/06/2026"):
        freezing.freeze(desk_on(base, TODAY), CODE, "meet", replacing="Pour voir")
    committee.decide(desk_on(base, TODAY), CODE, "meet", DecisionEntry("Réunir les bailleurs"))
    freezing.freeze(desk_on(base, TODAY), CODE, "meet", replacing="Décision oubliée")
    first, last = meetings.snapshots_of(held(base), "meet")
    subject = printing.subject(
        desk_on(base, TODAY), CODE, printing.Request("copil", meeting=held(base).meetings[0].key)
    )
    assert subject.snapshot == last
    assert len(subject.situation.dossier.decisions) == 2
    again = printing.subject(desk_on(base, TODAY), CODE, printing.Request("copil", snapshot=first))
    assert len(again.situation.dossier.decisions) == 1


def test_the_meetings_are_listed_the_latest_first_with_what_was_frozen(base: Database) -> None:
    committee.create(desk_on(base, TODAY), CODE, MeetingEntry(MeetingKind.COTECH, date(2026, 3, 3)))
    freezing.freeze(desk_on(base, date(2026, 1, 20)), CODE, "meet")
    committee.decide(desk_on(base, TODAY), CODE, "meet", DecisionEntry("Réunir les bailleurs"))
    freezing.freeze(desk_on(base, TODAY), CODE, "meet", replacing="Décision oubliée")
    first, last = meetings.snapshots_of(held(base), "meet")
    headers, rows = freezing.as_rows(held(base))
    assert len(headers) == 7
    assert [row[0] for row in rows] == ["COTECH-2026-03-03", "COPIL-2026-02-02"]
    assert rows[0][3:] == ["–", "0", "–", "–"]
    assert rows[1][1:3] == ["Comité de pilotage", "02/02/2026"]
    assert rows[1][4:] == ["2", "02/02/2026", last.fingerprint[:16]]
    cotech, copil = freezing.as_json(held(base))
    assert (cotech["code"], cotech["date"], cotech["decisions"], cotech["arretes"]) == (
        "COTECH-2026-03-03",
        "2026-03-03",
        [],
        [],
    )
    assert [item["libelle"] for item in copil["decisions"]][-1] == "Réunir les bailleurs"
    assert copil["decisions"][-1] == {
        "code": "COPIL-2026-02-02-D2",
        "libelle": "Réunir les bailleurs",
        "porteur": "",
        "echeance": None,
        "etat": "a_faire",
    }
    assert [(item["date_etat"], item["arrete_le"], item["empreinte"]) for item in copil["arretes"]] == [
        (str(made.day), str(made.frozen_on), made.fingerprint) for made in (first, last)
    ]
    assert copil["arretes"][1]["motif"] == "Décision oubliée"


def test_a_meeting_whose_data_are_frozen_stays(base: Database) -> None:
    freezing.freeze(desk_on(base, TODAY), CODE, "meet")
    with pytest.raises(UserError, match="ne peut plus être retirée"):
        committee.remove(desk_on(base, TODAY), CODE, "meet")


def test_the_minutes_are_of_the_present_and_a_named_date_must_be_the_frozen_one(base: Database) -> None:
    freezing.freeze(desk_on(base, TODAY), CODE, "meet")
    meeting = held(base).meetings[0]
    minutes = printing.subject(desk_on(base, TODAY), CODE, printing.Request("decisions", meeting=meeting.key))
    assert (minutes.snapshot, minutes.situation.day) == (None, meeting.day)
    with pytest.raises(UserError, match=f"de {meeting_code(meeting)} sont arrêtées au 02/02/2026"):
        printing.subject(
            desk_on(base, TODAY), CODE, printing.Request("copil", meeting=meeting.key), date(2026, 1, 1)
        )
    committee.create(desk_on(base, TODAY), CODE, MeetingEntry(MeetingKind.COTECH, date(2026, 5, 5)))
    other = meeting_coded(held(base), "COTECH-2026-05-05")
    assert (
        printing.subject(
            desk_on(base, TODAY), CODE, printing.Request("copil", meeting=other.key)
        ).situation.day
        == other.day
    )
    with pytest.raises(UserError, match="n’est pas celui de COTECH-2026-05-05"):
        printing.subject(
            desk_on(base, TODAY),
            CODE,
            printing.Request("copil", meeting=other.key, snapshot=held(base).snapshots[0]),
        )


def test_a_snapshot_is_found_by_the_digits_at_the_foot_of_the_page(base: Database) -> None:
    freezing.freeze(desk_on(base, TODAY), CODE, "meet")
    made = held(base).snapshots[0]
    spaced = f"{made.fingerprint[:4]} {made.fingerprint[4:8].upper()}"
    assert freezing.fingerprinted(held(base), spaced) == made
    with pytest.raises(UserError, match="trop courte"):
        freezing.fingerprinted(held(base), made.fingerprint[:7])
    with pytest.raises(UserError, match="Aucun arrêté"):
        freezing.fingerprinted(held(base), "f" * 16)


def test_frozen_against_today_tells_the_objective_that_moved(base: Database) -> None:
    freezing.freeze(desk_on(base, TODAY), CODE, "meet")
    entry = measurements.Entry(objective="obj1", day=date(2026, 6, 1), value=Decimal(12))
    measurements.record(desk_on(base, TODAY), CODE, entry)
    was = desk_on(base, TODAY).thawed(held(base).snapshots[0])
    found = compare(was, situation(held(base), TODAY))
    assert [(pair.objective.code, pair.fate) for pair in found.moved] == [("BPI-O01", Fate.MOINS_BIEN)]


def test_what_moved_is_told_in_rows_and_to_programs(base: Database) -> None:
    freezing.freeze(desk_on(base, TODAY), CODE, "meet")
    entry = measurements.Entry(objective="obj1", day=date(2026, 6, 1), value=Decimal(12))
    measurements.record(desk_on(base, TODAY), CODE, entry)
    with base.unit("Objectif de plus") as unit:
        unit.put(replace(samples.OTHER, key="obj3", code="BPI-O03"))
    found = freezing.compared(desk_on(base, TODAY), CODE, "COPIL-2026-02-02", None)
    headers, rows = freezing.comparison_as_rows(found)
    assert headers[:2] == ["Code", "Évolution"]
    assert rows == [
        [
            "BPI-O01",
            "Moins bien",
            "À surveiller",
            "En retard",
            "28,5\u00a0bus",
            "12\u00a0bus",
            "−86,8\u00a0pt",
        ],
        ["BPI-O03", "Nouveau", "–", "Suivi", "–", "–", "–"],
    ]
    told = freezing.comparison_as_json(found)
    assert (told["avant"], told["apres"]) == ("2026-02-02", "2026-06-30")
    moved, same, new = cast(list[dict[str, Any]], told["objectifs"])
    assert (moved["evolution"], same["evolution"], new["evolution"]) == ("moins_bien", "inchange", "nouveau")
    assert (moved["avant"]["valeur"], moved["apres"]["valeur"], new["avant"]) == (28.5, 12, None)


def edit(desk: Desk, code: str, chance: random.Random) -> None:
    """Do one of the things an officer does all year, at random."""
    dossier = desk.dossier(code)
    objectives = [item for item in dossier.objectives if not item.retired]
    what = chance.randrange(6)
    if what <= 1 or not dossier.measurements:
        objective = chance.choice(objectives)
        value = Decimal(chance.randrange(2) if objective.sens.value == "jalon" else chance.randrange(1, 100))
        day = TODAY - timedelta(days=chance.randrange(0, 900))
        entry = measurements.Entry(objective=objective.key, day=day, value=value)
        measurements.record(desk, code, entry)
        return
    with desk.act("Édition") as unit:
        if what == 2:
            unit.remove(chance.choice(dossier.measurements))
        elif what == 3:
            unit.put(
                replace(
                    chance.choice(objectives), label=f"Libellé {chance.random()}", target_value=Decimal(7)
                )
            )
        elif what == 4:
            unit.put(replace(chance.choice(dossier.engagements), detail=f"Détail {chance.random()}"))
        else:
            meteo = chance.choice(dossier.meteos)
            unit.put(replace(meteo, weather=chance.choice(list(Weather)), results=f"{chance.random()}"))


def test_an_old_committee_prints_the_same_bytes_after_500_edits(tmp_path: Path) -> None:
    with_meeting = tmp_path / "base.db"
    demo.make(with_meeting)

    with open_base(with_meeting) as base:
        code = held(base).contract.code
        entry = MeetingEntry(MeetingKind.COPIL, TODAY, "Lens", agenda=("Bilan", "Suites"))
        committee.create(desk_on(base, TODAY), code, entry)
        meeting = meeting_coded(held(base), "COPIL-2026-06-30")
        committee.decide(
            desk_on(base, TODAY), code, meeting.key, DecisionEntry("Écrire à la Région", "Sous-préfecture")
        )
        freezing.freeze(desk_on(base, TODAY), code, meeting.key)

        def printed(name: str, day: date) -> bytes:
            subject = printing.subject(
                desk_on(base, day), code, printing.Request("copil", meeting=meeting.key)
            )
            assert subject.snapshot is not None
            path = tmp_path / name
            printing.write_report(printing.Request("copil"), subject, path)
            return path.read_bytes()

        first = printed("avant.pdf", TODAY)
        chance = random.Random(2026)
        desk = desk_on(base, TODAY)
        for _ in range(500):
            edit(desk, code, chance)
        committee.edit(
            desk_on(base, TODAY), code, meeting.key, replace(entry, place="Liévin", agenda=("Autre",))
        )
        assert printed("apres.pdf", date(2027, 3, 1)) == first
        assert maintenance.check(base) == []


def test_the_header_of_the_day_is_frozen_and_a_later_one_does_not_replace_it(
    base: Database, tmp_path: Path
) -> None:
    then, later = Letterhead(("Sous-préfecture",)), Letterhead(("Direction",))
    freezing.freeze(desk_on(base, TODAY, Settings(letterhead=then)), CODE, "meet")

    def printed(name: str, current: Letterhead) -> bytes:
        subject = printing.subject(
            desk_on(base, TODAY), CODE, printing.Request("copil", meeting=held(base).meetings[0].key)
        )
        head = printing.letterhead_of(desk_on(base, TODAY, Settings(letterhead=current)), subject)
        path = tmp_path / name
        printing.write_report(printing.Request("copil"), subject, path, letterhead=head)
        return path.read_bytes()

    assert printed("a.pdf", then) == printed("b.pdf", later)
    present = printing.subject(
        desk_on(base, TODAY), CODE, printing.Request("decisions", meeting=held(base).meetings[0].key)
    )
    assert present.snapshot is None


def test_a_report_is_compared_with_what_was_frozen_for_the_last_committee(base: Database) -> None:
    entry = MeetingEntry(MeetingKind.COPIL, date(2026, 3, 2), "Lens")
    committee.create(desk_on(base, TODAY), CODE, entry)
    earlier = meeting_coded(held(base), "COPIL-2026-03-02")
    plain = desk_on(base, TODAY).review(CODE, TODAY)
    assert plain.baseline is not None
    assert plain.baseline.fingerprint == ""
    freezing.freeze(desk_on(base, TODAY), CODE, earlier.key)
    # A figure of before that committee, received after it: the committee did not see it.
    late = measurements.Entry(objective="obj1", day=date(2026, 2, 1), value=Decimal(39))
    measurements.record(desk_on(base, TODAY), CODE, late)
    made = desk_on(base, TODAY).review(CODE, TODAY)
    snapshot = next(item for item in held(base).snapshots if item.meeting == earlier.key)
    assert made.baseline is not None
    assert made.baseline.snapshot == snapshot
    assert made.previous is not None
    assert made.previous.assessments["obj1"].value != 39
    assert situation(held(base), made.previous.day).assessments["obj1"].value == 39


def forbidden(*_: object, **__: object) -> None:
    raise AssertionError("a reprint asks no rule again")


RULES = (
    "qpvdesk.domain.situation.assess",
    "qpvdesk.domain.situation.project_series",
    "qpvdesk.domain.counts.count",
    "qpvdesk.domain.counts.summary",
    "qpvdesk.domain.counts.mean_rate",
    "qpvdesk.domain.attention.by_lack",
    "qpvdesk.domain.situation.counted",
    "qpvdesk.domain.alerts.alerts",
    "qpvdesk.domain.coherence.findings",
    "qpvdesk.domain.review.moves_between",
    "qpvdesk.domain.review.next_dates",
    "qpvdesk.domain.review.trend_between",
)
"""Where values, rates, statuses, words, order and points come from."""


def test_a_reprint_says_what_was_said_whatever_the_rules_have_become(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.make(tmp_path / "base.db")
    with open_base(tmp_path / "base.db") as base:
        code = held(base).contract.code
        committee.create(desk_on(base, TODAY), code, MeetingEntry(MeetingKind.COPIL, TODAY, "Lens"))
        meeting = meeting_coded(held(base), "COPIL-2026-06-30")
        freezing.freeze(desk_on(base, TODAY), code, meeting.key)
        request = printing.Request("copil", meeting=meeting.key)

        def printed(name: str) -> bytes:
            subject = printing.subject(desk_on(base, date(2027, 3, 1)), code, request)
            printing.write_report(request, subject, tmp_path / name)
            return (tmp_path / name).read_bytes()

        before = printed("avant.pdf")
        for rule in RULES:
            monkeypatch.setattr(rule, forbidden)
        assert printed("apres.pdf") == before


def test_an_arrete_of_before_is_read_and_says_that_it_is_reckoned_again(tmp_path: Path) -> None:
    path = tmp_path / "base.db"
    shutil.copyfile(REFERENCE / "arrete-form1.db", path)
    with open_base(path) as base:
        assert maintenance.check(base) == []
        snapshot = held(base).snapshots[0]
        said = desk_on(base, TODAY).review(CODE, snapshot.day, meeting="meet", snapshot=snapshot)
        assert said.situation.assessments["obj1"].value == Fraction(57, 2)
        assert desk_on(base, TODAY).situation(CODE, snapshot.day).assessments["obj1"].value == 39
        assert said.data_words == "Données arrêtées au 02/02/2026, recalculées"
        assert said.data_note.endswith("chiffres recalculés selon les règles d’aujourd’hui")


def test_an_arrete_of_the_second_form_says_what_was_said(tmp_path: Path) -> None:
    path = tmp_path / "base.db"
    path.write_bytes(lzma.decompress((REFERENCE / "arrete-form2.db.xz").read_bytes()))
    with open_base(path) as base:
        assert maintenance.check(base) == []
        snapshot = held(base).snapshots[0]
        desk = desk_on(base, TODAY)
        said = desk.review(CODE, snapshot.day, meeting="meet", snapshot=snapshot)
        assert said.situation.assessments["obj1"].value == Fraction(57, 2)
        assert desk.situation(CODE, snapshot.day).assessments["obj1"].value == 39
        assert said.program
        assert said.data_words == "Données arrêtées au 02/02/2026"
        assert "recalculés" not in said.data_note
        # A paper of the same meeting that shows what is recorded now does not say that nobody froze anything.
        now = desk.review(CODE, snapshot.day, meeting="meet")
        assert now.data_words == "Données au 02/02/2026 (celles du comité sont arrêtées au 02/02/2026)"


def test_what_is_frozen_is_replaced_with_a_reason_alone(base: Database, tmp_path: Path) -> None:
    desk = desk_on(base, TODAY)
    with pytest.raises(UserError, match="il n’y a rien à remplacer"):
        freezing.freeze(desk, CODE, "meet", replacing="Une faute")
    freezing.freeze(desk, CODE, "meet")
    entry = measurements.Entry(objective="obj1", day=date(2026, 2, 1), value=Decimal(39))
    measurements.record(desk, CODE, entry)
    with pytest.raises(UserError, match="sont déjà arrêtées") as refusal:
        freezing.freeze(desk, CODE, "meet")
    assert "--remplacer MOTIF" in refusal.value.shell
    assert "--" not in str(refusal.value)
    assert len(held(base).snapshots) == 1
    change = freezing.freeze(desk_on(base, date(2026, 7, 2)), CODE, "meet", replacing="Chiffre\ncorrigé")
    words = "arrêté n°\u00a02 du 02/07/2026, remplace le n°\u00a01 du 30/06/2026\u202f: Chiffre corrigé"
    assert change.label == f"Données arrêtées au 02/02/2026 pour COPIL-2026-02-02\u202f: {words}"
    assert readers.history(base, None, 1)[0].act == change.label
    assert meetings.snapshots_of(held(base), "meet")[-1].reason == "Chiffre corrigé"
    request = printing.Request("copil", meeting="meet")
    path = tmp_path / "copil.pdf"
    printing.write_report(request, printing.subject(desk_on(base, TODAY), CODE, request), path)
    cover, *pages = [" ".join(page.split()) for page in paper_text.pages(path)]
    assert "Données arrêtées au" in cover
    assert "arrêté n° 2 du 02/07/2026, remplace le n° 1 du 30/06/2026 : Chiffre corrigé" in " ".join(
        cover.replace("\u202f", " ").replace("\u00a0", " ").split()
    )
    assert all(f"qpvdesk {__version__}" in page for page in pages)


def test_what_is_frozen_after_a_clock_was_ahead_counts(
    base: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour is enough, of a laptop that is set right between two arrêtés."""
    with monkeypatch.context() as ahead:
        ahead.setattr(freezing, "new_key", lambda: "0fffffff-0000-7000-8000-000000000000")
        freezing.freeze(desk_on(base, date(2026, 7, 1)), CODE, "meet")
    entry = measurements.Entry(objective="obj1", day=date(2026, 2, 1), value=Decimal(39))
    measurements.record(desk_on(base, TODAY), CODE, entry)
    change = freezing.freeze(desk_on(base, TODAY), CODE, "meet", replacing="Chiffre corrigé")
    words = "arrêté n°\u00a02 du 30/06/2026, remplace le n°\u00a01 du 01/07/2026\u202f: Chiffre corrigé"
    assert change.label.endswith(words)
    assert meetings.snapshots_of(held(base), "meet")[-1].reason == "Chiffre corrigé"
    with pytest.raises(UserError, match="Rien n’a changé"):
        freezing.freeze(desk_on(base, TODAY), CODE, "meet", replacing="Encore")


def test_whatever_changed_is_frozen_anew_and_found_by_its_digits(base: Database) -> None:
    """Whether the new fingerprint comes before or after the last one in the alphabet."""
    desk = desk_on(base, TODAY)
    freezing.freeze(desk, CODE, "meet")
    for number in range(8):
        with base.unit("Libellé") as unit:
            unit.put(replace(samples.OBJECTIVE, label=f"Bus {number}"))
        desk.forget()
        freezing.freeze(desk, CODE, "meet", replacing=f"Correction {number}")
        with pytest.raises(UserError, match="Rien n’a changé"):
            freezing.freeze(desk, CODE, "meet", replacing="Encore")
    kept = held(base).snapshots
    assert len({item.fingerprint for item in kept}) == len(kept) == 9
    for item in kept:
        for digits in (item.fingerprint, f" {item.fingerprint[:8].upper()} {item.fingerprint[8:16]}"):
            assert freezing.fingerprinted(held(base), digits) == item


def test_a_paper_of_data_that_nobody_froze_says_so(base: Database, tmp_path: Path) -> None:
    for model in ("copil", "mensuel"):
        request = printing.Request(model)
        subject = printing.subject(desk_on(base, TODAY), CODE, request)
        printing.write_report(request, subject, tmp_path / "a.pdf")
        pages = [" ".join(page.split()) for page in paper_text.pages(tmp_path / "a.pdf")]
        assert all("Données au 30/06/2026 (non arrêtées)" in page for page in pages)
        assert not any("Données arrêtées au" in page for page in pages)


def test_minutes_are_of_the_day_of_their_meeting_whenever_they_are_printed(
    base: Database, tmp_path: Path
) -> None:
    desk = desk_on(base, TODAY)
    committee.create(desk, CODE, MeetingEntry(MeetingKind.COPIL, date(2026, 6, 17)))
    june = meeting_coded(held(base), "COPIL-2026-06-17")
    committee.decide(desk, CODE, june.key, DecisionEntry("Revoir la cible", due=date(2026, 9, 30)))

    def printed(day: date, *, named: bool) -> str:
        request = printing.Request("decisions", meeting=june.key if named else None)
        subject = printing.subject(desk_on(base, day), CODE, request)
        printing.write_report(request, subject, tmp_path / "r.pdf")
        text = "\n".join(paper_text.pages(tmp_path / "r.pdf"))
        # The fingerprint is of the whole contract, which goes on.
        return re.sub(r"empreinte [0-9a-f ]+", "", text)

    first = printed(date(2026, 6, 18), named=True)
    assert first.count("À faire") == 2
    assert first.count("échue") == 1
    assert "Écrire à Bpifrance" in first
    # One decided earlier was closed since, and the one decided here is overdue: on that day neither was.
    committee.set_state(desk_on(base, date(2026, 7, 20)), CODE, "dec", DecisionState.FAITE)
    assert printed(date(2026, 11, 28), named=True) == first
    assert printed(date(2026, 11, 28), named=False) == first
