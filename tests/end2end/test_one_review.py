"""One answer: what a committee saw is told with the same words by the window, the shell, the export and the paper."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from qpvdesk.domain.alerts import ENGAGEMENT_SANS_SUIVI
from qpvdesk.domain.model import MeetingKind
from qpvdesk.domain.points import DECISION_EN_RETARD
from qpvdesk.services import bases, measurements
from qpvdesk.services.committees import committee, freezing
from qpvdesk.services.committees.committee import MeetingEntry
from qpvdesk.services.desk import Desk
from qpvdesk.services.measurements import Entry
from qpvdesk.storage.opening import open_base
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.models.points import point_rows
from qpvdesk.ui.pages.dashboard import DashboardPage
from qpvdesk.ui.pages.engagements import EngagementsPage
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.picture import Picture, load_picture
from qpvdesk.ui.theme import Mode, Theme
from qpvdesk.ui.widgets.day_edit import DayEdit
from tests.helpers import paper_text
from tests.helpers.process import qpvdesk
from tests.unit.storage.samples import NOON

OBJECTIVE = "BPI-O01"
COPIL = date(2025, 6, 30)
TODAY = date(2025, 11, 28)
SENTENCE = "(taux de 10\u202f% à 30\u202f%)"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A COPIL that saw 10 %, a figure of before it corrected since to 75 %, and a new one at 30 %."""
    path = tmp_path_factory.mktemp("revue") / "base.db"
    bases.create(path, "lens-lievin", now=NOON)
    with open_base(path) as opened:
        desk = Desk(opened, today=lambda: TODAY)
        contract = desk.contracts()[0].code
        held = desk.dossier(contract)
        objective = next(item for item in held.objectives if item.code == OBJECTIVE)
        start, target = objective.start_value, objective.target_value
        assert start is not None
        assert target is not None

        def at(share: str) -> Decimal:
            return start + (target - start) * Decimal(share)

        def record(day: date, share: str, replacing: str | None = None) -> None:
            entry = Entry(objective=objective.key, day=day, value=at(share), replacing=replacing)
            measurements.record(desk, contract, entry)

        record(date(2025, 5, 1), "0.10")
        seen = next(item for item in desk.dossier(contract).measurements if item.day == date(2025, 5, 1))
        committee.create(desk, contract, MeetingEntry(MeetingKind.COPIL, COPIL))
        freezing.freeze(desk, contract, desk.dossier(contract).meetings[-1].key, COPIL)
        record(seen.day, "0.75", seen.key)
        record(date(2025, 11, 1), "0.30")
    return path


def pictured(base: Path, since: date | None = None) -> Picture:
    with open_base(base, read_only=True) as opened:
        return load_picture(Desk(opened, today=lambda: TODAY), None, TODAY, since)


def words_of(paper: Path) -> str:
    return re.sub(r"\s+", " ", " ".join(paper_text.pages(paper)))


def shell(*arguments: str) -> str:
    ran = qpvdesk(*arguments)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_window_shell_export_and_paper_say_the_same(base: Path, tmp_path: Path) -> None:
    review = pictured(base).review
    (move,) = [item for item in review.moves if item.objective.code == OBJECTIVE]
    assert SENTENCE in move.sentence
    assert move.before.rate is not None
    assert float(move.before.rate) == pytest.approx(0.10)

    at = ("--base", str(base), "--date", "28/11/2025")
    said = json.loads(shell("etat", *at, "--format", "json"))
    target = tmp_path / "etat.json"
    shell("exporter", *at, "--sortie", str(target))
    assert json.loads(target.read_text(encoding="utf-8")) == said
    assert [item["phrase"] for item in said["evolutions"]] == [item.sentence for item in review.moves]
    assert said["compare_a"]["date"] == "2025-06-30"
    assert said["compare_a"]["reunion"] == "COPIL-2025-06-30"
    assert said["alertes"] == [
        {
            "point": view.point.ident,
            "genre": view.point.kind,
            "objet": view.point.object,
            "titre": view.point.title,
            "message": view.point.message,
            "remede": view.point.remedy,
            "pris_en_compte": False,
        }
        for view in review.alerts
    ]

    paper = tmp_path / "copil.pdf"
    shell("rapport", *at, "--modele", "copil", "--sections", "tout", "--sortie", str(paper))
    text = words_of(paper)
    assert "Ce qui a changé depuis le 30/06/2025 (données arrêtées)" in text
    for item in review.moves:
        assert re.sub(r"\s+", " ", f"{item.objective.label} {item.objective.code} · {item.scale}") in text
    others = len(review.findings) - review.contradictions
    told_elsewhere = (DECISION_EN_RETARD, ENGAGEMENT_SANS_SUIVI)
    alerts = sum(view.point.kind not in told_elsewhere for view in review.waiting)
    counted = f"{alerts} alertes, {review.contradictions} contradictions et {others} autres rapprochements"
    assert counted in text
    shown = [row for row in point_rows(review.points, review.situation) if row.view is not None]
    assert shown
    # The engagements that are followed are the same ones, and their précisions are read under them.
    followed = review.situation.engagements
    assert [item["code"] for item in said["engagements"]] == [item.code for item in followed]
    assert sum(len(item["precisions"]) for item in said["engagements"]) == 335 - len(followed)
    assert f"{len(followed)} engagements" in text
    assert "REGION-E57 Imputer le cadre d’intervention" in text
    table = shell("etat", *at)
    assert "Ce qui a changé depuis le 30/06/2025 (données arrêtées)" in table
    assert move.sentence in table


