"""The command line: the same program without a screen. Its names are a public interface (see the guide).

Every command opens the base, asks one service, prints, and closes. An error is one French sentence on standard
error with its remedy and exit status 1; wrong usage is 2.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from qpvdesk import __version__, paths
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import FICTITIOUS

if TYPE_CHECKING:
    from qpvdesk.services.freezing import Subject

MODELS = ("copil", "partenaire", "territoire", "saisie", "decisions", "mensuel", "annuel")
EXPORTS = ("etat", "releves", "engagements", "journal", "remontee", "contrat", "gabarit")


def run(arguments: Sequence[str]) -> int:
    """Run one command and return the exit status."""
    try:
        # Outside its standalone mode click returns the status of an `Exit` instead of raising it.
        status = cli.main(list(arguments), prog_name="qpvdesk", standalone_mode=False)
    except UserError as error:
        click.echo(str(error), err=True)
        return 1
    except click.exceptions.Abort:
        click.echo("Interrompu. Rien n’a été modifié.", err=True)
        return 1
    except click.UsageError as error:
        click.echo(_usage_sentence(error), err=True)
        return 2
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        return 2
    except BrokenPipeError:
        # The reader of our output has gone (`qpvdesk etat | head`): nothing to say, nothing lost.
        sys.stderr.close()
        return 0
    return status if isinstance(status, int) else 0


def _usage_sentence(error: click.UsageError) -> str:
    """Say in French what click found wrong in the words of the command."""
    name = error.ctx.command_path if error.ctx else "qpvdesk"
    hint = f"Voir «\u202f{name} --help\u202f»."
    match error:
        case click.NoSuchOption():
            return f"L’option «\u202f{error.option_name}\u202f» n’existe pas. {hint}"
        case click.MissingParameter(param=click.Option() as option):
            return f"Il manque l’option «\u202f{option.opts[0]}\u202f». {hint}"
        case click.MissingParameter(param=click.Argument() as argument):
            return f"Il manque l’argument {argument.make_metavar(error.ctx or click.Context(cli))}. {hint}"
        case click.BadParameter(param=click.Option() as option):
            choices = (
                f" (choix\u202f: {', '.join(option.type.choices)})"
                if isinstance(option.type, click.Choice)
                else ""
            )
            return f"La valeur donnée à «\u202f{option.opts[0]}\u202f» ne convient pas{choices}. {hint}"
        case click.BadOptionUsage():
            return f"L’option «\u202f{error.option_name}\u202f» attend une valeur. {hint}"
    return f"Cette commande n’est pas comprise. {hint}"


class _French:
    """Help texts in French where click would write English."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="Usage\u202f: ")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option: click.Option | None = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Affiche cette aide."
        return option


class _Command(_French, click.Command):
    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_options(self, ctx, formatter)


class _Group(_French, click.Group):
    command_class = _Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_options(self, ctx, formatter)
        rows = [
            (name, command.get_short_help_str(80))
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None
        ]
        with formatter.section("Commandes"):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None:
            _unknown_command(self, ctx, args[0])
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(self.commands)


def _unknown_command(group: click.Group, ctx: click.Context, name: str) -> NoReturn:
    known = ", ".join(group.list_commands(ctx))
    click.echo(f"La commande «\u202f{name}\u202f» n’existe pas. Commandes\u202f: {known}.", err=True)
    raise click.exceptions.Exit(2)


def _write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    rows = [
        (names, text.replace("[required]", "[obligatoire]"))
        for param in command.get_params(ctx)
        if (record := param.get_help_record(ctx)) is not None
        for names, text in [record]
    ]
    if rows:
        with formatter.section("Options"):
            formatter.write_dl(rows)


def base_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--base FILE`; the officer's own base by default."""
    return click.option(
        "--base",
        "base_path",
        type=click.Path(path_type=Path),
        metavar="FICHIER",
        help="La base à ouvrir (par défaut, la vôtre).",
    )(command)


def contract_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--contrat CODE`, needed only where the base holds several."""
    return click.option("--contrat", metavar="CODE", help="Le contrat, si la base en contient plusieurs.")(
        command
    )


def date_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--date`, the day of the picture; today by default."""
    return click.option(
        "--date", "day", metavar="JJ/MM/AAAA", help="La date de la situation (par défaut, aujourd’hui)."
    )(command)


