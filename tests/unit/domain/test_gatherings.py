"""What is promised is gathered by thématique or by axis of the top level, each thing once, in the order of the contract."""

from __future__ import annotations

from msgspec.structs import replace

from qpvdesk.domain.gatherings import AXES, PARTNERS, THEMES, gatherings, ways
from qpvdesk.domain.model import Axis, Theme
from qpvdesk.domain.situation import situation
from tests.helpers import invented

AXIS_ROWS = (
    Axis("a2", "k", "B", "Travailler", rank=2),
    Axis("a1", "k", "A", "Se soigner", rank=1),
    Axis("a3", "k", "A1", "Trouver un médecin", rank=1, parent="a1"),
)


def test_what_has_no_axes_is_told_by_partners_or_thematiques() -> None:
    assert list(ways(invented.dossier())) == [PARTNERS, THEMES]


def test_axes_of_the_top_level_gather_those_below_and_what_is_under_none_comes_last() -> None:
    dossier = invented.dossier()
    held = {"e1": "a2", "e2": "a3"}
    dossier = replace(
        dossier,
        contract=replace(dossier.contract, upper_level="Orientation", top_level="Enjeu"),
        axes=AXIS_ROWS,
        engagements=tuple(replace(item, axis=held.get(item.key)) for item in dossier.engagements),
    )
    assert ways(dossier)[AXES] == "Enjeu"
    now = situation(dossier, invented.TODAY)
    found = {item.name: item for item in gatherings(now, AXES)}
    assert list(found) == ["Se soigner", "Travailler", "Sans enjeu"]
    assert [item.code for item in found["Se soigner"].engagements] == ["ARS-E01"]
    assert [item.code for item in found["Travailler"].objectives] == ["BPI-O01", "BPI-O02"]
    gathered = [objective for item in found.values() for objective in item.objectives]
    assert sorted(gathered, key=now.objectives.index) == list(now.objectives)
    assert now.matrix(AXES)["p1", "B"] != now.matrix(AXES)["p1", ""]


def test_thematiques_come_in_the_order_of_the_contract() -> None:
    dossier = replace(
        invented.dossier(),
        themes=(
            Theme("x", "k", "sante", "Se soigner", rank=1),
            Theme("y", "k", "emploi", "Travailler", rank=2),
        ),
    )
    now = situation(dossier, invented.TODAY)
    found = gatherings(now, THEMES)
    assert [item.name for item in found] == ["Se soigner", "Travailler", "Entrepreneuriat", "Participation"]
    assert sum(len(item.objectives) for item in found) == len(now.objectives)
    assert {item.partner for item in found[0].objectives} == {"p2"}
