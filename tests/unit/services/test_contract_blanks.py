"""What a blank cell of a contract's workbook is taken for is said; what no rule tells is refused, all in one go."""

from __future__ import annotations

import functools
import json
import re
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from msgspec import Struct

from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.kinds.words import LABELS
from qpvdesk.domain.model import Aggregation, Contract, Dossier, Mesure, Milestone, Objective
from qpvdesk.domain.proposing.blanks import TOGETHER
from qpvdesk.domain.sens import Sens
from qpvdesk.services import line_titles, lines
from qpvdesk.services.contracts import contract_export, contract_import
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.services.contracts.contract_cells import folded_title
from qpvdesk.services.contracts.contract_preview import ContractDraft
from qpvdesk.services.editing import reading
from tests.unit.services.test_one_checker import TODAY, contract

Sheets = Mapping[str, list[dict[str, object]]]
PLACES = [
    {"Code": "246200364", "Nom": "Agglomération"},
    {"Code": "62498", "Nom": "Lens"},
    {"Code": "QN06219M", "Nom": "Cité 12", "Territoire englobant": "62498"},
]
PARTNERS = [
    {"Code": "ML", "Nom": "Mission locale"},
    {"Code": "ML-B", "Nom": "Mission locale du bassin de l’Artois"},
]
ENGAGEMENTS = [
    {"Code": "ML-E01", "Libellé": "Parrainer", "Nature": "Droit commun"},
    {"Code": "ML-B-E01", "Libellé": "Former", "Nature": "Droit commun"},
    {"Partenaire": "ML", "Libellé": "Loger", "Nature": "Droit commun"},
]
START = {"Valeur de départ": 40, "Date de départ": date(2023, 12, 31)}
DUE = {"Date cible": "fin 2027"}
END = {"Valeur cible": 80, "Date cible": date(2027, 12, 31)}


@functools.cache
def blank() -> dict[str, list[tuple[object, ...]]]:
    """What the sheets of the blank workbook say, without their looks: it is made and read once for all tests."""
    with tempfile.TemporaryDirectory() as folder:
        contract_export.write_blank(Path(folder) / "c.xlsx")
        book = openpyxl.load_workbook(Path(folder) / "c.xlsx", read_only=True)
        said = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
        book.close()
    return said


def drafted(folder: Path, **sheets: list[dict[str, object]]) -> ContractDraft:
    """The contract of the blank workbook with these lines typed in it."""
    path, book = folder / "c.xlsx", openpyxl.Workbook(write_only=True)
    told: Sheets = {
        "Contrat": [{"Code": "essai", "Nom": "Essai", "Code de l’EPCI": "246200364"}],
        "Territoires": PLACES, "Partenaires": PARTNERS, "Engagements": ENGAGEMENTS, **sheets,
    }  # fmt: skip
    for name, heads in blank().items():
        sheet = book.create_sheet(name)
        for row in heads:
            sheet.append(row)
        for line in told.get(name, []):
            assert line.keys() <= set(heads[0])
            sheet.append([line.get(title) for title in heads[0]])
    book.save(path)
    return contract_import.preview(path, code="essai", today=TODAY)


def test_codes_partners_places_and_senses_are_filled_in_and_said(tmp_path: Path) -> None:
    objectives: list[dict[str, object]] = [
        {"Engagement": "ML-E01", "Libellé": "Jeunes", "Unité": "jeunes", **START, **END},
        {"Engagement": "ML-B-E01", "Libellé": "Délai", "Unité": "jours", **START, **END, "Valeur cible": 20},
        {"Engagement": "ML-E01", "Libellé": "Dépôts", "Unité": "tonnes", **START, **END, "Valeur cible": "−20 %"},
        {"Engagement": "ML-E02", "Libellé": "Permanence ouverte", "Valeur cible": 1},
        {"Code": "ML-O01", "Libellé": "Demandeurs", "Unité": "personnes", "Sens": "Suivi"},
        {"Engagement": "ML-E01", "Libellé": "Ateliers", "Unité": "lieux", "Valeur cible": "entre 20 et 22", **DUE},
    ]  # fmt: skip
    draft = drafted(tmp_path, Objectifs=objectives)
    assert draft.dossier is not None, draft.problems
    made = draft.dossier
    assert [item.short_name for item in made.partners] == ["Mission locale", "ML-B"]
    assert [str(item.level) for item in made.territories] == ["epci", "commune", "qpv"]
    assert made.territories[1].parent == made.territories[0].key
    owners = {item.key: item.code for item in made.partners}
    assert [(item.code, owners[item.partner]) for item in made.engagements] == [
        ("ML-E01", "ML"), ("ML-B-E01", "ML-B"), ("ML-E02", "ML"),
    ]  # fmt: skip
    assert [(item.code, owners[item.partner], item.sens) for item in made.objectives] == [
        ("ML-O02", "ML", Sens.HAUSSE), ("ML-B-O01", "ML-B", Sens.BAISSE), ("ML-O03", "ML", Sens.BAISSE),
        ("ML-O04", "ML", Sens.JALON), ("ML-O01", "ML", Sens.SUIVI), ("ML-O05", "ML", Sens.INTERVALLE),
    ]  # fmt: skip
    assert {item.territory for item in made.objectives} == {made.territories[0].key}
    notes = " ".join(draft.notes).replace("\u202f", " ")
    assert "« Sens », 5 cases vides : déduit du départ et de la cible" in notes
    assert "« À réduire » pour ML-B-O01, ML-O03" in notes


