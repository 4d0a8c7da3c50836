"""A model of report is one row of one table: added there, it is in the shell, in the page and on paper."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot
from reportlab.platypus import Flowable

from qpvdesk import cli
from qpvdesk.domain.errors import UserError
from qpvdesk.reports import sheets
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.layout import Watch
from qpvdesk.reports.style import BODY_STYLE
from qpvdesk.reports.text import paragraph
from qpvdesk.services import printing
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.printing import PrintingPage
from tests.gui.conftest import Bench
from tests.helpers import paper_text
from tests.helpers.reviews import invented_review

WORDS = "Papier d’essai"


def _blocks(data: CopilData) -> list[Flowable]:
    return [paragraph(f"{WORDS} de {data.situation.dossier.contract.name}", BODY_STYLE)]


def _write(path: Path, data: CopilData, watch: Watch) -> int:
    return sheets.paper("essai", _blocks)(path, data, watch)


@pytest.fixture(autouse=True)
def scratch(monkeypatch: pytest.MonkeyPatch) -> None:
    """The row; the shell reads the table as the module of its command is imported."""
    model = printing.Model("essai", WORDS, _write, compared_with=lambda day: date(day.year, 1, 1))
    monkeypatch.setitem(printing.MODELS, "essai", model)
    monkeypatch.delitem(sys.modules, "qpvdesk.cli.papers", raising=False)
    monkeypatch.delattr(cli, "papers", raising=False)


def text_of(path: Path) -> str:
    return " ".join(paper_text.pages(path))


def test_it_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "essai.pdf"
    review = invented_review()
    assert printing.write_report(printing.Request("essai"), review, path) == 1
    assert WORDS in text_of(path)


def test_the_shell_prints_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base, path = str(tmp_path / "base.db"), tmp_path / "essai.pdf"
    assert cli.run(["init", "--base", base]) == 0
    assert cli.run(["rapport", "--help"]) == 0
    assert list(printing.MODELS)[-1] == "essai"
    assert "|".join(printing.MODELS) in "".join(capsys.readouterr().out.split())
    assert cli.run(["rapport", "--base", base, "--modele", "essai", "--sortie", str(path)]) == 0
    assert WORDS in text_of(path)


def test_the_page_offers_and_shows_it(qtbot: QtBot, bench: Bench) -> None:
    qtbot.keyClick(bench.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    page = bench.window.findChild(PrintingPage)
    models = next(box for box in page.findChildren(QComboBox) if box.accessibleName() == "Document")
    assert models.itemText(models.findData("essai")) == WORDS
    with qtbot.waitSignal(page.laid_out) as laid:
        page.arrive(Address("impressions", "", (("modele", "essai"),)))
    assert (page.request.model, laid.args[0]) == ("essai", 1)


def test_an_unknown_word_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    review = invented_review()
    with pytest.raises(UserError, match="Aucun modèle de rapport ne s’appelle"):
        printing.write_report(printing.Request("inconnu"), review, tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()
    assert cli.run(["rapport", "--modele", "inconnu", "--sortie", str(tmp_path / "x.pdf")]) == 2
    assert "mensuel" in capsys.readouterr().err
