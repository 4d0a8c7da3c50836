"""What a contract is and what is said of it. Standard library, and msgspec for the records."""

import sys

if "typing_extensions" not in sys.modules:
    # msgspec prefers its `get_type_hints` to that of `typing`, which is the same since Python 3.11; it costs 8 ms.
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    import msgspec  # noqa: F401

    del sys.modules["typing_extensions"]
