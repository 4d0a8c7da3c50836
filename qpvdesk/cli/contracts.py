"""The contracts of a base side by side."""

from __future__ import annotations

from pathlib import Path

import click

from qpvdesk.cli.options import base_at, base_option, date_option, day_of, opened, output_option
from qpvdesk.cli.output import print_table
from qpvdesk.cli.table import command
from qpvdesk.domain.overview import NO_SUM, common_sentence, counted_words, median_sentence
from qpvdesk.services.contracts import side_by_side


@command("contrats")
@base_option
@date_option
@output_option(
    "F.(pdf|docx|odt|zip|pptx)",
    "Le fichier à écrire\u202f: la note, un document modifiable, les tableaux en CSV, ou les diapositives.",
    required=False,
)
def contrats(*, base_path: Path | None, day: str | None, sortie: Path | None) -> None:
    with opened(base_at(base_path), read_only=True) as desk:
        if sortie is not None:
            click.echo(f"Note écrite\u202f: {side_by_side.print_note(desk, day_of(day), sortie)}.")
            return
        view = side_by_side.of_base(desk, day_of(day))
    headers = ("Contrat", "À traiter", "Dont propres", "Décisions échues", "Sans réponse")
    rows = [
        (
            item.contract.name,
            counted_words(item.counts),
            counted_words(item.own_counts),
            str(item.late_decisions),
            ", ".join(f"{silence.partner.code} {silence.figures}" for silence in item.silences),
        )
        for item in view.lines
    ]
    print_table(headers, rows)
    click.echo()
    for sentence in (median_sentence(view), f"{common_sentence(view.common)}.", NO_SUM):
        if sentence:
            click.echo(sentence)
