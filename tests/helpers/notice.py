"""The notice of licences: every part the program is made of, its version, its licence and the text of it.

`build.spec` makes the one of a bundle, from what it holds; `python -m tests.helpers.notice` that of a checkout, from
what is installed: `make` runs it once. The window shows what was made.
"""

from __future__ import annotations

import contextlib
import importlib.metadata as metadata
import platform
import re
import sysconfig
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from qpvdesk import __version__, durable, paths
from qpvdesk.services.licences import FILE, RULE
from qpvdesk.storage.engine import SQLITE, sqlite3

_LICENCE_FILE = re.compile(r"(?i)(^|/)(licen[cs]es?|copying|notice|authors|copyright)[^/]*(/|$)")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")
_NOT_SHIPPED = frozenset({"qpvdesk", "pip", "setuptools", "pyside6-addons"})
"""What a dependency asks for, or shares its folder with, and no bundle holds."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its licence in a few words, then its texts (a title and a text each)."""

    name: str
    version: str
    licence: str
    texts: tuple[tuple[str, str], ...] = ()


def make() -> Path:
    """Write the notice of what is installed among the resources of this checkout; return its file."""
    file = paths.resources() / FILE
    durable.write(file, notice(parts()).encode())
    return file


def parts(names: Iterable[str] | None = None) -> tuple[Part, ...]:
    """Return the parts: the program, Python, SQLite and what ciphers it, Qt, the type, then the libraries by name.

    `names` are the distributions that are shipped; without them, all those the program asks for and that are there.
    """
    chosen = _asked_for() if names is None else names
    libraries = [_library(metadata.distribution(name)) for name in sorted(set(chosen), key=str.casefold)]
    return (
        Part("qpvdesk", __version__, "EUPL-1.2", _own()),
        Part("Python", platform.python_version(), "PSF-2.0", _python()),
        Part("SQLite", SQLITE, "Domaine public"),
        Part("SQLCipher", _cipher_version(), "BSD-3-Clause", (_resource("licences/SQLCipher.txt"),)),
        # sqlcipher3 holds it, and no other part of it is used.
        Part("OpenSSL (libcrypto)", "", "Apache-2.0", (_resource("licences/Apache-2.0.txt"),)),
        _qt(),
        Part("IBM Plex Sans", "", "OFL-1.1", (_resource("fonts/OFL.txt"),)),
        *libraries,
    )


def notice(held: Iterable[Part], system: Mapping[str, str] | None = None) -> str:
    """Return the notice as one text. `system` gives, by package of the system, the notice of the libraries of it
    that are shipped too."""
    held = tuple(held)
    lines = [
        f"qpvdesk {__version__} – licences des composants",
        "",
        "qpvdesk est un logiciel libre, sous la licence publique de l’Union européenne (EUPL 1.2). Il contient les",
        "composants libres ci-dessous, dont voici les versions, les licences et les textes.",
        "",
        *(f"- {one.name} {one.version}".rstrip() + f"\u202f: {one.licence}" for one in held),
        *(f"- {name} (bibliothèque du système)" for name in system or ()),
    ]
    for one in held:
        lines += ["", "", RULE, f"{one.name} {one.version}".rstrip(), f"Licence\u202f: {one.licence}", RULE]
        for title, words in one.texts:
            lines += ["", f"--- {title} ---", "", words.strip()]
    for name, words in (system or {}).items():
        lines += ["", "", RULE, f"{name} (bibliothèque du système)", RULE, "", words.strip()]
    return "\n".join(lines) + "\n"


def distributions_of(modules: Iterable[str]) -> frozenset[str]:
    """Return the distributions that the top-level modules of those names come from; none for Python's own."""
    known = metadata.packages_distributions()
    return frozenset(canonical(owner) for name in modules for owner in known.get(name, ())) - _NOT_SHIPPED


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _asked_for() -> frozenset[str]:
    """Return the distributions that the program needs, and those they need in turn."""
    found: dict[str, frozenset[str]] = {}
    waiting = [(name, extras) for name, extras in _requirements(_own_requirements(), frozenset())]
    while waiting:
        name, extras = waiting.pop()
        if name in _NOT_SHIPPED or (extras <= found.get(name, frozenset()) and name in found):
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            # Wanted on another system, or an older Python, only.
            continue
        found[name] = found.get(name, frozenset()) | extras
        waiting += _requirements(distribution.requires or (), found[name])
    return frozenset(found)


