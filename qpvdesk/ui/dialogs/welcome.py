"""The first minute: what this is, who signs, where to begin. It can be left at any moment, and comes once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from qpvdesk.domain.counts import OBJECTIVE_NOUNS
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import plural
from qpvdesk.domain.letterhead import Letterhead
from qpvdesk.domain.statuses import STATUT_LABELS, STATUT_ORDER
from qpvdesk.services.settings import SettingsFile
from qpvdesk.ui.kit.controls import answers, button, leaves
from qpvdesk.ui.kit.form_dialog import Fitted, Form, FormDialog
from qpvdesk.ui.kit.tips import warn
from qpvdesk.ui.kit.tokens import GAP, fill, in_row, stacked
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.terms import meaning
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import aside, label
from qpvdesk.ui.widgets.status_badge import StatusBadge

_CONTRACTS = (
    ("", "Celui-ci", "Suivre le contrat qui est là."),
    (
        "nouveau_contrat",
        "Un autre, à saisir",
        "Un contrat vide, que l’on remplit fiche par fiche\u202f; celui-ci peut alors quitter toutes les vues.",
    ),
    (
        "contrat_document",
        "Un autre, d’un document",
        "Son texte (PDF, Word, texte) est lu\u202f: partenaires et thématiques sont créés, le reste est proposé une chose à"
        " la fois.",
    ),
    (
        "echanges",
        "Un autre, d’un classeur",
        "Le classeur rempli du gabarit, ou un contrat exporté par un collègue.",
    ),
    (
        "contrat_dossier",
        "Un autre, d’un dossier",
        "Un dossier de fichiers TOML\u202f: contrat.toml et un fichier par partenaire.",
    ),
    (
        "contrat_epci",
        "Un autre, de son agglomération",
        "La liste officielle des communes par EPCI (INSEE) ou des quartiers (ANCT) donne l’agglomération, ses communes et"
        " ses quartiers\u202f; le reste se saisit.",
    ),
    (
        "exemple",
        "Voir d’abord l’exemple",
        "Le contrat livré avec des chiffres inventés, dans une fenêtre à part.",
    ),
)
"""The contracts to begin with: the word of the action (none: the one that is there), its name, one sentence."""

_WAYS_IN_A_ROW = 3


class WelcomeDialog(FormDialog):
    """Three leaves; Escape leaves it, and nothing is asked that cannot be said later in the settings."""

    chapter = "demarrage"
    """Where F1 opens the guide."""

    kept = Signal(object)
    """The `Settings` written on the second leaf, if anything was."""
    doing = Signal(str)
    """The word of the action to begin with."""

    def __init__(
        self,
        theme: Theme,
        file: SettingsFile,
        picture: Picture,
        beginnings: Sequence[tuple[str, str, str]],
        *,
        parent: QWidget | None = None,
    ) -> None:
        """`beginnings`: what to begin with: the word of its action, its name, one sentence."""
        super().__init__("Bienvenue", parent, heading="")
        self._theme, self._file = theme, file
        self._leaves = leaves(self._what(picture), self._who(), self._where(beginnings))
        self.column.addWidget(self._leaves, 1)
        row = QHBoxLayout()
        self._count = label("", "mention")
        fill(row, self._count, 1)
        self._leave, self._next = button("Passer", self.reject), button("Suivant", self._turn)
        row.addWidget(answers(self._next, self._leave))
        self.column.addLayout(row)
        self.press_on_enter(self._next)
        self._say_leaf()
        self.fit(theme.px(640), theme.px(650))

    def _what(self, picture: Picture) -> QWidget:
        dossier = picture.situation.dossier
        live = [objective for objective in dossier.objectives if not objective.retired]
        leaf, column = _leaf("Bienvenue dans qpvdesk")
        column.addWidget(label(picture.contract.name, "heading", wrap=True))
        column.addWidget(
            label(
                f"Le contrat est déjà là\u202f: {plural(len(dossier.partners), 'partenaire', 'partenaires')}, "
                f"{plural(len(picture.situation.engagements), 'engagement', 'engagements')} et "
                f"{plural(len(live), *OBJECTIVE_NOUNS)}, chacun avec l’endroit du "
                "document d’où il vient. Il reste à y inscrire les chiffres, à mesure qu’ils vous parviennent.",
                wrap=True,
            )
        )
        column.addWidget(label("Chaque objectif porte un statut, une forme et un mot\u202f:", wrap=True))
        for status in STATUT_ORDER:
            row = in_row(spacing=GAP)
            badge = StatusBadge(self._theme, status)
            badge.setMinimumWidth(self._theme.px(130))
            fill(row, badge, (aside(meaning(STATUT_LABELS[status])), 1))
            column.addLayout(row)
        fill(column, 1, label("Quel est votre contrat\u202f?", "strong"))
        ways = QGridLayout()
        for place, (word, name, sentence) in enumerate(_CONTRACTS):
            way = button(name, self._turn if not word else partial(self._begin, word), hint=sentence)
            way.setAccessibleDescription(sentence)
            ways.addWidget(way, *divmod(place, _WAYS_IN_A_ROW))
        ways.setColumnStretch(_WAYS_IN_A_ROW, 1)
        column.addLayout(ways)
        column.addWidget(aside("Tout reste sur cet ordinateur\u202f: qpvdesk n’utilise jamais le réseau."))
        return leaf

    def _who(self) -> QWidget:
        settings = self._file.read()
        leaf, column = _leaf("Qui suit ce contrat\u202f?")
        column.addWidget(
            label(
                "Deux mots que vos papiers et le journal porteront. Vous pouvez les laisser vides.", wrap=True
            )
        )
        form = Form()
        self._author, self._lines = QLineEdit(settings.author), QPlainTextEdit()
        self._author.setPlaceholderText("Délégué du préfet")
        self._lines.setPlainText("\n".join(settings.letterhead.lines))
        self._lines.setPlaceholderText("La préfecture, votre service")
        self._lines.setFixedHeight(self._theme.px(84))
        form.add(
            "Votre &fonction", self._author, "Jamais un nom\u202f: elle signe vos saisies dans le journal."
        )
        form.add("Votre &service", self._lines, "Imprimé en tête des documents\u202f; une ligne par mention.")
        column.addLayout(form)
        self._trouble = label("", "error", wrap=True, name="Ce qui empêche d’enregistrer")
        self._trouble.hide()
        fill(column, self._trouble, 1, aside("Plus tard\u202f: Fichier › Réglages… (Ctrl+,)"))
        form.chain()
        return leaf

    def _where(self, beginnings: Sequence[tuple[str, str, str]]) -> QWidget:
        leaf, column = _leaf("Par où commencer\u202f?")
        for word, name, sentence in beginnings:
            beginning = button(name, partial(self._begin, word))
            beginning.setAccessibleDescription(sentence)
            fill(column, beginning, aside(sentence))
        fill(column, 1, aside("F1 ouvre le guide à la bonne page, Ctrl+K trouve tout, Ctrl+Z annule tout."))
        return leaf

    def _turn(self) -> None:
        place = self._leaves.currentIndex()
        if place == 1 and not self._keep():
            return
        if place + 1 == self._leaves.count():
            self.accept()
            return
        self._leaves.setCurrentIndex(place + 1)
        self._say_leaf()

    def _say_leaf(self) -> None:
        place, leaves = self._leaves.currentIndex(), self._leaves.count()
        self._count.setText(f"{place + 1} sur {leaves}")
        self._next.setText("Terminer" if place + 1 == leaves else "Suivant")
        self._leave.setVisible(place + 1 < leaves)
        (self._author if place == 1 else self._next).setFocus()

    def _keep(self) -> bool:
        old = self._file.read()
        lines = tuple(text for line in self._lines.toPlainText().splitlines() if (text := line.strip()))
        new = replace(
            old, author=self._author.text().strip(), letterhead=Letterhead(lines, old.letterhead.image)
        )
        if new == old:
            return True
        try:
            self._file.write(new)
        except UserError as error:
            warn(self._trouble, str(error))
            return False
        self.kept.emit(new)
        return True

    def _begin(self, word: str) -> None:
        self.accept()
        self.doing.emit(word)


def _leaf(title: str) -> tuple[QWidget, QVBoxLayout]:
    """A leaf and its column; in a low window one scrolls, where the buttons would be crushed."""
    column = stacked(spacing=GAP)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    column.addWidget(label(title, "title", wrap=True))
    return Fitted(title, column), column
