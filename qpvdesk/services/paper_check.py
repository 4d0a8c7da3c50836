"""What a printed paper proves: from which data it was made, whether a page was changed, which figures moved since."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk import __version__, bounded
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import NNBSP, enumerate_words, format_date, plural
from qpvdesk.domain.french.typography import printable
from qpvdesk.domain.meetings import meeting_code, meeting_of
from qpvdesk.domain.moves import Move, moves_between
from qpvdesk.domain.review import Review
from qpvdesk.reports import seal as seals
from qpvdesk.reports.frozen import grouped
from qpvdesk.reports.paper_file import PaperFile, PaperPage
from qpvdesk.services import printing
from qpvdesk.services.committees import freezing
from qpvdesk.services.desk import Desk

_NAMED_MAX = 20
_FOOT = re.compile(r"empreinte([0-9a-f]{16})")
"""The fingerprint at the foot of a page, its words without spaces."""
_BY_ANOTHER = "Une copie réenregistrée par un autre programme perd ce qu’il faut pour la vérifier."
_SCANNED = "C’est un scan ou une photo\u202f: lisez l’empreinte au pied de ses pages."


class PaperCheck(Struct, frozen=True):
    """What came of checking a paper. Pages are numbered from 1: those that it has as it was printed, the others as it is."""

    seal: seals.Seal
    pages: int
    review: Review | None = None
    """What it shows, found again; None where its data are gone."""
    altered: tuple[int, ...] = ()
    """Its pages that are not as they were printed."""
    missing: tuple[int, ...] = ()
    """Those, of the ones that were printed, that it lacks."""
    added: tuple[int, ...] = ()
    """Its pages that were not printed with it."""
    moved: tuple[int, ...] = ()
    """Its pages that stand elsewhere than they were printed."""
    saved_anew: bool = False
    """Whether another program drew its pages again: of their drawing, what strikes the eye is compared."""
    redrawn: bool = False
    """Whether another version of the program printed it: pages are then compared by their words alone."""
    headed: bool = True
    """Whether the header of the service is still the one that it bears; no page is compared where it is not."""
    moves: tuple[Move, ...] = ()
    """What moved since its day."""

    @property
    def intact(self) -> bool:
        """Whether its data were found and no page was changed, added, moved or removed."""
        changed = self.altered or self.missing or self.added or self.moved
        return self.review is not None and self.headed and not self.saved_anew and not changed


def check(desk: Desk, path: Path) -> PaperCheck:
    """Set a paper beside the same one printed again from the base. Raises `UserError` where it is none of ours."""
    file = bounded.ask(bounded.PAPER, path, PaperFile)
    seal = seals.read(file.seal)
    if seal is None or seal.model not in printing.MODELS:
        raise UserError(
            f"«{NNBSP}{path.name}{NNBSP}» ne dit pas de quel papier de qpvdesk il vient.{_of_foot(desk, file)}",
            _BY_ANOTHER if any(page.words for page in file.pages) else _SCANNED,
        )
    if all(item.code != seal.contract for item in desk.contracts()):
        code = printable(seal.contract)
        raise UserError(f"Le contrat «{NNBSP}{code}{NNBSP}» de ce papier n’est pas dans cette base.")
    found = PaperCheck(seal, len(file.pages))
    day = date.fromisoformat(seal.day)
    # As on its day: a paper of a meeting to come shows the day that it was printed.
    then = Desk(desk.base, today=lambda: day, settings=desk.settings)
    try:
        request, review = _again(then, seal)
    except UserError:
        return found
    if printing.fingerprint_of(review) != seal.fingerprint:
        return found
    today = desk.situation(seal.contract, desk.today())
    moves = moves_between(review.situation, today) if review.day < today.day else ()
    found = replace(found, review=review, moves=moves)
    letterhead = printing.letterhead_of(desk, review)
    if seal.head is not None and seal.head != seals.letterhead_mark(letterhead):
        return replace(found, headed=False)
    with tempfile.TemporaryDirectory(prefix="qpvdesk-verification-") as folder:
        copy = Path(folder) / "papier.pdf"
        printing.write_report(request, review, copy, letterhead=letterhead)
        again = bounded.ask(bounded.PAPER, copy, PaperFile)
    return compared(found, file.pages, again.pages)


def _of_foot(desk: Desk, file: PaperFile) -> str:
    """What the foot of its pages tells, where the file itself says nothing: the frozen data of that fingerprint."""
    told = next((found[1] for page in file.pages if (found := _FOOT.search(page.words))), "")
    for contract in desk.contracts() if told else ():
        dossier = desk.dossier(contract.code)
        with contextlib.suppress(UserError):
            whose = meeting_code(meeting_of(dossier, freezing.fingerprinted(dossier, told).meeting))
            return f" Son pied porte l’empreinte {grouped(told)}{NNBSP}: celle des données arrêtées pour {whose}."
    return ""


def compared(found: PaperCheck, own: Sequence[PaperPage], printed: Sequence[PaperPage]) -> PaperCheck:
    """The pages of a file set beside those of the paper as it is printed."""
    pairs = list(_paired([page.words for page in own], [page.words for page in printed]))
    redrawn = found.seal.program != __version__
    told = [(mine, other) for mine, other in pairs if own[mine].words == printed[other].words]
    # A program that draws all pages again draws none of them as it was; a hand changes one.
    anew = not redrawn and not any(own[mine].is_drawn_as(printed[other]) for mine, other in told)
    alike = PaperPage.is_noted_as if redrawn else PaperPage.looks_like if anew else PaperPage.is_drawn_as
    unchanged = {other for mine, other in told if alike(own[mine], printed[other])}
    altered = {other for _, other in pairs} - unchanged
    added = set(range(len(own))) - {mine for mine, _ in pairs}
    missing = set(range(len(printed))) - {other for _, other in pairs}
    moved = set()
    for other in sorted(missing):
        mine = next((mine for mine in sorted(added) if own[mine] == printed[other]), None)
        if mine is not None:
            moved.add(other)
            added.remove(mine)
            missing.remove(other)
    return replace(
        found,
        altered=_numbers(altered),
        missing=_numbers(missing),
        added=_numbers(added),
        moved=_numbers(moved),
        saved_anew=anew and bool(unchanged),
        redrawn=redrawn,
    )


def _numbers(pages: Iterable[int]) -> tuple[int, ...]:
    return tuple(page + 1 for page in sorted(pages))


def _paired(own: Sequence[str], printed: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The pages that stand for each other, in order: those that say the same, and between them the most alike."""
    for kind, start, end, first, last in SequenceMatcher(None, own, printed, autojunk=False).get_opcodes():
        if kind == "equal" or end - start == last - first:
            yield from zip(range(start, end), range(first, last), strict=True)
        elif end - start < last - first:
            yield from _likest(own[start:end], printed[first:last], start, first)
        else:
            yield from (
                (mine, other) for other, mine in _likest(printed[first:last], own[start:end], first, start)
            )


