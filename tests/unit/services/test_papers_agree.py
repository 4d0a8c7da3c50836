"""Papers of one day say one thing: what is promised, counted, late, and where it was read."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.alerts import ENGAGEMENT_SANS_SUIVI, VALEUR_ANCIENNE, VALEUR_PROVISOIRE
from qpvdesk.domain.concerns import people_words
from qpvdesk.domain.counts import turn
from qpvdesk.domain.expected import asked_of
from qpvdesk.domain.meetings import overdue
from qpvdesk.domain.model import Mesure, Objective, Sens
from qpvdesk.domain.points import PointNature
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.reports.composition import Choice, Composition
from qpvdesk.reports.ending import laid_out, pages_of
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Heading
from qpvdesk.reports.models import decree, disputes, poster, short
from qpvdesk.reports.models import note as note_paper
from qpvdesk.reports.models import partner as partner_sheet
from qpvdesk.reports.objectives import _start, current_cell
from qpvdesk.reports.sections import territories
from qpvdesk.reports.sections.decisions import expected_decisions
from qpvdesk.reports.slides import slides
from qpvdesk.reports.tables import DataTable, cell_texts
from qpvdesk.reports.valued import followed_pairs
from qpvdesk.services import bases, points, printing, state
from qpvdesk.services.desk import Desk
from qpvdesk.services.territories import official
from qpvdesk.storage.opening import open_base
from tests.bench.synthetic import dossier as synthetic
from tests.helpers import paper_text
from tests.helpers.blocks import three_hundred
from tests.helpers.reviews import review_of
from tests.unit.storage.samples import NOON

TODAY = date(2026, 11, 28)
printed_papers: dict[tuple[Path, int, str], bytes] = {}
"""By base, how much was written in it, and what was asked for."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The example. No test leaves anything in it."""
    path = tmp_path_factory.mktemp("papiers") / "base.db"
    bases.create_example(path, now=datetime.combine(TODAY, NOON.timetz()))
    return Desk(open_base(path), today=lambda: TODAY)


def words(desk: Desk, path: Path, model: str, *, altered: bool = False, **named: object) -> str:
    """Print, and return the words of the paper with plain spaces; what was printed of the same data is not printed again.

    `altered`: by a program of which the test has changed something.
    """
    request = printing.Request(model, **named)  # type: ignore[arg-type]
    paper = (desk.base.path, desk.base.connection.total_changes, repr(request))
    if altered or paper not in printed_papers:
        printing.write_report(request, printing.subject(desk, desk.contracts()[0].code, request), path)
        if not altered:
            printed_papers[paper] = path.read_bytes()
    else:
        path.write_bytes(printed_papers[paper])
    text = " ".join(paper_text.pages(path))
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def test_the_places_add_up_to_what_is_promised_and_send_to_no_annex(desk: Desk, tmp_path: Path) -> None:
    assert ", en annexe." not in words(desk, tmp_path / "a.pdf", "copil"), "this file has none"
    review = desk.review(desk.contracts()[0].code, TODAY)
    rows, _, _ = territories._rows(CopilData(review))
    assert sum(int(row[5]) for row in rows if row[5]) == len(review.situation.promised) == 37


def test_what_is_left_to_handle_follows_what_is_to_be_decided_where_tighter_rows_make_room(
    desk: Desk,
) -> None:
    """A fifth of the second page was blank for want of five points, its table in loose rows."""
    blocks = short.short(CopilData(desk.review(desk.contracts()[0].code, TODAY)))
    pages = pages_of(blocks)
    titles = {block.getPlainText(): pages[id(block)] for block in blocks if isinstance(block, Heading)}
    assert titles["Les autres objectifs à traiter"] == titles["Décisions à prendre"] == 2


def test_the_note_of_the_example_has_no_page_for_its_abbreviations_alone(desk: Desk) -> None:
    """A decision whose last word took a line sent « Sigles : QPV… » to a third page."""
    assert laid_out(note_paper.note(CopilData(desk.review(desk.contracts()[0].code, TODAY))))[0] == 2


def test_what_is_late_of_a_partner_is_told_of_what_counts(desk: Desk, tmp_path: Path) -> None:
    text = words(desk, tmp_path / "a.pdf", "copil", composition=Composition(late_only=True))
    late = "Sur 4 objectifs promis, 1 objectif est en retard, à surveiller ou non atteint"
    assert f"{late} ; 2 déclinaisons le sont aussi : le reste est" in text
    assert "Non comptées ici, 5 déclinaisons le sont avec ARS-O01." in text


def test_late_decisions_keep_their_names_beside_what_changed(desk: Desk, tmp_path: Path) -> None:
    """« Et 3 autres décisions en retard : ARS et communes, Bpifrance, France Travail » over five moves told with values."""
    now = desk.situation(desk.contracts()[0].code, TODAY)
    late = [" ".join(item.label.split()) for item in overdue(now.dossier, TODAY)]
    assert len(late) > 3
    text = words(desk, tmp_path / "a.pdf", "affiche", compared_with=date(2025, 12, 31))
    assert [label for label in late if label.rstrip(".") not in text] == []


def test_page_one_names_what_changed_under_the_words_of_the_officer(desk: Desk, tmp_path: Path) -> None:
    """« 3 évolutions : Éducation nationale (à lire dans la comparaison…) » as soon as its sentence was written."""
    phrase = (
        "La situation s’améliore lentement : trois objectifs sont tenus, et les bus attendent leur arbitrage."
    )
    chosen = Composition((Choice("essentiel", phrase), Choice("ordre-du-jour"), Choice("points")))
    text = words(desk, tmp_path / "a.pdf", "copil", composition=chosen)
    page = text[text.index(phrase) : text.index("Pour le secrétariat")]
    review = desk.review(desk.contracts()[0].code, TODAY)
    assert [move.objective.code for move in review.moves if f"({move.objective.code}" not in page] == []