def format_option(*formats: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add `--format`; the first one is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        metavar="|".join(formats),
        help="La forme de la sortie.",
    )


def _path(base_path: Path | None) -> Path:
    """Return the base to open, its passphrase given where it needs one."""
    if base_path is None:
        return _unlocked(paths.user_base())
    from qpvdesk.services import elsewhere

    warning = elsewhere.warning(base_path)
    if warning:
        click.echo(warning, err=True)
    return _unlocked(base_path)


def _unlocked(path: Path) -> Path:
    """Return the path of a base or a backup, its passphrase taken from `QPVDESK_PHRASE` or asked for."""
    from qpvdesk.services import sealing

    if sealing.is_locked(path):
        words = os.environ.get("QPVDESK_PHRASE", "")
        if not words and sys.stdin.isatty():
            words = click.prompt("Phrase secrète", hide_input=True, err=True)
        if words:
            sealing.unlock(path, words)
    return path


def _day(text: str | None) -> date:
    return french.parse_date(text) if text else date.today()


def _print_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _print_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print aligned columns; the last one takes what room is left."""
    table = [list(headers), *[list(row) for row in rows]]
    widths = [max(len(row[column]) for row in table) for column in range(len(headers))]
    for number, row in enumerate(table):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            click.echo("  ".join("-" * width for width in widths))


@click.group(cls=_Group, context_settings={"help_option_names": ["--help"]})
@click.version_option(__version__, "--version", message="qpvdesk %(version)s", help="Affiche la version.")
def cli() -> None:
    """Suit un contrat de ville : ce qui a été promis, où cela en est, d’où vient chaque chiffre.

    Sans argument, ouvre la fenêtre.
    """


@cli.command()
@base_option
@click.option("--contrat", metavar="CODE", help="Le contrat de départ (par défaut, lens-lievin).")
@click.option(
    "--exemple",
    is_flag=True,
    help="Une base d’exemple à part, aux données fictives, pour découvrir et pour former.",
)
def init(base_path: Path | None, contrat: str | None, exemple: bool) -> None:
    """Crée une base qui contient le contrat de départ."""
    from qpvdesk.services import bases

    now = datetime.now().astimezone()
    if exemple:
        if contrat is not None:
            raise click.UsageError("--exemple and --contrat")
        # The officer's own base is for the real contract: an example never takes its place.
        path = base_path if base_path is not None else paths.user_folder() / "exemple.db"
        summary = bases.create_example(path, now=now)
    else:
        path = _path(base_path)
        summary = bases.create(path, contrat or "lens-lievin", now=now)
    click.echo(
        f"Base créée\u202f: {path}\n{summary.name}\u202f: {french.plural(summary.partners, 'partenaire', 'partenaires')}, "
        f"{french.plural(summary.engagements, 'engagement', 'engagements')}, "
        f"{french.plural(summary.objectives, 'objectif ou indicateur', 'objectifs et indicateurs')}."
    )


@cli.command()
@base_option
@contract_option
@date_option
@click.option("--partenaire", metavar="CODE", help="Un seul partenaire (REGION, ARS, FT, BPI…).")
@format_option("table", "json", "csv")
def etat(
    base_path: Path | None, contrat: str | None, day: str | None, partenaire: str | None, form: str
) -> None:
    """Dit où tout en est à une date."""
    from qpvdesk.services import bases, state

    with bases.opened(_path(base_path), read_only=True) as base:
        picture = state.picture(base, contrat, _day(day), today=date.today())
    if form == "json":
        _print_json(state.as_json(picture, partenaire))
        return
    headers, rows = state.as_rows(picture, partenaire)
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\n")
        writer.writerows([headers, *([_inert(cell) for cell in row] for row in rows)])
        click.echo(out.getvalue(), nl=False)
        return
    _print_table(headers, rows)
    click.echo()
    if picture.situation.dossier.contract.fictitious:
        click.echo(f"{FICTITIOUS}\u202f: cette base est un exemple, rien n’est à citer.")
    click.echo(state.summary_sentence(picture, partenaire))


def _inert(cell: str) -> str:
    """Keep a spreadsheet from reading a user's text as a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


