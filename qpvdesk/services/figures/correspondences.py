"""Where the figures of a partner's files are: said once, remembered, found again in the next file.

What is remembered are headers, not places: the next file may have its columns in another order, more lines above, or
another year in its titles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from qpvdesk.domain import french, periods
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Correspondence, Dossier, Partner
from qpvdesk.services import measurements
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures.layout import dated
from qpvdesk.services.figures.mapping import LOOKED_AT, ROLES
from qpvdesk.services.figures.titles import folded_lines, pattern_of, sheet_named, titles_of, unit_in
from qpvdesk.spreadsheets.book import ReadBook, ReadSheet
from qpvdesk.spreadsheets.columns import Columns, ValueColumn, said_contract
from qpvdesk.storage.keys import new_key
from qpvdesk.storage.unit import Unit


class RememberedValues(Struct, frozen=True):
    """Columns of values: by their title, or by the pattern of titles that differ by their period alone (`annee`)."""

    titre: str | None
    annee: bool
    date: date | None
    unite: str = ""
    """The unit that somebody said; empty for that of the title."""


class RememberedLayout(Struct, frozen=True):
    """What is remembered of a file, as the base keeps it in JSON: titles, by role."""

    feuille: str
    lignes: Annotated[int, Meta(ge=1, le=LOOKED_AT)]
    """How many lines the titles take."""
    indicateur: str | None
    valeurs: tuple[RememberedValues, ...]
    date: str | None
    territoire: str | None
    source: str | None
    commentaire: str | None
    choisis: dict[str, str]
    """The code of an objective by the name that a file gives it; empty for a name, a type of value or a sheet that is
    passed over."""
    provisoire: str | None = None
    numerateur: str | None = None
    denominateur: str | None = None
    type: str | None = None
    unite: str | None = None


_FIELDS = {
    **ROLES, "provisoire": "provisional", "numerateur": "numerator", "denominateur": "denominator", "type": "kind",
    "unite": "unit",
}  # fmt: skip
"""The attribute of a table by the word of a layout."""


class Proposal(Struct, frozen=True):
    """What is known of a file: where its figures are, whose it is, which objectives its names stand for."""

    tables: tuple[Columns, ...]
    partner: str
    """The key of the partner whose file it was."""
    chosen: Mapping[str, str]
    """Name in the file → code of the objective."""


def correspondence(
    dossier: Dossier, book: ReadBook, columns: Columns, *, partner: str, chosen: Mapping[str, str]
) -> Correspondence:
    """Return what is to be remembered of a file of that partner (its key)."""
    titles = titles_of(sheet_named(book, columns.sheet), columns.top, columns.head)

    def title(column: int | None) -> str | None:
        return None if column is None else folded_lines(titles.get(column, []))

    named = columns.indicator is None
    values = []
    for value in columns.values:
        lines = titles.get(value.column, [])
        has_period = not named and periods.found(" ".join(lines)) is not None
        values.append(
            RememberedValues(
                pattern_of(lines) if has_period else title(value.column),
                has_period,
                None if has_period else value.day,
                "" if value.unit == unit_in(lines) else value.unit,
            )
        )
    layout = RememberedLayout(
        columns.sheet,
        columns.head - columns.top + 1,
        title(columns.indicator),
        tuple(values),
        choisis=dict(sorted(chosen.items())),
        **{word: title(getattr(columns, field)) for word, field in _FIELDS.items()},
    )
    text = msgspec.json.encode(layout).decode()
    return Correspondence(new_key(), dossier.contract.key, partner, text)


def layout_of(text: str) -> RememberedLayout | None:
    """Return what a base remembers of a file; None where it came from elsewhere and is not in our form."""
    try:
        return msgspec.json.decode(text, type=RememberedLayout)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def proposed(dossier: Dossier, book: ReadBook, *, today: date, partner: str = "") -> Proposal | None:
    """Return what was said of such a file before, the latest first; None where its headers are new or ours.

    `partner`: the key of the one whose memory alone is asked; empty for any.
    """
    if said_contract(book) is not None:
        return None
    tables: dict[str, Columns] = {}
    for known in sorted(dossier.correspondences, key=lambda item: item.key, reverse=True):
        layout = layout_of(known.layout) if partner in {"", known.partner} else None
        columns = None if layout is None else _found(book, layout, today)
        if columns is not None and columns.sheet not in tables:
            # The first that is found says whose file it is: the others of its tables are of the same partner.
            partner = known.partner
            tables[columns.sheet] = columns
    return Proposal(tuple(tables.values()), partner, chosen_by(dossier, partner)) if tables else None


def chosen_by(dossier: Dossier, partner: str) -> dict[str, str]:
    """Return what the names in the files of a partner (its key) stand for: the latest said last."""
    chosen: dict[str, str] = {}
    for known in sorted(dossier.correspondences, key=lambda item: item.key):
        layout = layout_of(known.layout) if known.partner == partner else None
        chosen |= layout.choisis if layout is not None else {}
    return chosen


def to_remember(
    dossier: Dossier, book: ReadBook, tables: Sequence[Columns], *, partner: str, chosen: Mapping[str, str]
) -> tuple[Correspondence, ...]:
    """Return what is to be remembered of a file of a partner (its key): one a table, the same titles once."""
    found: dict[str, Correspondence] = {}
    for columns in tables:
        known = correspondence(dossier, book, columns, partner=partner, chosen=chosen)
        found.setdefault(_titles(known), known)
    return tuple(found.values())


def remember(unit: Unit, dossier: Dossier, correspondences: Sequence[Correspondence]) -> None:
    """Keep what is said of the files of a partner, in the place of what was said of the same titles."""
    for new in correspondences:
        old = [
            known
            for known in dossier.correspondences
            if known.partner == new.partner and _titles(known) == _titles(new)
        ]
        if any(known.layout == new.layout for known in old):
            continue
        for known in old:
            unit.remove(known)
        unit.put(new)


def _titles(known: Correspondence) -> str:
    """The titles of a layout, by which it is the same as another whatever its names, its sheet and its units."""
    layout = layout_of(known.layout)
    if layout is None:
        return known.key
    bare = replace(
        layout, feuille="", choisis={}, valeurs=tuple(replace(value, unite="") for value in layout.valeurs)
    )
    return msgspec.json.encode(bare).decode()


def _found(book: ReadBook, layout: RememberedLayout, today: date) -> Columns | None:
    """Return where the headers of a layout stand in a file, in the sheet of that name first."""
    for sheet in sorted(book.sheets, key=lambda item: (item.name != layout.feuille, item.hidden)):
        rows = {cell.row for cell in sheet.cells if cell.row <= LOOKED_AT}
        for last in sorted(rows):
            columns = _placed(sheet, last, layout, today) if last + 1 >= layout.lignes else None
            if columns is not None:
                return columns
    return None


def _placed(sheet: ReadSheet, last: int, layout: RememberedLayout, today: date) -> Columns | None:
    """Return the columns of a layout whose titles end on line `last`; None where one is missing."""
    first = last - layout.lignes + 1
    titles = titles_of(sheet, first, last)
    column_of: dict[str, int] = {}
    for column, lines in titles.items():
        column_of.setdefault(folded_lines(lines), column)
    places: dict[str, int | None] = {}
    for role in ("indicateur", *_FIELDS):
        wanted = getattr(layout, role)
        if wanted is not None and wanted not in column_of:
            return None
        places[role] = None if wanted is None else column_of[wanted]
    values: list[ValueColumn] = []
    for value in layout.valeurs:
        if value.annee:
            values += [
                dated(column, period, value.unite or unit_in(lines), today=today)
                for column, lines in sorted(titles.items())
                if pattern_of(lines) == _undated(value.titre)
                and (period := periods.found(" ".join(lines))) is not None
            ]
        elif value.titre in column_of:
            column = column_of[value.titre]
            values.append(ValueColumn(column, value.date, value.unite or unit_in(titles[column])))
    indicator = places["indicateur"]
    if not values or (indicator is None and layout.indicateur is not None):
        return None
    read = tuple({value.column: value for value in sorted(values, key=lambda value: value.column)}.values())
    fields: dict[str, Any] = {field: places[word] for word, field in _FIELDS.items()}
    return Columns(sheet.name, last, indicator, read, first=first, **fields)


def _undated(pattern: str | None) -> str:
    """The pattern of a title as it is now; one that was kept with its year as « #### » is read too."""
    return periods.rest((pattern or "").replace("####", "2000"))


