"""qpvdesk: a desktop application to follow a *contrat de ville*, offline and in French."""

import sys

__version__ = "0.1.0"

if "typing_extensions" not in sys.modules:
    # msgspec prefers its `get_type_hints` to that of `typing`, which is the same since Python 3.11; it costs 8 ms. Before
    # any module of ours: whichever is imported first may import msgspec before the others.
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    import msgspec  # noqa: F401

    del sys.modules["typing_extensions"]
