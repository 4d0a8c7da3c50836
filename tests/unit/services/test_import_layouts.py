"""Layouts of tables by the hundred, each with its right reading known by construction: no wrong figure unasked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.services import bases
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import import_plans, imports
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.spreadsheets.columns import Columns, ValueColumn
from qpvdesk.storage.opening import open_base
from tests.helpers.reviews import desk_on

TODAY = date(2026, 11, 28)
FIGURES = {"FT-O22": "18500", "FT-O23": "115000"}
"""Objectives counted in people, and a value of each."""
LABELS = {"FT-O22": "Demandeurs d’emploi (cat. A, B, C) résidant en QPV"}
PERIODS = (
    ("2025", date(2025, 12, 31)),
    ("Année 2025", date(2025, 12, 31)),
    ("Juin 2025", date(2025, 6, 30)),
    ("T2 2025", date(2025, 6, 30)),
    ("S1 2025", date(2025, 6, 30)),
    ("2e trimestre 2025", date(2025, 6, 30)),
    ("Réalisé au 30/06/2025", date(2025, 6, 30)),
    ("30/06/2025", date(2025, 6, 30)),
    ("2025 (provisoire)", date(2025, 12, 31)),
)
TRAPS = (
    "",
    "Cible 2027",
    "Évolution 2024-2025",
    "Population 2020",
    "Total",
    "Prévision 2026",
    "Écart",
    "Femmes 2025",
)
NAMES = ("code", "code et libellé", "libellé", "code espacé")

Rows = list[list[str]]
Truth = dict[tuple[str, date], str]


@dataclass(frozen=True)
class Case:
    """A table and what it says."""

    name: str
    rows: Rows
    truth: Truth
    merged: tuple[tuple[int, int, int, int], ...] = ()
    sheet: str = "Feuil1"
    mapping: Columns | None = None
    """Where the figures are, as somebody who reads the table would say."""


def mapped(indicator: int | None, values: Sequence[tuple[int, date | None]], **more: Any) -> Columns:
    head = more.pop("head", 0)
    columns = tuple(ValueColumn(column, day, more.get("unit_said", "")) for column, day in values)
    more.pop("unit_said", None)
    return Columns("Feuil1", head, indicator, columns, **more)


def written(code: str, how: str) -> str:
    label = LABELS.get(code, code)
    return {"code": code, "code et libellé": f"{code} : {label}", "libellé": label}.get(
        how, code.replace("-", " ")
    )


def cases() -> Iterator[Case]:
    for (title, day), trap, how in product(PERIODS, TRAPS, NAMES):
        truth = {(code, day): value for code, value in FIGURES.items()}
        head = ["Indicateur", title, *([trap] if trap else [])]
        body = [[written(code, how), value, *(["18400"] if trap else [])] for code, value in FIGURES.items()]
        yield Case(f"wide {title} {trap} {how}", [head, *body], truth, mapping=mapped(0, [(1, day)]))
    for (title, day), trap, first in product(PERIODS, TRAPS, (True, False)):
        truth = {(code, day): value for code, value in FIGURES.items()}
        if title.startswith("Réalisé") or "provisoire" in title:
            continue
        head = [
            *([trap] if trap and first else []),
            "Date",
            "Code",
            "Valeur",
            *([trap] if trap and not first else []),
        ]
        body = [
            [
                *(["18400"] if trap and first else []),
                title,
                code,
                value,
                *(["18400"] if trap and not first else []),
            ]
            for code, value in FIGURES.items()
        ]
        shift = 1 if trap and first else 0
        said = mapped(1 + shift, [(2 + shift, None)], day=shift, head=2)
        yield Case(
            f"long {title} {trap} {first}", [["Remontée du service"], [], head, *body], truth, mapping=said
        )
    for above in ("Situation au 30/06/2025", "Bilan du 1er semestre 2025", "Tableau de bord – juin 2025"):
        for title in ("Valeur", "Réalisé", "Nombre"):
            rows = [[above], [], ["Code", title], *([code, value] for code, value in FIGURES.items())]
            yield Case(
                f"above {above} {title}",
                rows,
                {(code, date(2025, 6, 30)): value for code, value in FIGURES.items()},
                mapping=mapped(0, [(1, date(2025, 6, 30))], head=2),
            )
    for parts in (("S1", "S2"), ("Juin", "Décembre"), ("1er semestre", "2e semestre")):
        rows = [
            ["Code", "2025", ""],
            ["", *parts],
            *([code, "18300", value] for code, value in FIGURES.items()),
        ]
        truth = {(code, date(2025, 6, 30)): "18300" for code in FIGURES}
        truth |= {(code, date(2025, 12, 31)): value for code, value in FIGURES.items()}
        for merged in ((), ((0, 1, 0, 2), (0, 0, 1, 0))):
            said = mapped(0, [(1, date(2025, 6, 30)), (2, date(2025, 12, 31))], head=1, first=0)
            yield Case(f"sub {parts} {bool(merged)}", rows, truth, merged, mapping=said)
    for month, day in (("Juin", date(2025, 6, 30)), ("T1", date(2025, 3, 31))):
        rows = [["Année", "Mois", "Code", "Valeur"]]
        rows += [["2025", month, code, value] for code, value in FIGURES.items()]
        truth = {(code, day): value for code, value in FIGURES.items()}
        yield Case(f"apart {month}", rows, truth, mapping=mapped(2, [(3, None)], day=1, year=0))
    for days in (("31/12/2024", "31/12/2025"), ("2024", "2025")):
        rows = [
            ["Année" if len(days[0]) == 4 else "Date", *FIGURES],
            *([day, *FIGURES.values()] for day in days),
        ]
        truth = {
            (code, date(year, 12, 31)): value for code, value in FIGURES.items() for year in (2024, 2025)
        }
        said = mapped(None, [(1, None), (2, None)], day=0)
        yield Case(f"across {days}", rows, truth, mapping=said)
    for title, unit, shown in (
        ("Montant 2025 (k€)", "k€", "2500"), ("Montant 2025 en k€", "k€", "2 500"), ("Montant 2025", "", "2,5 M€"),
        ("Montant 2025 (€)", "€", "2 500 000"), ("Montant 2025", "", "2 500 k€"), ("Montant 2025 (M€)", "M€", "2,5"),
    ):  # fmt: skip
        day = date(2025, 12, 31)
        rows = [["Code", title], ["ARS-O05", shown]]
        said = mapped(0, [(1, day)], unit_said=unit)
        yield Case(f"unit {title} {shown}", rows, {("ARS-O05", day): "2.5"}, mapping=said)


PRODUCERS = ("csv", "tableur", "tableur français", "plusieurs feuilles")
"""Who wrote the file: texts alone, numbers and days by their kind, thousands with their space, a guide and notes beside."""


def produced(text: str, producer: str) -> tuple[Read, str]:
    """The kind and the text of a cell as a producer writes it."""
    if producer == "csv":
        return Read.TEXT, text
    if producer == "tableur français":
        return Read.TEXT, f"{int(text):,}".replace(",", "\u202f") if len(
            text
        ) > 4 and text.isdigit() else text
    if re.fullmatch("[0-9]+", text):
        return Read.NUMBER, text
    day = re.fullmatch("([0-9]{2})/([0-9]{2})/([0-9]{4})", text)
    return (Read.DATE, f"{day[3]}-{day[2]}-{day[1]}") if day else (Read.TEXT, text)


def book(case: Case, producer: str = "csv") -> ReadBook:
    cells = [
        ReadCell(row, column, *produced(text, producer))
        for row, texts in enumerate(case.rows) for column, text in enumerate(texts) if text
    ]  # fmt: skip
    sheets = [ReadSheet(case.sheet, cells, merged=list(case.merged))]
    if producer == "plusieurs feuilles":
        guide = ["Mode d’emploi", "Remplissez la feuille suivante.", "Renvoyez le classeur."]
        notes = [ReadCell(row, 0, Read.TEXT, text) for row, text in enumerate(guide)]
        sheets = [
            ReadSheet("Lisez-moi", notes),
            *sheets,
            ReadSheet("Listes", [ReadCell(0, 0, Read.TEXT, "Oui")]),
        ]
    return ReadBook(sheets, styled=producer != "csv")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("depart") / "base.db"
    bases.create(path, "lens-lievin", now=datetime(2026, 1, 5, 9).astimezone())
    with open_base(path) as opened:
        yield desk_on(opened, TODAY)


def right(case: Case) -> dict[tuple[str, date], Decimal]:
    return {key: Decimal(value) for key, value in case.truth.items()}


def figures(plan: imports.Plan) -> dict[tuple[str, date], Decimal]:
    return {
        (line.objective.code, line.day): line.measurement.value
        for line in plan.written
        if line.objective and line.measurement and line.day
    }


def test_no_layout_gives_a_wrong_figure_unasked_and_most_are_read(desk: Desk) -> None:
    contract = desk.base.contracts()[0].code
    wrong, unread, count = [], [], 0
    for case, producer in zip(cases(), cycle(PRODUCERS)):
        count += 1
        try:
            plan = imports.plan(desk, contract, book(case, producer), "retour.csv")
        except UserError as refused:
            unread.append(f"{case.name} {producer}: {refused}")
            continue
        read, truth = figures(plan), right(case)
        wrong += [
            f"{case.name} {producer}: {key} {value}" for key, value in read.items() if truth.get(key) != value
        ]
        unread += [f"{case.name} {producer}: {read}"] if read != truth else []
    assert wrong == []
    assert count >= 400
    # Of two columns of one year, that of women alone is not what an objective counts: somebody says which.
    assert [words for words in unread if "Femmes 2025" not in words] == []
    assert len(unread) <= 12


@pytest.mark.parametrize(
    ("below", "told"),
    [
        # A unit stands under its title, and « n.d. » is a value: the line under the titles is a line of figures.
        ([["", "k€"], ["ARS-O05", "2500"]], [("ARS-O05", Decimal("2.5"))]),
        ([["Lens", "n.d."], ["Liévin", "18500"]], [("FT-O22", None), ("FT-O22", None)]),
    ],
)
def test_which_lines_go_on_with_the_titles(
    desk: Desk, below: Rows, told: list[tuple[str, Decimal | None]]
) -> None:
    first = ["Commune", "FT-O22", "Remarque"] if below[0][0] else ["Code", "Montant 2025", ""]
    plan = imports.plan(
        desk, desk.base.contracts()[0].code, book(Case("", [first, *below], {})), "retour.csv"
    )
    assert [
        (line.objective and line.objective.code, line.measurement and line.measurement.value)
        for line in plan.lines
    ] == told


@pytest.mark.parametrize(
    ("first", "days"),
    [
        ("", [date(2025, 6, 30), date(2025, 12, 31)]),
        ("Année", [date(2025, 6, 30), date(2025, 12, 31)]),
        # What stands over the names and titles nothing is said above the table, of all its figures.
        ("Bilan du service", [None, None]),
    ],
)
def test_which_lines_above_are_of_the_titles(desk: Desk, first: str, days: list[date | None]) -> None:
    """A year over its two halves, with nothing, a title or something else over the names."""
    rows = [[first, "2025", ""], ["Code", "S1", "S2"], *([code, "1", "2"] for code in FIGURES)]
    (table,) = imports.plan(
        desk, desk.base.contracts()[0].code, book(Case("", rows, {})), "retour.csv"
    ).tables
    assert [value.day for value in table.values] == days
    assert (table.top, table.context is None) == ((0, True) if days[0] else (1, False))


def test_every_layout_is_read_once_somebody_says_its_columns(desk: Desk) -> None:
    contract = desk.base.contracts()[0].code
    misread = []
    # Each case in turn by another producer than in the test above.
    for case, producer in zip(cases(), cycle((*PRODUCERS[1:], PRODUCERS[0]))):
        assert case.mapping is not None
        answers = imports.Answers(tables=(case.mapping,))
        plan = imports.plan(desk, contract, book(case, producer), "retour.csv", answers=answers)
        if figures(imports.accepted(plan)) != right(case):
            misread.append(f"{case.name} {producer}: {figures(imports.accepted(plan))}")
    assert misread == []


def test_a_plan_settles_each_line_and_refuses_another_file(desk: Desk, tmp_path: Path) -> None:
    contract = desk.base.contracts()[0].code
    rows = [
        ["Code", "Date", "Valeur"],
        ["FT-O22", "2024-2025", "18500"],
        ["FT-O23", "30/06/2025", "environ 115000"],
    ]
    case = Case("plan", [*rows, ["Inconnu", "30/06/2025", "3"]], {})
    plan = imports.plan(desk, contract, book(case), "retour.csv")
    path = tmp_path / "plan.json"
    import_plans.propose(plan, path)
    text = path.read_text("utf-8")
    assert text.count('"decision": null') == 3
    settled = text.replace('"decision": null', '"decision": "ecrire"', 2).replace(
        '"decision": null', '"decision": "ecarter"'
    )
    path.write_text(settled.replace("2025-08-31", "2025-06-30"), "utf-8")
    decisions = import_plans.settled(plan, import_plans.decisions(path, file="retour.csv"))
    again = imports.plan(
        desk, contract, book(case), "retour.csv", answers=imports.Answers(decisions=decisions)
    )
    assert again.unsettled == ()
    assert [(line.day, str(line.measurement.value)) for line in again.written if line.measurement] == [
        (date(2025, 6, 30), "18500"), (date(2025, 6, 30), "115000"),
    ]  # fmt: skip
    other = Case("plan", [rows[0], ["FT-O22", "2024-2025", "18501"]], {})
    moved = imports.plan(desk, contract, book(other), "retour.csv")
    with pytest.raises(UserError, match="a changé depuis le plan"):
        import_plans.settled(moved, import_plans.decisions(path, file="retour.csv"))


def test_a_plan_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"absent\.json") as refused:
        import_plans.decisions(tmp_path / "absent.json", file="retour.csv")
    assert refused.value.remedy == "Vérifiez son emplacement."


def settled_by(text: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text, "utf-8")
    import_plans.decisions(path, file="retour.csv")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            '[{"feuille": "F", "cellule": "B2", "decision": "ecrire"}, {"feuille": "F", "cellule": "B2"}]',
            "deux lignes pour la cellule F!B2",
        ),
        ('[{"feuille": "F", "cellule": "B2", "nouvele_valeur": 3}]', "nouvele_valeur"),
        ('{"fichier": "retour.csv", "lines": [], "lignes": []}', "« lines »"),
        ('{"fichier": "autre.csv", "lignes": []}', "celui de « autre.csv », pas de « retour.csv »"),
        ('{"fichier": "retour.csv"}', "n’est pas compris"),
    ],
)
def test_a_plan_that_says_what_cannot_be_is_refused(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=words.replace("« ", "«\u202f").replace(" »", "\u202f»")):
        settled_by(text, tmp_path)