def _likest(few: Sequence[str], many: Sequence[str], start: int, first: int) -> Iterator[tuple[int, int]]:
    """Each of the few with one of the many, in order."""
    taken, letters = 0, [Counter(words) for words in many]
    for index, words in enumerate(few):
        free, own = range(taken, len(many) - len(few) + index + 1), Counter(words)
        best = max(free, key=lambda at: _likeness(own, letters[at]))
        yield start + index, first + best
        taken = best + 1


def _likeness(letters: Counter[str], others: Counter[str]) -> float:
    """The share of letters that two pages have in common, whatever their order: a file may have two thousand pages."""
    total = letters.total() + others.total()
    return 2 * (letters & others).total() / total if total else 1.0


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
    lines += _pages_told(found)
    if found.moves:
        lines.append(f"Depuis, {plural(len(found.moves), 'chiffre a bougé', 'chiffres ont bougé')}{NNBSP}:")
        lines += [f"– {move.named}" for move in found.moves]
    else:
        lines.append("Aucun chiffre n’a bougé depuis.")
    return lines


def _pages_told(found: PaperCheck) -> list[str]:
    """Say what became of its pages."""
    if not found.headed:
        return ["L’en-tête du service a changé depuis\u202f: ses pages n’ont pas pu être comparées."]
    lines = [f"{plural(found.pages, 'page, telle', 'pages, telles')} qu’imprimé."] if found.intact else []
    # Another version may write a page otherwise: that one differs, nobody may have touched it.
    since = "" if found.redrawn else " depuis l’impression"
    for pages, singular, several in (
        (found.altered, *(("qui diffère", "qui diffèrent") if found.redrawn else ("modifiée", "modifiées"))),
        (found.missing, "absente", "absentes"),
        (found.added, "du fichier ajoutée", "du fichier ajoutées"),
        (found.moved, "déplacée", "déplacées"),
    ):
        if pages:
            numbers = enumerate_words([f"{number}" for number in pages], limit=_NAMED_MAX)
            head = f"Page {singular}" if len(pages) == 1 else f"Pages {several}"
            lines.append(f"{head}{since}{NNBSP}: {numbers}.")
    if found.saved_anew:
        lines.append(
            "Réenregistré par un autre programme, qui a redessiné ses pages\u202f: les mots sont comparés, et des dessins "
            "ce qui saute aux yeux."
        )
    if found.redrawn:
        lines.append(
            f"Imprimé par la version {printable(found.seal.program)}, que celle-ci n’imite pas au mot près{NNBSP}: "
            "les mots seuls sont comparés, non les dessins."
        )
    return lines
