"""Printing: a situation in, a PDF on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk import __version__
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.gatherings import PARTNERS
from qpvdesk.domain.letterhead import NO_LETTERHEAD, Letterhead
from qpvdesk.domain.meetings import in_order, meeting_code, meeting_of, snapshots_of
from qpvdesk.domain.model import Dossier, Meeting, Snapshot
from qpvdesk.domain.named import spelt_code
from qpvdesk.domain.review import Review
from qpvdesk.domain.wording import of
from qpvdesk.reports.composition import WHOLE as WHOLE
from qpvdesk.reports.composition import Choice as Choice
from qpvdesk.reports.composition import Composition as Composition
from qpvdesk.services.desk import Desk
from qpvdesk.services.paper_models import MODELS as MODELS
from qpvdesk.services.paper_models import Model as Model
from qpvdesk.services.paper_models import Of as Of
from qpvdesk.services.paper_models import model_of as model_of
from qpvdesk.services.territories import layers
from qpvdesk.storage import readers

if TYPE_CHECKING:
    from qpvdesk.reports.pages import Raster as Raster
    from qpvdesk.reports.seal import Seal

_T = TypeVar("_T")
_NAMED_MAX = 20


class Request(Struct, frozen=True):
    """What to print. `partner` and `territory` are codes; `composition` counts for the COPIL's file alone."""

    model: str = "copil"
    partner: str | None = None
    territory: str | None = None
    composition: Composition = WHOLE
    meeting: str | None = None
    """Key of the meeting it is printed for: with its frozen data, where there are some."""
    snapshot: Snapshot | None = None
    """The arrêté that it shows, where one was named; its meeting is then its own."""
    compared_with: date | str | None = None
    """As in `Desk.review`; None for what the model is compared with by itself."""


class SectionChoice(Struct, frozen=True):
    """A section that can be printed in the COPIL's file."""

    word: str
    title: str
    usual: bool = True
    """Whether it is printed where nobody chooses."""
    chapter: bool = False
    """Whether it is one of the chapters of what is promised."""


class Sheet(Struct, frozen=True):
    """A page that was laid out: its size in points and its words."""

    width: float
    height: float
    text: str
    chapters: tuple[str, ...] = ()
    """The titles of the chapters that begin on it."""


def copil_sections(review: Review, chapters: str = PARTNERS) -> tuple[SectionChoice, ...]:
    """Return the sections of the COPIL's file, in the usual order. `chapters`: what those of the promises are of, a word
    of `domain.gatherings`."""
    from qpvdesk.reports import copil  # noqa: PLC0415 - 400 ms with ReportLab, the window opens without

    sections = copil.sections(copil.CopilData(review, composition=Composition(chapters=chapters)))
    return tuple(
        SectionChoice(section.word, section.title, section.usual, section.chapter) for section in sections
    )


def sheets_of(path: Path) -> tuple[Sheet, ...]:
    """Return the pages of a report. Raises `UserError` where it cannot be read."""
    from qpvdesk.reports.pages import Pages  # noqa: PLC0415 - 45 ms, pages alone need it

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
    from qpvdesk.reports.pages import Pages  # noqa: PLC0415 - 45 ms, pages alone need it

    with Pages(path) as pages:
        return pages.draw(page, scale)


def subject(desk: Desk, contract: str, request: Request, day: date | None = None) -> Review:
    """Return what is printed: for a meeting its last arrêté, where there is one, else the present; a model that is of
    the day of its meeting is of that one once it is held, whatever day is asked.

    Raises `UserError` where `day` is not the one the data were frozen on, or is still to come, where the arrêté is
    another meeting's, and where it is absent or altered.
    """
    model = model_of(request.model)
    owner, frozen = _owner_and_arrete(desk, contract, request, day)
    if frozen is None:
        chosen = day or desk.today()
        of_its_day = model.of_meeting_day or (day is None and not model.present)
        if owner is not None and of_its_day and owner.day <= desk.today():
            chosen = owner.day
    elif day not in (None, frozen.day):
        raise UserError(
            f"Les données{of(meeting_code(owner) if owner else '')} sont arrêtées au"
            f" {french.format_date(frozen.day)}.",
            "Ne donnez pas d’autre date, ou imprimez sans nommer la réunion.",
        )
    else:
        chosen = frozen.day
    usual: date | str | None = model.compared_with(chosen) if model.compared_with is not None else None
    if model.since_first:
        usual = _first_frozen(desk.dossier(contract), chosen)
    key = owner.key if owner is not None else None
    review = desk.review(contract, chosen, request.compared_with or usual, meeting=key, snapshot=frozen)
    return layers.with_atlas(desk, contract, review)


def _first_frozen(dossier: Dossier, before: date) -> str | None:
    """The code of the first meeting whose data are frozen before a day; None where there is none."""
    for meeting in in_order(dossier.meetings):
        kept = snapshots_of(dossier, meeting.key)
        if kept and kept[-1].day < before:
            return meeting_code(meeting)
    return None