def test_what_no_rule_tells_stays_refused(tmp_path: Path) -> None:
    """A floor or a ceiling: nobody knows which; amounts without a sign; a line that names nobody."""
    lines: list[dict[str, object]] = [
        {"Engagement": "ML-E01", "Libellé": "Éducateurs", "Unité": "ETP", **START, "Valeur cible": 40, **DUE},
        {"Engagement": "ML-E01", "Libellé": "Délai", "Unité": "jours", "Valeur cible": 20, **DUE},
        {"Libellé": "De personne", "Unité": "jours", **START, **END},
    ]  # fmt: skip
    money: list[dict[str, object]] = [
        {"Engagement": "ML-E01", "Libellé": "Salaires", "Première année": 2025, "Montant": "1,2 M€"},
        {"Engagement": "ML-E01", "Libellé": "Postes", "Première année": 2025, "Montant": 3},
    ]
    told = drafted(tmp_path, Objectifs=lines, Financements=money).refused
    assert [(item.sheet, item.row, item.why.split("\u202f»")[0]) for item in told] == [
        ("Objectifs", 4, "«\u202fSens"), ("Objectifs", 5, "«\u202fSens"),
        ("Objectifs", 6, "«\u202fPartenaire"), ("Objectifs", 6, "«\u202fCode"),
        ("Financements", 5, "«\u202fUnité"),
    ]  # fmt: skip


def test_a_passage_of_the_contract_makes_an_objective(tmp_path: Path) -> None:
    passage = (
        "Indicateur : Places d’accueil ; valeur de départ 12 (31/12/2023) ; cible 1 060 places au 31/12/2028."
        " Suivi : semestrielle."
    )
    draft = drafted(tmp_path, Objectifs=[{"Engagement": "ML-E01", "Libellé": passage}])
    assert draft.dossier is not None, draft.problems
    (objective,) = draft.dossier.objectives
    assert (objective.label, objective.unit, objective.sens) == ("Places d’accueil", "places", Sens.HAUSSE)
    assert (objective.start_value, objective.start_date) == (Decimal(12), date(2023, 12, 31))
    assert (objective.target_value, objective.target_date) == (Decimal(1060), date(2028, 12, 31))
    assert objective.frequency.value == "semestrielle"
    assert any("1 libellé est une phrase du contrat" in note for note in draft.notes)
    (sentence,) = contract_import.asked(draft)
    said = sentence.replace("\u202f", " ").replace("\xa0", " ")
    assert "De 12 places au 31/12/2023 à 1 060 places d’ici le 31/12/2028" in said


PLACES_PROMISED = (
    "Places ; valeur de départ 12 (31/12/2023) ; cible 60 places au 31/12/2028. Suivi : semestrielle."
)
EDUCATORS = "Éducateurs ; valeur de départ 14 (31/12/2023) ; cible 14 ETP au 31/12/2030. Suivi : annuelle."
BACKWARDS = "Allocataires ; valeur de départ 412 (31/12/2026) ; cible 200 allocataires au 31/12/2025."
TWO_TARGETS = "Places ; valeur de départ 12 (2023) ; cible 22 places en 2026, 40 en 2030."
Line = Mapping[str, str]


class Told(Struct, frozen=True):
    """What a road makes of one line: its objective where it takes it, the titles that it refuses, all that it says."""

    objective: Objective | None
    refused: set[str]
    said: str


def in_the_workbook(folder: Path, line: Line) -> Told:
    draft = drafted(folder, Objectifs=[{"Engagement": "ML-E01", **line}])
    made = draft.dossier.objectives[0] if draft.dossier is not None else None
    titles = [cell.value for cell in openpyxl.load_workbook(folder / "c.xlsx")["Objectifs"][1]]
    refused = {str(titles[item.column]) for item in draft.refused if item.column is not None}
    return Told(made, refused, " ".join((*draft.notes, *draft.problems)))


def in_the_grid(folder: Path, line: Line) -> Told:
    names = {column.header: column.field.name for column in layout.columns(BY_NAME["objective"])}
    titles = {name: title for title, name in names.items()}
    typed = {"engagement": "ARS-E01", **{names[title]: text for title, text in line.items()}}
    (read,) = lines.read(contract(folder / "sain"), "objective", [typed], today=TODAY).lines
    made = read.draft.main if read.draft is not None and not read.faults else None
    return Told(
        made, {titles[name] for name in read.faults}, " ".join((read.sentence, *read.faults.values()))
    )


