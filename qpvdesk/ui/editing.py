"""Making and changing the things of the contract: which form, on what, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date, raised
from qpvdesk.domain.how_far import figure_words
from qpvdesk.domain.model import Dossier
from qpvdesk.domain.wording import called
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.notify import Notifier
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme

if TYPE_CHECKING:
    from qpvdesk.domain.change import Change
    from qpvdesk.services.desk import Desk
    from qpvdesk.ui.contract_questions import ContractQuestions
    from qpvdesk.ui.dialogs.entity import EntityDialog

_PAGES = {
    "objectifs": "objective",
    "engagements": "engagement",
    "partenaires": "partner",
    "territoires": "territory",
    "moyens": "funding",
    "visites": "visit",
}
"""What the page in view shows one of."""
_FOUND = ("statement", "objective", "engagement", "funding", "territory", "partner", "theme")
"""What a point d'attention may be about."""
_PAGE_OF = {kind: word for word, kind in _PAGES.items()}
RETIRED = ("engagement", "objective")
"""The kinds of thing that are retired rather than removed."""


class Editor(QObject):
    """Opens one form at a time over a window."""

    announced = Signal(str)
    """Why nothing was opened (French)."""
    going = Signal(object)
    """An `Address`: where what was made is seen."""

    def __init__(
        self, theme: Theme, notifier: Notifier, session: Session, drafts: Drafts, *, over: QWidget
    ) -> None:
        super().__init__(over)
        self._theme = theme
        self._notifier = notifier
        self._session = session
        self._drafts = drafts
        self._over = over
        self._dialog: EntityDialog | None = None
        self._partner = ""  # Key of the one whose thing was made or changed last.

    def close(self) -> bool:
        """Close the form in hand: what is typed stays as a draft."""
        if self._dialog is not None:
            self._dialog.reject()
        self._drafts.flush()
        return True

    def make(self, kind: str, here: Address | None, known: Mapping[str, str] | None = None) -> None:
        """Open the form of a new thing, of the partner that is in view; `known` is what is said of it already."""
        picture = self.writable()
        if picture is None:
            return
        typed: dict[str, str] = {}
        dossier = picture.situation.dossier
        seen = self._subject(here, picture)
        if seen is not None:
            found_kind, key = seen
            if found_kind == "partner":
                typed["partner"] = key
            elif found_kind == "engagement":
                engagement = picture.situation.engagement(key)
                typed |= {"partner": engagement.partner, "engagement": key, "theme": engagement.theme}
            elif found_kind == "objective":
                typed |= {"partner": picture.situation.objective(key).partner, "objective": key}
            elif found_kind == "territory":
                typed["territory" if kind == "visit" else "parent"] = key
        keys = [item.key for item in dossier.partners]
        # The one that the page in view is filtered by, else the last one served; nobody's is guessed.
        wanted = [here.focus, dict(here.filters).get("partenaire")] if here is not None else []
        found = [item.key for item in dossier.partners if item.code in wanted or item.key in wanted]
        alone = (
            keys if len(keys) == 1 else [partner_key for partner_key in keys if partner_key == self._partner]
        )
        typed.setdefault("partner", next(iter((*found, *alone)), ""))
        if kind in ("engagement", "objective") and dossier.territories:
            epci = next((territory.key for territory in dossier.territories if territory.level == "epci"), "")
            typed.setdefault("territory", epci or dossier.territories[0].key)
        typed.setdefault("frequency", "annuelle")
        if kind not in ("objective", "funding", "step"):
            typed.pop("engagement", None)
        if kind != "counter_value":
            # An objective in view is not what a new statement is about, nor what a new objective declines.
            typed.pop("objective", None)
        self._open(picture, kind, None, {**typed, **(known or {})})

    def many(self, here: Address | None) -> None:
        """Open the grid where many things of the kind of a page are typed."""
        self.many_of(_PAGES.get(here.page, "") if here is not None else "")

    def many_of(self, kind: str) -> None:
        if self.writable() is not None:
            from qpvdesk.ui.dialogs.lines import LinesDialog  # noqa: PLC0415 - 40 ms, this dialog alone needs it

            LinesDialog(self._theme, self._session, self._drafts, kind=kind, parent=self._over).open()

    def change(self, here: Address | None) -> None:
        picture = self.writable()
        if picture is None:
            return
        seen = self._subject(here, picture)
        if seen is None:
            self.announced.emit(
                "Choisissez d’abord un objectif, un engagement, un partenaire, un moyen, un territoire ou une visite."
            )
            return
        self.change_one(*seen)

    def choose(self) -> None:
        """Let the officer choose among everything that has a form, then open it."""
        picture = self.writable()
        if picture is None:
            return
        from qpvdesk.services.editing import FORMS, reading  # noqa: PLC0415 - 35 ms, whoever edits alone needs it

        dossier = picture.situation.dossier
        things = [
            (kind, row.key, f"{raised(form.noun)}\u202f: {reading.called(row)}")
            for kind, form in FORMS.items()
            if kind != "measurement"
            for row in reading.form_rows(dossier, kind)
            if not getattr(row, "retired", False)
        ]
        self._choose_among(things)

    def complete_measurement(self, here: Address | None) -> None:
        """Let the officer choose a figure of the objective in view, and give it its two numbers and its source."""
        picture = self.writable()
        seen = None if picture is None else self._subject(here, picture)
        if picture is None:
            return
        if seen is None or seen[0] != "objective":
            self.announced.emit("Choisissez d’abord l’objectif dont un relevé est à compléter.")
            return
        objective = picture.situation.objective(seen[1])
        known = [item for item in picture.situation.dossier.measurements if item.objective == objective.key]
        self._choose_among(
            [
                (
                    "measurement",
                    item.key,
                    f"{format_date(item.day)}\u202f: {figure_words(item.value, objective)}",
                )
                for item in reversed(known)
            ],
            f"Quel relevé de «\u202f{objective.label}\u202f» compléter\u202f?",
        )

    def _choose_among(
        self,
        things: list[tuple[str, str, str]],
        question: str = "Que faut-il modifier\u202f?",
        *,
        act: str = "Modifier…",
        then: Callable[[str, str], None] | None = None,
    ) -> None:
        """Let one of several things be chosen. `then`: what is done with its kind and key; by default its form opens."""
        from qpvdesk.ui.dialogs.choosing import ChoosingDialog  # noqa: PLC0415 - 2 ms, this dialog alone needs it

        dialog = ChoosingDialog(self._theme, things, question, self._over, act=act)
        dialog.chosen.connect(then or self.change_one)
        dialog.open()

    def change_one(self, kind: str, key: str, field: str = "") -> None:
        """Open the form of a thing, the hand in a field of it."""
        picture = self.writable()
        if picture is None:
            return
        from qpvdesk.services.editing import reading  # noqa: PLC0415 - 35 ms, whoever edits alone needs it

        self._open(picture, kind, key, reading.write(picture.situation.dossier, kind, key))
        if field and self._dialog is not None:
            self._dialog.begin_at(field)

    def change_contract(self) -> None:
        picture = self.writable()
        if picture is not None:
            self.change_one("contract", picture.contract.key)

    def new_contract(self) -> None:
        """Open the form of another contract; it may take the structure of the one in view."""
        picture = self.writable()
        if picture is not None and self._questions().may_begin(picture.contract):
            self._open(picture, "contract", None, {})

    def restore(self) -> None:
        """Let the officer choose what was retired, and take it up again."""
        picture = self.writable()
        if picture is None:
            return
        dossier = picture.situation.dossier
        gone = [
            (kind, item.key, called(item))
            for kind, things in (("objective", dossier.objectives), ("engagement", dossier.engagements))
            for item in things
            if item.retired
        ]
        if not gone:
            self.announced.emit("Rien n’est retiré dans ce contrat.")
            return
        self._choose_among(gone, "Que faut-il rétablir\u202f?", act="Rétablir", then=self._restore)

    def _restore(self, kind: str, key: str) -> None:
        from qpvdesk.services.editing import acts  # noqa: PLC0415 - 15 ms, whoever edits alone needs it

        contract = self._session.contract
        self._session.change(
            "Rétablissement",
            lambda desk: acts.restore(desk, contract, kind, key),
            lambda change: self._show_made(kind, change),
        )

    def _show_made(self, kind: str, change: Change) -> None:
        """Go to what was made, on the page of its kind: a key pressed next is about it, not about what was chosen before."""
        new_entity = next((entity for what, _, entity in change.touched if what == kind), None)
        if new_entity is not None and kind in _PAGE_OF:
            self.going.emit(Address(_PAGE_OF[kind], getattr(new_entity, "code", "") or new_entity.key))

    def writable(self) -> Picture | None:
        """Return the picture, where something can be changed and no form is open; say why where nothing can."""
        picture = self._session.picture
        if picture is None or self._dialog is not None:
            return None
        if not picture.editable:
            self.announced.emit(picture.why_uneditable)
            return None
        return picture

    @staticmethod
    def _subject(here: Address | None, picture: Picture) -> tuple[str, str] | None:
        """The kind and the key of what a place shows."""
        if here is None or not here.focus:
            return None
        from qpvdesk.services.editing import reading  # noqa: PLC0415 - 35 ms, whoever edits alone needs it

        kinds: tuple[str, ...] = (_PAGES[here.page],) if here.page in _PAGES else ()
        focus = here.focus
        if here.page == "points":
            # « total:ARS-S01 »: the rule, then the code of what it found at fault.
            kinds, focus = _FOUND, focus.split(":")[1] if ":" in focus else ""
        for kind in kinds:
            for row in reading.form_rows(picture.situation.dossier, kind):
                if focus in (getattr(row, "code", ""), row.key):
                    return kind, row.key
        return None

    def _open(self, picture: Picture, kind: str, key: str | None, typed: Mapping[str, str]) -> None:
        from qpvdesk.services.editing import FORMS, first_place, reading  # noqa: PLC0415 - 35 ms, whoever edits alone needs it
        from qpvdesk.ui.dialogs.entity import (  # noqa: PLC0415 - 39 ms, this dialog alone needs it
            EntityDialog,
            EntitySubject,
        )

        dossier, form = first_place.proposed(picture.situation.dossier, FORMS[kind])
        name = f"{picture.contract.code}-{kind}-{key or 'nouveau'}"
        draft = self._drafts.take_up(name)
        kept = {field: str(value) for field, value in draft.items()} if draft else {}
        before = dict(typed)
        dialog = EntityDialog(
            self._theme,
            EntitySubject(
                form,
                dossier,
                {**typed, **kept},
                lambda now: reading.read(dossier, kind, now, key),
                today=lambda: self._session.today,
                new=key is None,
                found_again=bool(kept),
            ),
            title=form.new_title if key is None else f"{form.edit_title}{_named(dossier, kind, key)}",
            retire=_verb(kind, picture) if key else "",
            parent=self._over,
        )
        opened = dialog.typed() if not kept else before
        dialog.typed_changed.connect(
            lambda now: self._drafts.keep(name, dict(now)) if now != opened else self._drafts.drop(name)
        )
        dialog.submitted.connect(lambda now: self._save(kind, key, now, name))
        dialog.retired.connect(lambda: self._retire(kind, str(key)))
        dialog.finished.connect(self._drop)
        self._dialog = dialog
        dialog.open()

    def _save(self, kind: str, key: str | None, typed: Mapping[str, str], name: str) -> None:
        from qpvdesk.services.editing import acts, reading  # noqa: PLC0415 - 15 ms, whoever edits alone needs it

        picture, dialog = self._session.picture, self._dialog
        if picture is None or dialog is None:
            return
        contract = picture.contract.code
        another = kind == "contract" and key is None
        like = self._questions().model(contract) if another else None
        if like == "annuler":
            dialog.refuse(UserError("Le contrat n’est pas encore créé.", "Ctrl+Entrée pour y revenir."))
            return

        def done(change: Change) -> None:
            self._drafts.drop(name)
            self._partner = typed.get("partner") or self._partner
            # The last edit may still be on its way to the drafts.
            dialog.blockSignals(True)
            dialog.accept()
            self._drop()
            if dialog.followed:
                self.make(kind, None, reading.shared(kind, typed))
            elif another:
                self._session.show_contract(typed["code"].strip())
                self._questions().offer_removal(picture)
            elif key is None:
                self._show_made(kind, change)

        def save(desk: Desk) -> Change:
            if another:
                return acts.new_contract(desk, typed, like or None)
            return acts.save(desk, contract, kind, typed, key=key)

        self._session.change(
            "Création du contrat" if another else "Enregistrement", save, done, dialog.refuse, faults=True
        )

    def _questions(self) -> ContractQuestions:
        from qpvdesk.ui.contract_questions import ContractQuestions  # noqa: PLC0415 - 1 ms, a new contract alone needs it

        return ContractQuestions(self._notifier, self._session)

    def duplicate(self, here: Address | None) -> None:
        """Open a new form filled with what is in view."""
        picture = self.writable()
        if picture is None:
            return
        seen = self._subject(here, picture)
        if seen is None:
            self.announced.emit("Choisissez d’abord ce qui est à dupliquer.")
            return
        from qpvdesk.services.editing import reading  # noqa: PLC0415 - 35 ms, whoever edits alone needs it

        self._open(picture, seen[0], None, reading.copied(picture.situation.dossier, *seen))

    def _retire(self, kind: str, key: str) -> None:
        from qpvdesk.services.editing import acts  # noqa: PLC0415 - 15 ms, whoever edits alone needs it

        picture, dialog = self._session.picture, self._dialog
        if picture is None or dialog is None:
            return
        contract = picture.contract.code

        def done(_: object) -> None:
            dialog.reject()

        def retire(desk: Desk) -> Change:
            if kind == "contract":
                return acts.remove_contract(desk, contract)
            return (acts.retire if kind in RETIRED else acts.remove)(desk, contract, kind, key)

        self._session.change(_verb(kind, picture), retire, done, dialog.refuse, faults=True)

    def _drop(self) -> None:
        self._dialog = None


def _verb(kind: str, picture: Picture) -> str:
    """What the button that makes a thing go says; empty where it cannot."""
    if kind == "contract":
        return "Retirer ce contrat" if len(picture.contracts) > 1 else ""
    return "Retirer" if kind in RETIRED else "Supprimer"


def _named(dossier: Dossier, kind: str, key: str) -> str:
    """Which figure a form is of: nothing in its fields would say it; empty for what names itself."""
    if kind != "measurement":
        return ""
    item = next(found for found in dossier.measurements if found.key == key)
    objective = next(found for found in dossier.objectives if found.key == item.objective)
    value = figure_words(item.value, objective)
    return f"\u202f: {called(objective)}, {value} au {format_date(item.day)}"
