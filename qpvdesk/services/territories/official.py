"""Official files, recognised by what they hold: read in a bounded process, previewed, taken in as one act."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from qpvdesk import bounded
from qpvdesk.domain import file_names
from qpvdesk.domain.change import Change
from qpvdesk.domain.codes import is_stand_in
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import Typed
from qpvdesk.domain.model import Contract, Dossier, Level
from qpvdesk.domain.series import BY_TITLE
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts, reading
from qpvdesk.services.figures import imports
from qpvdesk.services.territories import communes, contours, figures, quartiers, titles
from qpvdesk.services.territories.contours_in import Outlines
from qpvdesk.services.territories.figures import FileOrigin
from qpvdesk.services.territories.plan import OfficialPlan
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell

_YEAR = re.compile(r"(?<!\d)20[0-4]\d(?!\d)")
_UNSAID = "millésime non précisé"
_LOOKED_AT = 20
"""Lines of a table whose codes are looked at."""


def read(
    desk: Desk,
    contract: str,
    path: Path,
    *,
    vintage: str = "",
    source: str = "",
    cancelled: Callable[[], bool] = lambda: False,
) -> OfficialPlan:
    """Recognise an official file and say what it would bring; writes nothing.

    `vintage`: a year or a date; by default what the name of the file says. `source`: who publishes it; by default the
    name of the file. Raises `UserError` for a file that is none of these.
    """
    origin = FileOrigin(vintage or _year_of(path), source or file_names.told(path.name))
    dossier = desk.dossier(contract)
    if path.suffix.lower() in {".geojson", ".json"}:
        found = bounded.ask(bounded.OUTLINES, path, Outlines, cancelled=cancelled)
        known = desk.base.atlas(dossier.contract.key)["contours"]
        return contours.plan(dossier, known, found, vintage=origin.vintage or _UNSAID, source=origin.source)
    return _plan(desk, dossier, imports.read(path, cancelled=cancelled), origin)


def agglomerations(
    path: Path, *, cancelled: Callable[[], bool]
) -> tuple[ReadBook, tuple[tuple[str, str], ...]]:
    """Return what a list of places holds, and the EPCI in it by their numbers and names. Raises `UserError` for none."""
    book = imports.read(path, cancelled=cancelled)
    found = communes.agglomerations(_sheets(book))
    if not found:
        raise UserError(
            f"«\u202f{path.name}\u202f» ne dit l’agglomération d’aucune commune.",
            "Choisissez la liste des communes par EPCI de l’INSEE, ou celle des quartiers prioritaires de l’ANCT.",
        )
    return book, found


def new_contract(desk: Desk, typed: Typed, path: Path, book: ReadBook | None = None) -> Change:
    """Make a blank contract with the places that an official list has of its EPCI. `typed`: its form; `book`: what was read
    of the list already. Raises `UserError`."""
    read_book = book or imports.read(path)

    def places(contract: Contract) -> tuple[Any, ...]:
        origin = FileOrigin(_year_of(path), file_names.told(path.name))
        return _checked(_plan(desk, Dossier(contract), read_book, origin)).put

    return acts.new_contract(desk, typed, places=places)


def plan(desk: Desk, contract: str, path: Path, book: ReadBook) -> OfficialPlan:
    """Say what the tables read of an official file would bring; see `read`."""
    return _plan(desk, desk.dossier(contract), book, FileOrigin(_year_of(path), file_names.told(path.name)))


def _plan(desk: Desk, dossier: Dossier, book: ReadBook, origin: FileOrigin) -> OfficialPlan:
    sheets = _sheets(book)
    listed = communes.plan(dossier, sheets)
    tables = [(columns, heads) for columns, heads, _ in titles.tables(sheets)]
    if any({"name", "commune"} <= columns.keys() for columns, _ in tables):
        # A list whose columns are those of series too (INSEE's, with its communes) is a list first.
        return _with_communes(dossier, listed, sheets, _day(origin.vintage))
    if listed is not None and listed.brings:
        # A table of figures may say the EPCI of its communes too: it is one where all of them are known.
        return listed
    more = {titles.folded(head) for _, heads in tables for head in heads} & BY_TITLE.keys()
    people = any("people" in columns for columns, _ in tables)
    if people and len(more) <= 1:
        return figures.populations(dossier, sheets, _day(origin.vintage))
    if tables:
        apart = desk.base.atlas(dossier.contract.key)
        origin = FileOrigin(origin.vintage or _UNSAID, origin.source)
        found = figures.series(dossier, apart["layers"], apart["layer_figures"], sheets, origin=origin)
        if found.new or found.changed or found.same or found.refusals:
            return found
    return quartiers.plan(dossier, sheets, vintage=None)


def _with_communes(
    dossier: Dossier, listed: OfficialPlan | None, sheets: Sequence[titles.Rows], vintage: date | None
) -> OfficialPlan:
    """A list of quartiers; of a contract whose communes have no codes yet, with those that it says."""
    known = any(item.level == Level.COMMUNE and not is_stand_in(item) for item in dossier.territories)
    if known or listed is None or not listed.brings:
        return quartiers.plan(dossier, sheets, vintage=vintage)
    found = quartiers.plan(reading.after(dossier, listed.put), sheets, vintage=vintage)
    put, counts = (*listed.put, *found.put), (listed.new + found.new, listed.changed + found.changed)
    return (
        found
        if found.refusals
        else replace(found, noun=communes.NOUN, put=put, new=counts[0], changed=counts[1])
    )


def lists_places(book: ReadBook) -> bool:
    """Tell whether tables list places by their official codes, rather than the figures of a partner."""
    return any(
        titles.QPV_CODE.match(titles.at(row, columns["code"])) or {"name", "commune"} <= columns.keys()
        for columns, _, rows in titles.tables(_sheets(book))
        for row in rows[:_LOOKED_AT]
    )


def take(desk: Desk, plan: OfficialPlan) -> Change:
    """Write what an official file brings, as one act. Raises `UserError` where it brings nothing, or cannot be taken."""
    with desk.act(f"{plan.kind}\u202f: {_checked(plan).sentence}") as unit:
        for item in plan.removed:
            unit.remove(item)
        unit.put_all(plan.put)
    return unit.change


def _checked(plan: OfficialPlan) -> OfficialPlan:
    if plan.refusals:
        raise UserError(
            plan.sentence, "Corrigez le fichier, ou demandez-le à nouveau\u202f: rien n’a été écrit."
        )
    if not plan.brings:
        raise UserError("Ce fichier n’apporte rien de neuf à ce contrat.", plan.sentence)
    return plan


def _sheets(book: ReadBook) -> list[titles.Rows]:
    """Return the lines of each sheet, as long as what they hold: one wide line must not make all of them wide."""
    sheets: list[titles.Rows] = []
    for sheet in book.sheets:
        rows = sheet.rows()
        least = min(2, 1 + max((max(cells) for cells in rows.values() if cells), default=0))
        sheets.append(
            [
                [
                    _text(cells[column]) if column in cells else ""
                    for column in range(max(least, 1 + max(cells, default=0)))
                ]
                for _, cells in sorted(rows.items())
            ]
        )
    return sheets


def _text(cell: ReadCell) -> str:
    # A stored number has a point for its decimals: never a thousands mark.
    return cell.text.replace(".", ",") if cell.kind in (Read.NUMBER, Read.SHARE) else cell.text


def _year_of(path: Path) -> str:
    found = _YEAR.findall(path.stem)
    return found[-1] if found else ""


def _day(vintage: str) -> date | None:
    """The day of a vintage: the first of January of a year, as the census has it."""
    return date(int(vintage), 1, 1) if re.fullmatch(r"\d{4}", vintage) else None
