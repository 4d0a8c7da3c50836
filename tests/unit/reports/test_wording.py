"""What the papers say of themselves: no dead reference, no bare code, no two counts of one thing."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from qpvdesk.charts.trajectory_told import trajectory_summary
from qpvdesk.domain.agenda import next_dates
from qpvdesk.domain.alerts import alerts
from qpvdesk.domain.french import code_ranges, format_date, format_value, lowered
from qpvdesk.domain.model import (
    Condition,
    Decision,
    DecisionState,
    Measurement,
    Meeting,
    MeetingKind,
    Mesure,
    Meteo,
    Objective,
    Step,
    Visit,
    Weather,
)
from qpvdesk.domain.progress import day_words, status_words
from qpvdesk.domain.scales import is_beyond_home
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.wording import called
from qpvdesk.paths import resource
from qpvdesk.reports import copil, layout
from qpvdesk.reports.cells import EntryBox, StatusCell, WeatherCell
from qpvdesk.reports.composition import Choice, Composition
from qpvdesk.reports.copied_blocks import is_note
from qpvdesk.reports.ending import height_of
from qpvdesk.reports.folding import folded
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.layout import Identity
from qpvdesk.reports.left_out import IN_FILE, of_whom, to_treat_nouns, to_treat_words
from qpvdesk.reports.models import parts
from qpvdesk.reports.models.convocation import convocation
from qpvdesk.reports.models.entry import entry_form
from qpvdesk.reports.models.midterm import midterm, on_a_line, why_of
from qpvdesk.reports.models.monthly import attention, monthly
from qpvdesk.reports.models.note import note
from qpvdesk.reports.models.partner import partner_sheet
from qpvdesk.reports.models.poster import poster
from qpvdesk.reports.models.short import short
from qpvdesk.reports.models.tallies import tally_tables
from qpvdesk.reports.models.treated import to_treat
from qpvdesk.reports.models.yearly import yearly
from qpvdesk.reports.objectives import current_cell, promised_table, target_cell
from qpvdesk.reports.pace import acronyms, too_slow_words
from qpvdesk.reports.references import parity_above, parity_note, year_against_day
from qpvdesk.reports.sections import cover
from qpvdesk.reports.sections.decisions import _beside, expected_decisions
from qpvdesk.reports.sections.engagements import Detail, said_of, steps_words, told_engagements
from qpvdesk.reports.sections.essential import (
    ARBITRATED,
    arbitrations,
    secretariat_sentence,
    to_settle,
    to_treat_line,
)
from qpvdesk.reports.sections.headline import standing, words_under_bars
from qpvdesk.reports.sections.moves import value_cell
from qpvdesk.reports.sections.page_one import essential
from qpvdesk.reports.sections.partner import of_partner, promise_chapter
from qpvdesk.reports.sections.points import points
from qpvdesk.reports.sections.positions import hindrances
from qpvdesk.reports.slide_tables import assessed_table
from qpvdesk.reports.slides import slides
from qpvdesk.reports.style import (
    BODY_STYLE,
    BOLD,
    HEIGHT,
    MEDIUM,
    REGULAR,
    SMALL,
    load_fonts,
    span,
    text_width,
)
from qpvdesk.reports.tables import DataTable
from qpvdesk.reports.text import paragraph
from qpvdesk.reports.valued import followed_pairs, value_words
from tests.bench.synthetic import dossier as synthetic
from tests.helpers import invented, paper_text
from tests.helpers.blocks import plain
from tests.helpers.reviews import invented_review, review_of
from tests.unit.charts.dossiers import DAY, busy


def _words(blocks: list[object]) -> list[str]:
    """What the paragraphs and the tables of a paper say."""
    told: list[str] = []
    for block in blocks:
        if isinstance(block, DataTable):
            told += [text for _, row in block.text_rows() for cell in row for text in cell]
        elif hasattr(block, "getPlainText"):
            told.append(block.getPlainText())
    return [re.sub(r"[\u00a0\u202f]", " ", text) for text in told]


@pytest.fixture(scope="module")
def large() -> CopilData:
    """A contract with more of everything than a page holds."""
    return CopilData(
        review_of(situation(synthetic(0, 120, 5), DAY), situation(synthetic(0, 120, 5), date(2025, 6, 1)))
    )


@pytest.mark.parametrize("paper", [short, note, monthly, yearly, midterm])
def test_a_paper_sends_to_no_chapter_that_it_has_not(paper, large: CopilData) -> None:  # type: ignore[no-untyped-def]
    told = _words(paper(large))
    for dead in ("dans le dossier", "dans les chapitres", "du dossier)", "Points d’attention »"):
        assert not [text for text in told if dead in text]


def test_what_adds_to_the_rows_of_page_one_is_said_under_them(large: CopilData) -> None:
    blocks = arbitrations(large)
    (table,) = (at for at, block in enumerate(blocks) if isinstance(block, DataTable))
    above, under = (" ".join(_words(part)) for part in (blocks[:table], blocks[table:]))
    assert "À régler aussi à l’échelle du contrat : " in under
    assert "À régler" not in above


def test_page_one_tells_in_fewer_words_who_promised_nothing_rather_than_lose_a_move() -> None:
    """It left them to chapters that a short file has not: two partners of seven were named nowhere in it."""
    base = busy()
    silent = replace(base.partners[0], key="p9", code="SIL", short_name="Muet", name="Partenaire muet")
    now = situation(replace(base, partners=(*base.partners, silent)), DAY)
    whole, brief = (" ".join(_words(words_under_bars(now, brief=brief))) for brief in (False, True))
    assert "Partenaire muet" in whole
    assert "Partenaire muet" not in brief
    assert "valeur" in brief
    assert "Sans objectif promis : Muet." in brief


def test_a_sentence_of_the_year_names_a_few_and_counts_the_others(large: CopilData) -> None:
    """Twelve lines of names in one sentence, said again in three others, were read by nobody."""
    told = _words(yearly(large))
    assert standing(large.situation)[-1].getSpaceAfter() > 5, "small letters do not run into what follows"
    (first,) = (words for words in told if "sur la participation" in words)
    assert re.search(r" ; \d+ d’entre eux sont rangés sous une autre thématique : ", first)
    assert "))" not in first
    groups = [words for words in told if re.match(r"\d+ (sécurisé|en cours|compromis)", words)]
    assert len(groups) == 3
    for words in (first, *groups):
        assert len(re.findall(r"\([A-Z]+-", words)) <= 7
    assert any(re.search(r" et \d+ autres", words) for words in (first, *groups))


def test_what_a_list_leaves_out_is_told_by_partner(large: CopilData) -> None:
    chosen = large.situation.to_look_at(5)
    told = to_treat_words(large, chosen)
    assert chosen.left_out
    assert told.startswith(f"Et {chosen.left_out} autres objectifs à traiter")
    missed = large.situation.counts[Statut.NON_ATTEINT] - sum(
        item.status is Statut.NON_ATTEINT for item in chosen.shown
    )
    assert f"), dont {missed} non atteints ({IN_FILE})." in told, (
        "those of each partner are not those that are missed"
    )
    one, many = to_treat_nouns(large.situation, chosen.shown, missed)
    assert (one.partition(", ")[2], many.partition(", ")[2]) == ("non atteint", "non atteints")
    assert (
        sum(int(number) for number in re.findall(r" (\d+)(?=[,)])", told.partition("(")[2]))
        == chosen.left_out
    )
    assert told.endswith(f" ({IN_FILE}).")


def test_what_is_folded_has_its_name_beside_its_code() -> None:
    items = list(situation(busy(), DAY).engagements)[:2]
    (line,) = folded("Sécurisés", items, "2 engagements")
    for item in items:
        assert f"{item.label} ({item.code})" in line.told


def test_what_is_followed_is_a_table_under_its_title(large: CopilData) -> None:
    """A chapter had it in nine lines of small grey letters, the next one in a table that nothing named."""
    blocks = promise_chapter(large, of_partner(large, large.situation.partners[0]), 8)
    after = [below for block, below in pairwise(blocks) if _words([block]) == ["Chiffres suivis"]]
    assert [type(block) for block in after] == [DataTable]
    assert not any(text.startswith("Chiffres suivis (") for text in _words(blocks))


def test_the_points_count_the_alerts_that_they_tell(large: CopilData) -> None:
    told = _words(points(large))
    counted = int(re.match(r"(\d+) alerte", told[1])[1])  # type: ignore[index]
    tables = [block for block in points(large) if isinstance(block, DataTable)]
    heads = [row[0][0] for is_title, row in tables[0].text_rows() if is_title]
    assert counted == sum(int(re.search(r"\((\d+)\)", head)[1]) for head in heads) > 0  # type: ignore[index]


def test_a_figure_that_nobody_promised_is_not_counted_among_the_objectives_of_a_finding() -> None:
    """« pour 4 objectifs », of which FT-O01 is followed."""
    told = " ".join(_words(points(CopilData(invented_review()))))
    assert "Base manquante (2, pour 3 objectifs et 1 chiffre suivi) :" in told
    assert "(FT-O01 à O03)" in told


def test_no_finding_is_cut_in_the_middle_of_its_sentence(large: CopilData) -> None:
    assert not [text for text in _words(points(large)) if text.endswith("…")]


def test_a_meteo_has_its_day_wherever_it_is_printed() -> None:
    data = CopilData(review_of(situation(busy(), DAY)))
    cells = [
        row[-1]
        for paper in (yearly, midterm)
        for block in paper(data)
        if isinstance(block, DataTable)
        for row in block._rows
        if isinstance(row[-1], WeatherCell)
    ]
    assert cells
    assert all(re.search(r"\d\d/\d\d/\d{4}", " ".join(cell.texts)) for cell in cells)


def test_the_form_asks_for_the_definitive_values_that_the_sheet_of_the_partner_asks_for() -> None:
    base = busy()
    first = base.measurements[0]
    old = replace(first, provisional=True, entered_on=date(2024, 1, 15))
    data = CopilData(review_of(situation(replace(base, measurements=(old, *base.measurements[1:])), DAY)))
    asked = [
        text
        for text in _words(partner_sheet(data, data.situation.partners[0]))
        if "valeur définitive" in text
    ]
    label = next(item.label for item in base.objectives if item.key == old.objective)
    assert label in asked[0]
    tables = [block for block in entry_form(data, None) if isinstance(block, DataTable)]
    confirmed = [block for block in tables if "provisoire" in block.columns.header[2]]
    rows = [row for block in confirmed for _, row in block.text_rows() if label in row[1]]
    assert rows
    # Of what, beside its name: « emplois francs, compté sur l’année ».
    assert all(len(row[1]) > 1 for row in rows)


def test_what_bpifrance_paid_in_the_example_is_what_its_programme_counts() -> None:
    example = tomllib.loads(resource("examples/lens-lievin.toml").read_text(encoding="utf-8"))
    paid: dict[int, int] = defaultdict(int)
    for family in example["moyens"]:
        for item in family["liste"]:
            if item["libelle"].startswith("Programme Entrepreneuriat Quartiers 2030"):
                paid[item["annee"]] += item["montant"]
    counted = {
        item["date"]: item["valeurs"]["BPI-OF01"]
        for item in example["retour"]
        if "BPI-OF01" in item["valeurs"]
    }
    assert paid[2024] == counted[date(2024, 12, 31)] * 1_000_000
    assert paid[2024] + paid[2025] == counted[date(2025, 12, 31)] * 1_000_000


def test_no_letter_of_the_committee_s_file_is_under_eight_points(large: CopilData, tmp_path: Path) -> None:
    copil.write(tmp_path / "c.pdf", large)
    sizes = Counter(
        round(piece.size, 1)
        for page in paper_text.pieces(tmp_path / "c.pdf")
        for piece in page
        if piece.words.strip()
    )
    assert sizes
    assert min(sizes) >= 8, sizes


@pytest.mark.parametrize("detail", [Detail.WHOLE, Detail.NEWS, Detail.WORST])
def test_only_a_good_meteo_is_folded_as_one(detail: Detail) -> None:
    """« Non nécessaire », a step noted without a météo: neither is said to be secured, nor given a day."""
    load_fonts()
    base, day = busy(), date(2024, 5, 11)
    good, unneeded, untold, started = (
        replace(base.engagements[0], key=f"e{rank}", code=f"P1-E{rank:02}", due=None) for rank in range(1, 5)
    )
    meteos = (
        Meteo("m1", "e1", day, Weather.COUVERT),
        Meteo("m2", "e2", day, Weather.NON_NECESSAIRE),
        Meteo("m3", "e3", day, Weather.NON_RENSEIGNEE, results="Trois ateliers tenus."),
    )
    steps = (Step("s", "e4", "Réunir les associations", 1, done_on=day),)
    contract = replace(base, engagements=(good, unneeded, untold, started), meteos=meteos, steps=steps)
    data = CopilData(review_of(situation(contract, DAY)))
    for alone in (0, 1):
        told = " ".join(_words(told_engagements(data, data.situation.engagements, detail, alone=alone)))
        if detail is Detail.WHOLE:
            assert "écurisé" not in told
            # The day beside « Non renseignée » was that of what was noted, which says it.
            assert "Non renseignée 11/05/2024" not in told
            assert "Résultats au 11/05/2024 : Trois ateliers tenus." in told
            continue
        assert f"Sécurisé ou atteignable (1 engagement) : {called(good)}, météo du 11/05/2024." in told
        assert f"Météo non nécessaire (1 engagement) : {called(unneeded)}." in told
        if alone:
            # As the paper on which a partner ticks them asks: steps say how it goes, and what needs none is not asked again.
            assert f"Sans météo, mais étapes signalées (1 engagement) : {called(started)}." in told
            assert f"Météo à donner (1 engagement) : {called(untold)}." in told
            assert f"Météo à redonner, parmi ceux qui précèdent (1 engagement) : {called(good)}." in told
        else:
            noted = "Sans météo, mais étapes et résultats signalés (2 engagements) : "
            others = f"{called(untold)} ; {called(started)}."
            assert noted + others in told


def test_what_is_at_risk_comes_before_what_needs_support_and_is_folded_apart() -> None:
    load_fonts()
    base, day = busy(), date(2026, 5, 11)
    named = [
        replace(
            base.engagements[0],
            key=f"e{rank}",
            code=f"P1-E{rank:02}",
            label=f"Ouvrir le lieu {rank}",
            due=None,
        )
        for rank in range(1, 7)
    ]
    late = replace(named[5], due=date(2026, 1, 31))
    weathers = [Weather.NUAGE] * 3 + [Weather.ORAGE, Weather.NUAGE, Weather.SOLEIL]
    meteos = tuple(
        Meteo(f"m{item.key}", item.key, day, weather) for item, weather in zip(named, weathers, strict=True)
    )
    contract = replace(base, engagements=(*named[:5], late), meteos=meteos, steps=())
    data = CopilData(review_of(situation(contract, DAY)))
    blocks = told_engagements(data, data.situation.engagements, Detail.LEAST)
    (table,) = [block for block in blocks if isinstance(block, DataTable)]
    assert [texts[0][0] for _, texts in table.text_rows()] == ["P1-E04", "P1-E01", "P1-E02"]
    told = " ".join(_words(blocks))
    assert (
        f"Appuis nécessaires (2 autres engagements, météos du 11/05/2026) : {called(named[2])} ; {called(named[4])}."
        in told
    )
    assert f"Échéance ou étape passée (1 engagement) : {called(late)}." in told
    assert "ompromis" not in told.partition("Appuis nécessaires (")[2]
    # A météo asked for says nothing of a date that is past.
    data = CopilData(review_of(situation(replace(contract, meteos=meteos[:5]), DAY)))
    for alone in (1, 2):
        told = " ".join(_words(told_engagements(data, data.situation.engagements, Detail.LEAST, alone=alone)))
        assert f"Échéance ou étape passée (1 engagement) : {called(late)}." in told


def test_an_engagement_with_what_hinders_it_is_not_folded_and_the_others_have_the_day() -> None:
    base = busy()
    hindered, well, silent = (
        replace(base.engagements[0], key=f"e{rank}", code=f"P1-E{rank:02}", due=None) for rank in (1, 2, 3)
    )
    day = date(2026, 5, 11)
    meteos = (
        Meteo("m1", "e1", day, Weather.SOLEIL, obstacles="La moitié du temps est passée."),
        Meteo("m2", "e2", day, Weather.SOLEIL),
    )
    contract = replace(base, engagements=(hindered, well, silent), meteos=meteos, steps=())
    data = CopilData(review_of(situation(contract, DAY)))
    told = " ".join(_words(told_engagements(data, data.situation.engagements, Detail.NEWS)))
    assert "Freins : La moitié du temps est passée." in told
    # What is told of it in the words of a delay is no delay.
    alone = f"Sécurisé ou atteignable (1 autre engagement) : {well.label} (P1-E02), météo du 11/05/2026."
    assert alone in told
    assert silent.code not in told
    silence = r"Ni météo, ni étape, ni échéance passée \(1 engagement{}\) : [^:()]+ 1\."
    assert re.search(silence.format(""), told), "nothing is said to stand in an annex that is not joined"
    assert "en annexe" not in " ".join(_words(points(data)))
    joined = replace(data, composition=Composition((Choice("annexe"),)))
    assert "nommés en annexe du dossier." in " ".join(_words(points(joined)))
    told = " ".join(_words(told_engagements(joined, data.situation.engagements, Detail.NEWS)))
    assert re.search(silence.format(", nommé en annexe du dossier"), told)
    # On a paper that goes alone each is named and asked of, and nothing is said to stand in an annex.
    long = replace(silent, key="long", label="Mobiliser les réseaux et les partenaires " * 3 + "du bassin")
    others = (replace(silent, key=f"k{at}") for at in range(8))
    many = replace(contract, engagements=(hindered, long, *others))
    aged = replace(meteos[0], day=date(2024, 5, 11))
    data = CopilData(review_of(situation(replace(many, meteos=(aged,)), DAY)))
    told = " ".join(_words(told_engagements(data, data.situation.engagements, Detail.WORST, alone=1)))
    assert "Météo à donner (9 engagements) : " in told
    assert f"Météo à redonner, parmi ceux qui précèdent (1 engagement) : {called(hindered)}." in told
    assert "annexe" not in told
    # Where its pages hold them, each has a box: eleven lines of names run on are not ticked at a table.
    blocks = told_engagements(data, data.situation.engagements, Detail.WORST, alone=10)
    assert "Météo à donner (9) et à redonner (1)" in " ".join(_words(blocks))
    asked = blocks[-1]
    assert isinstance(asked, DataTable)
    boxes = [[value for value in row if isinstance(value, EntryBox)] for row in asked.cells]
    assert [len(row) for row in boxes] == [2] * 5
    # A letter is written in it by hand.
    assert min(box.height for row in boxes for box in row) >= 14
    names = [text for _, row in asked.text_rows() for texts in row for text in texts]
    dated = f"{hindered.label}, météo du\u00a011/05/2024 ({hindered.code})"
    assert names == [called(long), *[called(silent)] * 8, dated], (
        "which is old is told, after those that have none as the title says, and each by its whole name"
    )
    assert "Barrez le nom d’un engagement pour lequel une météo n’est pas nécessaire." in " ".join(
        _words(blocks)
    )
    left, _, right, _ = asked.columns.widths
    assert left == pytest.approx(right, abs=1)
    # On the sheet of a place thirty-three names ran on in seventeen lines of grey.
    *_, listed = parts.engagements_told(data, [long, *data.situation.engagements[2:]])
    assert isinstance(listed, DataTable)
    named = [text for _, row in listed.text_rows() for texts in row[1::2] for text in texts]
    assert named == [long.label, *[silent.label] * 8, ""]


def test_what_is_left_of_several_steps_is_told_as_the_next() -> None:
    base = busy()
    steps = tuple(
        Step(f"s{rank}", base.engagements[0].key, f"Étape {rank}", rank, done_on=done)
        for rank, done in enumerate((date(2026, 1, 5), None, None))
    )
    for count, word in ((3, "prochaine"), (2, "à faire")):
        now = situation(replace(base, steps=steps[:count]), DAY)
        (told,) = steps_words(now, base.engagements[0])
        assert told.startswith(f"Étapes\u202f: 1 faite sur {count}\u202f; {word}\u202f: Étape 1")


def test_an_objective_to_settle_names_who_carries_it_and_the_silent_by_their_whole_names(
    large: CopilData,
) -> None:
    (table,) = (block for block in arbitrations(large) if isinstance(block, DataTable))
    assert table.columns.header[-1] == "Qui le porte, séance"
    base = busy()
    region = replace(base.partners[0], key="r", code="REG", name="Conseil régional", short_name="Région")
    contract = replace(base, partners=(*base.partners, region))
    (beside,) = words_under_bars(situation(contract, DAY))
    assert "Conseil régional" in beside.text
    # What would be missed is read, not passed over in grey.
    sentence, told = words_under_bars(large.situation)
    assert sentence.text.startswith("Au rythme constaté, ")
    assert sentence.style.textColor != told.style.textColor


def test_no_text_lies_over_text_at_the_foot_of_a_page(tmp_path: Path) -> None:
    load_fonts()
    words = "Données au 17/06/2026 (celles du comité sont arrêtées au 15/06/2026)"
    for data_words, beside in ((words, False), ("Données au 17/06/2026", True)):
        identity = Identity(
            "Titre", "", "", DAY, data_words, fingerprint="48ec 3d9d 05b2 d798", fictitious=True
        )
        with (tmp_path / "a.pdf").open("wb") as file:
            story = [paragraph("Texte.", BODY_STYLE)]
            layout.lay_out(layout.Manuscript(identity, story), layout.UNWATCHED, file)
        (page,) = paper_text.pieces(tmp_path / "a.pdf")
        (fictitious,) = (piece for piece in page if piece.words.startswith("Données fictives"))
        (told,) = (piece for piece in page if piece.words.startswith(data_words[:21]))
        assert (fictitious.baseline == told.baseline) is beside
        if beside:
            assert fictitious.left + text_width("Données fictives", BOLD, SMALL) < told.left


def test_a_paper_where_no_value_came_does_not_say_that_nothing_changed() -> None:
    now = situation(busy(), DAY)
    for paper in (yearly, monthly):
        told = _words(paper(CopilData(review_of(now, now))))
        assert any(text.startswith("Aucun relevé daté de la période.") for text in told)
    # A decision that fell due in the period is no figure, and something happened.
    meeting = Meeting("m9", now.dossier.contract.key, MeetingKind.COPIL, date(2025, 1, 10))
    late = tuple(
        Decision(f"d{n}", "m9", f"Signer {n}.", due=day) for n, day in enumerate((date(2025, 2, 1), DAY))
    )
    told = _words(monthly(CopilData(review_of(*(
        situation(replace(now.dossier, meetings=(meeting,), decisions=late), day)
        for day in (date.fromordinal(DAY.toordinal() + 1), DAY)
    )))))  # fmt: skip
    assert any(text.endswith("1 décision est échue depuis, sans être faite.") for text in told), told


def test_a_contract_without_a_meteo_has_no_table_of_zeros() -> None:
    base = busy()
    first = base.engagements[0]
    two = (first, replace(first, key="second", code="P1-E02"))
    data = CopilData(review_of(situation(replace(base, engagements=two, meteos=()), DAY)))
    for paper in (yearly, midterm):
        assert "Inconnu : aucun des 2 engagements n’a de météo." in _words(paper(data))


def test_halfway_promises_parity_and_tells_each_gap_in_its_unit_and_each_reason_with_its_day() -> None:
    base = busy()
    compared = [item for item in base.objectives if item.aim.compared]
    told = replace(base.meteos[0], engagement=base.engagements[0].key, obstacles="Peu de candidats.")
    data = CopilData(review_of(situation(replace(base, meteos=(told,)), DAY)))
    rows = [
        [" ".join(cell).replace("\u202f", " ") for cell in row]
        for block in midterm(data)
        if isinstance(block, DataTable) and tuple(block.columns.header[:2]) == ("Objectif", "Cible")
        for _, row in block.text_rows()
    ]
    assert compared
    assert {row[1] for row in rows if any(item.label in row[0] for item in compared)} == {
        "à parité référence 16,4 %"
    }
    gaps = [row[-1] for row in rows if "écart" in row[-1]]
    assert gaps
    assert not [gap for gap in gaps if re.search(r"\d$", gap)], "no gap without its unit"
    assert why_of(data, base.engagements[0]) == (
        f"Frein\u202f: Peu de candidats (signalé le {told.day.day:02}/{told.day.month:02}/{told.day.year})."
    )
    # A brake grows old with its day, whatever the météo beside it says.
    for weather in (Weather.ORAGE, Weather.NON_RENSEIGNEE):
        old = replace(told, day=date(2024, 2, 3), weather=weather, results="Deux ateliers")
        data = CopilData(review_of(situation(replace(base, meteos=(old,)), DAY)))
        assert why_of(data, base.engagements[0]).endswith("(signalé le 03/02/2024, ancien).")
        hindered, *_ = hindrances(data.situation, base.engagements[:1])
        assert hindered.startswith("Frein signalé le 03/02/2024 (ancien) sur ")
        results, *_ = said_of(data.situation, base.engagements[0])
        assert results == "Résultats au 03/02/2024\u202f: Deux ateliers"


def test_the_questions_ask_only_for_what_a_trajectory_lacks() -> None:
    base = busy()
    rising = next(item for item in base.objectives if item.aim.way)
    value = Measurement("v", rising.key, rising.territory, date(2025, 6, 1), Decimal(1))
    for start_value, due, asked in (
        (None, date(2030, 1, 1), "Quel départ retenir"),
        (Decimal(0), None, "Quelle échéance retenir"),
        (None, None, "Quel départ et quelle échéance retenir"),
    ):
        item = replace(
            rising,
            start_value=start_value,
            start_date=date(2024, 1, 1),
            target_date=due,
            target_value=Decimal(9),
        )
        data = CopilData(review_of(situation(replace(base, objectives=(item,), measurements=(value,)), DAY)))
        told = [text for paper in data.situation.partners for text in _words(partner_sheet(data, paper))]
        assert [text for text in told if " retenir " in text] == [f"{asked} pour « {item.label} » ?"]


def test_the_groups_of_a_fingerprint_are_not_printed_as_thousands(tmp_path: Path) -> None:
    load_fonts()
    identity = Identity("Titre", "", "", DAY, "Données au 17/06/2026", fingerprint="60c2 334d 58d0 1959")
    with (tmp_path / "a.pdf").open("wb") as file:
        layout.lay_out(layout.Manuscript(identity, [paragraph("Texte.", BODY_STYLE)]), layout.UNWATCHED, file)
    assert "empreinte 60c2 334d 58d0 1959" in paper_text.pages(tmp_path / "a.pdf")[0]


def test_what_should_have_been_done_is_told_beside_the_late_decisions() -> None:
    base = busy()
    first = base.engagements[0]
    step = Step("s", first.key, "Signer la convention.", due=date(2026, 3, 31))
    partner = base.partners[0].short_name
    visit = Visit(
        "v",
        base.contract.key,
        date(2026, 3, 1),
        "Marché",
        follow_up="Écrire.",
        due=date(2026, 4, 1),
        carrier=partner,
    )
    data = CopilData(review_of(situation(replace(base, steps=(step,), visits=(visit,)), DAY)))
    listed = {
        f"Étape, en retard depuis le 31/03/2026 : Signer la convention ({first.code}, {first.label.rstrip(' .')}).",
        f"Suite de visite (Marché), en retard depuis le 01/04/2026 : Écrire ({partner}).",
    }
    for paper in (note, monthly, yearly):
        assert listed <= set(_words(paper(data)))
    (line,) = [text for text in _words(essential(data)) if text.startswith("En retard aussi : ")]
    assert "1 étape et 1 suite de visite, dont, depuis le 31/03/2026, « Signer la convention » (" in line
    asked = "Relancer 1 étape et 1 suite de visite en retard, ou en revoir la date."
    assert asked in _words(note(data))
    # What no partner carries, the committee asks of nobody at its table.
    own = replace(base, steps=(step,), visits=(replace(visit, carrier="Délégation du préfet"),))
    told = _words(note(CopilData(review_of(situation(own, DAY)))))
    assert "Relancer 1 étape en retard, ou en revoir la date." in told
    assert "Confié à vos services : écrire (en retard depuis le 01/04/2026)." in told
    assert not any(text.startswith("Suite de visite") for text in told), "told once"


def test_page_one_and_the_poster_count_the_engagements_past_their_date() -> None:
    """The note and the slides asked what became of them; page one, whose decisions had no room, had no word of it."""
    base = busy()
    first = replace(base.engagements[0], due=date(2026, 3, 31))
    promises = (first, replace(first, key="e9", code="P1-E09", label="Former des conducteurs"))
    steps = tuple(
        Step(f"s{at}", first.key, label, due=date(2026, 3, 31))
        for at, label in enumerate(("Signer", "Réunir"))
    )
    told = "2 engagements à échéance passée, sans nouvelle depuis."
    for own, start in (((), ""), (steps[:1], "Étape, en retard"), (steps, "En retard aussi : 2 étapes, ")):
        full = replace(base, engagements=promises, meteos=(), steps=own, visits=())
        data = CopilData(review_of(situation(full, DAY)))
        for paper in (essential, poster):
            (line,) = [text for text in _words(paper(data)) if told in text]
            assert line.startswith(start)
            assert ("S’y ajoutent" in line) is bool(own)


def test_a_decision_entrusted_to_the_prefet_is_told_once_in_the_stakes_of_the_note() -> None:
    base = busy()
    meeting = Meeting("r", base.contract.key, MeetingKind.COPIL, date(2026, 3, 2))
    due = DAY + timedelta(days=20)
    decision = Decision("d", "r", "Le zonage est revu.", carrier="Préfecture", due=due)
    now = situation(replace(base, meetings=(meeting,), decisions=(decision,)), DAY)
    told = [text for text in _words(note(CopilData(review_of(now)))) if "zonage" in text]
    assert told == [f"Confié à vos services : « Le zonage est revu » (pour le {due:%d/%m/%Y})."]


@pytest.mark.parametrize(
    ("state", "told"), [(DecisionState.A_FAIRE, "CALL"), (DecisionState.EN_COURS, "CALL, en cours")]
)
def test_a_late_decision_that_was_begun_says_so_on_page_one(state: DecisionState, told: str) -> None:
    base = busy()
    meeting = Meeting("r", base.contract.key, MeetingKind.COPIL, date(2026, 3, 2))
    late = Decision("d", "r", "La cible est revue.", carrier="CALL", due=date(2026, 4, 1), state=state)
    data = CopilData(review_of(situation(replace(base, meetings=(meeting,), decisions=(late,)), DAY)))
    assert told in _words(essential(data))


def test_the_month_names_whose_a_reserve_is_who_has_no_short_name() -> None:
    base = busy()
    named = tuple(replace(item, short_name="", name="Région Nord") for item in base.partners)
    reserves = tuple(
        Condition(f"c-{item.key}", base.contract.key, item.key, "Selon les crédits.")
        for item in base.partners
    )
    held = replace(base, partners=named, conditions=reserves)
    told = _words(monthly(CopilData(review_of(situation(held, DAY)))))
    assert "Réserve (Région Nord) : Selon les crédits." in told


def test_what_hangs_on_the_prefet_stands_apart_of_the_reserves_of_partners_in_the_note() -> None:
    base = busy()
    first = base.engagements[0]
    texts = (
        "Selon les crédits du budget.",
        "Le zonage évolue si le préfet l’arrête.",
        "Si les crédits d’Etat suivent.",
    )
    held = tuple(
        Condition(f"c{place}", base.contract.key, first.partner, text, first.key)
        for place, text in enumerate(texts)
    )
    words = " ".join(_words(note(CopilData(review_of(situation(replace(base, conditions=held), DAY))))))
    assert f"vous ou de l’État : le zonage évolue si le préfet l’arrête ({first.code})." in words.replace(
        "\u202f", " "
    )
    assert words.count("préfet l’arrête") == 1
    assert "Selon les crédits du budget." in words
    assert "1 autre réserve, outre celle dite plus haut." in words.replace("\u202f", " ")


def test_what_is_due_before_the_committee_takes_no_room_from_the_dates_of_the_month() -> None:
    base = busy()
    contract = base.contract.key
    meeting = Meeting("r", contract, MeetingKind.COPIL, DAY + timedelta(days=20))
    steps = tuple(
        Step(f"s{at}", base.engagements[0].key, f"Réunir {at}", at, due=DAY + timedelta(days=at))
        for at in range(1, 6)
    )
    after = DAY + timedelta(days=10)
    visit = Visit("v", contract, date(2026, 3, 1), "Marché", follow_up="Écrire.", due=after, carrier="DDT")
    held = replace(base, meetings=(meeting,), steps=steps, visits=(visit,))
    told = [text for _, text in attention(CopilData(review_of(situation(held, DAY))))[0]]
    assert any("Écrire" in text for text in told)
    assert sum("Réunir 1" in text for text in told) == 1


@pytest.mark.parametrize(
    ("text", "hangs"),
    [
        ("Si l’État abonde.", True),
        ("Avec les services de l'état.", True),
        ("Selon l’état d’avancement des travaux.", False),
        ("Parité lue dans la convention avec l’État.", False),
    ],
)
def test_only_what_names_the_state_and_is_no_reading_hangs_on_it(text: str, hangs: bool) -> None:
    base = busy()
    first = base.engagements[0]
    held = Condition("c", base.contract.key, first.partner, text, first.key)
    blocks = note(CopilData(review_of(situation(replace(base, conditions=(held,)), DAY))))
    asked = "Ce qu’ils font dépendre de vous ou de l’État"
    assert (asked in " ".join(_words(blocks))) is hangs
    # What he has to do is not in the grey of what may be passed over.
    (said,) = [block for block in blocks if "en entier au dossier" in " ".join(_words([block]))] or [None]
    assert said is None or (asked in said.lead, is_note(said)) == (hangs, not hangs)


def test_what_was_entered_late_counts_at_its_date_and_is_told_once() -> None:
    base = busy()
    kept = next(item for item in base.objectives if item.aim.is_bound and not item.aim.at_most)
    values = tuple(item for item in base.measurements if item.objective != kept.key)
    bound = kept.target_value
    assert bound is not None
    then = date(DAY.year - 1, 12, 31)
    known = Measurement("m1", kept.key, kept.territory, date(then.year, 1, 31), bound, entered_on=then)
    late = Measurement("m2", kept.key, kept.territory, then, bound - 1, entered_on=date(DAY.year, 2, 11))
    base = replace(base, measurements=(*values, known, late))
    before = situation(base, then)
    assert before.assessments[kept.key].value == bound - 1, "a value counts at its date, whenever it came"
    now = CopilData(review_of(situation(base, DAY), before))
    told = [text for text in _words(monthly(now)) if kept.code in text and "à « Non atteint »" in text]
    assert len(told) == 1
    # From the day of the value that was known then, which may be long before the day compared with.
    assert f" au 31/01/{then.year} à " in told[0]
    tables = [block for block in yearly(now) if isinstance(block, DataTable)]
    ((*_, was, since, status),) = [
        row
        for table in tables
        if "Connu alors" in table.columns.header
        for _, row in table.text_rows()
        if any(kept.code in text for text in row[0])
    ]
    assert was[1] == f"relevé du\u00a031/01/{then.year}"
    assert since[1] == f"relevé du\u00a031/12/{then.year}"
    assert status[0] == "Non atteint"
    for paper in (yearly, monthly):
        assert not [text for text in _words(paper(now)) if "Aucun relevé daté de la période" in text]
    (turned,) = [text for text in _words(yearly(now)) if "reçues depuis" in text and "statut" in text]
    # Whoever stops at the first page has it by its name.
    assert turned.startswith(
        f"D’autre part, des valeurs du 31/12/{then.year} ou d’avant, reçues depuis, dégradent 1 statut"
    )
    assert (
        f" à « non atteint » : {kept.label} ({kept.code}) ; détail sous le titre suivant."
        in turned.replace("\u202f", " ")
    )
    headings = [text for text in _words(yearly(now)) if text.startswith("Valeurs du")]
    assert headings == [f"Valeurs du 31/12/{then.year} ou d’avant, reçues depuis"]


def test_halfway_no_status_hides_in_another_and_no_engagement_speaks_for_another() -> None:
    base = busy()
    data = CopilData(review_of(situation(base, DAY)))
    tables = [block for block in midterm(data) if isinstance(block, DataTable)]
    by_status = next(table for table in tables if "À surveiller" in table.columns.header)
    *_, (_, whole) = by_status.text_rows()
    counts = [int(number[0]) for number in whole[1:]]
    now = data.situation.counts
    assert counts == [
        len(data.situation.promised),
        now[Statut.ATTEINT],
        now[Statut.EN_AVANCE] + now[Statut.CONFORME],
        now[Statut.A_SURVEILLER],
        now[Statut.EN_RETARD] + now[Statut.NON_ATTEINT],
        now[Statut.SANS_TRAJECTOIRE],
        0,
        now[Statut.NON_RENSEIGNE],
    ]
    missed = next(item for item in base.objectives if item.aim.compared and item.reference is not None)
    reference = next(item for item in base.objectives if item.key == missed.reference)
    first = base.engagements[0]
    second = replace(first, key="e9", code="P1-E09")
    told_of = Meteo(
        "w", second.key, date(2026, 1, 15), Weather.NUAGE, obstacles="Trois services sous le poids."
    )
    objectives = tuple(
        replace(item, engagement=first.key, target_date=None)
        if item.key == missed.key
        else replace(item, engagement=second.key)
        if item.key == reference.key
        else item
        for item in base.objectives
    )
    full = replace(base, objectives=objectives, engagements=(first, second), meteos=(told_of,))
    words = "\n".join(_words(midterm(CopilData(review_of(situation(full, DAY))))))
    # Parity is promised where its reference hangs: what is noted there is told, by the name of that engagement.
    assert (
        f"Frein : Trois services sous le poids (signalé le 15/01/2026 sur « {second.label} » (P1-E09))."
        in words
    )
    apart = replace(full, objectives=base.objectives, engagements=(first, second))
    words = "\n".join(_words(midterm(CopilData(review_of(situation(apart, DAY))))))
    # What another engagement says is not said of these.
    told, others = words.split("Engagements en cours, freins signalés : ")
    assert "Trois services sous le poids" not in told
    assert others.startswith(f"{called(second)} : Trois services sous le poids (15/01/2026).")
    # Where one is told above, those that are left are the others.
    third = replace(first, key="e10", code="P1-E10")
    both = (told_of, replace(told_of, key="w2", engagement=third.key, obstacles="Un local manque."))
    full = replace(full, engagements=(first, second, third), meteos=both)
    words = "\n".join(_words(midterm(CopilData(review_of(situation(full, DAY))))))
    assert f"Autres engagements en cours, freins signalés : {called(third)} : Un local" in words


def test_an_old_meteo_says_that_it_is() -> None:
    base = busy()
    first = base.engagements[0]
    for day, old in ((DAY.replace(year=DAY.year - 1), False), (date(DAY.year - 2, 1, 15), True)):
        told = Meteo("w", first.key, day, Weather.COUVERT)
        data = CopilData(review_of(situation(replace(base, meteos=(told,)), DAY)))
        summary = next(item for item in data.situation.partners if item.partner.key == first.partner)
        for paper in (yearly(data), partner_sheet(data, summary)):
            dated = [text for text in _words(paper) if f"{day.day:02}/{day.month:02}/{day.year}" in text]
            assert any("ancienne" in text for text in dated) is old
        assert any("à redonner (1)" in text for text in _words(partner_sheet(data, summary))) is old
        assert any("1 météo a plus de 12 mois" in text for text in _words(yearly(data))) is old


def test_a_single_one_of_which_nothing_is_said_takes_its_whole_negation() -> None:
    assert (
        parts.unknown(1, "engagement", "n’a de météo")
        == "Inconnu\u202f: le seul engagement n’a pas de météo."
    )
    assert parts.unknown(2, "objectif", "n’est renseigné").endswith("aucun des 2 objectifs n’est renseigné.")


def test_what_is_awaited_is_told_as_awaited_with_its_day_and_its_carrier() -> None:
    base = busy()
    meeting = Meeting("r", base.contract.key, MeetingKind.COPIL, date(2026, 3, 2))
    asked = Decision("d", "r", "La cible est revue.", carrier="CALL", due=date(2026, 4, 1))
    data = CopilData(review_of(situation(replace(base, meetings=(meeting,), decisions=(asked,)), DAY)))
    (table,) = [block for block in convocation(data) if isinstance(block, DataTable)]
    ((_, cells),) = table.text_rows()
    told = [re.sub(r"[\u00a0\u202f]", " ", " ".join(words)) for words in cells]
    assert told == ["COPIL-2026-03-02-D0", "La cible est revue.", "CALL", "01/04/2026", "À faire, échue"]


def _bullets(blocks: Iterable[Any]) -> Iterator[Any]:
    for block in blocks:
        inner = getattr(block, "_flowables", None) or getattr(block, "_content", None)
        if inner:
            yield from _bullets(inner)
        elif hasattr(block, "getPlainText"):
            yield block


def test_a_share_has_no_target_to_revise_and_an_old_value_is_asked_for_before_any_measure() -> None:
    base = busy()
    share = next(item for item in base.objectives if item.aim.compared)
    low = Measurement("m9", share.key, share.territory, date(2026, 6, 1), Decimal(1))
    held = tuple(replace(item, target_date=None) if item.aim.compared else item for item in base.objectives)
    reference = tuple(item for item in base.measurements if item.objective == share.reference)
    both = replace(base, objectives=held, measurements=(*base.measurements, low))
    base = replace(base, objectives=held, measurements=(*reference, low))
    data = CopilData(review_of(situation(base, DAY)))
    behind = [
        item
        for item in data.situation.counted
        if item.status in (Statut.NON_ATTEINT, Statut.EN_RETARD) and not item.outdated
    ]
    assert [item.objective.code for item in behind] == [share.code]
    (of_share,) = [text for text in expected_decisions(data) if text.startswith("Convenir")]
    assert of_share.startswith("Convenir d’un rattrapage pour l’objectif")
    of_both = [
        text
        for text in expected_decisions(CopilData(review_of(situation(both, DAY))))
        if text.startswith("Convenir")
    ]
    assert ["ou, hors parité, d’une cible révisée et motivée" in text for text in of_both] == [True]
    later = CopilData(review_of(situation(base, date(DAY.year + 4, 1, 1))))
    assert any(item.outdated for item in later.situation.counted if item.status is Statut.NON_ATTEINT)
    assert any(
        text.startswith("Obtenir la valeur à jour de l’objectif non atteint")
        for text in expected_decisions(later)
    )


def test_of_two_figures_to_renew_the_one_to_begin_with_has_its_name_once_and_its_status() -> None:
    """« non tenu » is said of a bound: the table called that objective late."""
    now = CopilData(review_of(situation(invented.dossier(), date(2026, 11, 29))))
    (told,) = [text for text in expected_decisions(now) if text.startswith("Obtenir")]
    assert told.endswith(", d’abord de BPI-O03, en retard\u202f; et de la référence FT-O01.")
    assert told.count("Lauréats accompagnés dans la durée") == 1


def test_an_engagement_due_as_its_objective_is_told_once() -> None:
    base = busy()
    first = next(item for item in base.objectives if item.target_date is not None and item.target_date > DAY)
    due = replace(base.engagements[0], due=first.target_date)
    for of, told in ((due.key, 0), (None, 1)):
        objectives = tuple(
            replace(item, engagement=of if item.key == first.key else None) for item in base.objectives
        )
        now = situation(replace(base, objectives=objectives, engagements=(due, *base.engagements[1:])), DAY)
        assert len([item for item in next_dates(now) if item.code == due.code]) == told


def test_a_provisional_value_is_not_told_as_firm_where_it_is_looked_at_first() -> None:
    """« Entreprises créées avec un appui 9 000 » on page one, « provisoire » in the chapter alone."""
    base = busy()
    held = tuple(replace(item, provisional=True) for item in base.measurements)
    data = CopilData(review_of(situation(replace(base, measurements=held), DAY)))
    (table,) = (block for block in arbitrations(data) if isinstance(block, DataTable))
    shown = data.situation.to_look_at(5).shown
    assert shown
    assert sum("valeur provisoire" in " ".join(row[0]) for _, row in table.text_rows()) == len(shown)
    asked = assessed_table(data, shown, 400.0, kept=1)
    assert all("\nprovisoire, " in row[1] for row in asked.rows)
    share = next(item for item in base.objectives if item.aim.compared and item.reference is not None)
    assert "Valeur provisoire. Référence provisoire." in _words(promised_table(data, [share]))


def test_a_short_name_that_is_no_word_of_the_long_one_is_told() -> None:
    """« Qui le porte : Bpifrance », « Banque publique d’investissement, 4 objectifs »: one partner, on one page."""
    base = busy()
    first, *others = base.partners
    for brief, name, told in (
        ("Bpifrance", "Banque publique d’investissement", True), ("Région", "Conseil régional", False),
        ("ARS", "Agence régionale de santé", True),
    ):  # fmt: skip
        partners = (replace(first, short_name=brief, name=name), *others)
        words = " ".join(acronyms(situation(replace(base, partners=partners), DAY)))
        assert (f"{brief}, {name}" in words) == told


def test_a_provisional_value_that_another_followed_is_not_told_as_one_that_is_read() -> None:
    base = busy()
    kept = next(item for item in base.objectives if item.aim.promised and item.parent is None)
    old = date(DAY.year - 3, 1, 1)
    first = Measurement("m1", kept.key, kept.territory, old, Decimal(1), provisional=True, entered_on=old)
    last = replace(first, key="m2", day=date(DAY.year, 1, 1), provisional=False)
    others = tuple(item for item in base.measurements if item.objective != kept.key and not item.provisional)
    for values, words in (
        (
            (first, last),
            "1 valeur de 2023 encore provisoire, bien qu’il y en ait une plus récente",
        ),
        ((first,), "1 valeur restée provisoire"),
    ):
        data = CopilData(review_of(situation(replace(base, measurements=(*others, *values)), DAY)))
        told = secretariat_sentence(data)
        assert re.search(rf"(^|, ){words}( \([a-z ]+\))?(, \d|\.$)", told), told


def test_a_target_without_a_date_says_so_wherever_it_stands() -> None:
    base = busy()
    first = next(item for item in base.objectives if item.target_date is not None and item.aim.way)
    told = replace(first, target_date=None, target_text="60 bus, sans échéance")
    objectives = tuple(told if item.key == first.key else item for item in base.objectives)
    now = situation(replace(base, objectives=objectives), DAY)
    words = _words(promised_table(CopilData(review_of(now)), [told]))
    assert "Cible lue : 60 bus, sans échéance" in words
    assert target_cell(told, now.assessments[told.key], 90).texts[1] == "sans échéance"
    assert target_cell(first, now.assessments[told.key], 90).texts[1] != "sans échéance"
    perspectives = next(
        text for text in _words(yearly(CopilData(review_of(now)))) if "pas d’échéance" in text
    )
    undated = [item for item in now.promised if item.target_date is None]
    assert perspectives.startswith(f"{len(undated)} objectif")


def test_what_a_committee_can_settle_is_named_and_the_rest_told_for_information(large: CopilData) -> None:
    now = large.situation
    near = [item for item in now.to_treat if not is_beyond_home(now, item.objective)]
    assert 0 < len(near) < len(now.to_treat)
    words = re.sub(r"[\u00a0\u202f]", " ", to_settle(now))
    assert words.startswith("À régler à l’échelle du contrat")
    assert all(f"({item.objective.code})" in words for item in near[:3])
    (table,) = (block for block in arbitrations(large) if isinstance(block, DataTable))
    rows = table.text_rows()
    (apart,) = [index for index, (grouped, _) in enumerate(rows) if grouped]
    assert rows[apart][1][0][0].startswith("Pour information")
    shown = now.to_look_at(ARBITRATED).shown
    for item in shown:
        (at,) = [
            index
            for index, (_, row) in enumerate(rows)
            if any(item.objective.code in text for text in row[0])
        ]
        assert (at > apart) is is_beyond_home(now, item.objective)
    # Those near that have no row are named; none is told twice.
    told = " ".join(_words(arbitrations(large)))
    assert all((f"({item.objective.code})" in told) is (item not in shown) for item in near[:3])


def test_what_was_announced_stands_beside_what_is_to_be_settled(large: CopilData) -> None:
    """The one thing to settle had its answer four pages on."""
    now = large.situation
    near = next(item.objective for item in now.to_treat if not is_beyond_home(now, item.objective))
    wider = next(item.objective for item in now.to_treat if is_beyond_home(now, item.objective))
    told = [
        Meteo(
            f"w-{item.key}", now.followed_by(item.engagement), now.day, Weather.NUAGE, next_steps="Recruter."
        )
        for item in (near, wider)
    ]
    data = CopilData(review_of(situation(replace(now.dossier, meteos=tuple(told)), now.day)))
    said = f"suite annoncée le {format_date(now.day)}, «\u202fRecruter\u202f»"
    assert [said in _words_beside(data, item) for item in (near, wider)] == [True, False]
    # Said again, it is no new thing; said of something else, it is.
    older = date.fromordinal(now.day.toordinal() - 90)
    last, first = (f"le {format_date(day)}" for day in (now.day, older))
    for text, dated in (
        ("Former les jeunes.", last),
        ("Recruter.", f"{first}, puis {last}"),
        # What is quoted is not what was said then.
        ("Recruter et former.", f"{last} (dès {first}, avec autre chose)"),
    ):
        before = replace(told[0], key="w-0", day=older, next_steps=text)
        full = replace(now.dossier, meteos=(before, told[0]))
        data = CopilData(review_of(situation(full, now.day)))
        assert f"suite annoncée {dated}, «" in _words_beside(data, near)


def _words_beside(data: CopilData, objective: Objective) -> str:
    return " ".join(map("".join, _beside(data, [objective]).values()))


def test_what_is_quoted_under_the_rows_does_not_take_their_page(large: CopilData) -> None:
    """Two announcements of 2 500 letters: the poster lost its rows and its bars, page one its chart to a second page."""
    now = large.situation
    near = next(item.objective for item in now.to_treat if not is_beyond_home(now, item.objective))
    long = "Recruter, former et loger les médiateurs. " * 60
    told = Meteo("w", now.followed_by(near.engagement), now.day, Weather.NUAGE, next_steps=long)
    conditions = (*now.dossier.conditions, Condition("r", "c", near.partner, long))
    full = replace(now.dossier, meteos=(told,), conditions=conditions)
    data = CopilData(review_of(situation(full, now.day)))
    words = plain(_words_beside(data, near))
    assert re.search(r"« Recruter, [^»]{100,200}… » \(en entier au dossier\)", words)
    assert len(words) < 600
    assert height_of(arbitrations(data)) < HEIGHT / 2
    # « Selon « mot mot… (en entier au dossier) » never closed what the reserve quotes.
    quoting = (Condition("r", "c", near.partner, f"Selon l’avenant, « {long} » à ce jour"),)
    again = CopilData(review_of(situation(replace(full, conditions=quoting), now.day)))
    words = plain(_words_beside(again, near))
    assert re.search(r"elon l’avenant, « [^»]{100,200}… » \(en entier au dossier\)", words)
    assert words.count("«") == words.count("»")


def test_no_measure_is_agreed_for_what_is_decided_on_a_wider_scale(large: CopilData) -> None:
    now = large.situation
    behind = [
        item
        for item in now.counted
        if item.status in (Statut.NON_ATTEINT, Statut.EN_RETARD) and not item.outdated
    ]
    wider = [item for item in behind if is_beyond_home(now, item.objective)]
    assert 2 < len(wider) < len(behind) - 2
    (agreed,) = (text for text in expected_decisions(large) if text.startswith("Convenir"))
    (asked,) = (text for text in expected_decisions(large) if text.startswith("Demander aux partenaires"))
    for text, items in ((agreed, [item for item in behind if item not in wider]), (asked, wider)):
        assert re.search(f"(?:pour|au titre de) {len(items)} objectifs", text)
        whose = of_whom(large, [item.objective.partner for item in items])
        names = now.dossier.partner_names
        few = len(items) < 6
        for partner, found in groupby(items, lambda item: item.objective.partner) if few else ():
            assert f"{names[partner]}\u202f: {code_ranges(item.objective.code for item in found)}" in text
        assert few or text.endswith(f"({whose}).")
    assert "échelle du contrat" in agreed
    assert "échelle plus large" in asked
    assert "cible révisée" not in asked
    assert "rattrapage" not in asked


def test_what_lags_beside_what_was_just_asked_for_a_value_is_what_has_one_of_today() -> None:
    """« 3 objectifs promis à une échelle plus large, en retard ou non atteints », where the page shows four; « 9 autres
    objectifs, non atteints », which are not the nine others of page one, nor others than any on the slide that cuts out what
    stands before."""
    whole = situation(invented.dossier(), invented.TODAY)
    asked, planned, _ = expected_decisions(CopilData(review_of(whole)))
    assert "(BPI-O03)" in asked
    assert (
        "au titre de 3 objectifs promis à une échelle plus large, en retard ou non atteints, dont la valeur est à jour ("
        in planned
    )
    # Of another status, none is left out.
    keys = {item.code: item.key for item in whole.dossier.objectives}

    def planned_of(*codes: str) -> str:
        left = [keys[code] for code in codes]
        measured = tuple(item for item in whole.dossier.measurements if item.objective in left)
        data = CopilData(review_of(situation(replace(whole.dossier, measurements=measured), invented.TODAY)))
        (text,) = (text for text in expected_decisions(data) if text.startswith("Demander"))
        return text.replace("\u202f", " ")

    assert (
        "au titre de l’objectif promis à une échelle plus large, en retard, dont la valeur est à jour : "
        in planned_of("BPI-O03", "ARS-O04")
    )
    assert "au titre de l’objectif promis à une échelle plus large, en retard : " in planned_of("ARS-O04")
    assert "au titre de l’objectif promis à une échelle plus large, non atteint : " in planned_of(
        "BPI-O03", "FT-O01", "FT-O03"
    )


def test_what_a_meeting_decided_already_is_said_and_not_asked_anew(large: CopilData) -> None:
    """A decision that is open, entrusted to its partner and of the same thing; one that is closed leaves it to be asked."""
    now = large.situation
    late = (Statut.NON_ATTEINT, Statut.EN_RETARD)
    first = next(item.objective for item in now.to_look_at(ARBITRATED).shown if item.status in late)
    partner = now.partner(first.partner)
    meeting = Meeting("r9", now.dossier.contract.key, MeetingKind.COPIL, date(2026, 3, 2))
    decided = Decision("d9", "r9", f"Revoir {first.code}.", carrier=partner.short_name, due=date(2026, 4, 1))

    def paper(decision: Decision) -> CopilData:
        dossier = replace(now.dossier, meetings=(*now.dossier.meetings, meeting), decisions=(decision,))
        return CopilData(review_of(situation(dossier, now.day)))

    def asked(data: CopilData) -> int:
        return sum(
            int(found[1])
            for text in expected_decisions(data)
            if text.startswith(("Convenir", "Demander"))
            and (found := re.search(r"(?:pour|au titre de) (\d+) (?:autres )?objectifs", text))
        )

    held = paper(decided)
    words, code = " ".join(_words(arbitrations(held))), held.situation.decision_code(decided)
    assert f"{first.code} : objet d’une décision du 02/03/2026 ({code}, à faire, échue)" in words
    summary = next(item for item in held.situation.partners if item.partner.key == first.partner)
    questions = [block.getPlainText() for block in _bullets(partner_sheet(held, summary))]
    assert any(
        "Quelle suite avez-vous donnée à la décision" in text and first.label in text for text in questions
    )
    (row,) = (
        row for slide in slides(held) if slide.table for row in slide.table.rows if "décision échue" in row[0]
    )
    assert ("pour information" in row[-1]) is is_beyond_home(now, first)
    closed = paper(replace(decided, state=DecisionState.FAITE))
    assert "une décision du" not in " ".join(_words(arbitrations(closed)))
    apart = f"; à part, {called(first)}\u202f: décision du 02/03/2026 ({code}, à faire, échue)."
    assert (apart in " ".join(expected_decisions(held)), apart in " ".join(expected_decisions(closed))) == (
        True,
        False,
    )
    assert asked(held) == asked(closed) - 1 == asked(paper(replace(decided, carrier="Autre"))) - 1


def test_a_partner_whose_values_are_of_before_the_contract_says_so_with_its_statuses() -> None:
    base = busy()
    values = tuple(replace(item, day=date(2023, 12, 31)) for item in base.measurements)
    data = CopilData(review_of(situation(replace(base, measurements=values), DAY)))
    summary = next(item for item in data.situation.partners if item.objectives)
    known = [
        item
        for item in data.situation.counted
        if item.objective.partner == summary.partner.key
        and item.status is not Statut.SUIVI
        and item.value_day
    ]
    told = f"Ces {len(known)} valeurs datent d’avant le contrat"
    papers = (partner_sheet(data, summary), promise_chapter(data, of_partner(data, summary), 1))
    assert [any(told in text for text in _words(paper)) for paper in papers] == [True] * 2


def test_nothing_to_settle_near_says_of_how_many_nothing_is_known(large: CopilData) -> None:
    now = large.situation
    near = {item.key for item in now.objectives if not is_beyond_home(now, item)}
    counted = [item for item in now.promised if item.key in near]
    assert len(counted) > 1

    def told(known: str, *only: str) -> str:
        """Without the values of what is near, but one that has reached its target; `only`: what is kept of what is near."""
        dossier = now.dossier
        shown = situation(
            replace(
                dossier,
                objectives=tuple(
                    item
                    for item in dossier.objectives
                    if item.key not in near or not only or item.key in only
                ),
                measurements=tuple(
                    item
                    for item in dossier.measurements
                    if item.objective not in near or item.objective == known
                ),
            ),
            now.day,
        )
        return re.sub(r"[\u00a0\u202f]", " ", to_settle(shown))

    none = told("")
    assert none.startswith(
        f"À l’échelle du contrat, aucun des {len(counted)} objectifs n’a encore de valeur. Ce qui"
    )
    alone = told("", counted[0].key)
    assert alone.startswith("À l’échelle du contrat, le seul objectif n’a pas encore de valeur. Ce qui")
    well = next(
        item.key
        for item in counted
        if now.assessments[item.key].status in (Statut.ATTEINT, Statut.CONFORME, Statut.EN_AVANCE)
    )
    assert told(well).startswith(
        f"Rien n’est à traiter à l’échelle du contrat ; {len(counted) - 1} objectifs n’y ont pas encore de valeur. Ce qui"
    )
    assert told(well, well).startswith("Rien n’est à traiter à l’échelle du contrat. Ce qui")


def test_a_share_of_a_year_against_a_day_says_so_where_it_is_to_be_settled() -> None:
    base = busy()
    share = next(item for item in base.objectives if item.aim.compared and item.reference is not None)
    # One form on every paper, whether or not the day of the reference is told there.
    warning = "La part comparée porte sur un an, la référence sur un jour."
    for mesure, told in ((Mesure.FLUX, True), (Mesure.STOCK, False)):
        objectives = tuple(
            replace(item, mesure=mesure) if item.key == share.key else item for item in base.objectives
        )
        now = situation(replace(base, objectives=objectives), DAY)
        assert (year_against_day(now, [now.objective(share.key)]) == warning) is told
        (noted,) = _words(parity_note(now, [now.objective(share.key)]))
        found = now.assessments[share.key]
        # With its value and its day, where they are known.
        figure = re.sub(r"[\u00a0\u202f]", " ", format_value(found.reference_value, share.unit))
        assert f", {figure} au {format_date(found.reference_day)}." in noted
        assert noted.endswith(f" {warning}") is told
        assert (
            any(warning in text for text in _words(parity_note(now, [now.objective(share.key)], dated=False)))
            is told
        )
        # Of several references it is said which is whose, and of which share it is not of the same time.
        against = next(item for item in objectives if item.mesure is Mesure.STOCK and not item.aim.compared)
        other = replace(share, key="other", code="P9-O99", mesure=Mesure.STOCK, reference=against.key)
        both = situation(replace(base, objectives=(*objectives, other)), DAY)
        first = called(both.objective(share.reference or ""))
        (words,) = _words(parity_note(both, [both.objective(share.key), other], dated=False))
        assert words == f"Référence : {first} pour {share.code} ; {called(against)} pour P9-O99." + (
            f" Pour {share.code}, {lowered(warning)}" * told
        )
        # Over rows that are not all shares it says which are, and does not give their reference's value for theirs.
        plain = next(item for item in objectives if item.aim.promised and not item.aim.compared)
        (over,) = _words(parity_above(now, [plain, now.objective(share.key)]))
        when = format_date(found.reference_day)
        assert over.startswith(f"Référence : {first}, {figure} au {when}, pour {share.code}.")
        (alone,) = _words(parity_above(now, [now.objective(share.key)]))
        assert alone.startswith(f"Référence : {first}, {figure} au {when}.")
        # A slide goes alone: « parité » is with something that it names.
        alone = tuple(item for item in objectives if item.key in (share.key, share.reference))
        data = CopilData(review_of(situation(replace(base, objectives=alone), DAY)))
        shown = [slide.left_out for slide in slides(data) if "parité" in str(slide.table)]
        assert shown
        for text in shown:
            assert "Référence\u202f: " in text
            assert (warning in text) is told


def test_each_share_is_given_the_value_of_its_own_day_of_one_reference() -> None:
    """« 12,4 % au …, puis 12,8 % au …, pour CD-O028, REGION-O028 » gave each the value of the other."""
    base = synthetic(0, 300, 33)
    now = situation(base, date(2026, 9, 30))
    shares = [now.objective_by_code(code) for code in ("CD-O028", "REGION-O028")]
    told = "12,4 % au 18/01/2025, pour REGION-O028, et 12,8 % au 05/08/2026, pour CD-O028."
    plain = now.objective_by_code("REGION-O021")
    for blocks in (parity_note(now, shares), parity_above(now, [plain, *shares])):
        (words,) = _words(blocks)
        words = re.sub(r"[\u00a0\u202f]", " ", words)
        assert words.startswith(f"Référence : Crédits mobilisés (ARS-O026), {told}")


def test_each_reference_of_what_stands_before_is_found_by_its_code_at_least() -> None:
    """« 5 autres » left six of nine objectives missed without what they are compared with; under what is looked at first,
    those of objectives that are not there were named before its own."""
    now = situation(synthetic(0, 300, 33), date(2026, 9, 30))
    data = CopilData(review_of(now))
    *_, noted = (text for text in _words(short(data)) if text.startswith("Référence"))
    assert "autres" not in noted
    for share in (
        item for item in now.promises if item.aim.compared and now.assessments[item.key].kept is False
    ):
        assert now.objective(share.reference or "").code in noted
    sheet = next(item for item in now.partners if item.partner.code == "FT")
    treated = next(text for text in _words(partner_sheet(data, sheet)) if text.startswith("Référence"))
    assert treated.startswith("Référence : Conseils citoyens actifs (REGION-O035)")
    last = "Séances de dépistage (ARS-O007) pour FT-O007 ; Médiateurs en poste (EN-O021) pour FT-O021."
    assert treated.endswith(last), "what is reached goes last, each by its name"


def test_two_of_one_name_that_would_miss_their_target_are_told_apart() -> None:
    """« Jeunes en parcours » (148 pour 172 élèves), « Jeunes en parcours » (727 pour 877 élèves) : which is which?"""
    base = synthetic(0, 300, 33)
    renamed = tuple(
        replace(item, label="Forums d’emploi") if item.code == "FT-O005" else item for item in base.objectives
    )
    for whole, named in (
        (base, "« Jeunes en parcours » (FT-O005, 148 pour 172 élèves)"),
        # A name that is borne once needs no code.
        (replace(base, objectives=renamed), "« Forums d’emploi » (148 pour 172 élèves)"),
    ):
        (told,) = too_slow_words(situation(whole, date(2026, 9, 30)))
        assert named in re.sub(r"[\u00a0\u202f]", " ", told)


def test_a_total_of_places_is_of_all_their_days_and_not_of_the_oldest() -> None:
    """« 2 423 k€ au 24/01/2025 » hid that four of its five places were of that autumn."""
    now = situation(synthetic(0, 300, 33), date(2026, 9, 30))
    total = now.assessments[now.objective_by_code("REGION-O021").key]
    days = "du 24/01/2025 au 03/09/2026"
    assert status_words(total).replace("\u00a0", " ") == f"Atteint, déclinaisons relevées {days}"
    cells = (current_cell(total, 60), value_cell(total, 60))
    assert [cell.texts[1].replace("\u00a0", " ") for cell in cells] == [
        "de 01/2025 à 09/2026",
        f"déclinaisons relevées {days}",
    ]
    assert "déclinaison ancienne" in StatusCell(total, None, 100).texts
    (old,) = [item for item in alerts(now) if item.object == "REGION-O021" and "soit 20" in item.message]
    assert "la plus ancienne de ses déclinaisons (CD-O027) date du 24/01/2025" in old.message
    assert old.remedy == "Demandez la valeur à jour de CD-O027 au partenaire (Département)."


def test_a_total_of_places_is_no_number_of_readings() -> None:
    """« Clubs sportifs ouverts (BPI-O032), 1 762 relevés du 18/01/2025 au 19/08/2026 pour 678 »."""
    now = situation(synthetic(0, 300, 33), date(2026, 9, 30))
    clubs = now.objective_by_code("BPI-O032")
    total, days = now.assessments[clubs.key], "(déclinaisons relevées du 18/01/2025 au 19/08/2026)"
    of_today = replace(total, outdated=False)
    told = (value_words(now, clubs), trajectory_summary(now, clubs), to_treat_line(now, of_today))
    assert [days in re.sub(r"[\u00a0\u202f]", " ", text) for text in told] == [True, True, True]
    assert re.sub(r"[\u00a0\u202f]", " ", told[0]).startswith(f", 1 762 habitants {days} pour 678")
    # Under a value or after a comma there is nothing to set apart.
    assert "(" not in day_words(total) + day_words(total, "")


def test_what_became_of_a_total_is_not_cut_off_with_its_parts() -> None:
    """« … restant celle du 24/01/2025 (taux de 584 % à 597 %)… » ended before « toujours « Atteint » »."""
    base = synthetic(0, 300, 33)
    review = review_of(situation(base, date(2026, 9, 30)), situation(base, date(2026, 9, 1)))
    told = [text for text in _words(monthly(CopilData(review))) if "REGION-O021, agglo" in text]
    assert [text.endswith("restant celle du 24/01/2025, toujours « Atteint ».") for text in told] == [True]
    (move,) = [move for move in review.moves if move.objective.code == "REGION-O021"]
    assert "toujours « Atteint »." in move.named_briefly.replace("\u202f", " ").replace("\u00a0", " ")


def test_of_many_references_those_of_what_is_to_be_treated_have_their_names() -> None:
    """Of FT-O010, missed, a code alone; of two that are reached, name, value and day."""
    now = situation(synthetic(0, 300, 33), date(2026, 9, 30))
    (told,) = [
        text
        for text in _words(to_treat(now, now.objective_by_code("FT-O010").partner))
        if "Référence" in text
    ]
    named = re.findall(r"\(([A-Z]+-O\d+)\), [^;]+, pour ([A-Z]+-O\d+)", told)
    assert [share for _, share in named][:2] == ["FT-O034", "FT-O010"]


def test_the_form_gives_a_last_value_with_what_is_said_of_it() -> None:
    base = busy()
    noted = tuple(replace(item, comment="« Plus de », dit le document.") for item in base.measurements)
    later = date(DAY.year + 2, 1, 1)
    data = CopilData(review_of(situation(replace(base, measurements=noted), later)))
    words = _words(entry_form(data, None))
    assert "« Plus de », dit le document." in words


def test_what_is_due_and_was_never_given_is_named_on_page_one_where_nothing_can_be_judged() -> None:
    """« 9 à échéance passée » in grey, none of them by its name, read as if all were well."""
    base = busy()
    late = replace(base.objectives[0], target_date=date(2025, 12, 31))
    contract = replace(base, objectives=(late,), measurements=())
    told = " ".join(_words(arbitrations(CopilData(review_of(situation(contract, DAY))))))
    assert f"Échéance passée, sans valeur : {late.label} ({late.code}, " in told


def test_what_stands_under_a_figure_of_the_cover_holds_in_its_column(large: CopilData) -> None:
    load_fonts()
    for _, under in cover._counts(large):
        assert text_width(under, REGULAR, 9) <= span(4), under


def test_what_hinders_many_alike_or_is_not_noted_is_one_line_under_the_table(large: CopilData) -> None:
    """« Frein : non noté. » stood in three rows of four."""
    told = _words(midterm(CopilData(review_of(situation(replace(busy(), meteos=()), DAY)))))
    assert (
        [text for text in told if text.startswith("Frein")]
        == [text for text in told if text.startswith("Frein non signalé : ")]
        != []
    )
    untold = next(text for text in told if text.startswith("Frein non signalé : "))
    far = next(item for item in busy().objectives if item.code in untold and not item.aim.compared)
    held = tuple(item for item in busy().measurements if item.objective == far.key)
    alone = replace(busy(), meteos=(), objectives=(far,), measurements=held)
    assert f"Frein non signalé : {called(far)}." in _words(
        midterm(CopilData(review_of(situation(alone, DAY))))
    )
    told = _words(midterm(large))
    alike = [text for text in told if text.startswith("Même frein que pour ")]
    assert any(" objectifs (" in text for text in alike)
    assert max(map(len, alike)) < 200, "four lines of codes"
    assert not any("le même que pour" in text for text in told), "79 rows of a third more height said it"


def test_a_partner_has_one_name_in_the_two_tables_of_halfway() -> None:
    """« Banque publique d’investissement » in the first, « Bpifrance » in the second."""
    load_fonts()
    blocks = tally_tables(CopilData(review_of(situation(invented.dossier(), invented.TODAY))))
    first, second = (
        {cells[0] for _, cells in block.text_rows()} for block in blocks if isinstance(block, DataTable)
    )
    assert len(second) > 2
    assert second <= first
    # « Bpifrance » stood over « Agence régionale de santé »: where one is short, all are, those under the tables too.
    assert first == {("Bpifrance",), ("ARS",), ("France Travail",), ("Ensemble",)}
    data = CopilData(review_of(situation(replace(invented.dossier(), objectives=()), invented.TODAY)))
    told = " ".join(_words(tally_tables(data)))
    assert "Agence régionale" not in told


def test_a_figure_alone_has_no_empty_half_beside_it() -> None:
    now = situation(busy(), DAY)
    for count, columns in ((1, 2), (2, 4)):
        (table,) = followed_pairs(now, now.objectives[:count])
        assert isinstance(table, DataTable)
        assert len(table.columns.header) == columns
        ruled = [command[1] for command in table._table(1)._linecmds if command[0] == "LINEBEFORE"]
        assert ruled == [(2, 0)] * (columns == 4), "« 38 Conseillers dédiés » was read as one"


@pytest.mark.parametrize("paper", [short, note, monthly, yearly, midterm])
def test_no_head_of_a_column_runs_over_the_next(paper, large: CopilData) -> None:  # type: ignore[no-untyped-def]
    """« Relevé connu au 08/12/2025 » was written over « Cible »."""
    load_fonts()
    for table in (block for block in paper(large) if isinstance(block, DataTable)):
        for words, width in zip(table.columns.header, table.columns.widths, strict=True):
            assert max(text_width(line, MEDIUM, SMALL) for line in words.split("\n")) <= width, words
            # What was not yet known on a day is not said of that day: « Au 08/12/2025 : non fait ».
            assert not words.startswith("Au "), words


def test_the_first_value_of_an_objective_is_not_parted_from_its_name_halfway() -> None:
    """« premier relevé : / 1 parcours au 02/09/2024 » was broken after its colon."""
    for told, parted in (("18,4 % en 2023", 0), ("12 coordonnateurs au 02/09/2024", 3)):
        said = on_a_line("premier relevé\u202f:", told)
        assert said.replace("\xa0", " ") == f"premier relevé\u202f: {told}"
        assert said.count(" ") == parted
