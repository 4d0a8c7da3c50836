"""What is printed: reports and the guide."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import click
from msgspec import Struct
from msgspec.structs import replace

from qpvdesk import paths
from qpvdesk.cli.french_click import gathered
from qpvdesk.cli.options import (
    base_at,
    base_option,
    compare_option,
    contract_option,
    date_option,
    in_contract,
    opened,
    output_option,
)
from qpvdesk.cli.table import command
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.gatherings import PARTNERS, ways
from qpvdesk.domain.meetings import meeting_coded
from qpvdesk.domain.review import Review
from qpvdesk.services import compositions, printing
from qpvdesk.services.committees import freezing, papers
from qpvdesk.services.paper_models import Of
from qpvdesk.services.templates import Templates


class _Asked(Struct, frozen=True):
    base_path: Path | None
    contrat: str | None
    day: str | None
    against: date | str | None
    modele: str
    sortie: Path
    partenaire: str | None
    territoire: str | None
    reunion: str | None
    arrete: str | None
    sections: str
    chapitres: str | None
    seulement_retards: bool
    modele_enregistre: str | None
    mots: Path | None


@command("rapport")
@base_option
@contract_option
@date_option
@compare_option
@click.option(
    "--modele",
    type=click.Choice(printing.MODELS),
    default="copil",
    metavar="|".join(printing.MODELS),
    help="Le modèle.",
)
@output_option(
    "F.(pdf|docx|odt|zip|pptx)",
    "Le fichier à écrire\u202f: le papier, un document modifiable, les tableaux en CSV, ou les diapositives du dossier.",
)
@click.option("--partenaire", metavar="CODE", help="Le partenaire de la fiche ou de la saisie.")
@click.option("--territoire", metavar="CODE", help="Le territoire de la fiche.")
@click.option(
    "--reunion",
    metavar="CODE",
    help="La réunion (COPIL-2026-06-30)\u202f: avec ses données arrêtées, s’il y en a.",
)
@click.option(
    "--sections",
    metavar="MOT,MOT",
    default="",
    help="Les sections du dossier, dans l’ordre (tout\u202f: avec l’annexe).",
)
@click.option(
    "--chapitres",
    metavar="partenaires|thematiques|axes",
    help="Ce dont le dossier fait des chapitres (par défaut, les partenaires).",
)
@click.option("--seulement-retards", is_flag=True, help="Ne montrer que ce qui est en retard ou non atteint.")
@click.option("--modele-enregistre", metavar="NOM", help="Un modèle gardé dans la page « Impressions ».")
@click.option(
    "--mots",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FICHIER",
    help="Vos mots\u202f: un texte pour la première page, ou un .toml par section.",
)
@click.option("--arrete", metavar="EMPREINTE", help="Un arrêté des données précis, par son empreinte.")
@gathered(_Asked)
def rapport(asked: _Asked) -> None:
    model = _model_of(asked)
    _refuse_options(asked, model)
    # A paper makes many objects and drops few: the collector would only walk them.
    gc.disable()
    with in_contract(asked.base_path, asked.contrat, read_only=True) as (desk, contract):
        dossier = desk.dossier(contract)
        request = printing.Request(
            asked.modele,
            asked.partenaire,
            asked.territoire,
            meeting=meeting_coded(dossier, asked.reunion).key if asked.reunion is not None else None,
            snapshot=freezing.fingerprinted(dossier, asked.arrete) if asked.arrete is not None else None,
            compared_with=asked.against,
        )
        review = printing.subject(
            desk, contract, request, french.parse_date(asked.day) if asked.day else None
        )
        letterhead = printing.letterhead_of(desk, review)
    request = replace(request, composition=_composition(asked, review, model))
    pages = printing.write_report(request, review, asked.sortie, letterhead=letterhead)
    extent = f" ({french.plural(pages, 'page', 'pages')})" if pages else ""
    click.echo(f"Rapport écrit\u202f: {asked.sortie}{extent}.")
    if review.meeting is not None:
        _note_paper(base_at(asked.base_path), asked, review)
    gc.enable()


def _model_of(asked: _Asked) -> printing.Model:
    """The model whose options count: of the file as PowerPoint opens it, that of the slides."""
    slides = asked.modele == "copil" and asked.sortie.suffix.lower() == ".pptx"
    return printing.MODELS["diapositives" if slides else asked.modele]


def _refuse_options(asked: _Asked, model: printing.Model) -> None:
    """Refuse what the paper would not be other for. Raises `UserError` for the first such option."""
    of_partners, of_places = (Of.PARTNER, Of.PARTNERS), (Of.TERRITORY, Of.TERRITORIES)
    options: tuple[tuple[str, object, Callable[[printing.Model], bool]], ...] = (
        ("--sections", asked.sections, lambda item: item.composed),
        ("--chapitres", asked.chapitres, lambda item: item.chaptered),
        ("--seulement-retards", asked.seulement_retards, lambda item: item.late),
        ("--mots", asked.mots, lambda item: item.worded),
        ("--compare-a", asked.against, lambda item: item.compares),
        ("--partenaire", asked.partenaire, lambda item: item.of in of_partners),
        ("--territoire", asked.territoire, lambda item: item.of in of_places),
    )
    for option, given, takes in options:
        if given and not takes(model):
            words = [f"«\u202f{item.word}\u202f»" for item in printing.MODELS.values() if takes(item)]
            known = f"{'aux modèles' if words[1:] else 'au modèle'} {french.enumerate_words(words)}"
            raise UserError(
                f"L’option «\u202f{option}\u202f» ne s’applique pas au modèle «\u202f{model.word}\u202f».",
                f"Elle s’applique {known}.",
            )


def _composition(asked: _Asked, review: Review, model: printing.Model) -> printing.Composition:
    """What is printed of the paper; what it has no place for, of a kept template or of the officer's words, is told."""
    base = printing.WHOLE
    if asked.modele_enregistre is not None:
        base = compositions.kept(Templates(paths.user_folder()), asked.modele_enregistre)
        if base.late_only and not model.late:
            click.echo(
                "«\u202fSeulement ce qui est en retard\u202f», de ce modèle enregistré, ne s’applique pas au modèle"
                f" «\u202f{model.word}\u202f».",
                err=True,
            )
    written = {choice.word: choice.comment for choice in base.choices or () if choice.comment.strip()}
    base = model.fits(base)
    dossier = review.situation.dossier
    if asked.chapitres is not None:
        base = replace(base, chapters=compositions.chapters_named(dossier, asked.chapitres))
    elif base.chapters not in ways(dossier):
        # Kept for a contract that has axes.
        base = replace(base, chapters=PARTNERS)
    known = printing.copil_sections(review, base.chapters)
    words = compositions.words_in(asked.mots) if asked.mots is not None else {}
    composition = compositions.composition(
        known, asked.sections, base=base, late_only=asked.seulement_retards, words=words
    )
    _say_unprinted(model, composition, {**written, **words})
    first = compositions.FIRST
    waited = composition.choices is None or any(choice.word == first for choice in composition.choices)
    if asked.modele in ("copil", "court") and waited and not composition.comment(first):
        click.echo(
            "La première page n’a pas encore sa phrase\u202f: ajoutez «\u202f--mots FICHIER\u202f».", err=True
        )
    return composition


