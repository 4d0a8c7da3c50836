"""The usual *thématiques* as rows of the contracts that were made when they were words of the program."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from qpvdesk.domain.model import Theme
from qpvdesk.domain.themes import usual_themes
from qpvdesk.storage import journal, second_edition, written
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.keys import starter_key
from qpvdesk.storage.tables import BY_KIND
from qpvdesk.storage.written import Written


def key_of_theme(contract: str, code: str) -> str:
    """Return the key of a thématique that the program adds to the contract of that key: the same on every laptop.

    The files of the contract, if it has some, give it.
    """
    for key_of in second_edition.EDITIONS:
        if contract == key_of("contract"):
            return key_of(f"theme/{code}")
    return starter_key(f"{contract}:theme:{code}")


def _keyed(contract: str) -> Iterator[Theme]:
    """The usual thématiques of a contract of before."""
    return usual_themes(contract, functools.partial(key_of_theme, contract))


def changes(connection: sqlite3.Connection) -> Iterator[Written]:
    """Yield the usual thématiques of each contract that has none."""
    query = "SELECT key FROM contract c WHERE NOT EXISTS (SELECT 1 FROM theme WHERE contract = c.key)"
    for (contract,) in connection.execute(query).fetchall():
        yield from map(written.new, _keyed(contract))


def may_write(change: Written) -> bool:
    """Tell whether these changes could be so in some base: a usual thématique of a contract, under its own key.

    Raises `KeyError` or `ValueError` where it is in no form of ours.
    """
    if change.kind != "theme" or change.field != journal.EXISTENCE or change.value is None:
        return False
    theme = journal.rebuilt(BY_KIND["theme"], change.key, dict(journal.unfolded(change.field, change.value)))
    return change in map(written.new, _keyed(theme.contract))
