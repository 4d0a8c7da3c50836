"""Packages in the window: one goes out, one comes in after it was seen, a disagreement is settled and undone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from qpvdesk.domain.change import Change
from qpvdesk.services import bases, colleagues
from qpvdesk.services.desk import Desk
from qpvdesk.storage import maintenance, opening, programme
from qpvdesk.storage.authors import NOBODY
from qpvdesk.storage.base import Database
from qpvdesk.storage.exchange import packages
from qpvdesk.storage.identity import Identity, key_fingerprint
from qpvdesk.storage.opening import open_base
from qpvdesk.ui.announcer import Toast
from qpvdesk.ui.dialogs.choosing import ChoosingDialog
from qpvdesk.ui.dialogs.colleagues import ColleaguesDialog
from qpvdesk.ui.dialogs.removals import RemovalsDialog
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.pages.objective_detail import ObjectiveDetail
from qpvdesk.ui.sharing import Sharing
from tests.gui.conftest import Bench
from tests.helpers import invented
from tests.helpers.reviews import desk_on
from tests.helpers.watched_desk import WatchedBase


@pytest.fixture(autouse=True)
def shipped(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The invented contract stands for one that a release shipped: else each package would ask about it."""
    with opening.open_base(bench.desk.path, read_only=True) as ours:
        (uid,) = ours.connection.execute("SELECT uid FROM author WHERE uid LIKE 'starter:%'").fetchone()
    monkeypatch.setattr(programme, "SHIPPED", frozenset({uid.removeprefix("starter:")}))


@pytest.fixture
def other(bench: Bench, tmp_path: Path) -> Iterator[Database]:
    """The base of a colleague, who took the whole of ours."""
    file = tmp_path / "depart.paquet"
    with opening.open_base(bench.desk.path, read_only=True) as ours:
        colleagues.prepare(desk_on(ours, invented.TODAY), file)
    with opening.create(tmp_path / "collegue.db") as made:
        made.sign("Dominique")
        colleagues.receive(desk_on(made, invented.TODAY), colleagues.read(file))
        yield made


@pytest.fixture
def dialog(bench: Bench, qtbot: QtBot) -> ColleaguesDialog:
    bench.window.findChild(QAction, "collegues").trigger()
    found: ColleaguesDialog = bench.window.findChild(ColleaguesDialog)
    with qtbot.waitSignal(found.shown):
        pass
    return found


def button(dialog: QDialog, words: str) -> QPushButton:
    return next(one for one in dialog.findChildren(QPushButton) if one.text().startswith(words))


def click(qtbot: QtBot, dialog: QDialog, words: str) -> None:
    found = button(dialog, words)
    assert found.isVisible()
    assert found.isEnabled()
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def says(dialog: ColleaguesDialog, words: str) -> bool:
    return any(words in one.text() for one in dialog.findChildren(QLabel) if one.isVisible())


def retarget(base: Database, value: int) -> None:
    held = base.dossier(base.contracts()[0].key).objectives[0]
    with base.unit("Cible") as unit:
        unit.put(replace(held, target_value=Decimal(value)))


def target(bench: Bench) -> Decimal | None:
    return bench.desk.held.objectives[0].target_value


def disagreements(bench: Bench) -> tuple[colleagues.Disagreement, ...]:
    with opening.open_base(bench.desk.path, read_only=True) as base:
        return packages.disagreements(base)


def test_a_package_goes_out(qtbot: QtBot, bench: Bench, dialog: ColleaguesDialog, tmp_path: Path) -> None:
    bench.notifier.path = tmp_path / "envoi.paquet"
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    button(dialog, "Recevoir").setFocus()
    qtbot.keyClick(dialog, Qt.Key.Key_Tab)
    qtbot.waitUntil(button(dialog, "Clés acceptées").hasFocus)
    click(qtbot, dialog, "Préparer")
    qtbot.waitUntil(lambda: says(dialog, "Écrit\u202f: envoi.paquet ("))
    with opening.create(tmp_path / "ailleurs.db") as empty:
        arrival, _ = colleagues.receive(
            desk_on(empty, invented.TODAY), colleagues.read(tmp_path / "envoi.paquet")
        )
        assert arrival.is_new
        assert maintenance.check(empty) == []