@cli.command()
@click.argument("objectif", metavar="OBJECTIF")
@click.argument("valeur", metavar="VALEUR")
@base_option
@contract_option
@click.option("--date", "day", required=True, metavar="JJ/MM/AAAA", help="La date de la valeur.")
@click.option("--territoire", metavar="CODE", help="Le territoire, si ce n’est pas celui de l’objectif.")
@click.option("--source", default="", metavar="TEXTE", help="D’où vient ce chiffre.")
@click.option("--commentaire", default="", metavar="TEXTE", help="Une remarque à garder avec la valeur.")
@click.option("--provisoire", is_flag=True, help="La valeur sera confirmée plus tard.")
def relever(
    objectif: str,
    valeur: str,
    base_path: Path | None,
    contrat: str | None,
    day: str,
    territoire: str | None,
    source: str,
    commentaire: str,
    provisoire: bool,
) -> None:
    """Enregistre une valeur (« 1 339 », « 16,4 % », « 2,5 M€ »)."""
    from qpvdesk.services import bases, measurements

    with bases.opened(_path(base_path)) as base:
        dossier = base.dossier(bases.contract_named(base, contrat).key)
        objective = measurements.objective_coded(dossier, objectif)
        entry = measurements.Entry(
            objective=objective.key,
            day=french.parse_date(day),
            value=french.parse_number(valeur, objective.unit),
            territory=measurements.territory_coded(dossier, territoire).key if territoire else None,
            source=source,
            comment=commentaire,
            provisional=provisoire,
        )
        change = measurements.record(base, dossier, entry, today=date.today())
    click.echo(change.label)


@cli.command()
@base_option
@contract_option
@date_option
@click.option(
    "--modele", type=click.Choice(MODELS), default="copil", metavar="|".join(MODELS), help="Le modèle."
)
@click.option(
    "--sortie",
    required=True,
    type=click.Path(path_type=Path),
    metavar="F.(pdf|docx|zip)",
    help="Le fichier à écrire\u202f: le papier, un document modifiable, ou les tableaux en CSV.",
)
@click.option("--partenaire", metavar="CODE", help="Le partenaire de la fiche ou de la saisie.")
@click.option("--territoire", metavar="CODE", help="Le territoire de la fiche.")
@click.option(
    "--reunion",
    metavar="CODE",
    help="La réunion (COPIL-2026-06-30)\u202f: avec ses données arrêtées, s’il y en a.",
)
@click.option("--arrete", metavar="EMPREINTE", help="Un arrêté des données précis, par son empreinte.")
def rapport(
    base_path: Path | None,
    contrat: str | None,
    day: str | None,
    modele: str,
    sortie: Path,
    partenaire: str | None,
    territoire: str | None,
    reunion: str | None,
    arrete: str | None,
) -> None:
    """Imprime un rapport dans un fichier."""
    from qpvdesk.services import bases, freezing, printing, state

    with bases.opened(_path(base_path), read_only=True) as base:
        if reunion is None and arrete is None:
            now = state.picture(base, contrat, _day(day), today=date.today()).situation
            subject = freezing.shown(base, now, modele, None)
        else:
            from qpvdesk.services import committee

            dossier = base.dossier(bases.contract_named(base, contrat).key)
            chosen = freezing.fingerprinted(dossier, arrete) if arrete is not None else None
            owner = committee.meeting_coded(dossier, reunion) if reunion is not None else None
            subject = freezing.subject(
                base,
                dossier,
                owner,
                modele,
                today=date.today(),
                day=french.parse_date(day) if day else None,
                snapshot=chosen,
            )
        pages = printing.write_report(
            modele,
            subject.picture,
            sortie,
            partner=partenaire,
            territory=territoire,
            meeting=subject.meeting,
            snapshot=subject.fingerprint,
            letterhead=bases.letterhead() if subject.letterhead is None else subject.letterhead,
        )
    held = f" ({french.plural(pages, 'page', 'pages')})" if pages else ""
    click.echo(f"Rapport écrit\u202f: {sortie}{held}.")
    if subject.meeting is not None and (reunion is not None or arrete is not None):
        _note_paper(_path(base_path), contrat, modele, subject, sortie.name)


