"""The example: the starter contract with invented years of follow-up, so that every page is alive.

The figures stand in `resources/examples/`, nothing is left to chance: two bases made on one day hold the same. Each
act is journalled on the day it would have been done, under keys that follow from the file: two examples that exchange
have the same things, each once. A contract of an example bears keys of its own (see
`Contract.fictitious`); storage refuses to let such a contract and a real one into one base.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from qpvdesk import paths
from qpvdesk.domain import french
from qpvdesk.domain.calendar import working_day
from qpvdesk.domain.engagements import holders
from qpvdesk.domain.model import (
    EXAMPLE,
    Budget,
    CounterValue,
    DecisionState,
    Dossier,
    Funding,
    Meeting,
    MeetingKind,
    Meteo,
    Stage,
    Step,
    Weather,
)
from qpvdesk.services import measurements
from qpvdesk.services.committees import committee, freezing
from qpvdesk.services.contracts import contract_files
from qpvdesk.services.contracts.toml_table import Table, parse, whole
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts as forms
from qpvdesk.storage import opening, starter
from qpvdesk.storage.keys import derived, new_key, starter_key

FILE = "examples/lens-lievin.toml"
_FORMAT = 1
_HOUR = timedelta(hours=9)
_VISIT_WORDS = (
    ("place", "lieu"),
    ("territory", "territoire"),
    ("mood", "ambiance"),
    ("needs", "besoins"),
    ("difficulties", "difficultes"),
    ("proposals", "propositions"),
    ("follow_up", "suite"),
    ("carrier", "porteur"),
)
"""The fields of a visit that are texts, and their words in the file."""
_YEAR_TURNS = 7
"""The month from which the invented year is over, and the next example moves on by one."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something done on a day, at a desk whose clock says that day, to the contract of a code."""

    day: date
    do: Callable[[Desk, str], object]
    number: int = 0
    """Its place in the file, whatever the day: the keys of what it makes follow from it."""


