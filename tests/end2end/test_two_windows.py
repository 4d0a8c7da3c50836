"""Real windows, each in a process of its own, and a shared folder: both create, both correct, one removes and erases, one
comes back from an old copy, a third joins late."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from qpvdesk.services import colleagues
from qpvdesk.storage import maintenance, opening, starter
from qpvdesk.storage.identity import Identity
from tests.helpers.process import ROOT
from tests.unit.storage import samples

NAMES = ("Camille", "Dominique", "Ali")
PATIENCE_S = 90.0


class Officer:
    """A window, its base and its folder."""

    def __init__(self, folder: Path, name: str, shared: Path) -> None:
        self.name, self.folder, self.shared = name, folder / name, shared
        self.folder.mkdir()
        self.base = self.folder / "base.db"
        self.identity = Identity(self.folder / "identite")
        with opening.create(self.base, identity=self.identity) as base:
            starter.import_starter(base, samples.dossier())

    @contextmanager
    def window(self, way: str = "") -> Iterator[subprocess.Popen[str]]:
        with subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.sharing_window", str(self.base), self.name, str(self.shared), way],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"QPVDESK_DOSSIER": str(self.folder), "QT_QPA_PLATFORM": "offscreen"},
        ) as process:  # fmt: skip
            try:
                self.process = process
                yield process
                self.tell("quit")
                process.wait(timeout=PATIENCE_S)
            finally:
                process.kill()

    def heard(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def tell(self, *words: object) -> None:
        assert self.process.stdin is not None
        print(json.dumps(words), file=self.process.stdin, flush=True)

    def do(self, *words: object) -> None:
        self.tell(*words)
        assert self.heard() == "done"

    def state(self) -> Any:
        self.tell("state")
        return self.heard()

    def comes_to(self, **wanted: object) -> None:
        """Wait until the window shows that, by nothing but the shared folder."""
        until = time.monotonic() + PATIENCE_S
        while (now := self.state()) | wanted != now:
            assert time.monotonic() < until, (self.name, now, wanted)
            time.sleep(0.3)


def holds(path: Path) -> bool:
    """Tell whether a package holds the name."""
    return any("Untel" in (one.value or "") for one in colleagues.read(path).operations)


def comes_to(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.3)


@pytest.fixture
def officers(tmp_path: Path) -> list[Officer]:
    shared = tmp_path / "partage"
    shared.mkdir()
    made = [Officer(tmp_path, name, shared) for name in NAMES]
    for officer in made:
        others = {one.identity.public: one.name for one in made if one is not officer}
        officer.identity.accept(others, "2026-01-01")
    return made


def test_the_story_of_two_windows_and_a_shared_folder(officers: list[Officer]) -> None:
    camille, dominique, ali = officers
    begun = camille.base.read_bytes()
    with dominique.window():
        assert dominique.heard() == "ready"
        with camille.window():
            assert camille.heard() == "ready"
            first = camille.state()["keys"]
            # Both create, both correct the same cell, before either hears of the other (a folder is looked at every 3 s).
            for officer in (camille, dominique):
                officer.do("apart")
            camille.do("record", "c1", 31, 5)
            dominique.do("record", "d1", 32, 12)
            camille.do("retarget", 45)
            dominique.do("retarget", 50)
            for officer in (camille, dominique):
                officer.do("together")
            both = sorted([*first, "c1", "d1"])
            for officer in (camille, dominique):
                officer.comes_to(keys=both, disagreements=1)
            assert camille.state()["target"] == dominique.state()["target"]
            # One removes: nothing goes at the other's before they say so.
            camille.do("remove", "d1")
            dominique.comes_to(waiting=1, keys=both)
            dominique.do("accept")
            left = sorted([*first, "c1"])
            for officer in (camille, dominique):
                officer.comes_to(keys=left)
            # One erases a name that stands in the past alone: it leaves the folder, and the other's base on their word.
            camille.do("record", "c1", 31, 5, "Vu avec Mme Untel")
            camille.do("record", "c1", 31, 5)
            for officer in (dominique, camille):
                officer.comes_to(waiting=0)
            comes_to(lambda: b"Untel" in dominique.base.read_bytes())
            camille.do("erase", "Mme Untel")
            dominique.comes_to(waiting=1)
            dominique.do("accept")
            comes_to(lambda: not any(holds(path) for path in camille.shared.iterdir()))
            for officer in (camille, dominique):
                officer.comes_to(keys=left)
        # One comes back from an old copy: it is said, and what it lacks comes back from the folder.
        shutil.copyfile(camille.base, camille.folder / "apres.db")
        camille.base.write_bytes(begun)
        with camille.window(way="continuer"):
            told = camille.heard()
            assert "copie plus ancienne" in told["older"]
            assert "continuer" in told["ways"]
            assert camille.heard() == "ready"
            camille.comes_to(keys=left, disagreements=1)
            camille.do("record", "c2", 33, 19)
            last = sorted([*left, "c2"])
            dominique.comes_to(keys=last)
            # A third joins late, and finds all of it.
            with ali.window():
                assert ali.heard() == "ready"
                ali.comes_to(keys=last, disagreements=1)
                ali.do("record", "a1", 34, 26)
                for officer in (camille, dominique):
                    officer.comes_to(keys=sorted([*last, "a1"]))
    for officer in officers:
        with opening.open_base(officer.base, identity=officer.identity) as base:
            assert maintenance.check(base) == []
        assert b"Untel" not in officer.base.read_bytes()
