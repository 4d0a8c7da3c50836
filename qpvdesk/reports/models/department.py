"""The departmental note and its slides: contracts side by side, whose figures are not known, what they follow in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain import canonical
from qpvdesk.domain.french import NNBSP, UNKNOWN, enumerate_words, fold, format_date, lowered, plural
from qpvdesk.domain.how_far import bound_words, value_words
from qpvdesk.domain.letterhead import NO_LETTERHEAD, Letterhead
from qpvdesk.domain.model import Partner
from qpvdesk.domain.overview import (
    NO_SUM,
    ContractLine,
    Followed,
    Overview,
    agree,
    common_sentence,
    counted_words,
    is_known,
    median_sentence,
)
from qpvdesk.domain.statuses import STATUT_LABELS, STATUT_ORDER, Statut
from qpvdesk.reports.copil import AUTHOR
from qpvdesk.reports.document import write_document, write_slides
from qpvdesk.reports.ending import well_ended
from qpvdesk.reports.frozen import grouped
from qpvdesk.reports.headings import Entry, heading, title
from qpvdesk.reports.layout import UNWATCHED, Identity, Manuscript, Watch
from qpvdesk.reports.letterhead import LetterheadBlock
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.slide_tables import ROWS_MAX, Slide, SlideTable
from qpvdesk.reports.style import BODY_STYLE, CELL_STYLE, NOTE_STYLE, fill, load_fonts
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import line, paragraph, shorten_words

_NAME, _NO_VALUE = "Note départementale", "sans valeur"
_UNKNOWN, _COUNTED = "Non renseignés", "Objectifs promis dont aucune valeur n’est connue, par contrat."
_PARTNERS_MAX = 5
"""Columns of partners beside those of the counts; the other partners are on the page « Contrats »."""
_NAMED_MAX, _NAMED_SLIDE_MAX, _COMMON_MAX, _VALUES_MAX = 6, 2, 18, 3
_ELSEWHERE = "à l’annexe du dossier du comité de pilotage de chaque contrat"
_BEYOND = "dans la note puis au dossier de chaque contrat"
_NAME_MAX, _LABEL_MAX, _NARROW_MAX = 60, 70, 14


def note(view: Overview) -> list[Flowable]:
    """At most four pages, for sixty contracts too."""
    blocks = title(Entry("departement", _NAME, 0), _data_words(view))
    count = plural(len(view.lines), "contrat de ville", "contrats de ville")
    blocks.append(paragraph(f"{count}. {median_sentence(view)}".strip(), BODY_STYLE))
    blocks.append(paragraph(NO_SUM, NOTE_STYLE))
    blocks += [*heading("Les contrats, le plus en retard d’abord"), *_contracts(view)]
    blocks += [*heading(_UNKNOWN), paragraph(_COUNTED, NOTE_STYLE), *bullets(_unknown(view))]
    blocks += [*heading("Objectifs communs"), paragraph(f"{common_sentence(view.common)}.", BODY_STYLE)]
    return [*blocks, *_common(view)]


def _data_words(view: Overview) -> str:
    return f"Données au {format_date(view.day)} (non arrêtées)"


def _contracts(view: Overview) -> list[Flowable]:
    """One row a contract: its counts, its late decisions, then each partner's."""
    partners, names = view.partners[:_PARTNERS_MAX], view.names
    widths = fill(None, 56, 54, 48, *(44 for _ in partners))
    rows: list[list[Any]] = [
        [
            _cell(shorten_words(names[item.contract.key], _NAME_MAX)),
            counted_words(item.counts),
            counted_words(item.own_counts),
            str(item.late_decisions),
            *(_of_partner(item, partner) for partner in partners),
        ]
        for item in view.lines
    ]
    header = (
        "Contrat de ville",
        "À traiter",
        "Dont\npropres",
        "Décisions\néchues",
        *(item.code for item in partners),
    )
    blocks = data_table(header, rows, widths, right=range(1, len(header)))
    columns = [f"{item.code}{NNBSP}: {item.name}" for item in partners if item.name != item.code]
    left = [item.name for item in view.partners[len(partners) :]]
    rest = f" Sans colonne ici, et compris dans les nombres{NNBSP}: {enumerate_words(left)}." if left else ""
    told = (
        f"«{NNBSP}7 sur 40{NNBSP}»{NNBSP}: 7 objectifs à traiter, de 40 promis. Dont propres{NNBSP}: à l’échelle du contrat"
        f" et en dessous. {', '.join(columns)}.{rest}"
    )
    return [*blocks, paragraph(told, NOTE_STYLE)]


