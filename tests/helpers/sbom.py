"""The list of what a bundle is made of, as the services that keep watch on vulnerabilities read it: CycloneDX 1.6, in JSON.

https://cyclonedx.org/docs/1.6/json/ ; a library is named by its package URL, from the pins of `constraints.txt`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tests.helpers.notice import Part, canonical

FILE = "SBOM.cdx.json"
_NOT_ON_PYPI = frozenset(
    {"Python", "SQLite", "SQLCipher", "OpenSSL (libcrypto)", "Qt", "IBM Plex Sans", "PyInstaller (amorceur)"}
)


def sbom(held: Iterable[Part], system: Iterable[str] = ()) -> str:
    """Return the list of those parts, the program first, and of the packages of the system that are shipped with them."""
    program, *parts = held
    components = [_component(part) for part in parts]
    components += [{"type": "library", "bom-ref": f"systeme:{name}", "name": name} for name in system]
    told = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _component(program) | {"type": "application"}},
        "components": components,
        "dependencies": [{"ref": _reference(program), "dependsOn": [one["bom-ref"] for one in components]}],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _component(part: Part) -> dict[str, Any]:
    told: dict[str, Any] = {"type": "library", "bom-ref": _reference(part), "name": part.name}
    if part.version:
        told["version"] = part.version
    if part.name != "qpvdesk" and part.name not in _NOT_ON_PYPI:
        told["purl"] = _reference(part)
    return told | {"licenses": [{"license": {"name": part.licence}}]}


def _reference(part: Part) -> str:
    if part.name in _NOT_ON_PYPI:
        return f"{part.name}@{part.version}".rstrip("@")
    return f"pkg:pypi/{canonical(part.name)}@{part.version}"
