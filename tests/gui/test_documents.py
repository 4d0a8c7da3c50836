"""Documents: read, searched, cited from a passage, and led to from what cites; files joined, copied, taken away."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import docx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk.domain.model import Citation, Document, Dossier
from qpvdesk.domain.passages import SourceText, Span
from qpvdesk.services.documents import Drawn, Reading
from qpvdesk.ui.dialogs.attachments import AttachmentsDialog
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.folders import Folders
from qpvdesk.ui.kit.controls import typed_in
from qpvdesk.ui.pages.document_drawn import DrawnPane
from qpvdesk.ui.pages.documents import DocumentsPage
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.passage_view import PassageView
from tests.gui.conftest import Bench
from tests.helpers import invented
from tests.helpers.turns import turn

W = TypeVar("W", bound=QWidget)

TEXT = """Engagements de Bpifrance

Bpifrance déploie 40 bus de l’entrepreneuriat 🚌 d’ici 2027.

- un réseau de partenaires locaux ;

Engagements de l’ARS

Deux médiateurs en santé par an."""


def _one(page: QWidget, kind: type[W], name: str) -> W:
    return next(one for one in page.findChildren(kind) if one.accessibleName() == name)


def _press(page: QWidget, words: str) -> None:
    button = next(one for one in page.findChildren(QPushButton) if one.text() == words and one.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def page(bench: Bench, qtbot: QtBot, tmp_path: Path) -> DocumentsPage:
    """The page, on a document that was given its file by hand."""
    path = tmp_path / "Annexes.txt"
    path.write_text(TEXT, encoding="utf-8")
    bench.window.go(Address("documents"))
    page = bench.window.findChild(DocumentsPage)
    assert page is not None
    bench.notifier.opened = path
    with qtbot.waitSignal(bench.session.changed):
        _press(page, "Ajouter un document…")
    names = _one(page, QListWidget, "Documents sources")
    row = next(place for place in range(names.count()) if "Annexes" in names.item(place).text())
    names.setCurrentRow(row)
    view = _one(page, PassageView, "Texte du document")
    qtbot.waitUntil(lambda: view.toPlainText() == TEXT)
    return page


def test_a_document_is_added_from_its_file_and_the_act_is_undone_whole(
    bench: Bench, page: DocumentsPage, qtbot: QtBot
) -> None:
    count = len(bench.desk.held.documents)
    assert len(bench.desk.held.attachments) == 1
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.undo()
    assert len(bench.desk.held.documents) == count - 1
    assert bench.desk.held.attachments == ()
    assert bench.bugs == []
    assert page.isVisible()


def test_words_are_looked_for_and_each_passage_opens_where_it_is(page: DocumentsPage, qtbot: QtBot) -> None:
    field = _one(page, QLineEdit, "Chercher dans les documents")
    field.setText("mediateurs sante")
    hits = _one(page, QListWidget, "Passages trouvés")
    qtbot.waitUntil(lambda: hits.isVisible() and hits.count() == 1)
    assert "Engagements de l’ARS" in hits.item(0).text()
    hits.setCurrentRow(0)
    where = _one(page, QLabel, "Où l’on est dans le document")
    assert "Engagements de l’ARS" in where.text()
    # Past a letter that Qt counts twice, the place is still the right one.
    view = _one(page, PassageView, "Texte du document")
    assert view.at() == TEXT.index("Deux médiateurs")
    field.setText("introuvable")
    qtbot.waitUntil(lambda: not hits.isVisible())
    field.clear()
    qtbot.waitUntil(lambda: _one(page, QListWidget, "Documents sources").isVisible())


def test_a_selected_passage_becomes_the_source_of_a_new_engagement_and_leads_back(
    bench: Bench, page: DocumentsPage, qtbot: QtBot
) -> None:
    view = _one(page, PassageView, "Texte du document")
    cursor = QTextCursor(view.document())
    start = view.document().find("Deux médiateurs").selectionStart()
    cursor.setPosition(start)
    cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    _press(page, "Créer un engagement…")
    form = bench.window.findChild(EntityDialog)
    assert form is not None
    typed = form.typed()
    assert typed["citation_section"] == "Engagements de l’ARS"
    assert typed["citation_mark"] == "Deux médiateurs en santé par an."
    _one(form, QWidget, "Libellé").setPlainText("Former des médiateurs")  # type: ignore[attr-defined]
    # The passage names nobody for sure: the partner is chosen.
    _one(form, QWidget, "Partenaire").setCurrentIndex(1)  # type: ignore[attr-defined]
    _one(form, QWidget, "Nature").setCurrentIndex(1)  # type: ignore[attr-defined]
    with qtbot.waitSignal(bench.session.changed):
        QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    made = next(one for one in bench.desk.held.engagements if one.label == "Former des médiateurs")
    assert made.citation is not None
    # From the engagement back to the passage.
    bench.window.go(Address("engagements", made.code))

    def leads() -> list[QPushButton]:
        buttons = bench.window.findChildren(QPushButton)
        return [one for one in buttons if one.text() == "Lire le passage" and one.isVisible()]

    qtbot.waitUntil(lambda: bool(leads()))
    QTest.mouseClick(leads()[0], Qt.MouseButton.LeftButton)
    drawn = _one(page, QListWidget, "Tout ce qui est lu dans ce document")
    qtbot.waitUntil(lambda: page.isVisible() and drawn.count() == 1)
    assert made.code in drawn.item(0).text()
    qtbot.waitUntil(lambda: view.at() == TEXT.index("Deux médiateurs"))
    # The list of all follows what is read; what is said of the passage is of the words that are marked.
    assert made.code in drawn.currentItem().text()
    assert made.code in [one.accessibleName().partition(",")[0] for one in page.findChildren(LineButton)]


def test_a_file_that_is_no_document_is_refused_in_words(
    bench: Bench, page: DocumentsPage, qtbot: QtBot, tmp_path: Path
) -> None:
    bad = tmp_path / "archive.pdf"
    bad.write_bytes(b"PK\x03\x04\0\0")
    bench.notifier.opened = bad
    count = len(bench.desk.held.documents)
    _press(page, "Ajouter un document…")
    qtbot.waitUntil(lambda: bool(bench.notifier.notices))
    assert "ni un document Word" in bench.notifier.notices[-1].message
    assert len(bench.desk.held.documents) == count


def test_the_files_of_an_engagement_are_joined_copied_and_taken_away(
    bench: Bench, qtbot: QtBot, tmp_path: Path
) -> None:
    engagement = bench.desk.held.engagements[0]
    letter = tmp_path / "courrier.pdf"
    letter.write_bytes(b"%PDF-1.4 courrier")
    bench.window.go(Address("engagements", engagement.code))
    _one(bench.window, QPushButton, "Pièces jointes de l’engagement").click()
    dialog = bench.window.findChild(AttachmentsDialog)
    assert dialog is not None
    bench.notifier.opened = letter
    with qtbot.waitSignal(bench.session.changed):
        _press(dialog, "&Joindre un fichier…")
    files = _one(dialog, QListWidget, "Pièces jointes")
    assert files.count() == 1
    assert "courrier.pdf" in files.item(0).text()
    bench.notifier.path = tmp_path / "copie.pdf"
    with qtbot.waitSignal(bench.session.copied):
        _press(dialog, "&Enregistrer une copie…")
    assert (tmp_path / "copie.pdf").read_bytes() == letter.read_bytes()
    with qtbot.waitSignal(bench.session.changed):
        _press(dialog, "&Retirer")
    assert files.count() == 0
    dialog.accept()


def test_room_is_given_back_only_when_confirmed(bench: Bench, page: DocumentsPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.undo()
    action = bench.window.findChild(QAction, "documents")
    assert action is not None
    release = next(one for one in page.findChildren(QPushButton) if one.text() == "Libérer la place")
    qtbot.waitUntil(release.isVisible)
    bench.notifier.answers = ["annuler", "liberer"]
    release.click()
    assert "ask" not in bench.desk.calls
    release.click()
    qtbot.waitUntil(lambda: not release.isVisible())
    assert bench.bugs == []


def test_of_a_document_that_was_not_read_what_is_cited_is_shown_and_nothing_made(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.window.go(Address("documents"))
    page = bench.window.findChild(DocumentsPage)
    assert page is not None
    qtbot.waitUntil(
        lambda: any("n’est pas joint" in one.text() and one.isVisible() for one in page.findChildren(QLabel))
    )
    view = _one(page, PassageView, "Texte du document")
    # Each passage stands under what was read there: « 40 bus » or a line of a table says nothing alone.
    lines = view.toPlainText().split("\n")
    assert lines[0] in {partner.name for partner in bench.desk.held.partners}
    for place, line in enumerate(lines):
        if line.startswith("«"):
            assert re.search(r"\([A-Z0-9-]+\)|, et \d+ autres?$", lines[place - 1]), lines[place - 1]
    assert sum("· Axe 1" in line for line in lines) > 0, "where each stands is not lost"
    assert not any("passage surligné" in one.text() and one.isVisible() for one in page.findChildren(QLabel))
    assert any("les mots d’où vient chaque engagement" in one.text() for one in page.findChildren(QLabel))
    blue = [
        one.text()
        for one in page.findChildren(QPushButton)
        if one.isVisible() and one.property("role") == "primary"
    ]
    assert blue == ["Joindre le texte…"]
    assert typed_in(page) == [], "no hand typed what the page writes"
    drawn = _one(page, QListWidget, "Tout ce qui est lu dans ce document")
    drawn.setCurrentRow(next(row for row in range(drawn.count()) if "BPI-O01" in drawn.item(row).text()))
    assert view.toPlainText()[view.at() :].startswith("BPI-O01")
    # A name leads each row, its code after it.
    assert not any(re.match(r"[A-Z]+-|\d|«", drawn.item(row).text()) for row in range(drawn.count()))
    view.selectAll()
    makers = [one for one in page.findChildren(QPushButton) if one.text().startswith("Créer")]
    assert [one.isEnabled() for one in makers] == [False, False]


def test_a_document_without_its_file_is_offered_the_one_that_looks_like_it(
    bench: Bench, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = bench.desk.held.documents[0]
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    (tmp_path / "Documents").mkdir()
    own = (
        tmp_path
        / "Documents"
        / f"copil-{wanted.title}-{bench.desk.held.contract.code.lower()}-2026-06-30.pdf"
    )
    own.touch()
    bench.window.go(Address("documents"))
    page = bench.window.findChild(DocumentsPage)
    qtbot.waitUntil(lambda: page._reading is not None)
    assert page._offer.isHidden(), "a paper that the product saved is the text of no document"
    own.unlink()
    path = tmp_path / "Documents" / f"{wanted.title}.docx"
    paper = docx.Document()
    paper.add_paragraph("Bpifrance déploie 40 bus d’ici 2027.")
    paper.save(str(path))
    page._open(page._document, again=True)
    words = f"Joindre «\u202f{path.name}\u202f» (dossier Documents)"
    qtbot.waitUntil(
        lambda: any(one.text() == words and one.isVisible() for one in page.findChildren(QPushButton))
    )
    with qtbot.waitSignal(bench.session.changed):
        _press(page, words)
    assert [file.name for file in bench.desk.held.joined(wanted.key)] == [path.name]
    assert Folders(bench.settings.parent).of("pieces") == path.parent, "the folder is remembered"


def test_what_is_asked_of_a_window_that_is_closed_is_answered_to_nobody(
    bench: Bench, page: DocumentsPage, qtbot: QtBot
) -> None:
    answers: list[object] = []
    bench.window.close()
    bench.session.read("Lecture", lambda *_: 1, answers.append)
    qtbot.wait(100)
    assert answers == []
    assert page is not None


def test_a_document_is_modified_and_removed_where_it_is_listed(bench: Bench, page: DocumentsPage) -> None:
    asked: list[object] = []
    for signal in (page.changing, page.removing):
        signal.disconnect()
        signal.connect(lambda kind, keys: asked.append((kind, keys)))
    shown = next(item.key for item in bench.desk.held.documents if item.code == page.address().focus)
    _press(page, "Modifier…")
    _press(page, "Supprimer")
    assert asked == [("document", [shown])] * 2


def test_the_first_document_of_a_contract_is_brought_by_its_file(
    open_window: Callable[..., Bench], qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "Annexes.txt"
    path.write_text(TEXT, encoding="utf-8")
    bench = open_window(Dossier(contract=invented.dossier().contract))
    bench.window.go(Address("documents"))
    page = bench.window.findChild(DocumentsPage)
    bench.notifier.opened = path
    assert not any(
        one.text() == "Changer le fichier…" for one in page.findChildren(QPushButton) if one.isVisible()
    )
    with qtbot.waitSignal(bench.session.changed):
        _press(page, "Choisir le fichier…")
    assert [document.title for document in bench.desk.held.documents] == ["Annexes"]
    assert bench.bugs == []


@pytest.mark.parametrize("passage", [0, 3, 9])
def test_the_list_of_all_shows_the_passage_once_what_is_above_it_took_its_room(
    qtbot: QtBot, theme: Theme, passage: int
) -> None:
    source = SourceText(["\n\n".join(f"Passage {place} du contrat." for place in range(12))])
    starts = [source.text.index(f"Passage {place} ") for place in range(12)]
    drawn = tuple(
        Drawn(
            "objective",
            f"k{start}-{row}",
            f"P-O{start}{row}",
            "Un objectif",
            "",
            Citation("doc", "", ""),
            Span(start, start + 7),
        )
        for start in starts
        for row in range(5)
    )
    pane = DrawnPane(theme)
    qtbot.addWidget(pane)
    pane.resize(300, 420)
    reading = Reading(Document("doc", "c", "DOC", "Le contrat"), None, source, drawn)
    pane.show_reading(reading)
    pane.show()
    turn(qtbot)
    pane.show_passage(reading, source, starts[passage])
    every = _one(pane, QListWidget, "Tout ce qui est lu dans ce document")
    assert f"P-O{starts[passage]}0" in every.currentItem().text()
    qtbot.waitUntil(lambda: every.viewport().rect().contains(every.visualItemRect(every.currentItem())))
