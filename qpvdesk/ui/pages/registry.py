"""The pages of the window: one line each for the navigation, one maker each for when it is first seen.

A maker imports its page itself, so that only the dashboard is on the way to the first paint. It connects what the
page alone asks for; the window connects what every page asks for (`Page.going`, `entering`, `acting`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.notify import CANCEL, OK, Choice, Gravity, Notice, Notifier
from qpvdesk.ui.pages.page import Page
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme

if TYPE_CHECKING:
    from qpvdesk.charts.primitives import Chart
    from qpvdesk.domain.atlas import Atlas
    from qpvdesk.services.desk import Desk
    from qpvdesk.services.figures.imports import ReadBook
    from qpvdesk.services.journals import HistoryEntry
    from qpvdesk.services.territories.plan import OfficialPlan


MANY = "contrats"
"""The page that is offered only where the base holds several contracts."""


class Surroundings(Struct, frozen=True):
    """What a page may be given."""

    theme: Theme
    session: Session
    notifier: Notifier
    drafts: Drafts
    """What is typed and not saved; one for all: what one part keeps, another tells of."""
    folder: Path
    """The officer's own folder."""


class PageSpec(Struct, frozen=True):
    """One page. `word` names it in places, settings, actions and icons."""

    word: str
    title: str
    make: Callable[[Surroundings], Page]


def _dashboard(given: Surroundings) -> Page:
    from qpvdesk.ui.pages.dashboard import DashboardPage  # noqa: PLC0415 - 60 ms, while the base is read

    page = DashboardPage(given.theme)
    page.since_chosen.connect(given.session.show_since)
    return page


def _partners(given: Surroundings) -> Page:
    from qpvdesk.ui.pages.partners import PartnersPage  # noqa: PLC0415 - 44 ms, this page alone needs it

    return PartnersPage(given.theme)


def _objectives(given: Surroundings) -> Page:
    from qpvdesk.ui.pages.objectives import ObjectivesPage  # noqa: PLC0415 - 60 ms, this page alone needs it

    page = ObjectivesPage(given.theme)
    page.history_asked.connect(lambda code: _read_history(given, code, page.show_history))
    return page


def _entry(given: Surroundings) -> Page:
    from qpvdesk.services import measurements  # noqa: PLC0415 - 36 ms, whoever enters a figure alone needs it
    from qpvdesk.ui.pages.entry import EntryPage  # noqa: PLC0415 - 82 ms, this page alone needs it

    session = given.session
    page = EntryPage(
        given.theme,
        lambda entries, done, refused: session.preview(
            lambda desk, now: measurements.preview_all(now, entries, today=desk.today()), done, refused
        ),
        given.drafts,
        lambda: session.today,
    )

    def save(entries: tuple[measurements.Entry, ...]) -> None:
        contract = session.contract
        session.change(
            "Enregistrement des relevés",
            lambda desk: measurements.record_all(desk, contract, entries),
            lambda _: page.saved(entries),
            page.refuse,
            faults=True,
        )

    page.saving.connect(save)
    return page


def _engagements(given: Surroundings) -> Page:
    from qpvdesk.ui.pages.engagements import EngagementsPage  # noqa: PLC0415 - 40 ms, this page alone needs it

    return EngagementsPage(given.theme, given.drafts)


def _funding(given: Surroundings) -> Page:
    from qpvdesk.ui.pages.funding import FundingPage  # noqa: PLC0415 - 6 ms, this page alone needs it

    return FundingPage(given.theme)


def _territories(given: Surroundings) -> Page:
    from qpvdesk.ui.pages.territories import TerritoriesPage  # noqa: PLC0415 - 13 ms, this page alone needs it

    page = TerritoriesPage(given.theme)
    page.list_asked.connect(lambda: _take_official(given))
    page.file_given.connect(lambda path, book: _take_official(given, path, book))
    page.atlas_asked.connect(lambda: _read_atlas(given, page.show_atlas))
    page.map_saving.connect(lambda: _save_map(given, page.map_picture()))
    return page


def _read_atlas(given: Surroundings, show: Callable[[Atlas], None]) -> None:
    """Read the outlines and the reference layers beside the entries."""
    from qpvdesk.services.territories import layers  # noqa: PLC0415 - 10 ms, the layers of territories alone need it

    picture = given.session.picture
    if picture is not None:
        contract = picture.contract.code
        given.session.read("Lecture de la carte", lambda desk, _: layers.atlas_of(desk, contract), show)


def _save_map(given: Surroundings, chart: Chart) -> None:
    """Write the map where the officer says, as an image or as a drawing."""
    from qpvdesk.ui.widgets.chart_files import save  # noqa: PLC0415 - 76 ms, a chart that is saved alone needs it

    path = given.notifier.save_path(
        "Enregistrer la carte", _exchanges(given) / "carte.png", "Image (*.png);;Dessin (*.svg)"
    )
    if path is not None:
        save(chart, path)


def _exchanges(given: Surroundings) -> Path:
    """The folder of what comes and goes."""
    from qpvdesk.ui.folders import Folders  # noqa: PLC0415 - 4 ms, who reads or writes a file alone needs it

    return Folders(given.folder).of("echanges")


