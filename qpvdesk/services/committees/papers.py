"""Which papers were printed or saved for a meeting: what, when, of which data, under which name."""

from __future__ import annotations

from datetime import date

from qpvdesk.domain import file_names, french
from qpvdesk.domain.change import Change
from qpvdesk.domain.meetings import meeting_code, meeting_of
from qpvdesk.domain.model import Dossier, Paper
from qpvdesk.domain.review import Review
from qpvdesk.services import printing
from qpvdesk.services.desk import Desk
from qpvdesk.storage.keys import new_key


def record(desk: Desk, contract: str, model: str, review: Review, *, name: str) -> Change:
    """Note that a paper was made for the meeting of a review; `name` is its file's, empty for what was printed.

    Of a path only the last part is kept: a folder tells who works there. Raises `UserError`.
    """
    dossier = desk.dossier(contract)
    owner = meeting_of(dossier, review.meeting.key if review.meeting is not None else "")
    paper = Paper(
        new_key(),
        dossier.contract.key,
        owner.key,
        model,
        made_on=desk.today(),
        day=review.day,
        fingerprint=printing.fingerprint_of(review),
        name=file_names.clean(last) if (last := name.replace("\\", "/").rpartition("/")[2]) else "",
    )
    label = printing.model_of(model).label
    act_label = f"Impression pour {meeting_code(owner)}\u202f: {french.lowered(label)}"
    # A paper that was handed round is not taken back by Ctrl+Z.
    with desk.act(act_label, undoable=False) as unit:
        unit.put(paper)
    return unit.change


def record_shown(desk: Desk, contract: str, day: date, request: printing.Request, *, name: str) -> Change:
    """Note that what was asked for was printed for its meeting, under that file name (empty: on paper)."""
    review = printing.shown(desk, contract, request, day)
    return record(desk, contract, request.model, review, name=name)


def of_meeting(dossier: Dossier, meeting: str) -> tuple[Paper, ...]:
    """Return what was printed for a meeting, the latest first."""
    own = [item for item in dossier.papers if item.meeting == meeting]
    return tuple(sorted(own, key=lambda item: (item.made_on, item.key), reverse=True))


def sentence(paper: Paper) -> str:
    """`Dossier du comité de pilotage, le 30/06/2026, données au 30/06/2026 (a114 8d76 5066 7dd2), copil.pdf`."""
    digits = " ".join(paper.fingerprint[start : start + 4] for start in range(0, 16, 4))
    known = printing.MODELS.get(paper.model)
    model = known.label if known is not None else paper.model
    name = f", {paper.name}" if paper.name else ", à l’imprimante"
    return (
        f"{model}, le {french.format_date(paper.made_on)}, données au {french.format_date(paper.day)} "
        f"({digits}){name}"
    )
