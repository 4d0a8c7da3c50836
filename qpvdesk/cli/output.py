"""What the shell prints: one JSON document, or aligned columns."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

_ON_ONE_LINE = {ord(char): " " for char in "\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"}


def print_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print aligned columns; the last one takes what room is left. A cell of several lines, of a file from elsewhere, would
    pass for lines of the table."""
    table = [list(headers), *[[cell.translate(_ON_ONE_LINE) for cell in row] for row in rows]]
    widths = [max(len(row[column]) for row in table) for column in range(len(headers))]
    for number, row in enumerate(table):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            click.echo("  ".join("-" * width for width in widths))
