"""Figures out: the state, the measurements, the engagements, the journal, and a partner's workbook."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from qpvdesk import durable
from qpvdesk.domain import french
from qpvdesk.domain.alerts import VALEUR_PROVISOIRE
from qpvdesk.domain.engagements import axis_words
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.expected import Asked, asked_of
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.model import NATURE_LABELS, Partner
from qpvdesk.domain.named import partner_coded
from qpvdesk.domain.review import Review
from qpvdesk.domain.scales import scale_word
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import STATUT_LABELS
from qpvdesk.services import state
from qpvdesk.services.contracts.joined_files import folder_of
from qpvdesk.services.desk import Desk
from qpvdesk.spreadsheets.sheet import Sheet, table
from qpvdesk.storage import readers

CONTENTS = ("etat", "releves", "engagements", "journal", "remontee", "contrat", "gabarit")


def export(
    desk: Desk,
    review: Review,
    target: Path,
    *,
    content: str = "etat",
    partner: str | None = None,
    asked: Asked = Asked.TO_ASK,
) -> str:
    """Write one of `CONTENTS` to an xlsx, ods, csv or json file and say what it holds: « 8 lignes », and what goes with it.

    `asked`: which figures the workbook of a partner asks for.
    Raises `UserError` for an unknown partner or format, or a file that cannot be written; nothing is left then.
    """
    lines = french.plural(
        _written(desk, review, target, content=content, partner=partner, asked=asked), "ligne", "lignes"
    )
    if content != "contrat" or not review.situation.dossier.attachments or target.suffix.lower() == ".json":
        return lines
    return f"{lines}, et le dossier «\u202f{folder_of(target).name}\u202f» à envoyer avec lui"


def _written(
    desk: Desk, review: Review, target: Path, *, content: str, partner: str | None, asked: Asked
) -> int:
    now = review.situation
    chosen = None if partner is None else partner_coded(now.dossier.partners, partner)
    as_json = target.suffix.lower() == ".json"
    if content in {"contrat", "gabarit"}:
        from qpvdesk.services.contracts import contract_export  # noqa: PLC0415 - 42 ms, a whole contract alone needs it

        if content == "gabarit":
            return contract_export.write_blank(target)
        return contract_export.write(
            now.dossier,
            target,
            lambda attachment: (readers.file(desk.base, attachment), readers.pages(desk.base, attachment)),
        )
    if content == "remontee":
        return _return_book(review, chosen, target, asked)
    if content == "etat" and as_json:
        document = state.as_json(review, partner)
        _save_json(document, target)
        return len(document["objectifs"])
    sheet = {"etat": _state, "releves": _measurements, "engagements": _engagements}[content](
        now, chosen
    ) if content != "journal" else _journal(desk)  # fmt: skip
    if as_json:
        _save_json(_records(sheet), target)
    else:
        from qpvdesk.spreadsheets.writing import write  # noqa: PLC0415 - 66 ms, a workbook alone needs it

        write([sheet], target)
    return len(sheet.rows) - 1


def _return_book(review: Review, partner: Partner | None, target: Path, which: Asked) -> int:
    from qpvdesk.spreadsheets.return_book import return_book  # noqa: PLC0415 - 9 ms, a return workbook alone needs it
    from qpvdesk.spreadsheets.writing import write  # noqa: PLC0415 - 66 ms, a workbook alone needs it

    if partner is None:
        raise UserError(
            "Le classeur de remontée est celui d’un partenaire.",
            "Choisissez lequel.",
            shell="Ajoutez «\u202f--partenaire CODE\u202f».",
        )
    if target.suffix.lower() not in {".xlsx", ".ods"}:
        raise UserError(
            "Le classeur de remontée s’écrit en .xlsx ou en .ods.", "Changez la fin du nom du fichier."
        )
    lines = len(asked_of(review.situation, partner.key, which))
    if not lines:
        raise _nothing(review, partner, which)
    write(return_book(review.situation, partner, which), target)
    return lines


def _nothing(review: Review, partner: Partner, which: Asked) -> UserError:
    """That no value is asked for by its workbook, and what is to be asked for otherwise."""
    settled = [view.point.kind for view in review.waiting if view.point.partner == partner.key].count(
        VALEUR_PROVISOIRE
    )
    left = french.plural(settled, "valeur provisoire reste", "valeurs provisoires restent")
    told = f"\u202f; {left} à confirmer (bordereau de saisie)" if settled else ""
    wider = "«\u202fTout ce qui est attendu\u202f» (attendus) liste aussi ce qui est à jour."
    return UserError(
        f"Aucune valeur nouvelle n’est à demander au partenaire ({partner.usual_name}) à ce jour{told}.",
        wider if which is Asked.TO_ASK else "",
    )


def _save_json(document: object, target: Path) -> None:
    durable.save((json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode(), target)


def _records(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the table as JSON objects, keyed by the folded headers (« date_cible »)."""
    keys = [french.fold(str(cell.value)).replace(" ", "_") for cell in sheet.rows[0]]
    return [{key: _plain(cell.value) for key, cell in zip(keys, row, strict=True)} for row in sheet.rows[1:]]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or isinstance(value, str) else str(value)


