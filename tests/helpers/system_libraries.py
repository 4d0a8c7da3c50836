"""Say which system libraries Qt lacks on this machine, by the name of their Debian package.

Run as `python -m tests.helpers.system_libraries`; exit status 1 when one is missing.
"""

import ctypes
import sys

DEBIAN_PACKAGES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}


def missing() -> list[str]:
    """Return the Debian packages whose library cannot be loaded (empty elsewhere than on Linux)."""
    if not sys.platform.startswith("linux"):
        return []
    absent = []
    for library, package in DEBIAN_PACKAGES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            absent.append(package)
    return absent


if __name__ == "__main__":
    packages = missing()
    if packages:
        sys.exit(f"Qt needs system packages that are missing here: apt-get install {' '.join(packages)}")
