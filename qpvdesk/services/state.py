"""Where a contract stands on a day, as data and as the lines that the shell prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from qpvdesk.domain import french
from qpvdesk.domain.calendar import iso
from qpvdesk.domain.counts import OBJECTIVE_NOUNS, PartnerSummary, promised_count
from qpvdesk.domain.declined import own_words
from qpvdesk.domain.engagements import axis_words
from qpvdesk.domain.evolution import Evolution
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.meetings import meeting_code
from qpvdesk.domain.model import Citation, Engagement, Objective
from qpvdesk.domain.moves import Move
from qpvdesk.domain.named import partner_coded
from qpvdesk.domain.points import Point
from qpvdesk.domain.progress import Assessment, is_better, status_words, trend_of_value
from qpvdesk.domain.review import Baseline, PointView, Review
from qpvdesk.domain.scales import SCALE_WORDS, scale_word
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import STATUT_LABELS, Statut, Trend
from qpvdesk.domain.targets import due_words
from qpvdesk.storage.history import HistoryEntry

Json = dict[str, Any]


def _selected(review: Review, partner: str | None) -> tuple[PartnerSummary, ...]:
    """Return the summaries to print: all, or the one named. Raises `UserError` for an unknown code."""
    summaries = tuple(review.situation.partners)
    if partner is None:
        return summaries
    chosen = partner_coded([summary.partner for summary in summaries], partner)
    return tuple(summary for summary in summaries if summary.partner is chosen)


def _assessments(review: Review, partner: str | None) -> list[Assessment]:
    keys = {summary.partner.key for summary in _selected(review, partner)}
    now = review.situation
    return [now.assessments[objective.key] for objective in now.objectives if objective.partner in keys]


def _counts(summaries: Iterable[PartnerSummary]) -> Counter[Statut]:
    """How many objectives of those partners there are in each status."""
    counts: Counter[Statut] = Counter()
    for summary in summaries:
        counts.update(summary.counts)
    return counts


def as_json(review: Review, partner: str | None = None) -> Json:
    """Return the document of `etat --format json`; see the command line's documentation for its shape."""
    now = review.situation
    summaries = _selected(review, partner)
    keys = {summary.partner.key for summary in summaries}
    counts = now.counts if partner is None else _counts(summaries)
    by_object: dict[str, list[str]] = {}
    views = [view for view in review.alerts if partner is None or view.point.partner in keys]
    for view in views:
        by_object.setdefault(view.point.object, []).append(view.point.message)
    return {
        "contrat": {
            "code": now.dossier.contract.code,
            "nom": now.dossier.contract.name,
            "fictif": now.dossier.contract.fictitious,
        },
        "date_etat": now.day.isoformat(),
        "nb_objectifs": promised_count(counts),
        "statuts": {status.value: count for status, count in counts.items() if count},
        "objectifs": [
            _objective_as_json(review, assessment, by_object.get(assessment.objective.code, []))
            for assessment in _assessments(review, partner)
        ],
        "engagements": [_engagement_as_json(now, item) for item in now.engagements if item.partner in keys],
        "partenaires": [_partner_as_json(summary) for summary in summaries],
        "alertes": [view_as_json(view) for view in views],
        "compare_a": _baseline_as_json(review.baseline),
        "evolutions": [_move_as_json(move) for move in review.moves if move.objective.partner in keys],
    }


def _baseline_as_json(baseline: Baseline | None) -> Json | None:
    if baseline is None:
        return None
    return {
        "date": baseline.day.isoformat(),
        "reunion": meeting_code(baseline.meeting) if baseline.meeting is not None else None,
        "arrete": baseline.fingerprint or None,
        "intitule": baseline.since,
    }


def _move_as_json(move: Move) -> Json:
    return {
        "objet": move.objective.code,
        "statut_avant": move.before.status.value,
        "statut_apres": move.after.status.value,
        "valeur_avant": json_number(move.before.value),
        "valeur_apres": json_number(move.after.value),
        "phrase": move.sentence,
    }


def _objective_as_json(review: Review, assessment: Assessment, messages: list[str]) -> Json:
    now, objective = review.situation, assessment.objective
    projection = now.projection(objective.key)
    return {
        **standing_as_json(review, assessment),
        "cible_ecrite": objective.target_text or None,
        "valeur_cible_max": json_number(objective.target_max),
        "contrevaleurs": _others_as_json(now, assessment),
        "ventilations": _breakdowns_as_json(now, objective),
        "manquants": list(assessment.missing),
        "evolution": _evolution_as_json(assessment.evolution),
        "projection": None
        if projection is None
        else {
            "valeur": json_rounded(projection.value, 2),
            "basse": json_rounded(projection.low, 2),
            "haute": json_rounded(projection.high, 2),
            "date_atteinte": iso(projection.reached_on),
            "methode": projection.method,
        },
        "alertes": messages,
        "source": _citation_as_json(now, objective.citation),
    }


