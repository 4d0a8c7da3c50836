"""The first place of a contract that has none: what is of a place could else not be typed before one was made elsewhere."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from qpvdesk.domain.codes import PERIMETER
from qpvdesk.domain.model import Dossier, Level, Territory
from qpvdesk.domain.proposing.naming import perimeter_name
from qpvdesk.services.editing.forms import FORMS, EditForm, Typed
from qpvdesk.storage.keys import new_key

_HELP = (
    "Aucun territoire encore\u202f: celui-ci, le périmètre du contrat, est créé avec ce que vous enregistrez. Pour un"
    " autre, Contrat › Nouveau territoire…"
)


def perimeter(dossier: Dossier) -> Territory:
    """The whole of a contract as a place: its EPCI where its number is known, under the name that the contract bears."""
    contract = dossier.contract
    level = Level.EPCI if contract.epci else Level.AUTRE
    return Territory(
        new_key(), contract.key, contract.epci or PERIMETER, perimeter_name(contract.name), level=level
    )


def proposed(dossier: Dossier, form: EditForm) -> tuple[Dossier, EditForm]:
    """Return what a form is opened on: where it needs a place and the contract has none, its perimeter can be chosen, by its
    code, and the form says that it is made along."""
    needed = _needed(form)
    if dossier.territories or not needed:
        return dossier, form
    place = perimeter(dossier)
    fields = (replace(field, help=_HELP) if field.name in needed else field for field in form.fields)
    return (
        structs.replace(dossier, territories=(structs.replace(place, key=place.code),)),
        replace(form, fields=tuple(fields)),
    )


def made_along(dossier: Dossier, kind: str, typed: Typed) -> tuple[Territory, ...]:
    """Return the perimeter of a contract that has no place, where a form of a kind names it by its code; else nothing."""
    if dossier.territories:
        return ()
    place = perimeter(dossier)
    return (place,) if place.code in {typed.get(name) for name in _needed(FORMS[kind])} else ()


def _needed(form: EditForm) -> set[str]:
    return {field.name for field in form.fields if field.required and field.linked == "territory"}
