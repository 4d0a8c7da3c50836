"""The paper that sets a day beside the committee before: each move by name, in two columns."""

from __future__ import annotations

from qpvdesk.reports import sheets
from qpvdesk.reports.sections.moves import comparison

write = sheets.paper("comparaison", comparison)
