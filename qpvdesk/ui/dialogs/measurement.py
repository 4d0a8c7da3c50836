"""Entering or correcting a measurement: what it changes is read before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLineEdit, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date, format_number, parse_number
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.model import Measurement, Objective
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.typed_figures import TypedFigure, read_day, read_figure
from qpvdesk.services.measurements import Effect, Entry
from qpvdesk.ui.dialogs.waiting import WaitingDialog
from qpvdesk.ui.kit.controls import button, rest, text_line
from qpvdesk.ui.kit.form_dialog import Form, offer
from qpvdesk.ui.kit.text_area import TextArea
from qpvdesk.ui.kit.tips import restyle, tell, tip
from qpvdesk.ui.kit.tokens import GAP, ROOM, SNUG, TIGHT
from qpvdesk.ui.notify import Choice, Gravity, Notice, Notifier
from qpvdesk.ui.terms import explain
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.cell_delegate import Gauge
from qpvdesk.ui.widgets.day_edit import FigureDayLine
from qpvdesk.ui.widgets.labels import aside, label
from qpvdesk.ui.widgets.status_badge import StatusBadge

_PAUSE_MS = 120
"""The effect is asked for once the hand rests."""


Preview = Callable[[Entry, Callable[[Effect], None], Callable[[UserError], None]], None]
"""Asks what an entry would change; answers later, in the GUI thread."""


@dataclass(frozen=True, slots=True)
class MeasurementSubject:
    """What a figure is entered on, or which of its figures is corrected."""

    objective: Objective
    today: date
    measurement: Measurement | None = None
    before: Assessment | None = None
    """Where the objective stands."""
    sources: tuple[str, ...] = ()
    """What is offered as a source, the latest first."""
    known: tuple[Measurement, ...] = ()
    """The figures of the objective that are recorded."""


class MeasurementDialog(WaitingDialog):
    """One measurement. Enter saves; Escape leaves, asking first where something was typed. Submits a `Entry`."""

    countering = Signal(object)
    """What is typed is to be noted beside a figure recorded on that day, as a counter-value (by field of its form)."""

    chapter = "saisir-un-chiffre"
    """Where F1 opens the guide."""

    def __init__(
        self,
        theme: Theme,
        notifier: Notifier,
        preview: Preview,
        subject: MeasurementSubject,
        *,
        parent: QWidget | None = None,
    ) -> None:
        objective, measurement = subject.objective, subject.measurement
        super().__init__(_title(objective, measurement), parent, heading="", width=theme.px(520))
        self._notifier = notifier
        self._preview = preview
        self._objective = objective
        self._measurement = measurement
        self._today = subject.today
        self._known = subject.known
        self._twin: Measurement | None = None
        """The figure recorded on the day that is typed."""
        self._asked = 0
        self.say(objective.code, "code")
        self.say(objective.label, "heading")
        if objective.note:
            self.say(objective.note, "mention")
        self.end(self._make_form(subject.sources), self._submit, self._make_effect(theme, subject.before))
        self._pause = rest(self, _PAUSE_MS, self._ask_effect)
        self._fill()
        self._initial = self._typed()
        for field in (self._value, self._day, self._numerator, self._denominator):
            field.textChanged.connect(self._edited)
        self._value.setFocus()
        self._value.selectAll()
        if measurement is not None:
            self._edited()

    def take(self, typed: Mapping[str, str]) -> None:
        """Go on with what was typed elsewhere, by the name of its field (`Entry`): it is newer than a draft found again."""
        for name, line in (("value", self._value), ("day", self._day), ("source", self._source)):
            if name in typed:
                line.setText(typed[name])
                # A hand typed it, elsewhere: it is not saved here either.
                line.setModified(bool(typed[name]))

    def answered(self) -> None:
        super().answered()
        self._save.setEnabled(True)

    def refuse(self, error: UserError) -> None:
        """Stay open with what was typed, and say why it was not saved."""
        super().refuse(error)
        self._value.setFocus()

    def done(self, result: int) -> None:
        """Close; an effect still being reckoned has nobody left to be told to."""
        self._asked += 1
        self._pause.stop()
        super().done(result)

    def reject(self) -> None:
        """Leave; ask first where something was typed that would be lost."""
        if self._typed() != self._initial:
            answer = self._notifier.ask(
                Notice(
                    self.windowTitle(),
                    "Ce relevé n’est pas enregistré.",
                    "Voulez-vous l’enregistrer avant de fermer\u202f?",
                    Gravity.QUESTION,
                    (
                        Choice("enregistrer", "Enregistrer"),
                        Choice("abandonner", "Abandonner la saisie"),
                        Choice("rester", "Continuer la saisie"),
                    ),
                )
            )
            if answer == "enregistrer":
                self._submit()
                return
            if answer == "rester":
                return
            self.forget_typed()
        super().reject()

    def _make_form(self, sources: tuple[str, ...]) -> Form:
        form = Form()
        self._value = text_line("", "par exemple 1 339, 16,4 % ou 2,5 M€".replace(" %", "\u202f%"))
        unit = label(self._objective.unit, "mention")
        unit.setContentsMargins(0, SNUG, 0, 0)
        self._value_field = form.add("&Valeur", self._value, beside=unit)
        self._numerator, self._denominator = QLineEdit(), QLineEdit()
        self._numerator.setPlaceholderText("12")
        self._denominator.setPlaceholderText("48")
        self._numerator_field = form.add(
            "&Numérateur", self._numerator, "Pour une part\u202f: les deux nombres dont elle est tirée."
        )
        self._denominator_field = form.add("Déno&minateur", self._denominator)
        for part in (self._numerator_field, self._denominator_field):
            part.set_shown(self._objective.unit == "%")
        self._day = FigureDayLine(lambda: self._today)
        self._day_field = form.add("&Date", self._day, "Le jour auquel la valeur se rapporte.")
        self._source = text_line("", "qui l’a donnée, ou dans quel document")
        offer(self._source, sources)
        form.add("&Source", self._source)
        self._comment = TextArea()
        self._comment.setFixedHeight(56)
        self._comment_field = form.add("&Commentaire", self._comment)
        self._provisional = QCheckBox("Chiffre &provisoire")
        tip(
            self._provisional,
            "Un chiffre provisoire depuis plus de six mois est rappelé dans les points d’attention.",
        )
        form.add("", self._provisional)
        self._provisional.setAccessibleName("Chiffre provisoire")
        return form

    def _make_effect(self, theme: Theme, before: Assessment | None) -> QFrame:
        frame = QFrame()
        frame.setObjectName("effect")
        grid = QGridLayout(frame)
        grid.setContentsMargins(ROOM, GAP, ROOM, GAP)
        grid.setHorizontalSpacing(ROOM)
        grid.setVerticalSpacing(TIGHT)
        grid.setColumnStretch(3, 1)
        self._rows: list[tuple[StatusBadge, QWidget, Gauge]] = []
        self._figures = []
        for row, words in enumerate(("À ce jour", "Après ce relevé")):
            name = label(words, "mention")
            badge, figure, gauge = StatusBadge(theme), label(""), Gauge(theme)
            figure.setAccessibleName(words)
            for column, part in enumerate((name, badge, figure, gauge)):
                grid.addWidget(part, row, column)
            self._rows.append((badge, figure, gauge))
            self._figures.append(figure)
        self._warnings = aside(
            "Tapez une valeur et une date\u202f: leur effet se lit ici.", name="Effet du relevé"
        )
        grid.addWidget(self._warnings, 2, 0, 1, 4)
        self._correct = button("&Corriger ce relevé", self._take_twin)
        self._counter = button("Noter en contre-&valeur…", self._note_beside)
        explain(self._counter, "Contre-valeur")
        for column, choice in ((1, self._correct), (2, self._counter)):
            grid.addWidget(choice, 3, column)
            choice.hide()
        if before is not None:
            self._show_row(0, before)
        return frame

    def _fill(self) -> None:
        old = self._measurement
        self._day.setText(format_date(old.day if old else self._today))
        if old is None:
            return
        self._value.setText(format_number(old.value))
        for field, part in ((self._numerator, old.numerator), (self._denominator, old.denominator)):
            field.setText("" if part is None else format_number(part))
        self._source.setText(old.source)
        self._comment.set_whole(old.comment)
        if self._comment.shortened:
            self._comment_field.set_hint(self._comment.shortened)
        self._provisional.setChecked(old.provisional)

    def _typed(self) -> tuple[str | bool, ...]:
        return (
            self._value.text().strip(),
            self._numerator.text().strip(),
            self._denominator.text().strip(),
            self._day.text().strip(),
            self._source.text().strip(),
            self._comment.whole().strip(),
            self._provisional.isChecked(),
        )

    def _edited(self) -> None:
        self._trouble.hide()
        self._read(quiet=True)
        self._pause.start()

    def _read(self, *, quiet: bool) -> Entry | None:
        """Understand the fields, and say at each what is wrong; `quiet` lets an empty value be."""
        told = self._read_figure(quiet=quiet)
        day: date | None = None
        trouble = ""
        try:
            day = read_day(self._day.text(), self._today)
        except UserError as error:
            trouble = str(error)
        self._day_field.set_error(trouble)
        self._show_twin(day)
        if told is None or day is None or trouble:
            return None
        return Entry(
            objective=self._objective.key,
            day=day,
            value=told.value,
            numerator=told.numerator,
            denominator=told.denominator,
            source=self._source.text().strip(),
            comment=self._comment.whole().strip(),
            provisional=self._provisional.isChecked(),
            replacing=self._measurement.key if self._measurement else None,
        )

    def _read_figure(self, *, quiet: bool) -> TypedFigure | None:
        """Understand the value and what it is drawn from; two numbers alone make the value."""
        parts = [self._numerator.text().strip(), self._denominator.text().strip()]
        text, trouble, half = self._value.text().strip(), "", ""
        told: TypedFigure | None = None
        if all(parts):
            text = text or " sur ".join(parts)
        elif any(parts):
            half = "Donnez les deux nombres, ou aucun des deux."
        try:
            if text or not quiet:
                told = read_figure(text, self._objective)
            if told is not None and all(parts):
                numerator, denominator = (parse_number(part) for part in parts)
                told = TypedFigure(told.value, numerator, denominator)
        except UserError as error:
            trouble, told = str(error), None
        self._value_field.set_error(trouble)
        if self._objective.unit == "%":
            self._denominator_field.set_error(half)
        return None if half else told

    def _show_twin(self, day: date | None) -> None:
        """Offer to correct what is recorded on that day, or to note what is typed beside it."""
        replaced = self._measurement.key if self._measurement else ""
        place = self._measurement.territory if self._measurement else self._objective.territory
        self._twin = next(
            (
                item
                for item in reversed(self._known)
                if item.day == day and item.territory == place and item.key != replaced
            ),
            None,
        )
        for choice in (self._correct, self._counter):
            choice.setVisible(self._twin is not None)

    def _take_twin(self) -> None:
        """Correct the figure of that day rather than record another."""
        self._measurement = self._twin
        self.setWindowTitle(_title(self._objective, self._measurement))
        self._edited()
        self._value.setFocus()

    def _note_beside(self) -> None:
        typed = {
            "objective": self._objective.key,
            "day": self._day.text().strip(),
            "value": self._value.text().strip(),
            "source": self._source.text().strip(),
            "reason": self._comment.whole().strip(),
        }
        self.forget_typed()
        self._initial = self._typed()
        self.reject()
        self.countering.emit(typed)

    def _ask_effect(self) -> None:
        self._asked += 1
        asked = self._asked
        entry = self._read(quiet=True)
        if entry is None:
            self._show_row(1, None)
            self._warnings.setText("Tapez une valeur et une date\u202f: leur effet se lit ici.")
            return

        def answer(effect: Effect) -> None:
            if asked == self._asked:
                self._show_effect(effect)

        def refused(error: UserError) -> None:
            if asked == self._asked:
                self._show_row(1, None)
                tell(self._warnings, str(error))

        self._preview(entry, answer, refused)

    def _show_effect(self, effect: Effect) -> None:
        self._show_row(0, effect.before)
        self._show_row(1, effect.after)
        words = [*effect.warnings, effect.words]
        restyle(self._warnings, role="warning" if effect.warnings else "mention")
        tell(self._warnings, "\n".join(words))

    def _show_row(self, row: int, assessment: Assessment | None) -> None:
        badge, _, gauge = self._rows[row]
        figure = self._figures[row]
        badge.set_status(assessment.status if assessment else None)
        gauge.set_assessment(assessment)
        if assessment is None:
            figure.setText("")
            return
        far = how_far(assessment)
        figure.setText(
            f"{far.value}, soit {far.rate}" if far.rate else ", ".join(filter(None, (far.value, far.kept)))
        )

    def _submit(self) -> None:
        entry = self._read(quiet=False)
        if entry is None:
            fields = (self._value_field, self._denominator_field, self._day_field)
            next((field for field in fields if field.error), self._day_field).control.setFocus()
            return
        self._save.setEnabled(False)
        self.submitted.emit(entry)


def _title(objective: Objective, measurement: Measurement | None) -> str:
    """What the form is for: whoever does not see the screen hears it, and nothing else says on what the figure goes."""
    act = "Corriger un relevé" if measurement else "Saisir un relevé"
    return f"{act}\u202f: {objective.code}, {objective.label}"
