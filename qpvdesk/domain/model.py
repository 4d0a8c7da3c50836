"""What a *contrat de ville* is: the entities of the contract, frozen, with their French words.

Every entity has a `key` (an opaque text, unique in the world) and most have a `code` (short, stable, unique
in its contract, the one people say aloud). Entities refer to each other by key. Values are `Decimal`, exactly
as entered, in the unit of their objective; shares are in percent points (16.4 for 16,4 %). Dates are
`datetime.date`. What is not known is `None`, never zero.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from qpvdesk.domain.sens import AIMS, Aim
from qpvdesk.domain.sens import Sens as Sens


class Level(StrEnum):
    """The level of a territory, from the widest to the smallest."""

    NATION = "nation"
    REGION = "region"
    DEPARTEMENT = "departement"
    EPCI = "epci"
    COMMUNE = "commune"
    QPV = "qpv"


class Theme(StrEnum):
    """A *thématique* of the contract."""

    EMPLOI = "emploi"
    ENTREPRENEURIAT = "entrepreneuriat"
    EDUCATION = "education"
    SANTE = "sante"
    CADRE_DE_VIE = "cadre_de_vie"
    TRANSITION_ECOLOGIQUE = "transition_ecologique"
    PARTICIPATION = "participation"
    SOLIDARITES = "solidarites"
    CULTURE_SPORT = "culture_sport"


class Nature(StrEnum):
    """The nature of an engagement."""

    DROIT_COMMUN = "droit_commun"
    CREDITS_SPECIFIQUES = "credits_specifiques"
    GOUVERNANCE = "gouvernance"
    PARTICIPATION = "participation"


class Mesure(StrEnum):
    """How the figure counts: a level on a date, a running total, or a yearly amount."""

    STOCK = "stock"
    CUMUL = "cumul"
    FLUX = "flux"


class Aggregation(StrEnum):
    """How a declined objective's value follows from its children's."""

    AUCUN = "aucun"
    SOMME = "somme"
    MOYENNE_PONDEREE = "moyenne_ponderee"
    PART = "part"


class Frequency(StrEnum):
    """How often a value is expected."""

    MENSUELLE = "mensuelle"
    TRIMESTRIELLE = "trimestrielle"
    SEMESTRIELLE = "semestrielle"
    ANNUELLE = "annuelle"
    UNIQUE = "unique"


class Weather(StrEnum):
    """The State's own scale of confidence (PILOTE); always shown with its words."""

    SOLEIL = "soleil"
    COUVERT = "couvert"
    NUAGE = "nuage"
    ORAGE = "orage"
    NON_RENSEIGNEE = "non_renseignee"
    NON_NECESSAIRE = "non_necessaire"


class Budget(StrEnum):
    """Where an amount is booked."""

    INVESTISSEMENT = "investissement"
    FONCTIONNEMENT = "fonctionnement"
    NON_PRECISE = "non_precise"


class Credit(StrEnum):
    """Which policy an amount belongs to."""

    DROIT_COMMUN = "droit_commun"
    CREDITS_SPECIFIQUES = "credits_specifiques"
    NON_PRECISE = "non_precise"


class Stage(StrEnum):
    """How far an amount has gone."""

    PREVU = "prevu"
    ENGAGE = "engage"
    PAYE = "paye"


class MeetingKind(StrEnum):
    """The kinds of *instance*."""

    COPIL = "copil"
    COTECH = "comite_technique"
    REVUE = "revue_de_projets"
    BILATERALE = "bilaterale"


class DecisionState(StrEnum):
    """Where a decision stands."""

    A_FAIRE = "a_faire"
    EN_COURS = "en_cours"
    FAITE = "faite"
    ABANDONNEE = "abandonnee"


