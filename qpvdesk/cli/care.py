"""Care of the base: checks, backups, passphrase, incident reports, erasure."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import asdict
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import click

from qpvdesk import paths
from qpvdesk.cli.options import (
    OutputPath,
    base_at,
    base_option,
    contract_of,
    contract_option,
    format_option,
    opened,
    output_option,
    unlocked,
)
from qpvdesk.cli.output import print_json
from qpvdesk.cli.table import command
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.points import NATURE_LABELS
from qpvdesk.domain.review import Review
from qpvdesk.services import colleagues, state
from qpvdesk.services.care import incident as reports
from qpvdesk.services.care import leftovers, privacy, safety, sealing
from qpvdesk.services.settings import SettingsFile


@command("verifier")
@base_option
@contract_option
@click.option(
    "--reparer",
    is_flag=True,
    help="Remet en état une base endommagée\u202f: ce qui se lit encore est récupéré, l’ancienne est gardée.",
)
@format_option("table", "json")
def verifier(base_path: Path | None, contrat: str | None, reparer: bool, form: str) -> None:
    if reparer:
        _repair(base_at(base_path), form)
        return
    with opened(base_at(base_path), read_only=True) as desk:
        review = None
        problems = list(safety.check(desk.base))
        repairs = [] if problems else safety.repairs(desk.base)
        # What is wrong with the base is what to say, where nothing can be reckoned from it.
        with contextlib.suppress(*([UserError] if problems else [])):
            review = desk.review(contract_of(desk, contrat).code, desk.today())
    if form == "json":
        print_json(
            {
                "base": {"saine": not problems, "problemes": problems}
                | ({"reparations": repairs} if repairs else {}),
                "coherence": [state.view_as_json(view) for view in review.findings] if review else [],
            }
        )
    else:
        sound = "Base saine, qui dit avoir été réparée\u202f:" if repairs else "Base saine."
        click.echo(sound if not problems else "La base a des défauts\u202f:")
        for sentence in (*problems, *repairs):
            click.echo(f"- {sentence}")
        if review is not None:
            _tell_coherence(review)
    if problems:
        raise UserError(
            "La base a des défauts.",
            "Essayez «\u202fqpvdesk verifier --reparer\u202f», ou restaurez la dernière sauvegarde.",
        )


def _tell_coherence(review: Review) -> None:
    others = len(review.findings) - review.contradictions
    contradictions = french.plural(review.contradictions, "contradiction", "contradictions")
    click.echo(
        f"{contradictions}, {french.plural(others, 'autre point à examiner', 'autres points à examiner')}"
    )
    for kind, points in groupby((view.point for view in review.findings), key=lambda point: point.nature):
        click.echo(f"{NATURE_LABELS[kind] if kind else 'Cohérence'}\u202f:")
        for point in points:
            click.echo(f"- {point.message} {point.remedy} ({', '.join(point.instances) or point.object})")


def _repair(base: Path, form: str) -> None:
    """Mend a base that has faults; say what was saved, what was not and where the one before is kept."""
    problems = safety.faults(base)
    done = safety.repair(base, now=datetime.now().astimezone()) if problems else None
    left = safety.faults(base) if done else []
    if form == "json":
        print_json(
            {
                "problemes": problems,
                "reparee": done is not None,
                "gardee": str(done.kept) if done else None,
                "rapport": asdict(done.report) if done else None,
                "restants": left,
            }
        )
        return
    if done is None:
        click.echo("Base saine\u202f: il n’y a rien à réparer.")
        return
    for sentence in (*problems, "", *safety.repair_sentences(done.report)):
        click.echo(sentence)
    click.echo(f"La base d’avant est gardée\u202f: {done.kept}")
    for sentence in left:
        click.echo(f"Reste à voir\u202f: {sentence}")


@command("sauvegarder")
@base_option
@output_option("F.db", "Le fichier à écrire\u202f; sinon à côté.", required=False)
def sauvegarder(base_path: Path | None, sortie: Path | None) -> None:
    if sortie is not None and sortie.exists():
        raise UserError(
            f"Le fichier «\u202f{sortie.name}\u202f» existe déjà\u202f: il n’est pas remplacé.",
            "Choisissez un autre nom.",
        )
    backup = safety.back_up(base_at(base_path), sortie)
    click.echo(f"Sauvegarde écrite et vérifiée\u202f: {backup}")


@command("restaurer")
@click.argument("sauvegarde", metavar="F.db", type=click.Path(path_type=Path))
@base_option
@click.option("--apercu", is_flag=True, help="Dit seulement ce qui changerait.")
def restaurer(sauvegarde: Path, base_path: Path | None, apercu: bool) -> None:
    base = base_at(base_path)
    unlocked(sauvegarde)
    for sentence in safety.sentences(safety.preview(base, sauvegarde)):
        click.echo(sentence)
    if apercu:
        click.echo("Rien n’a été modifié.")
        return
    done = safety.restore(base, sauvegarde, now=datetime.now())
    # What the base lacks now, it lacks knowingly; one that asks for its passphrase says so when it is next opened.
    with contextlib.suppress(UserError):
        colleagues.go_on(base)
    click.echo(f"Base restaurée\u202f: {base}")
    if done.kept is not None:
        click.echo(f"La base remplacée est gardée\u202f: {done.kept}")


@command("chiffrer")
@base_option
@click.option("--retirer", is_flag=True, help="Remet la base et ses sauvegardes en clair.")
@click.option(
    "--fiche",
    type=OutputPath(),
    metavar="F.pdf",
    help="Écrit aussi la fiche de la clé de secours, à imprimer.",
)
@click.option("--purger", is_flag=True, help="Supprime aussi les copies restées en clair à côté d’elle.")
def chiffrer(base_path: Path | None, retirer: bool, fiche: Path | None, *, purger: bool) -> None:
    base = base_at(base_path)
    with opened(base):
        # Sound, ours, of this version, and nobody else has it.
        pass
    copies = SettingsFile(paths.user_folder()).read().copies
    if retirer:
        for sentence in sealing.unseal(base, copies=copies):
            click.echo(sentence)
        return
    words = os.environ.get("QPVDESK_NOUVELLE_PHRASE", "")
    if not words and sys.stdin.isatty():
        again = "Encore une fois"
        words = click.prompt("Nouvelle phrase secrète", hide_input=True, confirmation_prompt=again, err=True)
    done = sealing.seal(base, words, copies=copies)
    for sentence in done.sentences:
        click.echo(sentence)
    if purger and done.clear:
        left = leftovers.remove(done.clear)
        gone = len(done.clear) - len(left)
        click.echo(f"{french.plural(gone, 'copie en clair supprimée', 'copies en clair supprimées')}.")
    click.echo("Clé de secours, à garder hors de cet ordinateur\u202f:")
    click.echo(done.recovery)
    if fiche is not None:
        sealing.write_sheet(fiche, done.recovery, base.name, date.today())
        click.echo(f"Fiche à imprimer\u202f: {fiche}")


@command("incident")
@base_option
@output_option("F.zip", "Le fichier à écrire, à joindre à une demande d’aide.")
def incident(base_path: Path | None, sortie: Path) -> None:
    contents = reports.prepare(sortie, base=base_at(base_path), logs=paths.logs_folder(), now=datetime.now())
    click.echo(f"Rapport d’incident écrit\u202f: {sortie}")
    click.echo(f"Il contient {', '.join(contents)}. Aucune de vos saisies n’y figure.")


@command("effacer")
@click.argument("texte", metavar="TEXTE")
@base_option
@click.option(
    "--confirmer", is_flag=True, help="Efface vraiment\u202f; sans cela, dit seulement où est ce texte."
)
@click.option("--sauvegardes", is_flag=True, help="Retire aussi les sauvegardes qui le contiennent.")
def effacer(texte: str, base_path: Path | None, confirmer: bool, sauvegardes: bool) -> None:
    with opened(base_at(base_path), read_only=not confirmer) as desk:
        for sentence in privacy.sentences(privacy.trace(desk, texte)):
            click.echo(sentence)
        if not confirmer:
            click.echo("Rien n’a été modifié.")
            return
        change = privacy.erase(desk, texte)
        click.echo("Ce texte est remplacé par «\u202f[effacé]\u202f» dans la base et dans son journal.")
        if privacy.is_unswept(change):
            click.echo(f"{change.label}.")
        if sauvegardes:
            removed = privacy.erase_copies(desk, texte)
            words = french.plural(removed, "sauvegarde retirée", "sauvegardes retirées")
            click.echo(
                f"{words}\u202f; une nouvelle a été faite."
                if removed
                else "Aucune sauvegarde ne le contient."
            )


@command("horloge")
@base_option
@click.option(
    "--juste",
    is_flag=True,
    help="La date de l’ordinateur est juste\u202f: vos actes datés de l’avenir que personne n’a reçus sont redatés.",
)
def horloge(base_path: Path | None, juste: bool) -> None:
    path = base_at(base_path)
    if not juste:
        with opened(path) as desk:
            click.echo("L’horloge de cet ordinateur s’accorde avec vos derniers actes.")
            if to_come := safety.moment_to_come(desk):
                click.echo(
                    f"Un acte reçu porte une date à venir, le {french.format_date(to_come.date())}\u202f: ce qui est fait"
                    " depuis est compté à sa suite, et l’ordre des actes reste juste."
                )
        return
    redated = safety.trust_clock(path)
    acts = french.plural(redated, "acte redaté", "actes redatés")
    click.echo(f"La date de l’ordinateur est tenue pour juste ({acts}).")
