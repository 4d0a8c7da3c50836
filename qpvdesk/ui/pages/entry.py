"""Relevés: every figure a partner owes, in one grid made to be typed in during the meeting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.expected import is_expected
from qpvdesk.domain.french import fold, format_date, parse_date, plural
from qpvdesk.domain.model import THEME_LABELS
from qpvdesk.domain.model import Theme as Thematique
from qpvdesk.services.measurements import Effect, Entry
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.kit.tips import describe, tip
from qpvdesk.ui.models.entry import EntryModel
from qpvdesk.ui.models.entry_rows import EntryRow, target_text
from qpvdesk.ui.pages.page import ASSESSED, Page, Place, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.entry_table import EntryTable
from qpvdesk.ui.widgets.labels import label

_EFFECT_MS = 60
_DRAFT_MS = 150
_LOOK_MS = 500
"""When to look whether the draft could be written."""
_TYPING_MS = 1500
"""A pause after which what is typed in a list begins anew."""

Effects = Mapping[str, Effect | UserError]
Preview = Callable[[tuple[Entry, ...], Callable[[Effects], None], Callable[[UserError], None]], None]
"""Asks what entries would change; answers later, in the GUI thread."""


class _Choice(QComboBox):
    """A list in which one types the beginning of a name, spaces and all; Enter goes to the grid."""

    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typed = ""
        self._since = QElapsedTimer()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on; a space inside a name belongs to it, and alone opens the list."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            return
        if not self._since.isValid() or self._since.elapsed() > _TYPING_MS:
            self._typed = ""
        text = event.text()
        if event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier) and (
            (text.isprintable() and text.strip()) or (text == " " and self._typed)
        ):
            self._typed += text
            self._since.start()
            self._find()
            return
        super().keyPressEvent(event)

    def _find(self) -> None:
        """Go to the first name that begins so, without accents or case."""
        wanted = fold(self._typed)
        names = (fold(" ".join(self.itemText(place).split())) for place in range(self.count()))
        found = next((place for place, name in enumerate(names) if name.startswith(wanted)), -1)
        if found >= 0:
            self.setCurrentIndex(found)


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
        parent: QWidget | None = None,
        *,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        """`clock`: the hour on the wall, for the draft to say when it was typed."""
        super().__init__(parent)
        self._theme = theme
        self._preview = preview
        self._drafts = drafts
        self._today = today
        self._clock = clock
        self._typed_at = ""
        self._dropped = ""
        self._picture: Picture | None = None
        self._contract = ""
        self._asked = 0
        self._saving = False
        self._model = EntryModel(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 14, 20, 12)
        layout.setSpacing(8)
        head, self._mention = page_head(self.title)
        self._save = QPushButton("Enregistrer")
        self._save.setProperty("role", "primary")
        tip(self._save, "Enregistre toutes les valeurs en une fois (Ctrl+S)")
        self._save.clicked.connect(self.save)
        head.addWidget(self._save)
        layout.addLayout(head)
        layout.addLayout(self._make_choice())
        layout.addWidget(self._make_banner())
        layout.addWidget(self._make_grid(), 1)
        self._word = label("", "mention", wrap=True)
        self._word.setAccessibleName("Ce que dit la ligne")
        self._word.setMinimumHeight(theme.px(36))
        self._word.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._word)
        self._effects_pause = self._timer(_EFFECT_MS, self._ask_effects)
        self._draft_pause = self._timer(_DRAFT_MS, self._keep_draft)
        self._draft_look = self._timer(_LOOK_MS, self._tell_row)
        self._model.edited.connect(self._edited)
        self._model.source_taken.connect(self._show_source)
        self._tell()

    def show_picture(self, picture: Picture) -> None:
        """Show another picture; what was typed stays, unless the contract is another."""
        same = picture.contract.code == self._contract
        if not same and self._contract:
            self.keep_now()
        self._picture, self._saving = picture, False
        self._contract = picture.contract.code
        self._model.read_only = not picture.editable
        self._save.setHidden(picture.projected)
        situation = picture.situation
        rows = [
            EntryRow(
                one,
                situation.partner(one.objective.partner),
                situation.territory(one.objective.territory),
                target_text(one),
            )
            for one in situation.assessments.values()
            if not one.parts
        ]
        self._fill(
            self._partner, "Tous les partenaires", [(p.short_name, p.key) for p in situation.dossier.partners]
        )
        used = {row.objective.theme for row in rows}
        self._fill(
            self._thematique,
            "Thématiques",
            [(THEME_LABELS[theme], theme.value) for theme in Thematique if theme in used],
        )
        self._model.set_rows(rows, self._today(), keep=same)
        if not same:
            self._day.setText(format_date(min(picture.day, self._today())))
            self._source.clear()
            self._take_return()
            self._restore()
        self._apply()
        self._ask_effects()

    def arrive(self, place: Place) -> None:
        """Show the figures of a partner (its code), and take the focus: the grid, else the choice."""
        filters = dict(place.filters)
        if self._picture is not None and (place.focus or filters):
            keys = {p.code: p.key for p in self._picture.situation.dossier.partners}
            self._choose(self._partner, keys.get(place.focus, ""))
            self._choose(self._thematique, filters.get("thematique", ""))
            self._due.setChecked(filters.get("pret") == "a_relever")
            self._apply()
        if place.focus and self._model.rowCount():
            self._table.enter()
        else:
            self._partner.setFocus()

    def place(self) -> Place:
        """Return the partner and the filters."""
        filters = {
            "thematique": self._thematique.currentData(),
            "pret": "a_relever" if self._due.isChecked() else "",
        }
        code = ""
        if self._picture is not None and self._partner.currentData():
            code = self._picture.situation.partner(self._partner.currentData()).code
        return Place(self.word, code, tuple(sorted((k, v) for k, v in filters.items() if v)))

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
        self._saving = True
        self._save.setEnabled(False)
        self.saving.emit(entries)

    def saved(self, entries: tuple[Entry, ...]) -> None:
        """Forget what is now in the base; what is to be mended stays."""
        self._saving, self._dropped = False, ""
        self._model.clear([entry.objective for entry in entries])
        self.keep_now()
        self._banner.hide()
        self._apply()
        self._show_first_trouble()

    def refuse(self, error: UserError) -> None:
        """Keep everything typed, and say why it was not saved."""
        self._saving = False
        self._tell()
        self._say(f"{error.message} {error.remedy}".strip(), "error")

    def keep_now(self) -> None:
        """Bring the draft on disk up to date at once."""
        self._draft_pause.stop()
        self._keep_draft()
        self._drafts.flush()

    def leave(self) -> None:
        """The window closes: what is typed waits on disk."""
        self._table.finish_editing()
        if self._contract:
            self.keep_now()

    def _timer(self, pause: int, do: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(pause)
        timer.timeout.connect(do)
        return timer

    def _make_choice(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._partner = self._combo("Partenaire")
        self._thematique = self._combo("Thématique")
        self._due = QPushButton("À relever")
        self._due.setProperty("role", "chip")
        self._due.setCheckable(True)
        tip(self._due, "Les chiffres jamais relevés, ou depuis plus longtemps que leur fréquence")
        self._due.toggled.connect(self._apply)
        for part in (self._partner, self._thematique):
            row.addWidget(part, 2)
        self._more = QPushButton("Contexte")
        self._more.setProperty("role", "chip")
        self._more.setCheckable(True)
        tip(
            self._more,
            "Aussi les chiffres de contexte, et ceux qui ne changeront plus\u202f: personne ne les attend",
        )
        self._more.toggled.connect(self._apply)
        row.addWidget(self._due)
        row.addWidget(self._more)
        self._day = QLineEdit()
        self._day.setFixedWidth(self._theme.px(104))
        self._day.setPlaceholderText("JJ/MM/AAAA")
        tip(self._day, "Le jour auquel se rapportent les valeurs\u202f; une ligne peut avoir le sien")
        self._source = QLineEdit()
        self._source.setPlaceholderText("qui a donné les valeurs")
        self._source.setMinimumWidth(self._theme.px(56))
        self._source.setMaximumWidth(self._theme.px(220))
        for words, name, control in (
            ("Relevés &au", "Date de la remontée", self._day),
            ("S&ource", "Source de la remontée", self._source),
        ):
            said = label(words)
            said.setBuddy(control)
            control.setAccessibleName(name)
            control.textEdited.connect(self._return_edited)
            control.returnPressed.connect(self._enter_grid)
            row.addWidget(said)
            row.addWidget(control, 1 if control is self._source else 0)
        return row

    def _combo(self, name: str) -> _Choice:
        combo = _Choice()
        combo.setAccessibleName(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(10)
        combo.setMaximumWidth(self._theme.px(200))
        combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        combo.currentIndexChanged.connect(lambda _: self._apply())
        combo.entered.connect(self._enter_grid)
        return combo

    def _make_banner(self) -> QWidget:
        self._banner = QWidget()
        row = QHBoxLayout(self._banner)
        row.setContentsMargins(0, 0, 0, 0)
        self._banner_words = label("", "banner", wrap=True)
        row.addWidget(self._banner_words, 1)
        erase = QPushButton("Effacer")
        erase.setAccessibleName("Effacer le brouillon")
        tip(erase, "Oublie ce qui a été tapé et n’est pas enregistré")
        erase.clicked.connect(self._erase)
        row.addWidget(erase)
        self._banner.hide()
        return self._banner

    def _make_grid(self) -> QStackedWidget:
        self._table = EntryTable(self._theme, self._model)
        self._table.row_changed.connect(lambda _: self._tell_row())
        self._table.dropped.connect(self._tell_dropped)
        self._table.overflowed.connect(self._tell_overflowed)
        self._table.left.connect(self._partner.setFocus)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._table)
        empty = EmptyState(
            "Rien à relever ici",
            "Choisissez un partenaire\u202f: tous les chiffres attendus de lui paraîtront dans une grille où taper"
            " les valeurs. Un chiffre qui se calcule depuis ses déclinaisons n’y est pas.",
            "Tout afficher",
        )
        empty.asked.connect(self._show_all)
        self._stack.addWidget(empty)
        return self._stack

    def _fill(self, combo: QComboBox, everything: str, items: list[tuple[str, str]]) -> None:
        kept = combo.currentData()
        combo.blockSignals(True)
        combo.clear()
        combo.addItem(everything, "")
        for words, word in items:
            combo.addItem(words, word)
        combo.setCurrentIndex(max(0, combo.findData(kept)))
        combo.blockSignals(False)

    def _choose(self, combo: QComboBox, word: str) -> None:
        combo.blockSignals(True)
        combo.setCurrentIndex(max(0, combo.findData(word)))
        combo.blockSignals(False)

    def _show_all(self) -> None:
        self._choose(self._partner, "")
        self._choose(self._thematique, "")
        self._due.setChecked(False)
        self._apply()

    def _apply(self) -> None:
        if self._picture is None:
            return
        partner, theme = self._partner.currentData(), self._thematique.currentData()
        day = min(self._picture.day, self._today())
        due, more = self._due.isChecked(), self._more.isChecked()
        rows = [
            row
            for row in self._model.rows
            if (not partner or row.objective.partner == partner)
            and (not theme or row.objective.theme.value == theme)
            and (more or is_expected(row.now) or not row.typed.is_empty)
            and (not due or row.due(day) or not row.typed.is_empty)
        ]
        if [row.objective.key for row in rows] != [
            row.objective.key for row in self._model.shown
        ] or not rows:
            kept = self.objective
            self._model.show_rows(rows)
            if kept:
                self._table.select_objective(kept)
        self._stack.setCurrentIndex(0 if rows else 1)
        self._tell()

    def _enter_grid(self) -> None:
        if self._model.rowCount():
            self._table.enter()

    def _return_edited(self) -> None:
        self._take_return()
        self._edited()

    def _take_return(self) -> None:
        try:
            parse_date(self._day.text(), today=self._today())
            trouble = ""
        except UserError as error:
            trouble = f"{error.message} {error.remedy}".strip()
        self._day.setProperty("invalid", bool(trouble))
        describe(self._day, trouble)
        self._day.style().unpolish(self._day)
        self._day.style().polish(self._day)
        self._model.set_return(self._day.text(), self._source.text())

    def _show_source(self, source: str) -> None:
        self._source.setText(source)

    def _edited(self) -> None:
        now = self._clock()
        self._typed_at, self._dropped = f"{now.hour}\u00a0h\u00a0{now.minute:02}", ""
        self._effects_pause.start()
        self._draft_pause.start()
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
                self._model.take_effects(effects)
                self._tell()

        def refused(error: UserError) -> None:
            self._say(f"{error.message} {error.remedy}".strip(), "error")

        self._preview(entries, answer, refused)

    def _name(self) -> str:
        return f"releves-{self._contract}"

    def _keep_draft(self) -> None:
        rows = self._model.draft()
        if not rows:
            self._drafts.drop(self._name())
            return
        content: dict[str, Any] = {
            "version": 1,
            "contrat": self._contract,
            "jour": self._today().isoformat(),
            "heure": self._typed_at,
            "date": self._day.text(),
            "source": self._source.text(),
            "lignes": rows,
        }
        self._drafts.keep(self._name(), content)
        self._draft_look.start()

    def _restore(self) -> None:
        held = self._drafts.read(self._name())
        self._banner.hide()
        if held is None or not isinstance(held.get("lignes"), dict):
            return
        self._day.setText(str(held.get("date", "")))
        self._source.setText(str(held.get("source", "")))
        self._take_return()
        taken = self._model.take_draft(held["lignes"])
        if not taken:
            return
        try:
            day = f" du {format_date(date.fromisoformat(str(held.get('jour'))))}"
        except ValueError:
            day = ""
        self._typed_at = str(held.get("heure", ""))
        if day and self._typed_at:
            day += f" à {self._typed_at}"
        rows = plural(taken, "ligne", "lignes")
        lost = len(held["lignes"]) - taken
        less = (
            f" {plural(lost, 'autre n’est plus attendue', 'autres ne sont plus attendues')}." if lost else ""
        )
        self._banner_words.setText(
            f"Brouillon{day} retrouvé\u202f: {rows} à enregistrer. Rien n’est encore dans la base.{less}"
        )
        self._banner.show()

    def _erase(self) -> None:
        self._model.clear([row.objective.key for row in self._model.rows])
        self._banner.hide()
        self.keep_now()
        self._ask_effects()
        self._apply()
        self._partner.setFocus()

    def _show_first_trouble(self) -> None:
        troubled = self._model.troubled()
        if troubled:
            if not self._table.select_objective(troubled[0].objective.key):
                self._show_all()
                self._table.select_objective(troubled[0].objective.key)
            self._table.setFocus()

    def _tell(self) -> None:
        ready, wrong = len(self._model.ready()), len(self._model.troubled())
        noun = ("chiffre", "chiffres") if self._more.isChecked() else ("chiffre attendu", "chiffres attendus")
        shown = plural(self._model.rowCount(), *noun)
        words = [shown]
        if ready:
            words.append(f"{plural(ready, 'valeur', 'valeurs')} à enregistrer")
        if wrong:
            words.append(f"{plural(wrong, 'ligne', 'lignes')} à corriger")
        self._mention.setText(", ".join(words))
        self.unsaved.emit(sum(not row.typed.is_empty for row in self._model.rows))
        self._save.setEnabled(bool(ready) and not self._saving and not self._model.read_only)
        doubtful = len(self._model.doubtful())
        remark = f" ({doubtful} à vérifier)" if doubtful else ""
        self._save.setText(
            f"Enregistrer {plural(ready, 'valeur', 'valeurs')}{remark}" if ready else "Enregistrer"
        )
        self._tell_row()

    def _tell_overflowed(self, lines: int) -> None:
        words = plural(lines, "ligne collée a", "lignes collées ont")
        self._dropped = f"{words} plus de cases que la grille\u202f: les dernières n’ont pas été reprises."
        self._tell_row()

    def _tell_dropped(self, lines: int) -> None:
        more = plural(lines, "ligne collée en trop, non reprise", "lignes collées en trop, non reprises")
        self._dropped = f"{more}\u202f: la grille finit à {self._model.shown[-1].objective.code}."
        self._tell_row()

    def _tell_row(self) -> None:
        if self._drafts.trouble is not None and self._model.draft():
            self._say(
                "Le brouillon ne peut pas être gardé sur le disque\u202f: ce qui est tapé reste ici,"
                " enregistrez-le sans attendre (Ctrl+S).",
                "error",
            )
            return
        if self._model.read_only:
            self._say("Lecture seule\u202f: les valeurs ne peuvent pas être saisies.", "mention")
            return
        row = self._table.current_row()
        if row is None or not row.message:
            row = next(iter(self._model.troubled()), None) or row
        if self._dropped:
            more = f" {row.objective.code}\u202f: {row.message}" if row is not None and row.message else ""
            self._say(f"{self._dropped}{more}", "warning")
            return
        if row is None or not row.message:
            self._say(
                "Tapez la valeur comme vous la diriez (1 339, 16,4\u202f%, 2,5 M€). Entrée descend, Tab va à droite,"
                " Ctrl+V colle une colonne de tableur, Ctrl+S enregistre tout en une fois.",
                "mention",
            )
            return
        role = "error" if row.trouble else "warning" if row.doubtful else ""
        self._say(f"{row.objective.code}\u202f: {row.message}", role)

    def _say(self, words: str, role: str) -> None:
        if self._word.property("role") != role:
            self._word.setProperty("role", role)
            self._word.style().unpolish(self._word)
            self._word.style().polish(self._word)
        self._word.setText(words)
