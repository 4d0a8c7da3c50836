"""One contract made, looked at through every view, and set beside its reckoning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from qpvdesk.services import printing, state
from qpvdesk.services.desk import Desk
from qpvdesk.storage.opening import open_base
from qpvdesk.ui.picture import load_picture
from tests.reference import product, views
from tests.reference.answers import Reckoned, reckoned, reckoned_rows
from tests.reference.comparison import Disagreement, compare
from tests.reference.invention import invent
from tests.reference.open_faults import explained
from tests.reference.product import Made
from tests.reference.reckoning import Plain


@dataclass
class Findings:
    """What differs: what no known fault explains, and the names of those that explain the rest."""

    unexplained: list[str] = field(default_factory=list)
    faults: set[str] = field(default_factory=set)

    def add(self, where: str, found: list[Disagreement], known: Reckoned) -> None:
        """Take in what differs in one place."""
        for one in found:
            name = explained(one, known)
            if name is None:
                self.unexplained.append(f"{where}: {one}")
            else:
                self.faults.add(name)


def try_seed(folder: Path, seed: int, findings: Findings, *, paper: bool = False) -> None:
    """Make the contract of a seed and set it beside its reckoning, its paper too where it is asked."""
    invention = invent(seed)
    made = product.make(folder, invention)
    for against in (None, invention.against) if invention.against else (None,):
        where = f"seed {seed}" if against is None else f"seed {seed} against {against}"
        known, found = look(
            made.path,
            invention.day,
            invention.today,
            made.frozen,
            against=against,
            paper=paper and not against,
        )
        findings.add(where, found, known)
    for fingerprint in made.frozen if paper else ():
        known, found = look_frozen(made, fingerprint)
        findings.add(f"seed {seed}, frozen {fingerprint[:8]}", found, known)
    made.path.unlink()


def look_frozen(made: Made, fingerprint: str) -> tuple[Reckoned, list[Disagreement]]:
    """Set the document and the paper of a committee beside the reckoning of what it froze, whatever was done since."""
    with open_base(made.path, read_only=True) as base:
        desk = Desk(base, today=lambda: made.today)
        contract = desk.contract(None).code
        (snapshot,) = (item for item in desk.dossier(contract).snapshots if item.fingerprint == fingerprint)
        review = printing.subject(desk, contract, printing.Request(model="copil", meeting=snapshot.meeting))
        known = reckoned_rows(made.frozen[fingerprint], made.path, snapshot.day, made.frozen)
        found = compare("etat", views.document(state.as_json(review)), known)
        found += compare("copil", views.papered(review, made.path.parent), known)
    return known, found


def look(
    path: Path,
    day: date,
    today: date,
    frozen: Mapping[str, Plain],
    *,
    against: date | None = None,
    paper: bool = False,
) -> tuple[Reckoned, list[Disagreement]]:
    """Set every view of a base on a day beside its reckoning."""
    known = reckoned(path, day, frozen, against)
    with open_base(path, read_only=True) as base:
        desk = Desk(base, today=lambda: today)
        contract = desk.contract(None).code
        review = desk.review(contract, day, against)
        found = compare("etat", views.document(state.as_json(review)), known)
        found += compare("export", views.exported(desk, review, path.parent), known)
        found += compare("window", views.window(load_picture(desk, contract, day, against)), known)
        if paper:
            found += compare("copil", views.papered(review, path.parent), known)
    return known, found
