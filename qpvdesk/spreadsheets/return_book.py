"""The *classeur de remontée*: what a partner fills in, and the words by which it is known again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from qpvdesk.domain import french
from qpvdesk.domain.expected import Asked, asked_of
from qpvdesk.domain.how_far import between_words
from qpvdesk.domain.kinds.words import MESURE_LABELS
from qpvdesk.domain.model import FREQUENCY_LABELS, Objective, Partner
from qpvdesk.domain.situation import Situation
from qpvdesk.spreadsheets.sheet import Cell, Kind, Sheet, Style

IDENTITY = "Identité"
IDENTITY_CONTRACT, IDENTITY_VERSION, IDENTITY_PARTNER = (
    "qpvdesk contrat",
    "qpvdesk version",
    "qpvdesk partenaire",
)
DAY_LABEL = "Date des valeurs"
CODE, VALUE, DAY, COMMENT = "Code", "Valeur à saisir", "Date si différente", "Commentaire"
_VERSION = "2"
_COLUMNS = {
    CODE: 16,
    "Indicateur": 30,
    "Unité": 16,
    "Territoire": 16,
    "Ce qui est demandé": 18,
    "Fréquence": 12,
    "Sens": 12,
    "Départ": 13,
    "Dernière valeur": 10,
    "Au": 11,
    "Cible": 10,
    "Échéance": 11,
    VALUE: 11,
    "Numérateur": 11,
    "Dénominateur": 13,
    DAY: 11,
    COMMENT: 20,
}
"""The columns of the figures and their widths, in characters."""
_INSTRUCTIONS = (
    "1. Allez à la feuille « Remontée ». Indiquez une fois la date des valeurs, en haut.",
    "2. Remplissez les cases à fond jaune : une ligne par chiffre demandé. Les autres cases sont protégées.",
    "3. Laissez vide ce qui n’est pas connu. Zéro est une valeur.",
    "4. Écrivez le nombre seul, dans l’unité indiquée : 1339 ou 16,4. Une part de 20 % s’écrit 20 ou 20 %.",
    "5. Pour une part, vous pouvez donner les deux nombres dont elle est tirée : numérateur et dénominateur.",
    "6. Si une valeur porte sur une autre date, indiquez-la sur sa ligne.",
    "7. Une remarque ? Utilisez la colonne « Commentaire ». Ne modifiez pas la colonne « Code ».",
    "8. Renvoyez ce fichier, en xlsx, ods ou csv. Vous pouvez le trier et le renommer.",
)


def return_book(now: Situation, partner: Partner, which: Asked = Asked.TO_ASK) -> tuple[Sheet, ...]:
    """Return the sheets of one partner's workbook on the day of the situation."""
    expected = [item.objective for item in asked_of(now, partner.key, which)]
    contract = now.dossier.contract
    return (
        _guide(contract.name, partner, now.day, len(expected)),
        _figures(now, partner, expected),
        Sheet(
            IDENTITY,
            (
                (Cell(IDENTITY_CONTRACT), Cell(contract.code)),
                (Cell(IDENTITY_PARTNER), Cell(partner.code)),
                (Cell(IDENTITY_VERSION), Cell(_VERSION)),
                (Cell("qpvdesk codes"), Cell(" ".join(item.code for item in expected))),
            ),
            locked=True,
            hidden=True,
        ),
    )


def _guide(contract: str, partner: Partner, day: date, count: int) -> Sheet:
    lines = [
        (Cell(f"Remontée des chiffres – {partner.name}", style=Style.TITLE),),
        (Cell(contract),),
        (
            Cell(
                french.typeset(
                    f"{french.plural(count, 'chiffre attendu', 'chiffres attendus')}."
                    f" Situation connue au {french.format_date(day)}."
                )
            ),
        ),
        (Cell(),),
        *((Cell(french.typeset(line)),) for line in _INSTRUCTIONS),
    ]
    return Sheet("Mode d’emploi", tuple(lines), (110,), locked=True)


def _figures(now: Situation, partner: Partner, expected: Iterable[Objective]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (Cell(f"{partner.code} – chiffres demandés", style=Style.TITLE),),
        (
            Cell(DAY_LABEL, style=Style.HEAD),
            Cell(
                None, Kind.DATE, Style.INPUT, "La date à laquelle les valeurs ont été relevées (31/12/2026)."
            ),
        ),
        (Cell(),),
        tuple(Cell(header, style=Style.HEAD) for header in _COLUMNS),
    ]
    rows += [_row(now, objective) for objective in expected]
    return Sheet("Remontée", tuple(rows), tuple(_COLUMNS.values()), head=3, locked=True)


def _row(now: Situation, objective: Objective) -> tuple[Cell, ...]:
    assessment = now.assessments[objective.key]
    last = assessment.measurement
    kind = Kind.SHARE if objective.unit == "%" else Kind.NUMBER
    unit = "1 = réalisé, 0 = non" if objective.aim.yes_or_no else objective.unit
    return (
        Cell(objective.code),
        Cell(objective.label),
        Cell(unit),
        Cell(now.territory(objective.territory).name),
        Cell(_asked(objective)),
        Cell(FREQUENCY_LABELS[objective.frequency]),
        Cell(objective.aim.label),
        Cell(_start(objective, "")),
        _known(last.value if last else None, kind),
        _dated(last.day if last else None),
        Cell(between_words(objective, "")) if objective.aim.between else _known(objective.target_value, kind),
        _dated(objective.target_date),
        # A cell with the format of percentages would make 2 000 % of a 20 that is pasted into it.
        Cell(None, Kind.NUMBER, Style.INPUT, _help(objective, unit)),
        *(_part(objective, words) for words in ("Combien, sur le nombre qui suit.", "Sur combien.")),
        Cell(None, Kind.DATE, Style.INPUT, "À remplir seulement si la date n’est pas celle du haut."),
        Cell(None, Kind.TEXT, Style.INPUT),
    )


def _help(objective: Objective, unit: str) -> str:
    """What is asked, as the cell says it: the unit, a level or a sum, the sense, the start, how often."""
    told = [MESURE_LABELS[objective.mesure], objective.aim.label]
    if start := _start(objective, objective.unit):
        told.append(f"Départ : {start}")
    told.append(f"Fréquence : {FREQUENCY_LABELS[objective.frequency].lower()}")
    if objective.population:
        told.append(f"Population : {objective.population}")
    return french.typeset(f"{objective.label} ({unit}). {'. '.join(told)}.")


def _asked(objective: Objective) -> str:
    """Whether a level, a running total or a year's number is asked for, and of whom."""
    asked = "Fait ou non" if objective.aim.yes_or_no else MESURE_LABELS[objective.mesure]
    return f"{asked}. Population\u202f: {objective.population}" if objective.population else asked


def _start(objective: Objective, unit: str) -> str:
    """« 16 postes au 31/12/2023 »; empty where no start is known."""
    if objective.start_value is None:
        return ""
    start = french.format_value(objective.start_value, unit)
    return start + (f" au {french.format_date(objective.start_date)}" if objective.start_date else "")


def _part(objective: Objective, words: str) -> Cell:
    """One of the two numbers that a share is drawn from; nothing to fill in for what is no share."""
    return Cell(None, Kind.NUMBER, Style.INPUT, words) if objective.unit == "%" else Cell()


def _known(value: Decimal | None, kind: Kind) -> Cell:
    return Cell(value, kind) if value is not None else Cell()


def _dated(day: date | None) -> Cell:
    return Cell(day, Kind.DATE) if day is not None else Cell()
