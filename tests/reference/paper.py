"""The file of the COPIL read back: its tables, its tiles and its lists, from the text of the PDF alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from tests.helpers import paper_text
from tests.reference.answers import STATUS_WORDS, Answers, Reckoned
from tests.reference.figures import day_in, prints

_TABLES = {"Objectif": "ligne", "Indicateur": "ligne suivie"}
_ENDS = (
    "Trajectoires à discuter",
    "Parts comparées à leur référence",
    "Chiffres suivis",
    "Chiffres de contexte",
    "Engagements",
    "Moyens mobilisés",
)
_SPACES = re.compile(r"[ \t\u00a0\u202f]+")


def read_back(path: Path, name: str, codes: Iterable[str], partners: Iterable[str]) -> Answers:
    """Return the lines of each objective's row, the counts, and the lists of the first page.

    `name` is the contract's, at the foot of each page; `codes` are those of its objectives.
    """
    pages = paper_text.pages(path)
    lines = [_SPACES.sub(" ", line).strip() for page in pages for line in page.splitlines()]
    found = _rows(lines, _SPACES.sub(" ", name), set(codes))
    first = next(page for page in pages if "\nL’essentiel\n" in page[:200])
    first = _SPACES.sub(" ", first)
    found |= _essential(first, set(codes))
    return found | _leads(lines, set(partners))


def _rows(lines: Sequence[str], name: str, codes: set[str]) -> Answers:
    found: Answers = {}
    table = code = ""
    at = 0
    while at < len(lines):
        line, length = lines[at], 1
        if line == "Code":
            table, code = _TABLES.get(lines[at + 1], ""), ""
        elif line in _ENDS or (line and line.startswith(name[:40])):
            table = code = ""
        elif table and line:
            begun = (
                0 if lines[at - 1].endswith((":", ",", "(")) else _length_of_code(lines[at : at + 4], codes)
            )
            if begun:
                code, length = "".join(lines[at : at + begun]), begun
                found[table, code] = ()
            elif code:
                found[table, code] = (*found[table, code], line)
        at += length
    return found


def _length_of_code(lines: Sequence[str], codes: set[str]) -> int:
    """On how many lines a code is written, 0 where none begins here: a long one is broken at its hyphens."""
    return next((count for count in range(len(lines), 0, -1) if "".join(lines[:count]) in codes), 0)


def _essential(page: str, codes: set[str]) -> Answers:
    head = page.partition("L’essentiel\n")[2]
    flat = " ".join(head.split())
    counted = re.search(r"(\d+) objectifs? promis ou proposés?\.", flat)
    legend = flat.partition("Où en est chaque partenaire")[2].partition("objectif")[0]
    counts = {}
    for status, word in STATUS_WORDS.items():
        match = re.search(rf"\b{word} (\d+)", legend)
        if match:
            counts[status] = int(match[1])
    followed = re.search(r"S’y ajoute(?:nt)? (\d+) chiffres? suivis?", flat)
    if followed:
        counts["suivi"] = int(followed[1])
    found: Answers = {("statuts", ""): counts}
    found["objectifs promis", ""] = int(counted[1]) if counted else None
    found["taux moyen du contrat", ""] = "moyen" in head
    settled = re.split("Décisions en retard|Ce qui a changé", head)[0]
    # What is of the contract's scale comes first, what is told for information after it, each in the one order.
    parts = [_codes_under_names(part, codes) for part in settled.split("Pour information")]
    listed = [code for part in parts for code in part]
    found["à arbitrer", ""] = tuple(map(tuple, parts))
    # Those that nothing says how far they are have no line; where there is none but them, they are counted alone.
    # After a sentence that counts some of them, all are told: « Soit, avec 9 promis à une échelle plus large, 119 autres ».
    left = (
        r"(?:[Ee]t|Soit(?:, avec [^,]+,)?) (\d+) autres? objectifs? à traiter"
        r"|(\d+) objectifs? (?:est|sont) à traiter"
    )
    cut = re.search(left, " ".join(settled.split()))
    found["à traiter en tout", ""] = len(listed) + (int(cut[1] or cut[2]) if cut else 0)
    moved = head.partition("Ce qui a changé")[2].partition("Où en est chaque partenaire")[0]
    return found | {("bougé", code): True for code in _codes_under_names(moved, codes)}


def _codes_under_names(text: str, codes: set[str]) -> list[str]:
    """The codes that stand, with a scale, under the name of their objective."""
    # A code that leads to its row is read apart from what follows it.
    under = re.findall(r"(?m)^ ?([A-Z0-9]+-O[A-Z]?\d+(?:-\w+)*)\n? · ", text)
    return [code for code in under if code in codes]


def _leads(lines: Sequence[str], partners: set[str]) -> Answers:
    """The sentence under the title of each partner's chapter."""
    found: Answers = {}
    for index, line in enumerate(lines):
        match = re.fullmatch(r"Partenaire · (\w+)", line)
        if match and match[1] in partners:
            said = " ".join(lines[index : index + 4])
            promised = re.search(r"(\d+) objectifs? promis", said)
            if promised:
                found["objectifs promis", match[1]] = int(promised[1])
    return found


# What a row must say


