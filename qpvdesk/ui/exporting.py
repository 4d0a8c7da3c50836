"""Writing a table as it is seen, where the officer says."""

from __future__ import annotations

from pathlib import Path

from qpvdesk.domain.shown_table import ShownTable
from qpvdesk.ui.folders import Folders
from qpvdesk.ui.notify import Notifier
from qpvdesk.ui.session import Session

_PURPOSE = "tableaux"


class Exporting:
    """What the menus of the tables ask for."""

    def __init__(self, session: Session, notifier: Notifier, folder: Path) -> None:
        self._session, self._notifier, self._folders = session, notifier, Folders(folder)

    def save(self, table: ShownTable) -> None:
        """Ask where, then write; what was written is told."""
        picture = self._session.picture
        path = self._notifier.save_path(
            "Exporter ce qui est vu",
            self._folders.suggestion(_PURPOSE, f"{table.title}.xlsx"),
            "Classeur (*.xlsx);;Classeur OpenDocument (*.ods);;Texte séparé (*.csv)",
        )
        if path is None or picture is None:
            return
        from qpvdesk.services import table_file  # noqa: PLC0415 - 9 ms, a table that is written alone needs it

        self._folders.keep(_PURPOSE, path)
        contract, day = picture.contract.name, picture.day
        self._session.read(
            "Export du tableau",
            lambda *_: table_file.write(table, path, contract=contract, day=day),
            self._session.written.emit,
        )
