"""Each rule of coherence: a contract where it holds, one where it is broken, and what the officer then reads."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.coherence import RULES, findings
from qpvdesk.domain.coherence.checks import Checked
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.formula import evaluate, spelled
from qpvdesk.domain.model import (
    Aggregation,
    Citation,
    Dossier,
    Establishment,
    LegalReference,
    Level,
    Mesure,
    Objective,
    Operand,
    Sens,
    Statement,
    StatementKind,
)
from qpvdesk.domain.points import FAMILY_COHERENCE, Point, PointNature
from qpvdesk.domain.situation import situation
from qpvdesk.paths import resource
from qpvdesk.services.contracts.contract_files import load
from tests.unit.domain import builders
from tests.unit.domain.builders import (
    FRANCE,
    NORD,
    PAS_DE_CALAIS,
    dossier,
    measurement,
    objective,
    population,
)

TODAY = date(2026, 6, 30)
KINDS = [code for code, *_ in RULES]


def fr(text: str) -> str:
    """Put the spaces of French print: `~` is the narrow one, `_` the one between a number and its unit."""
    return text.replace("~", "\u202f").replace("_", "\u00a0")


def statement(
    kind: StatementKind, label: str, value: object, unit: str, *operands: tuple[str, object], **fields: Any
) -> Dossier:
    """A contract that states one thing; each operand is a label and a value."""
    stated = Statement(
        "s", "c", "BPI-S01", kind, label, builders.BPI.key, builders.number(value), unit,
        citation=Citation("d", "Tableau", "44"), **fields,
    )  # fmt: skip
    parts = tuple(
        Operand(f"o{rank}", "s", rank, f"x{rank}", builders.number(part), "", name)
        for rank, (name, part) in enumerate(operands, start=1)
    )
    return dossier(statements=(stated,), operands=parts)


def points(of: Dossier, kind: str) -> list[Point]:
    return [point for point in findings(situation(of, TODAY)) if point.kind == kind]


def the_point(of: Dossier, kind: str) -> Point:
    """The only point of the contract, under that rule."""
    (point,) = findings(situation(of, TODAY))
    assert point.kind == kind
    assert point.family == FAMILY_COHERENCE
    assert point.remedy
    return point


# What the document says of its own figures


def test_a_total_that_is_the_sum_of_its_parts_is_left_alone() -> None:
    assert (
        findings(
            situation(
                statement(StatementKind.TOTAL, "Postes", 27, "postes", ("Nord", 26), ("Oise", 1)), TODAY
            )
        )
        == ()
    )


def test_a_total_that_is_not_the_sum_of_its_parts_is_shown_with_the_sum() -> None:
    broken = statement(StatementKind.TOTAL, "Postes recensés", 44, "postes", ("Nord", 1026), ("Oise", 1))

    point = the_point(broken, "total")

    assert point.message == fr("Postes recensés~: 1~026 + 1 = 1~027_postes, et non 44.")
    assert (point.object, point.partner) == ("BPI-S01", builders.BPI.key)
    assert point.citation == Citation("d", "Tableau", "44")


def test_rounding_alone_does_not_break_a_total() -> None:
    shares = (("Lens", "40.7"), ("Artois", "22.2"))

    assert findings(situation(statement(StatementKind.TOTAL, "Part", "62.8", "%", *shares), TODAY)) == ()
    assert points(statement(StatementKind.TOTAL, "Part", "62.6", "%", *shares), "total")


def test_whole_numbers_are_not_rounded() -> None:
    assert points(statement(StatementKind.TOTAL, "Postes", 28, "postes", ("Nord", 26), ("Oise", 1)), "total")


def test_a_change_is_written_with_its_sign() -> None:
    broken = statement(
        StatementKind.TOTAL, "Variation", "-0.9", "points", ("Lens", "-1.1"), ("Artois", "0.6")
    )

    assert the_point(broken, "total").message == fr("Variation~: −1,1 + 0,6 = −0,5_point, et non −0,9.")


def test_a_count_that_is_the_list_s_is_left_alone() -> None:
    held = statement(StatementKind.DENOMBREMENT, "Axes", 2, "axes", ("Fédérer", None), ("Financer", None))

    assert findings(situation(held, TODAY)) == ()


def test_a_count_that_is_not_the_list_s_is_shown_with_the_list() -> None:
    broken = statement(
        StatementKind.DENOMBREMENT, "Axes", 3, "axes", ("Fédérer", None), ("Informer et financer", None)
    )

    assert the_point(broken, "denombrement").message == fr(
        "Axes~: le document annonce 3_axes et en énumère 2 (Fédérer~; Informer et financer)."
    )


def test_a_count_of_an_absent_list_says_so() -> None:
    broken = statement(StatementKind.DENOMBREMENT, "Axes", 3, "axes")

    assert the_point(broken, "denombrement").message == fr(
        "Axes~: le document annonce 3_axes et n’en énumère aucun."
    )


def test_a_share_that_follows_from_its_two_numbers_is_left_alone() -> None:
    held = statement(StatementKind.PART, "Part", "16.4", "%", ("Quartiers", 19072), ("Tous", 116528))

    assert findings(situation(held, TODAY)) == ()


def test_a_share_that_does_not_is_shown_with_the_division() -> None:
    broken = statement(StatementKind.PART, "Part des quartiers", 8, "%", ("Quartiers", 8000), ("Tous", 79000))

    assert the_point(broken, "part").message == fr(
        "Part des quartiers~: 8~000 ÷ 79~000 = 10,1~%, et non 8~%."
    )


def test_a_share_is_shown_with_as_many_decimals_as_stated() -> None:
    broken = statement(StatementKind.PART, "Part", "16.39", "%", ("Quartiers", 19072), ("Tous", 116528))

    assert the_point(broken, "part").message == fr("Part~: 19~072 ÷ 116~528 = 16,37~%, et non 16,39~%.")


def test_a_share_of_nothing_is_not_reckoned() -> None:
    for further in ((("Rien", 0),), (("Deux", 2), ("Trois", 3))):
        broken = statement(StatementKind.PART, "Part", 8, "%", ("Un", 1), *further)
        assert "le second n’est pas zéro" in the_point(broken, "impossible").message


def test_a_figure_that_follows_from_its_rule_is_left_alone() -> None:
    held = statement(
        StatementKind.FORMULE,
        "Reste",
        12,
        "postes",
        ("Non couverts", 119134),
        formula="arrondi_sup(x1 / 10000)",
    )

    assert findings(situation(held, TODAY)) == ()


def test_a_figure_that_does_not_is_shown_with_the_rule_at_work() -> None:
    broken = statement(
        StatementKind.FORMULE, "Coordonnateurs", 16, "postes", ("Réseaux", 14), formula="max(0, x1 - 1)"
    )
    assert the_point(broken, "formule").message == fr(
        "Coordonnateurs~: la règle donne 13_postes (14 − 1), et non 16 (3 de plus)."
    )
    broken = statement(
        StatementKind.FORMULE, "Coordonnateurs", 16, "postes", ("Réseaux", 1), formula="max(0, x1 - 2)"
    )
    assert the_point(broken, "formule").message == fr(
        "Coordonnateurs~: la règle donne 0_poste (1 − 2, ramené à 0), et non 16."
    ), "a rule that gives nothing repeats no figure"


@pytest.mark.parametrize(
    ("stated", "unit", "operands", "formula", "kind", "told"),
    [
        (119134, "habitants", (361198, 26), "max(0, x1 - 10000 * x2)", "base_par_habitants",
         "119~134, contre 101~198_habitants (361~198 − 10~000 × 26)"),
        (1080, "habitants", (37067, 6), "max(0, x1 - 10000 * x2)", "base_par_habitants",
         "1~080, contre aucun_habitant (37~067 − 10~000 × 6, ramené à 0)"),
        (21, "postes", (149827, 16), "arrondi_sup(x1 / 10000)", "base_par_habitants",
         "21, contre 15_postes (149~827 ÷ 10~000, arrondi au supérieur)"),
        # Fewer than the rule asks for cannot be right, however many each covers.
        (12, "postes", (149827, 16), "arrondi_sup(x1 / 10000)", "formule",
         "la règle donne 15_postes (149~827 ÷ 10~000, arrondi au supérieur), et non 12 (3 de moins)"),
    ],
)  # fmt: skip
def test_a_rule_of_one_for_so_many_inhabitants_says_which_base_it_lacks(
    stated: int, unit: str, operands: tuple[int, int], formula: str, kind: str, told: str
) -> None:
    """The document does not say how many inhabitants those who are there cover: both figures may be right."""
    held = statement(
        StatementKind.FORMULE, "Reste", stated, unit, ("Habitants", operands[0]), ("Postes", operands[1]),
        formula=formula,
    )  # fmt: skip
    point = the_point(held, kind)
    assert fr(told) in point.message
    if kind == "base_par_habitants":
        assert point.nature is PointNature.BASE_MANQUANTE
        assert "ne dit pas combien d’habitants couvre" in point.message.replace("le document ", "")
        assert not re.search(r"et non|\b0.habitant", point.message)


def test_a_rule_that_cannot_be_reckoned_is_said_and_hides_nothing_else() -> None:
    broken = statement(
        StatementKind.FORMULE, "Reste", 12, "postes", ("Non couverts", 1), formula="x1 + autre"
    )
    other = objective(target=(1000, "2027-12-31"))

    found = findings(situation(replace(broken, objectives=(other,)), TODAY))

    assert [point.kind for point in found] == ["formule", "sans_depart"]
    assert found[0].message == fr("Reste~: la formule «~autre~» ne peut pas être calculée.")


def test_what_the_figures_do_not_say_follows_them() -> None:
    broken = statement(
        StatementKind.DENOMBREMENT, "Axes", 2, "axes", ("Emploi", None), note="Le second manque."
    )

    assert the_point(broken, "denombrement").message == fr(
        "Axes~: le document annonce 2_axes et en énumère 1 (Emploi). Le second manque."
    )


def test_a_filled_envelope_is_left_alone() -> None:
    assert (
        findings(
            situation(statement(StatementKind.ENVELOPPE, "Fonds", 350, "M€", ("a", 150), ("b", 200)), TODAY)
        )
        == ()
    )


def test_an_envelope_not_filled_is_shown_with_what_lacks() -> None:
    broken = statement(StatementKind.ENVELOPPE, "Fonds", 600, "M€", ("Prêts", 150), ("Fonds", 200))

    point = the_point(broken, "enveloppe")
    # What is not told may fill it: both figures may be right.
    assert point.nature is PointNature.BASE_MANQUANTE
    assert point.message == fr("Fonds~: 150 + 200 = 350 sur 600_M€~; le détail de 250_M€ n’est pas donné.")


def test_an_amount_that_is_taken_off_is_told_as_such() -> None:
    broken = statement(
        StatementKind.ENVELOPPE,
        "Fonds",
        30,
        "M€",
        ("Prêts", 40),
        ("Avance", Decimal("-0.5")),
        ("Reprise", -3),
    )

    assert the_point(broken, "enveloppe_depassee").message.startswith(
        fr("Fonds~: 40 − 0,5 − 3 = 36,5 sur 30_M€")
    )


def test_an_envelope_overrun_is_shown_with_the_excess() -> None:
    broken = statement(StatementKind.ENVELOPPE, "Fonds", 300, "M€", ("Prêts", 150), ("Fonds", 200))

    assert the_point(broken, "enveloppe_depassee").message == fr(
        "Fonds~: 150 + 200 = 350 sur 300_M€~; c’est 50_M€ de plus que l’enveloppe."
    )


def test_one_figure_told_twice_alike_is_left_alone() -> None:
    held = statement(StatementKind.EGALITE, "Réseaux", None, "réseaux", ("Texte", 26), ("Note", 26))

    assert findings(situation(held, TODAY)) == ()


def test_one_figure_told_twice_differently_is_shown_with_both() -> None:
    broken = statement(StatementKind.EGALITE, "Orientations", None, "orientations", ("Note", 6), ("QPV", 5))

    assert the_point(broken, "egalite").message == fr(
        "Orientations~: 6_orientations (note) et 5_orientations (QPV)."
    )


@pytest.mark.parametrize(
    "labels",
    [("Année non dite", "Année 2021"), ("En 2020", "En 2021"), ("Créations de 2019", "Année non dite")],
)
def test_two_figures_of_several_years_are_no_one_figure_given_twice(labels: tuple[str, str]) -> None:
    told = statement(
        StatementKind.EGALITE, "Deux départs", None, "créations", (labels[0], 79000), (labels[1], 72000)
    )

    assert the_point(told, "deux_annees").nature is PointNature.BASE_MANQUANTE


def test_two_figures_of_one_year_are_one_given_twice() -> None:
    told = statement(
        StatementKind.EGALITE, "Départ", None, "créations", ("Note, 2021", 79000), ("Annexe, 2021", 72000)
    )
    official = statement(
        StatementKind.EGALITE,
        "Quartiers",
        None,
        "quartiers",
        ("Magazine", 21),
        ("Liste officielle de 2024", 17),
    )

    assert the_point(told, "egalite").nature is PointNature.CONTRADICTION
    assert the_point(official, "egalite").nature is PointNature.CONTRADICTION


def test_a_wrong_count_set_beside_the_true_one_is_one_fault() -> None:
    listed = statement(StatementKind.DENOMBREMENT, "Axes", 3, "axes", ("Fédérer", None), ("Financer", None))
    beside = Statement(
        "t", "c", "BPI-S02", StatementKind.EGALITE, "Axes, deux fois", builders.BPI.key, None, "axes"
    )
    given = tuple(
        Operand(f"t{rank}", "t", rank, f"x{rank}", builders.number(value), "", name)
        for rank, (name, value) in enumerate((("Note", 3), ("Annexe", 2)), start=1)
    )
    both = replace(listed, statements=(*listed.statements, beside), operands=(*listed.operands, *given))

    point = the_point(both, "denombrement")
    assert point.instances == ("BPI-S01", "BPI-S02")
    assert fr("3_axes (note) et 2_axes (annexe)") in point.message
    other = replace(both, operands=(*both.operands[:-1], replace(given[-1], value=builders.number(5))))
    assert [found.kind for found in findings(situation(other, TODAY))] == ["denombrement", "egalite"]


HERE, THERE = Citation("d", "Tableau", "44"), Citation("d", "Tableau", "45")


@pytest.mark.parametrize(
    ("kind", "noted", "drawn", "told"),
    [
        (StatementKind.COMPARAISON, HERE, HERE, False),
        (StatementKind.COMPARAISON, HERE, THERE, True),
        # Nothing says that what has no passage is of the same.
        (StatementKind.COMPARAISON, None, None, True),
        (StatementKind.COMPARAISON, HERE, None, True),
        (StatementKind.COMPARAISON, None, HERE, True),
        (StatementKind.TOTAL, HERE, HERE, True),
    ],
)
def test_what_a_reader_noted_of_a_passage_stands_for_a_rule_on_it_and_on_no_other(
    kind: StatementKind, noted: Citation | None, drawn: Citation | None, told: bool
) -> None:
    base = statement(kind, "Deux fois", 3, "bus", ("Note", 1), ("Annexe", 2))
    item = builders.objective(target=(40, "2027-12-31"), citation=drawn)
    held = replace(base, objectives=(item,), statements=(replace(base.statements[0], citation=noted),))
    assert bool(points(held, "sans_depart")) == told


def test_a_comparison_is_shown_with_its_figures_or_with_its_note() -> None:
    operands = (("Jeunes", "4.2"), ("Tous âges", "16.4"))
    bare = statement(StatementKind.COMPARAISON, "Jeunes et tous âges", None, "%", *operands)
    told = statement(
        StatementKind.COMPARAISON, "Jeunes et tous âges", None, "%", *operands, note="À ne pas rapprocher."
    )

    assert the_point(bare, "comparaison").message == fr(
        "Jeunes et tous âges~: 4,2~% (jeunes) et 16,4~% (tous âges)."
    )
    assert the_point(told, "comparaison").message == "Jeunes et tous âges. À ne pas rapprocher."


def test_two_figures_that_nothing_sets_apart_any_more_are_left_alone() -> None:
    told = statement(StatementKind.COMPARAISON, "Jeunes", None, "%", ("Jeunes", "4.2"), ("Jeunes", "4.2"))

    assert findings(situation(told, TODAY)) == ()


def test_a_missing_base_is_shown_with_its_note() -> None:
    broken = statement(
        StatementKind.BASE_ABSENTE, "Couverture en 5 ans", None, "", note="La note n’est pas datée."
    )

    assert the_point(broken, "base_absente").message == "Couverture en 5 ans. La note n’est pas datée."


# What the entries say against each other

GOOD: dict[str, Any] = {"start": (21, "2023-12-31"), "target": (40, "2027-12-31")}


def test_an_ordinary_objective_raises_nothing() -> None:
    assert findings(situation(dossier(objective(**GOOD)), TODAY)) == ()


def test_a_start_counted_in_the_target_s_unit_is_left_alone() -> None:
    assert findings(situation(dossier(objective(start_unit="Bus", **GOOD)), TODAY)) == ()


def test_a_start_counted_in_another_unit_is_shown() -> None:
    broken = dossier(objective(start_unit="chefs de projet", **GOOD))

    point = the_point(broken, "unites")

    assert point.message == fr(
        "Objectif BPI-O01~: le départ compte des chefs de projet (21), la cible des bus (40)."
    )
    assert (point.object, point.partner, point.ident) == ("BPI-O01", builders.BPI.key, "unites:BPI-O01")
    # Of a rate that nobody knows it is not said that it is unsure.
    assert point.remedy == "Faites préciser ce que compte le départ."
    known = replace(broken, measurements=(measurement(broken.objectives[0], 30, "2025-12-31"),))
    assert the_point(known, "unites").remedy.endswith("l’avancement n’est qu’indicatif.")


def test_a_target_without_start_is_shown() -> None:
    broken = dossier(objective(target=(1000, "2027-12-31")))

    assert the_point(broken, "sans_depart").message == fr(
        "Objectif BPI-O01~: la cible est connue (1~000_bus), le départ ne l’est pas~;"
        " aucune trajectoire ne peut être tracée."
    )


def test_a_running_total_needs_no_start() -> None:
    total = objective(start=(None, "2024-01-01"), target=(1000, "2027-12-31"), mesure=Mesure.CUMUL)
    assert findings(situation(dossier(total), TODAY)) == ()


def test_a_target_without_date_is_shown() -> None:
    broken = dossier(objective(start=(21, "2023-12-31"), target=(40, None)))

    assert the_point(broken, "sans_echeance").message == fr(
        "Objectif BPI-O01~: la cible de 40_bus n’a pas d’échéance~; elle ne peut pas être dite en retard."
    )


def test_what_is_reached_needs_no_date() -> None:
    done = objective(sens=Sens.JALON, unit="", target=(1, None))

    assert [point.kind for point in findings(situation(dossier(done), TODAY))] == ["sans_echeance"]
    assert findings(situation(dossier(done, measurements=(measurement(done, 1, "2026-01-31"),)), TODAY)) == ()


def test_a_missing_base_already_told_is_not_told_again() -> None:
    told = statement(StatementKind.BASE_ABSENTE, "Doubler, sans départ", None, "", objective="BPI-O01")
    both = replace(told, objectives=(objective(target=(2, None)),))

    assert [point.kind for point in findings(situation(both, TODAY))] == ["base_absente"]


def share(code: str, sens: Sens = Sens.SUIVI, **fields: Any) -> Objective:
    return objective(code, sens, unit="%", **fields)


def test_parity_that_holds_is_left_alone() -> None:
    whole, part = share("FT-O01"), share("FT-O02", Sens.PARITE, reference="FT-O01")
    held = dossier(
        whole, part,
        measurements=(measurement(whole, "16.4", "2023-12-31"), measurement(part, "16.4", "2023-12-31")),
    )  # fmt: skip

    assert findings(situation(held, TODAY)) == ()


@pytest.mark.parametrize(("value", "gap"), [("15.8", "0,6 point"), ("4.2", "12,2 points")])
def test_parity_that_is_broken_is_shown_with_the_gap(value: str, gap: str) -> None:
    whole, part = share("FT-O01"), share("FT-O02", Sens.PARITE, reference="FT-O01")
    broken = dossier(
        whole, part,
        measurements=(measurement(whole, "16.4", "2023-12-31"), measurement(part, value, "2023-12-31")),
    )  # fmt: skip

    shown = value.replace(".", ",")
    assert the_point(broken, "parite_rompue").message == fr(
        f"Objectif FT-O02~: {shown}~% au 31/12/2023, contre 16,4~% pour la référence"
        f" («~Objectif FT-O01~»), soit {gap.replace(' ', '_')} de moins~; la parité n’est pas tenue."
    )


def test_two_shares_of_one_population_are_left_alone() -> None:
    held = dossier(
        share("FT-O01", population="Jeunes"),
        share("FT-O02", Sens.PARITE, reference="FT-O01", population="jeunes"),
    )

    assert findings(situation(held, TODAY)) == ()


def test_a_share_of_another_population_is_shown() -> None:
    broken = dossier(
        share("FT-O01"), share("FT-O02", Sens.PARITE, reference="FT-O01", population="les jeunes")
    )

    assert the_point(broken, "autre_population").message == fr(
        "Objectif FT-O02~: la part porte sur une population particulière (les jeunes), celle à laquelle on la compare"
        " («~Objectif FT-O01~») sur toute la population~; l’écart mesure aussi cette différence."
    )


def test_a_partner_is_called_by_its_own_name_whatever_the_order_of_their_keys() -> None:
    held = replace(dossier(), partners=(builders.FT, builders.BPI))
    checked = Checked(situation(held, TODAY))
    assert [checked.partner(key) for key in ("p-bpi", "p-ft", "p-x")] == [
        builders.BPI.short_name, builders.FT.short_name, "ce partenaire",
    ]  # fmt: skip


def test_a_stock_compared_with_a_flow_is_shown_once_for_all() -> None:
    whole = share("FT-O01")
    parts = [share(f"FT-O0{n}", Sens.PARITE, reference="FT-O01", mesure=Mesure.FLUX) for n in (2, 3)]

    assert the_point(dossier(whole, *parts), "stock_et_flux").message == fr(
        "Objectif FT-O01 est un état à une date~; «~Objectif FT-O02~» et «~Objectif FT-O03~» portent sur une année~: un"
        " stock se compare à un flux."
    )
    more = [share(f"FT-O0{n}", Sens.PARITE, reference="FT-O01", mesure=Mesure.FLUX) for n in (4, 5)]
    told = the_point(dossier(whole, *parts, *more), "stock_et_flux").message
    assert fr("«~Objectif FT-O03~» et 2 autres portent") in told


def test_a_comparison_already_told_is_not_told_again() -> None:
    told = statement(StatementKind.COMPARAISON, "Flux et stock", None, "", objective="FT-O01")
    both = replace(
        told,
        objectives=(share("FT-O01"), share("FT-O02", Sens.PARITE, reference="FT-O01", mesure=Mesure.FLUX)),
    )

    assert [point.kind for point in findings(situation(both, TODAY))] == ["comparaison"]


def _declined(whole: object) -> Dossier:
    ends = ("2023-12-31", "2027-12-31")
    parent = objective("BPI-O01", start=(30, ends[0]), target=(whole, ends[1]), aggregation=Aggregation.SOMME)
    return dossier(
        parent,
        objective("BPI-O02", start=(10, ends[0]), target=(20, ends[1]), parent="BPI-O01", territory=NORD.key),
        objective(
            "BPI-O03",
            start=(20, ends[0]),
            target=(25, ends[1]),
            parent="BPI-O01",
            territory=PAS_DE_CALAIS.key,
        ),
    )


def test_parts_that_make_the_whole_are_left_alone() -> None:
    assert findings(situation(_declined(45), TODAY)) == ()


def test_parts_that_do_not_make_the_whole_are_shown_with_the_sum() -> None:
    point = the_point(_declined(50), "declinaison")

    assert point.message == fr("Objectif BPI-O01~: ses déclinaisons font 20 + 25 = 45 à la cible, et non 50.")
    assert point.ident == "declinaison:BPI-O01:target_value"


def _colleges(*names: str) -> Dossier:
    places = (
        replace(NORD, key="t-a", code="62001", name="Avion", level=Level.COMMUNE),
        replace(NORD, key="t-b", code="62002", name="Sallaumines", level=Level.COMMUNE),
    )
    schools = tuple(
        Establishment(name, "c", f"COL-{rank}", name, place.key, "college")
        for rank, (name, place) in enumerate(zip(names, places, strict=True), start=1)
    )
    return dossier(territories=(FRANCE, NORD, PAS_DE_CALAIS, *places), establishments=schools)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Collège Langevin", "Collège Zola"),
        ("Collège Jean Zay", "Collège Jean Jaurès"),
        ("Lycée 1", "Lycée 2"),
    ],
)
def test_two_names_that_differ_are_left_alone(one: str, other: str) -> None:
    assert findings(situation(_colleges(one, other), TODAY)) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Collège Langevin", "Collège Langevin"),
        ("Collège Langevin", "Collège Langevin Wallon"),
        ("Collège Riaumont", "Collège Riaumond"),
    ],
)
def test_two_names_that_could_be_merged_are_shown_with_their_places(one: str, other: str) -> None:
    point = the_point(_colleges(one, other), "noms_proches")

    alike = "le même nom" if one == other else "des noms presque identiques"
    assert point.message == fr(f"Deux établissements ont {alike}~: {one} (Avion) et {other} (Sallaumines).")
    assert point.ident == "noms_proches:COL-1:COL-2"


def test_objectives_of_one_name_are_told_apart_by_their_codes() -> None:
    parts = [
        objective(f"BPI-O{number:02}", label=name, sens=Sens.SUIVI)
        for number, name in ((1, "Places en crèche"), (2, "Bus en service"), (3, "Places en crèche"))
    ]
    same = dossier(*parts, objective("BPI-O04", label="Places en crèche", sens=Sens.SUIVI))
    near = dossier(*parts, objective("BPI-O04", label="Places en crèches", sens=Sens.SUIVI))

    assert the_point(same, "noms_proches").message == fr(
        "3 objectifs (Bpifrance) ont le même nom, «~Places en crèche~»~: BPI-O01, O03, O04."
    )
    assert the_point(near, "noms_proches").message == fr(
        "3 objectifs (Bpifrance) ont le même nom, ou des noms proches~:"
        " Places en crèche (BPI-O01, O03) et Places en crèches (BPI-O04)."
    )


def dated(of: Dossier) -> list[Point]:
    """What is said but for the vintage, which these contracts leave out."""
    return [point for point in findings(situation(of, TODAY)) if point.kind != "sans_millesime"]


def only(of: Dossier, kind: str) -> Point:
    (point,) = dated(of)
    assert point.kind == kind
    return point


def test_populations_of_two_perimeters_are_left_alone() -> None:
    held = dossier(populations=(population(NORD, 361198), population(NORD, 2600000, "totale")))

    assert dated(held) == []


def test_two_populations_of_one_perimeter_are_shown_with_their_vintages() -> None:
    both = (population(NORD, 361198), population(NORD, 350000, vintage=date(2018, 1, 1)))

    assert only(dossier(populations=both), "populations").message == fr(
        "Nord a deux populations pour le même périmètre~:"
        " 361~198 habitants (sans date) et 350~000 habitants (01/01/2018)."
    )


def test_people_in_qpv_are_no_more_than_the_people() -> None:
    held = dossier(populations=(population(NORD, 361198), population(NORD, 361198, "totale")))
    broken = dossier(populations=(population(NORD, 361198), population(NORD, 350000, "totale")))

    assert dated(held) == []
    assert only(broken, "populations_depassees").message == fr(
        "Nord compte 361~198 habitants en QPV, mais 350~000 habitants en tout."
    )


def test_places_hold_no_more_people_than_what_contains_them() -> None:
    parts = (population(NORD, 361198), population(PAS_DE_CALAIS, 149827))
    inside = replace(NORD, parent=FRANCE.key), replace(PAS_DE_CALAIS, parent=FRANCE.key)

    def counted(value: int, **fields: Any) -> Dossier:
        whole = population(FRANCE, value, **fields)
        return dossier(populations=(*parts, whole), territories=(FRANCE, *inside))

    assert dated(counted(511025)) == []
    assert dated(counted(500000, vintage=date(2018, 1, 1))) == []
    assert only(counted(500000), "populations_depassees").message == fr(
        "Nord et Pas-de-Calais~: 361~198 + 149~827 = 511~025 habitants en QPV, plus que les 500~000 de France,"
        " qui les contient."
    )


def test_a_share_out_of_bounds_is_shown() -> None:
    held = share("BPI-O01", Sens.HAUSSE, start=(0, "2023-12-31"), target=(100, "2027-12-31"))
    broken = replace(held, target_value=Decimal(120))

    assert findings(situation(dossier(held), TODAY)) == ()
    assert the_point(dossier(broken), "impossible").message == fr(
        "Objectif BPI-O01~: 120~% n’est pas une part de 0 à 100~%."
    )


def test_a_target_after_the_contract_is_shown() -> None:
    last = dossier(objective(start=(1, "2024-01-01"), target=(2, "2030-12-31")))
    broken = dossier(objective(start=(1, "2024-01-01"), target=(2, "2050-12-31")))

    assert findings(situation(last, TODAY)) == ()
    assert the_point(broken, "hors_contrat").message == fr(
        "Objectif BPI-O01~: l’échéance du 31/12/2050 sort du contrat (01/01/2024 – 31/12/2030)."
    )


def test_a_text_voted_before_the_contract_is_left_alone() -> None:
    voted = objective(sens=Sens.JALON, target=(1, "2023-10-05"))
    promised = objective(start=(1, "2022-12-31"), target=(2, "2023-10-05"))

    assert points(dossier(voted), "hors_contrat") == []
    assert len(points(dossier(promised), "hors_contrat")) == 1


def test_an_objective_counted_on_another_scale_is_shown() -> None:
    promise = builders.engagement(territory=NORD.key)
    there = dossier(
        objective(engagement=promise.key, territory=PAS_DE_CALAIS.key, **GOOD), engagements=(promise,)
    )
    broken = dossier(objective(engagement=promise.key, **GOOD), engagements=(promise,))

    assert findings(situation(there, TODAY)) == ()
    assert the_point(broken, "autre_echelle").message == fr(
        "Objectif BPI-O01 se compte à l’échelle «~France~», l’engagement BPI-E01 vaut à celle «~Nord~»."
    )


def test_a_value_of_a_place_that_the_objective_is_not_declined_on_is_shown() -> None:
    wanted = objective(**GOOD)
    local = measurement(wanted, 3, "2025-06-30", territory=NORD.key)
    broken = dossier(wanted, measurements=(measurement(wanted, 27, "2025-06-30"), local))
    part = objective("BPI-O02", Sens.SUIVI, parent=wanted.key, territory=NORD.key)

    point = the_point(broken, "impossible")

    assert point.ident == "impossible:BPI-O01:territory:2025-06-30"
    assert point.message == fr(
        "Objectif BPI-O01, relevé du 30/06/2025~: cet objectif se compte sur France, pas sur Nord~:"
        " cette valeur n’y compterait nulle part."
    )
    assert findings(situation(replace(broken, objectives=(wanted, part)), TODAY)) == ()


# The table of rules


def test_every_rule_has_its_own_code_and_title() -> None:
    assert len(set(KINDS)) == len(RULES)
    assert len({title for _, title, *_ in RULES}) == len(RULES)


def test_points_come_in_the_order_of_the_rules() -> None:
    broken = dossier(
        objective("BPI-O02", target=(1000, "2027-12-31")),
        objective("BPI-O01", start_unit="chefs de projet", start=(1, "2023-12-31"), target=(2, "2050-12-31")),
    )

    ranks = [KINDS.index(point.kind) for point in findings(situation(broken, TODAY))]

    assert len(ranks) == 3
    assert all(one <= other for one, other in pairwise(ranks))


def test_a_point_keeps_its_identity_from_one_day_to_the_next() -> None:
    contract = load(resource("contracts/lens-lievin"), key_of=lambda name: name)

    today = [point.ident for point in findings(situation(contract, TODAY))]
    later = [point.ident for point in findings(situation(contract, date(2028, 1, 1)))]

    assert len(today) == len(set(today))
    assert today == later


# The language of formulas

NAMES = {"a": Fraction(361198), "b": Fraction(26), "zero": Fraction(0)}


def _expressions() -> st.SearchStrategy[tuple[str, Callable[[], Fraction]]]:
    """Formulas, each with the reckoning that gives its value, written apart from the one under test."""
    leaves = st.one_of(
        st.integers(0, 10**6).map(lambda n: (str(n), lambda: Fraction(n))),
        st.sampled_from(["a", "b"]).map(lambda name: (name, lambda: NAMES[name])),
        st.decimals(0, 1000, places=2).map(lambda d: (f"{d:f}", lambda: Fraction(d))),
    )

    def grown(inner: Any) -> Any:
        def both(parts: Any) -> Any:
            sign, (left, one), (right, other) = parts
            reckon: dict[str, Callable[[], Fraction]] = {
                "+": lambda: one() + other(),
                "-": lambda: one() - other(),
                "*": lambda: one() * other(),
                "/": lambda: one() / other(),
            }
            return f"({left} {sign} {right})", reckon[sign]

        def called(parts: Any) -> Any:
            name, (left, one), (right, other) = parts
            reckon: dict[str, Callable[[], Fraction]] = {
                "max": lambda: max(one(), other()),
                "min": lambda: min(one(), other()),
                "arrondi_sup": lambda: Fraction(-(-one().numerator // one().denominator)),
            }
            return f"{name}({left})" if name == "arrondi_sup" else f"{name}({left}, {right})", reckon[name]

        return st.one_of(
            st.tuples(st.sampled_from("+-*/"), inner, inner).map(both),
            st.tuples(st.sampled_from(["max", "min", "arrondi_sup"]), inner, inner).map(called),
            inner.map(lambda part: (f"-({part[0]})", lambda: -part[1]())),
        )

    return st.recursive(leaves, grown, max_leaves=8)


@given(_expressions())
def test_a_formula_is_reckoned_exactly(expression: tuple[str, Callable[[], Fraction]]) -> None:
    text, reckon = expression
    try:
        expected = reckon()
    except ZeroDivisionError:
        with pytest.raises(UserError):
            evaluate(text, NAMES)
        return

    assert evaluate(text, NAMES) == expected


@pytest.mark.parametrize(
    ("formula", "value"), [("arrondi(5 / 2)", 3), ("arrondi(-5 / 2)", -3), ("arrondi(7 / 3)", 2)]
)
def test_rounding_goes_away_from_zero(formula: str, value: int) -> None:
    assert evaluate(formula, {}) == value


def test_a_decimal_is_read_as_written() -> None:
    assert evaluate("0.1 + 0.2", {}) == Fraction(3, 10)


REFUSED = [
    "a.numerator", "a.__class__", "open('x')", "__import__('os')", "eval('1')", "abs(a)", "len(a)", "print(a)",
    "unknown", "a + unknown", "a ** b", "2 ** 9", "a // b", "a % b", "a / zero", "a / (b - b)", "'texte'", "b'x'",
    "True", "None", "1j", "[a]", "(a, b)", "{a}", "a[0]", "a < b", "a if b else a", "lambda: a", "a and b", "not a",
    "~a", "max()", "max(*[a])", "max(a, key=b)", "arrondi(a, b)", "max", "(a := b)", "f'{a}'", "", "a +", "a; b",
    "a = b", "import os", "a\x00b", "1e400", "-" * 5000 + "1", "1 + " * 5000 + "1", "(" * 250 + "1" + ")" * 250,
]  # fmt: skip


@pytest.mark.parametrize("formula", REFUSED)
def test_what_is_not_of_the_language_is_refused(formula: str) -> None:
    with pytest.raises(UserError):
        evaluate(formula, NAMES)


@pytest.mark.parametrize("formula", REFUSED)
def test_a_refused_formula_runs_nothing(formula: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_args: object, **_named: object) -> None:
        raise AssertionError("a formula ran code")

    with monkeypatch.context() as patched:
        for name in ("eval", "exec", "open", "print", "abs"):
            patched.setattr(builtins, name, forbidden)
        try:
            evaluate(formula, NAMES)
        except UserError:
            refused = True
        else:
            refused = False
    assert refused


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("a - 10000 * b", "361~198 − 10~000 × 26"),
        ("(a + b) / 10000", "(361~198 + 26) ÷ 10~000"),
        ("a / (b * 2)", "361~198 ÷ (26 × 2)"),
        ("a - (b - 2)", "361~198 − (26 − 2)"),
        ("max(0, b - a)", "26 − 361~198, ramené à 0"),
        ("max(0, a - b)", "361~198 − 26"),
        ("min(a, b)", "le plus petit de 361~198 et 26"),
        ("max(a, b, 2)", "le plus grand de 361~198, 26 et 2"),
        ("arrondi_sup((a + b) / 10000)", "(361~198 + 26) ÷ 10~000, arrondi au supérieur"),
        ("2 * arrondi_sup(a / 10000)", "2 × arrondi au supérieur de 361~198 ÷ 10~000"),
        ("-b", "−26"),
        ("0.5 * b", "0,5 × 26"),
    ],
)
def test_a_formula_is_written_as_people_reckon(formula: str, text: str) -> None:
    assert spelled(formula, NAMES) == fr(text)


def test_what_the_contract_says_itself_in_better_words_is_found_once() -> None:
    totals = [
        objective(code, mesure=Mesure.CUMUL, target=(value, "2027-12-31"), engagement="e")
        for code, value in (("BPI-O01", 400), ("BPI-O02", 150))
    ]
    facts = {
        "engagements": (builders.engagement(key="e"),),
        "measurements": tuple(measurement(item, item.target_value, "2025-12-31") for item in totals),
        "populations": (population(NORD, 361198),),
        "legal_references": (LegalReference("r", "c", "REF", "Contrat de plan 2021-2027", builders.BPI.key),),
    }
    rules = ("sans_origine", "sans_millesime", "programme_fini")
    bare = dossier(*totals, **facts)
    assert {point.kind for point in findings(situation(bare, TODAY))} >= set(rules)

    told = statement(
        StatementKind.BASE_ABSENTE, "Bilan sans période", None, "", ("Sensibilisés", 400), ("Accompagnés", 150),
        ("Nord", 361198), objective=totals[0].key,
    )  # fmt: skip
    compared = statement(
        StatementKind.COMPARAISON,
        "Programmes",
        None,
        "",
        ("Fin du contrat : 2030", None),
        ("Fin : 2027", None),
    )
    both = replace(
        bare,
        statements=(*told.statements, replace(compared.statements[0], key="t", code="BPI-S02")),
        operands=(
            *told.operands,
            *(replace(item, key=f"t{item.key}", statement="t") for item in compared.operands),
        ),
    )
    assert {point.kind for point in findings(situation(both, TODAY))}.isdisjoint(rules)
