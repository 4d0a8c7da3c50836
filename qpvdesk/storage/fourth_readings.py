"""Words of the contract of Lens-Liévin that a fourth reading of its document found more, or less, than what it says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from qpvdesk.domain.model import Citation, StatementKind
from qpvdesk.storage.mends_data import Mend

READINGS: tuple[Mend, ...] = (
    Mend("condition/FT/1", "", None, {
        "contract": "contract",
        "partner": "partner/FT",
        "text": ("Une seule phrase du document, lue ici service par service\u202f; jeunes et bassin minier, suivis "
          "sans comparaison."),
        "citation": Citation("document/ANNEXES", "La mobilisation se poursuit, contrats Engagements 2030",
                             "au moins à leur hauteur de leur représentativité"),
    }),
    Mend("document/MAGAZINE-CALL", "note",
         "Il parle de 21 quartiers dans 19 communes pour 2024–2030, là où la liste officielle en a 17.",
         ("Il parle de 21 quartiers dans 19 communes pour 2024–2030, là où la liste officielle en compte 17 "
          "dans l’agglomération.")),
    Mend("engagement/CD62-E35", "label",
         "Accompagner des projets par la contractualisation avec EPCI et communes",
         "Avoir accompagné des projets, de 2019 à 2023, en contractualisant avec EPCI et communes"),
    Mend("engagement/CD62-E35", "detail",
         "Équipements et liaisons douces, par le fonds d’innovation territoriale.",
         ("Équipements et liaisons douces, par le fonds d’innovation territoriale\u202f: un fait, non une "
          "promesse.")),
    Mend("engagement/CD62-E35", "parent", None, "engagement/CD62-E71"),
    Mend("engagement/EN-E32", "label",
         "Désigner un binôme de référents pour la CALL et les délégués",
         "Identifier un binôme de référents comme interlocuteur de la CALL et des délégués"),
    Mend("engagement/EN-E32", "detail",
         "Un inspecteur et un chef d’établissement.",
         "Un inspecteur et un chef d’établissement\u202f; le document le dit identifié."),
    Mend("funding/BPI-F02", "note",
         ("Montant national, «\u202fprès de\u202f» 600\u00a0M€, en subventions, prêts et fonds propres\u202f; "
          "période non dite, portée à celle du programme. Ne s’ajoute pas aux 450\u00a0M€\u202f: le lien "
          "entre les deux montants n’est pas dit (BPI-S05)."),
         ("Montant national, «\u202fprès de\u202f» 600\u00a0M€, en subventions, prêts et fonds propres\u202f; "
          "période non dite, portée à celle du programme par convention. À ne pas additionner aux "
          "450\u00a0M€\u202f: le lien entre les deux montants n’est pas dit (BPI-S05).")),
    Mend("funding/CD62-F02", "engagement", "engagement/CD62-E35", "engagement/CD62-E71"),
    Mend("objective/ARS-O05", "target_text", "2,5\u00a0M€ prévus par an", "«\u202fprévu\u202f», lu au moins"),
    Mend("objective/BPI-O02", "target_text", "", "200, après 117, non daté"),
    Mend("objective/BPI-O03", "target_text",
         "60, après 11 hors Marseille en Grand",
         "60, après 11, non daté, hors Marseille en Grand"),
    Mend("objective/BPI-O14", "target_text", "", "«\u202fd’ici 2027\u202f»"),
    Mend("objective/BPI-O16", "target_text", "", "une ambition, «\u202fd’ici 2027\u202f»"),
    Mend("objective/BPI-O17", "target_text", "", "une ambition, «\u202fd’ici 2027\u202f»"),
    Mend("objective/CD62-O05", "engagement", "engagement/CD62-E35", "engagement/CD62-E71"),
    Mend("statement/ARS-S01", "kind", StatementKind.TOTAL, StatementKind.COMPARAISON),
    Mend("statement/ARS-S01", "label",
         "ARMS recensés en région, contre la somme des postes du tableau",
         "ARMS recensés par le texte et postes de médiateurs (MS) ouverts du tableau, deux comptes"),
    Mend("statement/ARS-S01", "value", Decimal(44), None),
    Mend("statement/ARS-S01", "note",
         "Le tableau compte des postes de médiateurs ouverts, le texte recense des ARMS.",
         ("44\u00a0ARMS recensés\u202f; 26 + 1 + 16 + 3 + 6 = 52\u00a0postes ouverts, notre somme. Huit "
          "postes peuvent être vacants, ou le sigle compter autre chose.")),
    Mend("statement/ARS-S02", "note", "La sixième manque, ou le compte est faux.", ""),
    Mend("operand/ARS-S22/1", "", "", None),
    Mend("operand/ARS-S22/2", "", "", None),
    Mend("statement/ARS-S22", "", "", None),
)  # fmt: skip
"""What a fourth reading found: two counts told as one that is wrong, facts told as promises, years that nobody dated."""

BASES: tuple[Mend, ...] = (
    Mend("condition/FT/1", "text",
         ("Une seule phrase du document, lue ici service par service\u202f; jeunes et bassin minier, suivis "
          "sans comparaison."),
         ("Lu\u202f: une seule phrase du document, que nous appliquons à chacun des huit services\u202f; jeunes et "
          "bassin minier, suivis sans comparaison.")),
    Mend("document/MAGAZINE-CALL", "note",
         ("Il parle de 21 quartiers dans 19 communes pour 2024–2030, là où la liste officielle en compte 17 "
          "dans l’agglomération."),
         ("Il parle de 21 quartiers dans 19 communes pour 2024–2030, là où la liste officielle a, dans "
          "l’agglomération, 17 quartiers, qui touchent 17 communes.")),
    Mend("engagement/REGION-E02", "label",
         "Conforter l’action régionale dans les quartiers, dont le renouvellement urbain",
         "Conforter l’action régionale dans les quartiers, autour de deux priorités"),
    Mend("objective/BPI-O03", "target_text",
         "60, après 11, non daté, hors Marseille en Grand",
         "60\u202f; départ de 11, hors Marseille en Grand, non daté"),
    Mend("statement/ARS-S01", "label",
         "ARMS recensés par le texte et postes de médiateurs (MS) ouverts du tableau, deux comptes",
         "44\u00a0ARMS recensés par le texte et 52\u00a0postes de médiateurs (MS) ouverts du tableau, deux comptes"),
    Mend("objective/ARS-O08", "note",
         ("Somme des cinq départements du tableau\u202f; la colonne ne suit pas la règle d’un poste pour "
          "10\u202f000 habitants (ARS-S05 à ARS-S09)."),
         ("Somme des cinq départements du tableau, qui ne dit pas combien d’habitants couvre un poste ouvert "
          "(ARS-S05 à ARS-S09).")),
    Mend("statement/ARS-S16", "label",
         "Postes visés en région, contre la règle d’un poste pour 10\u202f000 habitants en QPV",
         "Postes visés en région, et la règle d’un poste pour 10\u202f000 habitants en QPV"),
    Mend("statement/ARS-S16", "note",
         ("79 est notre somme du tableau\u202f: 52 postes ouverts et 27 à recruter, la règle étant tenue ligne par "
          "ligne sur les habitants non couverts."),
         ("79 est notre somme\u202f: 52 postes ouverts et 27 à recruter\u202f; d’après le tableau, un poste ouvert "
          "couvre de 4\u202f180 habitants (Somme) à 12\u202f185 (Oise).")),
    Mend("statement/ARS-S17", "label",
         "Postes visés dans le Pas-de-Calais, contre la règle d’un poste pour 10\u202f000 habitants en QPV",
         "Postes visés dans le Pas-de-Calais, et la règle d’un poste pour 10\u202f000 habitants en QPV"),
)  # fmt: skip
"""What a sixth reader found: a rule of one for 10 000 inhabitants told as broken where the base is not said, a reading told
as a reserve, a count that does not say of what."""

DOUBLE: tuple[Mend, ...] = (
    Mend("objective/EN-O08", "target_text",
         "«\u202fà Avion, Lens et Liévin\u202f», lu un par commune",
         "«\u202fà Avion, Lens et Liévin\u202f», lu un par commune\u202f; peut se lire un pour les trois"),
    Mend("condition/FT/1", "text",
         ("Lu\u202f: une seule phrase du document, que nous appliquons à chacun des huit services\u202f; jeunes et "
          "bassin minier, suivis sans comparaison."),
         ("Lu\u202f: une seule phrase du document, que nous appliquons à chacun des huit services ou mesures\u202f; "
          "jeunes et bassin minier, suivis sans comparaison.")),
    Mend("condition/EN/1", "text",
         "Le texte promet ces mesures «\u202fprogressivement\u202f», sans calendrier.",
         "Parcours, coordonnateurs et programme PHARE\u202f: promis «\u202fprogressivement\u202f», sans calendrier."),
    Mend("objective/BPI-O02", "target_text", "200, après 117, non daté", "200\u202f; départ de 117, non daté"),
)  # fmt: skip
"""What readers of the papers asked: a sentence that can be read in two ways says both, a start is called one."""

SUMS: tuple[Mend, ...] = (
    Mend("condition/ARS-E01/1", "", None, {
        "contract": "contract",
        "partner": "partner/ARS",
        "engagement": "engagement/ARS-E01",
        "text": "Les adultes-relais médiateurs se déploient avec les préfectures et les élus locaux.",
        "citation": Citation("document/ANNEXES", "Annexe, 1. Développer la médiation en santé",
                             "déployer le dispositif existant des adultes relais"),
    }),
    Mend("objective/ARS-O01", "target_text",
         "52 + 27, nos sommes (texte\u202f: 44 ARMS)\u202f; note non datée",
         "52 postes ouverts + 27 à recruter, nos sommes (le texte recense 44 ARMS)\u202f; note non datée"),
    Mend("objective/ARS-O01-D02", "target_text",
         "1 à recruter «\u202fen 5 ans\u202f»",
         "6 postes ouverts + 1 à recruter, notre somme\u202f; «\u202fen 5 ans\u202f», note non datée"),
    Mend("objective/ARS-O01-D59", "target_text",
         "12 à recruter «\u202fen 5 ans\u202f»",
         "26 postes ouverts + 12 à recruter, notre somme\u202f; «\u202fen 5 ans\u202f», note non datée"),
    Mend("objective/ARS-O01-D60", "target_text",
         "6 à recruter «\u202fen 5 ans\u202f»",
         "1 poste ouvert + 6 à recruter, notre somme\u202f; «\u202fen 5 ans\u202f», note non datée"),
    Mend("objective/ARS-O01-D62", "target_text",
         "5 à recruter «\u202fen 5 ans\u202f»",
         "16 postes ouverts + 5 à recruter, notre somme\u202f; «\u202fen 5 ans\u202f», note non datée"),
    Mend("objective/ARS-O01-D80", "target_text",
         "3 à recruter «\u202fen 5 ans\u202f»",
         "3 postes ouverts + 3 à recruter, notre somme\u202f; «\u202fen 5 ans\u202f», note non datée"),
    Mend("objective/ARS-O05", "target_text",
         "«\u202fprévu\u202f», lu au moins",
         "au moins le budget «\u202fprévu\u202f»"),
    Mend("objective/BPI-O02", "target_text",
         "200\u202f; départ de 117, non daté",
         "200, pour 117 au départ, non daté"),
    Mend("objective/BPI-O03", "target_text",
         "60\u202f; départ de 11, hors Marseille en Grand, non daté",
         "60, pour 11 au départ, hors Marseille en Grand et non daté"),
    Mend("objective/BPI-O16", "target_text",
         "une ambition, «\u202fd’ici 2027\u202f»",
         "«\u202fd’ici 2027\u202f», lu fin 2027\u202f; une ambition"),
    Mend("objective/BPI-O17", "target_text",
         "une ambition, «\u202fd’ici 2027\u202f»",
         "«\u202fd’ici 2027\u202f», lu fin 2027\u202f; une ambition"),
    Mend("objective/EN-O08", "target_text",
         "«\u202fà Avion, Lens et Liévin\u202f», lu un par commune\u202f; peut se lire un pour les trois",
         "«\u202fà Avion, Lens et Liévin\u202f», soit un par commune\u202f; peut se lire un pour les trois"),
    Mend("objective/FT-O09", "label",
         "Part des QPV parmi les contrats initiative emploi (CIE) du bassin minier (ERBM)",
         "Part des QPV parmi les contrats initiative emploi (CIE) du bassin minier"),
    Mend("objective/FT-O09", "population", "territoire ERBM", "bassin minier"),
    Mend("partner/REGION", "contact_function",
         "DATL, direction que nomme la délibération du 5 octobre 2023",
         "Direction «\u202fDATL\u202f», sigle que la délibération du 5 octobre 2023 ne développe pas"),
    Mend("condition/EN/1", "text",
         "Parcours, coordonnateurs et programme PHARE\u202f: promis «\u202fprogressivement\u202f», sans calendrier.",
         ("Les mesures listées, dont parcours, coordonnateurs et programme PHARE, sont promises "
          "«\u202fprogressivement\u202f», sans calendrier.")),
    Mend("condition/FT/1", "text",
         ("Lu\u202f: une seule phrase du document, que nous appliquons à chacun des huit services ou "
          "mesures\u202f; jeunes et bassin minier, suivis sans comparaison."),
         ("Parité lue dans une seule phrase du texte, que nous appliquons à chacun des huit services ou "
          "mesures\u202f; jeunes et bassin minier, suivis sans référence.")),
    Mend("statement/ARS-S16", "note",
         ("79 est notre somme\u202f: 52 postes ouverts et 27 à recruter\u202f; d’après le tableau, un poste ouvert "
          "couvre de 4\u202f180 habitants (Somme) à 12\u202f185 (Oise)."),
         ("79, notre somme, compte 52 postes ouverts et 27 à recruter\u202f; d’après le tableau, un poste ouvert "
          "couvre de 4\u202f180 habitants (Somme) à 12\u202f185 (Oise).")),
    Mend("statement/ARS-S17", "note",
         ("21 est notre somme\u202f: 16 postes ouverts et 5 à recruter, la règle étant tenue sur les 49\u202f669 "
          "habitants non couverts."),
         ("21, notre somme, compte 16 postes ouverts et 5 à recruter, la règle étant tenue sur les 49\u202f669 "
          "habitants non couverts.")),
    Mend("objective/BPI-O08", "target_text", "150 des 600\u00a0M€", "150 des «\u202fprès de 600\u00a0M€\u202f»"),
    Mend("objective/BPI-O09", "target_text", "200 des 600\u00a0M€", "200 des «\u202fprès de 600\u00a0M€\u202f»"),
    Mend("objective/BPI-O14", "target_text", "«\u202fd’ici 2027\u202f»", "«\u202fd’ici 2027\u202f», lu fin 2027"),
    Mend("partner/EN", "note",
         ("Aucune mesure n’est chiffrée ni datée\u202f: les élèves en bénéficient «\u202fprogressivement\u202f». Les écoles "
          "rattachées ne sont pas dénombrées."),
         ("Rien n’est daté\u202f; sont chiffrés les quatre parcours et un coordonnateur par réseau. Les écoles "
          "rattachées ne sont pas dénombrées.")),
    Mend("objective/EN-O02", "note", "Nombre compté dans la liste de 2015.", "Compté dans la liste."),
    *(
        mend
        for code in ("EN-O02", "EN-O03", "EN-O04")
        for mend in (
            Mend(f"measurement/{code}/1", "day", date(2015, 12, 31), date(2024, 1, 1)),
            Mend(f"measurement/{code}/1", "comment",
                 "Carte de l’éducation prioritaire, «\u202fdepuis 2015\u202f»\u202f: 31/12/2015.",
                 ("Liste du contrat, en vigueur «\u202fdepuis 2015\u202f»\u202f; texte non daté, 01/01/2024 par "
                  "convention.")),
        )
    ),
    Mend("engagement/FT-E17", "label",
         "Tenir des «\u202fPlaces de l’emploi et de la formation\u202f»",
         "Tenir des «\u202fPlace de l’emploi et de la formation\u202f»"),
    Mend("objective/FT-O17", "note",
         ("Le minimum est dit «\u202f15 à 20 h\u202f»\u202f: la borne basse est retenue (FT-S10). Aucune mesure n’est "
          "donnée."),
         ("«\u202f15 à 20h par semaine minimum\u202f»\u202f: la borne basse est retenue (FT-S10). Aucune mesure n’est "
          "donnée.")),
    Mend("statement/FT-S09", "label",
         "«\u202fL’écart s’est réduit\u202f», sans les parts de l’année de départ",
         "«\u202fL’écart d’accès aux services s’est réduit\u202f», sans les parts de l’année de départ"),
    Mend("statement/FT-S10", "label",
         "Durée du CEJ, «\u202f15 à 20 h minimum\u202f», sans dire laquelle des deux bornes est le minimum",
         ("Durée du CEJ, «\u202f15 à 20h par semaine minimum\u202f», sans dire laquelle des deux bornes est le "
          "minimum")),
    Mend("statement/REGION-S11", "note",
         "Trois programmes appelés à l’appui du cadre s’achèvent deux ou trois ans avant lui.",
         ("Trois programmes appelés à l’appui du cadre s’achèvent deux ou trois ans avant lui\u202f: ce qui prendra leur "
          "suite n’est pas dit.")),
    Mend("statement/ARS-S18", "note",
         ("La seule date donnée est la fin mars 2024, terme des travaux. Choix retenu\u202f: du 01/01/2024 au "
          "01/01/2029."),
         ("La seule échéance donnée est la fin mars 2024, terme des travaux. Choix retenu\u202f: du 01/01/2024 au "
          "01/01/2029.")),
)  # fmt: skip
"""What an eleventh reader and a twelfth found: sums and readings that are ours told as the document's, a start told with
the target, a list in force told as a count of 2015, words of the text cut, letters that are never spelt."""
