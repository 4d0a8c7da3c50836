"""Gathering engagements under one: those that are ticked become its *précisions*."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Engagement
from qpvdesk.domain.told import called
from qpvdesk.ui.dialogs.waiting import WaitingDialog
from qpvdesk.ui.kit.form_dialog import Form
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.theme import Theme

_KEY = int(Qt.ItemDataRole.UserRole)


class GroupingDialog(WaitingDialog):
    """`submitted` says the keys of the engagements that are ticked."""

    def __init__(
        self,
        theme: Theme,
        engagement: Engagement,
        others: Sequence[Engagement],
        parent: QWidget | None = None,
    ) -> None:
        """`others`: the engagements that may precise it."""
        super().__init__(f"Regrouper sous {engagement.code}", parent, heading="", width=theme.px(560))
        self.say(engagement.code, "code")
        self.say(engagement.label, "heading")
        self.say(
            "Les engagements cochés deviennent ses précisions\u202f: ils gardent leur code et leur citation, et leur "
            "météo, leurs étapes, leurs objectifs, leurs moyens et leurs pièces passent à lui.",
            "mention",
        )
        self._list = ItemList("Engagements à regrouper", wrapped=True)
        for other in others:
            self._list.add(called(other), other.key, ticked=False)
        self.column.addWidget(self._list, 1)
        self.end(Form(), self._submit)
        self.fit(theme.px(560), theme.px(560))

    def _submit(self) -> None:
        items = [self._list.item(row) for row in range(self._list.count())]
        keys = tuple(item.data(_KEY) for item in items if item.checkState() is Qt.CheckState.Checked)
        if not keys:
            self.refuse(UserError("Cochez au moins un engagement."))
            return
        self.submitted.emit(keys)
