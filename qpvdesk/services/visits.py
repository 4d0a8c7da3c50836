"""What becomes of a visit; it is typed, changed and removed by its form, in the window and in the shell."""

from __future__ import annotations

from msgspec.structs import replace

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError, thing_keyed
from qpvdesk.domain.visits import visit_codes
from qpvdesk.services.desk import Desk


def set_done(desk: Desk, contract: str, key: str, *, done: bool) -> Change:
    """Say that what was to be done of a visit is done as of today, or that it is awaited again. Raises `UserError`."""
    dossier = desk.dossier(contract)
    visit = thing_keyed(dossier.visits, key, "Cette visite")
    if not visit.follow_up:
        raise UserError(
            "Rien n’est à faire de cette visite.", "Notez d’abord la suite à donner dans sa fiche."
        )
    code = visit_codes(dossier.visits)[key]
    with desk.act(f"{code}\u202f: suite {'donnée' if done else 'attendue de nouveau'}") as unit:
        unit.put(replace(visit, done_on=desk.today() if done else None))
    return unit.change
