"""The means put in by the partners: what was planned, committed and paid of each, euros apart from posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import CondPageBreak, Flowable

from qpvdesk.domain.french import NNBSP, UNKNOWN, format_value, plural
from qpvdesk.domain.kinds.words import BUDGET_LABELS, CREDIT_LABELS
from qpvdesk.domain.means import Means, detail_words, means_of, stage_word, without_means_words
from qpvdesk.domain.model import Budget, Credit, Dossier, Funding, Partner, Stage
from qpvdesk.reports.cells import Figure
from qpvdesk.reports.composition import IN_WHOLE
from qpvdesk.reports.ending import height_of
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, title
from qpvdesk.reports.style import MEDIUM, NOTE_STYLE, REGULAR, TABLE, WIDTH, code_width, fill
from qpvdesk.reports.tables import PAD, data_table
from qpvdesk.reports.text import paragraph, shorten, stacked
from qpvdesk.reports.text_cell import TextCell

ENTRY = Entry("moyens", "Moyens mobilisés", 0)

_APART = "Les montants ne s’additionnent pas\u202f: "
_PAID = "La part payée est celle d’un même moyen, aux mêmes années."
_MILLION = 1_000_000
_POSTS = "Postes en équivalents temps plein, sauf là où la ligne dit autre chose."
_POSTS_APART = "Postes, comptés comme chaque ligne le dit."


def funding(data: CopilData) -> list[Flowable]:
    return [*title(ENTRY), *fundings_by_partner(data)]


def fundings_by_partner(data: CopilData) -> list[Flowable]:
    """All the means, under the name of who puts them in."""
    situation = data.situation
    fundings = situation.dossier.fundings
    blocks: list[Flowable] = []
    if data.composition.late_only and fundings:
        engagements = {item.objective.engagement for item in situation.to_treat} - {None}
        every, fundings = fundings, tuple(item for item in fundings if item.engagement in engagements)
        if not fundings:
            return [paragraph(_none_late(len(means_of(every))), NOTE_STYLE)]
        blocks += _late_alone(len(means_of(fundings)), len(means_of(every)))
    blocks += fundings_tables(situation.dossier, fundings, [item.partner for item in situation.partners])
    silent = without_means_words(situation.dossier)
    return [*blocks, paragraph(silent, NOTE_STYLE)] if silent else blocks


def _none_late(every: int) -> str:
    if every == 1:
        return f"Le seul moyen ne porte sur aucun objectif à traiter{NNBSP}: il est {IN_WHOLE}."
    return f"Aucun des {every} moyens ne porte sur un objectif à traiter{NNBSP}: ils sont {IN_WHOLE}."


def _late_alone(shown: int, every: int) -> list[Flowable]:
    """How many means are told of all of them, where lateness alone is asked for."""
    if shown == every:
        return []
    which = f"Ne sont ici que les {shown} moyens, sur {every}, qui portent"
    which = which if shown > 1 else f"N’est ici que le moyen, sur {every}, qui porte"
    others = "les autres sont" if every - shown > 1 else "l’autre est"
    words = f"{which} sur un objectif à traiter{NNBSP}; {others} {IN_WHOLE}."
    return [paragraph(words, NOTE_STYLE)]


def fundings_tables(
    dossier: Dossier, fundings: Sequence[Funding], partners: Sequence[Partner] = ()
) -> list[Flowable]:
    """A table of amounts in euros, then one of posts; `partners`: under the name of each, in this order."""
    if not fundings:
        return [paragraph("Aucun moyen n’est enregistré.", NOTE_STYLE)]
    means = means_of(fundings)
    euros = [item for item in means if item.first.unit == "EUR"]
    posts = [item for item in means if item.first.unit != "EUR"]
    levels = {item.key: item.level for item in dossier.territories}
    scales = [levels.get(item.first.territory or "") for item in euros]
    told = [*_apart(euros, scales), *_scales_untold(euros, scales)]
    told += [_PAID] if len(euros) > 1 and any(item.paid_words for item in euros) else []
    blocks: list[Flowable] = [paragraph(" ".join(told), NOTE_STYLE)] if told else []
    if euros:
        blocks += _table(dossier, euros, partners)
    elif blocks:
        # Where there is no table of amounts, both sentences lead to that of posts.
        blocks[0].keepWithNext = 1
    if posts:
        told_apart = all(any(amount.note for amount in item.amounts.values()) for item in posts)
        words = _POSTS_APART if told_apart else _POSTS
        sentence, table = paragraph(words, NOTE_STYLE), _table(dossier, posts, partners)
        sentence.keepWithNext = int(not euros)
        # Kept together by ReportLab, both would wait for a page that holds the whole table.
        room = height_of([sentence, table[0]]) - sum(table[0].row_heights) + table[0].least_height
        blocks += [CondPageBreak(room), sentence, *table]
    return blocks


def _apart(euros: Sequence[Means], scales: Sequence[str | None]) -> list[str]:
    """Why those amounts are not added up, by what sets them apart indeed; a scale that nobody told sets nothing apart."""
    if len(euros) < 2:
        return []
    apart = [
        words
        for words, kinds in (
            ("la même échelle", {*scales} - {None}),
            ("les mêmes années", {item.first.years for item in euros}),
            ("le même stade", {tuple(item.amounts) for item in euros}),
        )
        if len(kinds) > 1
    ]
    if not apart:
        return [f"{_APART}rien ne dit qu’ils forment un tout."]
    return [f"{_APART}ils n’ont pas tous {', ni '.join(apart)}."]


def _scales_untold(euros: Sequence[Means], scales: Sequence[str | None]) -> list[str]:
    """Of how many amounts nobody told the scale."""
    untold = sum(len(item.amounts) for item, scale in zip(euros, scales, strict=True) if scale is None)
    words = plural(
        untold,
        "montant ne dit pas pour quel territoire il est",
        "montants ne disent pas pour quel territoire ils sont",
    )
    return [f"{words}."] if untold else []


def _table(dossier: Dossier, means: Sequence[Means], partners: Sequence[Partner]) -> list[Flowable]:
    widths = fill(code_width(code for item in means for code in item.codes), None, 46, 54, 54, 62)
    rows: list[list[Any]] = []
    groups: list[int] = []
    for partner in partners:
        own = [item for item in means if item.first.partner == partner.key]
        if own:
            groups.append(len(rows))
            rows.append([shorten(partner.name, MEDIUM, TABLE, WIDTH - 2 * PAD), *[""] * 5])
            rows += _rows(dossier, own, widths)
    if not partners:
        rows = _rows(dossier, means, widths)
    return data_table(
        ("Code", "Moyen", "Années", *(stage_word(stage, means[0].first.unit) for stage in Stage)),
        rows,
        widths,
        right=(3, 4, 5),
        groups=groups,
    )


def _rows(dossier: Dossier, means: Sequence[Means], widths: Sequence[float]) -> list[list[Any]]:
    """Their rows, all in millions where one is: `0,5 M€` under `1,1 M€`."""
    large = any(amount.amount >= _MILLION for item in means for amount in item.amounts.values())
    return [_row(dossier, item, widths, _MILLION // 10 if large else _MILLION) for item in means]


def _row(dossier: Dossier, means: Means, widths: Sequence[float], least: int) -> list[Any]:
    under = {Stage.PAYE: means.paid_words}
    return [
        stacked(means.codes[0], means.codes[1:]),
        _named(dossier, means),
        means.first.years,
        *(
            Figure(_amount_words(item, least), under.get(stage, ""), width - 8, REGULAR)
            if (item := means.amounts.get(stage)) is not None
            else Figure(UNKNOWN, "", width - 8, REGULAR)
            for stage, width in zip(Stage, widths[3:], strict=True)
        ),
    ]


def _amount_words(funding: Funding, least: int) -> str:
    """The amount; from `least` on in millions, where these have no more than three decimals: `2,48 M€`."""
    if funding.unit != "EUR" or funding.amount < least or funding.amount % 1000:
        return funding.amount_words
    return format_value(funding.amount / _MILLION, "M€")


def _named(dossier: Dossier, means: Means) -> TextCell:
    """What it is for and, under it, the kind of credit and the section of the budget where they are known; each year of
    each amount, and who finances it as well."""
    item = means.first
    known = [CREDIT_LABELS[item.credit]] if item.credit is not Credit.NON_PRECISE else []
    known += [BUDGET_LABELS[item.budget]] if item.budget is not Budget.NON_PRECISE else []
    several = len(means.amounts) > 1
    details = [
        f"{stage_word(stage, amount.unit)}, {words}" if several and words[:1].isdigit() else words
        for stage, amount in means.amounts.items()
        for words in detail_words(dossier, amount)
    ]
    notes = [amount.note for amount in means.amounts.values() if amount.note]
    under = " · ".join(filter(None, [", ".join(known), *dict.fromkeys(notes)]))
    return stacked(item.label, [*filter(None, [under]), *dict.fromkeys(details)])
