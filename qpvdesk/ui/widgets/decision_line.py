"""A decision noted in the meeting: its words, to whom, for when; Enter keeps it and the hand is ready for the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import DUE_DAYS, format_date
from qpvdesk.domain.model import Partner
from qpvdesk.domain.named import in_full
from qpvdesk.services.committees.committee import DecisionEntry
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.kit.controls import button, kept_as_typed, text_line, undo_through
from qpvdesk.ui.kit.tips import blame, warn
from qpvdesk.ui.kit.tokens import HAIR, SNUG, in_row, stacked
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.day_edit import DayLine
from qpvdesk.ui.widgets.labels import label

_HOW = "Noter une décision, puis Entrée"


class DecisionLine(QWidget):
    """`noted` is followed by `kept` or `refuse`, and what is typed stays until it is kept; or by `send`, which frees
    the line for the next decision at once, and `written` or `give_back`."""

    noted = Signal(object)
    """A `DecisionEntry`."""

    typed = Signal(int)
    """How many decisions are typed and not noted: one or none."""

    def __init__(self, theme: Theme, today: Callable[[], date]) -> None:
        super().__init__()
        column = stacked(on=self, spacing=HAIR)
        row = in_row(spacing=SNUG)
        self.words = self._field(row, _HOW, "Décision à noter", 0)
        self._carrier = self._field(row, "Confiée à", "Confiée à", theme.px(130))
        self._due = DayLine(today, ahead=DUE_DAYS)
        self._due.setAccessibleName("Échéance")
        self._due.setFixedWidth(theme.px(112))
        self._due.textChanged.connect(lambda _: blame(self._due, ""))
        row.addWidget(self._due)
        undo_through(self.words, self._carrier, self._due)
        kept_as_typed(self.words, self._carrier)
        self._known = QStringListModel(self)
        completer = QCompleter(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._carrier.setCompleter(completer)
        self._keep = button("Noter", self.submit, hint="Entrée note aussi")
        row.addWidget(self._keep)
        column.addLayout(row)
        self._trouble = label("", "error", wrap=True, name="Ce qui empêche de noter")
        self._trouble.hide()
        column.addWidget(self._trouble)
        self.setFocusProxy(self.words)
        self._drafts: tuple[Drafts, str] | None = None
        self._sent: dict[int, tuple[str, ...]] = {}
        """What was typed of the decisions that are being noted, by the number of each."""
        self._sent_count = 0
        self._partners: tuple[Partner, ...] = ()
        for field in self._fields():
            field.textChanged.connect(lambda _: self._keep_typed())

    def say_meeting(self, words: str) -> None:
        self.words.setPlaceholderText(f"{_HOW} ({words})")

    def suggest(self, carriers: Iterable[str], partners: Iterable[Partner]) -> None:
        """Offer those who may carry a decision out; a partner typed by its code is called by its name."""
        self._known.setStringList(list(carriers))
        self._partners = tuple(partners)

    def set_editable(self, editable: bool, *, shown: bool) -> None:
        """Let decisions be noted, or not."""
        self.setVisible(shown)
        self.setEnabled(editable)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
            return
        super().keyPressEvent(event)

    def submit(self) -> None:
        try:
            due = self._due.day_if_any()
        except UserError as error:
            self.refuse(error)
            blame(self._due, str(error))
            self._due.setFocus()
            return
        if self.words.text().strip():
            self._trouble.hide()
            carrier = in_full(self._carrier.text(), self._partners)
            self.noted.emit(DecisionEntry(self.words.text(), carrier, due))

    def keep_in(self, drafts: Drafts, name: str) -> None:
        """Keep what is typed under that name until it is noted, the window closed included; what was found comes back."""
        if self._drafts is not None and self._drafts[1] == name:
            return
        found = drafts.take_up(name) or {}
        self._drafts = drafts, name
        for field in self._fields():
            if words := found.get(field.accessibleName()):
                field.setText(str(words))

    def _fields(self) -> tuple[QLineEdit, ...]:
        return self.words, self._carrier, self._due

    def _keep_typed(self) -> None:
        typed = {field.accessibleName(): field.text() for field in self._fields()}
        begun = any(map(str.strip, typed.values()))
        self.typed.emit(begun)
        if self._drafts is not None:
            drafts, name = self._drafts
            if begun:
                drafts.keep(name, typed)
            elif not self._sent:
                drafts.drop(name)

    def take(self, entry: DecisionEntry) -> None:
        """Note a decision that was typed elsewhere."""
        self.words.setText(entry.label)
        self._carrier.setText(entry.carrier)
        self._due.setText(format_date(entry.due) if entry.due else "")
        self.submit()

    def kept(self) -> None:
        for field in self._fields():
            field.clear()
        self.words.setFocus()

    def send(self) -> int:
        """Be free for the next decision while this one is noted, whose number is returned: what a hand types before the
        answer is not part of it."""
        self._sent_count += 1
        self._sent[self._sent_count] = tuple(field.text() for field in self._fields())
        self.kept()
        return self._sent_count

    def written(self, number: int) -> None:
        """A decision that was sent is noted."""
        self._sent.pop(number, None)
        self._keep_typed()

    def give_back(self, number: int, error: UserError | None = None) -> None:
        """Take back a decision that was sent and is not noted, before what was typed since."""
        if error is not None:
            self.refuse(error)
        for field, words in zip(self._fields(), self._sent.pop(number, ()), strict=False):
            since = field.text()
            both = f"{words}\u202f; {since}" if field is self.words and since else since or words
            field.setText(both)

    def refuse(self, error: UserError) -> None:
        """Say why it was not kept; what is typed stays."""
        warn(self._trouble, str(error))

    @staticmethod
    def _field(row: QHBoxLayout, placeholder: str, name: str, width: int) -> QLineEdit:
        field = text_line(name, placeholder)
        if width:
            field.setFixedWidth(width)
        row.addWidget(field, 0 if width else 1)
        return field
