"""Changing and removing the things that a page lists, one or several at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from qpvdesk.ui.editing import RETIRED, Editor
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme


class Changing:
    """What the rows of the tables ask for."""

    def __init__(self, theme: Theme, session: Session, editor: Editor, over: QWidget) -> None:
        self._theme, self._session, self._editor, self._over = theme, session, editor, over

    def change(self, here: Address | None, kind: str, keys: Sequence[str]) -> None:
        """Open the form of a thing, or one field for several of them; without a kind, that of what is in view."""
        picture = self._editor.writable()
        if picture is None:
            return
        if not kind:
            self._editor.change(here)
        elif len(keys) == 1:
            self._editor.change_one(kind, keys[0])
        else:
            self._change_together(picture, kind, keys)

    def remove(self, kind: str, keys: Sequence[str]) -> None:
        """Retire things, or remove them; it is undone rather than confirmed."""
        picture = self._editor.writable()
        if picture is None:
            return
        from qpvdesk.services.editing import acts  # noqa: PLC0415 - 15 ms, whoever edits alone needs it

        contract = picture.contract.code
        act = acts.retire if kind in RETIRED else acts.remove
        label = "Retrait" if kind in RETIRED else "Suppression"
        self._session.change(label, lambda desk: act(desk, contract, kind, *keys))

    def _change_together(self, picture: Picture, kind: str, keys: Sequence[str]) -> None:
        from qpvdesk.services.editing import FORMS, acts  # noqa: PLC0415 - 35 ms, whoever edits alone needs it
        from qpvdesk.ui.dialogs.together import TogetherDialog  # noqa: PLC0415 - 40 ms, this dialog alone needs it

        contract = picture.contract.code
        dialog = TogetherDialog(
            self._theme,
            FORMS[kind],
            picture.situation.dossier,
            lambda: self._session.today,
            count=len(keys),
            parent=self._over,
        )
        dialog.submitted.connect(
            lambda typed: self._session.change(
                "Modification d’ensemble",
                lambda desk: acts.save_together(desk, contract, kind, keys=keys, typed=typed),
                lambda _: dialog.accept(),
                dialog.refuse,
            )
        )
        dialog.open()
