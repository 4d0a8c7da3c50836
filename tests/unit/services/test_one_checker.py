"""What one road refuses no other accepts: form, workbook, JSON, TOML, package, shell; a base filled before says it too."""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec import Struct
from msgspec.structs import replace

from qpvdesk import cli
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier, Population
from qpvdesk.domain.sens import Sens
from qpvdesk.services import colleagues, lines, measurements
from qpvdesk.services.contracts import contract_export, contract_files, contract_import
from qpvdesk.services.contracts.contract_layout import slug
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts, objectives, reading
from qpvdesk.storage import opening, starter
from qpvdesk.storage.base import Database
from qpvdesk.storage.keys import starter_key
from tests.helpers import invented, shipped
from tests.helpers.reviews import desk_on

NOW = datetime(2026, 11, 28, 12).astimezone()
TODAY = NOW.date()
HEAD = """
format = 1
[contrat]
code = "essai"
nom = "Contrat d’essai"
epci = "246200364"
debut = 2024-01-01
fin = 2030-12-31
[[document]]
code = "TEXTE"
titre = "Texte"
[[territoire]]
code = "D62"
nom = "Pas-de-Calais"
niveau = "departement"
[[territoire]]
code = "246200364"
nom = "Agglomération"
niveau = "epci"
parent = "D62"
[[territoire]]
code = "62498"
nom = "Lens"
niveau = "commune"
parent = "246200364"
[[territoire]]
code = "62510"
nom = "Liévin"
niveau = "commune"
parent = "246200364"
"""
ARS = """
[partenaire]
code = "ARS"
nom = "Agence"
[[engagement]]
code = "ARS-E01"
libelle = "Recruter"
thematique = "sante"
nature = "droit_commun"
   [[engagement.objectif]]
   code = "ARS-O01"
   libelle = "Dépôts ramassés"
   territoire = "246200364"
   unite = "tonnes"
   sens = "baisse"
   valeur_initiale = 185
   date_initiale = 2023-12-31
   valeur_cible = 148
   date_cible = 2027-12-31
   jalons = [ { date = 2025-12-31, valeur = 160 } ]
[[objectif]]
code = "ARS-O02"
libelle = "Part des quartiers dans la demande"
thematique = "sante"
territoire = "246200364"
unite = "%"
sens = "suivi"
releves = [ { date = 2024-12-31, valeur = 17.1 } ]
[[objectif]]
code = "ARS-O03"
libelle = "Part des quartiers dans les entrées"
thematique = "sante"
territoire = "246200364"
unite = "%"
sens = "parite"
reference = "ARS-O02"
[[financement]]
code = "ARS-F01"
libelle = "Appel"
annee_debut = 2024
annee_fin = 2026
montant = 2.5
unite = "EUR"
"""
BPI = """
[partenaire]
code = "BPI"
nom = "Banque"
[[engagement]]
code = "BPI-E01"
libelle = "Prêter"
thematique = "emploi"
nature = "droit_commun"
"""


class Fault(Struct, frozen=True):
    """One wrong acceptance: how each road writes it, and what every one answers."""

    kind: str
    code: str
    """Of the thing at fault; for a measurement or a milestone, of its objective."""
    typed: Mapping[str, str]
    """As form and shell take it."""
    cell: tuple[str, str, object]
    """Sheet, title of the column, what stands in the cell."""
    toml: tuple[str, str]
    """What is replaced by what."""
    rows: Mapping[str, object] | None
    """The record as it would stand in a base filled before; None where a base cannot tell."""
    words: str