class StatementKind(StrEnum):
    """What a stated figure claims about other figures; each kind is checked by its own rule."""

    TOTAL = "total"
    """The figure is the sum of its operands."""
    DENOMBREMENT = "denombrement"
    """The figure is how many operands are listed."""
    PART = "part"
    """The figure is a percentage: first operand over second."""
    FORMULE = "formule"
    """The figure follows from the operands by the rule written in `formula`."""
    ENVELOPPE = "enveloppe"
    """The figure is an envelope that the operands should fill without exceeding it."""
    EGALITE = "egalite"
    """All operands tell the same figure."""
    COMPARAISON = "comparaison"
    """Two figures are set side by side although one of population, perimeter, date or nature differs."""
    BASE_ABSENTE = "base_absente"
    """A target or a ratio is stated without the base or the date it is reckoned from."""


MEETING_LABELS: dict[MeetingKind, str] = {
    MeetingKind.COPIL: "Comité de pilotage",
    MeetingKind.COTECH: "Comité technique",
    MeetingKind.REVUE: "Revue de projets",
    MeetingKind.BILATERALE: "Réunion bilatérale",
}
DECISION_LABELS: dict[DecisionState, str] = {
    DecisionState.A_FAIRE: "À faire",
    DecisionState.EN_COURS: "En cours",
    DecisionState.FAITE: "Faite",
    DecisionState.ABANDONNEE: "Abandonnée",
}
THEME_LABELS: dict[Theme, str] = {
    Theme.EMPLOI: "Emploi",
    Theme.ENTREPRENEURIAT: "Entrepreneuriat",
    Theme.EDUCATION: "Éducation",
    Theme.SANTE: "Santé",
    Theme.CADRE_DE_VIE: "Cadre de vie",
    Theme.TRANSITION_ECOLOGIQUE: "Transition écologique",
    Theme.PARTICIPATION: "Participation",
    Theme.SOLIDARITES: "Solidarités",
    Theme.CULTURE_SPORT: "Culture et sport",
}

NATURE_LABELS: dict[Nature, str] = {
    Nature.DROIT_COMMUN: "Droit commun",
    Nature.CREDITS_SPECIFIQUES: "Crédits spécifiques",
    Nature.GOUVERNANCE: "Gouvernance",
    Nature.PARTICIPATION: "Participation",
}

LEVEL_LABELS: dict[Level, str] = {
    Level.NATION: "France",
    Level.REGION: "Région",
    Level.DEPARTEMENT: "Département",
    Level.EPCI: "Agglomération",
    Level.COMMUNE: "Commune",
    Level.QPV: "Quartier prioritaire",
}

WEATHER_LABELS: dict[Weather, str] = {
    Weather.SOLEIL: "Objectifs sécurisés",
    Weather.COUVERT: "Objectifs atteignables",
    Weather.NUAGE: "Appuis nécessaires",
    Weather.ORAGE: "Objectifs compromis",
    Weather.NON_RENSEIGNEE: "Non renseignée",
    Weather.NON_NECESSAIRE: "Non nécessaire",
}

FREQUENCY_LABELS: dict[Frequency, str] = {
    Frequency.MENSUELLE: "Mensuelle",
    Frequency.TRIMESTRIELLE: "Trimestrielle",
    Frequency.SEMESTRIELLE: "Semestrielle",
    Frequency.ANNUELLE: "Annuelle",
    Frequency.UNIQUE: "Une seule fois",
}


class Citation(Struct, frozen=True):
    """Where a promise or a figure comes from: a document, a section, a mark of a few words."""

    document: str
    """Key of the `Document`."""
    section: str
    mark: str


class Thresholds(Struct, frozen=True):
    """The three gaps between the rate and the expected rate that separate the statuses, as fractions."""

    ahead: Decimal = Decimal("0.10")
    on_track: Decimal = Decimal("-0.05")
    watch: Decimal = Decimal("-0.15")


EXAMPLE = "exemple-"
"""How the keys of an example's things begin, and the code of its contract: no real contract has such a key."""
FICTITIOUS = "Données fictives"
"""What stands wherever the figures of an example are shown or printed."""


