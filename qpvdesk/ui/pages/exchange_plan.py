"""What a file would change, in the page « Échanges »: its lines, the day of those without one, the button that writes."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from qpvdesk.domain import periods
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import plural
from qpvdesk.services.figures.imports import Plan
from qpvdesk.services.figures.refused_book import not_taken
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.import_columns import ImportColumns
from qpvdesk.ui.widgets.import_preview import ImportPreview
from qpvdesk.ui.widgets.labels import label


class PlanPane(QWidget):
    """The preview of an import and what is done with it."""

    dated = Signal(object)
    """The `date` of the values that the file does not date, or None."""
    columns_asked = Signal()
    refused_asked = Signal()
    """The lines that are not taken are to be saved for whoever sent the file."""
    given_up = Signal()
    confirmed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._today = date.min
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.columns = ImportColumns(theme)
        self.preview = ImportPreview(theme)
        self._parts = QSplitter(Qt.Orientation.Vertical)
        for part, share in ((self.columns, 1), (self.preview, 2)):
            self._parts.addWidget(part)
            self._parts.setStretchFactor(self._parts.count() - 1, share)
        self._parts.setChildrenCollapsible(False)
        # With large characters the lines may want the room of the columns.
        self._parts.setCollapsible(0, True)
        # The page would else be as high as both tables would like to be, its buttons below the fold.
        self._parts.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        column.addWidget(self._parts, 1)
        self._trouble = label("", "error", wrap=True)
        column.addWidget(self._trouble)
        foot = QHBoxLayout()
        words = label("Date des valeurs")
        self._date = QLineEdit()
        self._date.setPlaceholderText("si le fichier n’en a pas")
        self._date.setAccessibleName("Date des valeurs que le fichier ne date pas")
        self._date.setMinimumWidth(theme.px(170))
        self._date.editingFinished.connect(self._say_day)
        words.setBuddy(self._date)
        foot.addWidget(words)
        foot.addWidget(self._date)
        foot.addStretch(1)
        self._send_back = button(
            "Lignes à &renvoyer…",
            self.refused_asked.emit,
            hint="Les lignes qui ne sont pas prises, avec la raison et le remède, pour le partenaire",
        )
        foot.addWidget(self._send_back)
        for text, asked in (("Colonnes…", self.columns_asked), ("Renoncer", self.given_up)):
            foot.addWidget(button(text, asked.emit))
        self._import = QPushButton("Importer")
        self._import.setProperty("role", "primary")
        self._import.clicked.connect(self.confirmed)
        foot.addWidget(self._import)
        column.addLayout(foot)

    def show_plan(self, plan: Plan, today: date) -> None:
        """Show what a plan would write, and what it waits for."""
        self._today = today
        partners = [(partner.short_name, partner.code) for partner in plan.dossier.partners]
        # The columns of our own workbooks are known.
        self.columns.setVisible(not plan.ours)
        self.columns.show_plan(plan, partners, today)
        codes = [
            (f"{objective.code} – {objective.label}", objective.code)
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

    def wait(self) -> None:
        """What is confirmed is being written."""
        self._import.setEnabled(False)

    def cannot(self, error: UserError) -> None:
        """Say why nothing can be read so; the columns stay to be said otherwise."""
        self.refuse(error)
        self._import.setText("Importer")
        self._import.setEnabled(False)

    def refuse(self, error: UserError) -> None:
        """Say why it was not written."""
        self._say(f"{error.message} {error.remedy}")
        self._import.setEnabled(True)

    def forget_day(self) -> None:
        """Another file: its values have no day yet."""
        self._date.clear()

    def _say(self, words: str) -> None:
        self._trouble.setText(words)
        self._trouble.setVisible(bool(words))

    def _say_day(self) -> None:
        text = self._date.text().strip()
        try:
            self.dated.emit(periods.typed(text, today=self._today) if text else None)
        except UserError as error:
            self._say(f"{error.message} {error.remedy}")
