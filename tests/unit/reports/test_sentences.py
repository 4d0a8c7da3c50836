"""What the sentences of the papers add to a count: its age, its pace, whose it is; what is asked, and of what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from reportlab.platypus import Flowable

from qpvdesk.domain.french import enumerate_words, format_date, plural
from qpvdesk.domain.meetings import carrier_words
from qpvdesk.domain.model import (
    Aggregation,
    Condition,
    CounterValue,
    Decision,
    DecisionState,
    Dossier,
    Frequency,
    Measurement,
    Meeting,
    MeetingKind,
    Mesure,
    Meteo,
    Sens,
    Step,
    Visit,
    Weather,
)
from qpvdesk.domain.moves import moves_between, references_words
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.themes import PARTICIPATION
from qpvdesk.domain.wording import reserve_words
from qpvdesk.reports.cells import Figure
from qpvdesk.reports.copied_blocks import reading_order
from qpvdesk.reports.ending import laid_out, tightened
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.models.midterm import midterm
from qpvdesk.reports.models.monthly import attention, monthly
from qpvdesk.reports.models.note import _to_say, note
from qpvdesk.reports.models.partner import partner_sheet
from qpvdesk.reports.models.parts import participation_figures
from qpvdesk.reports.models.yearly import yearly
from qpvdesk.reports.objectives import followed_table, read_alone
from qpvdesk.reports.pace import _of_well, too_slow_words
from qpvdesk.reports.references import reference_words
from qpvdesk.reports.sections.decisions import expected_decisions
from qpvdesk.reports.sections.engagements import news_of
from qpvdesk.reports.sections.essential import secretariat_sentence, to_treat_line
from qpvdesk.reports.sections.headline import headline, summary_sentence
from qpvdesk.reports.sections.method import method
from qpvdesk.reports.sections.moves import comparison, moves_table
from qpvdesk.reports.slide_tables import redated
from qpvdesk.reports.slides import slides
from qpvdesk.reports.style import load_fonts
from qpvdesk.reports.tables import DataTable
from qpvdesk.reports.text import shorten_words
from qpvdesk.reports.valued import followed_pairs, value_words
from tests.helpers import invented
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, busy

SPACES = str.maketrans("\u202f\u00a0", "  ")


def _data(dossier: Dossier) -> CopilData:
    return CopilData(review_of(situation(dossier, DAY)))


def _alone(count: int, *values: tuple[str, int], start: str = "2024-01-01") -> Dossier:
    """That many objectives from 0 to 100 by 2028, each with those values."""
    base = busy()
    model = next(item for item in base.objectives if item.aim.way > 0 and item.parent is None)
    items = tuple(
        replace(
            model,
            key=f"o{rank}",
            code=f"P1-O{rank:02}",
            label=f"Lieux ouverts, suite {rank}",
            start_value=Decimal(0),
            start_date=date.fromisoformat(start),
            target_value=Decimal(100),
            target_date=date(2028, 1, 1),
            mesure=Mesure.STOCK,
        )
        for rank in range(1, count + 1)
    )
    measured = tuple(
        Measurement(f"{item.key}-{day}", item.key, item.territory, date.fromisoformat(day), Decimal(value))
        for item in items
        for day, value in values
    )
    return replace(base, objectives=items, measurements=measured, milestones=(), populations=())


def _at(values: tuple[int, ...]) -> Dossier:
    """As many of them as those values, from 23 on 01/01/2025 each to its own on 15/02/2026."""
    base = _alone(len(values), ("2025-01-01", 23), ("2026-02-15", 49))
    by_key = {f"o{rank}": Decimal(value) for rank, value in enumerate(values, 1)}
    last = max(item.day for item in base.measurements)
    measured = tuple(
        replace(item, value=by_key[item.objective]) if item.day == last else item
        for item in base.measurements
    )
    return replace(base, measurements=measured)


def _sentence(dossier: Dossier) -> str:
    return summary_sentence(situation(dossier, DAY)).translate(SPACES)


def test_a_count_says_that_its_values_are_older_than_the_contract() -> None:
    old = _alone(2, ("2023-12-31", 9), start="2020-01-01")
    contract = replace(old.contract, start=date(2024, 1, 1))
    old = replace(old, contract=contract)
    assert "Les 2 valeurs connues des objectifs promis datent d’avant le contrat (début 2024)." in _sentence(
        old
    )
    newer = replace(old.measurements[0], key="n", day=date(2026, 1, 1))
    both = replace(old, measurements=(*old.measurements, newer))
    told = "1 des 2 valeurs connues des objectifs promis date d’avant le contrat (début 2024)."
    assert told in _sentence(both)
    assert "d’avant le contrat" not in _sentence(replace(old, contract=replace(contract, start=None)))


@pytest.mark.parametrize("count", [1, 3])
def test_what_goes_well_and_would_miss_its_target_is_counted(count: int) -> None:
    # Expected 53 % by then: conforme, and short of 100 at that pace.
    dossier = _alone(count, ("2025-01-01", 23), ("2026-02-15", 49))
    now = situation(dossier, DAY)
    assert {item.status for item in now.counted} == {Statut.CONFORME}
    told = "Au rythme constaté, " + (
        "l’objectif conforme ou en avance manquerait sa cible (valeur prévue à l’échéance) : "
        if count == 1
        else "les 3 objectifs conformes ou en avance manqueraient leur cible (valeurs prévues à l’échéance) : "
    )
    # Each by its name, with where its pace leads.
    named = [f"« Lieux ouverts, suite {number} » (92 pour 100 bus)" for number in range(1, count + 1)]
    assert f"{told}{enumerate_words(named)}." in _sentence(dossier)
    said = "\n".join(
        block.getPlainText().translate(SPACES)
        for block in note(_data(dossier))
        if hasattr(block, "getPlainText")
    )
    verb = "manquerait sa cible" if count == 1 else "manqueraient leur cible"
    who = "il" if count == 1 else "ces derniers"
    assert f"au rythme constaté, {who} {verb}" in said
    assert "Au rythme" not in _sentence(_alone(2, ("2026-02-15", 60)))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((49,), "Le seul objectif promis ou proposé est conforme à l’attendu,"),
        ((30,), "Éléments de langage\nLe seul objectif promis ou proposé est à traiter."),
        ((49, 49), "2 sont conformes à l’attendu,"),
        ((90,), "Le seul objectif promis ou proposé est en avance sur l’attendu,"),
        ((90, 49), "2 sont en avance sur l’attendu, ou en deçà de 5 points au plus,"),
    ],
)
def test_what_goes_well_is_told_as_it_is_where_all_of_it_is_so(values: tuple[int, ...], told: str) -> None:
    """« 1 est en avance sur l’attendu, ou en deçà de 5 points au plus »: of one alone it is known which; nor is it a share,
    as « Sur 1 objectif promis ou proposé, aucun n’est atteint… ; 1 est à traiter » would have it."""
    said = "\n".join(_texts(note(_data(_at(values)))))
    assert told in said


@pytest.mark.parametrize(
    ("values", "who"),
    [
        ((30, 49), "ce dernier manquerait sa cible"),
        ((30, 49, 49), "ces derniers manqueraient leur cible"),
        ((30, 49, 90), "un de ces derniers manquerait sa cible"),
        ((30, 49, 49, 90), "2 de ces derniers manqueraient leur cible"),
    ],
)
def test_the_note_says_in_words_that_all_that_go_well_or_one_would_miss(
    values: tuple[int, ...], who: str
) -> None:
    """« 1 est conforme à l’attendu ; au rythme constaté, 1 de ces derniers manquerait sa cible »."""
    told = _to_say(_data(_at(values)))
    assert f"au rythme constaté, {who}" in told[0].translate(SPACES)


def test_those_that_go_well_are_told_among_all_that_would_miss_their_target() -> None:
    dossier = _alone(3, ("2025-01-01", 23), ("2026-02-15", 49))
    behind = [replace(item, value=Decimal(25)) if item.objective == "o3" and item.value > 23 else item
        for item in dossier.measurements]  # fmt: skip
    told = _sentence(replace(dossier, measurements=tuple(behind)))
    assert (
        "Au rythme constaté, 3 cibles seraient manquées, dont celles des 2 objectifs conformes"
        " ou en avance (valeurs prévues à l’échéance) : « Lieux ouverts, suite 1 » (92 pour 100 bus) et"
        in told
    )


def test_what_has_no_trajectory_and_would_miss_its_target_is_named_with_the_two_values_of_its_pace() -> None:
    base = _alone(2, ("2024-12-31", 46), ("2025-12-31", 58))
    # Cut, « Lieux d’accueil (LAEP)… » would be what is measured.
    named = "Lieux d’accueil enfants-parents (LAEP) ouverts le samedi, suite 1"
    loose = replace(base.objectives[0], label=named, start_value=None, start_date=None)
    alone = replace(base, objectives=(loose,))
    now = situation(alone, DAY)
    assert [item.status for item in now.counted] == [Statut.SANS_TRAJECTOIRE]
    told = (
        "Au rythme constaté, 1 cible serait manquée, celle d’un objectif sans départ, donc sans trajectoire"
    )
    told += " (valeur prévue à l’échéance) : "
    told += f"« {named} » (82 pour 100 bus, d’après deux"
    # In a chapter and on a slide as well, which do not name what goes well.
    for sentence in (_sentence(alone), *too_slow_words(now, now.counted, named=False)):
        assert f"{told} valeurs)." in sentence.translate(SPACES)
    summary = next(item for item in now.partners if item.objectives)
    asked = _texts(partner_sheet(_data(alone), summary))
    assert f"Au rythme constaté, « {named} » manquerait sa cible : que prévoyez-vous ?" in asked
    late = replace(base.objectives[1], label="Bus ouverts", start_date=date(2020, 1, 1))
    both = _sentence(replace(base, objectives=(loose, late)))
    why = "sans départ, donc sans trajectoire"
    assert f"2 cibles seraient manquées ; {why} (valeur prévue à l’échéance) : « Lieux" in both


def test_a_month_counts_what_it_leaves_out_by_what_it_is_and_never_a_line_for_many() -> None:
    base = _alone(1, ("2026-02-15", 49))
    first = base.engagements[0]
    silent = tuple(replace(first, key=f"s{rank}", code=f"P1-E5{rank}") for rank in range(5))
    steps = tuple(
        Step(f"e{rank}", first.key, f"Réunir {rank}", rank, due=date(2026, 1, 1 + rank % 28))
        for rank in range(60)
    )
    held = _data(replace(base, engagements=(first, *silent), steps=steps, meteos=()))
    dates, alerts, alike = attention(held)
    told = _texts(monthly(held))
    assert any(
        text.startswith("Engagements sans suivi (ni météo récente, ni objectif, ni chiffre suivi) : 5 (")
        for text in told
    )
    assert alike.translate(SPACES) in told
    left = len(dates) - sum(text.translate(SPACES) in told for _, text in dates)
    (rest,) = (text for text in told if "autres échéances" in text)
    assert rest.startswith(f"Et {left} autres échéances, du ")
    assert rest.endswith(f" au {format_date(max(day for day, _ in dates))}.")
    others = f"Et {plural(len(alerts), 'autre alerte', 'autres alertes')} : " if alerts else "autre alerte"
    assert any(text.startswith(others) for text in told) is bool(alerts)


def test_a_newer_value_that_is_the_same_is_a_new_measurement_not_a_new_value() -> None:
    dossier = _alone(1, ("2025-06-01", 100), ("2026-02-15", 100))
    then = situation(dossier, date(2025, 12, 31))
    told = _texts(yearly(CopilData(review_of(situation(dossier, DAY), then))))
    assert any(
        text.startswith("1 autre objectif a un relevé nouveau, sans changer de statut") for text in told
    )
    assert not any("valeur datée de" in text for text in told)
    silent = _texts(yearly(_data(_alone(2, ("2025-06-01", 100)))))
    assert any(
        text.endswith("2 objectifs promis n’ont pas de valeur datée de 2026 : Premier.") for text in silent
    )


def test_a_slide_says_what_the_status_was_and_its_notes_what_hinders() -> None:
    dossier = _alone(1, ("2025-06-01", 5), ("2026-02-15", 100))
    own = replace(dossier.engagements[0], partner=dossier.objectives[0].partner)
    hindered = Meteo("w", own.key, date(2026, 2, 1), Weather.COUVERT, obstacles="Les places manquent.")
    now = situation(replace(dossier, engagements=(own,), meteos=(hindered,)), DAY)
    told = slides(CopilData(review_of(now, situation(dossier, date(2025, 12, 31)))))
    (changed,) = (slide for slide in told if slide.title.startswith("Ce qui a changé"))
    assert changed.table is not None
    assert changed.table.rows[0][-1].translate(SPACES) == "Atteint\nétait en retard"
    assert any("Les places manquent" in slide.notes for slide in told)
    halfway = _texts(midterm(CopilData(review_of(now, situation(dossier, date(2025, 12, 31))))))
    assert any(
        text.startswith(
            f"Engagements en cours, freins signalés : {own.label} ({own.code}) : Les places manquent"
        )
        for text in halfway
    )


def test_a_remark_that_gives_its_day_is_not_dated_twice() -> None:
    base = _alone(1, ("2025-12-31", 9))
    item = replace(base.objectives[0], theme=PARTICIPATION, mesure=Mesure.FLUX, frequency=Frequency.ANNUELLE)
    said = replace(base.measurements[0], comment="Borne basse, au 31/12/2025.")
    for measured, told in (
        (base.measurements[0], "9 bus, en 2025."),
        (said, "9 bus. Borne basse, au 31/12/2025."),
    ):
        texts = _texts(
            participation_figures(_data(replace(base, objectives=(item,), measurements=(measured,))))
        )
        assert any(text.endswith(told) for text in texts), texts


def test_a_count_says_of_when_its_values_are() -> None:
    dossier = _alone(3, ("2026-02-15", 49))
    older = replace(dossier.measurements[0], day=date(2025, 3, 1))
    told = _sentence(replace(dossier, measurements=(older, *dossier.measurements[1:])))
    assert (
        "Les 3 valeurs connues des objectifs promis vont du 01/03/2025 au 15/02/2026 ; 2 sont de 2026."
        in told
    )
    assert "Les 3 valeurs connues des objectifs promis sont du 15/02/2026." in _sentence(dossier)


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("Entrepreneurs à potentiel renforcés par les modules", 32, "Entrepreneurs à potentiel renforcés…"),
        ("Entrepreneurs à potentiel accélérés", 32, "Entrepreneurs à potentiel accélérés"),
        ("Promotions accélérées et suivies de près", 24, "Promotions accélérées…"),
        ("Prêts accordés aux jeunes du bassin", 22, "Prêts accordés aux jeunes du bassin"),
    ],
)
def test_no_name_is_cut_to_what_another_begins_with(text: str, most: int, shown: str) -> None:
    others = (
        "Entrepreneurs à potentiel renforcés par les modules",
        "Entrepreneurs à potentiel accélérés",
        "Promotions accélérées et suivies de près",
        "Prêts accordés aux jeunes du bassin",
        "Prêts accordés aux jeunes du littoral",
    )
    assert shorten_words(text, most, others) == shown


def test_a_reading_is_no_reserve_of_a_partner() -> None:
    assert (
        reserve_words("Selon les crédits.", " (ARS)").translate(SPACES)
        == "Réserve (ARS) : Selon les crédits."
    )
    assert (
        reserve_words("Parité lue dans une phrase.", " (FT)").translate(SPACES)
        == "Parité lue dans une phrase (FT)."
    )
    assert reserve_words("Lu\u202f: une phrase.", " (ARS)").translate(SPACES) == "Lu (ARS) : une phrase."


def test_a_slide_keeps_the_reserve_beside_the_reproach_and_says_what_goes_too_slowly() -> None:
    dossier = _alone(6, ("2025-01-01", 23), ("2026-02-15", 49))
    late = [
        replace(item, value=Decimal(5)) if item.objective != "o1" else item for item in dossier.measurements
    ]
    partner = dossier.objectives[0].partner
    reserve = Condition("c1", dossier.contract.key, partner, "Selon les crédits du budget.")
    told = slides(_data(replace(dossier, measurements=tuple(late), conditions=(reserve,))))
    under = next(slide.left_out for slide in told if slide.table and slide.bars).translate(SPACES)
    assert "Réserve : Selon les crédits du budget." in under
    assert under.endswith("seraient manquées, dont celle de l’objectif conforme ou en avance.")


def test_a_parent_and_its_parts_are_said_to_count_once() -> None:
    dossier = _alone(2, ("2026-02-15", 49))
    first, second = dossier.objectives
    assert "compte une fois" not in _sentence(dossier)
    parted = replace(
        dossier, objectives=(replace(first, aggregation=Aggregation.SOMME), replace(second, parent=first.key))
    )
    assert "1 objectif promis" in _sentence(parted)
    assert "Un objectif relevé dans plusieurs lieux compte une fois." in _sentence(parted)


def test_what_is_to_be_decided_is_named_where_it_is_little_and_told_once() -> None:
    unknown = _alone(1)
    (asked,) = expected_decisions(_data(unknown))[-1:]
    assert asked.translate(SPACES) == (
        "Fixer la date de remise d’une première valeur pour l’objectif : « Lieux ouverts, suite 1 » (P1-O01)."
    )
    many = _data(_alone(9))
    dates, alerts, alike = attention(many)
    messages = (*dict(dates).values(), *(point.message for point in alerts), alike)
    lines = [text.translate(SPACES) for text in (*messages, *expected_decisions(many))]
    assert [text for text in lines if ("9" in text and "valeur" in text) or "relevé" in text] == [
        "Fixer la date de remise d’une première valeur pour 9 objectifs (Premier)."
    ]


def test_a_bound_is_read_aloud() -> None:
    dossier = _alone(1, ("2026-02-15", 49))
    for sens, told in (
        (Sens.PLANCHER, "pour au moins 100, début 2028."),
        (Sens.HAUSSE, "pour 100, début 2028."),
        (Sens.PLAFOND, "pour au plus 100, début 2028."),
        (Sens.BAISSE, "à ramener à 10, début 2028."),
    ):
        target = Decimal(10 if sens is Sens.BAISSE else 100)
        item = replace(dossier.objectives[0], sens=sens, unit="bus", target_value=target)
        now = situation(replace(dossier, objectives=(item,)), DAY)
        line = to_treat_line(now, now.assessments[item.key]).translate(SPACES)
        assert line.startswith("Lieux ouverts, suite 1 (P1-O01, ")
        assert line.endswith(f" : 49 bus au 15/02/2026, {told}")


@pytest.mark.parametrize(
    ("sens", "target", "told"),
    [
        (Sens.HAUSSE, 100, ", 49 au 15/02/2026 pour 100"),
        (Sens.BAISSE, 10, ", 49 au 15/02/2026, à ramener à 10"),
        (Sens.BAISSE, 50, ", 49 au 15/02/2026 pour au plus 50"),
        (Sens.PLANCHER, 100, ", 49 au 15/02/2026 pour au moins 100"),
        (Sens.PLAFOND, 100, ", 49 au 15/02/2026 pour au plus 100"),
        (Sens.JALON, 100, ", non fait au 15/02/2026"),
        (Sens.JALON, 49, ", fait au 15/02/2026"),
    ],
)
def test_a_value_in_a_line_stands_against_its_target_in_french(sens: Sens, target: int, told: str) -> None:
    """« 139 au 23/08/2026 pour 39 », « non fait au 31/08/2026 pour à réaliser », « 441 au 29/08/2026 pour ≥ 527 »."""
    dossier = _alone(1, ("2026-02-15", 49))
    item = replace(
        dossier.objectives[0],
        label="Bus en service",
        sens=sens,
        unit="bus",
        start_value=Decimal(60),
        target_value=Decimal(target),
    )
    now = situation(replace(dossier, objectives=(item,)), DAY)
    assert value_words(now, item).translate(SPACES) == told


def test_a_bilateral_asks_for_values_first_and_holds_every_reserve() -> None:
    old = _alone(1, ("2024-02-15", 1))
    partner = old.objectives[0].partner
    label = "Participer à la gouvernance et à des objectifs partagés avec le droit commun"
    silent = replace(old.engagements[0], partner=partner, label=label)
    reserve = Condition(
        "c1", old.contract.key, partner, "Selon les crédits du budget.", engagement=silent.key
    )
    data = _data(replace(old, engagements=(silent,), meteos=(), steps=(), conditions=(reserve,)))
    summary = next(item for item in data.situation.partners if item.partner.key == partner)
    told = [
        block.getPlainText().translate(SPACES)
        for block in partner_sheet(data, summary)
        if hasattr(block, "getPlainText")
    ]
    assert f"Réserve sur « {silent.label} » ({silent.code}) : Selon les crédits du budget." in told
    questions = [text for text in told if text.endswith("?")]
    assert questions == ["Quand donnerez-vous la valeur à jour pour « Lieux ouverts, suite 1 » ?"]
    # Of many, what is to be treated first is named, not counted.
    many = _alone(7, ("2024-02-15", 200))
    values = (*many.measurements[:-1], replace(many.measurements[-1], value=Decimal(1)))
    floors = tuple(
        replace(item, sens=Sens.PLANCHER, start_value=None, start_date=None) for item in many.objectives
    )
    data = _data(replace(many, objectives=floors, measurements=values))
    (asked,) = (text for text in _texts(partner_sheet(data, summary)) if text.startswith("Quand donnerez"))
    assert "pour « Lieux ouverts, suite 7 », « Lieux ouverts, suite 1 »" in asked
    assert asked.endswith(" et 2 autres ?")


def test_a_bilateral_asks_first_of_what_should_be_done() -> None:
    base = _alone(1, ("2026-02-15", 49))
    partner = next(item for item in base.partners if item.key == base.objectives[0].partner)
    own = replace(base.engagements[0], partner=partner.key)
    meeting = Meeting("m9", base.contract.key, MeetingKind.COPIL, date(2025, 12, 10))
    data = _data(
        replace(
            base,
            engagements=(own,),
            meetings=(meeting,),
            decisions=(
                Decision("d9", "m9", "Signer la charte.", carrier=partner.short_name, due=date(2026, 1, 31)),
            ),
            steps=(Step("s9", own.key, "Signer la convention", 1, due=date(2026, 1, 1)),),
            meteos=(Meteo("w9", own.key, date(2026, 1, 5), Weather.SOLEIL, next_steps="Recruter en mars."),),
        )
    )
    summary = next(item for item in data.situation.partners if item.partner.key == partner.key)
    told = [
        block.getPlainText().translate(SPACES)
        for block in partner_sheet(data, summary)
        if hasattr(block, "getPlainText")
    ]
    assert [text for text in told if text.endswith("?")][:3] == [
        "Où en est « Signer la charte », attendu pour le 31/01/2026 ?",
        f"Où en est « Signer la convention » ({own.code}), attendu pour le 01/01/2026 ?",
        f"Que devient ce qui était annoncé le 05/01/2026, « Recruter en mars » ({own.code}) ?",
    ]
    # What follows from a visit is asked of who carries it, and of who is named in it: of nobody for a word like a code.
    visits = tuple(
        Visit(
            f"v{at}",
            base.contract.key,
            date(2026, 1, 2),
            "Place",
            follow_up=text,
            due=date(2026, 1, 5),
            carrier=who,
        )
        for at, (text, who) in enumerate(
            (
                ("Ouvrir une permanence.", partner.name),
                (f"Réunir {partner.name} et la ville.", "Délégation"),
                (f"Écrire {partner.code.lower()} et saisir la ville.", "Délégation"),
            )
        )
    )
    visited = _texts(partner_sheet(_data(replace(data.situation.dossier, visits=visits)), summary))
    assert [text for text in visited if "05/01/2026" in text and "annoncé" not in text] == [
        "Où en est « Ouvrir une permanence », attendu pour le 05/01/2026 ?",
        f"Quelle part prenez-vous à « Réunir {partner.name} et la ville », suite de visite attendue pour le 05/01/2026"
        " (Délégation) ?",
    ]
    later = replace(data.situation.dossier, meetings=(replace(meeting, day=date(2026, 1, 12)),))
    for label, asked in (("Signer la charte.", True), ("Recruter avant l’été.", False)):
        decided = replace(later, decisions=(replace(later.decisions[0], label=label),))
        told = _texts(partner_sheet(_data(decided), summary))
        assert any(label[:-1] in text for text in told)
        # What a meeting decided since of something else leaves it to be asked, and to be announced.
        assert any("Que devient" in text for text in told) is asked
        now = _data(decided).situation
        rows = [text for item in now.engagements for text in news_of(now, item)]
        assert any("Recruter en mars" in text for text in rows)
        assert any(text.translate(SPACES).endswith(" ; décision prise depuis.") for text in rows) is not asked
        year = _texts(yearly(_data(decided)))
        assert any("Recruter en mars" in text for text in year) is asked


def _texts(blocks: list[Flowable]) -> list[str]:
    return [block.getPlainText().translate(SPACES) for block in blocks if hasattr(block, "getPlainText")]


def test_a_bilateral_asks_of_what_is_followed_of_what_would_miss_and_of_two_figures_of_one_day() -> None:
    base = _alone(3, ("2025-01-01", 23), ("2026-02-15", 49))
    slow, followed, silent = base.objectives
    followed, silent = (
        replace(item, sens=Sens.SUIVI, start_value=None, start_date=None, target_value=None, target_date=None)
        for item in (followed, silent)
    )
    measured = tuple(item for item in base.measurements if item.objective != silent.key)
    other = CounterValue("k1", followed.key, date(2026, 2, 15), Decimal(51), "Le bilan compte décembre")
    data = _data(
        replace(base, objectives=(slow, followed, silent), measurements=measured, counter_values=(other,))
    )
    summary = next(item for item in data.situation.partners if item.partner.key == slow.partner)
    told = [text for text in _texts(partner_sheet(data, summary)) if text.endswith("?")]
    assert [text for text in told if not text.startswith("Où en est")] == [
        "Au rythme constaté, « Lieux ouverts, suite 1 » manquerait sa cible : que prévoyez-vous ?",
        "Parmi les chiffres suivis, quelle est la dernière valeur de « Lieux ouverts, suite 3 » ?",
        "Quel chiffre du 15/02/2026 retenir pour « Lieux ouverts, suite 2 » : 49 ou 51 bus ?",
    ]
    # « Retenir en 2025 » was heard of a decision of that year.
    base_of_years = data.situation.dossier
    by_year = tuple(
        replace(item, mesure=Mesure.FLUX, frequency=Frequency.ANNUELLE) for item in base_of_years.objectives
    )
    known = tuple(replace(item, day=date(2025, 12, 31)) for item in measured if item.day.year == 2026)
    counter = replace(other, day=date(2025, 12, 31))
    of_year = _data(replace(base_of_years, objectives=by_year, measurements=known, counter_values=(counter,)))
    asked = " ".join(_texts(partner_sheet(of_year, summary)))
    assert "Quel chiffre de 2025 retenir pour « Lieux ouverts, suite 2 » : 49 ou 51 bus ?" in asked
    # Of two that are called the same, one knows which is asked about.
    same = tuple(replace(item, label="Lieux ouverts") for item in data.situation.dossier.objectives)
    again = _data(replace(data.situation.dossier, objectives=same))
    assert "« Lieux ouverts » (P1-O02) : 49 ou 51 bus ?" in " ".join(_texts(partner_sheet(again, summary)))
    # Told in a line, a figure keeps its move and what else was recorded of it.
    assert value_words(data.situation, followed).translate(SPACES) == (
        ", 49 bus au 15/02/2026 (autre chiffre du même jour : 51 bus), +26 depuis début 2025"
    )


def test_all_of_them_and_one_of_them_are_said_in_words() -> None:
    """« celles de 3 des 3 objectifs conformes ou en avance », « celle de 1 des 4 »."""
    assert _of_well(1, 1) == ("l’objectif conforme", "de l’objectif conforme")
    assert _of_well(3, 3) == ("les 3 objectifs conformes", "des 3 objectifs conformes")
    assert _of_well(1, 4) == ("un des 4 objectifs conformes", "d’un des 4 objectifs conformes")
    assert _of_well(2, 4) == ("2 des 4 objectifs conformes", "de 2 des 4 objectifs conformes")


def test_of_a_contract_that_knows_nothing_the_first_line_says_that_none_is_known() -> None:
    """« Sur 37 objectifs promis ou proposés, 37 n’ont pas de valeur. »."""
    now = _data(_alone(3)).situation
    assert headline(now) == "Aucun des 3 objectifs promis ou proposés n’a de valeur."


def test_a_start_counted_otherwise_is_said_in_a_line_and_to_the_prefet() -> None:
    load_fonts()
    base = _alone(1, ("2025-01-01", 23), ("2026-02-15", 60))
    unlike = replace(base.objectives[0], start_unit="lieux promis")
    data = _data(replace(base, objectives=(unlike,)))
    assert "départ compté en lieux promis" in value_words(data.situation, unlike).translate(SPACES)
    said = [text for text in _texts(note(data)) if text.startswith("Le seul objectif promis")][-1]
    assert (
        "à titre indicatif pour Lieux ouverts, suite 1 (P1-O01), dont le départ est compté autrement" in said
    )


def test_old_shares_are_asked_for_with_their_reference_unless_it_is_not_in_force() -> None:
    base = busy()
    share = next(item for item in base.objectives if item.aim.compared)
    reference = next(item for item in base.objectives if item.key == share.reference)
    held = [
        Measurement(f"x-{item.key}", item.key, item.territory, date(2023, 12, 31), Decimal(9))
        for item in (share, reference)
    ]
    asked = []
    for retired in (False, True):
        own = replace(reference, retired=retired, sens=Sens.SUIVI, frequency=Frequency.UNIQUE)
        objectives = (replace(share, frequency=Frequency.ANNUELLE), own)
        data = _data(replace(base, objectives=objectives, measurements=tuple(held), milestones=()))
        asked += [text for text in expected_decisions(data) if text.startswith("Obtenir la valeur à jour")]
    assert ["et de sa référence" in text for text in asked] == [True, False]


def test_a_table_of_shares_says_what_their_reference_was_on_each_day_of_theirs() -> None:
    base = busy()
    share = next(item for item in base.objectives if item.aim.compared)
    reference = next(item for item in base.objectives if item.key == share.reference)
    days = (date(2023, 12, 31), date(2024, 12, 31), date(2025, 12, 31))
    held = [
        Measurement(f"{item.key}-{day}", item.key, item.territory, day, Decimal(10 + rank))
        for item in (share, reference)
        for rank, day in enumerate(days)
    ]
    held[-1] = replace(held[-1], provisional=True)
    dossier = replace(base, objectives=(share, reference), measurements=tuple(held), milestones=())
    now = situation(dossier, DAY)
    told = [text.translate(SPACES) for text in reference_words(now, {}, [share])]
    when = "Valeurs de la référence aux dates de ces relevés"
    assert told == [f"{when} : 10 % au 31/12/2023 ; 12 % au 31/12/2025, provisoire."]
    before, after = (situation(dossier, day).assessments[share.key] for day in (days[0], DAY))
    (moved,) = references_words(before, after)
    assert moved.translate(SPACES) == "référence 10 % au 31/12/2023, puis 12 % au 31/12/2025 (provisoire)"
    assert reference_words(situation(dossier, date(2024, 1, 31)), {}, [share]) == []


def test_what_parts_make_says_why_it_has_no_evolution() -> None:
    base = _alone(3, ("2024-02-15", 1), ("2026-02-15", 49))
    first, second, third = (
        replace(item, sens=Sens.SUIVI, start_value=None, start_date=None, target_value=None, target_date=None)
        for item in base.objectives
    )
    first = replace(first, aggregation=Aggregation.SOMME)
    objectives = (first, replace(second, parent=first.key), third)
    now = situation(replace(base, objectives=objectives), DAY)
    (table,) = (item for item in followed_table(now, [first, third]) if isinstance(item, DataTable))
    cell = table._rows[0][-1]
    assert isinstance(cell, Figure)
    assert cell.texts == ("–", "non calculée, sans relevé propre")


def test_a_gap_has_its_unit_on_a_slide() -> None:
    dossier = _alone(1, ("2026-02-15", 49))
    item = replace(dossier.objectives[0], sens=Sens.PLANCHER, unit="bus", start_value=None, target_date=None)
    shown = slides(_data(replace(dossier, objectives=(item,))))
    cells = [
        row[3] for slide in shown if slide.table is not None for row in slide.table.rows if len(row) == 5
    ]
    assert {cell.translate(SPACES) for cell in cells} == {"non tenu, écart −51 bus"}


def test_a_followed_figure_that_is_missing_or_old_is_told_to_the_secretariat() -> None:
    base = _alone(3, ("2023-01-01", 23))
    objectives = tuple(
        replace(item, sens=Sens.SUIVI, start_value=None, start_date=None, target_value=None, target_date=None)
        for item in base.objectives
    )
    held = replace(base, objectives=objectives, measurements=base.measurements[:2])
    told = secretariat_sentence(_data(held)).translate(SPACES)
    assert "3 chiffres suivis sans valeur à jour" in told
    # One that shares are compared with is told as old, and the others as others.
    share = replace(base.objectives[0], key="s", code="P1-O09", sens=Sens.PARITE, reference=objectives[0].key)
    beside = secretariat_sentence(_data(replace(held, objectives=(*objectives, share)))).translate(SPACES)
    assert "2 autres chiffres suivis sans valeur à jour" in beside
    fresh = tuple(replace(item, day=DAY) for item in held.measurements)
    told = secretariat_sentence(_data(replace(held, measurements=fresh))).translate(SPACES)
    assert "1 chiffre suivi sans valeur à jour" in told


def test_the_method_says_of_its_range_and_of_old_values_what_is_so() -> None:
    told = " ".join(_texts(method(_data(busy()))))
    assert "va du dixième au quatre-vingt-dixième centile des écarts passés" in told
    assert "une alerte la signale si elle est promise ou sert de référence" in told


_CEILING = "un plafond est un chiffre à ne pas dépasser"


def test_the_method_says_what_its_sign_stands_for_and_what_has_no_trajectory() -> None:
    """« ≤ » stood before what is to come down and before a ceiling; a value was not told from none."""
    base = busy()
    (ceiling, low, *_) = [item for item in base.objectives if item.aim.way > 0 and item.parent is None]
    items = (
        replace(ceiling, sens=Sens.PLAFOND, start_value=None, start_date=None),
        replace(low, sens=Sens.BAISSE),
    )
    for objectives, words in (
        (items[:1], _CEILING),
        (items, f"« ≤ » signale un chiffre à faire baisser jusqu’à sa cible ; {_CEILING}"),
    ):
        told = " ".join(_texts(method(_data(replace(base, objectives=objectives)))))
        assert f"Dans la colonne des cibles, {words}." in told.translate(SPACES)
    floor = replace(ceiling, sens=Sens.PLANCHER, start_value=None, start_date=None)
    assert "≤" not in " ".join(_texts(method(_data(replace(base, objectives=(floor,))))))
    loose = method(_data(replace(base, objectives=(replace(low, target_date=None),))))
    tables = [block for block in loose if isinstance(block, DataTable)]
    rows = [" ".join(cells[-1]) for table in tables for _, cells in table.text_rows()]
    assert any(text.translate(SPACES).startswith("Valeur connue, mais sans départ") for text in rows), rows


def test_the_method_speaks_of_what_the_paper_draws_alone() -> None:
    """A copy of Word has no bar, a contract without values no projection."""
    few = method(_data(replace(busy(), measurements=())))
    assert "Projection" not in " ".join(_texts(few))
    both = method(_data(_alone(1, ("2026-01-15", 40), ("2026-02-15", 49))))
    two = " ".join(_texts(both))
    assert "Projection" in two
    assert "bande claire" not in two
    for blocks, barred in ((both, True), (list(reading_order(both)), False), (few, False)):
        assert ("barre d’avancement" in " ".join(_texts(blocks))) == barred


def test_the_key_has_the_statuses_that_the_contract_knows_and_whole_the_scale_of_one() -> None:
    """« En avance », « Conforme », « À surveiller », « En retard » headed that of a contract all of whose is unknown."""
    scale = {"En avance", "Conforme", "À surveiller", "En retard"}
    for measurements, told in (((), set[str]()), (busy().measurements, scale)):
        blocks = method(_data(replace(busy(), measurements=measurements)))
        table = [block for block in blocks if isinstance(block, DataTable)][-1]
        words = {cells[1][0] for _, cells in table.text_rows()}
        assert words & scale == told


def test_a_day_under_a_status_is_explained_under_its_table() -> None:
    """A dial and « en 2023 » had no key in the paper."""
    key = "Sous un statut, une date : celle d’une valeur ancienne."
    for day, is_old in (("2024-01-15", True), ("2026-02-15", False)):
        data = _data(_alone(1, (day, 49)))
        assert [item.outdated for item in data.situation.counted] == [is_old]
        sheet = partner_sheet(data, next(item for item in data.situation.partners if item.objectives))
        for paper in (sheet, method(data), yearly(data)):
            assert (key in " ".join(_texts(paper)).translate(SPACES)) is is_old
        # No status has a day in this one.
        assert key not in " ".join(_texts(midterm(data))).translate(SPACES)
    # A figure that nobody promised has no status in a row.
    objectives = tuple(replace(item, sens=Sens.SUIVI, target_value=None) for item in _alone(1).objectives)
    followed = _data(replace(_alone(1, ("2024-01-15", 49)), objectives=objectives))
    assert [item.outdated for item in followed.situation.assessments.values()] == [True]
    assert key not in " ".join(_texts(method(followed))).translate(SPACES)


def test_the_key_of_half_way_has_the_statuses_that_its_heads_name() -> None:
    """« En avance, conformes » headed a column, and the key had neither."""
    base = _alone(2, ("2026-02-15", 49))
    done = replace(base, measurements=(replace(base.measurements[0], value=Decimal(1_000)),))
    data = _data(done)
    assert {item.status for item in data.situation.counted} == {Statut.ATTEINT, Statut.NON_RENSEIGNE}
    table = [block for block in midterm(data) if isinstance(block, DataTable)][-1]
    words = {cells[1][0] for _, cells in table.text_rows()}
    assert {"En avance", "Conforme", "À surveiller", "En retard", "Non atteint", "Sans trajectoire"} <= words


def test_a_comparison_with_nothing_says_how_to_have_one_and_what_it_starts_from() -> None:
    """A signed page held one sentence."""
    blocks = comparison(_data(replace(_alone(12, ("2026-02-15", 49)), meetings=())))
    told = " ".join(_texts(blocks))
    assert "page Comités" in told
    assert "12 des 12 objectifs promis" in told
    (table,) = (block for block in blocks if isinstance(block, DataTable))
    assert len(table._rows) == 10
    assert "Et 2 autres objectifs : " in told
    alone = comparison(_data(replace(_alone(1, ("2026-02-15", 49)), meetings=())))
    assert "point de départ (le seul objectif promis ou proposé)" in " ".join(_texts(alone))
    bare = comparison(_data(replace(busy(), measurements=(), meetings=())))
    assert not any(isinstance(block, DataTable) for block in bare)


def test_what_falls_due_before_the_meeting_is_told_on_its_paper() -> None:
    base = _alone(1, ("2026-02-15", 49))
    code = base.contract.key
    partner = next(item for item in base.partners if item.key == base.objectives[0].partner)
    own = replace(base.engagements[0], partner=partner.key)
    coming = Meeting("m8", code, MeetingKind.COPIL, date.fromordinal(DAY.toordinal() + 20))
    past = Meeting("m9", code, MeetingKind.COPIL, date(2025, 12, 10))
    soon = date.fromordinal(DAY.toordinal() + 5)
    decisions = tuple(
        Decision(f"d{rank}", "m9", f"Signer {rank}.", carrier=partner.short_name, due=due)
        for rank, due in enumerate((date(2026, 1, 31), soon, date.fromordinal(DAY.toordinal() + 40)))
    )
    steps = tuple(
        Step(f"s{rank}", own.key, f"Réunir {rank}", rank, who="Opérateur", due=due)
        for rank, due in enumerate((date(2026, 1, 1), soon), 1)
    )
    held = replace(base, engagements=(own,), meetings=(past, coming), decisions=decisions, steps=steps)
    assert _data(held).copil == coming
    summary = next(item for item in _data(held).situation.partners if item.partner == partner)
    asked = [text for text in _texts(partner_sheet(_data(held), summary)) if "attendu pour le" in text]
    assert [text.split("»")[0][-9:].strip() for text in asked] == [
        "Signer 0",
        "Signer 1",
        "Réunir 1",
        "Réunir 2",
    ]
    when = f"avant le comité du {format_date(coming.day)}"
    assert expected_decisions(_data(held))[:2] == [
        f"Relancer ou clore 1 décision antérieure échue, et 1 qui échoit {when}.",
        f"Relancer 1 étape en retard, et 1 étape due {when}, ou en revoir la date.",
    ]
    visit = Visit("v1", code, date(2026, 1, 2), "Place", follow_up="Saisir", due=date(2026, 1, 5))
    told = secretariat_sentence(_data(replace(held, visits=(visit,))))
    assert told == "1 suite de visite en retard."
    # The committee comes first, with what it is asked to have done by then: the month named neither.
    committee = attention(_data(held))[0][2][1].translate(SPACES)
    assert committee.startswith(f"Le {format_date(coming.day)}, ")
    on = f"le {format_date(soon)}"
    assert committee.endswith(
        f" ; à faire d’ici là : décision à exécuter {on}, « Signer 1 » ({partner.short_name}) ; étape {on},"
        f" « Réunir 2 » (Opérateur ; {own.code}, {own.label.rstrip(' .')})."
    )
    none_late = replace(held, decisions=decisions[1:], steps=steps[1:])
    assert expected_decisions(_data(none_late))[:2] == [
        f"Relancer ou clore 1 décision antérieure qui échoit {when}.",
        f"Relancer 1 étape due {when}, ou en revoir la date.",
    ]


def test_a_yearly_amount_in_a_line_is_of_its_year_and_what_has_no_value_says_so() -> None:
    base = _alone(3, ("2025-12-31", 9))
    yearly, other, silent = (
        replace(
            item,
            sens=Sens.SUIVI,
            mesure=Mesure.FLUX,
            start_value=None,
            start_date=None,
            target_value=None,
            target_date=None,
            target_text="« doubler »" if item is base.objectives[2] else "",
        )
        for item in base.objectives
    )
    values = [item for item in base.measurements if item.objective != silent.key]
    values = [replace(item, day=DAY) if item.objective == other.key else item for item in values]
    held = replace(base, objectives=(yearly, other, silent), measurements=tuple(values))
    now = situation(held, DAY)
    assert [value_words(now, item).translate(SPACES) for item in (yearly, other, silent)] == [
        ", 9 bus en 2025",
        f", 9 bus par an, au {DAY:%d/%m/%Y}",
        ", aucune valeur (le texte dit : « doubler »)",
    ]


def test_what_is_said_of_a_yearly_amount_does_not_stand_beside_that_of_the_year_before() -> None:
    """« 1 339 en 2023 (autre chiffre du même jour : 1 130) » stood left of « 1 085 en 2025 »."""
    load_fonts()
    base = _alone(1, ("2023-12-31", 1339), ("2025-12-31", 1085))
    name = base.partners[0].short_name or base.partners[0].name
    last = replace(base.measurements[-1], comment=f"{name} en attend d’autres.")
    base = replace(base, measurements=(*base.measurements[:-1], last))
    jobs = replace(
        base.objectives[0],
        sens=Sens.SUIVI,
        mesure=Mesure.FLUX,
        start_value=None,
        start_date=None,
        target_value=None,
        target_date=None,
    )
    other = CounterValue("k1", jobs.key, date(2025, 12, 31), Decimal(1130), "Le bilan compte décembre")
    now = situation(replace(base, objectives=(jobs,), counter_values=(other,)), DAY)
    assert value_words(now, jobs).translate(SPACES) == (
        f", 1 085 bus en 2025 ({name} en attend d’autres ; autre chiffre de 2025 : 1 130 {jobs.unit}), contre 1 339 en 2023"
    )
    (table,) = followed_pairs(now, [jobs])
    assert isinstance(table, DataTable)
    ((_, (said, value)),) = table.text_rows()
    assert " ".join(said).translate(SPACES) == (
        f"{jobs.label} ({jobs.code}), {jobs.unit}, {name} en attend d’autres ;"
        f" autre chiffre de 2025 : 1 130 {jobs.unit} ; 1 339 en 2023"
    )
    assert value[0].translate(SPACES) == "1 085"


def test_the_year_awaits_no_value_of_what_is_given_once_and_says_nothing_of_what_a_year_counts() -> None:
    base = _alone(3, ("2024-12-31", 9))
    followed = tuple(
        replace(
            item, sens=Sens.SUIVI, mesure=Mesure.FLUX, start_value=None, target_value=None, target_date=None
        )
        for item in base.objectives
    )
    once, *others = (replace(item, start_date=None) for item in followed)
    held = replace(base, objectives=(replace(once, frequency=Frequency.UNIQUE), *others))
    (told,) = (text for text in _texts(yearly(_data(held))) if "suivis, à demander" in text)
    assert told.startswith("2 chiffres suivis, à demander : ")
    assert told.endswith(". 1 chiffre suivi n’est à relever qu’une fois.")
    # « À demander », where the form asks nothing of them.
    later = replace(base.measurements[-1], key="n", day=date(2025, 12, 31))
    known = replace(held, measurements=(*held.measurements, later))
    (told,) = (text for text in _texts(yearly(_data(known))) if "chiffres suivis : " in text)
    assert told.startswith("2 chiffres suivis : ")
    assert " ; 1 est à demander (" in told
    assert "), l’autre n’a pas à l’être à ce jour." in told
    # « L’autre n’a pas à l’être », of what the form asks the last word of.
    unsure = replace(later, provisional=True, entered_on=date(2025, 12, 1))
    (waited,) = (
        text
        for text in _texts(yearly(_data(replace(held, measurements=(*held.measurements, unsure)))))
        if "chiffres suivis : " in text
    )
    assert " ; 1 est à demander (" in waited
    assert "), 1 autre a une valeur provisoire à confirmer (" in waited
    assert "n’a pas à l’être" not in waited
    # « Rien n’est à demander des 13 autres »: it is of nobody that they are asked, but for them.
    last = replace(held.objectives[-1], key="last", code=f"{held.objectives[-1].code}9")
    fresh = replace(later, key="n2", objective=last.key)
    four = replace(
        held,
        objectives=(*held.objectives, last),
        measurements=(*held.measurements, replace(unsure, provisional=True), fresh),
    )
    (waited,) = (text for text in _texts(yearly(_data(four))) if "chiffres suivis : " in text)
    assert "), rien n’est à demander pour l’autre à ce jour." in waited


def test_the_year_says_what_it_closed_and_where_one_went() -> None:
    base = busy()
    meeting = Meeting("m9", "c", MeetingKind.COPIL, date(2025, 12, 10))
    decided = tuple(
        Decision(f"d{rank}", "m9", f"Décision {rank}.", carrier="Premier", state=state, state_on=day)
        for rank, (state, day) in enumerate(
            (
                (DecisionState.FAITE, date(2026, 4, 21)),
                (DecisionState.ABANDONNEE, date(2026, 1, 15)),
                (DecisionState.FAITE, date(2025, 12, 20)),
            )
        )
    )
    visits = (
        Visit("v0", "c", date(2025, 6, 3), "Cité ancienne"),
        Visit("v1", "c", date(2026, 6, 3), "Place du marché"),
    )
    held = replace(base, meetings=(*base.meetings, meeting), decisions=decided, visits=visits)
    told = _texts(yearly(_data(held)))
    at = told.index("2 décisions closes dans l’année")
    assert told[at + 1 : at + 4] == [
        "« Décision 1 » (Premier), abandonnée le 15/01/2026.",
        "« Décision 0 » (Premier), faite le 21/04/2026.",
        "1 visite dans l’année : 03/06/2026, Place du marché.",
    ]


def test_what_we_added_up_is_said_beside_a_target_that_has_a_date() -> None:
    dated = _alone(1).objectives[0]
    assert dated.target_date is not None
    summed = replace(dated, target_text="52 postes + 27, nos sommes")
    assert [bool(read_alone(item)) for item in (replace(dated, target_text="52 et 27"), summed)] == [
        False,
        True,
    ]


def test_of_one_status_the_number_of_the_others_is_said_once() -> None:
    base = _alone(3, ("2026-06-15", 10))
    silent = base.objectives[0].key
    held = replace(base, measurements=tuple(item for item in base.measurements if item.objective != silent))
    (told,) = (text for text in _texts(midterm(_data(held))) if "au dossier du" in text)
    assert told == ("1 autre objectif, non renseigné, est au dossier du comité de pilotage, par partenaire.")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((49,), "1 objectif, conforme, est au dossier du comité de pilotage, par partenaire."),
        (
            (49, 90),
            "2 objectifs sont au dossier du comité de pilotage, par partenaire : 1 conforme, 1 en avance.",
        ),
    ],
)
def test_halfway_what_has_no_row_is_other_than_none(values: tuple[int, ...], told: str) -> None:
    """« 1 autre objectif, à surveiller, est au dossier », of the only one: both lists above were empty."""
    texts = _texts(midterm(_data(_at(values))))
    assert [text for text in texts if "au dossier du" in text] == [told]


def test_a_paper_without_the_note_of_method_says_how_its_statuses_are_read() -> None:
    for paper in (yearly, midterm):
        told = _texts(paper(_data(busy())))
        assert "Comment lire les statuts" in told
        assert "son trait noir marque le taux attendu" in told[-1]
        # Of what is kept or not no bar is drawn.
        silent = _texts(paper(_data(replace(busy(), measurements=()))))
        assert not any("trait noir" in text for text in silent)


def test_a_status_that_was_left_is_in_the_key_of_the_paper_that_names_it() -> None:
    """« était non renseigné » of five objectives, above a key that had no such line."""
    dossier = _alone(2, ("2025-01-01", 23), ("2026-02-15", 49))
    now = situation(dossier, DAY)
    data = CopilData(review_of(now, situation(dossier, date(2024, 6, 30))))
    assert {move.before.status for move in data.review.moves} == {Statut.NON_RENSEIGNE}
    for paper in (midterm, yearly, method):
        (key,) = [
            block.text_rows()
            for block in paper(data)
            if isinstance(block, DataTable) and block.columns.header[0] == "Marque"
        ]
        assert ("Non renseigné",) in [row[1] for _, row in key]


def test_halfway_two_empty_lists_are_denied_once() -> None:
    """« Aucun à ce qui est connu : sur 3, 2 n’ont pas de météo. », a title lower the same: the key lost two lines to it."""
    blocks = midterm(CopilData(review_of(situation(invented.dossier(), invented.TODAY))))
    told = _texts(blocks)
    assert sum(text.startswith("Aucun à ce qui est connu") for text in told) == 1
    assert "Engagements compromis ou sécurisés, selon leur météo" in told
    assert laid_out(tightened(blocks))[0] == 2


def test_a_review_halfway_says_how_old_the_contract_is_with_nothing_to_compare() -> None:
    data = _data(replace(busy(), meetings=(), snapshots=()))
    assert data.review.baseline is None
    (told,) = (text for text in _texts(midterm(data)) if "aucun état" in text.lower())
    assert told.startswith("Le contrat est à son ")


def test_halfway_a_reserve_on_one_promise_leaves_that_on_all_of_them() -> None:
    base = busy()
    late = next(item.objective for item in situation(base, DAY).to_treat if item.objective.engagement)
    held = (
        Condition("k1", "c", late.partner, "Selon les comités."),
        Condition("k2", "c", late.partner, "Selon le chantier.", engagement=late.engagement),
    )
    told = " ".join(_texts(midterm(_data(replace(base, conditions=held)))))
    assert "Selon le chantier" in told
    assert "Selon les comités" in told


def test_a_decision_that_is_late_says_whether_it_is_begun() -> None:
    decision = Decision("d", "m", "Signer.", carrier="CALL", state=DecisionState.EN_COURS)
    assert carrier_words(decision, DAY) == "CALL, en cours"
    assert carrier_words(replace(decision, state=DecisionState.A_FAIRE), DAY) == "CALL"


def test_what_goes_well_says_how_much_of_it_is_reached() -> None:
    base = _alone(3, ("2025-01-01", 23), ("2026-02-15", 49))
    first = base.objectives[0].key
    for reached, told in (
        ((), "3 sont conformes ou en avance"),
        ((first,), "3 sont atteints, conformes ou en avance, dont 1 atteint"),
        (tuple(item.key for item in base.objectives), "3 sont atteints"),
    ):
        values = tuple(
            replace(item, value=Decimal(100)) if item.objective in reached else item
            for item in base.measurements
        )
        said = headline(situation(replace(base, measurements=values), DAY)).translate(SPACES)
        assert said == f"Sur 3 objectifs promis ou proposés, {told}."


def test_where_a_share_or_a_sum_leads_is_told_with_its_sign() -> None:
    """« 94 pour 100 % » is how one says 94 %."""
    for unit, told in (
        ("%", "(92 % au lieu de 100 %)"),
        ("M€", "(92 M€ pour 100 M€)"),
        ("% des quartiers", "(92 % au lieu de 100 % des quartiers)"),
    ):
        base = _alone(1, ("2025-01-01", 23), ("2026-02-15", 49))
        share = replace(base.objectives[0], unit=unit)
        assert f"« Lieux ouverts, suite 1 » {told}" in _sentence(replace(base, objectives=(share,))), unit


def test_where_a_fall_leads_is_not_heard_as_more_than_was_asked() -> None:
    base = _alone(1, ("2025-01-01", 77), ("2026-02-15", 51))
    falling = replace(base.objectives[0], sens=Sens.BAISSE, start_value=Decimal(100), target_value=Decimal(0))
    assert "« Lieux ouverts, suite 1 » (7,7, à ramener à 0 bus)" in _sentence(
        replace(base, objectives=(falling,))
    )


def test_the_scale_that_all_are_promised_at_is_told_of_all() -> None:
    """« tous les 8 à une échelle plus large ; 1 est sans trajectoire » had it that the ninth was of the contract's own, and
    eight was a number that no other announced."""
    whole = situation(invented.dossier(), invented.TODAY)
    said = headline(whole).translate(SPACES)
    assert said.endswith(
        "dont 2 atteints ; 1 est sans trajectoire. Tous ces objectifs sont à une échelle plus large."
    )
    blocks = note(CopilData(review_of(whole)))
    told = " ".join(block.getPlainText() for block in blocks if hasattr(block, "getPlainText"))
    last = "5 sont à traiter ; 1 est sans trajectoire. Tous ces objectifs sont à une échelle plus large."
    assert last in told.translate(SPACES)
    # Of the contract's own scale, the ninth is left out of what is said of the others.
    own = [
        replace(item, territory="t2") if item.code == "FT-O04" else item for item in whole.dossier.objectives
    ]
    contract = replace(whole.dossier.contract, epci="246200364")
    near = situation(replace(whole.dossier, contract=contract, objectives=tuple(own)), invented.TODAY)
    said = headline(near).translate(SPACES)
    assert said.endswith("dont 2 atteints, le tout à une échelle plus large ; 1 n’a pas de valeur.")


def test_a_value_put_right_says_so_on_paper_and_on_a_slide() -> None:
    """It was told as a move from one day to the same."""
    was, now = (situation(_alone(1, ("2026-01-15", value)), DAY) for value in (40, 49))
    (move,) = moves_between(was, now)
    (table,) = moves_table(_data(_alone(1, ("2026-01-15", 49))), [move])
    # « Relevé au » a day stood over « relevé du » another.
    assert table.columns.header[2] == f"Connu au {format_date(DAY)}"
    assert isinstance(table, DataTable)
    ((_, (_, before, after, _)),) = table.text_rows()
    told = [words[1].translate(SPACES) for words in (before, after)]
    assert told == ["relevé du 15/01/2026", "corrigé, 15/01/2026"]
    assert redated(move) == "\ncorrigé, 15/01/2026"
