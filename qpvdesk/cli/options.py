"""The options that several commands share, and what they mean."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from qpvdesk import paths
from qpvdesk.domain import french
from qpvdesk.services import elsewhere, sealing

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

base_option = click.option(
    "--base",
    "base_path",
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    help="La base à ouvrir (par défaut, la vôtre).",
)
contract_option = click.option(
    "--contrat", metavar="CODE", help="Le contrat, si la base en contient plusieurs."
)
date_option = click.option(
    "--date", "day", metavar="JJ/MM/AAAA", help="La date de la situation (par défaut, aujourd’hui)."
)


def format_option(*formats: str) -> Decorator:
    """Add `--format`; the first one is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        metavar="|".join(formats),
        help="La forme de la sortie.",
    )


def output_option(metavar: str, text: str, *, required: bool = True) -> Decorator:
    """Add `--sortie`, the file to write."""
    return click.option(
        "--sortie", required=required, type=click.Path(path_type=Path), metavar=metavar, help=text
    )


def base_at(base_path: Path | None) -> Path:
    """Return the base to open, its passphrase given where it needs one."""
    if base_path is None:
        return unlocked(paths.user_base())
    warning = elsewhere.warning(base_path)
    if warning:
        click.echo(warning, err=True)
    return unlocked(base_path)


def unlocked(path: Path) -> Path:
    """Return the path of a base or a backup, its passphrase taken from `QPVDESK_PHRASE` or asked for."""
    if sealing.is_locked(path):
        words = os.environ.get("QPVDESK_PHRASE", "")
        if not words and sys.stdin.isatty():
            words = click.prompt("Phrase secrète", hide_input=True, err=True)
        if words:
            sealing.unlock(path, words)
    return path


def day_of(text: str | None) -> date:
    """Return the day that was typed; today where none was."""
    return french.parse_date(text) if text else date.today()
