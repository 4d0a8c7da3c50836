"""The one door to the files that ship with the program, and to the officer's own folder.

`resources/` stands beside the package in a checkout, inside it once installed, and in the unpacked folder of a
bundle. Nothing else in the program may build a path to it. Beside a bundle on a stick, a marker file keeps the
officer's folder on the stick too.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_CANDIDATES = (
    Path(getattr(sys, "_MEIPASS", "")) / "resources" if getattr(sys, "_MEIPASS", "") else None,
    Path(__file__).resolve().parent / "_resources",
    Path(__file__).resolve().parent.parent / "resources",
)


PORTABLE = "qpvdesk-portable.txt"
"""The marker file that makes a bundle or a checkout portable; what it holds does not matter."""


def resources() -> Path:
    """Return the folder of the resources. Raises `FileNotFoundError` where the installation is broken."""
    for folder in _CANDIDATES:
        if folder is not None and (folder / "contracts").is_dir():
            return folder
    raise FileNotFoundError("resources")


def resource(name: str) -> Path:
    """Return the path of a resource by its name relative to `resources/` (`fonts/IBMPlexSans-Regular.ttf`).

    Raises `ValueError` for a name that leads outside, `FileNotFoundError` for one that is not there.
    """
    root = resources().resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise ValueError(f"outside the resources: {name}")
    if not path.exists():
        raise FileNotFoundError(str(path))
    return path


def program_folder() -> Path | None:
    """Return the folder that a bundle or a checkout stands in; None for an installed package, which has none."""
    if getattr(sys, "frozen", False):
        executable = Path(sys.executable).resolve()
        # On macOS the program is inside `qpvdesk.app`, which people see as one file.
        for folder in executable.parents:
            if folder.suffix == ".app":
                return folder.parent
        return executable.parent
    checkout = Path(__file__).resolve().parent.parent
    return checkout if (checkout / "resources" / "contracts").is_dir() else None


WINDOW_PROGRAM, CONSOLE_PROGRAM = "qpvdesk-fenetre.exe", "qpvdesk.exe"
"""On Windows a program has a console or has none: there are two, in one folder."""


def program(name: str) -> str:
    """Return the program of that name where it stands beside the one that runs, else the one that runs."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if getattr(sys, "frozen", False) and beside.is_file() else sys.executable


def portable_folder() -> Path | None:
    """Return the folder of the officer's files beside the program, where the marker file asks for it."""
    folder = program_folder()
    return folder / "donnees" if folder is not None and (folder / PORTABLE).is_file() else None


DRAFTS = "brouillons"
"""Where what is typed and not saved lies, in the officer's own folder."""


def user_folder() -> Path:
    """Return the folder of the officer's own files: beside a portable program, else on the platform's terms.

    `QPVDESK_DOSSIER` overrides it (tests, several bases on one machine).
    """
    override = os.environ.get("QPVDESK_DOSSIER")
    if override:
        return Path(override)
    portable = portable_folder()
    if portable is not None:
        return portable
    from platformdirs import user_data_path  # noqa: PLC0415 - 45 ms, a portable program does without

    return user_data_path("qpvdesk", appauthor=False)


def drafts_folder(base: Path) -> Path:
    """Return where what is typed for a base lies: two may hold the same contract, what is typed for one is its own."""
    import zlib  # noqa: PLC0415 - 1 ms, the window alone needs it

    return user_folder() / DRAFTS / f"{zlib.crc32(os.fsencode(base.resolve())):08x}"


def user_base() -> Path:
    """Return the path of the officer's own base, which may not exist yet."""
    return user_folder() / "qpvdesk.db"


def logs_folder() -> Path:
    """Return the folder of the technical log, which may not exist yet."""
    return user_folder() / "journaux"
