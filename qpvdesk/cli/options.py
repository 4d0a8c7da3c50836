"""The options that several commands share, and what they mean."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import click

from qpvdesk import paths
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Contract
from qpvdesk.services import base_medium
from qpvdesk.services import desk as desks
from qpvdesk.services.care import sealing
from qpvdesk.services.desk import Desk

PHRASE, PACKAGE_PHRASE = "QPVDESK_PHRASE", "QPVDESK_PHRASE_PAQUET"
"""The variables that hold the passphrase of a base, and of a package."""

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

compare_option = click.option(
    "--compare-a",
    "against",
    metavar="DATE|REUNION",
    callback=lambda _context, _option, text: baseline_of(text),
    help="À quoi comparer\u202f: une date, ou une réunion arrêtée (par défaut, le dernier COPIL).",
)


def under(*options: Decorator) -> Decorator:
    """Give a command options, in their order."""
    return lambda body: reduce(lambda command, option: option(command), reversed(options), body)


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
    return click.option("--sortie", required=required, type=OutputPath(), metavar=metavar, help=text)


class OutputPath(click.Path):
    """A file to write: in a folder that is there, with an ending that its metavar allows (`F.(pdf|docx)`).

    A base or a backup (`F.db`) may be called anything.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(str(super().convert(value, param, ctx)))
        in_folder(path)
        metavar = (param.metavar if param is not None else None) or ""
        endings = [f".{ending}" for ending in metavar.partition(".")[2].strip("()").split("|") if ending]
        if endings and endings != [".db"] and path.suffix.lower() not in endings:
            raise UserError(
                f"Le format «\u202f{path.suffix}\u202f» n’est pas connu."
                if path.suffix
                else f"Le nom «\u202f{path.name}\u202f» ne dit pas dans quel format écrire.",
                f"Choisissez un nom qui finit par {french.either(endings)}.",
            )
        return path


def in_folder(path: Path) -> Path:
    """Return a path whose folder is there. Raises `UserError`: a slip of the pen must not become a folder."""
    if not path.absolute().parent.is_dir():
        raise UserError(
            f"Le dossier «\u202f{path.parent}\u202f» n’existe pas.",
            "Créez-le d’abord, ou choisissez-en un autre.",
        )
    return path


def base_at(base_path: Path | None) -> Path:
    """Return the base to open, its passphrase given where it needs one."""
    if base_path is None:
        return unlocked(paths.user_base())
    if base_path.is_dir():
        raise UserError(
            f"«\u202f{base_path}\u202f» est un dossier, et non une base.",
            f"Nommez le fichier de la base\u202f: {base_path / 'base.db'}.",
        )
    warning = base_medium.warning(base_path)
    if warning:
        click.echo(warning, err=True)
    return unlocked(base_path)


@contextmanager
def opened(path: Path, *, read_only: bool = False) -> Iterator[Desk]:
    """Open the desk of a base for the length of a `with` block; say what keeps its acts from having one author."""
    with desks.opened(path, read_only=read_only) as desk:
        who = desk.base.authors.identity
        if not desk.base.read_only:
            unlocked(who.place)
            if fault := who.fault():
                click.echo(fault, err=True)
        yield desk


def unlocked(path: Path) -> Path:
    """Return the path of a base or a backup, its passphrase taken from `QPVDESK_PHRASE` or asked for."""
    if sealing.is_locked(path):
        words = os.environ.get(PHRASE, "")
        if not words and sys.stdin.isatty():
            words = click.prompt("Phrase secrète", hide_input=True, err=True)
        if words:
            sealing.unlock(path, words)
    return path


def contract_of(desk: Desk, code: str | None) -> Contract:
    """Return the contract that a command speaks of; where the base holds several, say which. Raises `UserError`.

    It is said beside the answer, which may be a document that another program reads.
    """
    contract = desk.contract(code)
    say_contracts(desk, contract)
    return contract


@contextmanager
def in_contract(
    base_path: Path | None, code: str | None, *, read_only: bool = False
) -> Iterator[tuple[Desk, str]]:
    """Open the base, and give with it the code of the contract that a command speaks of. Raises `UserError`."""
    with opened(base_at(base_path), read_only=read_only) as desk:
        yield desk, contract_of(desk, code).code


def say_contracts(desk: Desk, *contracts: Contract) -> None:
    """Name what a command speaks of, where the base holds several contracts."""
    if contracts and len(desk.base.contracts()) > 1:
        names = " ; ".join(f"{item.name} ({item.code})" for item in contracts)
        click.echo(f"Contrat\u202f: {names}", err=True)


def baseline_of(text: str | None) -> date | str | None:
    """Return the date, or the code of a meeting, that `--compare-a` names."""
    if text is None or ("-" in text and not text[:1].isdigit()):
        return text
    try:
        return french.parse_date(text)
    except UserError as error:
        raise UserError(
            error.message,
            "Écrivez une date comme 31/12/2027, ou le code d’une réunion comme COPIL-2027-06-30.",
        ) from error


def day_of(text: str | None) -> date:
    """Return the day that was typed; today where none was."""
    return french.parse_date(text) if text else date.today()
