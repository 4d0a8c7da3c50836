"""What décret n° 2015-1118 asks of a yearly report (CGCT, L. 1111-2): where each chapter is read, or that it is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.declined import last_day
from qpvdesk.domain.french import NNBSP, enumerate_words, fold, plural
from qpvdesk.domain.gatherings import axis_level
from qpvdesk.domain.model import Funding, Level, Objective, Partner
from qpvdesk.domain.wording import called
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import heading
from qpvdesk.reports.left_out import of_whom
from qpvdesk.reports.style import CELL_STYLE, NOTE_STYLE, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph

_LOCAL = re.compile(
    r"(?:la )?(?:communaute (?:d.agglomeration|urbaine|de communes)|agglomeration|(?:euro)?metropole|ville|communes?"
    r"|mairie)\b"
)
"""How the name of an agglomération or of a commune begins."""
_RENEWAL = re.compile(r"\b(?:n?pnru|anru|renouvellement urbain|renovation urbaine)\b")


def decree(data: CopilData) -> list[Flowable]:
    """A row a chapter. What the base does not hold is named, never passed over."""
    widths = fill(160, None)
    rows: list[list[Any]] = [
        [cell(name, widths[0] - 4), cell(told or f"Manque{NNBSP}: {missing}", widths[1] - 8)]
        for name, told, missing in _chapters(data)
    ]
    return [
        *heading("Ce que demande le décret n° 2015-1118"),
        paragraph("Les chapitres du rapport annuel, et ce qu’il faut encore y joindre.", NOTE_STYLE),
        *data_table(("Chapitre", "Où le lire, ou ce qui manque"), rows, widths),
    ]


def lacking(data: CopilData) -> list[Flowable]:
    """How many chapters of the report that the law asks for are still to be joined: read before the rest."""
    chapters = _chapters(data)
    count = sum(not told for _, told, _ in chapters)
    words = plural(count, "chapitre", "chapitres")
    verb = "reste" if count == 1 else "restent"
    told = (
        f"Rapport que demande le décret n° 2015-1118{NNBSP}: {words} sur {len(chapters)} {verb} à écrire ou à joindre"
        f"{NNBSP}; la liste en est vers la fin de ce bilan."
    )
    return [paragraph(told, CELL_STYLE)] if count else []


def _chapters(data: CopilData) -> list[tuple[str, str, str]]:
    """Each chapter with where it is read, empty where it is missing, and what is then to be joined."""
    orientations, missing = _orientations(data)
    followed = _noted_in_the_year(data)
    local = [item.usual_name for item in _local_partners(data) if item.key in followed]
    whose = f"{'les partenaires' if len(local) > 1 else 'le partenaire'} {enumerate_words(local)}"
    noted = f"{NNBSP}; plus haut, ce qui en est noté pour {whose}" if local else ""
    days = len({item.day for item in data.review.agenda})
    coming = plural(days, "date à venir", "dates à venir")
    local_means = len(_local_means(data))
    return [
        ("Orientations", orientations, missing),
        (
            "Situation des quartiers",
            "",
            f"les indicateurs des quartiers (revenu, emploi, école…){_inhabitants(data)}.",
        ),
        (
            "Actions menées",
            "",
            f"le récit de ce qu’ont fait l’agglomération et les communes, à écrire par elles{noted}.",
        ),
        (
            "Développement social urbain",
            "",
            "si une commune a reçu la dotation de solidarité urbaine, les actions menées sur son territoire.",
        ),
        (
            "Moyens de l’agglomération et des communes",
            f"« Moyens mobilisés »{NNBSP}: {plural(local_means, 'montant', 'montants')} de leur part."
            if local_means
            else "",
            "leurs propres moyens, dont aucun n’est noté pour l’année.",
        ),
        (
            "Perspectives",
            "",
            "les perspectives au regard des résultats et des moyens, et les améliorations jugées nécessaires"
            f"{f'{NNBSP}; plus haut sous ce titre, {coming}' if days else ''}.",
        ),
        (
            "Articulation avec le renouvellement urbain",
            "",
            f"le récit de ce que font les programmes de renouvellement urbain{_renewal(data)}.",
        ),
        ("Avis des communes et réponses", "", "les avis des conseils municipaux et ce qui leur est répondu."),
        (
            "Avis des conseils citoyens et réponses",
            "",
            "les avis des conseils citoyens et ce qui leur est répondu.",
        ),
    ]


def _renewal(data: CopilData) -> str:
    """Which engagements and means of the year tell of urban renewal: that a text names it tells nothing of what it does."""
    cited = [
        called(item)
        for item in data.situation.engagements
        if _RENEWAL.search(fold(f"{item.label} {item.detail}"))
    ][:3]
    means = [called(item) for item in means_of_the_year(data) if _RENEWAL.search(fold(item.label))]
    told = (("le contrat les cite", cited), ("plus haut", means))
    return "".join(
        f"{NNBSP}; {where}, entre autres{NNBSP}: {f'{NNBSP}; '.join(named)}" for where, named in told if named
    )


def _orientations(data: CopilData) -> tuple[str, str]:
    """What the contract gathers its engagements under, by its own name, and what is missing of it: what only some partners
    gather theirs under is their own, not the contract's."""
    now = data.situation
    dossier = now.dossier
    axes = [item.name for item in dossier.axes if item.parent is None]
    missing = "les orientations du contrat"
    if not axes:
        return "", f"{missing}."
    whose = {item.partner for item in now.engagements if item.axis is not None}
    names = [item.usual_name for item in dossier.partners if item.key in whose]
    if not names or whose >= {item.partner for item in now.engagements}:
        return (
            f"Niveau «{NNBSP}{axis_level(dossier)}{NNBSP}» du contrat{NNBSP}: {f'{NNBSP}; '.join(axes)}.",
            "",
        )
    level = f"niveau «{NNBSP}{axis_level(dossier)}{NNBSP}»"
    own = (
        f"les {len(axes)} noms du {level} sont ceux" if len(axes) > 1 else f"le seul nom du {level} est celui"
    )
    return "", f"{missing}{NNBSP}; {own} de partenaires ({enumerate_words(names)}), non du contrat."


