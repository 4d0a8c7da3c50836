"""Many things of one kind typed down a page: each line read as its form is, what it names by its name, all written in one
act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from msgspec import Struct, structs

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import BY_NAME, Typed
from qpvdesk.domain.model import Aggregation, Dossier, Engagement, Territory, Theme
from qpvdesk.domain.named import NamedThings
from qpvdesk.domain.proposing import Proposal
from qpvdesk.domain.proposing.blanks import (
    TOGETHER,
    Engaged,
    fill_funding,
    fill_objective,
    fill_partner,
    fill_place,
    names_all,
    owner_by_code,
    parts_among,
    places_named,
)
from qpvdesk.domain.proposing.passage import name_in
from qpvdesk.domain.sens import STARTLESS
from qpvdesk.domain.themes import UNCHOSEN, code_from, code_of, theme_names, usual_themes
from qpvdesk.services import proposal_forms
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.services.editing import FORMS, EditField, Input, options, reading
from qpvdesk.services.editing.draft import FormDraft
from qpvdesk.services.editing.first_place import perimeter
from qpvdesk.services.proposal_forms import Filled
from qpvdesk.storage.keys import new_key

FIELDS: Mapping[str, tuple[str, ...]] = {
    "partner": ("name", "code", "short_name"),
    "territory": ("code", "name", "level", "parent", "inhabitants", "vintage"),
    "engagement": ("partner", "label", "theme", "nature", "territories", "copilots", "code"),
    "objective": (
        "engagement", "label", "unit", "start_value", "start_date", "target_value", "target_date", "sens", "mesure",
        "frequency", "territory", "partner", "reference", "milestones", "code",
    ),
    "funding": (
        "partner", "label", "amount", "unit", "first_year", "last_year", "engagement", "stage", "credit", "budget", "code",
    ),
}  # fmt: skip
"""What is typed of each thing, by kind, in the order of its cells."""
_IDLE = "Sans objet pour ce sens\u202f: videz la case. Un premier chiffre se saisit comme relevé."
_START = ("start_value", "start_date")


class LineFaultError(UserError):
    """A cell keeps lines from being written: the line, from 0 on, and the name of its field."""

    def __init__(self, line: int, field: str, message: str) -> None:
        super().__init__(message, "Corrigez cette case, puis enregistrez.")
        self.line, self.field = line, field


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
    places: list[Territory] = []
    """The perimeter of a contract that has no place yet: its objectives are of it."""

    @property
    def along(self) -> list[Theme | Territory]:
        """What is put before the lines."""
        return [*self.themes, *self.places]

    @property
    def ready(self) -> list[FormDraft]:
        """What the lines without fault put."""
        return [line.draft for line in self.lines if line.draft is not None and not line.faults]

    @property
    def faulty(self) -> int:
        return sum(bool(line.faults) for line in self.lines)


def fields_of(kind: str) -> tuple[EditField, ...]:
    """Return the fields of the form of a kind that are typed in a line; those that are required are those of the workbook,
    where nothing tells what a blank is taken for."""
    by_name = {field.name: field for field in FORMS[kind].fields}
    needed = {column.field.name for column in layout.columns(BY_NAME[kind]) if column.required}
    return tuple(replace(by_name[name], required=name in needed) for name in FIELDS[kind])


def line_titles(kind: str) -> Mapping[str, str]:
    """Return the titles of the cells of a line, by field: those of the workbook."""
    headers = {layout.ENTERED.get((kind, name), name): name for name in FIELDS[kind]}
    own = {
        headers[column.field.name]: column.header
        for column in layout.columns(BY_NAME[kind])
        if column.field.name in headers and column.part is None
    }
    return {field.name: own.get(field.name, field.label.replace("&", "")) for field in fields_of(kind)}


def read(dossier: Dossier, kind: str, lines: Sequence[Typed], *, today: date) -> TypedLines:
    """Understand lines one after the other: each may lead to those above. Never raises on what is typed."""
    themes = list(_new_themes(dossier, lines))
    places = [perimeter(dossier)] if kind == "objective" and not dossier.territories else []
    dossier = reading.after(dossier, [*themes, *places])
    typed_lines: list[TypedLine] = []
    sound: list[tuple[int, Typed]] = []
    for line in lines:
        if not any(text.strip() for text in line.values()):
            typed_lines.append(TypedLine({}, {}, "", None))
            continue
        words = _words(dossier, kind, line)
        told = _FILL[kind](dossier, words)
        start = {name: words.pop(name, "") for name in _START} if words.get("sens") in STARTLESS else {}
        form = proposal_forms.filled(
            dossier, Proposal(kind, {name: text for name, text in words.items() if text}, "", 0, "")
        )
        # Which way it goes is not read yet: no other stands for it.
        waiting = {"sens": UNCHOSEN} if "sens" in form.asked and not form.typed.get("sens") else {}
        draft = reading.read(dossier, kind, {**form.typed, **waiting}, None, today=today)
        draft.faults = _faults(dossier, kind, form=form, words=words, told=told, draft=draft)
        if start.get("start_value"):
            _first_figure(draft, {**form.typed, **start}, today)
        doubts = [*told.doubts, _first_told(start)] if not draft.faults else []
        sentence = " ".join(filter(None, (reading.sentence(draft, dossier), *doubts)))
        typed_lines.append(TypedLine(_taken(dossier, kind, line, form), dict(draft.faults), sentence, draft))
        if not draft.faults:
            dossier = reading.after(dossier, draft.put)
            sound.append((len(typed_lines) - 1, words))
    if kind == "objective":
        _link_parts(typed_lines, sound)
    return TypedLines(typed_lines, themes, places)


def _link_parts(typed_lines: list[TypedLine], sound: Sequence[tuple[int, Typed]]) -> None:
    """Link the parts of an objective to it, among the lines without fault (their rank, what they say), and say so."""
    for part, whole in parts_among([words for _, words in sound]).items():
        ranks = sound[part][0], sound[whole][0]
        drafts = [line.draft for rank in ranks if (line := typed_lines[rank]).draft is not None]
        drafts[0].main = structs.replace(drafts[0].main, parent=drafts[1].main.key)
        drafts[1].main = structs.replace(drafts[1].main, aggregation=Aggregation.SOMME)
        told = f"Une part de «\u202f{drafts[1].main.label}\u202f»\u202f: les cibles font la sienne."
        line = typed_lines[ranks[0]]
        typed_lines[ranks[0]] = structs.replace(line, sentence=f"{line.sentence} {told}")


def _first_figure(draft: FormDraft, typed: Typed, today: date) -> None:
    """Put the start of what has none, which is its first figure, along with it."""
    try:
        figures = list(proposal_forms.first_figure(draft.main, typed, today))
    except UserError as error:
        draft.faults.setdefault("start_value", str(error))
        return
    if not figures:
        draft.faults.setdefault("start_date", "À remplir\u202f: ce départ entre comme premier relevé.")
    draft.put += figures


def _first_told(start: Typed) -> str:
    return (
        f"Son départ, {start['start_value']} au {start.get('start_date', '')}, entre comme premier relevé."
        if start.get("start_value")
        else ""
    )


def checked(dossier: Dossier, kind: str, lines: Sequence[Typed], *, today: date) -> TypedLines:
    """Understand lines that are to be written. Raises `LineFaultError` where one has a fault."""
    found = read(dossier, kind, lines, today=today)
    for at, line in enumerate(found.lines):
        for name, words in line.faults.items():
            title = line_titles(kind).get(name, name)
            raise LineFaultError(at, name, f"Ligne {at + 1}, {title}\u202f: {words}")
    return found


def _faults(
    dossier: Dossier, kind: str, *, form: Filled, words: Typed, told: _Told, draft: FormDraft
) -> dict[str, str]:
    """What is wrong with a line: what is no choice of its list first, then what it names and is not there, then what does
    not agree with its sentence, then what is to be chosen, then what the form says (`draft`)."""
    unread = {
        field.name: f"«\u202f{form.typed[field.name]}\u202f» n’est pas dans la liste ({', '.join(dict(field.choices))})."
        for field in fields_of(kind)
        if field.name in draft.unread and words.get(field.name)
    }
    blank = [name for name in form.asked if not form.typed.get(name)]
    lost = {
        name: _lost(dossier, kind, name, words[name]) for name in (*blank, *form.astray) if words.get(name)
    }
    # Whose it is follows from its engagement; a place lies in another only where somebody says so.
    free = {"parent", *(["partner"] if "engagement" in lost else [])}
    asked = {
        name: told.asked.get(name, f"{UNCHOSEN}.") for name in blank if name not in lost and name not in free
    }
    if told.faults:
        return {**unread, **lost, **told.faults}
    if "sens" not in told.asked:
        # A figure that is not understood tells no way: it is what is wrong.
        asked.pop("sens", None)
        free.add("sens")
    # A cell that has no meaning beside the others would be left out in silence; beside a choice that is not read, nobody
    # knows whether it has.
    beside = [] if draft.unread else fields_of(kind)
    idle = {field.name: _IDLE for field in beside if words.get(field.name) and not field.shown(form.typed)}
    free |= {*unread, *lost, *asked}
    read = {name: fault for name, fault in draft.faults.items() if name not in free}
    return {**unread, **lost, **asked, **idle, **read}


def _new_themes(dossier: Dossier, lines: Sequence[Typed]) -> Iterator[Theme]:
    """The thématiques that are named and not known: a contract has its own."""
    names = theme_names(dossier)
    named = [name for line in lines if (name := line.get("theme", "").strip())]
    if not dossier.themes and not all(code_of(name, names) for name in named):
        # The usual ones are those of a contract that has none of its own.
        yield from usual_themes(dossier.contract.key, lambda _: new_key())
    for name in named:
        if not code_of(name, names):
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
            words[field.name] = "\n".join(text.splitlines() if known.mark_of(text) else known.parts(text))
        elif field.name == "milestones" and text:
            words[field.name] = "\n".join(part.strip() for part in text.split(";"))
    return words


class _Told(Struct, frozen=True):
    """What is told of a line once its blanks are filled."""

    faults: Mapping[str, str] = {}
    asked: Mapping[str, str] = {}
    """What somebody has to choose, and why, by field."""
    doubts: Sequence[str] = ()
    """What is to be known before it is written, one sentence each."""


def _partner(dossier: Dossier, words: dict[str, str]) -> _Told:
    fill_partner(words, engagement="", taken={item.code for item in dossier.partners})
    return _Told()


def _territory(dossier: Dossier, words: dict[str, str]) -> _Told:
    """A place lies in the first of those that its cell names, and in each of them."""
    known = NamedThings.of(dossier.territories)
    if several := known.several(words.get("parent", "")):
        codes = {item.key: item.code for item in dossier.territories}
        words["parent"] = codes[several[0]]
        words["links"] = "\n".join(codes[key] for key in several)
    fill_place(
        words, epci=dossier.contract.epci or "", home="", taken={item.code for item in dossier.territories}
    )
    return _Told()


def _engagement(dossier: Dossier, words: dict[str, str]) -> _Told:
    """Of several partners the first one is meant, the others are beside."""
    known = NamedThings.of(dossier.partners)
    if known.several(words.get("partner", "")):
        words["partner"], *beside = known.parts(words["partner"])
        words["copilots"] = "\n".join([*beside, *words.get("copilots", "").splitlines()])
    _own(dossier, words, None)
    if names_all(words.get("territories", "")):
        del words["territories"]
        return _Told(
            doubts=(
                "«\u202fTous les quartiers\u202f»\u202f: aucun lieu n’est nommé, c’est pour tout le périmètre.",
            )
        )
    return _Told()


def _objective(dossier: Dossier, words: dict[str, str]) -> _Told:
    """An objective, from the sentence that its label is, its engagement and its figures."""
    codes = {item.key: item.code for item in dossier.territories} | {
        item.key: item.code for item in dossier.partners
    }
    places = NamedThings.of(dossier.territories)
    named = [codes[key] for key in places.several(words.get("territory", ""))]
    home = codes.get(proposal_forms.home_of(dossier), "")
    engagement = _engaged(dossier, words)
    engaged = None
    if engagement is not None:
        beside = (
            item.territory for item in dossier.engagement_territories if item.engagement == engagement.key
        )
        keys = dict.fromkeys([*([engagement.territory] if engagement.territory else []), *beside])
        engaged = Engaged(codes[engagement.partner], engagement.label, tuple(codes[key] for key in keys))
    reference = words.get("reference", "")
    if reference and not NamedThings.of(dossier.objectives).mark_of(reference):
        words["reference"] = name_in(reference)
    spoken = places_named(
        (item.name for item in dossier.territories), lambda name: codes.get(places.mark_of(name), "")
    )
    filled = fill_objective(words, engaged, named=named, home=home, places=spoken)
    _own(dossier, words, engagement)
    labels = line_titles("objective")
    doubts = [f"{labels[name]}\u202f: {why}" for name, why in filled.passage.doubts.items()]
    if filled.by_default and words.get("sens") not in STARTLESS:
        doubts.append(f"{labels['mesure']}\u202f: rien ne dit si ce chiffre repart de zéro chaque année.")
    if filled.together:
        doubts.append(f"{labels['territory']}\u202f: {TOGETHER}.")
    return _Told(filled.faults, filled.asked, doubts)


def _funding(dossier: Dossier, words: dict[str, str]) -> _Told:
    _own(dossier, words, _engaged(dossier, words))
    fill_funding(words)
    return _Told()


_FILL: Mapping[str, Callable[[Dossier, dict[str, str]], _Told]] = {
    "partner": _partner, "territory": _territory, "engagement": _engagement, "objective": _objective, "funding": _funding,
}  # fmt: skip
"""By kind: fills in what a line does not say."""


def _own(dossier: Dossier, words: dict[str, str], engagement: Engagement | None) -> None:
    """Fill in whose a line is: of its engagement's partner, else of the one whose code begins its own."""
    codes = {item.key: item.code for item in dossier.partners}
    if not words.get("partner"):
        owner = codes[engagement.partner] if engagement is not None else ""
        words["partner"] = owner or owner_by_code(words.get("code", ""), codes.values())


def _engaged(dossier: Dossier, words: Typed) -> Engagement | None:
    key = next(iter(NamedThings.of(dossier.engagements).meant(words.get("engagement", ""))), "")
    return next((item for item in dossier.engagements if item.key == key), None)


def _lost(dossier: Dossier, kind: str, field: str, words: str) -> str:
    """Say of what a cell names that the contract has no such thing, or several."""
    linked = next(item.linked for item in FORMS[kind].fields if item.name == field)
    if linked in BY_NAME:
        things = reading.form_rows(dossier, linked)
        known = NamedThings.of(things)
        if len(several := known.several(words)) > 1:
            more = ", à moins que son engagement ne les nomme aussi" if linked == "territory" else ""
            return f"«\u202f{words}\u202f» en nomme {len(several)}\u202f: il en faut un seul{more}."
        meant = known.meant(words)
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
    asked = {name: UNCHOSEN for name in form.asked if name in FIELDS[kind] and name != "parent"}
    return {**asked, **taken}