class Remembered(Struct, frozen=True):
    """What is remembered of the files of a partner, as somebody looks it over."""

    key: str
    partner: Partner
    sentence: str
    """Which titles are read as what, in French."""
    chosen: Mapping[str, str]
    """Name in the file → code of the objective; empty for what is set aside."""


_WORDS = {
    "indicateur": "indicateur", "date": "date", "territoire": "territoire", "source": "source",
    "commentaire": "commentaire", "provisoire": "provisoire", "numerateur": "numérateur",
    "denominateur": "dénominateur", "type": "type de valeur", "unite": "unité",
}  # fmt: skip


def remembered(desk: Desk, contract: str) -> tuple[Remembered, ...]:
    """Return what is remembered in a contract, by partner, the latest last."""
    dossier = desk.dossier(contract)
    partners = {partner.key: partner for partner in dossier.partners}
    found = []
    for known in sorted(dossier.correspondences, key=lambda item: item.key):
        layout, partner = layout_of(known.layout), partners.get(known.partner)
        if layout is not None and partner is not None:
            found.append(Remembered(known.key, partner, _sentence(layout), layout.choisis))
    return tuple(sorted(found, key=lambda item: french.fold(item.partner.short_name)))


def _sentence(layout: RememberedLayout) -> str:
    titles = [
        f"{word} «\u202f{title or 'sans titre'}\u202f»"
        for name, word in _WORDS.items()
        if (title := getattr(layout, name)) is not None
    ]
    values = french.enumerate_words(
        [f"«\u202f{value.titre or 'sans titre'}\u202f»" for value in layout.valeurs], 3
    )
    return f"Feuille «\u202f{layout.feuille}\u202f»\u202f: {', '.join([*titles, f'valeurs {values}'])}."


