"""Page one alone is enough: what is to be decided stands on it, and what it says to be named later is."""

from __future__ import annotations

import re
from datetime import date

import pytest
from msgspec.structs import replace

from qpvdesk.domain.model import Meeting, MeetingKind
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.reports import copil
from qpvdesk.reports.composition import Choice, Composition
from qpvdesk.reports.ending import height_of, laid_out, tightened
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Contents, Heading
from qpvdesk.reports.left_out import IN_FILE, NAMED_LATER
from qpvdesk.reports.models.short import short
from qpvdesk.reports.sections import agenda
from qpvdesk.reports.sections.decisions import expected_decisions, to_take, whose_left_out
from qpvdesk.reports.sections.essential import ARBITRATED, arbitrations, other_bars_words, standings
from qpvdesk.reports.sections.moves import COUNTED, NAMED, _line_table, moved_section
from qpvdesk.reports.sections.page_one import FURTHER_ON, Elsewhere, _Page, with_decisions
from qpvdesk.reports.style import CELL_STYLE, HEIGHT, load_fonts
from qpvdesk.reports.tables import DataTable
from qpvdesk.reports.text import Paragraph
from tests.helpers import invented
from tests.helpers.blocks import paragraphs, plain, three_hundred
from tests.helpers.reviews import invented_review, review_of
from tests.unit.charts.dossiers import DAY, contract, measurement, objective


def test_what_is_to_be_decided_is_on_page_one_of_the_largest_contract(large: CopilData) -> None:
    """It fell under the contents, and nothing announced it."""
    page = with_decisions(large)
    told = " ".join(paragraphs(page.blocks))
    assert not page.decides
    assert height_of([*page.blocks, *to_take(large)]) > HEIGHT
    assert laid_out(page.blocks)[0] == 1
    # A decision that took one line more cost the page two bars.
    for words in (
        "sans barre, 7 non atteints : Éducation nationale · département 2 sur 3",
        "Fixer la date de remise d’une première valeur pour 17 objectifs et 1 déclinaison (BPI-O012, d’ARS-O002).",
        "37 objectifs et 4 déclinaisons, d’abord de 13 en retard ou non atteints (dont 1 déclinaison)",
        "Convenir d’un rattrapage ou d’une cible révisée et motivée pour 78 objectifs en retard",
        "Faire lever par leurs auteurs 9 contradictions de chiffres.",
    ):
        assert words in told
    brief = whose_left_out(large, expected_decisions(large))
    assert len(brief) == 6
    assert all(plain(text) in told and "Bpifrance" not in text for text in brief)


def test_a_name_keeps_what_it_holds_between_parentheses(large: CopilData) -> None:
    """« (phase 2) » went with whose the decisions are; a row of years was walked for an hour."""
    kept = f"Préciser la date de « Places (phase 2), ({', '.join(map(str, range(2000, 2024)))} et après) » (BPI-O01)"
    assert whose_left_out(large, [f"{kept}, et de 3 autres (Bpifrance 2, Région 1)."]) == [
        f"{kept}, et de 3 autres."
    ]


def test_what_has_no_bar_says_what_is_to_be_treated_of_it(large: CopilData) -> None:
    """« sans retard plus grand : France Travail · département 5 », of which 2 were missed, as 7 of the 10 of the legend."""
    fine = "rien à traiter : Région · département 2, Agence régionale de santé · département 3"
    assert plain(other_bars_words(standings(large)[8:])) == (
        "sans barre, 7 non atteints : Éducation nationale · département 2 sur 3, France Travail · département 2 sur 5,"
        f" Bpifrance · département 2 sur 3, Département · département 1 sur 3 ; {fine}"
    )
    assert plain(other_bars_words(standings(large)[12:])) == f"sans barre, {fine}"
    assert other_bars_words([]) == ""


