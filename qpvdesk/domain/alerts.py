"""Alerts: what the passing of time, or a figure that has just come in, asks the officer to look at.

One small function per rule, listed in `RULES`; each finding is one French sentence, which names its object and the scale
of an objective, with its remedy. A due day is not late on the day itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise

from msgspec.structs import replace

from qpvdesk.domain.ages import FREQUENCY_MONTHS, METEO_MONTHS, is_old_meteo, recorded_on
from qpvdesk.domain.calendar import add_months
from qpvdesk.domain.counts import turn
from qpvdesk.domain.evolution import counted_of
from qpvdesk.domain.expected import Request, first_values, values_to_renew
from qpvdesk.domain.french import (
    NBSP,
    NNBSP,
    enumerate_words,
    format_date,
    format_edge,
    format_value,
    lowered,
    plural,
)
from qpvdesk.domain.how_far import how_far, share_words
from qpvdesk.domain.meeting_alerts import (
    COPIL_SANS_ARRETE,
    ETAPE_EN_RETARD,
    REUNION_SANS_ORDRE_DU_JOUR,
    SUITE_EN_RETARD,
    forgotten_follow_ups,
    late_decisions,
    late_steps,
    unfrozen_committees,
    unprepared_meetings,
)
from qpvdesk.domain.model import Measurement, Mesure, Objective, Weather
from qpvdesk.domain.points import DECISION_EN_RETARD, FAMILY_ALERT, Finding, Point, ident_of
from qpvdesk.domain.progress import Assessment, day_words
from qpvdesk.domain.scales import with_scale
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import STATUT_LABELS
from qpvdesk.domain.targets import start_of, target_of
from qpvdesk.domain.wording import of

VALEUR_ANCIENNE = "valeur_ancienne"
SANS_RELEVE = "sans_releve"
STATUT_DEGRADE = "statut_degrade"
PROJECTION_MANQUEE = "projection_manquee"
ECHEANCE_PROCHE = "echeance_proche"
ENGAGEMENT_SANS_SUIVI = "engagement_sans_suivi"
SILENT_WORDS = "sans suivi (ni météo récente, ni objectif, ni chiffre suivi)"
"""Why an engagement is said to be without follow-up, wherever they are counted: a figure of context does not follow it."""
VALEUR_PROVISOIRE = "valeur_provisoire"
SAUT = "saut"
CUMUL_EN_RECUL = "cumul_en_recul"

_DUE_MONTHS = 6
_DUE_RATE_MIN = Fraction(3, 4)
_PROVISIONAL_MONTHS = 6

Rule = Callable[[Situation, Situation | None], Iterator[Finding]]


def alerts(situation: Situation, previous: Situation | None = None) -> tuple[Point, ...]:
    """Every alert of `situation`, by rule; of what would be missed what lacks the most first, of what is past due the
    longest, else in contract order. `previous` is what it is compared with; without it nothing is said of a fall."""
    return tuple(
        finding.point(FAMILY_ALERT, kind, title)
        for kind, title, rule in RULES
        for finding in rule(situation, previous)
    )


def _about(
    situation: Situation, objective: Objective, statement: str, remedy: str, *, detail: str = ""
) -> Finding:
    return Finding(
        objective.code,
        objective.partner,
        f"{with_scale(situation, objective)}{NNBSP}: {statement}",
        remedy,
        objective.citation,
        detail,
        statement=statement,
    )


def _assessed(situation: Situation) -> Iterator[tuple[Objective, Assessment]]:
    """Those that count: of a parent and its parts the parent is told."""
    for assessment in situation.counted:
        yield assessment.objective, assessment


def _measured(situation: Situation) -> Iterator[tuple[Objective, Assessment]]:
    """Those that somebody measures, on whatever place."""
    for objective in situation.promises:
        yield objective, situation.assessments[objective.key]


def _old_values(situation: Situation, _previous: Situation | None) -> Iterator[Finding]:
    for request in values_to_renew(situation):
        told, oldest = request.told, request.asked[0]
        objective, day = told.objective, oldest.value_day or situation.day
        months = FREQUENCY_MONTHS[objective.frequency]
        age = _months_between(day, situation.day)
        # Where the whole is of one day and of one partner, its parts need not be told apart.
        apart = told.spread is not None or oldest.objective.partner != objective.partner
        which = _which_part(request) if told.parts and apart else "la dernière valeur"
        yield replace(
            _about(
                situation,
                objective,
                f"{which} date du {format_date(day)}, soit {age}{NBSP}mois, pour un relevé "
                f"attendu {'chaque mois' if months == 1 else f'tous les {months}{NBSP}mois'}.",
                f"Demandez la valeur à jour{_of_parts(request) if apart else ''}"
                f" {_to_partner(situation, request.partner)}.",
                detail=_detail(request),
            ),
            partner=request.partner,
        )


def _which_part(request: Request) -> str:
    """`la plus ancienne de ses déclinaisons (ARS-O042)`: what is old in a total; `une de ses déclinaisons` where an
    older one is awaited no more."""
    told, part = request.told, request.asked[0]
    code = part.objective.code
    if part is told:
        code = next((item.code for item in told.parts if item.day == told.value_day), code)
    of_many = "la plus ancienne" if part.value_day == told.value_day else "une"
    return f"{of_many if request.first else 'une autre'} de ses déclinaisons ({code})"


def _of_parts(request: Request) -> str:
    """` d’ARS-O042 et de BPI-O025`: the parts of a total that are asked for; empty of what is none."""
    parts = [item.objective.code for item in request.asked if item is not request.told]
    return f" {enumerate_words([of(code).strip() for code in parts], limit=4)}" if parts else ""


def old_value_ident(request: Request) -> str:
    """What the alert of an old value is known by."""
    return ident_of(VALEUR_ANCIENNE, request.told.objective.code, _detail(request))


def _detail(request: Request) -> str:
    """The day of the value that is old; of a second partner of one total, with its part."""
    oldest = request.asked[0]
    day = f"{oldest.value_day:%Y-%m-%d}" if oldest.value_day is not None else ""
    return day if request.first else f"{oldest.objective.code}:{day}"


def _months_between(earlier: date, later: date) -> int:
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months if add_months(earlier, months) <= later else months - 1


def _to_partner(situation: Situation, key: str) -> str:
    """`au partenaire (Région)`: a name takes an article that only its reader knows."""
    for summary in situation.partners:
        if summary.partner.key == key:
            return f"au partenaire ({summary.partner.usual_name})"
    return "au partenaire"


def _origin(situation: Situation) -> tuple[date, str] | None:
    """The day the contract runs from, and its French words."""
    contract = situation.dossier.contract
    if contract.signed_on is not None:
        return contract.signed_on, "la signature du contrat"
    if contract.start is not None:
        return contract.start, "le début du contrat"
    return None


def _never_measured(situation: Situation, _previous: Situation | None) -> Iterator[Finding]:
    origin, contract = _origin(situation), situation.dossier.contract
    if origin is None:
        return
    for request in first_values(situation):
        assessment = request.told
        objective = assessment.objective
        day, words = origin
        recorded = recorded_on(objective.key)
        if recorded is not None and recorded > day and recorded != recorded_on(contract.key):
            # Nobody could be asked for it before; what came with its contract was promised with it.
            day, words = recorded, "son inscription"
        if situation.day <= add_months(day, 12):
            continue
        age = _months_between(day, situation.day)
        since = f"depuis {words} ({format_edge(day)}), soit {age}{NBSP}mois"
        message = f"aucun relevé {since}."
        remedy = f"Demandez une première valeur {_to_partner(situation, request.partner)}."
        if assessment.missing:
            pending = enumerate_words(_missing_parts(situation, assessment), limit=4)
            message = f"pas de valeur d’ensemble {since}{NNBSP}; il manque {pending}."
            remedy = "Relevez la valeur qui manque à chaque territoire."
            if request.partner != objective.partner:
                whom = _to_partner(situation, request.partner)
                remedy = f"Demandez la valeur{_of_parts(request)} {whom}."
        detail = "" if request.first else request.asked[0].objective.code
        found = _about(situation, objective, message, remedy, detail=detail)
        yield replace(found, partner=request.partner)


def _missing_parts(situation: Situation, assessment: Assessment) -> list[str]:
    """What a parent waits for: the names of the places where each is of one, else those of its parts."""
    awaited = [item for item in situation.objectives if item.code in assessment.missing]
    places = [situation.territory(item.territory).name for item in awaited]
    return places if len(set(places)) == len(places) else [item.label for item in awaited]


def _worse(situation: Situation, previous: Situation | None) -> Iterator[Finding]:
    if previous is None:
        return
    for objective, after in _assessed(situation):
        before = previous.assessments.get(objective.key)
        if before is not None and turn(before.status, after.status) > 0:
            yield _about(
                situation,
                objective,
                f"passé de «{NNBSP}{STATUT_LABELS[before.status]}{NNBSP}» le {format_date(previous.day)} à "
                f"«{NNBSP}{STATUT_LABELS[after.status]}{NNBSP}».",
                "Demandez au partenaire ce qui a changé et inscrivez le point à l’ordre du jour.",
                # Seen once, it is to be seen again after the next COPIL.
                detail=previous.day.isoformat(),
            )


def _projected_short(situation: Situation, _previous: Situation | None) -> Iterator[Finding]:
    for assessment, projection in situation.would_miss:
        sentence = projection.sentence
        yield _about(
            situation,
            assessment.objective,
            lowered(sentence),
            "Convenez avec le partenaire de ce qui peut accélérer, ou d’une cible révisée et motivée.",
        )


def _due_soon(situation: Situation, _previous: Situation | None) -> Iterator[Finding]:
    for objective, assessment in _assessed(situation):
        due, rate = objective.target_date, assessment.rate
        if due is None or rate is None or rate >= _DUE_RATE_MIN or not objective.aim.promised:
            continue
        if add_months(due, -_DUE_MONTHS) <= situation.day <= due:
            left = (due - situation.day).days
            when = f"dans {plural(left, 'jour', 'jours')}" if left else "aujourd’hui"
            far = how_far(assessment)
            so_far = f"un taux de {far.rate}" if far.rate else f"un objectif {far.kept}"
            so_far += "," * (assessment.spread is not None)
            yield _about(
                situation,
                objective,
                f"l’échéance du {format_date(due)} tombe {when}, avec {so_far} {day_words(assessment)}.",
                "Faites le point avec le partenaire avant l’échéance.",
                detail=due.isoformat(),
            )


def _silent_engagements(situation: Situation, _previous: Situation | None) -> Iterator[Finding]:
    origin = _origin(situation)
    for engagement in situation.engagements:
        if any(not item.is_context for item in situation.objectives_of_engagement(engagement.key)):
            continue
        meteo = situation.meteo_of(engagement.key)
        if meteo is not None and meteo.weather is Weather.NON_NECESSAIRE:
            continue
        if meteo is not None and meteo.weather is not Weather.NON_RENSEIGNEE:
            if not is_old_meteo(meteo.day, situation.day):
                continue
            weather = f"la dernière météo date du {format_date(meteo.day)}"
        else:
            if origin is not None and situation.day <= add_months(origin[0], METEO_MONTHS):
                continue
            weather = "aucune météo n’a été donnée"
        statement = f"aucun chiffre ne suit cet engagement et {weather}."
        yield Finding(
            engagement.code,
            engagement.partner,
            f"{engagement.label.rstrip('.')}{NNBSP}: {statement}",
            f"Demandez une météo {_to_partner(situation, engagement.partner)}, ou marquez-la non nécessaire.",
            citation=engagement.citation,
            statement=statement,
        )


def _provisional(situation: Situation, _previous: Situation | None) -> Iterator[Finding]:
    for objective in situation.promises:
        values = _of_record(situation.measurements_of(objective.key))
        for item in values:
            entered = item.entered_on or item.day
            if item.provisional and situation.day > add_months(entered, _PROVISIONAL_MONTHS):
                found = _about(
                    situation,
                    objective,
                    f"la valeur {counted_of(objective, item.day, item)} ({format_value(item.value, objective.unit)})"
                    " est provisoire "
                    f"depuis le {format_date(entered)}, soit {_months_between(entered, situation.day)}{NBSP}mois"
                    f"{_settled(objective, values, item)}.",
                    "Confirmez la valeur, ou remplacez-la par la valeur définitive.",
                    detail=item.day.isoformat(),
                )
                # Read where the value was, not where the promise stands.
                yield replace(found, citation=item.citation)


def _settled(objective: Objective, values: tuple[Measurement, ...], item: Measurement) -> str:
    """What is said where the value that is read today is another one, which is final."""
    last = values[-1]
    if last.day == item.day or last.provisional:
        return ""
    return f"{NNBSP}; celle {counted_of(objective, last.day, last)}, plus récente, ne l’est pas"


def _of_record(measurements: tuple[Measurement, ...]) -> tuple[Measurement, ...]:
    """One measurement a day, the last recorded."""
    return tuple({item.day: item for item in measurements}.values())


def _jumps(situation: Situation, _previous: Situation | None) -> Iterator[Finding]:
    for objective, assessment in _measured(situation):
        now, before = assessment.measurement, assessment.previous
        start, target = start_of(objective)[0], target_of(objective)
        # A thing is done at once.
        if now is None or before is None or start is None or target is None or objective.aim.yes_or_no:
            continue
        if start == target:
            continue
        step, way = Fraction(now.value) - Fraction(before.value), abs(target - start)
        if abs(step) > way / 2:
            yield _about(
                situation,
                objective,
                f"la valeur passe de {format_value(before.value, objective.unit)} "
                f"à {format_value(now.value, objective.unit)} en un seul relevé ({format_date(now.day)}), soit "
                f"{share_words(step, way)} du chemin prévu ({format_value(way, objective.unit)}).",
                "Vérifiez la saisie, l’unité et la source.",
                detail=now.day.isoformat(),
            )


def _falling_totals(situation: Situation, _previous: Situation | None) -> Iterator[Finding]:
    for objective in situation.promises:
        if objective.mesure is not Mesure.CUMUL:
            continue
        for before, now in pairwise(_of_record(situation.measurements_of(objective.key))):
            if now.value < before.value:
                yield _about(
                    situation,
                    objective,
                    f"le cumul recule de {format_value(before.value, objective.unit)} ({format_date(before.day)}) à "
                    f"{format_value(now.value, objective.unit)} ({format_date(now.day)}).",
                    f"Un total depuis l’origine ne peut pas baisser{NNBSP}: corrigez l’une des deux valeurs.",
                    detail=now.day.isoformat(),
                )


RULES: tuple[tuple[str, str, Rule], ...] = (
    (STATUT_DEGRADE, "Statut dégradé", _worse),
    (ECHEANCE_PROCHE, "Échéance proche", _due_soon),
    (PROJECTION_MANQUEE, "Cible qui serait manquée au rythme constaté", _projected_short),
    (DECISION_EN_RETARD, "Décision en retard", late_decisions),
    (ETAPE_EN_RETARD, "Étape en retard", late_steps),
    (SUITE_EN_RETARD, "Suite de visite en retard", forgotten_follow_ups),
    (REUNION_SANS_ORDRE_DU_JOUR, "Réunion sans ordre du jour", unprepared_meetings),
    (COPIL_SANS_ARRETE, "COPIL sans données arrêtées", unfrozen_committees),
    (SAUT, "Saut de valeur", _jumps),
    (CUMUL_EN_RECUL, "Cumul en recul", _falling_totals),
    (SANS_RELEVE, "Objectif non renseigné depuis plus d’un an", _never_measured),
    (VALEUR_ANCIENNE, "Valeur ancienne", _old_values),
    (ENGAGEMENT_SANS_SUIVI, "Engagement sans suivi", _silent_engagements),
    (VALEUR_PROVISOIRE, "Valeur restée provisoire", _provisional),
)
"""Kind, French title and function of each rule, the most pressing first."""

PLURALS: dict[str, str] = {
    STATUT_DEGRADE: "Statuts dégradés",
    ECHEANCE_PROCHE: "Échéances proches",
    PROJECTION_MANQUEE: "Cibles qui seraient manquées au rythme constaté",
    DECISION_EN_RETARD: "Décisions en retard",
    ETAPE_EN_RETARD: "Étapes en retard",
    SUITE_EN_RETARD: "Suites de visite en retard",
    REUNION_SANS_ORDRE_DU_JOUR: "Réunions sans ordre du jour",
    COPIL_SANS_ARRETE: "COPIL sans données arrêtées",
    SAUT: "Sauts de valeur",
    CUMUL_EN_RECUL: "Cumuls en recul",
    SANS_RELEVE: "Objectifs non renseignés depuis plus d’un an",
    VALEUR_ANCIENNE: "Valeurs anciennes d’objectifs promis ou de leur référence",
    ENGAGEMENT_SANS_SUIVI: "Engagements sans suivi",
    VALEUR_PROVISOIRE: "Valeurs promises ou suivies, restées provisoires",
}
"""By kind, the title over several of its points."""