Road = Callable[[Path, Line], Told]
ROADS = pytest.mark.parametrize("road", [in_the_workbook, in_the_grid])


@ROADS
@pytest.mark.parametrize(
    "filled",
    [
        {},
        {"Unité": "places"},
        {"Unité": "places", "Fréquence": "Semestrielle"},
        {"Sens": "À augmenter"},
        {"Valeur de départ": "12"},
        {"Date de départ": "31/12/2023", "Valeur cible": "60 places"},
        {"Unité": "places", "Date cible": "2028"},
    ],
)
def test_each_blank_cell_is_filled_from_the_passage_whatever_the_others_say(
    tmp_path: Path, road: Road, filled: Line
) -> None:
    told = road(tmp_path, {"Libellé": PLACES_PROMISED, **filled})
    made = told.objective
    assert made is not None, told.said
    assert (made.label, made.unit, made.sens, made.mesure) == ("Places", "places", Sens.HAUSSE, Mesure.STOCK)
    assert (made.start_value, made.start_date) == (Decimal(12), date(2023, 12, 31))
    assert (made.target_value, made.target_date) == (Decimal(60), date(2028, 12, 31))
    assert made.frequency.value == "semestrielle"
    assert "phrase du libellé" not in told.said


@ROADS
@pytest.mark.parametrize(
    ("label", "filled", "title"),
    [
        (PLACES_PROMISED, {"Unité": "%"}, "Unité"),
        (PLACES_PROMISED, {"Unité": "logements"}, "Unité"),
        (PLACES_PROMISED, {"Sens": "Suivi"}, "Sens"),
        (PLACES_PROMISED, {"Sens": "À réduire"}, "Valeur cible"),
        (EDUCATORS, {"Unité": "ETP"}, "Sens"),
        (TWO_TARGETS, {"Sens": "Suivi", "Unité": "places"}, "Libellé"),
        (TWO_TARGETS, {"Unité": "places"}, "Libellé"),
        (
            "Médiateurs ; valeur de départ 3 (2023) ; cible 1 médiateur pour 1 500 habitants.",
            {"Unité": "médiateurs"},
            "Sens",
        ),
        (BACKWARDS, {"Unité": "allocataires"}, "Date cible"),
    ],
)
def test_a_cell_that_contradicts_the_passage_is_refused(
    tmp_path: Path, road: Road, label: str, filled: Line, title: str
) -> None:
    told = road(tmp_path, {"Libellé": label, **filled})
    assert (told.objective, told.refused) == (None, {title}), told.said


@ROADS
@pytest.mark.parametrize(
    ("label", "filled"),
    [
        (TWO_TARGETS, {"Unité": "places"}),
        (TWO_TARGETS, {"Fréquence": "Annuelle"}),
        (TWO_TARGETS, {"Valeur de départ": "12"}),
        ("Soutien ; valeur de départ 8 € (2023) ; cible 12 € par habitant au 31/12/2028.", {}),
        ("Passer de 12 à 60 places au 31/12/2028.", {"Unité": "places"}),
        ("Soutien ; valeur de départ 12 (2023) ; cible 1,5 fois plus au 31/12/2028.", {}),
        ("Soutien ; valeur de départ 12 (2023) ; cible 60 places d’ici trois ans.", {}),
        ("Soutien ; valeur de départ 12 (2023) ; cible 60 places une année sur deux.", {}),
        ("Soutien ; valeur de départ 12 (2023) ; cible 60 places ; hors QPV.", {}),
        ("Soutien ; valeur de départ environ 12 (2023) ; cible 60 à 80 places en 2028.", {}),
        (
            "Aide ; départ 12 (2023) ; cible 60 places en 2028.\nAppui ; départ 3 (2023) ; cible 9 ETP en 2027.",
            {},
        ),
        ("De 12 à 60 places d’ici 2028", {"Unité": "places"}),
        ("Porter à 85 % le taux d’ici fin 2028", {"Unité": "%"}),
    ],
)
def test_a_passage_not_read_for_sure_is_asked_about_whatever_is_filled_beside_it(
    tmp_path: Path, road: Road, label: str, filled: Line
) -> None:
    assert road(tmp_path, {"Libellé": label, **filled}).objective is None


@ROADS
@pytest.mark.parametrize(
    ("label", "filled", "sens", "start", "target", "said"),
    [
        (EDUCATORS, {"Sens": "Au moins"}, Sens.PLANCHER, date(2023, 12, 31), 14, ""),
        (BACKWARDS, {"Date de départ": "31/12/2023"}, Sens.BAISSE, date(2023, 12, 31), 200, "31/12/2026"),
        (PLACES_PROMISED, {"Valeur cible": "70"}, Sens.HAUSSE, date(2023, 12, 31), 70, "60"),
    ],
)
def test_a_cell_answers_what_was_asked_and_what_the_passage_says_else_is_told(
    tmp_path: Path, road: Road, label: str, filled: Line, sens: Sens, start: date, target: int, said: str
) -> None:
    told = road(tmp_path, {"Libellé": label, **filled})
    assert told.objective is not None, told.said
    made = told.objective
    assert (made.sens, made.start_date, made.target_value) == (sens, start, Decimal(target))
    assert (f"la phrase du libellé dit «\u202f{said}\u202f»" in told.said) == bool(said)


