"""Takes the pictures of the chapter « Votre contrat », on the invented contract: its document read, its workbook refused."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import openpyxl
from PySide6.QtWidgets import QDialog

from qpvdesk import app
from qpvdesk.services import bases, proposals
from qpvdesk.storage.opening import open_base
from qpvdesk.ui.dialogs.document_proposals import DocumentProposalsDialog
from qpvdesk.ui.dialogs.lines import LinesDialog
from qpvdesk.ui.main_window import MainWindow
from qpvdesk.ui.pages.exchange import ExchangePage
from qpvdesk.ui.pages.page import Address
from tests.helpers import pictures
from tests.helpers.accepting import accepted
from tests.helpers.reviews import desk_on
from tests.helpers.studio import DAY, Studio, _settle, _Today

Dialog = TypeVar("Dialog", bound=QDialog)
LACKING = 5
"""The line of the grid that is to be completed."""
INVENTED = Path(__file__).parents[3] / "shared" / "cases" / "contract" / "contrat-val-ardeze.txt"


def make(studio: Studio) -> set[str]:
    """Make the pictures and return their names; those that are there stay where the invented contract is not."""
    if not INVENTED.exists():
        return {name for name in pictures.OWN if (pictures.FOLDER / f"{name}.png").exists()}
    base = studio.work / "val-ardeze.db"
    proposed = _begun(base)
    app.date = _Today  # type: ignore[misc, attr-defined]
    program = app.build(studio.application, base)
    window = program.window
    window.showNormal()
    window.resize(*pictures.WINDOW)
    window.start()
    _settle(lambda: window.session.picture is not None and window.session.picture.complete)
    window.dialogs.beginnings().show_proposals(proposed)
    _settle(lambda: _open(window, DocumentProposalsDialog) is not None, 900)
    dialog = _open(window, DocumentProposalsDialog)
    assert dialog is not None
    studio.grab(dialog, "contrat-propose")
    dialog.close()
    window.editor.many(Address("objectifs"))
    _settle(lambda: _open(window, LinesDialog) is not None, 900)
    grid = _open(window, LinesDialog)
    assert grid is not None
    grid.resize(window.width(), window.height() - 40)
    grid.table.typed.change("collage", 0, 0, [["Engagement", "Libellé"], *_indicators()])
    grid.table.stand(LACKING, 0)
    _settle(lambda: grid.table.typed.understood(LACKING) is not None, 900)
    studio.grab(grid, "contrat-grille")
    grid.table.typed.put([])
    grid.close()
    window.go(Address("echanges"))
    exchange = window.findChild(ExchangePage)
    assert exchange is not None
    told: list[bool] = []
    exchange.previewed.connect(lambda: told.append(True))
    exchange.read(_slips(studio.work / "contrat-val-ardeze.xlsx"))
    _settle(lambda: bool(told), 900)
    studio.grab(window, "contrat-classeur")
    window.go(Address("tableau"))
    _settle(milliseconds=900)
    studio.grab(window, "contrat-tableau")
    window.close()
    return set(pictures.OWN)


def _begun(base: Path) -> proposals.ProposedContract:
    """Make the contract of the document, half of what it proposes accepted; return what it proposes."""
    now = datetime(DAY.year, DAY.month, DAY.day, 9).astimezone()
    proposed = proposals.read(INVENTED)
    found = proposed.found
    bases.create_blank(base, {"name": proposed.name, "code": "ardeze"}, now=now)
    with open_base(base) as opened:
        desk = desk_on(opened, DAY)
        proposals.begin(desk, "ardeze", found, proposed.source)
        for item in found[: len(found) // 2]:
            accepted(desk, "ardeze", item, {"mesure": "stock"})
    return proposed


def _indicators() -> list[list[str]]:
    """Sentences of the document, each beside the code of its fiche; of the last one nobody knows which way it goes."""
    found = re.findall(
        r"Fiche-action (\S+)\. [^\n]*\n[^\n]*\n  Indicateur : ([^\n]+)", INVENTED.read_text(encoding="utf-8")
    )
    of_fiche = dict(found)
    return [
        [code, of_fiche[code]] for code in ("ETAT-01", "ETAT-02", "ETAT-05", "CAVA-02", "CAVA-07", "CD71-02")
    ]


def _slips(target: Path) -> Path:
    """The workbook of the invented contract with what a hand slips on."""
    book = openpyxl.load_workbook(INVENTED.with_suffix(".xlsx"))
    sheet = book["Objectifs"]
    titles = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(3, titles["Date cible"]).value = "31/02/2027"
    sheet.cell(8, titles["Valeur cible"]).value = "une vingtaine"
    book.save(target)
    return target


def _open(window: MainWindow, kind: type[Dialog]) -> Dialog | None:
    return next((one for one in window.findChildren(kind) if one.isVisible()), None)