def test_what_waits_in_a_shared_folder_is_received_from_there(
    qtbot: QtBot, bench: Bench, tmp_path: Path
) -> None:
    """Its files bear the names of keys, and a word in passing may not be seen."""
    folder = tmp_path / "partage"
    folder.mkdir()
    shutil.copyfile(bench.desk.path, tmp_path / "ailleurs.db")
    with opening.open_base(tmp_path / "ailleurs.db", identity=Identity(tmp_path / "ailleurs")) as made:
        made.sign("Dominique")
        retarget(made, 45)
        colleagues.prepare(desk_on(made, invented.TODAY), folder / f"{'0' * 16}{colleagues.SUFFIX}")
    shared = bench.window.findChild(Sharing)
    with qtbot.waitSignal(shared.exchanged):
        shared.choose(folder)
    # Later, then all the same: in the place of a file to look for among names of keys.
    bench.notifier.answers = ["plus_tard", "recevoir", "accepter"]
    bench.window.findChild(QAction, "collegues").trigger()
    dialog = bench.window.findChild(ColleaguesDialog)
    click(qtbot, dialog, "Recevoir")
    qtbot.waitUntil(lambda: says(dialog, "Paquet de Dominique fusionné"))
    first, again, second = bench.notifier.notices
    assert (
        first.message
        == again.message
        == ("Dans le dossier partagé, le paquet de Dominique demande votre accord\u202f: recevez-le.")
    )
    assert second.message.startswith("Paquet de Dominique")
    assert target(bench) == 45
    with qtbot.waitSignal(shared.exchanged):
        pass
    dialog.close()
    bench.window.findChild(QAction, "collegues").trigger()
    assert len(bench.notifier.notices) == 3, "what was received no longer waits"
    shared.choose(None)


def test_a_package_is_seen_then_merged_and_a_disagreement_settled_then_undone(
    qtbot: QtBot, bench: Bench, other: Database, dialog: ColleaguesDialog, tmp_path: Path
) -> None:
    retarget(other, 45)
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.change("Cible", lambda desk: retarget(desk.base, 50))
    file = tmp_path / "recu.paquet"
    colleagues.prepare(desk_on(other, invented.TODAY), file)
    bench.notifier.opened = file
    bench.notifier.answers = ["annuler", "fusionner", "1"]
    click(qtbot, dialog, "Recevoir")
    qtbot.waitUntil(lambda: len(bench.notifier.notices) == 1)
    asked = bench.notifier.notices[0]
    assert asked.message.startswith("Paquet de Dominique")
    assert "1 désaccord à trancher" in asked.remedy
    assert target(bench) == 50
    assert disagreements(bench) == ()

    click(qtbot, dialog, "Recevoir")
    qtbot.waitUntil(lambda: says(dialog, "Paquet de Dominique fusionné"))
    assert dialog.focusWidget().text().startswith("Recevoir")
    table = dialog.findChild(QTableView)
    qtbot.waitUntil(lambda: table.model().rowCount() == 1)
    (found,) = disagreements(bench)
    chosen = found.versions[1]
    assert chosen.shown in table.model().index(0, 3).data()
    qtbot.waitUntil(lambda: bool(bench.session.picture.review.disputes_on(found.code)))
    page = ObjectiveDetail(bench.window.theme)
    qtbot.addWidget(page)
    page.show_objective(bench.session.picture, found.key)
    assert any(
        words.startswith(f"Désaccord – {found.code}")
        for words in (one.text() for one in page.findChildren(QLabel))
    )

    click(qtbot, dialog, "Trancher")
    qtbot.waitUntil(lambda: says(dialog, "Désaccord tranché"))
    assert str(target(bench)) == chosen.cell
    qtbot.waitUntil(lambda: says(dialog, "Aucun désaccord"))
    assert [one.label for one in bench.notifier.notices[-1].choices][-1] == "Annuler"
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.undo()
    assert str(target(bench)) == found.versions[0].cell


def test_what_a_colleague_lacks_is_offered_once_they_wrote(
    qtbot: QtBot, bench: Bench, other: Database, dialog: ColleaguesDialog, tmp_path: Path
) -> None:
    whom = dialog.findChild(QComboBox)
    assert [whom.itemText(at) for at in range(whom.count())] == ["Tous (toute l’histoire)"]
    retarget(other, 45)
    colleagues.prepare(desk_on(other, invented.TODAY), tmp_path / "recu.paquet")
    bench.notifier.opened = tmp_path / "recu.paquet"
    bench.notifier.answers = ["fusionner"]
    click(qtbot, dialog, "Recevoir")
    qtbot.waitUntil(lambda: whom.count() == 2)
    assert whom.itemData(1) == "Dominique"


