"""Editing the contract: each thing made, changed, retired and taken up again, one act each, on a real base."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qpvdesk import paths
from qpvdesk.domain import common, french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.index import Index
from qpvdesk.domain.model import (
    Aggregation,
    Basis,
    Contour,
    Dossier,
    Layer,
    LayerFigure,
    Level,
    Population,
    Sens,
    Territory,
    TerritoryLink,
    Thresholds,
)
from qpvdesk.domain.situation import situation
from qpvdesk.services import measurements
from qpvdesk.services.contracts import contract_files
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import FORMS, acts, objectives, reading
from qpvdesk.services.editing.forms import Input, options
from tests.helpers import invented
from tests.helpers.watched_desk import WatchedBase

HELD = invented.dossier()
CODE = HELD.contract.code
BPI = next(one.key for one in HELD.partners if one.code == "BPI")
FRANCE = HELD.territories[0].key
OBJECTIVE = {
    "partner": BPI, "code": "BPI-O90", "label": "Clubs d’entreprises", "theme": "entrepreneuriat", "territory": FRANCE,
    "unit": "clubs", "sens": "hausse", "mesure": "stock", "start_value": "12", "start_date": "31/12/2023",
    "target_value": "30", "target_date": "31/12/2027", "frequency": "annuelle",
}  # fmt: skip


@pytest.fixture
def base(tmp_path: Path) -> WatchedBase:
    return WatchedBase(tmp_path / "essai.db", HELD, invented.TODAY)


@pytest.fixture
def desk(base: WatchedBase) -> Iterator[Desk]:
    made = base.open()
    yield made
    made.close()


def faults(
    kind: str, typed: dict[str, str], key: str | None = None, dossier: Dossier = HELD
) -> dict[str, str]:
    return reading.read(dossier, kind, typed, key).faults


def test_an_objective_is_made_and_reckoned(desk: Desk, base: WatchedBase) -> None:
    change = acts.save(desk, CODE, "objective", OBJECTIVE | {"milestones": "31/12/2025 : 20\n31/12/2026 25"})
    assert change.label == "Objectif Clubs d’entreprises (BPI-O90) créé"
    made = next(one for one in base.held.objectives if one.code == "BPI-O90")
    assert (made.start_value, made.target_value, made.sens) == (Decimal(12), Decimal(30), Sens.HAUSSE)
    assert [(one.day.year, one.value) for one in base.held.milestones if one.objective == made.key] == [
        (2025, Decimal(20)),
        (2026, Decimal(25)),
    ]
    assert desk.situation(CODE, invented.TODAY).assessments[made.key].value is None


def test_the_undo_of_a_new_objective_leaves_nothing_of_it(desk: Desk, base: WatchedBase) -> None:
    before = base.held
    acts.save(desk, CODE, "objective", OBJECTIVE | {"milestones": "31/12/2026 25"})
    desk.undo()
    assert base.held == before


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"label": " "}, "label", "À remplir."),
        ({"target_value": "onze"}, "target_value", "onze"),
        ({"target_date": "31/02/2027"}, "target_date", "31/02/2027"),
        ({"target_value": ""}, "target_value", "Indiquez la valeur à atteindre"),
        ({"target_value": "10"}, "target_value", "est en dessous du départ"),
        ({"sens": "baisse"}, "target_value", "est au-dessus du départ"),
        ({"target_date": "01/01/2023"}, "target_date", "L’échéance précède la date de départ."),
        ({"mesure": "cumul"}, "start_value", "Un cumul part de zéro."),
        ({"sens": "parite"}, "reference", "Un objectif de parité nomme l’objectif"),
        ({"milestones": "31/12/2028 25"}, "milestones", "Un jalon précède l’échéance."),
        ({"milestones": "31/12/2026 vingt"}, "milestones", "vingt"),
        ({"code": "BPI-O01"}, "code", "déjà pris"),
        ({"citation_mark": "40 bus"}, "citation_document", "Choisissez le document"),
    ],
)
def test_a_wrong_combination_is_told_at_its_field(changes: dict[str, str], field: str, words: str) -> None:
    found = faults("objective", OBJECTIVE | changes)
    assert words in found[field]
    assert found[field].endswith(".")


def test_a_start_that_the_document_dates_after_its_end_enters_with_its_mark() -> None:
    typed = OBJECTIVE | {"label": "Bus (sic)", "target_date": "01/01/2023"}
    draft = reading.read(HELD, "objective", typed, None)
    assert draft.faults == {}
    assert (draft.main.label, draft.main.start_date) == ("Bus", None)
    assert draft.main.note.endswith("(sic).")


def test_a_form_with_faults_writes_nothing(desk: Desk, base: WatchedBase) -> None:
    before = base.held
    with pytest.raises(UserError, match="Libellé"):
        acts.save(desk, CODE, "objective", OBJECTIVE | {"label": ""})
    assert base.held == before


def test_a_form_saved_as_it_was_says_that_nothing_changed(desk: Desk) -> None:
    held = desk.dossier(CODE)
    key = held.objectives[0].key
    typed = reading.write(held, "objective", key)
    changed = acts.save(desk, CODE, "objective", {**typed, "label": "Autre"}, key=key)
    assert changed.label.endswith("modifié")
    again = acts.save(desk, CODE, "objective", {**typed, "label": "Autre"}, key=key)
    assert not again
    assert again.label.endswith("\u202f: rien n’a changé")
    assert desk.undo().label.endswith(changed.label)


def test_an_objective_is_declined_over_three_places(desk: Desk, base: WatchedBase) -> None:
    places = [one for one in HELD.territories if one.key != FRANCE][:3]
    typed = OBJECTIVE | {"declined": "\n".join(one.key for one in places)}
    acts.save(desk, CODE, "objective", typed)
    held = base.held
    parent = next(one for one in held.objectives if one.code == "BPI-O90")
    children = [one for one in held.objectives if one.parent == parent.key]
    assert {one.code for one in children} == {f"BPI-O90-{one.code}" for one in places}
    assert parent.aggregation is Aggregation.SOMME
    for number, child in enumerate(children):
        measurements.record(
            desk,
            CODE,
            measurements.Entry(objective=child.key, day=date(2026, 1, 1), value=Decimal(number + 1)),
        )
    assert desk.situation(CODE, invented.TODAY).assessments[parent.key].value == 6


def test_the_target_of_the_whole_is_the_sum_of_those_of_its_places_where_none_is_typed() -> None:
    first, second = [one for one in HELD.territories if one.key != FRANCE][:2]
    typed = OBJECTIVE | {
        "start_value": "", "target_value": "", "mesure": "flux", "declined": f"{first.key}\t4\n{second.key}\t3",
    }  # fmt: skip
    draft = reading.read(HELD, "objective", typed, None)
    assert (draft.faults, draft.main.target_value) == ({}, 7)
    said = reading.sentence(draft, HELD)
    assert "Atteindre 7\u00a0clubs\u00a0par an d’ici" in said
    assert said.endswith(f"Décliné\u202f: {first.name} 4 et {second.name} 3.")
    # Where one place has no target, or where shares are not added, the whole says its own.
    for other in ({"declined": f"{first.key}\t4\n{second.key}"}, {"unit": "%"}):
        assert "target_value" in reading.read(HELD, "objective", typed | other, None).faults
    assert "sens" in reading.read(HELD, "objective", typed | {"sens": "ailleurs"}, None).faults


def test_one_place_less_retires_its_objective_and_keeps_its_figures(desk: Desk, base: WatchedBase) -> None:
    first, second = [one.key for one in HELD.territories if one.key != FRANCE][:2]
    acts.save(desk, CODE, "objective", OBJECTIVE | {"declined": f"{first}\n{second}"})
    parent = next(one for one in base.held.objectives if one.code == "BPI-O90")
    acts.save(desk, CODE, "objective", OBJECTIVE | {"declined": first}, key=parent.key)
    gone = next(one for one in base.held.objectives if one.parent == parent.key and one.territory == second)
    assert gone.retired
    acts.save(desk, CODE, "objective", OBJECTIVE | {"declined": f"{first}\n{second}"}, key=parent.key)
    back = next(one for one in base.held.objectives if one.key == gone.key)
    assert not back.retired


def test_shares_are_not_added_over_places() -> None:
    place = next(one.key for one in HELD.territories if one.key != FRANCE)
    found = faults("objective", OBJECTIVE | {"unit": "%", "declined": place})
    assert "ne s’additionnent pas" in found["aggregation"]


@pytest.mark.parametrize("word", ["moyenne_ponderee", "part"])
def test_shares_take_their_weighted_mean_or_the_share_of_the_whole(
    word: str, desk: Desk, base: WatchedBase
) -> None:
    place = next(one.key for one in HELD.territories if one.key != FRANCE)
    typed = OBJECTIVE | {"unit": "%", "declined": place, "aggregation": word}
    acts.save(desk, CODE, "objective", typed)
    parent = next(one for one in base.held.objectives if one.code == "BPI-O90")
    assert parent.aggregation.value == word
    assert reading.write(base.held, "objective", parent.key)["aggregation"] == word
    draft = reading.read(base.held, "objective", typed | {"declined": ""}, parent.key)
    assert draft.main.aggregation.value == word, "its places are retired, and may come back"


def test_an_empty_line_among_places_is_no_place_and_takes_nothing_from_the_whole() -> None:
    assert objectives.whole_of({"declined": "A\t3\n \nB\t4", "sens": "hausse", "unit": "bus"}) == "7"


def test_a_form_of_a_new_thing_has_a_title_that_agrees() -> None:
    titles = [FORMS[kind].new_title for kind in ("engagement", "contract", "axis", "visit")]
    assert titles == ["Nouvel engagement", "Nouveau contrat", "Nouvel axe", "Nouvelle visite"]


def test_the_form_of_a_thing_that_is_there_has_a_title_that_agrees() -> None:
    titles = [FORMS[kind].edit_title for kind in ("engagement", "contract", "step", "visit", "statement")]
    assert titles == [
        "Modifier l’engagement",
        "Modifier le contrat",
        "Modifier l’étape",
        "Modifier la visite",
        "Modifier l’énoncé",
    ]


def test_an_objective_takes_a_weight_and_the_unit_of_its_start(desk: Desk, base: WatchedBase) -> None:
    acts.save(
        desk,
        CODE,
        "objective",
        OBJECTIVE | {"weight": "2,5", "start_value": "45", "start_unit": "entreprises"},
    )
    made = next(one for one in base.held.objectives if one.code == "BPI-O90")
    assert (made.weight, made.start_value, made.start_unit) == (Decimal("2.5"), Decimal(45), "entreprises")
    assert "négatif" in faults("objective", OBJECTIVE | {"weight": "-1"})["weight"]
    assert "weight" not in faults("objective", OBJECTIVE | {"weight": "0"})


def test_a_counter_figure_is_noted_with_its_reason_and_undone(desk: Desk, base: WatchedBase) -> None:
    before = base.held
    typed = {"objective": "BPI-O01", "day": "31/12/2025", "value": "18", "reason": "Le rapport dit autrement"}
    change = acts.save(desk, CODE, "counter_value", typed | {"source": "Rapport d’activité"})
    assert change.label == (
        "Contre-valeur de «\u202fBus de l’entrepreneuriat en circulation\u202f» (BPI-O01) du 31/12/2025 créée"
    )
    (made,) = set(base.held.counter_values) - set(before.counter_values)
    objective = next(one for one in HELD.objectives if one.code == "BPI-O01")
    assert (made.objective, made.day, made.value) == (objective.key, date(2025, 12, 31), Decimal(18))
    assert reading.write(base.held, "counter_value", made.key)["source"] == "Rapport d’activité"
    assert set(faults("counter_value", {"objective": "absent"})) == {"objective", "day", "value", "reason"}
    desk.undo()
    assert base.held == before


def test_a_figure_takes_its_two_numbers_and_its_source(desk: Desk, base: WatchedBase) -> None:
    objective = next(one for one in HELD.objectives if one.unit == "%")
    share = next(one for one in HELD.measurements if one.objective == objective.key)
    typed = reading.write(HELD, "measurement", share.key)
    numerator = french.format_number(share.value * 10)
    change = acts.save(
        desk,
        CODE,
        "measurement",
        typed
        | {"numerator": numerator, "denominator": "1\u202f000", "citation_document": HELD.documents[0].code}
        | {"citation_mark": "tableau 3"},
        key=share.key,
    )
    assert change.label == (
        f"Relevé de «\u202fPart des habitants des quartiers parmi…\u202f» ({objective.code})"
        f" du {french.format_date(share.day)} modifié"
    )
    made = next(one for one in base.held.measurements if one.key == share.key)
    assert (made.numerator, made.denominator) == (share.value * 10, Decimal(1000))
    assert made.citation is not None
    assert (made.value, made.day, made.source) == (share.value, share.day, share.source)
    wrong = {"numerator": numerator, "denominator": "2000"}
    doubtful = reading.read(
        HELD, "measurement", reading.write(HELD, "measurement", share.key) | wrong, share.key
    )
    assert doubtful.faults == {}
    assert "Le numérateur sur le dénominateur fait" in reading.sentence(doubtful, HELD)
    assert set(faults("measurement", {"numerator": "1"}, share.key)) == {"denominator"}
    assert "zéro" in faults("measurement", wrong | {"denominator": "0"}, share.key)["denominator"]
    assert faults("measurement", {}) != {}, "a figure is entered elsewhere"


def test_the_steps_of_an_engagement_follow_one_another_and_are_ticked_off(
    desk: Desk, base: WatchedBase
) -> None:
    engagement = HELD.engagements[0]
    known = {one.key for one in HELD.steps}
    for label in ("Signer la convention", "Ouvrir le lieu"):
        acts.save(desk, CODE, "step", {"engagement": engagement.code, "label": label, "who": "Direction"})
    first, second = (one for one in base.held.steps if one.key not in known)
    assert (first.engagement, second.rank - first.rank) == (engagement.key, 1)
    typed = reading.write(base.held, "step", first.key) | {"done_on": "01/02/2026"}
    acts.save(desk, CODE, "step", typed, key=first.key)
    done = next(one for one in base.held.steps if one.key == first.key)
    assert (done.done_on, done.rank) == (date(2026, 2, 1), first.rank)
    acts.remove(desk, CODE, "step", second.key)
    assert second.key not in {one.key for one in base.held.steps}


@pytest.mark.parametrize("kind", ["partner", "engagement", "objective", "territory", "funding", "document"])
def test_what_is_shown_is_what_is_read(kind: str) -> None:
    """Opening a form and saving it untouched changes nothing."""
    for one in reading.form_rows(HELD, kind):
        draft = reading.read(HELD, kind, reading.write(HELD, kind, one.key), one.key)
        assert draft.faults == {}, one.code
        known = {item.key: item for rows in vars_of(HELD) for item in rows}
        assert all(known[item.key] == item for item in draft.put)
        assert draft.removed == []


def vars_of(dossier: Dossier) -> list[tuple[object, ...]]:
    return [getattr(dossier, name) for name in dossier.__struct_fields__ if name != "contract"]


def test_retired_then_restored_then_undone_is_as_before(desk: Desk, base: WatchedBase) -> None:
    before = base.held
    key = next(one.key for one in before.objectives if one.code == "BPI-O01")
    acts.retire(desk, CODE, "objective", key)
    assert next(one for one in base.held.objectives if one.key == key).retired
    assert "BPI-O01" not in {one.code for one in situation(base.held, invented.TODAY).objectives}
    acts.restore(desk, CODE, "objective", key)
    assert base.held == before
    desk.undo()
    desk.undo()
    assert base.held == before


def test_an_engagement_with_objectives_is_not_retired(desk: Desk) -> None:
    key = next(one.engagement for one in HELD.objectives if one.engagement)
    with pytest.raises(UserError, match="a encore des objectifs"):
        acts.retire(desk, CODE, "engagement", key)


def test_a_partner_that_promised_is_not_removed(desk: Desk) -> None:
    with pytest.raises(UserError, match="sert encore"):
        acts.remove(desk, CODE, "partner", BPI)


def test_a_place_goes_with_what_is_told_of_it_alone_and_comes_back_whole(
    desk: Desk, base: WatchedBase
) -> None:
    own, other = (
        Territory(key, HELD.contract.key, key.upper(), key.title(), Level.COMMUNE)
        for key in ("loos", "avion")
    )
    contract = HELD.contract.key
    with desk.base.unit("Lieux") as unit:
        unit.put_all([own, other, Layer("couche", contract, "C1", "Revenus", "INSEE", "2021")])
        for place in (own, other):
            unit.put(Population(f"p-{place.key}", place.key, "totale", Decimal(900)))
            unit.put(TerritoryLink(f"l-{place.key}", place.key, FRANCE, None, Basis.HABITANTS))
            unit.put(Contour(f"c-{place.key}", place.key, "2024", "[[[[0,0],[0,1],[1,1],[0,0]]]]"))
            unit.put(LayerFigure(f"f-{place.key}", "couche", place.key, Decimal(18000)))
    desk.forget()

    def of(place: Territory) -> tuple[list[str], list[str]]:
        held, atlas = base.held, desk.base.atlas(contract)
        told = [*held.territories, *held.populations, *held.territory_links]
        drawn = [item for items in atlas.values() for item in items]
        return tuple([item.key for item in items if place.key in item.key] for items in (told, drawn))

    whole = of(own)
    assert list(map(len, whole)) == [3, 2]
    acts.remove(desk, CODE, "territory", own.key)
    assert of(own) == ([], [])
    assert list(map(len, of(other))) == [3, 2]
    desk.undo()
    assert of(own) == whole


def test_a_place_lies_where_its_form_says_each_place_once(desk: Desk, base: WatchedBase) -> None:
    place = {"code": "62065", "name": "Gohelle", "level": "commune"}
    region = next(item for item in HELD.territories if item.key != FRANCE)
    france = HELD.territories[0].code
    acts.save(desk, CODE, "territory", place | {"links": f"{france} ; 25,5 % ; habitants\n{region.code}"})
    made = next(item for item in base.held.territories if item.code == "62065")

    def links() -> dict[str, tuple[Decimal | None, Basis]]:
        held = (item for item in base.held.territory_links if item.part == made.key)
        return {item.whole: (item.share, item.basis) for item in held}

    whole = {FRANCE: (Decimal("0.255"), Basis.HABITANTS), region.key: (None, Basis.INCONNUE)}
    assert links() == whole
    shown = reading.write(base.held, "territory", made.key)
    acts.save(desk, CODE, "territory", shown, key=made.key)
    assert links() == whole
    acts.save(desk, CODE, "territory", shown | {"links": region.code}, key=made.key)
    assert links() == {region.key: (None, Basis.INCONNUE)}


@pytest.mark.parametrize(
    ("links", "words"),
    [
        ("FR\nFR ; 50 %", "y est deux fois"),
        ("Nulle part", "n’est pas un lieu de ce contrat"),
        ("FR ; 50 % ; pifomètre", "n’est pas une base"),
        ("FR ; la moitié", "n’est pas un nombre"),
    ],
)
def test_a_place_that_cannot_lie_there_is_refused(links: str, words: str) -> None:
    typed = {"code": "62065", "name": "Gohelle", "level": "commune"}
    assert (
        words
        in faults("territory", typed | {"links": links.replace("FR", HELD.territories[0].code)})["links"]
    )


def test_a_new_partner_a_place_and_an_amount(desk: Desk, base: WatchedBase) -> None:
    acts.save(
        desk, CODE, "partner", {"code": "CAF", "name": "Caisse d’allocations familiales", "short_name": "CAF"}
    )
    caf = next(one.key for one in base.held.partners if one.code == "CAF")
    acts.save(desk, CODE,
        "funding",
        {"partner": caf, "code": "CAF-F01", "label": "Centres sociaux", "amount": "2,5 M€", "unit": "EUR",
         "first_year": "2025", "last_year": "2026", "stage": "prevu"},
    )  # fmt: skip
    assert base.held.fundings[-1].amount == Decimal(2_500_000) or any(
        one.amount == Decimal(2_500_000) for one in base.held.fundings
    )
    parent = HELD.territories[0].key
    acts.save(desk, CODE,
        "territory",
        {"level": "qpv", "code": "QN06299M", "name": "Cité neuve", "parent": parent, "inhabitants": "1 339",
         "vintage": "01/01/2024"},
    )  # fmt: skip
    place = next(one for one in base.held.territories if one.code == "QN06299M")
    assert any(one.territory == place.key and one.value == 1339 for one in base.held.populations)
    acts.remove(desk, CODE, "territory", place.key)
    assert all(one.territory != place.key for one in base.held.populations)


def test_an_engagement_names_places_and_reserves(desk: Desk, base: WatchedBase) -> None:
    place = HELD.territories[-1].key
    typed = {
        "partner": BPI, "code": "BPI-E90", "label": "Ouvrir une maison de l’entrepreneuriat", "theme": "entrepreneuriat",
        "nature": "droit_commun", "territories": place, "conditions": "Sous réserve des crédits\nSous réserve d’un local",
    }  # fmt: skip
    acts.save(desk, CODE, "engagement", typed)
    held = base.held
    made = next(one for one in held.engagements if one.code == "BPI-E90")
    assert [one.territory for one in held.engagement_territories if one.engagement == made.key] == [place]
    assert {one.text for one in held.conditions if one.engagement == made.key} == {
        "Sous réserve d’un local",
        "Sous réserve des crédits",
    }
    acts.save(desk, CODE, "engagement", typed | {"conditions": "", "territories": ""}, key=made.key)
    assert not [one for one in base.held.conditions if one.engagement == made.key]


def test_a_second_contract_on_the_structure_of_the_first(desk: Desk, base: WatchedBase) -> None:
    before = base.held
    acts.new_contract(desk, {"code": "douai", "name": "Contrat de ville de Douai"}, like=CODE)
    copy = desk.situation("douai", invented.TODAY).dossier
    assert {one.code for one in copy.objectives} == {one.code for one in HELD.objectives}
    assert copy.meteos == copy.meetings == copy.fundings == ()
    # Nothing of what was measured comes along but for what both follow: promises wider than either.
    shared = {item.key for item in common.shared_promises(Index(copy)).values()}
    assert {item.objective for item in copy.measurements} <= shared
    assert copy.measurements
    keys = {item.key for rows in vars_of(copy) for item in rows}  # type: ignore[attr-defined]
    assert not keys & {item.key for rows in vars_of(HELD) for item in rows}  # type: ignore[attr-defined]
    for one in copy.objectives:
        assert one.reference is None or one.reference in keys
        assert one.parent is None or one.parent in keys
    assert base.held == before
    desk.undo()
    assert [one.code for one in desk.contracts()] == [CODE]


@pytest.mark.parametrize(
    ("kind", "typed", "wrong"),
    [
        (
            "establishment",
            {
                "code": "COL-X",
                "name": "Collège Jean-Zay",
                "territory": FRANCE,
                "kind": "collège",
                "label": "REP+",
            },
            {"name": ""},
        ),
        (
            "legal_reference",
            {
                "code": "DEL-X",
                "label": "Délibération du 3 mars",
                "dated": "03/03/2026",
                "vote": "à l’unanimité",
            },
            {"dated": "31/02/2026"},
        ),
        (
            "condition",
            {"partner": BPI, "text": "Sous réserve des crédits ouverts"},
            {"engagement": next(one.key for one in HELD.engagements if one.partner != BPI)},
        ),
        (
            "statement",
            {
                "partner": BPI,
                "code": "BPI-S99",
                "label": "Bus annoncés, contre ceux des régions",
                "kind": "total",
                "value": "40",
                "unit": "bus",
                "operands": "Nord\u202f; 26\nSud, et outre-mer\u202f; 12,5\u202f; cars",
            },
            {"operands": "Nord"},
        ),
        (
            "statement",
            {
                "code": "S98",
                "label": "Habitants couverts",
                "kind": "formule",
                "value": "30\u202f000",
                "operands": "Postes\u202f; 3\u202f; ETP\u202f; postes",
                "formula": "postes * 10000",
            },
            {"formula": "effectif * 2"},
        ),
    ],
)
def test_what_stands_beside_the_promises_is_made_changed_and_removed(
    kind: str, typed: dict[str, str], wrong: dict[str, str], desk: Desk, base: WatchedBase
) -> None:
    before = {one.key for one in reading.form_rows(base.held, kind)}
    acts.save(desk, CODE, kind, typed)
    (made,) = [one for one in reading.form_rows(base.held, kind) if one.key not in before]
    assert {name: reading.write(base.held, kind, made.key)[name] for name in typed} == typed
    assert reading.called(made)
    with pytest.raises(UserError):
        acts.save(desk, CODE, kind, typed | wrong, key=made.key)
    assert set(wrong) <= set(reading.read(base.held, kind, typed | wrong, made.key).faults)
    acts.remove(desk, CODE, kind, made.key)
    assert {one.key for one in reading.form_rows(base.held, kind)} == before
    desk.undo()
    assert made in reading.form_rows(base.held, kind)


def test_every_statement_of_a_starter_contract_goes_through_its_form_unchanged() -> None:
    held = contract_files.load(paths.resource("contracts/lens-lievin"), key_of=lambda name: name)
    assert len(held.statements) > 20
    for one in held.statements:
        typed = reading.write(held, "statement", one.key)
        draft = reading.read(held, "statement", typed, one.key)
        assert not draft.faults, (one.code, draft.faults)
        assert draft.main == one
        assert set(draft.put[1:]) == {part for part in held.operands if part.statement == one.key}, one.code
        assert not draft.removed


def test_a_statement_taken_away_takes_its_figures_along(desk: Desk, base: WatchedBase) -> None:
    typed = {"code": "S97", "label": "Total", "kind": "total", "value": "3", "operands": "Un ; 1\nDeux ; 2"}
    acts.save(desk, CODE, "statement", typed)
    (one,) = base.held.statements
    before = base.held.operands
    assert len(before) == 2
    typed = reading.write(base.held, "statement", one.key)
    fewer = "\n".join(typed["operands"].splitlines()[:-1])
    draft = reading.read(base.held, "statement", typed | {"operands": fewer}, one.key)
    assert len(draft.removed) == 1
    acts.remove(desk, CODE, "statement", one.key)
    assert not [part for part in base.held.operands if part.statement == one.key]
    desk.undo()
    assert base.held.operands == before


def test_a_figure_of_a_statement_that_is_no_number_is_told_by_its_name() -> None:
    typed = {"code": "S97", "label": "Total", "kind": "total", "value": "3"}
    draft = reading.read(HELD, "statement", typed | {"operands": "Un ; beaucoup\nDeux ; 2\nTrois"}, None)
    assert draft.faults["operands"].startswith("«\u202fUn\u202f»\u202f: ")
    assert "beaucoup" in draft.faults["operands"]
    bare = reading.read(HELD, "statement", typed | {"operands": "Un ; 1\nDeux ; 2\nTrois"}, None)
    assert bare.faults["operands"].startswith("«\u202fTrois\u202f» n’a pas de valeur")
    assert [(part.label, part.value, part.rank) for part in bare.put[1:]] == [
        ("Un", Decimal(1), 1),
        ("Deux", Decimal(2), 2),
        ("Trois", None, 3),
    ]


def test_the_thresholds_of_a_contract_are_typed_in_points_and_move_the_statuses(
    desk: Desk, base: WatchedBase
) -> None:
    typed = reading.write(base.held, "contract", base.held.contract.key)
    assert tuple(typed[f"thresholds_{name}"] for name in ("ahead", "on_track", "watch")) == (
        "10",
        "\u22125",
        "\u221215",
    )
    acts.save(
        desk,
        CODE,
        "contract",
        typed | {"thresholds_ahead": "12,5", "thresholds_watch": ""},
        key=base.held.contract.key,
    )
    assert base.held.contract.thresholds == Thresholds(Decimal("0.125"), Decimal("-0.05"), Decimal("-0.15"))
    with pytest.raises(UserError):
        acts.save(desk, CODE, "contract", typed | {"thresholds_watch": "-4"}, key=base.held.contract.key)
    wrong = reading.read(base.held, "contract", typed | {"thresholds_watch": "-4"}, base.held.contract.key)
    assert "en descendant" in wrong.faults["thresholds_watch"]


def test_a_contract_from_nothing_and_a_code_taken(desk: Desk) -> None:
    acts.new_contract(desk, {"code": "arras", "name": "Contrat d’Arras"})
    assert desk.situation("arras", invented.TODAY).objectives == ()
    with pytest.raises(UserError, match="déjà celui d’un contrat"):
        acts.new_contract(desk, {"code": "arras", "name": "Encore"})


def test_the_next_code_follows_those_of_the_partner() -> None:
    numbers = [int(one.code[5:7]) for one in HELD.objectives if one.code.startswith("BPI-O")]
    assert reading.next_code(HELD, "objective", BPI) == f"BPI-O{max(numbers) + 1:02}"
    assert reading.next_code(HELD, "territory", BPI) == ""


def test_what_an_objective_asks_is_said_in_a_sentence() -> None:
    said = reading.sentence(reading.read(HELD, "objective", OBJECTIVE, None), HELD)
    assert said == (
        "De 12\u00a0clubs au 31/12/2023 à 30\u00a0clubs d’ici le 31/12/2027\u202f: 18\u00a0clubs de plus."
    )


@pytest.mark.parametrize(
    ("kind", "name", "usual"), [("objective", "unit", "places"), ("establishment", "kind", "Lycée")]
)
def test_the_usual_words_are_offered_then_those_of_the_contract(kind: str, name: str, usual: str) -> None:
    field = next(field for field in FORMS[kind].fields if field.name == name)
    own = {getattr(item, name) for item in getattr(HELD, field.dossier_field)} - {"", *dict(field.usual)}
    assert bool(own) == (kind == "objective")
    offered = [words for words, _ in options(HELD, field, {})]
    assert usual in offered[: len(field.usual)]
    assert offered[len(field.usual) :] == sorted(own)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(sorted(FORMS)), st.data())
def test_nothing_typed_ever_breaks_a_form(kind: str, data: st.DataObject) -> None:
    typed = {}
    for field in FORMS[kind].fields:
        known = [value for _, value in options(HELD, field, {})]
        wild = st.text(max_size=30)
        typed[field.name] = data.draw(
            st.sampled_from(known) | wild if known and field.input is not Input.LINKS else wild
        )
    draft = reading.read(HELD, kind, typed, None)
    assert all(sentence.strip() for sentence in draft.faults.values())


def test_a_removed_thing_is_told(desk: Desk) -> None:
    with pytest.raises(UserError, match="n’existe plus"):
        acts.retire(desk, CODE, "objective", "absent")
