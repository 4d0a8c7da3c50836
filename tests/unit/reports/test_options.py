"""A paper made with options says the same figures as the paper without: what it leaves out is counted, and sent to."""

from __future__ import annotations

import re
from datetime import date
from math import inf

from msgspec.structs import replace

from qpvdesk.domain.alerts import STATUT_DEGRADE
from qpvdesk.domain.declined import whole_of, with_rows
from qpvdesk.domain.means import means_of
from qpvdesk.domain.model import Condition, Decision, Level, Meeting, MeetingKind, Step
from qpvdesk.domain.moves import Outcome
from qpvdesk.domain.scales import is_beyond_home, listed
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import GROUPS, Group
from qpvdesk.domain.wording import is_reading, reserve_words
from qpvdesk.reports import copil
from qpvdesk.reports.composition import Choice, Composition
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.left_out import late_engagements_words, led_by_near
from qpvdesk.reports.models import monthly
from qpvdesk.reports.models.partner import partner_sheet
from qpvdesk.reports.sections import gathered, method, partner
from qpvdesk.reports.sections.engagements import has_news
from qpvdesk.reports.sections.moves import comparison, further_on, moves
from qpvdesk.reports.sections.page_one import unnamed
from qpvdesk.reports.slides import slides
from qpvdesk.reports.tables import DataTable
from tests.helpers import invented
from tests.helpers.blocks import paragraphs, plain
from tests.helpers.reviews import invented_review, review_of

LATE = Composition(late_only=True)


def _told(data: CopilData, word: str) -> list[str]:
    """The paragraphs of a section of the file."""
    (section,) = [section for section in copil.sections(data) if section.word == word]
    return paragraphs(section.build(data))


def test_what_is_compared_with_a_day_sends_to_the_comparison_with_that_day(dated: CopilData) -> None:
    """« à lire dans la comparaison avec le comité précédent » told three moves, of the forty-seven that were counted."""
    papers = [*_told(dated, "evolutions"), *(plain(slide.left_out) for slide in slides(dated))]
    sent = [text for text in papers if "dans la comparaison" in text]
    assert len(sent) == 2
    assert all("à lire dans la comparaison avec le 30/08/2026" in text for text in sent)


def test_what_is_compared_with_an_earlier_committee_names_it(large: CopilData) -> None:
    """The one before is what nobody has to name; another has its day."""
    now = large.situation
    model = Meeting("last", now.dossier.contract.key, MeetingKind.COPIL, date(2026, 8, 1))
    earlier = replace(model, key="earlier", day=date(2026, 3, 1))
    now = situation(replace(now.dossier, meetings=(model, earlier)), now.day)
    review = review_of(now, situation(now.dossier, earlier.day))
    assert review.baseline is not None
    for meeting, name in ((model, "le comité précédent"), (earlier, "le comité du 01/03/2026")):
        data = CopilData(replace(review, baseline=replace(review.baseline, meeting=meeting)))
        assert f"à lire dans la comparaison avec {name})" in " ".join(paragraphs(moves(data)))


def test_page_one_sends_first_to_what_its_own_file_tells_of_the_moves(dated: CopilData) -> None:
    """The file has a section of them, in its contents, which the page passed over for another paper."""
    told = " ".join(_told(dated, "essentiel"))
    assert "les premières plus loin, toutes à lire dans la comparaison avec le 30/08/2026" in told
    late = " ".join(_told(replace(dated, composition=LATE), "essentiel"))
    assert "celles de ce qui est à traiter plus loin, toutes à lire dans la comparaison" in late
    alone = replace(dated, composition=Composition((Choice("essentiel"),)))
    assert "plus loin, toutes" not in " ".join(_told(alone, "essentiel"))


def test_page_one_sends_to_its_section_for_what_is_there_alone(dated: CopilData) -> None:
    """« Et 1 autre évolution : ARS (les premières plus loin, toutes… ) » of one that no row of the section told."""
    every = dated.review.moves
    comparison_words = "à lire dans la comparaison avec le 30/08/2026"
    assert further_on(dated, every[-1:]) == comparison_words
    assert further_on(dated, every[9:10]) == "plus loin"
    assert further_on(dated, every[9:]) == f"la première plus loin, toutes {comparison_words}"
    late = replace(dated, composition=LATE)
    treated = [move for move in every if move.after.status in GROUPS[Group.A_TRAITER]]
    others = [move for move in every if move not in treated]
    one = f"celle de ce qui est à traiter plus loin, toutes {comparison_words}"
    assert further_on(late, [treated[0], *others]) == one


