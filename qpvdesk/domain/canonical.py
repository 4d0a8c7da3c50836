"""One text for one content: what fingerprints are made of, whatever the classes are called and however they grow.

JSON with sorted keys. A record is an object of its fields, those that hold their default left out, without the name of
its class: a field added with its default, a class renamed or fields put in another order change no fingerprint.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from json.encoder import encode_basestring_ascii
from operator import attrgetter
from typing import Any

from msgspec import Struct


def text_of(content: object) -> str:
    """Return the canonical text of records, tuples, mappings, texts, numbers and days; TypeError for anything else."""
    return _WRITERS[type(content)](content)


def fingerprint_of(content: object) -> str:
    """Return the SHA-256 of the canonical text, 64 hexadecimal digits."""
    import hashlib  # noqa: PLC0415 - 6 ms, papers and a new base alone need it

    return hashlib.sha256(text_of(content).encode("ascii")).hexdigest()


class _Writers(dict[type, Callable[[Any], str]]):
    """What writes the values of a type, asked once: a long contract holds a million of them."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        return self.setdefault(kind, _writer(kind))


_WRITERS = _Writers()


def _writer(kind: type) -> Callable[[Any], str]:
    if issubclass(kind, Enum):
        return lambda content: text_of(content.value)
    if issubclass(kind, str):
        # What is no character (half a surrogate pair out of a crafted file) is escaped, and so has its bytes.
        return encode_basestring_ascii
    if kind is type(None):
        return lambda _: "null"
    if kind is bool:
        return lambda content: "true" if content else "false"
    if issubclass(kind, int):
        return int.__repr__
    if issubclass(kind, Decimal):
        return lambda content: f'"{content}"'
    if issubclass(kind, date):
        return lambda content: f'"{content.isoformat()}"'
    if issubclass(kind, (tuple, list)):
        return lambda content: f"[{','.join(map(text_of, content))}]"
    if issubclass(kind, dict):
        return lambda content: (
            f"{{{','.join(f'{encode_basestring_ascii(name)}:{text_of(content[name])}' for name in sorted(content))}}}"
        )
    if issubclass(kind, Struct):
        return _record_writer(kind)
    raise TypeError(f"no canonical text for {kind.__name__}")


def _record_writer(kind: type[Struct]) -> Callable[[Any], str]:
    """Return what writes the fields of a kind of record that do not hold their default, or what equals it, by name."""
    names, defaults = kind.__struct_fields__, kind.__struct_defaults__
    known = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    ordered = [
        (f"{encode_basestring_ascii(name)}:", name not in known, known.get(name)) for name in sorted(names)
    ]
    # Of one name alone, `attrgetter` returns no tuple.
    values = attrgetter(*sorted(names), "__class__")

    def write(content: Struct) -> str:
        fields = [
            name + _WRITERS[type(value)](value)
            for (name, is_needed, default), value in zip(ordered, values(content), strict=False)
            # To compare a number with what is none takes longer than to write it.
            if is_needed or (value is not default and value != default)
        ]
        return f"{{{','.join(fields)}}}"

    return write
