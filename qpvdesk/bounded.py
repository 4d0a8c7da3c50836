"""A process of its own for what comes from elsewhere: bounded in memory, time, depth and output, unable to harm this one.

The child (`answer`) prints one MessagePack object: what was read, as plain data, or why it was refused. The parent
(`ask`) watches it, kills it where it grows, hangs or is no longer wanted, and takes its answer in the one shape that
it expects: depth, types and size are those of that shape, whatever the file was.

The system bounds the child where it can (Linux at once, macOS its processor time alone, Windows nothing); the parent
looks at its memory and its answer twenty times a second on the three of them.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar

import msgspec

from qpvdesk import paths
from qpvdesk.domain.errors import UserError

if TYPE_CHECKING:
    import subprocess

MEMORY = 900_000_000
"""Bytes that a reading process may take."""
SECONDS = 60
TABLE_SECONDS = 27
"""The same for a table: whatever it is, it ends with a sentence within half a minute."""
ANSWER_MAX = 450_000_000
"""Bytes of what a reading process gives back."""
BOOK, EXPORT, PAGES, PACKAGE, SETTINGS, IMAGE, PAPER, OUTLINES, PHOTO, FOLDER = (
    "--lire-classeur", "--lire-export", "--lire-document", "--lire-paquet", "--lire-reglages", "--lire-image",
    "--lire-papier", "--lire-contours", "--lire-photo", "--lire-dossier",
)  # fmt: skip
"""The flags of the reading processes: a table, a JSON export of ours, the text of a document, a colleague's package,
the settings of another laptop, an image for the head of papers, a paper that was printed, the outlines of places, a
photo, a contract in a folder of TOML files."""
NOTHING = "Rien n’a été importé."
_UNCHANGED = {
    PACKAGE: "Rien n’a été fusionné.",
    SETTINGS: "Rien n’a été changé.",
    IMAGE: "Rien n’a été changé.",
    PAPER: "Rien n’a été vérifié.",
    FOLDER: "Aucun contrat n’a été repris.",
}
"""What a refusal of the parent says of the base or the settings, where it is not `NOTHING`."""
_SECRET_BYTES_MAX = 4_000
"""Less than what a pipe holds on each system: writing it waits for nobody."""
_GLANCE = 0.05
"""Seconds between two looks at a reading process."""

T = TypeVar("T")


def refused(
    sentence: str, remedy: str = "Demandez à l’expéditeur d’enregistrer le fichier à nouveau."
) -> UserError:
    return UserError(f"{sentence} {NOTHING}", remedy)


def command(flag: str, path: Path) -> list[str]:
    """Return the command that starts a reading process, from a checkout, a wheel or a frozen bundle."""
    if getattr(sys, "frozen", False):
        # It answers on its standard output, which a program without a console has not.
        return [paths.program(paths.CONSOLE_PROGRAM), flag, str(path)]
    return [sys.executable, "-m", "qpvdesk", flag, str(path)]


def ask(
    flag: str,
    path: Path,
    shape: type[T],
    *,
    seconds: float = SECONDS,
    cancelled: Callable[[], bool] = lambda: False,
    secret: str = "",
) -> T:
    """Return what the reading process made of a file, of that very shape. `secret`: what opens it.

    Raises `UserError` for what is refused, and where the reader grew, hung, died or was stopped.
    """

    def stopped(how: str, remedy: str) -> UserError:
        return UserError(
            f"La lecture de «\u202f{path.name}\u202f» {how} {_UNCHANGED.get(flag, NOTHING)}", remedy
        )

    check_ends(path, _UNCHANGED.get(flag, NOTHING))
    with tempfile.TemporaryFile() as out:
        _run(
            command(flag, path.absolute()),
            out,
            time.monotonic() + seconds,
            cancelled=cancelled,
            stopped=stopped,
            secret=secret.encode(errors="replace")[:_SECRET_BYTES_MAX],
        )
        out.seek(0)
        answered = out.read()
    try:
        told = msgspec.msgpack.decode(answered, type=dict[str, msgspec.Raw])
        if "erreur" in told:
            raise UserError(*msgspec.msgpack.decode(told["erreur"], type=tuple[str, str]))
        return msgspec.msgpack.decode(told["lu"], type=shape)
    except (msgspec.MsgspecError, KeyError, UnicodeError, RecursionError, MemoryError) as error:
        raise _broken(stopped) from error


def check_ends(path: Path, unchanged: str = NOTHING) -> None:
    """Raise `UserError` for a pipe or a device, which may never end. `unchanged`: what is said of the base."""
    try:
        may_not_end = path.exists() and not (path.is_file() or path.is_dir())
    except OSError:
        # A folder that may not be entered, a share that answers no more: whoever reads it says so.
        return
    if may_not_end:
        raise UserError(
            f"«\u202f{path.name}\u202f» n’est pas un fichier ordinaire. {unchanged}", "Choisissez un fichier."
        )


def answer(read: Callable[[], object]) -> int:
    """Read within bounds and print what came of it, in the child; the status is 0 for what is refused too."""
    _bound()
    try:
        told = msgspec.msgpack.encode({"lu": read()})
    except UserError as error:
        told = _refusal(error)
    except MemoryError:
        told = _refusal(refused("Le fichier est trop lourd pour être lu.", "Gardez ce qui est utile."))
    except RecursionError:
        told = _refusal(refused("Le fichier s’emboîte sans fin."))
    except UnicodeError:
        told = _refusal(refused("Le fichier contient des caractères qui n’en sont pas."))
    sys.stdout.buffer.write(told)
    sys.stdout.buffer.flush()
    return 0


def secret() -> str:
    """Return what opens the file, in the child; empty where nothing was given."""
    return "" if sys.stdin is None else sys.stdin.buffer.read(_SECRET_BYTES_MAX).decode(errors="replace")


def _refusal(error: UserError) -> bytes:
    sentences = [text.encode(errors="replace").decode() for text in (error.message, error.remedy)]
    return msgspec.msgpack.encode({"erreur": sentences})


def _bound() -> None:
    """Bound memory, processor time and output where the system can; no memory is left in a file after a crash."""
    try:
        import resource  # noqa: PLC0415 - 1 ms, Windows has none
    except ImportError:
        return
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, ANSWER_MAX),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (limit, limit))
        except (ValueError, OSError):
            continue


def _run(
    started: list[str],
    out: IO[bytes],
    last: float,
    *,
    cancelled: Callable[[], bool],
    stopped: Callable[[str, str], UserError],
    secret: bytes,
) -> None:
    """Run the reading process to its end, its answer in `out`. Raises `UserError` where there is none; it is killed."""
    from subprocess import DEVNULL, Popen  # noqa: PLC0415 - 8 ms, whoever reads a file alone needs it

    with _given(secret) as given:
        # `CREATE_NO_WINDOW`, which Windows alone knows: no console flashes.
        process = Popen(
            started, stdin=given, stdout=out, stderr=DEVNULL, env=_environment(),
            creationflags=0x08000000 if sys.platform == "win32" else 0,
        )  # fmt: skip
    memory = _memory_of(process.pid)
    try:
        while True:
            if cancelled():
                raise stopped("a été arrêtée.", "Choisissez un fichier.")
            if _ended(process):
                break
            if time.monotonic() > last:
                raise stopped(
                    "a pris trop de temps et a été arrêtée.",
                    "Gardez ce qui est utile, ou enregistrez le fichier à nouveau.",
                )
            if memory() > MEMORY or os.fstat(out.fileno()).st_size > ANSWER_MAX:
                raise stopped(
                    "demande trop de mémoire et a été arrêtée.",
                    "Gardez ce qui est utile, ou enregistrez le fichier à nouveau.",
                )
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if process.returncode != 0:
        raise _broken(stopped)


@contextlib.contextmanager
def _given(secret: bytes) -> Iterator[IO[bytes]]:
    """Yield a standard input that holds a secret: among the arguments everybody on this computer could read it."""
    reading, writing = os.pipe()
    with open(reading, "rb") as given:
        with open(writing, "wb") as pipe:
            pipe.write(secret)
        yield given


def _ended(process: subprocess.Popen[bytes]) -> bool:
    from subprocess import TimeoutExpired  # noqa: PLC0415 - 8 ms, whoever reads a file alone needs it

    try:
        process.wait(_GLANCE)
    except TimeoutExpired:
        return False
    return True


def _memory_of(pid: int) -> Callable[[], int]:
    """Return what tells how many bytes of memory a process takes: what it was given, where the system says it."""
    import psutil  # noqa: PLC0415 - 30 ms, whoever reads a file alone needs it

    try:
        process = psutil.Process(pid)
    except psutil.Error:
        return lambda: 0

    def taken() -> int:
        try:
            memory = process.memory_info()
        except psutil.Error:
            return 0
        # The resident part of a process of Windows is whatever the system lets it keep.
        return int(getattr(memory, "private", memory.rss))

    return taken


def is_alive(number: int) -> bool:
    import psutil  # noqa: PLC0415 - 30 ms, what a killed program left alone needs it

    return bool(psutil.pid_exists(number))


def _broken(stopped: Callable[[str, str], UserError]) -> UserError:
    return stopped(
        "s’est arrêtée\u202f: le fichier est abîmé ou démesuré.",
        "Ouvrez-le dans le logiciel qui l’a fait et enregistrez-le à nouveau.",
    )


def _environment() -> dict[str, str]:
    """Return an environment where the process finds this very package."""
    found = str(Path(__file__).parents[1])
    inherited = os.environ.get("PYTHONPATH")
    return os.environ | {"PYTHONPATH": os.pathsep.join([found, inherited] if inherited else [found])}