def test_page_one_and_the_section_tell_the_moves_in_one_order(dated: CopilData) -> None:
    """The page began with those of France, the section with those of the contract: « les premières » were not the next."""
    section = [block for block in moves(dated) if isinstance(block, DataTable)]
    rows = [plain(row[0][1]) for _, row in section[0].text_rows() if len(row[0]) > 1]
    assert rows == [f"{move.objective.code} · {move.scale}" for move in dated.review.moves[:10]]
    scales = [is_beyond_home(dated.situation, move.objective) for move in dated.review.moves]
    groups = [move.outcome for move in dated.review.moves]
    assert groups == sorted(groups, key=list(Outcome).index)
    assert list(zip(groups, scales, strict=True)) == sorted(
        zip(groups, scales, strict=True), key=lambda pair: (list(Outcome).index(pair[0]), pair[1])
    )


def test_moves_left_out_of_the_late_ones_are_counted(dated: CopilData) -> None:
    """Page one counted forty-seven of them, the section told nine, and nothing said of the others."""
    late = replace(dated, composition=LATE)
    shown = [move for move in late.review.moves if move.after.status in GROUPS[Group.A_TRAITER]]
    (rest,) = [text for text in _told(late, "evolutions") if "autres évolutions" in text]
    left = len(late.review.moves) - len(shown)
    assert rest.startswith(f"Et {left} autres évolutions, de ce qui n’est pas à traiter : ")


def test_moves_that_page_one_tells_are_read_on_page_one(dated: CopilData) -> None:
    """« 3 évolutions, de ce qui n’est pas à traiter (à lire dans la comparaison) »: page one had all three values."""
    late = CopilData(invented_review(), composition=LATE)
    (rest,) = [text for text in _told(late, "evolutions") if "n’est pas à traiter" in text]
    assert rest.endswith("(nommées à « L’essentiel »).")
    # Page one has the first of many, or is not printed.
    alone = replace(late, composition=replace(LATE, choices=(Choice("evolutions"),)))
    for data in (replace(dated, composition=LATE), alone):
        (rest,) = [text for text in _told(data, "evolutions") if "n’est pas à traiter" in text]
        assert "à lire dans la comparaison" in rest


def test_the_month_has_a_line_of_the_scale_of_the_contract() -> None:
    """One line, of France; the four that the préfet can settle were « dont 4 à l’échelle du contrat », and nothing more."""
    base = invented_review().situation
    nearest, dossier = base.to_treat[-1].objective, base.dossier
    home = next(item for item in dossier.territories if item.level is Level.EPCI)
    now = situation(
        replace(
            dossier,
            contract=replace(dossier.contract, epci=home.code),
            objectives=tuple(
                replace(item, territory=home.key) if item.key == nearest.key else item
                for item in dossier.objectives
            ),
            measurements=tuple(
                replace(item, territory=home.key) if item.objective == nearest.key else item
                for item in dossier.measurements
            ),
        ),
        base.day,
    )
    near = [item for item in now.to_treat if not is_beyond_home(now, item.objective)]
    assert [item.objective.key for item in near] == [nearest.key]
    chosen = now.to_look_at(1)
    led, why = led_by_near(now, chosen)
    assert chosen.shown[0] not in near
    assert list(led.shown) == near
    assert why == f"Une ligne au moins est à l’échelle du contrat\u202f: d’où {nearest.code}."
    every = now.to_look_at(len(now.to_treat))
    assert led_by_near(now, every) == (every, "")
    shown = {
        cells[0][0]
        for table in monthly._page(CopilData(review_of(now)), 1, 1, 1)
        if isinstance(table, DataTable)
        for _, cells in table.text_rows()
    }
    assert nearest.code in shown


def _chapters(data: CopilData) -> str:
    """The words of the chapters of what is promised, paragraphs and rows."""
    told = []
    for section in copil.sections(data):
        if section.chapter and not section.silent:
            blocks = section.build(data)
            told += paragraphs(blocks)
            rows = [
                cells for table in blocks if isinstance(table, DataTable) for _, cells in table.text_rows()
            ]
            told += [plain(" ".join(cell)) for row in rows for cell in row]
    return "\n".join(told)


