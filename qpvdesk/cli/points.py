"""Points d'attention taken note of."""

from __future__ import annotations

from pathlib import Path

import click

from qpvdesk.cli.options import base_option, contract_option, in_contract
from qpvdesk.cli.table import command
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.review import Review
from qpvdesk.services import points


@command("acquitter")
@click.argument("point", metavar="POINT")
@click.option("--motif", default="", metavar="TEXTE", help="Pourquoi ce point n’appelle plus l’attention.")
@click.option("--rouvrir", is_flag=True, help="Rouvre ce point, qui avait été pris en compte.")
@base_option
@contract_option
def acquitter(
    *, point: str, motif: str, rouvrir: bool, base_path: Path | None, contrat: str | None
) -> Change:
    with in_contract(base_path, contrat) as (desk, contract):
        known = _ident(desk.review(contract, desk.today()), point)
        return (
            points.reopen(desk, contract, known)
            if rouvrir
            else points.acknowledge(desk, contract, [known], motif)
        )


def _ident(review: Review, text: str) -> str:
    """Return the identifier of a point as `etat --format json` gives it. Raises `UserError`."""
    idents = {view.point.ident.casefold(): view.point.ident for view in review.points}
    ident = idents.get(text.strip().casefold())
    if ident is None:
        raise UserError(
            f"Aucun point d’attention ne s’appelle «\u202f{text}\u202f».",
            "«\u202fqpvdesk etat --format json\u202f» les donne, chacun sous «\u202fpoint\u202f».",
        )
    return ident
