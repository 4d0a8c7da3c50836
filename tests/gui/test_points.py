"""The points d'attention as a hand goes through them: many alike are one line, unfolded where wanted."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from qpvdesk.domain.alerts import ENGAGEMENT_SANS_SUIVI
from qpvdesk.domain.model import Engagement
from qpvdesk.domain.points import DECISION_EN_RETARD, FAMILY_ALERT, FAMILY_COHERENCE, Point, PointNature
from qpvdesk.domain.review import PointView, Review
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.services import points
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.models.points import ALIKE, PointRow, point_rows
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.point_detail import PointDetail
from qpvdesk.ui.pages.points import PointsPage
from qpvdesk.ui.sidebar import NavButton
from tests.gui.conftest import Bench
from tests.gui.test_window import button, child, click, words
from tests.helpers import invented
from tests.helpers.reviews import review_of


@pytest.fixture
def now() -> Situation:
    return situation(invented.dossier(), invented.TODAY)


def alike(
    situation: Situation, count: int, *, family: str = FAMILY_ALERT, kind: str = "k"
) -> list[PointView]:
    partner = situation.dossier.partners[0].key
    return [
        PointView(
            Point(
                f"{kind}:E{n}",
                family,
                kind,
                "Sans suivi",
                f"E{n}",
                partner,
                f"E{n}\u202f: rien depuis {n} mois.",
                "R.",
            ),
            None,
        )
        for n in range(count)
    ]


def said(rows: Sequence[PointRow]) -> list[str]:
    return [row.sentence for row in rows]


def test_three_alike_are_three_lines_and_four_are_one(now: Situation) -> None:
    assert said(point_rows(alike(now, 3), now)) == [f"Rien depuis {n} mois." for n in range(3)]
    (head,) = point_rows(alike(now, 4), now)
    name = now.dossier.partners[0].short_name
    assert head.sentence == f"4 points – {name}\u202f: sans suivi"
    assert head.view is None


def test_what_disagrees_comes_first_and_is_never_grouped(now: Situation) -> None:
    rows = point_rows(
        [*alike(now, 5), *alike(now, 1, kind="rare"), *alike(now, 6, family=FAMILY_COHERENCE, kind="c")], now
    )
    assert [row.views[0].point.kind for row in rows] == ["c"] * 6 + ["rare", "k"]
    # What was due on a day that has passed comes before, however many there are.
    late = alike(now, 4, kind=DECISION_EN_RETARD)
    assert point_rows([*alike(now, 1, family=FAMILY_COHERENCE), *late], now)[0].views == tuple(late)
    assert [row.head for row in rows] == [False] * 7 + [True]


def test_an_unfolded_head_is_followed_by_all_its_points(now: Situation) -> None:
    views = alike(now, 5)
    (head,) = point_rows(views, now)
    rows = point_rows(views, now, {head.ident})
    assert rows[0].open
    assert [row.view for row in rows[1:]] == views
    assert all(row.inner for row in rows[1:])


def test_every_point_stands_in_exactly_one_line(now: Situation) -> None:
    views = list(review_of(now).points)
    held = [view.point.ident for row in point_rows(views, now) for view in row.views]
    assert sorted(held) == sorted(view.point.ident for view in views)


def test_the_counter_counts_the_points_that_are_to_be_done(now: Situation) -> None:
    document = tuple(alike(now, 6, family=FAMILY_COHERENCE, kind="c"))
    views = (*alike(now, 43), *alike(now, 2, kind="rare"))
    assert Review(now, alerts=views, findings=document).to_do == 45
    assert Review(now, findings=document).to_do == 0
    doubtful = PointView(replace(document[0].point, nature=PointNature.DOUTE), None)
    assert Review(now, findings=(doubtful,)).to_do == 1


@given(kinds=st.lists(st.sampled_from("abcdef"), max_size=30), chosen=st.randoms(use_true_random=False))
def test_each_point_that_is_settled_takes_one_from_the_counter(
    kinds: list[str], chosen: random.Random
) -> None:
    """One of four alike came in: the three left were a line each, and the navigation said 17 where it had said 15."""
    now = situation(invented.dossier(), invented.TODAY)
    views = [
        PointView(replace(view.point, ident=f"{kind}:{place}"), None)
        for place, kind in enumerate(kinds)
        for view in alike(now, 1, kind=kind, family=FAMILY_ALERT if kind < "d" else FAMILY_COHERENCE)
    ]
    left = Review(now, alerts=tuple(views)).to_do
    assert left == sum(kind < "d" for kind in kinds)
    while views:
        settled = views.pop(chosen.randrange(len(views)))
        assert Review(now, alerts=tuple(views)).to_do == left - settled.to_do
        left -= settled.to_do
    assert left == 0


def test_what_the_document_says_badly_is_one_choice_away_and_a_place_finds_it(bench: Bench) -> None:
    bench.window.go(Address("points"))
    page = child(bench.window, PointsPage)
    shown_first = page.findChild(Table).model().shown
    assert shown_first
    assert all(view.point.to_do for row in shown_first for view in row.views)
    points = review_of(situation(bench.desk.held, invented.TODAY)).points
    of_document = next(view.point for view in points if not view.point.to_do)
    bench.window.go(Address("points", of_document.ident))
    assert page.findChild(Table).current_row().view.point.ident == of_document.ident


@pytest.fixture
def crowded(open_window: Callable[..., Bench]) -> Bench:
    """The window on a contract many engagements of which nobody has followed."""
    held = invented.dossier()
    model: Engagement = held.engagements[0]
    more = tuple(
        replace(model, key=f"plus-{n}", code=f"{model.code}-{n:02}", retired=False) for n in range(1, 13)
    )
    return open_window(replace(held, engagements=(*held.engagements, *more)))


def shown(table: Table) -> list[Any]:
    model = table.model()
    return [model.index(row, 1).data() for row in range(model.rowCount())]


def test_a_head_unfolds_by_keyboard_and_its_points_are_taken_one_by_one(qtbot: QtBot, crowded: Bench) -> None:
    crowded.window.go(Address("points"))
    page = child(crowded.window, PointsPage)
    table = child(page, Table)
    rows = table.model().shown
    place = next(n for n, row in enumerate(rows) if row.head)
    head = rows[place]
    count = len(shown(table))
    assert head.sentence in shown(table)
    assert "engagements – " in head.sentence
    table.select_identity(head.ident)
    assert any(head.sentence in one for one in words(page))
    reason = _reason(page, "Motif de la prise en compte")
    assert not reason.isVisible()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert len(shown(table)) == count + len(head.views)
    qtbot.keyClick(table, Qt.Key.Key_Left)
    assert len(shown(table)) == count
    qtbot.keyClick(table, Qt.Key.Key_Right)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.current_row().inner
    qtbot.keyClicks(reason, "Vu")
    with qtbot.waitSignal(crowded.session.changed):
        click(qtbot, button(page, "Prendre en compte"))
    assert [one.point for one in crowded.desk.held.acknowledgements] == [head.views[0].point.ident]
    assert any(row.head and len(row.views) == len(head.views) - 1 for row in table.model().shown)


def _reason(page: PointsPage, name: str) -> QPlainTextEdit:
    return next(one for one in page.findChildren(QPlainTextEdit) if one.accessibleName() == name)


def test_one_reason_takes_all_the_points_of_a_head_in_one_act(qtbot: QtBot, crowded: Bench) -> None:
    crowded.window.go(Address("points"))
    page = child(crowded.window, PointsPage)
    table = child(page, Table)
    head = next(row for row in table.model().shown if row.head)
    table.select_identity(head.ident)
    qtbot.keyClicks(_reason(page, "Pourquoi prendre en compte tous ces points"), "Base de travail")
    with qtbot.waitSignal(crowded.session.changed):
        click(qtbot, button(page, f"Prendre en compte les {len(head.views)} points"))
    taken = {one.point for one in crowded.desk.held.acknowledgements}
    assert taken == {view.point.ident for view in head.views}
    picture = crowded.session.picture
    assert picture is not None
    assert picture.undo_label == f"{len(head.views)} points d’attention pris en compte"
    with qtbot.waitSignal(crowded.session.pictured):
        crowded.session.undo()
    assert crowded.desk.held.acknowledgements == ()


def test_a_rule_that_was_asked_for_shows_each_of_its_points(crowded: Bench) -> None:
    """« 4 décisions échues » led to one folded line; followed before the points had come, to all of them."""
    address = Address("points", filters=(("regle", "engagement_sans_suivi"),))
    crowded.window.go(address)
    page = child(crowded.window, PointsPage)
    picture = crowded.session.picture
    assert picture is not None
    none_yet = replace(picture, review=replace(picture.review, alerts=(), findings=()))
    for before in ((), (none_yet, picture)):
        page._opened.clear()
        page._kind.setCurrentIndex(0)
        for shown in before[:1]:
            page.show_picture(shown)
        page.arrive(address)
        for shown in before[1:]:
            page.show_picture(shown)
        rows = page.findChild(Table).model().shown
        (head,) = [row for row in rows if row.head]
        assert sum(row.inner for row in rows) == len(head.views) > 4
    said = page.findChild(PointDetail)._head_codes.text()
    assert head.views[0].point.titled in said, "who reads the line learns what it stands for"
    assert head.views[-1].point.object in said


def test_a_point_that_is_settled_takes_one_from_every_number_that_counts_it(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    """Navigation, heading, state and subject: where a fold breaks in three lines, none of them rises."""
    held = invented.dossier()
    model: Engagement = held.engagements[0]
    more = [replace(model, key=f"plus-{n}", code=f"{model.code}-{n}", retired=False) for n in range(ALIKE)]
    bench = open_window(replace(held, engagements=(*held.engagements, *more)))
    bench.window.go(Address("points", filters=(("regle", ENGAGEMENT_SANS_SUIVI),)))
    page = child(bench.window, PointsPage)
    table = child(page, Table)
    head, first, *_ = table.model().shown
    assert len(head.views) == ALIKE

    def numbers() -> list[int]:
        """Of the navigation, the heading, the state and the subject."""
        nav = next(one for one in bench.window.findChildren(NavButton) if "Points" in one.accessibleName())
        told = (
            nav.accessibleName(),
            page._mention.text(),
            page._state.currentText(),
            page._kind.currentText(),
        )
        return [int(re.findall(r"\d+", words)[0]) for words in told]

    before = numbers()
    assert before[1] == before[3] == ALIKE
    contract, settled = held.contract.code, [first.view.point.ident]
    with qtbot.waitSignal(bench.session.pictured):
        page.acting.emit("Prise en compte", lambda desk: points.acknowledge(desk, contract, settled, "Su."))
    qtbot.waitUntil(lambda: len(table.model().shown) == ALIKE - 1)
    assert not any(row.head for row in table.model().shown)
    assert numbers() == [count - 1 for count in before]


def test_a_point_inside_a_head_is_found_again(crowded: Bench) -> None:
    crowded.window.go(Address("points"))
    table = child(child(crowded.window, PointsPage), Table)
    inner = next(row for row in table.model().shown if row.head).views[2].point.ident
    crowded.window.go(Address("points", inner))
    assert table.current_row().ident == inner


def test_words_filter_the_points_and_the_counter_says_them_all(qtbot: QtBot, crowded: Bench) -> None:
    crowded.window.go(Address("points"))
    page = child(crowded.window, PointsPage)
    table = child(page, Table)
    rows = table.model().shown
    count = sum(len(row.views) for row in rows)
    assert count > len(rows)
    nav = next(one for one in crowded.window.findChildren(NavButton) if "Points" in one.accessibleName())
    assert f"{count} choses à faire" in nav.accessibleName()
    assert f"{count} choses à faire en {len(rows)} lignes, la plus urgente d’abord" in words(page)
    field = child(page, QLineEdit)
    point = next(row for row in table.model().shown if row.head).views[3].point
    qtbot.keyClicks(field, point.object)
    assert all(
        point.object in view.point.object + view.point.message
        for row in table.model().shown
        for view in row.views
    )
    qtbot.keyClicks(field, " rien de tel")
    assert any("Aucun point ne répond" in one for one in words(page))


def test_a_finding_is_read_on_several_lines(qtbot: QtBot, crowded: Bench) -> None:
    crowded.window.go(Address("points"))
    table = child(child(crowded.window, PointsPage), Table)
    one_line = table.fontMetrics().lineSpacing()
    model = table.model()

    def fits(row: int) -> bool:
        wide = table.fontMetrics().horizontalAdvance(model.index(row, 1).data())
        return wide < table.columnWidth(1) or table.rowHeight(row) >= 2 * one_line

    qtbot.waitUntil(lambda: any(table.rowHeight(row) >= 2 * one_line for row in range(model.rowCount())))
    assert all(fits(row) for row in range(model.rowCount()))


def test_what_is_to_be_done_is_told_with_its_partner_and_its_end_speaks_of_no_filter(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.window.go(Address("points", filters=(("etat", "a_faire"),)))
    page = child(bench.window, PointsPage)
    model = child(page, Table).model()
    titles = [column.title for column in model.columns]
    place = titles.index("Partenaire")
    told = {str(model.index(row, place).data()) for row in range(model.rowCount())}
    assert told & {partner.short_name for partner in bench.desk.held.partners}
    picture = bench.session.picture
    assert picture is not None
    heading = next(told for told in words(page) if "choses à faire" in told)
    assert heading.startswith(f"{picture.review.to_do} choses à faire"), "as many as the navigation says"
    waiting_now = [view.point.ident for view in picture.review.points if view.point.to_do]
    assert len(waiting_now) < len(picture.review.points)
    contract = picture.contract.code
    with qtbot.waitSignal(bench.session.pictured):
        page.acting.emit(
            "Prise en compte", lambda desk: points.acknowledge(desk, contract, waiting_now, "Su.")
        )
    qtbot.waitUntil(lambda: "Rien n’est plus à faire" in words(page))
    assert not any("ces filtres" in sentence for sentence in words(page))


def test_one_reason_takes_the_points_of_all_the_lines_chosen(qtbot: QtBot, crowded: Bench) -> None:
    """Three rows were chosen and one was taken, without a word."""
    crowded.window.go(Address("points"))
    page = child(crowded.window, PointsPage)
    table = child(page, Table)
    table.select_place(0)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    wanted = {view.point.ident for row in table.menu.chosen() for view in row.views if not view.acknowledged}
    assert len(table.menu.chosen()) == 2
    words = f"Prendre en compte les {len(wanted)} points"
    assert button(page, words).isVisible()
    reason = next(one for one in page.findChildren(QPlainTextEdit) if one.isVisible())
    reason.setFocus()
    qtbot.keyClicks(reason, "Vu ensemble")
    with qtbot.waitSignal(crowded.session.changed):
        qtbot.keyClick(reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert {one.point for one in crowded.desk.held.acknowledgements} == wanted
    assert table.hasFocus(), "the hand goes on to the next line"


def test_what_is_folded_is_copied_line_by_line(qtbot: QtBot, crowded: Bench) -> None:
    """« ▸ 4 lignes » was pasted in the mail."""
    crowded.window.go(Address("points"))
    table = child(child(crowded.window, PointsPage), Table)
    wanted = [view.point.object for row in table.model().shown for view in row.views]
    assert len(wanted) > len(table.model().shown)
    for unfolded in (False, True):
        if unfolded:
            table.select_identity(next(row.ident for row in table.model().shown if row.head))
            qtbot.keyClick(table, Qt.Key.Key_Right)
        table.selectAll()
        qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
        assert [line[0] for line in lines[1:]] == wanted
