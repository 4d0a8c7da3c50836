"""The forms whose words wait on disk: which they are, by the names of their drafts, and how each is opened again; what
waits in the other contracts of the base."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from qpvdesk.domain.meetings import meeting_code
from qpvdesk.domain.model import Contract, Dossier
from qpvdesk.domain.wording import called
from qpvdesk.ui.drafts import decision_draft, figures_draft, stem
from qpvdesk.ui.pages.page import FORM, Address

if TYPE_CHECKING:
    from qpvdesk.ui.editing import Editor
    from qpvdesk.ui.entering import Entering

_NEW = ("nouveau", "nouvelle")


class KeptForm(Struct, frozen=True):
    """A form that was left with words in it."""

    draft: str
    """The name of its draft."""
    title: str
    reopen: Callable[[], object]


class KeptElsewhere(Struct, frozen=True):
    """A contract that is not the one in view, and how many forms and pages were left there with words in them."""

    contract: Contract
    count: int


_Form = tuple[str, Callable[[], object]] | None


class KeptForms:
    """Finds the forms of drafts, and whoever opens each."""

    def __init__(self, editor: Editor, entering: Entering, go: Callable[[Address], object]) -> None:
        """`go`: shows a place, where a page takes its own form up."""
        self._editor, self._entering, self._go = editor, entering, go

    def of(self, drafts: Iterable[str], dossier: Dossier) -> list[KeptForm]:
        """Return the forms of a contract among the names of drafts; one whose thing is gone since is none."""
        begin = stem(f"{dossier.contract.code}-")
        found = []
        for draft in drafts:
            if draft.startswith(begin):
                kind, _, key = draft.removeprefix(begin).partition("-")
                form = self._edited(kind, key, dossier) or self._figure(kind, key, dossier)
                form = form or self._asked(kind, key, dossier)
                if form is not None:
                    found.append(KeptForm(draft, *form))
        return found

    def elsewhere(
        self,
        drafts: Iterable[str],
        contracts: Iterable[Contract],
        here: str,
        dossier_of: Callable[[str], Dossier],
    ) -> list[KeptElsewhere]:
        """Return the contracts, but the one whose code is `here`, in which a form or a page can be taken up again;
        `dossier_of`: reads one by its code, asked where a draft bears its name alone."""
        # « LENS-2 » before « LENS », whose name begins the names of its drafts too.
        by_length = sorted(contracts, key=lambda contract: -len(contract.code))
        owned: dict[str, list[str]] = {}
        for draft in drafts:
            for contract in by_length:
                if draft.startswith(stem(f"{contract.code}-")) or draft == stem(figures_draft(contract.code)):
                    owned.setdefault(contract.code, []).append(draft)
                    break
        kept = []
        for contract in by_length:
            if contract.code != here and (names := owned.get(contract.code)):
                lines = {stem(decision_draft(contract.code)), stem(figures_draft(contract.code))}
                count = len(lines.intersection(names)) + len(self.of(names, dossier_of(contract.code)))
                kept += [KeptElsewhere(contract, count)] if count else []
        return sorted(kept, key=lambda item: item.contract.name)

    def _edited(self, kind: str, key: str, dossier: Dossier) -> _Form:
        """The form of a thing of the contract, or the grid of several."""
        from qpvdesk.services.editing import FORMS, reading  # noqa: PLC0415 - 35 ms, where a draft waits alone

        form, editor = FORMS.get(kind), self._editor
        if form is None:
            return None
        if key in _NEW:
            return form.new_title, editor.new_contract if kind == "contract" else partial(
                editor.make, kind, None
            )
        if key == "lignes":
            return f"Plusieurs lignes, {form.noun}", partial(editor.many_of, kind)
        for item in reading.form_rows(dossier, kind):
            if stem(item.key) == key:
                again = partial(editor.change_one, kind, item.key)
                return f"{form.edit_title}\u202f: {reading.called(item)}", again
        return None

    def _figure(self, kind: str, key: str, dossier: Dossier) -> _Form:
        """A figure entered, or corrected."""
        if kind != "releve":
            return None
        owners = {stem(item.key): (item.objective, item.key) for item in dossier.measurements}
        objective, figure = owners.get(key, ("", ""))
        for item in dossier.objectives:
            if item.key == objective or stem(item.key) == key:
                return f"Relevé, {called(item)}", partial(self._entering.enter, item.key, figure)
        return None

    def _asked(self, kind: str, key: str, dossier: Dossier) -> _Form:
        """What a page asks: shown there, its form open."""

        def at(page: str, code: str, form: str) -> Callable[[], object]:
            return partial(self._go, Address(page, code, ((FORM, form),)))

        if kind == "meteo":
            for engagement in dossier.engagements:
                if stem(engagement.key) == key:
                    return f"Météo, {called(engagement)}", at("engagements", engagement.code, kind)
        title = {"reunion": "Réunion", "decision": "Décision"}.get(kind)
        if title is None or key == "ligne":
            return None
        decisions = {stem(item.key): item for item in dossier.decisions}
        decision = decisions.get(key) if kind == "decision" else None
        for meeting in dossier.meetings:
            if stem(meeting.key) == key or (decision is not None and meeting.key == decision.meeting):
                code, form = meeting_code(meeting), f"{kind}-{decision.key if decision is not None else ''}"
                return f"{title}, {code}", at("comites", code, form)
        return ("Nouvelle réunion", at("comites", "", f"{kind}-{key}")) if key in _NEW else None
