"""Every model of report, made by the real process."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from qpvdesk.domain import french
from qpvdesk.domain.expected import asked_of
from qpvdesk.domain.french import format_date, format_edge, format_number
from qpvdesk.domain.meetings import in_order, meeting_code, snapshots_of
from qpvdesk.domain.model import Sens
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import STATUT_LABELS, Statut
from qpvdesk.services.desk import opened
from qpvdesk.services.printing import MODELS
from qpvdesk.storage import opening
from tests.bench import synthetic
from tests.helpers import bulk, demo, paper_text
from tests.helpers.process import qpvdesk
from tests.helpers.white import half_empty, past_margins, smallest_letters

DAY = date(2026, 11, 30)
"""Of every paper whose whites are looked at: what is old, and what is over, makes other pages."""


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("rapports") / "base.db"
    assert qpvdesk("init", "--base", str(base)).returncode == 0
    return base


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base of three hundred objectives."""
    base = tmp_path_factory.mktemp("rapports") / "large.db"
    with opening.create(base, now=datetime(2026, 6, 30, 9).astimezone()) as made:
        bulk.bulk_load(made, [synthetic.dossier(0, 300, 33)])
    return base


@pytest.mark.parametrize("where", ["starter", "large"])
@pytest.mark.parametrize("model", MODELS)
def test_each_model_is_written(
    model: str, where: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    base: Path = request.getfixturevalue(where)
    paper = tmp_path / "f.pdf"
    place = "62498" if where == "starter" else "62000"
    about = {"partenaire": ["--partenaire", "BPI"], "territoire": ["--territoire", place]}.get(model, [])
    about += ["--sections", "tout"] if model == "copil" else []
    about += ["--date", DAY.isoformat()]
    ran = qpvdesk("rapport", "--base", str(base), "--sortie", str(paper), "--modele", model, *about)
    assert ran.returncode == 0, ran.stderr
    pages = paper_text.pages(paper)
    assert french.plural(len(pages), "page", "pages") in ran.stdout
    assert half_empty(paper) == []
    assert past_margins(paper) == []
    assert smallest_letters(paper) >= 8
    if where == "large" and model in ("copil", "saisie", "annuel"):
        text = "\n".join(pages)
        now = situation(synthetic.dossier(0, 300, 33), DAY)
        asked = {
            item.objective.key for partner in now.dossier.partners for item in asked_of(now, partner.key)
        }
        for item in now.dossier.objectives:
            # Who fills in the slip is asked for what is never known, or too old, and for nothing else.
            wanted = {"copil": True, "saisie": item.key in asked}.get(model, item.sens is not Sens.SUIVI)
            assert not wanted or re.search(rf"\b{item.code}\b", text), item.code


@pytest.mark.parametrize("options", [["partenaire"], ["territoire"], ["partenaire", "--partenaire", "XX"]])
def test_what_is_not_named_or_known_is_said_with_the_codes(
    options: list[str], starter: Path, tmp_path: Path
) -> None:
    paper = tmp_path / "f.pdf"
    ran = qpvdesk("rapport", "--base", str(starter), "--sortie", str(paper), "--modele", *options)
    assert ran.returncode == 1
    assert "Codes connus" in ran.stderr
    assert not paper.exists()


@pytest.fixture(params=["demonstration", "exemple", "depart", "trois-cents"])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A base whose committee file is read back: the demonstration's, the example, the starter contract, 300 objectives."""
    base = tmp_path / "base.db"
    if request.param == "demonstration":
        demo.make(base)
    elif request.param == "exemple":
        assert qpvdesk("init", "--exemple", "--base", str(base)).returncode == 0
    else:
        base = request.getfixturevalue("starter" if request.param == "depart" else "large")
    return base


def says_the_rate(row: str, rate: float) -> bool:
    """Tell whether a row bears the rate, or says in words whether it is kept."""
    if re.search(r"^[<>][\u00a0 ]−?1\u202f%$", row, re.MULTILINE):
        # What is known and is not zero is never printed as 0.
        return 0 < abs(rate) < 0.005
    printed = re.search(r"^(−?)([\d\u202f]+)\u202f%$(?=\n[A-ZÀ])|^(?:non )?tenu$", row, re.MULTILINE)
    if printed is None or printed[2] is None:
        return printed is not None
    shown = int(printed[2].replace("\u202f", "")) * (-1 if printed[1] else 1)
    # The document gives four decimals, the table whole percents.
    return abs(shown - 100 * rate) <= 0.51


def test_the_tables_of_the_committee_say_what_the_state_says(told: Path, tmp_path: Path) -> None:
    base, paper = told, tmp_path / "copil.pdf"
    day = ["--date", demo.DAY.isoformat()]
    whole = ["--sections", "tout"]
    assert qpvdesk("rapport", "--base", str(base), "--sortie", str(paper), *whole, *day).returncode == 0
    state = json.loads(qpvdesk("etat", "--base", str(base), "--format", "json", *day).stdout)
    pages = paper_text.pages(paper)
    rows = rows_of(pages)
    differing: list[tuple[str, str]] = []
    compared = 0
    for item in state["objectifs"]:
        row = rows.get(item["code"])
        if row is None:
            # A place elsewhere shows inside the objective that its own declines.
            assert item["parent"] in rows, f"{item['code']} has no row"
            continue
        for name, value, day in expected(item):
            compared += 1
            number = re.escape(format_number(Decimal(str(value))))
            figure = rf"^(?:[≥≤][ \u00a0\u202f]|(?:(?:plus|près) de|plafond)\s+)?{number}(?:[ \u00a0\u202f].*|\nM€)?$"
            if day is not None:
                at = date.fromisoformat(day)
                # Who fixed a start or a target at the edge of a year named no day.
                edge = format_edge(at).replace("\u00a0", "[ \u00a0]")
                # What is counted each year is of its year.
                edge += f"|en {at.year}" if (at.month, at.day) == (12, 31) else ""
                # A total of places is of all their days: « de 01/2025 à 06/2026 ».
                parts = [part["date_valeur"] for part in state["objectifs"] if part["parent"] == item["code"]]
                if name == "valeur_actuelle" and (last := max(filter(None, parts), default=day)) != day:
                    edge += rf"|de[ \u00a0]{at:%m/%Y}\sà[ \u00a0]{date.fromisoformat(last):%m/%Y}"
                # A start that few others of its table have stands under its name.
                figure = rf"(?:{figure}\n ?|^Départ\u202f: {number}\S* \()(?:{format_date(at)}|{edge})\)?$"
            if not re.search(figure, row, re.MULTILINE):
                differing.append((item["code"], name))
        if item["sens"] != "suivi" and STATUT_LABELS[Statut(item["statut"])] not in row:
            differing.append((item["code"], "statut"))
        for name, told in said(item):
            compared += 1
            if not re.search(rf"^{told}$", row, re.MULTILINE):
                differing.append((item["code"], name))
        if item["tenu"] is None and item["taux_avancement"] is not None:
            compared += 1
            if not says_the_rate(row, item["taux_avancement"]):
                differing.append((item["code"], "taux"))
    assert differing == [], rows[differing[0][0]]
    assert compared > 200
    words = " ".join(" ".join(pages).split())
    assert "avancement moyen" not in words
    for partner in state["partenaires"]:
        count = partner["nb_objectifs"]
        many = "s" * (count > 1)
        counted = f"{count} objectif{many} promis ou proposé{many} :" if count else "aucun objectif promis."
        assert counted in words, partner["code"]


def said(item: dict[str, Any]) -> list[tuple[str, str]]:
    """What the row of an objective says in words, or beside a sign, as patterns of a line."""
    found: list[tuple[str, str]] = []
    known, rate = item["valeur_actuelle"] is not None, item["taux_avancement"]
    if item["valeur_actuelle"] is None and item["sens"] != "jalon":
        # Where no objective of a table has a value, none has a column of it: its status says so.
        found.append(("valeur_actuelle", "(?:–|Non renseigné)"))
    if item["sens"] == "jalon":
        found.append(("valeur_cible", "à réaliser"))
        if known:
            found.append(("valeur_actuelle", "fait" if item["statut"] == "atteint" else "non fait"))
        if item["date_cible"]:
            found.append(
                (
                    "date_cible",
                    format_edge(date.fromisoformat(item["date_cible"])).replace("\u00a0", "[ \u00a0]"),
                )
            )
    kept = item["tenu"] if item["sens"] != "jalon" else None
    if kept is not None:
        assert rate == kept
        found.append(("taux", "tenu" if kept else "non tenu"))
    if kept is not None and item["ecart"] is not None:
        share, money = item["unite"].startswith("%"), "€" in item["unite"]
        gap = Decimal(str(item["ecart"]))
        shown = french.round_half_away(Fraction(gap), 1) if share else Fraction(gap)
        sign = "+" if shown > 0 else french.MINUS if shown < 0 else ""
        unit = "[ \u00a0]pt" if share else f"[ \u00a0]{re.escape(item['unite'])}" if money else ""
        figure = format_number(abs(shown), 1) if share else format_number(abs(shown))
        found.append(("ecart", rf"écart {re.escape(f'{sign}{figure}')}{unit}" if gap else "écart nul"))
    if item["sens"] == "parite" and known and item["ecart"] is not None:
        reference = Decimal(str(item["valeur_actuelle"])) - Decimal(str(item["ecart"]))
        found.append(("reference", rf"≥[ \u00a0\u202f]{re.escape(format_number(reference))}\u202f%"))
    return found


def rows_of(pages: list[str]) -> dict[str, str]:
    """What stands after each code at the beginning of a line, up to the next code."""
    rows: dict[str, str] = {}
    for page in pages:
        text = re.sub(r"[ \t]*\n[ \t\n]*", "\n", page)
        # A code that is named within a row is a link, which begins a line of its own.
        text = re.sub(r"((?:référence|\bdans)\s*:?|[;,(])\s*\n(?=[A-Z0-9]+-)", r"\1 ", text)
        parts = re.split(r"^([A-Z0-9]+-[A-Z][A-Z0-9-]+)$", text, flags=re.MULTILINE)
        for code, row in zip(parts[1::2], parts[2::2], strict=True):
            rows[code] = f"{rows.get(code, '')}\n{row}"
    return rows


def expected(item: dict[str, Any]) -> list[tuple[str, float, str | None]]:
    """The figures of an objective that its row must show: name, value, day written under it."""
    found: list[tuple[str, float, str | None]] = []
    if item["sens"] != "jalon":
        found.append(("valeur_actuelle", item["valeur_actuelle"], item["date_valeur"]))
    if item["sens"] in ("hausse", "baisse"):
        found.append(("valeur_initiale", item["valeur_initiale"], item["date_initiale"]))
    if item["sens"] not in ("jalon", "parite", "suivi"):
        found.append(("valeur_cible", item["valeur_cible"], item["date_cible"]))
    return [figure for figure in found if figure[1] is not None]


def last_committee(base: Path) -> str:
    with opened(base, read_only=True) as desk:
        dossier = desk.dossier(desk.contracts()[0].code)
        frozen = [item for item in in_order(dossier.meetings) if snapshots_of(dossier, item.key)]
    return meeting_code(frozen[-1])


def test_the_example_fits_in_the_pages_that_a_committee_reads(tmp_path: Path) -> None:
    base, paper, words = tmp_path / "base.db", tmp_path / "f.pdf", tmp_path / "mots.toml"
    assert qpvdesk("init", "--exemple", "--base", str(base)).returncode == 0
    words.write_text('essentiel = "Les Carrefours d’abord."', encoding="utf-8")
    at = ("rapport", "--base", str(base), "--sortie", str(paper))
    for options, most in (
        ([], 16),
        # The last committee with frozen data: it has the most moves and decisions to tell.
        (["--reunion", last_committee(base)], 16),
        (["--modele", "court"], 3),
        (["--sections", "essentiel,partenaire-FT", "--seulement-retards"], 4),
        (["--sections", "tout"], 48),
    ):
        ran = qpvdesk(*at, *options, "--mots", str(words))
        assert ran.returncode == 0, ran.stderr
        assert "--mots" not in ran.stderr
        pages = paper_text.pages(paper)
        assert len(pages) <= most, options
        assert half_empty(paper) == [], options
        assert past_margins(paper) == [], options
        assert any("Les Carrefours d’abord." in page for page in pages[:2])
    refused = qpvdesk(*at, "--sections", "essentiel,inconnue")
    assert refused.returncode == 1
    assert "partenaire-BPI" in refused.stderr
