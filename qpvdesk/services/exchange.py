"""What the window does with files of figures: read one, see what it would change, import it, write one out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from qpvdesk.domain.change import Change
from qpvdesk.domain.review import Review
from qpvdesk.domain.situation import Situation
from qpvdesk.services import contract_import, exports, imports
from qpvdesk.services.contract_import import Draft
from qpvdesk.services.contract_import import holds_contract as holds_contract
from qpvdesk.services.contract_import import said_code as said_code
from qpvdesk.services.imports import Plan
from qpvdesk.spreadsheets.book import ReadBook as ReadBook
from qpvdesk.spreadsheets.book import ReadSheet as ReadSheet
from qpvdesk.spreadsheets.book import cell_name as cell_name
from qpvdesk.spreadsheets.columns import Columns as Columns
from qpvdesk.storage.base import Database


class Exchange:
    """The part of the desk that deals with files. `changed` is told of every change."""

    def __init__(
        self,
        base: Database,
        today: Callable[[], date],
        changed: Callable[[Change], Change],
        review: Callable[[str, date], Review],
    ) -> None:
        self._base, self._today, self._changed, self._review = base, today, changed, review

    def read(self, path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> ReadBook:
        """Read a file in a process of its own. Raises `UserError`."""
        return imports.read(path, cancelled=cancelled)

    def plan(
        self,
        situation: Situation,
        book: ReadBook,
        name: str,
        *,
        columns: Columns | None = None,
        day: date | None = None,
        chosen: Mapping[str, str] | None = None,
        partner: str | None = None,
    ) -> Plan:
        """Tell what a book would change; nothing is written. `partner`: the code of whose files are like it.

        Raises `UserError` as `imports.preview`.
        """
        made = imports.plan(
            situation.dossier, book, name, today=self._today(), columns=columns, day=day, chosen=chosen
        )
        return made if partner is None else imports.remembering(made, book, partner, chosen or {})

    def draft(self, book: ReadBook, path: Path, code: str) -> Draft:
        """Return the whole contract that a book read from a path would make; nothing is written. Raises `UserError`."""
        return contract_import.draft(book, path, code=code)

    def add_contract(self, made: Draft) -> Change:
        """Add a contract as one act: all of it or, on `UserError`, nothing."""
        return self._changed(contract_import.apply(self._base, made))

    def apply(self, plan: Plan) -> Change:
        """Write a plan as one act: all of it or, on `UserError`, nothing."""
        return self._changed(imports.apply(self._base, plan))

    def export(self, situation: Situation, target: Path, content: str, partner: str | None = None) -> str:
        """Write one of `exports.CONTENTS` and say what it holds. Raises `UserError`."""
        review = self._review(situation.dossier.contract.code, situation.day)
        lines = exports.export(self._base, review, target, content=content, partner=partner)
        return exports.extent(target, lines, situation.dossier, content)