FAULTS = {
    "start after target": Fault(
        "objective",
        "ARS-O01",
        {"start_date": "01/01/2030"},
        ("Objectifs", "Date de départ", datetime(2030, 1, 1)),
        ("date_initiale = 2023-12-31", "date_initiale = 2030-01-01"),
        {"start_date": date(2030, 1, 1)},
        "l’échéance précède la date de départ",
    ),
    "a label that says nothing": Fault(
        "objective",
        "ARS-O01",
        {"label": "– 12"},
        ("Objectifs", "Libellé", "– 12"),
        ('libelle = "Dépôts ramassés"', 'libelle = "– 12"'),
        {"label": "– 12"},
        "ne dit rien\u202f: écrivez en quelques mots",
    ),
    "target on the wrong side": Fault(
        "objective",
        "ARS-O01",
        {"target_value": "200"},
        ("Objectifs", "Valeur cible", 200),
        ("valeur_cible = 148", "valeur_cible = 200"),
        {"target_value": Decimal(200)},
        "la cible est au-dessus du départ",
    ),
    "no target": Fault(
        "objective",
        "ARS-O01",
        {"target_value": ""},
        ("Objectifs", "Valeur cible", None),
        ("valeur_cible = 148\n", "\n"),
        {"target_value": None},
        "indiquez la valeur à atteindre",
    ),
    "parity without reference": Fault(
        "objective",
        "ARS-O03",
        {"reference": ""},
        ("Objectifs", "Objectif de référence", None),
        ('reference = "ARS-O02"\n', "\n"),
        {"reference": None},
        "un objectif de parité nomme l’objectif auquel il se compare",
    ),
    "a share of nothing that is said": Fault(
        "objective",
        "ARS-O01",
        {"target_value": "20 %"},
        ("Objectifs", "Valeur cible", "20 %"),
        ("valeur_cible = 148", 'valeur_cible = "20 %"'),
        None,
        "est une part, alors que l’objectif se compte en «\u202ftonnes\u202f»",
    ),
    "a target that is not what it says": Fault(
        "objective",
        "ARS-O01",
        {"target_text": "−30 %", "target_value": "150"},
        ("Objectifs", "Cible telle qu’écrite", "−30 %"),
        ("valeur_cible = 148", 'valeur_cible = 148\n   cible_ecrite = "−30 %"'),
        {"target_text": "−30 %"},
        "du départ (185 tonnes) fait 129,5 tonnes, et non",
    ),
    "an upper bound below the lower": Fault(
        "objective",
        "ARS-O01",
        {"sens": "intervalle", "target_max": "120"},
        ("Objectifs", "Valeur cible haute", 120),
        ('sens = "baisse"', 'sens = "intervalle"\n   valeur_cible_max = 120'),
        {"target_max": Decimal(120)},
        "borne haute",
    ),
    "an unknown unit": Fault(
        "funding",
        "ARS-F01",
        {"unit": "sacs"},
        ("Financements", "Unité", "sacs"),
        ('unite = "EUR"', 'unite = "sacs"'),
        {"unit": "sacs"},
        "EUR, ETP",
    ),
    "years backwards": Fault(
        "funding",
        "ARS-F01",
        {"first_year": "2030"},
        ("Financements", "Première année", 2030),
        ("annee_debut = 2024", "annee_debut = 2030"),
        {"first_year": 2030},
        "la dernière année précède la première",
    ),
    "a negative amount": Fault(
        "funding",
        "ARS-F01",
        {"amount": "−5"},
        ("Financements", "Montant", -5),
        ("montant = 2.5", "montant = -5"),
        {"amount": Decimal(-5)},
        "un montant n’est pas négatif",
    ),
    "a zero lost": Fault(
        "territory",
        "62510",
        {"code": "1004"},
        ("Territoires", "Code", "1004"),
        ('code = "62510"', 'code = "1004"'),
        {"code": "1004"},
        "01004 a-t-il perdu son zéro",
    ),
    "a SIREN cut short": Fault(
        "contract",
        "essai",
        {"epci": "24620036"},
        ("Contrat", "Code de l’EPCI", "24620036"),
        ('epci = "246200364"', 'epci = "24620036"'),
        {"epci": "24620036"},
        "n’est pas un numéro SIREN",
    ),
    "another partner's engagement": Fault(
        "objective",
        "ARS-O01",
        {"engagement": "BPI-E01"},
        ("Objectifs", "Engagement", "BPI-E01"),
        ("", ""),
        {"engagement": "BPI-E01"},
        "(BPI-E01) est l’engagement d’un autre partenaire",
    ),
    "1 710 %": Fault(
        "measurement",
        "ARS-O02",
        {"value": "1710", "day": "31/12/2025"},
        ("Relevés", "Valeur", 1710),
        ("valeur = 17.1", "valeur = 1710"),
        {"value": Decimal(1710)},
        "1\u202f710\u202f% n’est pas une part de 0 à 100\u202f%\u202f; 17,1\u202f%\u202f?",
    ),
    "a day to come": Fault(
        "measurement",
        "ARS-O02",
        {"value": "18", "day": "31/12/2028"},
        ("Relevés", "Date", datetime(2028, 12, 31)),
        ("", ""),
        {"day": date(2028, 12, 31)},
        "le 31/12/2028 n’est pas encore passé",
    ),
    "long before the contract": Fault(
        "measurement",
        "ARS-O02",
        {"value": "18", "day": "31/12/2008"},
        ("Relevés", "Date", datetime(2008, 12, 31)),
        ("date = 2024-12-31, valeur = 17.1", "date = 2008-12-31, valeur = 17.1"),
        {"day": date(2008, 12, 31)},
        "précède de plus de 15 ans le début du contrat",
    ),
    "another place": Fault(
        "measurement",
        "ARS-O02",
        {"value": "18", "day": "31/12/2025", "territory": "62498"},
        ("Relevés", "Territoire", "62498"),
        ("valeur = 17.1 }", 'valeur = 17.1, territoire = "62498" }'),
        {"territory": "62498"},
        "cette valeur n’y compterait nulle part",
    ),
}