def _label(view: Overview, group: Sequence[Followed]) -> str:
    """What contracts promise in common, told apart from the other things that they do."""
    labels = [line(other[0].assessment.objective.label) for other in view.common]
    return shorten_words(line(group[0].assessment.objective.label), _LABEL_MAX, labels)


def _of_partner(item: ContractLine, partner: Partner) -> str:
    summary = item.summary_of(partner.code)
    return counted_words(summary.counts) if summary is not None else UNKNOWN


def _unknown(view: Overview, named: int = _NAMED_MAX) -> list[str]:
    """A line a partner: in how many contracts promised objectives have no value, where the most."""
    waited: dict[str, list[tuple[int, str]]] = {}
    names, contracts = {item.code: item.name for item in view.partners}, view.names
    for item in view.lines:
        for summary in item.partners:
            if count := summary.counts[Statut.NON_RENSEIGNE]:
                waited.setdefault(summary.partner.code, []).append(
                    (count, shorten_words(contracts[item.contract.key], _NAME_MAX))
                )
    told = []
    for code in sorted(waited, key=lambda code: (-len(waited[code]), fold(names[code]))):
        places = sorted(waited[code], key=lambda pair: -pair[0])
        shown = [f"{name} ({count})" for count, name in places[:named]]
        left = len(places) - len(shown)
        shown += [f"{plural(left, 'autre', 'autres')}"] if left else []
        told.append(
            f"{names[code]}, {plural(len(places), 'contrat', 'contrats')}{NNBSP}: {enumerate_words(shown)}."
        )
    return told or ["Tous les objectifs promis ont une valeur."]


def _common(view: Overview) -> list[Flowable]:
    """One row an objective: what the contracts say of it, the same or not."""
    shown = view.common[:_COMMON_MAX]
    rows = [
        [
            _label(view, group),
            f"{group[0].partner.usual_name}, {group[0].scale}",
            str(len(group)),
            _values(group),
            _bounds(group),
            _statuses(group),
        ]
        for group in shown
    ]
    # A count stands under its title: alone among these cells, it is drawn to the right.
    cells = [[text if at == 2 else _cell(text) for at, text in enumerate(row)] for row in rows]
    header = ("Objectif", "Partenaire, échelle", "Contrats", "Valeur", "Cible", "Statut")
    blocks = data_table(header, cells, fill(None, 72, 42, 88, 102, 74), right=(2,))
    left = len(view.common) - len(shown)
    alike = all(is_known(group) and agree(group) for group in view.common[_COMMON_MAX:])
    rest = (
        f"Et {plural(left, 'autre objectif commun', 'autres objectifs communs')}"
        f"{', le même chiffre partout' if alike else ''}{NNBSP}: {_ELSEWHERE}."
    )
    return [*blocks, *([paragraph(rest, NOTE_STYLE)] if left else [])]


def _cell(text: str) -> Flowable:
    """A cell whose words go on under each other."""
    return paragraph(text, CELL_STYLE)


def _values(group: Sequence[Followed]) -> str:
    """`29 bus au 31/05/2026`; where they differ each with how many contracts say it, the most first, without its day."""
    if len({_value(item) for item in group}) == 1:
        return _value(group[0])
    counts = Counter(
        value_words(item.assessment) if item.assessment.value is not None else _NO_VALUE for item in group
    )
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    words = [f"{value} ({count})" for value, count in ordered[:_VALUES_MAX]]
    left = len(ordered) - len(words)
    return " ; ".join([*words, *([f"et {plural(left, 'autre', 'autres')}"] if left else [])])


def _value(item: Followed) -> str:
    known = item.assessment.value_day
    return f"{value_words(item.assessment)} au {format_date(known)}" if known is not None else _NO_VALUE


def _bounds(group: Iterable[Followed]) -> str:
    known = {bound_words(item.assessment) or UNKNOWN for item in group}
    return known.pop() if len(known) == 1 else "selon le contrat"


