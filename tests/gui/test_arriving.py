"""A file dropped anywhere: what it is is recognised, its page opens with its preview, nothing is written before."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.services.figures import imports
from qpvdesk.services.territories import official
from qpvdesk.ui.dialogs.colleagues import ColleaguesDialog
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.pages.exchange import ExchangePage
from qpvdesk.ui.pages.page import Address
from tests.gui.conftest import Bench

COPY, LEFT, NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def drop(bench: Bench, *paths: Path) -> None:
    """Drop files on the page in view, as the system does: who takes it is the widget that accepts what enters."""
    under = bench.window.navigator.current
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    over = QDragEnterEvent(QPointF(5, 5).toPoint(), COPY, data, LEFT, NONE)
    QApplication.sendEvent(under, over)
    assert over.isAccepted()
    QApplication.sendEvent(under, QDropEvent(QPointF(5, 5), COPY, data, LEFT, NONE))


def here(bench: Bench) -> str:
    return bench.window.navigator.current.word


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were read, each time they were."""
    known: list[Path] = []
    read = imports.read

    def watched(path: Path, *, cancelled: Callable[[], bool]) -> imports.ReadBook:
        known.append(path)
        return read(path, cancelled=cancelled)

    monkeypatch.setattr(imports, "read", watched)
    return known


@pytest.mark.parametrize("word", ["journal", "echanges"])
def test_figures_open_the_page_of_exchanges_on_their_preview(
    qtbot: QtBot, bench: Bench, tmp_path: Path, readings: list[Path], word: str
) -> None:
    path = tmp_path / "retour.csv"
    path.write_text("Code;Date;Valeur\nBPI-O01;15/05/2026;31\n", encoding="utf-8")
    bench.window.go(Address(word))
    drop(bench, path)
    qtbot.waitUntil(lambda: here(bench) == "echanges")
    page = bench.window.findChild(ExchangePage)
    qtbot.waitUntil(lambda: any(one.text() == "Importer 1 valeur" for one in page.findChildren(QPushButton)))
    assert readings == [path]
    assert not any(item.day.isoformat() == "2026-05-15" for item in bench.desk.held.measurements)


def test_a_list_of_quartiers_is_asked_about_on_the_page_of_the_places(
    qtbot: QtBot, bench: Bench, tmp_path: Path, readings: list[Path]
) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("code_qp;lib_qp;insee_com\nQN06299M;Cite neuve;62498\n", encoding="utf-8")
    bench.notifier.answers.append("annuler")
    drop(bench, path)
    qtbot.waitUntil(lambda: bool(bench.notifier.notices))
    assert here(bench) == "territoires"
    assert readings == [path]
    assert bench.notifier.notices[-1].message.startswith("1 quartier à ajouter")


