"""The process: what was asked, the log and the crash file, the exit status.

The window and the shell are one program; each imports only what it needs.
"""

from __future__ import annotations

import atexit
import faulthandler
import gc
import io
import logging
import os
import sys
from pathlib import Path

from qpvdesk import bounded, log, paths, screen
from qpvdesk.domain.errors import UserError


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status: 0 done, 1 could not be done, 2 wrong usage."""
    arguments = sys.argv[1:] if arguments is None else arguments
    window = _window_request(arguments)
    if window is None:
        # What a command holds ends with its process: the collector would walk all of it once more, and again.
        atexit.register(gc.freeze)
    read = _reading(arguments)
    if read is not None:
        return read
    _keep_a_log()
    _speak_french()
    if window is None:
        from qpvdesk import cli  # noqa: PLC0415 - 31 ms, the shell alone needs it

        return cli.run(arguments)
    try:
        screen.check()
        # A start makes many objects and drops few: the collector would only walk them, again and again.
        gc.disable()
        from qpvdesk import app  # noqa: PLC0415 - 715 ms, the window alone needs it

        return app.run(window.base)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1


def _reading(arguments: list[str]) -> int | None:
    """Run a bounded process that reads a file from elsewhere, None where none is asked; it logs and opens nothing else."""
    path = Path(arguments[-1]) if arguments else Path()
    match arguments:
        case [bounded.BOOK, _]:
            from qpvdesk.spreadsheets import worker as books  # noqa: PLC0415 - 14 ms, this process alone needs it

            return bounded.answer(lambda: books.read(path))
        case [bounded.EXPORT, _]:
            from qpvdesk.services.figures import json_in  # noqa: PLC0415 - 84 ms, this process alone needs it

            return bounded.answer(lambda: json_in.read(path))
        case [bounded.PAGES, _]:
            from qpvdesk.documents import worker as documents  # noqa: PLC0415 - 8 ms, this process alone needs it

            return bounded.answer(lambda: documents.read(path))
        case [bounded.PACKAGE, _]:
            from qpvdesk.services import package_in  # noqa: PLC0415 - 168 ms, this process alone needs it

            return bounded.answer(lambda: package_in.read(path, bounded.secret()))
        case [bounded.SETTINGS, _]:
            from qpvdesk.services import settings_in  # noqa: PLC0415 - 33 ms, this process alone needs it

            return bounded.answer(lambda: settings_in.read(path))
        case [bounded.OUTLINES, _]:
            from qpvdesk.services.territories import contours_in  # noqa: PLC0415 - 12 ms, this process alone needs it

            return bounded.answer(lambda: contours_in.read(path))
        case [bounded.IMAGE, _]:
            from qpvdesk.services import image_in  # noqa: PLC0415 - 37 ms, this process alone needs it

            return bounded.answer(lambda: image_in.read(path))
        case [bounded.PHOTO, _]:
            from qpvdesk.documents import photos  # noqa: PLC0415 - 2 ms, this process alone needs it

            return bounded.answer(lambda: photos.cleaned(path.read_bytes(), path.name))
        case [bounded.FOLDER, _]:
            from qpvdesk.services.contracts import folder_in  # noqa: PLC0415 - 110 ms, this process alone needs it

            return bounded.answer(lambda: folder_in.read_here(path))
        case [bounded.PAPER, _]:
            from qpvdesk.services import paper_in  # noqa: PLC0415 - 60 ms, this process alone needs it

            return bounded.answer(lambda: paper_in.read(path))
    return None


class _Window:
    """A request to open the window, on a base or on the officer's own."""

    def __init__(self, base: Path | None) -> None:
        self.base = base


def _window_request(arguments: list[str]) -> _Window | None:
    """Tell whether the arguments ask for the window: none, `--base FILE`, or a base that was double-clicked."""
    match arguments:
        case []:
            return _Window(None)
        case ["--base", base]:
            return _Window(Path(base))
        case [only] if only.startswith("--base="):
            return _Window(Path(only.removeprefix("--base=")))
        case [only] if Path(only).suffix.lower() in (".db", ".qpvdesk"):
            return _Window(Path(only))
        case _:
            return None


class _Console(io.TextIOWrapper):
    """A console that obeys no text: what came from elsewhere sets no title, moves no cursor, erases no line."""

    _OBEYED = dict.fromkeys(
        (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
    )

    def __init__(self, stream: io.TextIOWrapper) -> None:
        super().__init__(stream.detach(), stream.encoding, "replace", line_buffering=True)

    def write(self, text: str) -> int:
        return super().write(text.translate(self._OBEYED))


def _speak_french() -> None:
    """Write UTF-8 where the output goes to a file or a pipe, and what a console can show where it is one."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                setattr(sys, name, _Console(stream))
            else:
                stream.reconfigure(encoding="utf-8", errors="replace")


def _keep_a_log() -> None:
    """Write warnings and crashes to the officer's own folder; a machine where that fails still works."""
    logging.getLogger().setLevel(logging.INFO)
    try:
        folder = paths.logs_folder()
        logging.getLogger().addHandler(log.handler(folder))
        # A console may be hidden, or closed with what it shows: the file is kept on every system.
        faulthandler.enable((folder / log.CRASHES).open("a"))
    except OSError:
        logging.getLogger().addHandler(logging.NullHandler())
    if sys.stderr is None:
        # A windowed bundle has no standard streams; libraries that print must not fail there.
        sys.stderr = sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 (lives as long as the process)


if __name__ == "__main__":
    sys.exit(main())
