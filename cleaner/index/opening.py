"""Where an index is: in a file, or on a server. The parts that use it do not know which."""

from __future__ import annotations

import os

from cleaner.index.file import IndexFile
from cleaner.model import IndexFault

_SERVERS = ("redis://", "rediss://")


def is_served(where: str | os.PathLike[str]) -> bool:
    """Whether an index is on a server, and not in a file."""
    return os.fspath(where).startswith(_SERVERS)


def open_index(where: str | os.PathLike[str], make: bool = False) -> IndexFile:
    """The index in a file, or at redis://HOST:PORT/DB/NAME. Raises IndexFault where it cannot be used."""
    if not is_served(where):
        return IndexFile(where, make)
    try:
        from cleaner.index.server import RedisIndex
    except ModuleNotFoundError:
        raise IndexFault("an index on a server needs redis: pip install 'article-cleaner[redis]'") from None
    return RedisIndex(os.fspath(where), make)
