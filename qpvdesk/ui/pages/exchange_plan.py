"""What a file would change, in the page « Échanges »: its lines, the day of those without one, the button that writes."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from qpvdesk.domain import periods
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import plural
from qpvdesk.domain.wording import called
from qpvdesk.services.figures.imports import Plan
from qpvdesk.services.figures.refused_book import not_taken
from qpvdesk.ui.kit.controls import button, kept_as_typed, text_line
from qpvdesk.ui.kit.tips import warn
from qpvdesk.ui.kit.tokens import GAP, fill, stacked
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.import_columns import ImportColumns
from qpvdesk.ui.widgets.import_preview import ImportPreview
from qpvdesk.ui.widgets.labels import label


class PlanPane(QWidget):
    """The preview of an import and what is done with it."""

    dated = Signal(object)
    """The `date` of the values that the file does not date, or None."""
    sourced = Signal(str)
    """Where the values come from whose line does not say."""
    columns_asked = Signal()
    refused_asked = Signal()
    """The lines that are not taken are to be saved for whoever sent the file."""
    given_up = Signal()
    confirmed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._today = date.min
        column = stacked(on=self, spacing=GAP)
        self.columns = ImportColumns(theme)
        self.preview = ImportPreview(theme)
        self._plan: Plan | None = None
        self._low = self._reading_columns = False
        self._to_columns = button("Colonnes lues", lambda: self._turn(columns=True))
        self._to_lines = button("Voir les lignes", lambda: self._turn(columns=False))
        self.preview.bar.addWidget(self._to_columns)
        self.columns.bar.addWidget(self._to_lines)
        for part, share in ((self.columns, 1), (self.preview, 2)):
            column.addWidget(part, share)
        self._trouble = label("", "error", wrap=True)
        column.addWidget(self._trouble)
        foot = QHBoxLayout()
        words = label("Date des valeurs")
        self._date = text_line("Date des valeurs que le fichier ne date pas", "si le fichier n’en a pas")
        # It says when of values that are in the file: closing the window loses none of them.
        kept_as_typed(self._date)
        self._date.setMinimumWidth(theme.px(110))
        self._date.editingFinished.connect(self._say_day)
        words.setBuddy(self._date)
        fill(foot, words, self._date)
        words = label("Source")
        self._source = text_line("Source des valeurs dont le fichier ne dit pas la source")
        self._source.setMinimumWidth(theme.px(110))
        self._source.editingFinished.connect(self._say_source)
        words.setBuddy(self._source)
        fill(foot, words, (self._source, 1))
        self._send_back = button(
            "Lignes à &renvoyer…",
            self.refused_asked.emit,
            hint="Les lignes qui ne sont pas prises, avec la raison et le remède, pour le partenaire",
        )
        foot.addWidget(self._send_back)
        self._map = button("Colonnes…", self.columns_asked.emit)
        fill(foot, self._map, button("Renoncer", self.given_up.emit))
        self._import = button("Importer", self.confirmed.emit, role="primary")
        foot.addWidget(self._import)
        column.addLayout(foot)

    def show_plan(self, plan: Plan, today: date) -> None:
        """Show what a plan would write, and what it waits for."""
        self._today = today
        if self._plan is None or plan.book is not self._plan.book:
            self._reading_columns = False
        self._plan = plan
        if not self._source.hasFocus():
            self._source.setText(plan.source)
            self._source.setCursorPosition(0)
        partners = [(partner.short_name, partner.code) for partner in plan.dossier.partners]
        self.columns.show_plan(plan, partners, today)
        codes = [
            (called(objective), objective.code)
            for objective in plan.dossier.objectives
            if not objective.retired
        ]
        self.preview.show_plan(plan, codes, today)
        count, stuck, asked = len(plan.written), len(plan.refused), len(plan.unsettled) - len(plan.refused)
        self._import.setText(f"Importer {plural(count, 'valeur', 'valeurs')}" if count else "Importer")
        self._import.setEnabled(count > 0 or (not plan.unsettled and bool(plan.remember)))
        self._send_back.setVisible(bool(not_taken(plan)))
        told = []
        if stuck:
            told.append(plural(stuck, "ligne à corriger ou à associer", "lignes à corriger ou à associer"))
        if asked:
            told.append(plural(asked, "ligne douteuse à accepter", "lignes douteuses à accepter"))
        waits = "elle ne sera pas importée" if stuck + asked == 1 else "elles ne seront pas importées"
        self._say(f"{', '.join(told)}\u202f: {waits} avant." if told else "")
        self._arrange()

    def set_low(self, low: bool) -> None:
        """In a low window the columns and the lines are seen in turn, each with the whole room."""
        if low != self._low:
            self._low = low
            self.preview.set_low(low)
            self._arrange()

    def _turn(self, *, columns: bool) -> None:
        self._reading_columns = columns
        self._arrange()
        (self._to_lines if columns else self._to_columns).setFocus()

    def _arrange(self) -> None:
        # The columns of our own workbooks are known.
        known = self._plan is not None and self._plan.ours
        alone = self._low and self._reading_columns and not known
        self.columns.setVisible(alone or not (self._low or known))
        self.preview.setHidden(alone)
        self._to_columns.setVisible(self._low and not known)
        self._map.setVisible(known or alone or not self._low)
        self._to_lines.setVisible(self._low)
        doubts = self.columns.doubts()
        self._to_columns.setText(f"Colonnes lues ({doubts} à confirmer)" if doubts else "Colonnes lues")

    def wait(self) -> None:
        """What is confirmed is being written."""
        self._import.setEnabled(False)

    def cannot(self, error: UserError) -> None:
        """Say why nothing can be read so; the columns stay to be said otherwise."""
        self.refuse(error)
        self._import.setText("Importer")
        self._import.setEnabled(False)

    def refuse(self, error: UserError) -> None:
        self._say(str(error))
        self._import.setEnabled(True)

    def forget_day(self) -> None:
        """Another file: its values have no day yet."""
        self._date.clear()

    def _say(self, words: str) -> None:
        warn(self._trouble, words)

    def _say_source(self) -> None:
        source = self._source.text().strip()
        if self._plan is not None and source != self._plan.source:
            self.sourced.emit(source)

    def _say_day(self) -> None:
        text = self._date.text().strip()
        try:
            self.dated.emit(periods.typed(text, today=self._today) if text else None)
        except UserError as error:
            self._say(str(error))
