"""The contract itself, its documents, places and partners."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from qpvdesk.domain.first_sight import FICTITIOUS as FICTITIOUS


class Citation(Struct, frozen=True):
    """Where a promise or a figure comes from: a document, a section, a mark of a few words."""

    document: str
    """Key of the `Document`."""
    section: str
    mark: str


class Thresholds(Struct, frozen=True):
    """The three gaps between the rate and the expected rate that separate the statuses, as fractions."""

    ahead: Decimal = Decimal("0.10")
    on_track: Decimal = Decimal("-0.05")
    watch: Decimal = Decimal("-0.15")


EXAMPLE = "exemple-"
"""How the keys of an example's things begin, and the code of its contract: no real contract has such a key."""


class Contract(Struct, frozen=True):
    """The contract of one EPCI."""

    key: str
    code: str
    name: str
    epci: str | None = None
    """Code (SIREN) of the EPCI."""
    start: date | None = None
    end: date | None = None
    signed_on: date | None = None
    note: str = ""
    thresholds: Thresholds = Thresholds()
    upper_level: str = ""
    """What the axes are called (« Priorité »); empty where they have no name of their own."""
    top_level: str = ""
    """What those that hold others are called; empty where the contract has one level."""
    retired: bool = False
    """Whether it was removed: the journal and the backups keep it, no view shows it."""

    @property
    def fictitious(self) -> bool:
        """Whether the figures are invented. Told by the key, which nothing changes and every copy keeps."""
        return self.key.startswith(EXAMPLE)


class Document(Struct, frozen=True):
    """A source document that citations refer to."""

    key: str
    contract: str
    code: str
    title: str
    issued_on: date | None = None
    note: str = ""


class Territory(Struct, frozen=True):
    """A place. Its code is its INSEE, SIREN or QPV code (`62498`, `246200364`, `FR`, `R32`, `D62`)."""

    key: str
    contract: str
    code: str
    name: str
    level: str
    """Code of its level: a usual one (`commune`), or one of the contract's own (see `domain.levels`)."""
    parent: str | None = None
    """Key of the place under which it is listed; what it lies in, its links say."""
    note: str = ""


class Population(Struct, frozen=True):
    """A number of inhabitants of one territory, with its perimeter and its vintage."""

    key: str
    territory: str
    perimeter: str
    """`totale` or `qpv`."""
    value: Decimal
    vintage: date | None = None
    citation: Citation | None = None


class Establishment(Struct, frozen=True):
    """A place of the contract that is no territory: a *collège* in its commune, with its label."""

    key: str
    contract: str
    code: str
    name: str
    territory: str
    kind: str
    label: str = ""
    """`REP` or `REP+` for a collège."""
    citation: Citation | None = None


class LegalReference(Struct, frozen=True):
    """A law, a decree or a deliberation the contract stands on, with its vote."""

    key: str
    contract: str
    code: str
    label: str
    partner: str | None = None
    dated: date | None = None
    vote: str = ""
    citation: Citation | None = None


class Partner(Struct, frozen=True):
    """An institution that signed engagements."""

    key: str
    contract: str
    code: str
    name: str
    short_name: str
    rank: int = 0
    contact_function: str = ""
    """Whom to call, by function, never by name."""
    note: str = ""

    @property
    def usual_name(self) -> str:
        """How it is called in a sentence and a narrow column: by its short name, else whole."""
        return self.short_name or self.name
