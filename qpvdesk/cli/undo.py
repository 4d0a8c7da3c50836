"""What was done, taken back or done again."""

from __future__ import annotations

from pathlib import Path

import click

from qpvdesk.cli.options import base_at, base_option, opened, say_contracts
from qpvdesk.cli.table import command
from qpvdesk.domain.errors import UserError
from qpvdesk.services import journals


@command("annuler")
@base_option
def annuler(base_path: Path | None) -> None:
    with opened(base_at(base_path)) as desk:
        change = desk.undo()
        say_contracts(desk, *journals.contracts_of(desk, change))
    if change is None:
        raise UserError(
            "Il n’y a rien à annuler.",
            "Le journal dit ce qui a été fait\u202f: «\u202fqpvdesk journal\u202f».",
        )
    click.echo(f"{change.label}.")


@command("refaire")
@base_option
def refaire(base_path: Path | None) -> None:
    with opened(base_at(base_path)) as desk:
        change = desk.redo()
        say_contracts(desk, *journals.contracts_of(desk, change))
    if change is None:
        raise UserError("Il n’y a rien à refaire.", "Seul ce qui vient d’être annulé peut l’être.")
    click.echo(f"{change.label}.")
