"""Points d'attention: taken into account with a reason, or opened again."""

from __future__ import annotations

from collections.abc import Sequence

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Acknowledgement
from qpvdesk.services.desk import Desk
from qpvdesk.storage.keys import new_key


def acknowledge(desk: Desk, contract: str, points: Sequence[str], reason: str) -> Change:
    """Acknowledge points, by their identifiers (`Point.ident`), for one reason and as one act.

    Raises `UserError` where the reason is empty or there is no point.
    """
    if not reason.strip():
        raise UserError(
            "Un point d’attention n’est pris en compte qu’avec son motif.", "Écrivez en une phrase pourquoi."
        )
    if not points:
        raise UserError("Ces points sont déjà pris en compte.", "Rien n’est à faire.")
    dossier = desk.dossier(contract)
    known = {item.point: item.key for item in dossier.acknowledgements}
    label = (
        f"Point d’attention pris en compte\u202f: {_object_of(points[0])}"
        if len(points) == 1
        else f"{len(points)} points d’attention pris en compte"
    )
    with desk.act(label) as unit:
        unit.put_all(
            Acknowledgement(
                known.get(point) or new_key(), dossier.contract.key, point, reason.strip(), day=desk.today()
            )
            for point in points
        )
    return unit.change


def reopen(desk: Desk, contract: str, point: str) -> Change:
    """Take the acknowledgement back: the point asks for attention again."""
    known = [item for item in desk.dossier(contract).acknowledgements if item.point == point]
    if not known:
        raise UserError("Ce point d’attention n’est pas pris en compte.")
    with desk.act(f"Point d’attention rouvert\u202f: {_object_of(point)}") as unit:
        for item in known:
            unit.remove(item)
    return unit.change


def _object_of(point: str) -> str:
    """Return the code inside a point's identifier (`kind:code[:…]`)."""
    return point.split(":")[1] if ":" in point else point
