"""Each alert on the day before it is due, on the day, and the day after."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.agenda import late_counts, late_dates, past_engagements
from qpvdesk.domain.alerts import (
    COPIL_SANS_ARRETE,
    CUMUL_EN_RECUL,
    ECHEANCE_PROCHE,
    ENGAGEMENT_SANS_SUIVI,
    ETAPE_EN_RETARD,
    PLURALS,
    PROJECTION_MANQUEE,
    REUNION_SANS_ORDRE_DU_JOUR,
    RULES,
    SANS_RELEVE,
    SAUT,
    STATUT_DEGRADE,
    SUITE_EN_RETARD,
    VALEUR_ANCIENNE,
    VALEUR_PROVISOIRE,
    alerts,
)
from qpvdesk.domain.calendar import add_months
from qpvdesk.domain.model import (
    Aggregation,
    Decision,
    DecisionState,
    Dossier,
    Frequency,
    Measurement,
    Meeting,
    MeetingKind,
    Mesure,
    Meteo,
    Objective,
    Sens,
    Snapshot,
    Step,
    Visit,
    Weather,
)
from qpvdesk.domain.points import DECISION_EN_RETARD, Point
from qpvdesk.domain.situation import situation
from qpvdesk.storage import keys
from tests.unit.domain.builders import (
    CONTRACT,
    NORD,
    PAS_DE_CALAIS,
    day,
    dossier,
    engagement,
    measurement,
    objective,
)

BUS = objective(start=(21, "2023-12-31"), target=(40, "2027-12-31"))


def raised(full: Dossier, on: str, kind: str, since: str | None = None) -> list[Point]:
    before = situation(full, day(since)) if since else None
    found = [point for point in alerts(situation(full, day(on)), before) if point.kind == kind]
    for point in found:
        assert point.family == "alerte"
        assert point.title == {name: title for name, title, _ in RULES}[kind]
        assert not point.message.startswith(point.object), "a line reads without its code"
        assert point.message.endswith(point.statement)
        assert point.message.endswith((".", "?"))
        assert point.remedy.endswith(".")
        assert f"{kind}:{point.object}" in point.ident
    return found


def test_months_end_where_the_calendar_ends() -> None:
    assert add_months(day("2025-08-31"), 6) == day("2026-02-28")
    assert add_months(day("2024-01-31"), 1) == day("2024-02-29")
    assert add_months(day("2025-12-31"), 12) == day("2026-12-31")
    assert add_months(day("2025-10-31"), 1) == day("2025-11-30")


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 60))
def test_months_add_up(start: date, months: int) -> None:
    later = add_months(start, months)
    assert (later.year - start.year) * 12 + later.month - start.month == months
    assert later.day <= start.day


@pytest.mark.parametrize(
    ("frequency", "last_fresh", "first_old"),
    [
        (Frequency.ANNUELLE, "2026-03-31", "2026-04-01"),
        (Frequency.SEMESTRIELLE, "2025-08-31", "2025-09-01"),
        (Frequency.TRIMESTRIELLE, "2025-04-30", "2025-05-01"),
        (Frequency.MENSUELLE, "2025-02-28", "2025-03-01"),
    ],
)
def test_a_value_grows_old(frequency: Frequency, last_fresh: str, first_old: str) -> None:
    item = replace(BUS, frequency=frequency)
    full = dossier(item, measurements=(measurement(item, 27, "2024-12-31"),))
    assert raised(full, last_fresh, VALEUR_ANCIENNE) == []
    (point,) = raised(full, first_old, VALEUR_ANCIENNE)
    assert "31/12/2024" in point.message
    assert "Bpifrance" in point.remedy


def test_what_is_asked_once_done_or_promised_by_nobody_does_not_grow_old() -> None:
    once = replace(BUS, frequency=Frequency.UNIQUE)
    assert (
        raised(
            dossier(once, measurements=(measurement(once, 27, "2020-12-31"),)), "2026-01-01", VALEUR_ANCIENNE
        )
        == []
    )
    thing = objective(sens=Sens.JALON)
    assert (
        raised(
            dossier(thing, measurements=(measurement(thing, 1, "2020-12-31"),)), "2026-01-01", VALEUR_ANCIENNE
        )
        == []
    )
    context = objective("FT-O00", Sens.SUIVI)
    value = measurement(context, 16, "2020-12-31")
    assert raised(dossier(context, measurements=(value,)), "2026-01-01", VALEUR_ANCIENNE) == []
    share = objective("FT-O01", Sens.PARITE, reference="FT-O00")
    (point,) = raised(dossier(context, share, measurements=(value,)), "2026-01-01", VALEUR_ANCIENNE)
    assert point.object == "FT-O00"


def test_twelve_months_without_a_value() -> None:
    full = dossier(BUS, objective("FT-O00", Sens.SUIVI))
    assert raised(full, "2025-01-01", SANS_RELEVE) == []
    (point,) = raised(full, "2025-01-02", SANS_RELEVE)
    assert "début du contrat (début\u00a02024)" in point.message
    # A value of before the contract is one: the title is of those that have none at all.
    former = replace(full, measurements=(measurement(BUS, 16, "2023-12-31"),))
    assert raised(former, "2025-01-02", SANS_RELEVE) == []
    assert point.title == "Objectif non renseigné depuis plus d’un an"
    assert PLURALS[SANS_RELEVE] == "Objectifs non renseignés depuis plus d’un an"
    signed = replace(full, contract=replace(CONTRACT, signed_on=day("2024-06-30")))
    assert raised(signed, "2025-06-30", SANS_RELEVE) == []
    (point,) = raised(signed, "2025-07-01", SANS_RELEVE)
    assert "signature" in point.message


def test_nobody_is_asked_for_a_value_before_its_objective_is_recorded() -> None:
    moment = datetime(2026, 11, 29, 12, tzinfo=UTC)
    with keys.derived(moment, "un essai"):
        made = replace(BUS, key=keys.new_key())
    assert raised(dossier(made), "2027-11-29", SANS_RELEVE) == []
    (point,) = raised(dossier(made), "2027-11-30", SANS_RELEVE)
    assert point.statement == "aucun relevé depuis son inscription (29/11/2026), soit 12\u00a0mois."
    # What came with its contract was promised with it.
    with keys.derived(moment, "un autre essai"):
        contract = replace(CONTRACT, key=keys.new_key())
    imported = dossier(made)
    (point,) = raised(replace(imported, contract=contract), "2026-11-30", SANS_RELEVE)
    assert "début du contrat" in point.message


def test_a_parent_names_the_territories_it_waits_for() -> None:
    whole = replace(BUS, aggregation=Aggregation.SOMME)
    north = objective("BPI-O02", parent=whole.key, territory=NORD.key)
    south = objective("BPI-O03", parent=whole.key, territory=PAS_DE_CALAIS.key)
    value = measurement(south, 3, "2024-12-31")
    (point,) = raised(dossier(whole, north, south, measurements=(value,)), "2026-01-01", SANS_RELEVE)
    assert point.object == "BPI-O01"
    assert point.message.endswith("; il manque Nord.")
    other = objective("BPI-O04", parent=whole.key, territory=NORD.key)
    alike = dossier(whole, north, south, other, measurements=(value,))
    (point,) = raised(alike, "2026-01-01", SANS_RELEVE)
    assert point.message.endswith("; il manque Objectif BPI-O02 et Objectif BPI-O04."), "one place, two parts"


def test_an_alert_names_its_objective_and_the_scale_of_it_before_all() -> None:
    here = replace(objective("BPI-O02", territory=PAS_DE_CALAIS.key), label="Bus")
    (point,) = raised(dossier(here), "2026-01-01", SANS_RELEVE)
    assert point.message.startswith("Bus (département)\u202f: aucun relevé")
    assert point.untitled == f"A{point.statement[1:]}"
    assert point.statement.startswith("aucun relevé")


def test_a_status_worse_than_at_the_last_copil() -> None:
    full = dossier(BUS, measurements=(measurement(BUS, 30, "2025-01-01"), measurement(BUS, 26, "2026-01-01")))
    (point,) = raised(full, "2026-01-01", STATUT_DEGRADE, since="2025-03-01")
    assert "01/03/2025" in point.message
    assert "En avance" in point.message
    assert "En retard" in point.message
    assert raised(full, "2026-01-01", STATUT_DEGRADE) == []
    better = dossier(
        BUS, measurements=(measurement(BUS, 21, "2025-01-01"), measurement(BUS, 39, "2026-01-01"))
    )
    assert raised(better, "2026-01-01", STATUT_DEGRADE, since="2025-03-01") == []


def test_a_projection_that_misses_the_target() -> None:
    (point,) = raised(
        dossier(BUS, measurements=(measurement(BUS, 27, "2025-06-30"),)), "2026-01-01", PROJECTION_MANQUEE
    )
    assert "37" in point.message
    assert "au rythme constaté d’après deux valeurs seulement, la valeur serait" in point.message
    third = (measurement(BUS, 27, "2025-06-30"), measurement(BUS, 28, "2025-12-31"))
    (point,) = raised(dossier(BUS, measurements=third), "2026-01-01", PROJECTION_MANQUEE)
    assert "au rythme constaté, la valeur serait" in point.message
    # A figure and the word that says how near it is stand on one line.
    many = replace(BUS, target_value=Decimal(40000))
    large = dossier(many, measurements=(measurement(BUS, 2700, "2025-06-30"),))
    assert re.search(
        "serait d’environ\u00a0[0-9]", raised(large, "2026-01-01", PROJECTION_MANQUEE)[0].message
    )
    on_time = dossier(BUS, measurements=(measurement(BUS, 32, "2025-06-30"),))
    assert raised(on_time, "2026-01-01", PROJECTION_MANQUEE) == []


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (400, "la cible est atteinte aujourd’hui, par un dernier chiffre qui s’écarte de ce rythme."),
        (39, "\u202f; le dernier chiffre, déjà meilleur, s’écarte de ce rythme."),
    ],
)
def test_a_last_value_away_from_the_pace_is_not_told_against_it(last: int, told: str) -> None:
    """« La valeur serait de 29 … ; aujourd’hui, la cible est atteinte » contradicted itself; so did a rise to 29 from 39."""
    known = [
        (24, "2024-06-30"),
        (25, "2024-12-31"),
        (26, "2025-06-30"),
        (27, "2025-09-30"),
        (last, "2025-12-31"),
    ]
    full = dossier(BUS, measurements=tuple(measurement(BUS, value, on) for value, on in known))
    projection = situation(full, day("2026-01-01")).projection(BUS.key)
    assert projection is not None
    assert projection.sentence.endswith(told)


def test_a_floor_kept_today_that_may_not_last() -> None:
    floor = objective(sens=Sens.PLANCHER, start=(30, "2023-12-31"), target=(25, "2027-12-31"))
    full = dossier(floor, measurements=(measurement(floor, 28, "2025-06-30"),))
    (point,) = raised(full, "2026-01-01", PROJECTION_MANQUEE)
    assert "le plancher, tenu aujourd’hui, ne le serait plus" in point.message
    assert "24,7" in point.message


@pytest.mark.parametrize(
    ("on", "value", "count"),
    [
        ("2027-06-29", "35", 0),
        ("2027-06-30", "35", 1),
        ("2027-12-31", "35", 1),
        ("2028-01-01", "35", 0),
        ("2027-12-31", "35.25", 0),
    ],
)
def test_a_due_date_within_six_months(on: str, value: str, count: int) -> None:
    full = dossier(BUS, measurements=(measurement(BUS, value, "2027-05-31"),))
    assert len(raised(full, on, ECHEANCE_PROCHE)) == count


def test_an_engagement_that_nobody_follows() -> None:
    bare = dossier(engagements=(engagement(),))
    assert raised(bare, "2025-01-01", ENGAGEMENT_SANS_SUIVI) == []
    (point,) = raised(bare, "2025-01-02", ENGAGEMENT_SANS_SUIVI)
    assert "aucune météo" in point.message
    followed = dossier(replace(BUS, engagement="BPI-E01"), engagements=(engagement(),))
    assert raised(followed, "2026-01-01", ENGAGEMENT_SANS_SUIVI) == []
    weather = Meteo("w", "BPI-E01", day("2025-06-30"), Weather.COUVERT)
    known = replace(bare, meteos=(weather,))
    assert raised(known, "2026-06-30", ENGAGEMENT_SANS_SUIVI) == []
    assert len(raised(known, "2026-07-01", ENGAGEMENT_SANS_SUIVI)) == 1
    spared = replace(bare, meteos=(replace(weather, weather=Weather.NON_NECESSAIRE),))
    assert raised(spared, "2029-07-01", ENGAGEMENT_SANS_SUIVI) == []
    unknown = replace(bare, meteos=(replace(weather, weather=Weather.NON_RENSEIGNEE),))
    assert len(raised(unknown, "2025-07-01", ENGAGEMENT_SANS_SUIVI)) == 1


@pytest.mark.parametrize(
    ("on", "state", "count"),
    [
        ("2026-06-30", DecisionState.A_FAIRE, 0),
        ("2026-07-01", DecisionState.A_FAIRE, 1),
        ("2026-07-01", DecisionState.EN_COURS, 1),
        ("2026-07-01", DecisionState.FAITE, 0),
        ("2026-07-01", DecisionState.ABANDONNEE, 0),
    ],
)
def test_a_decision_past_its_date(on: str, state: DecisionState, count: int) -> None:
    meeting = Meeting("mt", "c", MeetingKind.COPIL, day("2026-03-12"))
    decision = Decision("d", "mt", "Envoyer les chiffres", 2, "la Région", day("2026-06-30"), state)
    found = raised(dossier(meetings=(meeting,), decisions=(decision,)), on, DECISION_EN_RETARD)
    assert [point.object for point in found] == ["COPIL-2026-03-12-D2"] * count
    assert all(point.message.startswith("La décision «\u202fEnvoyer les chiffres") for point in found)


@pytest.mark.parametrize(
    ("on", "due", "done", "late"),
    [
        ("2026-06-15", "2026-06-15", None, None),
        ("2026-06-16", "2026-06-15", None, "1 jour de retard"),
        ("2026-06-30", "2026-06-15", None, "15 jours de retard"),
        ("2026-06-30", None, None, None),
        ("2026-06-30", "2026-06-15", "2026-06-20", None),
        ("2026-06-18", "2026-06-15", "2026-06-20", "3 jours de retard"),
    ],
)
def test_what_follows_from_a_visit_past_its_date(
    on: str, due: str | None, done: str | None, late: str | None
) -> None:
    visit = Visit(
        "v",
        "c",
        day("2026-06-02"),
        "Marché",
        follow_up="Écrire à la commune.",
        carrier="CALL",
        due=day(due) if due else None,
        done_on=day(done) if done else None,
    )
    found = raised(dossier(visits=(visit,)), on, SUITE_EN_RETARD)
    assert [point.object for point in found] == (["VISITE-2026-06-02"] if late else [])
    for point in found:
        assert point.message.startswith(
            "La suite de la visite du 02/06/2026 (Marché), «\u202fÉcrire à la commune\u202f» (porteur\u202f: CALL)"
        )
        assert late is not None
        assert late in point.message.replace("\u00a0", " ")
        assert point.to_do


def test_what_the_secretariat_owes_is_not_asked_of_a_partner_and_a_day_gone_by_stays_as_it_was() -> None:
    visit = Visit("v", "c", day("2026-06-02"), "Marché", follow_up="Écrire.", due=day("2026-06-15"))
    for carrier, done, asked in (
        ("Secrétariat", None, []),
        ("Secrétariat", day("2026-08-01"), []),
        ("Bpifrance", day("2026-08-01"), ["1 suite de visite"]),
    ):
        now = situation(dossier(visits=(replace(visit, carrier=carrier, done_on=done),)), day("2026-07-01"))
        assert late_counts(now) == ["1 suite de visite"]
        assert late_counts(now, of_partners=True) == asked


@pytest.mark.parametrize(
    ("on", "due", "done", "retired", "late"),
    [
        ("2026-06-15", "2026-06-15", None, False, None),
        ("2026-06-16", "2026-06-15", None, False, "1 jour de retard"),
        ("2026-06-30", None, None, False, None),
        ("2026-06-30", "2026-06-15", "2026-06-20", False, None),
        ("2026-06-18", "2026-06-15", "2026-06-20", False, "3 jours de retard"),
        ("2026-06-30", "2026-06-15", None, True, None),
    ],
)
def test_a_step_past_its_date(
    on: str, due: str | None, done: str | None, retired: bool, late: str | None
) -> None:
    step = Step(
        "s",
        "BPI-E01",
        "Signer la convention.",
        who="Opérateur",
        due=day(due) if due else None,
        done_on=day(done) if done else None,
    )
    promise = replace(engagement(), retired=retired)
    full = dossier(engagements=(promise,), steps=(step,))
    found = raised(full, on, ETAPE_EN_RETARD)
    assert [point.object for point in found] == (["BPI-E01"] if late else [])
    for point in found:
        assert late is not None
        assert late in point.message.replace("\u00a0", " ")
        assert point.statement.startswith(
            "l’étape «\u202fSigner la convention\u202f» (porteur\u202f: Opérateur)"
        )
        assert point.to_do
    now = situation(full, day(on))
    assert [item.late_words for item in late_dates(now)] == (
        [
            f"Étape, en retard depuis le 15/06/2026\u202f: Signer la convention (Opérateur\u202f; BPI-E01, {promise.label})."
        ]
        if late
        else []
    )
    assert late_counts(now) == (["1 étape"] if late else [])


def test_the_name_of_a_late_step_keeps_its_own_brackets() -> None:
    """« Signer (avenant 2) » was « Signer » in the note to the préfet."""
    step = Step("s", "BPI-E01", "Signer (avenant 2) la convention", due=day("2026-06-15"))
    (late,) = late_dates(situation(dossier(engagements=(engagement(),), steps=(step,)), day("2026-06-30")))
    assert late.task == "Signer (avenant 2) la convention"
    assert late.quoted_what.startswith("«\u202fSigner (avenant 2) la convention\u202f» (BPI-E01, ")
    assert late.brief == "Étape\u202f: Signer (avenant 2) la convention (BPI-E01)"


@pytest.mark.parametrize(
    ("on", "agenda", "said"),
    [
        ("2026-06-14", "", None),
        ("2026-06-15", "", "dans 15 jours"),
        ("2026-06-29", " \n", "dans 1 jour "),
        ("2026-06-30", "", "aujourd’hui"),
        ("2026-07-01", "", None),
        ("2026-06-29", "Bilan", None),
    ],
)
def test_a_meeting_that_comes_without_an_agenda(on: str, agenda: str, said: str | None) -> None:
    meeting = Meeting("mt", "c", MeetingKind.COTECH, day("2026-06-30"), agenda=agenda)
    found = raised(dossier(meetings=(meeting,)), on, REUNION_SANS_ORDRE_DU_JOUR)
    assert [point.object for point in found] == (["COTECH-2026-06-30"] if said else [])
    assert all(point.message.startswith("Comité technique du 30/06/2026\u202f: ") for point in found)
    assert all(said in point.message for point in found if said)


@pytest.mark.parametrize(
    ("on", "kind", "frozen", "count"),
    [
        ("2026-06-30", MeetingKind.COPIL, False, 0),
        ("2026-07-01", MeetingKind.COPIL, False, 1),
        ("2026-07-30", MeetingKind.COPIL, False, 1),
        ("2026-07-31", MeetingKind.COPIL, False, 0),
        ("2026-07-01", MeetingKind.COPIL, True, 0),
        ("2026-07-01", MeetingKind.REVUE, False, 0),
    ],
)
def test_a_committee_whose_data_are_not_frozen(on: str, kind: MeetingKind, frozen: bool, count: int) -> None:
    meeting = Meeting("mt", "c", kind, day("2026-06-30"))
    held = (Snapshot("s", "c", "mt", meeting.day, meeting.day, "0" * 64),) if frozen else ()
    found = raised(dossier(meetings=(meeting,), snapshots=held), on, COPIL_SANS_ARRETE)
    assert len(found) == count


def test_a_figure_that_stays_provisional() -> None:
    value = measurement(BUS, 27, "2025-06-30", provisional=True, entered_on=day("2025-09-15"))
    full = dossier(BUS, measurements=(value,))
    assert raised(full, "2026-03-15", VALEUR_PROVISOIRE) == []
    (point,) = raised(full, "2026-03-16", VALEUR_PROVISOIRE)
    assert "15/09/2025" in point.message
    for on, age in (("2026-03-16", 6), ("2027-06-15", 21)):
        (point,) = raised(full, on, VALEUR_PROVISOIRE)
        assert point.message.endswith(f"soit {age}\u00a0mois.")
    later = measurement(BUS, 30, "2025-12-31", key="zz")
    (point,) = raised(replace(full, measurements=(value, later)), "2026-03-16", VALEUR_PROVISOIRE)
    assert point.message.endswith("mois\u202f; celle du 31/12/2025, plus récente, ne l’est pas.")
    final = measurement(BUS, 28, "2025-06-30", key="z", entered_on=day("2026-01-05"))
    assert raised(replace(full, measurements=(value, final)), "2026-03-16", VALEUR_PROVISOIRE) == []


@pytest.mark.parametrize(("value", "count"), [("31.5", 0), ("31.6", 1), ("12.4", 1)])
def test_a_value_that_jumps_by_more_than_half_the_way(value: str, count: int) -> None:
    full = dossier(
        BUS, measurements=(measurement(BUS, 22, "2025-06-30"), measurement(BUS, value, "2025-12-31"))
    )
    assert len(raised(full, "2026-01-01", SAUT)) == count


def test_a_thing_that_is_done_has_not_jumped() -> None:
    done = objective("BPI-O09", Sens.JALON, start=(0, "2023-12-31"), target=(1, "2027-12-31"))
    values = (measurement(done, 0, "2025-06-30"), measurement(done, 1, "2025-12-31"))
    assert raised(dossier(done, measurements=values), "2026-01-01", SAUT) == []


def test_a_total_that_falls() -> None:
    item = replace(BUS, mesure=Mesure.CUMUL)
    values: tuple[Any, ...] = tuple(
        measurement(item, v, d) for v, d in ((10, "2025-01-01"), (8, "2025-06-01"), (12, "2025-12-01"))
    )
    (point,) = raised(dossier(item, measurements=values), "2026-01-01", CUMUL_EN_RECUL)
    assert point.ident == "cumul_en_recul:BPI-O01:2025-06-01"
    assert raised(dossier(BUS, measurements=values), "2026-01-01", CUMUL_EN_RECUL) == []


def test_no_two_alerts_share_an_identifier() -> None:
    items = tuple(
        replace(BUS, key=f"BPI-O{n:02}", code=f"BPI-O{n:02}", mesure=Mesure.CUMUL) for n in range(6)
    )
    values = tuple(
        measurement(item, v, d, provisional=True)
        for item in items
        for v, d in ((30, "2024-01-01"), (8, "2024-06-01"), (6, "2024-12-01"))
    )
    full = dossier(*items, measurements=values, engagements=(engagement(), engagement("BPI-E02")))
    found = alerts(situation(full, day("2027-10-01")))
    idents = [point.ident for point in found]
    assert len(idents) > 30
    assert len(set(idents)) == len(idents)


@pytest.mark.parametrize(("on", "months"), [("2025-12-14", 10), ("2025-12-15", 11), ("2026-01-14", 11)])
def test_the_age_of_a_figure_is_counted_in_whole_months(on: str, months: int) -> None:
    asked = replace(BUS, frequency=Frequency.TRIMESTRIELLE)
    (point,) = raised(
        dossier(asked, measurements=(measurement(asked, 27, "2025-01-15"),)), on, VALEUR_ANCIENNE
    )
    assert f"soit {months}\u00a0mois" in point.message


def test_what_would_lack_the_most_and_what_waits_the_longest_is_told_first() -> None:
    """The two that a paper names were the first two codes, not the worst."""
    near, far = (replace(BUS, key=code, code=code) for code in ("BPI-O01", "BPI-O02"))
    values = (measurement(near, 29, "2025-12-31"), measurement(far, 22, "2025-12-31"))
    found = raised(dossier(near, far, measurements=values), "2026-01-01", PROJECTION_MANQUEE)
    assert [point.object for point in found] == ["BPI-O02", "BPI-O01"]
    steps = [Step(f"s{at}", "BPI-E01", name, due=day(due)) for at, (name, due) in enumerate(
        (("Signer", "2026-06-15"), ("Réunir", "2026-03-31")))]  # fmt: skip
    full = dossier(engagements=(engagement(),), steps=tuple(steps))
    found = raised(full, "2026-06-30", ETAPE_EN_RETARD)
    assert ["Réunir" in point.message for point in found] == [True, False]


def test_an_engagement_whose_date_is_past_is_asked_about_until_something_is_said_of_it() -> None:
    """« Échéance : 31/03/2026 (passée) », the only lateness of a contract, stood in grey in its chapter alone."""
    promise = engagement(due=day("2026-03-31"))
    today = day("2026-06-30")

    def asked(*meteos: Meteo, steps: tuple[Step, ...] = (), goals: tuple[Objective, ...] = ()) -> list[str]:
        full = dossier(*goals, engagements=(promise,), meteos=meteos, steps=steps)
        return [item.code for item in past_engagements(situation(full, today))]

    before = Meteo("w1", promise.key, day("2024-01-15"), Weather.SOLEIL)
    since = Meteo("w2", promise.key, day("2026-05-15"), Weather.SOLEIL)
    bare = Meteo("w3", promise.key, day("2026-05-15"), Weather.NON_RENSEIGNEE)
    assert asked() == asked(before) == asked(bare) == [promise.code]
    assert asked(since) == asked(before, since) == []
    assert asked(Meteo("w4", promise.key, day("2026-05-15"), Weather.NON_RENSEIGNEE, "Ouvert.")) == []
    done = Step("s1", promise.key, "Ouvrir", 1, done_on=day("2026-03-01"))
    assert asked(steps=(done,)) == []
    assert asked(steps=(done, Step("s2", promise.key, "Équiper", 2))) == [promise.code]
    # What it is to reach by its date is told by that objective.
    goal = objective(engagement=promise.key, start=(0, "2024-01-01"), target=(9, "2026-03-31"))
    assert asked(goals=(goal,)) == []
    assert past_engagements(situation(dossier(engagements=(promise,)), day("2026-03-31"))) == ()


def test_an_engagement_past_due_is_not_asked_about_once_all_that_it_promised_is_reached() -> None:
    """« Où en est « Affecter un coordonnateur » ? », under « 3 coordonnateurs sur 3, atteint » of after its date."""
    promise = engagement(due=day("2026-03-31"))
    later = {"engagement": promise.key, "start": (0, "2024-01-01"), "target": (9, "2026-12-31")}
    first, second = (objective(code, **later) for code in ("BPI-O01", "BPI-O02"))
    followed = objective("BPI-O03", engagement=promise.key, sens=Sens.SUIVI)

    def asked(*measured: Measurement, goals: tuple[Objective, ...] = (first, followed)) -> list[str]:
        full = dossier(*goals, engagements=(promise,), measurements=measured)
        return [item.code for item in past_engagements(situation(full, day("2026-06-30")))]

    reached = measurement(first, 9, "2026-05-01")
    assert asked(reached) == asked(measurement(first, 9, "2026-03-31")) == []
    # A value of before tells no more than a météo of before; one short of the target does not say that it was kept.
    assert (
        asked(measurement(first, 9, "2026-03-01"))
        == asked(measurement(first, 8, "2026-05-01"))
        == [promise.code]
    )
    assert asked(reached, goals=(first, second)) == [promise.code]
    assert asked(reached, measurement(second, 9, "2026-06-01"), goals=(first, second)) == []