class _Clock:
    """The clock of the base while it is filled: it tells the moment of the act at hand."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


def contract() -> Dossier:
    """Return the contract of the example: the starter one, under a name, a code and keys of its own."""
    with whole(_read()) as top:
        starter, code, name, note = _head(top)
        for table_name in ("retour", "contre_chiffre", "meteo", "etapes", "moyens", "reunion", "visite"):
            list(top.tables(table_name))
        top.text("source")
        top.whole("annee")
    starter_dossier = contract_files.load(
        paths.resource(f"contracts/{starter}"), key_of=lambda item: EXAMPLE + starter_key(f"{EXAMPLE}{item}")
    )
    return replace(
        starter_dossier, contract=replace(starter_dossier.contract, code=code, name=name, note=note)
    )


def create(path: Path, *, now: datetime) -> Dossier:
    """Make a base that holds the example as of `now` (aware); return its contract. Raises `UserError`."""
    return lived(path, contract(), _acts(now.date()), now=now)


def lived(path: Path, dossier: Dossier, acts: Iterable[Act], *, now: datetime) -> Dossier:
    """Make a base of a contract, each act done on its day; return the contract as it then is. Raises `UserError`."""
    acts = sorted(acts, key=lambda act: act.day)
    clock = _Clock(_moment(acts[0].day) if acts else now)
    with opening.create(path, now=now, clock=clock) as base:
        starter.import_starter(base, dossier)
        today = now.date()
        desk = Desk(base, today=lambda: today)
        for act in acts:
            clock.moment = min(max(clock.moment + timedelta(minutes=1), _moment(act.day)), now)
            today = act.day
            with derived(_moment(act.day) + timedelta(seconds=act.number), FILE):
                act.do(desk, dossier.contract.code)
        return desk.dossier(dossier.contract.code)


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + _HOUR


def _read() -> Table:
    path = paths.resource(FILE)
    return Table(path.name, "le fichier", parse(path))


def _head(top: Table) -> tuple[str, str, str, str]:
    if top.whole("format") != _FORMAT:
        top.refuse("format", f"seul le format {_FORMAT} est connu")
    return top.text("contrat"), top.text("code"), top.text("nom"), top.text("note")


def _acts(today: date) -> Iterator[Act]:
    """Yield what was done up to today, in the order of the file."""
    with whole(_read()) as top:
        _head(top)
        years = max(0, (today.year if today.month >= _YEAR_TURNS else today.year - 1) - top.whole("annee"))
        acts = _Acts(top.text("source"), years, today)
        for table in top.tables("retour"):
            yield from acts.figures(table)
        for table in top.tables("contre_chiffre"):
            yield from acts.counter_value(table)
        for table in top.tables("meteo"):
            yield from acts.weather(table)
        for table in top.tables("etapes"):
            yield from acts.steps(table)
        for table in top.tables("moyens"):
            yield from acts.money(table)
        for table in top.tables("reunion"):
            yield from acts.meeting(table)
        for table in top.tables("visite"):
            yield from acts.visit(table)


class _Acts:
    """Turns the tables of the file into acts, their days moved on by `years`; those after `today` are left."""

    def __init__(self, source: str, years: int, today: date) -> None:
        self.source, self.years, self.today = source, years, today
        self._number = 0

    def moved(self, day: date) -> date:
        """Return the same day `years` later."""
        return day.replace(year=day.year + self.years)

    def day(self, table: Table, name: str) -> date:
        """Return a day of the file, moved."""
        return self.moved(table.required_day(name))

    def until_now(self, *acts: Act) -> Iterator[Act]:
        for act in acts:
            self._number += 1
            if act.day <= self.today:
                yield Act(act.day, act.do, self._number)

    def figures(self, table: Table) -> Iterator[Act]:
        with whole(table):
            received, day = self.day(table, "recu"), self.day(table, "date")
            comment, provisional = table.text("commentaire", ""), table.flag("provisoire")
            values_table = table.table("valeurs")
            values = _numbers(values_table) if values_table is not None else {}

        def do(desk: Desk, contract: str) -> None:
            dossier = desk.dossier(contract)
            entries = [
                measurements.Entry(
                    objective=measurements.objective_coded(dossier, code).key,
                    day=day,
                    value=value,
                    source=self.source,
                    comment=comment,
                    provisional=provisional,
                )
                for code, value in values.items()
            ]
            measurements.record_all(desk, contract, entries)

        return self.until_now(Act(received, do))

    def counter_value(self, table: Table) -> Iterator[Act]:
        with whole(table):
            received, day = self.day(table, "recu"), self.day(table, "date")
            code, value = table.text("objectif"), table.required_number("valeur")
            reason, source = table.text("motif"), table.text("source")

        def do(desk: Desk, contract: str) -> None:
            objective = measurements.objective_coded(desk.dossier(contract), code)
            with desk.act(f"{code}\u202f: autre chiffre noté au {french.format_date(day)}") as unit:
                unit.put(CounterValue(new_key(), objective.key, day, value, reason=reason, source=source))

        return self.until_now(Act(received, do))

    def weather(self, table: Table) -> Iterator[Act]:
        with whole(table):
            day, code = self.day(table, "recu"), table.text("engagement")
            weather = table.choice("meteo", Weather)
            names = (("results", "resultats"), ("obstacles", "obstacles"), ("next_steps", "suites"))
            words = {field: table.text(name, "") for field, name in names}

        def do(desk: Desk, contract: str) -> None:
            with desk.act(f"{code}\u202f: météo au {french.format_date(day)}") as unit:
                engagement = _engagement(desk.dossier(contract), code)
                unit.put(Meteo(new_key(), engagement, day, weather, **words))

        return self.until_now(Act(day, do))

    def steps(self, table: Table) -> Iterator[Act]:
        dated_steps: list[tuple[Step, date | None]] = []
        with whole(table):
            received, code = self.day(table, "recu"), table.text("engagement")
            for rank, part in enumerate(table.tables("liste", "libelle"), start=1):
                with whole(part):
                    done = part.day("faite")
                    step = Step(
                        _key("step", code, rank, received),
                        "",
                        part.text("libelle"),
                        rank,
                        who=part.text("qui"),
                        due=self.day(part, "echeance"),
                    )
                    dated_steps.append((step, self.moved(done) if done else None))

        def plan(desk: Desk, contract: str) -> None:
            promised = _engagement(desk.dossier(contract), code)
            with desk.act(f"{code}\u202f: étapes posées") as unit:
                unit.put_all(replace(step, engagement=promised) for step, _ in dated_steps)

        def finish(step: Step) -> Callable[[Desk, str], None]:
            def do(desk: Desk, contract: str) -> None:
                promised = _engagement(desk.dossier(contract), code)
                with desk.act(f"{code}\u202f: étape faite, {step.label}") as unit:
                    unit.put(replace(step, engagement=promised, done_on=desk.today()))

            return do

        done_acts = [Act(day, finish(step)) for step, day in dated_steps if day is not None]
        return self.until_now(Act(received, plan), *done_acts)

    def money(self, table: Table) -> Iterator[Act]:
        fundings: list[tuple[Funding, str]] = []
        with whole(table):
            received, code = self.day(table, "recu"), table.text("partenaire")
            for part in table.tables("liste"):
                with whole(part):
                    first = part.whole("annee") + self.years
                    last = part.whole("jusqu_a", first - self.years) + self.years
                    item = Funding(
                        _key("funding", part.text("code"), 1, received),
                        "",
                        "",
                        part.text("code"),
                        label=part.text("libelle"),
                        first_year=first,
                        last_year=last,
                        amount=part.required_number("montant"),
                        unit=part.text("unite"),
                        budget=part.choice("budget", Budget, Budget.NON_PRECISE),
                        stage=part.choice("stade", Stage),
                        note=self.source,
                    )
                    fundings.append((item, part.text("engagement")))

        def do(desk: Desk, contract: str) -> None:
            dossier = desk.dossier(contract)
            owner = next(partner for partner in dossier.partners if partner.code == code)
            with desk.act(
                f"Moyens de {owner.short_name}\u202f: {french.plural(len(fundings), 'ligne', 'lignes')}"
            ) as unit:
                for item, engagement in fundings:
                    promised = _engagement(dossier, engagement)
                    unit.put(
                        replace(item, contract=dossier.contract.key, partner=owner.key, engagement=promised)
                    )

        return self.until_now(Act(received, do))

    def visit(self, table: Table) -> Iterator[Act]:
        with whole(table):
            day = self.day(table, "date")
            typed = {"day": french.format_date(day)}
            typed |= {name: table.text(word, "") for name, word in _VISIT_WORDS}
            typed["functions"] = "\n".join(table.texts("fonctions"))
            if table.has("echeance"):
                typed["due"] = french.format_date(self.day(table, "echeance"))

        def do(desk: Desk, contract: str) -> None:
            forms.save(desk, contract, "visit", typed)

        return self.until_now(Act(day, do))

    def meeting(self, table: Table) -> Iterator[Act]:
        with whole(table):
            if table.has("dans_jours"):
                held_on = working_day(self.today + timedelta(days=table.whole("dans_jours")))
                entered = self.today
            else:
                held_on, entered = self.day(table, "tenue"), self.day(table, "inscrite")
            kind = table.choice("genre", MeetingKind)
            entry = committee.MeetingEntry(
                kind,
                held_on,
                table.text("lieu"),
                table.text("titre"),
                table.texts("ordre_du_jour"),
                table.texts("participants"),
            )
            frozen_on = table.day("arrete")
            decisions = [
                self.decision(part, kind, held_on, rank)
                for rank, part in enumerate(table.tables("decisions", "libelle"), start=1)
            ]

        def enter(desk: Desk, contract: str) -> None:
            committee.create(desk, contract, entry)

        def freeze(desk: Desk, contract: str) -> None:
            freezing.freeze(desk, contract, _meeting_on(desk.dossier(contract), kind, held_on).key)

        acts = [Act(entered, enter)]
        if frozen_on is not None:
            acts.append(Act(self.moved(frozen_on), freeze))
        return self.until_now(*acts, *(act for several in decisions for act in several))

    def decision(self, table: Table, kind: MeetingKind, held_on: date, rank: int) -> list[Act]:
        """Return the taking of a decision, then what became of it."""
        with whole(table):
            entry = committee.DecisionEntry(
                table.text("libelle"), table.text("porteur"), self.day(table, "echeance")
            )
            fates: list[tuple[date, DecisionState]] = []
            fate = table.table("etats")
            if fate is not None:
                with whole(fate):
                    for state in DecisionState:
                        day = fate.day(state.value)
                        if day is not None:
                            fates.append((self.moved(day), state))

        def take(desk: Desk, contract: str) -> None:
            committee.decide(desk, contract, _meeting_on(desk.dossier(contract), kind, held_on).key, entry)

        def follow(state: DecisionState) -> Callable[[Desk, str], None]:
            def do(desk: Desk, contract: str) -> None:
                dossier = desk.dossier(contract)
                owner = _meeting_on(dossier, kind, held_on).key
                taken = next(
                    decision
                    for decision in dossier.decisions
                    if (decision.meeting, decision.rank) == (owner, rank)
                )
                committee.set_state(desk, contract, taken.key, state)

            return do

        return [Act(held_on, take), *(Act(day, follow(state)) for day, state in fates)]


def _key(kind: str, code: str, rank: int, day: date) -> str:
    """Return the key of what the example plans under a code: the same wherever it is made."""
    return EXAMPLE + starter_key(f"{EXAMPLE}{kind}:{code}:{rank}:{day}")


def _numbers(table: Table) -> dict[str, Decimal]:
    with whole(table):
        return {code: table.required_number(code) for code in table.names()}


def _engagement(dossier: Dossier, code: str) -> str:
    """Return the key of the engagement that is followed for the one of that code."""
    key = next(item.key for item in dossier.engagements if item.code == code)
    return holders(dossier.engagements)[key]


def _meeting_on(dossier: Dossier, kind: MeetingKind, day: date) -> Meeting:
    return next(meeting for meeting in dossier.meetings if (meeting.kind, meeting.day) == (kind, day))
