"""What the form of a statement means beyond its fields: the figures that it is set against."""

from __future__ import annotations

import re
from decimal import Decimal

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier, Operand, Statement
from qpvdesk.services.editing.draft import FormDraft, FormReader
from qpvdesk.storage.keys import new_key

_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


def complete(reader: FormReader, draft: FormDraft, _old: Statement | None) -> None:
    """Add the figures of a statement: one operand a line, those that were there known by what they are called."""
    statement: Statement = draft.main
    present = {
        item.label or item.name: item for item in reader.dossier.operands if item.statement == statement.key
    }
    kept = set()
    for rank, line in enumerate(reader.lines("operands"), 1):
        label, value, unit, name = (*(part.strip() for part in line.split(";", 3)), "", "", "")[:4]
        old = None if label in kept else present.get(label)
        name = name or (old.name if old else _NOT_IN_A_NAME.sub("_", french.fold(label)).strip("_"))
        quoted_label = f"«\u202f{label}\u202f»"
        kept.add(label)
        draft.put.append(
            Operand(
                key=old.key if old else new_key(),
                statement=statement.key,
                rank=rank,
                name=name,
                value=_figure(reader, quoted_label, value, unit or statement.unit),
                unit=unit,
                label=label if old is None or old.label else "",
            )
        )
    draft.removed += [item for label, item in present.items() if label not in kept]


def _figure(reader: FormReader, quoted_label: str, text: str, unit: str) -> Decimal | None:
    try:
        return french.parse_number(text, unit) if text else None
    except UserError as error:
        reader.fault("operands", f"{quoted_label}\u202f: {error}")
        return None


def shown(dossier: Dossier, statement: Statement) -> dict[str, str]:
    """Return the figures of a statement as its form shows them."""
    own = dossier.operands_by_statement.get(statement.key, [])
    lines = [_line(item, formula=bool(statement.formula)) for item in own]
    return {"operands": "\n".join(lines)}


def _line(operand: Operand, *, formula: bool) -> str:
    """Return an operand as its line in the form; its name only where a rule uses it."""
    value = french.format_number(operand.value) if operand.value is not None else ""
    parts = [operand.label or operand.name, value, operand.unit, operand.name if formula else ""]
    while not parts[-1]:
        parts.pop()
    return "\u202f; ".join(parts)
