"""How a value is kept: in the columns of a row, and as one text in a cell of the journal."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from msgspec import Struct

from qpvdesk.domain import file_names, model
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import Field, Type


class Codec(Struct, frozen=True):
    """How the values of one type are kept."""

    columns: tuple[tuple[str, str], ...]
    """Suffix of the column's name and SQL type, one a column."""
    encode: Callable[[Any], tuple[Any, ...]]
    decode: Callable[..., Any] | None
    """From the columns; None where the column already is the value."""
    write: Callable[[Any], str]
    read: Callable[[str], Any]


DIGITS_MAX = 40
"""Of a number, on each side of its comma: what a package may hold."""


def _text(value: str) -> str:
    if "\0" in value:
        raise UserError(
            "Un texte contient un caractère invisible qui ne peut pas être enregistré.",
            "Retapez-le au lieu de le coller.",
        )
    return value


def _file_name(value: str) -> str:
    return file_names.check(value) if value else value


def _bare_name(value: str) -> str:
    return file_names.clean(value) if value else value


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"not a finite number: {value}")
    written = format(value, "f")
    if len(written) > DIGITS_MAX and max(map(len, written.lstrip("-").split("."))) > DIGITS_MAX:
        raise UserError(
            f"Un nombre a plus de {DIGITS_MAX} chiffres avant ou après la virgule\u202f: il ne peut pas être enregistré.",
            "Vérifiez-le\u202f: une touche est peut-être restée enfoncée.",
        )
    return written


def decimal_in(text: str) -> Decimal:
    """Return the number that a text of a base is. Raises `ValueError` or `ArithmeticError` for what no release writes."""
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError(f"not a finite number: {text}")
    return value


def _citation(document: str, section: str, mark: str) -> model.Citation:
    if section is None or mark is None:
        raise ValueError("a citation has its section and its mark, were they empty")
    return model.Citation(document, section, mark)


def _citation_columns(value: model.Citation) -> tuple[str, str, str]:
    return value.document, _text(value.section), _text(value.mark)


def _thresholds(ahead: str, on_track: str, watch: str) -> model.Thresholds:
    return model.Thresholds(decimal_in(ahead), decimal_in(on_track), decimal_in(watch))


def _thresholds_columns(value: model.Thresholds) -> tuple[str, str, str]:
    return _decimal(value.ahead), _decimal(value.on_track), _decimal(value.watch)


_WHOLE_MAX = 2**63 - 1
"""What a column can hold."""


def _whole(value: int) -> int:
    if abs(value) > _WHOLE_MAX:
        raise UserError(
            "Un nombre entier est trop grand pour être enregistré.",
            "Vérifiez-le\u202f: il a plus de dix-huit chiffres.",
        )
    return value


def _list(parts: Sequence[str]) -> str:
    return json.dumps(list(parts), ensure_ascii=False, separators=(",", ":"))


_TEXT = Codec((("", "TEXT"),), lambda v: (_text(v),), None, _text, str)
_FILE_NAME = Codec(
    (("", "TEXT"),),
    lambda v: (_file_name(v),),
    # A base made before names were checked stays readable; what it holds is a bare name by the time anybody sees it.
    _bare_name,
    _file_name,
    _bare_name,
)
_DECIMAL = Codec((("", "TEXT"),), lambda v: (_decimal(v),), decimal_in, _decimal, decimal_in)
_DATE = Codec(
    (("", "TEXT"),), lambda v: (v.isoformat(),), date.fromisoformat, date.isoformat, date.fromisoformat
)
_DAY = Codec(
    (("", "INTEGER"),), lambda v: (v.toordinal(),), date.fromordinal, date.isoformat, date.fromisoformat
)
_INTEGER = Codec((("", "INTEGER"),), lambda v: (_whole(v),), None, str, int)
_BOOL = Codec((("", "INTEGER"),), lambda v: (int(v),), bool, lambda v: "1" if v else "0", lambda v: v == "1")
_CITATION = Codec(
    (("_document", "TEXT"), ("_section", "TEXT"), ("_mark", "TEXT")),
    _citation_columns,
    _citation,
    lambda v: _list(_citation_columns(v)),
    lambda v: _citation(*json.loads(v)),
)
_THRESHOLDS = Codec(
    (("_ahead", "TEXT"), ("_on_track", "TEXT"), ("_watch", "TEXT")),
    _thresholds_columns,
    _thresholds,
    lambda v: _list(_thresholds_columns(v)),
    lambda v: _thresholds(*json.loads(v)),
)


def _named(word: str) -> str:
    if not word.strip():
        raise ValueError("no word")
    return _text(word)


@functools.cache
def _words(values: type[StrEnum], *, own: bool) -> Codec:
    # A table is many times faster than calling the enumeration for each row.
    known: dict[str, StrEnum] = {item.value: item for item in values}
    if own:

        def read(word: str) -> str:
            return known.get(word) or _named(word)

        return Codec((("", "TEXT"),), lambda v: (_named(str(v)),), read, str, read)
    return Codec((("", "TEXT"),), lambda v: (v.value,), known.__getitem__, str, known.__getitem__)


_BY_TYPE = {
    Type.TEXT: _TEXT,
    Type.LINK: _TEXT,
    Type.CODE: _TEXT,
    Type.LEVEL: _TEXT,
    Type.FILE_NAME: _FILE_NAME,
    Type.NUMBER: _DECIMAL,
    Type.DATE: _DATE,
    Type.DAY: _DAY,
    Type.INTEGER: _INTEGER,
    Type.BOOL: _BOOL,
    Type.CITATION: _CITATION,
    Type.THRESHOLDS: _THRESHOLDS,
}


def codec_of(field: Field) -> Codec:
    """Return how the values of a field are kept."""
    return _BY_TYPE[field.type] if field.words is None else _words(field.words, own=field.open)