def test_half_way_lists_as_many_as_it_counts_and_dates_each_value(desk: Desk, tmp_path: Path) -> None:
    now = desk.situation(desk.contracts()[0].code, TODAY)
    text = words(desk, tmp_path / "a.pdf", "mi-parcours")
    listed = text[text.index("Objectifs atteints Objectif") : text.index("Engagements compromis selon")]
    assert listed.count("relevé du") >= now.counts[Statut.ATTEINT] - 1
    assert "ARS-O01-D02" not in listed, "it shows inside its parent"


def test_a_first_value_is_neither_worse_nor_better(desk: Desk, tmp_path: Path) -> None:
    assert turn(Statut.NON_RENSEIGNE, Statut.CONFORME) == turn(Statut.CONFORME, Statut.SUIVI) == 0
    assert turn(Statut.SANS_TRAJECTOIRE, Statut.ATTEINT) < 0 == turn(Statut.SUIVI, Statut.ATTEINT)
    assert turn(Statut.ATTEINT, Statut.NON_ATTEINT) > 0 > turn(Statut.EN_RETARD, Statut.CONFORME)
    (first,) = [
        item for item in desk.dossier(desk.contracts()[0].code).meetings if item.day == date(2025, 12, 10)
    ]
    text = words(desk, tmp_path / "a.pdf", "comparaison", meeting=first.key)
    worse = text[text.index("Statut dégradé") :] if "Statut dégradé" in text else ""
    worse = worse[: worse.find("Autre statut")] if "Autre statut" in worse else worse
    assert "était « non renseigné »" not in worse
    assert "Autre statut (" in text


def test_a_provisional_value_is_read_where_it_was_not_where_the_promise_is(desk: Desk) -> None:
    contract = desk.contracts()[0].code
    review, dossier = desk.review(contract, TODAY), desk.dossier(contract)
    promises = {item.code: item.citation for item in dossier.objectives}
    found = [view.point for view in review.alerts if view.point.kind == VALEUR_PROVISOIRE]
    assert found
    assert all(point.citation is None or point.citation != promises[point.object] for point in found)


def test_an_alert_that_was_acknowledged_is_counted_by_no_page(desk: Desk, tmp_path: Path) -> None:
    contract = desk.contracts()[0].code
    silent = [
        view.point.ident
        for view in desk.review(contract, TODAY).alerts
        if view.point.kind == ENGAGEMENT_SANS_SUIVI
    ]
    points.acknowledge(desk, contract, silent[:4], "Vus en réunion technique")
    try:
        review = desk.review(contract, TODAY)
        text = words(desk, tmp_path / "a.pdf", "copil")
        said = state.as_json(review)["alertes"]
        left = len(silent) - 4
        assert (
            text.count(f"{left} engagements sans suivi (ni météo récente, ni objectif, ni chiffre suivi)")
            == 1
        )
        # The first page counts them among those whose météo is asked.
        assert text.count(f"{left} de ces engagements n’ont non plus ni objectif ni chiffre suivi") == 1
        assert "S’y ajoutent 4 alertes prises en compte." in text
        assert sum(not item["pris_en_compte"] for item in said) == len(review.waiting) == len(said) - 4
    finally:
        desk.undo()


def test_what_is_in_force_since_a_day_was_not_counted_that_day(desk: Desk) -> None:
    situation = desk.situation(desk.contracts()[0].code, TODAY)
    place = next(item for item in situation.dossier.territories if item.code == "62498")
    assert (
        people_words(situation, place)[0] == "32\u202f697\u00a0habitants au total (en vigueur au 01/01/2026)"
    )


def test_a_start_in_another_unit_is_told_beside_its_objective(
    desk: Desk, starter: Desk, tmp_path: Path
) -> None:
    text = words(desk, tmp_path / "a.pdf", "annuel")
    assert text.count("Départ compté en chefs de projet : l’avancement n’est qu’indicatif.") == 1
    assert "Labo de la participation, 2025 (prévu et payé)." in text, "two amounts are told as one means"
    # Where nothing is known of how far it came, nothing is said of that.
    text = words(starter, tmp_path / "b.pdf", "annuel")
    assert text.count("Départ compté en chefs de projet.") == 1


def test_an_objective_without_a_row_in_the_sheet_of_its_partner_keeps_its_value(
    desk: Desk, tmp_path: Path
) -> None:
    """Its engagements have boxes to tick, and three pages hold no more rows."""
    text = words(desk, tmp_path / "a.pdf", "partenaire", partner="BPI")
    assert "près de 3 800 en 2022" in text, "what a figure was is read where the talk is held"
    situation = desk.situation(desk.contracts()[0].code, TODAY)
    partner = next(item.partner for item in situation.partners if item.partner.code == "BPI")
    for item in situation.objectives_of_partner(partner.key):
        found = situation.assessments[item.key]
        if item.aim.promised and found.value is not None:
            assert current_cell(found, 1e4).texts[0].replace("\u202f", " ").replace("\xa0", " ") in text, (
                item.code
            )
            assert item.code in text
            # Its day stands with it: a row, or the line of those that have none.
            assert (
                f"{found.value_day:%d/%m/%Y}"
                in text[text.index("Objectifs chiffrés") :].partition(item.code)[2][:160]
            )


def test_the_short_file_names_each_partner(desk: Desk, tmp_path: Path) -> None:
    """Two of seven, which promised no objective, were named nowhere in it."""
    text = words(desk, tmp_path / "a.pdf", "court")
    partners = [item.partner for item in desk.situation(desk.contracts()[0].code, TODAY).partners]
    assert [item.code for item in partners if item.name not in text and item.usual_name not in text] == []
    (silent,) = re.findall(r"Sans objectif promis : ([^.]*)\.", text)
    assert silent == "Région, Département"
    assert f"Sans objectif promis : {silent}." in words(desk, tmp_path / "b.pdf", "copil")


