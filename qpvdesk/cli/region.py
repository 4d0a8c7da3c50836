"""The contracts of many officers, consolidated: the extra « région »."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import click

from qpvdesk import paths
from qpvdesk.cli.options import PACKAGE_PHRASE, PHRASE
from qpvdesk.cli.table import command
from qpvdesk.domain import french, lookalikes
from qpvdesk.domain.errors import UserError


@command("consolider")
@click.argument("sources", metavar="PAQUETS…", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--vers",
    required=True,
    metavar="postgresql://…|DOSSIER",
    help="Où écrire\u202f: un serveur PostgreSQL, ou un dossier de fichiers Parquet.",
)
@click.option(
    "--jours",
    type=click.Choice(("aujourd-hui", "mensuels")),
    default="aujourd-hui",
    metavar="mensuels",
    help="Calcule aussi chaque fin de mois depuis la signature.",
)
@click.option(
    "--moteur", metavar="tcp://…", help="Un groupe de machines Dask qui calcule\u202f; sinon, ce poste."
)
@click.option(
    "--entrepot",
    type=click.Path(path_type=Path),
    metavar="DOSSIER",
    help="Où garder ce qui est arrivé (par défaut, dans votre dossier).",
)
@click.option(
    "--accepter",
    "accepted",
    metavar="EMPREINTE",
    multiple=True,
    help="La clé d’un agent, comparée avec lui\u202f; «\u202fnon-signees\u202f»\u202f: ce que personne n’a signé."
    " Répétable.",
)
def consolider(
    *,
    sources: tuple[Path, ...],
    vers: str,
    jours: str,
    moteur: str | None,
    entrepot: Path | None,
    accepted: tuple[str, ...],
) -> None:
    try:
        from qpvdesk.region import consolidation  # noqa: PLC0415 - 30 ms, the extra alone needs it
        from qpvdesk.region.store import Entrepot, Phrases  # noqa: PLC0415 - 30 ms, the extra alone needs it

        target = consolidation.target(vers)
    except ImportError as error:
        raise UserError(
            "La consolidation n’est pas installée sur ce poste.",
            'Installez le supplément «\u202frégion\u202f»\u202f: pip install "qpvdesk[region]".',
        ) from error
    store = Entrepot(
        entrepot or paths.user_folder() / "entrepot",
        accepted=accepted,
        unsigned="non-signees" in accepted,
        phrases=Phrases(os.environ.get(PHRASE, ""), os.environ.get(PACKAGE_PHRASE, "")),
    )
    with target as place:
        done = consolidation.consolidate(
            sources, place, store, monthly=jours == "mensuels", today=date.today(), cluster=moteur
        )
    for name in done.contracts:
        click.echo(f"Consolidé\u202f: {name}")
    if done.unchanged:
        click.echo(f"{french.plural(done.unchanged, 'contrat inchangé', 'contrats inchangés')}.")
    for refused in done.refused:
        why = " ".join(part for part in (str(refused.why), refused.why.shell) if part)
        click.echo(f"{lookalikes.seen(str(refused.source))}\u202f: {why}", err=True)
    if done.refused:
        raise click.exceptions.Exit(1)