class Contract(Struct, frozen=True):
    """The contract of one EPCI."""

    key: str
    code: str
    name: str
    epci: str | None = None
    """Code (SIREN) of the EPCI."""
    start: date | None = None
    end: date | None = None
    signed_on: date | None = None
    note: str = ""
    thresholds: Thresholds = Thresholds()

    @property
    def fictitious(self) -> bool:
        """Whether the figures are invented. Told by the key, which nothing changes and every copy keeps."""
        return self.key.startswith(EXAMPLE)


class Document(Struct, frozen=True):
    """A source document that citations refer to."""

    key: str
    contract: str
    code: str
    title: str
    issued_on: date | None = None
    note: str = ""


class Territory(Struct, frozen=True):
    """A place. Its code is its INSEE, SIREN or QPV code (`62498`, `246200364`, `FR`, `R32`, `D62`)."""

    key: str
    contract: str
    code: str
    name: str
    level: Level
    parent: str | None = None
    note: str = ""


class Population(Struct, frozen=True):
    """A number of inhabitants of one territory, with its perimeter and its vintage."""

    key: str
    territory: str
    perimeter: str
    """`totale` or `qpv`."""
    value: Decimal
    vintage: date | None = None
    citation: Citation | None = None


class Establishment(Struct, frozen=True):
    """A place of the contract that is no territory: a *collège* in its commune, with its label."""

    key: str
    contract: str
    code: str
    name: str
    territory: str
    kind: str
    label: str = ""
    """`REP` or `REP+` for a collège."""
    citation: Citation | None = None


class LegalReference(Struct, frozen=True):
    """A law, a decree or a deliberation the contract stands on, with its vote."""

    key: str
    contract: str
    code: str
    label: str
    partner: str | None = None
    dated: date | None = None
    vote: str = ""
    citation: Citation | None = None


class Partner(Struct, frozen=True):
    """An institution that signed engagements."""

    key: str
    contract: str
    code: str
    name: str
    short_name: str
    rank: int = 0
    contact_function: str = ""
    """Whom to call, by function, never by name."""
    note: str = ""


class Engagement(Struct, frozen=True):
    """One thing a partner undertakes to do."""

    key: str
    contract: str
    partner: str
    code: str
    label: str
    theme: Theme
    nature: Nature
    detail: str = ""
    due: date | None = None
    territory: str | None = None
    citation: Citation | None = None
    retired: bool = False


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
    theme: Theme
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


class Measurement(Struct, frozen=True):
    """One value of one objective on one day for one territory (*relevé*), with its source."""

    key: str
    objective: str
    territory: str
    day: date
    value: Decimal
    source: str = ""
    comment: str = ""
    provisional: bool = False
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    entered_on: date | None = None
    citation: Citation | None = None


class CounterValue(Struct, frozen=True):
    """Another figure for the same objective and day, with its reason and source; shown beside, never over."""

    key: str
    objective: str
    day: date
    value: Decimal
    reason: str
    source: str = ""


class Meteo(Struct, frozen=True):
    """The weather of an engagement on a day, with its summary in three parts."""

    key: str
    engagement: str
    day: date
    weather: Weather
    results: str = ""
    obstacles: str = ""
    next_steps: str = ""


class Step(Struct, frozen=True):
    """A line of an engagement's checklist."""

    key: str
    engagement: str
    label: str
    rank: int = 0
    who: str = ""
    due: date | None = None
    done_on: date | None = None


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


class Meeting(Struct, frozen=True):
    """A COPIL, a comité technique, a revue de projets or a bilateral meeting."""

    key: str
    contract: str
    kind: MeetingKind
    day: date
    place: str = ""
    title: str = ""
    agenda: str = ""
    """One item a line."""
    participants: str = ""
    """One function a line; never a name."""


class Decision(Struct, frozen=True):
    """What a meeting decided."""

    key: str
    meeting: str
    label: str
    rank: int = 0
    carrier: str = ""
    due: date | None = None
    state: DecisionState = DecisionState.A_FAIRE


