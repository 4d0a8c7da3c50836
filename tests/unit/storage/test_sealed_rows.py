"""The rows of a sealed base around the pages that refuse: from both ends, then from the middle of what is left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest

from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.rescue import sealed_rows
from qpvdesk.storage.rescue.pages import Form

FORM = Form(("key",), ("TEXT",), (False,), (None,), None)
ROWS = 1000


class Refusing:
    """A reader of a table of a thousand rows, which refuses those of some pages, both ways."""

    def __init__(self, lost: set[int]) -> None:
        self.lost = lost

    def connection(self) -> Refusing:
        return self

    def close(self) -> None:
        pass

    def execute(self, statement: str, between: tuple[int, int]) -> Iterator[tuple[Any, ...]]:
        numbers = range(max(between[0] + 1, 1), min(between[1], ROWS + 1))
        for number in reversed(numbers) if statement.endswith(" DESC") else numbers:
            if number in self.lost:
                raise sqlite3.DatabaseError("database disk image is malformed")
            yield number, f"k{number}"


@pytest.mark.parametrize(
    "pages",
    [
        [],
        [range(300, 310)],
        [range(300, 310), range(600, 610)],
        [range(1, 11), range(991, 1001)],
        [range(300, 310), range(991, 1001)],
        [range(1, 11), range(500, 510)],
        [range(100, 110), range(500, 510), range(900, 910)],
    ],
)
def test_what_lies_between_pages_that_refuse_is_read(pages: list[range]) -> None:
    lost = {number for page in pages for number in page}
    found = sealed_rows._Table(cast(Any, Refusing(lost)), "measurement", FORM, 20).read()
    assert dict(found) == {number: (f"k{number}",) for number in range(1, ROWS + 1) if number not in lost}
