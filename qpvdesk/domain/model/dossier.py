"""Everything that item contract holds."""

from __future__ import annotations

from msgspec import Struct

from qpvdesk.domain.model.checks import Acknowledgement, Attachment, Correspondence, Operand, Statement
from qpvdesk.domain.model.committees import Decision, Meeting, Paper, Snapshot, Visit
from qpvdesk.domain.model.contract import (
    Contract,
    Document,
    Establishment,
    LegalReference,
    Partner,
    Population,
    Territory,
)
from qpvdesk.domain.model.figures import Breakdown, CounterValue, Measurement, Meteo, Step
from qpvdesk.domain.model.places import Contour, Layer, LayerFigure, PlaceLevel, TerritoryLink
from qpvdesk.domain.model.promises import (
    Axis,
    Condition,
    Engagement,
    EngagementPartner,
    EngagementTerritory,
    EngagementTheme,
    Funding,
    FundingPartner,
    FundingYear,
    Milestone,
    Objective,
    Theme,
    Version,
)


class Dossier(Struct, frozen=True):
    """Everything a contract holds: what the repositories return and the engine reckons from.

    Tuples keep the order of the contract (partners by rank, the others by code). Measurements are sorted by
    objective, day, then key, so that the last recorded of a day comes last.
    """

    contract: Contract
    documents: tuple[Document, ...] = ()
    territories: tuple[Territory, ...] = ()
    place_levels: tuple[PlaceLevel, ...] = ()
    territory_links: tuple[TerritoryLink, ...] = ()
    populations: tuple[Population, ...] = ()
    establishments: tuple[Establishment, ...] = ()
    legal_references: tuple[LegalReference, ...] = ()
    partners: tuple[Partner, ...] = ()
    versions: tuple[Version, ...] = ()
    themes: tuple[Theme, ...] = ()
    axes: tuple[Axis, ...] = ()
    engagements: tuple[Engagement, ...] = ()
    engagement_partners: tuple[EngagementPartner, ...] = ()
    engagement_themes: tuple[EngagementTheme, ...] = ()
    engagement_territories: tuple[EngagementTerritory, ...] = ()
    conditions: tuple[Condition, ...] = ()
    objectives: tuple[Objective, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    counter_values: tuple[CounterValue, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    meteos: tuple[Meteo, ...] = ()
    steps: tuple[Step, ...] = ()
    fundings: tuple[Funding, ...] = ()
    funding_years: tuple[FundingYear, ...] = ()
    funding_partners: tuple[FundingPartner, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    decisions: tuple[Decision, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    visits: tuple[Visit, ...] = ()
    statements: tuple[Statement, ...] = ()
    operands: tuple[Operand, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    correspondences: tuple[Correspondence, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    papers: tuple[Paper, ...] = ()
    contours: tuple[Contour, ...] = ()
    layers: tuple[Layer, ...] = ()
    layer_figures: tuple[LayerFigure, ...] = ()
    """Kinds kept apart: a dossier read from a base has none of them (see `desk.atlas`), one read from files has all."""

    @property
    def partner_names(self) -> dict[str, str]:
        """The usual name of each partner, by its key."""
        return {item.key: item.usual_name for item in self.partners}

    @property
    def operands_by_statement(self) -> dict[str, list[Operand]]:
        """The figures that each statement compares, by its key, in their order."""
        found: dict[str, list[Operand]] = {}
        for item in sorted(self.operands, key=lambda item: item.rank):
            found.setdefault(item.statement, []).append(item)
        return found

    def joined(self, key: str) -> tuple[Attachment, ...]:
        """Return the files joined to the thing of that key."""
        return tuple(item for item in self.attachments if item.owner == key)
