"""Printing: a situation in, a PDF on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.letterhead import NO_LETTERHEAD, Letterhead
from qpvdesk.domain.review import Review
from qpvdesk.reports.composition import WHOLE
from qpvdesk.reports.composition import Choice as Choice
from qpvdesk.reports.composition import Composition as Composition

if TYPE_CHECKING:
    from qpvdesk.reports.pages import Raster as Raster

_T = TypeVar("_T")
MODELS = ("copil", "partenaire", "territoire", "saisie", "decisions", "mensuel", "annuel")
MODEL_LABELS = {
    "copil": "Dossier du comité de pilotage",
    "partenaire": "Fiche d’un partenaire",
    "territoire": "Fiche d’un territoire",
    "saisie": "Bordereau de saisie",
    "decisions": "Relevé de décisions",
    "mensuel": "Point mensuel",
    "annuel": "Bilan annuel",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What to print. `partner` and `territory` are codes; `composition` counts for the COPIL's file alone."""

    model: str = "copil"
    partner: str | None = None
    territory: str | None = None
    composition: Composition = WHOLE
    meeting: str | None = None
    """Key of the meeting it is printed for: with its frozen data, where there are some."""


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """A section that can be printed in the COPIL's file."""

    word: str
    title: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page that was laid out: its size in points and its words."""

    width: float
    height: float
    text: str
    chapters: tuple[str, ...] = ()
    """The titles of the chapters that begin on it."""


def copil_sections(review: Review) -> tuple[SectionChoice, ...]:
    """Return the sections of the COPIL's file, in the usual order."""
    from qpvdesk.reports import copil

    held = copil.sections(copil.CopilData(review))
    return tuple(SectionChoice(section.word, section.title) for section in held)


def sheets_of(path: Path) -> tuple[Sheet, ...]:
    """Return the pages of a report. Raises `UserError` where it cannot be read."""
    from qpvdesk.reports.pages import Pages

    with Pages(path) as pages:
        begun: dict[int, list[str]] = {}
        for name, page in pages.titles().items():
            begun.setdefault(page, []).append(name)
        return tuple(
            Sheet(*pages.size(page), pages.text(page), tuple(begun.get(page, ())))
            for page in range(len(pages))
        )


def draw_page(path: Path, page: int, scale: float) -> Raster:
    """Draw a page of a report, counted from 0, at `scale` pixels a point. Raises `UserError`."""
    from qpvdesk.reports.pages import Pages

    with Pages(path) as pages:
        return pages.draw(page, scale)


def write_report(
    model: str,
    review: Review,
    path: Path,
    *,
    partner: str | None = None,
    territory: str | None = None,
    composition: Composition = WHOLE,
    letterhead: Letterhead = NO_LETTERHEAD,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Write the report and return its number of pages.

    `letterhead`: the service's header. The file appears whole or not at all. Raises `UserError` where it cannot be
    written, or where the model needs a partner or a territory that is not named or not known.
    """
    from qpvdesk.reports import copil, sheets
    from qpvdesk.reports.layout import Watch

    data = copil.CopilData(review, letterhead, composition)
    now = data.situation
    summaries = {item.partner.code: item for item in now.partners}
    places = {item.code: item for item in now.dossier.territories}
    summary = _chosen(partner, summaries, "partenaire", needed=model == "partenaire")
    place = _chosen(territory, places, "territoire", needed=model == "territoire")
    if model == "copil":
        return copil.write(path, data, Watch(progress, cancelled))
    name: str
    build: Callable[[copil.CopilData], list[Any]]
    if model == "partenaire" and summary is not None:
        name, build = f"fiche {summary.partner.name}", lambda held: sheets.partner_sheet(held, summary)
    elif model == "territoire" and place is not None:
        name, build = f"fiche {place.name}", lambda held: sheets.territory_sheet(held, place)
    elif model == "saisie":
        only = summary.partner if summary is not None else None
        name, build = "bordereau de saisie", lambda held: sheets.entry_form(held, only)
    elif model == "decisions":
        held = [item for item in now.dossier.meetings if item.day <= now.day]
        about = review.meeting or max(held, key=lambda item: (item.day, item.key), default=None)
        name, build = "relevé de décisions", lambda shown: sheets.minutes(shown, about)
    elif model == "mensuel":
        name, build = "point mensuel", sheets.monthly
    else:
        name, build = "bilan annuel", sheets.yearly
    return sheets.write(path, data, name, build, watch=Watch(progress, cancelled))


def fingerprint_of(review: Review) -> str:
    """Return the sixteen digits that stand at the foot of the pages of such a report, without spaces."""
    from qpvdesk.reports.frozen import CopilData

    return CopilData(review).fingerprint.replace(" ", "")


def _chosen(code: str | None, known: dict[str, _T], kind: str, *, needed: bool) -> _T | None:
    codes = f"Codes connus\u202f: {', '.join(known)}."
    if code is None:
        if needed:
            raise UserError(f"Ce modèle demande un {kind}\u202f: ajoutez «\u202f--{kind} CODE\u202f».", codes)
        return None
    found = known.get(code.upper())
    if found is None:
        raise UserError(f"Aucun {kind} ne porte le code «\u202f{code}\u202f».", codes)
    return found
