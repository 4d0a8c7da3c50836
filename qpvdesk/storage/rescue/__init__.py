"""Rebuilding a damaged base from what its pages, its rows and its journal still tell: one door, `repair`."""

from __future__ import annotations

from qpvdesk.storage.rescue.repair import Repaired, readable, repair, set_aside
from qpvdesk.storage.rescue.salvage import Loss, Report, salvage

__all__ = ["Loss", "Repaired", "Report", "readable", "repair", "salvage", "set_aside"]
