"""The program in the menu of a desktop, its bases opened by a double-click: for this user alone, without rights.

On Linux, files in the user's own folders, as the desktop's standards say; on Windows, keys of the user's own registry.
On macOS the application says it all by itself.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from qpvdesk import durable, paths
from qpvdesk.domain.errors import UserError

_ENTRY, _MIME, _ICON = "qpvdesk.desktop", "qpvdesk-mime.xml", "qpvdesk.png"
_METAINFO = "fr.qpvdesk.qpvdesk.metainfo.xml"
_TYPE = "application/vnd.qpvdesk"
_CLASSES = r"Software\Classes"
_KIND = "qpvdesk.base"
_TOOL_SECONDS = 30

Run = Callable[[list[str]], None]


class Registry(Protocol):
    """The part of the Windows registry that belongs to the user."""

    def write(self, key: str, name: str, value: str) -> None:
        """Write one value, making the key; an empty name is the key's own value."""

    def remove(self, key: str) -> None:
        """Remove a key and those under it; nothing where it is not there."""

    def remove_value(self, key: str, name: str) -> None:
        """Remove one value; nothing where it is not there."""

    def announce(self) -> None:
        """Tell the desktop that what opens which files has changed: it would show the old icons until the next session."""


def command() -> list[str]:
    """Return what starts this program: the bundle itself, or this Python on it."""
    return (
        [paths.program(paths.WINDOW_PROGRAM)]
        if getattr(sys, "frozen", False)
        else [sys.executable, "-m", "qpvdesk"]
    )


def install(program: list[str], *, registry: Registry | None = None) -> str:
    """Make the program known to the desktop of this user; return what was done. Raises `UserError`."""
    if sys.platform == "darwin":
        return _ON_MACOS
    if sys.platform == "win32":
        return register(program, registry or _WindowsRegistry())
    return write_entries(program, data_folder(os.environ))


def uninstall(*, registry: Registry | None = None) -> str:
    """Take back what `install` did; return what was done. Raises `UserError`."""
    if sys.platform == "darwin":
        return _ON_MACOS
    if sys.platform == "win32":
        return unregister(registry or _WindowsRegistry())
    return remove_entries(data_folder(os.environ))


_ON_MACOS = "Rien à faire\u202f: glissez qpvdesk dans le dossier Applications, ses bases s’ouvriront d’un double-clic."
_DONE = "qpvdesk est dans le menu de votre session\u202f; ses bases s’ouvrent d’un double-clic."
_UNDONE = "qpvdesk n’est plus dans le menu de votre session. Vos bases ne sont pas touchées."


def data_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder of the user's own data, as the XDG standard says."""
    given = environment.get("XDG_DATA_HOME", "")
    # The standard: a relative path is to be ignored.
    return Path(given) if os.path.isabs(given) else Path.home() / ".local" / "share"


def _run(arguments: list[str]) -> None:
    """Run a tool of the desktop, if it is there; what it could not do is done at the next session."""
    tool = shutil.which(arguments[0])
    if tool is not None:
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run([tool, *arguments[1:]], capture_output=True, timeout=_TOOL_SECONDS, check=False)


def write_entries(program: list[str], data: Path, run: Run = _run) -> str:
    """Write the menu entry, the type of the bases and the icon under `data`. Raises `UserError`."""
    lines = paths.resource(f"desktop/{_ENTRY}").read_text(encoding="utf-8").splitlines()
    command = " ".join([*map(_quoted, program), "%f"])
    entry = [f"Exec={command}" if line.startswith("Exec=") else line for line in lines]
    try:
        places = _places(data)
        for folder in places.values():
            folder.mkdir(parents=True, exist_ok=True)
        durable.write(places[_ENTRY] / _ENTRY, ("\n".join(entry) + "\n").encode())
        for name, resource in ((_MIME, "desktop"), (_METAINFO, "desktop"), (_ICON, "icons")):
            durable.copy(paths.resource(f"{resource}/{name}"), places[name] / name)
    except OSError as error:
        raise UserError(
            f"Le menu de votre session ne peut pas être modifié dans «\u202f{data}\u202f».",
            "Vérifiez que ce dossier vous appartient et qu’il y a de la place.",
        ) from error
    _tell_the_desktop(data, run)
    run(["xdg-mime", "default", _ENTRY, _TYPE])
    return _DONE


