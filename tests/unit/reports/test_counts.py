"""What a paper counts is what it names: the same things, asked for what they lack."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from qpvdesk.domain.counts import turn
from qpvdesk.domain.declined import last_day, objectives_words, uncounted_words, whole_of
from qpvdesk.domain.model import (
    Aggregation,
    Dossier,
    Engagement,
    Measurement,
    Meteo,
    Objective,
    Step,
    Weather,
)
from qpvdesk.domain.scales import listed
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import GROUPS, Group, Statut, to_handle
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.left_out import near_left, nothing_near, untold_words
from qpvdesk.reports.models.decree import unvalued_words
from qpvdesk.reports.models.monthly import monthly
from qpvdesk.reports.models.note import note
from qpvdesk.reports.models.partner import partner_sheet
from qpvdesk.reports.models.yearly import yearly
from qpvdesk.reports.sections.decision_names import TITLED
from qpvdesk.reports.sections.decisions import expected_decisions, whose_left_out, with_names
from qpvdesk.reports.sections.drawings import trajectories
from qpvdesk.reports.sections.engagements import awaits_weather
from qpvdesk.reports.sections.essential import (
    ARBITRATED,
    arbitrations,
    secretariat_sentence,
)
from qpvdesk.reports.sections.moves import comparison, measured_again
from qpvdesk.reports.sections.partner import of_partner, promise_chapter
from qpvdesk.reports.sections.points import _of_others, points
from qpvdesk.reports.sections.territories import territories
from qpvdesk.reports.slides import slides
from qpvdesk.reports.tables import DataTable
from tests.helpers import invented
from tests.helpers.blocks import paragraphs, plain, three_hundred
from tests.helpers.reviews import invented_review, review_of
from tests.unit.domain.builders import FT, NORD, PAS_DE_CALAIS, dossier, measurement, objective


def _with_undated(base: Dossier, count: int) -> Dossier:
    """The same with as many more objectives that have a value and no date."""
    model = next(item for item in base.objectives if item.code == "BPI-O01")
    value = next(item for item in base.measurements if item.objective == model.key)
    keys = [f"x{rank}" for rank in range(count)]
    more = [replace(model, key=key, code=f"BPI-O9{key[1:]}", target_date=None) for key in keys]
    values = [replace(value, key=f"v{key}", objective=key) for key in keys]
    return replace(base, objectives=(*base.objectives, *more), measurements=(*base.measurements, *values))


def _partner(data: CopilData, code: str) -> list[str]:
    (summary,) = [item for item in data.situation.partners if item.partner.code == code]
    return paragraphs(partner_sheet(data, summary))


def test_the_start_of_what_has_one_is_asked_of_nobody(large: CopilData) -> None:
    """« Préciser le départ ou l’échéance de 6 objectifs sans trajectoire », of six things to be done by the end of 2027."""
    # Six are « sans trajectoire » in the counts of the page: of none a trajectory is to be settled, of each its steps are.
    (asked_for,) = [text for text in expected_decisions(large) if "Préciser" in text]
    theirs = "Département 3, Bpifrance 2, Communauté d’agglomération 1"
    assert plain(asked_for) == f"Préciser les étapes de 6 objectifs à réaliser ({theirs})."
    assert "trajectoire" not in secretariat_sentence(large)
    assert "18 objectifs sans valeur, 6 objectifs à réaliser sans étapes, " in plain(
        secretariat_sentence(large)
    )
    assert "1 trajectoire à préciser" in plain(secretariat_sentence(CopilData(invented_review())))
    asked = [text for text in _partner(large, "CD") if "CD-O018" in text and text.endswith("?")]
    assert any(text.startswith("Quelles étapes prévoyez-vous, d’ici l’échéance, pour ") for text in asked)


def test_what_lacks_its_start_alone_is_asked_for_it_alone() -> None:
    """« le départ ou l’échéance », of what is due at the end of 2027."""
    data = CopilData(invented_review())
    named = "« Ateliers tenus dans les quartiers » (FT-O04)"
    told = f"Préciser le départ de l’objectif sans trajectoire : {named}."
    assert told in map(plain, expected_decisions(data))
    base = invented.dossier()
    fewer = {"BPI-O01": {"target_date": None}, "BPI-O02": {"start_value": None}}
    loose = tuple(replace(item, **fewer.get(item.code, {})) for item in base.objectives)
    several = CopilData(review_of(situation(replace(base, objectives=loose), invented.TODAY)))
    # « Le départ (2) ou l’échéance (1) de 3 objectifs » said of none which of them it lacks.
    told = "Préciser le départ (BPI-O02, FT-O04) et l’échéance (BPI-O01) de 3 objectifs sans trajectoire."
    assert told in map(plain, expected_decisions(several))
    more = _with_undated(replace(base, objectives=loose), 4)
    many = CopilData(review_of(situation(more, invented.TODAY)))
    told = "Préciser le départ (2) ou l’échéance (5) de 7 objectifs sans trajectoire (Bpifrance 6, "
    assert any(plain(text).startswith(told) for text in expected_decisions(many))


def test_what_lacks_all_is_asked_for_all() -> None:
    """Where a first reading may serve as the start, the date was left out behind the target."""
    loose = objective(target=(None, None))
    values = [measurement(loose, 3, "2025-03-31"), measurement(loose, 5, "2026-05-31")]
    now = situation(dossier(loose, measurements=tuple(values)), date(2026, 6, 30))
    asked = [
        text for text in _partner(CopilData(review_of(now)), "BPI") if "peut-il servir de départ" in text
    ]
    assert ["départ, et quelle cible et quelle échéance retenir, pour" in text for text in asked] == [True]


def test_what_has_no_drawing_is_counted_with_what_is_to_be_treated(large: CopilData) -> None:
    """« Et 13 autres objectifs à traiter » of a chapter that counts 16 and draws 2: what is missed was forgotten."""
    now = large.situation
    left = {
        summary.partner.code: to_handle(summary.counts) - 2
        for summary in now.partners
        if summary.counts[Statut.NON_ATTEINT]
    }
    assert left
    for summary in now.partners:
        if summary.partner.code in left:
            blocks = paragraphs(trajectories(now, now.objectives_of_partner(summary.partner.key)))
            told = f"Et {left[summary.partner.code]} autres objectifs à traiter, plus haut dans ce chapitre."
            assert blocks[-1] == told


def _counts(told: list[str], words: str) -> list[int]:
    """How many a folded list counts, without its déclinaisons."""
    found = [re.match(rf"{words} \((\d+) objectifs?(?: et \d+ déclinaisons?)?\) : ", text) for text in told]
    return [int(item[1]) for item in found if item is not None]


def test_the_head_of_a_chapter_and_its_lists_count_the_same_objectives(large: CopilData) -> None:
    """« 2 à surveiller », and « À surveiller (3 objectifs) » under it: the third is counted with what it declines."""
    declined = 0
    for summary in large.situation.partners:
        counts, chapter = summary.counts, of_partner(large, summary)
        well = sum(counts[status] for status in GROUPS[Group.VA_BIEN])
        for told in (paragraphs(promise_chapter(large, chapter, 7)), _partner(large, summary.partner.code)):
            assert _counts(told, "À surveiller") in ([counts[Statut.A_SURVEILLER]], [])
            assert _counts(told, "Atteints, en avance ou conformes") in ([well], [])
            apart = uncounted_words(large.situation, chapter.objectives)
            declined += len(apart)
            assert all(any(plain(text) in line for line in told) for text in apart)
    assert declined
    told = paragraphs(promise_chapter(large, of_partner(large, large.situation.partners[0]), 7))
    assert any(line.startswith("À surveiller (2 objectifs et 1 déclinaison) : ") for line in told)
    assert any("(REGION-O041), compris dans BPI-O032, 400 actions au" in line for line in told)


def test_what_declines_another_is_counted_with_the_widest() -> None:
    data = CopilData(invented_review())
    now = data.situation
    own = now.objectives_of_partner(now.partners[1].partner.key)
    assert {item.code: whole.code for item in own if (whole := whole_of(now, item)) is not None} == {
        "ARS-O02": "ARS-O01",
        "ARS-O03": "ARS-O01",
    }
    assert uncounted_words(now, own) == ["Non comptées ici, 2 déclinaisons le sont avec ARS-O01."]
    assert objectives_words(now, own) == "2 objectifs et 2 déclinaisons"
    assert objectives_words(now, own[1:2]) == "1 déclinaison"
    assert objectives_words(now, []) == "0 objectif"
    assert "Non comptées ici, 2 déclinaisons le sont avec ARS-O01." in " ".join(_partner(data, "ARS"))
    # « Sans objectif promis en propre », of the places of those two.
    places = paragraphs(territories(data))
    assert "Déclinaisons seules, comptées avec leur objectif : Nord, Pas-de-Calais." in places
    assert not any("Nord" in text for text in places if text.startswith("Sans objectif"))
    # « Un engagement l’est à chaque échelle où il est pris », over a table that has no column of them.
    taken = "promis, même s’il se relève dans plusieurs ; un engagement l’est à chaque échelle où il est pris. Les"
    placed = invented.dossier()
    unplaced = replace(
        placed,
        engagements=tuple(replace(item, territory=None) for item in placed.engagements),
        engagement_territories=(),
    )
    for contract, is_told in ((unplaced, False), (placed, True)):
        blocks = territories(CopilData(review_of(situation(contract, invented.TODAY))))
        (table,) = [block for block in blocks if isinstance(block, DataTable)]
        assert any("Engagements" in words for words in table.columns.header) == is_told
        assert any(taken in text for text in paragraphs(blocks)) == is_told


def test_the_parts_that_a_list_shows_on_the_line_of_their_whole_are_told_as_well() -> None:
    """« Non comptée ici, 1 déclinaison l’est avec ARS-O01 », of which five were promised and told « Par lieu »."""
    base = invented.dossier()
    here = replace(base, contract=replace(base.contract, epci="246200364"))
    data = CopilData(review_of(situation(here, invented.TODAY)))
    shown = {item.code for item in listed(data.situation, data.situation.promises)}
    assert {"ARS-O02", "ARS-O03"} - shown == {"ARS-O02"}
    (summary,) = [item for item in data.situation.partners if item.partner.code == "ARS"]
    for told in (_partner(data, "ARS"), paragraphs(promise_chapter(data, of_partner(data, summary), 3))):
        assert "Non comptées ici, 2 déclinaisons le sont avec ARS-O01." in " ".join(told)


def test_the_weather_that_lacks_is_asked_for_with_that_which_has_grown_old(large: CopilData) -> None:
    """« 99 météos de plus de 12 mois », and not a word of the 24 engagements that have none."""
    told = plain(secretariat_sentence(large))
    assert told.startswith("24 météos à donner, 99 à redonner (de plus de 12 mois), ")
    engagements = large.situation.engagements
    assert sum(awaits_weather(large.situation, item) for item in engagements) == 24


def test_a_part_that_fell_behind_is_hidden_in_no_sum(large: CopilData) -> None:
    """« Statut dégradé (17 et 1 déclinaison) »: two parts fell behind, one of them of a total that kept its status."""
    now = large.situation
    before = situation(now.dossier, date(2025, 12, 31))
    data = CopilData(review_of(now, before))
    told = {move.objective.code for move in data.review.moves}
    parts = [
        item for item in now.promises if whole_of(now, item) is not None and item.key in before.assessments
    ]
    turned = {
        item.code
        for item in parts
        if turn(before.assessments[item.key].status, now.assessments[item.key].status)
    }
    assert {"CD-O034", "FT-O019", "FT-O011"} == turned
    assert turned <= told
    (table,) = [block for block in comparison(data) if isinstance(block, DataTable)]
    assert "Statut dégradé (17 objectifs et 2 déclinaisons)" in {
        plain(" ".join(cells[0])) for _, cells in table.text_rows()
    }


def test_what_moved_counts_them_alike(large: CopilData) -> None:
    now = large.situation
    before = situation(now.dossier, date(2026, 3, 31))
    data = CopilData(review_of(now, before))
    moved = [move.objective for move in data.review.moves]
    declined = sum(whole_of(now, item) is not None for item in moved)
    followed = sum(not item.aim.promised and whole_of(now, item) is None for item in moved)
    assert declined
    assert followed > 1
    # « 57 objectifs promis »: sixteen of them were figures that nobody promised.
    apart = (
        f"{len(moved) - declined - followed} objectifs promis, {declined} déclinaison{'s' * (declined > 1)} et "
        f"{followed} chiffres suivis ont changé de"
    )
    assert any(text.startswith(apart) for text in paragraphs(comparison(data)))


def test_figures_that_nobody_promised_are_counted_apart_in_every_list_of_what_moved(large: CopilData) -> None:
    """« Même statut, valeur nouvelle (55 et 3 déclinaisons) », of which sixteen were followed alone."""
    now = large.situation
    data = CopilData(review_of(now, situation(now.dossier, date(2026, 8, 30))))
    (table,) = [block for block in comparison(data) if isinstance(block, DataTable)]
    heads = {plain(" ".join(cells[0])) for _, cells in table.text_rows()}
    assert "Même statut, valeur nouvelle (39 objectifs, 3 déclinaisons et 16 chiffres suivis)" in heads
    assert not objectives_words(now, []).startswith("1")
    alone = [item for item in now.promises if not item.aim.promised][:2]
    assert objectives_words(now, alone, "objectif promis", "objectifs promis") == "2 chiffres suivis"


def test_a_total_has_a_new_reading_as_soon_as_a_part_has(large: CopilData) -> None:
    """« 125 autres objectifs ont un relevé nouveau »: two totals, moved by three and four of five parts, were left out."""
    now = large.situation
    before = situation(now.dossier, date(2025, 12, 31))
    data = CopilData(review_of(now, before))
    again = {after.objective.code for _, after in measured_again(data)}
    totals = {move.objective.code for move in data.review.moves if move.after.aggregated}
    assert {"REGION-O021", "BPI-O032"} <= totals
    assert totals <= again
    old = [now.assessments[item.key] for item in now.promised if item.code in totals]
    assert {"REGION-O021", "BPI-O032"} == {
        item.objective.code
        for item in old
        if item.value_day is not None
        and item.value_day.year < (last_day(now.assessments, item) or now.day).year
    }
    told = " ".join(paragraphs(yearly(data)))
    assert "de 2026, dont 2 totaux qui portent la date de leur déclinaison la plus ancienne : " in told


def test_totals_that_are_all_of_what_has_no_value_of_the_year_are_no_part_of_it(large: CopilData) -> None:
    """« 1 objectif promis n’a pas de valeur datée de 2026, dont 1 total qui porte… »."""
    totals = [item for item in large.situation.promised if item.code in {"REGION-O021", "BPI-O032"}]
    one, both = (plain(unvalued_words(large, totals[:count])) for count in (1, 2))
    assert "de 2026, un total qui porte la date de sa déclinaison la plus ancienne : " in one
    assert "de 2026, tous des totaux qui portent la date de leur déclinaison la plus ancienne : " in both


def test_two_counts_that_follow_each_other_are_not_added_up(large: CopilData) -> None:
    """« …et 107 autres. Et 119 autres objectifs à traiter »: the 110 are among the 119."""
    near = near_left(large.situation, large.situation.to_look_at(ARBITRATED).shown)
    wider = 119 - len(near)
    for blocks in (arbitrations(large), note(large)):
        (told,) = [text for text in paragraphs(blocks) if "À régler aussi à l’échelle du contrat" in text]
        assert (
            f"et {len(near) - 3} autres. Soit, avec {wider} promis à une échelle plus large, 119 autres"
            in told
        )
    (slide,) = [item for item in slides(large) if item.title.startswith("À arbitrer")]
    assert slide.table is not None
    assert f"et {len(near) - 1} autres. En tout, " in plain(slide.left_out)
    assert f" {124 - len(slide.table.rows)} autres objectifs à traiter" in plain(slide.left_out)


def test_where_nothing_is_promised_at_the_scale_of_the_contract_nothing_there_goes_well() -> None:
    """« Rien n’est à traiter à l’échelle du contrat », first on the page, of a contract that promises nothing there."""
    now = invented_review().situation
    assert nothing_near(now) == "Aucun objectif n’est promis à l’échelle du contrat."
    assert near_left(now, ()) == []


def test_a_few_are_told_by_their_codes_which_no_other_list_has() -> None:
    """« 5 autres objectifs à traiter (France Travail 2, Bpifrance 2, ARS 1) » on one page, and on the next a decision on
    « 5 objectifs (France Travail 2, Bpifrance 2, ARS 1) », which are not those five."""
    told = [plain(text) for text in expected_decisions(CopilData(invented_review()))]
    # Whom to ask stands before each: « BPI-O06, O10, O16, O17 » had nobody, « ARS-O04 » seemed to be Bpifrance's.
    theirs = "(Bpifrance : BPI-O04 ; ARS : ARS-O04 ; France Travail : FT-O03)"
    (asked,) = [text for text in told if text.endswith(f"dont la valeur est à jour {theirs}.")]
    # On a page of which the next tells it, the codes stay.
    data = CopilData(invented_review())
    brief = map(plain, whose_left_out(data, expected_decisions(data)))
    assert asked.replace(theirs, "(BPI-O04, ARS-O04, FT-O03)") in brief


def test_a_few_have_their_names_where_there_is_room() -> None:
    """« (Bpifrance : BPI-O04 ; ARS-O04 ; …) », whose codes no table of a slide shows; « la référence FT-O01 »."""
    data = CopilData(invented_review())
    titled = expected_decisions(data, TITLED)
    told = " ".join(map(plain, titled))
    for words in (
        "(Bpifrance : « Entreprises créées avec un appui » (BPI-O04) ; ARS : « ",
        "et de la référence « ",
    ):
        assert words in told
    # The papers that hold them have them.
    for paper in (note, monthly):
        assert "« Entreprises créées avec un appui » (BPI-O04) ; ARS" in " ".join(paragraphs(paper(data)))
    # Where there is no room for all, one that holds has its own.
    few = with_names(data, lambda expected: sum(map(len, expected)) < sum(map(len, titled)))
    assert few != titled
    assert few[0] == titled[0]


def test_an_old_reference_is_asked_for_with_what_is_old(large: CopilData) -> None:
    """The alerts, the sheet and the form asked for the reference of a share that has a value of today; no decision did."""
    told = [plain(text) for text in expected_decisions(CopilData(invented_review()))]
    named = "« Lauréats accompagnés dans la durée » (BPI-O03)"
    assert (
        f"Obtenir la valeur à jour d’un objectif en retard : {named}, et de la référence FT-O01." in told
    ), "of three"
    # « et des références ARS-O041 et EN-O021, d’abord celles de 12 objectifs »: by the grammar, those references.
    (renewed,) = [plain(text) for text in expected_decisions(large) if "référence" in text]
    assert re.fullmatch(
        r"Obtenir la valeur à jour de 37 objectifs et 4 déclinaisons \([^()]+\), d’abord de 12 objectifs et 1 déclinaison"
        r" en retard ou non atteints \([^()]+\) ; et de 2 références \(ARS-O041, EN-O021\)\.",
        renewed,
    )
    # The part that is late was not among those that come first.
    assert "Éducation nationale 1" in renewed.partition("d’abord")[2]
    # « 41 objectifs, parts comprises, d’abord de 13 »: with 78 and 9 that made 100 of the 99 that lag.
    first = "d’abord de 13 en retard ou non atteints (dont 1 déclinaison)"
    brief = f"Obtenir la valeur à jour de 37 objectifs et 4 déclinaisons, {first}"
    assert f"{brief} ; et de 2 références." in map(plain, whose_left_out(large, expected_decisions(large)))
    base = invented.dossier()
    # Of what is asked anew the reference alone is left.
    fresh = tuple(item for item in base.measurements if item.objective != "o3")
    objectives = tuple(item for item in base.objectives if item.key != "o3")
    alone = CopilData(
        review_of(situation(replace(base, measurements=fresh, objectives=objectives), invented.TODAY))
    )
    assert "Obtenir la valeur à jour de la référence FT-O01." in map(plain, expected_decisions(alone))


def _renewed(*objectives: Objective, values: Sequence[Measurement]) -> str:
    """The decision on the values of today that a small contract asks for."""
    now = situation(dossier(*objectives, measurements=tuple(values)), date(2026, 6, 30))
    (told,) = [text for text in expected_decisions(CopilData(review_of(now))) if text.startswith("Obtenir")]
    return plain(told)


def _whole_and_part(value: int) -> tuple[list[Objective], list[Measurement]]:
    """A late total, of an old part that has this value of ten and of a late one of today."""
    whole = objective(
        "BPI-O01", target=(200, "2026-12-31"), start=(0, "2022-12-31"), aggregation=Aggregation.SOMME
    )
    parts = [
        objective(code, parent=whole.key, territory=place.key, partner=FT.key, start=(0, "2022-12-31"))
        for code, place in (("FT-O01", NORD), ("FT-O02", PAS_DE_CALAIS))
    ]
    parts = [replace(item, target_value=Decimal(10), target_date=date(2026, 12, 31)) for item in parts]
    values = [measurement(parts[0], value, "2024-03-31"), measurement(parts[1], 1, "2026-05-31")]
    return [whole, *parts], values


def test_a_part_that_is_not_late_is_not_told_as_its_whole_is() -> None:
    """« La valeur à jour de la déclinaison en retard » was reached: its whole alone is late."""
    for value, told in ((10, "de la déclinaison : "), (1, "de la déclinaison en retard : ")):
        objectives, values = _whole_and_part(value)
        now = situation(dossier(*objectives, measurements=tuple(values)), date(2026, 6, 30)).assessments
        assert now["BPI-O01"].status is Statut.EN_RETARD
        assert now["FT-O01"].status is (Statut.ATTEINT if value == 10 else Statut.EN_RETARD)
        assert _renewed(*objectives, values=values).startswith(f"Obtenir la valeur à jour {told}")


def test_one_of_several_that_lag_is_not_the_one_beside_a_part_either() -> None:
    """« La valeur à jour de l’objectif en retard et d’une déclinaison », of several that are late."""
    objectives, values = _whole_and_part(1)
    late = objective("BPI-O05", start=(0, "2022-12-31"), target=(10, "2026-12-31"))
    told = _renewed(*objectives, late, values=[*values, measurement(late, 1, "2024-03-31")])
    assert told == (
        "Obtenir la valeur à jour d’un objectif en retard : « Objectif BPI-O05 » (BPI-O05) et 1 déclinaison"
        " (FT-O01, de BPI-O01)."
    )


def test_a_first_value_of_a_part_is_counted_as_one() -> None:
    """« 2 objectifs », of one that waits for its two parts, on a page that counts one without value."""
    parts = [
        objective(f"FT-O0{rank}", parent="BPI-O01", territory=place.key, partner=FT.key)
        for rank, place in enumerate((NORD, PAS_DE_CALAIS), 1)
    ]
    whole = objective(target=(10, "2030-12-31"), aggregation=Aggregation.SOMME)

    def told(*values: Measurement) -> list[str]:
        now = situation(dossier(whole, *parts, measurements=values), date(2026, 6, 30))
        assert now.counts[Statut.NON_RENSEIGNE] == 1
        return [plain(text) for text in expected_decisions(CopilData(review_of(now))) if "première" in text]

    (both,) = told()
    assert "une première valeur pour 2 déclinaisons (FT-O01, O02, de BPI-O01)." in both
    # Beside what counts, what is of another's promise is told apart: « 18 objectifs », of 17 and one that declines another.
    (large_one,) = [plain(text) for text in expected_decisions(three_hundred()) if "première" in text]
    assert re.search(
        r"pour 17 objectifs \([^()]+, Bpifrance 2, [^()]+\) et 1 déclinaison \(BPI-O012, d’ARS-O002\)\.$",
        large_one,
    )
    # One alone has its own name.
    (alone,) = told(replace(measurement(parts[0], 3, "2026-05-31"), territory=NORD.key))
    assert "une première valeur pour la déclinaison : " in alone
    assert alone.endswith("(FT-O02).")


def test_what_a_table_leaves_out_agrees_and_is_named_once() -> None:
    """« dont 2 non atteint ; non atteints : … »; a name had no code, codes stood out of order."""
    due = [objective(f"BPI-O0{rank}", start=(0, "2023-12-31"), target=(9, "2025-12-31")) for rank in (1, 2)]
    late = objective("BPI-O03", start=(0, "2023-12-31"), target=(9, "2026-12-31"))
    held = dossier(
        *due, late, measurements=tuple(measurement(item, 1, "2026-01-31") for item in (*due, late))
    )
    now = situation(held, date(2026, 6, 30))
    items = [now.assessments[item.key] for item in (*due, late)]
    for left, told in (
        (items[1::-1], "Et 2 autres, au dossier, dont 2 non atteints, en France : BPI-O01 et O02."),
        (items[:1], "Et 1 autre, au dossier, dont 1 non atteint, en France : Objectif BPI-O01 (BPI-O01)."),
        (
            items[1:],
            "Et 2 autres (dont 2 à traiter), au dossier ; non atteint, en France : Objectif BPI-O02 (BPI-O02).",
        ),
        (items[2:], "Et 1 autre (dont 1 en retard), au dossier."),
    ):
        assert plain(untold_words(now, left, (), left)) == told


def test_the_others_that_a_sheet_asks_of_are_those_that_no_question_above_names(large: CopilData) -> None:
    """« Qu’en est-il des 7 autres » of fifteen of which seven were named: an eighth, whose value is old, was not counted."""
    for summary in large.situation.partners:
        told = _partner(large, summary.partner.code)
        asked = told[told.index("Questions à poser") + 1 :]
        (at,) = (at for at, text in enumerate(asked) if text.startswith("Qu’en est-il des "))
        named = set(re.findall(r"[A-Z]+-O\d+", " ".join(asked[:at])))
        left = to_handle(summary.counts) - len(named)
        assert asked[at] == f"Qu’en est-il des {left} autres objectifs à traiter, dans le tableau qui suit ?"


def test_engagements_without_follow_up_are_not_added_to_those_whose_weather_is_asked() -> None:
    """« 131 météos à donner, 101 engagements sans suivi »: the second are among the first."""
    base = invented.dossier()
    silent = [
        replace(base.engagements[0], key=f"n{rank}", code=f"ARS-E9{rank}", due=None) for rank in range(4)
    ]

    def told(*more: Engagement, steps: Sequence[Step] = (), meteos: Sequence[Meteo] = ()) -> str:
        contract = replace(
            base,
            engagements=(*base.engagements, *more),
            steps=(*base.steps, *steps),
            meteos=(*base.meteos, *meteos),
        )
        return plain(secretariat_sentence(CopilData(review_of(situation(contract, invented.TODAY)))))

    neither = "non plus ni objectif ni chiffre suivi ; "
    assert f"6 météos à donner ; 4 de ces engagements n’ont {neither}" in told(*silent)
    assert f"3 météos à donner ; 1 de ces engagements n’a {neither}" in told(silent[0])
    # Of what has steps no météo is asked: it is among none of those.
    step = Step("s9", "n0", "Réunir les associations", 1)
    apart = "1 autre engagement sans suivi (ni météo récente, ni objectif, ni chiffre suivi), "
    assert f"3 météos à donner ; 1 de ces engagements n’a {neither}{apart}" in told(*silent[:2], steps=[step])
    assert f"2 météos à donner, {apart.replace('autre ', '')}" in told(silent[0], steps=[step])
    # A météo to be given again is asked for as well.
    old = Meteo("m9", "n0", date(2024, 5, 11), Weather.SOLEIL)
    again = f"2 météos à donner, 1 à redonner (de plus de 12 mois) ; 1 de ces engagements n’a {neither}"
    assert again in told(silent[0], meteos=[old])


def test_what_is_counted_to_another_than_who_promised_it_is_named(large: CopilData) -> None:
    """« Bpifrance 3 » under the alerts, of a partner that has two without value: the third is a promise of the ARS."""
    told = " ".join(
        plain(text)
        for block in points(large)
        if isinstance(block, DataTable)
        for _, row in block.text_rows()
        for texts in row
        for text in texts
    )
    assert "Bpifrance 3, " in told
    assert "ARS-O002 est compté à Bpifrance, qui en doit une valeur." in told


def test_what_is_counted_to_several_is_owed_by_each_and_names_nobody_twice(large: CopilData) -> None:
    """« est compté à Bpifrance et France Travail, qui en doit une valeur »."""
    keys = {item.code: item.key for item in large.situation.dossier.partners}
    first = next(view.point for view in large.review.alerts if view.point.object == "ARS-O002")
    owed = [replace(first, partner=keys[code]) for code in ("BPI", "FT", "BPI")]
    told = _of_others(large, owed)
    assert told == " ARS-O002 est compté à Bpifrance et France Travail, qui en doivent chacun une valeur."
    assert _of_others(large, owed[::2]) == " ARS-O002 est compté à Bpifrance, qui en doit une valeur."
