"""What a list says of what it leaves out, and of what it keeps for another reason than its rank."""

from __future__ import annotations

import re
from datetime import date

from msgspec.structs import replace

from qpvdesk.charts.bars import statuses_words
from qpvdesk.domain.declined import whole_of
from qpvdesk.domain.french import enumerate_words
from qpvdesk.domain.model import Level
from qpvdesk.domain.scales import is_beyond_home
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.reports.composition import Composition
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.left_out import kept_words, late_words, order_words, slide_order
from qpvdesk.reports.models.midterm import midterm
from qpvdesk.reports.models.monthly import monthly
from qpvdesk.reports.models.partner import partner_sheet
from qpvdesk.reports.models.poster import poster
from qpvdesk.reports.models.yearly import yearly
from qpvdesk.reports.sections.essential import arbitrations
from qpvdesk.reports.sections.method import method
from qpvdesk.reports.sections.page_one import with_decisions
from qpvdesk.reports.sections.points import points
from qpvdesk.reports.sections.territories import territories
from qpvdesk.reports.slide_tables import ROOM
from qpvdesk.reports.slides import slides
from qpvdesk.reports.style import BOLD, load_fonts, text_width
from qpvdesk.reports.tables import DataTable
from tests.helpers import invented
from tests.helpers.blocks import paragraphs, plain
from tests.helpers.reviews import invented_review, review_of
from tests.unit.domain.builders import NORD, PAS_DE_CALAIS, measurement, objective
from tests.unit.domain.builders import dossier as dossier_of

KEPT = "Chaque statut a une ligne au moins"


def test_a_list_says_which_of_its_lines_have_their_status_to_thank(large: CopilData) -> None:
    """« À surveiller », 51 %, stood above 88 that are late: the list was read as a ranking."""
    now = large.situation
    chosen = now.to_look_at(5)
    first = now.to_treat[: len(chosen.shown)]
    kept = [item.objective.code for item in chosen.shown if item not in first]
    assert kept
    assert plain(kept_words(now, chosen)) == f"{KEPT} : d’où {enumerate_words(kept)}."
    assert not kept_words(now, now.to_look_at(len(now.to_treat)))
    for paper in (with_decisions(large).blocks, monthly(large), poster(large)):
        assert any(KEPT in plain(text) for text in paragraphs(paper))
    (slide,) = [slide for slide in slides(large) if slide.title.startswith("À arbitrer")]
    assert f"{KEPT}." in slide.left_out


def test_the_sheet_of_a_partner_says_by_what_the_first_are_first(large: CopilData) -> None:
    now = large.situation
    (partner,) = [item for item in now.partners if item.partner.code == "ARS"]
    assert kept_words(now, now.to_look_at(5, partner.partner.key), partner.partner.key)
    texts = [plain(text) for text in paragraphs(partner_sheet(large, partner))]
    (rest,) = [text for text in texts if "au tableau des objectifs" in text]
    assert "Rangés par écart à l’attendu, l’avancement compté de 0 à 100 %." in rest
    assert KEPT in rest
    # By the grammar, « Rangés » told of the others, whose table is in the order of the codes.
    assert rest.startswith("Rangés par écart")
    assert re.search(
        r"Et \d+ autres au tableau des objectifs, rangé par code, où \d déclinaisons sont aussi", rest
    )


def test_the_method_says_by_what_the_worst_is_first(large: CopilData) -> None:
    """−0,4 % stood before −8 %, and no page said why; then every paper said it of all that is to be treated, whose tables
    are in the order of the contract, and the bilan annuel has no such list. « Cet écart, compté de 0 à 100 % »: it is the
    progress that is counted so. « À traiter d’abord » is a list of another paper."""
    order = "l’avancement compté de 0 à 100 % (borne ou parité sans taux : écart rapporté à celle-ci)"
    for paper, words in (
        (
            method(large),
            f"La liste « À arbitrer », l’échelle du contrat d’abord, est rangée par écart au taux attendu, {order}.",
        ),
        (
            midterm(large),
            f"Ce qui est en retard ou non atteint est rangé par cet écart, {order}, ce qui est promis",
        ),
    ):
        assert any(words in plain(text) for text in paragraphs(paper))
    for paper in (method(large), midterm(large), yearly(large)):
        assert not any("chaque statut y a une ligne" in plain(text) for text in paragraphs(paper))
    assert not any("rangé par" in plain(text) for text in paragraphs(yearly(large)))


