"""What somebody said, as it is quoted."""

from __future__ import annotations

import pytest

from qpvdesk.domain.wording import quoted


@pytest.mark.parametrize(
    ("words", "within"),
    [
        ("les « PEC » et les « CIE »", "les “PEC” et les “CIE”"),
        ("la note « du « 3 mai » » dit", "la note “du “3 mai”” dit"),
        # Cut short: a mark that opens and never closes, or the contrary.
        (
            "15,8 % des bénéficiaires d'« Action de Formation",
            "15,8 % des bénéficiaires d'Action de Formation",
        ),
        ("Formation » et « Emploi »", "Formation et “Emploi”"),
    ],
)
def test_what_is_quoted_within_a_quotation_closes_where_it_opens(words: str, within: str) -> None:
    assert quoted(words) == f"«\u202f{within}\u202f»"
