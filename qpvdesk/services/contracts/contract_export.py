"""A whole contract out, to a workbook or to JSON, so that nothing is lost on its way back (see `contract_layout`)."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from qpvdesk import durable
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import BY_NAME, Kind, Type
from qpvdesk.domain.meetings import meeting_code
from qpvdesk.domain.model import Attachment, Dossier
from qpvdesk.domain.named import LABELS, NAMES
from qpvdesk.domain.targets import NOT_COUNTED
from qpvdesk.domain.themes import ThemeNames, code_of, theme_names
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.services.contracts import joined_files
from qpvdesk.services.contracts.blank_lines import EXAMPLES
from qpvdesk.services.contracts.contract_layout import Column
from qpvdesk.spreadsheets.book import column_letters
from qpvdesk.spreadsheets.rules import ROWS_MAX, ColumnRule
from qpvdesk.spreadsheets.sheet import Cell, Sheet, Style, Value, kind_of, table
from qpvdesk.spreadsheets.sheet import Kind as CellKind

_LONGEST = 30_000
"""Characters of the longest text that a cell of Excel takes in whole, less a margin."""
_INSTRUCTIONS = (
    "Ce classeur contient un contrat entier : une feuille par genre d’objet, une ligne par objet.",
    "Pour créer un contrat : remplissez au moins « Contrat », « Territoires », « Partenaires », « Engagements » et"
    " « Objectifs », puis importez le classeur comme nouveau contrat. Un aperçu précède l’écriture.",
    "Les lignes dont la première case commence par « Exemple » montrent comment remplir ; elles ne sont pas lues.",
    "Les titres des colonnes sont ceux de ce classeur ou ceux des fiches ; l’ordre des colonnes et des lignes est libre.",
    "Peuvent rester vides : les codes, ceux des partenaires et des lieux aussi, le partenaire, le territoire et le sens"
    " d’un objectif… La règle qui les remplit est dite ci-dessous, après « vide », et dans l’aperçu.",
    "La phrase du contrat peut être copiée dans le libellé d’un objectif : « Places ; valeur de départ 12 (31/12/2023) ;"
    " cible 60 places au 31/12/2028. Suivi : annuelle. » Départ, cible, unité et dates en sont lus là où leur case est vide."
    " Un départ que le document date d’après son échéance entre avec « (sic) » après la phrase.",
    "La valeur peut porter sa date et son unité : « 12 (31/12/2023) » au départ, « 60 places fin 2028 » en cible.",
    "Ailleurs, une case vide veut dire « inconnu » ; zéro est une valeur. Une part s’écrit en points : 16,4 pour 16,4 %.",
    "Un nom vaut un code : « Mission locale », « Les Tilleuls » ou le libellé d’un engagement, dès qu’un seul porte ce nom."
    " Là où c’est dit, une case en nomme plusieurs, séparés par des virgules. « Tous les quartiers » n’en nomme aucun.",
    "« Au moins » ou « Au plus » avec un départ et une date : le chemin fait compte jusqu’à cette date. Sans départ ou sans"
    f" date, la borne vaut dès maintenant : {NOT_COUNTED}.",
)

_LONG_TEXTS = ("label", "name", "title", "text", "detail", "note")
_CALLED = (*NAMES[:1], *LABELS)
"""The fields by which a list calls the things of a sheet."""
_WIDE, _NARROW = 44, 14
"""Characters of a column of sentences, and of any other, at least."""
_FIRST = ("contract", "partner", "engagement", "objective", "territory", "funding")
"""The kinds whose sheets are met first: those that a contract begins with."""
_GUIDE_CHARACTERS = 170
"""Characters of a line over the four columns of the guide."""
_GUIDE_HEADERS = ("Feuille", "Colonne", "Obligatoire", "Ce qu’elle attend")


Files = Callable[[Attachment], tuple[bytes, tuple[str, ...] | None]]
"""Returns the bytes of a joined file, and its text by page where it has one."""


def write(dossier: Dossier, target: Path, files: Files | None = None) -> int:
    """Write the whole contract to xlsx, ods or json; return how many lines it holds.

    The joined files go along where `files` gives them: in JSON itself, in a folder beside a workbook (see
    `joined_files`). Raises `UserError` for another format, or for a text that a workbook cannot hold (JSON can).
    """
    tables = dict(rows(dossier))
    suffix = target.suffix.lower()
    if suffix == ".json":
        _write_json(dossier, tables, target, files)
    elif suffix in {".xlsx", ".ods"}:
        if files is not None and dossier.attachments:
            # The files first: a workbook that names them is never without them.
            joined_files.write(dossier.attachments, target, lambda attachment: files(attachment)[0])
            tables["attachment"] = next(_rows_of(dossier, (BY_NAME["attachment"],)))[1]
        _write_book(tables, target, theme_names(dossier))
    else:
        raise UserError(
            "Un contrat entier s’écrit en .xlsx, .ods ou .json.", "Changez la fin du nom du fichier."
        )
    return sum(map(len, tables.values()))


def write_blank(target: Path) -> int:
    """Write the same workbook with its headers and no line, for a contract to be typed in."""
    if target.suffix.lower() not in {".xlsx", ".ods"}:
        raise UserError("Le gabarit s’écrit en .xlsx ou en .ods.", "Changez la fin du nom du fichier.")
    _write_book({kind.name: [] for kind in layout.kinds()}, target, ThemeNames(), blank=True)
    return 0


def rows(dossier: Dossier) -> Iterable[tuple[str, list[list[Value]]]]:
    """Yield each kind with its rows, in the order of `layout.columns`."""
    for kind, lines in _rows_of(dossier, layout.kinds()):
        yield kind.name, lines


def _rows_of(dossier: Dossier, tables: Iterable[Kind]) -> Iterator[tuple[Kind, list[list[Value]]]]:
    names = _names(dossier)
    for kind in tables:
        columns = layout.columns(kind)
        items = (dossier.contract,) if kind.name == "contract" else getattr(dossier, kind.dossier)
        yield kind, [[_value(column, item, names) for column in columns] for item in items]


def _names(dossier: Dossier) -> Mapping[str, str]:
    """Return by key what everything is called in a cell: its code, or its key where it has none.

    A meeting is called by its kind and its day (`COPIL-2026-01-15`) where no other is of the same.
    """
    names = {
        item.key: item.code if kind.has_code else item.key
        for kind in layout.kinds()
        if kind.name != "contract"
        for item in getattr(dossier, kind.dossier)
    }
    days = Counter(meeting_code(item) for item in dossier.meetings)
    return names | {
        item.key: meeting_code(item) for item in dossier.meetings if days[meeting_code(item)] == 1
    }


def _value(column: Column, item: Any, names: Mapping[str, str]) -> Value:
    value = getattr(item, column.field.name)
    if column.part is not None and value is not None:
        value = getattr(value, column.part.name)
    if column.ref is not None:
        return None if value is None else names[value]
    match value:
        case None:
            return None
        case bool():
            return "oui" if value else None
        case StrEnum():
            return value.value
        case int():
            return Decimal(value)
        case str():
            return value or None
        case Decimal() | date():
            return value
    raise TypeError(f"{column.header}: {value!r}")


def _write_book(
    tables: Mapping[str, list[list[Value]]], target: Path, themes: ThemeNames, *, blank: bool = False
) -> None:
    from qpvdesk.spreadsheets import writing  # noqa: PLC0415 - 100 ms, a workbook alone needs it

    sheets = [_guide(blank=blank)]
    ranks = {name: rank for rank, name in enumerate(_FIRST)}
    for kind in sorted(layout.kinds_with_files(), key=lambda kind: ranks.get(kind.name, len(ranks))):
        if kind.name in tables:
            columns = layout.to_fill_in(kind) if blank else layout.columns(kind)
            sheet = _sheet(kind, columns, tables[kind.name], themes, blank=blank)
            sheets.append(_to_fill_in(kind, columns, sheet) if blank else sheet)
    writing.write(sheets, target)


def _sheet(
    kind: Kind, columns: Sequence[Column], lines: list[list[Value]], themes: ThemeNames, *, blank: bool
) -> Sheet:
    name = kind.sheet
    for number, line in enumerate(lines, 2):
        for column, value in zip(columns, line, strict=True):
            if isinstance(value, str) and len(value) > _LONGEST:
                raise UserError(
                    f"Feuille «\u202f{name}\u202f», ligne {number}\u202f: le texte de «\u202f{column.header}\u202f» ne"
                    " tient pas dans un classeur.",
                    "Exportez le contrat en .json.",
                )
    shown = [
        [
            _storable(_shown(column, value, themes) if isinstance(value, str) else value)
            for column, value in zip(columns, line, strict=True)
        ]
        for line in lines
    ]
    sheet = table(name, [column.header for column in columns], shown)
    body = [tuple(map(_typed_cell, columns, (cell.value for cell in row))) for row in sheet.rows[1:]]
    head = tuple(
        Cell(column.header, style=Style.NEEDED if column.required else Style.HEAD) for column in columns
    )
    widths = tuple(
        max(width, column_width(column)) for column, width in zip(columns, sheet.widths, strict=True)
    )
    return Sheet(
        name,
        (head, *body),
        widths,
        head=0,
        rules=tuple(column_rule(column, blank=blank) for column in columns),
    )


def _to_fill_in(kind: Kind, columns: Sequence[Column], sheet: Sheet) -> Sheet:
    """Return a blank sheet as a person is given it: without the key, which nobody knows, and with lines to imitate."""
    kept = [at for at, column in enumerate(columns) if column.field.name != "key"]
    examples = [
        tuple(_typed_cell(columns[at], line.get(columns[at].header)) for at in kept)
        for line in EXAMPLES.get(kind.name, ())
    ]
    return dataclasses.replace(
        sheet,
        rows=(tuple(sheet.rows[0][at] for at in kept), *examples),
        widths=tuple(sheet.widths[at] for at in kept),
        rules=tuple(sheet.rules[at] for at in kept),
    )


def _shown(column: Column, word: str, themes: ThemeNames) -> str:
    """The window's own word for one that is kept; a thématique by its name, as the list of its column gives it."""
    if column.field.named != "theme":
        return column.shown(word)
    name = themes[word]
    # A name that two bear, or that is another's code, would lead elsewhere.
    return name if name.strip() == name and code_of(name, themes) == word else word


