"""The map of a contract, asked for by an officer."""

from __future__ import annotations

from pathlib import Path

from qpvdesk.domain.errors import UserError
from qpvdesk.reports import map_file
from qpvdesk.services.desk import Desk
from qpvdesk.services.territories import layers


def write(desk: Desk, contract: str, target: Path, *, layer: str = "", place: str = "") -> None:
    """Draw a contract's map to an SVG file. `layer`: code of what is shown; `place`: code of what is seen near.

    Raises `UserError` where it has no outline, or no such layer.
    """
    shown = (
        layers.find(desk, contract, layer) if layer not in ("", map_file.PROMISES, map_file.VISITS) else layer
    )
    atlas = layers.atlas_of(desk, contract)
    if not atlas.contours:
        raise UserError(
            "Ce contrat n’a aucun contour.",
            shell="Reprenez-les avec «\u202fqpvdesk territoire importer\u202f».",
        )
    map_file.write(target, desk.situation(contract, desk.today()), atlas, shown=shown, place=place)
