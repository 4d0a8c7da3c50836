"""Meetings and decisions written from the shell, with the acts of the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click
from msgspec.structs import replace

from qpvdesk.cli.codes import named
from qpvdesk.cli.french_click import gathered
from qpvdesk.cli.options import Decorator, base_option, contract_option, in_contract, under
from qpvdesk.cli.table import group
from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.meetings import meeting_coded
from qpvdesk.domain.model import DecisionState, MeetingKind
from qpvdesk.services.committees import committee
from qpvdesk.services.committees.committee import DecisionEntry, MeetingEntry, decision_entry_of

_CODE = click.argument("code", metavar="CODE")


def _named_something(*words: object) -> None:
    if all(word is None for word in words):
        raise UserError("Aucun champ n’est nommé.", "Nommez ce qui change\u202f: voir «\u202f--help\u202f».")


@group("reunion")
def reunion() -> None:
    """Hold the commands of one meeting."""


@dataclass(frozen=True, slots=True)
class _Meeting:
    base_path: Path | None
    contrat: str | None
    genre: str | None
    day: str | None
    lieu: str | None
    titre: str | None
    ordre_du_jour: tuple[str, ...]
    participant: tuple[str, ...]
    code: str = ""

    def on(self, entry: MeetingEntry) -> MeetingEntry:
        """Return an entry with what was named in the place of what it says."""
        return replace(
            entry,
            kind=self.genre or entry.kind,
            day=french.parse_date(self.day) if self.day else entry.day,
            place=entry.place if self.lieu is None else self.lieu,
            title=entry.title if self.titre is None else self.titre,
            agenda=self.ordre_du_jour or entry.agenda,
            participants=self.participant or entry.participants,
        )


def _meeting_options(*, new: bool) -> Decorator:
    return under(
        click.option(
            "--genre",
            default="copil" if new else None,
            metavar="|".join((*MeetingKind, "TEXTE")),
            help="Le genre de réunion, ou le nom d’un autre.",
        ),
        click.option("--date", "day", required=new, metavar="JJ/MM/AAAA", help="Le jour de la réunion."),
        click.option("--lieu", metavar="TEXTE", help="Où elle se tient."),
        click.option("--titre", metavar="TEXTE", help="Son titre, si elle en a un."),
        click.option("--ordre-du-jour", multiple=True, metavar="TEXTE", help="Un point. Peut se répéter."),
        click.option(
            "--participant",
            multiple=True,
            metavar="FONCTION",
            help="Une fonction, jamais un nom. Peut se répéter.",
        ),
        base_option,
        contract_option,
    )


@reunion.command("ajouter")
@_meeting_options(new=True)
@gathered(_Meeting)
def meeting_add(asked: _Meeting) -> Change:
    """Inscrit une réunion."""
    with in_contract(asked.base_path, asked.contrat) as (desk, contract):
        entry = asked.on(MeetingEntry(MeetingKind.COPIL, french.parse_date(asked.day or "")))
        return committee.create(desk, contract, entry)


@reunion.command("modifier")
@_CODE
@_meeting_options(new=False)
@gathered(_Meeting)
def meeting_edit(asked: _Meeting) -> Change:
    """Modifie une réunion\u202f: les champs qui sont nommés, et eux seuls."""
    _named_something(
        asked.genre,
        asked.day,
        asked.lieu,
        asked.titre,
        asked.ordre_du_jour or None,
        asked.participant or None,
    )
    with in_contract(asked.base_path, asked.contrat) as (desk, contract):
        meeting = meeting_coded(desk.dossier(contract), asked.code)
        return committee.edit(desk, contract, meeting.key, asked.on(committee.entry_of(meeting)))


@reunion.command("dupliquer")
@_CODE
@click.option("--date", "day", required=True, metavar="JJ/MM/AAAA", help="Le jour de la nouvelle réunion.")
@base_option
@contract_option
def meeting_duplicate(*, code: str, day: str, base_path: Path | None, contrat: str | None) -> Change:
    """Inscrit une réunion sur le modèle d’une autre."""
    with in_contract(base_path, contrat) as (desk, contract):
        meeting = meeting_coded(desk.dossier(contract), code)
        return committee.duplicate(desk, contract, meeting.key, french.parse_date(day))


@reunion.command("retirer")
@_CODE
@base_option
@contract_option
def meeting_remove(code: str, base_path: Path | None, contrat: str | None) -> Change:
    """Retire une réunion et ses décisions."""
    with in_contract(base_path, contrat) as (desk, contract):
        meeting = meeting_coded(desk.dossier(contract), code)
        return committee.remove(desk, contract, meeting.key)


@group("decision")
def decision() -> None:
    """Hold the commands of one decision."""


@dataclass(frozen=True, slots=True)
class _Decision:
    """What the words of a command say of a decision; `None` is what they do not name."""

    base_path: Path | None
    contrat: str | None
    code: str
    libelle: str | None
    porteur: str | None
    echeance: str | None
    etat: str | None

    def on(self, entry: DecisionEntry) -> DecisionEntry:
        """Return an entry with what was named in the place of what it says; an empty date is none."""
        due = french.parse_date(self.echeance) if self.echeance else None
        return replace(
            entry,
            label=entry.label if self.libelle is None else self.libelle,
            carrier=entry.carrier if self.porteur is None else self.porteur,
            due=entry.due if self.echeance is None else due,
            state=DecisionState(self.etat) if self.etat else entry.state,
        )


def _decision_options(*, new: bool) -> Decorator:
    states = [state.value for state in DecisionState]
    return under(
        click.option("--libelle", required=new, metavar="TEXTE", help="Ce qui est décidé, en une phrase."),
        click.option(
            "--porteur", metavar="FONCTION", help="Qui l’exécute\u202f: une fonction, jamais un nom."
        ),
        click.option("--echeance", metavar="JJ/MM/AAAA", help="Pour quand."),
        click.option("--etat", type=click.Choice(states), metavar="|".join(states), help="Où elle en est."),
        base_option,
        contract_option,
    )


@decision.command("ajouter")
@click.argument("code", metavar="REUNION")
@_decision_options(new=True)
@gathered(_Decision)
def decision_add(asked: _Decision) -> Change:
    """Inscrit une décision d’une réunion."""
    with in_contract(asked.base_path, asked.contrat) as (desk, contract):
        meeting = meeting_coded(desk.dossier(contract), asked.code)
        return committee.decide(desk, contract, meeting.key, asked.on(DecisionEntry("")))


@decision.command("modifier")
@_CODE
@_decision_options(new=False)
@gathered(_Decision)
def decision_edit(asked: _Decision) -> Change:
    """Modifie une décision\u202f: les champs qui sont nommés, et eux seuls."""
    _named_something(asked.libelle, asked.porteur, asked.echeance, asked.etat)
    with in_contract(asked.base_path, asked.contrat) as (desk, contract):
        old = named(desk.dossier(contract), "decision", asked.code)
        entry = asked.on(decision_entry_of(old))
        return committee.amend(desk, contract, old.key, entry)


@decision.command("retirer")
@_CODE
@base_option
@contract_option
def decision_remove(code: str, base_path: Path | None, contrat: str | None) -> Change:
    """Retire une décision."""
    with in_contract(base_path, contrat) as (desk, contract):
        return committee.remove_decision(desk, contract, named(desk.dossier(contract), "decision", code).key)
