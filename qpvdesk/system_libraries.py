"""The libraries of the system that Qt loads, each with the Debian package that brings it.

The one table: the program names what is missing in French before it imports Qt, `make run` and `make test` install
it where they may. It stands on the standard library alone, so that it answers before anything else is set up:
`python3 -I qpvdesk/system_libraries.py offscreen|window|bundle`.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import sysconfig
from collections.abc import Callable, Mapping

OFFSCREEN = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libX11.so.6": "libx11-6",
}
"""Library → Debian package: what Qt needs to draw, even where nobody looks."""

X11 = {
    "libxcb.so.1": "libxcb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""What a window needs beyond `OFFSCREEN` where `DISPLAY` is declared."""

WAYLAND = {"libwayland-client.so.0": "libwayland-client0", "libwayland-cursor.so.0": "libwayland-cursor0"}
"""What a window needs beyond `OFFSCREEN` where `WAYLAND_DISPLAY` is declared."""

_SERVERS = {"WAYLAND_DISPLAY": WAYLAND, "DISPLAY": X11}
"""Each variable that declares a screen, in the order in which Qt tries them."""

_UNSEEN = ("offscreen", "minimal")
"""The platforms of Qt that draw where nobody looks."""


def on_linux() -> bool:
    """Tell whether Qt takes these libraries from the system: elsewhere it brings its own."""
    return sys.platform.startswith("linux")


def has_screen(environment: Mapping[str, str]) -> bool:
    """Tell whether somebody could see a window; always so elsewhere than on Linux."""
    platform = environment.get("QT_QPA_PLATFORM", "")
    return not platform.startswith(_UNSEEN) and (not on_linux() or bool(platform or _servers(environment)))


def screen_answers(environment: Mapping[str, str]) -> bool:
    """Tell whether one of the screens that are declared takes a connection; Qt aborts where none does."""
    return any(
        _connects("libwayland-client.so.0", "wl_display_connect", "wl_display_disconnect")
        if table is WAYLAND
        else _connects("libxcb.so.1", "xcb_connect", "xcb_disconnect", "xcb_connection_has_error")
        for table in _servers(environment)
        if not _absent(table, is_loaded)
    )


def _servers(environment: Mapping[str, str]) -> list[Mapping[str, str]]:
    return [table for variable, table in _SERVERS.items() if environment.get(variable)]


def _connects(library: str, connect: str, disconnect: str, has_error: str = "") -> bool:
    functions = ctypes.CDLL(library)
    getattr(functions, connect).restype = ctypes.c_void_p
    # The screen is the one that the environment declares: both libraries read it where they are given no name.
    connection = getattr(functions, connect)(None, None)
    if not connection:
        return False
    connection = ctypes.c_void_p(connection)
    refused = bool(has_error and getattr(functions, has_error)(connection))
    getattr(functions, disconnect)(connection)
    return not refused


def is_loaded(library: str) -> bool:
    """Tell whether the system has a library, by loading it."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing(environment: Mapping[str, str], *, is_there: Callable[[str], bool] = is_loaded) -> list[str]:
    """Return the Debian packages that Qt lacks for what the environment declares (none elsewhere than on Linux).

    Without a screen: to draw offscreen. Where screens of both kinds are declared, the one that lacks least is
    enough, since Qt goes on to the next.
    """
    if not on_linux():
        return []
    declared = _servers(environment) if has_screen(environment) else []
    return _absent(OFFSCREEN, is_there) + min(
        (_absent(table, is_there) for table in declared), key=len, default=[]
    )


def missing_to_bundle(*, is_there: Callable[[str], bool] = is_loaded) -> list[str]:
    """Return the Debian packages without which no bundle can be made: what every window loads goes into it, read by
    `objdump`, and so does the library of this Python where it is a shared one.
    """
    if not on_linux():
        return []
    tables = OFFSCREEN | X11 | WAYLAND
    library = sysconfig.get_config_var("INSTSONAME") or ""
    own = os.path.join(sysconfig.get_config_var("LIBDIR") or "", library)
    if library.startswith("libpython") and ".so" in library and not os.path.exists(own):
        tables |= {library: f"libpython{sys.version_info.major}.{sys.version_info.minor}"}
    return _absent(tables, is_there) + ([] if shutil.which("objdump") else ["binutils"])


def _absent(table: Mapping[str, str], is_there: Callable[[str], bool]) -> list[str]:
    return [package for library, package in table.items() if not is_there(library)]


def command(packages: list[str]) -> str:
    """Return the one command that installs packages, as this user would give it."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get install {' '.join(packages)}"


def install(packages: list[str]) -> None:
    """Install packages where that asks nothing: as root, or by a `sudo` without password.

    Raises `SystemExit` with the one command to give where it is not allowed, or failed.
    """
    as_root = os.geteuid() == 0
    told = f"System packages are missing here: {command(packages)}"
    if shutil.which("apt-get") is None or not (as_root or _sudo_asks_nothing()):
        raise SystemExit(told)
    print(told, file=sys.stderr, flush=True)
    variables = ["env", "DEBIAN_FRONTEND=noninteractive"]
    apt = [*([] if as_root else ["sudo", "-n"]), *variables, "apt-get", "--quiet=2", "--yes"]
    # The lists of a bare system are missing or old; where they cannot be renewed, the installation says so.
    _status([*apt, "update"])
    if _status([*apt, "install", "--no-install-recommends", *packages]):
        raise SystemExit(told)


def _sudo_asks_nothing() -> bool:
    return bool(shutil.which("sudo")) and not _status(["sudo", "-n", "true"], silent=True)


def _status(words: list[str], *, silent: bool = False) -> int:
    """Return what a command ends with; what it says goes to the standard error, or nowhere."""
    import subprocess  # noqa: PLC0415 - 8 ms, who installs something alone needs it

    output = subprocess.DEVNULL if silent else sys.stderr
    return subprocess.run(words, stdout=output, stderr=output, check=False).returncode


def main(purpose: str) -> None:
    """Install what is missing to draw offscreen, to open a window or to make a bundle."""
    packages = (
        missing_to_bundle() if purpose == "bundle" else missing(os.environ if purpose == "window" else {})
    )
    if packages:
        install(packages)


if __name__ == "__main__":
    main(sys.argv[1])