def test_how_a_figure_counts_is_told_where_it_is_left_blank(tmp_path: Path) -> None:
    """A level on a date is never taken in silence; « par an » is yearly, in a label and in a passage."""
    passage = "Places ; valeur de départ 0 (2023) ; cible 40 places par an jusqu’en 2030."
    objectives: list[dict[str, object]] = [
        {"Engagement": "ML-E01", "Libellé": "Jeunes", "Unité": "jeunes", **START, **END},
        {"Engagement": "ML-E01", "Libellé": "Jeunes aidés par an", "Unité": "jeunes", **START, **END},
        {"Engagement": "ML-E01", "Libellé": passage},
    ]
    draft = drafted(tmp_path, Objectifs=objectives)
    assert draft.dossier is not None, draft.problems
    assert [item.mesure for item in draft.dossier.objectives] == [Mesure.STOCK, Mesure.FLUX, Mesure.FLUX]
    note, unsure = (note for note in draft.notes if "Mode de mesure" in note)
    assert "3 cases vides" in note
    assert f"«\u202f{LABELS[Mesure][Mesure.STOCK]}\u202f» pour ML-O01" in note
    assert f"«\u202f{LABELS[Mesure][Mesure.FLUX]}\u202f» pour ML-O02" in note
    # What nothing tells is named by its words, that somebody may say otherwise.
    assert "chaque année\u202f: «\u202fJeunes\u202f». Ils sont pris comme" in unsure


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("valeur de départ 1.248 (2023) ; cible 2.500 places au 31/12/2026", "valeur de départ 1.248 (2023)"),
        (
            "valeur de départ 12 (2023) ; cible 22 places en 2026, 40 en 2030",
            "cible 22 places en 2026, 40 en 2030",
        ),
        ("valeur de départ 12 (2023) ; cible 20 places à la rentrée 2026", "rentrée 2026"),
    ],
)
def test_a_passage_that_is_not_read_for_sure_is_refused(tmp_path: Path, said: str, refused: str) -> None:
    draft = drafted(
        tmp_path, Objectifs=[{"Engagement": "ML-E01", "Libellé": f"Indicateur : Places ; {said}."}]
    )
    assert draft.dossier is None
    assert [item.why.split("\u202f")[1] for item in draft.refused if item.sheet == "Objectifs"] == [refused]


def test_cells_and_what_they_make_together_are_refused_at_once(tmp_path: Path) -> None:
    """A word that is none, in one line; in another a date before its start; in a third a place that lies in itself."""
    lines: list[dict[str, object]] = [
        {"Engagement": "ML-E01", "Libellé": "Jeunes", "Unité": "jeunes", **START, **END, "Mode de mesure": "au jugé"},
        {"Engagement": "ML-E01", "Libellé": "Jeunes", "Unité": "jeunes", **START, **END, "Date cible": date(2020, 1, 1)},
    ]  # fmt: skip
    draft = drafted(
        tmp_path, Objectifs=lines, Contrat=[{"Code": "e", "Nom": "E", "Code de l’EPCI": "24620036"}]
    )
    assert draft.dossier is None
    assert [(item.sheet, item.row) for item in draft.refused] == [
        ("Objectifs", 4),
        ("Contrat", 1),
        ("Objectifs", 5),
    ]
    assert "précède" in draft.problems[-1]


@pytest.mark.parametrize("column", ["Sens", "Territoire", "Partenaire"])
def test_nothing_is_guessed_of_a_line_that_was_exported(tmp_path: Path, column: str) -> None:
    contract_export.write(contract(tmp_path / "sain"), tmp_path / "c.xlsx")
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    sheet = book["Objectifs"]
    sheet.cell(2, [cell.value for cell in sheet[1]].index(column) + 1).value = None
    book.save(tmp_path / "c.xlsx")
    (problem,) = contract_import.preview(tmp_path / "c.xlsx", code="copie", today=TODAY).problems
    assert f"«\u202f{column}\u202f» est vide" in problem


