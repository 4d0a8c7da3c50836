"""A whole contract goes out and comes back with nothing lost; a faulty one is refused, cell by cell."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import KINDS
from qpvdesk.domain.model import Attachment, Decision, Dossier, Meeting
from qpvdesk.durable import sha256
from qpvdesk.services import bases
from qpvdesk.services.contracts import contract_export, contract_import, contract_layout
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import exports
from qpvdesk.storage import maintenance, readers
from qpvdesk.storage.opening import open_base
from qpvdesk.storage.tables import TABLES
from tests.helpers import demo, libreoffice
from tests.unit.storage import samples

NOW = datetime(2026, 11, 2, 9).astimezone()
TODAY = date(2026, 11, 2)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    """The demonstration contract, whole."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    demo.make(path)
    return held(path)


def held(path: Path) -> Dossier:
    with open_base(path, read_only=True) as base:
        return base.dossier(base.contracts()[0].key)


def back(file: Path, target: Path, code: str) -> Dossier:
    """Bring a file into an empty base and return what the base holds, once checked."""
    bases.add_contract(target, contract_import.preview(file, code=code, today=NOW.date()), now=NOW)
    with open_base(target) as base:
        assert maintenance.check(base) == []
        assert base.stacks.undo_label.startswith(f"Contrat «\u202f{code}\u202f» repris de")
        return base.dossier(base.contracts()[0].key)


