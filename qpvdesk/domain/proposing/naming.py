"""What a document calls the contract that it holds: its collectivité, named on its first page."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LINES_MAX = 40
_WHO = re.compile(
    r"^(?:(?:la|l[’'])\s*)?(?P<who>(?:communauté (?:d[’']agglomération|de communes|urbaine)|métropole|agglomération|ville"
    r"|pays)\b[^.;:,(]{0,80})",
    re.IGNORECASE,
)
_FEMININE = ("communauté", "métropole", "ville")


def contract_name(pages: Sequence[str]) -> str:
    """Return « Contrat de ville de la Communauté d’agglomération du Val », empty where no line names its collectivité."""
    for line in "\n".join(pages[:3]).splitlines()[:_LINES_MAX]:
        if found := _WHO.match(line.strip(" *#")):
            who = " ".join(found["who"].split())
            who = who.capitalize() if who.isupper() else f"{who[0].upper()}{who[1:]}"
            of = "de la " if who.lower().startswith(_FEMININE) else "de l’" if who[0] in "Aa" else "du "
            return f"Contrat de ville {of}{who}"
    return ""
