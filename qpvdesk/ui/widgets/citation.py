"""A citation: the document, the heading, the words; and the way to its passage."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.model import Citation
from qpvdesk.domain.situation import Situation
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.tokens import HAIR, stacked
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.widgets.labels import label


class CitationView(QWidget):
    """`key` names what cites, so that its very passage is shown, the words alone where nothing of that key does."""

    def __init__(
        self, situation: Situation, citation: Citation, key: str, go: Callable[[Address], object]
    ) -> None:
        super().__init__()
        document = situation.document(citation.document)
        column = stacked(on=self, spacing=HAIR)
        words = f"{document.title}\n{citation.section}\n«\u202f{citation.mark}\u202f»"
        column.addWidget(label(words, "citation", wrap=True, select=True))
        address = Address("documents", document.code, (("de", key), ("repere", citation.mark)))
        hint = "Dans la page Documents, à sa place dans le texte"
        reading = button("Lire le passage", lambda: go(address), role="quiet", hint=hint)
        column.addWidget(reading, 0, Qt.AlignmentFlag.AlignLeft)
