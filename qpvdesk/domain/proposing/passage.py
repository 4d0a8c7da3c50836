"""What an objective says that somebody fills in a line of a table for: a sentence of the contract copied into its label, and
what a blank cell follows from."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal

from qpvdesk.domain.french import fold
from qpvdesk.domain.proposing.places import PlaceNames
from qpvdesk.domain.proposing.promises import promises
from qpvdesk.domain.proposing.proposal import lines_of
from qpvdesk.domain.sens import Sens, sens_between
from qpvdesk.domain.target_rules import rule_of

_TWO_BOUNDS = re.compile(r"entre\b.*\bet\b.*|de\b.*\ba\b.*")
OF_A_PASSAGE = ("start_value", "start_date", "target_value", "target_date", "unit", "frequency", "sens")
"""The fields of an objective that a passage of the contract says."""


def passage_in(label: str) -> tuple[Mapping[str, str], bool]:
    """Read « Places ; valeur de départ 12 (31/12/2023) ; cible 60 places au 31/12/2028. Suivi : annuelle. ».

    Return the fields that it says, none where it is no such sentence or not read for sure, and whether the latter.
    """
    words = label.strip().removeprefix("Indicateur").lstrip(" :\u00a0\u202f")
    found = [
        item
        for item in promises(list(lines_of([f"Indicateur : {words}"])), PlaceNames(()))
        if item.kind == "objective"
    ]
    if ";" not in words or len(found) != 1:
        return {}, False
    values = found[0].values
    if found[0].doubt and "sens" not in values:
        return {}, True
    return (values, False) if "target_value" in values else ({}, False)


def sens_told(
    target: str, start: Decimal | None, end: Decimal | None, *, unit: str, others: Collection[str]
) -> Sens | None:
    """Which way an objective goes: from its start to its target, « Suivi » with neither target nor reference, « À réaliser »
    for 1 of nothing; None where that does not tell.

    `target`: as typed; `others`: the fields that something is typed in.
    """
    if not target:
        if "target_text" not in others and "reference" in others:
            return Sens.PARITE
        return (
            None
            if {"target_text", "target_date", "reference", "target_max"}.intersection(others)
            else Sens.SUIVI
        )
    rule = rule_of(target)
    if not unit and target == "1" and "start_value" not in others:
        # Whatever else is promised is counted in something.
        return Sens.JALON
    if rule is not None and rule.part is not None and not unit.startswith("%"):
        return Sens.HAUSSE if rule.part > 0 else Sens.BAISSE if rule.part < 0 else None
    if "target_max" in others or _TWO_BOUNDS.fullmatch(" ".join(fold(target).split())):
        return Sens.INTERVALLE
    return None if start is None or end is None else sens_between(start, end)
