"""How the figures are reckoned, and what they do not say."""

from __future__ import annotations

from collections.abc import Container, Sequence
from fractions import Fraction

from reportlab.platypus import Flowable

from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.domain.french import MINUS, NNBSP, format_number, raised
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.scales import listed
from qpvdesk.domain.sens import AIMS
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.reports.cells import StatusCell
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, small_heading, title
from qpvdesk.reports.left_out import NEAR_FIRST, named_baseline
from qpvdesk.reports.legend import Swatch
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.signs import TO_LOWER, old_words
from qpvdesk.reports.style import BODY_STYLE, NOTE_STYLE, TABLE, fill
from qpvdesk.reports.tables import DataTable, data_table
from qpvdesk.reports.text import cell, paragraph

ENTRY = Entry("methode", "Note de méthode", 0)

UNDATED = "À une date passée sans données arrêtées, libellés, cibles, échéances et retraits sont ceux de l’impression."
"""What a paper of a past day does not take back to it, for no day is recorded of them; frozen data keep their own."""
_LIMITS = (
    "Un taux dit le chemin parcouru vers un chiffre, non l’effet de l’action sur les habitants.",
    "Une valeur ancienne n’est pas en retard : le statut est celui de sa date ; une alerte la signale si elle est promise "
    "ou sert de référence.",
    "Les échelles ne se mélangent pas : un objectif national, régional ou départemental ne décrit pas l’agglomération. "
    "Une quote-part de territoire est indicative et n’entre dans aucun statut.",
    UNDATED,
    "« Cible lue » dit la cible telle que nous la lisons dans le document ; les guillemets rendent ses mots.",
    "Ce qui n’est pas connu est laissé vide (–) : ce n’est jamais un zéro.",
    "L’empreinte est celle des données et de ce à quoi elles sont comparées : avec un autre jour, elle est autre.",
)

_BARS = (
    "Une barre d’avancement s’arrête à 0 et à 100 % ; son trait noir marque le taux attendu, où il y en a un."
)
_HOW_RANKED = (
    f"l’avancement compté de 0 à 100{NNBSP}% (borne ou parité sans taux{NNBSP}: écart rapporté à celle-ci)"
)
_RANKS = (
    f" La liste «{NNBSP}À arbitrer{NNBSP}», {NEAR_FIRST}, est rangée par écart au taux attendu, "
    f"{_HOW_RANKED}."
)
"""Of that list alone: the tables are in the order of the contract. That a list keeps a line for a status stands by it."""
RANKED_MIDTERM = (
    f" Ce qui est en retard ou non atteint est rangé par cet écart, {_HOW_RANKED}, ce qui est promis à une échelle plus "
    "large après le reste."
)
"""Of the one list of its paper that has an order."""
_SCALE = (Statut.EN_AVANCE, Statut.CONFORME, Statut.A_SURVEILLER, Statut.EN_RETARD)
"""What two neighbours of which share a limit: one is not understood without the other."""
_STYLE = BODY_STYLE.clone("method", fontSize=TABLE, leading=10.4, spaceAfter=3)
"""Of what is looked up rather than read: as large as its tables."""
_FILE_STYLE = NOTE_STYLE.clone("method-file", spaceBefore=4)


def method(data: CopilData) -> list[Flowable]:
    blocks = title(ENTRY)
    sought = {item.aim for item in data.situation.objectives}
    at_most = [aim for aim in AIMS.values() if aim.at_most and aim in sought]
    signs = [
        f"«{NNBSP}≤{NNBSP}» signale {TO_LOWER}" if aim.way else "un plafond est un chiffre à ne pas dépasser"
        for aim in at_most
    ]
    sign = f" Dans la colonne des cibles, {f'{NNBSP}; '.join(signs)}." if signs else ""
    blocks += small_heading("Taux d’avancement")
    blocks.append(
        paragraph(
            "Le taux suit la formule de l’État (PILOTE), sans la borner : il peut être négatif (recul) ou dépasser 100 %. "
            "Il n’est arrondi qu’à l’affichage."
            f"{sign}",
            _STYLE,
        )
    )
    widths = fill(96, None)
    rules: dict[str, list[str]] = {}
    for aim in (item for item in AIMS.values() if item in sought):
        rules.setdefault(aim.rate_rule, []).append(aim.label.lower())
    rows = [[raised(", ".join(labels)), cell(rule, widths[1] - 8)] for rule, labels in rules.items()]
    blocks += _tight(data_table(("Sens de l’objectif", "Taux"), rows, widths))
    since = named_baseline(data) or "dernier comité de pilotage ou, à défaut, du relevé précédent"
    blocks += small_heading("Trajectoire et statut")
    blocks.append(
        paragraph(
            "La valeur attendue suit des droites du départ à la cible en passant par les jalons, en jours. L’écart est "
            "celui du taux au taux attendu, à la date de la valeur. La tendance compare la valeur (ou son écart à la "
            f"borne, à la référence) à celle du {since}\u202f; sans valeur "
            "nouvelle, il n’y en a pas. L’évolution part de la valeur de départ déclarée ou, à défaut, du premier de deux "
            "relevés au moins ; de ce qui se compte par an, deux années sont dites. Un cumul part de 0 à sa date de "
            f"départ, par convention.{_RANKS if data.situation.to_treat[1:] else ''}",
            _STYLE,
        )
    )
    blocks += _statuses(data)
    blocks += _projections(data.situation)
    blocks += small_heading("Ce que les chiffres ne disent pas")
    blocks += bullets(_LIMITS, small=True)
    # The note does not stand alone above the next chapter.
    blocks[-1].keepWithNext = 1
    marks = (_BARS if _has_bars(data.situation) else "", old_words(_with_a_row(data.situation)))
    blocks.append(
        paragraph(
            f"{' '.join(filter(None, marks))} Le fichier se déclare accessible (PDF/UA-1) et archivable "
            "(PDF/A-2a) : un programme le vérifie à chaque version, aucun organisme ne l’a certifié.",
            _FILE_STYLE,
        )
    )
    # A copy that can be taken up elsewhere is no such file, and bears the figures without their bars.
    blocks[-1].printed_only = True
    return blocks


