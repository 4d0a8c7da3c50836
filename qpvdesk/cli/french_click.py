"""Click in French: its help, its usage lines and what it finds wrong in the words of a command."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from importlib import import_module
from typing import Any, NoReturn, TypeVar

import click
from msgspec import Struct

_SHORT_HELP_MAX = 200
"""Characters: the first sentence of any help, whole."""
_BOUNDS = re.compile(r"\s*\[x[<>]=?\d+\]")
"""How click says between what bounds a number stands; a refusal says it in French."""
_USAGE = {"[OPTIONS]": "[options]", "COMMAND [ARGS]...": "COMMANDE [arguments]"}
"""The words of a usage line that are click's own."""
T = TypeVar("T")
_NEGATIVE = re.compile(r"^-(?=\d)")


class Entry(Struct, frozen=True):
    """A command of the shell: the module of `qpvdesk.cli` where it is written, and its help."""

    module: str
    help: str


class Misused(click.UsageError):
    """Words of a command that do not go together, told in a French sentence."""


def usage_sentence(error: click.UsageError) -> str:
    """Say in French what click found wrong in the words of the command."""
    name = error.ctx.command_path if error.ctx else "qpvdesk"
    hint = f"Voir «\u202f{name} --help\u202f»."
    match error:
        case Misused():
            return f"{error.message} {hint}"
        case click.NoSuchOption():
            return f"L’option «\u202f{error.option_name}\u202f» n’existe pas. {hint}"
        case click.MissingParameter(param=click.Option() as option):
            return f"Il manque l’option «\u202f{option.opts[0]}\u202f». {hint}"
        case click.MissingParameter(param=click.Argument() as argument):
            context = error.ctx or click.Context(click.Command(name))
            return f"Il manque l’argument {argument.make_metavar(context)}. {hint}"
        case click.BadParameter(param=click.Parameter() as param):
            choices = (
                f" (choix\u202f: {', '.join(param.type.choices)})"
                if isinstance(param.type, click.Choice)
                else ""
            )
            name = param.opts[0] if isinstance(param, click.Option) else (param.name or "").upper()
            return (
                f"La valeur donnée à «\u202f{name}\u202f» ne convient pas{choices}{_expected(param)}. {hint}"
            )
        case click.BadOptionUsage():
            return f"L’option «\u202f{error.option_name}\u202f» attend une valeur. {hint}"
    return f"Cette commande n’est pas comprise. {hint}"


def _expected(param: click.Parameter) -> str:
    match param.type:
        case click.IntRange(min=int(least)):
            return f"\u202f: un nombre entier est attendu, au moins {least}"
        case click.types.IntParamType():
            return "\u202f: un nombre entier est attendu"
        case click.Path(exists=True):
            return "\u202f: ce fichier n’existe pas, ou ne peut pas être lu"
        case click.Path(dir_okay=False):
            return "\u202f: un fichier que l’on peut lire est attendu, non un dossier"
        case click.Path(file_okay=False):
            return "\u202f: un dossier que l’on peut lire est attendu, non un fichier"
    return ""


class _Formatter(click.HelpFormatter):
    """Writes the titles of help as French people do."""

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}\u202f:\n")


click.Context.formatter_class = _Formatter


class _French:
    """Help texts in French where click would write English."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        pieces = [_USAGE.get(piece, piece) for piece in found]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="Usage\u202f: ")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option: click.Option | None = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Affiche cette aide."
        return option


class Command(_French, click.Command):
    """A command whose help is in French, and to which « -0,4 » is a value and not an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # Figures are understood with the true minus sign as well; no option begins with a digit.
        try:
            return super().parse_args(ctx, [_NEGATIVE.sub("\u2212", arg) for arg in args])
        except click.UsageError as error:
            # Click forgets the command of an option that has no value.
            error.ctx = error.ctx or ctx
            raise

    def invoke(self, ctx: click.Context) -> None:
        """Run it; what it changed, if that is what it returns, is said in one sentence."""
        change = super().invoke(ctx)
        if change is not None:
            click.echo(f"{change.label}." if change else "Rien n’a été modifié\u202f: c’était déjà ainsi.")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_options(self, ctx, formatter)


class Group(_French, click.Group):
    """A group of commands whose help is in French; its commands stand in the order in which they are written."""

    command_class = Command

    def short_helps(self, ctx: click.Context) -> list[tuple[str, str]]:
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        return [(name, item.get_short_help_str(_SHORT_HELP_MAX)) for name, item in found if item is not None]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_options(self, ctx, formatter)
        with formatter.section("Commandes"):
            formatter.write_dl(self.short_helps(ctx))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None:
            _unknown_command(self, ctx, args[0])
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(self.commands)


class TableGroup(Group):
    """A group that knows its commands from a table, and imports the module of one when it is called."""

    table: Mapping[str, Entry] = {}

    def short_helps(self, ctx: click.Context) -> list[tuple[str, str]]:
        return [
            (name, click.Command(name, help=self.table[name].help).get_short_help_str(_SHORT_HELP_MAX))
            for name in self.list_commands(ctx)
        ]

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click's signature)
        entry = self.table.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = getattr(
            import_module(f"qpvdesk.cli.{entry.module}"), cmd_name.replace("-", "_")
        )
        return command


def _unknown_command(group: click.Group, ctx: click.Context, name: str) -> NoReturn:
    known = ", ".join(group.list_commands(ctx))
    click.echo(f"La commande «\u202f{name}\u202f» n’existe pas. Commandes\u202f: {known}.", err=True)
    raise click.exceptions.Exit(2)


def _write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    rows = [
        (names, _BOUNDS.sub("", text).replace("[required]", "[obligatoire]"))
        for param in command.get_params(ctx)
        if (record := param.get_help_record(ctx)) is not None
        for names, text in [record]
    ]
    if rows:
        with formatter.section("Options"):
            formatter.write_dl(rows)


def gathered(record: Callable[..., Any]) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Give a command its many words as one record, whose fields bear the names of its parameters."""

    def with_record(command: Callable[..., T]) -> Callable[..., T]:
        @wraps(command)
        def gathering(**words: object) -> T:
            return command(record(**words))

        return gathering

    return with_record
