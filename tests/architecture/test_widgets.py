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


def checkable_clicked(text: str) -> set[str]:
    """The controls of a module that can be checked and listen to `clicked`."""
    checkable = set(found(r"([\w.]+)\.setCheckable\(True\)", text))
    checkable |= set(found(r"([\w.]+)\s*=\s*Q(?:CheckBox|RadioButton)\(", text))
    clicked = set(found(r"([\w.]+)\.clicked\.connect", text))
    return {name for name in checkable if name in clicked or (name == "self" and ".clicked.connect" in text)}


def test_a_checkable_control_answers_to_toggled() -> None:
    """Assistive technology toggles without clicking: what listens to `clicked` shows a tick that did nothing."""
    assert [(name, bad) for name, text in modules() if (bad := checkable_clicked(text))] == []


def test_a_checkable_control_that_listens_to_clicked_is_seen() -> None:
    assert checkable_clicked("self._due.setCheckable(True)\nself._due.clicked.connect(f)") == {"self._due"}
    assert checkable_clicked("box = QCheckBox('a')\nbox.clicked.connect(f)\n") == {"box"}
    assert checkable_clicked("box = QCheckBox('a')\nbox.toggled.connect(f)\n") == set()