ALONE: dict[str, list[dict[str, object]]] = {
    "Contrat": [{"Nom": "Contrat de ville de la Communauté de communes du Val"}],
    "Partenaires": [
        {"Nom": "Caisse d’allocations familiales du Nord", "Nom court": "Caisse"},
        {"Nom": "Mission locale"},
    ],
    "Territoires": [
        {"Nom": "Lens", "Niveau": "Commune"},
        {"Nom": "Liévin", "Niveau": "Commune"},
        {"Code": "QN06219M", "Nom": "Cité 12", "Territoire englobant": "Lens, Liévin", "Habitants en QPV": 1500,
         "Millésime": 2019},
        {"Code": "QN06220M", "Nom": "Cité 4", "Territoire englobant": "Lens"},
    ],
    "Engagements": [
        {"Partenaire": "Caisse", "Code": "CAF-01", "Libellé": "Accueillir", "Nature": "Droit commun",
         "Territoire": "Tous les quartiers"},
        {"Partenaire": "Mission locale", "Libellé": "Parrainer", "Nature": "Droit commun", "Territoire": "Cité 12, Cité 4",
         "Copilotes": "Caisse"},
        {"Partenaire": "Mission locale", "Libellé": "Loger", "Nature": "Droit commun", "Territoire": "Cité 4"},
    ],
    "Objectifs": [
        {"Engagement": "Accueillir", "Libellé": "Places", "Unité": "places", **START, **END,
         "Territoire": "tous les quartiers"},
        {"Engagement": "Parrainer", "Libellé": "Jeunes", "Unité": "jeunes", **START, **END, "Territoire": "Cité 12, Cité 4"},
        {"Engagement": "Parrainer", "Libellé": "Jeunes de la Cité 4", "Unité": "jeunes", **START, **END},
        {"Engagement": "Loger", "Libellé": "Logements", "Unité": "logements", **START, **END},
        *(
            {"Engagement": "Parrainer", "Libellé": label, "Unité": "permis", **START, **END, "Valeur de départ": 0,
             "Valeur cible": target, "Territoire": "Cité 12, Cité 4"}
            for label, target in (("Permis aidés", 80), ("Permis aidés – Cité 12", 50), ("Permis aidés – Cité 4", 30))
        ),
    ],
}  # fmt: skip
"""A contract as its document says it: no code but those of the quartiers, « tous les quartiers »."""


def test_what_the_document_does_not_hold_is_proposed_by_the_workbook(tmp_path: Path) -> None:
    draft = drafted(tmp_path, **ALONE)
    made = draft.dossier
    assert made is not None, draft.problems
    codes = {item.key: item.code for item in (*made.territories, *made.partners, *made.engagements)}
    assert [item.code for item in made.partners] == ["CAF", "ML"]
    lying = {item.code: codes.get(str(item.parent)) for item in made.territories}
    assert lying == {
        "CONTRAT": None, "LENS": "CONTRAT", "LIEVIN": "CONTRAT", "QN06219M": "LENS", "QN06220M": "LENS",
    }  # fmt: skip
    assert [item.name for item in made.territories if item.code == "CONTRAT"] == [
        "Communauté de communes du Val"
    ]
    assert [(codes[item.part], codes[item.whole]) for item in made.territory_links] == [
        ("QN06219M", "LENS"), ("QN06219M", "LIEVIN"),
    ]  # fmt: skip
    # « Tous les quartiers » names none; several places are those of the engagement.
    assert [codes[item.territory] for item in made.engagement_territories] == ["QN06219M", "QN06220M"]
    assert [codes[item.territory] for item in made.objectives] == [
        "CONTRAT", "CONTRAT", "QN06220M", "QN06220M", "CONTRAT", "QN06219M", "QN06220M",
    ]  # fmt: skip
    whole, *parts = made.objectives[-3:]
    assert [item.parent for item in parts] == [whole.key, whole.key]
    assert whole.aggregation is Aggregation.SOMME
    assert [(item.perimeter, int(item.value), item.vintage) for item in made.populations] == [
        ("qpv", 1500, date(2019, 1, 1))
    ]
    (beside,) = made.engagement_partners
    assert (codes[beside.partner], beside.role.value) == ("CAF", "copilote")
    notes = " ".join(draft.notes).replace("\u202f", " ")
    assert (
        "« Engagements », « Territoire », 1 case dit « tous les quartiers » : aucun lieu n’y est nommé"
        in notes
    )
    assert "LENS (Lens), LIEVIN (Liévin)" in notes
    # A part is counted in the place that it names, whatever its cell lists.
    assert "ML-O01, O04 : plusieurs lieux sont nommés, le chiffre est celui de leur ensemble" in notes, notes
    assert "Lens et Liévin n’ont pas encore leur code officiel" in notes


@pytest.mark.parametrize(
    ("told", "above"),
    [
        ({"Niveau": "Autre périmètre", "Territoire englobant": "Lens"}, "LENS"),
        ({"Niveau": "Bassin d’emploi"}, None),
    ],
)
def test_a_place_of_a_part_of_it_is_not_the_one_of_the_contract(
    tmp_path: Path, told: dict[str, str], above: str | None
) -> None:
    pocket = {"Nom": "Poche Nord", **told}
    draft = drafted(tmp_path, **ALONE | {"Territoires": [*ALONE["Territoires"], pocket]})
    assert draft.dossier is not None, draft.problems
    codes = {item.key: item.code for item in draft.dossier.territories}
    lying = {item.name: codes.get(str(item.parent)) for item in draft.dossier.territories}
    assert (lying["Poche Nord"], lying["Lens"]) == (above, "CONTRAT")


