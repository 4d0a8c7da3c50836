"""The thématiques of a contract are its own: every road takes them, every view follows them."""

from __future__ import annotations

import contextlib
import json
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from qpvdesk.domain.agenda import next_dates
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier, EngagementTheme, MeetingKind, Theme
from qpvdesk.domain.situation import situation
from qpvdesk.domain.themes import USUAL, handed_over, theme_names, theme_users
from qpvdesk.services.committees import committee
from qpvdesk.services.contracts import contract_export, contract_import
from qpvdesk.services.editing import acts, reading
from qpvdesk.services.editing.forms import FORMS, options
from qpvdesk.storage import maintenance, opening, programme, readers, themes, written
from qpvdesk.storage.base import Database
from qpvdesk.storage.exchange import package, packages
from qpvdesk.storage.identity import Identity
from tests.helpers.reviews import desk_on
from tests.unit.storage import samples

TODAY = date(2026, 6, 1)
OF_BEFORE = Path(__file__).parents[2] / "reference" / "base-v5.db"


def book_of(dossier: Dossier, path: Path, words: str, *, sheet: bool) -> Path:
    """A workbook in which an engagement is of another thématique; with or without their sheet."""
    file = path / "contrat.xlsx"
    contract_export.write(dossier, file)
    book = openpyxl.load_workbook(file)
    if not sheet:
        del book["Thématiques"]
    del book["Autres thématiques"]
    cells = book["Engagements"]
    column = next(cell.column for cell in cells[1] if cell.value == "Thématique")
    cells.cell(2, column).value = words
    book.save(file)
    return file


def test_without_their_sheet_each_word_of_the_lines_is_one(tmp_path: Path) -> None:
    file = book_of(samples.dossier(), tmp_path, "Tranquillité publique", sheet=False)
    made = contract_import.preview(file, code="ailleurs", today=TODAY)
    assert made.dossier is not None, made.problems
    assert [(item.code, item.name, item.rank) for item in made.dossier.themes] == [
        ("tranquillite_publique", "Tranquillité publique", 1),
        ("entrepreneuriat", "Entrepreneuriat", 2),
    ]
    assert made.dossier.engagements[0].theme == "tranquillite_publique"
    assert any("Tranquillité publique, Entrepreneuriat" in note for note in made.notes)


def test_two_officers_who_begin_from_one_file_have_the_same_after_an_exchange(tmp_path: Path) -> None:
    """Each had keys of its own: the package of one added them to those of the other."""
    file = tmp_path / "contrat.json"
    contract_export.write(samples.dossier(), file)
    document = json.loads(file.read_text(encoding="utf-8"))
    del document["thematiques"]
    file.write_text(json.dumps(document), encoding="utf-8")
    with contextlib.ExitStack() as opened:
        bases = []
        for name in ("Camille", "Dominique"):
            base = opened.enter_context(
                opening.create(
                    tmp_path / f"{name}.db", clock=samples.Ticking(), identity=Identity(tmp_path / name)
                )
            )
            base.sign(name)
            contract_import.apply(desk_on(base, TODAY), contract_import.preview(file, code="c1", today=TODAY))
            bases.append(base)
        mine, theirs = bases
        theirs.authors.identity.accept({mine.authors.identity.public: "Camille"}, "2026-01-01")
        before = theirs.dossier(theirs.contracts()[0].key).themes
        packages.merge(theirs, package.read(packages.write(mine)[0], "paquet"))
        after = theirs.dossier(theirs.contracts()[0].key).themes
        assert before == after == mine.dossier(mine.contracts()[0].key).themes
        assert len({theme.code for theme in after}) == len(after) > 0


def test_with_their_sheet_a_word_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    file = book_of(samples.dossier(), tmp_path, "Tranquilité", sheet=True)
    (problem,) = contract_import.preview(file, code="ailleurs", today=TODAY).problems
    assert "« Tranquilité » n’est pas une thématique de ce contrat" in problem.replace("\u202f", " ")
    assert "Entrepreneuriat, Mobilité" in problem
    file = book_of(samples.dossier(), tmp_path, "Mobilité", sheet=True)
    made = contract_import.preview(file, code="ailleurs", today=TODAY)
    assert made.dossier is not None
    assert made.dossier.engagements[0].theme == "mobilite"


def test_of_two_of_one_name_the_second_is_written_by_its_code(tmp_path: Path) -> None:
    held = samples.dossier()
    first, second = (replace(item, name="Essai") for item in held.themes)
    one, two = held.engagements
    alike = replace(held, themes=(first, second), engagements=(one, replace(two, theme=second.code)))
    contract_export.write(alike, tmp_path / "contrat.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "contrat.xlsx")["Engagements"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Thématique")
    assert [sheet.cell(row, column).value for row in (2, 3)] == ["Essai", second.code]


