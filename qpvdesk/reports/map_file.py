"""The map of a contract, drawn for a page, and in a file as SVG."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from operator import itemgetter
from pathlib import Path

from msgspec.structs import replace

from qpvdesk import durable
from qpvdesk.charts import map_subjects
from qpvdesk.charts.map import Scene, Subject, View, fitted, scene
from qpvdesk.charts.map_callouts import Names, is_whole
from qpvdesk.charts.map_legend import beside_legend, keyed, strip_height
from qpvdesk.charts.map_writing import lack_of_names, left_out, map_chart, names_of, summary
from qpvdesk.charts.primitives import Chart
from qpvdesk.charts.svg import svg
from qpvdesk.domain.atlas import Atlas
from qpvdesk.domain.concerns import holds, lies_in
from qpvdesk.domain.french import NBSP, NNBSP, plural
from qpvdesk.domain.model import Layer, Level, Territory
from qpvdesk.domain.scales import is_beyond_home
from qpvdesk.domain.situation import Situation

PROMISES = map_subjects.PROMISES
"""What shows what is promised in each place, in the stead of a layer."""
VISITS = map_subjects.VISITS
_CUT = "Un quartier y porte le début de son nom."
_WHOLE, _WIDER = "à l’échelle du contrat", "plus largement"
_NO_QUARTIER = "Les quartiers y sont sans nom."
_WIDTH, _HEIGHT = 720.0, 560.0
_PARTS = (1.0, 0.94, 0.88, 0.82, 0.76)
"""Of the largest scale at which a map holds in its frame."""
_NEAR = {Level.COMMUNE: 0.86, Level.QPV: 0.42}
"""The part of the map that a place seen near takes, by its scale: the rest says where it lies."""
_NEAR_MAX, _NEARER = 1.0, 1.2
"""The same at most, and how much more at a time, where a place of its own would have no room for its name."""


def chart_of(
    situation: Situation,
    atlas: Atlas,
    size: tuple[float, float],
    *,
    shown: str,
    place: Territory | None,
    far: bool = False,
) -> tuple[Chart, str]:
    """Draw a map of a width and a height in points, without its sources, which are returned with the places that have
    no room for their name.

    `place`: seen near, with the quartiers that it holds, where it has an outline; the whole map else. `far`: seen from the
    end of a room, the places that bear a figure are shown as large as they hold, and they alone are named.
    """
    places, subject = map_subjects.drawn(situation, atlas, shown)
    told_of = [item.code for item in places if item.figure] if far else []
    if told_of:
        places = [item if item.figure else replace(item, name="") for item in places]
    whole = scene(places)
    selected = place.code if place is not None and place.key in atlas.shapes else ""
    # Seen from the end of a room it stands under its title, which its legend does not say again.
    bare = replace(subject, sources="", title="" if far else subject.title, beneath=bool(selected))
    if place is not None and selected:
        codes = [place.code, *(other.code for other, _ in holds(situation, place))]
        zoom = _NEAR.get(situation.places.levels.scale(place.level), 1.0)
        own = {*codes, *(other.code for other, _ in lies_in(situation, place))}
        view, bare, names = _near(whole, size, bare, codes, zoom=zoom, own=own)
    else:
        view, bare, names = _whole(whole, size, bare, far=far)
    numbered = shown == PROMISES and any(item.figure for item in places)
    head = f"{names_words(situation, atlas, far=far)} " if numbered else ""
    nameless = not far and not selected and _are_nameless(whole, names)
    if not far:
        head += f"{_NO_QUARTIER} " if nameless else f"{_CUT} " if _are_cut(whole, names) else ""
    unnamed = _unnamed(whole, view, names, ("commune",) if nameless else ("commune", "quartier"))
    chart = map_chart(whole, view, bare, selected, names=names)
    return replace(chart, summary=summary(whole, subject, selected)), f"{head}{subject.sources}{unnamed}"


def _near(
    whole: Scene,
    size: tuple[float, float],
    subject: Subject,
    codes: list[str],
    *,
    zoom: float,
    own: Collection[str],
) -> tuple[View, Subject, Names]:
    """The view of a place, the first of `codes`, and its names: nearer where one of its `own` places would lack its own."""
    tried: list[tuple[int, View, Subject]] = []
    while not tried or (tried[-1][0] and zoom <= _NEAR_MAX):
        view, keys = _view_near(whole, size, subject, codes, zoom=zoom)
        tried.append((lack_of_names(whole, view, keys, codes[0], about=own), view, keys))
        zoom = min(zoom * _NEARER, _NEAR_MAX) if zoom < _NEAR_MAX else math.inf
    _, view, keys = min(tried, key=itemgetter(0))
    return view, keys, names_of(whole, view, keys, codes[0], leaders=True, about=own)


def _view_near(
    whole: Scene, size: tuple[float, float], subject: Subject, codes: list[str], *, zoom: float
) -> tuple[View, Subject]:
    """The view of a place, the first of `codes`, and of what is about it, over its legend."""
    width, height = size
    view = fitted(whole, width, height, codes).zoomed(zoom)
    # What stands under the frame takes of its height, and a lower frame shows no more.
    beneath = strip_height(view, keyed(whole, view, subject, codes[0]))
    view = fitted(whole, width, height - beneath, codes).zoomed(zoom)
    return view, keyed(whole, view, subject, codes[0])


def _whole(
    whole: Scene, size: tuple[float, float], subject: Subject, *, far: bool
) -> tuple[View, Subject, Names]:
    """The view of all the places, and their names: read from afar, it gives way to those of all that it is about."""
    view = fitted(whole, *size)
    subject = keyed(whole, view, subject)
    told: tuple[View, Subject, Names] | None = None
    for part in _PARTS if far else _PARTS[:1]:
        seen = view.zoomed(part)
        seen = beside_legend(seen, subject, whole.places) if subject.keys else seen
        names = names_of(whole, seen, subject, leaders=True)
        if all(item.place.code in names for item in whole.places if item.place.figure):
            told = told or (seen, subject, names)
            # No figure alone on its line, were the map a little smaller.
            if not any(text.text.isdigit() for texts in names.values() for text in texts):
                return seen, subject, names
    return told or (seen, subject, names)


def _are_nameless(whole: Scene, names: Names) -> bool:
    """Whether there are quartiers, none of which has its name on the map."""
    quartiers = [item.place.code for item in whole.places if item.place.kind == "quartier"]
    return bool(quartiers) and names.keys().isdisjoint(quartiers)


def _are_cut(whole: Scene, names: Names) -> bool:
    """Whether a quartier has no more than the beginning of its name on the map."""
    quartiers = [item.place for item in whole.places if item.place.kind == "quartier"]
    return any(
        place.code in names and not is_whole(place.name, place.figure, names[place.code])
        for place in quartiers
    )


def _unnamed(whole: Scene, view: View, names: Names, kinds: Sequence[str]) -> str:
    """The places of some kinds that have no room for their name on the map."""
    missing = left_out(whole, view, names, kinds=kinds, slivers=False).replace(" – ", f"{NBSP}– ")
    return f". Sans nom sur la carte, faute de place{NNBSP}: {missing}." if missing else "."


def names_words(situation: Situation, atlas: Atlas, *, far: bool = True) -> str:
    """What the figure by the name of a place counts, and how many objectives are measured on no place of the map: one may
    name towns and be measured on all of them; an engagement may be of a place that it does not name."""
    drawn = {item.territory for item in atlas.contours}
    here = any(item.territory in drawn for item in situation.promises)
    off = [item for item in situation.promised if item.territory not in drawn]
    nouns = ("autre objectif", "autres objectifs") if here else ("objectif", "objectifs")
    verb = "se mesurent" if len(off) > 1 else "se mesure"
    whole = sum(not is_beyond_home(situation, item) for item in off)
    rest = (
        f" {'Les ' * (len(off) > 1)}{plural(len(off), *nouns)} {verb} {_WHOLE if whole else _WIDER}."
        if off
        else ""
    )
    if 0 < whole < len(off):
        # The sheet of the contract's own place has some « ici »: these are no wider.
        verb = "se mesurent" if whole > 1 else "se mesure"
        rest = f" {plural(whole, *nouns)} {verb} {_WHOLE}, {len(off) - whole} {_WIDER}."
    if far:
        # On one line, from the end of a room.
        return f"Le nombre{NNBSP}: {'objectifs et ' if here else ''}engagements du lieu.{rest}"
    counted = "d’objectifs et d’engagements" if here else "d’engagements"
    return f"Sous un nom ou après lui{NNBSP}: combien {counted} y sont rattachés.{rest}"


def write(
    path: Path, situation: Situation, atlas: Atlas, *, shown: Layer | str | None = None, place: str = ""
) -> None:
    """Draw a map. `shown`: a reference layer, `PROMISES`, `VISITS`, the outlines alone by default; `place`: seen near."""
    word = map_subjects.of_layer(shown) if isinstance(shown, Layer) else shown or map_subjects.OUTLINES
    places, subject = map_subjects.drawn(situation, atlas, word)
    whole = scene(places)
    if place:
        # As much of what is about it as a commune has on its sheet.
        near = _NEAR[Level.COMMUNE]
        view, subject = _view_near(
            whole, (_WIDTH, _HEIGHT), replace(subject, beneath=True), [place], zoom=near
        )
    else:
        view = fitted(whole, _WIDTH, _HEIGHT)
        subject = keyed(whole, view, subject)
    names = names_of(whole, view, subject, place, leaders=True)
    durable.save(svg(map_chart(whole, view, subject, place, names=names)).encode(), path)
