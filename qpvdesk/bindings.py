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
_KINDS = (enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag)
_EMPTY: dict[tuple[Any, Any], dict[str, Any]] = {}
_WAITING: dict[Any, list[tuple[str, int]]] = {}
"""The names and numbers of the members of each enum that nobody asked anything yet."""


def restore_import() -> None:
    """Give Python its own `__import__` back.

    PySide's own reads the source of each module that is imported after it, to know whether it may be told apart by
    `from __feature__ import`: 26 ms of a start, and every source kept in memory (6 MB).
    """
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def quicken_enums() -> None:
    """Make the enums that PySide asks for when something of them is asked; they are the same (`test_bindings.py`).

    PySide makes two hundred enums of three thousand members at a start, of which a first sight uses one in
    three. Only under the release of Python whose enums these are, and where PySide is not imported yet: its signatures
    look for words of enums, and must be ours to load (`_DeferredModule`).
    """
    if sys.version_info[:2] == (3, 11) and "PySide6" not in sys.modules:
        enum.EnumType._create_ = waiting_enum  # type: ignore[attr-defined]


class WaitingEnum(enum.EnumType):
    """The class of an enum that is none yet: it has its members, and is an `EnumType`, as soon as one asks it anything.

    Two habits of PySide's look at the kind itself and see no enum in one that waits: words of an enum as those of the
    class around it (`Qt.AlignLeft`, which its types do not know) and a signal that bears an enum. Nothing here has them.
    """

    def __call__(cls, *given: Any, **named: Any) -> Any:
        _make_members(cls)
        # As PySide has it of an enum that is called with nothing.
        return cls(*(given or (0,)), **named)

    def __getattribute__(cls, name: str) -> Any:
        _make_members(cls)
        return getattr(cls, name)

    def __setattr__(cls, name: str, value: Any) -> None:
        # What PySide adds to each enum that it made.
        if name not in ("_missing_", "__module__", "__qualname__"):
            _make_members(cls)
        type.__setattr__(cls, name, value)

    def __delattr__(cls, name: str) -> None:
        _make_members(cls)
        delattr(cls, name)


def waiting_enum(kind: Any, name: str, names: Any, **asked: Any) -> Any:
    """Make an enum as `EnumType._create_` of Python 3.11, its members later; what is not plainly numbers goes its way."""
    if asked.get("module") is None:
        # As `_create_` does: the module that asked, not this one.
        asked["module"] = sys._getframe(2).f_globals.get("__name__")
    if asked.get("qualname") or asked.get("type") or kind not in _KINDS or not _is_plain(names):
        return _STANDARD(kind, name, names, **asked)
    attributes = _held_by_an_empty(kind, asked.get("boundary"))
    waiting = type.__new__(WaitingEnum, name, (kind,), {**attributes, "__module__": asked["module"]})
    # Not among the rest, of which `type` would make it a static method.
    type.__setattr__(waiting, "__new__", enum.Enum.__new__)
    _WAITING[waiting] = names
    return waiting


def _held_by_an_empty(kind: Any, boundary: Any) -> dict[str, Any]:
    """What an enum of that kind holds before it has a member, but for its names and for what its members fill."""
    if (kind, boundary) not in _EMPTY:
        empty = _STANDARD(kind, "Empty", [], module=__name__, boundary=boundary)
        own = ("__module__", "__dict__", "__weakref__", "__new__")
        _EMPTY[kind, boundary] = {word: thing for word, thing in vars(empty).items() if word not in own}
    return _EMPTY[kind, boundary]


def _make_members(waiting: Any) -> None:
    """Give an enum its members, once; another thread that asks it something waits for them."""
    with _LOADING:
        names = _WAITING.pop(waiting, None)
        if names is None:
            return
        is_flag, is_number = issubclass(waiting, enum.Flag), issubclass(waiting, int)
        listed: list[str] = []
        by_name: dict[str, Any] = {}
        by_value: dict[int, Any] = {}
        mask = singles = 0
        for word, value in names:
            mask |= value
            single = bool(value) and not value & (value - 1)
            singles |= value if single else 0
            member = by_value.get(value)
            if member is None:
                member = int.__new__(waiting, value) if is_number else object.__new__(waiting)
                member.__dict__.update(
                    _value_=value, _name_=word, __objclass__=waiting, _sort_order_=len(listed)
                )
                by_value[value] = member
                if single or not is_flag:
                    listed.append(word)
            by_name[word] = member
        own = {**by_name, "_member_names_": listed, "_member_map_": by_name, "_value2member_map_": by_value}
        own["_unhashable_values_"] = []
        if is_flag:
            own.update(_flag_mask_=mask, _singles_mask_=singles, _all_bits_=2 ** mask.bit_length() - 1)
            values = [by_name[word]._value_ for word in listed]
            if values != sorted(values):
                own["_iter_member_"] = enum.Flag.__dict__["_iter_member_by_def_"].__get__(None, waiting)
        for word, thing in own.items():
            type.__setattr__(waiting, word, thing)
        type.__setattr__(waiting, "__class__", enum.EnumType)


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
                # Defaults of its functions are told by words of enums, which it looks for in the classes around.
                enum.EnumType._create_ = _STANDARD  # type: ignore[attr-defined]
                for waiting in list(_WAITING):
                    _make_members(waiting)
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
