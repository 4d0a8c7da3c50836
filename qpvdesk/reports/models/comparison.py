"""The paper that sets a day beside the committee before: each move by name, in two columns."""

from __future__ import annotations

from pathlib import Path

from qpvdesk.reports import sheets
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.layout import Watch
from qpvdesk.reports.sections.moves import comparison


def write(path: Path, data: CopilData, watch: Watch) -> int:
    """Write the paper and return its number of pages."""
    return sheets.write(path, data, "comparaison", comparison, watch=watch)