def test_whose_they_are_is_the_next_page_which_the_contents_list(large: CopilData) -> None:
    (build,) = [section.build for section in copil.sections(large) if section.word == "sommaire"]
    blocks = build(large)
    (contents,) = [block for block in blocks if isinstance(block, Contents)]
    assert "a-decider" in [entry.key for entry in contents.entries]
    for words in (("essentiel", "sommaire", "points"), ("sommaire", "essentiel"), ("sommaire", "points")):
        chosen = Composition(tuple(map(Choice, words)))
        told = paragraphs(copil._story(replace(large, composition=chosen)))
        order = [told.index(title) for title in ("Décisions à prendre", "Sommaire")]
        # The contents that the officer put first, and no page one after them, are first.
        first = words[0] == "essentiel"
        assert (order == sorted(order)) is first
        assert all(plain(text) in told for text in expected_decisions(large))


def test_a_smaller_contract_has_them_whole_on_page_one() -> None:
    load_fonts()
    data = CopilData(review_of(situation(invented.dossier(), date(2026, 6, 30))))
    page = with_decisions(data)
    assert page.decides
    assert laid_out(page.blocks)[0] == 1
    assert all(plain(text) in paragraphs(page.blocks) for text in expected_decisions(data))


def test_the_short_file_names_what_its_first_page_says_to_be_named_later(large: CopilData) -> None:
    """« dont 9 non atteints (nommés plus loin) », and ten others were named."""
    blocks = short(large)
    # What it names of a large contract leaves room to write on the same page, in small letters.
    assert laid_out(blocks)[0] == 2
    told = " ".join(paragraphs(blocks))
    first = {item.objective.code for item in large.situation.to_look_at(ARBITRATED).shown}
    missed = [
        item.objective.code
        for item in large.situation.to_treat
        if item.status is Statut.NON_ATTEINT and item.objective.code not in first
    ]
    assert f"dont {len(missed)} non atteints ({NAMED_LATER})" in told.replace("\u202f", " ").replace(
        "\xa0", " "
    )
    assert [code for code in missed if code not in told] == []
    assert f"autres, {IN_FILE}." in told


def test_the_note_of_the_shares_stands_right_under_the_last_of_them(large: CopilData) -> None:
    """« Chaque part… » was read under two lines of euros and of entrepreneurs."""
    told = paragraphs(short(large))
    (at,) = (
        at
        for at, text in enumerate(told)
        if text.startswith("Référence : Ateliers tenus dans l’année (FT-O001)")
    )
    assert "pour une référence de" in told[at - 1]
    assert told[at + 1].startswith("Élèves suivis (BPI-O017, agglomération), en retard")


def test_a_move_told_in_a_sentence_says_that_its_value_is_provisional() -> None:
    """« à 9 000 entreprises au 31/12/2025 »: firm in the sentence, provisional in the table over it; and good news, where
    its objective is late as before."""
    data = CopilData(invented_review())
    (told,) = paragraphs(moved_section(data, 4)[-1:])
    # The day of before, which a row has, is in the sentence as well.
    assert "de 140 carrefours (31/12/2024) à 160 carrefours au 31/12/2025, toujours conforme ;" in told
    assert "de 6 000 entreprises (30/06/2025) à 9 000 entreprises au 31/12/2025 (provisoire)" in told
    assert "300 ateliers au 31/12/2025 : sans trajectoire, au lieu de « non renseigné » ;" in told


def test_a_provisional_value_and_its_day_stand_in_one_pair_of_brackets() -> None:
    """« de 17,8 % (provisoire) (en 2024) à 15,1 % en 2025 »."""
    review = invented_review()
    provisional = {
        item.measurement.key
        for move in review.moves
        for item in (move.before, move.after)
        if item.measurement is not None
    }
    measurements = tuple(
        replace(item, provisional=item.provisional or item.key in provisional)
        for item in review.situation.dossier.measurements
    )
    data = CopilData(
        review_of(
            situation(replace(review.situation.dossier, measurements=measurements), review.situation.day)
        )
    )
    (told,) = paragraphs(moved_section(data, 4)[-1:])
    assert (
        "de 6 000 entreprises (provisoire, 30/06/2025) à 9 000 entreprises au 31/12/2025 (provisoire)" in told
    )
    assert ") (" not in told


