"""The words that a contract is told in: levels, states, each with its French label."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from qpvdesk.domain.statuses import WEATHER_LABELS as WEATHER_LABELS
from qpvdesk.domain.statuses import Weather as Weather


class Level(StrEnum):
    """A scale that places count in, from the widest to the smallest; its word is the code of its usual level, too."""

    NATION = "nation"
    REGION = "region"
    DEPARTEMENT = "departement"
    EPCI = "epci"
    COMMUNE = "commune"
    QPV = "qpv"
    AUTRE = "autre"
    """A perimeter that is none of them: a *bassin*, a *carte scolaire*."""


class Basis(StrEnum):
    """What the share of a place in another is of."""

    HABITANTS = "habitants"
    SUPERFICIE = "superficie"
    INCONNUE = "inconnue"


class Nature(StrEnum):
    """The nature of an engagement."""

    DROIT_COMMUN = "droit_commun"
    CREDITS_SPECIFIQUES = "credits_specifiques"
    GOUVERNANCE = "gouvernance"
    PARTICIPATION = "participation"


class Involvement(StrEnum):
    """What a partner is to an engagement that another pilots."""

    COPILOTE = "copilote"
    ASSOCIE = "associe"
    FINANCEUR = "financeur"


class VersionKind(StrEnum):
    """What made the contract what it is since a day."""

    SIGNATURE = "signature"
    AVENANT = "avenant"
    MI_PARCOURS = "mi_parcours"


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
    SCOLAIRE = "scolaire"
    """Each school year."""
    BIENNALE = "biennale"
    UNIQUE = "unique"


class Role(StrEnum):
    """Whether a figure was promised, or only tells of the place and its partners."""

    PROMESSE = "promesse"
    CONTEXTE = "contexte"


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
    """The usual kinds of *instance*; a contract may have its own."""

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


MEETING_LABELS: Mapping[str, str] = {
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
    Level.AUTRE: "Autre périmètre",
}
BASIS_LABELS: dict[Basis, str] = {
    Basis.HABITANTS: "Ses habitants",
    Basis.SUPERFICIE: "Sa superficie",
    Basis.INCONNUE: "Inconnue",
}

FREQUENCY_LABELS: dict[Frequency, str] = {
    Frequency.MENSUELLE: "Mensuelle",
    Frequency.TRIMESTRIELLE: "Trimestrielle",
    Frequency.SEMESTRIELLE: "Semestrielle",
    Frequency.ANNUELLE: "Annuelle",
    Frequency.SCOLAIRE: "Chaque année scolaire",
    Frequency.BIENNALE: "Tous les deux ans",
    Frequency.UNIQUE: "Une seule fois",
}

ROLE_LABELS: dict[Role, str] = {Role.PROMESSE: "Promesse du contrat", Role.CONTEXTE: "Chiffre de contexte"}

INVOLVEMENT_LABELS: dict[Involvement, str] = {
    Involvement.COPILOTE: "Copilote",
    Involvement.ASSOCIE: "Partenaire associé",
    Involvement.FINANCEUR: "Financeur",
}

VERSION_LABELS: dict[VersionKind, str] = {
    VersionKind.SIGNATURE: "Signature",
    VersionKind.AVENANT: "Avenant",
    VersionKind.MI_PARCOURS: "Revue à mi-parcours",
}
