"""The walls of the house: who may import whom, read from the imports themselves."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.sources import nodes, parsed

PACKAGE = Path(__file__).parents[2] / "qpvdesk"

# What each layer may import: our own layers first, then libraries from outside the standard library.
OWN: dict[str, set[str]] = {
    "domain": set(),
    "paths": set(),
    "system_libraries": set(),
    "screen": {"domain", "system_libraries"},
    "log": set(),
    "archives": set(),
    "bounded": {"domain", "paths"},
    "durable": {"domain"},
    "charts": {"domain"},
    "storage": {"domain", "archives", "durable", "paths"},
    "reports": {"domain", "durable", "charts", "paths"},
    "spreadsheets": {"domain", "archives", "durable", "bounded"},
    "documents": {"domain", "archives", "durable", "bounded"},
    "services": {
        "domain",
        "durable",
        "storage",
        "reports",
        "spreadsheets",
        "documents",
        "bounded",
        "paths",
        "log",
    },
    "ui": {"domain", "durable", "charts", "services", "paths"},
    "cli": {"domain", "services", "paths", "region"},
    # An extra that the window never imports, and the bundle does not hold.
    "region": {"domain", "durable", "services", "storage", "paths"},
    "bindings": set(),
    "app": {"domain", "storage", "services", "ui", "paths", "bindings", "system_libraries"},
    "__main__": {
        "app",
        "bounded",
        "cli",
        "documents",
        "domain",
        "log",
        "paths",
        "screen",
        "services",
        "spreadsheets",
    },
}
LIBRARIES: dict[str, set[str]] = {
    "domain": set(),
    "paths": {"platformdirs"},
    "system_libraries": set(),
    "screen": set(),
    "archives": set(),
    "bounded": {"psutil"},
    "durable": set(),
    "charts": set(),
    "storage": {"cryptography", "pyrage", "sqlcipher3", "sqlite_utils"},
    "reports": {"markdown_it", "reportlab", "pypdfium2", "docx", "PIL", "odfdo", "pptx", "segno"},
    "spreadsheets": {"python_calamine", "xlsxwriter"},
    "documents": {"PIL", "pypdfium2"},
    "services": set(),
    "ui": {"PySide6", "shiboken6"},
    "cli": {"click"},
    "region": {"distributed", "psycopg", "pyarrow"},
    "bindings": {"PySide6"},
    "app": {"PySide6"},
    "__main__": set(),
}
EVERYWHERE = {"msgspec"}
"""What records are made of."""
# Modules of the standard library that are not for every layer.
RESERVED: dict[str, set[str]] = {
    "sqlite3": {"storage"},
    "socket": set(),
    "ssl": set(),
    "http": set(),
    "urllib": set(),
    "ftplib": set(),
    "smtplib": set(),
    "xmlrpc": set(),
}


def layer_of(path: Path) -> str:
    """Return the layer a module of the package belongs to: its folder, or its own name at the top."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Yield every dotted name imported anywhere in the module (also inside functions) with its line."""
    package = ["qpvdesk", *path.relative_to(PACKAGE).parts[:-1]]
    for node in nodes(parsed(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            if module == "qpvdesk":
                for alias in node.names:
                    yield f"qpvdesk.{alias.name}", node.lineno
            else:
                yield module, node.lineno


def faults_of(path: Path) -> list[str]:
    """Return each import of the module that crosses a wall, as `file:line name`."""
    layer = layer_of(path)
    faults = []
    for name, line in imports_of(path):
        top, _, rest = name.partition(".")
        target = rest.partition(".")[0]
        if top == "qpvdesk":
            allowed = target in OWN[layer] or target in {layer, "__version__"}
        elif top in sys.stdlib_module_names:
            allowed = top not in RESERVED or layer in RESERVED[top]
        else:
            allowed = top in LIBRARIES[layer] | EVERYWHERE
        if not allowed:
            faults.append(f"{path.relative_to(PACKAGE)}:{line} {name}")
    return faults


MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_its_layer_may(path: Path) -> None:
    assert faults_of(path) == []


def test_every_layer_of_the_package_is_known() -> None:
    assert {layer_of(path) for path in MODULES} <= OWN.keys()


def test_a_crossing_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "domain").mkdir()
    guilty = tmp_path / "domain" / "guilty.py"
    guilty.write_text(
        "import sqlite3\nfrom qpvdesk.storage import opening\nfrom ..ui import theme\nimport socket\n"
    )
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    assert [fault.split()[1] for fault in faults_of(guilty)] == [
        "sqlite3",
        "qpvdesk.storage",
        "qpvdesk.ui",
        "socket",
    ]


def test_the_top_level_holds_only_what_the_house_allows() -> None:
    allowed = {
        "qpvdesk", "resources", "tests", "pyproject.toml", "build.spec", "README.md", "CHANGELOG.md",
        "LICENSE", "Makefile", "constraints.txt", "build", "dist",
    }  # fmt: skip
    names = {path.name for path in PACKAGE.parent.iterdir() if not path.name.startswith(".")}
    assert names <= allowed
