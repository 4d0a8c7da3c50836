"""A figure told by phone or in a meeting: which objective, its value, Enter; a tray at the foot of the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date, lowered
from qpvdesk.domain.model import Objective
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.wording import called
from qpvdesk.ui.kit.controls import Hand, SourceLine, TitledFields, button, kept_as_typed, rest, undo_through
from qpvdesk.ui.kit.focus import TypedAhead
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.kit.tips import blame, restyle, tell, tip
from qpvdesk.ui.kit.tokens import EDGE, GAP, ROOM, TIGHT, fill, in_row, stacked
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.day_edit import FigureDayLine
from qpvdesk.ui.widgets.labels import aside, label

if TYPE_CHECKING:
    from qpvdesk.services.measurements import Effect, Entry
    from qpvdesk.services.search import Found

_CODE = int(Qt.ItemDataRole.UserRole)
_REST_MS = 120
_LINES = 5
_HOW = "Quelques lettres du libellé ou du code, Entrée, la valeur, Entrée. Ctrl+Entrée ouvre le détail, Échap ferme."
_SAVING = "Ce chiffre s’enregistre\u202f: la saisie rapide se ferme ensuite."
_LEAVING = "Ce chiffre n’est pas enregistré\u202f: Entrée l’enregistre, Échap encore une fois l’oublie."


class QuickEntry(QFrame):
    """Stays open for the next figure until Escape; there in a projected meeting too."""

    detailing = Signal(str, object)
    """The objective, by key, whose figure goes on in its form, and what is typed of it, by field of `Entry`."""

    def __init__(self, theme: Theme, session: Session) -> None:
        super().__init__()
        self.setObjectName("tray")
        self.setAccessibleName("Saisie rapide")
        self._session = session
        self._hand = Hand()
        self._situation: Situation | None = None
        self._sought = ""
        """The words that are looked for and not answered yet."""
        self._keys: list[Callable[[], None]] = []
        """What was asked for by the Enter key before the answer came: it is done then."""
        self._doubt = ""
        """Why none of what was found is taken unless it is chosen."""
        self._objective: Objective | None = None
        self._saved = ""
        """What was saved last, in words."""
        self._shown: Entry | None = None
        """The entry whose effect is in view and without a doubt, or was asked about: Enter keeps it."""
        self.why_no_detail: Callable[[str, Mapping[str, str]], str] = lambda *_: ""
        self._fields = TitledFields()
        column = stacked(on=self, spacing=TIGHT, margins=(EDGE, GAP, ROOM, GAP))
        self._found = ItemList("Objectifs trouvés")
        self._found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._found.itemClicked.connect(lambda _: self._choose())
        self._theme = theme
        column.addWidget(self._found)
        fill(column, first := in_row(spacing=GAP), row := in_row(spacing=GAP))
        self._name = self._fields.add(first, "&Quel objectif\u202f?", "un mot du libellé, un code")
        self._name.textChanged.connect(self._search)
        self._value = self._fields.add(row, "&Valeur", "12 sur 48", width=110)
        self.typed, self.valued = self._value.text, self._value.textChanged
        self._unit = label("", "mention")
        row.addWidget(self._unit)
        self._day = FigureDayLine(lambda: session.today)
        self._fields.add(row, "&Au", "JJ/MM/AAAA", width=96, field=self._day)
        self._source = SourceLine()
        self._fields.add(row, "S&ource", "qui l’a dit", width=130, field=self._source)
        self._save = button(
            "Enregistrer", lambda: self._press(naming=False), role="primary", hint="Entrée enregistre aussi"
        )
        fill(row, self._save, 1)
        first.addWidget(
            button("Fermer", self._ask_to_leave, role="quiet", hint="Ferme la saisie rapide (Échap)")
        )
        self._words = aside(_HOW, name="Effet du relevé")
        column.addWidget(self._words)
        self._figure = (self._value, self._day, self._source)
        self._pause = rest(self, _REST_MS, self._ask)
        self._ahead = TypedAhead(self, self._name, *self._figure)
        self._ahead.let_go = partial(_tell_again, self)
        undo_through(self._name, self._value, self._source)
        kept_as_typed(self._name)
        for field in self._figure:
            field.textChanged.connect(lambda _: self._pause.start())
        session.pictured.connect(self._take)
        session.changed.connect(self._follow)
        theme.changed.connect(self._fit)
        self._fit()
        self.hide()

    def open_on(self, key: str) -> None:
        """Show the tray; `key`: the objective proposed, empty for none."""
        picture = self._session.picture
        if picture is None or picture.read_only:
            return
        self._take(picture)
        if not self.isVisible():
            self._hand.note()
            self._day.setText(format_date(self._session.today))
            self._value.clear()
        self.show()
        self._set(next((item for item in self._objectives() if item.key == key), None))
        self._name.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._name.selectAll()
        self._pause.stop()
        self._say(_HOW)

    def leave(self) -> None:
        """Hide the tray; the hand goes back to the page."""
        self._pause.stop()
        self._sought = ""
        self._keys.clear()
        self._ahead.forget()
        self.hide()
        self._value.clear()
        self._source.clear()
        self._set(None)
        self._hand.give_back()

    def _ask_to_leave(self) -> None:
        """Hide the tray, in its turn where a figure is being saved; what is typed and not saved is told first."""
        if self._ahead.is_on:
            self._ahead.hold_escape()
            self._say(_SAVING)
        elif self._value.text().strip() and self._words.text() != _LEAVING:
            self._pause.stop()
            self._say(_LEAVING, "warning")
            if isinstance(self.window().focusWidget(), QPushButton):
                # Enter, which is to save, would press « Fermer » again.
                self._value.setFocus()
        else:
            self.leave()

    def event(self, event: QEvent) -> bool:
        """Keep Escape from whatever else it would close."""
        is_override = event.type() is QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, the arrows choose, Escape leaves."""
        key, naming = event.key(), self._name.hasFocus()
        if key == Qt.Key.Key_Escape:
            self._ask_to_leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            detailed = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._press(naming=naming, detailed=detailed)
        elif naming and key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._found.count():
            row = self._found.currentRow()
            row = row + 1 if key == Qt.Key.Key_Down else max(row, 0) - 1
            self._found.setCurrentRow(row % self._found.count())
        else:
            super().keyPressEvent(event)

    def _press(self, *, naming: bool, detailed: bool = False) -> None:
        """Go on, once what was looked for is found."""
        if self._ahead.is_on:
            return
        if not self._sought:
            self._enter(naming=naming, detailed=detailed)
            return
        # What is typed next is the value, whether the objective is found yet or not.
        self._keys.append(partial(self._enter, naming=naming, detailed=detailed))
        if naming:
            self._value.setFocus()
            self._value.selectAll()
        elif not detailed:
            self._ahead.await_last(self._session)

    def _enter(self, *, naming: bool, detailed: bool) -> None:
        if naming or self._objective is None:
            self._choose()
        if detailed:
            self._detail()
        elif not naming:
            self._submit()

    def _fit(self) -> None:
        self._found.setFixedHeight(self._theme.px(24) * _LINES)
        self._fields.fit(self._theme)

    def _take(self, picture: Picture) -> None:
        if picture.read_only:
            self.hide()
        self._situation = picture.situation

    def _objectives(self) -> list[Objective]:
        assessments = self._situation.assessments if self._situation is not None else {}
        return [item.objective for item in assessments.values()]

    def _search(self, text: str) -> None:
        """Look for the objectives of that name; what was typed since has other answers to come."""
        from qpvdesk.services import search  # noqa: PLC0415 - 2 ms, whoever looks for something alone needs it

        self._objective, self._doubt = None, ""
        self._unit.clear()
        self._keys.clear()
        self._sought = text.strip()
        if not self._sought:
            self._offer("", ())
            return
        sought, contract = self._sought, self._session.contract
        self._session.ask(
            "Recherche",
            lambda desk: (
                search.find(desk, contract, sought, kind="objective") if sought == self._sought else ()
            ),
            lambda found: self._offer(sought, found),
            lambda error: self._offer(sought, (), str(error)),
        )

    def _offer(self, sought: str, hits: Sequence[Found], trouble: str = "") -> None:
        if sought != self._sought:
            return
        from qpvdesk.ui.quick_found import offer_objectives  # noqa: PLC0415 - 4 ms, whoever looks for something alone needs it

        self._sought = ""
        self._doubt = offer_objectives(self._found, sought, hits, self._objectives())
        nothing = "" if self._found.count() else self._doubt
        self._say(trouble or nothing or _HOW, "error" if trouble else "mention")
        keys, self._keys = self._keys, []
        if nothing:
            self._ahead.forget()
            self._name.setFocus()
            return
        for press in keys:
            press()

    def _choose(self) -> None:
        """Take the objective chosen in the list, or the one proposed; the hand goes on to its value."""
        item = self._found.currentItem() if self._found.isVisible() else None
        if item is not None:
            self._set(next(known for known in self._objectives() if known.code == item.data(_CODE)))
        if self._objective is not None:
            if not self._value.hasFocus():
                self._value.setFocus()
                self._value.selectAll()
            self._ask()
        elif self._doubt:
            self._ahead.forget()
            self._name.setFocus()
            self._say(self._doubt, "warning")

    def _set(self, objective: Objective | None) -> None:
        self._source.stand_for(objective.partner if objective is not None else "")
        self._objective, self._shown, self._doubt = objective, None, ""
        for field in self._figure:
            # What was wrong with a figure given up is not with the next.
            blame(field, "")
        self._found.hide()
        with QSignalBlocker(self._name):
            self._name.setText(called(objective) if objective else "")
        self._name.setCursorPosition(0)
        tip(self._name, self._name.text())
        unit = objective.unit if objective else ""
        self._unit.setText("oui ou non" if objective and objective.aim.yes_or_no else unit)

    def _detail(self) -> None:
        if self._objective is None:
            return
        from qpvdesk.ui.quick_figure import typed_words  # noqa: PLC0415 - 37 ms, whoever enters a figure alone needs it

        key, typed = self._objective.key, typed_words(self._figure, self._session.today)
        if why := self.why_no_detail(key, typed):
            self._say(f"{why} Entrée enregistre le chiffre.", "warning")
            return
        self.leave()
        self.detailing.emit(key, typed)

    def _entry(self) -> Entry | None:
        """Return what is typed; None where a field holds what cannot be: it is outlined, and why is said."""
        from qpvdesk.ui.quick_figure import typed_entry  # noqa: PLC0415 - 37 ms, whoever enters a figure alone needs it

        assert self._objective is not None
        try:
            return typed_entry(self._objective, self._figure, self._session.today)
        except UserError as error:
            self._say(str(error), "error")
            return None

    def _ask(self) -> None:
        """Say what the figure would change; where none is typed, where the objective stands."""
        if self._objective is None or self._situation is None:
            return
        if not self._value.text().strip():
            from qpvdesk.ui.quick_found import last_told  # noqa: PLC0415 - 4 ms, whoever enters a figure alone needs it

            self._say(last_told(self._situation.assessments[self._objective.key]))
            return
        entry = self._entry()
        if entry is not None:
            self._preview(entry, lambda effect: self._show(entry, effect))

    def _preview(self, entry: Entry, shown: Callable[[Effect], None]) -> None:
        """Reckon what the figure would change, and give it to `shown`."""
        from qpvdesk.services import measurements  # noqa: PLC0415 - 36 ms, whoever enters a figure alone needs it

        self._session.preview(
            lambda desk, now: measurements.preview(now, entry, today=desk.today()),
            shown,
            lambda error: self._say(str(error), "error"),
        )

    def _show(self, entry: Entry, effect: Effect, *, asked: bool = False) -> None:
        if self._objective is None or entry.objective != self._objective.key:
            return
        # A doubt that came under the hand while it typed was not read yet: Enter asks first.
        self._shown = entry if asked or not effect.warnings else None
        words = effect.words
        if effect.warnings:
            more = ("Entrée encore une fois le confirme.",) if asked else ()
            self._say(f"À vérifier\u202f: {' '.join((*effect.warnings, words, *more))}", "warning")
        else:
            on = "" if self._day.text() == format_date(entry.day) else f"Au {format_date(entry.day)}\u202f: "
            self._say(f"{on}{lowered(words)}" if on else words)

    def _submit(self) -> None:
        """Save the figure; what is doubtful in it is shown first."""
        self._pause.stop()
        if self._objective is None:
            self._ahead.forget()
            self._name.setFocus()
            return
        entry = self._entry()
        if entry is None:
            self._ahead.forget()
            at_fault = self._day if self._day.property("invalid") else self._value
            at_fault.setFocus()
            at_fault.selectAll()
            return
        if entry == self._shown:
            self._keep(entry)
            return

        def answer(effect: Effect) -> None:
            if effect.warnings:
                self._ahead.forget()
                self._show(entry, effect, asked=True)
            else:
                self._keep(entry)

        self._preview(entry, answer)
        self._ahead.await_last(self._session)

    def _keep(self, entry: Entry) -> None:
        from qpvdesk.services import measurements  # noqa: PLC0415 - 36 ms, whoever enters a figure alone needs it

        contract = self._session.contract
        self._session.change(
            "Enregistrement du relevé",
            lambda desk: measurements.record(desk, contract, entry),
            self._kept,
            lambda error: self._say(str(error), "error"),
        )
        self._ahead.await_last(self._session)

    def _kept(self, change: Change) -> None:
        self._saved = change.label if change.kinds else ""
        self._value.clear()
        self._source.setModified(False)
        self._set(None)
        self._say(f"Enregistré\u202f: {change.label}." if change.kinds else f"{change.label}.")
        if self.isVisible():
            self._name.setFocus()
            self._ahead.give()

    def _follow(self, change: Change) -> None:
        """Say that the figure just saved was undone, or done again: what is said of it stays true."""
        if self._saved and change.label != self._saved and change.label.endswith(self._saved):
            verb = "Annulé" if change.label.startswith("Annul") else "Enregistré"
            self._say(f"{verb}\u202f: {self._saved}.")

    def _say(self, words: str, role: str = "mention") -> None:
        restyle(self._words, role=role)
        tell(self._words, words)


def _tell_again(tray: QuickEntry) -> None:
    """Say of a figure that a fault of the program kept from being saved what it would change, as before."""
    if tray._words.text() == _SAVING:
        tray._ask()
