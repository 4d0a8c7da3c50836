"""The actions of the window: one table of words, shortcuts and places in the menus."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu


class Spec(Struct, frozen=True):
    """One action. `menu` is its menu's title; a text of « - » is a separator."""

    word: str
    menu: str
    text: str
    shortcuts: tuple[str, ...] = ()
    tip: str = ""


SPECS: tuple[Spec, ...] = (
    Spec("ouvrir", "&Fichier", "&Ouvrir une autre base…", ("Ctrl+O",)),
    Spec("", "&Fichier", "-"),
    Spec("imprimer", "&Fichier", "&Imprimer le dossier du COPIL…", ("Ctrl+P",)),
    Spec("", "&Fichier", "-"),
    Spec("collegues", "&Fichier", "Échanger avec un &collègue…"),
    Spec("", "&Fichier", "-"),
    Spec("sauvegardes", "&Fichier", "&Sauvegardes…"),
    Spec("phrase", "&Fichier", "P&hrase secrète…"),
    Spec("personnes", "&Fichier", "&Données personnelles…"),
    Spec("incident", "&Fichier", "Préparer un rapport d’i&ncident…"),
    Spec("", "&Fichier", "-"),
    Spec("reglages", "&Fichier", "&Réglages…", ("Ctrl+,",)),
    Spec("", "&Fichier", "-"),
    Spec("quitter", "&Fichier", "&Quitter", ("Ctrl+Q",)),
    Spec("annuler", "&Édition", "&Annuler", ("Ctrl+Z",)),
    Spec("retablir", "&Édition", "&Rétablir", ("Ctrl+Shift+Z", "Ctrl+Y")),
    Spec("", "&Édition", "-"),
    Spec("saisir", "&Édition", "&Saisir un relevé…", ("Ctrl+N",)),
    Spec("enregistrer", "&Édition", "&Enregistrer les relevés", ("Ctrl+S",)),
    Spec("rechercher", "&Édition", "Re&chercher", ("Ctrl+K", "Ctrl+F")),
    Spec("nouvel_engagement", "&Contrat", "Nouvel &engagement…", ("Ctrl+Shift+E",)),
    Spec("nouvel_objectif", "&Contrat", "Nouvel &objectif…", ("Ctrl+Shift+O",)),
    Spec("nouveau_partenaire", "&Contrat", "Nouveau &partenaire…"),
    Spec("nouveau_territoire", "&Contrat", "Nouveau &territoire…"),
    Spec("nouveau_moyen", "&Contrat", "Nouveau &moyen…"),
    Spec("nouvelle_etape", "&Contrat", "Nouvelle ét&ape d’un engagement…"),
    Spec("nouvelle_contrevaleur", "&Contrat", "Nouvelle contre-&valeur d’un objectif…"),
    Spec("nouveau_document", "&Contrat", "Nouveau &document source…"),
    Spec("nouvelle_reserve", "&Contrat", "Nouvelle ré&serve…"),
    Spec("nouvel_etablissement", "&Contrat", "Nouvel éta&blissement…"),
    Spec("nouvel_enonce", "&Contrat", "Nouvel éno&ncé du document…"),
    Spec("nouvelle_reference", "&Contrat", "Nouvelle référence &juridique…"),
    Spec("", "&Contrat", "-"),
    Spec("modifier", "&Contrat", "Modi&fier ce qui est affiché…", ("Ctrl+M",)),
    Spec("completer_releve", "&Contrat", "Com&pléter un relevé…"),
    Spec("modifier_autre", "&Contrat", "Modifier &un autre élément…", ("Ctrl+Shift+M",)),
    Spec("retablir_retire", "&Contrat", "&Rétablir un élément retiré…"),
    Spec("", "&Contrat", "-"),
    Spec("modifier_contrat", "&Contrat", "Le &contrat lui-même…"),
    Spec("nouveau_contrat", "&Contrat", "&Nouveau contrat…"),
    Spec("tableau", "A&ller", "&Tableau de bord", ("Ctrl+1",)),
    Spec("partenaires", "A&ller", "&Partenaires", ("Ctrl+2",)),
    Spec("objectifs", "A&ller", "&Objectifs", ("Ctrl+3",)),
    Spec("releves", "A&ller", "Re&levés", ("Ctrl+R",)),
    Spec("engagements", "A&ller", "&Engagements", ("Ctrl+4",)),
    Spec("moyens", "A&ller", "&Moyens mobilisés", ("Ctrl+5",)),
    Spec("territoires", "A&ller", "Te&rritoires", ("Ctrl+6",)),
    Spec("comites", "A&ller", "&Comités", ("Ctrl+9",)),
    Spec("points", "A&ller", "Points d’&attention", ("Ctrl+7",)),
    Spec("documents", "A&ller", "Doc&uments", ("Ctrl+Shift+K",)),
    Spec("impressions", "A&ller", "&Impressions", ("Ctrl+Shift+P",)),
    Spec("echanges", "A&ller", "Éc&hanges", ("Ctrl+E",)),
    Spec("journal", "A&ller", "&Journal", ("Ctrl+8",)),
    Spec("", "A&ller", "-"),
    Spec("precedent", "A&ller", "Pa&ge précédente", ("Alt+Left",)),
    Spec("suivant", "A&ller", "Page &suivante", ("Alt+Right",)),
    Spec("", "A&ller", "-"),
    Spec("date", "A&ller", "&Date de la situation", ("Ctrl+D",)),
    Spec("aujourdhui", "A&ller", "Situation au&jourd’hui", ("Ctrl+Shift+D",)),
    Spec("recharger", "&Affichage", "&Recharger", ("F5",)),
    Spec("", "&Affichage", "-"),
    Spec("agrandir", "&Affichage", "A&grandir les caractères", ("Ctrl++", "Ctrl+=")),
    Spec("reduire", "&Affichage", "Ré&duire les caractères", ("Ctrl+-",)),
    Spec("taille", "&Affichage", "&Taille normale", ("Ctrl+0",)),
    Spec("", "&Affichage", "-"),
    Spec("projection", "&Affichage", "Mode &projection", ("F11",)),
    Spec("", "&Affichage", "-"),
    Spec("guide", "Ai&de", "&Guide de l’utilisateur", ("F1",)),
    Spec("glossaire", "Ai&de", "G&lossaire"),
    Spec("bienvenue", "Ai&de", "&Premiers pas…"),
    Spec("exemple", "Ai&de", "Ouvrir l’&exemple…"),
    Spec("raccourcis", "Ai&de", "&Raccourcis clavier", ("Ctrl+/",)),
    Spec("", "Ai&de", "-"),
    Spec("apropos", "Ai&de", "À pr&opos et licences…"),
)


def make_actions(window: QMainWindow) -> tuple[dict[str, QAction], dict[str, QMenu]]:
    """Make the actions and put them in the menu bar; they do nothing yet."""
    actions: dict[str, QAction] = {}
    menus: dict[str, QMenu] = {}
    for spec in SPECS:
        menu = menus.get(spec.menu)
        if menu is None:
            menu = menus[spec.menu] = window.menuBar().addMenu(spec.menu)
            menu.setToolTipsVisible(True)
        if spec.text == "-":
            menu.addSeparator()
            continue
        action = QAction(spec.text, window)
        action.setObjectName(spec.word)
        action.setShortcuts([QKeySequence(text) for text in spec.shortcuts])
        menu.addAction(action)
        actions[spec.word] = action
    return actions, menus


def shortcut_lines() -> tuple[tuple[str, str], ...]:
    """Return every action that has a shortcut, and the shortcuts in words."""
    names = {"Left": "←", "Right": "→", "Shift": "Maj"}
    lines = []
    for spec in SPECS:
        if spec.shortcuts:
            keys = " ou ".join(spec.shortcuts)
            for old, new in names.items():
                keys = keys.replace(old, new)
            lines.append((spec.text.replace("&", "").rstrip("…"), keys))
    return tuple(lines)
