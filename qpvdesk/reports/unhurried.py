"""ReportLab and segno as this program needs them: what they import or make at once, and a paper hardly ever uses.

Imported before both. What is put off here comes at its first use; a library mended of its habit leaves nothing to do.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

_PUT_OFF = ("PIL.Image", "urllib.request")
"""For pictures (20 ms), and by way of `xml.sax` for addresses and all that ciphers them (35 ms)."""
_PARAGRAPHS = "reportlab.platypus.paragraph"
_LONG, _WIDE = 300, "-\uffff"
"""Characters of a pattern: the one of addresses, 30 ms to compile. The end of a range: all that Chinese and Japanese are
written with, 3 ms."""


class _Later(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


class _Pattern:
    """Stands for a pattern until it is looked for."""

    def __init__(self, *asked: Any) -> None:
        self._asked = asked

    def __getattr__(self, name: str) -> Any:
        return getattr(re.compile(*self._asked), name)


class _Finder:
    """Finds the module of ReportLab's paragraphs, once, and has it executed without its long pattern."""

    @classmethod
    def find_spec(cls, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """As `sys.meta_path` asks."""
        if name != _PARAGRAPHS:
            return None
        sys.meta_path.remove(cls)
        spec = find_spec(name)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module
            spec.loader.exec_module = lambda module: _without_long_patterns(execute, module)  # type: ignore[method-assign]
        return spec


def _without_long_patterns(execute: Any, module: ModuleType) -> None:
    compiled = re.compile

    def put_off(pattern: Any, flags: Any = 0) -> Any:
        long = isinstance(pattern, str) and (len(pattern) > _LONG or _WIDE in pattern)
        return _Pattern(pattern, flags) if long else compiled(pattern, flags)

    re.compile = put_off
    try:
        execute(module)
    finally:
        re.compile = compiled


def put_off() -> None:
    """Put off what can be, where it is not there already."""
    for name in _PUT_OFF:
        if name not in sys.modules:
            package, _, word = name.rpartition(".")
            sys.modules[name] = _Later(name)
            setattr(import_module(package), word, sys.modules[name])
    if _PARAGRAPHS not in sys.modules:
        sys.meta_path.insert(0, _Finder)


put_off()
