"""The first minute: once, left at any moment, its answers kept, its buttons leading somewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.domain.statuses import STATUT_LABELS
from qpvdesk.services.settings import SettingsFile
from qpvdesk.ui.dialogs.choosing import ChoosingDialog
from qpvdesk.ui.dialogs.document_proposals import DocumentProposalsDialog
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.dialogs.welcome import WelcomeDialog
from qpvdesk.ui.main_window import MainWindow
from qpvdesk.ui.terms import meaning
from qpvdesk.ui.widgets.status_badge import StatusBadge
from tests.gui.conftest import Bench
from tests.unit.services.test_one_checker import folder_of
from tests.unit.services.test_proposals_written import TEXT


def _open(bench: Bench) -> WelcomeDialog:
    action = bench.window.findChild(QAction, "bienvenue")
    assert action is not None
    action.trigger()
    dialog = bench.window.findChild(WelcomeDialog)
    assert dialog is not None
    return dialog


def _press(dialog: WelcomeDialog, words: str) -> None:
    button = next(one for one in dialog.findChildren(QPushButton) if one.text() == words and one.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _texts(dialog: WelcomeDialog) -> str:
    return "\n".join(one.text() for one in dialog.findChildren(QLabel) if one.isVisible())


def test_what_is_there_who_signs_and_where_to_begin(bench: Bench, qtbot: QtBot) -> None:
    dialog = _open(bench)
    picture = bench.session.picture
    assert picture is not None
    assert picture.contract.name in _texts(dialog)
    assert f"{len(picture.situation.dossier.partners)} partenaires" in _texts(dialog).replace("\u202f", " ")
    _press(dialog, "Suivant")
    author = next(one for one in dialog.findChildren(QLineEdit) if one.isVisible())
    author.setText("Chargée de mission")
    with qtbot.waitSignal(bench.session.pictured):
        _press(dialog, "Suivant")
    assert SettingsFile(bench.settings.parent).read().author == "Chargée de mission"
    _press(dialog, "Saisir les chiffres d’un partenaire")
    assert not dialog.isVisible()
    here = bench.window.navigator.here()
    assert here is not None
    assert here.page == "releves"


def test_enter_turns_each_leaf(bench: Bench, qtbot: QtBot) -> None:
    """On the second leaf it pressed a button of the first, which is hidden."""
    dialog = _open(bench)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    for said in ("1 sur 3", "2 sur 3", "3 sur 3"):
        assert said in _texts(dialog)
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_each_status_is_told_as_the_glossary_tells_it(bench: Bench) -> None:
    dialog = _open(bench)
    badges = {badge.accessibleName() for badge in dialog.findChildren(StatusBadge)}
    assert badges == {f"Statut\u202f: {word}" for word in STATUT_LABELS.values()}
    for word in STATUT_LABELS.values():
        assert meaning(word) in _texts(dialog)
    dialog.reject()


@pytest.mark.parametrize(
    ("way", "begun"), [("Un autre, à saisir", "nouveau_contrat"), ("Un autre, d’un classeur", "echanges")]
)
def test_another_contract_is_begun_from_the_first_leaf(bench: Bench, way: str, begun: str) -> None:
    dialog = _open(bench)
    asked: list[str] = []
    dialog.doing.connect(asked.append)
    _press(dialog, way)
    assert asked == [begun]
    assert not dialog.isVisible()
    form = bench.window.findChild(EntityDialog)
    assert (form is not None) is (begun == "nouveau_contrat")
    if form is not None:
        form.reject()


def test_a_document_makes_its_contract_and_proposes_the_rest(
    bench: Bench, qtbot: QtBot, tmp_path: Path
) -> None:
    bench.notifier.opened = tmp_path / "cadre.txt"
    bench.notifier.opened.write_text(
        f"CONTRAT DE VILLE\nCommunauté d’agglomération du Port\n{TEXT}", encoding="utf-8"
    )
    _press(_open(bench), "Un autre, d’un document")
    qtbot.waitUntil(lambda: bench.window.findChild(DocumentProposalsDialog) is not None)
    picture = bench.session.picture
    assert picture is not None
    assert picture.contract.name == "Contrat de ville de la Communauté d’agglomération du Port"
    assert bench.session.contract == "communaute-d-agglomeration-du-port"
    assert {item.code for item in picture.situation.dossier.partners} == {"ETAT", "VP"}
    assert picture.situation.dossier.engagements == ()
    bench.window.findChild(DocumentProposalsDialog).reject()


def test_a_folder_of_files_makes_its_contract_and_another_folder_is_told(
    bench: Bench, qtbot: QtBot, tmp_path: Path
) -> None:
    bench.notifier.opened = tmp_path
    _press(_open(bench), "Un autre, d’un dossier")
    qtbot.waitUntil(lambda: any("contrat.toml" in told.message for told in bench.notifier.notices))
    bench.notifier.opened = folder_of(tmp_path / "sain", 'code = "essai"', 'code = "port"')
    _press(_open(bench), "Un autre, d’un dossier")
    qtbot.waitUntil(lambda: bench.session.contract == "port")


def test_an_official_list_makes_the_contract_of_one_of_its_agglomerations(
    bench: Bench, qtbot: QtBot, tmp_path: Path
) -> None:
    bench.notifier.opened = tmp_path / "epci.csv"
    bench.notifier.opened.write_text("CODGEO;LIBGEO\n71901;Varenne\n", encoding="utf-8")
    _press(_open(bench), "Un autre, de son agglomération")
    qtbot.waitUntil(lambda: any("d’aucune commune" in told.message for told in bench.notifier.notices))
    bench.notifier.opened.write_text(
        "CODGEO;LIBGEO;EPCI;LIBEPCI\n71901;Varenne;200099017;CA du Val\n1004;Bourg;240100750;CA du Bugey\n",
        encoding="utf-8",
    )
    _press(_open(bench), "Un autre, de son agglomération")
    qtbot.waitUntil(lambda: bench.window.findChild(ChoosingDialog) is not None)
    dialog = bench.window.findChild(ChoosingDialog)
    QTest.keyClicks(dialog.findChildren(QLineEdit)[0], "val")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bench.session.contract == "ca-du-val")
    picture = bench.session.picture
    assert picture is not None
    assert (picture.contract.name, picture.contract.epci) == ("Contrat de ville – CA du Val", "200099017")
    assert [(item.code, item.name) for item in picture.situation.dossier.territories] == [
        ("200099017", "CA du Val"), ("71901", "Varenne"),
    ]  # fmt: skip


def test_this_contract_leads_to_the_second_leaf(bench: Bench) -> None:
    dialog = _open(bench)
    _press(dialog, "Celui-ci")
    assert "Qui suit ce contrat" in _texts(dialog)
    dialog.reject()


def test_escape_leaves_it_and_keeps_nothing(bench: Bench) -> None:
    dialog = _open(bench)
    _press(dialog, "Suivant")
    author = next(one for one in dialog.findChildren(QLineEdit) if one.isVisible())
    author.setText("À moitié")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert not (bench.settings.parent / "reglages.json").exists()


def test_what_is_wrong_is_said_on_the_leaf(bench: Bench) -> None:
    dialog = _open(bench)
    _press(dialog, "Suivant")
    author = next(one for one in dialog.findChildren(QLineEdit) if one.isVisible())
    author.setText("f" * 200)
    _press(dialog, "Suivant")
    assert "trop longue" in _texts(dialog)
    assert author.isVisible()


def test_it_comes_once_to_a_newcomer_and_never_where_a_base_was_named(
    open_window: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_window().window.findChild(WelcomeDialog) is None
    made = MainWindow.__init__

    def new(self: MainWindow, *given: object, **named: object) -> None:
        made(self, *given, **named)  # type: ignore[arg-type]
        self.newcomer = True

    monkeypatch.setattr(MainWindow, "__init__", new)
    first = open_window()
    assert first.window.findChild(WelcomeDialog) is not None
    first.window.close()
    assert open_window().window.findChild(WelcomeDialog) is None


def test_another_base_opens_in_a_window_of_its_own(bench: Bench, tmp_path: Path) -> None:
    asked: list[Path] = []
    bench.window.dialogs.open_other = asked.append
    action = bench.window.findChild(QAction, "ouvrir")
    assert action is not None
    action.trigger()
    assert asked == []
    bench.notifier.opened = tmp_path / "autre.db"
    action.trigger()
    assert asked == [tmp_path / "autre.db"]


def test_the_example_is_made_and_opened_in_a_window_of_its_own(
    bench: Bench, qtbot: QtBot, tmp_path: Path
) -> None:
    asked: list[Path] = []
    bench.window.dialogs.open_other = asked.append
    bench.window.dialogs.make_example = lambda: tmp_path / "exemple.db"
    dialog = _open(bench)
    _press(dialog, "Suivant")
    _press(dialog, "Suivant")
    _press(dialog, "Découvrir sur un exemple")
    qtbot.waitUntil(lambda: asked == [tmp_path / "exemple.db"])
    assert bench.bugs == []


def test_no_way_to_begin_is_crushed_in_a_low_window(bench: Bench, qtbot: QtBot) -> None:
    dialog = _open(bench)
    dialog.resize(640, 420)

    def buttons() -> list[QPushButton]:
        return [button for button in dialog.findChildren(QPushButton) if button.isVisible()]

    for _ in range(3):
        qtbot.waitUntil(lambda: all(button.height() >= button.sizeHint().height() for button in buttons()))
        if any(button.text() == "Suivant" for button in buttons()):
            _press(dialog, "Suivant")
