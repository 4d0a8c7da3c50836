"""The note to the préfet before a committee: two pages, object, stakes, what to settle, positions, what to say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from reportlab.platypus import Flowable, PageBreak

from qpvdesk.charts.bars import counts_sentence
from qpvdesk.domain.agenda import late_dates
from qpvdesk.domain.counts import promised_count, turn
from qpvdesk.domain.french import NNBSP, enumerate_words, fold, format_date, lowered, plural, raised
from qpvdesk.domain.meetings import decided_by, is_open, meeting_code
from qpvdesk.domain.model import Condition
from qpvdesk.domain.scales import is_beyond_home, told_apart
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import GROUPS, Group, Statut, to_handle
from qpvdesk.domain.targets import counts_otherwise
from qpvdesk.domain.wording import called, is_reading, quoted, quoted_name, reserve_words
from qpvdesk.reports import sheets
from qpvdesk.reports.copil import AUTHOR
from qpvdesk.reports.ending import laid_out
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, small_heading, title
from qpvdesk.reports.lists import bullets, first_of, titled
from qpvdesk.reports.models.parts import coming_words, due_words, late_title
from qpvdesk.reports.pace import PACE, acronyms, before_the_contract, out_of_term, too_slow, too_slow_words
from qpvdesk.reports.sections.decisions import expected_decisions, with_names
from qpvdesk.reports.sections.essential import ARBITRATED, ENTRY, arbitrations, late_decisions, to_treat_line
from qpvdesk.reports.sections.headline import ONLY_ONE, headline, promised_words, scales_told, with_scales
from qpvdesk.reports.sections.positions import ended, hindrances, hindrances_briefly
from qpvdesk.reports.style import BODY_STYLE, COMMENT_STYLE, NOTE_STYLE
from qpvdesk.reports.text import led, paragraph

_AHEAD = timedelta(days=60)
_DECISIONS, _MOVES, _NAMED, _COMING = 4, 2, 3, 6
_LENGTHS = ((2, 4, 3), (1, 4, 3), (1, 2, 2), (1, 1, 2), (1, 1, 1), (1, 1, 0), (0, 4, 3), (0, 2, 2), (0, 1, 1))
"""Reserves of a partner that are quoted, late steps and coming dates that are named: as many as the pages hold."""
_PAGES_MAX = 2
_SECOND_MIN = 0.3
"""Of a second page, below which it is no page."""
_ON_THEIR_WAY = "en avance sur l’attendu, ou en deçà de 5 points au plus"
_NOTHING = "aucun objectif promis."
_PREFET = re.compile(r"\bprefe(?:ts?|ctures?)\b|\bservices? de l.etat\b")
"""How a text that hangs on the préfet names them, folded."""
_STATE = re.compile(r"\b[Ll].[ÉE](?:tat|TAT)\b")
"""How it names the State, as it is written: « l’état des lieux » is none of it."""


def note(data: CopilData) -> list[Flowable]:
    """The note, on one page or on two that are filled: fewer reserves are quoted where that saves a page of a few lines."""
    head, lengths = sheets.head_of(data), []
    for length in _LENGTHS:
        first, rest = _note(data, length)
        pages, filled = laid_out([*head, *first, *rest])
        if pages == 1 or (pages == 2 and filled >= _SECOND_MIN and laid_out([*head, *first])[0] == 1):
            # Who reads the note has no file beside it to look a code up in.
            return first + _with_names(data, length, [*head, *first], pages)
        lengths += [length] if pages == 2 else []
    for quoted_brakes in (True, False):
        # Of some twenty partners, what hinders each is counted.
        first, rest = _note(data, [*lengths, _LENGTHS[-1]][0], quoted_brakes=quoted_brakes)
        # What no length keeps from running a few lines onto a second page is parted, unless the first part runs over itself.
        parted = [*first, *([PageBreak()] if laid_out([*head, *first])[0] == 1 else []), *rest]
        if laid_out([*head, *parted])[0] <= _PAGES_MAX:
            return parted
    return [*first, *rest]


def _with_names(
    data: CopilData, length: tuple[int, int, int], above: list[Flowable], pages: int
) -> list[Flowable]:
    """What backs the note, with the names of as many of those that are to be decided of as cost no page."""

    def backed(expected: Sequence[str]) -> list[Flowable]:
        return _note(data, length, expected)[1]

    return backed(with_names(data, lambda expected: laid_out([*above, *backed(expected)])[0] <= pages))


def _note(
    data: CopilData, length: tuple[int, int, int], expected: Sequence[str] = (), *, quoted_brakes: bool = True
) -> tuple[list[Flowable], list[Flowable]]:
    """What the préfet reads first, and what backs it."""
    reserves, steps, dates = length
    words = data.composition.comment(ENTRY.key)
    blocks = title(Entry("note", "Note à l’attention du préfet", 0), data.review.data_words)
    blocks += _letter_head(data)
    blocks += [paragraph(words, COMMENT_STYLE)] if words else []
    # Titles of one rank, that of what is to settle on page one.
    term = f" {out_of_term(data.situation)}".rstrip()
    blocks += [*small_heading("Où en est le contrat"), led(headline(data.situation), term, BODY_STYLE)]
    blocks += bullets(_stakes(data, dates))
    blocks += arbitrations(data)
    blocks += late_decisions(data, _DECISIONS)
    # What his own services have to do stands in the first lines.
    if late := [item for item in late_dates(data.situation) if not _is_yours(item.who)]:
        # Who reads the note has no file beside it.
        left = [
            f"{item.task} ({', '.join(filter(None, (item.who, item.code * (item.kind == 'etape'), format_date(item.day))))})"
            for item in late[steps:]
        ]
        named = f"{NNBSP}: {enumerate_words(left, limit=_NAMED)}"
        blocks += titled(
            late_title(late), [item.late_words for item in late], "", most=steps, rest=named, small=True
        )
    asked, told = _yours(data.situation)
    rest = small_heading("Position des partenaires") if data.situation.partners else []
    if words := f"{told} {_in_file(data.situation)}".strip():
        rest.append(led(asked, words, _YOURS_STYLE if asked else NOTE_STYLE))
    rest += bullets(_positions(data, reserves, quoted_brakes=quoted_brakes))
    rest += [*small_heading("Éléments de langage"), *bullets(_to_say(data))]
    rest += [*small_heading("Ce que le comité peut décider"), *bullets(expected or expected_decisions(data))]
    return blocks, rest + [paragraph(text, NOTE_STYLE) for text in acronyms(data.situation)]


def _letter_head(data: CopilData) -> list[Flowable]:
    """Who writes, of what, on which data."""
    meeting = data.copil
    committee = (
        f" avant le {lowered(meeting.kind_name)} du {format_date(meeting.day)}" if meeting is not None else ""
    )
    told = (
        ("De", f"{AUTHOR} (référence des données{NNBSP}: {data.fingerprint})"),
        ("Objet", f"situation au {format_date(data.day)}{committee}, {data.situation.dossier.contract.name}"),
    )
    return [led(f"{name}{NNBSP}:", f" {text}.", _HEAD_STYLE) for name, text in told]


def _stakes(data: CopilData, dates: int) -> list[str]:
    """Of when the values are, which go too slowly, what falls due soon."""
    situation = data.situation
    told = [*before_the_contract(situation), *too_slow_words(situation)]
    # The committee that the note is written for is no news to its reader.
    own = meeting_code(data.copil) if data.copil is not None else None
    coming = [
        item
        for item in data.review.agenda
        if item.day <= data.day + _AHEAD and item.code != own and not _is_yours(item.who)
    ]
    entrusted = _entrusted(data)
    told += entrusted
    told += [due_words(item) for item in coming[:dates]]
    if left := coming[dates:]:
        many = ("autre date", "autres dates") if dates or entrusted else ("date", "dates")
        words = _first_named([*map(coming_words, left)])
        told.append(f"{plural(len(left), *many)} d’ici deux mois{NNBSP}: {words}.")
    return told


def _first_named(names: Sequence[str]) -> str:
    """`a ; b ; 3 autres`."""
    shown = first_of(names, _COMING)
    left = len(names) - len(shown)
    return f"{NNBSP}; ".join([*shown, *([plural(left, "autre", "autres")] if left else [])])


def _entrusted(data: CopilData) -> list[str]:
    """What the services of the préfet have to do: steps, follow-ups of visits and decisions, the first due first."""
    dated = [*late_dates(data.situation), *data.review.agenda]
    tasks = [(item.day, item.task) for item in dated if item.kind != "decision" and _is_yours(item.who)]
    tasks += [
        (item.due or date.max, quoted(item.label.rstrip(" .")))
        for item in decided_by(data.situation.dossier, data.day)
        if is_open(item, data.day) and _is_yours(item.carrier)
    ]
    told = []
    for day, task in sorted(tasks):
        late = "en retard depuis le" if day < data.day else "pour le"
        told.append(f"{lowered(task)}{f' ({late} {format_date(day)})' if day < date.max else ''}")
    return [f"Confié à vos services{NNBSP}: {_first_named(told)}."] if told else []


def _in_file(situation: Situation) -> str:
    """What the file holds whole, of what partners reserve and of what hinders them; empty where there is neither."""
    living = {item.key for item in situation.engagements}
    kinds = {
        "réserves": any(
            not is_reading(item.text) and (item.engagement is None or item.engagement in living)
            for item in situation.dossier.conditions
        ),
        "freins": bool(hindrances(situation, situation.engagements)),
    }
    words = raised(" et ".join(word for word, found in kinds.items() if found))
    return f"{words} en entier au dossier du comité." if words else ""


def _yours(situation: Situation) -> tuple[str, str]:
    """What partners promised on condition that the préfet or the State does something, after the words that lead it."""
    codes = {item.key: item.code for item in situation.engagements}
    told = [
        f"{situation.names.lowered(item.text.rstrip('.'))} ({codes[item.engagement]})"
        for item in situation.dossier.conditions
        if item.engagement in codes and _hangs_on_you(item)
    ]
    asked = f"Ce qu’ils font dépendre de vous ou de l’État{NNBSP}: "
    return (asked, f"{f'{NNBSP}; '.join(told)}.") if told else ("", "")


def _is_yours(text: str) -> bool:
    return bool(_PREFET.search(fold(text)) or _STATE.search(text))


def _hangs_on_you(condition: Condition) -> bool:
    """A reading of the document is no condition, whoever it names."""
    return _is_yours(condition.text) and not is_reading(condition.text)


def _positions(data: CopilData, reserves: int, *, quoted_brakes: bool) -> list[tuple[str, str]]:
    """A line a partner: how its objectives stand, its reserves, what it says hinders it, in its words or counted."""
    situation = data.situation
    told = []
    for summary in situation.partners:
        key = summary.partner.key
        own = [item for item in situation.counted if item.objective.partner == key]
        told_of = " ".join([counts_sentence(summary.counts), *before_the_contract(situation, own)])
        text = f", {told_of if summary.objectives else _NOTHING}"
        text += _reserves(situation, key, reserves)
        engagements = situation.engagements_of_partner(key)
        if brakes := hindrances(situation, engagements):
            text += (
                f" {' '.join(brakes) if quoted_brakes else hindrances_briefly(situation, engagements)[-1]}"
            )
        told.append((summary.partner.name, text))
    return told


def _reserves(situation: Situation, partner: str, most: int) -> str:
    """Its first reserve of all that it promises and its first of one engagement, as the contract holds them, which may sum
    its document up; then how many others."""
    living = {item.key: item for item in situation.engagements}
    own = [item for item in situation.dossier.conditions if item.partner == partner]
    general = dict.fromkeys(reserve_words(ended(item.text)) for item in own if item.engagement is None)
    # What hangs on the préfet, who reads the note, stands apart.
    single = sorted(
        (living[item.engagement].code, quoted_name(living[item.engagement]), item.text)
        for item in own
        if item.engagement in living and not _hangs_on_you(item)
    )
    on = dict.fromkeys(reserve_words(ended(text), f" sur {name}") for _code, name, text in single)
    told = [*list(general)[:1], *list(on)[:1]][:most]
    # A reading of the document is no reserve.
    if rest := sum(text not in told and not is_reading(text) for text in (*general, *on)):
        others = ("autre réserve", "autres réserves") if told else ("réserve", "réserves")
        # Those are told above; who hears « deux autres » would count them among these.
        above = len({item.text for item in own if item.engagement in living and _hangs_on_you(item)})
        also = f", outre {'celle dite' if above == 1 else 'celles dites'} plus haut" if above else ""
        told.append(f"{plural(rest, *others)}{also}.")
    return "".join(f" {text}" for text in told)


def _to_say(data: CopilData) -> list[str]:
    """What can be said aloud, each true alone: what goes well, what moved for the better, what to look at first."""
    situation, told = data.situation, []
    promised = promised_count(situation.counts)
    done, *ahead = (situation.counts[status] for status in GROUPS[Group.VA_BIEN])
    if promised and promised == situation.counts[Statut.NON_RENSEIGNE]:
        # Of what is not known, « aucun n’est atteint » would be heard as a failure.
        who = f"Aucun des {promised_words(promised)} n’a" if promised > 1 else f"{ONLY_ONE} n’a pas"
        told.append(f"{who} {'encore ' * (promised > 1)}de valeur{NNBSP}: rien ne peut en être dit.")
    elif promised == 1:
        told.append(_alone_to_say(situation))
    elif promised:
        share = promised_words(promised)
        well = [
            words
            for count, words in (
                (done, plural(done, "est atteint ou tenu", "sont atteints ou tenus")),
                (sum(ahead), _on_their_way(situation)),
            )
            if count
        ]
        kept = " et ".join(well) or f"aucun n’est atteint, {_ON_THEIR_WAY}"
        kept += f"{_dated(situation)}{_started_otherwise(situation)}"
        clauses = with_scales([(kept, ""), *_others(situation)])
        told.append(f"Sur {share}, {f'{NNBSP}; '.join(clauses)}.")
    better = [move for move in data.review.moves if turn(move.before.status, move.after.status) < 0]
    since = f" {data.review.baseline.since}" if data.review.baseline is not None else ""
    if better:
        sentences = (f"{told_apart(situation, move.objective)}, {move.told}" for move in better[:_MOVES])
        more = len(better) - _MOVES
        others = [
            f"aussi {enumerate_words([situation.names.called(move.objective) for move in better[_MOVES:]], limit=_NAMED)}"
        ]
        others = others if more > 0 else []
        moves = f"{NNBSP}; ".join([*(sentence.rstrip(".") for sentence in sentences), *others])
        told.append(f"En progrès{since}{NNBSP}: {moves}.")
    # Alone, it stands on the page already. What the committee settles comes first, as on page one.
    shown = situation.to_look_at(ARBITRATED).shown if len(situation.to_treat) > 1 else ()
    first = sorted(shown, key=lambda item: is_beyond_home(situation, item.objective))[:1]
    told += [f"À regarder d’abord{NNBSP}: {to_treat_line(situation, item)}" for item in first]
    return told or ["Aucun objectif n’est promis\u202f: il n’y a pas d’avancement à dire."]


def _alone_to_say(situation: Situation) -> str:
    """The same of a contract of one promise, which is no share of anything."""
    done, *ahead = (situation.counts[status] for status in GROUPS[Group.VA_BIEN])
    if done or any(ahead):
        stands = "est atteint ou tenu" if done else _on_their_way(situation)
        told = f"{stands}{_dated(situation)}{_started_otherwise(situation)}"
    else:
        (told,) = with_scales(_others(situation))
    slow = f"{NNBSP}; {lowered(PACE)}, il manquerait sa cible" if too_slow(situation) else ""
    return f"{ONLY_ONE} {told.removeprefix('1 ')}{slow}."


def _on_their_way(situation: Situation) -> str:
    """How many go well: ahead, as expected, or, of some of each, both in one phrase."""
    ahead, level = (situation.counts[status] for status in (Statut.EN_AVANCE, Statut.CONFORME))
    if not ahead:
        return plural(level, "est conforme à l’attendu", "sont conformes à l’attendu")
    if not level:
        return plural(ahead, "est en avance sur l’attendu", "sont en avance sur l’attendu")
    return f"{ahead + level} sont {_ON_THEIR_WAY}"


def _others(situation: Situation) -> list[tuple[str, str]]:
    """How many of those that go well would miss their target, and of each other group how many there are; after each, what
    is said of its scale."""
    late, handle = len(too_slow(situation)), to_handle(situation.counts)
    loose, unknown = (situation.counts[item] for item in (Statut.SANS_TRAJECTOIRE, Statut.NON_RENSEIGNE))
    _, *ahead = (situation.counts[status] for status in GROUPS[Group.VA_BIEN])
    whose = _of_these(late, sum(ahead))
    missing = f"{whose} {'manquerait sa cible' if late == 1 else 'manqueraient leur cible'}"
    # What goes well is told above.
    here, both, *rest = scales_told(situation)
    groups = (
        (late, f"{lowered(PACE)}, {missing}", ""),
        (handle, plural(handle, "est à traiter", "sont à traiter"), here + both),
        (loose, plural(loose, "est sans trajectoire", "sont sans trajectoire"), rest[0]),
        (unknown, plural(unknown, "n’est pas renseigné", "ne sont pas renseignés"), rest[1]),
    )
    return [(words, scale) for count, words, scale in groups if count]


def _of_these(late: int, well: int) -> str:
    """So many of those said last: all of them and one of them in words."""
    if late == well:
        return "ce dernier" if well == 1 else "ces derniers"
    return f"{'un' if late == 1 else late} de ces derniers"


def _started_otherwise(situation: Situation) -> str:
    """« , à titre indicatif pour CitésLab (BPI-O02) »: of what goes well, what is not counted as its start was."""
    unlike = [
        called(item.objective)
        for item in situation.counted
        if item.status in GROUPS[Group.VA_BIEN] and counts_otherwise(item.objective)
    ]
    names = enumerate_words(unlike, limit=_NAMED)
    return f", à titre indicatif pour {names}, dont le départ est compté autrement" if unlike else ""


def _dated(situation: Situation) -> str:
    """« , d’après des valeurs du 31/12/2023 »: of when are the values of what goes well."""
    well = GROUPS[Group.VA_BIEN]
    days = sorted(item.value_day for item in situation.counted if item.status in well and item.value_day)
    if not days:
        return ""
    first, last = format_date(days[0]), format_date(days[-1])
    start = situation.dossier.contract.start
    before = ", d’avant le contrat" if start is not None and days[-1] < start else ""
    return f", d’après des valeurs {f'du {last}' if first == last else f'du {first} au {last}'}{before}"


_YOURS_STYLE = NOTE_STYLE.clone("yours", textColor=BODY_STYLE.textColor)
_HEAD_STYLE = BODY_STYLE.clone("letter-head", spaceAfter=1)


write = sheets.paper("note au préfet", note)
