"""Rules on what the document states about its own figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from qpvdesk.domain.coherence.checks import Checked
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.formula import evaluate, spelled
from qpvdesk.domain.french import NBSP, enumerate_words, fold, format_number, format_value, lowered, unit_of
from qpvdesk.domain.model import Operand, Statement, StatementKind
from qpvdesk.domain.points import Finding

_NUMBER, _INHABITANTS = re.compile(r"\b[0-9]{2,}\b"), re.compile(r"\bhabitants?\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\bannée\b", re.IGNORECASE)
ASK = "Demandez au partenaire d’où vient l’écart, puis notez sa réponse."
COUNTED = "Demandez au partenaire ce qui manque à la liste, ou comment il compte."
RULED = "Demandez au partenaire quelle règle il applique avant de suivre la cible qui en découle."
BASED = "Demandez au partenaire sur quelle base il compte ce qui est couvert."
IF_FULL = "si chacun en couvrait autant que la règle en compte"
UNTOLD = "Le document ne dit pas combien d’habitants couvre ce qui est déjà en place"
SHARED = "Demandez au partenaire comment l’enveloppe se répartit."


def half_unit(value: Decimal) -> Fraction:
    """Return half a unit of the last digit as stated: 16,4 was rounded from anything within 0,05."""
    return Fraction(1, 2 * 10 ** _places(value))


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _rounding(values: list[Decimal]) -> Fraction:
    """Return how far rounding alone can put a sum from its stated total; whole numbers are not rounded."""
    return sum((half_unit(value) for value in values if half_unit(value) < Fraction(1, 2)), Fraction(0))


def _values(operands: list[Operand]) -> list[Decimal]:
    return [operand.value for operand in operands if operand.value is not None]


def _sum(values: list[Decimal]) -> str:
    """Write a sum as people do: 26 + 1 + 16, or −1,1 + 0,6, or 40 − 3."""
    text = format_number(values[0])
    for value in values[1:]:
        text += f" − {format_number(-value)}" if value < 0 else f" + {format_number(value)}"
    return text


def total(checked: Checked) -> Iterator[Finding]:
    """A stated total against the sum of its parts, beyond rounding."""
    for statement in checked.statements(StatementKind.TOTAL):
        values = _values(checked.operands(statement))
        if statement.value is None or not values:
            continue
        reckoned = sum(values, Decimal(0))
        if abs(reckoned - statement.value) > _rounding([*values, statement.value]):
            yield checked.stated(
                statement,
                f"{statement.label} : {_sum(values)} = {format_value(reckoned, statement.unit)},"
                f" et non {format_number(statement.value or 0)}.",
                ASK,
            )


def count(checked: Checked) -> Iterator[Finding]:
    """A stated count against the items listed."""
    for statement in checked.statements(StatementKind.DENOMBREMENT):
        operands = checked.operands(statement)
        if statement.value is not None and statement.value != len(operands):
            # Semicolons: what is listed often holds an « et » of its own.
            names = " ; ".join(operand.label or operand.name for operand in operands)
            listed = f"en énumère {len(operands)} ({names})" if operands else "n’en énumère aucun"
            message = (
                f"{statement.label} : le document annonce {format_value(statement.value, statement.unit)} et"
                f" {listed}."
            )
            cause, name = f"{statement.partner} {statement.code}", statement.label
            gist = message.rstrip(".").removeprefix(f"{name} : ")
            yield checked.stated(statement, message, COUNTED, cause=cause, head=name, gist=gist)
            for item in _counted_again(checked, statement):
                given = _listed(
                    item, [operand for operand in checked.operands(item) if operand.value is not None]
                )
                gist = f"{lowered(item.label)} : {given}"
                told = _given(checked, item)
                yield checked.stated(item, told, COUNTED, cause=cause, head=name, gist=gist)


def _counted_again(checked: Checked, statement: Statement) -> list[Statement]:
    """The statements that set the announced count beside the true one: the same fault, found twice in the document."""
    counts = {statement.value, Decimal(len(checked.operands(statement)))}
    return [
        item
        for item in checked.statements(StatementKind.EGALITE)
        if (item.partner, item.unit) == (statement.partner, statement.unit)
        and len(counts) > 1
        and counts == set(_values(checked.operands(item)))
    ]


def share(checked: Checked) -> Iterator[Finding]:
    """A percentage against its numerator and denominator, beyond the rounding of the digits stated."""
    for statement in checked.statements(StatementKind.PART):
        values = _values(checked.operands(statement))
        if statement.value is None or len(values) != 2 or not values[1]:
            continue
        reckoned = Fraction(values[0]) / Fraction(values[1]) * 100
        if abs(reckoned - Fraction(statement.value)) > half_unit(statement.value):
            shown = format_value(reckoned, "%", max(1, _places(statement.value)))
            yield checked.stated(
                statement,
                f"{statement.label} : {format_number(values[0])} ÷ {format_number(values[1])} = {shown},"
                f" et non {format_value(statement.value, '%')}.",
                ASK,
            )


def rule(checked: Checked) -> Iterator[Finding]:
    """A table's figure against the rule said to produce it, row by row."""
    for statement, values, reckoned in _ruled(checked):
        if isinstance(reckoned, UserError):
            # A base from elsewhere may hold anything: one bad formula must not hide every other finding.
            yield checked.stated(
                statement, f"{statement.label} : {lowered(reckoned.message)}", reckoned.remedy
            )
        elif not _is_by_head(checked, statement, reckoned):
            gap = Fraction(statement.value or 0) - reckoned
            more = "de plus" if gap > 0 else "de moins"
            # « 0 habitant, soit 49 669 de plus » would say the same figure twice.
            given = format_value(reckoned, statement.unit)
            apart = f" ({format_number(abs(gap))} {more})" if reckoned else ""
            told = f"{given} ({spelled(statement.formula, values)}), et non {format_number(statement.value or 0)}{apart}"
            yield checked.stated(
                statement,
                f"{statement.label} : la règle donne {told}.",
                RULED,
                # What one passage says is one rule, however often its table breaks it.
                cause=_passage(statement),
                head="La règle lue dans le document ne donne pas ces chiffres",
                gist=f"{lowered(statement.label)} : {told}",
            )


