"""What can be asked of the window: one row a command, from which menus, shortcuts and the sheet of shortcuts follow.

On a French keyboard the row of digits gives « & é " ' ( - è _ ç à » unshifted: those keys are second shortcuts, so
that Ctrl and the key marked 2 do what the menu says. The key of 6 gives « - », which makes the letters smaller where it
is a key of its own: `digit_key` tells them apart by their place.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeAlias

from msgspec import Struct
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from qpvdesk.domain.french import fold
from qpvdesk.domain.statuses import Group
from qpvdesk.ui.found import Offered
from qpvdesk.ui.kit.controls import apart
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.registry import MANY, PAGES
from qpvdesk.ui.theme import MODE_LABELS, Mode, Theme

if TYPE_CHECKING:
    from qpvdesk.ui.dialog_host import DialogHost
    from qpvdesk.ui.editing import Editor
    from qpvdesk.ui.navigator import Navigator
    from qpvdesk.ui.picture import Picture
    from qpvdesk.ui.session import Session
    from qpvdesk.ui.topbar import Topbar
    from qpvdesk.ui.undoing import Undoing

_REDO_KEYS = ("Ctrl+Shift+Z", "Ctrl+Y")
_AZERTY = dict(zip("123457890", "&É\"'(È_ÇÀ", strict=True))


class Window(Protocol):
    """What commands act on."""

    session: Session
    theme: Theme
    editor: Editor
    navigator: Navigator
    dialogs: DialogHost
    topbar: Topbar
    undoing: Undoing

    def go(self, address: Address) -> None:
        """Go to a place."""

    def enter_here(self) -> None:
        """Enter a figure; the objective in view is proposed."""

    def enter_in_detail(self) -> None:
        """Enter a figure of the objective in view with all that goes with it."""

    def project(self) -> None:
        """Enter the mode projection, or leave it."""

    def once_whole(self, act: Callable[[], object], _checked: bool = False) -> None:
        """Do something now, or once the window has all that it answers with."""

    def close(self) -> bool:
        """Close the window."""


Do = Callable[[Window], object]
When: TypeAlias = "Callable[[Picture], bool]"


def _always(_picture: Picture) -> bool:
    return True


def _editable(picture: Picture) -> bool:
    return picture.editable


def _writable(picture: Picture) -> bool:
    return not picture.read_only


def _several(picture: Picture) -> bool:
    return len(picture.contracts) > 1


class Command(Struct, frozen=True):
    """One command. `when` tells whether a picture allows it; None: it does not depend on the picture."""

    word: str
    text: str
    do: Do
    keys: tuple[str, ...] = ()
    when: When | None = None
    more: str = ""
    """Other words that it is looked for by."""

    @property
    def plain(self) -> str:
        """Its words, without mnemonic."""
        return self.text.replace("&", "").rstrip("…")

    @property
    def keys_in_words(self) -> str:
        """« Ctrl+Maj+P »."""
        keys = " ou ".join(self.keys)
        for old, new in (("Left", "←"), ("Right", "→"), ("Shift", "Maj")):
            keys = keys.replace(old, new)
        return keys

    @property
    def shortcuts(self) -> tuple[str, ...]:
        """Its keys, and those of a French keyboard that bear the same digits."""
        french = (
            f"Ctrl+{_AZERTY[key[-1]]}" for key in self.keys if key[:-1] == "Ctrl+" and key[-1] in _AZERTY
        )
        return (*self.keys, *french)


def _here(word: str, text: str, do: Callable[[Editor, Address | None], None], *keys: str) -> Command:
    return Command(word, text, lambda window: do(window.editor, window.navigator.here()), keys, _editable)


def _page(word: str, text: str, *keys: str, more: str = "") -> Command:
    return Command(word, text, lambda window: window.go(Address(word)), keys, more=more)


def _new(word: str, kind: str, text: str, *keys: str) -> Command:
    return Command(word, text, lambda window: window.editor.make(kind, window.navigator.here()), keys)


def _set_mode(mode: Mode, window: Window) -> None:
    window.theme.set_mode(mode)


def _zoom(window: Window, by: float = 0.0) -> None:
    """Make the characters larger or smaller; of their usual size where no step is given."""
    window.theme.set_zoom(window.theme.zoom + by if by else 1.0)
    window.dialogs.announced.emit(f"Caractères à {window.theme.zoom * 100:.0f}\u202f%")


_LATE = Address("objectifs", filters=(("statut", Group.A_TRAITER.name.lower()),))
_COPIL = Address("impressions", filters=(("modele", "copil"),))
Menu = tuple[Command | None, ...]
"""The commands of a menu; None is a separator."""

MENUS: dict[str, Menu] = {
    "&Fichier": (
        Command("ouvrir", "&Ouvrir une autre base…", lambda window: window.dialogs.open_base(), ("Ctrl+O",)),
        Command(
            "copie",
            "Enregistrer une cop&ie sous…",
            lambda window: window.dialogs.save_copy(),
            ("Ctrl+Shift+S",),
            _always,
        ),
        None,
        Command(
            "imprimer",
            "&Imprimer le dossier du COPIL…",
            lambda window: window.go(_COPIL),
            ("Ctrl+P",),
            _always,
        ),
        None,
        Command("collegues", "Échanger avec un &collègue…", lambda window: window.dialogs.open_colleagues()),
        None,
        Command("sauvegardes", "&Sauvegardes…", lambda window: window.dialogs.open_backups()),
        Command("phrase", "P&hrase secrète…", lambda window: window.dialogs.open_sealing()),
        Command("personnes", "&Données personnelles…", lambda window: window.dialogs.open_privacy()),
        Command(
            "incident", "Préparer un rapport d’i&ncident…", lambda window: window.dialogs.report_incident()
        ),
        None,
        Command("reglages", "&Réglages…", lambda window: window.dialogs.open_settings(), ("Ctrl+,",)),
        None,
        Command("quitter", "&Quitter", lambda window: window.close(), ("Ctrl+Q",)),
    ),
    "&Édition": (
        Command("annuler", "&Annuler", lambda window: window.undoing.undo(), ("Ctrl+Z",), _editable),
        Command("retablir", "&Rétablir", lambda window: window.undoing.redo(), _REDO_KEYS, _editable),
        None,
        Command("saisir", "&Saisir un relevé…", lambda window: window.enter_here(), ("Ctrl+N",), _writable),
        Command(
            "saisir_detail",
            "Saisir un relevé en &détail…",
            lambda window: window.enter_in_detail(),
            ("Ctrl+Shift+N",),
            _editable,
        ),
        Command(
            "decision",
            "&Noter une décision",
            lambda window: window.go(Address("comites", filters=(("volet", "1"),))),
            ("Ctrl+J",),
            _editable,
        ),
        Command(
            "a_traiter",
            "&Lister ce qui est à traiter",
            lambda window: window.go(_LATE),
            ("Ctrl+L",),
            _always,
            "retard non atteint",
        ),
        Command(
            "enregistrer", "&Enregistrer les relevés", lambda window: window.navigator.save(), ("Ctrl+S",)
        ),
        Command(
            "rechercher", "Re&chercher", lambda window: window.topbar.focus_search(), ("Ctrl+K", "Ctrl+F")
        ),
    ),
    "&Contrat": (
        _new("nouvel_engagement", "engagement", "Nouvel &engagement…", "Ctrl+Shift+E"),
        _new("nouvel_objectif", "objective", "Nouvel &objectif…", "Ctrl+Shift+O"),
        _new("nouveau_partenaire", "partner", "Nouveau &partenaire…"),
        _new("nouveau_territoire", "territory", "Nouveau &territoire…"),
        _new("nouveau_moyen", "funding", "Nouveau &moyen…"),
        _new("nouvelle_etape", "step", "Nouvelle ét&ape d’un engagement…"),
        _new("nouvelle_contrevaleur", "counter_value", "Nouvelle contre-&valeur d’un objectif…"),
        _new("nouvelle_visite", "visit", "Nouvelle v&isite…"),
        _new("nouveau_document", "document", "Nouveau &document source…"),
        _new("nouvelle_reserve", "condition", "Nouvelle ré&serve…"),
        _new("nouvel_etablissement", "establishment", "Nouvel éta&blissement…"),
        _new("nouvel_enonce", "statement", "Nouvel éno&ncé du document…"),
        _new("nouvelle_reference", "legal_reference", "Nouvelle référence &juridique…"),
        _new("nouvelle_thematique", "theme", "Nouvelle thémati&que…"),
        _new("nouvel_axe", "axis", "Nouvel a&xe…"),
        _new("nouvelle_version", "version", "Nouvelle version (avenant, revue)…"),
        _new("nouveau_niveau", "place_level", "Nouveau niveau de lieu…"),
        _here(
            "plusieurs", "Saisir p&lusieurs lignes…", lambda editor, here: editor.many(here), "Ctrl+Shift+L"
        ),
        Command(
            "proposer",
            "Proposer d’après un document…",
            lambda window: window.dialogs.beginnings().go_on(),
            (),
            _editable,
        ),
        None,
        Command(
            "modifier",
            "Modi&fier ce qui est affiché…",
            lambda window: window.editor.change(window.navigator.here()),
            ("Ctrl+M",),
        ),
        Command(
            "completer_releve",
            "Com&pléter un relevé…",
            lambda window: window.editor.complete_measurement(window.navigator.here()),
        ),
        _here("dupliquer", "&Dupliquer ce qui est affiché…", lambda editor, here: editor.duplicate(here)),
        Command(
            "modifier_autre",
            "Modifier &un autre élément…",
            lambda window: window.editor.choose(),
            ("Ctrl+Shift+M",),
        ),
        Command("retablir_retire", "&Rétablir un élément retiré…", lambda window: window.editor.restore()),
        None,
        Command("modifier_contrat", "Le &contrat lui-même…", lambda window: window.editor.change_contract()),
        Command("nouveau_contrat", "&Nouveau contrat…", lambda window: window.editor.new_contract()),
    ),
    "A&ller": (
        _page("tableau", "&Tableau de bord", "Ctrl+1"),
        _page("partenaires", "&Partenaires", "Ctrl+2"),
        _page("objectifs", "&Objectifs", "Ctrl+3"),
        _page("releves", "Re&levés", "Ctrl+4", "Ctrl+R"),
        _page("engagements", "&Engagements", "Ctrl+5"),
        _page("moyens", "&Moyens mobilisés", "Ctrl+6"),
        _page("territoires", "Te&rritoires", "Ctrl+7"),
        _page("visites", "&Visites", "Ctrl+8", "Ctrl+Shift+V"),
        _page("comites", "&Comités", "Ctrl+9", more="nouvelle réunion arrêter les données"),
        _page("points", "Points d’&attention", "Ctrl+Shift+A"),
        _page("documents", "Doc&uments", "Ctrl+Shift+K"),
        _page("impressions", "&Impressions", "Ctrl+Shift+P", more="imprimer un dossier, un papier en PDF"),
        _page("echanges", "Éc&hanges", "Ctrl+E", more="importer un fichier, un retour; exporter un classeur"),
        _page("journal", "Jour&nal", "Ctrl+Shift+J"),
        Command(MANY, "C&ontrats", lambda window: window.go(Address(MANY)), ("Ctrl+Shift+T",), _several),
        None,
        Command("precedent", "Pa&ge précédente", lambda window: window.navigator.back(), ("Alt+Left",)),
        Command("suivant", "Page &suivante", lambda window: window.navigator.forward(), ("Alt+Right",)),
        None,
        Command("date", "&Date de la situation", lambda window: window.topbar.focus_day(), ("Ctrl+D",)),
        Command(
            "aujourdhui",
            "Situation au&jourd’hui",
            lambda window: window.session.show_day(None),
            ("Ctrl+Shift+D",),
        ),
    ),
    "&Affichage": (
        Command("recharger", "&Recharger", lambda window: window.session.load(), ("F5",)),
        None,
        Command("agrandir", "A&grandir les caractères", partial(_zoom, by=0.1), ("Ctrl++", "Ctrl+=")),
        Command("reduire", "Ré&duire les caractères", partial(_zoom, by=-0.1), ("Ctrl+-",)),
        Command("taille", "&Taille normale", _zoom, ("Ctrl+0",)),
        None,
        Command("projection", "Mode &projection", lambda window: window.project(), ("F11",)),
        None,
        *(Command(mode.value, words, partial(_set_mode, mode)) for mode, words in MODE_LABELS.items()),
    ),
    "Ai&de": (
        Command("guide", "&Guide de l’utilisateur", lambda window: window.dialogs.open_guide(), ("F1",)),
        Command("glossaire", "G&lossaire", lambda window: window.dialogs.open_guide("glossaire")),
        Command("bienvenue", "&Premiers pas…", lambda window: window.dialogs.welcome()),
        Command("exemple", "Ouvrir l’&exemple…", lambda window: window.dialogs.open_example()),
        Command(
            "raccourcis",
            "&Raccourcis clavier",
            lambda window: window.dialogs.show_shortcuts(shortcut_groups()),
            ("Ctrl+/",),
        ),
        None,
        Command("apropos", "À pr&opos et licences…", lambda window: window.dialogs.open_about()),
    ),
}
_PAGE_WORDS = tuple(spec.word for spec in PAGES)
COMMANDS: tuple[Command, ...] = tuple(
    command for commands in MENUS.values() for command in commands if command is not None
)


def make_actions(window: Window, bar: QMenuBar) -> tuple[dict[str, QAction], dict[str, QMenu]]:
    """Put the commands in the menu bar of a window; return their actions and the menus."""
    actions: dict[str, QAction] = {}
    menus: dict[str, QMenu] = {}
    for title, commands in MENUS.items():
        menu = menus[title] = bar.addMenu(title)
        menu.setToolTipsVisible(True)
        texts = iter(apart([command.text for command in commands if command is not None]))
        for command in commands:
            if command is None:
                menu.addSeparator()
                continue
            action = actions[command.word] = menu.addAction(next(texts))
            action.setObjectName(command.word)
            action.setShortcuts([QKeySequence(keys) for keys in command.shortcuts])
            action.setEnabled(command.when is None and command.word not in ("precedent", "suivant"))
            action.triggered.connect(partial(window.once_whole, partial(command.do, window)))
    return actions, menus


def group_looks(actions: Mapping[str, QAction], menu: QMenu, theme: Theme) -> None:
    """Have one look of a menu checked, the one in force."""
    looks = QActionGroup(menu)
    for mode in MODE_LABELS:
        looks.addAction(actions[mode.value]).setCheckable(True)

    def check() -> None:
        for mode in MODE_LABELS:
            actions[mode.value].setChecked(mode is theme.mode)

    menu.aboutToShow.connect(check)
    check()


def allow(actions: dict[str, QAction], picture: Picture) -> None:
    """Let what a picture allows be done, and nothing else."""
    for command in COMMANDS:
        if command.when is not None:
            actions[command.word].setEnabled(command.when(picture))


def shortcut_groups() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the commands that have a shortcut, by menu, each with its keys in words."""
    groups = []
    for title, commands in MENUS.items():
        lines = [(command.plain, command.keys_in_words) for command in commands if command and command.keys]
        if lines:
            groups.append((title.replace("&", ""), tuple(lines)))
    return tuple(groups)


def commands_with(text: str, actions: Mapping[str, QAction]) -> list[Offered]:
    """Return the commands of now that hold every word of a text."""
    words = fold(text).split()
    offered = []
    for title, commands in MENUS.items():
        for command in commands:
            if command is None or not actions[command.word].isEnabled():
                continue
            group = title.replace("&", "")
            command_words = fold(f"{command.plain} {group} {command.more}")
            if words and all(word in command_words for word in words):
                keys = f", {command.keys_in_words}" if command.keys else ""
                kind = "Page" if command.word in _PAGE_WORDS else "Commande"
                icon = command.word if kind == "Page" else "suivant"
                offered.append(Offered(command.plain, f"{kind}{keys}", icon, actions[command.word]))
    return offered


def digit_key(scan: int, platform: str = sys.platform) -> int:
    """Return the digit of a key of the row of digits by its place, whatever it gives; 0 for another key."""
    first = {"linux": 10, "win32": 2}.get(platform, 0)
    return scan - first + 1 if first and first <= scan < first + 9 else 0