def test_every_kind_has_its_sheet_and_every_column_its_own_name() -> None:
    kinds = {kind.name for kind in contract_layout.kinds_with_files()}
    # What is read apart from a contract (outlines, layers of reference) comes from its own official files.
    apart = {kind.name for kind in KINDS if kind.apart}
    assert kinds == {table.kind for table in TABLES} - {"snapshot", "paper"} - apart
    for table in contract_layout.kinds():
        headers = [column.slug for column in contract_layout.columns(table)]
        assert len(headers) == len(set(headers)), table.kind
        assert all(column.expected for column in contract_layout.columns(table))


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "json"])
def test_nothing_is_lost_on_the_way(demonstration: Dossier, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"contrat.{suffix}"
    contract_export.write(demonstration, out)
    assert back(out, tmp_path / "vide.db", demonstration.contract.code) == demonstration


def test_each_printed_page_of_a_sheet_repeats_its_titles(demonstration: Dossier, tmp_path: Path) -> None:
    contract_export.write(demonstration, tmp_path / "c.xlsx")
    made = openpyxl.load_workbook(tmp_path / "c.xlsx")
    for one in contract_layout.kinds():
        assert (made[one.sheet].print_title_rows, made[one.sheet].freeze_panes) == ("$1:$1", "A2"), one.sheet


@pytest.fixture
def joined(demonstration: Dossier) -> tuple[Dossier, dict[str, contract_import.File]]:
    """The contract with a letter joined to one thing of each kind, and a source document; a kind of meeting of its own."""
    meeting = Meeting("comite", demonstration.contract.key, "Conseil citoyen", TODAY)
    demonstration = replace(
        demonstration,
        meetings=(meeting,),
        decisions=(Decision("dec", "comite", "Écrire à l’ARS", 1),),
        snapshots=(),
    )
    letter: contract_import.File = (b"%PDF une lettre", None)
    source: contract_import.File = ("Le texte signé".encode(), ("Le texte signé",))
    files = {sha256(one[0]): one for one in (letter, source)}
    digest, text = files
    owners: list[dict[str, Any]] = [
        {"engagement": demonstration.engagements[3].key},
        {"measurement": demonstration.measurements[5].key},
        {"decision": demonstration.decisions[0].key},
    ]
    pieces = [
        Attachment(f"piece{n}", demonstration.contract.key, "lettre.pdf", digest, 15, TODAY, "Reçue", **owner)
        for n, owner in enumerate(owners)
    ]
    pieces.append(
        Attachment(
            "signe",
            demonstration.contract.key,
            "z.txt",
            text,
            15,
            TODAY,
            document=demonstration.documents[0].key,
        )
    )
    return replace(demonstration, attachments=tuple(pieces)), files


def test_the_joined_files_go_and_come_back_with_the_contract(
    joined: tuple[Dossier, dict[str, contract_import.File]], tmp_path: Path
) -> None:
    whole, files = joined
    out = tmp_path / "contrat.json"
    contract_export.write(whole, out, lambda one: files[one.digest])
    assert back(out, tmp_path / "vide.db", whole.contract.code) == whole
    with open_base(tmp_path / "vide.db") as base:
        assert {
            one.digest: (readers.file(base, one), readers.pages(base, one)) for one in whole.attachments
        } == files
    # Beside the first, under keys of its own.
    bases.add_contract(
        tmp_path / "vide.db", contract_import.preview(out, code="copie", today=NOW.date()), now=NOW
    )
    with open_base(tmp_path / "vide.db") as base:
        copy = base.dossier(next(one.key for one in base.contracts() if one.code == "copie"))
        assert len(copy.attachments) == 4
        assert not {one.key for one in copy.attachments} & {one.key for one in whole.attachments}
        assert maintenance.check(base) == []


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_the_joined_files_stand_beside_the_workbook_and_come_back(
    joined: tuple[Dossier, dict[str, contract_import.File]], tmp_path: Path, suffix: str
) -> None:
    whole, files = joined
    out = tmp_path / f"contrat.{suffix}"
    contract_export.write(whole, out, lambda one: files[one.digest])
    folder = tmp_path / "contrat – pièces jointes"
    assert sorted(path.name for path in folder.iterdir()) == ["lettre.pdf", "z.txt"]
    # Written again, the folder is as it was; a file renamed by hand is found by its bytes.
    contract_export.write(whole, out, lambda one: files[one.digest])
    (folder / "lettre.pdf").rename(folder / "lettre reçue le 3.pdf")
    assert len(list(folder.iterdir())) == 2
    assert back(out, tmp_path / "vide.db", whole.contract.code) == whole
    with open_base(tmp_path / "vide.db") as base:
        assert {
            one.digest: (readers.file(base, one), readers.pages(base, one)) for one in whole.attachments
        } == files
        assert maintenance.check(base) == []
        desk = Desk(base, today=lambda: TODAY)
        review = desk.review(whole.contract.code, TODAY)
        told = exports.export(desk, review, tmp_path / f"copie.{suffix}", content="contrat")
        assert told.endswith(" lignes, et le dossier «\u202fcopie – pièces jointes\u202f» à envoyer avec lui")


def test_a_workbook_alone_comes_without_its_joined_files_and_says_so(
    joined: tuple[Dossier, dict[str, contract_import.File]], tmp_path: Path
) -> None:
    whole, files = joined
    out = tmp_path / "contrat.xlsx"
    contract_export.write(whole, out, lambda one: files[one.digest])
    alone = tmp_path / "reçu.xlsx"
    out.rename(alone)
    made = contract_import.preview(alone, code="x", today=NOW.date())
    assert made.dossier is not None
    assert made.dossier.attachments == ()
    assert made.notes == (
        "4 pièces jointes restent de côté\u202f: leur dossier «\u202freçu – pièces jointes\u202f» n’est pas auprès du"
        " classeur.",
    )


def test_a_joined_file_missing_or_changed_in_its_folder_refuses_the_whole(
    joined: tuple[Dossier, dict[str, contract_import.File]], tmp_path: Path
) -> None:
    whole, files = joined
    out = tmp_path / "contrat.xlsx"
    contract_export.write(whole, out, lambda one: files[one.digest])
    note = tmp_path / "contrat – pièces jointes" / "z.txt"
    seen = contract_import.preview(out, code="x", today=NOW.date())
    note.write_text("autre", encoding="utf-8")
    with pytest.raises(UserError, match="a changé depuis l’aperçu"):
        bases.add_contract(tmp_path / "vide.db", seen, now=NOW)
    assert not (tmp_path / "vide.db").exists()
    assert contract_import.preview(out, code="x", today=NOW.date()).problems == (
        "La pièce jointe «\u202fz.txt\u202f» n’a pas son contenu dans le dossier"
        " «\u202fcontrat – pièces jointes\u202f».",
    )


def test_what_stands_in_the_folder_is_never_written_over(
    joined: tuple[Dossier, dict[str, contract_import.File]], tmp_path: Path
) -> None:
    whole, files = joined
    folder = tmp_path / "contrat – pièces jointes"
    folder.mkdir()
    (folder / "LETTRE.pdf").write_bytes(b"une autre")
    contract_export.write(whole, tmp_path / "contrat.xlsx", lambda one: files[one.digest])
    assert (folder / "LETTRE.pdf").read_bytes() == b"une autre"
    assert (folder / "lettre (2).pdf").read_bytes() == b"%PDF une lettre"
    # A refusal half-way (a full disk) takes back what it wrote, and no workbook is left.
    kept = sorted(path.name for path in folder.iterdir())
    other = tmp_path / "autre.xlsx"

    def broken(one: Attachment) -> contract_import.File:
        if one.name == "z.txt":
            raise UserError("Le disque est plein.")
        return files[one.digest]

    with pytest.raises(UserError, match="plein"):
        contract_export.write(whole, other, broken)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["contrat – pièces jointes", "contrat.xlsx"]
    assert sorted(path.name for path in folder.iterdir()) == kept


def test_a_joined_file_that_was_altered_on_the_way_is_refused_with_the_whole(
    joined: tuple[Dossier, dict[str, contract_import.File]], tmp_path: Path
) -> None:
    whole, files = joined
    out = tmp_path / "contrat.json"
    contract_export.write(whole, out, lambda one: files[one.digest])
    document = json.loads(out.read_text(encoding="utf-8"))
    document["contenus"][0]["contenu"] = b64encode(b"%PDF une autre").decode()
    out.write_text(json.dumps(document), encoding="utf-8")
    made = contract_import.preview(out, code="x", today=NOW.date())
    assert made.dossier is None
    assert (
        made.problems
        == ("La pièce jointe «\u202flettre.pdf\u202f» n’a pas son contenu dans ce fichier.",) * 3
    )
    with pytest.raises(UserError):
        bases.add_contract(tmp_path / "vide.db", made, now=NOW)
    assert not (tmp_path / "vide.db").exists()


@libreoffice.needed
@pytest.mark.parametrize(("first", "then"), [("xlsx", "ods"), ("ods", "xlsx")])
def test_nothing_is_lost_through_libreoffice(tmp_path: Path, first: str, then: str) -> None:
    """A few things of each kind: LibreOffice takes seven seconds for a whole contract."""
    whole, out = samples.dossier(), tmp_path / f"contrat.{first}"
    contract_export.write(whole, out)
    converted = libreoffice.convert(out, then, tmp_path / "profil")
    assert contract_import.preview(converted, code=whole.contract.code, today=NOW.date()).dossier == whole


_TURNED = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters=_TURNED), min_size=1, max_size=40
).filter(str.strip)
_NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    note=_TEXTS,
    lines=_TEXTS,
    value=_NUMBERS,
    digits=st.integers(0, 6),
    suffix=st.sampled_from(["xlsx", "ods", "json"]),
)
def test_any_text_and_any_number_come_back(
    tmp_path: Path, note: str, lines: str, value: Decimal, digits: int, suffix: str
) -> None:
    plain = samples.dossier()
    first, *others = plain.measurements
    whole = replace(
        plain,
        contract=replace(plain.contract, note=f"{note}\n  {lines}"),
        measurements=(replace(first, value=round(value, digits), comment=note), *others),
    )
    out = tmp_path / f"contrat.{suffix}"
    contract_export.write(whole, out)
    made = contract_import.preview(out, code=whole.contract.code, today=NOW.date())
    assert made.problems == ()
    assert made.dossier == whole


