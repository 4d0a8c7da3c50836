"""Whom the entrepôt meets while packages are merged beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from qpvdesk.storage.identity import Identity

Met = tuple[dict[str, str], str]
"""Whom a merge accepted, by public key, and on which day; or what seals a package for them, and no day."""


class EntrepotIdentity(Identity):
    """The key of the entrepôt. Merges that run beside each other write no file of it: they tell whom they met."""

    met: list[Met] | None = None

    def accept(self, names: dict[str, str], day: str) -> None:
        """See `Identity`."""
        if self.met is None:
            super().accept(names, day)
        else:
            self.met.append((names, day))

    def note_sealing(self, public: str, sealing: str) -> None:
        """See `Identity`."""
        if self.met is None:
            super().note_sealing(public, sealing)
        else:
            self.met.append(({public: sealing}, ""))

    def note(self, met: Sequence[Met]) -> None:
        """Keep what a merge told. Raises `OSError`."""
        for names, day in met:
            if day:
                self.accept(names, day)
            else:
                for public, sealing in names.items():
                    self.note_sealing(public, sealing)
