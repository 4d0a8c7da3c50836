"""The means on paper: prévu, engagé and payé of each side by side, whole, posts apart from euros, nothing added up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace
from reportlab.platypus import CondPageBreak, Spacer

from qpvdesk.domain.means import without_means_words
from qpvdesk.domain.model import Contract, Dossier, Funding, FundingPartner, FundingYear, Partner, Stage
from qpvdesk.domain.situation import situation
from qpvdesk.reports import style
from qpvdesk.reports.ending import laid_out
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.sections.funding import fundings_by_partner, fundings_tables
from qpvdesk.reports.tables import DataTable
from tests.helpers.reviews import review_of

PLAN = Funding("a", "c", "p", "F1", "Programme", 2024, 2027, Decimal(1000), "EUR")
PAID = replace(PLAN, key="b", code="F2", amount=Decimal(790), stage=Stage.PAYE)
OTHER = replace(PLAN, key="c", code="F3", label="Fonds", amount=Decimal(600))
POSTS = replace(
    PLAN, key="d", code="F4", label="Conseillers", unit="ETP", amount=Decimal(45), stage=Stage.PAYE
)
NOTHING = Dossier(Contract("c", "c", "Contrat"))


def test_each_means_is_one_line_and_posts_are_apart() -> None:
    style.load_fonts()
    tables = [
        item for item in fundings_tables(NOTHING, (PLAN, PAID, OTHER, POSTS)) if isinstance(item, DataTable)
    ]
    assert [item.columns.header[3:] for item in tables] == [
        ("Prévu", "Engagé", "Payé"),
        ("Prévu", "Engagé", "Pourvu"),
    ]
    euros, posts = ([cells for _, cells in table.text_rows()] for table in tables)
    assert euros == [
        (
            ("F1", "F2"),
            ("Programme",),
            ("2024–2027",),
            ("1\u202f000\u00a0€",),
            ("–",),
            ("790\u00a0€", "79\u202f% du prévu"),
        ),
        (("F3",), ("Fonds",), ("2024–2027",), ("600\u00a0€",), ("–",), ("–",)),
    ]
    assert [cells[3:] for cells in posts] == [(("–",), ("–",), ("45\u00a0postes",))]


def test_each_year_and_who_else_finances_stand_under_the_name() -> None:
    style.load_fonts()
    dossier = replace(
        NOTHING,
        partners=(Partner("q", "c", "ETAT", "État", "État"),),
        funding_years=(
            FundingYear("y2", "a", 2025, cp=Decimal(400)),
            FundingYear("y1", "a", 2024, Decimal(600), cp=Decimal(200)),
        ),
        funding_partners=(FundingPartner("w", "a", "q"),),
    )
    (alone,) = (item for item in fundings_tables(dossier, (PLAN,)) if isinstance(item, DataTable))
    ((_, cells),) = alone.text_rows()
    years = ("2024\u202f: 600\u00a0€ en AE, 200\u00a0€ en CP", "2025\u202f: 400\u00a0€ en CP")
    assert cells[1] == ("Programme", *years, "Financé avec\u202f: État")
    both = next(item for item in fundings_tables(dossier, (PLAN, PAID)) if isinstance(item, DataTable))
    ((_, cells),) = both.text_rows()
    assert cells[1][1:3] == tuple(f"Prévu, {year}" for year in years)


def test_millions_are_told_as_such_where_nothing_is_lost() -> None:
    style.load_fonts()
    told = []
    for amount in ("450000000", "2480000", "999999", "1234567"):
        item = replace(PLAN, amount=Decimal(amount))
        (table,) = (block for block in fundings_tables(NOTHING, (item,)) if isinstance(block, DataTable))
        told += table.text_rows()[0][1][3]
    assert told == ["450\u00a0M€", "2,48\u00a0M€", "999\u202f999\u00a0€", "1\u202f234\u202f567\u00a0€"]
    # Under an amount in millions, what is near them is told in millions too.
    pair = [
        replace(PLAN, key=str(amount), code=f"F{amount}", label=f"Fonds {amount}", amount=Decimal(amount))
        for amount in (1_100_000, 500_000)
    ]
    (table,) = (block for block in fundings_tables(NOTHING, pair) if isinstance(block, DataTable))
    assert [cells[3] for _, cells in table.text_rows()] == [("1,1\u00a0M€",), ("0,5\u00a0M€",)]


def test_what_sets_amounts_apart_is_what_does() -> None:
    style.load_fonts()
    for fundings, told in (
        ((PLAN, OTHER), "rien ne dit qu’ils forment un tout."),
        ((PLAN, PAID, OTHER), "ils n’ont pas tous le même stade."),
        ((PLAN, replace(OTHER, first_year=2025)), "ils n’ont pas tous les mêmes années."),
        (
            (PLAN, replace(OTHER, stage=Stage.ENGAGE, first_year=2025)),
            "ils n’ont pas tous les mêmes années, ni le même stade.",
        ),
    ):
        note = fundings_tables(NOTHING, fundings)[0].getPlainText()
        untold = f" {len(fundings)}\u00a0montants ne disent pas pour quel territoire ils sont."
        assert note.replace("\u202f", " ").startswith(f"Les montants ne s’additionnent pas : {told}{untold}")
    posts = fundings_tables(NOTHING, (POSTS, replace(POSTS, key="e", label="Autres")))
    assert not [item for item in posts if "montants" in getattr(item, "text", "")]


def test_the_part_paid_is_explained_where_one_is_printed_alone() -> None:
    style.load_fonts()
    for fundings, explained in (((PLAN, OTHER), False), ((PLAN, PAID, OTHER), True)):
        note = fundings_tables(NOTHING, fundings)[0].getPlainText()
        assert "ne s’additionnent pas" in note
        assert ("La part payée" in note) is explained


def test_who_declared_nothing_is_named_once_somebody_did() -> None:
    """A table of means without a partner read as if it put none in."""
    partners = (Partner("p", "c", "A", "Premier", "Un"), Partner("q", "c", "B", "Second", "Deux"))
    for fundings, told in (
        ((), ""),
        ((PLAN,), "Sans moyen noté\u202f: Deux."),
        ((PLAN, replace(PLAN, key="z", partner="q")), ""),
    ):
        assert without_means_words(replace(NOTHING, partners=partners, fundings=fundings)) == told
    held = replace(NOTHING, partners=partners, fundings=(PLAN,))
    blocks = fundings_by_partner(CopilData(review_of(situation(held, date(2026, 6, 30)))))
    assert any(
        "moyen noté" in getattr(block, "text", "")
        or "moyen noté" in str(getattr(block, "getPlainText", str)())
        for block in blocks
    )


def test_posts_begin_on_the_page_of_the_amounts_where_some_of_their_rows_fit() -> None:
    """Held together with the sentence over them, they waited whole for the next page: a quarter of one stood empty."""
    style.load_fonts()
    many = [replace(POSTS, key=f"p{number}", code=f"F{number}") for number in range(10, 26)]
    blocks = fundings_tables(NOTHING, (PLAN, *many))
    rest = blocks[next(index for index, block in enumerate(blocks) if isinstance(block, CondPageBreak)) :]
    for free, begun in ((150.0, True), (40.0, False)):
        pages, filled = laid_out([Spacer(1, style.HEIGHT - free), *rest])
        assert pages == 2
        assert (filled * style.HEIGHT < sum(rest[-1].row_heights)) is begun
