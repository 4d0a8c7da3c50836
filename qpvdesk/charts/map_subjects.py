"""What a map can show: the outlines alone, what is promised in each place, or one reference layer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from qpvdesk.charts.map import Fill, MapPlace, Subject
from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.primitives import Hatch, Ink
from qpvdesk.domain.atlas import Atlas
from qpvdesk.domain.calendar import add_months
from qpvdesk.domain.french import format_date, format_number, format_value, plural
from qpvdesk.domain.model import Layer, Level, Territory
from qpvdesk.domain.scales import home_of, home_scale
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import GROUPS, Group, Statut

OUTLINES, PROMISES, VISITS = "contours", "promesses", "visites"
_LAYER = "couche:"
_QUARTIER = Fill("Quartier prioritaire", Ink.NEUTRAL, tint=0.30)
_TINTS = (0.12, 0.32, 0.56, 0.85)
_UNKNOWN = Fill("Secret ou inconnu", Ink.NEUTRAL, tint=0.25, hatch=Hatch.RISING)
# Turned to grey, what is late is the darkest and the only full one; none is told from another by a slant.
_PROMISED: dict[str, Fill] = {
    "treat": Fill("À traiter", STATUS_MARKS[Statut.EN_RETARD].ink, tint=0.85),
    "ask": Fill("À renseigner", STATUS_MARKS[Statut.SANS_TRAJECTOIRE].ink, tint=0.6, hatch=Hatch.DASHES),
    "well": Fill("Va bien", STATUS_MARKS[Statut.ATTEINT].ink, tint=0.55, hatch=Hatch.ACROSS),
    "named": Fill("Lieu d’un engagement", Ink.INFO, tint=0.3),
}
_NOTHING_OWN = Fill("Quartier sans engagement propre", Ink.PAPER, tint=1.0)
_BARE = "Commune sans engagement propre"
_OUTSIDE = {Level.EPCI: "Hors de l’agglomération", Level.COMMUNE: "Hors de la commune"}
_OUT_OF_CONTRACT, _NO_OUTLINE = "Hors des communes du contrat", "Sans contour connu"
_VISITED = Fill("Visité depuis un an", Ink.ACCENT, tint=0.75)
_VISITED_BEFORE = Fill("Visité auparavant", Ink.ACCENT, tint=0.45, hatch=Hatch.DOTS)
_NEVER_VISITED = Fill("Jamais visité", Ink.PAPER, tint=1.0)


def of_layer(layer: Layer) -> str:
    return f"{_LAYER}{layer.code}"


def choices(situation: Situation, atlas: Atlas) -> list[tuple[str, str]]:
    """Return what a map of a contract can show: word and French name. Visits where there are some."""
    layers = [(of_layer(item), f"{item.name} ({item.vintage})") for item in atlas.layers]
    visits = [(VISITS, "Visites")] if _visits(situation) else []
    return [(OUTLINES, "Quartiers et communes"), (PROMISES, "Ce qui est promis sur place"), *visits, *layers]


def drawn(situation: Situation, atlas: Atlas, shown: str = OUTLINES) -> tuple[list[MapPlace], Subject]:
    """Return the places that have an outline, filled as what is shown asks, and the legend."""
    places, subject = _filled(situation, atlas, shown)
    holding = {item.code for item in situation.dossier.territories if situation.places.quartiers_in(item.key)}
    return [replace(item, holds=item.kind == "commune" and item.code in holding) for item in places], subject


def _filled(situation: Situation, atlas: Atlas, shown: str) -> tuple[list[MapPlace], Subject]:
    layer = next((item for item in atlas.layers if shown == of_layer(item)), None)
    if layer is not None:
        return _of_layer(situation, atlas, layer)
    if shown == PROMISES:
        return _of_promises(situation, atlas)
    if shown == VISITS:
        return _of_visits(situation, atlas)
    places = []
    for territory, kind in _outlined(situation, atlas):
        sentence = f"{situation.places.levels.name(territory.level)} {territory.code}"
        fill = _QUARTIER if kind == "quartier" else None
        places.append(_place(atlas, territory, kind, sentence=sentence, fill=fill))
    return places, Subject("", (_QUARTIER,), _sources(atlas), outside=_outside(situation, atlas))


def _outlined(situation: Situation, atlas: Atlas) -> list[tuple[Territory, str]]:
    """The places to be drawn: communes, and quartiers of today's geography (those of 2015 where there are no others)."""
    scale = situation.places.levels.scale
    found = [item for item in situation.dossier.territories if item.key in atlas.shapes]
    today = any(item.level == Level.QPV for item in found)
    kinds = {Level.COMMUNE: "commune", Level.QPV: "quartier"}
    return [
        (item, kinds[scale(item.level)])
        for item in found
        if scale(item.level) in kinds
        and (scale(item.level) != Level.QPV or item.level == Level.QPV or not today)
    ]


