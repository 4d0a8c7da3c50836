"""What a printed paper proves: from which data it was made, whether a page was changed, which figures moved since."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import date
from pathlib import Path

from msgspec import Struct

from qpvdesk import __version__, bounded
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import NNBSP, enumerate_words, format_date, plural
from qpvdesk.domain.meetings import meeting_code
from qpvdesk.domain.moves import Move, moves_between
from qpvdesk.domain.review import Review
from qpvdesk.reports import seal as seals
from qpvdesk.reports.frozen import grouped
from qpvdesk.reports.paper_file import PaperFile
from qpvdesk.services import printing
from qpvdesk.services.committees import freezing
from qpvdesk.services.desk import Desk

_NAMED_MAX = 20


class PaperCheck(Struct, frozen=True):
    """What came of checking a paper."""

    seal: seals.Seal
    pages: int
    review: Review | None = None
    """What it shows, found again; None where its data are gone."""
    altered: tuple[int, ...] = ()
    """Numbers of the pages that are not as they were printed, from 1."""
    missing: int = 0
    """How many pages it should have beside; negative for too many."""
    redrawn: bool = False
    """Whether another version of the program printed it: pages are then compared by their words alone."""
    moves: tuple[Move, ...] = ()
    """What moved since its day."""

    @property
    def intact(self) -> bool:
        """Whether its data were found and no page was changed, added or removed."""
        return self.review is not None and not self.altered and not self.missing


def check(desk: Desk, path: Path) -> PaperCheck:
    """Set a paper beside the same one printed again from the base. Raises `UserError` where it is none of ours."""
    file = bounded.ask(bounded.PAPER, path, PaperFile)
    seal = seals.read(file.seal)
    if seal is None or seal.model not in printing.MODELS:
        raise UserError(
            f"«{NNBSP}{path.name}{NNBSP}» ne dit pas de quel papier de qpvdesk il vient.",
            "Une copie réenregistrée par un autre programme perd ce qu’il faut pour la vérifier.",
        )
    if all(item.code != seal.contract for item in desk.contracts()):
        raise UserError(f"Le contrat «{NNBSP}{seal.contract}{NNBSP}» de ce papier n’est pas dans cette base.")
    found = PaperCheck(seal, len(file.pages))
    try:
        request, review = _again(desk, seal)
    except UserError:
        return found
    if printing.fingerprint_of(review) != seal.fingerprint:
        return found
    with tempfile.TemporaryDirectory(prefix="qpvdesk-verification-") as folder:
        copy = Path(folder) / "papier.pdf"
        letterhead = printing.letterhead_of(desk, review)
        printing.write_report(request, review, copy, letterhead=letterhead)
        again = bounded.ask(bounded.PAPER, copy, PaperFile)
    redrawn = seal.program != __version__
    altered = tuple(
        number
        for number, (own, other) in enumerate(zip(file.pages, again.pages, strict=False), 1)
        if own.words.split() != other.words.split() or (own.digest != other.digest and not redrawn)
    )
    today = desk.situation(seal.contract, desk.today())
    return PaperCheck(
        seal,
        len(file.pages),
        review,
        altered,
        len(again.pages) - len(file.pages),
        redrawn,
        moves_between(review.situation, today) if review.day < today.day else (),
    )


def _again(desk: Desk, seal: seals.Seal) -> tuple[printing.Request, Review]:
    """The request that made the paper, and what it shows now. Raises `UserError`."""
    dossier = desk.dossier(seal.contract)
    snapshot = freezing.fingerprinted(dossier, seal.snapshot) if seal.snapshot else None
    against: date | str | None = seal.compared_with or None
    with contextlib.suppress(ValueError):
        against = date.fromisoformat(seal.compared_with)
    request = printing.Request(
        seal.model,
        seal.partner or None,
        seal.territory or None,
        seal.composition,
        seal.meeting or None,
        snapshot,
        against,
    )
    day = None if snapshot is not None else date.fromisoformat(seal.day)
    return request, printing.subject(desk, seal.contract, request, day)


def told(found: PaperCheck) -> list[str]:
    """Say in sentences what came of it."""
    seal, review = found.seal, found.review
    model = printing.MODELS[seal.model]
    day = format_date(date.fromisoformat(seal.day))
    head = f"{model.label}, empreinte {grouped(seal.fingerprint)}, données du {day}"
    if review is None:
        return [
            f"{head}{NNBSP}: la base n’a plus les données de ce papier.",
            "Elles n’étaient pas arrêtées et ont changé depuis."
            if not seal.snapshot
            else "Leur arrêté n’est pas dans cette base, ou il a été altéré.",
        ]
    frozen = review.snapshot is not None and review.meeting is not None
    whose = f", arrêtées pour {meeting_code(review.meeting)}" if frozen and review.meeting is not None else ""
    lines = [f"{head}{whose}{NNBSP}: retrouvées dans la base."]
    if found.intact:
        lines.append(f"{plural(found.pages, 'page, telle', 'pages, telles')} qu’imprimé.")
    if found.altered:
        numbers = enumerate_words([f"{number}" for number in found.altered], limit=_NAMED_MAX)
        lines.append(f"Page modifiée depuis l’impression{NNBSP}: {numbers}.")
    if found.missing > 0:
        lines.append(f"Il manque {plural(found.missing, 'page', 'pages')}.")
    elif found.missing < 0:
        lines.append(f"{plural(-found.missing, 'page a été ajoutée', 'pages ont été ajoutées')}.")
    if found.redrawn:
        lines.append(
            f"Imprimé par la version {seal.program}{NNBSP}: les mots seuls sont comparés, non les dessins."
        )
    if found.moves:
        lines.append(f"Depuis, {plural(len(found.moves), 'chiffre a bougé', 'chiffres ont bougé')}{NNBSP}:")
        lines += [f"– {move.named}" for move in found.moves]
    else:
        lines.append("Aucun chiffre n’a bougé depuis.")
    return lines