def book(tmp_path: Path, change: dict[tuple[str, str], object]) -> Path:
    """Return a small contract as people type it, without keys, with some cells changed."""
    sheets = {
        "Contrat": [["Code", "Nom"], ["x", "Contrat d’essai"]],
        "Territoires": [["Code", "Nom", "Niveau"], [62119, "Béthune", "commune"], ["D62", "Pas-de-Calais", "Département"]],
        "Partenaires": [["Code", "Nom", "Nom court"], ["CAF", "Caisse d’allocations familiales", "CAF"]],
        "Engagements": [
            ["Partenaire", "Code", "Libellé", "Thématique", "Nature", "Échéance"],
            ["CAF", "CAF-E01", "Ouvrir des places", "Solidarités", "droit_commun", "31/12/2027"],
        ],
        "Objectifs": [
            ["Partenaire", "Code", "Libellé", "Thématique", "Territoire", "Unité", "Sens", "Engagement", "Valeur cible",
             "Date cible"],
            ["CAF", "CAF-O01", "Places en crèche", "Solidarités", 62119, "places", "À augmenter", "CAF-E01", "1 339",
             "31/12/2027"],
        ],
    }  # fmt: skip
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for (name, cell), value in change.items():
        made[name][cell] = value
    path = tmp_path / "nouveau.xlsx"
    made.save(path)
    return path