def _typed_cell(column: Column, value: Value) -> Cell:
    whole = column.type is Type.INTEGER and isinstance(value, Decimal)
    return Cell(value, CellKind.WHOLE if whole else kind_of(value))


def column_width(column: Column) -> int:
    """Return how many characters of a column are seen at least."""
    return max(len(column.header) + 2, _WIDE if column.field.name in _LONG_TEXTS else _NARROW)


def column_rule(column: Column, *, blank: bool) -> ColumnRule:
    """Return how a column is made ready: what it expects, its list, its codes kept as text. A blank workbook lists names: a
    person may leave the codes to the import."""
    needed = "Obligatoire. " if column.required else ""
    note = french.typeset(f"{needed}Attendu : {column.expected}.")
    kind = BY_NAME[column.field.named or column.ref or "contract"]
    titles = (*(_CALLED if blank or column.field.named else ()), "code")
    title = next((name for name in titles if name in kind.by_name), "")
    if (column.field.named or column.ref) and title:
        own = layout.to_fill_in(kind) if blank else layout.columns(kind)
        at = next(at for at, item in enumerate(own) if item.field.name == title)
        letter = column_letters(at)
        source = f"='{kind.sheet}'!${letter}$2:${letter}${ROWS_MAX}"
        return ColumnRule(note, source=source, open=True, text=True)
    return ColumnRule(note, choices=column.labels, open=column.open, text=column.is_code)


