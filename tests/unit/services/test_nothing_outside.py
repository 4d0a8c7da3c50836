"""Nothing that data bring is ever written outside the folder that the officer chose: door by door, then by property."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.cli import cli
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Attachment, Dossier, Paper
from qpvdesk.durable import sha256
from qpvdesk.services import documents, printing
from qpvdesk.services.committees import papers
from qpvdesk.services.contracts import contract_export, contract_import, joined_files
from qpvdesk.storage import maintenance, readers
from qpvdesk.storage.base import Database
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange import package, packages
from qpvdesk.storage.opening import open_base
from tests.helpers.reviews import desk_on
from tests.unit.domain.test_file_names import NAMES
from tests.unit.storage import samples
from tests.unit.storage.test_package import FIELD, KIND, VALUE, packed, unpacked

CONTENT = b"PWNED"
LETTER = Attachment(
    "piece", "contract1", "lettre.pdf", sha256(CONTENT), len(CONTENT), samples.DAY, measurement="m1"
)
HOSTILE = (
    "../../victim.txt",
    "../victim.txt",
    r"..\victim.txt",
    "C:victim.txt",
    "nul.pdf",
    "lettre.",
    "..",
    "a\x07",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A base with a joined file, in a folder of its own; beside it stands what must not be touched."""
    (tmp_path / "victim.txt").write_text("precious")
    (tmp_path / "base").mkdir()
    made = tmp_path / "base" / "a.db"
    with samples.new_base(made) as base, base.unit("Pièce jointe") as unit:
        unit.attach(LETTER, CONTENT, None)
    return made


@pytest.fixture
def base(path: Path) -> Iterator[Database]:
    with open_base(path) as opened:
        yield opened


def held(base: Database) -> Dossier:
    return base.dossier("contract1")


def forced(path: Path, name: str) -> None:
    """Put a name into the tables and the journal of a base, as a hand that is no friend's would."""
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE attachment SET name = ?", (name,))
        connection.execute(
            "UPDATE operation SET value = json_set(value, '$.name', ?) WHERE kind = 'attachment' AND field = ''",
            (name,),
        )
    connection.close()


@pytest.mark.parametrize("name", [*HOSTILE, "/tmp/victim.txt"])
def test_no_entity_takes_it_in(base: Database, name: str) -> None:
    paper = Paper("p", "contract1", "meet", "copil", samples.DAY, samples.DAY, "0" * 16, name)
    for entity in (replace(LETTER, name=name), paper):
        with pytest.raises(UserError, match="n’est pas un nom de fichier"), base.unit("Essai") as unit:
            unit.put(entity)
    assert held(base).attachments == (LETTER,)


@pytest.mark.parametrize("name", [*HOSTILE, "/tmp/victim.txt"])
@pytest.mark.parametrize("kind", ["attachment", "paper"])
def test_no_package_brings_it(base: Database, name: str, kind: str) -> None:
    with base.unit("Papier") as unit:
        unit.put(Paper("p", "contract1", "meet", "copil", samples.DAY, samples.DAY, "0" * 16, "copil.pdf"))
    members = unpacked(packages.write(base)[0])
    lines = [json.loads(line) for line in members[package.OPERATIONS].decode().splitlines()]
    (line,) = [line for line in lines if (line[KIND], line[FIELD]) == (kind, "")]
    line[VALUE] = json.dumps(json.loads(line[VALUE]) | {"name": name})
    members[package.OPERATIONS] = "\n".join(json.dumps(line) for line in lines).encode()
    with pytest.raises(UserError, match=r"n’est pas un nom de fichier.*Rien n’a été fusionné"):
        package.read(packed(members), "evil.paquet")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_contract_in_json_brings_it(base: Database, tmp_path: Path, name: str) -> None:
    file = tmp_path / "contrat.json"
    contract_export.write(held(base), file, lambda _: (CONTENT, None))
    document = json.loads(file.read_text())
    document["pieces_jointes"][0]["nom_du_fichier"] = name
    file.write_text(json.dumps(document))
    draft = contract_import.preview(file, code="x", today=date(2026, 11, 28))
    assert draft.dossier is None
    assert any(
        "pieces_jointes" in problem and ("nom de fichier" in problem or "invisibles" in problem)
        for problem in draft.problems
    )


