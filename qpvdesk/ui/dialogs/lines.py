"""Many things of one kind, typed or pasted down a page: the grid of figures under another table, one act for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import enumerate_words, plural, raised
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.services import lines
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts, options
from qpvdesk.services.line_titles import fields_by_title
from qpvdesk.services.lines import TypedLines
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.kit.controls import Hand, button, rest
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.tips import warn
from qpvdesk.ui.models.lines import LinesModel
from qpvdesk.ui.models.pasted_text import cells_of
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ChoiceCombo
from qpvdesk.ui.widgets.column_choices import ColumnChoices, PlacedColumn
from qpvdesk.ui.widgets.lines_delegate import LinesDelegate
from qpvdesk.ui.widgets.typing_table import TypingTable

_REST_MS = 250
_WIDTHS = {"label": 300, "name": 240, "engagement": 150, "theme": 150, "territories": 150, "code": 96}
_WIDTH, _FATE_WIDTH = 112, 340
_HOW = (
    "Tapez ou collez (Ctrl+V) des lignes d’un tableur\u202f: Entrée descend, Tab va à droite, Ctrl+D recopie la case du"
    " dessus, Ctrl+Z défait. Ce qui est en gris est pris si rien n’est tapé."
)


class LinesTable(TypingTable):
    """Shows a `LinesModel`."""

    def __init__(self, theme: Theme, model: LinesModel, offered: Mapping[str, Sequence[str]]) -> None:
        super().__init__("Lignes à saisir", LinesDelegate(theme, offered))
        self.typed = model
        self.setModel(model)
        self.verticalHeader().setDefaultSectionSize(theme.px(30))
        self.ensurePolished()
        header = self.horizontalHeader()
        header.ensurePolished()
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        for at, field in enumerate(model.fields):
            self.setColumnWidth(
                at, max(theme.px(_WIDTHS.get(field.name, _WIDTH)), header.sectionSizeHint(at))
            )
        self.setColumnWidth(len(model.fields), theme.px(_FATE_WIDTH))

    def typed_columns(self) -> Sequence[int]:
        """Every column but what comes of the line."""
        return range(len(self.typed.fields))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, copy, paste, copy from above, empty, undo; anything else starts typing."""
        key, index, keys = event.key(), self.currentIndex(), QKeySequence.StandardKey
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.matches(keys.Copy):
            self.copy()
        elif event.matches(keys.Paste):
            self.paste()
        elif event.matches(keys.Undo):
            self.typed.undo_stack.undo()
        elif event.matches(keys.Redo):
            self.typed.undo_stack.redo()
        elif control and key == Qt.Key.Key_D:
            self.fill_down()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            self.go_down(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and index.isValid():
            self._put_in_all("cases vidées", "")
        else:
            super().keyPressEvent(event)

    def stand_at(self, line: int, field: str) -> None:
        """Put the hand in a cell, by its line, from 0 on, and the name of its field."""
        names = [item.name for item in self.typed.fields]
        self.stand(line, names.index(field) if field in names else 0)
        self.setFocus()

    def paste(self) -> None:
        """Put what a spreadsheet copied from the cell under the hand on."""
        index, text = self.currentIndex(), QGuiApplication.clipboard().text()
        if index.isValid() and text.strip():
            row, column = index.row(), min(index.column(), len(self.typed.fields) - 1)
            self.typed.change("collage", row, column, cells_of(text))
            self.stand(row, column)

    def fill_down(self) -> None:
        """Copy the cell above into those that are chosen."""
        indexes = self.selectionModel().selectedIndexes() or [self.currentIndex()]
        top = min(index.row() for index in indexes)
        alone = all(index.row() == top for index in indexes)
        source = top - 1 if alone else top
        if source < 0:
            return
        line = self.typed.lines[source] if source < len(self.typed.lines) else {}
        for column in sorted(
            {index.column() for index in indexes if index.column() < len(self.typed.fields)}
        ):
            text = line.get(self.typed.fields[column].name, "")
            rows = [index.row() for index in indexes if index.column() == column and index.row() != source]
            if rows:
                self.typed.change("recopie", min(rows), column, [[text]] * (max(rows) - min(rows) + 1))

    def _put_in_all(self, words: str, text: str) -> None:
        for index in self.selectionModel().selectedIndexes() or [self.currentIndex()]:
            if index.column() < len(self.typed.fields):
                self.typed.change(words, index.row(), index.column(), [[text]])


class LinesDialog(FormDialog):
    """Nothing is written before « Enregistrer »; what is typed is kept as a draft."""

    chapter = "plusieurs"
    """Where F1 opens the guide."""

    def __init__(
        self, theme: Theme, session: Session, drafts: Drafts, *, kind: str, parent: QWidget | None = None
    ) -> None:
        super().__init__("Saisir plusieurs lignes", parent)
        self._theme, self._session, self._drafts = theme, session, drafts
        self._kind = kind if kind in lines.FIELDS else "objective"
        self._asked = 0
        """How many times the lines were asked to be read: only the last answer is shown."""
        self._ready = False
        """Whether nothing keeps the lines from being saved, as they were last read."""
        kinds = ((raised(BY_NAME[name].nouns[1]), name) for name in lines.FIELDS)
        self._kinds = ChoiceCombo("Ce qui est saisi", kinds)
        self._kinds.setCurrentIndex(self._kinds.findData(self._kind))
        self._kinds.activated.connect(lambda _: self._turn())
        self.column.addWidget(self._kinds, 0, Qt.AlignmentFlag.AlignLeft)
        self.say(_HOW, "mention")
        self._words = self.say("", "strong", name="Ce que les lignes demandent")
        self._columns = ColumnChoices()
        self._columns.aimed.connect(lambda place, name: self._table.typed.aim(place, name or ""))
        self.column.addWidget(self._columns)
        self._place = self.column.count()
        self._table: LinesTable = self._make_table()
        self._line = self.say("", "", name="Ce qu’il en est de la ligne")
        self._trouble = self.trouble()
        self._save = self.foot(
            "Enregistrer",
            self.save,
            button("Coller", lambda: self._table.paste(), hint="Ctrl+V"),
            leave="Fermer",
        )
        self._save.setAutoDefault(False)
        self._save.setDefault(False)
        self.fit(theme.px(1280), theme.px(680))
        self._pause = rest(self, _REST_MS, self._ask)
        self._begin()

    @property
    def table(self) -> LinesTable:
        return self._table

    def lines_typed(self) -> int:
        return sum(any(line.values()) for line in self._table.typed.lines)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter saves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.save()
            return
        super().keyPressEvent(event)

    def reject(self) -> None:
        """Close; what is typed comes back the next time."""
        self._table.finish_editing()
        self._keep()
        super().reject()

    def save(self) -> None:
        """Write all lines in one act, or none."""
        self._table.finish_editing()
        contract, kind, typed = self._session.contract, self._kind, self._table.typed.lines
        if not typed:
            return
        hand = Hand()
        hand.note()
        self._save.setEnabled(False)

        def done(_: object) -> None:
            self._drafts.drop(self._draft)
            self._table.typed.undo_stack.clear()
            self._table.typed.put([])
            self.accept()

        def failed(error: UserError) -> None:
            self._save.setEnabled(self._ready)
            hand.give_back()
            warn(self._trouble, str(error))
            if isinstance(error, lines.LineFaultError):
                self._table.stand_at(error.line, error.field)

        def write(desk: Desk) -> Change:
            found = lines.checked(desk.dossier(contract), kind, typed, today=desk.today())
            return acts.make_together(desk, kind, found.ready, along=found.along)

        self._session.change(
            "Saisie de plusieurs lignes", write, self.while_open(done), self.while_open(failed), faults=True
        )

    def _make_table(self) -> LinesTable:
        model = LinesModel(
            lines.fields_of(self._kind),
            lines.line_titles(self._kind),
            fields_by_title(self._kind),
            self,
        )
        table = LinesTable(self._theme, model, self._offered())
        self.column.insertWidget(self._place, table, 1)
        titles = zip(model.fields, model.titles, strict=False)
        self._columns.offer([(field.name, title) for field, title in titles])
        model.edited.connect(self._edited)
        table.selectionModel().currentChanged.connect(lambda *_: self._tell_line())
        return table

    def _edited(self) -> None:
        # Reading the lines again mends nothing: what was refused stays told until something is typed.
        self._trouble.hide()
        columns = self._table.typed.asked_columns()
        self._columns.show_columns([PlacedColumn(at, title, name or None) for at, title, name in columns])
        self._pause.start()

    def _tell_line(self) -> None:
        """Say of the line under the hand what its last cell, often out of sight, says."""
        table, row = self._table, self._table.currentIndex().row()
        sentence = str(table.typed.index(row, len(table.typed.fields)).data() or "")
        self._line.setText(f"Ligne {row + 1}. {sentence}" if sentence else "")

    def _offered(self) -> dict[str, list[str]]:
        picture = self._session.picture
        dossier = picture.situation.dossier if picture is not None else None
        return {
            field.name: [words for words, value in options(dossier, field, {}) if value]
            for field in lines.fields_of(self._kind)
            if dossier is not None and (field.choices or field.linked or field.usual or field.name == "level")
        }

    @property
    def _draft(self) -> str:
        return f"{self._session.contract}-{self._kind}-lignes"

    def _begin(self) -> None:
        draft_lines: Any = (self._drafts.take_up(self._draft) or {}).get("lignes", [])
        kept = [
            {str(name): str(text) for name, text in line.items()}
            for line in draft_lines
            if isinstance(line, dict)
        ]
        self._table.typed.put(kept)
        self._table.stand(0, 0)
        self._table.setFocus()

    def _turn(self) -> None:
        """Go on with another kind; the lines of this one are kept."""
        self._table.finish_editing()
        self._keep()
        self._kind = str(self._kinds.currentData())
        old, self._table = self._table, self._make_table()
        self.column.removeWidget(old)
        old.deleteLater()
        self._begin()

    def _keep(self) -> None:
        typed = list(self._table.typed.lines)
        if typed:
            self._drafts.keep(self._draft, {"lignes": typed})
        else:
            self._drafts.drop(self._draft)

    def _ask(self) -> None:
        self._keep()
        self._asked += 1
        asked, contract, kind, typed = (
            self._asked,
            self._session.contract,
            self._kind,
            self._table.typed.lines,
        )

        def show(found: TypedLines) -> None:
            if asked == self._asked:
                self._show(found)

        self._session.ask(
            "Lecture des lignes",
            lambda desk: lines.read(desk.dossier(contract), kind, typed, today=desk.today()),
            self.while_open(show),
        )

    def _show(self, found: TypedLines) -> None:
        self._table.typed.take_read(found.lines)
        phrases = [plural(len(found.ready), "ligne prête", "lignes prêtes")]
        if found.faulty:
            phrases.append(plural(found.faulty, "ligne à corriger", "lignes à corriger"))
        if found.themes:
            names = enumerate_words([f"«\u202f{item.name}\u202f»" for item in found.themes])
            phrases.append(
                f"{plural(len(found.themes), 'thématique nouvelle', 'thématiques nouvelles')}\u202f: {names}"
            )
        self._words.setText(" ".join(filter(None, (f"{', '.join(phrases)}.", self._table.typed.left_out))))
        self._save.setText(f"Enregistrer {plural(len(found.ready), *BY_NAME[self._kind].nouns)}")
        self._ready = bool(found.ready) and not found.faulty
        self._save.setEnabled(self._ready)
        self._tell_line()
