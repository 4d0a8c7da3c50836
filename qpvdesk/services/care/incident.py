"""« Préparer un rapport d'incident »: one zip to join to a request for help, that holds no data.

The log is discreet by itself (`qpvdesk.log`); here the names of the machine and of its user are blotted out once more,
wherever they might have come through.
"""

from __future__ import annotations

import getpass
import os
import platform
import re
import sys
import zipfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from qpvdesk import __version__, durable, log, paths
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.services import licences
from qpvdesk.services.care import safety
from qpvdesk.storage import engine

_QUOTED = re.compile("«[^»]*»")
_LONGEST = 4_000_000
_README = """Rapport d’incident de qpvdesk

Ce fichier contient :
- versions.txt : les versions du programme, du système et des bibliothèques ;
- base.txt : si la base est saine, sa version et sa taille ; aucun de ses chiffres ni de ses textes ;
- qpvdesk.log et les suivants : le journal technique, où aucune saisie n’est écrite ;
- arret.log, s’il y en a un : où le programme s’est arrêté brutalement.

Vous pouvez l’ouvrir et le lire avant de l’envoyer.
"""


def prepare(target: Path, *, base: Path, logs: Path, now: datetime) -> tuple[str, ...]:
    """Write the report of an incident; return the names of what it holds. `now` is local time.

    Raises `UserError` where the file exists or cannot be written; nothing is left of it then.
    """
    if target.exists():
        raise UserError(
            f"Le fichier «\u202f{target.name}\u202f» existe déjà\u202f: il n’est pas remplacé.",
            "Choisissez un autre nom.",
        )
    blot = _Blot(base)
    parts = {"LISEZMOI.txt": _README, "versions.txt": _versions(now), "base.txt": _state_of(base)}
    for path in (*sorted(logs.glob(log.NAME + "*")), logs / log.CRASHES):
        with suppress(OSError):
            text = path.read_bytes()[-_LONGEST:].decode("utf-8", "replace")
            parts[path.name] = log.shortened(text)
    try:
        with durable.writing(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts.items():
                entry = zipfile.ZipInfo(name, now.timetuple()[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, text if name == "LISEZMOI.txt" else blot(text))
    except OSError as error:
        raise UserError(
            f"Le rapport d’incident ne peut pas être écrit dans «\u202f{target.parent}\u202f».",
            "Choisissez un dossier où vous pouvez écrire, avec de la place libre.",
        ) from error
    return tuple(parts)


class _Blot:
    """Takes the names of this machine, of its user and of the base out of a text."""

    def __init__(self, base: Path) -> None:
        names = {
            str(Path.home()),
            Path.home().name,
            platform.node(),
            str(base.absolute()),
            str(base.parent),
            base.stem,
        }
        with suppress(OSError, KeyError, ImportError):
            names.add(getpass.getuser())
        names |= {os.environ.get(name, "") for name in ("USERDOMAIN", "COMPUTERNAME", "USERPROFILE")}
        # Short names are words of the program too (« qpvdesk », « root », « base »), and say nothing of anybody.
        words = sorted(
            (name for name in names if len(name) > 3 and name not in _COMMON), key=len, reverse=True
        )
        self._words = re.compile("|".join(map(re.escape, words))) if words else None

    def __call__(self, text: str) -> str:
        return self._words.sub("…", text) if self._words else text


_COMMON = frozenset({"qpvdesk", "base", "root", "home", "user", "users", "localhost"})


def _versions(now: datetime) -> str:
    lines = [
        f"qpvdesk {__version__}",
        f"Rapport du {french.format_date(now.date())} à {now:%H:%M}",
        f"Python {platform.python_version()} ({sys.platform}, {platform.machine()})",
        f"Système {platform.system()} {platform.release()}",
        f"SQLite {engine.SQLITE}",
        f"Mode portable\u202f: {'oui' if paths.portable_folder() is not None else 'non'}",
    ]
    lines += [f"{name} {version}" for name, version in licences.versions()]
    return "\n".join(lines) + "\n"


def _state_of(base: Path) -> str:
    """Say whether the base is sound, without a word of what it holds."""
    lines = []
    with suppress(OSError):
        lines.append(f"Taille\u202f: {french.format_number(base.stat().st_size // 1024)} Kio")
    try:
        problems = safety.faults(base)
    except UserError as error:
        lines.append(f"Elle ne s’ouvre pas\u202f: {_QUOTED.sub('…', error.message)}")
    else:
        lines.append(
            "Base saine." if not problems else f"{french.plural(len(problems), 'défaut', 'défauts')}\u202f:"
        )
        lines += [f"- {_QUOTED.sub('…', line)}" for line in problems]
    with suppress(OSError):
        copies = safety.backups(base)
        lines.append(french.plural(len(copies), "sauvegarde", "sauvegardes"))
    return "\n".join(lines) + "\n"