def folder_of(path: Path, *change: str) -> Path:
    path.mkdir()
    for name, text in (("contrat.toml", HEAD), ("ARS.toml", ARS), ("BPI.toml", BPI)):
        (path / name).write_text(text.replace(*change) if change else text, encoding="utf-8")
    return path


def contract(path: Path, *change: str) -> Dossier:
    return contract_files.load(folder_of(path, *change), key_of=starter_key) if change else sound_contract()


@functools.cache
def sound_contract() -> Dossier:
    with tempfile.TemporaryDirectory() as folder:
        return shipped.kept(contract_files.load(folder_of(Path(folder, "sain")), key_of=starter_key))


def base_of(path: Path, dossier: Dossier) -> Database:
    base = opening.create(path, now=NOW, clock=lambda: NOW)
    starter.import_starter(base, dossier)
    return base


@functools.cache
def exported(dossier: Dossier, form: str) -> bytes:
    """A contract as it goes out, written once: what a test spoils is its own copy."""
    with tempfile.TemporaryDirectory() as folder:
        contract_export.write(dossier, Path(folder, f"contrat.{form}"))
        return Path(folder, f"contrat.{form}").read_bytes()


@pytest.fixture
def sound(tmp_path: Path) -> Dossier:
    return contract(tmp_path / "sain")


def faulty(dossier: Dossier, fault: Fault) -> Any:
    """The record of a base that somebody filled before."""
    assert fault.rows is not None
    if fault.kind == "contract":
        return replace(dossier.contract, **fault.rows)
    keys = {item.code: item.key for item in (*dossier.engagements, *dossier.territories)}
    rows = {
        name: keys.get(value, value)
        if isinstance(value, str) and name in ("engagement", "territory")
        else value
        for name, value in fault.rows.items()
    }
    if fault.kind == "measurement":
        return replace(dossier.measurements[0], **rows)
    thing = next(item for item in reading.form_rows(dossier, fault.kind) if item.code == fault.code)
    return replace(thing, **rows)


def by_form(fault: Fault, dossier: Dossier, path: Path) -> str:
    with base_of(path / "base.db", dossier) as base, pytest.raises(UserError) as caught:
        typed(desk_on(base, TODAY), fault, dossier)
    return caught.value.message


def typed(desk: Desk, fault: Fault, dossier: Dossier) -> None:
    if fault.kind == "measurement":
        objective = measurements.objective_coded(dossier, fault.code)
        place = fault.typed.get("territory")
        entry = measurements.Entry(
            objective=objective.key,
            day=french.parse_date(fault.typed["day"]),
            value=Decimal(fault.typed["value"]),
            territory=measurements.territory_coded(dossier, place).key if place else None,
        )
        measurements.record(desk, "essai", entry)
        return
    key = next(item.key for item in reading.form_rows(dossier, fault.kind) if item.code == fault.code)
    acts.save(desk, "essai", fault.kind, reading.write(dossier, fault.kind, key) | fault.typed, key=key)


def by_workbook(fault: Fault, dossier: Dossier, path: Path) -> str:
    file = path / "contrat.xlsx"
    file.write_bytes(exported(dossier, "xlsx"))
    book = openpyxl.load_workbook(file)
    sheet, title, value = fault.cell
    cells = book[sheet]
    column = next(cell.column for cell in cells[1] if cell.value == title)
    row = next(
        number
        for number in range(2, cells.max_row + 1)
        if fault.code in [cell.value for cell in cells[number]] or fault.kind == "contract"
    )
    cells.cell(row, column).value = value
    book.save(file)
    return " ".join(contract_import.preview(file, code="copie", today=TODAY).problems)