def _owner_and_arrete(
    desk: Desk, contract: str, request: Request, day: date | None
) -> tuple[Meeting | None, Snapshot | None]:
    """The meeting that it is printed for, and the arrêté that shows what it saw. `day`: asked, None for today."""
    dossier, model = desk.dossier(contract), model_of(request.model)
    if request.snapshot is None and request.meeting is None:
        last = min(day or desk.today(), desk.today())
        past_meetings = [item for item in in_order(dossier.meetings) if item.day <= last]
        return past_meetings[-1] if past_meetings and model.of_meeting_day else None, None
    named = request.snapshot
    owner = meeting_of(dossier, request.meeting or (named.meeting if named is not None else ""))
    if named is None:
        kept = snapshots_of(dossier, owner.key)
        return owner, kept[-1] if kept and not model.present else None
    if named.meeting != owner.key:
        raise UserError(
            f"Cet arrêté des données n’est pas celui{of(meeting_code(owner))}.",
            f"C’est celui{of(meeting_code(meeting_of(dossier, named.meeting)))}.",
        )
    return owner, named


def shown(desk: Desk, contract: str, request: Request, day: date) -> Review:
    """Return what is printed where the window shows the contract on `day`.

    For a meeting whose data are frozen, those; else what the window shows. Raises `UserError`.
    """
    _owner, frozen = _owner_and_arrete(desk, contract, request, day)
    return subject(desk, contract, request, None if frozen is not None else day)


def print_report(
    desk: Desk,
    contract: str,
    day: date,
    path: Path,
    *,
    request: Request,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Write what was asked for where the contract is shown on `day`; a cancelled or failed one leaves no file behind.

    `cancelled` is asked now and then. Raises `UserError`.
    """
    review = shown(desk, contract, request, day)
    write_report(request, review, path, letterhead=letterhead_of(desk, review), cancelled=cancelled)
    return path


def write_report(
    request: Request,
    review: Review,
    path: Path,
    *,
    letterhead: Letterhead = NO_LETTERHEAD,
    cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Write the report and return its number of pages.

    `letterhead`: the service's header. The file appears whole or not at all. Raises `UserError` where it cannot be
    written, for an unknown model, and where it needs a partner or a territory that is not named or not known.
    """
    from qpvdesk.reports.frozen import CopilData  # noqa: PLC0415 - 400 ms with ReportLab, printing alone needs it
    from qpvdesk.reports.layout import Watch  # noqa: PLC0415 - 400 ms, the same as CopilData

    model = model_of(request.model)
    request = replace(request, composition=model.fits(request.composition))
    now = review.situation
    partners = {item.partner.code: (item, item.partner.name) for item in now.partners}
    territories = {item.code: (item, item.name) for item in now.dossier.territories}
    data = CopilData(
        review,
        letterhead,
        request.composition,
        origin=_seal(request, review, letterhead),
        partner=_chosen(request.partner, partners, "partenaire", needed=model.of is Of.PARTNER),
        territory=_chosen(request.territory, territories, "territoire", needed=model.of is Of.TERRITORY),
    )
    return model.write(path, data, Watch(cancelled=cancelled))


def _seal(request: Request, review: Review, letterhead: Letterhead) -> Seal:
    from qpvdesk.reports.seal import Seal, letterhead_mark  # noqa: PLC0415 - 20 ms with segno, printing alone needs it

    against = request.compared_with
    meeting = review.meeting
    return Seal(
        request.model,
        review.situation.dossier.contract.code,
        fingerprint_of(review),
        review.day.isoformat(),
        __version__,
        snapshot=review.snapshot.fingerprint if review.snapshot is not None else "",
        meeting=request.meeting or (meeting.key if meeting is not None else ""),
        partner=(request.partner or "").upper(),
        territory=(request.territory or "").upper(),
        compared_with=against.isoformat() if isinstance(against, date) else against or "",
        composition=request.composition,
        head=letterhead_mark(letterhead),
    )


def letterhead_of(desk: Desk, review: Review) -> Letterhead:
    """Return the header that a paper bears: the one frozen with what it shows, else the service's own."""
    if review.snapshot is not None:
        return readers.thawed_letterhead(desk.base, review.snapshot)
    return desk.settings.letterhead


def fingerprint_of(review: Review) -> str:
    """Return the sixteen digits that stand at the foot of the pages of such a report, without spaces."""
    from qpvdesk.reports.frozen import CopilData  # noqa: PLC0415 - 5 ms, what is printed alone needs it

    return CopilData(review).fingerprint.replace(" ", "")


def _chosen(code: str | None, known: Mapping[str, tuple[_T, str]], kind: str, *, needed: bool) -> _T | None:
    """The thing of that code, of those that are known by code, each with its name."""
    named = [f"{known_code} ({name})" for known_code, (_, name) in known.items()]
    codes = f"Codes connus\u202f: {french.enumerate_words(named, limit=_NAMED_MAX)}."
    codes = codes if named else f"Le contrat n’a encore aucun {kind}."
    if code is None:
        if needed:
            raise UserError(
                f"Ce modèle demande un {kind}.", codes, shell=f"Ajoutez «\u202f--{kind} CODE\u202f»."
            )
        return None
    spelt = spelt_code(known, code)
    if not spelt:
        raise UserError(f"Aucun {kind} ne porte le code «\u202f{code}\u202f».", codes)
    return known[spelt][0]
