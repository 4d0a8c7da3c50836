"""Entering or correcting one measurement: the dialog, its preview, its save."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.notify import Notifier
from qpvdesk.ui.session import Session, once_answered
from qpvdesk.ui.theme import Theme

if TYPE_CHECKING:
    from qpvdesk.services.measurements import Effect, Entry
    from qpvdesk.ui.dialogs.measurement import MeasurementDialog
    from qpvdesk.ui.picture import Picture


class Entering(QObject):
    """Opens one dialog at a time over a window."""

    announced = Signal(str)
    """Why nothing was opened (French)."""
    countering = Signal(object)
    """A counter-value is to be noted: what is known of it, by field of its form."""

    def __init__(
        self, theme: Theme, notifier: Notifier, session: Session, drafts: Drafts, *, over: QWidget
    ) -> None:
        super().__init__(over)
        self._theme = theme
        self._notifier = notifier
        self._session = session
        self._drafts = drafts
        self._over = over
        self._dialog: MeasurementDialog | None = None

    def close(self) -> bool:
        """Close the dialog in hand; False where the officer keeps it open."""
        return self._dialog is None or self._dialog.close()

    def enter(self, objective_key: str, measurement_key: str, typed: Mapping[str, str] | None = None) -> None:
        """Enter a value of an objective (by key), or correct the measurement of that key. `typed`: what is typed of it
        already, by the name of its field (`Entry`)."""
        picture = self._session.picture
        if picture is None or self._dialog is not None:
            return
        if not picture.editable:
            self.announced.emit(picture.why_uneditable)
            return
        situation = picture.situation
        assessment = situation.assessments[objective_key]
        measurement = next(
            (
                measurement
                for measurement in situation.measurements_of(objective_key)
                if measurement.key == measurement_key
            ),
            None,
        )
        sources = tuple(
            dict.fromkeys(
                measurement.source
                for measurement in reversed(situation.dossier.measurements)
                if measurement.source
            )
        )
        from qpvdesk.ui.dialogs.measurement import MeasurementDialog, MeasurementSubject  # noqa: PLC0415 - 20 ms, this dialog alone needs it

        dialog = MeasurementDialog(
            self._theme,
            self._notifier,
            self._preview,
            MeasurementSubject(
                assessment.objective,
                self._session.today,
                measurement,
                assessment,
                sources,
                tuple(situation.measurements_of(objective_key)),
            ),
            parent=self._over,
        )
        dialog.keep_typed(self._drafts, _draft(picture, measurement_key or objective_key))
        dialog.take(typed or {})
        dialog.submitted.connect(self._save)
        dialog.countering.connect(self.countering)
        dialog.finished.connect(self._drop_dialog)
        self._dialog = dialog
        dialog.open()

    def why_no_detail(self, objective_key: str, typed: Mapping[str, str]) -> str:
        """Why the form does not go on with what is typed of an objective (by key), in French: nothing is laid over the draft
        of another value. Empty where it does."""
        picture = self._session.picture
        if picture is None or not picture.editable:
            return "Le détail s’ouvre hors du mode projection."
        if typed and self._drafts.take_up(_draft(picture, objective_key)) is not None:
            return "Un brouillon de ce relevé attend\u202f: enregistrez-le ou oubliez-le d’abord (« Reprendre »)."
        return ""

    def _drop_dialog(self) -> None:
        self._dialog = None

    def _preview(
        self, entry: Entry, done: Callable[[Effect], None], refused: Callable[[UserError], None]
    ) -> None:
        from qpvdesk.services import measurements  # noqa: PLC0415 - 36 ms, whoever enters a figure alone needs it

        self._session.preview(
            lambda desk, now: measurements.preview(now, entry, today=desk.today()), done, refused
        )

    def _save(self, entry: Entry) -> None:
        dialog, picture = self._dialog, self._session.picture
        if dialog is None or picture is None:
            return
        from qpvdesk.services import measurements  # noqa: PLC0415 - 36 ms, whoever enters a figure alone needs it

        contract = picture.contract.code
        self._session.change(
            "Enregistrement du relevé" if entry.replacing is None else "Correction du relevé",
            lambda desk: measurements.record(desk, contract, entry),
            lambda _: dialog.saved(),
            dialog.refuse,
            faults=True,
        )
        once_answered(self._session, lambda: dialog.answered() if self._dialog is dialog else None)


def _draft(picture: Picture, key: str) -> str:
    """The name of the draft of a value, by the key of what it is of or of what it corrects."""
    return f"{picture.contract.code}-releve-{key}"
