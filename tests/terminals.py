"""Commands on a terminal that a test opened."""

import os
import re
import select
import sys

from samples import TOO_LONG

NEVER, AT_ONCE = 1e6, 0.01

_PATIENT = (
    "import sys; from cleaner.__main__ import main; from cleaner.commands import progress; "
    "progress.PATIENCE = float(sys.argv.pop(1)); main()"
)


def patient(*args, patience=NEVER):
    """`cleaner ARGS`, with the seconds after which it says how far it is: no test is to hang on how fast a machine is."""
    return [sys.executable, "-c", _PATIENT, str(patience), *map(str, args)]


def written_on(master, until=None):
    """All that is written on a terminal until nobody has it open any more, or until a pattern is found in it."""
    shown = b""
    while until is None or not re.search(until, shown.decode(errors="ignore")):
        assert select.select([master], [], [], TOO_LONG)[0], f"nothing more in a long while, after {shown!r}"
        try:
            piece = os.read(master, 65536)
        except OSError:
            piece = b""
        if not piece:
            assert until is None, f"{until} did not come, only {shown!r}"
            os.close(master)
            break
        shown += piece
    return shown.decode().replace("\r\n", "\n")