def test_the_sheets_name_reserves_places_and_whose_quartiers(desk: Desk, tmp_path: Path) -> None:
    text = words(desk, tmp_path / "a.pdf", "partenaire", partner="REGION")
    # Nothing is late, missing or hindered there: what its promises do not say is asked.
    assert "programmes régionaux finissant avant. Trois programmes" in text
    assert "Qu’en est-il ?" in text
    assert text.count("Réserve : ") == 2
    text = words(desk, tmp_path / "b.pdf", "territoire", territory="D62")
    assert "ses 17 quartiers" not in text
    assert "des 17 quartiers du contrat" in text
    # Under « Météo à donner (45) », its figures were read as part of what is to ask.
    named = "Objectifs, chiffres suivis et de contexte"
    assert text.index("Météo à donner (") < text.index(named) < text.index("Au-dessus")
    # What « parité » is with stands over the rows that say it.
    assert text.index("Référence : Part des QPV dans la demande d’emploi") < text.index("15,9 % parité")
    # What is declined in the place is not without its part there; « ici », in the line of the région, was read of that.
    above = text.partition("Au-dessus")[2]
    assert above.startswith(" Hauts-de-France :")
    assert "3 objectifs promis sans quote-part ; 1 objectif promis, décliné plus haut (" in above
    assert " ici" not in above.partition("Notes de visite")[0]
    assert "Ici : Pas-de-Calais" in text
    # Nobody follows a figure of context.
    region = words(desk, tmp_path / "d.pdf", "territoire", territory="R32")
    assert "Objectifs et chiffres de contexte" in region
    assert "chiffres suivis" not in region
    assert "Bully-les-Mines" in words(desk, tmp_path / "c.pdf", "visite", territory="62186")


def test_the_sheet_of_a_commune_names_its_quartiers_and_counts_who_lives_there(
    desk: Desk, tmp_path: Path
) -> None:
    contract = desk.contracts()[0].code
    sheet = words(desk, tmp_path / "a.pdf", "territoire", territory="62498")
    for name in ("Cité 12-14", "Grande Résidence", "Cité 2", "Sellier Cité 4", "Les Hauts de Liévin"):
        assert name in sheet[: sheet.index("Au-dessus")]
    file = tmp_path / "pop2022.csv"
    file.write_text("codgeo;libgeo;pmun_qp24\nQN06226M;Cité 2;1 234\n", encoding="utf-8")
    official.take(desk, official.read(desk, contract, file))
    try:
        sheet = words(desk, tmp_path / "b.pdf", "territoire", territory="62498")
        assert "1 234 habitants dans ses quartiers (au 01/01/2022) : 1 quartier sur 5 ; manquent" in sheet
    finally:
        desk.undo()


def test_a_total_that_nobody_dated_is_told_no_start() -> None:
    total = Objective(
        "o",
        "c",
        "p",
        "P-O1",
        "Ateliers",
        "emploi",
        territory="t",
        sens=Sens.HAUSSE,
        mesure=Mesure.CUMUL,
        unit="ateliers",
    )
    assert _start(total, 50).texts == ("–",)
    dated = replace(total, start_date=date(2024, 1, 1))
    assert _start(dated, 50).texts == ("0", "début\u00a02024")


def test_the_note_of_a_means_stands_under_its_name_and_nothing_denies_it(desk: Desk, tmp_path: Path) -> None:
    text = words(desk, tmp_path / "a.pdf", "copil")
    notes = [" ".join(item.note.split()) for item in desk.dossier(desk.contracts()[0].code).fundings]
    assert any("non des équivalents temps plein" in note for note in notes)
    assert [note for note in notes if note[:40] not in text] == []
    assert "comptés en équivalents temps plein" not in text


