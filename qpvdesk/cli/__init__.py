"""The command line: the same program without a screen. Its names are a public interface (see the guide).

Every command opens the base, asks one service, prints, and closes. An error is one French sentence on standard
error with its remedy and exit status 1; wrong usage is 2.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from qpvdesk import __version__
from qpvdesk.cli.french_click import TableGroup, usage_sentence
from qpvdesk.cli.table import COMMANDS
from qpvdesk.domain.errors import UserError


class _Shell(TableGroup):
    table = COMMANDS


@click.group(cls=_Shell, context_settings={"help_option_names": ["--help"]})
@click.version_option(__version__, "--version", message="qpvdesk %(version)s", help="Affiche la version.")
def cli() -> None:
    """Suit un contrat de ville : ce qui a été promis, où cela en est, d’où vient chaque chiffre.

    Sans argument, ouvre la fenêtre.
    """


def run(arguments: Sequence[str]) -> int:
    """Run one command and return the exit status."""
    try:
        # Outside its standalone mode click returns the status of an `Exit` instead of raising it.
        status = cli.main(list(arguments), prog_name="qpvdesk", standalone_mode=False)
    except UserError as error:
        click.echo(f"{error} {error.shell}".rstrip(), err=True)
        return 1
    except click.exceptions.Abort:
        click.echo("Interrompu. Rien n’a été modifié.", err=True)
        return 1
    except click.UsageError as error:
        click.echo(usage_sentence(error), err=True)
        return 2
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        return 2
    except BrokenPipeError:
        # The reader of our output has gone (`qpvdesk etat | head`): nothing to say, nothing lost.
        sys.stderr.close()
        return 0
    except OSError as error:
        # A name too long, a device that went away: what no act says of its own file.
        from qpvdesk.services import base_medium  # noqa: PLC0415 - 13 ms, what the system refuses alone needs it

        told = base_medium.unsaid(error) if _is_of_output(error) else base_medium.refusal(error)
        click.echo(told, err=True)
        return 1
    return status if isinstance(status, int) else 0


def _is_of_output(error: OSError) -> bool:
    """Tell whether the system refused what a command prints (`> journal.txt` on a full disk)."""
    raised = error.__traceback__
    while raised is not None and raised.tb_next is not None:
        raised = raised.tb_next
    return raised is not None and raised.tb_frame.f_code is click.echo.__code__
