"""The commands of the shell, once: word, module, help. Nothing else is imported to print the help of them all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from qpvdesk.cli.french_click import Command, Entry, Group

COMMANDS = {
    "init": Entry("start", "Crée une base qui contient le contrat de départ."),
    "etat": Entry("state", "Dit où tout en est à une date."),
    "relever": Entry("figures", "Enregistre une valeur (« 1 339 », « 16,4 % », « 2,5 M€ »)."),
    "contrat": Entry("things", "Ajoute un contrat à la base, modifie le sien, en retire ou en rétablit un."),
    "partenaire": Entry("things", "Ajoute, modifie ou retire un partenaire."),
    "version": Entry(
        "things", "Ajoute, modifie ou retire une version du contrat\u202f: signature, avenant, revue."
    ),
    "thematique": Entry("things", "Ajoute, modifie ou retire une thématique du contrat."),
    "axe": Entry("things", "Ajoute, modifie ou retire un axe ou une priorité du contrat."),
    "engagement": Entry("things", "Ajoute, modifie, retire, rétablit, regroupe ou détache un engagement."),
    "etape": Entry(
        "things", "Ajoute, modifie ou retire une étape d’un engagement\u202f: quoi, qui, pour quand."
    ),
    "meteo": Entry("figures", "Donne la météo d’un engagement\u202f: la confiance de celui qui le porte."),
    "objectif": Entry("things", "Ajoute, modifie, retire ou rétablit un objectif ou un indicateur."),
    "contrevaleur": Entry(
        "figures", "Note un autre chiffre à côté du chiffre relevé, avec son motif et sa source."
    ),
    "moyens": Entry("things", "Ajoute, modifie ou retire des moyens mobilisés."),
    "territoire": Entry(
        "things",
        "Ajoute, modifie ou retire un territoire\u202f; reprend les fichiers officiels, dit où est un point.",
    ),
    "niveau": Entry("things", "Ajoute, modifie ou retire un niveau de lieu du contrat."),
    "couche": Entry("territories", "Liste, écrit ou retire les couches de chiffres de référence."),
    "etablissement": Entry("things", "Ajoute, modifie ou retire un établissement."),
    "reserve": Entry("things", "Ajoute, modifie ou retire une réserve d’un partenaire."),
    "reference": Entry("things", "Ajoute, modifie ou retire une référence juridique."),
    "enonce": Entry("things", "Ajoute, modifie ou retire un énoncé chiffré à vérifier."),
    "document": Entry("things", "Ajoute, modifie ou retire un document source."),
    "proposer": Entry(
        "proposals",
        "Lit un document et propose ce qu’un contrat peut en tenir, avec le passage et la raison.",
    ),
    "acquitter": Entry("points", "Prend en compte un point d’attention, avec son motif\u202f; ou le rouvre."),
    "reunion": Entry("committees", "Inscrit, modifie, duplique ou retire une réunion."),
    "decision": Entry("committees", "Inscrit, modifie ou retire une décision d’une réunion."),
    "visite": Entry("things", "Ajoute, modifie ou retire une visite, ce qui s’y est dit et ses suites."),
    "rapport": Entry("papers", "Imprime un rapport dans un fichier."),
    "contrats": Entry(
        "contracts",
        "Met côte à côte les contrats de la base\u202f; écrit la note départementale ou ses diapositives.",
    ),
    "reunions": Entry("meetings", "Liste les réunions, leurs décisions et leurs données arrêtées."),
    "agenda": Entry("meetings", "Écrit les réunions et échéances à venir pour un agenda (.ics)."),
    "comparer": Entry(
        "meetings", "Compare les données arrêtées d’une réunion à une autre, ou à aujourd’hui."
    ),
    "arreter": Entry("meetings", "Arrête les données d’une réunion\u202f: rien ne les changera plus."),
    "exporter": Entry(
        "exchange", "Écrit l’état, les relevés ou le classeur d’un partenaire dans un fichier."
    ),
    "importer": Entry(
        "exchange", "Lit les valeurs d’un tableur (xlsx, xls, ods, csv)\u202f: toutes ou aucune."
    ),
    "retenus": Entry("arrivals", "Liste, change ou oublie ce qui est retenu des fichiers des partenaires."),
    "actions": Entry(
        "arrivals",
        "Propose en engagements les actions d’un plan d’actions\u202f; crée celles que l’on choisit.",
    ),
    "verifier": Entry("care", "Vérifie la base et la cohérence du contrat."),
    "verifier-papier": Entry("papers", "Dit de quelles données vient un PDF imprimé, et s’il a été modifié."),
    "chercher": Entry(
        "searching", "Cherche des mots partout\u202f: le contrat, ses documents, les commentaires, le guide."
    ),
    "journal": Entry("state", "Dit qui a changé quoi, et quand."),
    "annuler": Entry("undo", "Annule la dernière modification."),
    "refaire": Entry("undo", "Refait ce qui vient d’être annulé."),
    "sauvegarder": Entry("care", "Sauvegarde la base, vérifiée, avec son empreinte."),
    "restaurer": Entry("care", "Remet une sauvegarde à la place de la base, qui est gardée."),
    "paquet": Entry(
        "packages",
        "Échange avec un collègue\u202f: un paquet des modifications, et les désaccords à trancher.",
    ),
    "consolider": Entry(
        "region",
        "Réunit les contrats de plusieurs agents dans PostgreSQL ou en Parquet (supplément «\u202frégion\u202f»).",
    ),
    "chiffrer": Entry("care", "Met la base et ses sauvegardes sous une phrase secrète, ou en change."),
    "incident": Entry(
        "care", "Prépare un rapport d’incident\u202f: journal technique et versions, aucune donnée."
    ),
    "effacer": Entry(
        "care", "Efface partout un texte sur une personne, journal compris\u202f: c’est définitif."
    ),
    "horloge": Entry(
        "care", "Dit si la date de l’ordinateur s’accorde avec vos actes, et la tient pour juste."
    ),
    "guide": Entry("start", "Imprime le guide de l’utilisateur."),
    "bureau": Entry(
        "start", "Met le programme au menu de votre session\u202f; ses bases s’ouvrent d’un double-clic."
    ),
}


def command(word: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Make the command of that word, with the help that the table gives it."""
    return click.command(word, cls=Command, help=COMMANDS[word].help)


def group(word: str) -> Callable[[Callable[..., Any]], click.Group]:
    """Make the group of that word, with the help that the table gives it."""
    return click.group(word, cls=Group, help=COMMANDS[word].help)