def test_moves_short_of_room_stand_in_columns_a_line_each() -> None:
    """Before and after were a grey sentence, as soon as the page had no room for rows of two lines."""
    load_fonts()
    days = (date(2025, 6, 1), date(2026, 6, 1))
    values = [
        measurement(at, day, value)
        for at in (1, 2, 3)
        for day, value in zip(days, ("10", "100"), strict=True)
    ]
    items = [
        objective(at, label=f"Bus en service aux heures où l’on travaille, ligne {at}") for at in (1, 2, 3)
    ]
    dossier = contract(*items, measurements=tuple(values))
    data = CopilData(review_of(situation(dossier, DAY), situation(dossier, date(2025, 12, 31))))
    blocks = moved_section(data, 1)
    (table,) = [block for block in blocks if isinstance(block, DataTable)]
    rows = [[plain(" ".join(texts)) for texts in row] for _, row in table.text_rows()]
    assert [row[1:] for row in rows] == 3 * [["en retard, 10 (01/06/2025)", "100 (01/06/2026)", "Atteint"]]
    # Its head, and three lines.
    assert height_of(tightened([table])) < 4 * 16
    assert not [text for text in paragraphs(blocks) if text.startswith("Et aussi")]


def test_a_move_in_a_sentence_or_on_a_line_has_its_scale_as_in_a_row() -> None:
    """« Postes d’ARMS (ARS-O01), de 55… ; Parcours en place (EN-O05) » : one of the région, one of the agglomération."""
    data = CopilData(invented_review())
    (told,) = paragraphs(moved_section(data, 4)[-1:])
    for move in data.review.moves[4:7]:
        assert f"({move.objective.code}, {move.scale})" in told
    first, *others = data.review.moves[:3]
    shared = [first, *(replace(move, scale=first.scale) for move in others)]
    apart = [first, *(replace(move, scale="commune") for move in others)]
    for found, head, name in (
        (shared, f"Objectif ({first.scale})", f"({first.objective.code})"),
        (apart, "Objectif", f"({first.objective.code}, {first.scale})"),
    ):
        (table,) = [block for block in _line_table(data, found) if isinstance(block, DataTable)]
        rows = table.text_rows()
        assert name in plain(" ".join(" ".join(texts) for texts in rows[0][1]))
        assert table.columns.header[0] == head


def test_moves_that_have_no_room_for_their_values_are_named_before_they_are_counted() -> None:
    """With the officer's sentence above, « 3 évolutions : Éducation nationale », and not a name."""
    data = CopilData(invented_review())
    first, *_ = data.review.moves
    (named,) = paragraphs(moved_section(data, NAMED)[-1:])
    assert named.startswith(f"{plain(first.name)}, ")
    assert f" et {len(data.review.moves) - 3} autres évolutions : " in named
    (counted,) = paragraphs(moved_section(data, COUNTED)[-1:])
    assert counted.startswith(f"{len(data.review.moves)} évolutions : ")
    few = CopilData(replace(data.review, moves=data.review.moves[:1]))
    (alone,) = paragraphs(moved_section(few, NAMED)[-1:])
    assert alone.startswith(f"{plain(first.name)}, ")
    assert "(à lire dans la comparaison avec" in alone


def test_no_page_is_told_where_a_copy_has_its_own() -> None:
    """« 7 décisions à prendre, page suivante. » stood over them in a copy, which is cut into pages elsewhere."""
    for data in (three_hundred(), CopilData(invented_review())):
        assert "page suivante" not in " ".join(paragraphs(with_decisions(data).blocks))


def test_what_a_sign_is_stands_first_under_its_rows(large: CopilData) -> None:
    """« … et REGION-O043. | attendu : » read as a slip; the end of it took a line anyway."""
    told = paragraphs(arbitrations(large))
    (signs,) = [text for text in told if "| attendu" in text]
    assert signs.startswith("| attendu : ")
    assert "objectifs" not in signs


def test_what_is_said_of_rows_is_darker_than_what_their_signs_are() -> None:
    """« | attendu : … » ran into « BPI-O03 : objet d’une décision », as pale and without a gap."""
    values = tuple(measurement(at, date(2026, 5, 1), "5") for at in range(1, 9))
    late = contract(*(objective(at) for at in range(1, 9)), measurements=values)
    told = arbitrations(CopilData(review_of(situation(late, DAY))))
    blocks = [block for block in told if isinstance(block, Paragraph)]
    at = next(index for index, block in enumerate(blocks) if "attendu" in block.getPlainText())
    signs, said = blocks[at : at + 2]
    assert said.style.textColor != signs.style.textColor


