"""A review in the form in which an arrêté keeps it: what was said, exactly, and the program that said it.

Records are objects of their fields, fractions are texts (`15/38`). A record of the frozen contract is told by its kind
and key alone: it stands in the tables beside. What differs from them (an objective as an earlier committee saw it) is
kept whole.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Any

import msgspec
from msgspec.structs import replace

from qpvdesk import __version__
from qpvdesk.domain.model import Dossier
from qpvdesk.domain.reckoning import Reckoning
from qpvdesk.domain.review import Review
from qpvdesk.domain.situation import Situation
from qpvdesk.storage.tables import DOSSIER_TABLES

_RECORD = "record"
_FRACTION = re.compile(r"(-?[0-9]{1,1000})(?:/([0-9]{1,1000}))?")


def plain(review: Review, dossier: Dossier) -> dict[str, Any]:
    """Return the review as JSON has it, signed by the program that runs; `dossier` is what is frozen with it."""
    signed = replace(review, program=__version__, snapshot=None)
    content = msgspec.to_builtins(signed, enc_hook=_told, str_keys=True)
    records = {(kind, key): msgspec.to_builtins(record) for (kind, key), record in _records(dossier).items()}
    kinds: dict[str, list[str]] = {}
    for kind, key in records:
        kinds.setdefault(key, []).append(kind)

    def shortened(item: Any) -> Any:
        if isinstance(item, list):
            return [shortened(part) for part in item]
        if not isinstance(item, dict):
            return item
        for kind in kinds.get(str(item.get("key")), ()):
            if records[kind, item["key"]] == item:
                return {_RECORD: [kind, item["key"]]}
        return {name: shortened(part) for name, part in item.items()}

    shown: dict[str, Any] = shortened(content)
    return shown


def review_of(content: Any, dossier: Dossier, day: date) -> Review:
    """Return the review that `plain` made, of the contract frozen with it.

    Raises `ValueError` or `LookupError` where it holds none.
    """
    records = _records(dossier)

    def whole(item: Any) -> Any:
        if isinstance(item, list):
            return [whole(part) if isinstance(part, (dict, list)) else part for part in item]
        if not isinstance(item, dict):
            return item
        if item.keys() == {_RECORD}:
            kind, key = item[_RECORD]
            return records[kind, key]
        return {name: whole(part) if isinstance(part, (dict, list)) else part for name, part in item.items()}

    def read(kind: type, item: Any) -> Any:
        if kind is Fraction:
            return _fraction(item)
        if kind is Situation:
            reckoned = msgspec.convert(item, Reckoning, dec_hook=read, str_keys=True)
            return Situation(dossier, day, reckoned=reckoned)
        raise TypeError(f"{kind.__name__} is in no review")

    try:
        return msgspec.convert(whole(content), Review, dec_hook=read, str_keys=True)
    except msgspec.ValidationError as error:
        raise ValueError(f"no review: {error}") from error


def _records(dossier: Dossier) -> dict[tuple[str, str], Any]:
    return {
        (table.kind, record.key): record
        for table in DOSSIER_TABLES
        for record in ((dossier.contract,) if table.kind == "contract" else getattr(dossier, table.dossier))
    }


def _told(item: Any) -> Any:
    if isinstance(item, Fraction):
        return str(item)
    if isinstance(item, Situation):
        return item.reckoning()
    raise TypeError(f"{type(item).__name__} is in no review")


def _fraction(text: object) -> Fraction:
    # A power of ten in a crafted text would fill the memory.
    found = _FRACTION.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError("no fraction")
    return Fraction(int(found[1]), int(found[2] or 1))
