"""The month in words, the sheet to fill by hand, the contract halfway."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.model import Decision, DecisionState, Meteo, Visit, Weather
from qpvdesk.domain.situation import situation
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.layout import Watch
from qpvdesk.reports.models import midterm, monthly, tallies, visit
from qpvdesk.reports.sections.points import points
from qpvdesk.reports.style import load_fonts
from qpvdesk.reports.tables import DataTable
from tests.helpers import paper_text
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, busy

HEARD = Visit(
    "v1",
    "k",
    DAY,
    "Centre social",
    mood="Calme",
    needs="Des places de garde",
    difficulties="Deux postes vacants",
    proposals="Un forum",
    follow_up="Réunir les agences",
    carrier="Délégation",
    due=DAY,
)
OLD = replace(
    HEARD, key="v0", day=date(2025, 1, 6), place="Marché", mood="Tendue", follow_up="", carrier="", due=None
)


def _text(path: Path) -> str:
    return " ".join(" ".join(paper_text.pages(path)).split())


def _plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_month_tells_what_was_heard_in_its_visits_and_no_other(tmp_path: Path) -> None:
    dossier = replace(busy(), visits=(OLD, HEARD))
    before = situation(dossier, date(DAY.year, DAY.month - 1, 1))
    monthly.write(tmp_path / "a.pdf", CopilData(review_of(situation(dossier, DAY), before)), Watch())
    text = _text(tmp_path / "a.pdf")
    for words in ("Sur le terrain", "Ambiance", "Besoins", "Difficultés", "Propositions", "Suites à donner"):
        assert words in text
    for words in ("Calme", "Des places de garde", "Deux postes vacants", "Un forum", "Réunir les agences"):
        assert words in text
    assert "Tendue" not in text, "it was said before the month"
    monthly.write(tmp_path / "b.pdf", CopilData(review_of(situation(busy(), DAY), before)), Watch())
    assert "Sur le terrain" not in _text(tmp_path / "b.pdf"), "no head without words"


def test_the_sheet_has_a_box_for_each_field_of_the_form_on_one_page(tmp_path: Path) -> None:
    assert visit.write(tmp_path / "a.pdf", CopilData(review_of(situation(busy(), DAY))), Watch()) == 1
    text = _text(tmp_path / "a.pdf")
    for field in BY_NAME["visit"].asked:
        assert field.ask is not None
        assert field.name == "done_on" or field.ask.label.replace("&", "") in text


def test_halfway_tells_what_is_done_what_is_given_up_and_why(tmp_path: Path) -> None:
    base = busy()
    kept = base.engagements[0]
    gone = replace(kept, key="gone", code="X-E99", label="Louer un local")
    dossier = replace(
        base,
        engagements=(kept, replace(gone, retired=True)),
        meteos=(
            Meteo("w1", kept.key, DAY, Weather.SOLEIL, results="Tout est livré"),
            Meteo("w2", gone.key, DAY, Weather.ORAGE, obstacles="Aucun local trouvé"),
        ),
        decisions=(
            Decision(
                "d1",
                base.meetings[0].key,
                "Ouvrir un guichet",
                1,
                state=DecisionState.ABANDONNEE,
                state_on=DAY,
            ),
        ),
    )
    now = situation(dossier, DAY)
    midterm.write(tmp_path / "a.pdf", CopilData(review_of(now)), Watch())
    text = _plain(_text(tmp_path / "a.pdf"))
    assert "Résultats : Tout est livré" in text
    assert f"({gone.code}) : Aucun local trouvé." in text, "and why"
    assert "« Ouvrir un guichet » (sans porteur), abandonnée le" in text
    unfrozen = r"le [\d/]+ \(données non arrêtées\)"
    assert re.search(rf"Ce bilan compare {unfrozen} et {unfrozen}\.", text), "neither is frozen"
    for tally in tallies.of_engagements(CopilData(review_of(now))):
        assert tally.counts[0] == sum(tally.counts[1:])
    assert sum(tally.counts[-2] for tally in tallies.of_engagements(CopilData(review_of(now)))) == 1


def test_a_late_follow_up_is_under_the_word_visit_where_its_code_is_said_by_nobody() -> None:
    """A dash stood for what it is about."""
    load_fonts()
    late = replace(HEARD, day=date(2026, 1, 6), due=date(2026, 2, 6))
    data = CopilData(review_of(situation(replace(busy(), visits=(late,)), DAY)))
    tables = [block for block in points(data) if isinstance(block, DataTable)]
    rows = [cells for table in tables for _, cells in table.text_rows()]
    assert [cells[0] for cells in rows if "La suite de la visite" in " ".join(cells[-1])] == [("Visite",)]