@pytest.mark.parametrize(("label", "told"), [("Carrefours ouverts", "5"), ("Rencontres", "5\xa0carrefours")])
def test_a_move_on_a_line_has_its_unit_unless_its_name_says_it(label: str, told: str) -> None:
    """« Rencontres : 3, puis 5 »: of what, nothing said."""
    days = [(date(2025, 6, 1), "3"), (date(2026, 5, 1), "5")]
    items = [replace(objective(at), label=label, unit="carrefours") for at in (1, 2, 3)]
    values = tuple(
        replace(measurement(at, day, value), key=f"m{at}-{day}") for at in (1, 2, 3) for day, value in days
    )
    base = contract(*items, measurements=values)
    data = CopilData(review_of(situation(base, DAY), situation(base, date(2025, 12, 4))))
    (table,) = [block for block in moved_section(data, 1) if isinstance(block, DataTable)]
    cells = {cells[2][0].partition(" (")[0] for _, cells in table.text_rows()}
    assert cells == {told}


def test_the_contents_lead_to_what_is_to_be_decided_under_the_agenda() -> None:
    """It stood under the last table of the agenda, in the letters of a part of it, and no line led there."""
    load_fonts()
    meeting = Meeting("r9", "c", MeetingKind.COPIL, date(2026, 9, 1), agenda="Suites")
    base = invented.dossier()
    full = replace(base, meetings=(*base.meetings, replace(meeting, contract=base.contract.key)))
    data = CopilData(review_of(situation(full, date(2026, 6, 30))))
    built = {section.word: section.build(data) for section in copil.sections(data) if section.word}
    (contents,) = [block for block in built["sommaire"] if isinstance(block, Contents)]
    keys = [entry.key for entry in contents.entries]
    assert keys[keys.index(agenda.ENTRY.key) + 1] == agenda.DECISIONS.key
    titles = [block for block in built[agenda.ENTRY.key] if isinstance(block, Heading)]
    assert [block.level for block in titles if block.entry == agenda.DECISIONS] == [2]


def test_the_decisions_of_a_file_of_parts_are_counted_were_it_for_a_move() -> None:
    """« Décisions à prendre » was on no page of a file without agenda or contents, whose first page was full."""
    load_fonts()
    data = CopilData(review_of(situation(invented.dossier(), invented.TODAY)))
    head = [Paragraph("Une phrase.", CELL_STYLE)]
    counted = 0
    for rows in range(60):
        page = with_decisions(data, head=head * rows, elsewhere=Elsewhere(decisions="au dossier entier"))
        if laid_out([*head * rows, *page.blocks])[0] > 1:
            break
        texts = paragraphs(page.blocks)
        told = [text for text in texts if "Décisions à prendre" in text]
        # Of what fills the page, nothing is left that may give way.
        assert told or any(re.match(r"\d+ évolutions?\b", text) for text in texts)
        counted += bool(told) and told[0].endswith("au dossier entier.")
    assert counted


def test_no_move_gives_way_to_a_count_of_decisions_that_another_page_names() -> None:
    """3 → 4, 2 → 3, 11 → 14 became « désormais atteint » for « Décisions à prendre : 7, plus loin. », named on page two."""
    load_fonts()
    data = CopilData(review_of(situation(invented.dossier(), invented.TODAY)))
    head, joined = [Paragraph("Une phrase.", CELL_STYLE)], 0
    for rows in range(60):
        _, (_, moves) = _Page(data, head * rows, FURTHER_ON).best()
        page = with_decisions(data, head=head * rows)
        if laid_out([*head * rows, *page.blocks])[0] > 1:
            break
        texts = [plain(text) for text in paragraphs(page.blocks)]
        count = [text for text in texts if re.search(r"Décisions à prendre : \d+, plus loin\.$", text)]
        headers = [block.columns.header for block in page.blocks if isinstance(block, DataTable)]
        if count and moves > 0:
            assert any(plain(str(header[-1])) == "Statut" for header in headers), rows
        if count:
            assert moves == COUNTED or not any(re.match(r"\d+ évolutions?\b", text) for text in texts), rows
        joined += any(not text.startswith("Décisions") for text in count)
    assert joined
