"""The reading process: bounded, told when it hangs or dies, stopped when it is no longer wanted."""

from __future__ import annotations

import os
import re
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from qpvdesk import bounded
from qpvdesk.domain.errors import UserError
from qpvdesk.services import compositions, documents
from qpvdesk.services.figures import import_plans

HANGS = "import signal; signal.pause()"


def _runs(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(bounded, "command", lambda _flag, _path: [sys.executable, "-c", code])


def test_a_reader_that_hangs_is_stopped_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _runs(monkeypatch, HANGS)
    with pytest.raises(UserError, match="trop de temps"):
        bounded.ask(bounded.BOOK, tmp_path / "retour.xlsx", object, seconds=0.5)


def test_a_reader_that_is_no_longer_wanted_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _runs(monkeypatch, HANGS)
    with pytest.raises(UserError, match="a été arrêtée"):
        bounded.ask(bounded.BOOK, tmp_path / "retour.xlsx", object, cancelled=lambda: True)


@pytest.mark.parametrize(
    "code", ["import os; os.abort()", "import os; os._exit(9)", "pass", "bytearray(10**12)"]
)
def test_a_reader_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    _runs(monkeypatch, code)
    with pytest.raises(UserError, match="s’est arrêtée") as told:
        bounded.ask(bounded.PAGES, tmp_path / "annexes.pdf", object)
    assert told.value.remedy


def test_a_reader_that_grows_is_stopped_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Windows and macOS bound no memory: the child of this test does not either.
    monkeypatch.setattr(bounded, "MEMORY", 100_000_000)
    _runs(monkeypatch, f"grown = b'x' * 200_000_000; {HANGS}")
    with pytest.raises(UserError, match=r"demande trop de mémoire .* Rien n’a été fusionné"):
        bounded.ask(bounded.PACKAGE, tmp_path / "lot.paquet", object)


def test_a_reader_that_never_stops_answering_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "ANSWER_MAX", 1_000_000)
    _runs(monkeypatch, "import sys\nfor _ in range(100): sys.stdout.buffer.write(bytes(100_000))")
    with pytest.raises(UserError, match="Rien n’a été importé"):
        bounded.ask(bounded.PAGES, tmp_path / "annexes.pdf", object)


@pytest.mark.parametrize(
    "answered",
    [
        b"\x81\xa2lu\x93\xa1a\xa1b\x03",
        b"\x81\xa2lu\x81\xa1a\xa1b",
        b"\x81\xa2lu" + b"\x91" * 1_000_000 + b"\xc0",
        b"\x81\xa2lu\xdd\xff\xff\xff\xff",
        b"\x81\xa2lu\x91\xa2\xff\xfe",
        b"\x81\xa6erreur\x91\xa1a",
        b"\x80",
        b"{}",
    ],
    ids=[
        "a number among texts", "an object", "a list that nests without end", "a list of four thousand million",
        "no text", "half a refusal", "nothing", "text",
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answered: bytes
) -> None:
    answer = tmp_path / "réponse"
    answer.write_bytes(answered)
    _runs(monkeypatch, f"import sys; sys.stdout.buffer.write(open({str(answer)!r}, 'rb').read())")
    with pytest.raises(UserError, match="s’est arrêtée"):
        bounded.ask(bounded.PAGES, tmp_path / "annexes.pdf", tuple[str, ...])


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [(MemoryError(), "trop lourd"), (RecursionError(), "sans fin"), (UserError("\ud800", ""), r"\?")],
)
def test_what_is_too_much_for_a_reader_is_one_sentence(
    fault: Exception,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.setattr(bounded, "_bound", lambda: None)

    def read() -> object:
        raise fault

    assert bounded.answer(read) == 0
    told = msgspec.msgpack.decode(capfdbinary.readouterr().out)
    assert re.search(sentence, told["erreur"][0])


def test_a_frozen_bundle_reads_with_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert bounded.command(bounded.BOOK, Path("f.xlsx")) == [sys.executable, "--lire-classeur", "f.xlsx"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_what_may_never_end_is_not_read_in_this_process_either(tmp_path: Path) -> None:
    pipe = tmp_path / "plan.json"
    os.mkfifo(pipe)
    for read in (
        lambda: documents.take_in(pipe, read=False),
        lambda: import_plans.decisions(pipe, file="retour.xlsx"),
        lambda: bounded.ask(bounded.BOOK, pipe, object),
    ):
        with pytest.raises(UserError, match="n’est pas un fichier ordinaire"):
            read()
    for words, refused in (("La phrase.\r\nUne autre.", ""), ("trop " * 90_000, "trop long")):
        # What a shell gives as « <(…) » is a pipe, which is read as far as words go.
        writer = threading.Thread(target=_write, args=(pipe, words.encode()))
        writer.start()
        if refused:
            with pytest.raises(UserError, match=refused):
                compositions.words_in(pipe)
        else:
            assert compositions.words_in(pipe) == {"essentiel": "La phrase.\nUne autre."}
        writer.join()


def _write(pipe: Path, content: bytes) -> None:
    try:
        with pipe.open("wb") as file:
            file.write(content)
    except BrokenPipeError:
        # Its reader had enough.
        return


def test_what_the_system_refuses_to_look_at_is_refused_in_words(tmp_path: Path) -> None:
    """As a name that is too long: a folder that may not be entered, a share that is gone."""
    path = tmp_path / f"{'p' * 300}.json"
    for read in (
        lambda: documents.take_in(path, read=False),
        lambda: import_plans.decisions(path, file="retour.xlsx"),
        lambda: bounded.ask(bounded.BOOK, path, object),
    ):
        with pytest.raises(UserError):
            read()