def test_what_is_no_package_is_one_sentence_and_nothing_changes(
    qtbot: QtBot, bench: Bench, dialog: ColleaguesDialog, tmp_path: Path
) -> None:
    (tmp_path / "x.paquet").write_bytes(b"PK")
    bench.notifier.opened = tmp_path / "x.paquet"
    click(qtbot, dialog, "Recevoir")
    qtbot.waitUntil(lambda: len(bench.notifier.notices) == 1)
    assert "n’est pas un paquet" in bench.notifier.notices[0].message


def test_an_example_s_package_is_refused(
    qtbot: QtBot, bench: Bench, dialog: ColleaguesDialog, tmp_path: Path
) -> None:
    bases.create_example(tmp_path / "exemple.db", now=datetime(2026, 6, 30).astimezone())
    with open_base(tmp_path / "exemple.db") as example:
        colleagues.prepare(desk_on(example, invented.TODAY), tmp_path / "x.paquet")
    bench.notifier.opened = tmp_path / "x.paquet"
    click(qtbot, dialog, "Recevoir")
    qtbot.waitUntil(lambda: len(bench.notifier.notices) == 1)
    assert "exemple" in bench.notifier.notices[0].message


def test_a_stranger_s_key_is_shown_and_accepted_once(
    qtbot: QtBot, bench: Bench, dialog: ColleaguesDialog, tmp_path: Path
) -> None:
    who = Identity(tmp_path / "ailleurs")
    shutil.copyfile(bench.desk.path, tmp_path / "ailleurs.db")
    with opening.open_base(tmp_path / "ailleurs.db", identity=who) as made:
        made.sign("Dominique")
        retarget(made, 45)
        colleagues.prepare(desk_on(made, invented.TODAY), tmp_path / "x.paquet")
    bench.notifier.opened, bench.notifier.answers = tmp_path / "x.paquet", ["annuler", "accepter"]
    click(qtbot, dialog, "Recevoir")
    qtbot.waitUntil(lambda: len(bench.notifier.notices) == 1)
    asked = bench.notifier.notices[0]
    assert key_fingerprint(who.public) in asked.remedy
    assert [choice.word for choice in asked.choices] == ["accepter", "annuler"]
    qtbot.waitUntil(lambda: button(dialog, "Recevoir").isEnabled())
    with qtbot.waitSignal(bench.session.changed):
        click(qtbot, dialog, "Recevoir")
    assert target(bench) == 45
    assert says(dialog, "Votre empreinte")


def test_disagreements_are_recalled_when_the_base_is_opened(
    qtbot: QtBot, open_window: Callable[..., Bench], tmp_path: Path
) -> None:
    # Made beforehand, as two officers would.
    paths = tmp_path / "a.db", tmp_path / "b.db"
    for path in paths:
        WatchedBase(path, invented.dossier(), invented.TODAY)
    with opening.open_base(paths[0]) as one, opening.open_base(paths[1]) as two:
        two.sign("Dominique")
        retarget(one, 50)
        retarget(two, 45)
        colleagues.prepare(desk_on(two, invented.TODAY), tmp_path / "x.paquet")
        colleagues.receive(desk_on(one, invented.TODAY), colleagues.read(tmp_path / "x.paquet"))
    bench = open_window(model=paths[0])
    toast = bench.window.findChild(Toast)
    qtbot.waitUntil(lambda: toast.isVisible())
    assert toast.findChild(QLabel).text() == "1 désaccord avec un collègue à trancher"
    qtbot.mouseClick(toast.findChild(QPushButton), Qt.MouseButton.LeftButton)
    dialog = bench.window.findChild(ColleaguesDialog)
    qtbot.waitUntil(lambda: dialog.findChild(QTableView).model().rowCount() == 1)