def test_lateness_alone_keeps_what_is_late_of_what_declines_another(large: CopilData) -> None:
    """Twelve parts that are late were in the whole file, and in the file of what is late not one of them."""
    now = large.situation
    late = [
        item.code
        for item in now.promises
        if now.assessments[item.key].status in GROUPS[Group.A_TRAITER] and whole_of(now, item) is not None
    ]
    assert len(late) > 12
    told = _chapters(replace(large, composition=LATE))
    assert [code for code in late if not re.search(rf"\b{code}\b", told)] == []
    assert (
        "Sur 29 objectifs promis, 19 objectifs sont en retard, à surveiller ou non atteints ; 4 déclinaisons le sont aussi"
        in told.replace("\u202f", " ")
    )
    assert "4 déclinaisons le sont avec ARS-O002" in told


def test_a_part_of_another_place_has_a_row_where_what_it_is_part_of_has_none() -> None:
    """It shows « Par lieu » in the row of its whole, which goes well and is left out."""
    base = invented.dossier()
    within = {"R32": None, "D59": "t1", "D62": "t1", "246200364": "t4", "62498": "t2"}
    places = tuple(replace(item, parent=within[item.code]) for item in base.territories)
    contract = replace(base.contract, epci="246200364")
    now = situation(replace(base, contract=contract, territories=places), invented.TODAY)
    parts = [item for item in now.promises if whole_of(now, item) is not None]
    elsewhere = [item for item in parts if item not in listed(now, parts)]
    assert elsewhere
    assert with_rows(now, elsewhere) == elsewhere
    wholes = [whole for item in elsewhere if (whole := whole_of(now, item)) is not None]
    assert not set(elsewhere) & set(with_rows(now, [*wholes, *elsewhere]))


def test_the_file_of_what_is_late_counts_the_alerts_of_the_whole() -> None:
    """« 11 alertes », of thirty-one on the same day: two steps and a follow-up that are late had gone with the others."""
    base = invented.dossier()
    engagement = base.engagements[0]
    step = Step("late", engagement.key, "Signer la convention", due=date(2026, 1, 31))
    dossier = replace(base, steps=(*base.steps, step))
    data = CopilData(review_of(situation(dossier, invented.TODAY)))
    whole, late = _told(data, "points"), _told(replace(data, composition=LATE), "points")
    (counts,) = [text for text in whole if "Rien n’est corrigé" in text]
    (told,) = [text for text in late if "Rien n’est corrigé" in text]
    assert told.startswith(counts)
    assert re.search(r"\d alertes de retard, ou de cible .* : le reste est au dossier entier\.", told)
    section = next(item for item in copil.sections(replace(data, composition=LATE)) if item.word == "points")
    tables = [
        block for block in section.build(replace(data, composition=LATE)) if isinstance(block, DataTable)
    ]
    rows = [" ".join(cell) for table in tables for _, cells in table.text_rows() for cell in cells]
    assert any("Signer la convention" in row for row in rows)


def test_what_a_filter_leaves_is_counted_in_each_part_of_the_file(large: CopilData) -> None:
    """« 6 moyens », of twenty, without a word; engagements and places alike."""
    base = invented.dossier()
    first = invented_review().situation.to_treat[0].objective.engagement
    of_first, *others = base.fundings
    dossier = replace(base, fundings=(replace(of_first, engagement=first), *others))
    data = CopilData(review_of(situation(dossier, invented.TODAY)), composition=LATE)
    now = data.situation
    engagements = {item.objective.engagement for item in now.to_treat} - {None}
    kept = len(means_of([item for item in now.dossier.fundings if item.engagement in engagements]))
    every = len(means_of(now.dossier.fundings))
    assert 0 < kept < every
    assert (kept, every) == (1, 2)
    alone = (
        "N’est ici que le moyen, sur 2, qui porte sur un objectif à traiter ; l’autre est au dossier entier."
    )
    assert alone in _told(data, "moyens")
    more = [
        replace(of_first, key=f"m{rank}", code=f"M{rank}", label=f"Moyen {rank}", engagement=first)
        for rank in range(3)
    ]
    more += [replace(others[0], key=f"o{rank}", code=f"O{rank}", label=f"Autre {rank}") for rank in range(2)]
    wider = replace(dossier, fundings=(*dossier.fundings, *more))
    several = CopilData(review_of(situation(wider, invented.TODAY)), composition=LATE)
    assert (
        "Ne sont ici que les 4 moyens, sur 7, qui portent sur un objectif à traiter ; les autres sont au dossier "
        "entier." in _told(several, "moyens")
    )
    told = _chapters(replace(large, composition=LATE))
    assert (
        "Sur 22 engagements, 6 sont compromis, à appuyer ou en retard : le reste est au dossier entier."
        in told
    )
    assert (
        late_engagements_words(0, 1, "")
        == "Le seul engagement n’est pas dit compromis, à appuyer ni en retard."
    )
    assert not late_engagements_words(2, 2, "")
    assert not late_engagements_words(0, 0, "")


