"""What is typed in the entry grid and not saved: kept on disk as one types, found again, erased."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from qpvdesk.domain.french import format_date, plural
from qpvdesk.ui.drafts import Drafts, figures_draft
from qpvdesk.ui.kit.controls import button, rest
from qpvdesk.ui.widgets.labels import label

_DRAFT_MS = 150
_LOOK_MS = 500
"""When to look whether the draft could be written."""


class Draft(Struct, frozen=True):
    """A return that was being typed: the day and the source of its head, and its rows by key of the objective."""

    day_text: str
    source: str
    rows: Mapping[str, Any]
    when: str = ""
    """When it was typed, in words; empty where that is not known."""


class EntryDraft(QWidget):
    """Keeps the draft of one contract up to date; shows a banner where one was found."""

    erased = Signal()
    """What was typed is to be forgotten."""
    looked = Signal()
    """It is known whether the draft could be written."""

    def __init__(
        self,
        drafts: Drafts,
        current: Callable[[], Draft],
        today: Callable[[], date],
        clock: Callable[[], datetime],
    ) -> None:
        """`current`: what is typed now. `clock`: the hour on the wall, for the draft to say when it was typed."""
        super().__init__()
        self._drafts = drafts
        self._current = current
        self._today = today
        self._clock = clock
        self._contract = ""
        self._day = ""
        self._hour = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._words = label("", "banner", wrap=True)
        row.addWidget(self._words, 1)
        self._erase = button(
            "Effacer",
            self.erased.emit,
            name="Effacer le brouillon",
            hint="Oublie ce qui a été tapé et n’est pas enregistré",
        )
        row.addWidget(self._erase)
        self._pause = rest(self, _DRAFT_MS, self._keep)
        self._look = rest(self, _LOOK_MS, self.looked.emit)
        self.hide()

    @property
    def failing(self) -> bool:
        """Whether what is typed cannot be kept on the disk."""
        return self._drafts.trouble is not None

    def set_writable(self, writable: bool) -> None:
        """Offer to erase where what is typed can be changed."""
        self._erase.setVisible(writable)

    def edited(self) -> None:
        """Something was typed: keep it shortly."""
        now = self._clock()
        self._day, self._hour = self._today().isoformat(), f"{now.hour}\u00a0h\u00a0{now.minute:02}"
        self._pause.start()

    def keep_now(self) -> None:
        """Bring the draft on disk up to date at once."""
        if self._contract:
            self._pause.stop()
            self._keep()
            self._drafts.flush()

    def take_up(self, contract: str) -> Draft | None:
        """Go over to a contract (by code); return what was being typed in it, None where there is nothing."""
        self._contract = contract
        self.hide()
        content = self._drafts.take_up(self._name)
        if content is None or not isinstance(content.get("lignes"), dict):
            return None
        self._day, self._hour = str(content.get("jour", "")), str(content.get("heure", ""))
        try:
            when = f" du {format_date(date.fromisoformat(self._day))}"
        except ValueError:
            when = ""
        if when and self._hour:
            when += f" à {self._hour}"
        return Draft(str(content.get("date", "")), str(content.get("source", "")), content["lignes"], when)

    def tell(self, draft: Draft, taken: int) -> None:
        """Say how many rows of a draft were found again, and how many are no longer expected."""
        rows, lost = plural(taken, "ligne", "lignes"), len(draft.rows) - taken
        less = (
            f" {plural(lost, 'autre n’est plus attendue', 'autres ne sont plus attendues')}." if lost else ""
        )
        self._words.setText(
            f"Brouillon{draft.when} retrouvé\u202f: {rows} à enregistrer. Rien n’est encore dans la base.{less}"
        )
        self.show()

    @property
    def _name(self) -> str:
        return figures_draft(self._contract)

    def _keep(self) -> None:
        draft = self._current()
        if not draft.rows:
            self._drafts.drop(self._name)
            return
        content: dict[str, Any] = {
            "version": 1,
            "contrat": self._contract,
            "jour": self._day,
            "heure": self._hour,
            "date": draft.day_text,
            "source": draft.source,
            "lignes": draft.rows,
        }
        self._drafts.keep(self._name, content)
        self._look.start()
