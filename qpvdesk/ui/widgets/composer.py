"""Composing the committee's file: which sections, in which order, with which words; kept as a template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.gatherings import PARTNERS
from qpvdesk.services.compositions import FIRST, cut_anew
from qpvdesk.services.printing import Choice, Composition, SectionChoice
from qpvdesk.services.templates import Templates
from qpvdesk.ui.kit.controls import button, kept_as_typed, rest, text_line
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.kit.text_area import TextArea
from qpvdesk.ui.kit.tips import tip, tip_item
from qpvdesk.ui.kit.tokens import TIGHT, fill, in_row, stacked
from qpvdesk.ui.notify import Notifier, refusal
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.labels import label

_COMMENT = Qt.ItemDataRole.UserRole + 1
_MESSAGE = "Message de la séance\u202f: une phrase, la première que le préfet lit."
_REST_MS = 500
"""Pages are not laid out at each letter of a comment."""


class Composer(QWidget):
    """A list of sections to tick and order, the words of the chosen one, options, the officer's own templates."""

    changed = Signal()
    worded = Signal(object)
    """The words of the officer, by section (a dict)."""
    chosen = Signal(str)
    """The title of the section that the officer went to."""

    def __init__(self, theme: Theme, templates: Templates, notifier: Notifier) -> None:
        super().__init__()
        self._templates = templates
        self._notifier = notifier
        self._words: dict[str, str] = {}
        """What the officer says of each section, those that are not ticked or no longer there too."""
        self._by_hand: dict[str, bool] = {}
        """The sections whose tick the officer, or one of the templates, chose, by word: the others follow what is shown."""
        self._sections_by: Callable[[str], Sequence[SectionChoice]] = lambda _word: ()
        column = stacked(on=self, spacing=TIGHT)
        self._list = ItemList("Sections du dossier")
        self._list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self._list.setMinimumHeight(theme.px(110))
        tip(
            self._list,
            "Choisir une section en montre les pages. Espace la coche. Alt+↑ et Alt+↓ la déplacent.",
        )
        self._list.installEventFilter(self)
        head = QHBoxLayout()
        words = label("&Sections", "field")
        words.setBuddy(self._list)
        fill(head, words, 1)
        for text, name, step in (("↑", "Monter la section", -1), ("↓", "Descendre la section", 1)):
            act = partial(self._move, step)
            head.addWidget(button(text, act, role="quiet", name=name, hint=f"{name} (Alt+{text})"))
        fill(column, head, (self._list, 1))
        self._about = label("&Mot d’introduction de la section", "field")
        self._comment = TextArea()
        self._comment.setAccessibleName("Mot d’introduction de la section")
        self._comment.setTabChangesFocus(True)
        kept_as_typed(self._comment)
        self._comment.setFixedHeight(theme.px(64))
        self._about.setBuddy(self._comment)
        fill(column, self._about, self._comment)
        self._make_options(column)
        column.addLayout(self._make_templates())
        self._rest = rest(self, _REST_MS, self.changed.emit)
        self._list.currentItemChanged.connect(lambda item, _: self._go(item))
        self._list.itemClicked.connect(lambda item: self.chosen.emit(item.text()))
        self._list.itemChanged.connect(self._note_tick)
        self._list.model().rowsMoved.connect(lambda *_: self.changed.emit())
        self._comment.textChanged.connect(self._keep_comment)

    def composition(self) -> Composition:
        """Return what is ticked, in order."""
        items = [self._list.item(row) for row in range(self._list.count())]
        choices = tuple(
            Choice(_word(item), str(item.data(_COMMENT) or ""))
            for item in items
            if item.checkState() is Qt.CheckState.Checked
        )
        return Composition(
            choices if items else None,
            self._late.isChecked(),
            self._curves.isChecked(),
            str(self._chapters.currentData() or PARTNERS),
        )

    def take_words(self, words: Mapping[str, str]) -> None:
        self._words = dict(words)
        self._list.blockSignals(True)
        for item in self._items():
            item.setData(_COMMENT, words.get(_word(item), ""))
        self._list.blockSignals(False)
        self._show_comment(self._list.currentItem())

    def show_sections(
        self, ways: Mapping[str, str], sections_by: Callable[[str], Sequence[SectionChoice]]
    ) -> None:
        """Show the sections of a contract; what was ticked by hand, ordered and written is kept. `ways`: what its chapters
        can be of, by word; `sections_by`: the sections that each of these makes."""
        self._sections_by = sections_by
        listed_words = {_word(item) for item in self._items()}
        self._show_ways(ways)
        sections = sections_by(str(self._chapters.currentData()))
        if listed_words != {section.word for section in sections}:
            self._fill(sections, None if not listed_words else self.composition())
        usual = {section.word: section.usual for section in sections}
        with QSignalBlocker(self._list):
            for item in self._items():
                word = _word(item)
                ticked = self._by_hand.get(word, usual[word])
                item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Alt+↑ and Alt+↓ move a section."""
        if watched is self._list and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
            if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._move(step)
                return True
        return super().eventFilter(watched, event)

    def _make_options(self, column: QVBoxLayout) -> None:
        self._chapters = ElidedCombo("Chapitres")
        tip(self._chapters, "Ce dont chaque chapitre réunit les promesses.")
        self._chapters.activated.connect(lambda _: self._cut())
        cut = label("C&hapitres, un par", "field")
        cut.setBuddy(self._chapters)
        fill(column, cut, self._chapters)
        self._late = QCheckBox("Seulement les objectifs en difficulté")
        tip(
            self._late, "En retard, à surveiller ou non atteints\u202f; les autres sont comptés, pas montrés."
        )
        self._curves = QCheckBox("Avec les courbes de trajectoire")
        self._curves.setChecked(True)
        fill(column, self._late, self._curves)
        for box in (self._late, self._curves):
            box.toggled.connect(lambda _: self.changed.emit())

    def _make_templates(self) -> QHBoxLayout:
        row = in_row(spacing=TIGHT)
        self._names = ElidedCombo()
        self._names.setEditable(True)
        typed = text_line("", "Mes modèles")
        self._names.setLineEdit(typed)
        self._names.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._names.setAccessibleName("Mes modèles")
        self._names.need(5)
        self._names.addItems(list(self._templates.names()))
        self._names.setCurrentIndex(-1)
        self._names.activated.connect(lambda _: self._use(self._names.currentText()))
        row.addWidget(self._names, 1)
        for text, name, act in (
            ("Garder", "Garder ces choix sous ce nom", self._keep),
            ("Oublier", "Supprimer ce modèle", self._forget),
        ):
            row.addWidget(button(text, act, name=name, hint=name))
        return row

    def _show_ways(self, ways: Mapping[str, str]) -> None:
        self._chapters.show_choices((name.lower(), word) for word, name in ways.items())

    def _cut(self) -> None:
        """Show the chapters of the way that was chosen where those of another stood."""
        sections = self._sections_by(str(self._chapters.currentData()))
        self._fill(sections, self.composition())
        usual = {section.word: section.usual for section in sections}
        # Chapters that are left out of one way are left out of the other.
        ticks = self._ticks().items()
        self._by_hand |= {word: ticked for word, ticked in ticks if ticked != usual[word]}
        self.changed.emit()

    def _note_tick(self, item: QListWidgetItem) -> None:
        self._by_hand[_word(item)] = item.checkState() is Qt.CheckState.Checked
        self.changed.emit()

    def _ticks(self) -> dict[str, bool]:
        return {_word(item): item.checkState() is Qt.CheckState.Checked for item in self._items()}

    def _items(self) -> list[QListWidgetItem]:
        return [self._list.item(row) for row in range(self._list.count())]

    def _fill(self, sections: Sequence[SectionChoice], composition: Composition | None) -> None:
        """Show sections as a composition has them; those it does not name come last, not ticked."""
        choices = None if composition is None else composition.choices
        if choices is not None:
            choices = cut_anew(choices, sections)
        comments = {} if choices is None else {choice.word: choice.comment for choice in choices}
        order = {word: rank for rank, word in enumerate(comments)}
        self._list.blockSignals(True)
        self._list.clear()
        for section in sorted(sections, key=lambda section: order.get(section.word, len(order))):
            item = QListWidgetItem(section.title)
            tip_item(item, section.title)
            item.setData(Qt.ItemDataRole.UserRole, section.word)
            item.setData(_COMMENT, comments.get(section.word) or self._words.get(section.word, ""))
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsUserCheckable
                | Qt.ItemFlag.ItemIsDragEnabled
            )
            ticked = section.usual if choices is None else section.word in order
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self._list.addItem(item)
        self._list.blockSignals(False)
        self._list.setCurrentRow(0)
        self._show_comment(self._list.currentItem())

    def _move(self, step: int) -> None:
        row = self._list.currentRow()
        if row >= 0 and 0 <= row + step < self._list.count():
            item = self._list.takeItem(row)
            self._list.insertItem(row + step, item)
            self._list.setCurrentRow(row + step)
            self.changed.emit()

    def _go(self, item: QListWidgetItem | None) -> None:
        self._show_comment(item)
        # Filling the list chooses its first line: only what the officer does leads anywhere.
        if item is not None and self._list.hasFocus():
            self.chosen.emit(item.text())

    def _show_comment(self, item: QListWidgetItem | None) -> None:
        self._comment.blockSignals(True)
        self._comment.set_whole("" if item is None else str(item.data(_COMMENT) or ""))
        self._comment.blockSignals(False)
        self._comment.setEnabled(item is not None)
        first = item is not None and item.data(Qt.ItemDataRole.UserRole) == FIRST
        self._comment.setPlaceholderText(
            _MESSAGE if first else "Imprimé sous le titre de la section choisie."
        )

    def _keep_comment(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self._list.blockSignals(True)
            item.setData(_COMMENT, self._comment.whole())
            self._list.blockSignals(False)
            self._say_words({_word(item): self._comment.whole()})
            self._rest.start()

    def _say_words(self, words: Mapping[str, str]) -> None:
        self._words = {word: told for word, told in {**self._words, **words}.items() if told.strip()}
        self.worded.emit(self._words)

    def _use(self, name: str) -> None:
        template = self._templates.get(name)
        if template is None:
            return
        self._say_words({choice.word: choice.comment for choice in template.choices or ()})
        self._chapters.setCurrentIndex(max(0, self._chapters.findData(template.chapters)))
        self._fill(self._sections_by(str(self._chapters.currentData())), template)
        self._by_hand = self._ticks()
        self._late.setChecked(template.late_only)
        self._curves.setChecked(template.trajectories)
        self.changed.emit()

    def _keep(self) -> None:
        name = self._names.currentText().strip()
        try:
            self._templates.keep(name, self.composition())
        except UserError as error:
            self._notifier.ask(refusal("Modèle non gardé", error))
            return
        self._show_names(name)

    def _forget(self) -> None:
        try:
            self._templates.remove(self._names.currentText().strip())
        except UserError as error:
            self._notifier.ask(refusal("Modèle non supprimé", error))
            return
        self._show_names("")

    def _show_names(self, name: str) -> None:
        self._names.clear()
        self._names.addItems(list(self._templates.names()))
        self._names.setCurrentIndex(self._names.findText(name))


def _word(item: QListWidgetItem) -> str:
    """The word of the section that a line is."""
    return str(item.data(Qt.ItemDataRole.UserRole))
