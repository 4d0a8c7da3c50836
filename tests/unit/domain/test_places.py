"""What lies in what: shares along every way, people counted once, whoever is missing named."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from msgspec.structs import replace

from qpvdesk.domain.concerns import lies_in, place_share_words, quartiers_title
from qpvdesk.domain.faults import faults
from qpvdesk.domain.levels import USUAL, Levels
from qpvdesk.domain.model import (
    Basis,
    Contract,
    Dossier,
    Level,
    PlaceLevel,
    Population,
    Territory,
    TerritoryLink,
)
from qpvdesk.domain.places import Places
from qpvdesk.domain.situation import situation

DAY = date(2024, 1, 1)
EPCI = Territory("epci", "k", "246200364", "Agglomération", Level.EPCI)


def commune(number: int) -> Territory:
    return Territory(f"c{number}", "k", f"62{number:03}", f"Commune {number}", level="commune", parent="epci")


def quartier(number: int, parent: str) -> Territory:
    return Territory(f"q{number}", "k", f"QN62{number:03}M", f"Quartier {number}", level="qpv", parent=parent)


def link(part: str, whole: str, share: str | None) -> TerritoryLink:
    return TerritoryLink(f"{part}-{whole}", part, whole, None if share is None else Decimal(share))


def people(key: str, value: int, day: date | None = DAY) -> Population:
    return Population(f"p-{key}-{day}", key, "qpv", Decimal(value), vintage=day)


def dossier(
    territories: tuple[Territory, ...],
    links: tuple[TerritoryLink, ...] = (),
    populations: tuple[Population, ...] = (),
) -> Dossier:
    return Dossier(
        Contract("k", "k", "Contrat"),
        territories=territories,
        territory_links=links,
        populations=populations,
    )


def test_a_quartier_counts_in_each_commune_for_its_share_and_once_in_the_whole() -> None:
    both = dossier(
        (EPCI, commune(1), commune(2), quartier(1, "c1")),
        (link("q1", "c1", "0.6"), link("q1", "c2", "0.4")),
        (people("q1", 1000),),
    )
    places = Places(both)
    first, second, whole = (places.headcount(key) for key in ("c1", "c2", "epci"))
    assert first is not None
    assert second is not None
    assert whole is not None
    assert (first.value, second.value, whole.value) == (600, 400, 1000)
    assert (first.shared, whole.shared) == (True, False)


def test_a_share_that_nobody_knows_is_in_no_sum_of_a_commune_and_names_the_quartier() -> None:
    places = Places(
        dossier(
            (EPCI, commune(1), commune(2), quartier(1, "c1"), quartier(2, "c1")),
            (link("q1", "c1", None), link("q1", "c2", None), link("q2", "c1", "1")),
            (people("q1", 1000), people("q2", 500)),
        )
    )
    count, whole = places.headcount("c1"), places.headcount("epci")
    assert count is not None
    assert (count.value, [item.key for item in count.missing]) == (500, ["q1"])
    # Wherever it lies, it lies in the agglomération.
    assert whole is not None
    assert (whole.value, whole.missing) == (1500, ())


def test_a_total_is_of_one_vintage_and_names_those_of_another() -> None:
    places = Places(
        dossier(
            (EPCI, commune(1), quartier(1, "c1"), quartier(2, "c1"), quartier(3, "c1")),
            (),
            (people("q1", 10), people("q2", 20), people("q2", 25, None), people("q3", 30, date(2018, 1, 1))),
        )
    )
    count = places.headcount("epci")
    assert count is not None
    assert (count.value, count.vintage, [item.key for item in count.missing]) == (30, DAY, ["q3"])


def test_the_geography_of_2015_is_in_no_total_of_today() -> None:
    old = Territory("old", "k", "QP062001", "Ancien quartier", level="qpv2015", parent="c1")
    places = Places(
        dossier((EPCI, commune(1), old, quartier(1, "c1")), (), (people("old", 9), people("q1", 5)))
    )
    count = places.headcount("c1")
    assert count is not None
    assert (count.value, [item.key for item in places.quartiers_in("c1")]) == (5, ["q1"])


def test_the_only_quartier_of_a_place_is_told_as_one() -> None:
    """« Ses quartiers : République – Cité 4. »"""
    wide = Territory("dep", "k", "D62", "Pas-de-Calais", level=Level.DEPARTEMENT)
    places = (wide, replace(EPCI, parent="dep"), commune(1), commune(2))
    own = [*(quartier(number, "c1") for number in (1, 2)), quartier(3, "c2")]
    for held, told in (
        (own, ["Quartiers du contrat", "Ses quartiers", "Ses quartiers", "Son quartier"]),
        (own[:1], ["Quartier du contrat", "Son quartier", "Son quartier"]),
    ):
        contract = Contract("k", "k", "Contrat", epci=EPCI.code)
        index = situation(replace(dossier((*places, *held)), contract=contract), DAY)
        assert [quartiers_title(index, place) for place in places[: len(told)]] == told


def test_what_concerns_a_quartier_follows_its_links_the_largest_share_first() -> None:
    places = Places(
        dossier(
            (EPCI, commune(1), commune(2), quartier(1, "c1")),
            (link("q1", "c1", "0.1"), link("q1", "c2", "0.9")),
        )
    )
    assert places.above("q1") == ("c2", "c1", "epci")
    assert places.is_within("q1", "c1")
    # Listed under a commune that the links leave out, it does not lie there.
    listed = Places(dossier((EPCI, commune(1), commune(2), quartier(1, "c1")), (link("q1", "c2", "1"),)))
    assert listed.above("q1") == ("c2", "epci")


def test_a_quartier_is_told_to_lie_in_its_largest_commune_first() -> None:
    own = dossier(
        (EPCI, commune(1), commune(2), commune(3), quartier(1, "c1")),
        (link("q1", "c3", None), link("q1", "c1", "0.1"), link("q1", "c2", "0.9")),
    )
    told = lies_in(situation(own, DAY), quartier(1, "c1"))
    assert [place.key for place, _ in told] == ["c2", "c1", "c3"]


def test_a_bassin_holds_communes_beside_the_agglomeration_without_counting_anybody_twice() -> None:
    zone = Territory("zone", "k", "BASSIN-1", "Bassin", level="bassin")
    places = Places(
        dossier(
            (EPCI, zone, commune(1), quartier(1, "c1")),
            (link("c1", "zone", "1"),),
            (people("q1", 700),),
        )
    )
    assert places.share("q1", "zone") == places.share("q1", "epci") == 1
    count = places.headcount("zone")
    assert count is not None
    assert count.value == 700


def test_a_circle_of_links_ends() -> None:
    places = Places(dossier((commune(1), commune(2)), (link("c1", "c2", "1"), link("c2", "c1", "1"))))
    assert places.above("c1") == ("c2",)
    assert places.share("c1", "c2") == 1


@pytest.mark.parametrize("seed", range(40))
def test_of_any_geography_the_communes_make_the_whole_in_whatever_order(seed: int) -> None:
    chance = random.Random(seed)
    communes = [commune(number) for number in range(1, chance.randint(2, 9))]
    territories, links, populations = [EPCI, *communes], [], []
    for number in range(1, chance.randint(2, 25)):
        of = chance.sample(communes, chance.randint(1, min(4, len(communes))))
        territories.append(quartier(number, chance.choice(communes).key))
        cuts = sorted(chance.sample(range(1, 1000), len(of) - 1))
        shares = [b - a for a, b in pairwise([0, *cuts, 1000])]
        links += [
            link(f"q{number}", item.key, str(Decimal(share) / 1000))
            for item, share in zip(of, shares, strict=True)
        ]
        if chance.random() < 0.9:
            populations.append(people(f"q{number}", chance.randint(500, 9000)))
    counts = []
    for _ in range(2):
        for items in (territories, links, populations):
            chance.shuffle(items)  # type: ignore[arg-type]
        places = Places(dossier(tuple(territories), tuple(links), tuple(populations)))
        parts = [places.headcount(item.key) for item in communes]
        whole = places.headcount("epci")
        total = sum((part.value or Fraction(0) for part in parts if part), Fraction(0))
        expected = sum(Fraction(item.value) for item in populations)
        assert whole is not None
        assert (total, whole.value or 0) == (expected, expected)
        assert len(whole.counted) + len(whole.missing) == sum(item.level == "qpv" for item in territories)
        counts.append((whole.value, {item.key for item in whole.missing}))
    assert counts[0] == counts[1]


def test_levels_are_the_usual_ones_and_those_of_the_contract() -> None:
    own = PlaceLevel("l", "k", "erbm", "Territoire ERBM", Level.AUTRE)
    renamed = PlaceLevel("m", "k", "commune", "Ville", Level.COMMUNE)
    levels = Levels((own, renamed))
    assert len(levels.all) == len(USUAL) + 1
    assert (levels.name("erbm"), levels.name("commune"), levels.coded("ville")) == (
        "Territoire ERBM",
        "Ville",
        "commune",
    )
    assert "erbm" in levels
    assert "inconnu" not in levels


@pytest.mark.parametrize(
    ("links", "field", "words"),
    [
        ((link("q1", "c1", "1.2"),), "share", "de 0"),
        ((link("q1", "c1", "0.7"), link("q1", "c2", "0.7")), "share", "dépassent ensemble"),
        ((link("c1", "q1", "1"),), "whole", "n’est pas plus vaste"),
        ((link("q1", "q1", "1"),), "whole", "se contient"),
        ((link("q1", "c1", "1"), TerritoryLink("x", "q1", "c1")), "whole", "déjà rattaché"),
    ],
)
def test_a_link_that_cannot_be_is_told(links: tuple[TerritoryLink, ...], field: str, words: str) -> None:
    found = [
        fault
        for fault in faults(dossier((EPCI, commune(1), commune(2), quartier(1, "c1")), links))
        if fault.kind == "territory_link"
    ]
    assert any(fault.field == field and words in fault.words for fault in found)


def test_a_level_that_nobody_declared_is_told() -> None:
    place = Territory("t", "k", "X1", "Ailleurs", "canton")
    assert [fault.field for fault in faults(dossier((place,)))] == ["level"]
    known = Dossier(
        Contract("k", "k", "Contrat"),
        place_levels=(PlaceLevel("l", "k", "canton", "Canton"),),
        territories=(place,),
    )
    assert list(faults(known)) == []


def test_a_rounded_share_says_so() -> None:
    """36,7 %, 34,6 %, 17,7 % and 11,1 % are 101 % once rounded."""
    said = [
        place_share_words(Decimal(share), Basis.SUPERFICIE, "du quartier")
        for share in ("0.3672", "0.35", "1")
    ]
    assert said == [
        "environ\u00a037\u00a0% de la superficie du quartier", "35\u00a0% de la superficie du quartier", "en entier",
    ]  # fmt: skip
