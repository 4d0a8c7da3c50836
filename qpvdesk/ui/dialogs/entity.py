"""One thing of the contract in a form: only the fields that have a meaning, each with what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier
from qpvdesk.domain.sens import AIMS, Sens
from qpvdesk.domain.themes import UNCHOSEN
from qpvdesk.services.editing import EditForm, objectives, options, reading
from qpvdesk.services.editing.proposed_codes import proposed_code
from qpvdesk.services.editing.reading import FormDraft
from qpvdesk.ui.dialogs.entity_controls import control_of, listen, set_value, show_options, value_of
from qpvdesk.ui.dialogs.waiting import DRAFT_FOUND
from qpvdesk.ui.kit.controls import apart, button, rest
from qpvdesk.ui.kit.form_dialog import Field, Fitted, Form, FormDialog
from qpvdesk.ui.kit.text_area import TextArea
from qpvdesk.ui.kit.tips import warn
from qpvdesk.ui.kit.tokens import GAP, HAIR, fill
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import label

_REST_MS = 300
_OF_ANOTHER = "L’engagement choisi est celui d’un autre partenaire\u202f: choisissez-en un."


@dataclass(frozen=True, slots=True)
class EntitySubject:
    """What a form is opened on."""

    form: EditForm
    dossier: Dossier
    typed: Mapping[str, str]
    check: Callable[[Mapping[str, str]], FormDraft]
    new: bool = False
    """The code follows the name, or the partner, as long as none was written."""
    found_again: bool = False
    """What is typed comes from a draft."""
    today: Callable[[], date] = date.today
    asked: tuple[str, ...] = ()
    """The fields that stand on « À préciser » until somebody chooses."""


class EntityDialog(FormDialog):
    """Ctrl+Enter saves. Escape leaves: what was typed is kept as a draft by who listens to `typed_changed`."""

    submitted = Signal(object)
    """What is typed, by field; the dialog stays until `accept` or `refuse`."""
    typed_changed = Signal(object)
    """What is typed, by field, a moment after the last key."""
    retired = Signal()
    """The thing is to be retired, or removed where it cannot be."""

    def __init__(
        self,
        theme: Theme,
        subject: EntitySubject,
        *,
        title: str,
        retire: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`retire`: the words of the button that retires; empty for none."""
        super().__init__(title, parent, width=theme.px(560))
        self._form_spec, self._dossier, self._check = subject.form, subject.dossier, subject.check
        self._asked = (*subject.asked, *(subject.form.asked_for if subject.new else ()), *_nobody(subject))
        self._tried = False
        self.followed = False
        """Whether another of the same kind is to be made once this one is saved."""
        self._subject_new = subject.new
        self._new = subject.new and subject.form.kind != "contract"
        self._folded = {field.name for field in subject.form.fields} - set(subject.form.first)
        if not (self._new and subject.form.first):
            self._folded.clear()
        code = subject.typed.get("code", "")
        guessed = code in ("", proposed_code(subject.dossier, subject.form.kind, subject.typed))
        # The code that a document gives is its own: it follows no partner and no name.
        self._proposed = code if subject.new and guessed else None
        self._controls: dict[str, QWidget] = {}
        self._fields: dict[str, Field] = {}
        self._wanted: set[str] = set()
        """The fields that cannot be saved empty, as the others are filled in."""
        if subject.found_again:
            self.say(DRAFT_FOUND, "mention")
        self._area = self._make_fields(theme, subject.today)
        self.column.addWidget(self._area, 1)
        self._meaning = self.say("", "strong", name="Ce que l’objectif demande")
        self._meaning.hide()
        self._trouble = self.trouble()
        self.column.addLayout(self._make_buttons(retire))
        self._rest = rest(self, _REST_MS, lambda: self.typed_changed.emit(self.typed()))
        self._partner, self._engagement = subject.typed.get("partner"), subject.typed.get("engagement")
        self._fill(subject.typed)
        sens = self._controls.get("sens")
        self._sens = value_of(sens) if sens is not None and self._new else None
        self.fit(theme.px(640), theme.px(680))
        self._edited()
        # A short form takes no more height than its fields.
        self.column.activate()
        self.resize(self.width(), min(self.height(), self.column.totalHeightForWidth(self.width())))
        self._begin()

    def begin_at(self, field: str) -> None:
        """Put the hand in a field, and show it whole."""
        if field in self._folded:
            self._unfold()
        self._controls[field].setFocus()
        self._area.reveal(self._controls[field])

    def typed(self) -> dict[str, str]:
        """Return what is typed, by field."""
        return {name: value_of(control) for name, control in self._controls.items()}

    def refuse(self, error: UserError) -> None:
        """Stay open with what was typed, and say why it was not saved."""
        warn(self._trouble, str(error))
        self.followed = False
        self._save.setEnabled(True)

    def done(self, result: int) -> None:
        """Close; what was typed last may still be on its way to the draft."""
        if self._rest.isActive():
            self._rest.stop()
            self.typed_changed.emit(self.typed())
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save on Ctrl+Enter; Enter alone, in a long form, is a slip of the hand: it says which key saves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                again = self._new and event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                (self._submit_and_follow if again else self._submit)()
            else:
                self.tell("Ctrl+Entrée enregistre.")
            return
        super().keyPressEvent(event)

    def _make_fields(self, theme: Theme, today: Callable[[], date]) -> Fitted:
        form = Form()
        form.setContentsMargins(HAIR, HAIR, GAP, HAIR)
        labels = apart([field.label for field in self._form_spec.fields])
        for field, marked in zip(self._form_spec.fields, labels, strict=True):
            control = control_of(theme, field, today)
            self._fields[field.name] = form.add(marked, control, field.help)
            self._controls[field.name] = control
            control.setAccessibleName(field.label.replace("&", ""))
            listen(control, self._edited)
        form.setRowStretch(form.rowCount(), 1)
        area = Fitted("Champs", form)
        form.chain()
        return area

    def _make_buttons(self, retire: str) -> QHBoxLayout:
        row = QHBoxLayout()
        if retire:
            row.addWidget(button(retire, self.retired.emit))
        row.addWidget(label("* à remplir", "mention"))
        self._further = button("Autres champs", self._unfold, hint="Ce qu’un nouvel élément n’a pas toujours")
        fill(row, self._further, 1)
        hint = "Ce qui est tapé est gardé en brouillon (Échap)"
        row.addWidget(button("Fermer", self.reject, hint=hint))
        self._next = button("Enregistrer et suivant", self._submit_and_follow, hint="Ctrl+Maj+Entrée")
        self._next.setVisible(self._new)
        if self._new:
            row.addWidget(self._next)
        self._save = button("Enregistrer", self._submit, role="primary", hint="Ctrl+Entrée")
        row.addWidget(self._save)
        return row

    def _begin(self) -> None:
        """Put the hand in the first field of text: of a new thing, the first that is not filled in; of another, but for
        its code."""
        lines = [
            (name, control)
            for name, control in self._controls.items()
            if isinstance(control, (QLineEdit, QPlainTextEdit)) and not control.isHidden()
        ]
        wanted = [
            control
            for name, control in lines
            if (not value_of(control) if self._subject_new else name != "code")
        ]
        for control in (wanted or [control for _, control in lines])[:1]:
            control.setFocus()

    def _fill(self, typed: Mapping[str, str]) -> None:
        for field in self._form_spec.fields:
            control = self._controls[field.name]
            control.blockSignals(True)
            offered = options(self._dossier, field, typed)
            if field.name in self._asked and "" not in {value for _, value in offered}:
                offered = ((UNCHOSEN, ""), *offered)
            show_options(control, field, offered)
            set_value(control, "" if field.name in self._asked else field.rests_on)
            resting = value_of(control)
            set_value(control, typed.get(field.name, "") or resting)
            if isinstance(control, TextArea) and control.shortened:
                self._fields[field.name].set_hint(control.shortened)
            if value_of(control) != resting and (field.name != "code" or self._proposed is None):
                # What is known of it already is seen.
                self._folded.discard(field.name)
            control.blockSignals(False)

    def _unfold(self) -> None:
        """Show the fields that a new one does not always have, the hand in the first of them."""
        first = next((name for name in self._controls if name in self._folded), "")
        self._folded.clear()
        self._edited()
        if first:
            self.begin_at(first)

    def _edited(self) -> None:
        typed = self.typed()
        self._propose_code(typed)
        self._propose_sens(typed)
        left = self._follow_partner(typed)
        self._follow_engagement(typed)
        draft = self._checked(typed)
        for field in self._form_spec.fields:
            wanted = field.shown(typed)
            fault = draft.faults.get(field.name, "")
            empty = not typed[field.name].strip()
            # What cannot be saved empty bears a star, and keeps it once filled in.
            if empty:
                (self._wanted.add if fault else self._wanted.discard)(field.name)
            always = field.required or field.name in self._asked
            self._fields[field.name].set_wanted(always or field.name in self._wanted)
            # What is not filled in yet is no mistake before the officer tries to save.
            if wanted:
                words = _OF_ANOTHER if field.name in left else ""
                self._fields[field.name].set_error(words if empty and not self._tried else fault)
            folded = field.name in self._folded and not fault
            self._fields[field.name].set_shown(wanted and not folded)
        self._further.setVisible(bool(self._folded))
        sentence = reading.sentence(draft, self._dossier)
        self._meaning.setText(sentence)
        self._meaning.setVisible(bool(sentence))
        self._trouble.hide()
        self._rest.start()

    def _checked(self, typed: Mapping[str, str]) -> FormDraft:
        """Understand what is typed; what somebody has to choose and did not is at fault."""
        draft = self._check(typed)
        for field in self._form_spec.fields:
            if field.name in self._asked and not typed[field.name] and field.shown(typed):
                draft.faults[field.name] = "Choisissez dans la liste."
                if field.name == "level" and typed["code"].strip():
                    # How it is written follows from the level: of none yet, it would be held against the widest.
                    draft.faults.pop("code", None)
        return draft

    def _propose_sens(self, typed: dict[str, str]) -> None:
        """Follow the start and the target with the way from one to the other, as long as the officer has not chosen one."""
        if self._sens is None or typed["sens"] != self._sens:
            self._sens = None
        elif (way := objectives.sens_typed(typed)) and (not self._sens or AIMS[Sens(self._sens)].way):
            self._put("sens", way)
            self._sens = typed["sens"] = way

    def _follow_engagement(self, typed: dict[str, str]) -> None:
        """Give a new objective the thématique of its engagement, as long as it has none of its own."""
        before, self._engagement = self._engagement, typed.get("engagement")
        if before == self._engagement or not self._new or "theme" not in typed:
            return
        partners = {engagement.key: engagement.partner for engagement in self._dossier.engagements}
        whose = partners.get(self._engagement or "", "")
        if whose and not typed["partner"]:
            self._put("partner", whose)
            self._partner = typed["partner"] = whose
        themes = {engagement.key: engagement.theme for engagement in self._dossier.engagements}
        if typed["theme"] in ("", themes.get(before or "")) and (theme := themes.get(self._engagement or "")):
            self._put("theme", theme)
            typed["theme"] = theme

    def _put(self, field: str, value: str) -> None:
        control = self._controls[field]
        control.blockSignals(True)
        set_value(control, value)
        control.blockSignals(False)

    def _follow_partner(self, typed: dict[str, str]) -> list[str]:
        """Offer the engagements of the partner that is chosen; return the fields that had another's, emptied."""
        if typed.get("partner") == self._partner:
            return []
        self._partner = typed.get("partner")
        left = []
        for field in self._form_spec.fields:
            control = self._controls[field.name]
            if field.linked != "engagement" or not isinstance(control, QComboBox):
                continue
            offered = options(self._dossier, field, typed)
            if typed[field.name] and typed[field.name] not in {value for _, value in offered}:
                typed[field.name] = ""
                left.append(field.name)
            control.blockSignals(True)
            control.clear()
            show_options(control, field, offered)
            set_value(control, typed[field.name])
            control.blockSignals(False)
        return left

    def _propose_code(self, typed: dict[str, str]) -> None:
        """Follow the name, or the partner, with the code, as long as the officer has not written one."""
        control = self._controls.get("code")
        if not isinstance(control, QLineEdit) or control.text() != self._proposed or control.isModified():
            return
        code = proposed_code(self._dossier, self._form_spec.kind, typed)
        # Without a partner none can be guessed: the one proposed for another stays, as its name does.
        if self._proposed != code and (code or "partner" not in typed):
            self._put("code", code)
            self._proposed = typed["code"] = code

    def _submit_and_follow(self) -> None:
        self.followed = True
        self._submit()

    def _submit(self) -> None:
        self._tried = True
        self._edited()
        faults = self._checked(self.typed()).faults
        first = next((field.name for field in self._form_spec.fields if field.name in faults), None)
        if first is not None:
            self._controls[first].setFocus()
            warn(self._trouble, "Corrigez les champs signalés, puis enregistrez.")
            self.followed = False
            return
        self._save.setEnabled(False)
        self.submitted.emit(self.typed())


def _nobody(subject: EntitySubject) -> list[str]:
    """The field of the partner, where one is needed and none is known."""
    needed = [field.name for field in subject.form.fields if field.required and field.name == "partner"]
    return needed if subject.new and not subject.typed.get("partner") else []
