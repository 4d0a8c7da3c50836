"""A decision noted in the meeting: its words, to whom, for when; Enter keeps it and the hand is ready for the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from PySide6.QtCore import QCoreApplication, QEventLoop, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import DUE_DAYS, clipped, enumerate_words, format_date, plural
from qpvdesk.domain.model import Partner
from qpvdesk.domain.named import in_full
from qpvdesk.services.committees.committee import DecisionEntry
from qpvdesk.ui.drafts import WAITING, Drafts
from qpvdesk.ui.kit.controls import button, kept_as_typed, text_line, undo_through
from qpvdesk.ui.kit.tips import blame, warn
from qpvdesk.ui.kit.tokens import HAIR, SNUG, in_row, stacked
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.day_edit import DayLine
from qpvdesk.ui.widgets.labels import label

_HOW = "Noter une décision, puis Entrée"
_SHOWN_LETTERS_MAX = 40

_Typed = tuple[str, ...]
"""What the fields of a decision hold: its words, to whom, for when."""


class DecisionLine(QWidget):
    """`noted` is followed by `kept` or `refuse`, and what is typed stays until it is kept; or by `send`, which frees
    the line for the next decision at once, and `written` or `give_back`. Those that come back wait beside what is typed
    since, each whole, in the order they were typed in."""

    noted = Signal(object)
    """A `DecisionEntry`."""

    typed = Signal(int)
    """How many decisions are typed and not noted: the one in the line, and those that came back."""

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
        self._told_back = label("", "mention", wrap=True, name="Décisions qui ne sont pas notées")
        self._resume = button(
            "Reprendre", self.resume, role="quiet", hint="Entrée sur la ligne vide reprend aussi la première"
        )
        column.addLayout(in_row((self._told_back, 1), self._resume, spacing=SNUG))
        self.setFocusProxy(self.words)
        self._drafts: tuple[Drafts, str] | None = None
        self._sent: dict[int, _Typed] = {}
        """What was typed of the decisions that are being noted, by the number of each."""
        self._returned: dict[int, _Typed] = {}
        """That of those that came back and the line does not hold."""
        self._count = self._number = 0
        """How many were numbered; and the number of the one in the line where it came back, else 0."""
        self._partners: tuple[Partner, ...] = ()
        for field in self._fields():
            field.textChanged.connect(lambda _: self._keep_typed())
        self._tell_returned()

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
        elif not self._begun():
            self.resume()

    def keep_in(self, drafts: Drafts, name: str) -> None:
        """Keep what is typed under that name until it is noted, the window closed included; what was found comes back, and
        what was kept under another name stays there."""
        if self._drafts is not None and self._drafts[1] == name:
            return
        self.let_go()
        found = drafts.take_up(name) or {}
        words = [str(found.get(field.accessibleName(), "")) for field in self._fields()]
        if any(words):
            self._fill(words, 0)
        for typed in found.get(WAITING, ()):
            self._returned[self._numbered()] = tuple(map(str, typed))
        self._drafts = drafts, name
        if not self._begun():
            self._take_up_first()
        self._keep_typed()

    def let_go(self) -> None:
        """Hold nothing more of what is kept under a name: it stays there, for whoever goes on with it."""
        if self._drafts is None:
            return
        self._drafts = None
        self._sent.clear()
        self._returned.clear()
        self._trouble.hide()
        self._fill(("",) * len(self._fields()), 0)

    def _fields(self) -> tuple[QLineEdit, ...]:
        return self.words, self._carrier, self._due

    def _typed(self) -> _Typed:
        return tuple(field.text() for field in self._fields())

    def _begun(self) -> bool:
        return any(map(str.strip, self._typed()))

    def _fill(self, typed: Iterable[str], number: int) -> None:
        self._number = number
        for field, words in zip(self._fields(), typed, strict=False):
            field.setText(words)

    def _numbered(self) -> int:
        self._count += 1
        return self._count

    def _keep_typed(self) -> None:
        begun = self._begun()
        self.typed.emit(begun + len(self._returned))
        self._tell_returned()
        if self._drafts is not None:
            drafts, name = self._drafts
            waiting = [typed for _, typed in sorted((self._sent | self._returned).items())]
            if begun or waiting:
                fields = {field.accessibleName(): field.text() for field in self._fields()}
                drafts.keep(name, {**fields, WAITING: waiting})
            else:
                drafts.drop(name)

    def _tell_returned(self) -> None:
        """Say which decisions came back and are not in the line."""
        named = [
            f"«\u202f{clipped(typed[0].strip() or ' '.join(typed).strip(), _SHOWN_LETTERS_MAX)}\u202f»"
            for _, typed in sorted(self._returned.items())
        ]
        count = plural(len(named), "décision n’est pas notée", "décisions ne sont pas notées")
        self._told_back.setText(f"{count}\u202f: {enumerate_words(named)}" if named else "")
        for part in (self._told_back, self._resume):
            part.setVisible(bool(named))

    def resume(self) -> None:
        """Take the first of the decisions that came back up again; the one in the line waits after the others."""
        if self._take_up_first():
            self.words.setFocus()

    def _take_up_first(self) -> bool:
        """Do so, wherever the hand is; whether one came back."""
        if not self._returned:
            return False
        number = min(self._returned)
        typed = self._returned.pop(number)
        if self._begun():
            self._returned[self._numbered()] = self._typed()
        self._fill(typed, number)
        return True

    def take(self, entry: DecisionEntry) -> None:
        """Note a decision that was typed elsewhere; another that the line holds waits beside it."""
        # The draft of that very decision may have come here already.
        if self._begun() and self.words.text() != entry.label:
            self._returned[self._numbered()] = self._typed()
        self._fill((entry.label, entry.carrier, format_date(entry.due) if entry.due else ""), 0)
        self.submit()

    def kept(self) -> None:
        self._fill(("",) * len(self._fields()), 0)
        self.words.setFocus()

    def send(self) -> int:
        """Be free for the next decision while this one is noted, whose number is returned: what a hand types before the
        answer is not part of it."""
        number = self._number or self._numbered()
        self._sent[number] = self._typed()
        self.kept()
        return number

    @property
    def is_answered(self) -> bool:
        """Whether it is known of each decision that was sent what became of it."""
        return not self._sent

    def written(self, number: int) -> None:
        """A decision that was sent is noted."""
        self._sent.pop(number, None)
        self._keep_typed()

    def give_back(self, number: int, error: UserError | None = None) -> None:
        """Take back a decision that was sent and is not noted: in the line where nothing is typed since, else beside."""
        if error is not None:
            self.refuse(error)
        typed = self._sent.pop(number, None)
        if typed is None:
            return
        self._returned[number] = typed
        if self._begun():
            self._keep_typed()
        else:
            # The hand may have gone on elsewhere: it stays there.
            self._take_up_first()

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


def await_answers(line: DecisionLine) -> None:
    """Return once it is known of each decision that was sent what became of it, as the window closes: the base is closed
    behind what was asked of it, so that this waits no longer than that does."""
    waiting = (
        QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
    )
    while not line.is_answered:
        QCoreApplication.processEvents(waiting)