def _outside(situation: Situation, atlas: Atlas) -> str:
    """What lies beyond the communes that are drawn: no more is said of it than is known; nothing where none is drawn."""
    places, home = situation.places, home_of(situation)
    communes = [
        item for item in situation.dossier.territories if places.levels.scale(item.level) == Level.COMMUNE
    ]
    if not any(item.key in atlas.shapes for item in communes):
        return ""
    if any(item.key not in atlas.shapes for item in communes):
        return _NO_OUTLINE
    is_at_home = home is not None and all(places.is_within(item.key, home.key) for item in communes)
    return _OUTSIDE.get(home_scale(situation), _OUT_OF_CONTRACT) if is_at_home else _OUT_OF_CONTRACT


def _place(
    atlas: Atlas, territory: Territory, kind: str, *, sentence: str, fill: Fill | None, figure: str = ""
) -> MapPlace:
    return MapPlace(
        territory.code,
        name=territory.name,
        kind=kind,
        shape=atlas.shapes[territory.key],
        sentence=sentence,
        figure=figure,
        fill=fill,
    )


def _sources(atlas: Atlas, layer: Layer | None = None) -> str:
    own = (f"{layer.source}, {layer.vintage}",) if layer is not None else ()
    return "Sources\u202f: " + "\u202f; ".join((*own, *atlas.sources)) if own or atlas.sources else ""


def _of_promises(situation: Situation, atlas: Atlas) -> tuple[list[MapPlace], Subject]:
    places = []
    used: set[str] = set()
    bare = False
    for territory, kind in _outlined(situation, atlas):
        own = [item for item in situation.promises if item.territory == territory.key]
        naming = situation.engagements_naming(territory.key)
        statuses = {situation.assessments[item.key].status for item in own}
        word = next(
            (name for group, name in _GROUPS if statuses & set(GROUPS[group])), "named" if naming else ""
        )
        used.add(word)
        counts = [
            plural(len(own), "objectif", "objectifs") if own else "",
            plural(len(naming), "engagement", "engagements") if naming else "",
        ]
        sentence = ", ".join(filter(None, counts)) or "aucun objectif ni engagement propre"
        if word in _PROMISED:
            sentence = f"{sentence} ({_PROMISED[word].word.lower()})"
        figure = format_number(len(own) + len(naming)) if own or naming else ""
        fill = _PROMISED.get(word, _NOTHING_OWN if kind == "quartier" else None)
        bare = bare or fill is _NOTHING_OWN
        places.append(_place(atlas, territory, kind, sentence=sentence, fill=fill, figure=figure))
    fills = tuple(fill for word, fill in _PROMISED.items() if word in used)
    fills += (_NOTHING_OWN,) if bare else ()
    return places, Subject(
        "Lieux des promesses", fills, _sources(atlas), _BARE, outside=_outside(situation, atlas)
    )


def _visits(situation: Situation) -> dict[str, list[date]]:
    """The days of the visits of each place, up to the day of the situation, the latest last."""
    days: dict[str, list[date]] = {}
    for visit in situation.dossier.visits:
        if visit.territory is not None and visit.day <= situation.day:
            days.setdefault(visit.territory, []).append(visit.day)
    return {territory: sorted(found) for territory, found in days.items()}


