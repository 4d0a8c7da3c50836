"""The keys of colleagues that were accepted: seen, and taken back where one was lost or stolen."""

from __future__ import annotations

from collections.abc import Callable

from qpvdesk.services import colleagues
from qpvdesk.ui.notify import CANCEL, OK, Choice, Gravity, Notice, Notifier
from qpvdesk.ui.session import Session

_TITLE = "Clés acceptées"


def show_accepted_keys(session: Session, notifier: Notifier, say: Callable[[str], None]) -> None:
    """Name the accepted keys and offer to take one back; `say` is told what was done."""

    def offer(known: tuple[tuple[str, str], ...]) -> None:
        if not known:
            nobody = (
                "Aucune clé n’est acceptée. Celle d’un collègue l’est au premier paquet que vous en recevez."
            )
            notifier.ask(Notice(_TITLE, nobody, "", choices=(OK,)))
            return
        lines = "\n".join(f"{name}\u202f: {fingerprint}" for name, fingerprint in known)
        choices = [
            Choice(fingerprint, f"Retirer celle de {name} ({fingerprint[:5]}…)")
            for name, fingerprint in known
        ]
        why = (
            "Une clé perdue ou volée se retire\u202f: ce qu’elle signe ensuite vous est demandé, et rien n’est plus scellé"
            " pour elle."
        )
        asked = Notice(_TITLE, lines, why, Gravity.QUESTION, (*choices, CANCEL), careful=True)
        answer = notifier.ask(asked)
        if answer != CANCEL.word:
            session.ask(_TITLE, lambda desk: colleagues.refuse_key(desk, answer), say)

    session.ask(_TITLE, colleagues.accepted_keys, offer)
