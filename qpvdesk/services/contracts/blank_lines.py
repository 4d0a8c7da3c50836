"""The lines to imitate in a blank workbook: what they begin with tells the import to leave them out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from qpvdesk.spreadsheets.sheet import Value

EXAMPLES: Mapping[str, tuple[Mapping[str, Value], ...]] = {
    "partner": (
        {"Code": "Exemple ML", "Nom": "Mission locale", "Nom court": "Mission locale"},
        {"Code": "Exemple CAF", "Nom": "Caisse d’allocations familiales", "Nom court": "CAF"},
        {"Code": "Exemple VILLE", "Nom": "Ville", "Nom court": "Ville",
         "Fonction du contact": "Direction de la cohésion sociale"},
    ),
    "engagement": (
        {"Partenaire": "Exemple ML", "Code": "ML-E01", "Libellé": "Parrainer 80 jeunes", "Thématique": "Emploi",
         "Nature": "Droit commun", "Territoire": "Quartier, Commune"},
        {"Partenaire": "Exemple CAF", "Code": "CAF-E01", "Libellé": "Ouvrir un espace de vie sociale",
         "Nature": "Crédits spécifiques"},
        {"Partenaire": "Exemple VILLE", "Code": "VILLE-E01", "Libellé": "Prolonger la ligne de bus",
         "Nature": "Droit commun", "Copilotes": "CAF"},
    ),
    "objective": (
        {
            "Partenaire": "Exemple ML", "Code": "ML-O01", "Territoire": "200000008",
            "Libellé": "Jeunes parrainés", "Unité": "jeunes",
            "Sens": "À augmenter", "Engagement": "ML-E01", "Valeur de départ": Decimal(40),
            "Date de départ": date(2023, 12, 31), "Valeur cible": Decimal(80), "Date cible": date(2027, 12, 31),
        },
        {
            "Partenaire": "Exemple CAF", "Code": "CAF-O01", "Territoire": "200000008",
            "Libellé": "Recours aux droits", "Unité": "%",
            "Sens": "Au moins", "Valeur de départ": "71,4 %", "Date de départ": date(2023, 12, 31),
            "Valeur cible": "85 %", "Date cible": "fin 2028",
        },
        {
            "Partenaire": "Exemple VILLE", "Code": "VILLE-O01", "Territoire": "200000008",
            "Libellé": "Dépôts sauvages", "Unité": "tonnes",
            "Sens": "À réduire", "Valeur de départ": Decimal(185), "Date de départ": date(2023, 12, 31),
            "Valeur cible": "−20 %", "Date cible": date(2027, 12, 31),
        },
    ),
    "territory": (
        {"Code": "Exemple 200000008", "Nom": "Communauté d’agglomération", "Niveau": "Agglomération"},
        {"Code": "Exemple 01004", "Nom": "Commune", "Niveau": "Commune", "Territoire englobant": "200000008"},
        {"Code": "Exemple QN00101M", "Nom": "Quartier", "Niveau": "Quartier prioritaire", "Territoire englobant": "01004",
         "Habitants en QPV": Decimal(1500), "Millésime": "2019"},
    ),
    "funding": (
        {
            "Partenaire": "Exemple VILLE", "Code": "VILLE-F01", "Libellé": "Ligne de bus", "Première année": Decimal(2025),
            "Dernière année": Decimal(2027), "Montant": "4,2 M€", "Unité": "Euros", "Avancement": "Prévu",
        },
        {
            "Partenaire": "Exemple ML", "Code": "ML-F01", "Libellé": "Conseillers", "Première année": Decimal(2024),
            "Dernière année": Decimal(2024), "Montant": Decimal(3), "Unité": "Postes (ETP)", "Avancement": "Payé",
        },
        {
            "Partenaire": "Exemple CAF", "Code": "CAF-F01", "Libellé": "Espace de vie sociale",
            "Première année": Decimal(2025), "Dernière année": Decimal(2025), "Montant": "120 k€", "Unité": "Euros",
        },
    ),
}  # fmt: skip
"""Lines to imitate in a blank workbook, by title: the import leaves them out and says so."""