def promised_faults(lines: Sequence[str], code: str, known: Reckoned) -> Iterator[str]:
    """What is false in the row of something promised: value, target, rate or kept, gap, status, trend."""
    standing, row = known.now.standings[code], known.rows[code]
    words = [line for line in lines if line in STATUS_WORDS.values()]
    if words != [STATUS_WORDS[standing.status]]:
        yield f"statut {standing.status}"
        return
    at = lines.index(words[0])
    if (
        standing.value is not None
        and row["sens"] != "jalon"
        and not _dated(lines, standing.value, standing.value_day)
    ):
        yield f"valeur {standing.value} au {standing.value_day}"
    if standing.value is not None and row["sens"] == "jalon":
        said = ["fait" if standing.kept else "non fait"]
        if [line for line in lines[:at] if line in ("fait", "non fait")] != said * 2:
            yield said[0]
    if row["target_value"] is not None and row["sens"] not in ("jalon", "parite"):
        signless = [line.lstrip("≥≤ ") for line in lines]
        if not any(prints(line, row["target_value"]) for line in signless):
            yield f"cible {row['target_value']}"
    yield from _how_far(lines[:at], code, known)
    yield from _parts(lines, code, known)
    # Of what is counted by year, as under its value: « en 2025 ».
    dated = [day_in(line) for line in lines[at + 1 :] if re.match(r"au |en \d{4}$", line)]
    if dated != ([standing.value_day] if standing.old else []):
        yield f"âge {standing.value_day if standing.old else None}"
    yield from _trend(lines[at + 1 :], code, known)


def _how_far(lines: Sequence[str], code: str, known: Reckoned) -> Iterator[str]:
    standing, row = known.now.standings[code], known.rows[code]
    if standing.kept is None:
        if standing.rate is not None and not (
            lines[-1].endswith("%") and prints(lines[-1], standing.rate * 100)
        ):
            yield f"taux {standing.rate}"
        return
    if row["sens"] == "jalon":
        return
    if [line for line in lines if line in ("tenu", "non tenu")] != ["tenu" if standing.kept else "non tenu"]:
        yield "tenu" if standing.kept else "non tenu"
    # A long one stands under its word.
    gaps = [
        f"{line} {after}" if line == "écart" else line
        for line, after in pairwise([*lines, ""])
        if line.startswith("écart")
    ]
    if standing.gap == 0:
        if gaps != ["écart nul"]:
            yield "écart nul"
    elif standing.gap is not None and (len(gaps) != 1 or not prints(gaps[0], standing.gap)):
        yield f"écart {standing.gap}"


def _parts(lines: Sequence[str], code: str, known: Reckoned) -> Iterator[str]:
    """The parts on other places stand inside their parent, each with its value."""
    said = "\n".join(lines)
    places = {row["key"]: row["name"] for row in known.plain["territory"]}
    for part, row in known.rows.items():
        standing = known.now.standings[part]
        if not standing.apart or row["parent"] != known.rows[code]["key"] or standing.value is None:
            continue
        place = places[row["territory"]]
        shown = re.search(rf"{place}\s([−-]?\d[\d ]*(?:,\d+)?)", said)
        if shown is None or not prints(shown[1], standing.value):
            yield f"{part} inside: {place} {standing.value}"


def _trend(lines: Sequence[str], code: str, known: Reckoned) -> Iterator[str]:
    if known.silent_on_trend(code):
        return
    trend, better = known.trend(code)
    said = " ".join(lines)
    shown = "stable" if "stable" in said else "moins_bien" if re.search("recul|moins bien", said) else None
    shown = "mieux" if re.search("progrès|mieux", said) else shown
    if shown != (better or trend if trend in (None, "stable") or better else None):
        yield f"tendance {trend} {better}"


def followed_faults(lines: Sequence[str], code: str, known: Reckoned) -> Iterator[str]:
    """What is false in the row of something followed: value and evolution."""
    standing = known.now.standings[code]
    if standing.value is not None and not _dated(lines, standing.value, standing.value_day):
        yield f"valeur {standing.value} au {standing.value_day}"
    # Of what is counted each year two years are told, and no move.
    yearly = known.rows[code]["mesure"] == "flux"
    told, since = (
        [index + after for index, line in enumerate(lines) if line.startswith(start)]
        for start, after in (("contre ", 1), ("depuis le ", 0))
    )
    if standing.evolution is None:
        if told or since:
            yield "aucune évolution"
        return
    change, _, day = standing.evolution
    if yearly:
        if since:
            yield "une évolution de ce qui se compte chaque année"
        assert standing.value is not None
        change, since = standing.value - change, told
    if len(since) != 1 or not prints(lines[since[0] - 1], change) or (day and day_in(lines[since[0]]) != day):
        yield f"évolution {change} depuis le {day}"


def _dated(lines: Sequence[str], value: Fraction, day: date | None) -> bool:
    """Whether a value stands above its day; in a narrow column, with its unit on a line between."""
    return any(
        prints(line, value)
        and (day_in(under) == day or (not re.search(r"\d", under) and day_in(below) == day))
        for line, under, below in zip(lines, lines[1:], [*lines[2:], ""], strict=False)
    )
