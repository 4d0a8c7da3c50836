"""The action plan of a partner: each of its actions a proposed engagement, nothing written before somebody takes it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.bounded import NOTHING
from qpvdesk.domain import french, periods
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Citation, Dossier, Nature, Partner
from qpvdesk.domain.named import partner_coded
from qpvdesk.services import documents
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import reading
from qpvdesk.services.figures.titles import spread_down, title_text
from qpvdesk.spreadsheets.book import ReadBook, ReadCell, ReadSheet

_TITLES_WITHIN = 30
_ROLES: dict[str, re.Pattern[str]] = {
    "axis": re.compile(
        r"axes?|orientations?(?: .*)?|priorites?|enjeux?|piliers?|thematiques?|objectifs? strategiques?"
    ),
    "label": re.compile(
        r"(?:intitule|libelle|nom|description)?(?: de l'| des? )?(?:actions?|projets?|operations?|mesures?)"
    ),
    "carrier": re.compile(
        r"pilotes?|porteurs?(?: .*)?|responsables?|referents?|structures?(?: .*)?|maitre d'ouvrage|qui"
    ),
    "due": re.compile(r"echeances?|calendrier|delais?|date (?:de fin|prevue|limite)|fin|quand"),
    "status": re.compile(r"statuts?|etat(?: d'avancement)?|avancement"),
    "budget": re.compile(r"budgets?(?: .*)?|couts?(?: .*)?|montants?(?: .*)?|financements?"),
}
"""What the titles of an action plan say, folded."""
_BESIDE = (
    ("carrier", "Pilote"),
    ("due", "Échéance"),
    ("status", "Statut"),
    ("budget", "Budget"),
    ("axis", "Axe"),
)


class Action(Struct, frozen=True):
    """One action of a plan, as its file says it."""

    cell: str
    label: str
    axis: str = ""
    carrier: str = ""
    due: str = ""
    status: str = ""
    budget: str = ""
    known: str = ""
    """The code of the engagement that it is already; empty for none."""
    twin: str = ""
    """The cell of the action above that has the same name; empty for none."""

    @property
    def day(self) -> date | None:
        """The day by which it is due; None where the file says none that is sure."""
        period = periods.read(self.due) if self.due else None
        return None if period is None or period.asked else period.day

    @property
    def named(self) -> str:
        """Its name, and where another has the same."""
        return f"{self.label} (même nom qu’en {self.twin})" if self.twin else self.label


class ActionPlan(Struct, frozen=True):
    """The actions of one file."""

    file: str
    sheet: str
    actions: tuple[Action, ...]


def found(book: ReadBook, file: str) -> ActionPlan | None:
    """Return the action plan that a file holds; None where it holds none."""
    for sheet in book.sheets:
        rows = sheet.rows()
        for row in sorted(rows)[:_TITLES_WITHIN]:
            roles = _roles(rows[row])
            if "label" in roles and len(roles) > 2:
                actions = tuple(_actions(sheet, rows, row, roles))
                if actions:
                    return ActionPlan(file, sheet.name, actions)
    return None


def proposed(desk: Desk, contract: str, plan: ActionPlan, partner: str) -> ActionPlan:
    """Return the plan with what is known of its actions among the engagements of a partner (its code)."""
    dossier = desk.dossier(contract)
    owner = partner_coded(dossier.partners, partner)
    known: dict[str, list[str]] = {}
    for item in dossier.engagements:
        if item.partner == owner.key:
            known.setdefault(french.fold(item.label), []).append(item.code)
    actions = []
    for action in plan.actions:
        # Where two of one name were made, each is known by its own code, in their order.
        codes = known.get(french.fold(action.label), [])
        actions.append(replace(action, known=codes.pop(0) if len(codes) > 1 else "".join(codes)))
    return replace(plan, actions=tuple(actions))


def take(
    desk: Desk, contract: str, plan: ActionPlan, partner: str, *, cells: Iterable[str], nature: Nature
) -> Change:
    """Make engagements of a partner (its code) of the actions in those cells, in one act. Raises `UserError`.

    `nature`: what somebody says of them all, for no plan says it. Each has its file as its source.
    """
    dossier = desk.dossier(contract)
    owner, wanted = partner_coded(dossier.partners, partner), set(cells)
    chosen = [item for item in proposed(desk, contract, plan, partner).actions if item.cell in wanted]
    if any(item.known for item in chosen):
        twice = next(item for item in chosen if item.known)
        raise UserError(
            f"«\u202f{twice.label[:60]}\u202f» est déjà un engagement ({twice.known}). {NOTHING}",
            "Rouvrez le fichier pour voir ce qui reste à créer.",
        )
    if not chosen:
        raise UserError("Aucune action n’est choisie.", "Choisissez au moins une ligne.")
    source = documents.titled(dossier, plan.file)
    entities = []
    for action in chosen:
        typed = _typed(dossier, action, owner, nature)
        draft = reading.read(dossier, "engagement", typed, None)
        if draft.faults:
            raise UserError(
                f"{action.cell}\u202f: {next(iter(draft.faults.values()))} {NOTHING}", "Écartez cette ligne."
            )
        draft.main = replace(draft.main, citation=Citation(source.key, plan.sheet, action.label))
        entities += draft.put
        dossier = replace(dossier, engagements=(*dossier.engagements, draft.main))
    count = french.plural(len(chosen), "engagement", "engagements")
    with desk.act(f"Plan d’actions «\u202f{plan.file}\u202f»\u202f: {count} de {owner.short_name}") as unit:
        for thing in (source, *entities):
            unit.put(thing)
    return unit.change


def as_rows(plan: ActionPlan) -> tuple[list[str], list[list[str]]]:
    """Return headers and one row of French text for each action."""
    rows = [
        [
            item.cell,
            item.axis,
            item.named,
            item.carrier,
            item.due,
            item.budget,
            item.status,
            item.known or "à créer",
        ]
        for item in plan.actions
    ]
    return ["Cellule", "Axe", "Action", "Pilote", "Échéance", "Budget", "Statut", "Engagement"], rows


def _typed(dossier: Dossier, action: Action, owner: Partner, nature: Nature) -> dict[str, str]:
    axis = next((item.key for item in dossier.axes if french.fold(item.name) == french.fold(action.axis)), "")
    beside = [
        f"{word}\u202f: {text}"
        for name, word in _BESIDE
        if (text := getattr(action, name))
        and not (name == "axis" and axis)
        and not (name == "due" and action.day)
    ]
    return {
        "partner": owner.key, "code": reading.next_code(dossier, "engagement", owner.key), "label": action.label,
        "axis": axis, "parent": "", "theme": "", "nature": nature.value,
        "detail": ". ".join(beside) + ("." if beside else ""), "due": french.format_date(action.day) if action.day else "",
    }  # fmt: skip


def _roles(cells: dict[int, ReadCell]) -> dict[str, int]:
    roles: dict[str, int] = {}
    for column, cell in sorted(cells.items()):
        title = french.fold(cell.text.replace("’", "'")).strip(" :*.")
        role = next((name for name, words in _ROLES.items() if words.fullmatch(title)), None)
        if role is not None:
            roles.setdefault(role, column)
    return roles


def _actions(
    sheet: ReadSheet, rows: dict[int, dict[int, ReadCell]], head: int, roles: dict[str, int]
) -> Iterable[Action]:
    above = spread_down(sheet, roles.get("axis"))
    first: dict[str, str] = {}
    for row in sorted(rows):
        cells = rows[row]
        label = cells.get(roles["label"])
        if row <= head or label is None or not label.text.strip():
            continue
        texts = {}
        for name, column in roles.items():
            cell = cells.get(column)
            if cell is None and name == "axis":
                cell = rows.get(above.get(row, row), {}).get(column)
            texts[name] = "" if cell is None else " ".join(f"{title_text(cell)} {cell.shown}".split())
        twin = first.setdefault(french.fold(texts["label"]), label.name)
        yield Action(label.name, **texts, twin="" if twin == label.name else twin)