def test_a_line_added_under_those_that_are_known_is_filled_in(tmp_path: Path) -> None:
    contract_export.write(samples.dossier(), tmp_path / "contrat.xlsx")
    book = openpyxl.load_workbook(tmp_path / "contrat.xlsx")
    titles = [cell.value for cell in book["Engagements"][1]]
    line = {"Partenaire": "BPI", "Libellé": "Loger", "Nature": "Droit commun"}
    book["Engagements"].append([line.get(title) for title in titles])
    book.save(tmp_path / "contrat.xlsx")
    made = contract_import.preview(tmp_path / "contrat.xlsx", code="ailleurs", today=TODAY)
    assert made.dossier is not None, made.problems
    assert made.dossier.engagements[-1].code == "BPI-E03"


def test_a_base_of_before_has_the_nine_once_and_alike(tmp_path: Path) -> None:
    keys = []
    for name in ("a", "b"):
        shutil.copy(OF_BEFORE, tmp_path / f"{name}.db")
        with opening.open_base(tmp_path / f"{name}.db") as base:
            for contract in base.contracts():
                held = base.dossier(contract.key)
                assert [(item.rank, item.code) for item in held.themes] == list(enumerate(USUAL, 1))
                keys.append([item.key for item in held.themes])
            assert list(themes.changes(base.connection)) == []
    assert keys[: len(keys) // 2] == keys[len(keys) // 2 :]


def test_the_programme_is_believed_of_the_usual_ones_alone() -> None:
    (usual, *_) = themes._keyed("contract1")
    assert themes.may_write(written.new(usual))
    assert not themes.may_write(written.new(replace(usual, name="Autre chose")))
    assert not themes.may_write(written.new(replace(usual, key="ailleurs")))
    assert not themes.may_write(written.removed(usual))
    assert not themes.may_write(written.changed(usual, "name", "Emplois"))
    assert any(one.may_write is themes.may_write for one in programme.MIGRATIONS)


@pytest.mark.parametrize(
    ("code", "users"),
    [
        ("entrepreneuriat", ["BPI-E01", "BPI-E02", "BPI-O01", "BPI-O02"]),
        ("mobilite", ["BPI-E01"]),
        ("education", []),
    ],
)
def test_what_is_of_a_thematique_or_touches_it_uses_it(code: str, users: list[str]) -> None:
    assert theme_users(samples.dossier(), code) == users


@pytest.fixture
def base(tmp_path: Path) -> Database:
    return samples.new_base(tmp_path / "base.db")


def test_one_is_made_chosen_renamed_and_kept_while_it_serves(base: Database) -> None:
    with base:
        desk = desk_on(base, TODAY)
        acts.save(desk, "contrat-1", "theme", {"code": "numerique", "name": "Numérique"})
        dossier = desk.dossier("contrat-1")
        added = dossier.themes[-1]
        assert (added.code, added.rank) == ("numerique", 3)
        field = next(one for one in FORMS["engagement"].fields if one.name == "theme")
        assert [name for name, _ in options(dossier, field, {})] == [
            "À préciser", "Entrepreneuriat", "Mobilité", "Numérique",
        ]  # fmt: skip
        typed = reading.write(dossier, "engagement", "eng1")
        acts.save(desk, "contrat-1", "engagement", typed | {"theme": "Numérique"}, key="eng1")
        with pytest.raises(UserError, match="sert encore"):
            acts.remove(desk, "contrat-1", "theme", added.key)
        with pytest.raises(UserError, match="changez plutôt le nom"):
            acts.save(desk, "contrat-1", "theme", {"code": "web", "name": "Numérique"}, key=added.key)
        acts.save(
            desk, "contrat-1", "theme", {"code": "numerique", "name": "Usages numériques"}, key=added.key
        )
        told = [entry.sentence for entry in readers.history_of(base, "eng1")]
        assert any(
            "passe de «\u202fEntrepreneuriat\u202f» à «\u202fUsages numériques\u202f»" in one for one in told
        )
        shown = situation(desk.dossier("contrat-1"), TODAY)
        assert shown.theme_names["numerique"] == "Usages numériques"


def test_an_engagement_touches_others(base: Database) -> None:
    with base:
        desk = desk_on(base, TODAY)
        typed = reading.write(desk.dossier("contrat-1"), "engagement", "eng1")
        assert typed["themes"] == "theme2"
        acts.save(desk, "contrat-1", "engagement", typed | {"themes": ""}, key="eng1")
        assert desk.dossier("contrat-1").engagement_themes == ()
        acts.save(desk, "contrat-1", "engagement", typed | {"themes": "mobilite"}, key="eng1")
        assert [item.theme for item in desk.dossier("contrat-1").engagement_themes] == ["mobilite"]


def test_views_follow_the_order_of_the_contract() -> None:
    dossier = replace(
        samples.dossier(),
        themes=(
            Theme("b", "contract1", "mobilite", "Mobilité", rank=1),
            Theme("a", "contract1", "entrepreneuriat", "Entrepreneuriat", rank=2),
        ),
    )
    names = theme_names(dossier)
    assert names.in_order({"entrepreneuriat", "ailleurs", "mobilite"}) == [
        "mobilite",
        "entrepreneuriat",
        "ailleurs",
    ]
    assert (names["ailleurs"], names[""]) == ("ailleurs", "À préciser")
    assert list(theme_names(replace(dossier, themes=()))) == list(USUAL), "an arrêté of before has no rows"


def test_a_contract_names_its_own_levels_of_places_and_its_own_committees(base: Database) -> None:
    """What the field calls otherwise than the program is said in the words of the field, wherever it is shown."""
    with base:
        desk = desk_on(base, TODAY)
        acts.save(
            desk, "contrat-1", "place_level", {"code": "erbm", "name": "Territoire ERBM", "scale": "autre"}
        )
        field = next(one for one in FORMS["territory"].fields if one.name == "level")
        assert "Territoire ERBM" in [name for name, _ in options(desk.dossier("contrat-1"), field, {})]
        entry = committee.MeetingEntry(MeetingKind.COTECH, date(2026, 9, 1), title="Comité des financeurs")
        committee.create(desk, "contrat-1", entry)
        now = situation(desk.dossier("contrat-1"), TODAY)
        assert "Comité des financeurs" in [item.label for item in next_dates(now)]


def test_a_double_is_named_and_what_is_of_it_goes_to_the_other_one(base: Database) -> None:
    """Two bases that began apart from one file, before the key of a thématique followed from it, hold each one twice."""
    with base:
        desk = desk_on(base, TODAY)
        (first, second), (eng1, eng2) = samples.dossier().themes, samples.dossier().engagements
        double = replace(second, key="double", code="mobilite-2", name="Mobilité")
        with base.unit("Comme un paquet l’a laissée") as unit:
            unit.put(replace(second, name="Mobilité"))
            unit.put(double)
            unit.put(replace(eng1, theme="mobilite-2"))
            unit.put(replace(samples.dossier().engagement_themes[0], engagement=eng2.key, theme="mobilite-2"))
            unit.put(replace(samples.dossier().objectives[0], theme="mobilite-2"))
        (point,) = (
            view.point
            for view in desk.review("contrat-1", TODAY).findings
            if view.point.kind == "thematiques_doubles"
        )
        assert "mobilite et mobilite-2" in point.message
        assert "Supprimez l’une d’elles" in point.remedy
        with pytest.raises(UserError, match="sert encore"):
            acts.remove(desk, "contrat-1", "theme", double.key, second.key)
        change = acts.remove(desk, "contrat-1", "theme", double.key)
        assert "réunie à celle du même nom (mobilite)" in change.label
        joined = desk.dossier("contrat-1")
        assert [item.code for item in joined.themes] == [first.code, second.code]
        assert (joined.engagements[0].theme, joined.objectives[0].theme) == ("mobilite", "mobilite")
        assert [(item.engagement, item.theme) for item in joined.engagement_themes] == [
            (eng2.key, "mobilite")
        ]
        assert not [
            view
            for view in desk.review("contrat-1", TODAY).findings
            if view.point.kind == "thematiques_doubles"
        ]
        assert maintenance.check(base) == []
        desk.undo()
        assert len(desk.dossier("contrat-1").themes) == 3


def test_of_three_of_one_name_all_but_one_are_to_go(base: Database) -> None:
    with base:
        desk = desk_on(base, TODAY)
        second = samples.dossier().themes[1]
        objective = samples.dossier().objectives[0]
        with base.unit("Comme deux paquets les ont laissées") as unit:
            for number in (2, 3):
                unit.put(
                    replace(
                        second, key=f"double{number}", code=f"mobilite-{number}", name=second.name.upper()
                    )
                )
            unit.put(replace(objective, theme="mobilite-2"))
        (point,) = (
            view.point
            for view in desk.review("contrat-1", TODAY).findings
            if view.point.kind == "thematiques_doubles"
        )
        assert point.message.startswith("3 thématiques ont le même nom")
        assert point.remedy.startswith("Supprimez-les une à une, sauf celle à garder")
        for key in ("double2", second.key):
            acts.remove(desk, "contrat-1", "theme", key)
        assert desk.dossier("contrat-1").objectives[0].theme == "mobilite-3"
        assert maintenance.check(base) == []


@pytest.mark.parametrize(
    ("own", "touched", "left"),
    [
        # Of its own already, or touched already: a link would say it twice.
        ("mobilite", ("mobilite-2",), []),
        ("mobilite-2", ("mobilite",), []),
        ("entrepreneuriat", ("mobilite", "mobilite-2"), ["mobilite"]),
        ("entrepreneuriat", ("mobilite-2",), ["mobilite"]),
    ],
)
def test_no_engagement_touches_twice_what_was_joined(
    own: str, touched: tuple[str, ...], left: list[str]
) -> None:
    held = samples.dossier()
    links = tuple(EngagementTheme(f"l{place}", "eng1", code) for place, code in enumerate(touched))
    dossier = replace(
        held, engagements=(replace(held.engagements[0], theme=own),), engagement_themes=links, objectives=()
    )
    put, removed = handed_over(dossier, "mobilite-2", "mobilite")
    after = {item.key: item for item in (*links, *put) if isinstance(item, EngagementTheme)}
    assert [item.theme for item in after.values() if item not in removed] == left
