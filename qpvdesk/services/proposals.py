"""What a document could put in a contract, proposed with its passage and the reason; nothing of it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import enumerate_words, fold, plural
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.model import Dossier, Frequency, Level, Partner, Territory, Theme
from qpvdesk.domain.proposing import Proposal, propose
from qpvdesk.domain.proposing.naming import contract_name
from qpvdesk.domain.themes import ThemeNames, code_from, code_of, theme_names
from qpvdesk.services import documents
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.services.contracts.contract_files import MARK_WORDS
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts
from qpvdesk.services.editing.reading import form_rows, next_code
from qpvdesk.storage.keys import new_key

_KINDS = ("territory", "engagement", "objective", "funding", "statement")
"""What a document proposes, parents first."""
_PERIMETER = "CONTRAT"
"""The code of the place that stands for the whole of a contract whose EPCI is not known."""
DOCUMENTS = "Documents (*.pdf *.docx *.odt *.txt);;Tous les fichiers (*)"
_OF_A_TOWN = re.compile(
    r"^.*?\bcontrat de ville\b(?:\s+[0-9–-]+)?\s*(?:«[^»]*»)?\s*(?:de la |de l’|des |du |de |d’)?",
    re.IGNORECASE,
)
_NAMED = frozenset({"partner", "engagement", "theme", "frequency", "copilots", "parent", "territories"})
"""The fields whose words name something of the contract."""


def read(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> list[Proposal]:
    """Return what a PDF or a text proposes. Raises `UserError` where it cannot be read, or has no text at all."""
    return read_contract(path, cancelled=cancelled)[1]


def read_contract(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> tuple[str, list[Proposal]]:
    """Return what a document calls its contract, empty where it does not, and what it proposes; see `read`."""
    pages = documents.take_in(path, read=True, cancelled=cancelled).pages or ()
    if not any(page.strip() for page in pages):
        raise UserError(
            f"«\u202f{path.name}\u202f» n’a pas de texte\u202f: c’est sans doute un document numérisé.",
            "Demandez le fichier d’origine, ou faites-en reconnaître le texte.",
        )
    return contract_name(pages), propose(pages)


def code_for(name: str, path: Path) -> str:
    """Return the code of a new contract: of the proper words of its name, else of its document."""
    return code_from(_OF_A_TOWN.sub("", name) or path.stem).replace("_", "-")


def new_contract(desk: Desk, code: str, name: str, found: Sequence[Proposal]) -> Change:
    """Make a contract for what a document proposes: blank, then what they need (see `begin`). Raises `UserError`."""
    acts.new_contract(desk, {"code": code, "name": name})
    return begin(desk, code, found)


def title(item: Proposal) -> str:
    """Return what a proposal is told by in a list."""
    return item.values.get("label") or item.values["name"]


def sentence(found: Sequence[Proposal]) -> str:
    """Say how many things are proposed, and how many do not agree."""
    counts = [
        f"{sum(item.kind == kind.name for item in found)} {kind.noun or kind.plural}{'s' if kind.noun else ''}"
        for kind in (BY_NAME[name] for name in _KINDS)
    ]
    doubts = sum(bool(item.doubt) for item in found)
    return f"Propositions\u202f: {', '.join(counts)}\u202f; à vérifier\u202f: {doubts}. Rien n’a été écrit."


def as_json(path: Path, found: Sequence[Proposal]) -> dict[str, Any]:
    """Return the proposals as the shell prints them: the fields by the words of the contract's files."""
    return {
        "document": path.name,
        "propositions": [
            {
                "genre": BY_NAME[item.kind].french,
                "champs": {_word(item.kind, name): text for name, text in item.values.items()},
                "passage": item.passage,
                "page": item.page,
                "raison": item.reason,
                "doute": item.doubt,
            }
            for item in found
        ],
    }


def _word(kind: str, name: str) -> str:
    declared = BY_NAME[kind]
    fields = {field.name: field for field in (*declared.fields, *declared.entries)}
    return fields[name].toml or fields[name].french


def fresh(dossier: Dossier, found: Sequence[Proposal]) -> list[Proposal]:
    """Leave out what the contract holds already, by its kind and its words."""
    known = {
        (kind, " ".join(fold(item.label).split()))
        for kind in _KINDS
        if kind != "territory"
        for item in form_rows(dossier, kind)
        if not getattr(item, "retired", False)
    }
    codes = {item.code for item in dossier.territories}
    return [
        item
        for item in found
        if (item.kind, " ".join(fold(title(item)).split())) not in known
        and (item.kind != "territory" or item.values["code"] not in codes)
    ]


def typed(dossier: Dossier, item: Proposal, document: str = "") -> dict[str, str]:
    """Return a proposal as the form of its kind takes it: what it names of the contract is there by its key, and is left
    to be chosen where the contract has no such thing. `document`: key of the one that it comes from, to be cited."""
    filled = {name: text for name, text in item.values.items() if name not in _NAMED}
    partner = _partner(dossier, item.values.get("partner", ""))
    filled["partner"] = partner
    engagement = item.values.get("engagement", "")
    filled["engagement"] = next((one.key for one in dossier.engagements if one.code == engagement), "")
    filled["theme"] = code_of(item.values.get("theme", ""), theme_names(dossier))
    if item.kind == "objective" and filled["engagement"] and not filled["theme"]:
        filled["theme"] = next(one.theme for one in dossier.engagements if one.key == filled["engagement"])
    words = item.values.get("frequency", "")
    frequency = layout.word_of(Frequency, words) if words else None
    filled["frequency"] = (frequency or Frequency.ANNUELLE).value
    filled["copilots"] = "\n".join(
        filter(None, (_partner(dossier, name) for name in item.values.get("copilots", "").split(",")))
    )
    filled |= _places(dossier, item)
    if not filled.get("code"):
        filled["code"] = next_code(dossier, item.kind, partner) or _free_code(dossier, item.kind)
    if item.kind == "statement" and filled.get("value", "").strip().endswith("%"):
        filled["unit"] = "%"
    if document:
        mark = " ".join(item.passage.split()[:MARK_WORDS])
        filled |= {"citation_document": document, "citation_mark": mark}
    return filled


