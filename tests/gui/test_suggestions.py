"""Where a file is offered to be saved: in the folder of the last one, whatever the data are called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain import file_names
from qpvdesk.domain.model import Attachment
from qpvdesk.ui.dialogs.colleagues import ColleaguesDialog
from qpvdesk.ui.folders import Folders
from qpvdesk.ui.joining import Joining
from qpvdesk.ui.pages.exchange import ExchangePage
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.printing import PrintingPage
from qpvdesk.ui.theme import Theme
from tests.gui.conftest import Bench
from tests.helpers import invented

HOSTILE = "../../autostart/x"


@pytest.fixture
def bench(open_window: Callable[..., Bench]) -> Bench:
    """The window on a contract that another laptop called so."""
    dossier = invented.dossier()
    return open_window(replace(dossier, contract=replace(dossier.contract, code=HOSTILE)))


def suggested(bench: Bench) -> Path:
    (path,) = bench.notifier.suggested
    return path


def within(path: Path, folder: Path) -> bool:
    return path.parent == folder and file_names.check(path.name) == path.name


def test_an_export_is_offered_in_its_folder(bench: Bench) -> None:
    bench.window.go(Address("echanges"))
    page = bench.window.findChild(ExchangePage)
    page.outgoing.export()
    assert within(suggested(bench), Path.home())


def test_a_paper_is_offered_in_its_folder(bench: Bench) -> None:
    bench.window.go(Address("impressions"))
    bench.window.findChild(PrintingPage).save()
    assert within(suggested(bench), Path.home())


def test_a_package_is_offered_in_its_folder(bench: Bench, theme: Theme, tmp_path: Path) -> None:
    dialog = ColleaguesDialog(theme, bench.session, bench.notifier, Folders(tmp_path), parent=bench.window)
    dialog._prepare()
    assert within(suggested(bench), Path.home())


@pytest.mark.parametrize("name", ["/etc/cron.d/x", r"\\host\share\x", "..", "a/../../x.pdf", "x.p;f)"])
def test_a_copy_of_a_joined_file_is_offered_in_its_folder(bench: Bench, tmp_path: Path, name: str) -> None:
    joining = Joining(bench.session, bench.notifier, tmp_path)
    joining.copy(Attachment("p", "c", name, "0" * 64, 1, invented.TODAY, engagement="e"))
    assert within(suggested(bench), Path.home())
