"""Real processes of the program that begin with everything imported: forked from one that waits, on Linux.

What a process does, its environment, its folder, its files and its end are its own; only its start is not told. What is
about the start itself asks for a cold one. Elsewhere, and where the interpreter itself is asked to be another, every
process starts cold.
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, NoReturn

ROOT = Path(__file__).parents[2]
PROGRAMS = ("qpvdesk", "tests.faults.worker")
"""The modules that begin warm where they are run as programs."""
_INTERPRETER = ("PYTHON", "LC_", "LANG", "LD_", "DYLD_")
_IMPORTED = (
    "docx", "openpyxl", "psutil", "pypdfium2", "python_calamine", "reportlab.platypus", "xlsxwriter",
    "tests.faults.planted", "tests.unit.storage.samples",
)  # fmt: skip
"""What the programs import where they need it."""
_SUBREAPER = 36
_REQUEST_MAX = 1 << 18
_popen = subprocess.Popen
_OWNER = os.getpid()


class Process:
    """A process as `subprocess.Popen` tells of it."""

    def __init__(
        self, pid: int, args: Sequence[str], stdout: IO[str] | None = None, stderr: IO[str] | None = None
    ) -> None:
        self.pid, self.args, self.stdout, self.stderr = pid, args, stdout, stderr
        self.returncode: int | None = None

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        for file in (self.stdout, self.stderr):
            if file is not None:
                file.close()
        self.wait()

    def poll(self) -> int | None:
        """Return the exit status, None where it still runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status. Raises `subprocess.TimeoutExpired`."""
        if self.returncode is None:
            end = os.pidfd_open(self.pid)
            try:
                ready, _, _ = select.select([end], [], [], timeout)
            finally:
                os.close(end)
            if not ready:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
        status = self.poll()
        assert status is not None
        return status

    def communicate(self, _: None = None, timeout: float | None = None) -> tuple[str | None, str | None]:
        """Return what it says until its end. Raises `subprocess.TimeoutExpired`."""
        with ThreadPoolExecutor(2) as pool:
            said = [pool.submit(file.read) if file else None for file in (self.stdout, self.stderr)]
            try:
                self.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
            out, err = (reading.result() if reading else None for reading in said)
        return out, err

    def send_signal(self, number: int) -> None:
        """Send it a signal, where it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def start(
    module: str,
    arguments: Sequence[str],
    files: tuple[int, int, int],
    environment: Mapping[str, str],
    folder: Path | None,
) -> int | None:
    """Start a program on its arguments, its standard files being these; return its number, None where it starts cold."""
    interpreter = {name: value for name, value in environment.items() if name.startswith(_INTERPRETER)}
    given = [path for path in interpreter.pop("PYTHONPATH", "").split(os.pathsep) if path]
    # What a process of ours forks has no part in the one that waits: its children are not its own.
    if os.getpid() != _OWNER or not _is_ours([folder or Path.cwd(), *map(Path, given)]):
        return None
    paths = dict.fromkeys((*given, str(ROOT)))
    link = _nursery(os.pathsep.join(paths), tuple(sorted(interpreter.items())))
    if link is None:
        return None
    request = {
        "module": module, "arguments": list(arguments), "folder": str(folder or Path.cwd()),
        "environment": dict(environment),
    }  # fmt: skip
    try:
        socket.send_fds(link, [json.dumps(request).encode()], files)
        told = link.recv(32)
    except OSError:
        told = b""
    if not told:
        # The one that waits was ended before it took the request (a machine that lacks memory): another will be.
        _nursery.cache_clear()
        return None
    return int(told)


def _is_ours(paths: Sequence[Path]) -> bool:
    """Tell whether the package that a process would find first along these folders is the one that waits."""
    found = next((path for path in paths if Path(path, "qpvdesk", "__init__.py").is_file()), ROOT)
    return Path(found).resolve() == ROOT.resolve()