def test_the_silent_engagements_are_told_by_the_rule_and_sent_where_they_are(
    desk: Desk, tmp_path: Path
) -> None:
    text = words(desk, tmp_path / "a.pdf", "copil")
    assert "ni chiffre)" not in text
    # By partner there: the chapters count other things.
    assert "engagements sans suivi (ni météo récente, ni objectif, ni chiffre suivi) : Département 2" in text
    assert "fiche du partenaire" not in text


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The starter contract, of which nothing was followed. No test leaves anything in it."""
    path = tmp_path_factory.mktemp("depart") / "base.db"
    bases.create(path, "lens-lievin", now=datetime.combine(TODAY, NOON.timetz()))
    return Desk(open_base(path), today=lambda: TODAY)


def test_the_year_counts_as_local_means_those_of_the_agglomeration_and_the_communes(
    starter: Desk, tmp_path: Path
) -> None:
    text = words(starter, tmp_path / "a.pdf", "annuel")
    assert "Chiffres et objectifs sans valeur de l’année" in text, (
        "the 37 without one are no figures without target"
    )
    assert "trait noir" not in text, "no bar is drawn of what is kept or not"
    chapters = text[text.index("Ce que demande le décret") :]
    assert "à écrire par elles." in chapters, "of what the agglomération did this year nothing is noted"
    assert "Manque : leurs propres moyens" in chapters
    assert "Manque : les orientations du contrat ; " in chapters
    assert "sont ceux de partenaires (Région et France Travail), non du contrat." in chapters
    # Parities and floors are to keep at each value: they wait for no date.
    assert (
        "18 objectifs promis n’ont pas d’échéance : France Travail 8, Éducation nationale 5, ARS 2, CALL 2, Bpifrance 1."
        in text
    )
    means = text[text.index("Moyens notés pour 2026") : text.index("Participation et gouvernance")]
    assert "BPI-F01" in means
    assert "CD62-F01" not in means, "its years are 2019 to 2023"
    assert "6 moyens sont notés pour d’autres années que 2026" in means
    told = state.summary_sentence(starter.review(starter.contracts()[0].code, TODAY))
    assert "; à part, 10 déclinaisons et 74 chiffres de contexte." in told, "each has its row in `etat`"
    told = state.summary_sentence(starter.review(starter.contracts()[0].code, TODAY), "REGION")
    assert "\u202f: aucun objectif ni indicateur\u202f; à part, 2 chiffres de contexte." in told
    review = starter.review("lens-lievin", TODAY)
    funding = review.situation.dossier.fundings[0]
    (call,) = [item for item in review.situation.dossier.partners if item.code == "CALL"]
    own = replace(funding, partner=call.key, first_year=2026, last_year=2026)
    dossier = replace(
        review.situation.dossier, fundings=(own, replace(funding, first_year=2026, last_year=2026))
    )
    assert decree._local_means(CopilData(review_of(situation(dossier, TODAY)))) == [own]


def test_the_sheet_of_a_place_counts_a_promise_once_with_those_that_decline_it(
    starter: Desk, tmp_path: Path
) -> None:
    text = words(starter, tmp_path / "a.pdf", "territoire", territory="62498")
    now = starter.situation("lens-lievin", TODAY)
    (place,) = [item for item in now.dossier.territories if item.code == "D62"]
    count = sum(item.territory == place.key for item in now.promised)
    above = text[text.index("Au-dessus") :].partition(f"{place.name} : ")[2]
    assert f" ; {count} objectifs promis" in above[:200]


def test_half_way_says_of_how_many_nothing_is_said(starter: Desk, tmp_path: Path) -> None:
    text = words(starter, tmp_path / "a.pdf", "mi-parcours")
    assert "Engagements sécurisés" not in text, "told once, in the table of météos"
    assert "Aucune promesse n’est abandonnée" not in text
    assert "Inconnu : aucun des 142 engagements n’a de météo." in text, "not a table of zeros"


def test_the_note_says_what_is_unknown_and_every_reserve_is_named_or_counted(
    starter: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = words(starter, tmp_path / "a.pdf", "note")
    assert len(paper_text.pages(tmp_path / "a.pdf")) == 1, "not three lines on a second page"
    assert (
        "Sur 37 objectifs promis ou proposés, 1 est à traiter et 7 sont atteints, tous à une échelle plus large ; "
        "29 n’ont pas de valeur." in text
    ), "first what is kept of it in one sentence"
    assert (
        "7 sont atteints ou tenus, d’après des valeurs du 31/12/2023, d’avant le contrat, et 1 est à traiter, tous"
        " à une échelle plus large ; 29 ne sont pas renseignés." in text
    )
    assert text.count("Réserve : ") == 5, "each named so, whatever its first words"
    assert "Parité lue dans une seule phrase du texte, que nous appliquons" in text, (
        "our reading is nobody's reserve"
    )
    assert "Réserve : Sous réserve des crédits disponibles" in text
    assert "Réserve : «" not in text, "what sums a document up is not quoted from it"
    assert "en droit commun comme en crédits spécifiques. 3 autres réserves." in text
    # Where the pages hold them, those of one engagement are told as well.
    monkeypatch.setattr(note_paper, "_SECOND_MIN", 0)
    text = words(starter, tmp_path / "a.pdf", "note", altered=True)
    assert "le zonage évolue si les préfets arrêtent une nouvelle carte (ARS-E16) ; " in text
    assert "doivent être connus et partagés. 2 autres réserves." in text
    assert "Réserves en entier au dossier du comité." in text, "the starter has no brake"
    assert "Agence régionale de santé Hauts-de-France, 4 objectifs : " in text


def test_the_map_of_the_slides_names_each_place_where_something_is_promised_and_no_other(
    starter: Desk, tmp_path: Path
) -> None:
    """Three mayors looked for their town, while three where nothing is promised were named."""
    text = words(starter, tmp_path / "a.pdf", "diapositives")
    shown = text[text.index("Les lieux des promesses") :]
    assert all(name in shown for name in ("Grenay", "Fouquières-", "Montigny", "Harnes"))
    assert not any(name in shown for name in ("Servins", "Carency", "Vimy"))
    wider = "7 objectifs se mesurent à l’échelle du contrat, 30 plus largement."
    assert f"Le nombre : engagements du lieu. {wider}" in shown
    assert f"combien d’engagements y sont rattachés. {wider}" in words(starter, tmp_path / "b.pdf", "copil")
    assert f"engagements du lieu. {wider}" in words(starter, tmp_path / "b.pdf", "affiche")
    assert "rien n’est promis" not in shown, "what nobody names is not told that nothing is promised to it"
    assert "Sources : ANCT" in shown
    assert (
        "au 31/12/2023. La part comparée porte sur un an, la référence sur un jour. Qui le porte : France Travail."
        in text
    ), "a slide goes alone"
    # Where there is room, how a target is read stands beside its figure, whether or not that is dated.
    for read in (
        "Cible lue : « 100 % des QPV », « en 5 ans », note non datée",
        "Cible lue : 200, pour 117 au départ, non daté",
        "Cible lue : 60, pour 11 au départ, hors Marseille en Grand et non daté",
    ):
        assert read in text
    # A list that is cut says what it leaves out: one reserve is told of a partner that made five.
    assert "par une note non datée. 4 autres réserves, au dossier." in text


def test_what_a_sheet_or_a_poster_leaves_out_is_counted(
    starter: Desk, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Rows stand closer before one is left out.
    assert "autres décisions en retard" not in words(desk, tmp_path / "c.pdf", "affiche")
    review = starter.review("lens-lievin", TODAY)
    text = words(starter, tmp_path / "a.pdf", "affiche")
    assert re.findall("• ((?:Fin|Début) [0-9]{4}),", text) == ["Fin 2027", "Début 2029"]
    assert len(review.agenda) == 2, "its column has room for all"
    assert "autres échéances" not in text
    assert "échéance de 2 objectifs (ARS)." in text
    assert "Sigles : QPV, quartiers prioritaires de la politique de la ville ; ARS, Agence" in text
    monkeypatch.setattr(poster, "_DATES_MAX", 1)
    text = words(starter, tmp_path / "a.pdf", "affiche", altered=True)
    left = review.agenda[1:]
    assert any(len(item.codes) > 1 for item in left), "a line may hold several"
    assert f"Et {sum(len(item.codes) for item in left)} autres échéances, la dernière début 2029" in text
    text = words(starter, tmp_path / "b.pdf", "partenaire", partner="ARS")
    findings = [
        view.point
        for view in starter.review("lens-lievin", TODAY).findings
        if view.point.nature is PointNature.CONTRADICTION and view.point.object.startswith("ARS-")
    ]
    asked = text[text.index("Questions à poser") : text.index("Objectifs chiffrés")]
    assert asked.count("Quelle règle appliquez-vous") + asked.count("D’où vient l’écart") + asked.count(
        "Que manque-t-il à la liste"
    ) == min(3, len(findings))


def test_the_name_of_a_point_goes_on_after_its_nature(starter: Desk, tmp_path: Path) -> None:
    text = words(starter, tmp_path / "a.pdf", "copil")
    assert "Contradiction : un" in text
    assert "Contradiction : U" not in text


def test_what_hinders_one_engagement_is_said_of_it_and_not_of_its_partner(desk: Desk, tmp_path: Path) -> None:
    note = words(desk, tmp_path / "a.pdf", "note")
    assert "sur « Ouvrir des Carrefours de l’entrepreneuriat » (BPI-E03) : «" in note
    # The préfet has no file: each is named in the note, in a list or in a sentence.
    assert "Ouvrir le lieu totem (" in note
    assert "Étapes en retard" in note, "no visit is late in that list"
    assert "Confié à vos services : proposer une permanence France services" in note
    assert "Frein signalé le 25/11/2025 (ancien) sur" in note
    half_way = words(desk, tmp_path / "b.pdf", "mi-parcours")
    assert "Pourquoi" not in half_way, "what hinders is no cause"
    # What is noted of the rule of parity is told of the services under their weight, as noted there.
    named = "« Servir les demandeurs d’emploi des QPV au moins à hauteur de leur poids » (FT-E01)"
    noted = f"(signalé le 12/05/2026 sur {named})."
    assert half_way.count(noted) == 1, "and once"
    assert "Frein : le même que pour FT-O06." in half_way


def test_what_goes_well_is_told_done_apart_from_under_way(desk: Desk, tmp_path: Path) -> None:
    counts = desk.situation(desk.contracts()[0].code, TODAY).counts
    done, ahead = counts[Statut.ATTEINT], counts[Statut.EN_AVANCE] + counts[Statut.CONFORME]
    assert done
    assert ahead
    text = words(desk, tmp_path / "a.pdf", "note")
    near = "en avance sur l’attendu, ou en deçà de 5 points au plus"
    assert f"{done} sont atteints ou tenus et {ahead} sont {near}" in text
    assert "11 cibles seraient manquées (Bpifrance 10, ARS 1), dont" in text
    # Page one has it alone to settle, and a national target for information.
    assert "À regarder d’abord : Coordonnateurs à temps partiel" in text


def test_a_share_names_what_it_is_compared_with_and_an_old_one_is_asked_again_first(
    starter: Desk, tmp_path: Path
) -> None:
    sheet = words(starter, tmp_path / "a.pdf", "partenaire", partner="FT")
    assert (
        "Trait vertical : la référence (FT-O01). Marque : la part mesurée. À droite : l’écart en points. L’axe"
        in sheet
    )
    assert "CIE) des jeunes jeunes seulement · Pas-de-Calais · par an 4,2 %" in sheet.replace(
        "31/12/2023 ", ""
    ), "followed, not judged"
    parity = "Référence : Part des QPV dans la demande d’emploi (cat. A, B, C) (FT-O01)"
    once = f"{parity}. Toute part comparée porte sur un an, la référence sur un jour."
    assert sheet.count(parity) == sheet.count(once) == sheet.count("porte sur un an") == 1, (
        "of the whole sheet, where it is first met"
    )
    for model in ("annuel", "mensuel", "mi-parcours", "copil", "comparaison"):
        told = words(starter, tmp_path / "c.pdf", model)
        assert parity in told
    note = words(starter, tmp_path / "b.pdf", "note")
    assert "Référence : Part des QPV dans la demande d’emploi" in note
    assert (
        "Obtenir la valeur à jour de 8 objectifs et de leur référence (France Travail), d’abord de l’objectif"
        in note
    )
    assert "1 non atteint, 7 atteints. Ces 8 valeurs datent d’avant le contrat" in note
    assert "FT-O12 · département · non atteint, en 2023" in note
    assert not re.search(r"(au|en) (\S+) : [\d,]+ % \1 \2", note), "one day is said once"
    assert "cible révisée" not in note, "the weight of the quartiers is no target to revise"


def test_a_target_keeps_the_words_of_its_document(starter: Desk, desk: Desk, tmp_path: Path) -> None:
    sheet = words(starter, tmp_path / "a.pdf", "partenaire", partner="BPI")
    assert "plus de 450 M€ fin 2027" in sheet
    assert "près de 600 M€ sans échéance" in sheet, "no date that the document does not say"
    assert "« Plus de » 1 300, en 2022." in sheet
    sheet = words(starter, tmp_path / "b.pdf", "partenaire", partner="ARS")
    assert (
        "Cible lue : 52 postes ouverts + 27 à recruter, nos sommes (le texte recense 44 ARMS) ; note non datée"
        in sheet
    )
    assert "01/01/2029" not in sheet, "no day that the document does not say"
    late = words(desk, tmp_path / "c.pdf", "partenaire", partner="BPI")
    assert "Nouveaux fonds" in late
    assert "En retard" not in late.partition("Nouveaux fonds (subventions")[2].partition("BPI-")[0]


def test_a_sheet_asks_of_as_many_contradictions_as_the_file_counts(starter: Desk, tmp_path: Path) -> None:
    counted = re.search(
        r"contradictions de chiffres \(ARS (\d+)", words(starter, tmp_path / "a.pdf", "copil")
    )
    assert counted is not None
    sheet = words(starter, tmp_path / "b.pdf", "partenaire", partner="ARS")
    assert int(counted[1]) == 1 == len(re.findall(r"D’où vient l’écart|Que manque-t-il|Quelle règle", sheet))
    asked, _, reckoned = sheet.partition("Comptes et calculs derrière les questions")
    # Nobody says nine lines of arithmetic at a table.
    assert "Sur quelle base comptez-vous ce qui est couvert ? (7 calculs en fin de fiche)" in asked
    assert "(2 comptes en fin de fiche)" in asked, "what is listed is counted, not reckoned"
    assert "361 198" not in asked
    assert "habitants non couverts, Nord : 119 134, contre 101 198 habitants" in reckoned
    assert "Reste à lever" not in sheet
    now = situation(starter.base.dossier(starter.contracts()[0].key), TODAY)
    (ars,) = (item.key for item in now.dossier.partners if item.code == "ARS")
    told = disputes.reckoned(CopilData(review_of(now)), ars)
    # One dash stood at the foot of a page, under its title and what leads to it.
    held = [bool(getattr(block, "keepWithNext", 0)) for block in told if block.getPlainText().startswith("–")]
    assert held == [True, False, True, *[False] * 4, True, False]


def test_the_year_counts_the_older_values_that_came_in_since(desk: Desk, tmp_path: Path) -> None:
    text = words(desk, tmp_path / "a.pdf", "annuel")
    assert "Chiffres et objectifs sans valeur de l’année" in text
    renewal = text[text.index("Articulation avec le renouvellement urbain") :]
    assert (
        "(REGION-E10) ; plus haut, entre autres : Renouvellement urbain, crédits prévus sur trois ans"
        " (REGION-F01). Avis des" in renewal
    ), "a means that no document is cited for is not the contract's"
    assert "une valeur antérieure à 2026, saisie depuis le 31/12/2025." in text
    # Three of the six were counted twice, and read as others.
    assert "13 autres objectifs ont un relevé nouveau" in text
    assert "en améliorent 6 autres, dont 3 des 13 ci-dessus ; détail sous le titre suivant." in text
    # A reference may be named in between: « en ont reçu une » was read of it.
    assert re.search(r"objectifs ont reçu une valeur d’alors ou d’avant, à statut égal\.", text)
    assert re.search(
        r"Personnes détectées par les bus \(BPI-O20\), près de 3 800 en 2022 5 900 en 2025", text
    )
    assert "5 chiffres suivis, sans relevé reçu depuis le 31/12/2025 Chiffre suivi" in text
    assert "Chiffres sans valeur nouvelle" not in text


def test_a_move_says_the_day_of_both_values(desk: Desk, tmp_path: Path) -> None:
    text = words(desk, tmp_path / "a.pdf", "annuel")
    assert "55 postes relevé du 01/01/2025 66 postes relevé du 01/06/2026" in text
    # What became of what was announced is not said: a meeting may have decided of it.
    assert "Suites annoncées, chacune au jour de sa météo" in text


@pytest.mark.parametrize(
    ("model", "title"),
    [
        ("annuel", "Ce qui a changé depuis"),
        ("mi-parcours", "Ce qui a changé de statut"),
        ("court", "Les autres objectifs à traiter"),
    ],
)
def test_a_reference_is_named_where_shares_are_set_against_it(
    desk: Desk, tmp_path: Path, model: str, title: str
) -> None:
    told = words(desk, tmp_path / "a.pdf", model).partition(title)[2][:4500]
    value, _, named = told.partition("Référence : Part des QPV dans la demande d’emploi")
    assert "référence " in value
    assert named
    assert "Chiffres :" not in value, "under that list itself"


def test_what_a_parity_is_with_is_told_before_the_rows_that_say_it(desk: Desk, tmp_path: Path) -> None:
    """The table went on overleaf, and who read « parité » at the foot of a page did not know with what."""
    reference = (
        "Référence : Part des QPV dans la demande d’emploi (cat. A, B, C) (FT-O01), 15,9 % au 31/12/2025."
        " Toute part comparée porte sur un an, la référence sur un jour."
    )
    chapter = words(desk, tmp_path / "a.pdf", "copil").partition("Partenaire · FT")[2]
    table, _, drawing = chapter.partition("Parts comparées à leur référence")
    assert table.index(f"Objectifs chiffrés {reference}") < table.index("≥ 15,9 % parité")
    # The drawing goes by the code of what was named.
    assert drawing.startswith(" Trait vertical : la référence (FT-O01). Marque : la part mesurée.")
    assert table.count("porte sur un an") == 1
    assert "porte sur un an" not in drawing.partition("Chiffres suivis")[0]
    chapter = words(desk, tmp_path / "b.pdf", "annuel").partition("Chiffres : France Travail")[2]
    assert chapter.index(reference) < chapter.index("≥ 15,9 % parité")


@pytest.mark.parametrize(
    ("model", "named", "told"),
    [
        ("partenaire", {"partner": "FT"}, "15,1 % en 2025, pour une référence de 15,9 % au 31/12/2025."),
        ("court", {}, "15,1 % en 2025, pour une référence de 15,9 % au 31/12/2025."),
        ("mi-parcours", {}, "référence 16,1 % au 31/12/2024 (provisoire), puis 15,9 % au 31/12/2025"),
    ],
)
def test_the_value_of_a_reference_has_its_day(
    desk: Desk, tmp_path: Path, model: str, named: dict[str, str], told: str
) -> None:
    assert told in words(desk, tmp_path / "a.pdf", model, **named)


def test_what_neither_list_of_the_midterm_has_is_told_after_both(desk: Desk, tmp_path: Path) -> None:
    text = words(desk, tmp_path / "a.pdf", "mi-parcours")
    rest = text.index("18 autres objectifs sont au dossier du comité de pilotage, par partenaire")
    assert text.index("Objectifs atteints") < rest < text.index("Engagements compromis selon leur météo")


def test_promises_without_a_date_are_counted_as_such(desk: Desk, starter: Desk, tmp_path: Path) -> None:
    """« Échéance (2) » counted causes: of three promises, where eighteen have no date. Of the others one was not told, that
    is printed « sans échéance »."""
    text = words(starter, tmp_path / "a.pdf", "copil")
    told = text.partition("Échéance (2, pour 3 objectifs) : ")[2]
    assert "BPI-OF02" in told[:200]
    apart = "Hors de ce compte : une borne ou une parité, jugée à chaque valeur"
    # Not « sous « Base manquante » », where of many there is a count, and no code to find it by.
    based = "ARS-O04, dont la base manque aussi."
    assert f"(CALL-O02, O04). Demandez au partenaire pour quand il s’engage. {apart} ; {based}" in told
    # Of the example, two are reached.
    assert f"pour quand il s’engage. {apart} ; ce qui est atteint ; {based}" in words(
        desk, tmp_path / "b.pdf", "copil"
    )


def test_a_partner_has_lines_to_write_on_where_tables_can_leave_them_room(desk: Desk, tmp_path: Path) -> None:
    for partner in ("FT", "EN"):
        assert "Notes de l’entretien" in words(desk, tmp_path / "a.pdf", "partenaire", partner=partner)


def test_values_from_before_the_contract_are_told_so_where_they_are_called_reached(
    starter: Desk, tmp_path: Path
) -> None:
    text = words(starter, tmp_path / "a.pdf", "mi-parcours")
    assert "Les 8 valeurs connues des objectifs promis datent d’avant le contrat" in text
    assert "Premier relevé" not in text, "it is the value that is known"
    # Each table counts its own rows.
    assert "Ces 7 valeurs datent d’avant le contrat (début 2024)." in text
    assert "Cette valeur date d’avant le contrat (début 2024)." in text


def test_a_reserve_is_read_where_it_is_told_and_letters_are_spelt(starter: Desk, tmp_path: Path) -> None:
    text = words(starter, tmp_path / "a.pdf", "copil")
    assert "(REGION-E11) : Les actions doivent répondre au cahier des charges des dispositifs." in text
    assert "Réserves sur " not in text, "a code alone sends to another page"
    first = text[: text.index("Sommaire")]
    assert "QPV, quartiers prioritaires de la politique de la ville ; ARS, Agence régionale de santé" in first
    assert "9 valeurs anciennes d’objectifs promis ou de leur référence" in text
    assert "653 409 notre somme de 5, non daté 4 34" in text
    # A chapter that has no row for its figures keeps what their rows say.
    now = starter.review(starter.contracts()[0].code, TODAY).situation
    (pairs,) = followed_pairs(now, [now.objective_by_code(code) for code in ("BPI-O29", "BPI-O56")])
    assert isinstance(pairs, DataTable)
    said = " ".join(told for value in pairs.cells[0] for told in cell_texts(value))
    said = said.replace("\u202f", " ").replace("\u00a0", " ")
    assert (
        "(BPI-O29), hors Marseille en Grand ; texte non daté : 31/12/2023 par convention 122 au 31/12/2023"
        in said
    )
    # The year that is not told is that of 8 000.
    assert (
        "(BPI-O56), année non dite, postérieure à 2021 : 31/12/2023 par convention ; 7 000 en 2021 8 000 par an,"
        " au 31/12/2023"
    ) in said
    assert "BPI-O14 Nouveaux entrepreneurs" in text, "the targets that nobody gave a value of are still read"


def test_values_left_provisional_are_asked_about_last_and_by_their_day(desk: Desk, tmp_path: Path) -> None:
    text = words(desk, tmp_path / "a.pdf", "partenaire", partner="FT")
    asked = text[text.index("Questions à poser") : text.index("Objectifs chiffrés")]
    assert "Quelles sont les valeurs définitives des " in asked
    assert "chiffres promis ou suivis du 31/12/2024, encore provisoires ?" in asked
    assert asked.index("Que prévoyez-vous localement") < asked.index("Quelles sont les valeurs définitives")
    assert "4,2 % (2023) à 9,1 % (2025)" in text, "what became of a plan that a committee asked for"


def test_a_page_is_headed_by_the_short_name_and_a_point_by_no_code_that_nobody_says(
    starter: Desk, tmp_path: Path
) -> None:
    text = words(starter, tmp_path / "a.pdf", "copil")
    name = starter.dossier("lens-lievin").contract.name.replace("\u202f", " ").replace("\u00a0", " ")
    pages = len(paper_text.pages(tmp_path / "a.pdf"))
    assert text.count(f"{name} – comité de pilotage") == pages - 1, (
        "whole at the head of each page but the cover"
    )
    assert "L’axe brisé ne part pas de zéro." in text
    points_told = text[text.index("Rien n’est corrigé en silence") :]
    assert "COL-AVION-LANGEVIN" not in points_told
    assert "REF-CPER-2021-2027" not in points_told
    assert (
        "pour la référence (« Part des QPV dans la demande d’emploi (cat. A, B, C) »), soit 0,6 point de moins ;"
        " la parité n’est pas tenue (FT-O12)." in points_told
    ), "the full stop of « cat. » ends no sentence"


def test_a_share_moved_says_what_it_was_and_is_compared_with_and_what_was_provisional(
    desk: Desk, tmp_path: Path
) -> None:
    (first,) = [
        item for item in desk.dossier(desk.contracts()[0].code).meetings if item.day == date(2025, 12, 10)
    ]
    moves = desk.review(desk.contracts()[0].code, TODAY, compared_with=first.day).moves
    (told,) = [move.told for move in moves if move.objective.code == "FT-O06"]
    assert told.replace("\u202f", " ").startswith(
        "de 17,8 % en 2024 (provisoire, référence provisoire 16,1 %) à 15,1 % en 2025 (référence 15,9 %),"
    )
    text = words(desk, tmp_path / "a.pdf", "mi-parcours")
    assert "référence 16,1 % au 31/12/2024 (provisoire), puis 15,9 % au 31/12/2025" in text
    assert "provisoire, en 2024" in text


def test_a_unit_is_read_as_words(desk: Desk, tmp_path: Path) -> None:
    text = words(desk, tmp_path / "a.pdf", "partenaire", partner="CALL")
    assert "étape · agglomération" not in text
    text = words(desk, tmp_path / "b.pdf", "saisie")
    assert "À défaut : le nombre compté, et celui du départ" in text
    assert "total depuis le début" not in text, "of what"
    assert "Avec ses deux nombres, comme au 31/12/2023 (19 072 sur 116 528) 16,1 %" in text, (
        "a share is confirmed with its terms"
    )


def test_a_form_says_of_whom_its_figures_are_as_the_papers_do(starter: Desk, tmp_path: Path) -> None:
    text = words(starter, tmp_path / "a.pdf", "saisie")
    for told in (
        "QPV, hors Marseille en Grand",
        "60, pour 11 au départ, hors Marseille en Grand",
        "chefs de projet",
    ):
        assert told in text


def test_a_slide_is_a_page(desk: Desk, starter: Desk, tmp_path: Path) -> None:
    for base in (desk, starter):
        review = printing.subject(base, base.contracts()[0].code, printing.Request("diapositives"))
        pages = printing.write_report(printing.Request("diapositives"), review, tmp_path / "a.pdf")
        assert pages == len(slides(CopilData(review)))


def test_a_meeting_to_come_is_told_of_as_of_the_day_that_is_asked(desk: Desk) -> None:
    code, asked = desk.contracts()[0].code, date(2026, 10, 1)
    meeting = max(desk.dossier(code).meetings, key=lambda item: item.day)
    assert meeting.day > TODAY
    for model in ("decisions", "convocation", "copil"):
        request = printing.Request(model, meeting=meeting.key)
        assert printing.subject(desk, code, request, asked).situation.day == asked, model
        assert printing.subject(desk, code, request).situation.day == TODAY, model


def test_alert_decision_question_form_and_state_ask_one_partner_for_the_late_part_of_a_total(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The annex sent to the Département for a part of the Région's total, the sheet and the count to the Région."""
    now = situation(synthetic(0, 300, 33), date(2026, 9, 30))
    review = review_of(now)
    data = CopilData(review)
    only_followed = {item.code for item in now.promises if not item.aim.promised}
    aged = [view for view in review.alerts if view.point.kind == VALEUR_ANCIENNE]
    counted = Counter(view.point.partner for view in aged if view.point.object not in only_followed)
    (asked,) = [text for text in expected_decisions(data) if text.startswith("Obtenir la valeur à jour")]
    named = dict(re.findall(r"([^(),]+) (\d+)", asked.partition("(")[2].partition(")")[0]))
    assert {now.partner(key or "").usual_name: str(many) for key, many in counted.items()} == {
        name.strip(): many for name, many in named.items()
    }
    # Those of others are no objectives, and are not counted as some.
    own, parts = map(int, re.findall(r" de (\d+)\sobjectifs et (\d+)\sdéclinaisons \(", asked)[0])
    assert (own + parts, parts) == (sum(counted.values()), 4)
    # All are named, however many.
    monkeypatch.setattr(partner_sheet, "_FIRST", 99)
    for told, part in (("REGION-O021", "CD-O027"), ("BPI-O032", "ARS-O042"), ("BPI-O032", "EN-O039")):
        for code in (told, part):
            holder = now.objective_by_code(code).partner
            partner, asks = now.partner(holder), code == part
            (question,) = [
                text
                for block in partner_sheet._questions(data, holder)
                if hasattr(block, "getPlainText")
                and (text := block.getPlainText()).startswith("Quand donnerez-vous la valeur à jour")
            ]
            assert f"({told})" not in question
            assert (re.search(rf"\({part}(?:, [^()]+)?\)", question) is not None) is asks
            assert (part in [item.objective.code for item in asked_of(now, holder)]) is asks
            alerts = state.as_json(review, partner.code)["alertes"]
            of_part = [item for item in alerts if f"({part}) date du" in item["message"]]
            assert [item["objet"] for item in of_part] == [told] * asks
            assert all(f"au partenaire ({partner.usual_name})" in item["remede"] for item in of_part)