def test_the_window_follows_the_same_engagements_and_finds_their_precisions(
    base: Path, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    picture = pictured(base)
    theme = Theme(qapp, Mode.LIGHT)
    page, dashboard = EngagementsPage(theme, Drafts(tmp_path)), DashboardPage(theme)
    for shown in (page, dashboard):
        qtbot.addWidget(shown)
        shown.show_picture(picture)
    followed = picture.situation.engagements
    (table,) = page.findChildren(Table)
    assert table.model().rowCount() == len(followed)
    told = " ".join(" ".join(one.text() for one in dashboard.findChildren(QLabel)).split())
    assert f"{len(followed)} engagements" in told
    silent = {
        view.point.object for view in picture.review.alerts if view.point.kind == "engagement_sans_suivi"
    }
    assert silent <= {item.code for item in followed}
    page.arrive(Address("engagements", "REGION-E57"))
    assert page.address().focus == "REGION-E10"
    words = " ".join(one.text() for one in page.findChildren(QLabel))
    assert "REGION-E57 · Imputer le cadre d’intervention" in words
    assert "Le programme budgétaire pour ce nouveau cadre" in words


def test_the_dashboard_names_the_day_and_that_it_was_frozen(
    base: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    page = DashboardPage(Theme(qapp, Mode.LIGHT))
    qtbot.addWidget(page)

    def heading(since: date | None) -> tuple[object, bool]:
        page.show_picture(pictured(base, since))
        (day,) = page.findChildren(DayEdit)
        (frozen,) = [one for one in page.findChildren(QLabel) if one.text() == "tel qu’arrêté"]
        return day.day, not frozen.isHidden()

    assert heading(None) == (COPIL, True)
    assert heading(date(2025, 6, 29)) == (date(2025, 6, 29), False)


def test_a_date_that_somebody_names_is_reckoned_again(base: Path, tmp_path: Path) -> None:
    at = ("--base", str(base), "--date", "28/11/2025")
    again = json.loads(shell("etat", *at, "--format", "json", "--compare-a", "30/06/2025"))
    (move,) = [item for item in again["evolutions"] if item["objet"] == OBJECTIVE]
    assert "taux de 75\u202f% à 30\u202f%" in move["phrase"]
    assert again["compare_a"] == {
        "date": "2025-06-30",
        "reunion": None,
        "arrete": None,
        "intitule": "depuis le 30/06/2025",
    }
    seen = json.loads(shell("etat", *at, "--format", "json", "--compare-a", "COPIL-2025-06-30"))
    assert seen == json.loads(shell("etat", *at, "--format", "json"))
    paper = tmp_path / "mois.pdf"
    shell("rapport", *at, "--modele", "mensuel", "--sortie", str(paper))
    assert "Ce qui a changé depuis le 28/10/2025" in words_of(paper)
    shell("rapport", *at, "--modele", "annuel", "--sortie", str(paper))
    assert "Ce qui a changé depuis le 31/12/2024" in words_of(paper)
    shell("rapport", *at, "--modele", "mensuel", "--compare-a", "COPIL-2025-06-30", "--sortie", str(paper))
    assert "Ce qui a changé depuis le 30/06/2025 (données arrêtées)" in words_of(paper)


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("28/11/2025", "ne précède pas la situation au 28/11/2025"),
        ("COPIL-2024-01-01", "Aucune réunion ne porte le code"),
        ("COTECH-2025-09-01", "ne sont pas arrêtées"),
    ],
)
def test_what_cannot_be_compared_with_is_refused(base: Path, named: str, sentence: str) -> None:
    with open_base(base) as opened:
        held = opened.dossier(opened.contracts()[0].key)
        if not any(item.kind is MeetingKind.COTECH for item in held.meetings):
            committee.create(
                Desk(opened, today=lambda: TODAY),
                held.contract.code,
                MeetingEntry(MeetingKind.COTECH, date(2025, 9, 1)),
            )
    ran = qpvdesk("etat", "--base", str(base), "--date", "28/11/2025", "--compare-a", named)
    assert ran.returncode == 1
    assert sentence in ran.stderr