def test_a_merge_does_not_offer_to_take_back_what_was_done_before_it(
    qtbot: QtBot, bench: Bench, other: Database, dialog: ColleaguesDialog, tmp_path: Path
) -> None:
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.change("Cible", lambda desk: retarget(desk.base, 50))
    assert bench.session.picture.undo_label == "Cible"
    with other.unit("Note") as unit:
        unit.put(replace(other.dossier(other.contracts()[0].key).objectives[1], note="Vu"))
    colleagues.prepare(desk_on(other, invented.TODAY), tmp_path / "x.paquet")
    bench.notifier.opened, bench.notifier.answers = tmp_path / "x.paquet", ["fusionner"]
    with qtbot.waitSignal(bench.session.changed):
        click(qtbot, dialog, "Recevoir")
    toast = bench.window.findChild(Toast)
    assert toast.findChild(QLabel).text().startswith("Paquet de Dominique fusionné")
    assert not toast.findChild(QPushButton).isVisible()


def test_what_is_taken_away_is_listed_and_kept_unless_ticked(
    qtbot: QtBot, bench: Bench, other: Database, dialog: ColleaguesDialog, tmp_path: Path
) -> None:
    dossier = other.dossier(other.contracts()[0].key)
    gone = dossier.measurements[:2]
    with other.unit("Retraits") as unit:
        for measurement in gone:
            unit.remove(measurement)
    file = tmp_path / "recu.paquet"
    colleagues.prepare(desk_on(other, invented.TODAY), file)
    bench.notifier.opened = file
    bench.notifier.answers = ["fusionner"]
    click(qtbot, dialog, "Recevoir")
    qtbot.waitUntil(lambda: dialog.findChild(RemovalsDialog) is not None)
    proposals = dialog.findChild(RemovalsDialog)
    lines = proposals.findChild(ItemList)
    assert lines.count() == 2
    assert "retiré par Dominique" in lines.item(0).text()
    lines.item(0).setCheckState(Qt.CheckState.Checked)
    kept = lines.item(1).data(Qt.ItemDataRole.UserRole).rpartition(":")[2]
    fuse = next(one for one in proposals.findChildren(QPushButton) if one.text().startswith("Fusionner"))
    with qtbot.waitSignal(bench.session.pictured):
        qtbot.mouseClick(fuse, Qt.MouseButton.LeftButton)
    keys = {item.key for item in bench.desk.held.measurements}
    assert keys & {item.key for item in gone} == {kept}


def test_a_shared_folder_is_taken_from_as_soon_as_it_is_chosen(
    qtbot: QtBot, bench: Bench, dialog: ColleaguesDialog, tmp_path: Path
) -> None:
    folder = tmp_path / "partage"
    folder.mkdir()
    shutil.copyfile(bench.desk.path, tmp_path / "ailleurs.db")
    with (
        opening.open_base(tmp_path / "ailleurs.db", identity=Identity(tmp_path / "ailleurs")) as made,
        opening.open_base(bench.desk.path, read_only=True) as ours,
    ):
        made.sign("Dominique")
        retarget(made, 45)
        ours.authors.identity.accept({made.authors.identity.public: "Dominique"}, "2026-01-01")
        colleagues.prepare(desk_on(made, invented.TODAY), folder / "collegue.paquet")
    bench.notifier.opened = folder
    click(qtbot, dialog, "Dossier partagé")
    qtbot.waitUntil(lambda: target(bench) == 45)
    qtbot.waitUntil(lambda: len(list(folder.glob("*.paquet"))) == 2)
    qtbot.waitUntil(lambda: says(dialog, "Dominique a tout"))
    shared = bench.window.findChild(Sharing)
    folder.rename(tmp_path / "debranche")
    with qtbot.waitSignal(shared.failed):
        pass
    (tmp_path / "debranche").rename(folder)
    with qtbot.waitSignal(shared.exchanged):
        pass


def test_a_key_that_was_accepted_is_seen_and_taken_back(
    qtbot: QtBot, bench: Bench, dialog: ColleaguesDialog
) -> None:
    who = Identity()
    who.accept({"ab" * 32: "Dominique"}, "2026-01-01")
    fingerprint = key_fingerprint("ab" * 32)
    bench.notifier.answers = ["retirer"]
    click(qtbot, dialog, "Clés acceptées")
    qtbot.waitUntil(lambda: dialog.findChild(ChoosingDialog) is not None)
    click(qtbot, dialog.findChild(ChoosingDialog), "Retirer")
    qtbot.waitUntil(lambda: says(dialog, "La clé de Dominique"))
    assert fingerprint in bench.notifier.notices[-1].message
    assert "ab" * 32 not in who.colleagues()