def by_json(fault: Fault, dossier: Dossier, path: Path) -> str:
    file = path / "contrat.json"
    file.write_bytes(exported(dossier, "json"))
    whole = json.loads(file.read_text(encoding="utf-8"))
    sheet, title, value = fault.cell
    row = next(
        row
        for row in whole["fiche" if fault.kind == "contract" else slug(sheet)]
        if fault.code in row.values() or fault.kind == "contract"
    )
    row[slug(title)] = value.date().isoformat() if isinstance(value, datetime) else value
    file.write_text(json.dumps(whole), encoding="utf-8")
    return " ".join(contract_import.preview(file, code="copie", today=TODAY).problems)


def by_toml(fault: Fault, _: Dossier, path: Path) -> str:
    if fault.toml == ("", ""):
        pytest.skip("a file of this road cannot write it")
    with pytest.raises(UserError) as caught:
        contract(path / "fautif", *fault.toml)
    return caught.value.message


def by_grid(fault: Fault, dossier: Dossier, path: Path) -> str:
    """A line like the thing at fault, typed among many."""
    del path
    fields = lines.FIELDS.get(fault.kind, ())
    if not fault.typed.keys() <= set(fields):
        pytest.skip("the grid has no such cell")
    codes = {
        item.key: item.code
        for item in (*dossier.partners, *dossier.engagements, *dossier.territories, *dossier.objectives)
    }
    key = next(item.key for item in reading.form_rows(dossier, fault.kind) if item.code == fault.code)
    held = {
        name: codes.get(text, text)
        for name, text in reading.write(dossier, fault.kind, key).items()
        if name in fields
    }
    line = {**held, "code": {"territory": "62065"}.get(fault.kind, "ARS-X09"), **fault.typed}
    (found,) = lines.read(dossier, fault.kind, [line], today=TODAY).lines
    with pytest.raises(UserError):
        lines.checked(dossier, fault.kind, [line], today=TODAY)
    return " ".join(found.faults.values())


def by_package(fault: Fault, dossier: Dossier, path: Path) -> str:
    if fault.rows is None:
        pytest.skip("a record holds a number: what was typed is gone")
    with (
        base_of(path / "a.db", dossier) as sender,
        base_of(path / "b.db", dossier) as receiver,
    ):
        sender.sign("Camille")
        receiver.sign("Dominique")
        with sender.unit("Avant les contrôles") as unit:
            unit.put(faulty(dossier, fault))
        colleagues.prepare(desk_on(sender, TODAY), path / "lot.paquet")
        package = colleagues.read(path / "lot.paquet")
        before = receiver.dossier(dossier.contract.key)
        with pytest.raises(UserError) as caught:
            colleagues.receive(desk_on(receiver, TODAY), package)
        assert receiver.dossier(dossier.contract.key) == before
    return caught.value.message


