"""Many things of one kind typed down a page: each line read as its form is, what it names by its name, all written in one
act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.faults.contract import level_of_code
from qpvdesk.domain.kinds import BY_NAME, Typed
from qpvdesk.domain.model import Dossier, Mesure, Theme
from qpvdesk.domain.named import NamedThings
from qpvdesk.domain.proposing import Proposal
from qpvdesk.domain.proposing.figures import unit_told
from qpvdesk.domain.proposing.measuring import mesure_of
from qpvdesk.domain.proposing.passage import UNREAD, Beside, beside, sens_told
from qpvdesk.domain.sens import AIMS, Sens
from qpvdesk.domain.themes import UNCHOSEN, code_from, code_of, theme_names
from qpvdesk.services import proposal_forms
from qpvdesk.services.editing import FORMS, EditField, Input, options, reading
from qpvdesk.services.editing.draft import FormDraft
from qpvdesk.services.proposal_forms import Filled
from qpvdesk.storage.keys import new_key

FIELDS: Mapping[str, tuple[str, ...]] = {
    "partner": ("name", "code", "short_name"),
    "territory": ("code", "name", "level", "parent", "inhabitants", "vintage"),
    "engagement": ("partner", "label", "theme", "nature", "territories", "copilots", "code"),
    "objective": (
        "engagement", "label", "unit", "start_value", "start_date", "target_value", "target_date", "sens", "mesure",
        "frequency", "territory", "partner", "reference", "code",
    ),
    "funding": (
        "partner", "label", "amount", "unit", "first_year", "last_year", "engagement", "stage", "credit", "budget", "code",
    ),
}  # fmt: skip
"""What is typed of each thing, by kind, in the order of its cells."""
_WHICH_WAY = f"{UNCHOSEN}\u202f: «\u202fAu moins\u202f» ou «\u202fAu plus\u202f»\u202f?"
_IDLE = "Sans objet pour ce sens\u202f: videz la case. Un premier chiffre se saisit comme relevé."
_NUMBERS = ("start_value", "target_value")


class TypedLine(Struct, frozen=True):
    """One line as it was understood."""

    taken: Mapping[str, str]
    """What its blank cells are taken for, by field, in the words of the window."""
    faults: Mapping[str, str]
    """What is wrong, by field."""
    sentence: str
    """What it asks for; empty where that is nothing to tell."""
    draft: FormDraft | None
    """What it puts; None of a line where nothing is typed."""


class TypedLines(Struct, frozen=True):
    """All the lines, and the thématiques that they name and the contract does not have."""

    lines: list[TypedLine]
    themes: list[Theme]

    @property
    def ready(self) -> list[FormDraft]:
        """What the lines without fault put."""
        return [line.draft for line in self.lines if line.draft is not None and not line.faults]

    @property
    def faulty(self) -> int:
        """How many lines are to be corrected."""
        return sum(bool(line.faults) for line in self.lines)


def fields_of(kind: str) -> tuple[EditField, ...]:
    """Return the fields of the form of a kind that are typed in a line."""
    by_name = {field.name: field for field in FORMS[kind].fields}
    return tuple(by_name[name] for name in FIELDS[kind])


def read(dossier: Dossier, kind: str, lines: Sequence[Typed], *, today: date) -> TypedLines:
    """Understand lines one after the other: each may lead to those above. Never raises on what is typed."""
    themes = list(_new_themes(dossier, lines))
    dossier = reading.after(dossier, themes)
    made = []
    for line in lines:
        if not any(text.strip() for text in line.values()):
            made.append(TypedLine({}, {}, "", None))
            continue
        words = _words(dossier, kind, line)
        passage = _follow(dossier, words) if kind == "objective" else Beside()
        form = proposal_forms.filled(
            dossier, Proposal(kind, {name: text for name, text in words.items() if text}, "", 0, "")
        )
        draft = reading.read(dossier, kind, form.typed, None, today=today)
        draft.faults = _faults(dossier, kind, form=form, words=words, passage=passage, read=draft.faults)
        sentence = " ".join(filter(None, (reading.sentence(draft, dossier), _doubts(kind, passage))))
        made.append(TypedLine(_taken(dossier, kind, line, form), dict(draft.faults), sentence, draft))
        if not draft.faults:
            dossier = reading.after(dossier, draft.put)
    return TypedLines(made, themes)


def checked(dossier: Dossier, kind: str, lines: Sequence[Typed], *, today: date) -> TypedLines:
    """Understand lines that are to be written. Raises `UserError` where one has a fault."""
    found = read(dossier, kind, lines, today=today)
    for number, line in enumerate(found.lines, start=1):
        for name, words in line.faults.items():
            label = next((field.label for field in FORMS[kind].fields if field.name == name), name).replace(
                "&", ""
            )
            raise UserError(
                f"Ligne {number}, {label}\u202f: {words}", "Corrigez cette case, puis enregistrez."
            )
    return found


def _doubts(kind: str, passage: Beside) -> str:
    """Say where a cell says something else than the sentence that the label is."""
    labels = {field.name: field.label.replace("&", "") for field in fields_of(kind)}
    return " ".join(f"{labels[name]}\u202f: {why}" for name, why in passage.doubts.items())


def _faults(
    dossier: Dossier, kind: str, *, form: Filled, words: Typed, passage: Beside, read: Typed
) -> dict[str, str]:
    """What is wrong with a line: what it names and is not there first, then what does not agree with its sentence
    (`passage`), then what is to be chosen, then what the form says (`read`)."""
    blank = [name for name in form.asked if not form.typed.get(name)]
    lost = {
        name: _lost(dossier, kind, name, words[name]) for name in (*blank, *form.astray) if words.get(name)
    }
    # Whose it is follows from its engagement; a place lies in another only where somebody says so.
    free = {"parent", *(["partner"] if "engagement" in lost else [])}
    asked = {name: f"{UNCHOSEN}." for name in blank if name not in lost and name not in free}
    if passage.unread:
        return {**lost, "label": UNREAD}
    if passage.faults:
        return {**lost, **passage.faults}
    # A cell that has no meaning beside the others would be left out in silence.
    idle = {
        field.name: _IDLE
        for field in fields_of(kind)
        if words.get(field.name) and not field.shown(form.typed)
    }
    if "sens" in asked:
        # What its figures are to be depends on it.
        return {**lost, **asked, "sens": _WHICH_WAY}
    told = {name: fault for name, fault in read.items() if name not in {*lost, *asked, *free}}
    return {**lost, **asked, **idle, **told}


def _new_themes(dossier: Dossier, lines: Sequence[Typed]) -> Iterator[Theme]:
    """The thématiques that are named and not known: a contract has its own."""
    names = theme_names(dossier)
    for line in lines:
        name = line.get("theme", "").strip()
        if name and not code_of(name, names):
            names[code_from(name)] = name
            key = new_key()
            yield Theme(key, dossier.contract.key, code_from(name), name, rank=len(names))


def _words(dossier: Dossier, kind: str, line: Typed) -> dict[str, str]:
    """What a line says of each field, in the words that a proposal has: choices by what they stand for, lists line by line,
    blanks by their rules."""
    words = {name: text.strip() for name, text in line.items() if text.strip()}
    for field in fields_of(kind):
        text = words.get(field.name, "")
        if field.choices and text:
            wanted = french.fold(text)
            words[field.name] = next(
                (
                    value
                    for label, value in field.choices
                    if wanted in (french.fold(label), french.fold(value))
                ),
                text,
            )
        elif field.input is Input.LINKS and text:
            known = NamedThings.of(reading.form_rows(dossier, field.linked))
            words[field.name] = "\n".join(text.splitlines() if known.one(text) else known.parts(text))
    if kind == "territory" and not words.get("level"):
        words["level"] = level_of_code(words.get("code", ""))
    if kind == "funding":
        words.setdefault("last_year", words.get("first_year", ""))
        if "€" in words.get("amount", ""):
            words.setdefault("unit", "EUR")
    return words


def _follow(dossier: Dossier, words: dict[str, str]) -> Beside:
    """Fill in what an objective does not say, from the sentence that its label is, its engagement and its figures; return
    what the sentence says beside its cells."""
    passage = beside(words.get("label", ""), words)
    words |= passage.taken
    engagement = next(
        (
            item
            for key in NamedThings.of(dossier.engagements).meant(words.get("engagement", ""))[:1]
            for item in dossier.engagements
            if item.key == key
        ),
        None,
    )
    if engagement is not None:
        words.setdefault(
            "partner", next(item.code for item in dossier.partners if item.key == engagement.partner)
        )
    if not words.get("unit"):
        words["unit"] = unit_told(words.get("label", ""))
    start, target = (_number(words, name) for name in _NUMBERS)
    if not words.get("sens"):
        told = sens_told(
            words.get("target_value", ""), start, target, unit=words.get("unit", ""),
            others={name for name, text in words.items() if text},
        )  # fmt: skip
        words["sens"] = told.value if told else ""
    if not words.get("mesure"):
        aim = AIMS[Sens(words["sens"])] if words["sens"] in AIMS else None
        told_mesure = mesure_of(
            f"{words.get('label', '')} {words.get('unit', '')}",
            engagement.label if engagement is not None else "",
            from_nothing=aim is not None and aim.way > 0 and start == 0,
            yes_or_no=aim is not None and aim.yes_or_no,
        )
        words["mesure"] = (told_mesure or Mesure.STOCK).value
    return passage


def _number(words: Typed, name: str) -> Decimal | None:
    try:
        return french.parse_number(words[name], words.get("unit", "")) if words.get(name) else None
    except UserError:
        return None


def _lost(dossier: Dossier, kind: str, field: str, words: str) -> str:
    """Say of what a cell names that the contract has no such thing, or several."""
    linked = next(item.linked for item in FORMS[kind].fields if item.name == field)
    if linked in BY_NAME:
        things = reading.form_rows(dossier, linked)
        meant = NamedThings.of(things).meant(words)
        if len(meant) > 1:
            codes = [getattr(item, "code", "") for item in things if item.key in meant]
            return f"«\u202f{words}\u202f» en nomme plusieurs\u202f: {french.enumerate_words(codes)}."
    return f"«\u202f{' '.join(words.split())}\u202f» n’est le code ni le nom de rien dans ce contrat."


def _taken(dossier: Dossier, kind: str, line: Typed, form: Filled) -> dict[str, str]:
    """What the blank cells of a line are taken for, as the window says it."""
    taken = {}
    for field in fields_of(kind):
        value = form.typed.get(field.name, "")
        if line.get(field.name, "").strip() or not value or not field.shown(form.typed):
            continue
        names = {key: words for words, key in options(dossier, field, form.typed)}
        taken[field.name] = ", ".join(names.get(part, part) for part in value.splitlines())
    asked = {name: UNCHOSEN for name in form.asked if name in FIELDS[kind]}
    return {**asked, **taken}
