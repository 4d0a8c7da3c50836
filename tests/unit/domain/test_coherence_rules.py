"""The rules that need no statement: each on a tiny contract, right and wrong; three whole ones with planted faults."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from qpvdesk.domain.coherence import RULES, findings
from qpvdesk.domain.model import (
    Aggregation,
    Dossier,
    Establishment,
    Funding,
    LegalReference,
    Level,
    Mesure,
    Operand,
    Sens,
    Stage,
    Statement,
    StatementKind,
    Territory,
)
from qpvdesk.domain.points import Point
from qpvdesk.domain.situation import situation
from tests.unit.domain import builders
from tests.unit.domain.builders import (
    BPI,
    FRANCE,
    FT,
    NORD,
    PAS_DE_CALAIS,
    dossier,
    engagement,
    measurement,
    objective,
    population,
)

TODAY = date(2026, 11, 28)
GOOD: dict[str, Any] = {"start": (21, "2023-12-31"), "target": (40, "2027-12-31")}
NATURES = {kind: nature for kind, _, _, nature in RULES}


def kinds(of: Dossier) -> dict[str, Point]:
    return {point.kind: point for point in findings(situation(of, TODAY))}


def share(code: str, value: str, **fields: Any) -> tuple[Any, Any]:
    item = objective(code, Sens.SUIVI, unit="%", **fields)
    return item, measurement(item, value, "2024-12-31")


def shares(numbers: bool, count: int = 3) -> Dossier:
    pairs = [share(f"BPI-O0{rank}", "12") for rank in range(1, count + 1)]
    given = {"numerator": Decimal(12), "denominator": Decimal(100)} if numbers else {}
    return dossier(
        *(item for item, _ in pairs), measurements=tuple(replace(one, **given) for _, one in pairs)
    )


def posts(target: int, uncovered: int, ratio: int = 1) -> Dossier:
    """One post for 10 000 inhabitants, promised in the Nord (25 000 inhabitants in QPV, 2 posts)."""
    rule = objective("BPI-O01", Sens.PLANCHER, unit="postes pour 10 000 habitants", target=(ratio, None))
    whole = objective("BPI-O02", unit="postes", target=(target, "2027-12-31"), aggregation=Aggregation.SOMME,
        start=(2, "2024-01-01"), label="Postes")  # fmt: skip
    part = replace(whole, key="BPI-O02-N", code="BPI-O02-N", parent="BPI-O02", territory=NORD.key,
        aggregation=Aggregation.AUCUN)  # fmt: skip
    people = objective("BPI-O03", Sens.SUIVI, unit="habitants", label="Habitants non couverts",
        aggregation=Aggregation.SOMME)  # fmt: skip
    there = replace(people, key="BPI-O03-N", code="BPI-O03-N", parent="BPI-O03", territory=NORD.key,
        aggregation=Aggregation.AUCUN)  # fmt: skip
    # A place of which nothing is known keeps those after it from nothing.
    bare = replace(there, key="BPI-O03-F", code="BPI-O03-F", territory=FRANCE.key)
    return dossier(
        rule, whole, part, people, bare, there,
        measurements=(measurement(there, uncovered, "2024-01-01"),),
        populations=(population(NORD, 25000, vintage=date(2024, 1, 1)),),
    )  # fmt: skip


def acronym(value: int) -> Dossier:
    named = objective("BPI-O01", unit="postes", label="Postes de médiateurs (ARMS)", **GOOD)
    short = objective("BPI-O02", Sens.SUIVI, unit="ARMS", label="ARMS recensés")
    return dossier(named, short, measurements=(measurement(short, value, "2023-12-31"),))


def colleges(stated: int) -> Dossier:
    held = tuple(
        Establishment(f"e{rank}", "c", f"COL-{rank}", name, NORD.key, "collège")
        for rank, name in enumerate(("Curie", "Zola"))
    )
    wanted = objective(
        "BPI-O01", Sens.PLANCHER, unit="collèges", label="Collèges aidés", target=(stated, None)
    )
    return dossier(wanted, establishments=held)


def networks(stated: int) -> Dossier:
    """Two places of the network that the objective counts, and one of that whose name begins alike."""
    held = tuple(
        Establishment(f"e{rank}", "c", f"COL-{rank}", name, NORD.key, "collège", label)
        for rank, (name, label) in enumerate((("Curie", "REP+"), ("Zola", "REP+"), ("Péri", "REP")))
    )
    wanted = objective(
        "BPI-O01",
        Sens.PLANCHER,
        unit="collèges",
        label="Collèges REP+, quand les REP ne sont pas aidés",
        target=(stated, None),
    )
    return dossier(wanted, establishments=held)


def announced(text: str) -> Dossier:
    return dossier(engagements=(engagement(detail=text),))


def twins(value: int) -> Dossier:
    item = objective(**GOOD)
    both = (measurement(item, 25, "2025-06-30"), measurement(item, value, "2025-06-30", key="autre"))
    return dossier(item, measurements=both)


def added_up(total: int) -> Dossier:
    whole = objective("BPI-O01", aggregation=Aggregation.SOMME, **GOOD)
    parts = [
        objective(f"BPI-O01-{place.code}", Sens.SUIVI, parent=whole.key, territory=place.key)
        for place in (NORD, PAS_DE_CALAIS)
    ]
    given = [measurement(whole, total, "2025-06-30")]
    given += [measurement(part, value, "2025-06-30") for part, value in zip(parts, (7, 20), strict=True)]
    others = (objective("BPI-O00", **GOOD), objective("BPI-O09", aggregation=Aggregation.SOMME, **GOOD))
    return dossier(*others, whole, *parts, measurements=tuple(given))


def texts(*labels: str, dated: tuple[int, int, int] | None = None) -> Dossier:
    held = tuple(
        LegalReference(f"r{rank}", "c", f"REF-{rank}", label, dated=date(*dated) if dated else None)
        for rank, label in enumerate(labels)
    )
    return dossier(legal_references=held)


def vintages(year: int) -> Dossier:
    held = (
        population(FRANCE, 900, vintage=date(2018, 1, 1)),
        population(NORD, 100, vintage=date(year, 1, 1)),
    )
    return dossier(populations=held)


def counted_on(day: str) -> Dossier:
    item = objective(sens=Sens.SUIVI)
    return dossier(item, measurements=(measurement(item, 14, day),))


def money(*years: tuple[int, int]) -> Dossier:
    held = tuple(
        Funding(f"f{rank}", "c", BPI.key, f"BPI-F{rank}", f"Fonds {rank}", first, last, Decimal(10 + rank), "EUR",
            stage=Stage.PREVU)
        for rank, (first, last) in enumerate(years)
    )  # fmt: skip
    return dossier(fundings=held)


def running(label: str, note: str = "") -> Dossier:
    item = objective(mesure=Mesure.CUMUL, target=(1000, "2027-12-31"), label=label, note=note)
    return dossier(item)


def local(inside: bool) -> Dossier:
    town = replace(
        NORD, key="t-epci", code="246200364", name="Agglomération", level=Level.EPCI, parent=NORD.key
    )
    item = objective(territory=town.key if inside else FRANCE.key, **GOOD)
    return dossier(item, territories=(FRANCE, NORD, PAS_DE_CALAIS, town))


def recorded(value: str, **fields: Any) -> Dossier:
    item = objective(**(GOOD | fields))
    return dossier(item, measurements=(measurement(item, value, "2025-06-30"),))


def promised(due: str | None) -> Dossier:
    return dossier(objective(sens=Sens.JALON, target=(1, due)))


Case = tuple[str, Callable[[], Dossier], Callable[[], Dossier], str]


def town(code: str) -> Territory:
    """A commune under this code."""
    return replace(NORD, key="t-lens", code=code, name="Lens", level=Level.COMMUNE, parent=NORD.key)


CASES: tuple[Case, ...] = (
    ("par_habitants", lambda: posts(2, 5000), lambda: posts(4, 5000), "Nord, 25 000 ÷ 10 000 = 3 postes, et non 2"),
    ("au_dela_de_la_regle", lambda: posts(4, 5000), lambda: posts(2, 5000), "= 3 postes, pour une cible de 4"),
    ("non_couverts", lambda: posts(3, 9000), lambda: posts(3, 5000),
        "9 000, contre 5 000 (25 000 − 10 000 × 2) si chacun en couvrait autant que la règle en compte"),
    ("deux_noms", lambda: acronym(44), lambda: acronym(21), "44 ARMS"),
    ("etablissements", lambda: colleges(3), lambda: colleges(2), "3 collèges annoncés, 2 énumérés (Curie ; Zola)"),
    ("etablissements", lambda: networks(3), lambda: networks(2), "3 collèges annoncés, 2 énumérés (Curie ; Zola)"),
    ("enumeration", lambda: announced("Trois axes : agir, former et suivre, aider, prêter."),
        lambda: announced("Trois axes : agir, former et aider."), "Trois axes annoncés, 5 énumérés"),
    ("enumeration", lambda: announced("Trois actions : agir, former et suivre, aider, prêter."),
        lambda: announced("Trois actions : agir, former et aider."), "Trois actions annoncées, 5 énumérées"),
    ("deux_chiffres", lambda: twins(26), lambda: twins(25), "25 bus et 26 bus sont relevés le même jour"),
    ("total_releve", lambda: added_up(30), lambda: added_up(27), "ses déclinaisons font 7 + 20 = 27 bus"),
    ("numero", lambda: texts("Délibération n° 2023-01515", "Délibération n° 2023.01515 : cadre"),
        lambda: texts("Délibération n° 2023-01515", "Délibération n° 2023-01516"), "n° 2023-01515 et n° 2023.01515"),
    ("date_du_texte", lambda: texts("Arrêté du 29 avril 2015", dated=(2015, 4, 30)),
        lambda: texts("Arrêté du 29 avril 2015", dated=(2015, 4, 29)), "son nom dit 29/04/2015"),
    ("millesimes", lambda: vintages(2020), lambda: vintages(2018), "Nord (2020)"),
    ("chiffre_ancien", lambda: counted_on("2015-12-31"), lambda: counted_on("2023-12-31"), "31/12/2015"),
    ("liste_ancienne", lambda: texts("Liste nationale des quartiers", dated=(2014, 7, 3)),
        lambda: texts("Liste nationale des quartiers", dated=(2023, 12, 28)), "précède de plusieurs années"),
    ("programme_fini", lambda: texts("Contrat de plan 2021-2027"), lambda: texts("Contrat de plan 2024-2030"), "2027"),
    ("programme_fini", lambda: texts("Convention nationale, 2021-2027"),
        lambda: texts("Convention nationale, 2016-2020", "Décret n° 2022-608 : programmes européens 2021-2027"), "2027"),
    ("memes_annees", lambda: money((2024, 2027), (2025, 2028)), lambda: money((2024, 2025), (2026, 2027)),
        "portent sur les mêmes années"),
    ("annees_passees", lambda: money((2019, 2023)), lambda: money((2024, 2027)), "précèdent le contrat (2024)"),
    ("hors_du_lieu", lambda: local(False), lambda: local(True),
        "ne porte sur l’agglomération (Agglomération) ni sur ses quartiers"),
    ("sans_origine", lambda: running("Prêts accordés"), lambda: running("Prêts accordés depuis 2024"),
        "ne dit pas depuis quand il court"),
    ("sans_origine", lambda: running("Prêts accordés", "« Plus de » 900 en 2023."),
        lambda: running("Prêts accordés", "« Plus de » 900, de 2019 à 2023."), "ne dit pas depuis quand il court"),
    ("sans_effectifs", lambda: shares(False), lambda: shares(True), "sans leurs deux nombres"),
    ("sans_effectifs", lambda: shares(False, 4), lambda: shares(False, 2), "sans leurs deux nombres"),
    ("sans_millesime", lambda: dossier(populations=(population(NORD, 100),)),
        lambda: dossier(populations=(population(NORD, 100, vintage=date(2020, 1, 1)),)), "n’a pas de millésime"),
    ("sans_code", lambda: dossier(territories=(FRANCE, NORD, PAS_DE_CALAIS, town("LENS"))),
        lambda: dossier(territories=(FRANCE, NORD, PAS_DE_CALAIS, town("62498"))), "Lens n’a pas encore son code officiel"),
    ("sans_echeance", lambda: promised(None), lambda: promised("2027-12-31"), "n’a pas d’échéance"),
    ("valeur_douteuse", lambda: recorded("22.5"), lambda: recorded("22"), "un nombre entier est attendu"),
    ("valeur_douteuse", lambda: recorded("-5"), lambda: recorded("22"), "n’a jamais été négative"),
    ("valeur_douteuse", lambda: recorded("2500", unit="M€", start=(2, "2023-12-31"), target=(4, "2027-12-31")),
        lambda: recorded("3", unit="M€", start=(2, "2023-12-31"), target=(4, "2027-12-31")), "dix fois la cible"),
    ("impossible", lambda: dossier(objective(start=(16, "2023-12-31"), target=(10, "2027-12-31"))),
        lambda: dossier(objective(**GOOD)), "la cible est en dessous du départ"),
    ("impossible", lambda: dossier(objective(start=(16, "2023-12-31"), target=(10, "2027-12-31"))),
        lambda: dossier(objective(start=(16, "2023-12-31"), target=(16, "2027-12-31"))),
        "la cible est en dessous du départ"),
    ("impossible", lambda: dossier(objective(start=(16, "2030-01-01"), target=(20, "2027-12-31"))),
        lambda: dossier(objective(**GOOD)), "l’échéance précède la date de départ"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "wrong", "right", "words"), CASES)
def test_a_rule_finds_its_fault_and_only_it(
    kind: str, wrong: Callable[[], Dossier], right: Callable[[], Dossier], words: str
) -> None:
    point = kinds(wrong())[kind]
    plain = point.message.replace("\u202f", " ").replace("\u00a0", " ")
    assert words in plain
    assert point.nature is NATURES[kind]
    assert not plain.startswith(point.object), "a line reads without its code"
    assert kind not in kinds(right())


def test_of_places_without_official_code_the_first_bears_the_point_of_all() -> None:
    arras = replace(NORD, key="t-arras", code="ARRAS", name="Arras", level=Level.COMMUNE, parent=NORD.key)
    point = kinds(dossier(territories=(FRANCE, NORD, PAS_DE_CALAIS, town("LENS"), arras)))["sans_code"]
    assert (point.object, point.ident) == ("ARRAS", "sans_code:ARRAS")
    assert "Arras et Lens n’ont pas encore leur code officiel" in point.message


@pytest.mark.parametrize(
    ("kind", "held", "words"),
    [
        ("etablissements", colleges(3), "3 maisons annoncées, 2 énumérées"),
        ("deux_chiffres", twins(26), "25 places et 26 places sont relevées"),
        ("total_releve", added_up(30), "30 places annoncées"),
    ],
)
def test_what_is_said_of_figures_agrees_with_their_unit(kind: str, held: Dossier, words: str) -> None:
    unit = "maisons" if kind == "etablissements" else "places"
    goals = tuple(
        replace(item, unit=unit, label="Maison" if unit == "maisons" else item.label)
        for item in held.objectives
    )
    places = tuple(replace(item, kind="maison") for item in held.establishments)
    point = kinds(replace(held, objectives=goals, establishments=places))[kind]
    assert words in point.message.replace("\u00a0", " ")


def test_a_far_too_large_amount_proposes_its_unit() -> None:
    amounts: dict[str, Any] = {"unit": "M€", "start": (2, "2023-12-31"), "target": (4, "2027-12-31")}
    assert "des euros" in kinds(recorded("2500000", **amounts))["valeur_douteuse"].message


def test_findings_of_one_cause_are_one_finding_with_its_instances() -> None:
    both = [objective(f"BPI-O0{rank}", target=(100, "2027-12-31"), unit="%") for rank in (1, 2)]
    other = objective("FT-O01", target=(100, "2027-12-31"), unit="postes", partner=FT.key)
    found = [
        point for point in findings(situation(dossier(*both, other), TODAY)) if point.kind == "sans_depart"
    ]
    assert [point.instances for point in found] == [("BPI-O01", "BPI-O02"), ()]
    assert found[0].ident == "sans_depart:BPI-O01", "what was taken into account stays so"
    assert all(item.label in found[0].message for item in both)
    # Where there is room each has its line.
    first, second = found[0].parts
    assert found[0].message == f"{found[0].cause}\u202f: {first}\u202f; {second}."
    assert (found[1].cause, found[1].parts) == ("", ())


def test_a_confirmed_value_is_known_by_the_value_that_was_confirmed() -> None:
    idents = {kinds(recorded(value))["valeur_douteuse"].ident for value in ("22.5", "23.5")}
    assert len(idents) == 2


# Three whole contracts, each with its planted faults: all are found, and nothing else.


def _whole(*more: Any, **fields: Any) -> Dossier:
    sound = (
        objective("BPI-O10", **GOOD),
        objective("BPI-O11", Sens.BAISSE, unit="jours", start=(52, "2023-12-31"), target=(30, "2027-12-31")),
        objective("BPI-O12", Sens.PLANCHER, unit="centres", target=(5, None)),
        objective("BPI-O13", Sens.JALON, unit="fait", target=(1, "2027-06-30")),
        objective("FT-O10", mesure=Mesure.FLUX, unit="jeunes", partner=FT.key, start=(310, "2023-12-31"),
            target=(450, "2027-12-31")),
    )  # fmt: skip
    held = (measurement(sound[0], 24, "2024-12-31"), measurement(sound[4], 330, "2024-12-31"))
    values = {"measurements": (*held, *fields.pop("measurements", ()))}
    values |= {"populations": (population(NORD, 25000, vintage=date(2020, 1, 1)),)} | fields
    return dossier(*sound, *more, **values)


def _first() -> tuple[Dossier, set[tuple[str, str]]]:
    """Wrong dates, a wrong way, a wrong total."""
    late = objective("BPI-O20", start=(1, "2026-12-31"), target=(2, "2025-12-31"))
    back = objective("BPI-O21", Sens.BAISSE, start=(10, "2023-12-31"), target=(20, "2027-12-31"))
    whole = objective("BPI-O22", aggregation=Aggregation.SOMME, unit="postes", start=(9, "2023-12-31"),
        target=(30, "2027-12-31"))  # fmt: skip
    part = objective("BPI-O22-D59", parent=whole.key, territory=NORD.key, unit="postes", start=(9, "2023-12-31"),
        target=(28, "2027-12-31"))  # fmt: skip
    beyond = objective("BPI-O23", start=(1, "2024-12-31"), target=(2, "2050-12-31"))
    return _whole(late, back, whole, part, beyond), {
        ("impossible", "BPI-O20"),
        ("impossible", "BPI-O21"),
        ("declinaison", "BPI-O22"),
        ("hors_contrat", "BPI-O23"),
    }


def _second() -> tuple[Dossier, set[tuple[str, str]]]:
    """A share beyond its whole, a parity that is not kept, two figures one day, a number of another size."""
    reference = objective("FT-O20", Sens.SUIVI, unit="%", partner=FT.key)
    parity = objective("FT-O21", Sens.PARITE, unit="%", partner=FT.key, reference=reference.key)
    buses = objective("BPI-O20", **GOOD)
    numbers = {"numerator": Decimal(16), "denominator": Decimal(100)}
    return _whole(
        reference, parity, buses,
        measurements=(
            measurement(reference, 16, "2024-12-31", **numbers),
            measurement(parity, 12, "2024-12-31", numerator=Decimal(12), denominator=Decimal(100)),
            measurement(reference, 171, "2025-12-31"),
            measurement(buses, 25, "2025-06-30"),
            measurement(buses, 26, "2025-06-30"),
            measurement(buses, 270, "2025-12-31"),
        ),
    ), {
        ("impossible", "FT-O20"),
        ("parite_rompue", "FT-O21"),
        ("deux_chiffres", "BPI-O20"),
        ("valeur_douteuse", "BPI-O20"),
    }  # fmt: skip


def _third() -> tuple[Dossier, set[tuple[str, str]]]:
    """Texts, years and money."""
    held = (
        LegalReference("r1", "c", "REF-1", "Délibération n° 2023-01515"),
        LegalReference("r2", "c", "REF-2", "Délibération n° 2023.01515 : cadre"),
        LegalReference("r3", "c", "REF-3", "Décret n° 2014-767", dated=date(2015, 7, 3)),
    )
    amounts = money((2024, 2027), (2026, 2028), (2019, 2022)).fundings
    return _whole(
        legal_references=held,
        fundings=amounts,
        populations=(
            population(FRANCE, 900000, vintage=date(2018, 1, 1)),
            population(NORD, 25000, vintage=date(2020, 1, 1)),
        ),
    ), {
        ("numero", "REF-1"),
        ("date_du_texte", "REF-3"),
        ("memes_annees", "BPI-F0"),
        ("annees_passees", "BPI-F2"),
        ("millesimes", "D59"),
    }


def test_a_sound_contract_says_nothing() -> None:
    assert findings(situation(_whole(), TODAY)) == ()


@pytest.mark.parametrize("plant", [_first, _second, _third])
def test_what_is_planted_in_a_whole_contract_is_found_and_nothing_else(
    plant: Callable[[], tuple[Dossier, set[tuple[str, str]]]],
) -> None:
    contract, planted = plant()
    assert {(point.kind, point.object) for point in findings(situation(contract, TODAY))} == planted
    assert builders.CONTRACT.code == contract.contract.code


def test_each_programme_that_ends_before_the_contract_is_told_whatever_stands_before_it() -> None:
    """Neither a law, nor a programme that was over, nor one that the contract compares itself hides the next."""
    labels = (
        "Loi de programmation 2020-2025",
        "Plan 2015-2020",
        "Conseil local de santé",
        "Contrat de plan 2021-2027",
        "Programme national 2022-2028",
        "Convention 2024-2030",
        "Plan de relance 2023-2026",
        "Plan d’amorçage 2020-2024",
    )
    held = texts(*labels)
    held = replace(
        held,
        legal_references=tuple(
            replace(item, partner=BPI.key if item.label != labels[5] else FT.key)
            for item in held.legal_references
        ),
        statements=(Statement("s", "c", "BPI-S01", StatementKind.COMPARAISON, "Bus", BPI.key, None, "bus"),),
        operands=tuple(
            Operand(f"o{rank}", "s", rank, f"x{rank}", Decimal(rank), "", f"Bus en {year}")
            for rank, year in enumerate((2027, 2030), 1)
        ),
    )
    point = kinds(held)["programme_fini"]
    told = f"{point.message} {' '.join(point.parts)}"
    assert [label for label in labels if label in told] == [labels[4], labels[6], labels[7]]
    # Another partner's comparison is not of it.
    other = replace(held, statements=(replace(held.statements[0], partner=FT.key),))
    point = kinds(other)["programme_fini"]
    assert labels[3] in f"{point.message} {' '.join(point.parts)}"


def test_two_vintages_are_told_of_each_place_that_has_one() -> None:
    """A place without a vintage, or without a place above it, keeps those after it from nothing."""
    held = dossier(
        populations=(
            population(FRANCE, 900, vintage=date(2018, 1, 1)),
            population(NORD, 100),
            population(PAS_DE_CALAIS, 90, vintage=date(2020, 1, 1)),
            population(NORD, 800, "totale", vintage=date(2021, 1, 1)),
        )
    )
    message = kinds(held)["millesimes"].message
    assert "Pas-de-Calais (2020)" in message
    assert "Nord" not in message
