"""Every field has its one row, and what follows from it: a door, a column, a sheet, a word, a sentence."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain.kinds import BY_ENTITY, BY_NAME, KINDS, Ask, Field, Kind, Type
from qpvdesk.domain.kinds.declaration import CODE, CONTRACT, KEY, number, text
from qpvdesk.services.contracts import contract_export, contract_files, contract_layout
from qpvdesk.services.contracts.toml_table import Table as TomlTable
from qpvdesk.services.editing.forms import FORMS, form_of
from qpvdesk.storage import maintenance, opening, readers, tables
from qpvdesk.storage.care import purging
from qpvdesk.storage.identity import Identity
from qpvdesk.storage.rescue import pages
from qpvdesk.storage.rescue.salvage import _Salvage
from tests.helpers.sources import nodes, parsed
from tests.unit.storage import samples

ROWS = [(kind, field) for kind in KINDS for field in kind.fields]


@pytest.mark.parametrize(("kind", "field"), ROWS, ids=lambda row: row.name)
def test_every_field_has_a_door_or_says_why_not(kind: Kind, field: Field) -> None:
    form = FORMS.get(kind.name)
    assert (form is None) == bool(kind.door), "a kind has a form, or says where the window makes one"
    said = field.door or kind.door
    if form is not None and not field.door:
        names = {entry.name for entry in form.fields}
        expected = {f"{field.name}_{part.name}" for part in field.parts} or {field.name}
        assert expected <= names
        assert all(field.required for entry in form.fields if entry.required and entry.name == field.name)
    else:
        assert said.strip().endswith("."), "one sentence"


def test_a_field_is_declared_once() -> None:
    assert len(BY_NAME) == len(KINDS)
    assert {kind.name for kind in KINDS if kind.apart} == {"contour", "layer", "layer_figure"}
    dates = [field for _, field in ROWS if field.type is Type.DATE]
    assert all(field.to_come is (field.name in ("end", "due", "target_date")) for field in dates)
    for kind in KINDS:
        names = [field.name for field in (*kind.fields, *kind.entries)]
        assert len(names) == len(set(names))
        words = [field.toml for field in kind.fields if field.toml]
        assert len(words) == len(set(words)), "no two fields share a word of the files"
        assert set(kind.form) <= set(names)


class Garden(Struct, frozen=True):
    """A thing that no contract has."""

    key: str
    contract: str
    code: str
    name: str
    keeper: str = ""
    surface: Decimal | None = None


PLAIN = Kind(
    "garden",
    Garden,
    "jardin",
    "jardins",
    "gardens",
    sheet="Jardins",
    fields=(KEY, CONTRACT, CODE, text("name", "nom", toml="nom", ask=Ask("&Nom"))),
)
KEEPER = text("keeper", "gardien", "", toml="gardien", ask=Ask("&Gardien"))
SURFACE = number("surface", "surface", None, feminine=True, toml="surface", ask=Ask("&Surface"))


def test_one_row_gives_a_field_all_that_follows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its column, form entry, sheet column, word of the files, JSON, sentence of the journal, purge and salvage."""
    kind = replace(PLAIN, fields=(*PLAIN.fields, KEEPER, SURFACE))
    table = tables.Table(kind)
    for known, name in ((BY_NAME, "garden"), (BY_ENTITY, Garden)):
        monkeypatch.setitem(known, name, kind)  # type: ignore[arg-type]
    monkeypatch.setitem(tables.BY_KIND, "garden", table)
    monkeypatch.setitem(tables.BY_ENTITY, Garden, table)
    monkeypatch.setattr(purging, "TABLES", (*tables.TABLES, table))
    garden = Garden("g1", "contract1", "J1", "Les Prés", keeper="Ada Hopper", surface=Decimal("12.5"))

    assert [entry.label for entry in form_of(kind).fields] == ["&Code", "&Nom", "&Gardien", "&Surface"]
    columns = contract_layout.columns(kind)
    assert [column.header for column in columns] == ["Code", "Nom", "Gardien", "Surface", "Clé"]
    line = [contract_export._value(column, garden, {}) for column in columns]
    (record,) = contract_export._records(kind, [line])
    assert (record["gardien"], record["surface"]) == ("Ada Hopper", 12.5)
    file = TomlTable("f.toml", "J1", {"nom": "Les Prés", "gardien": "Ada Hopper", "surface": "12,5"})
    loader = contract_files._Loader(tmp_path, str)
    assert loader.thing(file, "garden", "g1", contract="contract1", code="J1") == garden

    sql = ", ".join(f"{name} {kind}" for field in table.fields for name, kind in _columns(field))
    with opening.create(tmp_path / "base.db", clock=samples.Ticking()) as base:
        with base.guard.everything():
            base.connection.execute(f"CREATE TABLE garden ({sql}, PRIMARY KEY (key)) STRICT")
        with base.unit("Jardin") as unit:
            unit.put(samples.contract())
            unit.put(garden)
        with base.unit("Jardin") as unit:
            unit.put(Garden("g1", "contract1", "J1", "Les Prés", keeper="Ada Byron", surface=Decimal(13)))
        told = [entry.sentence for entry in readers.history_of(base, "g1")]
        assert any("passe de 12,5 à 13" in sentence for sentence in told)
        assert any(
            "passe de «\u202fAda Hopper\u202f» à «\u202fAda Byron\u202f»" in sentence for sentence in told
        )
        maintenance.erase(base, "Ada Byron")
        (row,) = base.connection.execute("SELECT keeper, surface FROM garden").fetchall()
        assert row == (purging.ERASED, "13")

        form = pages.Form(table.columns, ("TEXT",) * 6, (True,) * 6, (None,) * 6, None)
        found = pages.Found({"garden": {1: table.row(garden)}}, (), 1, 0)
        reader = _Salvage(
            base.connection,
            found,
            {"garden": form},
            now=datetime(2026, 1, 1, tzinfo=UTC),
            identity=Identity(),
        )
        assert reader._entities(table) == {"g1": garden}


