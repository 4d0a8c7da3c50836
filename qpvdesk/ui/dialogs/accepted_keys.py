"""The keys of colleagues that were accepted: seen, and taken back where one was lost or stolen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from qpvdesk.services import colleagues
from qpvdesk.ui.dialogs.choosing import ChoosingDialog
from qpvdesk.ui.notify import CANCEL, OK, Choice, Gravity, Notice, Notifier
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme

_TITLE = "Clés acceptées"
_TAKE_BACK = Choice("retirer", "Retirer la clé")


def show_accepted_keys(
    theme: Theme, session: Session, notifier: Notifier, over: QWidget, *, say: Callable[[str], None]
) -> None:
    """List the accepted keys and offer to take one back; `say` is told what was done."""

    def offer(known: tuple[tuple[str, str], ...]) -> None:
        if not known:
            nobody = (
                "Aucune clé n’est acceptée. Celle d’un collègue l’est au premier paquet que vous en recevez."
            )
            notifier.ask(Notice(_TITLE, nobody, "", choices=(OK,)))
            return
        things = [(name, fingerprint, _called(name, fingerprint)) for name, fingerprint in known]
        dialog = ChoosingDialog(theme, things, _TITLE, over, act="Retirer…")
        dialog.chosen.connect(take_back)
        dialog.open()

    def take_back(name: str, fingerprint: str) -> None:
        why = (
            "Une clé perdue ou volée se retire\u202f: ce qu’elle signe ensuite vous est demandé, et rien n’est plus scellé"
            " pour elle."
        )
        asked = Notice(
            _TITLE, _called(name, fingerprint), why, Gravity.WARNING, (_TAKE_BACK, CANCEL), careful=True
        )
        if notifier.ask(asked) == _TAKE_BACK.word:
            session.ask(_TITLE, lambda desk: colleagues.refuse_key(desk, fingerprint), say)

    session.ask(_TITLE, colleagues.accepted_keys, offer)


def _called(name: str, fingerprint: str) -> str:
    return f"{name}\u202f: {fingerprint}"