def _own_requirements() -> tuple[str, ...]:
    checkout = paths.program_folder()
    if checkout is not None and (checkout / "pyproject.toml").is_file():
        held = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
        return tuple(held["project"]["dependencies"])
    return tuple(metadata.requires("qpvdesk") or ())


def _requirements(lines: Iterable[str], wanted: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield name and extras of each requirement; those of an extra only where it is wanted."""
    for line in lines:
        named, _, marker = line.partition(";")
        extra = _EXTRA.search(marker)
        found = _REQUIREMENT.match(named)
        if found and (extra is None or extra[1] in wanted):
            extras = frozenset(one.strip() for one in (found[2] or "").split(",") if one.strip())
            yield canonical(found[1]), extras


def _library(distribution: metadata.Distribution) -> Part:
    held = dict(distribution.metadata.json)
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in held.get("classifier", ())
        if str(line).startswith("License :: ")
    ]
    stated = str(held.get("license_expression") or held.get("license") or "").strip().splitlines()
    licence = (
        stated[0].partition(", Copyright")[0] if stated and len(stated[0]) < 120 else ", ".join(classifiers)
    )
    texts = []
    for file in distribution.files or ():
        path = str(file).replace("\\", "/")
        if ".dist-info/" in path and _LICENCE_FILE.search(path.partition(".dist-info/")[2]):
            found = Path(str(distribution.locate_file(file)))
            if found.is_file():
                title = path.partition(".dist-info/")[2].removeprefix("licenses/")
                texts.append((title, found.read_text(encoding="utf-8", errors="replace")))
    return Part(distribution.name, distribution.version, licence or "Voir son texte", tuple(texts))


def _own() -> tuple[tuple[str, str], ...]:
    folder = paths.program_folder()
    for file in (folder / "LICENSE" if folder else None, paths.resources().parent / "LICENSE"):
        if file is not None and file.is_file():
            return (("EUPL-1.2", file.read_text(encoding="utf-8")),)
    return ()


def _python() -> tuple[tuple[str, str], ...]:
    for name in ("stdlib", "data"):
        file = Path(sysconfig.get_path(name)) / "LICENSE.txt"
        if file.is_file():
            return (("LICENSE.txt", file.read_text(encoding="utf-8", errors="replace")),)
    return (("Python Software Foundation License", "https://docs.python.org/3/license.html"),)


def _qt() -> Part:
    try:
        version = metadata.version("PySide6-Essentials")
    except metadata.PackageNotFoundError:
        version = ""
    said = (
        "Qt et PySide6 sont employés sous la licence LGPL 3. Leurs bibliothèques sont des fichiers séparés du programme,"
        " que vous pouvez remplacer par d’autres versions. Leurs sources sont sur https://code.qt.io et"
        " https://download.qt.io. Qt contient lui-même des composants libres (FreeType, HarfBuzz, ICU, libjpeg, libpng,"
        " PCRE2, zlib…), dont les licences sont sur https://doc.qt.io/qt-6/licenses-used-in-qt.html."
    )
    return Part(
        "Qt",
        version,
        "LGPL-3.0-only",
        (
            ("Ce qu’il faut savoir", said),
            _resource("licences/LGPL-3.0.txt"),
            _resource("licences/GPL-3.0.txt"),
        ),
    )


def _resource(name: str) -> tuple[str, str]:
    path = paths.resource(name)
    return path.name, path.read_text(encoding="utf-8")


def _cipher_version() -> str:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        return str(connection.execute("PRAGMA cipher_version").fetchone()[0])


if __name__ == "__main__":
    make()
