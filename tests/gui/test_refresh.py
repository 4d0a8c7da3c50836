"""A page is drawn again where something that it shows changed, and only there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QAbstractListModel, QCoreApplication, QEvent, QModelIndex
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk.domain.change import Change
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.services import bases
from qpvdesk.services.desk import Desk
from qpvdesk.storage.tables import BY_KIND, TABLES, Table
from qpvdesk.ui.pages.page import Address, Page
from qpvdesk.ui.pages.registry import PAGES
from qpvdesk.ui.picture import POINTS
from tests.gui.conftest import Bench


def words(page: QWidget) -> list[str]:
    """Return every word that a page holds, in the order of its widgets."""
    said: list[str] = []
    # What was replaced is a child until it is deleted.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    for widget in page.findChildren(QWidget):
        said.append(widget.accessibleName())
        if isinstance(widget, (QLabel, QAbstractButton, QLineEdit)):
            said.append(widget.text())
        elif isinstance(widget, QComboBox):
            said += [widget.itemText(row) for row in range(widget.count())]
        elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
            said += cells(widget, QModelIndex())
    return said


def cells(view: QAbstractItemView, parent: QModelIndex) -> list[str]:
    model, said = view.model(), []
    for row in range(model.rowCount(parent)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
            index = model.index(row, column, parent)
            said.append(str(index.data()))
            if column == 0:
                said += cells(view, index)
    return said


def other_value(field: Any, old: Any) -> Any:
    """Return another value that a field of its own may have; what it refers to, and its code, stay."""
    if (
        old is None
        or field.ref is not None
        or field.name in {"key", "code", "unit", "insee", "digest", "fingerprint", "day"}
    ):
        return old
    if field.declared.words is not None:
        others = [word for word in field.declared.words if word != old]
        return others[0] if others else old
    if field.name == "share":
        return old / 2
    match field.declared.type.value:
        case "text":
            return f"{old} changé" if "{" not in old and field.name not in {"formula", "point"} else old
        case "number":
            return old + Decimal(1)
        case "date" | "day":
            return old + timedelta(days=1)
        case "bool":
            return not old
    return old


def changing(*tables: Table) -> Callable[[Desk], Change]:
    """Return an act that changes all that it can of some things of some kinds, one field after another."""

    def act(desk: Desk) -> Change:
        (contract,) = desk.contracts()
        dossier = desk.dossier(contract.code)
        with desk.act("Essai") as unit:
            for table in tables:
                items = (dossier.contract,) if table.kind == "contract" else getattr(dossier, table.dossier)
                for item in items[:3]:
                    values = {one.name: other_value(one, getattr(item, one.name)) for one in table.fields}
                    if table.kind == "contract":
                        # A contract that is taken away leaves no page to look at.
                        values["retired"] = False
                    unit.put(replace(item, **values))
        return unit.change

    return act


@pytest.fixture
def pages(bench: Bench) -> dict[str, Page]:
    """The pages of the window, each seen once."""
    for spec in PAGES:
        bench.window.go(Address(spec.word))
    return {page.word: page for page in bench.window.findChildren(Page)}


def change(qtbot: QtBot, bench: Bench, act: Callable[[Desk], Change]) -> Change:
    """Make a change; return what it was, once the whole picture after it is shown."""
    made: list[Change] = []
    refused: list[Exception] = []
    bench.session.change("Essai", act, made.append, refused.append)
    qtbot.waitUntil(lambda: bool(made or refused or bench.bugs))
    assert (refused, bench.bugs) == ([], [])
    qtbot.waitUntil(lambda: bench.session.picture is not None and bench.session.picture.complete)
    return made[0]


def test_each_page_shows_at_once_whatever_it_shows_that_changed(
    qtbot: QtBot, open_window: Callable[..., Bench], tmp_path: Path
) -> None:
    path = tmp_path / "exemple.db"
    bases.create_example(path, now=datetime(2026, 6, 30, 10, 0).astimezone())
    with bases.opened(path, read_only=True) as base:
        dossier = base.dossier(base.contracts()[0].code)
    bench = open_window(dossier, model=path)
    for spec in PAGES:
        bench.window.go(Address(spec.word))
    pages = [page for page in bench.window.findChildren(Page) if page.kinds is not None]
    changed = set()
    # A snapshot and a paper are made, never changed.
    tables = [table for table in TABLES if table.kind not in {"snapshot", "paper"}]

    def check(page: Page) -> None:
        bench.window.go(Address(page.word))
        shown, picture = words(page), bench.session.picture
        assert picture is not None
        page.show_picture(picture)
        assert words(page) == shown, f"{page.word} leaves something as it was"

    for page in pages:
        # Whatever else changes while it is seen, it shows nothing of.
        bench.window.go(Address(page.word))
        kinds = change(
            qtbot, bench, changing(*(table for table in tables if table.kind not in page.kinds))
        ).kinds
        assert not kinds & page.kinds
        changed |= kinds
        check(page)
    changed |= change(qtbot, bench, changing(*tables)).kinds
    for page in pages:
        check(page)
    assert changed >= {
        "contract", "document", "territory", "partner", "population", "engagement", "objective", "measurement",
        "meteo", "funding", "meeting", "condition",
    }  # fmt: skip
    assert bench.bugs == []


def test_a_weather_is_no_reason_to_draw_a_page_that_shows_none(
    qtbot: QtBot, bench: Bench, pages: dict[str, Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    for page in pages.values():
        shows = page.show_picture
        monkeypatch.setattr(
            page,
            "show_picture",
            lambda picture, page=page, shows=shows: (drawn.append(page.word), shows(picture)),
        )
    made = change(qtbot, bench, changing(BY_KIND["meteo"]))
    assert made.kinds == {"meteo"}
    for word in pages:
        bench.window.go(Address(word))
    assert set(pages) - set(drawn) == {"moyens", "territoires", "visites", "releves", "documents"}
    assert "engagements" in drawn
    drawn.clear()
    bench.session.load()
    with qtbot.waitSignal(bench.session.pictured):
        pass
    for word in pages:
        bench.window.go(Address(word))
    assert set(drawn) == set(pages), "another moment, another contract: nothing is known of what changed"


def test_a_page_names_kinds_that_there_are(pages: dict[str, Page]) -> None:
    for page in pages.values():
        assert page.kinds is None or page.kinds <= {*BY_NAME, POINTS}
