"""The invented contract by each road: every figure of the base is that of its source, or it was asked about.

What a person types in the workbook is what no rule gives back; the hour that the road may take is counted on it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from qpvdesk.domain.french import fold, format_date, format_number
from qpvdesk.domain.kinds.words import LABELS
from qpvdesk.domain.model import Aggregation, Dossier, Engagement, Objective
from qpvdesk.domain.sens import Sens
from qpvdesk.domain.themes import theme_names
from qpvdesk.services import bases, documents, lines, proposal_forms, proposals
from qpvdesk.services.contracts import contract_export, contract_import
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts, reading
from qpvdesk.storage import opening
from tests.helpers import typing_time
from tests.helpers.accepting import accepted

CASES = Path(__file__).parents[3] / "shared" / "cases" / "contract"
TEXT, BOOK = CASES / "contrat-val-ardeze.txt", CASES / "contrat-val-ardeze.xlsx"
NOW = datetime(2025, 1, 6, 9, tzinfo=UTC)
WITHOUT_START = fold("Allocataires du RSA sans accompagnement")
PARITY = fold("Part des habitants des QPV dans les entrées en alternance")
TYPED_ONCE = {
    "Documents": ("Code", "Titre", "Date"),
    "Partenaires": ("Nom court", "Rang"),
    "Territoires": ("Niveau",),
    "Populations": ("Document cité", "Rubrique citée", "Repère cité"),
    "Engagements": ("Partenaire", "Document cité", "Rubrique citée", "Repère cité"),
    "Objectifs": (
        "Partenaire", "Code", "Thématique", "Territoire", "Sens", "Mode de mesure", "Mode de calcul", "Document cité",
        "Rubrique citée", "Repère cité",
    ),
    "Financements": ("Code",),
}  # fmt: skip
"""What the invented workbook holds and nobody needs to type: a rule gives it."""
SAID = ("Unité", "Valeur de départ", "Date de départ", "Valeur cible", "Date cible", "Fréquence")
"""What the sentence of the contract says of an objective."""

pytestmark = pytest.mark.skipif(not BOOK.exists(), reason="le contrat inventé n’est pas auprès du code")
Figures = tuple[Decimal | None, date | None, Decimal | None, date | None, str]


@cache
def rows_of(sheet: str) -> list[dict[str, Any]]:
    titles, *rows = openpyxl.load_workbook(BOOK)[sheet].iter_rows(values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows if any(row)]


@pytest.fixture(scope="module")
def source() -> dict[str, Figures]:
    """The figures of each objective that its source gives, by label."""

    def number(row: Mapping[str, Any], title: str) -> Decimal | None:
        value = row[title]
        share = 100 if row["Unité"] == "%" and isinstance(value, float) and value < 1 else 1
        return None if value is None else Decimal(str(value)) * share

    return {
        fold(row["Libellé"]): (
            number(row, "Valeur de départ"),
            row["Date de départ"] and row["Date de départ"].date(),
            number(row, "Valeur cible"),
            row["Date cible"] and row["Date cible"].date(),
            row["Unité"] or "",
        )
        for row in rows_of("Objectifs")
    }


def figures(objective: Objective) -> Figures:
    return (
        objective.start_value,
        objective.start_date,
        objective.target_value,
        objective.target_date,
        objective.unit,
    )


def wrong(dossier: Dossier, source: Mapping[str, Figures]) -> dict[str, Figures]:
    """The objectives of which a figure is not that of the source."""
    held = {fold(item.label): figures(item) for item in dossier.objectives}
    return {label: told for label, told in held.items() if source.get(label) != told}


def places_listed() -> dict[str, list[str]]:
    """The names of the places of each engagement that has several, by its code."""
    places = {str(row["Code"]): row["Nom"] for row in rows_of("Territoires")}
    listed: dict[str, list[str]] = {}
    for row in rows_of("Lieux des engagements"):
        listed.setdefault(row["Engagement"], []).append(places[str(row["Territoire"])])
    return listed


def typed_book(path: Path, *, kept: Collection[str] = ()) -> Path:
    """The workbook as a person fills it in who leaves blank what the rules give, and copies the contract's sentences.

    `kept`: titles of the cells that are filled in beside the sentences although these say them.
    """
    sentences = {
        found[1].strip(): found[0].removeprefix("Indicateur : ").strip()
        for found in re.finditer(
            r"Indicateur : ([^;\n]+?)(?: ;|\.|$)[^\n]*", TEXT.read_text(encoding="utf-8")
        )
        if ";" in found[0]
    }
    book = openpyxl.load_workbook(BOOK)
    for name, titles in TYPED_ONCE.items():
        sheet = book[name]
        at = {cell.value: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            label = sheet.cell(row, at["Libellé"]).value if name == "Objectifs" else None
            for title in {*titles, *(SAID if label in sentences else ())}.difference(kept):
                sheet.cell(row, at[title]).value = None
            if label is not None:
                sheet.cell(row, at["Libellé"]).value = sentences.get(label, label)
            if name == "Financements" and (unit := sheet.cell(row, at["Unité"])).value == "€":
                amount = sheet.cell(row, at["Montant"])
                amount.value, unit.value = f"{str(amount.value).removesuffix('€')}€", None
    places = book["Territoires"]
    for row in places.iter_rows(min_row=2):
        if len(str(row[0].value)) == 5:
            row[3].value = None
    # The places of an engagement are listed by name in its own cell: their sheet is not opened.
    book.remove(book["Lieux des engagements"])
    sheet = book["Engagements"]
    at, lying = {cell.value: cell.column for cell in sheet[1]}, places_listed()
    for row in range(2, sheet.max_row + 1):
        if names := lying.get(str(sheet.cell(row, at["Code"]).value)):
            sheet.cell(row, at["Territoire"]).value = ", ".join(names)
    book.save(path)
    return path


def corrected(path: Path, asked: contract_import.ContractDraft) -> None:
    """Put right what the first reading asks: two units, one sense, and the date that the text itself has wrong."""
    book = openpyxl.load_workbook(path)
    sheet = book["Objectifs"]
    at = {cell.value: cell.column for cell in sheet[1]}
    truth = {fold(row["Libellé"]): row for row in rows_of("Objectifs")}
    for item in asked.refused:
        label = str(sheet.cell(item.row + 1, at["Libellé"]).value)
        row = truth[fold(label.split(" ;")[0])]
        title = str(sheet.cell(1, (item.column or 0) + 1).value)
        # The sentence gives way to its cells.
        sheet.cell(item.row + 1, at["Libellé"]).value = row["Libellé"]
        for name in ("Unité", "Valeur de départ", "Date de départ", "Valeur cible", "Date cible"):
            sheet.cell(item.row + 1, at[name]).value = row[name]
        if title == "Date cible":
            sheet.cell(item.row + 1, at["Date de départ"]).value = None
        if title == "Sens":
            sheet.cell(item.row + 1, at["Sens"]).value = row["Sens"]
    book.save(path)


def test_the_workbook_takes_an_hour_and_holds_no_wrong_figure(
    source: dict[str, Figures], tmp_path: Path
) -> None:
    path = typed_book(tmp_path / "c.xlsx")
    asked = contract_import.preview(path, code="ardeze", today=NOW.date())
    assert [cell.why.split("\u202f;")[0] for cell in asked.refused if cell.sheet == "Objectifs"]
    assert {cell.sheet for cell in asked.refused} == {"Objectifs"}
    assert len(asked.refused) <= 3
    # Whatever is refused is typed once more, and both are counted.
    first = typing_time.minutes(path, reviewed=BOOK, lines_read=60, refusals=len(asked.refused), rounds=2)
    assert first <= 60
    assert typing_time.cells(path) / 1679 * 165 <= 60, (
        "as the review counted: its 1 679 cells took 165 minutes"
    )
    corrected(path, asked)
    draft = contract_import.preview(path, code="ardeze", today=NOW.date())
    assert draft.dossier is not None, draft.problems
    named = wrong(draft.dossier, source)
    assert len(draft.dossier.objectives) == 45
    # Of the one whose end came before its start, the start was left out; that of the parity is a figure.
    assert named.keys() == {WITHOUT_START, PARITY}
    assert [str(item.value) for item in draft.dossier.measurements] == ["11.2"]
    amounts = [item.amount for item in draft.dossier.fundings if item.unit == "EUR"]
    assert sum(amounts) == 9_550_000
    inhabitants = {int(row["Valeur"]) for row in rows_of("Populations")}
    assert {int(item.value) for item in draft.dossier.populations} == inhabitants
    assert len(draft.dossier.milestones) == 7
    assert len(draft.dossier.engagement_territories) == len(rows_of("Lieux des engagements"))
    contract_export.write(draft.dossier, tmp_path / "c.json")
    again = contract_import.preview(tmp_path / "c.json", code="ardeze", today=NOW.date())
    assert again.dossier is not None
    assert wrong(again.dossier, source) == named


@pytest.mark.parametrize("kept", [("Unité",), ("Unité", "Fréquence"), ("Sens",)])
def test_a_cell_filled_beside_a_sentence_of_the_contract_loses_none_of_its_figures(
    source: dict[str, Figures], tmp_path: Path, kept: tuple[str, ...]
) -> None:
    path = typed_book(tmp_path / "c.xlsx", kept=kept)
    corrected(path, contract_import.preview(path, code="ardeze", today=NOW.date()))
    draft = contract_import.preview(path, code="ardeze", today=NOW.date())
    assert draft.dossier is not None, draft.problems
    assert wrong(draft.dossier, source).keys() == {WITHOUT_START, PARITY}
    followed = [item.label for item in draft.dossier.objectives if item.sens is Sens.SUIVI]
    assert followed == [row["Libellé"] for row in rows_of("Objectifs") if row["Sens"] == "Suivi"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    bases.create_blank(tmp_path / "b.db", {"name": "Val d’Ardèze", "code": "ardeze"}, now=NOW)
    with opening.open_base(tmp_path / "b.db") as base:
        yield Desk(base, today=NOW.date)


def truth() -> dict[str, dict[str, str]]:
    """What the invented workbook says of each thing of the contract, by its words: what somebody who knows would answer."""
    named = {row["Code"]: fold(row["Nom"]) for row in rows_of("Territoires")}
    words = {fold(label): word.value for labels in LABELS.values() for word, label in labels.items()}
    labels = {row["Code"]: fold(row["Libellé"]) for row in rows_of("Engagements")}
    lying: dict[str, set[str]] = {}
    for row in rows_of("Lieux des engagements"):
        lying.setdefault(row["Engagement"], set()).add(named[row["Territoire"]])
    told = {
        fold(row["Libellé"]): {
            "theme": fold(row["Thématique"]), "nature": words[fold(row["Nature"])],
            "territories": " ".join(sorted(lying.get(row["Code"], {named.get(row["Territoire"], "")} - {""}))),
        }
        for row in rows_of("Engagements")
    }  # fmt: skip
    told |= {
        fold(row["Libellé"]): {
            "theme": fold(row["Thématique"]), "mesure": row["Mode de mesure"], "territory": named[row["Territoire"]],
            "frequency": words[fold(row["Fréquence"])], "engagement": labels[row["Engagement"]],
        }
        for row in rows_of("Objectifs")
    }  # fmt: skip
    return told | {fold(row["Nom"]): {"code": str(row["Code"])} for row in rows_of("Territoires")}


def chosen(dossier: Dossier, item: Engagement | Objective) -> dict[str, str]:
    """The same of what the base holds."""
    places = {place.key: fold(place.name) for place in dossier.territories}
    places[proposal_forms.home_of(dossier)] = fold(rows_of("Partenaires")[1]["Nom"])
    promised = {one.key: fold(one.label) for one in dossier.engagements}
    told = {"theme": fold(theme_names(dossier)[item.theme])}
    if isinstance(item, Engagement):
        lying = [
            places[one.territory] for one in dossier.engagement_territories if one.engagement == item.key
        ]
        return told | {"nature": item.nature.value, "territories": " ".join(sorted(lying))}
    return told | {
        "mesure": item.mesure.value, "territory": places[item.territory], "frequency": item.frequency.value,
        "engagement": promised.get(item.engagement or "", ""),
    }  # fmt: skip


def astray_citations(desk: Desk, document: str) -> list[str]:
    """The engagements and objectives whose citation opens at the fiche of another."""
    read, dossier = documents.reading(desk, "ardeze", document), desk.dossier("ardeze")
    assert read.source is not None
    codes = {item.key: item.code for item in dossier.engagements}
    fiche_of = {item.key: codes.get(item.engagement or "", "") for item in dossier.objectives} | codes
    fiches = [(found.start(), found[1]) for found in re.finditer(r"Fiche-action (\S+?)\. ", read.source.text)]
    return [
        item.code
        for item in read.drawn
        if item.kind in ("engagement", "objective") and fiche_of[item.key]
        and (item.span is None or [code for at, code in fiches if at <= item.span.start][-1] != fiche_of[item.key])
    ]  # fmt: skip


def test_the_document_proposes_nothing_that_it_does_not_say(desk: Desk, source: dict[str, Figures]) -> None:
    """Accepted one by one, what the text does not say being answered: each figure and each choice is that of the contract,
    or it was asked about, in three quarters of an hour."""
    proposed, known = proposals.read(TEXT), truth()
    proposals.begin(desk, "ardeze", proposed.found, proposed.source)
    (document,) = desk.dossier("ardeze").documents
    asked, refused, answered = set[tuple[str, str]](), 0, 0
    for item in proposed.found:
        words = fold(proposals.title(item))
        # A sum is of somebody and of a year that the text leaves open; nobody knows it from the workbook.
        answers = {"partner": "ETAT", "first_year": "2024", "last_year": "2024", "sens": "suivi"} | known.get(
            words, {}
        )
        form = proposal_forms.filled(desk.dossier("ardeze"), item, document.key)
        faults = proposal_forms.read(desk.dossier("ardeze"), item.kind, form.typed, form).faults
        asked |= {(words, name) for name in (*faults, *form.astray)}
        answered += len(faults)
        refused += bool(accepted(desk, "ardeze", item, answers, document=document.key))
    dossier = desk.dossier("ardeze")
    assert refused == 1, "of one objective the end comes before the start: it has to be corrected"
    assert wrong(dossier, source).keys() == {PARITY}
    # That one is a parity: what the text calls its start is its first figure.
    (share,) = (item for item in dossier.objectives if item.sens is Sens.PARITE)
    (first,) = dossier.measurements
    assert (first.objective, str(first.value), share.reference is not None) == (share.key, "11.2", True)
    silent = {
        (fold(item.label), name)
        for item in (*dossier.engagements, *dossier.objectives)
        for name, words in chosen(dossier, item).items()
        if words != known[fold(item.label)][name] and (fold(item.label), name) not in asked
    }
    assert silent == set()
    assert (len(dossier.engagements), len(dossier.objectives)) == (60, 44)
    assert {item.code for item in dossier.territories} >= {"SAINT-MAURIN", "BELLEROCHE", "QN07195M"}
    assert all(item.citation for item in (*dossier.engagements, *dossier.objectives, *dossier.fundings))
    labels = {item.label: item for item in dossier.objectives}
    whole = labels["Logements réhabilités en étiquette C ou mieux"]
    parts = [
        labels[f"Logements réhabilités – {place}"] for place in ("Les Tilleuls", "Le Plateau", "Bellevue")
    ]
    assert whole.aggregation is Aggregation.SOMME
    assert {item.parent for item in parts} == {whole.key}
    assert astray_citations(desk, document.key) == []
    assert (dossier.contract.start, dossier.contract.signed_on) == (date(2024, 1, 1), date(2024, 4, 12))
    assert {(str(item.amount), item.label) for item in dossier.fundings} == {
        ("412000", "Abattement de TFPB"),
        ("188000", "Abattement de TFPB"),
        ("1200000", "Crédits du programme 147"),
    }
    assert {int(item.value) for item in dossier.populations} <= {
        int(row["Valeur"]) for row in rows_of("Populations")
    }
    spent = typing_time.accepting(
        TEXT.read_text(encoding="utf-8"), accepted=len(proposed.found), answered=answered, reviewed=BOOK
    )
    assert spent <= 45


def test_the_window_alone_takes_less_than_an_hour() -> None:
    """Territories, partners, engagements, objectives and means, each form keeping what the one before had."""
    orders = {
        "Territoires": ("Territoire englobant", "Niveau", "Code", "Nom"),
        "Partenaires": ("Code", "Nom", "Nom court"),
        "Engagements": ("Partenaire", "Libellé", "Thématique", "Nature", "Territoire"),
        "Objectifs": (
            "Partenaire", "Engagement", "Territoire", "Libellé", "Unité", "Valeur de départ", "Date de départ",
            "Valeur cible", "Date cible", "Mode de mesure", "Fréquence",
        ),
        "Financements": ("Partenaire", "Libellé", "Montant", "Première année", "Dernière année"),
    }  # fmt: skip
    spent = {sheet: typing_time.forms(rows_of(sheet), order, BOOK) for sheet, order in orders.items()}
    assert sum(spent.values()) <= 60


def grid_lines() -> dict[str, list[dict[str, str]]]:
    """What a person types in the grid, by kind: names, the contract's own sentences, nothing that a rule gives."""
    sentences = {
        found[1].strip(): found[0].removeprefix("Indicateur : ").strip()
        for found in re.finditer(
            r"Indicateur : ([^;\n]+?)(?: ;|\.|$)[^\n]*", TEXT.read_text(encoding="utf-8")
        )
        if ";" in found[0]
    }
    places = {str(row["Code"]): row["Nom"] for row in rows_of("Territoires")}
    partners = {row["Code"]: row["Nom court"] for row in rows_of("Partenaires")}
    lying = places_listed()
    return {
        "partner": [
            {"name": row["Nom"], "code": row["Code"], "short_name": row["Nom court"]} for row in rows_of("Partenaires")
        ],
        "territory": [
            {
                "code": str(row["Code"]), "name": row["Nom"],
                "parent": "" if len(str(row["Code"])) == 9 else places[str(row["Territoire englobant"])],
            }
            for row in rows_of("Territoires")
            if len(str(row["Code"])) > 4
        ],
        "engagement": [
            {
                "partner": partners[row["Partenaire"]], "label": row["Libellé"], "theme": row["Thématique"],
                "nature": row["Nature"], "territories": ", ".join(lying.get(row["Code"], [])), "code": row["Code"],
            }
            for row in rows_of("Engagements")
        ],
        "objective": [
            {"engagement": row["Engagement"], "label": sentences.get(row["Libellé"], row["Libellé"])}
            for row in rows_of("Objectifs")
        ],
    }  # fmt: skip


