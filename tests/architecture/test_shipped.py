"""What ships is known as the program's own to whoever gets it from a colleague."""

from __future__ import annotations

from pathlib import Path

import pytest

from qpvdesk import paths
from qpvdesk.services import bases
from qpvdesk.services.contracts import contract_files, example
from qpvdesk.storage import journal, opening, programme, starter
from qpvdesk.storage.keys import starter_key
from tests.unit.storage import samples

_EXAMPLE = "exemple"


@pytest.mark.parametrize("code", [*bases.starter_contracts(), _EXAMPLE])
def test_each_edition_that_ships_has_its_line(tmp_path: Path, code: str) -> None:
    folder = paths.resource("contracts") / code
    dossier = example.contract() if code == _EXAMPLE else contract_files.load(folder, key_of=starter_key)
    with opening.create(tmp_path / "base.db", clock=samples.Ticking()) as base:
        starter.import_starter(base, dossier)
        uids = [uid for (uid,) in base.connection.execute("SELECT uid FROM author")]
    assert [uid for uid in uids if journal.is_programme(uid) and not programme.is_shipped(uid)] == [], (
        "add what follows « starter: » to programme.SHIPPED"
    )
