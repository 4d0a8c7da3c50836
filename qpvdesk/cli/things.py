"""Everything a contract holds, made, changed and removed by the words of its declaration: a group for each kind.

What is typed goes through the same reading and the same acts as the window's forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from qpvdesk.cli import territories
from qpvdesk.cli.codes import coded, named
from qpvdesk.cli.french_click import Command, Group
from qpvdesk.cli.options import (
    base_at,
    base_option,
    contract_of,
    contract_option,
    format_option,
    in_contract,
    opened,
    under,
)
from qpvdesk.cli.output import print_json, print_table
from qpvdesk.cli.saving import saved
from qpvdesk.cli.table import COMMANDS
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import fold
from qpvdesk.domain.kinds import BY_NAME, Ask, Field, Kind, Type
from qpvdesk.domain.model import Dossier
from qpvdesk.services import engagements, visits
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts, reading

WORDS = {
    "contrat": "contract",
    "partenaire": "partner",
    "version": "version",
    "thematique": "theme",
    "axe": "axis",
    "engagement": "engagement",
    "etape": "step",
    "objectif": "objective",
    "moyens": "funding",
    "territoire": "territory",
    "niveau": "place_level",
    "etablissement": "establishment",
    "reserve": "condition",
    "reference": "legal_reference",
    "enonce": "statement",
    "document": "document",
    "visite": "visit",
}
"""The kind that each group is of."""
_RETIRED = ("engagement", "objective")
"""What is retired and comes back, in the place of being removed."""

_Body = Callable[..., object]
_Act = Callable[[Desk, str, str, str], Change]


def __getattr__(word: str) -> click.Group:
    if word not in WORDS:
        raise AttributeError(word)
    return _group(word, BY_NAME[WORDS[word]])


def _group(word: str, kind: Kind) -> click.Group:
    group = Group(word, help=COMMANDS[word].help)
    name = f"{'une' if kind.feminine else 'un'} {kind.noun or kind.french}"
    where, code = [base_option, contract_option], click.argument("named_code", metavar="CODE")

    def add(verb: str, text: str, options: list[Any], body: _Body) -> None:
        group.add_command(click.command(verb, cls=Command, help=text)(under(*options)(body)))

    new, given = _options(kind, new=True), _options(kind, new=False)
    if kind.name == "contract":
        like = click.option("--comme", metavar="CODE", help="Le contrat dont la structure est reprise.")
        add("ajouter", f"Ajoute {name}.", [*new, like, base_option], _new_contract)
        add("modifier", f"Modifie {name}.", [code, *given, base_option], _changing(kind))
        for verb, text, going in (
            (
                "retirer",
                "Retire un contrat de toutes les vues\u202f; le journal le garde.",
                acts.remove_contract,
            ),
            ("retablir", "Rétablit un contrat retiré.", acts.restore_contract),
        ):
            add(verb, text, [code, base_option], _on_contract(going))
    else:
        add("ajouter", f"Ajoute {name}.", [*new, *where], _adding(kind))
        add("modifier", f"Modifie {name}.", [code, *given, *where], _changing(kind))
        for verb, text, act in _verbs(kind, name):
            add(verb, text, [code, *where], _acting(kind, act))
    if kind.name == "engagement":
        parent = click.argument("parent", metavar="ENGAGEMENT")
        codes = click.argument("codes", metavar="CODE…", nargs=-1, required=True)
        add(
            "regrouper",
            "Fait de plusieurs engagements les précisions d’un autre, qui porte leur suivi.",
            [parent, codes, *where],
            _grouping,
        )
        add("detacher", "Suit de nouveau des précisions pour elles-mêmes.", [codes, *where], _ungrouping)
    if kind.name == "visit":
        awaited = click.option(
            "--attendue", "awaited", is_flag=True, help="La suite est de nouveau attendue."
        )
        add(
            "suite",
            "Dit que la suite d’une visite est donnée, à ce jour.",
            [code, awaited, *where],
            _following,
        )
    if kind.name == "territory":
        for further in (territories.importer, territories.where, territories.draw):
            group.add_command(further)
    as_text = format_option("table", "json")
    if kind.name == "contract":
        add("lister", "Dit les contrats de la base.", [base_option, as_text], _listing(kind))
    else:
        add("lister", "Dit ce que le contrat en contient.", [*where, as_text], _listing(kind))
    return group


def _verbs(kind: Kind, name: str) -> tuple[tuple[str, str, _Act], ...]:
    """Return how a thing goes and comes back: the word, the help, the act."""
    if kind.name not in _RETIRED:
        return (("retirer", f"Retire {name}, si rien ne s’y rapporte.", acts.remove),)
    return (
        ("retirer", f"Retire {name}\u202f; l’historique le garde.", acts.retire),
        ("retablir", f"Rétablit {name} qui avait été retiré.", acts.restore),
    )


def _asked(kind: Kind) -> Iterator[tuple[str, str, Field, Ask]]:
    """Yield what the form of a kind asks: the option, the name that its reading knows, the field, how it is asked."""
    for field in kind.asked:
        if field.ask is not None:
            yield _option(field.toml or field.french), field.name, field, field.ask
        for part in field.parts:
            name = f"{field.name}_{part.name}"
            partial = Field(part.name, part.type, part.header, "", ref=part.ref)
            yield _option(part.toml), name, partial, part.ask


def _option(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(words)).strip("-")


def _options(kind: Kind, *, new: bool) -> list[Any]:
    options = []
    for option, name, field, ask in _asked(kind):
        choices = ask.choices
        text = ask.help or ask.label.replace("&", "") + "."
        text = text if text.endswith((".", ")")) else f"{text}."
        several = ask.lines or field.type is Type.LINKS
        options.append(
            click.option(
                f"--{option}",
                name,
                required=new and field.required and not choices,
                multiple=several,
                # A text of few words has others that mean the same (« € » for « EUR »): its form knows them.
                type=click.Choice([value for _, value in choices]) if choices and field.words else str,
                metavar="|".join(value for _, value in choices)
                if choices
                else _METAVARS.get(field.type, "TEXTE"),
                help=f"{text} Peut se répéter." if several else text,
            )
        )
    return options


_METAVARS = {
    Type.NUMBER: "NOMBRE",
    Type.INTEGER: "ANNÉE",
    Type.DATE: "JJ/MM/AAAA",
    Type.LINK: "CODE",
    Type.CODE: "CODE",
    Type.LEVEL: "NIVEAU",
    Type.LINKS: "CODE",
}


def _typed(dossier: Dossier, kind: Kind, words: Mapping[str, Any]) -> dict[str, str]:
    """Turn the words of the command into what a form would hold: lines joined, codes turned into keys."""
    typed = {}
    for _, name, field, _ in _asked(kind):
        given = words[name]
        if given is None or given == ():
            continue
        lines = list(given) if isinstance(given, tuple) else [given]
        if field.type in (Type.LINK, Type.LINKS):
            lines = [named(dossier, field.ref or "", code).key for code in lines if code.strip()]
        typed[name] = "\n".join(lines)
    return typed


def _options_of(kind: Kind) -> dict[str, str]:
    return {name: option for option, name, _, _ in _asked(kind)}


def _adding(kind: Kind) -> _Body:
    def body(base_path: Path | None, contrat: str | None, **words: Any) -> Change:
        with in_contract(base_path, contrat) as (desk, contract):
            return saved(
                desk,
                contract,
                kind.name,
                _typed(desk.dossier(contract), kind, words),
                options=_options_of(kind),
            )

    return body


def _new_contract(base_path: Path | None, comme: str | None, **words: Any) -> Change:
    with opened(base_at(base_path)) as desk:
        like = desk.contract(comme).code if comme is not None else None
        typed = {name: text for name, text in words.items() if text is not None}
        return acts.new_contract(desk, {**typed, "note": "\n".join(words["note"])}, like)


def _changing(kind: Kind) -> _Body:
    def body(base_path: Path | None, named_code: str, contrat: str | None = None, **words: Any) -> Change:
        with opened(base_at(base_path)) as desk:
            whole = desk.contract(named_code) if kind.name == "contract" else contract_of(desk, contrat)
            contract = whole.code
            dossier = desk.dossier(contract)
            typed = _typed(dossier, kind, words)
            if not typed:
                raise UserError(
                    "Aucun champ n’est nommé.", "Nommez ce qui change\u202f: voir «\u202f--help\u202f»."
                )
            key = named(dossier, kind.name, named_code).key
            return saved(
                desk,
                contract,
                kind.name,
                reading.write(dossier, kind.name, key) | typed,
                key=key,
                options=_options_of(kind),
            )

    return body


def _on_contract(act: Callable[[Desk, str], Change]) -> _Body:
    def body(base_path: Path | None, named_code: str) -> Change:
        with opened(base_at(base_path)) as desk:
            return act(desk, named_code)

    return body


def _acting(kind: Kind, act: _Act) -> _Body:
    def body(base_path: Path | None, contrat: str | None, named_code: str) -> Change:
        with in_contract(base_path, contrat) as (desk, contract):
            key = named(desk.dossier(contract), kind.name, named_code).key
            return act(desk, contract, kind.name, key)

    return body


def _following(base_path: Path | None, contrat: str | None, named_code: str, awaited: bool) -> Change:
    with in_contract(base_path, contrat) as (desk, contract):
        key = named(desk.dossier(contract), "visit", named_code).key
        return visits.set_done(desk, contract, key, done=not awaited)


def _keys(dossier: Dossier, codes: tuple[str, ...]) -> list[str]:
    return [named(dossier, "engagement", code).key for code in codes]


def _grouping(base_path: Path | None, contrat: str | None, parent: str, codes: tuple[str, ...]) -> Change:
    with in_contract(base_path, contrat) as (desk, contract):
        above, *children = _keys(desk.dossier(contract), (parent, *codes))
        return engagements.group(desk, contract, children, above)


def _ungrouping(base_path: Path | None, contrat: str | None, codes: tuple[str, ...]) -> Change:
    with in_contract(base_path, contrat) as (desk, contract):
        return engagements.ungroup(desk, contract, _keys(desk.dossier(contract), codes))


def _listing(kind: Kind) -> _Body:
    def body(base_path: Path | None, form: str, contrat: str | None = None) -> None:
        with opened(base_at(base_path), read_only=True) as desk:
            every = kind.name == "contract"
            contracts = desk.base.contracts() if every else (contract_of(desk, contrat),)
            dossiers = [desk.dossier(contract.code) for contract in contracts]
        rows = [(dossier, code, entity) for dossier in dossiers for code, entity in coded(dossier, kind)]
        if form == "json":
            print_json([{"code": code, **_as_json(dossier, kind, entity)} for dossier, code, entity in rows])
        elif rows:
            print_table(["Code", "Libellé"], [[code, _label(entity)] for _, code, entity in rows])
        else:
            click.echo("Le contrat n’en contient pas.")

    return body


def _as_json(dossier: Dossier, kind: Kind, entity: Any) -> dict[str, str]:
    """Return a thing by the names of its options, each as it would be typed."""
    typed = reading.write(dossier, kind.name, entity.key)
    found = {}
    for option, name, field, _ in _asked(kind):
        text = typed.get(name, "")
        if text and field.ref:
            codes = {item.key: code for code, item in coded(dossier, BY_NAME[field.ref])}
            text = "\n".join(codes.get(key, key) for key in text.splitlines())
        found[option.replace("-", "_")] = text
    return found


def _label(entity: Any) -> str:
    words = (getattr(entity, name, "") for name in ("name", "label", "title", "text"))
    return next((" ".join(text.split()) for text in words if text), "")