def forget(desk: Desk, contract: str, key: str) -> Change:
    """Forget one thing that is remembered of the files of a partner. Raises `UserError` where it is no more."""
    known, owner = _known(desk, contract, key)
    label = f"Correspondance de colonnes oubliée\u202f: {owner.short_name}"
    with desk.act(label) as unit:
        unit.remove(known)
    return Change(label, frozenset({"correspondence"}))


def associate(desk: Desk, contract: str, key: str, name: str, *, code: str | None) -> Change:
    """Change what a name stands for: the code of an objective, empty for none, None to forget it. Raises `UserError`."""
    known, owner = _known(desk, contract, key)
    layout = layout_of(known.layout)
    if layout is None:
        raise _gone()
    if code:
        code = measurements.objective_coded(desk.dossier(contract), code).code
    chosen = {other: kept for other, kept in layout.choisis.items() if other != name}
    if code is not None:
        chosen[name] = code
    text = msgspec.json.encode(replace(layout, choisis=dict(sorted(chosen.items())))).decode()
    label = f"Nom retenu changé\u202f: «\u202f{name[:60]}\u202f» ({owner.short_name})"
    with desk.act(label) as unit:
        unit.put(replace(known, layout=text))
    return Change(label, frozenset({"correspondence"}))


def _known(desk: Desk, contract: str, key: str) -> tuple[Correspondence, Partner]:
    dossier = desk.dossier(contract)
    known = next((item for item in dossier.correspondences if item.key == key), None)
    owner = next((item for item in dossier.partners if known is not None and item.key == known.partner), None)
    if known is None or owner is None:
        raise _gone()
    return known, owner


def _gone() -> UserError:
    return UserError("Ceci n’est plus retenu.", "Rouvrez la liste pour voir ce qui l’est.")
