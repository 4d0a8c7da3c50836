"""The places that ship with the contract, against the official lists beside the checkout (skipped where they are absent)."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from qpvdesk.domain.french import fold
from qpvdesk.domain.model import Basis, Dossier, Territory
from qpvdesk.domain.places import Places
from qpvdesk.domain.shapes import contains, crossing, shape_from, shape_of
from qpvdesk.paths import resource
from qpvdesk.services.contracts.contract_files import load
from qpvdesk.storage.keys import starter_key

GEO = Path(__file__).resolve().parents[4] / "shared" / "geo"
CONTOURS_BYTES_MAX = 120_000
"""What the outlines may add to the package."""


@pytest.fixture(scope="module")
def contract() -> Dossier:
    return load(resource("contracts/lens-lievin"), key_of=starter_key)


def rows(name: str) -> list[dict[str, str]]:
    if not GEO.exists():
        pytest.skip("the official lists do not lie beside the checkout")
    with (GEO / name).open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text, delimiter=";"))


def by_code(contract: Dossier) -> dict[str, Territory]:
    return {item.code: item for item in contract.territories}


def test_the_seventeen_quartiers_lie_in_the_communes_of_the_official_list(contract: Dossier) -> None:
    places, known = Places(contract), by_code(contract)
    codes = {item.key: item.code for item in contract.territories}
    official = rows("qpv2024-call.csv")
    assert len(official) == 17
    for row in official:
        quartier = known[row["code_qp"]]
        links = places.links_of(quartier.key)
        assert fold(quartier.name.replace(" – ", " - ")) == fold(row["lib_qp"])
        assert {codes[link.whole] for link in links} == set(row["communes_touchees"].split())
        assert codes[links[0].whole] == row["insee_com"] == codes[quartier.parent or ""]


def test_the_shares_of_a_quartier_make_one(contract: Dossier) -> None:
    places = Places(contract)
    quartiers = [item for item in contract.territories if item.level == "qpv"]
    for quartier in quartiers:
        links = places.links_of(quartier.key)
        assert sum(link.share or 0 for link in links) == 1
        assert {link.basis for link in links} == ({Basis.SUPERFICIE} if len(links) > 1 else {Basis.INCONNUE})
    assert sum(len(places.links_of(item.key)) > 1 for item in quartiers) == 6


def test_the_shares_are_those_that_were_reckoned_apart(contract: Dossier) -> None:
    """As read in the review of the figures: shares of area, by another hand."""
    places, known = Places(contract), by_code(contract)

    def share(part: str, whole: str) -> int:
        return round(100 * (places.share(known[part].key, known[whole].key) or 0))

    assert share("QN06229M", "62510") == 64
    assert share("QN06220M", "62186") == 71
    assert share("QN06221M", "62351") == 67
    assert [share("QN06234M", code) for code in ("62133", "62628", "62570", "62771")] == [11, 37, 35, 18]


def test_the_36_communes_have_their_inhabitants(contract: Dossier) -> None:
    known = by_code(contract)
    people = {item.territory: item.value for item in contract.populations if item.perimeter == "totale"}
    official = rows("communes-call-2026.csv")
    assert len(official) == len(people) == 36
    for row in official:
        place = known[row["insee"]]
        assert place.name == row["nom"]
        assert people[place.key] == Decimal(row["population_municipale_2026"])


def test_each_outline_is_that_of_its_source_and_crosses_nothing(contract: Dossier) -> None:
    codes = {item.key: item.code for item in contract.territories}
    outlines = {codes[item.territory]: shape_from(item.geometry) for item in contract.contours}
    assert len(outlines) == 53
    assert [code for code, shape in outlines.items() if crossing(shape)] == []
    if not GEO.exists():
        pytest.skip("the official lists do not lie beside the checkout")
    for name, field in (("qpv2024-call.geojson", "code_qp"), ("communes-call.geojson", "code")):
        for feature in json.loads((GEO / name).read_text(encoding="utf-8"))["features"]:
            assert outlines[feature["properties"][field]] == shape_of(feature["geometry"])


def test_lens_holds_its_quartiers_and_a_part_of_that_of_lievin(contract: Dossier) -> None:
    places, known = Places(contract), by_code(contract)
    names = {item.name for item in places.quartiers_in(known["62498"].key)}
    assert {"Cité 12-14", "Grande Résidence", "Cité 2", "Sellier Cité 4"} < names
    assert any(name.startswith("Les Hauts de Liévin") for name in names)
    assert contains(shape_from(contract.contours[0].geometry), (0.0, 0.0)) is False


def test_the_magazine_and_the_official_list_differ(contract: Dossier) -> None:
    (statement,) = [item for item in contract.statements if item.code == "CALL-S05"]
    values = [item.value for item in contract.operands if item.statement == statement.key]
    assert values == [21, 17]
    assert sum(item.level == "qpv" for item in contract.territories) == 17


def test_the_outlines_stay_small() -> None:
    assert resource("contracts/lens-lievin/contours.geojson").stat().st_size < CONTOURS_BYTES_MAX
