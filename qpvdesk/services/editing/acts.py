"""What an officer does to the contract itself, each one act: make, change, retire, restore, remove, copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError, gone
from qpvdesk.domain.kinds import BY_ENTITY, BY_NAME
from qpvdesk.domain.model import Contract, Dossier, Engagement, Objective, Partner, Theme
from qpvdesk.domain.named import spelt_code
from qpvdesk.domain.themes import handed_over, namesakes, theme_users, usual_themes
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import first_place, reading
from qpvdesk.services.editing.draft import FormDraft
from qpvdesk.services.editing.forms import FORMS, Typed
from qpvdesk.services.figures import echoes
from qpvdesk.storage.keys import new_key
from qpvdesk.storage.refusals import refuse_mixture
from qpvdesk.storage.unit import Unit


class FieldError(UserError):
    """A field of a form is wrong. `field` is its name, `words` what is wrong with it."""

    def __init__(self, field: str, label: str, words: str) -> None:
        super().__init__(f"{label}\u202f: {words}", "Corrigez ce champ, puis enregistrez.")
        self.field = field
        self.words = words


_STRUCTURE = (
    "documents", "place_levels", "territories", "territory_links", "populations", "establishments", "legal_references",
    "partners", "versions", "themes", "axes", "engagements", "engagement_partners", "engagement_themes",
    "engagement_territories", "conditions", "objectives", "milestones",
)  # fmt: skip
"""What a copy of the structure takes along: what was promised, nothing of what was measured, met or paid."""

_CALLED_CHARACTERS_MAX = 40
"""How much of the words of a thing without a code its acts repeat."""


def save(
    desk: Desk,
    contract: str,
    kind: str,
    typed: Typed,
    *,
    key: str | None = None,
    along: Callable[[Any], Iterable[Any]] = lambda _: (),
) -> Change:
    """Make a thing from its form, or change the one of that key. Raises `UserError` where the form has faults.

    `along`: from the thing, what is put in the same act.
    """
    dossier = desk.dossier(contract)
    places = first_place.made_along(dossier, kind, typed)
    dossier = replace(dossier, territories=(*dossier.territories, *places))
    draft = reading.read(dossier, kind, typed, key, today=desk.today())
    if draft.faults:
        name, words = next(iter(draft.faults.items()))
        labels = {field.name: field.label for field in FORMS[kind].fields}
        raise FieldError(name, labels.get(name, name).replace("&", ""), words)
    main = draft.main
    verb = "modifié" if key else "créé"
    also_in = echoes.of_written(desk, dossier, [main]) if kind == "measurement" else echoes.Echoes()
    with desk.act(f"{_called(dossier, kind, main)} {verb}{_e(kind)}{also_in.words}") as unit:
        # What is removed first: a code or a place may be taken up again.
        for entity in draft.removed:
            unit.remove(entity)
        for entity in (*places, *draft.put, *also_in.figures, *along(main)):
            unit.put(entity)
    if not unit.change:
        # Else the window would offer to take back the act before, which has the same words.
        return replace(unit.change, label=f"{_called(dossier, kind, main)}\u202f: rien n’a changé")
    return unit.change


def save_together(desk: Desk, contract: str, kind: str, *, keys: Sequence[str], typed: Typed) -> Change:
    """Give several things of a kind the same words in the same fields, in one act.

    Raises `FieldError` for the first of them that cannot take them; nothing is changed then.
    """
    dossier = desk.dossier(contract)
    drafts = []
    for key in keys:
        draft = reading.read(
            dossier, kind, {**reading.write(dossier, kind, key), **typed}, key, today=desk.today()
        )
        if draft.faults:
            name, words = next(iter(draft.faults.items()))
            raise FieldError(name, _called(dossier, kind, draft.main), words)
        drafts.append(draft)
    labels = [field.label.replace("&", "").lower() for field in FORMS[kind].fields if field.name in typed]
    with desk.act(f"{_counted(kind, len(drafts))}\u202f: {french.enumerate_words(labels)}") as unit:
        for draft in drafts:
            for thing in draft.removed:
                unit.remove(thing)
            for thing in draft.put:
                unit.put(thing)
    return unit.change


def make_together(desk: Desk, kind: str, drafts: Sequence[FormDraft], *, along: Iterable[Any]) -> Change:
    """Make several things of a kind from forms without fault, in one act; `along`: what is put before them."""
    verb = f"créé{_e(kind)}{'s' if len(drafts) > 1 else ''}"
    with desk.act(f"{_counted(kind, len(drafts))} {verb}") as unit:
        unit.put_all(along)
        for draft in drafts:
            unit.put_all(draft.put)
    return unit.change


def retire(desk: Desk, contract: str, kind: str, *keys: str) -> Change:
    """Retire engagements or objectives: they stay in the base and can come back. With what declines them."""
    return _set_retired(desk, contract, kind, *keys, retired=True)


def restore(desk: Desk, contract: str, kind: str, key: str) -> Change:
    """Take a retired engagement or objective up again, with what declines it."""
    return _set_retired(desk, contract, kind, key, retired=False)


def remove(desk: Desk, contract: str, kind: str, *keys: str) -> Change:
    """Remove what nothing refers to (partners, places, amounts, documents); undo brings them back.

    What is of a thématique goes to another of the same name, where there is one: nothing is lost of a double.

    Raises `UserError` where something still refers to one of them.
    """
    dossier = desk.dossier(contract)
    entities = [_found(dossier, kind, key) for key in keys]
    for entity in entities:
        if kind == "theme" and (users := theme_users(dossier, entity.code)):
            if len(entities) == 1 and (other := _namesake(dossier, entity)) is not None:
                return _join(desk, dossier, entity, other)
            raise UserError(
                f"La thématique «\u202f{entity.name}\u202f» sert encore\u202f: {french.code_ranges(users)}.",
                "Donnez-leur d’abord une autre thématique.",
            )
    with desk.act(_told(dossier, kind, entities, "supprimé")) as unit:
        for entity in entities:
            _remove_with_parts(desk, unit, dossier, entity)
    return unit.change


def _namesake(dossier: Dossier, theme: Theme) -> Theme | None:
    alike = next((some for some in namesakes(dossier) if theme in some), [])
    return next((item for item in alike if item is not theme), None)


def _join(desk: Desk, dossier: Dossier, theme: Theme, other: Theme) -> Change:
    """Give what is of a thématique to the one of its name, then remove it."""
    put, removed = handed_over(dossier, theme.code, other.code)
    with desk.act(
        f"Thématique «\u202f{theme.name}\u202f» ({theme.code}) réunie à celle du même nom ({other.code})"
    ) as unit:
        unit.put_all(put)
        for link in removed:
            unit.remove(link)
        unit.remove(theme)
    return unit.change


def _remove_with_parts(desk: Desk, unit: Unit, dossier: Dossier, entity: Any) -> None:
    """Remove a thing and what is only told along with it."""
    kind, key = BY_ENTITY[type(entity)].name, entity.key
    if kind == "territory":
        for population in dossier.populations:
            if population.territory == key:
                unit.remove(population)
        for link in dossier.territory_links:
            if key in (link.part, link.whole):
                unit.remove(link)
        for own in _apart(desk, dossier, key):
            unit.remove(own)
    for part in dossier.operands if kind == "statement" else ():
        if part.statement == key:
            unit.remove(part)
    for file in dossier.joined(key):
        unit.remove(file)
    unit.remove(entity)


def check_newcomer(beside: Contract) -> None:
    """Raise `UserError` where another contract, a real one, cannot be made in the base of this one."""
    refuse_mixture({beside.fictitious}, {False})


def new_contract(
    desk: Desk,
    typed: Typed,
    like: str | None = None,
    *,
    places: Callable[[Contract], Iterable[Any]] = lambda _: (),
) -> Change:
    """Make another contract, empty or on the structure of the one of the code `like`, with its `places`. Raises
    `UserError`."""
    model = desk.dossier(like) if like else None
    blank = Dossier(Contract(new_key(), "", ""))
    draft = reading.read(blank, "contract", typed, None)
    if draft.faults:
        raise UserError(next(iter(draft.faults.values())), "Corrigez ce champ, puis enregistrez.")
    contract: Contract = draft.main
    if any(stored_contract.code == contract.code for stored_contract in desk.base.contracts(removed=True)):
        raise UserError(
            f"Le code «\u202f{contract.code}\u202f» est déjà celui d’un contrat de la base.",
            "Choisissez-en un autre.",
        )
    with desk.act(f"Contrat créé\u202f: {contract.name}") as unit:
        unit.put(contract)
        unit.put_all([*places(contract)])
        if model is None:
            unit.put_all(usual_themes(contract.key, lambda _: new_key()))
        else:
            copied = _copied(model, contract.key)
            unit.put_all([*copied, *echoes.for_newcomer(desk, _dossier_of(contract, copied))])
    return unit.change


def _dossier_of(contract: Contract, things: Iterable[Any]) -> Dossier:
    dossier_fields: dict[str, list[Any]] = {}
    for thing in things:
        dossier_fields.setdefault(BY_ENTITY[type(thing)].dossier, []).append(thing)
    return Dossier(contract, **{name: tuple(items) for name, items in dossier_fields.items()})


def _apart(desk: Desk, dossier: Dossier, territory: str) -> list[Any]:
    """The contours of a place and its figures in the reference layers."""
    return [
        item
        for items in desk.base.atlas(dossier.contract.key).values()
        for item in items
        if getattr(item, "territory", None) == territory
    ]


def remove_contract(desk: Desk, contract: str) -> Change:
    """Remove a contract from every view; the journal and the backups keep it, undo or `restore_contract` brings it back.

    Raises `UserError` where it is the only one of the base.
    """
    removed = desk.contract(contract)
    if len(desk.base.contracts()) == 1:
        raise UserError(
            f"«\u202f{removed.name}\u202f» est le seul contrat de la base\u202f: il ne peut pas être retiré.",
            "Créez ou importez d’abord le vôtre.",
        )
    with desk.act(f"Contrat retiré\u202f: {removed.name}") as unit:
        unit.put(replace(removed, retired=True))
    return unit.change


def restore_contract(desk: Desk, contract: str) -> Change:
    """Take up again the contract of that code, which was removed. Raises `UserError` where none was."""
    removed = {item.code: item for item in desk.base.contracts(removed=True) if item.retired}
    if not (spelt := spelt_code(removed, contract)):
        known = ", ".join(removed)
        raise UserError(
            f"Aucun contrat retiré ne porte le code «\u202f{contract}\u202f».",
            f"Contrats retirés\u202f: {known}." if known else "Aucun contrat n’a été retiré.",
        )
    with desk.act(f"Contrat rétabli\u202f: {removed[spelt].name}") as unit:
        unit.put(replace(removed[spelt], retired=False))
    return unit.change


def _set_retired(desk: Desk, contract: str, kind: str, *keys: str, retired: bool) -> Change:
    dossier = desk.dossier(contract)
    entities = [_found(dossier, kind, key) for key in keys]
    touched: list[Any] = []
    for entity in entities:
        if entity.retired == retired:
            state = f"est déjà retiré{_e(kind)}" if retired else f"n’est pas retiré{_e(kind)}"
            raise UserError(
                f"{_called(dossier, kind, entity)} {state}\u202f: rien n’a changé.", "Vérifiez le code."
            )
        touched.append(entity)
        if isinstance(entity, Objective):
            touched += [
                part for part in dossier.objectives if part.parent == entity.key and part.key not in keys
            ]
        elif kind == "engagement" and retired:
            live = [
                _named(objective)
                for objective in dossier.objectives
                if objective.engagement == entity.key and not objective.retired
            ]
            if live:
                raise UserError(
                    f"{_called(dossier, kind, entity)} a encore des objectifs\u202f: {', '.join(live[:5])}.",
                    "Retirez-les d’abord, ou rattachez-les à un autre engagement.",
                )
    with desk.act(_told(dossier, kind, entities, "retiré" if retired else "rétabli")) as unit:
        for entity in touched:
            unit.put(replace(entity, retired=retired))
    return unit.change


def _told(dossier: Dossier, kind: str, entities: Sequence[Any], verb: str) -> str:
    """What an act did with things, in words: « Objectif Bus (BPI-O01) retiré », « 3 objectifs retirés »."""
    if len(entities) == 1:
        return f"{_called(dossier, kind, entities[0])} {verb}{_e(kind)}"
    return f"{_counted(kind, len(entities))} {verb}{_e(kind)}s"


def _counted(kind: str, count: int) -> str:
    return french.plural(count, *BY_NAME[kind].nouns)


def _found(dossier: Dossier, kind: str, key: str) -> Any:
    try:
        return reading.find(dossier, kind, key)
    except KeyError:
        raise gone("Cet élément") from None


def _called(dossier: Dossier, kind: str, entity: Any) -> str:
    noun = FORMS[kind].noun
    return f"{french.raised(noun)} {_named(entity) or _described(dossier, entity)}"


def _named(entity: Any) -> str:
    """A thing that has a code by its name, then its code."""
    code = getattr(entity, "code", "")
    words = next((text for name in ("label", "title", "name") if (text := getattr(entity, name, ""))), "")
    return f"{_cut(words)} ({code})" if code and words != code and words else code


def _described(dossier: Dossier, entity: Any) -> str:
    """Tell a thing that has no code by its words, what it belongs to and its day."""
    named: tuple[Objective | Engagement | Partner, ...]
    named = (*dossier.objectives, *dossier.engagements, *dossier.partners)
    names = {
        item.key: f"«\u202f{_cut(item.name if isinstance(item, Partner) else item.label)}\u202f» ({item.code})"
        for item in named
    }
    owners = (getattr(entity, name, None) for name in ("objective", "engagement", "partner"))
    owner = next((names[key] for key in owners if key in names), None)
    words = next((text for name in ("label", "text") if (text := getattr(entity, name, ""))), "")
    day = getattr(entity, "day", None)
    parts = [
        f"«\u202f{_cut(words)}\u202f»" if words else "",
        f"de {owner}" if owner else "",
        f"du {french.format_date(day)}" if day else "",
    ]
    return " ".join(filter(None, parts)) or reading.called(entity)


def _cut(words: str) -> str:
    return french.clipped(" ".join(words.split()), _CALLED_CHARACTERS_MAX)


def _e(kind: str) -> str:
    return "e" if FORMS[kind].feminine else ""


def _copied(model: Dossier, contract: str) -> list[Any]:
    """The structure of a contract with keys of its own: every reference leads to the copy."""
    kept = [entity for name in _STRUCTURE for entity in getattr(model, name)]
    keys = {entity.key: new_key() for entity in kept} | {model.contract.key: contract}

    def moved(entity: Any) -> Any:
        changes: dict[str, Any] = {}
        for name in entity.__struct_fields__:
            value = getattr(entity, name)
            if isinstance(value, str) and value in keys:
                changes[name] = keys[value]
        citation = getattr(entity, "citation", None)
        if citation is not None:
            changes["citation"] = replace(citation, document=keys[citation.document])
        return replace(entity, **changes)

    return [moved(entity) for entity in kept]
