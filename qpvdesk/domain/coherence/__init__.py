"""Coherence: what the contract says against itself, shown with the arithmetic and never corrected.

The rules are general: they know nothing of one contract, and check the one typed in tomorrow. Each is a small
function from a contract under check to findings; this table is the only list of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from msgspec.structs import replace

from qpvdesk.domain.coherence import entries, statements, structure
from qpvdesk.domain.coherence.checks import Checked
from qpvdesk.domain.french import typeset
from qpvdesk.domain.model import Dossier
from qpvdesk.domain.points import FAMILY_COHERENCE, Finding, Point

Rule = Callable[[Checked], Iterator[Finding]]

RULES: tuple[tuple[str, str, Rule], ...] = (
    ("total", "Un total n’est pas la somme de ses parties", statements.total),
    ("denombrement", "Un compte annoncé n’est pas celui de la liste", statements.count),
    ("part", "Un pourcentage ne suit pas de ses deux nombres", statements.share),
    ("formule", "Un chiffre ne suit pas de la règle annoncée", statements.rule),
    ("enveloppe", "Des montants ne remplissent pas leur enveloppe", statements.envelope),
    ("egalite", "Un même chiffre est donné deux fois, différemment", statements.equality),
    ("comparaison", "Deux éléments rapprochés ne se comparent pas tels quels", statements.comparison),
    ("base_absente", "Une base ou une date manque", statements.missing_base),
    ("unites", "Le départ et la cible n’ont pas la même unité", structure.units),
    ("sans_depart", "Une cible n’a pas de départ", structure.no_start),
    ("sans_echeance", "Une cible n’a pas d’échéance", structure.no_date),
    ("parite_rompue", "La parité n’est pas tenue", structure.broken_parity),
    ("autre_population", "Une part se compare à une autre population", structure.other_population),
    ("stock_et_flux", "Un stock se compare à un flux", structure.stock_and_flow),
    ("declinaison", "Les déclinaisons ne font pas le total", structure.declined_sums),
    ("noms_proches", "Deux noms se confondent", structure.close_names),
    ("populations", "Deux populations pour un même territoire", structure.populations),
    (
        "populations_depassees",
        "Une population dépasse celle qui la contient",
        structure.overflowing_populations,
    ),
    ("impossible", "Une saisie ne peut pas être juste", entries.impossible),
    ("hors_contrat", "Une échéance sort du contrat", structure.outside_contract),
    ("autre_echelle", "Un objectif se compte à une autre échelle", structure.other_scale),
)
"""Code, French title and function of each rule, in the order they are shown."""


def findings(dossier: Dossier, day: date) -> tuple[Point, ...]:
    """Return every incoherence of the contract on that day, in the order of the rules."""
    checked = Checked(dossier, day)
    return tuple(
        _typeset(finding).point(FAMILY_COHERENCE, kind, title)
        for kind, title, rule in RULES
        for finding in rule(checked)
    )


def _typeset(finding: Finding) -> Finding:
    """The sentences of the rules need no French spaces: they get them here."""
    return replace(finding, message=typeset(finding.message), remedy=typeset(finding.remedy))
