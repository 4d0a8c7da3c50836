"""Thirty texts that somebody, or some file, may bring: none may be more than text.

`filled` puts one in every field of text that a contract holds, each between two marks, so that what is read back from a
paper can be told field by field.
"""

from __future__ import annotations

import re
import typing
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from qpvdesk.domain.model import Citation, Contract, Dossier

HOSTILE = (
    "<b>gras</b> & <i>non fermé",
    '<img src="/etc/passwd"/>',
    "<img src='file:///etc/shadow'> <img src=\"http://attaquant.example/x.png\">",
    "</para></font><para>",
    "<a href='javascript:alert(1)'>lien</a>",
    "prenom.nom <p.n@b.fr>",
    "&amp; &lt; &#65; &nbsp; &inconnu; &",
    "<!-- --> <![CDATA[x]]> <?xml?> <!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
    "\u202eelbisivni txet\u202c \u2066isolé\u2069",
    "nul\x00sonnerie\x07échappe\x1b[31mfin\x7f\x9b",
    "retour\rligne\nsaut\x0bpage\x0ctabulation\tfin",
    "z\u200bé\u200cr\u200do\ufeff",
    "accents de\u0301compose\u0301s, e\u0302\u0323, a\u030a",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 famille \U0001f1eb\U0001f1f7 \u2764\ufe0f",
    "\U00010348\U0001d54f\U0002070e astral",
    "\u4e2d\u6587 \u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u05e2\u05d1\u05e8\u05d9\u05ea \u0e44\u0e17\u0e22",
    "Z\u0351\u036b\u0343\u0363\u0301\u0310\u0311 zalgo",
    "{{x}} {0} {x!r:>{y}} ${x} #{x}",
    "%s %d %(x)s %n %% 100%",
    "=cmd|' /C calc'!A0",
    "+1+cmd|'/C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "=1+1",
    "'; DROP TABLE objective; --",
    "\\N{BULLET} \\x00 \\u202e \\\\serveur\\partage ..\\..\\x ../../etc/passwd",
    ") Tj ET endstream endobj << /JS (app.alert(1)) >> (",
    "[[TOC]] {\\rtf1} \\input{/etc/passwd} `id` $(id)",
    "\ud800 moitié \udfff, \ue000 privé, \ufffe \uffff",
    "<onDraw name='x' label='y'/><seq id='z'/><greek>a</greek><super>2</super><br/><bullet>b</bullet>",
)
"""Thirty of them, a round for each."""

LONG_WORD = "anticonstitutionnellement" * 4000
"""Longer than a page of any paper."""
LONG_COMMENT = "Mot après mot, une remontée de quatre mille signes. " * 77

BEGIN, END = "Zdeb", "Zfin"
"""What stands before and after each, alike whatever the type."""

_NOT_TEXT = frozenset(
    {"key", "code", "fingerprint", "perimeter", "kind", "point", "formula", "unit", "start_unit"}
)
"""Fields of `str` that are no free text: what the services check, or reckon with."""
_LISTS = frozenset({"agenda", "participants"})
"""A line of these is an item."""


def filled(dossier: Dossier, turn: int, texts: tuple[str, ...] = HOSTILE) -> Dossier:
    """Return the contract with a hostile text in every field of text: another in each, and in each turn another."""
    keys = {item.key for name in dossier.__struct_fields__ for item in _items(dossier, name)}
    keys.add(dossier.contract.key)
    counter = iter(range(turn, 1_000_000))
    changed: dict[str, Any] = {"contract": _filled(dossier.contract, keys, counter, texts)}
    for part in dossier.__struct_fields__:
        items = _items(dossier, part)
        if items:
            changed[part] = tuple(_filled(item, keys, counter, texts) for item in items)
    return replace(dossier, **changed)


def _items(dossier: Dossier, name: str) -> tuple[Any, ...]:
    held = getattr(dossier, name)
    return held if isinstance(held, tuple) else ()


def _filled(item: Any, keys: set[str], counter: Iterator[int], texts: tuple[str, ...]) -> Any:
    changed: dict[str, Any] = {}
    for name in _text_fields(type(item)):
        value = getattr(item, name)
        if value not in keys:
            text = texts[next(counter) % len(texts)]
            if name in _LISTS:
                text = " ".join(text.splitlines())
            changed[name] = f"{BEGIN}{text}{END}"
            if next(counter) % 3 == 0 and not isinstance(item, Contract):
                # What a spreadsheet would reckon stands at the very beginning.
                changed[name] = changed[name].removeprefix(BEGIN)
    for field in item.__struct_fields__:
        value = getattr(item, field)
        if isinstance(value, Citation):
            section, mark = (f"{BEGIN}{texts[next(counter) % len(texts)]}{END}" for _ in range(2))
            changed[field] = Citation(value.document, section, mark)
    return replace(item, **changed)


@lru_cache(maxsize=64)
def _text_fields(kind: type[Any]) -> tuple[str, ...]:
    hints = typing.get_type_hints(kind)
    references = {
        "contract",
        "partner",
        "objective",
        "engagement",
        "territory",
        "document",
        "meeting",
        "owner",
    }
    return tuple(
        name
        for name, hint in hints.items()
        if hint is str and name not in _NOT_TEXT and name not in references
    )


_LACKING = re.escape("(signenonimprimable)")


def squeezed(text: str) -> str:
    """`text` without any space: lines break where they may."""
    return re.sub(r"\s", "", text)


def pattern_of(text: str) -> str:
    """A pattern of what is read back where `text` was printed, once squeezed.

    What is drawn is there as typed, composed; what the type may lack is there or told in words, those in a row once; what
    has no drawing (controls, direction marks) may be gone.
    """
    parts = []
    for char in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(char)
        if char.isspace() or kind in ("Cc", "Cs", "Co"):
            continue
        if kind == "Cf":
            parts.append(f"(?:{re.escape(char)}|{_LACKING})?")
        elif ord(char) < 0x250:
            parts.append(re.escape(char))
        else:
            parts.append(f"(?:{re.escape(char)}|{_LACKING}|(?<={_LACKING}))")
    return "".join(parts)