def by_head(checked: Checked) -> Iterator[Finding]:
    """A table's figure against a rule of one for so many inhabitants, which does not say how many those who are there
    cover: both may be right."""
    for statement, values, reckoned in _ruled(checked):
        if not isinstance(reckoned, UserError) and _is_by_head(checked, statement, reckoned):
            unit = unit_of(statement.unit)
            nothing = f"{'aucune' if unit.feminine else 'aucun'}{NBSP}{unit.singular}"
            given = format_value(reckoned, statement.unit) if reckoned else nothing
            shown, how = format_number(statement.value or 0), spelled(statement.formula, values)
            yield checked.stated(
                statement,
                f"{statement.label} : {shown}, contre {given} ({how}) {IF_FULL} ; {lowered(UNTOLD)}.",
                BASED,
                cause=_passage(statement),
                head=f"{UNTOLD} ; {IF_FULL}, ces chiffres seraient autres",
                gist=f"{lowered(statement.label)} : {shown}, contre {given} ({how})",
            )


def _ruled(checked: Checked) -> Iterator[tuple[Statement, dict[str, Fraction], Fraction | UserError]]:
    """The statements whose rule gives another figure than theirs, or none, with what it is reckoned from."""
    for statement in checked.statements(StatementKind.FORMULE):
        operands = checked.operands(statement)
        values = {operand.name: Fraction(operand.value) for operand in operands if operand.value is not None}
        if statement.value is None:
            continue
        try:
            reckoned = evaluate(statement.formula, values)
        except UserError as error:
            yield statement, values, error
            continue
        if abs(reckoned - Fraction(statement.value)) > _rounding([statement.value, *_values(operands)]):
            yield statement, values, reckoned


def _is_by_head(checked: Checked, statement: Statement, reckoned: Fraction) -> bool:
    """Whether the rule counts one for so many inhabitants, and the figure leaves it open how many each of them covers: those
    that remain, or more of them than it needs. Fewer than it needs cannot be right."""
    about = fold(" ".join((statement.unit, *(operand.label for operand in checked.operands(statement)))))
    if not _NUMBER.search(statement.formula) or not _INHABITANTS.search(about):
        return False
    return bool(_INHABITANTS.search(fold(statement.unit))) or Fraction(statement.value or 0) > reckoned


def _passage(statement: Statement) -> str:
    return f"{statement.partner} {statement.citation.section if statement.citation else statement.formula}"


