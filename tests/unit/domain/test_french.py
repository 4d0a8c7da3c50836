"""Numbers and dates as people write them; text as French typography wants it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import (
    AROUND_DAYS,
    DUE_DAYS,
    MINUS,
    NBSP,
    NNBSP,
    code_ranges,
    enumerate_words,
    fold,
    format_change,
    format_date,
    format_in_words,
    format_month,
    format_number,
    format_rate,
    format_size,
    format_value,
    hold_codes,
    lowered,
    parse_date,
    parse_number,
    plural,
    round_half_away,
    stands_in,
    typeset,
    unit_of,
    whole_date,
)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1 339", "", "1339"),
        ("1\u00a0339", "", "1339"),
        ("1\u202f339\u202f000", "", "1339000"),
        ("1\u2009339,5", "", "1339.5"),
        ("  40 ", "bus", "40"),
        ("0", "bus", "0"),
        ("16,4 %", "%", "16.4"),
        ("16,4%", "", "16.4"),
        ("16,4\u202f%", "%", "16.4"),
        ("1.5", "", "1.5"),
        ("16.4", "%", "16.4"),
        ("0.339", "", "0.339"),
        ("1339.250", "", "1339.250"),
        ("1 339.250", "", "1339.250"),
        ("12,339", "", "12.339"),
        ("-5", "", "-5"),
        ("\u22125,25", "", "-5.25"),
        ("\u2212 5", "", "-5"),
        ("2,5 M€", "€", "2500000"),
        ("2,5 M€", "M€", "2.5"),
        ("2,5 M€", "", "2500000"),
        ("2,5M€", "M€/an", "2.5"),
        ("2,5 M€", "M€ par an", "2.5"),
        ("150 k€", "M€", "0.15"),
        ("150 k€", "€", "150000"),
        ("1,2 Md€", "M€", "1200"),
        ("2,5 millions d’euros", "M€", "2.5"),
        ("3 000 euros", "k€", "3"),
        ("12 jeunes", "jeunes", "12"),
        ("1 jeune", "jeunes", "1"),
        ("1 339 Emplois francs", "emplois francs", "1339"),
        ("45 m²", "m²", "45"),
    ],
)
def test_numbers_as_people_write_them(text: str, unit: str, value: str) -> None:
    read = parse_number(text, unit)
    assert read == Decimal(value)
    assert "E" not in str(read)


@pytest.mark.parametrize(
    ("text", "unit", "words"),
    [
        ("", "", "Aucun nombre"),
        ("   ", "", "Aucun nombre"),
        ("1.339", "", "ambigu"),
        ("12.500", "bus", "ambigu"),
        ("1.339,5", "", "mêle le point et la virgule"),
        ("1,339.5", "", "mêle le point et la virgule"),
        ("1.339.000", "", "plusieurs points"),
        ("1,339,000", "", "plusieurs virgules"),
        ("13 39", "", "groupés par trois"),
        ("1 3390", "", "groupés par trois"),
        ("1339 000", "", "groupés par trois"),
        ("1  339", "", "groupés par trois"),
        ("1,5 0", "", "groupés par trois"),
        ("NaN", "", "un calcul a échoué"),
        ("inf", "", "un calcul a échoué"),
        ("-inf", "", "un calcul a échoué"),
        ("1e5", "", "notation scientifique"),
        ("1,5E-3", "", "notation scientifique"),
        ("1_000", "", "tiret bas"),
        ("1'000", "", "apostrophe"),
        ("١٢", "", "0 à 9"),
        ("１２", "", "0 à 9"),
        ("n.c.", "", "ne donne pas de valeur"),
        ("NC", "", "ne donne pas de valeur"),
        ("n/d", "", "ne donne pas de valeur"),
        ("–", "", "ne donne pas de valeur"),
        ("#REF!", "", "ne donne pas de valeur"),
        ("(12)", "", "entre parenthèses"),
        ("+5", "", "hausse"),
        ("=1+1", "", "formule"),
        ("douze", "", "n’est pas un nombre"),
        ("12 jeunes", "", "jeunes"),
        ("12 jeunes", "bus", "jeunes"),
        ("12,", "", "autre chose"),
        (",5", "", "n’est pas un nombre"),
        ("16 %", "bus", "est une part"),
        ("5 €", "bus", "est un montant"),
        ("5 €", "%", "est un montant"),
        ("5 m€", "€", "autre chose"),
        ("12\x0013", "", "autre chose"),
        ("1" * 19, "", "trop de chiffres"),
        ("9" * 500, "", "trop long"),
    ],
)
def test_what_is_no_number_is_refused_with_its_own_sentence(text: str, unit: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_number(text, unit)
    assert words in caught.value.message
    assert caught.value.message.endswith((".", "?", "»."))
    assert caught.value.remedy.endswith(".")
    assert "\x00" not in caught.value.message


def test_the_ambiguous_point_is_refused_with_both_readings() -> None:
    with pytest.raises(UserError) as caught:
        parse_number("1.339")
    assert "1,339" in caught.value.remedy
    assert f"1{NNBSP}339" in caught.value.remedy


VALUES = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9)


@given(VALUES)
def test_a_number_written_is_read_back(value: Decimal) -> None:
    assert parse_number(format_number(value)) == value


@given(VALUES, st.sampled_from(["%", "M€", "€", "bus", "emplois francs", "", "M€/an", "m²"]))
def test_a_value_with_its_unit_is_read_back(value: Decimal, unit: str) -> None:
    assert parse_number(format_value(value, unit), unit) == value


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_never_a_bug(text: str) -> None:
    try:
        value = parse_number(text, "bus")
    except UserError as error:
        told = bool(error.message and error.remedy)
    else:
        told = value.is_finite()
    assert told


@given(VALUES, st.sampled_from([("k€", 3), ("M€", 6), ("Md€", 9)]))
def test_an_amount_is_the_same_in_any_scale(value: Decimal, scale: tuple[str, int]) -> None:
    word, power = scale
    assert parse_number(f"{format_number(value)} {word}", "€") == value * 10**power


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.625, 2, "0,63"),
        (Decimal("-0.625"), 2, f"{MINUS}0,63"),
        (Decimal("0.5"), 0, "1"),
        (Decimal("2.5"), 0, "3"),
        (Fraction(-1, 2), 0, f"{MINUS}1"),
        (Fraction(-1, 1000), 0, f">{NBSP}{MINUS}1"),
        (1339, None, f"1{NNBSP}339"),
        (1234567, None, f"1{NNBSP}234{NNBSP}567"),
        (Decimal("16.40"), None, "16,4"),
        (Decimal("100"), None, "100"),
        (Decimal("1E+3"), None, f"1{NNBSP}000"),
        (Fraction(1, 3), None, "0,33"),
        (Fraction(3, 8), None, "0,375"),
        (0, None, "0"),
        (5, 1, "5,0"),
    ],
)
def test_numbers_in_french(value: Decimal, decimals: int | None, text: str) -> None:
    assert format_number(value, decimals) == text


@given(st.fractions(), st.integers(0, 4))
def test_rounding_is_to_the_nearest_and_even_handed(value: Fraction, decimals: int) -> None:
    rounded = round_half_away(value, decimals)
    assert abs(rounded - value) <= Fraction(1, 2 * 10**decimals)
    assert round_half_away(-value, decimals) == -rounded


def test_values_and_rates() -> None:
    assert format_value(Decimal("16.4"), "%") == f"16,4{NNBSP}%"
    assert format_value(Decimal("2.5"), "M€") == f"2,5{NBSP}M€"
    assert format_value(1, "bus") == f"1{NBSP}bus"
    assert format_value(None, "bus") == "–"
    assert format_value(0, "") == "0"
    assert format_rate(Fraction(6, 19)) == f"32{NNBSP}%"
    assert format_rate(Fraction(-12, 100)) == f"{MINUS}12{NNBSP}%"
    assert format_rate(Fraction(118, 100)) == f"118{NNBSP}%"
    assert format_rate(Fraction(0)) == f"0{NNBSP}%"
    # « > −1 % » was read twice.
    assert format_rate(Fraction(-4, 1000)) == f"{MINUS}0,4{NNBSP}%"
    assert format_rate(None) == "–"


def test_dates_and_counts() -> None:
    assert format_date(date(2027, 12, 31)) == "31/12/2027"
    assert format_date(None) == "–"
    assert format_month(date(2027, 8, 1)) == "août 2027"
    assert format_in_words(date(2026, 12, 23)) == "mercredi 23\u00a0décembre 2026"
    assert format_in_words(date(2027, 8, 1)) == "dimanche 1er\u00a0août 2027"
    assert plural(0, "objectif", "objectifs") == "0 objectif"
    assert plural(1, "objectif", "objectifs") == "1 objectif"
    assert plural(3, "objectif", "objectifs") == "3 objectifs"
    assert enumerate_words(["a"]) == "a"
    assert enumerate_words(["a", "b", "c"]) == "a, b et c"
    assert enumerate_words(["a", "b", "c", "d"], limit=2) == "a, b et 2 autres"
    assert enumerate_words(["a", "b", "c"], limit=2) == "a, b et c", "one more is named as soon as counted"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/12/2027", date(2027, 12, 31)),
        ("31122027", date(2027, 12, 31)),
        (" 1/3/2026 ", date(2026, 3, 1)),
        ("2027-12-31", date(2027, 12, 31)),
        ("31.12.2027", date(2027, 12, 31)),
        ("29/02/2028", date(2028, 2, 29)),
        ("31 décembre 2027", date(2027, 12, 31)),
        ("1er août 2026", date(2026, 8, 1)),
        ("1 juin 2026", date(2026, 6, 1)),
        ("15 juil. 2026", date(2026, 7, 15)),
    ],
)
def test_dates_as_people_write_them(text: str, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Aucune date"),
        ("31/02/2026", "n’existe pas"),
        ("29/02/2027", "n’existe pas"),
        ("00/01/2026", "n’existe pas"),
        ("31/13/2026", "n’existe pas"),
        ("2026-02-30", "n’existe pas"),
        ("31/12/27", "deux chiffres"),
        ("32/12/27", "calendrier"),
        ("12/13/27", "calendrier"),
        ("31/02", "n’est pas une date"),
        ("45291", "n’est pas une date"),
        ("٣١/١٢/٢٠٢٧", "n’est pas une date"),
        ("1 jui 2026", "n’est pas une date"),
        ("1 ma 2026", "n’est pas une date"),
        ("01/01/0026", "hors du calendrier"),
        ("hier", "n’est pas une date"),
    ],
)
def test_what_is_no_date_is_refused(text: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_date(text)
    assert words in caught.value.message
    assert caught.value.remedy


def test_today_is_a_parameter() -> None:
    assert parse_date("Aujourd’hui", today=date(2026, 3, 1)) == date(2026, 3, 1)
    assert parse_date("hier", today=date(2026, 3, 1)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("text", "ahead", "day"),
    [
        ("15/11", 0, date(2026, 11, 15)), ("29/11", 0, date(2026, 11, 29)), ("30/11", 0, date(2025, 11, 30)),
        ("15 nov", 0, date(2026, 11, 15)), ("1er déc.", 0, date(2025, 12, 1)), ("29/02", 0, date(2024, 2, 29)),
        ("15/11/26", 0, date(2026, 11, 15)), ("151126", 0, date(2026, 11, 15)), ("15 nov 26", 0, date(2026, 11, 15)),
        ("15/01", DUE_DAYS, date(2027, 1, 15)), ("28/11", DUE_DAYS, date(2027, 11, 28)),
        ("29/11", DUE_DAYS, date(2026, 11, 29)),
        ("15/01", AROUND_DAYS, date(2027, 1, 15)), ("15/11", AROUND_DAYS, date(2026, 11, 15)),
    ],
)  # fmt: skip
def test_a_hand_leaves_out_the_year_or_half_of_it(text: str, ahead: int, day: date) -> None:
    today = date(2026, 11, 29)
    assert parse_date(text, today=today, ahead=ahead) == day
    assert whole_date(text, today=today, ahead=ahead) == format_date(day)
    # What comes from a file has its year.
    with pytest.raises(UserError):
        parse_date(text)


@pytest.mark.parametrize("text", ["31/02", "30 fév", "1511", "15 11", "fin 2026", "32/01/26"])
def test_what_a_hand_typed_and_is_no_day_stays_as_it_is(text: str) -> None:
    assert whole_date(text, today=date(2026, 11, 29)) == text


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_date_written_is_read_back(day: date) -> None:
    assert parse_date(format_date(day)) == day
    assert parse_date(day.isoformat()) == day


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    try:
        day = parse_date(text, today=date(2026, 1, 1))
    except UserError as error:
        told = bool(error.remedy)
    else:
        told = 1900 <= day.year <= 2100
    assert told


def test_search_keys_forget_case_accents_and_ligatures() -> None:
    assert fold("Éducation  NATIONALE") == "education nationale"
    assert fold("œuvre") == fold("OEUVRE")
    held = hold_codes("sous-préfet (ARS-E01), ARS-O01-D02, BPI-OF01")
    assert held.replace("\u2011", "~") == "sous-préfet (ARS~E01), ARS~O01~D02, BPI~OF01"
    assert fold(held) == fold("sous-préfet (ARS-E01), ARS-O01-D02, BPI-OF01"), "found as it is typed"
    assert fold(f"l’agglomération{NNBSP}!") == "l'agglomeration !"


@given(st.text())
def test_folding_twice_changes_nothing_for_search(text: str) -> None:
    assert " " not in fold(text)[:1]
    assert fold(text) == fold(f"  {text} ")


@pytest.mark.parametrize(
    ("text", "set_text"),
    [
        ("Oui ! Non ?", f"Oui{NNBSP}! Non{NNBSP}?"),
        ("« mot »", f"«{NNBSP}mot{NNBSP}»"),
        ("«mot»", f"«{NNBSP}mot{NNBSP}»"),
        ("a: b; c", f"a{NNBSP}: b{NNBSP}; c"),
        ("16,4%", f"16,4{NNBSP}%"),
        ("1 339 emplois", f"1{NNBSP}339 emplois"),
        ("en 2024 300 bus", "en 2024 300 bus"),
        ("à 14:30", "à 14:30"),
        ("https://exemple.fr/a?b=1", "https://exemple.fr/a?b=1"),
        ("2,5 M€", f"2,5{NBSP}M€"),
    ],
)
def test_typography(text: str, set_text: str) -> None:
    assert typeset(text) == set_text


@given(st.text(alphabet="ab1 2 3:;!?%«».,\u00a0\u202f€M\n", max_size=30))
def test_typesetting_twice_changes_nothing(text: str) -> None:
    once = typeset(text)
    assert typeset(once) == once


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["BPI-E04", "BPI-E05", "BPI-E06", "BPI-E10"], "BPI-E04 à E06, E10"),
        (["BPI-E04", "BPI-E05"], "BPI-E04, E05"),
        (["EN-O01", "FT-O02", "FT-O03"], "EN-O01, FT-O02, O03"),
        (["ARS-O01-D59", "ARS-O01-D62"], "ARS-O01-D59, D62"),
        (["X"], "X"),
        ([], ""),
    ],
)
def test_codes_are_told_in_ranges(codes: list[str], said: str) -> None:
    assert code_ranges(codes) == said


@given(
    st.lists(
        st.tuples(st.sampled_from(["BPI-E", "BPI-O", "FT-O"]), st.integers(1, 60)), max_size=40, unique=True
    )
)
def test_no_code_is_lost_in_ranges(numbered: list[tuple[str, int]]) -> None:
    codes = [f"{prefix}{number:02}" for prefix, number in sorted(numbered)]
    found: list[str] = []
    stem = ""
    for part in filter(None, code_ranges(codes).split(", ")):
        first, _, last = part.partition(" à ")
        stem = first.rpartition("-")[0] or stem
        letter = first.rpartition("-")[2][0]
        numbers = range(int(first[-2:]), int((last or first)[-2:]) + 1)
        found += [f"{stem}-{letter}{number:02}" for number in numbers]
    assert found == codes


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("1", "postes", "1 poste"),
        ("0", "prêts", "0 prêt"),
        ("1.9", "postes", "1,9 poste"),
        ("2", "postes", "2 postes"),
        ("-1", "coordonnateurs", "−1 coordonnateur"),
        ("1", "élus", "1 élu"),
        ("0", "voix", "0 voix"),
        ("1", "bus", "1 bus"),
        ("1", "réseaux", "1 réseau"),
        ("3", "étape", "3 étapes"),
        ("1", "emplois francs", "1 emploi franc"),
        ("1.5", "équivalents temps plein", "1,5 équivalent temps plein"),
        ("1", "ARMS pour 10 000 habitants", "1 ARMS pour 10 000 habitants"),
        ("1", "postes pour 10 000 habitants", "1 poste pour 10 000 habitants"),
        ("1.5", "fois le départ", "1,5 fois le départ"),
        ("1", "Carrefours", "1 Carrefour"),
        ("1", "CitésLab", "1 CitésLab"),
        ("1", "ans", "1 an"),
        ("1", "tablettes", "1 tablette"),
        ("1", "ETP", "1 ETP"),
        ("1.2", "%", "1,2 %"),
        ("1", "M€", "1 M€"),
    ],
)
def test_a_unit_agrees_with_its_number(value: str, unit: str, text: str) -> None:
    assert " ".join(format_value(Decimal(value), unit).split()) == text


def test_what_agrees_with_a_unit_has_its_gender() -> None:
    said = [
        unit_of(unit).participle("relevé", value)
        for unit, value in (
            ("voix", 2),
            ("voix", 1),
            ("postes", 1),
            ("postes", 55),
            ("%", 16),
            ("tablettes", 3),
        )
    ]
    assert said == ["relevées", "relevée", "relevé", "relevés", "relevés", "relevées"]


@pytest.mark.parametrize("decimals", [0, 1, 2])
@given(value=st.fractions(-2, 2, max_denominator=10**6))
def test_what_is_known_and_not_zero_is_never_zero(decimals: int, value: Fraction) -> None:
    text = format_number(value, decimals)
    assert (text.strip("0,") == "") == (value == 0)
    assert text.startswith(("<", ">")) == (value != 0 and round_half_away(value, decimals) == 0)


def test_less_than_one_is_said_so() -> None:
    assert format_value(Fraction(14, 100), "postes", 0) == f"<{NBSP}1{NBSP}poste"
    assert format_rate(Fraction(3, 1000)) == f"<{NBSP}1{NNBSP}%"
    assert format_number(Fraction(-4, 100), 1) == f">{NBSP}{MINUS}0,1"
    moves = [format_change(value, 1) for value in (Fraction(1, 100), Fraction(-1, 100), 2, -2, 0)]
    assert moves == [f"<{NBSP}+0,1", f">{NBSP}{MINUS}0,1", "+2,0", f"{MINUS}2,0", "0,0"]


def test_a_bound_is_never_left_at_the_end_of_a_line() -> None:
    assert typeset("pour ≥ 16,4 % au moins, ≤ 3") == "pour ≥\u202f16,4\u202f% au moins, ≤\u202f3"


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("1 200 000 € par an", "€"), ("1,2 M€/an", "M€"), ("12 € par habitant", "€"),
        ("12 €/habitant", "€/an"), ("3 M€ par an environ", ""),
    ],
)  # fmt: skip
def test_a_sum_for_each_of_something_is_no_sum_in_all(typed: str, unit: str) -> None:
    """« 1 200 000 € par an » over seven years was 1 200 000 € in all."""
    with pytest.raises(UserError, match="combien de fois"):
        parse_number(typed, unit)


def test_a_sum_for_each_year_is_one_of_a_unit_that_says_so() -> None:
    assert parse_number("1 200 k€/an", "M€ par an") == Decimal("1.2")
    assert parse_number("3 M€", "M€ par an") == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Lu comme", "lu comme"),
        ("À Lens", "à Lens"),
        ("L’ARS", "l’ARS"),
        ("ARS", "ARS"),
        ("H/F", "H/F"),
        ("T1 2026", "T1 2026"),
        ("R", "R"),
        ("", ""),
    ],
)
def test_a_sentence_goes_on_after_a_colon_and_an_acronym_stays(text: str, said: str) -> None:
    assert lowered(text) == said


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 ko"),
        (1, "1 ko"),
        (34_400, "34 ko"),
        (99_999, "100 ko"),
        (100_000, "0,1 Mo"),
        (2_149_000, "2,1 Mo"),
        (20_000_000, "20 Mo"),
    ],
)
def test_a_size_is_said_in_one_way(size: int, words: str) -> None:
    assert format_size(size).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("words", "text", "stands"),
    [
        ("EN-O1", "Relever EN-O12 avant juin", False),
        ("EN-O1", "Relever EN-O12, puis EN-O1.", True),
        ("EN-O1", "Relever BPI-EN-O1", False),
        ("EN-O1", "Relever EN-O1-2", True),
        ("EN-O1", "Relever (EN-O1)", True),
        ("ouvrir le lieu 1", "ouvrir le lieu 12", False),
        ("élèves", "élèves suivis", True),
    ],
)
def test_a_code_stands_in_a_text_where_it_is_whole(words: str, text: str, *, stands: bool) -> None:
    assert stands_in(words, text) is stands
