"""Figures that a text states of its own figures: sums, shares, what is counted and listed, tables with a rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal

from msgspec import Struct

from qpvdesk.domain.french import fold, format_number, unit_of
from qpvdesk.domain.model import StatementKind
from qpvdesk.domain.proposing.proposal import NUMBER, Line, Proposal, proposed_number

_SHARE = re.compile(
    rf"(?P<part>{NUMBER})(?P<of>[^.;\d]*?)\bsur (?:les )?(?P<whole>{NUMBER})[^.;%]*?"
    rf"(?:soit |\()(?P<share>{NUMBER}) ?%"
)
_AMOUNT = re.compile(rf"(?P<value>{NUMBER}) (?P<unit>M€|k€|€|[a-zà-ÿ]{{4,}})")
_WORDS = ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze")
_COUNTED = re.compile(
    rf"\b(?P<count>{'|'.join(_WORDS)}) (?P<noun>\w+s(?: \w+s)?)(?P<between>[^.:;]{{0,60}}?)"
    r"(?:\s?: | sont (?:ceux|celles) )(?P<list>[^.:]+)",
    re.IGNORECASE,
)
_RULE = re.compile(rf"un (?P<noun>\w+) pour (?P<base>{NUMBER}) (?P<people>\w+)", re.IGNORECASE)
_COLUMNS = re.compile(r" {2,}|\t")
_NOUN_FIGURE = re.compile(
    rf"(?P<value>{NUMBER}) (?:postes? d[’'])?(?P<noun>[a-zà-ÿ]+-[a-zà-ÿ]+)"
    rf"|(?P<noun2>[a-zà-ÿ]+-[a-zà-ÿ]+) sont [a-zà-ÿ’' ]{{0,20}}?(?P<value2>{NUMBER})",
    re.IGNORECASE,
)


def statements(lines: Sequence[Line]) -> list[Proposal]:
    """Return the statements of a text; each says in its doubt what does not agree."""
    found = [proposal for line in lines for rule in (_shares, _sums, _lists) for proposal in rule(line)]
    return [*found, *_tables(lines), *_same_noun(lines)]


class Stated(Struct, frozen=True):
    """One statement, as its form would hold it."""

    kind: StatementKind
    label: str
    value: str
    operands: Sequence[tuple[str, Decimal | None]]
    doubt: str = ""
    formula: str = ""


def _told(line: Line, stated: Stated, reason: str) -> Proposal:
    lines = (
        f"{name} ; {format_number(value)}" if value is not None else name for name, value in stated.operands
    )
    values = {
        "kind": stated.kind.value, "label": stated.label, "value": stated.value, "operands": "\n".join(lines),
    }  # fmt: skip
    if stated.formula:
        values["formula"] = stated.formula
    return Proposal("statement", values, line.text, line.page, f"Énoncé\u202f: {reason}.", stated.doubt)


def _shares(line: Line) -> Iterator[Proposal]:
    for found in _SHARE.finditer(line.bare):
        part, whole, share = (proposed_number(found[name]) for name in ("part", "whole", "share"))
        if not part or not whole or share is None:
            continue
        true = part * 100 / whole
        digits = max(0, -int(share.as_tuple().exponent))
        shown = true.quantize(Decimal(1).scaleb(-digits))
        agrees = abs(true - share) <= Decimal("0.5").scaleb(-digits)
        doubt = (
            ""
            if agrees
            else f"{found['part']} sur {found['whole']} font {format_number(shown)} %, et non {found['share']} %."
        )
        yield _told(
            line,
            Stated(
                StatementKind.PART,
                found[0],
                value=f"{found['share']} %",
                operands=[("part", part), ("ensemble", whole)],
                doubt=doubt,
            ),
            "« x sur y, soit z % »",
        )


def _sums(line: Line) -> Iterator[Proposal]:
    head, _, tail = line.bare.partition(":")
    whole = _AMOUNT.findall(head) if tail else []
    parts = [item for item in _AMOUNT.findall(tail) if item[1] == whole[-1][1]] if whole else []
    if len(parts) < 2:
        return
    announced, unit = whole[-1]
    values = [value for value in (proposed_number(text) for text, _ in parts) if value is not None]
    total, stated = sum(values), proposed_number(announced)
    doubt = (
        ""
        if total == stated
        else f"Les {len(values)} parties font {format_number(total)} {unit}, et non {announced} {unit}."
    )
    yield _told(
        line,
        Stated(
            StatementKind.TOTAL,
            head.strip(),
            value=announced,
            operands=[(f"partie {rank}", value) for rank, value in enumerate(values, start=1)],
            doubt=doubt,
        ),
        "un total et ses parties",
    )


def _lists(line: Line) -> Iterator[Proposal]:
    for found in _COUNTED.finditer(line.bare):
        items = [
            item.strip()
            for item in re.split(r";|," if ";" not in found["list"] else ";", found["list"])
            if item.strip()
        ]
        if len(items) < 2 or any(character.isdigit() for character in found["list"]):
            continue
        *first, last = items
        items = [*first, *re.split(r"^et | et (?=d|l)", last)] if ";" not in found["list"] else items
        items = [item for item in items if item]
        stated = _WORDS.index(found["count"].lower()) + 2
        noun, count = unit_of(found["noun"]), len(items)
        announced = f"{found['count'].capitalize()} {noun.participle('annoncé', stated)}"
        doubt = "" if count == stated else f"{announced}, {count} {noun.participle('énuméré', count)}."
        yield _told(
            line,
            Stated(
                StatementKind.DENOMBREMENT,
                f"{found['count']} {found['noun']}",
                value=str(stated),
                operands=[(item, None) for item in items],
                doubt=doubt,
            ),
            "un nombre annoncé et ce qui est énuméré",
        )


def _tables(lines: Sequence[Line]) -> Iterator[Proposal]:
    """Read tables: a row of totals against the rows above, a rule in the title against its column."""
    title, rows = None, list[tuple[Line, list[str]]]()
    for line in [*lines, None]:
        cells = [cell.strip() for cell in _COLUMNS.split(line.text)] if line is not None else []
        if line is not None and len(cells) > 1:
            rows.append((line, cells))
            continue
        if len(rows) > 2:
            yield from _table(title, rows)
        rows = []
        title = line


def _table(title: Line | None, rows: list[tuple[Line, list[str]]]) -> Iterator[Proposal]:
    body = [(line, cells) for line, cells in rows if proposed_number(cells[-1]) is not None]
    totals = [(line, cells) for line, cells in body if fold(cells[0]).startswith("total")]
    parts = [(line, cells) for line, cells in body if not fold(cells[0]).startswith("total")]
    for line, cells in totals:
        values = [value for _, other in parts if (value := proposed_number(other[-1])) is not None]
        total, stated = sum(values), proposed_number(cells[-1])
        doubt = "" if total == stated else f"Les lignes font {format_number(total)}, et non {cells[-1]}."
        yield _told(
            line,
            Stated(
                StatementKind.TOTAL,
                title.bare if title else "Total d’un tableau",
                value=cells[-1],
                operands=[(other[0], proposed_number(other[-1])) for _, other in parts],
                doubt=doubt,
            ),
            "la ligne de total d’un tableau",
        )
    rule = _RULE.search(title.bare) if title else None
    base = proposed_number(rule["base"]) if rule else None
    if rule is None or not base:
        return
    for line, cells in parts:
        people, stated = proposed_number(cells[-2]), proposed_number(cells[-1])
        if people is None or stated is None:
            continue
        wanted = (people / base).to_integral_value(rounding=ROUND_CEILING)
        doubt = (
            "" if wanted == stated else f"{cells[0]}\u202f: la règle donne {wanted}, le tableau dit {stated}."
        )
        yield _told(
            line,
            Stated(
                StatementKind.FORMULE,
                f"{cells[0]}\u202f: {rule[0]}",
                value=cells[-1],
                operands=[(rule["people"], people)],
                doubt=doubt,
                formula=f"arrondi_sup({fold(rule['people'])} / {base})",
            ),
            "un tableau et sa règle",
        )


_THERE = re.compile(
    r"\b(?:ouverte?s?|existante?s?|actuels?|actuelles?|en place|pourvus?|en poste)\b", re.IGNORECASE
)
_LEFT = re.compile(r"\brest(?:ante?s?|e|ent)\b", re.IGNORECASE)


def still_to_do(lines: Sequence[Line]) -> Iterator[Proposal]:
    """Read tables of what is there and what is left to do: a row a place, then the whole; the target is their sum."""
    head: list[str] = []
    rows: list[tuple[Line, str, Decimal, Decimal]] = []
    for line in [*lines, None]:
        cells = [cell.strip() for cell in _COLUMNS.split(line.text)] if line is not None else []
        if line is None or len(cells) != len(head):
            yield from _still_to_do(head, rows)
            head, rows = cells, []
            continue
        if len(cells) < 3:
            continue
        there = [at for at, name in enumerate(head) if _THERE.search(name)]
        left = [at for at, name in enumerate(head) if _LEFT.search(name)]
        if len(there) == len(left) == 1:
            start, more = (proposed_number(cells[at].rstrip("*")) for at in (there[0], left[0]))
            if start is not None and more is not None:
                rows.append((line, cells[0], start, more))


def _still_to_do(
    head: Sequence[str], rows: Sequence[tuple[Line, str, Decimal, Decimal]]
) -> Iterator[Proposal]:
    if not rows:
        return
    title = next(name for name in head if _THERE.search(name))
    noun = re.search(r"\bde (\w+)", title)
    whole = [(rows[0][0], "ensemble", sum(row[2] for row in rows), sum(row[3] for row in rows))]
    for line, place, start, more in [*rows, *(whole if len(rows) > 1 else [])]:
        values = {
            "label": f"{title}, {place}", "start_value": format_number(start), "unit": noun[1] if noun else "",
            "target_value": format_number(start + more), "sens": "hausse" if more else "plancher",
        }  # fmt: skip
        reason = "Objectif\u202f: ce qui est là et ce qui reste à faire, dans un tableau."
        yield Proposal("objective", values, line.text, line.page, reason)


def _same_noun(lines: Sequence[Line]) -> Iterator[Proposal]:
    """Find one compound noun that bears several figures in the text."""
    met: dict[str, dict[Decimal, Line]] = {}
    for line in lines:
        for found in _NOUN_FIGURE.finditer(line.bare) if "-" in line.bare else ():
            value, noun = (
                proposed_number(found["value"] or found["value2"]),
                fold(found["noun"] or found["noun2"]).rstrip("s"),
            )
            if value is not None:
                met.setdefault(noun, {}).setdefault(value, line)
    for noun, figures in met.items():
        if len(figures) > 1:
            words = ", ".join(format_number(value) for value in figures)
            (first, *_) = figures.values()
            yield _told(
                first,
                Stated(
                    StatementKind.EGALITE,
                    f"{noun}\u202f: {words}",
                    value="",
                    operands=[(line.bare[:80], value) for value, line in figures.items()],
                    doubt=f"Le texte donne {words}\u202f: est-ce la même chose, à la même date\u202f?",
                ),
                "un même nom porte plusieurs chiffres",
            )
