"""What the columns of a paste are called: the titles of the workbook, of the forms, of the pages, and the usual ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.services.contracts.contract_cells import folded_title, known_titles
from qpvdesk.services.lines import FIELDS, line_titles

_ALSO: Mapping[str, Mapping[str, str]] = {
    "partner": {"partenaire": "name", "signataire": "name", "sigle": "short_name", "nom abrege": "short_name"},
    "territory": {
        "territoire": "name", "lieu": "name", "libelle": "name", "habitants": "inhabitants",
        "population": "inhabitants", "dans": "parent",
    },
    "engagement": {
        "engagement": "label", "action": "label", "intitule": "label", "pilote": "partner", "porteur": "partner",
        "territoires": "territories",
    },
    "objective": {
        "objectif": "label", "indicateur": "label", "intitule": "label", "depart": "start_value",
        "valeur initiale": "start_value", "situation de depart": "start_value", "date initiale": "start_date",
        "depart au": "start_date", "objectif vise": "target_value", "a atteindre": "target_value",
        "date d'echeance": "target_date", "echelle": "territory", "pilote": "partner", "porteur": "partner",
    },
    "funding": {
        "objet": "label", "moyen": "label", "intitule": "label", "financeur": "partner", "porteur": "partner",
    },
}  # fmt: skip
"""What else a column may be called, folded, by kind: as the pages call it, as partners usually do."""
_DAYS = frozenset({"date", "au", "le", "jour"})
"""Titles that say a day of what stands before them."""
_DAY_OF = {"start_value": "start_date", "target_value": "target_date"}


def fields_by_title(kind: str) -> Mapping[str, str]:
    """Return the fields of a line by all that calls them, folded: the titles of the workbook, and the labels of the form."""
    entries = {layout.ENTERED[kind, name]: name for name in FIELDS[kind] if (kind, name) in layout.ENTERED}
    return (
        {title: name for title, name in _ALSO[kind].items() if name in FIELDS[kind]}
        | {
            title: name
            for title, column in known_titles(BY_NAME[kind]).items()
            if (name := entries.get(column.field.name, column.field.name)) in FIELDS[kind]
        }
        | {folded_title(title): name for name, title in line_titles(kind).items()}
    )


def fields_of_titles(known: Mapping[str, str], cells: Sequence[str]) -> list[str]:
    """Return the field of each column of a line, by its title among those that are `known`; empty for one that is not.

    « Date » is the day of the value in the column before it.
    """
    titles = [folded_title(cell) for cell in cells]
    names = [known.get(title, "") for title in titles]
    for at, title in enumerate(titles[1:], start=1):
        day = _DAY_OF.get(names[at - 1], "")
        if title in _DAYS and not names[at] and day not in names:
            names[at] = day
    return names