def means_of_the_year(data: CopilData) -> list[Funding]:
    """The amounts whose years hold that of the paper."""
    return [
        item for item in data.situation.dossier.fundings if item.first_year <= data.day.year <= item.last_year
    ]


def is_valued_in_the_year(data: CopilData, objective: Objective) -> bool:
    """Whether its value of today is of the year of the paper."""
    day = data.situation.assessments[objective.key].value_day
    return day is not None and day.year == data.day.year


def is_entered_since(data: CopilData, item: Objective, day: date) -> bool:
    """Whether its value was recorded after that day."""
    found = data.situation.assessments[item.key].measurement
    return found is not None and found.entered_on is not None and found.entered_on > day


def unvalued_words(data: CopilData, unvalued: Sequence[Objective]) -> str:
    """` 3 objectifs promis n’ont pas de valeur datée de 2026, dont 1 total qui porte la date de sa déclinaison la plus
    ancienne`, others of which are of the year; then whose they are. Empty for none."""
    if not unvalued:
        return ""
    words = plural(len(unvalued), "objectif promis n’a", "objectifs promis n’ont")
    whose = of_whom(data, [item.partner for item in unvalued])
    return (
        f" {words} pas de valeur datée de {data.day.year}{_of_older_parts(data, unvalued)}{NNBSP}: {whose}."
    )


def _of_older_parts(data: CopilData, unvalued: Sequence[Objective]) -> str:
    known = data.situation.assessments
    days = (last_day(known, known[item.key]) for item in unvalued)
    count = sum(day is not None and day.year == data.day.year for day in days)
    which = "qui porte la date de sa" if count == 1 else "qui portent la date de leur"
    words = f"dont {plural(count, 'total', 'totaux')}"
    if count == len(unvalued):
        words = "un total" if count == 1 else "tous des totaux"
    return f", {words} {which} déclinaison la plus ancienne" if count else ""


def _noted_in_the_year(data: CopilData) -> set[str]:
    """Keys of the partners of whom the year holds a value or a météo."""
    now = data.situation
    valued = {item.partner for item in now.objectives if is_valued_in_the_year(data, item)}
    looked_at = ((item.partner, now.meteo_of(item.key)) for item in now.engagements)
    return valued | {partner for partner, meteo in looked_at if meteo and meteo.day.year == data.day.year}


def _local_means(data: CopilData) -> list[Funding]:
    """Those that the agglomération or a commune puts in: means of others in its places are not its own."""
    local = {item.key for item in _local_partners(data)}
    return [item for item in means_of_the_year(data) if item.partner in local]


def _local_partners(data: CopilData) -> list[Partner]:
    """The agglomération and the communes among the partners."""
    now = data.situation
    own = (Level.EPCI, Level.COMMUNE)
    places = {
        fold(item.name) for item in now.dossier.territories if now.places.levels.scale(item.level) in own
    }
    return [
        item for item in now.dossier.partners if fold(item.name) in places or _LOCAL.match(fold(item.name))
    ]


def _inhabitants(data: CopilData) -> str:
    """Of how many quartiers the inhabitants are known: that is not yet how they fare."""
    now = data.situation
    places = [item for item in now.dossier.territories if now.places.levels.scale(item.level) is Level.QPV]
    known = sum(
        now.population(item.key, "qpv") is not None or now.population(item.key, "totale") is not None
        for item in places
    )
    if not known:
        return ""
    whose = plural(known, "quartier", "quartiers")
    if known < len(places):
        return f"{NNBSP}; les habitants de {whose} sur {len(places)} sont connus"
    whose = "du quartier" if known == 1 else f"des {whose}"
    return f"{NNBSP}; les habitants {whose} sont connus"
