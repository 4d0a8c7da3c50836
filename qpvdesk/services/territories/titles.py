"""The columns of official tables, found by their titles whatever their order, case and separators; their codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError

Rows = Sequence[Sequence[str]]

TITLES: Mapping[str, tuple[str, ...]] = {
    "code": ("codeqp", "codeqpv", "codeqpv2024", "codequartier", "codeduquartier", "codgeo", "qp", "code", "codeofficiel"),
    "name": ("libqp", "libqpv", "nomqp", "nomqpv", "libgeo", "nomduquartier", "quartier", "nom", "libelle"),
    "commune": ("inseecom", "codecommune", "codeinsee", "depcom", "codgeocom", "com", "libcom", "commune", "nomcommune"),
    "people": (
        "popmun", "pmun", "popqp", "popqpv", "population", "populationmunicipale", "pmunqp24", "pmunqpv24", "ptot",
        "poptot", "populationmunicipale2026",
    ),
}  # fmt: skip
QPV_CODE = re.compile(r"^(?:QN\d{5}[A-Z]|QP\d{6})$")
LIKE_A_QPV_CODE = re.compile(r"^Q[NP]\w*\d")
_POINT = re.compile(r"[-\u2212]?\d+\.\d+")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
SECRET = {"s", "ns", "secret", "c"}
"""How a figure is said to be known and kept secret."""
_ABSENT = {"", "-", "–", "nd", "n.d.", "nc", "n.c.", "…", "na"}


def folded(title: str) -> str:
    """Return a title as two titles are compared: letters and figures alone."""
    return "".join(char for char in french.fold(title) if char.isalnum())


def comparable(name: str) -> str:
    """Return the name of a place as two names are compared, whatever their dashes and capitals."""
    return " ".join(french.fold(name.replace("–", "-").replace("’", "'")).replace("-", " ").split())


def columns(row: Sequence[str]) -> dict[str, int]:
    """Return where the columns that are known stand in a row of titles."""
    titles = [folded(title) for title in row]
    found: dict[str, int] = {}
    for what, names in TITLES.items():
        for name in names:
            if name in titles and titles.index(name) not in found.values():
                found[what] = titles.index(name)
                break
    return found


def tables(sheets: Sequence[Rows]) -> Iterator[tuple[dict[str, int], Sequence[str], Rows]]:
    """Yield the tables that have a code: their columns, their titles, their lines."""
    for rows in sheets:
        for number, row in enumerate(rows):
            found = columns(row)
            if "code" in found and len(row) > 1:
                yield found, row, rows[number + 1 :]
                break


def at(row: Sequence[str], place: int) -> str:
    """Return a cell, empty beyond the end of the row."""
    return row[place].strip() if place < len(row) else ""


def has_decimal_points(texts: Sequence[str]) -> bool:
    """Tell whether a column has figures whose point sets thousands apart in no way: none of its points does then."""
    return any(_POINT.fullmatch(text) and not _THOUSANDS.fullmatch(text) for text in texts)


def figure(text: str, *, decimal_point: bool = False) -> tuple[Decimal | None, bool]:
    """Return a figure and whether it is kept secret. A point sets thousands apart, unless it is a `decimal_point`.

    Raises `UserError` for no figure.
    """
    plain = text.strip()
    if french.fold(plain) in SECRET:
        return None, True
    if french.fold(plain) in _ABSENT:
        return None, False
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "," if decimal_point else "")
    return french.parse_number(plain.removesuffix("%").strip()), False


def people(text: str) -> Decimal | None:
    """Return a number of inhabitants; None where it is hidden (`s`, `nd`) or is none."""
    try:
        value, _ = figure(text)
    except UserError:
        return None
    return value.to_integral_value() if value is not None and value >= 0 else None
