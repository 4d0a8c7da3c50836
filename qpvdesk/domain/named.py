"""Things of one kind by what people call them: a code, else words that are the name of one of them alone.

The one resolver of whatever names a thing of a contract: cells, JSON, contract files, forms, what a document proposes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import fold
from qpvdesk.domain.model import Partner

_ASIDE = re.compile(r"\s*\([^()]*\)")
_ARTICLE = re.compile(r"^(?:(?:ville|commune|quartier) (?:de |d[’']|du |des ))?(?:l[ea]s? |l[’'])?")
_PARTS = re.compile(r"\s[–—-]\s")
_LISTED, _AND = re.compile(r"\s*[,;\n]\s*"), re.compile(r"\s+et\s+")
NAMES = ("name", "short_name")
"""The fields that are a proper name: part of it may stand for the whole."""
LABELS = ("label", "title")
"""The fields that are a sentence: nothing but the whole of it names."""


def partner_coded(partners: Sequence[Partner], code: str) -> Partner:
    """Return the partner of that code. Raises `UserError`."""
    by_code = {partner.code: partner for partner in partners}
    if spelt := spelt_code(by_code, code):
        return by_code[spelt]
    raise UserError(
        f"Aucun partenaire ne porte le code «\u202f{code}\u202f».",
        codes_known(by_code, "Le contrat n’a encore aucun partenaire."),
    )


def spelt_code(codes: Collection[str], typed: str) -> str:
    """Return which of these codes is typed, whatever its capitals; empty for none, and for one of several that differ by
    these alone and are not typed as they are written."""
    wanted = typed.strip()
    if wanted in codes:
        return wanted
    found = [code for code in codes if code.casefold() == wanted.casefold()]
    return found[0] if len(found) == 1 else ""


def codes_known(codes: Iterable[str], none: str) -> str:
    """Return which codes there are, as what to do of one that is not among them; `none` where there is none at all."""
    known = ", ".join(codes)
    return f"Codes connus\u202f: {known}." if known else none


def _bare(name: str) -> str:
    return fold(_ASIDE.sub("", name)).strip(" .")


def _whole(name: str) -> str:
    return fold(name).strip(" .")


def _plain(name: str) -> str:
    return _ARTICLE.sub("", _bare(name))


_READINGS: tuple[Callable[[str], str], ...] = (str.strip, fold, _whole, _bare, _plain)
"""How words and names are compared, the strictest first: what is meant is what the first one finds."""


class NamedThings:
    """What words stand for among the things of one kind."""

    def __init__(self, things: Iterable[tuple[str, str, Mapping[str, str]]]) -> None:
        """`things`: what stands for each (its key, or its code), its code, and its names by field."""
        self._found: list[dict[str, dict[str, None]]] = [{} for _ in (*_READINGS, _PARTS)]
        for mark, code, names in things:
            for place, name in _readings_of(code, names):
                if name:
                    self._found[place].setdefault(name, {})[mark] = None

    @classmethod
    def of(cls, things: Iterable[Any]) -> NamedThings:
        """The things of a contract by their keys; one that is retired is named by its code alone."""
        return cls(
            (
                item.key,
                getattr(item, "code", ""),
                {} if getattr(item, "retired", False) else {name: getattr(item, name, "") for name in (*NAMES, *LABELS)},
            )
            for item in things
        )  # fmt: skip

    def meant(self, words: str) -> tuple[str, ...]:
        """Return what words stand for: one thing, all those that they name as well, or none."""
        for read, found in zip((*_READINGS, _plain), self._found, strict=True):
            if (reading := read(words)) in found:
                return tuple(found[reading])
        return ()

    def mark_of(self, words: str) -> str:
        """Return the mark of the one thing that words stand for; empty where it is none, or several."""
        meant = self.meant(words)
        return meant[0] if len(meant) == 1 else ""

    def parts(self, words: str) -> list[str]:
        """Return what a list tells apart, each as it is written; a name that holds « et » is one of them."""
        whole = [part for part in _LISTED.split(words.strip()) if part]
        return [
            name for part in whole for name in ([part] if self.mark_of(part) else _AND.split(part)) if name
        ]

    def several(self, words: str) -> list[str]:
        """Return the things that a list names (« Lens, Liévin et Avion »); empty where it is no list of such things."""
        parts = self.parts(words)
        found = [self.mark_of(part) for part in parts]
        return list(dict.fromkeys(found)) if len(parts) > 1 and all(found) else []

    def unknown_in(self, words: str) -> str:
        """Return the first of the words of a list that names nothing for sure, where others of it do; else empty."""
        parts = self.parts(words)
        lost = [part for part in parts if not self.mark_of(part)]
        return lost[0] if lost and len(lost) < len(parts) else ""


def _readings_of(code: str, names: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Yield all that names a thing, each with the rank of its reading."""
    yield 0, code.strip()
    yield 1, fold(code)
    for field in (*NAMES, *LABELS):
        name = names.get(field) or ""
        yield 2, _whole(name)
        if field in LABELS and name:
            # As a list of the window shows it, and as the program calls it.
            yield 2, _whole(f"{code} {name}")
            yield 2, _whole(f"{name} ({code})")
        elif name:
            yield 3, _bare(name)
            yield 4, _plain(name)
            yield from ((5, _plain(part)) for part in _PARTS.split(name))


def in_full(words: str, partners: Iterable[Partner]) -> str:
    """Return « bpi » or « BPIFRANCE » as that partner is called; anything else as it was typed."""
    typed = words.strip()
    called = (item.short_name for item in partners if fold(typed) in (fold(item.code), fold(item.short_name)))
    return next(called, typed) if typed else ""