def test_what_is_late_keeps_its_row_on_a_slide_before_all_that_is_told_of_brakes(desk: Desk) -> None:
    """« Bus de l’Entrepreneuriat », late, went among « 16 autres » for « 1 autre frein signalé »; where none has room to be
    quoted, a partner passed for one that has none."""
    deck = {slide.title: slide for slide in slides(CopilData(desk.review(desk.contracts()[0].code, TODAY)))}
    slide = deck["Bpifrance"]
    assert slide.table is not None
    assert slide.table.statuses == (Statut.EN_RETARD,) * 3
    assert "Frein signalé le 11/05/2026 sur" in slide.left_out
    # Of two, the other was not even counted.
    assert slide.message.endswith("2 freins signalés, dont 1 cité ci-dessous.")
    assert deck["France Travail, Pas-de-Calais"].left_out.endswith("2 freins signalés, au dossier.")


def test_no_partner_of_a_large_contract_passes_for_one_that_nothing_hinders() -> None:
    """Two slides of seven had a hindrance, the five others nothing; the note has some of all seven."""
    chapters = [slide for slide in slides(three_hundred()) if slide.bars and slide.table is not None]
    assert len(chapters) == 7
    assert all("freins signalés" in f"{slide.message} {slide.left_out}" for slide in chapters)
    # What room there is stays with the rows.
    assert [len(slide.table.rows) for slide in chapters if slide.table] == [4] * 7
