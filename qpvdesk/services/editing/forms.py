"""The forms of everything a contract holds, as `domain.kinds` declares them.

What is typed is text, as people write it; `reading` understands it. The names of the fields are those of the domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from qpvdesk.domain.engagements import followed, in_axes
from qpvdesk.domain.french import fold
from qpvdesk.domain.kinds import KINDS, Ask, Field, Kind, Type
from qpvdesk.domain.kinds import Choices as Options
from qpvdesk.domain.kinds import Typed as Typed
from qpvdesk.domain.levels import Levels
from qpvdesk.domain.model import Dossier, Partner
from qpvdesk.domain.themes import UNCHOSEN, theme_names


class Input(StrEnum):
    """How a field is given."""

    LINE = "ligne"
    TEXT = "texte"
    DATE = "date"
    CHOICE = "choix"
    LINK = "lien"
    """One thing of the contract, by its key; the options depend on the contract."""
    LINKS = "liens"
    """Several, one key a line."""


@dataclass(frozen=True, slots=True)
class EditField:
    """One field. `label` may hold a mnemonic."""

    name: str
    label: str
    input: Input
    required: bool
    help: str
    choices: Options
    linked: str
    """The kind of thing a link leads to (`partner`, `territory`…)."""
    shown: Callable[[Typed], bool]
    """Whether the field has a meaning, from what is typed in the others."""
    to_come: bool = False
    """Whether a day typed without its year is the next of that name."""
    usual: Options = ()
    """The usual words of a text, to which the contract's own are added."""
    dossier_field: str = ""
    """Where a dossier has the things of its kind."""
    rests_on: str = ""
    """The choice on which it stands until somebody makes one; empty for the first."""


@dataclass(frozen=True, slots=True)
class EditForm:
    """The form of one kind of thing."""

    kind: str
    noun: str
    """With its article left out: « engagement »."""
    feminine: bool
    fields: tuple[EditField, ...]
    first: tuple[str, ...] = ()
    """What is asked first of a new one, the rest being folded; empty for all of it."""
    asked_for: tuple[str, ...] = ()
    """What has to be chosen for a new one."""

    @property
    def new_title(self) -> str:
        """« Nouvel engagement »."""
        if self.feminine:
            return f"Nouvelle {self.noun}"
        return f"{'Nouvel' if fold(self.noun[0]) in 'aeiouy' else 'Nouveau'} {self.noun}"

    @property
    def edit_title(self) -> str:
        """« Modifier l’engagement »."""
        if fold(self.noun[0]) in "aeiouy":
            return f"Modifier l’{self.noun}"
        return f"Modifier {'la' if self.feminine else 'le'} {self.noun}"


def form_of(kind: Kind) -> EditForm:
    fields = tuple(entry for field in kind.asked for entry in _entries(field, kind.dossier))
    return EditForm(kind.name, kind.noun or kind.french, kind.feminine, fields, kind.first, kind.asked_for)


def _entries(field: Field, dossier_field: str) -> Iterator[EditField]:
    for part in field.parts:
        yield _entry(f"{field.name}_{part.name}", part.type, part.ask, ref=part.ref)
    if field.ask is not None:
        chosen = field.type in (Type.WORD, Type.LEVEL) or field.ask.choices
        required = field.required and not chosen
        entry = _entry(field.name, field.type, field.ask, ref=field.ref or field.named, required=required)
        rests_on = field.default.value if isinstance(field.default, StrEnum) else ""
        usual = tuple((word, word) for word in field.ask.usual)
        yield replace(
            entry, rests_on=rests_on, to_come=field.to_come, usual=usual, dossier_field=dossier_field
        )


def _entry(name: str, kind: Type, ask: Ask, *, ref: str | None, required: bool = False) -> EditField:
    return EditField(
        name=name,
        label=ask.label,
        input=_input(kind, ask),
        required=required,
        help=ask.help,
        choices=ask.choices,
        linked=ref or "",
        shown=ask.shown,
    )


def _input(kind: Type, ask: Ask) -> Input:
    if ask.choices or kind is Type.LEVEL:
        return Input.CHOICE
    match kind:
        case Type.DATE | Type.DAY:
            return Input.DATE
        case Type.LINK | Type.CODE:
            return Input.LINK
        case Type.LINKS:
            return Input.LINKS
    return Input.TEXT if ask.lines else Input.LINE


FORMS: dict[str, EditForm] = {kind.name: form_of(kind) for kind in KINDS if kind.asked}


def _words(dossier: Dossier, field: EditField) -> Options:
    """Return the words that a field has, or those that are usual in it and what the contract has beside them."""
    if not field.usual:
        return field.choices
    known = {fold(word) for word, _ in field.usual} | {""}
    own = {
        word
        for item in getattr(dossier, field.dossier_field)
        if fold(word := getattr(item, field.name)) not in known
    }
    return (*field.usual, *((word, word) for word in sorted(own)))


def _partner(partner: Partner) -> str:
    """« CALL – Communauté d’agglomération… »: by the short name first, by which it is told everywhere and found."""
    short = partner.short_name
    return partner.name if short in ("", partner.name) else f"{short} – {partner.name}"


def options(dossier: Dossier, field: EditField, typed: Typed) -> Options:
    """Return what a choice or a link may be, in this contract and with what is typed; « – » stands for nothing."""
    if words := _words(dossier, field):
        return words
    if field.linked == "theme" and field.input is Input.LINK:
        return ((UNCHOSEN, ""), *((name, code) for code, name in theme_names(dossier).items()))
    levels = Levels(dossier.place_levels)
    if field.input is Input.CHOICE:
        return tuple((item.name, item.code) for item in levels.all)
    none: Options = () if field.required or field.input is Input.LINKS else (("–", ""),)
    partner = typed.get("partner", "")
    match field.linked:
        case "partner":
            rows = [(_partner(item), item.key) for item in dossier.partners]
        case "territory":
            rows = [
                (f"{item.name} ({levels.name(item.level).lower()})", item.key) for item in dossier.territories
            ]
        case "document":
            rows = [(item.title, item.key) for item in dossier.documents]
        case "version":
            rows = [(item.label, item.key) for item in dossier.versions]
        case "theme":
            rows = [(item.name, item.key) for item in dossier.themes]
        case "axis":
            rows = [(f"{item.code} {item.name}", item.key) for item in in_axes(dossier.axes)]
        case "engagement":
            rows = [
                (f"{item.code} {item.label}", item.key)
                for item in followed(dossier)
                if partner in ("", item.partner)
            ]
        case "objective":
            rows = [
                (f"{item.code} {item.label}", item.key) for item in dossier.objectives if not item.retired
            ]
        case _:
            rows = []
    return (*none, *rows)
