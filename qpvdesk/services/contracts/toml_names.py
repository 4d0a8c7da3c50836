"""What names the things of a contract in its files, so that a field may lead to one by its name as well as by its code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qpvdesk.domain.named import NamedThings
from qpvdesk.domain.themes import USUAL
from qpvdesk.services.contracts.toml_table import Table

_KINDS = {
    "document": "document",
    "niveau": "place_level",
    "territoire": "territory",
    "version": "version",
    "thematique": "theme",
    "axe": "axis",
    "etablissement": "establishment",
    "reference": "legal_reference",
    "partenaire": "partner",
    "engagement": "engagement",
    "objectif": "objective",
    "financement": "funding",
    "enonce": "statement",
}
"""The kind of the things whose tables bear a word."""
_NAMES = {"name": "nom", "short_name": "nom_court", "label": "libelle", "title": "titre"}


class FileNames:
    """The codes and the names of all that the files of a contract hold; names are looked into where a code is none."""

    def __init__(self, files: Iterable[Mapping[str, Any]]) -> None:
        self._told: dict[str, dict[str, Mapping[str, str]]] = {}
        for values in files:
            self._gather(values)
        self._told.setdefault("theme", {code: {"name": name} for code, name in USUAL.items()})
        self._known: dict[str, NamedThings] = {}

    def code(self, table: Table, word: str, kind: str, words: str) -> str:
        """Return the code that the words of a field stand for: themselves where they are one, or name nothing, which is
        told once all is read. Refuses what several bear."""
        told = self._told.get(kind, {})
        if words in told:
            return words
        if kind not in self._known:
            self._known[kind] = NamedThings((code, code, names) for code, names in told.items())
        meant = self._known[kind].meant(words)
        if len(meant) > 1:
            table.refuse(word, f"«\u202f{words}\u202f» en nomme plusieurs ({', '.join(meant)})")
        return meant[0] if meant else words

    def _gather(self, values: Mapping[str, Any]) -> None:
        for word, value in values.items():
            for table in _tables(value):
                code = table.get("code")
                if word in _KINDS and isinstance(code, str):
                    names = {
                        name: text
                        for name, toml_word in _NAMES.items()
                        if isinstance(text := table.get(toml_word), str)
                    }
                    self._told.setdefault(_KINDS[word], {}).setdefault(code.strip(), names)
                self._gather(table)


def _tables(value: object) -> Iterator[Mapping[str, Any]]:
    yield from (item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict))
