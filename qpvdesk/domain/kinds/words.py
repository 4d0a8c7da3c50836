"""The words of the enumerations, as the officer reads them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from qpvdesk.domain import model
from qpvdesk.domain.kinds.declaration import Choices
from qpvdesk.domain.sens import Sens, labels

MESURE_LABELS = {
    model.Mesure.STOCK: "Un niveau à une date",
    model.Mesure.CUMUL: "Un cumul depuis le départ",
    model.Mesure.FLUX: "Un nombre par an",
}
AGGREGATION_LABELS = {
    model.Aggregation.AUCUN: "Aucun",
    model.Aggregation.SOMME: "La somme des lieux",
    model.Aggregation.MOYENNE_PONDEREE: "La moyenne des lieux pondérée par leur population",
    model.Aggregation.PART: "La part de l’ensemble (numérateurs sur dénominateurs)",
}
BUDGET_LABELS = {
    model.Budget.INVESTISSEMENT: "Investissement",
    model.Budget.FONCTIONNEMENT: "Fonctionnement",
    model.Budget.NON_PRECISE: "Non précisé",
}
CREDIT_LABELS = {
    model.Credit.DROIT_COMMUN: "Droit commun",
    model.Credit.CREDITS_SPECIFIQUES: "Crédits spécifiques",
    model.Credit.NON_PRECISE: "Non précisé",
}
STAGE_LABELS = {model.Stage.PREVU: "Prévu", model.Stage.ENGAGE: "Engagé", model.Stage.PAYE: "Payé"}
STATEMENT_LABELS = {
    model.StatementKind.TOTAL: "Un total et ses parties",
    model.StatementKind.DENOMBREMENT: "Un nombre annoncé et ce qui est énuméré",
    model.StatementKind.PART: "Un pourcentage et ses deux nombres",
    model.StatementKind.FORMULE: "Un chiffre et sa règle de calcul",
    model.StatementKind.ENVELOPPE: "Une enveloppe et ce qui la remplit",
    model.StatementKind.EGALITE: "Un même chiffre en plusieurs endroits",
    model.StatementKind.COMPARAISON: "Deux chiffres qui ne se comparent pas",
    model.StatementKind.BASE_ABSENTE: "Un chiffre sans sa base ou sa date",
}

LABELS: dict[type[StrEnum], Mapping[Any, str]] = {
    model.Nature: model.NATURE_LABELS,
    Sens: labels(),
    model.Mesure: MESURE_LABELS,
    model.Aggregation: AGGREGATION_LABELS,
    model.Frequency: model.FREQUENCY_LABELS,
    model.Level: model.LEVEL_LABELS,
    model.Basis: model.BASIS_LABELS,
    model.Role: model.ROLE_LABELS,
    model.Involvement: model.INVOLVEMENT_LABELS,
    model.VersionKind: model.VERSION_LABELS,
    model.Weather: model.WEATHER_LABELS,
    model.Budget: BUDGET_LABELS,
    model.Credit: CREDIT_LABELS,
    model.Stage: STAGE_LABELS,
    model.MeetingKind: model.MEETING_LABELS,
    model.DecisionState: model.DECISION_LABELS,
    model.StatementKind: STATEMENT_LABELS,
}


def choices(words: type[StrEnum]) -> Choices:
    """Return the words of an enumeration as a form offers them."""
    return tuple((label, item.value) for item, label in LABELS[words].items())
