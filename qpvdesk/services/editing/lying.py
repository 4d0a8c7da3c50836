"""What the form of a place says of the places that it lies in: one a line, with its share and what that is of."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds.words import LABELS
from qpvdesk.domain.model import Basis, Dossier, Territory, TerritoryLink
from qpvdesk.domain.named import NamedThings
from qpvdesk.services.contracts.contract_layout import word_of
from qpvdesk.services.editing.draft import FormDraft, FormReader
from qpvdesk.storage.keys import link_key


def complete(reader: FormReader, draft: FormDraft, place: Territory) -> None:
    """Add the links that are typed, remove those that are not; a share is a fraction or a percentage."""
    present = {link.whole: link for link in reader.dossier.territory_links if link.part == place.key}
    known = NamedThings.of(reader.dossier.territories)
    keys = {item.key for item in reader.dossier.territories}
    wanted: set[str] = set()
    for line in reader.lines("links"):
        name, share_text, basis_text = (*(part.strip() for part in line.split(";", 2)), "", "")[:3]
        whole = name if name in keys else known.mark_of(name)
        if not whole or whole in wanted:
            why = "y est deux fois" if whole in wanted else "n’est pas un lieu de ce contrat"
            reader.fault("links", f"«\u202f{name}\u202f» {why}.")
            continue
        wanted.add(whole)
        old = present.get(whole) or TerritoryLink(link_key(place.key, whole), place.key, whole)
        share = _share(reader, share_text)
        basis = word_of(Basis, basis_text) if basis_text else None
        if basis_text and basis is None:
            words = french.enumerate_words([item.value for item in LABELS[Basis]])
            reader.fault("links", f"«\u202f{basis_text}\u202f» n’est pas une base\u202f: {words}.")
        put = replace(old, share=share, basis=basis or Basis.INCONNUE)
        if put != present.get(whole):
            draft.put.append(put)
    draft.removed += [link for whole, link in present.items() if whole not in wanted]


def _share(reader: FormReader, text: str) -> Decimal | None:
    if not text:
        return None
    try:
        return french.parse_number(text, "%") / 100
    except UserError as error:
        reader.fault("links", str(error))
        return None


def shown(dossier: Dossier, place: Territory) -> str:
    """Return the links of a place as its form shows them."""
    codes = {item.key: item.code for item in dossier.territories}
    links = [link for link in dossier.territory_links if link.part == place.key]
    return "\n".join(_line(codes[link.whole], link) for link in links)


def _line(code: str, link: TerritoryLink) -> str:
    if link.share is None:
        return code
    parts = [code, f"{french.format_number(link.share * 100)}\u00a0%"]
    if link.basis is not Basis.INCONNUE:
        parts.append(link.basis.value)
    return "\u202f; ".join(parts)
