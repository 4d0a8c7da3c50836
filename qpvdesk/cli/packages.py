"""Exchange between colleagues: packages of operations and their disagreements."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from qpvdesk.cli.options import (
    PACKAGE_PHRASE,
    base_at,
    base_option,
    contract_option,
    format_option,
    opened,
    output_option,
    say_contracts,
    unlocked,
)
from qpvdesk.cli.output import print_json
from qpvdesk.cli.table import group
from qpvdesk.domain import french, lookalikes
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.services import arrivals, colleagues, sharing


@group("paquet")
def paquet() -> None:
    """Hold the commands of packages."""


_UNSIGNED, _PARTED, _REPAIRED = "non-signees", "separer", "reparation"


def _passphrase(*, confirmed: bool) -> str:
    """Return the passphrase of a package: of the surroundings, else asked for."""
    given = os.environ.get(PACKAGE_PHRASE)
    return given or str(
        click.prompt("Phrase secrète du paquet", hide_input=True, confirmation_prompt=confirmed, err=True)
    )


_one_contract = click.option(
    "--contrat",
    metavar="CODE",
    help="Ce contrat seul\u202f; des autres, le paquet ne porte que des empreintes. Sans elle, tous.",
)


@paquet.command("creer")
@base_option
@output_option("F.paquet", "Le fichier à écrire.")
@click.option(
    "--pour",
    metavar="NOM",
    help="Seulement ce qui manque à ce collègue, d’après son dernier paquet\u202f; sinon, toute l’histoire.",
)
@click.option(
    "--sceller", is_flag=True, help=f"Sous une phrase secrète, demandée ou prise de {PACKAGE_PHRASE}."
)
@click.option(
    "--sceller-pour",
    "readers",
    metavar="NOM",
    multiple=True,
    help="Pour la clé de ce collègue, que ses paquets portent : lui et vous seuls l’ouvrez, sans phrase. Répétable.",
)
@_one_contract
def package_create(
    base_path: Path | None,
    sortie: Path,
    pour: str | None,
    *,
    sceller: bool,
    readers: tuple[str, ...],
    contrat: str | None,
) -> None:
    """Prépare un paquet pour un collègue."""
    passphrase = _passphrase(confirmed=True) if sceller else ""
    with opened(base_at(base_path), read_only=True) as desk:
        unlocked(desk.base.authors.identity.place)
        count = colleagues.prepare(
            desk, sortie, recipient=pour, passphrase=passphrase, readers=readers, contract=contrat
        )
    click.echo(f"Paquet écrit\u202f: {sortie} ({french.plural(count, 'modification', 'modifications')}).")


@paquet.command("appliquer")
@click.argument("fichier", metavar="F.paquet", type=click.Path(path_type=Path))
@base_option
@click.option("--simulation", is_flag=True, help="Dit seulement ce qui changerait.")
@click.option(
    "--accepter",
    "accepted",
    metavar="QUOI",
    multiple=True,
    help="L’empreinte d’un collègue, que vous avez comparée avec lui\u202f; «\u202fnon-signees\u202f»\u202f: ce que"
    " personne n’a signé\u202f; «\u202freparation\u202f»\u202f: ce qu’une base réparée a perdu\u202f;"
    " «\u202fretraits\u202f», «\u202feffacements\u202f» ou le mot d’une proposition\u202f: ce qui sera retiré ou effacé"
    " ici\u202f;"
    " «\u202fseparer\u202f»\u202f: les deux suites de vos actes, si ce poste a été remis plus tôt. Répétable.",
)
@format_option("table", "json")
def package_apply(
    fichier: Path, base_path: Path | None, *, simulation: bool, accepted: tuple[str, ...], form: str
) -> None:
    """Fusionne le paquet d’un collègue\u202f: tout ou rien, après une sauvegarde."""
    parted = _PARTED in accepted
    try:
        package = colleagues.read(fichier, passphrase=os.environ.get(PACKAGE_PHRASE, ""))
    except colleagues.SealedPackageError:
        if PACKAGE_PHRASE in os.environ or not sys.stdin.isatty():
            raise
        package = colleagues.read(fichier, passphrase=_passphrase(confirmed=False))
    with opened(base_at(base_path)) as desk:
        if simulation:
            arrival = colleagues.preview(desk, package, parted=parted)
        else:
            arrival, _ = colleagues.receive(
                desk,
                package,
                accepted=[words for words in accepted if words[:1].isdigit()],
                proposals=accepted,
                consent=colleagues.Consent(
                    unsigned=_UNSIGNED in accepted, parted=parted, repaired=_REPAIRED in accepted
                ),
            )
    if form == "json":
        print_json(arrivals.as_json(arrival, simulation=simulation))
        return
    for sentence in arrivals.sentences(arrival):
        click.echo(sentence)
    if simulation or not arrival.is_new:
        click.echo("Rien n’a été modifié.")


@paquet.command("partager")
@click.argument("dossier", metavar="DOSSIER", type=click.Path(path_type=Path, file_okay=False))
@base_option
@_one_contract
def package_share(dossier: Path, base_path: Path | None, contrat: str | None) -> None:
    """Prend ce qui est nouveau dans un dossier partagé, et y laisse ce que vous avez."""
    with opened(base_at(base_path)) as desk:
        alone = None if contrat is None else desk.contract(contrat).key
        shared = sharing.exchange(
            desk, dossier, passphrase=os.environ.get(PACKAGE_PHRASE, ""), contract=alone
        )
        known = sharing.who_has_what(desk)
    for name in shared.merged:
        click.echo(f"Fusionné\u202f: le paquet de {name}.")
    for waiting in shared.waiting:
        click.echo(f"En attente\u202f: {lookalikes.seen(waiting.path.name)}, {waiting.why}")
    if shared.is_left:
        click.echo("Votre paquet y est écrit." if shared.written else "Votre paquet y est à jour.")
    for sentence in known:
        click.echo(sentence)
    if not shared.is_left:
        raise UserError(
            "Votre paquet n’est pas laissé dans ce dossier\u202f: ce qui l’empêche est dit plus haut."
        )


@paquet.command("annuler")
@base_option
def package_undo(base_path: Path | None) -> None:
    """Reprend la dernière fusion\u202f: les lignes redeviennent ce qu’elles étaient, l’histoire garde tout."""
    with opened(base_at(base_path)) as desk:
        click.echo(colleagues.undo_merge(desk)[1])


@paquet.command("empreinte")
@base_option
def package_fingerprint(base_path: Path | None) -> None:
    """Dit l’empreinte de votre clé, à donner par téléphone à qui reçoit vos paquets."""
    with opened(base_at(base_path), read_only=True) as desk:
        unlocked(desk.base.authors.identity.place)
        click.echo(colleagues.own_fingerprint(desk))


@paquet.command("cles")
@click.option("--retirer", metavar="EMPREINTE", help="La clé perdue ou volée que vous n’acceptez plus.")
@base_option
def package_keys(base_path: Path | None, retirer: str | None) -> None:
    """Liste les clés que vous avez acceptées, ou en retire une."""
    with opened(base_at(base_path), read_only=True) as desk:
        if retirer is not None:
            click.echo(colleagues.refuse_key(desk, retirer))
        known = colleagues.accepted_keys(desk)
    for name, fingerprint in known:
        click.echo(f"{name}\u202f: {fingerprint}")
    if not known:
        click.echo("Aucune clé n’est acceptée.")


@paquet.command("continuer")
@base_option
def package_go_on(base_path: Path | None) -> None:
    """Continue avec une base qui est une copie plus ancienne, comme un nouvel auteur sous la même clé."""
    missing = colleagues.go_on(base_at(base_path))
    if missing:
        acts = french.plural(missing, "acte", "actes")
        click.echo(f"Vous continuez avec cette copie\u202f: il y manque {acts}, qu’un paquet peut rapporter.")
    else:
        click.echo("Cette base n’est pas une copie plus ancienne\u202f: rien n’est à faire.")


@paquet.command("desaccords")
@base_option
@contract_option
@format_option("table", "json")
def package_disagreements(base_path: Path | None, contrat: str | None, form: str) -> None:
    """Liste ce que deux collègues ont écrit chacun de leur côté."""
    with opened(base_at(base_path), read_only=True) as desk:
        found = colleagues.disagreements(desk, contrat)
        codes = [
            ", ".join(item.code for item in colleagues.contracts_of(desk, [disagreement]))
            for disagreement in found
        ]
        several = len(desk.contracts()) > 1
        say_contracts(desk, *(item for item in desk.contracts() if contrat in (None, item.code)))
    if form == "json":
        told = arrivals.disagreements_as_json(found)
        print_json([{"contrat": code, **line} for code, line in zip(codes, told, strict=True)])
        return
    for code, disagreement in zip(codes, found, strict=True):
        click.echo(f"{code}\u202f: " * several + arrivals.disagreement_words(disagreement))
    if not found:
        click.echo("Aucun désaccord à trancher.")


@paquet.command("trancher")
@click.argument("objet", metavar="CODE")
@click.argument("champ", metavar="CHAMP")
@base_option
@contract_option
@click.option(
    "--garder", required=True, metavar="NOM", help="Le collègue dont la valeur est gardée, ou cette valeur."
)
def package_settle(
    *, objet: str, champ: str, base_path: Path | None, contrat: str | None, garder: str
) -> Change:
    """Tranche un désaccord\u202f: CODE et CHAMP comme «\u202fpaquet desaccords\u202f» les dit."""
    with opened(base_at(base_path)) as desk:
        found, version = colleagues.named(desk, objet, champ, garder, contract=contrat)
        say_contracts(desk, *colleagues.contracts_of(desk, [found]))
        return colleagues.settle(desk, found, version)
