"""The example in the window: every page has something on it, and says that it is invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.domain.model import FICTITIOUS, Dossier
from qpvdesk.services import bases
from qpvdesk.services.contracts import contract_export
from qpvdesk.storage.opening import open_base
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.pages.exchange import ExchangePage
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.registry import PAGES
from tests.gui.conftest import Bench
from tests.unit.storage import samples

FILLED = {"objectifs", "engagements", "partenaires", "moyens", "comites", "points", "journal", "releves"}
"""The pages whose tables must hold lines; the others draw a tree, tiles or paper."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Dossier]:
    """The example, as of the day of the bench."""
    path: Path = tmp_path_factory.mktemp("exemple") / "exemple.db"
    bases.create_example(path, now=datetime(2026, 6, 30, 10, 0).astimezone())
    with open_base(path, read_only=True) as base:
        return path, base.dossier(base.contracts()[0].key)


@pytest.fixture(scope="module")
def example(open_shared_window: Callable[..., Bench], made: tuple[Path, Dossier]) -> Bench:
    """The window on the example."""
    return open_shared_window(made[1], model=made[0])


def test_the_banner_says_it(example: Bench) -> None:
    words = [one.text() for one in example.window.findChildren(QLabel) if one.isVisibleTo(example.window)]
    assert any(text.startswith(FICTITIOUS) for text in words)


@pytest.mark.parametrize("word", [spec.word for spec in PAGES])
def test_every_page_has_something_on_it(example: Bench, qtbot: QtBot, word: str) -> None:
    example.window.go(Address(word))
    page = example.window.navigator.page(word)
    if word in FILLED:
        views = page.findChildren(QAbstractItemView)

        def rows() -> int:
            return max((view.model().rowCount() for view in views if view.model() is not None), default=0)

        qtbot.waitUntil(lambda: rows() > 2)
    texts = [one.text() for one in page.findChildren(QLabel) if one.isVisibleTo(page)]
    assert not any("Aucun" in text and "encore" in text for text in texts)


@pytest.mark.parametrize("word", ["nouveau_contrat", "contrat_document", "contrat_epci"])
def test_a_contract_is_refused_before_anything_of_it_is_given(example: Bench, word: str) -> None:
    """The form was filled in and its base chosen before it was said that nothing real enters an example."""
    asked = len(example.notifier.notices)
    if word == "nouveau_contrat":
        example.window.actions_by_word[word].trigger()
    else:
        example.window.dialogs.beginnings().begin(word, lambda _: None)
    assert example.window.findChild(EntityDialog) is None
    (notice,) = example.notifier.notices[asked:]
    assert "rien de réel n’y entre" in notice.message
    assert "Créez ou ouvrez une autre base" in notice.remedy


def test_a_contract_of_a_file_is_refused_where_it_is_seen(
    qtbot: QtBot, example: Bench, tmp_path: Path
) -> None:
    """Its code was given and « Créer le contrat » pressed before it was said."""
    contract_export.write(samples.dossier(), tmp_path / "contrat.xlsx")
    example.window.go(Address("echanges"))
    page = example.window.findChild(ExchangePage)
    with qtbot.waitSignal(page.previewed):
        page.read(tmp_path / "contrat.xlsx")
    words = [one.text() for one in page.findChildren(QLabel) if one.isVisibleTo(page)]
    assert any("rien de réel n’y entre" in text for text in words)
    making = next(one for one in page.findChildren(QPushButton) if one.text() == "Créer le contrat")
    assert not making.isEnabled()
    leaving = next(
        one for one in page.findChildren(QPushButton) if one.text() == "Renoncer" and one.isVisible()
    )
    qtbot.mouseClick(leaving, Qt.MouseButton.LeftButton)
