"""The real LibreOffice, without a screen: convert a workbook, or fill in its cells as a partner does."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

needed = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice n’est pas installé (soffice est absent)"
)
"""Marks a test that LibreOffice takes part in."""

_FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8"}
_AS_SHOWN = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,2"
"""Semicolons, quotes, UTF-8, cells as they are shown, the second sheet."""
_MODULE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">\n'
    '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"'
    ' script:language="StarBasic">{0}</script:module>'
)
_FRENCH = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Setup/L10N">'
    '<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>fr-FR</value></prop></item></oor:items>'
)


def convert(path: Path, suffix: str, profile: Path) -> Path:
    """Convert a workbook (`pdf`, `ods`, `xlsx`, `csv`) into a folder beside it; the profile is the caller's own."""
    out = path.parent / f"en-{suffix}"
    _run(profile, "--convert-to", _AS_SHOWN if suffix == "csv" else suffix, "--outdir", str(out), str(path))
    # Each sheet becomes a csv of its own; that of the figures is the second.
    return sorted(out.iterdir())[-1] if suffix == "csv" else out / f"{path.stem}.{suffix}"


def convert_papers(paths: Sequence[Path], profile: Path) -> list[Path]:
    """Convert texts into PDF, in one start, into a folder beside them."""
    out = paths[0].parent / "en-pdf"
    _run(profile, "--convert-to", "pdf", "--outdir", str(out), *map(str, paths))
    return [out / f"{path.stem}.pdf" for path in paths]


def fill(path: Path, target: Path, sheet: str, cells: Mapping[str, str], profile: Path) -> list[str]:
    """Type into the cells of a protected sheet, save as `target`; return the cells that LibreOffice kept locked.

    What is typed is read as in a French spreadsheet: `23,1 %`, `31/12/2025`, or a text.
    """
    told = target.with_suffix(".txt")
    typed = "\n".join(
        f'  cell = sheet.getCellRangeByName("{name}")\n'
        f'  If cell.CellProtection.IsLocked Then\n    Print #1, "{name}"\n'
        f'  Else\n    cell.FormulaLocal = "{text}"\n  End If'
        for name, text in cells.items()
    )
    code = f"""Sub Fill
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL("{path.as_uri()}", "_blank", 0, hidden())
  sheet = book.Sheets.getByName("{sheet}")
  If Not sheet.isProtected() Then Error 70
  Open "{told}" For Output As #1
{typed}
  Close #1
  Dim form(0) As New com.sun.star.beans.PropertyValue
  form(0).Name = "FilterName" : form(0).Value = "{_FILTERS[target.suffix]}"
  book.storeToURL("{target.as_uri()}", form())
  book.close(True)
End Sub
"""
    module = profile / "user" / "basic" / "Standard" / "Module1.xba"
    if not module.exists():
        # The first start makes the profile, and would write over whatever it found there.
        _run(profile, "--terminate_after_init")
    module.write_text(_MODULE.format(escape(code)), encoding="utf-8")
    _run(profile, "macro:///Standard.Module1.Fill")
    assert target.exists(), "LibreOffice n’a pas écrit le classeur"
    return told.read_text().split()


def _run(profile: Path, *arguments: str) -> None:
    settings = profile / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(parents=True)
        settings.write_text(_FRENCH, encoding="utf-8")
    subprocess.run(
        ["soffice", "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}", *arguments],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