def test_the_grid_of_the_window_takes_an_hour_and_holds_no_wrong_figure(
    desk: Desk, source: dict[str, Figures]
) -> None:
    """Engagements and objectives line by line, by name; what is not read for sure is asked, and typed cell by cell."""
    truth = {fold(row["Libellé"]): row for row in rows_of("Objectifs")}
    typed_cells = corrected = 0
    for kind, typed in grid_lines().items():
        found = lines.read(desk.dossier("ardeze"), kind, typed, today=NOW.date())
        for at, line in enumerate(found.lines):
            if not line.faults:
                continue
            corrected += 1
            row = truth[fold(typed[at]["label"].split(" ;")[0])]
            start, start_date, target, target_date, unit = source[fold(row["Libellé"])]
            typed[at] |= {
                "label": row["Libellé"], "sens": row["Sens"], "unit": unit,
                "start_value": _typed(start), "start_date": format_date(start_date) if start_date else "",
                "target_value": _typed(target), "target_date": format_date(target_date) if target_date else "",
                "reference": "Part des habitants des QPV dans la population" if row["Objectif de référence"] else "",
            }  # fmt: skip
            if target_date and start_date and target_date <= start_date:
                typed[at]["start_date"] = ""
        found = lines.checked(desk.dossier("ardeze"), kind, typed, today=NOW.date())
        acts.make_together(desk, kind, found.ready, along=found.themes)
        typed_cells += sum(bool(text) for line in typed for text in line.values())
    dossier = desk.dossier("ardeze")
    assert (len(dossier.partners), len(dossier.engagements), len(dossier.objectives)) == (9, 60, 45)
    named = wrong(dossier, source)
    asked = (
        "Allocataires du RSA sans accompagnement",
        "Part des habitants des QPV dans les entrées en alternance",
    )
    assert named.keys() == set(map(fold, asked))
    assert corrected <= 6
    codes = {item.key: item.code for item in dossier.engagements}
    assert {(fold(item.label), codes[item.engagement or ""]) for item in dossier.objectives} == {
        (label, row["Engagement"]) for label, row in truth.items()
    }
    assert typed_cells / 1679 * 165 + corrected * 0.5 <= 60, (
        "as the review counted: its 1 679 cells took 165 minutes"
    )


