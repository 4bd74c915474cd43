"""Bytes that are written once and read by their place: in memory while they are few, then in a temporary file."""

from __future__ import annotations

import os
import tempfile
from typing import IO

import numpy as np

from cleaner.fingerprint.words import Hashes


class Spool:
    """First all is written, then it is read."""

    _IN_MEMORY = 4 << 20  # bytes
    _AT_ONCE = 1 << 18

    def __init__(self) -> None:
        self._tail = bytearray()
        self._file: IO[bytes] | None = None
        self._written = 0

    def __len__(self) -> int:
        return self._written + len(self._tail)

    def write(self, data: bytes) -> None:
        """Add some bytes. Raises OSError, naming the temporary directory."""
        self._tail += data
        if len(self._tail) > (self._AT_ONCE if self._file else self._IN_MEMORY):
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
        self._written += len(self._tail)
        self._tail = bytearray()

    def read(self, place: int, count: int) -> bytes:
        """`count` bytes from the `place`th on. Nothing may be written any more."""
        if self._file is None:
            return bytes(memoryview(self._tail)[place : place + count])
        if self._tail:
            self._flush()
        return os.pread(self._file.fileno(), count, place)

    def values(self, place: int, count: int) -> Hashes:
        """`count` 32-bit values from the `place`th on."""
        return np.frombuffer(self.read(4 * place, 4 * count), dtype=np.uint32)