def standing_as_json(review: Review, assessment: Assessment) -> Json:
    """Return what an objective asks and where it stands, each word with one value: what is consolidated of it."""
    now, objective = review.situation, assessment.objective
    engagement = now.engagement(objective.engagement) if objective.engagement else None
    parent = now.objective(objective.parent) if objective.parent else None
    reference = now.objective(objective.reference) if objective.reference else None
    return {
        "code": objective.code,
        "partenaire": now.partner(objective.partner).code,
        "engagement": engagement.code if engagement else None,
        "libelle": objective.label,
        "thematique": objective.theme,
        "territoire": now.territory(objective.territory).code,
        "echelle": scale_word(now, objective),
        "unite": objective.unit,
        "sens": objective.sens.value,
        "role": objective.role.value,
        "mesure": objective.mesure.value,
        "valeur_initiale": json_number(objective.start_value),
        "date_initiale": iso(objective.start_date),
        "valeur_cible": json_number(objective.target_value),
        "date_cible": iso(objective.target_date),
        "parent": parent.code if parent else None,
        "reference": reference.code if reference else None,
        "valeur_actuelle": json_number(assessment.value),
        "date_valeur": iso(assessment.value_day),
        "age_jours": (now.day - assessment.value_day).days if assessment.value_day is not None else None,
        "taux_avancement": json_rounded(assessment.rate),
        "tenu": assessment.kept,
        "raison": assessment.rate_reason if objective.aim.promised and assessment.rate is None else None,
        "taux_attendu": json_rounded(assessment.expected_rate),
        "valeur_attendue": json_rounded(assessment.expected_value, 2),
        "ecart": json_number(assessment.gap),
        "indice": json_rounded(assessment.index),
        "statut": assessment.status.value,
        **_trend_as_json(objective, review.trend_of(objective.key)),
    }


def _breakdowns_as_json(now: Situation, objective: Objective) -> list[Json]:
    return [
        {
            "date": item.day.isoformat(),
            "liste": item.list_name,
            "categorie": item.category,
            "valeur": json_number(item.value),
        }
        for item in now.dossier.breakdowns
        if item.objective == objective.key and item.day <= now.day
    ]


def _trend_as_json(objective: Objective, trend: Trend | None) -> Json:
    """The word of the value, and beside it whether that is for the better."""
    better = None if trend is None else is_better(objective, trend)
    word = None if trend is None else trend_of_value(objective, trend)
    return {
        "tendance": None if word is None else word.value,
        "tendance_sens": None if better is None else "mieux" if better else "moins_bien",
    }


def _engagement_as_json(now: Situation, engagement: Engagement) -> Json:
    """Return an engagement that is followed, with the codes of what precises it."""
    meteo = now.meteo_of(engagement.key)
    return {
        "code": engagement.code,
        "partenaire": now.partner(engagement.partner).code,
        "axe": axis_words(now.dossier, engagement) or None,
        "libelle": engagement.label,
        "meteo": meteo.weather.value if meteo is not None else None,
        "precisions": [item.code for item in now.precisions_of(engagement.key)],
    }


def _others_as_json(now: Situation, assessment: Assessment) -> list[Json]:
    """The figures that stand beside a value: what a parent measured itself, then what others give."""
    own = assessment.own
    found: list[Json] = []
    if own is not None:
        found.append(
            {
                "valeur": json_number(own.value),
                "date": own.day.isoformat(),
                "motif": "relevé propre",
                "source": "",
            }
        )
    return found + [
        {
            "valeur": json_number(item.value),
            "date": item.day.isoformat(),
            "motif": item.reason,
            "source": item.source,
        }
        for item in now.dossier.counter_values
        if item.objective == assessment.objective.key and item.day <= now.day
    ]


def _evolution_as_json(evolution: Evolution | None) -> Json | None:
    if evolution is None:
        return None
    earlier = evolution.earlier_words()
    return {
        "valeur": json_number(evolution.change),
        "depuis": iso(evolution.since_day),
        "origine": "depart" if evolution.from_start else "releve",
        "intitule": f"contre {earlier} {evolution.when}" if earlier else evolution.since,
    }


