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
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "qpvdesk"]
_INTERPRETER = ("PYTHON", "LC_", "LANG", "LD_", "DYLD_")
_IMPORTED = (
    "docx",
    "openpyxl",
    "pikepdf",
    "psutil",
    "pypdfium2",
    "python_calamine",
    "reportlab.platypus",
    "xlsxwriter",
)
"""What the program imports where it needs it."""
_SUBREAPER = 36
_REQUEST_MAX = 1 << 18
_popen = subprocess.Popen


class Process:
    """A process as `subprocess.Popen` tells of it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

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
                raise subprocess.TimeoutExpired(PROGRAM, timeout or 0)
        status = self.poll()
        assert status is not None
        return status

    def kill(self) -> None:
        """End it at once."""
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)


def start(
    arguments: Sequence[str], files: tuple[int, int, int], environment: Mapping[str, str], folder: Path | None
) -> Process | None:
    """Start the program on its arguments, its standard files being these; None where it must start cold."""
    interpreter = {name: value for name, value in environment.items() if name.startswith(_INTERPRETER)}
    paths = dict.fromkeys((*interpreter.pop("PYTHONPATH", "").split(os.pathsep), str(ROOT)))
    link = _nursery(os.pathsep.join(path for path in paths if path), tuple(sorted(interpreter.items())))
    if link is None:
        return None
    request = {
        "arguments": list(arguments),
        "folder": str(folder or Path.cwd()),
        "environment": dict(environment),
    }
    socket.send_fds(link, [json.dumps(request).encode()], files)
    return Process(int(link.recv(32)))


def popen(command: Any, **options: Any) -> Any:
    """Stand for `subprocess.Popen`: the processes that read a file from elsewhere begin warm, all others as ever."""
    nothing = options.get("stdin") == options.get("stderr") == subprocess.DEVNULL
    if (
        isinstance(command, list)
        and command[:3] == PROGRAM
        and nothing
        and hasattr(options.get("stdout"), "fileno")
    ):
        with Path(os.devnull).open("r+b") as void:
            files = (void.fileno(), options["stdout"].fileno(), void.fileno())
            process = start(command[3:], files, options.get("env") or os.environ, options.get("cwd"))
        if process is not None:
            return process
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
    from qpvdesk.__main__ import main

    for standard, file in enumerate(files):
        os.dup2(file, standard)
    for file in set(files):
        os.close(file)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = [str(ROOT / "qpvdesk" / "__main__.py"), *request["arguments"]]
    try:
        status = main()
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