def _take_official(given: Surroundings, path: Path | None = None, book: ReadBook | None = None) -> None:
    """Read an official file, say what it brings, write it if the officer agrees; without a path, the officer chooses it."""
    from qpvdesk.services.territories import official  # noqa: PLC0415 - 95 ms, whoever imports alone needs it

    picture = given.session.picture
    title = "Importer un fichier officiel"
    path = path or given.notifier.open_path(
        title, _exchanges(given), "Fichiers officiels (*.csv *.xlsx *.ods *.xls *.geojson *.json)"
    )
    if picture is None or path is None:
        return
    contract = picture.contract.code

    def ask(plan: OfficialPlan) -> None:
        notice = Notice(
            f"{title}\u202f: {plan.kind.lower()}",
            plan.sentence,
            "Rien n’est écrit." if not plan.brings else "Tout s’écrit ensemble, et s’annule en une fois.",
            Gravity.QUESTION if plan.brings else Gravity.INFORMATION,
            (Choice("importer", "Importer"), CANCEL) if plan.brings else (OK,),
        )
        if given.notifier.ask(notice) == "importer":
            given.session.change(title, lambda desk: official.take(desk, plan))

    def read(desk: Desk, stop: Callable[[], bool]) -> OfficialPlan:
        if book is not None:
            return official.plan(desk, contract, path, book)
        return official.read(desk, contract, path, cancelled=stop)

    given.session.read("Lecture du fichier", read, ask)


def _visits(given: Surroundings) -> Page:
    from qpvdesk.ui.pages.visits import VisitsPage  # noqa: PLC0415 - 6 ms, this page alone needs it

    return VisitsPage(given.theme, lambda: given.session.today)


def _committees(given: Surroundings) -> Page:
    from qpvdesk.ui.pages.committees import CommitteesPage  # noqa: PLC0415 - 80 ms, this page alone needs it

    return CommitteesPage(given.theme, given.session, given.drafts)


def _documents(given: Surroundings) -> Page:
    from qpvdesk.ui.joining import Joining  # noqa: PLC0415 - 17 ms, documents and files alone need it
    from qpvdesk.ui.pages.documents import DocumentsPage  # noqa: PLC0415 - 50 ms, this page alone needs it

    joining = Joining(given.session, given.notifier, given.folder)
    return DocumentsPage(given.theme, given.session, given.notifier, joining)


def _points(given: Surroundings) -> Page:
    from qpvdesk.ui.pages.points import PointsPage  # noqa: PLC0415 - 24 ms, this page alone needs it

    return PointsPage(given.theme)


def _printing(given: Surroundings) -> Page:
    from qpvdesk.ui.pages.printing import PrintingPage  # noqa: PLC0415 - 42 ms, this page alone needs it

    return PrintingPage(given.theme, given.session, given.notifier, given.folder, drafts=given.drafts)


def _exchange(given: Surroundings) -> Page:
    from qpvdesk.ui.pages.exchange import ExchangePage  # noqa: PLC0415 - 140 ms, this page alone needs it

    return ExchangePage(given.theme, given.session, given.notifier, given.folder)


def _history(given: Surroundings) -> Page:
    from qpvdesk.ui.pages.history import HistoryPage  # noqa: PLC0415 - 6 ms, this page alone needs it

    page = HistoryPage(given.theme, lambda: given.session.today)
    page.history_asked.connect(lambda most: _read_history(given, None, page.show_history, most))
    return page


def _read_history(
    given: Surroundings, code: str | None, done: Callable[[tuple[HistoryEntry, ...]], None], most: int = 500
) -> None:
    """Read the last changes of an object, or of the contract, then call `done` with them."""
    from qpvdesk.services import journals  # noqa: PLC0415 - 1 ms, whoever reads the history alone needs it

    given.session.ask("Lecture du journal", lambda desk: journals.history(desk, code, most), done)


def _contracts(given: Surroundings) -> Page:
    from qpvdesk.ui.pages.contracts import ContractsPage  # noqa: PLC0415 - 8 ms, a base of several contracts alone needs it

    return ContractsPage(given.theme, given.session, given.notifier, given.folder)


PAGES: tuple[PageSpec, ...] = (
    PageSpec("tableau", "Tableau de bord", _dashboard),
    PageSpec("partenaires", "Partenaires", _partners),
    PageSpec("objectifs", "Objectifs", _objectives),
    PageSpec("releves", "Relevés", _entry),
    PageSpec("engagements", "Engagements", _engagements),
    PageSpec("moyens", "Moyens mobilisés", _funding),
    PageSpec("territoires", "Territoires", _territories),
    PageSpec("visites", "Visites", _visits),
    PageSpec("comites", "Comités", _committees),
    PageSpec("points", "Points d’attention", _points),
    PageSpec("documents", "Documents", _documents),
    PageSpec("impressions", "Impressions", _printing),
    PageSpec("echanges", "Échanges", _exchange),
    PageSpec("journal", "Journal", _history),
    PageSpec(MANY, "Contrats", _contracts),
)
"""In the order of the navigation."""