def _note_paper(base_path: Path, contrat: str | None, model: str, subject: Subject, name: str) -> None:
    """Note the paper among those of its meeting; where the base cannot be written, say so and no more."""
    from qpvdesk.services import bases, papers

    try:
        with bases.opened(base_path) as base:
            dossier = base.dossier(bases.contract_named(base, contrat).key)
            key = subject.meeting.key if subject.meeting is not None else ""
            papers.record(base, dossier, key, model, subject, name, today=date.today())
    except UserError as error:
        click.echo(f"Il n’est pas inscrit parmi les papiers de la réunion\u202f: {error.message}", err=True)


@cli.command()
@base_option
@contract_option
@format_option("table", "json")
def reunions(base_path: Path | None, contrat: str | None, form: str) -> None:
    """Liste les réunions, leurs décisions et leurs données arrêtées."""
    from qpvdesk.services import bases, freezing

    with bases.opened(_path(base_path), read_only=True) as base:
        dossier = base.dossier(bases.contract_named(base, contrat).key)
    if form == "json":
        _print_json(freezing.as_json(dossier))
    elif dossier.meetings:
        _print_table(*freezing.as_rows(dossier))
    else:
        click.echo("Aucune réunion n’est inscrite. La page «\u202fComités\u202f» de la fenêtre en ajoute.")


@cli.command()
@click.argument("avant", metavar="REUNION")
@click.argument("apres", metavar="[REUNION]", required=False)
@base_option
@contract_option
@format_option("table", "json")
def comparer(avant: str, apres: str | None, base_path: Path | None, contrat: str | None, form: str) -> None:
    """Compare les données arrêtées d’une réunion à une autre, ou à aujourd’hui."""
    from qpvdesk.services import bases, freezing

    with bases.opened(_path(base_path), read_only=True) as base:
        dossier = base.dossier(bases.contract_named(base, contrat).key)
        comparison = freezing.compared(base, dossier, avant, apres, today=date.today())
    if form == "json":
        _print_json(freezing.comparison_as_json(comparison))
        return
    headers, rows = freezing.comparison_as_rows(comparison)
    if rows:
        _print_table(headers, rows)
        click.echo()
    click.echo(freezing.comparison_sentence(comparison))


@cli.command()
@base_option
@contract_option
@click.option("--reunion", required=True, metavar="CODE", help="La réunion (COPIL-2026-06-30).")
@click.option(
    "--date",
    "day",
    metavar="JJ/MM/AAAA",
    help="La date des données (par défaut, celle de la réunion si elle est passée, sinon aujourd’hui).",
)
def arreter(base_path: Path | None, contrat: str | None, reunion: str, day: str | None) -> None:
    """Arrête les données d’une réunion\u202f: rien ne les changera plus."""
    from qpvdesk.services import bases, committee, freezing

    with bases.opened(_path(base_path)) as base:
        contract = bases.contract_named(base, contrat).key
        dossier = base.dossier(contract)
        meeting = committee.meeting_coded(dossier, reunion)
        chosen = french.parse_date(day) if day else None
        change = freezing.freeze(
            base, dossier, meeting.key, today=date.today(), day=chosen, letterhead=bases.letterhead()
        )
        made = base.dossier(contract).snapshots
    fresh = max(made, key=lambda item: item.key)
    click.echo(f"{change.label} (empreinte {fresh.fingerprint[:16]}).")


@cli.command()
@base_option
@contract_option
@date_option
@click.option(
    "--sortie",
    required=True,
    type=click.Path(path_type=Path),
    metavar="F.(xlsx|ods|csv|json)",
    help="Le fichier à écrire.",
)
@click.option("--partenaire", metavar="CODE", help="Un seul partenaire.")
@click.option(
    "--modele",
    type=click.Choice(EXPORTS),
    default="etat",
    metavar="|".join(EXPORTS),
    help="Ce qui est exporté\u202f; «\u202fremontee\u202f»\u202f: le classeur qu’un partenaire remplit\u202f;"
    " «\u202fcontrat\u202f»\u202f: tout le contrat, à reprendre ailleurs\u202f; «\u202fgabarit\u202f»\u202f: le même, vide.",
)
def exporter(
    base_path: Path | None,
    contrat: str | None,
    day: str | None,
    sortie: Path,
    partenaire: str | None,
    modele: str,
) -> None:
    """Écrit l’état, les relevés ou le classeur d’un partenaire dans un fichier."""
    from qpvdesk.services import bases, exports, state

    with bases.opened(_path(base_path), read_only=True) as base:
        picture = state.picture(base, contrat, _day(day), today=date.today())
        lines = exports.export(base, picture, sortie, content=modele, partner=partenaire)
    extent = exports.extent(sortie, lines, picture.situation.dossier, modele)
    click.echo(f"Fichier écrit\u202f: {sortie} ({extent}).")


