"""What the README says is there is there: paths, pictures, commands, targets, libraries."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from qpvdesk import system_libraries
from qpvdesk.cli.table import COMMANDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = re.findall(r"`([^`\n]+)`", README)
FOLDERS = (
    "cli",
    "domain",
    "charts",
    "storage",
    "services",
    "spreadsheets",
    "documents",
    "reports",
    "region",
    "ui",
)


def test_every_path_that_is_named_exists() -> None:
    named = {word for word in CODE if re.fullmatch(r"[\w./-]+\.(py|md|toml|spec|txt)|[\w-]+/[\w./-]*", word)}
    shown = {word.rstrip("/") for word in named if not word.startswith(("build/", "dist/", "donnees"))}
    absent = {
        word
        for word in shown
        if not any((base / word).exists() for base in (ROOT, ROOT / "qpvdesk", ROOT / "resources"))
        and word != "qpvdesk-portable.txt"
        # Inside the picture of the layers, a module is named as its layer knows it.
        and not list((ROOT / "qpvdesk").rglob(word))
    }
    assert absent == set()


def test_the_picture_of_the_layers_names_what_there_is() -> None:
    block = README.split("```")
    drawn = next(part for part in block if "__main__.py" in part)
    modules = re.findall(r"^  (\w+\.py|\w+/)", drawn, re.MULTILINE)
    assert {word for word in modules if not (ROOT / "qpvdesk" / word).exists()} == set()
    real = {path.name for path in (ROOT / "qpvdesk").iterdir() if path.is_dir() and path.name[0] != "_"}
    assert real == {word.rstrip("/") for word in modules if word.endswith("/")} == set(FOLDERS)


def test_every_command_and_every_target_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {word.split()[1] for word in CODE if re.match(r"make [a-z-]+", word)} <= targets
    named = {found for word in CODE if (found := re.match(r"qpvdesk ([a-z]+)\b(?!\.)", word))}
    assert {found[1] for found in named} <= set(COMMANDS)
    listed = README.split("From the shell, the same program:")[1].split("qpvdesk --help")[0]
    assert set(re.findall(r"`(?:qpvdesk )?([a-z]+)`", listed)) <= set(COMMANDS)


@pytest.mark.parametrize("picture", re.findall(r"\]\((resources/[^)]+)\)", README))
def test_every_picture_is_there(picture: str) -> None:
    assert (ROOT / picture).is_file()


def test_every_library_is_named_with_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    table = README.split("## What it stands on")[1].split("## Contributing")[0].lower()
    for one in project["dependencies"]:
        name = re.split(r"[\[<>=~ ]", one)[0].lower()
        assert f"| {name}" in table, name


def test_versions_are_pinned_and_no_host_is_named() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in pins)


def test_the_packages_of_the_system_are_those_of_the_table() -> None:
    commands = README.split("## Two commands")[1].split("\n## ")[0]
    for title, table in {
        "to draw": system_libraries.OFFSCREEN,
        "X11": system_libraries.X11,
        "under Wayland": system_libraries.WAYLAND,
    }.items():
        named = re.search(rf"^- [^`]*{title}[^`]*`([^`]+)`", commands, re.MULTILINE)
        assert named is not None, title
        assert named[1].split() == list(table.values())
