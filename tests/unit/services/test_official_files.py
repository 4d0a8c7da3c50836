"""Official files recognised by what they hold: outlines, populations, series; what is wrong is said, nothing written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_number
from qpvdesk.domain.model import Population, Territory
from qpvdesk.domain.places import Places
from qpvdesk.paths import resource
from qpvdesk.services.contracts import contract_files
from qpvdesk.services.desk import Desk
from qpvdesk.services.territories import layers, official, titles, whereabouts
from qpvdesk.services.territories.plan import OfficialPlan
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.storage.keys import starter_key
from tests.helpers import invented
from tests.helpers.watched_desk import WatchedBase

FILES = Path(__file__).parents[2] / "reference" / "imports"
CONTRACT = "lens-lievin"
SQUARE = [[2.80, 50.40], [2.82, 50.40], [2.82, 50.42], [2.80, 50.42], [2.80, 50.40]]
BOW = [[2.80, 50.40], [2.82, 50.42], [2.82, 50.40], [2.80, 50.42], [2.80, 50.40]]
LAMBERT = [[685000, 7035000], [686000, 7035000], [686000, 7036000], [685000, 7035000]]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    starter = contract_files.load(resource("contracts/lens-lievin"), key_of=starter_key)
    made = WatchedBase(tmp_path / "essai.db", starter, invented.TODAY).open()
    yield made
    made.close()


def read(desk: Desk, tmp_path: Path, name: str, text: str, **more: Any) -> OfficialPlan:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return official.read(desk, CONTRACT, path, **more)


def outlines(*features: tuple[str, Any], **more: Any) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            **more,
            "features": [
                {
                    "type": "Feature",
                    "properties": {"code_qp": code, "lib_qp": "Essai"},
                    "geometry": None
                    if ring is None
                    else {"type": "Polygon", "coordinates": [ring] if ring else []},
                }
                for code, ring in features
            ],
        }
    )


def key_of(desk: Desk, code: str) -> str:
    return next(item.key for item in desk.dossier(CONTRACT).territories if item.code == code)


def test_the_outlines_of_the_contract_s_places_are_taken_the_others_counted(
    desk: Desk, tmp_path: Path
) -> None:
    # What is no feature beside them is passed over.
    text = outlines(("QN06226M", SQUARE), ("QN05901M", BOW)).replace('"features": [', '"features": [3, ')
    plan = read(desk, tmp_path, "qpv2024.geojson", text, source="ANCT")
    assert (plan.kind, plan.new, plan.changed, plan.elsewhere) == ("Contours", 0, 1, 1)
    official.take(desk, plan)
    (contour,) = [
        item
        for item in layers.atlas_of(desk, CONTRACT).contours
        if item.territory == key_of(desk, "QN06226M")
    ]
    assert (contour.vintage, contour.source) == ("2024", "ANCT")
    assert [item.code for item in whereabouts.find(desk, CONTRACT, "50.41, 2.81")] == [
        "QN06226M", "62065",
    ]  # fmt: skip
    assert json.loads(contour.geometry) == [[SQUARE]]
    assert read(desk, tmp_path, "qpv2024.geojson", text, source="ANCT").brings is False
    desk.undo()
    assert read(desk, tmp_path, "qpv2024.geojson", text).changed == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (outlines(("QN06226M", BOW)), "se coupe lui-même"),
        (outlines(("QN06226M", LAMBERT)), "Lambert 93"),
        (outlines(("QN06226M", None)), "est vide"),
        (outlines(("QN06226M", [])), "est vide"),
        (outlines(("QN06226M", SQUARE), ("QN06226M", SQUARE)), "le même code"),
        (
            outlines(("QN06226M", SQUARE), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}),
            "autre projection",
        ),
        (
            outlines(("QN06226M", SQUARE), crs={"properties": {"name": "EPSG:2154 " + "x" * 60}}),
            f"(EPSG:2154 {'x' * 30})",
        ),
    ],
)
def test_a_bad_outline_is_said_and_nothing_is_written(
    desk: Desk, tmp_path: Path, text: str, words: str
) -> None:
    plan = read(desk, tmp_path, "contours.geojson", text)
    assert words in plan.sentence
    assert not plan.brings
    before = layers.atlas_of(desk, CONTRACT)
    with pytest.raises(UserError, match="rien n’a été écrit"):
        official.take(desk, plan)
    assert layers.atlas_of(desk, CONTRACT) == before


def test_what_is_no_geojson_is_refused(desk: Desk, tmp_path: Path) -> None:
    for text in ("{", "[]", '{"features": 3}'):
        with pytest.raises(UserError, match="n’est pas"):
            read(desk, tmp_path, "contours.geojson", text)


def test_populations_complete_the_places_that_are_there(desk: Desk, tmp_path: Path) -> None:
    text = "codgeo;libgeo;pmun_qp24\nQN06226M;Cité 2;1 234\nQN06227M;Sellier;s\nQN05901M;Ailleurs;900\n"
    plan = read(desk, tmp_path, "pop2022.csv", text)
    assert (plan.kind, plan.new, plan.elsewhere) == ("Populations", 1, 1)
    # A line without a code is no place.
    assert read(desk, tmp_path, "pop2022.csv", f"{text};Total;99000\n").elsewhere == 1
    assert "1 autre sans chiffre" in plan.sentence
    official.take(desk, plan)
    count = desk.situation(CONTRACT, invented.TODAY).places.headcount(key_of(desk, "62498"))
    assert count is not None
    assert (count.value, count.vintage) == (1234, plan.put[0].vintage)
    assert len(count.missing) == len(count.counted) + len(count.missing) - 1


@pytest.mark.parametrize(
    ("rows", "words"),
    [("QN06226M;0", "0 habitant"), ("QN06226M;10\nQN06226M;20", "deux populations")],
)
def test_a_population_that_cannot_be_is_said(desk: Desk, tmp_path: Path, rows: str, words: str) -> None:
    plan = read(desk, tmp_path, "pop.csv", f"codgeo;pmun\n{rows}\n")
    assert words in plan.sentence
    assert not plan.brings


SERIES = (
    "codgeo;libgeo;TP60;sans diplôme;RSA;Maison à moi\n"
    "QN06226M;Cité 2;54,3;41,2;310;7\n"
    "QN06227M;Sellier;s;38,0;nd;\n"
    "246200364;CALL;24,1;22,5;9 800;12\n"
    "62;Pas-de-Calais;19,2;20;;\n"
    "32;Hauts-de-France;17,5;;;\n"
    "QN05901M;Ailleurs;1;2;3;4\n"
)


def test_series_become_layers_and_every_figure_is_that_of_its_cell(desk: Desk, tmp_path: Path) -> None:
    plan = read(desk, tmp_path, "insee_qpv_2021.csv", SERIES, source="INSEE, Filosofi")
    assert (plan.kind, plan.new, plan.elsewhere) == ("Séries de référence", 4, 1)
    official.take(desk, plan)
    atlas = layers.atlas_of(desk, CONTRACT)
    by_code = {layer.code: layer for layer in atlas.layers}
    poverty = by_code["pauvrete"]
    assert (poverty.name, poverty.unit, poverty.vintage, poverty.source) == (
        "Taux de bas revenus", "%", "2021", "INSEE, Filosofi",
    )  # fmt: skip
    heads, *lines = [line.split(";") for line in SERIES.strip().splitlines()]
    del heads
    codes = {"62": "D62", "32": "R32"}
    names = ("pauvrete", "sans_diplome", "rsa", "maison_a_moi")
    for line in lines[:-1]:
        territory = key_of(desk, codes.get(line[0], line[0]))
        for name, cell in zip(names, line[2:], strict=True):
            figure = atlas.figure(by_code[name].key, territory)
            assert figure is not None
            assert figure.secret == (cell == "s")
            shown = "" if figure.value is None else format_number(figure.value)
            assert shown.replace("\u202f", " ") == (
                cell.removesuffix(",0") if cell not in ("s", "nd") else ""
            )


def test_one_wide_line_makes_no_other_wide() -> None:
    lines = [ReadCell(row, 0, Read.TEXT, "a") for row in range(2_000)]
    book = ReadBook([ReadSheet("Large", [*lines, ReadCell(2_000, 511, Read.TEXT, "x")])])
    (rows,) = official._sheets(book)
    assert sum(map(len, rows)) == 2 * len(lines) + 512
    assert rows[-1][-1] == "x"


def test_a_layer_goes_out_with_its_source(desk: Desk, tmp_path: Path) -> None:
    official.take(desk, read(desk, tmp_path, "insee_2021.csv", SERIES, source="INSEE"))
    assert layers.write(desk, CONTRACT, "pauvrete", tmp_path / "c.csv") == 5
    head, *lines = (tmp_path / "c.csv").read_text(encoding="utf-8-sig").splitlines()
    assert head == "code;nom;Taux de bas revenus;secret;unité;millésime;source"
    assert "QN06226M;Cité 2;54,3;;%;2021;INSEE" in lines
    assert any(line.startswith("QN06227M;") and ";;s;%;" in line for line in lines)


def test_no_name_of_a_layer_goes_out_as_a_formula(desk: Desk, tmp_path: Path) -> None:
    official.take(desk, read(desk, tmp_path, "insee_2021.csv", SERIES, source="=HYPERLINK(1)"))
    with desk.act("Écarts") as unit:
        layer = layers.find(desk, CONTRACT, "pauvrete")
        unit.put(replace(layer, name="@SUM(A1)", unit="-1+cmd"))
        figure = layers.atlas_of(desk, CONTRACT).figures_of(layer.key)[0]
        unit.put(replace(figure, value=Decimal("-3.5")))
    layers.write(desk, CONTRACT, "pauvrete", tmp_path / "c.csv")
    head, *lines = (tmp_path / "c.csv").read_text(encoding="utf-8-sig").splitlines()
    assert "'@SUM(A1)" in head
    assert all(line.endswith("'-1+cmd;2021;'=HYPERLINK(1)") for line in lines)
    assert any(";-3,5;" in line for line in lines)


def test_a_share_has_its_gap_to_the_wider_places_a_count_has_none(desk: Desk, tmp_path: Path) -> None:
    official.take(desk, read(desk, tmp_path, "insee_2021.csv", SERIES))
    dossier = desk.dossier(CONTRACT)
    found = layers.atlas_of(desk, CONTRACT).indicators(
        key_of(desk, "QN06226M"), Places(dossier), dossier.territories
    )
    gaps = {item.layer.code: [(gap.place.code, gap.difference) for gap in item.gaps] for item in found}
    assert gaps["pauvrete"] == [
        ("246200364", Decimal("30.2")), ("D62", Decimal("35.1")), ("R32", Decimal("36.8")),
    ]  # fmt: skip
    assert gaps["rsa"] == []


def test_the_same_series_of_another_year_replaces_the_layer_whole(desk: Desk, tmp_path: Path) -> None:
    official.take(desk, read(desk, tmp_path, "insee_2021.csv", SERIES))
    again = "codgeo;libgeo;TP60\nQN06226M;Cité 2;50\n62498;Lens;30\n"
    plan = read(desk, tmp_path, "insee_2022.csv", again)
    assert (plan.new, plan.changed) == (0, 1)
    official.take(desk, plan)
    atlas = layers.atlas_of(desk, CONTRACT)
    (poverty,) = [layer for layer in atlas.layers if layer.code == "pauvrete"]
    assert poverty.vintage == "2022"
    assert {figure.value for figure in atlas.figures_of(poverty.key)} == {50, 30}
    layers.remove(desk, CONTRACT, "pauvrete")
    assert "pauvrete" not in {layer.code for layer in layers.atlas_of(desk, CONTRACT).layers}
    desk.undo()
    assert "pauvrete" in {layer.code for layer in layers.atlas_of(desk, CONTRACT).layers}


def test_two_geographies_in_one_list_are_refused(desk: Desk, tmp_path: Path) -> None:
    text = "code_qp;lib_qp;insee_com\nQN06226M;Cité 2;62498\nQP062001;Ancien;62498\n"
    plan = read(desk, tmp_path, "liste.csv", text)
    assert "mêle" in plan.sentence
    assert not plan.brings


def test_one_code_for_two_quartiers_is_refused(desk: Desk, tmp_path: Path) -> None:
    text = "code_qp;lib_qp;insee_com\nQN06226M;Cité 2;62498\nQN06226M;Cité 3;62498\n"
    plan = read(desk, tmp_path, "liste.csv", text)
    assert "plusieurs quartiers" in plan.sentence


def test_a_quartier_in_two_lines_is_one_under_its_first_commune(desk: Desk) -> None:
    plan = official.read(desk, CONTRACT, FILES / "qpv-deux-lignes" / "quartiers.csv")
    assert (plan.new, plan.changed) == (1, 0)
    assert [item.parent for item in plan.put if isinstance(item, Territory)] == [key_of(desk, "62510")]


def test_three_of_many_faults_are_named_and_the_others_counted() -> None:
    plan = OfficialPlan("Contours", ("contour", "contours"), malformed=tuple("ABCDE"))
    assert plan.sentence.endswith("Lignes non lues pour 5 codes mal formés\u202f: A, B, C et 2 autres.")
    for count, rest in ((3, ""), (4, " Et 1 autre faute."), (5, " Et 2 autres fautes.")):
        told = replace(plan, refusals=tuple(f"{number}." for number in range(count))).sentence
        assert told == f"0. 1. 2.{rest}"


def test_a_population_is_read_whole_and_a_code_without_its_zero_is_said(desk: Desk) -> None:
    plan = official.read(desk, CONTRACT, FILES / "qpv-population-point" / "quartiers.csv")
    assert [item.value for item in plan.put if isinstance(item, Population)] == [1177]
    assert "1 code mal formé\u202f: QN6298M" in plan.sentence


def test_a_list_of_2015_stands_beside_that_of_today(desk: Desk, tmp_path: Path) -> None:
    plan = read(desk, tmp_path, "liste.csv", "code_qp;lib_qp;insee_com\nQP062001;Ancien;62498\n")
    official.take(desk, plan)
    (old,) = [item for item in desk.dossier(CONTRACT).territories if item.code == "QP062001"]
    assert old.level == "qpv2015"
    places = desk.situation(CONTRACT, invented.TODAY).places
    assert old not in places.quartiers_in(key_of(desk, "62498"))


def test_a_quartier_that_changes_communes_is_corrected_not_doubled(desk: Desk, tmp_path: Path) -> None:
    text = "code_qp;lib_qp;insee_com;lib_com\nQN06226M;Cité 2;62498, 62510;Lens, Liévin\n"
    plan = read(desk, tmp_path, "liste.csv", text)
    assert (plan.new, plan.changed) == (0, 1)
    official.take(desk, plan)
    dossier = desk.dossier(CONTRACT)
    key = key_of(desk, "QN06226M")
    links = [link for link in dossier.territory_links if link.part == key]
    assert {link.whole for link in links} == {key_of(desk, "62498"), key_of(desk, "62510")}
    # How much lies in each nobody says.
    assert {link.share for link in links} == {None}
    back = read(desk, tmp_path, "liste.csv", "code_qp;lib_qp;lib_com\nQN06226M;Cité 2;Liévin\n")
    official.take(desk, back)
    (link,) = [link for link in desk.dossier(CONTRACT).territory_links if link.part == key]
    assert (link.whole, link.share) == (key_of(desk, "62510"), 1)
    assert sum(item.code == "QN06226M" for item in desk.dossier(CONTRACT).territories) == 1


def test_the_official_list_of_what_ships_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    dossier = desk.dossier(CONTRACT)
    codes = {item.key: item.code for item in dossier.territories}
    places = Places(dossier)
    rows = [
        f"{item.code};{item.name.replace(' – ', ' - ').upper()};"
        + ", ".join(sorted(codes[link.whole] for link in places.links_of(item.key)))
        for item in dossier.territories
        if item.level == "qpv"
    ]
    plan = read(desk, tmp_path, "liste.csv", "code_qp;lib_qp;insee_com\n" + "\n".join(rows) + "\n")
    assert (plan.new, plan.changed, plan.same) == (0, 0, 17)


def test_corsica_and_overseas_are_found_by_their_codes(desk: Desk, tmp_path: Path) -> None:
    text = "code_qp;lib_qp;insee_com\nQN02001M;Corse;2A004\nQN97101M;Outre-mer;97105\nQN02401M;Zéro;2408\n"
    plan = read(desk, tmp_path, "liste.csv", text)
    assert plan.elsewhere == 3


def test_a_stored_number_keeps_its_decimals_however_many(desk: Desk, tmp_path: Path) -> None:
    figures = {
        "QN06226M": (12.345, 3.456, 0.23145),
        "62498": (12.3, 3.4, 0.5),
        "62": (1234, 1234.567, 0.12345),
    }
    book = openpyxl.Workbook()
    book.active.append(["CODGEO", "Revenu", "Rapport", "Part (%)"])
    for row, (code, values) in enumerate(figures.items(), 2):
        book.active.append([code, *values])
        book.active.cell(row, 4).number_format = "0.0%"
    book.save(tmp_path / "serie_2021.xlsx")
    official.take(desk, official.read(desk, CONTRACT, tmp_path / "serie_2021.xlsx"))
    atlas = layers.atlas_of(desk, CONTRACT)
    by_name = {layer.name: layer.key for layer in atlas.layers}
    for code, values in figures.items():
        place = key_of(desk, {"62": "D62"}.get(code, code))
        told = [atlas.figure(by_name[name], place) for name in ("Revenu", "Rapport", "Part (%)")]
        exact = [Decimal(str(value)) for value in values]
        assert [item and item.value for item in told] == [*exact[:2], exact[2] * 100]


def test_a_word_in_a_column_of_figures_is_said(desk: Desk, tmp_path: Path) -> None:
    plan = read(desk, tmp_path, "serie_2021.csv", "codgeo;Menages\nQN06226M;12\n62498;beaucoup\n")
    assert "«\u202fbeaucoup\u202f» n’est pas un chiffre." in plan.sentence


def test_a_column_of_words_is_no_layer(desk: Desk, tmp_path: Path) -> None:
    text = "codgeo;Menages;Remarque\nQN06226M;12;à revoir\n62498;34;vu\n"
    plan = read(desk, tmp_path, "serie_2021.csv", text)
    assert plan.refusals == ()
    official.take(desk, plan)
    assert [layer.name for layer in layers.atlas_of(desk, CONTRACT).layers] == ["Menages"]


@pytest.mark.parametrize(
    ("lines", "listed"),
    [
        ((["CODGEO", "Nom du quartier"], ["QN06226M", "Cité 9"]), True),
        ((["CODGEO", "Nom du quartier"], ["62498", "Lens"]), False),
        ((["Code", "Date", "Valeur"], ["FT-O22", "31/12/2025", "18500"]), False),
    ],
)
def test_a_list_of_places_is_told_from_the_figures_of_a_partner(
    lines: tuple[list[str], ...], listed: bool
) -> None:
    cells = [
        ReadCell(row, column, Read.TEXT, text)
        for row, texts in enumerate(lines)
        for column, text in enumerate(texts)
    ]
    assert official.lists_places(ReadBook([ReadSheet("Feuil1", cells)])) is listed


@pytest.mark.parametrize(
    ("title", "cells", "values"),
    [
        # The thousands of a count; the decimals of a column where one cell can have none; those of a share.
        ("Menages", ("12.345", "1.234", "987"), ("12345", "1234", "987")),
        ("Rapport", ("12.345", "3.4", "1.234"), ("12.345", "3.4", "1.234")),
        ("Rapport", ("12.345", "0.5", "s"), ("12.345", "0.5", None)),
        ("Part (%)", ("12.345", "23.456", "1"), ("12.345", "23.456", "1")),
    ],
)
def test_a_point_sets_thousands_apart_in_no_column_that_has_decimals(
    title: str, cells: tuple[str, ...], values: tuple[str | None, ...], desk: Desk, tmp_path: Path
) -> None:
    codes = ("QN06226M", "62498", "62")
    lines = [f"{code};{cell}" for code, cell in zip(codes, cells, strict=True)]
    official.take(desk, read(desk, tmp_path, "serie_2021.csv", "\n".join([f"codgeo;{title}", *lines])))
    (layer,) = layers.atlas_of(desk, CONTRACT).layers
    found = layers.atlas_of(desk, CONTRACT).figures_of(layer.key)
    by_place = {item.territory: item.value for item in found}
    assert [by_place[key_of(desk, {"62": "D62"}.get(code, code))] for code in codes] == [
        None if value is None else Decimal(value) for value in values
    ]


def test_the_first_title_that_is_known_says_which_column_is_meant() -> None:
    head = ["Code", "CODGEO", "Nom du quartier"]
    assert titles.columns(head) == {"code": 1, "name": 2}
    ((_, _, lines),) = titles.tables([[["Source : INSEE"], head, ["1", "62498", "Lens"], head]])
    assert len(lines) == 2, "titles that are written again begin no other table"
