"""What is printed: reports and the guide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from qpvdesk.cli.french_click import gathered
from qpvdesk.cli.options import (
    base_at,
    base_option,
    compare_option,
    contract_option,
    date_option,
    output_option,
)
from qpvdesk.cli.table import command
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.meetings import meeting_coded
from qpvdesk.domain.review import Review
from qpvdesk.services import printing
from qpvdesk.services.committees import freezing, papers
from qpvdesk.services.desk import opened


@dataclass(frozen=True, slots=True)
class _Asked:
    base_path: Path | None
    contrat: str | None
    day: str | None
    against: date | str | None
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
@compare_option
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
    with opened(base_at(asked.base_path), read_only=True) as desk:
        contract = desk.contract(asked.contrat).code
        dossier = desk.dossier(contract)
        request = printing.Request(
            asked.modele,
            asked.partenaire,
            asked.territoire,
            meeting=meeting_coded(dossier, asked.reunion).key if asked.reunion is not None else None,
            snapshot=freezing.fingerprinted(dossier, asked.arrete) if asked.arrete is not None else None,
            compared_with=asked.against,
        )
        review = printing.subject(
            desk, contract, request, french.parse_date(asked.day) if asked.day else None
        )
        letterhead = printing.letterhead_of(desk, review)
    pages = printing.write_report(request, review, asked.sortie, letterhead=letterhead)
    extent = f" ({french.plural(pages, 'page', 'pages')})" if pages else ""
    click.echo(f"Rapport écrit\u202f: {asked.sortie}{extent}.")
    if review.meeting is not None:
        _note_paper(base_at(asked.base_path), asked, review)


def _note_paper(path: Path, asked: _Asked, review: Review) -> None:
    """Note the paper among those of its meeting; where the base cannot be written, say so and no more."""
    try:
        with opened(path) as desk:
            contract = review.situation.dossier.contract.code
            papers.record(desk, contract, asked.modele, review, name=asked.sortie.name)
    except UserError as error:
        click.echo(f"Il n’est pas inscrit parmi les papiers de la réunion\u202f: {error.message}", err=True)
