"""The window as assistive technology has it: by AT-SPI, from another process, under a screen that nobody looks at.

Needs what Debian calls `xvfb`, `dbus-x11`, `at-spi2-core`, `python3-gi`, `gir1.2-atspi-2.0`; skipped with its reason
where one is missing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from qpvdesk.domain.model import Nature
from qpvdesk.services import bases
from qpvdesk.storage.opening import open_base
from tests.bench.measure import ROOT
from tests.helpers.reviews import desk_on

_PYTHON = "/usr/bin/python3"
_NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
_PATIENCE_S = 900


def _missing() -> str:
    for program in ("Xvfb", "dbus-run-session", _PYTHON):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    asked = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    if subprocess.run([_PYTHON, "-c", asked], capture_output=True, check=False).returncode:
        return "python3-gi or gir1.2-atspi-2.0 is not installed"
    launchers = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
    if not any(map(os.path.exists, launchers)):
        return "at-spi2-core is not installed"
    return ""


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    """The name of a screen of a laptop's size."""
    if reason := _missing():
        pytest.skip(reason)
    read, written = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(written), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=(written,),
        stderr=subprocess.DEVNULL,
    )
    os.close(written)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(timeout=90)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lecteur") / "exemple.db"
    bases.create_example(path, now=_NOW)
    return path


@pytest.fixture(scope="module")
def heard(screen: str, base: Path) -> dict[str, Any]:
    """What each step of the reader found, by its name."""
    own = base.parent / "dossier"
    own.mkdir()
    (own / "fenetre.ini").write_text("[General]\nbienvenue=true\n", encoding="utf-8")
    ran = subprocess.run(
        [
            "dbus-run-session",
            "--",
            _PYTHON,
            str(Path(__file__).parents[1] / "helpers" / "listener.py"),
            str(base),
            sys.executable,
        ],
        env={**os.environ, "DISPLAY": screen, "QPVDESK_DOSSIER": str(own), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        cwd=ROOT,
        check=False,
    )
    if "could not connect to display" in ran.stderr or ("xcb" in ran.stderr and not ran.stdout):
        pytest.skip(f"Qt has no xcb here: {ran.stderr[-200:]}")
    told: dict[str, Any] = {}
    for line in ran.stdout.splitlines():
        # The registry of the bus talks there too.
        if line.startswith("{"):
            told |= json.loads(line)
    told["stderr"] = ran.stderr[-2000:]
    return told


def test_a_row_of_each_table_is_read_cell_by_cell(heard: dict[str, Any]) -> None:
    told = heard.get("read_tables")
    assert told, heard["stderr"]
    assert set(told) >= {
        "Objectifs par partenaire et par thématique",
        "Partenaires",
        "Objectifs",
        "Relevés de l’objectif",
        "Relevés à saisir",
        "Engagements",
        "Moyens mobilisés",
        "Territoires",
        "Visites",
        "Réunions de l’année",
        "Décisions de la réunion",
        "Suites des réunions précédentes",
        "Objectifs comparés",
        "Aperçu de l’import",
        "Points d’attention",
        "Journal",
    }
    assert told["Relevés à saisir"]["row"][7].endswith("chiffre provisoire\u202f: non")
    for page, table in told.items():
        assert len(table["heads"]) == len(table["row"]), page
        assert all(table["heads"]), page
        assert sum(map(bool, table["row"])) >= len(table["row"]) - 2, (page, table["row"])


def test_a_figure_goes_to_the_objective_that_the_reader_selected(heard: dict[str, Any], base: Path) -> None:
    told = heard.get("select_and_record")
    assert told, heard["stderr"]
    assert told["title"] in told["dialog"]
    assert told["order"][-1] == told["title"], "the list is told before what is said of its line"
    with open_base(base, read_only=True) as opened:
        dossier = desk_on(opened, _NOW.date()).dossier(opened.contracts()[0].code)
    objective = next(item for item in dossier.objectives if item.label == told["title"])
    assert [item.value for item in dossier.measurements if item.objective == objective.key][-1] == 7


def test_a_table_is_filtered_by_words_and_by_a_chip(heard: dict[str, Any]) -> None:
    told = heard.get("filter_objectives")
    assert told, heard["stderr"]
    assert 0 < told["by_words"] < told["every"]
    assert 0 < told["by_chip"] < told["every"]


def test_a_form_is_filled_by_the_names_of_its_fields(heard: dict[str, Any], base: Path) -> None:
    told = heard.get("fill_a_form")
    assert told, heard["stderr"]
    assert [role for role, name in told["named"] if not name] == []
    with open_base(base, read_only=True) as opened:
        dossier = desk_on(opened, _NOW.date()).dossier(opened.contracts()[0].code)
    assert ("BS", "Bailleur social", "Bailleur") in {
        (item.code, item.name, item.short_name) for item in dossier.partners
    }


def test_lists_are_chosen_from_and_ticked_in_a_form(heard: dict[str, Any], base: Path) -> None:
    assert heard.get("fill_choices"), heard["stderr"]
    with open_base(base, read_only=True) as opened:
        dossier = desk_on(opened, _NOW.date()).dossier(opened.contracts()[0].code)
    names = {item.key: item.name for item in dossier.territories}
    engagement = next(item for item in dossier.engagements if item.label == "Ouvrir des permanences")
    partner = next(item for item in dossier.partners if item.key == engagement.partner)
    assert (partner.short_name, engagement.nature) == ("Bpifrance", Nature.DROIT_COMMUN)
    links = [item for item in dossier.engagement_territories if item.engagement == engagement.key]
    assert [names[link.territory] for link in links] == ["Avion"]
    declined = {
        names[item.territory]: item.target_value
        for item in dossier.objectives
        if item.label.startswith("Permanences tenues") and item.parent is not None
    }
    assert declined == {"Avion": 12, "Lens": 24}


def test_no_page_has_a_tag_or_a_control_without_a_name(heard: dict[str, Any]) -> None:
    told = heard.get("hear_pages")
    assert told, heard["stderr"]
    assert len(told) >= 14
    assert {page: found for page, found in told.items() if found["tags"] or found["nameless"]} == {}
    for page, found in told.items():
        contract, title, *_ = found["headings"]
        assert contract.startswith("EXEMPLE FICTIF")
        assert page.split(", ")[0] == title, "one goes to what a page says by its titles"
