"""The dashboard: what its drawings come down to, what its lists leave out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk.domain.attention import Chosen
from qpvdesk.domain.how_far import lack_words
from qpvdesk.domain.model import Dossier, Sens
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.domain.statuses import STATUT_LABELS, to_handle
from qpvdesk.services import state
from qpvdesk.storage import opening
from qpvdesk.ui.announcer import Toast
from qpvdesk.ui.kept_forms import KeptForm
from qpvdesk.ui.kit.painted import draw_words, has_room
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.tokens import CELL_PT
from qpvdesk.ui.pages.dashboard import DashboardPage
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.attention_line import AttentionLine, HeadlineLink, MoveLine
from qpvdesk.ui.widgets.card import Card
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.partner_bar import PartnerBar
from qpvdesk.ui.widgets.status_group import StatusTile
from qpvdesk.ui.widgets.theme_matrix import MatrixCard
from tests.gui.conftest import Bench
from tests.helpers import demo, invented


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    """The contract that ships, with invented figures."""
    path: Path = tmp_path_factory.mktemp("tableau") / "exemple.db"
    demo.make(path)
    with opening.open_base(path, read_only=True) as base:
        return base.dossier(base.contracts()[0].key)


def page_of(bench: Bench) -> DashboardPage:
    page = bench.window.findChild(DashboardPage)
    assert isinstance(page, DashboardPage)
    return page


def test_what_is_left_out_where_nothing_is_shown_is_not_called_other(
    qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, picture = page_of(bench), bench.session.picture
    assert picture is not None
    monkeypatch.setattr(Situation, "to_look_at", lambda *_: Chosen((), 1))
    page.show_picture(picture)

    def said() -> set[str]:
        return {one.text() for one in page.findChildren(QPushButton) if one.isVisible()}

    qtbot.waitUntil(lambda: "Voir 1 objectif à traiter" in said())
    assert not any("autre" in words for words in said())


def test_bars_and_matrix_say_what_they_come_down_to(bench: Bench) -> None:
    page, picture = page_of(bench), bench.session.picture
    assert picture is not None
    situation = picture.situation
    counts = {item.partner.short_name: to_handle(item.counts) for item in situation.partners}
    total, most = sum(counts.values()), max(counts.values())
    said = [
        one.text()
        for one in page.findChildren(QLabel)
        if one.text().endswith("à traiter") and "\u202f:" in one.text()
    ]
    assert len(said) == 2, "one of the bars, one of the matrix"
    assert any(name in said[0] + said[1] for name, count in counts.items() if count == most)
    assert all(str(total) in words or total == 1 for words in said)
    matrix = page.findChild(MatrixCard)
    assert isinstance(matrix, MatrixCard)
    for title in (one.text() for one in matrix.findChildren(QLabel)):
        assert "par ligne" not in title


@pytest.mark.parametrize("zoom", [1.0, 1.5, 2.0])
def test_what_is_said_in_passing_lies_on_no_page(
    qtbot: QtBot, theme: Theme, bench: Bench, zoom: float
) -> None:
    """It hid the last lines of a list, and its own button « Nouvelle décision »."""
    theme.set_zoom(zoom)
    toast = bench.window.findChild(Toast)
    assert isinstance(toast, Toast)
    words = (
        "Relevé enregistré\u202f: part des habitants des quartiers parmi les jeunes en contrat d’insertion, "
        * 3
    )
    toast.say(words, "Annuler", lambda: None)
    qtbot.waitUntil(lambda: bench.window.statusBar().height() >= toast.height())
    assert bench.window.statusBar().geometry().contains(toast.geometry())
    (button,) = toast.findChildren(QPushButton)
    assert toast.rect().contains(button.geometry())
    assert button.height() >= 24


def test_the_foot_is_as_high_as_its_button_whatever_was_said_last(
    qtbot: QtBot, theme: Theme, bench: Bench
) -> None:
    """Back from the projector, whose message has no button, « Reprendre… » was a row of dots and the foot was cut."""
    announcer = bench.window._announcer
    form = KeptForm("essai", "Nouvel objectif", lambda: None)
    bar, resume = bench.window.statusBar(), announcer._resume

    def is_whole() -> bool:
        return resume.height() >= resume.sizeHint().height() and bar.rect().contains(resume.geometry())

    for zoom in (1.0, 1.4, 1.0):
        announcer.flash("Mode projection\u202f: F11 ou Échap pour en sortir")
        theme.set_zoom(zoom)
        announcer.show_kept([form], lambda _: None)
        qtbot.waitUntil(lambda: resume.isVisible() and is_whole())
        announcer.flash("Relevé enregistré", "Annuler", lambda: None)
        toast = bench.window.findChild(Toast)
        assert isinstance(toast, Toast)
        qtbot.waitUntil(lambda toast=toast: bar.geometry().contains(toast.geometry()))


def test_bars_and_matrix_are_copied_as_an_image_and_as_a_table(bench: Bench) -> None:
    page, picture = page_of(bench), bench.session.picture
    assert picture is not None
    cards = [one for one in page.findChildren(Card) if one.actions()]
    assert len(cards) == 2
    partners = picture.situation.partners
    for card in cards:
        image, table = card.actions()
        image.trigger()
        assert QGuiApplication.clipboard().image().width() >= card.width()
        table.trigger()
        lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
        assert len({len(line) for line in lines}) == 1
        told = sorted([*lines[0], *(line[0] for line in lines)])
        assert all(item.partner.short_name in told or item.partner.code in told for item in partners)
    bars = QGuiApplication.clipboard()
    cards[0].actions()[1].trigger()
    figures = [line.split("\t") for line in bars.text().split("\n")][1:]
    assert sum(int(line[1]) for line in figures) == to_handle(picture.situation.counts)


def test_the_age_of_a_figure_is_read_where_there_is_little_room(
    qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    cut: set[str] = set()

    def write(painter: QPainter, room: QRectF, words: str) -> None:
        said.append(words)
        shorter = line.shown.wordings if words in line.shown.wordings else ()
        if not has_room(painter, room, words) and any(has_room(painter, room, one) for one in shorter):
            cut.add(words)

    monkeypatch.setattr(AttentionLine, "write", staticmethod(write))
    line = page_of(bench).findChild(AttentionLine)
    assert isinstance(line, AttentionLine)
    line.setParent(None)
    qtbot.addWidget(line)
    for wide in (1000, 560, 500):
        line.resize(wide, line.sizeHint().height())
        line.grab()
    whole, narrow = said[1], said[-1]
    assert "chiffre de" in whole
    assert whole.endswith(narrow), "the age is there"
    assert narrow != whole, "the partner is not"
    for wide in range(380, 700):
        line.resize(wide, line.sizeHint().height())
        line.grab()
    assert cut == set(), "a shorter wording was there"
    assert "il manque" in narrow


def test_a_target_that_nobody_dated_says_so_in_window_and_shell(
    open_window: Callable[..., Bench], qtbot: QtBot
) -> None:
    """Beside the objective, in its table and in the shell: the words that the papers say."""
    plain = invented.dossier()
    assessed = situation(plain, invented.TODAY).counted
    first = next(item for item in assessed if "d’ici" in lack_words(item) and not item.flagged).objective
    unsaid = replace(first, target_date=None)
    objectives = tuple(unsaid if item.key == first.key else item for item in plain.objectives)
    bench = open_window(replace(plain, objectives=objectives))
    bench.window.go(Address("objectifs", first.code))
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    said = [item.text() for item in bench.window.findChildren(QLabel) if item.isVisible()]
    assert "Cible, sans échéance" in said
    table = next(one for one in bench.window.findChildren(Table) if one.accessibleName() == "Objectifs")
    due = next(column for column in table.model().columns if column.title == "Échéance")
    assert due.text(table.current_row()) == "sans échéance"
    headers, rows = state.as_rows(bench.session.picture.review)
    told = {row[0]: row[headers.index("Échéance")] for row in rows}
    assert told[first.code] == "sans échéance"


@pytest.mark.parametrize("high", [768, 700])
def test_what_is_late_to_do_and_changed_is_on_the_first_screen(
    open_window: Callable[..., Bench], qtbot: QtBot, contract: Dossier, high: int
) -> None:
    """Of a laptop, and of what a title bar and a task bar leave of it; what is below answers other questions: by whom, on
    what."""
    bench = open_window(contract)
    window = bench.window
    window.resize(1366, high)
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    page = page_of(bench)
    (area,) = [one for one in page.findChildren(QScrollArea) if one.isVisible()]

    def below() -> set[str]:
        """The kinds of what ends under the foot of the first screen, where something is written or drawn."""
        foot = area.viewport().mapTo(window, area.viewport().rect().bottomLeft()).y()
        kinds = (
            HeadlineLink,
            StatusTile,
            AttentionLine,
            MoveLine,
            LineButton,
            PartnerBar,
            QPushButton,
            QLabel,
        )
        shown = [one for one in page.findChildren(QWidget) if isinstance(one, kinds) and one.isVisible()]
        assert area.verticalScrollBar().value() == 0
        low = [one for one in shown if one.mapTo(window, one.rect().bottomLeft()).y() > foot]
        cards = {card for card in page.findChildren(Card) if any(card.isAncestorOf(one) for one in low)}
        assert all(any(card.isAncestorOf(one) for card in cards) for one in low)
        return {card.title.text() for card in cards}

    qtbot.waitUntil(lambda: below() <= {"Par partenaire", "Thématiques et partenaires"})
    counted = {kind: len(page.findChildren(kind)) for kind in (HeadlineLink, StatusTile, AttentionLine)}
    assert counted[HeadlineLink] == 4
    assert counted[StatusTile] == 8
    assert counted[AttentionLine] >= 5


def test_what_changed_is_named_with_its_direction(
    open_window: Callable[..., Bench], qtbot: QtBot, contract: Dossier
) -> None:
    """A fall that leaves a target reached is a fall: neither a green tick nor a code without its name."""
    bench = open_window(contract)
    page = page_of(bench)
    qtbot.waitUntil(lambda: bench.lane.pending == 0 and bool(page.findChildren(MoveLine)))
    told = {line.shown.label: line.accessibleName() for line in page.findChildren(MoveLine)}
    met = 0
    for move in bench.session.picture.review.moves:
        words = told.get(move.objective.label)
        before, after = move.before.value, move.after.value
        if words is None or before is None or after is None or before == after:
            continue
        if move.objective.sens in (Sens.HAUSSE, Sens.PLANCHER, Sens.PARITE):
            assert words.startswith("En progrès" if after > before else "En recul"), words
            assert f"({move.objective.code}" in words
            brief = next(
                line.shown.brief for line in page.findChildren(MoveLine) if line.accessibleName() == words
            )
            assert STATUT_LABELS[move.after.status] in brief, (
                "in a short line the days go first, not the status"
            )
            assert not re.search(r"\d\d/\d\d/\d{4}", brief)
            met += 1
    assert met


class _Written:
    """A painter that notes what it writes."""

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter
        self.words = ""

    def __getattr__(self, name: str) -> object:
        return getattr(self._painter, name)

    def drawText(self, room: QRectF, flags: int, words: str) -> None:  # noqa: N802 - Qt's own
        del room, flags
        self.words = words


def test_words_that_do_not_hold_end_before_their_room_does(theme: Theme) -> None:
    """« Échéance de 181 objectifs (… » took three lines of two, the first cut at its top, the last without a mark."""
    told = (
        "Échéance de 181 objectifs (Département 31, Communauté d’agglomération 28, Éducation nationale 27, Région 25,"
        " France Travail 20, Agence régionale de santé 15, Bpifrance 10, Caisse d’allocations familiales 9)"
    )
    image = QImage(600, 60, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    painter.setFont(theme.font(CELL_PT))
    for width in range(150, 560, 7):
        room, written = QRectF(0, 0, width, theme.px(40)), _Written(painter)
        draw_words(written, room, told)  # type: ignore[arg-type]
        assert has_room(painter, room, written.words), width
        assert written.words.endswith("…"), width
        assert len(written.words) > 20
    painter.end()