def _places(dossier: Dossier, item: Proposal) -> dict[str, str]:
    """What a proposal says of places: those of an engagement, the one that a quartier lies in, the perimeter else."""
    known = {fold(place.name): place.key for place in dossier.territories}
    home = _home(dossier)
    if item.kind == "objective":
        return {"territory": home}
    if item.kind == "territory":
        return {"parent": known.get(fold(item.values.get("parent", "")), home)}
    named = [known.get(fold(name), "") for name in item.values.get("territories", "").splitlines()]
    return {"territories": "\n".join(filter(None, named))} if item.kind == "engagement" else {}


def _home(dossier: Dossier) -> str:
    """The key of the place that a contract is of: its EPCI, else the first that is no quartier; empty without one."""
    places = [item for item in dossier.territories if item.level != Level.QPV]
    places.sort(key=lambda place: (place.code != dossier.contract.epci, place.code != _PERIMETER))
    return places[0].key if places else ""


def lacking(
    dossier: Dossier, found: Sequence[Proposal]
) -> tuple[list[Partner], list[Theme], list[Territory]]:
    """Return the partners and the thématiques that the proposals name and the contract does not have, and the place that
    the objectives are of where it has none at all: its own perimeter."""
    contract = dossier.contract.key
    spelt = {fold(line): line for item in found for line in item.values.get("operands", "").splitlines()}
    partners: dict[str, Partner] = {}
    taken = {item.code for item in dossier.partners}
    names = dict(theme_names(dossier))
    themes: list[Theme] = []
    for item in found:
        name = item.values.get("partner", "")
        if name and fold(name) not in partners and not _partner(dossier, name):
            code = _code_of(item.values.get("code", ""), name, taken)
            taken.add(code)
            proper = spelt.get(fold(name), name if not name.isupper() else name.capitalize())
            rank = len(dossier.partners) + len(partners) + 1
            partners[fold(name)] = Partner(new_key(), contract, code, proper, short_name=code, rank=rank)
        theme = item.values.get("theme", "")
        if theme and not code_of(theme, ThemeNames(names)):
            names[code_from(theme)] = theme
            rank = len(dossier.themes) + len(themes) + 1
            themes.append(Theme(new_key(), contract, code_from(theme), theme, rank=rank))
    return list(partners.values()), themes, [] if _home(dossier) else [_perimeter(dossier)]


def lacking_words(partners: int, themes: int, places: int) -> str:
    """« Créer 9 partenaires, 18 thématiques et le périmètre du contrat »."""
    said = [plural(partners, "partenaire", "partenaires")] if partners else []
    said += [plural(themes, "thématique", "thématiques")] if themes else []
    said += ["le périmètre du contrat"] if places else []
    return f"Créer {enumerate_words(said)}"


def _perimeter(dossier: Dossier) -> Territory:
    """The whole of a contract as a place: its EPCI where its number is known, under the name that the contract bears."""
    contract = dossier.contract
    name = _OF_A_TOWN.sub("", contract.name).strip() or contract.name
    level = Level.EPCI if contract.epci else Level.AUTRE
    return Territory(new_key(), contract.key, contract.epci or _PERIMETER, name, level=level)


def begin(desk: Desk, contract: str, found: Sequence[Proposal]) -> Change:
    """Make what the proposals need and the contract does not have (see `lacking`), in one act."""
    with desk.act("Partenaires, thématiques et périmètre que le document demande") as unit:
        for things in lacking(desk.dossier(contract), found):
            unit.put_all(things)
    return unit.change


def _partner(dossier: Dossier, words: str) -> str:
    """The key of the partner that words name: its code, its name or its short one; empty where none is meant."""
    wanted = fold(words.strip(" ."))
    if not wanted:
        return ""
    names = (
        (item.key, {fold(item.code), fold(item.name), fold(item.short_name)}) for item in dossier.partners
    )
    return next((key for key, known in names if wanted in known), "")


def _code_of(engagement: str, name: str, taken: Collection[str]) -> str:
    """A code for a partner: what stands before the number of its engagements, else the first letters of its name."""
    letters = re.sub(r"[^A-Z0-9 ]", " ", fold(name).upper()).split()
    code = engagement.rpartition("-")[0] or "".join(word[0] for word in letters if len(word) > 2) or "P"
    number = 2
    while code in taken:
        code, number = f"{code.rstrip('0123456789')}{number}", number + 1
    return code


def _free_code(dossier: Dossier, kind: str) -> str:
    known = {item.code for item in form_rows(dossier, kind)}
    return next(code for number in count(1) if (code := f"{kind[:1].upper()}{number:02}") not in known)
