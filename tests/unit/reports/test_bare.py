"""What the papers say of a contract that holds hardly anything: no promise, no engagement, a single objective."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.model import (
    Condition,
    Decision,
    Dossier,
    Engagement,
    Level,
    Meteo,
    Nature,
    Partner,
    Sens,
    Step,
    Territory,
    Theme,
    Weather,
)
from qpvdesk.domain.situation import situation
from qpvdesk.reports import copil
from qpvdesk.reports.composition import Choice, Composition
from qpvdesk.reports.copil import sections
from qpvdesk.reports.ending import height_of, laid_out
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.layout import UNWATCHED
from qpvdesk.reports.left_out import NAMED_LATER, to_treat_words
from qpvdesk.reports.models import slideshow
from qpvdesk.reports.models.convocation import convocation
from qpvdesk.reports.models.midterm import midterm
from qpvdesk.reports.models.minutes import minutes
from qpvdesk.reports.models.note import note
from qpvdesk.reports.models.partner import partner_sheet
from qpvdesk.reports.models.parts import _first_asked
from qpvdesk.reports.models.poster import PAGES, poster
from qpvdesk.reports.models.yearly import yearly
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.sections.agenda import agenda
from qpvdesk.reports.sections.annex import annex
from qpvdesk.reports.sections.cover import cover_words
from qpvdesk.reports.sections.essential import arbitrations, secretariat_sentence, to_treat_line
from qpvdesk.reports.sections.headline import headline
from qpvdesk.reports.sections.page_one import essential
from qpvdesk.reports.sections.points import points
from qpvdesk.reports.sections.sources import sources
from qpvdesk.reports.sections.territories import territories
from qpvdesk.reports.slides import slides
from qpvdesk.reports.style import HEIGHT, load_fonts
from qpvdesk.reports.tables import DataTable
from tests.helpers.blocks import paragraphs, plain
from tests.helpers.paper_text import pages, text
from tests.helpers.reviews import review_of
from tests.helpers.white import past_margins
from tests.unit.charts.dossiers import DAY, busy, contract, measurement, objective


def _data(dossier: Dossier) -> CopilData:
    load_fonts()
    return CopilData(review_of(situation(dossier, DAY)))


@pytest.fixture(scope="module")
def bare() -> CopilData:
    """A contract of which a partner alone is known."""
    return _data(contract(engagements=(), meteos=(), meetings=(), documents=()))


@pytest.fixture(scope="module")
def lone() -> CopilData:
    """A contract of one objective that nobody measured."""
    return _data(contract(objective(1, engagement=None), engagements=(), meteos=(), meetings=()))


def test_a_single_objective_and_a_single_value_agree_with_their_number(lone: CopilData) -> None:
    assert "promis ou proposé, 0 renseigné" in plain(" ".join(cover_words(lone)))
    dossier = lone.situation.dossier
    known = _data(replace(dossier, measurements=(measurement(1, date(2026, 5, 31), "12"),)))
    assert "1 relevé, daté du 31/05/2026." in " ".join(paragraphs(sources(known)))
    assert headline(known.situation) == "Le seul objectif promis ou proposé est à traiter."
    assert headline(lone.situation) == "Le seul objectif promis ou proposé n’a pas de valeur."
    met = _data(replace(dossier, measurements=(measurement(1, date(2026, 5, 31), "40"),)))
    assert headline(met.situation) == "Le seul objectif promis ou proposé est atteint."


def test_where_nothing_is_promised_no_objective_is_said_to_be_on_time(bare: CopilData) -> None:
    for blocks in (essential(bare), note(bare), yearly(bare), midterm(bare)):
        told = " ".join(paragraphs(blocks))
        assert "Aucun objectif n’est promis." in told
        assert told.count("Aucun objectif n’est promis.") + told.count("Sans objectif promis") < 3
        assert "en retard ni à surveiller" not in told
        assert "0 objectif" not in told
    assert not any("en retard ni à surveiller" in text for slide in slides(bare) for text in slide.lines)


def test_of_what_has_no_value_no_other_is_told_where_there_is_none(lone: CopilData) -> None:
    told = " ".join(paragraphs(essential(lone)))
    assert "1 objectif n’a pas de valeur : rien n’y est jugé." in told
    assert "Aucun autre n’est" not in told
    due = objective(1, engagement=None, target_date=date(2025, 12, 31))
    past = _data(replace(lone.situation.dossier, objectives=(due,)))
    assert "1 objectif n’a pas de valeur, échéance passée : rien" in " ".join(paragraphs(essential(past)))
    # To the prefet, « aucun n’est atteint » would be heard as a failure.
    assert "aucun n’est atteint" not in " ".join(paragraphs(note(lone)))
    assert "Le seul objectif promis ou proposé n’a pas de valeur : rien ne peut en être dit." in " ".join(
        paragraphs(note(lone))
    )


def test_no_title_stands_over_nothing(bare: CopilData, lone: CopilData) -> None:
    assert "Ni objectif, ni engagement, ni point d’attention à nommer." in paragraphs(annex(bare))
    told = paragraphs(partner_sheet(lone, lone.situation.partners[0]))
    assert told[told.index("Engagements") + 1] == "Aucun engagement n’est enregistré."
    # The statuses are explained where one is in the paper.
    assert "Comment lire les statuts" not in paragraphs(yearly(bare))
    assert "Comment lire les statuts" in paragraphs(yearly(lone))


def test_a_chapter_says_once_that_it_has_no_engagement(bare: CopilData, lone: CopilData) -> None:
    for data, lead in (
        (bare, "Ni engagement, ni objectif promis."),
        (lone, "Aucun engagement, 1 objectif promis"),
    ):
        (chapter,) = (item for item in sections(data) if item.chapter)
        told = " ".join(paragraphs(chapter.build(data)))
        assert lead in told
        assert "Aucun engagement n’est enregistré" not in told


def test_of_nothing_promised_nothing_is_asked_nor_explained(bare: CopilData) -> None:
    assert secretariat_sentence(bare) == "Rien n’est promis\u202f: rien n’est à demander."
    told = " ".join(paragraphs(territories(bare)))
    assert "compté une fois" not in told, "there is no table to read"
    assert "Sans objectif promis en propre. Commune : Lens." in told


def test_figures_that_are_followed_alone_are_added_to_nothing() -> None:
    followed = objective(
        1, Sens.SUIVI, engagement=None, start_value=None, target_value=None, target_date=None
    )
    known = (measurement(1, date(2025, 12, 31), "5400"),)
    data = _data(contract(followed, measurements=known, engagements=(), meteos=(), meetings=()))
    told = " ".join(paragraphs(essential(data)))
    assert "1 chiffre suivi, sans cible, demandé aux partenaires." in told
    assert "S’y ajoute" not in told
    # It is known.
    said = " ".join(paragraphs(note(data)))
    assert "Aucun chiffre n’est encore connu" not in said
    assert "Aucun objectif n’est promis : il n’y a pas d’avancement à dire." in said
    assert not any("Sans objectif promis" in slide.message for slide in slides(data))


def test_without_a_partner_no_title_of_partners_stands_over_nothing() -> None:
    data = _data(contract(partners=(), engagements=(), meteos=(), documents=()))
    for blocks in (essential(data), poster(data)):
        told = paragraphs(blocks)
        at = told.index("Où en est chaque partenaire, à chaque échelle")
        assert told[at + 1] == "Aucun partenaire n’est enregistré."
    assert "Position des partenaires" not in paragraphs(note(data))


def test_engagements_without_news_are_other_alerts() -> None:
    data = _data(contract(meteos=(), meetings=()))
    told = paragraphs(points(data))
    assert any(text.startswith("Ni autre alerte, ni chiffre à rapprocher au 30/06/2026.") for text in told)
    assert "Aucune autre alerte à cette date." in told


def test_no_alert_is_not_no_other_alert(bare: CopilData) -> None:
    told = paragraphs(points(bare))
    assert "Aucune alerte à cette date." in told
    assert any(text.startswith("Ni alerte, ni chiffre à rapprocher au 30/06/2026.") for text in told)


def test_what_the_meeting_itself_decides_is_no_earlier_decision() -> None:
    decided = (
        Decision("d1", "r1", "Saisir le bailleur", 1, "Premier", date(2026, 9, 1)),
        Decision("d2", "r2", "Publier l’annonce", 1, "Premier", date(2026, 9, 10)),
    )
    both, own = (_data(contract(objective(1), decisions=items)) for items in (decided, decided[1:]))
    of = {slide.title: [row[0] for row in slide.table.rows] for slide in slides(both) if slide.table}
    assert of["Suites des décisions antérieures"] == ["Saisir le bailleur"]
    # It is to come, and nobody took it yet.
    assert of["Décisions inscrites pour cette réunion"] == ["Publier l’annonce"]
    (coming,) = (
        slide.table for slide in slides(own) if slide.title == "Décisions inscrites pour cette réunion"
    )
    assert coming is not None
    assert coming.rows[0][-1] == "Inscrite"
    for paper in (agenda(both), minutes(both, both.copil)):
        states = {
            cells[1][0]: cells[-1][0]
            for block in paper
            if isinstance(block, DataTable)
            for _, cells in block.text_rows()
            if len(cells) > 4 and cells[1] and cells[-1]
        }
        assert states["Publier l’annonce"] == "Inscrite"
        assert states["Saisir le bailleur"] == "À faire"
    titles = {slide.title: slide.message for slide in slides(own)}
    assert "Suites des décisions antérieures" not in titles
    assert titles["Décisions à prendre"] == "Aucune décision antérieure n’est enregistrée."
    assert "Aucune décision antérieure n’est enregistrée." in paragraphs(agenda(own))
    # Nor is anybody asked to come with an answer to it.
    for data, asked in ((both, True), (own, False)):
        told = " ".join(paragraphs(convocation(data)))
        assert ("Suites à présenter" in told) is asked


def test_a_single_other_is_named_later_in_the_singular() -> None:
    data = _data(busy())
    for left, told in ((1, "nommé plus loin"), (2, NAMED_LATER)):
        chosen = data.situation.to_look_at(len(data.situation.to_treat) - left)
        assert chosen.left_out == left
        assert to_treat_words(data, chosen, NAMED_LATER).endswith(
            f" (Premier), {told}." if left == 1 else f"), {told}."
        )


def test_a_country_is_named_once() -> None:
    country = Territory("fr", "c", "FR", "France", Level.NATION)
    town = Territory("t1", "c", "62498", "Lens", Level.COMMUNE)
    told = " ".join(paragraphs(territories(_data(contract(objective(1), territories=(country, town))))))
    assert "Sans objectif promis en propre. France." in told


def test_moves_of_one_name_are_told_apart_by_their_codes() -> None:
    """« Permanences tenues (agglomération) », three rows of a slide out of three."""
    items = (objective(1, label="Bus"), objective(2, label="Bus"), objective(3))
    values = tuple(measurement(at, date(2026, 6, 1), "30") for at in (1, 2, 3))
    base = contract(*items, measurements=values)
    data = CopilData(review_of(situation(base, DAY), situation(base, date(2025, 12, 4))))
    (slide,) = [item for item in slides(data) if item.title.startswith("Ce qui a changé")]
    assert slide.table is not None
    names = [row[0] for row in slide.table.rows]
    assert sorted(names) == ["Bus (P1-O01)", "Bus (P1-O02)", "Bus en service, ligne 3"]


def _of_many_partners(count: int) -> CopilData:
    """So many partners of long official names, each with a late objective at two scales."""
    whole = "Direction départementale de l’emploi, du travail et des solidarités du territoire"
    partners = tuple(Partner(f"p{at}", "c", f"DD{at}", f"{whole} {at}", f"DD{at}") for at in range(count))
    places = (
        Territory("t1", "c", "62498", "Lens", Level.COMMUNE),
        Territory("t2", "c", "200000001", "Val", Level.EPCI),
    )
    items = tuple(
        objective(2 * at + half, partner=f"p{at}", territory=place.key, engagement=None)
        for at in range(count)
        for half, place in enumerate(places)
    )
    values = tuple(measurement(at, date(2026, 3, 1), "11") for at in range(2 * count))
    return _data(
        contract(
            *items, partners=partners, territories=places, measurements=values, engagements=(), meteos=()
        )
    )


def test_the_usual_name_of_a_partner_does_not_take_page_one() -> None:
    """Of two hundred letters, it stood on seventeen lines beside each of its objectives: the bars had a second page."""
    data = _of_many_partners(3)
    base = data.situation.dossier
    long = (
        "Direction régionale et interdépartementale de l’environnement, de l’aménagement, des transports " * 2
    )
    partners = tuple(replace(item, short_name=f"{item.code} {long}") for item in base.partners)
    longer = _data(replace(base, partners=partners))
    assert laid_out(essential(longer))[0] == 1
    assert height_of(arbitrations(longer)) < HEIGHT / 2


def test_the_poster_of_many_partners_keeps_its_dashboard() -> None:
    """Where twelve bars did not hold, the page had its dates alone, over half a column of white."""
    blocks = poster(_of_many_partners(36))
    told = paragraphs(blocks)
    assert any(text.startswith("À arbitrer") for text in told)
    assert any(text.startswith("Ce qui a changé") for text in told)
    assert any(isinstance(block, ChartFlowable) for block in blocks)
    assert height_of(blocks) <= PAGES.frames[0][3]
    assert any(text.startswith("Et, sans barre, ") for text in told)


def test_the_poster_of_a_contract_of_endless_names_says_what_is_to_be_settled() -> None:
    """Names and quotations of hundreds of letters: seven objectives to treat were lost without a word."""
    base = _of_many_partners(5).situation.dossier
    long = "lieux ouverts aux habitants des quartiers, le soir et en fin de semaine, toute l’année, " * 6
    items = tuple(replace(item, label=f"{item.code}, {long}") for item in base.objectives)
    conditions = tuple(Condition(f"r{at}", "c", f"p{at}", f"{at} {long}") for at in range(5))
    data = _data(replace(base, objectives=items, conditions=conditions))
    blocks = poster(data)
    told = paragraphs(blocks)
    assert any(text.startswith("À arbitrer") for text in told)
    assert any(isinstance(block, DataTable) for block in blocks)
    assert height_of(blocks) <= PAGES.frames[0][3]


def test_what_is_to_be_settled_within_the_contract_says_in_which_of_its_places() -> None:
    """« Classes rénovées · PC-O01 · quartier », three times: which of the sixty, no page of the paper told."""
    load_fonts()
    cities = [Territory(f"q{at}", "c", f"QN{at}", f"Cité {at}", Level.QPV, "t1") for at in (1, 2)]
    items = [objective(at, territory=item.key, engagement=None) for at, item in enumerate(cities, 1)]
    values = tuple(measurement(at, date(2026, 3, 1), "11", territory=f"q{at}") for at in (1, 2))
    base = contract(*items, measurements=values)
    data = _data(replace(base, territories=(*base.territories, *cities)))
    assert len(data.situation.to_treat) == 2
    (table,) = [block for block in arbitrations(data) if isinstance(block, DataTable)]
    assert [plain(row[0][1]).split(" · ")[1] for _, row in table.text_rows()] == ["Cité 1", "Cité 2"]
    lines = [plain(to_treat_line(data.situation, item)) for item in data.situation.to_treat]
    assert [line.partition(")")[0].split(", ")[-1] for line in lines] == ["Cité 1", "Cité 2"]
    (slide,) = [slide for slide in slides(data) if slide.title.startswith("À arbitrer")]
    assert slide.table is not None
    assert ["Cité 1" in row[0] for row in slide.table.rows] == [True, False]


def test_the_note_of_many_partners_fits_on_its_two_pages() -> None:
    """Half of its first page was white, and a third one held what is to be said."""
    base = _of_many_partners(18).situation.dossier
    engagements = tuple(
        Engagement(
            f"e{at}", "c", f"p{at}", f"DD{at}-E01", "Tenir une permanence", "emploi", Nature.DROIT_COMMUN
        )
        for at in range(18)
    )
    meteos = tuple(
        Meteo(
            f"w{at}", f"e{at}", date(2026, 5, 1), Weather.NUAGE, obstacles="Trois postes vacants depuis mars"
        )
        for at in range(18)
    )
    data = _data(replace(base, engagements=engagements, meteos=meteos))
    blocks = note(data)
    assert laid_out(blocks)[0] == 2
    told = " ".join(paragraphs(blocks))
    assert told.count("1 frein signalé, au dossier.") == 18
    # Of few, each is quoted.
    few = _data(replace(base, engagements=engagements[:6], meteos=meteos[:6]))
    assert "« Trois postes vacants depuis mars »" in " ".join(paragraphs(note(few)))


def test_what_is_asked_of_a_partner_of_eighty_engagements_stays_on_its_three_pages() -> None:
    """Sixty late steps and eighty follow-ups were asked of one by one, over four pages."""
    engagements = tuple(
        Engagement(f"e{at}", "c", "p1", f"P1-E{at:02}", f"Ouvrir le lieu {at}", "emploi", Nature.DROIT_COMMUN)
        for at in range(80)
    )
    steps = tuple(Step(f"s{at}", f"e{at}", f"Étape {at}", due=date(2026, 1, 1 + at % 28)) for at in range(60))
    meteos = tuple(
        Meteo(f"w{at}", f"e{at}", date(2026, 5, 1), Weather.COUVERT, next_steps=f"Recruter en mai, lieu {at}")
        for at in range(80)
    )
    data = _data(contract(objective(1), engagements=engagements, steps=steps, meteos=meteos))
    blocks = partner_sheet(data, data.situation.partners[0])
    assert laid_out(blocks)[0] <= 3
    told = paragraphs(blocks)
    assert sum(text.startswith("Où en est «") for text in told) == 10
    assert sum(text.startswith("Que devient ce") for text in told) == 8
    (left,) = (text for text in told if text.startswith("Où en sont"))
    assert left.startswith("Où en sont les 50 autres échéances (P1-E")
    (rest,) = (text for text in told if text.startswith("Que deviennent"))
    assert rest == "Que deviennent les 72 autres suites annoncées (P1-E08 à E79) ?"


def test_codes_of_some_of_the_last_questions_are_said_to_be_of_some() -> None:
    """« Où en sont les 12 autres échéances (P1-E10, E11) ? » of two steps and ten follow-ups of visits."""
    many = "Où en sont les {} autres échéances"
    named = [("Où en est la première ?", ""), ("", "P1-E10"), ("", "P1-E11")]
    (*_, told) = _first_asked([*named, *[("", "")] * 10], 1, many)
    assert told == "Où en sont les 12 autres échéances, dont 2 de P1-E10, E11 ?"
    (*_, told) = _first_asked([*named[:2], *[("", "")] * 10], 1, many)
    assert told == "Où en sont les 11 autres échéances, dont une de P1-E10 ?"
    (*_, told) = _first_asked([*named[:1], *[("", "")] * 10], 1, many)
    assert told == "Où en sont les 10 autres échéances ?"


def test_the_name_of_a_long_thematique_keeps_within_the_margins(tmp_path: Path) -> None:
    """It stood over its engagements on one line, past the edge of the paper."""
    long = (
        "Garantir l’égalité d’accès aux droits, lutter contre les discriminations, renforcer la tranquillité publique "
        "et améliorer le cadre de vie des habitants des quartiers prioritaires"
    )
    data = _data(contract(objective(1), themes=(Theme("h1", "c", "emploi", long, 1),)))
    chosen = replace(data, composition=Composition((Choice("annexe"),)))
    assert copil.write(tmp_path / "a.pdf", chosen) > 0
    assert past_margins(tmp_path / "a.pdf") == []
    assert long.split()[-1] in " ".join(text(tmp_path / "a.pdf").split())


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (date(2027, 1, 1), date(2033, 12, 31), "Le contrat commence le 01/01/2027."),
        (date(2020, 1, 1), date(2026, 6, 29), "Le contrat a pris fin le 29/06/2026."),
        (date(2020, 1, 1), DAY, ""),
        (None, None, ""),
    ],
)
def test_a_contract_that_does_not_run_is_said_not_to(start: date | None, end: date | None, told: str) -> None:
    base = contract(objective(1))
    data = _data(replace(base, contract=replace(base.contract, start=start, end=end)))
    for blocks in (note(data), midterm(data)):
        said = " ".join(paragraphs(blocks))
        assert (told in said) if told else ("Le contrat commence" not in said and "a pris fin" not in said)


def test_a_contract_of_a_very_long_name_has_no_blank_slide(tmp_path: Path) -> None:
    base = contract(objective(1))
    name = "Contrat de ville de la communauté d’agglomération " + "des deux rives et de leurs vallées " * 8
    data = _data(replace(base, contract=replace(base.contract, name=name)))
    slideshow.write(tmp_path / "a.pdf", data, UNWATCHED)
    assert pages(tmp_path / "a.pdf")[0].startswith("Contrat de ville")