@cli.command()
@click.argument("fichier", metavar="F", type=click.Path(path_type=Path))
@base_option
@contract_option
@click.option(
    "--date", "day", metavar="JJ/MM/AAAA", help="La date des valeurs, si le fichier ne la donne pas."
)
@click.option("--simulation", is_flag=True, help="Dit seulement ce qui changerait.")
@click.option(
    "--correspondance",
    metavar="TEXTE",
    help="Où sont les chiffres d’un fichier inconnu\u202f:"
    " «\u202ffeuille=Données; titres=3-4; indicateur=B; valeur=D; date=E; territoire=C\u202f».",
)
@click.option(
    "--retenir", metavar="CODE", help="Retient ces colonnes pour les prochains fichiers de ce partenaire."
)
@click.option(
    "--associer",
    multiple=True,
    metavar="NOM=CODE",
    help="L’objectif que désigne un nom inconnu du fichier (peut se répéter)\u202f; sans CODE, la ligne est ignorée.",
)
@click.option(
    "--nouveau-contrat",
    "nouveau",
    metavar="CODE",
    help="Crée sous ce code le contrat entier que contient le fichier (xlsx, ods, json).",
)
@format_option("table", "json")
def importer(
    fichier: Path,
    base_path: Path | None,
    contrat: str | None,
    day: str | None,
    simulation: bool,
    correspondance: str | None,
    retenir: str | None,
    associer: tuple[str, ...],
    nouveau: str | None,
    form: str,
) -> None:
    """Lit les valeurs d’un tableur (xlsx, xls, ods, csv)\u202f: toutes ou aucune."""
    from qpvdesk.services import bases, imports

    if nouveau is not None:
        _import_contract(fichier, _path(base_path), nouveau, simulation, form)
        return
    with bases.opened(_path(base_path), read_only=simulation) as base:
        plan = imports.preview(
            base.dossier(bases.contract_named(base, contrat).key),
            fichier,
            today=date.today(),
            day=french.parse_date(day) if day else None,
            chosen=_chosen(associer),
            described=correspondance,
            partner=retenir,
        )
        if form == "json":
            _print_json(imports.as_json(plan, simulation=simulation))
        else:
            _print_table(*imports.as_rows(plan))
            click.echo()
            for note in plan.notes:
                click.echo(note)
            click.echo(plan.sentence)
        change = None if simulation else imports.apply(base, plan)
    if form == "table":
        click.echo("Rien n’a été modifié." if change is None else f"{change.label}.")


def _chosen(pairs: Sequence[str]) -> dict[str, str]:
    made = {}
    for pair in pairs:
        name, equals, code = pair.rpartition("=")
        if not equals or not name.strip():
            raise UserError(
                f"«\u202f{pair}\u202f» n’est pas compris.",
                'Écrivez «\u202f--associer "Nom lu=BPI-O01"\u202f».',
            )
        made[name.strip()] = code.strip()
    return made


def _import_contract(file: Path, base_path: Path, code: str, simulation: bool, form: str) -> None:
    """Add the contract of a file to a base, made for it where there is none."""
    from qpvdesk.services import bases, contract_import

    made = contract_import.preview(file, code=code)
    change = None if simulation else bases.add_contract(base_path, made, now=datetime.now().astimezone())
    if form == "json":
        _print_json(contract_import.as_json(made, simulation=simulation))
        return
    for sentence in (*made.notes, *made.problems):
        click.echo(sentence)
    click.echo(made.sentence)
    click.echo("Rien n’a été modifié." if change is None else f"{change.label}.")