def _of_visits(situation: Situation, atlas: Atlas) -> tuple[list[MapPlace], Subject]:
    """A commune that nobody visited stays bare: a visit is to a quartier, and seldom to the whole of a commune."""
    visits, since = _visits(situation), add_months(situation.day, -12)
    places, used = [], set()
    for territory, kind in _outlined(situation, atlas):
        days = visits.get(territory.key, [])
        fill = _NEVER_VISITED if kind == "quartier" else None
        sentence = "jamais visité" if kind == "quartier" else ""
        if days:
            fill = _VISITED if days[-1] > since else _VISITED_BEFORE
            sentence = f"{plural(len(days), 'visite', 'visites')}, la dernière le {format_date(days[-1])}"
        used.add(fill)
        figure = format_date(days[-1]) if days else ""
        places.append(_place(atlas, territory, kind, sentence=sentence, fill=fill, figure=figure))
    fills = tuple(fill for fill in (_VISITED, _VISITED_BEFORE, _NEVER_VISITED) if fill in used)
    return places, Subject("Visites", fills, _sources(atlas), outside=_outside(situation, atlas))


_GROUPS = ((Group.A_TRAITER, "treat"), (Group.A_RENSEIGNER, "ask"), (Group.VA_BIEN, "well"))


def _of_layer(situation: Situation, atlas: Atlas, layer: Layer) -> tuple[list[MapPlace], Subject]:
    """Quartiers alone are filled where they have figures: those of their communes are another scale."""
    outlined = _outlined(situation, atlas)
    figures = {item.territory: item for item in atlas.figures_of(layer.key)}
    kinds = {kind for territory, kind in outlined if territory.key in figures}
    filled = "quartier" if "quartier" in kinds else "commune"
    values = [
        figure.value
        for territory, kind in outlined
        if kind == filled and (figure := figures.get(territory.key)) is not None and figure.value is not None
    ]
    limits = _limits(values)
    fills = _classes(limits, values, layer.unit)
    places, unknown = [], False
    for territory, kind in outlined:
        figure = figures.get(territory.key)
        if kind != filled:
            sentence = f"{layer.name}\u202f: {_figure_words(figure.value, layer.unit)}" if figure else ""
            places.append(_place(atlas, territory, kind, sentence=sentence, fill=None))
            continue
        value = figure.value if figure is not None else None
        unknown = unknown or value is None
        fill = _UNKNOWN if value is None else fills[sum(value > limit for limit in limits)]
        why = " (secret)" if figure is not None and figure.secret else ""
        sentence = f"{layer.name}\u202f: {_figure_words(value, layer.unit)}{why}"
        shown = "" if value is None else _figure_words(value, layer.unit)
        places.append(_place(atlas, territory, kind, sentence=sentence, fill=fill, figure=shown))
    legend = (*fills, *((_UNKNOWN,) if unknown else ()))
    title, sources = f"{layer.name}, {layer.vintage}", _sources(atlas, layer)
    return places, Subject(title, legend, sources, outside=_outside(situation, atlas))


def _figure_words(value: Decimal | None, unit: str) -> str:
    return "inconnu" if value is None else format_value(value, unit) if unit else format_number(value)


def _limits(values: list[Decimal]) -> list[Decimal]:
    """The upper ends of classes of as many places each, the last left out; fewer where figures are alike."""
    ordered = sorted(values)
    count = len(_TINTS)
    cuts = {ordered[len(ordered) * rank // count - 1] for rank in range(1, count) if len(ordered) >= count}
    return sorted(cuts - {ordered[-1]}) if ordered else []


def _classes(limits: list[Decimal], values: list[Decimal], unit: str) -> tuple[Fill, ...]:
    if not values:
        return ()
    ends = [*limits, max(values)]
    starts = [min(values), *(min(value for value in values if value > limit) for limit in limits)]
    tints = _TINTS if len(ends) == len(_TINTS) else _TINTS[-len(ends) :]
    return tuple(
        Fill(_class_words(low, high, unit), Ink.ACCENT, tint=tint)
        for low, high, tint in zip(starts, ends, tints, strict=True)
    )


def _class_words(low: Decimal, high: Decimal, unit: str) -> str:
    numbers = format_number(low) if low == high else f"{format_number(low)} à {format_number(high)}"
    return f"{numbers}\u00a0{unit}".strip()