@pytest.mark.parametrize("name", [name for name in HOSTILE if name.isprintable()])
def test_no_workbook_brings_it(base: Database, tmp_path: Path, name: str) -> None:
    file = tmp_path / "contrat.xlsx"
    contract_export.write(held(base), file, lambda _: (CONTENT, None))
    book = openpyxl.load_workbook(file)
    sheet = book["Pièces jointes"]
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "lettre.pdf"]
    cell.value = name
    book.save(file)
    draft = contract_import.preview(file, code="x", today=date(2026, 11, 28))
    assert draft.dossier is None
    assert any(
        "Pièces jointes" in problem and f"cellule {cell.coordinate}" in problem for problem in draft.problems
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_a_base_that_holds_it_writes_nothing_outside_and_says_so(
    path: Path, tmp_path: Path, name: str
) -> None:
    forced(path, name)
    (tmp_path / "out").mkdir()
    out = tmp_path / "out" / "contrat.xlsx"
    before = {one for one in tmp_path.rglob("*") if one.parent != path.parent}
    arguments = ["exporter", "--base", str(path), "--modele", "contrat", "--sortie", str(out)]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    written = {one for one in tmp_path.rglob("*") if one.parent != path.parent} - before
    folder = joined_files.folder_of(out)
    (copy,) = [one for one in written if one.parent == folder]
    assert written == {out, folder, copy}
    assert copy.read_bytes() == CONTENT
    assert (tmp_path / "victim.txt").read_text() == "precious"
    with open_base(path, read_only=True) as base:
        assert held(base).attachments[0].name == copy.name
        altered, problem = maintenance.check(base)
        assert "ne sont pas tels qu’ils ont été signés" in altered
        assert "portait un nom qui n’est pas celui d’un fichier" in problem


def test_an_absolute_name_does_not_lead_to_its_path(path: Path, tmp_path: Path) -> None:
    forced(path, str(tmp_path / "evil.desktop"))
    with open_base(path, read_only=True) as base:
        joined_files.write(
            held(base).attachments, tmp_path / "c.xlsx", lambda letter: readers.file(base, letter)
        )
    assert not (tmp_path / "evil.desktop").exists()


@pytest.mark.parametrize("name", ["nul.pdf", "COM1", "lettre. "])
def test_a_file_that_is_joined_gets_a_name_that_windows_can_write(
    base: Database, tmp_path: Path, name: str
) -> None:
    chosen = tmp_path / name
    chosen.write_bytes(b"x")
    incoming = documents.take_in(chosen, read=False)
    assert incoming.name != name
    with base.unit("Essai") as unit:
        unit.put(replace(LETTER, name=incoming.name))


def test_a_paper_is_noted_under_a_bare_name(base: Database) -> None:
    desk = desk_on(base, samples.DAY)
    code = held(base).contract.code
    shown = printing.subject(desk, code, printing.Request(meeting=held(base).meetings[0].key))
    for name in ("..", "C:\\x\\nul.pdf", ""):
        papers.record(desk, code, "copil", shown, name=name)
    assert {paper.name for paper in held(base).papers} == {"fichier", "_nul.pdf", ""}


@given(names=st.lists(NAMES, min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_whatever_they_are_called_joined_files_stand_in_their_folder(names: list[str]) -> None:
    contents: dict[str, bytes] = {}
    attachments: list[Any] = []
    for number, name in enumerate(names):
        content = f"{number}".encode()
        contents[sha256(content)] = content
        attachments.append(replace(LETTER, key=f"p{number}", name=name, digest=sha256(content)))
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        book = root / "a" / "b" / "contrat.xlsx"
        book.parent.mkdir(parents=True)
        folder = joined_files.folder_of(book)
        joined_files.write(tuple(attachments), book, lambda one: contents[one.digest])
        assert {one for one in root.rglob("*") if one.is_file()} == set(folder.iterdir())
        assert sorted(one.read_bytes() for one in folder.iterdir()) == sorted(contents.values())