def test_what_a_table_lists_is_looked_at_beside_the_window(
    qtbot: QtBot, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    looked_at = official.lists_places

    def watched(book: imports.ReadBook) -> bool:
        threads.append(threading.current_thread())
        return looked_at(book)

    monkeypatch.setattr(official, "lists_places", watched)
    path = tmp_path / "retour.csv"
    path.write_text("Code;Date;Valeur\nBPI-O01;15/05/2026;31\n", encoding="utf-8")
    drop(bench, path)
    qtbot.waitUntil(lambda: here(bench) == "echanges")
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


def test_a_document_may_be_the_text_of_one_that_waits_for_it(
    qtbot: QtBot, bench: Bench, tmp_path: Path
) -> None:
    path = tmp_path / "Contrat signé.docx"
    paper = docx.Document()
    paper.add_paragraph("Bpifrance déploie 40 bus d’ici 2027.")
    paper.save(str(path))
    waiting = next(one for one in bench.desk.held.documents if not bench.desk.held.joined(one.key))
    bench.notifier.answers.append(waiting.key)
    with qtbot.waitSignal(bench.session.changed):
        drop(bench, path)
    assert here(bench) == "documents"
    assert [choice.word for choice in bench.notifier.notices[0].choices][-2:] == ["nouveau", "annuler"]
    assert [file.name for file in bench.desk.held.joined(waiting.key)] == ["Contrat signé.docx"]


def test_a_package_opens_the_exchange_with_colleagues(qtbot: QtBot, bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "recu.paquet"
    path.write_bytes(b"rien")
    drop(bench, path)
    assert bench.window.findChild(ColleaguesDialog).isVisible()
    # What is no package is refused there, in words.
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    bench.window.findChild(ColleaguesDialog).reject()


@pytest.mark.parametrize("name", ["essai.geojson", "essai.db"])
def test_outlines_and_bases_go_where_they_belong_from_the_page_of_exchanges_too(
    qtbot: QtBot, bench: Bench, tmp_path: Path, name: str
) -> None:
    bench.window.go(Address("echanges"))
    path = tmp_path / name
    path.write_text("{}", encoding="utf-8")
    opened: list[Path] = []
    bench.window.dialogs.open_other = opened.append
    drop(bench, path)
    if name.endswith(".db"):
        assert opened == [path]
    else:
        qtbot.waitUntil(lambda: here(bench) == "territoires" and bench.lane.pending == 0)


def test_of_many_files_none_is_left_out_in_silence(
    bench: Bench, tmp_path: Path, readings: list[Path]
) -> None:
    told: list[tuple[str, object]] = []
    bench.session.refused.connect(lambda what, error: told.append((what, error)))
    before = here(bench)
    drop(bench, tmp_path / "un.csv", tmp_path / "deux.csv", tmp_path / "trois.paquet")
    assert [what for what, _ in told] == ["Fichiers déposés"]
    assert "aucun des 3" in str(told[0][1])
    assert here(bench) == before
    assert readings == []


def test_nothing_is_taken_on_the_projector(bench: Bench, tmp_path: Path) -> None:
    bench.session.project(True)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "retour.csv"))])
    over = QDragEnterEvent(QPointF(5, 5).toPoint(), COPY, data, LEFT, NONE)
    over.ignore()
    QApplication.sendEvent(bench.window, over)
    assert not over.isAccepted()


@pytest.mark.parametrize("kind", ["engagement", "visit"])
def test_a_file_dropped_on_a_field_is_no_word_of_it(bench: Bench, tmp_path: Path, kind: str) -> None:
    """« file:///…/photo.jpg » was written before what was typed."""
    bench.window.editor.make(kind, None)
    form = bench.window.findChild(EntityDialog)
    fields = [*form.findChildren(QLineEdit), *form.findChildren(QPlainTextEdit)]
    assert {type(one).__name__ for one in fields} >= {"QLineEdit", "TextArea"}
    files, words = QMimeData(), QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(tmp_path / "photo.jpg"))])
    words.setText("Dans la salle")
    for field in fields:
        where = field.viewport() if isinstance(field, QPlainTextEdit) else field
        over = QDragEnterEvent(QPointF(5, 5).toPoint(), COPY, files, LEFT, NONE)
        over.ignore()
        QApplication.sendEvent(where, over)
        if where.acceptDrops():
            assert not over.isAccepted(), field.accessibleName()
    area = form.findChild(QPlainTextEdit).viewport()
    over = QDragEnterEvent(QPointF(5, 5).toPoint(), COPY, words, LEFT, NONE)
    over.ignore()
    QApplication.sendEvent(area, over)
    assert over.isAccepted(), "words are dropped as ever"
    form.reject()
    # In a page, what is under the field takes it.
    under = bench.window.topbar.search
    QApplication.sendEvent(under, QDragEnterEvent(QPointF(5, 5).toPoint(), COPY, files, LEFT, NONE))
    bench.session.refused.disconnect()
    told: list[str] = []
    bench.session.refused.connect(lambda what, _: told.append(what))
    files.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("un.csv", "deux.csv")])
    QApplication.sendEvent(under, QDropEvent(QPointF(5, 5), COPY, files, LEFT, NONE))
    assert (told, under.text()) == (["Fichiers déposés"], "")
