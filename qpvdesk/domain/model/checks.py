"""What the document says of its own figures, what the officer has seen or said, what is joined."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from qpvdesk.domain.model.contract import Citation
from qpvdesk.domain.model.words import StatementKind


class Statement(Struct, frozen=True):
    """A figure the document states about its own figures, kept so that the coherence rules can check it."""

    key: str
    contract: str
    code: str
    kind: StatementKind
    label: str
    partner: str | None = None
    value: Decimal | None = None
    unit: str = ""
    formula: str = ""
    """For `formule`: a sum of products of operand names, with `arrondi_sup`, `arrondi`, `max`, `min`."""
    objective: str | None = None
    note: str = ""
    citation: Citation | None = None


class Operand(Struct, frozen=True):
    """One figure or one item that a statement is reckoned from."""

    key: str
    statement: str
    rank: int
    name: str
    """A short name, the one used in the statement's formula."""
    value: Decimal | None = None
    unit: str = ""
    label: str = ""


class Acknowledgement(Struct, frozen=True):
    """A point d'attention that the officer has seen, with the reason; it stays listed."""

    key: str
    contract: str
    point: str
    """The stable identifier of the point (`Point.ident`)."""
    reason: str
    day: date


class Correspondence(Struct, frozen=True):
    """Where the figures are in the files of one partner, as the officer once said (see `services.mapping`)."""

    key: str
    contract: str
    partner: str
    layout: str
    """JSON: the headers to look for."""


class Attachment(Struct, frozen=True):
    """A file joined to one thing: a source document, an engagement, a measurement, a decision or a visit, and to no other.

    What it holds is kept apart, once, under its fingerprint.
    """

    key: str
    contract: str
    name: str
    """The name of the file, without its folder."""
    digest: str
    """SHA-256 of its bytes, 64 hexadecimal digits."""
    size: int
    """Bytes."""
    added_on: date
    note: str = ""
    document: str | None = None
    engagement: str | None = None
    measurement: str | None = None
    decision: str | None = None
    visit: str | None = None

    @property
    def owner(self) -> str:
        """Key of the thing it is joined to."""
        owners = (self.document, self.engagement, self.measurement, self.decision, self.visit)
        return next(filter(None, owners), "")
