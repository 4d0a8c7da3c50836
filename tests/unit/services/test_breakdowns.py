"""Figures by category, beside the whole: typed in the form of an objective, in every file, in no reckoning."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from qpvdesk.domain.breakdowns import breakdown_words
from qpvdesk.domain.faults import faults
from qpvdesk.domain.model import Breakdown, Dossier, Objective
from qpvdesk.services.contracts import contract_export, contract_import
from qpvdesk.services.editing import acts, reading
from tests.helpers.reviews import desk_on
from tests.unit.services.test_one_checker import TODAY, base_of, contract

LINES = "31/12/2025 ; sexe ; femmes ; 96\n31/12/2025 ; sexe ; hommes ; 70\n31/12/2025 ; moins de 26 ans ; 90"


def typed(dossier: Dossier, objective: Objective, lines: str) -> dict[str, str]:
    return reading.write(dossier, "objective", objective.key) | {"breakdowns": lines}


def test_the_form_keeps_a_line_a_category_and_never_adds_them(tmp_path: Path) -> None:
    sound = contract(tmp_path / "sain")
    objective = sound.objectives[0]
    with base_of(tmp_path / "base.db", sound) as base:
        desk = desk_on(base, TODAY)
        before = desk.situation("essai", TODAY).assessments[objective.key]
        acts.save(desk, "essai", "objective", typed(sound, objective, LINES), key=objective.key)
        held = desk.dossier("essai")
        assert [(item.list_name, item.category, item.value) for item in held.breakdowns] == [
            ("", "moins de 26 ans", 90),
            ("sexe", "femmes", 96),
            ("sexe", "hommes", 70),
        ]
        assert desk.situation("essai", TODAY).assessments[objective.key].value == before.value
        shown = reading.write(held, "objective", objective.key)["breakdowns"]
        assert set(shown.splitlines()) == set(LINES.splitlines())
        fewer = shown.replace("31/12/2025 ; sexe ; hommes ; 70", "")
        acts.save(desk, "essai", "objective", typed(held, objective, fewer), key=objective.key)
        assert {item.category for item in desk.dossier("essai").breakdowns} == {"femmes", "moins de 26 ans"}
        desk.undo()
        assert len(desk.dossier("essai").breakdowns) == 3


def test_a_line_that_is_no_figure_is_told_at_its_field(tmp_path: Path) -> None:
    sound = contract(tmp_path / "sain")
    objective = sound.objectives[0]
    for line in ("femmes 12", "31/12/2025 ; femmes ; beaucoup", "31/12/2025 ; a ; 1\n31/12/2025 ; A ; 2"):
        draft = reading.read(sound, "objective", typed(sound, objective, line), objective.key)
        assert set(draft.faults) == {"breakdowns"}, line


def test_a_share_by_category_stays_a_share(tmp_path: Path) -> None:
    sound = contract(tmp_path / "sain")
    share = next(item for item in sound.objectives if item.unit == "%")
    wrong = Breakdown("v", share.key, date(2025, 12, 31), "femmes", Decimal(1710), "sexe")
    assert [item.field for item in faults(replace(sound, breakdowns=(wrong,)))] == ["value"]


def test_files_carry_breakdowns_and_words_say_the_last_of_each_list(tmp_path: Path) -> None:
    sound = contract(tmp_path / "sain")
    objective = sound.objectives[0]
    days = (date(2024, 12, 31), date(2025, 12, 31))
    rows = tuple(
        Breakdown(f"v{number}", objective.key, day, "femmes", Decimal(10 + number), "sexe")
        for number, day in enumerate(days)
    )
    held = replace(sound, breakdowns=rows)
    for form in ("xlsx", "json"):
        file = tmp_path / f"contrat.{form}"
        contract_export.write(held, file)
        draft = contract_import.preview(file, code="copie", today=TODAY)
        assert draft.dossier is not None, draft.problems
        assert [item.value for item in draft.dossier.breakdowns] == [10, 11]
    assert breakdown_words(held, objective, days[1]) == [(days[1], "sexe – femmes 11")]
    assert breakdown_words(held, objective, days[0]) == [(days[0], "sexe – femmes 10")]