def by_shell(fault: Fault, dossier: Dossier, path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    base_of(path / "base.db", dossier).close()
    names = {
        "start_date": "date-initiale", "target_value": "valeur-cible", "engagement": "engagement", "unit": "unite",
        "first_year": "annee-debut", "amount": "montant", "code": "code", "epci": "epci", "reference": "reference",
        "target_text": "cible-ecrite", "target_max": "valeur-cible-max", "sens": "sens", "label": "libelle",
    }  # fmt: skip
    words = {"objective": "objectif", "funding": "moyens", "territory": "territoire", "contract": "contrat"}
    if fault.kind == "measurement":
        place = fault.typed.get("territory")
        said = ["relever", fault.code, fault.typed["value"], "--date", fault.typed["day"]]
        said += ["--territoire", place] if place else []
    else:
        said = [words[fault.kind], "modifier", fault.code]
        for name, value in fault.typed.items():
            said += [f"--{names[name]}", value]
    assert cli.run([*said, "--base", str(path / "base.db")]) == 1
    return capsys.readouterr().err


def by_verifying(fault: Fault, dossier: Dossier, path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    if fault.rows is None:
        pytest.skip("a record holds a number: what was typed is gone")
    if "day" in fault.rows and fault.rows["day"] == date(2028, 12, 31):
        pytest.skip("the shell's own clock tells what is to come")
    with base_of(path / "base.db", dossier) as base, base.unit("Avant les contrôles") as unit:
        unit.put(faulty(dossier, fault))
    assert cli.run(["verifier", "--base", str(path / "base.db")]) == 0
    return capsys.readouterr().out


Road = Callable[..., str]
ROADS: dict[str, Road] = {
    "form": by_form,
    "grid": by_grid,
    "workbook": by_workbook,
    "json": by_json,
    "toml": by_toml,
    "package": by_package,
    "shell": by_shell,
    "verifier": by_verifying,
}


@pytest.mark.parametrize(
    ("line", "owner"),
    [
        ({"code": "ARS-X09", "label": "Agir"}, "ARS"),
        ({"code": "ARS-X09", "label": "Agir", "engagement": "BPI-E01"}, "Bpifrance"),
    ],
)
def test_a_line_is_of_the_partner_of_its_engagement_else_of_its_code(
    line: dict[str, str], owner: str
) -> None:
    (told,) = lines.read(invented.dossier(), "objective", [line], today=TODAY).lines
    assert told.taken.get("partner", "").startswith(owner)


def test_a_siren_whose_key_is_false_is_taken_and_told(
    sound: Dossier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may be the number that the contract prints: each road keeps it, and says that it is to be checked."""
    typed = reading.write(sound, "contract", sound.contract.key) | {"epci": "246200365"}
    form = reading.read(sound, "contract", typed, sound.contract.key)
    assert form.faults == {}
    assert "porte une clé fausse" in reading.sentence(form, sound)
    miscopied = contract(tmp_path / "faux", "246200364", "246200365")
    for name in ("c.xlsx", "c.json"):
        contract_export.write(miscopied, tmp_path / name)
        draft = contract_import.preview(tmp_path / name, code="copie", today=TODAY)
        assert draft.dossier is not None, draft.problems
        assert sum("clé fausse" in note for note in draft.notes) == 1
    for road, source in (("--classeur", "c.xlsx"), ("--dossier", "faux")):
        base = str(tmp_path / f"{source}.db")
        assert cli.run(["init", road, str(tmp_path / source), "--base", base]) == 0
        assert capsys.readouterr().out.count("porte une clé fausse") == 1
        assert cli.run(["verifier", "--base", base]) == 0
        assert capsys.readouterr().out.count("porte une clé fausse") == 1


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("name", FAULTS)
def test_what_one_road_refuses_no_other_accepts(
    name: str, road: str, sound: Dossier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fault, take = FAULTS[name], ROADS[road]
    told = take(fault, sound, tmp_path, *([capsys] if road in ("shell", "verifier") else []))
    if name == "an unknown unit" and road in ("form", "shell"):
        assert "Choisissez dans la liste" in told
    elif name == "an unknown unit" and road == "grid":
        assert "n’est pas dans la liste (Euros, " in told
    else:
        assert fault.words.casefold() in told.replace("\u00a0", " ").casefold() or fault.words in told


def test_each_road_takes_money_as_people_write_it(sound: Dossier, tmp_path: Path) -> None:
    """« 2,5 » in « M€ » are 2 500 000 euros, « € » is EUR: totals know no other unit."""
    for unit, amount in (("€", Decimal("2.5")), ("k€", Decimal(2500)), ("M€", Decimal(2500000))):
        folder = tmp_path / unit
        made = [contract(folder, 'unite = "EUR"', f'unite = "{unit}"').fundings[0]]
        for form in ("xlsx", "json"):
            file = folder / f"contrat.{form}"
            contract_export.write(sound, file)
            if form == "xlsx":
                book = openpyxl.load_workbook(file)
                column = next(cell.column for cell in book["Financements"][1] if cell.value == "Unité")
                book["Financements"].cell(2, column).value = unit
                book.save(file)
            else:
                whole = json.loads(file.read_text(encoding="utf-8"))
                whole["financements"][0]["unite"] = unit
                file.write_text(json.dumps(whole), encoding="utf-8")
            draft = contract_import.preview(file, code="copie", today=TODAY)
            assert draft.dossier is not None, draft.problems
            made += draft.dossier.fundings
        typed = reading.write(sound, "funding", sound.fundings[0].key) | {"unit": unit}
        made.append(reading.read(sound, "funding", typed, sound.fundings[0].key).main)
        assert {(item.amount, item.unit) for item in made} == {(amount, "EUR")}, unit


def test_a_base_filled_before_still_takes_a_package(sound: Dossier, tmp_path: Path) -> None:
    """A fault that was there already is no news: it is a point of coherence, not a reason to refuse a colleague."""
    before = replace(sound.objectives[0], start_date=date(2030, 1, 1))
    with (
        base_of(tmp_path / "a.db", replace(sound, objectives=(before, *sound.objectives[1:]))) as sender,
        base_of(tmp_path / "b.db", replace(sound, objectives=(before, *sound.objectives[1:]))) as receiver,
    ):
        sender.sign("Camille")
        receiver.sign("Dominique")
        with sender.unit("Libellé") as unit:
            unit.put(replace(before, label="Dépôts sauvages ramassés"))
        colleagues.prepare(desk_on(sender, TODAY), tmp_path / "lot.paquet")
        colleagues.receive(desk_on(receiver, TODAY), colleagues.read(tmp_path / "lot.paquet"))
        held = receiver.dossier(receiver.contracts()[0].key)
    assert held.objectives[0].label == "Dépôts sauvages ramassés"


def test_a_target_for_so_many_inhabitants_names_whom_it_counts(sound: Dossier) -> None:
    place = next(item for item in sound.territories if item.level == "epci")
    people = Population("p", place.key, "qpv", Decimal(13700), vintage=date(2019, 1, 1))
    counted = replace(sound, populations=(people,))
    typed = reading.write(counted, "objective", sound.objectives[0].key) | {
        "target_value": "1 pour 1 500 habitants", "unit": "ETP", "start_value": "3", "sens": "hausse", "milestones": "",
    }  # fmt: skip
    said = reading.sentence(reading.read(counted, "objective", typed, sound.objectives[0].key), counted)
    assert (
        "«\u202f1 pour 1 500 habitants\u202f» pour 13\u202f700\u00a0habitants en QPV, Agglomération (2019)"
        in said
    )


def test_what_is_gained_in_percent_is_points(sound: Dossier) -> None:
    share = replace(
        sound.objectives[0], unit="%", start_value=Decimal("44.6"), target_value=Decimal(60), sens=Sens.HAUSSE
    )
    assert "15,4\u00a0points de plus" in objectives.asked_of(share, sound)


def test_the_form_takes_a_year_for_a_vintage(sound: Dossier) -> None:
    place = next(item for item in sound.territories if item.code == "62498")
    typed = reading.write(sound, "territory", place.key) | {"inhabitants": "4 210", "vintage": "2019"}
    draft = reading.read(sound, "territory", typed, place.key)
    assert draft.faults == {}
    assert draft.put[-1].vintage == date(2019, 1, 1)


def test_each_road_takes_a_part_of_the_start_as_people_write_it(sound: Dossier, tmp_path: Path) -> None:
    """« −20 % » of 185 tonnes are 148, kept as written; in a cell formatted in percent too."""
    taken = [contract(tmp_path / "t", "valeur_cible = 148", 'cible_ecrite = "−20 %"').objectives[0]]
    for form, value, look in (
        ("xlsx", "−20 %", None),
        ("xlsx", -0.2, "0 %"),
        ("json", "−20 %", None),
    ):
        file = tmp_path / f"contrat.{form}"
        contract_export.write(sound, file)
        if form == "xlsx":
            book = openpyxl.load_workbook(file)
            sheet = book["Objectifs"]
            column = next(cell.column for cell in sheet[1] if cell.value == "Valeur cible")
            row = next(cell.row for cell in sheet["B"] if cell.value == "ARS-O01")
            sheet.cell(row, column).value = value
            sheet.cell(row, column).number_format = look or "@"
            book.save(file)
        else:
            whole = json.loads(file.read_text(encoding="utf-8"))
            whole["objectifs"][0]["valeur_cible"] = value
            file.write_text(json.dumps(whole), encoding="utf-8")
        draft = contract_import.preview(file, code="copie", today=TODAY)
        assert draft.dossier is not None, draft.problems
        taken.append(draft.dossier.objectives[0])
    objective = sound.objectives[0]
    typed = reading.write(sound, "objective", objective.key) | {"target_value": "−20 %"}
    form = reading.read(sound, "objective", typed, objective.key)
    assert not form.faults
    taken.append(form.main)
    for item in taken:
        assert item.target_value == 148
        assert item.target_text.replace("-", "−") == "−20 %"
    assert reading.sentence(form, sound).endswith("(«\u202f−20 %\u202f» du départ (185\u00a0tonnes)).")


def test_a_target_follows_a_start_that_is_corrected_in_its_form(sound: Dossier) -> None:
    objective = replace(sound.objectives[0], target_text="−20 %")
    before = replace(sound, objectives=(objective, *sound.objectives[1:]))
    typed = reading.write(before, "objective", objective.key) | {"start_value": "200", "milestones": ""}
    draft = reading.read(before, "objective", typed, objective.key)
    assert not draft.faults
    assert draft.main.target_value == 160