def test_a_colleague_who_said_no_name_is_not_called_as_this_computer(
    qtbot: QtBot, bench: Bench, dialog: ColleaguesDialog, tmp_path: Path
) -> None:
    shutil.copyfile(bench.desk.path, tmp_path / "ailleurs.db")
    path = tmp_path / f"recu{colleagues.SUFFIX}"
    with opening.open_base(tmp_path / "ailleurs.db", identity=Identity(tmp_path / "ailleurs")) as made:
        retarget(made, 45)
        colleagues.prepare(desk_on(made, invented.TODAY), path)
        fingerprint = key_fingerprint(made.authors.identity.public)
    bench.notifier.opened, bench.notifier.answers = path, ["accepter"]
    click(qtbot, dialog, "Recevoir")
    qtbot.waitUntil(lambda: says(dialog, "Collègue sans nom ("))
    (asked,) = bench.notifier.notices
    called = f"collègue sans nom ({fingerprint[:11]}…)"
    assert asked.message.startswith(f"Paquet de {called}")
    assert f"{called[1:]} signe d’une clé" in asked.remedy
    assert NOBODY not in asked.message + asked.remedy
    assert not any(NOBODY in one.text() for one in dialog.findChildren(QLabel) if "a tout" in one.text())
    click(qtbot, dialog, "Clés acceptées")
    qtbot.waitUntil(lambda: dialog.findChild(ChoosingDialog) is not None)
    choosing = dialog.findChild(ChoosingDialog)
    line = choosing.findChild(ItemList).item(0).text()
    assert line == f"{called}\u202f: {fingerprint}"
    choosing.close()


def test_of_several_contracts_the_one_shown_may_be_shared_alone(
    qtbot: QtBot, bench: Bench, dialog: ColleaguesDialog, tmp_path: Path
) -> None:
    folder = tmp_path / "partage"
    folder.mkdir()
    second = replace(bench.desk.held.contract, key="second", code="second", name="Contrat discret")

    def add(desk: Desk) -> Change:
        with desk.act("Second contrat") as unit:
            unit.put(second)
        return unit.change

    with qtbot.waitSignal(bench.session.pictured):
        bench.session.change("Second contrat", add)
    code = bench.session.picture.contract.code
    bench.notifier.opened, bench.notifier.answers = folder, ["un"]
    click(qtbot, dialog, "Dossier partagé")
    qtbot.waitUntil(lambda: len(list(folder.glob("*.paquet"))) == 1)
    assert f"«\u202f{code}\u202f» seul" in bench.notifier.notices[-1].message
    (left,) = folder.glob("*.paquet")
    said = [operation.value or "" for operation in colleagues.read(left).operations]
    assert not any("Contrat discret" in value for value in said)
    bench.notifier.answers = ["autre_dossier", "tous"]
    before = left.stat().st_mtime_ns
    click(qtbot, dialog, "Dossier partagé")
    assert f"le vôtre porte «\u202f{code}\u202f» seul" in bench.notifier.notices[-2].message
    qtbot.waitUntil(lambda: left.stat().st_mtime_ns != before)
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    said = [operation.value or "" for operation in colleagues.read(left).operations]
    assert any("Contrat discret" in value for value in said)


def test_a_sealed_package_goes_out_and_comes_in_with_its_passphrase(
    qtbot: QtBot, bench: Bench, other: Database, dialog: ColleaguesDialog, tmp_path: Path
) -> None:
    phrase = "quatre mots sans rapport"
    bench.notifier.path = tmp_path / "envoi.paquet"
    bench.notifier.secrets = [phrase, phrase]
    sealed = next(
        box
        for box in dialog.findChildren(QComboBox)
        if box.accessibleName() == "Comment le paquet est scellé"
    )
    sealed.setCurrentIndex(sealed.findText("Scellé par une phrase"))
    click(qtbot, dialog, "Préparer")
    qtbot.waitUntil(lambda: says(dialog, "Écrit\u202f: envoi.paquet ("))
    with pytest.raises(colleagues.SealedPackageError):
        colleagues.read(tmp_path / "envoi.paquet")
    retarget(other, 45)
    colleagues.prepare(desk_on(other, invented.TODAY), tmp_path / "recu.paquet", passphrase=phrase)
    bench.notifier.opened = tmp_path / "recu.paquet"
    bench.notifier.answers = ["fusionner"]
    click(qtbot, dialog, "Recevoir")
    qtbot.waitUntil(lambda: says(dialog, "Paquet de Dominique fusionné"))
    assert target(bench) == 45
