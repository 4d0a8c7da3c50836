"""What is asked around a new contract: what it starts from, and whether the one of before stays in view."""

from __future__ import annotations

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Contract
from qpvdesk.services.editing import acts
from qpvdesk.ui.notify import Choice, Gravity, Notice, Notifier, refusal
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session


class ContractQuestions:
    """Asks them, and does what is answered."""

    def __init__(self, notifier: Notifier, session: Session) -> None:
        self._notifier, self._session = notifier, session

    def may_begin(self, beside: Contract) -> bool:
        """Tell whether another contract can be made in the base of the one in view; why not is said before anything of it is
        typed."""
        try:
            acts.check_newcomer(beside)
        except UserError as error:
            self._notifier.ask(refusal("Nouveau contrat", error))
            return False
        return True

    def model(self, contract: str) -> str:
        """Ask what a new contract starts from: a code, nothing, or « annuler »."""
        answer = self._notifier.ask(
            Notice(
                "Nouveau contrat",
                "Sur quelle base créer ce contrat\u202f?",
                "La copie reprend partenaires, engagements, objectifs, jalons, territoires, et les relevés des seuls "
                "objectifs communs aux deux contrats\u202f; jamais la météo, les comités ni les moyens.",
                Gravity.QUESTION,
                (
                    Choice("vide", "Partir d’un contrat vide"),
                    Choice("copie", "Copier la structure du contrat affiché"),
                    Choice("annuler", "Annuler"),
                ),
            )
        )
        return {"copie": contract, "vide": ""}.get(answer, "annuler")

    def offer_removal(self, picture: Picture) -> None:
        """Offer to take away the contract of before where no committee and no météo of it was noted: one that ships with
        the program has figures of its own."""
        dossier = picture.situation.dossier
        if dossier.meteos or dossier.meetings or dossier.contract.fictitious:
            return
        answer = self._notifier.ask(
            Notice(
                "Votre contrat est créé",
                f"«\u202f{dossier.contract.name}\u202f» est-il aussi le vôtre\u202f?",
                "Retiré, il quitte toutes les vues\u202f; le journal et les sauvegardes le gardent, et Annuler"
                " (Ctrl+Z) le fait revenir.",
                Gravity.QUESTION,
                (Choice("retirer", "Le retirer de toutes les vues"), Choice("garder", "Garder les deux")),
                careful=True,
            )
        )
        if answer == "retirer":
            code = dossier.contract.code
            self._session.change("Retrait du contrat", lambda desk: acts.remove_contract(desk, code))