def test_a_reading_is_of_whoever_promised_and_stays_one_sentence() -> None:
    """« Parité lue, France Travail dans une seule phrase du texte »."""
    read = "Parité lue dans une seule phrase du texte, sans référence."
    for of in (", France Travail", " (France Travail)"):
        told = reserve_words(read, of)
        assert told == "Parité lue dans une seule phrase du texte, sans référence (France Travail)."
        assert is_reading(told)
    for of in (", CAF (Nord)", " (CAF (Nord))"):
        assert reserve_words(read, of).endswith(" sans référence (CAF (Nord)).")
    assert (
        reserve_words("Sous réserve du budget", ", Bpifrance")
        == "Réserve, Bpifrance\u202f: Sous réserve du budget"
    )


def test_chapters_by_thematique_tell_what_those_of_the_partners_tell() -> None:
    """Eight reserves were in no chapter of the file, and what has no row had a name without its value."""
    base = invented.dossier()
    silent = [item for item in base.engagements if not has_news(situation(base, invented.TODAY), item)]
    conditions = tuple(
        Condition(f"c{rank}", base.contract.key, item.partner, f"Sous réserve n° {rank}", item.key)
        for rank, item in enumerate(silent)
    )
    assert conditions
    dossier = replace(base, conditions=(*base.conditions, *conditions))
    data = CopilData(review_of(situation(dossier, invented.TODAY)))
    for by in ("partenaires", "thematiques"):
        told = _chapters(replace(data, composition=Composition(chapters=by)))
        assert [item.text for item in conditions if told.count(item.text) != 1] == []


def test_what_has_no_row_has_its_value_however_the_file_is_cut() -> None:
    """« À surveiller (3 objectifs) : Prêts Flash accordés, en montant (BPI-O08) ; … », of a file of eight chapters."""
    base = invented.dossier()
    now = situation(base, invented.TODAY)
    data = CopilData(review_of(now), composition=Composition(chapters="thematiques"))
    told = {
        chapters: [
            text
            for chapter in gathered.of_gatherings(data)
            for text in paragraphs(partner.promise_chapter(data, chapter, chapters, (0.0, inf)))
            if " objectif" in text and "(" in text
        ]
        for chapters in (2, 12)
    }
    assert told[2] == told[12]
    assert any(re.search(r"\), .*\d+ .*au \d\d/\d\d/\d{4}", text) for text in told[12])


def test_what_was_measured_again_is_counted_with_what_is_followed_alone(dated: CopilData) -> None:
    """« 2 autres chiffres promis ou suivis ont un relevé nouveau », of three: a followed one was passed over."""
    told = " ".join(paragraphs(comparison(dated)))
    assert " ; 12 autres objectifs promis et 1 chiffre suivi ont un relevé nouveau, à valeur égale : " in told


def test_what_the_officer_did_not_choose_is_no_further_on(large: CopilData) -> None:
    """« nommés plus loin », « par partenaire, plus loin », « Ordre du jour et suites données » of a file of two sections."""
    alone = replace(large, composition=Composition((Choice("essentiel"), Choice("points"))))
    told = " ".join(_told(alone, "essentiel"))
    assert "(nommés au dossier entier)" in told
    assert "Décisions à prendre (par partenaire, au dossier entier)" in told
    assert "plus loin" not in told
    words = [section.word for section in copil.sections(large)]
    every = Composition(tuple(map(Choice, words)))
    assert "(nommés plus loin)" in " ".join(_told(replace(large, composition=every), "essentiel"))
    last = Composition(tuple(map(Choice, [*words[1:], words[0]])))
    assert "(nommés plus haut)" in " ".join(_told(replace(large, composition=last), "essentiel"))
    base = invented.dossier()
    decision = Decision("d", base.meetings[0].key, "Décision échue", 1, due=date(2025, 1, 1))
    data = CopilData(review_of(situation(replace(base, decisions=(decision,)), invented.TODAY)))
    sent = " décision en retard (« Ordre du jour et suites données »)"
    assert sent in " ".join(_told(data, "points"))
    for words, where in ((("essentiel", "points"), "« L’essentiel »"), (("points",), "au dossier entier")):
        chosen = Composition(tuple(map(Choice, words)))
        told = " ".join(_told(replace(data, composition=chosen), "points"))
        assert f" décision en retard ({where})" in told


