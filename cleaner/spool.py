"""Bytes out of memory: written one after the other, read by their place."""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Iterator
from typing import IO

_IN_MEMORY = 4 << 20  # bytes that stay there before there is a file
_AT_ONCE = 1 << 18


class Spool:
    """Bytes: in memory while they are few, then in a temporary file without a name."""

    def __init__(self) -> None:
        self._written, self._tail = 0, bytearray()
        self._file: IO[bytes] | None = None

    def __len__(self) -> int:
        return self._written + len(self._tail)

    def write(self, data: bytes) -> None:
        """Keep some more. Raises OSError, with the name of the folder, where there is no space."""
        self._tail += data
        if len(self._tail) > (_AT_ONCE if self._file else _IN_MEMORY):
            self._flush()

    def _flush(self) -> None:
        try:
            self._file = self._file or tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (it lives as long as we do)
            rest = memoryview(self._tail)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            error.filename = tempfile.gettempdir()  # which a file without a name cannot say
            raise
        self._written, self._tail = self._written + len(self._tail), bytearray()

    def read(self, place: int, count: int) -> bytes:
        """`count` bytes from the `place`th on."""
        if place >= self._written:
            return bytes(memoryview(self._tail)[place - self._written :][:count])
        if place + count > self._written:
            self._flush()
        assert self._file is not None
        return os.pread(self._file.fileno(), count, place)


class Pieces:
    """Many small pieces of bytes: eight bytes of memory each, the rest in a spool."""

    def __init__(self) -> None:
        self._spool, self._ends = Spool(), array("Q")

    def __len__(self) -> int:
        return len(self._ends)

    def append(self, piece: bytes) -> None:
        """Keep one more. Raises OSError where there is no space."""
        self._spool.write(piece)
        self._ends.append(len(self._spool))

    def __getitem__(self, place: int) -> bytes:
        end = self._ends[place]
        start = self._ends[place - 1] if place else 0
        return self._spool.read(start, end - start)

    def __iter__(self) -> Iterator[bytes]:
        return map(self.__getitem__, range(len(self)))
