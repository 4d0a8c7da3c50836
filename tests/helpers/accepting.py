"""A proposal accepted as the dialog accepts it: what has to be chosen is answered, or it is left."""

from __future__ import annotations

from collections.abc import Mapping

from qpvdesk.domain.proposing import Proposal
from qpvdesk.services import proposal_forms, proposals
from qpvdesk.services.desk import Desk


def accepted(
    desk: Desk, contract: str, item: Proposal, answers: Mapping[str, str] | None = None, *, document: str = ""
) -> dict[str, str]:
    """Write a proposal; return what keeps it from being written, by field, empty once it is.

    `answers`: what is chosen in the fields that the text does not say, by code or word.
    """
    dossier = desk.dossier(contract)
    form = proposal_forms.filled(dossier, item, document)
    faults = proposal_forms.read(dossier, item.kind, form.typed, form).faults
    typed = {**form.typed, **{name: text for name, text in (answers or {}).items() if name in faults}}
    faults = proposal_forms.read(dossier, item.kind, typed, form).faults
    if not faults:
        proposals.accept(desk, contract, item.kind, typed=typed, key=form.key)
    return faults
