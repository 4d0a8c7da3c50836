"""Files joined to the things of a contract, and its source documents read: what was drawn from where."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from qpvdesk import bounded, durable
from qpvdesk.domain import file_names
from qpvdesk.domain.change import Change
from qpvdesk.domain.codes import words_code
from qpvdesk.domain.errors import UserError, thing_keyed
from qpvdesk.domain.french import fold, format_number, format_size, plural
from qpvdesk.domain.model import Attachment, Citation, Document, Dossier
from qpvdesk.domain.passages import Hit, SourceText, Span, resolve
from qpvdesk.durable import sha256
from qpvdesk.services.desk import Desk
from qpvdesk.storage import maintenance, readers
from qpvdesk.storage.keys import new_key
from qpvdesk.storage.unit import Unit

MAX_FILE = 10_000_000
"""Bytes of one file."""
BUDGET = 60_000_000
"""Bytes that the files of a base may take: each of its backups holds them too."""
HOLDERS = {
    "document": "documents",
    "engagement": "engagements",
    "measurement": "measurements",
    "decision": "decisions",
    "visit": "visits",
}
"""What a file can be joined to, and where the dossier has it."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that was read and is not kept yet."""

    name: str
    content: bytes
    digest: str
    pages: tuple[str, ...] | None = None
    """Its text, where it is a document; None for any other file."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Something of the contract that cites a document."""

    kind: str
    key: str
    code: str
    label: str
    partner: str
    """Key of its partner; empty where it has none."""
    citation: Citation
    span: Span | None
    """Where its mark is; None where it is not found, or the document has no text."""
    engagement: str = ""
    """Key of the engagement that it is or is of; empty where there is none."""

    def at(self, span: Span | None) -> Drawn:
        """Return the same at a place of the text."""
        return dataclasses.replace(self, span=span)


@dataclass(frozen=True, slots=True)
class Reading:
    """A source document as it can be read: its file and its text, where it has them, and what was drawn from it."""

    document: Document
    attachment: Attachment | None
    source: SourceText | None
    """Where there is no file, what was read in it, by partner and engagement, each passage under it; None: nothing was."""
    drawn: tuple[Drawn, ...]
    headings: tuple[Span, ...] = ()
    """Where there is no file, the partners and the engagements in that text."""


@dataclass(frozen=True, slots=True)
class FoundPassages:
    """The paragraphs of one document that hold what was looked for."""

    document: Document
    source: SourceText
    hits: tuple[Hit, ...]


def take_in(path: Path, *, read: bool, cancelled: Callable[[], bool] = lambda: False) -> Incoming:
    """Read a file, its text too where `read`, a photo without its position; keeps nothing.

    Raises `UserError` where it is refused.
    """
    from qpvdesk.documents import photos, reading  # noqa: PLC0415 - 2 ms, whoever joins a file alone needs it

    bounded.check_ends(path)
    remedy = f"Une pièce jointe pèse {format_size(MAX_FILE)} au plus\u202f: gardez les pages utiles."
    content = durable.read_within(path, MAX_FILE, remedy)
    if not content:
        raise UserError(f"«\u202f{path.name}\u202f» est vide.", "Demandez-le à nouveau à l’expéditeur.")
    content = photos.taken_in(path, content, cancelled=cancelled)
    pages = reading.pages(path, cancelled=cancelled) if read else None
    return Incoming(file_names.clean(path.name), content, sha256(content), pages)


def attach(desk: Desk, contract: str, kind: str, key: str, *, incoming: Incoming) -> Change:
    """Join a file to a thing of the contract of that code."""
    dossier = desk.dossier(contract)
    owner = thing_keyed(getattr(dossier, HOLDERS[kind]), key, "Ce à quoi ce fichier devait être joint")
    _check_room(desk, dossier, owner.key, incoming)
    with desk.act(f"Pièce jointe\u202f: {incoming.name}") as unit:
        unit.attach(
            _attachment(desk, dossier, kind, key, incoming=incoming), incoming.content, incoming.pages
        )
    return unit.change


def add_document(desk: Desk, contract: str, incoming: Incoming) -> Change:
    """Add a source document named after its file, with the file."""
    dossier = desk.dossier(contract)
    with desk.act(f"Document source\u202f: {_title(incoming.name)}") as unit:
        put_document(desk, unit, dossier, incoming)
    return unit.change


def put_document(desk: Desk, unit: Unit, dossier: Dossier, incoming: Incoming) -> None:
    """Put a source document named after its file, with the file, in an act. Raises `UserError` where it has no room."""
    _check_room(desk, dossier, "", incoming)
    document = _new_document(dossier, _title(incoming.name))
    unit.put(document)
    unit.attach(
        _attachment(desk, dossier, "document", document.key, incoming=incoming),
        incoming.content,
        incoming.pages,
    )