class Snapshot(Struct, frozen=True):
    """An *arrêté des données*: the whole contract as it was when it was frozen for a meeting. Never changed.

    What it froze is kept apart, under its fingerprint.
    """

    key: str
    contract: str
    meeting: str
    day: date
    """The date of the data."""
    frozen_on: date
    fingerprint: str
    """SHA-256 of what it froze, 64 hexadecimal digits."""


class Operand(Struct, frozen=True):
    """One figure or one item that a statement is reckoned from."""

    key: str
    statement: str
    rank: int
    name: str
    """A short name, the one used in the statement's formula."""
    value: Decimal | None = None
    unit: str = ""
    label: str = ""


class Statement(Struct, frozen=True):
    """A figure the document states about its own figures, kept so that the coherence rules can check it."""

    key: str
    contract: str
    code: str
    kind: StatementKind
    label: str
    partner: str | None = None
    value: Decimal | None = None
    unit: str = ""
    formula: str = ""
    """For `formule`: a sum of products of operand names, with `arrondi_sup`, `arrondi`, `max`, `min`."""
    objective: str | None = None
    note: str = ""
    citation: Citation | None = None


class Acknowledgement(Struct, frozen=True):
    """A point d'attention that the officer has seen, with the reason; it stays listed."""

    key: str
    contract: str
    point: str
    """The stable identifier of the point (`Point.ident`)."""
    reason: str
    day: date


class Correspondence(Struct, frozen=True):
    """Where the figures are in the files of one partner, as the officer once said (see `services.mapping`)."""

    key: str
    contract: str
    partner: str
    layout: str
    """JSON: the headers to look for."""


class Attachment(Struct, frozen=True):
    """A file joined to one thing: a source document, an engagement, a measurement or a decision, and to no other.

    What it holds is kept apart, once, under its fingerprint.
    """

    key: str
    contract: str
    name: str
    """The name of the file, without its folder."""
    digest: str
    """SHA-256 of its bytes, 64 hexadecimal digits."""
    size: int
    """Bytes."""
    added_on: date
    note: str = ""
    document: str | None = None
    engagement: str | None = None
    measurement: str | None = None
    decision: str | None = None

    @property
    def owner(self) -> str:
        """Key of the thing it is joined to."""
        return self.document or self.engagement or self.measurement or self.decision or ""


class Paper(Struct, frozen=True):
    """A paper that was printed or saved for a meeting. What it holds is not kept: its data are told by a fingerprint."""

    key: str
    contract: str
    meeting: str
    model: str
    """`copil`, `decisions`…"""
    made_on: date
    day: date
    """Date of its data."""
    fingerprint: str
    """The sixteen digits at the foot of its pages, without spaces."""
    name: str = ""
    """The name of its file, without the folder; empty for what went to the printer."""


class Dossier(Struct, frozen=True):
    """Everything one contract holds: what the repositories return and the engine reckons from.

    Tuples keep the order of the contract (partners by rank, the others by code). Measurements are sorted by
    objective, day, then key, so that the last recorded of a day comes last.
    """

    contract: Contract
    documents: tuple[Document, ...] = ()
    territories: tuple[Territory, ...] = ()
    populations: tuple[Population, ...] = ()
    establishments: tuple[Establishment, ...] = ()
    legal_references: tuple[LegalReference, ...] = ()
    partners: tuple[Partner, ...] = ()
    engagements: tuple[Engagement, ...] = ()
    engagement_territories: tuple[EngagementTerritory, ...] = ()
    conditions: tuple[Condition, ...] = ()
    objectives: tuple[Objective, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    counter_values: tuple[CounterValue, ...] = ()
    meteos: tuple[Meteo, ...] = ()
    steps: tuple[Step, ...] = ()
    fundings: tuple[Funding, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    decisions: tuple[Decision, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    statements: tuple[Statement, ...] = ()
    operands: tuple[Operand, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    correspondences: tuple[Correspondence, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    papers: tuple[Paper, ...] = ()

    def joined(self, key: str) -> tuple[Attachment, ...]:
        """Return the files joined to the thing of that key."""
        return tuple(one for one in self.attachments if one.owner == key)
