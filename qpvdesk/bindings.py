"""The bindings of Qt as this program needs them: three habits of PySide's that a start pays for and nothing here uses.

Imported before any part of PySide, which it imports. A PySide mended of one of them leaves nothing to do here.
"""

from __future__ import annotations

import builtins
import enum
import sys
from importlib.machinery import ModuleSpec
from threading import RLock
from types import ModuleType
from typing import Any

_DEFERRED = frozenset(
    f"shibokensupport.{name}"
    for name in (
        "feature",
        "signature.mapping",
        "signature.errorhandler",
        "signature.layout",
        "signature.parser",
        "signature.lib.enum_sig",
        "signature.lib.pyi_generator",
        "signature.lib.tool",
    )
)
"""What tells wrong calls, `inspect.signature` and the types of an editor, and what `__feature__` does."""
_MAPPING, _FEATURE = "shibokensupport.signature.mapping", "shibokensupport.feature"
_LOADING = RLock()
_TAKEN = frozenset(name for kind in enum.IntFlag.__mro__ for name in vars(kind))
_STANDARD = enum.EnumType._create_  # type: ignore[attr-defined]


def restore_import() -> None:
    """Give Python its own `__import__` back.

    PySide's own reads the source of each module that is imported after it, to know whether it may be told apart by
    `from __feature__ import`: 26 ms of a start, and every source kept in memory (6 MB).
    """
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def quicken_enums() -> None:
    """Make the enums that PySide asks for in a third of the time; they are the same (`test_bindings.py`).

    PySide makes two hundred enums of two thousand members at a start, by the general way of `enum`. Only under the
    release of Python whose enums these are.
    """
    if sys.version_info[:2] == (3, 11):
        enum.EnumType._create_ = quick_enum  # type: ignore[attr-defined]


def quick_enum(kind: Any, name: str, names: Any, **asked: Any) -> Any:
    """Make an enum as `EnumType._create_` of Python 3.11; what is not plainly of whole numbers goes its way."""
    if asked.get("module") is None:
        # As `_create_` does: the module that asked, not this one.
        asked["module"] = sys._getframe(2).f_globals.get("__name__")
    if kind not in (enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag) or not _is_plain(names):
        return _STANDARD(kind, name, names, **asked)
    made = _STANDARD(kind, name, [], **asked)
    is_flag, is_number = issubclass(kind, enum.Flag), issubclass(kind, int)
    listed, by_name, by_value = made._member_names_, made._member_map_, made._value2member_map_
    mask = singles = 0
    for word, value in names:
        mask |= value
        single = bool(value) and not value & (value - 1)
        singles |= value if single else 0
        member = by_value.get(value)
        if member is None:
            member = int.__new__(made, value) if is_number else object.__new__(made)
            member.__dict__.update(_value_=value, _name_=word, __objclass__=made, _sort_order_=len(listed))
            by_value[value] = member
            if single or not is_flag:
                listed.append(word)
        by_name[word] = member
        type.__setattr__(made, word, member)
    if is_flag:
        made._flag_mask_, made._singles_mask_ = mask, singles
        made._all_bits_ = 2 ** mask.bit_length() - 1
        values = [member._value_ for member in made]
        if values != sorted(values):
            made._iter_member_ = made._iter_member_by_def_
    return made


def _is_plain(names: Any) -> bool:
    """Whether names are pairs of a word that no enum has and of a whole number from zero on, each word once."""
    return (
        type(names) is list
        and all(type(pair) is tuple and type(pair[1]) is int and pair[1] >= 0 for pair in names)
        and _TAKEN.isdisjoint(word for word, _ in names)
        and not any(word[0] == "_" for word, _ in names)
        and len(dict(names)) == len(names)
    )


class _DeferredModule(ModuleType):
    """A module of PySide that is compiled when something of it is first asked for."""

    def __getattr__(self, name: str) -> object:
        if not name.startswith("__"):
            self._load()
            if name in vars(self):
                return vars(self)[name]
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    def _load(self) -> None:
        with _LOADING:
            importer = vars(self).pop("_importer", None)
            if importer is not None:
                # PySide has given it a second name since, by which its source is not found.
                spec = vars(self)["__spec__"]
                given, spec.name = spec.name, vars(self).pop("_own_name")
                importer.exec_module(self)
                spec.name = given

    def update_mapping(self) -> None:
        """Load the mapping, then do what is asked of it: libshiboken looks for this among its names, and nowhere else."""
        self._load()
        vars(self)["update_mapping"]()


def _nothing(*_given: object, **_named: object) -> None:
    """Leave an import as it is: `from __feature__ import` is what would change it."""


class _Deferring:
    """Finds the modules to defer, before the importer of PySide does."""

    def __init__(self, importer: Any) -> None:
        self._importer = importer

    def find_spec(self, name: str, _path: object, _target: object = None) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name in _DEFERRED else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = _DeferredModule(spec.name)
        vars(module).update(_importer=self._importer, _own_name=spec.name)
        if spec.name == _MAPPING:
            vars(module)["update_mapping"] = module.update_mapping
        if spec.name == _FEATURE:
            # Asked at each import until Python has its own back: None has it go on as usual.
            vars(module).update(feature_import=_nothing, feature_imported=_nothing)
        return module

    def exec_module(self, _module: ModuleType) -> None:
        """Nothing yet."""


class _Finders(list[Any]):
    """The finders of modules while PySide is imported: where it puts its own importer first, ours goes before."""

    def insert(self, at: Any, finder: Any) -> None:
        super().insert(at, finder)
        if type(finder).__name__ == "EmbeddableZipImporter":
            super().insert(at, _Deferring(finder))


def import_without_signatures() -> None:
    """Import PySide without the modules that know the signatures of its functions: 37 ms of a start.

    It compiles them from sources, and makes their regular expressions, at each start; they come when they are needed.
    """
    plain = sys.meta_path
    sys.meta_path = _Finders(plain)
    try:
        import PySide6.QtCore  # noqa: F401, PLC0415 - 37 ms are spared by importing it here
    finally:
        plain[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Deferring)]
        sys.meta_path = plain


quicken_enums()
import_without_signatures()
restore_import()
