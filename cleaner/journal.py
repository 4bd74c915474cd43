"""A journal of finished work: entries that are appended and, whatever happens, are there whole or not at all.

An entry has a name and a number, a head of JSON and a body of bytes; a later one takes the place of an earlier one of its
name and number. What a killed process left half written at the end goes when the file is opened again. Nothing that is
read from it is run: heads are JSON, bodies bytes.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

_MAGIC = b"cleaner journal 1\n"
_FRAME = struct.Struct("<III")  # the sizes of head and body, and a checksum of both
_SIZES = struct.Struct("<I")
_GRAIN = 2_000_000_000  # nanoseconds: that of FAT, the coarsest of file systems


class Entry(NamedTuple):
    """What is read of an entry before its body: where that stands, and the head."""

    place: int
    size: int
    head: list[Any]


class Journal:
    """The entries of a file, which is made where it is not there, and emptied where it is no journal."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._places: dict[tuple[str, int], int] = {}  # of the entries in the file, which hold the rest
        self._dead = 0  # bytes of entries that others took the place of
        # What changed after this may have changed again, within the clock's grain, without showing it: as git has it.
        self.trusted_before = (path.stat().st_mtime_ns if path.exists() else 0) - _GRAIN
        self._file = open(path, "r+b" if path.exists() else "w+b", buffering=0)  # noqa: SIM115 (it lives as long as we do)
        self._end = self._scan()
        self._file.truncate(self._end)
        if not self._end:
            self._write(_MAGIC)

    def _scan(self) -> int:
        """Take in what is there; where the last whole entry ends."""
        size = os.fstat(self._file.fileno()).st_size
        if size < len(_MAGIC):
            return 0
        with open(self.path, "rb", buffering=1 << 18) as data:
            if data.read(len(_MAGIC)) != _MAGIC:
                return 0
            at = len(_MAGIC)
            while at + _FRAME.size <= size:
                head_size, body_size, checksum = _FRAME.unpack(data.read(_FRAME.size))
                end = at + _FRAME.size + head_size + body_size
                if end > size:
                    break
                whole = data.read(head_size + body_size)
                if zlib.crc32(whole) != checksum:
                    break
                name, number, *_ = json.loads(whole[:head_size])
                self._take(name, number, at)
                at = end
        return at

    def _take(self, name: str, number: int, place: int) -> None:
        if number < 0:  # the end of a name, see `cut`
            number = -1 - number
            while gone := self._places.pop((name, number), None):
                self._dead += self._sizes(gone)[1]
                number += 1
            return
        before = self._places.get((name, number))
        self._dead += self._sizes(before)[1] if before else 0
        self._places[name, number] = place

    def _sizes(self, place: int) -> tuple[int, int]:
        """The sizes of the head and the body of the entry at a place."""
        head, body, _ = _FRAME.unpack(os.pread(self._file.fileno(), _FRAME.size, place))
        return head, body

    def get(self, name: str, number: int = 0) -> Entry | None:
        """The entry of a name and number."""
        place = self._places.get((name, number))
        if place is None:
            return None
        head, body = self._sizes(place)
        start = place + _FRAME.size
        _, _, *values = json.loads(os.pread(self._file.fileno(), head, start))
        return Entry(start + head, body, values)

    def all(self, name: str) -> Iterator[Entry]:
        """The entries of a name, by number from 0."""
        number = 0
        while entry := self.get(name, number):
            yield entry
            number += 1

    def body(self, entry: Entry) -> bytes:
        """The bytes of an entry."""
        return os.pread(self._file.fileno(), entry.size, entry.place)

    def put(self, name: str, number: int, head: Sequence[object], body: bytes) -> None:
        """Append an entry."""
        data = json.dumps([name, number, *head]).encode()
        frame = _FRAME.pack(len(data), len(body), zlib.crc32(body, zlib.crc32(data)))
        place = self._end
        self._write(frame + data + body)
        self._take(name, number, place)

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        self._file.seek(self._end)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            error.filename = str(self.path)
            raise
        self._end += len(data)

    def names(self) -> set[str]:
        """The names of all entries."""
        return {name for name, _ in self._places}

    def cut(self, name: str, number: int = 0) -> None:
        """Take the entries of a name, from a number on, for dead."""
        if (name, number) in self._places:
            self.put(name, -1 - number, [], b"")

    def rewritten(self, temporary: Path) -> None:
        """Where half of the file is dead, write it anew without that, in the order of the entries."""
        if self._dead * 2 <= self._end:
            return
        temporary.unlink(missing_ok=True)
        new = Journal(temporary)
        for name, number in self._places:
            if entry := self.get(name, number):
                new.put(name, number, entry.head, self.body(entry))
        os.replace(temporary, self.path)
        self._file.close()
        self._file, self._places, self._end, self._dead = new._file, new._places, new._end, 0


def packed(value: object, blobs: Sequence[bytes] = ()) -> bytes:
    """A value of JSON and some bytes as one body."""
    head = json.dumps([value, [len(blob) for blob in blobs]]).encode()
    return b"".join((_SIZES.pack(len(head)), head, *blobs))


def unpacked(body: bytes) -> tuple[Any, list[bytes]]:
    """The value and the bytes again."""
    (size,) = _SIZES.unpack_from(body)
    at = _SIZES.size + size
    value, sizes = json.loads(body[_SIZES.size : at])
    blobs = []
    for length in sizes:
        blobs.append(body[at : at + length])
        at += length
    return value, blobs