def test_the_form_holds_what_was_typed(desk: Desk, source: dict[str, Figures]) -> None:
    """Each objective as the text writes it, in the form of the window; what is refused there is asked about."""
    asked = set()
    for level, code, name, parent in (("nation", "FR", "France", ""), ("region", "R27", "Région", "FR")):
        acts.save(desk, "ardeze", "territory", {"level": level, "code": code, "name": name, "parent": parent})
    for row in rows_of("Partenaires"):
        typed = {"code": row["Code"], "name": row["Nom"], "short_name": row["Nom court"]}
        acts.save(desk, "ardeze", "partner", typed)
    partners = {item.code: item.key for item in desk.dossier("ardeze").partners}
    words = {"À augmenter": "hausse", "À réduire": "baisse", "Au moins": "plancher", "Au plus": "plafond", "Suivi": "suivi",
             "À réaliser": "jalon"}  # fmt: skip
    for row in rows_of("Objectifs"):
        start, start_date, target, target_date, unit = source[fold(row["Libellé"])]
        if row["Sens"] not in words:
            continue
        typed = {
            "partner": partners[row["Partenaire"]], "code": row["Code"], "label": row["Libellé"], "theme": "emploi",
            "territory": "FR", "unit": unit, "sens": words[row["Sens"]], "mesure": "stock", "role": "promesse",
            "frequency": "annuelle", "start_value": _typed(start), "target_value": _typed(target),
            "start_date": format_date(start_date) if start_date else "",
            "target_date": format_date(target_date) if target_date else "",
        }  # fmt: skip
        if reading.read(desk.dossier("ardeze"), "objective", typed, None).faults:
            asked.add(fold(row["Libellé"]))
        else:
            acts.save(desk, "ardeze", "objective", typed)
    dossier = desk.dossier("ardeze")
    assert len(dossier.objectives) >= 40
    assert wrong(dossier, source) == {}
    assert len(asked) <= 2


def _typed(value: Decimal | None) -> str:
    return "" if value is None else format_number(value)
