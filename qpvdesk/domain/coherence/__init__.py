"""Coherence: what the contract says against itself, shown with the arithmetic and never corrected.

The rules are general: they know nothing of one contract, and check the one typed in tomorrow. Each is a small
function from a contract under check to findings; this table is the only list of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from qpvdesk.domain.coherence import bases, entries, lists, ratios, sources, statements, structure
from qpvdesk.domain.coherence.checks import Checked
from qpvdesk.domain.french import typeset
from qpvdesk.domain.model import StatementKind
from qpvdesk.domain.points import FAMILY_COHERENCE, Finding, Point, PointNature, gathered
from qpvdesk.domain.situation import Situation

Rule = Callable[[Checked], Iterator[Finding]]

_C, _B, _N = PointNature.CONTRADICTION, PointNature.BASE_MANQUANTE, PointNature.NON_COMPARABLE

# fmt: off
# A table: one row a rule, as long as it takes.
RULES: tuple[tuple[str, str, Rule, PointNature], ...] = (
    ("total", "Un total n’est pas la somme de ses parties", statements.total, _C),
    ("denombrement", "Un compte annoncé n’est pas celui de la liste", statements.count, _C),
    ("part", "Un pourcentage ne suit pas de ses deux nombres", statements.share, _C),
    ("formule", "Un chiffre ne suit pas de la règle annoncée", statements.rule, _C),
    ("enveloppe_depassee", "Des montants dépassent leur enveloppe", statements.overfilled, _C),
    ("egalite", "Un même chiffre est donné deux fois, différemment", statements.equality, _C),
    ("par_habitants", "Une cible ne suit pas de la règle par habitants", ratios.per_inhabitants, _C),
    ("deux_noms", "Une même chose est comptée sous deux noms", ratios.counted_twice, _C),
    ("etablissements", "Un nombre d’établissements n’est pas celui de la liste", lists.listed_places, _C),
    ("enumeration", "Un nombre annoncé n’est pas celui de l’énumération", lists.listed_items, _C),
    ("impossible", "Une saisie ne peut pas être juste", entries.impossible, _C),
    ("deux_chiffres", "Deux chiffres sont donnés le même jour", entries.two_figures, _C),
    ("total_releve", "Un total relevé n’est pas la somme de ses déclinaisons", entries.whole_and_parts, _C),
    ("declinaison", "Les déclinaisons ne font pas le total", structure.declined_sums, _C),
    ("populations", "Deux populations pour un même territoire", structure.populations, _C),
    ("populations_depassees", "Une population dépasse celle qui la contient", structure.overflowing_populations, _C),
    ("numero", "Un texte porte deux numéros, ou est cité deux fois", sources.legal_numbers, _C),
    ("date_du_texte", "Un texte porte deux dates", sources.legal_dates, _C),
    ("comparaison", "Deux éléments rapprochés ne se comparent pas tels quels", statements.comparison, _N),
    ("unites", "Le départ et la cible n’ont pas la même unité", structure.units, _N),
    ("autre_population", "Une part se compare à une autre population", structure.other_population, _N),
    ("stock_et_flux", "Un stock se compare à un flux", structure.stock_and_flow, _N),
    ("autre_echelle", "Un objectif se compte à une autre échelle", structure.other_scale, _N),
    ("hors_du_lieu", "Un partenaire ne chiffre rien sur le territoire du contrat", sources.no_local_figure, _N),
    ("millesimes", "Deux millésimes se mêlent", sources.mixed_vintages, _N),
    ("chiffre_ancien", "Un chiffre est d’une autre époque que le contrat", sources.old_values, _N),
    ("liste_ancienne", "Une liste est d’une autre époque que le contrat", sources.old_lists, _N),
    ("memes_annees", "Deux montants portent sur les mêmes années", sources.overlapping_amounts, _N),
    ("annees_passees", "Un montant porte sur des années d’avant le contrat", sources.amounts_before, _N),
    ("base_absente", "Une base ou une date manque", statements.missing_base, _B),
    ("base_par_habitants", "Une règle par habitants ne dit pas ce qui est déjà couvert", statements.by_head, _B),
    ("non_couverts", "Des habitants non couverts se comptent sans leur base", ratios.uncovered, _B),
    ("au_dela_de_la_regle", "Une cible va au-delà de la règle par habitants", ratios.beyond, _B),
    ("enveloppe", "Des montants ne remplissent pas leur enveloppe", statements.envelope, _B),
    ("deux_annees", "Deux départs sont donnés, d’années différentes ou non dites", statements.several_years, _B),
    ("sans_depart", "Une cible n’a pas de départ", structure.no_start, _B),
    ("sans_origine", "Un cumul ne dit pas depuis quand il court", bases.no_origin, _B),
    ("sans_effectifs", "Des parts sont données sans leurs deux nombres", bases.bare_shares, _B),
    ("sans_millesime", "Une population n’a pas de millésime", bases.undated_populations, _B),
    ("sans_code", "Des lieux n’ont pas leur code officiel", entries.no_official_code, _B),
    ("parite_rompue", "La parité n’est pas tenue", structure.broken_parity, PointNature.PARITE),
    ("noms_proches", "Des noms se confondent", structure.close_names, PointNature.HOMONYMIE),
    ("thematiques_doubles", "Une thématique est là deux fois", entries.double_themes, PointNature.HOMONYMIE),
    ("sans_echeance", "Une promesse n’a pas d’échéance", structure.no_date, PointNature.ECHEANCE),
    ("hors_contrat", "Une échéance sort du contrat", structure.outside_contract, PointNature.ECHEANCE),
    ("programme_fini", "Un programme finit avant le contrat", sources.ending_programmes, PointNature.ECHEANCE),
    ("valeur_douteuse", "Une valeur est à vérifier", entries.doubtful, PointNature.DOUTE),
)
# fmt: on
"""Code, French title, function and nature of each rule, in the order they are shown: contradictions first."""

_READ = (StatementKind.COMPARAISON, StatementKind.BASE_ABSENTE)
_STATED = frozenset(
    kind
    for kind, _, _, nature in RULES
    if nature not in (_N, _B)
    or kind in ("comparaison", "base_absente", "base_par_habitants", "enveloppe", "deux_annees")
)
"""The rules that a reader's note of the same passage does not make superfluous."""


def findings(situation: Situation) -> tuple[Point, ...]:
    """Return every incoherence of the contract on the day of its situation, in the order of the rules."""
    checked = Checked(situation)
    statements = situation.dossier.statements
    read = {(item.kind, item.citation) for item in statements if item.kind in _READ and item.citation}
    return tuple(
        _typeset(finding).point(FAMILY_COHERENCE, kind, title, nature)
        for kind, title, rule, nature in RULES
        for finding in gathered(rule(checked))
        # What a reader noted of a passage says it in better words than a rule on what was drawn from it.
        if kind in _STATED or not {(read_kind, finding.citation) for read_kind in _READ} & read
    )


def _typeset(finding: Finding) -> Finding:
    """The sentences of the rules need no French spaces: they get them here."""
    parts = tuple(map(typeset, finding.parts))
    return replace(finding, message=typeset(finding.message), remedy=typeset(finding.remedy), parts=parts)
