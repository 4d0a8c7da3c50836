"""Numbers, amounts, shares and dates as French people write them, and text as French typography wants it."""

from qpvdesk.domain.french.dates import (
    AROUND_DAYS,
    DUE_DAYS,
    MONTHS,
    format_date,
    format_edge,
    format_in_words,
    format_month,
    format_on,
    parse_date,
    whole_date,
)
from qpvdesk.domain.french.numbers import (
    Number,
    enumerate_words,
    format_change,
    format_number,
    format_rate,
    format_size,
    format_value,
    parse_number,
    plural,
    round_half_away,
    says_nothing,
)
from qpvdesk.domain.french.typography import (
    MINUS,
    NBSP,
    NNBSP,
    UNKNOWN,
    clipped,
    code_ranges,
    either,
    fold,
    hold_codes,
    lowered,
    raised,
    stands_in,
    typeset,
    unquoted,
)
from qpvdesk.domain.french.units import unit_of
