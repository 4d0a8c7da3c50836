"""The few words of Qt's own dialogs that its French translation leaves in English."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTranslator

_WORDS = {
    ("QFileDialog", "&Look in:"): "&Dossier\u202f:",
    ("QFileDialog", "Files of &type:"): "&Type de fichier\u202f:",
    ("QAbstractFileIconProvider", "Folder"): "Dossier",
    ("QAbstractFileIconProvider", "Drive"): "Disque",
}


class QtWords(QTranslator):
    """Install it before Qt's own translation, which is then asked first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)

    def isEmpty(self) -> bool:  # noqa: N802 — Qt's own name
        """An empty translator is never asked."""
        return False

    def translate(self, context: str, text: str, *_: object) -> str:
        """Return the French words, or `text` itself: asked last, nothing else could know it."""
        return _WORDS.get((context, text), text)