def titled(dossier: Dossier, name: str) -> Document:
    """Return the source document titled as a file of that name is: one that is there, else a new one, not put yet."""
    title = _title(name)
    known = next((item for item in dossier.documents if fold(item.title) == fold(title)), None)
    return known or _new_document(dossier, title)


def _new_document(dossier: Dossier, title: str) -> Document:
    taken = {document.code for document in dossier.documents}
    code = words_code(title, taken) or words_code("document", taken)
    return Document(new_key(), dossier.contract.key, code, title)


def _title(name: str) -> str:
    return PurePath(name).stem.replace("_", " ").strip() or name


def source_of(dossier: Dossier, incoming: Incoming) -> str:
    """Return the key of the source document whose file is that one; empty for none."""
    joined = (item for item in dossier.attachments if item.digest == incoming.digest)
    return next((item.document for item in joined if item.document), "")


def replace(desk: Desk, contract: str, document: str, incoming: Incoming) -> Change:
    """Put a file in the place of the one that a source document has; undone, the old one is back."""
    dossier = desk.dossier(contract)
    _check_room(desk, dossier, "", incoming)
    with desk.act(f"Fichier du document\u202f: {incoming.name}") as unit:
        for old in dossier.attachments:
            if old.document == document:
                unit.remove(old)
        unit.attach(
            _attachment(desk, dossier, "document", document, incoming=incoming),
            incoming.content,
            incoming.pages,
        )
    return unit.change


def detach(desk: Desk, contract: str, key: str) -> Change:
    attachment = thing_keyed(desk.dossier(contract).attachments, key, "Cette pièce jointe")
    with desk.act(f"Pièce jointe retirée\u202f: {attachment.name}") as unit:
        unit.remove(attachment)
    return unit.change


def save_copy(desk: Desk, attachment: Attachment, target: Path) -> Path:
    """Write what an attachment holds to a file, whole or not at all."""
    content = readers.file(desk.base, attachment)
    try:
        durable.write(target, content)
    except OSError as error:
        raise UserError(
            f"La copie n’a pas pu être écrite dans «\u202f{target.parent}\u202f»\u202f: {durable.reason(error)}.",
            "Choisissez un autre dossier, ou libérez de la place.",
        ) from error
    return target


def size(desk: Desk) -> int:
    """Return how many bytes the files take in the base."""
    return readers.files_size(desk.base)


def release(desk: Desk) -> int:
    """Give back the room of the files that nothing names any more; it cannot be undone. Return how many."""
    return maintenance.release_files(desk.base)


def reading(desk: Desk, contract: str, document: str) -> Reading:
    """Return a source document (by key) as it can be read."""
    dossier = desk.dossier(contract)
    found = thing_keyed(dossier.documents, document, "Ce document")
    attachment = next(
        (attachment for attachment in dossier.attachments if attachment.document == document), None
    )
    drawn = tuple(drawn_from(dossier, document))
    if attachment is None:
        return Reading(found, None, *_quoted(dossier, drawn))
    source = _source(desk, attachment)
    if source is None:
        return Reading(found, attachment, None, drawn)
    spans = resolve(source, {drawn_entity.key: drawn_entity.citation for drawn_entity in drawn})
    placed = (drawn_entity.at(spans[drawn_entity.key]) for drawn_entity in drawn)
    order = sorted(
        placed,
        key=lambda drawn_entity: (
            drawn_entity.span is None,
            drawn_entity.span or Span(0, 0),
            drawn_entity.code,
        ),
    )
    return Reading(found, attachment, source, tuple(order))


def search(
    desk: Desk, contract: str, query: str, cancelled: Callable[[], bool] = lambda: False
) -> tuple[FoundPassages, ...]:
    """Return the paragraphs of the source documents that hold every word looked for."""
    dossier = desk.dossier(contract)
    found_passages = []
    for document in dossier.documents:
        for attachment in dossier.attachments:
            if attachment.document != document.key or cancelled():
                continue
            source = _source(desk, attachment)
            hits = source.search(query) if source is not None else ()
            if source is not None and hits:
                found_passages.append(FoundPassages(document, source, hits))
    return tuple(found_passages)


