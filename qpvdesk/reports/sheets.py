"""The short papers: a partner's sheet, a place's, the entry form, the minutes, the month and the year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from reportlab.platypus import Flowable, PageBreak, Spacer

from qpvdesk.charts.bars import counts_sentence
from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.parity import parity_chart
from qpvdesk.domain.french import (
    NNBSP,
    code_ranges,
    format_date,
    format_month,
    format_number,
    format_rate,
    format_value,
    plural,
    typeset,
)
from qpvdesk.domain.model import (
    WEATHER_LABELS,
    Engagement,
    Funding,
    Meeting,
    Objective,
    Partner,
    Sens,
    Territory,
    Weather,
)
from qpvdesk.domain.points import Point
from qpvdesk.domain.progress import Statut
from qpvdesk.domain.situation import MEETING_LABELS, PartnerSummary
from qpvdesk.reports.copil import identity
from qpvdesk.reports.document import Entry, Progress, heading, title, write_document
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.sections.agenda import STATES
from qpvdesk.reports.sections.essential import Tiles
from qpvdesk.reports.sections.funding import amount_of, years_of
from qpvdesk.reports.sections.notes import Ruling
from qpvdesk.reports.sections.territories import establishments
from qpvdesk.reports.style import BODY_STYLE, NOTE_STYLE, WIDTH, code_width, fill, load_fonts
from qpvdesk.reports.tables import EntryBox, StatusCell, WeatherCell, data_table
from qpvdesk.reports.text import cell, line, paragraph, stacked

_Blocks = list[Flowable]


def write(
    path: Path,
    data: CopilData,
    name: str,
    build: Callable[[CopilData], _Blocks],
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> int:
    """Write one paper called `name` and return its number of pages. The same data give the same bytes."""
    load_fonts()
    named = replace(
        identity(data),
        title=line(f"{data.situation.dossier.contract.name} – {name}"),
        subject=typeset(f"{name}, données au {format_date(data.day)}"),
    )
    return write_document(path, named, [], build(data), progress=progress, cancelled=cancelled)


def partner_sheet(data: CopilData, summary: PartnerSummary) -> _Blocks:
    """What a partner promised, where it stands, its means and what is missing."""
    situation, key = data.situation, summary.partner.key
    blocks = title(Entry("partenaire", summary.partner.name, 0), f"Partenaire · {summary.partner.code}")
    blocks.append(paragraph(counts_sentence(summary.counts), BODY_STYLE))
    promised = [item for item in situation.objectives_of_partner(key) if item.sens is not Sens.SUIVI]
    blocks += heading("Engagements")
    blocks += _engagements(data, situation.engagements_of_partner(key))
    blocks += heading("Objectifs chiffrés")
    blocks += _objectives(data, promised, "Aucun objectif chiffré promis.")
    chart = parity_chart([situation.assessments[item.key] for item in promised], WIDTH)
    if chart.height:
        blocks += heading("Parts comparées à leur référence", room=min(chart.height + 70, 500))
        blocks.append(ChartFlowable(chart))
    own = [item for item in situation.dossier.fundings if item.partner == key]
    blocks += heading("Moyens mobilisés")
    blocks += _fundings(own)
    blocks += heading("Ce qui manque")
    gaps = (
        (Statut.NON_RENSEIGNE, "Sans valeur"),
        (Statut.SANS_TRAJECTOIRE, "Sans départ ou sans échéance"),
    )
    for status, words in gaps:
        codes = [item.code for item in promised if situation.assessments[item.key].status is status]
        blocks.append(paragraph(f"{words}{NNBSP}: {', '.join(codes) or 'aucun objectif'}.", BODY_STYLE))
    return blocks


def territory_sheet(data: CopilData, place: Territory) -> _Blocks:
    """What concerns one place: its people, its schools, promises naming it or a wider place, by scale."""
    situation = data.situation
    dossier = situation.dossier
    blocks = title(Entry("territoire", place.name, 0), f"Territoire · {place.code}")
    for perimeter, word in (("totale", "habitants"), ("qpv", "habitants en QPV")):
        people = situation.population(place.key, perimeter)
        if people is not None:
            blocks.append(paragraph(f"{format_number(people)} {word}.", BODY_STYLE))
    if place.note:
        blocks.append(paragraph(place.note, NOTE_STYLE))
    blocks += establishments(data, [item for item in dossier.establishments if item.territory == place.key])
    named = {(item.engagement, item.territory) for item in dossier.engagement_territories}
    named |= {(item.key, item.territory) for item in dossier.engagements if item.territory}
    shown = False
    for scale in _scales(data, place):
        engagements = [
            item for item in dossier.engagements if (item.key, scale.key) in named and not item.retired
        ]
        # Context figures of the whole country would bury the place the visit is about.
        objectives = [
            item
            for item in situation.objectives
            if item.territory == scale.key and (scale.key == place.key or item.sens is not Sens.SUIVI)
        ]
        if not engagements and not objectives:
            continue
        shown = True
        blocks += heading(f"À l’échelle{NNBSP}: {scale.name}")
        if engagements and scale.key == place.key:
            blocks += _engagements(data, engagements)
            blocks.append(Spacer(0, 8))
        elif engagements:
            blocks += _told_by_partner(data, engagements)
        if objectives:
            blocks += _objectives(data, objectives, "", place if scale.key != place.key else None)
    if not shown:
        blocks.append(
            paragraph("Aucun engagement ni objectif ne nomme ce territoire ou plus large.", NOTE_STYLE)
        )
    blocks += heading("Notes de visite")
    blocks.append(Ruling())
    return blocks


def _told_by_partner(data: CopilData, engagements: Sequence[Engagement]) -> _Blocks:
    """How many promises each partner made on a wider scale, and their codes: their words stand in its own sheet."""
    told: _Blocks = []
    for summary in data.situation.partners:
        codes = [item.code for item in engagements if item.partner == summary.partner.key]
        if codes:
            count = plural(len(codes), "engagement", "engagements")
            words = f"{summary.partner.short_name}{NNBSP}: {count} ({code_ranges(codes)})."
            told.append(paragraph(words, BODY_STYLE))
    return told


def entry_form(data: CopilData, partner: Partner | None) -> _Blocks:
    """Each expected figure, its last value, and room to write the next and its source."""
    situation = data.situation
    blocks = title(Entry("saisie", "Bordereau de saisie", 0), partner.name if partner else "")
    blocks.append(
        paragraph("Valeur relevée, date et source : ce qui n’est pas connu reste vide.", BODY_STYLE)
    )
    for summary in situation.partners:
        if partner is not None and summary.partner.key != partner.key:
            continue
        own = [
            item
            for item in situation.objectives_of_partner(summary.partner.key)
            if not situation.assessments[item.key].aggregated
        ]
        if not own:
            continue
        blocks += heading(summary.partner.name)
        widths = fill(code_width(item.code for item in own), None, 78, 84, 76, 100)
        rows: list[list[Any]] = []
        for item in own:
            found = situation.assessments[item.key]
            last = stacked(
                format_value(found.value, item.unit),
                [format_date(found.value_day)] if found.value_day else [],
            )
            rows.append(
                [
                    item.code,
                    cell(item.label, widths[1] - 8),
                    last,
                    EntryBox(item.unit if len(item.unit) < 16 else "", widths[3] - 8),
                    EntryBox("jj / mm / aaaa", widths[4] - 8),
                    EntryBox("", widths[5] - 4),
                ]
            )
        blocks += data_table(
            ("Code", "Chiffre attendu", "Dernière valeur", "Valeur", "Date", "Source"), rows, widths
        )
    return blocks


def minutes(data: CopilData, meeting: Meeting | None) -> _Blocks:
    """The decisions of a meeting, who was there, room to sign; blank where no meeting is recorded."""
    dossier = data.situation.dossier
    blocks = title(Entry("decisions", "Relevé de décisions", 0))
    if meeting is None:
        blocks.append(paragraph("Aucune réunion n’est enregistrée : formulaire à remplir.", BODY_STYLE))
    else:
        name = meeting.title or MEETING_LABELS[meeting.kind]
        place = f", {meeting.place}" if meeting.place else ""
        blocks.append(paragraph(f"{name}, le {format_date(meeting.day)}{place}.", BODY_STYLE))
    own = [item for item in dossier.decisions if meeting is not None and item.meeting == meeting.key]
    widths = fill(30, None, 120, 60, 60)
    rows: list[list[Any]] = [
        [
            f"{item.rank or number}",
            cell(item.label, widths[1] - 8),
            cell(item.carrier or "–", widths[2] - 8),
            format_date(item.due),
            STATES[item.state],
        ]
        for number, item in enumerate(own, 1)
    ] or [[f"{number}", "\n\n", "", "", ""] for number in range(1, 6)]
    blocks += heading("Décisions")
    blocks += data_table(("N°", "Décision", "Confiée à", "Échéance", "État"), rows, widths)
    blocks += heading("Présences")
    people = [text.strip() for text in (meeting.participants if meeting else "").splitlines() if text.strip()]
    widths = fill(None, 190)
    blocks += data_table(
        ("Fonction", "Émargement"),
        [[cell(text, widths[0] - 4), "\n"] for text in people] or [["\n", ""] for _ in range(6)],
        widths,
    )
    blocks += heading("Signature")
    return [*blocks, paragraph("Fait à ______________________, le ____ / ____ / ________", BODY_STYLE)]


def monthly(data: CopilData) -> _Blocks:
    """One page for the préfet; `data.previous` is the contract a month before."""
    situation = data.situation
    blocks = title(Entry("mensuel", f"Point mensuel, {format_month(data.day)}", 0))
    blocks.append(Tiles(situation, WIDTH))
    moves = data.situation.moves_since(data.previous) if data.previous is not None else ()
    blocks += _list("Ce qui a bougé depuis un mois", [item.sentence for item in moves], "Aucune évolution.")
    late = [
        f"{item.objective.code}{NNBSP}: {item.objective.label}, {STATUS_MARKS[item.status].word.lower()} "
        f"({format_value(item.value, item.objective.unit)} au {format_date(item.value_day)})."
        for item in situation.worrying(300)
        if item.status in (Statut.EN_RETARD, Statut.NON_ATTEINT)
    ]
    blocks += _list("Ce qui est en retard", late, "Aucun objectif en retard ou non atteint.")
    seen = {item.point for item in situation.dossier.acknowledgements}
    kinds: dict[str, list[Point]] = {}
    for point in data.alerts:
        if point.ident not in seen:
            kinds.setdefault(point.kind, []).append(point)
    needs = []
    for alike in kinds.values():
        if len(alike) > 3:
            needs.append(f"{alike[0].title}{NNBSP}: {plural(len(alike), 'cas', 'cas')}.")
        else:
            needs += [item.message[:1].upper() + item.message[1:] for item in alike]
    return [*blocks, *_list("Ce qui appelle votre attention", needs, "Aucune alerte à cette date.")]


def yearly(data: CopilData) -> _Blocks:
    """The year: promises kept or not by their météo, figures from start to target, means, what comes."""
    situation = data.situation
    dossier = situation.dossier
    blocks = title(Entry("annuel", f"Bilan annuel {data.day.year}", 0))
    blocks.append(Tiles(situation, WIDTH))
    groups = (
        ("Engagements tenus", (Weather.SOLEIL, Weather.COUVERT)),
        ("Engagements tenus en partie", (Weather.NUAGE,)),
        ("Engagements non tenus", (Weather.ORAGE,)),
    )
    live = [item for item in dossier.engagements if not item.retired]
    for name, weathers in groups:
        blocks += heading(name)
        blocks += _engagements(data, [item for item in live if _weather(data, item) in weathers])
    known = {weather for _, weathers in groups for weather in weathers}
    silent = sum(1 for item in live if _weather(data, item) not in known)
    blocks.append(
        paragraph(f"{plural(silent, 'engagement', 'engagements')} sans météo renseignée.", NOTE_STYLE)
    )
    for summary in situation.partners:
        own = situation.objectives_of_partner(summary.partner.key)
        if own:
            blocks += heading(f"Chiffres{NNBSP}: {summary.partner.name}")
            blocks += _objectives(data, own, "")
    blocks += [PageBreak(), *heading("Moyens mobilisés"), *_fundings(dossier.fundings)]
    dates = [f"{format_date(item.day)}{NNBSP}: {item.label}" for item in situation.next_dates(10)]
    return [*blocks, *_list("Perspectives", dates, "Aucune échéance à venir.", 10)]


def _scales(data: CopilData, place: Territory) -> list[Territory]:
    by_key = {item.key: item for item in data.situation.dossier.territories}
    found: list[Territory] = []
    current: Territory | None = place
    while current is not None and current not in found:
        found.append(current)
        current = by_key.get(current.parent or "")
    return found


def _weather(data: CopilData, item: Engagement) -> Weather:
    meteo = data.situation.meteo_of(item.key)
    return meteo.weather if meteo is not None else Weather.NON_RENSEIGNEE


def _engagements(data: CopilData, items: Sequence[Engagement]) -> _Blocks:
    if not items:
        return [paragraph("Aucun.", NOTE_STYLE)]
    widths = fill(code_width(item.code for item in items), None, 120)
    rows = [
        [
            item.code,
            cell(item.label, widths[1] - 8),
            WeatherCell(_weather(data, item), [WEATHER_LABELS[_weather(data, item)]], widths[2] - 4),
        ]
        for item in items
    ]
    return data_table(("Code", "Engagement", "Météo"), rows, widths)


def _objectives(
    data: CopilData, items: Sequence[Objective], nothing: str, place: Territory | None = None
) -> _Blocks:
    if not items:
        return [paragraph(nothing, NOTE_STYLE)]
    widths = fill(code_width(item.code for item in items), None, 62, 66, 66, 42, 82)
    rows: list[list[Any]] = []
    for item in items:
        found = data.situation.assessments[item.key]
        part = data.situation.quote_part(item, place) if place is not None else None
        more = [] if part is None else [f"Quote-part indicative{NNBSP}: {format_value(part, item.unit, 0)}"]
        # A long unit breaks a column of figures: it stands under the label.
        short = item.unit if len(item.unit) < 5 else ""
        rows.append(
            [
                item.code,
                stacked(item.label, [*([item.unit] if item.unit and not short else []), *more]),
                cell(format_value(item.start_value, short), widths[2] - 8),
                stacked(format_value(found.value, short), _dated(found.value_day)),
                stacked(format_value(item.target_value, short), _dated(item.target_date)),
                "–" if found.flagged else format_rate(found.rate),
                StatusCell(found.status, None, widths[6] - 4),
            ]
        )
    return data_table(("Code", "Objectif", "Départ", "Actuel", "Cible", "Taux", "Statut"), rows, widths)


def _dated(day: date | None) -> list[str]:
    return [format_date(day)] if day is not None else []


def _fundings(items: Sequence[Funding]) -> _Blocks:
    if not items:
        return [paragraph("Aucun moyen n’est enregistré.", NOTE_STYLE)]
    widths = fill(code_width(item.code for item in items), None, 60, 90)
    rows = [[item.code, cell(item.label, widths[1] - 8), years_of(item), amount_of(item)] for item in items]
    return data_table(("Code", "Moyen", "Années", "Montant"), rows, widths, right=(3,))


def _list(name: str, items: Sequence[str], nothing: str, most: int = 7) -> _Blocks:
    blocks = heading(name, room=40)
    shown = [text if len(text) < 260 else text[:258].rstrip() + "…" for text in items[:most]]
    blocks += [paragraph(f"• {text}", NOTE_STYLE) for text in shown or [nothing]]
    if len(items) > most:
        rest = plural(len(items) - most, "autre point", "autres points")
        blocks.append(paragraph(f"et {rest}, dans le dossier du comité de pilotage.", NOTE_STYLE))
    return blocks
