"""What the window is made of: Qt's own parts that hide a trap are only met through the house's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "qpvdesk" / "ui"


def found(pattern: str, text: str) -> list[str]:
    return re.findall(pattern, text)


def modules(*but: str) -> list[tuple[str, str]]:
    """The name and the text of each module of the window but those."""
    return [
        (str(path.relative_to(UI)), path.read_text(encoding="utf-8"))
        for path in sorted(UI.rglob("*.py"))
        if str(path.relative_to(UI)) not in but
    ]


BARE_LIST = r"\bQ(?:ListWidget|TreeWidget|ListView|TreeView)\(\s*(?:self)?\s*\)"


def test_no_list_is_made_but_those_where_the_selected_is_the_current() -> None:
    """`ui/kit/selection.py` says why."""
    assert [name for name, text in modules() if found(BARE_LIST, text)] == []


@pytest.mark.parametrize("line", ["names = QListWidget()", "tree = QTreeWidget(self)"])
def test_a_bare_list_is_seen(line: str) -> None:
    assert found(BARE_LIST, line)
