"""What must be known before anything on the page is read: an example, a read-only base, another day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from qpvdesk import durable
from qpvdesk.domain.first_sight import FICTITIOUS
from qpvdesk.domain.french import format_date
from qpvdesk.ui.kit.tokens import EDGE, GAP, stacked
from qpvdesk.ui.widgets.labels import label

if TYPE_CHECKING:
    from qpvdesk.ui.picture import Picture

_EXAMPLE = f"{FICTITIOUS}\u202f: cette base est un exemple pour découvrir et pour former."


class Banner(QWidget):
    """A line over the pages, hidden where there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._words = label("", "banner", wrap=True)
        stacked(self._words, on=self, margins=(EDGE, GAP, EDGE, 0))
        self.hide()

    def show_picture(self, picture: Picture, today: date, *, explains_portable: bool) -> None:
        self._say(" ".join(_sentences(picture, today, explains_portable)))

    def show_example(self) -> None:
        """Say before the picture comes that the base is an example."""
        self._say(_EXAMPLE)

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self.setVisible(bool(words))


def _sentences(picture: Picture, today: date, explains_portable: bool) -> Iterator[str]:
    if picture.contract.fictitious:
        yield _EXAMPLE
    if picture.held_by:
        yield (
            f"Lecture seule\u202f: à son ouverture, cette base était déjà ouverte par {picture.held_by}. "
            "Fermez\u2011la là\u2011bas, puis rouvrez\u2011la ici pour la modifier."
        )
    elif picture.read_only:
        why = picture.why_read_only
        yield f"Lecture seule\u202f: cette base ne peut pas être modifiée{f', parce que {why}' if why else ''}."
        if durable.lacks_room(why):
            yield "Libérez de la place, puis rouvrez-la."
        elif why:
            yield "Copiez-la dans un dossier où vous pouvez écrire, puis ouvrez la copie."
    if explains_portable:
        yield (
            "Mode portable\u202f: vos données sont à côté du programme. Un support qui se retire peut se perdre ou"
            " être arraché\u202f: gardez-en une sauvegarde ailleurs (Fichier › Sauvegardes)."
        )
    if picture.day != today:
        start = picture.contract.start
        if start is not None and picture.day < start:
            what = f"C’est avant le début du contrat, le {format_date(start)}\u202f: rien n’en était encore attendu."
        else:
            what = (
                "Relevés, météos et décisions postérieurs à cette date ne comptent pas\u202f; libellés, cibles et"
                " échéances sont ceux d’aujourd’hui."
            )
        yield f"Vous regardez la situation au {format_date(picture.day)}. {what}"