def _columns(field: tables.TableField) -> list[tuple[str, str]]:
    return [(field.name + suffix, kind) for suffix, kind in field.codec.columns]


FEMININE = {
    "ambiance", "année", "base", "catégorie", "cible", "clé", "commune", "condition", "contre-valeur",
    "correspondance", "couche", "date", "description", "difficultés", "décision", "empreinte", "fin", "fonction",
    "fonctions", "formule", "fréquence", "instance", "liste", "météo", "nature", "note", "part", "pièce", "population",
    "prise", "propositions", "référence", "section", "source", "suite", "synthèse", "taille", "thématique", "unité",
    "valeur", "ventilation", "version", "visite", "échelle", "échéance", "étape",
}  # fmt: skip


def test_what_is_declared_agrees_with_its_noun() -> None:
    for item in (*KINDS, *(field for _, field in ROWS)):
        noun = (
            item.french.removeprefix("autre ").removeprefix("première ").removeprefix("dernière ").split()[0]
        )
        assert item.feminine is (noun in FEMININE), item.french


def test_what_is_told_in_sentences_has_room_for_them() -> None:
    told = {"note", "detail", "text", "reason", "functions", "mood", "needs", "difficulties", "proposals"}
    for _, field in ROWS:
        if field.ask is not None and field.name != "label":
            assert field.ask.lines is (field.name in told), field.name


def test_what_is_asked_a_line_each_has_room_for_several() -> None:
    entries = [(kind, field) for kind in KINDS for field in (*kind.fields, *kind.entries)]
    asked = [(field.name, field.ask) for _, field in entries if field.ask is not None]
    several = [(name, ask.lines) for name, ask in asked if re.search(r"\b[Uu]ne? .*par ligne", ask.help)]
    assert {"links", "functions"} <= {name for name, _ in several}
    assert [name for name, lines in several if not lines] == []


def test_no_thing_is_made_with_more_than_four_values_by_place() -> None:
    """Two texts that change places still compile; from the fifth on, each value is named."""
    names = {kind.entity.__name__ for kind in KINDS}  # type: ignore[attr-defined]
    package = Path(__file__).parents[3] / "qpvdesk"
    faults = [
        f"{path.relative_to(package)}:{node.lineno} {node.func.id}"
        for path in package.rglob("*.py")
        for node in nodes(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
        if len(node.args) > 4
    ]
    assert faults == []


def test_no_help_writes_a_minus_as_a_hyphen() -> None:
    asks = [
        ask
        for kind in KINDS
        for field in kind.fields
        for ask in (field.ask, *(part.ask for part in field.parts))
    ]
    told = [ask.help for ask in asks if ask is not None]
    assert len(told) > 50
    assert [words for words in told if re.search(r"(?<![\w-])-\d", words)] == []