def test_what_the_document_does_not_hold_is_proposed_by_the_grid() -> None:
    """The same cells under the same titles, kind after kind, give the same places."""
    dossier = Dossier(Contract("k", "val", "Contrat de ville de la Communauté de communes du Val"))
    whole = {"Nom": "Communauté de communes du Val", "Niveau": "Agglomération"}
    sheets = {**ALONE, "Territoires": [whole, *ALONE["Territoires"]]}
    for name, sheet in (
        ("partner", "Partenaires"), ("territory", "Territoires"), ("engagement", "Engagements"), ("objective", "Objectifs"),
    ):  # fmt: skip
        fields = line_titles.fields_by_title(name)
        typed = [
            {
                fields[folded_title(title)]: f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
                for title, value in row.items()
            }
            for row in sheets[sheet]
        ]
        read = lines.read(dossier, name, typed, today=TODAY)
        assert [line.faults for line in read.lines] == [{}] * len(typed)
        if name == "objective":
            together = [
                item["label"]
                for item, line in zip(typed, read.lines, strict=True)
                if TOGETHER in line.sentence
            ]
            assert together == ["Jeunes", "Permis aidés"]
        dossier = reading.after(
            dossier, [*read.themes, *(thing for draft in read.ready for thing in draft.put)]
        )
    codes = {item.key: item.code for item in dossier.territories}
    lying = {item.code: codes.get(str(item.parent)) for item in dossier.territories}
    assert lying == {
        "LIEU-VAL": None, "LENS": "LIEU-VAL", "LIEVIN": "LIEU-VAL", "QN06219M": "LENS", "QN06220M": "LENS",
    }  # fmt: skip
    assert {codes[item.whole] for item in dossier.territory_links} == {"LENS", "LIEVIN"}
    found = {item.label: codes[item.territory] for item in dossier.objectives}
    assert found == {
        "Places": "LIEU-VAL", "Jeunes": "LIEU-VAL", "Jeunes de la Cité 4": "QN06220M", "Logements": "QN06220M",
        "Permis aidés": "LIEU-VAL", "Permis aidés – Cité 12": "QN06219M", "Permis aidés – Cité 4": "QN06220M",
    }  # fmt: skip
    labels = {item.key: item.label for item in dossier.objectives}
    assert {item.label: labels[item.parent] for item in dossier.objectives if item.parent} == dict.fromkeys(
        ("Permis aidés – Cité 12", "Permis aidés – Cité 4"), "Permis aidés"
    )
    assert [int(item.value) for item in dossier.populations] == [1500]
    assert [item.role.value for item in dossier.engagement_partners] == ["copilote"]


def test_a_copilot_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    engagement = {
        "Partenaire": "ML",
        "Libellé": "Loger",
        "Nature": "Droit commun",
        "Copilotes": "ML, La Poste",
    }
    (told,) = drafted(tmp_path, Engagements=[engagement]).problems
    assert "«\u202fLa Poste\u202f» n’est le code ni le nom de rien" in told


@ROADS
@pytest.mark.parametrize(
    "line",
    [
        {"Libellé": f"{BACKWARDS} (sic)"},
        {"Libellé": BACKWARDS, "Date de départ": "31/12/2026 (sic)"},
        {"Libellé": BACKWARDS},
    ],
)
def test_a_contradiction_that_the_document_holds_enters_with_its_mark(
    tmp_path: Path, road: Road, line: Line
) -> None:
    told = road(tmp_path, line)
    if not any("(sic)" in text for text in line.values()):
        assert (told.objective, told.refused) == (None, {"Date cible"})
        assert "écrivez «\u202f(sic)\u202f»" in told.said
        return
    assert told.objective is not None, told.said
    made = told.objective
    assert (made.start_value, made.start_date, made.target_date) == (412, None, date(2025, 12, 31))
    assert made.note == "Le document dit un départ au 31/12/2026 et une échéance au 31/12/2025 (sic)."


def test_the_grid_takes_the_milestones_of_an_objective_in_one_cell(tmp_path: Path) -> None:
    line = {
        "engagement": "ARS-E01",
        "label": PLACES_PROMISED,
        "milestones": "31/12/2025 20 ; 31/12/2026 : 40",
    }
    (read,) = lines.read(contract(tmp_path / "sain"), "objective", [line], today=TODAY).lines
    assert read.draft is not None
    assert read.faults == {}
    found = [(item.day.year, int(item.value)) for item in read.draft.put if isinstance(item, Milestone)]
    assert found == [(2025, 20), (2026, 40)]


@pytest.mark.parametrize("places", ["Lens, Cité 12", "Cité 12 et Liévin"])
def test_several_places_that_the_engagement_does_not_name_are_refused(tmp_path: Path, places: str) -> None:
    objective = {"Engagement": "ML-E01", "Libellé": "Jeunes", "Unité": "jeunes", **START, **END}
    told = drafted(
        tmp_path, **{**NAMED, "Partenaires": PARTNERS, "Objectifs": [{**objective, "Territoire": places}]}
    )
    if "Liévin" in places:
        assert "il en faut un seul, à moins que son engagement ne les nomme aussi" in told.problems[0]
    else:
        assert told.dossier is not None, told.problems


