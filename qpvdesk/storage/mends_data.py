"""Words of the contract of Lens-Liévin that said more, or less, than its document, with what they say since."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from qpvdesk.domain.model import Citation, Credit, Role, Sens, StatementKind


class Mend(NamedTuple):
    """What a cell of the contract says, for what it said; a thing bears the name by which its key was made.

    Without a field: a thing that the contract has since, with its cells, or has no more.
    """

    thing: str
    field: str
    before: Any
    after: Any


UNITS: tuple[Mend, ...] = (Mend("objective/ARS-O09", "unit", "fait", "contrats"),)
"""Contrats de ville that are finished are counted in contracts."""

READINGS: tuple[Mend, ...] = (
    Mend(
        "objective/FT-O02", "label",
        "Part des QPV en accompagnement intensif (renforcé et global)",
        "Part des QPV parmi les demandeurs en accompagnement intensif (renforcé et global)",
    ),
    # The end of March 2024 binds the préfets, who write the contracts, not the ARS, which proposes a theme for them.
    Mend("engagement/ARS-E13", "due", date(2024, 3, 31), None),
    Mend(
        "objective/ARS-O04", "label",
        "Volets santé, couverts par un CLS, ayant l’objectif commun alimentation et activité physique",
        "Volets santé couverts par un CLS, avec l’objectif commun alimentation et activité physique",
    ),
    Mend(
        "statement/ARS-S20", "label",
        "100\u202f% des volets santé couverts par un CLS, sans leur nombre ni d’échéance",
        "100\u202f% des volets santé couverts par un CLS, sans leur nombre ni échéance",
    ),
    Mend("objective/EN-O05", "label", "Parcours en place dans les collèges", "Parcours en place dans chaque collège"),
    Mend(
        "objective/BPI-O15", "label",
        "Entreprises pérennes créatrices de valeur et d’emploi, en multiple du départ",
        "Entreprises pérennes créatrices de valeur et d’emploi, avec le collectif Cap Créa, en multiple du départ",
    ),
    Mend(
        "condition/BPI/1", "text",
        "Sous réserve de crédits suffisants et de l’accord des comités d’engagement.",
        "Sous réserve des crédits disponibles et de l’accord des comités d’engagement compétents.",
    ),
    Mend(
        "condition/CD62/2", "text",
        "Refus d’être associé aux contrats pour y cofinancer seulement les appels à projets annuels.",
        "Ne conçoit pas d’être associé aux contrats seulement pour cofinancer les appels à projets annuels.",
    ),
)  # fmt: skip
"""What a reading aloud found false, or not to be understood alone."""

REREADINGS: tuple[Mend, ...] = (
    Mend("partner/REGION", "contact_function", "Direction régionale DATL, chargée de la politique de la ville",
         "DATL, direction que nomme la délibération du 5 octobre 2023"),
    Mend("partner/CD62", "contact_function",
         "Maison du Département solidarité et maison de l’aménagement et du développement territorial",
         "Maisons du Département solidarité, maisons du Département de l’aménagement et du développement territorial"),
    Mend("partner/FT", "name", "France Travail, direction départementale du Pas-de-Calais",
         "France Travail, Pas-de-Calais"),
    Mend("partner/FT", "contact_function", "Direction territoriale de France Travail, référent politique de la ville",
         ""),
    Mend("partner/BPI", "contact_function",
         "Direction régionale de Bpifrance, référent entrepreneuriat dans les quartiers",
         ""),
    Mend("partner/CALL", "contact_function", "Service de la politique de la ville et de la cohésion sociale", ""),
    Mend("engagement/BPI-E01", "due", date(2027, 12, 31), None),
    Mend("engagement/BPI-E02", "due", date(2027, 12, 31), None),
    Mend("engagement/BPI-E03", "due", date(2027, 12, 31), None),
    Mend("engagement/BPI-E11", "due", date(2027, 12, 31), None),
    Mend("engagement/BPI-E12", "due", date(2027, 12, 31), None),
    Mend("engagement/BPI-E13", "due", date(2027, 12, 31), None),
    Mend("engagement/BPI-E14", "due", date(2027, 12, 31), None),
    Mend("engagement/BPI-E15", "label", "Doter un fonds de fonds investissant dans les commerces des quartiers",
         "Lancer un fonds de fonds, qui souscrirait notamment dans un fonds Commerces"),
    Mend("engagement/BPI-E15", "due", date(2027, 12, 31), None),
    Mend("engagement/BPI-E16", "due", date(2027, 12, 31), None),
    Mend("engagement/BPI-E17", "due", date(2027, 12, 31), None),
    Mend("engagement/BPI-E18", "due", date(2027, 12, 31), None),
    Mend("engagement/BPI-E21", "due", date(2027, 12, 31), None),
    Mend("engagement/BPI-E30", "due", date(2027, 12, 31), None),
    Mend("condition/ARS-E11/1", "text", "L’appel à projets est encore en cours d’élaboration à la date de la note.",
         "Appel à projets «\u202fen cours d’élaboration\u202f» quand la note a été écrite."),
    Mend("condition/ARS-E12/1", "text", "Les modalités concrètes restent à préciser.",
         "«\u202fLa mise en œuvre opérationnelle reste à définir\u202f», dit la note."),
    Mend("condition/ARS-E16/1", "text", "Le cas échéant, une fois la nouvelle carte arrêtée par les préfets.",
         "Le zonage évolue si les préfets arrêtent une nouvelle carte."),
    Mend("condition/BPI-E07/1", "text", "La mini-pépinière est une possibilité ouverte par le texte, non promise.",
         "Le Carrefour «\u202fpourra\u202f» être intégré dans une mini-pépinière d’entreprises."),
    Mend("condition/BPI-E25/1", "text", "Les comités locaux naissent dans les territoires volontaires.",
         "L’État crée les comités locaux «\u202fdans les territoires volontaires\u202f»."),
    Mend("condition/BPI-E33/1", "text", "Le taux de 80\u202f% suppose l’intervention de la Région.",
         "La garantie «\u202fpeut être portée jusqu’à 80\u202f%\u202f» avec les Régions."),
    Mend("condition/EN/1", "text", "Mesures apportées progressivement, sans calendrier.",
         "Mesures apportées «\u202fprogressivement\u202f»."),
    Mend("objective/ARS-O01", "target_text", "", "27 à recruter «\u202fen 5 ans\u202f»"),
    Mend("objective/ARS-O01-D02", "target_text", "", "1 à recruter «\u202fen 5 ans\u202f»"),
    Mend("objective/ARS-O01-D59", "target_text", "", "12 à recruter «\u202fen 5 ans\u202f»"),
    Mend("objective/ARS-O01-D60", "target_text", "", "6 à recruter «\u202fen 5 ans\u202f»"),
    Mend("objective/ARS-O01-D62", "target_text", "", "5 à recruter «\u202fen 5 ans\u202f»"),
    Mend("objective/ARS-O01-D80", "target_text", "", "3 à recruter «\u202fen 5 ans\u202f»"),
    Mend("objective/ARS-O03", "label", "QPV couverts par un médiateur en santé",
         "Quartiers prioritaires (QPV) couverts par un médiateur en santé"),
    Mend("objective/ARS-O03", "target_text", "", "«\u202f100\u202f% des QPV\u202f», «\u202fen 5 ans\u202f»"),
    Mend("objective/ARS-O04", "label",
         "Volets santé couverts par un CLS, avec l’objectif commun alimentation et activité physique",
         ("Volets santé portant l’objectif commun alimentation et activité physique, où existe un contrat local de "
          "santé (CLS)")),
    Mend("objective/ARS-O05", "target_text", "", "2,5\u00a0M€ prévus par an"),
    Mend("objective/EN-O06", "label", "Coordonnateurs à temps plein en REP+",
         "Coordonnateurs à temps plein en éducation prioritaire renforcée (REP+)"),
    Mend("objective/EN-O06", "target_text", "", "un par réseau, 5 collèges REP+ listés"),
    Mend("objective/EN-O07", "label", "Coordonnateurs à temps partiel en REP",
         "Coordonnateurs à temps partiel en réseau d’éducation prioritaire (REP)"),
    Mend("objective/EN-O07", "target_text", "", "un par réseau, 9 collèges REP listés"),
    Mend("objective/EN-O08", "target_text", "", "«\u202fà Avion, Lens et Liévin\u202f», lu un par commune"),
    Mend("objective/EN-O09", "target_text", "", "«\u202fl’ensemble de ces établissements\u202f» (14 collèges)"),
    Mend("objective/FT-O03", "label", "Part des QPV parmi les jeunes en CEJ Pôle emploi",
         "Part des QPV parmi les jeunes en contrat d’engagement jeune (CEJ)"),
    Mend("objective/FT-O03", "sens", Sens.PARITE, Sens.SUIVI),
    Mend("objective/FT-O03", "reference", "objective/FT-O01", None),
    Mend("objective/FT-O03", "note",
         "Le service s’adresse aux jeunes, la référence compte tous les âges. Part de l’année 2023, datée du 31/12/2023.",
         ("Service réservé aux jeunes\u202f: le poids des QPV parmi les jeunes demandeurs d’emploi n’est pas "
          "donné, la part est suivie sans comparaison. Part de l’année 2023, datée du 31/12/2023.")),
    Mend("objective/FT-O07", "label", "Part des QPV parmi les PEC",
         "Part des QPV parmi les parcours emploi compétences (PEC)"),
    Mend("objective/FT-O09", "label", "Part des QPV parmi les CIE ERBM",
         "Part des QPV parmi les contrats initiative emploi (CIE) du bassin minier (ERBM)"),
    Mend("objective/FT-O09", "sens", Sens.PARITE, Sens.SUIVI),
    Mend("objective/FT-O09", "reference", "objective/FT-O01", None),
    Mend("objective/FT-O09", "note",
         ("Mesure propre au bassin minier, comparée au poids des QPV dans tout le département. Part de l’année "
          "2023, datée du 31/12/2023."),
         ("Mesure propre au bassin minier\u202f: le poids des QPV dans sa demande d’emploi n’est pas donné, la "
          "part est suivie sans comparaison. Part de l’année 2023, datée du 31/12/2023.")),
    Mend("objective/FT-O10", "label", "Part des QPV parmi les CIE jeunes",
         "Part des QPV parmi les contrats initiative emploi (CIE) des jeunes"),
    Mend("objective/FT-O10", "note",
         "Mesure réservée aux jeunes, comparée à tous les âges. Part de l’année 2023, datée du 31/12/2023.",
         ("Mesure réservée aux jeunes\u202f: le poids des QPV parmi les jeunes demandeurs d’emploi n’est pas "
          "donné, la part est suivie sans comparaison. Part de l’année 2023, datée du 31/12/2023.")),
    Mend("objective/FT-O10", "role", Role.CONTEXTE, Role.PROMESSE),
    Mend("objective/FT-O11", "label", "Part des QPV parmi les bénéficiaires de la POE",
         "Part des QPV parmi les préparations opérationnelles à l’emploi (POE)"),
    Mend("objective/FT-O12", "label", "Part des QPV parmi les bénéficiaires de l’AFPR",
         "Part des QPV parmi les actions de formation préalable au recrutement (AFPR)"),
    Mend("objective/FT-O16", "label", "Conseillers dédiés au CEJ dans les territoires QPV",
         "Conseillers dédiés au contrat d’engagement jeune (CEJ) dans les territoires QPV"),
    Mend("objective/FT-O16", "note", "Tableau de l’offre daté «\u202fen 2024\u202f», sans jour\u202f: 31/12/2024.",
         "Date non dite\u202f: 31/12/2024 par convention."),
    Mend("objective/FT-O18", "note", "Tableau de l’offre daté «\u202fen 2024\u202f», sans jour\u202f: 31/12/2024.",
         "Date non dite\u202f: 31/12/2024 par convention."),
    Mend("objective/FT-O19", "note", "Tableau de l’offre daté «\u202fen 2024\u202f», sans jour\u202f: 31/12/2024.",
         "Date non dite\u202f: 31/12/2024 par convention."),
    Mend("objective/FT-O20", "note",
         ("Agences où les QPV pèsent plus de 25\u202f% des demandeurs. Tableau de l’offre daté «\u202fen "
          "2024\u202f», sans jour\u202f: 31/12/2024."),
         "Agences où les QPV pèsent plus de 25\u202f% des demandeurs. Date non dite\u202f: 31/12/2024 par convention."),
    Mend("objective/BPI-O03", "target_text", "", "60, après 11 hors Marseille en Grand"),
    Mend("objective/BPI-O07", "label", "TPE financées par le prêt Flash",
         "Très petites entreprises (TPE) financées par le prêt Flash"),
    Mend("objective/BPI-O08", "target_text", "", "150 des 600\u00a0M€"),
    Mend("objective/BPI-O09", "target_text", "", "200 des 600\u00a0M€"),
    Mend("objective/BPI-O13", "label", "Entrepreneurs à potentiel renforcés par les nouveaux modules",
         "Entrepreneurs à potentiel renforcés par les modules"),
    Mend("objective/BPI-O15", "label",
         "Entreprises pérennes créatrices de valeur et d’emploi, avec le collectif Cap Créa, en multiple du départ",
         "Entreprises pérennes créatrices de valeur, avec Cap Créa, en multiple du départ"),
    Mend("objective/BPI-O15", "target_text", "", "«\u202fdoubler d’ici 5 ans\u202f»"),
    Mend("objective/BPI-OF01", "target_text", "", "plus de 450\u00a0M€ sur 4 ans"),
    Mend("objective/BPI-OF02", "label", "Nouveaux fonds déployés en subventions, prêts et fonds propres",
         "Nouveaux fonds (subventions, prêts, fonds propres)"),
    Mend("objective/BPI-OF02", "target_text", "", "près de 600\u00a0M€ de nouveaux fonds, sans échéance"),
    Mend("measurement/BPI-O20/1", "comment", "", "«\u202fPrès de\u202f» 3\u202f800, en 2022."),
    Mend("measurement/BPI-O21/1", "comment", "", "«\u202fPlus de\u202f» 1\u202f300, en 2022."),
    Mend("measurement/BPI-O29/1", "comment", "", "Texte non daté\u202f: 31/12/2023 par convention."),
    Mend("measurement/FT-O16/1", "comment", "", "Date non dite\u202f: 31/12/2024 par convention."),
    Mend("measurement/FT-O18/1", "comment", "", "Date non dite\u202f: 31/12/2024 par convention."),
    Mend("measurement/FT-O19/1", "comment", "", "Date non dite\u202f: 31/12/2024 par convention."),
    Mend("funding/ARS-F01", "credit", Credit.DROIT_COMMUN, Credit.NON_PRECISE),
    Mend("funding/FT-F01", "note",
         "Le document compte des conseillers, non des équivalents temps plein\u202f: un poste par conseiller.",
         ("Le document compte des conseillers, non des équivalents temps plein\u202f; ni l’année ni le stade ne "
          "sont dits\u202f: 2024, engagé, par convention.")),
    Mend("funding/FT-F02", "note",
         "Le document compte des conseillers, non des équivalents temps plein\u202f: un poste par conseiller.",
         ("Le document compte des conseillers, non des équivalents temps plein\u202f; ni l’année ni le stade ne "
          "sont dits\u202f: 2024, engagé, par convention.")),
    Mend("funding/FT-F03", "note",
         "Le document compte des conseillers, non des équivalents temps plein\u202f: un poste par conseiller.",
         ("Le document compte des conseillers, non des équivalents temps plein\u202f; ni l’année ni le stade ne "
          "sont dits\u202f: 2024, engagé, par convention.")),
    Mend("statement/ARS-S01", "unit", "ARMS", "postes"),
    Mend("statement/ARS-S01", "note", "",
         "Le tableau compte des postes de médiateurs ouverts, le texte recense des ARMS."),
    Mend("statement/ARS-S16", "note", "Le tableau mène à 79\u202f: 52 postes ouverts et 27 à recruter.",
         ("79 est notre somme du tableau\u202f: 52 postes ouverts et 27 à recruter, la règle étant tenue ligne par "
          "ligne sur les habitants non couverts.")),
    Mend("statement/ARS-S17", "note", "16 postes sont déjà ouverts et 5 restent à recruter.",
         ("21 est notre somme\u202f: 16 postes ouverts et 5 à recruter, la règle étant tenue sur les 49\u202f669 "
          "habitants non couverts.")),
    Mend("statement/BPI-S03", "kind", StatementKind.DENOMBREMENT, StatementKind.BASE_ABSENTE),
    Mend("statement/BPI-S03", "label", "Briques annoncées par le programme, contre celles que le texte présente",
         "15 briques annoncées, que le texte ne numérote pas"),
    Mend("statement/BPI-S03", "note",
         ("On en compte 15 en prenant les trois familles d’accélérateurs sans l’équipe Fast Track\u202f; le texte "
          "ne dit pas comment compter."),
         ("Selon le découpage, on en compte 14, ou 15 avec les trois familles d’accélérateurs et sans l’équipe "
          "Fast Track.")),
    Mend("statement/BPI-S07", "kind", StatementKind.PART, StatementKind.COMPARAISON),
    Mend("statement/BPI-S07", "label", "Part des QPV dans l’activité des réseaux, contre les créations accompagnées",
         "Part des QPV dans l’activité des réseaux, et créations accompagnées"),
    Mend("statement/BPI-S07", "note",
         ("En 2021, 7\u202f000 ÷ 72\u202f000 = 9,7\u202f%. Le texte donne une moyenne, sans dire de quelles années "
          "ni de quelle activité."),
         ("Le texte donne 8\u202f% en moyenne, sans dire de quelles années ni de quelle activité\u202f; pour les "
          "seules créations, 8\u202f000 ÷ 79\u202f000 = 10,1\u202f%, et 7\u202f000 ÷ 72\u202f000 = 9,7\u202f% en "
          "2021.")),
    Mend("statement/BPI-S24", "kind", StatementKind.EGALITE, StatementKind.COMPARAISON),
    Mend("statement/BPI-S24", "label", "Plafond de la garantie, dans la présentation et dans l’axe 2",
         "Plafond de la garantie, dans la présentation et pour les créateurs"),
    Mend("statement/BPI-S24", "note", "Avec les Régions, l’axe 2 le porte à 80\u202f%.",
         ("La présentation dit «\u202fjusqu’à 70\u202f% des prêts\u202f»\u202f; l’axe 2, de 40 à 60\u202f% du "
          "risque, et jusqu’à 80\u202f% avec les Régions\u202f: rien ne dit que ce soit la même garantie.")),
    Mend("statement/CALL-S01", "kind", StatementKind.DENOMBREMENT, StatementKind.BASE_ABSENTE),
    Mend("statement/CALL-S01", "label", "Annexes annoncées et réellement jointes",
         "Portrait de territoire annoncé en troisième annexe, sans contenu"),
    Mend("statement/CALL-S01", "note",
         ("Le portrait de territoire est annoncé, mais sa rubrique est vide\u202f: aucune donnée de référence sur "
          "l’agglomération."),
         "Aucune donnée de référence sur l’agglomération."),
    Mend("statement/CALL-S05", "note",
         ("Le magazine compte 21 quartiers dans 19 communes pour 2024–2030. La liste officielle (décrets 2023-1314 "
          "et 2024-806) en a 17, qui touchent 17 communes."),
         ("Le magazine compte 21 quartiers dans 19 communes pour 2024–2030. La liste officielle (décrets 2023-1314 "
          "et 2024-806), qui fait foi, en a 17, qui touchent 17 communes.")),
    Mend("statement/FT-S07", "note",
         ("Vaut pour les onze parts FT-O02 à FT-O12\u202f: un stock d’un jour n’est pas la population entrée ou "
          "suivie dans l’année."),
         ("Vaut pour les huit parts comparées à FT-O01\u202f: un stock d’un jour n’est pas la population entrée ou "
          "suivie dans l’année.")),
)  # fmt: skip
"""What a second reading found: shares of other people than their reference, words that are not the document's."""

