"""The far side of a terminal that a test opened."""

import os


def written_on(master):
    """All that is written on a terminal until nobody has it open any more."""
    shown = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(master)
    return shown.decode().replace("\r\n", "\n")
