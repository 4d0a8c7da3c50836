"""Where an objective or an engagement may stand, in words, and what that asks for: no more than a first sight needs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from qpvdesk.domain.french import enumerate_words, plural


class Statut(StrEnum):
    """Where an objective stands on a day."""

    SUIVI = "suivi"
    NON_RENSEIGNE = "non_renseigne"
    ATTEINT = "atteint"
    NON_ATTEINT = "non_atteint"
    SANS_TRAJECTOIRE = "sans_trajectoire"
    EN_AVANCE = "en_avance"
    CONFORME = "conforme"
    A_SURVEILLER = "a_surveiller"
    EN_RETARD = "en_retard"


STATUT_LABELS: dict[Statut, str] = {
    Statut.SUIVI: "Suivi",
    Statut.NON_RENSEIGNE: "Non renseigné",
    Statut.ATTEINT: "Atteint",
    Statut.NON_ATTEINT: "Non atteint",
    Statut.SANS_TRAJECTOIRE: "Sans trajectoire",
    Statut.EN_AVANCE: "En avance",
    Statut.CONFORME: "Conforme",
    Statut.A_SURVEILLER: "À surveiller",
    Statut.EN_RETARD: "En retard",
}


STATUT_ORDER: tuple[Statut, ...] = (
    Statut.NON_ATTEINT,
    Statut.EN_RETARD,
    Statut.A_SURVEILLER,
    Statut.SANS_TRAJECTOIRE,
    Statut.NON_RENSEIGNE,
    Statut.CONFORME,
    Statut.EN_AVANCE,
    Statut.ATTEINT,
    Statut.SUIVI,
)
"""Worst first, for lists and bars."""


class Trend(StrEnum):
    """A value against an earlier one: a rise is for the better, or, where nothing is wanted of it, that of the value."""

    HAUSSE = "hausse"
    BAISSE = "baisse"
    STABLE = "stable"


TREND_LABELS: dict[Trend, str] = {
    Trend.HAUSSE: "En progrès",
    Trend.BAISSE: "En recul",
    Trend.STABLE: "Stable",
}


class Weather(StrEnum):
    """The State's own scale of confidence (PILOTE); always shown with its words."""

    SOLEIL = "soleil"
    COUVERT = "couvert"
    NUAGE = "nuage"
    ORAGE = "orage"
    NON_RENSEIGNEE = "non_renseignee"
    NON_NECESSAIRE = "non_necessaire"


WEATHER_LABELS: dict[Weather, str] = {
    Weather.SOLEIL: "Objectifs sécurisés",
    Weather.COUVERT: "Objectifs atteignables",
    Weather.NUAGE: "Appuis nécessaires",
    Weather.ORAGE: "Objectifs compromis",
    Weather.NON_RENSEIGNEE: "Non renseignée",
    Weather.NON_NECESSAIRE: "Non nécessaire",
}


class Group(StrEnum):
    """What the status of an objective asks for."""

    A_TRAITER = "à traiter"
    A_RENSEIGNER = "à renseigner"
    VA_BIEN = "va bien"
    SUIVI = "suivi"


GROUPS: dict[Group, tuple[Statut, ...]] = {
    Group.A_TRAITER: (Statut.NON_ATTEINT, Statut.EN_RETARD, Statut.A_SURVEILLER),
    Group.A_RENSEIGNER: (Statut.NON_RENSEIGNE, Statut.SANS_TRAJECTOIRE),
    Group.VA_BIEN: (Statut.ATTEINT, Statut.EN_AVANCE, Statut.CONFORME),
    Group.SUIVI: (Statut.SUIVI,),
}


def statuses_named(word: str) -> tuple[Statut, ...]:
    """The statuses of a group (`a_traiter`), or the one of that value; all of them for an empty word.

    Raises `ValueError` for another word.
    """
    groups = {group.name.lower(): statuses for group, statuses in GROUPS.items()}
    return groups.get(word) or ((Statut(word),) if word else tuple(Statut))


def to_handle(counts: Mapping[Statut, int]) -> int:
    """How many of those counted are *à traiter*."""
    return sum(counts.get(status, 0) for status in GROUPS[Group.A_TRAITER])


_LEADERS_MAX = 3
"""Beyond so many that have as much to handle, they are counted rather than named."""


def where_most(to_handle_by: Mapping[str, int]) -> str:
    """What a drawing of the objectives *à traiter* by name comes down to: « Bpifrance : 7 des 12 objectifs à traiter »."""
    total = sum(to_handle_by.values())
    if not total:
        return "Aucun objectif n’est à traiter"
    most = max(to_handle_by.values())
    leaders = [name for name, count in to_handle_by.items() if count == most]
    if len(leaders) > _LEADERS_MAX:
        return f"{plural(total, 'objectif', 'objectifs')} à traiter, {most} au plus par ligne"
    if total == 1:
        share = "le seul objectif à traiter"
    elif most == total:
        share = f"les {total} objectifs à traiter"
    else:
        share = f"{most} des {total} objectifs à traiter{', chacun' if len(leaders) > 1 else ''}"
    return f"{enumerate_words(leaders)}\u202f: {share}"
