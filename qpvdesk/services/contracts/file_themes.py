"""The *thématiques* of a contract read from a file: those of its sheet, else the words that its lines use."""

from __future__ import annotations

from qpvdesk.domain import themes
from qpvdesk.domain.model import Theme
from qpvdesk.domain.themes import USUAL, ThemeNames
from qpvdesk.storage.themes import key_of_theme


class FileThemes:
    """What the words of the lines mean, in the order in which they are met."""

    def __init__(self) -> None:
        self.names = ThemeNames()
        self._open = True
        """Whether a word that is not known yet makes one."""
        self._added: list[str] = []

    def add(self, code: str, name: str) -> None:
        """Take one of the sheet: the lines name no other then."""
        self._open = False
        self.names[code] = name

    def code(self, words: str) -> str:
        """Return the code of the thématique that a line names; empty where the contract has no such one."""
        found = themes.code_of(words, self.names)
        if found or not self._open:
            return found
        code = themes.code_of(words, ThemeNames(USUAL)) or themes.code_from(words)
        if code:
            self.names[code] = USUAL.get(code, words)
            self._added.append(code)
        return code

    def added(self, contract: str) -> tuple[Theme, ...]:
        """Return those that the lines alone name; two officers who begin from one file have the same."""
        return tuple(
            Theme(key_of_theme(contract, code), contract, code, self.names[code], rank=rank)
            for rank, code in enumerate(self._added, start=1)
        )

    def notes(self) -> list[str]:
        """Say which were taken from the lines."""
        if not self._added:
            return []
        names = ", ".join(self.names[code] for code in self._added)
        return [f"Les thématiques sont celles que les lignes nomment\u202f: {names}."]