THIRD_READINGS: tuple[Mend, ...] = (
    Mend("condition/ARS/1", "", None, {
        "contract": "contract",
        "partner": "partner/ARS",
        "text": "Orientations proposées aux préfets, par une note non datée.",
        "citation": Citation("document/ANNEXES", "Note aux préfets, 2/ Proposition d’orientations",
                             "Je propose de retenir six orientations"),
    }),
    Mend("engagement/ARS-E12", "label",
         "Accompagner la distribution de colis d’actions d’éducation alimentaire",
         "Joindre à la distribution de colis des actions d’éducation alimentaire"),
    Mend("engagement/ARS-E13", "label",
         "Faire de la santé une thématique prioritaire des contrats de ville",
         "Proposer aux préfets la santé comme thématique prioritaire des contrats de ville"),
    Mend("engagement/ARS-E13", "detail",
         "Proposition faite aux préfets pour les contrats 2024-2030, dont la rédaction s’achève fin mars 2024.",
         "Pour les contrats 2024-2030, dont la rédaction s’achève fin mars 2024."),
    Mend("engagement/ARS-E13", "parent", None, "engagement/ARS-E17"),
    Mend("engagement/FT-E34", "label",
         "Entretenir les véhicules et aider à la mobilité solidaire",
         "Orienter vers les programmes solidaires de mobilité et d’entretien des véhicules"),
    Mend("engagement/FT-E38", "label",
         "Associer tous les acteurs locaux de l’accompagnement",
         "Renforcer la mobilisation des partenaires pour les habitants des quartiers"),
    Mend("engagement/FT-E38", "detail",
         "Présence de proximité et services de droit commun.",
         ("Le document attend des partenaires présence de proximité et droit commun\u202f; les exemples de "
          "collaboration sont ceux de France Travail.")),
    Mend("engagement/REGION-E02", "label",
         "Continuer à soutenir le renouvellement urbain des quartiers",
         "Conforter l’action régionale dans les quartiers, dont le renouvellement urbain"),
    Mend("engagement/REGION-E04", "label",
         "Porter un pilotage politique et stratégique des contrats",
         "Attendre un pilotage politique et stratégique des contrats"),
    Mend("engagement/REGION-E04", "parent", None, "engagement/REGION-E01"),
    Mend("engagement/REGION-E05", "label",
         "Ouvrir la gouvernance des contrats à tous les partenaires",
         "Attendre une gouvernance des contrats ouverte à tous les partenaires"),
    Mend("engagement/REGION-E05", "parent", "engagement/REGION-E04", "engagement/REGION-E01"),
    Mend("engagement/REGION-E06", "label",
         "Associer à la gouvernance les habitants concernés",
         "Attendre une gouvernance ouverte aux habitants concernés"),
    Mend("engagement/REGION-E06", "parent", "engagement/REGION-E04", "engagement/REGION-E01"),
    Mend("engagement/REGION-E07", "label",
         "Réunir dans le contrat toutes les politiques publiques des quartiers",
         "Attendre un contrat qui réunisse toutes les politiques publiques des quartiers"),
    Mend("engagement/REGION-E07", "parent", None, "engagement/REGION-E09"),
    Mend("engagement/REGION-E08", "label",
         "Coordonner l’animation estivale des quartiers avec les partenaires",
         "Attendre une animation estivale des quartiers coordonnée avec les partenaires"),
    Mend("engagement/REGION-E08", "parent", "engagement/REGION-E07", "engagement/REGION-E09"),
    Mend("condition/BPI-E25/1", "text",
         "L’État crée les comités locaux «\u202fdans les territoires volontaires\u202f».",
         "L’État créera les comités locaux «\u202fdans les territoires volontaires\u202f»."),
    Mend("condition/EN/1", "text",
         "Mesures apportées «\u202fprogressivement\u202f».",
         "Le texte promet ces mesures «\u202fprogressivement\u202f», sans calendrier."),
    Mend("objective/ARS-O01", "target_text",
         "27 à recruter «\u202fen 5 ans\u202f»",
         "52 + 27, nos sommes (texte\u202f: 44 ARMS)\u202f; note non datée"),
    Mend("objective/ARS-O03", "target_text",
         "«\u202f100\u202f% des QPV\u202f», «\u202fen 5 ans\u202f»",
         "«\u202f100\u202f% des QPV\u202f», «\u202fen 5 ans\u202f», note non datée"),
    Mend("objective/ARS-O09", "engagement", "engagement/ARS-E13", "engagement/ARS-E17"),
    Mend("objective/BPI-O15", "label",
         "Entreprises pérennes créatrices de valeur, avec Cap Créa, en multiple du départ",
         "Entreprises pérennes, en multiple du départ (ambition des 26 réseaux de Cap Créa)"),
    Mend("objective/BPI-O15", "sens", Sens.HAUSSE, Sens.SUIVI),
    Mend("objective/BPI-O15", "target_value", Decimal(2), None),
    Mend("objective/BPI-O15", "note",
         ("Ambition du collectif\u202f: doubler d’ici 5 ans. Ni le nombre de départ ni la date d’où compter ne"
          " sont donnés\u202f: tous deux restent ouverts."),
         ("Ambition commune des 26 réseaux du collectif Cap Créa, non de Bpifrance seule\u202f: doubler d’ici "
          "5 ans. Ni le nombre de départ ni la date d’où compter ne sont donnés\u202f: tous deux restent "
          "ouverts.")),
    Mend("objective/BPI-OF02", "target_date", date(2027, 12, 31), None),
    Mend("objective/BPI-OF02", "note",
         ("«\u202fPrès de\u202f» 600\u00a0M€\u202f; la période n’est pas dite, celle du programme est retenue."
          " Le lien avec les 450\u00a0M€ n’est pas dit (BPI-S05). Les moyens eux-mêmes sont en BPI-F02."),
         ("«\u202fPrès de\u202f» 600\u00a0M€\u202f; ni période ni échéance ne sont dites. Le lien avec les "
          "450\u00a0M€ n’est pas dit (BPI-S05). Les moyens eux-mêmes sont en BPI-F02.")),
    Mend("objective/EN-O09", "target_text",
         "«\u202fl’ensemble de ces établissements\u202f» (14 collèges)",
         ("«\u202fl’ensemble de ces établissements\u202f»\u202f: 14 collèges, sans compter leurs écoles "
          "rattachées")),
    Mend("funding/CD62-F01", "note",
         ("Le document dit ces fonds «\u202fmobilisés\u202f», sans distinguer engagé et payé. Tous les "
          "quartiers du département."),
         ("Le document dit que ces fonds ont été mobilisés, sans distinguer engagé et payé. Tous les quartiers"
          " du département.")),
    Mend("funding/CD62-F02", "note",
         "Le document dit ces fonds «\u202foctroyés\u202f». Tous les quartiers du département.",
         "Le document dit que ces fonds ont été octroyés. Tous les quartiers du département."),
    Mend("funding/FT-F03", "credit", Credit.CREDITS_SPECIFIQUES, Credit.NON_PRECISE),
    Mend("funding/FT-F03", "note",
         ("Le document compte des conseillers, non des équivalents temps plein\u202f; ni l’année ni le stade "
          "ne sont dits\u202f: 2024, engagé, par convention."),
         ("L’accompagnement est dit spécifique, non les crédits. Le document compte des conseillers, non des "
          "équivalents temps plein\u202f; ni l’année ni le stade ne sont dits\u202f: 2024, engagé, par "
          "convention.")),
    Mend("statement/ARS-S09", "note",
         "",
         "Le document y dit une exception\u202f: le seul territoire à couvrir est Villers-Cotterêts."),
    Mend("statement/CALL-S05", "kind", StatementKind.EGALITE, StatementKind.COMPARAISON),
    Mend("statement/CD62-S05", "label",
         "Fonds «\u202fmobilisés\u202f» et fonds «\u202foctroyés\u202f», de nature différente",
         "Fonds mobilisés et fonds octroyés, de nature différente"),
)  # fmt: skip
"""What a third reading found: what partners expect of others or propose counted as theirs, a date that nobody said."""
