"""The bindings of Qt as this program needs them: two habits of PySide's that a start pays for and nothing here uses.

Imported just after PySide, before our other modules. A PySide mended of either leaves nothing to do here.
"""

from __future__ import annotations

import builtins
import enum
import sys
from typing import Any

import PySide6.QtCore  # noqa: F401 - it replaces `__import__` when it is first imported

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


restore_import()
quicken_enums()