def remove_entries(data: Path, run: Run = _run) -> str:
    """Remove what `write_entries` wrote under `data`."""
    for name, folder in _places(data).items():
        with contextlib.suppress(OSError):
            (folder / name).unlink()
    _tell_the_desktop(data, run)
    return _UNDONE


def _tell_the_desktop(data: Path, run: Run) -> None:
    run(["update-mime-database", str(data / "mime")])
    run(["update-desktop-database", str(data / "applications")])


def _places(data: Path) -> dict[str, Path]:
    return {
        _ENTRY: data / "applications",
        _MIME: data / "mime" / "packages",
        _METAINFO: data / "metainfo",
        _ICON: data / "icons" / "hicolor" / "256x256" / "apps",
    }


def _quoted(argument: str) -> str:
    """Return an argument as the `Exec` key of a menu entry takes it (quoted, then escaped as any text of the file)."""
    if argument.isascii() and all(character.isalnum() or character in "/-_." for character in argument):
        return argument
    for sign in ("\\", '"', "`", "$"):
        argument = argument.replace(sign, f"\\{sign}")
    return '"' + argument.replace("\\", "\\\\").replace("%", "%%") + '"'


def register(program: list[str], registry: Registry) -> str:
    """Write the keys that let Windows open a base with the program."""
    opened = " ".join([*(f'"{part}"' for part in program), '"%1"'])
    kind = rf"{_CLASSES}\{_KIND}"
    registry.write(kind, "", "Base qpvdesk")
    registry.write(rf"{kind}\DefaultIcon", "", f'"{program[0]}",0')
    registry.write(rf"{kind}\shell\open\command", "", opened)
    registry.write(rf"{_CLASSES}\.qpvdesk", "", _KIND)
    # Other programs have files of that name: it is offered, not taken.
    registry.write(rf"{_CLASSES}\.db\OpenWithProgids", _KIND, "")
    registry.announce()
    return (
        "Les bases «\u202f.qpvdesk\u202f» s’ouvrent d’un double-clic\u202f;"
        " pour les «\u202f.db\u202f», choisissez «\u202fOuvrir avec › qpvdesk\u202f»."
    )


def unregister(registry: Registry) -> str:
    """Remove what `register` wrote."""
    registry.remove(rf"{_CLASSES}\{_KIND}")
    registry.remove(rf"{_CLASSES}\.qpvdesk")
    registry.remove_value(rf"{_CLASSES}\.db\OpenWithProgids", _KIND)
    registry.announce()
    return _UNDONE


class _WindowsRegistry:
    """`HKEY_CURRENT_USER`."""

    def __init__(self) -> None:
        import winreg  # noqa: PLC0415 - 1 ms, Windows alone has it

        self._winreg: Any = winreg

    def write(self, key: str, name: str, value: str) -> None:
        with self._winreg.CreateKey(self._winreg.HKEY_CURRENT_USER, key) as opened:
            self._winreg.SetValueEx(opened, name, 0, self._winreg.REG_SZ, value)

    def remove(self, key: str) -> None:
        try:
            with self._winreg.OpenKey(self._winreg.HKEY_CURRENT_USER, key) as opened:
                count = self._winreg.QueryInfoKey(opened)[0]
                under = [self._winreg.EnumKey(opened, at) for at in range(count)]
        except FileNotFoundError:
            return
        for name in under:
            self.remove(rf"{key}\{name}")
        self._winreg.DeleteKey(self._winreg.HKEY_CURRENT_USER, key)

    def remove_value(self, key: str, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            access = self._winreg.KEY_SET_VALUE
            with self._winreg.OpenKey(self._winreg.HKEY_CURRENT_USER, key, 0, access) as opened:
                self._winreg.DeleteValue(opened, name)

    def announce(self) -> None:
        import ctypes  # noqa: PLC0415 - 3 ms, the desktop alone needs it

        # SHCNE_ASSOCCHANGED, SHCNF_IDLIST.
        ctypes.windll.shell32.SHChangeNotify(0x08000000, 0, None, None)  # type: ignore[attr-defined, unused-ignore]
