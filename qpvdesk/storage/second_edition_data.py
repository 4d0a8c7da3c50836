"""What the second edition of the contract of Lens-Liévin says, frozen as every migration (see `second_edition`)."""

from __future__ import annotations

CODE = "lens-lievin"
GROUPS = {
    "ARS-E03": "E02", "ARS-E04": "E05", "ARS-E07": "E08", "ARS-E15": "E19", "ARS-E17": "E14 E18",
    "BPI-E03": "E04 E05 E06 E07", "BPI-E18": "E19 E20", "BPI-E24": "E10 E22 E23", "BPI-E26": "E25",
    "BPI-E27": "E35", "CALL-E01": "E02 E03 E04 E08 E09", "CALL-E10": "E11 E13", "CALL-E07": "E12 E14 E17",
    "CALL-E18": "E19 E20 E21 E22", "CALL-E23": "E24 E27 E28", "CALL-E25": "E15 E16 E26", "CALL-E29": "E31 E32",
    "CALL-E30": "E33 E34", "CALL-E35": "E05 E36 E37", "CALL-E40": "E38 E39", "CALL-E41": "E06 E42 E43 E44 E45 E47",
    "CALL-E48": "E46 E49", "CALL-E50": "E56", "CALL-E51": "E52 E53 E54 E55 E57 E58",
    "CALL-E59": "E60 E63 E64 E65 E66 E67", "CALL-E61": "E62", "CALL-E68": "E69", "CD62-E01": "E02 E03 E29 E31 E46",
    "CD62-E06": "E05 E07 E09 E10", "CD62-E76": "E08", "CD62-E11": "E04 E12", "CD62-E13": "E14 E15 E16 E17",
    "CD62-E18": "E19", "CD62-E22": "E23", "CD62-E26": "E27 E28 E69", "CD62-E30": "E36 E37 E38 E39 E70",
    "CD62-E32": "E33", "CD62-E40": "E41", "CD62-E43": "E44 E45", "CD62-E47": "E48", "CD62-E54": "E52 E53",
    "CD62-E55": "E56 E57", "CD62-E59": "E60", "CD62-E63": "E58 E61 E62 E64 E65 E66 E67", "CD62-E68": "E49",
    "CD62-E71": "E72", "CD62-E74": "E73 E75", "EN-E04": "E01 E02 E03 E08 E09", "EN-E05": "E07 E10",
    "EN-E11": "E12 E13", "EN-E16": "E17 E18 E19", "EN-E23": "E24", "EN-E26": "E27", "FT-E02": "E14 E15",
    "FT-E03": "E09 E20", "FT-E04": "E22 E25", "FT-E05": "E12 E13", "FT-E16": "E17 E18", "FT-E23": "E26 E27 E28",
    "FT-E29": "E30", "FT-E31": "E32", "FT-E34": "E33 E35", "FT-E38": "E39 E40 E41 E42 E43 E44 E45",
    "REGION-E01": "E03 E27", "REGION-E04": "E05 E06", "REGION-E07": "E08", "REGION-E10": "E13 E57 E58",
    "REGION-E11": "E12 E15 E28 E29 E30", "REGION-E17": "E16", "REGION-E18": "E19 E20", "REGION-E21": "E22 E23",
    "REGION-E31": "E33 E34 E36 E40 E41", "REGION-E32": "E35 E37", "REGION-E38": "E39", "REGION-E42": "E44",
    "REGION-E48": "E47 E49 E50", "REGION-E52": "E51 E53 E54 E55 E56",
}  # fmt: skip
"""By engagement that is followed, what precises it; all of one partner."""
AXES = {
    "REGION-P1": "Attractivité des quartiers\u202f: cadre de vie, emploi et formation (Région, priorité 1)",
    "REGION-P2": "Proximité avec les habitants, citoyenneté active et co-construction (Région, priorité 2)",
    "FT-P1": "Accessibilité des services dans les quartiers prioritaires (France Travail)",
    "FT-P2": "Mobilisation des services de droit commun pour les habitants et les entreprises (France Travail)",
    "FT-P3": "Accompagnement renforcé par des dispositifs propres aux quartiers (France Travail)",
}
AXIS_OF = {
    "REGION-P1": "E31 E32 E38",
    "REGION-P2": "E42 E43 E45 E46 E48 E52",
    "FT-P1": "E02 E16 E19 E21",
    "FT-P2": "E03 E04 E06 E07 E08 E10 E11 E23 E24 E29 E31 E34 E36 E37",
    "FT-P3": "E05",
}
CONTEXT = {
    "ARS": "O02 O06 O07 O08 O08-D59 O08-D60 O08-D62 O08-D80 O08-D02 O09",
    "BPI": (
        "O18 O19 O22 O23 O24 O25 O27 O30 O31 O32 O33 O34 O36 O38 O39 O40 O41 O42 O43 O44 O45 O46 O47 O48 O49 O50 "
        "O51 O52 O53 O54 O57 O58 O59 O60 O61 O62 O63"
    ),
    "CALL": "O01",
    "CD62": "O01 O02 O03 O06 O07 O08 O09 O10 O11",
    "EN": "O01 O02 O03 O04 O10",
    "FT": "O10 O13 O14 O15 O17 O20 O22 O23 O24 O25 O26 O27 O28 O29 O30 O31",
    "REGION": "O01 O02",
}
FOLLOWED = ("FT-O16", "FT-O18", "FT-O19")
"""Floors that were set at the very figure measured, of what is still to be asked."""
RETIRED = tuple(f"REGION-O0{number}" for number in range(3, 10))
_OFFER = "Tableau de l’offre daté «\u202fen 2024\u202f», sans jour\u202f: 31/12/2024."
_KEPT = "À tenir au moins\u202f: le document annonce une mobilisation qui se poursuit et s’amplifie. "
TEXTS: tuple[tuple[str, str, str, str, str], ...] = (
    ("contract", "", "upper_level", "", "Priorité"),
    (
        "legal_reference", "REF-REGION-2023-01515", "vote",
        "156 pour, 0 contre, 0 abstention",
        (
            "156 pour, 0 contre, 0 abstention\u202f; 120 élus présents, 49 pouvoirs donnés, 13 élus n’ont "
            "pas pris part au vote, 1 absente sans pouvoir"
        ),
    ),
    (
        "legal_reference", "REF-CALL-PROCLAMATION", "label",
        (
            "Proclamation «\u202fFaire de notre agglomération un territoire participatif\u202f», sans "
            "date"
        ),
        (
            "Proclamation «\u202fFaire de notre agglomération un territoire participatif\u202f»\u202f: un "
            "engagement collectif, ni délibéré ni daté"
        ),
    ),
    (
        "engagement", "EN-E16", "label",
        "Mettre en place le parcours santé au collège",
        (
            "Mettre en place les quatre parcours au collège\u202f: santé, citoyen, avenir, artistique et "
            "culturel"
        ),
    ),
    (
        "engagement", "EN-E16", "theme",
        "sante",
        "education",
    ),
    (
        "engagement", "FT-E06", "detail",
        (
            "Programme très intensif et personnalisé, avec un conseiller dédié et une garantie de "
            "ressources."
        ),
        (
            "Programme très intensif et personnalisé, avec un conseiller dédié et une garantie de "
            "ressources\u202f; celle-ci est sous conditions, notamment le respect des engagements du "
            "contrat."
        ),
    ),
    (
        "condition", "BPI-E07/1", "text",
        "Possibilité ouverte par le texte, non promise.",
        "La mini-pépinière est une possibilité ouverte par le texte, non promise.",
    ),
    (
        "objective", "REGION-O02", "note",
        (
            "Horizon 2050, au-delà du contrat (2030)\u202f; le document ne donne ni indicateur ni point "
            "de départ."
        ),
        (
            "Horizon 2050, au-delà du contrat (2030)\u202f: un cap, non une promesse\u202f; le document "
            "ne donne ni indicateur ni point de départ."
        ),
    ),
    (
        "objective", "ARS-O02", "note",
        (
            "Le document ne donne pas la valeur du ratio. La note n’est pas datée\u202f; elle précède la "
            "fin mars 2024. Date retenue par convention\u202f: 01/01/2024, premier jour de la période "
            "2024-2030. Échéance\u202f: 5 ans, soit le 01/01/2029."
        ),
        (
            "La règle de l’ARS, dont ARS-O01 tire les postes à recruter\u202f: ce n’est pas un objectif "
            "de plus. Le document ne donne pas la valeur du ratio."
        ),
    ),
    (
        "objective", "ARS-O09", "note",
        "Échéance des travaux conduits sous l’égide des préfets, rappelée par la note.",
        (
            "Échéance des travaux conduits sous l’égide des préfets, fin mars 2024, rappelée par la "
            "note\u202f: l’ARS n’en répond pas."
        ),
    ),
    (
        "objective", "EN-O01", "note",
        "Maintien pendant le contrat, sans échéance dite.",
        "",
    ),
    (
        "objective", "EN-O02", "note",
        "Nombre compté dans la liste\u202f; sans échéance dite.",
        "Nombre compté dans la liste de 2015.",
    ),
    (
        "objective", "EN-O10", "note",
        "Maintien pendant le contrat, sans échéance dite.",
        "",
    ),
    (
        "objective", "FT-O13", "note",
        _KEPT + _OFFER,
        _OFFER,
    ),
    (
        "objective", "FT-O14", "note",
        _KEPT + "«\u202fPlus de 42\u202f%\u202f»\u202f: le nombre d’agences du réseau n’est pas donné. " + _OFFER,
        "«\u202fPlus de 42\u202f%\u202f»\u202f: le nombre d’agences du réseau n’est pas donné. " + _OFFER,
    ),
    (
        "objective", "FT-O16", "note",
        _KEPT + _OFFER,
        _OFFER,
    ),
    (
        "objective", "FT-O18", "note",
        _KEPT + _OFFER,
        _OFFER,
    ),
    (
        "objective", "FT-O19", "note",
        _KEPT + _OFFER,
        _OFFER,
    ),
    (
        "objective", "FT-O20", "note",
        _KEPT + "Agences où les QPV pèsent plus de 25\u202f% des demandeurs. " + _OFFER,
        "Agences où les QPV pèsent plus de 25\u202f% des demandeurs. " + _OFFER,
    ),
)  # fmt: skip
"""Kind, code, field, what it was, what it is."""
SUMS = {
    "BPI-OF01": (
        "BPI-E24", "Moyens du programme Entrepreneuriat Quartiers 2030", 450,
        "«\u202fPlus de\u202f» 450\u00a0M€ sur quatre ans\u202f: total depuis le lancement du programme"
        " «\u202fdès 2024\u202f», 0 au 01/01/2024, choix tiré du préambule. Les moyens eux-mêmes sont en BPI-F01.",
        "Engagements Bpifrance, Préambule", "plus de 450 M€ sur 4 ans",
    ),
    "BPI-OF02": (
        "BPI-E21", "Nouveaux fonds déployés en subventions, prêts et fonds propres", 600,
        "«\u202fPrès de\u202f» 600\u00a0M€\u202f; la période n’est pas dite, celle du programme est retenue. Le lien avec"
        " les 450\u00a0M€ n’est pas dit (BPI-S05). Les moyens eux-mêmes sont en BPI-F02.",
        "Engagements Bpifrance, Entrepreneuriat Quartiers 2030, Accompagner et financer", "600 M€ de nouveaux fonds",
    ),
}  # fmt: skip
"""By code: engagement, label, millions of euros, note, section and mark of what is promised beside its means."""
ASKED = ("sens", "start_value", "start_date", "start_unit", "target_value", "target_date", "reference")
REMOVED = (
    ("condition", "FT-E06/1"),
    *(("operand", f"BPI-S06/{rank}") for rank in range(1, 8)),
    ("statement", "BPI-S06"),
)
"""Kind and code, what refers to a thing before the thing."""
