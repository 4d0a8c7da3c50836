"""The map on « Territoires »: places walked with Tab and spoken, dragged, enlarged, clicked, copied, in every look."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from qpvdesk.charts.map import MapPlace, Subject, scene
from qpvdesk.charts.map_subjects import drawn
from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.atlas import Atlas
from qpvdesk.domain.model import Dossier, Visit
from qpvdesk.domain.situation import situation
from qpvdesk.paths import resource
from qpvdesk.services.contracts.contract_files import load
from qpvdesk.storage.keys import starter_key
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.territories import MapPanel, TerritoriesPage
from qpvdesk.ui.pages.territory_detail import TerritoryDetail
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.chart_files import save
from qpvdesk.ui.widgets.chart_painter import palette_of
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.map_ground import MapGround
from qpvdesk.ui.widgets.map_view import MapView
from tests.gui.conftest import Bench
from tests.helpers import invented


@pytest.fixture(scope="module")
def contract() -> Dossier:
    return load(resource("contracts/lens-lievin"), key_of=starter_key)


@pytest.fixture
def view(qtbot: QtBot, contract: Dossier, theme: Theme) -> MapView:
    made = MapView(theme)
    qtbot.addWidget(made)
    made.resize(700, 520)
    places, subject = drawn(situation(contract, invented.TODAY), atlas_of(contract))
    made.show_scene(scene(places), subject)
    made.show()
    return made


def atlas_of(contract: Dossier) -> Atlas:
    return Atlas(contours=contract.contours)


def test_what_is_said_under_the_map_has_its_room_in_a_low_window(
    qtbot: QtBot, open_window: Callable[..., Bench], contract: Dossier
) -> None:
    """At 200 % the list began over it."""
    bench = open_window(contract)
    bench.window.go(Address("territoires"))
    bench.window.resize(960, 540)
    panel = bench.window.findChild(MapPanel)
    qtbot.waitUntil(lambda: "Sources" in panel._foot.text())
    foot, tree = panel._foot, bench.window.findChild(QTreeWidget)
    qtbot.waitUntil(lambda: foot.height() >= foot.heightForWidth(foot.width()))
    assert foot.geometry().bottom() < panel.height()
    assert not tree.geometry().intersects(panel.geometry())


def test_tab_goes_from_place_to_place_and_says_each(qtbot: QtBot, view: MapView) -> None:
    view.setFocus()
    said = []
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Tab)
        said.append(view.accessibleDescription())
    assert len(set(said)) == 3
    assert all("Commune 62" in words for words in said)
    qtbot.keyClick(view, Qt.Key.Key_Backtab)
    assert view.accessibleDescription() == said[1]
    with qtbot.waitSignal(view.chosen) as asked:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert asked.args is not None
    assert asked.args[0] in said[1]


def test_a_click_chooses_the_quartier_and_a_drag_chooses_nothing(qtbot: QtBot, view: MapView) -> None:
    found = next(item for item in view._scene.places if item.place.code == "QN06219M")
    assert view._view is not None
    x, y = view._view.page(*found.anchor)
    at = QPoint(round(x * view._unit()), round(y * view._unit()))
    with qtbot.waitSignal(view.chosen) as asked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert asked.args == ["QN06219M"]
    before = view._view
    assert before is not None
    with qtbot.assertNotEmitted(view.chosen):
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
        qtbot.mouseMove(view, at + QPoint(60, 0))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at + QPoint(60, 0))
    assert view._view.x < before.x


def test_the_land_beyond_the_agglomeration_is_no_commune_that_nothing_fills(view: MapView) -> None:
    """Both were of the colour of paper."""
    view.zoom(0.5)
    seen = view._view
    assert seen is not None
    inks = palette_of(view._theme.look)
    picture = view._ground.picture(seen, view.size(), 1.0, inks=inks, selected="").toImage()
    vimy = next(item for item in view._scene.places if item.place.name == "Vimy")
    bare = picture.pixelColor(QPoint(*map(round, seen.page(*vimy.anchor))))
    assert bare.name() == inks[Ink.PAPER]
    assert bare.lightness() - picture.pixelColor(5, 5).lightness() > 8


def differing(one: QImage, other: QImage) -> int:
    """How many values of a colour differ by more than the edge of a line cut in two may."""
    pairs = zip(bytes(one.constBits()), bytes(other.constBits()), strict=True)
    return sum(abs(a - b) > 8 for a, b in pairs)


def test_a_map_that_was_dragged_is_the_same_as_one_drawn_there(qtbot: QtBot, view: MapView) -> None:
    at = QPoint(350, 260)
    before = view.grab().toImage()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
    for step in (QPoint(37, 11), QPoint(-90, 25), QPoint(14, -61)):
        qtbot.mouseMove(view, at + step)
        # Each frame shifts the one before: none may be left out.
        view.grab()
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at + step)
    dragged = view.grab().toImage()
    view._ground = MapGround(view._scene, outside=True)
    anew = view.grab().toImage()
    assert differing(dragged, anew) == 0
    assert differing(before, anew) > 1000


def test_the_keys_enlarge_and_show_all_again(qtbot: QtBot, view: MapView) -> None:
    first = view._view
    assert first is not None
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view._view is not None
    assert view._view.scale > first.scale
    assert view._view.x > first.x
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view._view == first


def test_a_picture_is_saved_as_png_and_as_svg(view: MapView, tmp_path: Path) -> None:
    for name, head in (("carte.png", b"\x89PNG"), ("carte.svg", b"<svg")):
        save(view.chart(), tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(head)
    drawing = (tmp_path / "carte.svg").read_text(encoding="utf-8")
    assert "Résidence" in drawing
    assert "Licence Ouverte" in drawing


def test_a_map_that_is_enlarged_is_stretched_then_drawn_anew_when_the_hand_rests(
    qtbot: QtBot, view: MapView, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.grab()
    drawn: list[float] = []
    anew = MapGround._paint
    monkeypatch.setattr(
        MapGround, "_paint", lambda self, *args, **words: (drawn.append(1.0), anew(self, *args, **words))
    )
    view.zoom(1.5)
    stretched = view.grab().toImage()
    assert drawn == []
    qtbot.waitUntil(lambda: not view._rest.isActive())
    rested = view.grab().toImage()
    assert len(drawn) == 1
    assert rested != stretched
    view._relay()
    assert view.grab().toImage() == rested


def test_the_tools_of_the_map_go_on_in_the_next_line(theme: Theme, qtbot: QtBot) -> None:
    """WCAG 1.4.10: in one line they asked for more than half of a laptop at 150 %."""
    panel = MapPanel(theme)
    qtbot.addWidget(panel)
    panel._tools.show()
    assert panel._tools.minimumSizeHint().width() < theme.px(200)
    assert panel._tools.heightForWidth(theme.px(300)) > panel._tools.heightForWidth(theme.px(800))


def test_what_the_map_lacks_is_said_once_it_is_known(qtbot: QtBot, theme: Theme, contract: Dossier) -> None:
    panel = MapPanel(theme)
    qtbot.addWidget(panel)
    bare = Dossier(contract=contract.contract)
    for dossier, atlas, said in (
        (contract, None, ""),
        (contract, Atlas(), "Aucun contour"),
        (contract, atlas_of(contract), ""),
        (bare, None, "Aucun territoire"),
    ):
        panel.show_atlas(situation(dossier, invented.TODAY), atlas)
        assert panel._none.isHidden() is not bool(said)
        assert panel._none.text().startswith(said)


def test_an_empty_map_is_drawn(qtbot: QtBot, theme: Theme) -> None:
    view = MapView(theme)
    qtbot.addWidget(view)
    view.show_scene(scene([]), Subject())
    view.resize(300, 200)
    assert not view.grab().isNull()
    assert (
        MapPlace("c", "n", "commune", ((((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)),),)).sentence == ""
    )


def test_the_page_shows_its_map_and_follows_a_click(
    qtbot: QtBot, open_window: Callable[..., Bench], contract: Dossier
) -> None:
    (lens,) = [item.key for item in contract.territories if item.code == "62498"]
    visit = Visit("v1", contract.contract.key, date(2026, 3, 2), "Marché de la Grande Résidence", lens)
    bench = open_window(replace(contract, visits=(visit,)))
    bench.window.resize(1400, 950)
    bench.window.go(Address("territoires", "62498"))
    page = bench.window.findChild(TerritoriesPage)
    assert page is not None
    view, detail = page.findChild(MapView), page.findChild(TerritoryDetail)
    assert view is not None
    assert detail is not None
    panel = page.findChild(MapPanel)
    assert not panel._atlas
    assert panel._none.isHidden(), "the outlines are not read yet"
    qtbot.waitUntil(lambda: len(view._scene.places) == 53)
    assert page.address().focus == "62498"
    assert view._selected == "62498"
    names = " ".join(button.accessibleName() for button in detail.findChildren(LineButton))
    assert "Grande Résidence" in names
    assert "Les Hauts de Liévin" in names
    assert "Marché de la Grande Résidence" in names
    if folder := os.environ.get("PLACES_PICTURES"):
        qtbot.wait(600)
        page.grab().save(f"{folder}/page.png")
    view.chosen.emit("QN06234M")
    assert page.address().focus == "QN06234M"
    names = " ".join(button.accessibleName() for button in detail.findChildren(LineButton))
    assert "37\u00a0% de la superficie du quartier" in names
    if folder := os.environ.get("PLACES_PICTURES"):
        qtbot.wait(600)
        page.grab().save(f"{folder}/quartier.png")


def test_a_place_is_made_modified_and_removed_where_it_is_listed(qtbot: QtBot, bench: Bench) -> None:
    free = next(
        one
        for one in reversed(bench.desk.held.territories)
        if not any(other.parent == one.key for other in bench.desk.held.territories)
    )
    bench.window.go(Address("territoires", free.code))
    page = bench.window.findChild(TerritoriesPage)
    acts: list[tuple[str, object]] = []
    for signal in (page.making, page.changing, page.removing):
        signal.disconnect()
        signal.connect(lambda kind, more: acts.append((kind, more)))
    for words in ("Nouveau territoire…", "Modifier…", "Supprimer"):
        next(one for one in page.findChildren(QPushButton) if one.text() == words).click()
    assert acts == [("territory", {}), ("territory", [free.key]), ("territory", [free.key])]
    acts.clear()
    tree = page.findChild(QTreeWidget)
    tree.setFocus()
    for key in (Qt.Key.Key_Insert, Qt.Key.Key_F2, Qt.Key.Key_Delete):
        qtbot.keyClick(tree, key)
    assert acts == [("territory", {}), ("territory", [free.key]), ("territory", [free.key])]
    bench.session.project(True)
    assert not any(one.isEnabled() for one in tree.actions())