def _storable(value: Value) -> Value:
    """Return a number as the text it is where a spreadsheet's own would lose a digit or a final zero."""
    if isinstance(value, Decimal) and not _is_plain(value):
        return format(value, "f").replace(".", ",")
    if isinstance(value, date) and value.year < 1901:
        return value.isoformat()
    return value


def _is_plain(value: Decimal) -> bool:
    short = Decimal(format(float(value), ".15g"))
    return format(short, "f") == format(value, "f") and abs(value) < 10**15


def _guide(*, blank: bool) -> Sheet:
    """Say what each column takes; a blank workbook has none for the key, which nobody knows."""
    lines: list[tuple[Cell, ...]] = [(Cell("Un contrat en classeur", style=Style.TITLE),)]
    # What runs on beyond the columns has all pages printed smaller.
    told = [part for line in _INSTRUCTIONS for part in textwrap.wrap(french.typeset(line), _GUIDE_CHARACTERS)]
    lines += [(Cell(part),) for part in told]
    lines += [(Cell(),), tuple(Cell(name, style=Style.HEAD) for name in _GUIDE_HEADERS)]
    for kind in layout.kinds():
        for column in layout.to_fill_in(kind) if blank else layout.columns(kind):
            if blank and column.field.name == "key":
                continue
            lines.append(
                (
                    Cell(kind.sheet),
                    Cell(column.header),
                    Cell("oui" if column.required else ""),
                    Cell(french.typeset(column.expected)),
                )
            )
    return Sheet(layout.GUIDE, tuple(lines), (26, 28, 12, 70), head=len(told) + 2)


def _write_json(
    dossier: Dossier, tables: Mapping[str, list[list[Value]]], target: Path, files: Files | None
) -> None:
    document: dict[str, Any] = {"format": layout.FORMAT, "contrat": dossier.contract.code}
    for kind in layout.kinds():
        name = layout.list_name(kind.sheet)
        document[name] = _records(kind, tables[kind.name])
    if files is not None and dossier.attachments:
        joined, lines = next(_rows_of(dossier, (BY_NAME["attachment"],)))
        document[layout.slug(joined.sheet)] = _records(joined, lines)
        document[layout.slug(layout.CONTENTS)] = list(_contents(dossier, files))
    durable.save(
        (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass"), target
    )


def _records(kind: Kind, lines: list[list[Value]]) -> list[dict[str, object]]:
    slugs = [column.slug for column in layout.columns(kind)]
    return [{name: _json(value) for name, value in zip(slugs, line, strict=True)} for line in lines]


def _contents(dossier: Dossier, files: Files) -> Iterator[dict[str, str | None]]:

    for digest, attachment in {attachment.digest: attachment for attachment in dossier.attachments}.items():
        content, pages = files(attachment)
        text = None if pages is None else json.dumps(pages, ensure_ascii=False)
        yield {"empreinte": digest, "contenu": b64encode(content).decode("ascii"), "texte": text}


def _json(value: Value) -> object:
    match _storable(value):
        case Decimal() as number:
            return int(number) if number == number.to_integral_value() else float(number)
        case date() as day:
            return day.isoformat()
        case other:
            return other
