"""What a column to be filled in takes, in a workbook: its choices, the comment on its title, text kept as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

ROWS_MAX = 1000
"""Rows under the titles that are made ready."""
_LIST_CHARACTERS_MAX = 255
"""What Excel holds of the words of a list; longer ones are in the comment alone."""
_WARNING = {
    "ignore_blank": True,
    "error_type": "warning",
    "error_title": "Hors de la liste",
    "error_message": "Ce mot n’est pas dans la liste ; il sera peut-être refusé à l’import.",
}


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """How one column is made ready."""

    note: str = ""
    """The comment on its title."""
    choices: tuple[str, ...] = ()
    source: str = ""
    """The cells that hold the choices: `='Partenaires'!$A$2:$A$1000`."""
    open: bool = False
    """Whether what is not listed is as good: a code for a name, several, a new one."""
    text: bool = False
    """Whether what is typed is kept letter by letter: « 01004 »."""


def make_ready(page: Any, rules: Sequence[ColumnRule], widths: Sequence[int], text: Any) -> None:
    """Prepare the columns of a page of xlsxwriter; `text` is the format that keeps what is typed."""
    for column, rule in enumerate(rules):
        if rule.text:
            page.set_column(column, column, widths[column], text)
        if rule.note:
            page.write_comment(0, column, rule.note, {"x_scale": 2})
        listed: Any = rule.source or list(rule.choices)
        if listed and len(",".join(rule.choices)) <= _LIST_CHARACTERS_MAX:
            page.data_validation(
                1,
                column,
                ROWS_MAX,
                column,
                {"validate": "list", "source": listed, "show_error": not rule.open, **_WARNING},
            )