def test_a_contract_is_typed_in_without_keys(tmp_path: Path) -> None:
    whole = back(book(tmp_path, {}), tmp_path / "vide.db", "bethune")
    assert whole.contract.code == "bethune"
    assert [item.code for item in whole.territories] == ["62119", "D62"]
    objective = whole.objectives[0]
    assert (objective.target_value, objective.engagement) == (Decimal(1339), whole.engagements[0].key)


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "said"),
    [
        ("Objectifs", "E2", "62000", "n’est le code ni le nom de rien"),
        ("Objectifs", "G2", "vers le haut", "l’un des mots admis"),
        ("Objectifs", "I2", "1.339", "ambigu"),
        ("Objectifs", "J2", "31/02/2027", "date"),
        ("Objectifs", "C2", None, "est vide"),
        ("Engagements", "A2", "FT", "n’est le code ni le nom de rien"),
        ("Territoires", "A3", "62119", "y est déjà"),
        ("Engagements", "C2", "\u202eneversé", "caractères invisibles"),
    ],
)
def test_a_cell_that_cannot_be_is_named_and_nothing_is_written(
    tmp_path: Path, sheet: str, cell: str, value: object, said: str
) -> None:
    made = contract_import.preview(book(tmp_path, {(sheet, cell): value}), code="bethune", today=NOW.date())
    told = " ".join(made.problems)
    assert said in told
    assert f"Feuille «\u202f{sheet}\u202f», cellule {cell}" in told
    with pytest.raises(UserError, match="Rien n’a été importé"):
        bases.add_contract(tmp_path / "vide.db", made, now=NOW)
    assert not (tmp_path / "vide.db").exists()


def test_a_column_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    file = book(tmp_path, {("Partenaires", "C1"): "Nom abrégé", ("Objectifs", "B1"): "Partenaire"})
    told = contract_import.preview(file, code="x", today=NOW.date()).problems
    assert "cellule C1\u202f: la colonne «\u202fNom abrégé\u202f» n’est pas prévue" in told[0]
    assert "cellule B1\u202f: deux colonnes portent le titre «\u202fPartenaire\u202f»" in told[1]
    assert len(told) == 2


def test_a_second_contract_gets_keys_of_its_own_and_one_undo_takes_it_back(
    demonstration: Dossier, tmp_path: Path
) -> None:
    out = tmp_path / "contrat.json"
    contract_export.write(demonstration, out)
    back(out, tmp_path / "base.db", demonstration.contract.code)
    with pytest.raises(UserError, match="contient déjà un contrat"):
        bases.add_contract(
            tmp_path / "base.db",
            contract_import.preview(out, code=demonstration.contract.code, today=NOW.date()),
            now=NOW,
        )
    bases.add_contract(
        tmp_path / "base.db", contract_import.preview(out, code="copie", today=NOW.date()), now=NOW
    )
    with open_base(tmp_path / "base.db") as base:
        assert maintenance.check(base) == []
        first, second = (base.dossier(one.key) for one in sorted(base.contracts(), key=lambda one: one.code))
        assert [item.code for item in first.objectives] == [item.code for item in second.objectives]
        values = [[item.value for item in one.measurements] for one in (first, second)]
        assert sorted(values[0]) == sorted(values[1])
        base.undo()
        assert len(base.contracts()) == 1
        assert maintenance.check(base) == []


def test_what_is_wrong_in_a_json_is_named_by_its_list_its_element_and_its_field(tmp_path: Path) -> None:
    out = tmp_path / "contrat.json"
    contract_export.write(samples.dossier(), out)
    document = json.loads(out.read_text(encoding="utf-8"))
    document["jalons"] = [
        {"objectif": document["objectifs"][0]["code"], "date": "2026-12-31", "valeur": "beaucoup"}
    ]
    document["fiche"][0]["debut"] = "hier"
    out.write_text(json.dumps(document), encoding="utf-8")
    told = " ".join(contract_import.preview(out, code="neuf", today=NOW.date()).problems)
    assert "Liste «\u202fjalons\u202f», élément 1, champ «\u202fvaleur\u202f»\u202f:" in told
    assert "Liste «\u202ffiche\u202f», élément 1, champ «\u202f" in told
    assert "cellule" not in told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": 2, "fiche": []}',
        "[" * 100_000,
        '{"format": 1, "fiche": 3}',
        '{"format": 1, "fiche": [{"nom": 1e999}]}',
    ],
)
def test_another_json_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "f.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="Rien n’a été importé"):
        bases.add_contract(
            tmp_path / "b.db", contract_import.preview(path, code="x", today=NOW.date()), now=NOW
        )
    assert not (tmp_path / "b.db").exists()


