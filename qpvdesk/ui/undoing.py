"""Undoing in the window: what is typed in a page before what is saved in the base, and never the one for the other."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence, QUndoStack
from PySide6.QtWidgets import QMenu, QWidget

from qpvdesk.domain.french import plural
from qpvdesk.ui.kit.controls import literal
from qpvdesk.ui.kit.tips import tip_item
from qpvdesk.ui.navigator import Navigator
from qpvdesk.ui.notify import Choice, Gravity, Notice, Notifier
from qpvdesk.ui.pages.page import Page
from qpvdesk.ui.session import Session

_FATE = {
    "Annuler": "est déjà dans la base, et en sortira",
    "Rétablir": "n’est plus dans la base, et y reviendra",
}
"""What an act is to the base, by the word that takes it back or does it again."""


class Undoing(QObject):
    """Answers « Annuler » and « Rétablir », and says in their actions what they would take back."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        navigator: Navigator,
        notifier: Notifier,
        *,
        actions: Mapping[str, QAction],
    ) -> None:
        super().__init__(window)
        self._session, self._navigator, self._notifier = session, navigator, notifier
        self._actions = actions
        self._unsaved = 0
        self.menu = QMenu("Annuler &jusqu’à", window)
        session.pictured.connect(lambda _: self.tell())
        navigator.shown.connect(lambda _: self.tell())
        navigator.page_made.connect(self._follow)

    def undo(self) -> None:
        """Undo the last thing typed in the page in view; else the last act, once it is sure that it is meant."""
        typed = self._typed()
        if typed is not None and typed.canUndo():
            typed.undo()
        elif self._meant("Annuler", self._label("undo_label")):
            self._session.undo()

    def redo(self) -> None:
        """Do again what was last undone."""
        typed = self._typed()
        if typed is not None and typed.canRedo():
            typed.redo()
        elif self._meant("Rétablir", self._label("redo_label")):
            self._session.redo()

    def tell(self) -> None:
        picture, typed = self._session.picture, self._typed()
        if picture is None:
            return
        own = ("", "") if typed is None or not picture.editable else (typed.undoText(), typed.redoText())
        can = (False, False) if typed is None else (typed.canUndo(), typed.canRedo())
        for word, name, saved, typed_words, able in (
            ("annuler", "Annuler", picture.undo_label, own[0], can[0]),
            ("retablir", "Rétablir", picture.redo_label, own[1], can[1]),
        ):
            action = self._actions[word]
            what = f"saisie, {typed_words}" if able else saved
            action.setText(literal(f"{name}\u202f: {what}") if what else name)
            action.setEnabled(picture.editable and bool(what))
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            tip_item(action, f"{name}\u202f: {what} ({keys})" if what else f"{name} ({keys})")
        self.menu.clear()
        self.menu.setEnabled(picture.editable and len(picture.undo_labels) > 1)
        for count, undone in enumerate(picture.undo_labels, start=1):
            act = self.menu.addAction(literal(undone))
            act.triggered.connect(lambda _=False, count=count: self._session.undo(count))

    def _typed(self) -> QUndoStack | None:
        page = self._navigator.current
        return page.typing if page is not None else None

    def _label(self, name: str) -> str:
        return str(getattr(self._session.picture, name, None) or "")

    def _follow(self, page: Page) -> None:
        if page.typing is not None:
            page.unsaved.connect(self._count)
            page.typing.indexChanged.connect(lambda _: self.tell())

    def _count(self, rows: int) -> None:
        self._unsaved = rows

    def _meant(self, verb: str, label: str) -> bool:
        """Ask whether an act that is saved is meant, where figures are typed and not saved."""
        if not label:
            return False
        if not self._unsaved:
            return True
        rows = plural(
            self._unsaved, "ligne est tapée et non enregistrée", "lignes sont tapées et non enregistrées"
        )
        notice = Notice(
            f"{verb} un acte enregistré",
            f"{verb} «\u202f{label}\u202f»\u202f?",
            f"Dans les relevés, {rows}\u202f: le brouillon restera tel qu’il est. Cet acte, lui, {_FATE[verb]}.",
            Gravity.QUESTION,
            (Choice("acte", f"{verb} cet acte"), Choice("laisser", "Ne rien changer")),
            careful=True,
        )
        return self._notifier.ask(notice) == "acte"
