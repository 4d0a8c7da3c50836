"""A process that begins warm is one of its own: its files, its folder, its environment, its end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import warm
from tests.helpers.process import qpvdesk


@pytest.mark.parametrize(
    ("arguments", "status"), [(["--version"], 0), (["inconnue"], 2), (["etat", "--base", "absente.db"], 1)]
)
def test_it_says_and_ends_as_one_that_starts_anew(arguments: list[str], status: int, tmp_path: Path) -> None:
    begun, anew = (qpvdesk(*arguments, folder=tmp_path, cold=cold) for cold in (False, True))
    assert (begun.returncode, begun.stdout, begun.stderr) == (anew.returncode, anew.stdout, anew.stderr)
    assert begun.returncode == status


def test_it_writes_where_it_stands_and_leaves_nothing_to_the_next(tmp_path: Path) -> None:
    assert qpvdesk("init", "--base", "ici.db", folder=tmp_path).returncode == 0
    assert (tmp_path / "ici.db").is_file()
    own = tmp_path / "dossier"
    assert (
        qpvdesk(
            "etat", "--base", "ici.db", folder=tmp_path, environment={"QPVDESK_DOSSIER": str(own)}
        ).returncode
        == 0
    )
    assert own.is_dir()
    assert not Path("ici.db").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="every process starts cold elsewhere")
def test_an_interpreter_that_is_asked_to_be_another_starts_cold() -> None:
    command = [sys.executable, "-m", "qpvdesk", "--version"]
    environment = {**os.environ, "PYTHONPATH": str(warm.ROOT), "PYTHONHASHSEED": "7"}
    with warm.popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.communicate()[0].startswith("qpvdesk ")
    assert not isinstance(process, warm.Process), "its hashes are not those of the tests"


def test_another_package_starts_cold(tmp_path: Path) -> None:
    (tmp_path / "qpvdesk").mkdir()
    (tmp_path / "qpvdesk" / "__init__.py").touch()
    (tmp_path / "qpvdesk" / "__main__.py").write_text("print('un autre')")
    command = [sys.executable, "-m", "qpvdesk"]
    for options in (
        {"cwd": tmp_path},
        {"env": {**os.environ, "PYTHONPATH": str(tmp_path)}, "cwd": tmp_path.parent},
    ):
        with warm.popen(command, stdout=subprocess.PIPE, text=True, **options) as process:
            assert process.communicate()[0] == "un autre\n"
