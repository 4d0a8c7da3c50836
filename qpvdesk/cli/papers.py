"""What is printed: reports and the guide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from qpvdesk.cli.french_click import gathered
from qpvdesk.cli.options import base_at, base_option, contract_option, date_option, day_of, output_option
from qpvdesk.cli.table import command
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.services import bases, committee, freezing, papers, printing, state


@dataclass(frozen=True, slots=True)
class _Asked:
    base_path: Path | None
    contrat: str | None
    day: str | None
    modele: str
    sortie: Path
    partenaire: str | None
    territoire: str | None
    reunion: str | None
    arrete: str | None


@command("rapport")
@base_option
@contract_option
@date_option
@click.option(
    "--modele",
    type=click.Choice(printing.MODELS),
    default="copil",
    metavar="|".join(printing.MODELS),
    help="Le modèle.",
)
@output_option(
    "F.(pdf|docx|zip)",
    "Le fichier à écrire\u202f: le papier, un document modifiable, ou les tableaux en CSV.",
)
@click.option("--partenaire", metavar="CODE", help="Le partenaire de la fiche ou de la saisie.")
@click.option("--territoire", metavar="CODE", help="Le territoire de la fiche.")
@click.option(
    "--reunion",
    metavar="CODE",
    help="La réunion (COPIL-2026-06-30)\u202f: avec ses données arrêtées, s’il y en a.",
)
@click.option("--arrete", metavar="EMPREINTE", help="Un arrêté des données précis, par son empreinte.")
@gathered(_Asked)
def rapport(asked: _Asked) -> None:
    subject = _subject(asked)
    pages = printing.write_report(
        asked.modele,
        subject.picture,
        asked.sortie,
        partner=asked.partenaire,
        territory=asked.territoire,
        meeting=subject.meeting,
        snapshot=subject.fingerprint,
        letterhead=bases.letterhead() if subject.letterhead is None else subject.letterhead,
    )
    extent = f" ({french.plural(pages, 'page', 'pages')})" if pages else ""
    click.echo(f"Rapport écrit\u202f: {asked.sortie}{extent}.")
    if subject.meeting is not None and (asked.reunion is not None or asked.arrete is not None):
        _note_paper(base_at(asked.base_path), asked, subject)


def _subject(asked: _Asked) -> freezing.Subject:
    """Return what is printed: a meeting's data where one or an arrêté is named, else the state of the day."""
    with bases.opened(base_at(asked.base_path), read_only=True) as base:
        if asked.reunion is None and asked.arrete is None:
            now = state.picture(base, asked.contrat, day_of(asked.day), today=date.today()).situation
            return freezing.shown(base, now, asked.modele, None)
        dossier = base.dossier(bases.contract_named(base, asked.contrat).key)
        snapshot = freezing.fingerprinted(dossier, asked.arrete) if asked.arrete is not None else None
        meeting = committee.meeting_coded(dossier, asked.reunion) if asked.reunion is not None else None
        return freezing.subject(
            base,
            dossier,
            meeting,
            asked.modele,
            today=date.today(),
            day=french.parse_date(asked.day) if asked.day else None,
            snapshot=snapshot,
        )


def _note_paper(path: Path, asked: _Asked, subject: freezing.Subject) -> None:
    """Note the paper among those of its meeting; where the base cannot be written, say so and no more."""
    try:
        with bases.opened(path) as base:
            dossier = base.dossier(bases.contract_named(base, asked.contrat).key)
            key = subject.meeting.key if subject.meeting is not None else ""
            papers.record(base, dossier, key, asked.modele, subject, asked.sortie.name, today=date.today())
    except UserError as error:
        click.echo(f"Il n’est pas inscrit parmi les papiers de la réunion\u202f: {error.message}", err=True)
