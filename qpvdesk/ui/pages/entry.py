"""Relevés: every figure a partner owes, in one grid made to be typed in during the meeting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QLineEdit, QStackedWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import plural
from qpvdesk.services.measurements import Effect, Entry
from qpvdesk.ui.dialogs.pasting import PastingDialog
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.kit.controls import button, kept_as_typed, leaves, rest
from qpvdesk.ui.kit.tokens import EDGE, GAP, ROOM, fill, stacked
from qpvdesk.ui.models.entry import EntryModel
from qpvdesk.ui.models.entry_paste import Pasting
from qpvdesk.ui.models.entry_rows import EntryColumn, Typed, rows_of
from qpvdesk.ui.models.pasted_text import cells_of
from qpvdesk.ui.pages.entry_draft import Draft, EntryDraft
from qpvdesk.ui.pages.entry_head import EntryHead
from qpvdesk.ui.pages.page import ASSESSED, Address, Page, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets import entry_menu
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.entry_line import EntryLine
from qpvdesk.ui.widgets.entry_table import EntryTable

_EFFECT_MS = 60

Effects = Mapping[str, Effect | UserError]
Preview = Callable[[tuple[Entry, ...], Callable[[Effects], None], Callable[[UserError], None]], None]
"""Asks what entries would change; answers later, in the GUI thread."""


class EntryPage(Page):
    """Choice of the figures, date and source of the return, grid, what is to be saved.

    What is typed is kept in `drafts` shortly after each edit, until it is saved or erased.
    """

    kinds = ASSESSED | {"engagement"}
    word = "releves"
    title = "Relevés"

    saving = Signal(object)
    """The entries (a tuple of `Entry`) to save; `saved` or `refuse` is then called."""

    def __init__(
        self,
        theme: Theme,
        preview: Preview,
        drafts: Drafts,
        today: Callable[[], date],
        *,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        """`clock`: the hour on the wall, for the draft to say when it was typed."""
        super().__init__()
        self._theme = theme
        self._preview = preview
        self._today = today
        self._picture: Picture | None = None
        self._contract = ""
        self._habits: Mapping[str, str] = {}
        self._asked = 0
        self._saving, self._sent = False, dict[str, Typed]()
        self._refusal = ""
        """Why the last save was refused, until something else is typed."""
        self._left: Sequence[str] = ()
        """What the lines say that the last paste left."""
        self._model = EntryModel(self)
        self.typing: QUndoStack = self._model.undo_stack
        layout = stacked(on=self, spacing=GAP, margins=(EDGE, ROOM, EDGE, ROOM))
        head, self._mention = page_head(self.title)
        self._save = button(
            "Enregistrer",
            self.save,
            role="primary",
            hint="Enregistre toutes les valeurs en une fois (Ctrl+S)",
        )
        head.addWidget(self._save)
        layout.addLayout(head)
        self._head = EntryHead(theme, today)
        layout.addWidget(self._head)
        self._draft = EntryDraft(
            drafts, lambda: Draft(self._head.day_text, self._head.source, self._model.draft()), today, clock
        )
        fill(layout, self._draft, (self._make_grid(theme), 1))
        self._line = EntryLine(theme)
        layout.addWidget(self._line)
        self._effects_pause = rest(self, _EFFECT_MS, self._ask_effects)
        self._head.filtered.connect(self._apply)
        self._head.returned.connect(self._take_return)
        self._head.returned.connect(self._edited)
        self._head.entered.connect(self._table.enter)
        self._head.figured.connect(self._table.begin)
        self._head.pasted.connect(self._table.paste)
        self._draft.erased.connect(self._erase)
        self._draft.looked.connect(self._tell_row)
        self._model.edited.connect(self._edited)
        self._model.source_taken.connect(lambda source: self._head.set_return(self._head.day_text, source))
        self._tell()

    def show_picture(self, picture: Picture) -> None:
        """Show another picture; what was typed stays, unless the contract is another."""
        same = picture.contract.code == self._contract
        # New rows would take the open cell away with what is being typed in it.
        if same and self._table.delegate.wait(lambda: self.show_picture(picture)):
            return
        if not same:
            self._draft.keep_now()
            self._left = ()
        self._picture, self._saving = picture, False
        self._contract = picture.contract.code
        self._model.read_only = not picture.editable
        self._head.set_writable(picture.editable)
        self._draft.set_writable(picture.editable)
        self._save.setHidden(picture.projected)
        index, objective = self._table.currentIndex(), self.objective
        row, column = index.row(), index.column()
        rows = rows_of(picture.situation)
        self._head.show_situation(picture.situation, rows)
        self._model.set_rows(rows, self._today(), keep=same)
        if not same:
            self._begin(min(picture.day, self._today()))
        self._apply()
        if objective and not self._table.select_objective(objective, column) and self._model.shown:
            self._table.stand(min(row, len(self._model.shown) - 1), EntryColumn.VALUE)
        self._ask_effects()

    def arrive(self, address: Address) -> None:
        """Show the figures of a partner (its code), and take the focus: the grid, else the choice."""
        if address.focus or address.filters:
            self._head.choose(address.focus, address)
        if address.focus and self._model.rowCount():
            self._table.enter()
        else:
            self._head.partner.setFocus()

    def address(self) -> Address:
        return Address(self.word, self._head.code, self._head.filters)

    def habits(self) -> Mapping[str, str]:
        """Return the partner, by code: another contract has its own."""
        return {f"partenaire-{self._contract}": self._head.code}

    def take_habits(self, habits: Mapping[str, str]) -> None:
        """Keep the partner for the first picture."""
        self._habits = habits

    @property
    def objective(self) -> str:
        """Key of the objective under the hand; empty where there is none."""
        row = self._table.current_row()
        return row.objective.key if row else ""

    def save(self) -> None:
        """Ask for everything typed to be saved, but for the rows that are to be mended."""
        self._table.finish_editing()
        if self._saving or self._model.read_only:
            return
        entries = self._model.ready()
        if not entries:
            self._show_first_trouble()
            return
        self._saving, self._refusal = True, ""
        self._sent = {row.objective.key: row.typed for row in self._model.rows}
        self._save.setEnabled(False)
        self.saving.emit(entries)

    def saved(self, entries: tuple[Entry, ...]) -> None:
        """Forget what is now in the base; what is to be mended, or was typed since it was sent, stays."""
        self._saving, self._left = False, ()
        saved = {entry.objective for entry in entries}
        same = (row for row in self._model.rows if row.typed == self._sent.get(row.objective.key))
        self._model.forget([row.objective.key for row in same if row.objective.key in saved])
        # The source stays for the next figures; it is saved with these.
        self._head.set_return(self._head.day_text, self._head.source)
        self._draft.keep_now()
        self._draft.hide()
        self._apply()
        self._show_first_trouble()

    def refuse(self, error: UserError) -> None:
        """Keep everything typed, and say why it was not saved."""
        self._saving = False
        self._refusal = str(error)
        self._tell()

    def leave(self) -> None:
        """The window closes: what is typed waits on disk."""
        self._table.finish_editing()
        self._draft.keep_now()
        # Else it would be cleared when the window is taken down, and tell whoever listens.
        self.typing.clear()

    def _make_grid(self, theme: Theme) -> QStackedWidget:
        self._table = EntryTable(theme, self._model)
        self._table.row_changed.connect(lambda _: self._tell_row())
        self._table.pasting.connect(self._show_pasting)
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._table.customContextMenuRequested.connect(self._offer)
        self._model.moved.connect(self._bring)
        self._table.left.connect(self._head.partner.setFocus)
        self._empty = EmptyState(
            "", "", " ", lambda: self._head.widen() if self._model.rows else self.making.emit("objective", {})
        )
        self._stack = leaves(self._table, self._empty)
        return self._stack

    def _apply(self) -> None:
        if self._picture is None:
            return
        last = min(self._picture.day, self._today())
        if not self._model.draft() and self._head.propose(self._model.rows, last):
            self._take_return()
        rows = self._head.asked(self._model.rows)
        _say_why(self._empty, asked=bool(self._model.rows))
        if [row.objective.key for row in rows] != [
            row.objective.key for row in self._model.shown
        ] or not rows:
            objective = self.objective
            self._model.show_rows(rows)
            if objective:
                self._table.select_objective(objective)
        self._stack.setCurrentIndex(0 if rows else 1)
        self._tell()

    def _take_return(self) -> None:
        self._head.check_day()
        self._model.set_return(self._head.day_text, self._head.source)

    def _edited(self) -> None:
        self._refusal = ""
        self._draft.edited()
        self._effects_pause.start()
        self._tell()

    def _ask_effects(self) -> None:
        self._asked += 1
        asked = self._asked
        entries = self._model.entries()
        if not entries:
            self._model.take_effects({})
            self._tell()
            return

        def answer(effects: Effects) -> None:
            if asked == self._asked:
                changed = self._model.take_effects(effects)
                self._tell()
                self._line.announce(changed)

        def refused(error: UserError) -> None:
            self._line.say(str(error), "error")

        self._preview(entries, answer, refused)

    def _begin(self, day: date) -> None:
        """Begin a return on a day, or go on with the one that was being typed."""
        draft = self._draft.take_up(self._contract)
        self._head.begin(day)
        if draft:
            self._head.set_return(draft.day_text, draft.source)
        self._take_return()
        self._head.choose(self._habits.get(f"partenaire-{self._contract}", ""))
        taken = self._model.take_draft(draft.rows) if draft else 0
        if draft is not None and taken:
            self._draft.tell(draft, taken)
            self._apply()
            if any(not row.typed.is_empty and row not in self._model.shown for row in self._model.rows):
                self._head.choose("")

    def _erase(self) -> None:
        self._left = ()
        self._model.type_all("brouillon effacé", {row.objective.key: Typed() for row in self._model.rows})
        self._draft.hide()
        self._draft.keep_now()
        self._ask_effects()
        self._apply()
        self._head.partner.setFocus()

    def _show_first_trouble(self) -> None:
        troubled = self._model.troubled()
        if troubled:
            self._bring(troubled[0].objective.key, troubled[0].trouble_place)

    def _tell(self) -> None:
        ready, wrong = len(self._model.ready()), len(self._model.troubled())
        shown = plural(self._model.rowCount(), *self._head.noun)
        words = [shown]
        if ready:
            words.append(f"{plural(ready, 'valeur', 'valeurs')} à enregistrer")
        if wrong:
            words.append(f"{plural(wrong, 'ligne', 'lignes')} à corriger")
        self._mention.setText(", ".join(words))
        waiting = sum(not row.typed.is_empty for row in self._model.rows)
        self.unsaved.emit(waiting)
        # Where rows wait on disk, their source does with them.
        kept_as_typed(*self._head.findChildren(QLineEdit), kept=waiting > 0)
        self._save.setEnabled(bool(ready) and not self._saving and not self._model.read_only)
        doubtful = len(self._model.doubtful())
        remark = f" ({doubtful} à vérifier)" if doubtful else ""
        self._save.setText(
            f"Enregistrer {plural(ready, 'valeur', 'valeurs')}{remark}" if ready else "Enregistrer"
        )
        self._tell_row()

    def _offer(self, where: QPoint) -> None:
        """Open the menu of the row under the hand."""
        entry_menu.pop_up(
            self._table,
            where,
            detail=lambda row: self.entering.emit(row.objective.key, ""),
            read=lambda row: self.go("objectifs", row.objective.code),
            writable=not self._model.read_only,
        )

    def _show_pasting(self, text: str) -> None:
        start = max(0, self._table.currentIndex().row())
        grid = self._model
        pasting = Pasting(cells_of(text), grid.rows, grid.shown, start, day=grid.day_text)
        doubt = partial(_doubt, self._preview, self._model, today=self._today())
        dialog = PastingDialog(self._theme, pasting, self._today, doubt, parent=self)
        dialog.taken.connect(self._paste)
        dialog.open()

    def _paste(self, typed: Mapping[str, Typed], left: Sequence[str]) -> None:
        self._left = left
        self._model.type_all("collage", typed)
        if not typed.keys() <= {row.objective.key for row in self._model.shown}:
            self._head.choose("", Address(self.word))
        self._bring(next(iter(typed)))

    def _bring(self, key: str, column: int = EntryColumn.VALUE) -> None:
        """Put the hand on an objective, whatever the choice of figures left out."""
        if not self._table.select_objective(key, column):
            self._head.choose("", Address(self.word))
            self._table.select_objective(key, column)
        self._table.setFocus()

    def _tell_row(self) -> None:
        if self._refusal:
            self._line.say(self._refusal, "error")
            return
        self._line.tell(
            self._model,
            self._table.current_row(),
            unsafe=self._draft.failing,
            day=self._head.usual_day,
            left=self._left,
        )


def _doubt(
    preview: Preview,
    model: EntryModel,
    typed: Mapping[str, Typed],
    answer: Callable[[Mapping[str, str]], None],
    *,
    today: date,
) -> None:
    """Answer what is to be looked at, were these words typed in rows, by key of their objective."""
    rows = (replace(row, typed=typed[row.objective.key]) for row in model.rows if row.objective.key in typed)
    entries = tuple(entry for row in rows if (entry := row.entry(model.day_text, today)) is not None)

    def say(effects: Effects) -> None:
        answer(
            {
                key: effect.message if isinstance(effect, UserError) else " ".join(effect.warnings)
                for key, effect in effects.items()
            }
        )

    if entries:
        preview(entries, say, lambda _: None)


def _say_why(empty: EmptyState, *, asked: bool) -> None:
    """Say why there is nothing to enter: for this choice, or, where no figure is `asked`, in the whole contract."""
    if asked:
        empty.say(
            "Rien à relever ici",
            "Aucun chiffre n’est en retard pour ce choix. Entrée montre aussi ceux qui sont à jour\u202f; un chiffre"
            " qui se calcule depuis ses déclinaisons n’a pas de ligne.",
            "Tout afficher",
        )
    else:
        empty.say(
            "Rien à relever encore",
            "Les chiffres attendus viennent des objectifs\u202f: dès le premier inscrit, sa valeur se saisit ici.",
            "Nouvel objectif…",
        )