SHARE = "Part des habitants. Suivi : annuelle."
ENTRIES = "Part des entrées ; valeur de départ 11,2 (31/12/2023). Suivi : annuelle."


def test_a_parity_is_held_against_what_its_passage_names_and_its_start_is_a_figure(tmp_path: Path) -> None:
    """In the workbook and in the grid alike; a start without target is asked about until its sense is chosen."""
    rows: list[dict[str, object]] = [
        {"Engagement": "ML-E01", "Libellé": SHARE},
        {"Engagement": "ML-E01", "Libellé": ENTRIES, "Sens": "À parité", "Objectif de référence": SHARE},
    ]
    draft = drafted(tmp_path, Objectifs=rows)
    assert draft.dossier is not None, draft.problems
    held = contract(tmp_path / "sain")
    fields = line_titles.fields_by_title("objective")
    typed = [{fields[folded_title(title)]: str(text) for title, text in row.items()} for row in rows]
    read = lines.read(held, "objective", [{**line, "engagement": "ARS-E01"} for line in typed], today=TODAY)
    assert [line.faults for line in read.lines] == [{}, {}]
    grid = reading.after(held, [thing for draft in read.ready for thing in draft.put])
    for made in (draft.dossier, grid):
        found = {item.label: item for item in made.objectives}
        share, entries = found["Part des habitants"], found["Part des entrées"]
        assert (share.sens, entries.sens) == (Sens.SUIVI, Sens.PARITE)
        assert (entries.reference, entries.start_value) == (share.key, None)
        (figure,) = (item for item in made.measurements if item.objective == entries.key)
        assert (figure.value, figure.day) == (Decimal("11.2"), date(2023, 12, 31))
    asked = lines.read(held, "objective", [{"engagement": "ARS-E01", "label": ENTRIES}], today=TODAY).lines[0]
    assert "cible oubliée" in asked.faults["sens"]
    (refused,) = drafted(tmp_path, Objectifs=[{"Engagement": "ML-E01", "Libellé": ENTRIES}]).problems
    assert refused.endswith("cible oubliée\u202f?")


@ROADS
@pytest.mark.parametrize(
    ("start", "target", "unit"),
    [
        ("12", "1 200 arbres", "arbres"), ("12 places", "60 places", "places"), ("", "33 %", "%"), ("12", "60 par an", ""),
        ("12", "33 %", ""), ("12", "40 € par habitant", ""),
    ],
)  # fmt: skip
def test_a_unit_is_read_after_the_target_where_it_says_no_more(
    tmp_path: Path, road: Road, start: str, target: str, unit: str
) -> None:
    told = road(tmp_path, {"Libellé": "Ce qui est promis", "Valeur de départ": start, "Valeur cible": target,
        "Date de départ": "31/12/2023" if start else "", "Sens": "" if start else "Au moins"})  # fmt: skip
    made = told.objective
    assert (made.unit if made is not None else "") == unit, told.said
    assert made is None or made.target_value == Decimal("".join(re.findall(r"\d", target)))


@ROADS
@pytest.mark.parametrize(
    ("start", "target", "more", "made"),
    [
        ("12 (31/12/2023)", "60 places fin 2028", {}, True), ("12 au 31/12/2023", "60 places au 31/12/2028", {}, True),
        ("12 fin 2023", "60 places d’ici 2028", {"Date cible": "31/12/2028"}, True),
        ("12 (31/12/2023)", "60 places fin 2028", {"Date cible": "31/12/2027"}, False),
        ("12 (31/12/2023)", "1 pour 2000", {}, False), ("12 (31/12/2023)", "60 places d’ici trois ans", {}, False),
        ("12 (31/12/2023)", "", {"Sens": "Suivi", "Unité": "places"}, True),
    ],
)  # fmt: skip
def test_a_figure_may_bear_its_day_and_its_unit(
    tmp_path: Path, road: Road, start: str, target: str, more: dict[str, object], made: bool
) -> None:
    told = road(tmp_path, {"Libellé": "Accueil", "Valeur de départ": start, "Valeur cible": target, **more})
    assert (told.objective is not None) is made, told.said
    if told.objective is not None and target:
        assert (told.objective.start_value, told.objective.start_date) == (12, date(2023, 12, 31))
        assert (told.objective.target_value, told.objective.target_date) == (60, date(2028, 12, 31))
        assert (told.objective.unit, told.objective.sens) == ("places", Sens.HAUSSE)


@ROADS
@pytest.mark.parametrize(("label", "said"), [("Créer 60 places de crèche", True), ("Créer 70 places", False)])
def test_a_label_that_counts_otherwise_than_its_cell_is_told(
    tmp_path: Path, road: Road, label: str, said: bool
) -> None:
    told = road(tmp_path, {"Libellé": label, "Unité": "places", "Valeur cible": "70", "Sens": "Au moins"})
    assert told.objective is not None, told.said
    assert ("le libellé dit «\u202f60 places\u202f»" in told.said) == said


