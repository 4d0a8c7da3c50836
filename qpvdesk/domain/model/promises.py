"""What is promised: engagements, reserves, objectives and their milestones, means."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from qpvdesk.domain.french import format_value
from qpvdesk.domain.model.contract import Citation
from qpvdesk.domain.model.words import (
    Aggregation,
    Budget,
    Credit,
    Frequency,
    Involvement,
    Mesure,
    Nature,
    Role,
    Stage,
    VersionKind,
)
from qpvdesk.domain.sens import AIMS, Aim, Sens


class Axis(Struct, frozen=True):
    """What a contract gathers engagements under: an *axe*, a *priorité*, as `Contract.upper_level` calls it."""

    key: str
    contract: str
    code: str
    name: str
    rank: int = 0
    parent: str | None = None
    """Key of the axis of the top level that it lies in; two levels at most."""


class Version(Struct, frozen=True):
    """What the contract is since a day: as signed, or as an *avenant* or the review at mid-course changed it."""

    key: str
    contract: str
    code: str
    label: str
    kind: VersionKind
    day: date | None = None


class Theme(Struct, frozen=True):
    """A *thématique* of the contract. Things name it by its code."""

    key: str
    contract: str
    code: str
    name: str
    rank: int = 0


class Engagement(Struct, frozen=True):
    """One thing a partner undertakes to do, or one *précision* of it."""

    key: str
    contract: str
    partner: str
    code: str
    label: str
    theme: str
    """Code of its *thématique*; empty where nobody chose one."""
    nature: Nature
    detail: str = ""
    due: date | None = None
    territory: str | None = None
    citation: Citation | None = None
    retired: bool = False
    axis: str | None = None
    parent: str | None = None
    """Key of the engagement that it is a *précision* of (see `domain.engagements`)."""
    since: str | None = None
    """Key of the version of the contract that brought or changed it; None: as signed."""


class EngagementPartner(Struct, frozen=True):
    """A partner that is in an engagement beside the one that pilots it."""

    key: str
    engagement: str
    partner: str
    role: Involvement


class EngagementTheme(Struct, frozen=True):
    """A *thématique* that an engagement touches beside its own."""

    key: str
    engagement: str
    theme: str
    """Its code."""


class EngagementTerritory(Struct, frozen=True):
    """A commune or a quartier that an engagement names."""

    key: str
    engagement: str
    territory: str


class Condition(Struct, frozen=True):
    """A reserve (« sous réserve de… ») on one engagement, or on all those of a partner."""

    key: str
    contract: str
    partner: str
    text: str
    engagement: str | None = None
    citation: Citation | None = None


class Objective(Struct, frozen=True):
    """A figure to reach, to keep or to follow. Units: `unit` for values, fractions for rates."""

    key: str
    contract: str
    partner: str
    code: str
    label: str
    theme: str
    """Code of its *thématique*; empty where nobody chose one."""
    territory: str
    unit: str
    sens: Sens
    mesure: Mesure = Mesure.STOCK
    engagement: str | None = None
    start_value: Decimal | None = None
    start_date: date | None = None
    target_value: Decimal | None = None
    target_date: date | None = None
    reference: str | None = None
    """Key of the objective whose share a `parite` objective is to equal."""
    parent: str | None = None
    """Key of the objective that this one declines on a lower territory."""
    aggregation: Aggregation = Aggregation.AUCUN
    """How this objective's value follows from its children's."""
    frequency: Frequency = Frequency.ANNUELLE
    weight: Decimal = Decimal(1)
    start_unit: str = ""
    """The unit the start value was counted in, where it is not the target's."""
    population: str = ""
    """The population or the area that the figure counts, where it matters (« jeunes », « ERBM »)."""
    note: str = ""
    citation: Citation | None = None
    retired: bool = False
    role: Role = Role.PROMESSE
    since: str | None = None
    """Key of the version of the contract that brought or changed it; None: as signed."""
    target_max: Decimal | None = None
    """The upper bound of an `intervalle`, whose lower one is `target_value`."""
    target_text: str = ""
    """The target as the contract writes it (« −20 % », « 1 pour 1 500 habitants »): see `domain.target_rules`."""

    @property
    def is_context(self) -> bool:
        """Whether nobody promised it: outside every count, rate and alert, and asked of nobody."""
        return self.role is Role.CONTEXTE

    @property
    def is_counted_context(self) -> bool:
        """Whether it is counted as a figure of context: a parent and what declines it are one thing in every count."""
        return self.is_context and self.parent is None

    @property
    def aim(self) -> Aim:
        """What its `sens` makes of it."""
        return AIMS[self.sens]


class Milestone(Struct, frozen=True):
    """An intermediate target (*jalon*) of an objective."""

    key: str
    objective: str
    day: date
    value: Decimal


class Funding(Struct, frozen=True):
    """Money or posts put in by a partner. `amount` is in euros (`EUR`) or in full-time posts (`ETP`)."""

    key: str
    contract: str
    partner: str
    code: str
    label: str
    first_year: int
    last_year: int
    amount: Decimal
    unit: str
    budget: Budget = Budget.NON_PRECISE
    credit: Credit = Credit.NON_PRECISE
    stage: Stage = Stage.PREVU
    engagement: str | None = None
    territory: str | None = None
    note: str = ""
    citation: Citation | None = None

    @property
    def years(self) -> str:
        """`2024`, or `2024–2027`."""
        last = "" if self.first_year == self.last_year else f"–{self.last_year}"
        return f"{self.first_year}{last}"

    @property
    def amount_words(self) -> str:
        """`6 600 000 €`, or `12,5 postes`: as entered, never rounded."""
        return format_value(self.amount, self.shown_unit)

    @property
    def shown_unit(self) -> str:
        """The word of its unit: a document that counts people does not count them full-time."""
        return {"EUR": "€", "ETP": "postes"}.get(self.unit, self.unit)


class FundingYear(Struct, frozen=True):
    """What an amount is worth in one year: *autorisations d’engagement* and *crédits de paiement*, in its unit."""

    key: str
    funding: str
    year: int
    ae: Decimal | None = None
    cp: Decimal | None = None


class FundingPartner(Struct, frozen=True):
    """Another partner that finances the same thing."""

    key: str
    funding: str
    partner: str