def _state(now: Situation, partner: Partner | None) -> Sheet:
    headers = (
        "Code", "Partenaire", "Engagement", "Libellé", "Thématique", "Territoire", "Échelle", "Unité", "Sens",
        "Valeur initiale",
        "Date initiale", "Valeur actuelle", "Date de la valeur", "Valeur cible", "Valeur cible haute",
        "Cible telle qu’écrite", "Date cible", "Relevé propre", "Référence",
        "Écart", "Tenu",
        "Taux d’avancement", "Taux attendu", "Statut",
    )  # fmt: skip
    rows = []
    for objective in now.objectives:
        if partner is not None and objective.partner != partner.key:
            continue
        assessment = now.assessments[objective.key]
        rows.append(
            (
                objective.code, now.partner(objective.partner).code,
                now.engagement(objective.engagement).code if objective.engagement else None,
                objective.label, now.theme_names[objective.theme], now.territory(objective.territory).code,
                scale_word(now, objective), objective.unit, objective.aim.label, objective.start_value, objective.start_date,
                _decimal(assessment.value), assessment.value_day, objective.target_value, objective.target_max,
                objective.target_text or None, objective.target_date,
                _decimal(assessment.own.value) if assessment.own is not None else None,
                _decimal(assessment.reference_value), _decimal(assessment.gap), how_far(assessment).kept or None,
                None if assessment.flagged else _decimal(assessment.rate), _decimal(assessment.expected_rate),
                STATUT_LABELS[assessment.status],
            )
        )  # fmt: skip
    return table("État", headers, rows)


def _measurements(now: Situation, partner: Partner | None) -> Sheet:
    headers = (
        "Code", "Indicateur", "Unité", "Territoire", "Date", "Valeur", "Source", "Commentaire", "Provisoire", "Numérateur",
        "Dénominateur", "Saisi le",
    )  # fmt: skip
    objectives = {item.key: item for item in now.dossier.objectives}
    rows = []
    for item in now.dossier.measurements:
        objective = objectives[item.objective]
        # What was retired is in no list, and an import would refuse its figures.
        if objective.retired or (partner is not None and objective.partner != partner.key):
            continue
        rows.append(
            (
                objective.code, objective.label, objective.unit, now.territory(item.territory).code, item.day, item.value,
                item.source, item.comment, "oui" if item.provisional else "non", item.numerator, item.denominator,
                item.entered_on,
            )
        )  # fmt: skip
    return table("Relevés", headers, rows)


def _engagements(now: Situation, partner: Partner | None) -> Sheet:
    headers = (
        "Code", "Partenaire", "Axe", "Précise", "Libellé", "Thématique", "Nature", "Échéance", "Détail", "Document",
        "Rubrique", "Repère",
    )  # fmt: skip
    rows = [
        (
            item.code, now.partner(item.partner).code, axis_words(now.dossier, item) or None,
            now.engagement(followed_key).code if (followed_key := now.followed_by(item.key)) != item.key else None,
            item.label, now.theme_names[item.theme], NATURE_LABELS[item.nature],
            item.due, item.detail, now.document(item.citation.document).code if item.citation else None,
            item.citation.section if item.citation else None, item.citation.mark if item.citation else None,
        )
        for item in now.dossier.engagements
        if not item.retired and (partner is None or item.partner == partner.key)
    ]  # fmt: skip
    return table("Engagements", headers, rows)


def _journal(desk: Desk) -> Sheet:
    headers = ("Quand", "Auteur", "Acte", "Genre", "Objet", "Champ", "Avant", "Après", "Phrase")
    rows = [
        (
            entry.when.isoformat(timespec="seconds"), entry.author, entry.act, entry.kind, entry.code, entry.field,
            entry.before, entry.after, entry.sentence,
        )
        for entry in readers.history(desk.base, None, 1_000_000)
    ]  # fmt: skip
    return table("Journal", headers, rows)


def _decimal(value: Fraction | None) -> Decimal | None:
    """Return the value to a dozen digits, without idle zeros."""
    if value is None:
        return None
    number = round(Decimal(value.numerator) / Decimal(value.denominator), 12).normalize()
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number
