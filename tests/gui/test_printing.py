"""« Impressions », as a hand goes through it: what is seen is what is printed and saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qpvdesk.domain.gatherings import PARTNERS
from qpvdesk.services.printing import SectionChoice
from qpvdesk.services.templates import Templates
from qpvdesk.ui.announcer import Toast
from qpvdesk.ui.pages.committees import CommitteesPage
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.printing import PrintingPage
from qpvdesk.ui.pages.printing_preview import PaperView
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.composer import Composer
from tests.gui.conftest import Bench, RecordingNotifier
from tests.helpers import paper_text


@pytest.fixture
def page(qtbot: QtBot, bench: Bench) -> PrintingPage:
    """The page, on the committee's file, its pages laid out."""
    qtbot.keyClick(bench.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    made: PrintingPage = bench.window.findChild(PrintingPage)
    with qtbot.waitSignal(made.laid_out):
        pass
    return made


def relaid(qtbot: QtBot, page: PrintingPage, act: Callable[[], object]) -> int:
    """Do something that lays the pages out again; return how many there are."""
    with qtbot.waitSignal(page.laid_out) as laid:
        act()
    return int(laid.args[0])


def named(page: QWidget, kind: type, name: str):  # type: ignore[no-untyped-def]
    return next(
        one
        for one in page.findChildren(kind)
        if name in (one.accessibleName(), getattr(one, "text", lambda: "")())
    )


def says(page: PrintingPage, words: str) -> bool:
    return any(words in one.text() for one in page.findChildren(QLabel))


def click(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def saved(qtbot: QtBot, bench: Bench, page: PrintingPage, path: Path) -> list[str]:
    bench.notifier.path = path
    with qtbot.waitSignal(bench.session.printed):
        click(qtbot, named(page, QPushButton, "Enregistrer…"))
    return paper_text.pages(path)


def test_what_is_shown_is_what_is_saved(
    qtbot: QtBot, bench: Bench, page: PrintingPage, tmp_path: Path
) -> None:
    texts = saved(qtbot, bench, page, tmp_path / "copil.pdf")
    listed = named(page, QComboBox, "Aller à la page")
    assert listed.count() == len(texts)
    at = next(place for place in range(listed.count()) if "Points d’attention" in listed.itemText(place))
    listed.setCurrentIndex(at)
    listed.activated.emit(at)
    assert says(page, f"page {at + 1} sur {len(texts)}")
    listed.activated.emit(0)
    assert says(page, f"page 1 sur {len(texts)}")
    qtbot.waitUntil(lambda: "copil.pdf" in bench.window.statusBar().currentMessage())


def test_a_section_is_left_out_with_the_space_key(
    qtbot: QtBot, bench: Bench, page: PrintingPage, tmp_path: Path
) -> None:
    held = named(page, QListWidget, "Sections du dossier")
    row = next(row for row in range(held.count()) if held.item(row).text() == "Points d’attention")
    held.setCurrentRow(row)
    before = "\n".join(saved(qtbot, bench, page, tmp_path / "a.pdf"))
    relaid(qtbot, page, lambda: qtbot.keyClick(held, Qt.Key.Key_Space))
    after = "\n".join(saved(qtbot, bench, page, tmp_path / "b.pdf"))
    # It may have stood on a page that others fill: what goes is its title, here and in the contents.
    assert after.count("Points d’attention") < before.count("Points d’attention")


def test_sections_are_moved_and_introduced(
    qtbot: QtBot, bench: Bench, page: PrintingPage, tmp_path: Path
) -> None:
    held = named(page, QListWidget, "Sections du dossier")
    held.setCurrentRow(0)
    relaid(qtbot, page, lambda: qtbot.keyClick(held, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier))
    assert [held.item(0).text(), held.item(1).text()] == ["Sommaire", "L’essentiel"]
    words = named(page, QPlainTextEdit, "Mot d’introduction de la section")
    # No blank line on the paper asks for it: the window does.
    assert words.placeholderText().startswith("Message de la séance")
    relaid(qtbot, page, lambda: qtbot.keyClicks(words, "Trois retards & un accord"))
    texts = saved(qtbot, bench, page, tmp_path / "b.pdf")
    assert "Sommaire" in texts[1]
    assert "Trois retards & un accord" in texts[2]


def test_chapters_are_of_partners_or_of_thematiques(qtbot: QtBot, bench: Bench, page: PrintingPage) -> None:
    held, cut = named(page, QListWidget, "Sections du dossier"), named(page, QComboBox, "Chapitres")
    titles = [held.item(row).text() for row in range(held.count())]
    at = cut.findText("thématique")
    cut.setCurrentIndex(at)
    relaid(qtbot, page, lambda: cut.activated.emit(at))
    now = [held.item(row).text() for row in range(held.count())]
    assert "Entrepreneuriat" in now
    assert "Banque publique d’investissement" in titles
    assert "Banque publique d’investissement" not in now
    assert page.request.composition.chapters == "thematiques"
    assert all(
        held.item(row).checkState() is Qt.CheckState.Checked
        for row in range(held.count())
        if held.item(row).text() == "Entrepreneuriat"
    )
    assert bench.notifier.notices == []


def test_a_template_is_kept_and_used_again(qtbot: QtBot, bench: Bench, page: PrintingPage) -> None:
    late = named(page, QCheckBox, "Seulement les objectifs en difficulté")
    relaid(qtbot, page, lambda: late.click())
    names = named(page, QComboBox, "Mes modèles")
    qtbot.keyClicks(names.lineEdit(), "Revue courte")
    click(qtbot, named(page, QPushButton, "Garder ces choix sous ce nom"))
    relaid(qtbot, page, lambda: late.click())
    assert not page.request.composition.late_only
    relaid(qtbot, page, lambda: names.activated.emit(0))
    assert page.request.composition.late_only
    assert bench.notifier.notices == []


def test_a_template_without_a_name_is_refused_in_words(
    qtbot: QtBot, bench: Bench, page: PrintingPage
) -> None:
    click(qtbot, named(page, QPushButton, "Garder ces choix sous ce nom"))
    assert bench.notifier.notices[0].remedy == "Donnez-lui un nom court."


def test_each_model_shows_its_pages(qtbot: QtBot, page: PrintingPage) -> None:
    models = named(page, QComboBox, "Document")
    for row in range(1, models.count()):
        assert relaid(qtbot, page, lambda row=row: models.setCurrentIndex(row)) >= 1
        assert not any(
            one.isVisible() for one in page.findChildren(QLabel) if one.property("role") == "error"
        )


def test_another_document_begins_at_its_first_page(qtbot: QtBot, bench: Bench, page: PrintingPage) -> None:
    """The note opened on its third page, « (suite) » and nearly empty, after the third of another document."""
    models, paper = named(page, QComboBox, "Document"), page.findChild(PaperView)
    for model in ("diapositives", "copil"):
        paper.go(1)
        assert paper.page == 1
        relaid(qtbot, page, lambda model=model: models.setCurrentIndex(models.findData(model)))
        assert paper.page == 0
        assert named(page, QComboBox, "Aller à la page").currentIndex() == 0
    paper.go(1)
    relaid(qtbot, page, lambda: bench.session.show_day(None) or bench.session.load())
    assert paper.page == 1, "the same one, laid out anew, is read on"


def test_words_are_found_in_the_pages(qtbot: QtBot, page: PrintingPage) -> None:
    qtbot.keyClicks(named(page, QLineEdit, "Chercher dans les pages"), "NOTE DE METHODE")
    assert says(page, "trouvée")
    assert page.findChild(PaperView).page > 0
    qtbot.keyClicks(named(page, QLineEdit, "Chercher dans les pages"), "zzz")
    assert says(page, "introuvable")


def test_the_printer_gets_every_page(qtbot: QtBot, bench: Bench, page: PrintingPage, tmp_path: Path) -> None:
    models = named(page, QComboBox, "Document")
    count = relaid(qtbot, page, lambda: models.setCurrentIndex(models.findData("partenaire")))
    bench.notifier.paper = tmp_path / "papier.pdf"
    click(qtbot, named(page, QPushButton, "Imprimer…"))
    qtbot.waitUntil(lambda: says(page, f"dans {tmp_path / 'papier.pdf'}"))
    assert not says(page, "à l’imprimante"), "it went to a file"
    assert len(paper_text.pages(tmp_path / "papier.pdf")) == count
    assert bench.notifier.suggested[-1].name.startswith("partenaire-"), "« print.pdf » says nothing"


def test_giving_up_the_printer_prints_nothing(qtbot: QtBot, page: PrintingPage) -> None:
    click(qtbot, named(page, QPushButton, "Imprimer…"))
    assert not says(page, "imprimante")
    assert not says(page, "enregistrée")


def test_a_change_in_the_base_is_laid_out_again(qtbot: QtBot, bench: Bench, page: PrintingPage) -> None:
    relaid(qtbot, page, lambda: bench.session.show_day(None) or bench.session.load())


def test_what_is_saved_or_printed_for_a_meeting_stands_among_its_papers(
    qtbot: QtBot, bench: Bench, page: PrintingPage, tmp_path: Path
) -> None:
    models, of = named(page, QComboBox, "Document"), named(page, QComboBox, "Réunion")
    relaid(qtbot, page, lambda: models.setCurrentIndex(models.findData("decisions")))
    relaid(qtbot, page, lambda: of.setCurrentIndex(1))
    with qtbot.waitSignal(bench.session.changed):
        saved(qtbot, bench, page, tmp_path / "releve.pdf")
    # That it is noted for its meeting took away at once what opens it.
    toast = bench.window.findChild(Toast)
    assert [act.text() for act in toast.findChildren(QPushButton) if act.isVisible()] == ["Ouvrir"]
    bench.notifier.paper = tmp_path / "papier.pdf"
    with qtbot.waitSignal(bench.session.changed):
        click(qtbot, named(page, QPushButton, "Imprimer…"))
    assert not [act for act in toast.findChildren(QPushButton) if act.isVisible()]
    picture = bench.session.picture
    assert picture is not None
    noted = picture.situation.dossier.papers
    assert {one.name for one in noted} == {"releve.pdf", ""}
    assert {one.meeting for one in noted} == {of.currentData()}
    bench.window.go(Address("comites"))
    committees = bench.window.findChild(CommitteesPage)
    qtbot.waitUntil(
        lambda: any(
            "Imprimé\u202f: Relevé de décisions" in one.text() for one in committees.findChildren(QLabel)
        )
    )


def test_choosing_a_section_shows_its_pages(qtbot: QtBot, page: PrintingPage) -> None:
    held = named(page, QListWidget, "Sections du dossier")
    paper = page.findChild(PaperView)
    assert paper.page == 0
    row = next(row for row in range(held.count()) if held.item(row).text() == "Note de méthode")
    held.scrollToItem(held.item(row))
    where = held.visualItemRect(held.item(row))
    qtbot.mouseClick(held.viewport(), Qt.MouseButton.LeftButton, pos=where.center())
    qtbot.waitUntil(lambda: paper.page > 0)
    far = paper.page
    held.setFocus()
    qtbot.keyClick(held, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: paper.page == 1)
    assert far > 1


def test_a_window_closed_at_once_lays_nothing_out(qtbot: QtBot, bench: Bench) -> None:
    qtbot.keyClick(bench.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert bench.window.findChild(PrintingPage) is not None
    bench.window.close()
    qtbot.wait(500)
    assert bench.session._reader is None


def test_the_ticks_of_sections_follow_what_is_shown_but_those_of_a_hand(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    """The ticks were those of the first picture seen: the paper depended on where one had looked before."""
    composer = Composer(theme, Templates(tmp_path), RecordingNotifier())
    qtbot.addWidget(composer)

    def show(*, changed: bool) -> list[str]:
        sections = (
            SectionChoice("essentiel", "L’essentiel"),
            SectionChoice("evolution", "Ce qui a changé", changed),
        )
        composer.show_sections(
            {PARTNERS: "Partenaires"}, lambda _: (*sections, SectionChoice("points", "Points"))
        )
        return [choice.word for choice in composer.composition().choices or ()]

    assert show(changed=False) == ["essentiel", "points"]
    assert show(changed=True) == ["essentiel", "evolution", "points"]
    items = named(composer, QListWidget, "Sections du dossier")
    items.item(2).setCheckState(Qt.CheckState.Unchecked)
    assert show(changed=False) == ["essentiel"]
    items.item(1).setCheckState(Qt.CheckState.Checked)
    assert show(changed=False) == ["essentiel", "evolution"]
