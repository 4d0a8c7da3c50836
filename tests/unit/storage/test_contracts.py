"""A dossier, read in few statements, is what each of its tables says by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.services import bases
from qpvdesk.storage import opening
from qpvdesk.storage.tables import DOSSIER_TABLES, of_contract


@pytest.mark.parametrize("example", [False, True], ids=["starter", "example"])
def test_a_dossier_is_what_each_of_its_tables_says_in_its_order(tmp_path: Path, example: bool) -> None:
    moment = datetime(2026, 6, 30, tzinfo=UTC)
    if example:
        bases.create_example(tmp_path / "b.db", now=moment)
    else:
        bases.create(tmp_path / "b.db", "lens-lievin", now=moment)
    with opening.open_base(tmp_path / "b.db", read_only=True) as base:
        (contract,) = base.contracts()
        dossier = base.dossier(contract.key)
        assert dossier.contract == contract
        filled = 0
        for table in DOSSIER_TABLES[1:]:
            query = f"{table.select(of_contract(table))} ORDER BY {', '.join(table.order)}"
            rows = base.connection.execute(query, (contract.key,)).fetchall()
            filled += bool(rows)
            assert list(getattr(dossier, table.dossier)) == table.entities(rows), table.kind
        assert filled >= 16


def test_a_contract_that_is_gone_is_said(tmp_path: Path) -> None:
    bases.create(tmp_path / "b.db", "lens-lievin", now=datetime(2026, 6, 30, tzinfo=UTC))
    with (
        opening.open_base(tmp_path / "b.db", read_only=True) as base,
        pytest.raises(UserError, match="plus dans la base"),
    ):
        base.dossier("absente")
