"""Words of the contract of Lens-Liévin that said more, or less, than its document, mended in the bases that hold them.

A cell is mended where it says still what the contract's author wrote, and nobody has written it since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from qpvdesk.storage import journal, levels
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.tables import BY_KIND
from qpvdesk.storage.written import Written


class Mend(NamedTuple):
    """What a cell of the contract says, for what it said; a thing bears the name by which its key was made."""

    thing: str
    field: str
    before: Any
    after: Any


UNITS: tuple[Mend, ...] = (Mend("objective/ARS-O09", "unit", "fait", "contrats"),)
"""Contrats de ville that are finished are counted in contracts."""

READINGS: tuple[Mend, ...] = (
    Mend(
        "objective/FT-O02", "label",
        "Part des QPV en accompagnement intensif (renforcé et global)",
        "Part des QPV parmi les demandeurs en accompagnement intensif (renforcé et global)",
    ),
    # The end of March 2024 binds the préfets, who write the contracts, not the ARS, which proposes a theme for them.
    Mend("engagement/ARS-E13", "due", date(2024, 3, 31), None),
    Mend(
        "objective/ARS-O04", "label",
        "Volets santé, couverts par un CLS, ayant l’objectif commun alimentation et activité physique",
        "Volets santé couverts par un CLS, avec l’objectif commun alimentation et activité physique",
    ),
    Mend(
        "statement/ARS-S20", "label",
        "100\u202f% des volets santé couverts par un CLS, sans leur nombre ni d’échéance",
        "100\u202f% des volets santé couverts par un CLS, sans leur nombre ni échéance",
    ),
    Mend("objective/EN-O05", "label", "Parcours en place dans les collèges", "Parcours en place dans chaque collège"),
    Mend(
        "objective/BPI-O15", "label",
        "Entreprises pérennes créatrices de valeur et d’emploi, en multiple du départ",
        "Entreprises pérennes créatrices de valeur et d’emploi, avec le collectif Cap Créa, en multiple du départ",
    ),
    Mend(
        "condition/BPI/1", "text",
        "Sous réserve de crédits suffisants et de l’accord des comités d’engagement.",
        "Sous réserve des crédits disponibles et de l’accord des comités d’engagement compétents.",
    ),
    Mend(
        "condition/CD62/2", "text",
        "Refus d’être associé aux contrats pour y cofinancer seulement les appels à projets annuels.",
        "Ne conçoit pas d’être associé aux contrats seulement pour cofinancer les appels à projets annuels.",
    ),
)  # fmt: skip
"""What a reading aloud found false, or not to be understood alone."""


def changes(connection: sqlite3.Connection, mends: Iterable[Mend]) -> Iterator[Written]:
    """Yield what is to be written where the contract, or the example made of it, is as its author wrote it."""
    for before, after in _written(mends):
        table = BY_KIND[before.kind]
        rows = connection.execute(table.select("key = ?"), (before.key,)).fetchall()
        for thing in table.entities(rows):
            said = table.by_name[before.field].write(getattr(thing, before.field))
            if said == before.value and not journal.is_written_since(
                connection, before.kind, before.key, before.field, programme=False
            ):
                yield after


def may_write(change: Written, mends: Iterable[Mend]) -> bool:
    """Tell whether these changes could be so in some base."""
    return any(change == after for _, after in _written(mends))


def _written(mends: Iterable[Mend]) -> Iterator[tuple[Written, Written]]:
    """Yield the cell before and after each mend, in either edition of the contract."""
    for key_of in levels.EDITIONS:
        for mend in mends:
            kind = mend.thing.partition("/")[0]
            field = BY_KIND[kind].by_name[mend.field]
            before, after = (field.write(said) for said in (mend.before, mend.after))
            key = key_of(mend.thing)
            yield Written(kind, key, mend.field, before), Written(kind, key, mend.field, after)
