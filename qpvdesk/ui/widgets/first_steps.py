"""The first five steps of a contract that holds nothing yet: what each is for, which are done, the button of each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout

from qpvdesk.domain.french import NNBSP
from qpvdesk.domain.model import Dossier
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.tips import restyle, tip
from qpvdesk.ui.kit.tokens import HAIR, ROOM, fill
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.widgets.card import Card
from qpvdesk.ui.widgets.labels import aside, label

_STEPS: tuple[tuple[str, str, str, str, Callable[[Dossier], bool]], ...] = (
    (
        "documents",
        "Joindre le texte du contrat",
        f"Chaque promesse y renverra{NNBSP}; «{NNBSP}Proposer d’après un document…{NNBSP}» en tire les premières.",
        "Ajouter le texte…",
        lambda dossier: bool(dossier.documents),
    ),
    (
        "partner",
        "Inscrire les partenaires",
        f"Qui a signé{NNBSP}: l’État, la Région, les communes, les bailleurs…",
        "Nouveau partenaire…",
        lambda dossier: bool(dossier.partners),
    ),
    (
        "engagement",
        "Inscrire leurs engagements",
        "Ce que chacun promet de faire. Une météo dira où il en est.",
        "Nouvel engagement…",
        lambda dossier: bool(dossier.engagements),
    ),
    (
        "objective",
        "Chiffrer les objectifs",
        f"Un départ, une cible, une date{NNBSP}: la trajectoire attendue s’en déduit.",
        "Nouvel objectif…",
        lambda dossier: bool(dossier.objectives),
    ),
    (
        "releves",
        "Saisir un premier relevé",
        f"Le chiffre d’aujourd’hui{NNBSP}: le statut de l’objectif se dit aussitôt.",
        "Saisir un relevé…",
        lambda dossier: bool(dossier.measurements),
    ),
)
"""The kind of thing that a step makes, or the page that it opens; its name, what it is for, the words of its button, and
whether it is done."""
_NEEDS = {
    "engagement": (1, "Inscrivez d’abord un partenaire"),
    "objective": (1, "Inscrivez d’abord un partenaire"),
    "releves": (3, "Inscrivez d’abord un objectif"),
}
"""The step without which another cannot be taken, by its place, and what is said of it."""
_PAGES = frozenset({"documents", "releves"})


class FirstSteps(Card):
    """What a contract without objectives needs, in order; the next step is the one that stands out."""

    making = Signal(str, object)
    """A new thing is to be made: its kind, and what is known of it."""
    page_asked = Signal(str)
    """The page of a step, by its word."""

    def __init__(self) -> None:
        super().__init__("Les cinq premiers pas")
        self.head.addWidget(label("Ce contrat est vide\u202f: voici par où commencer", "mention"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(ROOM)
        grid.setVerticalSpacing(ROOM)
        grid.setColumnStretch(1, 1)
        self._marks = []
        self._buttons: list[QPushButton] = []
        for row, (word, name, sentence, words, _) in enumerate(_STEPS):
            mark = label("", "heading")
            step = button(words, partial(self._take, word), name=f"{name}\u202f: {words}")
            told = QVBoxLayout()
            told.setSpacing(HAIR)
            fill(told, label(name, "strong", wrap=True), aside(sentence))
            grid.addWidget(mark, row, 0)
            grid.addLayout(told, row, 1)
            grid.addWidget(step, row, 2)
            self._marks.append(mark)
            self._buttons.append(step)
        self.body.addLayout(grid)
        foot = QHBoxLayout()
        foot.addWidget(label("Tout est déjà dans un classeur\u202f?", "mention"))
        foot.addWidget(button("Importer un fichier…", lambda: self.page_asked.emit("echanges"), role="quiet"))
        foot.addStretch(1)
        self.body.addLayout(foot)

    def show_picture(self, picture: Picture) -> None:
        """Mark what is done, and let the rest be done."""
        done = [test(picture.situation.dossier) for *_, test in _STEPS]
        following = done.index(False) if False in done else len(done)
        able = picture.editable
        for place, (step, mark) in enumerate(zip(self._buttons, self._marks, strict=True)):
            needed, why = _NEEDS.get(_STEPS[place][0], (place, ""))
            mark.setText("✓" if done[place] else str(place + 1))
            mark.setAccessibleName(f"Pas {place + 1}\u202f: {'fait' if done[place] else 'à faire'}")
            step.setEnabled(able and (done[needed] or needed == place))
            tip(step, "" if step.isEnabled() or not able else why)
            restyle(step, role="primary" if place == following else "")

    def _take(self, word: str) -> None:
        if word in _PAGES:
            self.page_asked.emit(word)
        else:
            self.making.emit(word, {})
