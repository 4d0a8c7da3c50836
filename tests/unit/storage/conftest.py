"""A base that holds the sample contract, for each test its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qpvdesk.storage.base import Database
from tests.unit.storage import samples


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "base.db"


@pytest.fixture
def base(path: Path) -> Iterator[Database]:
    with samples.new_base(path) as made:
        yield made
