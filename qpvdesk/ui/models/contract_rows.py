"""The contracts of a base as the page « Contrats » tells them: one line each, and what they follow in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qpvdesk.domain.french import UNKNOWN, enumerate_words, format_date, plural
from qpvdesk.domain.how_far import bound_words, value_words
from qpvdesk.domain.model import Partner
from qpvdesk.domain.overview import ContractLine, Followed, counted_words
from qpvdesk.domain.progress import status_words
from qpvdesk.domain.statuses import STATUT_ORDER
from qpvdesk.ui.models.table import Column
from qpvdesk.ui.theme import Theme

STATUS = "Statut"
_TITLE_LETTERS_MAX = 9
"""Beyond, a partner is told by its code."""


def contract_columns(
    theme: Theme, partners: Sequence[Partner], names: Mapping[str, str]
) -> tuple[Column[ContractLine], ...]:
    """What is told of each contract, then a column for each partner: how many *à traiter*, of how many promised.

    `names`: see `Overview.names`; sixty that begin alike would be cut to what they have in common.
    """
    px = theme.px
    return (
        Column("Contrat de ville", lambda row: names[row.contract.key], width=0, tooltip=_first),
        Column(
            "À traiter",
            lambda row: counted_words(row.counts),
            lambda row: row.late_share,
            True,
            px(104),
            help="Objectifs promis en retard, à surveiller ou non atteints, sur ceux qui sont promis",
        ),
        Column(
            "Dont propres",
            lambda row: counted_words(row.own_counts),
            lambda row: row.own_share,
            True,
            px(98),
            help="À l’échelle du contrat et en dessous\u202f: sans ce qui est promis plus largement",
        ),
        Column(
            "Sans réponse",
            _silences,
            lambda row: -sum(item.figures for item in row.silences),
            width=px(160),
            tooltip=_silences_whole,
            help="Partenaires dont un chiffre n’a jamais été donné, ou est trop ancien, et combien",
        ),
        Column(
            "Décisions échues",
            lambda row: str(row.late_decisions),
            lambda row: -row.late_decisions,
            True,
            px(118),
        ),
        *(_partner_column(partner, px(74)) for partner in partners),
    )


def common_columns(theme: Theme, names: Mapping[str, str]) -> tuple[Column[Followed], ...]:
    """What is told of an objective that several contracts follow, a line a contract. `names`: as for `contract_columns`."""
    px = theme.px
    return (
        Column("Objectif commun", lambda row: row.assessment.objective.label, width=0),
        Column(
            "Partenaire", lambda row: _short(row.partner), width=px(104), tooltip=lambda row: row.partner.name
        ),
        Column("Échelle", lambda row: row.scale, width=px(96)),
        Column(
            "Contrat de ville",
            lambda row: names[row.contract.key],
            width=px(174),
            tooltip=lambda row: row.contract.name,
        ),
        Column(
            "Valeur", lambda row: value_words(row.assessment), lambda row: row.assessment.value, True, px(124)
        ),
        Column(
            "Au",
            lambda row: format_date(row.assessment.value_day),
            lambda row: row.assessment.value_day,
            width=px(96),
        ),
        Column("Cible", lambda row: bound_words(row.assessment) or UNKNOWN, right=True, width=px(100)),
        Column(
            STATUS,
            lambda row: status_words(row.assessment),
            lambda row: STATUT_ORDER.index(row.assessment.status),
            width=px(150),
        ),
    )


def _partner_column(partner: Partner, width: int) -> Column[ContractLine]:
    code = partner.code

    def words(row: ContractLine) -> str:
        summary = row.summary_of(code)
        return counted_words(summary.counts) if summary is not None else UNKNOWN

    def whole(row: ContractLine) -> str:
        return f"{partner.name}, {row.contract.name}\u202f: {words(row)}"

    return Column(_short(partner), words, lambda row: row.share_of(code), True, width, tooltip=whole)


def _short(partner: Partner) -> str:
    """The usual name of a partner, or the code where a narrow column would cut it."""
    return partner.short_name if 0 < len(partner.short_name) <= _TITLE_LETTERS_MAX else partner.code


def _silences(row: ContractLine) -> str:
    """Who has the most to give first; of more than two, how many the others are: a list that is cut hides whom it cuts."""
    ordered = sorted(row.silences, key=lambda item: -item.figures)
    shown = [f"{_short(item.partner)} {item.figures}" for item in ordered[: 2 if len(ordered) == 2 else 1]]
    left = len(ordered) - len(shown)
    others = f" et {plural(left, 'autre', 'autres')}" if left else ""
    return f"{', '.join(shown)}{others}" if shown else UNKNOWN


def _silences_whole(row: ContractLine) -> str:
    lines = [
        f"{item.partner.name}\u202f: {plural(item.figures, 'chiffre à demander', 'chiffres à demander')}"
        for item in row.silences
    ]
    return "\n".join(lines)


def _first(row: ContractLine) -> str:
    """The contract, and what is to be looked at first in it."""
    return row.contract.name + (f"\nD’abord\u202f: {enumerate_words(row.first)}" if row.first else "")
