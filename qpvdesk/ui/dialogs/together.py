"""One field of several things changed at once: which, and what all of them are to say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import plural
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.model import Dossier
from qpvdesk.services.editing import EditForm, Input, options
from qpvdesk.ui.dialogs.entity_controls import control_of, show_options, value_of
from qpvdesk.ui.kit.form_dialog import Form, FormDialog
from qpvdesk.ui.kit.tips import warn
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo

_OWN = frozenset({"code", "label", "name", "short_name", "title"})
"""What is each thing's own."""


class TogetherDialog(FormDialog):
    """Submits what is typed, by field: one of them; it stays until `accept` or `refuse`."""

    submitted = Signal(object)

    def __init__(
        self,
        theme: Theme,
        form: EditForm,
        dossier: Dossier,
        today: Callable[[], date],
        *,
        count: int,
        parent: QWidget | None = None,
    ) -> None:
        subjects = plural(count, *BY_NAME[form.kind].nouns)
        super().__init__(f"Modifier {subjects}", parent, width=theme.px(480))
        self.say(
            "La même valeur est donnée à tous\u202f; «\u202fAnnuler\u202f» rend à chacun la sienne.",
            "mention",
        )
        self._fields = [
            field for field in form.fields if field.name not in _OWN and field.input is not Input.LINKS
        ]
        self._which = ElidedCombo()
        self._stack = QStackedWidget()
        self._controls: list[QWidget] = []
        for field in self._fields:
            self._which.addItem(field.label.replace("&", ""))
            control = control_of(theme, field, today)
            control.setAccessibleName(field.label.replace("&", ""))
            show_options(control, field, options(dossier, field, {}))
            self._controls.append(control)
            self._stack.addWidget(control)
        self._which.currentIndexChanged.connect(self._show)
        self._show(0)
        rows = Form()
        rows.add("&Champ", self._which)
        rows.add("&Valeur", self._stack)
        self.column.addLayout(rows)
        self._trouble = self.trouble()
        self.foot("Modifier tous", self._submit)
        self._which.setFocus()

    def refuse(self, error: UserError) -> None:
        """Stay open, and say why nothing was changed."""
        warn(self._trouble, str(error))

    def _show(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self._stack.setFocusProxy(self._controls[place])

    def _submit(self) -> None:
        place = self._which.currentIndex()
        self.submitted.emit({self._fields[place].name: value_of(self._controls[place])})
