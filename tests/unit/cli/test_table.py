"""The table of the commands: each is where it says, and the help of them all imports none of their modules."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from qpvdesk import paths
from qpvdesk.cli import cli
from qpvdesk.cli.table import COMMANDS


@pytest.mark.parametrize("word", COMMANDS)
def test_a_command_is_in_the_module_that_the_table_names(word: str) -> None:
    command = cli.get_command(click.Context(cli), word)
    assert command is not None
    assert (command.name, command.help) == (word, COMMANDS[word].help)


def test_the_help_of_all_the_commands_imports_no_service() -> None:
    code = (
        "import sys; from qpvdesk import cli; cli.run(['--help']); "
        "print([name for name in sys.modules if name.startswith('qpvdesk.services')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[-1] == "[]"
    assert [
        line.split()[0] for line in lines[lines.index("Commandes\u202f:") + 1 : -1] if line[2:3].strip()
    ] == list(COMMANDS)


def test_the_guide_tells_of_each_command() -> None:
    text = paths.resource("guide/10-commandes.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| ")]
    told = {word.strip() for cell in cells for word in cell.split(",")}
    assert told - {"Commande"} == set(COMMANDS)
