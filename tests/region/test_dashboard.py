"""The dashboard for Superset: what its importer reads is there, whole, and asks what the file of questions asks.

Superset itself is not started: its import takes a zip of YAML files whose fields are those of `ImportV1…Schema` in
`superset/{databases,datasets,charts,dashboards}/schemas.py`; a field that it does not know is refused there, and here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import yaml

from qpvdesk import paths
from qpvdesk.region.parquet import Lake
from qpvdesk.region.postgres import Server
from qpvdesk.region.store import Entrepot
from tests.region.test_consolidation import run

FOLDER = paths.resource("region/superset")
DATABASE = {
    "database_name", "sqlalchemy_uri", "password", "cache_timeout", "expose_in_sqllab", "allow_run_async", "allow_ctas",
    "allow_cvas", "extra", "uuid", "version",
}  # fmt: skip
DATASET = {
    "table_name", "main_dttm_col", "description", "default_endpoint", "offset", "cache_timeout", "schema", "sql", "params",
    "template_params", "filter_select_enabled", "fetch_values_predicate", "extra", "uuid", "columns", "metrics", "version",
    "database_uuid",
}  # fmt: skip
COLUMN = {
    "column_name", "verbose_name", "is_dttm", "is_active", "type", "groupby", "filterable", "expression", "description",
    "python_date_format",
}  # fmt: skip
CHART = {
    "slice_name", "description", "viz_type", "params", "query_context", "cache_timeout", "uuid", "version", "dataset_uuid",
}  # fmt: skip
DASHBOARD = {"dashboard_title", "description", "css", "slug", "uuid", "position", "metadata", "version"}
OIDS = {"text": "TEXT", "int8": "BIGINT", "float8": "DOUBLE PRECISION", "date": "DATE"}


def read(kind: str) -> dict[Path, dict[str, Any]]:
    found = {
        path: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(FOLDER.glob(f"{kind}/**/*.yaml"))
    }
    assert found, kind
    return found


def questions() -> dict[str, str]:
    """What the file to be pasted asks, by title."""
    text = paths.resource("region/tableau-de-bord.sql").read_text(encoding="utf-8")
    found = {}
    for part in text.split("\n\n"):
        if "SELECT" in part:
            head, _, query = part.partition("\n")
            found[head.removeprefix("-- ").partition(" · ")[0]] = query.strip().rstrip(";")
    return found


def columns_of(params: Any) -> Iterator[str]:
    """The columns that a chart names."""
    if not isinstance(params, dict):
        return
    for name, value in params.items():
        if name in ("all_columns", "groupby", "groupbyRows", "groupbyColumns"):
            yield from value
        elif name in ("x_axis", "column_name"):
            yield value
        elif name == "column_config":
            yield from value
        for item in value if isinstance(value, list) else [value]:
            yield from columns_of(item)


@pytest.mark.parametrize(
    ("kind", "known"),
    [("databases", DATABASE), ("datasets", DATASET), ("charts", CHART), ("dashboards", DASHBOARD)],
)
def test_every_file_has_the_fields_that_the_importer_knows_and_no_other(kind: str, known: set[str]) -> None:
    optional = {"password", "default_endpoint"}
    for path, held in read(kind).items():
        assert known - optional <= held.keys() <= known, path
        assert held["version"] == "1.0.0"
        UUID(held["uuid"])


def test_the_whole_is_a_dashboard_and_nothing_is_named_twice() -> None:
    told = yaml.safe_load((FOLDER / "metadata.yaml").read_text(encoding="utf-8"))
    assert (told["version"], told["type"]) == ("1.0.0", "Dashboard")
    held = [*read("databases").values(), *read("datasets").values(), *read("charts").values()]
    held += read("dashboards").values()
    assert len({item["uuid"] for item in held}) == len(held)
    listed = {path.relative_to(FOLDER).parts[0] for path in FOLDER.rglob("*.yaml")}
    assert listed == {"metadata.yaml", "databases", "datasets", "charts", "dashboards"}
    # A password would be everybody's.
    assert [re.search(r"://[^/@]*:", item.get("sqlalchemy_uri", "")) for item in held] == [None] * len(held)


def test_what_one_file_refers_to_is_in_another() -> None:
    (database,) = read("databases").values()
    datasets = {item["uuid"]: item for item in read("datasets").values()}
    charts = {item["uuid"]: item for item in read("charts").values()}
    assert {item["database_uuid"] for item in datasets.values()} == {database["uuid"]}
    assert {item["dataset_uuid"] for item in charts.values()} == datasets.keys()
    for chart in charts.values():
        assert chart["params"]["viz_type"] == chart["viz_type"]
        held = {column["column_name"] for column in datasets[chart["dataset_uuid"]]["columns"]}
        named = set(columns_of(chart["params"]))
        assert named
        assert named <= held, chart["slice_name"]


def test_every_chart_has_its_place_on_the_page() -> None:
    (dashboard,) = read("dashboards").values()
    position = dashboard["position"]
    assert position.pop("DASHBOARD_VERSION_KEY") == "v2"
    for key, item in position.items():
        assert item["id"] == key
        for child in item.get("children", ()):
            assert position[child]["parents"] == [*item.get("parents", ()), key]
    reached, waiting = {"HEADER_ID"}, ["ROOT_ID"]
    while waiting:
        reached.add(waiting[-1])
        waiting += position[waiting.pop()].get("children", ())
    assert reached == position.keys()
    placed = [item["meta"] for item in position.values() if item["type"] == "CHART"]
    assert sorted((item["uuid"], item["sliceName"]) for item in placed) == sorted(
        (item["uuid"], item["slice_name"]) for item in read("charts").values()
    )
    assert len({item["chartId"] for item in placed}) == len(placed)
    for row in (item for item in position.values() if item["type"] == "ROW"):
        assert sum(position[child]["meta"]["width"] for child in row["children"]) == 12


def test_it_asks_what_the_questions_ask_and_a_server_answers_in_those_columns(
    officer: Path, store: Entrepot, address: str, tmp_path: Path
) -> None:
    datasets = {item["table_name"]: item for item in read("datasets").values()}
    assert {title: item["sql"].strip() for title, item in datasets.items()} == questions()
    run([officer], Lake(tmp_path / "lac"), store)
    with Server(address) as place:
        run([], place, store)
    with psycopg.connect(address) as connection:
        connection.execute("SET ROLE qpvdesk_lecture")
        for title, dataset in datasets.items():
            answer = connection.execute(f"SELECT * FROM ({dataset['sql']}) AS question")
            described = [
                (item.name, OIDS[psycopg.adapters.types[item.type_code].name])
                for item in answer.description or ()
            ]
            assert described == [(item["column_name"], item["type"]) for item in dataset["columns"]], title
            assert all(item.keys() == COLUMN for item in dataset["columns"])
            assert all(item["is_dttm"] is (item["type"] == "DATE") for item in dataset["columns"])
