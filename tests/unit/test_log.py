"""The log may be sent to anybody: whatever goes wrong with whatever was typed, none of it is in there."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpvdesk import log
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import parse_number
from qpvdesk.storage import opening

SECRET = "Mme Dupont-Léger, 06 12 34 56 78"


@pytest.fixture
def written(tmp_path: Path) -> Iterator[RotatingFileHandler]:
    handler = log.handler(tmp_path / "journaux")
    logger = logging.getLogger()
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)
    handler.close()


def text(handler: RotatingFileHandler) -> str:
    handler.flush()
    return Path(handler.baseFilename).read_text(encoding="utf-8")


def caught(error: BaseException) -> logging.LogRecord:
    return logging.LogRecord(
        "qpvdesk.ui",
        logging.ERROR,
        __file__,
        1,
        "uncaught exception",
        None,
        (type(error), error, error.__traceback__),
    )


def test_an_exception_that_quotes_what_was_typed_leaves_its_kind_and_its_place(
    written: RotatingFileHandler,
) -> None:
    with pytest.raises(UserError) as first:
        parse_number(SECRET, "jeunes")
    error = KeyError(SECRET)
    error.__cause__ = first.value
    written.handle(caught(error))
    said = text(written)
    assert "Dupont" not in said
    assert "KeyError" in said
    assert "qpvdesk/domain/french/numbers.py" in said


def test_a_path_of_the_officer_never_reaches_the_log(written: RotatingFileHandler, tmp_path: Path) -> None:
    base = tmp_path / "prenom.nom" / "contrat confidentiel.db"
    with pytest.raises(UserError) as missing:
        opening.open_base(base)
    written.handle(caught(missing.value))
    with pytest.raises(OSError, match="prenom") as absent:
        base.read_bytes()
    written.handle(caught(absent.value))
    said = text(written)
    assert "prenom.nom" not in said
    assert str(tmp_path) not in said
    assert "confidentiel" not in said
    assert "[ENOENT]" in said


@pytest.mark.logs
def test_what_a_library_says_is_left_out(written: RotatingFileHandler) -> None:
    logging.getLogger("reportlab").warning("paragraph %s", SECRET)
    logging.getLogger("reportlab").warning(f"paragraph {SECRET}")
    logging.getLogger("qpvdesk.ui").warning("page %s", SECRET)
    logging.getLogger("qpvdesk.ui").warning("page %d of %d", 2, 9)
    said = text(written)
    assert "Dupont" not in said
    assert said.count("reportlab") == 2
    assert "page 2 of 9" in said


@given(st.text(min_size=6).filter(lambda typed: typed.isalnum()))
def test_no_text_in_an_exception_or_an_argument_comes_through(typed: str) -> None:
    marked = f"≪{typed}≫"
    formatter = log.Discreet()
    try:
        raise ValueError(marked)
    except ValueError as error:
        record = caught(error)
    record.args = (marked,)
    assert marked not in formatter.format(record)


def test_the_log_goes_round(tmp_path: Path) -> None:
    handler = log.handler(tmp_path)
    for _ in range(3000):
        handler.handle(caught(ValueError()))
        handler.stream.write("x" * 1000)
    handler.close()
    sizes = [one.stat().st_size for one in tmp_path.iterdir()]
    assert len(sizes) == log.COUNT + 1
    assert max(sizes) < log.SIZE * 1.01


def test_a_log_on_a_full_disk_says_nothing_on_the_console(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / log.NAME).symlink_to("/dev/full")
    handler = log.handler(tmp_path)
    handler.handle(caught(ValueError("x")))
    with contextlib.suppress(OSError):
        handler.close()
    assert capsys.readouterr().err == ""


def test_a_log_that_another_program_holds_loses_no_line_and_goes_round_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(_source: object, _target: object) -> None:
        raise PermissionError(13, "used by another process")

    handler = log.handler(tmp_path)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(os, "rename", held)
        lines = 0
        while not (tmp_path / log.NAME).exists() or (tmp_path / log.NAME).stat().st_size <= log.SIZE * 1.2:
            handler.handle(caught(ValueError()))
            handler.stream.write("x" * 10_000)
            handler.flush()
            lines += 1
        assert (tmp_path / log.NAME).read_text(encoding="utf-8").count("ValueError") == lines
    handler.handle(caught(ValueError()))
    handler.close()
    assert len(list(tmp_path.iterdir())) == 2
    assert (tmp_path / log.NAME).stat().st_size < log.SIZE


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("/home/prenom.nom/app/qpvdesk/ui/pages/entry.py", "qpvdesk/ui/pages/entry.py"),
        (r"C:\Users\prenom.nom\qpvdesk\domain\french.py", "qpvdesk/domain/french.py"),
        ("/home/prenom.nom/.venv/lib/python3.11/site-packages/click/core.py", "click/core.py"),
        ("/home/prenom.nom/qpvdesk.py", "qpvdesk.py"),
    ],
)
def test_a_file_is_named_as_on_every_machine(path: str, short: str) -> None:
    assert log.place(path) == short
    assert log.shortened(f'  File "{path}", line 3 in f') == f'  File "{short}", line 3 in f'