NAMED: dict[str, list[dict[str, object]]] = {
    "Contrat": [{"Code": "essai", "Nom": "Essai", "Code de l’EPCI": "246200364", "Début": 2024, "Fin": 2030}],
    "Territoires": [
        *PLACES[:2],
        {"Code": "62510", "Nom": "Liévin"},
        {"Code": "QN06219M", "Nom": "Cité 12", "Territoire englobant": "Lens et Liévin"},
    ],
    "Engagements": [
        {"Partenaire": "Mission locale", "Libellé": "Parrainer", "Nature": "Droit commun", "Territoire": "lens, la Cité 12"},
        {"Partenaire": "Mission locale du bassin de l’Artois, ML", "Libellé": "Former", "Nature": "Droit commun"},
    ],
    "Objectifs": [
        {"Engagement": "Parrainer", "Libellé": "Jeunes", "Territoire": "Lens", "Unité": "jeunes", **START, **END},
    ],
}  # fmt: skip


def checked_names(draft: ContractDraft) -> None:
    """What was named by its words, and by nothing else, is where its code would have put it."""
    assert draft.dossier is not None, draft.problems
    made = draft.dossier
    codes = {item.key: item.code for item in (*made.territories, *made.partners, *made.engagements)}
    assert (made.contract.start, made.contract.end) == (date(2024, 1, 1), date(2030, 12, 31))
    quartier = next(item for item in made.territories if item.code == "QN06219M")
    assert codes[str(quartier.parent)] == "62498"
    assert {codes[link.whole] for link in made.territory_links} == {"62498", "62510"}
    assert [(item.code, codes[item.partner]) for item in made.engagements] == [
        ("ML-E01", "ML"),
        ("ML-B-E01", "ML-B"),
    ]
    assert made.engagements[0].territory is None
    places = [(codes[item.engagement], codes[item.territory]) for item in made.engagement_territories]
    assert places == [("ML-E01", "62498"), ("ML-E01", "QN06219M")]
    (beside,) = made.engagement_partners
    assert (codes[beside.engagement], codes[beside.partner], beside.role.value) == (
        "ML-B-E01",
        "ML",
        "copilote",
    )
    (objective,) = made.objectives
    assert (objective.code, codes[str(objective.engagement)], codes[objective.territory]) == (
        "ML-O01",
        "ML-E01",
        "62498",
    )


def test_names_stand_for_codes_in_the_workbook_and_a_cell_lists_several(tmp_path: Path) -> None:
    checked_names(drafted(tmp_path, **NAMED))


def test_the_copilots_of_an_engagement_are_no_places_of_its_objectives(tmp_path: Path) -> None:
    objective = {"Engagement": "Former", "Libellé": "Jeunes", "Unité": "jeunes", **START, **END}
    draft = drafted(tmp_path, **NAMED | {"Objectifs": [objective]})
    assert draft.dossier is not None, draft.problems
    (made,) = draft.dossier.objectives
    assert {item.key: item.code for item in draft.dossier.territories}[made.territory] == "246200364"


def test_names_stand_for_codes_in_json(tmp_path: Path) -> None:
    lines = {**NAMED, "Partenaires": PARTNERS}
    told = {
        layout.list_name(sheet): [
            {layout.slug(title): value.isoformat() if isinstance(value, date) else value for title, value in line.items()}
            for line in rows
        ]
        for sheet, rows in lines.items()
    }  # fmt: skip
    path = tmp_path / "c.json"
    path.write_text(json.dumps({"format": 1, "contrat": "essai", **told}), encoding="utf-8")
    checked_names(contract_import.preview(path, code="essai", today=TODAY))


def test_a_name_that_two_places_bear_is_refused_with_their_codes(tmp_path: Path) -> None:
    places = [*PLACES, {"Code": "62065", "Nom": "Lens"}]
    engagements = [
        {"Partenaire": "ML", "Libellé": "Loger", "Nature": "Droit commun", "Territoire": "Lens"},
        {"Partenaire": "ML", "Libellé": "Former", "Nature": "Droit commun", "Territoire": "Cité 12, Avion"},
    ]
    told = [item.words for item in drafted(tmp_path, Territoires=places, Engagements=engagements).refused]
    assert len(told) == 2
    assert "«\u202fLens\u202f» nomme plusieurs lignes\u202f: 62498 et 62065" in told[0]
    assert "«\u202fAvion\u202f» n’est le code ni le nom de rien" in told[1]


def test_a_sense_is_not_said_lacking_where_the_target_that_tells_it_is_refused(tmp_path: Path) -> None:
    lines: list[dict[str, object]] = [
        {
            "Engagement": "ML-E01",
            "Libellé": "Jeunes",
            "Unité": "jeunes",
            **START,
            **END,
            "Valeur cible": "un tiers",
        }
    ]
    (told,) = drafted(tmp_path, Objectifs=lines).refused
    assert "un tiers" in told.words
