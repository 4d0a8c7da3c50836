"""What the shell prints stands in its columns, whatever the cells hold."""

from __future__ import annotations

import pytest

from qpvdesk.cli.output import print_table


def test_no_cell_makes_lines_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(
        ("Lu", "État"), [("12\nF!C9  99", "Refusé"), ("1\t2\u2028\r3", "Nouveau"), ("1\u202f339", "Vu")]
    )
    lines = [line.split("  ") for line in capsys.readouterr().out.splitlines()]
    assert [(line[0], line[-1].strip()) for line in lines if not line[0].startswith("-")] == [
        ("Lu", "État"), ("12 F!C9", "Refusé"), ("1 2", "Nouveau"), ("1\u202f339", "Vu"),
    ]  # fmt: skip