def _statuses(group: Iterable[Followed]) -> str:
    counts = Counter(item.assessment.status for item in group)
    found = [status for status in STATUT_ORDER if counts[status]]
    if len(found) == 1:
        return STATUT_LABELS[found[0]]
    return ", ".join(f"{STATUT_LABELS[status]} ({counts[status]})" for status in found)


def _slides(view: Overview) -> tuple[Slide, ...]:
    """The cover, the contracts, whose figures are not known, what is common."""
    notes = f"{_data_words(view)}. {NO_SUM}"
    # One row less than hold: how many more there are is said under them.
    late, names = [item for item in view.lines if item.promised][: ROWS_MAX - 1], view.names
    table = SlideTable(
        ("Contrat de ville", "À traiter", "Dont propres", "Décisions échues"),
        tuple(
            (names[item.contract.key], counted_words(item.counts), counted_words(item.own_counts), str(item.late_decisions))
            for item in late
        ),
        (0.49, 0.17, 0.17, 0.17),
        right=(1, 2, 3),
    )  # fmt: skip
    count = plural(len(view.lines), "contrat de ville", "contrats de ville")
    contracts_left, common_left = len(view.lines) - len(late), len(view.common) - ROWS_MAX + 1
    common = SlideTable(
        ("Objectif", "Partenaire", "Contrats", "Chiffre", "Statut"),
        tuple(
            (
                _label(view, group),
                _on_one_line(group[0].partner),
                str(len(group)),
                ("le même" if agree(group) else "différent") if is_known(group) else UNKNOWN,
                _statuses(group),
            )
            for group in view.common[: ROWS_MAX - 1]
        ),
        (0.37, 0.16, 0.11, 0.13, 0.23),
        right=(2,),
    )
    unknown = _unknown(view, _NAMED_SLIDE_MAX)
    silent = unknown[: ROWS_MAX - 1]
    if rest := _rest(len(unknown) - len(silent), "autre partenaire", "autres partenaires"):
        silent.append(rest)
    return (
        Slide(_NAME, lines=(count, _data_words(view)), notes=notes),
        Slide(
            "Les contrats, le plus en retard d’abord",
            median_sentence(view),
            table,
            _rest(contracts_left, "autre contrat", "autres contrats"),
            more=() if common.rows else (f"{common_sentence(view.common)}.",),
            notes=notes,
        ),
        Slide(_UNKNOWN, _COUNTED, lines=tuple(silent), notes=notes),
        *([Slide(
            "Objectifs communs",
            common_sentence(view.common),
            common,
            _rest(
                common_left,
                "autre objectif commun",
                "autres objectifs communs",
                "dans la note" if len(view.common) <= _COMMON_MAX else _BEYOND,
            ),
            notes=notes,
        )] if common.rows else []),
    )  # fmt: skip


def _rest(count: int, singular: str, many: str, where: str = "dans la note") -> str:
    return f"Et {plural(count, singular, many)}, {where}." if count > 0 else ""


def _on_one_line(partner: Partner) -> str:
    """The usual name of a partner, or the code where it would take several lines of a narrow column."""
    name = partner.short_name or partner.code
    return name if len(name) <= _NARROW_MAX else partner.code


def write(
    path: Path, view: Overview, letterhead: Letterhead = NO_LETTERHEAD, watch: Watch = UNWATCHED
) -> int:
    """Write the note, or its slides (`.pptx`), and return its number of pages (0 for slides)."""
    load_fonts()
    words = _data_words(view)
    identity = Identity(
        title=_NAME,
        subject=f"{_NAME}, {lowered(words)}",
        author=AUTHOR,
        day=view.day,
        data_words=words,
        fingerprint=grouped(canonical.fingerprint_of(_plain(view))),
        fictitious=any(item.contract.fictitious for item in view.lines),
        letterhead=letterhead,
    )
    if path.suffix.lower() == ".pptx":
        return write_slides(path, identity, lambda: _slides(view))
    head = [LetterheadBlock(letterhead)] if letterhead else []
    return write_document(path, Manuscript(identity, well_ended([*head, *note(view)])[0]), watch)


def _plain(view: Overview) -> list[object]:
    """What the paper says, for its fingerprint."""
    return [
        view.day,
        [
            [
                item.contract.code,
                counted_words(item.counts),
                counted_words(item.own_counts),
                item.late_decisions,
            ]
            for item in view.lines
        ],
        _unknown(view),
        [[_value(item) for item in group] for group in view.common],
    ]
