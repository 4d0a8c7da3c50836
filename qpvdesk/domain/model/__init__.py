"""What a *contrat de ville* is: the entities of the contract, frozen, with their French words.

Every entity has a `key` (an opaque text, unique in the world) and most have a `code` (short, stable, unique
in its contract, the one people say aloud). Entities refer to each other by key. Values are `Decimal`, exactly
as entered, in the unit of their objective; shares are in percent points (16.4 for 16,4 %). Dates are
`datetime.date`. What is not known is `None`, never zero.
"""

from qpvdesk.domain.model.checks import Acknowledgement, Attachment, Correspondence, Operand, Statement
from qpvdesk.domain.model.committees import Decision, Meeting, Paper, Snapshot
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
from qpvdesk.domain.model.figures import CounterValue, Measurement, Meteo, Step
from qpvdesk.domain.model.promises import (
    Condition,
    Engagement,
    EngagementTerritory,
    Funding,
    Milestone,
    Objective,
)
from qpvdesk.domain.model.words import (
    DECISION_LABELS,
    FREQUENCY_LABELS,
    LEVEL_LABELS,
    MEETING_LABELS,
    NATURE_LABELS,
    THEME_LABELS,
    WEATHER_LABELS,
    Aggregation,
    Budget,
    Credit,
    DecisionState,
    Frequency,
    Level,
    MeetingKind,
    Mesure,
    Nature,
    Stage,
    StatementKind,
    Theme,
    Weather,
)
from qpvdesk.domain.sens import Sens

__all__ = [
    "DECISION_LABELS",
    "EXAMPLE",
    "FICTITIOUS",
    "FREQUENCY_LABELS",
    "LEVEL_LABELS",
    "MEETING_LABELS",
    "NATURE_LABELS",
    "THEME_LABELS",
    "WEATHER_LABELS",
    "Acknowledgement",
    "Aggregation",
    "Attachment",
    "Budget",
    "Citation",
    "Condition",
    "Contract",
    "Correspondence",
    "CounterValue",
    "Credit",
    "Decision",
    "DecisionState",
    "Document",
    "Dossier",
    "Engagement",
    "EngagementTerritory",
    "Establishment",
    "Frequency",
    "Funding",
    "LegalReference",
    "Level",
    "Measurement",
    "Meeting",
    "MeetingKind",
    "Mesure",
    "Meteo",
    "Milestone",
    "Nature",
    "Objective",
    "Operand",
    "Paper",
    "Partner",
    "Population",
    "Sens",
    "Snapshot",
    "Stage",
    "Statement",
    "StatementKind",
    "Step",
    "Territory",
    "Theme",
    "Thresholds",
    "Weather",
]
