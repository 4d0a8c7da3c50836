"""The map of a contract in a file, as SVG."""

from __future__ import annotations

from pathlib import Path

from qpvdesk import durable
from qpvdesk.charts import map_subjects
from qpvdesk.charts.map import fitted, scene
from qpvdesk.charts.map_writing import map_chart
from qpvdesk.charts.svg import svg
from qpvdesk.domain.atlas import Atlas
from qpvdesk.domain.model import Layer
from qpvdesk.domain.situation import Situation

PROMISES = map_subjects.PROMISES
"""What shows what is promised in each place, in the stead of a layer."""
_WIDTH, _HEIGHT = 720.0, 560.0


def write(
    path: Path, situation: Situation, atlas: Atlas, *, shown: Layer | str | None = None, place: str = ""
) -> None:
    """Draw a map. `shown`: a reference layer, `PROMISES`, the outlines alone by default; `place`: seen near."""
    word = map_subjects.of_layer(shown) if isinstance(shown, Layer) else shown or map_subjects.OUTLINES
    places, subject = map_subjects.drawn(situation, atlas, word)
    whole = scene(places)
    view = fitted(whole, _WIDTH, _HEIGHT, [place] if place else ())
    durable.save(svg(map_chart(whole, view, subject, place)).encode(), path)