@cli.command()
@base_option
@contract_option
@click.option(
    "--reparer",
    is_flag=True,
    help="Remet en état une base endommagée\u202f: ce qui se lit encore est récupéré, l’ancienne est gardée.",
)
@format_option("table", "json")
def verifier(base_path: Path | None, contrat: str | None, reparer: bool, form: str) -> None:
    """Vérifie la base et la cohérence du contrat."""
    from qpvdesk.services import bases, state

    if reparer:
        _repair(_path(base_path), form)
        return
    with bases.opened(_path(base_path), read_only=True) as base:
        problems = list(base.check())
        picture = state.picture(base, contrat, date.today(), today=date.today())
    findings = picture.findings
    if form == "json":
        _print_json(
            {
                "base": {"saine": not problems, "problemes": problems},
                "coherence": [state.point_as_json(view.point) for view in findings],
            }
        )
    else:
        click.echo("Base saine." if not problems else "La base a des défauts\u202f:")
        for problem in problems:
            click.echo(f"- {problem}")
        click.echo(
            french.plural(len(findings), "point de cohérence à examiner", "points de cohérence à examiner")
        )
        for view in findings:
            click.echo(f"- {view.point.object}\u202f: {view.point.message}")
    if problems:
        raise UserError(
            "La base a des défauts.",
            "Essayez «\u202fqpvdesk verifier --reparer\u202f», ou restaurez la dernière sauvegarde.",
        )


def _repair(base: Path, form: str) -> None:
    """Mend a base that has faults; say what was saved, what was not and where the one before is kept."""
    from dataclasses import asdict

    from qpvdesk.services import safety

    problems = safety.faults(base)
    done = safety.repair(base, now=datetime.now().astimezone()) if problems else None
    left = safety.faults(base) if done else []
    if form == "json":
        _print_json(
            {
                "problemes": problems,
                "reparee": done is not None,
                "gardee": str(done.kept) if done else None,
                "rapport": asdict(done.report) if done else None,
                "restants": left,
            }
        )
        return
    if done is None:
        click.echo("Base saine\u202f: il n’y a rien à réparer.")
        return
    for sentence in (*problems, "", *safety.repair_sentences(done.report)):
        click.echo(sentence)
    click.echo(f"La base d’avant est gardée\u202f: {done.kept}")
    for sentence in left:
        click.echo(f"Reste à voir\u202f: {sentence}")


@cli.command()
@base_option
@click.option("--objet", metavar="CODE", help="Un seul objet (BPI-O01, FT-E03…).")
@click.option("--limite", type=int, default=200, metavar="N", help="Combien de lignes au plus.")
@format_option("table", "json")
def journal(base_path: Path | None, objet: str | None, limite: int, form: str) -> None:
    """Dit qui a changé quoi, et quand."""
    from qpvdesk.services import bases, state

    with bases.opened(_path(base_path), read_only=True) as base:
        entries = base.history(objet, limite)
    if form == "json":
        _print_json([state.entry_as_json(entry) for entry in entries])
        return
    if not entries:
        click.echo("Le journal n’a rien sur ce sujet.")
    for entry in entries:
        click.echo(
            f"{french.format_date(entry.when.date())} {entry.when:%H:%M}  {entry.author}  {entry.sentence}"
        )


@cli.command()
@base_option
@click.option(
    "--sortie",
    type=click.Path(path_type=Path),
    metavar="F.db",
    help="Le fichier à écrire\u202f; sinon à côté.",
)
def sauvegarder(base_path: Path | None, sortie: Path | None) -> None:
    """Sauvegarde la base, vérifiée, avec son empreinte."""
    from qpvdesk.services import safety

    if sortie is not None and sortie.exists():
        raise UserError(
            f"Le fichier «\u202f{sortie.name}\u202f» existe déjà\u202f: il n’est pas remplacé.",
            "Choisissez un autre nom.",
        )
    made = safety.back_up(_path(base_path), sortie)
    click.echo(f"Sauvegarde écrite et vérifiée\u202f: {made}")


