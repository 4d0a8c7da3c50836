"""What a chapter folds: named or by code, signalled once, a paragraph a list where it costs no page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace
from reportlab.platypus import Flowable, Spacer

from qpvdesk.domain.model import Engagement, Weather
from qpvdesk.domain.wording import called
from qpvdesk.reports import sheets
from qpvdesk.reports.ending import height_of, tightened, well_ended
from qpvdesk.reports.folding import JoinedLists, elsewhere, folded, joined, list_paragraphs, parted, told_on
from qpvdesk.reports.models.partner import partner_sheet
from qpvdesk.reports.sections.engagements import Detail, told_engagements
from qpvdesk.reports.style import HEIGHT, WIDTH, load_fonts
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import Paragraph
from tests.helpers.blocks import paragraphs, plain, three_hundred
from tests.unit.charts.dossiers import busy

ENGAGEMENTS = tuple(
    replace(busy().engagements[0], key=f"e{rank}", code=f"P1-E{rank:02}") for rank in range(1, 6)
)


def _line(hindered: Sequence[str]) -> str:
    def is_hindered(item: Engagement) -> bool:
        return item.key in hindered

    (found,) = folded("Sécurisés", ENGAGEMENTS, "5 engagements", most=2, is_hindered=is_hindered)
    return plain(f"{found.head}{found.told}")


def test_what_hinders_all_of_a_list_is_said_once_in_its_head() -> None:
    """« Soutenir l’action n° 43 (REGION-E07), frein signalé et 2 autres »: the two others seemed to have none."""
    first, second = (plain(called(item)) for item in ENGAGEMENTS[:2])
    rest = "et 3 autres (P1-E03 à E05)"
    all_of_them = f"Sécurisés (5 engagements, freins signalés) : {first} ; {second} {rest}."
    assert _line([item.key for item in ENGAGEMENTS]) == all_of_them
    assert _line(["e2"]) == f"Sécurisés (5 engagements) : {first} ; {second}, frein signalé, {rest}."
    some = (
        f"Sécurisés (5 engagements) : {first}, frein signalé ; {second} {rest}, dont 2 avec freins signalés."
    )
    assert _line(["e1", "e4", "e5"]) == some
    assert (
        _line(["e4"]) == f"Sécurisés (5 engagements) : {first} ; {second} {rest}, dont 1 avec frein signalé."
    )
    assert _line([]) == f"Sécurisés (5 engagements) : {first} ; {second} {rest}."
    (alone,) = folded("Sécurisé", ENGAGEMENTS[:1], "1 engagement", is_hindered=lambda _: True)
    assert plain(alone.head) == "Sécurisé (1 engagement, frein signalé) :"


def test_the_day_of_all_is_said_once_in_the_head() -> None:
    """« Déployer l’action n° 1 (REGION-E01), météo du 03/02/2025, et 5 autres »: the five seemed to be of today."""
    data = three_hundred()
    told = paragraphs(told_engagements(data, data.situation.engagements, Detail.LEAST))
    heads = [text for text in map(plain, told) if "freins du 03/02/2025" in text]
    assert heads
    for words in ("Appuis nécessaires", "Sécurisés ou atteignables"):
        dated = rf"{words} \(\d+ (autres )?engagements, météos et freins du 03/02/2025, anciens\) :"
        assert re.search(dated, " ".join(heads))
    assert "météo du 03/02/2025" not in " ".join(heads)


def test_a_record_without_its_weather_dates_no_meteo() -> None:
    """Under « Météo à donner », four read « météo du 03/02/2025 » as those whose météo was to be given again."""
    data = three_hundred()
    now = data.situation
    untold = [
        item
        for item in now.engagements
        if now.meteo_of(item.key) is not None and now.weather_of(item.key) is Weather.NON_RENSEIGNEE
    ]
    assert untold
    assert {told_on(now, item) for item in untold} == {""}
    told = [item for item in now.engagements if now.weather_of(item.key) is not Weather.NON_RENSEIGNEE]
    assert all(told_on(now, item) for item in told)


def test_where_the_others_are_is_said_once_after_the_lists() -> None:
    """« (à lire en annexe du dossier) » stood four times in one paragraph."""
    where = "en annexe du dossier"
    lists = [found for name in ("A", "B") for found in folded(name, ENGAGEMENTS, "5 engagements", most=1)]
    uncut = folded("C", ENGAGEMENTS[:1], "1 engagement")
    several = [item.told for item in elsewhere([*lists, *uncut], where)]
    assert [text.count(where) for text in several] == [0, 0, 1]
    assert plain(several[-1]).endswith(". Ceux qui ne sont pas nommés : à lire en annexe du dossier.")
    assert "P1-E03" not in " ".join(several)
    (told,) = [text for text in (item.told for item in elsewhere([lists[0], *uncut], where)) if where in text]
    assert told.endswith(f" et 4 autres (à lire {where}).")
    assert elsewhere(lists, "") == lists
    assert elsewhere(uncut, where) == uncut


def test_lists_that_were_joined_have_a_paragraph_each_where_it_costs_no_page() -> None:
    load_fonts()
    lists = [found for name in "ABC" for found in folded(name, ENGAGEMENTS, "5 engagements", most=1)]
    together = joined(lists)
    height = together[0].wrap(WIDTH, HEIGHT)[1]

    def kinds(above: float) -> list[type[Flowable]]:
        return [type(block) for block in parted([Spacer(1, above), *together])[1:]]

    apart = [type(block) for block in list_paragraphs(lists)]
    assert len(apart) == 3
    assert kinds(0) == apart
    # With less air, rather than run on.
    loose, close = (height_of(list_paragraphs(lists, close=close)) for close in (False, True))
    assert close < loose
    assert kinds(HEIGHT - (loose + close) / 2) == apart
    assert kinds(HEIGHT - height - 6) == [JoinedLists], "it would begin another page"
    # Of two, one alone has the room.
    longer = height_of([*joined(lists), *list_paragraphs(lists, close=True)])
    two = parted([*joined(lists), Spacer(1, HEIGHT - longer - 5), *joined(lists)])
    assert [type(block) for block in two] == [JoinedLists, Spacer, *apart]
    assert all("<b>" not in text for text in paragraphs(together))


@pytest.mark.parametrize("detail", [Detail.LEAST, Detail.WORST])
def test_no_list_of_the_large_contract_says_a_brake_of_its_first_alone(detail: Detail) -> None:
    data = three_hundred()
    told = paragraphs(told_engagements(data, data.situation.engagements, detail))
    assert "frein signalé" not in " ".join(told)
    assert "freins signalés) :" in " ".join(told)


def test_lists_have_a_paragraph_each_where_tighter_tables_leave_them_the_room() -> None:
    """On the sheet of a large partner they ran on in one, and a title was cut at the end of a line."""
    load_fonts()
    lists = [found for name in "ABC" for found in folded(name, ENGAGEMENTS, "5 engagements", most=1)]
    rows = [["Ligne", "Libellé"]] * 12
    table = data_table(("Rang", "Texte"), rows, [100.0, 300.0])
    close = list_paragraphs(lists, close=True)
    short = height_of([*table, *close]) - 10
    assert height_of([*tightened(table), *close]) < short
    found = parted([Spacer(1, HEIGHT - short), *table, *joined(lists)])
    assert not any(isinstance(block, JoinedLists) for block in found)
    assert sum(isinstance(block, Paragraph) for block in found) == len(lists)


def test_the_sheet_of_a_large_partner_runs_no_lists_on_and_names_none_twice(tmp_path: Path) -> None:
    data = three_hundred()
    for summary in data.situation.partners:
        build = lambda shown, summary=summary: partner_sheet(shown, summary)  # noqa: E731
        told = parted(well_ended(build(data))[0])
        assert not any(isinstance(block, JoinedLists) for block in told), summary.partner.code
        again = [text for text in paragraphs(told) if text.startswith("Météo à redonner, parmi ceux")]
        assert not any(re.search(r"\([A-Z]", text) for text in again), again
        assert sheets.paper("fiche", build)(tmp_path / "f.pdf", data) <= 3


def test_the_units_of_what_goes_well_give_way_before_the_boxes_of_the_weather() -> None:
    """One line more, of units, took twenty boxes from a sheet of three pages, and fourteen names."""
    data = three_hundred()
    (summary,) = [item for item in data.situation.partners if item.partner.code == "CD"]
    told = [plain(text) for text in paragraphs(partner_sheet(data, summary))]
    assert "Météo à donner (2) et à redonner (18)" in told
    assert any("Ouvrir l’action n° 121 (CD-E18)" in text for text in told)
    (well,) = [text for text in told if text.startswith("Atteints, en avance ou conformes")]
    assert "Places en crèche (CD-O005), 139 au 23/08/2026, à ramener à 39" in well
    # Where they cost no box they are said.
    (other,) = [item for item in data.situation.partners if item.partner.code == "EN"]
    assert any("entreprises au " in text for text in paragraphs(partner_sheet(data, other)))