def test_what_its_chapters_name_is_not_said_to_be_in_the_whole_file(large: CopilData) -> None:
    """« nommés au dossier entier », of objectives that the pages after named: the chapter of another was not printed."""
    settled = large.situation.to_treat[0].objective.partner
    rows = unnamed(large)
    objectives = [
        item for item in large.situation.dossier.objectives if item.partner != settled or item.key not in rows
    ]
    now = situation(replace(large.situation.dossier, objectives=tuple(objectives)), large.day)
    large = CopilData(review_of(now))
    left = {item.partner for item in objectives if item.key in unnamed(large)}
    whose = {item.partner.key: item.partner.code for item in now.partners}
    assert settled in {item.objective.partner for item in now.to_treat} - left
    words = ["essentiel", *(f"partenaire-{whose[key]}" for key in sorted(left))]
    some = replace(large, composition=Composition(tuple(map(Choice, words))))
    assert "(nommés plus loin)" in " ".join(_told(some, "essentiel"))
    fewer = replace(large, composition=Composition(tuple(map(Choice, words[:-1]))))
    assert "(nommés au dossier entier)" in " ".join(_told(fewer, "essentiel"))


def test_the_sheet_of_a_partner_sends_to_itself_printed_whole(large: CopilData) -> None:
    """« le reste est au dossier entier », which is another paper."""
    late = replace(large, composition=LATE)
    for summary in late.situation.partners:
        told = " ".join(paragraphs(partner_sheet(replace(late, partner=summary), summary)))
        assert "au dossier entier" not in told
        assert "le reste est à la fiche entière." in told


def test_the_alerts_of_what_is_late_alone_name_the_statuses_that_fell(dated: CopilData) -> None:
    """« 15 alertes de retard, ou de cible qui serait manquée », three of which were of a status that fell."""
    shown = [view.point.kind for view in dated.review.waiting]
    told = " ".join(_told(replace(dated, composition=LATE), "points"))
    which = (
        "de retard, de statut dégradé ou de cible" if STATUT_DEGRADE in shown else "de retard, ou de cible"
    )
    assert f" alertes {which} qui serait manquée, sont comptées ici" in told
    assert STATUT_DEGRADE in shown


def test_the_annex_has_the_rest_of_a_file_of_what_is_late(large: CopilData) -> None:
    words = tuple(Choice(section.word) for section in copil.sections(large))
    joined = replace(large, composition=Composition(words, late_only=True))
    assert "le reste est en annexe du dossier." in " ".join(_told(joined, "points"))
    assert "le reste est au dossier entier" not in _chapters(joined)


def test_a_comparison_where_nothing_moved_says_so_in_words(large: CopilData) -> None:
    """« 0 objectif promis a changé de valeur »."""
    now = large.situation
    data = CopilData(review_of(now, now))
    assert any(
        text.startswith("Aucun objectif promis, aucun chiffre suivi n’a changé de valeur ou de statut depuis")
        for text in paragraphs(comparison(data))
    )


def test_the_note_of_method_says_what_its_trends_are_counted_from(dated: CopilData) -> None:
    """« à celle du dernier comité de pilotage », under a column of trends « depuis le 08/12/2025 »."""
    assert any(
        "à celle du 30/08/2026 ; sans valeur nouvelle" in text for text in paragraphs(method.method(dated))
    )
    usual = " ".join(paragraphs(method.method(CopilData(invented_review()))))
    assert "à celle du dernier comité de pilotage ou, à défaut, du relevé précédent ; sans valeur" in usual


def test_means_that_are_all_left_out_are_counted() -> None:
    data = CopilData(invented_review(), composition=LATE)
    assert "Aucun des 2 moyens ne porte sur un objectif à traiter : ils sont au dossier entier." in _told(
        data, "moyens"
    )


def test_a_chapter_without_lateness_says_so_of_what_chapters_hold() -> None:
    """« Rien en retard… : … », of who carries the oldest of the decisions that are late, three pages before."""
    now = invented_review().situation
    late = {item.objective.key for item in now.to_treat}
    kept = tuple(item for item in now.dossier.objectives if item.key not in late)
    dossier = replace(now.dossier, objectives=kept, measurements=(), meteos=())
    data = CopilData(review_of(situation(dossier, now.day)), composition=LATE)
    told = [
        text
        for section, _ in copil._chosen(data)
        if not section.word
        for text in paragraphs(section.build(data))
    ]
    assert len(told) == 1
    assert told[0].startswith(
        "Ni objectif ni engagement en retard, à surveiller, non atteint ou compromis : "
    )