@cli.command()
@click.argument("sauvegarde", metavar="F.db", type=click.Path(path_type=Path))
@base_option
@click.option("--apercu", is_flag=True, help="Dit seulement ce qui changerait.")
def restaurer(sauvegarde: Path, base_path: Path | None, apercu: bool) -> None:
    """Remet une sauvegarde à la place de la base, qui est gardée."""
    from qpvdesk.services import safety

    base = _path(base_path)
    _unlocked(sauvegarde)
    for sentence in safety.sentences(safety.preview(base, sauvegarde)):
        click.echo(sentence)
    if apercu:
        click.echo("Rien n’a été modifié.")
        return
    done = safety.restore(base, sauvegarde, now=datetime.now())
    click.echo(f"Base restaurée\u202f: {base}")
    if done.kept is not None:
        click.echo(f"La base remplacée est gardée\u202f: {done.kept}")


@cli.group(cls=_Group)
def paquet() -> None:
    """Échange avec un collègue\u202f: un paquet des modifications, et les désaccords à trancher."""


@paquet.command("creer")
@base_option
@click.option(
    "--sortie",
    required=True,
    type=click.Path(path_type=Path),
    metavar="F.paquet",
    help="Le fichier à écrire.",
)
@click.option(
    "--pour",
    metavar="NOM",
    help="Seulement ce qui manque à ce collègue, d’après son dernier paquet\u202f; sinon, toute l’histoire.",
)
def package_create(base_path: Path | None, sortie: Path, pour: str | None) -> None:
    """Prépare un paquet pour un collègue."""
    from qpvdesk.services import bases, colleagues

    with bases.opened(_path(base_path), read_only=True) as base:
        count = colleagues.prepare(base, sortie, recipient=pour)
    click.echo(f"Paquet écrit\u202f: {sortie} ({french.plural(count, 'modification', 'modifications')}).")


@paquet.command("appliquer")
@click.argument("fichier", metavar="F.paquet", type=click.Path(path_type=Path))
@base_option
@click.option("--simulation", is_flag=True, help="Dit seulement ce qui changerait.")
@format_option("table", "json")
def package_apply(fichier: Path, base_path: Path | None, simulation: bool, form: str) -> None:
    """Fusionne le paquet d’un collègue\u202f: tout ou rien, après une sauvegarde."""
    from qpvdesk.services import bases, colleagues

    with bases.opened(_path(base_path)) as base:
        if simulation:
            arrival = colleagues.preview(base, fichier)
        else:
            arrival, _ = colleagues.receive(base, fichier)
    if form == "json":
        _print_json(colleagues.as_json(arrival, simulation=simulation))
        return
    for sentence in colleagues.sentences(arrival):
        click.echo(sentence)
    if simulation or not arrival.is_new:
        click.echo("Rien n’a été modifié.")


@paquet.command("desaccords")
@base_option
@format_option("table", "json")
def package_disagreements(base_path: Path | None, form: str) -> None:
    """Liste ce que deux collègues ont écrit chacun de leur côté."""
    from qpvdesk.services import bases, colleagues

    with bases.opened(_path(base_path), read_only=True) as base:
        found = base.disagreements()
    if form == "json":
        _print_json(colleagues.disagreements_as_json(found))
        return
    for one in found:
        click.echo(colleagues.told(one))
    if not found:
        click.echo("Aucun désaccord à trancher.")


@paquet.command("trancher")
@click.argument("objet", metavar="CODE")
@click.argument("champ", metavar="CHAMP")
@base_option
@click.option("--garder", required=True, metavar="NOM", help="Le collègue dont la valeur est gardée.")
def package_settle(objet: str, champ: str, base_path: Path | None, garder: str) -> None:
    """Tranche un désaccord\u202f: CODE et CHAMP comme «\u202fpaquet desaccords\u202f» les dit."""
    from qpvdesk.services import bases, colleagues

    with bases.opened(_path(base_path)) as base:
        change = colleagues.settle(base, *colleagues.named(base, objet, champ, garder))
    click.echo(f"{change.label}.")


