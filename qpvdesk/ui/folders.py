"""Where files are looked for and saved: where they last were, for each purpose."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

from qpvdesk.domain import file_names
from qpvdesk.services.settings import SettingsFile


class Folders:
    """Kept in the officer's own folder."""

    def __init__(self, folder: Path) -> None:
        self._kept = QSettings(str(folder / "dossiers.ini"), QSettings.Format.IniFormat)
        self._settings = SettingsFile(folder)

    def of(self, purpose: str) -> Path:
        """Return where the last file of a purpose was; before the first, the folder of the settings, or the officer's."""
        last = str(self._kept.value(purpose, ""))
        candidates = [Path(last) if last else None, self._settings.read().folder]
        return next((folder for folder in candidates if folder is not None and folder.is_dir()), Path.home())

    def suggestion(self, purpose: str, name: str) -> Path:
        """Return where a new file is offered to be saved; whatever data made its name, it is a bare one."""
        return self.of(purpose) / file_names.clean(name)

    def keep(self, purpose: str, path: Path) -> None:
        """Remember where a file of that purpose was."""
        self._kept.setValue(purpose, str(path.parent))
