"""The models of report: what each is of, and which options it takes, declared once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum, auto
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from qpvdesk.domain.calendar import add_months
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.gatherings import PARTNERS
from qpvdesk.reports.composition import FIRST, Choice, Composition

if TYPE_CHECKING:
    from qpvdesk.reports.frozen import CopilData
    from qpvdesk.reports.layout import Watch

Writer = Callable[[Path, "CopilData", "Watch"], int]


class Of(Enum):
    """What a report is of."""

    CONTRACT = auto()
    PARTNER = auto()
    PARTNERS = auto()
    """All the partners, or one."""
    TERRITORY = auto()
    TERRITORIES = auto()
    """No territory, or one."""


class Model(Struct, frozen=True):
    """A model of report. One row of the table below: shell, page « Impressions », papers of meetings follow from it."""

    word: str
    label: str
    write: Writer
    of: Of = Of.CONTRACT
    composed: bool = False
    """Whether the officer chooses and comments its sections."""
    chaptered: bool = False
    """Whether the officer says of what its chapters are."""
    late: bool = False
    """Whether it can show what is late alone."""
    worded: bool = False
    """Whether it bears the officer's words on the first page."""
    for_meeting: bool = False
    """Whether it is printed for one meeting."""
    present: bool = False
    """Whether it shows what is recorded now even for a meeting whose data are frozen."""
    of_meeting_day: bool = False
    """Whether it is of the day of its meeting, whenever it is printed; of the last one held where none is named."""
    compared_with: Callable[[date], date] | None = None
    """From its day, the one that it is compared with; None where that is the last COPIL."""
    since_first: bool = False
    """Whether it is compared with the first arrêté of the contract."""
    compares: bool = True
    """Whether it says what changed, or a trend."""

    def fits(self, composition: Composition) -> Composition:
        """Return what of a composition it is printed with: sections are of the file alone, of which another model may bear
        the words of the first page."""
        if self.composed:
            return composition
        words = composition.comment(FIRST) if self.worded else ""
        return Composition(
            (Choice(FIRST, words),) if words else None,
            composition.late_only and self.late,
            composition.trajectories,
            composition.chapters if self.chaptered else PARTNERS,
        )


def _written_by(module: str) -> Writer:
    """Return what writes a report: `write` of a module of `reports`, which is imported when it is printed."""

    def write(path: Path, data: CopilData, watch: Watch) -> int:
        writer: Writer = import_module(f"qpvdesk.reports.{module}").write
        return writer(path, data, watch)

    return write


MODELS = {
    model.word: model
    for model in (
        Model(
            "copil",
            "Dossier du comité de pilotage",
            _written_by("copil"),
            composed=True,
            chaptered=True,
            late=True,
            worded=True,
            for_meeting=True,
        ),
        Model(
            "court",
            "Dossier court du comité",
            _written_by("models.short"),
            late=True,
            worded=True,
            for_meeting=True,
        ),
        Model(
            "comparaison",
            "Comparaison avec le comité précédent",
            _written_by("models.comparison"),
            for_meeting=True,
        ),
        Model(
            "diapositives",
            "Diapositives du comité",
            _written_by("models.slideshow"),
            chaptered=True,
            worded=True,
            for_meeting=True,
        ),
        Model(
            "affiche",
            "Affiche A3 du tableau de bord",
            _written_by("models.poster"),
            worded=True,
            for_meeting=True,
        ),
        Model("note", "Note au préfet", _written_by("models.note"), worded=True, for_meeting=True),
        Model("partenaire", "Fiche d’un partenaire", _written_by("models.partner"), of=Of.PARTNER, late=True),
        Model("territoire", "Fiche d’un territoire", _written_by("models.territory"), of=Of.TERRITORY),
        Model(
            "saisie",
            "Bordereau de saisie",
            _written_by("models.entry"),
            of=Of.PARTNERS,
            present=True,
            compares=False,
        ),
        # Decisions come after the freezing.
        Model(
            "decisions",
            "Relevé de décisions",
            _written_by("models.minutes"),
            for_meeting=True,
            present=True,
            of_meeting_day=True,
            compares=False,
        ),
        Model(
            "convocation",
            "Convocation",
            _written_by("models.convocation"),
            for_meeting=True,
            present=True,
            compares=False,
        ),
        Model(
            "emargement",
            "Feuille d’émargement",
            _written_by("models.attendance"),
            for_meeting=True,
            present=True,
            compares=False,
        ),
        Model(
            "mensuel",
            "Point mensuel",
            _written_by("models.monthly"),
            compared_with=lambda day: add_months(day, -1),
        ),
        Model(
            "annuel",
            "Bilan annuel",
            _written_by("models.yearly"),
            compared_with=lambda day: date(day.year - 1, 12, 31),
        ),
        Model(
            "mi-parcours",
            "Bilan à mi-parcours",
            _written_by("models.midterm"),
            worded=True,
            for_meeting=True,
            since_first=True,
        ),
        Model(
            "visite",
            "Fiche de visite à remplir",
            _written_by("models.visit"),
            of=Of.TERRITORIES,
            present=True,
            compares=False,
        ),
    )
}


def model_of(word: str) -> Model:
    """Return the model of that word. Raises `UserError`."""
    model = MODELS.get(word)
    if model is None:
        raise UserError(
            f"Aucun modèle de rapport ne s’appelle «\u202f{word}\u202f».", f"Choisissez {', '.join(MODELS)}."
        )
    return model