@cli.command()
@base_option
@click.option("--retirer", is_flag=True, help="Remet la base et ses sauvegardes en clair.")
@click.option(
    "--fiche",
    type=click.Path(path_type=Path),
    metavar="F.pdf",
    help="Écrit aussi la fiche de la clé de secours, à imprimer.",
)
def chiffrer(base_path: Path | None, retirer: bool, fiche: Path | None) -> None:
    """Met la base et ses sauvegardes sous une phrase secrète, ou en change."""
    from qpvdesk.services import bases, sealing
    from qpvdesk.services.settings import SettingsFile

    base = _path(base_path)
    with bases.opened(base):
        # Sound, ours, of this version, and nobody else has it.
        pass
    copies = SettingsFile(paths.user_folder()).read().copies
    if retirer:
        for sentence in sealing.unseal(base, copies=copies):
            click.echo(sentence)
        return
    words = os.environ.get("QPVDESK_NOUVELLE_PHRASE", "")
    if not words and sys.stdin.isatty():
        again = "Encore une fois"
        words = click.prompt("Nouvelle phrase secrète", hide_input=True, confirmation_prompt=again, err=True)
    done = sealing.seal(base, words, copies=copies)
    for sentence in done.said:
        click.echo(sentence)
    click.echo("Clé de secours, à garder hors de cet ordinateur\u202f:")
    click.echo(done.recovery)
    if fiche is not None:
        sealing.write_sheet(fiche, done.recovery, base.name, date.today())
        click.echo(f"Fiche à imprimer\u202f: {fiche}")


@cli.command()
@base_option
@click.option(
    "--sortie",
    required=True,
    type=click.Path(path_type=Path),
    metavar="F.zip",
    help="Le fichier à écrire, à joindre à une demande d’aide.",
)
def incident(base_path: Path | None, sortie: Path) -> None:
    """Prépare un rapport d’incident\u202f: journal technique et versions, aucune donnée."""
    from qpvdesk.services import incident as service

    held = service.prepare(sortie, base=_path(base_path), logs=paths.logs_folder(), now=datetime.now())
    click.echo(f"Rapport d’incident écrit\u202f: {sortie}")
    click.echo(f"Il contient {', '.join(held)}. Aucune de vos saisies n’y figure.")


@cli.command()
@click.argument("texte", metavar="TEXTE")
@base_option
@click.option(
    "--confirmer", is_flag=True, help="Efface vraiment\u202f; sans cela, dit seulement où est ce texte."
)
@click.option("--sauvegardes", is_flag=True, help="Retire aussi les sauvegardes qui le contiennent.")
def effacer(texte: str, base_path: Path | None, confirmer: bool, sauvegardes: bool) -> None:
    """Efface partout un texte sur une personne, journal compris\u202f: c’est définitif."""
    from qpvdesk.services import bases, privacy

    with bases.opened(_path(base_path), read_only=not confirmer) as base:
        for sentence in privacy.sentences(privacy.trace(base, texte)):
            click.echo(sentence)
        if not confirmer:
            click.echo("Rien n’a été modifié.")
            return
        privacy.erase(base, texte)
        click.echo("Ce texte est remplacé par «\u202f[effacé]\u202f» dans la base et dans son journal.")
        if sauvegardes:
            removed = privacy.erase_copies(base, texte)
            words = french.plural(removed, "sauvegarde retirée", "sauvegardes retirées")
            click.echo(
                f"{words}\u202f; une nouvelle a été faite."
                if removed
                else "Aucune sauvegarde ne le contient."
            )


@cli.command()
@click.option(
    "--sortie", required=True, type=click.Path(path_type=Path), metavar="F.pdf", help="Le PDF à écrire."
)
@click.option("--rapide", is_flag=True, help="Le démarrage rapide seul, deux pages.")
def guide(sortie: Path, rapide: bool) -> None:
    """Imprime le guide de l’utilisateur."""
    from qpvdesk.services import guide as service

    pages = service.write(sortie, quick=rapide, now=date.today())
    click.echo(f"Guide écrit\u202f: {sortie} ({french.plural(pages, 'page', 'pages')})")


@cli.command()
@click.option("--retirer", is_flag=True, help="Retire ce que cette commande a inscrit.")
def bureau(retirer: bool) -> None:
    """Met le programme au menu de votre session\u202f; ses bases s’ouvrent d’un double-clic."""
    from qpvdesk.services import integration

    click.echo(integration.uninstall() if retirer else integration.install(integration.command()))
