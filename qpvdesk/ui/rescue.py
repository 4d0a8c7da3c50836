"""What is offered where the base does not open: each way out with its sentence, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qpvdesk.domain import file_names
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import lowered, plural
from qpvdesk.services.opening import MovedOnError, SealedError
from qpvdesk.ui.notify import Choice, Gravity, Notice, Notifier, refusal

if TYPE_CHECKING:
    from qpvdesk.services.opening import Opening

_QUIT = Choice("quitter", "Quitter")
_PATTERN = "Bases qpvdesk (*.db *.qpvdesk);;Tous les fichiers (*)"


class Rescue:
    """Offers the ways out of an opening. The choice is done in the lane, at the next opening."""

    def __init__(self, opening: Opening, notifier: Notifier) -> None:
        self._opening = opening
        self._notifier = notifier

    def offer(self, error: UserError) -> bool | None:
        """Ask which way to take; True where the base is to be opened again, None where there was nothing to ask."""
        if isinstance(error, SealedError):
            return self._notifier.secret(error.message, lambda words: self._opening.unlock(error, words))
        ways = self._opening.ways(error)
        if not ways:
            return None
        lines = [f"{way.label.rstrip('…')}\u202f: {lowered(way.sentence)}" for way in ways]
        choices = (*(Choice(way.word, way.label) for way in ways), _QUIT)
        elsewhere = any(way.word == "sur_place" for way in ways)
        asked = "Que voulez-vous faire\u202f?"
        answer = self._notifier.ask(
            Notice(
                "Où travailler\u202f?" if elsewhere else "La base ne s’ouvre pas",
                error.message,
                "\n\n".join((asked if elsewhere else f"Rien n’a été modifié. {asked}", *lines)),
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

    def part(self) -> None:
        """Once the window and the base are closed: offer to bring a local copy back to where it came from."""
        luggage = self._opening.luggage()
        if luggage is None:
            return
        if luggage.news == ():
            self._opening.forget()
            return
        there = f"Elle est sur cet ordinateur\u202f: «\u202f{file_names.shown(str(luggage.copy))}\u202f»."
        if luggage.news is None:
            self._notifier.ask(
                Notice(
                    "La copie locale reste ici",
                    f"Le support de «\u202f{file_names.shown(luggage.origin.name)}\u202f» n’est plus là\u202f: la copie"
                    " garde votre travail.",
                    f"{there}\n\nRebranchez le support et rouvrez sa base\u202f: la copie vous sera proposée.",
                    Gravity.WARNING,
                )
            )
            return
        done = plural(len(luggage.news), "acte", "actes")
        answer = self._notifier.ask(
            Notice(
                "Remettre la base à sa place\u202f?",
                f"La copie locale contient {done} que «\u202f{file_names.shown(str(luggage.origin))}\u202f» n’a pas.",
                f"{there}\n\nLa base d’origine sera gardée comme sauvegarde.",
                Gravity.QUESTION,
                (Choice("remettre", "Remettre à sa place"), Choice("garder", "Garder ici pour l’instant")),
            )
        )
        if answer != "remettre":
            return
        try:
            sentences = self._opening.bring_back()
        except MovedOnError as error:
            self._offer_merge(error)
        except UserError as error:
            self._notifier.ask(refusal("Remettre la base à sa place", error))
        else:
            self._notifier.ask(Notice("La base est à sa place", "\n\n".join(sentences)))

    def _offer_merge(self, error: UserError) -> None:
        choices = (Choice("fusionner", "Fusionner les deux"), Choice("garder", "Garder ici pour l’instant"))
        title = "Remettre la base à sa place"
        if (
            self._notifier.ask(Notice(title, error.message, error.remedy, Gravity.QUESTION, choices))
            != "fusionner"
        ):
            return
        try:
            sentences = self._opening.merge_back()
        except UserError as refused:
            self._notifier.ask(refusal(title, refused))
        else:
            self._notifier.ask(Notice("Les deux bases sont fusionnées", "\n\n".join(sentences)))

    def tell(self) -> None:
        """Say once what was done to open the base, where something was."""
        sentences, self._opening.sentences = self._opening.sentences, ()
        if sentences:
            self._notifier.ask(Notice("La base est ouverte", "\n\n".join(sentences)))