def _partner_as_json(summary: PartnerSummary) -> Json:
    return {
        "code": summary.partner.code,
        "nom": summary.partner.name,
        "nb_objectifs": summary.objectives,
        "statuts": {status.value: count for status, count in summary.counts.items() if count},
        "taux_moyen": json_rounded(summary.mean_rate),
        "taux_moyen_nb": summary.rated,
        "taux_moyen_echelle": SCALE_WORDS[summary.scale] if summary.scale is not None else None,
        "taux_moyen_raison": summary.mean_reason or None,
    }


def view_as_json(view: PointView) -> Json:
    """Return a point d'attention as the shell prints it, and whether somebody acknowledged it."""
    return point_as_json(view.point) | {"pris_en_compte": view.acknowledged}


def point_as_json(point: Point) -> Json:
    nature: Json = {}
    if point.nature is not None:
        nature = {"nature": point.nature.value, "objets": list(point.instances) or [point.object]}
    return nature | {
        "point": point.ident,
        "genre": point.kind,
        "objet": point.object,
        "titre": point.title,
        "message": point.message,
        "remede": point.remedy,
    }


def entry_as_json(entry: HistoryEntry) -> Json:
    return {
        "date": entry.when.isoformat(timespec="seconds"),
        "auteur": entry.author,
        "acte": entry.act,
        "genre": entry.kind,
        "objet": entry.code,
        "champ": entry.field,
        "avant": entry.before,
        "apres": entry.after,
        "phrase": entry.sentence,
    }


def as_rows(review: Review, partner: str | None = None) -> tuple[list[str], list[list[str]]]:
    """Return headers and one row of French text for each objective."""
    now = review.situation
    headers = [
        "Code", "Partenaire", "Libellé", "Territoire", "Échelle", "Départ", "Valeur", "Date", "Cible", "Échéance",
        "Avancement", "Attendu", "Statut",
    ]  # fmt: skip
    rows = []
    for assessment in _assessments(review, partner):
        objective, far, own = assessment.objective, how_far(assessment), own_words(now, assessment)
        rows.append(
            [
                objective.code,
                now.partner(objective.partner).code,
                objective.label,
                now.territory(objective.territory).code,
                scale_word(now, objective),
                _value(objective.start_value, objective.unit),
                f"{far.value} ({own})" if own else far.value,
                french.format_date(assessment.value_day) if assessment.value_day else "–",
                far.bound or "–",
                due_words(objective),
                far.short,
                far.expected or "–",
                status_words(assessment),
            ]
        )
    return headers, rows


def summary_sentence(review: Review, partner: str | None = None) -> str:
    """Return one French sentence: how many objectives, and how many of them in each status."""
    counts = _counts(_selected(review, partner))
    parts = ", ".join(
        f"{STATUT_LABELS[status].lower()} {counts[status]}" for status in Statut if counts[status]
    )
    total = french.plural(sum(counts.values()), *OBJECTIVE_NOUNS)
    total = f"{total} ({parts})" if parts else "aucun objectif ni indicateur"
    context = Counter(item.objective.is_counted_context for item in _assessments(review, partner))
    told = " et ".join(
        french.plural(count, singular, plural)
        for count, singular, plural in (
            (context[False] - sum(counts.values()), "déclinaison", "déclinaisons"),
            (context[True], "chiffre de contexte", "chiffres de contexte"),
        )
        if count
    )
    apart = f"\u202f; à part, {told}" if told else ""
    return f"Situation au {french.format_date(review.situation.day)}\u202f: {total}{apart}."


def moves_sentences(review: Review, partner: str | None = None) -> list[str]:
    """Say what moved, under a heading that names the day compared with; nothing where there is none."""
    if review.baseline is None:
        return []
    keys = {summary.partner.key for summary in _selected(review, partner)}
    moves = [move.sentence for move in review.moves if move.objective.partner in keys]
    count = french.plural(len(moves), "évolution", "évolutions") if moves else "aucune évolution"
    return [f"Ce qui a changé {review.baseline.since}\u202f: {count}.", *moves]


def _citation_as_json(now: Situation, citation: Citation | None) -> Json | None:
    if citation is None:
        return None
    return {
        "document": now.document(citation.document).title,
        "rubrique": citation.section,
        "repere": citation.mark,
    }


def _value(value: Decimal | Fraction | None, unit: str) -> str:
    return french.format_value(value, unit) if value is not None else "–"


def json_number(value: Decimal | Fraction | None) -> int | float | None:
    """Return a JSON number: an int where the value is whole, else the nearest float."""
    if value is None:
        return None
    whole = int(value)
    return whole if value == whole else float(value)


def json_rounded(value: Fraction | None, digits: int = 4) -> float | None:
    """Round half away from zero, as everywhere a figure is shown."""
    return None if value is None else float(french.round_half_away(value, digits))
