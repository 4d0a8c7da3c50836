"""What the window says in passing: a change made, a paper written, what is not saved; a toast never lies on a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QCursor, QHideEvent
from PySide6.QtWidgets import QFrame, QMainWindow, QMenu, QSizePolicy, QWidget

from qpvdesk.domain import file_names
from qpvdesk.domain.change import Change
from qpvdesk.domain.french import clipped, format_date, plural
from qpvdesk.ui.kit.controls import button, literal
from qpvdesk.ui.kit.tips import announce
from qpvdesk.ui.kit.tokens import ROOM, in_row
from qpvdesk.ui.session import Session
from qpvdesk.ui.widgets.labels import ElidedLabel, label

if TYPE_CHECKING:
    from qpvdesk.ui.kept_forms import KeptElsewhere, KeptForm

_STAY_MS = 8000
EDGE = 1
"""Pixels that it keeps from the right and from the foot of the window."""

_AROUND = 5
"""Pixels that a status bar keeps above and below what stands in it."""


class Toast(QFrame):
    """One message at a time; stays while the mouse is on it or its button has the focus."""

    def __init__(self, parent: QWidget, foot: QWidget) -> None:
        """`foot`: the bar at the foot of the window, over which it lies: shown as long as there is a message where it is
        hidden, as on a projector, since the pages have all the room there."""
        super().__init__(parent)
        self.setObjectName("toast")
        self._room, self._foot = parent, foot
        self._lent = False
        """Whether the foot is shown for the message alone."""
        layout = self._row = in_row(on=self, spacing=ROOM, margins=(ROOM, 0, 0, 0))
        self._words = ElidedLabel(name="Message")
        # As long as its words where there is room for them; `ElidedLabel` alone asks for none.
        self._words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        layout.addWidget(self._words)
        self._button = button("Annuler", self._do)
        layout.addWidget(self._button)
        self._action: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._leave)
        parent.installEventFilter(self)
        self.hide()

    def say(self, words: str, action: str = "", do: Callable[[], object] | None = None) -> None:
        """Show a message, and a button that does something where `do` is given."""
        self._words.setText(words)
        self._action = do
        self._button.setVisible(do is not None)
        self._row.setContentsMargins(ROOM, 0, ROOM if do is None else 0, 0)
        self._button.setText(action)
        self._button.setAccessibleName(f"{action}\u202f: {words}" if action else "Aucune action")
        self._lent = self._lent or self._foot.isHidden()
        self._foot.show()
        self._place()
        self.show()
        self.raise_()
        self._wait()
        announce(self._words, words)

    @property
    def highest(self) -> int:
        """Its height with a button, whether or not what it said last has one."""
        for part in (self, self._words, self._button):
            part.ensurePolished()
        margins = self.contentsMargins()
        parts = max(self._words.sizeHint().height(), self._button.sizeHint().height())
        return max(self.sizeHint().height(), margins.top() + parts + margins.bottom())

    def give_foot_back(self) -> None:
        """Leave the foot shown from now on; what was said for as long as it was not is over, but what can be acted on."""
        if self._lent:
            self._lent = False
            if self._action is None:
                self.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the pages the room of the foot again."""
        super().hideEvent(event)
        if self._lent and self.isHidden():
            self._lent = False
            self._foot.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        room, wanted = self._room.size(), self.sizeHint()
        self.resize(min(wanted.width(), room.width() - 2 * EDGE), wanted.height())
        self.move(room.width() - self.width() - EDGE, room.height() - self.height() - EDGE)

    def _do(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def _wait(self) -> None:
        self._pointer = QCursor.pos()
        self._timer.start(_STAY_MS)

    def _leave(self) -> None:
        # A pointer that lay there before, and still lies there, holds nothing back.
        pointed = self.underMouse() and QCursor.pos() != self._pointer
        if pointed or self._button.hasFocus():
            self._wait()
        else:
            self.hide()


_SAID_MS = 8000
_NAME_LETTERS_MAX = 40
"""Letters of the name of a contract at the foot."""
QUICK = "saisie"
WORDS, LINES = "textes", "lignes"
_UNSAVED = {
    "releves": ("ligne de relevés en brouillon", "lignes de relevés en brouillon", "enregistrer"),
    "comites": ("décision tapée", "décisions tapées", "noter"),
    QUICK: ("chiffre tapé", "chiffres tapés", "enregistrer"),
    WORDS: ("texte tapé", "textes tapés", "enregistrer"),
    LINES: ("ligne tapée", "lignes tapées", "enregistrer"),
}
"""What is typed in a page, by its word, in the quick entry, in any other field, in a grid: noun, plural, what is still to be
done."""


class Announcer(QObject):
    """Speaks in the status bar, and by a toast that lies over it."""

    def __init__(self, window: QMainWindow, session: Session, open_colleagues: Callable[[], object]) -> None:
        super().__init__(window)
        self._session, self._bar, self._open_colleagues = session, window.statusBar(), open_colleagues
        self._toast = Toast(window, self._bar)
        self._unsaved: dict[str, str] = {}
        """What is typed and not saved, in words, by where it is."""
        self._portable = False
        self._opened = ""
        """The name of the paper that what was said last opens; empty where it opens none."""
        self._state = label("", name="État de la base")
        self._bar.addPermanentWidget(self._state)
        self._resume = button("Reprendre…", self._offer_kept, role="quiet")
        self._resume.hide()
        self._bar.addPermanentWidget(self._resume)
        self._kept: Sequence[KeptForm] = ()
        self._elsewhere: Sequence[KeptElsewhere] = ()
        self._forget: Callable[[KeptForm], object] = lambda _: None
        self._bar.setSizeGripEnabled(False)
        session.changed.connect(self._say_change)
        session.disagreed.connect(self._say_disagreements)
        session.printed.connect(self._say_printed)
        session.written.connect(self._say_printed)
        session.copied.connect(self._say_copied)

    def fit(self) -> None:
        """Make the status bar as high as a toast, so that none reaches over a page, and as its own button."""
        self._resume.ensurePolished()
        own = self._resume.sizeHint().height() + _AROUND
        self._bar.setMinimumHeight(max(self._toast.highest + 2 * EDGE, own))

    def say(self, words: str) -> None:
        self._bar.showMessage(words, _SAID_MS)
        announce(self._bar, words)

    def flash(self, words: str, action: str = "", do: Callable[[], object] | None = None) -> None:
        self._opened = ""
        self._toast.say(words, action, do)

    def leave_projector(self) -> None:
        """The foot is shown again, whatever is said."""
        self._toast.give_foot_back()

    def waiting(self) -> list[str]:
        """Return what is typed and not saved, in words."""
        return [words for words in self._unsaved.values() if words]

    def count_unsaved(self, where: str, count: int) -> None:
        """Take how many lines, decisions or figures are typed and not saved in a page, or in the quick entry."""
        noun, nouns, act = _UNSAVED[where]
        self._unsaved[where] = f"{plural(count, noun, nouns)}, à {act}" if count else ""
        self.show_state(portable=self._portable)

    def show_kept(
        self,
        kept: Sequence[KeptForm],
        forget: Callable[[KeptForm], object],
        elsewhere: Sequence[KeptElsewhere] = (),
    ) -> None:
        """Say which forms wait with words in them; each is opened again, or let go of, from beside. `elsewhere`: the other
        contracts of the base that some wait in; each is shown from beside."""
        self._kept, self._forget, self._elsewhere = kept, forget, elsewhere
        words = plural(len(kept), "brouillon gardé", "brouillons gardés")
        self._unsaved["fiches"] = f"{words}\u202f: {kept[0].title}{', …' * (len(kept) > 1)}" if kept else ""
        self._resume.setVisible(bool(kept or elsewhere))
        told = " · ".join(filter(None, (words if kept else "", self._told_elsewhere())))
        self._resume.setAccessibleName(f"Reprendre\u202f: {told}")
        self.show_state(portable=self._portable)

    def _offer_kept(self) -> None:
        menu = QMenu(self._resume)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for form in self._kept:
            menu.addAction(literal(f"Reprendre\u202f: {form.title}"), form.reopen)
        menu.addSeparator()
        for form in self._kept:
            menu.addAction(literal(f"Oublier\u202f: {form.title}"), partial(self._forget, form))
        menu.addSeparator()
        for item in self._elsewhere:
            words = f"{item.contract.name} ({plural(item.count, 'brouillon', 'brouillons')})"
            menu.addAction(
                literal(f"Voir\u202f: {words}"), partial(self._session.show_contract, item.contract.code)
            )
        menu.popup(self._resume.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def show_state(self, *, portable: bool) -> None:
        """Say whether the base can be written, and whether all is saved."""
        self._portable = portable
        picture = self._session.picture
        if picture is not None and picture.read_only:
            words = "Lecture seule"
        else:
            elsewhere = self._told_elsewhere()
            here = " · ".join(self.waiting()) or (
                "Tout est enregistré ici" if elsewhere else "Tout est enregistré"
            )
            words = " · ".join(filter(None, (here, elsewhere)))
        self._state.setText(f"Mode portable · {words}" if portable else words)

    def _told_elsewhere(self) -> str:
        """What waits in the other contracts of the base, in words; empty where nothing does."""
        if not self._elsewhere:
            return ""
        drafts = plural(
            sum(item.count for item in self._elsewhere), "brouillon attend", "brouillons attendent"
        )
        first, *others = self._elsewhere
        where = clipped(first.contract.name, _NAME_LETTERS_MAX)
        return f"{drafts} dans {f'{len(others) + 1} autres contrats' if others else where}"

    def show_opening(self) -> None:
        """Say that what is seen was kept, and that what is reckoned comes."""
        self._state.setText("Mise à jour…")

    def _say_change(self, change: Change) -> None:
        picture = self._session.picture
        papers = {thing.name for kind, _, thing in change.touched if kind == "paper" and thing is not None}
        if self._toast.isVisible() and self._opened and papers == {self._opened}:
            # It is noted for its meeting because it was written, and what opens it is still to be used.
            return
        # A package that was merged is not undone: « Annuler » would take back what the officer did before it.
        last = picture.undo_label if picture is not None else None
        words = f"{change.label}{self._beyond(change)}"
        if last is not None and change.label.endswith(last):
            self.flash(words, "Annuler", self._session.undo)
        elif picture is not None and picture.redo_label and change.label.endswith(picture.redo_label):
            self.flash(words, "Rétablir", self._session.redo)
        else:
            self.flash(words)

    def _beyond(self, change: Change) -> str:
        """Say of a figure that is later than the day looked at why nothing of it is seen; empty where it is not."""
        picture = self._session.picture
        days = [thing.day for kind, _, thing in change.touched if kind == "measurement" and thing is not None]
        if picture is None or not days or min(days) <= picture.day:
            return ""
        return f" · après le {format_date(picture.day)} que vous regardez"

    def _say_disagreements(self, count: int) -> None:
        words = plural(count, "désaccord", "désaccords")
        self.flash(f"{words} avec un collègue à trancher", "Voir", self._open_colleagues)

    def _say_printed(self, path: Path) -> None:
        from qpvdesk.ui.opening_written import open_written  # noqa: PLC0415 - 1 ms, whoever prints alone needs it

        self.flash(f"Enregistré\u202f: {file_names.shown(path.name)}", "Ouvrir", lambda: open_written(path))
        self._opened = path.name
        self._bar.showMessage(f"Enregistré dans {file_names.shown(str(path))}", 2 * _SAID_MS)

    def _say_copied(self, path: Path) -> None:
        """A copy of what came from elsewhere: said, never opened from here."""
        self.flash(f"Copie enregistrée\u202f: {file_names.shown(path.name)}")
        self._bar.showMessage(f"Copie enregistrée dans {file_names.shown(str(path))}", 2 * _SAID_MS)
