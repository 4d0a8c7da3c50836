"""Sums of money that a text promises, each with whom it is for, and the reserves that it makes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qpvdesk.domain.french import fold, raised
from qpvdesk.domain.model import Credit
from qpvdesk.domain.proposing.figures import unsure
from qpvdesk.domain.proposing.proposal import NUMBER, Line, Proposal

_CUE = re.compile(
    r"\b100 %|\b(?:budget|moyens portés|nouveaux fonds|objectif|ambition|d[’']ici|à terme|en \d+ ans|sur \d+ ans"
    r"|à hauteur|couvrir|porte[rz]? à|crédits|abattement|dotation|enveloppe"
    r"|mobilise(?:nt)?|mobiliser(?:a|ont)|consacre(?:nt)?|consacrer(?:a|ont)|apporte(?:nt)?|apporter(?:a|ont))\b",
    re.IGNORECASE,
)
_MONEY = re.compile(rf"(?P<value>{NUMBER})\s*(?P<unit>Md€|M€|k€|€|euros|millions? d[’']euros)(?!\w)")
_FROM_TO = re.compile(rf"\bde {NUMBER} ?(?:Md€|M€|k€|€|euros)? à {_MONEY.pattern}")
_FOR = re.compile(rf"{_MONEY.pattern} pour (?P<whom>[^,;.]+?)(?= et \d|[,;.]|$)")
_SUBJECT = re.compile(
    r"^(?:Les? |La |L[’'])?(?P<what>.+?) (?:s[’']élève(?:nt)?|atteint|atteignent|est de|sont de)\b"
)
_OBJECT = re.compile(
    r"(?:€|euros)(?: sur 20\d\d[-–]20\d\d)? (?:de |d[’']|pour )(?P<what>[^,.;:]+?)(?= par an\b| chaque année\b|[,.;:]|$)"
)
_PARTS_OF_IT = re.compile(r",? dont (?=\d)")
_SPAN = re.compile(r"\b(?:de |entre )?(20\d\d)(?: à | et |[-–])(20\d\d)\b")
_YEARLY = re.compile(r"\bpar an\b|\bchaque année\b|\bannuel", re.IGNORECASE)
_RESERVE = re.compile(r"\bsous réserve (?:de |du |des |d[’'])", re.IGNORECASE)
_WHOSE = re.compile(
    r"\b(?:[Bb]udget|[Ee]nveloppe) (?:de l[’']|de la |du |d[’'])?(?!QPV)(?P<whose>[A-Z]{2,}[A-Z0-9]*)\b"
)
"""A sum that says whose it is, whatever the chapter that it stands in."""
_CREDITS = (
    (
        re.compile(r"\bprogramme 147\b|\bP ?147\b|\bcrédits spécifiques\b", re.IGNORECASE),
        Credit.CREDITS_SPECIFIQUES,
    ),
    (re.compile(r"\bdroit commun\b", re.IGNORECASE), Credit.DROIT_COMMUN),
)
"""What names the policy that an amount belongs to: the programme 147 is that of the politique de la ville."""
_LABEL_CHARACTERS_MAX = 160


def means_in(line: Line, sentence: str, partner: str, partners: Sequence[str]) -> Iterator[Proposal]:
    """Yield the means that a sentence promises: each part that is for one of `partners`, else what it announces.

    A whole and its parts are never both proposed: they would be counted twice.
    """
    if not _CUE.search(sentence):
        return
    head, _, tail = sentence.partition(":")
    # Of what a sum is made is in it already.
    head = _PARTS_OF_IT.split(head)[0]
    known = {fold(re.sub(r"\(.*?\)", "", name)).strip(): name for name in partners}
    parts = [(money, known.get(fold(money["whom"]).strip(), "")) for money in _FOR.finditer(tail)]
    if len(parts) > 1 and all(whom for _, whom in parts):
        found: list[tuple[re.Match[str], str]] = parts
    else:
        own = _WHOSE.search(head)
        whose = own["whose"] if own else partner
        found = [(money, known.get(fold(whose), whose)) for money in _MONEY.finditer(head)]
    for money, whom in found:
        unit = "M€" if money["unit"].startswith("million") else money["unit"].replace("euros", "€")
        values = {"partner": whom, "label": _label(head), "amount": money["value"], "unit": unit}
        if span := _SPAN.search(sentence):
            values |= {"first_year": span[1], "last_year": span[2]}
        named = [credit.value for form, credit in _CREDITS if form.search(head)]
        values["credit"] = named[0] if len(named) == 1 else ""
        doubt = (
            "Ce montant est par an\u202f: dites lequel, ou la somme des années."
            if _YEARLY.search(head)
            else ""
        )
        if several := _FROM_TO.search(head):
            doubt = unsure(several[0])
        reason = "Moyen\u202f: une somme d’argent et ce qu’elle finance."
        yield Proposal(
            "funding",
            {name: text for name, text in values.items() if text},
            line.text,
            line.page,
            reason,
            doubt,
        )


def budget_of(line: Line, words: str, partner: str, label: str) -> Iterator[Proposal]:
    """Yield the sum that the field of a fiche gives to what it is the fiche of."""
    money = _MONEY.search(words)
    if money is None or not label or len(_MONEY.findall(words)) > 1:
        return
    unit = "M€" if money["unit"].startswith("million") else money["unit"].replace("euros", "€")
    values = {"partner": partner, "label": label, "amount": money["value"], "unit": unit, "engagement": label}
    reason = "Moyen\u202f: le budget d’une fiche."
    kept = {name: text for name, text in values.items() if text}
    yield Proposal("funding", kept, line.text, line.page, reason)


def _label(head: str) -> str:
    """What a sum finances: what is said to amount to it, or what it is a sum of; else the sentence."""
    named = _SUBJECT.search(head) or _OBJECT.search(head)
    what = " ".join((named["what"] if named else head).split())
    return raised(what)[:_LABEL_CHARACTERS_MAX]


def reserves_in(line: Line, sentence: str, partner: str, engagement: str) -> Iterator[Proposal]:
    """Yield the reserve that a sentence makes (« sous réserve du vote… »)."""
    if _RESERVE.search(sentence):
        values = {"text": sentence.strip(), "partner": partner, "engagement": engagement}
        reason = "Réserve\u202f: « sous réserve de… »."
        yield Proposal(
            "condition", {name: text for name, text in values.items() if text}, line.text, line.page, reason
        )