def statuses_told(
    data: CopilData, above: Sequence[Flowable], ranked: str = "", named: Container[Statut] = ()
) -> list[Flowable]:
    """What the statuses and the bars mean, at the end of a paper that goes without the note, whose blocks are `above`.
    `ranked`: the order of its list, where it has one; `named`: the statuses that its heads name. Nothing where nothing is
    promised: no status is in the paper."""
    situation = data.situation
    if not situation.promised:
        return []
    blocks = [*heading("Comment lire les statuts"), *_statuses(data, named)]
    gap = f"L’écart est celui du taux au taux attendu, à la date de la valeur.{ranked} {UNDATED}"
    gap = f"{gap} {old_words(_with_a_row(situation) if _has_dated(above) else ())}".rstrip()
    bars = paragraph(_BARS, NOTE_STYLE)
    # A copy has no bars, nor has what is kept or not.
    bars.printed_only = True
    return [*blocks, paragraph(gap, NOTE_STYLE), *[bars] * _has_bars(situation)]


def _with_a_row(situation: Situation) -> list[Assessment]:
    """Of what has the row of a promise, where a status may bear the day of its value."""
    rows = listed(situation, situation.objectives)
    return [situation.assessments[item.key] for item in rows if item.aim.promised]


def _has_dated(blocks: Sequence[Flowable]) -> bool:
    """Whether the day of an old figure stands under a status of their tables."""
    cells = (
        value for block in blocks if isinstance(block, DataTable) for row in block.cells for value in row
    )
    return any(isinstance(value, StatusCell) and value.dated for value in cells)


def _has_bars(situation: Situation) -> bool:
    """Whether the rate of an objective is drawn: nothing is of what is not known, nor of what is kept or not."""
    return any(item.rate is not None and not how_far(item).kept for item in situation.assessments.values())


def _projections(situation: Situation) -> list[Flowable]:
    """How they are reckoned; nothing where no objective has one, nor of a band that none bears."""
    known = [item for key in situation.assessments if (item := situation.projection(key)) is not None]
    if not known:
        return []
    told = (
        "Pente médiane entre toutes les paires de valeurs, départ compris (Theil–Sen), à partir de trois valeurs ; la "
        "droite passe au milieu d’elles, non par la dernière. À deux valeurs, la droite qui les joint, et l’alerte le dit."
    )
    if any(item.low is not None for item in known):
        told += (
            " À partir de quatre, une fourchette (bande claire) va du dixième au quatre-vingt-dixième centile des écarts "
            "passés."
        )
    told += (
        " Un cumul n’est jamais projeté à la baisse. Une projection prolonge le rythme constaté ; elle ne prévoit ni "
        "décision, ni crédit, ni recrutement."
    )
    return [*small_heading("Projection"), paragraph(told, _STYLE)]


def _statuses(data: CopilData, named: Container[Statut] = ()) -> list[Flowable]:
    """The statuses that the contract knows, or that one of its objectives had; whole, the scale of what has a way; and those
    `named`."""
    situation = data.situation
    limits = situation.dossier.contract.thresholds
    known = {item.status for item in situation.assessments.values()}
    known |= {move.before.status for move in data.review.moves}

    def points(value: object) -> str:
        number = Fraction(str(value)) * 100
        sign = "+" if number > 0 else MINUS if number < 0 else ""
        return f"{sign}{format_number(abs(number))}"

    when = {
        Statut.ATTEINT: "Taux d’au moins 100 % (borne ou parité : tenue ; à réaliser : fait).",
        Statut.EN_AVANCE: f"Écart d’au moins {points(limits.ahead)} points.",
        Statut.CONFORME: f"Écart de {points(limits.on_track)} à {points(limits.ahead)} points.",
        Statut.A_SURVEILLER: f"Écart de {points(limits.watch)} à {points(limits.on_track)} points.",
        Statut.EN_RETARD: f"Écart inférieur à {points(limits.watch)} points.",
        Statut.NON_ATTEINT: "Échéance passée sans atteindre la cible ; borne ou parité non tenue.",
        Statut.SANS_TRAJECTOIRE: "Valeur connue, mais sans départ, cible ou échéance ; ou chose à ne faire qu’à l’échéance.",
        Statut.NON_RENSEIGNE: "Aucun relevé à la date des données, ou une déclinaison qui n’en a pas.",
        Statut.SUIVI: "Chiffre demandé au partenaire, sans cible. Un chiffre de contexte n’est demandé à personne.",
    }
    widths = fill(56, 92, None)
    rows = [
        [Swatch(status), STATUS_MARKS[status].word, cell(text.replace(" :", f"{NNBSP}:"), widths[2] - 8)]
        for status, text in when.items()
        if status in known or status in named or (status in _SCALE and not known.isdisjoint(_SCALE))
    ]
    return _tight(data_table(("Marque", "Statut", "Quand"), rows, widths))


def _tight(tables: list[Flowable]) -> list[Flowable]:
    """Rows of a line each ask for less air."""
    return [table.tightened() if isinstance(table, DataTable) else table for table in tables]