def overfilled(checked: Checked) -> Iterator[Finding]:
    """Amounts that go beyond the envelope they are said to fill."""
    for statement, told, gap in _envelopes(checked):
        if gap < 0:
            more = f"c’est {format_value(-gap, statement.unit)} de plus que l’enveloppe"
            yield checked.stated(statement, f"{told} ; {more}.", SHARED)


def envelope(checked: Checked) -> Iterator[Finding]:
    """Amounts that leave a part of their envelope untold: what is not told may fill it."""
    for statement, told, gap in _envelopes(checked):
        if gap > 0:
            left = f"le détail de {format_value(gap, statement.unit)} n’est pas donné"
            yield checked.stated(statement, f"{told} ; {left}.", SHARED)


def _envelopes(checked: Checked) -> Iterator[tuple[Statement, str, Decimal]]:
    """The envelopes whose amounts are told, how these add up, and what is left of it."""
    for statement in checked.statements(StatementKind.ENVELOPPE):
        values = _values(checked.operands(statement))
        if statement.value is not None and values:
            added = sum(values, Decimal(0))
            envelope_words = format_value(statement.value, statement.unit)
            told = f"{statement.label} : {_sum(values)} = {format_number(added)} sur {envelope_words}"
            yield statement, told, statement.value - added


def equality(checked: Checked) -> Iterator[Finding]:
    """Two figures for one thing."""
    again = {
        item.key
        for statement in checked.statements(StatementKind.DENOMBREMENT)
        for item in _counted_again(checked, statement)
    }
    for statement in checked.statements(StatementKind.EGALITE):
        operands = checked.operands(statement)
        if len(set(_values(operands))) > 1 and statement.key not in again and not _of_several_years(operands):
            yield checked.stated(statement, _given(checked, statement), ASK)


def several_years(checked: Checked) -> Iterator[Finding]:
    """Two figures to start from, of years that differ or are not all told: both may be right."""
    for statement in checked.statements(StatementKind.EGALITE):
        operands = checked.operands(statement)
        if len(set(_values(operands))) > 1 and _of_several_years(operands):
            yield checked.stated(
                statement,
                _given(checked, statement),
                "Demandez au partenaire de quelle année est chaque chiffre, et duquel il part.",
            )


def _of_several_years(operands: list[Operand]) -> bool:
    """Whether each figure says its year, or that it has none, and they are not the same."""
    years = [tuple(_YEAR.findall(operand.label)) for operand in operands]
    return all(years) and len(set(years)) > 1


def _given(checked: Checked, statement: Statement) -> str:
    """The statement with each of its figures: « Plafond : 70 % (présentation) et 60 % (axe 2). »"""
    operands = [operand for operand in checked.operands(statement) if operand.value is not None]
    return _told(statement, _listed(statement, operands))


def comparison(checked: Checked) -> Iterator[Finding]:
    """Two figures set side by side although population, perimeter, date or nature differs."""
    for statement in checked.statements(StatementKind.COMPARAISON):
        operands = [operand for operand in checked.operands(statement) if operand.value is not None]
        if len(operands) > 1 and len({(item.value, item.unit, item.label) for item in operands}) == 1:
            # Nothing sets them apart any more.
            continue
        figures = "" if statement.note else _listed(statement, operands)
        yield checked.stated(
            statement,
            _told(statement, figures),
            "Ne les rapprochez pas en séance sans dire ce qui les sépare.",
        )


def missing_base(checked: Checked) -> Iterator[Finding]:
    """A target or a ratio stated without the base or the date it is reckoned from."""
    for statement in checked.statements(StatementKind.BASE_ABSENTE):
        yield checked.stated(
            statement, _told(statement), "Demandez au partenaire la base, la période ou la date qui manque."
        )


def _told(statement: Statement, figures: str = "") -> str:
    """Return the statement as one sentence: its label, then its figures if there are any to show."""
    return f"{statement.label} : {figures}." if figures else f"{statement.label}."


def _listed(statement: Statement, operands: list[Operand]) -> str:
    """Write figures with what each counts: « 79 000 créations (année 2021) et… »."""
    return enumerate_words(
        [
            f"{format_value(operand.value, operand.unit or statement.unit)} ({lowered(operand.label)})"
            for operand in operands
        ]
    )
