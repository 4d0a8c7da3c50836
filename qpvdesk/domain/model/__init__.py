"""What a *contrat de ville* is: the entities of the contract, frozen, with their French words.

Every entity has a `key` (an opaque text, unique in the world) and most have a `code` (short, stable, unique
in its contract, the one people say aloud). Entities refer to each other by key. Values are `Decimal`, exactly
as entered, in the unit of their objective; shares are in percent points (16.4 for 16,4 %). Dates are
`datetime.date`. What is not known is `None`, never zero.
"""

from qpvdesk.domain.model.checks import Acknowledgement, Attachment, Correspondence, Operand, Statement
from qpvdesk.domain.model.committees import Decision, Meeting, Paper, Snapshot, Visit
from qpvdesk.domain.model.contract import (
    EXAMPLE,
    FICTITIOUS,
    Citation,
    Contract,
    Document,
    Establishment,
    LegalReference,
    Partner,
    Population,
    Territory,
    Thresholds,
)
from qpvdesk.domain.model.dossier import Dossier
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
from qpvdesk.domain.model.words import (
    BASIS_LABELS,
    DECISION_LABELS,
    FREQUENCY_LABELS,
    INVOLVEMENT_LABELS,
    LEVEL_LABELS,
    MEETING_LABELS,
    NATURE_LABELS,
    ROLE_LABELS,
    VERSION_LABELS,
    WEATHER_LABELS,
    Aggregation,
    Basis,
    Budget,
    Credit,
    DecisionState,
    Frequency,
    Involvement,
    Level,
    MeetingKind,
    Mesure,
    Nature,
    Role,
    Stage,
    StatementKind,
    VersionKind,
    Weather,
)
from qpvdesk.domain.sens import Sens
