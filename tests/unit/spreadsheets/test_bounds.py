"""A file of millions of lines ends with a sentence at once: what it holds is counted before it is read."""

from __future__ import annotations

import pytest

from qpvdesk import bounded
from qpvdesk.domain.errors import UserError
from qpvdesk.spreadsheets import reading, text_in, xlsx_in
from qpvdesk.spreadsheets.book import MAX_CELLS


def test_a_text_of_millions_of_lines_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_in, "decode", lambda _: pytest.fail("the text was read"))
    with pytest.raises(UserError, match="2\u202f000\u202f001 lignes") as caught:
        text_in.read(b"\n" * (MAX_CELLS + 1), "retour")
    assert "un fichier par année" in caught.value.remedy


def test_a_million_of_empty_lines_left_by_a_spreadsheet_is_read() -> None:
    book = text_in.read(b"Code;Valeur\nFT-O22;3\n" + b";\n" * 300_000, "retour")
    assert [cell.text for cell in book.sheets[0].cells] == ["Code", "Valeur", "FT-O22", "3"]


def test_a_workbook_of_millions_of_cells_is_not_read() -> None:
    names = '<workbook xmlns:r="r"><sheets><sheet name="Feuil1" r:id="rId1"/></sheets></workbook>'
    parts = {
        "xl/workbook.xml": names.encode(),
        "xl/_rels/workbook.xml.rels": b'<Relationships><Relationship Id="rId1" Target="worksheets/a.xml"/></Relationships>',
        "xl/worksheets/a.xml": b"<v>" * (MAX_CELLS + 1),
    }
    with pytest.raises(UserError, match="2\u202f000\u202f001 cellules"):
        xlsx_in.read(parts)


def test_a_table_has_less_than_half_a_minute() -> None:
    assert reading.read.__kwdefaults__["seconds"] == bounded.TABLE_SECONDS < 30