def _quoted(
    dossier: Dossier, drawn: Sequence[Drawn]
) -> tuple[SourceText | None, tuple[Drawn, ...], tuple[Span, ...]]:
    """Return what was read in a document as a text, each thing with its place in it, and the headings: by partner, then by
    engagement, what was read in words and under it the passage, which says nothing alone."""
    partners = {**{partner.key: partner.name for partner in dossier.partners}, "": "Hors des engagements"}
    promises = {engagement.key: engagement for engagement in dossier.engagements}
    groups: dict[str, dict[str, dict[str, list[Drawn]]]] = {key: {} for key in partners}
    for drawn_entity in drawn:
        of = groups[drawn_entity.partner].setdefault(drawn_entity.engagement, {})
        of.setdefault(drawn_entity.citation.mark, []).append(drawn_entity)
    text, placed, headings = "", [], []
    for partner, of_partner in groups.items():
        headings += [Span(len(text), len(text) + len(partners[partner]))] if of_partner else []
        text += f"{partners[partner]}\n\n" if of_partner else ""
        for engagement, marks in of_partner.items():
            section = ""
            promise = promises.get(engagement)
            if promise is not None:
                headings.append(Span(len(text), len(text) + len(promise.label)))
                text += f"{promise.label} ({promise.code})\n"
            for mark, things in marks.items():
                of_it = [drawn_entity for drawn_entity in things if drawn_entity.key != engagement]
                text += f"{_read_there(of_it)}\n" if of_it else ""
                extract = mark or "sans extrait"
                span = Span(len(text) + 2, len(text) + 2 + len(extract))
                placed += [drawn_entity.at(span) for drawn_entity in things]
                cited = things[0].citation.section
                text += f"«\u202f{extract}\u202f»{f' · {cited}' if cited not in {'', section} else ''}\n\n"
                section = cited
    return (SourceText([text.rstrip()]) if placed else None), tuple(placed), tuple(headings)


def _read_there(things: Sequence[Drawn]) -> str:
    """What a passage says, by the first thing that was drawn from it; figures come after what they are of."""
    first = next((drawn_entity for drawn_entity in things if drawn_entity.kind != "measurement"), things[0])
    named = f"{first.label} ({first.code})" if first.code else first.label
    return named if len(things) == 1 else f"{named}, et {plural(len(things) - 1, 'autre', 'autres')}"


def _source(desk: Desk, attachment: Attachment) -> SourceText | None:
    pages = readers.pages(desk.base, attachment)
    return None if pages is None or not any(page.strip() for page in pages) else SourceText(pages)


def _attachment(desk: Desk, dossier: Dossier, kind: str, key: str, *, incoming: Incoming) -> Attachment:
    owner: dict[str, Any] = {kind: key}
    return Attachment(
        new_key(),
        dossier.contract.key,
        incoming.name,
        incoming.digest,
        size=len(incoming.content),
        added_on=desk.today(),
        **owner,
    )


def _check_room(desk: Desk, dossier: Dossier, owner: str, incoming: Incoming) -> None:
    if any(
        attachment.owner == owner and attachment.digest == incoming.digest
        for attachment in dossier.attachments
    ):
        raise UserError(f"«\u202f{incoming.name}\u202f» est déjà joint ici.", "Rien n’est à faire.")
    used_bytes = readers.files_size(desk.base)
    known = any(attachment.digest == incoming.digest for attachment in dossier.attachments)
    if not known and used_bytes + len(incoming.content) > BUDGET:
        raise UserError(
            f"Il n’y a plus de place pour «\u202f{incoming.name}\u202f»\u202f: les fichiers joints prennent déjà "
            f"{format_size(used_bytes)} sur {format_size(BUDGET)}.",
            "Retirez ceux qui ne servent plus, puis «\u202fLibérer la place\u202f» sur la page Documents.",
        )


def drawn_from(dossier: Dossier, document: str) -> Iterator[Drawn]:
    """Yield everything of a contract that cites a document (by key); its place is not looked for."""
    objectives = {objective.key: objective for objective in dossier.objectives}
    engagements = {engagement.key: engagement for engagement in dossier.engagements}
    for kind in (
        "engagements", "objectives", "fundings", "conditions", "statements", "legal_references", "establishments",
        "populations", "measurements",
    ):  # fmt: skip
        for entity in getattr(dossier, kind):
            if (
                entity.citation is None
                or entity.citation.document != document
                or getattr(entity, "retired", False)
            ):
                continue
            of = None
            match kind:
                case "measurements":
                    of = objectives.get(entity.objective)
                    code, words = (of.code if of else ""), f"relevé de {format_number(entity.value)}"
                    words = f"{of.label}, {words}" if of else words
                    partner = of.partner if of else ""
                case "conditions":
                    engagement = engagements.get(entity.engagement or "")
                    code, words, partner = (
                        (engagement.code if engagement else ""),
                        entity.text,
                        entity.partner,
                    )
                case "populations":
                    place = next(item for item in dossier.territories if item.key == entity.territory)
                    code, words, partner = place.code, f"Population, {place.name}", ""
                case "establishments":
                    code, words, partner = entity.code, entity.name, ""
                case _:
                    code, words, partner = entity.code, entity.label, getattr(entity, "partner", None) or ""
            promise = entity.key if kind == "engagements" else getattr(of or entity, "engagement", None) or ""
            yield Drawn(
                kind.removesuffix("s"), entity.key, code, words, partner, entity.citation, None, promise
            )
