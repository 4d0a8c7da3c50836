"""What is offered where the base does not open: each way out with its sentence, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qpvdesk.domain.errors import UserError
from qpvdesk.ui.notify import Choice, Gravity, Notice, Notifier

if TYPE_CHECKING:
    from qpvdesk.services.opening import Opening

_QUIT = Choice("quitter", "Quitter")
_PATTERN = "Bases qpvdesk (*.db);;Tous les fichiers (*)"


class Rescue:
    """Offers the ways out of an opening. The choice is done in the lane, at the next opening."""

    def __init__(self, opening: Opening, notifier: Notifier) -> None:
        self._opening = opening
        self._notifier = notifier

    def offer(self, error: UserError) -> bool | None:
        """Ask which way to take; True where the base is to be opened again, None where there was nothing to ask."""
        ways = self._opening.ways(error)
        if not ways:
            return None
        lines = [
            f"{way.label.rstrip('…')}\u202f: {way.sentence[0].lower()}{way.sentence[1:]}" for way in ways
        ]
        choices = (*(Choice(way.word, way.label) for way in ways), _QUIT)
        answer = self._notifier.ask(
            Notice(
                "La base ne s’ouvre pas",
                error.message,
                "\n\n".join(("Rien n’a été modifié. Que voulez-vous faire\u202f?", *lines)),
                Gravity.WARNING,
                choices,
            )
        )
        if answer == _QUIT.word:
            return False
        chosen = None
        if answer == "chercher":
            chosen = self._notifier.open_path("Choisir une base", self._opening.base.parent, _PATTERN)
            if chosen is None:
                return self.offer(error)
        self._opening.choose(answer, chosen)
        return True

    def tell(self) -> None:
        """Say once what was done to open the base, where something was."""
        said, self._opening.said = self._opening.said, ()
        if said:
            self._notifier.ask(Notice("La base est ouverte", "\n\n".join(said)))
