"""Where the machine keeps no bytecode, the tests keep theirs: each process would compile the program, and pytest write
every assertion out, anew."""

import os
import sys

if sys.dont_write_bytecode:
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
