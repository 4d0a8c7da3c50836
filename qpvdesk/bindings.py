"""Gives Python its own `__import__` back, which PySide replaces. Imported just after PySide, before our other modules.

PySide's own reads the source of each module that is imported after it, to know whether it may be told apart by
`from __feature__ import`, of which nothing is used here: 26 ms of a start, and every source kept in memory (6 MB).
"""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401 - it replaces `__import__` when it is first imported

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
