"""What is left of a contract once its refused lines are put aside, so that all its faults are said in one go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qpvdesk.domain.kinds import Kind
from qpvdesk.domain.model import Citation, Dossier
from qpvdesk.services.contracts import contract_layout as layout


def rest_of(dossier_fields: Mapping[str, Any], stand_ins: Mapping[str, Sequence[Any]]) -> Dossier | None:
    """Return the contract without what refers to a thing that is not there; None where its own line is refused.

    `stand_ins`: by kind, what stands for refused lines, which others refer to.
    """
    left = dict(dossier_fields)
    left["contract"] = dossier_fields["contract"] or next(iter(stand_ins.get("contract", ())), None)
    if left["contract"] is None:
        return None
    kinds = [kind for kind in layout.kinds_with_files() if kind.name != "contract"]
    left |= {kind.dossier: (*dossier_fields[kind.dossier], *stand_ins.get(kind.name, ())) for kind in kinds}
    while True:
        known = {left["contract"].key, *(item.key for kind in kinds for item in left[kind.dossier])}
        kept = {
            kind.dossier: tuple(
                item for item in left[kind.dossier] if known.issuperset(references(kind, item))
            )
            for kind in kinds
        }
        if all(len(kept[kind.dossier]) == len(left[kind.dossier]) for kind in kinds):
            return Dossier(**left)
        left |= kept


def references(kind: Kind, item: Any) -> Iterator[str]:
    for field in kind.fields[1:]:
        value = getattr(item, field.name)
        if isinstance(value, Citation):
            yield value.document
        elif field.ref is not None and value is not None:
            yield value
