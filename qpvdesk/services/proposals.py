"""What a document could put in a contract, proposed with its passage and the reason; nothing of it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain import file_names
from qpvdesk.domain.change import Change
from qpvdesk.domain.codes import partner_code
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import enumerate_words, fold, plural
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.model import (
    Aggregation,
    Dossier,
    Measurement,
    Objective,
    Partner,
    Territory,
    Theme,
)
from qpvdesk.domain.named import NamedThings
from qpvdesk.domain.proposing import Proposal, propose
from qpvdesk.domain.proposing.naming import contract_name, proper_name
from qpvdesk.domain.themes import ThemeNames, code_from, code_of, theme_names
from qpvdesk.services import documents, proposal_forms
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts, reading
from qpvdesk.services.editing.first_place import perimeter
from qpvdesk.services.editing.reading import form_rows
from qpvdesk.services.proposal_forms import home_of
from qpvdesk.storage.keys import new_key

_KINDS = ("contract", "territory", "engagement", "objective", "funding", "condition", "statement")
"""What a document proposes, parents first."""
_CALLED = ("label", "name", "text")
DOCUMENTS = "Documents (*.pdf *.docx *.odt *.txt);;Tous les fichiers (*)"


class ProposedContract(Struct, frozen=True):
    """What a document proposes."""

    name: str
    """What it calls its contract; empty where it does not."""
    found: list[Proposal]
    source: documents.Incoming
    """The document itself, to be kept as what each thing is drawn from."""


def read(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> ProposedContract:
    """Return what a PDF or a text proposes. Raises `UserError` where it cannot be read, or has no text at all."""
    source = documents.take_in(path, read=True, cancelled=cancelled)
    pages = source.pages or ()
    if not any(page.strip() for page in pages):
        raise UserError(
            f"«\u202f{path.name}\u202f» n’a pas de texte\u202f: c’est sans doute un document numérisé.",
            "Demandez le fichier d’origine, ou faites-en reconnaître le texte.",
        )
    return ProposedContract(contract_name(pages), propose(pages), source)


def code_for(name: str, path: Path) -> str:
    """Return the code of a new contract: of the proper words of its name, else of its document."""
    return code_from(proper_name(name) or file_names.told(path.stem)).replace("_", "-")


def new_contract(desk: Desk, code: str, name: str, proposed: ProposedContract) -> Change:
    """Make a contract for what a document proposes: blank, then what they need (see `begin`). Raises `UserError`."""
    acts.new_contract(desk, {"code": code, "name": name})
    return begin(desk, code, proposed.found, proposed.source)


def title(item: Proposal) -> str:
    named = (item.values.get(name) for name in _CALLED)
    return next(filter(None, named), "dates du contrat")


def sentence(found: Sequence[Proposal]) -> str:
    """Say how many things are proposed, and how many do not agree."""
    if not found:
        return "Ce texte ne propose rien\u202f: ni engagement, ni objectif chiffré, ni moyen n’y est reconnu."
    kinds = Counter(item.kind for item in found)
    counts = [
        plural(kinds[kind.name], *kind.nouns)
        for kind in (BY_NAME[name] for name in _KINDS)
        if kinds[kind.name]
    ]
    doubts = sum(bool(item.doubt) for item in found)
    return f"Propositions\u202f: {', '.join(counts)}\u202f; à vérifier\u202f: {doubts}. Rien n’a été écrit."


def as_json(path: Path, found: Sequence[Proposal]) -> dict[str, Any]:
    """Return the proposals as the shell prints them: the fields by the words of the contract's files."""
    return {
        "document": file_names.told(path.name),
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
        (kind, _words(next(filter(None, (getattr(item, name, "") for name in _CALLED)), "")))
        for kind in _KINDS
        if kind != "contract"
        for item in form_rows(dossier, kind)
        if not getattr(item, "retired", False)
    }
    codes = {item.code for item in dossier.territories}
    dates = reading.write(dossier, "contract", dossier.contract.key)
    return [
        item
        for item in found
        if (item.kind, _words(title(item))) not in known
        and (item.kind != "territory" or item.values.get("code") not in codes)
        and (item.kind != "contract" or not item.values.items() <= dates.items())
    ]


def _words(text: str) -> str:
    return " ".join(fold(text).split())


def lacking(
    dossier: Dossier, found: Sequence[Proposal]
) -> tuple[list[Partner], list[Theme], list[Territory]]:
    """Return the partners and the thématiques that the proposals name and the contract does not have, and the place that
    the objectives are of where it has none at all: its own perimeter."""
    contract = dossier.contract.key
    spelt = {fold(line): line for item in found for line in item.values.get("operands", "").splitlines()}
    partners: dict[str, Partner] = {}
    known = NamedThings.of(dossier.partners)
    taken = {item.code for item in dossier.partners}
    names = dict(theme_names(dossier))
    themes: list[Theme] = []
    for item in found:
        name = item.values.get("partner", "")
        if name and fold(name) not in partners and not known.meant(name):
            code = partner_code(item.values.get("code", ""), name, taken)
            taken.add(code)
            proper = spelt.get(fold(name), name if not name.isupper() else name.capitalize())
            rank = len(dossier.partners) + len(partners) + 1
            partners[fold(name)] = Partner(new_key(), contract, code, proper, short_name=code, rank=rank)
        theme = item.values.get("theme", "")
        if theme and not code_of(theme, ThemeNames(names)):
            names[code_from(theme)] = theme
            rank = len(dossier.themes) + len(themes) + 1
            themes.append(Theme(new_key(), contract, code_from(theme), theme, rank=rank))
    return list(partners.values()), themes, [] if home_of(dossier) else [perimeter(dossier)]


def lacking_words(partners: int, themes: int, places: int, *, document: bool = False) -> str:
    """« Créer 9 partenaires, 18 thématiques, le périmètre du contrat et le document source »."""
    clauses = [plural(partners, "partenaire", "partenaires")] if partners else []
    clauses += [plural(themes, "thématique", "thématiques")] if themes else []
    clauses += ["le périmètre du contrat"] if places else []
    clauses += ["le document source"] if document else []
    return f"Créer {enumerate_words(clauses)}"


def begin(
    desk: Desk, contract: str, found: Sequence[Proposal], source: documents.Incoming | None = None
) -> Change:
    """Make what the proposals need and the contract does not have (see `lacking`), their document too, in one act."""
    dossier = desk.dossier(contract)
    with desk.act("Partenaires, thématiques et périmètre que le document demande") as unit:
        for things in lacking(dossier, found):
            unit.put_all(things)
        if source is not None and not documents.source_of(dossier, source):
            documents.put_document(desk, unit, dossier, source)
    return unit.change


def accept(desk: Desk, contract: str, kind: str, *, typed: Mapping[str, str], key: str | None) -> Change:
    """Write a proposal as its form holds it. Raises `UserError`.

    What is followed, or held against another, has no start: the one that the text says is its first figure. A part of
    another objective is linked to it, which is then the sum of its parts.
    """

    whole = next(
        (
            objective
            for objective in desk.dossier(contract).objectives
            if objective.key == typed.get("parent")
        ),
        None,
    )

    def beside(thing: object) -> Iterator[Measurement | Objective]:
        if isinstance(thing, Objective) and kind == "objective" and whole is not None:
            yield replace(thing, parent=whole.key)
            yield replace(whole, aggregation=Aggregation.SOMME)
        yield from proposal_forms.first_figure(thing, typed, desk.today())

    return acts.save(desk, contract, kind, typed, key=key, along=beside)
