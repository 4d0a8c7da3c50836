"""A proposal as the form of its kind takes it: what the text says, what is to be chosen, and what is told of both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count

from msgspec import Struct

from qpvdesk.domain import periods
from qpvdesk.domain.codes import PERIMETER, place_code
from qpvdesk.domain.french import enumerate_words, parse_number
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.model import Dossier, Frequency, Level, Measurement, Objective
from qpvdesk.domain.named import NamedThings
from qpvdesk.domain.proposing import Proposal
from qpvdesk.domain.sens import STARTLESS
from qpvdesk.domain.themes import UNCHOSEN, code_of, theme_names
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.services.contracts.contract_files import MARK_WORDS
from qpvdesk.services.editing import FORMS, options, reading
from qpvdesk.services.editing.reading import FormDraft, form_rows, next_code
from qpvdesk.storage.keys import new_key

_ASKED = {
    "territory": ("parent",),
    "engagement": ("partner", "nature"),
    "objective": ("partner", "territory", "sens", "mesure"),
    "funding": ("partner",),
    "condition": ("partner",),
}
"""What is chosen by somebody where the text does not say it: no form has an honest answer of its own."""
_NAMED = (
    "partner",
    "engagement",
    "theme",
    "frequency",
    "copilots",
    "parent",
    "territories",
    "territory",
    "reference",
)
"""The fields whose words name something of the contract, and lead to its key."""
_KINDS_NAMED = {
    "engagement": "engagement",
    "reference": "objective",
    "territories": "territory",
    "territory": "territory",
}
_TOLD = (
    "partner", "engagement", "theme", "nature", "copilots", "territories", "mesure", "territory", "reference", "parent",
    "frequency", "first_year", "last_year", "stage", "credit", "start", "end", "signed_on", "inhabitants", "vintage",
)  # fmt: skip
_SEVERAL = re.compile(r"[,\n]")
_USUAL = {"frequency": Frequency.ANNUELLE.value, "stage": "prevu"}
"""What is taken where the text says nothing, and told."""


class Filled(Struct, frozen=True):
    """The form of a proposal, filled in."""

    typed: Mapping[str, str]
    key: str | None
    """Of the thing that it changes; None for a new one."""
    asked: tuple[str, ...]
    """The fields that somebody has to choose: the text does not say them."""
    astray: tuple[str, ...]
    """The fields of which the text names something that the contract does not have."""


def filled(dossier: Dossier, item: Proposal, document: str = "") -> Filled:
    """Fill in the form of a proposal: what it names of the contract is there by its key, and is left to be chosen where
    the contract has no such thing. `document`: key of the one that it comes from, to be cited."""
    if item.kind == "contract":
        key = dossier.contract.key
        return Filled({**reading.write(dossier, "contract", key), **item.values}, key, (), ())
    found = {name: text for name, text in item.values.items() if name not in _NAMED}
    kinds = {**_KINDS_NAMED, "parent": item.kind}
    found |= {
        name: _keys(dossier, name, kinds.get(name, ""), item.values[name])
        for name in _NAMED
        if name in item.values
    }
    astray = tuple(
        name
        for name in _NAMED
        if name in item.values
        and len(found[name].splitlines()) < _count(name, item.values[name])
        # A part whose whole was refused is an objective of its own.
        and (item.kind, name) != ("objective", "parent")
    )
    if item.kind == "objective":
        found.setdefault("territory", home_of(dossier))
        engagement_key = found.get("engagement", "")
        found.setdefault(
            "theme",
            next(
                (engagement.theme for engagement in dossier.engagements if engagement.key == engagement_key),
                "",
            ),
        )
    elif item.kind == "territory":
        found.setdefault("parent", home_of(dossier))
        if not found.get("code") and (name := found.get("name")):
            found["code"] = place_code(name, {place.code for place in dossier.territories})
    for name, usual in _USUAL.items():
        found[name] = found.get(name) or usual
    if not found.get("code") and item.kind != "territory" and BY_NAME[item.kind].has_code:
        code = next_code(dossier, item.kind, found.get("partner", "")) or _free_code(dossier, item.kind)
        found["code"] = code
    if item.kind == "statement" and found.get("value", "").strip().endswith("%"):
        found["unit"] = "%"
    if document:
        mark = " ".join(item.passage.split()[:MARK_WORDS])
        found |= {"citation_document": document, "citation_section": item.section, "citation_mark": mark}
    asked = tuple(name for name in _ASKED.get(item.kind, ()) if not found.get(name))
    return Filled(found, None, asked, tuple(name for name in astray if name not in asked))


def _count(field: str, words: str) -> int:
    return len(_SEVERAL.split(words)) if field == "copilots" else len(words.splitlines())


def _keys(dossier: Dossier, field: str, kind: str, words: str) -> str:
    """The keys of what the words of a field name, one a line; a thématique by its code, a frequency by its word. `kind`: of
    what the others lead to."""
    match field:
        case "theme":
            return code_of(words, theme_names(dossier))
        case "frequency":
            frequency = layout.word_of(Frequency, words)
            return frequency.value if frequency else ""
        case "partner" | "copilots":
            names = _SEVERAL.split(words) if field == "copilots" else [words]
            return "\n".join(filter(None, (partner_named(dossier, name) for name in names)))
    known, home = NamedThings.of(form_rows(dossier, kind)), home_of(dossier)
    # A town may bear the name of the whole perimeter: the nearer place is meant.
    meant = (
        [key for key in known.meant(line) if key != home] or known.meant(line) for line in words.splitlines()
    )
    return "\n".join(keys[0] for keys in meant if len(keys) == 1)


def home_of(dossier: Dossier) -> str:
    """The key of the place that a contract is of: its EPCI, else its perimeter; empty without one."""
    places = [item for item in dossier.territories if item.level not in (Level.QPV, Level.COMMUNE)]
    places.sort(key=lambda place: (place.code != dossier.contract.epci, place.code != PERIMETER))
    return places[0].key if places else ""


def partner_named(dossier: Dossier, words: str) -> str:
    """The key of the partner that words name; empty for none."""
    return NamedThings.of(dossier.partners).mark_of(words)


def _free_code(dossier: Dossier, kind: str) -> str:
    known = {item.code for item in form_rows(dossier, kind)}
    return next(code for number in count(1) if (code := f"{kind[:1].upper()}{number:02}") not in known)


def read(dossier: Dossier, kind: str, typed: Mapping[str, str], form: Filled) -> FormDraft:
    """Understand the form of a proposal; what was to be chosen and was not is at fault."""
    draft = reading.read(dossier, kind, typed, form.key)
    for name in form.asked:
        if not typed.get(name):
            draft.faults[name] = f"{UNCHOSEN}\u202f: le document ne le dit pas."
    return draft


def told(dossier: Dossier, item: Proposal, form: Filled) -> str:
    """Say what is chosen in the form of a proposal, which of it the text does not say, and what is to be chosen."""
    clauses, labels = [], {}
    for field in FORMS[item.kind].fields:
        labels[field.name] = label = field.label.replace("&", "")
        value = form.typed.get(field.name, "")
        if field.name not in _TOLD or not value or not field.shown(form.typed):
            continue
        names = {key: words for words, key in options(dossier, field, form.typed)}
        words = ", ".join(names.get(line, line) for line in value.splitlines())
        clauses.append(f"{label}\u202f: {words}{'' if field.name in item.values else ' (non dit)'}")
    missing = [labels[name] for name in (*form.asked, *form.astray)]
    choose = f" {UNCHOSEN}\u202f: {enumerate_words(missing)}." if missing else ""
    start, day = item.values.get("start_value"), item.values.get("start_date")
    figure = (
        f" Son départ, {start} au {day}, entre comme relevé."
        if start and day and startless(form.typed)
        else ""
    )
    if item.kind == "objective" and (whole := form.typed.get("parent")):
        clauses.append(
            f"Part de\u202f: {next(objective.label for objective in dossier.objectives if objective.key == whole)}"
        )
    if item.kind == "territory" and "code" not in item.values:
        clauses.append(f"Code\u202f: {form.typed.get('code', '')} (non dit, en attendant le code officiel)")
    sentence = "\u202f; ".join(clauses)
    return f"{sentence}.{figure}{choose}" if sentence else choose.strip()


def startless(typed: Mapping[str, str]) -> bool:
    """Tell whether an objective as typed has no start: it is followed, or held against another."""
    return typed.get("sens") in STARTLESS


def first_figure(thing: object, typed: Mapping[str, str], entered_on: date) -> Iterator[Measurement]:
    """Yield the start of an objective that has none, as it is typed: its first figure. Raises `UserError`."""
    value, day = typed.get("start_value", ""), periods.read(typed.get("start_date", ""))
    if isinstance(thing, Objective) and startless(typed) and value and day is not None:
        yield Measurement(
            key=new_key(),
            objective=thing.key,
            territory=thing.territory,
            day=day.day,
            value=parse_number(value, thing.unit),
            entered_on=entered_on,
            citation=thing.citation,
        )
