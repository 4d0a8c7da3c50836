"""The words of the window that the glossary defines: their tooltip is its definition, read when the hand rests there."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget

from qpvdesk.domain.french import fold

_SAME = {
    "taux": "Taux d’avancement",
    "taux moyen": "Taux d’avancement",
    "avancement": "Taux d’avancement",
    "reference": "Parité",
    "ecart": "Parité",
    "indice": "Parité",
    "prov.": "Provisoire",
    "chiffre provisoire": "Provisoire",
    "valeur de depart": "Départ",
    "dernier releve": "Relevé",
    "nouvelle valeur": "Relevé",
    "arreter les donnees": "Arrêté des données",
    "objectifs": "Objectif quantifié",
    "objectif": "Objectif quantifié",
    "parite avec la part des habitants des quartiers": "Parité",
    "conditions": "Réserve",
    "confiee a": "Décision",
}
"""What the window calls a thing, and what the glossary does."""


def meaning(words: str) -> str:
    """Return what words of the window mean; empty where the glossary does not say."""
    # The guide is not read before somebody asks.
    from qpvdesk.services.guide import definition

    term = " ".join(words.replace("&", "").split(",")[0].split(" (")[0].replace("*", "").split()).strip(" :…")
    term = _SAME.get(fold(term), term)
    return definition(term) or definition(term.removesuffix("s"))


Term = str | Callable[[QPoint], str] | None
"""A term, what gives it from the place under the hand, or None for the words of the widget itself."""


def explain(widget: QWidget, term: Term = None) -> QWidget:
    """Let a widget say what a term means where the hand rests on it, after what it says itself; return it."""
    Explainer(widget, term)
    return widget


class Explainer(QObject):
    """Lives as long as its widget."""

    def __init__(self, widget: QWidget, term: Term) -> None:
        super().__init__(widget)
        self._widget, self._term = widget, term
        widget.installEventFilter(self)

    def words(self, place: QPoint) -> str:
        """Return what is said at a place of the widget."""
        match self._term:
            case str() as term:
                pass
            case None:
                term = str(self._widget.property("text") or "")
            case given:
                term = given(place)
        return "\n".join(part for part in (self._widget.toolTip(), meaning(term)) if part)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the definition; leave a word that has none to say what it says."""
        if watched is self._widget and isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            words = self.words(event.pos())
            if words:
                # As rich text, a long definition is broken in lines.
                paragraphs = "".join(
                    f"<p style='white-space: pre-wrap'>{escape(line)}</p>" for line in words.split("\n")
                )
                QToolTip.showText(event.globalPos(), paragraphs, self._widget)
                return True
        return super().eventFilter(watched, event)
