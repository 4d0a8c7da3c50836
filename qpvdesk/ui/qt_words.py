"""The few words of Qt's own dialogs that its French translation leaves in English."""

from __future__ import annotations

from PySide6.QtCore import QTranslator

_WORDS = {
    ("QFileDialog", "&Look in:"): "&Dossier\u202f:",
    ("QFileDialog", "Files of &type:"): "&Type de fichier\u202f:",
    ("QAbstractFileIconProvider", "Folder"): "Dossier",
    ("QAbstractFileIconProvider", "Drive"): "Disque",
    ("QPrintSettingsOutput", "Page &Set:"): "Page&s retenues\u202f:",
    ("QPageSetupWidget", "Pages &per sheet:"): "&Pages par feuille\u202f:",
    ("QPageSetupWidget", "Page &order:"): "&Ordre des pages\u202f:",
    ("QCupsJobWidget", "Job &priority:"): "&Priorité\u202f:",
    ("QCupsJobWidget", "Scheduled &printing:"): "&Heure d’impression\u202f:",
    ("QCupsJobWidget", "&Billing information:"): "&Facturation\u202f:",
    ("QCupsJobWidget", "&Start:"): "&Début\u202f:",
    ("QCupsJobWidget", "&End:"): "Fi&n\u202f:",
    ("QPPDOptionsModel", "Custom value for %1"): "Valeur choisie pour %1",
}


class QtWords(QTranslator):
    """Install it before Qt's own translation, which is then asked first."""

    def isEmpty(self) -> bool:  # noqa: N802 — Qt's own name
        """An empty translator is never asked."""
        return False

    def translate(self, context: str, text: str, *_: object) -> str:
        """Return the French words, or `text` itself: asked last, nothing else could know it."""
        return _WORDS.get((context, text), text)