def _say_unprinted(
    model: printing.Model, composition: printing.Composition, words: Mapping[str, str]
) -> None:
    """Say which of the officer's words the paper has no place for."""
    printed = {choice.word.casefold() for choice in model.fits(composition).choices or ()}
    lost = [word for word, text in words.items() if text.strip() and word.casefold() not in printed]
    if lost:
        bare = "seule la première page en a" if model.worded else "ce papier n’en a pas"
        why = "leur section n’est pas dans ce dossier" if model.composed else bare
        click.echo(f"Ces mots ne sont pas imprimés ({why})\u202f: {', '.join(lost)}.", err=True)


def _note_paper(path: Path, asked: _Asked, review: Review) -> None:
    """Note the paper among those of its meeting; where the base cannot be written, say so and no more."""
    try:
        with opened(path) as desk:
            contract = review.situation.dossier.contract.code
            papers.record(desk, contract, asked.modele, review, name=asked.sortie.name)
    except UserError as error:
        click.echo(f"Il n’est pas inscrit parmi les papiers de la réunion\u202f: {error.message}", err=True)


@command("verifier-papier")
@click.argument("fichier", type=click.Path(dir_okay=False, path_type=Path), metavar="F.pdf")
@base_option
def verifier_papier(fichier: Path, base_path: Path | None) -> None:
    from qpvdesk.services import paper_check  # noqa: PLC0415 - 60 ms with pypdfium2, this command alone needs it

    with opened(base_at(base_path), read_only=True) as desk:
        found = paper_check.check(desk, fichier)
    for text in paper_check.told(found):
        click.echo(text)
    if not found.intact:
        raise SystemExit(1)