def test_the_blank_layout_names_every_column(tmp_path: Path) -> None:
    path = tmp_path / "gabarit.xlsx"
    contract_export.write_blank(path)
    made = openpyxl.load_workbook(path)
    assert made.sheetnames[0] == contract_layout.GUIDE
    assert sorted(made.sheetnames[1:]) == sorted(one.sheet for one in contract_layout.kinds())
    assert [cell.value for cell in made["Jalons"][1]] == ["Objectif", "Date", "Valeur"]
    assert made["Instances"]["A1"].value is not None
    assert all("Clé" not in [cell.value for cell in sheet[1]] for sheet in made)
    described = {(row[0].value, row[1].value) for row in made[contract_layout.GUIDE].iter_rows(min_row=7)}
    assert ("Objectifs", "Valeur cible") in described


def test_lines_to_imitate_are_left_out_and_a_bare_share_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "gabarit.xlsx"
    contract_export.write_blank(path)
    made = openpyxl.load_workbook(path)
    assert [row[0].value[:7] for row in made["Objectifs"].iter_rows(min_row=2, max_row=4)] == ["Exemple"] * 3

    def add(sheet: str, **said: object) -> None:
        page = made[sheet]
        line = page.max_row + 1
        places = {cell.value: cell.column for cell in page[1]}
        for title, value in said.items():
            page.cell(line, places[title.replace("_", " ")]).value = value

    add("Contrat", Code="val", Nom="Contrat du Val")
    add("Partenaires", Code="ML", Nom="Mission locale", Nom_court="ML")
    add("Territoires", Code="01004", Nom="Ambérieu", Niveau="Commune")
    row = {"Partenaire": "ML", "Libellé": "Part", "Territoire": "01004", "Unité": "%", "Sens": "À augmenter"}
    start = {"Date_de_départ": datetime(2023, 12, 31), "Date_cible": datetime(2027, 12, 31)}
    add("Objectifs", Code="ML-O01", Valeur_de_départ=0.275, Valeur_cible=33, **row, **start)
    add("Objectifs", Code="ML-O02", Valeur_de_départ="0,4 %", Valeur_cible="0,9 %", **row, **start)
    made.save(path)
    read = contract_import.preview(path, code="val", today=NOW.date())
    assert read.counts == {"Contrat": 1, "Partenaires": 1, "Territoires": 1, "Objectifs": 2}
    assert "Feuille «\u202fPartenaires\u202f»\u202f: 3 lignes d’exemple ne sont pas lues." in read.notes
    assert len(read.problems) == 1, read.problems
    (refused,) = read.problems
    assert "cellule J5" in refused
    assert "se lit 27,5\u202f% ou 0,275\u202f%" in refused.replace("\u00a0", "\u202f")
    made["Objectifs"]["J5"].value = "27,5 %"
    made.save(path)
    read = contract_import.preview(path, code="val", today=NOW.date())
    first, second = contract_import.asked(read)
    assert "De 27,5" in first
    assert "De 0,4" in second


def test_lines_to_imitate_would_be_taken_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "gabarit.xlsx"
    contract_export.write_blank(path)
    made = openpyxl.load_workbook(path)
    for page in made.worksheets[1:]:
        for row in page.iter_rows(min_row=2):
            if isinstance(row[0].value, str):
                row[0].value = row[0].value.removeprefix("Exemple ")
    page = made["Contrat"]
    page["A2"], page["B2"] = "val", "Contrat du Val"
    for column in "CDEFGHIJKLMN":
        page[f"{column}2"] = None
    made.save(path)
    read = contract_import.preview(path, code="val", today=NOW.date())
    assert read.problems == ()
    assert read.dossier is not None
    reduced = next(item for item in read.dossier.objectives if item.code == "VILLE-O01")
    assert (reduced.target_value, reduced.target_text) == (148, "−20 %")
    assert len(contract_import.asked(read)) == 3


def test_json_says_numbers_as_numbers(demonstration: Dossier, tmp_path: Path) -> None:
    out = tmp_path / "c.json"
    contract_export.write(demonstration, out)
    document = json.loads(out.read_text("utf-8"))
    assert document["contrat"] == demonstration.contract.code
    assert isinstance(document["releves"][0]["valeur"], int | float)
