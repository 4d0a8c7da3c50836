"""What an *arrêté des données* freezes: a whole contract and what was said of it, as one canonical text.

The text is JSON with sorted keys; every value is written as in the journal, so that it comes back as it was, decimals
with their zeros. The fingerprint is of the text, not of its compressed form, which another release may make
differently.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk import durable
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import REQUIRED
from qpvdesk.domain.letterhead import NO_LETTERHEAD, Letterhead, check_image
from qpvdesk.domain.model import Dossier, Snapshot
from qpvdesk.domain.review import Review
from qpvdesk.storage import frozen_review
from qpvdesk.storage.blobs import AlteredError, Store
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.tables import DOSSIER_TABLES, Table

_T = TypeVar("_T")
FORM = 2
"""Form of the text: the first holds the contract alone, the second what was said of it beside. Fields are added without
another number: what is missing takes its default."""

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What reading a canonical text raises where it is in no form that we write."""
STORE = Store("frozen", "fingerprint", bytes_max=512 * 1024 * 1024, level=9)


class Frozen(Struct, frozen=True):
    """What an arrêté holds."""

    dossier: Dossier
    review: Review | None
    """What was said of the contract; None where the arrêté was made by a release that did not keep it."""


def canonical(
    dossier: Dossier,
    meeting: str,
    day: date,
    letterhead: Letterhead = NO_LETTERHEAD,
    *,
    review: Review | None = None,
) -> str:
    """Return the text that holds everything of the contract, for that meeting and that day, and what is said of it.

    The earlier snapshots of the same meeting are left out: freezing twice what has not moved gives the same text.
    `letterhead` is what its papers bear; where there is none, the text is that of the releases that knew of none.
    """
    kept = tuple(item for item in dossier.snapshots if item.meeting != meeting)
    dossier = replace(dossier, snapshots=kept)
    rows: dict[str, list[dict[str, str | None]]] = {}
    for table in DOSSIER_TABLES:
        if table.kind == "paper":
            # Printing is not of the data: what was printed for a meeting does not change what was frozen.
            continue
        items = (dossier.contract,) if table.kind == "contract" else getattr(dossier, table.dossier)
        rows[table.kind] = [
            {field.name: field.write(getattr(item, field.name)) for field in table.fields} for item in items
        ]
    form = 1 if review is None else FORM
    content: dict[str, Any] = {"form": form, "meeting": meeting, "day": day.isoformat(), "tables": rows}
    if review is not None:
        content["review"] = frozen_review.plain(review, dossier)
    if letterhead:
        content["letterhead"] = {
            "lines": list(letterhead.lines),
            "image": base64.b64encode(letterhead.image).decode("ascii"),
        }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a canonical text, 64 hexadecimal digits."""
    return durable.sha256(text.encode())


def frozen_of(text: str) -> Frozen:
    """Return what a canonical text holds.

    Raises one of `UNREADABLE` where it holds none, `UserError` where a later release wrote it.
    """
    content = json.loads(text)
    if not isinstance(content, dict):
        raise ValueError("no object")
    if content["form"] > FORM:
        raise UserError(
            "Cet arrêté des données a été fait par une version plus récente de qpvdesk.",
            "Installez la dernière version pour le relire.",
        )
    fields: dict[str, Any] = {}
    for table in DOSSIER_TABLES:
        entities = tuple(_entity(table, cells) for cells in content["tables"].get(table.kind, ()))
        fields[table.dossier] = entities[0] if table.kind == "contract" else entities
    dossier = Dossier(**fields)
    plain_review = content.get("review")
    day = date.fromisoformat(content["day"])
    return Frozen(
        dossier, None if plain_review is None else frozen_review.review_of(plain_review, dossier, day)
    )


def letterhead_of(text: str) -> Letterhead:
    """Return the header that a canonical text holds, if any.

    Raises one of `UNREADABLE` where it holds none, `UserError` for an image that none may have.
    """
    letterhead = json.loads(text).get("letterhead")
    if letterhead is None:
        return NO_LETTERHEAD
    image = base64.b64decode(letterhead["image"], validate=True)
    if image:
        check_image(image)
    return Letterhead(tuple(str(line) for line in letterhead["lines"]), image)


def keep(connection: sqlite3.Connection, expected: str, text: str) -> None:
    """Keep a canonical text under its fingerprint, once.

    Raises `ValueError` where it is not the text's, `UserError` where the text is larger than what is read back.
    """
    content = text.encode()
    if len(content) > STORE.bytes_max:
        raise UserError(
            "Ce contrat est trop volumineux pour que ses données soient arrêtées.",
            "Scindez-le en plusieurs contrats.",
        )
    STORE.keep(connection, expected, content)


def thawed(connection: sqlite3.Connection, snapshot: Snapshot) -> Frozen:
    """Return what was frozen. Raises `UserError` where it is absent, or not what was frozen."""
    return _read(connection, snapshot, frozen_of)


def thawed_letterhead(connection: sqlite3.Connection, snapshot: Snapshot) -> Letterhead:
    """Return the header that was frozen with it. Raises `UserError` as `thawed`."""
    return _read(connection, snapshot, letterhead_of)


def _read(connection: sqlite3.Connection, snapshot: Snapshot, take: Callable[[str], _T]) -> _T:
    title = f"L’arrêté des données au {french.format_date(snapshot.day)}"
    try:
        content = STORE.find(connection, snapshot.fingerprint)
    except AlteredError as error:
        raise UserError(
            f"{title} ne correspond plus à son empreinte\u202f: son contenu a été altéré, il n’est pas montré.",
            "Restaurez la dernière sauvegarde où il est intact.",
        ) from error
    if content is None:
        raise UserError(
            f"{title} est annoncé, mais son contenu n’est pas dans cette base.",
            "Ouvrez-le sur le poste où il a été fait, ou restaurez une sauvegarde.",
        )
    try:
        return take(content.decode())
    except UNREADABLE as error:
        raise UserError(
            f"{title} ne peut pas être relu\u202f: il n’est pas dans la forme attendue.",
            "Installez la dernière version de qpvdesk, ou restaurez une sauvegarde.",
        ) from error


def faults(connection: sqlite3.Connection) -> list[str]:
    """Return one French sentence for each snapshot that is absent or altered."""
    rows = connection.execute(
        "SELECT s.day, s.fingerprint, f.content FROM snapshot s LEFT JOIN frozen f USING (fingerprint) ORDER BY s.day"
    )
    return [
        f"L’arrêté des données au {french.format_date(date.fromisoformat(day))} {fault}"
        for day, expected, packed in rows
        for fault in STORE.fault(expected, packed)
    ]


def _entity(table: Table, cells: dict[str, str | None]) -> Any:
    values = []
    for field in table.fields:
        if field.name in cells:
            values.append(field.read(cells[field.name]))
        elif field.default is REQUIRED:
            raise KeyError(f"{table.kind}: {field.name}")
        else:
            values.append(field.default)
    return table.entity(*values)
