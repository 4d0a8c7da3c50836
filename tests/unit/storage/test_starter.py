"""A contract that ships with the program, brought in and brought in again."""

from __future__ import annotations

from msgspec.structs import replace

from qpvdesk.services.editing import acts
from qpvdesk.storage import maintenance, starter
from qpvdesk.storage.base import Database
from tests.helpers.reviews import desk_on
from tests.unit.storage import samples


def test_a_contract_that_was_removed_comes_back_and_undo_does_not_take_it_away(base: Database) -> None:
    desk, held = desk_on(base, samples.DAY), samples.dossier()
    acts.new_contract(desk, {"code": "mien", "name": "Le mien"})
    acts.remove_contract(desk, held.contract.code)
    last = base.stacks.undo_label
    starter.import_starter(base, held)
    assert base.dossier(held.contract.key) == held
    assert base.stacks.undo_label == last
    with base.unit("Note") as unit:
        unit.put(replace(held.contract, note="Une autre"))
    base.undo()
    assert base.dossier(held.contract.key) == held
    assert maintenance.check(base) == []