def test_a_move_of_what_declines_another_says_with_which_it_is_counted(large: CopilData) -> None:
    """« Logements rénovés (BPI-O025, quartier) » stood among the moves of the month as a promise of its own."""
    now = large.situation
    place = next(now.territory(item.territory).name for item in now.objectives if item.code == "BPI-O025")
    before = situation(now.dossier, date(2026, 8, 31))
    told = paragraphs(monthly(CopilData(review_of(now, before))))
    moved = [text for text in told if f" (BPI-O025, {place}" in text]
    assert moved
    assert all(f" (BPI-O025, {place}, compris dans REGION-O021)" in text for text in moved)


def test_a_place_and_its_scale_are_not_told_twice_nor_a_status_broken(large: CopilData) -> None:
    """« séances · Agglomération (agglomération) », « prêts · France (France) »; « 2 non » ended a line."""
    base = invented.dossier()
    places = [
        replace(item, name="France", level=Level.NATION) if item.level is Level.REGION else item
        for item in base.territories
    ]
    national = situation(replace(base, territories=tuple(places)), invented.TODAY)
    for data, place in ((large, "Agglomération"), (CopilData(review_of(national)), "France")):
        tables = [block for block in monthly(data) if isinstance(block, DataTable)]
        cells = [
            plain(text) for table in tables for _, row in table.text_rows() for texts in row for text in texts
        ]
        assert any(f" · {place}" in text for text in cells)
        assert not any(f"{place} ({place})".lower() in text.lower() for text in cells)
    assert "2 non renseignés" in statuses_words({Statut.NON_RENSEIGNE: 2}).replace("\u00a0", " ")
    assert " " not in statuses_words({Statut.NON_RENSEIGNE: 2})


def test_engagements_are_spoken_of_where_places_count_them(large: CopilData) -> None:
    """« un engagement l’est à chaque échelle… » stood over a table without a column of engagements."""
    words = "un engagement l’est à chaque échelle où il est pris"
    for data, told in ((large, False), (CopilData(invented_review()), True)):
        (table,) = [block for block in territories(data) if isinstance(block, DataTable)]
        assert any("Engagements" in title for title in table.columns.header) == told
        assert any(words in text for text in paragraphs(territories(data))) == told


def test_half_way_says_what_was_measured_beside_what_parts_make(large: CopilData) -> None:
    """« 2 423 k€, 597 % » stood among what is reached, the 120 k€ of the same figure in every other paper."""
    tables = [block for block in midterm(large) if isinstance(block, DataTable)]
    cells = [
        plain(text) for table in tables for _, row in table.text_rows() for texts in row for text in texts
    ]
    assert any("Relevé propre – Région : 120 k€ au 26/08/2026" in text for text in cells)


def test_a_list_says_what_it_is_in_the_order_of_where_it_stands(large: CopilData) -> None:
    """−5 %, −0,4 %, −1 %: the note of method said why eighteen pages later, and the poster has none."""
    told = ", par écart à l’attendu (avancement compté de 0 à 100 %)"
    for blocks in (arbitrations(large), poster(large)):
        assert any(plain(text) == f"À arbitrer{told}" for text in paragraphs(blocks))
    # A slide says it in the words that its title has room for, on a line.
    (slide,) = [slide for slide in slides(large) if slide.title.startswith("À arbitrer")]
    assert plain(slide.title) == "À arbitrer, par écart à l’attendu (compté de 0 à 100 %)"
    assert text_width(slide.title, BOLD, 15) < ROOM
    # Eight pages before its key, −1 % stood between 39 and 42.
    (above,) = [text for text in paragraphs(midterm(large)) if text.startswith("Rangés")]
    # The last of the near stands before the worst of the others, which are told apart in no other way.
    order = "Rangés par écart à l’attendu (avancement compté de 0 à 100 %), l’échelle du contrat d’abord."
    assert plain(above).startswith(f"{order} | attendu")
    alike = next(text for text in paragraphs(midterm(_two_places(10, 20))) if text.startswith("Rangés"))
    assert plain(alike).startswith("Rangés par écart à l’attendu. ")
    alone = large.situation.to_treat[:1]
    assert order_words(alone) == ""
    kept = [item for item in large.situation.to_treat if item.rate is not None and 0 <= item.rate <= 1][:2]
    assert order_words(kept) == ", par écart à l’attendu"
    # −1 of 9 stood before 10 % of 60, of which the title said nothing.
    (near, *_), (wider, *_) = (
        [item for item in large.situation.to_treat if is_beyond_home(large.situation, item.objective) is far]
        for far in (False, True)
    )
    same, both = ([replace(item, rate=0.5) for item in items] for items in ([near, near], [near, wider]))
    assert slide_order(large.situation, same) == ", par écart à l’attendu"
    assert slide_order(large.situation, both) == ", par échelle, puis par écart à l’attendu"
    assert text_width(f"À arbitrer{slide_order(large.situation, both)}", BOLD, 15) < ROOM