def popen(command: Any, **options: Any) -> Any:
    """Stand for `subprocess.Popen`: the processes that read a file from elsewhere, or are to be killed, begin warm."""
    if not isinstance(command, list) or command[:2] != [sys.executable, "-m"] or command[2] not in PROGRAMS:
        return _popen(command, **options)
    if set(options) - {"stdin", "stdout", "stderr", "env", "cwd", "text", "creationflags"}:
        return _popen(command, **options)
    known = (subprocess.DEVNULL, subprocess.PIPE) if options.get("text") else (subprocess.DEVNULL,)
    files = [options.get("stdin"), options.get("stdout"), options.get("stderr")]
    if any(isinstance(file, int) and file not in known for file in files) or files[0] == subprocess.PIPE:
        return _popen(command, **options)
    given, taken, kept = [], {}, []
    for name in ("stdin", "stdout", "stderr"):
        match options.get(name):
            case subprocess.DEVNULL:
                kept.append(os.open(os.devnull, os.O_RDWR))
                given.append(kept[-1])
            case subprocess.PIPE if name != "stdin" and options.get("text"):
                reading, writing = os.pipe()
                kept.append(writing)
                given.append(writing)
                taken[name] = os.fdopen(reading, encoding="utf-8")
            case None:
                given.append(("stdin", "stdout", "stderr").index(name))
            case file:
                given.append(file.fileno())
    number = start(command[2], command[3:], (*given,), options.get("env") or os.environ, options.get("cwd"))
    for end in kept:
        os.close(end)
    if number is not None:
        return Process(number, command, **taken)
    for file in taken.values():
        file.close()
    return _popen(command, **options)


@functools.cache
def _nursery(path: str, interpreter: tuple[tuple[str, str], ...]) -> socket.socket | None:
    """Return the way to the process that waits; there is one for each interpreter that is asked for."""
    mine = tuple(
        sorted(
            pair
            for pair in os.environ.items()
            if pair[0].startswith(_INTERPRETER) and pair[0] != "PYTHONPATH"
        )
    )
    if not sys.platform.startswith("linux") or not hasattr(os, "pidfd_open") or interpreter != mine:
        return None
    if ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0) != 0:
        return None
    link, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with far:
        waiting = _popen(
            [sys.executable, "-m", "tests.helpers.warm", str(far.fileno())], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, pass_fds=(far.fileno(),), cwd=ROOT, env=os.environ | {"PYTHONPATH": path},
        )  # fmt: skip

    def end() -> None:
        link.close()
        waiting.wait()

    atexit.register(end)
    return link


def _serve(link: socket.socket) -> None:
    """Wait for requests until nobody asks any more."""
    for package in ("documents", "domain", "reports", "services", "spreadsheets", "storage", "cli"):
        whole = importlib.import_module(f"qpvdesk.{package}")
        for found in pkgutil.walk_packages(whole.__path__, f"{whole.__name__}."):
            importlib.import_module(found.name)
    for name in _IMPORTED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    while True:
        asked, files, _, _ = socket.recv_fds(link, _REQUEST_MAX, 3)
        if not asked:
            return
        told, tell = os.pipe()
        between = os.fork()
        if between == 0:
            child = os.fork()
            if child:
                os.write(tell, str(child).encode())
                os._exit(0)
            link.close()
            os.close(told)
            os.close(tell)
            _live(json.loads(asked), files)
        # Once who stands between is gone, the child is that of the tests, who have said that they take it.
        os.waitpid(between, 0)
        link.send(os.read(told, 32))
        for file in (told, tell, *files):
            os.close(file)


def _live(request: dict[str, Any], files: Sequence[int]) -> NoReturn:
    """Be the process that is asked for, to its end; the modules are left to the system, not taken apart one by one."""
    for standard, file in enumerate(files):
        os.dup2(file, standard)
    for file in set(files):
        os.close(file)
    # The streams of who waited think that their files are those they had.
    sys.stdout = open(1, "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, sys.stderr.encoding, "backslashreplace", closefd=False)  # noqa: SIM115
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["", *request["arguments"]]
    status = 0
    try:
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
    except SystemExit as asked:
        status = asked.code if isinstance(asked.code, int) else int(asked.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