def test_what_is_to_be_settled_says_the_unit_that_its_name_does_not() -> None:
    """« Délai moyen d’un rendez-vous, 15 »: « jours » stood nowhere in the note to the préfet."""
    load_fonts()
    data = CopilData(invented_review())
    for blocks in (arbitrations(data), poster(data)):
        tables = [block for block in blocks if isinstance(block, DataTable)]
        (table,) = [table for table in tables if table.columns.header[-1].startswith("Qui le porte")]
        rows = [row for _, row in table.text_rows()]
        told = [row[0][0] for row in rows]
        assert {"Délai moyen d’un rendez-vous (jours)", "Lauréats accompagnés dans la durée"} <= {*told}
    names = [row[0] for slide in slides(data) if slide.table is not None for row in slide.table.rows]
    assert "Délai moyen d’un rendez-vous (jours)" in names
    assert "Lauréats accompagnés dans la durée" in names


def _two_places(first: int, second: int) -> CopilData:
    """A promise in each of two départements, of 100 today, with so much reached."""
    items = [
        objective(
            f"BPI-O0{rank}",
            start=(0, "2024-01-01"),
            target=(100, invented.TODAY.isoformat()),
            territory=place.key,
        )
        for rank, place in enumerate((NORD, PAS_DE_CALAIS), 1)
    ]
    values = [
        measurement(item, value, invented.TODAY.isoformat())
        for item, value in zip(items, (first, second), strict=True)
    ]
    now = situation(dossier_of(*items, measurements=tuple(values)), invented.TODAY)
    return CopilData(review_of(now), composition=Composition(late_only=True))


def test_where_all_is_late_no_rest_is_sent_to() -> None:
    """« Sur 1 objectif promis, 1 objectif est…: le reste est au dossier entier »: of one there is none."""
    now = _two_places(10, 10).situation
    every = [item.objective for item in now.to_treat]
    late = "en retard, à surveiller ou non atteint"
    assert plain(late_words(now, every, 2, "ici")) == f"Sur 2 objectifs promis, 2 objectifs sont {late}s."
    told = plain(late_words(now, every[:1], 2, "ici"))
    assert told == f"Sur 2 objectifs promis, 1 objectif est {late} : le reste est ici."
    assert plain(late_words(now, every[:1], 1, "ici")) == f"Le seul objectif promis est {late}."


def test_what_declines_a_late_promise_is_none_of_those_that_are_counted(large: CopilData) -> None:
    """« Sur 4 objectifs promis, 1 objectif et 2 déclinaisons sont en retard » was read as three of four."""
    now, late = large.situation, "en retard, à surveiller ou non atteint"
    parts = [item for item in now.promises if whole_of(now, item) is not None][:2]
    own = [item.objective for item in now.to_treat][:1]
    rest = " : le reste est ici."
    told = plain(late_words(now, [*own, *parts], 4, "ici"))
    both = "2 déclinaisons le sont"
    assert told == f"Sur 4 objectifs promis, 1 objectif est {late} ; {both} aussi{rest}"
    assert (
        plain(late_words(now, parts, 4, "ici"))
        == f"Sur 4 objectifs promis, aucun n’est {late} ; {both}{rest}"
    )
    alone = plain(late_words(now, parts[:1], 1, "ici"))
    assert alone == f"Du seul objectif promis, 1 déclinaison est {late}e{rest}"


def test_one_place_of_two_is_said_in_the_singular() -> None:
    """« les territoires qui ont un objectif à traiter, 1 sur 2 : les autres sont… »."""
    load_fonts()

    def told_of(*values: int) -> list[str]:
        return [plain(text) for text in paragraphs(territories(_two_places(*values)))]

    (told,) = [text for text in told_of(10, 100) if "au tableau que" in text]
    assert told == (
        "N’est au tableau que le territoire qui a un objectif à traiter, 1 sur 2 : l’autre est au dossier entier."
    )
    assert not [text for text in told_of(10, 10) if "au tableau que" in text]


def test_alerts_beyond_those_of_a_table_are_counted_not_given(large: CopilData) -> None:
    """« 14 alertes…, sont données ici » over a table of five, « et 9 autres »."""
    told = " ".join(
        plain(text) for text in paragraphs(points(replace(large, composition=Composition(late_only=True))))
    )
    assert re.search(r"\d alertes de retard, ou de cible .*, sont comptées ici : le reste est", told)
